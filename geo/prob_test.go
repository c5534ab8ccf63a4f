package geo

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

// sampled draws points where a position may be, its reference's accuracy included, and
// gives the share that satisfies a question.
func sampled(n int, seed uint64, pos Position, accuracy Metres, question func(Point) bool) float64 {
	random := rand.New(rand.NewPCG(seed, 99))
	plane := NewPlane(pos.Point)
	e := pos.Error.Ellipse()
	azimuth := e.Strike
	if pos.Footprint != nil {
		azimuth = pos.Footprint.Azimuth
	}
	sin, cos := math.Sincos(float64(azimuth) * radiansPerDegree)
	yes := 0
	for range n {
		along, across := float64(e.Major)*random.NormFloat64(), float64(e.Minor)*random.NormFloat64()
		if f := pos.Footprint; f != nil {
			along, across = float64(f.Track)*(random.Float64()-.5), float64(f.Scan)*(random.Float64()-.5)
		}
		east := along*sin + across*cos + float64(accuracy)*random.NormFloat64()
		north := along*cos - across*sin + float64(accuracy)*random.NormFloat64()
		if question(plane.From(Metres(east), Metres(north))) {
			yes++
		}
	}
	return float64(yes) / float64(n)
}

// at is a position with an error ellipse.
func at(p Point, major, minor Metres, strike Degrees) Position {
	return Position{Point: p, Error: FromEllipse(Ellipse{major, minor, strike})}
}

// pixel is a position with a footprint.
func pixel(p Point, scan, track Metres, azimuth Degrees) Position {
	f := Footprint{scan, track, azimuth}
	return Position{Point: p, Error: f.Covariance(), Footprint: &f}
}

func TestProbabilityOfHalfAPlane(t *testing.T) {
	// North of the parallel of 48, cut wide: P = Phi(d/sigma) for any direction's sigma.
	a := mustArea(t, Polygon{Ring{{48, 30}, {48, 46}, {53, 46}, {53, 30}, {48, 30}}})
	for _, sigma := range []float64{5, 300, 4000} {
		for _, z := range []float64{-6, -3, -1.3, -.2, 0, 1e-9, .5, 1, 2.5, 5.4, 7} {
			p := NewFrame(Point{48, 38}).From(0, Metres(z*sigma))
			want := normalBelow(z)
			for _, row := range []struct {
				name     string
				pos      Position
				accuracy Metres
			}{
				{"round", at(p, Metres(sigma), Metres(sigma), 0), 0},
				{"along the line", at(p, Metres(min(9*sigma, 5000)), Metres(sigma), 90), 0},
				{"across the line", at(p, Metres(sigma), Metres(sigma/30), 0), 0},
				{"the line's own error", at(p, 0, 0, 0), Metres(sigma)},
				{"both", at(p, Metres(.6*sigma), Metres(.6*sigma), 0), Metres(.8 * sigma)},
			} {
				if got := a.Probability(row.pos, row.accuracy); !near(got, want, .003) {
					t.Errorf("sigma %v m, %s, %v sigma inside: %.5f, want %.5f", sigma, row.name, z, got, want)
				}
			}
		}
	}
}

func TestProbabilityOfFootprints(t *testing.T) {
	a := mustArea(t, Polygon{Ring{{48, 30}, {48, 46}, {53, 46}, {53, 30}, {48, 30}}})
	frame := NewFrame(Point{48, 38})
	for _, row := range []struct {
		name     string
		pos      Position
		accuracy Metres
		want     float64
	}{
		{"a quarter south of the line", pixel(frame.From(0, 100), 600, 400, 0), 0, .75},
		{"the same turned over", pixel(frame.From(0, 100), 600, 400, 180), 0, .75},
		{"lying across", pixel(frame.From(0, 100), 600, 400, 90), 0, 4. / 6},
		{"on its corner", pixel(frame.From(0, 0), 400, 400, 45), 0, .5},
		{"all of it", pixel(frame.From(0, 201), 600, 400, 0), 0, 1},
		{"none of it", pixel(frame.From(0, -201), 600, 400, 0), 0, 0},
		{"a stripe", pixel(frame.From(0, 100), 0, 400, 0), 0, .75},
		{"blurred a little", pixel(frame.From(0, 100), 600, 400, 0), 10, .75},
		{"blurred beyond its size", pixel(frame.From(0, 100), 1, 1, 0), 100, normalBelow(1)},
	} {
		if got := a.Probability(row.pos, row.accuracy); !near(got, row.want, .003) {
			t.Errorf("%s: %.5f, want %.5f", row.name, got, row.want)
		}
	}
}

