package agreement

import (
	"fmt"
	"slices"
	"strings"

	truce "github.com/trucewatch/truce"
	yaml "go.yaml.in/yaml/v3"
)

// lintTerms looks at what several parts of the agreement say together.
func (d *decoder) lintTerms() {
	for i := range d.a.Rules {
		r := &d.a.Rules[i]
		d.lintClause(r)
		d.lintPhases(r)
		d.lintLimit(r)
		d.lintPermit(r)
		d.lintClaim(r)
		d.lintVersions(r, d.a.Rules[:i])
		d.lintPrecedence(r, d.a.Rules[:i])
		d.lintDistances(r, d.a.Rules[:i])
		d.lintReach(r)
		d.lintSaid(r)
	}
	d.lintWeapons()
	d.lintLists()
	d.lintUnused()
	d.lintUncited()
}

func (d *decoder) ruleField(r *Rule) string { return "rules " + string(r.ID) }

// ruleAt is where a rule is defined; each of its versions has its own place.
func (d *decoder) ruleAt(r *Rule) *yaml.Node { return d.place("rule", string(r.ID)+"@"+r.Version) }

// lintClause compares the hash that a rule cites with the clause as it stands.
func (d *decoder) lintClause(r *Rule) {
	i := slices.IndexFunc(d.a.Clauses, func(c Clause) bool { return c.ID == r.Clause })
	if i < 0 {
		return // refused already
	}
	at, now := d.ruleAt(r), d.a.Clauses[i].Hash
	if cited := d.place("clause hash", string(r.ID)+"@"+r.Version); cited != nil {
		at = cited
	}
	switch {
	case r.ClauseHash.IsZero():
		d.warnf(at, d.ruleField(r), citesNothing+"%s, so nobody notices when it changes: compare the two, then add clause_sha256: %s (check --write-hashes adds it to every rule)", r.Clause, now)
	case r.ClauseHash != now:
		d.errorf(at, d.ruleField(r), "was written for another text of clause %s: compare the two, then write clause_sha256: %s", r.Clause, now)
	}
}

// lintPhases warns of phases that are never reached.
func (d *decoder) lintPhases(r *Rule) {
	at := d.ruleAt(r)
	end := d.a.Ends.At
	if r.InForce.To != 0 && (end == 0 || r.InForce.To < end) {
		end = r.InForce.To
	}
	for i, s := range r.Steps {
		field := fmt.Sprintf("%s.phases[%d]", d.ruleField(r), i)
		switch {
		case end != 0 && s.Span.From >= end:
			d.warnf(at, field, "begins at %s, when the rule has ended: the phase is never reached", s.Span.From)
		case s.Span.To.OrLatest() <= max(r.InForce.From.OrEarliest(), d.a.Effective.At):
			d.warnf(at, field, "ends at %s, before the rule begins: the phase is never reached", s.Span.To)
		case s.Max != nil && r.Limit == nil, s.ToM > 0 && r.Limit == nil:
			d.errorf(at, field, "changes a distance or number of a limit, and the rule is none")
		}
		if i+1 < len(r.Steps) {
			d.lintStep(at, field, s, r.Steps[i+1])
		}
	}
	for _, p := range d.a.Phases {
		if node := d.place("phase", p.ID); d.a.Ends.At != 0 && p.Span.From >= d.a.Ends.At {
			d.warnf(node, "phases "+p.ID, "begins at %s, after the agreement's end: it is never reached", p.Span.From)
		}
	}
}

// lintStep warns of days on which no step holds, or two do.
func (d *decoder) lintStep(at *yaml.Node, field string, s, next Step) {
	switch {
	case s.Span.To < next.Span.From:
		d.warnf(at, field, "ends at %s and the next begins at %s: between them the rule asks nothing; leave out to, so that each goes on until the next", s.Span.To, next.Span.From)
	case s.Span.To > next.Span.From:
		d.warnf(at, field, "ends at %s, after the next began at %s: the next counts from its beginning; leave out to", s.Span.To, next.Span.From)
	}
}

