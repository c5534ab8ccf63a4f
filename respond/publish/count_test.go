package publish

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/trucewatch/truce"
)

// model counts a day a second time, from the incidents and in its own words: it shares
// nothing with the counting but the vocabulary. Numbers are by table, line and column.
type model struct {
	now, early, before map[string]int
	counting           int // incidents of the period that count, listed or not
}

// tableOfAct is where an incident that counts must stand, once.
var tableOfAct = map[truce.Act]string{
	truce.ActIndirectFire: "fire", truce.ActDirectFire: "fire", truce.ActDenyAccess: "access", "mine_laying": "ground", "sea_mine": "maritime",
	"recon_uav": "overflight", truce.ActAttackEnergy: "protected",
	truce.ActExplosion: "signature", truce.ActBurst: "signature", "": "signature", "not_of_the_tree": "signature",
	truce.ActHeat: "heat", truce.ActCrater: "trace", truce.ActUAVHeard: "heard",
}

func modelOf(in DailyInput) model {
	m := model{map[string]int{}, map[string]int{}, map[string]int{}, 0}
	for _, r := range in.Rows {
		mid := r.Incident.Time.From + (r.Incident.Time.To-r.Incident.Time.From)/2
		if mid < in.Period.From || mid >= in.Period.To {
			continue
		}
		if m.add(m.columnOf(in, r), r, in) {
			m.counting++
		}
	}
	for _, r := range in.PreviousRows {
		mid := r.Incident.Time.From + (r.Incident.Time.To-r.Incident.Time.From)/2
		if mid >= in.Previous.From && mid < in.Previous.To {
			m.add(m.before, r, in)
		}
	}
	return m
}

func (m model) columnOf(in DailyInput, r truce.IncidentRow) map[string]int {
	if in.Published.Sub(r.Incident.Time.To) < PreliminaryAge {
		return m.early
	}
	return m.now
}

// add counts one incident everywhere it must stand and says whether it counts.
func (m model) add(into map[string]int, r truce.IncidentRow, in DailyInput) bool {
	state, act := r.Incident.Occurrence, truce.Act("")
	if len(r.Incident.Acts) > 0 {
		act = r.Incident.Acts[0].Act
	}
	put := func(table, line, split string, n int) {
		into[table+"/"+line+"/"+split] += n
		into[table+"/total/"+split] += n
	}
	heat := ""
	if act == truce.ActHeat {
		heat = "heat."
	}
	area := modelArea(r, in)
	if slices.Contains([]truce.Occurrence{truce.OccurrenceExplained, truce.OccurrenceRefuted, truce.OccurrenceUnverifiable, truce.OccurrenceDuplicate}, state) {
		put("exits", area, heat+string(state), 1)
		return false
	}
	table := tableOfAct[act]
	split := string(state)
	if slices.Contains([]string{"signature", "heat", "trace", "heard"}, table) {
		split = string(act)
	}
	if act == "" || act == "not_of_the_tree" {
		split = "unknown"
	}
	put(table, area, split, 1)
	if slices.Contains([]string{"fire", "signature", "heat", "trace"}, table) {
		put(table+".control", modelParty(r), split, 1)
	}
	m.addVerdicts(put, r, area, heat)
	return true
}

func (m model) addVerdicts(put func(table, line, split string, n int), r truce.IncidentRow, area, heat string) {
	if r.Evaluation == nil {
		return
	}
	for _, f := range r.Evaluation.Findings {
		table := "rule." + string(f.Rule)
		switch {
		case f.Verdict == truce.VerdictHit && f.CountedUnder == "" && heat == "":
			put(table, area, "hit", f.Count)
		case f.Verdict == truce.VerdictExempt:
			put(table, area, heat+"exempt", 1)
		case f.Verdict == truce.VerdictIndeterminate:
			put(table, area, heat+"indeterminate", 1)
		}
	}
}

func modelArea(r truce.IncidentRow, in DailyInput) string {
	for _, a := range in.Terms.Areas {
		if a.ID == r.Incident.Area {
			return string(a.ID)
		}
	}
	if r.Incident.Area == "" {
		return "unknown"
	}
	return "elsewhere"
}

