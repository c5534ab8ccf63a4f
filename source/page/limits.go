package page

import "time"

const (
	// MaxFile is the largest page that is read, in bytes; a saved page with its pictures
	// in it is refused.
	MaxFile = 4 << 20
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
