package article

// Bounds on one page. Each is checked before the work it bounds.
const (
	// MaxToken is the longest tag, comment or run of text of a page that is read: a long
	// article in one piece fits, a page that never closes a tag does not fill the memory.
	MaxToken = 1 << 20
	// MaxLinks is how many links of a page are kept; more are counted only. A front page
	// has some 500.
	MaxLinks = 2000
	// maxDecodings is how often character entities are decoded: once as HTML asks, and
	// once more for each time a careless program encoded them again.
	maxDecodings = 3
	// maxHeadLines is how far down a plain text its headline is looked for: menus of
	// saved pages seldom have more lines.
	maxHeadLines = 80
	// maxFurnitureWords is the longest line taken for page furniture by how it begins;
	// a longer one is a sentence.
	maxFurnitureWords = 10
	// minHeadlineWords is the shortest line taken for a headline: fewer words are a menu.
	minHeadlineWords = 3
	// sentenceWords makes a line part of the text even if no full stop ends it.
	sentenceWords = 24
	// minStem is what must stay of a Cyrillic name, in letters, when a case ending is
	// taken off.
	minStem = 3
	// maxSample is how many bytes of a text are looked at for its language; more change
	// nothing.
	maxSample = 4 << 10
	// minLetters is the shortest text whose language is guessed from frequencies, and
	// longLetters the one that may speak against what its page states.
	minLetters  = 24
	longLetters = 200
	// sure is the confidence below which a guess is none.
	sure = 0.5
	// mostly is how many times over one language's letters outweigh those of a quote in
	// the other.
	mostly = 3
	// maxNotice bounds what is read, and kept, of statements about rights.
	maxNotice = 2 << 10
	// MaxPage is the largest web page that is read as a tree, which takes some ten times
	// as much memory.
	MaxPage = 4 << 20
	// maxBlocks bounds the blocks of a page; a long live page has 3,000.
	maxBlocks = 20_000
	// minParagraphWords is the shortest block that tells where the article stands.
	minParagraphWords = 8
	// minPageWords is the least text of an article on a page that does not say it is one.
	minPageWords = 40
	// maxRefresh is the longest wait, in seconds, behind which a refresh leads on: with more a
	// page is there to be read.
	maxRefresh = 10
	// maxTitle bounds the text of a title or heading, maxName a class that is looked at.
	maxTitle = 2 << 10
	maxName  = 500
	// maxFeeds and maxAuthors bound lists of a page's own data.
	maxFeeds   = 20
	maxAuthors = 10
	// maxLinkedData bounds one block of JSON-LD, maxDeep how deep graphs in it are
	// followed, maxObjects how many of their members are looked at.
	maxLinkedData = 512 << 10
	maxDeep       = 8
	maxObjects    = 1_000
)
