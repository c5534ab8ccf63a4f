package publish

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/trucewatch/truce"
)

// The public store's tables. Bodies are the very bytes that were released; the columns
// beside them only find them. $1 placeholders as everywhere, so that either engine does.
var publicSchema = []string{
	`CREATE TABLE IF NOT EXISTS bulletins (
		number TEXT PRIMARY KEY, day TEXT NOT NULL, version BIGINT NOT NULL, realm TEXT NOT NULL,
		released BIGINT NOT NULL, nrows BIGINT NOT NULL, sha256 TEXT NOT NULL, seq BIGINT NOT NULL,
		head BLOB NOT NULL, record_header BLOB NOT NULL, record_salt BLOB NOT NULL, record_prev TEXT NOT NULL)`,
	`CREATE INDEX IF NOT EXISTS bulletins_day ON bulletins (day, version)`,
	`CREATE TABLE IF NOT EXISTS documents (
		number TEXT NOT NULL, lang TEXT NOT NULL, format TEXT NOT NULL, body BLOB NOT NULL,
		PRIMARY KEY (number, lang, format))`,
	`CREATE TABLE IF NOT EXISTS incidents (
		id TEXT PRIMARY KEY, number TEXT NOT NULL, day TEXT NOT NULL, begins BIGINT NOT NULL,
		act TEXT NOT NULL, area TEXT NOT NULL, occurrence TEXT NOT NULL, body BLOB NOT NULL)`,
	`CREATE INDEX IF NOT EXISTS incidents_begins ON incidents (begins, id)`,
	`CREATE TABLE IF NOT EXISTS sources (id TEXT PRIMARY KEY, body BLOB NOT NULL)`,
	guaranteeSchema,
	`CREATE TABLE IF NOT EXISTS press_stories (id TEXT PRIMARY KEY, told BIGINT NOT NULL, words TEXT NOT NULL, body BLOB NOT NULL)`,
	`CREATE INDEX IF NOT EXISTS press_stories_told ON press_stories (told, id)`,
	`CREATE TABLE IF NOT EXISTS press_told (story TEXT NOT NULL, day TEXT NOT NULL, language TEXT NOT NULL, publisher TEXT NOT NULL, articles BIGINT NOT NULL,
		PRIMARY KEY (story, day, language, publisher))`,
	`CREATE INDEX IF NOT EXISTS press_told_day ON press_told (day, story)`,
	`CREATE TABLE IF NOT EXISTS press_promises (place BIGINT PRIMARY KEY, body BLOB NOT NULL)`,
}

// The formats a bulletin is stored in. JSON and CSV are the same in every language.
const (
	FormatHTML     = "html"
	FormatMarkdown = "md"
	FormatJSON     = "json"
	FormatCSV      = "csv"
)

// PublicStore writes the one store that public pages are served from. It takes releases
// of the gate and nothing else; the caller opens the database.
type PublicStore struct{ db *sql.DB }

// OpenPublicStore creates the tables where they are missing.
func OpenPublicStore(ctx context.Context, db *sql.DB) (*PublicStore, error) {
	for _, statement := range append(slices.Clone(publicSchema), checksSchema...) {
		if _, err := db.ExecContext(ctx, statement); err != nil {
			return nil, fmt.Errorf("public store: %w", err)
		}
	}
	return &PublicStore{db}, nil
}

// Proof is the record that holds the released bytes as its body: with it and the body
// anybody can reckon the record's hash and look it up in the log.
type Proof struct {
	Seq    truce.Seq
	Header []byte // canonical header of the record
	Salt   []byte
	Prev   truce.Hash
}

// Put stores a release, all of it or nothing. Putting the same release again changes
// nothing; other bytes under a number that is out are refused.
func (s *PublicStore) Put(ctx context.Context, r Release, proof Proof) error {
	if err := Refusal(r.Bulletin.Number, PublicProblems(r.Bulletin)); err != nil {
		return err
	}
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("public store: %w", err)
	}
	defer tx.Rollback() // after a commit this does nothing
	known, err := s.known(ctx, tx, r)
	if err != nil || known {
		return err
	}
	if err := putRelease(ctx, tx, r, proof); err != nil {
		return fmt.Errorf("public store: bulletin %s: %w", r.Bulletin.Number, err)
	}
	return tx.Commit()
}

