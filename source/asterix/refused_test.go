package asterix

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/source/sourcetest"
)

// rawBlock is a block of octets as a radar may send them, right or wrong.
func rawBlock(t testing.TB, category uint8, digits string) []byte {
	t.Helper()
	record, err := hex.DecodeString(strings.ReplaceAll(digits, " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	out, err := AppendBlock(nil, category, record)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestRecordsRefused: each way in which a record can be wrong is told with its item, takes its
// block with it and no more.
func TestRecordsRefused(t *testing.T) {
	const head = "19c9 000000 " // 010 and 140
	for _, row := range []struct {
		name     string
		category uint8
		record   string
		want     string
	}{
		{"no end of the field specification", 48, "01", "ends within its field specification"},
		{"too long a field specification", 48, "01 01 01 01 00", "longer than the category has fields"},
		{"a field that is not in use", 65, "01 80", "field 8, which is not in use"},
		{"half an item", 48, "e0 19", "item 010: the record ends within it"},
		{"a second part that is not there", 48, "e0 " + head + "01", "item 020: the record ends within it"},
		{"a part of a later edition that is not there", 48, "e0 " + head + "01 01 01 01 01 01 01", "item 020: the record ends within it"},
		{"half a repetition", 48, "e1 20 " + head + "00 02 0011223344556677", "item 250: the record ends within it"},
		{"no count", 48, "e1 20 " + head + "00", "item 250: the record ends within it"},
		{"a chain without its end", 48, "e1 01 40 " + head + "00 03", "item 030: the record ends within it"},
		{"a chain beyond all bounds", 48, "e1 01 40 " + head + "00 " + strings.Repeat("03", 5000) + "02", "more than 4096 values"},
		{"a subitem that is not in use", 48, "e1 01 04 " + head + "00 20", "item 120: subitem 3, which is not in use"},
		{"more subitems than there are", 48, "e1 01 04 " + head + "00 01 80", "item 120: it names more subitems than it has"},
		{"no subitems", 48, "e1 01 04 " + head + "00", "item 120: the record ends within it"},
		{"half a subitem", 48, "e1 01 04 " + head + "00 80 00", "item 120: subitem cal: the record ends within it"},
		{"no length", 48, "e1 01 01 04 " + head + "00", "item SP: its length goes beyond the record"},
		{"a length of nothing", 48, "e1 01 01 04 " + head + "00 00", "item SP: its length goes beyond the record"},
		{"a length beyond the record", 48, "e1 01 01 04 " + head + "00 03 00", "item SP: its length goes beyond the record"},
		{"items in any order", 1, "c1 01 02 19c9 00", "items in any order are not read"},
		{"no time", 48, "a0 19c9 00", "no item 140"},
		{"a time behind the day", 48, "e0 19c9 a8c080 00", "a time of day of 86401 s"},
	} {
		feed := append(rawBlock(t, row.category, row.record), rawBlock(t, 48, "e0 "+head+"00")...)
		got, damage := messages(t, feed, Options{})
		if len(got) != 1 || len(damage) != 1 || !strings.Contains(damage[0], row.want) || !strings.Contains(damage[0], fmt.Sprintf("category %d", row.category)) {
			t.Errorf("%s: %d records, damage %q, want %q", row.name, len(got), damage, row.want)
		}
	}
}

// TestRecordsAtTheirLimits: what is just right is read, and later editions are stepped over.
func TestRecordsAtTheirLimits(t *testing.T) {
	for _, row := range []struct{ name, record string }{
		{"the last moment of a leap second", "e0 19c9 a8c07f 00"},
		{"parts of a later edition", "e0 19c9 000000 01 01 01 01 01 01 01 00"},
		{"an empty special purpose field", "e1 01 01 04 19c9 000000 00 01"},
		{"no repetition", "e1 20 19c9 000000 00 00"},
		{"no subitem", "e1 01 04 19c9 000000 00 00"},
		{"every chain link", "e1 01 40 19c9 000000 00 " + strings.Repeat("03", 4000) + "02"},
	} {
		got, damage := messages(t, rawBlock(t, 48, row.record), Options{})
		if len(got) != 1 || len(damage) != 0 || got[0].SAC != 25 || got[0].SIC != 201 {
			t.Errorf("%s: %d records, damage %q", row.name, len(got), damage)
		}
	}
}

// TestReportsBeyondReason: numbers that no report of this edition has refuse the whole record.
func TestReportsBeyondReason(t *testing.T) {
	for name, row := range map[string]struct {
		b    *Builder
		want string // "": read
	}{
		"north of the pole":   {track062(1).Number("105/lat_deg", 90.001).Number("105/lon_deg", 0), "a position of 90"},
		"at the pole":         {track062(1).Number("105/lat_deg", 90).Number("105/lon_deg", 0), ""},
		"south of the pole":   {track062(1).Number("105/lat_deg", -91).Number("105/lon_deg", 0), "a position of -91"},
		"east of the map":     {track062(1).Number("105/lat_deg", 0).Number("105/lon_deg", 180.001), "a position of 0, 180"},
		"at the antimeridian": {track062(1).Number("105/lat_deg", 0).Number("105/lon_deg", -180), ""},
		"too fast eastwards":  {track062(1).Number("185/vx_mps", 2049).Number("185/vy_mps", 0), "a speed of 2049 m/s"},
		"too fast southwards": {track062(1).Number("185/vx_mps", 0).Number("185/vy_mps", -8000), "a speed of 8000 m/s"},
		"as fast as may be":   {track062(1).Number("185/vx_mps", 2048).Number("185/vy_mps", -2048), ""},
	} {
		got, damage := messages(t, block(t, 62, row.b), Options{})
		if row.want == "" && (len(got) != 1 || len(damage) != 0) || row.want != "" && (len(got) != 0 || len(damage) != 1 || !strings.Contains(damage[0], row.want)) {
			t.Errorf("%s: %d records, damage %q, want %q", name, len(got), damage, row.want)
		}
	}
}

// TestGarbledValuesStayOut: a code, level or speed that its own report doubts is among the items
// and not in the target; the bits of one item say nothing of the next.
func TestGarbledValuesStayOut(t *testing.T) {
	base := func() *Builder {
		return Build(48).Number("010/sac", 1).Number("010/sic", 2).Number("140/tod_s", 1).Number("020/typ", 5)
	}
	for _, row := range []struct {
		name          string
		b             *Builder
		squawk, level bool
	}{
		{"sound", base().Text("070/mode3a", "1200").Number("090/fl", 10), true, true},
		{"code not validated", base().Number("070/v", 1).Text("070/mode3a", "1200").Number("090/fl", 10), false, true},
		{"code garbled", base().Number("070/g", 1).Text("070/mode3a", "1200").Number("090/fl", 10), false, true},
		{"level not validated", base().Text("070/mode3a", "1200").Number("090/v", 1).Number("090/fl", 10), true, false},
		{"level garbled", base().Text("070/mode3a", "1200").Number("090/g", 1).Number("090/fl", 10), true, false},
		{"code 0000 is a code", base().Text("070/mode3a", "0000").Number("090/fl", -10), true, true},
	} {
		got, damage := messages(t, block(t, 48, row.b), Options{})
		if len(got) != 1 {
			t.Fatalf("%s: %q", row.name, damage)
		}
		m := got[0]
		if _, sent := m.Items.Get("070/mode3a"); !sent || m.Squawk.IsZero() == row.squawk || m.LevelM.Told != row.level {
			t.Errorf("%s: squawk %q, level %v", row.name, m.Squawk, m.LevelM)
		}
	}
}

// TestWhatPlotsSay: means, altitude and identities by category, and the place of each.
func TestWhatPlotsSay(t *testing.T) {
	self := func() *Builder {
		return Build(21).Number("010/sac", 1).Number("010/sic", 2).Text("080/address", "4b1812").Number("073/received_s", 60).Number("131/lat_deg", -0.5).Number("131/lon_deg", 179.9)
	}
	for _, row := range []struct {
		name     string
		category uint8
		b        *Builder
		means    truce.PlotMeans
		altitude string // datum and metres
		first    string // identity
	}{
		{"an echo", 48, Build(48).Number("010/sac", 25).Number("010/sic", 201).Number("140/tod_s", 1).Number("020/typ", 1).Number("040/rho_nm", 9).Number("040/theta_deg", 1).Number("110/3dh_ft", 1000), truce.MeansPrimary, fmt.Sprint(truce.DatumSea, " 304.8"), ""},
		{"an answer", 48, plot048(1, 9, 1), truce.MeansSecondary, fmt.Sprint(truce.DatumPressure, " 3048"), "icao24 4b1812"},
		{"a track", 62, track062(1).Number("105/lat_deg", 48).Number("105/lon_deg", 37).Number("130/altitude_ft", 1000), truce.MeansFused, fmt.Sprint(truce.DatumEllipsoid, " 304.8"), ""},
		{"an aircraft", 21, self().Number("040/atp", 0).Number("145/level_fl", 10), truce.MeansSelf, fmt.Sprint(truce.DatumPressure, " 304.8"), "icao24 4b1812"},
		{"an address of one's own", 21, self().Number("040/atp", 1).Number("140/height_ft", 1000), truce.MeansSelf, fmt.Sprint(truce.DatumEllipsoid, " 304.8"), "local24 4b1812"},
		{"no height", 21, self().Number("040/atp", 0), truce.MeansSelf, "", "icao24 4b1812"},
	} {
		sink := sourcetest.Check(t, decoderOf(Config{Options: day}), block(t, row.category, row.b))
		if len(sink.Observations) != 1 {
			t.Fatalf("%s: %d plots, %q", row.name, len(sink.Observations), sink.Reasons())
		}
		p := sink.Observations[0].Plot
		altitude, first := "", ""
		if a := p.Altitude; a != nil {
			altitude = fmt.Sprintf("%v %.4g", a.Datum, float64(a.Metres))
		}
		if len(p.Identities) > 0 {
			first = p.Identities[0].Scheme + " " + p.Identities[0].Value
		}
		if p.Means != row.means || altitude != row.altitude || first != row.first {
			t.Errorf("%s: %s, altitude %q, %q; want %s, %q, %q", row.name, p.Means, altitude, first, row.means, row.altitude, row.first)
		}
		if p.Polar != nil && row.means == truce.MeansPrimary && (p.Polar.RangeSigma != rangeSigmaPSR || p.Polar.BearingSigma != bearingSigmaPSR) {
			t.Errorf("%s: errors %v, %v", row.name, p.Polar.RangeSigma, p.Polar.BearingSigma)
		}
	}
}

// TestClocksNeverSet: a report of 1970 is quarantined with what to do.
func TestClocksNeverSet(t *testing.T) {
	in := capture(t, time.Unix(86_400, 0), block(t, 48, plot048(5, 54, 90)))
	sink := sourcetest.Check(t, decoderOf(Config{}), in)
	if len(sink.Observations) != 0 || len(sink.Rejections) != 1 || !strings.Contains(sink.Rejections[0].Reason, "set the clock of the radar") {
		t.Errorf("%d plots, %q", len(sink.Observations), sink.Reasons())
	}
}

// TestTimesNextToMidnight: the day is the one that brings a time of day next to its capture.
func TestTimesNextToMidnight(t *testing.T) {
	midnight := time.Date(2031, 3, 3, 0, 0, 0, 0, time.UTC)
	for _, row := range []struct {
		captured time.Duration // from midnight
		tod      float64
		want     time.Duration
	}{
		{time.Second, .5, 500 * time.Millisecond}, {time.Second, 86_399, -time.Second}, {-time.Second, .5, 500 * time.Millisecond},
		{-time.Second, 86_399, -time.Second}, {0, 0, 0}, {0, 86_399.5, -500 * time.Millisecond}, {12 * time.Hour, 43_200, 12 * time.Hour},
		{11 * time.Hour, 86_399, -time.Second}, {13 * time.Hour, 86_399, 24*time.Hour - time.Second}, {13 * time.Hour, 1, 24*time.Hour + time.Second},
	} {
		got, damage := messages(t, capture(t, midnight.Add(row.captured), block(t, 48, plot048(row.tod, 54, 90))), Options{})
		if len(got) != 1 || len(damage) != 0 {
			t.Fatal(damage)
		}
		if want := truce.InstantOf(midnight.Add(row.want)); got[0].Time != want {
			t.Errorf("captured at %v, time of day %g: %s, want %s", row.captured, row.tod, got[0].Time, want)
		}
	}
}

// TestRadarsRefused: a place that is none, one named twice, too many.
func TestRadarsRefused(t *testing.T) {
	here := geo.Point{Lat: 48, Lon: 37}
	for name, radars := range map[string][]Radar{
		"off the earth": {{At: geo.Point{Lat: 91}}}, "no height": {{At: here, Height: geo.Metres(math.NaN())}}, "in space": {{At: here, Height: 10_001}},
		"twice": {{SAC: 1, At: here}, {SAC: 1, At: here}}, "too many": make([]Radar, MaxRadars+1),
	} {
		if err := Decode(bytes.NewReader(nil), "x", Config{Radars: radars}, &sourcetest.Sink{}); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
	if err := (Config{Radars: []Radar{{SAC: 1, At: here, Height: 10_000}, {SAC: 2, At: here, Height: -10_000}}}).Validate(); err != nil {
		t.Errorf("radars at the limits: %v", err)
	}
}
