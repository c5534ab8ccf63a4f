package guarantee

import (
	"context"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/respond/alert/paper"
)

// papersPage is how many alerts are read at a time when a code is looked for.
const papersPage = 200

// PaperCode is the code on the form of an alert for a person. It follows from the record,
// so that it is the same after a restart and in every program over the store.
func (d *Desk) PaperCode(ctx context.Context, row truce.AlertRow, p truce.PersonID) (string, error) {
	r, err := d.Store.Record(ctx, row.Seq)
	if err != nil {
		return "", err
	}
	if len(r.Salt) == 0 {
		return "", truce.Errorf(truce.CodeNotFound, "the record of alert %s was erased", row.ID)
	}
	return paper.Code(r.Salt, row.ID, p), nil
}

// PaperState is how an alert stands that somebody holds on paper.
type PaperState string

// The states of a paper.
const (
	PaperActive    PaperState = "active"
	PaperUpdated   PaperState = "updated"   // a newer alert says more
	PaperCancelled PaperState = "cancelled" // a newer alert takes it back
)

// Paper is a form of ours, as the records have it.
type Paper struct {
	Alert  truce.AlertRow `json:"alert"`
	Person truce.Person   `json:"-"` // whom the form was printed for
	For    truce.PersonID `json:"for"`
	Number string         `json:"case_number"`
	State  PaperState     `json:"state"`
	By     truce.AlertID  `json:"by,omitzero"` // the newest alert that updates or cancels it
}

// errPaper is the one answer to every code that is on no form.
var errPaper = truce.Errorf(truce.CodeNotFound, "no form has this code: the paper is not one of ours, or the code was misread")

// CheckPaper finds the form that a code is on, among those of one alert, or of all where
// the alert is not known.
func (d *Desk) CheckPaper(ctx context.Context, code string, id truce.AlertID) (Paper, error) {
	people, err := d.Store.People(ctx)
	if err != nil {
		return Paper{}, err
	}
	if !id.IsZero() {
		row, err := d.Store.Alert(ctx, id)
		if truce.CodeOf(err) == truce.CodeNotFound {
			return Paper{}, errPaper
		}
		if err != nil {
			return Paper{}, err
		}
		return d.paperAmong(ctx, []truce.AlertRow{row}, people, code)
	}
	q := truce.AlertQuery{Released: d.now(), Brief: true, Limit: papersPage}
	for {
		rows, err := d.Store.Alerts(ctx, q)
		if err != nil {
			return Paper{}, err
		}
		found, err := d.paperAmong(ctx, rows, people, code)
		if err == nil || truce.CodeOf(err) != truce.CodeNotFound || len(rows) < papersPage {
			return found, err
		}
		q.Before = rows[len(rows)-1].Seq
	}
}

func (d *Desk) paperAmong(ctx context.Context, rows []truce.AlertRow, people []truce.PersonRow, code string) (Paper, error) {
	for _, row := range rows {
		r, err := d.Store.Record(ctx, row.Seq)
		if err != nil {
			return Paper{}, err
		}
		for _, p := range people {
			if row.Release <= d.now() && paper.Check(r.Salt, row.ID, p.ID, code) {
				return d.paperOf(ctx, row.ID, p.Person)
			}
		}
	}
	return Paper{}, errPaper
}

// paperOf tells how the alert of a form stands now.
func (d *Desk) paperOf(ctx context.Context, id truce.AlertID, p truce.Person) (Paper, error) {
	row, err := d.Store.Alert(ctx, id)
	if err != nil {
		return Paper{}, err
	}
	c, err := d.Store.Case(ctx, row.Case.String())
	if err != nil {
		return Paper{}, err
	}
	later, err := d.Store.Alerts(ctx, truce.AlertQuery{Case: row.Case, Released: d.now()})
	if err != nil {
		return Paper{}, err
	}
	out := Paper{Alert: row, Person: p, For: p.ID, Number: c.Summary.Number, State: PaperActive}
	out.State, out.By = standsAs(id, later)
	return out, nil
}

// standsAs says what later alerts make of one. Whatever a cancelled update had updated is
// over too.
func standsAs(id truce.AlertID, later []truce.AlertRow) (PaperState, truce.AlertID) {
	state, by := PaperActive, truce.AlertID{}
	for n := range later { // the newest comes first
		a := later[len(later)-1-n]
		for _, earlier := range a.References {
			if earlier != id && (by.IsZero() || earlier != by) {
				continue
			}
			if by = a.ID; a.Kind == truce.AlertCancel {
				return PaperCancelled, by
			}
			state = PaperUpdated
		}
	}
	return state, by
}
