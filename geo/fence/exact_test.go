package fence

import (
	"math"
	"math/big"
	"math/rand/v2"
	"os"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/trucewatch/truce/geo"
)

// The reference: even and odd over all edges, every side decided in rational numbers. It
// shares no code with the package.

// rationalSide is the sign of the cross product of b-a and p-a.
func rationalSide(a, b, p geo.Point) int {
	rat := func(d geo.Degrees) *big.Rat { return new(big.Rat).SetFloat64(float64(d)) }
	sub := func(x, y *big.Rat) *big.Rat { return new(big.Rat).Sub(x, y) }
	mul := func(x, y *big.Rat) *big.Rat { return new(big.Rat).Mul(x, y) }
	left := mul(sub(rat(b.Lon), rat(a.Lon)), sub(rat(p.Lat), rat(a.Lat)))
	return left.Cmp(mul(sub(rat(b.Lat), rat(a.Lat)), sub(rat(p.Lon), rat(a.Lon))))
}

// rationalHolds says whether p is in the polygons or on an edge of theirs, and whether it is
// on one.
func rationalHolds(polygons []geo.Polygon, p geo.Point) (inside, on bool) {
	for _, polygon := range polygons {
		for _, ring := range polygon {
			for i := 1; i < len(ring); i++ {
				a, b := ring[i-1], ring[i]
				if a.Lat > b.Lat {
					a, b = b, a
				}
				if p.Lat < a.Lat || p.Lat > b.Lat || p.Lon < min(a.Lon, b.Lon) {
					continue // the ray to the west misses it
				}
				if p.Lon > max(a.Lon, b.Lon) {
					if p.Lat < b.Lat {
						inside = !inside
					}
					continue
				}
				switch side := rationalSide(a, b, p); {
				case side == 0:
					return true, true
				case side < 0 && p.Lat < b.Lat: // right of an edge that goes up
					inside = !inside
				}
			}
		}
	}
	return inside, false
}

// rationalZones are the zones of a list that hold p, and whether it is on an edge of one.
func rationalZones(zones []Zone, boxes []geo.Bounds, p geo.Point, into []int32) (all []int32, on bool) {
	for i := range zones {
		if !boxes[i].Contains(p) {
			continue
		}
		inside, onThis := rationalHolds(zones[i].Polygons, p)
		if on = on || onThis; inside {
			into = append(into, int32(i))
		}
	}
	return into, on
}

func boundsOf(z *Zone) geo.Bounds {
	b := z.Polygons[0].Bounds()
	for _, p := range z.Polygons[1:] {
		b = b.Union(p.Bounds())
	}
	return b
}

// hardZones are zones that arithmetic gets wrong: with corners and edges of several zones
// in the same places, holes, islands in holes, rings that touch, slivers, edges along
// meridians and parallels, and numbers of few and of many bits.
func hardZones() []Zone {
	ring := func(xy ...float64) geo.Ring {
		var r geo.Ring
		for i := 0; i < len(xy); i += 2 {
			r = append(r, geo.Point{Lat: geo.Degrees(xy[i+1]), Lon: geo.Degrees(xy[i])})
		}
		return append(r, r[0])
	}
	zones := []Zone{
		{ID: "square", Polygons: []geo.Polygon{{ring(38, 48, 38.5, 48, 38.5, 48.5, 38, 48.5)}}},
		{ID: "beside", Polygons: []geo.Polygon{{ring(38.5, 48, 39, 48, 39, 48.5, 38.5, 48.5)}}},
		{ID: "holes", Polygons: []geo.Polygon{
			{ring(38, 48, 39, 48, 39, 49, 38, 49), ring(38.25, 48.25, 38.25, 48.75, 38.75, 48.75, 38.75, 48.25)},
			{ring(38.375, 48.375, 38.625, 48.375, 38.625, 48.625, 38.375, 48.625)},
		}},
		{ID: "touching", Polygons: []geo.Polygon{{ring(37, 47.5, 37.5, 47.5, 37.25, 48)}, {ring(37.25, 48, 37.5, 48.5, 37, 48.5)}}},
		{ID: "diamond", Polygons: []geo.Polygon{{ring(38.5, 47.75, 39.25, 48.5, 38.5, 49.25, 37.75, 48.5)}}},
		{ID: "sliver", Polygons: []geo.Polygon{{ring(36.1, 47.1, 39.7, 49.300001, 39.8, 49.7, 36.1, 47.1000004)}}},
		{ID: "decimal", Polygons: []geo.Polygon{{ring(36.1, 47.3, 36.7, 47.3, 37.3, 48.9, 36.2, 48.1)}}},
	}
	var comb geo.Ring
	for i := range 200 {
		x := 36.5 + float64(i)*.01
		comb = append(comb, geo.Point{Lat: 49.2, Lon: geo.Degrees(x)}, geo.Point{Lat: 49.9, Lon: geo.Degrees(x + .005)})
	}
	comb = append(comb, geo.Point{Lat: 49.1, Lon: 38.6}, geo.Point{Lat: 49.1, Lon: 36.5}, comb[0])
	return append(zones, Zone{ID: "comb", Polygons: []geo.Polygon{{comb}}})
}

