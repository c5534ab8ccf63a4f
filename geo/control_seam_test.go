package geo

import (
	"math"
	"testing"
)

// islands are shapes over longitude 0, whole and in the halves that the meridian cuts them
// into. The halves do not always share their vertices.
func islands() map[string]struct{ whole, halves []Polygon } {
	return map[string]struct{ whole, halves []Polygon }{
		"an island": {
			[]Polygon{{{{50, -1}, {50.2, 0}, {50, 1}, {51, 1.5}, {52, 1}, {52.1, 0}, {52, -1}, {51, -1.5}, {50, -1}}}},
			[]Polygon{
				{{{50, -1}, {50.2, 0}, {52.1, 0}, {52, -1}, {51, -1.5}, {50, -1}}},
				{{{50.2, 0}, {50, 1}, {51, 1.5}, {52, 1}, {52.1, 0}, {51, 0}, {50.2, 0}}},
			},
		},
		"with a lake": {
			[]Polygon{{box(50, -1, 52, 1), box(50.9, -.2, 51.1, .2)}},
			[]Polygon{
				{{{50, -1}, {50, 0}, {50.9, 0}, {50.9, -.2}, {51.1, -.2}, {51.1, 0}, {52, 0}, {52, -1}, {50, -1}}},
				{{{50.9, 0}, {50, 0}, {50, 1}, {52, 1}, {52, 0}, {51.1, 0}, {51.1, .2}, {50.9, .2}, {50.9, 0}}},
			},
		},
		"only a part of the seam is shared": {
			[]Polygon{{{{50, -1}, {50, 0}, {51, 0}, {51, 1}, {53, 1}, {53, 0}, {52, 0}, {52, -1}, {50, -1}}}},
			[]Polygon{{box(50, -1, 52, 0)}, {box(51, 0, 53, 1)}},
		},
	}
}

// turned moves polygons half around the world, as a file must have them that cuts them.
func turned(polygons []Polygon) []Polygon {
	var out []Polygon
	for _, p := range polygons {
		var q Polygon
		for _, r := range p {
			half, moved := Degrees(180), make(Ring, len(r))
			for _, v := range r {
				if v.Lon > 0 {
					half = -180
				}
			}
			for i, v := range r {
				moved[i] = Point{v.Lat, v.Lon + half}
			}
			q = append(q, moved)
		}
		out = append(out, q)
	}
	return out
}

// opposite is a point half around the world.
func opposite(p Point) Point {
	if p.Lon > 0 {
		return Point{p.Lat, p.Lon - 180}
	}
	return Point{p.Lat, p.Lon + 180}
}

func TestTheSeamIsNoBoundary(t *testing.T) {
	places := []Point{{51, 0}, {51.3, 0}, {50.5, .001}, {51.5, -.01}, {50.3, 0}, {51.9, .4}, {49.9, 0}, {51.02, -.05}, {52.5, 0}, {53.4, 1.2}}
	for name, island := range islands() {
		whole, cut := mustArea(t, island.whole...), mustArea(t, turned(island.halves)...)
		want, got := mustControl(t, whole, &Reference{}), mustControl(t, cut, &Reference{})
		if w, g := want.Length(Contact), got.Length(Contact); !near(float64(g), float64(w), .01) || !near(float64(got.Contact().Length()), float64(w), .01) {
			t.Errorf("%s: %.0f m of contact, the line has %.0f m, uncut it is %.0f m", name, g, got.Contact().Length(), w)
		}
		for _, p := range places {
			q := opposite(p)
			if w, g := want.DistanceToContact(p), got.DistanceToContact(q); !near(float64(g), float64(w), .01) {
				t.Errorf("%s: from %v it is %.2f m to the contact, uncut %.2f m", name, q, g, w)
			}
			if w, g := whole.BoundaryDistance(p), cut.BoundaryDistance(q); !near(float64(g), float64(w), .01) {
				t.Errorf("%s: from %v it is %.2f m to the edge, uncut %.2f m", name, q, g, w)
			}
			for _, sigma := range []Metres{0, 500, 8000, 60_000} {
				w, g := whole.Probability(at(p, sigma, sigma, 0), 50), cut.Probability(at(q, sigma, sigma, 0), 50)
				if !near(g, w, .001) {
					t.Errorf("%s: %v with %v m is inside with %.4f, uncut %.4f", name, q, sigma, g, w)
				}
			}
		}
	}
}

