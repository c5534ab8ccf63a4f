package agreement

import (
	"fmt"
	"slices"
	"strings"

	truce "github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
)

// control is who controls the place of effect, as one line or map has it.
type control struct {
	shares  []truce.SideShare // by party, in the order of their ids
	unknown float64           // what is left: at sea, beyond the map
	version string            // for Finding.MapVersion
	by      interface{ named() string }
}

// words are how sentences cite the line or map.
func (c *control) words() string { return c.by.named() }

// share is the probability that the place is under control of a party, and whether the
// line or map speaks of that party at all.
func (c *control) share(party truce.PartyID) (float64, bool) {
	for _, s := range c.shares {
		if s.Party == party {
			return float64(s.P), true
		}
	}
	return 0, false
}

// twoSides makes a control of the probabilities of two parties.
func twoSides(a truce.PartyID, pa float64, b truce.PartyID, pb float64) *control {
	pa, pb = quantise(held(pa)), quantise(held(pb))
	c := &control{shares: []truce.SideShare{{Party: a, P: truce.Probability(pa)}, {Party: b, P: truce.Probability(pb)}}}
	if b < a {
		c.shares[0], c.shares[1] = c.shares[1], c.shares[0]
	}
	c.unknown = quantise(max(0, 1-pa-pb))
	return c
}

// controlAt asks the line or map that the agreement names. It gives nil when none of its
// versions holds at the time.
func (g *Geometry) controlAt(pos geo.Position, valid, known truce.Instant) *control {
	if g.a.ControlBy == "" || !usable(pos) {
		return nil
	}
	if e := g.lines[truce.LineID(g.a.ControlBy)].at(valid, known); e != nil {
		left, right := e.value.shares(pos)
		return e.value.control(pos, left, right)
	}
	if e := g.maps[g.a.ControlBy].at(valid, known); e != nil {
		return e.value.control(pos)
	}
	return nil
}

// controlOf asks for one of the incident's places.
func (l *look) controlOf(pos *geo.Position) *control {
	if e := l.g.lines[truce.LineID(l.g.a.ControlBy)].at(l.at, l.known); e != nil {
		left, right := l.near.shares(e.value, pos)
		return e.value.control(*pos, left, right)
	}
	return l.g.controlAt(*pos, l.at, l.known)
}

// control of a place by a line: the party on its side. Both shares are cut to the part of
// the position that lies in the line's extent.
func (l *line) control(pos geo.Position, left, right float64) *control {
	in := l.extent.probability(pos)
	c := twoSides(l.left, left*in, l.right, right*in)
	c.version, c.by = l.cited, l
	return c
}

// shares are the probabilities to lie left and right, by the sign alone far from the line.
func (l *line) shares(pos geo.Position) (left, right float64) {
	return l.sharesFrom(l.Nearest(pos.Point), &pos)
}

func (l *line) sharesFrom(foot geo.Foot, pos *geo.Position) (left, right float64) {
	if float64(foot.Distance) > reach(*pos, l.accuracy) && foot.Side != geo.On {
		if foot.Side == geo.Left {
			return 1, 0
		}
		return 0, 1
	}
	return l.SidesFrom(foot, *pos, l.accuracy)
}

// controlled is the control of the incident's place, asked for once.
func (l *look) controlled() *control {
	if !l.asked.control {
		l.asked.control = true
		if l.pos {
			l.control = l.overTime(func() *control { return l.controlOf(l.incident.Position) })
		}
	}
	return l.control
}

// shareOf is the probability that the place lies in a party's own area.
func (l *look) shareOf(party truce.PartyID) (float64, bool) {
	c := l.controlled()
	if c == nil {
		return 0, false
	}
	return c.share(party)
}

// sides fills in on whose side the place of effect lies, and that of origin where
// something is known of it, with a sentence each.
func (l *look) sides(f *truce.Finding) {
	l.effectSide(f)
	o := l.originated()
	if o == nil {
		return
	}
	f.OriginSide = o.shares
	if !l.quiet {
		f.OriginSide = slices.Clone(o.shares)
		l.say(f, fmt.Sprintf("side of the place of origin, by %s: %s; it names nobody", o.words(), sideWords(o, "on the side of")))
	}
}

func (l *look) effectSide(f *truce.Finding) {
	if !l.pos || l.g.a.ControlBy == "" {
		return
	}
	c := l.controlled()
	if c == nil {
		if !l.quiet {
			l.say(f, fmt.Sprintf("side of the place of effect: no version of %s holds at the time", l.g.a.ControlBy))
		}
		return
	}
	f.EffectSide, f.MapVersion = c.shares, c.version
	if !l.quiet {
		f.EffectSide = slices.Clone(c.shares)
		l.say(f, fmt.Sprintf("side of the place of effect, not of origin, by %s: %s", c.words(), sideWords(c, "under control of")))
	}
}

func sideWords(c *control, of string) string {
	parts := make([]string, 0, len(c.shares)+1)
	for _, s := range c.shares {
		parts = append(parts, fmt.Sprintf("%s %s p %s", of, s.Party, number(float64(s.P))))
	}
	if c.unknown >= 0.005 {
		parts = append(parts, "not known "+number(c.unknown))
	}
	return strings.Join(parts, ", ")
}

// SideAt is the probability that a position lies in each party's area, by the line or map
// valid then and known by known (0: all that is known). Shares may sum to less than 1:
// the rest is not known. It is nil when no version holds.
func (g *Geometry) SideAt(pos geo.Position, valid, known truce.Instant) []truce.SideShare {
	c := g.controlAt(pos, valid, known)
	if c == nil {
		return nil
	}
	return slices.Clone(c.shares)
}

// ControllerAt is the party in whose area a point lies and the version that says so; ""
// when the line or map does not speak of the place. It counts detections by their pixel
// centre: a point and no error, and the accuracy of the map left out.
func (g *Geometry) ControllerAt(p geo.Point, valid, known truce.Instant) (party truce.PartyID, mapVersion string) {
	if e := g.lines[truce.LineID(g.a.ControlBy)].at(valid, known); e != nil {
		l := e.value
		version := l.cited
		if !l.extent.contains(p) {
			return "", version
		}
		switch l.SideOf(p) {
		case geo.Left:
			return l.left, version
		case geo.Right:
			return l.right, version
		}
		return "", version
	}
	if e := g.maps[g.a.ControlBy].at(valid, known); e != nil {
		return e.value.controller(p)
	}
	return "", ""
}
