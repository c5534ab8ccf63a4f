// Package draw makes inline SVG locator maps: coast, lines with their accuracy, zones,
// 90 % ellipses, pixels and grid cells with their counts, with a scale bar and north.
//
// It draws only what it is given, so no border appears that the agreement does not
// supply; it never marks a position by a bare dot, and needs neither script nor inline
// style.
//
// Read Scene, then SVG; tally.go draws counts by cell, view.go holds the projection,
// style.css the looks.
package draw

import (
	_ "embed"
	"fmt"
	"html/template"
	"math"
	"slices"
	"strings"

	"github.com/trucewatch/truce/geo"
)

//go:embed style.css
var style string

// Style is the stylesheet of the maps; every page that shows one must link it.
func Style() string { return style }

// Kind is how a shape is drawn.
type Kind string

// The kinds of shapes, from the bottom to the top of the picture.
const (
	Land      Kind = "land"
	Control   Kind = "control" // area under a party's control: a hatch direction, never a colour
	Zone      Kind = "zone"
	Cell      Kind = "cell"
	Footprint Kind = "footprint" // a satellite pixel
	Ellipse   Kind = "ellipse"   // holds the position with 90 %
	Frame     Kind = "frame"     // the ground another map shows larger
)

var layers = []Kind{Land, Control, Zone, Cell, Footprint, Ellipse, Frame}

// Shape is a filled ring.
type Shape struct {
	Kind  Kind
	Ring  []geo.Point   // closed by drawing
	Holes [][]geo.Point // left out of the filling: lakes, enclaves
	Title string        // what a pointer or a screen reader is told
	Href  string        // where a click leads; "" for nowhere
	Hatch int           // of a Control: which of the hatch directions, one for each party
	// Hollow draws the outline without a filling: somebody said so and nothing else did.
	Hollow bool
}

// Line is a drawn line with the accuracy band around it.
type Line struct {
	Points   []geo.Point
	Accuracy geo.Metres // 1 sigma; 0 draws no band
	Road     bool       // a thin line without meaning for the agreement
	Dashed   bool       // a part not used for sides: a border, a coast, a disputed stretch
	Title    string
}

// Mark is a name on the map, a party's letter in a ring, or a sensor.
type Mark struct {
	At    geo.Point
	Text  string
	Party bool

	Sensor bool   // a triangle, drawn also where its name has no room
	Silent bool   // of a sensor that heard nothing: without filling
	Title  string // of a sensor, for who points at it
}

// Scene is everything on one map.
type Scene struct {
	Title  string // for screen readers
	Desc   string // what can be seen, in a sentence
	View   geo.Bounds
	Shapes []Shape
	Lines  []Line
	Marks  []Mark
	Notes  []string // line source, version, accuracy, boundary note: printed below

	Tallies []Tally // counts by cell, drawn over everything but the names
	Keys    []Key   // what the symbols of the tallies mean, printed below
	Coarse  bool    // outlines are thinned to a unit of the picture, about 1/560 of its width
	Stamp   string  // a word across the picture, such as EXERCISE; "" for none

	// Again says that the page shows another map before this one: the hatches stand there.
	Again bool
}

// Size of the picture in user units; pages scale it. The width is small on purpose: on a
// telephone the picture shrinks to about 0.6 of it and names must stay readable.
const (
	width     = 560.0
	maxHeight = 480.0
	minHeight = 250.0
)

// SVG draws the scene with its notes below the map, inside the picture, so that they
// travel with it. Text is escaped; the result is safe inside a page.
func SVG(s Scene) template.HTML {
	return template.HTML(drawn(s, wrap(s.Notes))) // every text went through escape
}

// Figure is the map as a page shows it: the picture, and the notes as text that a
// screen reader reads and a narrow screen wraps.
func Figure(s Scene) template.HTML {
	var b strings.Builder
	b.WriteString(`<figure class="map">`)
	b.WriteString(drawn(s, nil))
	if len(s.Notes) > 0 {
		b.WriteString(`<figcaption>`)
		for _, note := range s.Notes {
			fmt.Fprintf(&b, `<p>%s</p>`, escape(note))
		}
		b.WriteString(`</figcaption>`)
	}
	b.WriteString(`</figure>`)
	return template.HTML(b.String()) // every text went through escape
}

func drawn(s Scene, notes []string) string {
	v := newView(s.View).withNotes(keyRows(s.Keys) + len(notes))
	if s.Coarse {
		v.thinness = coarse
	}
	var b strings.Builder
	fmt.Fprintf(&b, `<svg class="locator" viewBox="0 0 %.0f %.0f" role="%s" aria-label="%s" xmlns="http://www.w3.org/2000/svg">`,
		width, v.height, s.role(), escape(s.Title+". "+s.Desc))
	if !s.Again {
		b.WriteString(s.hatches())
	}
	fmt.Fprintf(&b, `<svg width="%.0f" height="%.1f"><rect class="%s" width="%.0f" height="%.1f"/>`, width, v.mapHeight, s.ground(), width, v.mapHeight)
	for _, kind := range layers {
		if kind == Cell {
			v.lines(&b, s.Lines)
		}
		v.shapes(&b, s.Shapes, kind)
	}
	v.sensors(&b, s.Marks)
	v.stamp(&b, s.Stamp)
	v.marks(&b, s.Marks, v.tallies(&b, s.Tallies))
	v.scale(&b)
	v.north(&b)
	b.WriteString(`</svg>`)
	v.keys(&b, s.Keys)
	v.notes(&b, keyRows(s.Keys), notes)
	b.WriteString(`</svg>`)
	return b.String()
}

