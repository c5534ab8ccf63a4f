package agreement

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	truce "github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
)

// plainGeometry is the test agreement compiled without control maps.
func plainGeometry(t testing.TB) *Geometry {
	t.Helper()
	g, err := mustParse(t, plainFiles(t)).Geometry(nil)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// spot is a position with an isotropic error; east is metres east of the test line.
func spot(east, sigma float64) *geo.Position { return spotAt(-48, east, sigma) }

func spotAt(lat, east, sigma float64) *geo.Position {
	start := geo.Point{Lat: geo.Degrees(lat), Lon: -21.6}
	azimuth := geo.Degrees(90)
	if east < 0 {
		azimuth = 270
	}
	p, _ := geo.Direct(start, azimuth, geo.Metres(math.Abs(east)))
	return &geo.Position{Point: p, Error: geo.Isotropic(geo.Metres(sigma))}
}

// happening is an incident of one act, corroborated by two families, at 10:00 on 11
// April, 10 km east of the line.
func happening(act truce.Act, p float64) truce.Incident {
	return truce.Incident{
		ID: truce.ID{1}, Revision: 1, Occurrence: truce.OccurrenceCorroborated, P: 0.95,
		Acts: []truce.ActWeight{{Act: act, P: truce.Probability(p)}},
		Time: truce.Moment(at("2026-04-11T10:00:00Z"), time.Minute), Position: spot(10_000, 150),
		Families: []truce.Family{truce.FamilyMedia, truce.FamilyThermal},
	}
}

func findingOf(t testing.TB, e truce.Evaluation, rule truce.RuleID) truce.Finding {
	t.Helper()
	i := slices.IndexFunc(e.Findings, func(f truce.Finding) bool { return f.Rule == rule })
	if i < 0 {
		t.Fatalf("no finding under %s", rule)
	}
	return e.Findings[i]
}

// verdictRow is one incident and what one rule must say of it.
type verdictRow struct {
	name    string
	act     truce.Act
	change  func(*truce.Incident)
	rule    truce.RuleID
	verdict truce.Verdict
	reason  truce.Reason
	low     float64 // the probability must lie in [low, high]
	high    float64
}

func (row verdictRow) run(t *testing.T, g *Geometry) {
	in := happening(row.act, 0.9)
	if row.change != nil {
		row.change(&in)
	}
	f := findingOf(t, g.Evaluate(Input{Incident: in}), row.rule)
	if f.Verdict != row.verdict || f.Reason != row.reason || float64(f.P) < row.low || float64(f.P) > row.high {
		t.Errorf("got %s (%s) p %.4f, want %s (%s) p in [%g, %g]\n%s", f.Verdict, f.Reason, f.P, row.verdict, row.reason, row.low, row.high, strings.Join(f.Trace, "\n"))
	}
}

func move(p *geo.Position) func(*truce.Incident) {
	return func(i *truce.Incident) { i.Position = p }
}

func seenBy(families ...truce.Family) func(*truce.Incident) {
	return func(i *truce.Incident) { i.Families = families }
}

func when(s string) func(*truce.Incident) {
	return func(i *truce.Incident) { i.Time = truce.Moment(at(s), time.Minute) }
}

func both(changes ...func(*truce.Incident)) func(*truce.Incident) {
	return func(i *truce.Incident) {
		for _, c := range changes {
			c(i)
		}
	}
}

const (
	hit           = truce.VerdictHit
	exempt        = truce.VerdictExempt
	outside       = truce.VerdictOutside
	indeterminate = truce.VerdictIndeterminate
)

var (
	fire      = truce.ActIndirectFire
	explosion = truce.ActExplosion
)

func TestVerdictsOfAFireRule(t *testing.T) {
	g := plainGeometry(t)
	rows := []verdictRow{
		{"inside and seen twice", fire, nil, "R01", hit, "", 0.855, 0.855},
		{"edge ellipse", fire, move(spot(25_000, 2000)), "R01", indeterminate, truce.ReasonLocation, 0.42, 0.44},
		{"edge ellipse, mostly inside", fire, move(spot(22_000, 2000)), "R01", hit, "", 0.78, 0.82},
		{"just outside", fire, move(spot(30_000, 1500)), "R01", outside, truce.ReasonLocation, 0, 0.01},
		{"other side of the line", fire, move(spot(-10_000, 150)), "R01", hit, "", 0.855, 0.855},
		{"one family only", fire, seenBy(truce.FamilyMedia), "R01", indeterminate, truce.ReasonEvidence, 0.855, 0.855},
		{"heat and a map", fire, seenBy(truce.FamilyThermal, truce.FamilyReference), "R01", indeterminate, truce.ReasonEvidence, 0.855, 0.855},
		{"heat alone", truce.ActHeat, seenBy(truce.FamilyThermal), "R01", indeterminate, truce.ReasonEvidence, 0, 0},
		{"heat alone, far away", truce.ActHeat, both(seenBy(truce.FamilyThermal), move(spot(80_000, 200))), "R01", outside, truce.ReasonLocation, 0, 0},
		{"heat and a report of no act", truce.ActHeat, nil, "R01", indeterminate, truce.ReasonAct, 0, 0},
		{"a sign is no act", explosion, nil, "R01", indeterminate, truce.ReasonAct, 0, 0},
		{"no place", fire, move(nil), "R01", indeterminate, truce.ReasonLocation, 0, 0},
		{"no act", fire, func(i *truce.Incident) { i.Acts = nil }, "R01", indeterminate, truce.ReasonAct, 0, 0},
		{"another act", "recon_uav", nil, "R01", outside, truce.ReasonAct, 0, 0},
		{"no place and another act", "recon_uav", move(nil), "R01", outside, truce.ReasonAct, 0, 0},
		{"before the agreement", fire, when("2026-03-31T23:00:00Z"), "R01", outside, truce.ReasonTime, 0, 0},
		{"after its end", fire, when("2026-07-01T00:05:00Z"), "R01", outside, truce.ReasonTime, 0, 0},
		{"at its very start", fire, when("2026-04-01T00:00:00Z"), "R01", indeterminate, truce.ReasonTime, 0.42, 0.43},
		{"doubtful", fire, func(i *truce.Incident) { i.P = 0.5 }, "R01", indeterminate, truce.ReasonEvidence, 0.45, 0.45},
		{"unlikely but not outside", fire, func(i *truce.Incident) { i.P = 0.01 }, "R01", indeterminate, truce.ReasonEvidence, 0.009, 0.009},
		{"refuted", fire, func(i *truce.Incident) { i.Occurrence = truce.OccurrenceRefuted }, "R01", outside, truce.ReasonEvidence, 0, 0},
		{"explained", fire, func(i *truce.Incident) { i.Occurrence = truce.OccurrenceExplained }, "R01", outside, truce.ReasonEvidence, 0, 0},
		{"merged", fire, func(i *truce.Incident) { i.ReplacedBy = truce.ID{9} }, "R01", outside, truce.ReasonEvidence, 0, 0},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) { row.run(t, g) })
	}
}

