package app

import (
	"context"
	"slices"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/fuse"
	"github.com/trucewatch/truce/assess/grade"
	"github.com/trucewatch/truce/internal/num"
)

// totalDigit is the Admiralty digit of a stated total: how probable it is that so many
// happened, by what the mission counted without the source that states it, and whether anybody
// else could have counted. Like every digit it is for the desk alone.
func (a *App) totalDigit(ctx context.Context, k truce.ClaimCheck) (int, error) {
	if k.Verdict == truce.CheckNotComparable || len(k.Own) == 0 || !k.Own[0].Matches {
		return grade.Digit(grade.Content{}), nil
	}
	seen, families, err := a.countedWithout(ctx, k)
	return grade.Digit(contentOf(k, seen, families)), err
}

// contentOf weighs a total against what others recorded of it. Before anything is counted every
// number is taken for as likely as any other: then the chance that at least n happened, when k
// were recorded, each with the chance c, is that of recording k or fewer of n, a binomial tail
// (the negative binomial seen from its other side). More than a number that is no lower bound
// refute it.
func contentOf(k truce.ClaimCheck, seen, families int) grade.Content {
	t, own := k.Total, k.Own[0]
	content := grade.Content{Families: families, Covered: true}
	switch {
	case seen > t.Count && !t.AtLeast:
		content.Without = 0
	case seen >= t.Count:
		content.Without = 1
	case !own.Observed():
		content.Covered = false
	default:
		content.Without = truce.Probability(num.BetaCDF(1-float64(*own.Coverage), float64(t.Count-seen), float64(seen+1)))
	}
	return content
}

// countedWithout is what was counted under the rule of a check, without what rests on the
// source of its total alone and what is attributed to others than the accused; and how many
// independent families bear out the incident that the fewest do.
func (a *App) countedWithout(ctx context.Context, k truce.ClaimCheck) (seen, families int, err error) {
	t, own := k.Total, k.Own[0]
	if t.Period == nil || len(own.Rows) == 0 {
		return 0, 0, nil
	}
	page, err := a.store.Incidents(ctx, truce.IncidentQuery{From: t.Period.From.Add(-longestIncident), To: t.Period.To, OldestFirst: true, Brief: true})
	if err != nil {
		return 0, 0, err
	}
	counted := map[truce.ID]bool{}
	for _, id := range own.Rows {
		counted[id] = true
	}
	rows := slices.DeleteFunc(page.Rows, func(row truce.IncidentRow) bool {
		return !counted[row.Incident.ID] || row.Evaluation == nil || countUnder(row, own.Rule) == 0 // it counted when it was checked
	})
	var ids []truce.ID
	for _, row := range rows {
		ids = append(ids, row.Incident.Events...)
	}
	if len(ids) == 0 {
		return 0, 0, nil
	}
	events, err := a.store.Events(ctx, truce.EventQuery{IDs: ids})
	if err != nil {
		return 0, 0, err
	}
	rest := fuse.New(without(t.Source, events), fuse.Config{})
	for _, row := range rows {
		g := rest.Describe(row.Incident.Events)
		if g == nil || g.P < likelier {
			continue
		}
		if party, err := a.attributedTo(ctx, row.Incident); err != nil {
			return 0, 0, err
		} else if t.Accused != "" && party != "" && party != t.Accused {
			continue
		}
		witnesses := 0
		for _, f := range g.Families {
			if f.Witness() {
				witnesses++
			}
		}
		if families = min(families, witnesses); seen == 0 {
			families = witnesses
		}
		seen += countUnder(row, own.Rule)
	}
	return seen, families, nil
}

// likelier is the probability from which an incident is held to have happened without the
// source that is left out.
const likelier = 0.5

// countUnder is what an incident counts under a rule.
func countUnder(row truce.IncidentRow, rule truce.RuleID) int {
	for _, f := range row.Evaluation.Findings {
		if f.Rule == rule && f.Verdict == truce.VerdictHit && f.CountedUnder == "" {
			return f.Count
		}
	}
	return 0
}
