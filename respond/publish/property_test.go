package publish

import (
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/trucewatch/truce"
)

// randomIncident is any incident of the fixture's day and the day around it.
func randomIncident(t *rapid.T, n int) truce.IncidentRow {
	acts := []truce.Act{truce.ActIndirectFire, truce.ActDirectFire, truce.ActHeat, truce.ActExplosion, truce.ActBurst, truce.ActCrater,
		truce.ActDenyAccess, truce.ActUAVHeard, "mine_laying", "sea_mine", "recon_uav", truce.ActAttackEnergy, "not_of_the_tree", ""}
	states := []truce.Occurrence{truce.OccurrenceReported, truce.OccurrenceDetected, truce.OccurrenceCorroborated, truce.OccurrenceVerified,
		truce.OccurrenceRefuted, truce.OccurrenceDuplicate, truce.OccurrenceExplained, truce.OccurrenceUnverifiable}
	sources := []truce.SourceID{"heat", "array", "patrol", "hotline", "agency", "undeclared"}
	families := []truce.Family{truce.FamilyThermal, truce.FamilyAcoustic, truce.FamilyPatrol, truce.FamilyCivilian, truce.FamilyMedia}
	i := incidentOf{
		key: "random" + strconv.Itoa(n), time: at("2026-04-10T10:00:00Z").Add(time.Duration(rapid.IntRange(0, 40*60).Draw(t, "minute")) * time.Minute).String(),
		act: rapid.SampledFrom(acts).Draw(t, "act"), occurrence: rapid.SampledFrom(states).Draw(t, "state"),
		area:  rapid.SampledFrom([]truce.AreaID{"north", "south", "", "elsewhere"}).Draw(t, "area"),
		place: rapid.SampledFrom([]string{"", "Nordhavn", "Two Wells", "Unlisted Village"}).Draw(t, "place"),
		lat:   rapid.Float64Range(-37.4, -36.6).Draw(t, "lat"), lon: rapid.Float64Range(-12.7, -11.9).Draw(t, "lon"),
		radiusM: 900, family: rapid.SampledFrom(families).Draw(t, "family"), source: rapid.SampledFrom(sources).Draw(t, "source"),
	}
	if rapid.Bool().Draw(t, "nowhere") {
		i.lat, i.lon = 0, 0
	}
	switch rapid.IntRange(0, 4).Draw(t, "finding") {
	case 0:
		i.findings = []truce.Finding{hit("R01", truce.UnitEngagement, rapid.IntRange(1, 9).Draw(t, "count"), "A")}
	case 1:
		under := hit("R01", truce.UnitEngagement, 0, "B")
		under.CountedUnder = "R10"
		i.findings = []truce.Finding{under, hit("R10", truce.UnitDenial, 1, "B")}
	case 2:
		i.findings = []truce.Finding{verdict("R01", truce.VerdictExempt, truce.ReasonNone)}
	case 3:
		i.findings = []truce.Finding{verdict("R01", truce.VerdictIndeterminate, truce.ReasonEvidence), verdict("R10", truce.VerdictOutside, truce.ReasonAct)}
	}
	return i.row()
}

func randomDay(t *rapid.T) DailyInput {
	in := fixtureInput()
	in.Rows, in.PreviousRows = nil, nil
	for n := range rapid.IntRange(0, 25).Draw(t, "rows") {
		in.Rows = append(in.Rows, randomIncident(t, n))
	}
	if rapid.Bool().Draw(t, "before") {
		in.PreviousRows = []truce.IncidentRow{}
		for n := range rapid.IntRange(0, 10).Draw(t, "rows before") {
			in.PreviousRows = append(in.PreviousRows, randomIncident(t, 100+n))
		}
	}
	if slices.ContainsFunc(in.Rows, speaksOf("R10")) {
		in.Absences = in.Absences[1:] // nobody says none recorded of what was
	}
	for i := range in.Coverage {
		in.Coverage[i].ObservedHours = rapid.Float64Range(0, in.Coverage[i].PlannedHours).Draw(t, "observed")
	}
	in.Published = in.Period.To.Add(PreliminaryDelay + time.Duration(rapid.IntRange(0, 30).Draw(t, "hours late"))*time.Hour)
	return in
}

func speaksOf(rule truce.RuleID) func(truce.IncidentRow) bool {
	return func(r truce.IncidentRow) bool {
		return r.Evaluation != nil && slices.ContainsFunc(r.Evaluation.Findings, func(f truce.Finding) bool {
			return f.Rule == rule && f.Verdict != truce.VerdictOutside
		})
	}
}

