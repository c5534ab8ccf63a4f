package agreement

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	truce "github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
)

const inside = truce.Act("weapon_inside_distance")

func TestAWeaponWithinADistance(t *testing.T) {
	g := ruled(t, nil, bandRule())
	gun := truce.Detail{Weapons: []truce.Weapon{weapon("", howitzer152, 152, 1)}}
	sealed := gun
	sealed.State = "in_sealed_store"
	elsewhere := gun
	elsewhere.State = "moving"
	rows := []struct {
		name string
		in   Input
		want want
	}{
		{"in the band", seen(inside, gun), want{hit, "", 1, 1, []string{"10.0 km from L1 version v1 ± 100 m, on either side; in the band from 0 m to 25.0 km with p 1.00", "severity 2"}}},
		{"on the other side", seen(inside, gun, move(spot(-10_000, 150))), want{hit, "", 1, 1, nil}},
		{"beyond it", seen(inside, gun, move(spot(26_000, 150))), want{outside, truce.ReasonLocation, 0, 0, nil}},
		{"edge ellipse", seen(inside, gun, move(spot(25_000, 1000))), want{indeterminate, truce.ReasonLocation, 0.45, 0.55, nil}},
		{"first phase, within it", seen(inside, gun, when("2026-04-05T10:00:00Z")), want{hit, "", 1, 1, []string{"to 15.0 km"}}},
		{"first phase, beyond it", seen(inside, gun, when("2026-04-05T10:00:00Z"), move(spot(20_000, 150))), want{outside, truce.ReasonLocation, 0, 0, []string{"to 15.0 km"}}},
		{"second phase", seen(inside, gun, move(spot(20_000, 150))), want{hit, "", 1, 1, nil}},
		{"before the first phase", seen(inside, gun, when("2026-04-01T10:00:00Z")), want{outside, truce.ReasonTime, 0, 0, []string{"in force from 2026-04-02 00:00:00 UTC to 2026-07-01"}}},
		{"as two phases meet", seen(inside, gun, when("2026-04-10T00:00:00Z")), want{hit, "", 1, 1, nil}},
		{"in a sealed store", seen(inside, sealed), want{exempt, "", 1, 1, []string{"state: in_sealed_store, which L01 excepts", "exempt from L01"}}},
		{"in another state", seen(inside, elsewhere), want{hit, "", 1, 1, nil}},
		{"a tank", seen(inside, truce.Detail{Weapons: []truce.Weapon{weapon("tank", "", 125, 1)}}), want{outside, truce.ReasonClass, 0, 0, nil}},
		{"calibre not known", seen(inside, truce.Detail{Weapons: []truce.Weapon{weapon("tube_artillery", "", 0, 1)}}), want{indeterminate, truce.ReasonClass, 0, 0, nil}},
		{"less sure than 0.9", seen(inside, truce.Detail{Weapons: []truce.Weapon{weapon("", howitzer152, 152, 0.8)}}), want{indeterminate, truce.ReasonClass, 0.8, 0.8, nil}},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			f := row.want.check(t, g, row.in, "L01")
			if (f.Severity == 2) != (f.Verdict == hit) {
				t.Errorf("severity %d of a %s", f.Severity, f.Verdict)
			}
		})
	}
}

// bandsRule gives every class a band of its own.
func bandsRule() Rule {
	return Rule{ID: "B", Kind: KindLimit, Acts: []truce.Act{inside}, Families: 1, PMin: 0.9, Unit: truce.UnitObjectDay,
		Limit: &Limit{Line: "L1", OwnSide: true, Bands: []ClassBand{{"tube_lt100", 15_000}, {"tube_ge100", 25_000}, {"mlrs", 40_000}, {"mortar", 10_000}}}}
}

