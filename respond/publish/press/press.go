// Package press makes the public products of open reporting: posts and a site for Hugo,
// Atom and JSON feeds, and the key events of a day, from stories as they stand.
//
// It never passes on more of a text than headline, publisher, link, date and one sentence of
// truce.MaxPublicQuote characters, never says that what is reported happened, and writes no
// file: it gives their bytes.
//
// Read truce.PublicStory for what goes in, then post.go (a story as a post), cluster.go (posts of
// the shape aggregators' clusters have), day.go, feed.go and site.go.
package press

import (
	"cmp"

	"github.com/trucewatch/truce"
)

// Config says whose products these are.
type Config struct {
	Title    string // of the site or feed
	Author   string
	Base     string // address under which the site lies, with a slash at the end
	Language string // of our own words: "en" or "uk"; "": "en"
	Exercise bool   // everything is marked as exercise
	Feeds    string // where the feeds lie below Base, with a slash at the end; "": there
}

// slugOf is the slug under which a story is found.
func slugOf(s truce.PublicStory) string { return cmp.Or(s.Slug, Slug(s.Title), s.ID.String()) }
