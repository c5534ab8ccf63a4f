package trial

import (
	"fmt"
	"slices"
	"strings"

	truce "github.com/trucewatch/truce"
)

// ladderWant asks for something of the cases of a test.
type ladderWant struct {
	n     int                                     // the case by the order in which they opened; 0: the one that is open
	of    func(*truce.Case) (got string)          // "" when it holds
	all   func([]truce.Case) (got string)         // beside of: of all cases together
	until func(*truce.Case, truce.Instant) string // of a clock that ended at a time
}

// refusedWant asks that the deed of a line was refused, with words of the reason.
type refusedWant struct {
	line  int
	words string
}

var ladderWords = []string{"tier", "proposed", "clock", "case", "cases", "T0", "consultation", "refused"}

// speaksOfLadder says whether an expectation is one of the ladder. A rule may have any
// name, also that of a word of the ladder.
func (p *parser) speaksOfLadder(w *words) bool {
	word := w.peek()
	if slices.Contains(p.rules(), word) {
		return false
	}
	if word == "no" {
		return w.after() == "tier" || w.after() == "proposal" || w.after() == "clock" || w.after() == "case"
	}
	return slices.Contains(ladderWords, word)
}

// ladderWant reads what is expected of the ladder: [at TIME] [in case 2] may end it.
func (p *parser) ladderWant(w *words, e *Expectation) want {
	if p.terms.Ladder == nil {
		w.fail("the agreement has no response ladder: nothing of it can be expected")
		return nil
	}
	if p.ladderLines() >= MaxLadderLines {
		w.fail("over %d lines of the ladder in one test: part it", MaxLadderLines)
		return nil
	}
	if w.accept("refused") {
		return p.refused(w)
	}
	out := ladderWant{}
	switch {
	case w.accept("no"):
		p.nothing(w, &out)
	case w.accept("tier"):
		out.of = tierIs(p.tier(w))
	case w.accept("proposed"):
		out.of = p.proposal(w)
	case w.accept("clock"):
		p.clockWant(w, &out)
	case w.accept("case"):
		out.of = caseIs(truce.CaseState(p.oneOf(w, "open or closed", []string{string(truce.CaseOpen), string(truce.CaseClosed)})))
	case w.accept("cases"):
		out.all = casesAre(count(w))
	case w.accept("T0"):
		basis := p.basis(w)
		out.of = zeroIs(basis, p.instant(w))
	case w.accept("consultation"):
		out.of = consultationIs(w)
	}
	if e.At == 0 && w.accept("at") {
		e.At = p.instant(w)
	}
	out.n = p.inCase(w)
	if e.At == 0 && p.test.Start == 0 {
		w.failAt(1, "stands before anything happens: write an at line first")
	}
	return out
}

// refused asks that the deed of the line above was refused.
func (p *parser) refused(w *words) want {
	n := len(p.test.Happens)
	if n == 0 || p.test.Happens[n-1].Deed == nil {
		w.fail("stands under no deed: write what somebody does, such as at +3h chair signs T1, in the line above")
		return nil
	}
	return refusedWant{p.test.Happens[n-1].Line, maybe(w)}
}

func (p *parser) nothing(w *words, out *ladderWant) {
	switch {
	case w.accept("tier"):
		out.of = tierIs("")
	case w.accept("proposal"):
		out.of = func(c *truce.Case) string {
			if len(c.Open) == 0 {
				return ""
			}
			return passages(c)
		}
	case w.accept("case"):
		out.all = casesAre(0)
	default:
		w.expect("clock")
		id, whose := p.clock(w)
		out.of = func(c *truce.Case) string {
			if k, ok := clockOf(c, id, whose); ok {
				return "clock " + clockText(k)
			}
			return ""
		}
	}
}

func tierIs(want truce.TierID) func(*truce.Case) string {
	return func(c *truce.Case) string {
		switch c.Tier {
		case want:
			return ""
		case "":
			return "no tier" + waiting(c)
		}
		return "tier " + string(c.Tier) + waiting(c)
	}
}

