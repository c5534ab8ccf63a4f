package publish

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"
	"strings"
	"sync"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo/draw"
)

//go:embed page.html.tmpl
var pageTemplate string

//go:embed style.css
var styleSheet string

var page = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("page").Funcs(template.FuncMap{"merged": line.merged}).Parse(pageTemplate))
})

// Style is the stylesheet of the HTML pages and their maps, for serving it from an
// address of its own.
func Style() string { return styleSheet + draw.Style() }

// HTML prints a bulletin as one page without scripts or inline style attributes. It
// needs nothing from elsewhere unless a stylesheet is linked.
func HTML(b truce.Bulletin, opt PrintOptions) (Document, error) {
	w, err := write(b, opt)
	if err != nil {
		return Document{}, err
	}
	var out bytes.Buffer
	if err := page().Execute(&out, w.forHTML()); err != nil {
		return Document{}, fmt.Errorf("bulletin %s: html: %w", b.Number, err)
	}
	return Document{Lang: w.lang, Format: "html", Body: out.Bytes(), Numbers: w.printed}, nil
}

type htmlPage struct {
	Lang, Title, Banner string
	StyleURL            string
	Style               template.CSS
	Home                line // back to the site; empty where the page stands alone
	Heading             line
	Blocks              []htmlBlock
	Footer              []line
	SVG                 template.HTML
}

type htmlBlock struct {
	Kind  int
	ID    string
	Line  line
	Items []item
	Table htmlTable
}

type htmlTable struct {
	Name    string // of the scrolling region
	Caption line
	Wide    bool
	Head    [][]htmlCell
	Rows    []htmlRow
}

type htmlRow struct {
	ID    string
	Total bool
	Cells []htmlCell
}

type htmlCell struct {
	cell
	Scope string
}

// forHTML is the article with the way back to the site, named for the mission.
func (w *writer) forHTML() htmlPage {
	p := w.art.forHTML(w.opt)
	if w.opt.HomeURL != "" {
		p.Home = w.named(w.b.MissionNames, w.b.Mission).link(w.opt.HomeURL)
	}
	return p
}

func (a *article) forHTML(opt PrintOptions) htmlPage {
	p := htmlPage{
		Lang: a.lang, Title: a.title.String(), Banner: a.banner.String(), StyleURL: opt.StyleURL,
		Heading: a.title, Footer: a.footer,
		// The stylesheet is ours; the map was checked to hold nothing that runs.
		Style: template.CSS(Style()), SVG: template.HTML(a.svg),
	}
	for _, b := range a.blocks {
		p.Blocks = append(p.Blocks, htmlBlock{Kind: int(b.Kind), ID: b.ID, Line: b.Line, Items: b.Items, Table: b.Table.forHTML()})
	}
	return p
}

func (t table) forHTML() htmlTable {
	out := htmlTable{Name: t.Caption.String(), Caption: t.Caption, Wide: t.Wide}
	for _, row := range t.Head {
		out.Head = append(out.Head, htmlCells(row, "col"))
	}
	for _, row := range t.Rows {
		out.Rows = append(out.Rows, htmlRow{ID: row.ID, Total: row.Total, Cells: htmlCells(row.Cells, "row")})
	}
	return out
}

func htmlCells(cells []cell, scope string) []htmlCell {
	out := make([]htmlCell, len(cells))
	for i, c := range cells {
		out[i] = htmlCell{cell: c}
		if c.Head && len(c.Line) > 0 {
			out[i].Scope = scope
			if c.Span > 1 {
				out[i].Scope = "colgroup"
			}
		}
	}
	return out
}

// String is the line without its links.
func (l line) String() string {
	var b strings.Builder
	for _, s := range l {
		b.WriteString(s.Text)
	}
	return b.String()
}
