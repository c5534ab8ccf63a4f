package agreement

import (
	"strings"
	"testing"
	"time"

	truce "github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
)

func duty(r Requirement, acts ...truce.Act) Rule {
	return Rule{ID: "D", Kind: KindRequire, Acts: acts, Families: 1, Where: Where{Anywhere: true}, Unit: truce.UnitMovement, Require: &r}
}

const rotation = truce.Act("rotation_unnotified")

func TestNoticeOfARotation(t *testing.T) {
	g := ruled(t, nil, duty(Requirement{WithinLine: &Within{"L1", 30_000}, Notify: &NotifyDuty{
		Window: WindowRotation, Threshold: 10, Object: "vehicles", Notice: 72 * time.Hour, Outside: []truce.ZoneID{"Z-BOX"}}}, rotation))
	notified := func(change func(*Window)) Window {
		w := Window{ID: "ROT", Kind: WindowRotation, Bearer: "B", NotifiedBy: "B", NotifiedAt: at("2026-04-07T00:00:00Z"),
			From: at("2026-04-11T06:00:00Z"), To: at("2026-04-11T18:00:00Z"), Circle: &Circle{-48, -21.466, 12_000}}
		if change != nil {
			change(&w)
		}
		return w
	}
	twelve := truce.Detail{Quantity: 12}
	with := func(in Input, windows ...Window) Input {
		in.Windows = windows
		return in
	}
	box := move(&geo.Position{Point: geo.Point{Lat: -48, Lon: -21}, Error: geo.Isotropic(50)})
	rows := []struct {
		name string
		in   Input
		want want
	}{
		{"no notice", seen(rotation, twelve), want{hit, "", 1, 1, []string{"size: 12; notice is due from 10 vehicles on", "10.0 km from L1"}}},
		{"notified", with(seen(rotation, twelve), notified(nil)), want{exempt, "", 1, 1, []string{"window ROT (rotation) of B covers it"}}},
		{"late notice", with(seen(rotation, twelve), notified(func(w *Window) { w.NotifiedAt = at("2026-04-09T00:00:00Z") })), want{hit, "", 1, 1, []string{"notified 54 h ahead, 72 h asked for"}}},
		{"the other party's notice", with(seen(rotation, twelve), notified(func(w *Window) { w.Bearer, w.NotifiedBy = "A", "A" })), want{hit, "", 1, 1, []string{"in the area of A with p 0.00 only"}}},
		{"another kind of notice", with(seen(rotation, twelve), notified(func(w *Window) { w.Kind = WindowMedevac })), want{hit, "", 1, 1, nil}},
		{"too few to need notice", seen(rotation, truce.Detail{Quantity: 9}), want{outside, truce.ReasonQuantity, 0, 0, []string{"size: 9"}}},
		{"how many is not known", seen(rotation, truce.Detail{}), want{indeterminate, truce.ReasonQuantity, 0, 0, []string{"size: not known"}}},
		{"too far from the line", seen(rotation, twelve, move(spot(35_000, 100))), want{outside, truce.ReasonLocation, 0, 0, nil}},
		{"no place", seen(rotation, twelve, move(nil)), want{indeterminate, truce.ReasonLocation, 0, 0, nil}},
		{"another act", seen(fire, twelve), want{outside, truce.ReasonAct, 0, 0, nil}},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) { row.want.check(t, g, row.in, "D") })
	}
	wide := ruled(t, nil, duty(Requirement{Notify: g.plans[0].Require.Notify}, rotation))
	inBox := with(seen(rotation, twelve, box), notified(func(w *Window) { w.Circle = &Circle{-48, -21, 12_000} }))
	want{hit, "", 1, 1, []string{"in Z-BOX with p 1.00, where none may be"}}.check(t, wide, inBox, "D")
	want{indeterminate, truce.ReasonLocation, 1, 1, []string{"window ROT (rotation) may cover it: where it happened is not known"}}.check(t, wide, with(seen(rotation, twelve, move(nil)), notified(nil)), "D")
	want{hit, "", 1, 1, nil}.check(t, wide, seen(rotation, twelve, move(nil)), "D")
}

