package locate

import (
	"cmp"
	"math"
	"slices"

	"github.com/trucewatch/truce"
)

// clock is what a sensor's clock is ahead by over a stretch of time.
type clock struct {
	sensor   int32
	from, to float64 // s; unbounded at the ends
	offset   float64 // s
	sigma    float64
	seen     int     // arrivals it rests on
	first    float64 // of them
	last     float64
}

// Bounds of what is looked for.
const (
	mostOffset    = 8.0  // s either way: beyond it an arrival is of another event as likely
	leastOffset   = .15  // s, that is worth a correction
	offsetSigmas  = 4.0  // and is not chance
	leastOnTime   = 4    // arrivals that tell an offset
	missedInARow  = 4    // arrivals that are not where they belong, before a clock is doubted
	togetherLate  = 12   // arrivals that are late together,
	lateSigmas    = 6.0  // by so many sigmas of their mean
	jumpPenalty   = 7.0  // logarithm of the odds against a clock that jumps between two arrivals
	offsetPenalty = 4.0  // and against one that is wrong at all, where there are few sensors
	onTimeSigmas  = 3.5  // of a sensor whose clock is right
	clockDoubt    = 1.4  // errors of offsets over what independent arrivals let expect: the events lean on the clock as well
	strayDensity  = .004 // least chance density of an arrival that has nothing to do with the event, 1/s
)

// sighting is what a sensor had around the time that an event should have been heard there.
type sighting struct {
	at     float64 // s
	onTime bool
	off    float64   // of the arrival nearest to when it should have come, sigmas
	late   []float64 // only of sensors whose clock is doubted
	spread []float64 // one sigma of each
}

// learnClocks finds the sensors whose arrivals are late or early by much the same, event after
// event: those that are doubted are gone through again, closely.
func (s *solver) learnClocks() []clock {
	doubted, any := make([]bool, len(s.net.x)), false
	for sensor, list := range s.sightings(nil) {
		doubted[sensor] = doubtful(list)
		any = any || doubted[sensor]
	}
	if !any {
		return nil
	}
	var out []clock
	for sensor, list := range s.sightings(doubted) {
		if doubted[sensor] {
			out = append(out, offsets(int32(sensor), list, strayDensity+s.picks.rate, max(offsetPenalty, math.Log(float64(s.picks.seen))))...)
		}
	}
	return out
}

// sightings is what the sensors that should have heard an event had around that time, by sensor
// and time: of all whether it was on time, or of some all there was.
func (s *solver) sightings(of []bool) [][]sighting {
	const parts = 16 // the same however many processors there are
	found := make([][][]sighting, parts)
	s.parallel(parts, func(w *worker, part int) {
		all := make([][]sighting, len(s.net.x))
		for i := part * len(s.events) / parts; i < (part+1)*len(s.events)/parts; i++ {
			if h := &s.events[i]; h.score > strongScore && len(h.members) >= sureMembers {
				w.sightings(h, int32(i+1), of, all)
			}
		}
		found[part] = all
	})
	out := make([][]sighting, len(s.net.x))
	s.parallel(len(out), func(_ *worker, sensor int) {
		for part := range found {
			out[sensor] = append(out[sensor], found[part][sensor]...)
		}
		slices.SortStableFunc(out[sensor], func(a, b sighting) int { return cmp.Compare(a.at, b.at) })
	})
	return out
}

// sightings adds what the sensors that should have heard an event had around that time.
func (w *worker) sightings(h *hypothesis, event int32, of []bool, all [][]sighting) {
	air := w.model.air.at(&h.place)
	phases := int32(w.model.medium.channels())
	w.around = w.net.around(h.x, h.y, min(w.reach, h.r+w.model.hear.least/2), w.around[:0])
	for _, near := range w.around {
		if of != nil && !of[near.sensor] {
			continue
		}
		var one sighting
		heard := false
		for c := near.sensor * phases; c < (near.sensor+1)*phases; c++ {
			heard = w.sight(h, event, c, air, of != nil, &one) || heard
		}
		if heard {
			all[near.sensor] = append(all[near.sensor], one)
		}
	}
}

