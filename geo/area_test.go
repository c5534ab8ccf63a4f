package geo

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestRingAreaOfGeodesics(t *testing.T) {
	eighth := ellipsoidArea / 8
	for _, row := range []struct {
		name string
		ring []Point
		want float64
	}{
		{"none", nil, 0},
		{"one vertex", []Point{{1, 2}}, 0},
		{"there and back", []Point{{1, 2}, {5, 9}}, 0},
		{"there and back with a third vertex", []Point{{1, 2}, {5, 9}, {1, 2}}, 0},
		{"an eighth of the earth", []Point{{0, 0}, {0, 90}, {90, 0}}, eighth},
		{"the same clockwise", []Point{{90, 0}, {0, 90}, {0, 0}}, -eighth},
		{"the pole's longitude does not matter", []Point{{0, 0}, {0, 90}, {90, -77}}, eighth},
		{"an eighth in the south", []Point{{0, 90}, {0, 0}, {-90, 0}}, eighth},
		{"an eighth over 180 degrees", []Point{{0, 135}, {0, -135}, {90, 0}}, eighth},
		{"closed by its first vertex", []Point{{0, 0}, {0, 90}, {90, 0}, {0, 0}}, eighth},
		{"repeated vertices", []Point{{0, 0}, {0, 90}, {0, 90}, {90, 0}, {90, 0}}, eighth},
		{"quarter between meridians", []Point{{-90, 0}, {0, 90}, {90, 0}, {0, 0}}, 2 * eighth},
		{"a degree square, Planimeter 2.1.2 -E", []Point{{31, 35}, {31, 36}, {32, 36}, {32, 35}}, 10533592046.0283},
	} {
		t.Run(row.name, func(t *testing.T) {
			if got := RingArea(row.ring); !(math.Abs(float64(got)-row.want) < 0.05) {
				t.Errorf("%.3f m2, want %.3f m2", got, row.want)
			}
		})
	}
}

func TestRingAreaAroundAPole(t *testing.T) {
	// A cap with many vertices is nearly the zone above its parallel, whose area is closed
	// (Snyder 1987, eq. 3-12).
	const lat = 70
	sin, e := math.Sin(lat*radiansPerDegree), math.Sqrt(eccentricity2)
	zone := math.Pi * polarRadius * polarRadius * (1/(1-eccentricity2) + math.Atanh(e)/e -
		sin/(1-eccentricity2*sin*sin) - math.Atanh(e*sin)/e)
	var north, south []Point
	for lon := -180.0; lon < 180; lon += 0.01 {
		north = append(north, Point{lat, Degrees(lon)})
		south = append(south, Point{-lat, Degrees(-lon)})
	}
	for name, ring := range map[string][]Point{"north": north, "south": south} {
		got := float64(RingArea(ring))
		if got > zone || got < zone*(1-1e-7) { // geodesics run a little poleward of a parallel
			t.Errorf("%s: %v m2, the zone has %v m2", name, got, zone)
		}
		slices.Reverse(ring)
		if back := float64(RingArea(ring)); math.Abs(back+got) > 0.5 {
			t.Errorf("%s clockwise: %v m2, was %v m2", name, back, got)
		}
	}
}

func TestRingAreaRefusesWhatIsNotAPosition(t *testing.T) {
	for _, bad := range []Point{{Degrees(math.NaN()), 0}, {0, Degrees(math.Inf(1))}, {91, 0}} {
		if got := RingArea([]Point{{0, 0}, {1, 1}, bad, {1, 0}}); !math.IsNaN(float64(got)) {
			t.Errorf("with %v: %v", bad, got)
		}
	}
}

func TestRingAreaProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		center := drawPoint(t, "center")
		size := rapid.Float64Range(1, 2e6).Draw(t, "size")
		var ring []Point
		for azimuth := Degrees(360); azimuth > 0; azimuth -= 36 { // counter-clockwise
			p, _ := Direct(center, azimuth, Metres(size*rapid.Float64Range(0.5, 1).Draw(t, "radius")))
			ring = append(ring, p)
		}
		whole := RingArea(ring)
		if !(whole > 0) || float64(whole) > 1.1*math.Pi*size*size {
			t.Fatalf("area %v of a ring of radius %v", whole, size)
		}
		cut := rapid.IntRange(2, len(ring)-2).Draw(t, "cut")
		parts := RingArea(ring[:cut+1]) + RingArea(append(slices.Clone(ring[cut:]), ring[0]))
		sameArea(t, "the sum of two parts", parts, whole)
		turned := append(slices.Clone(ring[cut:]), ring[:cut]...)
		sameArea(t, "begun elsewhere", RingArea(turned), whole)
		moved := slices.Clone(ring)
		for i := range moved {
			moved[i].Lon = Degrees(math.Remainder(float64(moved[i].Lon)+180, 360))
		}
		sameArea(t, "on the other side of the earth", RingArea(moved), whole)
		slices.Reverse(ring)
		sameArea(t, "clockwise", -RingArea(ring), whole)
	})
}