func TestAccessInTime(t *testing.T) {
	const delay = truce.Act("delay_access")
	g := ruled(t, nil, duty(Requirement{Access: 30 * time.Minute}, truce.ActDenyAccess, delay))
	since := at("2026-04-11T10:00:00Z")
	owed := func(met time.Duration) truce.Detail {
		d := truce.Detail{Duty: &truce.Duty{Since: since}}
		if met != 0 {
			d.Duty.MetAt = since.Add(met)
		}
		return d
	}
	known := func(in Input, s string) Input {
		in.KnownAt = at(s)
		return in
	}
	rows := []struct {
		name string
		in   Input
		want want
	}{
		{"in time", seen(delay, owed(29*time.Minute)), want{outside, truce.ReasonTime, 0, 0, []string{"access: met after 29 min, 30 min allowed"}}},
		{"to the minute", seen(delay, owed(30*time.Minute)), want{outside, truce.ReasonTime, 0, 0, nil}},
		{"too late", seen(delay, owed(31*time.Minute)), want{hit, "", 1, 1, []string{"access: met after 31 min, 30 min allowed"}}},
		{"not yet, and not yet due", known(seen(delay, owed(0)), "2026-04-11T10:20:00Z"), want{indeterminate, truce.ReasonTime, 0, 0, []string{"not met yet, due at 2026-04-11 10:30:00 UTC"}}},
		{"not yet, and overdue", known(seen(delay, owed(0)), "2026-04-11T11:00:00Z"), want{hit, "", 1, 1, []string{"not met by 2026-04-11 11:00:00 UTC, due at 2026-04-11 10:30:00 UTC"}}},
		{"met later than is known", known(seen(delay, owed(40*time.Minute)), "2026-04-11T10:20:00Z"), want{indeterminate, truce.ReasonTime, 0, 0, nil}},
		{"refused", seen(truce.ActDenyAccess, truce.Detail{}), want{hit, "", 1, 1, []string{"a refusal is none"}}},
		{"refused, then given in time", seen(truce.ActDenyAccess, owed(10*time.Minute)), want{outside, truce.ReasonTime, 0, 0, nil}},
		{"delayed, nobody says how long", seen(delay, truce.Detail{}), want{indeterminate, truce.ReasonTime, 0, 0, nil}},
		{"since when is not told", seen(delay, truce.Detail{Duty: &truce.Duty{}}), want{indeterminate, truce.ReasonTime, 0, 0, []string{"since when it was owed is not known"}}},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) { row.want.check(t, g, row.in, "D") })
	}
}

func TestAnswersInTime(t *testing.T) {
	const silence = truce.Act("no_disciplinary_notice")
	g := ruled(t, nil, duty(Requirement{Reply: &ReplyDuty{After: "determination", Within: 240 * time.Hour}}, silence))
	in := seen(silence, truce.Detail{Duty: &truce.Duty{Since: at("2026-04-11T00:00:00Z")}}, when("2026-04-21T00:00:00Z"), move(nil))
	want{indeterminate, truce.ReasonTime, 0, 0, []string{"answer to the determination: not met yet, due at 2026-04-21"}}.check(t, g, in, "D")
	in.KnownAt = at("2026-04-22T00:00:00Z")
	want{hit, "", 1, 1, []string{"not met by 2026-04-22"}}.check(t, g, in, "D")
	in.Incident.Detail.Duty.MetAt = at("2026-04-20T00:00:00Z")
	want{outside, truce.ReasonTime, 0, 0, []string{"met after 9 days, 10 days allowed"}}.check(t, g, in, "D")
}