func TestProbabilityAgainstAMillionSamples(t *testing.T) {
	star := starArea(t, 40, Point{48, 38}, .05, 4)
	for i, row := range []struct {
		name     string
		pos      Position
		accuracy Metres
	}{
		{"round, as large as the star", at(Point{48.01, 38.01}, 2000, 2000, 0), 0},
		{"long and thin", at(Point{48.01, 38.03}, 5000, 200, 60), 100},
		{"a large pixel", pixel(Point{48.02, 38.03}, 3000, 1000, 12), 0},
		{"a large pixel, blurred", pixel(Point{48.02, 38.03}, 3000, 1000, 12), 400},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			want := sampled(1e6, uint64(i), row.pos, row.accuracy, star.Contains)
			if got := star.Probability(row.pos, row.accuracy); !near(got, want, .005) {
				t.Errorf("%.5f, of a million samples %.5f", got, want)
			}
		})
	}
}

func TestProbabilityOfAnything(t *testing.T) {
	areas := []*Area{
		starArea(t, 5, Point{48, 38}, .1, 2), starArea(t, 60, Point{48, 38}, .1, 3), starArea(t, 9, Point{48, 38}, .5, 7),
		mustArea(t, Polygon{Ring{{48, 38}, {48.1, 38.1}, {48, 38.002}, {48, 38}}}, Polygon{Ring{{48, 37.9}, {48, 38}, {47.95, 37.95}, {48, 37.9}}}),
	}
	const n = 20_000 // samples: four of their sigmas are 0.014
	rapid.Check(t, func(t *rapid.T) {
		a := areas[rapid.IntRange(0, len(areas)-1).Draw(t, "area")]
		p := Point{48 + Degrees(rapid.Float64Range(-.15, .15).Draw(t, "lat")), 38 + Degrees(rapid.Float64Range(-.15, .15).Draw(t, "lon"))}
		accuracy := Metres(rapid.SampledFrom([]float64{0, 50, 1000}).Draw(t, "accuracy"))
		size := rapid.Float64Range(math.Log(20), math.Log(15e3))
		major, ratio := Metres(math.Exp(size.Draw(t, "size"))), Metres(rapid.Float64Range(.01, 1).Draw(t, "ratio"))
		azimuth := Degrees(rapid.Float64Range(0, 360).Draw(t, "azimuth"))
		pos := at(p, major, major*ratio, azimuth)
		if rapid.Bool().Draw(t, "footprint") {
			pos = pixel(p, major*ratio, major, azimuth)
		}
		got := a.Probability(pos, accuracy)
		want := sampled(n, 5, pos, accuracy, a.Contains)
		if !near(got, want, .005+4*math.Sqrt(max(want*(1-want), 1./n)/n)) {
			t.Fatalf("%.4f, of %d samples %.4f", got, n, want)
		}
	})
}

