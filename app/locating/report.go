package locating

import (
	"bytes"
	_ "embed"
	"html/template"
	"math"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
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
	W         map[string]string
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
type writer struct {
	lang string
	w    map[string]string
}

// Report is a page of the result: numbers, a map with 90 % ellipses, time, residuals and a
// table. It needs no network and no script.
func Report(field *Field, result *locate.Result, lang string) ([]byte, error) {
	words, ok := reportWords[lang]
	if !ok {
		return nil, truce.Errorf(truce.CodeInvalid, "language %q: the page is written in %s", lang, strings.Join(Languages(), " and "))
	}
	w := writer{lang, words}
	r := report{Lang: lang, W: words, Span: w.span(field), Facts: w.facts(field, result)}
	r.Map, r.MapNote = w.plot(field, result)
	r.Timeline, r.TimeNote = w.timeline(field, result)
	r.Residuals = w.residuals(field, result)
	r.Ground = slices.ContainsFunc(result.Events, func(e locate.Event) bool { return e.Phases == locate.InGround })
	for i := range result.Events[:min(len(result.Events), maxReportRows)] {
		r.Rows = append(r.Rows, w.row(field, &result.Events[i]))
	}
	if n := len(result.Events); n > maxReportRows {
		r.Cut = w.fill("cut", "{shown}", w.number(maxReportRows, 0), "{all}", w.number(float64(n), 0))
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

// number writes a number with so many decimals and its thousands apart.
func (w writer) number(x float64, decimals int) string {
	text := strconv.FormatFloat(math.Abs(to(x, decimals)), 'f', decimals, 64)
	whole, part, has := strings.Cut(text, ".")
	var b strings.Builder
	if to(x, decimals) < 0 {
		b.WriteRune('\u2212')
	}
	for i, digit := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 && len(whole) > 4 {
			b.WriteRune('\u202f')
		}
		b.WriteRune(digit)
	}
	if has {
		b.WriteString(w.decimal(".") + part)
	}
	return b.String()
}

// short is a number without zeros at its end, for axes.
func (w writer) short(x float64) string {
	text := strconv.FormatFloat(to(math.Abs(x), 6), 'f', -1, 64)
	_, part, _ := strings.Cut(text, ".")
	return w.number(x, len(part))
}

// fill puts values into a text, in pairs.
func (w writer) fill(key string, pairs ...string) string {
	return strings.NewReplacer(pairs...).Replace(w.w[key])
}

// length is a length in metres, from ten kilometres on in kilometres.
func (w writer) length(m float64) string {
	if m >= 9999.5 {
		return w.number(m/1000, 1) + "\u00a0" + w.w["km"]
	}
	decimals := 0
	if m < 10 {
		decimals = 1
	}
	return w.number(m, decimals) + "\u00a0" + w.w["m"]
}

// day is a date as the language writes it.
func (w writer) day(t truce.Instant) string {
	if w.lang == "uk" {
		return t.Time().Format("02.01.2006")
	}
	return t.Time().Format("2 Jan 2006")
}

// span is from the first to the last arrival.
func (w writer) span(field *Field) string {
	if len(field.Arrivals) == 0 {
		return w.w["quiet"]
	}
	from, to := extent(field.Arrivals)
	one, two := w.day(from)+" "+from.Time().Format("15:04:05"), to.Time().Format("15:04:05")
	if w.day(from) != w.day(to) {
		two = w.day(to) + " " + two
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
		{w.number(float64(len(result.Events)), 0), w.w["events"]},
		{w.number(float64(used), 0), w.fill("used", "{all}", w.number(float64(len(field.Arrivals)), 0))},
		{w.number(float64(len(heard)), 0), w.fill("heard", "{all}", w.number(float64(len(field.Sensors)), 0))},
	}
	if len(major) > 0 {
		out = append(out, fact{w.length(middle(major)), w.w["axis"]}, fact{w.number(middle(rms), 2) + "\u00a0" + w.w["s"], w.w["rms"]})
	}
	if len(result.Health) > 0 {
		out = append(out, fact{w.number(float64(len(result.Health)), 0), w.w["remarks"]})
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
		depth = w.number(float64(e.Depth)/1000, 1)
		if e.DepthSigma > 0 {
			depth += " ± " + w.number(float64(e.DepthSigma)/1000, 1)
		}
	}
	return reportRow{
		Day: w.day(e.Time), Clock: w.decimal(e.Time.Time().Format("15:04:05.00")), Place: w.decimal(degrees(e.At)),
		Depth: depth, Arrivals: w.number(float64(len(e.Used)), 0), Gap: w.number(float64(gap), 0) + "°", RMS: w.number(e.RMS, 2),
		Time: w.number(e.TimeSigma, 2), Ellipse: w.length(ninety*float64(e.Ellipse.Major)) + " × " + w.length(ninety*float64(e.Ellipse.Minor)),
		Strike: w.number(strike(e.Ellipse), 0) + "°", Score: w.number(e.Score, 0), Weak: gap >= 180,
	}
}

// decimal has the language's decimal mark in a text made of numbers.
func (w writer) decimal(text string) string {
	if w.lang == "uk" {
		return strings.ReplaceAll(text, ".", ",")
	}
	return text
}

// degrees is a place with four decimals, ten metres.
func degrees(p geo.Point) string {
	lat := string(fixed(nil, math.Abs(float64(p.Lat)), 4)) + "°\u00a0" + map[bool]string{true: "S", false: "N"}[p.Lat < 0]
	lon := string(fixed(nil, math.Abs(float64(p.Lon)), 4)) + "°\u00a0" + map[bool]string{true: "W", false: "E"}[p.Lon < 0]
	return lat + " " + lon
}

// health is a remark on a sensor.
func (w writer) health(h locate.Health) string {
	switch value := w.number(h.Value, 2); h.Kind {
	case locate.ClockOffset:
		key := "fast"
		if h.Value < 0 {
			key, value = "slow", w.number(-h.Value, 2)
		}
		return w.fill(key, "{s}", value, "{sigma}", w.number(h.Sigma, 2))
	case locate.Dead:
		return w.fill("dead", "{n}", w.number(h.Value, 0))
	case locate.Chattering:
		return w.fill("chatters", "{n}", w.number(h.Value, 0))
	}
	return h.Description
}

// air is a stretch of the air that was used.
func (w writer) air(a locate.Air) airRow {
	at := func(t truce.Instant) string {
		if t == 0 {
			return "…"
		}
		return w.day(t) + " " + t.Time().Format("15:04")
	}
	blowing := math.Hypot(a.East, a.North)
	from := math.Mod(math.Atan2(-a.East, -a.North)*180/math.Pi+360, 360)
	row := airRow{
		Span:  at(a.From) + " – " + at(a.To),
		Speed: w.plusMinus(a.Speed, a.SpeedSigma), Wind: w.plusMinus(blowing, a.WindSigma), From: w.number(from, 0) + "°",
	}
	if blowing < .05 {
		row.From = "–"
	}
	return row
}

func (w writer) plusMinus(x, sigma float64) string {
	text := w.number(x, 1)
	if sigma > 0 {
		text += " ± " + w.number(sigma, 1)
	}
	return text
}
