package feed

import (
	"bytes"
	"cmp"
	"strconv"
	"strings"
	"time"

	"github.com/mmcdole/gofeed"
	"github.com/mmcdole/gofeed/atom"
	"github.com/mmcdole/gofeed/rss"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/source"
)

// xml reads RSS, Atom and sitemaps.
func (d *decoder) xml(doc []byte) error {
	most := MaxItems
	if head := bytes.ToLower(doc[:min(len(doc), 4<<10)]); bytes.Contains(head, []byte("<urlset")) || bytes.Contains(head, []byte("<sitemapindex")) {
		most = MaxSitemap
	}
	whole, err := cut(doc, most)
	if err != nil {
		return d.out.Unusable("%w", err)
	}
	d.channel.Items = len(whole.pieces)
	switch whole.root {
	case "rss", "rdf", "feed":
		err = d.items(doc, whole)
	case "urlset", "sitemapindex":
		err = d.sitemap(doc, whole)
	case "html", "head", "body", "div", "p":
		return d.out.Unusable("it is a web page and no feed; look in it for <link rel=\"alternate\" type=\"application/rss+xml\">, or import it with --format page")
	case "opml":
		return d.out.Unusable("it is a list of feeds (OPML) and no feed; add its feeds instead of reading it")
	default:
		return d.out.Unusable("its root is <%s>, which is no feed; want <rss>, <feed>, <rdf:RDF> or <urlset>", truce.CleanText(source.Cut(whole.root, 40)))
	}
	if err == nil && whole.more > 0 {
		err = d.reject(0, nil, "%d items beyond the first %d were not read; ask the publisher for a shorter feed", whole.more, most)
	}
	return err
}

// items reads channel and items of RSS and Atom, each alone in the feed's frame.
func (d *decoder) items(doc []byte, whole outline) error {
	head, err := parse(whole.head)
	if err != nil {
		d.note("what the feed says of itself cannot be read: %v", err)
		head = &gofeed.Feed{FeedType: map[string]string{"feed": "atom"}[whole.root]}
	}
	d.begin(channelOf(head))
	for _, p := range whole.pieces {
		if err := d.piece(doc[p.from:p.to], p, whole); err != nil {
			return err
		}
	}
	return nil
}

// piece reads one item.
func (d *decoder) piece(raw []byte, p piece, whole outline) error {
	if p.fault != "" {
		return d.reject(p.line, raw, "%s", p.fault)
	}
	feed, err := parse(whole.framed(raw, p))
	if err != nil {
		return d.reject(p.line, raw, "the item is not well-formed: %v; ask the publisher to mend it", err)
	}
	items := feed.Items
	if len(items) != 1 {
		return d.reject(p.line, raw, "the item cannot be told from what is around it; ask the publisher to mend it")
	}
	return d.item(itemOf(feed), raw, p.line)
}

// framed is one item as a feed of its own, with the tags that name its spaces, base and
// language around it.
func (o outline) framed(raw []byte, p piece) []byte {
	var b bytes.Buffer
	b.WriteString(o.rootTag)
	if p.inside {
		b.WriteString(o.channel)
	}
	b.Write(raw)
	if p.inside {
		b.WriteString("</" + tagName(o.channel) + ">")
	}
	b.WriteString("</" + tagName(o.rootTag) + ">")
	return b.Bytes()
}

// tagName is a tag's name with its prefix, as written.
func tagName(tag string) string {
	name := strings.TrimPrefix(tag, "<")
	if i := strings.IndexAny(name, " \t\r\n/>"); i >= 0 {
		name = name[:i]
	}
	return name
}

// parse reads a feed that is bounded already. The scan for pictures in texts, which
// builds a tree of each, is off.
func parse(doc []byte) (*gofeed.Feed, error) {
	p := gofeed.NewParser()
	p.RSSTranslator = &gofeed.DefaultRSSTranslator{DisableContentImageScan: true}
	p.KeepOriginalFeed = true
	return p.Parse(bytes.NewReader(doc))
}

// channelOf is what a feed says of itself.
func channelOf(f *gofeed.Feed) Channel {
	c := Channel{
		Format: strings.TrimSpace(f.FeedType + " " + f.FeedVersion),
		Title:  f.Title, Link: f.Link, Self: f.FeedLink, Language: f.Language, Copyright: f.Copyright,
	}
	if len(f.Authors) > 0 {
		c.Author = cmp.Or(f.Authors[0].Name, f.Authors[0].Email)
	}
	for _, t := range []*time.Time{f.UpdatedParsed, f.PublishedParsed} {
		if t != nil && c.Updated == 0 && t.Year() >= source.MinYear && t.Year() <= source.MaxYear {
			c.Updated = truce.InstantOf(*t)
		}
	}
	switch original := f.OriginalFeed().(type) {
	case *rss.Feed:
		if minutes, err := strconv.Atoi(strings.TrimSpace(original.TTL)); err == nil && minutes > 0 && minutes <= 7*24*60 {
			c.Every = time.Duration(minutes) * time.Minute
		}
	case *atom.Feed:
		for _, l := range original.Links {
			if l.Rel == "next" {
				c.Next = l.Href
			}
		}
	}
	return c
}

// itemOf is the only item of a feed.
func itemOf(f *gofeed.Feed) item {
	g := f.Items[0]
	it := item{
		id: g.GUID, title: g.Title, link: g.Link, summary: g.Description, content: g.Content,
		published: g.Published, updated: g.Updated, tags: g.Categories, language: f.Language,
	}
	it.publishedAt, it.updatedAt = timeOf(g.PublishedParsed), timeOf(g.UpdatedParsed)
	it.links = g.Links
	for _, a := range g.Authors {
		if name := cmp.Or(a.Name, a.Email); name != "" {
			it.authors = append(it.authors, name)
		}
	}
	for _, e := range g.Enclosures {
		it.media = append(it.media, Enclosure{URL: e.URL, Type: e.Type})
	}
	if dc := g.DublinCoreExt; dc != nil {
		it.language = cmp.Or(first(dc.Language), it.language)
		it.publisher = first(dc.Publisher)
		it.rights = first(dc.Rights)
	}
	it.original(f)
	return it
}

// original takes what the library's common form of a feed leaves out.
func (it *item) original(f *gofeed.Feed) {
	switch feed := f.OriginalFeed().(type) {
	case *rss.Feed:
		r := feed.Items[0]
		if r.Source != nil {
			it.publisher, it.publisherAt = cmp.Or(r.Source.Title, it.publisher), r.Source.URL
		}
		if r.GUID != nil && it.link == "" && r.GUID.IsPermalink != "false" && strings.HasPrefix(r.GUID.Value, "http") {
			it.link = strings.TrimSpace(r.GUID.Value)
		}
	case *atom.Feed:
		e := feed.Entries[0]
		it.rights = cmp.Or(e.Rights, it.rights)
		if e.Source != nil {
			it.publisher = cmp.Or(e.Source.Title, it.publisher)
		}
		if it.link == "" && len(it.links) > 0 {
			it.link = it.links[0]
		}
		if e.Published == "" { // the library puts the update there
			it.published, it.publishedAt = "", time.Time{}
		}
	}
}

func first(values []string) string {
	if len(values) == 0 {
		return ""
	}
	return values[0]
}

func timeOf(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return *t
}
