package publish

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/trucewatch/truce"
)

func windowNamed(t failer, b truce.Bulletin, id string) truce.WindowRow {
	t.Helper()
	for _, w := range b.Windows {
		if w.ID == id {
			return w
		}
	}
	t.Fatalf("no window %s in %s", id, b.Number)
	return truce.WindowRow{}
}

func windowCount(w truce.WindowRow, key string, unit truce.Unit) truce.WindowCount {
	for _, c := range w.Counts {
		if c.Key == key && c.Unit == unit {
			return c
		}
	}
	return truce.WindowCount{}
}

// Windows of the period stand in order of time with what they cover and what they are near
// to; of another day none does.
func TestWindowsOfThePeriod(t *testing.T) {
	b := mustDaily(t, fixtureInput())
	if len(b.Windows) != 2 || b.Windows[0].ID != "W-01" || b.Windows[1].ID != "W-02" {
		t.Fatalf("windows %+v", b.Windows)
	}
	first, second := b.Windows[0], b.Windows[1]
	if first.State != truce.WindowEnded || second.State != truce.WindowActive || first.Late() || !second.Late() {
		t.Errorf("states %s and %s, late %v and %v", first.State, second.State, first.Late(), second.Late())
	}
	if first.Place.Cell == nil || first.Place.Lat != nil || first.Place.RadiusM != 0 || second.Place.Cell != nil || second.Zone["en"] == "" {
		t.Errorf("places %+v and %+v in %v", first.Place, second.Place, second.Zone)
	}
	for _, c := range []struct {
		window, key string
		n, unlisted int
		rows        string
	}{
		{"W-01", truce.WindowExempt, 1, 0, "3"}, {"W-01", truce.WindowNotCovered, 1, 0, "2"},
		{"W-02", truce.WindowExempt, 0, 0, ""}, {"W-02", truce.WindowNotCovered, 1, 1, ""},
	} {
		got := windowCount(windowNamed(t, b, c.window), c.key, truce.UnitIncident)
		if got.N != c.n || got.Unlisted != c.unlisted || got.Rows.String() != c.rows {
			t.Errorf("%s, %s: %+v", c.window, c.key, got)
		}
	}
	if r := b.Rows[2]; r.Window != "W-01" || r.Findings[0].Window != "W-01" {
		t.Errorf("row 3 names window %q", r.Window)
	}
}

// What is not exempt is covered by no window, whatever an evaluation of another rule says,
// and heat is a count of its own.
func TestOnlyTheExemptIsCovered(t *testing.T) {
	in := fixtureInput()
	in.Covers = []Cover{
		{in.Rows[0].Incident.ID, "R01", "W-01", true, false},  // a hit
		{in.Rows[2].Incident.ID, "R10", "W-01", true, false},  // a rule it was not held against
		{in.Rows[3].Incident.ID, "R01", "W-01", false, false}, // heat
	}
	b := mustDaily(t, in)
	w := windowNamed(t, b, "W-01")
	if c := windowCount(w, truce.WindowExempt, truce.UnitIncident); c.N != 0 {
		t.Errorf("exempt: %+v", c)
	}
	if c := windowCount(w, truce.WindowNotCovered, truce.UnitHeatEvent); c.N != 1 || c.Rows.String() != "4" {
		t.Errorf("heat near it: %+v", c)
	}
	for _, doc := range printed(t, b, "en") {
		if !strings.Contains(string(doc.Body), "No incident is exempt under it.") || !strings.Contains(string(doc.Body), "1 heat event") {
			t.Errorf("%s does not say so", doc.Format)
		}
		for _, p := range Lint(b, doc) {
			t.Errorf("%s: %s", doc.Format, p)
		}
	}
}

// That no window was notified is a fact where somebody looked through the notifications,
// and a part that nobody watched where not.
func TestNoWindow(t *testing.T) {
	for _, c := range []struct {
		windows   []Window
		says, not string
	}{
		{[]Window{}, "No window was notified for this period.", ""},
		{nil, "", "No window was notified for this period."},
	} {
		in := fixtureInput()
		in.Windows, in.Covers = c.windows, nil
		in.Rows[2].Evaluation.Findings = nil
		b := mustDaily(t, in)
		doc := printed(t, b, "en")[0]
		_, after, _ := strings.Cut(string(doc.Body), `id="part-windows"`)
		part, _, _ := strings.Cut(after, "<h2")
		if !strings.Contains(part, c.says) || c.not != "" && strings.Contains(part, c.not) || strings.Contains(part, "Not observed") != (c.windows == nil) {
			t.Errorf("%v: %s", c.windows, part)
		}
		for _, p := range Lint(b, doc) {
			t.Errorf("%v: %s", c.windows, p)
		}
	}
}

// A window's cell leaves the mission a day after its end, or two where forces move.
func TestAWindowsPlaceIsDelayed(t *testing.T) {
	for _, c := range []struct {
		kind  string
		hours int
		out   bool
	}{{"demining", 23, false}, {"demining", 25, true}, {"convoy", 25, false}, {"convoy", 49, true}, {"monitor_flight", 47, false}} {
		in := fixtureInput()
		in.Windows = fixtureWindows()[2:]
		in.Windows[0].Kind = c.kind
		in.Windows[0].Period.To = in.Period.To
		b := mustDaily(t, in)
		pub, err := mustGate(t, Policy{}).Edition(ReleaseInput{Bulletin: b, Now: in.Period.To.Add(time.Duration(c.hours) * time.Hour)})
		if err != nil {
			t.Fatal(err)
		}
		if got := windowNamed(t, pub, "W-01").Place; (got.Cell != nil) != c.out || (got.Withheld != "") == c.out {
			t.Errorf("%s after %d h: %+v", c.kind, c.hours, got)
		}
	}
}

