package agreement

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	truce "github.com/trucewatch/truce"
	"pgregory.net/rapid"
)

var fullActs = append(slices.Clone(someActs), inside, truce.ActPresenceInZone, rotation, "delay_access", "holding_mismatch", "seal_broken",
	"no_disciplinary_notice", truce.ActReturnFire, "civilian_crossing_closed")

var fullWeapons = []truce.Weapon{
	weapon("", "howitzer", 152, 0.7), weapon("tube_artillery", "", 0, 0.5), weapon("mortar_120", "", 0, 0.3), weapon("mlrs", "", 0, 0.9),
	weapon("missile", "", 0, 0.4), weapon("tank", "tank", 125, 0.2), weapon("tube_lt100", "gun", 85, 1), weapon("", "", 0, 0.1),
}

// drawDetail draws what may be known beyond act, time and place.
func drawDetail(t *rapid.T, from truce.Instant) *truce.Detail {
	if rapid.IntRange(0, 4).Draw(t, "bare") == 0 {
		return nil
	}
	d := &truce.Detail{
		Weapons:  rapid.SliceOfN(rapid.SampledFrom(fullWeapons), 0, 3).Draw(t, "weapons"),
		Quantity: rapid.IntRange(0, 15).Draw(t, "quantity"),
		State:    rapid.SampledFrom([]string{"", "", "in_sealed_store"}).Draw(t, "state"),
		Site:     rapid.SampledFrom([]string{"", "", "S-POWER", "S-WORKS", "S-NONE"}).Draw(t, "site"),
		Evidence: rapid.SampledFrom([][]string{nil, {"geolocated_video"}}).Draw(t, "evidence"),
	}
	if rapid.Bool().Draw(t, "origin") {
		d.Origin = drawPosition(t)
	}
	if rapid.Bool().Draw(t, "said") {
		p := rapid.Float64Range(0, 1).Draw(t, "A")
		d.OriginSide = []truce.SideShare{{Party: "A", P: truce.Probability(p)}, {Party: "B", P: truce.Probability(0.9 * (1 - p))}}
	}
	if rapid.Bool().Draw(t, "height") {
		low := rapid.Float64Range(0, 5000).Draw(t, "low")
		d.Altitude = &truce.Span{Low: low, High: low + rapid.Float64Range(0, 2000).Draw(t, "above")}
	}
	if rapid.Bool().Draw(t, "counted") {
		d.Holding = &truce.Holding{Declared: 12, Observed: rapid.IntRange(8, 14).Draw(t, "observed"), NotVerified: rapid.IntRange(0, 3).Draw(t, "unverified")}
	}
	if rapid.Bool().Draw(t, "owed") {
		d.Duty = &truce.Duty{Since: from, MetAt: from.Add(time.Duration(rapid.IntRange(0, 400).Draw(t, "met")) * time.Hour)}
	}
	return d
}

// drawFull draws an incident that may touch any of the rules of everyKind.
func drawFull(t *rapid.T) Input {
	in := Input{Incident: drawIncident(t)}
	for i := range in.Incident.Acts {
		if rapid.Bool().Draw(t, "other") {
			in.Incident.Acts[i].Act = rapid.SampledFrom(fullActs).Draw(t, "act")
		}
	}
	in.Incident.Detail = drawDetail(t, in.Incident.Time.From)
	if rapid.Bool().Draw(t, "known") {
		in.KnownAt = in.Incident.Time.To.Add(time.Duration(rapid.IntRange(-100, 3000).Draw(t, "later")) * time.Hour)
	}
	return in
}

func TestEveryKindKeepsItsPromises(t *testing.T) {
	g := fullGeometry(t)
	rapid.Check(t, func(t *rapid.T) {
		in := drawFull(t)
		e := g.Evaluate(in)
		counted := 0
		for i, f := range e.Findings {
			counted += f.Count
			if text := keeps(&g.plans[i], &in, &f); text != "" {
				t.Fatalf("%s: %s\n%s", f.Rule, text, asText(t, f))
			}
		}
		if counted > 1 {
			t.Fatalf("counted %d times", counted)
		}
	})
}