func TestTheBandOfTheClass(t *testing.T) {
	g := ruled(t, nil, bandsRule())
	at := func(east float64, list ...truce.Weapon) Input {
		return seen(inside, truce.Detail{Weapons: list}, move(spot(east, 50)))
	}
	tube := weapon("tube_artillery", "", 0, 1)
	mortar := weapon("mortar_120", "", 0, 1)
	rows := []struct {
		name string
		in   Input
		want want
	}{
		{"mlrs in its band", at(38_000, weapon("mlrs", "", 0, 1)), want{hit, "", 1, 1, nil}},
		{"a howitzer there", at(38_000, weapon("", "howitzer", 152, 1)), want{outside, truce.ReasonLocation, 0, 0, nil}},
		{"tube artillery near", at(12_000, tube), want{hit, "", 1, 1, []string{"the weakest band common to all classes still possible ends at 15.0 km"}}},
		{"tube artillery between", at(20_000, tube), want{indeterminate, truce.ReasonClass, 0, 0, []string{"with p from 0.00 to 1.00"}}},
		{"tube artillery far", at(30_000, tube), want{outside, truce.ReasonLocation, 0, 0, nil}},
		{"a 120 mm mortar by calibre", at(20_000, mortar), want{hit, "", 1, 1, nil}},
		{"any weapon, very near", at(5000), want{indeterminate, truce.ReasonClass, 0, 0, nil}},
		{"two classes", at(30_000, weapon("mlrs", "", 0, 0.6), weapon("", "howitzer", 152, 0.4)), want{indeterminate, truce.ReasonClass, 0.6, 0.6, []string{"ends at 25.0 km"}}},
		{"two classes, nearer", at(20_000, weapon("mlrs", "", 0, 0.6), weapon("", "howitzer", 152, 0.4)), want{hit, "", 1, 1, nil}},
		{"mostly one class", at(30_000, weapon("mlrs", "", 0, 0.95), weapon("tank", "", 0, 0.05)), want{hit, "", 0.95, 0.95, nil}},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) { row.want.check(t, g, row.in, "B") })
	}
}

// Where the classes below one leave calibres out, a weapon may be of neither of them, and
// the band of the class itself is still possible.
func TestABandWhereTheClassesBelowLeaveAGap(t *testing.T) {
	rule := Rule{ID: "B", Kind: KindLimit, Acts: []truce.Act{inside}, Families: 1, PMin: 0.9, Unit: truce.UnitObjectDay,
		Limit: &Limit{Line: "L1", Bands: []ClassBand{{"rockets", 25_000}, {"rockets_heavy", 40_000}}}}
	tree := []WeaponNode{
		{ID: "rockets", Types: []string{"mlrs"}},
		{ID: "rockets_heavy", Parent: "rockets", CalibreMM: Range{Min: 200}},
	}
	g := ruled(t, func(a *Agreement) { a.Weapons = tree }, rule)
	full := ruled(t, func(a *Agreement) {
		a.Weapons = append(slices.Clone(tree), WeaponNode{ID: "rockets_light", Parent: "rockets", CalibreMM: Range{Max: 199}})
	}, rule)
	open := want{indeterminate, truce.ReasonClass, 0, 0, []string{"the weakest band common to all classes still possible ends at 25.0 km"}}
	rows := []struct {
		name   string
		east   float64
		weapon truce.Weapon
		want   want
	}{
		{"by type, between the bands", 29_000, weapon("", "mlrs", 0, 1), open},
		{"by class, between the bands", 29_000, weapon("rockets", "", 0, 1), open},
		{"a heavy one", 29_000, weapon("rockets_heavy", "", 0, 1), want{hit, "", 1, 1, nil}},
		{"a heavy one by calibre", 29_000, weapon("", "mlrs", 220, 1), want{hit, "", 1, 1, nil}},
		{"a light one by calibre", 29_000, weapon("", "mlrs", 122, 1), want{outside, truce.ReasonLocation, 0, 0, nil}},
		{"within both bands", 20_000, weapon("", "mlrs", 0, 1), want{hit, "", 1, 1, nil}},
		{"beyond both", 42_000, weapon("", "mlrs", 0, 1), want{outside, truce.ReasonLocation, 0, 0, nil}},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			in := seen(inside, truce.Detail{Weapons: []truce.Weapon{row.weapon}}, move(spot(row.east, 50)))
			row.want.check(t, g, in, "B")
			row.want.check(t, full, in, "B") // a light class without a band of its own has that of its parent
		})
	}
}

