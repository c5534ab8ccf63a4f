package geo

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

func mustArea(t testing.TB, polygons ...Polygon) *Area {
	t.Helper()
	a, err := NewArea("test", polygons)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// starArea is a polygon of n vertices around a centre, its radius varying from a seed, and
// a hole in its middle.
func starArea(t testing.TB, n int, center Point, degrees float64, seed uint64) *Area {
	t.Helper()
	random := rand.New(rand.NewPCG(seed, 3))
	ring := make(Ring, 0, n+1)
	for i := range n {
		sin, cos := math.Sincos(2 * math.Pi * float64(i) / float64(n))
		r := degrees * (.5 + .5*random.Float64())
		ring = append(ring, Point{center.Lat + Degrees(r*sin), center.Lon + Degrees(r*cos)})
	}
	small := Degrees(degrees / 10)
	hole := Ring{center, {center.Lat + small, center.Lon}, {center.Lat, center.Lon + small}, center}
	return mustArea(t, Polygon{append(ring, ring[0]), hole})
}

// containsSlowly counts crossings edge by edge.
func containsSlowly(a *Area, p Point) bool {
	odd := false
	for _, polygon := range a.Polygons() {
		for _, r := range polygon {
			for i := 1; i < len(r); i++ {
				crosses, on := eastOf(r[i-1], r[i], p)
				if on {
					return true
				}
				odd = odd != crosses
			}
		}
	}
	return odd
}

func TestContains(t *testing.T) {
	a := mustArea(t,
		Polygon{lattice(0, 0, 10e7, 0, 10e7, 10e7, 0, 10e7), lattice(2e7, 2e7, 2e7, 4e7, 4e7, 4e7, 4e7, 2e7)},
		Polygon{lattice(20e7, 0, 30e7, 0, 25e7, 5e7)})
	for _, row := range []struct {
		name string
		p    Point
		want bool
	}{
		{"inside", Point{5, 5}, true},
		{"outside", Point{5, 11}, false},
		{"level with a vertex, outside", Point{0, -1}, false},
		{"level with a vertex, between", Point{0, 15}, false},
		{"level with a hole's vertex", Point{2, 1}, true},
		{"in the hole", Point{3, 3}, false},
		{"on the hole's edge", Point{2, 3}, true},
		{"on an edge", Point{0, 5}, true},
		{"on a vertex", Point{10, 10}, true},
		{"on a slanting edge", Point{2.5, 22.5}, true},
		{"just off it", Point{2.5000001, 22.5}, false},
		{"in the other polygon", Point{1, 25}, true},
		{"at its tip", Point{5, 25}, true},
		{"over its tip", Point{5.0000001, 25}, false},
	} {
		if got := a.Contains(row.p); got != row.want {
			t.Errorf("%s: %v, want %v", row.name, got, row.want)
		}
	}
	if a.Bounds() != (Bounds{0, 0, 10, 30}) {
		t.Errorf("bounds %+v", a.Bounds())
	}
}

func TestContainsAtTheAntimeridianAndThePole(t *testing.T) {
	west := Polygon{Ring{{-10, 170}, {-10, 180}, {10, 180}, {10, 170}, {-10, 170}}}
	for _, p := range []Point{{0, 180}, {0, -180}, {0, 175}} {
		if !mustArea(t, west).Contains(p) {
			t.Errorf("%v is not in the polygon that ends at 180", p)
		}
	}
	if mustArea(t, west).Contains(Point{0, -179.9}) {
		t.Error("what lies beyond 180 is in the polygon")
	}
	cap := Polygon{Ring{{80, -180}, {80, -60}, {80, 60}, {80, 180}, {90, 180}, {90, 60}, {90, -60}, {90, -180}, {80, -180}}}
	for _, p := range []Point{{90, 0}, {89, 77}, {80, -180}, {85, 180}} {
		if !mustArea(t, cap).Contains(p) {
			t.Errorf("%v is not in the cap around the pole", p)
		}
	}
	if got := mustArea(t, cap).BoundaryDistance(Point{80.001, 77}); !near(float64(got), float64(Distance(Point{80, 77}, Point{80.001, 77})), .01) {
		t.Errorf("the edge of the cap lies %.3f m off", got)
	}
}

func TestContainsAgainstEveryEdge(t *testing.T) {
	a := starArea(t, 700, Point{48, 38}, 1, 4)
	inside := 0
	rapid.Check(t, func(t *rapid.T) {
		p := Point{Degrees(rapid.Float64Range(46.9, 49.1).Draw(t, "lat")), Degrees(rapid.Float64Range(36.9, 39.1).Draw(t, "lon"))}
		if rapid.Bool().Draw(t, "level with a vertex") {
			ring := a.Polygons()[0][0]
			p.Lat = ring[rapid.IntRange(0, len(ring)-1).Draw(t, "vertex")].Lat
		}
		got, want := a.Contains(p), containsSlowly(a, p)
		if got != want {
			t.Fatalf("%v: %v, edge by edge %v", p, got, want)
		}
		if got {
			inside++
		}
	})
	if inside == 0 {
		t.Error("no point was inside: the test says nothing")
	}
}

func TestInsideIsLeftOfTheBoundary(t *testing.T) {
	// Rings run with the inside on the left, so containment, found in degrees, and the
	// side of the nearest edge, found in metres, must agree.
	collection := load(t, "deepstate", "deepstatemap_data_20260412.geojson")
	a := mustArea(t, collection.Features[0].Geom.Polygons...)
	b := a.Bounds()
	random := rand.New(rand.NewPCG(12, 4))
	counts := map[bool]int{}
	for range 5000 {
		p := Point{b.South + Degrees(random.Float64())*(b.North-b.South), b.West + Degrees(random.Float64())*(b.East-b.West)}
		in := a.Contains(p)
		counts[in]++
		if side := a.chains.foot(p).Side; in != (side == Left) {
			t.Fatalf("%v inside: %v, but it is %v of the boundary, %.3f m off", p, in, side, a.BoundaryDistance(p))
		}
	}
	if counts[true] < 500 || counts[false] < 500 {
		t.Errorf("%v: the test says little", counts)
	}
	// README of the data: 116,461 km2 on a sphere, which may differ by 0.6 %.
	if got := float64(a.SquareMetres()) / 1e6; !near(got, 116_461, 0.006*116_461) {
		t.Errorf("%.0f km2, want about 116461", got)
	}
}

func TestDistanceToArea(t *testing.T) {
	a := mustArea(t, Polygon{lattice(0, 0, 10e7, 0, 10e7, 10e7, 0, 10e7)})
	if got := a.DistanceTo(Point{5, 5}); got != 0 {
		t.Errorf("inside: %v", got)
	}
	p, want := Point{5, 10.01}, Distance(Point{5, 10.01}, Point{5, 10})
	if got := a.DistanceTo(p); !near(float64(got), float64(want), .01) {
		t.Errorf("outside: %.3f, want %.3f", got, want)
	}
	if got := a.BoundaryDistance(Point{5, 9.99}); !near(float64(got), float64(want), .5) {
		t.Errorf("from inside: %.3f, want %.3f", got, want)
	}
	empty := mustArea(t)
	if !empty.Empty() || empty.Contains(Point{0, 0}) || !math.IsInf(float64(empty.DistanceTo(Point{})), 1) || empty.SquareMetres() != 0 {
		t.Error("an empty area holds something")
	}
}

func BenchmarkContains(b *testing.B) {
	a := starArea(b, 3000, Point{48, 38}, 1, 1)
	points := make([]Point, 1024)
	random := rand.New(rand.NewPCG(2, 2))
	for i := range points {
		points[i] = Point{Degrees(47 + 2*random.Float64()), Degrees(37 + 2*random.Float64())}
	}
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		a.Contains(points[i&1023])
		i++
	}
}
