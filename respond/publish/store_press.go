package publish

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/trucewatch/truce"
)

// Press is what is released of open reporting: nothing of a text but headlines and single
// sentences.
type Press struct {
	Stories  []truce.PublicStory
	Promises []truce.PublicPromise
}

// problem says what may not leave; "" when all may.
func (p Press) problem() string {
	for _, s := range p.Stories {
		for _, a := range s.Articles {
			if utf8.RuneCountInString(a.Headline) > truce.MaxPublicQuote {
				return fmt.Sprintf("story %s: a headline is longer than %d characters: %.80q", s.ID, truce.MaxPublicQuote, a.Headline)
			}
			if utf8.RuneCountInString(a.Quote) > truce.MaxPublicQuote {
				return fmt.Sprintf("story %s: it quotes more than %d characters of %.80q", s.ID, truce.MaxPublicQuote, a.Headline)
			}
		}
	}
	for _, row := range p.Promises {
		for _, s := range row.Steps {
			if utf8.RuneCountInString(s.Quote) > truce.MaxPublicQuote || utf8.RuneCountInString(s.Condition) > truce.MaxPublicQuote {
				return fmt.Sprintf("promise of %s on %s: it quotes more than %d characters", row.Actor, row.Subject, truce.MaxPublicQuote)
			}
		}
	}
	return ""
}

// PutPress replaces what is out of open reporting, all of it or nothing: what was taken
// down or merged since is gone with it.
func (s *PublicStore) PutPress(ctx context.Context, p Press) error {
	if problem := p.problem(); problem != "" {
		return truce.Errorf(truce.CodeForbidden, "public store: %s", problem)
	}
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("public store: %w", err)
	}
	defer tx.Rollback() // after a commit this does nothing
	for _, table := range []string{"press_stories", "press_told", "press_promises"} {
		if _, err := tx.ExecContext(ctx, "DELETE FROM "+table); err != nil {
			return fmt.Errorf("public store: %w", err)
		}
	}
	for _, story := range p.Stories {
		if err := putStory(ctx, tx, story); err != nil {
			return fmt.Errorf("public store: story %s: %w", story.ID, err)
		}
	}
	for i, row := range p.Promises {
		body, err := json.Marshal(row)
		if err == nil {
			_, err = tx.ExecContext(ctx, `INSERT INTO press_promises (place, body) VALUES ($1, $2)`, i, body)
		}
		if err != nil {
			return fmt.Errorf("public store: %w", err)
		}
	}
	return tx.Commit()
}

func putStory(ctx context.Context, tx *sql.Tx, story truce.PublicStory) error {
	body, err := json.Marshal(story)
	if err != nil {
		return err
	}
	words := []string{story.Title}
	for _, a := range story.Articles {
		words = append(words, a.Headline, a.Publisher)
	}
	words = append(append(words, story.Tags...), story.Places...)
	if _, err := tx.ExecContext(ctx, `INSERT INTO press_stories (id, told, words, body) VALUES ($1, $2, $3, $4)`,
		story.ID.String(), int64(story.Last), strings.ToLower(strings.Join(words, "\n")), body); err != nil {
		return err
	}
	for _, a := range story.Articles {
		if _, err := tx.ExecContext(ctx, `INSERT INTO press_told (story, day, language, publisher, articles) VALUES ($1, $2, $3, $4, 1)
			ON CONFLICT (story, day, language, publisher) DO UPDATE SET articles = press_told.articles + 1`,
			story.ID.String(), string(a.Published.Day()), a.Language, a.Publisher); err != nil {
			return err
		}
	}
	return nil
}

// PressQuery asks for released stories. Zero values ask for all.
type PressQuery struct {
	Words     string // all of them, anywhere in titles, headlines, publishers, tags and places
	Day       truce.Day
	Language  string
	Publisher string
	Offset    int
	Limit     int
}

// hasPress says whether the store is of a version that knows of open reporting.
func (r *Reader) hasPress(ctx context.Context) (bool, error) {
	var n int
	err := r.db.QueryRowContext(ctx, `SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'press_stories'`).Scan(&n)
	return n > 0, err
}

// Stories lists released stories, told of last first, and how many match.
func (r *Reader) Stories(ctx context.Context, q PressQuery) (list []truce.PublicStory, total int, err error) {
	if known, err := r.hasPress(ctx); err != nil || !known {
		return nil, 0, err
	}
	where, args := q.where()
	if err := r.db.QueryRowContext(ctx, `SELECT count(*) FROM press_stories s`+where, args...).Scan(&total); err != nil {
		return nil, 0, fmt.Errorf("public stories: %w", err)
	}
	query := `SELECT body FROM press_stories s` + where + fmt.Sprintf(` ORDER BY told DESC, id DESC LIMIT %d OFFSET %d`, q.Limit, q.Offset)
	list, err = pressBodies[truce.PublicStory](ctx, r.db, query, args...)
	return list, total, err
}

