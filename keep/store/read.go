package store

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"github.com/trucewatch/truce"
)

// querier is a reading connection, pool or transaction.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// list reads every row of a query from a reader.
func list(ctx context.Context, q querier, query string, args []any, read func(scan func(...any) error) error) error {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return fmt.Errorf("store: %w", err)
	}
	if err := eachRow(rows, read); err != nil {
		return fmt.Errorf("store: %w", err)
	}
	return nil
}

// one reads one row; found is false when there is none.
func (s *Store) one(ctx context.Context, query string, args []any, dest ...any) (found bool, err error) {
	err = list(ctx, s.readers, query, args, func(scan func(...any) error) error {
		found = true
		return scan(dest...)
	})
	return found, err
}

// snapshot runs several reads that must agree with each other.
func (s *Store) snapshot(ctx context.Context, read func(*sql.Tx) error) error {
	tx, err := s.readers.BeginTx(ctx, &sql.TxOptions{ReadOnly: true, Isolation: sql.LevelRepeatableRead})
	if err != nil {
		return fmt.Errorf("store: %w", err)
	}
	defer tx.Rollback() // nothing was written
	return read(tx)
}

// placeholders is "$from, ..." for n arguments.
func placeholders(from, n int) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, "$%d", from+i)
	}
	return b.String()
}

const recordColumns = "seq, kind, schema, subject, key, recorded, salt, body, commitment, prev, hash"

func scanRecord(scan func(...any) error) (truce.Record, error) {
	var r truce.Record
	var body sql.NullString
	var commitment, prev, hash []byte
	err := scan((*int64)(&r.Seq), (*string)(&r.Kind), &r.Schema, &r.Subject, &r.Key, (*int64)(&r.Time), &r.Salt, &body,
		&commitment, &prev, &hash)
	if body.Valid {
		r.Body = bytesOf(body.String)
	}
	for dest, b := range map[*truce.Hash][]byte{&r.Commitment: commitment, &r.Prev: prev, &r.Hash: hash} {
		if err == nil && len(b) != len(dest) {
			err = truce.Errorf(truce.CodeInternal, "record %d: a hash of %d bytes, want %d", r.Seq, len(b), len(dest))
		}
		copy(dest[:], b)
	}
	return r, err
}

// Records lists records in order, from a number on, at most limit.
func (s *Store) Records(ctx context.Context, from truce.Seq, limit int) ([]truce.Record, error) {
	if limit <= 0 || limit > maxPage {
		return nil, truce.Errorf(truce.CodeInvalid, "store: records: limit %d, want 1 to %d", limit, maxPage)
	}
	var out []truce.Record
	query := "SELECT " + recordColumns + " FROM records WHERE seq >= $1 ORDER BY seq LIMIT $2"
	err := list(ctx, s.readers, query, []any{int64(from), int64(limit)}, func(scan func(...any) error) error {
		r, err := scanRecord(scan)
		out = append(out, r)
		return err
	})
	return out, err
}

// Record is one record by its number.
func (s *Store) Record(ctx context.Context, seq truce.Seq) (truce.Record, error) {
	var r truce.Record
	err := list(ctx, s.readers, "SELECT "+recordColumns+" FROM records WHERE seq = $1", []any{int64(seq)},
		func(scan func(...any) (err error)) (err error) {
			r, err = scanRecord(scan)
			return err
		})
	if err == nil && r.Seq == 0 {
		err = truce.Errorf(truce.CodeNotFound, "store: there is no record %d", seq)
	}
	return r, err
}

// LastOf is the last record about a subject, the number an Expect names; 0 for none.
func (s *Store) LastOf(ctx context.Context, subject string) (truce.Seq, error) {
	var seq int64
	_, err := s.one(ctx, "SELECT seq FROM records WHERE subject = $1 AND subject <> '' ORDER BY seq DESC LIMIT 1", []any{subject}, &seq)
	return truce.Seq(seq), err
}

// bodies reads the record bodies a query names, in its order. The query selects
// columns r.seq, r.schema, r.recorded and r.body.
func bodies[T any](ctx context.Context, q querier, query string, args []any, take func(truce.Record, T) error) error {
	return list(ctx, q, query, args, func(scan func(...any) error) error {
		r, err := scanBody(scan)
		if err != nil {
			return err
		}
		v, err := truce.DecodeBody[T](r)
		if err != nil {
			return err
		}
		return take(r, v)
	})
}

const bodyColumns = "r.seq, r.schema, r.recorded, r.body"

func scanBody(scan func(...any) error) (truce.Record, error) {
	var r truce.Record
	var body sql.NullString
	err := scan((*int64)(&r.Seq), &r.Schema, (*int64)(&r.Time), &body)
	if body.Valid {
		r.Body = bytesOf(body.String)
	}
	return r, err
}
