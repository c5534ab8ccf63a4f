package agreement

import (
	"slices"
	"sync"

	"github.com/trucewatch/truce/geo"
)

// option is one of a rule's places with the probability to lie in it.
type option struct {
	span
	strip
	along bool // strip is known
	front bool // in front of two lines: off these sides of them
	faces [2]facing
}

// strip is the ground of a place along a line. It reaches at least to inner and at most to
// outer, which differ where the distance hangs on a class that is not known.
type strip struct {
	line               *line
	side               geo.Side
	from, inner, outer float64
	altitude           *Range
}

// lengthwise is a place along a line.
type lengthwise interface {
	strip(l *look, p *plan) (strip, bool)
}

func (w withinPlace) strip(l *look, p *plan) (strip, bool) {
	e := w.lines.at(l.at, l.known)
	if e == nil {
		return strip{}, false
	}
	m := w.metres(l, p)
	return strip{line: e.value, inner: m, outer: m}, true
}

func (z zonePlace) strip(l *look, _ *plan) (strip, bool) {
	band, some := z.region.(*bandRegion)
	if !some {
		return strip{}, false
	}
	e := band.lines.at(l.at, l.known)
	if e == nil {
		return strip{}, false
	}
	b := &band.band
	return strip{e.value, e.value.sideOf(b.Party), b.FromM, b.ToM, b.ToM, z.altitude}, true
}

func (b *limitPlace) strip(l *look, p *plan) (strip, bool) {
	e := b.lines.at(l.at, l.known)
	if e == nil {
		return strip{}, false
	}
	near, far, _ := b.depths(l, p)
	return strip{line: e.value, side: e.value.sideOf(b.party), from: b.from, inner: near, outer: far}, true
}

// within says whether a strip lies in another wherever both reach.
func (s *strip) within(o *strip) bool {
	if s.line != o.line || o.side != geo.On && o.side != s.side || s.from < o.from || s.outer > o.inner {
		return false
	}
	return o.altitude == nil || s.altitude != nil && o.altitude.holds(s.altitude)
}

// holds says whether another range lies in this one.
func (r *Range) holds(o *Range) bool {
	return o.Min >= r.Min && (r.Max == 0 || o.Max != 0 && o.Max <= r.Max)
}

// apart says whether nothing lies in both strips: they are on opposite sides of one line
// or do not reach each other, or lie on the far sides of two lines.
func (g *Geometry) apart(s, o *strip) bool {
	oneSided := s.side != geo.On && o.side != geo.On
	if s.line == o.line {
		return oneSided && s.side != o.side || s.outer <= o.from || o.outer <= s.from
	}
	return oneSided && g.parted(facing{s.line, s.side}, facing{o.line, o.side})
}

// anyOf is the probability to lie in any of a rule's places. What lies in another place
// adds nothing to it. Places that exclude one another add up exactly; of all others
// nothing is known: at least the largest, at most the sum (see span.or). It says whether
// places were added up exactly. The list is used up; it takes its square in steps at most.
func (l *look) anyOf(list []option) (out span, exact bool) {
	list = slices.DeleteFunc(list, func(o option) bool { return o.hi == 0 })
	if len(list) < 2 {
		for i := range list {
			out = list[i].span
		}
		return out, false
	}
	for i := range list {
		out.lo = max(out.lo, list[i].lo)
	}
	list = outermost(list)
	const few = 8 // of more than these the lists are made anew
	var (
		room   [few]float64
		roomed [few]int
	)
	sums, family := room[:0], roomed[:0] // families that exclude one another; the family of each option
	for i := range list {
		out.hi += list[i].hi
		f := l.g.familyOf(list[:i+1], family, len(sums))
		if f == len(sums) {
			sums = append(sums, 0)
		}
		family = append(family, f)
		sums[f] += list[i].lo
	}
	for _, sum := range sums {
		exact = exact || sum > out.lo
		out.lo = max(out.lo, sum)
	}
	out.lo = quantise(min(out.lo, 1))
	return span{out.lo, max(out.lo, quantise(min(out.hi, 1)))}, exact
}

// familyOf is the first family all of which the last option excludes, or the next number.
func (g *Geometry) familyOf(list []option, family []int, families int) int {
	last := &list[len(list)-1]
	for f := range families {
		excludes := last.along || last.front
		for i := range list[:len(list)-1] {
			if excludes && family[i] == f {
				excludes = g.excludes(last, &list[i])
			}
		}
		if excludes {
			return f
		}
	}
	return families
}

// outermost leaves out what lies in another of the list; of two that are the same ground
// the first stays.
func outermost(list []option) []option {
	const left = -1 // no probability
	for i := range list {
		for j := range list {
			s, o := &list[i].strip, &list[j].strip
			if i != j && list[i].along && list[j].along && s.within(o) && (j < i || !o.within(s)) {
				list[i].hi = left
			}
		}
	}
	return slices.DeleteFunc(list, func(o option) bool { return o.hi == left })
}

// facing is one side of one drawing of a line.
type facing struct {
	line *line
	side geo.Side
}

// partings keeps which sides of two lines have nothing in common, by pair. Asking takes
// every vertex of both.
type partings struct {
	mu    sync.Mutex
	known map[[2]facing]bool
}

// parted says whether the sides of two lines have nothing in common: neither line runs on
// the asked side of the other, and beside each part of one lies ground that is not on the
// asked side of the other, so that none of its ground is. What runs within sameLine of a
// line is on it.
func (g *Geometry) parted(a, b facing) bool {
	g.partings.mu.Lock()
	defer g.partings.mu.Unlock()
	key := [2]facing{a, b}
	if known, some := g.partings.known[key]; some {
		return known
	}
	out := a.avoids(b) && b.avoids(a)
	g.partings.known[key] = out
	return out
}

// sameLine is how far apart, metres, two drawings of one line may run: what rounding to
// five decimals of a degree leaves. A strip of it holds less than geo's own error.
const sameLine = 1

// avoids says whether no vertex of the other line lies on this side, and no ground beside
// this line on the other's side. An edge that only cuts a corner off has that corner, a
// vertex of the other line, on its own side.
func (f facing) avoids(o facing) bool {
	for _, part := range o.line.Parts() {
		for _, p := range part {
			if foot := f.line.Nearest(p); foot.Side == f.side && foot.Distance > sameLine {
				return false
			}
		}
	}
	for _, part := range f.line.Parts() {
		p, some := f.beside(part)
		if !some || o.line.SideOf(p) == o.side {
			return false
		}
	}
	return true
}

// beside is a place on this side of the line, next to the middle of a part's first edge.
func (f facing) beside(part []geo.Point) (p geo.Point, some bool) {
	a, b := part[0], part[1]
	frame := geo.NewFrame(geo.Point{Lat: (a.Lat + b.Lat) / 2, Lon: (a.Lon + b.Lon) / 2})
	far := geo.Metres(2 * sameLine)
	for _, step := range [][2]geo.Metres{{10, 0}, {0, 10}, {-10, 0}, {0, -10}} { // one of them lies 7 m aside
		at := frame.From(step[0], step[1])
		if foot := f.line.Nearest(at); foot.Side == f.side && foot.Distance > far {
			p, far, some = at, foot.Distance, true
		}
	}
	return p, some
}
