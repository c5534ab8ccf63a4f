package locate

import (
	"cmp"
	"math"
	"slices"
)

// pair is a P with a later S at the same station: it tells the origin time whatever the place,
// and how far away the event was.
type pair struct {
	origin   float64 // s
	distance float64 // m, slant
	p, s     int32
	futile   bool // it was tried in vain
}

// Bounds on the work one pair may cause.
const (
	groundPartners = 24 // stations whose pairs may be company
	groundTrials   = 24 // places tried from a pair
	groundNear     = 40 // stations that are listened to while an event grows
	originSigmas   = 3.0
)

// pairsOf lists the pairs of a station, by origin time.
func (w *worker) pairsOf(station int) (out []pair) {
	slowP, slowS := w.model.slowness[P], w.model.slowness[S]
	longest := min(w.reach, 7*w.net.spacing+w.model.depthMax) * (slowS - slowP)
	cp, cs := int32(2*station), int32(2*station+1)
	next := w.picks.start[cs]
	for p := w.picks.start[cp]; p < w.picks.start[cp+1]; p++ {
		for next < w.picks.start[cs+1] && w.picks.time[next] <= w.picks.time[p] {
			next++
		}
		for i := next; i < w.picks.start[cs+1] && w.picks.time[i] <= w.picks.time[p]+longest; i++ {
			lag := w.picks.time[i] - w.picks.time[p]
			d := lag / (slowS - slowP)
			out = append(out, pair{origin: w.picks.time[p] - d*slowP, distance: d, p: p, s: i})
		}
	}
	slices.SortFunc(out, func(a, b pair) int {
		return cmp.Or(cmp.Compare(a.origin, b.origin), cmp.Compare(a.p, b.p), cmp.Compare(a.s, b.s))
	})
	return out
}

// since is the first of a station's pairs that began at a time or later.
func since(list []pair, t float64) int {
	from, to := 0, len(list)
	for from < to {
		if mid := int(uint(from+to) >> 1); list[mid].origin < t {
			from = mid + 1
		} else {
			to = mid
		}
	}
	return from
}

// originError is one sigma of a pair's origin time, and of its distance.
func (w *worker) pairError(distance float64) (origin, far float64) {
	slowP, slowS := w.model.slowness[P], w.model.slowness[S]
	vp := w.model.timing[P].variance(0, distance*slowP)
	vs := w.model.timing[S].variance(0, distance*slowS)
	k := slowP / (slowS - slowP)
	return math.Sqrt((1+k)*(1+k)*vp + k*k*vs), math.Sqrt(vp+vs) / (slowS - slowP)
}

// seedGround tries the hypotheses that begin with a pair of a station.
func (w *worker) seedGround(station int32, seed pair, all [][]pair) {
	near := w.near.at(w.net.x[station], w.net.y[station])
	w.pairs = w.pairs[:0]
	sigma, far := w.pairError(seed.distance)
	for _, other := range near[:min(len(near), groundPartners)] {
		if other == station {
			continue
		}
		apart := hypot(w.net.x[other]-w.net.x[station], w.net.y[other]-w.net.y[station])
		list := all[other]
		window := originSigmas * 1.6 * sigma
		at := since(list, seed.origin-window)
		for ; at < len(list) && list[at].origin <= seed.origin+window; at++ {
			q := list[at]
			slack := originSigmas * 1.5 * far
			if w.taken[q.p] != 0 || w.taken[q.s] != 0 || q.distance+seed.distance < apart-slack || math.Abs(q.distance-seed.distance) > apart+slack {
				continue
			}
			w.pairs = append(w.pairs, q)
		}
	}
	if len(w.pairs) < 2 {
		return
	}
	best := hypothesis{score: w.threshold()}
	for i, q := range w.pairs {
		if i == groundTrials || best.score > strongScore && len(best.members) >= 12 {
			break
		}
		w.cross(seed, q, &best)
	}
	w.keep(&best, min(groundTrials, len(w.pairs)))
}

// cross grows the events that two pairs may be of: the two crossings of their circles.
func (w *worker) cross(a, b pair, best *hypothesis) {
	sa, sb := w.picks.sensor(a.p), w.picks.sensor(b.p)
	dx, dy := w.net.x[sb]-w.net.x[sa], w.net.y[sb]-w.net.y[sa]
	d := hypot(dx, dy)
	depth := min(w.model.depthMax/2, .7*min(a.distance, b.distance))
	ra, rb := math.Sqrt(a.distance*a.distance-depth*depth), math.Sqrt(b.distance*b.distance-depth*depth)
	along := (d*d + ra*ra - rb*rb) / (2 * d)
	along = min(max(along, -ra), ra)
	across := math.Sqrt(max(0, ra*ra-along*along))
	four := [4]int32{a.p, a.s, b.p, b.s}
	for side := -1.0; side <= 1; side += 2 {
		if side > 0 && across == 0 {
			return // the circles touch: both places are one
		}
		e := estimate{place: place{
			x: w.net.x[sa] + (along*dx-side*across*dy)/d,
			y: w.net.y[sa] + (along*dy+side*across*dx)/d,
			z: depth, t: (a.origin + b.origin) / 2,
		}}
		chi2, ok := w.fit(&e, four[:], nil)
		if !ok || chi2 > 20 {
			continue
		}
		w.members = append(w.members[:0], four[:]...)
		score := w.grow(&e, w.begin(&e, four[:], chi2), w.near.at(e.x, e.y))
		if score > best.score && len(w.members) >= w.model.min {
			best.score, best.estimate = score, e
			best.members = append(best.members[:0], w.members...)
		}
	}
}
