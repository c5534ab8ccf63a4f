package guarantee

import (
	"context"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/respond/alert"
)

// View is a case with everything of it that can be shown.
type View struct {
	Number string              `json:"number"`
	Case   truce.Case          `json:"case"`
	Steps  []truce.CaseStepRow `json:"steps"`
	Ladder truce.Ladder        `json:"ladder"`
	Terms  Terms               `json:"-"` // that the case was opened under, the ladder among them
}

// View reads a case by id or number, with the ladder under which it was opened.
func (d *Desk) View(ctx context.Context, idOrNumber string) (View, error) {
	c, err := d.load(ctx, idOrNumber)
	if err != nil {
		return View{}, err
	}
	t, err := d.termsOf(ctx, c.Case)
	if err != nil {
		return View{}, err
	}
	return View{Number: c.Case.Summary.Number, Case: c.Case, Steps: c.rows, Ladder: t.machine.Terms, Terms: t.shown()}, nil
}

// Ladder is the ladder that stands.
func (d *Desk) Ladder(ctx context.Context) (truce.Ladder, error) {
	t, err := d.terms(ctx)
	if err != nil {
		return truce.Ladder{}, err
	}
	return t.machine.Terms, nil
}

// PlannedLadder is Ladder, or that of the agreement which is to stand where none is on
// record yet.
func (d *Desk) PlannedLadder(ctx context.Context) (truce.Ladder, error) {
	entries, err := d.Store.Agreements(ctx)
	if err != nil {
		return truce.Ladder{}, err
	}
	if len(entries) > 0 || d.Planned == nil {
		return d.Ladder(ctx)
	}
	a, err := d.Planned()
	switch {
	case err != nil:
		return truce.Ladder{}, err
	case a.Ladder == nil:
		return truce.Ladder{}, errNoLadder
	}
	return *a.Ladder, nil
}

// AlertView is an alert with how it stands with its recipients.
type AlertView struct {
	Alert    truce.Alert    `json:"alert"`
	Statuses []alert.Status `json:"recipients"`
	Answers  []alert.Answer `json:"answers"`
	Reached  int            `json:"reached"`
	Answered int            `json:"answered"`
	// Waits is how long the oldest recipient who should have been reached has been waiting.
	Waits  truce.Micros `json:"waits_us"`
	Silent int          `json:"silent"` // groups of which it is on record that none answered in time
}

// Alerts are the alerts of a case, or all of them, the newest first.
func (d *Desk) Alerts(ctx context.Context, idOrNumber string) ([]AlertView, error) {
	var q truce.AlertQuery
	if idOrNumber != "" {
		row, err := d.Store.Case(ctx, idOrNumber)
		if err != nil {
			return nil, err
		}
		q.Case = row.ID
	}
	rows, err := d.Store.Alerts(ctx, q)
	if err != nil {
		return nil, err
	}
	out := make([]AlertView, 0, len(rows))
	for _, row := range rows {
		box, err := d.box(ctx, row.Alert)
		if err != nil {
			return nil, err
		}
		out = append(out, viewOf(box, d.now()))
	}
	return out, nil
}

func viewOf(b alert.Box, now truce.Instant) AlertView {
	v := AlertView{Alert: b.Alert, Statuses: alert.Statuses(b, now), Answers: alert.Answers(b), Waits: truce.MicrosOf(alert.Age(b, now))}
	for _, s := range v.Statuses {
		if s.Progress == alert.Reached {
			v.Reached++
		}
	}
	for _, a := range v.Answers {
		switch {
		case a.Given != nil:
			v.Answered++
		case a.None != nil:
			v.Silent++
		}
	}
	return v
}