// Two families count as two only where fusion found that they agree beyond chance, or two
// analysts signed, and heat that recurs is nobody's witness.
func TestEvidenceMustAgreeBeyondChance(t *testing.T) {
	g := plainGeometry(t)
	state := func(o truce.Occurrence) func(*truce.Incident) {
		return func(i *truce.Incident) { i.Occurrence = o }
	}
	plant := func(i *truce.Incident) { i.Labels = []truce.Label{truce.LabelRecurringHeat} }
	rows := []verdictRow{
		{"verified", fire, state(truce.OccurrenceVerified), "R01", hit, "", 0.855, 0.855},
		{"detected, and told of nearby", fire, state(truce.OccurrenceDetected), "R01", indeterminate, truce.ReasonEvidence, 0.855, 0.855},
		{"told twice", fire, state(truce.OccurrenceReported), "R01", indeterminate, truce.ReasonEvidence, 0.855, 0.855},
		{"unverifiable", fire, state(truce.OccurrenceUnverifiable), "R01", indeterminate, truce.ReasonEvidence, 0.855, 0.855},
		{"a plant and a paper", fire, plant, "R01", indeterminate, truce.ReasonEvidence, 0.855, 0.855},
		{"a plant, a paper and a patrol", fire, both(plant, seenBy(truce.FamilyThermal, truce.FamilyMedia, truce.FamilyPatrol)), "R01", hit, "", 0.855, 0.855},
		{"a plant alone", fire, both(plant, seenBy(truce.FamilyThermal)), "R01", indeterminate, truce.ReasonEvidence, 0.855, 0.855},
		{"one family is enough where one is asked for", truce.ActDenyAccess, both(state(truce.OccurrenceReported), seenBy(truce.FamilyPatrol)), "R05", hit, "", 0.855, 0.855},
		{"but no plant", truce.ActDenyAccess, both(plant, seenBy(truce.FamilyThermal)), "R05", indeterminate, truce.ReasonEvidence, 0.855, 0.855},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) { row.run(t, g) })
	}
}

