package publish

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/trucewatch/truce"
)

// Copies of one report are one observation, however many events rest on them.
func TestObservationsCountCopiesOnce(t *testing.T) {
	in := fixtureInput()
	inc := &in.Rows[0].Incident
	event := func(key string, support ...truce.Support) truce.ID {
		id := truce.NewID(inc.Time.From, "event", "x", []byte(key))
		in.Events = append(in.Events, truce.Event{ID: id, Support: support})
		return id
	}
	one := event("a", truce.Support{Source: "x"}, truce.Support{Source: "y", Group: "wire"}, truce.Support{Source: "z", Group: "wire"})
	two := event("b", truce.Support{Source: "x", Group: "wire"}, truce.Support{Source: "x", Group: "other"})
	cases := []struct {
		name   string
		events []truce.ID
		want   int
	}{
		{"three statements, two of them copies", []truce.ID{one}, 2},
		{"two groups", []truce.ID{two}, 2},
		{"both events", []truce.ID{one, two}, 4},
		{"an event nothing is known of", []truce.ID{{1}}, 1},
		{"no event", nil, 0},
	}
	for _, c := range cases {
		inc.Events = c.events
		if got := mustDaily(t, in).Rows[0].Observations; got != c.want {
			t.Errorf("%s: %d observations, want %d", c.name, got, c.want)
		}
	}
}

func TestTheSideOfEffect(t *testing.T) {
	shares := func(a, b truce.Probability) []truce.SideShare {
		return []truce.SideShare{{Party: "A", P: a}, {Party: "B", P: b}}
	}
	cases := []struct {
		name  string
		sides []truce.SideShare
		party truce.PartyID
		p     truce.Probability
	}{
		{"clearly A", shares(0.9, 0.1), "A", 0.9},
		{"clearly B", shares(0.2, 0.8), "B", 0.8},
		{"at the bar", shares(0.7, 0.3), "A", 0.7},
		{"under the bar", shares(0.69, 0.31), "", 0.69},
		{"nothing known", nil, "", 0},
	}
	for _, c := range cases {
		if party, p := control(c.sides); party != c.party || p != c.p {
			t.Errorf("%s: %q %v, want %q %v", c.name, party, p, c.party, c.p)
		}
	}
}

// TestTheSideOfARowNeedsNoRule: a row counts on the side that the map gives its place,
// whatever rules say of it or whether any does; the lines of every table by control add up
// to its total, and a row of which nothing is handed over has the side of its findings.
func TestTheSideOfARowNeedsNoRule(t *testing.T) {
	in := fixtureInput()
	side := func(p truce.PartyID, share truce.Probability) Side {
		return Side{Shares: []truce.SideShare{{Party: p, P: share}, {Party: "other", P: 1 - share}}, Version: "2026-04-10"}
	}
	of := func(i int) truce.ID { return in.Rows[i].Incident.ID }
	in.Sides = map[truce.ID]Side{of(1): side("B", 0.9), of(3): side("A", 0.95), of(4): side("B", 0.8), of(2): side("A", 0.6)}
	b := mustDaily(t, in)
	want := map[string]truce.PartyID{of(0).String(): "A", of(1).String(): "B", of(2).String(): "", of(3).String(): "A", of(4).String(): "B"}
	for _, r := range b.Rows {
		if party, asked := want[r.ID]; asked && r.Control != party {
			t.Errorf("row %d is under control of %q, want %q", r.N, r.Control, party)
		}
	}
	for _, table := range b.Tables {
		if table.By != truce.CountByControl {
			continue
		}
		for split, total := range table.Total.Cells {
			n := 0
			for _, l := range table.Lines {
				n += l.Cells[split].This.N
			}
			if n != total.This.N {
				t.Errorf("%s: lines sum to %d, the total is %d", table.Key, n, total.This.N)
			}
		}
	}
	if heat := tableNamed(t, b, "heat.control"); heat.Lines[0].Cells[0].This.N != 1 || len(heat.Lines) != 2 {
		t.Errorf("heat by control: %+v", heat.Lines)
	}
}

