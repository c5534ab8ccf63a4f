package fuse

import (
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/internal/num"
)

// busy is one crowded week: n events in and around three towns, of instruments, people,
// copies, plants and capitals, so that most pairs are beyond hope and some are not.
func busy(n int, seed uint64) []truce.Event {
	r := rand.New(rand.NewPCG(seed, 8))
	out := scattered(n, seed)
	for i := range out {
		e := &out[i]
		town := r.IntN(3)
		e.Position.Point = geo.Point{Lat: geo.Degrees(48 + 0.3*float64(town) + 0.03*r.NormFloat64()), Lon: geo.Degrees(36 + 0.05*r.NormFloat64())}
		e.Origin.From = out[0].Origin.From.Add(time.Duration(r.Float64() * 7 * 24 * float64(time.Hour)))
		e.Origin.To = e.Origin.From.Add(time.Duration(r.IntN(4)) * 8 * time.Hour)
		e.Score = r.Float64()
		switch r.IntN(6) {
		case 0:
			e.Kind, e.Origin.To = truce.ActHeat, e.Origin.From
			e.Support[0] = truce.Support{Source: "firms", Family: truce.FamilyThermal}
			if r.IntN(3) == 0 {
				e.Labels = []truce.Label{truce.LabelRecurringHeat}
			}
		case 1:
			e.Support[0] = truce.Support{Source: e.Support[0].Source, Family: truce.FamilyMedia, Group: fmt.Sprint("wire", r.IntN(5))}
		case 2:
			e.Labels = []truce.Label{truce.LabelCapitalPoint}
		}
	}
	return out
}

// looker says which of two items looks at the other, as the shelves have it.
func looker(f *Fuser, i, j int) (int, int) {
	if a, b := levels(&f.items[i])[0], levels(&f.items[j])[0]; b < a || a == b && j < i {
		return j, i
	}
	return i, j
}

// allPairs holds every item against every other, without a shelf or a bound.
func allPairs(f *Fuser) []pair {
	least := num.Odds(float64(f.cfg.MinJoin))
	var out []pair
	for i := range f.items {
		for j := i + 1; j < len(f.items); j++ {
			a, b := looker(f, i, j)
			if !within(&f.items[a], &f.items[b]) {
				continue
			}
			if odds := f.odds(&f.items[a], &f.items[b]); odds >= least {
				out = append(out, pair{odds, int32(i), int32(j)})
			}
		}
	}
	slices.SortFunc(out, comparePairs)
	return out
}

var boundConfigs = []Config{
	{},
	{Background: 1e-6},
	{Link: 0.9, LinkSame: 0.5, LinkHeat: 0.6, MinJoin: 0.2},
	{MinError: 1, MinTime: time.Second, MinJoin: 0.9},
}

// The bounds drop no pair: the groups, all that is said of them and the pairs themselves
// are those of a look at all.
func TestBoundsChangeNoGroup(t *testing.T) {
	for seed := uint64(1); seed <= 4; seed++ {
		for n, cfg := range boundConfigs {
			events := busy(600, seed)
			f := New(events, cfg)
			want := allPairs(f)
			if got := f.pairs(); !slices.Equal(got, want) {
				t.Fatalf("seed %d, config %d: %d pairs, a look at all finds %d", seed, n, len(got), len(want))
			}
			groups := New(events, cfg).Join()
			clusters := f.cluster(want)
			if len(want) < 10 || len(groups) != len(clusters) || len(groups) == len(events) {
				t.Fatalf("seed %d, config %d: %d pairs, %d groups, %d without bounds", seed, n, len(want), len(groups), len(clusters))
			}
			for _, members := range clusters {
				plain := f.describe(members)
				at, _ := slices.BinarySearchFunc(groups, plain, func(a, b Group) int { return byTime(a.Events[0], b.Events[0]) })
				if !reflect.DeepEqual(groups[at], plain) {
					t.Fatalf("seed %d, config %d: group\n%+v, without bounds\n%+v", seed, n, groups[at], plain)
				}
			}
		}
	}
}

// No pair reaches more than its bound, and the bounds do settle most pairs.
func TestOddsStayWithinTheBound(t *testing.T) {
	for seed := uint64(1); seed <= 4; seed++ {
		f := New(append(busy(300, seed), scattered(200, seed+10)...), Config{})
		s := search{Fuser: f, hopeful: make([]bool, len(f.kinds.acts))}
		settled, of := 0, 0
		for i := range f.items {
			for j := range f.items {
				a, b := &f.items[i], &f.items[j]
				if i == j || f.copied(a, b) {
					continue
				}
				s.least = f.odds(a, b) // the most the pair can be asked for
				alone := shelf{kinds: make([]bound, len(f.kinds.acts))}
				alone.kinds[b.kind].add(b)
				if s.least > 0 && (!s.mayReach(a, b) || !s.hope(a, &alone) || !s.hopeful[b.kind]) {
					t.Fatalf("seed %d: odds %v of %+v and %+v are beyond the bound", seed, s.least, a, b)
				}
				of++
				if s.least = 1; !s.mayReach(a, b) {
					settled++
				}
			}
		}
		if settled < of/2 {
			t.Errorf("seed %d: the bound settles %d of %d pairs", seed, settled, of)
		}
	}
}

// At one spot and one moment a pair comes near its bound, so it is no looser than need be.
func TestBoundIsNearlyReached(t *testing.T) {
	events := scattered(2, 1)
	for i := range events {
		events[i].Position, events[i].Kind = events[0].Position, truce.ActIndirectFire
		events[i].Origin = truce.Moment(events[0].Origin.From, time.Hour)
		events[i].Support[0].Source = truce.SourceID(fmt.Sprint("s", i))
	}
	f := New(events, Config{})
	s := search{Fuser: f, least: f.odds(&f.items[0], &f.items[1]) * 1.01}
	if s.mayReach(&f.items[0], &f.items[1]) || math.IsNaN(s.least) {
		t.Errorf("odds of %v are said to be within reach of %v", s.least, s.least/1.01)
	}
}

func TestPairsDoNotDependOnCores(t *testing.T) {
	f := New(busy(3000, 1), Config{})
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	want := f.pairs()
	for _, cores := range []int{2, 5} {
		runtime.GOMAXPROCS(cores)
		if got := f.pairs(); !slices.Equal(got, want) {
			t.Errorf("%d cores: %d pairs, one core %d", cores, len(got), len(want))
		}
	}
}

// BenchmarkPairsCrowded looks for the pairs of one crowded week.
func BenchmarkPairsCrowded(b *testing.B) {
	f := New(busy(20_000, 1), Config{})
	b.ReportAllocs()
	for b.Loop() {
		if len(f.pairs()) == 0 {
			b.Fatal("no pairs")
		}
	}
	b.ReportMetric(float64(len(f.items))*float64(b.N)/b.Elapsed().Seconds(), "events/s")
}
