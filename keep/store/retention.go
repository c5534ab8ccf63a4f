package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/trucewatch/truce"
)

// DropDay drops the payload table of a UTC day. A retention record is appended before
// it in the same transaction. Observations that a current event rests on are kept
// with their path in the batch's tree, and of batches that reach into other days the
// leaf hashes are kept, so that what is left can still be checked. The manifests stay.
func (s *Store) DropDay(ctx context.Context, day truce.Day, reason string) (truce.Receipt, error) {
	start, err := day.Start(time.UTC)
	if err != nil {
		return truce.Receipt{}, fmt.Errorf("store: drop day: %w", err)
	}
	if reason == "" {
		return truce.Receipt{}, truce.Errorf(truce.CodeInvalid, "store: drop day %s: give the reason", day)
	}
	receipt, err := s.removal(ctx, func(tx *writeTx) (truce.Receipt, error) { return tx.dropDay(dayNumber(start), reason) })
	if err != nil {
		return truce.Receipt{}, fmt.Errorf("store: drop day %s: %w", day, err)
	}
	return receipt, nil
}

// removal runs a job that removes something and then clears up behind it.
func (s *Store) removal(ctx context.Context, job func(*writeTx) (truce.Receipt, error)) (truce.Receipt, error) {
	r := &request{after: s.eng.scrub}
	r.job = func(tx *writeTx) (err error) {
		r.receipt, err = job(tx)
		return err
	}
	if err := s.submit(ctx, r); err != nil {
		return truce.Receipt{}, err
	}
	return r.receipt, nil
}

func (tx *writeTx) dropDay(day int64, reason string) (truce.Receipt, error) {
	var count, dropped int64
	found, err := tx.row("SELECT row_count, dropped FROM observation_days WHERE day = $1", []any{day}, &count, &dropped)
	switch {
	case err != nil:
		return truce.Receipt{}, err
	case !found:
		return truce.Receipt{}, truce.Errorf(truce.CodeNotFound, "no observations are stored of this day")
	case dropped != 0:
		return truce.Receipt{}, truce.Errorf(truce.CodeConflict, "already dropped by record %d", dropped)
	}
	name := dayName(day)
	body := truce.Retention{Day: name, Rows: int(count), Reason: reason}
	receipt, err := tx.appendOwn(truce.RecordRetention, "", "retention/"+string(name), body)
	if err != nil {
		return receipt, err
	}
	if err := tx.keepUsed(day); err != nil {
		return receipt, err
	}
	if err := tx.w.direct(tx.ctx, "DROP TABLE "+dayTable(day)); err != nil {
		return receipt, err
	}
	return receipt, tx.exec("UPDATE observation_days SET row_count = 0, dropped = $1 WHERE day = $2", int64(receipt.Seqs[0]), day)
}

// appendOwn appends one of the records that only the store writes.
func (tx *writeTx) appendOwn(kind truce.RecordKind, subject, key string, body any) (truce.Receipt, error) {
	draft, err := truce.NewDraft(kind, subject, key, body)
	if err != nil {
		return truce.Receipt{}, err
	}
	d, err := tx.store.checkDraft(draft)
	if err != nil {
		return truce.Receipt{}, err
	}
	return tx.append(&prepared{drafts: []preparedDraft{d}})
}

// keepUsed keeps what is needed of every batch that has rows on a day about to go.
func (tx *writeTx) keepUsed(day int64) error {
	var batches []truce.Seq
	err := tx.rows("SELECT DISTINCT batch FROM "+dayTable(day)+" ORDER BY batch", nil, func(scan func(...any) error) error {
		var seq int64
		err := scan(&seq)
		batches = append(batches, truce.Seq(seq))
		return err
	})
	for _, batch := range batches {
		if err == nil {
			err = tx.keepOfBatch(batch, day)
		}
	}
	return err
}

