package locating

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
	"github.com/trucewatch/truce/sense/locate"
)

// barSpans are the lengths of time a bar may stand for; the first that needs no more than
// mostBars is taken.
var barSpans = []time.Duration{
	time.Second, 5 * time.Second, 10 * time.Second, 30 * time.Second, time.Minute, 5 * time.Minute, 10 * time.Minute, 15 * time.Minute, 30 * time.Minute,
	time.Hour, 3 * time.Hour, 6 * time.Hour, 12 * time.Hour, 24 * time.Hour, 7 * 24 * time.Hour, 28 * 24 * time.Hour,
}

const mostBars = 96

// timeline counts events by time.
func (w writer) timeline(field *Field, result *locate.Result) (template.HTML, string) {
	if len(result.Events) == 0 {
		return "", ""
	}
	from, last := extent(field.Arrivals)
	from, last = min(from, result.Events[0].Time), max(last, result.Events[len(result.Events)-1].Time)
	span := barSpans[len(barSpans)-1]
	for _, s := range barSpans {
		if last.Sub(from) <= s*(mostBars-1) {
			span = s
			break
		}
	}
	step := truce.Instant(span.Microseconds())
	from -= from % step
	counts := make([]int, int((last-from)/step)+1)
	for i := range result.Events {
		counts[int((result.Events[i].Time-from)/step)]++
	}
	most := slices.Max(counts)
	var b strings.Builder
	w.Begin(&b, w.W["time"]+". "+w.Fill("most", "{n}", w.Number(float64(most), 0)))
	top := draw.RoundUp(float64(max(most, 2)))
	x := func(i float64) float64 {
		return paper.ChartLeft + i*(paper.ChartWidth-paper.ChartLeft-paper.ChartRight)/float64(len(counts))
	}
	y := func(n float64) float64 {
		return paper.ChartHeight - paper.ChartBottom - n*(paper.ChartHeight-paper.ChartTop-paper.ChartBottom)/top
	}
	w.Levels(&b, 0, top, y)
	b.WriteString(`<path class="bars" d="`)
	for i, n := range counts {
		if n > 0 {
			fmt.Fprintf(&b, "M%.1f %.1fV%.1fH%.1fV%.1fz", x(float64(i))+.5, y(0), y(float64(n)), x(float64(i+1))-.5, y(0))
		}
	}
	b.WriteString(`"/>`)
	w.hours(&b, from, span, len(counts), x)
	b.WriteString(`</svg>`)
	return template.HTML(b.String()), w.Fill("timenote", "{span}", w.Duration(span))
}

// hours writes times under a time axis, some four of them at whole bars.
func (w writer) hours(b *strings.Builder, from truce.Instant, span time.Duration, bars int, x func(float64) float64) {
	every := max(1, (bars+3)/4)
	layout := "15:04"
	switch total := span * time.Duration(bars); {
	case total > 5*24*time.Hour:
		layout = "02.01"
	case span < time.Minute:
		layout = "15:04:05"
	}
	for i := 0; i <= bars; i += every {
		at := from.Add(span * time.Duration(i)).Time()
		fmt.Fprintf(b, `<path class="tick" d="M%.1f %.1fv4"/><text class="below%s" x="%.1f" y="%.1f">%s</text>`, x(float64(i)), paper.ChartHeight-paper.ChartBottom, edge(i, bars, every), x(float64(i)), paper.ChartHeight-paper.ChartBottom+18, at.Format(layout))
	}
}

// edge aligns the last label of an axis so that it stays in the picture.
func edge(i, bars, every int) string {
	if i+every > bars && i > bars-every/2 {
		return " last"
	}
	return ""
}

// point is an arrival in the chart of residuals.
type point struct{ km, residual float64 }

// residuals are one picture per phase.
func (w writer) residuals(field *Field, result *locate.Result) []panel {
	var byPhase [locate.S + 1][]point
	for i := range result.Events {
		e := &result.Events[i]
		for j, ray := range Rays(field, e) {
			u := e.Used[j]
			phase := field.Arrivals[u.Arrival].Phase
			byPhase[phase] = append(byPhase[phase], point{math.Hypot(float64(ray.Distance), float64(e.Depth)) / 1000, u.Residual})
		}
	}
	var out []panel
	for phase, points := range byPhase {
		if len(points) > 0 {
			name := w.W[locate.Phase(phase).String()]
			out = append(out, panel{name, w.scatter(points, name)})
		}
	}
	return out
}

// Cells of the picture of residuals: dots lie on one another from some thousand on, cells
// count them.
const (
	cellsAcross = 56
	cellsUp     = 30
	shades      = 4
)

