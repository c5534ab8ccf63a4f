package drill

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/agreement"
	"github.com/trucewatch/truce/respond/ladder"
)

// play records the incident and what the rules, or the writer, find.
func (r report) play(ctx context.Context, p *player, e Event) error {
	in := r.incident
	if r.like != "" {
		row, err := p.store().Incident(ctx, p.names[r.like].String())
		if err != nil {
			return err
		}
		history, err := p.store().IncidentHistory(ctx, row.Incident.ID)
		if err != nil {
			return err
		}
		moved := in.Time
		in = history[0].Incident
		in.Time.From, in.Time.To, in.Number = moved.From, moved.To, ""
	}
	in.ID = truce.NewID(in.Time.From, "incident", string(p.drill.Realm()), []byte(r.name))
	in.Revision, in.Supersedes = 1, 0
	if in.Position != nil {
		in.Area = p.geometry.AreaOf(*in.Position)
	}
	p.names[r.name] = in.ID
	if r.found != nil {
		p.found[in.ID] = r.found
	} else if r.like != "" {
		p.found[in.ID] = p.found[p.names[r.like]]
	}
	subject := "incident/" + in.ID.String()
	if err := p.record(ctx, truce.RecordIncident, subject, subject+"/1", in); err != nil {
		return err
	}
	return p.evaluate(ctx)
}

// evaluate holds every incident against the terms and records what changed, as an
// assessment of a real store does.
func (p *player) evaluate(ctx context.Context) error {
	page, err := p.store().Incidents(ctx, truce.IncidentQuery{OldestFirst: true})
	if err != nil {
		return err
	}
	counted := make([]agreement.Counted, len(page.Rows))
	for i, row := range page.Rows {
		counted[i] = agreement.Counted{Incident: row.Incident, Evaluation: p.geometry.Evaluate(agreement.Input{Incident: row.Incident, KnownAt: p.now()})}
	}
	for i, fresh := range p.geometry.CountTogether(counted) {
		if f := p.found[fresh.Incident]; f != nil {
			fresh.Findings = given(fresh.Findings, *f)
		}
		if err := p.evaluation(ctx, fresh, page.Rows[i].Evaluation); err != nil {
			return err
		}
	}
	return nil
}

// given replaces what a rule found by what the writer gives.
func given(list []truce.Finding, f found) []truce.Finding {
	one := truce.Finding{Rule: f.rule, Verdict: truce.VerdictHit, P: 0.95, Unit: truce.UnitEngagement, Count: 1, Severity: f.severity, Trace: []string{"given by the drill"}}
	out := slices.Clone(list)
	for i := range out {
		if out[i].Rule == f.rule {
			one.Unit, one.Clause, one.RuleVersion = out[i].Unit, out[i].Clause, out[i].RuleVersion
			out[i] = one
			return out
		}
	}
	return append(out, one)
}

func (p *player) evaluation(ctx context.Context, fresh truce.Evaluation, old *truce.Evaluation) error {
	subject := "evaluation/" + fresh.Incident.String()
	draft, err := truce.NewDraft(truce.RecordEvaluation, subject, "", fresh)
	if err != nil {
		return err
	}
	if old != nil {
		before, err := truce.Canonical(*old)
		if err != nil || slices.Equal(before, draft.Body) {
			return err
		}
	}
	last, err := p.store().LastOf(ctx, subject)
	if err != nil {
		return err
	}
	draft.Key = fmt.Sprintf("%s/%d", subject, last)
	_, err = p.store().Append(ctx, truce.Batch{Drafts: []truce.Draft{draft}})
	return err
}

func (b blind) play(ctx context.Context, p *player, _ Event) error {
	spell := b.spell
	_, err := p.desk().Tell(ctx, ladder.Fact{Blind: &spell})
	return err
}

func (a advance) play(ctx context.Context, p *player, _ Event) error {
	moved := a.Advance
	_, err := p.desk().Tell(ctx, ladder.Fact{Advance: &moved})
	return err
}

func (f fault) play(_ context.Context, p *player, _ Event) error { return p.exits.fail(f) }

// play ends every program and starts them anew when the outage is over.
func (o outage) play(ctx context.Context, p *player, _ Event) error {
	if err := p.closeAll(); err != nil {
		return err
	}
	if err := p.pace(ctx, o.until); err != nil {
		return err
	}
	return p.open(ctx)
}

func (silence) play(context.Context, *player, Event) error { return nil }

// play does what a person wants, signed with their token.
func (a act) play(ctx context.Context, p *player, _ Event) error {
	switch {
	case a.review.Outcome != "" || a.review.Withdraws:
		return a.reviews(ctx, p)
	case a.view.Level != "":
		view := a.view
		view.Incident = p.names[a.incident]
		_, err := p.desk().Attribute(ctx, p.tokens[a.by], view)
		return err
	case a.kind != "":
		return a.answers(ctx, p)
	}
	c, err := p.caseFor(ctx, a)
	if err != nil {
		return err
	}
	deed := a.deed
	for _, name := range a.moved {
		deed.Moved = append(deed.Moved, p.names[name])
	}
	if a.to != "" {
		row, err := p.store().Case(ctx, a.to)
		if err != nil {
			return err
		}
		deed.To = row.ID
	}
	if deed.Clock != "" {
		deed.For = p.clockOf(c, a)
	}
	if deed.T0 != nil {
		t := *deed.T0
		t.Old = c.T0[t.Basis]
		if t.Evidence != nil {
			t.Evidence = p.evidence(c, a)
		}
		deed.T0 = &t
	}
	_, err = p.desk().Do(ctx, p.tokens[a.by], c.ID.String(), deed)
	return err
}

