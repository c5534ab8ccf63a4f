package ladder

import (
	"testing"

	"github.com/trucewatch/truce"
)

func TestWhichIncidentsOpenACase(t *testing.T) {
	only := func(c truce.Criteria) Machine {
		m := machine(t)
		m.Terms.Tiers = append([]truce.Tier(nil), m.Terms.Tiers...)
		m.Terms.Tiers[0].Enter, m.Terms.Paths = c, nil
		return m
	}
	hit := incident(1, t0, 2)
	unsure := with(hit, func(i *truce.CaseIncident) { i.Findings[0].Verdict = truce.VerdictIndeterminate })
	type c = truce.Criteria
	for _, row := range []struct {
		name string
		m    Machine
		i    truce.CaseIncident
		want bool
	}{
		{"a hit", machine(t), hit, true},
		{"one that is not determinate and weighs", machine(t), unsure, true},
		{"one that is not determinate and weighs nothing", machine(t), with(unsure, func(i *truce.CaseIncident) { i.Findings[0].Severity = 0 }), false},
		{"exempt", machine(t), with(hit, func(i *truce.CaseIncident) { i.Findings[0].Verdict = truce.VerdictExempt }), false},
		{"without findings", machine(t), with(hit, func(i *truce.CaseIncident) { i.Findings = nil }), false},
		{"refuted", machine(t), revised(hit, truce.OccurrenceRefuted, t0), false},
		{"merged", machine(t), with(hit, func(i *truce.CaseIncident) { i.Gone = true }), false},
		{"grave enough", only(c{SeverityMin: 2}), hit, true},
		{"not grave enough", only(c{SeverityMin: 3}), hit, false},
		{"of a rule", only(c{Rules: []truce.RuleID{"R01"}}), hit, true},
		{"of no rule that is asked", only(c{Rules: []truce.RuleID{"R02"}}), hit, false},
		{"of no act that is asked", only(c{Acts: []truce.Act{truce.ActSniper}}), hit, false},
		{"verified some day", only(c{Occurrence: truce.OccurrenceVerified, Hits: 3, After: hour}), hit, true},
		{"one of several", only(c{Any: []c{{SeverityMin: 4}, {Hits: 1}}}), hit, true},
		{"none of several", only(c{Any: []c{{SeverityMin: 4}, {AdvanceM: 10}}}), hit, false},
		{"a tier of blindness alone", only(c{BlindShare: 0.5}), hit, false},
	} {
		if got := row.m.Opens(row.i); got != row.want {
			t.Errorf("%s: opens is %v", row.name, got)
		}
	}
	m := only(c{SeverityMin: 4})
	m.Terms.Paths = handbook().Paths
	if !m.Opens(with(hit, func(i *truce.CaseIncident) { i.Act = "fire_at_monitor" })) {
		t.Error("a path does not open a case")
	}
}

func TestWhatBelongsToACase(t *testing.T) {
	m := machine(t)
	c := caseOf(incident(1, t0, 1), incident(2, after(10*hour), 1))
	c.ID, c.Steps = truce.ID{1}, 2
	at := func(d truce.Micros) truce.CaseIncident { return incident(3, after(d), 1) }
	for _, row := range []struct {
		name string
		i    truce.CaseIncident
		want bool
	}{
		{"between", at(5 * hour), true},
		{"a day after the last", at(34 * hour), true},
		{"later", at(34*hour + 1), false},
		{"a day before the first", at(-24 * hour), true},
		{"earlier", at(-24*hour - 1), false},
		{"its own, whatever the time", with(c.Incidents[0], func(i *truce.CaseIncident) { i.Time = truce.Moment(after(999*hour), 0) }), true},
		{"refuted", revised(at(5*hour), truce.OccurrenceRefuted, t0), false},
		{"without a hit", with(at(5*hour), func(i *truce.CaseIncident) { i.Findings = nil }), false},
	} {
		if got := m.Belongs(c, row.i); got != row.want {
			t.Errorf("%s: belongs is %v", row.name, got)
		}
	}
	m.Terms.Gather.RadiusM = 5000
	if south := with(at(5*hour), func(i *truce.CaseIncident) { i.Area = "south" }); m.Belongs(c, south) {
		t.Error("another area belongs where a radius is asked and no place known")
	}
	c.State = truce.CaseClosed
	if m.Belongs(c, at(5*hour)) {
		t.Error("a closed case gathers")
	}
}

