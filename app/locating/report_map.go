package locating

import (
	"fmt"
	"html/template"
	"math"
	"slices"
	"strings"

	"github.com/trucewatch/truce/app/paper"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/sense/locate"
)

// Size of the map in its own units; pages scale it. A telephone shows it at some 0.6 of that,
// where names must stay readable.
const (
	mapTallest   = 620.0
	mapShortest  = 240.0
	mapMargin    = 26.0 // around what is shown
	leastEllipse = 1.3  // the least half-axis that can be seen
	maxTitles    = 2000 // events that tell about themselves under a pointer
)

// frame turns places into the picture.
type frame struct {
	plane         geo.Plane
	west, north   float64 // m, of the upper left corner
	scale, height float64 // units a metre; units
}

// nearField is how far from the middle events are shown, of the farthest sensor's distance.
const nearField = 1.25

// newFrame shows all sensors, and the events in and near their field: one that was placed far
// outside must not shrink the others to dots.
func newFrame(field *Field, result *locate.Result) frame {
	var lat, lon []float64
	for _, s := range field.Sensors {
		lat, lon = append(lat, float64(s.At.Lat)), append(lon, float64(s.At.Lon))
	}
	f := frame{plane: geo.NewPlane(geo.Point{Lat: geo.Degrees(middle(lat)), Lon: geo.Degrees(middle(lon))})}
	west, east, south, north := math.Inf(1), math.Inf(-1), math.Inf(1), math.Inf(-1)
	take := func(x, y float64) {
		west, east, south, north = min(west, x), max(east, x), min(south, y), max(north, y)
	}
	for _, s := range field.Sensors {
		x, y := f.plane.To(s.At)
		take(float64(x), float64(y))
	}
	reach := math.Hypot(east-west, north-south)/2 + 1000
	for _, e := range result.Events {
		x, y := f.plane.To(e.At)
		if math.Hypot(float64(x)-(west+east)/2, float64(y)-(south+north)/2) < nearField*reach {
			take(float64(x), float64(y))
		}
		if bent(&e) {
			f.takeRegion(&e, (west+east)/2, (south+north)/2, nearField*reach, take)
		}
	}
	width, height := max(east-west, 1000, (north-south)/2.5), max(north-south, 300)
	f.scale = min((paper.MapWidth-2*mapMargin)/width, (mapTallest-2*mapMargin)/height)
	f.height = max(mapShortest, height*f.scale+2*mapMargin)
	f.west = (west+east)/2 - paper.MapWidth/2/f.scale
	f.north = (south+north)/2 + f.height/2/f.scale
	return f
}

// takeRegion shows what lies near the field of a region.
func (f *frame) takeRegion(e *locate.Event, x, y, reach float64, take func(x, y float64)) {
	for _, part := range e.Region.Ninety {
		for _, p := range part[0] {
			if east, north := f.plane.To(p); math.Hypot(float64(east)-x, float64(north)-y) < reach {
				take(float64(east), float64(north))
			}
		}
	}
}

func (f *frame) at(p geo.Point) (x, y float64) {
	east, north := f.plane.To(p)
	return (float64(east) - f.west) * f.scale, (f.north - float64(north)) * f.scale
}

// plot is the map, and a note under it.
func (w writer) plot(field *Field, result *locate.Result) (template.HTML, string) {
	if len(field.Sensors) == 0 {
		return "", ""
	}
	f := newFrame(field, result)
	var b strings.Builder
	fmt.Fprintf(&b, `<svg class="chart map" viewBox="0 0 %.0f %.0f" role="img" aria-label="%s">`, paper.MapWidth, f.height, template.HTMLEscapeString(w.W["map"]+". "+w.W["mapnote"]))
	fmt.Fprintf(&b, `<rect class="ground" width="%.0f" height="%.0f" rx="4"/><g class="sensors"><path d="`, paper.MapWidth, f.height)
	size := max(2, min(4.5, 60/math.Sqrt(float64(len(field.Sensors)))))
	for _, s := range field.Sensors {
		x, y := f.at(s.At)
		fmt.Fprintf(&b, "M%.1f %.1fl%.1f %.1fh%.1fz", x, y-size*.62, size*.56, size, -size*1.12)
	}
	b.WriteString(`"/></g><g class="events">`)
	tiny := false
	for i := range result.Events {
		tiny = w.drawEvent(&b, &f, field, &result.Events[i], len(result.Events) <= maxTitles) || tiny
	}
	b.WriteString(`</g>`)
	w.ScaleBar(&b, f.scale, f.height)
	w.North(&b)
	b.WriteString(`</svg>`)
	note := w.W["mapnote"]
	if slices.ContainsFunc(result.Events, func(e locate.Event) bool { return bent(&e) }) {
		note += " " + w.W["bentnote"]
	}
	if tiny {
		note += " " + w.Fill("tiny", "{m}", w.Length(leastEllipse/f.scale))
	}
	return template.HTML(b.String()), note // every text is ours or went through escaping
}

// drawRegion draws the 90 and the 50 % region of an event whose place is no ellipse.
func (w writer) drawRegion(b *strings.Builder, f *frame, field *Field, e *locate.Event, titled bool) {
	for _, level := range []struct {
		class string
		parts []geo.Polygon
	}{{"ninety", e.Region.Ninety}, {"half", e.Region.Half}} {
		fmt.Fprintf(b, `<path class="%s" d="`, level.class)
		for _, part := range level.parts {
			for _, ring := range part {
				for i, p := range ring[:len(ring)-1] {
					x, y := f.at(p)
					fmt.Fprintf(b, "%c%.1f %.1f", "ML"[min(i, 1)], x, y)
				}
				b.WriteByte('Z')
			}
		}
		b.WriteString(`"`)
		if titled {
			row := w.row(field, e)
			fmt.Fprintf(b, `><title>%s %s UTC: %s, %s %s</title></path>`, row.Day, row.Clock, row.Ellipse, w.W["arrivals"], row.Arrivals)
		} else {
			b.WriteString(`/>`)
		}
	}
}

// drawEvent draws the 90 % ellipse, or the region where that is none, and says whether it had to be drawn larger.
func (w writer) drawEvent(b *strings.Builder, f *frame, field *Field, e *locate.Event, titled bool) bool {
	if bent(e) {
		w.drawRegion(b, f, field, e, titled)
		return false
	}
	x, y := f.at(e.At)
	if x < -50 || x > paper.MapWidth+50 || y < -50 || y > f.height+50 {
		return false
	}
	major, minor := ninety*float64(e.Ellipse.Major)*f.scale, ninety*float64(e.Ellipse.Minor)*f.scale
	class := ""
	if Gap(Rays(field, e)) >= 180 {
		class = ` class="weak"`
	}
	fmt.Fprintf(b, `<ellipse%s rx="%.1f" ry="%.1f" transform="translate(%.1f %.1f)rotate(%.0f)"`, class, max(leastEllipse, minor), max(leastEllipse, major), x, y, float64(e.Ellipse.Strike))
	if !titled {
		b.WriteString(`/>`)
		return major < leastEllipse
	}
	row := w.row(field, e)
	fmt.Fprintf(b, `><title>%s %s UTC, %s, %s: %s, %s</title></ellipse>`, row.Day, row.Clock, row.Place, w.W["arrivals"], row.Arrivals, row.Ellipse)
	return major < leastEllipse
}
