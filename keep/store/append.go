package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/trucewatch/truce"
)

// Append commits a batch, all or nothing, with the read tables and the consumer's
// cursor in the same transaction.
//
// When it returns without error the records are committed and synced. Sequence numbers
// have no gap and equal the order of commits. A draft that was appended before under its
// key changes nothing and its receipt carries the number of that record; another draft
// under a known key, a draft whose Expect is not met, a fence whose lease has moved on, or an observation that is
// already stored is a conflict. When ctx ends first, the outcome is unknown: the
// caller MUST retry with the same keys. After an error that is ErrFatal the caller
// MUST stop appending.
//
// Incidents at revision 1 and cases at step 1 get their number for people here.
func (s *Store) Append(ctx context.Context, batch truce.Batch) (truce.Receipt, error) {
	p, err := s.prepare(batch)
	if err != nil {
		return truce.Receipt{}, fmt.Errorf("store: append: %w", err)
	}
	r := &request{batch: p}
	if err := s.submit(ctx, r); err != nil {
		return truce.Receipt{}, fmt.Errorf("store: append: %w", err)
	}
	return r.receipt, nil
}

// prepared is a batch that was checked and encoded by its caller's goroutine, so that
// the committer only writes.
type prepared struct {
	drafts []preparedDraft
	fence  *truce.Fence
	cursor *truce.Cursor
	rows   int
}

type preparedDraft struct {
	truce.Draft
	value    any // the body, decoded
	payloads []dayRows
}

func (s *Store) prepare(batch truce.Batch) (*prepared, error) {
	if len(batch.Drafts) > maxBatchDrafts {
		return nil, truce.Errorf(truce.CodeTooLarge, "%d records in one append, the bound is %d", len(batch.Drafts), maxBatchDrafts)
	}
	if len(batch.Drafts) == 0 && batch.Cursor == nil {
		return nil, truce.Errorf(truce.CodeInvalid, "nothing to append")
	}
	p := &prepared{fence: batch.Fence, cursor: batch.Cursor, drafts: make([]preparedDraft, len(batch.Drafts))}
	for i, draft := range batch.Drafts {
		d, err := s.prepareDraft(draft)
		if err != nil {
			return nil, fmt.Errorf("record %d (%s %q): %w", i+1, draft.Kind, draft.Key, err)
		}
		p.drafts[i] = d
		p.rows += len(draft.Rows)
	}
	if p.cursor != nil {
		if err := checkName("consumer", p.cursor.Consumer, 1); err != nil {
			return nil, err
		}
	}
	return p, nil
}

func (s *Store) prepareDraft(draft truce.Draft) (preparedDraft, error) {
	switch draft.Kind {
	case truce.RecordInception, truce.RecordRetention, truce.RecordErasure, truce.RecordTakedown:
		return preparedDraft{}, truce.Errorf(truce.CodeForbidden, "a record of this kind is appended by the store itself")
	}
	return s.checkDraft(draft)
}

// checkDraft refuses what could not be read back or rebuilt later.
func (s *Store) checkDraft(draft truce.Draft) (preparedDraft, error) {
	d := preparedDraft{Draft: draft}
	if err := checkName("key", draft.Key, 1); err != nil {
		return d, err
	}
	if err := checkName("subject", draft.Subject, 0); err != nil {
		return d, err
	}
	var err error
	if d.value, err = readBody(draft.Kind, draft.Body); err != nil {
		return d, err
	}
	if err := checkRealm(d.value, draft.Body, s.realm); err != nil {
		return d, err
	}
	if draft.Kind == truce.RecordBatch {
		d.payloads, err = splitPayloads(draft, d.value.(*truce.BatchManifest))
		return d, err
	}
	if len(draft.Rows) > 0 {
		return d, truce.Errorf(truce.CodeInvalid, "only an observation_batch carries rows")
	}
	return d, nil
}

// writeTx is one write transaction: the head as read under its lock, and the session.
type writeTx struct {
	store *Store
	w     *session
	ctx   context.Context // of this transaction; the value lives no longer than it
	head  head
	first head // as it was locked

	// body reads an earlier record's body; a verification folds elsewhere and reads here.
	body func(truce.Seq) (truce.Record, error)
}

type head struct {
	seq      truce.Seq
	hash     truce.Hash
	recorded truce.RecordedTime
}

