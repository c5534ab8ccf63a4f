package movement

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/sense/track"
)

// swaying is a straight flight east whose smoothed states sway: errors of one sigma each axis,
// that last for about so many states.
func swaying(rng *rand.Rand, n int, sigma, lasts float64) track.Track {
	t := straight(1, -float64(n)*50, 0, 25, 0, sigma, n)
	keep := math.Exp(-1 / lasts)
	fresh := sigma * math.Sqrt(1-keep*keep)
	e, w := sigma*rng.NormFloat64(), sigma*rng.NormFloat64()
	plane := geo.NewPlane(home)
	for i := range t.States {
		x, y := plane.To(t.States[i].At)
		t.States[i].At = plane.From(x+geo.Metres(e), y+geo.Metres(w))
		e, w = keep*e+fresh*rng.NormFloat64(), keep*w+fresh*rng.NormFloat64()
	}
	return t
}

// TestFlightsAlongABorderAreNotToldOverIt: of straight flights that pass beside a long border,
// on either side of it by up to two sigmas, about as many are told over it as are.
func TestFlightsAlongABorderAreNotToldOverIt(t *testing.T) {
	rng := rand.New(rand.NewPCG(70, 7))
	const all, sigma = 60, 20.0
	told, over, wrong := 0.0, 0.0, 0.0
	for range all {
		edge := sigma * 4 * (rng.Float64() - .5)
		was := 0.0
		if edge < 0 {
			was = 1
		}
		chance := 0.0
		for _, v := range visits(t, swaying(rng, 30, sigma, 2), box(t, -1300, edge, 1300, edge+2000)) {
			chance = 1 - (1-chance)*(1-v.Chance)
		}
		told, over, wrong = told+chance, over+was, wrong+(chance-was)*(chance-was)
	}
	if told, over, wrong := told/all, over/all, wrong/all; math.Abs(told-over) > .1 || wrong > .15 {
		t.Errorf("told %.3f, were %.3f, mean square %.3f", told, over, wrong)
	}
}

// TestTurnsStayTurns: what sways more than its errors keeps its places.
func TestTurnsStayTurns(t *testing.T) {
	plane := geo.NewPlane(home)
	weaving := straight(1, 0, 0, 20, 0, 15, 40)
	for i := range weaving.States {
		weaving.States[i].At = spot(200*float64(i), 150*math.Sin(float64(i)*.8))
	}
	stopped := straight(1, 0, 0, 20, 0, 15, 40)
	for i := range stopped.States {
		stopped.States[i].At = spot(200*float64(min(i, 17)), 0)
	}
	exact := straight(1, 0, 0, 20, 0, 0, 40)
	exact.States[20].At = spot(4000, 1)
	for name, tr := range map[string]track.Track{"weaving": weaving, "stopped": stopped, "without errors": exact} {
		for i, s := range straightened(tr.States) {
			x, y := plane.To(s.At)
			x0, y0 := plane.To(tr.States[i].At)
			if d := math.Hypot(float64(x-x0), float64(y-y0)); d > swayMost*math.Sqrt2*float64(s.Sigma)+1e-6 {
				t.Errorf("%s: state %d is moved by %g m", name, i, d)
			}
		}
	}
	if got := straightened(exact.States); got[20].At != exact.States[20].At {
		t.Error("a place without error was moved")
	}
}
