package trial

import (
	"cmp"
	"fmt"
	"slices"

	truce "github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/agreement"
)

// Ladder runs the response ladder over what a test says happened, from nothing.
type Ladder func(History) (Course, error)

// History is what a ladder is given: who takes part, what becomes known and what people
// do in the order of time, and the time at which it is looked at.
type History struct {
	Terms     truce.Ladder
	Agreement string
	Version   string
	Parties   []truce.PartyID
	States    []truce.StateID
	Happens   []Happening
	Until     truce.Instant
}

// Happening is one thing beside events that a test says: a fact that becomes known, or
// what a person does. Exactly one of the pointers is set when a ladder is given it.
type Happening struct {
	At          truce.Instant
	Incident    *truce.CaseIncident
	Blind       *truce.BlindSpell
	Advance     *truce.Advance
	Attribution *truce.Attribution
	Deed        *truce.Deed
	Person      truce.Person // of a deed
	Case        int          // of a deed: the case by the order in which they opened; 0: the one that is open
	Line        int
	Text        string

	event   int              // of a review, attribution or move of a zero point: which event
	outcome truce.Occurrence // of a review
}

// Course is what came of a history: the cases in the order in which they opened, every
// step of them, each in words, and the deeds that were refused.
type Course struct {
	Cases   []truce.Case
	Steps   []truce.CaseStep
	Said    []string
	Refused []Refusal
}

// shown are the last steps in words, as a failure prints them.
func (c Course) shown() []string {
	if n := len(c.Said) - MaxStepsShown; n > 0 {
		return append([]string{fmt.Sprintf("(%d steps before)", n)}, c.Said[n:]...)
	}
	return c.Said
}

// Refusal is a deed that was refused, and why.
type Refusal struct {
	Line int
	Why  string
}

// statesOf are the guarantors of a test that names none: those of the agreement, or three
// invented ones.
func statesOf(terms *agreement.Agreement) []truce.StateID {
	var out []truce.StateID
	for _, p := range terms.Parties {
		if p.Role == agreement.RoleGuarantor {
			out = append(out, truce.StateID(p.ID))
		}
	}
	if len(out) == 0 {
		return []truce.StateID{"FAR", "HAL", "MIR"}
	}
	return out
}

// climb is the ladder of one test, run as often as its expectations look at it.
type climb struct {
	run  Ladder
	all  []Happening // in the order of time
	base History
	last truce.Instant // at which anything happens or is looked at
	seen map[glance]looked
}

// glance is a look at the ladder: what stands above a line, as it is at a time.
type glance struct {
	line int
	at   truce.Instant
}

type looked struct {
	course Course
	err    error
}

// climb puts together what the ladder is told of a test; nil when the test does not speak
// of it or nothing runs it.
func (r *Runner) climb(t *Test, g *agreement.Geometry, counted []agreement.Counted) *climb {
	if !t.OfLadder() || r.Ladder == nil || r.Terms.Ladder == nil {
		return nil
	}
	c := &climb{run: r.Ladder, seen: map[glance]looked{}, all: happenings(t, g, counted)}
	c.base = History{Terms: *r.Terms.Ladder, Agreement: r.Terms.ID, Version: r.Terms.Version, States: t.Given.Guarantors}
	if len(c.base.States) == 0 {
		c.base.States = statesOf(r.Terms)
	}
	for _, p := range r.Terms.Parties {
		if p.Role == agreement.RoleParty {
			c.base.Parties = append(c.base.Parties, p.ID)
		}
	}
	for _, h := range c.all {
		c.last = max(c.last, h.At)
	}
	for _, e := range t.Expect {
		c.last = max(c.last, e.At)
	}
	return c
}

// happenings are the facts and deeds of a test in the order of time, those of one time in
// the order of their lines. A review makes the incident's next revision, and all are
// judged again with it.
func happenings(t *Test, g *agreement.Geometry, counted []agreement.Counted) []Happening {
	var all []Happening
	for i, e := range t.Events {
		all = append(all, Happening{At: e.Known, Line: e.Line, Text: e.Text, event: i, outcome: e.Incident.Occurrence})
	}
	all = append(all, t.Happens...)
	slices.SortStableFunc(all, func(a, b Happening) int { return cmp.Or(cmp.Compare(a.At, b.At), cmp.Compare(a.Line, b.Line)) })
	d := docket{g: g, given: &t.Given, rows: slices.Clone(counted), held: make([]truce.CaseIncident, len(counted))}
	d.judged = g.CountTogether(d.rows)
	for n := range all {
		h := &all[n]
		switch {
		case h.outcome != "":
			h.Incident = d.revise(*h)
		case h.Attribution != nil:
			a, in := *h.Attribution, d.rows[h.event].Incident
			a.Incident, a.Revision, a.At = in.ID, in.Revision, h.At
			h.Attribution = &a
		case h.Deed != nil && h.Deed.T0 != nil && h.Deed.T0.Evidence != nil:
			h.Deed = onEvent(*h.Deed, d.rows[h.event].Incident.ID)
		}
	}
	return all
}