func (q PressQuery) where() (string, []any) {
	var parts []string
	var args []any
	add := func(part string, value any) {
		args = append(args, value)
		parts = append(parts, fmt.Sprintf(part, len(args)))
	}
	for _, word := range strings.Fields(strings.ToLower(strings.ReplaceAll(q.Words, `"`, " "))) {
		add(`instr(s.words, $%d) > 0`, word)
	}
	told := []string{"t.story = s.id"}
	for _, f := range []struct{ column, value string }{{"day", string(q.Day)}, {"language", q.Language}, {"publisher", q.Publisher}} {
		if f.value != "" {
			args = append(args, f.value)
			told = append(told, fmt.Sprintf("t.%s = $%d", f.column, len(args)))
		}
	}
	if len(told) > 1 {
		parts = append(parts, "EXISTS (SELECT 1 FROM press_told t WHERE "+strings.Join(told, " AND ")+")")
	}
	if len(parts) == 0 {
		return "", nil
	}
	return " WHERE " + strings.Join(parts, " AND "), args
}

// Story is one released story.
func (r *Reader) Story(ctx context.Context, id string) (truce.PublicStory, error) {
	known, err := r.hasPress(ctx)
	var list []truce.PublicStory
	if err == nil && known {
		list, err = pressBodies[truce.PublicStory](ctx, r.db, `SELECT body FROM press_stories WHERE id = $1`, id)
	}
	if err == nil && len(list) == 0 {
		err = truce.Errorf(truce.CodeNotFound, "There is no story %.80s here.", id)
	}
	if err != nil {
		return truce.PublicStory{}, err
	}
	return list[0], nil
}

// Promises are the released rows of who promised what.
func (r *Reader) Promises(ctx context.Context) ([]truce.PublicPromise, error) {
	if known, err := r.hasPress(ctx); err != nil || !known {
		return nil, err
	}
	return pressBodies[truce.PublicPromise](ctx, r.db, `SELECT body FROM press_promises ORDER BY place`)
}

// PressDays counts released articles and stories by day, newest first, over the days that
// end with the newest.
func (r *Reader) PressDays(ctx context.Context, days int) (out []truce.PressDay, err error) {
	if known, err := r.hasPress(ctx); err != nil || !known {
		return nil, err
	}
	rows, err := r.db.QueryContext(ctx, `SELECT day, sum(articles), count(DISTINCT story) FROM press_told WHERE day > $1 GROUP BY day ORDER BY day DESC`, r.before(ctx, days))
	if err != nil {
		return nil, fmt.Errorf("public press: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var d truce.PressDay
		if err := rows.Scan(&d.Day, &d.Articles, &d.Stories); err != nil {
			return nil, fmt.Errorf("public press: %w", err)
		}
		out = append(out, d)
	}
	return out, rows.Err()
}

// before is the day before the last days of which something is told.
func (r *Reader) before(ctx context.Context, days int) string {
	var newest truce.Day
	if err := r.db.QueryRowContext(ctx, `SELECT day FROM press_told ORDER BY day DESC LIMIT 1`).Scan(&newest); err != nil {
		return ""
	}
	if _, err := newest.Start(time.UTC); err != nil {
		return ""
	}
	return string(newest.AddDays(-days))
}

// PressNames lists the languages and publishers of what is out, those with most articles, in
// order of their names.
func (r *Reader) PressNames(ctx context.Context, limit int) (languages, publishers []string, err error) {
	if known, err := r.hasPress(ctx); err != nil || !known {
		return nil, nil, err
	}
	names := func(column string) (out []string, err error) {
		rows, err := r.db.QueryContext(ctx, fmt.Sprintf(`SELECT n FROM (SELECT %[1]s AS n, sum(articles) AS c FROM press_told WHERE %[1]s <> '' GROUP BY %[1]s ORDER BY c DESC, n LIMIT %[2]d) ORDER BY n`, column, limit))
		if err != nil {
			return nil, fmt.Errorf("public press: %w", err)
		}
		defer rows.Close()
		for rows.Next() {
			var name string
			if err := rows.Scan(&name); err != nil {
				return nil, fmt.Errorf("public press: %w", err)
			}
			out = append(out, name)
		}
		return out, rows.Err()
	}
	if languages, err = names("language"); err == nil {
		publishers, err = names("publisher")
	}
	return languages, publishers, err
}

// pressBodies reads the stored JSON that a query names.
func pressBodies[T any](ctx context.Context, db *sql.DB, query string, args ...any) ([]T, error) {
	rows, err := db.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("public press: %w", err)
	}
	defer rows.Close()
	var out []T
	for rows.Next() {
		var body []byte
		var v T
		if err := rows.Scan(&body); err != nil {
			return nil, fmt.Errorf("public press: %w", err)
		}
		if err := json.Unmarshal(body, &v); err != nil {
			return nil, fmt.Errorf("public press: %w", err)
		}
		out = append(out, v)
	}
	return out, rows.Err()
}
