package app

import (
	"context"
	"fmt"
	"slices"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/agreement"
	"github.com/trucewatch/truce/assess/claims"
	"github.com/trucewatch/truce/assess/review"
	"github.com/trucewatch/truce/respond/publish"
)

// checked is what a run of the claim-checker did.
type checked struct {
	Totals  int                `json:"totals"`
	Changed int                `json:"new_or_changed"`
	Checks  []truce.ClaimCheck `json:"checks"`
}

// CheckClaims holds every total stated in [from, to) against what was counted, and appends
// the checks that say something new. A zero end is open.
func (a *App) CheckClaims(ctx context.Context, from, to truce.Instant) (checked, error) {
	var out checked
	s, err := a.study(ctx)
	if err != nil {
		return out, err
	}
	cfg, err := a.cfg.reading(s.terms)
	if err != nil {
		return out, err
	}
	down, err := a.takenReports(ctx)
	if err != nil {
		return out, err
	}
	// All are found before some are chosen: which one repeats another must not depend on the
	// time that is asked for.
	for _, one := range s.totals(cfg, down) {
		if one.total.Said < from || to != 0 && one.total.Said >= to {
			continue
		}
		check, err := a.checkTotal(ctx, s, one)
		if err != nil {
			return out, fmt.Errorf("check the total of %d by %s: %w", one.total.Count, one.total.Claimant, err)
		}
		out.Checks = append(out.Checks, check)
	}
	out.Totals = len(out.Checks)
	return out, a.appendChecks(ctx, &out)
}

// takenReports are the reports that carried a text which was taken down: what they state is
// cited no more. Those that came with others are kept, and stay so.
func (a *App) takenReports(ctx context.Context) (map[truce.ID]bool, error) {
	rows, err := a.store.Takedowns(ctx)
	out := map[truce.ID]bool{}
	for _, row := range rows {
		for _, report := range row.Reports {
			out[report] = true
		}
	}
	return out, err
}

// appendChecks appends the checks whose revision is new.
func (a *App) appendChecks(ctx context.Context, out *checked) (err error) {
	out.Changed, err = a.appendEach(ctx, len(out.Checks), func(i int) (truce.Draft, bool, error) {
		c := out.Checks[i]
		rows, err := a.store.ClaimCheck(ctx, c.ID)
		if err != nil && truce.CodeOf(err) != truce.CodeNotFound {
			return truce.Draft{}, false, err
		}
		draft, err := truce.NewDraft(truce.RecordClaimCheck, c.Subject(), revisionKey(c.Subject(), c.Revision), c)
		return draft, len(rows) == 0 || rows[len(rows)-1].Check.Revision < c.Revision, err
	})
	return err
}

// checkTotal holds one total against the counts of its area and period.
func (a *App) checkTotal(ctx context.Context, s *study, one stated) (truce.ClaimCheck, error) {
	in := claims.Input{Total: one.total, NoArea: one.noArea, Known: truce.InstantOf(a.now()), Acts: map[truce.RuleID][]truce.Act{}}
	rows, err := a.store.ClaimCheck(ctx, claims.ID(one.total))
	if err != nil && truce.CodeOf(err) != truce.CodeNotFound {
		return truce.ClaimCheck{}, err
	}
	if len(rows) > 0 {
		in.Earlier = &rows[len(rows)-1].Check
	}
	if p := one.total.Period; p != nil && p.To > p.From && !one.noArea {
		if in.Own, err = a.ownCounts(ctx, s, one.total, in.Acts); err != nil {
			return truce.ClaimCheck{}, err
		}
	}
	return claims.Check(in), nil
}

// ownCounts is what was counted under every rule that counts, in a total's area and period:
// hits as the Daily counts them, by the middle of the incident. Where the total names an act
// that a rule is about, its other acts are left out.
func (a *App) ownCounts(ctx context.Context, s *study, t truce.ClaimTotal, acts map[truce.RuleID][]truce.Act) ([]truce.OwnCount, error) {
	p := *t.Period
	page, err := a.store.Incidents(ctx, truce.IncidentQuery{From: p.From.Add(-longestIncident), To: p.To, OldestFirst: true, Brief: true})
	if err != nil {
		return nil, err
	}
	rows := slices.DeleteFunc(page.Rows, func(row truce.IncidentRow) bool {
		i := &row.Incident
		counts := truce.BulletinRow{Occurrence: i.Occurrence}.Counts()
		return !counts || row.Evaluation == nil || !p.Contains(i.Time.Mid()) || t.Area != "" && i.Area != t.Area || i.Act() == truce.ActHeat
	})
	var out []truce.OwnCount
	for _, rule := range s.terms.RulesAt(p.Mid()) {
		if !rule.Evaluated || uncountedKind(rule) != "" {
			continue
		}
		acts[rule.ID] = rule.Acts
		own := truce.OwnCount{Rule: rule.ID, Unit: rule.Unit, Least: truce.Probability(rule.CoverageMin), NotBound: !bound(s.terms, rule, p)}
		if own.Least == 0 {
			own.Least = publish.DefaultCoverageMin
		}
		own.Coverage = s.seen(rule, t, rows, own.Least)
		for i := range rows {
			if err := a.count(ctx, &own, &rows[i], t, rule); err != nil {
				return nil, err
			}
		}
		out = append(out, own)
	}
	return out, nil
}

