package warc

// Bounds of archives. Each is checked before the work it bounds.
const (
	// maxHeader is the most bytes of a record's header, and maxHeaderFields how many fields
	// it may have: addresses are at most 64 KiB.
	maxHeader       = 256 << 10
	maxHeaderFields = 200
	// maxBlock is the most bytes of a record that is read: that of an original and its
	// headers.
	maxBlock = 1<<30 + 1<<20
	// maxItems is how many captures one export has; its index is sorted in memory, some
	// 500 bytes a capture.
	maxItems = 200_000
	// copyBuffer is how much of an original is in memory at once.
	copyBuffer = 64 << 10
)
