package firms

import "github.com/trucewatch/truce"

// Bounds of a FIRMS table. Real rows have 15 columns and some 110 bytes.
const (
	MaxRow     = 4 << 10 // bytes
	MaxField   = 256     // bytes
	MaxColumns = 64
	// MaxReply is how much of a file is looked at to see whether it is an error text.
	MaxReply = 512
)

// What a detection can measure. A value outside is a damaged row.
const (
	minKelvin = 150 // colder than any scene; VIIRS folds extreme fires over to 208 K
	maxKelvin = 700 // MODIS channel 21 ends near 500 K
	maxFRP    = 1e6 // megawatts in one pixel
	minPixel  = 0.1 // km; VIIRS gives 0.32 and more
	maxPixel  = 12  // km; MODIS at the edge of the swath has 4.8 by 2
)

// FIRMS gives the time of the granule, cut to the minute: rows with one time lie up to
// 100 seconds of flight apart along the track (30 passes of 2026 looked at), and the
// next granule begins 2 to 3 minutes later. The interval is the minute, the sigma what
// the granule adds at either side.
const (
	timeStep  = truce.Instant(60e6)
	timeSigma = truce.Micros(90e6)
)