func sameArea(t *rapid.T, what string, got, want SquareMetres) {
	t.Helper()
	if !(math.Abs(float64(got-want)) < 0.2) {
		t.Errorf("%s: %.3f m2, want %.3f m2", what, got, want)
	}
}

// Rings of all sizes against Planimeter, which adds up exact integrals.
func TestAgainstPlanimeter(t *testing.T) {
	needTool(t, "Planimeter")
	r := rand.New(rand.NewPCG(4, 0))
	rings := make([][]Point, 1500)
	var input bytes.Buffer
	for i := range rings {
		rings[i] = drawRing(r, i%4)
		for _, p := range rings[i] {
			fmt.Fprintln(&input, decimals(p.Lat), decimals(p.Lon))
		}
		fmt.Fprintln(&input)
	}
	rows := runTool(t, &input, "Planimeter", "-E", "-p", "9")
	if len(rows) != len(rings) {
		t.Fatalf("Planimeter answered %d of %d rings", len(rows), len(rings))
	}
	bounds := [4]float64{0.05, 0.2, 0.2, 2}
	var worst [4]float64
	for i, ring := range rings {
		want := numbers(t, strings.Fields(rows[i]))[2]
		miss := math.Abs(float64(RingArea(ring)) - want)
		worst[i%4] = max(worst[i%4], miss)
		if !(miss <= bounds[i%4]) {
			t.Errorf("ring %v: %.3f m2, Planimeter %.3f m2", ring, RingArea(ring), want)
		}
	}
	t.Logf("largest difference: stars below 500 km %.3f m2, caps %.3f m2, across 180 degrees %.3f m2, triangles anywhere %.3f m2",
		worst[0], worst[1], worst[2], worst[3])
}

// drawRing draws a star, a cap around a pole, a tangle over 180 degrees or a large triangle.
func drawRing(r *rand.Rand, kind int) (ring []Point) {
	vertices := 3 + r.IntN(10)
	switch kind {
	case 0:
		center, size := drawAnywhere(r), math.Pow(10, 1+4.7*r.Float64())
		for i := range vertices {
			p, _ := Direct(center, Degrees(-360*i/vertices), Metres(size*(0.3+0.7*r.Float64())))
			ring = append(ring, p)
		}
	case 1:
		for i := range vertices {
			ring = append(ring, Point{Degrees(20 + 69.9*r.Float64()), Degrees(360*i/vertices - 180)})
		}
	case 2:
		for range vertices {
			ring = append(ring, drawNear(r, Point{60, 180}, 5))
		}
	default:
		ring = []Point{drawAnywhere(r), drawAnywhere(r), drawAnywhere(r)}
	}
	return ring
}

func TestSumKeepsWhatIsSmall(t *testing.T) {
	var s sum
	for _, x := range []float64{1, 1e100, 1, -1e100} {
		s.add(x)
	}
	if s.value() != 2 {
		t.Errorf("sum %v, want 2", s.value())
	}
}

func TestRingAreaDoesNotAllocate(t *testing.T) {
	ring := []Point{{31, 35}, {31, 36}, {32, 36}, {32, 35}}
	var total SquareMetres
	if n := testing.AllocsPerRun(100, func() { total += RingArea(ring) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// BenchmarkRingArea measures a ring of 1,000 edges of about 600 m.
func BenchmarkRingArea(b *testing.B) {
	ring := make([]Point, 1000)
	for i := range ring {
		ring[i], _ = Direct(Point{48, 37}, Degrees(-360*i/len(ring)), 100_000)
	}
	b.ReportAllocs()
	for b.Loop() {
		RingArea(ring)
	}
}
