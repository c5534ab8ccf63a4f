package geo

import "math"

// This file gives the chance to lie in a strip by lines drawn across a spread, side by
// side. What of a line lies within a distance of the edges is a union of intervals with
// ends that are known exactly, and so is what lies left of a line that parts its
// surroundings; the share of the line's density in them is a matter of the axis' function.
// What is left is an integral over one number, the place of the line, by the trapezoidal
// rule. For a density that fades as a Gaussian does that rule converges faster than any
// power of the step as long as the edge bends gently (Trefethen and Weideman 2014), and
// with its square where it has corners.

const (
	// scanTails is how many sigmas of a Gaussian the lines cover: 2e-6 lies beyond, and
	// counts as the rest does.
	scanTails = 4.8
	// firstScan is how many steps the width of the spread is cut into first, 0.8 sigma each,
	// and mostScan at most; between, their number is doubled.
	firstScan = 12
	mostScan  = 768
	// scanned is how far the results of two numbers of steps may differ for the finer one to
	// be taken: its error is a third of that where the edge has corners.
	scanned = 1e-4
	// besideLines is the tangent of the angle under which an edge runs beside the lines. Its
	// band begins and ends between two of them, and twice as many may tell nothing new by
	// chance. Where the density fades their result must then stand twice; for that of a
	// footprint, which does not, lines are the wrong way.
	besideLines = .05
	// scannedAtLast is the same for the finest steps.
	scannedAtLast = 4e-4
)

// scan is a spread and the edges near it, in axes with q along the lines and p across them.
type scan struct {
	r      strip
	sides  bool // whether the strip ends at the line itself
	across axis // the density of p
	along  axis // that of q on a line, about slope times p
	slope  float64
	walls  []wall
	groups []span // the p over which each wallsInGroup walls extend
	beside bool   // some wall runs beside the lines, so that their shares jump there
}

// wallsInGroup is how many walls are passed over at once.
const wallsInGroup = 8

// wall is an edge with its normal to the left.
type wall struct {
	p, q, nextP, nextQ float64
	normalP, normalQ   float64
	joins              bool
}

// scanRoom is the memory that a scan has on the stack, 9 KB; for more edges some is allocated.
type scanRoom struct {
	walls  [roomForEdges]wall
	groups [roomForEdges / wallsInGroup]span
}

// span is an interval on a line.
type span struct{ lo, hi float64 }

// scanOf turns a spread and edges so that the lines of the scan cross, as seen in sigmas,
// what is square to the direction (u, v): they run along the direction times the covariance.
func scanOf(r strip, s *spread, edges []segment, u, v float64, room *scanRoom) scan {
	c := scan{r: r, walls: room.walls[:0], groups: room.groups[:0]}
	if s.u.half > 0 || s.v.half > 0 {
		if math.Abs(u)*s.u.window() > math.Abs(v)*s.v.window() {
			c.across, c.along, u, v = s.v, s.u, 1, 0
		} else {
			c.across, c.along, u, v = s.u, s.v, 0, 1
		}
	} else {
		varU, varV := square(s.u.sigma), square(s.v.sigma)
		u, v = unitOf(u*varU, v*varV)
		across := v*v*varU + u*u*varV
		c.across = axis{0, math.Sqrt(across)}
		c.along = axis{0, s.u.sigma * s.v.sigma / c.across.sigma}
		c.slope = u * v * (varU - varV) / across
	}
	for i := range edges {
		e := &edges[i]
		w := wall{p: e.u*v - e.v*u, q: e.u*u + e.v*v, nextP: e.nextU*v - e.nextV*u, nextQ: e.nextU*u + e.nextV*v, joins: e.joins}
		if length := math.Hypot(w.nextP-w.p, w.nextQ-w.q); length > 0 {
			w.normalP, w.normalQ = (w.q-w.nextQ)/length, (w.nextP-w.p)/length
		}
		c.walls = append(c.walls, w)
		c.beside = c.beside || math.Abs(w.nextP-w.p) < besideLines*math.Abs(w.nextQ-w.q)
		if i%wallsInGroup == 0 {
			c.groups = append(c.groups, span{math.Inf(1), math.Inf(-1)})
			c.walls[i].joins = false
		}
		g := &c.groups[i/wallsInGroup]
		g.lo, g.hi = min(g.lo, w.p, w.nextP), max(g.hi, w.p, w.nextP)
	}
	return c
}

