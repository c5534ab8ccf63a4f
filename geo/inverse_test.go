package geo

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// halfMeridian is the distance between the poles, the longest there is (GeodSolve 2.1.2 -E).
const halfMeridian = 20003931.4586254470

// Lengths and azimuths that others have printed.
func TestInversePublished(t *testing.T) {
	for _, row := range []struct {
		name       string
		a, b       Point
		length     float64
		azi1, azi2 Degrees
		within     float64 // metres, by the digits printed
	}{
		{"Donetsk to Mariupol, GeodSolve 2.1.2 -E", Point{48.023, 37.80224}, Point{47.09514, 37.54131},
			105013.3120897840, -169.125933595543785, -169.318499486719759, 1e-8},
		{"Karney 2013, nearly opposite points", Point{-30, 0}, Point{29.9, 179.8},
			19989832.827610, 161.89052473633, 18.09073724574, 1e-6},
		{"Karney 2013, a short line", Point{-30.12345, 0}, Point{-30.12344, 0.00005},
			4.944208, 77.04353354237, 77.04350844913, 1e-6},
		{"Wellington to Salamanca, manual of GeographicLib", Point{-41.32, 174.81}, Point{40.96, -5.5},
			19959679.26735382, 161.06766998616, 18.82519512325, 2e-8},
		{"pole to pole", Point{90, 0}, Point{-90, 0}, halfMeridian, 180, 180, 1e-8},
		{"a quarter of the equator", Point{0, -45}, Point{0, 45}, equatorialRadius * math.Pi / 2, 90, 90, 1e-8},
	} {
		t.Run(row.name, func(t *testing.T) {
			d, azi1, azi2 := Inverse(row.a, row.b)
			if math.Abs(float64(d)-row.length) > row.within {
				t.Errorf("length %.9f m, want %.9f m", d, row.length)
			}
			sideways := min(row.length, polarRadius) * max(turnBetween(azi1, row.azi1), turnBetween(azi2, row.azi2))
			if sideways > 1e-6 {
				t.Errorf("azimuths %.11f and %.11f, want %.11f and %.11f", azi1, azi2, row.azi1, row.azi2)
			}
		})
	}
}

func TestInverseAtTheEdges(t *testing.T) {
	for _, row := range []struct {
		name       string
		a, b       Point
		length     Metres
		azi1, azi2 Degrees
	}{
		{"same place", Point{48, 37}, Point{48, 37}, 0, 0, 0},
		{"same place, south", Point{-48, 37}, Point{-48, 37}, 0, 0, 0},
		{"same place on the equator", Point{0, 37}, Point{0, 37}, 0, 0, 0},
		{"same place, both signs of 180", Point{10, 180}, Point{10, -180}, 0, 0, 0},
		{"same place, a turn apart", Point{10, 5}, Point{10, 365}, 0, 0, 0},
		{"opposite on the equator, over the north pole", Point{0, 0}, Point{0, 180}, halfMeridian, 0, 180},
		{"half a degree short of opposite is not along the equator", Point{0, 0}, Point{0, 179.5},
			19980861.9088909626, 55.966495140158621, 124.033504859841372},
		{"north", Point{10, 5}, Point{11, 5}, 110611.1865620629, 0, 0},
		{"south", Point{11, 5}, Point{10, 5}, 110611.1865620629, 180, 180},
		{"over the pole", Point{89, 0}, Point{89, 180}, 2 * 111693.8649142029, 0, 180},
	} {
		t.Run(row.name, func(t *testing.T) {
			d, azi1, azi2 := Inverse(row.a, row.b)
			if math.Abs(float64(d-row.length)) > 2e-8 || row.length == 0 && d > 1e-50 {
				t.Errorf("length %.9g m, want %.9f m", d, row.length)
			}
			if turnBetween(azi1, row.azi1) > 1e-9 || turnBetween(azi2, row.azi2) > 1e-9 {
				t.Errorf("azimuths %v and %v, want %v and %v", azi1, azi2, row.azi1, row.azi2)
			}
		})
	}
}

func TestInverseRefusesWhatIsNotAPosition(t *testing.T) {
	nan, inf := Degrees(math.NaN()), Degrees(math.Inf(1))
	for _, bad := range []Point{{nan, 0}, {0, nan}, {inf, 0}, {0, inf}, {-inf, 0}, {0, -inf}, {90.0001, 0}, {-91, 5}, {nan, nan}} {
		for _, pair := range [][2]Point{{bad, {1, 2}}, {{1, 2}, bad}, {bad, bad}, {bad, {0, 0}}, {bad, {90, 0}}} {
			d, azi1, azi2 := Inverse(pair[0], pair[1])
			if !math.IsNaN(float64(d)) || !math.IsNaN(float64(azi1)) || !math.IsNaN(float64(azi2)) {
				t.Errorf("%v to %v: %v, %v, %v", pair[0], pair[1], d, azi1, azi2)
			}
		}
	}
}