// Each party measures from its own line: one 4.4 km east of the other.
func TestEachPartyMeasuresFromItsLine(t *testing.T) {
	second := func(a *Agreement) {
		a.Lines = slices.Clone(a.Lines)
		moved := a.Lines[0]
		moved.ID, moved.Versions = "L2", []LineVersion{{Version: "old", Source: Ref{File: "lines/contact.geojson", Feature: "L1-moved"}, AccuracyM: 50}}
		a.Lines = append(a.Lines, moved)
	}
	rule := Rule{ID: "M", Kind: KindLimit, Acts: []truce.Act{inside}, Families: 1, Unit: truce.UnitObjectDay,
		Limit: &Limit{Object: "vehicles", Lines: []PartyLine{{"A", "L1"}, {"B", "L2"}}, OwnSide: true, ToM: 5000}}
	g := ruled(t, second, rule)
	rows := []struct {
		name string
		east float64
		want want
	}{
		{"west of the line of A", -3000, want{hit, "", 1, 1, []string{"on the side of A", "; or "}}},
		{"between the lines", 2200, want{hit, "", 1, 1, []string{"in front of L1 and of L2, between the two lines, with p 1.00"}}},
		{"about the line of A, on either side of it", 0, want{hit, "", 0.99, 1, []string{"they exclude one another"}}},
		{"about the line of B", 4400, want{hit, "", 0.99, 1, nil}},
		{"east of the line of B", 9000, want{hit, "", 1, 1, []string{"on the side of B"}}},
		{"beyond both", 14_000, want{outside, truce.ReasonLocation, 0, 0, nil}},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) { row.want.check(t, g, seen(inside, truce.Detail{}, move(spot(row.east, 50))), "M") })
	}
}

// capRule allows five vehicles in the buffer.
func capRule() Rule {
	return Rule{ID: "C", Kind: KindLimit, Acts: []truce.Act{truce.ActPresenceInZone}, Families: 1, Unit: truce.UnitObjectDay,
		Where: Where{Zones: []truce.ZoneID{"Z-BUFFER", "Z-BOX"}}, Limit: &Limit{Object: "vehicles", Max: 5}, Severity: Severity{Base: 1}}
}

func TestANumberIsAllowed(t *testing.T) {
	g := ruled(t, nil, capRule())
	near := move(spot(3000, 50))
	for _, row := range []struct {
		n    int
		want want
	}{
		{0, want{outside, truce.ReasonQuantity, 1, 1, []string{"number: 1 seen at once, 5 allowed", "outside the scope of C: quantity"}}},
		{5, want{outside, truce.ReasonQuantity, 1, 1, nil}},
		{6, want{hit, "", 1, 1, []string{"number: 6 seen at once, 5 allowed"}}},
	} {
		row.want.check(t, g, seen(truce.ActPresenceInZone, truce.Detail{Quantity: row.n}, near), "C")
	}
	most := 7
	phased := capRule()
	phased.Steps = []Step{{Span: Span{From: at("2026-04-01T00:00:00Z")}, Max: &most}}
	want{outside, truce.ReasonQuantity, 1, 1, []string{"6 seen at once, 7 allowed"}}.check(t, ruled(t, nil, phased), seen(truce.ActPresenceInZone, truce.Detail{Quantity: 6}, near), "C")
}

// convoys are sightings of so many vehicles each, 500 m apart and at one time.
func convoys(east float64, numbers ...int) []truce.Incident {
	var out []truce.Incident
	for i, n := range numbers {
		in := seen(truce.ActPresenceInZone, truce.Detail{Quantity: n}).Incident
		in.ID = truce.ID{byte(i + 1)}
		in.Position = spot(east+500*float64(i), 20)
		in.Time = truce.Moment(in.Time.From, time.Second)
		out = append(out, in)
	}
	return out
}

// later are convoys of which each was seen a quarter of an hour after the one before.
func later(numbers ...int) []truce.Incident {
	out := convoys(2000, numbers...)
	for i := range out {
		out[i].Time = truce.Moment(out[i].Time.From.Add(time.Duration(i)*15*time.Minute), time.Second)
	}
	return out
}

