// Package feed reads what publishers list: RSS, Atom and JSON feeds, the clusters of
// headlines that news aggregators put into their items, and news sitemaps. Each item
// becomes a report.
//
// It never fetches anything, never reads a claim or a place out of a text, and resolves
// no DTD and no entity that a file declares itself.
//
// Read Decode here, then charset.go (bytes to text), cut.go (a feed into its items, so
// that a broken one costs only itself), xml.go, json.go and sitemap.go (the formats),
// item.go (an item to a report) and when.go (its time). The library gofeed reads one item
// at a time, bounded before it sees it.
package feed

import (
	"bytes"
	"fmt"
	"io"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/internal/article"
	"github.com/trucewatch/truce/internal/bounded"
	"github.com/trucewatch/truce/source"
)

// ID is the source of reports whose feed is not declared as a source of its own.
const ID truce.SourceID = "feed"

// Info declares the source. Nothing of it may be passed on.
func Info() truce.SourceInfo {
	return truce.SourceInfo{
		ID:           ID,
		Title:        "News feeds",
		Family:       truce.FamilyMedia,
		Licence:      "press texts, all rights of their publishers",
		Attribution:  "the publisher named in each report",
		Redistribute: false,
	}
}

// Config says what is known of a feed beside its bytes. The zero value reads a file.
type Config struct {
	Source    truce.SourceID // of the reports; "": ID
	Address   string         // where it was fetched: base of relative links, and Via of the reports
	Charset   string         // the Content-Type of the answer, or a charset alone; "": by the file
	Publisher string         // of all items that name none; "": the channel's title, on its own host
	Fetched   truce.Instant  // when; 0: not known. Bounds dates and stands in for missing ones
	Original  truce.Hash     // of the bytes as fetched, if they are kept
	Rights    truce.Rights   // what the server's header says
}

// Channel is what a feed says of itself.
type Channel struct {
	Format     string // such as "rss 2.0", "atom 1.0", "json 1.1", "sitemap", "sitemap index"
	Title      string
	Link       string // the site's page
	Self       string // where the feed says it lies
	Next       string // the next page of it
	Language   string
	Author     string
	Copyright  string
	Updated    truce.Instant // 0: not stated
	Every      time.Duration // how long it asks to be left alone (ttl); 0: not stated
	Items      int           // found in it
	Enclosures []Enclosure   // media its items name; none is fetched
	Pages      []Listing     // pages a sitemap lists without a headline, or the sitemaps of an index
	Undated    []truce.ID    // reports whose day is that of the feed, its file or its fetch
	Notes      []string      // oddities of the feed as a whole
}

// Enclosure is a file that an item names.
type Enclosure struct {
	Item truce.ID // of the report
	URL  string
	Type string // as stated, e.g. "audio/mpeg"
}

// Listing is an address in a sitemap.
type Listing struct {
	URL      string
	Modified truce.Instant // 0: not stated
}

// Decode reads one feed. Each item becomes a report, or is rejected with its line and the
// mend; an item that is a list of other publishers' headlines becomes one report for
// each. The channel is what was found even when an error is returned.
//
// An id is made of the time, the item's own id (else its link) and its headline, so that
// the same item fetched again is the same report and a changed headline another. Of an item
// without a time of its own only the last ten bytes of the id stay the same from day to day;
// Channel.Undated names those, and who keeps reports looks for the day they were first seen.
func Decode(r io.Reader, file string, cfg Config, sink truce.Sink) (Channel, error) {
	raw, err := io.ReadAll(io.LimitReader(r, MaxFile+1))
	if err != nil {
		return Channel{}, fmt.Errorf("read %s: %w", truce.CleanText(file), err)
	}
	d := &decoder{out: source.NewOut(file, sink), file: file, cfg: cfg}
	if d.cfg.Source == "" {
		d.cfg.Source = ID
	}
	if raw, err = unpacked(raw); err != nil {
		return d.channel, d.out.Unusable("%w; ask the publisher for a smaller one", err)
	}
	whole := text(raw, cfg.Charset)
	if whole.why != "" {
		return d.channel, d.out.Unusable("%s", whole.why)
	}
	if whole.note != "" {
		d.note("%s", whole.note)
	}
	doc := whole.doc
	switch {
	case len(doc) == 0:
		return d.channel, d.out.Unusable("the file is empty; a feed has at least its title")
	case doc[0] == '{':
		err = d.json(doc)
	case doc[0] == '<':
		err = d.xml(doc)
	default:
		err = d.out.Unusable("it begins with %s, which is no feed; want RSS, Atom, a sitemap (XML) or JSON Feed", source.Shown(doc[:min(len(doc), 20)]))
	}
	return d.channel, err
}

