package locate

import (
	"cmp"
	"math"
	"slices"
)

// Shots of a salvo come from one place within seconds. One by one they are easily mixed up:
// an arrival of this shot here and of the next one there meet somewhere beside the gun. So
// where sensors have several arrivals each, a place is judged by all the shots that it
// explains together.
const (
	salvoSpan     = 30.0 // s either side of a shot
	salvoSensors  = 24   // that are asked first, the nearest
	salvoLeast    = 4    // arrivals that agree on a shot
	salvoSigmas   = 3.0
	salvoMost     = 16  // shots
	salvoShot     = 4.0 // what another shot from there must be worth: logarithm of the odds
	salvoApart    = .08 // of the sensors' spacing: places nearer to each other are one
	crowdedShare  = 1.5 // arrivals a sensor near by, from which a salvo is suspected
	crowdedTrials = 200 // places tried then
	salvoRounds   = 3
)

// echo is an arrival as the origin time it means for a shot from a known place.
type echo struct {
	origin, sigma float64
	pick          int32
	rank          int32 // of its sensor by distance
	shot          int32 // it is taken for, counted from 1
}

// volley is a place and the shots it explains.
type volley struct {
	estimate
	shots []float64 // origin times, s
	score float64
}

// judge finds the shots that a place explains, and what they are worth together.
func (w *worker) judge(e *estimate) (v volley) {
	v.estimate = *e
	near := w.near.at(e.x, e.y)
	near = near[:min(len(near), salvoSensors)]
	w.listenBack(e, near)
	for len(v.shots) < salvoMost {
		at, ok := w.peak()
		if !ok {
			break
		}
		worth := w.claim(at, int32(len(v.shots)+1), near) - salvoShot
		v.shots = append(v.shots, at)
		v.score += max(0, worth)
	}
	return v
}

// listenBack fills w.echoes with what the free picks of sensors mean for a place.
func (w *worker) listenBack(e *estimate, near []int32) {
	air := w.model.air.at(&e.place)
	w.echoes = w.echoes[:0]
	for rank, c := range near {
		travel, slope := w.expect(&e.place, c, air)
		gain := e.cov.times(&slope, 2)
		extra := min(slope.dot(&gain, 2), .04)
		from, to := e.t+travel-salvoSpan, e.t+travel+salvoSpan
		for p := w.picks.from(c, from); p < w.picks.start[c+1] && w.picks.time[p] <= to; p++ {
			if w.taken[p] == 0 {
				v := w.errorOf(p, travel) + extra
				w.echoes = append(w.echoes, echo{w.picks.time[p] - travel, math.Sqrt(v), p, int32(rank), 0})
			}
		}
	}
	slices.SortFunc(w.echoes, func(a, b echo) int { return cmp.Or(cmp.Compare(a.origin, b.origin), cmp.Compare(a.pick, b.pick)) })
}

// peak is the origin time on which most of the echoes agree that no shot has yet.
func (w *worker) peak() (at float64, ok bool) {
	best, weight := salvoLeast-1, 0.0
	for i := range w.echoes {
		if w.echoes[i].shot != 0 {
			continue
		}
		origin := w.echoes[i].origin
		var sum, total float64
		count := 0
		for _, way := range [2]int{-1, 1} {
			for j := i; j >= 0 && j < len(w.echoes); j += way {
				e := &w.echoes[j]
				if math.Abs(e.origin-origin) > 1.5 {
					break
				}
				if e.shot != 0 || j == i && way == 1 || math.Abs(e.origin-origin) >= salvoSigmas*e.sigma {
					continue
				}
				k := 1 / (e.sigma * e.sigma)
				sum, total, count = sum+k*e.origin, total+k, count+1
			}
		}
		if count > best || count == best && total > weight {
			best, weight, at = count, total, sum/total
		}
	}
	return at, weight > 0
}

