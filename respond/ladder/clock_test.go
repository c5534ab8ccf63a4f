package ladder

import (
	"slices"
	"testing"

	"github.com/trucewatch/truce"
)

func TestLateEvidenceMovesTheZeroPointInTheOpen(t *testing.T) {
	s, i := climb(t)
	n := len(s.steps)
	s.incidents(after(5*hour), with(incident(2, t0-truce.Instant(3*hour), 1), func(i *truce.CaseIncident) { i.Detected = after(5 * hour) }))
	want := []truce.StepKind{truce.StepGathered, truce.StepT0Moved, truce.StepClockMoved}
	if got := s.kinds(n); !slices.Equal(got, want) {
		t.Fatalf("%v, want %v", got, want)
	}
	zero, clock := s.steps[n+1], s.steps[n+2]
	if zero.T0.Old != t0 || zero.T0.New != t0-truce.Instant(3*hour) || !zero.T0.Chosen {
		t.Errorf("zero point: %+v", zero.T0)
	}
	if clock.Clock.OldDue != after(24*hour) || clock.Clock.Due != after(21*hour) {
		t.Errorf("clock: %+v", clock.Clock)
	}
	if k := s.clock("receipt", "A"); k.State != truce.ClockMissed || len(k.Moves) != 0 {
		t.Errorf("what was missed was changed: %+v", k)
	}
	if c := s.one(); c.T0[truce.T0Event] != after(-3*hour) || len(c.T0Moves) < 2 {
		t.Errorf("zero points: %v", c.T0)
	}
	// the early one is refuted: the zero point goes back, as visibly
	s.incidents(after(6*hour), revised(s.one().Incidents[0], truce.OccurrenceRefuted, after(6*hour)))
	if k := s.clock("warning", ""); k.Due != after(24*hour) || len(k.Moves) != 2 {
		t.Errorf("after the refutation: %+v", k)
	}
	if s.one().Incidents[1].ID != i.ID {
		t.Fatal("the incidents are in another order than that of their start")
	}
}

func TestAllZeroPointsAreKept(t *testing.T) {
	s, _ := climb(t)
	s.refused(after(5*hour), chief, truce.Deed{Kind: truce.DeedComplain, Text: "x"}, truce.CodeForbidden)
	s.deed(after(5*hour), liaison, truce.Deed{Kind: truce.DeedComplain, Text: "shots at km 12"})
	s.deed(after(6*hour), liaison, truce.Deed{Kind: truce.DeedComplain, Text: "again"})
	s.refused(after(7*hour), liaison, truce.Deed{Kind: truce.DeedDetermine, Text: "x"}, truce.CodeForbidden)
	s.deed(after(7*hour), chair, truce.Deed{Kind: truce.DeedDetermine, Text: "a breach of clause 3"})
	s.deed(after(8*hour), chair, truce.Deed{Kind: truce.DeedDetermine, Text: "and of clause 4"})
	want := map[truce.T0Basis]truce.Instant{truce.T0Event: t0, truce.T0Detected: t0, truce.T0Verified: after(3 * hour),
		truce.T0Complaint: after(5 * hour), truce.T0Determined: after(7 * hour)}
	for basis, at := range want {
		if got := s.one().T0[basis]; got != at {
			t.Errorf("%s is %s, want %s", basis, got, at)
		}
	}
}

func TestAClockWithoutItsZeroPointWaits(t *testing.T) {
	l := handbook()
	l.Tiers[1].Clocks = []truce.ClockTerm{{ID: "publish", Basis: truce.T0Determined, Due: 24 * hour, Owner: truce.OfficeChair}}
	m, err := New(l, []truce.PartyID{"A", "B"}, []truce.StateID{"FA"})
	if err != nil {
		t.Fatal(err)
	}
	s := tell(t, m)
	s.incidents(after(minute), incident(1, t0, 1))
	s.sign(after(minute), "L0", watch)
	s.sign(after(minute), "L1", lead)
	if len(s.one().Clocks) != 0 {
		t.Fatalf("clocks: %+v", s.one().Clocks)
	}
	s.deed(after(hour), chair, truce.Deed{Kind: truce.DeedDetermine, Text: "a breach"})
	if k := s.clock("publish", ""); k.Due != after(25*hour) {
		t.Errorf("publish: %+v", k)
	}
}