func TestWhatARowSays(t *testing.T) {
	cases := []struct {
		name string
		bend func(*truce.IncidentRow)
		ok   func(truce.BulletinRow) bool
	}{
		{"merged into another: a duplicate", func(r *truce.IncidentRow) { r.Incident.ReplacedBy = truce.ID{1} },
			func(r truce.BulletinRow) bool { return r.Occurrence == truce.OccurrenceDuplicate && !r.Counts() }},
		{"no act", func(r *truce.IncidentRow) { r.Incident.Acts = nil },
			func(r truce.BulletinRow) bool { return r.Act == "" && r.Part == partFire }},
		{"an act of a later vocabulary", func(r *truce.IncidentRow) { r.Incident.Acts[0].Act = "teleportation" },
			func(r truce.BulletinRow) bool { return r.Act == "" && r.Part == partFire }},
		{"heat is a heat event whatever a rule says", func(r *truce.IncidentRow) { r.Incident.Acts[0].Act = truce.ActHeat },
			func(r truce.BulletinRow) bool { return r.Unit == truce.UnitHeatEvent && r.Quantity == 1 }},
		{"mines have a part of their own", func(r *truce.IncidentRow) { r.Incident.Acts[0].Act = "mine_laying" },
			func(r truce.BulletinRow) bool { return r.Part == partMines }},
		{"so have crossings", func(r *truce.IncidentRow) { r.Incident.Acts[0].Act = "civilian_crossing_closed" },
			func(r truce.BulletinRow) bool { return r.Part == partCivilians }},
		{"drones heard are told with the air", func(r *truce.IncidentRow) { r.Incident.Acts[0].Act = truce.ActUAVHeard },
			func(r truce.BulletinRow) bool { return r.Part == PartAir }},
		{"no evaluation", func(r *truce.IncidentRow) { r.Evaluation = nil },
			func(r truce.BulletinRow) bool {
				return r.Findings == nil && r.Control == "" && r.Unit == truce.UnitIncident
			}},
		{"no position", func(r *truce.IncidentRow) { r.Incident.Position = nil },
			func(r truce.BulletinRow) bool {
				return r.Place.Name == "Nordhavn" && r.Place.Cell == nil && r.Place.Near == nil
			}},
		{"a place off the list is its cell", func(r *truce.IncidentRow) { r.Incident.Place = "Somewhere" },
			func(r truce.BulletinRow) bool { return r.Place.Name == "" && r.Place.Cell != nil }},
	}
	for _, c := range cases {
		in := fixtureInput()
		in.Rows[0].Incident.Acts = slices.Clone(in.Rows[0].Incident.Acts)
		c.bend(&in.Rows[0])
		if r := mustDaily(t, in).Rows[0]; !c.ok(r) {
			t.Errorf("%s: %+v", c.name, r)
		}
	}
}

// withUncounted is a day with a permit and a claim among the rules: the first row is claimed
// as return fire, and its rule is read differently by the parties.
func withUncounted() DailyInput {
	in := fixtureInput()
	in.Terms.Rules = append(in.Terms.Rules,
		truce.BulletinRule{ID: "R20", Version: "v1", Clause: "7.2", Titles: truce.Names{"en": "demining", "uk": "розмінування"}, Acts: []truce.Act{"controlled_explosion"}, Kind: truce.RulePermit},
		truce.BulletinRule{ID: "R21", Version: "v1", Clause: "1.2", Titles: truce.Names{"en": "return fire", "uk": "вогонь у відповідь"}, Acts: []truce.Act{"return_fire"}, Kind: truce.RuleClaim})
	e := in.Rows[0].Evaluation
	e.Findings[0].Severity = 2
	e.Findings[0].Readings = []truce.Reading{{By: "A", Verdict: truce.VerdictHit, P: 0.93}, {By: "B", Verdict: truce.VerdictOutside, P: 0.0312}, {By: "union", Verdict: truce.VerdictHit, P: 0.93}}
	e.Findings = append(e.Findings, truce.Finding{Rule: "R20", Verdict: truce.VerdictExempt, Window: "W-01"},
		truce.Finding{Rule: "R21", Verdict: truce.VerdictIndeterminate, Reason: truce.ReasonEvidence, Conditions: []truce.Condition{
			{Name: "names_incident", State: truce.ConditionMet, Text: "it answers 2031-7"}, {Name: "notified_within", State: truce.ConditionUnknown, Text: "no notification is known"},
			{Name: "ordered_by", State: truce.ConditionNotMet}, {Name: "coordination_attempt_within", State: truce.ConditionUnknown}}})
	return in
}