func modelParty(r truce.IncidentRow) string {
	if r.Evaluation != nil {
		for _, f := range r.Evaluation.Findings {
			for _, s := range f.EffectSide {
				if s.P >= 0.7 && (s.Party == "A" || s.Party == "B") {
					return string(s.Party)
				}
			}
		}
	}
	return "unknown"
}

// Whatever a day holds, every number is what the model counts, nothing the model counts
// is missing, and lines sum to totals.
func TestEveryNumberIsWhatTheIncidentsSay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := randomDay(t)
		b, err := Daily(in)
		if err != nil {
			t.Fatal(err)
		}
		m, seen := modelOf(in), map[string]bool{}
		for i := range b.Tables {
			if b.Tables[i].Subject == subjectReceived {
				continue
			}
			eachCell(&b.Tables[i], func(line truce.CountLine, name string, split int) {
				key := figureKey(&b.Tables[i], name, split)
				seen[key] = true
				c := line.Cells[split]
				if c.This.N != m.now[key] || c.Preliminary.N != m.early[key] {
					t.Fatalf("%s: %d and %d preliminary, want %d and %d", key, c.This.N, c.Preliminary.N, m.now[key], m.early[key])
				}
				if (c.Previous != nil) != (in.PreviousRows != nil) {
					t.Fatalf("%s: previous %v, rows of the period before given: %v", key, c.Previous, in.PreviousRows != nil)
				}
				if c.Previous != nil && c.Previous.N != m.before[key] {
					t.Fatalf("%s: previous %d, want %d", key, c.Previous.N, m.before[key])
				}
			})
		}
		for what, counts := range map[string]map[string]int{"this period": m.now, "preliminary": m.early, "previous": m.before} {
			for key, n := range counts {
				if n > 0 && !seen[key] {
					t.Fatalf("%s: %s counts %d, and no table has it", what, key, n)
				}
			}
		}
	})
}

// An incident that counts stands in one table of acts, once; heat stands among heat
// events and nothing else does.
func TestEveryIncidentIsCountedOnceInItsUnit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := randomDay(t)
		b, err := Daily(in)
		if err != nil {
			t.Fatal(err)
		}
		total := 0
		times := map[int]int{}
		for i := range b.Tables {
			table := &b.Tables[i]
			for split, s := range table.Splits {
				c := table.Total.Cells[split]
				for n := range c.This.Rows.All() {
					r := b.Rows[n-1]
					if isHeat := r.Act == truce.ActHeat; isHeat != (s.Unit == truce.UnitHeatEvent) {
						t.Fatalf("row %d (%s) counts as %s in %s/%s", n, r.Act, s.Unit, table.Key, s.Key)
					}
				}
				if table.By != truce.CountByArea || table.Subject == subjectRule || table.Subject == subjectExits || table.Subject == subjectReceived {
					continue
				}
				total += c.This.N + c.Preliminary.N
				for n := range c.This.Rows.All() {
					times[n]++
				}
			}
		}
		if want := modelOf(in).counting; total != want {
			t.Fatalf("the tables of acts count %d, %d incidents count", total, want)
		}
		for _, r := range b.Rows {
			want := 0
			if r.Counts() && !r.Carried {
				want = 1
			}
			if times[r.N] != want {
				t.Fatalf("row %d (%s, %s, carried %v) counts %d times, want %d", r.N, r.Act, r.Occurrence, r.Carried, times[r.N], want)
			}
		}
	})
}

// The previous period is the same number whether it is counted from its rows or taken
// from what its own Daily printed, as long as nothing has changed.
func TestThePreviousPeriodIsTheSameFromRowsAndFromPrint(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := randomDay(t)
		first, err := Daily(in)
		if err != nil {
			t.Fatal(err)
		}
		next := dayAfterOf(in, first)
		counted, err := Daily(next)
		if err != nil {
			t.Fatal(err)
		}
		next.PreviousRows = nil
		printed, err := Daily(next)
		if err != nil {
			t.Fatal(err)
		}
		a, b := previousNumbers(counted), previousNumbers(printed)
		if fmt.Sprint(a) != fmt.Sprint(b) {
			t.Fatalf("from rows:\n%v\nfrom print:\n%v", a, b)
		}
		if problems := Lint(printed, Document{}); len(problems) > 0 {
			t.Fatalf("taken from print: %v", problems)
		}
	})
}

