package ladder

import (
	"fmt"
	"testing"

	"github.com/trucewatch/truce"
)

// doing is a machine as a person meets it.
type doing func(Machine, truce.Case, truce.Deed, truce.Person, truce.Instant) ([]truce.CaseStep, error)

// alone lets one person do so many things in a case within minutes, and looks whether any
// clock is due later than it would be, had the person done nothing.
func alone(r *roller, c truce.Case, do doing, acts int) (done int, err error) {
	p := r.people[r.IntN(len(r.people))]
	c = unasked(c)
	by, now := Clone(c), r.now
	for range acts {
		now += truce.Instant(r.Int64N(int64(10 * minute)))
		d, _ := r.deed(by)
		if r.IntN(4) == 0 {
			d.Kind, d.Text = truce.DeedMoveT0, "because"
			r.zero(&d, by, p)
		}
		if d.Kind == truce.DeedMove {
			d.To = truce.ID{9}
		}
		d.Person, d.Office, d.After, d.At = p.ID, p.Office, by.Steps, now
		steps, err := do(r.m, by, d, p, now)
		if err != nil {
			continue
		}
		done++
		for _, s := range steps {
			if err := Apply(&by, s); err != nil {
				return done, err
			}
		}
	}
	idle := Clone(c)
	for _, s := range r.m.Tick(idle, now) {
		if err := Apply(&idle, s); err != nil {
			return done, err
		}
	}
	for _, s := range r.m.Tick(by, now) {
		if err := Apply(&by, s); err != nil {
			return done, err
		}
	}
	return done, delayed(idle, by, p.ID, now)
}

// unasked is a case in which no wish of another waits to be agreed to: who agrees to one is
// not alone.
func unasked(c truce.Case) truce.Case {
	c = Clone(c)
	c.T0Asks = nil
	for n := range c.Clocks {
		c.Clocks[n].Asked = nil
	}
	return c
}

// delayed compares the clocks that run where the person did nothing with the same where
// they did: neither the same round is due later, nor one that began after it was stopped.
func delayed(idle, by truce.Case, p truce.PersonID, now truce.Instant) error {
	for _, k := range idle.Clocks {
		if !k.State.Ticks() {
			continue
		}
		stopped := false
		for _, o := range by.Clocks {
			if o.ID != k.ID || o.For != k.For || o.Round < k.Round {
				continue
			}
			stopped = stopped || o.Round == k.Round && o.State == truce.ClockStopped
			if (o.Round == k.Round || stopped) && o.State.Ticks() && effective(o, now) > effective(k, now) {
				return fmt.Errorf("%s alone has the clock %s due at %s instead of %s", p, clockName(k.ID, k.For, k.Round), effective(o, now), effective(k, now))
			}
		}
	}
	return nil
}

// effective is when a clock would be due if what stands went on now.
func effective(k truce.CaseClock, now truce.Instant) truce.Instant {
	switch k.State {
	case truce.ClockPaused:
		return k.Due + now - k.Pauses[len(k.Pauses)-1].From
	case truce.ClockWaiting:
		return k.Due + now - k.Waits
	}
	return k.Due
}

// oneAlone plays a history and then lets one person act in each of its cases.
func oneAlone(t *testing.T, seed uint64, do doing) (int, error) {
	was, err := play(machine(t), seed, 12)
	if err != nil {
		t.Fatal(err)
	}
	r := roll(was.m, seed+1_000_000)
	r.m, r.now = was.m, was.end
	sum := 0
	for _, c := range was.cases {
		n, err := alone(r, c, do, 8)
		if sum += n; err != nil {
			return sum, err
		}
	}
	// and in the middle of it, while its clocks run
	half := playTo(was, 8)
	for _, c := range half.cases {
		r.now = half.end
		n, err := alone(r, c, do, 8)
		if sum += n; err != nil {
			return sum, err
		}
	}
	return sum, nil
}

// playTo is the history after so many of its inputs.
func playTo(was ran, inputs int) ran {
	out := ran{m: was.m}
	h := history{m: was.m}
	for _, in := range was.inputs[:min(inputs, len(was.inputs))] {
		out.end = in.at()
		h.advance(out.end)
		if h.input(in, out.end) != nil {
			break
		}
	}
	out.cases = h.cases
	return out
}

// TestNobodyAloneDelaysADueTimeR22: whatever one person does, in whatever order, no clock is
// due later than without it.
func TestNobodyAloneDelaysADueTimeR22(t *testing.T) {
	acts := 0
	for seed := uint64(1); seed <= histories()/20; seed++ {
		n, err := oneAlone(t, seed, Machine.Do)
		if acts += n; err != nil {
			t.Fatalf("history %d: %v", seed, err)
		}
	}
	if uint64(acts) < histories()/20 {
		t.Errorf("only %d acts were done alone", acts)
	}
	t.Logf("%d acts of one person alone", acts)
}

// TestAMachineThatTakesOneForTwoIsCaught: a machine that lets whoever asked for a zero
// point to be moved, or for a pause, agree to it under another name delays due times, and
// the property sees it.
func TestAMachineThatTakesOneForTwoIsCaught(t *testing.T) {
	for name, kind := range map[string]truce.DeedKind{"zero points": truce.DeedMoveT0, "pauses": truce.DeedPause} {
		gullible := func(m Machine, c truce.Case, d truce.Deed, p truce.Person, now truce.Instant) ([]truce.CaseStep, error) {
			steps, err := m.Do(c, d, p, now)
			if err != nil || d.Kind != kind {
				return steps, err
			}
			after := Clone(c)
			for _, s := range steps {
				if err := Apply(&after, s); err != nil {
					return nil, err
				}
			}
			forged := chair
			if p.Office.Role() == chair.Role {
				forged = lead
			}
			again := d
			again.Person, again.Office, again.After = forged.ID, forged.Office, after.Steps
			more, err := m.Do(after, again, forged, now)
			if err != nil {
				return steps, nil
			}
			return append(steps, more...), nil
		}
		caught := 0
		for seed := uint64(1); seed <= 2_000 && caught < 3; seed++ {
			if _, err := oneAlone(t, seed, gullible); err != nil {
				caught++
			}
		}
		if caught < 3 {
			t.Errorf("a machine that takes one for two with %s was caught %d times", name, caught)
		}
	}
}
