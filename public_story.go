package truce

import (
	"cmp"
	"slices"
	"strings"
)

// PublicStory is what anybody may see of a story: no more of a text than its headline and
// one sentence.
type PublicStory struct {
	ID       ID              `json:"id"`
	Title    string          `json:"title"`
	Slug     string          `json:"slug,omitempty"` // under which it is found; "": made of the title
	Was      []string        `json:"was,omitempty"`  // slugs it had before, and those of stories merged into it
	First    Instant         `json:"first"`
	Last     Instant         `json:"last"`
	Articles []PublicArticle `json:"articles"`
	Tags     []string        `json:"tags,omitempty"`
	Places   []string        `json:"places,omitempty"`
}

// PublicArticle is what anybody may see of an article.
type PublicArticle struct {
	Headline  string  `json:"headline"`
	Publisher string  `json:"publisher,omitempty"`
	Link      string  `json:"link,omitempty"`
	Language  string  `json:"language,omitempty"`
	Published Instant `json:"published"`
	Group     string  `json:"group,omitempty"`  // of articles that repeat one report; "": it repeats none
	Agency    string  `json:"agency,omitempty"` // whose report it repeats as it says itself
	Quote     string  `json:"quote,omitempty"`  // one sentence of at most MaxPublicQuote characters
}

// Sorted are the articles in order of time, then of publisher and link.
func (s PublicStory) Sorted() []PublicArticle {
	list := slices.Clone(s.Articles)
	slices.SortStableFunc(list, func(a, b PublicArticle) int {
		return cmp.Or(cmp.Compare(a.Published, b.Published), strings.Compare(a.Publisher, b.Publisher), strings.Compare(a.Link, b.Link))
	})
	return list
}

// Publishers counts the different publishers of a story.
func (s PublicStory) Publishers() int {
	seen := map[string]bool{}
	for _, a := range s.Articles {
		seen[strings.ToLower(a.Publisher)] = true
	}
	return len(seen)
}

// Reports counts what is independent as far as is known: articles that repeat one report are
// one.
func (s PublicStory) Reports() int { return len(s.ByReport()) }

// PublicReport is one report with the articles that repeat it.
type PublicReport struct {
	PublicArticle
	Copies []PublicArticle
}

// ByReport puts the articles that repeat one report behind its first, in order of time.
func (s PublicStory) ByReport() []PublicReport {
	var out []PublicReport
	at := map[string]int{}
	for _, a := range s.Sorted() {
		if i, seen := at[a.Group]; seen && a.Group != "" {
			out[i].Copies = append(out[i].Copies, a)
			continue
		}
		at[a.Group] = len(out)
		out = append(out, PublicReport{PublicArticle: a})
	}
	return out
}

// On is what was told of a story from one moment until another.
func (s PublicStory) On(from, to Instant) PublicStory {
	s.Articles = slices.DeleteFunc(slices.Clone(s.Articles), func(a PublicArticle) bool { return a.Published < from || a.Published >= to })
	return s
}

// PublicPromise is what one actor is reported to have said of one subject over time.
type PublicPromise struct {
	Actor          string                `json:"actor"`   // key of who it binds
	Subject        string                `json:"subject"` // key of what it is about
	Changed        bool                  `json:"changed,omitempty"`
	Steps          []PublicStatement     `json:"steps"` // oldest first
	Contradictions []PublicContradiction `json:"contradictions,omitempty"`
}

// PublicStatement is one thing that one article reports somebody to have said.
type PublicStatement struct {
	Published Instant   `json:"published"`
	Kind      ClaimKind `json:"kind"`
	Firmness  Firmness  `json:"firmness,omitempty"`
	Condition string    `json:"condition,omitempty"`
	Quote     string    `json:"quote"` // at most MaxPublicQuote characters
	Publisher string    `json:"publisher,omitempty"`
	Link      string    `json:"link,omitempty"`
	Tellers   string    `json:"tellers,omitempty"` // the chain, nearest first
}

// PublicContradiction is who stands against a promise.
type PublicContradiction struct {
	Actor     string    `json:"actor"`
	Kind      ClaimKind `json:"kind"`
	Published Instant   `json:"published"`
	Link      string    `json:"link,omitempty"`
}