// What was seen later elsewhere may be the same again: it may be more than allowed and
// need not be.
func TestWhatIsSeenLaterMayBeTheSame(t *testing.T) {
	g := ruled(t, nil, capRule())
	vague := convoys(2000, 2, 4)
	vague[1].Time = truce.PhenomenonTime{From: at("2026-04-11T09:00:00Z"), To: at("2026-04-11T11:00:00Z")}
	both := later(3, 3, 3)
	both[2].Time = both[1].Time
	arrivals := capRule()
	arrivals.Unit = truce.UnitMovement
	open := []truce.Verdict{indeterminate, indeterminate}
	for _, row := range []struct {
		name      string
		g         *Geometry
		incidents []truce.Incident
		want      []truce.Verdict
		says      string
	}{
		{"a quarter of an hour later", g, later(2, 4), open, "number: at least 4, at most 6 on 2026-04-11 in one place on the side of B, 5 allowed: open, what was seen at another time may be the same"},
		{"within a vague time", g, vague, open, "number: at least 4, at most 6"},
		{"even the sum is allowed", g, later(2, 3), []truce.Verdict{outside, outside}, "number: 3 seen at once, 5 allowed"},
		{"one alone is over", g, later(2, 6), []truce.Verdict{hit, hit}, "number: 6 seen at once, 5 allowed"},
		{"two of three at once are over", g, both, []truce.Verdict{hit, hit, hit}, "number: 6 seen on 2026-04-11"},
		{"arrivals are each another", ruled(t, nil, arrivals), later(2, 4), []truce.Verdict{hit, hit}, "number: 6 seen on 2026-04-11"},
	} {
		rows := evaluated(row.g, row.incidents...)
		got := row.g.CountTogether(rows)
		for i := range got {
			f := findingOf(t, got[i], "C")
			if wants := row.want[i]; f.Verdict != wants || (f.Count > 0) != (wants == hit) || (f.Severity > 0) != (wants == hit) || wants == indeterminate && f.Reason != truce.ReasonQuantity {
				t.Errorf("%s: %s (%s), count %d, severity %d, want %s", row.name, f.Verdict, f.Reason, f.Count, f.Severity, wants)
			}
		}
		last := findingOf(t, got[len(got)-1], "C")
		if trace := strings.Join(last.Trace, "\n"); !strings.Contains(trace, row.says) {
			t.Errorf("%s: the trace does not say %q:\n%s", row.name, row.says, trace)
		}
		for i := range rows {
			rows[i].Evaluation = got[i]
		}
		if a, b := asText(t, row.g.CountTogether(rows)), asText(t, got); a != b {
			t.Errorf("%s: counting the answer changes it:\n%s\n%s", row.name, a, b)
		}
	}
}

func TestNumbersAddUpOverADay(t *testing.T) {
	g := ruled(t, nil, capRule())
	sameObject := convoys(2000, 4, 4)
	sameObject[1].Position = sameObject[0].Position
	nextDay := convoys(2000, 4, 4)
	nextDay[1].Time = truce.Moment(at("2026-04-12T10:00:00Z"), time.Second)
	otherSide := convoys(2000, 4, 4)
	otherSide[1].Position = spot(-2000, 20)
	otherZone := convoys(2000, 4, 4)
	otherZone[1].Position = &geo.Position{Point: geo.Point{Lat: -48, Lon: -21}, Error: geo.Isotropic(20)}
	doubtful := convoys(2000, 4, 4)
	doubtful[1].P = 0.5
	for _, row := range []struct {
		name      string
		incidents []truce.Incident
		want      []int
	}{
		{"as many as allowed", convoys(2000, 2, 3), []int{0, 0}},
		{"one more", convoys(2000, 2, 4), []int{1, 1}},
		{"three together", convoys(2000, 2, 2, 2), []int{1, 1, 1}},
		{"one alone is over", convoys(2000, 6, 1), []int{1, 1}},
		{"one object seen twice", sameObject, []int{0, 0}},
		{"another day", nextDay, []int{0, 0}},
		{"the other side", otherSide, []int{0, 0}},
		{"another zone", otherZone, []int{0, 0}},
		{"one may not have been there", doubtful, []int{0, 0}},
	} {
		rows := evaluated(g, row.incidents...)
		before := asText(t, rows)
		got := g.CountTogether(rows)
		if counts := countsOf(t, got, "C"); !slices.Equal(counts, row.want) {
			t.Errorf("%s: counts %v, want %v", row.name, counts, row.want)
		}
		if asText(t, rows) != before {
			t.Errorf("%s: the rows given were changed", row.name)
		}
		again := make([]Counted, len(rows))
		for i := range rows {
			again[i] = Counted{rows[i].Incident, got[i]}
		}
		if a, b := asText(t, g.CountTogether(again)), asText(t, got); a != b {
			t.Errorf("%s: counting the answer changes it:\n%s\n%s", row.name, a, b)
		}
	}
	f := findingOf(t, g.CountTogether(evaluated(g, convoys(2000, 2, 4)...))[1], "C")
	trace := strings.Join(f.Trace, "\n")
	if f.Severity != 1 || !strings.Contains(trace, "number: 6 seen on 2026-04-11 in one place on the side of B, 5 allowed") || f.Trace[len(f.Trace)-1] != "counted once, unit object_day" {
		t.Errorf("severity %d\n%s", f.Severity, trace)
	}
}

