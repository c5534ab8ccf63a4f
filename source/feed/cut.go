package feed

import (
	"bytes"
	"fmt"
	"strings"
)

// piece is an item as it stands in the file.
type piece struct {
	from, to int    // bytes of the document
	line     int    // on which it begins, 1-based
	inside   bool   // inside the channel, not beside it
	fault    string // why it cannot be read
}

// outline is a feed cut into what stands in its items and what stands around them.
type outline struct {
	root    string // local name of the root in small letters
	rootTag string // the tags as written, for reading one item in their frame
	channel string // the channel's tag, "" where there is none
	head    []byte // the document without its items
	pieces  []piece
	more    int // items beyond the bound
}

// cut goes through a feed tag by tag, without a tree. It wants little of the text: what
// stands between tags is passed over, unclosed tags cost the item they stand in.
//
// A DTD that declares something refuses the whole file: nothing in a feed needs one.
func cut(doc []byte, most int) (outline, error) {
	c := cutter{doc: doc, most: most, line: 1, open: -1, gone: map[string]bool{}}
	for c.at < len(doc) {
		tag, err := c.next()
		if err != nil {
			return c.outline, err
		}
		if tag.name == "" {
			continue
		}
		if err := c.take(tag); err != nil {
			return c.outline, err
		}
	}
	if c.open >= 0 {
		c.close(len(doc), "the feed ends inside the item; fetch it again")
	}
	c.keep(len(doc))
	switch {
	case c.root == "":
		return c.outline, fmt.Errorf("no element in it; want <rss>, <feed> or <rdf:RDF>; fetch it again")
	case len(c.head) > maxHead:
		return c.outline, fmt.Errorf("%d bytes stand outside items, the bound is %d", len(c.head), maxHead)
	}
	return c.outline, nil
}

// mark is one tag.
type mark struct {
	name     string // local, in small letters; "" for a comment and the like
	from, to int
	end      bool // </...>
	empty    bool // <.../>
}

type cutter struct {
	outline
	doc       []byte
	most      int
	at        int // offset
	line      int // at counted
	counted   int // offset up to which lines are counted
	depth     int
	deep      int    // deepest since the item began
	open      int    // depth at which the open item began, -1 outside
	from      int    // of the open item
	name      string // of the open item
	kept      int    // offset up to which the document is in head or in a piece
	inChannel bool
	gone      map[string]bool // ends of comments and the like that are nowhere further on
}

// next finds the next tag. A tag that is never closed ends the document.
func (c *cutter) next() (mark, error) {
	i := bytes.IndexByte(c.doc[c.at:], '<')
	if i < 0 {
		c.at = len(c.doc)
		return mark{}, nil
	}
	from := c.at + i
	rest := c.doc[from:]
	for _, block := range []struct{ begin, end string }{{"<!--", "-->"}, {"<![CDATA[", "]]>"}, {"<?", "?>"}} {
		if bytes.HasPrefix(rest, []byte(block.begin)) {
			return c.skip(from, block.begin, block.end)
		}
	}
	if bytes.HasPrefix(rest, []byte("<!")) {
		return c.declaration(from)
	}
	to := tagEnd(rest)
	if to < 0 {
		return c.resume(from)
	}
	c.at = from + to
	m := mark{from: from, to: from + to, end: len(rest) > 1 && rest[1] == '/', empty: rest[to-2] == '/'}
	m.name = localName(rest[:to])
	return m, nil
}

// skip passes over a comment, a CDATA section or a processing instruction.
func (c *cutter) skip(from int, begin, end string) (mark, error) {
	i := -1
	if !c.gone[end] { // looked for once: it does not come back
		i = bytes.Index(c.doc[from+len(begin):], []byte(end))
	}
	if i < 0 {
		c.gone[end] = true
		return c.resume(from)
	}
	c.at = from + len(begin) + i + len(end)
	return mark{}, nil
}

// resume goes on at the next item when a tag or comment is never closed: the open item is
// lost, those behind it are not.
func (c *cutter) resume(from int) (mark, error) {
	at := nextItem(c.doc[from+1:])
	if at < 0 {
		c.at = len(c.doc)
		return mark{}, nil
	}
	c.at = from + 1 + at
	if open := c.open; open >= 0 {
		c.close(c.at, "a tag or comment of the item is never closed")
		c.depth = open
	}
	return mark{}, nil
}

// nextItem is where the next item may begin, -1 for nowhere. It costs no more than the way
// there, so a feed of a million broken items is not slow.
func nextItem(rest []byte) int {
	for at := 0; ; at++ {
		i := bytes.IndexByte(rest[at:], '<')
		if i < 0 {
			return -1
		}
		if at += i; beginsItem(rest[at:]) {
			return at
		}
	}
}

func beginsItem(rest []byte) bool {
	for _, name := range []string{"<item", "<entry", "<url>", "<sitemap>"} {
		if bytes.HasPrefix(rest, []byte(name)) {
			return true
		}
	}
	return false
}

// declaration passes over a DOCTYPE that only names a DTD, which is never fetched, and
// refuses one that declares something.
func (c *cutter) declaration(from int) (mark, error) {
	head := c.doc[from:min(len(c.doc), from+maxTag)]
	end, inside := bytes.IndexByte(head, '>'), bytes.IndexByte(head, '[')
	if end < 0 || inside >= 0 && inside < end {
		return mark{}, fmt.Errorf("line %d: a DTD that declares entities or elements is not read, since it can hide files and bombs; publish the feed without it", c.lineAt(from))
	}
	if c.open >= 0 {
		c.deep = maxDepth + 1 // nothing but an attack has one inside an item
	}
	c.at = from + end + 1
	return mark{}, nil
}

