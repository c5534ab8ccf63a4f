package movement

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/internal/num"
	"github.com/trucewatch/truce/sense/track"
)

// TestPathGoesThroughItsStates with their velocities, on any leg.
func TestPathGoesThroughItsStates(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 7))
	for range 100 {
		a := track.State{Time: begin, At: home, Sigma: 10, SpeedMps: 40 * rng.Float64(), Course: geo.Degrees(360 * rng.Float64())}
		b := track.State{Time: begin + truce.Instant(1+rng.IntN(60))*1_000_000, At: spot(2000*rng.Float64()-1000, 2000*rng.Float64()-1000), Sigma: 30,
			SpeedMps: 40 * rng.Float64(), Course: geo.Degrees(360 * rng.Float64())}
		l := newLeg(&a, &b, begin)
		east, north := l.plane.To(b.At)
		x, y, s := l.at(0)
		near(t, "start", math.Hypot(x, y), 0, 1e-9)
		near(t, "sigma of the start", s, 10, 1e-9)
		x, y, s = l.at(1)
		near(t, "end", math.Hypot(x-float64(east), y-float64(north)), 0, 1e-9)
		near(t, "sigma of the end", s, 30, 1e-9)
		const h = 1e-6
		for f, want := range map[float64][2]float64{0: {l.u, l.w}, 1 - h: {l.u2, l.w2}} {
			x, y, _ := l.at(f)
			x2, y2, _ := l.at(f + h)
			speed := math.Hypot(want[0], want[1])
			near(t, "velocity", math.Hypot((x2-x)/(h*l.span)-want[0], (y2-y)/(h*l.span)-want[1]), 0, .01+.01*speed+1e-4*float64(geo.Distance(a.At, b.At))/l.span)
		}
	}
}

// TestNoStepIsFasterThanSaid: the bound that lets the walk leap.
func TestNoStepIsFasterThanSaid(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 7))
	for range 300 {
		a := track.State{Time: begin, At: home, Sigma: geo.Metres(200 * rng.Float64()), SpeedMps: 80 * rng.Float64(), Course: geo.Degrees(360 * rng.Float64())}
		b := track.State{Time: begin + truce.Instant(1+rng.IntN(90))*1_000_000, At: spot(4000*rng.Float64()-2000, 4000*rng.Float64()-2000), Sigma: geo.Metres(200 * rng.Float64()),
			SpeedMps: 80 * rng.Float64(), Course: geo.Degrees(360 * rng.Float64())}
		l := newLeg(&a, &b, begin)
		lx, ly, _ := l.at(0)
		for i := 1; i <= 100; i++ {
			x, y, sigma := l.at(float64(i) / 100)
			if v := math.Hypot(x-lx, y-ly) / (l.span / 100); v > l.fastest*1.001 {
				t.Fatalf("%g m/s on a leg that is said to have no more than %g", v, l.fastest)
			}
			if sigma > l.widest()*1.000001 {
				t.Fatalf("a sigma of %g on a leg that is said to have no more than %g", sigma, l.widest())
			}
			lx, ly = x, y
		}
	}
}

// TestBridgeIsThatOfWhiteAcceleration: what paths stray between two known states, against
// paths that are drawn step by step and then held to both states by regression.
func TestBridgeIsThatOfWhiteAcceleration(t *testing.T) {
	const (
		n, steps, span = 6000, 200, 60.0
		dt             = span / steps
	)
	rng := rand.New(rand.NewPCG(5, 7))
	marks := []int{50, 100, 150}
	var mid [3][]float64
	var ends [][2]float64
	for range n {
		x, v := 0.0, 0.0
		for i := range steps {
			for k, m := range marks {
				if i == m {
					mid[k] = append(mid[k], x)
				}
			}
			push := math.Sqrt(wander*dt) * rng.NormFloat64()
			x, v = x+v*dt+push*dt/2, v+push
		}
		ends = append(ends, [2]float64{x, v})
	}
	a := track.State{Time: begin, At: home}
	b := track.State{Time: begin + truce.Instant(span*1e6), At: home}
	l := newLeg(&a, &b, begin)
	for k, m := range marks {
		_, _, sigma := l.at(float64(m) / steps)
		near(t, "sigma at a mark", residual(mid[k], ends), sigma, .05*sigma)
	}
}

