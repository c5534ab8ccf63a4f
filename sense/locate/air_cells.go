package locate

import (
	"cmp"
	"math"
	"slices"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
)

// airCell is an hour (counted from 1970) and a tile of the plane.
type airCell struct{ hour, east, north int32 }

// cellAir is the air of a cell, with its covariance in speed, east and north.
type cellAir struct {
	wind
	cov    [3][3]float64
	events int
}

const (
	tileSide = 50e3 // m
	cellTime = 3600 // s
	// cellEvidence is by how much (logarithm) the arrivals must be likelier with an air for
	// each hour and tile than with one for all, before that is believed.
	cellEvidence = 5.0
)

func (a *atmosphere) cell(p *place) airCell {
	offset := float64(a.base%(cellTime*1e6)) / 1e6
	hour := int32(a.base/(cellTime*1e6)) + int32(math.Floor((p.t+offset)/cellTime))
	return airCell{hour, int32(math.Floor(p.x / tileSide)), int32(math.Floor(p.y / tileSide))}
}

// learnCells lets the air differ by hour and tile, if that explains the arrivals better. How
// much it differs, tau, is the one by which all cells together are likeliest (empirical Bayes):
// a cell of few events stays near the air of all. It is false when one air does for all.
func (s *solver) learnCells() bool {
	if !s.airFree || s.model.air.events == 0 {
		return false
	}
	still := s.model.air.still
	sums := map[airCell]*airSum{}
	for i, one := range s.airSums() {
		if one.events == 0 {
			continue
		}
		h := &s.events[i]
		cell := s.model.air.cell(&h.place)
		if sums[cell] == nil {
			sums[cell] = new(airSum)
		}
		air := s.model.air.at(&h.place) // what its slopes were taken at
		off := [3]float64{air.speed - still.speed, air.east - still.east, air.north - still.north}
		for k := range 3 {
			for l := range 3 {
				one.b[k] += one.a[k][l] * off[l]
			}
		}
		sums[cell].add(&one)
	}
	cells := sortedCells(sums)
	best, tau := cellEvidence, 0.0
	for _, t := range []float64{.5, 1, 2, 4, 8} {
		evidence := 0.0
		for _, c := range cells {
			_, _, gain := s.shrunk(sums[c], t)
			evidence += gain
		}
		if evidence > best {
			best, tau = evidence, t
		}
	}
	if tau == 0 {
		return false
	}
	air := *s.model.air
	air.cells = map[airCell]cellAir{}
	for _, c := range cells {
		step, cov, _ := s.shrunk(sums[c], tau)
		air.cells[c] = cellAir{wind{air.still.speed + step[0], air.still.east + step[1], air.still.north + step[2]}, cov, sums[c].events}
	}
	next := *s.model
	next.air = &air
	s.model = &next
	s.eachEvent((*worker).fitEvent)
	return true
}

// cellRounds of learning the air by cells, and the errors with it.
const cellRounds = 3

func sortedCells[V any](cells map[airCell]V) []airCell {
	out := make([]airCell, 0, len(cells))
	for c := range cells {
		out = append(out, c)
	}
	slices.SortFunc(out, func(a, b airCell) int {
		return cmp.Or(cmp.Compare(a.hour, b.hour), cmp.Compare(a.east, b.east), cmp.Compare(a.north, b.north))
	})
	return out
}

// shrunk is how the air of a cell differs from that of all, drawn to it by tau, its covariance,
// and how much likelier that makes the cell's arrivals.
func (s *solver) shrunk(sum *airSum, tau float64) (step [3]float64, cov [3][3]float64, gain float64) {
	prior := [3]float64{min(tau, s.speedSigma), tau, tau}
	a := sum.a
	logPrior := 0.0
	for i := range 3 {
		a[i][i] += 1 / (prior[i] * prior[i])
		logPrior += 2 * math.Log(prior[i])
	}
	var m matrix
	for i := range 3 {
		copy(m[i][:3], a[i][:])
	}
	step, cov, ok := solve3(a, sum.b)
	logDet, ok2 := m.logDet(3)
	if !ok || !ok2 {
		return [3]float64{}, s.model.air.cov, 0
	}
	for i := range 3 {
		gain += step[i] * sum.b[i] / 2
	}
	return step, cov, gain - (logDet+logPrior)/2
}

// airUsed is the air the events were located with, where it was given or learnt.
func (s *solver) airUsed() []Air {
	a := s.model.air
	switch {
	case s.picks.medium != InAir:
		return nil
	case len(a.given) > 0:
		return slices.Clone(a.given)
	case a.events == 0:
		return nil
	}
	out := []Air{a.still.told(a.cov, a.events)}
	out[0].From, out[0].To = s.instant(0), s.instant(s.picks.span)+1
	for _, c := range sortedCells(a.cells) {
		v := a.cells[c]
		one := v.told(v.cov, v.events)
		one.From = truce.Instant(c.hour) * cellTime * 1e6
		one.To = one.From + cellTime*1e6
		one.Area = s.tile(c)
		out = append(out, one)
	}
	return out
}

func (w wind) told(cov [3][3]float64, events int) Air {
	return Air{
		Speed: w.speed, East: w.east, North: w.north, Events: events,
		SpeedSigma: math.Sqrt(cov[0][0]), WindSigma: math.Sqrt((cov[1][1] + cov[2][2]) / 2),
	}
}

// tile is the box around a cell's tile.
func (s *solver) tile(c airCell) geo.Bounds {
	var box geo.Bounds
	for i := range 4 {
		p := s.net.plane.From(geo.Metres(float64(c.east+int32(i&1))*tileSide), geo.Metres(float64(c.north+int32(i>>1))*tileSide))
		if i == 0 {
			box = geo.Bounds{South: p.Lat, North: p.Lat, West: p.Lon, East: p.Lon}
		}
		box = box.Including(p)
	}
	return box
}