func previousNumbers(b truce.Bulletin) []string {
	var out []string
	for i := range b.Tables {
		eachCell(&b.Tables[i], func(line truce.CountLine, name string, split int) {
			if p := line.Cells[split].Previous; p != nil && p.N > 0 {
				out = append(out, fmt.Sprintf("%s %d", figureKey(&b.Tables[i], name, split), p.N))
			}
		})
	}
	return out
}

// A number reads as not observed or as a lower bound wherever coverage is under the
// minimum or not stated, and zero is never printed there.
func TestNoZeroWithoutCoverage(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := randomDay(t)
		b, err := Daily(in)
		if err != nil {
			t.Fatal(err)
		}
		for i := range b.Tables {
			eachCell(&b.Tables[i], func(line truce.CountLine, name string, split int) {
				enough := line.Coverage != nil && *line.Coverage >= b.CoverageMin
				c := line.Cells[split]
				if !enough && (c.This.Form == truce.FigureExact || c.This.N > 0 != (c.This.Form == truce.FigureAtLeast)) {
					t.Fatalf("%s: %d reads %s at coverage %v", figureKey(&b.Tables[i], name, split), c.This.N, c.This.Form, line.Coverage)
				}
				if name == lineTotal && c.This.Form == truce.FigureExact {
					for _, l := range b.Tables[i].Lines {
						if l.Key != "" && l.Cells[split].This.Form != truce.FigureExact {
							t.Fatalf("%s: the total is exact, %s is %s", figureKey(&b.Tables[i], name, split), l.Key, l.Cells[split].This.Form)
						}
					}
				}
			})
		}
	})
}

func TestPlacesElsewhereAndUnknownHaveTheirOwnLines(t *testing.T) {
	in := fixtureInput()
	in.Rows[0].Incident.Area = truce.AreaElsewhere
	in.Rows[4].Incident.Area = "an area the agreement dropped"
	b := mustDaily(t, in)
	lines := func(key string) (out []string) {
		for _, l := range tableNamed(t, b, key).Lines {
			out = append(out, l.Key)
		}
		return out
	}
	cases := []struct {
		table string
		want  []string
	}{
		{"rule.R01", []string{"north", "south", "elsewhere"}},
		{"rule.R10", []string{"north", "south"}},
		{"signature", []string{"north", "south", "elsewhere", ""}},
		{"heat", []string{"north", "south"}},
		{"fire.control", []string{"A", "B", ""}},
		{"heat.control", []string{"A", "B"}},
	}
	for _, c := range cases {
		if got := lines(c.table); !slices.Equal(got, c.want) {
			t.Errorf("%s has the lines %q, want %q", c.table, got, c.want)
		}
	}
	if total := tableNamed(t, b, "rule.R01").Total; total.Coverage == nil || *total.Coverage < 0.54 || *total.Coverage > 0.55 {
		t.Errorf("coverage of the total %v: a line outside the areas must not lower the mean", *total.Coverage)
	}
}

func TestReceivedLinesWithNothingInThem(t *testing.T) {
	in := fixtureInput()
	in.Received = []Received{{Key: "detections", Unit: truce.UnitDetection, By: truce.CountByArea, HasPrevious: true, Lines: []ReceivedLine{
		{Key: "north", IDs: ids(3, "n"), Previous: 1, Coverage: share(0.9), PreviousCoverage: share(0.9)},
		{Key: "south", Coverage: share(0.7), PreviousCoverage: share(0.7)},
		{Key: "elsewhere"}, {Key: ""},
	}}}
	table := tableNamed(t, mustDaily(t, in), "received.detections")
	if len(table.Lines) != 2 || table.Total.Cells[0].This.Form != truce.FigureExact || *table.Total.Coverage != 0.8 {
		t.Errorf("%d lines, total %s at %v; empty lines elsewhere and unknown must not stand nor lower the total", len(table.Lines), table.Total.Cells[0].This.Form, *table.Total.Coverage)
	}
	in.Received[0].Lines[2].Previous = 4
	table = tableNamed(t, mustDaily(t, in), "received.detections")
	if len(table.Lines) != 3 || table.Total.Cells[0].Previous.N != 5 || table.Total.Cells[0].Previous.Form != truce.FigureAtLeast {
		t.Errorf("%d lines, previous total %+v; four were elsewhere the day before", len(table.Lines), table.Total.Cells[0].Previous)
	}
}

