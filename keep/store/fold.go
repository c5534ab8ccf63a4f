package store

import (
	"fmt"

	"github.com/trucewatch/truce"
)

// fold writes what one record says into the read tables. It depends on nothing but
// the record and the rows that earlier records folded into, so that a rebuild gives
// the same rows. value is the decoded body.
func (tx *writeTx) fold(r truce.Record, value any) error {
	switch body := value.(type) {
	case *truce.SourceInfo:
		if err := body.Validate(); err != nil {
			return err
		}
		return tx.exec("INSERT INTO sources (seq, source) VALUES ($1, $2)", int64(r.Seq), string(body.ID))
	case *truce.BatchManifest:
		return tx.countImport(r.Seq, body.Source, body.Count, 0)
	case *truce.Quarantine:
		return tx.foldQuarantine(r.Seq, body)
	case *truce.AgreementText:
		return tx.foldAgreement(r.Seq, body)
	case *truce.Event:
		return tx.foldEvent(r.Seq, body)
	case *truce.Incident:
		return tx.foldIncident(r.Seq, body)
	case *truce.Evaluation:
		return tx.foldEvaluation(r.Seq, body)
	case *truce.Bulletin:
		return tx.exec("INSERT INTO bulletins (seq, number, edition, kind, day, version) VALUES ($1, $2, $3, $4, $5, $6)",
			int64(r.Seq), body.Number, string(body.Edition), string(body.Kind), string(body.Day), int64(body.Version))
	case *truce.Watermark:
		return tx.exec(`INSERT INTO watermarks (name, seq, mark) VALUES ($1, $2, $3)
			ON CONFLICT (name) DO UPDATE SET seq = excluded.seq, mark = excluded.mark`, body.Name, int64(r.Seq), int64(body.At))
	case *truce.Notification:
		return tx.foldNotification(r.Seq, body)
	case *truce.Retention:
		return tx.exec("INSERT INTO retentions (seq, day) VALUES ($1, $2)", int64(r.Seq), string(body.Day))
	case *truce.Erasure:
		return tx.foldErasure(r.Seq, body)
	}
	return tx.foldGuarantee(r, value)
}

func (tx *writeTx) countImport(seq truce.Seq, source truce.SourceID, accepted, quarantined int) error {
	return tx.exec("INSERT INTO imports (seq, source, accepted, quarantined) VALUES ($1, $2, $3, $4)",
		int64(seq), string(source), int64(accepted), int64(quarantined))
}

func (tx *writeTx) foldQuarantine(seq truce.Seq, body *truce.Quarantine) error {
	var rows [][]any
	for i, row := range body.Rows {
		rows = append(rows, []any{int64(seq), int64(i), string(body.Source), []byte(row.File), int64(row.Line), []byte(row.Reason), notNil(row.Raw)})
	}
	if err := tx.insert("quarantined (seq, idx, source, file, line, reason, raw)", rows, ""); err != nil {
		return err
	}
	return tx.countImport(seq, body.Source, 0, len(body.Rows))
}

func notNil(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}

// foldAgreement: when a version comes back that incidents were held against before,
// those evaluations stand again.
func (tx *writeTx) foldAgreement(seq truce.Seq, body *truce.AgreementText) error {
	err := tx.exec("INSERT INTO agreements (seq, agreement, version) VALUES ($1, $2, $3)", int64(seq), body.ID, body.Version)
	if err != nil {
		return err
	}
	return tx.restandAll()
}

// addRevision registers a revision and says whether it is the first that is known.
func (tx *writeTx) addRevision(kind truce.RecordKind, id truce.ID, revision int, seq truce.Seq) (first bool, err error) {
	newest, at, err := tx.newestRevision(kind, id)
	if err != nil {
		return false, err
	}
	if revision <= newest {
		if _, err := tx.body(at); err != nil {
			return false, fmt.Errorf("the read tables hold revision %d of %s %s: %w", newest, kind, id, err)
		}
		return false, truce.Errorf(truce.CodeConflict, "%s %s is at revision %d, cannot append revision %d: read it again", kind, id, newest, revision)
	}
	return newest == 0, tx.exec("INSERT INTO revisions (kind, id, revision, seq) VALUES ($1, $2, $3, $4)",
		string(kind), id[:], int64(revision), int64(seq))
}

func (tx *writeTx) newestRevision(kind truce.RecordKind, id truce.ID) (revision int, seq truce.Seq, err error) {
	_, err = tx.row("SELECT revision, seq FROM revisions WHERE kind = $1 AND id = $2 ORDER BY revision DESC LIMIT 1",
		[]any{string(kind), id[:]}, &revision, (*int64)(&seq))
	return revision, seq, err
}

