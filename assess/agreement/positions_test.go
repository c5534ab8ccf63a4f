package agreement

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	truce "github.com/trucewatch/truce"
)

// moratorium is the energy moratorium of spring 2025 with invented events: two lists and
// two start dates.
func moratorium(t testing.TB, change func(*Rule)) *Geometry {
	kinds := func(a *Agreement) {
		a.Effective, a.Ends = Moment{At: at("2025-03-18T00:00:00Z")}, Moment{}
		old := a.Sites
		a.Sites = nil
		for _, id := range []string{"substation", "oil-store", "refinery", "gas-plant", "power-plant", "gas-meter", "transformer"} {
			a.Sites = append(a.Sites, Site{ID: id, Kind: SiteEnergy, Source: old[0].Source, RadiusM: 100})
		}
		a.Lists = []SiteList{
			{ID: "LIST-A", Version: "3", Party: "A", Sites: []string{"substation", "refinery", "gas-plant", "power-plant", "transformer"}},
			{ID: "LIST-B", Version: "2", Party: "B", Sites: []string{"substation", "oil-store", "refinery", "power-plant", "gas-meter", "transformer"}},
		}
		if change != nil {
			change(&a.Rules[0])
		}
	}
	return ruled(t, kinds, Rule{
		ID: "R05", Kind: KindProhibit, Acts: []truce.Act{truce.ActAttackEnergy}, Families: 1, Unit: truce.UnitSiteEvent, Precedence: 70,
		Evidence: Evidence{Any: []string{"site_visit", "imagery_before_after"}},
		Objects:  &Positions[[]string]{Of: []Position[[]string]{{"A", []string{"LIST-A@3"}}, {"B", []string{"LIST-B"}}}, Applied: AppliedIntersection, Report: true},
		Dates: &Positions[Span]{Of: []Position[Span]{
			{"A", Span{at("2025-03-25T00:00:00Z"), at("2025-04-24T00:00:00Z")}}, {"B", Span{at("2025-03-18T00:00:00Z"), at("2025-04-17T00:00:00Z")}}}},
	})
}

type energyEvent struct {
	day, site  string
	evidence   bool
	a, b, both truce.Verdict
	union      truce.Verdict
}

// The table of the handbook, section 4.5: invented events, so that the arithmetic shows.
var spring2025 = []energyEvent{
	{"2025-03-19", "substation", true, outside, hit, outside, hit},
	{"2025-03-24", "oil-store", true, outside, hit, outside, hit},
	{"2025-03-27", "substation", true, hit, hit, hit, hit},
	{"2025-03-29", "refinery", true, hit, hit, hit, hit},
	{"2025-04-02", "gas-plant", true, hit, outside, outside, hit},
	{"2025-04-05", "power-plant", false, indeterminate, indeterminate, indeterminate, indeterminate},
	{"2025-04-10", "gas-meter", true, outside, hit, outside, hit},
	{"2025-04-20", "transformer", true, hit, outside, outside, hit},
}

func (e energyEvent) input() Input {
	d := truce.Detail{Site: e.site}
	if e.evidence {
		d.Evidence = []string{"site_visit"}
	}
	return seen(truce.ActAttackEnergy, d, when(e.day+"T10:00:00Z"), move(nil))
}

func TestTwoListsTwoStartDates(t *testing.T) {
	g := moratorium(t, nil)
	totals := map[string]int{}
	for _, e := range spring2025 {
		f := want{e.both, findingOf(t, g.Evaluate(e.input()), "R05").Reason, 0, 1, []string{"the parties read R05 differently; applied: intersection"}}.check(t, g, e.input(), "R05")
		got := map[string]truce.Verdict{}
		for _, r := range f.Readings {
			got[r.By] = r.Verdict
			if r.Verdict == hit {
				totals[r.By]++
			}
			if (r.Reason == "") != (r.Verdict == hit) {
				t.Errorf("%s %s: %s is %s for %q", e.day, e.site, r.By, r.Verdict, r.Reason)
			}
		}
		if want := map[string]truce.Verdict{"A": e.a, "B": e.b, "intersection": e.both, "union": e.union}; fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s %s: %v, want %v\n%s", e.day, e.site, got, want, strings.Join(f.Trace, "\n"))
		}
	}
	if fmt.Sprint(totals) != "map[A:4 B:5 intersection:2 union:7]" {
		t.Errorf("site events meeting R05: %v, want 4 under A's reading, 5 under B's, 2 under both, 7 under either", totals)
	}
}

