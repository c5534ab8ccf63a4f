package store

import (
	"context"

	"github.com/trucewatch/truce"
)

// foldCheck keeps a revision of a check.
func (tx *writeTx) foldCheck(r truce.Record, body *truce.ClaimCheck) error {
	if err := body.Validate(); err != nil {
		return err
	}
	if r.Subject != body.Subject() {
		return truce.Errorf(truce.CodeInvalid, "claim check: the record's subject is %q, want %q", r.Subject, body.Subject())
	}
	return tx.exec("INSERT INTO claim_checks (seq, id, revision, said) VALUES ($1, $2, $3, $4)",
		int64(r.Seq), body.ID[:], int64(body.Revision), int64(body.Total.Said))
}

// admitCheck refuses a revision that does not follow the one before it.
func (tx *writeTx) admitCheck(body *truce.ClaimCheck) error {
	var newest int64
	_, err := tx.row("SELECT revision FROM claim_checks WHERE id = $1 ORDER BY revision DESC LIMIT 1", []any{body.ID[:]}, &newest)
	if err == nil && body.Revision != int(newest)+1 {
		err = truce.Errorf(truce.CodeConflict, "claim check %s is at revision %d, cannot append revision %d: read it again", body.ID, newest, body.Revision)
	}
	return err
}

// foldPublicCheck looks whether a released version is what may be released.
func (tx *writeTx) foldPublicCheck(r truce.Record, body *truce.PublicCheck) error {
	if r.Subject != body.Subject() {
		return truce.Errorf(truce.CodeInvalid, "public check: the record's subject is %q, want %q", r.Subject, body.Subject())
	}
	return body.Validate()
}

// foldArrivalDecision: decisions are found by their subject.
func foldArrivalDecision(r truce.Record, body *truce.ArrivalDecision) error {
	if r.Subject != body.Subject() {
		return truce.Errorf(truce.CodeInvalid, "decision of arrivals: the record's subject is %q, want %q", r.Subject, body.Subject())
	}
	return body.Validate()
}

// ClaimChecks lists the checks of totals stated in [from, to) as they stand, the newest total
// first; a zero end is open.
func (s *Store) ClaimChecks(ctx context.Context, from, to truce.Instant) ([]truce.ClaimCheckRow, error) {
	var c condition
	c.add("k.revision = (SELECT max(n.revision) FROM claim_checks n WHERE n.id = k.id)")
	if from != 0 {
		c.addf("k.said >= $%d", int64(from))
	}
	if to != 0 {
		c.addf("k.said < $%d", int64(to))
	}
	return s.claimChecks(ctx, c.where()+" ORDER BY k.said DESC, k.id", c.args)
}

// ClaimCheck gives every revision of one check, the first one first.
func (s *Store) ClaimCheck(ctx context.Context, id truce.ID) ([]truce.ClaimCheckRow, error) {
	rows, err := s.claimChecks(ctx, " WHERE k.id = $1 ORDER BY k.revision", []any{id[:]})
	if err == nil && len(rows) == 0 {
		err = truce.Errorf(truce.CodeNotFound, "there is no claim check %s", id)
	}
	return rows, err
}

func (s *Store) claimChecks(ctx context.Context, end string, args []any) (out []truce.ClaimCheckRow, err error) {
	query := "SELECT " + bodyColumns + " FROM claim_checks k JOIN records r ON r.seq = k.seq" + end
	err = bodies(ctx, s.readers, query, args, func(r truce.Record, c truce.ClaimCheck) error {
		out = append(out, truce.ClaimCheckRow{Seq: r.Seq, Recorded: r.Time, Check: c})
		return nil
	})
	return out, err
}
