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
	return probable(b.Line.chains, strip{b.Side, float64(b.From), float64(b.To)}, pos, accuracy, b.Contains)
}

// Sides are the chances that a position lies left and right of the line, which is known to
// accuracy. They sum to one.
func (l *Line) Sides(pos Position, accuracy Metres) (left, right float64) {
	if !meaningful(pos, accuracy) {
		return math.NaN(), math.NaN()
	}
	if _, spread := spreadOf(pos, accuracy); !spread && l.SideOf(pos.Point) == On {
		return .5, .5
	}
	left = probable(l.chains, strip{Left, 0, math.Inf(1)}, pos, accuracy, func(p Point) bool { return l.SideOf(p) == Left })
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

// probable is the chance that a position lies in a strip along the chains.
func probable(x *chains, r strip, pos Position, accuracy Metres, contains func(Point) bool) float64 {
	certain := func() float64 {
		if contains(pos.Point) {
			return 1
		}
		return 0
	}
	s, ok := spreadOf(pos, accuracy)
	if !ok {
		return certain()
	}
	if x.clear(s.centre, r.to+s.reach) {
		return 0
	}
	d := float64(x.foot(pos.Point).Distance)
	if d+s.reach < r.from {
		return 0
	}
	// Only these can be nearest to any place within reach, or near enough to count.
	near := x.near(s, min(d+2*s.reach, r.to+s.reach))
	f := field{s: near.s, r: r, cellU: r.cell(s.u), cellV: r.cell(s.v)}
	inRange := d+s.reach <= r.to && (r.from == 0 || d-s.reach >= r.from)
	if inRange && (r.side == On || d > s.reach && f.oneSided(near.edges, 0, 0)) {
		return certain()
	}
	whole := cell{-s.u.window(), s.u.window(), -s.v.window(), s.v.window(), 0, 1, 0, 1}
	return min(max(f.share(&whole, near.edges), 0), 1)
}

// cell is the length along an axis over which the edges of the strip count as straight: a
// share of the spread, and half of the strip's width where that is narrow.
func (r *strip) cell(a axis) float64 {
	all := 2 * a.window()
	return max(min(all/fineCells, (r.to-r.from)/2), all/finestCells)
}
