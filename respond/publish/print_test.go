package publish

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/geo/draw"
)

func pageOf(t *testing.T, opt PrintOptions) string {
	t.Helper()
	doc, err := HTML(mustDaily(t, fixtureInput()), opt)
	if err != nil {
		t.Fatal(err)
	}
	return string(doc.Body)
}

func TestPageKeepsAStrictContentPolicy(t *testing.T) {
	page := pageOf(t, PrintOptions{})
	for _, bad := range []string{"<script", "style=\"", "javascript:", "src=", "@import", "url(http"} {
		if strings.Contains(page, bad) {
			t.Errorf("the page holds %q", bad)
		}
	}
	inside := regexp.MustCompile(`(?s)<style>(.*)</style>`).FindStringSubmatch(page)
	if inside == nil || inside[1] != Style() {
		t.Error("the styles inside the page are not the stylesheet")
	}
	linked := pageOf(t, PrintOptions{StyleURL: "/assets/daily.css"})
	if strings.Contains(linked, "<style") || !strings.Contains(linked, `<link rel="stylesheet" href="/assets/daily.css">`) {
		t.Error("a linked stylesheet is not linked, or the styles are in the page as well")
	}
}

func TestEveryLinkInThePageLeadsSomewhere(t *testing.T) {
	for _, opt := range []PrintOptions{{}, {Lang: "uk"}, {AnnexRows: 3}} {
		page := pageOf(t, opt)
		ids := map[string]int{}
		for _, m := range regexp.MustCompile(` id="([^"]*)"`).FindAllStringSubmatch(page, -1) {
			ids[m[1]]++
		}
		for id, n := range ids {
			if n > 1 {
				t.Errorf("%d elements have the id %s", n, id)
			}
		}
		links := regexp.MustCompile(` href="#([^"]*)"`).FindAllStringSubmatch(page, -1)
		for _, m := range links {
			if ids[m[1]] == 0 {
				t.Errorf("lang %q, %d rows: a link to #%s leads nowhere", opt.Lang, opt.AnnexRows, m[1])
			}
		}
		if len(links) < 20 {
			t.Errorf("only %d links inside the page: numbers are not linked to their rows", len(links))
		}
	}
}

func TestATruncatedAnnexSaysSo(t *testing.T) {
	page := pageOf(t, PrintOptions{AnnexRows: 3, JSONURL: "d.json", CSVURL: "d.csv"})
	for _, want := range []string{"Rows in all: 8; shown here: 3.", `<a href="d.json">JSON</a>`, `<a href="d.csv">CSV</a>`} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if strings.Contains(page, `id="row-4"`) {
		t.Error("a fourth row is shown")
	}
	if all := pageOf(t, PrintOptions{AnnexRows: -1}); !strings.Contains(all, `id="row-8"`) {
		t.Error("all rows were asked for, the eighth is missing")
	}
}

func TestTheMapIsCheckedAndShown(t *testing.T) {
	scene := draw.Scene{Title: "Day", Desc: "37 incidents", View: geo.Bounds{South: -37.2, West: -12.4, North: -36.9, East: -12.1},
		Shapes: []draw.Shape{{Kind: draw.Cell, Ring: []geo.Point{{Lat: -37, Lon: -12.3}, {Lat: -37, Lon: -12.2}, {Lat: -36.95, Lon: -12.2}}, Href: "#row-1", Title: "row 1"}},
		Notes:  []string{"LINE-CONTACT: version 2026-04-10, accuracy 200 m"}}
	b := mustDaily(t, fixtureInput())
	doc, err := HTML(b, PrintOptions{Map: []byte(draw.SVG(scene))})
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(doc.Body), `<figure class="map"><svg class="locator"`) || !strings.Contains(string(doc.Body), "no opinion on the legal status") {
		t.Error("the map or its boundary note is missing")
	}
	for _, p := range Lint(b, doc) {
		t.Errorf("with a map: %s", p)
	}
	for _, bad := range []string{
		`<p>not a map</p>`, `<svg><script>x</script></svg>`, `<svg onload="x()"></svg>`, `<svg><path style="fill:red"/></svg>`,
		`<svg><a href="https://elsewhere.example/">x</a></svg>`, `<svg><a href="//elsewhere.example/">x</a></svg>`,
		`<svg><a href="javascript:x">x</a></svg>`, `<svg><image href="/x.png"/></svg>`,
	} {
		if _, err := HTML(b, PrintOptions{Map: []byte(bad)}); err == nil {
			t.Errorf("the map %q was printed", bad)
		}
	}
}

