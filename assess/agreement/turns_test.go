package agreement

import (
	"math"
	"strings"
	"testing"
	"time"

	truce "github.com/trucewatch/truce"
	"pgregory.net/rapid"
)

// lasting is an incident known to lie within some hours of the instant at which a rule turns.
func lasting(from, to string) func(*truce.Incident) {
	return func(i *truce.Incident) { i.Time = truce.PhenomenonTime{From: at(from), To: at(to)} }
}

// twoSteps is a limit of 10 km until D+7 and of 20 km from then on.
func twoSteps() Rule {
	return Rule{ID: "L", Kind: KindLimit, Acts: []truce.Act{inside}, Families: 1, PMin: 0.9, Unit: truce.UnitObjectDay,
		Limit: &Limit{Object: "vehicles", Line: "L1", ToM: 10_000},
		Steps: []Step{{Span: Span{From: at("2026-04-01T00:00:00Z")}}, {Span: Span{From: at("2026-04-08T00:00:00Z")}, ToM: 20_000}}}
}

func TestAStepWithinTheIntervalIsWeighed(t *testing.T) {
	g := ruled(t, nil, twoSteps())
	gun := func(east float64, change func(*truce.Incident)) Input {
		return seen(inside, truce.Detail{}, move(spot(east, 50)), change)
	}
	hour := lasting("2026-04-07T23:00:00Z", "2026-04-08T01:00:00Z")
	rows := []struct {
		name string
		in   Input
		want want
	}{
		{"from an hour before to an hour after", gun(15_000, hour), want{indeterminate, truce.ReasonTime, 0.5, 0.5,
			[]string{"before 2026-04-08 00:00:00 UTC (share 0.50 of the time): place of effect: 15.0 km", "from 2026-04-08 00:00:00 UTC on (share 0.50", "(0.50 x 0.00 + 0.50 x 1.00) x 1.00 = 0.50"}}},
		{"a tenth before it", gun(15_000, lasting("2026-04-07T23:54:00Z", "2026-04-08T00:54:00Z")), want{hit, "", 0.9, 0.9, []string{"share 0.10"}}},
		{"mostly before it", gun(15_000, lasting("2026-04-07T20:00:00Z", "2026-04-08T00:30:00Z")), want{indeterminate, truce.ReasonTime, 0.1111, 0.1111, nil}},
		{"hardly after it", gun(15_000, lasting("2026-04-07T14:00:00Z", "2026-04-08T00:10:00Z")), want{outside, truce.ReasonTime, 0.0164, 0.0164, []string{"share 0.98"}}},
		{"a moment, known to half an hour", gun(15_000, func(i *truce.Incident) { i.Time = truce.Moment(at("2026-04-08T00:00:00Z"), 30*time.Minute) }), want{indeterminate, truce.ReasonTime, 0.5, 0.5, nil}},
		{"a moment, a sigma after it", gun(15_000, func(i *truce.Incident) { i.Time = truce.Moment(at("2026-04-08T00:30:00Z"), 30*time.Minute) }), want{indeterminate, truce.ReasonTime, 0.8413, 0.8414, nil}},
		{"near the line either way", gun(5000, hour), want{hit, "", 1, 1, []string{"in the band from 0 m to 10.0 km with p 1.00"}}},
		{"far from it either way", gun(25_000, hour), want{outside, truce.ReasonLocation, 0, 0, nil}},
		{"all before it", gun(15_000, lasting("2026-04-07T21:00:00Z", "2026-04-07T23:59:00Z")), want{outside, truce.ReasonLocation, 0, 0, nil}},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) { row.want.check(t, g, row.in, "L") })
	}
}