// On any day every window's counts are those of the rows that name it, in both editions.
func TestWindowCountsAreRows(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := fixtureInput()
		in.Covers = nil
		for _, row := range in.Rows {
			if row.Evaluation == nil {
				continue
			}
			for _, f := range row.Evaluation.Findings {
				if rapid.Bool().Draw(t, "near a window") {
					in.Covers = append(in.Covers, Cover{row.Incident.ID, f.Rule, rapid.SampledFrom([]string{"W-01", "W-02"}).Draw(t, "window"), rapid.Bool().Draw(t, "covers"), false})
				}
			}
		}
		b, err := Daily(in)
		if err != nil {
			t.Fatal(err)
		}
		if problems := LintRows(b); len(problems) > 0 {
			t.Fatalf("%v", problems)
		}
		for _, w := range b.Windows {
			for _, c := range w.Counts {
				if c.N != c.Rows.Len()+c.Unlisted || len(c.Refs) != c.Unlisted {
					t.Fatalf("%s: %+v", w.ID, c)
				}
			}
		}
	})
}

// TestEveryAnswerToAWindowIsPrinted: all that acknowledged, all that objected, silence,
// extensions, and how it ended, in both languages and in what the linter takes.
func TestEveryAnswerToAWindowIsPrinted(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*Window)
		state  truce.WindowState
		en, uk []string
	}{
		{"two acknowledged", func(w *Window) { w.Acks = []truce.WindowAnswer{{By: "A", At: at("2026-04-08T08:00:00Z")}} }, truce.WindowEnded,
			[]string{"acknowledged by Party B at", "acknowledged by Party A at"}, []string{"отримання підтвердила"}},
		{"nobody answered", func(w *Window) { w.AckedBy, w.AckedAt, w.NoAnswer = "", 0, true }, truce.WindowEnded,
			[]string{"no answer, which the agreement counts as acknowledgement"}, []string{"відповіді не було"}},
		{"one answered", func(w *Window) { w.NoAnswer = true }, truce.WindowEnded,
			[]string{"acknowledged by Party B at", "the others gave no answer"}, []string{"решта не відповіла"}},
		{"objected to", func(w *Window) {
			w.Objections, w.State = []truce.WindowAnswer{{By: "B", At: at("2026-04-08T08:00:00Z")}}, truce.WindowObjected
		}, truce.WindowObjected, []string{"Party B objected at", "Because of the objection it was not in effect."}, []string{"Заперечення висловила", "не діяло"}},
		{"extended", func(w *Window) {
			w.Extensions = []truce.WindowExtension{{At: at("2026-04-08T08:00:00Z"), To: at("2026-04-10T20:00:00Z"), Counts: true}, {At: at("2026-04-10T19:00:00Z"), To: at("2026-04-10T22:00:00Z")}}
		}, truce.WindowEnded, []string{"extends it until", "does not count"}, []string{"подовжує його до", "не зараховано"}},
		{"overrun as its bearer said", func(w *Window) { w.State = truce.WindowOverrun }, truce.WindowOverrun, []string{"recorded after its end"}, []string{"після його кінця"}},
		{"cancelled", func(w *Window) { w.State, w.ChangedAt = truce.WindowCancelled, at("2026-04-10T19:00:00Z") }, truce.WindowCancelled, []string{"It was cancelled at"}, []string{"Його скасовано"}},
		{"superseded", func(w *Window) { w.State, w.ChangedAt = truce.WindowSuperseded, at("2026-04-10T19:00:00Z") }, truce.WindowSuperseded, []string{"Another notification took its place"}, []string{"замінило інше"}},
		{"lapsed", func(w *Window) { w.State, w.AckedBy, w.AckedAt = truce.WindowLapsed, "", 0 }, truce.WindowLapsed, []string{"began without the acknowledgement"}, []string{"почалося без підтвердження"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			in := fixtureInput()
			for i := range in.Windows {
				if in.Windows[i].ID == "W-01" {
					c.change(&in.Windows[i])
				}
			}
			b := mustDaily(t, in)
			if got := windowNamed(t, b, "W-01").State; got != c.state {
				t.Errorf("state %s, want %s", got, c.state)
			}
			for lang, wants := range map[string][]string{"en": c.en, "uk": c.uk} {
				for _, doc := range printed(t, b, lang) {
					for _, want := range wants {
						if !strings.Contains(string(doc.Body), want) {
							t.Errorf("%s, %s does not say %q", doc.Format, lang, want)
						}
					}
					for _, p := range Lint(b, doc) {
						t.Errorf("%s, %s: %s", doc.Format, lang, p)
					}
				}
			}
			body, err := JSON(b)
			if err != nil {
				t.Fatal(err)
			}
			var back truce.Bulletin
			if err := truce.DecodeCanonical(body, &back); err != nil || !reflect.DeepEqual(back.Windows, b.Windows) {
				t.Errorf("as JSON: %+v, %v", back.Windows, err)
			}
		})
	}
}

// TestAnIncidentShowsAnOverrun: what the window permits went on after its end.
func TestAnIncidentShowsAnOverrun(t *testing.T) {
	in := fixtureInput()
	for i := range in.Covers {
		in.Covers[i].Overran = !in.Covers[i].Covers
	}
	b := mustDaily(t, in)
	if first, second := windowNamed(t, b, "W-01").State, windowNamed(t, b, "W-02").State; first != truce.WindowOverrun || second != truce.WindowActive {
		t.Errorf("W-01 is %s and W-02, which goes on, %s", first, second)
	}
}
