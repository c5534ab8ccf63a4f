package feed

import (
	"cmp"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/internal/article"
	"github.com/trucewatch/truce/source"
)

// aggregator is the host whose links lead to others' pages and whose titles always end
// with the publisher's name.
const aggregator = "news.google.com"

// tagCut marks a report whose text is longer than is kept.
const tagCut = "feed:text-cut"

// item is what all formats say of one entry, as written.
type item struct {
	id, title, link        string
	links, authors, tags   []string
	summary, content       string // HTML or text
	plain                  bool   // summary and content are text
	published, updated     string
	publishedAt, updatedAt time.Time // as the library read them; zero: it could not
	publisher, publisherAt string    // who is named as the source, and the address given with the name
	language, rights       string
	media                  []Enclosure
}

// item makes the reports of one entry.
func (d *decoder) item(it item, raw []byte, line int) error {
	date, err := d.when(it)
	if err != nil {
		return d.reject(line, raw, "%v", err)
	}
	row := row{item: it, dating: date, raw: raw, line: line, tags: d.tags(it, date.tag), rights: d.rightsOf(it)}
	body := cmp.Or(it.content, it.summary)
	page := article.Page{Text: body}
	if !it.plain {
		page, _ = article.ReadHTML([]byte(body)) // what was read before a refusal is good
	}
	if it.content == "" && page.IsList() && len(page.Links) > 1 {
		return d.cluster(row, page)
	}
	return d.single(row, page.Text)
}

// row is an item on its way to its reports.
type row struct {
	item
	dating
	raw    []byte
	line   int
	tags   []string
	rights truce.Rights
}

// single makes the report of an item that is one article.
func (d *decoder) single(r row, text string) error {
	title := article.Line(truce.CleanText(plainTitle(r.title)))
	link := d.link(r.link, d.base())
	if r.link != "" && link == "" && title == "" {
		return d.reject(r.line, r.raw, "it has no title, and its link %s leads to no page", source.Shown([]byte(r.link)))
	}
	publisher := d.publisher(r, link)
	headline := article.TrimPublisher(title, publisher)
	if publisher == "" && source.Host(link) == aggregator {
		headline, publisher = article.SplitPublisher(title)
	}
	if article.Words(headline) == 0 {
		headline = firstWords(text)
	}
	if article.Words(headline) == 0 {
		return d.reject(r.line, r.raw, "it has neither a title nor a text")
	}
	report := truce.Report{Publisher: short(publisher), Headline: short(headline), Links: d.links(r, link), Tags: r.tags, Text: text, Author: d.author(r)}
	return d.observe(r, report, cmp.Or(d.key(r), article.LinkKey(link)))
}

// cluster makes a report of each headline in the item's list, and of the item itself when
// the list leaves it out.
func (d *decoder) cluster(r row, page article.Page) error {
	own := d.link(r.link, d.base())
	title, _ := article.SplitPublisher(plainTitle(r.title))
	listed := article.Words(title) == 0
	for _, l := range page.Links {
		link := d.link(l.URL, d.base())
		said := l.Listed()
		headline := short(said.Headline)
		switch {
		case link == "":
			if err := d.reject(r.line, []byte(l.Raw), "the link %s leads to no page", source.Shown([]byte(l.URL))); err != nil {
				return err
			}
			continue
		case article.Words(headline) == 0, article.IsMore(headline):
			if err := d.reject(r.line, []byte(l.Raw), "the link has no headline of its own"); err != nil {
				return err
			}
			continue
		}
		listed = listed || article.LinkKey(link) == article.LinkKey(own) || article.HeadlineKey(headline, "") == article.HeadlineKey(title, "")
		report := truce.Report{Publisher: short(said.Publisher), Headline: headline, Links: []string{link}, Tags: slices.Clone(r.tags), Text: said.Note}
		if host := source.Host(link); report.Publisher == "" && host != aggregator {
			report.Publisher = host
		}
		if err := d.observe(r, report, "link|"+article.LinkKey(link)); err != nil {
			return err
		}
	}
	if listed {
		return nil
	}
	return d.single(r, "")
}

// observe passes a report on. A text whose publisher opted out of mining is left out.
func (d *decoder) observe(r row, report truce.Report, key string) error {
	text := source.Cut(truce.CleanText(report.Text), source.MaxText)
	if len(text) < len(truce.CleanText(report.Text)) {
		report.Tags = append(slices.Clone(report.Tags), tagCut)
	}
	report.Text = strings.TrimSpace(text)
	report.Language = article.Language(report.Headline+"\n"+report.Text, cmp.Or(r.language, d.channel.Language))
	report.Via, report.Rights, report.Original = d.via(), r.rights, d.cfg.Original
	if r.rights.NoMining {
		report.Text = ""
	}
	key += "|" + article.HeadlineKey(report.Headline, report.Publisher)
	o := truce.Observation{
		ID:         truce.NewID(r.at.From, string(truce.KindReport), string(d.cfg.Source), []byte(key)),
		Kind:       truce.KindReport,
		Source:     d.cfg.Source,
		Phenomenon: r.at,
		Report:     &report,
		Signature:  truce.SignatureNone,
		Origin:     d.out.At(r.line),
		Hash:       truce.HashOf(r.raw),
	}
	if !r.updatedAt.IsZero() && d.possible(r.updatedAt) && truce.InstantOf(r.updatedAt) >= r.at.From {
		o.Result = truce.ResultTime(truce.InstantOf(r.updatedAt))
	}
	if r.borrowed {
		d.channel.Undated = append(d.channel.Undated, o.ID)
	}
	d.enclose(o.ID, r.media)
	return d.out.Observe(o)
}