// waiting says which passages wait for whose signatures, "" for none.
func waiting(c *truce.Case) string {
	if len(c.Open) == 0 {
		return ""
	}
	return ", " + passages(c)
}

func passages(c *truce.Case) string {
	if len(c.Open) == 0 {
		return "nothing proposed"
	}
	var out []string
	for _, o := range c.Open {
		text := "proposed " + string(o.Tier)
		if o.Down {
			text = "proposed down from " + string(o.Tier)
		}
		out = append(out, fmt.Sprintf("%s (%d of %d signed)", text, len(o.Signed), len(o.Gates)))
	}
	return strings.Join(out, ", ")
}

// proposal reads T1, or down from T2.
func (p *parser) proposal(w *words) func(*truce.Case) string {
	d := truce.Deed{}
	p.passage(w, &d)
	return func(c *truce.Case) string {
		if slices.ContainsFunc(c.Open, func(o truce.OpenPassage) bool { return o.Tier == d.Tier && o.Down == d.Down }) {
			return ""
		}
		return passages(c)
	}
}

var clockStates = []string{string(truce.ClockRunning), string(truce.ClockPaused), string(truce.ClockMet), string(truce.ClockMissed), string(truce.ClockStopped), "moved"}

// clockWant reads CLOCK [of A] running [due TIME] | paused | met | missed | stopped | moved.
// At a time, one that ended is asked to have ended just then.
func (p *parser) clockWant(w *words, out *ladderWant) {
	id, whose := p.clock(w)
	state := p.oneOf(w, "a state of the clock", clockStates)
	due := truce.Instant(0)
	if w.accept("due") {
		due = p.instant(w)
	}
	out.of = func(c *truce.Case) string {
		k, ok := clockOf(c, id, whose)
		switch {
		case !ok:
			return "no such clock" + clocksOf(c)
		case state == "moved" && len(k.Moves) == 0, state != "moved" && string(k.State) != state, due != 0 && k.Due != due:
			return "clock " + clockText(k)
		}
		return ""
	}
	ended := state == string(truce.ClockMet) || state == string(truce.ClockMissed) || state == string(truce.ClockStopped)
	if ended {
		out.until = func(c *truce.Case, at truce.Instant) string {
			if k, ok := clockOf(c, id, whose); ok && k.Ended != at {
				return "clock " + clockText(k)
			}
			return ""
		}
	}
}

// clockOf is the last round of a clock. Of one that each has, the first is meant where
// nobody is named.
func clockOf(c *truce.Case, id, whose string) (truce.CaseClock, bool) {
	for n := len(c.Clocks) - 1; n >= 0; n-- {
		if k := c.Clocks[n]; k.ID == id && k.For == whose {
			return k, true
		}
	}
	return truce.CaseClock{}, false
}

func clockText(k truce.CaseClock) string {
	text := k.ID
	if k.For != "" {
		text += " of " + k.For
	}
	text += fmt.Sprintf(" %s, due %s", k.State, k.Due)
	if k.Ended != 0 {
		text += fmt.Sprintf(", ended %s", k.Ended)
	}
	return text
}

func clocksOf(c *truce.Case) string {
	var out []string
	for _, k := range c.Clocks {
		out = append(out, clockText(k))
	}
	if len(out) == 0 {
		return ", the case has none"
	}
	return ": " + strings.Join(out, "; ")
}

func caseIs(want truce.CaseState) func(*truce.Case) string {
	return func(c *truce.Case) string {
		if c.State == want {
			return ""
		}
		return "case " + string(c.State)
	}
}

func casesAre(n int) func([]truce.Case) string {
	return func(all []truce.Case) string {
		if len(all) == n {
			return ""
		}
		return fmt.Sprintf("cases %d", len(all))
	}
}

