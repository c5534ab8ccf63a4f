package fence

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/trucewatch/truce/geo"
)

func TestZonesOfTornMaps(t *testing.T) {
	x := compiled(t, tornZones())
	for _, row := range []struct {
		name string
		p    geo.Point
		want string
	}{
		{"east of the antimeridian", at(-179.99, 10.5), "across"},
		{"west of it", at(179.99, 10.5), "across"},
		{"on it", at(180, 10.5), "across"},
		{"on it, said otherwise", at(-180, 10.5), "across"},
		{"on it, in two", at(-180, 10.1), "across east"},
		{"beside both", at(179.89, 10.1), ""},
		{"on the cap's edge", at(-60, 85), "cap"},
		{"on the cap's seam", at(-180, 87), "cap"},
		{"the pole", at(33, 90), "cap"},
		{"the other pole", at(33, -90), ""},
		{"no place", at(math.NaN(), 10), ""},
		{"beyond the earth", at(181, 10), ""},
		{"beyond the pole", at(0, 91), ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			if got := named(x, x.Zones(row.p, nil)); got != row.want {
				t.Errorf("zones %q, want %q", got, row.want)
			}
		})
	}
}

func named(x *Index, zones []int32) string {
	var ids []string
	for _, z := range zones {
		ids = append(ids, x.ID(z))
	}
	return strings.Join(ids, " ")
}

func TestNoZones(t *testing.T) {
	x := compiled(t, nil)
	p := at(30, 48)
	if x.Len() != 0 || len(x.Zones(p, nil)) != 0 || len(x.Near(p, 1e6, nil)) != 0 || len(x.Chances(ellipseAt(p, 5, 5, 0), 0, nil)) != 0 ||
		len(x.Zones(at(180, 90), nil)) != 0 || len(x.Chances(ellipseAt(p, 5e5, 5, 0), 0, nil)) != 0 {
		t.Error("an index of no zones finds some")
	}
}

func TestAppendsAndDoesNotAllocate(t *testing.T) {
	x := compiled(t, append(workload(100, 32), hardZones()...))
	if got := x.Zones(at(38.25, 48.25), []int32{-7}); len(got) < 3 || got[0] != -7 {
		t.Errorf("appended to %v", got)
	}
	into, chances := make([]int32, 0, 128), make([]Chance, 0, 128)
	points := places(1000)
	if n := testing.AllocsPerRun(5, func() {
		for _, p := range points {
			into = x.Zones(p, into[:0])
			into = x.Near(p, 5000, into[:0])
			chances = x.Chances(geo.Position{Point: p, Error: geo.Isotropic(200)}, 0, chances[:0])
		}
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// TestNearLeavesNothingOut holds that every zone that is within a distance, or is touched by
// an error, is among those to look at.
func TestNearLeavesNothingOut(t *testing.T) {
	hard := append(hardZones(), tornZones()...)
	x := compiled(t, hard)
	rapid.Check(t, func(t *rapid.T) {
		p := at(rapid.Float64Range(35, 41).Draw(t, "lon"), rapid.Float64Range(46, 51).Draw(t, "lat"))
		if rapid.Bool().Draw(t, "torn") {
			p = at(rapid.SampledFrom([]float64{-180, -179.9, 179, 180, 20}).Draw(t, "lon"), rapid.Float64Range(9, 90).Draw(t, "lat"))
		}
		within := geo.Metres(math.Pow(10, rapid.Float64Range(0, 6).Draw(t, "log metres")))
		near := map[int32]bool{}
		for _, z := range x.Near(p, within, nil) {
			near[z] = true
		}
		for z := range int32(x.Len()) {
			if d := x.Area(z).DistanceTo(p); d < within && !near[z] {
				t.Errorf("zone %s is %v m from %v and not among those within %v", x.ID(z), d, p, within)
			}
		}
	})
}

// TestChancesAddUp holds that zones that share an edge hold together what their union holds,
// and that no probability leaves [0, 1].
func TestChancesAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cut := rapid.Float64Range(30.001, 30.999).Draw(t, "cut")
		lean := rapid.Float64Range(-.0009, .0009).Draw(t, "lean")
		ring := func(r ...geo.Point) []geo.Polygon { return []geo.Polygon{{append(r, r[0])}} }
		x, err := Compile([]Zone{
			{ID: "west", Polygons: ring(at(30, 48), at(cut+lean, 48), at(cut-lean, 49), at(30, 49))},
			{ID: "east", Polygons: ring(at(cut+lean, 48), at(31, 48), at(31, 49), at(cut-lean, 49))},
			{ID: "both", Polygons: ring(at(30, 48), at(31, 48), at(31, 49), at(30, 49))},
		})
		if err != nil {
			t.Fatal(err)
		}
		major := geo.Metres(math.Pow(10, rapid.Float64Range(0, 4.5).Draw(t, "log metres")))
		pos := ellipseAt(at(rapid.Float64Range(29.9, 31.1).Draw(t, "lon"), rapid.Float64Range(47.9, 49.1).Draw(t, "lat")), major,
			major*geo.Metres(rapid.Float64Range(.01, 1).Draw(t, "slim")), geo.Degrees(rapid.Float64Range(0, 180).Draw(t, "strike")))
		p := given(x, pos, 0)
		if d := p[0] + p[1] - p[2]; math.Abs(d) > .004 {
			t.Errorf("%v and %v make %v", p[0], p[1], p[2])
		}
		for _, q := range p {
			if !(q >= 0 && q <= 1) {
				t.Errorf("probability %v", q)
			}
		}
	})
}

