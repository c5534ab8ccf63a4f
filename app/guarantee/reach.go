package guarantee

import (
	"context"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/respond/alert"
	"github.com/trucewatch/truce/respond/ladder"
)

// machineOf is the ladder of a case that can ask who was reached by what it was sent. The
// alerts are read when it first asks, which is seldom; the error of that is given after the
// machine has run, and what it made then is not used.
func (d *Desk) machineOf(ctx context.Context, t *terms, c loaded) (ladder.Machine, func() error) {
	m := t.machine
	var boxes []alert.Box
	var failed error
	read := c.Case.ID.IsZero() // a case that is opened now has sent nothing
	m.Reached = func(of *truce.Case, k truce.CaseClock, party truce.PartyID) truce.Instant {
		if !read {
			boxes, failed = d.boxesOf(ctx, c.Case.ID)
			read = true
		}
		in := d.input(t, *of, boxes)
		return first(alert.HeardAt(in, k, party), t.acted(c, k, party))
	}
	return m, func() error { return failed }
}

func first(a, b truce.Instant) truce.Instant {
	if a == 0 || b != 0 && b < a {
		return b
	}
	return a
}

// acted is when somebody of a party first did something in a case after a clock began: who
// acts there has read it. 0: nobody did.
func (t *terms) acted(c loaded, k truce.CaseClock, party truce.PartyID) truce.Instant {
	for _, row := range c.rows {
		if row.Deed == nil || row.Deed.After < k.Step {
			continue
		}
		for _, p := range t.posts {
			if p.ID == row.Deed.Person && p.Party == party {
				return row.At
			}
		}
	}
	return 0
}

// wakeHeard looks at the open cases in which clocks wait, when something reached somebody of a
// party by these records, or somebody of one answered.
func (d *Desk) wakeHeard(ctx context.Context, records []truce.Record) (Round, error) {
	cases, err := d.heardIn(ctx, records)
	var sum Round
	for _, id := range cases {
		row, err := d.Store.Case(ctx, id.String())
		if err != nil {
			return sum, err
		}
		if row.Summary.Waiting == 0 || row.Summary.State != truce.CaseOpen {
			continue
		}
		r, err := d.lookAt(ctx, id.String())
		sum.Add(r)
		if err != nil {
			return sum, err
		}
	}
	return sum, err
}

// heardIn are the cases of which something reached a party by these records.
func (d *Desk) heardIn(ctx context.Context, records []truce.Record) ([]truce.CaseID, error) {
	var out []truce.CaseID
	seen, alerts := map[truce.CaseID]bool{}, map[truce.AlertID]bool{}
	note := func(id truce.CaseID) {
		if !seen[id] {
			seen[id], out = true, append(out, id)
		}
	}
	for _, r := range records {
		switch r.Kind {
		case truce.RecordAcknowledgement:
			a, err := truce.DecodeBody[truce.Acknowledgement](r)
			if err != nil {
				return nil, err
			}
			if a.Party != "" && a.Kind != truce.AckNone {
				note(a.Case)
			}
		case truce.RecordDelivery:
			one, err := truce.DecodeBody[truce.Delivery](r)
			if err != nil {
				return nil, err
			}
			if one.State != truce.DeliverySent && one.State != truce.DeliveryUnsure || alerts[one.Alert] {
				continue
			}
			alerts[one.Alert] = true
			row, err := d.Store.Alert(ctx, one.Alert)
			if err != nil {
				return nil, err
			}
			for _, to := range row.To {
				if to.Party != "" {
					note(row.Case)
					break
				}
			}
		}
	}
	return out, nil
}
