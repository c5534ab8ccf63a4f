// Package page reads a web page that holds one article: headline, date, author, publisher,
// language and text. It becomes one report.
//
// It never fetches anything, runs no script of the page, and reads neither claims nor
// places out of a text.
//
// Read Decode here, then when.go for the date. How a page is taken apart is in
// internal/article.
package page

import (
	"cmp"
	"fmt"
	"io"
	"net/url"
	"regexp"
	"strings"
	"sync"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/internal/article"
	"github.com/trucewatch/truce/source"
)

// ID is the source of reports whose site is not declared as a source of its own.
const ID truce.SourceID = "page"

// tagCut marks a report whose text is longer than is kept.
const tagCut = "page:text-cut"

// Info declares the source. Nothing of it may be passed on.
func Info() truce.SourceInfo {
	return truce.SourceInfo{
		ID:           ID,
		Title:        "Web pages",
		Family:       truce.FamilyMedia,
		Licence:      "press texts, all rights of their publishers",
		Attribution:  "the publisher named in each report",
		Redistribute: false,
	}
}

// Config says what is known of a page beside its bytes. The zero value reads a saved file.
type Config struct {
	Source   truce.SourceID // of the report; "": ID
	Address  string         // where it was fetched
	Charset  string         // the Content-Type of the answer; "": by the page
	Via      string         // the feed that listed it
	Fetched  truce.Instant  // when; 0: not known. Bounds dates and stands in for a missing one
	Original truce.Hash     // of the bytes as fetched, if they are kept
	Rights   truce.Rights   // what the server's header says
	Known    truce.Report   // what the feed said of it: taken where the page says nothing
}

// Outcome is what is known of a page beside its report.
type Outcome struct {
	Empty    bool   // it was read, and no text of an article stands in it
	Next     string // where a page without an article leads on: by its refresh, canonical address or only link; "" for nowhere
	Scripted bool   // it has scripts and no text of an article: where Next is "" only they would lead on
}

// Decode reads one page. It becomes a report or is rejected with the mend; the error is
// for a failure of r or of sink. A page whose publisher opted out of mining is kept by
// headline, link, date and name alone.
//
// The id is made of date, address (else publisher), headline and text, so that saving the
// page again with other furniture gives the same report and an edited text another.
func Decode(r io.Reader, file string, cfg Config, sink truce.Sink) (Outcome, error) {
	raw, err := io.ReadAll(io.LimitReader(r, MaxFile+1))
	if err != nil {
		return Outcome{}, fmt.Errorf("read %s: %w", truce.CleanText(file), err)
	}
	d := decoder{out: source.NewOut(file, sink), file: file, cfg: cfg, raw: raw}
	if d.cfg.Source == "" {
		d.cfg.Source = ID
	}
	doc, why := text(raw, cfg.Charset)
	if why != "" {
		return d.outcome, d.reject("%s", why)
	}
	reading, err := article.ReadPage(doc)
	if err != nil {
		return d.outcome, d.reject("%v; save the article's text and import it with --format post", err)
	}
	err = d.page(reading)
	d.lead(reading)
	return d.outcome, err
}

// lead says where a page leads that is no article itself.
func (d *decoder) lead(a article.Reading) {
	d.outcome.Scripted = a.Scripted && article.Words(a.Text) < minWords
	if article.Words(a.Text) >= minWords && a.Refresh == "" {
		return
	}
	base := cmp.Or(resolved(a.Base, d.cfg.Address), d.cfg.Address)
	for _, address := range []string{a.Refresh, a.Canonical, a.Only} {
		next, err := source.Link(resolved(address, base))
		if err == nil && article.LinkKey(next) != article.LinkKey(d.cfg.Address) {
			d.outcome.Next = next
			return
		}
	}
}

type decoder struct {
	out  *source.Out
	file string
	cfg  Config
	raw  []byte

	outcome Outcome
}

func (d *decoder) reject(format string, args ...any) error {
	return d.out.Reject(1, d.raw, fmt.Sprintf(format, args...))
}

