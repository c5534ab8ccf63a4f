package engage

import (
	"cmp"
	"math"
	"slices"
)

// edge is a candidate: two events as the muzzle and the impact of one round.
type edge struct {
	muzzle, impact int // nodes
	east, north    float64
	distance       float64 // m
	time           float64 // s of flight
	timeSigma      float64

	repeat float64 // density of one more blast at the muzzle's own place, 1/(m2 s)

	bare  [classes]float64 // density of the impact's place and time given the muzzle's, per class, 1/(m2 s)
	also  [classes]float64 // what amplitudes and shock waves say of it, as a ratio
	shock []Shock          // of the likeliest class

	score float64 // logarithm of the odds
	p     float64 // probability, with what else its events may be
}

// bareAll is the density over all classes, with and without what amplitudes and shock
// waves say.
func (e *edge) bareAll() (without, with float64) {
	for c := range e.bare {
		p := priorOf(Class(c)) * e.bare[c]
		without += p
		with += p * e.also[c]
	}
	return without, with
}

// priorNotKnown is the share of rounds that are of none of the classes.
const priorNotKnown = .03

func priorOf(c Class) float64 {
	if c == NotKnown {
		return priorNotKnown
	}
	return kinds[c].prior * (1 - priorNotKnown)
}

// candidates are the pairs that could be one round's, by muzzle and then by impact.
func (t *tier) candidates() {
	for m := range t.nodes {
		first := len(t.edges)
		for i := m + 1; i < len(t.nodes) && since(&t.nodes[m], &t.nodes[i]) <= longestFlight; i++ {
			if e, ok := t.pair(m, i); ok {
				t.edges = append(t.edges, e)
			}
		}
		t.edges = append(t.edges[:first], best(t.edges[first:])...)
	}
}

// best keeps the likeliest candidates of one muzzle, in the order of their impacts.
func best(edges []edge) []edge {
	if len(edges) <= maxEdges {
		return edges
	}
	slices.SortFunc(edges, func(a, b edge) int { return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.impact, b.impact)) })
	edges = edges[:maxEdges]
	slices.SortFunc(edges, func(a, b edge) int { return cmp.Compare(a.impact, b.impact) })
	return edges
}

// pair holds two events against every class.
func (t *tier) pair(m, i int) (edge, bool) {
	muzzle, impact := &t.nodes[m], &t.nodes[i]
	e := edge{muzzle: m, impact: i, time: since(muzzle, impact)}
	if e.time < shortestFlight {
		return e, false
	}
	e.east, e.north = toward(muzzle, impact)
	e.distance = math.Hypot(e.east, e.north)
	if e.distance > farthestFlight || e.distance < 1 {
		return e, false
	}
	e.timeSigma = math.Hypot(muzzle.sigma, impact.sigma)
	e.repeat = repeatRate * meeting(muzzle, impact, math.Sqrt2*repeatSpread, e.east, e.north)
	sigma := e.distanceSigma(t)
	any := 0.0
	for c := NotKnown + 1; c < classes; c++ {
		e.bare[c] = t.flight(c, &e, sigma)
		any += e.bare[c]
	}
	if any == 0 {
		return e, false
	}
	e.bare[NotKnown] = strange(e.distance, e.time)
	e.also = t.loudnesses(muzzle.level, impact.level)
	t.shocks(&e)
	t.judge(&e, 0, 0)
	return e, e.score > leastScore
}

// leastScore is below what no other shot can help a candidate.
const leastScore = -12

// distanceSigma is the error of the distance between the two events.
func (e *edge) distanceSigma(t *tier) float64 {
	u, v := e.east/e.distance, e.north/e.distance
	return math.Sqrt(along(t.nodes[e.muzzle].error, u, v) + along(t.nodes[e.impact].error, u, v))
}

// flight is the density of where and when a round of a class comes down, given where and
// when it was fired: any direction, any distance within its range, and the times that it
// flies to there.
func (t *tier) flight(c Class, e *edge, sigma float64) float64 {
	far := t.farthest[c]
	// Near the ends of its range the round may have come from within.
	at := min(max(e.distance, kinds[c].least), far)
	miss := (e.distance - at) / math.Hypot(sigma, rangeShare*at)
	if math.Abs(miss) > 4 {
		return 0
	}
	t.ways = t.ballistics.ways(c, min(at, .999*far), t.ways)
	if len(t.ways) == 0 {
		return 0
	}
	p := density(t.ways, e.time, e.timeSigma, sigma) * math.Exp(-miss*miss/2)
	return p / (far - kinds[c].least) / (2 * math.Pi * max(e.distance, at))
}

// strange is the density of a round of no class: any range, and any mean speed over the
// ground between a stone's throw and that of a dart, evenly in its logarithm.
func strange(distance, time float64) float64 {
	const slowest, fastest, near, far = 25.0, 1200.0, 300.0, 25_000.0
	if speed := distance / time; speed < slowest || speed > fastest || distance < near || distance > far {
		return 0
	}
	return 1 / (time * math.Log(fastest/slowest)) / (far - near) / (2 * math.Pi * distance)
}

// judge turns densities into odds: with a weight, as that of other shots that seem of the
// same gun, backed is what they foretell of this one's impact.
func (t *tier) judge(e *edge, weight, backed float64) {
	without, with := e.bareAll()
	expected := with
	if weight > 0 {
		expected = (with + backed*with/without) / (1 + weight)
	}
	e.score = math.Log(priorTied/(1-priorTied)) + math.Log(expected/(t.nodes[e.impact].crowd+e.repeat)) + t.nodes[e.muzzle].real + t.nodes[e.impact].real
}
