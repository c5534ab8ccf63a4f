package arrivals_test

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/sim/arrivals"
)

// perfect is the answer of who knows the truth.
func perfect(w *arrivals.World) []arrivals.Found {
	var out []arrivals.Found
	for _, e := range w.Events {
		f := arrivals.Found{Time: e.Time, At: e.At, Depth: e.Depth, Ellipse: geo.Ellipse{Major: 10, Minor: 5, Strike: 30}}
		for _, p := range e.Picks {
			f.Arrivals = append(f.Arrivals, p.Arrival)
		}
		out = append(out, f)
	}
	return out
}

func TestScoreOfThePerfectAnswer(t *testing.T) {
	w := world(t, "A50/0.3", 1)
	s := w.Score(perfect(w))
	if s.F1() != 1 || s.Precision() != 1 || s.Recall() != 1 || s.Coverage() != 1 || s.Purity() != 1 || s.Error(.9) != 0 {
		t.Errorf("%s", s)
	}
	if !strings.Contains(s.String(), "F1 1.0000") {
		t.Error(s.String())
	}
	if none := w.Score(nil); none.F1() != 0 || none.Precision() != 0 || !math.IsNaN(float64(none.Error(.5))) {
		t.Errorf("no answer scores %s", none)
	}
	if both := s.Plus(w.Score(nil)); both.Recall() != .5 || both.Precision() != 1 {
		t.Errorf("two worlds, one unanswered: %s", both)
	}
}

// TestScoreMatchesAtSixTenths of the longer list, from both sides of the bound, and counts a
// true event once.
func TestScoreMatchesAtSixTenths(t *testing.T) {
	w := &arrivals.World{Arrivals: make([]arrivals.Arrival, 40), Sensors: make([]arrivals.Sensor, 1)}
	for i := range w.Arrivals {
		w.Arrivals[i].Phase = arrivals.Acoustic
	}
	add := func(from, to int) {
		var e arrivals.Event
		for i := from; i < to; i++ {
			e.Picks = append(e.Picks, arrivals.Pick{Arrival: i, Sigma: 1})
		}
		w.Events = append(w.Events, e)
	}
	add(0, 10)
	add(10, 20)
	some := func(from, to int) arrivals.Found {
		var f arrivals.Found
		for i := from; i < to; i++ {
			f.Arrivals = append(f.Arrivals, i)
		}
		return f
	}
	for _, test := range []struct {
		name    string
		found   []arrivals.Found
		matched int
		f1      float64
	}{
		{"six of ten", []arrivals.Found{some(0, 6)}, 1, 2.0 / 3},
		{"five of ten", []arrivals.Found{some(0, 5)}, 0, 0},
		{"ten of sixteen", []arrivals.Found{some(10, 26)}, 1, 2.0 / 3},
		{"ten of seventeen", []arrivals.Found{some(10, 27)}, 0, 0},
		{"half and half", []arrivals.Found{some(5, 15)}, 0, 0},
		{"all false", []arrivals.Found{some(20, 30)}, 0, 0},
		{"the same twice", []arrivals.Found{some(0, 10), some(0, 10), some(10, 20)}, 2, .8},
		{"no arrivals", []arrivals.Found{{}}, 0, 0},
	} {
		s := w.Score(test.found)
		if len(s.Matches) != test.matched || math.Abs(s.F1()-test.f1) > 1e-12 {
			t.Errorf("%s: %d matched, F1 %g, want %d, %g", test.name, len(s.Matches), s.F1(), test.matched, test.f1)
		}
	}
}

// TestCoverageIsOfTheNinetyPercentEllipse draws places from stated errors.
func TestCoverageIsOfTheNinetyPercentEllipse(t *testing.T) {
	w := world(t, "A2000/0.0", 3)
	chance := rand.New(rand.NewPCG(1, 1))
	found := perfect(w)
	for i := range found {
		e := geo.Ellipse{Major: 800, Minor: 90, Strike: geo.Degrees(180 * chance.Float64())}
		at, _ := geo.Direct(found[i].At, e.Strike, e.Major*geo.Metres(chance.NormFloat64()))
		at, _ = geo.Direct(at, e.Strike+90, e.Minor*geo.Metres(chance.NormFloat64()))
		found[i].At, found[i].Ellipse = at, e
	}
	if c := w.Score(found).Coverage(); math.Abs(c-.9) > .027 {
		t.Errorf("coverage of drawn places is %.3f", c)
	}
}

