package geo

import "math"

// Probability is the chance that a position lies in the area, whose edges are known to
// accuracy (one sigma, the same in every direction, independent of the position's error).
// It is right to 0.003 for errors up to some 200 km, and NaN when the numbers mean nothing.
//
// A position with a footprint lies anywhere in it with equal chance; otherwise its error is
// Gaussian. The same input always gives the same result: nothing is drawn at random.
func (a *Area) Probability(pos Position, accuracy Metres) float64 {
	if !meaningful(pos, accuracy) {
		return math.NaN()
	}
	inside := 0.
	if a.Contains(pos.Point) {
		inside = 1
	}
	s, ok := spreadOf(pos, accuracy)
	if !ok || a.Empty() {
		return inside
	}
	if a.chains.clear(s.centre, s.reach) {
		return inside
	}
	return a.onEdge(&s, inside)
}

// onEdge is the chance to be inside for a spread that the area's edge comes near; inside
// says where its centre is.
func (a *Area) onEdge(s *spread, inside float64) float64 {
	var room [roomForEdges]segment
	near, edges := a.chains.near(s, s.reach, room[:0])
	u, v := s.clearing(edges, near.strays)
	if u != 0 || v != 0 {
		inside = 0
		if a.Contains(s.point(u, v)) {
			inside = 1
		}
	}
	return min(max(inside+s.crossed(edges, u, v), 0), 1)
}

// distance2 is the squared distance from a place to the segment.
func (e *segment) distance2(u, v float64) float64 {
	du, dv := e.nextU-e.u, e.nextV-e.v
	t := 0.
	if length := du*du + dv*dv; length > 0 {
		t = min(max(((u-e.u)*du+(v-e.v)*dv)/length, 0), 1)
	}
	return square(e.u+t*du-u) + square(e.v+t*dv-v)
}

func square(x float64) float64 { return x * x }

// clearing is a place near the centre, the centre itself if it can be, that no edge comes
// so close to that taking edges for chords could put it on the other side.
func (s *spread) clearing(edges []segment, strays float64) (u, v float64) {
	clear := square(2*strays + 1e-4*min(s.u.scale(), s.v.scale()))
	most := -1.
	for i := range 40 {
		// A sunflower: even over a circle of one sigma, the centre first.
		sin, cos := math.Sincos(2.399963 * float64(i))
		r := math.Sqrt(float64(i) / 40)
		x, y := r*cos*s.u.scale(), r*sin*s.v.scale()
		least := math.Inf(1)
		for k := range edges {
			least = min(least, edges[k].distance2(x, y))
		}
		if least >= clear {
			return x, y
		}
		if least > most {
			most, u, v = least, x, y
		}
	}
	return u, v
}

// crossed is what the edges near a position add to "inside or not" at (u0, v0).
//
// With F and g the share below u and the density at v, and H the step at u0, Green's
// theorem makes the chance to be inside the sum over edges of the integral of
// (F(u)-H(u)) g(v) dv, plus the share of the line u = u0 that is inside. Every term fades
// with the distance from the centre, so only edges near it count, and no edge need be
// joined to another.
func (s *spread) crossed(edges []segment, u0, v0 float64) float64 {
	g := integral{s: s, u0: u0, v0: v0}
	g.breaksU, g.breaksV = s.u.breaks(&g.bufferU), s.v.breaks(&g.bufferV)
	sum := 0.
	for i := range edges {
		sum += g.step(&edges[i])
	}
	return sum
}

// integral holds the places where the functions under the integral bend or step.
type integral struct {
	s                *spread
	u0, v0           float64
	bufferU, bufferV [maxBreaks]float64
	breaksU, breaksV []float64
}

// step is the term of one edge, the inside on its left.
func (g *integral) step(e *segment) float64 {
	s := g.s
	if w := s.v.window(); e.v > w && e.nextV > w || e.v < -w && e.nextV < -w {
		return 0
	}
	sum := 0.
	if (e.u < g.u0) != (e.nextU < g.u0) {
		at := e.v + (g.u0-e.u)/(e.nextU-e.u)*(e.nextV-e.v)
		share := -s.v.below(at) // the line u = u0 is entered above at, on its way down left
		if at > g.v0 {
			share = s.v.below(-at) // on its way up entered
		}
		if e.nextU < e.u {
			share = -share
		}
		sum += share
	}
	if w := s.u.window(); e.v == e.nextV || e.u > w && e.nextU > w || e.u < -w && e.nextU < -w {
		return sum
	}
	var buffer [2*maxBreaks + 2]float64
	from := 0.
	for _, to := range g.cuts(e, &buffer) {
		sum += g.stretch(e, from, to)
		from = to
	}
	return sum
}

// cuts are the shares of an edge where it passes a break or the step, rising, then 1.
func (g *integral) cuts(e *segment, buffer *[2*maxBreaks + 2]float64) []float64 {
	out := cutsAt(g.breaksU, e.u, e.nextU, buffer[:0])
	out = cutsAt(g.breaksV, e.v, e.nextV, out)
	out = cutsAt([]float64{g.u0}, e.u, e.nextU, out)
	for i := 1; i < len(out); i++ {
		for k := i; k > 0 && out[k] < out[k-1]; k-- {
			out[k], out[k-1] = out[k-1], out[k]
		}
	}
	return append(out, 1)
}

func cutsAt(breaks []float64, from, to float64, out []float64) []float64 {
	lo, hi := min(from, to), max(from, to)
	for _, x := range breaks {
		if x > lo && x < hi {
			out = append(out, (x-from)/(to-from))
		}
	}
	return out
}

// stretch integrates (F-H) g dv over the share t0 to t1 of an edge, where both are smooth.
func (g *integral) stretch(e *segment, t0, t1 float64) float64 {
	s, du, dv := g.s, e.nextU-e.u, e.nextV-e.v
	middle := (t0 + t1) / 2
	if math.Abs(e.u+middle*du) > s.u.window() || math.Abs(e.v+middle*dv) > s.v.window() {
		return 0
	}
	right := e.u+middle*du >= g.u0
	nodes, weights := gauss5[:], gauss5Weight[:]
	if width := t1 - t0; math.Abs(du)*width < .3*s.u.scale() && math.Abs(dv)*width < .3*s.v.scale() {
		nodes, weights = gauss2[:], gauss2Weight[:]
	}
	sum := 0.
	for k, node := range nodes {
		t := t0 + node*(t1-t0)
		x := e.u + t*du
		share := s.u.below(x)
		if right {
			share = -s.u.below(-x)
		}
		sum += weights[k] * share * s.v.density(e.v+t*dv)
	}
	return sum * dv * (t1 - t0)
}

// scale is the length over which the axis' functions bend.
func (a axis) scale() float64 {
	if a.sigma > 0 {
		return a.sigma
	}
	return a.half
}

// Gauss-Legendre of two points on [0, 1].
var (
	gauss2       = [2]float64{0.211324865405187, 0.788675134594813}
	gauss2Weight = [2]float64{.5, .5}
)
