package guarantee

import (
	"context"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/respond/alert"
)

// bring records, for every case, the alerts that were held back from the parties and that
// both can be told by now, and those that stand for guarantors who take part only now. It is
// asked for whenever the people on record have changed.
func (d *Desk) bring(ctx context.Context, changed []truce.Record) (Round, error) {
	rows, err := d.Store.Alerts(ctx, truce.AlertQuery{Kind: truce.AlertHeld})
	if err != nil {
		return Round{}, err
	}
	var cases []truce.CaseID
	seen := map[truce.CaseID]bool{}
	for _, row := range rows {
		if !seen[row.Case] {
			seen[row.Case], cases = true, append(cases, row.Case)
		}
	}
	sum, err := d.wakeWaiting(ctx, changed)
	if err != nil {
		return sum, err
	}
	open, err := d.joinable(ctx, changed)
	if err != nil {
		return sum, err
	}
	for _, id := range open {
		if !seen[id] {
			seen[id], cases = true, append(cases, id)
		}
	}
	for _, id := range cases {
		n, err := d.bringOf(ctx, id)
		sum.Alerts += n
		if err != nil {
			return sum, err
		}
	}
	return sum, nil
}

// wakeWaiting looks at the open cases in which clocks wait for both parties to be told, when
// somebody of a party came to stand by these records. What was held back comes with the steps.
func (d *Desk) wakeWaiting(ctx context.Context, changed []truce.Record) (Round, error) {
	came, err := cameToStand(changed, truce.RoleParty)
	if err != nil || !came {
		return Round{}, err
	}
	page, err := d.Store.Cases(ctx, truce.CaseQuery{State: truce.CaseOpen})
	if err != nil {
		return Round{}, err
	}
	var sum Round
	for _, row := range page.Rows {
		if row.Summary.Waiting == 0 {
			continue
		}
		r, err := d.lookAt(ctx, row.ID.String())
		sum.Add(r)
		if err != nil {
			return sum, err
		}
	}
	return sum, nil
}

// cameToStand says whether the records have somebody of a role whose enrolment stands.
func cameToStand(records []truce.Record, role truce.Role) (bool, error) {
	for _, r := range records {
		if r.Kind != truce.RecordPerson {
			continue
		}
		p, err := truce.DecodeBody[truce.Person](r)
		if err != nil || p.Role == role && p.Stands() {
			return err == nil, err
		}
	}
	return false, nil
}

// joinable are the open cases, when somebody of a guarantor's came to stand by these records.
func (d *Desk) joinable(ctx context.Context, changed []truce.Record) ([]truce.CaseID, error) {
	came, err := cameToStand(changed, truce.RoleGuarantor)
	if err != nil || !came {
		return nil, err
	}
	page, err := d.Store.Cases(ctx, truce.CaseQuery{State: truce.CaseOpen})
	out := make([]truce.CaseID, len(page.Rows))
	for i, row := range page.Rows {
		out[i] = row.ID
	}
	return out, err
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
	in := d.input(t, c.Case, earlier)
	late, err := alert.Late(in)
	if err != nil {
		return nil, err
	}
	if c.Case.State == truce.CaseOpen {
		joined, err := alert.Joined(in)
		if err != nil {
			return nil, err
		}
		late = append(late, joined...)
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
