package web_test

import (
	"encoding/xml"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/web"
)

// daily is a bulletin with one rule's hits and one count of heat.
func daily(day truce.Day, hits int, form truce.FigureForm, seen *truce.Probability) truce.Bulletin {
	table := func(key, subject string, rule truce.RuleID, by truce.CountBy, unit truce.Unit, n int, form truce.FigureForm) truce.CountTable {
		return truce.CountTable{Key: key, Subject: subject, Rule: rule, By: by, Splits: []truce.CountSplit{{Key: "hit", Unit: unit}},
			Total: truce.CountLine{Cells: []truce.CountCell{{This: truce.Figure{N: n, Form: form}}}, Coverage: seen}}
	}
	return truce.Bulletin{
		Day: day, Rules: []truce.BulletinRule{{ID: "R01", Titles: truce.Names{"en": `No fire & "noise"`}}},
		Tables: []truce.CountTable{
			table("rule.R01", "rule", "R01", truce.CountByArea, truce.UnitEngagement, hits, form),
			table("rule.R01.control", "rule", "R01", truce.CountByControl, truce.UnitEngagement, hits, form),
			table("heat", "heat", "", truce.CountByArea, truce.UnitHeatEvent, 3, truce.FigureExact),
			table("received.reports", "received", "", truce.CountByArea, truce.UnitReport, 500, truce.FigureExact),
			{Key: "rule.R02", Subject: "rule", Rule: "R02", By: truce.CountByArea},
		},
	}
}

func share(p truce.Probability) *truce.Probability { return &p }

func TestChartsShowWhatTheDailiesPrint(t *testing.T) {
	charts := web.Charts([]truce.Bulletin{
		daily("2031-03-09", 4, truce.FigureExact, share(.8)), daily("2031-03-11", 9, truce.FigureAtLeast, share(.1)), daily("2031-03-12", 0, truce.FigureNotObserved, nil),
	})
	if len(charts) != 2 {
		t.Fatalf("%d charts, want the rule's and heat: %+v", len(charts), charts)
	}
	rule := charts[0]
	if rule.Title != `R01 No fire & "noise"` || rule.Unit != truce.UnitEngagement || charts[1].Title != "Heat seen by satellites" {
		t.Errorf("headings: %q %s, %q", rule.Title, rule.Unit, charts[1].Title)
	}
	want := []web.Bar{
		{Day: "2031-03-09", N: 4, Form: truce.FigureExact}, {Day: "2031-03-10"},
		{Day: "2031-03-11", N: 9, Form: truce.FigureAtLeast}, {Day: "2031-03-12", Form: truce.FigureNotObserved},
	}
	if len(rule.Bars) != len(want) {
		t.Fatalf("%d bars, want %d: no day before the first Daily, the missing one empty", len(rule.Bars), len(want))
	}
	for i, bar := range rule.Bars {
		if bar.Day != want[i].Day || bar.N != want[i].N || bar.Form != want[i].Form {
			t.Errorf("bar %d: %+v, want %+v", i, bar, want[i])
		}
	}
	if web.Most(charts) != 9 {
		t.Errorf("the highest number is %d, want 9", web.Most(charts))
	}
}

func TestChartsAreBounded(t *testing.T) {
	var dailies []truce.Bulletin
	for i := range 30 {
		dailies = append(dailies, daily(truce.Day("2031-03-01").AddDays(i), i, truce.FigureExact, nil))
	}
	last := &dailies[len(dailies)-1]
	for range 40 {
		last.Tables = append(last.Tables, last.Tables[0])
	}
	charts := web.Charts(dailies)
	if len(charts) != 9 {
		t.Errorf("%d charts, want 9 at most", len(charts))
	}
	if bars := charts[0].Bars; len(bars) != 7 || bars[6].Day != "2031-03-30" || bars[0].Day != "2031-03-24" {
		t.Errorf("want the last seven days, got %+v", bars)
	}
	if got := web.Charts(nil); got != nil {
		t.Errorf("charts of nothing: %v", got)
	}
}