// TestBoundOfARing: n ears all around at sigma s fix each axis to within s v sqrt(2/n).
func TestBoundOfARing(t *testing.T) {
	const n, sigma = 12, .1
	centre := geo.Point{Lat: -47, Lon: -21}
	w := &arrivals.World{}
	e := arrivals.Event{At: centre}
	for i := range n {
		at, _ := geo.Direct(centre, geo.Degrees(i*360/n), 5000)
		w.Sensors = append(w.Sensors, arrivals.Sensor{At: at})
		w.Arrivals = append(w.Arrivals, arrivals.Arrival{Sensor: i, Phase: arrivals.Acoustic})
		e.Picks = append(e.Picks, arrivals.Pick{Arrival: i, Sigma: sigma})
	}
	want := math.Sqrt2 * sigma * arrivals.SpeedAcoustic * math.Sqrt(2.0/n)
	if got := float64(w.Bound(e)); math.Abs(got/want-1) > 1e-4 {
		t.Errorf("bound %.3f m, want %.3f", got, want)
	}
	e.Picks = e.Picks[:2]
	if got := float64(w.Bound(e)); !math.IsInf(got, 1) {
		t.Errorf("two ears fix a place to %g m", got)
	}
	for i := range w.Arrivals {
		w.Arrivals[i].AzimuthSigma = 3
	}
	if got := float64(w.Bound(e)); !(got < 1000) {
		t.Errorf("two ears with bearings fix a place to %g m", got)
	}
}

// TestLeastSquaresReachesTheBound: over many events of workload S and A the root mean square
// of error over bound of a Gauss-Newton fit to the true picks is one, within what linear
// theory and the prior of depth allow.
func TestLeastSquaresReachesTheBound(t *testing.T) {
	for _, name := range []string{"S300/0.0", "A300/0.0"} {
		w := world(t, name, 11)
		sum, n := 0.0, 0
		for _, e := range w.Events {
			bound := float64(w.Bound(e))
			if !(bound < 1500) { // badly surrounded: the fit is not linear there
				continue
			}
			d, _, _ := geo.Inverse(fit(w, e), e.At)
			sum += float64(d) * float64(d) / bound / bound
			n++
		}
		if rms := math.Sqrt(sum / float64(n)); n < 200 || rms < .9 || rms > 1.12 {
			t.Errorf("%s: error over bound %.3f over %d events", name, rms, n)
		}
	}
}

// fit is weighted least squares from the true place, depth held in the recipe's range.
func fit(w *arrivals.World, e arrivals.Event) geo.Point {
	plane := geo.NewPlane(e.At)
	x := [4]float64{0, 0, 0, float64(e.Depth)} // s, m, m, m
	for range 6 {
		var a [4][5]float64
		for _, p := range e.Picks {
			r := w.Arrivals[p.Arrival]
			se, sn := plane.To(w.Sensors[r.Sensor].At)
			speed := map[arrivals.Phase]float64{arrivals.Acoustic: 340, arrivals.P: 6300, arrivals.S: 3700}[r.Phase]
			depth := x[3]
			if r.Phase == arrivals.Acoustic {
				depth = 0
			}
			de, dn := x[1]-float64(se), x[2]-float64(sn)
			slant := math.Sqrt(de*de + dn*dn + depth*depth)
			g := [4]float64{1, de / slant / speed, dn / slant / speed, depth / slant / speed}
			residual := r.Time.Sub(e.Time).Seconds() - x[0] - slant/speed
			for i := range g {
				for j := range g {
					a[i][j] += g[i] * g[j] / p.Sigma / p.Sigma
				}
				a[i][4] += g[i] * residual / p.Sigma / p.Sigma
			}
		}
		a[3][3] += 1 / (8660.0 * 8660)
		a[3][4] += (15000 - x[3]) / (8660.0 * 8660)
		if e.Depth == 0 {
			a[3] = [5]float64{0, 0, 0, 1, 0}
		}
		for i, step := range solve(a) {
			x[i] += step
		}
	}
	return plane.From(geo.Metres(x[1]), geo.Metres(x[2]))
}

func solve(a [4][5]float64) [4]float64 {
	for k := range a {
		for i := range a {
			if i == k {
				continue
			}
			factor := a[i][k] / a[k][k]
			for j := range a[i] {
				a[i][j] -= factor * a[k][j]
			}
		}
	}
	var out [4]float64
	for i := range out {
		out[i] = a[i][4] / a[i][i]
	}
	return out
}
