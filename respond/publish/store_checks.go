package publish

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/trucewatch/truce"
)

// checksSchema holds every version of every check that was released, for good: a link that
// somebody printed leads to what it led to. Only a text that was taken down goes, and leaves
// its hash.
var checksSchema = []string{
	`CREATE TABLE IF NOT EXISTS checks (
		id TEXT NOT NULL, version BIGINT NOT NULL, said BIGINT NOT NULL, released BIGINT NOT NULL, verdict TEXT NOT NULL, sha256 TEXT NOT NULL,
		seq BIGINT NOT NULL, body BLOB NOT NULL, withdrawn TEXT NOT NULL, record_header BLOB NOT NULL, record_salt BLOB NOT NULL, record_prev TEXT NOT NULL,
		PRIMARY KEY (id, version))`,
	`CREATE INDEX IF NOT EXISTS checks_said ON checks (said, id)`,
}

// ReleasedCheck is a version of a check with the record that holds its bytes.
type ReleasedCheck struct {
	Check truce.PublicCheck
	JSON  []byte // canonical bytes, the body that is recorded
	Proof Proof
}

// PutChecks stores versions, all or none. The same again changes nothing; other bytes under
// a version that is out are refused.
func (s *PublicStore) PutChecks(ctx context.Context, list []ReleasedCheck) error {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("public store: %w", err)
	}
	defer tx.Rollback() // after a commit this does nothing
	for _, r := range list {
		if err := putCheck(ctx, tx, r); err != nil {
			return fmt.Errorf("public store: check %s: %w", r.Check.Address(), err)
		}
	}
	return tx.Commit()
}

func putCheck(ctx context.Context, tx *sql.Tx, r ReleasedCheck) error {
	c := r.Check
	if err := c.Validate(); err != nil {
		return err
	}
	hash := truce.HashOf(r.JSON).String()
	var have string
	err := tx.QueryRowContext(ctx, `SELECT sha256 FROM checks WHERE id = $1 AND version = $2`, c.ID, c.Version).Scan(&have)
	switch {
	case err == nil && have == hash:
		return nil
	case err == nil:
		return truce.Errorf(truce.CodeConflict, "it is out with other bytes; what changed needs a new version")
	case !errors.Is(err, sql.ErrNoRows):
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO checks (id, version, said, released, verdict, sha256, seq, body, withdrawn, record_header, record_salt, record_prev)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, '', $9, $10, $11)`, c.ID, c.Version, int64(c.Total.Said), int64(c.Released), string(c.Verdict), hash,
		int64(r.Proof.Seq), r.JSON, bytesOf(r.Proof.Header), bytesOf(r.Proof.Salt), r.Proof.Prev.String())
	return err
}

// WithdrawCheck removes the text of a version for good. Its address stays and says why; its
// hash stays too.
func (s *PublicStore) WithdrawCheck(ctx context.Context, id string, version int, why string) error {
	if why == "" {
		return truce.Errorf(truce.CodeInvalid, "public store: check %s: say why it is withdrawn", id)
	}
	_, err := s.db.ExecContext(ctx, `UPDATE checks SET body = $1, record_salt = $1, withdrawn = $2 WHERE id = $3 AND version = $4 AND withdrawn = ''`, []byte{}, why, id, version)
	if err != nil {
		return fmt.Errorf("public store: check %s: %w", id, err)
	}
	return nil
}

// Checks are the newest versions that stand, the newest total first.
func (r *Reader) Checks(ctx context.Context) ([]truce.PublicCheck, error) {
	if known, err := r.hasChecks(ctx); err != nil || !known {
		return nil, err
	}
	return pressBodies[truce.PublicCheck](ctx, r.db, `SELECT body FROM checks c WHERE withdrawn = '' AND
		version = (SELECT MAX(version) FROM checks n WHERE n.id = c.id) ORDER BY said DESC, id`)
}

// CheckVersions lists every version of a check, the newest first.
func (r *Reader) CheckVersions(ctx context.Context, id string) (out []truce.PublicCheckVersion, err error) {
	known, err := r.hasChecks(ctx)
	if err != nil {
		return nil, err
	}
	if known {
		out, err = r.checkVersions(ctx, id)
	}
	if err == nil && len(out) == 0 {
		err = truce.Errorf(truce.CodeNotFound, "There is no check %.80s here.", id)
	}
	return out, err
}

func (r *Reader) checkVersions(ctx context.Context, id string) (out []truce.PublicCheckVersion, err error) {
	rows, err := r.db.QueryContext(ctx, `SELECT version, released, verdict, sha256, seq, withdrawn FROM checks WHERE id = $1 ORDER BY version DESC`, id)
	if err != nil {
		return nil, fmt.Errorf("public check: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var v truce.PublicCheckVersion
		var hash string
		if err := rows.Scan(&v.Version, &v.Released, &v.Verdict, &hash, &v.Seq, &v.Withdrawn); err != nil {
			return nil, fmt.Errorf("public check: %w", err)
		}
		if err := v.SHA256.UnmarshalText([]byte(hash)); err != nil {
			return nil, fmt.Errorf("public check: %w", err)
		}
		out = append(out, v)
	}
	return out, rows.Err()
}

// CheckVersion is one version of a check, and the very bytes that were released; none of one
// that was withdrawn.
func (r *Reader) CheckVersion(ctx context.Context, id string, version int) (c truce.PublicCheck, body []byte, err error) {
	known, err := r.hasChecks(ctx)
	if err != nil {
		return c, nil, err
	}
	if known {
		err = r.db.QueryRowContext(ctx, `SELECT body FROM checks WHERE id = $1 AND version = $2`, id, version).Scan(&body)
	}
	switch {
	case !known || errors.Is(err, sql.ErrNoRows):
		return c, nil, truce.Errorf(truce.CodeNotFound, "There is no version %d of a check %.80s here.", version, id)
	case err != nil:
		return c, nil, fmt.Errorf("public check: %w", err)
	case len(body) == 0:
		return c, nil, nil
	}
	if err := json.Unmarshal(body, &c); err != nil {
		return c, nil, fmt.Errorf("public check: %w", err)
	}
	return c, body, nil
}

// hasChecks says whether the store is of a version that knows of released checks.
func (r *Reader) hasChecks(ctx context.Context) (bool, error) {
	var n int
	err := r.db.QueryRowContext(ctx, `SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'checks'`).Scan(&n)
	return n > 0, err
}
