package publish

import (
	"strings"
	"testing"
	"time"

	"github.com/trucewatch/truce"
)

// ukrainian is one unit in its four forms: with 1, with 2, with 5, and with a fraction.
var ukrainian = map[truce.Unit][4]string{
	truce.UnitEngagement: {"вогневий контакт", "вогневі контакти", "вогневих контактів", "вогневого контакту"},
	truce.UnitExplosion:  {"вибух", "вибухи", "вибухів", "вибуху"},
	truce.UnitSignature:  {"ознака", "ознаки", "ознак", "ознаки"},
	truce.UnitSalvo:      {"залп", "залпи", "залпів", "залпу"},
	truce.UnitObjectDay:  {"об’єкто-день", "об’єкто-дні", "об’єкто-днів", "об’єкто-дня"},
	truce.UnitObject:     {"об’єкт", "об’єкти", "об’єктів", "об’єкта"},
	truce.UnitSiteEvent:  {"подія на об’єкті", "події на об’єктах", "подій на об’єктах", "події на об’єкті"},
	truce.UnitVessel:     {"подія із судном", "події із суднами", "подій із суднами", "події із судном"},
	truce.UnitFlight:     {"політ", "польоти", "польотів", "польоту"},
	truce.UnitMovement:   {"переміщення", "переміщення", "переміщень", "переміщення"},
	truce.UnitDenial:     {"відмова", "відмови", "відмов", "відмови"},
	truce.UnitOmission:   {"невиконаний обов’язок", "невиконані обов’язки", "невиконаних обов’язків", "невиконаного обов’язку"},
	truce.UnitReport:     {"повідомлення", "повідомлення", "повідомлень", "повідомлення"},
	truce.UnitDetection:  {"виявлення", "виявлення", "виявлень", "виявлення"},
	truce.UnitHeatEvent:  {"осередок тепла", "осередки тепла", "осередків тепла", "осередку тепла"},
	truce.UnitIncident:   {"інцидент", "інциденти", "інцидентів", "інциденту"},
	truce.UnitMixed:      {"одиниця невідомого виду", "одиниці невідомого виду", "одиниць невідомого виду", "одиниці невідомого виду"},
	truce.UnitHours:      {"година", "години", "годин", "години"},
}