// page makes the report.
func (d *decoder) page(a article.Reading) error {
	said := article.Rights{NoMining: d.cfg.Rights.NoMining || a.Rights.NoMining, Said: d.cfg.Rights.Said}
	if a.Rights.Said != "" {
		said.Said = strings.TrimPrefix(said.Said+"; "+a.Rights.Said, "; ")
	}
	known := d.cfg.Known
	link := d.link(a)
	report := truce.Report{
		Headline:  short(cmp.Or(a.Headline, known.Headline)),
		Publisher: short(cmp.Or(a.Publisher, known.Publisher, source.Host(link))),
		Author:    short(cmp.Or(a.Author, known.Author)),
		Tags:      known.Tags,
		Language:  cmp.Or(a.Language, known.Language),
		Original:  d.cfg.Original,
		Via:       d.cfg.Via,
		Rights:    truce.Rights{NoMining: said.NoMining, Said: source.Cut(truce.CleanText(said.Said), source.MaxShort)},
	}
	if link != "" {
		report.Links = []string{link}
	}
	switch {
	case article.Words(report.Headline) == 0:
		return d.reject("no headline stands in it; save the article's text and import it with --format post")
	case a.Listing && !said.NoMining:
		return d.reject("it is a list of links and no article; import its articles, or its feed%s", feedsOf(a))
	case article.Words(a.Text) < minWords && !said.NoMining:
		d.outcome.Empty = true
		return d.reject("no text stands in it (%d words): a script may draw it; save the page from a browser", article.Words(a.Text))
	}
	at, tag, err := d.when(a)
	if err != nil {
		return d.reject("%v", err)
	}
	if tag != "" {
		report.Tags = append(append([]string(nil), report.Tags...), tag)
	}
	return d.observe(report, a, at)
}

func feedsOf(a article.Reading) string {
	if len(a.Feeds) == 0 {
		return ""
	}
	return " " + source.Shown([]byte(a.Feeds[0]))
}

func (d *decoder) observe(report truce.Report, a article.Reading, at truce.PhenomenonTime) error {
	whole := truce.CleanText(a.Text)
	key := strings.Join([]string{"page", cmp.Or(article.LinkKey(first(report.Links)), article.Fold(report.Publisher)), article.HeadlineKey(report.Headline, report.Publisher), article.Fold(whole)}, "|")
	if report.Rights.NoMining {
		whole = ""
	}
	report.Text = strings.TrimSpace(source.Cut(whole, source.MaxText))
	if len(whole) > source.MaxText {
		report.Tags = append(append([]string(nil), report.Tags...), tagCut)
	}
	o := truce.Observation{
		ID:         truce.NewID(at.From, string(truce.KindReport), string(d.cfg.Source), []byte(key)),
		Kind:       truce.KindReport,
		Source:     d.cfg.Source,
		Phenomenon: at,
		Report:     &report,
		Signature:  truce.SignatureNone,
		Origin:     d.out.At(1),
		Hash:       truce.HashOf(d.raw),
	}
	if changed, ok := d.moment(a.Modified); ok && changed.From >= at.From {
		o.Result = truce.ResultTime(changed.From)
	}
	return d.out.Observe(o)
}

func first(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return list[0]
}

var savedFrom = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`<!-- saved from url=\(\d+\)(https?://[^\s<>"]+) -->`)
})

// link is the page's own address: the canonical one when it is of the same host, since a
// page may not speak for another; else where it was fetched, or saved from.
func (d *decoder) link(a article.Reading) string {
	fetched := d.cfg.Address
	if m := savedFrom().FindSubmatch(d.raw[:min(len(d.raw), 2<<10)]); fetched == "" && m != nil {
		fetched = string(m[1])
	}
	base := resolved(a.Base, fetched)
	own := resolved(a.Canonical, cmp.Or(base, fetched))
	if link, err := source.Link(own); err == nil && (fetched == "" || site(own) == site(fetched)) {
		return link
	}
	for _, l := range append([]string{fetched}, d.cfg.Known.Links...) {
		if link, err := source.Link(l); err == nil {
			return link
		}
	}
	return ""
}

// site is a host without what sites put before their name for telephones and AMP.
func site(link string) string {
	host := source.Host(link)
	for _, prefix := range []string{"amp.", "m.", "mobile."} {
		host = strings.TrimPrefix(host, prefix)
	}
	return host
}

// resolved makes an address whole, "" for none.
func resolved(address, base string) string {
	u, err := url.Parse(strings.TrimSpace(truce.CleanText(address)))
	if address == "" || err != nil {
		return ""
	}
	if u.IsAbs() || base == "" {
		return u.String()
	}
	b, err := url.Parse(base)
	if err != nil {
		return ""
	}
	return b.ResolveReference(u).String()
}

// short makes a name or headline fit for a record.
func short(s string) string {
	return strings.TrimSpace(source.Cut(article.Line(truce.CleanText(s)), source.MaxShort))
}
