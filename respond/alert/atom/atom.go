// Package atom writes the alerts that a role was told as an Atom 1.0 feed (RFC 4287), for
// readers that fetch. It shows nothing before its release and nothing that was addressed to
// others. Read Write.
package atom

import (
	"bytes"
	"encoding/xml"
	"slices"
	"strings"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/respond/alert"
)

// MediaType is that of a feed.
const MediaType = "application/atom+xml; charset=utf-8"

// MaxEntries is how many alerts a feed holds, newest first: a reader that looks once a day
// misses none in the worst week of the sample data.
const MaxEntries = 200

// Config says whose feed it is and where it lies.
type Config struct {
	Title    truce.Names
	Author   string // who speaks, e.g. "The mechanism"
	Self     string // address of the feed
	Base     string // where the pages are; "": nowhere
	Language string
	For      alert.Group // only what this group was told
	// State and party empty and All set: everything that went to anybody of the role.
	All bool
}

type feed struct {
	XMLName xml.Name `xml:"http://www.w3.org/2005/Atom feed"`
	Lang    string   `xml:"xml:lang,attr"`
	ID      string   `xml:"id"`
	Title   string   `xml:"title"`
	Updated string   `xml:"updated"`
	Author  person   `xml:"author"`
	Links   []link   `xml:"link"`
	Entries []entry  `xml:"entry"`
}

type person struct {
	Name string `xml:"name"`
}

type link struct {
	Rel  string `xml:"rel,attr"`
	Href string `xml:"href,attr"`
	Type string `xml:"type,attr,omitempty"`
}

type category struct {
	Scheme string `xml:"scheme,attr"`
	Term   string `xml:"term,attr"`
}

type entry struct {
	ID         string     `xml:"id"`
	Title      string     `xml:"title"`
	Published  string     `xml:"published"`
	Updated    string     `xml:"updated"`
	Links      []link     `xml:"link"`
	Categories []category `xml:"category"`
	Content    content    `xml:"content"`
}

type content struct {
	Type string `xml:"type,attr"`
	Text string `xml:",chardata"`
}

// URN is the id of an alert in feeds.
func URN(id truce.AlertID) string { return "urn:truce:alert:" + id.String() }

// Write is the feed of the alerts released by now. The same alerts are the same bytes, in
// whatever order they come.
func Write(c Config, alerts []truce.Alert, now truce.Instant) ([]byte, error) {
	if c.Self == "" || c.Author == "" || c.Title.In(c.Language) == "" {
		return nil, truce.Errorf(truce.CodeInvalid, "atom: a feed needs its address, a title and an author")
	}
	shown := slices.DeleteFunc(slices.Clone(alerts), func(a truce.Alert) bool { return a.Release > now || !c.told(a) })
	slices.SortFunc(shown, func(a, b truce.Alert) int {
		if a.Release != b.Release {
			return -compare(a.Release, b.Release)
		}
		return bytes.Compare(a.ID[:], b.ID[:])
	})
	if len(shown) > MaxEntries {
		shown = shown[:MaxEntries]
	}
	out := feed{Lang: c.Language, ID: c.Self, Title: c.Title.In(c.Language), Updated: stamp(0), Author: person{c.Author},
		Links: []link{{Rel: "self", Href: c.Self, Type: "application/atom+xml"}}}
	for i, a := range shown {
		if i == 0 {
			out.Updated = stamp(a.Release)
		}
		out.Entries = append(out.Entries, c.entry(a))
	}
	text, err := xml.MarshalIndent(out, "", "  ")
	if err != nil {
		return nil, truce.Errorf(truce.CodeInternal, "atom: %w", err)
	}
	return append([]byte(xml.Header), append(text, '\n')...), nil
}

func compare(a, b truce.Instant) int {
	if a < b {
		return -1
	}
	return 1
}

// told says whether the group is among those an alert is for.
func (c Config) told(a truce.Alert) bool {
	return slices.ContainsFunc(a.To, func(r truce.AlertRecipient) bool {
		return r.Role == c.For.Role && (c.All || r.State == c.For.State && r.Party == c.For.Party)
	})
}

// stamp is a time to the second, since alerts are released in whole seconds.
func stamp(t truce.Instant) string { return t.Time().Format("2006-01-02T15:04:05Z") }

func (c Config) entry(a truce.Alert) entry {
	e := entry{
		ID: URN(a.ID), Title: a.Headline.In(c.Language), Published: stamp(a.Release), Updated: stamp(a.Release),
		Content:    content{"text", clean(alert.Body(a, c.Language, c.Base))},
		Categories: []category{{"urn:truce:kind", string(a.Kind)}, {"urn:truce:realm", string(a.Realm)}},
	}
	if a.Tier != "" {
		e.Categories = append(e.Categories, category{"urn:truce:tier", string(a.Tier)})
	}
	if url := alert.AnswerURL(c.Base, a.ID); url != "" {
		e.Links = append(e.Links, link{Rel: "alternate", Href: url, Type: "text/html"})
	}
	for _, id := range a.References {
		e.Links = append(e.Links, link{Rel: "related", Href: URN(id)})
	}
	return e
}

// clean leaves out what XML cannot hold.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' {
			return -1
		}
		return r
	}, s)
}
