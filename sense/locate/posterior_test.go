package locate

import (
	"math"
	"testing"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
)

// someEvent is a shot outside of five ears, fitted, with the worker that can tell its posterior.
func someEvent(t *testing.T) (*worker, *hypothesis) {
	t.Helper()
	plane := geo.NewPlane(geo.Point{Lat: -47.9, Lon: -21.6})
	var sensors []Sensor
	var list []Arrival
	for i, at := range [][2]float64{{0, 0}, {3000, 400}, {-2500, 900}, {600, 2900}, {-900, -2600}, {2600, -2400}} {
		sensors = append(sensors, Sensor{ID: string(rune('a' + i)), At: plane.From(geo.Metres(at[0]), geo.Metres(at[1]))})
		if i == 5 {
			continue // it heard nothing
		}
		late := math.Hypot(9000-at[0], 5000-at[1])/340 + []float64{.05, -.1, .15, 0, -.07}[i]
		list = append(list, Arrival{ID: string(rune('a' + i)), Sensor: i, Time: Earliest + truce.Instant(1e9+late*1e6), Phase: Acoustic})
	}
	list = append(list, Arrival{ID: "stray", Sensor: 5, Time: Earliest + 9e9, Phase: Acoustic})
	s := newSolver(newNetwork(sensors, activeSensors(len(sensors), list), InAir), list, InAir, Config{SpeedAcoustic: 340})
	w := s.newWorker()
	h := &hypothesis{estimate: estimate{place: place{x: 8000, y: 4000, t: -25}}}
	for p := range s.picks.time {
		if list[s.picks.original[p]].ID != "stray" {
			h.members, h.sure = append(h.members, int32(p)), append(h.sure, .98)
		}
	}
	if _, ok := w.fit(&h.estimate, h.members, h.sure); !ok {
		t.Fatal("no fit")
	}
	s.events = []hypothesis{*h}
	s.learnRanges()
	w.model = s.model
	return w, h
}

// The density is the likelihood summed over origin times step by step: nothing of it is
// shared with the closed integral but the errors.
func TestDensityIsTheLikelihoodOverAllOriginTimes(t *testing.T) {
	w, h := someEvent(t)
	p := w.posterior(h)
	brute := func(x, y float64) float64 {
		sum := logSum{}
		for at := h.t - 30; at < h.t+30; at += .005 {
			log := 0.0
			for i, pick := range h.members {
				s := w.picks.sensor(pick)
				travel := math.Hypot(math.Hypot(w.net.x[s]-x, w.net.y[s]-y), 1) / 340
				sigma := math.Sqrt(w.errorOf(pick, travel))
				z := (w.picks.time[pick] - at - travel) / sigma
				normal := func(spread float64) float64 { return math.Exp(-z*z/2/spread/spread) / spread / sigma }
				log += math.Log(p.picks[i].own*(.98*normal(1)+.02*normal(4)) + (1-p.picks[i].own)*math.Sqrt(2*math.Pi)/7/sigma)
			}
			sum.add(log)
		}
		return sum.log() + p.hearing(x, y)
	}
	here, _, _ := p.density(h.x, h.y, 0)
	atHere := brute(h.x, h.y)
	for _, off := range [][2]float64{{500, 0}, {0, 500}, {1500, 800}, {-1200, -700}, {4000, 2000}, {-900, 300}} {
		got, _, _ := p.density(h.x+off[0], h.y+off[1], 0)
		if want := brute(h.x+off[0], h.y+off[1]) - atHere; want > -8 && math.Abs(got-here-want) > .15 {
			t.Errorf("%v away: %.3f, want %.3f", off, got-here, want)
		}
	}
}

// A fine even lattice over all the ground gives the regions the mass they should have.
func TestRegionsHoldTheirShareOfTheDensity(t *testing.T) {
	w, h := someEvent(t)
	e := &Event{}
	r := w.region(h, e, RegionsOfAll)
	if r.IsEllipse || len(r.Ninety) == 0 {
		t.Fatalf("%+v: want a region", r)
	}
	p := w.posterior(h)
	top, _, _ := p.density(h.x, h.y, 0)
	var all, half, ninety float64
	const step = 60
	for x := h.x - 30e3; x < h.x+30e3; x += step {
		for y := h.y - 30e3; y < h.y+30e3; y += step {
			log, _, _ := p.density(x, y, 0)
			if log < top-14 {
				continue
			}
			mass := math.Exp(log - top)
			all += mass
			if holds(w, r.Half, x, y) {
				half += mass
			}
			if holds(w, r.Ninety, x, y) {
				ninety += mass
			}
		}
	}
	if math.Abs(half/all-.5) > .02 || math.Abs(ninety/all-.9) > .02 {
		t.Errorf("the regions hold %.3f and %.3f", half/all, ninety/all)
	}
}

func holds(w *worker, list []geo.Polygon, x, y float64) (in bool) {
	for _, polygon := range list {
		for _, ring := range polygon {
			flat := make([]spot, len(ring))
			for i, p := range ring {
				e, n := w.net.plane.To(p)
				flat[i] = spot{float64(e), float64(n)}
			}
			in = in != encloses(flat, x, y)
		}
	}
	return in
}
