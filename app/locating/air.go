package locating

import (
	"cmp"
	"math"
	"slices"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/sense/locate"
	"github.com/trucewatch/truce/source/arrivals"
)

// The speed of sound in dry air at 0 degrees Celsius, and what weather at a station says of the
// air between a shot and an ear: the temperature along the path differs by a degree or two,
// and the wind some hundred metres up, which carries the sound, from that at a mast of ten.
const (
	soundAtZero       = 331.3 // m/s
	zeroCelsius       = 273.15
	weatherSpeedSigma = 1.0 // m/s
	weatherWindSigma  = 2.0 // m/s, each component
)

// Air makes of weather the effective speed of sound by time and area. Without wind it is
// 331.3 m/s sqrt(1 + T/273.15) (dry air, the ideal gas); wind is added along the path. A row
// holds from half way after the one before at its place to half way before the next; where
// there are several places, each holds for a box around it.
func Air(rows []arrivals.Weather) []locate.Air {
	byPlace := map[geo.Point][]arrivals.Weather{}
	var places []geo.Point
	for _, w := range rows {
		if _, known := byPlace[w.At]; !known {
			places = append(places, w.At)
		}
		byPlace[w.At] = append(byPlace[w.At], w)
	}
	var out []locate.Air
	for _, box := range boxes(places) {
		out = append(out, airAt(byPlace[box.at], box.area)...)
	}
	slices.SortStableFunc(out, func(a, b locate.Air) int { return cmp.Compare(a.From.OrEarliest(), b.From.OrEarliest()) })
	return out
}

// airAt is the air of one place; of rows at the same time the first counts.
func airAt(rows []arrivals.Weather, area geo.Bounds) []locate.Air {
	slices.SortStableFunc(rows, func(a, b arrivals.Weather) int { return cmp.Compare(a.Time, b.Time) })
	rows = slices.CompactFunc(rows, func(a, b arrivals.Weather) bool { return a.Time == b.Time })
	out := make([]locate.Air, len(rows))
	var from truce.Instant
	for i, w := range rows {
		sin, cos := math.Sincos(float64(w.WindFrom) * math.Pi / 180)
		out[i] = locate.Air{
			From: from, Area: area, Speed: soundAtZero * math.Sqrt(1+w.Temperature/zeroCelsius),
			East: -w.Wind * sin, North: -w.Wind * cos, SpeedSigma: weatherSpeedSigma, WindSigma: weatherWindSigma,
		}
		if i+1 < len(rows) {
			from = w.Time + (rows[i+1].Time-w.Time)/2
			out[i].To = from
		}
	}
	return out
}

// box is the ground that a place of weather speaks for.
type box struct {
	at   geo.Point
	area geo.Bounds
}

// boxes shares the earth out among places: halved between the middle two along the longer
// side of what they span, and again, until each has its own. One place has the zero box, which
// is everywhere.
func boxes(places []geo.Point) []box {
	if len(places) == 1 {
		return []box{{at: places[0]}}
	}
	var out []box
	share(places, geo.Bounds{South: -90, West: -180, North: 90, East: 180}, &out)
	return out
}

func share(places []geo.Point, area geo.Bounds, out *[]box) {
	if len(places) == 0 {
		return
	}
	if len(places) == 1 {
		*out = append(*out, box{places[0], area})
		return
	}
	span := geo.Bounds{South: places[0].Lat, North: places[0].Lat, West: places[0].Lon, East: places[0].Lon}
	for _, p := range places {
		span = span.Including(p)
	}
	tall := float64(span.North-span.South) > float64(span.East-span.West)*math.Cos(float64(span.North+span.South)/2*math.Pi/180)
	key := func(p geo.Point) geo.Degrees {
		if tall {
			return p.Lat
		}
		return p.Lon
	}
	slices.SortFunc(places, func(a, b geo.Point) int {
		return cmp.Or(cmp.Compare(key(a), key(b)), cmp.Compare(a.Lat, b.Lat), cmp.Compare(a.Lon, b.Lon))
	})
	half := len(places) / 2
	cut := (key(places[half-1]) + key(places[half])) / 2
	low, high := area, area
	if tall {
		low.North, high.South = cut, cut
	} else {
		low.East, high.West = cut, cut
	}
	share(places[:half], low, out)
	share(places[half:], high, out)
}
