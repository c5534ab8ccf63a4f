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

// meet says that what a clock waits for is done, also while it stands. Of a clock that was missed it is a note
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
	}
	if v := viewOf(&r.c, k.ID); v != nil {
		return byReply(label, r.c.Summary.Number, *v)
	}
	switch {
	case k.State == truce.ClockMissed:
		return r.doneLate(d, k)
	case !k.State.Ticks():
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

// alike are the last rounds of the clock that a pause or its end is about: every party's of
// a clock of parties, whosever is named, else the one.
func (r *run) alike(d truce.Deed) ([]truce.CaseClock, error) {
	var rows []truce.CaseClock
	named := d.For == ""
	for n, k := range r.c.Clocks {
		if k.ID != d.Clock || !ofParties(k) || lastRound(&r.c, k.ID, k.For).Step != r.c.Clocks[n].Step {
			continue
		}
		rows, named = append(rows, k), named || k.For == d.For
	}
	if len(rows) > 0 && named {
		return rows, nil
	}
	k, err := r.clock(d)
	return []truce.CaseClock{k}, err
}

// in are those of the clocks that are in a state; none is an answer to who asked.
func in(rows []truce.CaseClock, state truce.ClockState) ([]truce.CaseClock, error) {
	var out []truce.CaseClock
	for _, k := range rows {
		if k.State == state {
			out = append(out, k)
		}
	}
	if len(out) > 0 {
		return out, nil
	}
	label := clockLabel(rows[0].ID, rows[0].For)
	switch {
	case len(waitsUnheard(rows)) > 0:
		return nil, truce.Errorf(truce.CodeConflict, "the clock %s waits until a message of it has reached each party: there is nothing to pause", label)
	case rows[0].State == truce.ClockWaiting:
		return nil, truce.Errorf(truce.CodeConflict, "the clock %s waits until both parties can be told: there is nothing to pause yet", label)
	case state == truce.ClockPaused:
		return nil, truce.Errorf(truce.CodeConflict, "the clock %s is not paused: it is %s", label, rows[0].State)
	}
	return nil, truce.Errorf(truce.CodeConflict, "the clock %s does not run: it is %s", label, rows[0].State)
}

// unchanged refuses a deed whose person had not seen the last change of the clocks.
func unchanged(d truce.Deed, rows []truce.CaseClock, what string) error {
	last := 0
	for _, k := range rows {
		last = max(last, k.Changed)
	}
	return seen(d, last, what)
}

// pause asks, or agrees to what a person of another role asked. Nobody's wish takes the place of
// another's that waits, but who asked may ask for another end; one whose end has passed is over.
func (r *run) pause(d truce.Deed) error {
	rows, err := r.alike(d)
	if err != nil {
		return err
	}
	if rows, err = in(rows, truce.ClockRunning); err != nil {
		return err
	}
	if d.Office == "" {
		return truce.Errorf(truce.CodeForbidden, "a pause is asked for by the holder of an office")
	}
	asked := rows[0].Asked
	waits := asked != nil && asked.Until > r.now
	switch {
	case !waits, d.Until != 0 && d.Until != asked.Until && asked.Person == d.Person:
		return r.askPause(d, rows)
	case d.Until != 0 && d.Until != asked.Until:
		return truce.Errorf(truce.CodeConflict, "%s has asked for a pause of the clock %s until %s, which waits for a second role: agree to that (write no other end), or let %s ask for another; who agrees can let it go on sooner",
			asked.Person, d.Clock, asked.Until, asked.Person)
	}
	switch {
	case asked.Person == d.Person:
		return truce.Errorf(truce.CodeForbidden, "%s has asked for this pause: a second person of another role must agree", d.Person)
	case asked.Office.Role() == d.Office.Role():
		return truce.Errorf(truce.CodeForbidden, "%s asked for this pause for the role %s: somebody of another role must agree", asked.Person, d.Office.Role())
	}
	if err := unchanged(d, rows, "the pause was asked for, or the clock was changed"); err != nil {
		return err
	}
	return r.each(d, rows, truce.StepClockPaused, truce.ClockPaused, asked.Until)
}

func (r *run) askPause(d truce.Deed, rows []truce.CaseClock) error {
	if err := unchanged(d, rows, "the clock was changed"); err != nil {
		return err
	}
	if err := needText(d, "who asks for a pause says why"); err != nil {
		return err
	}
	switch {
	case d.Until == 0:
		return truce.Errorf(truce.CodeInvalid, "write until when the clock %s is to stand: a pause ends by itself", d.Clock)
	case d.Until <= r.now:
		return truce.Errorf(truce.CodeInvalid, "the pause would end at %s, which has passed: write a time ahead", d.Until)
	case d.Until > later(r.now, truce.MaxPause):
		return truce.Errorf(truce.CodeInvalid, "the pause would end at %s; the longest is %s, until %s: ask again before it ends", d.Until,
			truce.DurationText(truce.MaxPause.Duration()), later(r.now, truce.MaxPause))
	}
	return r.each(d, rows, truce.StepClockPauseAsk, truce.ClockRunning, d.Until)
}

// each makes the step of a deed for every one of the clocks.
func (r *run) each(d truce.Deed, rows []truce.CaseClock, kind truce.StepKind, state truce.ClockState, until truce.Instant) error {
	for _, k := range rows {
		s := r.by(d, kind)
		s.Clock = change(k)
		s.Clock.State, s.Clock.Until = state, until
		r.emit(s)
	}
	return r.err
}

// resume lets clocks go on before their pause ends.
func (r *run) resume(d truce.Deed) error {
	rows, err := r.alike(d)
	if err != nil {
		return err
	}
	if lost := waitsUnheard(rows); len(lost) > 0 {
		return r.toldOtherwise(d, lost)
	}
	if rows, err = in(rows, truce.ClockPaused); err != nil {
		return err
	}
	if err := unchanged(d, rows, "the clock was changed"); err != nil {
		return err
	}
	for _, k := range rows {
		s := r.by(d, truce.StepClockResumed)
		s.Clock = change(k)
		r.goesOn(&s, k)
		r.emit(s)
	}
	return r.err
}
