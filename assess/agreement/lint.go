package agreement

import (
	"slices"

	truce "github.com/trucewatch/truce"
	yaml "go.yaml.in/yaml/v3"
)

// lint warns of what can be used but probably was not meant, and refuses what can be
// read but never decided.
func (d *decoder) lint() {
	if len(d.a.Languages) == 0 || d.failed() {
		return // what is not understood cannot be judged
	}
	a := d.a
	if n := len(slices.DeleteFunc(slices.Clone(a.Parties), func(p Party) bool { return p.Role != RoleParty })); n < 2 {
		d.warnf(nil, "parties", "%d of the role party: an agreement has at least two", n)
	}
	if a.Status != StatusInForce {
		d.warnf(nil, "status", "is %s: findings are made as if the agreement were in force, and say so", a.Status)
	}
	for i := range a.Rules {
		d.lintRule(&a.Rules[i])
	}
	d.lintTerms()
	d.lintZones()
	d.lintLines()
	d.lintDrawings()
	d.lintListed()
	d.lintBegins()
	d.lintFar()
	d.lintClasses()
	drawn := d.controlDrawings()
	for i := range a.Windows {
		d.lintWindow(&a.Windows[i])
		d.lintElsewhere(&a.Windows[i], drawn)
	}
	d.lintRolling()
	d.lintLadder(d.ladderAt)
}

func (d *decoder) place(sort, name string) *yaml.Node { return d.places[sort+" "+name] }

func (d *decoder) lintRule(r *Rule) {
	if !r.Evaluated {
		return
	}
	at, field := d.ruleAt(r), d.ruleField(r)
	if named := d.partiesOf(r); len(named) == 1 && !r.OneSided {
		d.warnf(at, field, "asymmetry: the rule speaks of the area of party %s only; if the clause does too, leave it, otherwise name the other party as well", named[0])
	}
	if len(r.Where.AreaOf) > 0 && d.a.ControlBy == "" {
		d.errorf(at, field, "where.area_of cannot be decided: no line or control map says on whose side a place lies; add one and control_by")
	}
	for _, kind := range r.Where.SiteKinds {
		if !slices.ContainsFunc(d.a.Sites, func(s Site) bool { return s.Kind == kind }) {
			d.warnf(at, field, "where.site_kinds: no site of kind %s is listed, so the rule cannot be met there", kind)
		}
	}
	if r.InForce.From != 0 && d.a.Ends.At != 0 && r.InForce.From >= d.a.Ends.At {
		d.warnf(at, field, "begins at %s, after the agreement's end: it is never in force", r.InForce.From)
	}
	if r.InForce.To != 0 && r.InForce.To <= d.a.Effective.At {
		d.warnf(at, field, "ends at %s, before the agreement's start: it is never in force", r.InForce.To)
	}
}

// partiesOf lists whose areas a rule speaks of; none when it speaks of places on both
// sides of a line.
func (d *decoder) partiesOf(r *Rule) []truce.PartyID {
	named := slices.Clone(r.Where.AreaOf)
	for _, id := range r.Where.Zones {
		z := d.a.zone(id)
		if z == nil || z.Band == nil || z.Band.Party == "" {
			return nil
		}
		named = append(named, z.Band.Party)
	}
	if len(r.Where.Within)+len(r.Where.SiteKinds)+len(r.Where.Sites) > 0 || r.Where.Crosses != nil {
		return nil
	}
	slices.Sort(named)
	return slices.Compact(named)
}

func (a *Agreement) zone(id truce.ZoneID) *Zone {
	i := slices.IndexFunc(a.Zones, func(z Zone) bool { return z.ID == id })
	if i < 0 {
		return nil
	}
	return &a.Zones[i]
}

func (d *decoder) lintZones() {
	for _, z := range d.a.Zones {
		if z.Band != nil {
			d.onASide(d.place("zone", string(z.ID)), "zones "+string(z.ID), z.Band.Line, z.Band.Party)
		}
		used := slices.ContainsFunc(d.a.Rules, func(r Rule) bool { return r.speaksOf(z.ID) }) ||
			slices.ContainsFunc(d.a.Windows, func(w Window) bool { return w.Zone == z.ID })
		if !used {
			d.warnf(d.place("zone", string(z.ID)), "zones "+string(z.ID), "no rule speaks of the zone: add one or remove the zone")
		}
	}
}

// speaksOf says whether a rule names a zone, as its place or as what it keeps out of.
func (r *Rule) speaksOf(id truce.ZoneID) bool {
	notify := r.Require != nil && r.Require.Notify != nil && slices.Contains(r.Require.Notify.Outside, id)
	return notify || slices.Contains(r.Where.Zones, id)
}