// bound says whether a rule was in force in all of a period.
func bound(terms *agreement.Agreement, rule agreement.Rule, p truce.Period) bool {
	from := max(terms.Effective.At, rule.InForce.From.OrEarliest())
	return p.From >= from && p.To <= min(terms.Ends.At.OrLatest(), rule.InForce.To.OrLatest())
}

// count adds one incident to a count, by whom review holds it to be attributed to.
func (a *App) count(ctx context.Context, own *truce.OwnCount, row *truce.IncidentRow, t truce.ClaimTotal, rule agreement.Rule) error {
	i := slices.IndexFunc(row.Evaluation.Findings, func(f truce.Finding) bool { return f.Rule == rule.ID })
	if i < 0 || t.Act != "" && slices.Contains(rule.Acts, t.Act) && row.Incident.Act() != t.Act {
		return nil
	}
	f := &row.Evaluation.Findings[i]
	if f.Verdict == truce.VerdictIndeterminate {
		own.Undecided += max(f.Count, 1)
	}
	if f.Verdict != truce.VerdictHit || f.CountedUnder != "" || f.Count == 0 {
		return nil
	}
	party, err := a.attributedTo(ctx, row.Incident)
	switch {
	case err != nil:
		return err
	case party == "":
		own.Open += f.Count
	case party == t.Accused:
		own.Accused += f.Count
	default:
		own.Others += f.Count
	}
	own.Rows = append(own.Rows, row.Incident.ID)
	return nil
}

// attributedTo is the party to which the attribution that stands ascribes an incident, by the
// balance of probabilities at least: one that two persons signed, of an incident that is
// verified.
func (a *App) attributedTo(ctx context.Context, i truce.Incident) (truce.PartyID, error) {
	rows, err := a.store.Attributions(ctx, i.ID)
	if err != nil {
		return "", err
	}
	list := make([]truce.Attribution, len(rows))
	for n, row := range rows {
		list[n] = row.Attribution
	}
	view, stands := review.Standing(list, i.Occurrence)
	if !stands || !view.Level.AtLeast(truce.AttributionBalance) {
		return "", nil
	}
	return view.Party, nil
}

// seen is the chance with which an act of a rule would have been seen in the total's period,
// in the area of which the least is seen; nil where nobody states any.
func (s *study) seen(rule agreement.Rule, t truce.ClaimTotal, rows []truce.IncidentRow, least truce.Probability) *truce.Probability {
	acts := rule.Acts
	if slices.Contains(acts, t.Act) {
		acts = []truce.Act{t.Act}
	}
	watched := s.board.Over(*t.Period).Opened(openings(rows))
	var worst *truce.Probability
	for _, area := range s.terms.Areas {
		if t.Area != "" && area.ID != t.Area {
			continue
		}
		sight := watched.Sight(area.ID, acts, least)
		if !sight.Stated() {
			return nil
		}
		if share := sight.Share; worst == nil || share < *worst {
			worst = &share
		}
	}
	return worst
}

// ClaimChecks lists the checks as they stand, the newest total first, with their rivals.
func (a *App) ClaimChecks(ctx context.Context) ([]truce.ClaimCheck, error) {
	rows, err := a.store.ClaimChecks(ctx, 0, 0)
	out := make([]truce.ClaimCheck, len(rows))
	for i, row := range rows {
		out[i] = row.Check
	}
	return claims.Rivals(out), err
}

// ClaimCheck is one check as it stands, with its rivals, and all its revisions, the first one
// first.
func (a *App) ClaimCheck(ctx context.Context, id truce.ID) (now truce.ClaimCheck, revisions []truce.ClaimCheck, err error) {
	rows, err := a.store.ClaimCheck(ctx, id)
	if err != nil {
		return now, nil, err
	}
	for _, row := range rows {
		revisions = append(revisions, row.Check)
	}
	all, err := a.ClaimChecks(ctx)
	if err != nil {
		return now, nil, err
	}
	now = revisions[len(revisions)-1]
	if i := slices.IndexFunc(all, func(c truce.ClaimCheck) bool { return c.ID == id }); i >= 0 {
		now = all[i]
	}
	return now, revisions, nil
}
