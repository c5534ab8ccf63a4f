package post

import "time"

const (
	// MaxFile is the largest post or text that is read, in bytes. Posts are a few KiB, a
	// long article some 100 KiB; a saved page with pictures in it is refused.
	MaxFile = 4 << 20
	// MaxFrontMatter bounds the YAML of a post, and maxNodes what may stand in it.
	MaxFrontMatter = 64 << 10
	maxNodes       = 2000
	maxDepth       = 8
	// daySigma is the error of both ends of the day: its zone is not stated, and the press
	// read here dates by the clocks from New York to Kyiv.
	daySigma = 6 * time.Hour
)
