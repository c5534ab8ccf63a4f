package geo

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

func TestAngleOfIsExactOnTheAxes(t *testing.T) {
	for x, want := range map[float64]angle{
		0: {0, 1}, 90: {1, 0}, 180: {0, -1}, -90: {-1, 0}, -180: {0, -1},
	} {
		if got := angleOf(x, 0); got != want {
			t.Errorf("angleOf(%v) = %v, want %v", x, got, want)
		}
	}
	if got := angleOf(30, 0).sin; math.Abs(got-0.5) > 1e-16 {
		t.Errorf("sin 30 = %.17f", got)
	}
}

func TestAnglesAgreeWithRadians(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := rapid.Float64Range(-180, 180).Draw(t, "x")
		y := rapid.Float64Range(-180, 180).Draw(t, "y")
		small := rapid.Float64Range(-0.05, 0.05).Draw(t, "small")
		a, b := angleOf(x, 0), angleOf(y, 0)
		sameAngle(t, "plus", a.plus(b), (x+y)*radiansPerDegree)
		sameAngle(t, "minus", a.minus(b), (x-y)*radiansPerDegree)
		sameAngle(t, "turned", a.turned(small), x*radiansPerDegree+small)
		sameAngle(t, "unit", unit(3*a.sin, 3*a.cos), x*radiansPerDegree)
		tiny := angle{math.Sin(small), math.Cos(small)}
		if got := tiny.radians(); math.Abs(got-small) > 2e-17 {
			t.Errorf("radians of %v: %v", small, got)
		}
	})
}

func sameAngle(t *rapid.T, what string, got angle, radians float64) {
	t.Helper()
	sin, cos := math.Sincos(radians)
	if math.Hypot(got.sin-sin, got.cos-cos) > 2e-15 {
		t.Errorf("%s: %v, want %v", what, got, angle{sin, cos})
	}
}

// The difference and its correction are together exact.
func TestLongitudeDifference(t *testing.T) {
	for _, row := range []struct {
		from, to               Degrees
		difference, correction float64
	}{
		{10, 30, 20, 0},
		{170, -170, 20, 0},
		{-170, 170, -20, 0},
		{0, 180, 180, 0},
		{0, -180, -180, 0},
		{-180, 180, 0, 0},
		{350, 10, 20, 0},
		{725, 5, 0, 0},
		{179, 1e-20, -179, 1e-20},
		{-1e-20, 180, -180, 1e-20}, // a hair beyond 180 east is the way west
		{1e-20, -180, 180, -1e-20},
		{1e-20, 180, 180, -1e-20},
	} {
		difference, correction := longitudeDifference(row.from, row.to)
		if difference != row.difference || correction != row.correction {
			t.Errorf("from %v to %v: %v + %v, want %v + %v",
				float64(row.from), float64(row.to), difference, correction, row.difference, row.correction)
		}
	}
}

func TestReducedLatitude(t *testing.T) {
	for _, lat := range []Degrees{-90, -45, -1e-9, 0, 30, 89.999999, 90} {
		beta := reduced(lat)
		phi := float64(lat) * radiansPerDegree
		want := math.Atan2(axisRatio*math.Sin(phi), math.Cos(phi))
		if got := math.Atan2(beta.sin, beta.cos); math.Abs(got-want) > 3e-16 {
			t.Errorf("reduced latitude of %v is %v, want %v", lat, got, want)
		}
		if beta.cos < tiny {
			t.Errorf("reduced latitude of %v has lost its longitude", lat)
		}
	}
}