func TestAPageInASiteLeadsBackToIt(t *testing.T) {
	page := pageOf(t, PrintOptions{HomeURL: "/"})
	if !strings.Contains(page, `<nav class="home"><a href="/">`) {
		t.Error("the page has no way back to its site")
	}
	if alone := pageOf(t, PrintOptions{}); strings.Contains(alone, `class="home"`) {
		t.Error("a page that stands alone leads to a site it does not have")
	}
	b := mustDaily(t, fixtureInput())
	doc, err := HTML(b, PrintOptions{HomeURL: "/"})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range Lint(b, doc) {
		t.Errorf("with a way back: %s", p)
	}
}

func TestPrintRefusesWhatItCannotSay(t *testing.T) {
	b := mustDaily(t, fixtureInput())
	if _, err := HTML(b, PrintOptions{Lang: "xx"}); err == nil || !strings.Contains(err.Error(), "en, uk") {
		t.Errorf("an unknown language: %v", err)
	}
	b.Rows[0].Act = "unheard_of"
	if _, err := Markdown(b, PrintOptions{}); err == nil || !strings.Contains(err.Error(), "act.unheard_of") {
		t.Errorf("an act without a word for it: %v", err)
	}
	b = mustDaily(t, fixtureInput())
	b.Period.Zone = "Nowhere/Land"
	if _, err := HTML(b, PrintOptions{}); err == nil {
		t.Error("a zone that does not exist was printed")
	}
}

func TestCorrectionsAreTold(t *testing.T) {
	first := mustDaily(t, fixtureInput())
	in := fixtureInput()
	in.Version, in.Superseded = 2, &first
	in.Rows[0].Incident.Occurrence = truce.OccurrenceVerified
	in.Rows[1].Incident.Acts = nil
	in.Rows = in.Rows[:7]
	b := mustDaily(t, in)
	for lang, wants := range map[string][]string{
		"en": {"occurrence: corroborated → verified, because people of the mission have signed it since", "act: direct fire → –", "row: listed → not listed, because it is no longer part of this list"},
		"uk": {"стан: підтверджено з іншого джерела → перевірено, бо відтоді це підписали люди місії"},
	} {
		doc, err := HTML(b, PrintOptions{Lang: lang})
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range wants {
			if !strings.Contains(string(doc.Body), want) {
				t.Errorf("%s: no correction says %q", lang, want)
			}
		}
		for _, p := range Lint(b, doc) {
			t.Errorf("%s: %s", lang, p)
		}
	}
}

func TestAReaderCanReportAnError(t *testing.T) {
	cases := []struct{ asked, own, want string }{
		{"/report", "errors@mission.example", `href="/report"`},
		{"", "errors@mission.example", `href="mailto:errors@mission.example?subject=D-2026-04-11"`},
		{"", "https://mission.example/errors", `href="https://mission.example/errors"`},
	}
	for _, c := range cases {
		b := mustDaily(t, fixtureInput())
		b.ReportError = c.own
		doc, err := HTML(b, PrintOptions{ReportURL: c.asked})
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(doc.Body), c.want) {
			t.Errorf("asked %q, own %q: the page lacks %s", c.asked, c.own, c.want)
		}
	}
}

