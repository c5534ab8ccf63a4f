package store

import (
	"bytes"
	"cmp"
	"context"
	"database/sql"
	"slices"

	"github.com/trucewatch/truce"
)

// asOf is the last record at a recorded time and the agreement that was in force there.
type asOf struct {
	head    truce.Seq
	version string // "" before the first agreement
}

func stoodAt(ctx context.Context, tx *sql.Tx, at truce.RecordedTime) (asOf, error) {
	var out asOf
	err := list(ctx, tx, "SELECT seq FROM records WHERE recorded <= $1 ORDER BY seq DESC LIMIT 1", []any{int64(at)},
		func(scan func(...any) error) error { return scan((*int64)(&out.head)) })
	if err != nil {
		return out, err
	}
	err = list(ctx, tx, "SELECT version FROM agreements WHERE seq <= $1 ORDER BY seq DESC LIMIT 1", []any{int64(out.head)},
		func(scan func(...any) error) error { return scan(&out.version) })
	return out, err
}

// incidentsAsOf lists incidents as the records stood: of each the revision that was
// current, with the evaluation that stood for it. The read tables hold only what is
// current, so all are read and then chosen from by the same rules.
func incidentsAsOf(ctx context.Context, tx *sql.Tx, q truce.IncidentQuery) (truce.IncidentPage, error) {
	var page truce.IncidentPage
	at, err := stoodAt(ctx, tx, q.AsOf)
	if err != nil {
		return page, err
	}
	query := "SELECT " + incidentColumns + ` FROM revisions i
		JOIN (SELECT max(seq) AS seq FROM revisions WHERE kind = 'incident' AND seq <= $1 GROUP BY id) last ON last.seq = i.seq
		JOIN records r ON r.seq = i.seq
		LEFT JOIN records er ON er.seq = (SELECT e.seq FROM evaluations e
			WHERE e.incident = i.id AND e.revision = i.revision AND e.seq <= $2
			ORDER BY CASE WHEN e.version = $3 THEN 0 ELSE 1 END, e.seq DESC LIMIT 1)`
	rows, err := incidentRows(ctx, tx, query, []any{int64(at.head), int64(at.head), at.version}, q.Brief)
	if err != nil {
		return page, err
	}
	rows = slices.DeleteFunc(rows, func(row truce.IncidentRow) bool { return !asked(q, row) })
	slices.SortFunc(rows, func(a, b truce.IncidentRow) int {
		order := cmp.Or(cmp.Compare(a.Incident.Time.From, b.Incident.Time.From), bytes.Compare(a.Incident.ID[:], b.Incident.ID[:]))
		if q.OldestFirst {
			return order
		}
		return -order
	})
	page.Total = len(rows)
	rows = rows[min(q.Offset, len(rows)):]
	if q.Limit > 0 {
		rows = rows[:min(q.Limit, len(rows))]
	}
	page.Rows = rows
	return page, nil
}

// asked says whether a query asks for an incident, as incidentCondition does.
func asked(q truce.IncidentQuery, row truce.IncidentRow) bool {
	in := &row.Incident
	switch {
	case q.From != 0 && in.Time.From < q.From, q.To != 0 && in.Time.From >= q.To,
		!q.Replaced && !in.ReplacedBy.IsZero(),
		q.Area != "" && in.Area != q.Area,
		q.Occurrence != "" && in.Occurrence != q.Occurrence,
		q.Act != "" && !in.Act().Is(q.Act),
		q.Label != "" && !slices.Contains(in.Labels, q.Label):
		return false
	}
	if q.Rule == "" && q.Verdict == "" {
		return true
	}
	return row.Evaluation != nil && slices.ContainsFunc(row.Evaluation.Findings, func(f truce.Finding) bool {
		wanted := f.Verdict == q.Verdict || q.Verdict == "" && f.Verdict != truce.VerdictOutside
		return wanted && (q.Rule == "" || f.Rule == q.Rule)
	})
}