func TestProbabilitiesOfNeighboursAddUp(t *testing.T) {
	// Two areas with a common edge share what one area without it has.
	west := Ring{{47, 37}, {47, 38}, {48, 38.03}, {48, 37}, {47, 37}}
	east := Ring{{47, 38}, {47, 39}, {48, 39}, {48, 38.03}, {47, 38}}
	all := Ring{{47, 37}, {47, 38}, {47, 39}, {48, 39}, {48, 38.03}, {48, 37}, {47, 37}}
	a, b, c := mustArea(t, Polygon{west}), mustArea(t, Polygon{east}), mustArea(t, Polygon{all})
	rapid.Check(t, func(t *rapid.T) {
		p := Point{Degrees(rapid.Float64Range(47, 48).Draw(t, "lat")), 38 + Degrees(rapid.Float64Range(-.05, .08).Draw(t, "lon"))}
		pos := at(p, Metres(rapid.Float64Range(1, 5000).Draw(t, "sigma")), 1, Degrees(rapid.Float64Range(0, 180).Draw(t, "strike")))
		got, want := a.Probability(pos, 20)+b.Probability(pos, 20), c.Probability(pos, 20)
		if !near(got, want, .004) {
			t.Fatalf("%.5f in the two, %.5f in both", got, want)
		}
	})
}

func TestProbabilityWithoutSpread(t *testing.T) {
	a := starArea(t, 12, Point{48, 38}, .1, 1)
	in, out := Point{48.02, 37.99}, Point{48.2, 38}
	if got := a.Probability(Position{Point: in}, 0); got != 1 {
		t.Errorf("an exact point inside: %v", got)
	}
	if got := a.Probability(Position{Point: out}, 0); got != 0 {
		t.Errorf("an exact point outside: %v", got)
	}
	if got := mustArea(t).Probability(at(in, 100, 100, 0), 0); got != 0 {
		t.Errorf("an empty area: %v", got)
	}
	nan := math.NaN()
	for _, pos := range []Position{
		{Point: Point{Degrees(nan), 0}}, {Point: in, Error: Covariance{EE: nan}}, {Point: in, Error: Covariance{EE: -1, NN: 1}},
		{Point: in, Footprint: &Footprint{Scan: Metres(nan)}},
	} {
		if got := a.Probability(pos, 1); !math.IsNaN(got) {
			t.Errorf("%+v: %v, want NaN", pos, got)
		}
	}
}

func TestAxisIsADensity(t *testing.T) {
	for _, a := range []axis{{0, 3}, {5, 0}, {5, .1}, {5, 3}, {.1, 8}} {
		w := a.window()
		const n = 200_000
		sum := 0.
		for i := range n {
			x := -w + 2*w*(float64(i)+.5)/n
			sum += a.density(x) * 2 * w / n
			if i%5000 == 0 && !near(a.below(x), sum, 1e-4) {
				t.Errorf("%+v: %.6f below %.3f, summed %.6f", a, a.below(x), x, sum)
			}
		}
		if !near(sum, 1, 1e-4) {
			t.Errorf("%+v: the density sums to %.6f", a, sum)
		}
		var buffer [maxBreaks]float64
		breaks := a.breaks(&buffer)
		for i := 1; i < len(breaks); i++ {
			if breaks[i] <= breaks[i-1] {
				t.Errorf("%+v: breaks %v do not rise", a, breaks)
			}
		}
	}
}

func BenchmarkAreaProbability(b *testing.B) {
	a := starArea(b, 3000, Point{48, 38}, 1, 1)
	square := mustArea(b, Polygon{Ring{{48, 38}, {48, 38.1}, {48.1, 38.1}, {48.1, 38}, {48, 38}}})
	for _, row := range []struct {
		name string
		area *Area
		pos  Position
	}{
		{"far from a square's edge", square, at(Point{48.05, 38.05}, 100, 50, 20)},
		{"on a square's edge", square, at(Point{48.05, 38}, 300, 200, 20)},
		{"a pixel on a square's edge", square, pixel(Point{48.05, 38}, 600, 400, 20)},
		{"3000 vertices, edges near", a, at(Point{48.3, 38.5}, 500, 200, 20)},
	} {
		b.Run(row.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				row.area.Probability(row.pos, 100)
			}
		})
	}
}
