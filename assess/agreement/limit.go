package agreement

import (
	"fmt"
	"slices"

	truce "github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
)

// limited is what a limit says of weapons; with bands by class and no other word it
// speaks of the classes that have a band.
func limited(m *Limit) WeaponMatch {
	w := m.Weapon
	if len(w.Classes) == 0 {
		for _, b := range m.Bands {
			w.Classes = append(w.Classes, b.Class)
		}
	}
	return w
}

// limitPlace is the band along one line within which a limit holds. With Bands its depth
// differs by class.
type limitPlace struct {
	id    truce.LineID
	lines history[*line]
	party truce.PartyID // on the side of this party; "": on both
	from  float64
	to    float64
	bands []classBand
}

type classBand struct {
	class int
	to    float64
}

// limitPlaces are the bands of a limit. Nobody asks whose the weapon is: what stands on a
// party's side, within the distance from that party's line, lies in the band, and so does
// what stands in front of both lines.
func (g *Geometry) limitPlaces(m *Limit) []place {
	base := limitPlace{from: m.FromM, to: m.ToM}
	for _, b := range m.Bands {
		if i := g.weapons.find(b.Class); i >= 0 {
			base.bands = append(base.bands, classBand{i, b.ToM})
		}
	}
	var out []place
	add := func(id truce.LineID, party truce.PartyID) {
		one := base
		one.id, one.lines, one.party = id, g.lines[id], party
		out = append(out, &one)
	}
	if m.Line != "" {
		add(m.Line, "")
	}
	for _, pair := range m.Lines {
		party := pair.Party
		if !m.OwnSide {
			party = ""
		}
		add(pair.Line, party)
	}
	if front := frontOf(out); front != nil {
		out = append(out, front)
	}
	if m.Beyond != "" {
		out = append(out, beyondPlace{crossesPlace{g.lines[m.Beyond], Crosses{Line: m.Beyond}}})
	}
	return out
}

func (b *limitPlace) factor(l *look, p *plan) factor {
	e := b.lines.at(l.at, l.known)
	if e == nil {
		return noVersion(l, b.id)
	}
	near, far, words := b.depths(l, p)
	side := e.value.sideOf(b.party)
	band := geo.Band{Line: e.value.Line, Side: side, From: geo.Metres(b.from), To: geo.Metres(far)}
	f := factor{reason: truce.ReasonLocation}
	if near == far || len(b.bands) == 0 {
		f.span = known(l.bandChance(e.value, band))
	} else {
		f.span = b.byClass(l, p, e.value, band)
		f.reason = truce.ReasonClass
		if outer := l.bandChance(e.value, band); outer < 1 {
			f.reason = truce.ReasonLocation
		}
	}
	if l.quiet {
		return f
	}
	where := "on either side"
	if b.party != "" {
		where = "on the side of " + string(b.party)
	}
	return l.saying(f, "%s from %s, %s; in the band from %s to %s%s with %s",
		metres(float64(l.foot(e.value).Distance)), e.value.named(), where, metres(b.from), metres(far), words, f.span)
}

// depths are the least and the greatest distance that any class still possible is held
// to, with words that say so where they differ.
func (b *limitPlace) depths(l *look, p *plan) (near, far float64, words string) {
	to := b.to
	if step := l.step(p); step != nil && step.ToM > 0 {
		to = step.ToM
	}
	if len(b.bands) == 0 {
		return to, to, ""
	}
	first := true
	take := func(lo, hi float64) {
		if first {
			near, far, first = lo, hi, false
		}
		near, far = min(near, lo), max(far, hi)
	}
	total := 0.0
	for _, w := range l.detail.Weapons {
		total += held(float64(w.P))
		if lo, hi, some := b.possible(l, p, w, to); some {
			take(lo, hi)
		}
	}
	if total < 1-1e-9 || first {
		for _, c := range b.bands {
			take(c.to, c.to)
		}
	}
	if near != far && !l.quiet {
		words = fmt.Sprintf(" (the weakest band common to all classes still possible ends at %s)", metres(near))
	}
	return near, far, words
}

// possible are the least and greatest band of the classes one weapon may be of, going
// through the lowest classes of the tree, and those whose lower ones leave calibres out:
// every class that a weapon surely is of binds it, so of these the widest band counts.
func (b *limitPlace) possible(l *look, p *plan, w truce.Weapon, to float64) (lo, hi float64, some bool) {
	if p.matchWeapon(l.g.weapons, w) == matchNo {
		return 0, 0, false
	}
	a := l.g.weapons
	t := a.traitOf(w)
	for _, i := range a.lowest(&t) {
		one := w
		one.Class = a.nodes[i].ID
		sure, may := b.widest(a, a.traitOf(one))
		rest := len(a.below[i]) > 0 // what no class below it holds
		if may == 0 || rest && sure == 0 && p.matchWeapon(a, one) != matchYes {
			continue // a weapon of that class is none of the rule's
		}
		if !some {
			lo, hi, some = sure, may, true
		}
		lo, hi = min(lo, sure), max(hi, may)
	}
	if some {
		return lo, hi, true
	}
	if sure, may := b.widest(a, t); may > 0 {
		return sure, may, true
	}
	return to, to, true // of a class without a band of its own
}