// scatter counts residuals by distance in cells and draws the quartiles over them.
func (w writer) scatter(points []point, label string) template.HTML {
	far, wide := reachOf(points)
	var counts [cellsAcross][cellsUp]int
	most := 1
	for _, p := range points {
		i, j := int(p.km/far*cellsAcross), int((p.residual+wide)/(2*wide)*cellsUp)
		if i >= 0 && i < cellsAcross && j >= 0 && j < cellsUp {
			counts[i][j]++
			most = max(most, counts[i][j])
		}
	}
	var b strings.Builder
	w.Begin(&b, label+": "+w.W["fitnote"])
	x := func(km float64) float64 {
		return paper.ChartLeft + km/far*(paper.ChartWidth-paper.ChartLeft-paper.ChartRight)
	}
	y := func(s float64) float64 {
		return paper.ChartTop + (wide-s)/(2*wide)*(paper.ChartHeight-paper.ChartTop-paper.ChartBottom)
	}
	for shade := 1; shade <= shades; shade++ {
		fmt.Fprintf(&b, `<path class="shade-%d" d="`, shade)
		for i := range counts {
			for j, n := range counts[i] {
				if n > 0 && shadeOf(n, most) == shade {
					fmt.Fprintf(&b, "M%.1f %.1fH%.1fV%.1fH%.1fz", x(float64(i)*far/cellsAcross), y(float64(j)/cellsUp*2*wide-wide), x(float64(i+1)*far/cellsAcross),
						y(float64(j+1)/cellsUp*2*wide-wide), x(float64(i)*far/cellsAcross))
				}
			}
		}
		b.WriteString(`"/>`)
	}
	w.Levels(&b, -wide, wide, y)
	w.quartiles(&b, points, far, x, y)
	step := draw.RoundDown(far / 3)
	for at := 0.0; at <= far; at += step {
		fmt.Fprintf(&b, `<path class="tick" d="M%.1f %.1fv4"/><text class="below" x="%.1f" y="%.1f">%s</text>`, x(at), paper.ChartHeight-paper.ChartBottom, x(at), paper.ChartHeight-paper.ChartBottom+18, w.Short(at))
	}
	fmt.Fprintf(&b, `<text class="unit" x="%.0f" y="%.0f">%s</text><text class="unit" x="%.0f" y="%.0f">%s</text></svg>`, paper.ChartWidth-paper.ChartRight, paper.ChartTop-7, w.W["residual"], paper.ChartWidth-paper.ChartRight, paper.ChartHeight-4, w.W["distance"])
	return template.HTML(b.String())
}

// reachOf is how far the axes go: all but the last hundredth.
func reachOf(points []point) (far, wide float64) {
	km, off := make([]float64, len(points)), make([]float64, len(points))
	for i, p := range points {
		km[i], off[i] = p.km, math.Abs(p.residual)
	}
	slices.Sort(km)
	slices.Sort(off)
	last := (len(points) - 1) * 99 / 100
	return max(km[last]*1.02, .1), draw.RoundUp(max(off[last], .01))
}

// shadeOf is 1 to shades by the logarithm of a count.
func shadeOf(n, most int) int {
	if most == 1 {
		return 2
	}
	return 1 + int(math.Log(float64(n))/math.Log(float64(most))*(shades-1)+.5)
}

// quartiles draws the first and third of each eighth of the arrivals by distance.
func (w writer) quartiles(b *strings.Builder, points []point, far float64, x, y func(float64) float64) {
	const parts, least = 8, 12
	sorted := slices.Clone(points)
	slices.SortFunc(sorted, func(a, b point) int {
		switch {
		case a.km < b.km || a.km == b.km && a.residual < b.residual:
			return -1
		case a == b:
			return 0
		}
		return 1
	})
	if len(sorted) < parts*least {
		return
	}
	var low, high strings.Builder
	for i := range parts {
		part := sorted[i*len(sorted)/parts : (i+1)*len(sorted)/parts]
		values := make([]float64, len(part))
		for j, p := range part {
			values[j] = p.residual
		}
		slices.Sort(values)
		at := x(min(far, part[len(part)/2].km))
		command := map[bool]string{true: "M", false: "L"}[i == 0]
		fmt.Fprintf(&low, "%s%.1f %.1f", command, at, y(values[len(values)/4]))
		fmt.Fprintf(&high, "%s%.1f %.1f", command, at, y(values[len(values)*3/4]))
	}
	fmt.Fprintf(b, `<path class="quartile" d="%s%s"/>`, low.String(), high.String())
}
