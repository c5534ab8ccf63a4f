package agreement

import (
	"cmp"
	"slices"

	truce "github.com/trucewatch/truce"
)

// plan is a rule ready to be evaluated.
type plan struct {
	Rule
	relation   []relation // by act index
	acts       actSet     // those with some relation to the rule
	spans      []Span     // when it is in force: apart, in order of time
	steps      []Step     // beside spans, one each; nil where the rule has no phases
	turns      []turnAt   // when what it rests on becomes another
	places     []place
	objects    *objectPlace // nil: whatever the object
	weapons    []matcher    // all of them must match
	conditions []condition  // in the order in which they are asked
	excepts    []WindowKind // windows that exempt
	claimed    actSet
	when       *Expression
	readings   []reading
	blank      truce.Finding // what every finding under it says
}

// condition is one thing a rule asks of an incident.
type condition func(*look, *plan) factor

// addPlans compiles the rules. The versions of one rule make one group.
func (g *Geometry) addPlans() error {
	first := map[truce.RuleID]int{}
	for _, r := range g.a.Rules {
		if !r.Evaluated {
			continue
		}
		p, err := g.plan(r)
		if err != nil {
			return err
		}
		at, seen := first[r.ID]
		if !seen {
			at = len(g.groups)
			first[r.ID], g.groups = at, append(g.groups, nil)
		}
		g.groups[at] = append(g.groups[at], len(g.plans))
		g.plans = append(g.plans, p)
	}
	for _, group := range g.groups {
		slices.SortStableFunc(group, func(i, j int) int { return cmp.Compare(g.plans[i].begins(), g.plans[j].begins()) })
	}
	return nil
}

// begins is when a rule first holds, for comparing; one that never does begins before all.
func (p *plan) begins() truce.Instant {
	if len(p.spans) == 0 {
		return truce.Instant(0).OrEarliest()
	}
	return p.spans[0].From.OrEarliest()
}

// holds says whether the rule is in force at an instant.
func (p *plan) holds(at truce.Instant) bool { return p.spanAt(at) >= 0 }

func (p *plan) spanAt(at truce.Instant) int {
	return slices.IndexFunc(p.spans, func(s Span) bool { return s.holds(at) })
}

func (g *Geometry) plan(r Rule) (plan, error) {
	p := plan{Rule: r}
	if p.PMin == 0 {
		p.PMin = DefaultPMin
	}
	p.relation, p.acts = relations(p.Kind, p.Acts)
	for _, act := range r.Claims {
		p.claimed.add(indexOf(act))
	}
	if r.Limit != nil {
		p.weapons = append(p.weapons, g.weapons.matcher(limited(r.Limit)))
	}
	if r.Weapon != nil {
		p.weapons = append(p.weapons, g.weapons.matcher(*r.Weapon))
	}
	p.weapons = slices.DeleteFunc(p.weapons, matcher.all)
	p.excepts = r.Unless
	if r.Require != nil && r.Require.Notify != nil {
		p.excepts = append(slices.Clone(r.Unless), r.Require.Notify.Window)
	}
	p.places = g.places(&r)
	p.blank = g.blank(&r)
	if r.When != "" {
		when, err := CompileCondition(r.When)
		if err != nil {
			return p, truce.Errorf(truce.CodeInvalid, "agreement: rule %s: when: %w", r.ID, err)
		}
		p.when = when
	}
	p.inForce(g.spansBy(&r, appliedDates(&r)))
	p.objects = g.objectsBy(r.Objects, appliedOf(&r))
	p.conditions = p.asked()
	p.readings = g.readings(&p)
	return p, nil
}

// blank is what every finding under a rule says of it.
func (g *Geometry) blank(r *Rule) truce.Finding {
	f := truce.Finding{Rule: r.ID, RuleVersion: r.Version, Clause: r.Clause, Unit: r.Unit, Verdict: truce.VerdictOutside}
	if i := slices.IndexFunc(g.a.Clauses, func(c Clause) bool { return c.ID == r.Clause }); i >= 0 {
		f.ClauseHash = g.a.Clauses[i].Hash
	}
	return f
}

// cut is a rule's span cut to the agreement's.
func (g *Geometry) cut(s Span) Span {
	return overlapOf(Span{g.a.Effective.At, g.a.Ends.At}, s)
}

// inForce sets when the rule holds; with phases it is cut into theirs, of which a later
// one takes the place of an earlier.
func (p *plan) inForce(base []Span) {
	p.spans, p.steps = nil, nil
	steps := slices.Clone(p.Steps)
	slices.SortStableFunc(steps, func(a, b Step) int { return cmp.Compare(a.Span.From, b.Span.From) })
	for _, b := range base {
		if len(steps) == 0 && !b.empty() {
			p.spans = append(p.spans, b)
		}
		for i, step := range steps {
			piece := overlapOf(b, step.Span)
			if i+1 < len(steps) {
				piece = overlapOf(piece, Span{To: steps[i+1].Span.From})
			}
			if !piece.empty() {
				p.spans, p.steps = append(p.spans, piece), append(p.steps, step)
			}
		}
	}
}

// asked lists the conditions of a rule, the cheapest first: the first that is not met
// ends the evaluation.
func (p *plan) asked() []condition {
	out := []condition{(*look).actFactor, (*look).timeFactor}
	if len(p.weapons) > 0 {
		out = append(out, (*look).weaponFactor)
	}
	if p.AltitudeM != nil {
		out = append(out, (*look).altitudeFactor)
	}
	if len(p.Grace) > 0 {
		out = append(out, (*look).graceFactor)
	}
	if p.Require != nil {
		out = append(out, dutyConditions(p.Require)...)
	}
	if _, one := p.own(); one {
		out = append(out, (*look).bearerFactor)
	}
	if len(p.places) > 0 || p.objects == nil {
		out = append(out, (*look).placeFactor)
	}
	if p.objects != nil {
		out = append(out, (*look).objectFactor)
	}
	if p.Require != nil && p.Require.WithinLine != nil {
		out = append(out, (*look).nearFactor)
	}
	if p.when != nil {
		out = append(out, (*look).whenFactor)
	}
	return out
}

// choose is the version of a rule that was in force at the incident's time, of those
// known; else the last that had begun; else the first. Nil: none was known yet.
func (l *look) choose(group []int) *plan {
	var best *plan
	for _, i := range group {
		p := &l.g.plans[i]
		if p.KnownFrom.OrEarliest() > l.known.OrLatest() {
			continue
		}
		if best == nil || p.holds(l.at) || !best.holds(l.at) && p.begins() <= l.at {
			best = p
		}
	}
	return best
}
