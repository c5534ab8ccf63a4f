package app

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/agreement"
	"github.com/trucewatch/truce/assess/coverage"
	"github.com/trucewatch/truce/respond/publish"
)

// exerciseDay makes an exercise and gives a day's Daily of it, in one edition.
func exerciseDay(t *testing.T, day truce.Day, edition truce.Edition) truce.Bulletin {
	t.Helper()
	p := program{dir: t.TempDir() + "/exercise", now: storyTime}
	p.good(t, "demo", "--exit")
	a, err := Open(t.Context(), p.dir, p.clock())
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	b, err := a.bulletinOf(t.Context(), day, edition)
	if err != nil || b == nil {
		t.Fatalf("no Daily of %s: %v", day, err)
	}
	return *b
}

// The demo's day lists the window that was active with the incident exempt under it, what
// kept the mission from observing, and what the parties state; a changed count is refused.
func TestTheExerciseListsItsWindow(t *testing.T) {
	b := exerciseDay(t, "2031-03-11", truce.EditionMission)
	if !b.WindowsKnown || len(b.Windows) != 2 || b.Windows[0].ID != "W-01" || b.Windows[1].ID != "W-F1" || b.Windows[0].Place.Cell == nil {
		t.Fatalf("windows %+v", b.Windows)
	}
	exempt := b.Windows[0].Counts[0]
	if exempt.Key != truce.WindowExempt || exempt.N != 1 || exempt.Rows.Len() != 1 {
		t.Fatalf("exempt: %+v", exempt)
	}
	if row := b.Rows[exempt.Rows[0].First-1]; row.Window != "W-01" {
		t.Errorf("row %d names window %q", row.N, row.Window)
	}
	if len(b.Restrictions) == 0 || len(b.Claims) == 0 {
		t.Errorf("%d restrictions, %d claims", len(b.Restrictions), len(b.Claims))
	}
	parties := map[truce.PartyID]int{}
	for _, c := range b.Claims {
		parties[c.Party]++
	}
	if parties["A"] == 0 || parties["B"] == 0 || parties[""] > 0 {
		t.Errorf("claims by party: %v", parties)
	}
	doc, err := publish.Markdown(b, publish.PrintOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(doc.Body), "Exempt under it: 1 incident (row ") || len(publish.Lint(b, doc)) > 0 {
		t.Errorf("problems %v", publish.Lint(b, doc))
	}
	b.Windows[0].Counts[0].N++
	if problems := publish.LintRows(b); len(problems) == 0 {
		t.Error("a changed count of a window was not found")
	}
}

// The public edition has the window too, by its cell, and no internal id.
func TestThePublicExerciseListsItsWindow(t *testing.T) {
	b := exerciseDay(t, "2031-03-11", truce.EditionPublic)
	if len(b.Windows) != 2 {
		t.Fatalf("%+v", b.Windows)
	}
	for _, w := range b.Windows {
		if w.Place.Cell == nil || w.Place.Lat != nil || w.Counts[0].N != 1 || len(w.Counts[0].Refs) > 0 {
			t.Errorf("%+v", w)
		}
	}
	if problems := publish.PublicProblems(b); len(problems) > 0 {
		t.Error(problems)
	}
}

func studyOfParties() *study {
	return &study{
		terms: &agreement.Agreement{
			Parties: []agreement.Party{
				{ID: "A", Role: agreement.RoleParty, Name: truce.Names{"en": "Party A", "uk": "Сторона А"}},
				{ID: "B", Role: agreement.RoleParty, Name: truce.Names{"en": "Party B", "uk": "Сторона Б"}},
				{ID: "M", Role: agreement.RoleMechanism, Name: truce.Names{"en": "The mission"}},
			},
			Zones: []agreement.Zone{{ID: "Z", Name: truce.Names{"en": "Buffer"}}},
		},
		sources: []truce.SourceInfo{{ID: "csv-party", Title: "Tables of reports, family party", Family: truce.FamilyParty}},
		in:      gathered{families: map[truce.SourceID]truce.Family{"csv-party": truce.FamilyParty, "csv-patrol": truce.FamilyPatrol}},
	}
}

