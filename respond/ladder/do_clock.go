package ladder

import "github.com/trucewatch/truce"

// clock is the last round of the clock a deed speaks of.
func (r *run) clock(d truce.Deed) (truce.CaseClock, error) {
	for n := len(r.c.Clocks) - 1; n >= 0; n-- {
		if k := r.c.Clocks[n]; k.ID == d.Clock && k.For == d.For {
			return k, nil
		}
	}
	return truce.CaseClock{}, truce.Errorf(truce.CodeNotFound, "the case has no clock %.80q", clockLabel(d.Clock, d.For))
}

func clockLabel(id, whose string) string {
	if whose == "" {
		return id
	}
	return id + " of " + whose
}

// meet says that what a clock waits for is done. Of a clock that was missed it is a note
// that it was done after all: missed it stays.
func (r *run) meet(d truce.Deed, p truce.Person) error {
	k, err := r.clock(d)
	if err != nil {
		return err
	}
	label := clockLabel(k.ID, k.For)
	switch {
	case d.Office != k.Owner:
		return truce.Errorf(truce.CodeForbidden, "the clock %s is the %s's to meet", label, k.Owner)
	case k.For != "" && k.For != onBehalf(p):
		return truce.Errorf(truce.CodeForbidden, "the clock %s is not %s's to meet", label, onBehalf(p))
	case k.State == truce.ClockPaused:
		return truce.Errorf(truce.CodeConflict, "the clock %s is paused: resume it first", label)
	case k.State == truce.ClockMissed:
		return r.doneLate(d, k)
	case !ticking(k):
		return truce.Errorf(truce.CodeConflict, "the clock %s was %s at %s", label, k.State, k.Ended)
	}
	if err := seen(d, k.Step, "this round of the clock began"); err != nil {
		return err
	}
	return r.turn(d, k, truce.StepClockMet, truce.ClockMet)
}

// doneLate keeps that a clock was missed and when it was done.
func (r *run) doneLate(d truce.Deed, k truce.CaseClock) error {
	if k.Done != 0 {
		return truce.Errorf(truce.CodeConflict, "what the clock %s waited for was done at %s, after it was missed", clockLabel(k.ID, k.For), k.Done)
	}
	s := r.by(d, truce.StepNoted)
	s.Clock = change(k)
	r.emit(s)
	return r.err
}

func (r *run) turn(d truce.Deed, k truce.CaseClock, kind truce.StepKind, state truce.ClockState) error {
	s := r.by(d, kind)
	s.Clock = change(k)
	s.Clock.State = state
	r.emit(s)
	return r.err
}

// pause asks, or agrees to what a person of another role asked.
func (r *run) pause(d truce.Deed) error {
	k, err := r.clock(d)
	if err != nil {
		return err
	}
	label := clockLabel(k.ID, k.For)
	switch {
	case k.State != truce.ClockRunning:
		return truce.Errorf(truce.CodeConflict, "the clock %s does not run: it is %s", label, k.State)
	case d.Office == "":
		return truce.Errorf(truce.CodeForbidden, "a pause is asked for by the holder of an office")
	}
	if k.Asked == nil {
		if err := seen(d, k.Changed, "the clock was changed"); err != nil {
			return err
		}
		if err := needText(d, "who asks for a pause says why"); err != nil {
			return err
		}
		return r.turn(d, k, truce.StepClockPauseAsk, truce.ClockRunning)
	}
	switch {
	case k.Asked.Person == d.Person:
		return truce.Errorf(truce.CodeForbidden, "%s has asked for this pause: a second person of another role must agree", d.Person)
	case k.Asked.Office.Role() == d.Office.Role():
		return truce.Errorf(truce.CodeForbidden, "%s asked for this pause for the role %s: somebody of another role must agree", k.Asked.Person, d.Office.Role())
	}
	if err := seen(d, k.Changed, "the pause was asked for, or the clock was changed"); err != nil {
		return err
	}
	return r.turn(d, k, truce.StepClockPaused, truce.ClockPaused)
}

// resume lets a clock go on: it is due later by as much as it stood.
func (r *run) resume(d truce.Deed) error {
	k, err := r.clock(d)
	if err != nil {
		return err
	}
	if k.State != truce.ClockPaused {
		return truce.Errorf(truce.CodeConflict, "the clock %s is not paused: it is %s", clockLabel(k.ID, k.For), k.State)
	}
	if err := seen(d, k.Changed, "the clock was changed"); err != nil {
		return err
	}
	s := r.by(d, truce.StepClockResumed)
	s.Clock = change(k)
	s.Clock.State, s.Clock.OldDue = truce.ClockRunning, k.Due
	s.Clock.Due = k.Due + r.now - k.Pauses[len(k.Pauses)-1].From
	r.emit(s)
	return r.err
}
