package store

import (
	"context"
	"fmt"

	"github.com/trucewatch/truce"
)

// Takedown records that a text is removed, and removes it: every record that holds a text
// with the hash, or of the article, or claims that were read out of it, loses salt and body
// as Erase does it, and its words leave the index, all in one transaction. Rows, headlines and hashes stay, and the same
// text is refused from then on. That no text is there any more is no error: it may come
// later. Several are recorded together or not at all.
//
// It reaches the texts of articles alone. Observations that carry text are erased with
// their batch, originals in the evidence.
func (s *Store) Takedown(ctx context.Context, all ...truce.Takedown) (truce.Receipt, error) {
	for _, t := range all {
		if err := t.Validate(); err != nil {
			return truce.Receipt{}, fmt.Errorf("store: %w", err)
		}
	}
	receipt, err := s.removal(ctx, func(tx *writeTx) (out truce.Receipt, err error) {
		for _, t := range all {
			one, err := tx.takeDown(t)
			if err != nil {
				return one, err
			}
			one.Seqs, one.Duplicate = append(out.Seqs, one.Seqs...), append(out.Duplicate, one.Duplicate...)
			out = one
		}
		return out, nil
	})
	if err != nil {
		return truce.Receipt{}, fmt.Errorf("store: takedown: %w", err)
	}
	return receipt, nil
}

func (tx *writeTx) takeDown(t truce.Takedown) (truce.Receipt, error) {
	if !t.Article.IsZero() {
		if _, found, err := tx.storedArticle(t.Article); err != nil || !found {
			return truce.Receipt{}, orUnknown(err, "article", t.Article)
		}
	}
	subject, name := "", t.Hash.String()
	if !t.Article.IsZero() {
		subject, name = truce.Article{ID: t.Article}.Subject(), t.Article.String()
	}
	receipt, err := tx.appendOwn(truce.RecordTakedown, subject, "takedown/"+name+"/"+t.At.String(), t)
	if err != nil || receipt.Duplicate[0] {
		return receipt, err
	}
	var texts []truce.Seq
	const holders = `SELECT seq FROM article_texts WHERE article = $1 OR hash = $2 AND hash <> '' UNION
		SELECT seq FROM article_readings WHERE article = $1 OR hash = $2 AND hash <> '' ORDER BY seq`
	err = tx.rows(holders, []any{idOrNone(t.Article), hashText(t.Hash)},
		func(scan func(...any) error) error {
			var seq int64
			err := scan(&seq)
			texts = append(texts, truce.Seq(seq))
			return err
		})
	for _, seq := range texts {
		if err == nil {
			_, err = tx.erase(seq, fmt.Sprintf("taken down by record %d", receipt.Seqs[0]))
		}
	}
	receipt.Head, receipt.HeadHash = tx.head.seq, tx.head.hash
	return receipt, err
}

// HoldersOf lists the articles that have a text of a hash now or had it in an earlier
// version, in the order of their ids; a text that was taken down is held no more.
func (s *Store) HoldersOf(ctx context.Context, text truce.Hash) ([]truce.ID, error) {
	var out []truce.ID
	err := list(ctx, s.readers, "SELECT DISTINCT article FROM article_texts WHERE hash = $1 ORDER BY article", []any{text.String()}, func(scan func(...any) error) error {
		var raw []byte
		err := scan(&raw)
		out = append(out, truce.ID(raw))
		return err
	})
	return out, err
}

// TextsOf lists the hashes of the texts that are kept of an article, of all its versions.
func (s *Store) TextsOf(ctx context.Context, article truce.ID) ([]truce.Hash, error) {
	var out []truce.Hash
	err := list(ctx, s.readers, "SELECT DISTINCT hash FROM article_texts WHERE article = $1 ORDER BY hash", []any{article[:]}, func(scan func(...any) error) error {
		var text string
		var hash truce.Hash
		err := scan(&text)
		if err == nil {
			err = hash.UnmarshalText([]byte(text))
		}
		out = append(out, hash)
		return err
	})
	return out, err
}

// Takedowns lists what was taken down, oldest first.
func (s *Store) Takedowns(ctx context.Context) ([]truce.TakedownRow, error) {
	return s.takedowns(ctx, " ORDER BY t.seq")
}

// TakenDown lists the takedowns that speak of a hash, of a text or of original bytes.
func (s *Store) TakenDown(ctx context.Context, hash truce.Hash) ([]truce.TakedownRow, error) {
	return s.takedowns(ctx, " WHERE t.hash = $1 AND t.hash <> '' ORDER BY t.seq", hashText(hash))
}

func (s *Store) takedowns(ctx context.Context, end string, args ...any) ([]truce.TakedownRow, error) {
	var out []truce.TakedownRow
	query := "SELECT " + bodyColumns + " FROM takedowns t JOIN records r ON r.seq = t.seq" + end
	err := bodies(ctx, s.readers, query, args, func(r truce.Record, t truce.Takedown) error {
		out = append(out, truce.TakedownRow{Seq: r.Seq, Recorded: r.Time, Takedown: t})
		return nil
	})
	return out, err
}
