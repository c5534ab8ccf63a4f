package geojson

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/source/sourcetest"
)

// shaped is a feature of a kind of geometry; more properties begin with a comma.
func shaped(kind, coordinates, more string) string {
	return `{"type":"Feature","geometry":{"type":"` + kind + `","coordinates":` + coordinates + `},"properties":{"time":"2026-04-11"` + more + `}}`
}

// around writes places in metres east and north of 37.5 E, 48.5 N as coordinates.
func around(places ...[2]float64) string {
	frame := geo.NewFrame(geo.Point{Lat: 48.5, Lon: 37.5})
	var out []string
	for _, p := range places {
		q := frame.From(geo.Metres(p[0]), geo.Metres(p[1]))
		out = append(out, fmt.Sprintf("[%.7f,%.7f]", float64(q.Lon), float64(q.Lat)))
	}
	return "[" + strings.Join(out, ",") + "]"
}

func readShapes(t *testing.T, features ...string) []truce.Observation {
	t.Helper()
	sink := sourcetest.Check(t, decode(Config{}), collection(features...))
	if len(sink.Observations) != len(features) {
		t.Fatalf("rejected %q", sink.Reasons())
	}
	return sink.Observations
}

// TestLinesAndAreasBecomeReports: the centre is where the shape balances, the error that of
// a place anywhere in it, and that of the drawing beside it.
func TestLinesAndAreasBecomeReports(t *testing.T) {
	square := around([2]float64{0, 0}, [2]float64{6000, 0}, [2]float64{6000, 6000}, [2]float64{0, 6000}, [2]float64{0, 0})
	hole := around([2]float64{1000, 1000}, [2]float64{1000, 5000}, [2]float64{5000, 5000}, [2]float64{5000, 1000}, [2]float64{1000, 1000})
	ring := (math.Pow(6000, 4) - math.Pow(4000, 4)) / 12 / (6000*6000 - 4000*4000)
	cases := []struct {
		name, feature string
		east, north   float64
		want          geo.Covariance // without that of the drawing
	}{
		// A side w holds w²/12.
		{"a line", shaped("LineString", around([2]float64{-6000, 0}, [2]float64{6000, 0}), `,"sigma_m":100`), 0, 0, geo.Covariance{EE: 12000 * 12000 / 12}},
		{"a slanted line", shaped("LineString", around([2]float64{0, 0}, [2]float64{3000, 3000}), `,"sigma_m":100`), 1500, 1500, geo.Covariance{EE: 750_000, EN: 750_000, NN: 750_000}},
		{"an even bend", shaped("LineString", around([2]float64{0, 0}, [2]float64{3000, 0}, [2]float64{3000, 3000}), `,"sigma_m":100`), 2250, 750, geo.Covariance{EE: 937_500, EN: 562_500, NN: 937_500}},
		{"a square", shaped("Polygon", "["+square+"]", `,"sigma_m":100`), 3000, 3000, geo.Covariance{EE: 3e6, NN: 3e6}},
		{"a square wound the other way", shaped("Polygon", "["+around([2]float64{0, 0}, [2]float64{0, 6000}, [2]float64{6000, 6000}, [2]float64{6000, 0}, [2]float64{0, 0})+"]", `,"sigma_m":100`), 3000, 3000, geo.Covariance{EE: 3e6, NN: 3e6}},
		{"a square with a hole", shaped("Polygon", "["+square+","+hole+"]", `,"sigma_m":100`), 3000, 3000, geo.Covariance{EE: ring, NN: ring}},
		{"a triangle", shaped("Polygon", "["+around([2]float64{0, 0}, [2]float64{6000, 0}, [2]float64{0, 6000}, [2]float64{0, 0})+"]", `,"sigma_m":100`), 2000, 2000, geo.Covariance{EE: 2e6, EN: -1e6, NN: 2e6}},
	}
	frame := geo.NewFrame(geo.Point{Lat: 48.5, Lon: 37.5})
	for _, c := range cases {
		o := readShapes(t, c.feature)[0]
		east, north := frame.To(o.Place.Point)
		if o.Kind != truce.KindReport || math.Hypot(float64(east)-c.east, float64(north)-c.north) > 1 {
			t.Errorf("%s: a %s at %.1f, %.1f, want %v, %v", c.name, o.Kind, float64(east), float64(north), c.east, c.north)
		}
		got, want := o.Place.Error, c.want.Add(geo.Isotropic(100))
		off := max(math.Abs(got.EE-want.EE), math.Abs(got.EN-want.EN), math.Abs(got.NN-want.NN))
		if off > 2e-3*(want.EE+want.NN) {
			t.Errorf("%s: error %+v, want %+v", c.name, got, want)
		}
	}
	plain := readShapes(t, shaped("LineString", "[[37,48],[37.1,48]]", ""))[0].Place.Error
	if plain.NN < 1e6 || plain.NN > 1.001e6 {
		t.Errorf("a line drawn by nobody knows whom is %v m wide, want that of a point", math.Sqrt(plain.NN))
	}
}

