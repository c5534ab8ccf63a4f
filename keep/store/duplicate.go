package store

import (
	"github.com/trucewatch/truce"
)

// duplicateOf is the record that holds the draft's key, 0 when none does. A key that is
// known with something else behind it is a conflict: whoever sent it would take what it
// says for recorded.
func (tx *writeTx) duplicateOf(d preparedDraft) (truce.Seq, error) {
	var seq truce.Seq
	found, err := tx.row("SELECT seq FROM records WHERE key = $1", []any{d.Key}, (*int64)(&seq))
	if err != nil || !found {
		return 0, err
	}
	var stored truce.Record
	query := "SELECT " + recordColumns + " FROM records WHERE seq = $1"
	err = tx.rows(query, []any{int64(seq)}, func(scan func(...any) error) (err error) {
		stored, err = scanRecord(scan)
		return err
	})
	if err == nil {
		err = intact(stored)
	}
	if err != nil {
		return 0, err
	}
	same, err := sameSubmission(stored, d)
	if err == nil && !same {
		err = truce.Errorf(truce.CodeConflict, "the key %q belongs to record %d, which says something else; nothing was appended. Read what is recorded, or send it under a key of its own", d.Key, seq)
	}
	return seq, err
}

// sameSubmission says whether the draft is what was submitted when the record was made.
// Of a record that was erased nobody can tell, and its key stays taken.
func sameSubmission(stored truce.Record, d preparedDraft) (bool, error) {
	switch body := d.value.(type) {
	case *truce.Incident:
		return sameIncident(stored, d, body)
	case *truce.BatchManifest:
		return sameBatch(stored, d, body)
	}
	return sameHeader(stored, d) && (stored.Erased() || sameBody(stored, d.Body)), nil
}

func sameHeader(stored truce.Record, d preparedDraft) bool {
	return stored.Kind == d.Kind && stored.Subject == d.Subject
}

func sameBody(stored truce.Record, body []byte) bool {
	return truce.Commit(stored.Salt, body) == stored.Commitment
}

// sameIncident leaves out the number for people where the store gave it.
func sameIncident(stored truce.Record, d preparedDraft, body *truce.Incident) (bool, error) {
	if !sameHeader(stored, d) || stored.Erased() || body.Number != "" {
		return sameHeader(stored, d) && (stored.Erased() || sameBody(stored, d.Body)), nil
	}
	before, err := truce.DecodeBody[truce.Incident](stored)
	if err != nil {
		return false, err
	}
	numbered, err := withNumber(d.Body, before.Number)
	return err == nil && sameBody(stored, numbered), err
}

// sameBatch compares the observations: a file that is read again is drafted at another
// time, and may have another name.
func sameBatch(stored truce.Record, d preparedDraft, body *truce.BatchManifest) (bool, error) {
	if !sameHeader(stored, d) || stored.Erased() {
		return sameHeader(stored, d), nil
	}
	before, err := truce.DecodeBody[truce.BatchManifest](stored)
	return err == nil && before.Source == body.Source && before.Count == body.Count && before.Merkle == body.Merkle, err
}
