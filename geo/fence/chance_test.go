package fence

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/trucewatch/truce/geo"
)

// drawn gives the shares of n places, drawn where a position may be, that the zones hold.
func drawn(x *Index, pos geo.Position, n int, seed uint64) []float64 {
	random := rand.New(rand.NewPCG(seed, 5))
	plane := geo.NewPlane(pos.Point)
	e := pos.Error.Ellipse()
	sin, cos := math.Sincos(float64(e.Strike) * math.Pi / 180)
	counts := make([]float64, x.Len())
	var zones []int32
	for range n {
		along, across := float64(e.Major)*random.NormFloat64(), float64(e.Minor)*random.NormFloat64()
		p := plane.From(geo.Metres(along*sin+across*cos), geo.Metres(along*cos-across*sin))
		zones = x.Zones(p, zones[:0])
		for _, z := range zones {
			counts[z]++
		}
	}
	for i := range counts {
		counts[i] /= float64(n)
	}
	return counts
}

// given are the probabilities that the index says, by zone.
func given(x *Index, pos geo.Position, accuracy geo.Metres) []float64 {
	out := make([]float64, x.Len())
	last := int32(-1)
	for _, c := range x.Chances(pos, accuracy, nil) {
		if c.Zone <= last {
			panic("zones out of order")
		}
		last, out[c.Zone] = c.Zone, c.P
	}
	return out
}

func ellipseAt(p geo.Point, major, minor geo.Metres, strike geo.Degrees) geo.Position {
	return geo.Position{Point: p, Error: geo.FromEllipse(geo.Ellipse{Major: major, Minor: minor, Strike: strike})}
}

// TestChancesMatchSampling draws a million places for each of positions of every size, in
// the open, on edges and on corners, and in places where maps are torn.
func TestChancesMatchSampling(t *testing.T) {
	x := compiled(t, append(workload(300, 32), hardZones()...))
	torn, sizes := compiled(t, tornZones()), compiled(t, zonesOfAllSizes())
	corner := x.zones[3].Polygons[0][0][7]
	rows := []struct {
		name string
		x    *Index
		pos  geo.Position
	}{
		{"exact arms", x, ellipseAt(corner, 3, 3, 0)},
		{"on a corner", x, ellipseAt(corner, 150, 150, 0)},
		{"on a corner, town", x, ellipseAt(corner, 1400, 1400, 0)},
		{"on a corner, slim", x, ellipseAt(corner, 900, 60, 37)},
		{"far and wide", x, ellipseAt(geo.Point{Lat: 48.3, Lon: 38.1}, 12_000, 7000, 120)},
		{"a metre", x, ellipseAt(corner, 1, 1, 0)},
		{"country", x, ellipseAt(geo.Point{Lat: 48.6, Lon: 38.4}, 50_000, 50_000, 0)},
		{"slim country", x, ellipseAt(geo.Point{Lat: 48.5, Lon: 38.5}, 50_000, 4000, 70)},
		{"ring in a ring", sizes, ellipseAt(geo.Point{Lat: 48.4005, Lon: 38.1}, 60, 45, 10)},
		{"ragged edges", sizes, ellipseAt(sizes.zones[50].Polygons[0][0][99], 1100, 1100, 0)},
		{"region", x, ellipseAt(geo.Point{Lat: 48.6, Lon: 38.4}, 40_000, 30_000, 20)},
		{"middle of an edge", x, ellipseAt(geo.Point{Lat: 48.25, Lon: 38.5}, 500, 300, 80)},
		{"corner where four meet", x, ellipseAt(geo.Point{Lat: 48.5, Lon: 38.5}, 700, 700, 0)},
		{"a line of an ellipse", x, ellipseAt(geo.Point{Lat: 48.5, Lon: 38.49}, 2000, 0, 65)},
		{"teeth of a comb", x, ellipseAt(geo.Point{Lat: 49.6, Lon: 37.4}, 250, 200, 5)},
		{"antimeridian", torn, ellipseAt(geo.Point{Lat: 10, Lon: 179.999}, 800, 500, 30)},
		{"antimeridian, other side", torn, ellipseAt(geo.Point{Lat: 10.5, Lon: -179.99}, 3000, 2000, 30)},
		{"on the antimeridian", torn, ellipseAt(geo.Point{Lat: 10.5, Lon: -180}, 30_000, 20_000, 150)},
		{"polar", torn, ellipseAt(geo.Point{Lat: 85.01, Lon: 20}, 900, 900, 0)},
		{"nearly at the pole", torn, ellipseAt(geo.Point{Lat: 89.9, Lon: 0}, 5000, 5000, 0)},
	}
	n := 1_000_000
	if testing.Short() {
		n = 100_000
	}
	for i, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			want, got := drawn(row.x, row.pos, n, uint64(i)), given(row.x, row.pos, 0)
			worst := 0.
			for z := range want {
				if want[z] > .002 || got[z] > 0 {
					worst = max(worst, math.Abs(got[z]-want[z]))
				}
			}
			t.Logf("worst difference %.4f", worst)
			if worst > .005 {
				t.Errorf("differs by %.4f from %d samples: %v against %v", worst, n, got, want)
			}
		})
	}
}

// tornZones are zones cut at the antimeridian and around a pole.
func tornZones() []Zone {
	rect := func(w, s, e, n float64) geo.Polygon {
		at := func(x, y float64) geo.Point { return geo.Point{Lat: geo.Degrees(y), Lon: geo.Degrees(x)} }
		return geo.Polygon{{at(w, s), at(e, s), at(e, n), at(w, n), at(w, s)}}
	}
	return []Zone{
		{ID: "across", Polygons: []geo.Polygon{rect(179.98, 10, 180, 11), rect(-180, 10, -179.97, 11)}},
		{ID: "east", Polygons: []geo.Polygon{rect(179.9, 9.9, 180, 10.2)}},
		{ID: "cap", Polygons: []geo.Polygon{{{
			{Lat: 85, Lon: -180}, {Lat: 85, Lon: -60}, {Lat: 85, Lon: 60}, {Lat: 85, Lon: 180}, {Lat: 90, Lon: 180}, {Lat: 90, Lon: 0}, {Lat: 90, Lon: -180}, {Lat: 85, Lon: -180}}}}},
	}
}

// TestChancesMatchGeo holds the fast way to package geo's own integration.
func TestChancesMatchGeo(t *testing.T) {
	x := compiled(t, append(workload(200, 32), hardZones()...))
	random := rand.New(rand.NewPCG(3, 3))
	edges := edgesOf(x.zones)
	worst := 0.
	for i := range 3000 {
		p := hardPoint(random, i, edges)
		major := geo.Metres(math.Exp(math.Log(2) + random.Float64()*math.Log(5000)))
		pos := ellipseAt(p, major, major*geo.Metres(.05+.95*random.Float64()), geo.Degrees(180*random.Float64()))
		accuracy := geo.Metres(0)
		if i%3 == 0 {
			accuracy = major / 2
		}
		got := given(x, pos, accuracy)
		for z := range got {
			want := x.Area(int32(z)).Probability(pos, accuracy)
			if d := math.Abs(got[z] - want); d > max(worst, .001) && (got[z] > 0 || want > .002) {
				worst = d
				if d > .006 {
					t.Errorf("%v, zone %s: %v, package geo says %v", pos, x.ID(int32(z)), got[z], want)
				}
			}
		}
	}
	t.Logf("worst difference %.4f", worst)
}
