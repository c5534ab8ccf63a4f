package draw

import (
	"fmt"
	"math"
	"strings"

	"github.com/trucewatch/truce/geo"
)

// Symbol is the shape that stands for a kind of source.
type Symbol int

// The symbols.
const (
	Circle Symbol = iota
	Square
	Triangle
	Diamond
	Wedge // a triangle on its point
	Cross
)

// Fill says how far verification has come.
type Fill int

// The fillings.
const (
	Hollow Fill = iota // somebody said so
	Half               // one kind of source recorded it
	Solid              // two kinds agree, or two analysts signed
)

// Tally is a shaded cell with a number in it: how many things were placed in the cell,
// never where in it.
type Tally struct {
	Ring   []geo.Point
	N      int
	Symbol Symbol
	Fill   Fill
	Title  string // what a pointer or a screen reader is told
	Href   string // where a click leads; "" for nowhere
}

// Key explains a symbol below the map.
type Key struct {
	Symbol Symbol
	Fill   Fill
	Text   string
}

// outlines are the symbols around (0, 0), about ten units across: whole, and the left half.
var outlines = [...]struct{ whole, half string }{
	Circle:   {"m0-4.5a4.5 4.5 0 0 1 0 9 4.5 4.5 0 0 1 0-9z", "m0-4.5a4.5 4.5 0 0 0 0 9z"},
	Square:   {"m-4-4h8v8h-8z", "m-4-4h4v8h-4z"},
	Triangle: {"m0-5 5.2 9h-10.4z", "m0-5v9h-5.2z"},
	Diamond:  {"m0-5.4 5.4 5.4-5.4 5.4-5.4-5.4z", "m0-5.4v10.8l-5.4-5.4z"},
	Wedge:    {"m0 5-5.2-9h10.4z", "m0 5v-9h-5.2z"},
	Cross:    {"m-1.7-5h3.4v3.3h3.3v3.4h-3.3v3.3h-3.4v-3.3h-3.3v-3.4h3.3z", "m0-5v10h-1.7v-3.3h-3.3v-3.4h3.3v-3.3z"},
}

// symbol draws a symbol around a point.
func symbol(b *strings.Builder, x, y float64, s Symbol, f Fill) {
	shape := outlines[max(0, int(s))%len(outlines)]
	at := decimal(x) + " " + decimal(y)
	class := "m-sym"
	if f == Solid {
		class = "m-sym m-full"
	}
	fmt.Fprintf(b, `<path class="%s" d="M%s%s"/>`, class, at, shape.whole)
	if f == Half {
		fmt.Fprintf(b, `<path class="m-full" d="M%s%s"/>`, at, shape.half)
	}
}

// shades tell few from many without a colour: each holds this many or more.
var shades = [...]int{1, 3, 8}

// shade is the class of a number, 1 for the lightest.
func shade(n int) int {
	out := 1
	for i, least := range shades {
		if n >= least {
			out = i + 1
		}
	}
	return out
}

// digitWidth is the width of a digit of a tally at the size of narrow screens.
const digitWidth = 9.0

// bigCell is the half diagonal, in units, above which a cell's number stands in its
// corner: smaller cells may lie inside it and have theirs in the middle.
const bigCell = 30.0

// tallies draws the larger cells first, so that a smaller one inside can be seen and
// followed, and gives back the ground that names must keep clear of.
func (v view) tallies(b *strings.Builder, list []Tally) (taken []box) {
	for _, big := range []bool{true, false} {
		for _, t := range list {
			x, y, r, ok := v.circle(t.Ring)
			if !ok || r > bigCell != big || x < 0 || y < 0 || x > width || y > v.mapHeight {
				continue
			}
			if big {
				x, y = v.corner(t.Ring)
			}
			v.tally(b, t, x, y)
			taken = append(taken, box{x - 14, y - 9, x + 14, y + 9})
		}
	}
	return taken
}

// corner is where the number of a big cell stands: inside its upper left corner.
func (v view) corner(ring []geo.Point) (x, y float64) {
	x0, y0 := math.Inf(1), math.Inf(1)
	for _, p := range v.flat(ring) {
		x0, y0 = min(x0, p[0]), min(y0, p[1])
	}
	return max(x0, 0) + 16, max(y0, 0) + 11
}

func (v view) tally(b *strings.Builder, t Tally, x, y float64) {
	if t.Href != "" {
		fmt.Fprintf(b, `<a href="%s" aria-label="%s">`, escape(t.Href), escape(t.Title))
	} else {
		b.WriteString(`<g>`)
	}
	fmt.Fprintf(b, `<path class="m-tally m-shade-%d" d="%s"><title>%s</title></path>`, shade(t.N), v.path(t.Ring, true), escape(t.Title))
	number := fmt.Sprint(t.N)
	left := x - (12+digitWidth*float64(len(number)))/2
	symbol(b, left+5, y, t.Symbol, t.Fill)
	fmt.Fprintf(b, `<text class="m-n" x="%s" y="%s">%s</text>`, decimal(left+13), decimal(y+5), number)
	if t.Href != "" {
		b.WriteString(`</a>`)
	} else {
		b.WriteString(`</g>`)
	}
}

// fewKeys is how many symbols are explained in one column, which a narrow screen shows
// without scrolling; more take two.
const fewKeys = 5

// keyRows is how many lines the explanations take.
func keyRows(keys []Key) int {
	if len(keys) <= fewKeys {
		return len(keys)
	}
	return (len(keys) + 1) / 2
}

// keys explains the symbols below the map, column by column.
func (v view) keys(b *strings.Builder, keys []Key) {
	rows := keyRows(keys)
	for i, k := range keys {
		x := 14 + float64(i/rows)*width/2
		y := v.mapHeight + 14 + float64(i%rows)*noteLine
		symbol(b, x, y, k.Symbol, k.Fill)
		fmt.Fprintf(b, `<text class="m-note" x="%s" y="%s">%s</text>`, decimal(x+12), decimal(y+4), escape(k.Text))
	}
}

// stamp writes a word across the picture twice, so that no part of it cut out passes for
// something else.
func (v view) stamp(b *strings.Builder, word string) {
	if word == "" {
		return
	}
	b.WriteString(`<g class="m-stamp" aria-hidden="true">`)
	for _, at := range []struct{ x, y float64 }{{.36, .36}, {.64, .86}} {
		x, y := decimal(at.x*width), decimal(at.y*v.mapHeight)
		fmt.Fprintf(b, `<text x="%s" y="%s" transform="rotate(-16 %s %s)">%s</text>`, x, y, x, y, escape(word))
	}
	b.WriteString(`</g>`)
}

// tallySide is the least side of a cell, in units, in which a symbol and a number of two
// digits can be read.
const tallySide = 20.0

// LeastTally is the least side a cell must have on a map of a view for its count to be
// read.
func LeastTally(b geo.Bounds) geo.Metres { return geo.Metres(tallySide * newView(b).metresPerUnit) }
