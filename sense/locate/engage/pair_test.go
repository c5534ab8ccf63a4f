package engage

import (
	"math"
	"testing"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
)

// two is a tier of two events so far east and so many seconds apart, looked at as a pair.
func two(b *Ballistics, east, seconds float64) *tier {
	plane := geo.NewPlane(realPlace)
	t := &tier{field: &Field{}, ballistics: b, sky: newSky(&Field{}, &Options{})}
	for c := range t.farthest {
		t.farthest[c] = b.farthest(Class(c))
	}
	for i, at := range []geo.Point{realPlace, plane.From(geo.Metres(east), 0)} {
		t.nodes = append(t.nodes, node{index: i, time: realNoon + truce.Instant(1e6*seconds*float64(i)), sigma: .08, at: at, plane: geo.NewPlane(at), error: geo.Isotropic(40), crowd: 1e-12})
	}
	return t
}

// TestAPairMustBeARound of some class: neither backwards in time, nor from too near or too far,
// nor faster or slower than anything flies.
func TestAPairMustBeARound(t *testing.T) {
	b := NewBallistics()
	for _, c := range []struct {
		what          string
		east, seconds float64
		is            bool
	}{
		{"a mortar", 3000, 30, true},
		{"a howitzer", 9000, 25, true},
		{"a tank gun", 2000, 2.6, true},
		{"at once", 3000, 0, false},
		{"backwards", 3000, -30, false},
		{"upon itself", .5, 20, false},
		{"beyond all ranges", 27_500, 80, false},
		{"too far to be looked at", 40_000, 80, false},
		{"faster than any shell", 6000, 2, false},
		{"farther than so few seconds carry", 12_000, 8, false},
	} {
		if e, ok := two(b, c.east, c.seconds).pair(0, 1); ok != c.is {
			t.Errorf("%s: %v with a score of %.1f", c.what, ok, e.score)
		}
	}
}

// TestAPairSpeaksForWhatFliesSo: 3 km in 30 s is a mortar's, 9 km in 25 s a howitzer's, 2 km in
// 2.6 s a tank gun's, far more than anything else's.
func TestAPairSpeaksForWhatFliesSo(t *testing.T) {
	b := NewBallistics()
	for _, c := range []struct {
		east, seconds float64
		of            []Class
	}{{3000, 30, []Class{Mortar60, Mortar82, Mortar120}}, {9000, 25, []Class{Howitzer122, Howitzer152, Howitzer155, Rocket122}}, {2000, 2.6, []Class{TankGun}}} {
		e, _ := two(b, c.east, c.seconds).pair(0, 1)
		own, all := 0.0, 0.0
		for k := range e.bare {
			p := priorOf(Class(k)) * e.bare[k]
			all += p
			for _, of := range c.of {
				if Class(k) == of {
					own += p
				}
			}
		}
		if own < .8*all {
			t.Errorf("%g m in %g s: %v have %.2f", c.east, c.seconds, c.of, own/all)
		}
		if math.Abs(e.distance-c.east) > 1 || math.Abs(e.north) > 1 || e.time != c.seconds || math.Abs(e.timeSigma-.08*math.Sqrt2) > 1e-9 {
			t.Errorf("%+v", e)
		}
		if without, with := e.bareAll(); math.Abs(without-all) > 1e-12*all || with != without {
			t.Errorf("without amplitudes and shock waves %g and %g, want %g", without, with, all)
		}
	}
}

// TestARoundComesDownSomewhere: over all distances and times the density of a class sums to one,
// but for what the ends of its range blur.
func TestARoundComesDownSomewhere(t *testing.T) {
	b := NewBallistics()
	for _, c := range []Class{Mortar82, Howitzer152, TankGun} {
		tr, sum := two(b, 1000, 1), 0.0
		far := tr.farthest[c]
		const across, along = 60, 600
		for i := range across {
			d := far * 1.1 * (float64(i) + .5) / across
			for k := range along {
				e := edge{distance: d, time: 110 * (float64(k) + .5) / along, timeSigma: .1}
				sum += tr.flight(c, &e, 30) * 2 * math.Pi * d * far * 1.1 / across * 110 / along
			}
		}
		if sum < .9 || sum > 1.12 {
			t.Errorf("%v: it sums to %.3f", c, sum)
		}
	}
}

// TestJudgingCountsWhatElseMayBe: a crowd of unrelated events, a doubtful blast, and one more blast
// at the same place each take from a pair's odds, by their logarithm; other shots of the gun add.
func TestJudgingCountsWhatElseMayBe(t *testing.T) {
	b := NewBallistics()
	tr := two(b, 3000, 30)
	e, _ := tr.pair(0, 1)
	usual := e.score
	score := func(change func(), weight, backed float64) float64 {
		before := [2]node{tr.nodes[0], tr.nodes[1]}
		change()
		tr.judge(&e, weight, backed)
		tr.nodes[0], tr.nodes[1] = before[0], before[1]
		return e.score
	}
	nothing := func() {}
	if got := score(nothing, 0, 0); got != usual {
		t.Errorf("judged again it is %.3f, before %.3f", got, usual)
	}
	if got := score(func() { tr.nodes[1].crowd *= 100 }, 0, 0); math.Abs(usual-got-math.Log(100)) > .2 {
		t.Errorf("a crowd a hundred times denser takes %.2f", usual-got)
	}
	if got := score(func() { tr.nodes[0].real = -2 }, 0, 0); math.Abs(usual-got-2) > 1e-9 {
		t.Errorf("a doubtful blast takes %.2f, want 2", usual-got)
	}
	bare, _ := e.bareAll()
	if got, want := score(nothing, 1, 99*bare), usual+math.Log(50); math.Abs(got-want) > 1e-6 {
		t.Errorf("backed a hundredfold by one other shot: %.3f, want %.3f", got, want)
	}
	if got, want := score(nothing, 3, 0), usual-math.Log(4); math.Abs(got-want) > 1e-6 {
		t.Errorf("three shots that went elsewhere: %.3f, want %.3f", got, want)
	}
}

// TestCandidatesAreByMuzzleAndImpact: of three events in a row only later ones are impacts, and
// none lies beyond the longest flight.
func TestCandidatesAreByMuzzleAndImpact(t *testing.T) {
	b := NewBallistics()
	tr := two(b, 3000, 30)
	third, late := tr.nodes[1], tr.nodes[1]
	third.time += 1_000_000
	late.time += truce.Instant(1e6 * 2 * longestFlight)
	tr.nodes = append(tr.nodes, third, late)
	tr.candidates()
	if len(tr.edges) == 0 {
		t.Fatal("no candidates")
	}
	for i, e := range tr.edges {
		if e.muzzle >= e.impact || e.impact == 3 || i > 0 && (tr.edges[i-1].muzzle > e.muzzle || tr.edges[i-1].muzzle == e.muzzle && tr.edges[i-1].impact >= e.impact) {
			t.Errorf("candidate %d is of %d and %d", i, e.muzzle, e.impact)
		}
	}
}
