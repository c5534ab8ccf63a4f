package ladder

import "github.com/trucewatch/truce"

// ofParties says whether a clock is one that the parties have, each its own or both one: it
// runs for both alike, and not before both were told of it.
func ofParties(k truce.CaseClock) bool { return k.Owner.Role() == truce.RoleParty }

// settle makes what is due by now; then the clocks that waited for the parties to be told
// begin to run, if both can be.
func (r *run) settle() {
	r.until(r.now)
	if len(r.m.Untold) > 0 || r.next.kind != taskNone && r.next.at <= r.now {
		return // nobody is told yet, or there is more to do first
	}
	if r.told() {
		r.until(r.now)
	}
}

// told makes the step of every clock that waited: it is due later by as much as it did.
func (r *run) told() (any bool) {
	for n := range r.c.Clocks {
		k := r.c.Clocks[n]
		if k.State != truce.ClockWaiting || k.Unheard != 0 || r.err != nil {
			continue
		}
		s := truce.CaseStep{Kind: truce.StepClockTold, At: r.now, Text: wordsTold, Clock: change(k)}
		s.Clock.State, s.Clock.OldDue, s.Clock.Waits = truce.ClockRunning, k.Due, k.Waits
		s.Clock.Due = k.Due + r.now - k.Waits
		r.emit(s)
		any = true
	}
	return any
}

// begins is the state in which a round of a clock begins, and since when it waits. One of the parties waits when they
// cannot be told of it now, or when it begins in the past and they can be told only now. A
// round that follows another was told with the first, unless that waited itself. Where the
// same clock of another party stands, it stands as that does.
func (r *run) begins(t task) (truce.ClockState, truce.Instant) {
	if t.stands {
		return truce.ClockPaused, 0
	}
	if !ofParties(t.start) {
		return truce.ClockRunning, 0
	}
	if pausedAlike(&r.c, t.start.ID) != nil {
		return truce.ClockPaused, 0
	}
	switch untold := len(r.m.Untold) > 0 || r.now-t.at > Travel; {
	case t.waits != 0:
		return truce.ClockWaiting, t.waits
	case !t.follows && untold:
		return truce.ClockWaiting, max(t.at, r.c.At)
	}
	return truce.ClockRunning, 0
}

// lastRound is the last round of a clock; an empty one where there is none.
func lastRound(c *truce.Case, id, whose string) truce.CaseClock {
	for n := len(c.Clocks) - 1; n >= 0; n-- {
		if k := c.Clocks[n]; k.ID == id && k.For == whose {
			return k
		}
	}
	return truce.CaseClock{}
}

// pausedAlike is the clock of a party that stands; nil when none of that name does.
func pausedAlike(c *truce.Case, id string) *truce.CaseClock {
	for n := range c.Clocks {
		if k := &c.Clocks[n]; k.ID == id && ofParties(*k) && k.State == truce.ClockPaused {
			return k
		}
	}
	return nil
}

// pauseEnd is when a clock that stands goes on by itself.
func pauseEnd(k truce.CaseClock) truce.Instant { return k.Pauses[len(k.Pauses)-1].Ends() }

// goesOn lets a clock run from where it stood: it is due later by as much as it did.
func (r *run) goesOn(s *truce.CaseStep, k truce.CaseClock) {
	s.Clock.State, s.Clock.OldDue = truce.ClockRunning, k.Due
	s.Clock.Due = k.Due + max(s.At, r.c.At) - k.Pauses[len(k.Pauses)-1].From
}
