package geo

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// lattice makes a closed ring of grid steps of 1e-7 degrees.
func lattice(xy ...int) Ring {
	var r Ring
	for i := 0; i < len(xy); i += 2 {
		r = append(r, grid{int64(xy[i]), int64(xy[i+1])}.point())
	}
	return append(r, r[0])
}

func TestRingsThatMustNotPass(t *testing.T) {
	square := lattice(0, 0, 10, 0, 10, 10, 0, 10)
	for _, row := range []struct {
		name     string
		polygons []Polygon
		wants    string // "" for accepted
	}{
		{"a square", []Polygon{{square}}, ""},
		{"a bow tie", []Polygon{{lattice(0, 0, 10, 10, 10, 0, 0, 10)}}, "cross"},
		{"a spike out", []Polygon{{lattice(0, 0, 10, 0, 10, 5, 20, 5, 10, 5, 10, 10, 0, 10)}}, "run"},
		{"a spike in", []Polygon{{lattice(0, 0, 10, 0, 10, 5, 4, 5, 10, 5, 10, 10, 0, 10)}}, "run"},
		{"a ring back on itself", []Polygon{{lattice(0, 0, 10, 0, 20, 0, 10, 0)}}, "run"},
		{"a bow tie through a common vertex", []Polygon{{lattice(0, 0, 5, 5, 10, 10, 10, 0, 5, 5, 0, 10)}}, "cross"},
		{"two lobes that touch in a vertex", []Polygon{{lattice(0, 0, 5, 5, 10, 0, 10, 10, 5, 5, 0, 10)}}, ""},
		{"a bay whose mouth closes in a point", []Polygon{{lattice(0, 0, 10, 0, 10, 10, 5, 10, 7, 5, 3, 5, 5, 10, 0, 10)}}, ""},
		{"a vertex touching an edge from within", []Polygon{{lattice(0, 0, 10, 0, 10, 10, 5, 0, 0, 10)}}, ""},
		{"a vertex just over an edge", []Polygon{{lattice(0, 0, 10, 0, 10, 10, 5, -1, 0, 10)}}, "cross"},
		{"a hole", []Polygon{{square, lattice(2, 2, 2, 4, 4, 4, 4, 2)}}, ""},
		{"a hole that touches in a point", []Polygon{{square, lattice(0, 5, 4, 6, 4, 4)}}, ""},
		{"a hole along an edge", []Polygon{{square, lattice(0, 3, 0, 6, 4, 5)}}, "run"},
		{"a hole across an edge", []Polygon{{square, lattice(-1, 3, -1, 6, 4, 5)}}, "cross"},
		{"a hole outside", []Polygon{{square, lattice(12, 2, 12, 4, 14, 4, 14, 2)}}, "hole"},
		{"a hole in a hole", []Polygon{{square, lattice(1, 1, 1, 8, 8, 8, 8, 1), lattice(2, 2, 2, 4, 4, 4, 4, 2)}}, "hole"},
		{"an island in a lake", []Polygon{{square, lattice(1, 1, 1, 8, 8, 8, 8, 1)}, {lattice(2, 2, 2, 4, 4, 4, 4, 2)}}, ""},
		{"an island given before its lake, touching it", []Polygon{{lattice(1, 1, 4, 2, 4, 4)}, {square, lattice(1, 1, 1, 8, 8, 8, 8, 1)}}, ""},
		{"a polygon inside another", []Polygon{{square}, {lattice(2, 2, 2, 4, 4, 4, 4, 2)}}, "inside ring"},
		{"the same polygon twice", []Polygon{{square}, {square}}, "cross"},
		{"two polygons that overlap", []Polygon{{square}, {lattice(5, 5, 15, 5, 15, 15, 5, 15)}}, "cross"},
		{"two polygons that share an edge", []Polygon{{square}, {lattice(10, 0, 20, 0, 20, 10, 10, 10)}}, "run"},
		{"two polygons that share part of an edge", []Polygon{{square}, {lattice(10, 2, 20, 2, 20, 20, 10, 20)}}, "run"},
		{"two polygons that touch in a corner", []Polygon{{square}, {lattice(10, 10, 20, 10, 20, 20, 10, 20)}}, ""},
		{"two that touch, corner on edge", []Polygon{{square}, {lattice(10, 5, 20, 0, 20, 10)}}, ""},
		{"a ring beside itself over a vertex", []Polygon{{lattice(0, 0, 4, 0, 8, 4, 4, 8, 0, 8)}, {lattice(8, 4, 12, 0, 12, 8)}}, ""},
	} {
		_, err := tidyPolygons("x", row.polygons)
		if row.wants == "" {
			if err != nil {
				t.Errorf("%s: refused: %v", row.name, err)
			}
			continue
		}
		var invalid *InvalidError
		if !errors.As(err, &invalid) || !strings.Contains(err.Error(), row.wants) || invalid.Ring < 0 {
			t.Errorf("%s: got %v, want a refusal that names the ring and says %q", row.name, err, row.wants)
		}
	}
}