// TestChancesOfAFootprint leaves pixels to package geo.
func TestChancesOfAFootprint(t *testing.T) {
	x := compiled(t, hardZones())
	f := geo.Footprint{Scan: 400, Track: 600, Azimuth: 12}
	pos := geo.Position{Point: at(38.5, 48.25), Error: f.Covariance(), Footprint: &f}
	got := given(x, pos, 100)
	for z := range got {
		if want := x.Area(int32(z)).Probability(pos, 100); got[z] != want && want > LeastChance {
			t.Errorf("zone %s: %v, package geo says %v", x.ID(int32(z)), got[z], want)
		}
	}
	if math.Abs(got[0]-.5) > .01 {
		t.Errorf("half a pixel is in the square with %v", got[0])
	}
}

func TestChancesThatMeanNothing(t *testing.T) {
	x := compiled(t, hardZones())
	p := at(38.25, 48.25)
	for name, pos := range map[string]geo.Position{
		"no place":       {Point: at(math.NaN(), 0)},
		"no error":       {Point: p, Error: geo.Covariance{EE: math.NaN()}},
		"infinite error": {Point: p, Error: geo.Covariance{EE: math.Inf(1)}},
		"negative error": {Point: p, Error: geo.Covariance{EE: -1, NN: 3}},
	} {
		if got := x.Chances(pos, 0, nil); len(got) != 0 {
			t.Errorf("%s: %v", name, got)
		}
	}
	if got := x.Chances(geo.Position{Point: p}, 0, nil); len(got) < 2 || got[0].P != 1 {
		t.Errorf("an exact position: %v", got)
	}
}

// TestMemoryIsBounded compiles zones made to fill it: a comb of edges as long as the map,
// and zones each within the next.
func TestMemoryIsBounded(t *testing.T) {
	comb := geo.Ring{}
	for i := range 20_000 {
		comb = append(comb, at(36+float64(i)*1e-4, 40), at(36+float64(i)*1e-4+4e-5, 50))
	}
	comb = append(comb, at(38.5, 39), at(35.5, 39), at(35.5, 40))
	nested := make([]Zone, 3000)
	for i := range nested {
		r := 1 + float64(i)*1e-3
		nested[i] = Zone{ID: fmt.Sprint(i), Polygons: []geo.Polygon{{{{Lat: 48, Lon: geo.Degrees(37 - r)}, {Lat: geo.Degrees(48 - r), Lon: 37},
			{Lat: 48, Lon: geo.Degrees(37 + r)}, {Lat: geo.Degrees(48 + r), Lon: 37}, {Lat: 48, Lon: geo.Degrees(37 - r)}}}}}
	}
	for name, zones := range map[string][]Zone{
		"comb":   {{ID: "comb", Polygons: []geo.Polygon{{append(comb, comb[0])}}}},
		"nested": nested,
	} {
		x := compiled(t, zones)
		corners := len(x.shapes.corners)
		t.Logf("%s: %d bytes for each of %d corners", name, x.Bytes()/corners, corners)
		if x.Bytes() > 600*corners {
			t.Errorf("%s: %d bytes for %d corners", name, x.Bytes(), corners)
		}
		differential(t, zones[:min(len(zones), 50)], 2000)
		if name == "nested" {
			if got := x.Zones(at(37, 48), nil); len(got) != len(nested) {
				t.Errorf("in the middle of all: %d zones", len(got))
			}
			if got := x.Zones(at(37+2.5, 48), nil); len(got) != 1500 {
				t.Errorf("on the edge of the 1500th from outside: %d zones", len(got))
			}
		}
	}
}