// What lies outside every reading says so of each; another act is not even read.
func TestReadingsOutsideAreListed(t *testing.T) {
	g := moratorium(t, nil)
	late := energyEvent{day: "2025-06-01", site: "substation", evidence: true}
	f := want{outside, truce.ReasonTime, 0, 0, []string{"A: outside_scope p 0.00; B: outside_scope p 0.00"}}.check(t, g, late.input(), "R05")
	if len(f.Readings) != 4 || f.Readings[0].Reason != truce.ReasonTime {
		t.Errorf("readings %v", f.Readings)
	}
	f = want{outside, truce.ReasonAct, 0, 0, nil}.check(t, g, seen(truce.ActDenyAccess, truce.Detail{}), "R05")
	if f.Readings != nil {
		t.Errorf("readings of another act: %v", f.Readings)
	}
}

func TestWhichReadingIsApplied(t *testing.T) {
	row := spring2025[0] // B's reading alone is met
	mechanism := []string{"LIST-B"}
	for _, c := range []struct {
		name    string
		change  func(*Rule)
		verdict truce.Verdict
		says    string
	}{
		{"intersection", nil, outside, "applied: intersection"},
		{"union", func(r *Rule) { r.Objects.Applied = AppliedUnion }, hit, "applied: union"},
		{"A's", func(r *Rule) { r.Objects.Applied, r.Objects.DecidedBy = "A", "Joint Commission" }, outside, "applied: A, decided by Joint Commission"},
		{"B's", func(r *Rule) { r.Objects.Applied, r.Objects.DecidedBy = "B", "Joint Commission" }, hit, "applied: B"},
		{"the mechanism's list, B's dates", func(r *Rule) {
			r.Objects.Applied, r.Objects.Mechanism, r.Dates.Applied = AppliedMechanism, &mechanism, "B"
		}, hit, "applied: mechanism for objects, B for dates"},
		{"the mechanism's list, A's dates", func(r *Rule) {
			r.Objects.Applied, r.Objects.Mechanism, r.Dates.Applied = AppliedMechanism, &mechanism, "A"
		}, outside, "mechanism for objects, A for dates"},
		{"nobody prints the others", func(r *Rule) { r.Objects.Report = false }, outside, "applied: intersection"},
	} {
		g := moratorium(t, c.change)
		f := findingOf(t, g.Evaluate(row.input()), "R05")
		if trace := strings.Join(f.Trace, "\n"); f.Verdict != c.verdict || !strings.Contains(trace, c.says) {
			t.Errorf("%s: %s, want %s and %q\n%s", c.name, f.Verdict, c.verdict, c.says, trace)
		}
		if reports := g.plans[0].Objects.Report; (len(f.Readings) == 4) != reports {
			t.Errorf("%s: readings %v", c.name, f.Readings)
		}
	}
}

func TestListsOverTime(t *testing.T) {
	rule := Rule{ID: "O", Kind: KindProhibit, Acts: []truce.Act{truce.ActAttackEnergy}, Families: 1, Objects: &Positions[[]string]{Applied: AppliedMechanism, Mechanism: &[]string{"LIST"}}}
	dated := func(a *Agreement) {
		a.Lists = []SiteList{
			{ID: "LIST", Version: "1", Sites: []string{"S-POWER"}, Span: Span{To: at("2026-04-10T00:00:00Z")}},
			{ID: "LIST", Version: "2", Sites: []string{"S-WORKS"}, Span: Span{From: at("2026-04-10T00:00:00Z")}, KnownFrom: at("2026-04-12T00:00:00Z")},
			{ID: "LIST", Version: "0", Sites: []string{"S-WORKS"}, Span: Span{From: at("2026-04-11T00:00:00Z"), To: at("2026-04-12T00:00:00Z")}, KnownFrom: at("2026-04-11T00:00:00Z")},
		}
		a.Sites = slices.Clone(a.Sites)
		a.Sites[0].ProtectionFrom = at("2026-04-05T00:00:00Z")
	}
	g := ruled(t, dated, rule)
	named := func(site, time, known string) Input {
		in := seen(truce.ActAttackEnergy, truce.Detail{Site: site}, when(time))
		if known != "" {
			in.KnownAt = at(known)
		}
		return in
	}
	for _, row := range []struct {
		name string
		in   Input
		want want
	}{
		{"on the first version", named("S-POWER", "2026-04-06T10:00:00Z", ""), want{hit, "", 1, 1, []string{"object: at site S-POWER, as the sources name it (p 1.00), protected from 2026-04-05", "by LIST version 1"}}},
		{"before its protection", named("S-POWER", "2026-04-04T10:00:00Z", ""), want{outside, truce.ReasonLocation, 0, 0, nil}},
		{"no longer on it", named("S-POWER", "2026-04-13T10:00:00Z", ""), want{outside, truce.ReasonLocation, 0, 0, []string{"which is not listed here; by LIST version 2"}}},
		{"the second, not known then", named("S-WORKS", "2026-04-13T10:00:00Z", "2026-04-11T12:00:00Z"), want{outside, truce.ReasonTime, 0, 0, []string{"no version of LIST is valid then"}}},
		{"known since", named("S-WORKS", "2026-04-13T10:00:00Z", "2026-04-13T12:00:00Z"), want{hit, "", 1, 1, nil}},
		{"the last to begin", named("S-WORKS", "2026-04-11T10:00:00Z", ""), want{hit, "", 1, 1, []string{"by LIST version 0"}}},
		{"by place", seen(truce.ActAttackEnergy, truce.Detail{}, when("2026-04-06T10:00:00Z"), move(spotAt(-48.3, 44_500, 50))), want{hit, "", 0.9, 1, []string{"inside the ground of site S-POWER"}}},
		{"nowhere near", seen(truce.ActAttackEnergy, truce.Detail{}, when("2026-04-06T10:00:00Z")), want{outside, truce.ReasonLocation, 0, 0, []string{"object: on no listed object"}}},
		{"no place at all", seen(truce.ActAttackEnergy, truce.Detail{}, when("2026-04-06T10:00:00Z"), move(nil)), want{indeterminate, truce.ReasonLocation, 0, 0, nil}},
		{"a site that nobody lists", named("S-NONE", "2026-04-06T10:00:00Z", ""), want{outside, truce.ReasonLocation, 0, 0, nil}},
	} {
		t.Run(row.name, func(t *testing.T) { row.want.check(t, g, row.in, "O") })
	}
}

