package ladder

import (
	"slices"

	"github.com/trucewatch/truce"
)

// A clock of the parties that would be missed before anything that was sent of it has reached
// one of them waits instead, every party's alike, until each was reached or somebody of the
// mechanism says that they were told by other means. It is due later by the time lost.

// heard is when a party was first reached by what tells of a clock; false: not so far. Without
// somebody who knows, whoever can be told is reached.
func (m Machine) heard(c *truce.Case, k truce.CaseClock, p truce.PartyID) (truce.Instant, bool) {
	first, before := firstRound(c, k)
	if m.Reached == nil || before {
		return k.Started, true
	}
	at := m.Reached(c, first, p)
	return at, at != 0
}

// firstRound is the round with which a clock was told of: those that follow one that was met
// or missed were told with it. Known says that one of them was told of after it had waited.
func firstRound(c *truce.Case, k truce.CaseClock) (first truce.CaseClock, known bool) {
	first, known = k, toldSince(k)
	for _, o := range slices.Backward(c.Clocks) {
		if o.ID != k.ID || o.For != k.For || o.Round != first.Round-1 {
			continue
		}
		if o.State == truce.ClockStopped {
			break
		}
		first, known = o, known || toldSince(o)
	}
	return first, known
}

// toldSince says whether a round was told of after nothing of it had reached a party.
func toldSince(k truce.CaseClock) bool { return k.Unheard != 0 && k.Told >= k.Unheard }

// parties are those who have a row of a clock that has not ended.
func (m Machine) parties(c *truce.Case, id string) []truce.PartyID {
	var out []truce.PartyID
	for _, k := range c.Clocks {
		switch {
		case k.ID != id || !k.State.Ticks():
		case k.For == "":
			return m.Parties
		default:
			out = append(out, truce.PartyID(k.For))
		}
	}
	return out
}

// unheard are the parties that nothing told of a clock by when it was due. One that was due
// before it began is not lost by a message: no message could have come in time.
func (m Machine) unheard(c *truce.Case, k truce.CaseClock) []truce.PartyID {
	if !ofParties(k) || k.Due <= begun(k) {
		return nil
	}
	var out []truce.PartyID
	for _, p := range m.parties(c, k.ID) {
		row := k
		if k.For != "" {
			row = lastRound(c, k.ID, string(p))
		}
		if at, ok := m.heard(c, row, p); !ok || at > k.Due {
			out = append(out, p)
		}
	}
	return out
}

// begun is since when a clock runs: its start, or when both parties could be told of it.
func begun(k truce.CaseClock) truce.Instant { return max(k.Started, k.Told) }

// lostSince is the time from which on a clock has lost what it was given: when it began, and
// later by as much as it stood since, which it was given already.
func lostSince(k truce.CaseClock) truce.Instant {
	at := begun(k)
	for _, p := range k.Pauses {
		if p.From >= begun(k) && p.Resumed != 0 {
			at += p.Resumed - p.From
		}
	}
	return at
}

// miss makes the step of a clock that has run out, or those of one of which a party has heard
// nothing.
func (r *run) miss(t task, s truce.CaseStep) {
	k := r.c.Clocks[t.n]
	lost := r.m.unheard(&r.c, k)
	if len(lost) == 0 {
		s.Kind, s.Clock.State = truce.StepClockMissed, truce.ClockMissed
		r.emit(s)
		return
	}
	since := lostSince(k)
	for n := range r.c.Clocks {
		row := r.c.Clocks[n]
		if row.ID != k.ID || row.State != truce.ClockRunning {
			continue
		}
		s := truce.CaseStep{Kind: truce.StepClockUntold, At: t.at, Text: wordsUnheard, Clock: change(row)}
		s.Clock.State, s.Clock.Waits, s.Clock.Missing = truce.ClockWaiting, since, lost
		r.emit(s)
	}
}

// reached are the clocks that wait for a party to be reached, and when each was.
func (m Machine) reached(a *agenda) {
	for n, k := range a.c.Clocks {
		if k.State != truce.ClockWaiting || k.Unheard == 0 {
			continue
		}
		var at truce.Instant
		all := true
		for _, p := range m.parties(a.c, k.ID) {
			row := k
			if k.For != "" {
				row = lastRound(a.c, k.ID, string(p))
			}
			heard, ok := m.heard(a.c, row, p)
			at, all = max(at, heard), all && ok
		}
		if all {
			a.add(task{kind: taskTold, at: at, n: n})
		}
	}
}

// runsOn lets every row of a clock that waited for a party to be reached run on.
func (r *run) runsOn(id string, by truce.CaseStep) {
	for n := range r.c.Clocks {
		k := r.c.Clocks[n]
		if k.ID != id || k.State != truce.ClockWaiting || k.Unheard == 0 || r.err != nil {
			continue
		}
		s := by
		s.Kind, s.Clock = truce.StepClockTold, change(k)
		s.Clock.State, s.Clock.OldDue, s.Clock.Waits, s.Clock.Unheard = truce.ClockRunning, k.Due, k.Waits, k.Unheard
		s.Clock.Due = k.Due + max(s.At, r.c.At) - k.Waits
		r.emit(s)
	}
}

// toldOtherwise is the word of somebody of the mechanism that the parties were told of a clock
// by other means than those that failed.
func (r *run) toldOtherwise(d truce.Deed, rows []truce.CaseClock) error {
	if d.Office.Role() != truce.RoleMechanism {
		return truce.Errorf(truce.CodeForbidden, "the clock %s waits until a message of it has reached each party: that they were told by other means is for the mechanism to say", d.Clock)
	}
	if err := unchanged(d, rows, "the clock was changed"); err != nil {
		return err
	}
	if err := needText(d, "how the parties were told, and when"); err != nil {
		return err
	}
	r.runsOn(d.Clock, r.by(d, truce.StepClockTold))
	return r.err
}

// waitsUnheard are those of the clocks that wait for a party to be reached.
func waitsUnheard(rows []truce.CaseClock) []truce.CaseClock {
	return slices.DeleteFunc(slices.Clone(rows), func(k truce.CaseClock) bool { return k.State != truce.ClockWaiting || k.Unheard == 0 })
}
