package geo

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

func TestFrameKeepsDistanceAndAzimuth(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := NewFrame(somewhere(t, "origin"))
		d, azimuth := rapid.Float64Range(0, 1e6).Draw(t, "distance"), rapid.Float64Range(-180, 180).Draw(t, "azimuth")
		sin, cos := math.Sincos(azimuth * radiansPerDegree)
		p := f.From(Metres(d*sin), Metres(d*cos))
		if got := Distance(f.origin, p); !near(float64(got), d, 1e-3) {
			t.Fatalf("%v lies %.4f m off, want %.4f", p, got, d)
		}
		east, north := f.To(p)
		if !near(float64(east), d*sin, 1e-3) || !near(float64(north), d*cos, 1e-3) {
			t.Fatalf("came back to %.4f, %.4f from %.4f, %.4f", east, north, d*sin, d*cos)
		}
	})
}

func TestPlaneAgreesWithFrame(t *testing.T) {
	for _, row := range []struct{ within, tolerance float64 }{{50e3, .003}, {200e3, .15}} {
		rapid.Check(t, func(t *rapid.T) {
			origin := somewhere(t, "origin")
			frame, plane := NewFrame(origin), NewPlane(origin)
			x := rapid.Float64Range(-row.within, row.within).Draw(t, "east") * math.Sqrt2 / 2
			y := rapid.Float64Range(-row.within, row.within).Draw(t, "north") * math.Sqrt2 / 2
			p := frame.From(Metres(x), Metres(y))
			east, north := plane.To(p)
			if miss := math.Hypot(float64(east)-x, float64(north)-y); miss > row.tolerance {
				t.Fatalf("within %.0f km the plane is %.4f m off", row.within/1e3, miss)
			}
			if miss := Distance(p, plane.From(Metres(x), Metres(y))); float64(miss) > row.tolerance {
				t.Fatalf("within %.0f km the way back is %.4f m off", row.within/1e3, miss)
			}
		})
	}
}

func TestPlaneAtTheEdgesOfTheWorld(t *testing.T) {
	for _, row := range []struct {
		name string
		a, b Point
	}{
		{"over the antimeridian", Point{10, 179.95}, Point{10.02, -179.97}},
		{"over the north pole", Point{89.9, 10}, Point{89.95, -170}},
		{"from the south pole", Point{-90, 0}, Point{-89.8, 77}},
		{"onto itself", Point{1, 1}, Point{1, 1}},
	} {
		plane := NewPlane(row.a)
		east, north := plane.To(row.b)
		if got, want := math.Hypot(float64(east), float64(north)), float64(Distance(row.a, row.b)); !near(got, want, .003) {
			t.Errorf("%s: %.4f m, want %.4f", row.name, got, want)
		}
		if back := plane.From(east, north); Distance(back, row.b) > .003 {
			t.Errorf("%s: came back to %v from %v", row.name, back, row.b)
		}
	}
}

func BenchmarkPlaneTo(b *testing.B) {
	b.ReportAllocs()
	plane, p := NewPlane(Point{48, 38}), Point{48.1, 38.2}
	for b.Loop() {
		plane.To(p)
	}
}
