package locate

import "math"

// Bounds on the work that one arrival may cause. An arrival is taken for the first of its
// event, and others near by for its company.
const (
	airPartners = 24 // sensors whose arrivals may be company
	airTriples  = 60 // places tried from an arrival
	airNear     = 32 // sensors that are listened to while an event grows
	strongScore = 14 // of a hypothesis that needs no better
)

// seedAir tries the hypotheses in which a pick is the first arrival of its event.
func (w *worker) seedAir(first int32) {
	s := w.picks.channel[first]
	t := w.picks.time[first]
	w.partner = w.partner[:0]
	near := w.near.at(w.net.x[s], w.net.y[s])
	speed := w.model.air.still.speed
	for _, other := range near[:min(len(near), airPartners)] {
		if other == s {
			continue
		}
		d := math.Hypot(w.net.x[other]-w.net.x[s], w.net.y[other]-w.net.y[s])
		late := t + d/speed*1.05 + 3*w.model.floor[Acoustic]
		for p := w.picks.from(other, t); p < w.picks.start[other+1] && w.picks.time[p] <= late; p++ {
			if w.taken[p] == 0 {
				w.partner = append(w.partner, p)
			}
		}
	}
	if len(w.partner)+1 < w.model.min {
		return
	}
	best := hypothesis{score: w.threshold()}
	tried := 0
	for k := 1; k < len(w.partner) && tried < airTriples; k++ {
		for j := 0; j < k && tried < airTriples; j++ {
			if w.picks.channel[w.partner[j]] == w.picks.channel[w.partner[k]] {
				continue
			}
			tried++
			w.triple([3]int32{first, w.partner[j], w.partner[k]}, &best)
			if best.score > strongScore && len(best.members) >= 8 {
				tried = airTriples
			}
		}
	}
	w.keep(&best)
}

// triple grows the events that three arrivals may be of.
func (w *worker) triple(three [3]int32, best *hypothesis) {
	var roots [2]place
	for _, at := range roots[:w.solve(three, &roots)] {
		e := estimate{place: at}
		near := w.near.at(at.x, at.y)
		if far := math.Hypot(w.net.x[near[0]]-at.x, w.net.y[near[0]]-at.y); far > w.reach {
			continue
		}
		e.z = -w.net.z[near[0]]
		if !w.settle(&e, three) {
			continue
		}
		w.members = append(w.members[:0], three[:]...)
		score := w.grow(&e, w.begin(&e, three[:], 0), near)
		if score > best.score && len(w.members) >= w.model.min {
			best.score, best.estimate = score, e
			best.members = append(best.members[:0], w.members...)
		}
	}
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
		return 0 // in a row: no place to be had
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

// settle moves a place that three arrivals gave to where they meet in the air as it is, and
// gives it its covariance.
func (w *worker) settle(e *estimate, three [3]int32) bool {
	for range 2 {
		var a matrix
		var b vector
		w.normal(&e.place, three[:], w.model.air.at(&e.place), &a, &b)
		a[atX][atX] += 1 / (w.reach * w.reach)
		a[atY][atY] += 1 / (w.reach * w.reach)
		cov, _, ok := a.invert(3)
		if !ok {
			return false
		}
		step := cov.times(&b, 3)
		if math.Hypot(step[atX], step[atY]) > w.net.spacing {
			return false
		}
		e.move(&step, 1)
		e.cov = cov
	}
	return true
}