// onEvent is a deed that moves a zero point on the incident of an event.
func onEvent(d truce.Deed, id truce.ID) *truce.Deed {
	change := *d.T0
	change.Evidence = &truce.T0Evidence{Kind: truce.EvidenceIncident, Record: id.String()}
	d.T0 = &change
	return &d
}

// docket holds the events of a test as they stand while reviews change them.
type docket struct {
	g      *agreement.Geometry
	given  *Given
	rows   []agreement.Counted
	judged []truce.Evaluation
	held   []truce.CaseIncident
}

// revise is an event as a case holds it from a time on: as it was told, or after a review.
func (d *docket) revise(h Happening) *truce.CaseIncident {
	row, held := &d.rows[h.event], &d.held[h.event]
	if held.Revision == 0 {
		held.Detected = h.At
	} else {
		row.Incident.Revision++
		row.Incident.Occurrence = h.outcome
		row.Evaluation = d.g.Evaluate(agreement.Input{Incident: row.Incident, KnownAt: d.given.KnownAt, Windows: d.given.Windows})
		d.judged = d.g.CountTogether(d.rows)
	}
	in := row.Incident
	held.ID, held.Revision, held.Known, held.Time = in.ID, in.Revision, h.At, in.Time
	held.Act, held.P, held.Occurrence, held.Number = in.Act(), in.P, in.Occurrence, in.Number
	if held.Verified = 0; in.Occurrence == truce.OccurrenceVerified {
		held.Verified = h.At
	}
	if in.Position != nil {
		place := in.Position.Point
		held.Place, held.Area = &place, d.g.AreaOf(*in.Position)
	}
	if in.Detail != nil {
		held.Casualties = in.Detail.Casualties
	}
	held.Findings = caseFindings(d.judged[h.event].Findings)
	out := *held
	return &out
}

// caseFindings are what a case keeps of findings: hits, and those not determinate.
func caseFindings(list []truce.Finding) []truce.CaseFinding {
	var out []truce.CaseFinding
	for _, f := range list {
		if f.Verdict == truce.VerdictHit || f.Verdict == truce.VerdictIndeterminate {
			out = append(out, truce.CaseFinding{Rule: f.Rule, Version: f.RuleVersion, Verdict: f.Verdict, P: f.P, Severity: f.Severity, Unit: f.Unit, Count: f.Count})
		}
	}
	return out
}

// look runs the ladder up to a time, on what stands above a line; line 0 is the whole test.
func (c *climb) look(at glance) (Course, error) {
	if known, ok := c.seen[at]; ok {
		return known.course, known.err
	}
	h := c.base
	for _, one := range c.all {
		if (at.line == 0 || one.Line < at.line) && (at.at == 0 || one.At <= at.at) {
			h.Happens = append(h.Happens, one)
			if at.at == 0 {
				h.Until = max(h.Until, one.At)
			}
		}
	}
	h.Until = max(h.Until, at.at)
	course, err := c.run(h)
	c.seen[at] = looked{course, err}
	return course, err
}

// whole is the course of the whole test.
func (c *climb) whole() (Course, error) { return c.look(glance{at: c.last}) }

// refusals are the deeds that were refused though no expectation says so.
func (o *outcome) refusals() []Failure {
	if o.climb == nil {
		return nil
	}
	course, err := o.climb.whole()
	if err != nil {
		return nil // each expectation says it
	}
	var out []Failure
	for _, r := range course.Refused {
		expected := slices.ContainsFunc(o.test.Expect, func(e Expectation) bool {
			want, ok := e.Want.(refusedWant)
			return ok && want.line == r.Line
		})
		if !expected {
			text := ""
			for _, h := range o.climb.all {
				if h.Line == r.Line {
					text = h.Text
				}
			}
			out = append(out, Failure{File: o.test.File, Line: r.Line, Want: text, Got: fmt.Sprintf("refused: %s", r.Why), Trace: course.shown()})
		}
	}
	return out
}

// OfLadder says whether a test speaks of the response ladder.
func (t *Test) OfLadder() bool {
	return len(t.Happens) > 0 || slices.ContainsFunc(t.Expect, func(e Expectation) bool { return isOfLadder(e.Want) })
}

func isOfLadder(x want) bool {
	switch x.(type) {
	case ladderWant, refusedWant:
		return true
	}
	return false
}
