package app

import (
	"cmp"
	"context"
	"slices"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/app/guarantee"
	"github.com/trucewatch/truce/assess/access"
	"github.com/trucewatch/truce/respond/pledge"
	"github.com/trucewatch/truce/web/room"
)

// Brief is the first page of a person.
func (r *roomDesk) Brief(ctx context.Context, p truce.Person, since truce.Seq) (room.Brief, error) {
	head, _, err := r.app.store.Head(ctx)
	if err != nil {
		return room.Brief{}, err
	}
	b := room.Brief{Sees: sees(p), Now: r.Now(), Head: head, Since: since, Changed: []room.Change{}, Alerts: []room.AlertLine{}}
	terms, err := r.desk.Terms(ctx)
	if truce.CodeOf(err) == truce.CodeNotFound {
		return b, nil
	}
	if err != nil {
		return b, err
	}
	w := &briefWriter{roomDesk: r, person: p, terms: terms, views: map[truce.CaseID]guarantee.View{}}
	for _, part := range []func(context.Context, *room.Brief) error{w.alerts, w.cases, w.changes, w.duties, w.stakes} {
		if err := part(ctx, &b); err != nil {
			return b, err
		}
	}
	b.Due = len(b.Alerts) + len(b.Gates) + len(b.Clocks)
	return b, nil
}

// briefWriter writes one first page; a case that several parts of it need is read once.
type briefWriter struct {
	*roomDesk
	person truce.Person
	terms  guarantee.Terms
	views  map[truce.CaseID]guarantee.View
}

func (w *briefWriter) view(ctx context.Context, id truce.CaseID) (guarantee.View, error) {
	if v, had := w.views[id]; had {
		return v, nil
	}
	v, err := w.desk.View(ctx, id.String())
	if err == nil {
		w.views[id] = v
	}
	return v, err
}

// alerts are those that wait for an answer of the person's side.
func (w *briefWriter) alerts(ctx context.Context, b *room.Brief) error {
	if access.May(w.person, access.Acknowledge) != nil {
		return nil
	}
	list, err := w.Alerts(ctx, w.person, room.AlertFilter{Open: true, Limit: briefAlerts})
	b.Alerts = list.Rows
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
	above := 0
	for rank := len(w.terms.Ladder.Tiers); rank >= 0; rank-- {
		n := list.Total
		if rank > 0 {
			page, err := w.app.store.Cases(ctx, truce.CaseQuery{State: truce.CaseOpen, MinRank: rank, Limit: 1})
			if err != nil {
				return err
			}
			n = page.Total
		}
		if n > above {
			t := truce.Tier{}
			if rank > 0 {
				t = w.terms.Ladder.Tiers[rank-1]
			}
			b.Tiers = append(b.Tiers, room.TierCount{Tier: t.ID, Name: t.Names.In(w.person.Language), Cases: n - above})
		}
		above = n
	}
	return nil
}

// changes are the steps since the last look, case by case.
func (w *briefWriter) changes(ctx context.Context, b *room.Brief) error {
	if b.Sees != room.ViewWhole {
		return nil
	}
	page, err := w.app.store.Cases(ctx, truce.CaseQuery{ChangedAfter: b.Since, Limit: briefChange})
	if err != nil {
		return err
	}
	b.Total = page.Total
	for _, row := range page.Rows {
		v, err := w.view(ctx, row.ID)
		if err != nil {
			return err
		}
		c := room.Change{Case: w.caseLine(row, w.terms, w.person.Language)}
		for i := len(v.Steps) - 1; i >= 0 && v.Steps[i].Seq > b.Since; i-- {
			if len(c.Steps) == briefSteps {
				c.More++
				continue
			}
			c.Steps = append(c.Steps, stepLine(v.Steps[i], v.Ladder, w.person.Language))
		}
		slices.Reverse(c.Steps)
		b.Changed = append(b.Changed, c)
	}
	return nil
}

// duties are gates and clocks of the person's office, in the cases that come first.
func (w *briefWriter) duties(ctx context.Context, b *room.Brief) error {
	if b.Sees == room.ViewOwnSide {
		return w.ownDuties(ctx, b)
	}
	if b.Sees != room.ViewWhole {
		return nil
	}
	page, err := w.app.store.Cases(ctx, truce.CaseQuery{State: truce.CaseOpen, Limit: briefAhead})
	if err != nil {
		return err
	}
	for _, row := range w.first(page.Rows) {
		v, err := w.view(ctx, row.ID)
		if err != nil {
			return err
		}
		c := caseWriter{room: w.roomDesk, person: w.person, view: v, terms: w.terms, lang: w.person.Language}
		for _, g := range c.gates() {
			if g.Mine {
				b.Gates = append(b.Gates, g)
			}
		}
		for _, k := range c.clocks(func(k truce.CaseClock) bool { return ownsClock(w.person, k) }) {
			if k.Ticking() {
				b.Clocks = append(b.Clocks, k)
			}
		}
	}
	slices.SortStableFunc(b.Clocks, func(x, y room.ClockLine) int { return cmp.Compare(x.Due, y.Due) })
	return nil
}

// first are the cases to be opened: those where a passage waits, then those due next.
func (w *briefWriter) first(rows []truce.CaseRow) []truce.CaseRow {
	rows = slices.DeleteFunc(slices.Clone(rows), func(row truce.CaseRow) bool { return row.Summary.Proposed == "" && row.Summary.NextDue == 0 })
	slices.SortStableFunc(rows, func(x, y truce.CaseRow) int {
		px, py := x.Summary.Proposed != "", y.Summary.Proposed != ""
		if px != py {
			if px {
				return -1
			}
			return 1
		}
		return cmp.Or(-cmp.Compare(x.Summary.Rank, y.Summary.Rank), cmp.Compare(x.Summary.NextDue.OrLatest(), y.Summary.NextDue.OrLatest()))
	})
	return rows[:min(len(rows), briefLooked)]
}

func (w *briefWriter) ownDuties(ctx context.Context, b *room.Brief) error {
	for _, line := range b.Cases {
		v, err := w.view(ctx, line.ID)
		if err != nil {
			return err
		}
		c := caseWriter{room: w.roomDesk, person: w.person, view: v, terms: w.terms, lang: w.person.Language}
		for _, k := range c.clocks(func(k truce.CaseClock) bool { return ownsClock(w.person, k) }) {
			if k.Ticking() {
				b.Clocks = append(b.Clocks, k)
			}
		}
	}
	return nil
}

// stakes are the promises of the person's own state that are due in the open cases.
func (w *briefWriter) stakes(ctx context.Context, b *room.Brief) error {
	if w.person.State == "" {
		return nil
	}
	list, err := w.desk.Commitments(ctx, w.person)
	if err != nil || len(list) == 0 {
		return err
	}
	for _, line := range b.Cases {
		if line.Tier == "" || len(b.Stakes) >= briefStakes {
			continue
		}
		for _, s := range pledge.At(list, w.person.State, truce.Case{ID: line.ID, Tier: line.Tier}, w.terms.Ladder, w.terms.Parties) {
			if s.Due && len(b.Stakes) < briefStakes {
				b.Stakes = append(b.Stakes, w.stakeLine(s, line.Number, w.person, false))
			}
		}
	}
	return nil
}
