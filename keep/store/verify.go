package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/trucewatch/truce"
)

// Damage is one thing found wrong. Seq is the record it lies in, 0 when it lies in no
// single record.
type Damage struct {
	Seq   truce.Seq
	Where string // "record", "head", "observations", "read table ...", "database"
	What  string
}

// String is the damage as one line.
func (d Damage) String() string {
	if d.Seq == 0 {
		return fmt.Sprintf("%s: %s", d.Where, d.What)
	}
	return fmt.Sprintf("record %d, %s: %s", d.Seq, d.Where, d.What)
}

// Report is what a verification looked at and what it found.
type Report struct {
	Records      int // read
	Erased       int // of them, bodies erased with an erasure record
	Batches      int // of observations, with rows in the store
	Observations int
	Damage       []Damage
	More         int // damages beyond maxDamage, counted only
}

// String is the report for people: one line of counts, then a line for each damage.
func (r Report) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d records (%d erased), %d batches with %d observations: ", r.Records, r.Erased, r.Batches, r.Observations)
	if r.OK() {
		b.WriteString("no damage found\n")
		return b.String()
	}
	fmt.Fprintf(&b, "%d damaged\n", len(r.Damage)+r.More)
	for _, d := range r.Damage {
		fmt.Fprintln(&b, d)
	}
	if r.More > 0 {
		fmt.Fprintf(&b, "and %d more\n", r.More)
	}
	return b.String()
}

// OK says that nothing was found wrong.
func (r Report) OK() bool { return len(r.Damage) == 0 }

// maxDamage bounds the list of a report: some 1 MB.
const maxDamage = 10_000

func (r *Report) add(seq truce.Seq, where, format string, args ...any) {
	if len(r.Damage) == maxDamage {
		r.More++
		return
	}
	r.Damage = append(r.Damage, Damage{seq, where, fmt.Sprintf(format, args...)})
}

// VerifyStore checks everything that can be checked without the outside: the
// database's own files, the numbers, commitments and hash chain of the records, the
// observations against the Merkle roots of their batches, and the read tables against
// a fresh fold. It changes nothing and refuses nothing: every damage goes into the
// report. progress, when not nil, is told now and then how many records of how many
// are done.
func (s *Store) VerifyStore(ctx context.Context, progress func(done, total truce.Seq)) (Report, error) {
	var r Report
	found, err := s.eng.integrity(ctx, s.readers)
	if err != nil {
		return r, fmt.Errorf("store: verify: %w", err)
	}
	for _, line := range found {
		r.add(0, "database", "%s", line)
	}
	err = s.snapshot(ctx, func(tx *sql.Tx) error {
		v := &verification{store: s, ctx: ctx, tx: tx, report: &r, progress: progress}
		return v.all()
	})
	if err != nil {
		return r, fmt.Errorf("store: verify: %w", err)
	}
	return r, nil
}

// VerifyRecords checks the records alone: numbers, commitments and hash chain.
func (s *Store) VerifyRecords(ctx context.Context) (Report, error) {
	var r Report
	err := s.snapshot(ctx, func(tx *sql.Tx) error {
		v := &verification{store: s, ctx: ctx, tx: tx, report: &r}
		return v.records()
	})
	if err != nil {
		return r, fmt.Errorf("store: verify: %w", err)
	}
	return r, nil
}

// verification is one run over one snapshot.
type verification struct {
	store    *Store
	ctx      context.Context // of this run
	tx       *sql.Tx
	report   *Report
	progress func(done, total truce.Seq)

	head     truce.Seq
	headHash truce.Hash
	last     truce.Seq // the record checked last
	stored   truce.Hash
	computed truce.Hash
	time     truce.RecordedTime
	erased   []truce.Seq                       // records without a body
	erasures map[truce.Seq]truce.Seq           // erased record: record that says so
	batches  map[truce.Seq]truce.BatchManifest // with a readable manifest
}

func (v *verification) all() error {
	if err := v.records(); err != nil {
		return err
	}
	clean := v.report.OK()
	if err := v.observations(); err != nil {
		return err
	}
	if !clean {
		return nil // nothing is folded from damaged records
	}
	return v.readTables()
}

// records walks the chain. Each record is held against the hash of the one before as
// stored and as computed, so that a damaged hash is blamed on its own record only.
func (v *verification) records() error {
	v.erasures, v.batches = map[truce.Seq]truce.Seq{}, map[truce.Seq]truce.BatchManifest{}
	var hash []byte
	err := v.list("SELECT seq, hash FROM head WHERE id = 1", nil, func(scan func(...any) error) error {
		return scan((*int64)(&v.head), &hash)
	})
	if err != nil {
		return err
	}
	copy(v.headHash[:], hash)
	if err := v.walk(); err != nil {
		return err
	}
	v.checkHead()
	v.checkErasures()
	return nil
}

