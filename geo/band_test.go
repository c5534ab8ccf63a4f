package geo

import (
	"maps"
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestBandContains(t *testing.T) {
	l := mustLine(t, []Point{{48, 38}, {48.1, 38}, {48.2, 38}})
	frame := NewFrame(Point{48.1, 38})
	end := NewFrame(Point{48.2, 38})
	for _, row := range []struct {
		name string
		band Band
		p    Point
		want bool
	}{
		{"within, on its side", Band{l, Left, 0, 1000}, frame.From(-500, 0), true},
		{"within, on the other side", Band{l, Left, 0, 1000}, frame.From(500, 0), false},
		{"both sides", Band{l, On, 0, 1000}, frame.From(500, 0), true},
		{"too far", Band{l, Left, 0, 1000}, frame.From(-1001, 0), false},
		{"at its edge", Band{l, Left, 0, 1000}, frame.From(-999.9, 0), true},
		{"on the line", Band{l, Right, 0, 1000}, Point{48.15, 38}, true},
		{"nearer than the band", Band{l, Right, 300, 1000}, frame.From(200, 0), false},
		{"on the line, the band begins farther", Band{l, Right, 300, 1000}, Point{48.15, 38}, false},
		{"around the end", Band{l, Right, 0, 1000}, end.From(700, 700), true},
		{"around the end, in the corner", Band{l, Right, 0, 1000}, end.From(720, 720), false},
		{"no band", Band{l, Right, 5, 5}, end.From(5, 0), false},
	} {
		if got := row.band.Contains(row.p); got != row.want {
			t.Errorf("%s: %v, want %v", row.name, got, row.want)
		}
	}
}

func TestBandValidate(t *testing.T) {
	l := mustLine(t, []Point{{48, 38}, {48.1, 38}})
	nan := Metres(math.NaN())
	for _, row := range []struct {
		band Band
		want string
	}{
		{Band{l, Left, 0, 5}, ""},
		{Band{nil, Left, 0, 5}, "no line"},
		{Band{l, Side(7), 0, 5}, "side 7"},
		{Band{l, Left, -1, 5}, "from"},
		{Band{l, Left, 5, 5}, "from"},
		{Band{l, Left, nan, 5}, "from"},
		{Band{l, Left, 0, nan}, "from"},
	} {
		err := row.band.Validate()
		if (err == nil) != (row.want == "") || err != nil && !strings.Contains(err.Error(), row.want) {
			t.Errorf("%+v: %v, want %q", row.band, err, row.want)
		}
		if err != nil && (row.band.Contains(Point{48, 38}) || !math.IsNaN(row.band.Probability(Position{}, 0))) {
			t.Errorf("%+v is refused but answers", row.band)
		}
	}
}

func TestSidesOfAStraightLine(t *testing.T) {
	l := mustLine(t, []Point{{47, 38}, {49, 38}}) // a meridian, north: left is west
	for _, sigma := range []float64{3, 200, 5000} {
		for _, z := range []float64{-7, -2, -.7, 0, .1, 1.5, 6} {
			p := NewFrame(Point{48, 38}).From(Metres(-z*sigma), 0)
			for _, pos := range []Position{at(p, Metres(sigma), Metres(sigma), 0), at(p, Metres(3*sigma), Metres(sigma), 0), at(p, Metres(sigma), Metres(sigma/50), 90)} {
				left, right := l.Sides(pos, 0)
				if want := normalBelow(z); !near(left, want, .0006) || !near(left+right, 1, 1e-12) {
					t.Errorf("sigma %v, %v sigma to the left, %+v: %.5f left, want %.5f", sigma, z, pos.Error, left, want)
				}
			}
		}
	}
	if left, right := l.Sides(Position{Point: Point{48, 38}}, 0); left != .5 || right != .5 {
		t.Errorf("exactly on the line: %v, %v", left, right)
	}
	if left, _ := l.Sides(Position{Point: Point{48, 37.9}}, 0); left != 1 {
		t.Errorf("exactly to the left: %v", left)
	}
	if left, right := l.Sides(Position{Point: Point{48, Degrees(math.NaN())}}, 0); !math.IsNaN(left) || !math.IsNaN(right) {
		t.Errorf("nowhere: %v, %v", left, right)
	}
}

func TestBandProbabilityKnown(t *testing.T) {
	l := mustLine(t, []Point{{46, 38}, {50, 38}})
	frame := NewFrame(Point{48, 38})
	round := func(east, sigma Metres) Position { return at(frame.From(east, 0), sigma, sigma, 0) }
	between := func(lo, hi, mean, sigma float64) float64 {
		return normalBelow((hi-mean)/sigma) - normalBelow((lo-mean)/sigma)
	}
	for _, row := range []struct {
		name     string
		band     Band
		pos      Position
		accuracy Metres
		want     float64
	}{
		{"middle of a wide band", Band{l, Right, 0, 15000}, round(7000, 400), 0, 1},
		{"far beyond it", Band{l, Right, 0, 15000}, round(18000, 400), 0, 0},
		{"on the wrong side of it", Band{l, Left, 0, 15000}, round(7000, 400), 0, 0},
		{"at its outer edge", Band{l, Right, 0, 15000}, round(15200, 400), 0, normalBelow(-.5)},
		{"its line known to 300 m", Band{l, Right, 0, 15000}, round(15250, 400), 300, normalBelow(-.5)},
		{"between two distances", Band{l, Right, 1000, 2000}, round(1300, 500), 0, between(1000, 2000, 1300, 500)},
		{"both sides of the line", Band{l, On, 0, 800}, round(300, 500), 0, between(-800, 800, 300, 500)},
		{"both sides, not too near", Band{l, On, 200, 800}, round(300, 500), 0, between(-800, -200, 300, 500) + between(200, 800, 300, 500)},
		{"one side, around the line", Band{l, Left, 0, 800}, round(300, 500), 0, between(-800, 0, 300, 500)},
		{"a pixel on the outer edge", Band{l, Right, 0, 15000}, pixel(frame.From(15100, 0), 600, 400, 0), 0, 2. / 6},
		{"a narrow band under a wide error", Band{l, Right, 100, 110}, round(0, 2000), 0, between(100, 110, 0, 2000)},
	} {
		if got := row.band.Probability(row.pos, row.accuracy); !near(got, row.want, .0007) {
			t.Errorf("%s: %.5f, want %.5f", row.name, got, row.want)
		}
	}
}

// crooked are lines that make sides difficult.
func crooked(t testing.TB) map[string]*Line {
	return map[string]*Line{
		"a front":             mustLine(t, winding(400, 2)),
		"a right turn":        mustLine(t, []Point{{46.2, 34}, {46.3, 34}, {46.3, 34.3}}),
		"a short stretch":     mustLine(t, []Point{{46.29, 34}, {46.3, 34.01}}),
		"two parts unlike":    mustLine(t, []Point{{46.2, 34}, {46.4, 34}}, []Point{{46.2, 34.1}, {46.4, 34.1}}),
		"a spiral":            mustLine(t, []Point{{46.2, 33.9}, {46.2, 34.2}, {46.4, 34.2}, {46.4, 34}, {46.25, 34}, {46.25, 34.1}, {46.35, 34.1}}),
		"a ring":              mustLine(t, []Point{{46.25, 33.95}, {46.25, 34.1}, {46.35, 34.1}, {46.35, 33.95}, {46.25, 33.95}}),
		"a hairpin":           mustLine(t, []Point{{46.2, 34}, {46.32, 34.01}, {46.2, 34.02}}),
		"two ends that face":  mustLine(t, []Point{{46.2, 34}, {46.29, 34}}, []Point{{46.31, 34.01}, {46.4, 34}}),
		"a gap and a reverse": mustLine(t, []Point{{46.2, 34}, {46.28, 34}}, []Point{{46.4, 34}, {46.32, 34}}),
	}
}

func TestBandsAndSidesOfAnything(t *testing.T) {
	lines := crooked(t)
	names := slices.Sorted(maps.Keys(lines))
	const n = 10_000 // samples: four of their sigmas are 0.02
	rapid.Check(t, func(t *rapid.T) {
		l := lines[rapid.SampledFrom(names).Draw(t, "line")]
		p := Point{46.3 + Degrees(rapid.Float64Range(-.1, .1).Draw(t, "lat")), 34 + Degrees(rapid.Float64Range(-.1, .15).Draw(t, "lon"))}
		accuracy := Metres(rapid.SampledFrom([]float64{0, 200}).Draw(t, "accuracy"))
		major := Metres(math.Exp(rapid.Float64Range(math.Log(20), math.Log(8e3)).Draw(t, "size")))
		ratio, azimuth := Metres(rapid.Float64Range(.02, 1).Draw(t, "ratio")), Degrees(rapid.Float64Range(0, 360).Draw(t, "azimuth"))
		pos := at(p, major, major*ratio, azimuth)
		if rapid.Bool().Draw(t, "footprint") {
			pos = pixel(p, major*ratio, major, azimuth)
		}
		tolerance := func(p float64) float64 { return .005 + 4*math.Sqrt(max(p*(1-p), 1./n)/n) }
		left, _ := l.Sides(pos, accuracy)
		if want := sampled(n, 5, pos, accuracy, func(p Point) bool { return l.SideOf(p) == Left }); !near(left, want, tolerance(want)) {
			t.Fatalf("left %.4f, of %d samples %.4f", left, n, want)
		}
		from := Metres(rapid.SampledFrom([]float64{0, 500}).Draw(t, "from"))
		band := Band{l, rapid.SampledFrom([]Side{On, Left, Right}).Draw(t, "side"), from, from + Metres(rapid.Float64Range(50, 6000).Draw(t, "width"))}
		got := band.Probability(pos, accuracy)
		if want := sampled(n, 6, pos, accuracy, band.Contains); !near(got, want, tolerance(want)) {
			t.Fatalf("in the band %.4f, of %d samples %.4f", got, n, want)
		}
	})
}

func TestBandAgainstAMillionSamples(t *testing.T) {
	l := mustLine(t, winding(400, 2))
	band := Band{l, Left, 0, 3000}
	for i, pos := range []Position{
		at(Point{46.3, 34}, 1500, 700, 30), pixel(Point{46.31, 33.97}, 1600, 800, 10),
	} {
		t.Run("", func(t *testing.T) {
			t.Parallel()
			want := sampled(1e6, uint64(i), pos, 150, band.Contains)
			if got := band.Probability(pos, 150); !near(got, want, .005) {
				t.Errorf("in the band %.5f, of a million samples %.5f", got, want)
			}
		})
	}
}

func TestPositivePartOfATriangle(t *testing.T) {
	for _, row := range []struct{ a, b, c, want float64 }{
		{1, 1, 1, 1}, {-1, -1, -1, 0}, {0, 0, 0, 1}, {1, -1, -1, .25}, {-1, 1, 1, .75}, {-1, 0, 1, .5}, {1, 0, -1, .5}, {-3, 1, -3, 1. / 16},
	} {
		if got := positive(row.a, row.b, row.c); !near(got, row.want, 1e-12) {
			t.Errorf("%v: %.4f, want %.4f", row, got, row.want)
		}
	}
}

func BenchmarkBandProbability(b *testing.B) {
	band := Band{mustLine(b, winding(3000, 1)), Left, 0, 25000}
	for _, row := range []struct {
		name string
		pos  Position
	}{
		{"well inside", at(Point{47.5, 33.95}, 400, 200, 20)},
		{"far outside", at(Point{47.5, 36}, 400, 200, 20)},
		{"on the line", at(Point{47.5, 34.035}, 400, 200, 20)},
		{"a pixel on the outer edge", pixel(Point{47.5, 33.7}, 600, 400, 20)},
		{"a town on the line", at(Point{47.5, 34.035}, 3000, 3000, 20)},
	} {
		b.Run(row.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				band.Probability(row.pos, 200)
			}
		})
	}
}
