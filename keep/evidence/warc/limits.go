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
	// maxRecords is how many records of an archive are remembered to hold the index against
	// them: an export has two for each capture and one of its own.
	maxRecords = 2*maxItems + 1
	// maxDescription is the most bytes of the description of a package, and maxFaults how
	// many faults are named; the rest are counted.
	maxDescription = 16 << 20
	maxFaults      = 200
	// copyBuffer is how much of an original is in memory at once.
	copyBuffer = 64 << 10
)