// While the agreement is not in force every explanation begins by saying so.
func TestTheStatusOfTheTermsIsSaidFirst(t *testing.T) {
	for _, status := range []Status{StatusDraft, StatusSigned, StatusSuspended, StatusTerminated, StatusInForce} {
		a := mustParse(t, plainFiles(t))
		a.Status = status
		g, err := a.Geometry(nil)
		if err != nil {
			t.Fatal(err)
		}
		want := "the agreement's status is " + string(status) + ": evaluated as if it were in force"
		for _, f := range g.CountTogether(evaluated(g, happening(fire, 0.9)))[0].Findings {
			if said := f.Trace[0] == want; said != (status != StatusInForce) {
				t.Errorf("%s, %s (%s) begins with %q", status, f.Rule, f.Verdict, f.Trace[0])
			}
		}
	}
}

// The events say which heat recurs: 20 days at a plant and one story in two copies.
func TestPlantHeatAndAStoryMeetNoRule(t *testing.T) {
	g := plainGeometry(t)
	in := Input{Incident: happening(fire, 0.9)}
	in.Incident.Labels = []truce.Label{truce.LabelRecurringHeat}
	for day := range byte(20) {
		in.Events = append(in.Events, truce.Event{Labels: in.Incident.Labels, Support: []truce.Support{support(day, truce.FamilyThermal, "")}})
	}
	in.Events = append(in.Events, truce.Event{Support: []truce.Support{support(30, truce.FamilyMedia, "wire"), support(31, truce.FamilyMedia, "wire")}})
	for _, state := range []truce.Occurrence{truce.OccurrenceReported, truce.OccurrenceDetected, truce.OccurrenceCorroborated, truce.OccurrenceVerified} {
		in.Incident.Occurrence = state
		f := findingOf(t, g.Evaluate(in), "R01")
		want := "evidence: 1 independent family (media); R01 asks for 2; heat where heat recurs is no witness"
		if f.Verdict != indeterminate || f.Reason != truce.ReasonEvidence || !slices.Contains(f.Trace, want) {
			t.Errorf("%s: %s (%s)\n%s", state, f.Verdict, f.Reason, strings.Join(f.Trace, "\n"))
		}
	}
	in.Incident.Occurrence = truce.OccurrenceDetected
	in.Events = append(in.Events, truce.Event{Support: []truce.Support{support(40, truce.FamilyThermal, "")}})
	f := findingOf(t, g.Evaluate(in), "R01")
	want := "evidence: 2 families (media, thermal), counted as 1: that they speak of one happening is not shown beyond chance (occurrence: detected); R01 asks for 2"
	if f.Verdict != indeterminate || !slices.ContainsFunc(f.Trace, func(s string) bool { return strings.HasPrefix(s, want) }) {
		t.Errorf("other heat beside it: %s\n%s", f.Verdict, strings.Join(f.Trace, "\n"))
	}
}

