package publish

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/trucewatch/truce"
)

func TestCoverageOfAnArea(t *testing.T) {
	m := coverageOf([]truce.Coverage{
		{Area: "n", Family: truce.FamilyAcoustic, PlannedHours: 12, ObservedHours: 12, Share: 1},
		{Area: "n", Family: truce.FamilyAcoustic, PlannedHours: 12, ObservedHours: 0, Share: 0},
		{Area: "n", Family: truce.FamilyPatrol, Share: 0.3},
		{Area: "n", Family: truce.FamilyThermal, PlannedHours: 1, ObservedHours: 1, Share: 1},
		{Area: "n", Family: truce.FamilyReference, PlannedHours: 1, ObservedHours: 1, Share: 1},
		{Area: "s", Family: truce.FamilyPatrol, Basis: "not modelled"},
		{Area: "w", Family: truce.FamilyPatrol, Share: 0.2}, {Area: "w", Family: truce.FamilyPatrol, Share: 0.6},
		{Area: "e", Family: truce.FamilyPatrol, PlannedHours: 2, ObservedHours: 3, Share: 1},
	})
	cases := []struct {
		name   string
		area   truce.AreaID
		wanted func(truce.Family) bool
		want   float64 // -1: not stated
	}{
		{"half of the array's hours; satellites of heat and maps are no witnesses", "n", witnesses, 0.5},
		{"of heat, the satellites", "n", thermalOnly, 1},
		{"what is not modelled is not stated", "s", witnesses, -1},
		{"shares without hours, their mean", "w", witnesses, 0.4},
		{"more hours than planned are all of them", "e", witnesses, 1},
		{"an area nobody speaks of", "elsewhere", witnesses, -1},
	}
	for _, c := range cases {
		got := m.best(c.area, c.wanted)
		if (got == nil) != (c.want < 0) || got != nil && (float64(*got) < c.want-1e-9 || float64(*got) > c.want+1e-9) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

// What an absence states goes before the families, for its rule, area and period only,
// and only if it states anything.
func TestTheCoverageAnAbsenceStates(t *testing.T) {
	before, now := fixturePeriods()
	families := coverageOf([]truce.Coverage{{Area: "n", Family: truce.FamilyAcoustic, PlannedHours: 10, ObservedHours: 9, Share: 0.9}})
	patrol := func(share truce.Probability) truce.Coverage {
		return truce.Coverage{Family: truce.FamilyPatrol, Share: share}
	}
	cases := []struct {
		name    string
		absence truce.Absence
		want    float64
	}{
		{"of the rule", truce.Absence{Rule: "R01", Area: "n", Period: now, Coverage: patrol(0.25)}, 0.25},
		{"of nobody in particular", truce.Absence{Rule: "R01", Area: "n", Period: now, Coverage: truce.Coverage{Share: 0.3}}, 0.3},
		{"nothing seen in planned hours", truce.Absence{Rule: "R01", Area: "n", Period: now, Coverage: truce.Coverage{PlannedHours: 24}}, 0},
		{"nothing known of the watch", truce.Absence{Rule: "R01", Area: "n", Period: now, Coverage: patrol(0)}, 0.9},
		{"of satellites of heat", truce.Absence{Rule: "R01", Area: "n", Period: now, Coverage: truce.Coverage{Family: truce.FamilyThermal, Share: 0.7}}, 0.9},
		{"of another rule", truce.Absence{Rule: "R02", Area: "n", Period: now, Coverage: patrol(0.25)}, 0.9},
		{"of another area", truce.Absence{Rule: "R01", Area: "s", Period: now, Coverage: patrol(0.25)}, 0.9},
		{"of another period", truce.Absence{Rule: "R01", Area: "n", Period: before, Coverage: patrol(0.25)}, 0.9},
	}
	for _, c := range cases {
		w := watch{now, families, []truce.Absence{c.absence}, nil}
		if got := w.of(&truce.CountTable{Subject: subjectRule, Rule: "R01"}, "n"); got == nil || float64(*got) != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
		if got := w.of(&truce.CountTable{Subject: subjectSignature}, "n"); got == nil || *got != 0.9 {
			t.Errorf("%s: a table of no rule has %v, want what the families had", c.name, got)
		}
	}
}

// The two coverages that stand beside each other are made in the same way.
func TestBothCoveragesRestOnTheSameKind(t *testing.T) {
	in := fixtureInput()
	in.Absences = []truce.Absence{{Rule: "R10", Area: "north", Period: in.Period, Verdict: truce.AbsenceNotObserved, Coverage: truce.Coverage{Family: truce.FamilyPatrol, PlannedHours: 24, ObservedHours: 6, Share: 0.25}}}
	in.PreviousAbsences = []truce.Absence{{Rule: "R10", Area: "north", Period: in.Previous, Verdict: truce.AbsenceNotObserved, Coverage: truce.Coverage{Family: truce.FamilyPatrol, PlannedHours: 24, ObservedHours: 3, Share: 0.125}}}
	north := tableNamed(t, mustDaily(t, in), "rule.R10").Lines[0]
	if *north.Coverage != 0.25 || *north.PreviousCoverage != 0.125 {
		t.Errorf("coverage %v beside %v, want the patrols' of both periods", *north.Coverage, *north.PreviousCoverage)
	}
}

// Where the chance of seeing acts is worked out, it goes before hours of watching; what has
// none is not stated, whatever else was watched.
func TestTheChanceOfSeeingGoesBeforeHours(t *testing.T) {
	_, now := fixturePeriods()
	w := watch{period: now, families: coverageOf([]truce.Coverage{
		{Area: "n", Family: truce.FamilyPatrol, PlannedHours: 10, ObservedHours: 10, Share: 1},
		{Area: "n", Family: truce.FamilyThermal, PlannedHours: 8, ObservedHours: 2, Share: 0.25},
	}), sights: []Sight{{Rule: "R01", Area: "n", Seen: 0.6, Partly: true}, {Group: truce.GroupSignature, Area: "n", Seen: 0.4}}}
	for _, c := range []struct {
		name   string
		table  truce.CountTable
		area   truce.AreaID
		want   float64 // -1: not stated
		partly bool
	}{
		{"a rule", truce.CountTable{Subject: subjectRule, Rule: "R01"}, "n", 0.6, true},
		{"another rule", truce.CountTable{Subject: subjectRule, Rule: "R02"}, "n", -1, false},
		{"another area", truce.CountTable{Subject: subjectRule, Rule: "R01"}, "s", -1, false},
		{"a group", signatureSubject(truce.CountByArea), "n", 0.4, false},
		{"a group nobody watches for", groupSubject(truce.GroupMaritime, truce.CountByArea), "n", -1, false},
		{"traces are signatures", traceSubject(truce.CountByArea), "n", 0.4, false},
		{"heat is of satellites", heatSubject(truce.CountByArea), "n", 0.25, false},
		{"what left the list", exitSubject(), "n", -1, false},
	} {
		got := w.of(&c.table, c.area)
		if (got == nil) != (c.want < 0) || got != nil && float64(*got) != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
		if w.partly(&c.table, c.area) != c.partly {
			t.Errorf("%s: partly is not %v", c.name, c.partly)
		}
	}
}

// Numbers of an area that was watched too little for a part of the period are lower bounds:
// an empty one reads as none where observed, never as none.
func TestNumbersOfAPartlyWatchedArea(t *testing.T) {
	in := fixtureInput()
	in.Sights = []Sight{}
	for _, area := range in.Terms.Areas {
		for _, rule := range in.Terms.Rules {
			in.Sights = append(in.Sights, Sight{Rule: rule.ID, Area: area.ID, Seen: 0.9, Partly: area.ID == "north"})
		}
	}
	in.PreviousSights = []Sight{}
	table := tableNamed(t, mustDaily(t, in), "rule.R10")
	for _, l := range table.Lines {
		for _, c := range l.Cells {
			want := truce.FigureExact
			switch {
			case l.Key == "north":
				want = truce.FigureAtLeast
			case !agreed(l.Key):
				continue
			}
			if c.This.Form != want || *l.Coverage != 0.9 {
				t.Errorf("%s: %d reads %s at %v, want %s", l.Key, c.This.N, c.This.Form, *l.Coverage, want)
			}
			if c.Previous != nil && c.Previous.Form == truce.FigureExact {
				t.Errorf("%s: %d of a period nobody states a watch of reads exact", l.Key, c.Previous.N)
			}
		}
	}
	for _, c := range table.Total.Cells {
		if c.This.Form != truce.FigureAtLeast {
			t.Errorf("the total reads %s over an area that was partly watched", c.This.Form)
		}
	}
}

func TestTheMeanOverAreas(t *testing.T) {
	line := func(key string, coverage *truce.Probability) truce.CountLine {
		return truce.CountLine{Key: key, Coverage: coverage}
	}
	cases := []struct {
		name  string
		lines []truce.CountLine
		want  float64
	}{
		{"of two areas", []truce.CountLine{line("n", share(0.9)), line("s", share(0.5))}, 0.7},
		{"an area without any counts as unobserved", []truce.CountLine{line("n", share(0.9)), line("s", nil)}, 0.45},
		{"places elsewhere and not known do not count", []truce.CountLine{line("n", share(0.9)), line("elsewhere", nil), line("", nil)}, 0.9},
		{"nobody stated any", []truce.CountLine{line("n", nil), line("", share(0.9))}, -1},
		{"no lines", nil, -1},
	}
	for _, c := range cases {
		got := mean(c.lines, coverageNow)
		if (got == nil) != (c.want < 0) || got != nil && (float64(*got) < c.want-1e-9 || float64(*got) > c.want+1e-9) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

// A form is never bolder with less coverage, and zero is exact at enough coverage only.
func TestFormsFollowCoverage(t *testing.T) {
	bold := map[truce.FigureForm]int{truce.FigureNotObserved: 0, truce.FigureAtLeast: 1, truce.FigureExact: 2}
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 3).Draw(t, "n")
		least := truce.Probability(rapid.Float64Range(0.01, 1).Draw(t, "least"))
		a, b := rapid.Float64Range(0, 1).Draw(t, "a"), rapid.Float64Range(0, 1).Draw(t, "b")
		low, high := truce.Probability(min(a, b)), truce.Probability(max(a, b))
		if bold[formOf(n, &low, least)] > bold[formOf(n, &high, least)] {
			t.Fatalf("%d at %v reads bolder than at %v", n, low, high)
		}
		if got := formOf(n, nil, least); got == truce.FigureExact {
			t.Fatalf("%d without stated coverage reads %s", n, got)
		}
		if exact := formOf(n, &high, least) == truce.FigureExact; exact != (high >= least) {
			t.Fatalf("%d at %v of at least %v: exact %v", n, high, least, exact)
		}
	})
}

// The part tells the watch of each family by area, whose a gap is, and what the chance of
// seeing allows to be said; the public edition names no sensor.
func TestThePartOfCoverage(t *testing.T) {
	in := fixtureInput()
	from, to := in.Period.From, in.Period.To
	morning := truce.Period{From: from, To: from.Add(10 * time.Hour), Zone: zone}
	seen := func(p truce.Period, verdict truce.AbsenceVerdict, share truce.Probability, families ...truce.Family) truce.Absence {
		return truce.Absence{Rule: "R99", Area: "south", Period: p, Verdict: verdict,
			Coverage: truce.Coverage{Area: "south", Period: p, Families: families, PlannedHours: 10, ObservedHours: 10, Share: share}}
	}
	in.Terms.Rules = append(in.Terms.Rules, truce.BulletinRule{ID: "R99", Clause: "9", Titles: truce.Names{"en": "Sea", "uk": "Море"}, Unit: truce.UnitVessel, Acts: []truce.Act{"boarding"}})
	in.Coverage = []truce.Coverage{
		{Area: "north", Family: truce.FamilyAcoustic, Period: in.Period, PlannedHours: 24, ObservedHours: 20.84, Share: 0.868, Basis: "Day and night.",
			Gaps: []truce.Gap{{From: from, To: from.Add(2 * time.Hour), Sensor: "AC-7", Reason: "no heartbeat"}, {From: from, To: from.Add(2 * time.Hour), Sensor: "AC-8", Reason: "no heartbeat"}}},
		{Area: "south", Family: truce.FamilyCamera, Period: in.Period, PlannedHours: 24, ObservedHours: 24, Share: 1, Basis: "Day and night."},
		{Area: "south", Family: truce.FamilyThermal, Period: in.Period, PlannedHours: 3, Gaps: []truce.Gap{{From: from, To: to, Sensor: "N21", Reason: "no data"}}},
		{Family: truce.FamilyMedia, Period: in.Period},
	}
	in.Absences = []truce.Absence{
		seen(morning, truce.AbsenceNoneRecorded, 0.76, truce.FamilyPatrol, truce.FamilyCamera),
		seen(truce.Period{From: morning.To, To: to, Zone: zone}, truce.AbsenceNotObserved, 0, truce.FamilyPatrol),
		seen(truce.Period{From: morning.To, To: to.Add(-time.Hour), Zone: zone}, truce.AbsenceNotObserved, 0.1, truce.FamilyPatrol),
	}
	b := mustDaily(t, in)
	for lang, wants := range map[string][]string{
		"en": {
			"| North | 87\u00a0% (20.8\u00a0h of 24\u00a0h) | none stated |", "| South | none stated | 100\u00a0% (24\u00a0h of 24\u00a0h) |",
			"- microphones, cameras: Day and night.", "Reports came in from these as well: media.",
			"- North; microphones, AC-7: no sign of life, 2026-04-10 16:30 – 18:30 UTC (19:30 – 21:30 UTC+3).",
			"- South; thermal satellites, N21: no data, in this period.",
			"South, 2026-04-10 16:30 – 2026-04-11 02:30 UTC (19:30 – 05:30 UTC+3): nothing meeting R99 was recorded. Watched for 10 hours (patrols, cameras); chance of seeing one: 76\u00a0%.",
			"not observed for R99; nobody whose task it is to see this was watching.", "not observed for R99; chance of seeing one: 10\u00a0%, the agreed minimum is 50\u00a0%.",
		},
		"uk": {"| Північ | 87\u00a0% (20,8\u00a0год з 24\u00a0год) | не заявлено |", "- Північ; мікрофони, AC-7: немає ознак роботи, 10.04.2026 16:30 – 18:30 UTC", "імовірність помітити одну подію: 76\u00a0%."},
	} {
		doc, err := Markdown(b, PrintOptions{Lang: lang})
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range wants {
			if !strings.Contains(string(doc.Body), want) {
				t.Errorf("%s lacks %q:\n%s", lang, want, doc.Body[bytes.Index(doc.Body, []byte("part-coverage")):])
			}
		}
		if problems := Lint(b, doc); len(problems) > 0 {
			t.Errorf("%s: %v", lang, problems)
		}
	}
}

// A reason that accuses is not printed and does not stop the bulletin.
func TestAReasonThatAccusesIsKept(t *testing.T) {
	in := fixtureInput()
	for _, reason := range []string{"no power", "Party A shelled the mast", "a massive attack", "напад на щоглу"} {
		in.Coverage = append(in.Coverage, truce.Coverage{Area: "north", Family: truce.FamilyRadar, Period: in.Period, PlannedHours: 24,
			Gaps: []truce.Gap{{From: in.Period.From, To: in.Period.From.Add(time.Hour), Sensor: "R-1", Reason: reason}}})
	}
	b := mustDaily(t, in)
	kept := 0
	for _, c := range b.Coverage {
		for _, g := range c.Gaps {
			if g.Reason == reasonKept {
				kept++
			}
		}
	}
	if kept != 3 {
		t.Errorf("%d reasons are kept back, want the three that accuse", kept)
	}
	for _, lang := range Languages() {
		for _, doc := range printed(t, b, lang) {
			if problems := Lint(b, doc); len(problems) > 0 {
				t.Errorf("%s %s: %v", lang, doc.Format, problems)
			}
		}
	}
}

func TestThePublicNamesNoSensor(t *testing.T) {
	gap := func(sensor truce.SensorID) truce.Gap {
		return truce.Gap{To: 3600e6, Sensor: sensor, Reason: "no power"}
	}
	in := []truce.Coverage{
		{Family: truce.FamilyAcoustic, Gaps: []truce.Gap{gap("AC-7"), gap("AC-8")}},
		{Family: truce.FamilyThermal, Gaps: []truce.Gap{gap("N21")}},
	}
	out := publicCoverage(in)
	if len(out[0].Gaps) != 1 || out[0].Gaps[0] != gap("") || out[1].Gaps[0].Sensor != "N21" {
		t.Errorf("goes out as %+v", out)
	}
	if in[0].Gaps[0].Sensor != "AC-7" || len(in[0].Gaps) != 2 {
		t.Errorf("the mission's own edition was changed: %+v", in)
	}
}

// A gap that a finding opened is told with its row, and leaves the mission only with it.
func TestGapsOfFindingsNameTheirRows(t *testing.T) {
	first, second := truce.ID{1}, truce.ID{2}
	gap := func(id truce.ID, row int) truce.Gap {
		return truce.Gap{To: 3600e6, Reason: string(truce.ActDenyAccess), Incident: id, Row: row}
	}
	down := truce.Gap{To: 60e6, Reason: "no power"}
	in := []truce.Coverage{{Area: "north", Family: truce.FamilyPatrol, Gaps: []truce.Gap{gap(first, 0), gap(second, 0), down}}}
	rows := []truce.BulletinRow{{N: 4, ID: first.String()}, {N: 5, ID: truce.ID{3}.String()}}
	named := rowGaps(in, rows)
	if got := named[0].Gaps; !slices.Equal(got, []truce.Gap{gap(truce.ID{}, 4), gap(truce.ID{}, 0), down}) || in[0].Gaps[0].Row != 0 {
		t.Errorf("named %+v, of %+v", got, in[0].Gaps)
	}
	if got := listedGaps(named, map[int]bool{4: true})[0].Gaps; !slices.Equal(got, []truce.Gap{gap(truce.ID{}, 4), down}) {
		t.Errorf("goes out: %+v", got)
	}
	if got := listedGaps(named, nil)[0].Gaps; !slices.Equal(got, []truce.Gap{down}) {
		t.Errorf("of rows that stay: %+v", got)
	}
	leaks := PublicProblems(truce.Bulletin{Edition: truce.EditionPublic, Coverage: named})
	if len(leaks) != 2 {
		t.Errorf("a gap without its row passed the gate: %v", leaks)
	}
}
