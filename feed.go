package truce

import (
	"net/url"
	"strconv"
	"strings"
)

// FeedID names a feed, e.g. "unian-en".
type FeedID string

// Feed is an address at which open reporting is asked for, as last decided. It is a record
// of its own; what the last look at it gave is FeedState.
type Feed struct {
	ID       FeedID    `json:"id"`
	URL      string    `json:"url"`
	Title    string    `json:"title,omitempty"`
	Source   SourceID  `json:"source"` // in whose name its articles are observed
	State    FeedStage `json:"state"`
	Interval Micros    `json:"interval_us"`        // between two looks
	Language string    `json:"language,omitempty"` // of texts that do not say (BCP 47)
	Rights   string    `json:"rights,omitempty"`   // what is known of the right to keep and to read by machine
	By       PersonID  `json:"by,omitempty"`
	At       Instant   `json:"at"` // of the decision
}

// FeedStage is whether a feed is looked at.
type FeedStage string

// The stages of a feed.
const (
	FeedActive  FeedStage = "active"
	FeedPaused  FeedStage = "paused"
	FeedRemoved FeedStage = "removed" // its records stay
)

// Subject is the subject of the records about a feed.
func (f Feed) Subject() string { return "feed/" + string(f.ID) }

// Validate refuses a feed that could not be looked at.
func (f Feed) Validate() error {
	address, err := url.Parse(f.URL)
	switch {
	case f.ID == "" || len(f.ID) > MaxFeedID || strings.ContainsAny(string(f.ID), " /\t\n"):
		return Errorf(CodeInvalid, "feed %.80q: its id has 1 to %d characters without spaces and slashes", f.ID, MaxFeedID)
	case err != nil || address.Host == "" || address.Scheme != "http" && address.Scheme != "https":
		return Errorf(CodeInvalid, "feed %s: its address %.200q begins with http:// or https:// and names a host", f.ID, f.URL)
	case f.Source == "":
		return Errorf(CodeInvalid, "feed %s: name the source in whose name its articles are observed", f.ID)
	case f.State != FeedActive && f.State != FeedPaused && f.State != FeedRemoved:
		return Errorf(CodeInvalid, "feed %s: state %q, want active, paused or removed", f.ID, f.State)
	case f.Interval < MinFeedInterval:
		return Errorf(CodeInvalid, "feed %s: an interval of %s, want at least %s", f.ID, f.Interval.Duration(), MinFeedInterval.Duration())
	}
	return nil
}

// FeedState is what the last look at a feed gave and when the next is due. It is kept for
// working, not recorded: losing it costs one fetch too many.
type FeedState struct {
	Feed     FeedID
	URL      string  // that was asked; the tag and the date are of this address alone
	ETag     string  // as the server gave it, for the next conditional request
	Modified string  // Last-Modified, likewise
	Tried    Instant // the last look; 0: none yet
	Fetched  Instant // the last look that gave something or "not modified"
	Due      Instant // the next look
	Status   int     // of the last answer; 0: none
	Failures int     // in a row
	Problem  string  // of the last failure, in words; "" when it went well
}

// ArticleText is the readable text of an article as it stood at one time. It is a record
// of its own so that it can be erased alone.
type ArticleText struct {
	Article ID     `json:"article"`
	Hash    Hash   `json:"hash"` // SHA-256 of Text
	Text    string `json:"text"` // internal; never published
}

// Validate refuses a text that its hash does not belong to.
func (t ArticleText) Validate() error {
	if t.Article.IsZero() || t.Text == "" || HashOf([]byte(t.Text)) != t.Hash {
		return Errorf(CodeInvalid, "text of article %s: it names the article, is not empty and its hash is that of the text", t.Article)
	}
	return nil
}

// ArticleClaims is what was read out of an article as it stood at one time. It quotes the
// text, so that it is a record of its own that is erased with it.
type ArticleClaims struct {
	Article ID      `json:"article"`
	Text    Hash    `json:"text,omitzero"` // of the text that was read; zero: the headline alone
	Method  string  `json:"method"`        // the version of the rules
	Claims  []Claim `json:"claims"`
}

// Validate asks for the article and for the sentence of each claim.
func (c ArticleClaims) Validate() error {
	if c.Article.IsZero() || c.Method == "" {
		return Errorf(CodeInvalid, "claims of article %s: they name the article and the method by which they were read", c.Article)
	}
	for i := range c.Claims {
		if c.Claims[i].Quote == nil {
			return Errorf(CodeInvalid, "claim %d of article %s: it has no sentence of the article", i+1, c.Article)
		}
	}
	return nil
}

// Draft is the draft of the claims: of one text and method there is one.
func (c ArticleClaims) Draft() (Draft, error) {
	subject := Article{ID: c.Article}.Subject()
	return NewDraft(RecordClaims, subject, "claims/"+c.Article.String()+"/"+c.Text.String()+"/"+c.Method, c)
}

