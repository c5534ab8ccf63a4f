package store

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"github.com/trucewatch/truce"
)

const articleColumns = `a.id, a.num, a.seq, a.summary,
	CASE WHEN EXISTS (SELECT 1 FROM takedowns t WHERE t.article = a.id) THEN 1
		WHEN a.text_hash <> '' AND EXISTS (SELECT 1 FROM takedowns t WHERE t.hash = a.text_hash) THEN 1 ELSE 0 END,
	(SELECT count(*) FROM article_versions v WHERE v.article = a.id)`

// search is one question to articles or stories: where the rows come from, the column that
// is their number, and what is asked.
type search struct {
	from string
	key  string
	c    condition
}

// Articles lists articles, the newest published first, and counts how many there are, up
// to truce.MaxCounted.
func (s *Store) Articles(ctx context.Context, q truce.ArticleQuery) (truce.ArticlePage, error) {
	var page truce.ArticlePage
	most, err := pageLimit(q.Limit)
	if err != nil {
		return page, fmt.Errorf("store: articles: %w", err)
	}
	ask, err := s.articleSearch(q)
	if err != nil {
		return page, fmt.Errorf("store: articles: %w", err)
	}
	err = s.snapshot(ctx, func(tx *sql.Tx) error {
		at := ask
		if q.After != 0 {
			at.c.addf(ask.key+" < $%d", int64(q.After))
		}
		query := "SELECT " + articleColumns + " FROM " + at.from + at.c.where() + " ORDER BY " + at.key + " DESC LIMIT " + fmt.Sprint(most)
		if page.Rows, err = articleRows(ctx, tx, query, at.c.args); err != nil {
			return err
		}
		if page.Total = len(page.Rows); q.After != 0 || page.Total == most {
			if page.Total, page.More, err = counted(ctx, tx, ask); err != nil {
				return err
			}
		}
		return storiesOf(ctx, tx, page.Rows)
	})
	return page, err
}

func pageLimit(limit int) (int, error) {
	if limit < 0 || limit > maxFound {
		return 0, truce.Errorf(truce.CodeInvalid, "limit %d, want 0 to %d", limit, maxFound)
	}
	if limit == 0 {
		return maxFound, nil
	}
	return limit, nil
}

// articleSearch: with words, what is filtered by goes with them as marks, since the words
// alone may be in half of all articles.
func (s *Store) articleSearch(q truce.ArticleQuery) (search, error) {
	want, err := parseWords(q.Words)
	ask := search{from: "articles a", key: "a.num"}
	switch {
	case err != nil:
		return ask, err
	case len(want) > 0:
		var marks []string
		marks = appendMark(marks, markLanguage, q.Language)
		marks = appendMark(marks, markPublisher, q.Publisher)
		marks = appendMark(marks, markCopies, q.Group)
		words := s.eng.wordQuery(articleWords, want, marks)
		ask.from, ask.key = articleWords+" w JOIN articles a ON a.num = "+words.key, words.key
		ask.c.addf(words.match, words.arg)
	default:
		for column, value := range map[string]string{"a.language": q.Language, "a.publisher": q.Publisher, "a.copies": q.Group} {
			if value != "" {
				ask.c.addf(column+" = $%d", []byte(value))
			}
		}
	}
	if !q.Story.IsZero() && len(want) == 0 {
		ask.from, ask.key = "story_articles m JOIN articles a ON a.id = m.article", "m.num"
		ask.c.addf("m.story = $%d", q.Story[:])
	} else if !q.Story.IsZero() {
		ask.c.addf("a.id IN (SELECT m.article FROM story_articles m WHERE m.story = $%d)", q.Story[:])
	}
	if q.From != 0 {
		ask.c.addf(ask.key+" >= $%d", numberAt(q.From+999))
	}
	if q.To != 0 {
		ask.c.addf(ask.key+" < $%d", numberAt(q.To+999))
	}
	return ask, nil
}

// counted counts what is found, and no more than is of use.
func counted(ctx context.Context, q querier, ask search) (total int, more bool, err error) {
	query := fmt.Sprintf("SELECT count(*) FROM (SELECT 1 FROM %s%s LIMIT %d) AS found", ask.from, ask.c.where(), truce.MaxCounted+1)
	err = list(ctx, q, query, ask.c.args, func(scan func(...any) error) error { return scan(&total) })
	if total > truce.MaxCounted {
		return truce.MaxCounted, true, err
	}
	return total, false, err
}

