package ladder

import (
	"fmt"
	"testing"

	"github.com/trucewatch/truce"
)

// toldBefore: a clock of a party that was missed had run for as long as it was given, after
// both parties could be told of it, and that of the other party no less. It looks at who
// could be told and when, and at no clock's state.
func toldBefore(was ran, steps []truce.CaseStep) error {
	began := map[string]truce.CaseStep{}
	for _, s := range steps {
		if s.Clock == nil || s.Clock.Round != 1 {
			continue
		}
		key := clockOf(s)
		if s.Kind == truce.StepClockStarted && s.Clock.Owner.Role() == truce.RoleParty {
			began[key] = s
		}
		first, ofParty := began[key]
		if s.Kind != truce.StepClockMissed || !ofParty || first.Clock.Basis != truce.T0Entered {
			continue
		}
		told, ever := both(was.people, first.At)
		if given := first.Clock.Due - first.At; !ever || s.At < told+given {
			return fmt.Errorf("the clock %s began at %s with %s to go, both could be told at %s (%v), and it was missed at %s", key, first.At, given.Sub(0), told, ever, s.At)
		}
	}
	return nil
}

// both is the first time from another on at which both parties can be told; false for never.
func both(people []staffing, from truce.Instant) (truce.Instant, bool) {
	open := false
	for _, s := range people {
		if s.at <= from {
			open = len(s.untold) > 0
			continue
		}
		if open && len(s.untold) == 0 {
			return s.at, true
		}
	}
	return from, !open
}

// TestAMachineThatDoesNotHearWhoCanBeToldIsCaughtR22: one that lets the clocks of parties
// run while nobody could be told of them does not pass.
func TestAMachineThatDoesNotHearWhoCanBeToldIsCaughtR22(t *testing.T) {
	caught, sound := 0, 0
	for seed := uint64(1); seed <= 400; seed++ {
		for _, hears := range []bool{true, false} {
			was, err := playWith(machine(t), seed, 12, hears)
			if err != nil {
				t.Fatal(err)
			}
			for _, steps := range was.steps {
				switch err := toldBefore(was, steps); {
				case hears && err != nil:
					t.Fatalf("history %d: %v", seed, err)
				case hears:
					sound++
				case err != nil:
					caught++
				}
			}
		}
	}
	if t.Logf("%d cases, %d caught", sound, caught); caught < 10 {
		t.Errorf("a machine that does not hear who can be told was caught %d times", caught)
	}
}

// hotline brings a case to L1 at minute 5 while party B has nobody who can be told.
func hotline(t *testing.T) *story {
	s := tell(t, machine(t))
	s.incidents(after(minute), incident(1, t0, 1))
	s.sign(after(2*minute), "L0", watch)
	s.m.Untold = []truce.PartyID{"B"}
	s.sign(after(5*minute), "L1", lead)
	return s
}

// found ends the gap.
func (s *story) found(at truce.Instant) {
	s.t.Helper()
	s.staff(staffing{at: at}, (*history).advance)
}

func TestAClockOfPartiesWaitsUntilBothCanBeTold(t *testing.T) {
	s := hotline(t)
	s.advance(after(3 * hour))
	for _, p := range []string{"A", "B"} {
		if k := s.clock("receipt", p); k.State != truce.ClockWaiting || k.Waits != after(5*minute) || k.Due != after(20*minute) {
			t.Errorf("in the gap: %+v", k)
		}
	}
	if sum := s.one().Summary; sum.Waiting != 4 || sum.Missed != 0 || sum.NextClock != "" {
		t.Errorf("in the gap: %+v", sum)
	}
	if at, ok := s.m.Next(s.one()); ok && at < after(3*hour) {
		t.Errorf("a look is asked for at %s", at)
	}
	n := len(s.steps)
	s.found(after(3 * hour))
	for _, step := range s.steps[n : n+4] {
		if step.Kind != truce.StepClockTold || step.At != after(3*hour) || step.Clock.Due-step.Clock.OldDue != truce.Instant(175*minute) || step.Text == "" || step.Late != 0 {
			t.Errorf("told: %+v %+v", step, step.Clock)
		}
	}
	for _, p := range []string{"A", "B"} {
		if k := s.clock("receipt", p); k.State != truce.ClockRunning || k.Due != after(3*hour+15*minute) || k.Moves[0].OldDue != after(20*minute) || k.Told != after(3*hour) || k.Waits != 0 {
			t.Errorf("told: %+v", k)
		}
	}
	if s.found(after(3*hour + minute)); len(s.steps) != n+4 {
		t.Errorf("told twice: %v", s.kinds(n))
	}
	s.advance(after(4 * hour))
	if k := s.clock("receipt", "B"); k.State != truce.ClockMissed || k.Ended != after(3*hour+15*minute) {
		t.Errorf("in the end: %+v", k)
	}
}

func TestAClockThatWasToldOfRunsOnInAGap(t *testing.T) {
	s, _ := climbed(t)
	s.m.Untold = []truce.PartyID{"A"} // a party that loses its officer delays nothing
	s.advance(after(30 * minute))
	if k := s.clock("receipt", "A"); k.State != truce.ClockMissed {
		t.Errorf("%+v", k)
	}
}

// climbed is a case in L1 of which both parties were told.
func climbed(t *testing.T) (*story, truce.CaseIncident) {
	s, i := tell(t, machine(t)), incident(1, t0, 1)
	s.incidents(after(minute), i)
	s.sign(after(2*minute), "L0", watch)
	s.sign(after(5*minute), "L1", lead)
	return s, i
}