// claim gives the echoes around an origin time to a shot, one a sensor, and says what they are
// worth: arrivals against silence, sensor by sensor outwards, to where it is worth most.
func (w *worker) claim(at float64, shot int32, near []int32) (worth float64) {
	var best [salvoSensors]int32 // by rank: echo, counted from 1
	for i := range w.echoes {
		e := &w.echoes[i]
		if e.shot != 0 || math.Abs(e.origin-at) >= salvoSigmas*e.sigma {
			continue
		}
		if have := best[e.rank]; have == 0 || math.Abs(w.echoes[have-1].origin-at) > math.Abs(e.origin-at) {
			best[e.rank] = int32(i + 1)
		}
		e.shot = -1 // no other shot's either: two of one sensor are too near to each other
	}
	hit, miss := w.model.searchChances()
	sum := 0.0
	for rank, c := range near {
		if best[rank] == 0 {
			sum += miss
			continue
		}
		e := &w.echoes[best[rank]-1]
		e.shot = shot
		z := (e.origin - at) / e.sigma
		sum += hit - w.model.rate[c] + logResidual(z*z) - math.Log(e.sigma)
		worth = max(worth, sum)
	}
	return worth
}

// sharpen fits the place of a volley to all its shots at once, the time of each its own, and
// judges it again.
func (w *worker) sharpen(v *volley) {
	for range salvoRounds {
		w.judge(&v.estimate)
		if !w.fitVolley(v) {
			return
		}
	}
	*v = w.judge(&v.estimate)
}

// fitVolley moves the place to where all shots fit best. Taking each shot's weighted means out
// of residuals and slopes takes out its time.
func (w *worker) fitVolley(v *volley) bool {
	type mean struct{ weight, late, x, y float64 }
	var means [salvoMost + 1]mean
	air := w.model.air.at(&v.place)
	for _, e := range w.echoes {
		if e.shot > 0 {
			_, h := w.expect(&v.place, w.picks.channel[e.pick], air)
			k := 1 / (e.sigma * e.sigma)
			m := &means[e.shot]
			m.weight, m.late, m.x, m.y = m.weight+k, m.late+k*e.origin, m.x+k*h[atX], m.y+k*h[atY]
		}
	}
	var a matrix
	var b vector
	for _, e := range w.echoes {
		if e.shot <= 0 {
			continue
		}
		m := &means[e.shot]
		_, h := w.expect(&v.place, w.picks.channel[e.pick], air)
		x, y, r := h[atX]-m.x/m.weight, h[atY]-m.y/m.weight, e.origin-m.late/m.weight
		k := trust(r*r/(e.sigma*e.sigma)) / (e.sigma * e.sigma)
		a[0][0] += k * x * x
		a[0][1] += k * x * y
		a[1][1] += k * y * y
		b[0] += k * x * r
		b[1] += k * y * r
	}
	a[1][0] = a[0][1]
	cov, _, ok := a.invert(2)
	if !ok {
		return false
	}
	step := cov.times(&b, 2)
	if hypot(step[0], step[1]) > w.net.spacing {
		return false
	}
	v.x, v.y = v.x+step[0], v.y+step[1]
	for i := range 2 {
		for j := range 2 {
			v.cov[i][j] = cov[i][j]
		}
	}
	return true
}

// fire makes hypotheses of the shots of a volley: each takes from the place what is its own,
// out to as far as it was heard, and is then fitted by itself.
func (w *worker) fire(v *volley) []hypothesis {
	var out []hypothesis
	for _, at := range v.shots {
		h := hypothesis{estimate: v.estimate, rank: v.score, fixed: true}
		h.t = at
		for i := range h.cov {
			h.cov[atT][i], h.cov[i][atT] = 0, 0
		}
		h.cov[atT][atT] = .01
		for _, e := range w.echoes {
			if math.Abs(e.origin-at) < salvoSigmas*e.sigma {
				h.members = append(h.members, e.pick)
			}
		}
		for range refineRounds {
			if len(h.members) == 0 || w.listen(&h) == 0 || w.choose(&h) {
				break
			}
		}
		if len(h.members) >= w.model.min && w.refine(&h, refineRounds) && h.score > acceptScore {
			out = append(out, h)
		}
	}
	return out
}
