package geo

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

func mustLine(t testing.TB, parts ...[]Point) *Line {
	t.Helper()
	l, err := NewLine("test", parts...)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// slowDistance is the distance to a line by trying many points of it and then more around
// the best, with the geodesic alone.
func slowDistance(parts [][]Point, p Point) Metres {
	best := Metres(math.Inf(1))
	for _, part := range parts {
		for i := 1; i < len(part); i++ {
			a, b := part[i-1], part[i]
			at := func(t float64) Metres {
				return Distance(p, Point{a.Lat + Degrees(t)*(b.Lat-a.Lat), a.Lon + Degrees(t)*(b.Lon-a.Lon)})
			}
			lo, hi := 0., 1.
			for range 12 {
				const n = 12
				least, where := Metres(math.Inf(1)), lo
				for k := range n + 1 {
					t := lo + (hi-lo)*float64(k)/n
					if d := at(t); d < least {
						least, where = d, t
					}
				}
				best = min(best, least)
				width := (hi - lo) / n
				lo, hi = max(0, where-width), min(1, where+width)
			}
		}
	}
	return best
}

func TestNearestAgainstTheGeodesicAlone(t *testing.T) {
	for _, row := range []struct {
		name        string
		edge, reach float64 // degrees
		low, high   float64 // latitudes
		tolerance   Metres
	}{
		{"edges of a kilometre, near", .01, .05, -70, 70, .02},
		{"edges of 50 km", .5, 1, -70, 70, .1},
		{"edges of 500 km, far away", 5, 10, -70, 70, .1},
		{"near the pole", 3, 5, 80, 90, .1},
		{"around the world", 80, 90, -80, 80, .1},
	} {
		rapid.Check(t, func(t *rapid.T) {
			p := Point{Degrees(rapid.Float64Range(row.low, row.high).Draw(t, "lat")), Degrees(rapid.Float64Range(-150, 150).Draw(t, "lon"))}
			offset := rapid.Float64Range(-1, 1)
			next := onGrid(Point{p.Lat + Degrees(row.reach*offset.Draw(t, "y")), p.Lon + Degrees(row.reach*offset.Draw(t, "x"))})
			if !next.Valid() {
				return
			}
			part := []Point{next}
			for range rapid.IntRange(1, 5).Draw(t, "edges") {
				next = onGrid(Point{next.Lat + Degrees(row.edge*offset.Draw(t, "y")), next.Lon + Degrees(row.edge*offset.Draw(t, "x"))})
				if next.Valid() && next != part[len(part)-1] {
					part = append(part, next)
				}
			}
			if len(part) < 2 {
				return
			}
			l, err := NewLine("test", part)
			if err != nil {
				t.Fatal(err)
			}
			got, want := l.Nearest(p), slowDistance(l.Parts(), p)
			if math.Abs(float64(got.Distance-want)) > float64(row.tolerance) {
				t.Fatalf("%s: %.4f m, by many geodesics %.4f m", row.name, got.Distance, want)
			}
			if d := Distance(p, got.Point); d != got.Distance {
				t.Fatalf("the foot lies %.4f m off, the distance says %.4f", d, got.Distance)
			}
			on := l.Nearest(got.Point)
			if on.Distance > .02 || on.Distance < onLine && on.Side != On {
				t.Fatalf("the foot itself lies %.6f m off, %v", on.Distance, on.Side)
			}
		})
	}
}

func TestSides(t *testing.T) {
	north := []Point{{48, 38}, {48.1, 38}}
	corner := []Point{{48, 38}, {48.1, 38}, {48.1, 38.2}} // north, then east: a right turn
	hairpin := []Point{{48, 38}, {48.1, 38}, {48, 38.001}}
	for _, row := range []struct {
		name  string
		parts [][]Point
		p     Point
		want  Side
		seg   int
	}{
		{"west of a line to the north", [][]Point{north}, Point{48.05, 37.9}, Left, 0},
		{"east of it", [][]Point{north}, Point{48.05, 38.1}, Right, 0},
		{"on it", [][]Point{north}, Point{48.05, 38}, On, 0},
		{"on its end", [][]Point{north}, Point{48.1, 38}, On, 0},
		{"straight on past its end", [][]Point{north}, Point{48.2, 38}, On, 0},
		{"past its end to the west", [][]Point{north}, Point{48.2, 37.99}, Left, 0},
		{"before its start to the east", [][]Point{north}, Point{47.9, 38.01}, Right, 0},
		{"outside a right turn, first half", [][]Point{corner}, Point{48.11, 37.98}, Left, 0},
		{"outside a right turn, second half", [][]Point{corner}, Point{48.12, 37.995}, Left, 0},
		{"inside a right turn", [][]Point{corner}, Point{48.09, 38.02}, Right, 0},
		{"beyond a hairpin", [][]Point{hairpin}, Point{48.2, 38.0005}, Left, 0},
		{"beyond a hairpin, more to the east", [][]Point{hairpin}, Point{48.2, 38.05}, Left, 1},
		{"within a hairpin", [][]Point{hairpin}, Point{48.01, 38.0004}, Right, 0},
		{"the nearer of two parts", [][]Point{north, {{48.1, 39}, {48, 39}}}, Point{48.05, 38.9}, Right, 0},
		{"the other part", [][]Point{north, {{48.1, 39}, {48, 39}}}, Point{48.05, 39.1}, Left, 0},
		{"over the antimeridian", [][]Point{{{0, 179.9}, {1, 179.9}}}, Point{.5, -179.9}, Right, 0},
		{"a closed line, at its first vertex", [][]Point{{{0, 0}, {0, 1}, {1, 1}, {1, 0}, {0, 0}}}, Point{-.1, -.2}, Right, 0},
	} {
		f := mustLine(t, row.parts...).Nearest(row.p)
		if f.Side != row.want {
			t.Errorf("%s: %v, want %v (foot %v of part %d, edge %d)", row.name, f.Side, row.want, f.Point, f.Part, f.Segment)
		}
	}
}

func TestFootNamesPartAndSegment(t *testing.T) {
	l := mustLine(t, []Point{{0, 0}, {0, 1}, {0, 2}}, []Point{{5, 0}, {5, 1}}, []Point{{9, 0}, {9, 1}, {9, 2}, {9, 3}})
	for _, row := range []struct {
		p         Point
		part, seg int
	}{{Point{.1, .5}, 0, 0}, {Point{.1, 1.5}, 0, 1}, {Point{5.1, .5}, 1, 0}, {Point{8, 2.5}, 2, 2}} {
		if f := l.Nearest(row.p); f.Part != row.part || f.Segment != row.seg {
			t.Errorf("%v: part %d, edge %d, want %d, %d", row.p, f.Part, f.Segment, row.part, row.seg)
		}
	}
}

func TestNewLineRefuses(t *testing.T) {
	for _, row := range []struct {
		name  string
		parts [][]Point
	}{
		{"nothing", nil},
		{"an empty part", [][]Point{{}}},
		{"one point twice", [][]Point{{{1, 1}, {1, 1}}}},
		{"out of range", [][]Point{{{1, 1}, {91, 1}}}},
		{"not a number", [][]Point{{{1, 1}, {Degrees(math.NaN()), 1}}}},
		{"more than half the world in one edge", [][]Point{{{1, -100}, {1, 100}}}},
	} {
		_, err := NewLine("front", row.parts...)
		var invalid *InvalidError
		if !errors.As(err, &invalid) || invalid.Feature != "front" {
			t.Errorf("%s: %v", row.name, err)
		}
	}
}

func TestLengthFollowsTheParallel(t *testing.T) {
	// Donetsk to Mariupol in one edge, and 10 degrees along the parallel of 60, which is
	// 557.98 km long (a cos(phi) lambda / sqrt(1 - e2 sin2(phi))) while its geodesic is not.
	sin, cos := math.Sincos(60 * radiansPerDegree)
	parallel := equatorialRadius * cos / math.Sqrt(1-eccentricity2*sin*sin) * 10 * radiansPerDegree
	if got := mustLine(t, []Point{{60, 10}, {60, 20}}).Length(); !near(float64(got), parallel, 1) {
		t.Errorf("10 degrees of the parallel of 60 are %.1f m, want %.1f", got, parallel)
	}
	l := mustLine(t, []Point{{48, 38}, {48.01, 38.01}}, []Point{{49, 38}, {49.02, 38}})
	want := Distance(Point{48, 38}, Point{48.01, 38.01}) + Distance(Point{49, 38}, Point{49.02, 38})
	if got := l.Length(); !near(float64(got), float64(want), .001) {
		t.Errorf("two parts are %.4f m, want %.4f", got, want)
	}
	if got := l.Bounds(); got != (Bounds{48, 38, 49.02, 38.01}) {
		t.Errorf("bounds %+v", got)
	}
}

// winding is a line of n vertices that wanders north like a front, from a seed.
func winding(n int, seed uint64) []Point {
	random := rand.New(rand.NewPCG(seed, 7))
	part := []Point{{46, 34}}
	for len(part) < n {
		last := part[len(part)-1]
		part = append(part, onGrid(Point{
			last.Lat + Degrees(.0005+.002*random.Float64()), last.Lon + Degrees(.01*(random.Float64()-.5)),
		}))
	}
	return part
}

func BenchmarkNearest(b *testing.B) {
	l := mustLine(b, winding(3000, 1))
	for _, row := range []struct {
		name string
		p    Point
	}{{"2 km off", Point{47.5, 34.03}}, {"25 km off", Point{47.5, 34.4}}, {"300 km off", Point{47.5, 38}}} {
		b.Run(row.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				l.Nearest(row.p)
			}
		})
	}
}