// enclose lists the media an item names.
func (d *decoder) enclose(id truce.ID, media []Enclosure) {
	for _, m := range media {
		link := d.link(m.URL, d.base())
		if link == "" || len(d.channel.Enclosures) == maxEnclosures {
			continue
		}
		d.channel.Enclosures = append(d.channel.Enclosures, Enclosure{Item: id, URL: link, Type: short(m.Type)})
	}
}

// key is the item's own id. One that is no address is only the feed's own, so the feed is
// named with it.
func (d *decoder) key(r row) string {
	id := strings.TrimSpace(truce.CleanText(r.id))
	switch {
	case id == "":
		return ""
	case strings.HasPrefix(id, "http://"), strings.HasPrefix(id, "https://"):
		return "link|" + article.LinkKey(id)
	case strings.HasPrefix(id, "tag:"), strings.HasPrefix(id, "urn:"):
		return "id|" + id
	}
	return "id|" + cmp.Or(d.channel.Self, d.channel.Link, d.cfg.Address, d.channel.Title) + "|" + id
}

// publisher is whom the item names as its source; else whom the caller knows; else the
// channel, for links on its own host; else the link's host.
func (d *decoder) publisher(r row, link string) string {
	if name := article.Line(truce.CleanText(r.publisher)); name != "" {
		return name
	}
	host, home := source.Host(link), source.Host(d.channel.Link)
	switch {
	case d.cfg.Publisher != "":
		return d.cfg.Publisher
	case host == aggregator:
		return ""
	case link == "" || home != "" && (host == home || strings.HasSuffix(host, "."+home)):
		return cmp.Or(d.channel.Title, home)
	}
	return host
}

func (d *decoder) author(r row) string {
	names := r.authors
	if len(names) == 0 && r.publisher == "" && d.channel.Author != "" {
		names = []string{d.channel.Author}
	}
	return short(strings.Join(names[:min(len(names), 10)], ", "))
}

// links are the item's own link and the others it names, each once.
func (d *decoder) links(r row, own string) []string {
	var out []string
	if own != "" {
		out = append(out, own)
	}
	for _, l := range r.links {
		if link := d.link(l, d.base()); link != "" && len(out) < source.MaxLinks && !slices.Contains(out, link) {
			out = append(out, link)
		}
	}
	return out
}

// link makes an address whole; it is "" for what opens no page.
func (d *decoder) link(address, base string) string {
	address = strings.TrimSpace(article.Unescape(truce.CleanText(address)))
	if address == "" {
		return ""
	}
	if u, err := url.Parse(address); err == nil && !u.IsAbs() && base != "" {
		if b, err := url.Parse(base); err == nil && b.Host != "" {
			address = b.ResolveReference(u).String()
		}
	}
	link, err := source.Link(address)
	if err != nil {
		return ""
	}
	return link
}

func (d *decoder) tags(it item, extra string) []string {
	var out []string
	for _, t := range it.tags {
		if t = short(t); t != "" && len(out) < source.MaxTags-2 && !slices.Contains(out, t) {
			out = append(out, t)
		}
	}
	if extra != "" {
		out = append(out, extra)
	}
	return out
}

func (d *decoder) rightsOf(it item) truce.Rights {
	if it.rights == "" {
		return d.rights
	}
	said := article.Rights{NoMining: d.rights.NoMining, Said: d.rights.Said}
	said.Copyright(it.rights)
	return truce.Rights{NoMining: said.NoMining, Said: truce.CleanText(said.Said)}
}

// withAttribute is an element with an attribute, which no title in words has.
var withAttribute = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`<[A-Za-z][A-Za-z0-9]*\s+[A-Za-z-]+\s*=`)
})

// plainTitle takes markup out of a title. A title in words may hold a < of its own, so
// only what looks like an element is markup.
func plainTitle(title string) string {
	title = article.Unescape(title)
	if !strings.Contains(title, "</") && !strings.Contains(title, "/>") && !strings.Contains(strings.ToLower(title), "<br") && !withAttribute().MatchString(title) {
		return title
	}
	page, err := article.ReadHTML([]byte(title))
	if err != nil || article.Words(page.Text) == 0 {
		return title
	}
	return page.Text
}

// firstWords stands in for a title that an item does not have.
func firstWords(text string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	words := strings.Fields(line)
	if len(words) <= titleWords {
		return strings.Join(words, " ")
	}
	return strings.Join(words[:titleWords], " ") + "…"
}
