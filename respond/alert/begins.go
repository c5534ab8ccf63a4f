package alert

import (
	"slices"
	"strings"

	"github.com/trucewatch/truce"
)

// Every clock that begins is told of to those who must act: in the message of the tier, the
// path or the determination that starts it, or, where its zero point comes later, in one of
// its own. A message names in What it rests on the clocks that it announced.
const beginsPrefix = "begins/"

func aboutBegins(clock string) string { return beginsPrefix + clock }

func isBegins(about string) bool { return strings.HasPrefix(about, beginsPrefix) }

// coming is a clock that begins with a step, or as soon as the machine has looked.
type coming struct {
	term  truce.ClockTerm
	due   truce.Instant
	until truce.Instant // it stands until then; 0: it runs
}

// comes finds which clocks of a tier or a path begin now: those whose zero point is known, and
// that neither tick nor have ended since the step that asks for them, but by being stopped.
func (in Input) comes(terms []truce.ClockTerm, since int, zero func(truce.T0Basis) truce.Instant) []coming {
	var out []coming
	for _, t := range terms {
		basis := t.Basis
		if basis == "" {
			basis = in.Ladder.T0
		}
		from := zero(basis)
		last := in.lastRound(t.ID)
		stopped := last.State == truce.ClockStopped && last.Step > since
		if from == 0 || last.State.Ticks() || last.Step > since && !stopped {
			continue
		}
		next := coming{term: t, due: from.Add(t.Due.Duration())}
		if stopped { // it keeps what pauses and waiting had added
			next.due = from + last.Due - last.T0
			if p, open := last.OpenPause(); open && p.Ends() > in.at() {
				next.until = p.Ends()
			} else if open {
				next.due += p.Ends() - p.From // it has ended meanwhile
			}
		}
		next.due = t.Following(next.due, in.at()) // of one that begins anew: its first round that is not over
		out = append(out, next)
	}
	return out
}

// lastRound is the newest row of a clock, whosever it is.
func (in Input) lastRound(clock string) truce.CaseClock {
	var out truce.CaseClock
	for _, k := range in.Case.Clocks {
		if k.ID == clock && (k.Step >= out.Step || k.State.Ticks()) {
			out = k
		}
	}
	return out
}

// zeroNow is where a basis stands in the case with this step.
func (in Input) zeroNow(entered truce.Instant) func(truce.T0Basis) truce.Instant {
	return func(b truce.T0Basis) truce.Instant {
		if b == truce.T0Entered {
			return entered
		}
		return in.Case.T0[b]
	}
}

// announces adds to a draft the clocks that begin with it: their owners are told, everybody
// inside reads all of them, the parties those of theirs, once for all parties.
func (in Input) announces(d *draft, list []coming) {
	if len(list) == 0 {
		return
	}
	for _, c := range list {
		d.about = append(d.about, aboutBegins(c.term.ID))
		d.route.offices = append(d.route.offices, c.term.Owner)
	}
	before := d.lines
	d.lines = func(w words) []string {
		var out []string
		if before != nil {
			out = before(w)
		}
		return append(out, comingLines(w, list, true)...)
	}
	outer := d.told(false)
	said := outer.lines
	outer.lines = func(w words) []string {
		var out []string
		if said != nil {
			out = said(w)
		}
		return append(out, comingLines(w, list, false)...)
	}
	d.outer = &outer
}

func comingLines(w words, list []coming, inside bool) []string {
	var out []string
	for _, c := range list {
		party := c.term.Owner.Role() == truce.RoleParty
		if !inside && !party {
			continue
		}
		places := map[string]string{"clock": nameOr(c.term.Names, w, c.term.ID), "for": "", "due": w.time(c.due), "until": w.time(c.until)}
		if !inside {
			places["for"] = eachParty(w)
		}
		key := "clock_line"
		if c.until != 0 {
			key = "clock_stands"
		}
		out = append(out, w.fill(key, places))
	}
	if len(out) == 0 {
		return nil
	}
	return append([]string{w.sentences["clock_starting"]}, listed(w, out)...)
}

