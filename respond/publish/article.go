package publish

// An article is a bulletin put into words, before it is HTML or Markdown. Both print the
// same spans, so they cannot differ in a number.
type article struct {
	lang   string
	title  line
	banner line // set in exercise realms, printed on every page
	blocks []block
	footer []line
	svg    []byte
}

// span is a piece of text, linked when href is set.
type span struct {
	Text string
	Href string
}

// line is a run of spans.
type line []span

func text(s string) line { return line{{Text: s}} }

// link is a line that leads somewhere; no target leaves the text plain.
func (l line) link(href string) line {
	out := make(line, len(l))
	for i, s := range l {
		out[i] = span{s.Text, href}
	}
	return out
}

// merged puts neighbouring spans with the same target together.
func (l line) merged() line {
	var out line
	for _, s := range l {
		if n := len(out); n > 0 && out[n-1].Href == s.Href {
			out[n-1].Text += s.Text
			continue
		}
		out = append(out, s)
	}
	return out
}

// join puts a separator between lines and leaves out empty ones.
func join(separator string, lines ...line) line {
	var out line
	for _, l := range lines {
		if len(l) == 0 {
			continue
		}
		if len(out) > 0 {
			out = append(out, span{Text: separator})
		}
		out = append(out, l...)
	}
	return out
}

type blockKind int

const (
	blockHeading blockKind = iota // level 2 with an anchor
	blockSubheading
	blockText
	blockNote // a remark that must be read with what stands above it
	blockList
	blockTable
	blockFacts // label and value, two columns
	blockMap
	blockContents // links to the parts, under a heading
)

type block struct {
	Kind  blockKind
	ID    string
	Line  line   // heading, text, note
	Items []item // list
	Table table
}

// item is one entry of a list, with an anchor when something links to it.
type item struct {
	ID   string
	Line line
}

type table struct {
	Caption line
	Wide    bool // needs the page's whole width
	Head    [][]cell
	Rows    []tableRow
}

type tableRow struct {
	ID    string
	Total bool
	Cells []cell
}

type cell struct {
	Line   line
	Head   bool
	Number bool
	Span   int // columns; 0 is one
}

func (a *article) heading(id string, l line) {
	a.blocks = append(a.blocks, block{Kind: blockHeading, ID: id, Line: l})
}
func (a *article) subheading(l line) {
	a.blocks = append(a.blocks, block{Kind: blockSubheading, Line: l})
}
func (a *article) text(l line) { a.blocks = append(a.blocks, block{Kind: blockText, Line: l}) }
func (a *article) note(l line) { a.blocks = append(a.blocks, block{Kind: blockNote, Line: l}) }

func (a *article) list(items []item) {
	if len(items) > 0 {
		a.blocks = append(a.blocks, block{Kind: blockList, Items: items})
	}
}

func (a *article) table(t table) {
	if len(t.Rows) > 0 {
		a.blocks = append(a.blocks, block{Kind: blockTable, Table: t})
	}
}
