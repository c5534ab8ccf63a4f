package moving

import (
	"bytes"
	"cmp"
	_ "embed"
	"html/template"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/app/paper"
	"github.com/trucewatch/truce/app/tracking"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/sense/track"
	"github.com/trucewatch/truce/sense/track/movement"
)

//go:embed page.html.tmpl
var pageText string

var pageTemplate = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("page").Parse(pageText))
})

// ninety is the radius in sigmas that holds a Gaussian in two dimensions with 90 %.
const ninety = 2.1459660262893472

// Languages are those the page is written in.
func Languages() []string { return []string{"en", "uk"} }

// Seen is what the tracks were made of.
type Seen struct{ Plots, Scans int }

// page is what the template prints. Texts of strangers are escaped by it.
type page struct {
	Lang   string
	Style  template.CSS
	W      paper.Words
	Span   string
	Facts  []fact
	Map    template.HTML
	Notes  []string // under the map
	Legend []key
	Pale   bool // there are tracks without a colour
	Height template.HTML
	Speed  template.HTML

	Passages           []passRow
	PassCut, NoPassage string
	Stays              []stayRow
	StayNote, StayCut  string
	Pairs              []pairRow
	PairNote           []string
	Rows               []trackRow
	RowCut             string
}

// fact is a number with what it counts.
type fact struct{ Value, Label string }

// key is a track with its colour.
type key struct{ Name, Class string }

type ref struct {
	Name   string
	Linked bool // it stands in the table of tracks
}

type passRow struct {
	Track                                             ref
	Line                                              bool
	What, Chance, In, InSigma, Out, OutSigma, Remarks string
}

type stayRow struct {
	Track                           ref
	From, To, Lasted, Place, Chance string
}

type pairRow struct {
	First, Second            ref
	From, To, Lasted, Chance string
}

type trackRow struct {
	Name, Class, From, Lasted, Length, Speed, Heights, Radius, Exists, Maybe string
}

// writer prints findings in one language.
type writer struct {
	paper.Writer
	*Findings
	chosen map[int]int // number of a track: its place among those with a colour
	linked map[int]bool
	days   bool // the tracks are of more than one day
}

// Page is what tracks did, to be read from a file: it needs no network and no script.
func (f *Findings) Page(seen Seen, lang string) ([]byte, error) {
	words, ok := pageWords[lang]
	if !ok {
		return nil, truce.Errorf(truce.CodeInvalid, "language %q: the page is written in %s", lang, strings.Join(Languages(), " and "))
	}
	w := f.writer(lang, words)
	p := page{Lang: lang, Style: paper.Style(), W: words, Span: w.span(), Facts: w.facts(seen)}
	p.Map, p.Notes = w.plot()
	p.Height, p.Speed = w.heights(), w.speeds()
	p.Legend, p.Pale = w.legend(), len(w.chosen) < len(f.Tracks)
	w.passTable(&p)
	w.stayTable(&p)
	w.pairTable(&p)
	for i := range f.Tracks[:min(len(f.Tracks), maxRows)] {
		p.Rows = append(p.Rows, w.trackRow(i))
	}
	p.RowCut = w.cut(len(f.Tracks))
	var out bytes.Buffer
	err := pageTemplate().Execute(&out, p)
	return out.Bytes(), err
}

// writer chooses which tracks have colours: those with the likeliest passages, then those that
// were followed longest.
func (f *Findings) writer(lang string, words paper.Words) *writer {
	w := &writer{Writer: paper.Writer{Lang: lang, W: words}, Findings: f, chosen: map[int]int{}, linked: map[int]bool{}}
	best := map[int]float64{}
	for _, p := range f.passages() {
		best[p.track] = max(best[p.track], p.chance)
	}
	order := make([]int, len(f.Tracks))
	for i := range order {
		order[i] = i
		if i < maxRows {
			w.linked[f.Tracks[i].Number] = true
		}
	}
	slices.SortStableFunc(order, func(a, b int) int {
		x, y := &f.Tracks[a], &f.Tracks[b]
		return cmp.Or(cmp.Compare(best[y.Number], best[x.Number]), cmp.Compare(lasted(y), lasted(x)))
	})
	taken := slices.Sorted(slices.Values(order[:min(len(order), mostColours)]))
	for n, i := range taken {
		w.chosen[f.Tracks[i].Number] = n
	}
	from, to := f.extent()
	w.days = w.Day(from) != w.Day(to)
	return w
}

// lasted is how long a track was followed.
func lasted(t *track.Track) time.Duration {
	if len(t.States) == 0 {
		return 0
	}
	return t.States[len(t.States)-1].Time.Sub(t.States[0].Time)
}