func (tx *writeTx) foldEvent(seq truce.Seq, e *truce.Event) error {
	if e.ID.IsZero() || e.Revision < 1 {
		return truce.Errorf(truce.CodeInvalid, "event: needs an id and a revision from 1")
	}
	first, err := tx.addRevision(truce.RecordEvent, e.ID, e.Revision, seq)
	if err == nil && !first {
		err = tx.hideEvent(e.ID)
	}
	if err != nil {
		return err
	}
	return tx.showEvent(seq, e)
}

// hideEvent takes an event out of the read tables.
func (tx *writeTx) hideEvent(id truce.ID) error {
	if err := tx.exec("DELETE FROM events WHERE id = $1", id[:]); err != nil {
		return err
	}
	return tx.exec("DELETE FROM supports WHERE event = $1", id[:])
}

// showEvent makes a revision of a hidden event the current one.
func (tx *writeTx) showEvent(seq truce.Seq, e *truce.Event) error {
	err := tx.exec("INSERT INTO events (id, seq, revision, kind, t_from, t_to) VALUES ($1, $2, $3, $4, $5, $6)",
		e.ID[:], int64(seq), int64(e.Revision), string(e.Kind), int64(e.Origin.From), int64(e.Origin.To))
	if err != nil {
		return err
	}
	var rows [][]any
	for i := range e.Support {
		rows = append(rows, []any{e.ID[:], e.Support[i].Observation[:]})
	}
	return tx.insert("supports (event, observation)", rows, " ON CONFLICT (event, observation) DO NOTHING")
}

// foldErasure takes the rows of the erased record out of the read tables and lets
// what stood before stand again.
func (tx *writeTx) foldErasure(seq truce.Seq, body *truce.Erasure) error {
	if err := tx.exec("INSERT INTO erasures (erased, seq) VALUES ($1, $2)", int64(body.Seq), int64(seq)); err != nil {
		return err
	}
	for _, table := range []string{"sources", "imports", "quarantined", "bulletins", "notifications", "reviews", "attributions", "claim_checks"} {
		if err := tx.exec("DELETE FROM "+table+" WHERE seq = $1", int64(body.Seq)); err != nil {
			return err
		}
	}
	for _, take := range []func(truce.Seq) error{tx.takeAgreement, tx.takeRevision, tx.takeEvaluation, tx.takeVersion, tx.takeAlert, tx.takeText, tx.takeClaims} {
		if err := take(body.Seq); err != nil {
			return fmt.Errorf("erase record %d: %w", body.Seq, err)
		}
	}
	return nil
}

func (tx *writeTx) takeAgreement(seq truce.Seq) error {
	var version string
	found, err := tx.row("DELETE FROM agreements WHERE seq = $1 RETURNING version", []any{int64(seq)}, &version)
	if err != nil || !found {
		return err
	}
	return tx.restandAll()
}

// takeRevision removes a revision; the newest that is left becomes current.
func (tx *writeTx) takeRevision(seq truce.Seq) error {
	var kind string
	var raw []byte
	found, err := tx.row("DELETE FROM revisions WHERE seq = $1 RETURNING kind, id", []any{int64(seq)}, &kind, &raw)
	if err != nil || !found {
		return err
	}
	id := truce.ID(raw)
	_, left, err := tx.newestRevision(truce.RecordKind(kind), id)
	if err != nil {
		return err
	}
	if kind == string(truce.RecordEvent) {
		return tx.reshowEvent(id, left)
	}
	return tx.reshowIncident(id, left)
}

// reshowEvent shows an earlier revision after a later one was erased; 0 for none.
func (tx *writeTx) reshowEvent(id truce.ID, seq truce.Seq) error {
	if err := tx.hideEvent(id); err != nil || seq == 0 {
		return err
	}
	e, err := bodyOf[truce.Event](tx, seq)
	if err != nil {
		return err
	}
	return tx.showEvent(seq, &e)
}

// bodyOf reads an earlier record's body inside the transaction.
func bodyOf[T any](tx *writeTx, seq truce.Seq) (T, error) {
	r, err := tx.body(seq)
	if err != nil {
		var zero T
		return zero, err
	}
	return truce.DecodeBody[T](r)
}

func (tx *writeTx) storedBody(seq truce.Seq) (truce.Record, error) {
	var r truce.Record
	var found bool
	err := tx.rows("SELECT "+recordColumns+" FROM records WHERE seq = $1", []any{int64(seq)}, func(scan func(...any) error) (err error) {
		found = true
		r, err = scanRecord(scan)
		return err
	})
	switch {
	case err != nil:
		return r, err
	case !found:
		return r, damagedBy(fmt.Errorf("record %d is missing", seq))
	}
	return r, intact(r)
}
