package diff

// Bounds of a comparison. Beyond them a stretch is shown as removed and added whole.
const (
	// maxEdits is how many tokens may be removed and added together; the search keeps the
	// square of it in memory, at four bytes: 4 MB.
	maxEdits = 1_000
	// maxTokens is how many tokens each side may have: a text of 100 pages.
	maxTokens = 50_000
	// leastAlike: of an edited stretch one part in so many must have stayed for it to be
	// shown word by word.
	leastAlike = 3
)