// sight adds what one channel had around the time that an event should have been heard there.
func (w *worker) sight(h *hypothesis, event, c int32, air wind, closely bool, one *sighting) (heard bool) {
	travel, slope := w.travel(&h.place, c, air)
	lever := h.cov.along(slope)
	expected := h.t + travel
	for p := w.picks.from(c, expected-mostOffset); p < w.picks.start[c+1] && w.picks.time[p] <= expected+mostOffset; p++ {
		v := w.errorOf(p, travel)
		r := w.picks.time[p] - expected
		if w.taken[p] == event {
			r /= max(.3, 1-lever/v) // had it not pulled the fit to itself
		}
		heard, one.at = true, w.picks.time[p]
		spread := math.Sqrt(v + lever)
		one.onTime = one.onTime || math.Abs(r) < onTimeSigmas*spread
		if z := r / spread; one.off == 0 || math.Abs(z) < math.Abs(one.off) {
			one.off = z
		}
		if closely {
			one.late, one.spread = append(one.late, r), append(one.spread, spread)
		}
	}
	return heard
}

// doubtful says whether arrivals of a sensor are not where they belong several times in a row, or
// are late, or early, together by more than chance.
func doubtful(list []sighting) bool {
	row, sum := 0, 0.0
	for i := range list {
		if row++; list[i].onTime {
			row = 0
		}
		sum += max(-onTimeSigmas, min(list[i].off, onTimeSigmas))
		if i >= togetherLate {
			sum -= max(-onTimeSigmas, min(list[i-togetherLate].off, onTimeSigmas))
		}
		if row == missedInARow || i+1 >= togetherLate && math.Abs(sum) > lateSigmas*math.Sqrt(togetherLate) {
			return true
		}
	}
	return false
}

// offsets is the likeliest course of a clock: an offset that is constant but for jumps, by
// dynamic programming over a grid of offsets (Viterbi 1967), then sharpened.
func offsets(sensor int32, list []sighting, stray, penalty float64) []clock {
	step := list[0].spread[0]
	for _, one := range list {
		step = min(step, slices.Min(one.spread))
	}
	step = max(.05, step)
	half := int(mostOffset / step)
	states := 2*half + 1
	best, next := make([]float64, states), make([]float64, states)
	from := make([][]int32, len(list))
	for k := range best {
		best[k] = -penalty
	}
	best[half] = 0
	for i, one := range list {
		from[i] = make([]int32, states)
		top := argMax(best)
		for k := range best {
			next[k], from[i][k] = best[k], int32(k)
			if jumped := best[top] - jumpPenalty; jumped > next[k] {
				next[k], from[i][k] = jumped, int32(top)
			}
			next[k] += one.chance(float64(k-half)*step, step, stray)
		}
		best, next = next, best
	}
	path := make([]int, len(list))
	for i, k := len(list)-1, argMax(best); i >= 0; i-- {
		path[i] = k
		k = int(from[i][k])
	}
	var out []clock
	for begin := 0; begin < len(list); {
		end := begin + 1
		for end < len(list) && path[end] == path[begin] {
			end++
		}
		if c, ok := sharpened(list[begin:end], float64(path[begin]-half)*step); ok {
			c.sensor, c.from, c.to = sensor, math.Inf(-1), math.Inf(1)
			if begin > 0 {
				c.from = (list[begin-1].at + list[begin].at) / 2
			}
			if end < len(list) {
				c.to = (list[end-1].at + list[end].at) / 2
			}
			out = append(out, c)
		}
		begin = end
	}
	return out
}

// chance is the logarithm of the chance of what was seen if the clock is ahead by offset.
func (s *sighting) chance(offset, step, stray float64) float64 {
	p := stray
	for i, late := range s.late {
		sigma := math.Sqrt(s.spread[i]*s.spread[i] + step*step/12)
		z := (late - offset) / sigma
		p += .5 * math.Exp(-z*z/2) / (sigma * math.Sqrt(2*math.Pi))
	}
	return math.Log(p)
}

