package intake

import "time"

// MaxAhead is how far in the future a row may say that something happened: a day covers
// clocks set to another zone and days dated by their end. What lies farther ahead has a
// wrong date, or this machine has, and would stand in a Daily that is not due yet.
const MaxAhead = 24 * time.Hour

// Bounds of the door.
const (
	// DefaultBatchRows is the usual size of a batch: large enough that one sync serves
	// thousands of rows, small enough to hold a few MiB.
	DefaultBatchRows = 4000
	// MaxBatchRows keeps one batch under about 64 MiB of canonical rows.
	MaxBatchRows = 50_000
	// quarantineRows is how many refused rows one record holds (at most about 1 MiB,
	// since a row is cut at truce.MaxRejectedRow).
	quarantineRows = 200
	// MaxReasons is how many different reasons a session counts apart; the rest are
	// counted together, so that a hostile file cannot grow the table.
	MaxReasons = 50
)
