package press

import (
	"bytes"
	"cmp"
	"encoding/json"
	"encoding/xml"
	"net/url"
	"slices"
	"strings"

	"github.com/trucewatch/truce"
)

// newest are the stories as feeds list them: changed last first.
func newest(stories []truce.PublicStory) []truce.PublicStory {
	list := slices.Clone(stories)
	slices.SortStableFunc(list, func(a, b truce.PublicStory) int {
		return cmp.Or(cmp.Compare(b.Last, a.Last), cmp.Compare(b.First, a.First), strings.Compare(slugOf(a), slugOf(b)))
	})
	return list[:min(len(list), MaxEntries)]
}

type atomFeed struct {
	XMLName xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	Lang    string      `xml:"xml:lang,attr"`
	ID      string      `xml:"id"`
	Title   string      `xml:"title"`
	Updated string      `xml:"updated"`
	Author  atomPerson  `xml:"author"`
	Links   []atomLink  `xml:"link"`
	Entries []atomEntry `xml:"entry"`
}

type atomPerson struct {
	Name string `xml:"name"`
}

type atomLink struct {
	Rel  string `xml:"rel,attr"`
	Href string `xml:"href,attr"`
	Type string `xml:"type,attr,omitempty"`
}

type atomTerm struct {
	Term string `xml:"term,attr"`
}

type atomEntry struct {
	ID        string     `xml:"id"`
	Title     string     `xml:"title"`
	Published string     `xml:"published"`
	Updated   string     `xml:"updated"`
	Links     []atomLink `xml:"link"`
	Terms     []atomTerm `xml:"category"`
	Summary   string     `xml:"summary"`
}

// Atom writes the stories as an Atom 1.0 feed (RFC 4287), changed last first. The same
// stories are the same bytes, in whatever order they come.
func Atom(stories []truce.PublicStory, cfg Config) ([]byte, error) {
	w := wordsOf(cfg.Language)
	f := atomFeed{
		Lang: cmp.Or(cfg.Language, "en"), ID: cfg.feedID(), Title: cfg.heading(w), Author: atomPerson{cmp.Or(cfg.Author, cfg.Title)},
		Links: []atomLink{{Rel: "alternate", Href: cfg.Base, Type: "text/html"}, {Rel: "self", Href: cfg.Base + cfg.Feeds + "atom.xml", Type: "application/atom+xml"}},
	}
	for _, s := range newest(stories) {
		f.Updated = max(f.Updated, stamp(s.Last))
		e := atomEntry{ID: urn(s), Title: cfg.entry(w, s), Published: stamp(s.First), Updated: stamp(s.Last),
			Links: []atomLink{{Rel: "alternate", Href: address(s, cfg), Type: "text/html"}}, Summary: counted(s, w) + ". " + w.unchecked}
		for _, tag := range s.Tags {
			e.Terms = append(e.Terms, atomTerm{tag})
		}
		f.Entries = append(f.Entries, e)
	}
	f.Updated = cmp.Or(f.Updated, "1970-01-01T00:00:00Z") // an empty feed must say a time too
	var b bytes.Buffer
	b.WriteString(xml.Header)
	enc := xml.NewEncoder(&b)
	enc.Indent("", " ")
	if err := enc.Encode(f); err != nil {
		return nil, err
	}
	b.WriteByte('\n')
	return b.Bytes(), nil
}

type jsonFeed struct {
	Version     string       `json:"version"`
	Title       string       `json:"title"`
	HomePageURL string       `json:"home_page_url,omitempty"`
	FeedURL     string       `json:"feed_url,omitempty"`
	Language    string       `json:"language"`
	Authors     []jsonAuthor `json:"authors,omitempty"`
	Items       []jsonItem   `json:"items"`
}

type jsonAuthor struct {
	Name string `json:"name"`
}

type jsonItem struct {
	ID        string   `json:"id"`
	URL       string   `json:"url"`
	Title     string   `json:"title"`
	Text      string   `json:"content_text"`
	Published string   `json:"date_published"`
	Modified  string   `json:"date_modified"`
	Tags      []string `json:"tags,omitempty"`
}

// JSON writes the stories as a JSON Feed 1.1, changed last first.
func JSON(stories []truce.PublicStory, cfg Config) ([]byte, error) {
	w := wordsOf(cfg.Language)
	f := jsonFeed{Version: "https://jsonfeed.org/version/1.1", Title: cfg.heading(w), Language: cmp.Or(cfg.Language, "en"), Items: []jsonItem{}}
	if cfg.absolute() { // a feed says where it lies in whole or not at all
		f.HomePageURL, f.FeedURL = cfg.Base, cfg.Base+cfg.Feeds+"feed.json"
	}
	if author := cmp.Or(cfg.Author, cfg.Title); author != "" {
		f.Authors = []jsonAuthor{{author}}
	}
	for _, s := range newest(stories) {
		f.Items = append(f.Items, jsonItem{ID: urn(s), URL: address(s, cfg), Title: cfg.entry(w, s),
			Text: counted(s, w) + ". " + w.unchecked, Published: stamp(s.First), Modified: stamp(s.Last), Tags: s.Tags})
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	if err := enc.Encode(f); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// absolute says whether the site's address is whole.
func (c Config) absolute() bool { return strings.Contains(c.Base, "://") }

// feedID is the name of the feed for good: the site's address, else one made of its title.
func (c Config) feedID() string {
	if c.absolute() {
		return c.Base
	}
	return "urn:truce:press:" + url.PathEscape(c.Title)
}

// urn is the id of a story in feeds, whatever its name and the site's address.
func urn(s truce.PublicStory) string { return "urn:truce:story:" + s.ID.String() }

func address(s truce.PublicStory, cfg Config) string { return cfg.Base + "stories/" + slugOf(s) + "/" }

func (c Config) heading(w words) string {
	if c.Exercise {
		return w.exercise + ": " + c.Title
	}
	return c.Title
}

func (c Config) entry(w words, s truce.PublicStory) string {
	if c.Exercise {
		return w.exercise + ": " + s.Title
	}
	return s.Title
}
