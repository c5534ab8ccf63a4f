package locate

import (
	"cmp"
	"math"
	"slices"
)

// Infrasound arrays hear explosions over hundreds of kilometres, a handful of them each, and
// sound that far goes by way of the upper air: slower, and by a few per cent differently
// everywhere (Blom and others 2015, Bayesian infrasonic source localization, find some 0.3
// km/s within a tenth; sound ducted by the stratosphere has 0.28 to 0.31). What is then known of place is mostly the bearings.
const (
	farSpeed    = 295.0 // m/s along the ground
	farSpread   = 10.0  // one sigma of it from event to event
	farShare    = .02   // of the travel time, one sigma of its error from way to way
	farWind     = 15.0  // m/s, what the wind of the upper air adds along the ground in midsummer
	farReach    = 1.2e6 // m
	farMost     = 200   // bearings that are left over: more are no handful
	farBearings = 2     // of an event, and an arrival more
	farLeast    = 3     // arrivals
	farNearest  = 60e3  // m: what is nearer is heard directly
)

// hearFar looks among the bearings that no event has for events far away. They are kept apart:
// another air is theirs.
func (s *solver) hearFar() {
	var free []int32
	for p, spread := range s.picks.spread {
		if spread > 0 && s.taken[p] == 0 {
			free = append(free, int32(p))
		}
	}
	if s.picks.medium != InAir || len(free) < farLeast || len(free) > farMost || s.model.min > DefaultMinArrivals {
		return
	}
	speeds := []float64{s.speed}
	if s.speedSigma != fixedSpeed {
		speeds = farSpeeds()
	}
	w := s.farWorker(0)
	var found []farEvent
	for _, speed := range speeds {
		s.setFar(w, speed)
		for i, p := range free {
			for _, q := range free[:i] {
				h := hypothesis{members: []int32{p, q}}
				if w.crossing(&h) && w.refine(&h, refineRounds) && w.whole(&h) && w.bearings(h.members) >= farBearings && w.nearest(&h) > farNearest {
					off := (speed - farSpeed) / farSpread
					h.score -= off * off / 2
					found = append(found, farEvent{h, speed})
				}
			}
		}
	}
	slices.SortStableFunc(found, func(a, b farEvent) int { return byScore(&a.hypothesis, &b.hypothesis) })
	for _, f := range found {
		if f.score > acceptScore && w.free(f.members) {
			s.far = append(s.far, f)
			for _, p := range f.members {
				s.taken[p] = int32(len(s.events) + len(s.far))
			}
		}
	}
}

// farEvent is an event with the speed that its sound came at, m/s.
type farEvent struct {
	hypothesis
	speed float64
}

// farSpeeds are tried where none is given.
func farSpeeds() []float64 {
	return []float64{farSpeed - 30, farSpeed - 15, farSpeed, farSpeed + 15, farSpeed + 30}
}

// farWorker works with the air and the errors of far sound.
func (s *solver) farWorker(speed float64) *worker {
	w := s.newWorker()
	w.reach = farReach
	s.setFar(w, speed)
	return w
}

func (s *solver) setFar(w *worker, speed float64) {
	far := *s.model
	far.air = &atmosphere{still: wind{speed: speed, east: s.upperWind()}, base: s.picks.base}
	far.min = farLeast
	far.timing[Acoustic].share, far.timing[Acoustic].sharp = farShare, false
	w.model = &far
}

// upperWind is the wind towards the east that carries far sound, m/s. Some 50 km up it blows
// towards the west in summer and towards the east in winter, at 40 to 60 m/s in middle latitudes
// (Fleming and others 1990, COSPAR International Reference Atmosphere); sound that is ducted
// below it feels a third of it on its way (Le Pichon, Blanc and Hauchecorne 2010, Infrasound
// Monitoring for Atmospheric Studies, chapter 1).
func (s *solver) upperWind() float64 {
	if len(s.model.air.given) > 0 {
		return 0 // the air is known
	}
	lat := float64(s.net.plane.From(0, 0).Lat)
	season := math.Cos(2 * math.Pi * (float64(s.picks.base.Time().YearDay()) - midsummer) / 365.25)
	return -farWind * season * max(-1, min(lat/fullWind, 1))
}

