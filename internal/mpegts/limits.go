package mpegts

// Bounds of a stream. Each is checked before what it bounds is kept.
const (
	// window is what is read at once and held: 256 KiB, some 1,400 packets.
	window = 256 << 10
	// MaxUnit bounds one assembled unit, 1 MiB: metadata units are a few KiB, and no
	// picture of the streams that are asked for is larger. Each wanted stream holds one.
	MaxUnit = 1 << 20
	// MaxPrograms bounds the programs of a stream: cameras send one, multiplexes tens.
	MaxPrograms = 64
	// MaxStreams bounds the elementary streams of all programs together.
	MaxStreams = 512
	// maxSection is the longest section of a table, by ISO/IEC 13818-1, 2.4.4.
	maxSection = 1024
	// inRow is how many sync bytes at one distance are asked for before a place counts as
	// the beginning of a packet: 0x47 stands there by chance once in 2^40.
	inRow = 5
)