func TestAVersionWithinTheIntervalIsWeighed(t *testing.T) {
	near := Rule{ID: "N", Kind: KindProhibit, Acts: []truce.Act{fire}, Families: 1, Where: Where{Within: []Within{{"L1", 5000}}}}
	band := Rule{ID: "Z", Kind: KindProhibit, Acts: []truce.Act{fire}, Families: 1, Where: Where{Zones: []truce.ZoneID{"Z-BUFFER"}}}
	area := Rule{ID: "A", Kind: KindProhibit, Acts: []truce.Act{fire}, Families: 1, Where: Where{AreaOf: []truce.PartyID{"A"}}}
	other := Rule{ID: "B", Kind: KindProhibit, Acts: []truce.Act{fire}, Families: 1, Where: Where{AreaOf: []truce.PartyID{"B"}}}
	g := ruled(t, nil, near, band, area, other)
	halves := lasting("2026-04-30T22:00:00Z", "2026-05-01T02:00:00Z")
	in := seen(fire, truce.Detail{}, move(spot(-4000, 50)), halves)
	half := want{indeterminate, truce.ReasonTime, 0.5, 0.5, []string{"(share 0.50 of the time)"}}
	half.check(t, g, in, "N")
	half.check(t, g, in, "Z")
	within := seen(fire, truce.Detail{}, move(spot(4000, 50)), halves)
	want{hit, "", 1, 1, nil}.check(t, g, within, "N") // near either version
	for _, rule := range []truce.RuleID{"A", "B"} {
		f := half.check(t, g, within, rule)
		if len(f.EffectSide) != 2 || f.EffectSide[0].P != 0.5 || f.EffectSide[1].P != 0.5 || f.MapVersion == "" {
			t.Errorf("%s: whose the place is: %v by %q\n%s", rule, f.EffectSide, f.MapVersion, strings.Join(f.Trace, "\n"))
		}
	}
	in.KnownAt = at("2026-05-02T00:00:00Z") // when nobody knew of the second
	want{hit, "", 1, 1, nil}.check(t, g, in, "N")
}

func TestAListAndAProtectionWithinTheInterval(t *testing.T) {
	lists := func(a *Agreement) {
		a.Lists = []SiteList{
			{ID: "LIST", Version: "1", Sites: []string{"S-WORKS"}, Span: Span{From: at("2026-04-01T00:00:00Z"), To: at("2026-04-10T00:00:00Z")}},
			{ID: "LIST", Version: "2", Sites: []string{"S-POWER"}, Span: Span{From: at("2026-04-10T00:00:00Z")}}}
		a.Sites = append([]Site{}, a.Sites...)
		for i := range a.Sites {
			if a.Sites[i].ID == "S-POWER" {
				a.Sites[i].ProtectionFrom = at("2026-04-20T00:00:00Z")
			}
		}
	}
	listed := []string{"LIST"}
	rule := Rule{ID: "S", Kind: KindProhibit, Acts: []truce.Act{truce.ActAttackEnergy}, Families: 1, Objects: &Positions[[]string]{Mechanism: &listed}}
	late := rule // in force from the very instant at which the protection begins
	late.ID, late.InForce = "LATE", Span{From: at("2026-04-20T00:00:00Z")}
	g := ruled(t, lists, rule, late)
	named := func(site string, change func(*truce.Incident)) Input {
		return seen(truce.ActAttackEnergy, truce.Detail{Site: site}, change)
	}
	listTurns := lasting("2026-04-09T23:00:00Z", "2026-04-10T01:00:00Z")
	want{indeterminate, truce.ReasonTime, 0.5, 0.5, []string{"LIST version 1", "LIST version 2"}}.check(t, g, named("S-WORKS", listTurns), "S")
	want{outside, truce.ReasonLocation, 0, 0, nil}.check(t, g, named("S-POWER", listTurns), "S")
	begins := lasting("2026-04-19T23:00:00Z", "2026-04-20T01:00:00Z")
	want{indeterminate, truce.ReasonTime, 0.5, 0.5, nil}.check(t, g, named("S-POWER", begins), "S")
	want{indeterminate, truce.ReasonTime, 0.5, 0.5, []string{"in force from 2026-04-20"}}.check(t, g, named("S-POWER", begins), "LATE")
}

