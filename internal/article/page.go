package article

import (
	"bytes"
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Reading is what a web page says as an article.
type Reading struct {
	Article
	Dated     string // when it was published, as the page states it for machines, else ""
	Modified  string // the same of its last change
	Author    string
	Language  string // as Language tells it
	Canonical string // the page's own address, as written; it may be relative
	Base      string // <base href>, "" when there is none
	Rights    Rights
	Feeds     []string // addresses of feeds the page names, as written
	Listing   bool     // the page is a list of links and no article
	Refresh   string   // where it leads on at once by <meta http-equiv="refresh">, as written
	Only      string   // the only address it links to, as written; "" for none or several
	Scripted  bool     // it has scripts, none of which is run
}

// ReadPage reads a web page of UTF-8: its headline, date, author, language, publisher and
// address by what it says for machines (JSON-LD, OpenGraph, meta and time elements), and
// its text by where the paragraphs stand. What belongs to the page and not to the article
// is in Furniture, nothing is dropped.
//
// A page whose elements nest too deep for a tree is refused.
func ReadPage(doc []byte) (Reading, error) {
	if len(doc) > MaxPage {
		return Reading{}, fmt.Errorf("the page is over the bound of %d bytes", MaxPage)
	}
	tree, err := html.Parse(bytes.NewReader(doc))
	if err != nil {
		return Reading{}, fmt.Errorf("the page cannot be read: %v", err)
	}
	said := readMeta(tree)
	blocks := blocksOf(tree, true)
	if text, all := textWords(blocks); text*3 < all { // the article itself stands under such a name
		blocks = blocksOf(tree, false)
	}
	main := mainBlock(tree, blocks)
	s := splitter{headline: said.headline()}
	var aside []line
	words, linked := 0, 0
	for i, b := range blocks {
		l := line{Piece: Piece{Number: i + 1, Text: b.text}, apart: true}
		if b.aside || b.timed == b.words || !within(b.node, main) {
			l.role = isFurniture
			aside = append(aside, l)
			if date, _, _, ok := FindDate(b.text); ok && b.timed == b.words && s.published.IsZero() {
				s.published = date
			}
			continue
		}
		s.lines = append(s.lines, l)
		words, linked = words+b.words, linked+b.linked
	}
	s.markHead()
	s.markTail()
	s.markInside()
	out := reading(said, s, aside)
	few := Words(out.Text) < minPageWords
	out.Listing = few && !said.isArticle || linked*2 > words && said.body == ""
	return out, nil
}

// reading joins what was said for machines with what the text shows.
func reading(said meta, s splitter, aside []line) Reading {
	s.lines = append(s.lines, aside...)
	slices.SortStableFunc(s.lines, func(a, b line) int { return cmp.Compare(a.Number, b.Number) })
	out := Reading{Article: s.article(), Modified: said.modified, Author: said.author, Canonical: said.canonical, Base: said.base, Rights: said.rights, Feeds: said.feeds, Refresh: said.refresh, Scripted: said.scripted}
	if len(said.links) == 1 {
		out.Only = said.links[0]
	}
	out.Dated = cmp.Or(said.published, said.timed)
	out.Publisher = cmp.Or(said.publisher, out.Publisher)
	out.Headline = TrimPublisher(Line(out.Headline), out.Publisher)
	if said.body != "" && Words(said.body) > 2*Words(out.Text) {
		out.Text = said.body // drawn by a script: the machines' copy is all there is
	}
	out.Language = Language(out.Headline+"\n"+out.Text, said.language)
	return out
}

// block is a run of text that a browser would set apart.
type block struct {
	node   *html.Node // the element it stands in
	text   string
	words  int
	linked int  // words in links
	timed  int  // words in time elements
	aside  bool // in a part that is never the article: menu, footer, form
}

// blocksOf walks the tree without recursion, so that nothing a page does can exhaust the
// stack, and collects its text block by block. byName goes by names of classes too in
// telling what is no article.
func blocksOf(tree *html.Node, byName bool) []block {
	c := collector{byName: byName, aside: map[*html.Node]bool{}}
	walk(tree, c.visit)
	c.flush()
	return c.blocks
}

type collector struct {
	byName bool
	blocks []block
	cur    block
	text   strings.Builder
	aside  map[*html.Node]bool // open elements that are no article
}

func (c *collector) visit(n *html.Node, enter bool) bool {
	switch {
	case n.Type == html.TextNode:
		if enter {
			c.say(n)
		}
	case n.Type != html.ElementNode:
		return n.Type == html.DocumentNode
	case silent(n):
		return false
	case isBlock(n.DataAtom):
		c.flush()
		if !enter {
			delete(c.aside, n)
		} else if asideElement(n) || c.byName && asideName(n) {
			c.aside[n] = true
		}
	}
	return true
}

func (c *collector) say(n *html.Node) {
	if c.cur.node == nil {
		c.cur.node, c.cur.aside = blockParent(n), len(c.aside) > 0
	}
	if strings.TrimSpace(n.Data) != "" {
		if around(n, atom.A) {
			c.cur.linked += Words(n.Data)
		}
		if around(n, atom.Time) {
			c.cur.timed += Words(n.Data)
		}
	}
	c.text.WriteString(n.Data)
}

func (c *collector) flush() {
	c.cur.text = Line(c.text.String())
	if c.cur.words = Words(c.cur.text); c.cur.words > 0 && len(c.blocks) < maxBlocks {
		c.blocks = append(c.blocks, c.cur)
	}
	c.cur = block{}
	c.text.Reset()
}

// textWords counts the words of running text, those outside asides and all.
func textWords(blocks []block) (text, all int) {
	for _, b := range blocks {
		if b.words < minParagraphWords || b.linked*2 > b.words {
			continue
		}
		if all += b.words; !b.aside {
			text += b.words
		}
	}
	return text, all
}

// walk visits each node twice, before and behind what it holds; visit says on entering
// whether to go in.
func walk(tree *html.Node, visit func(n *html.Node, enter bool) bool) {
	n, enter := tree, true
	for {
		in := visit(n, enter)
		if enter && in && n.FirstChild != nil {
			n = n.FirstChild
			continue
		}
		if enter && in && n.Type == html.ElementNode {
			visit(n, false)
		}
		for n != tree && n.NextSibling == nil {
			n = n.Parent
			visit(n, false)
		}
		if n == tree {
			return
		}
		n, enter = n.NextSibling, true
	}
}

// unseen is a style by which an element is not shown.
var unseen = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)(?:^|[;\s])(?:display\s*:\s*none|visibility\s*:\s*hidden)`)
})

// silent are elements whose text nobody reads.
func silent(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Script, atom.Style, atom.Noscript, atom.Template, atom.Svg, atom.Iframe, atom.Head, atom.Object, atom.Canvas, atom.Select, atom.Textarea, atom.Math:
		return true
	}
	if _, hidden := attr(n, "hidden"); hidden {
		return true
	}
	style, _ := attr(n, "style")
	return unseen().MatchString(style)
}

func isBlock(a atom.Atom) bool {
	switch a {
	case atom.P, atom.Div, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Ol, atom.Ul, atom.Li, atom.Table, atom.Tr, atom.Td, atom.Th,
		atom.Blockquote, atom.Article, atom.Section, atom.Header, atom.Footer, atom.Hr, atom.Pre, atom.Dl, atom.Dt, atom.Dd, atom.Figure, atom.Figcaption,
		atom.Nav, atom.Aside, atom.Main, atom.Form, atom.Br, atom.Body, atom.Html, atom.Address, atom.Details, atom.Summary, atom.Button, atom.Fieldset, atom.Dialog, atom.Menu:
		return true
	}
	return false
}

func blockParent(n *html.Node) *html.Node {
	for p := n.Parent; p != nil; p = p.Parent {
		if p.Type == html.ElementNode && isBlock(p.DataAtom) && p.DataAtom != atom.Br {
			return p
		}
	}
	return n.Parent
}

// around says whether a text stands in such an element; a few levels up are looked at.
func around(n *html.Node, a atom.Atom) bool {
	for p, up := n.Parent, 0; p != nil && up < 6; p, up = p.Parent, up+1 {
		if p.DataAtom == a {
			return true
		}
	}
	return false
}

func within(n, root *html.Node) bool {
	for ; n != nil; n = n.Parent {
		if n == root {
			return true
		}
	}
	return false
}

// asideElement says whether an element is never part of an article.
func asideElement(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Nav, atom.Aside, atom.Form, atom.Button, atom.Dialog, atom.Menu:
		return true
	case atom.Footer, atom.Header: // those of the page; an article has its own
		return !inArticle(n)
	}
	return false
}

func inArticle(n *html.Node) bool {
	for p := n.Parent; p != nil; p = p.Parent {
		if p.DataAtom == atom.Article {
			return true
		}
	}
	return false
}

// asideWords are words of class and id names under which pages keep furniture. A name is
// taken apart at its strokes first, so that "share" does not find "shareholders".
var asideWords = []string{
	"menu", "nav", "navbar", "navigation", "breadcrumb", "breadcrumbs", "sidebar", "comments", "comment", "respond", "disqus", "share", "sharing", "social",
	"related", "recommended", "recommendations", "more", "popular", "trending", "newsletter", "subscribe", "subscription", "signup", "cookie", "cookies",
	"consent", "gdpr", "banner", "advert", "advertisement", "ad", "ads", "promo", "sponsored", "footer", "paywall", "modal", "popup", "pagination", "tags", "taglist",
	"byline", "copyright", "toolbar", "widget", "outbrain", "taboola", "skip",
}

func asideName(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Html, atom.Body, atom.Main, atom.Article:
		return false
	}
	if role, _ := attr(n, "role"); slices.Contains([]string{"navigation", "complementary", "contentinfo", "search", "banner", "dialog", "menu"}, role) {
		return true
	}
	for _, name := range []string{"class", "id"} {
		value, _ := attr(n, name)
		if len(value) > maxName {
			continue
		}
		for _, word := range strings.FieldsFunc(strings.ToLower(value), func(r rune) bool { return r == ' ' || r == '-' || r == '_' || r == ':' }) {
			if slices.Contains(asideWords, word) {
				return true
			}
		}
	}
	return false
}

func attr(n *html.Node, name string) (string, bool) {
	for _, a := range n.Attr {
		if a.Key == name && a.Namespace == "" {
			return a.Val, true
		}
	}
	return "", false
}

// mainBlock is the element that holds the article: the one marked as its body, else the
// one under which most running text stands, counting a block fully for the element it
// stands in and half for the one around that.
func mainBlock(tree *html.Node, blocks []block) *html.Node {
	var order []*html.Node
	score := map[*html.Node]float64{}
	add := func(n *html.Node, points float64) {
		if n == nil {
			return
		}
		if _, known := score[n]; !known {
			order = append(order, n)
		}
		score[n] += points
	}
	for _, b := range blocks {
		if b.aside || b.words < minParagraphWords || b.linked*2 > b.words {
			continue
		}
		points := 1 + float64(min(b.words, 60))/20 + float64(min(strings.Count(b.text, ","), 5))/5
		parent := holder(b.node)
		add(parent, points)
		if parent != nil {
			add(holder(parent), points/2)
		}
	}
	best := tree
	for _, n := range order {
		if marked(n) {
			score[n] *= 1.5
		}
		if best == tree || score[n] > score[best] {
			best = n
		}
	}
	return widened(best)
}

// holder is the element around a paragraph, a list or a quote.
func holder(n *html.Node) *html.Node {
	for p := n.Parent; p != nil; p = p.Parent {
		switch p.DataAtom {
		case atom.Ul, atom.Ol, atom.Li, atom.Blockquote, atom.P, atom.Figure, atom.Dl:
			continue
		}
		if p.Type == html.ElementNode {
			return p
		}
	}
	return nil
}

// marked says whether a page names an element as its article.
func marked(n *html.Node) bool {
	if n.DataAtom == atom.Article || n.DataAtom == atom.Main {
		return true
	}
	body, _ := attr(n, "itemprop")
	return strings.EqualFold(body, "articleBody")
}

// widened goes up to the article element around the text, so that its headline and lead
// are not cut off.
func widened(n *html.Node) *html.Node {
	for p := n; p != nil && p.DataAtom != atom.Body; p = p.Parent {
		if p.DataAtom == atom.Article {
			return p
		}
	}
	return n
}