// group is the walls of a group that a line may come within a distance of.
func (c *scan) group(i int, p, within float64) []wall {
	if g := &c.groups[i]; p < g.lo-within || p > g.hi+within {
		return nil
	}
	return c.walls[i*wallsInGroup : min((i+1)*wallsInGroup, len(c.walls))]
}

func sign(x float64) float64 { return math.Copysign(1, x) }

// share is the chance to be in the strip; for one that begins at the edges, less that to be
// on its side. For how the edges themselves wind is told better otherwise, and what lies
// at a distance of them has a smoother border. It is not ok where that is still too
// crooked for the lines, or the edges do not part them.
func (c *scan) share() (p float64, ok bool) {
	if c.beside && c.across.half > 0 {
		return 0, false
	}
	width := c.across.half + scanTails*c.across.sigma
	first, last := c.first(width), math.Inf(1)
	if first > mostScan/4 {
		return 0, false // so narrow that lines pass it by
	}
	in, all := 0., 0. // with the density at the ends halved
	for _, end := range [2]float64{-width, width} {
		f, ok := c.line(end)
		if !ok {
			return 0, false
		}
		d := c.across.density(end) / 2
		in, all = in+d*f, all+d
	}
	steady := 0
	for n := first; n <= mostScan; n *= 2 {
		step, skip := 2*width/float64(n), 2
		if n == first {
			skip = 1
		}
		for i := 1; i < n; i += skip {
			p := -width + float64(i)*step
			f, ok := c.line(p)
			if !ok {
				return 0, false
			}
			d := c.across.density(p)
			in, all = in+d*f, all+d
		}
		change := math.Abs(in/all - last)
		if steady++; change >= scanned {
			steady = 0
		}
		if steady > 1 || steady == 1 && !c.beside || n == mostScan && change < scannedAtLast {
			return in / all, true
		}
		last = in / all
	}
	return 0, false
}

// first is the first number of steps: so many that the lines do not pass the strip by.
func (c *scan) first(width float64) int {
	n := firstScan
	for n <= mostScan/4 && 2*width/float64(n) > c.r.to-c.r.from {
		n *= 2
	}
	return n
}

// line is the share of one line's density that is in the strip, or, when that begins at the
// edges, the share on its side that is not, taken off.
func (c *scan) line(p float64) (share float64, ok bool) {
	var near, far, left [8]span
	sides := left[:0]
	middle := c.slope * p
	window := span{middle - c.along.half - scanTails*c.along.sigma, middle + c.along.half + scanTails*c.along.sigma}
	if c.sides {
		if sides, ok = c.left(p, &window, sides); !ok {
			return 0, false
		}
		if len(sides) == 0 {
			return 0, true
		}
	} else {
		sides = append(sides, window)
	}
	share = c.mass(c.within(c.r.to, p, &window, far[:0]), sides, middle)
	if c.r.from > 0 {
		return share - c.mass(c.within(c.r.from, p, &window, near[:0]), sides, middle), true
	}
	return share - c.mass(sides, sides, middle), true
}

// within is what of a line, in its window, lies within a distance of the edges.
func (c *scan) within(radius, p float64, window *span, out []span) []span {
	for i := range c.groups {
		walls := c.group(i, p, radius)
		var last span
		for k := range walls {
			w := &walls[k]
			s := last
			if !w.joins {
				s = throughCircle(radius, p-w.p, w.q)
			}
			last = throughCircle(radius, p-w.nextP, w.nextQ)
			s = w.through(radius, p, span{min(s.lo, last.lo), max(s.hi, last.hi)})
			if s.lo < window.hi && s.hi > window.lo {
				out = joined(out, s)
				if out[0].lo <= window.lo && out[0].hi >= window.hi {
					return out[:1]
				}
			}
		}
	}
	return out
}