func mustControl(t testing.TB, area *Area, r *Reference) *Control {
	t.Helper()
	c, err := NewControl(area, r, ControlConfig{})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestAPointOnTheSeamIsDeepInside(t *testing.T) {
	area := mustArea(t, Polygon{box(50, 179, 52, 180)}, Polygon{box(50, -180, 52, -179)})
	want := float64(Distance(Point{51, 180}, Point{51, 179}))
	for _, lon := range []Degrees{180, -180} {
		p := Point{51, lon}
		// The meridian of 179 runs on a curve; the nearest place on it is a little nearer.
		if got := float64(mustControl(t, area, &Reference{}).DistanceToContact(p)); !near(got, want, 20) {
			t.Errorf("%v is %.0f m from the contact, want %.0f", p, got, want)
		}
		if got := area.Probability(at(p, 1000, 1000, 0), 100); !near(got, 1, 1e-9) {
			t.Errorf("%v with a kilometre of error is inside with %v, want 1", p, got)
		}
	}
	// One side alone ends there.
	alone := mustArea(t, Polygon{box(50, 179, 52, 180)})
	if got := mustControl(t, alone, &Reference{}).DistanceToContact(Point{51, 180}); got > .001 {
		t.Errorf("an area that ends at 180 has its edge %.3f m from there", got)
	}
	if got := alone.Probability(at(Point{51, 180}, 1000, 1000, 0), 100); !near(got, .5, .003) {
		t.Errorf("on the edge of an area that ends at 180 the chance is %v, want .5", got)
	}
}

func TestPartsEndAtTheSeam(t *testing.T) {
	r := reference(t, map[string]string{
		// Sea to the south on both sides, in halves: their own seam is no coast.
		"coast": `{"type":"MultiPolygon","coordinates":[[[[178,48],[180,48],[180,50],[178,50],[178,48]]],[[[-180,48],[-178,48],[-178,50],[-180,50],[-180,48]]]]}`,
	})
	area := mustArea(t, Polygon{box(50, 179, 52, 180)}, Polygon{box(50, -180, 52, -179)})
	c := mustControl(t, area, r)
	south := float64(lengthOf([]Point{{50, 179}, {50, 180}})) * 2
	rest := float64(lengthOf([]Point{{50, 0}, {52, 0}, {52, 2}, {50, 2}}))
	// The tolerance of 3 km reaches around both corners.
	if got := float64(c.Length(Coast)); !near(got, south+6000, 100) {
		t.Errorf("%.0f m of coast, want %.0f", got, south+6000)
	}
	if got := float64(c.Length(Contact)); !near(got, rest-6000, 100) {
		t.Errorf("%.0f m of contact, want %.0f", got, rest-6000)
	}
	if len(c.Parts) != 4 {
		t.Errorf("%d parts, want coast and contact on both sides", len(c.Parts))
	}
	for _, part := range c.Parts {
		for i := 1; i < len(part.Line); i++ {
			if a, b := part.Line[i-1], part.Line[i]; math.Abs(float64(a.Lon)) == 180 && a.Lon == b.Lon {
				t.Errorf("the %s runs along the seam from %v to %v", part.Kind, a, b)
			}
		}
	}
	for _, line := range OuterEdges([]Polygon{{box(60, 170, 70, 180)}, {box(60, -180, 65, -170)}, {box(65, -180, 70, -170)}}) {
		for i := 1; i < len(line); i++ {
			if math.Abs(float64(line[i].Lon)) == 180 && line[i].Lon == line[i-1].Lon {
				t.Errorf("the provinces' outer edge runs along the seam from %v to %v", line[i-1], line[i])
			}
		}
	}
}

func TestWhatTheSeamCutsOffIsKept(t *testing.T) {
	// The sea ends 2 km beyond the antimeridian: too short a coast by itself, but it goes on.
	r := reference(t, map[string]string{"coast": `{"type":"MultiLineString","coordinates":[[[178,50],[180,50]],[[-180,50],[-179.972,50]]]}`})
	area := mustArea(t, Polygon{box(50, 179, 52, 180)}, Polygon{box(50, -180, 52, -179)})
	c, err := NewControl(area, r, ControlConfig{Tolerance: 100, MinLength: 10_000})
	if err != nil {
		t.Fatal(err)
	}
	var coasts []float64
	for _, part := range c.Parts {
		if part.Kind == Coast {
			coasts = append(coasts, float64(part.Length))
		}
	}
	near2km := float64(lengthOf([]Point{{50, -180}, {50, -179.972}})) + 100
	if len(coasts) != 2 || !near(coasts[1], near2km, 10) {
		t.Errorf("coasts of %.0f m, want a second one of %.0f m", coasts, near2km)
	}
}

func TestWhatHasNoEdge(t *testing.T) {
	half := func(from Degrees) Polygon { return Polygon{box(-90, from, 90, from+180)} }
	cap := Polygon{Ring{{80, -180}, {80, -60}, {80, 60}, {80, 180}, {90, 180}, {90, 60}, {90, -60}, {90, -180}, {80, -180}}}
	p := Point{89.9, 180}
	area := mustArea(t, cap)
	if got, want := area.BoundaryDistance(p), Distance(p, Point{80, 180}); !near(float64(got), float64(want), .01) {
		t.Errorf("the edge of the cap is %.0f m from near the pole, want %.0f", got, want)
	}
	if got := area.Probability(at(Point{90, 0}, 5000, 5000, 0), 0); !near(got, 1, 1e-9) {
		t.Errorf("at the pole the chance to be in the cap is %v, want 1", got)
	}
	if parts := mustControl(t, area, &Reference{}).Parts; len(parts) != 1 || len(parts[0].Line) != 4 {
		t.Errorf("the cap's edge is %+v, want its parallel alone", parts)
	}
	world := mustArea(t, Polygon{Ring{{-90, -180}, {-90, -60}, {-90, 60}, {-90, 180}, {90, 180}, {90, 60}, {90, -60}, {90, -180}, {-90, -180}}})
	if c := mustControl(t, world, &Reference{}); len(c.Parts) != 0 || c.Contact() != nil {
		t.Errorf("the world has an edge: %+v", c.Parts)
	}
	if got := world.BoundaryDistance(Point{5, 180}); !math.IsInf(float64(got), 1) {
		t.Errorf("the edge of the world is %v m away, want none", got)
	}
	if got := world.Probability(at(Point{5, 180}, 5000, 5000, 0), 50); !near(got, 1, 1e-9) {
		t.Errorf("the chance to be in the world is %v", got)
	}
	if got, want := mustArea(t, half(0)).BoundaryDistance(Point{5, 1}), Distance(Point{5, 0}, Point{5, 1}); !near(float64(got), float64(want), 50) {
		t.Errorf("the edge of half the world is %.0f m away, want %.0f", got, want)
	}
}
