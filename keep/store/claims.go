package store

import (
	"context"
	"fmt"

	"github.com/trucewatch/truce"
)

// foldClaims keeps what was read out of an article.
func (tx *writeTx) foldClaims(seq truce.Seq, body *truce.ArticleClaims) error {
	if err := body.Validate(); err != nil {
		return err
	}
	err := tx.exec("INSERT INTO article_readings (seq, article, hash) VALUES ($1, $2, $3)", int64(seq), body.Article[:], hashText(body.Text))
	if err != nil {
		return err
	}
	var rows [][]any
	for i := range body.Claims {
		text, err := truce.Canonical(body.Claims[i])
		if err != nil {
			return err
		}
		said := int64(0)
		if body.Claims[i].Said != nil {
			said = 1
		}
		rows = append(rows, []any{int64(seq), int64(i), said, string(text)})
	}
	return tx.insert("article_claims (seq, idx, said, body)", rows, "")
}

// takeClaims removes the claims of an erased record.
func (tx *writeTx) takeClaims(seq truce.Seq) error {
	for _, table := range []string{"article_readings", "article_claims"} {
		if err := tx.exec("DELETE FROM "+table+" WHERE seq = $1", int64(seq)); err != nil {
			return err
		}
	}
	return nil
}

// newestReading says of a reading that it is the newest of the text that its article has now.
const newestReading = ` a.text_hash = r.hash AND r.seq = (SELECT max(n.seq) FROM article_readings n WHERE n.article = r.article AND n.hash = r.hash)`

// StoryClaims gives what the articles of a story say, the oldest article first, each with
// its claims in the order of its text.
func (s *Store) StoryClaims(ctx context.Context, story truce.ID, take func(truce.ReportedClaim) error) error {
	query := `SELECT a.summary, c.body FROM story_articles m JOIN articles a ON a.id = m.article JOIN article_readings r ON r.article = a.id
		JOIN article_claims c ON c.seq = r.seq WHERE m.story = $1 AND` + newestReading + " ORDER BY a.num, c.seq, c.idx"
	return s.claims(ctx, query, []any{story[:]}, take)
}

// SaidClaims gives every promise, refusal, position and change of a text that articles
// published in [from, to) report, the oldest article first; a zero end is open.
func (s *Store) SaidClaims(ctx context.Context, from, to truce.Instant, take func(truce.ReportedClaim) error) error {
	var c condition
	c.addf("c.said = $%d", int64(1))
	c.add(newestReading)
	if from != 0 {
		c.addf("a.num >= $%d", numberAt(from+999))
	}
	if to != 0 {
		c.addf("a.num < $%d", numberAt(to+999))
	}
	query := "SELECT a.summary, c.body FROM article_claims c JOIN article_readings r ON r.seq = c.seq JOIN articles a ON a.id = r.article" + c.where() + " ORDER BY a.num, c.seq, c.idx"
	return s.claims(ctx, query, c.args, take)
}

// ArticleClaims gives what an article says, in the order of its text.
func (s *Store) ArticleClaims(ctx context.Context, article truce.ID, take func(truce.ReportedClaim) error) error {
	query := `SELECT a.summary, c.body FROM articles a JOIN article_readings r ON r.article = a.id
		JOIN article_claims c ON c.seq = r.seq WHERE a.id = $1 AND` + newestReading + " ORDER BY c.seq, c.idx"
	return s.claims(ctx, query, []any{article[:]}, take)
}

func (s *Store) claims(ctx context.Context, query string, args []any, take func(truce.ReportedClaim) error) error {
	last, article := "", truce.Article{}
	return list(ctx, s.readers, query, args, func(scan func(...any) error) error {
		var summary, body string
		if err := scan(&summary, &body); err != nil {
			return err
		}
		var out truce.ReportedClaim
		if summary != last {
			article = truce.Article{}
			if err := truce.DecodeCanonical(bytesOf(summary), &article); err != nil {
				return fmt.Errorf("an article's summary cannot be read, mend it with truce rebuild: %w", err)
			}
			last = summary
		}
		out.Article = article
		if err := truce.DecodeCanonical(bytesOf(body), &out.Claim); err != nil {
			return err
		}
		return take(out)
	})
}

// StoryArticles gives the articles of a story without their texts, the oldest first.
func (s *Store) StoryArticles(ctx context.Context, story truce.ID, take func(truce.Article) error) error {
	query := "SELECT a.summary FROM story_articles m JOIN articles a ON a.id = m.article WHERE m.story = $1 ORDER BY m.num"
	return list(ctx, s.readers, query, []any{story[:]}, func(scan func(...any) error) error {
		var summary string
		if err := scan(&summary); err != nil {
			return err
		}
		var a truce.Article
		if err := truce.DecodeCanonical(bytesOf(summary), &a); err != nil {
			return err
		}
		return take(a)
	})
}

// PressDays counts articles and the stories they belong to by UTC day, the newest first,
// from an instant on.
func (s *Store) PressDays(ctx context.Context, from truce.Instant) ([]truce.PressDay, error) {
	const perDay = 24 * 3600 * 1000 << numberBits
	var out []truce.PressDay
	query := fmt.Sprintf(`SELECT a.num / %d, count(DISTINCT a.id), count(DISTINCT m.story) FROM articles a LEFT JOIN story_articles m ON m.article = a.id
		WHERE a.num >= $1 GROUP BY a.num / %d ORDER BY 1 DESC`, int64(perDay), int64(perDay))
	err := list(ctx, s.readers, query, []any{numberAt(from + 999)}, func(scan func(...any) error) error {
		var day int64
		var row truce.PressDay
		err := scan(&day, &row.Articles, &row.Stories)
		row.Day = truce.Instant(day * 24 * 3600 * 1e6).Day()
		out = append(out, row)
		return err
	})
	return out, err
}

// PressNames lists the languages and the publishers of articles published from an instant
// on, each by its name; of publishers those with most articles, at most limit.
func (s *Store) PressNames(ctx context.Context, from truce.Instant, limit int) (languages, publishers []string, err error) {
	names := func(column, end string) (out []string, err error) {
		query := "SELECT n FROM (SELECT " + column + " AS n, count(*) AS c FROM articles WHERE num >= $1 AND " + column + " <> $2 GROUP BY " + column + " ORDER BY c DESC, n" + end + ") AS named ORDER BY n"
		err = list(ctx, s.readers, query, []any{numberAt(from + 999), []byte{}}, func(scan func(...any) error) error {
			var name []byte
			err := scan(&name)
			out = append(out, string(name))
			return err
		})
		return out, err
	}
	if languages, err = names("language", ""); err == nil {
		publishers, err = names("publisher", fmt.Sprintf(" LIMIT %d", limit))
	}
	return languages, publishers, err
}