func TestTimesInWords(t *testing.T) {
	kyiv := mustZone(t)
	cases := []struct {
		lang string
		say  func(*printer) line
		want string
	}{
		{"en", func(p *printer) line { return p.moment(at("2026-04-11T16:30:00Z")) }, "2026-04-11 16:30 UTC (19:30 UTC+3)"},
		{"en", func(p *printer) line { return p.moment(at("2026-04-11T22:30:00Z")) }, "2026-04-11 22:30 UTC (2026-04-12 01:30 UTC+3)"},
		{"uk", func(p *printer) line { return p.moment(at("2026-11-21T16:30:00Z")) }, "21.11.2026 16:30 UTC (18:30 UTC+2)"},
		{"en", func(p *printer) line { return p.when(truce.Moment(at("2026-04-11T16:30:05Z"), 30*time.Second)) }, "2026-04-11 16:30:05 UTC ± 30\u00a0s"},
		{"en", func(p *printer) line {
			return p.when(truce.PhenomenonTime{From: at("2026-04-11T16:00:00Z"), To: at("2026-04-11T17:00:00Z"), Sigma: 15 * 60e6})
		}, "2026-04-11 16:00 – 17:00 UTC ± 15\u00a0min"},
		{"uk", func(p *printer) line {
			return p.when(truce.PhenomenonTime{From: at("2026-04-11T00:00:00Z"), To: at("2026-04-12T00:00:00Z"), Sigma: 60e6})
		}, "11.04.2026 00:00 – 12.04.2026 00:00 UTC ± 60\u00a0с"},
		{"uk", func(p *printer) line { return p.hours(21) }, "21 година"},
		{"en", func(p *printer) line { return p.probability(0.62) }, "likely (0.62)"},
		{"uk", func(p *printer) line { return p.probability(0.62) }, "імовірно (0,62)"},
		{"uk", func(p *printer) line { return p.decimal(-1234.5, 1) }, "−1\u202f234,5"},
	}
	for _, c := range cases {
		p, err := newPrinter(c.lang, kyiv)
		if err != nil {
			t.Fatal(err)
		}
		if got := c.say(p).String(); got != c.want {
			t.Errorf("%s: %q, want %q", c.lang, got, c.want)
		}
	}
}