func argMax(values []float64) (best int) {
	for i, v := range values {
		if v > values[best] {
			best = i
		}
	}
	return best
}

// sharpened is the mean of what lies around a rough offset, if it is one worth correcting.
func sharpened(list []sighting, offset float64) (c clock, ok bool) {
	for range 3 {
		var sum, weight float64
		c.seen = 0
		for _, one := range list {
			for i, late := range one.late {
				if math.Abs(late-offset) < onTimeSigmas*one.spread[i] {
					k := 1 / (one.spread[i] * one.spread[i])
					sum, weight = sum+k*late, weight+k
					if c.seen == 0 {
						c.first = one.at
					}
					c.seen, c.last = c.seen+1, one.at
				}
			}
		}
		if c.seen < leastOnTime {
			return c, false
		}
		offset = sum / weight
		c.offset, c.sigma = offset, clockDoubt/math.Sqrt(weight)
	}
	return c, math.Abs(c.offset) > max(leastOffset, offsetSigmas/clockDoubt*c.sigma)
}

// clocks are those of a network that are wrong, by sensor and then by time.
type clocks []clock

// at is the clock of a sensor at a time, nil when it is right.
func (c clocks) at(sensor int, t float64) *clock {
	i, _ := slices.BinarySearchFunc(c, int32(sensor), func(c clock, sensor int32) int { return cmp.Compare(c.sensor, sensor) })
	for ; i < len(c) && c[i].sensor == int32(sensor); i++ {
		if t >= c[i].from && t < c[i].to {
			return &c[i]
		}
	}
	return nil
}

// setClocks takes out of the arrivals' times what clocks are found to be wrong by, and says
// whether so many are that all events are to be found anew. Otherwise they keep their arrivals.
func (s *solver) setClocks(found []clock) (anew bool) {
	s.clocks, s.clockBase = found, s.picks.base
	if len(s.clocks) == 0 {
		return false
	}
	before, futile := s.picks, s.futile
	s.applyClocks()
	s.model.air.base = s.picks.base
	if len(s.clocks)*manyClocks > s.picks.seen {
		s.events = s.events[:0]
		return true
	}
	s.follow(before, futile)
	return false
}

// manyClocks is of how many sensors one must be wrong, before all events are found anew.
const manyClocks = 50

// follow finds the picks that events rest on, and those that were tried in vain, in the order that
// the times now have. Those of the clocks set right are tried again.
func (s *solver) follow(before *picks, futile []bool) {
	now := make([]int32, len(s.arrivals))
	for p, original := range s.picks.original {
		now[original] = int32(p)
	}
	sooner := float64(before.base-s.picks.base) / 1e6
	for i := range s.events {
		h := &s.events[i]
		h.t += sooner
		for k, p := range h.members {
			h.members[k] = now[before.original[p]]
		}
	}
	for p, vain := range futile {
		to := now[before.original[p]]
		s.futile[to] = vain && s.clocks.at(int(s.picks.sensor(to)), before.time[p]) == nil
	}
}

// applyClocks sorts the arrivals again with all clocks set right.
func (s *solver) applyClocks() {
	if len(s.clocks) == 0 {
		return
	}
	unsure := make([]float32, len(s.arrivals))
	for i := range s.arrivals {
		a := &s.arrivals[i]
		if c := s.clocks.at(a.Sensor, float64(a.Time-s.clockBase)/1e6); c != nil {
			s.times[i] = a.Time - truce.Instant(math.Round(c.offset*1e6))
			unsure[i] = float32(c.sigma * c.sigma)
		}
	}
	s.sort(s.picks.medium)
	s.picks.alike = false
	s.picks.unsure = make([]float32, len(s.picks.time))
	for i, original := range s.picks.original {
		s.picks.unsure[i] = unsure[original]
	}
}
