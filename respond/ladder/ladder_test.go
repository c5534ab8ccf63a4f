package ladder

import (
	"reflect"
	"slices"
	"testing"

	"github.com/trucewatch/truce"
)

// climb brings a case of one grave verified incident to T1.
func climb(t *testing.T) (*story, truce.CaseIncident) {
	t.Helper()
	s := tell(t, machine(t))
	i := incident(1, t0, 3)
	s.incidents(after(5*minute), i)
	s.sign(after(6*minute), "L0", watch)
	s.sign(after(10*minute), "L1", lead)
	s.sign(after(20*minute), "L2", analyst, second)
	i = revised(i, truce.OccurrenceVerified, after(3*hour))
	s.incidents(after(3*hour), i)
	s.sign(after(4*hour), "T1", chair, chief)
	return s, i
}

// refused says what a deed that must be refused was answered.
func (s *story) refused(at truce.Instant, p truce.Person, d truce.Deed, want truce.Code) {
	s.t.Helper()
	s.advance(at)
	before := s.one().Steps
	err := s.try(at, p, d)
	if err == nil || truce.CodeOf(err) != want {
		s.t.Errorf("%s of %s by %s: %v, want %s", d.Kind, d.Tier, p.ID, err, want)
	}
	if s.one().Steps != before {
		s.t.Errorf("%s by %s was refused and changed the case", d.Kind, p.ID)
	}
}

func (s *story) proposed(want ...truce.TierID) {
	s.t.Helper()
	var got []truce.TierID
	for _, o := range s.one().Open {
		got = append(got, o.Tier)
	}
	if !slices.Equal(got, want) {
		s.t.Errorf("%v are proposed, want %v", got, want)
	}
}

func sign(tier truce.TierID) truce.Deed { return truce.Deed{Kind: truce.DeedSign, Tier: tier} }

func signDown(tier truce.TierID) truce.Deed {
	return truce.Deed{Kind: truce.DeedSign, Tier: tier, Down: true}
}

func TestACaseClimbsTierByTierThroughItsGates(t *testing.T) {
	s, _ := climb(t)
	c := s.one()
	if c.Tier != "T1" || c.Summary.Rank != 4 || len(c.Tiers) != 4 {
		t.Fatalf("tier %s, rank %d, %d visits", c.Tier, c.Summary.Rank, len(c.Tiers))
	}
	if v := c.Tiers[3]; len(v.Signed) != 2 || v.Signed[0].By != chair.ID || v.Signed[1].By != chief.ID || len(v.Because) == 0 {
		t.Errorf("T1 was entered as %+v", v)
	}
	if k := s.clock("warning", ""); k.Due != after(24*hour) || k.State != truce.ClockRunning {
		t.Errorf("warning: %+v", k)
	}
	folded, err := Fold(s.steps)
	if err != nil || !reflect.DeepEqual(folded, c) {
		t.Errorf("the steps fold to another case: %v", err)
	}
}

func TestGatesAreSignedByTheirOfficesAndTwoPersons(t *testing.T) {
	s := tell(t, machine(t))
	s.incidents(after(minute), incident(1, t0, 3))
	s.proposed("L0")
	s.refused(after(2*minute), chair, sign("L0"), truce.CodeForbidden)
	s.refused(after(2*minute), watch, sign("L1"), truce.CodeConflict)
	s.sign(after(2*minute), "L0", watch)
	s.proposed("L1")
	s.refused(after(3*minute), watch, sign("L0"), truce.CodeConflict)
	s.sign(after(3*minute), "L1", lead)
	s.sign(after(4*minute), "L2", analyst)
	s.refused(after(5*minute), analyst, sign("L2"), truce.CodeForbidden)
	d := sign("L2")
	d.After = 2
	s.refused(after(5*minute), second, d, truce.CodeConflict) // proposed after what was read
	if s.one().Tier != "L1" {
		t.Fatalf("tier %s with one of two gates", s.one().Tier)
	}
	s.sign(after(6*minute), "L2", second)
	if s.one().Tier != "L2" {
		t.Fatalf("tier %s with two of two gates", s.one().Tier)
	}
}