func TestAbsencesInWords(t *testing.T) {
	_, period := fixturePeriods()
	in := fixtureInput()
	in.Rows = nil
	b := mustDaily(t, in)
	watched := truce.Coverage{PlannedHours: 24, ObservedHours: 20.5, Share: 0.854}
	half := truce.Period{From: period.From, To: period.From.Add(12 * time.Hour), Zone: zone}
	none := func(rule truce.RuleID, area truce.AreaID) truce.Absence {
		return truce.Absence{Rule: rule, Area: area, Period: period, Verdict: truce.AbsenceNotObserved}
	}
	cases := []struct {
		name     string
		absences []truce.Absence
		en, uk   []string
	}{
		{"watched", []truce.Absence{{Rule: "R01", Area: "north", Period: period, Verdict: truce.AbsenceNoneRecorded, Coverage: watched}},
			[]string{"North, in this period: observed for 20.5 hours of 24 hours; nothing meeting R01 was recorded (coverage 85\u00a0%). For 3.5 hours there was no observation."},
			[]string{"Північ, за цей період: спостереження — 20,5 години, заплановано — 24 години; нічого, що відповідає R01, не зафіксовано (покриття 85\u00a0%). Без спостереження: 3,5 години."}},
		{"a share without hours", []truce.Absence{{Rule: "R01", Area: "north", Period: half, Verdict: truce.AbsenceNoneRecorded, Coverage: truce.Coverage{Share: 0.9}}},
			[]string{"North, from 2026-04-10 16:30 UTC (19:30 UTC+3) to 2026-04-11 04:30 UTC (07:30 UTC+3): nothing meeting R01 was recorded (coverage 90\u00a0%)."},
			[]string{"Північ, від 10.04.2026 16:30 UTC (19:30 UTC+3) до 11.04.2026 04:30 UTC (07:30 UTC+3): нічого, що відповідає R01, не зафіксовано (покриття 90\u00a0%)."}},
		{"any rule, the whole area", []truce.Absence{none("", "south"), none("R01", "")},
			[]string{"South, in this period: not observed for any rule; coverage not stated, the agreed minimum is 50\u00a0%.", "The whole area, in this period: not observed for R01; coverage not stated, the agreed minimum is 50\u00a0%."},
			[]string{"Південь, за цей період: не спостерігалося щодо будь-якого правила; покриття не вказано, погоджений мінімум 50\u00a0%.", "Увесь район, за цей період: не спостерігалося щодо R01; покриття не вказано, погоджений мінімум 50\u00a0%."}},
		{"the same of all rules and areas", []truce.Absence{none("R01", "north"), none("R01", "south"), none("R10", "north"), none("R10", "south")},
			[]string{"North, South, in this period: not observed for R01, R10; coverage not stated, the agreed minimum is 50\u00a0%."},
			[]string{"Північ, Південь, за цей період: не спостерігалося щодо R01, R10; покриття не вказано, погоджений мінімум 50\u00a0%."}},
		{"areas that differ stand apart", []truce.Absence{none("R01", "north"), none("R01", "south"), none("R10", "north")},
			[]string{"North, in this period: not observed for R01, R10; coverage not stated, the agreed minimum is 50\u00a0%.", "South, in this period: not observed for R01; coverage not stated, the agreed minimum is 50\u00a0%."},
			nil},
		{"minima that differ stand apart", []truce.Absence{none("R01", "north"), none("R99", "north")},
			[]string{"North, in this period: not observed for R01; coverage not stated, the agreed minimum is 50\u00a0%.", "North, in this period: not observed for R99; coverage not stated, the agreed minimum is 20\u00a0%."},
			nil},
	}
	b.Rules = append(b.Rules, truce.BulletinRule{ID: "R99", CoverageMin: 0.2})
	for _, c := range cases {
		for lang, want := range map[string][]string{"en": c.en, "uk": c.uk} {
			p, err := newPrinter(lang, mustZone(t))
			if err != nil {
				t.Fatal(err)
			}
			w := newWriter(p, b, PrintOptions{Lang: lang})
			var got []string
			for _, g := range w.groupAbsences(c.absences) {
				got = append(got, w.absence(g).String())
			}
			if want != nil && !slices.Equal(got, want) {
				t.Errorf("%s, %s:\n%s\nwant\n%s", c.name, lang, strings.Join(got, "\n"), strings.Join(want, "\n"))
			}
		}
	}
}

func TestTooLittleWatchIsNoAbsenceWhereSomethingIsCounted(t *testing.T) {
	in := fixtureInput()
	for _, area := range []truce.AreaID{"north", "south"} {
		in.Absences = append(in.Absences, truce.Absence{Rule: "R10", Area: area, Period: in.Period, Verdict: truce.AbsenceNotObserved})
	}
	in.Absences = in.Absences[2:]
	doc, err := Markdown(mustDaily(t, in), PrintOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"North, in this period: not observed for R10; coverage not stated",
		"South, in this period: watched less than agreed for R10, so that what is counted there is a lower bound; coverage not stated",
	} {
		if !strings.Contains(string(doc.Body), want) {
			t.Errorf("one denial in the south, none in the north: the page lacks %q", want)
		}
	}
}

func mustZone(t testing.TB) *time.Location {
	t.Helper()
	kyiv, err := time.LoadLocation(zone)
	if err != nil {
		t.Fatal(err)
	}
	return kyiv
}

func TestPublishedRadii(t *testing.T) {
	for metres, want := range map[float64]int{0: 0, 5000: 0, 5001: 10, 10000: 10, 14000: 20, 99999: 100, 2e6: 20000} {
		if got := withinKm(metres, 5); got != want {
			t.Errorf("%.0f m: within %d km, want %d", metres, got, want)
		}
	}
	if got := radius90(geo.Position{Footprint: &geo.Footprint{Scan: 600, Track: 800}}); got != 500 {
		t.Errorf("a pixel of 600 m by 800 m: %.0f m, want its half diagonal of 500", got)
	}
}
