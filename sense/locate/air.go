package locate

import (
	"math"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
)

// atmosphere is the air by time and area: what was given, what was learnt by cells of an hour
// and a tile of the plane, or one air for all.
type atmosphere struct {
	still  wind // where nothing better is known
	cov    [3][3]float64
	given  []Air
	base   truce.Instant
	events int // it was learnt from; 0: it was not

	plane geo.Plane // of the network

	cells map[airCell]cellAir
}

func newAtmosphere(cfg Config, base truce.Instant, plane geo.Plane) *atmosphere {
	return &atmosphere{still: wind{speed: cfg.SpeedAcoustic}, given: cfg.Meteo, base: base, plane: plane}
}

// at is the air at a place and time.
func (a *atmosphere) at(p *place) wind {
	if len(a.given) > 0 {
		return a.measured(p)
	}
	if a.cells != nil {
		if air, ok := a.cells[a.cell(p)]; ok {
			return air.wind
		}
	}
	return a.still
}

// doubt is the covariance of the air at a place, in speed, east and north.
func (a *atmosphere) doubt(p *place) *[3][3]float64 {
	if air, ok := a.cells[a.cell(p)]; ok {
		return &air.cov
	}
	return &a.cov
}

// measured is the first given air whose time and area hold a place.
func (a *atmosphere) measured(p *place) wind {
	when := a.base + truce.Instant(p.t*1e6)
	for i := range a.given {
		g := &a.given[i]
		if when < g.From.OrEarliest() || when >= g.To.OrLatest() {
			continue
		}
		if g.Area == (geo.Bounds{}) || g.Area.Contains(a.plane.From(geo.Metres(p.x), geo.Metres(p.y))) {
			return wind{g.Speed, g.East, g.North}
		}
	}
	return a.still
}

// What is believed of the air before anything is heard: one sigma, m/s.
const (
	priorSpeed = 12.0
	priorWind  = 10.0
	// fixedSpeed is how sure a given speed is.
	fixedSpeed = .05
	// leastAirEvents is how many events must tell of the air before they are believed.
	leastAirEvents = 8
	airMembers     = 6
)

// airSum is what events tell of the air, as normal equations in speed, east and north: the
// events' own places and times are taken out (Schur complement).
type airSum struct {
	a      [3][3]float64
	b      [3]float64
	events int
}

func (s *airSum) add(o *airSum) {
	for i := range 3 {
		s.b[i] += o.b[i]
		for j := range 3 {
			s.a[i][j] += o.a[i][j]
		}
	}
	s.events += o.events
}

// slopes are how a travel time changes with the air.
func (w wind) slopes(dx, dy, dz float64) [3]float64 {
	d2 := dx*dx + dy*dy + dz*dz + 1
	d := math.Sqrt(d2)
	q := w.speed*d + w.east*dx + w.north*dy
	k := -d2 / (q * q)
	return [3]float64{k * d, k * dx, k * dy}
}

// airOf is what one event tells of the air.
func (w *worker) airOf(h *hypothesis) (sum airSum) {
	air := w.model.air.at(&h.place)
	var cross [3][4]float64 // air by unknowns
	var info matrix
	var grad vector
	w.normal(&h.place, h.members, nil, air, &info, &grad)
	inv, _, ok := info.invert(3)
	if !ok {
		return airSum{}
	}
	for _, p := range h.members {
		c := w.picks.channel[p]
		travel, slope := w.expect(&h.place, c, air)
		v := w.errorOf(p, travel)
		r := w.picks.time[p] - h.t - travel
		weight := trust(r*r/v) / v
		g := air.slopes(w.net.x[c]-h.x, w.net.y[c]-h.y, w.net.z[c]+h.z)
		for i := range 3 {
			sum.b[i] += weight * g[i] * r
			for j := range 3 {
				sum.a[i][j] += weight * g[i] * g[j]
				cross[i][j] += weight * g[i] * slope[j]
			}
		}
	}
	for i := range 3 {
		for k := range 3 {
			var c float64
			for l := range 3 {
				c += cross[i][l] * inv[l][k]
			}
			sum.b[i] -= c * grad[k]
			for j := range 3 {
				sum.a[i][j] -= c * cross[j][k]
			}
		}
	}
	sum.events = 1
	return sum
}

// learnAir fits one air for all sure events, together with their places.
func (s *solver) learnAir() {
	if !s.airFree {
		return
	}
	if s.model.air.cells != nil {
		air := *s.model.air
		air.cells = nil
		next := *s.model
		next.air = &air
		s.model = &next
	}
	for range airRounds {
		var total airSum
		for _, one := range s.airSums() {
			total.add(&one)
		}
		if total.events < leastAirEvents {
			return
		}
		now := s.model.air.still
		prior := [3]float64{s.speedSigma, priorWind, priorWind}
		off := [3]float64{s.speed - now.speed, -now.east, -now.north}
		for i := range 3 {
			total.a[i][i] += 1 / (prior[i] * prior[i])
			total.b[i] += off[i] / (prior[i] * prior[i])
		}
		step, cov, ok := solve3(total.a, total.b)
		if !ok {
			return
		}
		air := *s.model.air
		air.still = wind{now.speed + step[0], now.east + step[1], now.north + step[2]}
		air.cov, air.events = cov, total.events
		next := *s.model
		next.air = &air
		s.model = &next
		s.eachEvent((*worker).fitEvent)
		if math.Abs(step[0])+math.Abs(step[1])+math.Abs(step[2]) < .01 {
			return
		}
	}
}

const airRounds = 5

// airSums is what each event tells of the air, nothing where it is not sure.
func (s *solver) airSums() []airSum {
	sums := make([]airSum, len(s.events))
	s.eachEvent(func(w *worker, i int, h *hypothesis) {
		if len(h.members) >= airMembers && h.score > strongScore {
			sums[i] = w.airOf(h)
		}
	})
	return sums
}

// fitEvent fits one event anew to its own arrivals.
func (w *worker) fitEvent(_ int, h *hypothesis) { w.fit(&h.estimate, h.members, h.sure) }

func solve3(a [3][3]float64, b [3]float64) (x [3]float64, inv [3][3]float64, ok bool) {
	var m matrix
	for i := range 3 {
		for j := range 3 {
			m[i][j] = a[i][j]
		}
	}
	full, _, ok := m.invert(3)
	for i := range 3 {
		for j := range 3 {
			inv[i][j] = full[i][j]
			x[i] += full[i][j] * b[j]
		}
	}
	return x, inv, ok
}
