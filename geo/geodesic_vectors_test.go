package geo

import (
	"bufio"
	"bytes"
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
)

var renewVectors = flag.Bool("renew-geodtest", false, "write testdata/geodtest.txt anew with GeodSolve")

const vectorHeader = `# Geodesics on WGS84, to test against. A row: class, lat1 lon1 azi1 lat2 lon2 azi2
# (degrees, azimuths going on), s12 (m), m12 (m, reduced length), S12 (m2, area between
# the line and the equator). Pairs are drawn by geodesicClasses in geodesic_vectors_test.go
# from seed 1; the solutions are those of GeodSolve 2.1.2 (Debian geographiclib-tools)
# with -i -f -E -p 12, that is, by elliptic integrals and not by series.
# Renewed by: go test ./geo -run TestVectors -renew-geodtest
`

// Bounds on what the series and double rounding may cost, in metres. One unit in the last
// place of half the earth's circumference is 3.7e-9 m.
const (
	lengthTolerance   = 25e-9
	sidewaysTolerance = 10e-9 // azimuth error times reduced length
	placeTolerance    = 30e-9 // where Direct arrives
)

// stripTolerance bounds the error of the area under one edge, m2. Under long edges it is
// led by the azimuths: where lines from one point meet again, their reduced length being
// small, a nanometre at the end turns the whole line.
func (v vector) stripTolerance() float64 {
	if v.length < 1e6 {
		return 0.02
	}
	return 0.2 + authalicRadius2*sidewaysTolerance/math.Abs(v.reducedLength)
}

// vector is one geodesic solved elsewhere.
type vector struct {
	class         string
	a, b          Point
	azi1, azi2    Degrees
	length        float64
	reducedLength float64
	area          float64
}

// geodesicClasses draw pairs of points, each a way in which the inverse problem is hard.
var geodesicClasses = []struct {
	name string
	draw func(r *rand.Rand) (a, b Point)
}{
	{"random", func(r *rand.Rand) (Point, Point) { return drawAnywhere(r), drawAnywhere(r) }},
	{"local", func(r *rand.Rand) (Point, Point) { a := drawAnywhere(r); return a, drawNear(r, a, 0.5) }},
	{"short", func(r *rand.Rand) (Point, Point) {
		a := drawAnywhere(r)
		return a, drawNear(r, a, math.Pow(10, -9+6*r.Float64()))
	}},
	{"nearly-opposite", func(r *rand.Rand) (Point, Point) {
		a := drawAnywhere(r)
		return a, drawNear(r, oppositePoint(a), math.Pow(10, -6+6*r.Float64()))
	}},
	{"opposite", func(r *rand.Rand) (Point, Point) { a := drawAnywhere(r); return a, oppositePoint(a) }},
	{"polar", func(r *rand.Rand) (Point, Point) {
		pole := Point{Degrees(90 - math.Floor(2*r.Float64())*r.Float64()*1e-5), drawAnywhere(r).Lon}
		if r.Float64() < 0.5 {
			pole.Lat = -pole.Lat
		}
		return pole, drawAnywhere(r)
	}},
	{"meridional", func(r *rand.Rand) (Point, Point) {
		a, b := drawAnywhere(r), drawAnywhere(r)
		b.Lon = a.Lon
		if r.Float64() < 0.5 {
			b.Lon = oppositePoint(a).Lon
		}
		return a, b
	}},
	{"equatorial", func(r *rand.Rand) (Point, Point) {
		return Point{0, drawAnywhere(r).Lon}, Point{0, drawAnywhere(r).Lon}
	}},
	{"near-equatorial", func(r *rand.Rand) (Point, Point) {
		return Point{Degrees(1e-3 * (r.Float64() - 0.5)), drawAnywhere(r).Lon}, Point{Degrees(1e-3 * (r.Float64() - 0.5)), drawAnywhere(r).Lon}
	}},
	{"vertex", func(r *rand.Rand) (Point, Point) { // leaves due east, where latitude is highest
		a := drawAnywhere(r)
		b, _ := Direct(a, 90, Metres(1.9e7*r.Float64()))
		return a, b
	}},
}

func drawAnywhere(r *rand.Rand) Point {
	return Point{Degrees(math.Asin(2*r.Float64()-1) * degreesPerRadian), Degrees(360*r.Float64() - 180)}
}

func drawNear(r *rand.Rand, p Point, within float64) Point {
	lat := float64(p.Lat) + within*(2*r.Float64()-1)
	lon := float64(p.Lon) + within*(2*r.Float64()-1)
	return Point{Degrees(max(-90, min(90, lat))), Degrees(normalLongitude(lon))}
}

func oppositePoint(p Point) Point {
	return Point{-p.Lat, Degrees(normalLongitude(float64(p.Lon) + 180))}
}

// solveElsewhere draws pairs of each class and has GeodSolve solve them.
func solveElsewhere(t *testing.T, seed uint64, perClass int) []vector {
	needTool(t, "GeodSolve")
	r := rand.New(rand.NewPCG(seed, 0))
	var vectors []vector
	var input bytes.Buffer
	for _, class := range geodesicClasses {
		for range perClass {
			v := vector{class: class.name}
			v.a, v.b = class.draw(r)
			vectors = append(vectors, v)
			fmt.Fprintln(&input, decimals(v.a.Lat), decimals(v.a.Lon), decimals(v.b.Lat), decimals(v.b.Lon))
		}
	}
	rows := runTool(t, &input, "GeodSolve", "-i", "-f", "-E", "-p", "12")
	if len(rows) != len(vectors) {
		t.Fatalf("GeodSolve answered %d of %d rows", len(rows), len(vectors))
	}
	for i := range vectors {
		x := numbers(t, strings.Fields(rows[i]))
		v := &vectors[i]
		v.azi1, v.azi2, v.length = Degrees(x[2]), Degrees(x[5]), x[6]
		v.reducedLength, v.area = x[8], x[11]
	}
	return vectors
}

