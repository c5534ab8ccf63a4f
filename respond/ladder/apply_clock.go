package ladder

import "github.com/trucewatch/truce"

func applyStarted(c *truce.Case, s truce.CaseStep) error {
	t := s.Clock
	if t == nil || t.Clock == "" {
		return badStep(s, "has no clock")
	}
	round := 0
	for n := range c.Clocks {
		if old := &c.Clocks[n]; old.ID == t.Clock && old.For == t.For {
			if old.State.Ticks() {
				return badStep(s, "the clock %s runs already: it is not set anew", clockName(t.Clock, t.For, old.Round))
			}
			round = max(round, old.Round)
		}
	}
	if t.Round != round+1 {
		return badStep(s, "round %d of the clock %s does not follow round %d", t.Round, t.Clock, round)
	}
	k := truce.CaseClock{
		ID: t.Clock, For: t.For, Round: t.Round, Tier: t.Tier, Names: t.Names, Owner: t.Owner, Basis: t.Basis,
		T0: t.T0, Step: s.Number, Changed: s.Number, Started: s.At, Due: t.Due, State: t.State, Waits: t.Waits, Unheard: t.Unheard,
	}
	if !beginsSo(c, &k) {
		return badStep(s, "the clock %s does not begin %.40s", clockName(t.Clock, t.For, t.Round), t.State)
	}
	c.Clocks = append(c.Clocks, k)
	return nil
}

// beginsSo says whether a clock can begin in its state. One that stands does so in the pause in
// which it was stopped, or with that of the other party, whose pause it is given.
func beginsSo(c *truce.Case, k *truce.CaseClock) bool {
	switch k.State {
	case truce.ClockRunning:
		return true
	case truce.ClockWaiting:
		return ofParties(*k) && k.Waits > 0 && k.Waits <= k.Started
	case truce.ClockPaused:
		if before := lastRound(c, k.ID, k.For); before.State == truce.ClockStopped {
			if p, open := before.OpenPause(); open && p.Ends() > k.Started {
				k.Pauses = []truce.ClockPause{p}
				return true
			}
		}
		other := pausedAlike(c, k.ID)
		if other == nil || !ofParties(*k) {
			return false
		}
		k.Pauses = []truce.ClockPause{other.Pauses[len(other.Pauses)-1]}
		return true
	}
	return false
}

// applyClock changes a clock that runs. A clock that was met, missed or stopped stays so.
func applyClock(c *truce.Case, s truce.CaseStep) error {
	if s.Clock == nil {
		return badStep(s, "has no clock")
	}
	clock := findRound(c, *s.Clock)
	if clock == nil {
		return badStep(s, "there is no clock %s", clockName(s.Clock.Clock, s.Clock.For, s.Clock.Round))
	}
	if !clock.State.Ticks() {
		return badStep(s, "the clock %s is %s and stays so", clockName(clock.ID, clock.For, clock.Round), clock.State)
	}
	if why := clockRefuses(*clock, s); why != "" {
		return badStep(s, "the clock %s %s", clockName(clock.ID, clock.For, clock.Round), why)
	}
	turnClock(clock, s)
	clock.Changed = s.Number
	return nil
}

func findRound(c *truce.Case, t truce.ClockChange) *truce.CaseClock {
	for n := len(c.Clocks) - 1; n >= 0; n-- {
		if k := &c.Clocks[n]; k.ID == t.Clock && k.For == t.For && k.Round == t.Round {
			return k
		}
	}
	return nil
}

