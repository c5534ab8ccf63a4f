package app

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/internal/article"
	"github.com/trucewatch/truce/internal/polite"
	"github.com/trucewatch/truce/source"
	pagesource "github.com/trucewatch/truce/source/page"
)

const (
	// pageAccept is what is asked for of an article.
	pageAccept = "text/html, application/xhtml+xml;q=0.9, */*;q=0.1"
	// freshPage is how old an item's page may be: a new feed lists weeks, and what is older is
	// kept by its headline.
	freshPage = 7 * 24 * time.Hour
	// maxSaid bounds what one look says of pages that were not read.
	maxSaid = 5
	// teaserWords is the longest text that is a teaser and no article: news feeds give a
	// sentence or two.
	teaserWords = 60
)

// leadingOn are hosts whose links lead on to others' pages by a script: to ask them gives
// no article.
var leadingOn = [...]string{"news.google.com", "news.yahoo.com", "www.msn.com", "apple.news", "flipboard.com", "consent.google.com"}

// leadsOn says whether a link is one of those.
func leadsOn(link string) bool {
	host := source.Host(link)
	return host == "" || slices.ContainsFunc(leadingOn[:], func(name string) bool { return host == strings.TrimPrefix(name, "www.") })
}

// joinPages fetches the pages of reports that are a headline, a link and at most a teaser,
// the newest first
// and no more than the settings allow, and joins their texts.
func (c *collector) joinPages(ctx context.Context, f truce.Feed, reports []truce.Observation, r *lookResult) error {
	var links []*truce.Observation
	oldest := truce.InstantOf(c.app.now()).Add(-freshPage)
	for i := range reports {
		o := &reports[i]
		if article.Words(o.Report.Text) < teaserWords && !o.Report.Rights.NoMining && len(o.Report.Links) > 0 && !leadsOn(o.Report.Links[0]) && o.Phenomenon.From >= oldest && c.blocked.reason(o) == "" {
			links = append(links, o)
		}
	}
	slices.SortStableFunc(links, func(a, b *truce.Observation) int { return cmp.Compare(b.Phenomenon.From, a.Phenomenon.From) })
	for _, o := range links[:min(len(links), c.app.cfg.Feeds.pages())] {
		got, err := c.fetchPage(ctx, pageAsked{address: o.Report.Links[0], via: f.URL, by: "feed " + string(f.ID), source: f.Source, known: *o.Report})
		if err != nil {
			return err
		}
		got.count(r)
		if got.why != "" && len(r.Notes) < maxSaid {
			r.Notes = append(r.Notes, o.Report.Links[0]+": "+got.why)
		}
		if got.report != nil {
			join(o.Report, got.report)
		}
		if got.rights.NoMining { // what the feed itself gave is kept without its teaser too
			o.Report.Rights, o.Report.Text = got.rights, ""
		}
	}
	return nil
}

// join adds what a page says to what the feed said of it.
func join(to, from *truce.Report) {
	to.Text, to.Original, to.Rights = from.Text, from.Original, from.Rights
	to.Author, to.Language = cmp.Or(from.Author, to.Author), cmp.Or(from.Language, to.Language)
	for _, link := range from.Links {
		if !slices.Contains(to.Links, link) && len(to.Links) < source.MaxLinks {
			to.Links = append(to.Links, link)
		}
	}
}

// pageAsked is an article's page to fetch.
type pageAsked struct {
	address string
	via     string // the feed that listed it
	by      string // for whom
	source  truce.SourceID
	known   truce.Report // what the feed said of it
	leads   int          // pages that led here
	again   bool         // it is looked at again: a page that leads elsewhere now is not the article
}

// pageGot is what came of it. Exactly one of report, refused, gone and why says how it went.
type pageGot struct {
	report  *truce.Report
	refused string         // its publisher asks to leave it alone, or it was taken down
	gone    truce.GoneKind // it is not there any more
	why     string         // it could not be had or read
	rights  truce.Rights
}

