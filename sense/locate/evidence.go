package locate

import "math"

// heard is what a sensor near an event has of it: the best pick of each phase and the
// logarithm of its chance, heard, over that of an unrelated arrival.
type heard struct {
	distance float64
	silent   bool // it has no pick that could be the event's
	pick     [2]int32
	gain     [2]float64
}

var nothingHeard = math.Inf(-1)

// refine makes the best of a hypothesis: its place by a fit, its picks from all sensors that
// may have heard it, and the odds. It is false when there is no event in it.
func (w *worker) refine(h *hypothesis, rounds int) bool {
	if len(h.members) < w.model.min {
		return false
	}
	if h.fixed {
		if _, ok := w.fit(&h.estimate, h.members, h.sure); !ok || h.t < w.earliest || h.t > w.latest {
			return false
		}
		h.score = w.odds(h)
		return true
	}
	for {
		if _, ok := w.fit(&h.estimate, h.members, h.sure); !ok || h.t < w.earliest || h.t > w.latest {
			return false
		}
		w.listen(h)
		same := w.choose(h)
		if len(h.members) < w.model.min {
			return false
		}
		if rounds--; same || rounds == 0 {
			break
		}
	}
	if _, ok := w.fit(&h.estimate, h.members, h.sure); !ok {
		return false
	}
	h.score = w.evidence(h, h.value)
	return true
}

// Rounds of refining: in the search only the order of hypotheses is at stake.
const (
	refineRounds = 5
	searchRounds = 1
)

// listen collects what each sensor that may have heard an event has of it, and says how many
// sensors those are.
func (w *worker) listen(h *hypothesis) int {
	far := 0.0
	for _, pick := range h.members {
		s := w.picks.sensor(pick)
		far = max(far, hypot(w.net.x[s]-h.x, w.net.y[s]-h.y))
	}
	far = min(w.reach, far*(1+2*w.model.hear.soft)+2*w.model.hear.least+w.net.spacing)
	w.around = w.net.around(h.x, h.y, far, w.around[:0])
	w.heard = w.heard[:0]
	air := w.model.air.at(&h.place)
	ground := w.model.medium == InGround
	for _, s := range w.around {
		if w.model.isDeaf(s.sensor, h.t) {
			continue
		}
		one := heard{distance: hypot(s.distance, h.z), pick: [2]int32{-1, -1}, gain: [2]float64{nothingHeard, nothingHeard}}
		if ground {
			w.listenGround(h, s.sensor, &one)
		} else {
			travel, slope := air.ray(w.net.x[s.sensor]-h.x, w.net.y[s.sensor]-h.y, w.net.z[s.sensor]+h.z)
			v := w.model.timing[Acoustic].variance(0, travel)
			one.pick[0], one.gain[0] = w.match(s.sensor, &h.estimate, travel, min(v, h.cov.along(slope)))
		}
		one.silent = one.pick[0] < 0 && one.pick[1] < 0
		w.heard = append(w.heard, one)
	}
	return len(w.heard)
}

// listenGround is what both channels of a station have of an event: their waves go the same way,
// which is worked out once.
func (w *worker) listenGround(h *hypothesis, sensor int32, one *heard) {
	distance, way := wave(w.net.x[sensor]-h.x, w.net.y[sensor]-h.y, w.net.z[sensor]+h.z, 1)
	timeless := h.cov.along(way) - h.cov[atT][atT] // of the squares and the products with time
	squares := h.cov.across(way)
	for ph := range int32(2) {
		k := w.model.slowness[P+Phase(ph)]
		travel := k * distance
		v := w.model.timing[P+Phase(ph)].variance(0, travel)
		foretold := k*k*squares + k*(timeless-squares) + h.cov[atT][atT]
		one.pick[ph], one.gain[ph] = w.match(2*sensor+ph, &h.estimate, travel, min(v, foretold))
	}
}

// choose finds the event's range and takes as its picks those that are likelier heard of it
// than not. It says whether they are the ones it had.
func (w *worker) choose(h *hypothesis) (same bool) {
	h.r, h.value = w.model.hear.profile(w.heard, h.r, w.model.medium)
	old := h.members
	w.members, w.sure = w.members[:0], w.sure[:0]
	curve := w.model.hear.of(h.r)
	for i := range w.heard {
		one := &w.heard[i]
		if one.silent {
			continue
		}
		chances := curve.at(one.distance)
		with, take := chances.value(one, w.model.medium)
		for ph := range 2 {
			if take&(1<<ph) != 0 {
				less := *one
				less.gain[ph] = nothingHeard
				without, _ := chances.value(&less, w.model.medium)
				w.members = append(w.members, one.pick[ph])
				w.sure = append(w.sure, 1/(1+math.Exp(without-with)))
			}
		}
	}
	if w.decided != nil {
		w.members, w.sure = w.decided.part(w.members, w.sure)
	}
	h.sure = append(h.sure[:0], w.sure...)
	same = len(old) == len(w.members)
	for i := 0; same && i < len(old); i++ {
		same = old[i] == w.members[i]
	}
	h.members = append(h.members[:0], w.members...)
	return same
}

// odds is the logarithm of the odds that a fitted hypothesis is an event.
func (w *worker) odds(h *hypothesis) float64 {
	w.listen(h)
	h.r, h.value = w.model.hear.profile(w.heard, h.r, w.model.medium)
	return w.evidence(h, h.value)
}

// evidence is the odds of a place with what was heard and what was not around it, integrated
// over where it may have been (Laplace's approximation).
func (w *worker) evidence(h *hypothesis, value float64) float64 {
	dim := w.model.medium.dims()
	logDet, ok := h.cov.logDet(dim)
	if !ok {
		return nothingHeard
	}
	score := value - rangePenalty + w.model.density + .5*logDet + .5*float64(dim)*math.Log(2*math.Pi)
	if dim == 4 {
		score -= math.Log(w.model.depthMax)
	}
	return score
}

// rangePenalty is what choosing the best range of many is worth.
const rangePenalty = 1.5
