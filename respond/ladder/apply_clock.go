package ladder

import "github.com/trucewatch/truce"

func applyStarted(c *truce.Case, s truce.CaseStep) error {
	t := s.Clock
	if t == nil || t.Clock == "" || t.State != truce.ClockRunning {
		return badStep(s, "has no clock that runs")
	}
	round := 0
	for n := range c.Clocks {
		if old := &c.Clocks[n]; old.ID == t.Clock && old.For == t.For {
			if ticking(*old) {
				return badStep(s, "the clock %s runs already: it is not set anew", clockName(t.Clock, t.For, old.Round))
			}
			round = max(round, old.Round)
		}
	}
	if t.Round != round+1 {
		return badStep(s, "round %d of the clock %s does not follow round %d", t.Round, t.Clock, round)
	}
	c.Clocks = append(c.Clocks, truce.CaseClock{
		ID: t.Clock, For: t.For, Round: t.Round, Tier: t.Tier, Names: t.Names, Owner: t.Owner, Basis: t.Basis,
		T0: t.T0, Step: s.Number, Changed: s.Number, Started: s.At, Due: t.Due, State: truce.ClockRunning,
	})
	return nil
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
	if !ticking(*clock) {
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

// clockRefuses says what is wrong with a change. Due times move in two steps only, and
// each names where they were.
func clockRefuses(k truce.CaseClock, s truce.CaseStep) string {
	t := s.Clock
	switch s.Kind {
	case truce.StepClockMoved:
		if t.OldDue != k.Due || t.Due-k.Due != t.T0-k.T0 || t.State != k.State {
			return "does not move with its zero point from where it is"
		}
	case truce.StepClockResumed:
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
		if k.State != truce.ClockRunning || s.Deed == nil || k.Asked != nil || want != truce.ClockRunning {
			return "does not run, or a pause was asked for"
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

// pauseRefuses holds the rule of two: another person, of another role.
func pauseRefuses(k truce.CaseClock, s truce.CaseStep) string {
	switch {
	case k.State != truce.ClockRunning || s.Clock.State != truce.ClockPaused || s.Deed == nil || k.Asked == nil:
		return "does not run, or nobody asked for a pause"
	case k.Asked.Person == s.Deed.Person:
		return "is paused by two persons, not by one twice"
	case k.Asked.Office.Role() == s.Deed.Office.Role():
		return "is paused by two roles, not by one twice"
	}
	return ""
}

func turnClock(k *truce.CaseClock, s truce.CaseStep) {
	t := *s.Clock
	k.State = t.State
	switch s.Kind {
	case truce.StepClockMoved, truce.StepClockResumed:
		if t.Due > k.Due {
			k.Warned = 0
		}
		k.T0, k.Due, k.Moves = t.T0, t.Due, append(k.Moves, t)
		if s.Kind == truce.StepClockResumed {
			k.Pauses[len(k.Pauses)-1].Resumed = s.At
		}
	case truce.StepClockPauseAsk:
		k.Asked = s.Deed
	case truce.StepClockPaused:
		k.Pauses = append(k.Pauses, truce.ClockPause{From: s.At, By: [2]truce.PersonID{k.Asked.Person, s.Deed.Person}, Text: k.Asked.Text})
		k.Asked = nil
	case truce.StepClockWarned:
		k.Warned = s.At
	case truce.StepClockMet, truce.StepClockMissed, truce.StepClockStopped:
		k.Ended, k.Late, k.Asked = s.At, s.Late, nil
	}
}