// keeps checks one finding of any kind against what its documentation says.
func keeps(p *plan, in *Input, f *truce.Finding) string {
	trace := strings.Join(f.Trace, "\n")
	switch {
	case !f.P.Valid() || float64(f.P) > float64(in.Incident.P)+1e-4:
		return "more probable than the incident itself"
	case len(f.Trace) == 0 || strings.Contains(trace, "NaN") || strings.Contains(trace, "%!"):
		return "no trace, or one with a slip in it"
	case (f.Verdict == indeterminate || f.Verdict == outside) != (f.Reason != ""):
		return "a reason where none belongs, or none where one does"
	case f.Verdict == hit && float64(f.P) < p.PMin:
		return "a hit below its threshold"
	case f.Verdict == hit && (p.Kind == KindPermit || p.Kind == KindClaim):
		return "a hit under what forbids nothing"
	case f.Verdict == exempt && f.Window == "" && (in.Incident.Detail == nil || !slices.Contains(p.UnlessState, in.Incident.Detail.State)):
		return "exempt without a window or a state"
	case f.Verdict == exempt && p.Kind == KindClaim:
		return "a claim exempts"
	case f.Verdict != hit && (f.Count != 0 || f.CountedUnder != "" || f.Severity != 0):
		return "counted or graded without a hit"
	case slices.ContainsFunc(f.OriginSide, func(s truce.SideShare) bool { return s.Party != "A" && s.Party != "B" }):
		return "the origin is more than a side"
	case p.readings != nil && f.Reason != truce.ReasonAct && len(f.Readings) != len(p.readings)+1:
		return "readings are missing"
	}
	return ""
}

// Live and replayed, with sentences and without, in one evaluator or in many: the same.
func TestReplayEqualsLive(t *testing.T) {
	g := fullGeometry(t)
	shared := g.Evaluator()
	rapid.Check(t, func(t *rapid.T) {
		in := drawFull(t)
		live := g.Evaluate(in)
		if again := asText(t, g.Evaluate(in)); again != asText(t, live) {
			t.Fatalf("another answer the second time:\n%s\n%s", again, asText(t, live))
		}
		quiet := shared.Verdicts(&in)
		for i := range quiet {
			want := live.Findings[i]
			want.Trace = nil
			if a, b := asText(t, quiet[i]), asText(t, want); a != b {
				t.Fatalf("without sentences another finding:\n%s\n%s", a, b)
			}
		}
	})
}

// What becomes known later changes nothing of what was evaluated as known before.
func TestLaterKnowledgeChangesNoReplay(t *testing.T) {
	known := at("2026-05-02T00:00:00Z")
	before := ruled(t, func(a *Agreement) {
		withLists(a)
		a.Lines = slices.Clone(a.Lines)
		a.Lines[0].Versions = a.Lines[0].Versions[:1]
	}, everyKind()...)
	after := ruled(t, func(a *Agreement) {
		withLists(a)
		a.Lists = append(a.Lists, SiteList{ID: "LIST-A", Version: "4", Party: "A", SiteKinds: []SiteKind{SiteWater}, Span: Span{From: at("2026-04-02T00:00:00Z")}, KnownFrom: at("2026-05-03T00:00:00Z")})
		a.Windows = append(a.Windows, demining(func(w *Window) { w.ID, w.NotifiedAt = "LATER", at("2026-05-03T00:00:00Z") }))
		amended := a.Rules[0]
		amended.Version, amended.KnownFrom, amended.PMin = "9", at("2026-05-03T00:00:00Z"), 0.99
		a.Rules = append(a.Rules, amended)
	}, everyKind()...)
	rapid.Check(t, func(t *rapid.T) {
		in := drawFull(t)
		in.KnownAt = known
		if a, b := asText(t, before.Evaluate(in).Findings), asText(t, after.Evaluate(in).Findings); a != b {
			t.Fatalf("replayed with later knowledge:\n%s\n%s", a, b)
		}
	})
}

var swapNames = map[truce.PartyID]truce.PartyID{"A": "B", "B": "A", "M": "M", "": ""}

// mirror gives each party the name of the other, everywhere in the agreement.
func mirror(a *Agreement) {
	a.Lines, a.Windows = slices.Clone(a.Lines), slices.Clone(a.Windows)
	for i := range a.Lines {
		l := &a.Lines[i]
		l.Left, l.Right = swapNames[l.Left], swapNames[l.Right]
	}
	for i := range a.Windows {
		w := &a.Windows[i]
		w.Bearer, w.NotifiedBy, w.AckedBy = swapNames[w.Bearer], swapNames[w.NotifiedBy], swapNames[w.AckedBy]
	}
	for i := range a.Rules {
		r := &a.Rules[i]
		r.When = strings.ReplaceAll(r.When, `"A"`, `"B"`)
		if r.Limit != nil {
			for k := range r.Limit.Lines {
				r.Limit.Lines[k].Party = swapNames[r.Limit.Lines[k].Party]
			}
		}
		if r.Objects != nil {
			for k := range r.Objects.Of {
				r.Objects.Of[k].Party = swapNames[r.Objects.Of[k].Party]
			}
		}
		if r.Dates != nil {
			for k := range r.Dates.Of {
				r.Dates.Of[k].Party = swapNames[r.Dates.Of[k].Party]
			}
		}
	}
}

