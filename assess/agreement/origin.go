package agreement

import (
	"fmt"
	"slices"
	"strings"

	truce "github.com/trucewatch/truce"
)

// sources is what is cited where the sources themselves say on whose side the place of
// origin lies.
type sources struct{}

func (sources) named() string { return "the sources" }

// SignedOrigin is a side of origin that people signed, with the words that cite it.
type SignedOrigin struct {
	Sides []truce.SideShare // the rest is not known
	Words string            // e.g. "engagement 01K..., signed by an-1 and an-2"
}

func (s *SignedOrigin) named() string { return s.Words }

// originated is on whose side the place of origin lies, nil when nothing is known of it:
// what people signed, else the launch area by the control map and its error, else what the
// sources say.
func (l *look) originated() *control {
	if !l.asked.origin {
		l.asked.origin = true
		l.origin = l.overTime(l.originControl)
	}
	return l.origin
}

func (l *look) originControl() *control {
	if c := l.signedSides(); c != nil {
		return c
	}
	if o := l.detail.Origin; o != nil && usable(*o) {
		if c := l.controlOf(o); c != nil {
			return c
		}
	}
	return l.saidSides()
}

// saidSides are the sides of the origin by the sources, asked for once.
func (l *look) saidSides() *control {
	if !l.asked.said {
		l.asked.said, l.said = true, l.g.said(l.detail.OriginSide)
	}
	return l.said
}

// signedSides are the sides of the origin that people signed, asked for once.
func (l *look) signedSides() *control {
	if !l.asked.signed {
		l.asked.signed = true
		if o := l.in.Origin; o != nil {
			if l.signed = l.g.said(o.Sides); l.signed != nil {
				l.signed.by = o
			}
		}
	}
	return l.signed
}

// said brings the shares that sources give to the parties of the agreement, in the order
// of their ids and together at most 1. What names no party of the agreement says nothing.
func (g *Geometry) said(list []truce.SideShare) *control {
	c := &control{by: sources{}}
	total := 0.0
	for _, s := range list {
		if p := held(float64(s.P)); g.ownArea(s.Party) && !slices.ContainsFunc(c.shares, func(o truce.SideShare) bool { return o.Party == s.Party }) {
			c.shares, total = append(c.shares, truce.SideShare{Party: s.Party, P: truce.Probability(p)}), total+p
		}
	}
	if c.shares == nil {
		return nil
	}
	slices.SortFunc(c.shares, func(a, b truce.SideShare) int { return strings.Compare(string(a.Party), string(b.Party)) })
	c.unknown = 1
	for i := range c.shares {
		p := quantise(float64(c.shares[i].P) / max(total, 1))
		c.shares[i].P = truce.Probability(p)
		c.unknown -= p
	}
	c.unknown = quantise(max(0, c.unknown))
	return c
}

// crossesPlace asks for fire from the other side of a line. Where nothing is known of the
// origin the answer is open, within the line's reach.
type crossesPlace struct {
	lines history[*line]
	Crosses
}

func (c crossesPlace) factor(l *look, _ *plan) factor {
	e := c.lines.at(l.at, l.known)
	if e == nil {
		return noVersion(l, c.Line)
	}
	most, bound := 1.0, ""
	if c.ReachM > 0 {
		var d float64
		d, most = l.nearLine(e.value, c.ReachM)
		if !l.quiet {
			bound = fmt.Sprintf(" (%s from it, within its reach of %s with p %s)", metres(d), metres(c.ReachM), number(most))
		}
	}
	left, right, known := l.originAcross(e.value)
	if crossed, over := l.crossed(c.Line); crossed > 0 {
		return l.saying(factor{span: openSpan(crossed, 1), reason: truce.ReasonControl}, "followed over %s at %s with p %s", c.Line, clock(over), number(quantise(crossed)))
	}
	if !known {
		return l.saying(factor{span: span{0, most}, reason: truce.ReasonControl}, "origin not known, so whether it came across %s is open%s", c.Line, bound)
	}
	onLeft, onRight := l.sharesOf(e.value)
	across, same := onLeft*right+onRight*left, onLeft*left+onRight*right
	s := openSpan(across, across+most*(1-across-same))
	if l.quiet {
		return factor{span: s, reason: truce.ReasonControl}
	}
	return l.saying(factor{span: s, reason: truce.ReasonControl},
		"across %s: effect on the side of %s p %s, of %s p %s, origin on the side of %s p %s, of %s p %s, so it came across with %s",
		e.value.named(), e.value.left, number(quantise(onLeft)), e.value.right, number(quantise(onRight)),
		e.value.left, number(quantise(left)), e.value.right, number(quantise(right)), s)
}

// crossed is how probably a followed flight was seen to cross a line, and when.
func (l *look) crossed(id truce.LineID) (p float64, over truce.Instant) {
	if l.detail.Flight == nil {
		return 0, 0
	}
	for _, c := range l.detail.Flight.Crossings {
		if c.Line == id && float64(c.P) > p {
			p, over = float64(c.P), c.Over.Mid()
		}
	}
	return p, over
}

// openSpan is a span of two numbers of which the upper one may fall below the lower by
// their rounding.
func openSpan(lo, hi float64) span {
	lo = quantise(held(lo))
	return span{lo, max(lo, quantise(held(hi)))}
}

// originAcross is the probability that the origin lies left and right of a line.
func (l *look) originAcross(drawn *line) (left, right float64, known bool) {
	c := l.signedSides()
	if o := l.detail.Origin; c == nil && o != nil && usable(*o) {
		left, right = l.near.shares(drawn, o)
		return left, right, true
	}
	if c == nil {
		c = l.saidSides()
	}
	if c == nil {
		return 0, 0, false
	}
	left, _ = c.share(drawn.left)
	right, _ = c.share(drawn.right)
	return left, right, true
}

// otherArea is a place in the area of another party than the one it came from: across a
// line, but also over a border or the sea.
type otherArea struct{}

func (otherArea) factor(l *look, _ *plan) factor {
	f := factor{span: span{0, 1}, reason: truce.ReasonControl}
	effect, origin := l.controlled(), l.originated()
	switch {
	case effect == nil:
		return l.saying(f, "no map or line says at that time in whose area it lies")
	case origin == nil:
		return l.saying(f, "origin not known, so whether it lies in the other party's area is open")
	}
	across, same := 0.0, 0.0
	for _, e := range effect.shares {
		for _, o := range origin.shares {
			if e.Party == o.Party {
				same += float64(e.P * o.P)
			} else {
				across += float64(e.P * o.P)
			}
		}
	}
	f.span = openSpan(across, 1-same)
	if l.quiet {
		return f
	}
	return l.saying(f, "in the area of another party than that of the origin with %s (effect %s; origin by %s %s)",
		f.span, sideWords(effect, "in that of"), origin.words(), sideWords(origin, "on the side of"))
}