func (g pageGot) count(r *lookResult) {
	switch {
	case g.report != nil:
		r.Pages++
	case g.refused != "" || g.gone == truce.GoneRobots:
		r.Refused++
	default:
		r.Unread++
	}
}

// fetchPage asks for one page where its publisher lets us, keeps its bytes and reads it.
// The error is of our own keeping, or that the context ended.
func (c *collector) fetchPage(ctx context.Context, p pageAsked) (pageGot, error) {
	rights, err := c.siteRights(ctx, p.address)
	if err != nil || rights.NoMining {
		return pageGot{refused: rights.Said, rights: rights}, err
	}
	answer, err := c.getter.Get(ctx, polite.Request{URL: p.address, Accept: pageAccept, Now: true})
	if ctx.Err() != nil {
		return pageGot{}, ctx.Err()
	}
	if polite.ReasonOf(err) == polite.Robots {
		return pageGot{gone: truce.GoneRobots, refused: failureWords(err)}, nil
	}
	switch {
	case err != nil:
		return pageGot{why: failureWords(err)}, nil
	case answer.Status == http.StatusNotFound:
		return pageGot{gone: truce.GoneNotFound}, nil
	case answer.Status == http.StatusGone:
		return pageGot{gone: truce.GoneRemoved}, nil
	case answer.Status != http.StatusOK:
		return pageGot{why: statusProblem(answer.Status)}, nil
	case leadsOn(answer.URL):
		return pageGot{why: "it leads on to " + source.Host(answer.URL)}, nil
	}
	return c.readPage(ctx, p, answer)
}

// maxLeads is how many pages may lead on one to the other by what stands in them.
const maxLeads = 3

// leadPage goes on where a page without an article leads by its refresh, its canonical
// address or its only link. Scripts are never run: what only they lead to is not had.
func (c *collector) leadPage(ctx context.Context, p pageAsked, outcome pagesource.Outcome, got pageGot) (pageGot, error) {
	switch {
	case outcome.Next == "" && outcome.Scripted:
		got.why = "only a script may lead on from it or draw its text, and none is run; its bytes are kept"
	case outcome.Next == "" || p.again:
	case p.leads == maxLeads:
		got.why = fmt.Sprintf("more than %d pages lead on to others", maxLeads)
	default:
		p.address, p.leads = outcome.Next, p.leads+1
		return c.fetchPage(ctx, p)
	}
	return got, nil
}

// readPage reads an answer as an article. Bytes of a publisher who opted out are not kept.
func (c *collector) readPage(ctx context.Context, p pageAsked, answer polite.Response) (pageGot, error) {
	read := &feedReading{}
	outcome, err := pagesource.Decode(bytes.NewReader(answer.Body), p.address, pagesource.Config{
		Source: p.source, Address: answer.URL, Charset: answer.Header.Get("Content-Type"), Via: p.via, Fetched: truce.InstantOf(c.app.now()),
		Original: truce.HashOf(answer.Body), Rights: headerRights(answer.Header), Known: p.known,
	}, read)
	if err != nil {
		return pageGot{}, err
	}
	if len(read.reports) == 1 && read.reports[0].Report.Rights.NoMining {
		rights := read.reports[0].Report.Rights
		return pageGot{refused: rights.Said, rights: rights}, nil
	}
	why, err := c.keep(ctx, p.address, p.by, answer)
	if err != nil || why != "" {
		return pageGot{refused: why}, err
	}
	if len(read.reports) == 0 {
		got := pageGot{why: "it holds no article"}
		if len(read.rejected) > 0 {
			got.why = read.rejected[0].Reason
		}
		if outcome.Empty {
			got.gone = truce.GoneEmpty
		}
		return c.leadPage(ctx, p, outcome, got)
	}
	report := read.reports[0].Report
	if reason := c.blocked.text(report.Text); reason != "" {
		return pageGot{refused: "its text was taken down: " + reason}, nil
	}
	return pageGot{report: report, rights: report.Rights}, nil
}
