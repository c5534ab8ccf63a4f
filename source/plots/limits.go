package plots

import (
	"time"

	"github.com/trucewatch/truce"
)

// Bounds of the table. Each is checked before what it bounds is kept.
const (
	// MaxPlots bounds one file or stream: a day of a scan a second with a hundred plots. A
	// plot takes some 100 bytes.
	MaxPlots = 10_000_000
	// MaxIDBytes bounds the id of a scan or plot.
	MaxIDBytes = 64
	// MaxSigma bounds a stated error, metres: what is 100 km off tells nothing.
	MaxSigma = 100_000
	// MaxAltitude bounds an altitude, metres: no drone or aircraft flies higher.
	MaxAltitude = 100_000
	// maxRow bounds a row: seven short columns and what else a table may carry.
	maxRow = 64 << 10
	// maxTime bounds the text of a time.
	maxTime = len("2026-04-11T16:00:00.000000000000000000+00:00")
)

// Times outside these are those of a clock that was never set.
var (
	earliest = truce.InstantOf(time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC))
	latest   = truce.InstantOf(time.Date(2200, 1, 1, 0, 0, 0, 0, time.UTC))
)
