package remoteid

import "github.com/trucewatch/truce"

const (
	// Size is how long every message is, bytes (ASTM F3411-22a, table 3).
	Size = 25
	// MaxPack is how many messages a pack may hold (F3411-22a, table 13).
	MaxPack = 9
	// MaxNames is how many texts of messages are kept so that the next with the same need no
	// room of its own. A receiver in a town hears some dozens of aircraft.
	MaxNames = 4096
	// MaxTransmitters is how many transmitters are remembered with who they say they are.
	// An attacker may change address with every frame: the one heard longest ago gives way.
	MaxTransmitters = 1024

	// maxDrift is how far the clock of an aircraft may be from that of the receiver for its
	// "tenths of a second since the hour" to be taken for a time. Beyond it the clock was not set.
	maxDrift truce.Micros = 120 * 1_000_000
	// nameLasts is how long after it was heard an identity counts for the places of the same
	// transmitter. F3411-22a asks for one every three seconds.
	nameLasts truce.Micros = 60 * 1_000_000
	// sameFix is within which time the same bytes of a location are the same fix, sent again:
	// F3411-22a asks for a new one each second.
	sameFix truce.Micros = 900_000
	// plainSigma is the error of a place that does not tell its own, metres, one sigma each
	// axis: consumer satellite navigation with poor sight.
	plainSigma = 20
	// clockSigma is the error of a time that does not tell its own: what lies between the fix
	// and the frame is allowed to be a second.
	clockSigma truce.Micros = 1_000_000
	// within95 is the radius that holds 95 % of a round normal distribution, in sigmas of an
	// axis: sqrt(-2 ln 0.05).
	within95 = 2.4477
	// side95 is the same of one axis.
	side95 = 1.96
)
