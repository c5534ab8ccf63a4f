package agreement

import (
	"slices"

	truce "github.com/trucewatch/truce"
	yaml "go.yaml.in/yaml/v3"
)

// lintLadder refuses a ladder that cannot be run and warns of one that says less than was
// probably meant: tiers that can never be entered, clocks that cannot begin, answers asked
// of those who are not told, tiers from which nothing leads down.
func (d *decoder) lintLadder(at *yaml.Node) {
	l := d.a.Ladder
	if l == nil {
		return
	}
	if l.Standing != truce.StandingAgreed && len(l.Source) == 0 && l.Standing != truce.StandingIllustrative {
		d.warnf(at, "ladder.source", "is missing: a %s scheme says where and when it was made public", l.Standing)
	}
	if l.Gather.Within == 0 {
		d.errorf(at, "ladder.gather.within", "is 0: no two incidents would ever belong to one case")
	}
	if l.Reply > 0 && l.Reply < shortestReply {
		d.warnf(at, "ladder.attribution.reply", "is %s: an authority that first has to ask its own cannot answer in so short a time; both parties have it", truce.DurationText(l.Reply.Duration()))
	}
	if n := len(l.Tiers); n == 0 || n > mostTiers {
		d.errorf(at, "ladder.tiers", "are %d: a ladder has 1 to %d", n, mostTiers)
	}
	after := truce.Micros(0)
	for i := range l.Tiers {
		t := &l.Tiers[i]
		d.lintTier(t)
		if t.Enter.After > 0 && t.Enter.After < after {
			d.warnf(d.place("tier", string(t.ID)), "ladder.tiers", "%s may be entered %s after T0, the tier below only after %s: it waits for the lower one", t.ID, t.Enter.After.Duration(), after.Duration())
		}
		after = max(after, t.Enter.After)
	}
	d.lintPaths(l)
	d.lintDown(at, l)
	if consults := slices.ContainsFunc(l.Tiers, func(t truce.Tier) bool { return t.Consult }); consults && len(l.Consult.Callers) == 0 {
		d.errorf(at, "ladder.consult", "is missing: a tier has a consultation, say who may call it, the quorum and the majority")
	}
}

func (d *decoder) lintTier(t *truce.Tier) {
	at, field := d.place("tier", string(t.ID)), "ladder.tiers "+string(t.ID)
	d.lintCriteria(at, field, t.Enter)
	for _, c := range t.Clocks {
		d.lintClock(field, c, t.Enter)
	}
	if a := t.Answer; a != nil {
		d.lintAnswer(at, field, t, a)
	}
	for _, g := range t.Gates {
		if g.Office.Role() == truce.RoleParty {
			d.errorf(at, field, "gate %s: a party does not open the way to a tier; it calls a consultation or complains", g.Office)
		}
	}
}

// lintCriteria finds conditions that nothing in the agreement can meet.
func (d *decoder) lintCriteria(at *yaml.Node, field string, c truce.Criteria) {
	empty := truce.Criteria{}
	if plain := c; len(c.Rules)+len(c.Acts)+len(c.Any) == 0 {
		plain.Rules, plain.Acts, plain.Any = nil, nil, nil
		if same(plain, empty) {
			d.errorf(at, field, "enter names no condition: every case would enter at once")
		}
	}
	rules := d.rulesOf(c)
	if most := d.mostSevere(rules); c.SeverityMin > most {
		d.warnf(at, field, "asks for severity %d, and no rule it looks at gives more than %d: it is never entered", c.SeverityMin, most)
	}
	if c.Unit != "" && !slices.ContainsFunc(rules, func(r *Rule) bool { return r.Unit == c.Unit }) {
		d.warnf(at, field, "counts %s, and no rule it looks at counts in that unit: it is never entered", c.Unit)
	}
	if c.Unit != "" && c.Hits == 0 {
		d.warnf(at, field, "names the unit %s and no number of hits: add hits", c.Unit)
	}
	if areas := len(d.a.Areas); c.Areas > areas {
		d.warnf(at, field, "asks for %d reporting areas, the agreement has %d: it is never entered", c.Areas, areas)
	}
	if c.Attribution != "" && c.Attribution != truce.AttributionUndetermined && c.Occurrence != "" && c.Occurrence != truce.OccurrenceVerified {
		d.warnf(at, field, "asks for an attribution of incidents that need only be %s: only verified ones are attributed", c.Occurrence)
	}
	if c.BlindFor > 0 && c.BlindShare == 0 {
		d.warnf(at, field, "says how long sight is lost, not of how much of the line: add blind_share")
	}
	for _, r := range c.Rules {
		if kind := d.kindOf(r); kind == truce.RulePermit || kind == truce.RuleClaim {
			d.warnf(at, field, "looks at %s, a rule that nothing hits (%s)", r, kind)
		}
	}
	for _, any := range c.Any {
		d.lintCriteria(at, field, any)
	}
}

func same(x, y truce.Criteria) bool {
	return x.SeverityMin == y.SeverityMin && x.Occurrence == y.Occurrence && x.Attribution == y.Attribution && x.Hits == y.Hits && x.Areas == y.Areas &&
		x.Within == y.Within && x.Lasting == y.Lasting && x.After == y.After && x.Unexplained == y.Unexplained && x.AdvanceM == y.AdvanceM &&
		x.BlindShare == y.BlindShare
}