func TestClocksAreMetByTheirOwners(t *testing.T) {
	s, _ := climb(t)
	meet := func(id, whose string) truce.Deed {
		return truce.Deed{Kind: truce.DeedMeet, Clock: id, For: whose, Text: "done"}
	}
	s.refused(after(5*hour), chief, meet("warning", ""), truce.CodeForbidden)
	s.refused(after(5*hour), chair, meet("nothing", ""), truce.CodeNotFound)
	s.deed(after(5*hour), chair, meet("warning", ""))
	if k := s.clock("warning", ""); k.State != truce.ClockMet || k.Ended != after(5*hour) {
		t.Errorf("warning: %+v", k)
	}
	s.refused(after(6*hour), chair, meet("warning", ""), truce.CodeConflict)
	s.refused(after(6*hour), liaison, meet("receipt", "B"), truce.CodeForbidden)
	s.deed(after(6*hour), liaison, meet("receipt", "A")) // after it was missed
	if k := s.clock("receipt", "A"); k.State != truce.ClockMissed || k.Done != after(6*hour) {
		t.Errorf("receipt: %+v", k)
	}
	s.refused(after(6*hour), liaison, meet("receipt", "A"), truce.CodeConflict)
}

func TestAClockMetAtTheLastMoment(t *testing.T) {
	s, _ := climb(t)
	s.deed(after(24*hour)-1, chair, truce.Deed{Kind: truce.DeedMeet, Clock: "warning"})
	if k := s.clock("warning", ""); k.State != truce.ClockMet {
		t.Errorf("met a microsecond before it was due: %s", k.State)
	}
	s, _ = climb(t)
	s.deed(after(24*hour), chair, truce.Deed{Kind: truce.DeedMeet, Clock: "warning"})
	if k := s.clock("warning", ""); k.State != truce.ClockMissed || k.Done != after(24*hour) {
		t.Errorf("met when it was due: %+v", k)
	}
}

func TestAPauseNeedsTwoRoles(t *testing.T) {
	s, _ := climb(t)
	pause := truce.Deed{Kind: truce.DeedPause, Clock: "warning", Until: after(50 * hour), Text: "storm: nobody can travel"}
	silent := pause
	silent.Text = ""
	s.refused(after(5*hour), chief, silent, truce.CodeInvalid)
	s.deed(after(5*hour), chief, pause)
	if k := s.clock("warning", ""); k.State != truce.ClockRunning || k.Asked == nil {
		t.Fatalf("one person paused it: %+v", k)
	}
	stale := pause
	stale.After = s.one().Steps - 1
	s.refused(after(5*hour), chair, stale, truce.CodeConflict)
	s.refused(after(6*hour), chief, pause, truce.CodeForbidden)
	s.refused(after(6*hour), duty, pause, truce.CodeForbidden) // of the same role
	s.deed(after(6*hour), chair, pause)
	k := s.clock("warning", "")
	if k.State != truce.ClockPaused || k.Pauses[0].By != [2]truce.PersonID{chief.ID, chair.ID} || k.Due != after(24*hour) {
		t.Fatalf("paused: %+v", k)
	}
	s.advance(after(40 * hour))
	if k := s.clock("warning", ""); k.State != truce.ClockPaused {
		t.Fatalf("a clock that stands is %s", k.State)
	}
	s.deed(after(40*hour), chair, truce.Deed{Kind: truce.DeedResume, Clock: "warning", Text: "roads are open"})
	if k := s.clock("warning", ""); k.Due != after(58*hour) || k.Moves[0].OldDue != after(24*hour) || k.Pauses[0].Resumed != after(40*hour) {
		t.Errorf("resumed: %+v", k)
	}
	s.refused(after(40*hour), chair, truce.Deed{Kind: truce.DeedResume, Clock: "warning"}, truce.CodeConflict)
	s.advance(after(56 * hour))
	if last := s.steps[len(s.steps)-1]; last.Kind != truce.StepClockWarned || last.At != after(56*hour) {
		t.Errorf("the last step is %s at %s", last.Kind, last.At)
	}
	s.advance(after(58 * hour))
	if k := s.clock("warning", ""); k.State != truce.ClockMissed || k.Late != 0 {
		t.Errorf("in the end: %+v", k)
	}
}

