package agreement

import (
	"math"
	"slices"

	truce "github.com/trucewatch/truce"
)

// otherThan is the probability from which on two weapons are taken for different ones.
const otherThan = 0.5

// seenAtOnce is how many of its unit a hit counts: of units that count objects as many as
// were seen at once, where that is known and they are things: weapons, or what a limit
// names beside personnel. A post or a patrol is one object however many people it is. Under
// a rule that allows a number the number is held against it, and the sighting counts 1.
func (p *plan) seenAtOnce(d *truce.Detail) int {
	if p.Unit != truce.UnitObjectDay && p.Unit != truce.UnitObject || p.capped() {
		return 1
	}
	named := p.Limit != nil && things(p.Limit.Object)
	if len(d.Weapons) == 0 && !named {
		return 1
	}
	return p.numberOf(d)
}

// mayBe says whether an incident may be of the object that a run has seen: no weapon named
// on both sides is another one, and the act is the same or both name a weapon.
func (t *tally) mayBe(r, here *run) bool {
	joins := false
	mine := detailOf(here.first).Weapons
	for _, in := range r.seen {
		theirs := detailOf(in).Weapons
		if t.arsenal.differ(mine, theirs) {
			return false
		}
		joins = joins || in.Act() == here.first.Act() || len(mine) > 0 && len(theirs) > 0
	}
	return joins
}

// note keeps what an incident says of the object, where no other said the same.
func (r *run) note(in *truce.Incident) {
	weapons := detailOf(in).Weapons
	if !slices.ContainsFunc(r.seen, func(o *truce.Incident) bool {
		return o.Act() == in.Act() && slices.Equal(detailOf(o).Weapons, weapons)
	}) {
		r.seen = append(r.seen, in)
	}
}

// differ says whether two weapons are more probably different ones than not, by what is
// known of them.
func (a *arsenal) differ(x, y []truce.Weapon) bool {
	p := 0.0
	for _, v := range x {
		for _, w := range y {
			if a.conflict(v, w) {
				p += held(float64(v.P)) * held(float64(w.P))
			}
		}
	}
	return p > otherThan
}

// conflict says whether two descriptions cannot be of one weapon: another type, another
// calibre, or classes of the tree of which neither can be the other.
func (a *arsenal) conflict(v, w truce.Weapon) bool {
	switch {
	case v.Type != "" && w.Type != "" && v.Type != w.Type:
		return true
	case v.CalibreMM > 0 && w.CalibreMM > 0 && math.Abs(v.CalibreMM-w.CalibreMM) > calibreStep:
		return true
	}
	s, t := a.traitOf(v), a.traitOf(w)
	if s.class >= 0 && t.class >= 0 {
		return a.ofClass(&s, t.class) == matchNo && a.ofClass(&t, s.class) == matchNo
	}
	return s.class >= 0 && a.ofClass(&t, s.class) == matchNo || t.class >= 0 && a.ofClass(&s, t.class) == matchNo
}