func TestTwoGatesOfLiaisonsAreForTwoParties(t *testing.T) {
	l := handbook()
	l.Tiers[0].Gates = []truce.Gate{{Office: truce.OfficeLiaison}, {Office: truce.OfficeLiaison}}
	m, err := New(l, []truce.PartyID{"A", "B"}, []truce.StateID{"FA"})
	if err != nil {
		t.Fatal(err)
	}
	s := tell(t, m)
	s.incidents(after(minute), incident(1, t0, 1))
	s.sign(after(minute), "L0", liaison)
	s.refused(after(minute), office("a-2", truce.OfficeLiaison), sign("L0"), truce.CodeForbidden)
	b := office("b-1", truce.OfficeLiaison)
	b.Party = "B"
	s.sign(after(minute), "L0", b)
	if s.one().Tier != "L0" {
		t.Errorf("tier %s", s.one().Tier)
	}
}

func TestAGateWaitsForItsStandardOfAttribution(t *testing.T) {
	s, i := climb(t)
	fresh := incident(2, after(23*hour), 2)
	s.incidents(after(23*hour), fresh)
	s.advance(after(25 * hour))
	s.proposed("T2")
	s.sign(after(25*hour), "T2", chief)
	s.refused(after(25*hour), chair, sign("T2"), truce.CodeConflict)
	view := func(at truce.Instant, l truce.AttributionLevel, withdrawn bool) Fact {
		return Fact{Attribution: &truce.Attribution{Incident: i.ID, Revision: i.Revision, Level: l, Withdrawn: withdrawn, At: at}}
	}
	s.fact(after(26*hour), view(after(26*hour), truce.AttributionReasonable, false))
	s.refused(after(26*hour), chair, sign("T2"), truce.CodeConflict)
	s.fact(after(27*hour), view(after(27*hour), truce.AttributionClear, false))
	s.sign(after(27*hour), "T2", chair)
	if s.one().Tier != "T2" {
		t.Fatalf("tier %s", s.one().Tier)
	}
}

func TestAWithdrawnAttributionTakesTheSignatureWithIt(t *testing.T) {
	s, i := climb(t)
	s.incidents(after(23*hour), incident(2, after(23*hour), 2))
	a := truce.Attribution{Incident: i.ID, Level: truce.AttributionBalance, At: after(24 * hour)}
	s.fact(after(24*hour), Fact{Attribution: &a})
	s.sign(after(25*hour), "T2", chair)
	gone := a
	gone.Withdrawn = true
	n := len(s.steps)
	s.fact(after(26*hour), Fact{Attribution: &gone})
	if got := s.kinds(n); !slices.Equal(got, []truce.StepKind{truce.StepAttributed, truce.StepClockStopped, truce.StepClockStopped, truce.StepLapsed, truce.StepProposed}) {
		t.Errorf("%v", got)
	}
	if len(s.one().Open[0].Signed) != 0 {
		t.Error("the new proposal has a signature")
	}
}

func TestAProposalLapsesWhenItsCriteriaCease(t *testing.T) {
	s, _ := climb(t)
	s.incidents(after(14*hour), incident(2, after(14*hour), 1))
	s.advance(after(24 * hour))
	s.proposed("T2") // after 24 h, active in the last 12 h
	s.advance(after(26*hour) - 1)
	s.proposed("T2")
	s.advance(after(26 * hour))
	s.proposed()
	if last := s.steps[len(s.steps)-1]; last.Kind != truce.StepLapsed || last.At != after(26*hour) {
		t.Errorf("the last step is %s at %s", last.Kind, last.At)
	}
	s.refused(after(26*hour), chair, sign("T2"), truce.CodeConflict)
}

func TestWhatWasRefusedNeedsANewGround(t *testing.T) {
	s := tell(t, machine(t))
	i := incident(1, t0, 1)
	s.incidents(after(minute), i)
	s.refused(after(minute), watch, truce.Deed{Kind: truce.DeedRefuse, Tier: "L0"}, truce.CodeInvalid)
	s.deed(after(minute), watch, truce.Deed{Kind: truce.DeedRefuse, Tier: "L0", Text: "a training ground"})
	s.proposed()
	s.advance(after(hour))
	again := i
	again.Revision, again.Known = 2, after(hour)
	s.incidents(after(hour), again) // a revision that adds nothing
	s.proposed()
	s.incidents(after(2*hour), incident(2, after(2*hour), 1))
	s.proposed("L0")
	if no := s.one().Refusals; len(no) != 1 || no[0].By != watch.ID || no[0].Text == "" {
		t.Errorf("refusals: %+v", no)
	}
}

