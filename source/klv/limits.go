package klv

// Bounds of a stream. Each is checked before what it bounds is kept.
const (
	// MaxPacket is the longest packet: with moving targets and their chips some 100 KiB are
	// seen. Twice this is what a reader holds.
	MaxPacket = 256 << 10
	// MaxItems bounds the items of one packet: the standard names 143 tags.
	MaxItems = 256
	// MaxTag is the largest tag that is kept; larger ones are of no edition.
	MaxTag = 1023
	// MaxText is how many bytes of a text are given out: the standard allows 127.
	MaxText = 1 << 10
	// MaxTargets bounds the moving targets of one packet.
	MaxTargets = 4096
	// maxLanes bounds the metadata streams of one transport stream.
	maxLanes = 16
	// maxLeap bounds the leap seconds that a packet may state.
	maxLeap = 100
)