// Renaming the parties renames them in the findings and changes nothing else, whatever
// the kind of rule.
func TestEveryKindTreatsThePartiesAlike(t *testing.T) {
	g := fullGeometry(t)
	other := ruled(t, func(a *Agreement) { withLists(a); mirror(a) }, everyKind()...)
	rapid.Check(t, func(t *rapid.T) {
		in := drawFull(t)
		swapped := in
		if d := in.Incident.Detail; d != nil {
			copied := *d
			copied.OriginSide = slices.Clone(d.OriginSide)
			for i := range copied.OriginSide {
				copied.OriginSide[i].Party = swapNames[copied.OriginSide[i].Party]
			}
			swapped.Incident.Detail = &copied
		}
		e, m := g.Evaluate(in), other.Evaluate(swapped)
		for i := range e.Findings {
			f, h := &e.Findings[i], &m.Findings[i]
			if f.Verdict != h.Verdict || f.P != h.P || f.Reason != h.Reason || f.ClaimsExempt != h.ClaimsExempt || f.Severity != h.Severity || f.Window != h.Window {
				t.Fatalf("%s: swapping the names turns %s (%s) %.4f into %s (%s) %.4f\n%s\n%s", f.Rule, f.Verdict, f.Reason, f.P, h.Verdict, h.Reason, h.P, strings.Join(f.Trace, "\n"), strings.Join(h.Trace, "\n"))
			}
			for _, r := range f.Readings {
				by := r.By
				if n, party := swapNames[truce.PartyID(by)]; party {
					by = string(n)
				}
				if !slices.ContainsFunc(h.Readings, func(o truce.Reading) bool { return o.By == by && o.Verdict == r.Verdict && o.P == r.P }) {
					t.Fatalf("readings %v against %v", f.Readings, h.Readings)
				}
			}
		}
	})
}

// A stricter threshold never makes a hit of what was none, under any kind of rule.
func TestEveryKindFallsWithPMin(t *testing.T) {
	loose := fullGeometry(t)
	strict := ruled(t, func(a *Agreement) {
		withLists(a)
		for i := range a.Rules {
			a.Rules[i].PMin = min(1, a.Rules[i].PMin+0.15)
		}
	}, everyKind()...)
	rapid.Check(t, func(t *rapid.T) {
		in := drawFull(t)
		in.NoTrace = true
		e, s := loose.Evaluate(in), strict.Evaluate(in)
		for i := range e.Findings {
			was, is := e.Findings[i].Verdict, s.Findings[i].Verdict
			if is == hit && was != hit && was != exempt || is == exempt && was == hit {
				t.Fatalf("%s: %s becomes %s under the stricter threshold", e.Findings[i].Rule, was, is)
			}
		}
	})
}

