// Package ladder runs the response an agreement foresees: it gathers incidents into cases,
// proposes tiers, keeps their clocks, and folds the steps of a case into its state.
//
// It never enters a tier by itself and never moves a clock without a step that says so;
// it reads no clock, disk or network: terms, facts and now are arguments.
//
// Read Machine first, then tasks.go: everything the machine does by itself is one task of
// a list that is computed anew from the state of the case, so that a step that was lost
// is found again. do.go holds what people do, apply.go what a step means.
package ladder

import (
	"slices"

	"github.com/trucewatch/truce"
)

// Machine is a ladder with those it speaks to. It holds no state: cases are arguments.
type Machine struct {
	Terms     truce.Ladder
	Parties   []truce.PartyID
	States    []truce.StateID
	Agreement string        // goes into the openings of cases
	Version   string        // of the agreement
	Effective truce.Instant // when the agreement takes effect: no zero point is moved before it; 0: not known
	// Untold are the parties of whom nobody can be told now. While there is one, no party is
	// told of anything, and the clocks of parties that begin wait.
	Untold []truce.PartyID

	// Reached says when a party was first reached, on any channel, by a message that tells of a
	// clock, given the round with which it was told of; 0: not so far. nil: whoever can be told is.
	Reached func(c *truce.Case, k truce.CaseClock, p truce.PartyID) truce.Instant

	clock map[string]truce.ClockTerm // by ID; never changed
}

// New refuses terms that cannot run and says what to mend.
func New(terms truce.Ladder, parties []truce.PartyID, states []truce.StateID) (Machine, error) {
	m := Machine{Terms: terms, Parties: slices.Clone(parties), States: slices.Clone(states)}
	slices.Sort(m.Parties)
	slices.Sort(m.States)
	m.clock = clockTerms(terms)
	return m, check(m)
}

// Fact is something that became known and may concern a case: whatever of it is set.
type Fact struct {
	Known       truce.Instant // when it was recorded; 0: now
	Incidents   []truce.CaseIncident
	Blind       *truce.BlindSpell
	Advance     *truce.Advance
	Attribution *truce.Attribution
}

// Take is what a fact changes in a case. What was due before the fact was known comes
// first, and what is due by now comes last.
func (m Machine) Take(c truce.Case, f Fact, now truce.Instant) []truce.CaseStep {
	r := m.run(c, now)
	at := now
	if f.Known != 0 {
		at = min(f.Known, now)
	}
	r.until(at)
	r.take(f, at)
	r.settle()
	return r.steps
}

// Tick is everything that is due by now, each step with the time it was due. At most
// MaxSteps come of one call; the wakes of the last say whether there is more.
func (m Machine) Tick(c truce.Case, now truce.Instant) []truce.CaseStep {
	r := m.run(c, now)
	r.settle()
	return r.steps
}

// Next is the earliest time at which Tick does something; false when time alone changes
// nothing in the case.
func (m Machine) Next(c truce.Case) (truce.Instant, bool) {
	t := m.first(&c)
	return t.at, t.kind != taskNone
}

// run is a machine at work on a copy of one case.
type run struct {
	m     Machine
	c     truce.Case
	now   truce.Instant
	fact  truce.Instant // when the fact that is taken took effect
	next  task
	wakes []truce.Wake
	steps []truce.CaseStep
	err   error // a step that the case refused: nothing follows it
}

func (m Machine) run(c truce.Case, now truce.Instant) *run {
	r := &run{m: m, c: Clone(c), now: max(now, c.At)}
	r.look()
	return r
}

// until performs the tasks that are due by a time.
func (r *run) until(at truce.Instant) {
	for r.next.kind != taskNone && r.next.at <= at && len(r.steps) < MaxSteps && r.err == nil {
		r.perform(r.next)
	}
}

// look computes anew what is to be done next and when to wake.
func (r *run) look() {
	t := r.m.tasks(&r.c)
	r.next, r.wakes = t.first, t.wakes(&r.c)
}

// emit numbers a step, applies it and lets it carry the summary and the wakes that follow
// from it. A step that the case refuses would be a fault of this package: nothing follows
// it, so that no record is written that does not fold.
func (r *run) emit(s truce.CaseStep) {
	if r.err != nil {
		return
	}
	s.Case, s.Number = r.c.ID, r.c.Steps+1
	s.At = max(s.At, r.c.At)
	if since := r.now - s.At; since > Travel || since > OnTime && s.At != r.fact {
		s.Late = r.now
	}
	if r.err = Apply(&r.c, s); r.err != nil {
		return
	}
	before := r.wakes
	r.look()
	s.Summary, s.Wakes = r.m.summary(&r.c), changed(before, r.wakes)
	r.c.Summary = s.Summary
	r.steps = append(r.steps, s)
}