// clockRefuses says what is wrong with a change. Due times move in three kinds of steps only,
// and each names where they were.
func clockRefuses(k truce.CaseClock, s truce.CaseStep) string {
	t := s.Clock
	switch s.Kind {
	case truce.StepClockMoved:
		if t.OldDue != k.Due || t.Due-k.Due != t.T0-k.T0 || t.State != k.State {
			return "does not move with its zero point from where it is"
		}
	case truce.StepClockTold:
		if k.State != truce.ClockWaiting || t.OldDue != k.Due || t.State != truce.ClockRunning || t.Due != k.Due+s.At-k.Waits {
			return "does not wait, or does not begin to run by as much later as it waited"
		}
	case truce.StepClockUntold:
		if !ofParties(k) || k.State != truce.ClockRunning || t.State != truce.ClockWaiting || t.Due != k.Due || t.T0 != k.T0 || s.At < begun(k) || t.Waits <= 0 || t.Waits > s.At || len(t.Missing) == 0 {
			return "is not one of the parties that runs, or does not wait for one of them to be reached"
		}
	case truce.StepClockResumed:
		if s.Deed == nil && k.State == truce.ClockPaused && s.At < pauseEnd(k) {
			return "goes on by itself before its pause ends"
		}
		if k.State != truce.ClockPaused || t.OldDue != k.Due || t.State != truce.ClockRunning {
			return "is not paused, or does not go on from where it stood"
		}
		if stood := s.At - k.Pauses[len(k.Pauses)-1].From; t.Due != k.Due+stood {
			return "does not go on by as much as it stood"
		}
	default:
		if t.Due != k.Due || t.T0 != k.T0 {
			return "is due at another time"
		}
		return clockEnds(k, s)
	}
	return ""
}

func clockEnds(k truce.CaseClock, s truce.CaseStep) string {
	want := s.Clock.State
	switch s.Kind {
	case truce.StepClockMissed:
		if k.State != truce.ClockRunning || s.At < k.Due || want != truce.ClockMissed {
			return "is not due yet, or does not run"
		}
	case truce.StepClockMet:
		if s.Deed == nil || want != truce.ClockMet {
			return "was met by nobody"
		}
	case truce.StepClockStopped:
		if want != truce.ClockStopped {
			return "is not stopped by this step"
		}
	case truce.StepClockPauseAsk:
		if k.State != truce.ClockRunning || s.Deed == nil || want != truce.ClockRunning || k.Asked != nil && k.Asked.Until == s.Clock.Until {
			return "does not run, or such a pause was asked for"
		}
	case truce.StepClockPaused:
		return pauseRefuses(k, s)
	case truce.StepClockWarned:
		if k.State != truce.ClockRunning || want != truce.ClockRunning {
			return "does not run"
		}
	}
	return ""
}

// pauseRefuses holds the rule of two: another person, of another role; and that of its end.
// Steps older than the second rule name none.
func pauseRefuses(k truce.CaseClock, s truce.CaseStep) string {
	switch {
	case k.State != truce.ClockRunning || s.Clock.State != truce.ClockPaused || s.Deed == nil || k.Asked == nil:
		return "does not run, or nobody asked for a pause"
	case k.Asked.Person == s.Deed.Person:
		return "is paused by two persons, not by one twice"
	case k.Asked.Office.Role() == s.Deed.Office.Role():
		return "is paused by two roles, not by one twice"
	case s.Clock.Until != k.Asked.Until:
		return "is paused until another time than was asked for"
	case s.Clock.Until != 0 && (s.Clock.Until <= s.At || s.Clock.Until > later(s.At, truce.MaxPause)):
		return "is paused for longer than a pause may be, or until a time that has passed"
	}
	return ""
}

func turnClock(k *truce.CaseClock, s truce.CaseStep) {
	t := *s.Clock
	k.State = t.State
	switch s.Kind {
	case truce.StepClockMoved, truce.StepClockResumed, truce.StepClockTold:
		if t.Due > k.Due {
			k.Warned = 0
		}
		k.T0, k.Due, k.Moves = t.T0, t.Due, append(k.Moves, t)
		switch s.Kind {
		case truce.StepClockResumed:
			k.Pauses[len(k.Pauses)-1].Resumed = s.At
		case truce.StepClockTold:
			k.Waits, k.Told = 0, s.At
		}
	case truce.StepClockUntold:
		k.Waits, k.Unheard, k.Asked = t.Waits, s.At, nil
	case truce.StepClockPauseAsk:
		k.Asked = s.Deed
	case truce.StepClockPaused:
		k.Pauses = append(k.Pauses, truce.ClockPause{From: s.At, Until: t.Until, By: [2]truce.PersonID{k.Asked.Person, s.Deed.Person}, Text: k.Asked.Text})
		k.Asked = nil
	case truce.StepClockWarned:
		k.Warned = s.At
	case truce.StepClockMet, truce.StepClockMissed, truce.StepClockStopped:
		k.Ended, k.Late, k.Asked = s.At, s.Late, nil
	}
}