func TestBoundsAreRefused(t *testing.T) {
	var invalid *geo.InvalidError
	circle := geo.Ring{}
	for i := range 50_000 {
		sin, cos := math.Sincos(2 * math.Pi * float64(i) / 50_000)
		circle = append(circle, at(37+cos, 48+sin))
	}
	circle = append(circle, circle[0])
	zones := make([]Zone, 80)
	for i := range zones {
		zones[i] = Zone{ID: fmt.Sprint(i), Polygons: []geo.Polygon{{circle}}, checked: true}
	}
	if _, err := Compile(zones); !errors.As(err, &invalid) || invalid.Feature != "79" || !strings.Contains(err.Error(), "more than 4000000 corners") {
		t.Errorf("4,000,080 corners: %v", err)
	}
	if _, err := Compile(make([]Zone, MaxZones+1)); !errors.As(err, &invalid) || !strings.Contains(err.Error(), "more than 4194304 zones") {
		t.Errorf("too many zones: %v", err)
	}
}

func TestZoneOfAnArea(t *testing.T) {
	area, err := geo.NewArea("square", hardZones()[0].Polygons)
	if err != nil {
		t.Fatal(err)
	}
	x := compiled(t, []Zone{ZoneOf("Q", area)})
	if got := named(x, x.Zones(at(38.5, 48.5), nil)); got != "Q" {
		t.Errorf("the corner is in %q", got)
	}
	if x.Area(0).SquareMetres() != area.SquareMetres() {
		t.Error("the area is another")
	}
}

// FuzzTurn holds the predicate to rational arithmetic.
func FuzzTurn(f *testing.F) {
	f.Add(36.1, 47.3, 36.7, 47.3, 36.4, 47.3)
	f.Add(.1, .1, .3, .3, .2, .2)
	f.Add(1e-300, 0., 0., 1e-300, 1e-310, 1e-320)
	f.Add(-180., -90., 180., 90., 1e-17, 5e-18)
	f.Fuzz(func(t *testing.T, ax, ay, bx, by, cx, cy float64) {
		for _, v := range []float64{ax, ay, bx, by, cx, cy} {
			if !(math.Abs(v) <= 360) {
				return
			}
		}
		want := rationalSide(at(ax, ay), at(bx, by), at(cx, cy))
		if got := turn(vertex{ax, ay}, vertex{bx, by}, vertex{cx, cy}); got != want {
			t.Errorf("turn %v %v, %v %v, %v %v is %d, exactly %d", ax, ay, bx, by, cx, cy, got, want)
		}
		if got := exactTurn(vertex{ax, ay}, vertex{bx, by}, vertex{cx, cy}); got != want {
			t.Errorf("without rounding %v %v, %v %v, %v %v is %d, exactly %d", ax, ay, bx, by, cx, cy, got, want)
		}
	})
}

// TestTurnBesideLines tries places a few units in the last place from lines.
func TestTurnBesideLines(t *testing.T) {
	random := rand.New(rand.NewPCG(9, 9))
	for range 20_000 {
		a, b := at(360*random.Float64()-180, 180*random.Float64()-90), at(360*random.Float64()-180, 180*random.Float64()-90)
		p := hardPoint(random, 9, [][2]geo.Point{{a, b}})
		if got, want := turn(vertexOf(a), vertexOf(b), vertexOf(p)), rationalSide(a, b, p); got != want {
			t.Fatalf("%v %v %v: %d, exactly %d", a, b, p, got, want)
		}
	}
}

// FuzzZones holds the index of two zones to rational arithmetic, at a point and at every
// corner and middle of an edge.
func FuzzZones(f *testing.F) {
	f.Add(30., 48., 31., 48., 31., 49., 30.5, 48.2, 30., 48.)
	f.Add(30., 48., 30.1, 48.0000003, 31., 48.000003, 30.05, 48.1, 30.05, 48.00000015)
	f.Add(-180., -90., 180., -90., 180., 90., 0., 0., 1., 1.)
	f.Fuzz(func(t *testing.T, ax, ay, bx, by, cx, cy, dx, dy, px, py float64) {
		one := geo.Ring{at(ax, ay), at(bx, by), at(cx, cy), at(ax, ay)}
		two := geo.Ring{at(ax, ay), at(bx, by), at(dx, dy), at(ax, ay)}
		zones := []Zone{{ID: "one", Polygons: []geo.Polygon{{one}}}, {ID: "two", Polygons: []geo.Polygon{{two}}}}
		x, err := Compile(zones)
		if err != nil {
			return
		}
		boxes := []geo.Bounds{boundsOf(&zones[0]), boundsOf(&zones[1])}
		points := []geo.Point{at(px, py)}
		for _, e := range edgesOf(zones) {
			points = append(points, e[0], between(e[0], e[1], .5))
		}
		for _, p := range points {
			if math.Abs(float64(p.Lon)) == 180 || math.Abs(float64(p.Lat)) == 90 || !p.Valid() {
				continue // one place with several names
			}
			want, _ := rationalZones(zones, boxes, p, nil)
			if got := x.Zones(p, nil); !sameZones(got, want) {
				t.Errorf("point %v %v: zones %v, exact arithmetic says %v", p.Lon, p.Lat, got, want)
			}
		}
	})
}
