package store

import (
	"context"
	"database/sql"

	"github.com/trucewatch/truce"
)

// statement is one change of a read table.
type statement struct {
	query string
	args  []any
}

// foldDuties keeps what waits for people: gates that are not signed, clocks that have not
// ended; and under which terms a case was opened.
func (tx *writeTx) foldDuties(_ truce.Record, step *truce.CaseStep) error {
	for _, s := range append(dutyChanges(step), termsChanges(step)...) {
		if err := tx.exec(s.query, s.args...); err != nil {
			return err
		}
	}
	return nil
}

// dutyChanges are what a step changes of what waits for people.
func dutyChanges(step *truce.CaseStep) []statement {
	return append(gateChanges(step), clockChanges(step)...)
}

// termsChanges are the terms that a step opens a case under.
func termsChanges(step *truce.CaseStep) []statement {
	if step.Open == nil {
		return nil
	}
	return []statement{{`INSERT INTO case_terms (case_id, version) VALUES ($1, $2)
		ON CONFLICT (case_id) DO UPDATE SET version = excluded.version`, []any{step.Case[:], step.Open.Version}}}
}

// gateChanges are what a step changes of the gates that wait.
func gateChanges(step *truce.CaseStep) []statement {
	if step.Kind == truce.StepClosed {
		return []statement{{"DELETE FROM case_gates WHERE case_id = $1", []any{step.Case[:]}}}
	}
	p := step.Passage
	if p == nil {
		return nil
	}
	passage := []any{step.Case[:], string(p.Tier), flag(p.Down), string(p.To), p.Path}
	const which = " WHERE case_id = $1 AND tier = $2 AND down = $3 AND target = $4 AND path = $5"
	switch step.Kind {
	case truce.StepProposed:
		return proposedGates(step, passage)
	case truce.StepSigned:
		by := truce.PersonID("")
		if step.Deed != nil {
			by = step.Deed.Person
		}
		return []statement{{"UPDATE case_gates SET signed = $6, signed_for = $7" + which + " AND gate = $8", append(passage, string(by), p.For, int64(p.Gate))}}
	case truce.StepRefused, truce.StepLapsed, truce.StepEntered, truce.StepLeft:
		return []statement{{"DELETE FROM case_gates" + which, passage}}
	}
	return nil
}

func proposedGates(step *truce.CaseStep, passage []any) []statement {
	var out []statement
	for n, g := range step.Passage.Gates {
		args := append(append([]any{}, passage...), int64(n+1), string(g.Office), int64(step.Passage.Rank), int64(step.At))
		out = append(out, statement{`INSERT INTO case_gates (case_id, tier, down, target, path, gate, office, ranked, proposed, signed, signed_for)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, '', '')
			ON CONFLICT (case_id, tier, down, target, path, gate) DO UPDATE SET office = excluded.office, ranked = excluded.ranked,
			proposed = excluded.proposed, signed = '', signed_for = ''`, args})
	}
	return out
}

// clockChanges are what a step changes of the clocks that have not ended.
func clockChanges(step *truce.CaseStep) []statement {
	k := step.Clock
	if k == nil {
		return nil
	}
	clock := []any{step.Case[:], k.Clock, k.For, int64(k.Round)}
	const which = " WHERE case_id = $1 AND clock = $2 AND whose = $3 AND round = $4"
	switch step.Kind {
	case truce.StepClockStarted:
		return []statement{{`INSERT INTO case_clocks (case_id, clock, whose, round, owner, due) VALUES ($1, $2, $3, $4, $5, $6)
			ON CONFLICT (case_id, clock, whose, round) DO UPDATE SET owner = excluded.owner, due = excluded.due`, append(clock, string(k.Owner), int64(k.Due))}}
	case truce.StepClockMoved, truce.StepClockResumed, truce.StepClockTold:
		return []statement{{"UPDATE case_clocks SET due = $5" + which, append(clock, int64(k.Due))}}
	case truce.StepClockMet, truce.StepClockMissed, truce.StepClockStopped:
		return []statement{{"DELETE FROM case_clocks" + which, clock}}
	}
	return nil
}

// fill folds the steps that are on record already into a new table, of a store that an
// older program wrote. No step is ever erased.
func fill(changes func(*truce.CaseStep) []statement) func(context.Context, *sql.Tx) error {
	return func(ctx context.Context, tx *sql.Tx) error {
		for last := truce.Seq(0); ; {
			steps, at, err := recordedSteps(ctx, tx, last)
			if err != nil || len(steps) == 0 {
				return err
			}
			last = at
			for i := range steps {
				for _, s := range changes(&steps[i]) {
					if _, err := tx.ExecContext(ctx, s.query, s.args...); err != nil {
						return err
					}
				}
			}
		}
	}
}

// recordedSteps are the next steps of cases after a record, as many as a fold holds.
func recordedSteps(ctx context.Context, tx *sql.Tx, after truce.Seq) (steps []truce.CaseStep, last truce.Seq, err error) {
	query := "SELECT " + bodyColumns + " FROM records r WHERE r.kind = 'case' AND r.seq > $1 ORDER BY r.seq LIMIT $2"
	err = bodies(ctx, tx, query, []any{int64(after), int64(foldPage)}, func(r truce.Record, step truce.CaseStep) error {
		steps, last = append(steps, step), r.Seq
		return nil
	})
	return steps, last, err
}