func TestVerdictsOfAZoneRule(t *testing.T) {
	g := plainGeometry(t)
	box := &geo.Position{Point: geo.Point{Lat: -48, Lon: -21}, Error: geo.Isotropic(300)}
	edge := &geo.Position{Point: geo.Point{Lat: -48, Lon: -20.9}, Error: geo.Isotropic(300)}
	pixel := &geo.Position{Point: geo.Point{Lat: -48, Lon: -21}, Error: geo.Footprint{Scan: 400, Track: 400}.Covariance(), Footprint: &geo.Footprint{Scan: 400, Track: 400}}
	rows := []verdictRow{
		{"in the band, east", "recon_uav", move(spot(3000, 150)), "R02", hit, "", 0.855, 0.855},
		{"in the band, west", "recon_uav", move(spot(-3000, 150)), "R02", hit, "", 0.855, 0.855},
		{"at the band's edge", "recon_uav", move(spot(5000, 150)), "R02", indeterminate, truce.ReasonLocation, 0.42, 0.44},
		{"in the drawn zone", "armed_uav", move(box), "R02", hit, "", 0.855, 0.855},
		{"on the drawn zone's edge", "armed_uav", move(edge), "R02", indeterminate, truce.ReasonLocation, 0.42, 0.44},
		{"a pixel in the zone", "armed_uav", move(pixel), "R02", hit, "", 0.855, 0.855},
		{"between band and zone", "recon_uav", nil, "R02", outside, truce.ReasonLocation, 0, 0},
		{"a drone heard", truce.ActUAVHeard, move(spot(3000, 150)), "R02", indeterminate, truce.ReasonAct, 0, 0},
		{"the mission's own flight", "recon_uav", both(move(box), func(i *truce.Incident) { i.Acts[0] = truce.ActWeight{Act: "monitor_flight", P: 0.9} }), "R02", outside, truce.ReasonAct, 0, 0},
		{"mistaken for the mission's flight", "recon_uav", move(box), "R02", exempt, "", 0.855, 0.855},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) { row.run(t, g) })
	}
}

func TestVerdictsOfASiteRule(t *testing.T) {
	g := plainGeometry(t)
	station := geo.Point{Lat: -48.3, Lon: -21}
	at := func(d, sigma float64) func(*truce.Incident) {
		p, _ := geo.Direct(station, 30, geo.Metres(d))
		return move(&geo.Position{Point: p, Error: geo.Isotropic(geo.Metres(sigma))})
	}
	works := move(&geo.Position{Point: geo.Point{Lat: -48, Lon: -22}, Error: geo.Isotropic(100)})
	rows := []verdictRow{
		{"on the station", truce.ActAttackEnergy, at(50, 100), "R03", hit, "", 0.85, 0.855},
		{"by a fire act", fire, at(50, 100), "R03", hit, "", 0.85, 0.855},
		{"at the edge of its ground", truce.ActAttackEnergy, at(500, 100), "R03", indeterminate, truce.ReasonLocation, 0.38, 0.43},
		{"a town-sized ellipse over it", truce.ActAttackEnergy, at(50, 1200), "R03", indeterminate, truce.ReasonLocation, 0.06, 0.08},
		{"on the drawn works", truce.ActIndirectFire, works, "R03", hit, "", 0.855, 0.855},
		{"nowhere near", truce.ActAttackEnergy, nil, "R03", outside, truce.ReasonLocation, 0, 0},
		{"heat on the station", truce.ActHeat, both(at(50, 100), seenBy(truce.FamilyThermal)), "R03", indeterminate, truce.ReasonEvidence, 0, 0},
		{"no place", truce.ActAttackEnergy, move(nil), "R03", indeterminate, truce.ReasonLocation, 0, 0},
		{"one family", truce.ActAttackEnergy, both(at(50, 100), seenBy(truce.FamilyCivilian)), "R03", indeterminate, truce.ReasonEvidence, 0.85, 0.855},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) { row.run(t, g) })
	}
}

func TestVerdictsOfAnAreaRule(t *testing.T) {
	g := plainGeometry(t)
	sure := func(i *truce.Incident) { i.P, i.Acts[0].P = 0.99, 0.99 }
	sea := move(&geo.Position{Point: geo.Point{Lat: -48, Lon: -24}, Error: geo.Isotropic(100)})
	shore := move(&geo.Position{Point: geo.Point{Lat: -48, Lon: -23}, Error: geo.Isotropic(100)})
	rows := []verdictRow{
		{"in one party's area", truce.ActNewTrench, sure, "R04", hit, "", 0.98, 0.9802},
		{"on the line itself", truce.ActNewTrench, both(sure, move(spot(0, 500))), "R04", hit, "", 0.98, 0.9802},
		{"at sea", truce.ActNewTrench, both(sure, sea), "R04", indeterminate, truce.ReasonControl, 0, 0},
		{"half at sea", truce.ActNewTrench, both(sure, shore), "R04", indeterminate, truce.ReasonControl, 0.48, 0.50},
		{"before the rule", truce.ActNewTrench, both(sure, when("2026-04-09T12:00:00Z")), "R04", outside, truce.ReasonTime, 0, 0},
		{"after the rule", truce.ActNewTrench, both(sure, when("2026-06-02T12:00:00Z")), "R04", outside, truce.ReasonTime, 0, 0},
		{"less sure than the rule asks", truce.ActNewTrench, nil, "R04", indeterminate, truce.ReasonAct, 0.855, 0.855},
		{"no place", truce.ActNewPosition, move(nil), "R04", indeterminate, truce.ReasonLocation, 0, 0},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) { row.run(t, g) })
	}
}

