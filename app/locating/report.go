package locating

import (
	"bytes"
	_ "embed"
	"html/template"
	"math"
	"slices"
	"strings"
	"sync"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/app/paper"
	"github.com/trucewatch/truce/sense/locate"
)

//go:embed report.html.tmpl
var reportText string

var reportTemplate = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("report").Parse(reportText))
})

// maxReportRows bounds the events that stand in the table of the page: a page of 500 rows is
// read, one of 10,000 is a file, and that is events.csv.
const maxReportRows = 500

// Languages are those the page is written in.
func Languages() []string { return []string{"en", "uk"} }

// report is what the template prints.
type report struct {
	Lang      string
	Style     template.CSS
	W         paper.Words
	Span      string
	Facts     []fact
	Map       template.HTML
	MapNote   string
	Timeline  template.HTML
	TimeNote  string
	Residuals []panel
	Ground    bool // a column for depth
	Rows      []reportRow
	Cut       string // that the table is cut, "" when it is not
	Health    []healthRow
	Air       []airRow
}

// fact is a number with what it counts.
type fact struct{ Value, Label string }

// panel is a picture of one phase.
type panel struct {
	Name    string
	Picture template.HTML
}

type reportRow struct {
	Day, Clock, Place, Depth, Arrivals, Gap, RMS, Time, Ellipse, Strike, Score string
	Weak                                                                       bool // it lies outside of its sensors
}

type healthRow struct{ Sensor, What string }

type airRow struct{ Span, Speed, Wind, From string }

// writer prints in one language.
type writer struct{ paper.Writer }

// Report is a page of the result: numbers, a map with 90 % ellipses, time, residuals and a
// table. It needs no network and no script.
func Report(field *Field, result *locate.Result, lang string) ([]byte, error) {
	words, ok := reportWords[lang]
	if !ok {
		return nil, truce.Errorf(truce.CodeInvalid, "language %q: the page is written in %s", lang, strings.Join(Languages(), " and "))
	}
	w := writer{paper.Writer{Lang: lang, W: words}}
	r := report{Lang: lang, Style: paper.Style(), W: words, Span: w.span(field), Facts: w.facts(field, result)}
	r.Map, r.MapNote = w.plot(field, result)
	r.Timeline, r.TimeNote = w.timeline(field, result)
	r.Residuals = w.residuals(field, result)
	r.Ground = slices.ContainsFunc(result.Events, func(e locate.Event) bool { return e.Phases == locate.InGround })
	for i := range result.Events[:min(len(result.Events), maxReportRows)] {
		r.Rows = append(r.Rows, w.row(field, &result.Events[i]))
	}
	if n := len(result.Events); n > maxReportRows {
		r.Cut = w.Fill("cut", "{shown}", w.Number(maxReportRows, 0), "{all}", w.Number(float64(n), 0))
	}
	for _, h := range result.Health {
		r.Health = append(r.Health, healthRow{field.Sensors[h.Sensor].ID, w.health(h)})
	}
	for _, a := range result.Air {
		r.Air = append(r.Air, w.air(a))
	}
	var page bytes.Buffer
	err := reportTemplate().Execute(&page, r)
	return page.Bytes(), err
}

// span is from the first to the last arrival.
func (w writer) span(field *Field) string {
	if len(field.Arrivals) == 0 {
		return w.W["quiet"]
	}
	from, to := extent(field.Arrivals)
	one, two := w.Day(from)+" "+from.Time().Format("15:04:05"), to.Time().Format("15:04:05")
	if w.Day(from) != w.Day(to) {
		two = w.Day(to) + " " + two
	}
	return one + " – " + two + " UTC"
}

func extent(list []locate.Arrival) (from, to truce.Instant) {
	from, to = list[0].Time, list[0].Time
	for i := range list {
		from, to = min(from, list[i].Time), max(to, list[i].Time)
	}
	return from, to
}

