package evidence

// Bounds of the collection. Each is checked before the work it bounds.
const (
	// MaxObject is the most bytes of one original (1 GiB): an hour of video.
	MaxObject = 1 << 30
	// copyBuffer is how much of an original is in memory at once.
	copyBuffer = 64 << 10
	// maxNote is the longest text of a custody step or reason, bytes.
	maxNote = 4 << 10
	// maxSidecar is the most bytes of one capture, custody step or takedown: the headers of a
	// response are at most 256 KiB, and base64 adds a third.
	maxSidecar = 512 << 10
	// maxHeaders is how many bytes the headers of a response may have, and maxHeaderFields
	// how many there may be: servers stop at 8 to 64 KiB.
	maxHeaders      = 256 << 10
	maxHeaderFields = 1_000
	// maxURL is the longest address; browsers take 2 MiB, servers 8 KiB.
	maxURL = 64 << 10
	// maxSteps is how many custody steps one original may have.
	maxSteps = 99_999_999
	// maxDamage is how much of what is wrong a check lists; of more it gives the number.
	maxDamage = 10_000
	// knownFolders is how many folders a process remembers as synced; the two levels of
	// each kind are 65,536, some 8 MB.
	knownFolders = 200_000
)