// residual is the standard deviation of y that a plane through both columns of x leaves.
func residual(y []float64, x [][2]float64) float64 {
	var a, b, c, d, e, yy float64
	for i := range y {
		a, b, c = a+x[i][0]*x[i][0], b+x[i][0]*x[i][1], c+x[i][1]*x[i][1]
		d, e, yy = d+x[i][0]*y[i], e+x[i][1]*y[i], yy+y[i]*y[i]
	}
	det := a*c - b*b
	p, q := (c*d-b*e)/det, (a*e-b*d)/det
	return math.Sqrt((yy - p*d - q*e) / float64(len(y)))
}

// TestSampledErrorsAreGaussian in every direction, and independent upwards.
func TestSampledErrorsAreGaussian(t *testing.T) {
	p, err := newPath(straight(1, 0, 0, 20, 0, 10, 4), Config{})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"east", "north", "up", "north-east"} {
		var below [5]float64
		var sum, squares float64
		for _, e := range p.errors {
			v := map[string]float64{"east": e.e, "north": e.n, "up": e.u, "north-east": (e.e + e.n) / math.Sqrt2}[name]
			sum, squares = sum+v, squares+v*v
			for i, z := range []float64{-2, -1, 0, 1, 2} {
				if v <= z {
					below[i] += 1.0 / draws
				}
			}
		}
		near(t, name+": mean", sum/draws, 0, .01)
		near(t, name+": variance", squares/draws, 1, .02)
		for i, z := range []float64{-2, -1, 0, 1, 2} {
			near(t, name+": share below", below[i], num.NormalCDF(z), .012)
		}
	}
	var together float64
	for _, e := range p.errors {
		together += e.u * (e.e + e.n) / draws
	}
	near(t, "up with sideways", together, 0, .03)
}

// TestTracksOutOfRangeAreRefused on both sides of each bound.
func TestTracksOutOfRangeAreRefused(t *testing.T) {
	for _, c := range []struct {
		name string
		set  func(*track.State)
		ok   bool
	}{
		{"as usual", func(*track.State) {}, true},
		{"at the pole", func(s *track.State) { s.At = geo.Point{Lat: 90} }, true},
		{"beyond it", func(s *track.State) { s.At.Lat = 90.001 }, false},
		{"the largest error", func(s *track.State) { s.Sigma = track.MaxSigma }, true},
		{"a larger one", func(s *track.State) { s.Sigma = track.MaxSigma + 1 }, false},
		{"a negative error", func(s *track.State) { s.Sigma = -1 }, false},
		{"nearly in orbit", func(s *track.State) { s.SpeedMps = 11_999 }, true},
		{"in orbit", func(s *track.State) { s.SpeedMps = 12_000 }, false},
		{"backwards", func(s *track.State) { s.SpeedMps = -1 }, false},
		{"no course", func(s *track.State) { s.Course = geo.Degrees(math.NaN()) }, false},
		{"an endless course", func(s *track.State) { s.Course = geo.Degrees(math.Inf(1)) }, false},
	} {
		tr := straight(1, 0, 0, 20, 0, 40, 4)
		c.set(&tr.States[2])
		if err := checkTrack(tr); c.ok != (err == nil) || err != nil && truce.CodeOf(err) != truce.CodeInvalid {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	long := track.Track{States: make([]track.State, MaxStates+1)}
	if err := checkTrack(long); truce.CodeOf(err) != truce.CodeInvalid {
		t.Errorf("%d states: %v", len(long.States), err)
	}
}