func TestTracesOfEveryKindReadAsWritten(t *testing.T) {
	g := fullGeometry(t)
	gun := truce.Detail{Weapons: []truce.Weapon{weapon("", "howitzer", 152, 0.95), weapon("tube_artillery", "", 0, 0.05)}, Quantity: 2}
	shelling := truce.Detail{Origin: spot(-6000, 400), Damage: true, Casualties: 2, Evidence: []string{"geolocated_video"}, Quantity: 3}
	rows := []struct {
		name  string
		rules string
		in    Input
	}{
		{"shelling across the line", "X01 X13", seen(fire, shelling, move(spot(9000, 300)), seenBy(truce.FamilyCivilian))},
		{"a howitzer 10 km from the line", "L01 X03", seen(inside, gun)},
		{"eleven vehicles in the buffer", "X04", seen(truce.ActPresenceInZone, truce.Detail{Quantity: 11}, move(spot(3000, 50)))},
		{"three of them", "X04", seen(truce.ActPresenceInZone, truce.Detail{Quantity: 3}, move(spot(3000, 50)))},
		{"a strike on the works", "X05", seen(truce.ActAttackEnergy, truce.Detail{Site: "S-WORKS"}, when("2026-04-12T10:00:00Z"))},
		{"the power station, disputed day", "X05", seen(truce.ActAttackEnergy, truce.Detail{Site: "S-POWER"}, when("2026-04-05T10:00:00Z"))},
		{"a drone at 2 to 4 km", "X06", seen("recon_uav", truce.Detail{Altitude: &truce.Span{Low: 2000, High: 4000}}, move(spot(2000, 50)))},
		{"demining in its window", "X01 X07", seen(truce.ActControlledExplos, truce.Detail{}, move(spot(-3729, 100)))},
		{"a rotation without notice", "X08", seen(rotation, truce.Detail{Quantity: 14})},
		{"access after 50 minutes", "X09", seen("delay_access", truce.Detail{Duty: &truce.Duty{Since: at("2026-04-11T09:00:00Z"), MetAt: at("2026-04-11T09:50:00Z")}})},
		{"a store with two missing", "X10", seen("holding_mismatch", truce.Detail{Holding: &truce.Holding{Class: "tube_ge100", Declared: 12, Observed: 8, NotVerified: 2}})},
		{"a claim of return fire", "X12", seen(truce.ActReturnFire, truce.Detail{Claim: &truce.SelfDefence{Incident: "2026-12", CoordinationAt: at("2026-04-11T09:45:00Z"), OrderedBy: "HQ-A"}})},
	}
	var out strings.Builder
	for _, row := range rows {
		fmt.Fprintf(&out, "== %s\n", row.name)
		for _, f := range g.Evaluate(row.in).Findings {
			if !slices.Contains(strings.Fields(row.rules), string(f.Rule)) {
				continue
			}
			fmt.Fprintf(&out, "%s %s %s p %.4f count %d severity %d\n", f.Rule, f.Verdict, f.Reason, f.P, f.Count, f.Severity)
			for _, s := range f.Trace {
				fmt.Fprintf(&out, "    %s\n", s)
			}
		}
	}
	compareGolden(t, "traces_kinds.golden", out.String())
}

// fortyRules are the rules of everyKind three times over with other names, and the first once more.
func fortyRules(b testing.TB) *Geometry {
	var rules []Rule
	for i := range 4 {
		for _, r := range everyKind() {
			r.ID = truce.RuleID(fmt.Sprintf("%s-%d", r.ID, i))
			if len(rules) < 40 {
				rules = append(rules, r)
			}
		}
	}
	return ruled(b, withLists, rules...)
}

// fortyEvents are incidents with a fixed seed: most of them fire near the line, with what
// sensors and reports tell.
func fortyEvents(n int) []Input {
	r := rand.New(rand.NewPCG(40, 1))
	out := make([]Input, n)
	for i := range out {
		act := fire
		if r.IntN(3) == 0 {
			act = fullActs[r.IntN(len(fullActs))]
		}
		in := happening(act, 0.9)
		in.ID = truce.ID{byte(i), byte(i >> 8)}
		in.Acts = append(in.Acts, truce.ActWeight{Act: someActs[r.IntN(len(someActs))], P: 0.1})
		in.Position = spotAt(-48.4+0.8*r.Float64(), (r.Float64()*2-1)*60_000, 50+1500*r.Float64())
		in.Time = truce.Moment(at("2026-04-01T00:00:00Z").Add(time.Duration(r.IntN(90*24*60))*time.Minute), time.Minute)
		d := truce.Detail{Weapons: []truce.Weapon{fullWeapons[r.IntN(len(fullWeapons))]}, Quantity: r.IntN(15)}
		if r.IntN(2) == 0 {
			d.OriginSide = []truce.SideShare{{Party: "A", P: truce.Probability(r.Float64())}}
		}
		in.Detail = &d
		out[i] = Input{Incident: in}
	}
	return out
}

// BenchmarkFortyRules holds events against 40 rules of every kind, without sentences: ns/op
// is the time of one event. A million events may take 10 s on two cores.
func BenchmarkFortyRules(b *testing.B) {
	g, events := fortyRules(b), fortyEvents(10_000)
	b.Run("verdicts", func(b *testing.B) {
		b.ReportAllocs()
		b.RunParallel(func(pb *testing.PB) {
			e := g.Evaluator()
			for i := 0; pb.Next(); i++ {
				if got := e.Verdicts(&events[i%len(events)]); len(got) != 40 {
					b.Error(len(got))
				}
			}
		})
	})
	b.Run("traces", func(b *testing.B) {
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			g.Evaluate(events[i%len(events)])
		}
	})
}
