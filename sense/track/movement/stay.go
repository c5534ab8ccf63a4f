package movement

import (
	"math"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/sense/track"
)

// LoiterRule says what loitering is.
type LoiterRule struct {
	Radius geo.Metres   // the object stays within a circle of it
	Least  truce.Micros // for at least so long
}

// Loiter is one stay around a place.
type Loiter struct {
	Track    int
	At       geo.Point // the middle of the circle
	From, To truce.Instant
	Chance   float64 // that there was an object and that all its places lay in the circle
}

// Loiters finds the longest stays within a circle, in the order of time. Stays never
// overlap: what goes on circling is one.
func Loiters(t track.Track, rule LoiterRule, cfg Config) ([]Loiter, error) {
	p, err := newPath(t, cfg)
	if err != nil {
		return nil, err
	}
	if !(rule.Radius > 0 && rule.Radius <= geo.MaxCircleRadius) || rule.Least <= 0 {
		return nil, truce.Errorf(truce.CodeInvalid, "loitering within %g m for %g s: both must be more than 0", float64(rule.Radius), float64(rule.Least)/1e6)
	}
	plane := geo.NewPlane(t.States[0].At)
	xs, ys := make([]float64, len(t.States)), make([]float64, len(t.States))
	for i := range t.States {
		east, north := plane.To(t.States[i].At)
		xs[i], ys[i] = float64(east), float64(north)
	}
	// First what fits with room, then in between what only just does: that would as likely as
	// not stick out.
	w := &waits{states: t.States, xs: xs, ys: ys, rule: rule}
	var found []wait
	from := 0
	for _, roomy := range w.find(0, len(xs), 2) {
		found = append(append(found, w.find(from, roomy.first, 0)...), roomy)
		from = roomy.last + 1
	}
	found = append(found, w.find(from, len(xs), 0)...)
	var out []Loiter
	for _, f := range found {
		l := Loiter{Track: t.Number, At: plane.From(geo.Metres(f.at.x), geo.Metres(f.at.y)), From: t.States[f.first].Time, To: t.States[f.last].Time}
		l.Chance = p.within(xs, ys, f.first, f.last, f.at, float64(rule.Radius))
		if l.Chance >= p.cfg.Least {
			out = append(out, l)
		}
	}
	return out, nil
}

// waits looks for stays in a plane.
type waits struct {
	states []track.State
	xs, ys []float64
	rule   LoiterRule
}

// wait is a stay from one state to another.
type wait struct {
	first, last int
	at          middle
}

// find finds the stays among some of the states, with so many sigmas left free.
func (w *waits) find(from, until int, sigmas float64) []wait {
	var out []wait
	for i := from; i < until-1; {
		j, c := longest(w.states[i:until], w.xs[i:until], w.ys[i:until], float64(w.rule.Radius), sigmas)
		last := i + j
		if w.states[last].Time-w.states[i].Time < truce.Instant(w.rule.Least) {
			i++
			continue
		}
		out = append(out, wait{i, last, c})
		i = last + 1
	}
	return out
}

// middle is of a circle.
type middle struct{ x, y float64 }

// longest is the last of the places that lie in a circle with all before them. The circle
// is around the middle of the box that holds them. So many sigmas of the places are left free
// within it, half the radius at most.
func longest(states []track.State, xs, ys []float64, radius, sigmas float64) (last int, c middle) {
	free := 0.0
	lowX, highX, lowY, highY := xs[0], xs[0], ys[0], ys[0]
	c = middle{xs[0], ys[0]}
	for i := 1; i < len(xs); i++ {
		lowX, highX = min(lowX, xs[i]), max(highX, xs[i])
		lowY, highY = min(lowY, ys[i]), max(highY, ys[i])
		free = max(free, min(radius/2, sigmas*float64(states[i].Sigma)))
		// The half diagonal of the box bounds the distance of every place in it.
		if math.Hypot(highX-lowX, highY-lowY)/2+free > radius {
			return i - 1, c
		}
		c = middle{(lowX + highX) / 2, (lowY + highY) / 2}
	}
	return len(xs) - 1, c
}

// within is the share of sampled paths with all places from i to last in a circle.
func (p *path) within(xs, ys []float64, i, last int, c middle, radius float64) float64 {
	n, exists := 0, 0.0
	for d := range p.errors {
		inside := true
		for k := i; k <= last && inside; k++ {
			s := float64(p.states[k].Sigma)
			inside = math.Hypot(xs[k]-c.x+s*p.errors[d].e, ys[k]-c.y+s*p.errors[d].n) <= radius
		}
		if inside {
			n++
		}
	}
	for k := i; k <= last; k++ {
		exists = max(exists, p.states[k].Existence)
	}
	return float64(n) / draws * min(1, exists)
}
