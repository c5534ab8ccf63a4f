package csv

// Bounds of a table of reports.
const (
	MaxRow     = 256 << 10 // bytes: a statement of some pages fits
	MaxField   = 128 << 10 // bytes
	MaxColumns = 256
)
