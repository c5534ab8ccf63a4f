package agreement

import (
	"slices"

	truce "github.com/trucewatch/truce"
	yaml "go.yaml.in/yaml/v3"
)

// lintReach warns of parts of a rule that no incident can reach.
func (d *decoder) lintReach(r *Rule) {
	at, field := d.ruleAt(r), d.ruleField(r)
	for _, kind := range r.Unless {
		resembles := func(act truce.Act) bool { return relationTo(act, r.Acts) != unrelated }
		if !slices.ContainsFunc(activities[kind], resembles) {
			d.warnf(at, field, "unless %s can never apply: none of the rule's acts is or looks like what such a window is for; remove it or name the act", kind)
		}
	}
	for _, act := range actsIn(r.Grace) {
		if !overlaps([]truce.Act{act}, r.Acts) {
			d.warnf(at, field, "grace for %s, an act of which the rule does not speak: name the act or remove the grace", act)
		}
	}
	if r.When != "" {
		d.lintWhen(at, field, r)
		d.lintSided(at, field, r)
	}
	d.lintSeverity(at, field, &r.Severity)
	d.lintHeights(at, field, r)
	d.lintReadings(at, field, r)
}

// lintWhen warns of a condition that is the same for every incident.
func (d *decoder) lintWhen(at *yaml.Node, field string, r *Rule) {
	e, err := CompileCondition(r.When)
	if err != nil {
		return // refused already
	}
	if len(e.asks) == 0 {
		d.warnf(at, field, "when asks about nothing of the incident, so it is always the same: name one of its values or remove it")
		return
	}
	switch yes, no := e.always(); {
	case no:
		d.warnf(at, field, "when can never hold (%s): no hour from 0 to 23 and no weekday from 1 to 7 meets it, so the rule is never met; mend it", cut(r.When))
	case yes:
		d.warnf(at, field, "when always holds (%s), so it asks nothing: mend or remove it", cut(r.When))
	}
}

// actsIn are the acts that have a grace, in the order of their names.
func actsIn[V any](of map[truce.Act]V) []truce.Act {
	var out []truce.Act
	for act := range of {
		out = append(out, act)
	}
	slices.Sort(out)
	return out
}

// lintSeverity warns of worse harm that weighs less; a grade that is not given is 0.
func (d *decoder) lintSeverity(at *yaml.Node, field string, s *Severity) {
	name, least := "base", s.Base
	for _, g := range []struct {
		name  string
		grade int
	}{{"damage", s.Damage}, {"casualties", s.Casualties}, {"mass_casualties", s.MassCasualties}} {
		switch {
		case g.grade == 0:
		case g.grade < least:
			d.warnf(at, field, "severity: %s %d is below %s %d and is never given: raise it or leave it out", g.name, g.grade, name, least)
		default:
			name, least = g.name, g.grade
		}
	}
}

// lintHeights warns of a rule for heights that none of its zones has.
func (d *decoder) lintHeights(at *yaml.Node, field string, r *Rule) {
	w := &r.Where
	if r.AltitudeM == nil || len(w.Within)+len(w.AreaOf)+len(w.SiteKinds)+len(w.Sites) > 0 || w.Crosses != nil || w.OtherArea || w.Anywhere {
		return
	}
	for _, id := range w.Zones {
		if z := d.a.zone(id); z == nil || z.AltitudeM == nil || !apart(*z.AltitudeM, *r.AltitudeM) {
			return
		}
	}
	if len(w.Zones) > 0 {
		d.warnf(at, field, "no place is left: the zone %s lies at other heights (altitude_m) than the rule asks for (alt_m); mend one of them", w.Zones[0])
	}
}

// lintReadings warns where the positions of the parties have nothing in common and what
// they have in common is applied.
func (d *decoder) lintReadings(at *yaml.Node, field string, r *Rule) {
	if p := r.Dates; p != nil && appliedDates(r) == AppliedIntersection && len(p.Of) > 1 {
		all := Span{d.a.Effective.At, d.a.Ends.At}
		for i, held := range p.Of {
			if i == 0 && held.Value.From != 0 {
				all.From = held.Value.From // a party's own date is not cut to the agreement's
			}
			all = overlapOf(all, held.Value)
		}
		if all.empty() {
			d.warnf(at, field, "no day is common to all positions on in_force, and their intersection is applied: the rule is never in force; mend a date or apply another position")
		}
	}
	if p := r.Objects; p != nil && p.Applied == AppliedIntersection && len(p.Of) > 1 {
		common := func(s Site) bool {
			return !slices.ContainsFunc(p.Of, func(held Position[[]string]) bool { return !d.a.listed(held.Value, s) })
		}
		if !slices.ContainsFunc(d.a.Sites, common) {
			d.warnf(at, field, "no object stands on every list, and their intersection is applied: the rule protects nothing; mend a list or apply another position")
		}
	}
}

// listed says whether any version of the lists holds a site.
func (a *Agreement) listed(lists []string, s Site) bool {
	return slices.ContainsFunc(a.Lists, func(l SiteList) bool {
		return (slices.Contains(lists, l.ID) || slices.Contains(lists, l.ID+"@"+l.Version)) && (slices.Contains(l.Sites, s.ID) || slices.Contains(l.SiteKinds, s.Kind))
	})
}

// lintDistances warns of two limits that hold the same thing to two distances from one
// line at one time.
func (d *decoder) lintDistances(r *Rule, earlier []Rule) {
	for i := range earlier {
		o := &earlier[i]
		if r.Limit == nil || o.Limit == nil || o.ID == r.ID || !sameLimit(r.Limit, o.Limit) {
			continue
		}
		both := overlapOf(r.InForce, o.InForce)
		if !both.empty() {
			d.warnf(d.ruleAt(r), d.ruleField(r), "asks for %.0f m where %s asks for %.0f m of the same: the wider binds; keep one, or tell them apart by weapon, place or time", r.Limit.ToM, o.ID, o.Limit.ToM)
		}
	}
}

// sameLimit says whether two limits speak of the same thing near the same line and
// differ in the distance alone.
func sameLimit(a, b *Limit) bool {
	class := slices.ContainsFunc(a.Weapon.Classes, func(c truce.WeaponClass) bool { return slices.Contains(b.Weapon.Classes, c) })
	what := class || a.Object != "" && a.Object == b.Object
	where := a.Line == b.Line && slices.Equal(a.Lines, b.Lines) && a.OwnSide == b.OwnSide && a.FromM == b.FromM
	return what && where && a.Max == b.Max && a.ToM > 0 && b.ToM > 0 && a.ToM != b.ToM
}

// onASide refuses a distance on the side of a party that a line does not part from the
// other: which side is meant could not be told.
func (d *decoder) onASide(at *yaml.Node, field string, id truce.LineID, party truce.PartyID) {
	left, right := d.a.sides(id)
	if party != "" && left != "" && party != left && party != right {
		d.errorf(at, field, "the line %s parts %s and %s, and %s stands on neither side: name one of them", id, left, right, party)
	}
}

// sides are the parties that a line parts, "" when they are not known.
func (a *Agreement) sides(id truce.LineID) (left, right truce.PartyID) {
	i := slices.IndexFunc(a.Lines, func(l Line) bool { return l.ID == id })
	if i < 0 {
		return "", ""
	}
	for _, c := range a.ControlMaps {
		if c.ID == a.Lines[i].Derived {
			return c.PartyInside, c.PartyOutside
		}
	}
	return a.Lines[i].Left, a.Lines[i].Right
}
