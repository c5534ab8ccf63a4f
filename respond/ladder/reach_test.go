package ladder

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/trucewatch/truce"
)

// relays are the times in which nothing reaches a party.
type relays map[truce.PartyID][]span

// reach is when something that was sent at a time reaches a party; 0: never.
func (r relays) reach(p truce.PartyID, sent truce.Instant) truce.Instant {
	for _, dead := range r[p] {
		if dead.from <= sent && sent < dead.to {
			sent = dead.to
		}
	}
	if sent == never {
		return 0
	}
	return sent
}

// reached is what a machine asks: when a clock's message, sent as it began, reached a party.
func (r relays) reached(_ *truce.Case, k truce.CaseClock, p truce.PartyID) truce.Instant {
	return r.reach(p, max(k.Started, k.Told))
}

// deadRelays are those of a random history, of its own dice: in two of three nothing is dead.
func deadRelays(seed uint64) relays {
	r, out := rand.New(rand.NewPCG(seed, 23)), relays{}
	if r.IntN(3) > 0 {
		return out
	}
	for _, p := range []truce.PartyID{"A", "B"} {
		at := t0
		for range r.IntN(4) {
			from := at + truce.Instant(r.Int64N(int64(2*day)))
			at = from + truce.Instant(r.Int64N(int64(day)))
			if r.IntN(20) == 0 {
				at = never
			}
			if out[p] = append(out[p], span{from, at}); at == never {
				break
			}
		}
	}
	return out
}

// heardBefore: a clock of a party is missed only after what was sent of it reached that party,
// and after it had its whole time since where it had waited for that; and it waits for that
// only where a party was not reached by when it was due.
func heardBefore(was ran, steps []truce.CaseStep) error {
	began, waited := map[string]truce.CaseStep{}, map[string]truce.Instant{}
	for _, s := range steps {
		if s.Clock == nil || s.Clock.Round != 1 {
			continue
		}
		key := clockOf(s)
		first, known := began[key]
		switch s.Kind {
		case truce.StepClockStarted:
			if s.Clock.Owner.Role() == truce.RoleParty {
				began[key] = s
			}
		case truce.StepClockUntold:
			waited[key] = s.At
			late := false
			for _, p := range s.Clock.Missing {
				at := was.relays.reach(p, s.Clock.Waits)
				late = late || at == 0 || at > first.At
			}
			if !late {
				return fmt.Errorf("the clock %s waits at %s, and everybody had been reached", key, s.At)
			}
		case truce.StepClockMissed:
			if !known || first.Clock.Basis != truce.T0Entered || s.At == first.At {
				continue
			}
			at := was.relays.reach(truce.PartyID(s.Clock.For), first.At)
			if given := first.Clock.Due - first.At; at == 0 || at > s.At || waited[key] != 0 && s.At < at+given {
				return fmt.Errorf("the clock %s began at %s with %s to go, its party was reached at %s, and it was missed at %s", key, first.At, given.Sub(0), at, s.At)
			}
		}
	}
	return nil
}

// TestAMachineThatDoesNotHearWhoWasReachedIsCaughtR22: one that calls a clock missed of which a
// party has heard nothing does not pass.
func TestAMachineThatDoesNotHearWhoWasReachedIsCaughtR22(t *testing.T) {
	caught := 0
	for seed := uint64(1); seed <= 1_500; seed++ {
		was, err := playDeaf(machine(t), seed)
		if err != nil {
			t.Fatal(err)
		}
		for _, steps := range was.steps {
			if heardBefore(was, steps) != nil {
				caught++
			}
		}
	}
	if t.Logf("caught in %d cases", caught); caught < 10 {
		t.Errorf("a machine that does not hear who was reached was caught %d times", caught)
	}
}

// deaf is a case in L1 at minute 5 while the relay of B is dead until a time.
func deaf(t *testing.T, until truce.Instant) *story {
	m := machine(t)
	m.Reached = relays{"B": {{t0, until}}}.reached
	s := tell(t, m)
	s.incidents(after(minute), incident(1, t0, 1))
	s.sign(after(2*minute), "L0", watch)
	s.sign(after(5*minute), "L1", lead)
	return s
}

