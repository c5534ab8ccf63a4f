package geo

import (
	"errors"
	"math"
	"testing"

	"pgregory.net/rapid"
)

func TestRingAreaKnown(t *testing.T) {
	// The whole ellipsoid is 510,065,621.724 km2 (WGS84), the box one quarter of a zone.
	octant := Ring{{0, 0}, {0, 90}, {90, 90}, {90, 0}, {0, 0}}
	if got := float64(octant.SquareMetres()); !near(got, 510065621724089/8., 1e6) {
		t.Errorf("an octant has %.0f m2, want %.0f", got, 510065621724089/8.)
	}
	if got := float64(octant.reversed().SquareMetres()); got >= 0 {
		t.Errorf("run clockwise the area is %.0f, want negative", got)
	}
	if got := (Ring{}).SquareMetres(); got != 0 {
		t.Errorf("no ring has %v m2", got)
	}
}

func TestRingAreaAgainstGeodesics(t *testing.T) {
	// Cut into short edges, a ring straight in longitude and latitude is a geodesic one.
	rapid.Check(t, func(t *rapid.T) {
		south := rapid.Float64Range(-80, 70).Draw(t, "south")
		west := rapid.Float64Range(-170, 160).Draw(t, "west")
		size := rapid.Float64Range(.01, 8).Draw(t, "size")
		lean := rapid.Float64Range(-1, 1).Draw(t, "lean")
		at := func(x, y float64) Point { return Point{Degrees(south + size*y), Degrees(west + size*(x+lean*y/2))} }
		ring := Ring{at(0, 0), at(1, 0), at(1, 1), at(.3, .8), at(0, 1), at(0, 0)}
		var dense []Point
		for i := 1; i < len(ring); i++ {
			for k := range 200 {
				f := Degrees(float64(k) / 200)
				dense = append(dense, Point{ring[i-1].Lat + f*(ring[i].Lat-ring[i-1].Lat), ring[i-1].Lon + f*(ring[i].Lon-ring[i-1].Lon)})
			}
		}
		dense = append(dense, ring[0])
		got, want := float64(ring.SquareMetres()), float64(RingArea(dense))
		if !near(got, want, 1e-5*want) || want <= 0 {
			t.Fatalf("%.3f m2, by geodesics %.3f", got, want)
		}
	})
}

func TestPolygonAreaLeavesHolesOut(t *testing.T) {
	outer, hole := lattice(0, 0, 4e7, 0, 4e7, 4e7, 0, 4e7), lattice(1e7, 1e7, 1e7, 2e7, 2e7, 2e7, 2e7, 1e7)
	want := outer.SquareMetres() - hole.reversed().SquareMetres()
	if got := (Polygon{outer, hole}).SquareMetres(); !near(float64(got), float64(want), 1) {
		t.Errorf("%.0f m2, want %.0f", got, want)
	}
	if got := (Polygon{outer, hole}).Bounds(); got != (Bounds{0, 0, 4, 4}) {
		t.Errorf("bounds %+v", got)
	}
}

func TestBounds(t *testing.T) {
	b := Bounds{1, 2, 3, 4}
	if !b.Contains(Point{1, 2}) || !b.Contains(Point{3, 4}) || b.Contains(Point{3.1, 3}) || b.Contains(Point{2, 4.1}) {
		t.Error("the edges belong to the box, what is beyond does not")
	}
	if !emptyBounds.Empty() || b.Empty() || !(Bounds{South: Degrees(math.NaN())}).Empty() {
		t.Error("only a box that holds nothing is empty")
	}
	if got := emptyBounds.Union(b).Including(Point{0, 9}); got != (Bounds{0, 2, 3, 9}) {
		t.Errorf("grown to %+v", got)
	}
}

func TestTidyRing(t *testing.T) {
	nan := Degrees(math.NaN())
	for _, row := range []struct {
		name   string
		ring   Ring
		vertex int // that the refusal names, -1 for the ring, -2 for accepted
	}{
		{"closed", Ring{{0, 0}, {0, 1}, {1, 1}, {0, 0}}, -2},
		{"open", Ring{{0, 0}, {0, 1}, {1, 1}, {1, 0}}, 3},
		{"three positions", Ring{{0, 0}, {0, 1}, {0, 0}}, -1},
		{"none", Ring{}, -1},
		{"not a number", Ring{{0, 0}, {nan, 1}, {1, 1}, {0, 0}}, 1},
		{"infinite", Ring{{0, 0}, {0, 1}, {1, Degrees(math.Inf(1))}, {0, 0}}, 2},
		{"latitude first by mistake", Ring{{0, 0}, {120, 40}, {1, 1}, {0, 0}}, 1},
		{"over the antimeridian uncut", Ring{{0, 170}, {0, -170}, {1, -170}, {0, 170}}, 1},
		{"half the world at once", Ring{{0, -90}, {0, 90}, {1, 90}, {0, -90}}, -2},
		{"repeats are left out", Ring{{0, 0}, {0, 1}, {0, 1.00000001}, {1, 1}, {0, 0}}, -2},
		{"nothing but repeats", Ring{{0, 0}, {0, 1e-9}, {1e-9, 0}, {0, 1}, {0, 0}}, -1},
	} {
		got, err := tidyRing("x", 0, row.ring)
		var invalid *InvalidError
		switch {
		case row.vertex == -2 && err != nil:
			t.Errorf("%s: refused: %v", row.name, err)
		case row.vertex == -2 && len(got) != 4:
			t.Errorf("%s: %v", row.name, got)
		case row.vertex > -2 && (!errors.As(err, &invalid) || invalid.Vertex != row.vertex || invalid.Feature != "x"):
			t.Errorf("%s: got %v, want a refusal at vertex %d", row.name, err, row.vertex)
		}
	}
}

func TestGridKeepsWhatItWrites(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := somewhere(t, "p")
		q := onGrid(p)
		if onGrid(q) != q || gridOf(q).point() != q {
			t.Fatalf("%v moves again", q)
		}
		if d := Distance(p, q); d > .008 {
			t.Fatalf("%v moved %.4f m onto the grid", p, d)
		}
	})
	if got := onGrid(Point{-1e-12, 0}); math.Signbit(float64(got.Lat)) {
		t.Error("minus zero is left on the grid")
	}
}
