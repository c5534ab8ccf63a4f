package cot

import "github.com/trucewatch/truce"

const (
	// MaxEvent is the longest event that is read, bytes: a drawing of a thousand points takes
	// a tenth of it.
	MaxEvent = 1 << 20
	// MaxDepth is how deep elements of an event may be nested; styles of drawings need six.
	MaxDepth = 32
	// MaxElements is how many elements an event may have.
	MaxElements = 10_000
	// MaxAttributes is how many attributes an element may have.
	MaxAttributes = 100
	// MaxFields is how many fields a message of TAK's protocol may have, of each of its parts: the
	// largest has seventeen.
	MaxFields = 100
	// MaxLinks is how many links of an event are kept: a route has one for each of its points.
	MaxLinks = 1_000
	// MaxField is the longest text of a field that is kept, bytes; remarks are the longest.
	MaxField = 16 << 10

	// unknown is from where on a height or an error means "not known", metres: 9999999 in XML,
	// 999999 in the protocol of TAK.
	unknown = 999_999
	// maxSpeed is the greatest speed that is believed, m/s.
	maxSpeed = 12_000
	// plainSigma is the error of a place that does not tell its own, metres, one sigma each axis.
	plainSigma = 20
	// clockSigma is the error of an event's time: its place may be a second older.
	clockSigma truce.Micros = 1_000_000

	// MinIncidentRadius is the least radius about the place of an incident that may be sent, metres:
	// half the diagonal of the smallest public cell, 1 km.
	MinIncidentRadius = 700
	// MinIncidentDelay is how long after an incident it may be sent at the earliest: what is public
	// of it comes a day late, so that nobody can correct his fire by it.
	MinIncidentDelay truce.Micros = 24 * 3600 * 1_000_000
	// MaxStale is how long after it was sent an event may stand on a map: a week.
	MaxStale truce.Micros = 7 * 24 * 3600 * 1_000_000
)
