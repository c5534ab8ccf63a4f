package fence

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/trucewatch/truce/geo"
)

func at(lon, lat float64) geo.Point { return geo.Point{Lat: geo.Degrees(lat), Lon: geo.Degrees(lon)} }

func lineOf(t testing.TB, parts ...[]geo.Point) *Line {
	t.Helper()
	l, err := NewLine("line", parts...)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestSides(t *testing.T) {
	east := []geo.Point{at(30, 48), at(31, 48)}
	corner := []geo.Point{at(30, 48), at(31, 48), at(31, 49)}
	sharp := []geo.Point{at(30, 48), at(31, 48), at(30, 48.1)}
	seam := [][]geo.Point{{at(179, 10), at(180, 10)}, {at(-180, 10), at(-179, 10)}}
	ring := []geo.Point{at(30, 48), at(31, 48), at(31, 49), at(30, 49), at(30, 48)}
	for _, row := range []struct {
		name  string
		parts [][]geo.Point
		p     geo.Point
		side  geo.Side
		about geo.Metres
	}{
		{"on it", [][]geo.Point{east}, at(30.3, 48), geo.On, 0},
		{"at its start", [][]geo.Point{east}, at(30, 48), geo.On, 0},
		{"at its end", [][]geo.Point{east}, at(31, 48), geo.On, 0},
		{"a hair north", [][]geo.Point{east}, at(30.3, math.Nextafter(48, 90)), geo.Left, 0},
		{"a hair south", [][]geo.Point{east}, at(30.3, math.Nextafter(48, 0)), geo.Right, 0},
		{"half a metre south", [][]geo.Point{east}, at(30.3, 48-4.5e-6), geo.Right, .5},
		{"north", [][]geo.Point{east}, at(30.3, 48.1), geo.Left, 11_120},
		{"far past the end on the parallel", [][]geo.Point{east}, at(33, 48), geo.On, 149_000},
		{"past the end above the parallel", [][]geo.Point{east}, at(33, 48.0001), geo.Left, 149_000},
		{"past the end below the parallel", [][]geo.Point{east}, at(33, 47.9999), geo.Right, 149_000},
		{"before the start on the parallel", [][]geo.Point{east}, at(29, 48), geo.On, 74_500},
		{"just past the end", [][]geo.Point{east}, at(31+1e-6, 48), geo.On, .07},
		{"outside a corner", [][]geo.Point{corner}, at(31.01, 47.99), geo.Right, 1340},
		{"just outside a corner", [][]geo.Point{corner}, at(31+1e-6, 48-1e-6), geo.Right, .13},
		{"just inside a corner", [][]geo.Point{corner}, at(31-2e-6, 48+1e-6), geo.Left, .11},
		{"behind a sharp corner, below", [][]geo.Point{sharp}, at(31.1, 48), geo.Right, 7450},
		{"behind a sharp corner, above", [][]geo.Point{sharp}, at(31.1, 47.9905), geo.Right, 7530},
		{"inside a sharp corner", [][]geo.Point{sharp}, at(30.9, 48.005), geo.Left, 550},
		{"across the antimeridian", seam, at(-179.5, 10.1), geo.Left, 11_060},
		{"at the antimeridian", seam, at(-180, 10), geo.On, 0},
		{"at the antimeridian, otherwise said", seam, at(180, 10), geo.On, 0},
		{"beside it there", seam[:1], at(-180, 10.000001), geo.Left, .11},
		{"past an end there", seam[:1], at(-179.9, 10), geo.On, 10_960},
		{"inside a ring", [][]geo.Point{ring}, at(30.001, 48.001), geo.Left, 74},
		{"outside the ring's first corner", [][]geo.Point{ring}, at(29.999, 47.999), geo.Right, 134},
		{"just outside it", [][]geo.Point{ring}, at(30-1e-7, 48-1e-7), geo.Right, .013},
	} {
		t.Run(row.name, func(t *testing.T) {
			d, side := lineOf(t, row.parts...).Nearest(row.p)
			if side != row.side || math.Abs(float64(d-row.about)) > max(.02, .01*float64(row.about)) {
				t.Errorf("%v m %v, want about %v m %v", d, side, row.about, row.side)
			}
		})
	}
}

// TestSidesNearEdgesAreExact puts points within a metre of the middles of edges, many of them
// a few units in the last place away, and asks rational arithmetic for the side.
func TestSidesNearEdgesAreExact(t *testing.T) {
	random := rand.New(rand.NewPCG(11, 1))
	var chain []geo.Point
	for i := range 200 {
		chain = append(chain, at(36+.02*float64(i)+.005*random.Float64(), 48+.01*random.Float64()))
	}
	l := lineOf(t, chain)
	want := map[int]geo.Side{1: geo.Left, 0: geo.On, -1: geo.Right}
	seen := map[geo.Side]int{}
	for i := range exactPoints(t, 20_000) {
		k := random.IntN(len(chain) - 1)
		a, b := chain[k], chain[k+1]
		share := .2 + .6*random.Float64()
		p := at(float64(a.Lon)+share*float64(b.Lon-a.Lon), float64(a.Lat)+share*float64(b.Lat-a.Lat))
		switch i % 4 {
		case 0:
			p.Lat += geo.Degrees(1e-5 * (random.Float64() - .5))
		case 1:
			p.Lat = geo.Degrees(math.Nextafter(float64(p.Lat), 90*float64(random.IntN(3)-1)))
		case 2:
			p = at(float64(a.Lon+b.Lon)/2, float64(a.Lat+b.Lat)/2)
		}
		d, side := l.Nearest(p)
		if exact := want[rationalSide(a, b, p)]; side != exact {
			t.Fatalf("point %v %v of edge %v %v: %v, exact arithmetic says %v", p.Lon, p.Lat, a, b, side, exact)
		}
		if side == geo.On && d != 0 || d > 2 { // a distance may round to 0 where the side does not
			t.Fatalf("%v at %v m", side, d)
		}
		seen[side]++
	}
	for side, n := range seen {
		if n < 100 {
			t.Errorf("only %d points %v: the test is too easy", n, side)
		}
	}
}

// TestDistancesMatchSearch looks for the nearest place by walking along the edges with
// geodesics, over lines with edges from 10 m to 2000 km.
func TestDistancesMatchSearch(t *testing.T) {
	random := rand.New(rand.NewPCG(12, 1))
	for _, step := range []float64{1e-4, .01, .5, 10, 20} {
		chain := []geo.Point{at(30, 50)}
		for len(chain) < 6 {
			last := chain[len(chain)-1]
			chain = append(chain, at(float64(last.Lon)+step*(.3+random.Float64()), float64(last.Lat)+step*(random.Float64()-.6)))
		}
		l := lineOf(t, chain)
		for range 40 {
			near := chain[random.IntN(len(chain))]
			reach := step * math.Pow(.001, random.Float64())
			p := at(float64(near.Lon)+reach*random.NormFloat64(), min(89, float64(near.Lat)+reach*random.NormFloat64()))
			got, side := l.Nearest(p)
			want, foot, edge := searched(chain, p)
			if math.Abs(float64(got-want)) > .1 {
				t.Errorf("step %v, %v: %v m, the search finds %v m", step, p, got, want)
			}
			if expected, clear := seenFrom(chain, edge, foot, p); clear && side != expected {
				t.Errorf("step %v, %v at %v m: %v, seen from the nearest place it is %v", step, p, got, side, expected)
			}
		}
	}
}

// searched walks along every edge and narrows down the nearest place by halving the step.
func searched(chain []geo.Point, p geo.Point) (least geo.Metres, foot, edge float64) {
	least = geo.Metres(math.Inf(1))
	for i := 1; i < len(chain); i++ {
		a, b := chain[i-1], chain[i]
		distance := func(s float64) geo.Metres { return geo.Distance(p, between(a, b, s)) }
		best, step := 0., 1./256
		for s := 0.; s <= 1; s += step {
			if distance(s) < distance(best) {
				best = s
			}
		}
		for ; step > 1e-12; step /= 2 {
			for _, s := range [2]float64{best - step, best + step} {
				if s >= 0 && s <= 1 && distance(s) < distance(best) {
					best = s
				}
			}
		}
		if d := distance(best); d < least {
			least, foot, edge = d, best, float64(i-1)
		}
	}
	return least, foot, edge
}

func between(a, b geo.Point, s float64) geo.Point {
	return at(float64(a.Lon)+s*float64(b.Lon-a.Lon), float64(a.Lat)+s*float64(b.Lat-a.Lat))
}

// seenFrom is the side of p by the azimuths at a foot in the middle of an edge.
func seenFrom(chain []geo.Point, edge, foot float64, p geo.Point) (side geo.Side, clear bool) {
	if foot < .01 || foot > .99 {
		return geo.On, false
	}
	a, b := chain[int(edge)], chain[int(edge)+1]
	from := between(a, b, foot)
	_, ahead, _ := geo.Inverse(from, between(a, b, foot+1e-6))
	d, aside, _ := geo.Inverse(from, p)
	if math.Sin(float64(aside-ahead)*math.Pi/180) > 0 {
		return geo.Right, d > .01
	}
	return geo.Left, d > .01
}

func TestLineRefusesWhatGeoRefuses(t *testing.T) {
	var invalid *geo.InvalidError
	if _, err := NewLine("L", []geo.Point{at(30, 48), at(30, 148)}); !errors.As(err, &invalid) || invalid.Vertex != 1 {
		t.Errorf("a latitude of 148: %v", err)
	}
	if _, err := NewLine("L"); !errors.As(err, &invalid) {
		t.Errorf("no parts: %v", err)
	}
	if d, _ := lineOf(t, []geo.Point{at(30, 48), at(31, 48)}).Nearest(at(math.NaN(), 3)); !math.IsNaN(float64(d)) {
		t.Errorf("no position is %v m away", d)
	}
}
