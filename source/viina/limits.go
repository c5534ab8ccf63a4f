package viina

// Bounds of an event file. Four months of 2026 have 120 days, at most 208 events a day,
// 16 links an event and some 130 bytes an event.
const (
	MaxDays         = 20_000    // days in one file, 55 years
	MaxEventsPerDay = 100_000   // remembered as hashes while the day is read, 5 MiB
	MaxEvent        = 256 << 10 // bytes of one event
)

// How far an event may be from the point VIINA gives, as one sigma in metres.
const (
	// DefaultSigma is for a settlement of unknown size: 90 % within 6.4 km of its
	// middle, the fields around it included.
	DefaultSigma = 3_000
	// UnnamedSigma is for an event without a place, whose point is then the middle of
	// a district or of a region.
	UnnamedSigma = 25_000
	// MinSigma is for the smallest place: what happens "at" a village happens around it.
	MinSigma = 1_000
)
