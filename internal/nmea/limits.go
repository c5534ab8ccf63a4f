package nmea

const (
	// MaxLine is the longest line in bytes. NMEA 0183 allows 82 for a sentence; tag blocks,
	// times of receivers and the long sentences of some makers stay under a kilobyte.
	MaxLine = 1024
	// MaxFields bounds the fields of one sentence; the longest standard one (GSV) has 20.
	MaxFields = 64
	// bufferSize is what a reader holds, sixteen of the longest lines.
	bufferSize = 16 << 10
	// earliest and latest bound a receiver's time in microseconds since 1970, the years 1990
	// to 2099: outside them the number is no time or the clock was never set.
	earliest = 631_152_000_000_000
	latest   = 4_102_444_800_000_000
)
