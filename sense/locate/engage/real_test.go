package engage

import (
	"fmt"
	"math"
	"testing"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/sense/locate"
)

var (
	realNoon  = locate.Earliest + 1_000_000_000_000
	realPlace = geo.Point{Lat: -47.9, Lon: -21.6}
)

// hearing is a field of ears on a grid of 2 km, and the means to let them hear.
type hearing struct {
	Field
	plane geo.Plane
}

func newHearing(across int) *hearing {
	h := &hearing{plane: geo.NewPlane(realPlace)}
	for i := range across * across {
		h.Sensors = append(h.Sensors, locate.Sensor{ID: fmt.Sprint("s", i), At: h.plane.From(geo.Metres(2000*(i%across)), geo.Metres(2000*(i/across)))})
	}
	return h
}

// heard adds what a sensor hears of a blast, some seconds late.
func (h *hearing) heard(sensor int, east, north, seconds, late float64) int {
	d := float64(geo.Distance(h.plane.From(geo.Metres(east), geo.Metres(north)), h.Sensors[sensor].At))
	at := realNoon + truce.Instant(1e6*(seconds+late+d/locate.DefaultSpeedAcoustic))
	h.Arrivals = append(h.Arrivals, locate.Arrival{ID: fmt.Sprint("a", len(h.Arrivals)), Sensor: sensor, Time: at})
	return len(h.Arrivals) - 1
}

// event adds an event made of arrivals with their residuals.
func (h *hearing) event(east, north, seconds, score float64, residual float64, arrivals ...int) {
	e := locate.Event{
		ID:   truce.NewID(realNoon, "event", locate.Method, fmt.Append(nil, len(h.Events))),
		Time: realNoon + truce.Instant(1e6*seconds), TimeSigma: .05, At: h.plane.From(geo.Metres(east), geo.Metres(north)),
		Ellipse: geo.Ellipse{Major: 60, Minor: 40}, Score: score,
	}
	for _, a := range arrivals {
		e.Used = append(e.Used, locate.Used{Arrival: a, Residual: residual})
	}
	h.Events = append(h.Events, e)
}

// judged is the field with every event judged.
func (h *hearing) judged() *tier {
	t := &tier{field: &h.Field, nodes: nodesOf(&h.Field, &Options{}), sky: newSky(&h.Field, &Options{})}
	t.realities()
	return t
}

// real is the probability that the i-th event of the field is one blast.
func (t *tier) realOf(i int) float64 {
	for n := range t.nodes {
		if t.nodes[n].index == i {
			return math.Exp(t.nodes[n].real)
		}
	}
	return math.NaN()
}

// twoBlasts is a field that heard two blasts two seconds and 3 km apart, of whose arrivals the
// last few of each went into a third event that fits them badly.
func twoBlasts(stolen int, residual float64) *hearing {
	h := newHearing(5)
	var ghost []int
	for i, b := range [][3]float64{{3000, 3000, 0}, {6000, 3000, 2}} {
		var own []int
		for s := range h.Sensors {
			a := h.heard(s, b[0], b[1], b[2], .05*math.Sin(float64(7*s+i)))
			if s >= len(h.Sensors)-stolen {
				ghost = append(ghost, a)
			} else {
				own = append(own, a)
			}
		}
		h.event(b[0], b[1], b[2], 120, .05, own...)
	}
	if stolen > 0 {
		h.event(4500, 9000, -5, 25, residual, ghost...)
	}
	return h
}

// TestAGhostIsTold from the blasts that it is made of.
func TestAGhostIsTold(t *testing.T) {
	tr := twoBlasts(3, .3).judged()
	if a, b, ghost := tr.realOf(0), tr.realOf(1), tr.realOf(2); a < .95 || b < .95 || ghost > .1 {
		t.Errorf("blasts %.3f and %.3f, the ghost %.3f", a, b, ghost)
	}
	// The same arrivals as a blast of their own, where nothing else foretells them.
	lone := twoBlasts(3, .05)
	lone.Events = lone.Events[2:]
	if p := lone.judged().realOf(0); p < .6 {
		t.Errorf("by itself it is a blast with %.3f", p)
	}
}

// TestWhatSpeaksForABlast: more arrivals, a better score and smaller residuals do, each alone.
func TestWhatSpeaksForABlast(t *testing.T) {
	with := func(arrivals int, score, residual float64) float64 {
		h := newHearing(6)
		var all []int
		for s := range arrivals {
			all = append(all, h.heard(s, 5000, 5000, 0, 0))
		}
		h.event(5000, 5000, 0, score, residual, all...)
		return h.judged().realOf(0)
	}
	usual := with(6, 20, .1)
	for name, p := range map[string]float64{"fewer arrivals": with(4, 20, .1), "a worse score": with(6, 10, .1), "larger residuals": with(6, 20, .5)} {
		if p > usual-.02 {
			t.Errorf("%s: %.3f, usually %.3f", name, p, usual)
		}
	}
	if a, b := with(8, fullScore, .1), with(8, 500, .1); a != b {
		t.Errorf("a score beyond %g changes %.4f to %.4f", fullScore, a, b)
	}
	if p := with(36, 100, 0); p < .99 || p > 1 {
		t.Errorf("a blast that everybody heard is one with %.4f", p)
	}
}