// Whose statement a report is: the publisher says it, else the mark behind a hyphen.
func TestSpeakers(t *testing.T) {
	for _, c := range []struct {
		publisher, sensor, source string
		want                      truce.PartyID
		name                      string
	}{
		{"A", "", "csv-party", "A", "Party A"},
		{"Сторона Б", "LIAISON-A", "csv-party", "B", "Party B"},
		{"", "LIAISON-A", "csv-party", "A", "Party A"},
		{"", "", "liaison-b", "B", "Party B"},
		{"", "LIAISON-M", "csv-party", "", "Tables of reports, family party"},
		{"M", "", "csv-party", "", "Tables of reports, family party"},
		{"", "desk", "unknown", "", "unknown"},
	} {
		o := truce.Observation{Source: truce.SourceID(c.source), Sensor: truce.SensorID(c.sensor), Report: &truce.Report{Publisher: c.publisher}}
		s := studyOfParties()
		got := s.speaker(&o)
		if name := s.speakerName(&o, got); got != c.want || name != c.name {
			t.Errorf("%q %q %q: %q (%s), want %q (%s)", c.publisher, c.sensor, c.source, got, name, c.want, c.name)
		}
	}
}

func TestQuotations(t *testing.T) {
	for said, want := range map[string]string{
		"137 acts of the other side.":                    "137 acts of the other side.",
		"They fired. They fired again.":                  "They fired.",
		"a\n b\tc":                                       "a b c",
		"it is “theirs”, «all» of \"it\"":                "it is ‘theirs’, ‹all› of 'it'",
		strings.Repeat("ї", truce.MaxPublicQuote+1):      strings.Repeat("ї", truce.MaxPublicQuote-2) + " …",
		strings.Repeat("x", truce.MaxPublicQuote) + ". ": strings.Repeat("x", truce.MaxPublicQuote-2) + " …",
	} {
		if got := quoteOf(&truce.Report{Text: said}); got != want {
			t.Errorf("%q: %q, want %q", said, got, want)
		}
	}
	if got := quoteOf(&truce.Report{Headline: "Heard"}); got != "Heard" {
		t.Error(got)
	}
}

// Windows of a period touch it: an end at its beginning, or a beginning at its end, does not.
func TestWindowsThatTouchAPeriod(t *testing.T) {
	s := studyOfParties()
	p := truce.Period{From: 100, To: 200, Zone: "UTC"}
	for id, hours := range map[string][2]truce.Instant{"before": {50, 100}, "into": {50, 101}, "within": {120, 130}, "around": {0, 300}, "out": {199, 300}, "after": {200, 300}} {
		s.terms.Windows = append(s.terms.Windows, agreement.Window{ID: id, Zone: "Z", From: hours[0], To: hours[1]})
	}
	got := map[string]bool{}
	for _, w := range s.windows(p) {
		got[w.ID] = true
		if w.Zone["en"] != "Buffer" || w.At != nil || w.Period.Zone != "UTC" {
			t.Errorf("%+v", w)
		}
	}
	if len(got) != 4 || got["before"] || got["after"] {
		t.Errorf("windows %v", got)
	}
	s.terms.Windows = nil
	if none := s.windows(p); none == nil || len(none) != 0 {
		t.Errorf("%v: none is a fact and not unknown", none)
	}
}