// tagEnd is the length of the tag that begins rest, -1 when it is never closed, too long,
// or its quotes take in the next item; a > in a quoted value does not end it.
func tagEnd(rest []byte) int {
	quote := byte(0)
	for i := 1; i < min(len(rest), maxTag); i++ {
		switch b := rest[i]; {
		case quote != 0:
			if b == quote {
				quote = 0
			} else if b == '<' && beginsItem(rest[i:]) {
				return -1
			}
		case b == '>':
			return i + 1
		case rest[i-1] == '=' && (b == '"' || b == '\''):
			quote = b
		}
	}
	return -1
}

// localName is a tag's name without prefix.
func localName(tag []byte) string {
	name := bytes.TrimLeft(tag, "</")
	if i := bytes.IndexAny(name, " \t\r\n/>"); i >= 0 {
		name = name[:i]
	}
	if len(name) > 100 {
		name = name[:100]
	}
	if i := bytes.LastIndexByte(name, ':'); i >= 0 {
		name = name[i+1:]
	}
	return strings.ToLower(string(name))
}

// take follows the depth and notices where items begin and end.
func (c *cutter) take(m mark) error {
	if m.end {
		c.end(m)
		return nil
	}
	if err := c.frame(m); err != nil {
		return err
	}
	if c.isItem(m.name) {
		c.begin(m)
	}
	if !m.empty {
		c.depth++
		c.deep = max(c.deep, c.depth-max(c.open, 0))
	} else if c.isItem(m.name) && c.open == c.depth {
		c.close(m.to, "")
	}
	if c.open < 0 && c.depth > maxDepth {
		return fmt.Errorf("line %d: elements nest more than %d deep", c.lineAt(m.from), maxDepth)
	}
	return nil
}

// frame remembers the tags an item needs around it.
func (c *cutter) frame(m mark) error {
	switch {
	case c.root == "":
		c.root, c.rootTag = m.name, string(c.doc[m.from:m.to])
		c.kept = m.from // declarations and comments before it say nothing
		if m.empty {
			c.rootTag = strings.TrimSuffix(c.rootTag, "/>") + ">"
		}
	case m.name == "channel" && c.open < 0 && c.channel == "" && !m.empty:
		c.channel, c.inChannel = string(c.doc[m.from:m.to]), true
	}
	if len(c.rootTag)+len(c.channel) > maxRoot {
		return fmt.Errorf("line %d: the tags of feed and channel have %d bytes, the bound is %d", c.lineAt(m.from), len(c.rootTag)+len(c.channel), maxRoot)
	}
	return nil
}

// isItem says whether an element begins an item: not inside another entry, whose content
// may be any XML. An RSS item never holds one, so there the open one was not closed.
func (c *cutter) isItem(name string) bool {
	switch c.root {
	case "rss", "rdf":
		return name == "item"
	case "feed":
		return name == "entry" && (c.open < 0 || c.depth == c.open)
	case "urlset":
		return name == "url" && c.open < 0
	case "sitemapindex":
		return name == "sitemap" && c.open < 0
	}
	return false
}

func (c *cutter) begin(m mark) {
	if at := c.open; at >= 0 {
		c.close(m.from, "the item is not closed before the next one begins")
		c.depth = at
	}
	c.keep(m.from)
	c.open, c.from, c.name, c.deep = c.depth, m.from, m.name, 0
}

// end closes the item when its end tag comes, whatever is still open inside.
func (c *cutter) end(m mark) {
	switch {
	case c.open >= 0 && m.name == c.name && (c.root != "feed" || c.depth == c.open+1 || !c.ahead(m.to)):
		c.depth = c.open
		c.close(m.to, "")
		return
	case m.name == "channel" && c.open < 0:
		c.inChannel = false
	}
	if c.depth > 0 {
		c.depth--
	}
}

// ahead says whether an entry's end tag follows before another entry begins: then the
// one at hand was of XML inside the content.
func (c *cutter) ahead(from int) bool {
	rest := c.doc[from:min(len(c.doc), from+MaxItem)]
	end := bytes.Index(rest, []byte("</"+c.name+">"))
	return end >= 0 && !bytes.Contains(rest[:end], []byte("<"+c.name))
}

func (c *cutter) close(to int, fault string) {
	p := piece{from: c.from, to: to, line: c.lineAt(c.from), inside: c.inChannel, fault: fault}
	switch {
	case to-c.from > MaxItem:
		p.fault = fmt.Sprintf("the item has %d bytes, the bound is %d", to-c.from, MaxItem)
	case c.deep > maxDepth:
		p.fault = fmt.Sprintf("elements nest more than %d deep, or a DOCTYPE stands inside the item", maxDepth)
	}
	if len(c.pieces) < c.most {
		c.pieces = append(c.pieces, p)
	} else {
		c.more++
	}
	c.kept, c.open, c.deep = to, -1, 0
}

// keep adds what stands before an item to the head.
func (c *cutter) keep(to int) {
	if to > c.kept && len(c.head) <= maxHead {
		c.head = append(c.head, c.doc[c.kept:min(to, c.kept+maxHead+1)]...)
	}
	c.kept = max(c.kept, to)
}

// lineAt counts forward only: offsets are asked for in order.
func (c *cutter) lineAt(offset int) int {
	if offset > c.counted {
		c.line += bytes.Count(c.doc[c.counted:offset], []byte("\n"))
		c.counted = offset
	}
	return c.line
}
