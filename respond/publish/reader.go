package publish

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/trucewatch/truce"
)

// Reader serves the public store. It cannot write and knows no precise place: there is
// none in what it reads.
type Reader struct{ db *sql.DB }

// NewReader reads from a database that a PublicStore has filled.
func NewReader(db *sql.DB) *Reader { return &Reader{db} }

const dayColumns = `day, number, version, realm, released, sha256, seq, nrows`

// Days lists the newest version of each day's bulletin, newest day first.
func (r *Reader) Days(ctx context.Context) ([]truce.PublicDay, error) {
	return r.days(ctx, `SELECT `+dayColumns+` FROM bulletins b
		WHERE version = (SELECT MAX(version) FROM bulletins v WHERE v.day = b.day) ORDER BY day DESC, number`)
}

// Versions lists every version of a day's bulletin, newest first.
func (r *Reader) Versions(ctx context.Context, day truce.Day) ([]truce.PublicDay, error) {
	return r.days(ctx, `SELECT `+dayColumns+` FROM bulletins WHERE day = $1 ORDER BY version DESC`, string(day))
}

// Version is one version of a bulletin by its number.
func (r *Reader) Version(ctx context.Context, number string) (truce.PublicDay, error) {
	list, err := r.days(ctx, `SELECT `+dayColumns+` FROM bulletins WHERE number = $1`, number)
	if err == nil && len(list) == 0 {
		err = truce.Errorf(truce.CodeNotFound, "no bulletin %s is out", number)
	}
	if err != nil {
		return truce.PublicDay{}, err
	}
	return list[0], nil
}

func (r *Reader) days(ctx context.Context, query string, args ...any) ([]truce.PublicDay, error) {
	rows, err := r.db.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("public days: %w", err)
	}
	defer rows.Close()
	var out []truce.PublicDay
	for rows.Next() {
		var d truce.PublicDay
		var hash string
		if err := rows.Scan(&d.Day, &d.Number, &d.Version, &d.Realm, &d.Released, &hash, &d.Seq, &d.Rows); err != nil {
			return nil, fmt.Errorf("public days: %w", err)
		}
		if err := d.SHA256.UnmarshalText([]byte(hash)); err != nil {
			return nil, fmt.Errorf("public days: bulletin %s: %w", d.Number, err)
		}
		out = append(out, d)
	}
	return out, rows.Err()
}

// Daily is the newest version of a day's bulletin as released. Lang is "" for JSON and CSV.
func (r *Reader) Daily(ctx context.Context, day truce.Day, lang, format string) ([]byte, error) {
	return r.document(ctx, string(day), `SELECT body FROM documents WHERE lang = $2 AND format = $3 AND number =
		(SELECT number FROM bulletins WHERE day = $1 ORDER BY version DESC LIMIT 1)`, lang, format)
}

// Header is the newest version of a day's bulletin without rows, tables and lists.
func (r *Reader) Header(ctx context.Context, day truce.Day) (truce.Bulletin, error) {
	var b truce.Bulletin
	var body []byte
	err := r.db.QueryRowContext(ctx, `SELECT head FROM bulletins WHERE day = $1 ORDER BY version DESC LIMIT 1`, string(day)).Scan(&body)
	if errors.Is(err, sql.ErrNoRows) {
		return b, truce.Errorf(truce.CodeNotFound, "no bulletin of %s is out", day)
	}
	if err == nil {
		err = json.Unmarshal(body, &b)
	}
	if err != nil {
		return b, fmt.Errorf("public bulletin of %s: %w", day, err)
	}
	return b, nil
}

// Bulletin is one version of a bulletin by its number, for permanent links.
func (r *Reader) Bulletin(ctx context.Context, number, lang, format string) ([]byte, error) {
	return r.document(ctx, number, `SELECT body FROM documents WHERE number = $1 AND lang = $2 AND format = $3`, lang, format)
}

func (r *Reader) document(ctx context.Context, key, query, lang, format string) ([]byte, error) {
	if format == FormatJSON || format == FormatCSV {
		lang = ""
	}
	var body []byte
	err := r.db.QueryRowContext(ctx, query, key, lang, format).Scan(&body)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, truce.Errorf(truce.CodeNotFound, "no bulletin of %s in %s %s is out", key, format, lang)
	}
	if err != nil {
		return nil, fmt.Errorf("public bulletin %s: %w", key, err)
	}
	return body, nil
}

