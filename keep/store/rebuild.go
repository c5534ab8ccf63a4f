package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"fmt"
	"hash"
	"math"

	"github.com/trucewatch/truce"
)

// workTables are kept for working: no record folds into them, a rebuild leaves them.
var workTables = []string{"feed_state"}

// readTables are the tables folded from the records, with the columns that order
// their rows in a digest.
var readTables = []struct{ name, order string }{
	{"sources", "seq"},
	{"imports", "seq"},
	{"quarantined", "seq, idx"},
	{"agreements", "seq"},
	{"revisions", "kind, id, revision"},
	{"events", "id"},
	{"supports", "event, observation"},
	{"incidents", "id"},
	{"incident_labels", "incident, label"},
	{"evaluations", "seq"},
	{"findings", "incident, rule"},
	{"bulletins", "seq"},
	{"watermarks", "name"},
	{"retentions", "seq"},
	{"erasures", "erased"},
	{"notifications", "seq"},
	{"versions", "seq"},
	{"reviews", "seq"},
	{"attributions", "seq"},
	{"cases", "id"},
	{"case_areas", "case_id, area"},
	{"case_incidents", "case_id, incident"},
	{"wakes", "subject, name"},
	{"alerts", "id"},
	{"alert_recipients", "alert, person"},
	{"outbox", "alert, person"},
	{"deliveries", "seq"},
	{"acknowledgements", "seq"},
	{"case_gates", "case_id, tier, down, target, path, gate"},
	{"case_clocks", "case_id, clock, whose, round"},
	{"articles", "id"},
	{"article_texts", "seq"},
	{"article_versions", "seq, idx"},
	{"stories", "id"},
	{"story_articles", "story, article"},
	{"story_steps", "seq, idx"},
	{"takedowns", "seq"},
	{"case_terms", "case_id"},
	{"article_readings", "seq"},
	{"article_claims", "seq, idx"},
	{"claim_checks", "seq"},
}

// Rebuild empties every read table and folds all records into them again, in one
// transaction: readers see the old rows until the new ones are complete. It runs no
// analysis. It refuses a damaged record, because nothing is derived from what cannot
// be trusted.
func (s *Store) Rebuild(ctx context.Context) error {
	err := s.inTransaction(ctx, func(tx *writeTx) error {
		for _, table := range readTables {
			if err := tx.exec("DELETE FROM " + table.name); err != nil {
				return err
			}
		}
		for _, table := range []string{articleWords, storyWords} {
			if err := tx.w.eng.clearWords(tx.ctx, tx.w, table); err != nil {
				return err
			}
		}
		return tx.foldAll(tx.page)
	})
	if err != nil {
		return fmt.Errorf("store: rebuild: %w", err)
	}
	return nil
}

// foldPage is how many records a fold holds in memory at once.
const foldPage = 500

// page reads records inside the transaction.
func (tx *writeTx) page(from truce.Seq) ([]truce.Record, error) {
	var out []truce.Record
	query := "SELECT " + recordColumns + " FROM records WHERE seq >= $1 ORDER BY seq LIMIT $2"
	err := tx.rows(query, []any{int64(from), int64(foldPage)}, func(scan func(...any) error) error {
		r, err := scanRecord(scan)
		out = append(out, r)
		return err
	})
	return out, err
}

// foldAll folds the records that page gives, from the first, checking the chain on
// the way. Erased records fold to nothing.
func (tx *writeTx) foldAll(page func(from truce.Seq) ([]truce.Record, error)) error {
	last := truce.Record{}
	for {
		records, err := page(last.Seq + 1)
		if err != nil || len(records) == 0 {
			return err
		}
		for _, r := range records {
			if r.Seq != last.Seq+1 {
				return &foldError{last.Seq + 1, truce.Errorf(truce.CodeInternal, "record %d is missing", last.Seq+1)}
			}
			if err := tx.foldOne(r, last.Hash); err != nil {
				return &foldError{r.Seq, err}
			}
			last = r
		}
	}
}

// foldError says at which record a fold stopped.
type foldError struct {
	seq truce.Seq
	err error
}

func (e *foldError) Error() string { return fmt.Sprintf("at record %d: %v", e.seq, e.err) }
func (e *foldError) Unwrap() error { return e.err }

func (tx *writeTx) foldOne(r truce.Record, prev truce.Hash) error {
	if err := r.Verify(prev); err != nil || r.Erased() {
		return err
	}
	if r.Schema > truce.SchemaVersion {
		return truce.Errorf(truce.CodeInvalid, "schema %d is newer than this program reads (%d): update truce", r.Schema, truce.SchemaVersion)
	}
	value, err := decodeBody(r.Kind, r.Body)
	if err != nil {
		return err
	}
	return tx.fold(r, value)
}

// Digest is the SHA-256 over the rows of every read table in the order of their
// primary keys. Both engines give the same for the same records, and a rebuild does
// not change it.
func (s *Store) Digest(ctx context.Context) (truce.Hash, error) {
	var out truce.Hash
	err := s.snapshot(ctx, func(tx *sql.Tx) error {
		h := sha256.New()
		for _, table := range readTables {
			d, err := tableDigest(ctx, tx, table.name, table.order)
			if err != nil {
				return err
			}
			h.Write(d[:])
		}
		out = truce.Hash(h.Sum(nil))
		return nil
	})
	return out, err
}

// tableDigest hashes one table: its name, then each value with its type and length.
func tableDigest(ctx context.Context, q querier, table, order string) (truce.Hash, error) {
	rows, err := q.QueryContext(ctx, "SELECT * FROM "+table+" ORDER BY "+order)
	if err != nil {
		return truce.Hash{}, fmt.Errorf("store: digest: %w", err)
	}
	columns, err := rows.Columns()
	if err != nil {
		return truce.Hash{}, fmt.Errorf("store: digest: %w", err)
	}
	values, dest := make([]any, len(columns)), make([]any, len(columns))
	for i := range values {
		dest[i] = &values[i]
	}
	h := sha256.New()
	hashValue(h, table)
	err = eachRow(rows, func(scan func(...any) error) error {
		if err := scan(dest...); err != nil {
			return err
		}
		for _, v := range values {
			if err := hashValue(h, v); err != nil {
				return fmt.Errorf("table %s: %w", table, err)
			}
		}
		return nil
	})
	if err != nil {
		return truce.Hash{}, fmt.Errorf("store: digest: %w", err)
	}
	return truce.Hash(h.Sum(nil)), nil
}

func hashValue(h hash.Hash, v any) error {
	var b []byte
	var number [8]byte
	kind := byte('i')
	switch v := v.(type) {
	case int64:
		binary.BigEndian.PutUint64(number[:], uint64(v))
		b = number[:]
	case float64:
		kind = 'f'
		binary.BigEndian.PutUint64(number[:], math.Float64bits(v))
		b = number[:]
	case string:
		kind, b = 't', []byte(v)
	case []byte:
		kind, b = 'b', v
	default:
		return fmt.Errorf("a value of type %T has no digest", v)
	}
	var head [9]byte
	head[0] = kind
	binary.BigEndian.PutUint64(head[1:], uint64(len(b)))
	h.Write(head[:])
	h.Write(b)
	return nil
}