// class is the colour and dash of a track; "" has none.
func (w *writer) class(number int) string {
	n, ok := w.chosen[number]
	if !ok {
		return ""
	}
	return "k" + string(rune('0'+n%6)) + " d" + string(rune('0'+n/6))
}

// extent is from the first to the last state.
func (f *Findings) extent() (from, to truce.Instant) {
	for i := range f.Tracks {
		if s := f.Tracks[i].States; len(s) > 0 {
			if from == 0 || s[0].Time < from {
				from = s[0].Time
			}
			to = max(to, s[len(s)-1].Time)
		}
	}
	return from, to
}

func (w *writer) span() string {
	from, to := w.extent()
	if from == 0 {
		return w.W["quiet"]
	}
	one, two := w.Day(from)+" "+from.Time().Format("15:04:05"), to.Time().Format("15:04:05")
	if w.days {
		two = w.Day(to) + " " + two
	}
	return one + " – " + two + " UTC"
}

func (w *writer) facts(seen Seen) []fact {
	count := func(n int) string { return w.Number(float64(n), 0) }
	out := []fact{{count(len(w.Tracks)), w.W["tracks"]}, {count(seen.Plots), w.Fill("plots", "{scans}", count(seen.Scans))}}
	if len(w.Shapes.Zones)+len(w.Shapes.Lines) > 0 {
		out = append(out, fact{count(len(w.Visits) + len(w.Crossings)), w.W["passed"]})
	}
	out = append(out, fact{count(len(w.Stays)), w.W["stayed"]}, fact{count(len(w.Together)), w.W["paired"]})
	var sigmas []float64
	for i := range w.Tracks {
		for j := range w.Tracks[i].States {
			sigmas = append(sigmas, float64(w.Tracks[i].States[j].Sigma))
		}
	}
	if len(sigmas) > 0 {
		out = append(out, fact{w.Length(ninety * middle(sigmas)), w.W["error"]})
	}
	return out
}

// middle is the median; it sorts.
func middle(list []float64) float64 {
	slices.Sort(list)
	n := len(list)
	return (list[(n-1)/2] + list[n/2]) / 2
}

// legend is the tracks with colours.
func (w *writer) legend() []key {
	out := make([]key, 0, len(w.chosen))
	for i := range w.Tracks {
		if number := w.Tracks[i].Number; w.class(number) != "" {
			out = append(out, key{tracking.Name(number), w.class(number)})
		}
	}
	return out
}

func (w *writer) ref(number int) ref { return ref{tracking.Name(number), w.linked[number]} }

// cut says that a table holds the first of many, "" when it has all.
func (w *writer) cut(n int) string {
	if n <= maxRows {
		return ""
	}
	return w.Fill("cut", "{shown}", w.Number(maxRows, 0), "{all}", w.Number(float64(n), 0))
}

func (w *writer) passTable(p *page) {
	all := w.passages()
	for _, x := range all[:min(len(all), maxRows)] {
		row := passRow{Track: w.ref(x.track), Line: x.line, What: x.name, Chance: w.chance(x.chance), Remarks: strings.Join(w.remarks(&x), "; ")}
		row.In, row.InSigma = w.moment(x.entry)
		row.Out, row.OutSigma = w.moment(x.exit)
		p.Passages = append(p.Passages, row)
	}
	p.PassCut, p.NoPassage = w.cut(len(all)), w.W["nopass"]
	if len(w.Shapes.Zones)+len(w.Shapes.Lines) == 0 {
		p.NoPassage = w.W["noshapes"]
	}
}

// remarks say what the times of a passage leave open.
func (w *writer) remarks(x *passage) (out []string) {
	if x.line {
		out = append(out, w.W[x.side.String()])
	}
	for _, open := range [...]struct {
		p   float64
		key string
	}{{x.already, "already"}, {x.still, map[bool]string{true: "beyond", false: "still"}[x.line]}} {
		switch {
		case open.p > .995:
			out = append(out, w.W[open.key])
		case open.p > .005:
			out = append(out, w.W[open.key]+": "+w.chance(open.p))
		}
	}
	if x.unknown {
		out = append(out, w.W["unknown"])
	}
	return out
}

// chance is a probability with two decimals, of which none rounds to certainty.
func (w *writer) chance(p float64) string {
	switch {
	case p > .995 && p < 1:
		return ">\u00a0" + w.Number(.99, 2)
	case p > 0 && p < .005:
		return "<\u00a0" + w.Number(.01, 2)
	}
	return w.Number(p, 2)
}

