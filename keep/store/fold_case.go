package store

import (
	"fmt"

	"github.com/trucewatch/truce"
)

// foldCaseStep makes a step the last of its case. Steps are numbered from 1 without a gap,
// so that of two writers of the same step one is told to read again. No step is ever
// erased: without one the clocks of the case would be others.
func (tx *writeTx) foldCaseStep(r truce.Record, step *truce.CaseStep) error {
	if step.Case.IsZero() || r.Subject != truce.CaseSubject(step.Case) {
		return truce.Errorf(truce.CodeInvalid, "case step: the record's subject is %q, want %q", r.Subject, truce.CaseSubject(step.Case))
	}
	if step.Summary.State == "" {
		return truce.Errorf(truce.CodeInvalid, "case step: the summary names no state")
	}
	known, number, err := tx.knownCase(step)
	if err != nil {
		return err
	}
	if step.Number != known+1 {
		return truce.Errorf(truce.CodeConflict, "case %s has %d steps, cannot append step %d: read it again", step.Case, known, step.Number)
	}
	if said := step.Summary.Number; said != "" && said != number {
		return truce.Errorf(truce.CodeInvalid, "case %s: the summary says number %q; leave it empty, it is given at append", step.Case, said)
	}
	if known == 0 {
		err = tx.openCase(step)
	}
	for _, fold := range []func(truce.Record, *truce.CaseStep) error{tx.sumUpCase, tx.foldCaseAreas, tx.foldCaseIncidents, tx.foldDuties} {
		if err == nil {
			err = fold(r, step)
		}
	}
	if err != nil {
		return err
	}
	return tx.foldWakes(r, step.Wakes)
}

func (tx *writeTx) knownCase(step *truce.CaseStep) (steps int, number string, err error) {
	_, err = tx.row("SELECT steps, number FROM cases WHERE id = $1", []any{step.Case[:]}, &steps, &number)
	return steps, number, err
}

// openCase gives a case its number for people, e.g. C-2026-19: the UTC year in which it
// was opened and the next place in that year. Since no step is erased, a rebuild gives
// the same.
func (tx *writeTx) openCase(step *truce.CaseStep) error {
	year, last := step.At.Time().Year(), 0
	if _, err := tx.row("SELECT place FROM cases WHERE year = $1 ORDER BY place DESC LIMIT 1", []any{int64(year)}, &last); err != nil {
		return err
	}
	number := fmt.Sprintf("C-%04d-%d", year, last+1)
	return tx.exec(`INSERT INTO cases (id, seq, steps, year, place, number, state, tier, path, active, next_due, summary)
		VALUES ($1, 0, 0, $2, $3, $4, '', 0, '', 0, 0, '')`, step.Case[:], int64(year), int64(last+1), number)
}

func (tx *writeTx) sumUpCase(r truce.Record, step *truce.CaseStep) error {
	sum := step.Summary
	sum.Number = "" // it has a column of its own
	text, err := truce.Canonical(sum)
	if err != nil {
		return err
	}
	return tx.exec(`UPDATE cases SET seq = $1, steps = $2, state = $3, tier = $4, path = $5, active = $6, next_due = $7, summary = $8 WHERE id = $9`,
		int64(r.Seq), int64(step.Number), string(sum.State), int64(sum.Rank), sum.Path, int64(sum.Active()), int64(sum.NextDue), string(text), step.Case[:])
}

func (tx *writeTx) foldCaseAreas(_ truce.Record, step *truce.CaseStep) error {
	if err := tx.exec("DELETE FROM case_areas WHERE case_id = $1", step.Case[:]); err != nil {
		return err
	}
	var rows [][]any
	for _, area := range step.Summary.Areas {
		rows = append(rows, []any{step.Case[:], string(area), int64(step.Summary.Active())})
	}
	return tx.insert("case_areas (case_id, area, active)", rows, " ON CONFLICT (case_id, area) DO NOTHING")
}

func (tx *writeTx) foldCaseIncidents(_ truce.Record, step *truce.CaseStep) error {
	for _, i := range step.Incidents {
		query := "INSERT INTO case_incidents (case_id, incident) VALUES ($1, $2) ON CONFLICT (case_id, incident) DO NOTHING"
		if i.Gone {
			query = "DELETE FROM case_incidents WHERE case_id = $1 AND incident = $2"
		}
		if err := tx.exec(query, step.Case[:], i.ID[:]); err != nil {
			return err
		}
	}
	return nil
}
