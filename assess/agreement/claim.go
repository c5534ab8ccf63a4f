package agreement

import (
	"fmt"
	"slices"
	"time"

	truce "github.com/trucewatch/truce"
)

// The names of a claim's conditions.
const (
	ConditionNamesIncident = "names_incident"
	ConditionCoordination  = "coordination_attempt_within"
	ConditionOrderedBy     = "ordered_by"
	ConditionNotified      = "notified_within"
)

// anyAuthority asks for an order of an authority, whatever its rights.
const anyAuthority = "authority"

// claimed shows the conditions of a claim one by one. It never exempts, and who fired
// first is not decided: the finding stays open for people.
func (l *look) claimed(f *truce.Finding, p *plan) {
	f.Verdict, f.Reason = truce.VerdictIndeterminate, truce.ReasonEvidence
	f.Conditions = l.claimConditions(p)
	if states := p.Show.States; len(states) > 0 {
		f.Conditions = slices.DeleteFunc(f.Conditions, func(c truce.Condition) bool { return !slices.Contains(states, c.State) })
	}
	if l.quiet {
		return
	}
	for _, c := range f.Conditions {
		l.say(f, fmt.Sprintf("%s: %s; %s", c.Name, c.State, c.Text))
	}
	l.say(f, "a claim: it is recorded with its conditions, exempts nothing and decides nothing")
	l.say(f, verdictText(f))
}

func (l *look) claimConditions(p *plan) []truce.Condition {
	terms := p.Claim
	if terms == nil {
		return nil
	}
	said := l.detail.Claim
	var out []truce.Condition
	add := func(name string, state truce.ConditionState, text string) {
		out = append(out, truce.Condition{Name: name, State: state, Text: text})
	}
	silent := said == nil
	if silent {
		said = &truce.SelfDefence{}
	}
	if terms.NamesIncident {
		state, text := l.namesIncident(said, silent)
		add(ConditionNamesIncident, state, text)
	}
	if terms.CoordinationWithin > 0 {
		state, text := l.coordinated(said, terms.CoordinationWithin)
		add(ConditionCoordination, state, text)
	}
	if terms.OrderedBy != "" {
		state, text := l.ordered(said, terms.OrderedBy)
		add(ConditionOrderedBy, state, text)
	}
	if terms.NotifiedWithin > 0 {
		state, text := l.toldOf(said, terms.NotifiedWithin)
		add(ConditionNotified, state, text)
	}
	return out
}

func (l *look) namesIncident(said *truce.SelfDefence, silent bool) (truce.ConditionState, string) {
	switch {
	case said.Incident != "":
		return truce.ConditionMet, "it answers " + truce.CleanText(said.Incident)
	case silent:
		return truce.ConditionUnknown, "no claim with its grounds is at hand"
	}
	return truce.ConditionNotMet, "it names no incident that it answers"
}

// coordinated asks for an attempt to coordinate before the fire and not longer before
// than allowed. Where the time of the fire is an interval, both its ends must agree.
func (l *look) coordinated(said *truce.SelfDefence, within time.Duration) (truce.ConditionState, string) {
	at, t := said.CoordinationAt, l.incident.Time
	if at == 0 || !l.knows(at) {
		return truce.ConditionUnknown, "no attempt to coordinate is known"
	}
	early := func(fire truce.Instant) bool { return at <= fire && fire.Sub(at) <= within }
	text := fmt.Sprintf("attempted at %s, at most %s before is asked for", clock(at), truce.DurationText(within))
	switch first, last := early(t.From), early(t.To); {
	case first && last:
		return truce.ConditionMet, text
	case first || last || at > t.From && at < t.To:
		return truce.ConditionUnknown, text
	}
	return truce.ConditionNotMet, text
}

// ordered asks for an order by an authority that has the right.
func (l *look) ordered(said *truce.SelfDefence, right string) (truce.ConditionState, string) {
	if said.OrderedBy == "" {
		return truce.ConditionUnknown, "who ordered it is not known"
	}
	i := slices.IndexFunc(l.g.a.Authorities, func(a Authority) bool { return a.ID == said.OrderedBy })
	switch {
	case i < 0:
		return truce.ConditionNotMet, truce.CleanText(said.OrderedBy) + " is no authority under the agreement"
	case right == anyAuthority:
		return truce.ConditionMet, said.OrderedBy + " is an authority under the agreement"
	case !slices.Contains(l.g.a.Authorities[i].May, right):
		return truce.ConditionNotMet, fmt.Sprintf("%s has not the right to %s", said.OrderedBy, right)
	}
	return truce.ConditionMet, fmt.Sprintf("%s has the right to %s", said.OrderedBy, right)
}

// toldOf asks for a notification after the fire and within the time allowed.
func (l *look) toldOf(said *truce.SelfDefence, within time.Duration) (truce.ConditionState, string) {
	t := l.incident.Time
	due := t.To.Add(within)
	if at := said.NotifiedAt; at != 0 && l.knows(at) {
		text := fmt.Sprintf("notified at %s, due by %s", clock(at), clock(due))
		switch {
		case at <= t.From.Add(within):
			return truce.ConditionMet, text
		case at <= due:
			return truce.ConditionUnknown, text
		}
		return truce.ConditionNotMet, text
	}
	if l.known != 0 && l.known > due {
		return truce.ConditionNotMet, "not notified by " + clock(due)
	}
	return truce.ConditionUnknown, "no notification is known, due by " + clock(due)
}