// Where how many are allowed turns, the number is weighed as well.
func TestANumberThatTurnsWithinTheInterval(t *testing.T) {
	none, ten := 0, 10
	rule := twoSteps()
	rule.Limit.ToM = 20_000
	rule.Steps[0].Max, rule.Steps[1].Max = &ten, &none
	g := ruled(t, nil, rule)
	for n, low := range map[int]float64{5: 0.5, 12: 1} {
		in := seen(inside, truce.Detail{Quantity: n}, move(spot(5000, 50)), lasting("2026-04-07T23:00:00Z", "2026-04-08T01:00:00Z"))
		verdict, reason := hit, truce.Reason("")
		if low < 1 {
			verdict, reason = indeterminate, truce.ReasonTime
		}
		want{verdict, reason, low, low, nil}.check(t, g, in, "L")
	}
}

// The probability over a turn is the mixture of those before and after, rises with the
// share, and is the same for either party.
func TestOverATurnIsAMixture(t *testing.T) {
	g := ruled(t, nil, twoSteps())
	step := at("2026-04-08T00:00:00Z")
	pAt := func(east, sigma float64, from, to truce.Instant, s truce.Micros) float64 {
		in := seen(inside, truce.Detail{}, move(spot(east, sigma)))
		in.Incident.Time = truce.PhenomenonTime{From: from, To: to, Sigma: s}
		return float64(g.Evaluate(in).Findings[0].P)
	}
	rapid.Check(t, func(t *rapid.T) {
		east := rapid.Float64Range(-24_000, 24_000).Draw(t, "east")
		sigma := rapid.Float64Range(10, 3000).Draw(t, "sigma")
		before := time.Duration(rapid.IntRange(1, 48*60).Draw(t, "before")) * time.Minute
		after := time.Duration(rapid.IntRange(1, 48*60).Draw(t, "after")) * time.Minute
		s := truce.MicrosOf(time.Duration(rapid.IntRange(0, 120).Draw(t, "minutes")) * time.Minute)
		from, to := step.Add(-before), step.Add(after)
		day := 24 * time.Hour
		p1, p2 := pAt(east, sigma, step.Add(-3*day), step.Add(-3*day), 0), pAt(east, sigma, step.Add(3*day), step.Add(3*day), 0)
		share := during(truce.PhenomenonTime{From: from, To: to, Sigma: s}, step, 0)
		got := pAt(east, sigma, from, to, s)
		if mix := (1-share)*p1 + share*p2; math.Abs(got-mix) > 4e-4 {
			t.Fatalf("p %.4f, want %.4f: %.4f of %.4f and the rest of %.4f", got, mix, share, p2, p1)
		}
		if later := pAt(east, sigma, from.Add(time.Hour), to.Add(time.Hour), s); later < got-4e-4 {
			t.Fatalf("an hour later p falls from %.4f to %.4f while the limit widens", got, later)
		}
		if mirrored := pAt(-east, sigma, from, to, s); math.Abs(mirrored-got) > 2e-3 {
			t.Fatalf("p %.4f on one side, %.4f on the other", got, mirrored)
		}
	})
}

// Of very many versions neighbours are taken together, and the shares still sum to one.
func TestManyTurns(t *testing.T) {
	var turns []turnAt
	from := at("2026-04-01T00:00:00Z")
	for i := range 400 {
		turns = append(turns, turnAt{from.Add(time.Duration(i) * 24 * time.Hour), 0})
	}
	for _, n := range []int{1, 2, maxParts - 1, maxParts, 399} {
		l := look{incident: &truce.Incident{Time: truce.PhenomenonTime{From: from - 1, To: turns[n-1].at + 1}}}
		parts, total := l.parts(turns), 0.0
		for i := range parts {
			total += parts[i].share
		}
		if n > 2 && math.Abs(total-1) > 1e-3 || len(parts) > maxParts {
			t.Errorf("%d turns: %d parts that sum to %g", n, len(parts), total)
		}
	}
	l := look{incident: &truce.Incident{Time: truce.Moment(from+5, 0)}}
	if parts := l.parts(turns); parts != nil {
		t.Errorf("a moment between two turns has %d parts", len(parts))
	}
}
