package publish

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/trucewatch/truce"
)

func TestDailyPrintsTheSameEveryTime(t *testing.T) {
	b := mustDaily(t, fixtureInput())
	raw, err := JSON(b)
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "daily.json.golden", raw)
	opt := PrintOptions{StyleURL: "/style.css", MethodURL: "/method", ReportURL: "/report", JSONURL: "daily.json", CSVURL: "daily.csv", RowURL: "/incidents/"}
	for _, lang := range Languages() {
		opt.Lang = lang
		page, err := HTML(b, opt)
		if err != nil {
			t.Fatal(err)
		}
		golden(t, "daily."+lang+".html.golden", page.Body)
		md, err := Markdown(b, opt)
		if err != nil {
			t.Fatal(err)
		}
		golden(t, "daily."+lang+".md.golden", md.Body)
	}
	table, err := CSV(b)
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "daily.csv.golden", table)
}

func TestJSONIsCanonicalAndComesBack(t *testing.T) {
	b := mustDaily(t, fixtureInput())
	raw, err := JSON(b)
	if err != nil {
		t.Fatal(err)
	}
	again, err := truce.CanonicalJSON(raw)
	if err != nil || !bytes.Equal(raw, again) {
		t.Errorf("not canonical: %v", err)
	}
	var back truce.Bulletin
	if err := json.Unmarshal(raw, &back); err != nil {
		t.Fatal(err)
	}
	raw2, err := JSON(back)
	if err != nil || !bytes.Equal(raw, raw2) {
		t.Errorf("reading and writing changed the bulletin: %v", err)
	}
}

func TestDailyCounts(t *testing.T) {
	b := mustDaily(t, fixtureInput())
	r01 := tableNamed(t, b, "rule.R01")
	north, total := r01.Lines[0], r01.Total
	check := func(what string, got, want any) {
		t.Helper()
		if got != want {
			t.Errorf("%s: %v, want %v", what, got, want)
		}
	}
	check("hits north, in engagements", north.Cells[0].This.N, 2)
	check("unit of hits", r01.Splits[0].Unit, truce.UnitEngagement)
	check("exempt north", north.Cells[1].This.N, 1)
	check("indeterminate in all, heat apart", total.Cells[2].This.N, 1)
	check("heat that is not decided", total.Cells[4].This.N, 1)
	check("unit of heat that is not decided", r01.Splits[4].Unit, truce.UnitHeatEvent)
	check("preliminary hits", total.Cells[0].Preliminary.N, 1)
	check("previous hits", total.Cells[0].Previous.N, 4)
	check("hit counted under another rule", tableNamed(t, b, "rule.R10").Total.Cells[0].This.N, 1)
	check("fire, corroborated", tableNamed(t, b, "fire").Total.Cells[2].This.N, 1)
	check("fire, reported", tableNamed(t, b, "fire").Total.Cells[0].This.N, 1)
	check("heat in its own unit", tableNamed(t, b, "heat").Splits[0].Unit, truce.UnitHeatEvent)
	check("heat events", tableNamed(t, b, "heat").Total.Cells[0].This.N, 1)
	check("explosions", tableNamed(t, b, "signature").Total.Cells[0].This.N, 1)
	check("bursts without a place", tableNamed(t, b, "signature").Lines[2].Cells[1].This.N, 1)
	check("duplicates are listed", tableNamed(t, b, "exits").Total.Cells[3].This.N, 1)
	check("heat under control of B", tableNamed(t, b, "heat.control").Lines[1].Cells[0].This.N, 1)
	check("reports", tableNamed(t, b, "received.reports").Total.Cells[0].This.N, 11)
	check("rows listed", len(b.Rows), 8)
}

func TestZeroWithoutCoverageIsNotObserved(t *testing.T) {
	b := mustDaily(t, fixtureInput())
	r10 := tableNamed(t, b, "rule.R10")
	if got := r10.Lines[0].Cells[0].This.Form; got != truce.FigureExact {
		t.Errorf("north, coverage .85: form %s, want exact", got)
	}
	south := r10.Lines[1]
	if got := south.Cells[0].This.Form; got != truce.FigureAtLeast {
		t.Errorf("south, one denial at coverage .25: form %s, want at_least", got)
	}
	if got := south.Cells[1].This.Form; got != truce.FigureNotObserved {
		t.Errorf("south, nothing at coverage .25: form %s, want not_observed", got)
	}
	in := fixtureInput()
	in.Coverage = nil
	for _, table := range mustDaily(t, in).Tables {
		for _, l := range table.Lines {
			for _, c := range l.Cells {
				if l.Coverage == nil && c.This.Form == truce.FigureExact {
					t.Errorf("%s, line %q: exact without any coverage", table.Key, l.Key)
				}
			}
		}
	}
}

