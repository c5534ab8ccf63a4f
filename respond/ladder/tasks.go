package ladder

import (
	"slices"
	"strconv"
	"strings"

	"github.com/trucewatch/truce"
)

// taskKind is something the machine does by itself. Of what is due at one time the
// smaller kind comes first.
type taskKind int

const (
	taskNone    taskKind = iota
	taskT0               // a zero point is not what the facts say
	taskMove             // a clock does not count from its zero point
	taskStop             // a clock runs that nothing asks for any more
	taskResume           // the time until which a clock was to stand has come
	taskFound            // what a tier in force or a path rests on has ceased to hold, or holds again
	taskLapse            // a passage is open whose criteria do not hold
	taskEnter            // every gate of a passage has signed
	taskClose            // a case about not seeing ends before anybody entered a tier
	taskStart            // a clock is asked for that does not run
	taskTold             // each party was reached by what was sent of a clock that waited for that
	taskMiss             // a clock has run out
	taskWarn             // a clock is about to
	taskRemedy           // a remedy was not reported in time
	taskPath             // the criteria of a path hold
	taskPropose          // the criteria of a passage hold
)

// task is one thing to do and when it is due.
type task struct {
	kind  taskKind
	at    truce.Instant
	n     int // the clock, passage or remedy
	basis truce.T0Basis
	zero  truce.Instant // what the basis should be
	start truce.CaseClock
	// follows: the start is the next round of a schedule that was told with the first.
	follows bool
	stands  bool          // of a start: in the pause in which the round before it was stopped
	waits   truce.Instant // of a start: since when the round before it had waited
	wish    wish
	text    string
}

// agenda is what there is to do in a case: the first task, and when to look for those that
// are no clock's.
type agenda struct {
	c     *truce.Case
	first task
	look  truce.Instant // 0: nothing to look for
	terms map[string]truce.ClockTerm
}

func (a *agenda) add(t task) {
	t.at = max(t.at, a.c.At)
	if a.first.kind == taskNone || t.at < a.first.at || t.at == a.first.at && t.kind < a.first.kind {
		a.first = t
	}
	if !ofClock(t.kind) && (a.look == 0 || t.at < a.look) {
		a.look = t.at
	}
}

// ofClock says whether a task has a wake of its own, beside the clock it is about.
func ofClock(k taskKind) bool { return k == taskMiss || k == taskWarn || k == taskResume }

func (m Machine) first(c *truce.Case) task { return m.tasks(c).first }

// tasks computes what there is to do from the state of the case alone, so that nothing
// depends on how the case came to it.
func (m Machine) tasks(c *truce.Case) *agenda {
	a := &agenda{c: c, terms: m.clock}
	if c.Steps == 0 {
		return a
	}
	f := m.factsOf(c)
	m.stops(a, f)
	if c.State == truce.CaseClosed {
		return a
	}
	m.zeros(a)
	m.clocks(a)
	m.reached(a)
	m.starts(a, f)
	m.founded(a, f)
	m.passages(a, f)
	m.paths(a, f)
	m.proposals(a, f)
	m.remedies(a)
	return a
}

// zeros are the zero points that the facts say otherwise, and the clocks that count from them.
func (m Machine) zeros(a *agenda) {
	c := a.c
	for _, basis := range truce.T0Bases() {
		want := zero(c, basis)
		if want != 0 && want != c.T0[basis] && !heldAt(c, basis, want) {
			a.add(task{kind: taskT0, basis: basis, zero: want})
		}
	}
	for n, clock := range c.Clocks {
		now := c.T0[clock.Basis]
		if clock.State.Ticks() && clock.Basis != truce.T0Entered && now != 0 && now != clock.T0 {
			a.add(task{kind: taskMove, n: n, zero: now})
		}
	}
}

// clocks are those that run out, the warnings before, and those that have stood for as long
// as was agreed.
func (m Machine) clocks(a *agenda) {
	for n, clock := range a.c.Clocks {
		if clock.State == truce.ClockPaused {
			a.add(task{kind: taskResume, at: pauseEnd(clock), n: n})
		}
		if clock.State != truce.ClockRunning {
			continue
		}
		a.add(task{kind: taskMiss, at: clock.Due, n: n})
		if at, ok := warnAt(a.terms, clock); ok {
			a.add(task{kind: taskWarn, at: at, n: n})
		}
	}
}

