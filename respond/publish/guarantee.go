package publish

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/trucewatch/truce"
)

// guaranteeSchema holds one row: what stands of the guarantee. Earlier states are in the
// mission's own records.
const guaranteeSchema = `CREATE TABLE IF NOT EXISTS guarantee (one BIGINT PRIMARY KEY CHECK (one = 1), at BIGINT NOT NULL, body BLOB NOT NULL)`

// PutGuarantee replaces what the public reads of the guarantee. What is older than what is
// out is left alone, so that two releases at once cannot put back an earlier tier.
func (s *PublicStore) PutGuarantee(ctx context.Context, g truce.PublicGuarantee) error {
	if g.At == 0 {
		return truce.Errorf(truce.CodeInvalid, "public store: the guarantee needs the moment it is as of")
	}
	body, err := truce.Canonical(g)
	if err != nil {
		return fmt.Errorf("public store: guarantee: %w", err)
	}
	if _, err := s.db.ExecContext(ctx, `INSERT INTO guarantee (one, at, body) VALUES (1, $1, $2)
		ON CONFLICT (one) DO UPDATE SET at = excluded.at, body = excluded.body WHERE excluded.at >= guarantee.at`, int64(g.At), body); err != nil {
		return fmt.Errorf("public store: guarantee: %w", err)
	}
	return nil
}

// Guarantee is what was last released of the guarantee; one without a time when nothing was,
// as in a store that an earlier version of the program made.
func (r *Reader) Guarantee(ctx context.Context) (truce.PublicGuarantee, error) {
	var g truce.PublicGuarantee
	var tables int
	if err := r.db.QueryRowContext(ctx, `SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = 'guarantee'`).Scan(&tables); err != nil {
		return g, fmt.Errorf("public guarantee: %w", err)
	}
	if tables == 0 {
		return g, nil
	}
	var body []byte
	err := r.db.QueryRowContext(ctx, `SELECT body FROM guarantee WHERE one = 1`).Scan(&body)
	if errors.Is(err, sql.ErrNoRows) {
		return g, nil
	}
	if err == nil {
		err = json.Unmarshal(body, &g)
	}
	if err != nil {
		return g, fmt.Errorf("public guarantee: %w", err)
	}
	return g, nil
}
