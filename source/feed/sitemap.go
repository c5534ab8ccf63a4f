package feed

import (
	"bytes"
	stdxml "encoding/xml"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/source"
)

// located is one <url> of a sitemap, with Google's news extension.
type located struct {
	Loc     string `xml:"loc"`
	LastMod string `xml:"lastmod"`
	News    *struct {
		Publication struct {
			Name     string `xml:"name"`
			Language string `xml:"language"`
		} `xml:"publication"`
		Date     string `xml:"publication_date"`
		Title    string `xml:"title"`
		Keywords string `xml:"keywords"`
	} `xml:"news"`
}

// sitemap reads a sitemap. Pages with a headline become reports, the others are listed in
// the channel: an address alone says nothing.
func (d *decoder) sitemap(doc []byte, whole outline) error {
	format := "sitemap"
	if whole.root == "sitemapindex" {
		format = "sitemap index"
	}
	d.begin(Channel{Format: format})
	for _, p := range whole.pieces {
		if err := d.located(doc[p.from:p.to], p, whole); err != nil {
			return err
		}
	}
	return nil
}

func (d *decoder) located(raw []byte, p piece, whole outline) error {
	if p.fault != "" {
		return d.reject(p.line, raw, "%s", p.fault)
	}
	dec := stdxml.NewDecoder(bytes.NewReader(whole.framed(raw, p)))
	dec.Strict = false
	var frame struct {
		URL     []located `xml:"url"`
		Sitemap []located `xml:"sitemap"`
	}
	if err := dec.Decode(&frame); err != nil {
		return d.reject(p.line, raw, "the entry is not well-formed: %v; ask the publisher to mend it", err)
	}
	all := append(frame.URL, frame.Sitemap...)
	if len(all) != 1 {
		return d.reject(p.line, raw, "the entry cannot be told from what is around it")
	}
	return d.page(all[0], raw, p.line)
}

func (d *decoder) page(l located, raw []byte, line int) error {
	link := d.link(l.Loc, d.base())
	if link == "" {
		return d.reject(line, raw, "<loc> is %s; want http:// or https:// and a host", source.Shown([]byte(l.Loc)))
	}
	modified := moment(l.LastMod)
	if l.News == nil {
		d.channel.Pages = append(d.channel.Pages, Listing{URL: link, Modified: instantOf(modified)})
		return nil
	}
	it := item{
		title: l.News.Title, link: link, publisher: l.News.Publication.Name, language: l.News.Publication.Language,
		published: l.News.Date, publishedAt: moment(l.News.Date), updated: l.LastMod, updatedAt: modified,
		tags: keywords(l.News.Keywords), plain: true,
	}
	return d.item(it, raw, line)
}

// moment is a W3C date and time, zero for none that can be read.
func moment(text string) time.Time {
	span, err := source.Time(text, time.UTC)
	if text == "" || err != nil {
		return time.Time{}
	}
	return span.From.Time()
}

func instantOf(t time.Time) truce.Instant {
	if t.IsZero() {
		return 0
	}
	return truce.InstantOf(t)
}

func keywords(text string) []string {
	var out []string
	for _, k := range bytes.Split([]byte(text), []byte(",")) {
		out = append(out, string(bytes.TrimSpace(k)))
	}
	return out
}
