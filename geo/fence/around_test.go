package fence

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/trucewatch/truce/geo"
)

// TestAroundKeepsItsPromise holds what Around says against the distance to the edges of
// each zone: all of the ground is in what is whole, and none in what is not listed.
func TestAroundKeepsItsPromise(t *testing.T) {
	random := rand.New(rand.NewPCG(11, 3))
	for name, zones := range map[string][]Zone{"small": workload(150, 32), "torn": tornZones(), "hard": hardZones()} {
		x := compiled(t, zones)
		whole, open := 0, 0
		for range 2000 {
			p := somewhereIn(x, random)
			within := geo.Metres(math.Pow(10, 5*random.Float64()))
			found := x.Around(p, within, nil)
			if !slices.IsSortedFunc(found, func(a, b Reach) int { return int(a.Zone - b.Zone) }) {
				t.Fatalf("%s: %v is not in rising order", name, found)
			}
			for z := range zones {
				area := x.Area(int32(z))
				i := slices.IndexFunc(found, func(r Reach) bool { return r.Zone == int32(z) })
				if i >= 0 && !found[i].Whole {
					open++
					continue
				}
				if i >= 0 {
					whole++
				}
				if in := area.Contains(p); in != (i >= 0) {
					t.Fatalf("%s: zone %d at %v within %.0f m: listed %t, the point inside %t", name, z, p, within, i >= 0, in)
				}
				if d := area.BoundaryDistance(p); d < within*(1-1e-9) {
					t.Fatalf("%s: zone %d at %v within %.0f m: settled, and an edge at %.0f m", name, z, p, within, d)
				}
			}
		}
		if whole < 50 || open < 50 {
			t.Errorf("%s: %d whole, %d open: the test shows nothing", name, whole, open)
		}
	}
}

// somewhereIn is a point in the box of an index or a little beside it; one in four lies at
// the antimeridian.
func somewhereIn(x *Index, random *rand.Rand) geo.Point {
	lon := x.box.west - .2 + (x.box.east-x.box.west+.4)*random.Float64()
	lat := x.box.south - .2 + (x.box.north-x.box.south+.4)*random.Float64()
	if x.box.east-x.box.west > 300 && random.IntN(4) == 0 {
		lon = 180 - .02*random.Float64()
		if random.IntN(2) == 0 {
			lon = -lon
		}
	}
	return at(min(max(lon, -180), 180), min(max(lat, -90), 90))
}

// TestAroundSettlesWhatIsClear: an edge that is far away leaves nothing open, or the index
// would save no work.
func TestAroundSettlesWhatIsClear(t *testing.T) {
	x := compiled(t, workload(1000, 32))
	open, asked := 0, 0
	for _, p := range places(3000) {
		for _, r := range x.Around(p, 200, nil) {
			asked++
			if !r.Whole && x.Area(r.Zone).BoundaryDistance(p) > 2000 {
				open++
			}
		}
	}
	if asked < 1000 || open*20 > asked {
		t.Errorf("%d of %d zones are left open though their edges are 2 km away", open, asked)
	}
}

func TestAroundAPointIsExact(t *testing.T) {
	zones := hardZones()
	x := compiled(t, zones)
	random := rand.New(rand.NewPCG(5, 5))
	edges := edgesOf(zones)
	for i := range 20_000 {
		p := hardPoint(random, i, edges)
		want := x.Zones(p, nil)
		slices.Sort(want)
		got := x.Around(p, 0, nil)
		if len(got) != len(want) {
			t.Fatalf("%v: %v, want %v", p, got, want)
		}
		for k := range got {
			if got[k] != (Reach{want[k], true}) {
				t.Fatalf("%v: %v, want %v", p, got, want)
			}
		}
	}
}

func TestAroundNothing(t *testing.T) {
	x := compiled(t, hardZones())
	nan := geo.Metres(math.NaN())
	for _, row := range []struct {
		p      geo.Point
		within geo.Metres
	}{{at(200, 0), 10}, {at(math.NaN(), 0), 10}, {at(38, 48), nan}, {at(38, 48), -1}} {
		if got := x.Around(row.p, row.within, nil); got != nil {
			t.Errorf("%v within %v: %v", row.p, row.within, got)
		}
	}
	if got := compiled(t, nil).Around(at(38, 48), 1000, nil); got != nil {
		t.Errorf("no zones: %v", got)
	}
}

// BenchmarkFenceAround asks which of 1,000 zones the ground about a point may lie in.
func BenchmarkFenceAround(b *testing.B) {
	x := compiled(b, workload(1000, 32))
	points := places(1 << 14)
	b.ReportAllocs()
	var room [64]Reach
	for i := 0; b.Loop(); i++ {
		x.Around(points[i&(1<<14-1)], 500, room[:0])
	}
}
