package store

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"github.com/trucewatch/truce"
)

// condition builds a WHERE clause; column names and operators are ours, values are
// always arguments.
type condition struct {
	parts []string
	args  []any
}

// add takes a part whose placeholders are already numbered.
func (c *condition) add(part string, args ...any) {
	c.parts = append(c.parts, part)
	c.args = append(c.args, args...)
}

// addf numbers the part's one %d for its one argument.
func (c *condition) addf(part string, arg any) {
	c.args = append(c.args, arg)
	c.parts = append(c.parts, fmt.Sprintf(part, len(c.args)))
}

// addGiven is addf for a value that is not empty.
func (c *condition) addGiven(part, value string) {
	if value != "" {
		c.addf(part, value)
	}
}

func (c *condition) where() string {
	if len(c.parts) == 0 {
		return ""
	}
	return " WHERE " + strings.Join(c.parts, " AND ")
}

const incidentColumns = "r.seq, r.schema, r.recorded, r.body, er.schema, er.body"

const incidentRecords = " JOIN records r ON r.seq = i.seq LEFT JOIN records er ON er.seq = i.evaluation"

// Incidents lists the current revision of incidents, each with the evaluation that
// stands for it now, and counts how many there are in all. An incident belongs to
// [From, To) when it begins in it. Those merged into another are left out unless asked
// for. A rule without a verdict means: the rule speaks of it, its verdict is not
// outside_scope. With AsOf it answers as it did at that recorded time, but for what was
// erased since.
func (s *Store) Incidents(ctx context.Context, q truce.IncidentQuery) (truce.IncidentPage, error) {
	if q.Offset < 0 || q.Limit < 0 {
		return truce.IncidentPage{}, truce.Errorf(truce.CodeInvalid, "store: incidents: offset %d, limit %d, want 0 or more", q.Offset, q.Limit)
	}
	c := incidentCondition(q)
	var page truce.IncidentPage
	err := s.snapshot(ctx, func(tx *sql.Tx) (err error) {
		if q.AsOf != 0 {
			page, err = incidentsAsOf(ctx, tx, q)
			return err
		}
		err = list(ctx, tx, "SELECT count(*) FROM incidents i"+c.where(), c.args, func(scan func(...any) error) error {
			return scan(&page.Total)
		})
		if err != nil {
			return err
		}
		page.Rows, err = incidentRows(ctx, tx, incidentList(q, c), c.args, q.Brief)
		return err
	})
	return page, err
}

// incidentList finds the page in the read table first and reads bodies for it alone.
func incidentList(q truce.IncidentQuery, c *condition) string {
	order := " ORDER BY i.t_from DESC, i.id DESC"
	if q.OldestFirst {
		order = " ORDER BY i.t_from, i.id"
	}
	if q.Limit == 0 && q.Offset == 0 {
		return "SELECT " + incidentColumns + " FROM incidents i" + incidentRecords + c.where() + order
	}
	n := int64(q.Limit)
	if n == 0 {
		n = 1 << 62
	}
	page := fmt.Sprintf("SELECT i.id, i.seq, i.t_from, i.evaluation FROM incidents i%s%s LIMIT %d OFFSET %d", c.where(), order, n, q.Offset)
	return "SELECT " + incidentColumns + " FROM (" + page + ") i" + incidentRecords + order
}

func incidentCondition(q truce.IncidentQuery) *condition {
	c := timeRange("i.t_from", q.From, q.To, nil)
	if !q.Replaced {
		c.add("i.replaced = 0")
	}
	if q.Area != "" {
		c.addf("i.area = $%d", string(q.Area))
	}
	if q.Occurrence != "" {
		c.addf("i.occurrence = $%d", string(q.Occurrence))
	}
	if q.Act != "" {
		acts := actsUnder(q.Act)
		c.add("i.act IN ("+placeholders(len(c.args)+1, len(acts))+")", acts...)
	}
	if q.Label != "" {
		c.addf("EXISTS (SELECT 1 FROM incident_labels l WHERE l.incident = i.id AND l.label = $%d)", string(q.Label))
	}
	findingCondition(q, c)
	return c
}

// findingCondition names the verdict that most findings have in the text, so that the
// indexes, which leave it out, can be used.
func findingCondition(q truce.IncidentQuery, c *condition) {
	if q.Rule == "" && q.Verdict == "" {
		return
	}
	part := "i.id IN (SELECT f.incident FROM findings f WHERE "
	if q.Verdict != truce.VerdictOutside {
		part += "f.verdict <> 'outside_scope' AND "
	}
	if q.Rule != "" {
		c.args = append(c.args, string(q.Rule))
		part += fmt.Sprintf("f.rule = $%d AND ", len(c.args))
	}
	if q.Verdict != "" {
		c.args = append(c.args, string(q.Verdict))
		part += fmt.Sprintf("f.verdict = $%d AND ", len(c.args))
	}
	c.add(strings.TrimSuffix(part, " AND ") + ")")
}

