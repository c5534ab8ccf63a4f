package intake

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
