package ladder

import "github.com/trucewatch/truce"

// asked is what asks for clocks: a stay in a tier, or a path that has opened.
type asked struct {
	tier  truce.TierID
	at    truce.Instant
	step  int
	terms []truce.ClockTerm
}

func (m Machine) asking(f facts) []asked {
	var out []asked
	c := f.c
	for _, v := range c.Tiers {
		if tier, ok := m.Terms.Tier(v.Tier); ok && v.Left == 0 {
			out = append(out, asked{v.Tier, v.Entered, v.Step, tier.Clocks})
		}
	}
	for _, v := range c.Paths {
		for _, p := range m.Terms.Paths {
			if p.ID == v.Path && v.Step > c.Turned && f.held(p.Enter) {
				out = append(out, asked{"", v.At, v.Step, p.Clocks})
			}
		}
	}
	return append(out, m.viewTerms(c)...)
}

// held says whether criteria have held at any time up to now, by what is known now: what
// a path asks for does not end because time passes.
func (f facts) held(c truce.Criteria) bool {
	when := f.when(c)
	return len(when) > 0 && when[0].from <= f.c.At
}

type clockKey struct{ id, whose string }

// starts are the clocks that are asked for and do not run: not begun yet, to begin anew,
// or stopped while nothing stood that stands again.
func (m Machine) starts(a *agenda, f facts) {
	if cleared(a.c) {
		return
	}
	last := map[clockKey]int{}
	for n, clock := range a.c.Clocks {
		last[clockKey{clock.ID, clock.For}] = n
	}
	for _, by := range m.asking(f) {
		for _, t := range by.terms {
			for _, whose := range m.each(t) {
				n, has := last[clockKey{t.ID, whose}]
				var old truce.CaseClock
				if has {
					old = a.c.Clocks[n]
				}
				if next, ok := start(a.c, by, t, old); ok {
					next.start.For = whose
					a.add(next)
				}
			}
		}
	}
}

// start is the round of a clock that is to begin now, if one is. One that was stopped and is
// asked for again keeps what pauses and waiting had added.
func start(c *truce.Case, by asked, t truce.ClockTerm, old truce.CaseClock) (task, bool) {
	if old.State.Ticks() {
		return task{}, false
	}
	unheard := truce.Instant(0)
	if old.Waits != 0 {
		unheard = old.Unheard
	}
	next := truce.CaseClock{Unheard: unheard, ID: t.ID, Round: old.Round + 1, Tier: by.tier, Names: t.Names, Owner: t.Owner, Basis: t.Basis, T0: c.T0[t.Basis]}
	if t.Basis == truce.T0Entered {
		next.T0 = by.at
	}
	if next.T0 == 0 {
		return task{}, false // it starts when its zero point is known
	}
	next.Due = later(next.T0, t.Due)
	again := old.Round > 0 && old.Step > by.step
	if again && old.State != truce.ClockStopped {
		if t.Every == 0 {
			return task{}, false
		}
		next.Due = t.Following(old.Due, max(old.Ended, old.Due))
		return task{kind: taskStart, start: next, follows: true, waits: old.Waits}, true
	}
	stands := false
	if again {
		next.Due = next.T0 + old.Due - old.T0
		if p, open := old.OpenPause(); open { // it goes on as if nothing had been stopped
			if stands = p.Ends() > c.At; !stands {
				next.Due += p.Ends() - p.From
			}
		}
	}
	next.Due = t.Following(next.Due, c.At)
	out := task{kind: taskStart, start: next, stands: stands}
	if again {
		out.waits = old.Waits
	}
	return out, true
}