// warnAt is when the owner of a clock is told that it runs out; of a clock that starts
// within that time the start itself tells.
func warnAt(terms map[string]truce.ClockTerm, c truce.CaseClock) (truce.Instant, bool) {
	t := terms[c.ID]
	at := later(c.Due, -t.Warns)
	return at, t.Warns > 0 && c.Warned == 0 && at > max(c.Started, c.Told)
}

// stops are the clocks that nothing asks for: the case is closed or rests on nothing any
// more, their tier was left, or what their path rests on stands no more.
func (m Machine) stops(a *agenda, f facts) {
	c := a.c
	none := cleared(c)
	wanted := map[string]bool{}
	for _, by := range m.asking(f) {
		for _, t := range by.terms {
			wanted[t.ID] = true
		}
	}
	for n, clock := range c.Clocks {
		if !clock.State.Ticks() {
			continue
		}
		switch {
		case c.State == truce.CaseClosed:
			a.add(task{kind: taskStop, n: n, text: wordsClosed})
		case none:
			a.add(task{kind: taskStop, n: n, text: wordsOfCleared(c)})
		case !wanted[clock.ID] && viewOf(c, clock.ID) != nil:
			a.add(task{kind: taskStop, n: n, text: wordsViewEnded})
		case !wanted[clock.ID] && clock.Tier != "":
			a.add(task{kind: taskStop, n: n, text: wordsTierLeft})
		case !wanted[clock.ID]:
			a.add(task{kind: taskStop, n: n, text: wordsPathLeft})
		}
	}
}

// founded are the tiers in force and the paths of which what they rest on does not hold any
// more, or holds again. It has held once it held by what is known: that time passes takes
// nothing from it.
func (m Machine) founded(a *agenda, f facts) {
	c := a.c
	look := func(p truce.Passage, since int, enter truce.Criteria) {
		var when spans
		if !cleared(c) || ownBlind(c) {
			when = f.when(enter)
		}
		holds := len(when) > 0 && when[0].from <= c.At
		switch {
		case since == 0 && !holds:
			a.add(task{kind: taskFound, wish: wish{passage: p}})
		case since > 0 && len(when) > 0: // at once, or when it will
			a.add(task{kind: taskFound, at: when[0].from, wish: wish{passage: p}})
		}
	}
	for _, v := range c.Tiers {
		if tier, ok := m.Terms.Tier(v.Tier); ok && v.Left == 0 {
			look(truce.Passage{Tier: v.Tier, Path: v.Path, Rank: v.Rank}, v.Unfounded, m.entry(tier, v.Path))
		}
	}
	for _, v := range c.Paths {
		for _, p := range m.Terms.Paths {
			if p.ID == v.Path && v.Step > c.Turned {
				look(truce.Passage{Path: v.Path}, v.Unfounded, p.Enter)
			}
		}
	}
}

// entry are the criteria by which a tier is entered, by a path or in the order.
func (m Machine) entry(t truce.Tier, path string) truce.Criteria {
	for _, p := range m.Terms.Paths {
		if p.ID == path {
			return p.Enter
		}
	}
	return t.Enter
}

// remedies are those that were not reported by the time that was set.
func (m Machine) remedies(a *agenda) {
	for n, r := range a.c.Remedies {
		if r.State == truce.RemedyAsked && r.Due != 0 {
			a.add(task{kind: taskRemedy, at: r.Due, n: n})
		}
	}
}

// passages are the open ones that are to be entered or have lapsed.
func (m Machine) passages(a *agenda, f facts) {
	for n, p := range a.c.Open {
		if text := m.unfounded(a.c, p); text != "" {
			a.add(task{kind: taskLapse, n: n, text: text})
			continue
		}
		end, ends := m.wishOf(f, p.Passage).when.ends(a.c.At)
		if ends {
			a.add(task{kind: taskLapse, at: end, n: n, text: wordsCeased})
		}
		if len(p.Signed) == len(p.Gates) && (!ends || end > a.c.At) {
			a.add(task{kind: taskEnter, n: n})
		}
	}
	if c := a.c; c.Tier == "" && ownBlind(c) && cleared(c) {
		a.add(task{kind: taskClose, text: wordsSight})
	}
}

