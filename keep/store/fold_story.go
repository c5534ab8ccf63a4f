package store

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/trucewatch/truce"
)

// foldReporting folds the kinds of open reporting: feeds, texts, articles, stories and what
// was taken down.
func (tx *writeTx) foldReporting(r truce.Record, value any) error {
	switch body := value.(type) {
	case *truce.Feed:
		if err := body.Validate(); err != nil {
			return err
		}
		return tx.foldVersion(r, version{subject: body.Subject()})
	case *truce.ArticleText:
		return tx.foldText(r.Seq, body)
	case *truce.ArticleClaims:
		return tx.foldClaims(r.Seq, body)
	case *truce.StoryBatch:
		return tx.foldStories(r.Seq, body)
	case *truce.ClaimCheck:
		return tx.foldCheck(r, body)
	case *truce.PublicCheck: // read by its subject
		return tx.foldPublicCheck(r, body)
	case *truce.Takedown:
		if err := body.Validate(); err != nil {
			return err
		}
		return tx.exec("INSERT INTO takedowns (seq, hash, article) VALUES ($1, $2, $3)", int64(r.Seq), hashText(body.Hash), idOrNone(body.Article))
	}
	return nil // inception and reevaluation have no read table
}

func hashText(h truce.Hash) string {
	if h.IsZero() {
		return ""
	}
	return h.String()
}

// idOrNone is the bytes of an id, none of the zero one.
func idOrNone(id truce.ID) []byte {
	if id.IsZero() {
		return []byte{}
	}
	return id[:]
}

// admitText refuses a text that was taken down, and what was read out of it.
func (tx *writeTx) admitText(article truce.ID, hash truce.Hash) error {
	var seq int64
	found, err := tx.row("SELECT seq FROM takedowns WHERE hash = $1 AND hash <> '' OR article = $2 ORDER BY seq DESC LIMIT 1", []any{hashText(hash), article[:]}, &seq)
	if err != nil || !found {
		return err
	}
	down, err := bodyOf[truce.Takedown](tx, truce.Seq(seq))
	if err != nil {
		return err
	}
	return truce.Errorf(truce.CodeForbidden, "the text %s of article %s was taken down at %s: %s", hash, article, down.At, down.Reason)
}

// foldText keeps where a text is recorded; when it is the one its article has now, its
// words are looked through from here on.
func (tx *writeTx) foldText(seq truce.Seq, body *truce.ArticleText) error {
	if err := body.Validate(); err != nil {
		return err
	}
	err := tx.exec("INSERT INTO article_texts (seq, article, hash) VALUES ($1, $2, $3)", int64(seq), body.Article[:], body.Hash.String())
	if err != nil {
		return err
	}
	return tx.retext(body.Article)
}

// takeText removes an erased text and its words.
func (tx *writeTx) takeText(seq truce.Seq) error {
	var article []byte
	found, err := tx.row("SELECT article FROM article_texts WHERE seq = $1", []any{int64(seq)}, &article)
	if err != nil || !found {
		return err
	}
	if err := tx.exec("DELETE FROM article_texts WHERE seq = $1", int64(seq)); err != nil {
		return err
	}
	return tx.retext(truce.ID(article))
}

// storedArticle is a row of articles.
type storedArticle struct {
	num     int64
	textSeq truce.Seq
	article truce.Article
}

func (tx *writeTx) storedArticle(id truce.ID) (a storedArticle, found bool, err error) {
	var summary string
	found, err = tx.row("SELECT num, text_seq, summary FROM articles WHERE id = $1", []any{id[:]}, &a.num, (*int64)(&a.textSeq), &summary)
	if err == nil && found {
		err = truce.DecodeCanonical(bytesOf(summary), &a.article)
	}
	return a, found, err
}

// textOf is the newest record that holds the text an article has now; 0 for none.
func (tx *writeTx) textOf(a *truce.Article) (seq truce.Seq, err error) {
	if a.TextHash.IsZero() {
		return 0, nil
	}
	_, err = tx.row("SELECT seq FROM article_texts WHERE article = $1 AND hash = $2 ORDER BY seq DESC LIMIT 1",
		[]any{a.ID[:], a.TextHash.String()}, (*int64)(&seq))
	return seq, err
}

// retext looks again which text an article has.
func (tx *writeTx) retext(id truce.ID) error {
	a, found, err := tx.storedArticle(id)
	if err != nil || !found {
		return err
	}
	seq, err := tx.textOf(&a.article)
	if err != nil || seq == a.textSeq {
		return err
	}
	if err := tx.takeArticleWords(a); err != nil {
		return err
	}
	a.textSeq = seq
	if err := tx.exec("UPDATE articles SET text_seq = $1 WHERE id = $2", int64(seq), id[:]); err != nil {
		return err
	}
	return tx.addArticleWords(a)
}

