package arrivals

import (
	"time"

	"github.com/trucewatch/truce"
)

// Bounds of the two tables. Each is checked before what it bounds is kept.
const (
	// MaxSensors bounds a network; the largest that are spoken of have 14,000 ears.
	MaxSensors = 100_000
	// MaxArrivals bounds one file or stream: a week of 10,000 events a day on 1,000 sensors
	// with three false arrivals to a true one. Each takes some 120 bytes.
	MaxArrivals = 20_000_000
	// MaxWeather bounds rows of weather: a hundred stations every ten minutes for a week.
	MaxWeather = 100_000
	// MaxDecisions bounds people's decisions of one run: more than anybody makes in a year.
	MaxDecisions = 100_000
	// MaxIDBytes bounds an id; ids are kept for every arrival.
	MaxIDBytes = 256
	// MaxElevation bounds a height above or below the sea, metres: nothing stands higher
	// than the highest mountain or deeper than the deepest sea.
	MaxElevation = 12_000
	// MaxSigma bounds a stated timing error, s, as records do.
	MaxSigma = truce.MaxArrivalSigma
	// DefaultAzimuthSigma is the error of a bearing that comes without one, degrees: what
	// arrays of some ten metres reach in wind.
	DefaultAzimuthSigma = 5
	// MaxAmplitude bounds an amplitude, whatever its unit: beyond it is a wrong column.
	MaxAmplitude = 1e15
	// maxRow bounds a row: eight short columns and what else a table may carry.
	maxRow = 64 << 10
)

// Times outside these are those of a clock that was never set, or of a table that was never
// checked.
var (
	earliest = truce.InstantOf(time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC))
	latest   = truce.InstantOf(time.Date(2200, 1, 1, 0, 0, 0, 0, time.UTC))
)