func TestARuleOutOfScopeInAnotherVersionIsNotCompared(t *testing.T) {
	in := fixtureInput()
	for i := range in.PreviousRows {
		for j := range in.PreviousRows[i].Evaluation.Findings {
			f := &in.PreviousRows[i].Evaluation.Findings[j]
			f.RuleVersion, f.Verdict = "v0", truce.VerdictOutside
		}
	}
	if got := tableNamed(t, mustDaily(t, in), "rule.R01").Total.Cells[0].Previous; got != nil {
		t.Errorf("rows outside the scope of an older version are compared: %+v", got)
	}
	in.PreviousRows = []truce.IncidentRow{}
	if got := tableNamed(t, mustDaily(t, in), "rule.R01").Total.Cells[0].Previous; got == nil || got.N != 0 {
		t.Errorf("no rows at all the day before: %v, want 0", got)
	}
}

func TestAnAreaThatHasGoneIsNotCompared(t *testing.T) {
	in := fixtureInput()
	in.Terms.Areas = append(in.Terms.Areas, truce.BulletinArea{ID: "west", Names: truce.Names{"en": "West", "uk": "Захід"}})
	in.PreviousRows = nil
	previous := fixturePrevious(t, in)
	next := fixtureInput()
	next.PreviousRows, next.PreviousBulletin = nil, &previous
	b := mustDaily(t, next)
	if got := tableNamed(t, b, "fire").Total.Cells[0].Previous; got != nil {
		t.Errorf("the Daily before had an area more, its total is compared: %+v", got)
	}
	if got := tableNamed(t, b, "fire.control").Total.Cells[0].Previous; got == nil {
		t.Error("the parties are the same, their numbers are not compared")
	}
}

// fixturePrevious is the bulletin of the day before the fixture's.
func fixturePrevious(t testing.TB, in DailyInput) truce.Bulletin {
	t.Helper()
	_, before := fixtureRows()
	in.Rows, in.Received, in.Absences = before, nil, nil
	in.Period, in.Previous = in.Previous, truce.Period{From: in.Previous.From.Add(-PreliminaryAge), To: in.Previous.From, Zone: zone}
	in.Published = in.Period.To.Add(PreliminaryDelay)
	return mustDaily(t, in)
}

func TestTheFirstRuleThatCountsGivesTheNumber(t *testing.T) {
	in := fixtureInput()
	in.Rows[0].Evaluation.Findings = []truce.Finding{
		verdict("R10", truce.VerdictIndeterminate, truce.ReasonAct), hit("R01", truce.UnitEngagement, 2, "A"), hit("R10", truce.UnitDenial, 5, "A"),
	}
	if r := mustDaily(t, in).Rows[0]; r.Quantity != 2 || r.Unit != truce.UnitEngagement {
		t.Errorf("two rules count it: %d %s, want 2 engagements, of the first", r.Quantity, r.Unit)
	}
	in.Rows[0].Incident.Occurrence = truce.OccurrenceRefuted
	if r := mustDaily(t, in).Rows[0]; r.Quantity != 1 || r.Unit != truce.UnitIncident {
		t.Errorf("refuted: %d %s, want 1 incident", r.Quantity, r.Unit)
	}
}

func TestARulesOwnMinimumOfCoverage(t *testing.T) {
	in := fixtureInput()
	in.Terms.Rules[1].CoverageMin = 0.2 // the south has 0.25
	b := mustDaily(t, in)
	if got := tableNamed(t, b, "rule.R10").Lines[1].Cells[0].This.Form; got != truce.FigureExact {
		t.Errorf("R10 in the south, coverage 0.25, its own minimum 0.2: %s", got)
	}
	if got := tableNamed(t, b, "rule.R01").Lines[1].Cells[0].This.Form; got != truce.FigureNotObserved {
		t.Errorf("R01 in the south, coverage 0.25, the bulletin's minimum 0.5: %s", got)
	}
	if problems := Lint(b, Document{}); len(problems) > 0 {
		t.Errorf("the linter holds another minimum: %v", problems)
	}
}
