package asterix

import (
	"time"

	"github.com/trucewatch/truce"
)

// Bounds of a feed. Each is checked before what it bounds is used.
const (
	// MaxBlock is the longest data block: its length has two bytes.
	MaxBlock = 65_535
	// MaxValues bounds the values kept of one record, 32 bytes each. The longest that is
	// sensible, a system track with a flight plan and a trajectory, has some 300.
	MaxValues = 4096
	// MaxRadars bounds the radars of which the time is kept, and those that options place.
	MaxRadars = 4096
	// maxSpeed bounds what a report may say of a speed, m/s: Mach 6, faster than anything but
	// a missile that no traffic system follows.
	maxSpeed = 2_048
	// recordingHead is the header of a recording in the GPS form, and recordingTail what
	// follows every block in it.
	recordingHead = 2200
	recordingTail = 10
)

// Errors of measurements where a report says nothing of them, one sigma: what European
// en-route radars may have (EUROCONTROL SUR.ET1.ST01.1000-STD-01-01, 1997, section 6).
const (
	rangeSigmaSSR, rangeSigmaPSR     = 70.0, 120.0 // metres
	bearingSigmaSSR, bearingSigmaPSR = .08, .15    // degrees
	dopplerSigma                     = 2.0         // m/s: two steps of the item

	// trackSigma is that of a system track that does not tell, for each axis: 500 m of
	// horizontal error, root mean square, is what surveillance for 5 NM may have
	// (EUROCONTROL-SPEC-147, edition 1.1, requirement 5N_C-R4).
	trackSigma = 500 / 1.4142135623730951
	// heightSigma is by how much a pressure altitude may differ from a height above the sea,
	// metres: 18 hPa of weather.
	heightSigma = 150.0
	// unknownHeight bounds the height, metres, of what was seen by range and bearing alone.
	unknownHeight = 10_000
)

// blockTime is by how much the time of a report may be off: clocks of radars are kept to a
// few steps of 1/128 s.
const blockTime = 50 * time.Millisecond

// Times outside these are those of a clock that was never set.
var (
	earliest = truce.InstantOf(time.Date(1990, 1, 1, 0, 0, 0, 0, time.UTC))
	latest   = truce.InstantOf(time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC))
)
