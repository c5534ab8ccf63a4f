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
	if inRange && x.parts(&s, radius) {
		if d > s.reach {
			return r.holds(foot)
		}
		if p, ok := r.sided(x, &s); ok {
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
func (r *strip) sided(x *chains, s *spread) (p float64, ok bool) {
	var room [roomForEdges]segment
	near, edges := x.near(s, s.reach, room[:0])
	left, ok := s.leftOf(edges, near.strays)
	if r.side == Right {
		return 1 - left, ok
	}
	return left, ok
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
