package agreement

import (
	"cmp"
	"fmt"
	"slices"

	truce "github.com/trucewatch/truce"
)

// decide gives the verdict of an incident that lies in the scope of a rule.
func (l *look) decide(f *truce.Finding, p *plan) {
	switch p.Kind {
	case KindPermit:
		l.permitted(f, p)
		return
	case KindClaim:
		l.claimed(f, p)
		return
	}
	l.sayClaims(f, p)
	cover := l.exemption(f, p)
	exempt := cover == covered || l.excepted(f, p)
	e := l.evidence()
	supported := e.supports(p, l.detail)
	if !l.quiet {
		l.say(f, e.words(p))
		l.say(f, kindsText(p, l.detail))
	}
	met := float64(f.P) >= p.PMin
	switch {
	case exempt:
		f.Verdict = truce.VerdictExempt
	case l.withinNumber(f, p):
		f.Verdict, f.Reason = truce.VerdictOutside, truce.ReasonQuantity
	case met && cover == coverOpen:
		f.Verdict, f.Reason = truce.VerdictIndeterminate, truce.ReasonLocation
	case met && cover == coverUnnamed:
		f.Verdict, f.Reason = truce.VerdictIndeterminate, truce.ReasonEvidence
	case met && supported:
		f.Verdict = truce.VerdictHit
		l.grade(f, p)
		l.opens(f, p)
	default:
		f.Verdict = truce.VerdictIndeterminate
		f.Reason = undecided(l.met)
		if met || e.heatAlone() {
			f.Reason = truce.ReasonEvidence
		}
	}
	if !l.quiet {
		l.say(f, verdictText(f))
	}
}

// undecided is the reason of the condition that is least met; among equals the place
// comes first, since a better place is what analysts can most often find.
func undecided(factors []factor) truce.Reason {
	least := slices.MinFunc(factors, func(a, b factor) int {
		return cmp.Or(cmp.Compare(a.lo, b.lo), cmp.Compare(slices.Index(reasonOrder, a.reason), slices.Index(reasonOrder, b.reason)))
	})
	return least.reason
}

// reasonOrder is the order among reasons that are met equally little.
var reasonOrder = []truce.Reason{truce.ReasonLocation, truce.ReasonControl, truce.ReasonAct, truce.ReasonTime, truce.ReasonClass,
	truce.ReasonQuantity, truce.ReasonState, truce.ReasonCoverage, truce.ReasonCost, truce.ReasonEvidence}

func verdictText(f *truce.Finding) string {
	switch f.Verdict {
	case truce.VerdictHit:
		return fmt.Sprintf("the conditions of %s are met with p %s", f.Rule, number(float64(f.P)))
	case truce.VerdictExempt:
		return fmt.Sprintf("exempt from %s", f.Rule)
	case truce.VerdictOutside:
		return fmt.Sprintf("outside the scope of %s: %s", f.Rule, f.Reason)
	}
	return fmt.Sprintf("indeterminate under %s: %s", f.Rule, f.Reason)
}

// excepted says whether the state of what was seen takes it out of the rule, e.g. a
// howitzer in a sealed store.
func (l *look) excepted(f *truce.Finding, p *plan) bool {
	if l.detail.State == "" || !slices.Contains(p.UnlessState, l.detail.State) {
		return false
	}
	l.say(f, fmt.Sprintf("state: %s, which %s excepts", l.detail.State, p.ID))
	return true
}

// sayClaims records what is claimed: it exempts nothing.
func (l *look) sayClaims(f *truce.Finding, p *plan) {
	if l.quiet || len(p.Claims) == 0 {
		return
	}
	for _, s := range l.shares {
		if p.claimed.has(s.n) && s.p > 0 {
			l.say(f, fmt.Sprintf("%s is claimed (p %s): recorded, it exempts nothing", s.act, number(s.p)))
		}
	}
}

// grade is the severity of a hit: the highest of those that apply.
func (l *look) grade(f *truce.Finding, p *plan) {
	s, d := p.Severity, l.detail
	f.Severity = s.Base
	if d.Damage {
		f.Severity = max(f.Severity, s.Damage)
	}
	if d.Casualties > 0 {
		f.Severity = max(f.Severity, s.Casualties)
	}
	if d.Casualties >= cmp.Or(s.MassFrom, DefaultMassFrom) {
		f.Severity = max(f.Severity, s.MassCasualties)
	}
	if !l.quiet && s != (Severity{}) {
		l.say(f, fmt.Sprintf("severity %d: %s", f.Severity, harm(d)))
	}
}

func harm(d *truce.Detail) string {
	switch {
	case d.Casualties > 0:
		return plural(d.Casualties, "casualty", "casualties")
	case d.Damage:
		return "damage"
	}
	return "no harm known"
}