// Hard points crossed with each other: every pair must come to an end, with an answer
// that the direct problem confirms.
func TestInverseComesToAnEnd(t *testing.T) {
	values := []float64{0, 1e-300, 1e-150, 1e-99, 1e-15, 1e-8, 1e-3, 0.3, 0.61, 45, 89.999, 90 - 1e-8, 90 - 1e-13, 90}
	offsets := []float64{0, 1e-320, 1e-200, 1e-16, 1e-9, 1e-3, 0.1, 0.6, 1, 90, 179.3, 179.4, 179.9, 180 - 1e-9, 180 - 1e-13, 180}
	for _, lat1 := range values {
		for _, lat2 := range values {
			for _, lon := range offsets {
				for _, sign := range []float64{1, -1} {
					a, b := Point{Degrees(lat1), 0}, Point{Degrees(sign * lat2), Degrees(lon)}
					checkRoundTrip(t, a, b)
				}
			}
		}
	}
}

// checkRoundTrip follows the line that Inverse found, and goes on to see that it is no
// longer than the longest line.
func checkRoundTrip(t interface {
	Helper()
	Errorf(string, ...any)
}, a, b Point) {
	t.Helper()
	d, azi1, azi2 := Inverse(a, b)
	if !(d >= 0 && d <= halfMeridian+2e-8) {
		t.Errorf("%v to %v: length %v", a, b, d)
	}
	reached, azimuth := Direct(a, azi1, d)
	if miss := chord(reached, b); !(miss <= 50e-9) {
		t.Errorf("%#v to %#v: misses by %v m", a, b, miss)
	}
	if math.Abs(float64(b.Lat)) < 89.9 && d > 1 && turnBetween(azimuth, azi2) > 1e-6/min(float64(d), 1e3) {
		t.Errorf("%#v to %#v: arrives with azimuth %v, not %v", a, b, azimuth, azi2)
	}
}

// chord is the straight distance between points that are near each other, through the
// earth, which unlike apart is at home at the poles.
func chord(a, b Point) float64 {
	x, y := reduced(a.Lat), reduced(b.Lat)
	difference, correction := longitudeDifference(a.Lon, b.Lon)
	half := math.Sin((difference + correction) / 2 * radiansPerDegree)
	return math.Hypot(math.Hypot(equatorialRadius*(x.cos-y.cos), polarRadius*(x.sin-y.sin)),
		2*equatorialRadius*half*math.Sqrt(x.cos*y.cos))
}

func drawPoint(t *rapid.T, name string) Point {
	return Point{
		Degrees(rapid.Float64Range(-90, 90).Draw(t, name+" lat")),
		Degrees(rapid.Float64Range(-180, 180).Draw(t, name+" lon")),
	}
}

func TestInverseProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := drawPoint(t, "a"), drawPoint(t, "b"), drawPoint(t, "c")
		checkRoundTrip(t, a, b)
		ab, ba := Distance(a, b), Distance(b, a)
		if math.Abs(float64(ab-ba)) > 1e-8 {
			t.Errorf("there %v, back %v", ab, ba)
		}
		if detour := ab + Distance(b, c); Distance(a, c) > detour+4e-8 {
			t.Errorf("a to c %v, by way of b %v", Distance(a, c), detour)
		}
		mirrored := Distance(Point{-a.Lat, a.Lon}, Point{-b.Lat, b.Lon})
		if math.Abs(float64(mirrored-ab)) > 1e-8 {
			t.Errorf("mirrored in the equator %v, was %v", mirrored, ab)
		}
		reflected := Distance(Point{a.Lat, -a.Lon}, Point{b.Lat, -b.Lon})
		if math.Abs(float64(reflected-ab)) > 1e-8 {
			t.Errorf("reflected in Greenwich %v, was %v", reflected, ab)
		}
	})
}

// Near the antipode the lines envelop an astroid, 1.2 degrees across on the equator: all
// over it, lines must reach their end and be shortest.
func TestInverseAroundTheAntipode(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := Point{Degrees(rapid.Float64Range(-90, 90).Draw(t, "lat")), 12}
		north := rapid.Float64Range(-1, 1).Draw(t, "north")
		east := rapid.Float64Range(-1, 1).Draw(t, "east")
		b := Point{Degrees(max(-90, min(90, north-float64(a.Lat)))), Degrees(normalLongitude(192 + east))}
		checkRoundTrip(t, a, b)
		d := Distance(a, b)
		for azimuth := Degrees(0); azimuth < 360; azimuth += 45 {
			between, _ := Direct(a, azimuth, 1e7)
			if detour := Distance(a, between) + Distance(between, b); d > detour+4e-8 {
				t.Errorf("%v to %v: %v, by way of %v %v", a, b, d, between, detour)
			}
		}
	})
}

func TestInverseDoesNotAllocate(t *testing.T) {
	a, b := Point{48.023, 37.80224}, Point{47.09514, 37.54131}
	var total Metres
	if n := testing.AllocsPerRun(100, func() { total += Distance(a, b) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkInverse(b *testing.B) {
	for _, class := range []struct {
		name string
		of   string
	}{{"Global", "random"}, {"Local", "local"}, {"NearlyOpposite", "nearly-opposite"}} {
		b.Run(class.name, func(b *testing.B) {
			pairs := benchmarkPairs(class.of)
			b.ReportAllocs()
			i := 0
			for b.Loop() {
				pair := &pairs[i%len(pairs)]
				Inverse(pair[0], pair[1])
				i++
			}
		})
	}
}
