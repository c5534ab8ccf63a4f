package firms

import (
	"fmt"
	"strings"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/source"
)

// columns are the places of the fields in a row, -1 where the file has none.
type columns struct {
	lat, lon, bright, scan, track, date, time, satellite int
	confidence, frp, daynight, version, instrument, typ  int
	brightName                                           string
	modis                                                bool // by the name of the brightness column
}

// findColumns goes by name: FIRMS orders its products differently, and the country API
// and the archive add columns that are passed over (country_id, bright_ti5).
func findColumns(t *source.Table) (columns, error) {
	c := columns{
		lat: t.Column("latitude"), lon: t.Column("longitude"),
		bright: t.Column("bright_ti4"), brightName: "bright_ti4",
		scan: t.Column("scan"), track: t.Column("track"),
		date: t.Column("acq_date"), time: t.Column("acq_time"),
		satellite: t.Column("satellite"), confidence: t.Column("confidence"),
		frp: t.Column("frp"), daynight: t.Column("daynight"),
		version: t.Column("version"), instrument: t.Column("instrument"),
		typ: t.Column("type"),
	}
	if c.bright < 0 {
		c.bright, c.brightName, c.modis = t.Column("brightness"), "brightness", true
	}
	var missing []string
	for _, need := range []struct {
		name  string
		index int
	}{
		{"latitude", c.lat}, {"longitude", c.lon}, {"bright_ti4 (VIIRS) or brightness (MODIS)", c.bright},
		{"scan", c.scan}, {"track", c.track}, {"acq_date", c.date}, {"acq_time", c.time},
		{"satellite", c.satellite}, {"confidence", c.confidence}, {"frp", c.frp}, {"daynight", c.daynight},
	} {
		if need.index < 0 {
			missing = append(missing, need.name)
		}
	}
	if len(missing) > 0 {
		return c, fmt.Errorf("not a FIRMS table of VIIRS or MODIS: the first line has no column %s; "+
			"give the CSV as FIRMS ships it, with its header", strings.Join(missing, ", "))
	}
	return c, nil
}

// timeOf joins the UTC day and the time, written 0050, 50, 00:50 or 00:50:00.
func timeOf(date, clock []byte) (truce.Instant, error) {
	day, err := source.Date(date)
	if err != nil {
		return 0, fmt.Errorf("acq_date %w", err)
	}
	seconds, ok := secondsOf(clock)
	if !ok {
		return 0, fmt.Errorf("acq_time is %s, want UTC as 0050, 50, 00:50 or 00:50:00", source.Shown(clock))
	}
	return day + truce.Instant(seconds)*1e6, nil
}

func secondsOf(clock []byte) (int, bool) {
	var part [3]int
	n, width := 0, 0
	for _, b := range clock {
		switch {
		case b == ':' && width > 0 && n < 2:
			n, width = n+1, 0
			continue
		case b < '0' || b > '9' || width == 4:
			return 0, false
		}
		part[n], width = part[n]*10+int(b-'0'), width+1
	}
	if width == 0 || n > 0 && width != 2 {
		return 0, false
	}
	if n == 0 {
		part[0], part[1] = part[0]/100, part[0]%100
	}
	if part[0] > 23 || part[1] > 59 || part[2] > 60 {
		return 0, false
	}
	return part[0]*3600 + part[1]*60 + min(part[2], 59), true // a leap second folds back
}

// confidenceOf takes the words and letters of VIIRS and the percentages of MODIS, binned
// as FIRMS bins them: low below 30, high from 80.
func confidenceOf(text []byte) (truce.Confidence, error) {
	switch string(text) {
	case "n", "nominal", "N", "Nominal":
		return truce.ConfidenceNominal, nil
	case "l", "low", "L", "Low":
		return truce.ConfidenceLow, nil
	case "h", "high", "H", "High":
		return truce.ConfidenceHigh, nil
	}
	percent, err := source.Number(text)
	switch {
	case err != nil || percent < 0 || percent > 100:
		return "", fmt.Errorf("confidence is %s, want low, nominal, high, l, n, h, or 0 to 100", source.Shown(text))
	case percent < 30:
		return truce.ConfidenceLow, nil
	case percent < 80:
		return truce.ConfidenceNominal, nil
	}
	return truce.ConfidenceHigh, nil
}

func nightOf(text []byte) (bool, error) {
	switch string(text) {
	case "N":
		return true, nil
	case "D":
		return false, nil
	}
	return false, fmt.Errorf("daynight is %s, want D or N", source.Shown(text))
}

// typeOf reads the hot spot type of the standard products: 0 presumed vegetation fire, 1
// active volcano, 2 other static land source, 3 offshore (FIRMS, attribute table of the
// archive download). Near-real-time products have no such column.
func typeOf(text []byte) (truce.HeatType, error) {
	switch string(text) {
	case "":
		return "", nil
	case "0":
		return truce.HeatVegetation, nil
	case "1":
		return truce.HeatVolcano, nil
	case "2":
		return truce.HeatStatic, nil
	case "3":
		return truce.HeatOffshore, nil
	}
	return "", fmt.Errorf("type is %s, want 0 (vegetation), 1 (volcano), 2 (static land source) or 3 (offshore)", source.Shown(text))
}