// beginWrite locks the head row and looks at the last record.
func beginWrite(ctx context.Context, s *Store, w *session) (*writeTx, error) {
	tx := &writeTx{store: s, w: w, ctx: ctx}
	tx.body = tx.storedBody
	var hash []byte
	found, err := tx.row("UPDATE head SET id = id WHERE id = 1 RETURNING seq, hash, recorded", nil, &tx.head.seq, &hash, &tx.head.recorded)
	if err != nil {
		return nil, err
	}
	copy(tx.head.hash[:], hash)
	tx.first = tx.head
	if !found {
		return tx, nil // Create will incept
	}
	var last []byte
	found, err = tx.row("SELECT hash FROM records WHERE seq = $1", []any{int64(tx.head.seq)}, &last)
	if err == nil && (!found || string(last) != string(tx.head.hash[:])) {
		err = fmt.Errorf("%w: the head does not agree with record %d; check the store with truce verify-store", ErrFatal, tx.head.seq)
	}
	return tx, err
}

func (tx *writeTx) exec(query string, args ...any) error { return tx.w.exec(tx.ctx, query, args...) }

func (tx *writeTx) row(query string, args []any, dest ...any) (bool, error) {
	return tx.w.row(tx.ctx, query, args, dest...)
}

func (tx *writeTx) rows(query string, args []any, read func(scan func(...any) error) error) error {
	return tx.w.rows(tx.ctx, query, args, read)
}

// rowsPerInsert: some ten rows take little longer than one.
const rowsPerInsert = 16

// insert writes rows of one table, several a statement. A row that is there already
// is an error, or with ignore nothing.
func (tx *writeTx) insert(into string, rows [][]any, ignore string) error {
	for chunk := range slices.Chunk(rows, rowsPerInsert) {
		var text strings.Builder
		text.WriteString("INSERT INTO " + into + " VALUES ")
		var args []any
		for i, row := range chunk {
			if i > 0 {
				text.WriteString(", ")
			}
			text.WriteString("(" + placeholders(len(args)+1, len(row)) + ")")
			args = append(args, row...)
		}
		text.WriteString(ignore)
		if err := tx.exec(text.String(), args...); err != nil {
			return err
		}
	}
	return nil
}

func (tx *writeTx) saveHead() error {
	if tx.head == tx.first {
		return nil
	}
	return tx.exec("UPDATE head SET seq = $1, hash = $2, recorded = $3 WHERE id = 1",
		int64(tx.head.seq), tx.head.hash[:], int64(tx.head.recorded))
}

// incept writes the first record of a new store.
func (tx *writeTx) incept(draft truce.Draft) error {
	if tx.head.seq != 0 {
		return truce.Errorf(truce.CodeConflict, "there is a store already")
	}
	if err := tx.exec("INSERT INTO head (id, seq, hash, recorded) VALUES (1, 0, $1, 0)", tx.head.hash[:]); err != nil {
		return err
	}
	tx.first = head{seq: -1}
	d, err := tx.store.checkDraft(draft)
	if err != nil {
		return err
	}
	now, err := tx.now()
	if err != nil {
		return err
	}
	_, _, err = tx.appendOne(d, now)
	return err
}

// attempt writes one request behind a savepoint. What is wrong with the request is
// kept in it; an error returned here is of the whole transaction.
func (tx *writeTx) attempt(r *request) error {
	before := tx.head
	if err := tx.w.direct(tx.ctx, "SAVEPOINT one"); err != nil {
		return err
	}
	r.receipt, r.err = tx.append(r.batch)
	if r.err == nil {
		return tx.w.direct(tx.ctx, "RELEASE SAVEPOINT one")
	}
	r.err = classify(tx.store.eng, r.err)
	tx.head = before
	if errors.Is(r.err, ErrFatal) {
		return r.err
	}
	if err := tx.w.direct(tx.ctx, "ROLLBACK TO SAVEPOINT one"); err != nil {
		return r.err // the database gave up the whole transaction
	}
	return tx.w.direct(tx.ctx, "RELEASE SAVEPOINT one")
}

