package engage

import (
	"math"
	"testing"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
)

// TestOddsAreShared: candidates of one event share its probability, others do not.
func TestOddsAreShared(t *testing.T) {
	tr := &tier{nodes: make([]node, 6)}
	for _, e := range []struct {
		muzzle, impact int
		odds           float64
	}{{0, 3, 8}, {0, 4, 1}, {1, 4, 1}, {2, 5, 3}} {
		tr.edges = append(tr.edges, edge{muzzle: e.muzzle, impact: e.impact, score: math.Log(e.odds)})
	}
	tr.shares()
	for i, want := range []float64{8. / 10, 1. / 11, 1. / 3, 3. / 4} {
		if got := tr.edges[i].p; math.Abs(got-want) > 1e-12 {
			t.Errorf("candidate %d has %.4f, want %.4f", i, got, want)
		}
	}
	tr.edges[3].score = 1e6
	if tr.shares(); !(tr.edges[3].p > .999999) || tr.edges[3].p > 1 {
		t.Errorf("odds without a bound are %g", tr.edges[3].p)
	}
}

// TestShotsFromOnePlaceAreAlike: a shot of the same gun foretells where and when the next comes
// down; one from elsewhere says nothing, and one that flew longer little.
func TestShotsFromOnePlaceAreAlike(t *testing.T) {
	tr := gunTier()
	for i := range tr.edges {
		tr.edges[i].time, tr.edges[i].timeSigma = 50, .1
	}
	weight, foretold := tr.alike(&tr.edges[0], &tr.edges[1])
	if weight < .85 || weight > .9 || foretold <= 0 {
		t.Errorf("of one gun with %.3f, foretold %g", weight, foretold)
	}
	if w, f := tr.alike(&tr.edges[0], &tr.edges[2]); w > .01 || f > foretold/1000 {
		t.Errorf("a gun 3 km off: %.3f, %g", w, f)
	}
	tr.edges[1].time = 55
	if w, f := tr.alike(&tr.edges[0], &tr.edges[1]); w != weight || f > foretold/100 {
		t.Errorf("five seconds longer in the air: %.3f, foretold %g of %g", w, f, foretold)
	}
	tr.edges[1].p = 0
	if w, f := tr.alike(&tr.edges[0], &tr.edges[1]); w != 0 || f != 0 {
		t.Errorf("a candidate that is none backs with %g, %g", w, f)
	}
}

// TestOnePlaceIsToldFromTwo by how far they are apart and how many others there are.
func TestOnePlaceIsToldFromTwo(t *testing.T) {
	last := 1.0
	for _, metres := range []float64{0, 50, 100, 200, 400, 6000} {
		tr := gunTier()
		plane := geo.NewPlane(realPlace)
		tr.nodes[1].at = plane.From(geo.Metres(metres), 0)
		tr.nodes[1].plane = geo.NewPlane(tr.nodes[1].at)
		p := tr.sameGun(0, 1)
		if p > last || p < 0 || metres == 0 && p < .95 || metres >= 400 && p > .01 {
			t.Errorf("%g m apart they are of one place with %.4f, nearer with %.4f", metres, p, last)
		}
		last = p
		if back := tr.sameGun(1, 0); math.Abs(back-p) > 1e-3 {
			t.Errorf("%g m apart: %.4f one way, %.4f the other", metres, p, back)
		}
	}
	tr := gunTier()
	few := tr.sameGun(0, 1)
	for i := range tr.nodes {
		tr.nodes[i].crowd *= 1e4
	}
	if many := tr.sameGun(0, 1); many > few-.1 {
		t.Errorf("in a crowd %.4f, alone %.4f", many, few)
	}
}

// TestBackingRaisesWhatKeepsTime: of two muzzles of one gun and two impacts of one target the pairs
// in order back each other, and those shifted by one do not.
func TestBackingRaisesWhatKeepsTime(t *testing.T) {
	b := NewBallistics()
	tr := two(b, 3000, 30)
	for i, seconds := range []float64{7, 31} { // muzzles every 7, then 24 s
		for k := range 2 {
			n := tr.nodes[k]
			n.time += truce.Instant(1e6 * seconds)
			n.index = 2*i + 2 + k
			tr.nodes = append(tr.nodes, n)
		}
	}
	order := []int{0, 2, 1, 4, 3, 5} // by time: muzzles at 0, 7, 31 and impacts at 30, 37, 61 s
	sorted := make([]node, len(order))
	for i, at := range order {
		sorted[i] = tr.nodes[at]
	}
	tr.nodes = sorted
	tr.crowd()
	tr.candidates()
	tr.back()
	p := map[[2]int]float64{}
	for _, e := range tr.edges {
		p[[2]int{tr.nodes[e.muzzle].index, tr.nodes[e.impact].index}] = e.p
	}
	for shot := range 3 {
		own := p[[2]int{2 * shot, 2*shot + 1}]
		for other := range 3 {
			if wrong := p[[2]int{2 * shot, 2*other + 1}]; other != shot && wrong > own/2 {
				t.Errorf("muzzle %d: its own impact has %.3f, that of %d %.3f", shot, own, other, wrong)
			}
		}
	}
}

// TestRolesOfWhatIsLeft: an event beside a gun is more likely a muzzle, one beside a target an
// impact, one far from both neither; the three always sum to one.
func TestRolesOfWhatIsLeft(t *testing.T) {
	tr, plane := gunTier(), geo.NewPlane(realPlace)
	tr.edges = tr.edges[:2]
	for i, at := range [][2]geo.Metres{{2, 1}, {905, 5000}, {-9000, -9000}} {
		place := plane.From(at[0], at[1])
		tr.nodes = append(tr.nodes, node{index: 6 + i, time: tr.nodes[5].time + truce.Instant(1e6*float64(10*i+5)), at: place, plane: geo.NewPlane(place), error: geo.Isotropic(30), crowd: 1e-12})
	}
	gun, target, lone := tr.role(6), tr.role(7), tr.role(8)
	if gun.Muzzle < .5 || gun.Impact > .1 || target.Impact < .5 || target.Muzzle > .1 || lone.Unknown < .99 {
		t.Errorf("beside the gun %+v, beside the target %+v, far from both %+v", gun, target, lone)
	}
	tr.edges = append(tr.edges, edge{muzzle: 6, impact: 8, p: .4}, edge{muzzle: 0, impact: 6, p: .3})
	for i := range tr.nodes {
		r := tr.role(i)
		if sum := r.Muzzle + r.Impact + r.Unknown; math.Abs(sum-1) > 1e-9 || min(r.Muzzle, r.Impact, r.Unknown) < 0 {
			t.Errorf("event %d: %+v sums to %g", i, r, sum)
		}
	}
	if r := tr.role(6); r.Impact < .3 {
		t.Errorf("a candidate impact is one with %.3f", r.Impact)
	}
}
