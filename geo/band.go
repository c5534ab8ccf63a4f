package geo

import (
	"fmt"
	"math"
)

// Band is the zone between two distances from a line on one of its sides: a withdrawal
// band, a buffer. Side On means both sides. Around the ends of the line the band goes on
// in arcs, as distance does.
type Band struct {
	Line *Line
	Side Side
	From Metres
	To   Metres
}

// Validate says what is wrong with the band, if anything is.
func (b Band) Validate() error {
	switch {
	case b.Line == nil:
		return &InvalidError{"band", -1, -1, "the band has no line: name the line it is measured from"}
	case b.Side != On && b.Side != Left && b.Side != Right:
		return &InvalidError{"band", -1, -1, fmt.Sprintf("%v is neither left, right nor on, which means both", b.Side)}
	case !(b.From >= 0 && b.To > b.From):
		return &InvalidError{"band", -1, -1, fmt.Sprintf("from %v m to %v m is no band: give 0 <= from < to", b.From, b.To)}
	}
	return nil
}

// Contains says whether p is in the band, its edges included. What is on the line is on
// both sides. A band that Validate refuses holds nothing.
func (b Band) Contains(p Point) bool {
	if b.Validate() != nil {
		return false
	}
	f := b.Line.Nearest(p)
	return f.Distance >= b.From && f.Distance <= b.To && (b.Side == On || f.Side == b.Side || f.Side == On)
}

// Probability is the chance that a position lies in the band, whose line is known to
// accuracy (one sigma, the same in every direction). It is right to 0.004 for errors up to
// some 200 km, and NaN when the numbers mean nothing.
func (b Band) Probability(pos Position, accuracy Metres) float64 {
	if b.Validate() != nil || !meaningful(pos, accuracy) {
		return math.NaN()
	}
	if s, ok := spreadOf(pos, accuracy); ok && b.Line.chains.clear(s.centre, float64(b.To)+s.reach) {
		return 0
	}
	return b.ProbabilityFrom(b.Line.Nearest(pos.Point), pos, accuracy)
}

// ProbabilityFrom is Probability for who knows already the line's place nearest to the
// position, as Nearest gives it.
func (b Band) ProbabilityFrom(foot Foot, pos Position, accuracy Metres) float64 {
	if b.Validate() != nil || !meaningful(pos, accuracy) {
		return math.NaN()
	}
	r := strip{b.Side, float64(b.From), float64(b.To)}
	return r.probable(b.Line.chains, foot, pos, accuracy)
}

// Sides are the chances that a position lies left and right of the line, which is known to
// accuracy. They sum to one.
func (l *Line) Sides(pos Position, accuracy Metres) (left, right float64) {
	return l.SidesFrom(l.Nearest(pos.Point), pos, accuracy)
}

// SidesFrom is Sides for who knows already the line's place nearest to the position, as
// Nearest gives it.
func (l *Line) SidesFrom(foot Foot, pos Position, accuracy Metres) (left, right float64) {
	if !meaningful(pos, accuracy) {
		return math.NaN(), math.NaN()
	}
	r := strip{Left, 0, math.Inf(1)}
	left = r.probable(l.chains, foot, pos, accuracy)
	return left, 1 - left
}

// strip is a band without its line.
type strip struct {
	side     Side
	from, to float64
}

// level is positive inside the strip and negative outside, and nearly the distance to its
// edge, given the distance from the line and how far to the left of it.
func (r *strip) level(d, aside float64) float64 {
	if r.side == Left && aside < 0 || r.side == Right && aside > 0 {
		return -d - r.from
	}
	if r.side == On && r.from == 0 {
		return r.to - d
	}
	return min(d-r.from, r.to-d)
}

// holds says whether a place is in the strip by the place of the line that is nearest to
// it. What is on the line is on both sides, and half in what has no other edge.
func (r *strip) holds(f Foot) float64 {
	d := float64(f.Distance)
	switch {
	case d < r.from || d > r.to || r.side != On && f.Side != On && f.Side != r.side:
		return 0
	case r.side != On && f.Side == On && math.IsInf(r.to, 1):
		return .5
	}
	return 1
}

// probable is the chance that a position lies in a strip along the chains, whose place
// nearest to it is foot.
func (r strip) probable(x *chains, foot Foot, pos Position, accuracy Metres) float64 {
	s, ok := spreadOf(pos, accuracy)
	if !ok {
		return r.holds(foot)
	}
	d := float64(foot.Distance)
	if d+s.reach < r.from || d-s.reach > r.to {
		return 0
	}
	inRange := r.inRange(&s, foot)
	if inRange && r.side == On {
		return 1
	}
	// Only these can be nearest to any place within reach, or near enough to count.
	radius := min(d+2*s.reach, r.to+s.reach)
	if inRange {
		if on, ok := x.parts(&s, d+2*s.most()); ok {
			if d > s.reach && !on.some() {
				return r.holds(foot)
			}
			if p, ok := r.sided(x, &s, on, foot); ok {
				return p
			}
		}
	} else {
		if p, ok := r.scanned(x, &s, radius, foot); ok {
			return p
		}
	}
	return r.searched(x, s, radius, foot)
}

// inRange says whether all of a spread lies between the strip's two distances.
func (r *strip) inRange(s *spread, foot Foot) bool {
	d := float64(foot.Distance)
	return d+s.reach <= r.to && (r.from == 0 || d-s.reach >= r.from)
}