func TestADrawingSaysInWordsWhatItShows(t *testing.T) {
	charts := web.Charts([]truce.Bulletin{
		daily("2031-02-28", 4, truce.FigureExact, share(.8)), daily("2031-03-02", 9, truce.FigureAtLeast, share(.1)), daily("2031-03-03", 0, truce.FigureNotObserved, nil),
	})
	svg := string(charts[0].Drawing(web.Most(charts)))
	dec := xml.NewDecoder(strings.NewReader(svg))
	for {
		if _, err := dec.Token(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatalf("not well formed: %v\n%s", err, svg)
		}
	}
	for _, want := range []string{
		`aria-label="R01 No fire &amp; &#34;noise&#34;, engagements a day. 2031-02-28: 4, observed share 80 %; 2031-03-01: no Daily; 2031-03-02: at least 9, observed share 10 %; 2031-03-03: not observed"`,
		">≥ 9</text>", ">4</text>", ">28 Feb</text>", ">1 Mar</text>", ">2</text>", ">80 %</text>", ">–</text>", "c-blind", "c-top",
	} {
		if !strings.Contains(svg, want) {
			t.Errorf("the chart lacks %s\n%s", want, svg)
		}
	}
	for _, bad := range []string{"style=", "<script", ">0</text>", "NaN"} {
		if strings.Contains(svg, bad) {
			t.Errorf("the chart holds %s", bad)
		}
	}
	if n := strings.Count(svg, "c-bar"); n != 2 {
		t.Errorf("%d bars, want 2: a day that was not observed has none", n)
	}
}

// A zero that is a lower bound reads as in the Daily: none where somebody looked.
func TestNoneWhereObservedIsNoLowerBoundOfZero(t *testing.T) {
	charts := web.Charts([]truce.Bulletin{daily("2031-03-11", 0, truce.FigureAtLeast, share(.6)), daily("2031-03-12", 0, truce.FigureExact, share(1))})
	svg := string(charts[0].Drawing(web.Most(charts)))
	for _, want := range []string{"2031-03-11: none recorded where observed, observed share 60 %", "2031-03-12: 0, observed share 100 %", ">none*</text>", ">0</text>", "c-open"} {
		if !strings.Contains(svg, want) {
			t.Errorf("the chart lacks %q\n%s", want, svg)
		}
	}
	for _, bad := range []string{"≥", "at least"} {
		if strings.Contains(svg, bad) {
			t.Errorf("the chart says %q of a zero\n%s", bad, svg)
		}
	}
}

func TestBarsGrowWithTheirNumbers(t *testing.T) {
	one := web.Chart{Unit: truce.UnitFlight, Bars: []web.Bar{{Day: "2031-03-11", N: 1, Form: truce.FigureExact}}}
	if low, high := string(one.Drawing(10)), string(one.Drawing(1)); low == high || !strings.Contains(high, "v-66.0") || !strings.Contains(low, "v-6.6") {
		t.Errorf("one of ten and one of one:\n%s\n%s", low, high)
	}
	none := web.Chart{Unit: truce.UnitFlight, Bars: []web.Bar{{Day: "not a day", Form: truce.FigureExact}}}
	if svg := string(none.Drawing(0)); strings.Contains(svg, "NaN") || !strings.Contains(svg, "not a day") {
		t.Errorf("a chart of zeros: %s", svg)
	}
}

// overview is what the charts' template needs.
type overview struct{ Charts []web.Chart }

func (o overview) MostCounted() int { return web.Most(o.Charts) }

func TestTheChartsTemplate(t *testing.T) {
	r := newRenderer(t, nil)
	page := func(o overview) string {
		return render(t, "/", func(w http.ResponseWriter, req *http.Request) { r.Page(w, req, frame(), "chart.html", "x", o) }).Body.String()
	}
	full := page(overview{web.Charts([]truce.Bulletin{daily("2031-03-11", 9, truce.FigureAtLeast, nil)})})
	if strings.Count(full, `<svg class="bars"`) != 2 || !strings.Contains(full, "never added up") || !strings.Contains(full, "not zero") {
		t.Errorf("the charts of the page:\n%s", full)
	}
	if empty := page(overview{}); strings.Contains(empty, "Day by day") {
		t.Error("a heading stands above no chart")
	}
}
