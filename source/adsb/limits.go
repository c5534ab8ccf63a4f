package adsb

import (
	"time"

	"github.com/trucewatch/truce"
)

// Bounds of a feed. Each is checked before what it bounds is used.
const (
	// MaxLine is the longest line of text, bytes. A BaseStation row has some 120.
	MaxLine = 1 << 10
	// MaxAircraft bounds the aircraft that are followed at a time, some 250 bytes each. All
	// of the world's sky holds 20,000. The one silent longest makes room.
	MaxAircraft = 65_536
	// MaxRange is the farthest that a receiver is taken to hear where its range is not told,
	// metres: the horizon of an aircraft at 15 km, seen from a mountain.
	MaxRange = 700_000
	// LocalRange is how far from a reference one position alone can be told from its
	// neighbours, metres: half a zone of 6 degrees less the width of one (ICAO Doc 9871, C.2.6).
	LocalRange = 333_000
	// surfaceRange is the same on the ground, where zones are a quarter as wide.
	surfaceRange = 83_000
)

// How long what an aircraft said holds.
const (
	pairAir     = 10 * second // between an even and an odd position in the air (DO-260B, 2.2.10.3)
	pairGround  = 50 * second // the same on the ground, where it moves slowly
	placeHolds  = 60 * second // a position, as the reference of the next one
	motionHolds = 5 * second  // a velocity, for a position that comes after it
	saidHolds   = 120 * second
	second      = int64(1_000_000)
)

// What an aircraft can do. What goes beyond is a position that was pieced together wrongly,
// or not the same aircraft.
const (
	maxSpeed  = 1_030.0 // m/s: 2,000 knots
	jumpSlack = 1_500.0 // metres that a position may be off besides
	// jumpsUntilBelieved is how many positions that contradict the last must agree with each
	// other before they are taken for where the aircraft is.
	jumpsUntilBelieved = 3
)

// frameTime is by how much the time of a message may be off: a receiver's own stamp is far
// better, one that a program put on behind a buffer is not.
const frameTime = 500 * time.Millisecond

// Times outside these are those of a clock that was never set.
var (
	earliest = truce.InstantOf(time.Date(1990, 1, 1, 0, 0, 0, 0, time.UTC))
	latest   = truce.InstantOf(time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC))
)