func TestVerdictsWithoutAPlace(t *testing.T) {
	g := plainGeometry(t)
	rows := []verdictRow{
		{"anywhere", truce.ActDenyAccess, nil, "R05", hit, "", 0.855, 0.855},
		{"anywhere, no place", truce.ActJamGNSS, move(nil), "R05", hit, "", 0.855, 0.855},
		{"anywhere, unlikely act", truce.ActJamGNSS, func(i *truce.Incident) { i.Acts[0].P = 0.4 }, "R05", indeterminate, truce.ReasonAct, 0.38, 0.38},
		{"anywhere, no witness", truce.ActJamGNSS, seenBy(truce.FamilyReference), "R05", indeterminate, truce.ReasonEvidence, 0.855, 0.855},
		{"anywhere, another act", fire, nil, "R05", outside, truce.ReasonAct, 0, 0},
		{"anywhere, too early", truce.ActJamGNSS, when("2026-03-01T00:00:00Z"), "R05", outside, truce.ReasonTime, 0, 0},
		{"crossing is open", fire, nil, "R06", indeterminate, truce.ReasonControl, 0, 0},
		{"crossing at the reach", fire, move(spot(60_000, 2000)), "R06", indeterminate, truce.ReasonControl, 0, 0},
		{"crossing beyond reach", fire, move(spot(80_000, 150)), "R06", outside, truce.ReasonControl, 0, 0},
		{"crossing without a place", fire, move(nil), "R06", indeterminate, truce.ReasonLocation, 0, 0},
		{"crossing of a sign", explosion, nil, "R06", indeterminate, truce.ReasonControl, 0, 0},
		{"crossing of another act", truce.ActDirectFire, nil, "R06", outside, truce.ReasonAct, 0, 0},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) { row.run(t, g) })
	}
}

func TestWindows(t *testing.T) {
	g := plainGeometry(t)
	inBox := func(act truce.Act, p, east float64, time string) Input {
		in := happening(act, p)
		in.Position = spot(east, 100)
		when(time)(&in)
		return Input{Incident: in}
	}
	circle := -3729.0 // the circle's middle, metres from the line
	rows := []struct {
		name    string
		in      Input
		verdict truce.Verdict
		claims  bool
		says    string
	}{
		{"explosion in the window", inBox(explosion, 0.95, circle, "2026-04-11T10:00:00Z"), exempt, false, "window W-OK (demining) of A covers it"},
		{"in the grace after it", inBox(explosion, 0.95, circle, "2026-04-11T12:05:00Z"), exempt, false, "covers it"},
		{"14 minutes after the grace", inBox(explosion, 0.95, circle, "2026-04-11T12:24:00Z"), indeterminate, true, "ended 14 min before"},
		{"before it", inBox(explosion, 0.95, circle, "2026-04-11T07:30:00Z"), indeterminate, true, "began 30 min after"},
		{"another day", inBox(explosion, 0.95, circle, "2026-04-20T10:00:00Z"), indeterminate, false, ""},
		{"partly in its hours", Input{Incident: func() truce.Incident {
			i := inBox(explosion, 0.95, circle, "2026-04-11T10:00:00Z").Incident
			i.Time = truce.PhenomenonTime{From: at("2026-04-11T11:00:00Z"), To: at("2026-04-11T15:00:00Z")}
			return i
		}()}, indeterminate, true, "within its hours with p 0.29 only"},
		{"edge of its place", inBox(explosion, 0.95, circle+950, "2026-04-11T10:00:00Z"), indeterminate, true, "inside its place with p 0.6"},
		{"just outside its place", inBox(explosion, 0.95, circle-1500, "2026-04-11T10:00:00Z"), indeterminate, true, "outside its place, inside with p 0.00 only"},
		{"farther outside than it is wide", inBox(explosion, 0.95, circle-2500, "2026-04-11T10:00:00Z"), indeterminate, false, ""},
		{"fire in the window", inBox(fire, 0.95, circle, "2026-04-11T10:00:00Z"), hit, true, "is not what a demining window permits"},
		{"late notice", inBox(explosion, 0.95, circle, "2026-04-13T10:00:00Z"), indeterminate, true, "notified 32 h ahead, 48 h asked for"},
		{"before the notice was known", Input{Incident: inBox(explosion, 0.95, circle, "2026-04-11T10:00:00Z").Incident, KnownAt: at("2026-04-07T00:00:00Z")}, indeterminate, false, ""},
		{"once it was known", Input{Incident: inBox(explosion, 0.95, circle, "2026-04-11T10:00:00Z").Incident, KnownAt: at("2026-04-09T00:00:00Z")}, exempt, false, "covers it"},
		{"no place", Input{Incident: func() truce.Incident {
			i := inBox(explosion, 0.95, circle, "2026-04-11T10:00:00Z").Incident
			i.Position = nil
			return i
		}()}, indeterminate, true, "may cover it: where it happened is not known"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			f := findingOf(t, g.Evaluate(row.in), "R01")
			trace := strings.Join(f.Trace, "\n")
			if f.Verdict != row.verdict || f.ClaimsExempt != row.claims || !strings.Contains(trace, row.says) {
				t.Errorf("got %s, claims %v, want %s, %v, %q in\n%s", f.Verdict, f.ClaimsExempt, row.verdict, row.claims, row.says, trace)
			}
		})
	}
}