// evidence names what a zero point is moved on: an incident, or the last complaint.
func (p *player) evidence(c truce.Case, a act) *truce.T0Evidence {
	e := *a.deed.T0.Evidence
	if e.Kind == truce.EvidenceIncident {
		e.Record = p.names[a.incident].String()
	} else if n := len(c.Complaints); n > 0 {
		e.Record = strconv.Itoa(c.Complaints[n-1].Step)
	}
	return &e
}

func (a act) reviews(ctx context.Context, p *player) error {
	row, err := p.store().Incident(ctx, p.names[a.incident].String())
	if err != nil {
		return err
	}
	review := a.review
	review.Incident, review.Revision = row.Incident.ID, row.Incident.Revision
	if _, err := p.desk().Review(ctx, p.tokens[a.by], review); err != nil {
		return err
	}
	return p.evaluate(ctx)
}

// answers acknowledges the newest alert that asks for it, or the newest of the tier.
func (a act) answers(ctx context.Context, p *player) error {
	rows, err := p.store().Alerts(ctx, truce.AlertQuery{Person: a.by, Released: p.now()})
	if err != nil {
		return err
	}
	var chosen *truce.AlertRow
	for i := range rows {
		asks := rows[i].Answer != nil
		if a.tier != "" && rows[i].Tier != a.tier {
			continue
		}
		if chosen == nil || asks && chosen.Answer == nil {
			chosen = &rows[i]
		}
	}
	if chosen == nil {
		return truce.Errorf(truce.CodeNotFound, "%s was told of no alert that could be answered", a.by)
	}
	_, _, err = p.desk().Acknowledge(ctx, p.tokens[a.by], chosen.ID, a.kind, a.position, a.deed.Text)
	return err
}

// caseFor finds the case a deed speaks of: the one that is named, else the one in which it
// can be done, else the one highest on the ladder.
func (p *player) caseFor(ctx context.Context, a act) (truce.Case, error) {
	rows, err := p.candidates(ctx, a)
	if err != nil {
		return truce.Case{}, err
	}
	var first truce.Case
	for _, row := range rows {
		steps, err := p.store().CaseSteps(ctx, row.ID.String())
		if err != nil {
			return truce.Case{}, err
		}
		list := make([]truce.CaseStep, len(steps))
		for i := range steps {
			list[i] = steps[i].CaseStep
		}
		c, err := ladder.Fold(list)
		if err != nil {
			return truce.Case{}, err
		}
		if p.fits(c, a) {
			return c, nil
		}
		if first.ID.IsZero() {
			first = c
		}
	}
	if first.ID.IsZero() {
		return first, truce.Errorf(truce.CodeNotFound, "there is no case yet")
	}
	return first, nil
}

func (p *player) candidates(ctx context.Context, a act) ([]truce.CaseRow, error) {
	if a.number != "" {
		row, err := p.store().Case(ctx, a.number)
		return []truce.CaseRow{row}, err
	}
	if a.incident != "" {
		return p.store().CasesOfIncident(ctx, p.names[a.incident])
	}
	page, err := p.store().Cases(ctx, truce.CaseQuery{})
	return page.Rows, err
}

// fits says whether a deed can be done in a case.
func (p *player) fits(c truce.Case, a act) bool {
	switch a.deed.Kind {
	case truce.DeedSign, truce.DeedRefuse:
		return slices.ContainsFunc(c.Open, func(o truce.OpenPassage) bool { return o.Tier == a.deed.Tier && o.Down == a.deed.Down })
	case truce.DeedMeet, truce.DeedPause, truce.DeedResume:
		return slices.ContainsFunc(c.Clocks, func(k truce.CaseClock) bool { return k.ID == a.deed.Clock })
	case truce.DeedReopen:
		return c.State == truce.CaseClosed
	case truce.DeedMove:
		return slices.ContainsFunc(c.Incidents, func(i truce.CaseIncident) bool { return i.ID == p.names[a.incident] && !i.Gone })
	case truce.DeedRemedy:
		return c.T0[truce.T0Determined] != 0
	case truce.DeedJoin, truce.DeedMinute, truce.DeedPropose, truce.DeedVote, truce.DeedDecide:
		return slices.ContainsFunc(c.Consultations, func(k truce.Consultation) bool { return k.Ended == 0 })
	}
	return c.State == truce.CaseOpen
}

// clockOf is whose clock it is, of those that each has.
func (p *player) clockOf(c truce.Case, a act) string {
	if a.deed.For != "" {
		return a.deed.For
	}
	person, _ := p.drill.post(string(a.by))
	own := string(person.State) + string(person.Party)
	for _, k := range c.Clocks {
		if k.ID == a.deed.Clock && k.For == own {
			return own
		}
	}
	return ""
}
