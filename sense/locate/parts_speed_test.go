package locate

import (
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"

	"github.com/trucewatch/truce"
)

// TestRingsSortAsAnySort: places spread evenly, on a grid with equal distances, in a heap at one
// spot, and none at all.
func TestRingsSortAsAnySort(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for _, count := range []int{0, 1, 2, 30, 400} {
		for name, distance := range map[string]func(i int) float64{
			"even": func(int) float64 { return hypot(90e3*r.Float64(), 90e3*r.Float64()) },
			"grid": func(i int) float64 { return hypot(float64(i%20-10), float64(i/20-10)) },
			"heap": func(i int) float64 { return float64(i/max(1, count-1)) * 1e6 * r.Float64() },
			"here": func(int) float64 { return 0 },
		} {
			list := make([]ranked, count)
			for i := range list {
				list[i] = ranked{distance(i), int32(i)}
			}
			r.Shuffle(count, func(i, j int) { list[i], list[j] = list[j], list[i] })
			want := slices.Clone(list)
			slices.SortFunc(want, byDistance)
			if sortRanked(list); !slices.Equal(list, want) {
				t.Errorf("%d %s: %v, want %v", count, name, list, want)
			}
		}
	}
}

// TestALookUpFindsTheFirstPick holds the buckets against going through all picks, in crowds and
// beyond both ends too.
func TestALookUpFindsTheFirstPick(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	var arrivals []Arrival
	var times []truce.Instant
	var order []int32
	for i := range 600 {
		at := truce.Instant(r.Int64N(5_000_000_000))
		if i%3 == 0 {
			at = 2_000_000_000 + truce.Instant(i)*10_000 // many in one bucket
		}
		times = append(times, at)
		arrivals = append(arrivals, Arrival{Sensor: r.IntN(4), Time: at})
		order = append(order, int32(i))
	}
	slices.SortFunc(order, func(a, b int32) int { return int(times[a] - times[b]) })
	p := newPicks(arrivals, times, order, InAir, 5)
	for channel := range int32(5) {
		for range 500 {
			at := -100 + 5300*r.Float64()
			if k := r.IntN(len(p.time)); k%2 == 0 {
				at = p.time[k]
			}
			want := p.start[channel]
			for want < p.start[channel+1] && p.time[want] < at {
				want++
			}
			if got := p.from(channel, at); got != want {
				t.Fatalf("channel %d from %g: pick %d, want %d", channel, at, got, want)
			}
		}
	}
}

func TestTwoSortedListsAreOne(t *testing.T) {
	for _, c := range [][3][]float64{
		{{1, 3, 3, 9}, {0, 3, 10}, {0, 1, 3, 3, 3, 9, 10}},
		{nil, {1, 2}, {1, 2}},
		{{1, 2}, nil, {1, 2}},
		{nil, nil, {}},
	} {
		if got := merged(c[0], c[1]); !slices.Equal(got, c[2]) {
			t.Errorf("%v and %v are %v, want %v", c[0], c[1], got, c[2])
		}
	}
}

// TestFourUnknownsAreInvertedAsAnyNumber: what is written out gives the loops' result to the bit.
func TestFourUnknownsAreInvertedAsAnyNumber(t *testing.T) {
	if runtime.GOARCH != "amd64" {
		t.Skip("here the compiler may join a product and a sum, in loops and out of them differently")
	}
	r := rand.New(rand.NewPCG(7, 8))
	for range 300 {
		var m matrix
		for range 3 + r.IntN(5) { // with three squares it cannot be inverted
			v := vector{1e-4 * r.NormFloat64(), 1e-4 * r.NormFloat64(), 1, 1e-5 * r.NormFloat64()}
			for i := range v {
				for j := range v {
					m[i][j] += v[i] * v[j]
				}
			}
		}
		inv, det, ok := m.invert4()
		want, wantDet, wantOK := m.invertAny(4)
		if ok != wantOK || ok && (inv != want || det != wantDet) {
			t.Fatalf("%v: %v %g %v, want %v %g %v", m, inv, det, ok, want, wantDet, wantOK)
		}
	}
}

// TestGroupsShareNoArrival: two hypotheses are apart only where neither may look at an arrival of
// the other's, though a fit carried one of them far from its own.
func TestGroupsShareNoArrival(t *testing.T) {
	s := &solver{picks: &picks{medium: InAir, time: []float64{1000, 1400, 2000, 2010}}, model: &model{medium: InAir}, reach: 30e3}
	at := func(t float64, members ...int32) hypothesis {
		return hypothesis{estimate: estimate{place: place{t: t}}, members: members}
	}
	for _, c := range []struct {
		name string
		all  []hypothesis
		want int
	}{
		{"none", nil, 0},
		{"far apart", []hypothesis{at(1990, 2, 3), at(990, 0)}, 2},
		{"within hearing", []hypothesis{at(1300, 1), at(1395, 1)}, 1},
		{"carried away before its arrivals", []hypothesis{at(1700, 2, 3), at(1995, 2, 3)}, 1},
		{"carried away behind them", []hypothesis{at(1390, 1), at(1990, 1, 2)}, 1},
	} {
		if got := s.groups(c.all); len(got) != c.want {
			t.Errorf("%s: %d groups, want %d", c.name, len(got), c.want)
		}
	}
}
