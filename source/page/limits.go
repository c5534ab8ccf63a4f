package page

import "time"

const (
	// MaxFile is the largest page that is read, in bytes; a saved page with its pictures
	// in it is refused.
	MaxFile = 4 << 20
	// maxDeclared is how far into a page its encoding is looked for; behind long comments and
	// scripts it stands further down than the 1,024 bytes of the standard.
	maxDeclared = 16 << 10
	// maxWrong and wrongShare bound the bytes of a UTF-8 page that are not UTF-8: this many,
	// or one in so many. Half a letter has up to three; a page that is of another encoding in
	// truth has one in two or, in a Latin script, one in fifty.
	maxWrong   = 3
	wrongShare = 1_000
	// early is how far ahead of the fetch a date may lie: clocks and zones are off by up
	// to a day.
	early = 24 * time.Hour
	// momentSigma is the error of a publication time with a zone: pages are stamped to the
	// minute. daySigma is that of a day or a time whose zone is not stated.
	momentSigma = time.Minute
	daySigma    = 6 * time.Hour
	// minWords is the least text of an article.
	minWords = 20
)