// Rules that nothing hits have no table, no line among the groups and no absence; what they
// say of a row is told beside it, in every language.
func TestPermitsAndClaimsAreToldAndNotCounted(t *testing.T) {
	b := mustDaily(t, withUncounted())
	for _, table := range b.Tables {
		if table.Rule == "R20" || table.Rule == "R21" || table.Group == truce.GroupPermitted {
			t.Errorf("table %s counts what cannot be hit", table.Key)
		}
	}
	if c := b.Rows[0].Findings[3].Conditions; len(c) != 4 || c[0].Text != "" {
		t.Errorf("conditions %+v", c)
	}
	for lang, wanted := range map[string][]string{
		"en": {"Severity 2, the gravest being 4.", "The parties read this rule differently: Party A: meets the conditions, ", "; Party B: outside scope, ", "; all readings together: meets the conditions, ",
			"A claim under R21 (clause 1.2); it is recorded and decides nothing. Its conditions: the incident it answers is named: met; it was notified in time: not known; an authority with the right to it gave the order: not met; ",
			"Exempt under R20 (clause 7.2): a window or condition covers it."},
		"uk": {"Тяжкість 2, найбільша — 4.", "Сторони читають це правило по-різному: Сторона А: відповідає умовам, ", "; усі прочитання разом: ",
			"Заява за R21 (пункт 1.2); її записано, вона нічого не вирішує. Умови: названо інцидент, на який це відповідь: виконано; про це вчасно повідомлено: невідомо; "},
	} {
		for _, doc := range printed(t, b, lang) {
			if doc.Format == FormatMarkdown {
				mustContain(t, lang, string(doc.Body), wanted)
			}
			if problems := Lint(b, doc); len(problems) > 0 {
				t.Errorf("%s: %v", lang, problems)
			}
		}
	}
}

func mustContain(t *testing.T, name, text string, wanted []string) {
	t.Helper()
	for _, want := range wanted {
		if !strings.Contains(text, want) {
			t.Errorf("%s: want %q", name, want)
		}
	}
}

// What changes beside a verdict is listed when a new version says it.
func TestConditionsThatChangeAreCorrected(t *testing.T) {
	first := mustDaily(t, withUncounted())
	in := withUncounted()
	in.Rows[0].Evaluation.Findings[3].Conditions[1].State = truce.ConditionMet
	in.Rows[0].Incident.Revision++
	in.Version, in.Superseded = 2, &first
	second := mustDaily(t, in)
	found := false
	for _, c := range second.Corrections {
		found = found || strings.Contains(c.Old, "notified_within unknown") && strings.Contains(c.New, "notified_within met")
	}
	if !found {
		t.Errorf("corrections %+v", second.Corrections)
	}
}

