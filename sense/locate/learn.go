package locate

import (
	"math"
	"slices"
)

// residual is what an arrival of a sure event tells of the errors of arrivals.
type residual struct {
	stated, travel float64
	square         float64 // s^2, as it would be had the arrival not pulled the fit to itself
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
	byPhase := s.residuals()
	const ways = 2 // errors whose squares add up, and those of which the larger counts
	var found [len(byPhase) * ways]timing
	var likely [len(found)]float64
	s.parallel(len(found), func(_ *worker, i int) {
		list := byPhase[i/ways]
		if len(list) < leastResiduals {
			return
		}
		found[i] = s.model.timing[i/ways]
		found[i].sharp = i%ways == 1
		likely[i] = found[i].climb(list)
	})
	next := *s.model
	for phase, list := range byPhase {
		if len(list) < leastResiduals {
			continue
		}
		best := next.timing[phase].likelihood(list) + 1 // what is believed stays unless another is likelier by so much
		for i := phase * ways; i < (phase+1)*ways; i++ {
			if likely[i] > best {
				best, next.timing[phase] = likely[i]+1, found[i]
			}
		}
	}
	s.model = &next
}

// residuals samples the arrivals of events with more arrivals than unknowns, evenly over all, by
// phase.
func (s *solver) residuals() (byPhase [3][]residual) {
	w := s.workers[0]
	w.model = s.model
	total, channels := 0, s.picks.medium.channels()
	for i := range s.events {
		total += len(s.events[i].members)
	}
	wanted := min(max(total/residualShare, someResiduals*channels), mostResiduals*channels)
	for c := range channels {
		byPhase[s.model.phase(int32(c))] = make([]residual, 0, min(total, 2*wanted))
	}
	stride, seen := max(1, total/wanted), 0
	for i := range s.events {
		h := &s.events[i]
		if len(h.members) < sureMembers+channels || h.score < strongScore {
			continue
		}
		if seen++; seen%stride != 0 && stride > 1 {
			continue
		}
		w.residualsOf(h, &byPhase)
	}
	return byPhase
}

func (w *worker) residualsOf(h *hypothesis, byPhase *[3][]residual) {
	air := w.model.air.at(&h.place)
	for _, p := range h.members {
		c := w.picks.channel[p]
		phase := w.model.phase(c)
		travel, slope := w.travel(&h.place, c, air)
		lever := h.cov.along(slope) / w.errorOf(p, travel)
		if lever > .7 {
			continue
		}
		r := w.picks.time[p] - h.t - travel
		byPhase[phase] = append(byPhase[phase], residual{w.picks.stated(p), travel, r * r / (1 - lever)})
	}
}

// climb goes, by ever smaller factors, to the likeliest errors of a phase: the floor (or what
// stated errors are to be multiplied by) and the share of the travel time. It returns the
// logarithm of how likely they make the residuals.
func (t *timing) climb(list []residual) (top float64) {
	stated := slices.ContainsFunc(list, func(r residual) bool { return r.stated > 0 })
	top = t.likelihood(list)
	for step := 1.6; step > 1.01; step = math.Sqrt(step) {
		for improved := true; improved; {
			improved = false
			for _, f := range [4][2]float64{{step, 1}, {1 / step, 1}, {1, step}, {1, 1 / step}} {
				next := *t
				next.share = min(max(next.share*f[1], 1e-4), .1)
				if stated {
					next.scale = min(max(next.scale*f[0], .1), 10)
				} else {
					next.floor = min(max(next.floor*f[0], 1e-3), 30)
				}
				if l := next.likelihood(list); l > top+1e-6 {
					*t, top, improved = next, l, true
				}
			}
		}
	}
	return top
}

// likelihood is the logarithm of that of residuals. The logarithm of their variances is taken of
// a product of a few at a time: that is most of the work.
func (t *timing) likelihood(list []residual) (sum float64) {
	product := 1.0
	for i := range list {
		r := &list[i]
		v := t.variance(r.stated, r.travel)
		if product *= v; i%16 == 15 { // 1e-13 to 1e8 each: the product is no 0 and not infinite
			sum -= .5 * math.Log(product)
			product = 1
		}
		if z2 := r.square / v; z2 < learntTail {
			sum -= z2 / 2
		} else {
			sum += logLearnt(z2)
		}
	}
	return sum - .5*math.Log(product)
}

// logLearnt is logResidual with fewer strays: what strays are let off, the error proper is
// too small by.
func logLearnt(z2 float64) float64 {
	if z2 < learntTail {
		return -z2 / 2
	}
	return math.Log(math.Exp(-z2/2) + learntStrays/straySpread*math.Exp(-z2/2/(straySpread*straySpread)))
}

const (
	learntStrays = .003
	learntTail   = 6.0 // squared sigmas: strays are fewer below
)

