package truce

// ArticleQuery asks for articles, the newest published first. Zero values ask for
// everything.
type ArticleQuery struct {
	// Words are looked for in headline, publisher, author and text: all of them, in any
	// order and each in all its forms, letters with and without marks alike. "two words" in
	// quotes stand beside each other, in any form too; the begin of a word, without its
	// ending, with * behind it stands for all that begin so.
	Words     string
	From      Instant // published in [From, To)
	To        Instant
	Language  string
	Publisher string
	Group     string // of the texts that repeat one report
	Story     ID
	After     ArticleMark // behind the last row of the page before
	Limit     int         // 0: the bound
}

// ArticleMark is the place of an article in the list of all; 0 for none.
type ArticleMark int64

// ArticleRow is an article as it stands now, without its text.
type ArticleRow struct {
	Seq      Seq         `json:"seq,string"` // of the record that says how it stands
	Mark     ArticleMark `json:"-"`
	Article  Article     `json:"article"`
	Stories  []ID        `json:"stories,omitempty"`
	Removed  bool        `json:"removed,omitempty"` // its text was taken down
	Versions int         `json:"versions,omitempty"`
}

// ArticlePage is a slice of a longer list. More than MaxCounted are not counted.
type ArticlePage struct {
	Rows  []ArticleRow `json:"rows"`
	Total int          `json:"total"`
	More  bool         `json:"more,omitempty"` // there are more than Total
}

// StoryQuery asks for stories that stand, those told of last first. Zero values ask for
// everything.
type StoryQuery struct {
	Words    string // as in ArticleQuery, in title, tags, names and places
	From     Instant
	To       Instant // told of in [From, To)
	Tag      string
	Least    int  // articles it has at least
	Replaced bool // include those merged into another

	// An article that belongs to the story is of the language and the publisher and was
	// published in [ToldFrom, ToldTo).
	Language  string
	Publisher string
	ToldFrom  Instant
	ToldTo    Instant

	Offset int // rows passed over, at most MaxCounted
	After  *StoryMark
	Limit  int // 0: the bound
}

// StoryMark is the place of a story in the list of all.
type StoryMark struct {
	Last Instant
	ID   ID
}

// StoryRow is a story as it stands now, without its articles.
type StoryRow struct {
	Seq      Seq     `json:"seq,string"` // of the record that says how it stands
	Story    Story   `json:"story"`
	Articles int     `json:"articles"`
	Last     Instant `json:"last"` // when it was told of last
}

// Mark is the row's place in the list.
func (r StoryRow) Mark() StoryMark { return StoryMark{Last: r.Last, ID: r.Story.ID} }

// StoryPage is a slice of a longer list. More than MaxCounted are not counted.
type StoryPage struct {
	Rows  []StoryRow `json:"rows"`
	Total int        `json:"total"`
	More  bool       `json:"more,omitempty"` // there are more than Total
}

// StoryStep is one step in the life of a story with its record.
type StoryStep struct {
	Seq      Seq          `json:"seq,string"`
	Recorded RecordedTime `json:"recorded"`
	StoryChange
}

// TakedownRow is a takedown with its record.
type TakedownRow struct {
	Seq      Seq          `json:"seq,string"`
	Recorded RecordedTime `json:"recorded"`
	Takedown
}

// FeedRow is a feed as last recorded.
type FeedRow struct {
	Seq      Seq          `json:"seq,string"`
	Recorded RecordedTime `json:"recorded"`
	Feed
}

// ReportedClaim is a claim with what is known of the article it was read in.
type ReportedClaim struct {
	Article Article `json:"article"` // without its text
	Claim   Claim   `json:"claim"`
}

// PressDay is how much was published on one UTC day.
type PressDay struct {
	Day      Day
	Articles int
	Stories  int
}
