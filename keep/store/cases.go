package store

import (
	"context"
	"database/sql"
	"fmt"
	"math"

	"github.com/trucewatch/truce"
)

const caseColumns = "c.id, c.seq, c.steps, c.number, r.recorded, c.summary, COALESCE(v.version, '')"

const caseRecords = " JOIN records r ON r.seq = c.seq" + caseTerms

const caseTerms = " LEFT JOIN case_terms v ON v.case_id = c.id"

// Cases lists cases as their last steps sum them up, the highest tier first, within a tier
// the last active first, and counts how many there are in all. A page begins behind its
// mark; a case that moves up meanwhile is not shown again.
func (s *Store) Cases(ctx context.Context, q truce.CaseQuery) (truce.CasePage, error) {
	if q.Limit < 0 {
		return truce.CasePage{}, truce.Errorf(truce.CodeInvalid, "store: cases: limit %d, want 0 or more", q.Limit)
	}
	c := caseCondition(q)
	var page truce.CasePage
	err := s.snapshot(ctx, func(tx *sql.Tx) error {
		err := list(ctx, tx, "SELECT count(*) FROM cases c"+c.where(), c.args, func(scan func(...any) error) error {
			return scan(&page.Total)
		})
		if err != nil {
			return err
		}
		if m := q.After; m != nil {
			n := len(c.args)
			c.add(fmt.Sprintf("(c.tier, c.active, c.id) < ($%d, $%d, $%d)", n+1, n+2, n+3), int64(m.Rank), int64(m.Active), m.ID[:])
		}
		const order = " ORDER BY c.tier DESC, c.active DESC, c.id DESC"
		end := c.where() + order
		if q.Limit > 0 { // choose first, then look up what belongs to those chosen
			end = " WHERE c.id IN (SELECT c.id FROM cases c" + end + limit(q.Limit) + ")" + order
		}
		page.Rows, err = caseRows(ctx, tx, end, c.args)
		return err
	})
	return page, err
}

// limit is the end of a query that may be bounded; 0 for no bound.
func limit(n int) string {
	if n <= 0 {
		return ""
	}
	return fmt.Sprintf(" LIMIT %d", n)
}

func caseCondition(q truce.CaseQuery) *condition {
	c := &condition{}
	c.addGiven("c.state = $%d", string(q.State))
	if q.MinRank > 0 {
		c.addf("c.tier >= $%d", int64(q.MinRank))
	}
	if q.Path != "" || q.NoPath {
		c.addf("c.path = $%d", q.Path)
	}
	if q.ActiveSince != 0 {
		c.addf("c.active >= $%d", activeSince(q))
	}
	if q.DueBy != 0 {
		c.addf("c.next_due <> 0 AND c.next_due <= $%d", int64(q.DueBy))
	}
	if q.ChangedAfter != 0 {
		c.addf("c.seq > $%d", int64(q.ChangedAfter))
	}
	if q.Waits != nil {
		n := len(c.args) + 1
		c.add("c.id IN (SELECT g.case_id FROM case_gates g"+waitingGates(n)+" UNION SELECT k.case_id FROM case_clocks k"+waitingClocks(n)+")", dutyArgs(*q.Waits)...)
	}
	areaCondition(q, c)
	return c
}

// areaCondition says since when the cases of the areas are asked for, too: the areas' index
// has it.
func areaCondition(q truce.CaseQuery, c *condition) {
	if len(q.Areas) == 0 {
		return
	}
	args := []any{activeSince(q)}
	for _, area := range q.Areas {
		args = append(args, string(area))
	}
	n := len(c.args) + 1
	c.add(fmt.Sprintf("c.id IN (SELECT a.case_id FROM case_areas a WHERE a.active >= $%d AND a.area IN (%s))", n, placeholders(n+1, len(q.Areas))), args...)
}

func activeSince(q truce.CaseQuery) int64 {
	if q.ActiveSince == 0 {
		return math.MinInt64
	}
	return int64(q.ActiveSince)
}

func caseRows(ctx context.Context, q querier, end string, args []any) ([]truce.CaseRow, error) {
	var out []truce.CaseRow
	err := list(ctx, q, "SELECT "+caseColumns+" FROM cases c"+caseRecords+end, args, func(scan func(...any) error) error {
		row, err := scanCase(scan)
		out = append(out, row)
		return err
	})
	return out, err
}

func scanCase(scan func(...any) error) (truce.CaseRow, error) {
	var row truce.CaseRow
	var id []byte
	var number, summary string
	if err := scan(&id, (*int64)(&row.Seq), &row.Steps, &number, (*int64)(&row.Recorded), &summary, &row.Version); err != nil {
		return row, err
	}
	if len(id) != len(row.ID) {
		return row, truce.Errorf(truce.CodeInternal, "a case has an id of %d bytes; check the store with truce verify-store", len(id))
	}
	row.ID = truce.CaseID(id)
	if err := truce.DecodeCanonical(bytesOf(summary), &row.Summary); err != nil {
		return row, truce.Errorf(truce.CodeInternal, "case %s: its summary cannot be read, mend it with truce rebuild: %w", row.ID, err)
	}
	row.Summary.Number = number
	return row, nil
}

