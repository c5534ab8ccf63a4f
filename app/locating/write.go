package locating

import (
	"bytes"
	"math"
	"strconv"

	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/sense/locate"
)

// The headers of the two tables that come out.
const (
	EventsShape      = "event,time,lat,lon,depth_km,arrivals,rms_s,time_sigma_s,smajor_m,sminor_m,strike_deg,score"
	AssignmentsShape = "event,arrival,residual_s"
)

// Events is events.csv: one row per event, by origin time; axes are one sigma.
func Events(result *locate.Result) []byte {
	out := append(make([]byte, 0, 160*(1+len(result.Events))), EventsShape+"\n"...)
	for i := range result.Events {
		e := &result.Events[i]
		out = append(append(out, e.ID.String()...), ',')
		out, _ = e.Time.AppendText(out) // it cannot fail
		out = fixed(append(out, ','), float64(e.At.Lat), 6)
		out = fixed(append(out, ','), float64(e.At.Lon), 6)
		out = fixed(append(out, ','), float64(e.Depth)/1000, 3)
		out = strconv.AppendInt(append(out, ','), int64(len(e.Used)), 10)
		out = fixed(append(out, ','), e.RMS, 4)
		out = fixed(append(out, ','), e.TimeSigma, 4)
		out = fixed(append(out, ','), float64(e.Ellipse.Major), 1)
		out = fixed(append(out, ','), float64(e.Ellipse.Minor), 1)
		out = fixed(append(out, ','), strike(e.Ellipse), 1)
		out = append(fixed(append(out, ','), e.Score, 2), '\n')
	}
	return out
}

// Assignments is assignments.csv: one row per arrival that an event rests on.
func Assignments(result *locate.Result, list []locate.Arrival) []byte {
	n := 0
	for i := range result.Events {
		n += len(result.Events[i].Used)
	}
	out := append(make([]byte, 0, 48*(1+n)), AssignmentsShape+"\n"...)
	for i := range result.Events {
		e := &result.Events[i]
		id := e.ID.String()
		for _, u := range e.Used {
			out = append(append(out, id...), ',')
			out = append(cell(out, list[u.Arrival].ID), ',')
			out = append(fixed(out, u.Residual, 4), '\n')
		}
	}
	return out
}

// strike is the azimuth of the major axis to a tenth of a degree, in [0, 180).
func strike(e geo.Ellipse) float64 {
	return math.Mod(math.Round(10*float64(e.Strike))/10, 180)
}

// cell writes a text field, in quotes where it needs them.
func cell(out []byte, text string) []byte {
	plain := text != "" && text[0] != ' '
	for i := 0; plain && i < len(text); i++ {
		c := text[i]
		plain = c != ',' && c != '"' && c != '\n' && c != '\r'
	}
	if plain {
		return append(out, text...)
	}
	out = append(out, '"')
	out = append(out, bytes.ReplaceAll([]byte(text), []byte{'"'}, []byte{'"', '"'})...)
	return append(out, '"')
}

// fixed writes a number with so many decimals, as strconv does but for ties, several times
// as fast. -0 is written as 0.
func fixed(out []byte, x float64, decimals int) []byte {
	scale := scales[decimals]
	scaled := math.Round(x * scale)
	if !(math.Abs(scaled) < mostFixed) {
		return strconv.AppendFloat(out, x, 'f', decimals, 64)
	}
	n := int64(scaled)
	if n < 0 {
		out = append(out, '-')
		n = -n
	}
	whole, part := n/int64(scale), n%int64(scale)
	out = append(strconv.AppendInt(out, whole, 10), '.')
	at := len(out)
	out = append(out, "000000"[:decimals]...)
	for i := at + decimals - 1; part > 0; i-- {
		out[i] += byte(part % 10)
		part /= 10
	}
	return out
}

// mostFixed is from where on the scaled number has too few digits left to be rounded here.
const mostFixed = 1e12

// scales are the powers of ten for up to six decimals.
var scales = [...]float64{1, 10, 100, 1e3, 1e4, 1e5, 1e6}