// asker is what asks for clocks: the stay in a tier that is in force or, where none is named, the
// opening of a path. Its step and time; 0 and the step's own time where there is none.
func (in Input) asker(tier truce.TierID, path string) (step int, at truce.Instant) {
	for _, v := range in.Case.Tiers {
		if tier != "" && v.Tier == tier && v.Left == 0 {
			return v.Step, v.Entered
		}
	}
	for _, v := range slices.Backward(in.Case.Paths) {
		if tier == "" && v.Path == path {
			return v.Step, v.At
		}
	}
	return 0, in.Step.At
}

// begun are the clocks of the asker that begin with this step.
func (in Input) begun(terms []truce.ClockTerm, tier truce.TierID, path string) []coming {
	since, at := in.asker(tier, path)
	return in.comes(terms, since, in.zeroNow(at))
}

// determining are the clocks of entered tiers and open paths that count from the first
// determination, which this step is.
func (in Input) determining() []coming {
	if in.Case.T0[truce.T0Determined] != 0 {
		return nil
	}
	return in.countingFrom(truce.T0Determined)
}

// countingFrom are the clocks of entered tiers and open paths whose zero point this step is.
func (in Input) countingFrom(basis truce.T0Basis) []coming {
	if in.Case.Cleared() {
		return nil
	}
	zero := func(b truce.T0Basis) truce.Instant {
		if b == basis {
			return in.Step.At
		}
		return 0
	}
	var out []coming
	for _, v := range in.Case.Tiers {
		if tier, ok := in.Ladder.Tier(v.Tier); ok && v.Left == 0 {
			out = append(out, in.comes(tier.Clocks, v.Step, zero)...)
		}
	}
	for _, v := range in.Case.Paths {
		if path, ok := in.path(v.Path); ok && v.Step > in.Case.Turned && v.Unfounded == 0 {
			out = append(out, in.comes(path.Clocks, v.Step, zero)...)
		}
	}
	return out
}

// clockBegins tells of a clock that nothing has announced: its zero point came later than the
// tier or the path that asks for it. One that waits is told of when it begins to run, and the
// next round of one that begins anew was told with the first.
func (in Input) clockBegins() []draft {
	c := in.Step.Clock
	if c == nil || c.State == truce.ClockWaiting {
		return nil
	}
	clock := in.owned(truce.CaseClock{ID: c.Clock, For: c.For, Round: c.Round, Tier: c.Tier, Due: c.Due, Names: c.Names, Owner: c.Owner})
	since, before := in.asks(clock), in.roundBefore(clock)
	if before.Step > since && before.State != truce.ClockStopped || in.announced(clock.ID, max(since, before.Changed)) {
		return nil
	}
	d := in.clockDraft("begins", clock)
	if in.said(d) {
		return nil // with the clock of the other party, in the same words
	}
	if ofParties(clock) {
		d.route.roles = []truce.Role{truce.RoleMechanism}
	}
	return []draft{d}
}

// asks is the step that asks for a clock: that of its tier, or of the path it is of.
func (in Input) asks(k truce.CaseClock) int {
	path := ""
	for _, p := range in.Ladder.Paths {
		if slices.ContainsFunc(p.Clocks, func(t truce.ClockTerm) bool { return t.ID == k.ID }) {
			path = p.ID
			break
		}
	}
	step, _ := in.asker(k.Tier, path)
	return step
}

// roundBefore is the round of the same clock before one; empty where it is the first.
func (in Input) roundBefore(k truce.CaseClock) truce.CaseClock {
	for _, o := range in.Case.Clocks {
		if o.ID == k.ID && o.For == k.For && o.Round == k.Round-1 {
			return o
		}
	}
	return truce.CaseClock{}
}

// announced says whether a message of that step or a later one named a clock as beginning.
func (in Input) announced(clock string, since int) bool {
	return slices.ContainsFunc(in.Earlier, func(b Box) bool {
		return b.Alert.Case == in.Case.ID && b.Alert.Step >= since && slices.Contains(b.Alert.About, aboutBegins(clock))
	})
}