func zeroIs(basis truce.T0Basis, want truce.Instant) func(*truce.Case) string {
	return func(c *truce.Case) string {
		got, has := c.T0[basis]
		switch {
		case !has:
			return fmt.Sprintf("no T0 %s", basis)
		case got != want:
			return fmt.Sprintf("T0 %s %s", basis, got)
		}
		return ""
	}
}

var meetings = []string{"called", "convened", "quorate", "ended"}

// consultationIs reads called, convened, quorate or ended ["outcome"]: of the last one.
func consultationIs(w *words) func(*truce.Case) string {
	word := w.take("how the consultation stands")
	if !slices.Contains(meetings, word) {
		w.failLast("%q: a consultation is called, convened, quorate or ended%s", cut(word), hint(word, meetings))
	}
	result := maybe(w)
	return func(c *truce.Case) string {
		if len(c.Consultations) == 0 {
			return "no consultation"
		}
		k := c.Consultations[len(c.Consultations)-1]
		holds := map[string]bool{"called": !k.Convened, "convened": k.Convened, "quorate": k.Quorum, "ended": k.Ended != 0}
		if holds[word] && (result == "" || k.Outcome == result) {
			return ""
		}
		return fmt.Sprintf("%d callers, convened %t, present %v, quorum %t, ended %t, outcome %q", len(k.CalledBy), k.Convened, k.Present, k.Quorum, k.Ended != 0, k.Outcome)
	}
}

func (x ladderWant) check(o *outcome, e *Expectation) []Failure {
	if o.climb == nil {
		o.notRun = append(o.notRun, fmt.Sprintf("%s:%d: expect %s: no ladder is run here", o.test.File, e.Line, e.Text))
		return nil
	}
	at := glance{line: e.Line}
	if e.At != 0 {
		at = glance{at: e.At}
	}
	course, err := o.climb.look(at)
	if err != nil {
		return []Failure{o.failure(e, err.Error(), nil)}
	}
	if got := x.holds(course.Cases, e.At); got != "" {
		return []Failure{o.failure(e, got, course.shown())}
	}
	return nil
}

// holds says what there is instead of what is asked for, "" when it is there.
func (x ladderWant) holds(cases []truce.Case, at truce.Instant) string {
	if x.all != nil {
		return x.all(cases)
	}
	c, problem := x.pick(cases)
	if problem != "" {
		return problem
	}
	got := x.of(c)
	if got == "" && x.until != nil && at != 0 {
		got = x.until(c, at)
	}
	return got
}

// pick is the case that is meant: the numbered one, the only one that is open, or the
// only one. Before any has opened, it is one without anything.
func (x ladderWant) pick(cases []truce.Case) (*truce.Case, string) {
	var open []*truce.Case
	for i := range cases {
		if cases[i].State == truce.CaseOpen {
			open = append(open, &cases[i])
		}
	}
	switch {
	case x.n > len(cases):
		return nil, fmt.Sprintf("cases %d", len(cases))
	case x.n > 0:
		return &cases[x.n-1], ""
	case len(open) == 1:
		return open[0], ""
	case len(cases) == 1:
		return &cases[0], ""
	case len(cases) == 0:
		return &truce.Case{}, ""
	}
	return nil, fmt.Sprintf("%d cases: say which, in case 1 to %d", len(cases), len(cases))
}

func (x refusedWant) check(o *outcome, e *Expectation) []Failure {
	if o.climb == nil {
		o.notRun = append(o.notRun, fmt.Sprintf("%s:%d: expect %s: no ladder is run here", o.test.File, e.Line, e.Text))
		return nil
	}
	course, err := o.climb.whole()
	if err != nil {
		return []Failure{o.failure(e, err.Error(), nil)}
	}
	for _, r := range course.Refused {
		if r.Line == x.line && strings.Contains(r.Why, x.words) {
			return nil
		} else if r.Line == x.line {
			return []Failure{o.failure(e, "refused: "+r.Why, nil)}
		}
	}
	return []Failure{o.failure(e, "the deed was done", course.shown())}
}
