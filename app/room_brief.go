package app

import (
	"context"
	"slices"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/app/guarantee"
	"github.com/trucewatch/truce/assess/access"
	"github.com/trucewatch/truce/web/room"
)

// Brief is the first page of a person.
func (r *roomDesk) Brief(ctx context.Context, p truce.Person, since truce.Seq) (room.Brief, error) {
	b := room.Brief{Sees: sees(p), Now: r.Now(), Changed: []room.Change{}, Alerts: []room.AlertLine{}}
	if err := admitted(p); err != nil {
		return b, err
	}
	if b.Sees == room.ViewWhole { // how much is on record is told inside only
		head, _, err := r.records.Head(ctx)
		if err != nil {
			return b, err
		}
		b.Head, b.Since = head, since
	}
	if _, err := r.views.Terms(ctx); truce.CodeOf(err) == truce.CodeNotFound {
		return b, nil
	} else if err != nil {
		return b, err
	}
	w := &briefWriter{roomDesk: r, person: p, views: map[truce.CaseID]guarantee.View{}}
	for _, part := range []func(context.Context, *room.Brief) error{w.alerts, w.cases, w.changes, w.gates, w.clocks, w.stakes} {
		if err := part(ctx, &b); err != nil {
			return b, err
		}
	}
	b.Due = b.AlertsTotal + b.GatesTotal + b.ClocksTotal
	return b, nil
}

// briefWriter writes one first page; a case that several parts of it need is read once.
type briefWriter struct {
	*roomDesk
	person truce.Person
	views  map[truce.CaseID]guarantee.View
}

func (w *briefWriter) open(ctx context.Context, id truce.CaseID) (caseWriter, error) {
	if v, had := w.views[id]; had {
		return newCaseWriter(w.person, v), nil
	}
	v, err := w.roomDesk.views.View(ctx, id.String())
	if err == nil {
		w.views[id] = v
	}
	return newCaseWriter(w.person, v), err
}

// alerts are those that wait for an answer of the person's side.
func (w *briefWriter) alerts(ctx context.Context, b *room.Brief) error {
	p := w.person
	if access.May(p, access.Acknowledge) != nil {
		return nil
	}
	list, err := w.Alerts(ctx, p, room.AlertFilter{Open: true, Limit: briefAlerts})
	if err != nil {
		return err
	}
	b.Alerts = list.Rows
	b.AlertsTotal, err = w.records.CountAlerts(ctx, truce.AlertQuery{Role: p.Role, State: p.State, Party: p.Party, Released: w.Now(), Unanswered: true})
	return err
}

// cases are the open ones, and how many there are in each tier.
func (w *briefWriter) cases(ctx context.Context, b *room.Brief) error {
	list, err := w.Cases(ctx, w.person, room.CaseFilter{Limit: briefCases})
	if err != nil {
		return err
	}
	b.Cases, b.Open = list.Rows, list.Total
	if b.Sees != room.ViewWhole {
		return nil
	}
	counts, err := w.records.CaseCounts(ctx)
	for _, n := range counts {
		terms, err := w.termsOf(ctx, truce.CaseRow{Version: n.Version})
		if err != nil {
			return err
		}
		t := truce.Tier{}
		if n.Rank >= 1 && n.Rank <= len(terms.Ladder.Tiers) {
			t = terms.Ladder.Tiers[n.Rank-1]
		}
		name := t.Names.In(w.person.Language)
		at := slices.IndexFunc(b.Tiers, func(c room.TierCount) bool { return c.Tier == t.ID && c.Name == name })
		if at < 0 {
			at, b.Tiers = len(b.Tiers), append(b.Tiers, room.TierCount{Tier: t.ID, Name: name})
		}
		b.Tiers[at].Cases += n.Cases
	}
	return err
}