// TestAClockThatNothingWasHeardOfWaits: the receipt is due at minute 20; B is reached at hour 3.
// Neither party's is missed, and both have the quarter of an hour from then on.
func TestAClockThatNothingWasHeardOfWaits(t *testing.T) {
	s := deaf(t, after(3*hour))
	n := len(s.steps)
	s.advance(after(20 * minute))
	for i, step := range s.steps[n:] {
		if step.Kind != truce.StepClockUntold || step.At != after(20*minute) || step.Clock.For != []string{"A", "B"}[i] || len(step.Clock.Missing) != 1 || step.Clock.Missing[0] != "B" || step.Text == "" {
			t.Errorf("%+v %+v", step, step.Clock)
		}
	}
	for _, p := range []string{"A", "B"} {
		if k := s.clock("receipt", p); k.State != truce.ClockWaiting || k.Waits != after(5*minute) || k.Unheard != after(20*minute) {
			t.Errorf("%s: %+v", p, k)
		}
	}
	s.advance(after(3 * hour))
	for _, p := range []string{"A", "B"} {
		if k := s.clock("receipt", p); k.State != truce.ClockRunning || k.Told != after(3*hour) || k.Due != after(3*hour+15*minute) || k.Moves[0].OldDue != after(20*minute) {
			t.Errorf("%s: %+v", p, k)
		}
	}
	s.advance(after(4 * hour))
	if k := s.clock("receipt", "B"); k.State != truce.ClockMissed || k.Ended != after(3*hour+15*minute) {
		t.Errorf("in the end: %+v", k)
	}
	if k := s.clock("reply", "B"); k.State != truce.ClockWaiting && k.Told != after(3*hour) {
		t.Errorf("the reply, due at 2:05, was not reached by then: %+v", k)
	}
}

// TestALateLookFindsTheSame: no program ran from minute 6 to hour 5.
func TestALateLookFindsTheSame(t *testing.T) {
	timely, late := deaf(t, after(3*hour)), deaf(t, after(3*hour))
	timely.advance(after(5 * hour))
	if err := late.apply(0, late.m.Tick(late.one(), after(5*hour))); err != nil {
		t.Fatal(err)
	}
	if err := same(map[truce.CaseID][]truce.CaseStep{{}: timely.steps}, map[truce.CaseID][]truce.CaseStep{{}: late.steps}); err != nil {
		t.Error(err)
	}
}

// TestWhoWasReachedInTimeGainsNothing: also where it was just in time, and where a clock was
// due before it began.
func TestWhoWasReachedInTimeGainsNothing(t *testing.T) {
	s := deaf(t, after(20*minute))
	s.advance(after(hour))
	for _, p := range []string{"A", "B"} {
		if k := s.clock("receipt", p); k.State != truce.ClockMissed || k.Ended != after(20*minute) {
			t.Errorf("%s: %+v", p, k)
		}
	}
	m := rounds(t)
	m.Reached = relays{"A": {{t0, never}}, "B": {{t0, never}}}.reached
	s = tell(t, m)
	s.incidents(after(minute), with(incident(1, t0, 3), func(i *truce.CaseIncident) {
		i.Act = "fire_at_monitor"
		i.Time = truce.Moment(t0-truce.Instant(9*hour), 0)
	}))
	if k := s.clock("access", "A"); k.State != truce.ClockMissed {
		t.Errorf("due before it began: %+v", k)
	}
}

// TestWhoHasMetAClockIsNotAskedAgain: A met its receipt; B's alone waits.
func TestWhoHasMetAClockIsNotAskedAgain(t *testing.T) {
	s := deaf(t, never)
	s.deed(after(10*minute), liaison, truce.Deed{Kind: truce.DeedMeet, Clock: "receipt", For: "A", Text: "here"})
	s.advance(after(hour))
	if a, b := s.clock("receipt", "A"), s.clock("receipt", "B"); a.State != truce.ClockMet || b.State != truce.ClockWaiting {
		t.Errorf("A %+v\nB %+v", a, b)
	}
}

