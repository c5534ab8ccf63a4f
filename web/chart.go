package web

import (
	"fmt"
	"html/template"
	"slices"
	"strings"
	"time"

	"github.com/trucewatch/truce"
)

// Chart is one count over the days of the Dailies, as they printed it.
type Chart struct {
	Title string
	Unit  truce.Unit
	Bars  []Bar // oldest day first
}

// Bar is a day's number; Form is "" where no Daily counts it.
type Bar struct {
	Day  truce.Day
	N    int
	Form truce.FigureForm
	Seen *truce.Probability // observed share; nil: nobody stated it
}

const (
	// chartDays is how many days a chart shows: more would not leave room for numbers.
	chartDays = 7
	// chartsShown bounds the charts of a page; the Daily has every count.
	chartsShown = 9
)

// Charts are the counts of the Dailies over the last days, newest Daily last: each
// rule's hits in the rule's own unit, then heat events. Days without a Daily stay empty.
func Charts(dailies []truce.Bulletin) []Chart {
	if len(dailies) == 0 {
		return nil
	}
	byDay := map[truce.Day]truce.Bulletin{}
	for _, b := range dailies {
		byDay[b.Day] = b
	}
	newest := dailies[len(dailies)-1]
	var out []Chart
	for _, table := range newest.Tables {
		if chart, ok := newChart(newest, table); ok && len(out) < chartsShown {
			for _, day := range chartedDays(dailies) {
				chart.Bars = append(chart.Bars, barOf(byDay[day], day, table.Key))
			}
			out = append(out, chart)
		}
	}
	return out
}

// chartedDays are the days up to the newest Daily, none before the first.
func chartedDays(dailies []truce.Bulletin) []truce.Day {
	first, newest := dailies[0].Day, dailies[len(dailies)-1].Day
	var days []truce.Day
	for i := chartDays - 1; i >= 0; i-- {
		if day := newest.AddDays(-i); day >= first {
			days = append(days, day)
		}
	}
	return days
}

// newChart is the heading of a count worth plotting.
func newChart(b truce.Bulletin, t truce.CountTable) (Chart, bool) {
	switch {
	case len(t.Splits) == 0 || t.By != truce.CountByArea:
		return Chart{}, false
	case t.Rule != "":
		return Chart{Title: string(t.Rule) + " " + ruleTitle(b, t.Rule), Unit: t.Splits[0].Unit}, true
	case t.Subject == "heat":
		return Chart{Title: "Heat seen by satellites", Unit: t.Splits[0].Unit}, true
	default:
		return Chart{}, false
	}
}

func ruleTitle(b truce.Bulletin, id truce.RuleID) string {
	i := slices.IndexFunc(b.Rules, func(r truce.BulletinRule) bool { return r.ID == id })
	if i < 0 {
		return ""
	}
	return b.Rules[i].Titles.In("en")
}

func barOf(b truce.Bulletin, day truce.Day, key string) Bar {
	i := slices.IndexFunc(b.Tables, func(t truce.CountTable) bool { return t.Key == key })
	if i < 0 || len(b.Tables[i].Total.Cells) == 0 {
		return Bar{Day: day}
	}
	total := b.Tables[i].Total
	return Bar{Day: day, N: total.Cells[0].This.N, Form: total.Cells[0].This.Form, Seen: total.Coverage}
}

// words is the bar in words, as a reader who sees no picture gets it.
func (b Bar) words() string {
	seen := ""
	if b.Seen != nil {
		seen = fmt.Sprintf(", observed share %.0f %%", 100*float64(*b.Seen))
	}
	return string(b.Day) + ": " + b.number() + seen
}

func (b Bar) number() string {
	switch b.Form {
	case truce.FigureExact:
		return fmt.Sprint(b.N)
	case truce.FigureAtLeast:
		if b.N == 0 { // as the Daily prints it: not a zero, for a part was not observed
			return "none recorded where observed"
		}
		return fmt.Sprintf("at least %d", b.N)
	case truce.FigureNotObserved:
		return "not observed"
	default:
		return "no Daily"
	}
}

