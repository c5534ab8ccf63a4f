package app

import (
	"cmp"
	"context"
	"slices"

	"github.com/trucewatch/truce"
	webpress "github.com/trucewatch/truce/web/press"
)

// Checks are the stated totals that were checked, newest first.
func (p deskPress) Checks(ctx context.Context, lang string) ([]webpress.Check, error) {
	list, err := p.store().ClaimChecks(ctx)
	slices.SortStableFunc(list, func(a, b truce.ClaimCheck) int { return cmp.Compare(b.Total.Said, a.Total.Said) })
	out := make([]webpress.Check, len(list))
	for i, c := range list {
		out[i] = webpress.Check{ClaimCheck: c, Words: checkWords(c, lang)}
	}
	return out, err
}

// Check is one check with its rivals and what it said before.
func (p deskPress) Check(ctx context.Context, name, lang string) (webpress.Check, error) {
	var id truce.ID
	if err := id.UnmarshalText([]byte(name)); err != nil {
		return webpress.Check{}, noCheck(name)
	}
	now, revisions, err := p.store().ClaimCheck(ctx, id)
	if err != nil {
		return webpress.Check{}, err
	}
	out := webpress.Check{ClaimCheck: now, Words: checkWords(now, lang)}
	slices.Reverse(revisions)
	out.Revisions = revisions[min(1, len(revisions)):]
	all, err := p.store().ClaimChecks(ctx)
	for _, c := range all {
		if slices.Contains(now.Rivals, c.ID) {
			out.Beside = append(out.Beside, c)
		}
	}
	return out, err
}