func TestAPausedClockMovesWithItsZeroPoint(t *testing.T) {
	s, _ := climb(t)
	pause := truce.Deed{Kind: truce.DeedPause, Clock: "warning", Until: after(30 * hour), Text: "storm"}
	s.deed(after(5*hour), chief, pause)
	s.deed(after(6*hour), chair, pause)
	s.incidents(after(7*hour), with(incident(2, after(-2*hour), 1), func(i *truce.CaseIncident) { i.Detected = after(7 * hour) }))
	if k := s.clock("warning", ""); k.State != truce.ClockPaused || k.Due != after(22*hour) {
		t.Errorf("while it stands: %+v", k)
	}
	s.deed(after(8*hour), chair, truce.Deed{Kind: truce.DeedResume, Clock: "warning"})
	if k := s.clock("warning", ""); k.Due != after(24*hour) {
		t.Errorf("resumed: %+v", k)
	}
}

// toT2 brings a case to T2 at hour 26, whose report is due every six hours from T0.
func toT2(t *testing.T) *story {
	s, i := climb(t)
	s.incidents(after(23*hour), incident(2, after(23*hour), 2))
	s.fact(after(24*hour), Fact{Attribution: &truce.Attribution{Incident: i.ID, Level: truce.AttributionBalance}})
	s.sign(after(26*hour), "T2", chair, chief)
	return s
}

func TestAClockThatBeginsAnewKeepsItsSchedule(t *testing.T) {
	s := toT2(t)
	if k := s.clock("report", ""); k.Round != 1 || k.Due != after(30*hour) {
		t.Fatalf("first: %+v", k)
	}
	s.deed(after(28*hour), duty, truce.Deed{Kind: truce.DeedMeet, Clock: "report"})
	if k := s.clock("report", ""); k.Round != 2 || k.Due != after(36*hour) {
		t.Fatalf("met early: %+v", k)
	}
	s.advance(after(37 * hour))
	if k := s.clock("report", ""); k.Round != 3 || k.Due != after(42*hour) {
		t.Fatalf("missed: %+v", k)
	}
	stale := truce.Deed{Kind: truce.DeedMeet, Clock: "report", After: s.one().Steps - 1}
	s.refused(after(37*hour), duty, stale, truce.CodeConflict) // meant for the round before
	if got := s.one().Summary.Missed; got != 8 {
		t.Errorf("%d clocks were missed", got)
	}
}

func TestAScheduleThatBeginsWithTheTier(t *testing.T) {
	l := handbook()
	l.Tiers[0].Clocks = []truce.ClockTerm{{ID: "round", Basis: truce.T0Entered, Due: 4 * hour, Every: 8 * hour, Owner: truce.OfficeWatchOfficer}}
	m, err := New(l, []truce.PartyID{"A", "B"}, []truce.StateID{"FA"})
	if err != nil {
		t.Fatal(err)
	}
	s := tell(t, m)
	s.incidents(after(minute), incident(1, t0, 1))
	s.sign(after(hour), "L0", watch)
	if k := s.clock("round", ""); k.Due != after(5*hour) {
		t.Errorf("first: %+v", k)
	}
	s.advance(after(20 * hour))
	if k := s.clock("round", ""); k.Due != after(21*hour) || k.Round != 3 {
		t.Errorf("third: %+v", k)
	}
	s.deed(after(20*hour), watch, truce.Deed{Kind: truce.DeedClose, Text: "a quarry"})
	s.deed(after(20*hour), watch, signDown("L0"))
	if k := s.clock("round", ""); k.State != truce.ClockStopped || s.steps[len(s.steps)-1].Text != wordsClosed {
		t.Errorf("after the end: %+v", k)
	}
	if at, ok := m.Next(s.one()); ok {
		t.Errorf("a closed case asks to be looked at, at %s", at)
	}
}