// widest is the widest band of the classes a weapon surely is of, and of those it may be.
func (b *limitPlace) widest(a *arsenal, t trait) (sure, may float64) {
	for _, c := range b.bands {
		switch a.ofClass(&t, c.class) {
		case matchYes:
			sure, may = max(sure, c.to), max(may, c.to)
		case matchOpen:
			may = max(may, c.to)
		}
	}
	return sure, may
}

// byClass is the probability to lie in the band given that the weapon is one the rule
// speaks of, each alternative with its own band: the sum over the alternatives divided
// by the weapon condition, with which it is multiplied again.
func (b *limitPlace) byClass(l *look, p *plan, drawn *line, band geo.Band) span {
	chance := func(to float64) float64 {
		band.To = geo.Metres(to)
		if to <= b.from {
			return 0
		}
		return l.bandChance(drawn, band)
	}
	outer := float64(band.To)
	least, most := b.bands[0].to, outer
	for _, c := range b.bands {
		least = min(least, c.to)
	}
	var joint, weight span
	total := 0.0
	for _, w := range l.detail.Weapons {
		pw := held(float64(w.P))
		total += pw
		m := p.matchWeapon(l.g.weapons, w)
		lo, hi, some := b.possible(l, p, w, b.to)
		if !some {
			continue
		}
		if m == matchYes {
			joint.lo, weight.lo = joint.lo+pw*chance(lo), weight.lo+pw
		}
		joint.hi, weight.hi = joint.hi+pw*chance(hi), weight.hi+pw
	}
	rest := max(0, 1-total)
	joint.hi, weight.hi = joint.hi+rest*chance(most), weight.hi+rest
	out := span{chance(least), chance(most)}
	if weight.lo > 0 {
		out.lo = joint.lo / weight.lo
	}
	if weight.hi > 0 {
		out.hi = joint.hi / weight.hi
	}
	out.lo, out.hi = quantise(held(out.lo)), quantise(held(out.hi))
	return span{min(out.lo, out.hi), max(out.lo, out.hi)}
}

// allowed is how many the limit allows at the incident's time, -1 when there is no limit.
func (l *look) allowed(p *plan) int {
	if p.Limit == nil {
		return -1
	}
	if step := l.step(p); step != nil && step.Max != nil {
		return *step.Max
	}
	return p.Limit.Max
}

// withinNumber says whether a limit allows as many as were seen. CountTogether adds up
// what was seen in one place on one day.
func (l *look) withinNumber(f *truce.Finding, p *plan) bool {
	most := l.allowed(p)
	if most < 0 || l.overMany {
		return false
	}
	n := p.numberOf(l.detail)
	f.Number = &truce.Seen{AtLeast: n, AtMost: n, Allowed: most}
	if !l.quiet && (most > 0 || n > 1) {
		l.say(f, fmt.Sprintf("number: %d seen at once, %d allowed", n, most))
	}
	return n <= most
}

// altitudeFactor is the share of the heights it may have had at which the rule holds.
func (l *look) altitudeFactor(p *plan) factor {
	f := l.atHeights(p.AltitudeM)
	if !l.quiet {
		f.text = "height: " + f.text
	}
	return f
}

// atHeights is the probability of a height within a range.
func (l *look) atHeights(r *Range) factor {
	f := factor{span: l.heightSpan(r), reason: truce.ReasonLocation}
	if l.quiet {
		return f
	}
	switch a := l.height(); {
	case a != nil:
		return l.saying(f, "%g to %g m, asked for %s: p %s", a.Low, a.High, rangeWords(*r, "m"), number(f.lo))
	case l.flies():
		return l.saying(f, "not known, asked for %s", rangeWords(*r, "m"))
	}
	return l.saying(f, "on the ground, asked for %s", rangeWords(*r, "m"))
}

// height is the interval of heights that is known, nil when none is or it is upside down.
func (l *look) height() *truce.Span {
	if a := l.detail.Altitude; a != nil && a.Low <= a.High {
		return a
	}
	return nil
}

// heightSpan takes every height of the known interval for equally likely. What does not
// fly is on the ground.
func (l *look) heightSpan(r *Range) span {
	a := l.height()
	switch {
	case a == nil && l.flies():
		return span{0, 1}
	case a == nil:
		return known(step(r.Min <= 0))
	}
	low, high := max(a.Low, r.Min), a.High
	if r.Max != 0 {
		high = min(high, r.Max)
	}
	if a.Low == a.High {
		return known(step(low <= high))
	}
	return known(quantise(max(0, high-low) / (a.High - a.Low)))
}

// flies says whether any of the incident's acts takes place in the air.
func (l *look) flies() bool {
	return slices.ContainsFunc(l.shares, func(s share) bool {
		switch s.act {
		case truce.ActUAVHeard, "uav_demining", "monitor_flight", "medevac", "projectile_in_flight":
			return true
		}
		return s.act.Group() == truce.GroupAir
	})
}
