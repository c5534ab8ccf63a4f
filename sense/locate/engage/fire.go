package engage

import (
	"math"

	"github.com/trucewatch/truce/internal/num"
)

// rounds of asking the others: what the first three change is settled in the last.
const rounds = 4

// back lets candidates back each other. A gun that fires goes on firing at the same place:
// given other shots of it, the next impact is expected where theirs were and after the
// same time, or anywhere, each with the share that a sequence of draws gives it whose every
// new value is as likely as one more old one (Blackwell and MacQueen 1973, with weight 1).
func (t *tier) back() {
	for i := range t.edges {
		t.edges[i].p = num.FromOdds(math.Exp(min(t.edges[i].score, mostScore)))
	}
	for range rounds {
		weight, backed := make([]float64, len(t.edges)), make([]float64, len(t.edges))
		from := 0
		for i := range t.edges {
			for t.apart(from, i) > fireTime {
				from++
			}
			for j := from; j < len(t.edges) && t.apart(i, j) <= fireTime; j++ {
				if e, o := &t.edges[i], &t.edges[j]; e.muzzle != o.muzzle && e.impact != o.impact && o.p > leastBacking {
					w, k := t.alike(e, o)
					weight[i] += w
					backed[i] += w * k
				}
			}
		}
		t.crowd()
		for i := range t.edges {
			t.judge(&t.edges[i], weight[i], backed[i])
		}
		t.shares()
	}
}

// leastBacking is how probable a candidate must be to back others.
const leastBacking = .01

// apart is how many seconds the muzzle of one edge comes after that of another.
func (t *tier) apart(i, j int) float64 {
	return since(&t.nodes[t.edges[i].muzzle], &t.nodes[t.edges[j].muzzle])
}

// alike is the probability that another candidate is a shot of the same gun, and what it
// then foretells of this one's impact, per square metre and second.
func (t *tier) alike(e, o *edge) (weight, foretold float64) {
	weight = o.p * t.sameGun(e.muzzle, o.muzzle)
	if weight < 1e-3 {
		return 0, 0
	}
	a, b := &t.nodes[e.impact], &t.nodes[o.impact]
	east, north := toward(a, b)
	place := meeting(a, b, math.Hypot(roundSpread, roundShare*e.distance), east, north)
	sigma := math.Sqrt(square(e.timeSigma) + square(o.timeSigma) + square(.2) + square(.01*e.time))
	return weight, place * num.NormalPDF((e.time-o.time)/sigma) / sigma
}

// sameGun is the probability that two events as muzzles are of one gun, or of guns side by
// side: as near as they are, against chance.
func (t *tier) sameGun(i, j int) float64 {
	return t.samePlace(i, j, gunSpread)
}

// samePlace is the probability that two events come from places no farther apart than a
// spread, against two that have nothing to do with each other.
func (t *tier) samePlace(i, j int, spread float64) float64 {
	a, b := &t.nodes[i], &t.nodes[j]
	east, north := toward(a, b)
	if math.Abs(east)+math.Abs(north) > 5000 {
		return 0
	}
	p := meeting(a, b, spread, east, north)
	stray := max(a.crowd, b.crowd) * 2 * aroundTime
	return p / (p + stray)
}

// shares turns odds into probabilities: a candidate against that its events have nothing to
// do with each other, and against every other candidate that needs one of them.
func (t *tier) shares() {
	sums := make([]float64, len(t.nodes))
	odds := make([]float64, len(t.edges))
	for i := range t.edges {
		e := &t.edges[i]
		odds[i] = math.Exp(min(e.score, mostScore))
		sums[e.muzzle] += odds[i]
		sums[e.impact] += odds[i]
	}
	for i := range t.edges {
		e := &t.edges[i]
		e.p = odds[i] / (1 + sums[e.muzzle] + sums[e.impact] - odds[i])
	}
}

// mostScore bounds odds before they are added up.
const mostScore = 200
