package story

// Bounds of what is read of a report.
const (
	// maxLinks bounds the links of one report that are compared; a long list of links
	// is a digest, and its first hundred say enough.
	maxLinks = 100
	// maxLinkBytes bounds a link; longer ones carry data, not an address.
	maxLinkBytes = 2048
	// maxHeadlineBytes bounds a headline; what follows is body text.
	maxHeadlineBytes = 1024
	// minHeadlineWords and minHeadlineRunes are what a headline needs to be told from a
	// standing phrase.
	minHeadlineWords = 4
	minHeadlineRunes = 20
)