func TestSatellitesOfHeatAreNoCoverageForActs(t *testing.T) {
	in := fixtureInput()
	in.Absences[0].Coverage.Family = truce.FamilyThermal
	in.Coverage = in.Coverage[2:] // thermal alone
	r10 := tableNamed(t, mustDaily(t, in), "rule.R10").Lines[0]
	if r10.Coverage != nil || r10.Cells[0].This.Form != truce.FigureNotObserved {
		t.Errorf("north, only thermal passes: coverage %v, nothing reads %s", r10.Coverage, r10.Cells[0].This.Form)
	}
}

func TestPreliminaryRowsAreNotListed(t *testing.T) {
	in := fixtureInput()
	for _, r := range mustDaily(t, in).Rows {
		if r.Time.To > in.Published.Add(-PreliminaryAge) {
			t.Errorf("row %d ended %s, under %s before publication", r.N, r.Time.To, PreliminaryAge)
		}
	}
	in.Published = in.Period.To.Add(48 * time.Hour)
	late := mustDaily(t, in)
	if len(late.Rows) != 9 {
		t.Errorf("two days later: %d rows, want all 9", len(late.Rows))
	}
	if n := tableNamed(t, late, "rule.R01").Total.Cells[0]; n.This.N != 3 || n.Preliminary.N != 0 {
		t.Errorf("two days later: %d hits and %d preliminary, want 3 and 0", n.This.N, n.Preliminary.N)
	}
}

// dayAfter is the input for the day after the fixture's, with the fixture's rows as the
// previous period.
func dayAfter(first truce.Bulletin) DailyInput {
	in := fixtureInput()
	in.PreviousRows = in.Rows
	in.Rows = nil
	in.Previous = in.Period
	in.Period = truce.Period{From: in.Period.To, To: in.Period.To.Add(24 * time.Hour), Zone: zone}
	in.Published = in.Period.To.Add(PreliminaryDelay)
	in.PreviousBulletin = &first
	in.Received = nil
	in.Absences = nil
	return in
}

func TestPreviousPeriodIsTheOneOfTheDayBefore(t *testing.T) {
	first := mustDaily(t, fixtureInput())
	in := dayAfter(first)
	second := mustDaily(t, in)
	for _, table := range second.Tables {
		was := tableNamed(t, first, table.Key)
		for split, c := range table.Total.Cells {
			want := was.Total.Cells[split].This.N + was.Total.Cells[split].Preliminary.N
			if c.Previous == nil || c.Previous.N != want {
				t.Errorf("%s %s: previous %v, the day before printed %d", table.Key, table.Splits[split].Key, c.Previous, want)
			}
		}
	}
	if len(second.Corrections) != 0 {
		t.Errorf("nothing changed, yet corrections say %v", second.Corrections)
	}
	if len(second.Rows) != 1 || !second.Rows[0].Carried {
		t.Errorf("rows %v: want the one that was preliminary, carried", second.Rows)
	}
}

func TestAChangedPreviousPeriodIsCorrected(t *testing.T) {
	first := mustDaily(t, fixtureInput())
	in := dayAfter(first)
	in.PreviousRows[0].Incident.Occurrence = truce.OccurrenceRefuted
	second := mustDaily(t, in)
	if got := UnlistedChanges(first, second); len(got) != 0 {
		t.Errorf("changes without a correction: %v", got)
	}
	found := false
	for _, c := range second.Corrections {
		found = found || c.Subject == "rule.R01/total/hit" && c.Old == ">= 3" && c.New == ">= 1"
	}
	if !found {
		t.Errorf("no correction of R01's total from >= 3 to >= 1 in %v", second.Corrections)
	}
	second.Corrections = nil
	if len(UnlistedChanges(first, second)) == 0 {
		t.Error("without its corrections the bulletin still passes")
	}
}

func TestPreviousFromTheBulletinAlone(t *testing.T) {
	first := mustDaily(t, fixtureInput())
	in := dayAfter(first)
	in.PreviousRows = nil
	table := tableNamed(t, mustDaily(t, in), "rule.R01")
	if got := table.Total.Cells[0].Previous; got == nil || got.N != 3 {
		t.Errorf("previous hits %v, want 3 as printed", got)
	}
	in.PreviousBulletin = nil
	table = tableNamed(t, mustDaily(t, in), "rule.R01")
	if got := table.Total.Cells[0].Previous; got != nil {
		t.Errorf("nothing known of the day before, yet previous is %v", got)
	}
}

func TestAnotherRuleVersionIsNotCompared(t *testing.T) {
	in := fixtureInput()
	in.Terms.Rules[0].Version = "v2"
	if got := tableNamed(t, mustDaily(t, in), "rule.R01").Total.Cells[0].Previous; got != nil {
		t.Errorf("rule v2 compared with rows held against v1: %v", got)
	}
}

