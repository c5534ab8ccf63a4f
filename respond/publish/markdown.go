package publish

import (
	"bytes"
	"html"
	"strings"

	"github.com/trucewatch/truce"
)

// Markdown prints a bulletin as CommonMark with tables; its anchors are HTML.
func Markdown(b truce.Bulletin, opt PrintOptions) (Document, error) {
	w, err := write(b, opt)
	if err != nil {
		return Document{}, err
	}
	m := markdown{banner: w.art.banner}
	m.article(w.art)
	return Document{Lang: w.lang, Format: "md", Body: m.out.Bytes(), Numbers: w.printed}, nil
}

type markdown struct {
	out    bytes.Buffer
	banner line
}

func (m *markdown) article(a article) {
	m.mark()
	m.paragraph("# " + m.line(a.title))
	for _, b := range a.blocks {
		m.block(b)
	}
	m.paragraph("---")
	for _, l := range a.footer {
		m.paragraph(m.line(l))
	}
	m.mark()
}

// mark prints the exercise banner; a file has no pages, so it stands at both ends.
func (m *markdown) mark() {
	if len(m.banner) > 0 {
		m.paragraph("**" + m.line(m.banner) + "**")
	}
}

func (m *markdown) block(b block) {
	switch b.Kind {
	case blockHeading:
		m.paragraph("## " + anchor(b.ID) + m.line(b.Line))
	case blockSubheading:
		m.paragraph("### " + m.line(b.Line))
	case blockText:
		m.paragraph(m.line(b.Line))
	case blockNote:
		m.paragraph("> " + m.line(b.Line))
	case blockContents:
		m.paragraph("### " + m.line(b.Line))
		m.list(b.Items)
	case blockList:
		m.list(b.Items)
	case blockFacts:
		for _, r := range b.Table.Rows {
			m.out.WriteString("- **" + m.line(r.Cells[0].Line) + "**: " + m.line(r.Cells[1].Line) + "\n")
		}
		m.out.WriteByte('\n')
	case blockTable:
		m.table(b.Table)
	case blockMap:
		// A drawing has no place in text; the HTML edition has it with its note.
	}
}

func (m *markdown) paragraph(s string) { m.out.WriteString(s + "\n\n") }

func (m *markdown) list(items []item) {
	for _, i := range items {
		m.out.WriteString("- " + anchor(i.ID) + m.line(i.Line) + "\n")
	}
	m.out.WriteByte('\n')
}

func (m *markdown) table(t table) {
	m.paragraph("**" + m.line(t.Caption) + "**")
	m.row("", flatHead(t.Head))
	m.out.WriteString(strings.Repeat("|---", len(flatHead(t.Head))) + "|\n")
	for _, r := range t.Rows {
		m.row(r.ID, r.Cells)
	}
	m.out.WriteByte('\n')
}

func (m *markdown) row(id string, cells []cell) {
	m.out.WriteString("| ")
	for i, c := range cells {
		if i > 0 {
			m.out.WriteString(" | ")
		} else {
			m.out.WriteString(anchor(id))
		}
		m.out.WriteString(m.line(c.Line))
	}
	m.out.WriteString(" |\n")
}

// flatHead puts a head of two rows into one: each lower cell behind the upper one that
// spans it.
func flatHead(head [][]cell) []cell {
	if len(head) == 1 {
		return head[0]
	}
	var out []cell
	at := 0
	for _, top := range head[0] {
		for range max(1, top.Span) {
			out = append(out, cell{Line: join(": ", top.Line, head[1][at].Line), Head: true})
			at++
		}
	}
	return out
}

func anchor(id string) string {
	if id == "" {
		return ""
	}
	return `<a id="` + html.EscapeString(id) + `"></a>`
}

// markdownEscaper keeps outside text from being read as markup.
var markdownEscaper = strings.NewReplacer(
	`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "&", "&amp;", "<", "&lt;", ">", "&gt;", "|", `\|`, "#", `\#`, "\n", " ",
)

// targetEscaper keeps a link target inside its brackets.
var targetEscaper = strings.NewReplacer(" ", "%20", "(", "%28", ")", "%29", "<", "%3C", ">", "%3E", "\n", "")

func (m *markdown) line(l line) string {
	var b strings.Builder
	for _, s := range l.merged() {
		if s.Href == "" {
			b.WriteString(markdownEscaper.Replace(s.Text))
			continue
		}
		b.WriteString("[" + markdownEscaper.Replace(s.Text) + "](" + targetEscaper.Replace(s.Href) + ")")
	}
	return b.String()
}