func TestARefutationMakesSignersReadAgain(t *testing.T) {
	s := tell(t, machine(t))
	one, two := incident(1, t0, 3), incident(2, after(hour), 3)
	s.incidents(after(hour), one, two)
	seen := s.one().Steps
	s.incidents(after(2*hour), revised(two, truce.OccurrenceRefuted, after(2*hour)))
	d := sign("L0")
	d.After = seen
	s.refused(after(2*hour), watch, d, truce.CodeConflict)
	s.incidents(after(3*hour), incident(3, after(3*hour), 1)) // more of the same needs no new reading
	d.After = s.one().Steps - 1
	s.deed(after(3*hour), watch, d)
}

func TestPathsProposeTheirTiersAtOnce(t *testing.T) {
	s := tell(t, machine(t))
	s.incidents(after(minute), incident(1, t0, 4))
	s.proposed("L2", "T1", "L0")
	s.sign(after(2*minute), "T1", chief, chair)
	c := s.one()
	if c.Tier != "T1" || c.Summary.Path != "casualties" || c.Tiers[0].Path != "casualties" {
		t.Fatalf("tier %s by path %q", c.Tier, c.Summary.Path)
	}
	s.sign(after(3*minute), "L2", analyst, second)
	if c := s.one(); c.Tier != "T1" || s.clock("preliminary", "").State != truce.ClockRunning {
		t.Errorf("a lower tier of the path: tier %s, clocks %+v", c.Tier, c.Clocks)
	}
	monitors := tell(t, machine(t))
	monitors.incidents(after(minute), with(incident(1, t0, 1), func(i *truce.CaseIncident) { i.Act = "fire_at_monitor" }))
	monitors.proposed("T1", "L0")
}

func TestAPathOpensWhereTheCaseIsAlready(t *testing.T) {
	l := handbook()
	l.Paths[0].Clocks = []truce.ClockTerm{{ID: "civil", Basis: truce.T0Entered, Due: hour, Owner: truce.OfficeDutyHead}}
	m, err := New(l, []truce.PartyID{"A", "B"}, []truce.StateID{"FA"})
	if err != nil {
		t.Fatal(err)
	}
	s := tell(t, m)
	s.incidents(after(minute), with(incident(1, t0, 3), func(i *truce.CaseIncident) { i.Act = "fire_at_monitor" }))
	s.sign(after(2*minute), "T1", chief, chair)
	n := len(s.steps)
	grave := incident(2, after(hour), 4)
	s.incidents(after(hour), grave)
	opened, ok := find(s.steps[n:], truce.StepPath, nil)
	if !ok || s.steps[n+opened].Passage.Path != "casualties" || len(s.steps[n+opened].Passage.Because) == 0 {
		t.Fatalf("%v", s.kinds(n))
	}
	if k := s.clock("civil", ""); k.Due != after(2*hour) || k.State != truce.ClockRunning {
		t.Errorf("its clock: %+v", k)
	}
	s.incidents(after(90*minute), revised(grave, truce.OccurrenceRefuted, after(90*minute)))
	stopped, _ := find(s.steps, truce.StepClockStopped, nil)
	if k := s.clock("civil", ""); k.State != truce.ClockStopped || s.steps[stopped].Text != wordsPathLeft {
		t.Errorf("what the path rests on is refuted: %+v", k)
	}
	if last := s.steps[len(s.steps)-1]; last.Kind != truce.StepUnfounded || last.Passage.Path != "casualties" || s.one().Paths[1].Unfounded != last.Number {
		t.Errorf("it is not said: %+v", last)
	}
}

func TestABlindSectorIsACaseByItself(t *testing.T) {
	s := tell(t, machine(t))
	spell := truce.BlindSpell{Area: "west", Share: 0.4, From: t0, Reason: "interference"}
	small := spell
	small.Area, small.Share = "east", 0.1
	s.fact(after(minute), Fact{Blind: &small})
	if len(s.cases) != 0 {
		t.Fatal("a small blind spell opened a case")
	}
	s.fact(after(minute), Fact{Blind: &spell})
	s.advance(after(hour) - 1)
	s.proposed()
	s.advance(after(hour))
	s.proposed("L2")
	if k := s.clock("sight", ""); k.Due != after(4*hour) || k.Tier != "" {
		t.Errorf("its own clock: %+v", k)
	}
	s.incidents(after(2*hour), with(incident(1, after(2*hour), 1), func(i *truce.CaseIncident) { i.Area = "west" }))
	if len(s.cases) != 2 {
		t.Fatalf("%d cases: an incident is not gathered into a blind one", len(s.cases))
	}
	spell.To = after(3 * hour)
	s.fact(after(3*hour), Fact{Blind: &spell})
	c := s.cases[0]
	if c.State != truce.CaseClosed || c.Clocks[0].State != truce.ClockStopped || len(c.Open) != 0 {
		t.Errorf("sight is back: %s, clock %s", c.State, c.Clocks[0].State)
	}
}

