package locate

import (
	"math"
	"slices"
)

// Bounds on the work that one arrival may cause. An arrival is taken for the first of its
// event, and others near by for its company.
const (
	airPartners   = 24  // sensors whose arrivals may be company
	airCompany    = 64  // arrivals of one of them, the first
	airTriples    = 60  // places tried from an arrival
	airNear       = 32  // sensors that are listened to while an event grows
	airSilent     = 6   // rank by distance, at the most, of the first sensor that heard an event
	backingAsked  = 6   // sensors nearest to a rough place, of which one must have heard it
	backingCrowd  = .25 // sensors that chance lets back a place, from which on it takes two of many
	backingSigmas = 6.0 // of an arrival, that a rough place may be off
	strongScore   = 14  // of a hypothesis that needs no better

	calm = 1.0 // m/s of wind that still air will do for
)

// seedAir tries the hypotheses in which a pick is the first arrival of its event.
func (w *worker) seedAir(first int32) {
	s := w.picks.channel[first]
	t := w.picks.time[first]
	w.partner = w.partner[:0]
	near := w.near.at(w.net.x[s], w.net.y[s])
	speed := w.model.air.still.speed
	heard, chance := 0, 0.0
	for _, other := range near[:min(len(near), airPartners)] {
		if other == s {
			continue
		}
		before := len(w.partner)
		d := hypot(w.net.x[other]-w.net.x[s], w.net.y[other]-w.net.y[s])
		late := t + d/speed*1.05 + 3*w.model.timing[Acoustic].floor
		for p := w.picks.from(other, t); p < w.picks.start[other+1] && w.picks.time[p] <= late && len(w.partner) < before+airCompany; p++ {
			if w.taken[p] == 0 {
				w.partner = append(w.partner, p)
			}
		}
		if len(w.partner) > before {
			heard++
			chance += (late - t) * w.picks.rate
		}
	}
	if heard+1 < w.model.min {
		return
	}
	best := hypothesis{score: w.threshold()}
	trials, tried := airTriples, 0
	crowded := float64(len(w.partner)) > crowdedShare*float64(heard)+2*chance
	if crowded {
		trials = crowdedTrials
	}
	w.tried = w.tried[:0]
	var salvo volley
	for k := 1; k < len(w.partner) && tried < trials; k++ {
		for j := 0; j < k && tried < trials; j++ {
			if w.picks.channel[w.partner[j]] == w.picks.channel[w.partner[k]] {
				continue
			}
			tried++
			three := [3]int32{first, w.partner[j], w.partner[k]}
			if crowded {
				w.volleyOf(three, &salvo)
			}
			w.triple(three, &best)
			if !crowded && best.score > strongScore && len(best.members) >= 8 {
				trials = tried
			}
		}
	}
	if len(salvo.shots) > 1 && w.keepSalvo(&salvo) {
		return
	}
	w.keep(&best, tried)
}

// volleyOf judges as the place of a salvo where three arrivals meet, unless that was done
// near by.
func (w *worker) volleyOf(three [3]int32, best *volley) {
	var roots [2]place
	for _, at := range roots[:w.solve(three, &roots)] {
		near := w.near.at(at.x, at.y)
		if !slices.Contains(near[:min(len(near), airSilent)], w.picks.channel[three[0]]) {
			continue
		}
		apart := salvoApart * w.net.spacing
		if slices.ContainsFunc(w.tried, func(p place) bool { return hypot(p.x-at.x, p.y-at.y) < apart }) {
			continue
		}
		e := estimate{place: at}
		e.z = -w.net.z[near[0]]
		if !w.settle(&e, three) {
			continue
		}
		w.tried = append(w.tried, at)
		if v := w.judge(&e); v.score > best.score {
			*best = v
		}
	}
}

// keepSalvo keeps the shots of a salvo. It is false when they are not two.
func (w *worker) keepSalvo(v *volley) bool {
	w.sharpen(v)
	shots := w.fire(v)
	if len(shots) < 2 {
		return false
	}
	for _, h := range shots {
		for _, p := range h.members {
			w.claimed[p] = true
		}
	}
	w.found = append(w.found, shots...)
	return true
}

// triple grows the events that three arrivals may be of.
func (w *worker) triple(three [3]int32, best *hypothesis) {
	var roots [2]place
	for _, at := range roots[:w.solve(three, &roots)] {
		near := w.near.at(at.x, at.y)
		if !slices.Contains(near[:min(len(near), airSilent)], w.picks.channel[three[0]]) {
			continue // too many sensors nearer than the first that heard it
		}
		if !w.backed(&at, near, three) {
			continue
		}
		e := estimate{place: at}
		e.z = -w.net.z[near[0]]
		if !w.settle(&e, three) {
			continue
		}
		w.members = append(w.members[:0], three[:]...)
		score := w.grow(&e, w.begin(&e, three[:], 0), near)
		if score > best.score && len(w.members) >= w.model.min {
			best.score, best.estimate = score, e
			best.members, best.sure = append(best.members[:0], w.members...), nil
		}
	}
}