// Every unit follows its number: 1 and 21 and 101 like one, 2 to 4 and 22 like two, the
// rest and 11 to 14 like five.
func TestUkrainianNumbersAndTheirUnits(t *testing.T) {
	p, err := newPrinter("uk", time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	forms := map[int][]int{
		0: {1, 21, 31, 101, 1001, 100_021},
		1: {2, 3, 4, 22, 23, 24, 34, 102, 1002},
		2: {0, 5, 6, 9, 10, 11, 12, 13, 14, 15, 19, 20, 25, 30, 100, 111, 112, 113, 114, 211, 1000, 1011, 100_012},
	}
	for _, unit := range truce.Units() {
		words, known := ukrainian[unit]
		if !known {
			t.Errorf("no forms of %s are tried", unit)
		}
		for form, numbers := range forms {
			for _, n := range numbers {
				if got := p.quantity(n, unit).String(); !strings.HasSuffix(got, " "+words[form]) {
					t.Errorf("%d %s: %q, want it to end with %q", n, unit, got, words[form])
				}
			}
		}
		if got := p.unitName(unit).String(); got != words[1] {
			t.Errorf("the name of %s is %q, want the plural %q", unit, got, words[1])
		}
		if got := p.words["unit."+string(unit)].form(otherForm); got != words[3] {
			t.Errorf("a fraction of %s is %q, want %q", unit, got, words[3])
		}
	}
}

func TestEnglishNumbersAndTheirUnits(t *testing.T) {
	p, err := newPrinter("en", time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	for _, unit := range truce.Units() {
		one, many := p.quantity(1, unit).String(), p.quantity(21, unit).String()
		if strings.HasSuffix(one, "s") || strings.TrimPrefix(one, "1 ") == strings.TrimPrefix(many, "21 ") {
			t.Errorf("%s: %q and %q", unit, one, many)
		}
		if zero := p.quantity(0, unit).String(); strings.TrimPrefix(zero, "0 ") != strings.TrimPrefix(many, "21 ") {
			t.Errorf("%s: %q and %q", unit, zero, many)
		}
	}
}

func TestValuesInWords(t *testing.T) {
	cases := []struct {
		name   string
		say    func(*printer) line
		en, uk string
	}{
		{"a probability", func(p *printer) line { return p.probability(0.62) }, "likely (0.62)", "імовірно (0,62)"},
		{"nearly sure", func(p *printer) line { return p.probability(0.9993) }, "almost certain (>\u00a00.99)", "майже напевно (>\u00a00,99)"},
		{"sure", func(p *printer) line { return p.probability(1) }, "almost certain (1.00)", "майже напевно (1,00)"},
		{"the last that is rounded", func(p *printer) line { return p.probability(0.995) }, "almost certain (0.99)", "майже напевно (0,99)"},
		{"nearly impossible", func(p *printer) line { return p.chance(0.0004) }, "<\u00a00.01 (remote chance)", "<\u00a00,01 (майже неможливо)"},
		{"impossible", func(p *printer) line { return p.chance(0) }, "0.00 (remote chance)", "0,00 (майже неможливо)"},
		{"a share", func(p *printer) line { return p.percent(0.4) }, "40\u00a0%", "40\u00a0%"},
		{"a small share", func(p *printer) line { return p.percent(0.004) }, "0.4\u00a0%", "0,4\u00a0%"},
		{"a share that is not nothing", func(p *printer) line { return p.percent(0.0002) }, "<\u00a00.1\u00a0%", "<\u00a00,1\u00a0%"},
		{"a share that is not all", func(p *printer) line { return p.percent(0.9999) }, ">\u00a099.9\u00a0%", ">\u00a099,9\u00a0%"},
		{"nearly all", func(p *printer) line { return p.percent(0.995) }, "99.5\u00a0%", "99,5\u00a0%"},
		{"all", func(p *printer) line { return p.percent(1) }, "100\u00a0%", "100\u00a0%"},
		{"a share that rounds up to its minimum", func(p *printer) line { return p.percentAgainst(0.2997, 0.3) }, "29.9\u00a0%", "29,9\u00a0%"},
		{"a share that rounds down below its minimum", func(p *printer) line { return p.percentAgainst(0.3341, 0.334) }, "33.4\u00a0%", "33,4\u00a0%"},
		{"a share under a minimum with a decimal", func(p *printer) line { return p.percentAgainst(0.332, 0.334) }, "33\u00a0%", "33\u00a0%"},
		{"a share far from its minimum", func(p *printer) line { return p.percentAgainst(0.2547, 0.3) }, "25\u00a0%", "25\u00a0%"},
		{"a share that is its minimum", func(p *printer) line { return p.percentAgainst(0.3, 0.3) }, "30\u00a0%", "30\u00a0%"},
		{"a share above its minimum", func(p *printer) line { return p.percentAgainst(0.3004, 0.3) }, "30\u00a0%", "30\u00a0%"},
		{"a small share under a small minimum", func(p *printer) line { return p.percentAgainst(0.0097, 0.01) }, "0.9\u00a0%", "0,9\u00a0%"},
		{"a minimum with a decimal", func(p *printer) line { return p.minimum(0.334) }, "33.4\u00a0%", "33,4\u00a0%"},
		{"a whole minimum", func(p *printer) line { return p.minimum(0.3) }, "30\u00a0%", "30\u00a0%"},
		{"nothing", func(p *printer) line { return p.percent(0) }, "0\u00a0%", "0\u00a0%"},
		{"hours", func(p *printer) line { return p.hours(21) }, "21 hours", "21 година"},
		{"an hour", func(p *printer) line { return p.hours(1) }, "1 hour", "1 година"},
		{"a part of an hour", func(p *printer) line { return p.hours(1.25) }, "1.3 hours", "1,3 години"},
		{"hours that round to whole ones", func(p *printer) line { return p.hours(3.98) }, "4 hours", "4 години"},
		{"thousands", func(p *printer) line { return p.integer(1413) }, "1,413", "1\u202f413"},
		{"a negative number", func(p *printer) line { return p.decimal(-1234.5, 1) }, "−1,234.5", "−1\u202f234,5"},
		{"no error of time", func(p *printer) line { return p.sigma(0) }, "0\u00a0s", "0\u00a0с"},
		{"a part of a second", func(p *printer) line { return p.sigma(300_000) }, "1\u00a0s", "1\u00a0с"},
		{"seconds", func(p *printer) line { return p.sigma(90e6) }, "90\u00a0s", "90\u00a0с"},
		{"minutes", func(p *printer) line { return p.sigma(14.2 * 60e6) }, "15\u00a0min", "15\u00a0хв"},
		{"three hours", func(p *printer) line { return p.sigma(180 * 60e6) }, "3\u00a0h", "3\u00a0год"},
		{"more than two hours", func(p *printer) line { return p.sigma(125 * 60e6) }, "2.1\u00a0h", "2,1\u00a0год"},
	}
	for _, c := range cases {
		for lang, want := range map[string]string{"en": c.en, "uk": c.uk} {
			p, err := newPrinter(lang, time.UTC)
			if err != nil {
				t.Fatal(err)
			}
			if got := c.say(p).String(); got != want {
				t.Errorf("%s, %s: %q, want %q", c.name, lang, got, want)
			}
			if len(p.missing) > 0 {
				t.Errorf("%s, %s: the catalogue lacks %v", c.name, lang, p.missing)
			}
		}
	}
}

// A moment carries the local time with its offset, which follows the clock and cannot be
// read the wrong way round.
func TestMomentsOfEveryZone(t *testing.T) {
	cases := []struct{ zone, at, want string }{
		{"Europe/Kyiv", "2026-04-11T16:30:00Z", "2026-04-11 16:30 UTC (19:30 UTC+3)"},
		{"Europe/Kyiv", "2026-12-11T16:30:00Z", "2026-12-11 16:30 UTC (18:30 UTC+2)"},
		{"Etc/GMT+1", "2031-03-11T01:00:00Z", "2031-03-11 01:00 UTC (00:00 UTC−1)"},
		{"Etc/GMT+1", "2031-03-12T00:51:00Z", "2031-03-12 00:51 UTC (2031-03-11 23:51 UTC−1)"},
		{"Asia/Kolkata", "2026-04-11T20:00:00Z", "2026-04-11 20:00 UTC (2026-04-12 01:30 UTC+5:30)"},
		{"America/St_Johns", "2026-12-11T20:00:00Z", "2026-12-11 20:00 UTC (16:30 UTC−3:30)"},
		{"UTC", "2026-04-11T16:30:00Z", "2026-04-11 16:30 UTC"},
	}
	for _, c := range cases {
		zone, err := time.LoadLocation(c.zone)
		if err != nil {
			t.Fatal(err)
		}
		p, err := newPrinter("en", zone)
		if err != nil {
			t.Fatal(err)
		}
		if got := p.moment(at(c.at)).String(); got != c.want {
			t.Errorf("%s: %q, want %q", c.zone, got, c.want)
		}
	}
}

func TestIntervalsSayNoMoreThanIsKnown(t *testing.T) {
	span := func(from, to string, sigma time.Duration) truce.PhenomenonTime {
		return truce.PhenomenonTime{From: at(from), To: at(to), Sigma: truce.MicrosOf(sigma)}
	}
	p, err := newPrinter("en", time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		time truce.PhenomenonTime
		want string
	}{
		{"a moment known to the second", span("2026-04-11T16:30:05Z", "2026-04-11T16:30:05Z", 2*time.Second), "2026-04-11 16:30:05 UTC ± 2\u00a0s"},
		{"an interval without an error", span("2026-04-11T16:30:05Z", "2026-04-11T16:31:00Z", 0), "2026-04-11 16:30:05 – 16:31:00 UTC"},
		{"minutes", span("2026-04-11T16:00:00Z", "2026-04-11T16:30:00Z", 90*time.Second), "2026-04-11 16:00 – 16:30 UTC ± 90\u00a0s"},
		{"ends of the same minute", span("2026-04-11T16:30:05Z", "2026-04-11T16:30:40Z", time.Minute), "2026-04-11 16:30 UTC ± 60\u00a0s"},
		{"over midnight", span("2026-04-11T23:00:00Z", "2026-04-12T01:00:00Z", 3*time.Hour), "2026-04-11 23:00 – 2026-04-12 01:00 UTC ± 3\u00a0h"},
		{"a whole day", span("2026-04-11T00:00:00Z", "2026-04-12T00:00:00Z", 0), "2026-04-11 00:00:00 – 2026-04-12 00:00:00 UTC"},
	} {
		if got := p.when(c.time).String(); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestTheDayAndItsNumber(t *testing.T) {
	for _, c := range []struct {
		lang string
		one  bool
		want string
	}{
		{"en", false, "2026-01-07, day 1,413 (2022-02-24 is day 0)"},
		{"en", true, "2026-01-07, day 1,414 (2022-02-24 is day 1)"},
		{"uk", false, "07.01.2026, день 1\u202f413 (24.02.2022 — день 0)"},
		{"uk", true, "07.01.2026, день 1\u202f414 (24.02.2022 — день 1)"},
	} {
		p, err := newPrinter(c.lang, time.UTC)
		if err != nil {
			t.Fatal(err)
		}
		n, err := dayNumber("2026-01-07", "2022-02-24", c.one)
		if err != nil {
			t.Fatal(err)
		}
		w := newWriter(p, truce.Bulletin{Day: "2026-01-07", DayEpoch: "2022-02-24", DayNumber: n}, PrintOptions{})
		if got := w.dayOfCount().String(); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}

// A text of the catalogue that nothing prints is a leftover; a name the vocabulary has
// and the catalogue has not would stop a bulletin.
func TestTheCatalogueFitsTheVocabulary(t *testing.T) {
	words, err := catalogueOf("en")
	if err != nil {
		t.Fatal(err)
	}
	need := func(prefix string, names ...string) {
		for _, name := range names {
			if _, ok := words[prefix+name]; !ok {
				t.Errorf("no text for %s%s", prefix, name)
			}
		}
	}
	need("family.", "acoustic", "seismic", "infrasound", "radar", "camera", "drone", "optical", "sar", "thermal", "transponder", "interference",
		"patrol", "party", "civilian", "media", "reference", "register", "")
	need("occurrence.", "reported", "detected", "corroborated", "verified", "refuted", "unverifiable", "explained", "duplicate")
	need("verdict.", "hit", "exempt", "indeterminate", "outside_scope")
	need("reason.", "location", "time", "act", "class", "evidence", "control", "coverage", "cost", "")
	need("label.", string(truce.LabelRecurringHeat), string(truce.LabelLowConfidence), string(truce.LabelCapitalPoint), string(truce.LabelOneSource))
	need("claim.", string(truce.ClaimOpen), string(truce.ClaimCorroborated), string(truce.ClaimContradicted), string(truce.ClaimNotObservable))
	need("attribution.", "not_assessed", "undetermined", "reasonable_grounds", "balance", "clear_convincing")
	need("correction.", reasonReviewed, reasonLate, reasonRemoved, reasonOfAge, reasonRecounted, "row_"+rowListed, "row_"+rowUnlisted)
	need("field.", fieldRow, fieldOccurrence, fieldAct, fieldArea, fieldControl, fieldPlace, fieldTime, fieldQuantity, fieldFindings, numberThis, numberPreliminary, numberPrevious)
	need("reported.", "inside_distance", "beyond_line_outside_store", "missing_or_unverified", "missing", "could_not_verify", "continuity_lost")
	need("none.", string(truce.FigureExact), string(truce.FigureAtLeast), string(truce.FigureNotObserved))
	need("where.withheld_", withheldAge, withheldFew)
	need("edition.", string(truce.EditionMission), string(truce.EditionPublic))
	need("restriction.", "denial", "delay", "conditional", "interference", "other")
	need("part.", partOrder[:]...)
	for _, g := range truce.ActGroups() {
		need("group.", string(g))
	}
	for p := range 101 {
		need("band.", (truce.Probability(p) / 100).Band())
	}
	for deg := range 360 {
		need("bearing.", compassPoint(float64(deg)))
	}
}

// A day watched a little less than agreed does not read as if it had been watched enough:
// 29.97 % is not printed as 30 % beside "not observed" and a minimum of 30 %.
func TestCoverageNeverRoundsUpToItsMinimum(t *testing.T) {
	in := fixtureInput()
	in.Terms.CoverageMin = 0.3
	in.Rows = nil
	for i := range in.Coverage {
		c := &in.Coverage[i]
		c.PlannedHours, c.ObservedHours, c.Share = 24, 24*0.2997, 0.2997
	}
	in.Absences, in.Sights = nil, nil
	b := mustDaily(t, in)
	for lang, want := range map[string]string{"en": "29.9 %", "uk": "29,9 %"} {
		for _, doc := range printed(t, b, lang) {
			if !strings.Contains(plainSpaces(string(doc.Body)), want) {
				t.Errorf("%s %s lacks a coverage of %s", lang, doc.Format, want)
			}
			for _, p := range Lint(b, doc) {
				t.Errorf("%s %s: %s", lang, doc.Format, p)
			}
		}
	}
}
