package agreement

import (
	"slices"
	"strings"
	"testing"
	"time"

	truce "github.com/trucewatch/truce"
)

// weaponTree is the tree of classes of the tests.
var weaponTree = []WeaponNode{
	{ID: "tube_artillery", Types: []string{"gun", "howitzer", "mortar"}},
	{ID: "tube_lt100", Parent: "tube_artillery", CalibreMM: Range{Max: 99.9}},
	{ID: "tube_ge100", Parent: "tube_artillery", CalibreMM: Range{Min: 100}},
	{ID: "mortar", Types: []string{"mortar"}},
	{ID: "mortar_120", Parent: "mortar", CalibreMM: Range{Min: 120, Max: 120}},
	{ID: "tank", Types: []string{"tank"}},
	{ID: "mlrs", Types: []string{"mlrs"}},
	{ID: "missile", Types: []string{"missile"}},
	{ID: "srbm", Parent: "missile"},
	{ID: "cruise_missile", Parent: "missile"},
}

// ruled is the test agreement with other rules in the place of its own, and with
// whatever else change puts into it.
func ruled(t testing.TB, change func(*Agreement), rules ...Rule) *Geometry {
	t.Helper()
	a := *mustParse(t, plainFiles(t))
	a.Weapons = weaponTree
	a.Rules = rules
	for i := range a.Rules {
		r := &a.Rules[i]
		r.Evaluated = true
		if r.Version == "" {
			r.Version = "1"
		}
		if r.PMin == 0 {
			r.PMin = 0.7
		}
		if r.POut == 0 {
			r.POut = DefaultPOut
		}
	}
	if change != nil {
		change(&a)
	}
	g, err := a.Geometry(nil)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// want is what one rule must say of an incident.
type want struct {
	verdict   truce.Verdict
	reason    truce.Reason
	low, high float64  // the probability lies in [low, high]
	says      []string // every one is part of the trace
}

// check evaluates with and without sentences: both must say the same.
func (w want) check(t *testing.T, g *Geometry, in Input, rule truce.RuleID) truce.Finding {
	t.Helper()
	f := findingOf(t, g.Evaluate(in), rule)
	trace := strings.Join(f.Trace, "\n")
	if f.Verdict != w.verdict || f.Reason != w.reason || float64(f.P) < w.low || float64(f.P) > w.high {
		t.Errorf("got %s (%s) p %.4f, want %s (%s) p in [%g, %g]\n%s", f.Verdict, f.Reason, f.P, w.verdict, w.reason, w.low, w.high, trace)
	}
	for _, s := range w.says {
		if !strings.Contains(trace, s) {
			t.Errorf("the trace does not say %q:\n%s", s, trace)
		}
	}
	in.NoTrace = true
	quiet := findingOf(t, g.Evaluate(in), rule)
	if quiet.Trace != nil {
		t.Errorf("a trace that nobody asked for: %q", quiet.Trace)
	}
	quiet.Trace = f.Trace
	if a, b := asText(t, quiet), asText(t, f); a != b {
		t.Errorf("without sentences another finding:\n%s\n%s", a, b)
	}
	return f
}

// seen is an incident that surely happened, 10 km east of the line unless changed, with
// what is known of it beyond act, time and place.
func seen(act truce.Act, d truce.Detail, changes ...func(*truce.Incident)) Input {
	in := happening(act, 1)
	in.P, in.Detail = 1, &d
	for _, change := range changes {
		change(&in)
	}
	return Input{Incident: in}
}

func weapon(class truce.WeaponClass, kind string, calibre float64, p truce.Probability) truce.Weapon {
	return truce.Weapon{Class: class, Type: kind, CalibreMM: calibre, P: p}
}

const howitzer152 = "howitzer"

// bandRule keeps weapons of 100 mm and more 15 km from the line, from 10 April on 25 km.
func bandRule() Rule {
	return Rule{
		ID: "L01", Kind: KindLimit, Acts: []truce.Act{"weapon_inside_distance"}, Unit: truce.UnitObjectDay, Families: 1, PMin: 0.9,
		Limit:       &Limit{Weapon: WeaponMatch{Classes: []truce.WeaponClass{"tube_ge100"}}, Line: "L1", OwnSide: true, ToM: 25_000},
		Steps:       []Step{{Span: Span{From: at("2026-04-02T00:00:00Z"), To: at("2026-04-10T00:00:00Z")}, ToM: 15_000}, {Span: Span{From: at("2026-04-10T00:00:00Z")}}},
		UnlessState: []string{"in_sealed_store"}, Severity: Severity{Base: 2},
	}
}

// everyKind is a set of rules of every kind and nearly every field.
func everyKind() []Rule {
	day := func(s string) truce.Instant { return at(s + "T00:00:00Z") }
	anywhere := Where{Anywhere: true}
	max5 := 5
	return []Rule{
		{ID: "X01", Kind: KindProhibit, Acts: []truce.Act{fire, truce.ActDirectFire, truce.ActOWAUAV, truce.ActMissileStrike}, Families: 2, PMin: 0.7,
			Where:  Where{Crosses: &Crosses{Line: "L1"}, Within: []Within{{"L1", 25_000}}, OtherArea: true},
			Unless: []WindowKind{WindowDemining}, Claims: []truce.Act{truce.ActReturnFire}, Unit: truce.UnitEngagement, Precedence: 50,
			Evidence: Evidence{Or: []string{"geolocated_video"}}, Severity: Severity{Base: 1, Damage: 2, Casualties: 3, MassCasualties: 4}},
		bandRule(),
		{ID: "X03", Kind: KindLimit, Acts: []truce.Act{"weapon_inside_distance"}, Families: 1, PMin: 0.9, Unit: truce.UnitObjectDay,
			Limit: &Limit{Weapon: WeaponMatch{Classes: []truce.WeaponClass{"mlrs", "srbm", "tube_lt100"}}, Lines: []PartyLine{{"A", "L1"}, {"B", "L1"}}, OwnSide: true,
				Bands: []ClassBand{{"mlrs", 40_000}, {"srbm", 60_000}, {"tube_lt100", 15_000}}}},
		{ID: "X04", Kind: KindLimit, Acts: []truce.Act{truce.ActPresenceInZone}, Families: 1, Unit: truce.UnitObjectDay, Where: Where{Zones: []truce.ZoneID{"Z-BUFFER"}},
			Limit: &Limit{Object: "vehicles"}, Steps: []Step{{Span: Span{From: day("2026-04-01")}, Max: &max5}}},
		{ID: "X05", Kind: KindProhibit, Acts: []truce.Act{truce.ActAttackEnergy, fire}, Families: 1, Unit: truce.UnitSiteEvent, Precedence: 70,
			Objects: &Positions[[]string]{Of: []Position[[]string]{{"A", []string{"LIST-A"}}, {"B", []string{"LIST-B"}}}, Applied: AppliedIntersection, Report: true},
			Dates:   &Positions[Span]{Of: []Position[Span]{{"A", Span{From: day("2026-04-10"), To: day("2026-05-10")}}, {"B", Span{From: day("2026-04-03"), To: day("2026-05-03")}}}}},
		{ID: "X06", Kind: KindProhibit, Acts: []truce.Act{"recon_uav", "armed_uav", truce.ActOWAUAV}, Families: 1, Unit: truce.UnitFlight, Where: Where{Zones: []truce.ZoneID{"Z-BUFFER", "Z-BOX"}},
			AltitudeM: &Range{0, 3000}, Unless: []WindowKind{WindowMonitorFlight}, Gap: 30 * time.Minute, RadiusM: 3000},
		{ID: "X07", Kind: KindPermit, Acts: []truce.Act{truce.ActControlledExplos}, Where: anywhere, Unit: truce.UnitIncident,
			Permit: &Permission{Windows: []WindowKind{WindowDemining}, Notice: 48 * time.Hour, Ack: AckOtherParty, AutoAck: 24 * time.Hour, MaxHours: 8, RadiusM: 1000}},
		{ID: "X08", Kind: KindRequire, Acts: []truce.Act{"rotation_unnotified"}, Families: 1, Unit: truce.UnitMovement, Where: anywhere,
			Require: &Requirement{Notify: &NotifyDuty{Window: WindowRotation, Threshold: 10, Object: "vehicles", Notice: 72 * time.Hour, Outside: []truce.ZoneID{"Z-BOX"}}, WithinLine: &Within{"L1", 30_000}}},
		{ID: "X09", Kind: KindRequire, Acts: []truce.Act{truce.ActDenyAccess, "delay_access"}, Families: 1, Unit: truce.UnitDenial, Where: anywhere,
			Require: &Requirement{Access: 30 * time.Minute}},
		{ID: "X10", Kind: KindRequire, Acts: []truce.Act{"holding_mismatch", "seal_broken"}, Families: 1, Unit: truce.UnitObjectDay, Where: anywhere,
			Require: &Requirement{Holdings: &HoldingsDuty{Equal: true, SealIntact: true}}},
		{ID: "X11", Kind: KindRequire, Acts: []truce.Act{"no_disciplinary_notice"}, Families: 1, Unit: truce.UnitOmission, Where: anywhere,
			Require: &Requirement{Reply: &ReplyDuty{After: "determination", Within: 240 * time.Hour}}},
		{ID: "X12", Kind: KindClaim, Acts: []truce.Act{truce.ActReturnFire}, Where: anywhere, Unit: truce.UnitIncident,
			Claim: &ClaimTerms{NamesIncident: true, CoordinationWithin: 30 * time.Minute, OrderedBy: "order", NotifiedWithin: 24 * time.Hour}},
		{ID: "X13", Kind: KindProhibit, Acts: []truce.Act{"civilian_crossing_closed", fire}, Families: 1, Unit: truce.UnitDenial, Where: anywhere,
			When: `hour >= 8 && hour < 20 && (quantity > 2 || "A" in origin_side && origin_side["A"] > 0.5)`},
	}
}

// fullGeometry is the agreement of everyKind with lists, authorities and windows.
func fullGeometry(t testing.TB) *Geometry {
	t.Helper()
	return ruled(t, withLists, everyKind()...)
}

func withLists(a *Agreement) {
	a.Sites = slices.Clone(a.Sites)
	a.Lists = []SiteList{
		{ID: "LIST-A", Version: "3", Party: "A", Sites: []string{"S-POWER"}},
		{ID: "LIST-B", Version: "2", Party: "B", SiteKinds: []SiteKind{SiteEnergy, SiteWater}},
	}
	a.Authorities = []Authority{{ID: "HQ-A", Party: "A", May: []string{"order"}}, {ID: "DESK-B", Party: "B", May: []string{"notify"}}}
}