// unpacked takes off the gzip in which sitemaps are published, once and bounded.
func unpacked(raw []byte) ([]byte, error) {
	if !bytes.HasPrefix(raw, []byte{0x1f, 0x8b}) {
		return raw, nil
	}
	from, err := bounded.Unpack(bytes.NewReader(raw), bounded.UnpackLimits{Bytes: MaxFile})
	if err == nil {
		raw, err = io.ReadAll(from)
	}
	if err != nil {
		return nil, fmt.Errorf("it is packed with gzip and cannot be unpacked: %w", err)
	}
	return raw, nil
}

type decoder struct {
	out     *source.Out
	file    string
	cfg     Config
	channel Channel
	rights  truce.Rights // of the whole feed
}

// begin takes the channel's own words before its items are read.
func (d *decoder) begin(c Channel) {
	c.Items, c.Enclosures, c.Pages, c.Undated, c.Notes = d.channel.Items, d.channel.Enclosures, d.channel.Pages, d.channel.Undated, d.channel.Notes
	for _, s := range []*string{&c.Title, &c.Language, &c.Author, &c.Format} {
		*s = short(*s)
	}
	c.Copyright = source.Cut(article.Line(truce.CleanText(c.Copyright)), source.MaxShort)
	c.Self = d.link(c.Self, d.cfg.Address)
	base := c.Self
	if d.cfg.Address != "" {
		base = d.cfg.Address
	}
	c.Link = d.link(c.Link, base)
	c.Next = d.link(c.Next, base)
	d.channel = c
	said := article.Rights{NoMining: d.cfg.Rights.NoMining, Said: d.cfg.Rights.Said}
	said.Copyright(c.Copyright)
	d.rights = truce.Rights{NoMining: said.NoMining, Said: source.Cut(truce.CleanText(said.Said), source.MaxShort)}
}

// base is what relative links are resolved against.
func (d *decoder) base() string {
	for _, b := range []string{d.cfg.Address, d.channel.Self, d.channel.Link} {
		if b != "" {
			return b
		}
	}
	return ""
}

// via is the feed that listed an item.
func (d *decoder) via() string {
	for _, v := range []string{d.cfg.Address, d.channel.Self, d.channel.Link} {
		if link, err := source.Link(v); err == nil {
			return link
		}
	}
	return ""
}

// note keeps an oddity of the feed as a whole, once.
func (d *decoder) note(format string, args ...any) {
	words := truce.CleanText(fmt.Sprintf(format, args...))
	for _, n := range d.channel.Notes {
		if n == words {
			return
		}
	}
	if len(d.channel.Notes) < maxNotes {
		d.channel.Notes = append(d.channel.Notes, words)
	}
}

// reject quarantines an item.
func (d *decoder) reject(line int, raw []byte, format string, args ...any) error {
	return d.out.Reject(line, raw, fmt.Sprintf(format, args...))
}

// short makes a name, headline or tag fit for a record.
func short(s string) string {
	return string(bytes.TrimSpace([]byte(source.Cut(article.Line(truce.CleanText(s)), source.MaxShort))))
}