func TestHoldings(t *testing.T) {
	const mismatch, seal = truce.Act("holding_mismatch"), truce.Act("seal_broken")
	g := ruled(t, nil, duty(Requirement{Holdings: &HoldingsDuty{Equal: true, SealIntact: true}}, mismatch, seal))
	count := func(declared, observed, unverified int) truce.Detail {
		return truce.Detail{Holding: &truce.Holding{Class: "tube_ge100", Declared: declared, Observed: observed, NotVerified: unverified}}
	}
	rows := []struct {
		name string
		in   Input
		want want
	}{
		{"as declared", seen(mismatch, count(12, 12, 0)), want{outside, truce.ReasonQuantity, 0, 0, []string{"12 of tube_ge100 declared, 12 seen"}}},
		{"two missing", seen(mismatch, count(12, 9, 1)), want{hit, "", 1, 1, []string{"1 could not be counted, 2 missing"}}},
		{"three too many", seen(mismatch, count(12, 15, 0)), want{hit, "", 1, 1, nil}},
		{"some could not be counted", seen(mismatch, count(12, 10, 2)), want{indeterminate, truce.ReasonCoverage, 0, 0, []string{"2 could not be counted, 0 missing"}}},
		{"nothing declared", seen(mismatch, count(0, 3, 0)), want{indeterminate, truce.ReasonEvidence, 0, 0, []string{"holding: what was declared of tube_ge100 is not known, 3 seen: not as declared with p from 0.00 to 1.00"}}},
		{"nothing declared, nothing seen", seen(mismatch, count(0, 0, 0)), want{indeterminate, truce.ReasonEvidence, 0, 0, nil}},
		{"nobody counted", seen(mismatch, truce.Detail{}), want{indeterminate, truce.ReasonCoverage, 0, 0, []string{"holding: not counted"}}},
		{"a broken seal", seen(seal, truce.Detail{}), want{hit, "", 1, 1, nil}},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) { row.want.check(t, g, row.in, "D") })
	}
	counts := ruled(t, nil, duty(Requirement{Holdings: &HoldingsDuty{SealIntact: true}}, mismatch, seal))
	want{outside, truce.ReasonQuantity, 0, 0, nil}.check(t, counts, seen(mismatch, count(12, 9, 0)), "D")
}

// A store that holds what was declared, looked into too late, is an inspection left out.
func TestInspectionsInTime(t *testing.T) {
	const mismatch, seal = truce.Act("holding_mismatch"), truce.Act("seal_broken")
	g := ruled(t, nil, duty(Requirement{Holdings: &HoldingsDuty{Equal: true, InspectEvery: 14 * 24 * time.Hour}}, mismatch, seal))
	last := func(day string, observed int) truce.Detail {
		d := truce.Detail{Holding: &truce.Holding{Class: "tube_ge100", Declared: 12, Observed: observed}}
		if day != "" {
			d.Duty = &truce.Duty{Since: at(day + "T10:00:00Z")}
		}
		return d
	}
	within := func(from, to string) func(*truce.Incident) {
		return func(in *truce.Incident) { in.Time = truce.PhenomenonTime{From: at(from), To: at(to)} }
	}
	told := last("2026-03-27", 12)
	told.Duty.MetAt = at("2026-04-10T10:00:00Z")
	rows := []struct {
		name string
		in   Input
		want want
	}{
		{"a week after", seen(mismatch, last("2026-04-04", 12)), want{outside, truce.ReasonTime, 0, 0, []string{"inspected 7 days after the inspection before, 14 days allowed: not as declared or not in time with p 0.00"}}},
		{"to the minute, which is known to a minute", seen(mismatch, last("2026-03-28", 12)), want{indeterminate, truce.ReasonTime, 0.5, 0.5, nil}},
		{"a day too late", seen(mismatch, last("2026-03-27", 12)), want{hit, "", 1, 1, []string{"inspected 15 days after the inspection before, 14 days allowed (p 1.00 that an inspection was left out)"}}},
		{"too late, and something missing", seen(mismatch, last("2026-03-27", 9)), want{hit, "", 1, 1, []string{"3 missing", "inspection was left out"}}},
		{"in time, and something missing", seen(mismatch, last("2026-04-04", 9)), want{hit, "", 1, 1, []string{"3 missing"}}},
		{"nobody told when the last one was", seen(mismatch, last("", 12)), want{outside, truce.ReasonQuantity, 0, 0, []string{"when it was inspected before is not known, 14 days allowed"}}},
		{"half of its time is too late", seen(mismatch, last("2026-03-28", 12), within("2026-04-11T09:00:00Z", "2026-04-11T11:00:00Z")), want{indeterminate, truce.ReasonTime, 0.5, 0.5, nil}},
		{"the time of the inspection itself is told", seen(mismatch, told), want{outside, truce.ReasonTime, 0, 0, []string{"inspected 14 days after"}}},
		{"no inspection at all", seen(mismatch, truce.Detail{Duty: &truce.Duty{Since: at("2026-03-01T00:00:00Z")}}), want{indeterminate, truce.ReasonCoverage, 0, 0, nil}},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) { row.want.check(t, g, row.in, "D") })
	}
	undeclared := last("2026-03-27", 3)
	undeclared.Holding.Declared = 0
	want{hit, "", 1, 1, []string{"is not known, 3 seen, inspected 15 days after"}}.check(t, g, seen(mismatch, undeclared), "D")
	only := ruled(t, nil, duty(Requirement{Holdings: &HoldingsDuty{InspectEvery: 14 * 24 * time.Hour}}, mismatch))
	want{hit, "", 1, 1, nil}.check(t, only, seen(mismatch, last("2026-03-27", 9)), "D")
	want{outside, truce.ReasonTime, 0, 0, nil}.check(t, only, seen(mismatch, last("2026-04-04", 9)), "D")
}

