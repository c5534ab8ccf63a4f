package moving

import (
	"fmt"
	"html/template"
	"math"
	"slices"
	"strings"

	"github.com/trucewatch/truce/app/paper"
	"github.com/trucewatch/truce/app/tracking"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/sense/track"
)

// Size of the map in its own units.
const (
	mapTallest  = 620.0
	mapShortest = 260.0
	mapMargin   = 26.0
)

// frame turns places into the picture.
type frame struct {
	plane         geo.Plane
	west, north   float64 // m, of the upper left corner
	scale, height float64 // units a metre; units
}

// box grows around places, metres.
type box struct{ west, east, south, north float64 }

func (b *box) take(x, y float64) {
	if math.IsNaN(x) || math.IsNaN(y) {
		return // on the other side of the Earth
	}
	b.west, b.east, b.south, b.north = min(b.west, x), max(b.east, x), min(b.south, y), max(b.north, y)
}

// newFrame shows all tracks; without any, all zones and lines. False: there is nothing.
func (f *Findings) newFrame() (frame, bool) {
	var places []geo.Point
	for i := range f.Tracks {
		for j := range f.Tracks[i].States {
			places = append(places, f.Tracks[i].States[j].At)
		}
	}
	if len(places) == 0 {
		f.eachChain(func(chain []geo.Point, _ string, _ bool) { places = append(places, chain...) })
	}
	if len(places) == 0 {
		return frame{}, false
	}
	m := frame{plane: geo.NewPlane(places[len(places)/2])}
	b := box{math.Inf(1), math.Inf(-1), math.Inf(1), math.Inf(-1)}
	for _, p := range places {
		x, y := m.plane.To(p)
		b.take(float64(x), float64(y))
	}
	width, height := max(b.east-b.west, 500, (b.north-b.south)/2.5), max(b.north-b.south, 200)
	m.scale = min((paper.MapWidth-2*mapMargin)/width, (mapTallest-2*mapMargin)/height)
	m.height = max(mapShortest, height*m.scale+2*mapMargin)
	m.west = (b.west+b.east)/2 - paper.MapWidth/2/m.scale
	m.north = (b.south+b.north)/2 + m.height/2/m.scale
	return m, true
}

// eachChain gives the rings of zones and the parts of lines.
func (f *Findings) eachChain(take func(chain []geo.Point, name string, zone bool)) {
	for _, z := range f.Shapes.Zones {
		for _, polygon := range z.Area.Polygons() {
			for _, ring := range polygon {
				take(ring, z.ID, true)
			}
		}
	}
	for _, l := range f.Shapes.Lines {
		for _, part := range l.Line.Parts() {
			take(part, l.Name, false)
		}
	}
}

func (m *frame) at(p geo.Point) spot {
	east, north := m.plane.To(p)
	return spot{(float64(east) - m.west) * m.scale, (m.north - float64(north)) * m.scale}
}

// plot is the map, and notes under it.
func (w *writer) plot() (template.HTML, []string) {
	m, ok := w.newFrame()
	if !ok {
		return "", nil
	}
	var b strings.Builder
	fmt.Fprintf(&b, `<svg class="chart map" viewBox="0 0 %.0f %.0f" role="img" aria-label="%s">`, paper.MapWidth, m.height, template.HTMLEscapeString(w.W["map"]+". "+w.W["mapnote"]))
	fmt.Fprintf(&b, `<rect class="ground" width="%.0f" height="%.0f" rx="4"/>`, paper.MapWidth, m.height)
	w.drawShapes(&b, &m)
	within := w.drawTracks(&b, &m)
	w.nameTracks(&b, &m)
	w.nameShapes(&b, &m)
	w.ScaleBar(&b, m.scale, m.height)
	w.North(&b)
	b.WriteString(`</svg>`)
	notes := []string{w.W["mapnote"]}
	if n := len(w.chosen); n < len(w.Tracks) {
		notes = append(notes, w.Fill("some", "{n}", w.Number(float64(n), 0), "{all}", w.Number(float64(len(w.Tracks)), 0)))
	}
	notes = append(notes, w.Fill("thinned", "{m}", w.Length(within/m.scale)))
	return template.HTML(b.String()), notes // every text is ours or went through escaping
}

// drawShapes draws zones and lines under the tracks.
func (w *writer) drawShapes(b *strings.Builder, m *frame) {
	within := .3
	var zones, lines strings.Builder
	w.eachChain(func(chain []geo.Point, _ string, zone bool) {
		spots := make([]spot, len(chain))
		for i, p := range chain {
			spots[i] = m.at(p)
		}
		into := &lines
		if zone {
			into = &zones
		}
		if into.Len() > 12*maxPoints {
			within = 3 // a drawing of more than a megabyte: its rest is drawn roughly
		}
		drawPath(into, thin(clip(spots, m.height), within))
		if zone {
			into.WriteString("z")
		}
	})
	if zones.Len() > 0 {
		fmt.Fprintf(b, `<path class="zone" d="%s"/>`, zones.String())
	}
	if lines.Len() > 0 {
		fmt.Fprintf(b, `<path class="halo" d="%s"/><path class="border" d="%s"/>`, lines.String(), lines.String())
	}
}