func TestABlindCaseInATierIsClosedByPeople(t *testing.T) {
	s := tell(t, machine(t))
	spell := truce.BlindSpell{Area: "west", Share: 0.4, From: t0, Reason: "interference"}
	s.fact(after(minute), Fact{Blind: &spell})
	s.sign(after(2*hour), "L2", analyst, second)
	spell.To = after(3 * hour)
	s.fact(after(3*hour), Fact{Blind: &spell})
	if c := s.one(); c.State != truce.CaseOpen || len(c.Open) != 1 || c.Open[0].Grounds[0].Kind != truce.GroundSight {
		t.Fatalf("sight is back: %s, open %+v", c.State, c.Open)
	}
	s.deed(after(4*hour), duty, signDown("L2"))
	if s.one().State != truce.CaseClosed {
		t.Error("signed and not closed")
	}
}

func TestTheWayDownNeedsQuietRemediesAndGates(t *testing.T) {
	s, _ := climb(t)
	s.deed(after(5*hour), chair, truce.Deed{Kind: truce.DeedDetermine, Text: "a breach of clause 3"})
	remedy := truce.RemedyStep{ID: "M1", Party: "B", What: "withdraw the unit", Due: after(50 * hour), State: truce.RemedyAsked}
	s.deed(after(6*hour), chair, truce.Deed{Kind: truce.DeedRemedy, Remedy: &remedy})
	s.advance(after(100 * hour))
	s.proposed()
	if r := s.one().Remedies[0]; r.State != truce.RemedyLate {
		t.Errorf("the remedy is %s", r.State)
	}
	remedy.State = truce.RemedyVerified
	s.deed(after(101*hour), chief, truce.Deed{Kind: truce.DeedRemedy, Remedy: &remedy})
	if o := s.one().Open; len(o) != 1 || !o[0].Down || o[0].To != "L2" {
		t.Fatalf("open: %+v", o)
	}
	s.deed(after(102*hour), chair, signDown("T1"))
	s.incidents(after(103*hour), incident(9, after(20*hour), 1)) // late news of what is past
	s.proposed("T1")
	s.deed(after(104*hour), chief, signDown("T1"))
	c := s.one()
	if c.Tier != "L2" || c.Tiers[3].Left != after(104*hour) || c.State != truce.CaseOpen {
		t.Fatalf("tier %s, visit %+v", c.Tier, c.Tiers[3])
	}
	s.proposed("L2") // quiet since long: the next step down, and no way up again without a new ground
	s.deed(after(105*hour), duty, signDown("L2"))
	if c := s.one(); c.State != truce.CaseClosed || c.Closed != after(105*hour) || c.Tier != "" {
		t.Errorf("%s at %s in %q", c.State, c.Closed, c.Tier)
	}
}

func TestNewActivityTakesTheWayDownBack(t *testing.T) {
	s, _ := climb(t)
	s.advance(after(76 * hour)) // 72 h after T1 was entered at 4 h
	s.proposed("T1")
	s.incidents(after(77*hour), with(incident(2, after(77*hour), 1), func(i *truce.CaseIncident) { i.Time.From = after(20 * hour) }))
	for _, o := range s.one().Open {
		if o.Down {
			t.Errorf("still proposed: %+v", o)
		}
	}
	s.fact(after(78*hour), Fact{Blind: &truce.BlindSpell{Area: "north", Share: 0.5, From: after(78 * hour), Reason: "interference"}})
	s.advance(after(300 * hour))
	if len(s.cases) != 2 || len(s.cases[0].Blind) != 1 {
		t.Fatalf("%d cases: a blind spell is a case of its own and known to the one of its area", len(s.cases))
	}
	for _, o := range s.cases[0].Open {
		if o.Down {
			t.Error("what cannot be seen counts as quiet")
		}
	}
}

