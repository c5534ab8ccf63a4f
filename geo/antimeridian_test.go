package geo

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// anyPlace is a place, often on the antimeridian, at a pole or beside one.
func anyPlace() *rapid.Generator[Point] {
	lat := rapid.OneOf(rapid.SampledFrom([]float64{90, -90, 89.999, -89.99, 0, 80}), rapid.Float64Range(-90, 90))
	lon := rapid.OneOf(rapid.SampledFrom([]float64{180, -180, 179.9999, -179.99, 176, 0}), rapid.Float64Range(-180, 180))
	return rapid.Custom(func(t *rapid.T) Point {
		return Point{Degrees(lat.Draw(t, "lat")), Degrees(lon.Draw(t, "lon"))}
	})
}

// TestACircleHoldsWhatIsNear: wherever it lies, over the antimeridian and over a pole, it
// holds what is nearer than its radius, but for the 0.1 % that its corners leave out.
func TestACircleHoldsWhatIsNear(t *testing.T) {
	radii := rapid.OneOf(rapid.SampledFrom([]float64{1, 1000, 500_000, 5_000_000}), rapid.Float64Range(1, 9_000_000))
	rapid.Check(t, func(t *rapid.T) {
		at, r := anyPlace().Draw(t, "at"), Metres(radii.Draw(t, "radius"))
		a, err := Circle("c", at, r)
		if err != nil {
			t.Fatal(err)
		}
		azimuth := Degrees(rapid.Float64Range(-180, 180).Draw(t, "azimuth"))
		share := rapid.OneOf(rapid.Float64Range(0, 2), rapid.Float64Range(.99, 1.01)).Draw(t, "share")
		p, _ := Direct(at, azimuth, min(r*Metres(share), 19_000_000))
		d := Distance(at, p)
		// Longer than 10 degrees of longitude an edge is not, and so it bends away from the
		// circle by an eightieth of its length at most.
		slack := 0.004*r + 0.05
		if in := a.Contains(p); in != (d < r) && math.Abs(float64(d-r)) > float64(slack) {
			t.Fatalf("%v m from %v, radius %v: contained %v", d, at, r, in)
		}
	})
}

func TestCirclesThatAreRefused(t *testing.T) {
	for name, c := range map[string]struct {
		at Point
		r  Metres
	}{
		"nowhere": {Point{91, 0}, 5}, "of nothing": {Point{}, 0}, "beyond the hemisphere": {Point{}, MaxCircleRadius + 1}, "of no number": {Point{}, Metres(math.NaN())},
	} {
		if _, err := Circle("c", c.at, c.r); err == nil {
			t.Errorf("a circle %s is taken", name)
		}
	}
}

// east moves chains by degrees and cuts them at the antimeridian.
func east(parts [][]Point, by Degrees) (out [][]Point) {
	for _, part := range parts {
		moved := make([]Point, len(part))
		for i, p := range part {
			moved[i] = Point{p.Lat, p.Lon + by}
		}
		out = append(out, CutChain(moved)...)
	}
	return out
}

// sameChance is what a chance may differ by where a line has a vertex more and its edges are
// cut for chords at other places: a tenth of what the package promises.
const sameChance = 3e-4

