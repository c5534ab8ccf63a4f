package agreement

import (
	"slices"

	truce "github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
)

// frontPlace is the ground between two lines from which two parties measure, each from its
// own: on neither party's own side. What stands in front of its line is nearer than any
// distance behind it, so this ground lies within both bands. It reaches as far from either
// line as the bands do: beyond the ends of the lines there is no between.
type frontPlace struct{ a, b *limitPlace }

// frontOf is the ground in front of the lines of a limit, nil where it has not two lines
// and two parties, or leaves out what is near.
func frontOf(out []place) place {
	if len(out) != 2 {
		return nil
	}
	a, b := out[0].(*limitPlace), out[1].(*limitPlace)
	if a.party == "" || b.party == "" || a.party == b.party || a.id == b.id || a.from > 0 {
		return nil
	}
	return frontPlace{a, b}
}

// faces are each party's own side of its line, false where a line has no version.
func (f frontPlace) faces(l *look) (faces [2]facing, ok bool) {
	for i, b := range []*limitPlace{f.a, f.b} {
		e := b.lines.at(l.at, l.known)
		if e == nil {
			return faces, false
		}
		faces[i] = facing{e.value, e.value.sideOf(b.party)}
	}
	return faces, true
}

func (f frontPlace) factor(l *look, p *plan) factor {
	faces, ok := f.faces(l)
	if !ok {
		return noVersion(l, f.a.id+" or "+f.b.id)
	}
	own, near := [2]float64{}, span{}
	least, most, _ := f.a.depths(l, p)
	for i, face := range faces {
		left, right := l.sharesOf(face.line)
		if own[i] = right; face.side == geo.Left {
			own[i] = left
		}
		reaches := func(to float64) float64 {
			return l.bandChance(face.line, geo.Band{Line: face.line.Line, Side: geo.On, To: geo.Metres(to)})
		}
		near = near.or(span{reaches(least), reaches(most)})
	}
	s := span{max(0, 1-own[0]-own[1]), 1 - max(own[0], own[1])}
	if l.g.parted(faces[0], faces[1]) || l.g.parted(faces[0].opposite(), faces[1].opposite()) {
		s.hi = s.lo // the parties' sides, or the other sides, have nothing in common
	}
	s = openSpan(s.lo+near.lo-1, min(s.hi, near.hi))
	return l.saying(factor{span: s, reason: truce.ReasonLocation}, "in front of %s and of %s, between the two lines, with %s", f.a.id, f.b.id, s)
}

func (f facing) opposite() facing {
	if f.side == geo.Left {
		return facing{f.line, geo.Right}
	}
	return facing{f.line, geo.Left}
}

// excludes says whether nothing lies in both of two options.
func (g *Geometry) excludes(a, b *option) bool {
	switch {
	case a.along && b.along:
		return g.apart(&a.strip, &b.strip)
	case a.front && b.along:
		return slices.Contains(a.faces[:], facing{b.line, b.side})
	case b.front && a.along:
		return slices.Contains(b.faces[:], facing{a.line, a.side})
	}
	return false
}