// changes are the steps since the last look, case by case.
func (w *briefWriter) changes(ctx context.Context, b *room.Brief) error {
	if b.Sees != room.ViewWhole {
		return nil
	}
	q := truce.CaseQuery{ChangedAfter: b.Since, Limit: briefChange}
	if b.Since == 0 { // to who never looked everything is new: the open ones
		q.State = truce.CaseOpen
	}
	page, err := w.records.Cases(ctx, q)
	if err != nil {
		return err
	}
	b.Total = page.Total
	for _, row := range page.Rows {
		k, err := w.open(ctx, row.ID)
		if err != nil {
			return err
		}
		b.Changed = append(b.Changed, k.change(row, b.Since))
	}
	return nil
}

// change is what changed in the case since a record.
func (w caseWriter) change(row truce.CaseRow, since truce.Seq) room.Change {
	c := room.Change{Case: caseLine(row, w.terms, w.lang)}
	for i := len(w.view.Steps) - 1; i >= 0 && w.view.Steps[i].Seq > since; i-- {
		if len(c.Steps) == briefSteps {
			c.More++
			continue
		}
		c.Steps = append(c.Steps, stepLine(w.view.Steps[i], w.terms.Ladder, w.lang))
	}
	slices.Reverse(c.Steps)
	return c
}

// gates are the passages that wait for the person's office, those of the highest tier first.
func (w *briefWriter) gates(ctx context.Context, b *room.Brief) error {
	if b.Sees != room.ViewWhole || access.May(w.person, access.Verb(truce.DeedSign)) != nil {
		return nil
	}
	rows, total, err := w.records.Gates(ctx, *dutiesOf(w.person, briefDuties))
	if err != nil {
		return err
	}
	b.GatesTotal = total
	for _, row := range rows {
		k, err := w.open(ctx, row.Case)
		if err != nil {
			return err
		}
		for _, g := range k.gates() {
			if g.Mine && g.Tier == row.Tier && g.Down == row.Down && g.To == row.To && g.At == row.Proposed {
				b.Gates = append(b.Gates, g)
			}
		}
	}
	return nil
}

// clocks are those the person's office must meet, those due soonest first. A party is shown
// those of cases of which it was told.
func (w *briefWriter) clocks(ctx context.Context, b *room.Brief) error {
	if b.Sees != room.ViewWhole && b.Sees != room.ViewOwnSide {
		return nil
	}
	limit := briefDuties
	if b.Sees == room.ViewOwnSide {
		limit = ownAlerts
	}
	rows, total, err := w.records.Clocks(ctx, *dutiesOf(w.person, limit))
	if err != nil {
		return err
	}
	b.ClocksTotal = total
	for _, row := range rows {
		if b.Sees == room.ViewOwnSide {
			if told, err := w.wasTold(ctx, w.person, row.Case); err != nil {
				return err
			} else if !told {
				b.ClocksTotal--
				continue
			}
		}
		if len(b.Clocks) == briefDuties {
			continue
		}
		k, err := w.open(ctx, row.Case)
		if err != nil {
			return err
		}
		b.Clocks = append(b.Clocks, k.clocks(func(c truce.CaseClock) bool {
			return c.ID == row.Clock && c.For == row.For && c.Round == row.Round
		})...)
	}
	return nil
}

// stakes are the promises of the person's own state that are due in the open cases.
func (w *briefWriter) stakes(ctx context.Context, b *room.Brief) error {
	if w.person.State == "" {
		return nil
	}
	all, err := w.commitments(ctx)
	if err != nil {
		return err
	}
	list := guarantee.SeenCommitments(w.person, all)
	if len(list) == 0 {
		return nil
	}
	for _, line := range b.Cases {
		if line.Tier == "" || len(b.Stakes) >= briefStakes {
			continue
		}
		row, err := w.records.Case(ctx, line.Number)
		if err != nil {
			return err
		}
		k, err := w.open(ctx, row.ID)
		if err != nil {
			return err
		}
		for _, s := range k.stakes(list, w.person.State) {
			if s.Due && len(b.Stakes) < briefStakes {
				b.Stakes = append(b.Stakes, stakeLine(s, line.Number, w.person, false, b.Now))
			}
		}
	}
	return nil
}