func TestOthersRunOnWhileTheClocksOfPartiesWait(t *testing.T) {
	s := tell(t, machine(t))
	s.m.Untold = []truce.PartyID{"A", "B"}
	s.incidents(after(minute), incident(1, t0, 3))
	s.sign(after(2*minute), "L0", watch)
	s.sign(after(3*minute), "L1", lead)
	s.sign(after(4*minute), "L2", analyst, second)
	s.advance(after(7 * hour))
	if k := s.clock("preliminary", ""); k.State != truce.ClockMissed || k.Ended != after(6*hour) {
		t.Errorf("the analysts': %+v", k)
	}
	s.m.Untold = []truce.PartyID{"A"} // one is not both
	s.advance(after(8 * hour))
	if err := s.apply(0, s.m.Tick(s.one(), after(8*hour))); err != nil || s.clock("reply", "B").State != truce.ClockWaiting {
		t.Errorf("%v: %+v", err, s.clock("reply", "B"))
	}
}

func TestAClockThatWaitsCanBeMetAndMovedAndNotPaused(t *testing.T) {
	s := hotline(t)
	s.refused(after(10*minute), chief, truce.Deed{Kind: truce.DeedPause, Clock: "reply", Until: after(hour), Text: "x"}, truce.CodeConflict)
	s.deed(after(11*minute), liaison, truce.Deed{Kind: truce.DeedMeet, Clock: "reply", For: "A", Text: "read on the page"})
	s.found(after(hour))
	if a, b := s.clock("reply", "A"), s.clock("reply", "B"); a.State != truce.ClockMet || b.State != truce.ClockRunning || b.Due != after(2*hour+hour) {
		t.Errorf("A %+v\nB %+v", a, b)
	}
}

func TestAClockThatWaitsStopsWithItsCase(t *testing.T) {
	s := hotline(t)
	s.incidents(after(hour), revised(s.one().Incidents[0], truce.OccurrenceRefuted, after(hour)))
	if k := s.clock("reply", "A"); k.State != truce.ClockStopped || s.one().Summary.Waiting != 0 {
		t.Errorf("%+v", k)
	}
	s.found(after(2 * hour))
	s.incidents(after(3*hour), revised(s.one().Incidents[0], truce.OccurrenceVerified, after(3*hour))) // it stands after all
	if k := s.clock("reply", "A"); k.Round != 2 || k.State != truce.ClockRunning || k.Due != after(5*hour) {
		t.Errorf("%+v", k)
	}
}

// rounds is the handbook's ladder with a clock of parties that begins anew, and one of a path.
func rounds(t *testing.T) Machine {
	l := handbook()
	l.Tiers[1].Clocks = append(l.Tiers[1].Clocks, truce.ClockTerm{ID: "daily", Basis: truce.T0Entered, Due: 4 * hour, Every: 4 * hour, Owner: truce.OfficeLiaison, Each: true})
	l.Paths[1].Clocks = []truce.ClockTerm{{ID: "access", Basis: truce.T0Event, Due: 3 * hour, Owner: truce.OfficeLiaison, Each: true}}
	m, err := New(l, []truce.PartyID{"A", "B"}, []truce.StateID{"FA"})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestARoundOfAClockThatWaitedWaitsAsLong(t *testing.T) {
	s := tell(t, rounds(t))
	s.incidents(after(minute), incident(1, t0, 1))
	s.sign(after(2*minute), "L0", watch)
	s.m.Untold = []truce.PartyID{"B"}
	s.sign(after(hour), "L1", lead)
	s.deed(after(2*hour), liaison, truce.Deed{Kind: truce.DeedMeet, Clock: "daily", For: "A", Text: "early"})
	if k := s.clock("daily", "A"); k.Round != 2 || k.State != truce.ClockWaiting || k.Waits != after(hour) {
		t.Fatalf("%+v", k)
	}
	s.found(after(3 * hour))
	if a, b := s.clock("daily", "A"), s.clock("daily", "B"); a.Due != after(11*hour) || b.Due != after(7*hour) {
		t.Errorf("A due %s, B due %s", a.Due, b.Due)
	}
	s.m.Untold = []truce.PartyID{"B"}
	s.advance(after(8 * hour)) // the second round of B was told with the first
	if k := s.clock("daily", "B"); k.Round != 2 || k.State != truce.ClockRunning || k.Due != after(11*hour) {
		t.Errorf("%+v", k)
	}
}

// TestAClockOfPartiesThatIsFoundLate: a path opened while no program ran; the parties are
// told of it only now, and have the time from now on.
func TestAClockOfPartiesThatIsFoundLate(t *testing.T) {
	m := rounds(t)
	m.Terms.Paths[1].Enter = truce.Criteria{Acts: []truce.Act{"fire_at_monitor"}, Unexplained: hour}
	s := tell(t, m)
	s.incidents(after(minute), with(incident(1, after(minute), 3), func(i *truce.CaseIncident) { i.Act = "fire_at_monitor" }))
	if err := s.apply(0, m.Tick(s.one(), after(5*hour))); err != nil {
		t.Fatal(err)
	}
	for _, p := range []string{"A", "B"} {
		k := s.clock("access", p)
		if k.State != truce.ClockRunning || k.Started != after(hour+minute) || k.Told != after(5*hour) || k.Due != after(7*hour) {
			t.Errorf("%+v", k)
		}
	}
}