func TestWindowOfTheWrongParty(t *testing.T) {
	rows := []struct{ name, old, replacement, says string }{
		{"other side of the line", "lon: -21.65, radius_m: 1000}\n  - id: W-LATE", "lon: -21.55, radius_m: 1000}\n  - id: W-LATE", "the place lies in the area of A with p 0.00 only"},
		{"notified by another", "bearer: A\n    notified_by: A\n    notified_at: \"2026-04-08", "bearer: A\n    notified_by: B\n    notified_at: \"2026-04-08", "notified by B for A"},
	}
	for _, row := range rows {
		a := mustParse(t, edited(t, MainFile, row.old, row.replacement))
		g, err := a.Geometry(nil)
		if err != nil {
			t.Fatal(err)
		}
		in := happening(explosion, 0.95)
		in.Position = &geo.Position{Point: geo.Point{Lat: -48, Lon: geo.Degrees(a.Windows[0].Circle.Lon)}, Error: geo.Isotropic(100)}
		f := findingOf(t, g.Evaluate(Input{Incident: in}), "R01")
		if trace := strings.Join(f.Trace, "\n"); f.Verdict == exempt || !f.ClaimsExempt || !strings.Contains(trace, row.says) {
			t.Errorf("%s: got %s, want a claim only and %q in\n%s", row.name, f.Verdict, row.says, trace)
		}
	}
}

func TestCountedOnceUnderTheHighestPrecedence(t *testing.T) {
	g := plainGeometry(t)
	in := happening(fire, 0.95)
	in.Position = &geo.Position{Point: geo.Point{Lat: -48, Lon: -22}, Error: geo.Isotropic(100)} // the works, 30 km from the line
	e := g.Evaluate(Input{Incident: in})
	if f := findingOf(t, e, "R03"); f.Verdict != hit || f.Count != 1 || f.CountedUnder != "" {
		t.Errorf("R03 alone: %+v", f)
	}
	strike := happening(truce.ActOWAUAV, 0.95) // fire near the line and a drone in the buffer
	strike.Position = spot(3000, 100)
	e = g.Evaluate(Input{Incident: strike})
	fireRule, droneRule := findingOf(t, e, "R01"), findingOf(t, e, "R02")
	if fireRule.Count != 1 || droneRule.Verdict != hit || droneRule.Count != 0 || droneRule.CountedUnder != "R01" {
		t.Errorf("R01 count %d; R02 %s count %d under %q", fireRule.Count, droneRule.Verdict, droneRule.Count, droneRule.CountedUnder)
	}
	if fireRule.Unit != truce.UnitEngagement || droneRule.Unit != truce.UnitFlight {
		t.Errorf("units %s and %s", fireRule.Unit, droneRule.Unit)
	}
}