// TestAReopenedCaseGathersAgain although nothing of it stood: people took it up, and new
// incidents near to those that it was about are its own. One that nobody reopened draws none.
func TestAReopenedCaseGathersAgain(t *testing.T) {
	s := tell(t, machine(t))
	first := incident(1, t0, 1)
	s.incidents(after(minute), first)
	refuted := revised(first, truce.OccurrenceRefuted, after(2*minute))
	refuted.Revision++
	s.incidents(after(2*minute), refuted)
	if c := s.one(); s.m.Belongs(c, incident(2, after(hour), 1)) {
		t.Error("a case of which nothing stands draws a new incident")
	}
	if s.one().State == truce.CaseOpen {
		s.deed(after(3*minute), watch, truce.Deed{Kind: truce.DeedClose, Text: "a quarry"})
	}
	s.deed(after(4*minute), watch, truce.Deed{Kind: truce.DeedReopen, Text: "a crater was found"})
	if far := incident(3, after(99*hour), 1); s.m.Belongs(s.one(), far) {
		t.Error("an incident of another week belongs to it")
	}
	s.incidents(after(2*hour), incident(2, after(hour), 1))
	if c := s.one(); c.Summary.Incidents != 1 || len(c.Incidents) != 2 || c.Reopened == 0 {
		t.Errorf("%d incidents of %d stand in it", c.Summary.Incidents, len(c.Incidents))
	}
	if s.m.Belongs(s.one(), incident(4, after(-24*hour), 1)) {
		t.Error("once one stands, new ones are gathered by that alone")
	}
}

func TestAFactIsDealtToItsCases(t *testing.T) {
	s := tell(t, machine(t))
	s.incidents(after(minute), incident(1, t0, 1), incident(2, after(minute), 1), incident(3, after(99*hour), 1))
	if len(s.cases) != 2 || s.cases[0].Summary.Incidents != 2 {
		t.Fatalf("%d cases", len(s.cases))
	}
	if o := s.cases[0].Opening; o.Agreement != "reference" || o.Version != "1" {
		t.Errorf("opening: %+v", o)
	}
	first := s.cases[0]
	s.fact(after(2*minute), Fact{
		Advance:     &truce.Advance{Line: "L", Metres: 5},
		Attribution: &truce.Attribution{Incident: incident(2, after(minute), 1).ID, Level: truce.AttributionBalance},
	})
	if len(s.cases[0].Attributions) != 1 || len(s.cases[1].Attributions) != 0 || len(s.cases[0].Advances) != 1 || len(s.cases[1].Advances) != 1 {
		t.Errorf("attributions and advances: %+v, %+v", s.cases[0].Attributions, s.cases[1].Attributions)
	}
	again := s.m.Deal([]truce.Case{s.cases[1], first}, Fact{Known: after(hour), Incidents: []truce.CaseIncident{incident(2, after(minute), 1)}})
	if len(again) != 1 || again[0].Case != first.ID || again[0].New {
		t.Errorf("an incident that a case holds: %+v", again)
	}
	same := with(incident(2, after(minute), 1), func(i *truce.CaseIncident) { i.Known = after(2 * hour) })
	if steps := s.m.Take(s.cases[0], Fact{Known: after(2 * hour), Incidents: []truce.CaseIncident{same}}, after(2*hour)); len(steps) != 0 {
		t.Errorf("the same, read again, makes %d steps", len(steps))
	}
	other := with(same, func(i *truce.CaseIncident) { i.Findings[0].Severity = 2 })
	if steps := s.m.Take(s.cases[0], Fact{Known: after(2 * hour), Incidents: []truce.CaseIncident{other}}, after(2*hour)); len(steps) == 0 {
		t.Error("another finding on the same revision makes no step")
	}
	older := with(other, func(i *truce.CaseIncident) { i.Revision = 0 })
	if steps := s.m.Take(s.cases[0], Fact{Known: after(2 * hour), Incidents: []truce.CaseIncident{older}}, after(2*hour)); len(steps) != 0 {
		t.Errorf("an older revision makes %d steps", len(steps))
	}
	if steps := s.m.Take(s.cases[0], Fact{Known: after(hour), Incidents: []truce.CaseIncident{incident(2, after(minute), 1)}}, after(hour)); len(steps) != 0 {
		t.Errorf("what is known already makes %d steps", len(steps))
	}
}