func articleRows(ctx context.Context, q querier, query string, args []any) ([]truce.ArticleRow, error) {
	var out []truce.ArticleRow
	err := list(ctx, q, query, args, func(scan func(...any) error) error {
		var row truce.ArticleRow
		var id []byte
		var summary string
		var removed int
		if err := scan(&id, (*int64)(&row.Mark), (*int64)(&row.Seq), &summary, &removed, &row.Versions); err != nil {
			return err
		}
		row.Removed = removed != 0
		if err := truce.DecodeCanonical(bytesOf(summary), &row.Article); err != nil {
			return truce.Errorf(truce.CodeInternal, "article %x: its summary cannot be read, mend it with truce rebuild: %w", id, err)
		}
		out = append(out, row)
		return nil
	})
	return out, err
}

// storiesOf says of each article to which stories it belongs.
func storiesOf(ctx context.Context, q querier, rows []truce.ArticleRow) error {
	if len(rows) == 0 {
		return nil
	}
	places := map[truce.ID]int{}
	var args []any
	for i := range rows {
		places[rows[i].Article.ID] = i
		args = append(args, rows[i].Article.ID[:])
	}
	query := "SELECT article, story FROM story_articles WHERE article IN (" + placeholders(1, len(args)) + ") ORDER BY article, story"
	return list(ctx, q, query, args, func(scan func(...any) error) error {
		var article, story []byte
		if err := scan(&article, &story); err != nil {
			return err
		}
		row := &rows[places[truce.ID(article)]]
		row.Stories = append(row.Stories, truce.ID(story))
		return nil
	})
}

// Article is one article as it stands now.
func (s *Store) Article(ctx context.Context, id truce.ID) (truce.ArticleRow, error) {
	rows, err := articleRows(ctx, s.readers, "SELECT "+articleColumns+" FROM articles a WHERE a.id = $1", []any{id[:]})
	if err == nil && len(rows) == 0 {
		err = truce.Errorf(truce.CodeNotFound, "there is no article %s", id)
	}
	if err == nil {
		err = storiesOf(ctx, s.readers, rows)
	}
	if err != nil {
		return truce.ArticleRow{}, err
	}
	return rows[0], nil
}

// ArticleText is a text of an article by its hash; the zero hash asks for the one it has
// now. It is internal: no public page may carry more than a quoted sentence of it.
func (s *Store) ArticleText(ctx context.Context, id truce.ID, hash truce.Hash) (string, error) {
	if hash.IsZero() {
		row, err := s.Article(ctx, id)
		if err != nil {
			return "", err
		}
		hash = row.Article.TextHash
	}
	text, found := "", false
	query := "SELECT " + bodyColumns + " FROM article_texts x JOIN records r ON r.seq = x.seq WHERE x.article = $1 AND x.hash = $2 ORDER BY x.seq DESC LIMIT 1"
	err := bodies(ctx, s.readers, query, []any{id[:], hashText(hash)}, func(_ truce.Record, t truce.ArticleText) error {
		text, found = t.Text, true
		return nil
	})
	if err != nil || found {
		return text, err
	}
	down, err := s.takedowns(ctx, " WHERE t.article = $1 OR t.hash = $2 AND t.hash <> '' ORDER BY t.seq DESC LIMIT 1", id[:], hashText(hash))
	if err == nil && len(down) > 0 {
		return "", truce.Errorf(truce.CodeNotFound, "the text of article %s was taken down at %s: %s", id, down[0].At, down[0].Reason)
	}
	if err == nil {
		err = truce.Errorf(truce.CodeNotFound, "there is no such text of article %s", id)
	}
	return "", err
}

// ArticleVersions lists how an article stood each time it had changed, the first first.
func (s *Store) ArticleVersions(ctx context.Context, id truce.ID) ([]truce.ArticleVersion, error) {
	return decoded[truce.ArticleVersion](ctx, s, "SELECT body FROM article_versions WHERE article = $1 ORDER BY number, seq, idx", id[:])
}

