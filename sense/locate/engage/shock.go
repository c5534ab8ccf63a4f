package engage

import (
	"cmp"
	"math"
	"slices"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/internal/num"
	"github.com/trucewatch/truce/sense/locate"
)

// How the shock wave of a shell in flight is heard: near its path, sharply, somewhat off
// from where a handbook's shell would be.
const (
	shockReach  = 2000.0 // m from where it left the path, half as likely there as near by
	shockEdge   = 400.0  // m, how softly that ends
	shockHeard  = .7     // chance of being heard near the path
	shockFloor  = .1     // s
	shockShare  = .03    // of the time since the shot
	shockWidest = 4500.0 // m beside the path, that is looked at
	noiseTime   = 1800.0 // s before and after, in which stray arrivals are counted
)

// sky is the sensors, with the arrivals that belong to no event.
type sky struct {
	sensors  []locate.Sensor
	arrivals []locate.Arrival
	left     [][]int // by sensor: arrivals of no event by time, then ID; nil: it never heard anything
	working  []bool  // by sensor: it heard something
	grid     *num.Grid
	speed    float64 // of sound, m/s

	cells [][]int32 // buffer
}

func newSky(f *Field, opt *Options) *sky {
	s := &sky{sensors: f.Sensors, arrivals: f.Arrivals, left: make([][]int, len(f.Sensors)), working: make([]bool, len(f.Sensors)), speed: cmp.Or(opt.Speed, locate.DefaultSpeedAcoustic)}
	used := make([]bool, len(f.Arrivals))
	for i := range f.Events {
		for _, u := range f.Events[i].Used {
			used[u.Arrival] = true
		}
	}
	for i := range f.Arrivals {
		a := &f.Arrivals[i]
		if a.Phase != locate.Acoustic {
			continue
		}
		s.working[a.Sensor] = true
		if !used[i] {
			s.left[a.Sensor] = append(s.left[a.Sensor], i)
		}
	}
	lat, lon := make([]float64, len(f.Sensors)), make([]float64, len(f.Sensors))
	for i := range f.Sensors {
		lat[i], lon[i] = float64(f.Sensors[i].At.Lat), float64(f.Sensors[i].At.Lon)
		slices.SortFunc(s.left[i], func(a, b int) int {
			return cmp.Or(cmp.Compare(f.Arrivals[a].Time, f.Arrivals[b].Time), cmp.Compare(f.Arrivals[a].ID, f.Arrivals[b].ID))
		})
	}
	s.grid = num.NewGrid(shockWidest, lat, lon)
	return s
}

// near are the working sensors within reach of a place, by ID.
func (s *sky) near(at geo.Point, reach float64) []int {
	var out []int
	s.cells = s.grid.Near(float64(at.Lat), float64(at.Lon), reach, s.cells[:0])
	for _, cell := range s.cells {
		for _, i := range cell {
			if s.working[i] {
				out = append(out, int(i))
			}
		}
	}
	slices.SortFunc(out, func(a, b int) int { return cmp.Or(cmp.Compare(s.sensors[a].ID, s.sensors[b].ID), cmp.Compare(a, b)) })
	return out
}

// leftIn are the arrivals of no event at a sensor within so many seconds of an instant.
func (s *sky) leftIn(sensor int, at truce.Instant, seconds float64) []int {
	all, width := s.left[sensor], truce.Instant(seconds*1e6)
	from, _ := slices.BinarySearchFunc(all, at-width, func(i int, t truce.Instant) int { return cmp.Compare(s.arrivals[i].Time, t) })
	to := from
	for to < len(all) && s.arrivals[all[to]].Time <= at+width {
		to++
	}
	return all[from:to]
}

// stray is how many arrivals of no event come at a sensor per second, about an instant.
func (s *sky) stray(sensor int, at truce.Instant) float64 {
	return (float64(len(s.leftIn(sensor, at, noiseTime))) + .5) / (2 * noiseTime)
}

// ear is a sensor as a shot sees it.
type ear struct {
	sensor int
	ahead  float64 // m along the direction of fire, from the gun
	beside float64 // m to the side
}

// ears are the working sensors along the way of a candidate.
func (s *sky) ears(from *node, east, north, distance float64) []ear {
	middle := from.plane.From(geo.Metres(east/2), geo.Metres(north/2))
	u, v := east/distance, north/distance
	var out []ear
	for _, i := range s.near(middle, distance/2+shockWidest) {
		x, y := from.plane.To(s.sensors[i].At)
		e := ear{i, float64(x)*u + float64(y)*v, float64(x)*v - float64(y)*u}
		if math.Abs(e.beside) < shockWidest && e.ahead > 0 && e.ahead < distance+shockWidest {
			out = append(out, e)
		}
	}
	return out
}

