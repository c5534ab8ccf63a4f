package app

import (
	"context"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/app/guarantee"
	"github.com/trucewatch/truce/respond/alert"
)

// roomRecords is what the room reads of the store, for everybody alike: the room cuts it.
type roomRecords interface {
	Realm() truce.Realm
	Head(ctx context.Context) (truce.Seq, truce.Hash, error)
	Agreement(ctx context.Context) (truce.AgreementText, error)
	Person(ctx context.Context, id truce.PersonID) (truce.PersonRow, error)
	Case(ctx context.Context, idOrNumber string) (truce.CaseRow, error)
	Cases(ctx context.Context, q truce.CaseQuery) (truce.CasePage, error)
	CaseCounts(ctx context.Context) ([]truce.CaseCount, error)
	CaseSteps(ctx context.Context, idOrNumber string) ([]truce.CaseStepRow, error)
	Gates(ctx context.Context, q truce.DutyQuery) ([]truce.GateRow, int, error)
	Clocks(ctx context.Context, q truce.DutyQuery) ([]truce.ClockRow, int, error)
	Alert(ctx context.Context, id truce.AlertID) (truce.AlertRow, error)
	Alerts(ctx context.Context, q truce.AlertQuery) ([]truce.AlertRow, error)
	CountAlerts(ctx context.Context, q truce.AlertQuery) (int, error)
	Commitments(ctx context.Context, state truce.StateID) ([]truce.CommitmentRow, error)
	Contributions(ctx context.Context, state truce.StateID) ([]truce.ContributionRow, error)
	Requirements(ctx context.Context) ([]truce.RequirementRow, error)
}

// roomViews is what the room reads folded, for everybody alike too.
type roomViews interface {
	View(ctx context.Context, idOrNumber string) (guarantee.View, error)
	Terms(ctx context.Context) (guarantee.Terms, error)
	TermsAt(ctx context.Context, version string) (guarantee.Terms, error)
	Box(ctx context.Context, a truce.Alert) (alert.Box, error)
	PaperCode(ctx context.Context, row truce.AlertRow, p truce.PersonID) (string, error)
}

// termsOf are the terms a case was opened under: an amendment leaves it on its ladder.
func (r *roomDesk) termsOf(ctx context.Context, row truce.CaseRow) (guarantee.Terms, error) {
	if row.Version == "" {
		return r.views.Terms(ctx)
	}
	return r.views.TermsAt(ctx, row.Version)
}
