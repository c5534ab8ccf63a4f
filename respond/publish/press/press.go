// Package press makes the public products of open reporting: posts and a site for Hugo,
// Atom and JSON feeds, and the key events of a day, from stories as they stand.
//
// It never passes on more of a text than headline, publisher, link, date and one sentence of
// truce.MaxPublicQuote characters, never says that what is reported happened, and writes no
// file: it gives their bytes.
//
// Read Story here for what goes in, then post.go (a story as a post), cluster.go (posts of
// the shape aggregators' clusters have), day.go, feed.go and site.go.
package press

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/trucewatch/truce"
)

// Story is a story as the public may see it.
type Story struct {
	ID       truce.ID
	Title    string
	Slug     string   // under which it is found; "": made of the title
	Was      []string // the slugs it had before, and those of stories merged into it
	First    truce.Instant
	Last     truce.Instant
	Articles []Article // in any order
	Tags     []string
	Places   []string
}

// Article is what the public may see of an article.
type Article struct {
	Headline  string
	Publisher string
	Link      string
	Language  string
	Published truce.Instant
	Group     string // of articles that repeat one report; "": it repeats none
	Agency    string // whose report it repeats as it says itself
	Quote     string // one sentence, cut to truce.MaxPublicQuote; "" where the publisher wants none
}

// Config says whose products these are.
type Config struct {
	Title    string // of the site or feed
	Author   string
	Base     string // address under which the site lies, with a slash at the end
	Language string // of our own words: "en" or "uk"; "": "en"
	Exercise bool   // everything is marked as exercise
}

// Slug is the story's slug.
func (s Story) slug() string { return cmp.Or(s.Slug, Slug(s.Title), s.ID.String()) }

// sorted are the articles in order of time, then of publisher and link.
func (s Story) sorted() []Article {
	list := slices.Clone(s.Articles)
	slices.SortStableFunc(list, func(a, b Article) int {
		return cmp.Or(cmp.Compare(a.Published, b.Published), strings.Compare(a.Publisher, b.Publisher), strings.Compare(a.Link, b.Link))
	})
	return list
}

// Publishers counts the different publishers of a story.
func (s Story) Publishers() int {
	seen := map[string]bool{}
	for _, a := range s.Articles {
		seen[strings.ToLower(a.Publisher)] = true
	}
	return len(seen)
}

// Reports counts what is independent as far as is known: articles that repeat one report are
// one.
func (s Story) Reports() int {
	n, groups := 0, map[string]bool{}
	for _, a := range s.Articles {
		if a.Group == "" || !groups[a.Group] {
			n++
		}
		groups[a.Group] = true
	}
	return n
}

// Quotable cuts a sentence to what may be public: whole words, an ellipsis where something
// is left out.
func Quotable(sentence string) string {
	sentence = strings.Join(strings.Fields(truce.CleanText(sentence)), " ")
	if utf8.RuneCountInString(sentence) <= truce.MaxPublicQuote {
		return sentence
	}
	runes := []rune(sentence)[:truce.MaxPublicQuote-2]
	cut := string(runes)
	if i := strings.LastIndexByte(cut, ' '); i > len(cut)/2 {
		cut = cut[:i]
	}
	return strings.TrimRight(cut, " ,;:—–-") + " …"
}
