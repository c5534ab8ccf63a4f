// Package opml reads and writes lists of feeds in OPML 2.0, by which readers exchange their
// subscriptions.
//
// It never fetches a feed or an included list, and resolves no DTD.
//
// Read Read for what is taken from others' lists and how it is mended, Write for ours.
package opml

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"golang.org/x/net/html/charset"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/internal/article"
	"github.com/trucewatch/truce/source"
)

// Bounds on one list.
const (
	// MaxFile is the largest list that is read, in bytes: 10,000 feeds have 3 MiB.
	MaxFile = 8 << 20
	// MaxFeeds bounds the feeds of a list: nobody reads more, and each is asked for often.
	MaxFeeds = 10_000
	// maxDepth bounds folders in folders.
	maxDepth = 32
	// maxFaults bounds what is said of one list.
	maxFaults = 100
)

// List is a list of feeds.
type List struct {
	Title  string
	Feeds  []Feed
	Faults []Fault // what could not be taken, or was mended
}

// Feed is one entry of a list.
type Feed struct {
	Title       string
	URL         string   // of the feed
	Page        string   // of the site, "" when not stated
	Folder      []string // the folders it stands in, the outermost first
	Tags        []string // its categories
	Language    string
	Description string
}

// Fault is something about one entry, with the mend.
type Fault struct {
	Line   int // 1-based
	Reason string
}