// articleRow is what is looked through of an article with its text.
func (tx *writeTx) articleRow(a storedArticle) (wordRow, error) {
	row := wordRow{head: stems(strings.Join([]string{a.article.Headline, a.article.Publisher, a.article.Author}, " . "))}
	var marks []string
	marks = appendMark(marks, markLanguage, a.article.Language)
	marks = appendMark(marks, markPublisher, a.article.Publisher)
	marks = appendMark(marks, markCopies, a.article.Group)
	row.marks = strings.Join(marks, " ")
	if a.textSeq == 0 {
		return row, nil
	}
	text, err := bodyOf[truce.ArticleText](tx, a.textSeq)
	row.body = stems(text.Text)
	return row, err
}

func (tx *writeTx) addArticleWords(a storedArticle) error {
	row, err := tx.articleRow(a)
	if err != nil {
		return err
	}
	return tx.w.eng.addWords(tx.ctx, tx.w, articleWords, a.num, row)
}

func (tx *writeTx) takeArticleWords(a storedArticle) error {
	row, err := tx.articleRow(a)
	if err != nil {
		return err
	}
	return tx.w.eng.takeWords(tx.ctx, tx.w, articleWords, a.num, row)
}

// foldStories folds one step of grouping: articles, heads of stories, then what happened.
func (tx *writeTx) foldStories(seq truce.Seq, body *truce.StoryBatch) error {
	if err := body.Validate(); err != nil {
		return err
	}
	for i := range body.Articles {
		if err := tx.foldArticle(seq, body.Articles[i]); err != nil {
			return fmt.Errorf("article %s: %w", body.Articles[i].ID, err)
		}
	}
	for i := range body.Stories {
		if err := tx.foldStory(seq, body.Stories[i]); err != nil {
			return fmt.Errorf("story %s: %w", body.Stories[i].ID, err)
		}
	}
	for i, c := range body.Changes {
		if err := tx.foldChange(seq, i, c); err != nil {
			return fmt.Errorf("change %d, of story %s: %w", i+1, c.Story, err)
		}
	}
	for i, v := range body.Versions {
		text, err := truce.Canonical(v)
		if err != nil {
			return err
		}
		err = tx.exec("INSERT INTO article_versions (seq, idx, article, number, body) VALUES ($1, $2, $3, $4, $5)",
			int64(seq), int64(i), v.Article[:], int64(v.Number), string(text))
		if err != nil {
			return err
		}
	}
	return nil
}

// foldArticle makes an article stand as it is said to.
func (tx *writeTx) foldArticle(seq truce.Seq, a truce.Article) error {
	old, found, err := tx.storedArticle(a.ID)
	if err != nil {
		return err
	}
	if found {
		if err := tx.takeArticle(old); err != nil {
			return err
		}
	}
	now := storedArticle{article: a, num: old.num}
	if !found || old.article.Published.From != a.Published.From {
		if now.num, err = tx.freeNumber("articles", a.Published.From, a.ID); err != nil {
			return err
		}
	}
	if now.textSeq, err = tx.textOf(&a); err != nil {
		return err
	}
	summary, err := truce.Canonical(a)
	if err != nil {
		return err
	}
	err = tx.exec(`INSERT INTO articles (id, num, seq, language, publisher, copies, text_hash, text_seq, summary)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`, a.ID[:], now.num, int64(seq), []byte(a.Language), []byte(a.Publisher), []byte(a.Group),
		hashText(a.TextHash), int64(now.textSeq), string(summary))
	if err == nil && found && now.num != old.num {
		err = tx.exec("UPDATE story_articles SET num = $1 WHERE article = $2", now.num, a.ID[:])
	}
	if err != nil {
		return err
	}
	return tx.addArticleWords(now)
}

func (tx *writeTx) takeArticle(old storedArticle) error {
	if err := tx.takeArticleWords(old); err != nil {
		return err
	}
	return tx.exec("DELETE FROM articles WHERE id = $1", old.article.ID[:])
}

// A number puts things in the order of their times: 48 bits of milliseconds, then 15 of the
// id, the next free one where two would have the same. It depends on nothing but the
// records, in their order.
const numberBits = 15

func numberAt(at truce.Instant) int64 {
	return min(max(int64(at)/1000, 0), 1<<48-1) << numberBits
}

func (tx *writeTx) freeNumber(table string, at truce.Instant, id truce.ID) (int64, error) {
	num := numberAt(at) | (int64(id[14])<<8|int64(id[15]))&(1<<numberBits-1)
	for {
		var taken int64
		found, err := tx.row("SELECT num FROM "+table+" WHERE num = $1", []any{num}, &taken)
		if err != nil || !found {
			return num, err
		}
		num++
	}
}