// TestTheMechanismTellsByOtherMeans: somebody of it says so with words; both clocks run on, and
// then they can be missed, once.
func TestTheMechanismTellsByOtherMeans(t *testing.T) {
	s := deaf(t, never)
	s.advance(after(hour))
	told := truce.Deed{Kind: truce.DeedResume, Clock: "receipt", For: "B", Text: "handed over on paper at 13:00"}
	s.refused(after(hour), chair, told, truce.CodeForbidden)
	s.refused(after(hour), chief, truce.Deed{Kind: truce.DeedResume, Clock: "receipt"}, truce.CodeInvalid)
	s.refused(after(hour), chief, truce.Deed{Kind: truce.DeedPause, Clock: "receipt", Until: after(2 * hour), Text: "x"}, truce.CodeConflict)
	s.deed(after(hour), chief, told)
	for _, p := range []string{"A", "B"} {
		if k := s.clock("receipt", p); k.State != truce.ClockRunning || k.Due != after(hour+15*minute) {
			t.Errorf("%s: %+v", p, k)
		}
	}
	s.advance(after(2 * hour))
	if k := s.clock("receipt", "B"); k.State != truce.ClockMissed || k.Ended != after(hour+15*minute) {
		t.Errorf("in the end: %+v", k)
	}
}

// TestAPauseIsNotLostTwice: a clock that stood for an hour is given the time that was lost
// beside it, and no more.
func TestAPauseIsNotLostTwice(t *testing.T) {
	s := deaf(t, after(9*hour))
	s.deed(after(10*minute), chief, pausing("reply", "", after(70*minute)))
	s.deed(after(10*minute), chair, pausing("reply", "", 0))
	s.advance(after(9 * hour))
	for _, p := range []string{"A", "B"} {
		if k := s.clock("reply", p); k.Due != after(11*hour) || k.Unheard != after(3*hour+5*minute) {
			t.Errorf("%s: due %s, %+v", p, k.Due, k)
		}
	}
}

// TestARoundOfAClockThatNothingWasHeardOf: A met the first round and has a second; both wait
// for B, and are due later by the same.
func TestARoundOfAClockThatNothingWasHeardOf(t *testing.T) {
	m := rounds(t)
	m.Reached = relays{"B": {{t0, after(10 * hour)}}}.reached
	s := tell(t, m)
	s.incidents(after(minute), incident(1, t0, 1))
	s.sign(after(2*minute), "L0", watch)
	s.sign(after(hour), "L1", lead)
	s.deed(after(2*hour), liaison, truce.Deed{Kind: truce.DeedMeet, Clock: "daily", For: "A", Text: "early"})
	s.advance(after(5 * hour))
	for _, p := range []string{"A", "B"} {
		if k := s.clock("daily", p); k.State != truce.ClockWaiting || k.Waits != after(hour) {
			t.Errorf("%s: %+v", p, k)
		}
	}
	s.advance(after(10 * hour))
	if a, b := s.clock("daily", "A"), s.clock("daily", "B"); a.Due != after(18*hour) || b.Due != after(14*hour) {
		t.Errorf("A due %s, B due %s", a.Due, b.Due)
	}
}

// TestAClockThatWaitedToBeHeardOfIsAskedForAgain: stopped while it waited, both rows begin anew
// and wait on, alike, until each party was reached.
func TestAClockThatWaitedToBeHeardOfIsAskedForAgain(t *testing.T) {
	s := deaf(t, after(9*hour))
	s.advance(after(hour))
	gone := revised(s.one().Incidents[0], truce.OccurrenceRefuted, after(2*hour))
	s.incidents(after(2*hour), gone)
	s.incidents(after(3*hour), revised(gone, truce.OccurrenceVerified, after(3*hour)))
	for _, p := range []string{"A", "B"} {
		if k := s.clock("receipt", p); k.Round != 2 || k.State != truce.ClockWaiting || k.Unheard == 0 {
			t.Errorf("%s: %+v", p, k)
		}
	}
	s.advance(after(9 * hour))
	for _, p := range []string{"A", "B"} {
		if k := s.clock("receipt", p); k.State != truce.ClockRunning || k.Due != after(9*hour+15*minute) {
			t.Errorf("%s: %+v", p, k)
		}
	}
}