func TestEventsDecideOnIndependence(t *testing.T) {
	g := plainGeometry(t)
	in := happening(fire, 0.95)
	copied := []truce.Event{{Support: []truce.Support{support(1, truce.FamilyMedia, "g"), support(2, truce.FamilyParty, "g")}}}
	if f := findingOf(t, g.Evaluate(Input{Incident: in, Events: copied}), "R01"); f.Verdict != indeterminate || f.Reason != truce.ReasonEvidence {
		t.Errorf("a party's words and the paper that printed them: %s (%s), want indeterminate (evidence)", f.Verdict, f.Reason)
	}
}

func TestFindingCitesRuleClauseAndMap(t *testing.T) {
	g := plainGeometry(t)
	e := g.Evaluate(Input{Incident: happening(truce.ActNewTrench, 0.99)})
	f := findingOf(t, e, "R04")
	if f.RuleVersion != "2" || f.Clause != "4.1" || f.ClauseHash != truce.HashOf([]byte("# 4.1 Clause for tests\n")) || f.MapVersion != "L1 v1" {
		t.Errorf("cites version %s, clause %s, map %q", f.RuleVersion, f.Clause, f.MapVersion)
	}
	if want := []truce.SideShare{{Party: "A", P: 0}, {Party: "B", P: 1}}; !slices.Equal(f.EffectSide, want) || f.OriginSide != nil {
		t.Errorf("effect side %v, origin side %v, want %v and nothing", f.EffectSide, f.OriginSide, want)
	}
	if e.Agreement != "plain" || e.Version != g.Agreement().Version || len(e.Findings) != 7 {
		t.Errorf("evaluation %s %s with %d findings, want plain, its version and 7", e.Agreement, e.Version, len(e.Findings))
	}
}

func TestLinesOverTime(t *testing.T) {
	g := plainGeometry(t)
	between := geo.Point{Lat: -48, Lon: -21.55} // east of v1, west of v2
	rows := []struct {
		name         string
		valid, known string
		party        truce.PartyID
		version      string
	}{
		{"first version", "2026-04-20T00:00:00Z", "2026-04-20T00:00:00Z", "B", "L1 v1"},
		{"moved, not yet known", "2026-05-02T00:00:00Z", "2026-05-02T00:00:00Z", "B", "L1 v1"},
		{"moved, known", "2026-05-02T00:00:00Z", "2026-05-04T00:00:00Z", "A", "L1 v2"},
		{"before the first", "2026-03-20T00:00:00Z", "2026-05-04T00:00:00Z", "", ""},
	}
	for _, row := range rows {
		party, version := g.ControllerAt(between, at(row.valid), at(row.known))
		if party != row.party || version != row.version {
			t.Errorf("%s: %q by %q, want %q by %q", row.name, party, version, row.party, row.version)
		}
	}
	if party, _ := g.ControllerAt(between, at("2026-05-02T00:00:00Z"), 0); party != "A" {
		t.Errorf("known at 0 is all that is known: got %q, want A", party)
	}
	if party, version := g.ControllerAt(geo.Point{Lat: -48, Lon: -24}, at("2026-04-20T00:00:00Z"), 0); party != "" || version != "L1 v1" {
		t.Errorf("at sea: %q by %q, want nobody by L1 v1", party, version)
	}
	lines := g.LinesAt(at("2026-05-02T00:00:00Z"), 0)
	if len(lines) != 1 || lines[0].Version != "v2" || lines[0].AccuracyM != 50 || math.Abs(lines[0].ContactKm-111.2) > 0.2 || lines[0].Source != SourceAgreement {
		t.Errorf("lines %+v, want v2 of 111.2 km, +-50 m", lines)
	}
	if drawn, version, ok := g.LineAt("L1", at("2026-05-02T00:00:00Z"), 0); !ok || version != "v2" || drawn.Parts()[0][0].Lon != -21.5 {
		t.Errorf("LineAt: %v %s", ok, version)
	}
	before := happening(fire, 0.95)
	before.Time = truce.Moment(at("2026-04-01T00:10:00Z"), 0)
	if f := findingOf(t, g.Evaluate(Input{Incident: before, KnownAt: at("2026-04-02T00:00:00Z")}), "R01"); f.Verdict != hit {
		t.Errorf("ten minutes after the start: %s\n%s", f.Verdict, strings.Join(f.Trace, "\n"))
	}
}

