package capxml

import "time"

// Bounds and defaults. Each says why it has its value.
const (
	// MaxDocument is the largest document read, bytes: the largest of the collection has
	// 24 kB, and documents that carry pictures in base64 are not for us.
	MaxDocument = 1 << 20
	// MaxElements bounds the elements of a document, some 100 bytes of memory each.
	MaxElements = 20_000
	// MaxDepth bounds their nesting. CAP needs 5, with a signature 9, in an envelope 12.
	MaxDepth = 24
	// maxPoints bounds the points of one polygon.
	maxPoints = 10_000
	// MaxReferences bounds the alerts that one acknowledgement answers: as many as a page of
	// the room lists.
	MaxReferences = 50
	// MaxName is the longest sender or identifier of an acknowledgement, in bytes: it is kept
	// with the record, and a mail address has at most 254.
	MaxName = 256
	// signedAhead is how far a clock elsewhere may be ahead of ours.
	signedAhead = 5 * time.Minute
	// MinRadiusKm is the least radius of a circle we write: places leave the mechanism in
	// cells of 1 to 5 km and never sharper (handbook, do no harm, rule 2).
	MinRadiusKm = 5
	// Lifetime is how long an alert of ours is said to hold: the next report is due by then.
	Lifetime = 24 * time.Hour
	// centreStep is the grid on which the centres of our circles lie, in degrees: about
	// 5 km, so that a centre says no more than the radius.
	centreStep = .05
)