// Size of a chart in user units.
const (
	chartWidth  = 252.0
	chartHeight = 116.0
	chartBase   = 84.0 // where bars stand
	chartTop    = 18.0 // where the highest ends
	leastSlots  = 4    // fewer days stand as if there were so many
)

// Drawing is the chart as inline SVG; most is the number the highest bar of all charts
// beside it stands for, so that they can be compared.
func (c Chart) Drawing(most int) template.HTML {
	var b strings.Builder
	words := make([]string, len(c.Bars))
	for i, bar := range c.Bars {
		words[i] = bar.words()
	}
	fmt.Fprintf(&b, `<svg class="bars" viewBox="0 0 %.0f %.0f" role="img" aria-label="%s">`, chartWidth, chartHeight,
		template.HTMLEscapeString(fmt.Sprintf("%s, %s a day. %s", c.Title, Plural(c.Unit), strings.Join(words, "; "))))
	fmt.Fprintf(&b, `<path class="c-base" d="M0 %.1fH%.0f"/>`, chartBase+.5, chartWidth)
	slot, month := chartWidth/float64(max(leastSlots, len(c.Bars))), ""
	for i, bar := range c.Bars {
		day, inMonth := shortDay(bar.Day)
		if inMonth != month {
			day, month = day+" "+inMonth, inMonth
		}
		bar.draw(&b, (float64(i)+.5)*slot, day, max(1, most))
	}
	b.WriteString(`</svg>`)
	return template.HTML(b.String()) // the only text went through escaping
}

// draw writes a bar, its number, its day and its observed share around mid.
func (b Bar) draw(w *strings.Builder, mid float64, day string, most int) {
	height := (chartBase - chartTop) * float64(b.N) / float64(most)
	switch b.Form {
	case truce.FigureExact, truce.FigureAtLeast:
		class, number := "c-bar", fmt.Sprint(b.N)
		switch {
		case b.Form == truce.FigureAtLeast && b.N == 0:
			class, number = "c-bar c-open", "none*"
		case b.Form == truce.FigureAtLeast:
			class, number = "c-bar c-open", "≥ "+number
		}
		fmt.Fprintf(w, `<path class="%s" d="M%.1f %.1fv%.1fh22v%.1f"/><text class="c-n" x="%.1f" y="%.1f">%s</text>`,
			class, mid-11, chartBase, -height, height, mid, chartBase-height-5, number)
		if b.Form == truce.FigureAtLeast {
			fmt.Fprintf(w, `<path class="c-top" d="M%.1f %.1fh22"/>`, mid-11, chartBase-height)
		}
	case truce.FigureNotObserved:
		fmt.Fprintf(w, `<path class="c-blind" d="M%.1f %.1fv-14h22v14M%.1f %.1fl14-14M%.1f %.1fl14-14"/>`,
			mid-11, chartBase, mid-11, chartBase, mid-3, chartBase)
	}
	fmt.Fprintf(w, `<text class="c-day" x="%.1f" y="98">%s</text><text class="c-seen" x="%.1f" y="112">%s</text>`, mid, day, mid, b.share())
}

func (b Bar) share() string {
	switch {
	case b.Form == "":
		return ""
	case b.Seen == nil:
		return "–"
	default:
		return fmt.Sprintf("%.0f %%", 100*float64(*b.Seen))
	}
}

// shortDay is the day of the month and the month's short name.
func shortDay(d truce.Day) (day, month string) {
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return template.HTMLEscapeString(string(d)), ""
	}
	return t.Format("2"), t.Format("Jan")
}

// Most is the highest number of all charts.
func Most(charts []Chart) int {
	most := 0
	for _, c := range charts {
		for _, bar := range c.Bars {
			most = max(most, bar.N)
		}
	}
	return most
}