// The public edition has the same details, with chances rounded and no words of the record.
func TestDetailsOfFindingsGoOutRounded(t *testing.T) {
	b := mustDaily(t, withUncounted())
	now := EarliestRelease(b).Add(PreliminaryAge)
	pub, err := mustGate(t, Policy{}).Edition(ReleaseInput{Bulletin: b, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	f := pub.Rows[0].Findings
	if len(f[0].Readings) != 3 || f[0].Readings[1].P == 0.0312 || b.Rows[0].Findings[0].Readings[1].P != 0.0312 || len(f[3].Conditions) != 4 {
		t.Errorf("%+v", f)
	}
	if problems := PublicProblems(pub); len(problems) > 0 {
		t.Error(problems)
	}
}

// An incident of the period is listed once: on its day when it is old enough, else on the
// day after, marked as carried.
func TestEveryIncidentIsListedOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := randomDay(t)
		first, err := Daily(in)
		if err != nil {
			t.Fatal(err)
		}
		next := dayAfterOf(in, first)
		second, err := Daily(next)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range in.Rows {
			id, mid := r.Incident.ID.String(), r.Incident.Time.Mid()
			if !in.Period.Contains(mid) {
				continue
			}
			young := in.Published.Sub(r.Incident.Time.To) < PreliminaryAge
			stillYoung := next.Published.Sub(r.Incident.Time.To) < PreliminaryAge
			row, now := listedRow(first, id)
			if now == young || now && row.Carried {
				t.Fatalf("%s ended %s before publication: listed %v, carried %v", id, in.Published.Sub(r.Incident.Time.To), now, row.Carried)
			}
			row, after := listedRow(second, id)
			if after != (young && !stillYoung) || after && !row.Carried {
				t.Fatalf("%s, young %v then and %v now: listed the day after %v, carried %v", id, young, stillYoung, after, row.Carried)
			}
		}
		for i := 1; i < len(second.Rows); i++ {
			if second.Rows[i].Time.From < second.Rows[i-1].Time.From || second.Rows[i].N != i+1 {
				t.Fatalf("row %d is out of order", second.Rows[i].N)
			}
		}
	})
}

func listedRow(b truce.Bulletin, id string) (truce.BulletinRow, bool) {
	i := slices.IndexFunc(b.Rows, func(r truce.BulletinRow) bool { return r.ID == id })
	if i < 0 {
		return truce.BulletinRow{}, false
	}
	return b.Rows[i], true
}

// A carried row says so in its sentence and in its line of the annex.
func TestCarriedRowsAreMarked(t *testing.T) {
	in := fixtureInput()
	first := mustDaily(t, in)
	b := mustDaily(t, dayAfterOf(in, first))
	if len(b.Rows) != 1 || !b.Rows[0].Carried {
		t.Fatalf("rows of the day after: %+v, want the one that was too young", b.Rows)
	}
	for lang, wants := range map[string][]string{
		"en": {"Of the previous period, preliminary then.", "2026-04-11 15:00:00 UTC ± 30\u00a0s; of the previous period"},
		"uk": {"З попереднього періоду, тоді — попередньо.", "11.04.2026 15:00:00 UTC ± 30\u00a0с; попереднього періоду"},
	} {
		for _, doc := range printed(t, b, lang) {
			text := ""
			for _, line := range visibleLines(doc) {
				text += line.text + "\n"
			}
			for _, want := range wants {
				if !strings.Contains(text, want) {
					t.Errorf("%s %s lacks %q", lang, doc.Format, want)
				}
			}
		}
	}
	if hits := tableNamed(t, b, "rule.R01").Total.Cells[0]; hits.This.N != 0 || hits.Previous.N != 3 {
		t.Errorf("a carried hit counts %d now and %d before, want 0 and 3", hits.This.N, hits.Previous.N)
	}
}

func TestAreasThatNameALineAreRefused(t *testing.T) {
	for _, id := range []truce.AreaID{"", "total", "unknown", truce.AreaElsewhere} {
		in := fixtureInput()
		in.Terms.Areas[0].ID = id
		if _, err := Daily(in); truce.CodeOf(err) != truce.CodeInvalid {
			t.Errorf("an area %q: %v", id, err)
		}
	}
}