func (v *verification) walk() error {
	return v.list("SELECT "+recordColumns+" FROM records ORDER BY seq", nil, func(scan func(...any) error) error {
		r, err := lenientRecord(scan)
		if r.Seq == 0 {
			return err // not even a number could be read: the database fails
		}
		v.checkNumber(r.Seq)
		if err != nil {
			v.report.add(r.Seq, "record", "%v", err)
		} else {
			v.checkRecord(r)
		}
		v.last, v.stored = r.Seq, r.Hash
		v.report.Records++
		if v.progress != nil && v.report.Records%foldPage == 0 {
			v.progress(r.Seq, v.head)
		}
		return nil
	})
}

// lenientRecord reads what can be read of a record: with an error the number stands.
func lenientRecord(scan func(...any) error) (truce.Record, error) {
	var seq int64
	var raw [10]any
	dest := []any{&seq}
	for i := range raw {
		dest = append(dest, &raw[i])
	}
	if err := scan(dest...); err != nil {
		return truce.Record{}, err
	}
	typed := func(dest ...any) error {
		for i, d := range dest {
			if i == 0 {
				*d.(*int64) = seq
			} else if err := assign(d, raw[i-1]); err != nil {
				return err
			}
		}
		return nil
	}
	r, err := scanRecord(typed)
	r.Seq = truce.Seq(seq)
	return r, err
}

// assign is the little of Scan that a record's columns need, without conversions: a
// value of another type than was written is damage.
func assign(dest, value any) error {
	ok := true
	switch d := dest.(type) {
	case *int64:
		*d, ok = value.(int64)
	case *int:
		var n int64
		n, ok = value.(int64)
		*d = int(n)
	case *string:
		*d, ok = value.(string)
	case *[]byte:
		if value != nil {
			*d, ok = value.([]byte)
		}
	case *sql.NullString:
		if value != nil {
			d.String, ok = value.(string)
			d.Valid = true
		}
	}
	if !ok {
		return fmt.Errorf("a column holds a value of type %T", value)
	}
	return nil
}

func (v *verification) checkNumber(seq truce.Seq) {
	const atMost = 100 // of one gap, the rest is summed up
	missing := v.last + 1
	for ; missing < seq && missing <= v.last+atMost; missing++ {
		v.report.add(missing, "record", "missing")
		v.stored, v.computed = truce.Hash{}, truce.Hash{}
	}
	if missing < seq {
		v.report.add(missing, "record", "missing, and all up to %d", seq-1)
	}
}

func (v *verification) checkRecord(r truce.Record) {
	sealed, err := r.Seal()
	if err != nil {
		v.report.add(r.Seq, "record", "the header cannot be written: %v", err)
		return
	}
	known := v.last+1 == r.Seq
	switch {
	case known && r.Prev != v.stored && r.Prev != v.computed:
		v.report.add(r.Seq, "record", "its previous hash is not that of record %d", v.last)
	case sealed != r.Hash && !v.store.skipHashCheck:
		v.report.add(r.Seq, "record", "its hash does not match its header")
	case r.Time < v.time:
		v.report.add(r.Seq, "record", "it was recorded before record %d", v.last)
	default:
		v.time = r.Time
	}
	v.computed = sealed
	v.checkBody(r)
}

func (v *verification) checkBody(r truce.Record) {
	switch {
	case r.Body == nil && r.Salt == nil:
		v.erased = append(v.erased, r.Seq)
		return
	case r.Body == nil || r.Salt == nil:
		v.report.add(r.Seq, "record", "one of salt and body is missing")
		return
	case truce.Commit(r.Salt, r.Body) != r.Commitment && !v.store.skipHashCheck:
		v.report.add(r.Seq, "record", "its body does not match its commitment")
		return
	}
	switch r.Kind {
	case truce.RecordErasure:
		if e, err := truce.DecodeBody[truce.Erasure](r); err == nil {
			v.erasures[e.Seq] = r.Seq
		}
	case truce.RecordBatch:
		if m, err := truce.DecodeBody[truce.BatchManifest](r); err == nil {
			v.batches[r.Seq] = m
		}
	}
}

func (v *verification) checkHead() {
	if v.head > v.last {
		v.checkNumber(v.head + 1)
		return
	}
	if v.head < v.last {
		v.report.add(v.last, "head", "the head says %d", v.head)
		return
	}
	if v.headHash != v.stored {
		v.report.add(v.last, "head", "the head has another hash")
	}
}

func (v *verification) checkErasures() {
	for _, seq := range v.erased {
		if _, said := v.erasures[seq]; !said {
			v.report.add(seq, "record", "salt and body are gone and no erasure record says so")
		} else {
			v.report.Erased++
		}
	}
	var left []truce.Seq
	for seq := range v.erasures {
		if !slices.Contains(v.erased, seq) {
			left = append(left, seq)
		}
	}
	slices.Sort(left)
	for _, seq := range left {
		v.report.add(seq, "record", "record %d says it was erased, but its body is there", v.erasures[seq])
	}
}

// list reads from the snapshot. Damage that the database itself meets ends only that
// reading.
func (v *verification) list(query string, args []any, read func(scan func(...any) error) error) error {
	err := list(v.ctx, v.tx, query, args, read)
	if err == nil || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	v.report.add(0, "database", "%v", err)
	return nil
}