// A rule of higher precedence goes on counting what a sum makes a hit as well.
func TestASumKeepsPrecedence(t *testing.T) {
	high := Rule{ID: "H", Kind: KindProhibit, Acts: []truce.Act{truce.ActPresenceInZone}, Families: 1, Unit: truce.UnitObject, Precedence: 9, Where: Where{Anywhere: true}}
	g := ruled(t, nil, capRule(), high)
	for i, e := range g.CountTogether(evaluated(g, convoys(2000, 3, 4)...)) {
		c, h := findingOf(t, e, "C"), findingOf(t, e, "H")
		if c.Verdict != hit || c.Count != 0 || c.CountedUnder != "H" || h.Count != 1 {
			t.Errorf("%d: C %s counts %d under %q, H counts %d", i, c.Verdict, c.Count, c.CountedUnder, h.Count)
		}
		if n := strings.Count(strings.Join(c.Trace, "\n"), "counted under"); n != 1 {
			t.Errorf("%d says %d times where it counts", i, n)
		}
	}
}

func TestCountingWithoutSentences(t *testing.T) {
	g := ruled(t, nil, capRule())
	incidents := convoys(2000, 3, 4)
	loud, quiet := evaluated(g, incidents...), []Counted{}
	for _, in := range incidents {
		quiet = append(quiet, Counted{in, g.Evaluate(Input{Incident: in, NoTrace: true})})
	}
	a, b := g.CountTogether(loud), g.CountTogether(quiet)
	for i := range a {
		for k := range a[i].Findings {
			a[i].Findings[k].Trace = nil
		}
	}
	if x, y := asText(t, a), asText(t, b); x != y {
		t.Errorf("other counts without sentences:\n%s\n%s", x, y)
	}
}

func TestARulesOwnPauseAndRadius(t *testing.T) {
	rule := Rule{ID: "G", Kind: KindProhibit, Acts: []truce.Act{fire}, Families: 1, Where: Where{Anywhere: true}, Unit: truce.UnitEngagement, Gap: 30 * time.Minute, RadiusM: 3000}
	other := rule
	other.Unit = truce.UnitSiteEvent
	half := other
	half.RadiusM = 0
	for _, row := range []struct {
		name string
		rule Rule
		last []float64 // minutes and metres of the second
		want []int
	}{
		{"within both", rule, []float64{29, 2900}, []int{1, 0}},
		{"a longer pause", rule, []float64{31, 100}, []int{1, 1}},
		{"farther away", rule, []float64{5, 3100}, []int{1, 1}},
		{"a unit that joins nothing by itself", other, []float64{29, 2900}, []int{1, 0}},
		{"and half of what it needs", half, []float64{1, 10}, []int{1, 1}},
	} {
		g := ruled(t, nil, row.rule)
		got := g.CountTogether(evaluated(g, firing(1, 0, 0), firing(2, row.last[0], row.last[1])))
		if counts := countsOf(t, got, "G"); !slices.Equal(counts, row.want) {
			t.Errorf("%s: counts %v, want %v", row.name, counts, row.want)
		}
		f := findingOf(t, got[1], "G")
		if last := f.Trace[len(f.Trace)-1]; f.Count == 0 && !strings.HasSuffix(last, "within 30 min and 3.0 km") {
			t.Errorf("%s: %q", row.name, last)
		}
	}
}