func (tx *writeTx) keepOfBatch(batch truce.Seq, day int64) error {
	manifest, err := bodyOf[truce.BatchManifest](tx, batch)
	if err != nil {
		return err
	}
	leaves, stored, err := tx.leavesOf(batch, manifest)
	if err != nil {
		return err
	}
	if err := tx.copyUsed(batch, day, leaves); err != nil {
		return err
	}
	others, err := tx.liveDays(manifest, day)
	switch {
	case err != nil:
		return err
	case others && !stored:
		return tx.exec("INSERT INTO batch_leaves (batch, hashes) VALUES ($1, $2)", int64(batch), packHashes(leaves))
	case !others && stored:
		return tx.exec("DELETE FROM batch_leaves WHERE batch = $1", int64(batch))
	}
	return nil
}

// leavesOf reads the leaf hashes of a batch, or makes them from all of its rows.
func (tx *writeTx) leavesOf(batch truce.Seq, manifest truce.BatchManifest) (leaves []truce.Hash, stored bool, err error) {
	var packed []byte
	stored, err = tx.row("SELECT hashes FROM batch_leaves WHERE batch = $1", []any{int64(batch)}, &packed)
	if err != nil {
		return nil, false, err
	}
	if stored {
		leaves, err = unpackHashes(packed)
		return leaves, true, err
	}
	leaves = make([]truce.Hash, manifest.Count)
	seen := 0
	for _, name := range manifest.Days {
		query := "SELECT idx, payload FROM " + dayTable(dayOf(name)) + " WHERE batch = $1"
		err := tx.rows(query, []any{int64(batch)}, func(scan func(...any) error) error {
			var idx int
			var payload []byte
			if err := scan(&idx, &payload); err != nil {
				return err
			}
			if idx < 0 || idx >= len(leaves) {
				return truce.Errorf(truce.CodeInternal, "batch %d holds a row %d; check the store with truce verify-store", batch, idx)
			}
			seen++
			leaves[idx] = leafHash(payload)
			return nil
		})
		if err != nil {
			return nil, false, err
		}
	}
	if seen != len(leaves) || rootOf(leaves) != manifest.Merkle {
		return nil, false, truce.Errorf(truce.CodeInternal, "the rows of batch %d do not match its manifest; check the store with truce verify-store", batch)
	}
	return leaves, false, nil
}

// dayOf is the number of a day that a checked manifest names.
func dayOf(name truce.Day) int64 {
	start, err := name.Start(time.UTC)
	if err != nil {
		return lastDay + 1
	}
	return dayNumber(start)
}

func (tx *writeTx) copyUsed(batch truce.Seq, day int64, leaves []truce.Hash) error {
	type used struct {
		id      []byte
		idx     int
		payload []byte
	}
	var rows []used
	query := "SELECT o.id, o.idx, o.payload FROM " + dayTable(day) + " o WHERE o.batch = $1 AND o.id IN (SELECT observation FROM supports) ORDER BY o.idx"
	err := tx.rows(query, []any{int64(batch)}, func(scan func(...any) error) error {
		var u used
		err := scan(&u.id, &u.idx, &u.payload)
		rows = append(rows, u)
		return err
	})
	for _, u := range rows {
		if err == nil {
			err = tx.exec("INSERT INTO kept_observations (id, batch, idx, path, payload) VALUES ($1, $2, $3, $4, $5)",
				u.id, int64(batch), int64(u.idx), packHashes(pathOf(leaves, u.idx)), string(u.payload))
		}
	}
	return err
}

// liveDays says whether a batch has rows on a day other than this that is not dropped.
func (tx *writeTx) liveDays(manifest truce.BatchManifest, but int64) (bool, error) {
	for _, name := range manifest.Days {
		day := dayOf(name)
		var dropped int64
		found, err := tx.row("SELECT dropped FROM observation_days WHERE day = $1", []any{day}, &dropped)
		if err != nil {
			return false, err
		}
		if found && dropped == 0 && day != but {
			return true, nil
		}
	}
	return false, nil
}

// erasable are the kinds that may hold what has to be erased. The others hold nothing
// personal, and without them the store could not be read or would say something else:
// clocks and terms run by the steps of cases, deliveries and acknowledgements.
var erasable = []truce.RecordKind{
	truce.RecordSource, truce.RecordBatch, truce.RecordQuarantine, truce.RecordAgreement,
	truce.RecordEvent, truce.RecordIncident, truce.RecordEvaluation, truce.RecordBulletin,
	truce.RecordNotification, truce.RecordPerson, truce.RecordReview, truce.RecordAttribution, truce.RecordAlert,
	truce.RecordCommitment, truce.RecordContribution, truce.RecordRequirement, truce.RecordFeed, truce.RecordText, truce.RecordClaims,
	truce.RecordClaimCheck, truce.RecordPublicCheck, truce.RecordArrivalDecision, truce.RecordOriginView,
}

