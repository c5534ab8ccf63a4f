package store

import (
	"context"
	"fmt"
	"time"

	"github.com/trucewatch/truce"
)

// AcquireLease takes a lease for a time and gives the epoch that every write made
// under it carries. It is a conflict while another holder's lease runs. Each taking
// has a new epoch, so what an earlier holder still sends is refused.
func (s *Store) AcquireLease(ctx context.Context, name, holder string, ttl time.Duration) (epoch int64, err error) {
	if err := checkLease(name, holder, ttl); err != nil {
		return 0, fmt.Errorf("store: lease: %w", err)
	}
	var given int64 // read only once the job is known to have ended
	err = s.inTransaction(ctx, func(tx *writeTx) (err error) {
		given, err = tx.acquire(name, holder, ttl)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("store: lease %s: %w", name, err)
	}
	return given, nil
}

// RenewLease prolongs a lease that is still held at this epoch, even a lapsed one
// that nobody else has taken.
func (s *Store) RenewLease(ctx context.Context, name string, epoch int64, ttl time.Duration) error {
	if err := checkLease(name, "-", ttl); err != nil {
		return fmt.Errorf("store: lease: %w", err)
	}
	err := s.inTransaction(ctx, func(tx *writeTx) error {
		if err := tx.checkFence(&truce.Fence{Lease: name, Epoch: epoch}); err != nil {
			return err
		}
		return tx.exec("UPDATE leases SET expires = $1 WHERE name = $2", tx.clock(ttl), name)
	})
	if err != nil {
		return fmt.Errorf("store: lease %s: %w", name, err)
	}
	return nil
}

// ReleaseLease lets the next holder in at once. Releasing a lease that was lost to
// another holder changes nothing and is a conflict.
func (s *Store) ReleaseLease(ctx context.Context, name string, epoch int64) error {
	err := s.inTransaction(ctx, func(tx *writeTx) error {
		if err := tx.checkFence(&truce.Fence{Lease: name, Epoch: epoch}); err != nil {
			return err
		}
		return tx.exec("UPDATE leases SET expires = 0 WHERE name = $1", name)
	})
	if err != nil {
		return fmt.Errorf("store: lease %s: %w", name, err)
	}
	return nil
}

func checkLease(name, holder string, ttl time.Duration) error {
	if err := checkName("lease", name, 1); err != nil {
		return err
	}
	if ttl <= 0 {
		return truce.Errorf(truce.CodeInvalid, "a lease needs a time to live")
	}
	return checkName("holder", holder, 1)
}

// clock is the lease clock, some time from now, in microseconds.
func (tx *writeTx) clock(ahead time.Duration) int64 {
	return int64(truce.InstantOf(tx.store.opt.Clock().Add(ahead)))
}

// acquire runs under the head lock, as every append does: no append that checked the
// old epoch can commit after the new one is given.
func (tx *writeTx) acquire(name, holder string, ttl time.Duration) (int64, error) {
	var holds string
	var epoch, expires int64
	found, err := tx.row("SELECT holder, epoch, expires FROM leases WHERE name = $1", []any{name}, &holds, &epoch, &expires)
	if err != nil {
		return 0, err
	}
	if !found {
		return 1, tx.exec("INSERT INTO leases (name, holder, epoch, expires) VALUES ($1, $2, 1, $3)", name, holder, tx.clock(ttl))
	}
	if holds != holder && tx.clock(0) < expires {
		return 0, truce.Errorf(truce.CodeConflict, "held by %s until %s", holds, truce.Instant(expires))
	}
	return epoch + 1, tx.exec("UPDATE leases SET holder = $1, epoch = $2, expires = $3 WHERE name = $4",
		holder, epoch+1, tx.clock(ttl), name)
}

func (tx *writeTx) checkFence(fence *truce.Fence) error {
	if fence == nil {
		return nil
	}
	var epoch int64
	if _, err := tx.row("SELECT epoch FROM leases WHERE name = $1", []any{fence.Lease}, &epoch); err != nil {
		return err
	}
	if epoch != fence.Epoch {
		return truce.Errorf(truce.CodeConflict, "lease %s is at epoch %d, this writer held %d: stop and take it again", fence.Lease, epoch, fence.Epoch)
	}
	return nil
}

func (tx *writeTx) moveCursor(c *truce.Cursor) error {
	if c == nil {
		return nil
	}
	return tx.exec("INSERT INTO cursors (consumer, seq) VALUES ($1, $2) ON CONFLICT (consumer) DO UPDATE SET seq = excluded.seq",
		c.Consumer, int64(c.Seq))
}

// Cursor is how far a consumer has read, 0 for one that never wrote.
func (s *Store) Cursor(ctx context.Context, consumer string) (truce.Seq, error) {
	var seq int64
	_, err := s.one(ctx, "SELECT seq FROM cursors WHERE consumer = $1", []any{consumer}, &seq)
	return truce.Seq(seq), err
}
