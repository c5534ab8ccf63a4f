package thermal

import (
	"cmp"
	"math"
	"slices"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
)

// History knows on which days heat was seen where. The zero value knows of none.
type History struct {
	cells map[Cell][]sighting // each by day
	reach float64             // the longest half diagonal of a footprint
}

// sighting is one past detection.
type sighting struct {
	pixel
	day int32 // UTC, days since 1970
}

// Cell is a place rounded to the nearest multiple of 0.02 degree of latitude and 0.03 of
// longitude, some 2.2 km either way at 48 degrees.
type Cell struct{ Lat, Lon int }

const cellLat, cellLon = 0.02, 0.03

// columnsRound is the number of cells round the globe.
const columnsRound = 12_000

// CellOf is the cell of a point.
func CellOf(p geo.Point) Cell {
	return Cell{int(math.Round(float64(p.Lat) / cellLat)), wrapColumn(int(math.Round(float64(p.Lon) / cellLon)))}
}

func wrapColumn(n int) int { return ((n+6000)%columnsRound+columnsRound)%columnsRound - 6000 }

// NewHistory files past detections by place. Detections without a place and those wider
// than any satellite's pixel are passed over.
func NewHistory(dets []truce.Observation) History {
	h := History{cells: map[Cell][]sighting{}}
	for _, p := range pixelsOf(dets) {
		if p.unjoinable {
			continue
		}
		cell := CellOf(p.obs.Place.Point)
		s := sighting{p, dayOf(p.at)}
		s.obs = nil // the observation need not be kept alive
		h.cells[cell] = append(h.cells[cell], s)
		h.reach = max(h.reach, p.reach)
	}
	return h
}

// CellDays is on how many different UTC days heat was seen in the cell of a point.
func (h History) CellDays(p geo.Point) int {
	days := 0
	last := int32(math.MinInt32)
	for _, s := range h.cells[CellOf(p)] {
		if s.day != last {
			days++
			last = s.day
		}
	}
	return days
}

// daysBefore is on how many different UTC days of the lookback, before the pixel's own
// day, heat was seen whose footprint touches the pixel's.
func (h History) daysBefore(p *pixel, cfg Config) int {
	if p.unjoinable || len(h.cells) == 0 {
		return 0
	}
	today := dayOf(p.at)
	from := today - int32(cfg.LookbackDays)
	var seen []int32
	for _, cell := range h.cellsNear(p, float64(cfg.Tolerance)) {
		sightings := h.cells[cell]
		start, _ := slices.BinarySearchFunc(sightings, from, func(s sighting, day int32) int { return cmp.Compare(s.day, day) })
		for k := start; k < len(sightings) && sightings[k].day < today; k++ {
			s := &sightings[k]
			if slices.Contains(seen, s.day) {
				continue
			}
			if _, yes := p.touches(&s.pixel, float64(cfg.Tolerance)); yes {
				seen = append(seen, s.day)
				if len(seen)+1 >= cfg.RecurringDays {
					return len(seen)
				}
			}
		}
	}
	return len(seen)
}

// cellsNear are the cells in which a footprint that touches the pixel can have its centre.
func (h History) cellsNear(p *pixel, tolerance float64) []Cell {
	up := (p.reach + h.reach + tolerance) / 110_500
	wide := up / max(math.Cos(min(math.Abs(p.lat)+up, 89.9)*math.Pi/180), 1e-3)
	south, north := int(math.Round((p.lat-up)/cellLat)), int(math.Round((p.lat+up)/cellLat))
	west, east := int(math.Round((p.lon-wide)/cellLon)), int(math.Round((p.lon+wide)/cellLon))
	var out []Cell
	for row := south; row <= north; row++ {
		for column := west; column <= min(east, west+columnsRound-1); column++ {
			out = append(out, Cell{row, wrapColumn(column)})
		}
	}
	return out
}

// dayOf is the UTC day, days since 1970.
func dayOf(t truce.Instant) int32 {
	const day = 86_400_000_000
	d := int64(t) / day
	if int64(t)%day < 0 {
		d--
	}
	return int32(d)
}