// unfounded says why an open passage cannot stand, whatever its criteria.
func (m Machine) unfounded(c *truce.Case, p truce.OpenPassage) string {
	if !p.Down && p.Step < c.Turned {
		return wordsWentDown
	}
	if _, stays := inForce(c, p.Tier); !p.Down && stays {
		return wordsEntered
	}
	passed := !p.Down && p.Path == "" && m.Terms.Rank(p.Tier) < m.Terms.Rank(c.Tier) // a path went by it
	if passed || p.Down && p.Tier != c.Tier {
		return wordsWentOn
	}
	for _, s := range p.Signed {
		if !attributed(c).AtLeast(p.Gates[s.Gate-1].Attribution) {
			return wordsLevel
		}
	}
	return ""
}

// paths are those that open: they may lead where the case is already, and still ask for
// clocks and for a warning of civil protection.
func (m Machine) paths(a *agenda, f facts) {
	c := a.c
	if cleared(c) || c.Turned > 0 && c.Added <= c.Turned {
		return
	}
	for _, p := range m.Terms.Paths {
		if p.Own != (c.Opening.Path == p.ID) || onPath(c, p.ID) {
			continue
		}
		if at, ok := f.when(p.Enter).begins(c.At); ok {
			w := wish{passage: truce.Passage{Path: p.ID}, grounds: func(at truce.Instant) []truce.Ground { return f.grounds(p.Enter, at) }}
			a.add(task{kind: taskPath, at: at, wish: w})
		}
	}
}

// proposals are the passages whose criteria hold now or will with time alone.
func (m Machine) proposals(a *agenda, f facts) {
	for _, w := range m.wishes(f) {
		if at, ok := w.when.begins(a.c.At); ok {
			a.add(task{kind: taskPropose, at: at, wish: w})
		}
	}
}

func clockTerms(l truce.Ladder) map[string]truce.ClockTerm {
	out := map[string]truce.ClockTerm{}
	for _, t := range allClocks(l) {
		out[t.ID] = t
	}
	return out
}

// wakes are the times at which somebody must look at the case: one for each clock, each
// warning and each pause, and one for everything else. They are in the order of their names.
func (a *agenda) wakes(c *truce.Case) []truce.Wake {
	var out []truce.Wake
	for _, clock := range c.Clocks {
		name := clockName(clock.ID, clock.For, clock.Round)
		if clock.State == truce.ClockPaused {
			out = append(out, truce.Wake{Name: "resume/" + name, Due: pauseEnd(clock)})
		}
		if clock.State != truce.ClockRunning {
			continue
		}
		out = append(out, truce.Wake{Name: "clock/" + name, Due: clock.Due})
		if at, ok := warnAt(a.terms, clock); ok {
			out = append(out, truce.Wake{Name: "warn/" + name, Due: at})
		}
	}
	if a.look != 0 {
		out = append(out, truce.Wake{Name: "look", Due: a.look})
	}
	slices.SortFunc(out, func(a, b truce.Wake) int { return strings.Compare(a.Name, b.Name) })
	return out
}

func clockName(id, whose string, round int) string {
	if whose != "" {
		id += "/" + whose
	}
	return id + "/" + strconv.Itoa(round)
}

// changed are the wakes that are new or have another time, and those that are done.
func changed(before, after []truce.Wake) []truce.Wake {
	var out []truce.Wake
	i, j := 0, 0
	for i < len(before) || j < len(after) {
		switch {
		case j == len(after) || i < len(before) && before[i].Name < after[j].Name:
			out = append(out, truce.Wake{Name: before[i].Name, Done: true})
			i++
		case i == len(before) || after[j].Name < before[i].Name:
			out = append(out, after[j])
			j++
		default:
			if before[i].Due != after[j].Due {
				out = append(out, after[j])
			}
			i, j = i+1, j+1
		}
	}
	return out
}
