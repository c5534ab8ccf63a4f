package moving

import (
	"fmt"
	"html/template"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/app/paper"
	"github.com/trucewatch/truce/geo/draw"
	"github.com/trucewatch/truce/sense/track"
)

// chart turns times and values into a picture.
type chart struct {
	from, to  truce.Instant
	low, high float64
}

func (c *chart) x(at truce.Instant) float64 {
	share := float64(at-c.from) / float64(max(1, c.to-c.from))
	return paper.ChartLeft + share*(paper.ChartWidth-paper.ChartLeft-paper.ChartRight)
}

func (c *chart) y(value float64) float64 {
	share := (value - c.low) / (c.high - c.low)
	return paper.ChartHeight - paper.ChartBottom - share*(paper.ChartHeight-paper.ChartTop-paper.ChartBottom)
}

// value is what a chart shows of a state; false: it has none.
type value func(*track.State) (float64, bool)

func heightOf(s *track.State) (float64, bool) { return float64(s.Altitude), s.High }
func speedOf(s *track.State) (float64, bool)  { return s.SpeedMps, true }

// heights is the chart of altitude, with the floors and ceilings of zones; "" where no
// altitude was told.
func (w *writer) heights() template.HTML {
	var b strings.Builder
	c, ok := w.newChart(heightOf)
	if !ok {
		return ""
	}
	w.Begin(&b, w.W["height"]+". "+w.W["heightnote"])
	w.Levels(&b, c.low, c.high, c.y)
	bands := w.bands(&c)
	for _, at := range bands {
		fmt.Fprintf(&b, `<path class="band" d="M%.0f %.1fH%.0f"/>`, paper.ChartLeft, c.y(at.value), paper.ChartWidth-paper.ChartRight)
	}
	w.drawValues(&b, &c, heightOf)
	for _, at := range bands {
		fmt.Fprintf(&b, `<text class="bandname" x="%.0f" y="%.1f">%s</text>`, paper.ChartWidth-paper.ChartRight-2, c.y(at.value)-3, template.HTMLEscapeString(at.name+" "+w.Short(at.value)))
	}
	b.WriteString(`</svg>`)
	return template.HTML(b.String()) // every text is ours or went through escaping
}

// speeds is the chart of speed.
func (w *writer) speeds() template.HTML {
	var b strings.Builder
	c, ok := w.newChart(speedOf)
	if !ok {
		return ""
	}
	w.Begin(&b, w.W["speed"]+". "+w.W["speednote"])
	w.Levels(&b, c.low, c.high, c.y)
	w.drawValues(&b, &c, speedOf)
	b.WriteString(`</svg>`)
	return template.HTML(b.String())
}

// level is a floor or ceiling.
type level struct {
	value float64
	name  string
}

// bands are the floors and ceilings of zones that are in a chart, those that differ.
func (w *writer) bands(c *chart) (out []level) {
	for _, z := range w.Shapes.Zones {
		if z.Band == nil {
			continue
		}
		for _, limit := range []float64{float64(z.Band.Floor), float64(z.Band.Ceiling)} {
			near := func(o level) bool { return math.Abs(c.y(o.value)-c.y(limit)) < 12 }
			if limit <= c.low || limit >= c.high || len(out) == maxBands || slices.ContainsFunc(out, near) {
				continue
			}
			out = append(out, level{limit, z.ID})
		}
	}
	return out
}

// newChart is one of the tracks with colours, from 0 or below to round numbers; false: none
// of them has a value.
func (w *writer) newChart(of value) (chart, bool) {
	c := chart{}
	c.from, c.to = w.extent()
	high, any := 0.0, false
	w.eachChosen(func(t *track.Track, _ string) {
		for i := range t.States {
			if v, ok := of(&t.States[i]); ok {
				c.low, high, any = min(c.low, v), max(high, v), true
			}
		}
	})
	c.high = draw.RoundUp(max(high, 1))
	if c.low < 0 {
		c.low = -draw.RoundUp(-c.low)
	}
	return c, any
}

func (w *writer) eachChosen(take func(t *track.Track, class string)) {
	for i := range w.Tracks {
		if class := w.class(w.Tracks[i].Number); class != "" {
			take(&w.Tracks[i], class)
		}
	}
}

// drawValues draws a line a track and the axis of time.
func (w *writer) drawValues(b *strings.Builder, c *chart, of value) {
	w.eachChosen(func(t *track.Track, class string) {
		fmt.Fprintf(b, `<path class="graph %s" d="`, class)
		var run []spot
		end := func() {
			if len(run) == 1 {
				run = append(run, spot{run[0].x + 1, run[0].y}) // one value alone is a dot
			}
			drawPath(b, bounded(run))
			run = run[:0]
		}
		for i := range t.States {
			v, ok := of(&t.States[i])
			if !ok {
				end()
				continue
			}
			run = append(run, spot{c.x(t.States[i].Time), c.y(v)})
		}
		end()
		b.WriteString(`"/>`)
	})
	w.hours(b, c)
}

// bounded is a line thinned to what its width can show.
func bounded(run []spot) []spot {
	out := thin(run, .25)
	for within := .5; len(out) > maxChartPoints && within < 100; within *= 2 {
		out = thin(run, within)
	}
	return out
}

// tickSpans are the lengths of time between the marks of an axis.
var tickSpans = []time.Duration{
	time.Second, 2 * time.Second, 5 * time.Second, 10 * time.Second, 15 * time.Second, 30 * time.Second, time.Minute, 2 * time.Minute, 5 * time.Minute, 10 * time.Minute, 15 * time.Minute, 30 * time.Minute,
	time.Hour, 2 * time.Hour, 3 * time.Hour, 6 * time.Hour, 12 * time.Hour, 24 * time.Hour, 48 * time.Hour, 7 * 24 * time.Hour, 28 * 24 * time.Hour, 364 * 24 * time.Hour,
}

// hours writes times under the axis, at round ones, six at most.
func (w *writer) hours(b *strings.Builder, c *chart) {
	span := tickSpans[len(tickSpans)-1]
	for _, s := range tickSpans {
		if c.to.Sub(c.from) <= 5*s {
			span = s
			break
		}
	}
	layout := "15:04"
	switch {
	case span >= 24*time.Hour:
		layout = "02.01"
	case span < time.Minute:
		layout = "15:04:05"
	}
	fmt.Fprintf(b, `<text class="unit" x="%.0f" y="%.0f">%s</text>`, paper.ChartWidth-paper.ChartRight, paper.ChartHeight-4, w.W["time"])
	step := truce.Instant(span.Microseconds())
	for at := (c.from + step - 1) / step * step; at <= c.to; at += step {
		x := c.x(at)
		edge := ""
		if x > paper.ChartWidth-paper.ChartRight-22 {
			edge = " last"
		}
		fmt.Fprintf(b, `<path class="tick" d="M%.1f %.1fv4"/><text class="below%s" x="%.1f" y="%.1f">%s</text>`, x, paper.ChartHeight-paper.ChartBottom, edge, x, paper.ChartHeight-paper.ChartBottom+18, at.Time().Format(layout))
	}
}