// decoded reads the canonical texts a query names.
func decoded[T any](ctx context.Context, s *Store, query string, args ...any) ([]T, error) {
	var out []T
	err := list(ctx, s.readers, query, args, func(scan func(...any) error) error {
		var text string
		if err := scan(&text); err != nil {
			return err
		}
		var v T
		err := truce.DecodeCanonical(bytesOf(text), &v)
		out = append(out, v)
		return err
	})
	return out, err
}

const storyColumns = "y.seq, y.told, y.articles, y.merged, y.summary"

// Stories lists stories, those told of last first, and counts how many there are, up to
// truce.MaxCounted.
func (s *Store) Stories(ctx context.Context, q truce.StoryQuery) (truce.StoryPage, error) {
	var page truce.StoryPage
	most, err := pageLimit(q.Limit)
	if err != nil {
		return page, fmt.Errorf("store: stories: %w", err)
	}
	ask, err := s.storySearch(q)
	if err != nil {
		return page, fmt.Errorf("store: stories: %w", err)
	}
	err = s.snapshot(ctx, func(tx *sql.Tx) error {
		// Looking is the dear part: what is found is counted as it is found, and only those
		// shown are read whole. Behind a mark it was counted from the begin.
		at, look := ask, max(q.Offset+most, truce.MaxCounted+1)
		if m := q.After; m != nil {
			look = q.Offset + most
			n := len(ask.c.args)
			at.c.add(fmt.Sprintf("(y.told, y.id) < ($%d, $%d)", n+1, n+2), int64(m.Last), m.ID[:])
			if page.Total, page.More, err = counted(ctx, tx, ask); err != nil {
				return err
			}
		}
		found, err := storyIDs(ctx, tx, at, look)
		if err != nil {
			return err
		}
		if q.After == nil {
			page.Total, page.More = min(len(found), truce.MaxCounted), len(found) > truce.MaxCounted
		}
		found = found[min(q.Offset, len(found)):]
		page.Rows, err = storiesByID(ctx, tx, found[:min(most, len(found))])
		return err
	})
	return page, err
}

const storyOrder = " ORDER BY y.told DESC, y.id DESC"

func storyIDs(ctx context.Context, q querier, ask search, most int) (out []any, err error) {
	query := "SELECT y.id FROM " + ask.from + ask.c.where() + storyOrder + fmt.Sprintf(" LIMIT %d", most)
	err = list(ctx, q, query, ask.c.args, func(scan func(...any) error) error {
		var id []byte
		err := scan(&id)
		out = append(out, id)
		return err
	})
	return out, err
}

func storiesByID(ctx context.Context, q querier, ids []any) ([]truce.StoryRow, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	return storyRows(ctx, q, "SELECT "+storyColumns+" FROM stories y WHERE y.id IN ("+placeholders(1, len(ids))+")"+storyOrder, ids)
}

func (s *Store) storySearch(q truce.StoryQuery) (search, error) {
	want, err := parseWords(q.Words)
	ask := search{from: "stories y"}
	if err != nil {
		return ask, err
	}
	if marks := appendMark(nil, markTag, q.Tag); len(marks) > 0 {
		tag := s.eng.wordQuery(storyWords, nil, marks)
		ask.from = storyWords + " w JOIN stories y ON y.num = " + tag.key
		ask.c.addf(tag.match, tag.arg)
	}
	if len(want) > 0 {
		s.told(&ask.c, want)
	}
	if !q.Replaced {
		ask.c.addf("y.merged = $%d", []byte{})
	}
	if q.From != 0 {
		ask.c.addf("y.told >= $%d", int64(q.From))
	}
	if q.To != 0 {
		ask.c.addf("y.told < $%d", int64(q.To))
	}
	if told := toldBy(q, len(ask.c.args)); told.clause != "" {
		ask.c.add(told.clause, told.args...)
	}
	if q.Offset < 0 || q.Offset > truce.MaxCounted {
		return ask, truce.Errorf(truce.CodeInvalid, "offset %d, want 0 to %d; narrow the search to see what lies further back", q.Offset, truce.MaxCounted)
	}
	if q.Least > 0 {
		ask.c.addf("y.articles >= $%d", int64(q.Least))
	}
	return ask, nil
}