// sided is the chance to be on the strip's side of a line that parts its surroundings.
func (r *strip) sided(x *chains, s *spread, on ray, foot Foot) (p float64, ok bool) {
	var room [roomForEdges]segment
	// Even if only the ray comes within reach, the edge that is nearest tells the side.
	near, edges := x.near(s, max(s.reach, float64(foot.Distance)*1.01), room[:0])
	edges = append(edges, on.pieces[:on.n]...)
	left, ok := s.leftOf(edges, near.strays)
	if r.side == Right {
		return 1 - left, ok
	}
	return left, ok
}

// scanned is the chance to be in a strip with a distance that the spread reaches. It is not
// ok where the sides are not plain, or the edges too crooked.
func (r strip) scanned(x *chains, s *spread, radius float64, foot Foot) (p float64, ok bool) {
	sides := r.side != On
	if sides {
		// Where the line ends the band goes on in an arc, and its sides are left to the cells.
		if on, ok := x.parts(s, min(float64(foot.Distance)+2*s.most(), radius)); !ok || on.some() {
			return 0, false
		}
	}
	if d := float64(foot.Distance); sides && d > s.reach {
		if foot.Side != r.side {
			return 0, true
		}
		sides = false
	}
	var room [roomForEdges]segment
	near, edges := x.near(s, radius, room[:0])
	side := 1.
	if sides && r.from == 0 {
		if side, ok = s.leftOf(edges, near.strays); !ok {
			return 0, false
		}
		if r.side == Right {
			side = 1 - side
		}
	}
	u, v := s.place(centred(foot.Point))
	if !sides {
		edges = s.nearest(edges, u, v)
	}
	if u, v = s.gradient(edges, u, v); u == 0 && v == 0 {
		return 0, false
	}
	var walls scanRoom
	c := scanOf(r, s, edges, u, v, &walls)
	c.sides = sides
	p, ok = c.share()
	if r.from == 0 {
		p += side
	}
	return min(max(p, 0), 1), ok
}

// nearest keeps the edges that can be nearest to a place within reach, if (u, v) is the
// place of the line nearest to the centre. The distance d to an edge is convex, so at a
// step x from the centre it is d + g x at least, g the unit vector from the edge; and that
// to (u, v) is d + g x + x^2/2d at most.
func (s *spread) nearest(edges []segment, u, v float64) []segment {
	d := math.Hypot(u, v)
	if d < s.reach {
		return edges
	}
	into := edges[:0]
	kept := false
	for _, e := range edges {
		footU, footV := e.foot()
		far := math.Hypot(footU, footV)
		turned := math.Hypot(footU/far-u/d, footV/far-v/d)
		if far-d > turned*s.reach+s.reach*s.reach/(2*d) {
			kept = false
			continue
		}
		e.joins = e.joins && kept
		into, kept = append(into, e), true
	}
	return into
}

// foot is the place of the segment nearest to the centre.
func (e *segment) foot() (u, v float64) {
	du, dv := e.nextU-e.u, e.nextV-e.v
	t := 0.
	if length2 := du*du + dv*dv; length2 > 0 {
		t = min(max(-(e.u*du+e.v*dv)/length2, 0), 1)
	}
	return e.u + t*du, e.v + t*dv
}

// gradient is the direction in which the distance from the line grows most about the centre,
// if (u, v) is the place of the line nearest to it: away from there, unless the edges run that
// way, as they do beyond the end of a line, and then square to it; or where that is too near
// to tell, square to the way from the first to the last edge within a sigma.
func (s *spread) gradient(edges []segment, u, v float64) (float64, float64) {
	near := min(s.u.scale(), s.v.scale()) / 2
	if u*u+v*v > near*near {
		if s.along(edges, u, v) {
			return -v, u
		}
		return u, v
	}
	first, last := -1, -1
	for i := range edges {
		if x, y := edges[i].foot(); math.Abs(x) < s.u.scale()+near && math.Abs(y) < s.v.scale()+near {
			if last = i; first < 0 {
				first = i
			}
		}
	}
	if first < 0 {
		return u, v
	}
	return edges[last].nextV - edges[first].v, edges[first].u - edges[last].nextU
}

// along says whether the edges within two sigmas run along a direction rather than across it.
func (s *spread) along(edges []segment, u, v float64) bool {
	reachU, reachV := 2*s.u.scale(), 2*s.v.scale()
	along, across := 0., 0.
	for i := range edges {
		e := &edges[i]
		x, y := e.foot()
		length := math.Hypot(e.nextU-e.u, e.nextV-e.v)
		if math.Abs(x) > reachU || math.Abs(y) > reachV || length == 0 {
			continue
		}
		weight := min(1, reachU/length, reachV/length) / length // of a long edge as much as is near
		along += weight * square((e.nextU-e.u)*u+(e.nextV-e.v)*v)
		across += weight * square((e.nextU-e.u)*v-(e.nextV-e.v)*u)
	}
	return along > across
}

// searched is the chance to be in the strip, by looking where its edges run.
func (r strip) searched(x *chains, s spread, radius float64, foot Foot) float64 {
	var room [roomForEdges]segment
	_, edges := x.near(&s, radius, room[:0])
	if r.inRange(&s, foot) && float64(foot.Distance) > s.reach && oneSided(edges, 0, 0) {
		return r.holds(foot)
	}
	f := field{s: &s, r: r, cellU: r.cell(s.u), cellV: r.cell(s.v)}
	whole := cell{-s.u.window(), s.u.window(), -s.v.window(), s.v.window(), 0, 1, 0, 1}
	return min(max(f.share(&whole, edges), 0), 1)
}

// cell is the length along an axis over which the edges of the strip count as straight: a
// share of the spread, and half of the strip's width where that is narrow.
func (r *strip) cell(a axis) float64 {
	all := 2 * a.window()
	return max(min(all/fineCells, (r.to-r.from)/2), all/finestCells)
}
