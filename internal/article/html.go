package article

import (
	"bytes"
	"fmt"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Page is what a piece of HTML says.
type Page struct {
	Text  string // all of it, a line for each block
	Links []Link // in order, at most MaxLinks
	More  int    // links beyond MaxLinks
	Rest  string // the text that stands in no list item's link, publisher or note
}

// Link is one <a href>, with what its list item says beside it.
type Link struct {
	URL       string // decoded, as written otherwise; not checked
	Text      string
	Publisher string // text of a <font> behind the link, as news clusters have it
	Note      string // other text behind the link in its list item
	InList    bool
	Line      int    // 1-based
	Raw       string // the HTML from the list item or link on
}

// Refusal says where a page stops being readable. What was read before is good.
type Refusal struct {
	Line   int // 1-based
	Reason string
}

// Error names the line before the reason.
func (r *Refusal) Error() string { return fmt.Sprintf("line %d: %s", r.Line, r.Reason) }

// ReadHTML reads a piece of HTML tag by tag, without building a tree, so nesting costs
// nothing. Scripts and styles are left out, entities decoded, unknown tags passed over.
func ReadHTML(doc []byte) (Page, error) {
	z := html.NewTokenizer(bytes.NewReader(doc))
	z.SetMaxBuf(MaxToken)
	p := &reader{doc: doc, z: z, line: 1}
	for z.Next() != html.ErrorToken {
		size := len(z.Raw())
		p.lineBegin = p.line
		p.line += bytes.Count(z.Raw(), []byte("\n"))
		p.token(z.Token())
		p.at += size
	}
	p.closeLink()
	page := Page{Text: tidy(p.text.String()), Links: p.links, More: p.more, Rest: tidy(p.rest.String())}
	switch left := bytes.TrimSpace(doc[min(p.at, len(doc)):]); {
	case z.Err() == html.ErrBufferExceeded:
		return page, &Refusal{Line: p.line, Reason: fmt.Sprintf("a tag or a run of text is over the bound of %d bytes", MaxToken)}
	case len(left) > 0:
		return page, &Refusal{Line: p.line, Reason: "the text ends inside a tag"}
	}
	return page, nil
}

// said is the text about a link; builders, since a page may break it into many pieces.
type said struct{ link, publisher, note strings.Builder }

type reader struct {
	doc  []byte
	z    *html.Tokenizer
	at   int // offset of the current token
	line int // after the current token

	lineBegin  int // of the current token
	text, rest strings.Builder
	links      []Link
	more       int

	open     *Link // the link whose item is being read
	said     *said // about the open link
	begin    int   // where its raw text begins
	item     int   // where the open list item begins, -1 outside
	itemLine int
	lists    int
	inA      bool
	inFont   bool
	skip     bool // the next text is a script's or a style's
}

func (p *reader) token(t html.Token) {
	skipped := p.skip
	p.skip = false
	switch t.Type {
	case html.TextToken:
		if !skipped {
			p.say(t.Data)
		}
	case html.StartTagToken, html.SelfClosingTagToken:
		p.start(t)
	case html.EndTagToken:
		p.end(t.DataAtom)
	}
}

func (p *reader) start(t html.Token) {
	p.breakAt(t.DataAtom)
	switch t.DataAtom {
	case atom.Script, atom.Style, atom.Iframe, atom.Noframes, atom.Noembed:
		p.skip = t.Type == html.StartTagToken
	case atom.Li:
		p.closeLink()
		p.lists, p.item, p.itemLine = p.lists+1, p.at, p.lineBegin
	case atom.A:
		p.startLink(t)
	case atom.Font:
		p.inFont = p.open != nil && !p.inA
	}
}

func (p *reader) startLink(t html.Token) {
	for _, a := range t.Attr {
		if a.Key != "href" || a.Namespace != "" {
			continue
		}
		p.closeLink()
		p.begin, p.said = p.at, &said{}
		p.open = &Link{URL: strings.ReplaceAll(strings.TrimSpace(a.Val), "&amp;", "&"), InList: p.lists > 0, Line: p.lineBegin}
		if p.lists > 0 && p.item >= 0 {
			p.begin, p.open.Line = p.item, p.itemLine
			p.item = -1 // a second link of the item begins at itself
		}
		p.inA = true
		return
	}
}

func (p *reader) end(tag atom.Atom) {
	p.breakAt(tag)
	switch tag {
	case atom.A:
		p.inA = false
	case atom.Font:
		p.inFont = false
	case atom.Li, atom.Ol, atom.Ul:
		p.at += len(p.z.Raw()) // the closing tag belongs to the item
		p.closeLink()
		p.at -= len(p.z.Raw())
		p.lists, p.item = max(0, p.lists-1), -1
		if tag != atom.Li {
			p.lists = 0
		}
	}
}

// say puts a text where it belongs.
func (p *reader) say(text string) {
	text = strings.Map(visible, Unescape(text))
	p.text.WriteString(text)
	switch {
	case p.open != nil && p.inA:
		p.said.link.WriteString(text)
	case p.open != nil && p.inFont:
		p.said.publisher.WriteString(text)
	case p.open != nil && p.open.InList:
		p.said.note.WriteString(text)
	default:
		if p.open != nil && Words(text) > 0 {
			p.closeLink() // a <font> further down is not this link's
		}
		p.rest.WriteString(text)
	}
}

func (p *reader) closeLink() {
	l, about := p.open, p.said
	p.open, p.inA, p.inFont = nil, false, false
	if l == nil {
		return
	}
	if len(p.links) == MaxLinks {
		p.more++
		return
	}
	l.Text, l.Publisher, l.Note = Line(about.link.String()), Line(about.publisher.String()), Line(about.note.String())
	l.Raw = string(p.doc[p.begin:min(p.at, len(p.doc))])
	p.links = append(p.links, *l)
}

// breakAt ends a line, or a paragraph, where a browser would.
func (p *reader) breakAt(tag atom.Atom) {
	lines := ""
	switch tag {
	case atom.Br, atom.Li, atom.Tr, atom.Dt, atom.Dd:
		lines = "\n"
	case atom.P, atom.Div, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Ol, atom.Ul, atom.Table,
		atom.Blockquote, atom.Article, atom.Section, atom.Header, atom.Footer, atom.Hr, atom.Pre, atom.Dl, atom.Figure, atom.Figcaption:
		lines = "\n\n"
	}
	if lines == "\n\n" && p.open != nil && !p.open.InList {
		p.closeLink()
	}
	p.text.WriteString(lines)
	p.rest.WriteString(lines)
}

// tidy folds spaces within lines and empty lines to one.
func tidy(text string) string {
	var out strings.Builder
	empty := false
	for raw := range strings.Lines(text) {
		one := strings.Join(strings.Fields(raw), " ")
		if one == "" {
			empty = out.Len() > 0
			continue
		}
		if empty {
			out.WriteByte('\n')
		}
		empty = false
		out.WriteString(one + "\n")
	}
	return strings.TrimSuffix(out.String(), "\n")
}