// The map that says who controls what is the one the agreement names, not the first line.
func TestTheMapOfControl(t *testing.T) {
	in := fixtureInput()
	in.Terms.Lines = append([]truce.BulletinLine{{ID: "SEA", AccuracyM: 10}}, in.Terms.Lines...)
	heat := tableNamed(t, mustDaily(t, in), "heat.control")
	if heat.Map != "survey" || heat.MapVersion != "2026-04-10" {
		t.Errorf("the first line with a map: %q %q", heat.Map, heat.MapVersion)
	}
	in.Terms.ControlMap, in.Terms.ControlVersion = "analysts", "7"
	heat = tableNamed(t, mustDaily(t, in), "heat.control")
	if heat.Map != "analysts" || heat.MapVersion != "7" {
		t.Errorf("the map that decides: %q %q", heat.Map, heat.MapVersion)
	}
	in = fixtureInput()
	in.Terms.Lines = nil
	if heat = tableNamed(t, mustDaily(t, in), "heat.control"); heat.Map != "" {
		t.Errorf("no map at all: %q", heat.Map)
	}
	for lang, want := range map[string]string{"en": "on map survey, version 2026-04-10.", "uk": "на карті survey, версія 2026-04-10."} {
		doc, err := Markdown(mustDaily(t, fixtureInput()), PrintOptions{Lang: lang})
		if err != nil || !strings.Contains(string(doc.Body), want) {
			t.Errorf("%s lacks %q; %v", lang, want, err)
		}
	}
}

func TestPublicationDecidesWhatIsPreliminary(t *testing.T) {
	in := fixtureInput()
	for hours, want := range map[time.Duration]int{15: 8, 22: 8, 23: 9, 48: 9} {
		in.Published = in.Period.To.Add(hours * time.Hour)
		if got := len(mustDaily(t, in).Rows); got != want {
			t.Errorf("published %d h after the cut-off: %d rows listed, want %d", hours, got, want)
		}
	}
}

// A row that is still too young when the next Daily is published is not listed there
// either.
func TestACarriedRowIsOldEnough(t *testing.T) {
	in := fixtureInput()
	long := &in.Rows[8].Incident // until nine hours after the cut-off
	long.Time = truce.PhenomenonTime{From: at("2026-04-11T06:00:00Z"), To: at("2026-04-12T01:30:00Z"), Sigma: 60e6}
	first := mustDaily(t, in)
	next := dayAfterOf(in, first)
	for hours, want := range map[time.Duration]int{0: 0, 8: 0, 9: 1, 15: 1} {
		next.Published = next.Period.To.Add(hours * time.Hour)
		if got := len(mustDaily(t, next).Rows); got != want {
			t.Errorf("published %d h after its cut-off: %d carried rows, want %d", hours, got, want)
		}
	}
}

// A bulletin holds the agreed names its rows, restrictions and corrections use, no others.
func TestABulletinHoldsTheNamesItUses(t *testing.T) {
	keys := func(b truce.Bulletin) (out []string) {
		for _, p := range b.Places {
			out = append(out, p.Key)
		}
		return out
	}
	in := fixtureInput()
	in.Terms.Places = append(in.Terms.Places, truce.PlaceName{Key: "Far", Names: truce.Names{"en": "Far", "uk": "Далеко"}})
	first := mustDaily(t, in)
	if got := keys(first); !slices.Equal(got, []string{"Nordhavn", "Two Wells"}) {
		t.Errorf("names %q", got)
	}
	in.Rows, in.Restrictions = in.Rows[:1], nil
	if got := keys(mustDaily(t, in)); !slices.Equal(got, []string{"Nordhavn"}) {
		t.Errorf("one row near Nordhavn: names %q", got)
	}
	in.Rows[0].Incident.Place, in.Version, in.Superseded = "Far", 2, &first
	if got := keys(mustDaily(t, in)); !slices.Equal(got, []string{"Nordhavn", "Far"}) {
		t.Errorf("a row that was near Nordhavn and is near Far: names %q", got)
	}
}

// withBeside is a day whose first row has everything that stands beside a verdict.
func withBeside() DailyInput {
	in := fixtureInput()
	f := &in.Rows[0].Evaluation.Findings[0]
	f.Number = &truce.Seen{AtLeast: 4, AtMost: 7, Allowed: 5}
	f.Reported = []string{"inside_distance", "missing_or_unverified"}
	f.Bearer = []truce.SideShare{{Party: "A", P: 0.1234567}, {Party: "B", P: 0.8765433}}
	f.Chain = []string{"2031-7 at 2031-03-11 15:50:00 UTC (indirect_fire)", "2031-8, of which nothing is known"}
	return in
}

