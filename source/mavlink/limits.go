package mavlink

// Bounds of a stream. Each is checked before what it bounds is kept.
const (
	// maxStretch is the longest stretch of damage that is told as one, 64 KiB: it is what a
	// reader holds while it looks for the next frame.
	maxStretch = 64 << 10
	// MaxUnknown bounds the message numbers of no known dialect that are told one by one.
	MaxUnknown = 256
	// MaxKeys bounds the keys that signatures are tried with: each costs a SHA-256.
	MaxKeys = 16
	// maxSigners bounds the links whose time stamps are followed: a fleet has hundreds.
	maxSigners = 4096
)

// Lengths by the MAVLink guide, serialization.
const (
	magic1     = 0xfe
	magic2     = 0xfd
	header1    = 6
	header2    = 10
	crcSize    = 2
	signature  = 13
	stampSize  = 8
	maxPayload = 255
)