// TestALineCutAtTheAntimeridianIsOneLine: wherever round the earth a line lies, distances,
// sides and chances beside it are the same.
func TestALineCutAtTheAntimeridianIsOneLine(t *testing.T) {
	lines := [][][]Point{
		{{{-48.1, -1}, {-48, 0}, {-48.05, .4}, {-47.9, 1.2}}},
		{{{80, -3}, {80.2, -1}, {79.9, 2}}},
		{{{38, -.5}, {38.2, .3}}, {{38.3, .5}, {38.25, 1}, {38.4, 1.5}}},
		{{{10, -.5}, {10.5, .5}, {11, -.5}, {11.5, .5}, {12, 0}, {12.5, 0}, {13, -1}}},
	}
	cut := 0
	rapid.Check(t, func(t *rapid.T) {
		parts := lines[rapid.IntRange(0, len(lines)-1).Draw(t, "line")]
		by := Degrees(rapid.SampledFrom([]float64{180, -180, 179.5, -179, 90, 181}).Draw(t, "by"))
		moved := east(parts, by)
		if len(moved) > len(parts) {
			cut++
		}
		plain, over := mustLines(t, parts), mustLines(t, moved)
		at := parts[0][1]
		p := Point{at.Lat + Degrees(rapid.Float64Range(-3, 3).Draw(t, "lat")), at.Lon + Degrees(rapid.Float64Range(-3, 3).Draw(t, "lon"))}
		q := wrapped(Point{p.Lat, p.Lon + by})
		f, g := plain.Nearest(p), over.Nearest(q)
		if math.Abs(float64(f.Distance-g.Distance)) > 1e-3 || f.Side != g.Side || !g.Point.Valid() {
			t.Fatalf("%v: %+v, by %v: %+v", p, f, by, g)
		}
		sigma := Metres(rapid.SampledFrom([]float64{0, 100, 5000}).Draw(t, "sigma"))
		left, _ := plain.Sides(Position{Point: p, Error: Isotropic(sigma)}, 20)
		if got, _ := over.Sides(Position{Point: q, Error: Isotropic(sigma)}, 20); math.Abs(left-got) > sameChance {
			t.Fatalf("%v ± %v: left %v, by %v: %v", p, sigma, left, by, got)
		}
		band := Band{Line: plain, Side: Left, From: 1000, To: 40_000}
		want := band.Probability(Position{Point: p, Error: Isotropic(sigma)}, 20)
		band.Line = over
		if got := band.Probability(Position{Point: q, Error: Isotropic(sigma)}, 20); math.Abs(want-got) > sameChance {
			t.Fatalf("%v ± %v: in the band %v, by %v: %v", p, sigma, want, by, got)
		}
		if math.Abs(float64(plain.Length()-over.Length())) > 1e-3 {
			t.Fatalf("%v m long, by %v: %v", plain.Length(), by, over.Length())
		}
	})
	if cut == 0 {
		t.Error("no line was cut")
	}
}

func mustLines(t *rapid.T, parts [][]Point) *Line {
	l, err := NewLine("l", parts...)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// TestRoutes: each leg takes the shorter way, whatever the points. At a pole there is none: all
// longitudes meet there, and legs along it have no length.
func TestRoutes(t *testing.T) {
	if parts := Route([]Point{{10, 179.9}, {11, -179.9}}); len(parts) != 2 || parts[0][1] != (Point{10.5, 180}) || parts[1][0] != (Point{10.5, -180}) {
		t.Errorf("over the antimeridian: %v", parts)
	}
	for _, west := range [][]Point{{{0, 180}, {0, 180}, {1, 1}}, {{1, 180}, {1, -180}, {1, 1}}, {{1, 1}, {0, 180}, {0, -180}}} {
		if parts := Route(west); len(parts) != 1 {
			t.Errorf("%v, which stays at the antimeridian, gives %v", west, parts)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		offPole := anyPlace().Filter(func(p Point) bool { return math.Abs(float64(onGrid(p).Lat)) < 90 })
		points := rapid.SliceOfN(offPole, 2, 6).Draw(t, "points")
		l, err := NewLine("r", Route(points)...)
		if err != nil {
			same := true
			for _, p := range points {
				same = same && onGrid(p).Lat == onGrid(points[0]).Lat && math.Mod(float64(onGrid(p).Lon-onGrid(points[0]).Lon), 360) == 0
			}
			if !same {
				t.Fatalf("%v: %v", points, err)
			}
			return
		}
		for _, p := range points {
			if d := l.DistanceTo(p); d > .1 {
				t.Fatalf("%v lies %v m from its own route", p, d)
			}
		}
		// A route that begins or ends where it also passes may be joined there in another order.
		edge := slices.ContainsFunc(points, func(p Point) bool { return math.Abs(float64(onGrid(p).Lon)) == 180 })
		if n := len(l.Chains()); n != 1 && !edge {
			t.Fatalf("a route of %d lines: %v", n, points)
		}
	})
}

// TestPastAnEndTheLastEdgeGoesOn: straight in longitude and latitude, as edges are, for
// points and for ellipses.
func TestPastAnEndTheLastEdgeGoesOn(t *testing.T) {
	l, err := NewLine("l", []Point{{37.9, 126.7}, {38.3, 127.5}, {38.3, 128.3}})
	if err != nil {
		t.Fatal(err)
	}
	// 130 km past the end the parallel lies 1 km from the way straight on.
	for _, row := range []struct {
		lat  Degrees
		side Side
	}{{38.301, Left}, {38.2995, Right}, {38.3, On}} {
		p := Point{row.lat, 129.8}
		if got := l.SideOf(p); got != row.side {
			t.Errorf("%v: %v, want %v", p, got, row.side)
		}
		left, _ := l.Sides(Position{Point: p, Error: Isotropic(5)}, 0)
		if want := map[Side]float64{Left: 1, Right: 0, On: .5}[row.side]; math.Abs(left-want) > .005 {
			t.Errorf("%v: left with %v, want %v", p, left, want)
		}
	}
}