// moment is a time and its sigma in seconds.
func (w *writer) moment(at truce.PhenomenonTime) (when, sigma string) {
	if at.From == 0 {
		return "–", ""
	}
	decimals := 1
	if at.Sigma >= 10_000_000 {
		decimals = 0
	}
	return w.clock(at.From), w.Number(float64(at.Sigma)/1e6, decimals)
}

// clock is the time of day, with the day where there are several.
func (w *writer) clock(at truce.Instant) string {
	if w.days {
		return w.Day(at) + " " + at.Time().Format("15:04:05")
	}
	return at.Time().Format("15:04:05")
}

// long is a length of time.
func (w *writer) long(d time.Duration) string {
	if d >= 10*time.Minute {
		return w.Duration(d.Round(time.Minute))
	}
	return w.Number(d.Seconds(), 0) + "\u00a0" + w.W["s"]
}

func (w *writer) stayTable(p *page) {
	for _, x := range w.Stays[:min(len(w.Stays), maxRows)] {
		p.Stays = append(p.Stays, stayRow{w.ref(x.Track), w.clock(x.From), w.clock(x.To), w.long(x.To.Sub(x.From)), w.Decimal(w.Degrees(x.At)), w.chance(x.Chance)})
	}
	p.StayCut = w.cut(len(w.Stays))
	note := map[bool]string{true: "nostay", false: "staynote"}[len(w.Stays) == 0]
	p.StayNote = w.Fill(note, "{r}", w.Length(float64(stayRule.Radius)), "{d}", w.Duration(stayRule.Least.Duration()))
}

func (w *writer) pairTable(p *page) {
	for _, x := range w.Together[:min(len(w.Together), maxRows)] {
		p.Pairs = append(p.Pairs, pairRow{w.ref(x.First), w.ref(x.Second), w.clock(x.From), w.clock(x.To), w.long(x.To.Sub(x.From)), w.chance(x.Chance)})
	}
	if len(p.Pairs) == 0 {
		p.PairNote = append(p.PairNote, w.W["nopair"])
	}
	p.PairNote = append(p.PairNote, w.Fill("pairnote", "{r}", w.Length(float64(togetherRule.Distance)), "{v}", w.Number(togetherRule.SpeedMps, 0)+"\u00a0"+w.W["mps"], "{d}", w.Duration(togetherRule.Least.Duration())))
	if w.Cut {
		p.PairNote = append(p.PairNote, w.Fill("cutpairs", "{n}", w.Number(maxPairs, 0)))
	}
	if cut := w.cut(len(w.Together)); cut != "" {
		p.PairNote = append(p.PairNote, cut)
	}
}

// trackRow is a track in the table of all.
func (w *writer) trackRow(i int) trackRow {
	t := &w.Tracks[i]
	row := trackRow{Name: tracking.Name(t.Number), Class: w.class(t.Number), Maybe: w.maybe(w.Hints[i])}
	if len(t.States) == 0 {
		return row
	}
	way, exists, high, low, told := 0.0, 0.0, geo.Metres(0), geo.Metres(0), false
	var speeds, sigmas []float64
	for j := range t.States {
		s := &t.States[j]
		if j > 0 {
			way += float64(geo.Distance(t.States[j-1].At, s.At))
		}
		speeds, sigmas, exists = append(speeds, s.SpeedMps), append(sigmas, float64(s.Sigma)), max(exists, s.Existence)
		if s.High && (!told || s.Altitude > high) {
			high = s.Altitude
		}
		if s.High && (!told || s.Altitude < low) {
			low = s.Altitude
		}
		told = told || s.High
	}
	row.From, row.Lasted, row.Length = w.clock(t.States[0].Time), w.long(lasted(t)), w.Length(way)
	row.Speed = w.Number(middle(speeds), 1) + " – " + w.Number(slices.Max(speeds), 1)
	row.Heights = "–"
	if told {
		row.Heights = w.Number(float64(low), 0) + " – " + w.Number(float64(high), 0)
	}
	row.Radius, row.Exists = w.Length(ninety*middle(sigmas)), w.chance(min(1, exists))
	return row
}

// hintsShown is how many classes a row names, and leastHint from which chance on.
const (
	hintsShown = 3
	leastHint  = .05
)

// maybe is the likeliest classes with their chances.
func (w *writer) maybe(hints []movement.Hint) string {
	if hints == nil {
		return w.W["single"]
	}
	var parts []string
	for _, h := range hints[:min(hintsShown, len(hints))] {
		if h.P >= leastHint {
			parts = append(parts, w.W[string(h.Class)]+"\u00a0"+w.chance(float64(h.P)))
		}
	}
	return strings.Join(parts, ", ")
}