// Read takes a list apart. What is wrong with one entry costs only it and is told in
// Faults; the error is for what is no list at all.
func Read(r io.Reader, file string) (List, error) {
	raw, err := io.ReadAll(io.LimitReader(r, MaxFile+1))
	if err != nil {
		return List{}, fmt.Errorf("read %s: %w", truce.CleanText(file), err)
	}
	if len(raw) > MaxFile {
		return List{}, unusable(file, "it is over the bound of %d bytes; split the list", MaxFile)
	}
	p := parser{dec: xml.NewDecoder(bytes.NewReader(bytes.TrimSpace(bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf"))))), seen: map[string]bool{}}
	p.dec.Strict = false
	p.dec.CharsetReader = charset.NewReaderLabel
	if err := p.read(); err != nil {
		return p.list, unusable(file, "%w", err)
	}
	return p.list, nil
}

func unusable(file, format string, args ...any) error {
	return truce.Errorf(truce.CodeInvalid, "%s: %w", truce.CleanText(file), fmt.Errorf(format, args...))
}

type parser struct {
	dec    *xml.Decoder
	list   List
	opened bool     // <opml> was seen
	title  bool     // the text at hand is the list's title
	names  []string // of the open outlines, "" for a feed
	seen   map[string]bool
	full   bool // MaxFeeds was reached
}

func (p *parser) read() error {
	for {
		t, err := p.dec.Token()
		var syntax *xml.SyntaxError
		switch {
		case errors.Is(err, io.EOF), errors.As(err, &syntax) && p.opened:
			if err != nil && !errors.Is(err, io.EOF) {
				p.fault("the list is broken here (%s); what follows was not read: save it again", syntax.Msg)
			}
			if !p.opened {
				return fmt.Errorf("it is no OPML; want <opml version=\"2.0\"> with <outline> elements")
			}
			return nil
		case err != nil:
			return fmt.Errorf("it is no XML: %w; save the list as OPML 2.0 in UTF-8", err)
		}
		if err := p.token(t); err != nil {
			return err
		}
	}
}

func (p *parser) token(t xml.Token) error {
	switch t := t.(type) {
	case xml.Directive:
		if bytes.ContainsRune(t, '[') {
			return fmt.Errorf("a DTD that declares something is not read; save the list without it")
		}
	case xml.StartElement:
		return p.start(t)
	case xml.EndElement:
		if strings.EqualFold(t.Name.Local, "outline") && len(p.names) > 0 {
			p.names = p.names[:len(p.names)-1]
		}
		p.title = false
	case xml.CharData:
		if p.title {
			p.list.Title = short(p.list.Title + string(t))
		}
	}
	return nil
}

func (p *parser) start(e xml.StartElement) error {
	name := strings.ToLower(e.Name.Local)
	switch {
	case !p.opened && name != "opml":
		return fmt.Errorf("its root is <%s>, which is no list of feeds; want <opml>", truce.CleanText(source.Cut(name, 40)))
	case name == "opml":
		p.opened = true
	case name == "title" && len(p.names) == 0:
		p.title = true
	case name == "outline":
		if len(p.names) == maxDepth {
			return fmt.Errorf("folders nest more than %d deep; flatten the list", maxDepth)
		}
		p.outline(e)
	}
	return nil
}

// outline takes a feed or opens a folder. Names of attributes are read in any case, since
// programs differ in it.
func (p *parser) outline(e xml.StartElement) {
	said := map[string]string{}
	for _, a := range e.Attr {
		if name := strings.ToLower(a.Name.Local); said[name] == "" {
			said[name] = strings.TrimSpace(a.Value)
		}
	}
	title := short(said["title"])
	if title == "" {
		title = short(said["text"])
	}
	kind := strings.ToLower(said["type"])
	address := said["xmlurl"]
	switch {
	case address == "" && (kind == "rss" || kind == "atom" || kind == "feed") && said["url"] != "":
		address = said["url"]
		p.fault("%s: the feed's address stands in url; it was taken as xmlUrl", source.Shown([]byte(title)))
	case address == "" && (kind == "rss" || kind == "atom" || kind == "feed"):
		p.fault("%s: it says it is a feed and names no address; write xmlUrl=\"https://...\"", source.Shown([]byte(title)))
	case kind == "include":
		p.fault("%s: a list inside the list is not fetched; import it by itself", source.Shown([]byte(title)))
	}
	if address != "" {
		p.feed(title, address, said)
		title = ""
	}
	p.names = append(p.names, title)
}

func (p *parser) feed(title, address string, said map[string]string) {
	address = strings.TrimPrefix(address, "feed:")
	if strings.HasPrefix(address, "//") {
		address = "https:" + address
	}
	link, err := source.Link(address)
	switch {
	case err != nil:
		p.fault("%s: %v", source.Shown([]byte(title)), err)
		return
	case p.seen[article.LinkKey(link)]:
		p.fault("%s: the feed stands twice in the list; taken once", source.Shown([]byte(link)))
		return
	case len(p.list.Feeds) == MaxFeeds:
		if !p.full {
			p.fault("feeds beyond the first %d were not taken; split the list", MaxFeeds)
		}
		p.full = true
		return
	}
	p.seen[article.LinkKey(link)] = true
	f := Feed{Title: title, URL: link, Language: article.Language("", said["language"]), Description: short(said["description"])}
	if page, err := source.Link(said["htmlurl"]); err == nil {
		f.Page = page
	}
	if f.Title == "" {
		f.Title = source.Host(link)
	}
	for _, n := range p.names {
		if n != "" {
			f.Folder = append(f.Folder, n)
		}
	}
	for _, tag := range strings.Split(said["category"], ",") {
		if tag = short(tag); tag != "" && len(f.Tags) < source.MaxTags && !slices.Contains(f.Tags, tag) {
			f.Tags = append(f.Tags, tag)
		}
	}
	p.list.Feeds = append(p.list.Feeds, f)
}

func (p *parser) fault(format string, args ...any) {
	if len(p.list.Faults) < maxFaults {
		line, _ := p.dec.InputPos()
		p.list.Faults = append(p.list.Faults, Fault{Line: line, Reason: truce.CleanText(fmt.Sprintf(format, args...))})
	}
}

func short(s string) string {
	return strings.TrimSpace(source.Cut(article.Line(truce.CleanText(s)), source.MaxShort))
}

// outline is an entry as written.
type outline struct {
	XMLName     xml.Name   `xml:"outline"`
	Text        string     `xml:"text,attr"`
	Title       string     `xml:"title,attr,omitempty"`
	Type        string     `xml:"type,attr,omitempty"`
	URL         string     `xml:"xmlUrl,attr,omitempty"`
	Page        string     `xml:"htmlUrl,attr,omitempty"`
	Language    string     `xml:"language,attr,omitempty"`
	Description string     `xml:"description,attr,omitempty"`
	Category    string     `xml:"category,attr,omitempty"`
	Inside      []*outline `xml:"outline"`
}

// Write writes a list as OPML 2.0. Feeds keep their order; a folder stands where its first
// feed does.
func Write(w io.Writer, l List) error {
	root := &outline{}
	for _, f := range l.Feeds {
		at := root
		for _, name := range f.Folder[:min(len(f.Folder), maxDepth-1)] {
			at = at.folder(name)
		}
		at.Inside = append(at.Inside, &outline{
			Text: f.Title, Title: f.Title, Type: "rss", URL: f.URL, Page: f.Page, Language: f.Language, Description: f.Description, Category: strings.Join(f.Tags, ","),
		})
	}
	doc := struct {
		XMLName xml.Name   `xml:"opml"`
		Version string     `xml:"version,attr"`
		Title   string     `xml:"head>title"`
		Body    []*outline `xml:"body>outline"`
	}{Version: "2.0", Title: l.Title, Body: root.Inside}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	enc := xml.NewEncoder(w)
	enc.Indent("", "  ")
	if err := enc.Encode(doc); err != nil {
		return fmt.Errorf("write the list: %w", err)
	}
	_, err := io.WriteString(w, "\n")
	return err
}

func (o *outline) folder(name string) *outline {
	for _, in := range o.Inside {
		if in.URL == "" && in.Text == name {
			return in
		}
	}
	in := &outline{Text: name}
	o.Inside = append(o.Inside, in)
	return in
}
