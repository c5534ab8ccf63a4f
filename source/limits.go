package source

// Bounds on what a row may say. Each is checked before the row is used.
const (
	// MinYear and MaxYear bound every date. Clocks that lost the time wake in 1970 or
	// 1980, and typing errors fall far out; no open data on a truce is older.
	MinYear = 1990
	MaxYear = 2099
	// MaxSigma bounds the stated error of a position in metres: beyond it the row
	// names a continent and not a place.
	MaxSigma = 1_000_000
	// MaxSpanDays bounds the time a single row may speak of.
	MaxSpanDays = 366
	// MaxCount bounds a stated number: more shells than any day has seen.
	MaxCount = 1_000_000
	// MaxText is how many bytes of a text are kept in an observation.
	MaxText = 64 << 10
	// MaxShort is how many bytes of a name, headline, tag or unit are kept.
	MaxShort = 1 << 10
	// MaxLink is the longest link that is kept; longer ones are broken anyway.
	MaxLink = 2 << 10
	// MaxLinks and MaxTags bound the lists of one report.
	MaxLinks = 100
	MaxTags  = 100
	// MaxAlternatives bounds what a weapon may have been, the sides of an origin and the
	// kinds of evidence of one statement: nobody weighs more.
	MaxAlternatives = 20
	// MinAltitude and MaxAltitude bound a height above ground in metres: a valley below
	// its rim, and what no aircraft reaches.
	MinAltitude = -1_000
	MaxAltitude = 100_000
	// MaxTrackAltitude bounds the height of a point of a track in metres: satellites lie above.
	MaxTrackAltitude = 100_000
	// shown is how much of a bad value an error repeats.
	shown = 40
)