// CaseCounts counts the open cases by the version of the agreement they were opened under
// and the rank of their tier, the highest first.
func (s *Store) CaseCounts(ctx context.Context) ([]truce.CaseCount, error) {
	var out []truce.CaseCount
	query := "SELECT COALESCE(v.version, ''), c.tier, count(*) FROM cases c" + caseTerms + " WHERE c.state = $1 GROUP BY v.version, c.tier ORDER BY c.tier DESC, v.version"
	err := list(ctx, s.readers, query, []any{string(truce.CaseOpen)}, func(scan func(...any) error) error {
		var n truce.CaseCount
		err := scan(&n.Version, &n.Rank, &n.Cases)
		out = append(out, n)
		return err
	})
	return out, err
}

// Case finds a case by its id or its number for people.
func (s *Store) Case(ctx context.Context, idOrNumber string) (truce.CaseRow, error) {
	var c condition
	if id, err := truce.ParseID(idOrNumber); err == nil {
		c.addf("c.id = $%d", id[:])
	} else {
		c.addf("c.number = $%d", idOrNumber)
	}
	rows, err := caseRows(ctx, s.readers, c.where(), c.args)
	if err == nil && len(rows) == 0 {
		err = truce.Errorf(truce.CodeNotFound, "there is no case %q", idOrNumber)
	}
	if err != nil {
		return truce.CaseRow{}, err
	}
	return rows[0], nil
}

// CaseSteps lists every step of a case, found by its id or its number for people, oldest
// first. The summaries carry the number.
func (s *Store) CaseSteps(ctx context.Context, idOrNumber string) ([]truce.CaseStepRow, error) {
	row, err := s.Case(ctx, idOrNumber)
	if err != nil {
		return nil, err
	}
	out := make([]truce.CaseStepRow, 0, row.Steps)
	query := "SELECT " + bodyColumns + " FROM records r WHERE r.subject = $1 AND r.subject <> '' AND r.kind = 'case' ORDER BY r.seq"
	err = bodies(ctx, s.readers, query, []any{truce.CaseSubject(row.ID)}, func(r truce.Record, step truce.CaseStep) error {
		step.Summary.Number = row.Summary.Number
		out = append(out, truce.CaseStepRow{Seq: r.Seq, Recorded: r.Time, CaseStep: step})
		return nil
	})
	return out, err
}

// CasesOfIncident lists the cases that an incident belongs to now.
func (s *Store) CasesOfIncident(ctx context.Context, incident truce.ID) ([]truce.CaseRow, error) {
	end := " WHERE c.id IN (SELECT i.case_id FROM case_incidents i WHERE i.incident = $1) ORDER BY c.year, c.place"
	return caseRows(ctx, s.readers, end, []any{incident[:]})
}

// DueWakes lists the wakes that are due at a time, the longest due first, at most limit.
func (s *Store) DueWakes(ctx context.Context, now truce.Instant, limit int) ([]truce.WakeRow, error) {
	if limit <= 0 || limit > maxPage {
		return nil, truce.Errorf(truce.CodeInvalid, "store: due wakes: limit %d, want 1 to %d", limit, maxPage)
	}
	return s.wakes(ctx, " WHERE due <= $1 ORDER BY due, subject, name LIMIT $2", int64(now), int64(limit))
}

// DueWakesOf is DueWakes of the subjects of one sort, "case" or "alert": many that are
// overdue of one sort do not hide those of the other.
func (s *Store) DueWakesOf(ctx context.Context, sort string, now truce.Instant, limit int) ([]truce.WakeRow, error) {
	if limit <= 0 || limit > maxPage {
		return nil, truce.Errorf(truce.CodeInvalid, "store: due wakes: limit %d, want 1 to %d", limit, maxPage)
	}
	return s.wakes(ctx, " WHERE due <= $1 AND subject LIKE $2 ORDER BY due, subject, name LIMIT $3", int64(now), sort+"/%", int64(limit))
}

// WakesOf lists the wakes of a subject, due or not, the earliest first.
func (s *Store) WakesOf(ctx context.Context, subject string) ([]truce.WakeRow, error) {
	return s.wakes(ctx, " WHERE subject = $1 ORDER BY due, name", subject)
}

func (s *Store) wakes(ctx context.Context, end string, args ...any) ([]truce.WakeRow, error) {
	var out []truce.WakeRow
	err := list(ctx, s.readers, "SELECT subject, name, due, seq FROM wakes"+end, args, func(scan func(...any) error) error {
		var w truce.WakeRow
		err := scan(&w.Subject, &w.Name, (*int64)(&w.Due), (*int64)(&w.Seq))
		out = append(out, w)
		return err
	})
	return out, err
}

// NextWake is when the earliest wake is due or was due; 0 when none stands.
func (s *Store) NextWake(ctx context.Context) (truce.Instant, error) {
	var due truce.Instant
	_, err := s.one(ctx, "SELECT due FROM wakes ORDER BY due LIMIT 1", nil, (*int64)(&due))
	return due, err
}

// WakeCount counts the wakes that stand and those that are due at a time.
func (s *Store) WakeCount(ctx context.Context, now truce.Instant) (truce.WakeCount, error) {
	var n truce.WakeCount
	_, err := s.one(ctx, "SELECT count(*), (SELECT count(*) FROM wakes WHERE due <= $1), COALESCE(min(due), 0) FROM wakes",
		[]any{int64(now)}, &n.Total, &n.Due, (*int64)(&n.Next))
	return n, err
}
