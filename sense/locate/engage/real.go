package engage

import (
	"math"

	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/sense/locate"
)

// Where blasts overlap, locate may make one event of the arrivals of two, or two of one: a ghost
// lies anywhere, and tied to a true blast it would be a launch area on the wrong side. What tells a
// ghost is how few arrivals it has, how badly they fit, and that other events foretell them.

// A ghost is told by a logistic sum. Its weights are fitted to 7,942 events of invented duels
// (seeds 301 to 305, docs/methods/engagements.md), of which 22 % are ghosts.
const (
	realBase     = -1.6
	realArrivals = 1.4  // per logarithm of the arrivals
	realScore    = .1   // per unit of locate's score, up to fullScore
	realMisfit   = -1.1 // per mean squared residual in sigmas
	realForetold = -9.2 // share of its arrivals that any other event foretells
	realTwin     = 5.6  // share that one other does: the next shot of the same gun does as well
	fullScore    = 40.0
	// tiedWeight is how much a partner speaks at most for a muzzle's being one blast: ghosts lie
	// among the blasts that they are made of, and find one by chance.
	tiedWeight = 5.0
)

// The errors of arrivals as locate takes them at first, and how far off an arrival is foretold.
const (
	arrivalFloor   = .1 // s
	arrivalShare   = .01
	wildResidual   = 9.0 // sigmas squared: one stray arrival counts no more
	foretoldSigmas = 3.0
	longestTravel  = 75.0 // s, of what is heard 25 km off
)

// timing is the variance of an arrival's time after so many seconds of travel.
func timing(travel float64) float64 { return square(arrivalFloor) + square(arrivalShare*travel) }

// realities judges every event, and keeps by node which sensors heard it.
func (t *tier) realities() {
	t.ears = make([]map[int]bool, len(t.nodes))
	for i := range t.nodes {
		t.ears[i] = map[int]bool{}
		for _, u := range t.field.Events[t.nodes[i].index].Used {
			t.ears[i][t.field.Arrivals[u.Arrival].Sensor] = true
		}
	}
	for i := range t.nodes {
		t.nodes[i].real = t.reality(i)
	}
}

// reality is the logarithm of the probability that an event is one blast, by itself. One of which
// no arrivals are given has its score alone.
func (t *tier) reality(at int) float64 {
	e := &t.field.Events[t.nodes[at].index]
	if len(e.Used) == 0 {
		return -math.Log1p(math.Exp((sureScore - e.Score) / scoreScale))
	}
	any, one := t.foretold(at, e)
	z := realBase + realArrivals*math.Log(float64(len(e.Used))) + realScore*min(e.Score, fullScore) +
		realMisfit*t.misfit(e) + realForetold*any + realTwin*one
	return -math.Log1p(math.Exp(-z))
}

// travel is how long sound takes from an event to the sensor of an arrival, s.
func (t *tier) travel(from geo.Point, arrival int) float64 {
	a := &t.field.Arrivals[arrival]
	return float64(geo.Distance(t.field.Sensors[a.Sensor].At, from)) / t.sky.speed
}

// misfit is the mean square of an event's residuals in sigmas, per arrival more than place and
// time take.
func (t *tier) misfit(e *locate.Event) float64 {
	sum := 0.0
	for _, u := range e.Used {
		sum += min(wildResidual, square(u.Residual)/timing(t.travel(e.At, u.Arrival)))
	}
	return sum / max(1, float64(len(e.Used)-3))
}

// foretold is which share of an event's arrivals come when the sound of another event is due that
// has none at that sensor: of any other, and of the one that foretells most.
func (t *tier) foretold(at int, e *locate.Event) (any, one float64) {
	due := make([]bool, len(e.Used))
	most := 0
	for _, j := range t.around(at, longestTravel) {
		o, count := &t.nodes[j], 0
		for k, u := range e.Used {
			if a := &t.field.Arrivals[u.Arrival]; !t.ears[j][a.Sensor] && t.dueFrom(o, u.Arrival) {
				due[k] = true
				count++
			}
		}
		most = max(most, count)
	}
	all := 0
	for _, is := range due {
		if is {
			all++
		}
	}
	share := 1 / float64(len(e.Used))
	return float64(all) * share, float64(most) * share
}

// dueFrom says whether an arrival comes when the sound of an event does.
func (t *tier) dueFrom(o *node, arrival int) bool {
	late := float64(t.field.Arrivals[arrival].Time-o.time) / 1e6
	if late < 0 || late > longestTravel {
		return false
	}
	travel := t.travel(o.at, arrival)
	return travel < longestTravel && square(late-travel) < square(foretoldSigmas)*(timing(travel)+square(o.sigma))
}

// around are the other nodes within so many seconds.
func (t *tier) around(at int, seconds float64) (out []int) {
	n := &t.nodes[at]
	for _, step := range [2]int{-1, 1} {
		for j := at + step; j >= 0 && j < len(t.nodes) && math.Abs(since(n, &t.nodes[j])) <= seconds; j += step {
			out = append(out, j)
		}
	}
	return out
}