// known says whether the same bytes are stored under the number.
func (s *PublicStore) known(ctx context.Context, tx *sql.Tx, r Release) (bool, error) {
	var have string
	err := tx.QueryRowContext(ctx, `SELECT sha256 FROM bulletins WHERE number = $1`, r.Bulletin.Number).Scan(&have)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return false, nil
	case err != nil:
		return false, fmt.Errorf("public store: %w", err)
	case have != truce.HashOf(r.JSON).String():
		return false, truce.Errorf(truce.CodeConflict, "public store: bulletin %s is out with other bytes; a change needs a new version", r.Bulletin.Number)
	}
	return true, nil
}

func putRelease(ctx context.Context, tx *sql.Tx, r Release, proof Proof) error {
	b := r.Bulletin
	head, err := JSON(headOf(b))
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `INSERT INTO bulletins
		(number, day, version, realm, released, nrows, sha256, seq, head, record_header, record_salt, record_prev)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
		b.Number, string(b.Day), b.Version, string(b.Realm), int64(r.At), len(b.Rows), truce.HashOf(r.JSON).String(),
		int64(proof.Seq), head, bytesOf(proof.Header), bytesOf(proof.Salt), proof.Prev.String()); err != nil {
		return err
	}
	if err := putDocuments(ctx, tx, r); err != nil {
		return err
	}
	if err := putIncidents(ctx, tx, b); err != nil {
		return err
	}
	return putSources(ctx, tx, b)
}

// headOf is a bulletin without what is counted in it: enough for a page's frame, and small
// on the largest day.
func headOf(b truce.Bulletin) truce.Bulletin {
	b.Rows, b.Tables, b.Parts, b.Coverage, b.Absences, b.Corrections = nil, nil, nil, nil, nil, nil
	b.Claims, b.Restrictions, b.Places, b.Windows = nil, nil, nil, nil
	return b
}

// bytesOf keeps a missing part of the proof from being NULL.
func bytesOf(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}

func putDocuments(ctx context.Context, tx *sql.Tx, r Release) error {
	put := func(lang, format string, body []byte) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO documents (number, lang, format, body) VALUES ($1, $2, $3, $4)`, r.Bulletin.Number, lang, format, body)
		return err
	}
	if err := put("", FormatJSON, r.JSON); err != nil {
		return err
	}
	if err := put("", FormatCSV, r.CSV); err != nil {
		return err
	}
	for _, d := range r.Documents {
		if err := put(d.Lang, d.Format, d.Body); err != nil {
			return err
		}
	}
	return nil
}

// putIncidents replaces the rows of earlier versions of the day by this one's.
func putIncidents(ctx context.Context, tx *sql.Tx, b truce.Bulletin) error {
	if _, err := tx.ExecContext(ctx, `DELETE FROM incidents WHERE number IN (SELECT number FROM bulletins WHERE day = $1)`, string(b.Day)); err != nil {
		return err
	}
	insert, err := tx.PrepareContext(ctx, `INSERT INTO incidents (id, number, day, begins, act, area, occurrence, body)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT (id) DO UPDATE SET number = excluded.number, day = excluded.day, begins = excluded.begins, act = excluded.act,
		area = excluded.area, occurrence = excluded.occurrence, body = excluded.body`)
	if err != nil {
		return err
	}
	defer insert.Close()
	for _, row := range b.Rows {
		body, err := truce.Canonical(row)
		if err != nil {
			return err
		}
		if _, err := insert.ExecContext(ctx, row.ID, b.Number, string(b.Day), int64(row.Time.From), string(row.Act), string(row.Area), string(row.Occurrence), body); err != nil {
			return err
		}
	}
	return nil
}

func putSources(ctx context.Context, tx *sql.Tx, b truce.Bulletin) error {
	for _, s := range b.Sources {
		body, err := json.Marshal(s.SourceInfo)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO sources (id, body) VALUES ($1, $2)
			ON CONFLICT (id) DO UPDATE SET body = excluded.body`, string(s.ID), body); err != nil {
			return err
		}
	}
	return nil
}
