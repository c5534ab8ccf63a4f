package ulog

// Bounds of a log. Each is checked before what it bounds is kept.
const (
	// MaxFormats bounds the kinds of rows: PX4 has some 250.
	MaxFormats = 2048
	// MaxFields bounds the fields of a row once rows inside rows are laid out: the widest seen
	// have some 300.
	MaxFields = 4096
	// MaxDepth bounds rows inside rows.
	MaxDepth = 8
	// MaxSubscriptions bounds the topics of one log, instances counted.
	MaxSubscriptions = 4096
	// MaxFormat is the longest definition of a row.
	MaxFormat = 16 << 10
	// maxText is how much of a text is given out.
	maxText = 8 << 10
	// maxStretch is the longest stretch of damage that is told as one.
	maxStretch = 64 << 10
)