// Proof is the record a bulletin's JSON is the body of.
func (r *Reader) Proof(ctx context.Context, number string) (Proof, error) {
	var p Proof
	var prev string
	err := r.db.QueryRowContext(ctx, `SELECT seq, record_header, record_salt, record_prev FROM bulletins WHERE number = $1`, number).
		Scan(&p.Seq, &p.Header, &p.Salt, &prev)
	if errors.Is(err, sql.ErrNoRows) {
		return Proof{}, truce.Errorf(truce.CodeNotFound, "no bulletin %s is out", number)
	}
	if err != nil {
		return Proof{}, fmt.Errorf("public proof %s: %w", number, err)
	}
	return p, p.Prev.UnmarshalText([]byte(prev))
}

// Incidents finds published rows, newest first, at most maxPage at once.
func (r *Reader) Incidents(ctx context.Context, q truce.PublicQuery) (truce.PublicPage, error) {
	where, args := condition(q)
	page := truce.PublicPage{Rows: []truce.PublicIncident{}}
	if err := r.db.QueryRowContext(ctx, `SELECT COUNT(*) FROM incidents`+where, args...).Scan(&page.Total); err != nil {
		return page, fmt.Errorf("public incidents: %w", err)
	}
	limit := q.Limit
	if limit <= 0 || limit > maxPage {
		limit = maxPage
	}
	query := fmt.Sprintf(`SELECT number, day, body FROM incidents%s ORDER BY begins DESC, id LIMIT $%d OFFSET $%d`, where, len(args)+1, len(args)+2)
	rows, err := r.db.QueryContext(ctx, query, append(args, limit, max(0, q.Offset))...)
	if err != nil {
		return page, fmt.Errorf("public incidents: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		i, err := scanIncident(rows)
		if err != nil {
			return page, err
		}
		page.Rows = append(page.Rows, i)
	}
	return page, rows.Err()
}

// condition turns a query into a WHERE clause; values travel as arguments only.
func condition(q truce.PublicQuery) (string, []any) {
	var parts []string
	var args []any
	add := func(clause, value string) {
		if value != "" {
			args = append(args, value)
			parts = append(parts, fmt.Sprintf("%s $%d", clause, len(args)))
		}
	}
	add("day >=", string(q.From))
	add("day <=", string(q.To))
	add("act =", string(q.Act))
	add("area =", string(q.Area))
	add("occurrence =", string(q.Occurrence))
	if len(parts) == 0 {
		return "", nil
	}
	return " WHERE " + strings.Join(parts, " AND "), args
}

// Incident is one published row by its public id.
func (r *Reader) Incident(ctx context.Context, id string) (truce.PublicIncident, error) {
	i, err := scanIncident(r.db.QueryRowContext(ctx, `SELECT number, day, body FROM incidents WHERE id = $1`, id))
	if errors.Is(err, sql.ErrNoRows) {
		return i, truce.Errorf(truce.CodeNotFound, "There is no published row %q. A later version of its bulletin may have left it out.", id)
	}
	return i, err
}

func scanIncident(row interface{ Scan(...any) error }) (truce.PublicIncident, error) {
	var i truce.PublicIncident
	var body []byte
	if err := row.Scan(&i.Bulletin, &i.Day, &body); err != nil {
		return i, fmt.Errorf("public incident: %w", err)
	}
	if err := json.Unmarshal(body, &i.Row); err != nil {
		return i, fmt.Errorf("public incident: %w", err)
	}
	return i, nil
}

// Sources lists what the published bulletins rest on, by id.
func (r *Reader) Sources(ctx context.Context) ([]truce.SourceInfo, error) {
	rows, err := r.db.QueryContext(ctx, `SELECT body FROM sources ORDER BY id`)
	if err != nil {
		return nil, fmt.Errorf("public sources: %w", err)
	}
	defer rows.Close()
	var out []truce.SourceInfo
	for rows.Next() {
		var body []byte
		var s truce.SourceInfo
		if err := rows.Scan(&body); err != nil {
			return nil, fmt.Errorf("public sources: %w", err)
		}
		if err := json.Unmarshal(body, &s); err != nil {
			return nil, fmt.Errorf("public sources: %w", err)
		}
		out = append(out, s)
	}
	return out, rows.Err()
}