// ArticleVersion is how an article stood when it was looked at again: changed or gone.
type ArticleVersion struct {
	Article  ID       `json:"article"`
	Number   int      `json:"number"` // from 1, the first that was seen
	At       Instant  `json:"at"`     // when it was fetched
	Headline string   `json:"headline,omitempty"`
	Original Hash     `json:"original,omitzero"` // of the bytes as fetched, which the evidence keeps
	Text     Hash     `json:"text,omitzero"`     // of the readable text
	Before   Hash     `json:"before,omitzero"`   // of the readable text before; zero: it is the first
	Same     int      `json:"same,omitempty"`    // words that both texts have, in order
	Removed  int      `json:"removed,omitempty"` // words that only the text before has
	Added    int      `json:"added,omitempty"`   // words that only this text has
	Gone     GoneKind `json:"gone,omitempty"`    // "": it is there
}

// GoneKind is in which way an article is no longer to be had.
type GoneKind string

// The ways.
const (
	GoneNotFound GoneKind = "not_found" // 404
	GoneRemoved  GoneKind = "removed"   // 410
	GoneRobots   GoneKind = "robots"    // the publisher's robots.txt now forbids it
	GoneEmpty    GoneKind = "empty"     // there is a page and no text in it
)

// StoryBatch is what one step of grouping changed: articles that are new or stand
// otherwise now, the heads of the stories touched, and what happened to them. Who belongs
// to a story is the sum of its changes, so that a story of a thousand articles is not
// written anew with each of them.
type StoryBatch struct {
	Articles []Article        `json:"articles,omitempty"` // without Text, which has a record of its own
	Stories  []Story          `json:"stories,omitempty"`  // as they stand afterwards, without Articles
	Changes  []StoryChange    `json:"changes,omitempty"`  // in order
	Versions []ArticleVersion `json:"versions,omitempty"`
}

// Validate refuses a batch that could not be folded.
func (b StoryBatch) Validate() error {
	for _, a := range b.Articles {
		if a.ID.IsZero() || a.Text != "" {
			return Errorf(CodeInvalid, "article %s: it has an id, and its text is a record of its own", a.ID)
		}
	}
	for _, s := range b.Stories {
		if s.ID.IsZero() || len(s.Articles) > 0 {
			return Errorf(CodeInvalid, "story %s: it has an id, and its articles stand in its changes", s.ID)
		}
	}
	for _, c := range b.Changes {
		if c.Story.IsZero() || c.Kind == "" || (c.Kind == StoryMerged || c.Kind == StorySplit) && (c.Other.IsZero() || c.Other == c.Story) {
			return Errorf(CodeInvalid, "change of story %s: it has a kind, and a merger or split another story", c.Story)
		}
	}
	for _, v := range b.Versions {
		if v.Article.IsZero() || v.Number < 1 {
			return Errorf(CodeInvalid, "version of article %s: it has an article and a number from 1", v.Article)
		}
	}
	return nil
}

// NewStoryDrafts makes the drafts of a batch: a record for each text that the articles
// bring, then one for the rest. The batch is left as it is. The same key gives the same
// drafts, so that a step that is repeated changes nothing.
func NewStoryDrafts(key string, batch StoryBatch) ([]Draft, error) {
	var drafts []Draft
	rest := batch
	rest.Articles = make([]Article, len(batch.Articles))
	for i, a := range batch.Articles {
		if a.Text != "" {
			text := ArticleText{Article: a.ID, Hash: HashOf([]byte(a.Text)), Text: a.Text}
			d, err := NewDraft(RecordText, a.Subject(), "text/"+a.ID.String()+"/"+strconv.Itoa(max(a.Version, 1))+"/"+text.Hash.String(), text)
			if err != nil {
				return nil, err
			}
			drafts = append(drafts, d)
			a.TextHash, a.Text = text.Hash, ""
		}
		rest.Articles[i] = a
	}
	d, err := NewDraft(RecordStories, "", key, rest)
	return append(drafts, d), err
}

// Takedown removes a text, and says what was removed, why, by whom and when. Hash and
// headline stay.
type Takedown struct {
	Hash    Hash     `json:"hash"`             // of the text or of the original bytes
	Article ID       `json:"article,omitzero"` // zero: the hash alone is meant; else every text of the article
	Reason  string   `json:"reason"`           // without repeating what is removed
	By      PersonID `json:"by,omitempty"`
	At      Instant  `json:"at"`

	// What else goes with it, found before anything was removed: reports that carried the text
	// and the bytes it came in. Whoever finds some of them left finishes the takedown.
	Reports   []ID   `json:"reports,omitempty"`
	Originals []Hash `json:"originals,omitempty"`
}

// Validate asks for what is removed and for the reason.
func (t Takedown) Validate() error {
	if t.Hash.IsZero() && t.Article.IsZero() || t.Reason == "" || t.At == 0 {
		return Errorf(CodeInvalid, "takedown: it names a hash or an article, the reason and the time")
	}
	return nil
}
