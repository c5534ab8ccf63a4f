package store

import (
	"context"
	"database/sql"
	"errors"

	"github.com/trucewatch/truce"
)

// reindex fills the tables of words from the articles and stories that are there.
func reindex(eng engine) func(context.Context, *sql.Tx) error {
	return func(ctx context.Context, raw *sql.Tx) error {
		w := &session{eng: eng, on: raw, statements: map[string]*sql.Stmt{}}
		defer w.forgetStatements()
		tx := &writeTx{w: w, ctx: ctx}
		tx.body = tx.storedBody
		err := tx.eachID("articles", func(id truce.ID) error {
			a, _, err := tx.storedArticle(id)
			if err != nil {
				return err
			}
			row, err := tx.articleRow(a)
			if err != nil && !errors.Is(err, ErrFatal) {
				return err // of a damaged text the headline stays: the store must open to be verified
			}
			return eng.addWords(ctx, w, articleWords, a.num, row)
		})
		if err != nil {
			return err
		}
		return tx.eachID("stories", func(id truce.ID) error {
			s, _, err := tx.storedStory(id)
			if err != nil {
				return err
			}
			return eng.addWords(ctx, w, storyWords, s.num, storyRow(&s.story))
		})
	}
}

// eachID gives the ids of a table a page at a time.
func (tx *writeTx) eachID(table string, do func(truce.ID) error) error {
	last := []byte{}
	for {
		var page []truce.ID
		err := tx.rows("SELECT id FROM "+table+" WHERE id > $1 ORDER BY id LIMIT $2", []any{last, int64(foldPage)}, func(scan func(...any) error) error {
			var id []byte
			err := scan(&id)
			page = append(page, truce.ID(id))
			return err
		})
		if err != nil || len(page) == 0 {
			return err
		}
		for _, id := range page {
			if err := do(id); err != nil {
				return err
			}
		}
		last = page[len(page)-1][:]
	}
}