// lintLimit warns of a limit that binds one party only.
func (d *decoder) lintLimit(r *Rule) {
	if r.Limit == nil {
		return
	}
	at := d.ruleAt(r)
	for _, pair := range r.Limit.Lines {
		d.onASide(at, d.ruleField(r), pair.Line, pair.Party)
	}
	if r.OneSided {
		return
	}
	if len(r.Limit.Lines) == 1 {
		d.warnf(at, d.ruleField(r), "asymmetry: the limit has a line for party %s only; give the other party's as well, or write one_sided: true when the clause itself names one party", r.Limit.Lines[0].Party)
	}
	for _, band := range r.Limit.Bands {
		if len(r.Limit.Weapon.Classes) > 0 && !d.a.within(band.Class, r.Limit.Weapon.Classes) {
			d.warnf(at, d.ruleField(r), "has a distance for %s, which the limit does not speak of: add it to weapon.class", band.Class)
		}
	}
}

// within says whether a class is one of some, or below one of them in the tree.
func (a *Agreement) within(class truce.WeaponClass, some []truce.WeaponClass) bool {
	for range len(a.Weapons) + 1 {
		if slices.Contains(some, class) {
			return true
		}
		i := slices.IndexFunc(a.Weapons, func(w WeaponNode) bool { return w.ID == class })
		if i < 0 || a.Weapons[i].Parent == "" {
			return false
		}
		class = a.Weapons[i].Parent
	}
	return false
}

// lintPermit warns of what a rule prohibits and another permits without saying so, and of
// windows that the permission itself never lets begin.
func (d *decoder) lintPermit(permit *Rule) {
	if permit.Permit == nil {
		return
	}
	d.lintPermission(permit)
	for i := range d.a.Rules {
		r := &d.a.Rules[i]
		if r.Kind != KindProhibit || !overlaps(r.Acts, permit.Permit.Acts) || shareKind(r.Unless, permit.Permit.Windows) {
			continue
		}
		d.warnf(d.ruleAt(r), d.ruleField(r), "contradiction: prohibits an act that %s permits in a window: add unless: [%s]",
			permit.ID, strings.Join(options(permit.Permit.Windows...), ", "))
	}
	for i := range d.a.Windows {
		d.lintPermitted(&d.a.Windows[i], permit)
	}
}

func overlaps(a, b []truce.Act) bool {
	return slices.ContainsFunc(a, func(x truce.Act) bool {
		return slices.ContainsFunc(b, func(y truce.Act) bool { return x.Is(y) || y.Is(x) })
	})
}

func shareKind(a, b []WindowKind) bool {
	return slices.ContainsFunc(a, func(k WindowKind) bool { return slices.Contains(b, k) })
}

// lintClaim warns of a claim that needs an order nobody may give.
func (d *decoder) lintClaim(r *Rule) {
	if r.Claim == nil || r.Claim.OrderedBy == "" {
		return
	}
	may := func(a Authority) bool {
		return slices.Contains(a.May, "order") || slices.Contains(a.May, r.Claim.OrderedBy)
	}
	if !slices.ContainsFunc(d.a.Authorities, may) {
		d.warnf(d.ruleAt(r), d.ruleField(r), "asks for an order of an authority, and no authority may give one: add one to authorities with may: [order]")
	}
}

// lintVersions refuses two versions of a rule of which nothing says which counts.
func (d *decoder) lintVersions(r *Rule, earlier []Rule) {
	for i := range earlier {
		o := &earlier[i]
		if o.ID != r.ID {
			continue
		}
		if !o.InForce.apart(r.InForce) && o.KnownFrom == r.KnownFrom && !d.follows(o, r) && !d.follows(r, o) {
			d.errorf(d.ruleAt(r), d.ruleField(r), "versions %s and %s hold at the same time and became known at the same time: nothing says which counts; mend in_force or known_from", o.Version, r.Version)
		}
	}
}

// follows says whether a version takes the place of another by beginning later, where the
// other has no end of its own: from then on the later one counts.
func (d *decoder) follows(before, after *Rule) bool {
	first := max(d.a.Effective.At, before.InForce.From.OrEarliest())
	return before.InForce.To == 0 && after.InForce.From.OrEarliest() > first && before.Dates == nil && after.Dates == nil
}