func TestAFalseAlarmRefutedAtHour20(t *testing.T) {
	s, i := climb(t)
	n := len(s.steps)
	i = revised(i, truce.OccurrenceRefuted, after(20*hour))
	s.incidents(after(20*hour), i)
	want := []truce.StepKind{truce.StepClockMissed, truce.StepGathered, truce.StepClockStopped, truce.StepClockStopped,
		truce.StepUnfounded, truce.StepUnfounded, truce.StepUnfounded, truce.StepUnfounded, truce.StepProposed}
	if got := s.kinds(n); !slices.Equal(got, want) {
		t.Fatalf("%v, want %v", got, want)
	}
	if k := s.clock("warning", ""); k.State != truce.ClockStopped || k.Ended != after(20*hour) {
		t.Errorf("warning: %+v", k)
	}
	o := s.one().Open[0]
	if !o.Down || o.To != "" || len(o.Gates) != 2 {
		t.Fatalf("closing: %+v", o)
	}
	// the refutation is taken back: the clock begins a second round, where everybody sees it
	n = len(s.steps)
	s.incidents(after(21*hour), revised(i, truce.OccurrenceVerified, after(21*hour)))
	if k := s.clock("warning", ""); k.Round != 2 || k.Due != after(24*hour) || k.State != truce.ClockRunning {
		t.Errorf("warning: %+v", k)
	}
	if got := s.kinds(n); !slices.Contains(got, truce.StepLapsed) || !slices.Contains(got, truce.StepClockStarted) || !slices.Contains(got, truce.StepFounded) {
		t.Errorf("%v", got)
	}
	for _, v := range s.one().Tiers {
		if v.Unfounded != 0 {
			t.Errorf("%s is still unfounded", v.Tier)
		}
	}
	s.incidents(after(22*hour), revised(s.one().Incidents[0], truce.OccurrenceRefuted, after(22*hour)))
	s.deed(after(23*hour), chair, signDown("T1"))
	s.deed(after(23*hour), chief, signDown("T1"))
	if s.one().State != truce.CaseClosed {
		t.Error("signed by everybody and not closed")
	}
}

// A tier rests on the facts, not on the hour: that time passes takes nothing from it, and
// what was withdrawn and will hold again with time alone is found at that time.
func TestWhatATierRestsOn(t *testing.T) {
	s := toT2(t)
	s.advance(after(40 * hour)) // the last incident is 17 h old and T2 asks for one within 12 h
	for _, v := range s.one().Tiers {
		if v.Unfounded != 0 {
			t.Errorf("time alone took the ground of %s", v.Tier)
		}
	}
	first := s.one().Incidents[0]
	n := len(s.steps)
	s.incidents(after(41*hour), with(revised(first, truce.OccurrenceCorroborated, after(41*hour)), func(i *truce.CaseIncident) { i.Verified = 0 }))
	if at, ok := find(s.steps[n:], truce.StepUnfounded, nil); !ok || s.steps[n+at].Passage.Tier != "T1" {
		t.Fatalf("not verified any more: %v", s.kinds(n))
	}
	s.incidents(after(42*hour), with(revised(s.one().Incidents[0], truce.OccurrenceVerified, after(42*hour)), func(i *truce.CaseIncident) { i.Verified = after(3 * hour) }))
	if last := s.steps[len(s.steps)-1]; last.Kind != truce.StepFounded || last.Passage.Tier != "T1" {
		t.Errorf("verified again: %+v", last)
	}
	s.incidents(after(43*hour), with(revised(s.one().Incidents[0], truce.OccurrenceVerified, after(43*hour)), func(i *truce.CaseIncident) {
		i.Verified, i.Time = after(3*hour), truce.Moment(after(20*hour), 0) // its clock was wrong
	}))
	in := func() (out []truce.TierID) {
		for _, v := range s.one().Tiers {
			if v.Unfounded != 0 {
				out = append(out, v.Tier)
			}
		}
		return out
	}
	if got := in(); len(got) != 1 || got[0] != "T2" {
		t.Fatalf("24 h after the zero point had not passed: %v", got)
	}
	s.incidents(after(43*hour), incident(5, after(43*hour), 1))
	s.advance(after(44*hour) - 1)
	if got := in(); len(got) != 1 {
		t.Fatalf("%v", got)
	}
	s.advance(after(44 * hour))
	if last := s.steps[len(s.steps)-1]; len(in()) != 0 || last.Kind != truce.StepFounded || last.At != after(44*hour) {
		t.Errorf("%v, %s at %s", in(), last.Kind, last.At)
	}
}