// Whatever a day holds, its bulletin passes its own linter, inside and outside, and no
// number changes on the way out.
func TestAnyDayPassesInsideAndOutside(t *testing.T) {
	gate := mustGate(t, Policy{})
	rapid.Check(t, func(t *rapid.T) {
		b, err := Daily(randomDay(t))
		if err != nil {
			t.Fatal(err)
		}
		page, err := Markdown(b, PrintOptions{Lang: rapid.SampledFrom(Languages()).Draw(t, "lang")})
		if err != nil {
			t.Fatal(err)
		}
		if problems := Lint(b, page); len(problems) > 0 {
			t.Fatalf("the mission's edition: %v", problems)
		}
		pub, err := gate.Edition(releaseOf(b))
		if err != nil {
			t.Fatal(err)
		}
		if problems := append(PublicProblems(pub), Lint(pub, Document{})...); len(problems) > 0 {
			t.Fatalf("the public edition: %v", problems)
		}
		for i, table := range pub.Tables {
			for split, c := range table.Total.Cells {
				was := b.Tables[i].Total.Cells[split]
				if c.This.N != was.This.N || c.Preliminary.N != was.Preliminary.N || !reflect.DeepEqual(c.Previous, was.Previous) {
					t.Fatalf("%s: %+v inside, %+v outside", table.Key, was, c)
				}
			}
		}
	})
}

// Whatever two days hold, the second one's previous period is the first one's period,
// every change is told, and the order in which rows come does not matter.
func TestAnyTwoDaysAreConsistent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := randomDay(t)
		first, err := Daily(in)
		if err != nil {
			t.Fatal(err)
		}
		in.Rows = rapid.Permutation(in.Rows).Draw(t, "order")
		if again, err := Daily(in); err != nil || !reflect.DeepEqual(first, again) {
			t.Fatalf("another order of rows makes another bulletin: %v", err)
		}
		second, err := Daily(dayAfterOf(in, first))
		if err != nil {
			t.Fatal(err)
		}
		if got := UnlistedChanges(first, second); len(got) > 0 {
			t.Fatalf("changes without a correction: %v", got)
		}
		for _, c := range second.Corrections {
			t.Fatalf("nothing was judged again, yet: %+v", c)
		}
		listed := map[string]int{}
		for _, b := range []truce.Bulletin{first, second} {
			for _, r := range b.Rows {
				listed[r.ID]++
			}
		}
		for id, n := range listed {
			if n != 1 {
				t.Fatalf("incident %s is listed %d times over two days", id, n)
			}
		}
	})
}

func dayAfterOf(in DailyInput, first truce.Bulletin) DailyInput {
	next := in
	next.PreviousRows, next.Rows = append([]truce.IncidentRow{}, in.Rows...), nil
	next.Previous = in.Period
	next.Period = truce.Period{From: in.Period.To, To: in.Period.To.Add(24 * time.Hour), Zone: zone}
	next.Published = max(next.Period.To.Add(PreliminaryDelay), in.Published)
	next.PreviousBulletin, next.Received, next.Absences = &first, nil, nil
	return next
}

// Outside text never becomes markup, a formula or a way around the linter.
func TestHostileText(t *testing.T) {
	hostile := []string{`<script>alert(1)</script>`, `</style><img src=x onerror=alert(1)>`, `| a | b |`, "[x](javascript:alert(1))", "`code` **bold** # x", `=HYPERLINK("x")`, `"><a href=/>`}
	for _, s := range hostile {
		in := fixtureInput()
		in.Mission = s
		in.Terms.Areas[0].Names = truce.Names{"en": s, "uk": s}
		in.Terms.Places[0].Names = truce.Names{"en": s, "uk": s}
		in.Coverage[0].Basis = s
		in.Rows[0].Incident.Area = truce.AreaID(s)
		in.Claims[0].Quote = s
		b := mustDaily(t, in)
		for _, doc := range printed(t, b, "en") {
			low := strings.ToLower(string(doc.Body))
			for _, bad := range []string{"<script", "<img", `"><a href=/>`} {
				if strings.Contains(low, bad) {
					t.Errorf("%s: %q came through as %q", doc.Format, s, bad)
				}
			}
			if doc.Format == "md" && strings.Contains(strings.ReplaceAll(low, `\]`, ""), "](javascript:") {
				t.Errorf("md: %q came through as a link", s)
			}
			for _, p := range Lint(b, doc) {
				t.Errorf("%s: %q: %s", doc.Format, s, p)
			}
		}
		table, err := CSV(b)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(table)) {
			for field := range strings.SplitSeq(line, ",") {
				if strings.HasPrefix(strings.Trim(field, `"`), "=HYPERLINK") {
					t.Errorf("csv: a formula came through: %s", line)
				}
			}
		}
	}
}
