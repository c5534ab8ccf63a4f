package geo

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// evenly is sampled with places spread evenly (the sequence of Roberts 2018), which comes
// nearer with fewer: the accuracy is taken into the ellipse, and footprints have none.
func evenly(n int, pos Position, accuracy Metres, question func(Point) bool) float64 {
	s, _ := spreadOf(pos, accuracy)
	place := func(a axis, share float64) float64 {
		if a.half > 0 {
			return a.half * (2*share - 1)
		}
		return a.sigma * math.Sqrt2 * math.Erfinv(2*share-1)
	}
	const plastic = 1.3247179572447460
	yes, x, y := 0, .5, .5
	for range n {
		_, x = math.Modf(x + 1/plastic)
		_, y = math.Modf(y + 1/plastic/plastic)
		if question(s.point(place(s.u, x), place(s.v, y))) {
			yes++
		}
	}
	return float64(yes) / float64(n)
}

// partsAt says whether a line parts a circle.
func partsAt(l *Line, s *spread, radius float64) bool {
	_, ok := l.chains.parts(s, radius)
	return ok
}

// someBeside draws a position near a place, and how well a line there is known.
func someBeside(t *rapid.T, place Point) (Position, Metres) {
	p := Point{place.Lat + Degrees(rapid.Float64Range(-.1, .1).Draw(t, "lat")), place.Lon + Degrees(rapid.Float64Range(-.05, .05).Draw(t, "lon"))}
	major := Metres(math.Exp(rapid.Float64Range(math.Log(20), math.Log(8e3)).Draw(t, "size")))
	ratio, azimuth := Metres(rapid.Float64Range(.02, 1).Draw(t, "ratio")), Degrees(rapid.Float64Range(0, 360).Draw(t, "azimuth"))
	if rapid.Bool().Draw(t, "footprint") {
		return pixel(p, major*ratio, major, azimuth), 0
	}
	return at(p, major, major*ratio, azimuth), Metres(rapid.SampledFrom([]float64{0, 200}).Draw(t, "accuracy"))
}

func TestSidesWhereTheLineParts(t *testing.T) {
	l := mustLine(t, winding(1200, 2))
	short := 0
	rapid.Check(t, func(t *rapid.T) {
		pos, accuracy := someBeside(t, Point{46.89, 33.97})
		s, _ := spreadOf(pos, accuracy)
		foot := l.Nearest(pos.Point)
		d := float64(foot.Distance)
		on, parts := l.chains.parts(&s, d+2*s.reach)
		if d > s.reach || !parts {
			return
		}
		r := strip{Left, 0, math.Inf(1)}
		got, ok := r.sided(l.chains, &s, on, foot)
		if !ok {
			return
		}
		short++
		want := evenly(20_000, pos, accuracy, func(p Point) bool { return l.SideOf(p) == Left })
		if !near(got, want, .003) {
			t.Fatalf("%.5f on the left, of many places %.5f", got, want)
		}
	})
	if short < 20 {
		t.Errorf("the short way was taken %d times only", short)
	}
}

func TestSidesAgainstManyPlaces(t *testing.T) {
	l := mustLine(t, winding(1200, 2))
	for _, row := range []struct {
		pos      Position
		accuracy Metres
	}{
		{at(Point{46.89, 33.972}, 1500, 700, 30), 150},
		{at(Point{46.89, 33.975}, 4000, 60, 80), 0},
		{at(Point{46.89, 33.98}, 5000, 5000, 0), 200},
		{pixel(Point{46.905, 33.968}, 1600, 800, 10), 0},
	} {
		t.Run("", func(t *testing.T) {
			t.Parallel()
			if s, _ := spreadOf(row.pos, row.accuracy); !partsAt(l, &s, 3*s.reach) {
				t.Fatal("the line does not part the ground there")
			}
			want := evenly(300_000, row.pos, row.accuracy, func(p Point) bool { return l.SideOf(p) == Left })
			if got, _ := l.Sides(row.pos, row.accuracy); !near(got, want, 4e-4) {
				t.Errorf("%.5f on the left, of many places %.5f", got, want)
			}
		})
	}
}

