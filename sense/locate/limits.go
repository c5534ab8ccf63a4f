package locate

import "github.com/trucewatch/truce"

// Every bound of the package, with its reason. A refusal names the bound and its value.
const (
	// MaxSensors bounds a network: 100 bytes a sensor, and about 1 KB for the lists of
	// what lies near.
	MaxSensors = 100_000

	// MaxArrivals bounds one batch: about 100 bytes each, 2 GB. Ten thousand events a day
	// on a thousand sensors make 1.6 million.
	MaxArrivals = 20_000_000

	// MaxDecisions bounds people's decisions in one run.
	MaxDecisions = 100_000

	// Earliest and Latest bound the times that are believed. An arrival of 1970 is a clock
	// that was never set; 2262 is where counts of nanoseconds end.
	Earliest truce.Instant = 315_532_800_000_000   // 1980-01-01
	Latest   truce.Instant = 7_258_118_400_000_000 // 2200-01-01

	// MaxPerSecond bounds the arrivals of one phase at one sensor in a second of UTC. Their times
	// are a tenth of a second off, so no more can be told apart; what comes thicker is left out,
	// as of a sensor that chatters. Without it a second with a million would never be done.
	MaxPerSecond = 20

	// maxAbsElev is beyond the deepest mine and the highest mountain, metres.
	maxAbsElev = 12_000
)

const (
	// maxBinsAcross bounds the raster that finds what is near: 16 million bins of 4 bytes.
	maxBinsAcross = 4000
	// cellMargin is how many cells around the network have lists of their own; farther out
	// the order of distances hardly changes any more.
	cellMargin = 8

	// maxLeaves bounds the squares that the posterior of one event is divided into: 60 bytes
	// each, and a tenth of a second. A place that is a narrow arc over all the field takes half.
	maxLeaves = 40_000
	// leastHalf is half the side of the smallest of them, m.
	leastHalf = .5
	// maxRing bounds the points of a line around a region.
	maxRing = 200_000
)