func TestANewVersionListsWhatChanged(t *testing.T) {
	first := mustDaily(t, fixtureInput())
	in := fixtureInput()
	in.Version, in.Superseded = 2, &first
	in.Rows[0].Incident.Occurrence = truce.OccurrenceVerified
	in.Rows = in.Rows[:7]
	second := mustDaily(t, in)
	if second.Number != "D-2026-04-11-v2" || second.Supersedes != "D-2026-04-11" {
		t.Errorf("number %s, supersedes %s", second.Number, second.Supersedes)
	}
	want := map[string]bool{"occurrence": false, "row": false, "this_period": false, "preliminary": false}
	for _, c := range second.Corrections {
		want[c.Field] = true
	}
	for field, seen := range want {
		if !seen {
			t.Errorf("no correction of %s in %v", field, second.Corrections)
		}
	}
	if got := UnlistedChanges(first, second); len(got) != 0 {
		t.Errorf("changes without a correction: %v", got)
	}
}

func TestEveryPartSaysWhyItIsEmpty(t *testing.T) {
	in := fixtureInput()
	in.Rows, in.Absences, in.Restrictions = nil, nil, nil
	b := mustDaily(t, in)
	for _, p := range b.Parts {
		if needsAbsence(p.Key, nil) && len(p.Absences) == 0 {
			t.Errorf("part %s is empty and prints no absence", p.Key)
		}
	}
	if last := b.Parts[len(b.Parts)-1]; last.Key != PartAnnex || last.Number != len(b.Parts) {
		t.Errorf("last part is %d %s, want the annex", last.Number, last.Key)
	}
	in.Terms.Parts = []string{PartSea}
	found := false
	for _, p := range mustDaily(t, in).Parts {
		found = found || p.Key == PartSea
	}
	if !found {
		t.Error("the agreement lists the part sea, the bulletin does not have it")
	}
}

func TestDailyRefusesBadInput(t *testing.T) {
	other := mustDaily(t, fixtureInput())
	cases := []struct {
		name string
		bend func(*DailyInput)
		want string
	}{
		{"no mission", func(in *DailyInput) { in.Mission = "" }, "names of the mission"},
		{"empty period", func(in *DailyInput) { in.Period.To = in.Period.From }, "period ends"},
		{"gap between periods", func(in *DailyInput) { in.Previous.To-- }, "previous period must end"},
		{"published early", func(in *DailyInput) { in.Published = in.Period.To - 1 }, "before its cut-off"},
		{"version 0", func(in *DailyInput) { in.Version = 0 }, "version is 0"},
		{"version 2 of nothing", func(in *DailyInput) { in.Version = 2 }, "needs the version it replaces"},
		{"coverage minimum", func(in *DailyInput) { in.Terms.CoverageMin = 1.5 }, "coverage minimum"},
		{"realm", func(in *DailyInput) { in.Realm = "drill" }, "realm"},
		{"zone", func(in *DailyInput) { in.Period.Zone = "Kyiv" }, "IANA"},
		{"epoch", func(in *DailyInput) { in.Terms.Epoch = "1 April" }, "epoch"},
		{"previous bulletin of another day", func(in *DailyInput) { in.PreviousBulletin = &other }, "the previous period is"},
		{"replaces itself", func(in *DailyInput) { in.Superseded = &other }, "cannot replace"},
	}
	for _, c := range cases {
		in := fixtureInput()
		c.bend(&in)
		_, err := Daily(in)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want one that says %q", c.name, err, c.want)
		}
	}
}

func TestDayNumber(t *testing.T) {
	cases := []struct {
		day, epoch truce.Day
		one        bool
		want       int
	}{
		{"2026-01-07", "2022-02-24", false, 1413}, // a press list of that day
		{"2022-02-24", "2022-02-24", false, 0},
		{"2022-02-24", "2022-02-24", true, 1},
		{"2022-02-23", "2022-02-24", false, -1},
	}
	for _, c := range cases {
		got, err := dayNumber(c.day, c.epoch, c.one)
		if err != nil || got != c.want {
			t.Errorf("%s since %s: %d %v, want %d", c.day, c.epoch, got, err, c.want)
		}
	}
}

func TestMidnightBelongsToTheDayThatEnds(t *testing.T) {
	in := fixtureInput()
	in.Period = truce.Period{From: at("2026-04-09T21:00:00Z"), To: at("2026-04-10T21:00:00Z"), Zone: zone}
	in.Previous = truce.Period{From: at("2026-04-08T21:00:00Z"), To: at("2026-04-09T21:00:00Z"), Zone: zone}
	if b := mustDaily(t, in); b.Day != "2026-04-10" {
		t.Errorf("period ends at midnight after 10 April; day is %s", b.Day)
	}
}