// What stands beside a verdict is told in every language: the numbers of a limit, the heads
// of the report, whose duty it was and what a claim answers.
func TestWhatStandsBesideAVerdict(t *testing.T) {
	b := mustDaily(t, withBeside())
	for lang, wanted := range map[string][]string{
		"en": {"At least 4 and at most 7 seen, 5 allowed; what was seen at another time may be the same.", "Reported as: inside the withdrawal distance.",
			"Reported as: could not be verified or missing.", "Whose duty it was, by the terms: Party A (", "It answers, one after the other: 2031-7 at 2031-03-11 15:50:00 UTC",
			"beyond the lines but outside a designated store: no row is listed."},
		"uk": {"Помічено щонайменше 4 і щонайбільше 7, дозволено 5;", "Повідомляється як: у межах відстані відведення.", "Чий це був обов’язок за умовами: Сторона А (",
			"Це відповідь, одна за одною, на: 2031-7", "за лініями, але поза визначеним сховищем: рядків не наведено."},
	} {
		for _, doc := range printed(t, b, lang) {
			if doc.Format == FormatMarkdown {
				mustContain(t, lang, strings.ReplaceAll(string(doc.Body), "\\", ""), wanted)
			}
			if problems := Lint(b, doc); len(problems) > 0 {
				t.Errorf("%s %s: %v", lang, doc.Format, problems)
			}
		}
	}
	table, err := CSV(b)
	if err != nil {
		t.Fatal(err)
	}
	mustContain(t, "csv", string(table), []string{"4 to 7 seen, 5 allowed; reported inside_distance; reported missing_or_unverified; bearer A 0.12; bearer B 0.88; answers 2031-7"})
}

// A number that is known is printed once, and refused neither as typed nor as missing.
func TestAKnownNumberOfALimit(t *testing.T) {
	in := withBeside()
	in.Rows[0].Evaluation.Findings[0].Number = &truce.Seen{AtLeast: 6, AtMost: 6, Allowed: 5}
	b := mustDaily(t, in)
	for lang, want := range map[string]string{"en": "6 seen, 5 allowed.", "uk": "Помічено 6, дозволено 5."} {
		for _, doc := range printed(t, b, lang) {
			if doc.Format == FormatMarkdown {
				mustContain(t, lang, string(doc.Body), []string{want})
			}
			if problems := Lint(b, doc); len(problems) > 0 {
				t.Errorf("%s %s: %v", lang, doc.Format, problems)
			}
		}
	}
}

// What a claim answers names incidents and their times, and stays; shares are coarse.
func TestWhatStandsBesideAVerdictOutside(t *testing.T) {
	p := passage{gate: &Gate{policy: Policy{Key: []byte("a key of the test")}, grid: gridOf(DefaultCellKm)}}
	row := mustDaily(t, withBeside()).Rows[0]
	f := p.row(row).Findings[0]
	if f.Chain != nil || f.Bearer[0].P != 0.12 || f.Bearer[1].P != 0.88 || *f.Number != (truce.Seen{AtLeast: 4, AtMost: 7, Allowed: 5}) || len(f.Reported) != 2 {
		t.Errorf("goes out as %+v", f)
	}
	if row.Findings[0].Chain == nil || row.Findings[0].Bearer[0].P == 0.12 {
		t.Error("the mission's own row was changed")
	}
	problems := PublicProblems(truce.Bulletin{Edition: truce.EditionPublic, Rows: []truce.BulletinRow{{N: 1, ID: "p1", Findings: row.Findings}}})
	if len(problems) != 1 || !strings.Contains(problems[0].String(), "names the incidents that a claim answers") {
		t.Errorf("the gate found %v", problems)
	}
}
