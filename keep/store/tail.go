package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/trucewatch/truce"
)

// checkTail holds the head against the last record, and the last records against their
// hashes, their bodies and each other. All of them take too long at every start: what
// lies further back is found by a verification, or by an append that reads it.
func (s *Store) checkTail(ctx context.Context) error {
	return s.snapshot(ctx, func(tx *sql.Tx) error {
		t, err := readHead(ctx, tx)
		if err == nil {
			err = t.walk(ctx, tx)
		}
		if err != nil {
			return truce.Errorf(truce.CodeInternal, "nothing is appended to a damaged store, check it with truce verify-store: %w", err)
		}
		return nil
	})
}

// tail is a walk from the head backwards: what the next record must be.
type tail struct {
	seq  truce.Seq
	hash truce.Hash

	records, bytes int // seen
	err            error
}

func readHead(ctx context.Context, q querier) (*tail, error) {
	t := &tail{err: errors.New("the head is missing")}
	var hash []byte
	err := list(ctx, q, "SELECT seq, hash FROM head WHERE id = 1", nil, func(scan func(...any) error) error {
		t.err = nil
		return scan((*int64)(&t.seq), &hash)
	})
	copy(t.hash[:], hash)
	return t, errors.Join(err, t.err)
}

var errTailEnds = errors.New("enough of the tail was read")

func (t *tail) walk(ctx context.Context, q querier) error {
	query := "SELECT " + recordColumns + " FROM records ORDER BY seq DESC LIMIT $1"
	err := list(ctx, q, query, []any{int64(tailRecords)}, func(scan func(...any) error) error {
		r, err := scanRecord(scan)
		if err == nil {
			err = t.next(r)
		}
		if err == nil && t.bytes > tailBytes && t.records > 1 {
			return errTailEnds
		}
		return err
	})
	switch {
	case err != nil && !errors.Is(err, errTailEnds):
		return err
	case t.records == 0:
		return truce.Errorf(truce.CodeInternal, "the head names record %d and there are no records", t.seq)
	case t.seq == 0 && !t.hash.IsZero():
		return truce.Errorf(truce.CodeInternal, "record 1 names one before it")
	case err == nil && t.records < tailRecords && t.seq > 0:
		return truce.Errorf(truce.CodeInternal, "record %d is missing", t.seq)
	}
	return nil
}

// next takes the record before the last that was seen; the first is the head's.
func (t *tail) next(r truce.Record) error {
	switch {
	case r.Seq != t.seq && t.records == 0:
		return truce.Errorf(truce.CodeInternal, "the head names record %d and the last is %d", t.seq, r.Seq)
	case r.Seq != t.seq:
		return truce.Errorf(truce.CodeInternal, "record %d is missing", t.seq)
	case r.Hash != t.hash && t.records == 0:
		return truce.Errorf(truce.CodeInternal, "the head has another hash than record %d", r.Seq)
	case r.Hash != t.hash:
		return truce.Errorf(truce.CodeInternal, "record %d: its hash is not the one that record %d names", r.Seq, r.Seq+1)
	}
	if err := r.Verify(r.Prev); err != nil {
		return err
	}
	t.records++
	t.bytes += len(r.Body)
	t.seq, t.hash = r.Seq-1, r.Prev
	return nil
}

// intact refuses a record that an append reads and that is not what was recorded. The
// store stops: what is derived from it would be recorded for good.
func intact(r truce.Record) error {
	if err := r.Verify(r.Prev); err != nil {
		return damagedBy(err)
	}
	return nil
}

func damagedBy(why error) error {
	return fmt.Errorf("%w: %w", ErrFatal, truce.Errorf(truce.CodeInternal, "it is damaged, check it with truce verify-store: %w", why))
}