func TestAPathMayHaveCasesOfItsOwn(t *testing.T) {
	l := handbook()
	l.Paths[1].Own = true
	m, err := New(l, []truce.PartyID{"A", "B"}, []truce.StateID{"FA"})
	if err != nil {
		t.Fatal(err)
	}
	s := tell(t, m)
	fire := func(n int, at truce.Instant) truce.CaseIncident {
		return with(incident(n, at, 1), func(i *truce.CaseIncident) { i.Act = "fire_at_monitor" })
	}
	s.incidents(after(minute), incident(1, t0, 1), fire(2, t0))
	s.incidents(after(hour), incident(3, after(hour), 1), fire(4, after(hour)))
	if len(s.cases) != 2 {
		t.Fatalf("%d cases", len(s.cases))
	}
	for _, c := range s.cases {
		want := map[string]truce.TierID{"": "L0", "monitors": "T1"}[c.Opening.Path]
		if c.Summary.Incidents != 2 || c.Open[0].Tier != want {
			t.Errorf("path %q: %d incidents, %s proposed", c.Opening.Path, c.Summary.Incidents, c.Open[0].Tier)
		}
	}
}

func TestOfSeveralRevisionsTheLastCounts(t *testing.T) {
	m := machine(t)
	i := incident(1, t0, 1)
	next := revised(i, truce.OccurrenceVerified, after(minute))
	steps := m.Open(truce.ID{1}, truce.CaseOpening{}, Fact{Incidents: []truce.CaseIncident{next, i, next}}, after(minute))
	c, err := Fold(steps)
	if err != nil || len(c.Incidents) != 1 || c.Incidents[0].Revision != 2 {
		t.Errorf("%v, %+v", err, c.Incidents)
	}
	stranger := truce.Attribution{Incident: truce.ID{9}, Level: truce.AttributionClear}
	if more := m.Take(c, Fact{Attribution: &stranger}, after(hour)); len(more) != 0 {
		t.Errorf("an attribution of an incident that the case does not hold makes %d steps", len(more))
	}
}

func TestANewIncidentAfterTheEndOpensANewCase(t *testing.T) {
	s := tell(t, machine(t))
	s.incidents(after(minute), incident(1, t0, 1))
	s.deed(after(2*minute), watch, truce.Deed{Kind: truce.DeedClose, Text: "a quarry"})
	s.incidents(after(3*minute), incident(2, after(2*minute), 1))
	if len(s.cases) != 2 || s.cases[0].ID == s.cases[1].ID {
		t.Fatalf("%d cases", len(s.cases))
	}
	s.incidents(after(4*minute), revised(incident(1, t0, 1), truce.OccurrenceVerified, after(4*minute)))
	if len(s.cases) != 2 || s.cases[0].Incidents[0].Occurrence != truce.OccurrenceVerified || s.cases[0].State != truce.CaseClosed {
		t.Error("a closed case does not hear of its own incident, or opens by itself")
	}
}

func TestABlindSpellThatComesAgainHasACaseOfItsOwn(t *testing.T) {
	s := tell(t, machine(t))
	spell := truce.BlindSpell{Area: "west", Share: 0.5, From: t0, Reason: "interference"}
	over := spell
	over.To = after(2 * hour)
	s.fact(after(minute), Fact{Blind: &spell})
	s.fact(after(2*hour), Fact{Blind: &over})
	s.fact(after(3*hour), Fact{Blind: &over}) // over is over
	if len(s.cases) != 1 {
		t.Fatalf("%d cases", len(s.cases))
	}
	s.fact(after(4*hour), Fact{Blind: &spell}) // and was not, after all
	if len(s.cases) != 2 || s.cases[0].ID == s.cases[1].ID {
		t.Fatalf("%d cases", len(s.cases))
	}
}

func TestFactsOfAnOutageTakeEffectWhenTheyWereKnown(t *testing.T) {
	s, i := climb(t)
	steps := s.m.Take(s.one(), Fact{Known: after(5 * hour), Incidents: []truce.CaseIncident{revised(i, truce.OccurrenceRefuted, after(5*hour))}}, after(30*hour))
	if steps[0].Kind != truce.StepGathered || steps[0].At != after(5*hour) || steps[0].Late != after(30*hour) {
		t.Fatalf("first: %s at %s, found %s", steps[0].Kind, steps[0].At, steps[0].Late)
	}
	for _, step := range steps {
		if step.Kind == truce.StepClockMissed {
			t.Errorf("the clock %s was missed after the case was cleared", step.Clock.Clock)
		}
	}
	ahead := s.m.Take(s.one(), Fact{Known: after(99 * hour), Incidents: []truce.CaseIncident{revised(i, truce.OccurrenceRefuted, after(99*hour))}}, after(5*hour))
	if ahead[0].At != after(5*hour) {
		t.Errorf("a fact from the future took effect at %s", ahead[0].At)
	}
}
