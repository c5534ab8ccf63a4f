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
}

func firstHearing(m Medium) hearing {
	if m == InGround {
		return hearing{height: .8, soft: .1, least: 30e3, joint: .5}
	}
	return hearing{height: .8, soft: .15}
}

// chance is that of being heard at a distance from an event of range r.
func (h hearing) chance(distance, r float64) float64 {
	return h.height / (1 + math.Exp((distance-r)/max(h.soft*r, h.least)))
}