// ground is the class of the empty picture: sea only where land stands out from it, for
// without a base map nobody said that there is water.
func (s Scene) ground() string {
	if slices.ContainsFunc(s.Shapes, func(shape Shape) bool { return shape.Kind == Land }) {
		return "m-sea"
	}
	return "m-blank"
}

// role is img for a picture and group for one with links, which a reader must reach.
func (s Scene) role() string {
	linked := slices.ContainsFunc(s.Shapes, func(shape Shape) bool { return shape.Href != "" }) ||
		slices.ContainsFunc(s.Tallies, func(t Tally) bool { return t.Href != "" })
	if linked {
		return "group"
	}
	return "img"
}

// hatches are the fillings of zones and of areas of control. Each party has a direction
// of its own, so that neither is told by a colour. A coarse map, which no other follows,
// has those it uses.
func (s Scene) hatches() string {
	uses := func(kind Kind) bool {
		return !s.Coarse || slices.ContainsFunc(s.Shapes, func(shape Shape) bool { return shape.Kind == kind })
	}
	b := ""
	if uses(Zone) {
		b += pattern("m-hatch", "m-hatch", 7, 45)
	}
	for i, turn := range hatchTurns {
		if uses(Control) {
			b += pattern(fmt.Sprintf("m-control-%d", i), "m-control-hatch", 11, turn)
		}
	}
	return "<defs>" + b + "</defs>"
}

func pattern(id, class string, step, turn int) string {
	return fmt.Sprintf(`<pattern id="%s" width="%d" height="%d" patternUnits="userSpaceOnUse" patternTransform="rotate(%d)"><path class="%s" d="M0 0V%d"/></pattern>`,
		id, step, step, turn, class, step)
}

// hatchTurns are the directions of the parties' hatches, degrees.
var hatchTurns = [...]int{20, 110, 65, 155}

func escape(s string) string { return template.HTMLEscapeString(s) }

func (v view) shapes(b *strings.Builder, shapes []Shape, kind Kind) {
	for _, s := range shapes {
		if s.Kind != kind {
			continue
		}
		outline := v.outline(s)
		if outline == "" {
			continue
		}
		if s.Href != "" {
			fmt.Fprintf(b, `<a href="%s" aria-label="%s">`, escape(s.Href), escape(s.Title))
		}
		b.WriteString(outline)
		if s.Href != "" {
			b.WriteString(`</a>`)
		}
	}
}

// leastRadius is the size below which a place is drawn as a ring that holds all of its
// shape: a dot would pretend to be exact and a smaller shape could not be seen.
const leastRadius = 5.0

// outline is the element of a shape, "" when none of it is in the picture.
func (v view) outline(s Shape) string {
	title := ""
	if s.Title != "" {
		title = "<title>" + escape(s.Title) + "</title>"
	}
	if s.Kind == Ellipse || s.Kind == Footprint || s.Kind == Cell {
		if x, y, r, ok := v.circle(s.Ring); ok && r < leastRadius {
			if x < 0 || y < 0 || x > width || y > v.mapHeight {
				return ""
			}
			return fmt.Sprintf(`<circle class="%s" cx="%s" cy="%s" r="%s">%s</circle>`, s.class(), decimal(x), decimal(y), decimal(leastRadius), title)
		}
	}
	path := v.path(s.Ring, true)
	if path == "" {
		return ""
	}
	rule := ""
	for _, hole := range s.Holes {
		path += v.path(hole, true)
		rule = ` fill-rule="evenodd"`
	}
	return fmt.Sprintf(`<path class="%s"%s d="%s">%s</path>`, s.class(), rule, path, title)
}

func (s Shape) class() string {
	switch {
	case s.Kind == Control:
		return fmt.Sprintf("m-control m-control-%d", max(0, s.Hatch)%len(hatchTurns))
	case s.Hollow:
		return "m-" + string(s.Kind) + " m-hollow"
	default:
		return "m-" + string(s.Kind)
	}
}

func (v view) lines(b *strings.Builder, lines []Line) {
	for _, l := range lines {
		path := v.path(l.Points, false)
		if path == "" {
			continue
		}
		class := "m-line"
		switch {
		case l.Road:
			class = "m-road"
		case l.Dashed:
			class = "m-line m-dashed"
		}
		if band := v.band(l.Accuracy); band > leastBand {
			fmt.Fprintf(b, `<path class="m-band" stroke-width="%.1f" d="%s"/>`, band, path)
		}
		fmt.Fprintf(b, `<path class="%s" d="%s">`, class, path)
		if l.Title != "" {
			fmt.Fprintf(b, `<title>%s</title>`, escape(l.Title))
		}
		b.WriteString(`</path>`)
	}
}