// nameShapes writes the names of what is in the picture, the first dozen, each where nothing
// was written yet.
func (w *writer) nameShapes(b *strings.Builder, m *frame) {
	const most, apart = 12, 15
	written := []float64{}
	name := func(at spot, text string) {
		for _, y := range written {
			if math.Abs(y-at.y) < apart {
				return
			}
		}
		if len(written) == most || at.x < 0 || at.x > paper.MapWidth || at.y < 12 || at.y > m.height {
			return
		}
		written = append(written, at.y)
		anchor := "start"
		if at.x > paper.MapWidth*.6 {
			anchor = "end"
		}
		fmt.Fprintf(b, `<text class="name" text-anchor="%s" x="%.1f" y="%.1f">%s</text>`, anchor, min(max(at.x, 6), paper.MapWidth-40), at.y, template.HTMLEscapeString(text))
	}
	last := ""
	w.eachChain(func(chain []geo.Point, text string, _ bool) {
		if text == last {
			return
		}
		for _, p := range chain {
			if at := m.at(p); at.x > 4 && at.x < paper.MapWidth-4 && at.y > 14 && at.y < m.height-30 {
				name(spot{at.x + 4, at.y - 5}, text)
				last = text
				return
			}
		}
	})
}

// drawTracks draws the grey ones first, then corridors, then those with colours. It gives how
// roughly, in units of the picture.
func (w *writer) drawTracks(b *strings.Builder, m *frame) float64 {
	within := w.roughness(m)
	b.WriteString(`<path class="pale" d="`)
	for i := range w.Tracks {
		if w.class(w.Tracks[i].Number) == "" {
			drawPath(b, thin(m.spots(&w.Tracks[i]), within))
		}
	}
	b.WriteString(`"/>`)
	for i := range w.Tracks {
		if class := w.class(w.Tracks[i].Number); class != "" {
			drawCorridor(b, m, &w.Tracks[i], class)
		}
	}
	for i := range w.Tracks {
		t := &w.Tracks[i]
		class := w.class(t.Number)
		if class == "" || len(t.States) == 0 {
			continue
		}
		fmt.Fprintf(b, `<g class="way %s"><title>%s, %s – %s</title><path d="`, class, tracking.Name(t.Number), w.clock(t.States[0].Time), w.clock(t.States[len(t.States)-1].Time))
		drawPath(b, thin(m.spots(t), within))
		last := &t.States[len(t.States)-1]
		at := m.at(last.At)
		fmt.Fprintf(b, `"/><path class="tip" transform="translate(%.1f %.1f)rotate(%.0f)" d="M0-6l4.5 9-4.5-2-4.5 2z"/></g>`, at.x, at.y, float64(last.Course))
	}
	return within
}

// nameTracks writes the names of the tracks with colours at their last places, each where no
// other stands yet: paper and some eyes have no colours.
func (w *writer) nameTracks(b *strings.Builder, m *frame) {
	const wide, tall = 46, 13
	var written []spot
	w.eachChosen(func(t *track.Track, class string) {
		if len(t.States) == 0 {
			return
		}
		at := m.at(t.States[len(t.States)-1].At)
		near := func(o spot) bool { return math.Abs(o.x-at.x) < wide && math.Abs(o.y-at.y) < tall }
		if math.IsNaN(at.x) || slices.ContainsFunc(written, near) {
			return
		}
		written = append(written, at)
		x, anchor := at.x+8, "start"
		if at.x > paper.MapWidth-wide-12 {
			x, anchor = at.x-8, "end"
		}
		fmt.Fprintf(b, `<text class="tag %s" text-anchor="%s" x="%.1f" y="%.1f">%s</text>`, class, anchor, x, min(max(at.y-6, 12), m.height-4), tracking.Name(t.Number))
	})
}

func (m *frame) spots(t *track.Track) []spot {
	out := make([]spot, 0, len(t.States))
	for i := range t.States {
		if at := m.at(t.States[i].At); !math.IsNaN(at.x) && !math.IsNaN(at.y) {
			out = append(out, at)
		}
	}
	return out
}

// roughness is how far a drawn path may be from its track so that the page stays small, units.
func (w *writer) roughness(m *frame) float64 {
	within := .35
	for ; within < 20; within *= 2 {
		n := 0
		for i := range w.Tracks {
			n += len(thin(m.spots(&w.Tracks[i]), within))
		}
		if n <= maxPoints {
			break
		}
	}
	return within
}

// drawCorridor draws what holds a track with 90 % at any one time: strokes as wide as twice
// that radius, one as long as the radius changes little. Together they are one pale shape.
func drawCorridor(b *strings.Builder, m *frame, t *track.Track, class string) {
	spots := m.spots(t)
	if len(spots) != len(t.States) {
		return
	}
	fmt.Fprintf(b, `<g class="corridor %s">`, class)
	for from := 0; from < len(spots); {
		radius := float64(t.States[from].Sigma)
		to := from + 1
		for to < len(spots) && math.Abs(float64(t.States[to].Sigma)-radius) <= .2*radius {
			to++
		}
		part := spots[from:min(to+1, len(spots))]
		if len(part) == 1 {
			part = []spot{part[0], {part[0].x + .1, part[0].y}}
		}
		fmt.Fprintf(b, `<path stroke-width="%.1f" d="`, max(1.5, 2*ninety*radius*m.scale))
		drawPath(b, thin(part, .5))
		b.WriteString(`"/>`)
		from = to
	}
	b.WriteString(`</g>`)
}
