package store

import (
	"context"
	"fmt"

	"github.com/trucewatch/truce"
)

// dutyArgs are what the conditions below ask with.
func dutyArgs(q truce.DutyQuery) []any {
	return []any{string(q.Office), q.Whose, string(q.Person)}
}

// waitingGates are the gates of an office that nobody has signed, one of each passage, but
// for passages of which the person has signed another gate, or somebody else a gate of the
// office for the same party or state: nobody signs twice.
func waitingGates(n int) string {
	const same = "o.case_id = g.case_id AND o.tier = g.tier AND o.down = g.down AND o.target = g.target AND o.path = g.path"
	return fmt.Sprintf(` WHERE g.office = $%d AND g.signed = '' AND NOT EXISTS (SELECT 1 FROM case_gates o WHERE %s
		AND (o.signed <> '' AND (o.signed = $%d OR o.office = g.office AND o.signed_for <> '' AND o.signed_for = $%d)
		OR o.signed = '' AND o.office = g.office AND o.gate < g.gate))`, n, same, n+2, n+1)
}

// waitingClocks are the clocks of an office that have not ended: those of nobody in
// particular, and those of the own party or state.
func waitingClocks(n int) string {
	return fmt.Sprintf(" WHERE k.owner = $%d AND k.owner <> '' AND (k.whose = '' OR k.whose = $%d)", n, n+1)
}

// Gates lists the passages that wait for an office, each by the first gate of it that it may
// sign, those of the highest tier first, then those proposed first, and counts them all.
func (s *Store) Gates(ctx context.Context, q truce.DutyQuery) (rows []truce.GateRow, total int, err error) {
	if q.Limit < 0 {
		return nil, 0, truce.Errorf(truce.CodeInvalid, "store: gates: limit %d, want 0 or more", q.Limit)
	}
	from, args := " FROM case_gates g"+waitingGates(1), dutyArgs(q)
	if _, err := s.one(ctx, "SELECT count(*)"+from, args, &total); err != nil {
		return nil, 0, err
	}
	query := "SELECT g.case_id, g.tier, g.down, g.target, g.path, g.gate, g.proposed" + from +
		" ORDER BY g.ranked DESC, g.proposed, g.case_id, g.tier, g.path, g.gate" + limit(q.Limit)
	err = list(ctx, s.readers, query, args, func(scan func(...any) error) error {
		var row truce.GateRow
		var id []byte
		var down int64
		err := scan(&id, (*string)(&row.Tier), &down, (*string)(&row.To), &row.Path, &row.Gate, (*int64)(&row.Proposed))
		copy(row.Case[:], id)
		row.Down = down != 0
		rows = append(rows, row)
		return err
	})
	return rows, total, err
}

// Clocks lists the clocks that wait for an office, those due soonest first, and counts them
// all. One that is paused is among them, at the time it was due when it was paused.
func (s *Store) Clocks(ctx context.Context, q truce.DutyQuery) (rows []truce.ClockRow, total int, err error) {
	if q.Limit < 0 {
		return nil, 0, truce.Errorf(truce.CodeInvalid, "store: clocks: limit %d, want 0 or more", q.Limit)
	}
	from, args := " FROM case_clocks k"+waitingClocks(1), dutyArgs(q)[:2]
	if _, err := s.one(ctx, "SELECT count(*)"+from, args, &total); err != nil {
		return nil, 0, err
	}
	query := "SELECT k.case_id, k.clock, k.whose, k.round, k.due" + from + " ORDER BY k.due, k.case_id, k.clock, k.whose, k.round" + limit(q.Limit)
	err = list(ctx, s.readers, query, args, func(scan func(...any) error) error {
		var row truce.ClockRow
		var id []byte
		err := scan(&id, &row.Clock, &row.For, &row.Round, (*int64)(&row.Due))
		copy(row.Case[:], id)
		rows = append(rows, row)
		return err
	})
	return rows, total, err
}
