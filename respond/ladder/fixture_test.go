package ladder

import (
	"fmt"
	"testing"
	"time"

	"github.com/trucewatch/truce"
)

const (
	minute = truce.Micros(60_000_000)
	hour   = 60 * minute
	day    = 24 * hour
)

// t0 is when the histories of the tests begin.
var t0 = truce.InstantOf(time.Date(2026, 4, 11, 16, 0, 0, 0, time.UTC))

func after(d truce.Micros) truce.Instant { return t0 + truce.Instant(d) }

// handbook is the ladder of the handbook's table, with the figures of the public reports.
func handbook() truce.Ladder {
	gate := func(offices ...truce.Office) []truce.Gate {
		var out []truce.Gate
		for _, o := range offices {
			out = append(out, truce.Gate{Office: o})
		}
		return out
	}
	en := func(s string) truce.Names { return truce.Names{"en": s} }
	return truce.Ladder{
		Names: en("Reported ladder"), Standing: truce.StandingReported, T0: truce.T0Event,
		Gather: truce.Gather{Within: 24 * hour},
		Tiers: []truce.Tier{
			{ID: "L0", Names: en("watch"), Gates: gate(truce.OfficeWatchOfficer)},
			{ID: "L1", Names: en("hotline"), Gates: gate(truce.OfficeWatchLead), Enter: truce.Criteria{Hits: 1},
				Clocks: []truce.ClockTerm{
					{ID: "receipt", Basis: truce.T0Entered, Due: 15 * minute, Owner: truce.OfficeLiaison, Each: true},
					{ID: "reply", Basis: truce.T0Entered, Due: 2 * hour, Owner: truce.OfficeLiaison, Each: true, Warns: 30 * minute},
				}},
			{ID: "L2", Names: en("verify"), Gates: gate(truce.OfficeAnalyst, truce.OfficeAnalyst),
				Enter: truce.Criteria{Any: []truce.Criteria{{Unexplained: 2 * hour}, {SeverityMin: 2}}},
				Clocks: []truce.ClockTerm{
					{ID: "preliminary", Names: en("preliminary finding"), Basis: truce.T0Detected, Due: 6 * hour, Owner: truce.OfficeAnalyst},
					{ID: "reviewed", Basis: truce.T0Detected, Due: 24 * hour, Owner: truce.OfficeAnalyst},
				}},
			{ID: "T1", Names: en("warning"), Gates: gate(truce.OfficeChair, truce.OfficeMechanismLead),
				Enter: truce.Criteria{Occurrence: truce.OccurrenceVerified, Any: []truce.Criteria{{SeverityMin: 3}, {Hits: 3}, {Lasting: 6 * hour}}},
				Clocks: []truce.ClockTerm{
					{ID: "warning", Names: en("diplomatic warning"), Basis: truce.T0Event, Due: 24 * hour, Owner: truce.OfficeChair, Warns: 2 * hour},
				}},
			{ID: "T2", Names: en("consultation"), Consult: true,
				Gates:  []truce.Gate{{Office: truce.OfficeChair, Attribution: truce.AttributionBalance}, {Office: truce.OfficeMechanismLead}},
				Enter:  truce.Criteria{After: 24 * hour, Within: 12 * hour, Hits: 1},
				Clocks: []truce.ClockTerm{{ID: "report", Names: en("situation report"), Basis: truce.T0Event, Due: 6 * hour, Every: 6 * hour, Owner: truce.OfficeDutyHead}}},
			{ID: "T3", Names: en("decision"), Gates: gate(truce.OfficeChair, truce.OfficeMember),
				Enter: truce.Criteria{Occurrence: truce.OccurrenceVerified, After: 72 * hour, Any: []truce.Criteria{
					{Hits: 10, Unit: truce.UnitEngagement}, {Areas: 2}, {Acts: []truce.Act{truce.ActMissileStrike}}, {AdvanceM: 2000}}},
				Clocks: []truce.ClockTerm{{ID: "decide", Basis: truce.T0Event, Due: 72 * hour, Owner: truce.OfficeHead, Each: true}}},
		},
		Paths: []truce.Path{
			{ID: "casualties", Names: en("mass casualties"), Enter: truce.Criteria{SeverityMin: 4}, Tiers: []truce.TierID{"L2", "T1"}, Civil: true},
			{ID: "monitors", Names: en("act against monitors"), Enter: truce.Criteria{Acts: []truce.Act{"fire_at_monitor"}}, Tiers: []truce.TierID{"T1"}},
			{ID: "blind", Names: en("out of sight"), Own: true, Enter: truce.Criteria{BlindShare: 0.3, BlindFor: hour}, Tiers: []truce.TierID{"L2"},
				Clocks: []truce.ClockTerm{{ID: "sight", Names: en("restore sight"), Basis: truce.T0Event, Due: 4 * hour, Owner: truce.OfficeDutyHead}}},
		},
		Down: []truce.Descent{
			{From: "L1", Quiet: 24 * hour, Gates: gate(truce.OfficeWatchLead)},
			{From: "L2", Quiet: 24 * hour, Gates: gate(truce.OfficeDutyHead)},
			{From: "T1", To: "L2", Quiet: 72 * hour, Remedy: true, Gates: gate(truce.OfficeChair, truce.OfficeMechanismLead)},
			{From: "T2", To: "T1", Quiet: 72 * hour, Gates: gate(truce.OfficeChair, truce.OfficeMechanismLead)},
			{From: "T3", To: "T1", Quiet: 168 * hour, Remedy: true, Gates: gate(truce.OfficeChair, truce.OfficeMember)},
		},
		Consult: truce.Consult{Quorum: 0.5, Majority: 0.5, Callers: []truce.Caller{
			{Role: truce.RoleParty, Count: 1}, {Role: truce.RoleGuarantor, Count: 2}, {Role: truce.RoleMechanism, Count: 1}}},
	}
}