// TestShapesHaveKeysOfTheirOwn: one centre, two shapes; with the sender's id it is one
// observation however it is drawn.
func TestShapesHaveKeysOfTheirOwn(t *testing.T) {
	long := around([2]float64{-2000, 0}, [2]float64{2000, 0})
	short := around([2]float64{-1000, 0}, [2]float64{1000, 0})
	o := readShapes(t, shaped("LineString", long, ""), shaped("LineString", short, ""), shaped("LineString", long, ""),
		shaped("LineString", long, `,"id":"a"`), shaped("LineString", short, `,"id":"a"`))
	if o[0].ID == o[1].ID || o[0].ID != o[2].ID {
		t.Errorf("lines of one centre have ids %s, %s, and again %s", o[0].ID, o[1].ID, o[2].ID)
	}
	if o[3].ID != o[4].ID {
		t.Errorf("one sender's id gave %s and %s", o[3].ID, o[4].ID)
	}
}

// TestEveryVertexIsCovered: no vertex of any line lies outside three sigmas, and the
// error is not widened where none does.
func TestEveryVertexIsCovered(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := &shape{}
		var line []geo.Point
		frame := geo.NewFrame(geo.Point{Lat: geo.Degrees(rapid.Float64Range(-80, 80).Draw(t, "lat")), Lon: 20})
		for range rapid.IntRange(2, 6).Draw(t, "n") {
			line = append(line, frame.From(geo.Metres(rapid.Float64Range(-90e3, 90e3).Draw(t, "e")), geo.Metres(rapid.Float64Range(-90e3, 90e3).Draw(t, "n"))))
		}
		s.rings = [][]geo.Point{append(line, frame.From(100e3, 100e3))}
		if _, err := measured(s); err != nil {
			t.Fatal(err)
		}
		over, err := s.over(geo.Isotropic(50))
		if err != nil || !over.Valid() {
			t.Fatalf("%+v: %v", over, err)
		}
		rings, err := s.plane(2 * MaxShape)
		if err != nil {
			t.Fatal(err)
		}
		c := over.Add(geo.Isotropic(2))
		for _, p := range rings[0] {
			d2 := (c.NN*p[0]*p[0] - 2*c.EN*p[0]*p[1] + c.EE*p[1]*p[1]) / (c.EE*c.NN - c.EN*c.EN)
			if d2 > covering*covering*1.001 {
				t.Fatalf("a vertex lies %v sigmas out", math.Sqrt(d2))
			}
		}
		if over.EE > s.spread.EE+2500.001 != (over.NN > s.spread.NN+2500.001) {
			t.Fatalf("widened one way only: %+v from %+v", over, s.spread)
		}
	})
}

// TestAreaAgainstPlacesInIt: centre and error are those of places drawn at random in the
// area, within what 100,000 of them can tell.
func TestAreaAgainstPlacesInIt(t *testing.T) {
	corners := [][2]float64{{0, 0}, {9000, 0}, {9000, 2000}, {2000, 2000}, {2000, 7000}, {0, 7000}, {0, 0}}
	o := readShapes(t, shaped("Polygon", "["+around(corners...)+"]", `,"sigma_m":1`))[0]
	frame := geo.NewFrame(geo.Point{Lat: 48.5, Lon: 37.5})
	random := rand.New(rand.NewPCG(3, 4))
	var n, x, y, xx, xy, yy float64
	for n < 100_000 {
		e, no := random.Float64()*9000, random.Float64()*7000
		if e > 2000 && no > 2000 {
			continue
		}
		n, x, y, xx, xy, yy = n+1, x+e, y+no, xx+e*e, xy+e*no, yy+no*no
	}
	x, y = x/n, y/n
	east, north := frame.To(o.Place.Point)
	if math.Hypot(float64(east)-x, float64(north)-y) > 40 {
		t.Errorf("centre %v, %v, drawn %v, %v", float64(east), float64(north), x, y)
	}
	c := o.Place.Error
	widened := c.EE / (xx/n - x*x)
	if widened < 0.98 || math.Abs(c.NN/(yy/n-y*y)/widened-1) > 0.02 || math.Abs(c.EN/(xy/n-x*y)/widened-1) > 0.03 {
		t.Errorf("error %+v, drawn %v, %v, %v", c, xx/n-x*x, xy/n-x*y, yy/n-y*y)
	}
}