// edgesOf are all edges of zones.
func edgesOf(zones []Zone) (edges [][2]geo.Point) {
	for _, z := range zones {
		for _, p := range z.Polygons {
			for _, r := range p {
				for i := 1; i < len(r); i++ {
					edges = append(edges, [2]geo.Point{r[i-1], r[i]})
				}
			}
		}
	}
	return edges
}

// hardPoint draws a point: every second one from the whole box, the others within a metre
// of an edge, on a corner, on an edge but for rounding or a few units in the last place, or
// at a share of it that may be exact.
func hardPoint(random *rand.Rand, i int, edges [][2]geo.Point) geo.Point {
	if i%2 == 0 {
		return geo.Point{Lat: geo.Degrees(47 + 3*random.Float64()), Lon: geo.Degrees(36 + 4*random.Float64())}
	}
	e := edges[random.IntN(len(edges))]
	along := func(t float64) geo.Point {
		return geo.Point{Lat: e[0].Lat + geo.Degrees(t)*(e[1].Lat-e[0].Lat), Lon: e[0].Lon + geo.Degrees(t)*(e[1].Lon-e[0].Lon)}
	}
	switch i / 2 % 5 {
	case 0:
		p := along(random.Float64())
		p.Lat += geo.Degrees((2*random.Float64() - 1) * 1e-5 * .7)
		p.Lon += geo.Degrees((2*random.Float64() - 1) * 1e-5)
		return p
	case 1:
		return e[0]
	case 2:
		return along(random.Float64())
	case 3:
		return along(float64(random.IntN(9)) / 8)
	}
	p := along(random.Float64())
	for range random.IntN(4) {
		p.Lat = geo.Degrees(math.Nextafter(float64(p.Lat), float64(90*(random.IntN(2)*2-1))))
		p.Lon = geo.Degrees(math.Nextafter(float64(p.Lon), float64(180*(random.IntN(2)*2-1))))
	}
	return p
}

// exactPoints is how many points each of the tests against exact arithmetic takes;
// TRUCE_FENCE_POINTS sets another number.
func exactPoints(t *testing.T, n int) int {
	if text := os.Getenv("TRUCE_FENCE_POINTS"); text != "" {
		more, err := strconv.Atoi(text)
		if err != nil {
			t.Fatal(err)
		}
		return more
	}
	return n
}

// TestZonesAreExact holds the index to rational arithmetic.
func TestZonesAreExact(t *testing.T) {
	hard := hardZones()
	for _, row := range []struct {
		name  string
		zones []Zone
	}{
		{"hard", hard},
		{"F300x32 and hard", append(workload(300, 32), hard...)},
		{"F60x500", workload(60, 500)},
	} {
		t.Run(row.name, func(t *testing.T) {
			n := exactPoints(t, 70_000)
			onEdge := differential(t, row.zones, n)
			if onEdge < int64(n)/10 {
				t.Errorf("only %d of %d points lie on an edge: the test is too easy", onEdge, n)
			}
		})
	}
}

// differential compares the index with the reference on n points and gives how many of
// them lie exactly on an edge.
func differential(t *testing.T, zones []Zone, n int) int64 {
	t.Helper()
	x := compiled(t, zones)
	boxes := make([]geo.Bounds, len(zones))
	for i := range zones {
		boxes[i] = boundsOf(&zones[i])
	}
	edges := edgesOf(zones)
	var wait sync.WaitGroup
	var wrong, onEdges atomic.Int64
	workers := runtime.GOMAXPROCS(0)
	for w := range workers {
		wait.Go(func() {
			random := rand.New(rand.NewPCG(7, uint64(w)))
			var got, want []int32
			for i := range n / workers {
				p := hardPoint(random, i, edges)
				got = x.Zones(p, got[:0])
				var on bool
				want, on = rationalZones(zones, boxes, p, want[:0])
				if !sameZones(got, want) && wrong.Add(1) <= 10 {
					t.Errorf("point %v %v: zones %v, exact arithmetic says %v", p.Lon, p.Lat, got, want)
				}
				if on {
					onEdges.Add(1)
				}
			}
		})
	}
	wait.Wait()
	t.Logf("%d points, %d of them on an edge, %d mismatches", n, onEdges.Load(), wrong.Load())
	return onEdges.Load()
}

// sameZones compares as sets; both hold each zone once.
func sameZones(a, b []int32) bool {
	if len(a) != len(b) {
		return false
	}
	for _, z := range a {
		found := false
		for _, y := range b {
			found = found || y == z
		}
		if !found {
			return false
		}
	}
	return true
}
