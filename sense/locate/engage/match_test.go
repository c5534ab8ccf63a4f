package engage

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/sense/locate"
)

// bestSum is the greatest sum of scores of candidates without a shared event, by trying all.
func bestSum(edges []edge, used uint64) float64 {
	if len(edges) == 0 {
		return 0
	}
	best := bestSum(edges[1:], used)
	if both := uint64(1)<<edges[0].muzzle | 1<<edges[0].impact; used&both == 0 {
		best = max(best, max(0, edges[0].score)+bestSum(edges[1:], used|both))
	}
	return best
}

// TestMatchIsNearlyTheBest: on random small graphs the exchanges find the best sum or nearly,
// and never give an event to two.
func TestMatchIsNearlyTheBest(t *testing.T) {
	dice := rand.New(rand.NewPCG(4, 4))
	exact, got, want := 0, 0.0, 0.0
	const graphs = 300
	for range graphs {
		tr := tier{nodes: make([]node, 9)}
		for m := range tr.nodes {
			for i := m + 1; i < len(tr.nodes); i++ {
				if dice.Float64() < .4 {
					tr.edges = append(tr.edges, edge{muzzle: m, impact: i, score: 10*dice.Float64() - 1})
				}
			}
		}
		sum, used := 0.0, map[int]bool{}
		for _, i := range tr.match() {
			e := &tr.edges[i]
			if used[e.muzzle] || used[e.impact] || e.score <= 0 {
				t.Fatalf("candidate %d to %d of score %g is taken beside others", e.muzzle, e.impact, e.score)
			}
			used[e.muzzle], used[e.impact] = true, true
			sum += e.score
		}
		best := bestSum(tr.edges, 0)
		if math.Abs(sum-best) < 1e-9 {
			exact++
		}
		got, want = got+sum, want+best
	}
	if exact < graphs*8/10 || got < .985*want {
		t.Errorf("%d of %d exact, %.4f of the best sum", exact, graphs, got/want)
	}
}

// TestManyCandidatesAreCut to the likeliest, in the order of their impacts.
func TestManyCandidatesAreCut(t *testing.T) {
	var edges []edge
	for i := range 3 * maxEdges {
		edges = append(edges, edge{impact: i, score: float64((i * 37) % 101)})
	}
	if got := best(edges[:maxEdges]); len(got) != maxEdges {
		t.Errorf("%d of %d are kept at the bound", len(got), maxEdges)
	}
	kept := best(edges)
	least := math.Inf(1)
	for i, e := range kept {
		least = min(least, e.score)
		if i > 0 && kept[i-1].impact >= e.impact {
			t.Fatal("not in the order of the impacts")
		}
	}
	if len(kept) != maxEdges || least < 60 {
		t.Errorf("%d are kept, the least of score %g", len(kept), least)
	}
}

// TestLevelsAreThoseOfOneKilometre: amplitudes that fall with the power 1.5, one of them wild.
func TestLevelsAreThoseOfOneKilometre(t *testing.T) {
	at := geo.Point{Lat: -47.9, Lon: -21.6}
	plane := geo.NewPlane(at)
	f := Field{Events: []locate.Event{{At: at}}}
	for i, km := range []float64{.5, 1, 2, 4, 8} {
		f.Sensors = append(f.Sensors, locate.Sensor{At: plane.From(geo.Metres(1000*km), 0)})
		f.Arrivals = append(f.Arrivals, locate.Arrival{Sensor: i, Amplitude: 40 * math.Pow(km, -1.5)})
		f.Events[0].Used = append(f.Events[0].Used, locate.Used{Arrival: i})
	}
	f.Arrivals[4].Amplitude *= 1000
	if l := levelOf(&f, &f.Events[0]); !l.known || math.Abs(l.mean-math.Log(40)) > .001 || l.sigma < .2 || l.sigma > .4 {
		t.Errorf("%+v, want the logarithm of 40", l)
	}
	for i := range f.Arrivals {
		f.Arrivals[i].Amplitude = 0
	}
	if l := levelOf(&f, &f.Events[0]); l.known {
		t.Errorf("no amplitude gives %+v", l)
	}
}

// TestLoudnessSpeaksForTheClassItIsOf, in pascals; their ratio alone says less, and nothing
// known says nothing.
func TestLoudnessSpeaksForTheClassItIsOf(t *testing.T) {
	for c := NotKnown + 1; c < classes; c++ {
		muzzle, impact := level{loudness(kinds[c].muzzle), .1, true}, level{loudness(kinds[c].burst), .1, true}
		absolute := tier{opt: Options{Pascals: true}}
		ratio := tier{}
		a, r := absolute.loudnesses(muzzle, impact), ratio.loudnesses(muzzle, impact)
		for other := range a {
			if a[other] > a[c]*1.0001 || r[other] > r[c]*1.0001 {
				t.Errorf("what sounds like %v speaks more for %v: %.3f and %.3f, by ratio %.3f and %.3f", c, Class(other), a[c], a[other], r[c], r[other])
			}
		}
		if a[NotKnown] != 1 || r[NotKnown] != 1 {
			t.Errorf("the unknown class gets %g and %g", a[NotKnown], r[NotKnown])
		}
		for _, x := range absolute.loudnesses(muzzle, level{}) {
			if x != 1 {
				t.Errorf("with one level not known: %g", x)
			}
		}
	}
}

// TestCrowdsCountWhatNothingExplains: an event that a sure candidate explains is none.
func TestCrowdsCountWhatNothingExplains(t *testing.T) {
	at := geo.Point{Lat: -47.9, Lon: -21.6}
	plane := geo.NewPlane(at)
	tr := tier{}
	for i, p := range [][3]float64{{0, 0, 0}, {10, 3000, 0}, {600, 5000, 2000}, {700, 40_000, 0}, {5000, 0, 0}} {
		q := plane.From(geo.Metres(p[1]), geo.Metres(p[2]))
		tr.nodes = append(tr.nodes, node{index: i, time: locate.Earliest + 1 + truce.Instant(1e6*p[0]), at: q, plane: geo.NewPlane(q)})
	}
	unit := 1 / (2 * aroundTime * math.Pi * aroundPlace * aroundPlace)
	want := func(when string, counts ...float64) {
		t.Helper()
		tr.crowd()
		for i, n := range counts {
			if got := tr.nodes[i].crowd / unit; math.Abs(got-n) > 1e-9 {
				t.Errorf("%s: around event %d are %.3f, want %g", when, i, got, n)
			}
		}
	}
	want("nothing known", 3, 3, 3, 1, 1)
	tr.edges = []edge{{muzzle: 0, impact: 1, p: 1}}
	want("two explained", 2, 2, 1, 1, 1)
}
