package feed

import "time"

// Bounds on one feed. Each is checked before the work it bounds.
const (
	// MaxFile is the largest feed that is read, in bytes, after decoding to UTF-8. Feeds
	// with whole articles have 1 or 2 MiB.
	MaxFile = 16 << 20
	// maxWrong and wrongShare bound the bytes of a UTF-8 feed that are not UTF-8: this many,
	// or one in so many bytes of the feed. A program that cuts a text at a number of bytes
	// leaves up to three of a letter; a feed that is of another encoding in truth has one in
	// two or, in a Latin script, one in fifty.
	maxWrong   = 3
	wrongShare = 1_000
	// maxLead is how much white space may stand before a feed in UTF-16 that has no mark:
	// templates leave a few lines.
	maxLead = 512
	// MaxItem is the largest item: a long article with its markup.
	MaxItem = 1 << 20
	// MaxItems bounds the items of one feed; a sitemap may list 50,000 pages, which is
	// also the bound its protocol sets.
	MaxItems   = 5_000
	MaxSitemap = 50_000
	// maxRoot bounds the tags of feed and channel, which are read again with each item, and
	// which the library looks for in the first 4 KiB only. With 20 namespaces they have 2.
	maxRoot = 3 << 10
	// maxTag is the longest tag: one enclosure's address and text have a few hundred bytes.
	maxTag = 64 << 10
	// maxHead bounds what stands in a feed outside its items.
	maxHead = 1 << 20
	// maxDepth bounds nesting: XHTML inside an entry reaches 30. The XML library recurses.
	maxDepth = 100
	// maxEnclosures bounds the list of media that a channel's items name.
	maxEnclosures = 1_000
	// titleWords is how many words of a text stand in for a title.
	titleWords = 16
	// maxNotes bounds what is said of a channel's oddities.
	maxNotes = 20
	// early is how far ahead of the fetch a date may lie: publishers' clocks and zones are
	// off by up to a day; more is a date to come, such as an event's.
	early = 24 * time.Hour
	// momentSigma is the error of a publication time with a zone: pages are stamped to the
	// minute. daySigma is that of a time whose zone is not stated, or of a day.
	momentSigma = time.Minute
	daySigma    = 6 * time.Hour
)