// A grace is a delay that is none; acts without one are untouched by it.
func TestGrace(t *testing.T) {
	const delay = truce.Act("delay_access")
	rule := Rule{ID: "G", Kind: KindProhibit, Acts: []truce.Act{delay, truce.ActJamGNSS}, Families: 1, Where: Where{Anywhere: true}, Grace: map[truce.Act]time.Duration{delay: 30 * time.Minute}}
	g := ruled(t, nil, rule)
	late := func(m time.Duration) truce.Detail {
		return truce.Detail{Duty: &truce.Duty{Since: at("2026-04-11T10:00:00Z"), MetAt: at("2026-04-11T10:00:00Z").Add(m)}}
	}
	want{outside, truce.ReasonTime, 0, 0, []string{"grace: met after 20 min, 30 min allowed"}}.check(t, g, seen(delay, late(20*time.Minute)), "G")
	want{hit, "", 1, 1, nil}.check(t, g, seen(delay, late(40*time.Minute)), "G")
	want{indeterminate, truce.ReasonTime, 0, 0, nil}.check(t, g, seen(delay, truce.Detail{}), "G")
	want{hit, "", 1, 1, []string{"grace: none for this act"}}.check(t, g, seen(truce.ActJamGNSS, late(20*time.Minute)), "G")
	mixed := seen(delay, late(20*time.Minute))
	mixed.Incident.Acts = []truce.ActWeight{{Act: delay, P: 0.4}, {Act: truce.ActJamGNSS, P: 0.6}}
	want{indeterminate, truce.ReasonTime, 0.6, 0.6, nil}.check(t, g, mixed, "G")
}