func TestSpansJoined(t *testing.T) {
	s := func(from, to truce.Instant) Span { return Span{from, to} }
	for _, row := range []struct{ in, want []Span }{
		{[]Span{s(5, 9), s(1, 3)}, []Span{s(1, 3), s(5, 9)}},
		{[]Span{s(1, 5), s(3, 9)}, []Span{s(1, 9)}},
		{[]Span{s(1, 5), s(5, 9)}, []Span{s(1, 9)}},
		{[]Span{s(1, 0), s(3, 9)}, []Span{s(1, 0)}},
		{[]Span{s(1, 4), s(3, 0)}, []Span{s(1, 0)}},
		{nil, nil},
	} {
		if got := joined(row.in); !slices.Equal(got, row.want) {
			t.Errorf("joined(%v) = %v, want %v", row.in, got, row.want)
		}
	}
}

// An amended rule takes the place of the first from its day on, once it is known.
func TestVersionsOfARule(t *testing.T) {
	first := Rule{ID: "V", Version: "1", Kind: KindProhibit, Acts: []truce.Act{fire}, Families: 1, Where: Where{Within: []Within{{"L1", 5000}}}, InForce: Span{To: at("2026-04-20T00:00:00Z")}}
	second := first
	second.Version, second.InForce, second.KnownFrom = "2", Span{From: at("2026-04-20T00:00:00Z")}, at("2026-04-18T00:00:00Z")
	second.Where = Where{Within: []Within{{"L1", 20_000}}}
	later := Rule{ID: "Z", Kind: KindProhibit, Acts: []truce.Act{fire}, Families: 1, Where: Where{Anywhere: true}, KnownFrom: at("2026-04-18T00:00:00Z")}
	g := ruled(t, nil, second, first, later)
	for _, row := range []struct {
		name, time, known, version string
		verdict                    truce.Verdict
	}{
		{"before", "2026-04-11T10:00:00Z", "", "1", outside},
		{"after", "2026-04-21T10:00:00Z", "", "2", hit},
		{"after, as known before", "2026-04-21T10:00:00Z", "2026-04-17T00:00:00Z", "1", outside},
		{"after, as known since", "2026-04-21T10:00:00Z", "2026-04-19T00:00:00Z", "2", hit},
		{"before both", "2026-03-01T10:00:00Z", "", "1", outside},
	} {
		in := seen(fire, truce.Detail{}, when(row.time))
		if row.known != "" {
			in.KnownAt = at(row.known)
		}
		e := g.Evaluate(in)
		if len(e.Findings) != 2 {
			t.Fatalf("%s: %d findings, want one a rule", row.name, len(e.Findings))
		}
		if f := findingOf(t, e, "V"); f.RuleVersion != row.version || f.Verdict != row.verdict {
			t.Errorf("%s: version %s is %s, want %s and %s", row.name, f.RuleVersion, f.Verdict, row.version, row.verdict)
		}
	}
	in := seen(fire, truce.Detail{})
	in.KnownAt = at("2026-04-12T00:00:00Z")
	want{outside, truce.ReasonTime, 0, 0, []string{"the rule was known from 2026-04-18 00:00:00 UTC on, and this is what was known by 2026-04-12"}}.check(t, g, in, "Z")
}