// rulesOf are the rules whose hits criteria look at.
func (d *decoder) rulesOf(c truce.Criteria) []*Rule {
	var out []*Rule
	for i := range d.a.Rules {
		if r := &d.a.Rules[i]; len(c.Rules) == 0 || slices.Contains(c.Rules, r.ID) {
			out = append(out, r)
		}
	}
	return out
}

func (d *decoder) mostSevere(rules []*Rule) int {
	most := 0
	for _, r := range rules {
		s := r.Severity
		most = max(most, s.Base, s.Damage, s.Casualties, s.MassCasualties)
	}
	return most
}

func (d *decoder) kindOf(id truce.RuleID) string {
	for i := range d.a.Rules {
		if d.a.Rules[i].ID == id {
			return string(d.a.Rules[i].Kind)
		}
	}
	return ""
}

// shortestRound is the shortest time after which a clock begins anew: a day without power
// is then caught up with in 1,440 steps.
const shortestRound truce.Micros = 60_000_000

// shortestReply is the shortest time to reply to a view on responsibility that is not warned
// of, one hour: a liaison officer has to ask the capital.
const shortestReply truce.Micros = 3600 * 1_000_000

// mostTiers is more than people keep in mind.
const mostTiers = 30

func (d *decoder) lintClock(field string, c truce.ClockTerm, enter truce.Criteria) {
	at := d.place("clock", c.ID)
	switch {
	case truce.ReplyClock(c.ID):
		d.errorf(at, field, "clock %s has a name that clocks of views on responsibility are given (reply- and a number): choose another", c.ID)
	case c.Due == 0:
		d.errorf(at, field, "clock %s is due at once: give it a length", c.ID)
	case c.Every > 0 && c.Every < shortestRound:
		d.errorf(at, field, "clock %s begins anew every %s: a minute is the shortest round", c.ID, c.Every.Duration())
	case c.Each && c.Owner.Role() != truce.RoleParty && c.Owner.Role() != truce.RoleGuarantor:
		d.errorf(at, field, "clock %s is of each, and %s is neither of a party nor of a guarantor: remove each, there is one of it", c.ID, c.Owner)
	case c.Basis == truce.T0Verified && enter.Occurrence != truce.OccurrenceVerified:
		d.warnf(at, field, "clock %s counts from verification, and the tier can be entered before anything is verified: it begins then", c.ID)
	case c.Basis == truce.T0Determined || c.Basis == truce.T0Complaint:
		d.warnf(at, field, "clock %s counts from %s, which may never come: it begins then", c.ID, c.Basis)
	case c.Warns >= c.Due:
		d.warnf(at, field, "clock %s warns %s before it is due after %s: the warning comes at once", c.ID, c.Warns.Duration(), c.Due.Duration())
	}
}

func (d *decoder) lintAnswer(at *yaml.Node, field string, t *truce.Tier, a *truce.AnswerTerm) {
	if !slices.Contains(t.Tell, a.Role) {
		d.errorf(at, field, "asks an answer of the role %s, which it does not tell: add it to tell", a.Role)
	}
	before := truce.Micros(0)
	for _, e := range a.Escalate {
		if e.Office.Role() != a.Role {
			d.errorf(at, field, "escalates to %s, which is no office of the role %s", e.Office, a.Role)
		}
		if e.After <= before {
			d.warnf(at, field, "escalates to %s after %s, not later than the step before: both are told at once", e.Office, e.After.Duration())
		}
		before = e.After
	}
}

func (d *decoder) lintPaths(l *truce.Ladder) {
	for _, p := range l.Paths {
		at, field := d.place("path", p.ID), "ladder.paths "+p.ID
		d.lintCriteria(at, field, p.Enter)
		for _, c := range p.Clocks {
			d.lintClock(field, c, p.Enter)
		}
		if len(p.Tiers) == 0 && !p.Own {
			d.errorf(at, field, "leads to no tier and is no case by itself: name tiers, or add own_case: true")
		}
		if p.Enter.BlindShare > 0 && !p.Own {
			d.warnf(at, field, "is of a blind sector and has no case of its own: without incidents there is none to carry it; add own_case: true")
		}
	}
}

func (d *decoder) lintDown(n *yaml.Node, l *truce.Ladder) {
	for _, t := range l.Tiers {
		if !slices.ContainsFunc(l.Down, func(x truce.Descent) bool { return x.From == t.ID }) {
			d.warnf(d.place("tier", string(t.ID)), "ladder.down", "nothing leads down from %s: a case that enters it stays for ever", t.ID)
		}
	}
	for i, x := range l.Down {
		if slices.ContainsFunc(l.Down[:i], func(o truce.Descent) bool { return o.From == x.From }) {
			d.errorf(n, "ladder.down", "two ways lead down from %s: keep one", x.From)
		}
		if x.To != "" && l.Rank(x.To) >= l.Rank(x.From) {
			d.errorf(n, "ladder.down", "leads from %s to %s, which is not below it", x.From, x.To)
		}
		if x.Quiet == 0 {
			d.warnf(n, "ladder.down", "from %s without any quiet: it is proposed at once", x.From)
		}
	}
}