// actsUnder is the act and its children, in the order of the handbook.
func actsUnder(act truce.Act) []any {
	var out []any
	for _, group := range truce.ActGroups() {
		for _, a := range group.Acts() {
			if a.Is(act) {
				out = append(out, string(a))
			}
		}
	}
	if len(out) == 0 {
		out = append(out, string(act))
	}
	return out
}

// rawIncident is a row as read, not yet decoded.
type rawIncident struct {
	record, evaluation truce.Record
}

func scanIncident(scan func(...any) error) (rawIncident, error) {
	var raw rawIncident
	var schema sql.NullInt64
	var body, evaluation sql.NullString
	r, e := &raw.record, &raw.evaluation
	err := scan((*int64)(&r.Seq), &r.Schema, (*int64)(&r.Time), &body, &schema, &evaluation)
	if body.Valid {
		r.Body = bytesOf(body.String)
	}
	if evaluation.Valid {
		e.Schema, e.Body = int(schema.Int64), bytesOf(evaluation.String)
	}
	return raw, err
}

// incidentRows reads incidents; a brief one has brief findings.
func incidentRows(ctx context.Context, q querier, query string, args []any, brief bool) ([]truce.IncidentRow, error) {
	return decodedBeside(ctx, q, query, args, scanIncident, func(from []rawIncident, rows []truce.IncidentRow) error {
		evaluation := wholeEvaluation
		if brief {
			evaluation = new(briefEvaluation).read
		}
		for i := range from {
			if err := from[i].decode(&rows[i], evaluation); err != nil {
				return err
			}
		}
		return nil
	})
}

func (raw *rawIncident) decode(row *truce.IncidentRow, evaluation func(truce.Record) (*truce.Evaluation, error)) (err error) {
	row.Seq, row.Recorded = raw.record.Seq, raw.record.Time
	if row.Incident, err = truce.DecodeBody[truce.Incident](raw.record); err != nil || raw.evaluation.Body == nil {
		return err
	}
	row.Evaluation, err = evaluation(raw.evaluation)
	return err
}

func wholeEvaluation(r truce.Record) (*truce.Evaluation, error) {
	e, err := truce.DecodeBody[truce.Evaluation](r)
	return &e, err
}

// Incident finds an incident by its id or its number for people.
func (s *Store) Incident(ctx context.Context, idOrNumber string) (truce.IncidentRow, error) {
	var c condition
	id, err := truce.ParseID(idOrNumber)
	if err == nil {
		c.addf("i.id = $%d", id[:])
	} else {
		c.addf("i.number = $%d", idOrNumber)
	}
	rows, err := incidentRows(ctx, s.readers, "SELECT "+incidentColumns+" FROM incidents i"+incidentRecords+c.where(), c.args, false)
	if err == nil && len(rows) == 0 {
		return truce.IncidentRow{}, truce.Errorf(truce.CodeNotFound, "there is no incident %q", idOrNumber)
	}
	if err != nil {
		return truce.IncidentRow{}, err
	}
	return rows[0], nil
}

// IncidentHistory lists every revision of an incident that was not erased, oldest
// first, each with the last evaluation made of it.
func (s *Store) IncidentHistory(ctx context.Context, id truce.ID) ([]truce.IncidentRow, error) {
	query := "SELECT " + incidentColumns + ` FROM revisions v JOIN records r ON r.seq = v.seq
		LEFT JOIN records er ON er.seq = (SELECT max(e.seq) FROM evaluations e WHERE e.incident = v.id AND e.revision = v.revision)
		WHERE v.kind = 'incident' AND v.id = $1 ORDER BY v.revision`
	return incidentRows(ctx, s.readers, query, []any{id[:]}, false)
}

// EvaluationRow is one evaluation and where it stands in the records.
type EvaluationRow struct {
	Evaluation truce.Evaluation
	Seq        truce.Seq
	Recorded   truce.RecordedTime
}

// Evaluations lists every evaluation of an incident, those replaced included, oldest
// first.
func (s *Store) Evaluations(ctx context.Context, incident truce.ID) ([]EvaluationRow, error) {
	var out []EvaluationRow
	query := "SELECT " + bodyColumns + " FROM evaluations e JOIN records r ON r.seq = e.seq WHERE e.incident = $1 ORDER BY e.seq"
	err := bodies(ctx, s.readers, query, []any{incident[:]}, func(r truce.Record, e truce.Evaluation) error {
		out = append(out, EvaluationRow{Evaluation: e, Seq: r.Seq, Recorded: r.Time})
		return nil
	})
	return out, err
}
