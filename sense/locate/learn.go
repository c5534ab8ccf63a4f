package locate

import (
	"math"
	"slices"
)

// residual is what an arrival of a sure event tells of the errors of arrivals.
type residual struct {
	stated, travel float64
	square         float64 // s^2, as it would be had the arrival not pulled the fit to itself
	phase          Phase
}

// Bounds of learning. Below the least nothing is learnt; above the most nothing is gained.
const (
	leastResiduals = 150
	mostResiduals  = 8000 // a phase
	someResiduals  = 1500 // always taken, where there are so many
	residualShare  = 8    // of more, one in so many
	sureMembers    = 6    // more than the unknowns: residuals of fewer are mostly fit
)

// learnErrors fits how large the errors of arrivals are and how they grow with travel time,
// by maximum likelihood over the residuals of sure events.
func (s *solver) learnErrors() {
	all := s.residuals()
	byPhase := [3][]residual{}
	for _, r := range all {
		byPhase[r.phase] = append(byPhase[r.phase], r)
	}
	next := *s.model
	for phase, list := range byPhase {
		if len(list) >= leastResiduals {
			next.learnPhase(Phase(phase), list)
		}
	}
	s.model = &next
}

// residuals samples the arrivals of events with more arrivals than unknowns, evenly over all.
func (s *solver) residuals() []residual {
	w := s.workers[0]
	w.model = s.model
	total := 0
	for i := range s.events {
		total += len(s.events[i].members)
	}
	wanted := min(max(total/residualShare, someResiduals*s.picks.medium.channels()), mostResiduals*s.picks.medium.channels())
	stride, seen := max(1, total/wanted), 0
	var out []residual
	for i := range s.events {
		h := &s.events[i]
		if len(h.members) < sureMembers+s.picks.medium.channels() || h.score < strongScore {
			continue
		}
		if seen++; seen%stride != 0 && stride > 1 {
			continue
		}
		out = w.residualsOf(h, out)
	}
	return out
}

func (w *worker) residualsOf(h *hypothesis, out []residual) []residual {
	air := w.model.air.at(&h.place)
	dim := w.model.medium.dims()
	for _, p := range h.members {
		c := w.picks.channel[p]
		phase := w.model.phase(c)
		travel, slope := w.expect(&h.place, c, air)
		gain := h.cov.times(&slope, dim)
		lever := slope.dot(&gain, dim) / w.errorOf(p, travel)
		if lever > .7 {
			continue
		}
		r := w.picks.time[p] - h.t - travel
		out = append(out, residual{w.picks.sigma[p], travel, r * r / (1 - lever), phase})
	}
	return out
}

// learnPhase climbs, by ever smaller factors, to the likeliest error of a phase: its floor (or
// what stated errors are to be multiplied by), its share of the travel time, and whether the
// larger of both counts or their root of squares.
func (m *model) learnPhase(phase Phase, list []residual) {
	stated := slices.ContainsFunc(list, func(r residual) bool { return r.stated > 0 })
	best := m.likelihood(phase, list)
	for _, sharp := range [2]bool{false, true} {
		try := *m
		try.sharp[phase] = sharp
		top := try.likelihood(phase, list)
		for step := 1.6; step > 1.01; step = math.Sqrt(step) {
			for improved := true; improved; {
				improved = false
				for _, f := range [4][2]float64{{step, 1}, {1 / step, 1}, {1, step}, {1, 1 / step}} {
					next := try
					next.share[phase] = min(max(next.share[phase]*f[1], 1e-4), .1)
					if stated {
						next.scale[phase] = min(max(next.scale[phase]*f[0], .1), 10)
					} else {
						next.floor[phase] = min(max(next.floor[phase]*f[0], 1e-3), 30)
					}
					if l := next.likelihood(phase, list); l > top+1e-6 {
						try, top, improved = next, l, true
					}
				}
			}
		}
		if top > best+1 {
			best = top
			*m = try
		}
	}
}

func (m *model) likelihood(phase Phase, list []residual) (sum float64) {
	for _, r := range list {
		v := m.variance(r.stated, r.travel, phase)
		sum += logLearnt(r.square/v) - .5*math.Log(v)
	}
	return sum
}

// logLearnt is logResidual with fewer strays: what strays are let off, the error proper is
// too small by.
func logLearnt(z2 float64) float64 {
	if z2 < 6 {
		return -z2 / 2
	}
	return math.Log(math.Exp(-z2/2) + learntStrays/straySpread*math.Exp(-z2/2/(straySpread*straySpread)))
}

const learntStrays = .003

// learnHearing takes from sure events how many of the sensors that are well within range
// hear one at all: of as many as the curve would have if all near by did.
func (s *solver) learnHearing() {
	w := s.workers[0]
	w.model = s.model
	hear := s.model.hear
	heardOf, of := 0.0, 0.0
	phases := int32(s.picks.medium.channels())
	for i := range s.events {
		h := &s.events[i]
		if h.score < strongScore || len(h.members) < sureMembers {
			continue
		}
		w.around = w.net.around(h.x, h.y, min(w.reach, wellWithin*h.r), w.around[:0])
		for _, near := range w.around {
			if w.model.isDeaf(near.sensor, h.t) {
				continue
			}
			of += float64(phases) * hear.chance(math.Hypot(near.distance, h.z), h.r) / hear.height
		}
		for _, p := range h.members {
			sensor := w.picks.sensor(p)
			if math.Hypot(w.net.x[sensor]-h.x, w.net.y[sensor]-h.y) <= wellWithin*h.r {
				heardOf++
			}
		}
	}
	if of < leastListeners {
		return
	}
	next := *s.model
	next.hear.height = min(max(heardOf/of, .2), .98)
	next.hear = next.hear.prepared(s.picks.medium)
	s.model = &next
}

const (
	wellWithin     = .6 // of the range
	leastListeners = 300
)

// learnRates takes as noise what no event has, channel by channel, and as the density of
// events those that were found.
func (s *solver) learnRates() {
	next := *s.model
	next.rate = make([]float64, len(s.model.rate))
	free := 0
	for c := range next.rate {
		n := 0
		for p := s.picks.start[c]; p < s.picks.start[c+1]; p++ {
			if s.taken[p] == 0 {
				n++
			}
		}
		free += n
		next.rate[c] = float64(n)
	}
	mean := float64(free) / float64(max(1, s.picks.seen))
	for c, n := range next.rate { // drawn to the mean as if that had been seen for a while
		next.rate[c] = math.Log((n + priorNoise*(mean+.5)/(mean+priorNoise)) / (1 + priorNoise/(mean+priorNoise)) / s.picks.span)
	}
	area := 4 * (s.net.extent + s.net.spacing) * (s.net.extent + s.net.spacing)
	next.density = math.Log((float64(len(s.events)) + 1) / (s.picks.span + 60) / area)
	s.model = &next
}

const priorNoise = 2.0 // arrivals