// lintPrecedence warns of two rules that may hit together with nothing to say which counts.
func (d *decoder) lintPrecedence(r *Rule, earlier []Rule) {
	if r.Kind != KindProhibit && r.Kind != KindLimit {
		return
	}
	for i := range earlier {
		o := &earlier[i]
		if o.ID != r.ID && o.Kind == r.Kind && o.Precedence == r.Precedence && o.Unit != r.Unit && sameAct(o.Acts, r.Acts) && r.Limit == nil {
			d.warnf(d.ruleAt(r), d.ruleField(r), "overlaps %s with the same precedence %d and another counting unit: %s counts because it stands first; give one the higher precedence",
				o.ID, r.Precedence, o.ID)
		}
	}
}

func sameAct(a, b []truce.Act) bool {
	return slices.ContainsFunc(a, func(x truce.Act) bool { return slices.Contains(b, x) })
}

// lintWeapons refuses a tree that turns back on itself, and warns of a class that no
// weapon can belong to.
func (d *decoder) lintWeapons() {
	for _, w := range d.a.Weapons {
		at, field := d.place("weapon class", string(w.ID)), "weapon_classes "+string(w.ID)
		parent := w.Parent
		for range len(d.a.Weapons) {
			i := slices.IndexFunc(d.a.Weapons, func(o WeaponNode) bool { return o.ID == parent })
			if i < 0 {
				break
			}
			if parent == w.ID {
				d.errorf(at, field, "is its own ancestor: mend parent")
				break
			}
			above := d.a.Weapons[i]
			if apart(w.CalibreMM, above.CalibreMM) || len(w.Types) > 0 && len(above.Types) > 0 && !slices.ContainsFunc(w.Types, func(t string) bool { return slices.Contains(above.Types, t) }) {
				d.warnf(at, field, "no weapon can belong to it: its criteria and those of %s above it exclude each other", above.ID)
			}
			parent = above.Parent
		}
	}
}

// apart says whether two ranges have nothing in common.
func apart(a, b Range) bool {
	return a.Max != 0 && a.Max < b.Min || b.Max != 0 && b.Max < a.Min
}

// lintLists warns of a position that goes by another party's list, and of versions of a
// list that hold at once.
func (d *decoder) lintLists() {
	for i := range d.a.Rules {
		r := &d.a.Rules[i]
		if r.Objects == nil {
			continue
		}
		for _, p := range r.Objects.Of {
			for _, name := range p.Value {
				for _, l := range d.a.Lists {
					if l.ID == listBase(name) && l.Party != p.Party {
						d.warnf(d.ruleAt(r), d.ruleField(r), "the position of %s goes by %s, which is the list of %s", p.Party, name, l.Party)
					}
				}
			}
		}
	}
	for i, l := range d.a.Lists {
		for _, o := range d.a.Lists[:i] {
			if o.ID == l.ID && !o.Span.apart(l.Span) && o.KnownFrom == l.KnownFrom {
				d.errorf(d.place("list", l.ID+"@"+l.Version), "lists "+l.ID, "versions %s and %s hold at the same time and became known at the same time: mend valid_from, valid_to or known_from", o.Version, l.Version)
			}
		}
	}
}

// lintUnused warns of what is defined and never spoken of.
func (d *decoder) lintUnused() {
	used := map[string]bool{}
	for _, ref := range d.refs {
		used[ref.sort+" "+ref.name] = true
	}
	for _, sort := range []string{"list", "phase"} {
		for _, name := range d.names[sort] {
			if !used[sort+" "+name] {
				d.warnf(d.place(sort, name), sort+" "+name, "is never used: let a rule speak of it or remove it")
			}
		}
	}
}

// lintUncited warns of a clause that nothing evaluates and nobody left open.
func (d *decoder) lintUncited() {
	for _, c := range d.a.Clauses {
		cited := slices.ContainsFunc(d.a.Rules, func(r Rule) bool { return r.Clause == c.ID }) ||
			slices.ContainsFunc(d.a.OpenPoints, func(o OpenPoint) bool { return o.Clause == c.ID }) || d.a.Withhold.Clause == c.ID
		if !cited {
			file := fmt.Sprintf("clauses/%s/%s.md", d.a.Languages[0], c.ID)
			d.problems = append(d.problems, Problem{Level: LevelWarning, File: file, Line: 1, Column: 1,
				Text: fmt.Sprintf("no rule cites clause %s, so nothing of it is evaluated: write a rule, or an open point that says why there is none", c.ID)})
		}
	}
}