// needTool skips where a program is absent, except in CI, where it must be there.
func needTool(t *testing.T, name string) {
	t.Helper()
	if _, err := exec.LookPath(name); err == nil {
		return
	}
	if os.Getenv("CI") == "true" {
		t.Fatalf("%s is missing: install geographiclib-tools", name)
	}
	t.Skipf("%s is not installed (Debian package geographiclib-tools)", name)
}

func runTool(t *testing.T, input *bytes.Buffer, name string, args ...string) []string {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Stdin = input
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return strings.Split(strings.TrimSpace(string(out)), "\n")
}

// decimals writes a number so that it reads back the same and has no exponent, whose E
// GeodSolve would take for east.
func decimals(x Degrees) string { return strconv.FormatFloat(float64(x), 'f', -1, 64) }

func numbers(t *testing.T, fields []string) []float64 {
	t.Helper()
	x := make([]float64, len(fields))
	for i, field := range fields {
		var err error
		if x[i], err = strconv.ParseFloat(field, 64); err != nil {
			t.Fatalf("field %d of %q: %v", i, fields, err)
		}
	}
	return x
}

// String is the vector's row in testdata/geodtest.txt.
func (v vector) String() string {
	return fmt.Sprintf("%s %s %s %.15f %s %s %.15f %.10f %.10f %.3f", v.class, decimals(v.a.Lat), decimals(v.a.Lon),
		float64(v.azi1), decimals(v.b.Lat), decimals(v.b.Lon), float64(v.azi2), v.length, v.reducedLength, v.area)
}

func readVectors(t *testing.T) (vectors []vector) {
	file, err := os.Open("testdata/geodtest.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		if strings.HasPrefix(lines.Text(), "#") {
			continue
		}
		class, rest, _ := strings.Cut(lines.Text(), " ")
		x := numbers(t, strings.Fields(rest))
		vectors = append(vectors, vector{class, Point{Degrees(x[0]), Degrees(x[1])}, Point{Degrees(x[3]), Degrees(x[4])},
			Degrees(x[2]), Degrees(x[5]), x[6], x[7], x[8]})
	}
	return vectors
}

func TestVectors(t *testing.T) {
	if *renewVectors {
		var out strings.Builder
		out.WriteString(vectorHeader)
		for _, v := range solveElsewhere(t, 1, 50) {
			fmt.Fprintln(&out, v)
		}
		if err := os.WriteFile("testdata/geodtest.txt", []byte(out.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	vectors := readVectors(t)
	if len(vectors) < 500 {
		t.Fatalf("only %d vectors", len(vectors))
	}
	compare(t, vectors)
}

func TestAgainstGeodSolve(t *testing.T) {
	compare(t, solveElsewhere(t, 2, 2000))
}

// compare holds each vector against Inverse, Direct and edgeArea, and logs the worst.
func compare(t *testing.T, vectors []vector) {
	t.Helper()
	worst := map[string]*vectorErrors{}
	for _, v := range vectors {
		got := v.errors()
		if !(got.length <= lengthTolerance && got.sideways <= sidewaysTolerance &&
			got.place <= placeTolerance && got.strip <= v.stripTolerance()) {
			t.Errorf("%v:\n%+v", v, got)
		}
		if worst[v.class] == nil {
			worst[v.class] = &vectorErrors{}
		}
		worst[v.class].raise(got)
	}
	for _, class := range geodesicClasses {
		if w := worst[class.name]; w != nil {
			t.Logf("%-16s length %4.1f nm, sideways %4.1f nm, direct %4.1f nm, area %.3f m2",
				class.name, w.length*1e9, w.sideways*1e9, w.place*1e9, w.strip)
		}
	}
}

type vectorErrors struct{ length, sideways, place, strip float64 }

func (e *vectorErrors) raise(o vectorErrors) {
	e.length, e.sideways = max(e.length, o.length), max(e.sideways, o.sideways)
	e.place, e.strip = max(e.place, o.place), max(e.strip, o.strip)
}

// errors are the differences from what was found elsewhere, metres and square metres.
// Opposite points have two or more shortest lines: there only the length is one value.
func (v vector) errors() (e vectorErrors) {
	d, azi1, azi2 := Inverse(v.a, v.b)
	e.length = math.Abs(float64(d) - v.length)
	b, _ := Direct(v.a, v.azi1, Metres(v.length))
	e.place = apart(b, v.b)
	if v.class == "opposite" {
		return e
	}
	e.sideways = math.Abs(v.reducedLength) * max(turnBetween(azi1, v.azi1), turnBetween(azi2, v.azi2))
	area, _ := edgeArea(v.a, v.b)
	e.strip = math.Abs(area - v.area)
	return e
}

func turnBetween(a, b Degrees) float64 {
	return math.Abs(math.Remainder(float64(a-b), 360)) * radiansPerDegree
}

// apart is the distance of two points that are very near each other, by the differences
// of their coordinates, and so without Inverse.
func apart(a, b Point) float64 {
	phi := angleOf(float64(a.Lat), 0)
	dLon, _ := longitudeDifference(a.Lon, b.Lon)
	return equatorialRadius * radiansPerDegree * math.Hypot(float64(a.Lat-b.Lat), phi.cos*dLon)
}
