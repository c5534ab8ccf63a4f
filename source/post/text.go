package post

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/internal/article"
	"github.com/trucewatch/truce/source"
)

// cutTag marks a report whose text is longer than is kept.
const cutTag = "post:text-cut"

// text reads an article saved as plain text.
func (d *decoder) text(doc string) error {
	a := article.Split(plainLines(doc), "")
	stated := ""
	if !a.Published.IsZero() {
		stated = a.Published.String()
	}
	from, err := d.day(stated)
	if err != nil {
		return d.reject(1, fmt.Sprintf("%v; write the day above the headline, e.g. 2026-01-08, or begin the file's name with it", err))
	}
	if article.Words(a.Text) == 0 {
		return d.reject(1, "no text stands under the headline; save the article with its paragraphs")
	}
	return d.observe(a, nil, nil, from, 1)
}

// plainLines makes line ends alike, whatever system wrote them, before anything is
// cleaned away.
func plainLines(doc string) string {
	return truce.CleanText(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(doc))
}

// article reads a post whose body is an article.
func (d *decoder) article(f front, page article.Page, from truce.Instant, bodyLine int) error {
	title := article.Line(truce.CleanText(f.Title))
	a := article.Split(truce.CleanText(page.Text), title)
	if article.Words(a.Text) == 0 {
		return d.reject(bodyLine, "neither a list of links nor a text stands under the front matter")
	}
	a.Publisher = cmp.Or(article.Line(f.Publisher), a.Publisher)
	a.Headline = article.TrimPublisher(a.Headline, a.Publisher)
	links := d.links(f, page)
	return d.observe(a, links, f.tags(), from, bodyLine)
}

// links are the post's own link and those of the text, each once. Links to the page
// itself, to mail and to scripts are left out: they lead to no evidence.
func (d *decoder) links(f front, page article.Page) []string {
	var out []string
	add := func(address string) {
		if link, err := source.Link(address); err == nil && len(out) < source.MaxLinks && !slices.Contains(out, link) {
			out = append(out, link)
		}
	}
	add(f.Link)
	for _, l := range page.Links {
		add(l.URL)
	}
	return out
}

// observe makes the report of an article. The page's furniture is not in it: it stays in
// the file, which the hash names. The id is made of publisher, headline and text, so
// that saving the page again with other furniture gives the same one.
func (d *decoder) observe(a article.Article, links, tags []string, from truce.Instant, line int) error {
	report := truce.Report{
		Publisher: short(a.Publisher),
		Headline:  short(a.Headline),
		Links:     links,
		Tags:      tags,
		Text:      text(a.Text),
	}
	report.Language = article.Language(report.Headline+"\n"+report.Text, "")
	if report.Publisher == "" && len(links) > 0 && source.Host(links[0]) != aggregator {
		report.Publisher = short(source.Host(links[0]))
	}
	if len(truce.CleanText(a.Text)) > source.MaxText {
		report.Tags = append(slices.Clone(tags), cutTag)
	}
	key := strings.Join([]string{"text", article.Fold(report.Publisher), article.HeadlineKey(report.Headline, report.Publisher), article.Fold(a.Text)}, "|")
	return d.out.Observe(d.observation(from, key, line, d.raw, report))
}

// text makes a longer text fit for a record.
func text(s string) string {
	return strings.TrimSpace(source.Cut(truce.CleanText(s), source.MaxText))
}
