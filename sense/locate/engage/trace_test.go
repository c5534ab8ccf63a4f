package engage

import (
	"math"
	"testing"
)

// TestShellsReachWhatIsPublished: the greatest range of each class at its full charge.
func TestShellsReachWhatIsPublished(t *testing.T) {
	for c := NotKnown + 1; c < classes; c++ {
		k := kinds[c]
		if c == TankGun {
			k.high = 14 // as far as its barrel goes up; direct fire ends below
		}
		u := k.curve(k.shell.speed)
		if far := u.end[u.top].x; math.Abs(far-k.reach) > .02*k.reach {
			t.Errorf("%v flies %.0f m, %s is said to reach %.0f", c, far, k.like, k.reach)
		}
	}
}

// TestWithoutAirAShellFliesAParabola.
func TestWithoutAirAShellFliesAParabola(t *testing.T) {
	s := shell{mass: 10, calibre: .1, form: 0, speed: 300}
	for _, degrees := range []float64{5, 30, 45, 70} {
		a := degrees * math.Pi / 180
		end := s.trace(a, stepsPerTrace, nil)
		up := 300 * math.Sin(a)
		time := (up + math.Sqrt(up*up+2*gravity*muzzleHeight)) / gravity
		if far := 300 * math.Cos(a) * time; math.Abs(end.x-far) > 1e-3 || math.Abs(end.t-time) > 1e-6 {
			t.Errorf("%g degrees: %.4f m in %.6f s, want %.4f in %.6f", degrees, end.x, end.t, far, time)
		}
	}
}

// TestTracesAreFineEnough: a tenth of a percent of the range against ten times as many steps.
func TestTracesAreFineEnough(t *testing.T) {
	for c := NotKnown + 1; c < classes; c++ {
		k := &kinds[c]
		for _, speed := range k.speeds {
			s := k.of(speed)
			for share := .0; share <= 1; share += .125 {
				a := (k.low + (k.high-k.low)*share) * math.Pi / 180
				coarse, fine := s.trace(a, stepsPerTrace, nil), s.trace(a, 10*stepsPerTrace, nil)
				if math.Abs(coarse.x-fine.x) > .001*fine.x || math.Abs(coarse.t-fine.t) > .001*fine.t {
					t.Errorf("%v at %.0f m/s, %.1f degrees: %.1f m in %.3f s, finely %.1f in %.3f", c, speed, a*degreesPerRadian, coarse.x, coarse.t, fine.x, fine.t)
				}
			}
		}
	}
}

// TestWaysLeadToTheTarget: each way that the curves give for a distance, flown anew.
func TestWaysLeadToTheTarget(t *testing.T) {
	b := NewBallistics()
	for c := NotKnown + 1; c < classes; c++ {
		for _, share := range []float64{.15, .3, .5, .8, .97} {
			distance := kinds[c].least + share*(b.farthest(c)-kinds[c].least)
			ways, sum := b.ways(c, distance, nil), 0.0
			for _, w := range ways {
				s := kinds[c].of(w.speed)
				end := s.trace(w.elevation, stepsPerTrace, nil)
				sum += w.weight
				if math.Abs(end.x-distance) > .02*distance || math.Abs(end.t-w.time) > .02*w.time {
					t.Errorf("%v at %.0f m/s: %.0f m in %.2f s, want %.0f in %.2f", c, w.speed, end.x, end.t, distance, w.time)
				}
			}
			if len(ways) == 0 || math.Abs(sum-1) > 1e-9 {
				t.Errorf("%v to %.0f m: %d ways of weight %g", c, distance, len(ways), sum)
			}
		}
		if ways := b.ways(c, 1.01*b.farthest(c), nil); len(ways) > 0 {
			t.Errorf("%v flies beyond its range: %v", c, ways[0])
		}
	}
}

// TestDensityOfTheTimeOfFlightSumsToOne.
func TestDensityOfTheTimeOfFlightSumsToOne(t *testing.T) {
	b := NewBallistics()
	for c := NotKnown + 1; c < classes; c++ {
		distance := (kinds[c].least + b.farthest(c)) / 2
		ways, sum := b.ways(c, distance, nil), 0.0
		for time := 0.01; time < 200; time += .01 {
			sum += .01 * density(ways, time, .1, 50)
		}
		if math.Abs(sum-1) > .002 {
			t.Errorf("%v to %.0f m: %.4f", c, distance, sum)
		}
	}
}

// TestTheShockWaveFollowsTheCone: of a shell that flies straight and even, the wave comes
// under the angle of Mach: at time x/v + y cos(a)/c, sin a = c/v.
func TestTheShockWaveFollowsTheCone(t *testing.T) {
	const v, c = 700.0, 340.0
	var path []point
	for i := range 101 {
		at := float64(i) * .1
		path = append(path, point{t: at, x: v * at, vx: v})
	}
	for _, beside := range []float64{200, 900, 1800} {
		got, slant, ok := passing(path, ear{0, 4000, beside}, c)
		cos := math.Sqrt(1 - c*c/v/v)
		if want := 4000/v + beside*cos/c; !ok || math.Abs(got-want) > .002 || math.Abs(slant-beside/cos) > 25 {
			t.Errorf("%g m beside: %.4f s from %.0f m off (%v), want %.4f from %.0f", beside, got, slant, ok, want, beside/cos)
		}
	}
	for _, e := range []ear{{0, 10, 1500}, {0, 8200, 1500}} {
		if at, _, ok := passing(path, e, c); ok {
			t.Errorf("the wave of no part of the way comes to %+v at %.2f s", e, at)
		}
	}
	slow := []point{{0, 0, 0, 200, 0}, {1, 200, 0, 200, 0}, {2, 400, 0, 200, 0}}
	if _, _, ok := passing(slow, ear{0, 300, 10}, c); ok {
		t.Error("a shell slower than sound has no shock wave")
	}
}

func BenchmarkTrace(b *testing.B) {
	s := kinds[Howitzer152].shell
	b.ReportAllocs()
	for b.Loop() {
		s.trace(.6, stepsPerTrace, nil)
	}
}