// through widens a span to what of a line lies within a distance of the wall, if it is that
// for the wall's ends.
func (w *wall) through(radius, p float64, s span) span {
	for _, aside := range [2]float64{-radius, radius} {
		a, b := w.p+aside*w.normalP, w.nextP+aside*w.normalP
		if (a < p) != (b < p) {
			q := w.q + aside*w.normalQ + (p-a)/(b-a)*(w.nextQ-w.q)
			s.lo, s.hi = min(s.lo, q), max(s.hi, q)
		}
	}
	return s
}

// throughCircle is what of a line lies in a circle about a place h aside of it, at q.
func throughCircle(radius, h, q float64) span {
	if d := radius*radius - h*h; d > 0 {
		half := math.Sqrt(d)
		return span{q - half, q + half}
	}
	return span{math.Inf(1), math.Inf(-1)}
}

// joined puts a span among others, which are in order and apart.
func joined(spans []span, s span) []span {
	i := 0
	for i < len(spans) && spans[i].hi < s.lo {
		i++
	}
	k := i
	for ; k < len(spans) && spans[k].lo <= s.hi; k++ {
		s.lo, s.hi = min(s.lo, spans[k].lo), max(s.hi, spans[k].hi)
	}
	if k == i {
		spans = append(spans, span{})
		copy(spans[i+1:], spans[i:])
		spans[i] = s
		return spans
	}
	spans[i] = s
	return append(spans[:i+1], spans[k:]...)
}

// left is what of a line, in its window, lies on the strip's side of the edges. A line that
// crosses an edge with the edge's left ahead comes to the left there. It is not ok when
// the edges do not take turns.
func (c *scan) left(p float64, window *span, out []span) ([]span, bool) {
	var room [16]span // lo is the place, hi is +1 where the left begins and -1 where it ends
	passed := room[:0]
	for i := range c.groups {
		for _, w := range c.group(i, p, 0) {
			if (w.p <= p) == (w.nextP <= p) {
				continue
			}
			q := w.q + (p-w.p)/(w.nextP-w.p)*(w.nextQ-w.q)
			passed = append(passed, span{q, sign(w.nextP - w.p)})
			for k := len(passed) - 1; k > 0 && passed[k-1].lo > passed[k].lo; k-- {
				passed[k-1], passed[k] = passed[k], passed[k-1]
			}
		}
	}
	want := 1.
	if c.r.side == Right {
		want = -1
	}
	if len(passed) == 0 {
		if c.aside(p, (window.lo+window.hi)/2)*want > 0 {
			out = append(out, *window)
		}
		return out, true
	}
	from := window.lo
	for i, at := range passed {
		if i > 0 && at.hi == passed[i-1].hi {
			return nil, false
		}
		if at.hi != want && at.lo > from {
			out = append(out, span{from, at.lo})
		}
		from = max(at.lo, window.lo)
	}
	if passed[len(passed)-1].hi == want && from < window.hi {
		out = append(out, span{from, window.hi})
	}
	return out, true
}

// aside is how far left of the nearest edge a place is.
func (c *scan) aside(p, q float64) float64 {
	best, aside := math.Inf(1), 0.
	for i := range c.walls {
		e := segment{u: c.walls[i].p, v: c.walls[i].q, nextU: c.walls[i].nextP, nextV: c.walls[i].nextQ}
		d2, a := e.look(p, q)
		if d2 < best*(1-1e-9) || d2 <= best*(1+1e-9) && math.Abs(a) > math.Abs(aside) {
			best, aside = d2, a
		}
	}
	return aside
}

// mass is the share of a line's density in what two lists of spans have in common.
func (c *scan) mass(a, b []span, middle float64) (sum float64) {
	for len(a) > 0 && len(b) > 0 {
		if lo, hi := max(a[0].lo, b[0].lo), min(a[0].hi, b[0].hi); lo < hi {
			sum += c.below(hi-middle) - c.below(lo-middle)
		}
		if a[0].hi < b[0].hi {
			a = a[1:]
		} else {
			b = b[1:]
		}
	}
	return sum
}

func (c *scan) below(q float64) float64 {
	switch width := c.along.half + scanTails*c.along.sigma; {
	case q <= -width:
		return 0
	case q >= width:
		return 1
	}
	return c.along.below(q)
}
