package agreement

import (
	"fmt"

	truce "github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
)

// sayVague says of an incident outside a rule that a better known position might have put
// it inside: around the same point, with a smaller error of the same shape, the place
// would be met with p_out at least. The verdict stays: what is not known to be near a
// place is no finding about it (docs/methods/agreement.md gives the reason).
func (l *look) sayVague(f *truce.Finding, p *plan) {
	last := len(l.met) - 1
	if !l.pos || l.met[last].reason != truce.ReasonLocation || l.incident.Position.Error.Exact() {
		return
	}
	others := 1.0
	for _, condition := range l.met[:last] {
		others *= condition.hi
	}
	if others < p.POut {
		return
	}
	second := look{g: l.g, quiet: true}
	reaches := func(scale float64) bool {
		in := *l.in
		in.Incident.Position = sharpened(l.incident.Position, scale)
		second.begin(&in)
		return others*p.conditions[last](&second, p).hi >= p.POut
	}
	if l.met[last].hi == 0 && !reaches(0) {
		return // far away, as nearly all are
	}
	if scale := largestScale(reaches); scale > 0 {
		radius := float64(l.incident.Position.Error.Ellipse90().Major)
		l.say(f, fmt.Sprintf("the position is too vague to tell: known to %s with 90 %%, it would reach p %s only if known to %s",
			metres(radius), number(p.POut), metres(scale*radius)))
	}
}

// largestScale is the largest share of an error, down to a 10,000th, with which a place is
// reached, a hundredth of it too small at most; 0 where none is.
func largestScale(reaches func(float64) bool) float64 {
	const step, finer = 0.8, 5 // 0.2 of the scale, halved so often
	for scale := step; scale > 1e-4; scale *= step {
		if !reaches(scale) {
			continue
		}
		low, high := scale, scale/step
		for range finer {
			if middle := (low + high) / 2; reaches(middle) {
				low = middle
			} else {
				high = middle
			}
		}
		return low
	}
	return 0
}

// sharpened is a position with its error made smaller.
func sharpened(pos *geo.Position, scale float64) *geo.Position {
	out := *pos
	v := scale * scale
	out.Error = geo.Covariance{EE: pos.Error.EE * v, EN: pos.Error.EN * v, NN: pos.Error.NN * v}
	if out.Footprint != nil {
		pixel := *out.Footprint
		pixel.Scan, pixel.Track = pixel.Scan*geo.Metres(scale), pixel.Track*geo.Metres(scale)
		if out.Footprint = &pixel; scale == 0 {
			out.Footprint = nil
		}
	}
	return &out
}