// hearing takes from sure events how many of the sensors that are well within range
// hear one at all: of as many as the curve would have if all near by did.
func (s *solver) hearing() hearing {
	hear := s.model.hear
	heardOf, of := 0.0, 0.0
	phases := float64(s.picks.medium.channels())
	var around []ranked
	for i := range s.events {
		h := &s.events[i]
		if h.score < strongScore || len(h.members) < sureMembers {
			continue
		}
		around = s.net.around(h.x, h.y, min(s.reach, wellWithin*h.r), around[:0])
		for _, near := range around {
			if s.model.isDeaf(near.sensor, h.t) {
				continue
			}
			of += phases * hear.chance(hypot(near.distance, h.z), h.r) / hear.height
		}
		for _, p := range h.members {
			sensor := s.picks.sensor(p)
			if hypot(s.net.x[sensor]-h.x, s.net.y[sensor]-h.y) <= wellWithin*h.r {
				heardOf++
			}
		}
	}
	if of < leastListeners {
		return hear
	}
	hear.height = min(max(heardOf/of, .2), .98)
	return hear.prepared(s.picks.medium)
}

const (
	wellWithin     = .6 // of the range
	leastListeners = 300
)

// noise is the arrivals of which no event has any, and how often there is an event.
type noise struct {
	rate    []float64 // as in model
	density float64
}

// noise takes as noise what no event has, channel by channel, and as the density of
// events those that were found.
func (s *solver) noise() noise {
	rate := make([]float64, len(s.model.rate))
	free := 0
	for c := range rate {
		n := 0
		for p := s.picks.start[c]; p < s.picks.start[c+1]; p++ {
			if s.taken[p] == 0 {
				n++
			}
		}
		free += n
		rate[c] = float64(n)
	}
	mean := float64(free) / float64(max(1, s.picks.seen))
	for c, n := range rate { // drawn to the mean as if that had been seen for a while
		rate[c] = math.Log((n + priorNoise*(mean+.5)/(mean+priorNoise)) / (1 + priorNoise/(mean+priorNoise)) / s.picks.span)
	}
	area := 4 * (s.net.extent + s.net.spacing) * (s.net.extent + s.net.spacing)
	return noise{rate, math.Log((float64(len(s.events)) + 1) / (s.picks.span + 60) / area)}
}

const priorNoise = 2.0 // arrivals

// Before any event is heard, a range is thought to be a few spacings of the sensors, give or take
// a factor of e; so is it of some events, to which those that were heard are added.
const (
	priorRangeSpacings = 4.0
	priorRangeSigma    = 1.0
	priorRanges        = 4.0 // events
)

// learnRanges finds how the ranges of hearing are spread over the events, of which each tells its
// own with an error: the spread by which all that was heard and not is likeliest (expectation
// maximisation over a lattice of ranges).
func (s *solver) learnRanges() {
	middle := math.Log(priorRangeSpacings * max(s.net.spacing, s.model.hear.least))
	next := *s.model
	next.ranges = ranges{middle, priorRangeSigma}
	s.model = &next
	told := make([][]float64, len(s.events))
	s.eachEvent(func(w *worker, i int, h *hypothesis) {
		p := w.posterior(h)
		p.hearing(h.x, h.y)
		told[i] = make([]float64, rangeWays)
		for k, l := range p.byRange {
			told[i][k] = l - p.prior[k]
		}
	})
	grid := next.ranges.lattice()
	for range rangeRounds {
		next.ranges = next.ranges.again(middle, &grid, told)
	}
}

// again is one round of expectation maximisation: each event's chances of the ranges under the
// spread so far, and the spread of these.
func (r ranges) again(middle float64, grid *[rangeWays]float64, told [][]float64) ranges {
	var chance, shares [rangeWays]float64
	for _, likely := range told {
		total := logSum{}
		for k, l := range likely {
			off := (grid[k] - r.mean) / r.sigma
			chance[k] = l - off*off/2
			total.add(chance[k])
		}
		for k := range chance {
			shares[k] += math.Exp(chance[k] - total.log())
		}
	}
	n, sum := priorRanges, priorRanges*middle
	for k, share := range shares {
		n, sum = n+share, sum+share*grid[k]
	}
	mean := sum / n
	squares := priorRanges * (priorRangeSigma*priorRangeSigma + (middle-mean)*(middle-mean))
	for k, share := range shares {
		squares += share * (grid[k] - mean) * (grid[k] - mean)
	}
	return ranges{mean, math.Sqrt(squares / n)}
}

// rangeRounds of learning the ranges; the spread settles within them.
const rangeRounds = 12

// lattice are the logarithms of the ranges that are integrated over.
func (r ranges) lattice() (out [rangeWays]float64) {
	for k := range out {
		out[k] = r.mean + rangeSigmas*r.sigma*(float64(2*k)/(rangeWays-1)-1)
	}
	return out
}