// told asks for stories that have all words in their title, names, places and tags, or one
// article that has them: of words of very many, the newest.
func (s *Store) told(c *condition, want []wanted) {
	own, article := s.eng.wordQuery(storyWords, want, nil), s.eng.wordQuery(articleWords, want, nil)
	newest := func(of, key, match string, arg, most int) string {
		return "SELECT " + key + " AS num FROM " + of + " WHERE " + fmt.Sprintf(match, arg) + " ORDER BY " + key + fmt.Sprintf(" DESC LIMIT %d", most)
	}
	n := len(c.args)
	c.add("y.num IN (SELECT f.num FROM ("+newest(storyWords+" w", own.key, own.match, n+1, newestOwn)+") f"+
		" UNION SELECT v.num FROM ("+newest(articleWords+" w", article.key, article.match, n+2, newestTold)+") f"+
		" JOIN articles a ON a.num = f.num JOIN story_articles m ON m.article = a.id JOIN stories v ON v.id = m.story)", own.arg, article.arg)
}

// told is a condition on the articles of a story.
type told struct {
	clause string
	args   []any
}

// toldBy asks for a story one article of which is all that is asked for.
func toldBy(q truce.StoryQuery, before int) told {
	var t told
	var parts []string
	add := func(text string, value any) {
		t.args = append(t.args, value)
		parts = append(parts, fmt.Sprintf(text, before+len(t.args)))
	}
	if q.Language != "" {
		add("b.language = $%d", []byte(q.Language))
	}
	if q.Publisher != "" {
		add("b.publisher = $%d", []byte(q.Publisher))
	}
	if q.ToldFrom != 0 {
		add("m.num >= $%d", numberAt(q.ToldFrom+999))
	}
	if q.ToldTo != 0 {
		add("m.num < $%d", numberAt(q.ToldTo+999))
	}
	if len(parts) > 0 {
		t.clause = "EXISTS (SELECT 1 FROM story_articles m JOIN articles b ON b.id = m.article WHERE m.story = y.id AND " + strings.Join(parts, " AND ") + ")"
	}
	return t
}

func storyRows(ctx context.Context, q querier, query string, args []any) ([]truce.StoryRow, error) {
	var out []truce.StoryRow
	err := list(ctx, q, query, args, func(scan func(...any) error) error {
		var row truce.StoryRow
		var merged []byte
		var summary string
		if err := scan((*int64)(&row.Seq), (*int64)(&row.Last), &row.Articles, &merged, &summary); err != nil {
			return err
		}
		if err := truce.DecodeCanonical(bytesOf(summary), &row.Story); err != nil {
			return truce.Errorf(truce.CodeInternal, "a story's summary cannot be read, mend it with truce rebuild: %w", err)
		}
		if len(merged) == len(row.Story.Into) {
			row.Story.Into = truce.ID(merged)
		}
		out = append(out, row)
		return nil
	})
	return out, err
}

// Story is one story as it stands now, merged into another or not.
func (s *Store) Story(ctx context.Context, id truce.ID) (truce.StoryRow, error) {
	rows, err := storyRows(ctx, s.readers, "SELECT "+storyColumns+" FROM stories y WHERE y.id = $1", []any{id[:]})
	if err == nil && len(rows) == 0 {
		err = truce.Errorf(truce.CodeNotFound, "there is no story %s", id)
	}
	if err != nil {
		return truce.StoryRow{}, err
	}
	return rows[0], nil
}

// StorySteps lists what happened to a story, as itself or as the other, oldest first.
func (s *Store) StorySteps(ctx context.Context, id truce.ID) ([]truce.StoryStep, error) {
	var out []truce.StoryStep
	query := "SELECT p.seq, r.recorded, p.body FROM story_steps p JOIN records r ON r.seq = p.seq WHERE p.story = $1 OR p.other = $1 ORDER BY p.seq, p.idx"
	err := list(ctx, s.readers, query, []any{id[:]}, func(scan func(...any) error) error {
		var step truce.StoryStep
		var text string
		if err := scan((*int64)(&step.Seq), (*int64)(&step.Recorded), &text); err != nil {
			return err
		}
		err := truce.DecodeCanonical(bytesOf(text), &step.StoryChange)
		out = append(out, step)
		return err
	})
	return out, err
}