func TestAnOutageIsCaughtUpWithBothTimes(t *testing.T) {
	s := toT2(t)
	n := len(s.steps)
	c := s.one()
	steps := s.m.Tick(c, after(50*hour))
	if err := s.apply(0, steps); err != nil {
		t.Fatal(err)
	}
	missed := 0
	for _, step := range s.steps[n:] {
		if step.Late != after(50*hour) {
			t.Errorf("%s of %s was found at %s", step.Kind, step.At, step.Late)
		}
		if step.Kind == truce.StepClockMissed {
			missed++
		}
	}
	if missed != 4 { // reports at 30, 36, 42 and 48 h
		t.Errorf("%d clocks missed", missed)
	}
	if k := s.one().Clocks[len(c.Clocks)]; k.Ended != after(36*hour) || k.Late != after(50*hour) {
		t.Errorf("the second report: %+v", k)
	}
}

func TestAStepIsOnTimeWithinASecond(t *testing.T) {
	s, _ := climb(t)
	for _, c := range []struct {
		delay truce.Instant
		late  bool
	}{{0, false}, {OnTime, false}, {OnTime + 1, true}} {
		steps := s.m.Tick(s.one(), after(6*hour)+c.delay)
		if got := steps[0].Late != 0; got != c.late || steps[0].At != after(6*hour) {
			t.Errorf("found %d microseconds after: late %v, want %v", c.delay, got, c.late)
		}
	}
}

func TestAFactMayTravelForAMinute(t *testing.T) {
	s, i := climb(t)
	f := Fact{Known: after(5 * hour), Incidents: []truce.CaseIncident{revised(i, truce.OccurrenceRefuted, after(5*hour))}}
	for _, c := range []struct {
		delay truce.Instant
		late  bool
	}{{0, false}, {Travel, false}, {Travel + 1, true}} {
		for _, step := range s.m.Take(s.one(), f, after(5*hour)+c.delay) {
			if got := step.Late != 0; got != c.late || step.At != after(5*hour) {
				t.Errorf("%s, taken %d microseconds after: late %v, want %v", step.Kind, c.delay, got, c.late)
			}
		}
	}
}

func TestOneTickMakesSoManySteps(t *testing.T) {
	s := toT2(t)
	steps := s.m.Tick(s.one(), after(24*365*200*hour))
	if len(steps) != MaxSteps {
		t.Fatalf("%d steps", len(steps))
	}
	if err := s.apply(0, steps); err != nil {
		t.Fatal(err)
	}
	if at, ok := s.m.Next(s.one()); !ok || at > after(24*365*200*hour) {
		t.Errorf("nothing asks for the rest: %s", at)
	}
}

func TestAClockThatIsDueWhenItStartsIsMissedThen(t *testing.T) {
	s := tell(t, machine(t))
	s.incidents(after(30*hour), with(incident(1, t0, 4), func(i *truce.CaseIncident) { i.Detected = after(30 * hour) }))
	s.sign(after(31*hour), "T1", chair, chief)
	k := s.clock("warning", "")
	if k.State != truce.ClockMissed || k.Due != after(24*hour) || k.Ended != after(31*hour) || k.Started != after(31*hour) {
		t.Errorf("warning: %+v", k)
	}
}

// TestWakesAreWhatIsNext folds the wakes of every history, as the store does: the first of
// them is what Next says, and every clock that runs has one.
func TestWakesAreWhatIsNext(t *testing.T) {
	for seed := uint64(1); seed <= 300; seed++ {
		was, err := play(machine(t), seed, 12)
		if err != nil {
			t.Fatal(err)
		}
		for id, steps := range was.steps {
			wakes := map[string]truce.Instant{}
			var c truce.Case
			for _, s := range steps {
				if err := Apply(&c, s); err != nil {
					t.Fatal(err)
				}
				for _, w := range s.Wakes {
					if w.Done {
						delete(wakes, w.Name)
					} else {
						wakes[w.Name] = w.Due
					}
				}
				first := never
				for _, at := range wakes {
					first = min(first, at)
				}
				at, ok := was.m.Next(c)
				if ok != (len(wakes) > 0) || ok && at != max(first, c.At) {
					t.Fatalf("history %d, case %s, step %d: the wakes say %s, the machine %s, %v", seed, id, s.Number, first, at, wakes)
				}
				for _, k := range c.Clocks {
					if k.State == truce.ClockRunning && wakes["clock/"+clockName(k.ID, k.For, k.Round)] != k.Due {
						t.Fatalf("history %d: clock %s has no wake", seed, k.ID)
					}
				}
			}
		}
	}
}