// Erase removes the salt and body of a record for good, with the observations when it
// is a batch. An erasure record is appended before it in the same transaction. The
// erased record still verifies by its commitment, and the read tables show what stood
// before it. Copies outside the store are not reached.
func (s *Store) Erase(ctx context.Context, seq truce.Seq, reason string) (truce.Receipt, error) {
	if reason == "" {
		return truce.Receipt{}, truce.Errorf(truce.CodeInvalid, "store: erase record %d: give the reason, without repeating what is erased", seq)
	}
	receipt, err := s.removal(ctx, func(tx *writeTx) (truce.Receipt, error) { return tx.erase(seq, reason) })
	if err != nil {
		return truce.Receipt{}, fmt.Errorf("store: erase record %d: %w", seq, err)
	}
	return receipt, nil
}

func (tx *writeTx) erase(seq truce.Seq, reason string) (truce.Receipt, error) {
	var kind string
	var erased bool
	found, err := tx.row("SELECT kind, body IS NULL FROM records WHERE seq = $1", []any{int64(seq)}, &kind, &erased)
	switch {
	case err != nil:
		return truce.Receipt{}, err
	case !found:
		return truce.Receipt{}, truce.Errorf(truce.CodeNotFound, "there is no such record")
	case erased:
		return truce.Receipt{}, truce.Errorf(truce.CodeConflict, "it is erased already")
	case !slices.Contains(erasable, truce.RecordKind(kind)):
		return truce.Receipt{}, truce.Errorf(truce.CodeInvalid, "a record of kind %s is never erased", kind)
	}
	if kind == string(truce.RecordAlert) {
		if err := tx.refuseRunning(seq); err != nil {
			return truce.Receipt{}, err
		}
	}
	body := truce.Erasure{Seq: seq, Reason: reason}
	receipt, err := tx.appendOwn(truce.RecordErasure, "", fmt.Sprintf("erasure/%d", seq), body)
	if err != nil {
		return receipt, err
	}
	if kind == string(truce.RecordBatch) {
		if err := tx.eraseBatch(seq); err != nil {
			return receipt, err
		}
	}
	return receipt, tx.exec("UPDATE records SET salt = NULL, body = NULL WHERE seq = $1", int64(seq))
}

// eraseBatch removes a batch's rows and remembers their ids only.
func (tx *writeTx) eraseBatch(batch truce.Seq) error {
	manifest, err := bodyOf[truce.BatchManifest](tx, batch)
	if err != nil {
		return err
	}
	for _, name := range manifest.Days {
		if err := tx.eraseOnDay(batch, dayOf(name)); err != nil {
			return err
		}
	}
	for _, table := range []string{"kept_observations", "batch_leaves"} {
		if err := tx.exec("DELETE FROM "+table+" WHERE batch = $1", int64(batch)); err != nil {
			return err
		}
	}
	return nil
}

func (tx *writeTx) eraseOnDay(batch truce.Seq, day int64) error {
	var dropped, count int64
	found, err := tx.row("SELECT dropped FROM observation_days WHERE day = $1", []any{day}, &dropped)
	if err != nil || !found || dropped != 0 {
		return err
	}
	table := dayTable(day)
	if _, err := tx.row("SELECT count(*) FROM "+table+" WHERE batch = $1", []any{int64(batch)}, &count); err != nil {
		return err
	}
	for _, query := range []string{
		"INSERT INTO erased_observations (id, batch) SELECT id, batch FROM " + table + " WHERE batch = $1",
		"DELETE FROM " + table + " WHERE batch = $1",
	} {
		if err := tx.exec(query, int64(batch)); err != nil {
			return err
		}
	}
	return tx.exec("UPDATE observation_days SET row_count = row_count - $1 WHERE day = $2", count, day)
}