func TestHeights(t *testing.T) {
	rule := Rule{ID: "A", Kind: KindProhibit, Acts: []truce.Act{"recon_uav", fire}, Families: 1, Where: Where{Anywhere: true}, AltitudeM: &Range{0, 1000}}
	zone := func(a *Agreement) {
		a.Zones = slices.Clone(a.Zones)
		for i := range a.Zones {
			a.Zones[i].AltitudeM = &Range{500, 1500}
		}
	}
	inZone := Rule{ID: "Z", Kind: KindProhibit, Acts: []truce.Act{"recon_uav", fire}, Families: 1, Where: Where{Zones: []truce.ZoneID{"Z-BUFFER"}}}
	g := ruled(t, zone, rule, inZone)
	at := func(lo, hi float64) truce.Detail { return truce.Detail{Altitude: &truce.Span{Low: lo, High: hi}} }
	for _, row := range []struct {
		name   string
		act    truce.Act
		detail truce.Detail
		a, z   want
	}{
		{"low", "recon_uav", at(100, 400), want{hit, "", 1, 1, []string{"height: 100 to 400 m, asked for up to 1000 m: p 1.00"}}, want{outside, truce.ReasonLocation, 0, 0, nil}},
		{"between", "recon_uav", at(500, 1500), want{indeterminate, truce.ReasonLocation, 0.5, 0.5, nil}, want{hit, "", 1, 1, []string{"asked for 500 to 1500 m"}}},
		{"exactly", "recon_uav", at(1000, 1000), want{hit, "", 1, 1, nil}, want{hit, "", 1, 1, nil}},
		{"high", "recon_uav", at(2000, 2500), want{outside, truce.ReasonLocation, 0, 0, nil}, want{outside, truce.ReasonLocation, 0, 0, nil}},
		{"not known", "recon_uav", truce.Detail{}, want{indeterminate, truce.ReasonLocation, 0, 0, []string{"height: not known"}}, want{indeterminate, truce.ReasonLocation, 0, 0, nil}},
		{"on the ground", fire, truce.Detail{}, want{hit, "", 1, 1, []string{"height: on the ground"}}, want{outside, truce.ReasonLocation, 0, 0, nil}},
		{"upside down", "recon_uav", at(900, 100), want{indeterminate, truce.ReasonLocation, 0, 0, nil}, want{indeterminate, truce.ReasonLocation, 0, 0, nil}},
	} {
		t.Run(row.name, func(t *testing.T) {
			in := seen(row.act, row.detail, move(spot(2000, 50)))
			row.a.check(t, g, in, "A")
			row.z.check(t, g, in, "Z")
		})
	}
}

// The share of a band by class agrees with its parts, drawn one by one.
func TestBandsByClassAddUp(t *testing.T) {
	g := ruled(t, nil, bandsRule())
	for _, east := range []float64{14_500, 24_800, 39_900} {
		pos := spot(east, 800)
		list := []truce.Weapon{weapon("mlrs", "", 0, 0.5), weapon("tube_ge100", "", 0, 0.3), weapon("tube_lt100", "", 0, 0.2)}
		f := findingOf(t, g.Evaluate(seen(inside, truce.Detail{Weapons: list}, move(pos))), "B")
		sum := 0.0
		for i, to := range []geo.Metres{40_000, 25_000, 15_000} {
			line, _, _ := g.LineAt("L1", at("2026-04-11T10:00:00Z"), 0)
			sum += float64(list[i].P) * geo.Band{Line: line, Side: geo.On, To: to}.Probability(*pos, 100)
		}
		if d := float64(f.P) - sum; d > 2e-4 || d < -2e-4 {
			t.Errorf("%g m: p %.4f, the parts make %.4f\n%s", east, f.P, sum, fmt.Sprint(f.Trace))
		}
	}
}
