package locate

import "math"

// hearing is the chance that a sensor in working order notes an event, by distance: height
// near by, half of that at the event's own range r, and falling off softly within
// max(soft r, least).
type hearing struct {
	height float64
	soft   float64 // of the range
	least  float64 // m
	joint  float64 // how much the P and S of a station come together, 0 to 1

	steps []chances // by (distance - r) / softness, hearingSteps to the unit
}

// chances are the logarithms of what may be heard at one distance: in air hit or nothing, in
// the ground both phases, one of them or nothing.
type chances struct{ hit, both, nothing float64 }

const (
	hearingSteps = 16
	hearingEdge  = 12.0 // beyond it on either side nothing changes any more
)

func firstHearing(m Medium) hearing {
	if m == InGround {
		return hearing{height: .8, soft: .1, least: 30e3, joint: .5}.prepared(m)
	}
	return hearing{height: .8, soft: .15}.prepared(m)
}

// prepared is the same curve with its logarithms worked out.
func (h hearing) prepared(m Medium) hearing {
	h.steps = make([]chances, int(2*hearingEdge*hearingSteps)+1)
	for i := range h.steps {
		p := h.height / (1 + math.Exp(float64(i)/hearingSteps-hearingEdge))
		if m == InAir {
			h.steps[i] = chances{hit: math.Log(p), nothing: math.Log1p(-p)}
			continue
		}
		h.steps[i] = chances{
			hit:     math.Log(p * (1 - h.joint) * (1 - p)),
			both:    math.Log(p * (p + h.joint*(1-p))),
			nothing: math.Log((1 - p) * (1 - (1-h.joint)*p)),
		}
	}
	return h
}

// chance is that of being heard at a distance from an event of range r.
func (h *hearing) chance(distance, r float64) float64 {
	return h.height / (1 + math.Exp((distance-r)/max(h.soft*r, h.least)))
}

// scaled is the curve at one range: where a distance stands in the steps.
type scaled struct {
	steps       []chances
	scale, from float64
}

func (h *hearing) of(r float64) scaled {
	scale := hearingSteps / max(h.soft*r, h.least)
	return scaled{h.steps, scale, hearingEdge*hearingSteps - r*scale}
}

func (s *scaled) at(distance float64) *chances {
	at := distance*s.scale + s.from
	if !(at > 0) {
		return &s.steps[0]
	}
	return &s.steps[min(int(at), len(s.steps)-1)]
}

// value is the likelihood of what a sensor heard, over that of nothing but unrelated arrivals,
// and which of its picks are then the event's.
func (c *chances) value(one *heard, medium Medium) (value float64, take int) {
	value = c.nothing
	if v := c.hit + one.gain[0]; v > value {
		value, take = v, 1
	}
	if medium == InAir {
		return value, take
	}
	if v := c.hit + one.gain[1]; v > value {
		value, take = v, 2
	}
	if v := c.both + one.gain[0] + one.gain[1]; v > value {
		value, take = v, 3
	}
	return value, take
}

// sum is the likelihood of what all sensors heard of an event of range r.
func (h *hearing) sum(all []heard, r float64, medium Medium) (sum float64) {
	curve := h.of(r)
	for i := range all {
		one := &all[i]
		c := curve.at(one.distance)
		if one.silent {
			sum += c.nothing
			continue
		}
		v, _ := c.value(one, medium)
		sum += v
	}
	return sum
}

// profile is the range that suits best what was heard and what was not, and its likelihood.
// It is looked for around a range that was good before, or from the nearest sensor to the
// farthest if there was none.
func (h *hearing) profile(all []heard, before float64, medium Medium) (r, best float64) {
	if len(all) == 0 {
		return 0, nothingHeard
	}
	ratio := rangeRatio
	r, best = before, nothingHeard
	if before > 0 {
		best = h.sum(all, before, medium)
	} else {
		lo, hi := all[0].distance, all[0].distance
		for i := range all {
			lo, hi = min(lo, all[i].distance), max(hi, all[i].distance)
		}
		lo, hi = max(500, lo*.5), hi*1.2+500
		ratio = math.Pow(hi/lo, 1.0/rangeSteps)
		for c := lo; c <= hi*1.01; c *= ratio {
			if v := h.sum(all, c, medium); v > best {
				r, best = c, v
			}
		}
		ratio = math.Sqrt(ratio)
	}
	for ; ratio > rangeFinest; ratio = math.Sqrt(ratio) {
		for _, c := range [2]float64{r / ratio, r * ratio} {
			if v := h.sum(all, c, medium); v > best {
				r, best = c, v
			}
		}
	}
	return r, best
}

// rangeSteps are tried for the range of an event, then steps of half the logarithm each down to
// the finest; rangeRatio is the first step from a range that was good before.
const (
	rangeSteps  = 8
	rangeRatio  = 1.25
	rangeFinest = 1.05
)
