package truce

// Article is one text of one publisher, however many feeds, posts and links lead to it.
type Article struct {
	ID        ID             `json:"id"` // of the first report that carried it
	Headline  string         `json:"headline"`
	Publisher string         `json:"publisher,omitempty"`
	Author    string         `json:"author,omitempty"`
	Language  string         `json:"language,omitempty"` // as in "uk" (BCP 47); "": not known
	URL       string         `json:"url,omitempty"`
	Links     []string       `json:"links,omitempty"` // every address under which it was met, URL among them
	Published PhenomenonTime `json:"published"`
	Text      string         `json:"text,omitempty"`     // internal; never published
	TextHash  Hash           `json:"text_hash,omitzero"` // SHA-256 of Text, which stays when the text is taken down
	Reports   []ID           `json:"reports"`            // the observations that carried it, oldest first
	Posts     []string       `json:"posts,omitempty"`    // the files or feeds that listed it
	Group     string         `json:"group,omitempty"`    // of the texts that repeat one report; "": it repeats none
	Agency    string         `json:"agency,omitempty"`   // whose report it repeats as it says itself, e.g. "Reuters"
	Version   int            `json:"version,omitempty"`  // 2 and more: the publisher changed it; 0 and 1 are the first
}

// Subject is the subject of the records about an article alone: its texts, what was read out
// of them, its later versions, its takedown.
func (a Article) Subject() string { return "article/" + a.ID.String() }

// Story is what many articles tell of one course of things, as it stands after a change.
type Story struct {
	ID        ID       `json:"id"` // from the article that opened it
	Title     string   `json:"title"`
	First     Instant  `json:"first"`
	Last      Instant  `json:"last"`
	Articles  []ID     `json:"articles"` // oldest first
	Tags      []string `json:"tags,omitempty"`
	Entities  []Entity `json:"entities,omitempty"` // by weight
	Places    []string `json:"places,omitempty"`
	From      []ID     `json:"from,omitempty"` // stories it was merged or split from
	Into      ID       `json:"into,omitzero"`  // the story it was merged into; zero: it stands
	Method    string   `json:"method"`
	Publisher string   `json:"publisher,omitempty"` // of the representative headline
}

// Entity is somebody or something that texts name, under one key whatever the spelling.
type Entity struct {
	Key  string `json:"key"`  // e.g. "person:zelensky", "place:donetsk", "org:nato"
	Name string `json:"name"` // as most texts write it
	Kind string `json:"kind"` // person, place, org, other
}

// StoryChange is one step in the life of stories.
type StoryChange struct {
	Story ID              `json:"story"`
	Kind  StoryChangeKind `json:"kind"`
	At    Instant         `json:"at"` // of the article that made it
	Added []ID            `json:"added,omitempty"`
	Other ID              `json:"other,omitzero"` // merged: the story that ends; split: the story that begins
	Title string          `json:"title,omitempty"`
	Why   string          `json:"why,omitempty"`
}

// StoryChangeKind is what happened to a story.
type StoryChangeKind string

// The kinds.
const (
	StoryOpened  StoryChangeKind = "opened"
	StoryGrown   StoryChangeKind = "grown"
	StoryMerged  StoryChangeKind = "merged"
	StorySplit   StoryChangeKind = "split"
	StoryRenamed StoryChangeKind = "renamed"
)
