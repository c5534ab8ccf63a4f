package geo

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

func TestDirectPublished(t *testing.T) {
	// Karney 2013, the worked example of the direct problem.
	b, azimuth := Direct(Point{40, 0}, 30, 10_000_000)
	if apart(b, Point{41.79331020506, 137.84490004377}) > 1e-6 || turnBetween(azimuth, 149.09016931807) > 1e-12 {
		t.Errorf("reached %.11f %.11f with azimuth %.11f", b.Lat, b.Lon, azimuth)
	}
}

func TestDirectAtTheEdges(t *testing.T) {
	for _, row := range []struct {
		name    string
		a       Point
		azimuth Degrees
		d       Metres
		b       Point
	}{
		{"no distance", Point{48, 37}, 77, 0, Point{48, 37}},
		{"no distance at the pole", Point{90, 20}, 10, 0, Point{90, 20}},
		{"along the equator over 180", Point{0, 179}, 90, equatorialRadius * math.Pi / 90, Point{0, -179}},
		{"west along the equator", Point{0, -179}, -90, equatorialRadius * math.Pi / 90, Point{0, 179}},
		{"backwards", Point{0, 10}, 90, -equatorialRadius * math.Pi / 18, Point{0, 0}},
		{"round the earth by the poles", Point{30, 40}, 0, 2 * halfMeridian, Point{30, 40}},
		{"pole to pole", Point{90, 0}, 180, halfMeridian, Point{-90, 0}},
		{"from the pole along a meridian", Point{90, 0}, 150, halfMeridian / 2, Point{0, 30}},
		{"from the south pole along a meridian", Point{-90, 0}, 30, halfMeridian / 2, Point{0, 30}},
		{"over the pole", Point{80, 10}, 0, halfMeridian, Point{-80, -170}},
		{"azimuth past a turn", Point{0, 0}, 450, equatorialRadius * math.Pi / 2, Point{0, 90}},
		{"longitude past a turn", Point{0, 370}, 90, 0, Point{0, 10}},
	} {
		t.Run(row.name, func(t *testing.T) {
			b, _ := Direct(row.a, row.azimuth, row.d)
			if !(chord(b, row.b) < 1e-7) {
				t.Errorf("reached %.12f %.12f, want %v", b.Lat, b.Lon, row.b)
			}
			if !b.Valid() {
				t.Errorf("%v is no position", b)
			}
		})
	}
}

func TestDirectRefusesWhatIsNotFinite(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for _, row := range [][4]float64{
		{nan, 0, 0, 1}, {0, nan, 0, 1}, {0, 0, nan, 1}, {0, 0, 0, nan}, {91, 0, 0, 1},
		{inf, 0, 0, 1}, {0, inf, 0, 1}, {0, 0, inf, 1}, {0, 0, 0, inf}, {-90.5, 0, 0, 1},
	} {
		b, azimuth := Direct(Point{Degrees(row[0]), Degrees(row[1])}, Degrees(row[2]), Metres(row[3]))
		if b.Valid() {
			t.Errorf("%v: reached %v with azimuth %v", row, b, azimuth)
		}
	}
	if p := (&Geodesic{}).At(1); p.Valid() {
		t.Errorf("the zero line has a point %v", p)
	}
}

func TestGeodesicBetweenPoints(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := drawPoint(t, "a"), drawPoint(t, "b")
		g := NewGeodesic(a, b)
		if g.Length() != Distance(a, b) {
			t.Errorf("length %v, distance %v", g.Length(), Distance(a, b))
		}
		if miss := chord(g.At(0), a); !(miss < 20e-9) {
			t.Errorf("starts %v m off", miss)
		}
		if miss := chord(g.At(g.Length()), b); !(miss < 50e-9) {
			t.Errorf("ends %v m off", miss)
		}
		part := Metres(rapid.Float64Range(0, 1).Draw(t, "part")) * g.Length()
		p := g.At(part)
		if d := Distance(a, p); math.Abs(float64(d-part)) > 60e-9 {
			t.Errorf("the point at %v is at %v", part, d)
		}
		if d := Distance(p, b); math.Abs(float64(d-(g.Length()-part))) > 60e-9 {
			t.Errorf("the point %v before the end is at %v", g.Length()-part, d)
		}
	})
}

func TestDirectGoesBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := drawPoint(t, "a")
		azimuth := Degrees(rapid.Float64Range(-180, 180).Draw(t, "azimuth"))
		d := Metres(rapid.Float64Range(-5e7, 5e7).Draw(t, "d"))
		b, onward := Direct(a, azimuth, d)
		if !b.Valid() {
			t.Fatalf("reached %v", b)
		}
		if math.Abs(float64(b.Lat)) > 89.9 || math.Abs(float64(a.Lat)) > 89.9 {
			return // a longitude in degrees says little of a direction there
		}
		home, _ := Direct(b, onward, -d)
		if miss := chord(home, a); !(miss < 150e-9) {
			t.Errorf("comes home %v m off", miss)
		}
	})
}

func TestGeodesicDoesNotAllocate(t *testing.T) {
	a, b := Point{48.023, 37.80224}, Point{47.09514, 37.54131}
	var total Degrees
	if n := testing.AllocsPerRun(100, func() {
		g := NewGeodesic(a, b)
		p, azimuth := Direct(a, 10, 1e6)
		total += g.At(1000).Lat + p.Lat + azimuth
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// benchmarkPairs are 4,096 pairs of a class; see geodesicClasses.
func benchmarkPairs(class string) (pairs [4096][2]Point) {
	r := rand.New(rand.NewPCG(3, 0))
	for _, c := range geodesicClasses {
		if c.name == class {
			for i := range pairs {
				pairs[i][0], pairs[i][1] = c.draw(r)
			}
		}
	}
	return pairs
}

func BenchmarkDirect(b *testing.B) {
	pairs := benchmarkPairs("random")
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		pair := &pairs[i%len(pairs)]
		Direct(pair[0], pair[1].Lon, Metres(pair[1].Lat*1e5))
		i++
	}
}

func BenchmarkGeodesicAt(b *testing.B) {
	g := NewGeodesic(Point{48.023, 37.80224}, Point{47.09514, 37.54131})
	b.ReportAllocs()
	d := Metres(0)
	for b.Loop() {
		g.At(d)
		d++
	}
}