// crossesSlowly decides by every pair of edges and, at points where curves meet, by the
// order of their branches around the point, with nothing of the sweep in it.
func crossesSlowly(rings []Ring) bool {
	type side struct {
		ring, at int
		edge     bool
	}
	edge := func(r, i int) (grid, grid) { return gridOf(rings[r][i]), gridOf(rings[r][i+1]) }
	n := func(r int) int { return len(rings[r]) - 1 }
	branches := func(s side, p grid) [2]float64 {
		angle := func(q grid) float64 { return math.Atan2(float64(q.y-p.y), float64(q.x-p.x)) }
		if s.edge {
			a, b := edge(s.ring, s.at)
			return [2]float64{angle(a), angle(b)}
		}
		return [2]float64{angle(gridOf(rings[s.ring][(s.at+n(s.ring)-1)%n(s.ring)])), angle(gridOf(rings[s.ring][s.at+1]))}
	}
	meet := func(p grid, s, u side) bool { // whether they cross at p
		a, b := branches(s, p), branches(u, p)
		lo, hi := min(a[0], a[1]), max(a[0], a[1])
		in := 0
		for _, x := range b {
			if math.Abs(x-lo) < 1e-9 || math.Abs(x-hi) < 1e-9 || math.Abs(math.Abs(x-lo)-2*math.Pi) < 1e-9 || math.Abs(math.Abs(x-hi)-2*math.Pi) < 1e-9 {
				return true // along each other
			}
			if x > lo && x < hi {
				in++
			}
		}
		return in == 1
	}
	within := func(p, a, b grid) bool {
		return p != a && p != b && turn(a, b, p) == 0 && (p.x-a.x)*(p.x-b.x) <= 0 && (p.y-a.y)*(p.y-b.y) <= 0
	}
	for r := range rings {
		for i := range n(r) {
			a, b := edge(r, i)
			// A spike: the ring turns straight back.
			c := gridOf(rings[r][(i+n(r)-1)%n(r)])
			if turn(c, a, b) == 0 && float64(c.x-a.x)*float64(b.x-a.x)+float64(c.y-a.y)*float64(b.y-a.y) > 0 {
				return true
			}
			for q := range rings {
				for j := range n(q) {
					if q == r && i == j {
						continue
					}
					c, d := edge(q, j)
					if turn(a, b, c)*turn(a, b, d) < 0 && turn(c, d, a)*turn(c, d, b) < 0 {
						return true
					}
					if c == a && meet(a, side{r, i, false}, side{q, j, false}) {
						return true
					}
					if within(c, a, b) && meet(c, side{r, i, true}, side{q, j, false}) {
						return true
					}
				}
			}
		}
	}
	return false
}

func TestSweepAgainstEveryPairOfEdges(t *testing.T) {
	crossed, clean := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		var rings []Ring
		var polygons []Polygon
		for range rapid.IntRange(1, 2).Draw(t, "rings") {
			var xy []int
			for range rapid.IntRange(3, 7).Draw(t, "vertices") {
				xy = append(xy, rapid.IntRange(0, 6).Draw(t, "x"), rapid.IntRange(0, 6).Draw(t, "y"))
			}
			ring, err := tidyRing("x", 0, lattice(xy...))
			if err != nil {
				return
			}
			rings = append(rings, ring)
			polygons = append(polygons, Polygon{ring.wound(true)})
		}
		_, err := tidyPolygons("x", polygons)
		refused := err != nil && !strings.Contains(err.Error(), "inside ring")
		want := crossesSlowly(rings)
		if refused != want {
			t.Fatalf("sweep says crossing: %v (%v), every pair of edges says %v:\n%v", refused, err, want, rings)
		}
		if want {
			crossed++
		} else {
			clean++
		}
	})
	if crossed == 0 || clean == 0 {
		t.Errorf("%d crossed, %d clean: the test says nothing", crossed, clean)
	}
}

// teeth is a comb of n vertices whose edges all overlap in every box.
func teeth(n int) Ring {
	var r Ring
	step := 300 / float64(n)
	for i := range n - 3 {
		lat := 80.0
		if i%2 == 1 {
			lat = -70
		}
		r = append(r, Point{Degrees(lat + float64(i)*1e-5), Degrees(-150 + float64(i)*step)})
	}
	return append(r, Point{85, 151}, Point{85, 0}, Point{85, -151}, r[0])
}

func TestHundredThousandTeeth(t *testing.T) {
	ring := teeth(MaxFeatureVertices - 1)
	if _, err := tidyPolygons("comb", []Polygon{{ring}}); err != nil {
		t.Fatalf("a comb that does not cross is refused: %v", err)
	}
	crossed := slices.Clone(ring)
	crossed[60_000].Lon += .015 // five teeth on
	_, err := tidyPolygons("comb", []Polygon{{crossed}})
	var invalid *InvalidError
	if !errors.As(err, &invalid) || invalid.Feature != "comb" || invalid.Vertex < 59_990 || invalid.Vertex > 60_010 {
		t.Errorf("got %v, want the crossing near vertex 60000 of comb", err)
	}
}

func TestManyNestedRings(t *testing.T) {
	// Squares in squares: polygon, hole, island in it, hole, ... 2,000 deep, and the same
	// with one hole given to the wrong polygon.
	var polygons []Polygon
	const deep = 2000
	for i := 0; i < deep; i += 2 {
		square := func(i int) Ring { return lattice(i, i, 3*deep-i, i, 3*deep-i, 3*deep-i, i, 3*deep-i) }
		polygons = append(polygons, Polygon{square(i), square(i + 1)})
	}
	slices.Reverse(polygons)
	if _, err := tidyPolygons("x", polygons); err != nil {
		t.Fatalf("nested squares refused: %v", err)
	}
	polygons[7][1], polygons[300][1] = polygons[300][1], polygons[7][1]
	if _, err := tidyPolygons("x", polygons); err == nil || !strings.Contains(err.Error(), "hole") {
		t.Errorf("a hole of the wrong polygon: %v", err)
	}
}

func BenchmarkCheckSimple(b *testing.B) {
	for _, row := range []struct {
		name string
		n    int
	}{{"3k", 3000}, {"100k", MaxFeatureVertices - 1}} {
		b.Run(row.name, func(b *testing.B) {
			b.ReportAllocs()
			polygons, err := tidyPolygons("comb", []Polygon{{teeth(row.n)}})
			if err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				if err := checkSimple("comb", polygons, nil); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