// passing is when the shock wave of a flown path comes to an ear and how far from it it
// left the path: the earliest of all sounds that the shell sends out on its way (Fermat).
// There is none where the earliest is that of the muzzle, or where the shell is by then no
// faster than sound.
func passing(path []point, e ear, speed float64) (time, slant float64, ok bool) {
	at := func(i int) float64 {
		p := &path[i]
		return p.t + math.Sqrt(square(e.ahead-p.x)+square(e.beside)+square(p.z))/speed
	}
	first := 0
	for first < len(path)-1 && !path[first].supersonic() { // a rocket on its way up to speed
		first++
	}
	low, best := first, at(first)
	for i := first + 1; i < len(path) && path[i].supersonic(); i++ {
		if t := at(i); t < best {
			low, best = i, t
		} else if t > best+pastEarliest {
			break
		}
	}
	if low == first || low == len(path)-1 {
		return 0, 0, false
	}
	// The lowest point of the parabola through three points of the path.
	before, after := at(low-1), at(low+1)
	h1, h2 := path[low].t-path[low-1].t, path[low+1].t-path[low].t
	s1, s2 := (best-before)/h1, (after-best)/h2
	if s1 >= 0 || s2 <= 0 {
		return 0, 0, false
	}
	bend := 2 * (s2 - s1) / (h1 + h2)
	slope := (s1*h2 + s2*h1) / (h1 + h2)
	return best - slope*slope/(2*bend), math.Sqrt(square(e.ahead-path[low].x) + square(e.beside) + square(path[low].z)), true
}

// pastEarliest is how much later than the earliest the sounds of a path are when no earlier
// one follows, s: a path bends too little for that.
const pastEarliest = 2.0

// supersonic says whether any shell of a class flies faster than sound.
func (c Class) supersonic() bool {
	k := &kinds[c]
	return c != NotKnown && k.speeds[len(k.speeds)-1] > 1.05*soundAtSea
}

// shocks holds the arrivals of no event near the way of a candidate against the shock wave
// of every class that flies faster than sound.
func (t *tier) shocks(e *edge) {
	m := &t.nodes[e.muzzle]
	ears := t.sky.ears(m, e.east, e.north, e.distance)
	if len(ears) == 0 {
		return
	}
	sum := 0.0
	for c := range e.bare {
		sum += priorOf(Class(c)) * e.bare[c]
	}
	loose := t.looseness(e)
	top := 0.0
	for c := NotKnown + 1; c < classes; c++ {
		share := priorOf(c) * e.bare[c] / sum
		if share < 1e-3 || !c.supersonic() {
			continue
		}
		ratio, likeliest, list := t.shockOf(c, e, ears, loose)
		e.also[c] *= ratio
		if share*likeliest > top {
			top, e.shock = share*likeliest, list
		}
	}
}

// looseness is the variance of a shock's time that comes from not knowing the muzzle's place
// and time better, s2.
func (t *tier) looseness(e *edge) float64 {
	m := &t.nodes[e.muzzle]
	u, v := e.east/e.distance, e.north/e.distance
	return square(m.sigma) + (along(m.error, u, v)/4+along(m.error, v, -u))/square(t.sky.speed)
}

// shockOf is how much likelier a class with its ways of firing makes the arrivals along the
// path than chance does, and of the way that explains most, which they are.
func (t *tier) shockOf(c Class, e *edge, ears []ear, loose float64) (ratio, likeliest float64, list []Shock) {
	t.ways = t.ballistics.ways(c, min(e.distance, .999*t.farthest[c]), t.ways)
	sum := 0.0
	for _, w := range t.ways {
		sigma := math.Hypot(e.timeSigma, shellShare*w.time)
		p := w.weight * gaussian(e.time, w.time, sigma*sigma)
		if p == 0 {
			continue
		}
		sum += p
		found, r := []Shock(nil), 1.0
		if w.speed > soundAtSea {
			r, found = t.sky.hear(t.path(c, w, e), t.nodes[e.muzzle].time, ears, loose)
		}
		ratio += p * r
		if p*r > likeliest {
			likeliest, list = p*r, found
		}
	}
	if sum == 0 {
		return 1, 0, nil
	}
	return ratio / sum, likeliest / sum, list
}

// path flies one way and stretches it to the candidate's own distance and time.
func (t *tier) path(c Class, w way, e *edge) []point {
	t.flown = t.flown[:0]
	s := kinds[c].of(w.speed)
	end := s.trace(w.elevation, stepsPerTrace, &t.flown)
	x, time := e.distance/end.x, e.time/end.t
	for i := range t.flown {
		p := &t.flown[i]
		p.x *= x
		p.t *= time
		p.vx *= x / time
	}
	return t.flown
}

// hear is how much likelier a path makes what the ears beside it heard and did not hear.
func (s *sky) hear(path []point, fired truce.Instant, ears []ear, loose float64) (ratio float64, list []Shock) {
	ratio = 1
	for _, e := range ears {
		time, slant, ok := passing(path, e, s.speed)
		if !ok {
			continue
		}
		chance := shockHeard / (1 + math.Exp((slant-shockReach)/shockEdge))
		if chance < .02 {
			continue
		}
		sigma2 := square(shockFloor) + square(shockShare*time) + loose
		due := fired + truce.Instant(time*1e6)
		best, shock := 0.0, Shock{}
		for _, i := range s.leftIn(e.sensor, due, 4*math.Sqrt(sigma2)) {
			residual := float64(s.arrivals[i].Time-due) / 1e6
			if p := gaussian(residual, 0, sigma2+square(s.arrivals[i].Sigma)); p > best {
				best, shock = p, Shock{Arrival: i, Residual: residual}
			}
		}
		gain := 1 - chance
		if best > 0 {
			gain += chance * best / s.stray(e.sensor, due)
			list = append(list, shock)
		}
		ratio *= gain
	}
	return ratio, list
}