func TestNonsenseSaysNothing(t *testing.T) {
	g := plainGeometry(t)
	nan := math.NaN()
	for name, change := range map[string]func(*truce.Incident){
		"place":  move(&geo.Position{Point: geo.Point{Lat: geo.Degrees(nan), Lon: -21.6}}),
		"error":  move(&geo.Position{Point: geo.Point{Lat: -48, Lon: -21.6}, Error: geo.Covariance{EE: -1}}),
		"p":      func(i *truce.Incident) { i.P = truce.Probability(nan) },
		"weight": func(i *truce.Incident) { i.Acts[0].P = truce.Probability(nan) },
		"time":   func(i *truce.Incident) { i.Time.To = i.Time.From - 5 },
	} {
		in := happening(fire, 0.9)
		change(&in)
		e := g.Evaluate(Input{Incident: in})
		for _, f := range e.Findings {
			if !f.P.Valid() || f.Verdict == hit && name != "time" {
				t.Errorf("%s: %s is a %s with p %v", name, f.Rule, f.Verdict, f.P)
			}
		}
		if _, err := json.Marshal(e); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	nowhere := geo.Position{Point: geo.Point{Lat: geo.Degrees(nan), Lon: geo.Degrees(nan)}}
	if area, sides := g.AreaOf(nowhere), g.SideAt(nowhere, at("2026-04-11T00:00:00Z"), 0); area != Elsewhere || sides != nil {
		t.Errorf("nowhere lies in %s, sides %v", area, sides)
	}
}

func TestAreaOf(t *testing.T) {
	g := plainGeometry(t)
	for name, row := range map[string]struct {
		pos  *geo.Position
		want truce.AreaID
	}{
		"east": {spot(10_000, 100), "east"}, "west": {spot(-10_000, 100), "west"},
		"on the border the first counts": {spot(0, 1000), "west"},
		"at sea":                         {&geo.Position{Point: geo.Point{Lat: -50, Lon: -21}, Error: geo.Isotropic(100)}, Elsewhere},
		"mostly at sea":                  {&geo.Position{Point: geo.Point{Lat: -48.51, Lon: -21}, Error: geo.Isotropic(500)}, Elsewhere},
	} {
		if got := g.AreaOf(*row.pos); got != row.want {
			t.Errorf("%s: %s, want %s", name, got, row.want)
		}
	}
}

func TestTracesReadAsWritten(t *testing.T) {
	g := plainGeometry(t)
	town := happening(fire, 0.8)
	town.Acts = append(town.Acts, truce.ActWeight{Act: truce.ActHeat, P: 0.1})
	town.Position = spot(23_000, 1500)
	demining := happening(explosion, 0.95)
	demining.Position = spot(-3729, 100)
	demining.Time = truce.Moment(at("2026-04-11T12:24:00Z"), time.Minute)
	drone := happening(truce.ActOWAUAV, 0.95)
	drone.Position = spot(1900, 100)
	nowhere := happening(fire, 0.9)
	nowhere.Position = nil
	heat := happening(truce.ActHeat, 1)
	heat.Families = []truce.Family{truce.FamilyThermal}
	heat.Position = &geo.Position{Point: geo.Point{Lat: -48.3, Lon: -21}, Error: geo.Footprint{Scan: 400, Track: 400}.Covariance(), Footprint: &geo.Footprint{Scan: 400, Track: 400}}
	var out strings.Builder
	for _, row := range []struct {
		name string
		in   truce.Incident
	}{{"town near the band's edge", town}, {"demining overrun", demining}, {"drone strike in the buffer", drone}, {"no place", nowhere}, {"heat on the power station", heat}} {
		fmt.Fprintf(&out, "== %s\n", row.name)
		for _, f := range g.Evaluate(Input{Incident: row.in}).Findings {
			fmt.Fprintf(&out, "%s %s %s p %.4f count %d\n", f.Rule, f.Verdict, f.Reason, f.P, f.Count)
			for _, s := range f.Trace {
				fmt.Fprintf(&out, "    %s\n", s)
			}
		}
	}
	compareGolden(t, "traces.golden", out.String())
}