// TestABlastWithoutArrivalsHasItsScore alone: as likely as not at sureScore.
func TestABlastWithoutArrivalsHasItsScore(t *testing.T) {
	for score, want := range map[float64]float64{sureScore: .5, sureScore + scoreScale: 1 / (1 + math.Exp(-1)), 80: 1} {
		h := newHearing(1)
		h.event(0, 0, 0, score, 0)
		if p := h.judged().realOf(0); math.Abs(p-want) > 1e-6 {
			t.Errorf("score %g: %.6f, want %.6f", score, p, want)
		}
	}
}

// TestMisfitIsPerArrivalToSpare: near by the error is a tenth of a second; one wild residual
// counts nine.
func TestMisfitIsPerArrivalToSpare(t *testing.T) {
	for _, c := range []struct {
		arrivals       int
		residual, want float64
	}{{5, arrivalFloor, 2.5}, {4, arrivalFloor, 4}, {3, arrivalFloor, 3}, {5, 100, 5 * wildResidual / 2}, {7, 0, 0}} {
		h := newHearing(1)
		var all []int
		for range c.arrivals {
			all = append(all, h.heard(0, 0, 0, 0, 0))
		}
		h.event(0, 0, 0, 50, c.residual, all...)
		tr := h.judged()
		if got := tr.misfit(&h.Events[0]); math.Abs(got-c.want) > 1e-6 {
			t.Errorf("%d arrivals %g s off: %.4f, want %.4f", c.arrivals, c.residual, got, c.want)
		}
	}
	if near, far := timing(0), timing(50); math.Abs(near-.01) > 1e-12 || math.Abs(far-.26) > 1e-12 {
		t.Errorf("variances %g and %g", near, far)
	}
}

// TestForetoldSharesAreCounted: three of eight arrivals fit the one blast, two the other and one
// both; a sensor that an event has an arrival of foretells nothing.
func TestForetoldSharesAreCounted(t *testing.T) {
	h := newHearing(5)
	var all []int
	for s := range 3 {
		all = append(all, h.heard(s, 3000, 3000, 0, .02))
	}
	for s := 3; s < 5; s++ {
		all = append(all, h.heard(s, 9000, 1000, 20, -.02))
	}
	for s := 5; s < 8; s++ {
		all = append(all, h.heard(s, 3000, 3000, 0, 8)) // nothing's
	}
	h.event(4000, 4000, 1, 30, .1, all...)
	h.event(3000, 3000, 0, 90, .05, h.heard(20, 3000, 3000, 0, 0))
	h.event(9000, 1000, 20, 90, .05, h.heard(20, 9000, 1000, 20, 0))
	h.event(3000, 3000, -200, 90, .05, h.heard(20, 3000, 3000, -200, 0)) // long before
	tr := h.judged()
	at := func(i int) int {
		for n := range tr.nodes {
			if tr.nodes[n].index == i {
				return n
			}
		}
		return -1
	}
	if any, one := tr.foretold(at(0), &h.Events[0]); math.Abs(any-5./8) > 1e-9 || math.Abs(one-3./8) > 1e-9 {
		t.Errorf("any %.3f, one %.3f, want .625 and .375", any, one)
	}
	// Once the first blast has arrivals of its own there, those of the other event are not its.
	for s := range 3 {
		h.Events[1].Used = append(h.Events[1].Used, locate.Used{Arrival: h.heard(s, 3000, 3000, 0, 0)})
	}
	tr = h.judged()
	if any, one := tr.foretold(at(0), &h.Events[0]); math.Abs(any-2./8) > 1e-9 || math.Abs(one-2./8) > 1e-9 {
		t.Errorf("any %.3f, one %.3f, want .25 and .25", any, one)
	}
}

func TestAnArrivalIsDue(t *testing.T) {
	h := newHearing(2)
	h.event(0, 0, 0, 50, 0)
	tr := h.judged()
	for _, c := range []struct {
		late float64
		due  bool
	}{{0, true}, {.3, true}, {-.3, true}, {.6, false}, {-.6, false}, {90, false}} {
		a := h.heard(1, 0, 0, 0, c.late) // 2 km, 5.9 s
		if got := tr.dueFrom(&tr.nodes[0], a); got != c.due {
			t.Errorf("%g s late: %v", c.late, got)
		}
	}
	if a := h.heard(0, 0, 0, -1, 0); tr.dueFrom(&tr.nodes[0], a) {
		t.Error("what was heard before the blast is its sound")
	}
}

// TestAMuzzleIsNoSurerThanItsBlast: however well it ties, a doubtful event is a muzzle with five
// times its own odds at most.
func TestAMuzzleIsNoSurerThanItsBlast(t *testing.T) {
	tr := &tier{nodes: make([]node, 4), edges: []edge{{muzzle: 0, impact: 2, p: .9}, {muzzle: 0, impact: 3, p: .1}, {muzzle: 1, impact: 3, p: .4}}}
	for real, want := range map[float64][2]float64{1: {1, .4}, .5: {5. / 6, .4 * 5 / 6}, .1: {5. / 14, .4 * 5 / 14}} {
		for i := range tr.nodes {
			tr.nodes[i].real = math.Log(real)
		}
		got := tr.fired()
		if math.Abs(got[0]-want[0]) > 1e-9 || math.Abs(got[1]-want[1]) > 1e-9 || got[2] != 0 || got[3] != 0 {
			t.Errorf("real with %g: %v, want %v", real, got, want)
		}
	}
}