func machine(t testing.TB) Machine {
	t.Helper()
	m, err := New(handbook(), []truce.PartyID{"B", "A"}, []truce.StateID{"FA", "FB", "FC"})
	if err != nil {
		t.Fatal(err)
	}
	m.Agreement, m.Version = "reference", "1"
	return m
}

func office(id string, o truce.Office) truce.Person {
	p := truce.Person{ID: truce.PersonID(id), Role: o.Role(), Office: o}
	switch o.Role() {
	case truce.RoleParty:
		p.Party = "A"
	case truce.RoleGuarantor:
		p.State = "FA"
	}
	return p
}

func incident(n int, at truce.Instant, severity int) truce.CaseIncident {
	return truce.CaseIncident{
		ID: truce.NewID(at, "incident", "test", fmt.Append(nil, n)), Revision: 1, Number: fmt.Sprintf("2026-%d", n), Known: at, Detected: at,
		Time: truce.Moment(at, 20*time.Minute), Area: "north", Act: truce.ActIndirectFire, P: 0.9, Occurrence: truce.OccurrenceDetected,
		Findings: []truce.CaseFinding{{Rule: "R01", Verdict: truce.VerdictHit, P: 0.9, Severity: severity, Unit: truce.UnitEngagement, Count: 1}},
	}
}

func revised(i truce.CaseIncident, o truce.Occurrence, at truce.Instant) truce.CaseIncident {
	i.Revision++
	i.Known, i.Occurrence = at, o
	if o == truce.OccurrenceVerified {
		i.Verified = at
	}
	return i
}

// story is a history a test tells step by step.
type story struct {
	t *testing.T
	history
	steps []truce.CaseStep
}

func tell(t *testing.T, m Machine) *story {
	s := &story{t: t, history: history{m: m}}
	s.told = func(step truce.CaseStep) { s.steps = append(s.steps, step) }
	return s
}

func (s *story) fact(at truce.Instant, f Fact) {
	s.t.Helper()
	f.Known = at
	s.advance(at)
	if err := s.history.fact(f, at); err != nil {
		s.t.Fatal(err)
	}
}

func (s *story) incidents(at truce.Instant, all ...truce.CaseIncident) {
	s.t.Helper()
	s.fact(at, Fact{Incidents: all})
}

// try does a deed and returns how it was answered.
func (s *story) try(at truce.Instant, p truce.Person, d truce.Deed) error {
	s.t.Helper()
	s.advance(at)
	d.Person, d.Office, d.At = p.ID, p.Office, at
	return s.input(Input{Deed: &d, Person: p}, at)
}

func (s *story) deed(at truce.Instant, p truce.Person, d truce.Deed) {
	s.t.Helper()
	if err := s.try(at, p, d); err != nil {
		s.t.Fatalf("%s by %s: %v", d.Kind, p.ID, err)
	}
}

func (s *story) sign(at truce.Instant, tier truce.TierID, people ...truce.Person) {
	s.t.Helper()
	for _, p := range people {
		s.deed(at, p, truce.Deed{Kind: truce.DeedSign, Tier: tier})
	}
}

func (s *story) one() truce.Case {
	s.t.Helper()
	if len(s.cases) != 1 {
		s.t.Fatalf("there are %d cases", len(s.cases))
	}
	return s.cases[0]
}

// kinds are the kinds of the steps from a number on.
func (s *story) kinds(from int) []truce.StepKind {
	var out []truce.StepKind
	for _, step := range s.steps[min(from, len(s.steps)):] {
		out = append(out, step.Kind)
	}
	return out
}

func (s *story) clock(id, whose string) truce.CaseClock {
	s.t.Helper()
	var found truce.CaseClock
	for _, k := range s.one().Clocks {
		if k.ID == id && k.For == whose {
			found = k
		}
	}
	return found
}

var (
	watch   = office("watch-1", truce.OfficeWatchOfficer)
	lead    = office("lead-1", truce.OfficeWatchLead)
	analyst = office("analyst-1", truce.OfficeAnalyst)
	second  = office("analyst-2", truce.OfficeAnalyst)
	duty    = office("duty-1", truce.OfficeDutyHead)
	chief   = office("chief-1", truce.OfficeMechanismLead)
	chair   = office("chair-1", truce.OfficeChair)
	member  = office("member-1", truce.OfficeMember)
	liaison = office("a-1", truce.OfficeLiaison)
	officer = office("fa-1", truce.OfficeDutyOfficer)
)