func TestAClaimIsShownAndDecidesNothing(t *testing.T) {
	rules := []Rule{
		{ID: "F", Kind: KindProhibit, Acts: []truce.Act{fire}, Families: 1, Where: Where{Anywhere: true}, Claims: []truce.Act{truce.ActReturnFire}},
		{ID: "C", Kind: KindClaim, Acts: []truce.Act{truce.ActReturnFire}, Where: Where{Anywhere: true},
			Claim: &ClaimTerms{NamesIncident: true, CoordinationWithin: 30 * time.Minute, OrderedBy: "order", NotifiedWithin: 24 * time.Hour}},
		{ID: "E", Kind: KindClaim, Acts: []truce.Act{truce.ActReturnFire}, Where: Where{Anywhere: true}, Claim: &ClaimTerms{OrderedBy: "authority"}},
	}
	g := ruled(t, withLists, rules...)
	shot := at("2026-04-11T10:00:00Z")
	full := truce.SelfDefence{Incident: "2026-12", CoordinationAt: shot.Add(-20 * time.Minute), OrderedBy: "HQ-A", NotifiedAt: shot.Add(3 * time.Hour)}
	change := func(f func(*truce.SelfDefence)) *truce.SelfDefence {
		c := full
		f(&c)
		return &c
	}
	for _, row := range []struct {
		name  string
		claim *truce.SelfDefence
		known string
		want  string // states in order
	}{
		{"all met", &full, "", "met met met met"},
		{"nothing said", nil, "", "unknown unknown unknown unknown"},
		{"names no incident", change(func(c *truce.SelfDefence) { c.Incident = "" }), "", "not_met met met met"},
		{"coordinated too early", change(func(c *truce.SelfDefence) { c.CoordinationAt = shot.Add(-time.Hour) }), "", "met not_met met met"},
		{"coordinated afterwards", change(func(c *truce.SelfDefence) { c.CoordinationAt = shot.Add(time.Minute) }), "", "met not_met met met"},
		{"ordered by one without the right", change(func(c *truce.SelfDefence) { c.OrderedBy = "DESK-B" }), "", "met met not_met met"},
		{"ordered by nobody known", change(func(c *truce.SelfDefence) { c.OrderedBy = "somebody" }), "", "met met not_met met"},
		{"notified too late", change(func(c *truce.SelfDefence) { c.NotifiedAt = shot.Add(25 * time.Hour) }), "", "met met met not_met"},
		{"not notified, still in time", change(func(c *truce.SelfDefence) { c.NotifiedAt = 0 }), "2026-04-12T00:00:00Z", "met met met unknown"},
		{"not notified, overdue", change(func(c *truce.SelfDefence) { c.NotifiedAt = 0 }), "2026-04-13T00:00:00Z", "met met met not_met"},
		{"notified, not yet known", &full, "2026-04-11T11:00:00Z", "met met met unknown"},
	} {
		in := seen(fire, truce.Detail{Claim: row.claim})
		in.Incident.Acts = []truce.ActWeight{{Act: fire, P: 0.9}, {Act: truce.ActReturnFire, P: 0.1}}
		if row.known != "" {
			in.KnownAt = at(row.known)
		}
		f := want{indeterminate, truce.ReasonEvidence, 0.1, 0.1, []string{"a claim: it is recorded with its conditions"}}.check(t, g, in, "C")
		var states []string
		for _, c := range f.Conditions {
			states = append(states, string(c.State))
			if c.Text == "" || c.Name == "" {
				t.Errorf("%s: a condition without words: %+v", row.name, c)
			}
		}
		if got := strings.Join(states, " "); got != row.want {
			t.Errorf("%s: %s, want %s", row.name, got, row.want)
		}
		want{hit, "", 0.9, 0.9, []string{"return_fire is claimed (p 0.10): recorded, it exempts nothing"}}.check(t, g, in, "F")
		want{indeterminate, truce.ReasonEvidence, 0.1, 0.1, nil}.check(t, g, in, "E")
	}
	want{outside, truce.ReasonAct, 0, 0, nil}.check(t, g, seen(fire, truce.Detail{Claim: &full}), "C")
}

// A report of an hour leaves open whether the attempt came before the fire.
func TestAClaimAboutAVagueTime(t *testing.T) {
	g := ruled(t, withLists, Rule{ID: "C", Kind: KindClaim, Acts: []truce.Act{truce.ActReturnFire}, Where: Where{Anywhere: true},
		Claim: &ClaimTerms{CoordinationWithin: 30 * time.Minute, NotifiedWithin: time.Hour}})
	in := seen(truce.ActReturnFire, truce.Detail{Claim: &truce.SelfDefence{CoordinationAt: at("2026-04-11T10:30:00Z"), NotifiedAt: at("2026-04-11T11:30:00Z")}})
	in.Incident.Time = truce.PhenomenonTime{From: at("2026-04-11T10:00:00Z"), To: at("2026-04-11T11:00:00Z")}
	f := findingOf(t, g.Evaluate(in), "C")
	for _, c := range f.Conditions {
		if c.State != truce.ConditionUnknown {
			t.Errorf("%s: %s, want unknown (%s)", c.Name, c.State, c.Text)
		}
	}
}