func TestSidesOfALineThatPartsNothing(t *testing.T) {
	for name, l := range crooked(t) {
		s, _ := spreadOf(at(Point{46.3, 34.01}, 5000, 5000, 0), 0)
		if got, want := partsAt(l, &s, 20e3), name == "a front" || name == "a right turn"; got != want {
			t.Errorf("%s: parts the ground: %v, want %v", name, got, want)
		}
	}
	s, _ := spreadOf(at(Point{46.3, 34}, 100, 100, 0), 0)
	if loop := mustLine(t, []Point{{46, 34}, {46.31, 34}, {46.31, 34.01}, {46.3, 34.01}, {46.3, 33}}); partsAt(loop, &s, 5000) {
		t.Error("a line that crosses itself parts the ground")
	}
	if l := mustLine(t, []Point{{46, 34}, {47, 34}}); !partsAt(l, &s, 5000) || !partsAt(l, &s, 40e3) || partsAt(l, &s, 90e3) {
		t.Error("a straight line parts a circle in which it ends once, and none in which it does twice")
	}
}

func TestSidesBesideAnEnd(t *testing.T) {
	lines := []*Line{
		mustLine(t, winding(400, 2)), mustLine(t, turnedBack(winding(400, 2))), mustLine(t, []Point{{47, 33}, {46, 34}}),
		mustLine(t, []Point{{45.99, 34.02}, {46, 34}, {46.3, 34.3}}), mustLine(t, []Point{{46, 34}, {46, 34.02}, {46.01, 34.01}, {46.9, 34}}),
	}
	short := 0
	rapid.Check(t, func(t *rapid.T) {
		l := lines[rapid.IntRange(0, len(lines)-1).Draw(t, "line")]
		pos, accuracy := someBeside(t, Point{46, 34})
		s, _ := spreadOf(pos, accuracy)
		if on, ok := l.chains.parts(&s, float64(l.Nearest(pos.Point).Distance)+2*s.most()); !ok || !on.some() {
			return
		}
		short++
		want := evenly(20_000, pos, accuracy, func(p Point) bool { return l.SideOf(p) == Left })
		if got, _ := l.Sides(pos, accuracy); !near(got, want, .003) {
			t.Fatalf("%.5f on the left, of many places %.5f", got, want)
		}
	})
	if short < 10 {
		t.Errorf("the short way was taken %d times only", short)
	}
}

// turnedBack is a chain the other way round.
func turnedBack(part []Point) []Point {
	slices.Reverse(part)
	return part
}

func TestTangledEdges(t *testing.T) {
	for _, row := range []struct {
		name  string
		parts [][]Point
		want  string
	}{
		{"a bend", [][]Point{{{46, 34}, {46.1, 34}, {46.1, 34.1}}}, "--"},
		{"a cross", [][]Point{{{46, 34}, {46.2, 34}}, {{46.1, 33.9}, {46.1, 34.1}, {46.1, 34.2}}}, "xx-"},
		{"back over itself", [][]Point{{{46, 34}, {46.2, 34}, {46.1, 34}}}, "xx"},
		{"straight on", [][]Point{{{46, 34}, {46.2, 34}, {46.3, 34}}}, "--"},
		{"a ring", [][]Point{{{46, 34}, {46.2, 34}, {46.1, 34.3}, {46, 34}}}, "---"},
		{"touching", [][]Point{{{46, 34}, {46.2, 34}}, {{46.1, 34}, {46.1, 34.1}}}, "xx"},
		{"one after the other", [][]Point{{{46, 34}, {46.2, 34}}, {{46.2, 34}, {46.3, 34.1}}}, "xx"},
	} {
		got := ""
		for _, tangled := range mustLine(t, row.parts...).chains.tangled {
			if tangled {
				got += "x"
			} else {
				got += "-"
			}
		}
		if got != row.want {
			t.Errorf("%s: %s, want %s", row.name, got, row.want)
		}
	}
}

func TestSweptIsTheIntegral(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		draw := func(name string) float64 { return rapid.Float64Range(-4, 4).Draw(t, name) }
		size := math.Exp(rapid.Float64Range(-5, 0).Draw(t, "size"))
		au, av := draw("au"), draw("av")
		bu, bv := au+size*draw("du"), av+size*draw("dv")
		const n = 4000
		want := 0.
		for i := range n {
			x := (float64(i) + .5) / n
			want += (au*bv - av*bu) * faded(square(au+x*(bu-au))+square(av+x*(bv-av))) / n
		}
		if got := swept(au, av, bu, bv); !near(got, want, 2e-5*math.Hypot(bu-au, bv-av)) {
			t.Fatalf("%.8f, summed %.8f", got, want)
		}
	})
}
