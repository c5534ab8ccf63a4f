package guarantee

import (
	"context"
	"slices"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/respond/alert"
)

// bring records, for every case, the alerts that were held back from the parties and that
// both can be told by now. It is asked for whenever the people on record have changed.
func (d *Desk) bring(ctx context.Context) (Round, error) {
	rows, err := d.Store.Alerts(ctx, truce.AlertQuery{Kind: truce.AlertHeld})
	if err != nil {
		return Round{}, err
	}
	var cases []truce.CaseID
	for _, row := range rows {
		if !slices.Contains(cases, row.Case) {
			cases = append(cases, row.Case)
		}
	}
	var sum Round
	for _, id := range cases {
		n, err := d.bringOf(ctx, id)
		sum.Alerts += n
		if err != nil {
			return sum, err
		}
	}
	return sum, nil
}

// bringOf is bring for one case. Another replica that was faster has brought the same.
func (d *Desk) bringOf(ctx context.Context, id truce.CaseID) (int, error) {
	for try := 0; ; try++ {
		drafts, err := d.lateDrafts(ctx, id)
		if err != nil || len(drafts) == 0 {
			return 0, err
		}
		_, err = d.append(ctx, drafts...)
		if truce.CodeOf(err) != truce.CodeConflict || try == maxRetries {
			return len(drafts), err
		}
	}
}

func (d *Desk) lateDrafts(ctx context.Context, id truce.CaseID) ([]truce.Draft, error) {
	c, err := d.load(ctx, id.String())
	if err != nil {
		return nil, err
	}
	t, err := d.termsOf(ctx, c.Case)
	if err != nil {
		return nil, err
	}
	earlier, err := d.boxesOf(ctx, id)
	if err != nil {
		return nil, err
	}
	late, err := alert.Late(d.input(t, c.Case, earlier))
	if err != nil {
		return nil, err
	}
	var out []truce.Draft
	for _, a := range late {
		draft, err := entryDraft(alert.AlertEntry(a))
		if err != nil {
			return nil, err
		}
		out = append(out, draft)
	}
	return out, nil
}
