package paper

import (
	"fmt"
	"html/template"
	"math"
	"strings"

	"github.com/trucewatch/truce/geo/draw"
)

// Size of the charts in their own units, with room for the axes; pages scale them.
const (
	ChartWidth  = 560.0
	ChartHeight = 204.0
	ChartLeft   = 44.0
	ChartRight  = 10.0
	ChartTop    = 22.0
	ChartBottom = 40.0
	// MapWidth is that of maps. A telephone shows it at some 0.6 of that, where names must
	// stay readable.
	MapWidth = 560.0
)

// Begin opens a chart, with what a screen reader says of it.
func (w Writer) Begin(b *strings.Builder, label string) {
	fmt.Fprintf(b, `<svg class="chart" viewBox="0 0 %.0f %.0f" role="img" aria-label="%s">`, ChartWidth, ChartHeight, template.HTMLEscapeString(label))
}

// Levels draws lines across with their numbers, two to five of them.
func (w Writer) Levels(b *strings.Builder, low, high float64, y func(float64) float64) {
	step := draw.RoundDown((high - low) / 2)
	for at := math.Ceil(low/step) * step; at <= high+step/1e6; at += step {
		fmt.Fprintf(b, `<path class="level" d="M%.0f %.1fH%.0f"/><text class="left" x="%.0f" y="%.1f">%s</text>`, ChartLeft, y(at), ChartWidth-ChartRight, ChartLeft-6, y(at)+4, w.Short(at))
	}
}

// ScaleBar draws a round length of a quarter of a map at most; scale is units a metre.
func (w Writer) ScaleBar(b *strings.Builder, scale, height float64) {
	length := draw.RoundDown(MapWidth / 4 / scale)
	fmt.Fprintf(b, `<g class="scale"><path d="M14 %.1fv5h%.1fv-5"/><text x="%.1f" y="%.1f">%s</text></g>`, height-17, length*scale, 20+length*scale, height-10, w.BarLength(length))
}

// BarLength is a round length.
func (w Writer) BarLength(m float64) string {
	if m >= 1000 {
		return w.Short(m/1000) + "\u00a0" + w.W["km"]
	}
	return w.Short(m) + "\u00a0" + w.W["m"]
}

// North draws the arrow in the upper right corner of a map.
func (w Writer) North(b *strings.Builder) {
	fmt.Fprintf(b, `<g class="north"><path d="M%.0f 12l5 12-5-3-5 3z"/><text x="%.0f" y="38">%s</text></g>`, MapWidth-18, MapWidth-18, w.W["north"])
}