// backed looks whether any of the sensors nearest to a rough place, but for the three that gave
// it, has something at about the right time. Three out of four places of chance end here, for
// a tenth of what it takes to grow them.
func (w *worker) backed(at *place, near []int32, three [3]int32) bool {
	air := w.model.air.still
	slowness := 1 / air.speed
	windy := (math.Abs(air.east) + math.Abs(air.north)) * slowness
	c0, c1, c2 := w.picks.channel[three[0]], w.picks.channel[three[1]], w.picks.channel[three[2]]
	stated, timing := w.picks.stated(three[0]), w.model.timing[Acoustic]
	asked, backers := 0, 0
	for _, c := range near {
		if c == c0 || c == c1 || c == c2 {
			continue
		}
		travel := hypot(w.net.x[c]-at.x, w.net.y[c]-at.y) * slowness
		slack := backingSigmas*math.Sqrt(timing.variance(stated, travel)) + windy*travel
		expected := at.t + travel
		if w.anyFree(c, expected-slack, expected+slack) {
			if crowd := 2 * slack * w.picks.rate * backingAsked; crowd < backingCrowd || backers == 1 || len(near) < 2*backingAsked {
				return true
			}
			backers++
		}
		if asked++; asked == backingAsked {
			break
		}
	}
	return false
}

// anyFree says whether a channel has a free pick in a stretch of time.
func (w *worker) anyFree(c int32, from, to float64) bool {
	times := w.picks.time[:w.picks.start[c+1]]
	for p := int(w.picks.from(c, from)); p < len(times) && times[p] <= to; p++ {
		if w.taken[p] == 0 {
			return true
		}
	}
	return false
}

// solve finds where and when in still air three arrivals meet: with the origin at the first,
// two differences are linear in the place and the time, which leaves a quadratic in the time
// (Bancroft 1985).
func (w *worker) solve(three [3]int32, roots *[2]place) (n int) {
	v := w.model.air.at(&place{t: w.picks.time[three[0]]}).speed
	s0 := w.picks.channel[three[0]]
	x0, y0, t0 := w.net.x[s0], w.net.y[s0], w.picks.time[three[0]]
	var x, y, t [2]float64
	for i := range 2 {
		s := w.picks.channel[three[i+1]]
		x[i], y[i], t[i] = w.net.x[s]-x0, w.net.y[s]-y0, v*(w.picks.time[three[i+1]]-t0)
	}
	det := x[0]*y[1] - x[1]*y[0]
	if math.Abs(det) < 1e-3*w.net.spacing*w.net.spacing {
		return w.solveRow(three[0], x, y, t, roots)
	}
	var a, b [2]float64
	for i := range 2 {
		a[i] = (x[i]*x[i] + y[i]*y[i] - t[i]*t[i]) / 2
		b[i] = t[i]
	}
	ax, ay := (a[0]*y[1]-a[1]*y[0])/det, (x[0]*a[1]-x[1]*a[0])/det
	bx, by := (b[0]*y[1]-b[1]*y[0])/det, (x[0]*b[1]-x[1]*b[0])/det
	// (ax + bx u)^2 + (ay + by u)^2 = u^2 with u = v (origin time - first arrival) <= 0
	p, q, c := bx*bx+by*by-1, ax*bx+ay*by, ax*ax+ay*ay
	disc := q*q - p*c
	if disc < 0 {
		disc = 0
	}
	root := math.Sqrt(disc)
	for _, u := range [2]float64{(-q - root) / p, (-q + root) / p} {
		if u > 0 || u < -w.reach || math.IsNaN(u) {
			continue
		}
		roots[n] = place{x: x0 + ax + bx*u, y: y0 + ay + by*u, t: t0 + u/v}
		n++
	}
	return n
}

// solveRow is solve for three sensors in a row, the first at the origin: how far along the row and
// when follow from two linear equations, and how far off it to either side from the first distance.
func (w *worker) solveRow(first int32, x, y, t [2]float64, roots *[2]place) int {
	far := hypot(x[1], y[1])
	if far == 0 {
		return 0
	}
	ex, ey := x[1]/far, y[1]/far
	p := [2]float64{x[0]*ex + y[0]*ey, far}
	det := p[1]*t[0] - p[0]*t[1]
	if math.Abs(det) < 1e-3*w.net.spacing*w.net.spacing {
		return 0 // a plane wave: only a direction is told
	}
	a := [2]float64{(p[0]*p[0] - t[0]*t[0]) / 2, (p[1]*p[1] - t[1]*t[1]) / 2}
	along, u := (a[1]*t[0]-a[0]*t[1])/det, (a[1]*p[0]-a[0]*p[1])/det
	if u > 0 || u < -w.reach {
		return 0
	}
	off := math.Sqrt(max(u*u-along*along, 0))
	s := w.picks.channel[first]
	at := w.picks.time[first] + u/w.model.air.at(&place{t: w.picks.time[first]}).speed
	for i, side := range [2]float64{off, -off} {
		roots[i] = place{x: w.net.x[s] + along*ex - side*ey, y: w.net.y[s] + along*ey + side*ex, t: at}
	}
	return 2
}

// settle moves a place that three arrivals gave to where they meet in the air as it is, and
// gives it its covariance.
func (w *worker) settle(e *estimate, three [3]int32) bool {
	rounds := 2
	if air := w.model.air.at(&e.place); math.Abs(air.east)+math.Abs(air.north) < calm {
		rounds = 1
	}
	for range rounds {
		var a matrix
		var b vector
		w.normal(&e.place, three[:], nil, w.model.air.at(&e.place), &a, &b)
		a[atX][atX] += 1 / (w.reach * w.reach)
		a[atY][atY] += 1 / (w.reach * w.reach)
		cov, _, ok := a.invert(3)
		if !ok {
			return false
		}
		step := cov.times(&b, 3)
		if hypot(step[atX], step[atY]) > w.net.spacing {
			return false
		}
		e.move(&step, 1)
		e.cov = cov
	}
	return true
}
