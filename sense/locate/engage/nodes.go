package engage

import (
	"bytes"
	"cmp"
	"math"
	"slices"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/internal/num"
	"github.com/trucewatch/truce/sense/locate"
)

// node is an event in the air that may be a muzzle or an impact.
type node struct {
	index int // into the field's events
	time  truce.Instant
	sigma float64 // s
	at    geo.Point
	plane geo.Plane // around it
	error geo.Covariance
	level level
	crowd float64 // events around it per second and square metre, itself not counted
	id    truce.ID
	real  float64 // logarithm of the probability that it is one blast
}

// since is how many seconds b comes after a.
func since(a, b *node) float64 { return float64(b.time-a.time) / 1e6 }

// toward is where b lies as seen from a, metres east and north.
func toward(a, b *node) (east, north float64) {
	e, n := a.plane.To(b.at)
	return float64(e), float64(n)
}

// nodesOf are the events in the air that may be looked at, by time, then ID, so that nothing
// depends on the order they are given in.
func nodesOf(f *Field, opt *Options) []node {
	var out []node
	for i := range f.Events {
		e := &f.Events[i]
		if e.Phases != locate.InAir || opt.Until != 0 && e.Time > opt.Until {
			continue
		}
		out = append(out, node{
			index: i, time: e.Time, sigma: e.TimeSigma, at: e.At, plane: geo.NewPlane(e.At),
			error: geo.FromEllipse(e.Ellipse), level: levelOf(f, e), id: e.ID,
		})
	}
	slices.SortFunc(out, func(a, b node) int { return cmp.Or(cmp.Compare(a.time, b.time), bytes.Compare(a.id[:], b.id[:])) })
	return out
}

// crowd counts the events around each that no candidate explains. One more than there are
// is taken, so that an empty surrounding is not one where nothing ever happens.
func (t *tier) crowd() {
	open := make([]float64, len(t.nodes))
	for i := range open {
		open[i] = 1
	}
	for i := range t.edges {
		e := &t.edges[i]
		open[e.muzzle] = max(0, open[e.muzzle]-e.p)
		open[e.impact] = max(0, open[e.impact]-e.p)
	}
	for i := range t.nodes {
		t.nodes[i].crowd = crowding(t.nodes, i, open)
	}
}

func crowding(nodes []node, i int, open []float64) float64 {
	count := 1.0
	for _, way := range [2]int{-1, 1} {
		for j := i + way; j >= 0 && j < len(nodes) && math.Abs(since(&nodes[i], &nodes[j])) <= aroundTime; j += way {
			if e, n := toward(&nodes[i], &nodes[j]); e*e+n*n <= aroundPlace*aroundPlace {
				count += open[j]
			}
		}
	}
	return count / (2 * aroundTime * math.Pi * aroundPlace * aroundPlace)
}

// meeting is how well two events can be of one place, each some metres off it (one sigma in
// either direction), b lying (east, north) from a: a density per square metre.
func meeting(a, b *node, spread, east, north float64) float64 {
	c := a.error.Add(b.error)
	both := 2 * square(spread) // metres off: there are two
	return num.Cov{XX: c.EE + both, XY: c.EN, YY: c.NN + both}.Density(east, north)
}

// along is the variance of a covariance in the direction of a unit vector.
func along(c geo.Covariance, east, north float64) float64 {
	return c.EE*east*east + 2*c.EN*east*north + c.NN*north*north
}