// leastBand is the width, in units, below which a band would hide under its line.
const leastBand = 3.0

// band is the width of a line's accuracy in units: two sigma either side hold the true
// line nineteen times out of twenty.
func (v view) band(accuracy geo.Metres) float64 { return 4 * float64(accuracy) / v.metresPerUnit }

// ShowsBand says whether a line's accuracy is wide enough to be drawn in a view.
func ShowsBand(b geo.Bounds, accuracy geo.Metres) bool { return newView(b).band(accuracy) > leastBand }

// marks writes names where they lie neither on one another nor on ground that is taken;
// parties first, then in the order given. The name of a sensor, whose triangle is drawn all
// the same, stands to the left of it where the right is taken.
func (v view) marks(b *strings.Builder, marks []Mark, taken []box) {
	for _, party := range []bool{true, false} {
		for _, m := range marks {
			if m.Party != party {
				continue
			}
			place := v.flat([]geo.Point{m.At})[0]
			x, y := place[0], place[1]
			at, left := labelBox(x, y, m), false
			fits := v.shows(at) && !overlaps(taken, at)
			if !fits && m.Sensor {
				at, left = box{2*x - at.x1, at.y0, 2*x - at.x0, at.y1}, true
				fits = v.shows(at) && !overlaps(taken, at)
			}
			if !fits {
				continue
			}
			taken = append(taken, at)
			writeMark(b, x, y, m, left)
		}
	}
}

// sensors draws the triangles of those in the picture.
func (v view) sensors(b *strings.Builder, marks []Mark) {
	for _, m := range marks {
		if !m.Sensor {
			continue
		}
		place := v.flat([]geo.Point{m.At})[0]
		x, y := place[0], place[1]
		if x < 0 || y < 0 || x > width || y > v.mapHeight {
			continue
		}
		class := "m-sensor"
		if m.Silent {
			class += " m-hollow"
		}
		fmt.Fprintf(b, `<path class="%s" d="M%.1f %.1fl5 9h-10z"><title>%s</title></path>`, class, x, y-6, escape(m.Title))
	}
}

func writeMark(b *strings.Builder, x, y float64, m Mark, left bool) {
	if m.Party {
		fmt.Fprintf(b, `<g class="m-party"><circle cx="%.1f" cy="%.1f" r="14"/><text x="%.1f" y="%.1f">%s</text></g>`, x, y, x, y+5, escape(m.Text))
		return
	}
	if m.Sensor && left {
		fmt.Fprintf(b, `<g class="m-place"><text x="%.1f" y="%.1f" text-anchor="end">%s</text></g>`, x-7, y+4, escape(m.Text))
		return
	}
	if m.Sensor {
		fmt.Fprintf(b, `<g class="m-place"><text x="%.1f" y="%.1f">%s</text></g>`, x+7, y+4, escape(m.Text))
		return
	}
	fmt.Fprintf(b, `<g class="m-place"><path d="M%.1f %.1fh4v4h-4z"/><text x="%.1f" y="%.1f">%s</text></g>`, x-2, y-2, x+6, y+4, escape(m.Text))
}

// scale draws a bar of a round length, about a fifth of the width, on a plate of its own.
func (v view) scale(b *strings.Builder) {
	length := round(width / 5 * v.metresPerUnit)
	units := length / v.metresPerUnit
	label := fmt.Sprintf("%.0f m", length)
	if length >= 1000 {
		label = fmt.Sprintf("%g km", length/1000)
	}
	y := v.mapHeight - 12
	plate := units + 26 + letterWidth*float64(len(label))
	fmt.Fprintf(b, `<g class="m-scale"><rect x="6" y="%.1f" width="%.1f" height="20"/><path d="M12 %.1fv6h%.1fv-6"/><text x="%.1f" y="%.1f">%s</text></g>`,
		y-14, plate, y-6, units, 12+units+8, y, label)
}

// round is the largest of 1, 2 and 5 times a power of ten that is not above m.
func round(m float64) float64 {
	power := math.Pow(10, math.Floor(math.Log10(m)))
	for _, step := range []float64{5, 2} {
		if step*power <= m {
			return step * power
		}
	}
	return power
}

func (v view) north(b *strings.Builder) {
	fmt.Fprintf(b, `<g class="m-north"><path d="M%.0f 36l6-16 6 16-6-4z"/><text x="%.0f" y="16">N</text></g>`, width-26, width-20)
}

// notes are written below the map and the lines that stand there already.
func (v view) notes(b *strings.Builder, below int, lines []string) {
	for i, line := range lines {
		fmt.Fprintf(b, `<text class="m-note" x="8" y="%.0f">%s</text>`, v.mapHeight+18+float64(below+i)*noteLine, escape(line))
	}
}