// facts are the numbers at the top.
func (w writer) facts(field *Field, result *locate.Result) []fact {
	used, heard := 0, map[int]bool{}
	var major, rms []float64
	for i := range result.Events {
		e := &result.Events[i]
		used += len(e.Used)
		major, rms = append(major, ninety*float64(e.Ellipse.Major)), append(rms, e.RMS)
		for _, u := range e.Used {
			heard[field.Arrivals[u.Arrival].Sensor] = true
		}
	}
	out := []fact{
		{w.Number(float64(len(result.Events)), 0), w.W["events"]},
		{w.Number(float64(used), 0), w.Fill("used", "{all}", w.Number(float64(len(field.Arrivals)), 0))},
		{w.Number(float64(len(heard)), 0), w.Fill("heard", "{all}", w.Number(float64(len(field.Sensors)), 0))},
	}
	if len(major) > 0 {
		out = append(out, fact{w.Length(middle(major)), w.W["axis"]}, fact{w.Number(middle(rms), 2) + "\u00a0" + w.W["s"], w.W["rms"]})
	}
	if len(result.Health) > 0 {
		out = append(out, fact{w.Number(float64(len(result.Health)), 0), w.W["remarks"]})
	}
	return out
}

// middle is the median.
func middle(list []float64) float64 {
	sorted := slices.Sorted(slices.Values(list))
	n := len(sorted)
	return (sorted[(n-1)/2] + sorted[n/2]) / 2
}

// row is an event in the table.
func (w writer) row(field *Field, e *locate.Event) reportRow {
	gap := Gap(Rays(field, e))
	depth := ""
	if e.Phases == locate.InGround {
		depth = w.Number(float64(e.Depth)/1000, 1)
		if e.DepthSigma > 0 {
			depth += " ± " + w.Number(float64(e.DepthSigma)/1000, 1)
		}
	}
	size, turn := w.Length(ninety*float64(e.Ellipse.Major))+" × "+w.Length(ninety*float64(e.Ellipse.Minor)), w.Number(strike(e.Ellipse), 0)+"°"
	if bent(e) {
		size, turn = w.regionSize(e.Region), "–"
	}
	return reportRow{
		Day: w.Day(e.Time), Clock: w.Decimal(e.Time.Time().Format("15:04:05.00")), Place: w.Decimal(w.Degrees(e.At)),
		Depth: depth, Arrivals: w.Number(float64(len(e.Used)), 0), Gap: w.Number(float64(gap), 0) + "°", RMS: w.Number(e.RMS, 2),
		Time: w.Number(e.TimeSigma, 2), Ellipse: size,
		Strike: turn, Score: w.Number(e.Score, 0), Weak: gap >= 180,
	}
}

// regionSize says how large a region is, of how many parts, and whether it is open.
func (w writer) regionSize(r *locate.Region) string {
	size := area(r.Ninety) / 1e6
	decimals := 0
	if size < 10 {
		decimals = 2
	}
	out := w.Fill("region", "{size}", w.Number(size, decimals))
	if n := len(r.Lobes); n > 1 {
		out += ", " + w.Fill("parts", "{n}", w.Number(float64(n), 0))
	}
	if r.Open {
		out += ", " + w.W["open"]
	}
	return out
}

// health is a remark on a sensor.
func (w writer) health(h locate.Health) string {
	switch value := w.Number(h.Value, 2); h.Kind {
	case locate.ClockOffset:
		key := "fast"
		if h.Value < 0 {
			key, value = "slow", w.Number(-h.Value, 2)
		}
		return w.Fill(key, "{s}", value, "{sigma}", w.Number(h.Sigma, 2))
	case locate.Dead:
		return w.Fill("dead", "{n}", w.Number(h.Value, 0))
	case locate.Chattering:
		return w.Fill("chatters", "{n}", w.Number(h.Value, 0))
	case locate.Lone:
		return w.W["lone"]
	}
	return h.Description
}

// air is a stretch of the air that was used.
func (w writer) air(a locate.Air) airRow {
	at := func(t truce.Instant) string {
		if t == 0 {
			return "…"
		}
		return w.Day(t) + " " + t.Time().Format("15:04")
	}
	blowing := math.Hypot(a.East, a.North)
	from := math.Mod(math.Atan2(-a.East, -a.North)*180/math.Pi+360, 360)
	row := airRow{
		Span:  at(a.From) + " – " + at(a.To),
		Speed: w.PlusMinus(a.Speed, a.SpeedSigma), Wind: w.PlusMinus(blowing, a.WindSigma), From: w.Number(from, 0) + "°",
	}
	if blowing < .05 {
		row.From = "–"
	}
	return row
}
