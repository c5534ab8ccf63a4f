package locate

import "math"

// worker is one thread's view of a medium: what all share and only read, and buffers of its
// own.
type worker struct {
	net     *network
	picks   *picks
	model   *model
	taken   []int32 // by pick: the event it is in, counted from 1; 0: free
	decided *decided
	futile  []bool  // by pick: tried as a seed in vain; what is taken since cannot help it
	reach   float64 // how far an event is ever heard, m

	earliest, latest float64 // origins that are looked at, s

	near    *vicinity
	members []int32
	sure    []float64
	marked  []int32 // by channel: the mark of the hypothesis that has a pick there
	mark    int32
	claimed []bool // by pick: a strong hypothesis of this search has it
	around  []ranked
	heard   []heard
	pairs   []pair
	partner []int32
	found   []hypothesis
	echoes  []echo
	tried   []place
}

// hypothesis is a place where something may have happened, with the picks it explains.
type hypothesis struct {
	estimate
	score   float64 // logarithm of the odds against chance
	members []int32
	sure    []float64 // the chance that each is this event's, if it is one
	value   float64   // likelihood of all that was heard and not
	r       float64   // range, m
	fixed   bool      // shot of a salvo: its picks were chosen with those of the others
	rank    float64   // of the salvo, by which its shots compete
}

// Growing stops where what is missing outweighs what may still come.
const (
	gateSigmas = 3.5
	growDrop   = 7.0 // of the logarithm of the odds, below the best so far
)

// search chances of being heard, or not, at one of the sensors nearest to an event: a
// rough stand-in for the hearing curve, whose range is not known yet.
func (m *model) searchChances() (hit, miss float64) {
	if m.medium == InGround {
		return math.Log(.5), math.Log(1 - .45)
	}
	return math.Log(.75), math.Log(1 - .75)
}

// begin scores the picks a hypothesis begins with, whose fit is e: their chance under the
// event, integrated over where it may have been, over their chance as unrelated arrivals.
func (w *worker) begin(e *estimate, members []int32, chi2 float64) float64 {
	dim := w.model.medium.dims()
	logDet, ok := e.cov.logDet(dim)
	if !ok {
		return math.Inf(-1)
	}
	hit, _ := w.model.searchChances()
	score := w.model.density + .5*logDet + .5*float64(dim)*math.Log(2*math.Pi) - chi2/2
	if dim == 4 {
		score -= math.Log(w.model.depthMax)
	}
	air := w.model.air.at(&e.place)
	for _, pick := range members {
		c := w.picks.channel[pick]
		travel, _ := w.travel(&e.place, c, air)
		score += hit - w.model.rate[c] - .5*math.Log(2*math.Pi*w.errorOf(pick, travel))
	}
	return score
}

// grow adds to the picks in w.members, from which e was fitted, what the sensors near by
// heard of it: each arrival where it was to be expected sharpens the place (a Kalman filter),
// and each is scored by its chance as foretold by those before it. It stops where silence
// outweighs, leaves in w.members what made the score best, and returns that score.
func (w *worker) grow(e *estimate, score float64, near []int32) float64 {
	w.mark++
	for _, pick := range w.members {
		w.marked[w.picks.channel[pick]] = w.mark
	}
	hit, miss := w.model.searchChances()
	air := w.model.air.at(&e.place)
	best, count := score, len(w.members)
	phases := int32(w.model.medium.channels())
	dim := w.model.medium.dims()
	for _, s := range near {
		for c := s * phases; c < (s+1)*phases; c++ {
			if w.marked[c] == w.mark {
				continue
			}
			travel, slope := w.travel(&e.place, c, air)
			pick, log := w.match(c, e, travel, e.cov.along(slope))
			if pick < 0 || log+hit < miss {
				score += miss
				if score < best-growDrop {
					w.members = w.members[:count]
					return best
				}
				continue
			}
			e.update(&vector{slope.x, slope.y, 1, slope.z}, w.picks.time[pick]-e.t-travel, w.errorOf(pick, travel), dim)
			w.members = append(w.members, pick)
			if score += log + hit; score > best {
				best, count = score, len(w.members)
			}
		}
	}
	w.members = w.members[:count]
	return best
}

// match is the free pick of a channel that fits best to an expected arrival, and the
// logarithm of its chance over that of an unrelated arrival there; -1 when there is none.
// The variance is that of what is expected.
func (w *worker) match(c int32, e *estimate, travel, variance float64) (best int32, log float64) {
	usual := variance + w.model.timing[w.model.phase(c)].variance(0, travel)
	if w.picks.alike {
		return w.nearestInTime(c, e.t+travel, usual)
	}
	expected := e.t + travel
	gate := gateSigmas * math.Sqrt(usual)
	best, log = -1, nothingHeard
	end := w.picks.start[c+1]
	for p := w.picks.from(c, expected-gate); p < end && w.picks.time[p] <= expected+gate; p++ {
		if w.taken[p] != 0 {
			continue
		}
		v := variance + w.errorOf(p, travel)
		r := w.picks.time[p] - expected
		l := logResidual(r*r/v) - .5*math.Log(v) - w.model.rate[c]
		if w.picks.turned(p) > 0 {
			l += w.bearingGain(&e.place, p)
		}
		if l > log {
			best, log = p, l
		}
	}
	return best, log
}

// nearestInTime is match where picks have no error and no azimuth of their own: the nearest in time
// is the likeliest. Most channels have none within the gate, which the first time behind its
// begin says.
func (w *worker) nearestInTime(c int32, expected, usual float64) (best int32, log float64) {
	least := gateSigmas * math.Sqrt(usual)
	until, times := expected+least, w.picks.time[:w.picks.start[c+1]]
	best = -1
	for p := int(w.picks.from(c, expected-least)); p < len(times) && times[p] <= until; p++ {
		if r := math.Abs(times[p] - expected); r <= least && w.taken[p] == 0 {
			best, least = int32(p), r
		}
	}
	if best < 0 {
		return best, nothingHeard
	}
	return best, logResidual(least*least/usual) - .5*math.Log(usual) - w.model.rate[c]
}

// bearingGain is the logarithm of the chance of a pick's azimuth for an event at a place, over
// that of any azimuth.
func (w *worker) bearingGain(p *place, pick int32) float64 {
	spread := w.picks.turned(pick)
	residual, _ := w.bearing(p, pick)
	return logResidual(residual*residual/(spread*spread)) - math.Log(spread) + math.Log(2*math.Pi)
}