// In the middle of July the upper air blows steadiest; beyond fullWind degrees from the equator
// it does so with full strength.
const (
	midsummer = 196
	fullWind  = 30
)

// whole makes an event that has a part of what people put together one that has all of it or,
// where that is too improbable, nothing. It is false when neither is an event.
func (w *worker) whole(h *hypothesis) bool {
	if w.decided == nil || !w.decided.torn(h.members) {
		return true
	}
	for _, members := range [][]int32{w.joined(h.members), w.decided.without(h.members)} {
		// The picks are given: choosing anew would tear them apart again.
		tried := hypothesis{estimate: h.estimate, members: members, fixed: true}
		if !w.decided.torn(members) && w.free(members) && w.refine(&tried, 1) && tried.score > acceptScore {
			*h = tried
			return true
		}
	}
	return false
}

// joined adds all that people put together with some of the members; where the event had another
// pick of a channel, that one goes.
func (w *worker) joined(members []int32) []int32 {
	out := slices.Clone(members)
	for range w.decided.together { // one list may touch another
		for _, list := range w.decided.together {
			if count(list, out) == 0 {
				continue
			}
			out = slices.DeleteFunc(out, func(p int32) bool {
				return slices.ContainsFunc(list, func(q int32) bool { return w.picks.channel[p] == w.picks.channel[q] })
			})
			out = append(out, list...)
		}
	}
	kept, _ := w.decided.part(out, make([]float64, len(out)))
	return kept
}

func (w *worker) bearings(members []int32) (n int) {
	for _, p := range members {
		if w.picks.turned(p) > 0 {
			n++
		}
	}
	return n
}

// nearest is the distance to the nearest sensor that heard an event.
func (w *worker) nearest(h *hypothesis) float64 {
	least := math.Inf(1)
	for _, p := range h.members {
		s := w.picks.sensor(p)
		least = min(least, hypot(w.net.x[s]-h.x, w.net.y[s]-h.y))
	}
	return least
}

// crossing begins a hypothesis where the bearings of two picks cross, and takes in whatever
// other picks agree with that.
func (w *worker) crossing(h *hypothesis) bool {
	p, q := h.members[0], h.members[1]
	a, b := w.picks.sensor(p), w.picks.sensor(q)
	sinP, cosP := math.Sincos(float64(w.picks.azimuth[p]))
	sinQ, cosQ := math.Sincos(float64(w.picks.azimuth[q]))
	det := cosP*sinQ - sinP*cosQ
	if a == b || math.Abs(det) < .05 {
		return false // nearly the same direction: no place to be had
	}
	dx, dy := w.net.x[b]-w.net.x[a], w.net.y[b]-w.net.y[a]
	along := (dy*sinQ - dx*cosQ) / det // from a
	beyond := (dy*sinP - dx*cosP) / det
	if along < 0 || beyond < 0 || along > farReach || beyond > farReach {
		return false
	}
	h.x, h.y = w.net.x[a]+along*sinP, w.net.y[a]+along*cosP
	v := w.model.air.still.speed
	h.t = (w.picks.time[p] - along/v + w.picks.time[q] - beyond/v) / 2
	h.members = h.members[:0]
	for c := range w.marked {
		if best := w.agrees(h, int32(c)); best >= 0 {
			h.members = append(h.members, best)
		}
	}
	return len(h.members) >= farLeast
}

// agrees is the free pick of a channel whose time and bearing are nearest to what a place lets
// expect, within three times their errors; -1 when there is none.
func (w *worker) agrees(h *hypothesis, c int32) int32 {
	best, least := int32(-1), math.Inf(1)
	air := w.model.air.at(&h.place)
	for p := w.picks.start[c]; p < w.picks.start[c+1]; p++ {
		if w.taken[p] != 0 {
			continue
		}
		travel, _ := w.expect(&h.place, c, air)
		r := w.picks.time[p] - h.t - travel
		z2 := r * r / (2 * w.errorOf(p, travel))
		if spread := w.picks.turned(p); spread > 0 {
			turn, _ := w.bearing(&h.place, p)
			z2 = max(z2, turn*turn/(2*spread*spread))
		}
		if z2 < 9 && cmp.Less(z2, least) {
			best, least = p, z2
		}
	}
	return best
}