func (tx *writeTx) append(p *prepared) (truce.Receipt, error) {
	if err := tx.checkFence(p.fence); err != nil {
		return truce.Receipt{}, err
	}
	now, err := tx.now()
	if err != nil {
		return truce.Receipt{}, err
	}
	receipt := truce.Receipt{Recorded: now}
	for i, d := range p.drafts {
		seq, duplicate, err := tx.appendOne(d, now)
		if err != nil {
			return truce.Receipt{}, fmt.Errorf("record %d (%s %q): %w", i+1, d.Kind, d.Key, err)
		}
		receipt.Seqs = append(receipt.Seqs, seq)
		receipt.Duplicate = append(receipt.Duplicate, duplicate)
	}
	if err := tx.moveCursor(p.cursor); err != nil {
		return truce.Receipt{}, err
	}
	receipt.Head, receipt.HeadHash = tx.head.seq, tx.head.hash
	return receipt, nil
}

// now is the time of the records written next. It never decreases: a clock that
// stands a little behind the last record is held there, one that went back is fatal.
func (tx *writeTx) now() (truce.RecordedTime, error) {
	now := truce.RecordedTime(truce.InstantOf(tx.store.opt.Clock()))
	if now >= tx.head.recorded {
		return now, nil
	}
	behind := truce.Instant(tx.head.recorded).Sub(truce.Instant(now))
	if behind <= maxClockStep {
		return tx.head.recorded, nil
	}
	return 0, fmt.Errorf("%w: the clock says %s but record %d was written at %s; set the clock right, records never go back in time",
		ErrFatal, truce.Instant(now), tx.head.seq, truce.Instant(tx.head.recorded))
}

// appendOne writes one record with its rows and folds it into the read tables.
func (tx *writeTx) appendOne(d preparedDraft, now truce.RecordedTime) (seq truce.Seq, duplicate bool, err error) {
	if seq, err = tx.duplicateOf(d); err != nil || seq != 0 {
		return seq, err == nil, err
	}
	if err := tx.checkExpect(d); err != nil {
		return 0, false, err
	}
	if err := tx.numberIncident(&d); err != nil {
		return 0, false, err
	}
	if err := tx.admit(d); err != nil {
		return 0, false, err
	}
	r, err := tx.seal(d, now)
	if err != nil {
		return 0, false, err
	}
	if err := tx.insertRecord(r); err != nil {
		return 0, false, err
	}
	if err := tx.insertPayloads(r.Seq, d.payloads); err != nil {
		return 0, false, err
	}
	return r.Seq, false, tx.fold(r, d.value)
}

func (tx *writeTx) checkExpect(d preparedDraft) error {
	if d.Expect == nil {
		return nil
	}
	if d.Subject == "" {
		return truce.Errorf(truce.CodeInvalid, "expect needs a subject")
	}
	var last truce.Seq
	query := "SELECT seq FROM records WHERE subject = $1 AND subject <> '' ORDER BY seq DESC LIMIT 1"
	if _, err := tx.row(query, []any{d.Subject}, (*int64)(&last)); err != nil {
		return err
	}
	if last != *d.Expect {
		return truce.Errorf(truce.CodeConflict, "%s was last changed by record %d, not %d: read it again", d.Subject, last, *d.Expect)
	}
	return nil
}

// seal gives the draft its number, time, salt and place in the chain.
func (tx *writeTx) seal(d preparedDraft, now truce.RecordedTime) (truce.Record, error) {
	r := truce.Record{
		Seq: tx.head.seq + 1, Kind: d.Kind, Schema: truce.SchemaVersion, Subject: d.Subject, Key: d.Key,
		Time: now, Salt: make([]byte, 32), Body: d.Body, Prev: tx.head.hash,
	}
	if err := readSalt(tx.store.opt.Random, r.Salt); err != nil {
		return r, err
	}
	r.Commitment = truce.Commit(r.Salt, r.Body)
	var err error
	if r.Hash, err = r.Seal(); err != nil {
		return r, err
	}
	tx.head = head{seq: r.Seq, hash: r.Hash, recorded: now}
	return r, nil
}

func (tx *writeTx) insertRecord(r truce.Record) error {
	return tx.exec(`INSERT INTO records (seq, kind, schema, subject, key, recorded, salt, body, commitment, prev, hash)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		int64(r.Seq), string(r.Kind), int64(r.Schema), r.Subject, r.Key, int64(r.Time),
		r.Salt, textOf(r.Body), r.Commitment[:], r.Prev[:], r.Hash[:])
}