// foldStory makes the head of a story stand as it is said to.
func (tx *writeTx) foldStory(seq truce.Seq, s truce.Story) error {
	old, found, err := tx.storedStory(s.ID)
	if err != nil {
		return err
	}
	summary, err := truce.Canonical(s)
	if err != nil {
		return err
	}
	if found {
		err = tx.exec("UPDATE stories SET seq = $1, told = $2, merged = $3, summary = $4 WHERE id = $5", int64(seq), int64(s.Last), idOrNone(s.Into), string(summary), s.ID[:])
	} else {
		if old.num, err = tx.freeNumber("stories", s.First, s.ID); err != nil {
			return err
		}
		err = tx.exec("INSERT INTO stories (id, num, seq, told, articles, merged, summary) VALUES ($1, $2, $3, $4, 0, $5, $6)",
			s.ID[:], old.num, int64(seq), int64(s.Last), idOrNone(s.Into), string(summary))
	}
	before, after := storyRow(&old.story), storyRow(&s)
	if err != nil || found && before == after {
		return err
	}
	if found {
		if err := tx.w.eng.takeWords(tx.ctx, tx.w, storyWords, old.num, before); err != nil {
			return err
		}
	}
	return tx.w.eng.addWords(tx.ctx, tx.w, storyWords, old.num, after)
}

type storedStory struct {
	num   int64
	story truce.Story
}

func (tx *writeTx) storedStory(id truce.ID) (s storedStory, found bool, err error) {
	var summary string
	found, err = tx.row("SELECT num, summary FROM stories WHERE id = $1", []any{id[:]}, &s.num, &summary)
	if err == nil && found {
		err = truce.DecodeCanonical(bytesOf(summary), &s.story)
	}
	return s, found, err
}

// storyRow is what is looked through of a story.
func storyRow(s *truce.Story) wordRow {
	var body, marks []string
	body = append(body, s.Tags...)
	body = append(body, s.Places...)
	for _, e := range s.Entities {
		body = append(body, e.Name)
	}
	for _, tag := range s.Tags {
		marks = appendMark(marks, markTag, tag)
	}
	return wordRow{head: stems(s.Title), body: stems(strings.Join(body, " . ")), marks: strings.Join(marks, " ")}
}

// foldChange moves articles between stories. Of a merger the articles of the story that
// ends come to the one that stays; of a split those named go to the one that begins.
func (tx *writeTx) foldChange(seq truce.Seq, i int, c truce.StoryChange) error {
	text, err := truce.Canonical(c)
	if err != nil {
		return err
	}
	err = tx.exec("INSERT INTO story_steps (seq, idx, story, other, body) VALUES ($1, $2, $3, $4, $5)", int64(seq), int64(i), c.Story[:], idOrNone(c.Other), string(text))
	if err != nil {
		return err
	}
	switch c.Kind {
	case truce.StoryMerged:
		err = tx.mergeStories(c)
	case truce.StorySplit:
		err = tx.leave(c.Story, c.Added)
		if err == nil {
			err = tx.join(c.Other, c.Added)
		}
	}
	if err != nil || c.Kind == truce.StorySplit {
		return err
	}
	return tx.join(c.Story, c.Added)
}

func (tx *writeTx) mergeStories(c truce.StoryChange) error {
	var ids []truce.ID
	err := tx.rows("SELECT article FROM story_articles WHERE story = $1 ORDER BY article", []any{c.Other[:]}, func(scan func(...any) error) error {
		var raw []byte
		err := scan(&raw)
		ids = append(ids, truce.ID(raw))
		return err
	})
	if err != nil {
		return err
	}
	if err := tx.exec("UPDATE stories SET merged = $1 WHERE id = $2", c.Story[:], c.Other[:]); err != nil {
		return err
	}
	if err := tx.leave(c.Other, ids); err != nil {
		return err
	}
	return tx.join(c.Story, ids)
}

// join puts articles into a story; those that belong to it already change nothing.
func (tx *writeTx) join(story truce.ID, articles []truce.ID) error {
	added := 0
	for _, id := range articles {
		var num int64
		found, err := tx.row(`INSERT INTO story_articles (story, article, num) SELECT $1, id, num FROM articles WHERE id = $2
			ON CONFLICT (story, article) DO NOTHING RETURNING num`, []any{story[:], id[:]}, &num)
		if err != nil {
			return err
		}
		if found {
			added++
			continue
		}
		if _, known, err := tx.storedArticle(id); err != nil || !known {
			return orUnknown(err, "article", id)
		}
	}
	return tx.countArticles(story, added)
}

func (tx *writeTx) leave(story truce.ID, articles []truce.ID) error {
	gone := 0
	for _, id := range articles {
		var num int64
		found, err := tx.row("DELETE FROM story_articles WHERE story = $1 AND article = $2 RETURNING num", []any{story[:], id[:]}, &num)
		if err != nil {
			return err
		}
		if found {
			gone++
		}
	}
	return tx.countArticles(story, -gone)
}

func orUnknown(err error, what string, id truce.ID) error {
	if err == nil {
		err = truce.Errorf(truce.CodeNotFound, "there is no %s %s; append it before or in the same record", what, id)
	}
	return err
}

func (tx *writeTx) countArticles(story truce.ID, by int) error {
	var raw []byte
	found, err := tx.row("UPDATE stories SET articles = articles + $1 WHERE id = $2 RETURNING id", []any{int64(by), story[:]}, &raw)
	if err == nil && (!found || !bytes.Equal(raw, story[:])) {
		err = orUnknown(nil, "story", story)
	}
	return err
}
