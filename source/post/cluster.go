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

// aggregator is the host whose links lead to others' pages, so that it is no publisher.
const aggregator = "news.google.com"

// post reads a file with front matter.
func (d *decoder) post(doc []byte) error {
	f, body, bodyLine, bad := readFront(doc)
	if bad != nil {
		return d.reject(bad.line, bad.reason)
	}
	if f.Draft {
		return d.reject(1, "the post is a draft; set draft: false when it is meant to be read")
	}
	from, err := d.day(f.day())
	if err != nil {
		return d.reject(1, fmt.Sprintf("front matter: %v; write date: YYYY-MM-DD", err))
	}
	page, refused := article.ReadHTML(body)
	if page.IsList() {
		err = d.cluster(f, page, from, bodyLine)
	} else {
		err = d.article(f, page, from, bodyLine)
	}
	if err != nil || refused == nil {
		return err
	}
	return d.refused(refused, body, bodyLine)
}

// refused rejects what the page holds from the place on where it could not be read.
func (d *decoder) refused(err error, body []byte, bodyLine int) error {
	line, reason := bodyLine, err.Error()
	if r, ok := err.(*article.Refusal); ok {
		line, reason = bodyLine+r.Line-1, r.Reason
	}
	return d.out.Reject(line, body, reason+"; what follows was not read: check that the file is whole")
}

func (d *decoder) cluster(f front, page article.Page, from truce.Instant, bodyLine int) error {
	list := list{via: f.via(), tags: f.tags(), language: languageOf(page.Links), from: from}
	for _, l := range page.Links {
		l.Line += bodyLine - 1
		if err := d.item(l, list); err != nil {
			return err
		}
	}
	if article.Words(page.Rest) > 0 {
		if err := d.out.Reject(bodyLine, []byte(page.Rest), "text beside the list of links, kept here; an article needs a post of its own"); err != nil {
			return err
		}
	}
	if page.More > 0 {
		return d.reject(bodyLine, fmt.Sprintf("%d links beyond the first %d were not read; split the post", page.More, article.MaxLinks))
	}
	return nil
}

// list is what the headlines of one post have in common.
type list struct {
	via      string
	tags     []string
	language string // of all headlines together; "": not sure
	from     truce.Instant
}

// languageOf is the language of a list of headlines, each of which may be too short to tell.
func languageOf(links []article.Link) string {
	var all strings.Builder
	for _, l := range links {
		all.WriteString(l.Listed().Headline)
		all.WriteString(".\n")
	}
	return article.Language(all.String(), "")
}

// item makes a report of one headline.
func (d *decoder) item(l article.Link, list list) error {
	row := []byte(l.Raw)
	link, err := source.Link(l.URL)
	if err != nil {
		return d.out.Reject(l.Line, row, err.Error())
	}
	said := l.Listed()
	report := truce.Report{Publisher: short(said.Publisher), Links: []string{link}, Tags: slices.Clone(list.tags), Text: text(said.Note), Via: list.via}
	if host := source.Host(link); host != aggregator {
		report.Publisher = cmp.Or(report.Publisher, short(host))
	}
	report.Headline = short(article.TrimPublisher(said.Headline, report.Publisher))
	report.Language = article.Language(report.Headline+"\n"+report.Text, list.language)
	switch {
	case article.Words(report.Headline) == 0:
		return d.out.Reject(l.Line, row, "the link has no headline; write it between <a href=...> and </a>")
	case article.IsMore(report.Headline):
		return d.out.Reject(l.Line, row, "the link leads to more coverage and not to an article")
	}
	return d.out.Observe(d.observation(list.from, "link|"+article.LinkKey(link), l.Line, row, report))
}
