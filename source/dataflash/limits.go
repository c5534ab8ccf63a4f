package dataflash

// Bounds of a log. The form itself bounds the rest: 256 kinds of rows of 255 bytes at most, with
// 16 fields each.
const (
	// maxStretch is the longest stretch of damage that is told as one.
	maxStretch = 64 << 10
	// noHDOP and more say that the dilution of precision is not known: receivers write 99.99.
	noHDOP = 99
	// maxSpeed bounds a velocity, m/s: no drone is faster.
	maxSpeed = 1000
)