// A report of two claims is two claims; words alone are one without a number; others'
// reports are none, and the middle of a report says to which day it belongs.
func TestClaimsOfReports(t *testing.T) {
	s := studyOfParties()
	report := func(source truce.SourceID, from truce.Instant, claims ...truce.Claim) truce.Observation {
		return truce.Observation{ID: truce.NewID(from, "report", string(source), []byte{byte(len(s.in.reports))}), Source: source, Sensor: "LIAISON-B",
			Phenomenon: truce.PhenomenonTime{From: from, To: from + 10}, Report: &truce.Report{Text: "Said.", Claims: claims}}
	}
	total := truce.Claim{Count: 429, Unit: truce.UnitMixed, Accused: "A"}
	s.in.reports = append(s.in.reports, report("csv-party", 110, truce.Claim{Act: truce.ActBurst, Count: 2, Unit: truce.UnitSignature}, truce.Claim{Act: truce.ActSniper, Unit: truce.UnitReport}))
	s.in.reports = append(s.in.reports, report("csv-party", 120, total))
	s.in.reports = append(s.in.reports, report("csv-party", 130))
	s.in.reports = append(s.in.reports, report("csv-patrol", 140, truce.Claim{Act: truce.ActBurst}))
	s.in.reports = append(s.in.reports, report("csv-party", 196))
	event := truce.NewID(110, "event", "story", nil)
	in := publish.DailyInput{Period: truce.Period{From: 100, To: 200}}
	in.Rows = []truce.IncidentRow{{Incident: truce.Incident{ID: truce.NewID(110, "incident", "", nil), Events: []truce.ID{event}}}}
	in.Events = []truce.Event{{ID: event, Support: []truce.Support{{Observation: s.in.reports[0].ID, Family: truce.FamilyParty}}}}
	claims, items := s.claims(in)
	if len(claims) != 4 || len(items) != 2 || items[0].Claim == items[1].Claim || items[0].Incident != in.Rows[0].Incident.ID {
		t.Fatalf("%d claims, items %+v", len(claims), items)
	}
	if c := claims[1]; c.Act != truce.ActSniper || c.Unit != "" || c.ID == claims[0].ID {
		t.Errorf("%+v", c)
	}
	if c := claims[2]; !c.Total() || c.Count != 429 || c.Accused != "A" || c.Party != "B" || c.Received != 130 {
		t.Errorf("%+v", c)
	}
	if c := claims[3]; c.Total() || c.Count != 0 || c.Unit != "" {
		t.Errorf("%+v", c)
	}
}

// What could have been seen of a claim is asked of those who watch for its act, at its hour.
func TestSightsOfClaims(t *testing.T) {
	s := studyOfParties()
	s.terms.Areas = []agreement.Area{{ID: "north"}, {ID: "south"}}
	s.board = coverage.NewBoard([]coverage.Watcher{{
		Sensors: []truce.SensorID{"P1"}, Family: truce.FamilyPatrol, Areas: []truce.AreaID{"north"}, Zone: time.UTC,
		Hours:  coverage.Shift{From: 6 * time.Hour, To: 18 * time.Hour},
		Detect: map[string]truce.Probability{"fire": 0.6},
	}}, nil)
	at := func(hour int) truce.Instant { return truce.InstantOf(time.Date(2031, 3, 11, hour, 0, 0, 0, time.UTC)) }
	claim := func(id string, act truce.Act, from, to int) truce.ClaimRow {
		return truce.ClaimRow{ID: id, Act: act, Period: &truce.Period{From: at(from), To: at(to), Zone: "UTC"}}
	}
	day := truce.Period{From: at(0), To: at(24), Zone: "UTC"}
	got := map[string]truce.Probability{}
	for _, sight := range s.claimSights([]truce.ClaimRow{
		claim("noon", truce.ActDirectFire, 12, 12), claim("noon again", truce.ActDirectFire, 12, 12), claim("midnight", truce.ActDirectFire, 23, 23),
		claim("evening", truce.ActDirectFire, 17, 19), claim("week", truce.ActDirectFire, -72, 96),
		claim("not looked for", truce.ActCrater, 12, 12), {ID: "total", Count: 9, Period: &day},
	}, day, 0.3) {
		got[sight.Claim+" "+string(sight.Area)] = sight.Seen
	}
	want := map[string]truce.Probability{"noon north": 0.6, "noon again north": 0.6, "evening north": 0.3, "week north": 0.3}
	if len(got) != len(want) {
		t.Errorf("stated: %v, want %v", got, want)
	}
	for key, p := range want {
		if seen, stated := got[key]; !stated || math.Abs(float64(seen-p)) > 1e-9 {
			t.Errorf("%s: seen %v (stated: %v), want %v", key, seen, stated, p)
		}
	}
}
