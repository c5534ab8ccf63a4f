package trial

import (
	"fmt"
	"slices"
	"strings"
	"time"

	truce "github.com/trucewatch/truce"
)

// expectation reads what is expected of the event before it, or of the whole test.
// At a time it asks for the response ladder as it stands then.
func (p *parser) expectation(w *words, text string, at truce.Instant) {
	one := Expectation{Event: len(p.test.Events) - 1, At: at, Line: w.number, Text: strings.TrimSpace(strings.TrimPrefix(text, "expect"))}
	switch {
	case w.accept("count"):
		one.Event, one.Want = -1, p.countWant(w)
	case p.speaksOfLadder(w):
		one.Event, one.Want = -1, p.ladderWant(w, &one)
	case at != 0:
		w.fail("%q: at a time the ladder is asked for, by tier, proposed, clock, case, T0 or consultation; findings stand under their event", cut(w.peek()))
	case w.peek() == "no" && w.after() == "hit":
		w.take("no")
		w.take("hit")
		one.Want = noHit{}
	default:
		one.Want = p.verdictWant(w)
	}
	if w.err == nil && one.Event < 0 && needsEvent(one.Want) {
		w.failAt(1, "stands before any event: write the at line first")
	}
	if w.err == nil {
		p.test.Expect = append(p.test.Expect, one)
	}
}

func needsEvent(x want) bool {
	switch x.(type) {
	case verdictWant, noHit:
		return true
	}
	return false
}

// verdictWant asks for the finding of one rule on one event.
type verdictWant struct {
	rule    truce.RuleID
	verdict truce.Verdict
	claimed bool
	bound   bound
	more    []qualifier
}

// qualifier is one more thing that has to hold of a finding; "" when it does.
type qualifier struct {
	words string
	fails func(f *truce.Finding) string
}

// bound is a comparison with a number; the zero value always holds.
type bound struct {
	op    string // ">=" or "<="
	value float64
}

func (b bound) holds(v float64) bool {
	const rounding = 5e-5 // probabilities are kept to four decimals
	switch b.op {
	case ">=":
		return v >= b.value-rounding
	case "<=":
		return v <= b.value+rounding
	}
	return true
}

func readBound(w *words) bound {
	for _, op := range []string{">=", "<="} {
		if w.accept(op) {
			return bound{op, probability(w)}
		}
	}
	return bound{}
}

var verdicts = map[string]truce.Verdict{
	"hit": truce.VerdictHit, "exempt": truce.VerdictExempt, "outside": truce.VerdictOutside, "outside_scope": truce.VerdictOutside,
	"indeterminate": truce.VerdictIndeterminate,
}

var verdictWords = []string{"hit", "exempt", "outside", "indeterminate", "claimed"}

func (p *parser) verdictWant(w *words) want {
	out := verdictWant{rule: truce.RuleID(p.oneOf(w, "a rule of the agreement", p.rules()))}
	if w.err != nil {
		return nil
	}
	switch {
	case w.accept("claimed"), w.peek() == "exempt" && w.after() == "claimed" && w.accept("exempt") && w.accept("claimed"):
		out.claimed = true
		if v, ok := verdicts[w.peek()]; ok {
			w.take("a verdict")
			out.verdict = v
		}
	default:
		out.verdict = p.verdict(w)
	}
	out.bound = readBound(w)
	for w.more() {
		q, ok := p.qualifier(w)
		if !ok {
			break
		}
		out.more = append(out.more, q)
	}
	return out
}

func (p *parser) rules() []string {
	var out []string
	for _, r := range p.terms.Rules {
		out = append(out, string(r.ID))
	}
	return slices.Compact(out)
}

func (p *parser) verdict(w *words) truce.Verdict {
	text := w.take("a verdict")
	v, ok := verdicts[text]
	if !ok {
		w.failLast("%q is no verdict%s", cut(text), hint(text, verdictWords))
	}
	return v
}

// qualifier reads one more condition of a finding.
func (p *parser) qualifier(w *words) (qualifier, bool) {
	switch {
	case w.accept("reason"):
		return reasonIs(truce.Reason(p.oneOf(w, "a reason", reasons))), true
	case w.accept("origin_side"):
		return sideIs("origin_side", p.party(w), readBound(w), func(f *truce.Finding) []truce.SideShare { return f.OriginSide }), true
	case w.accept("effect_side"):
		return sideIs("effect_side", p.party(w), readBound(w), func(f *truce.Finding) []truce.SideShare { return f.EffectSide }), true
	case w.accept("severity"):
		return severityIs(count(w)), true
	case w.accept("counted"):
		w.expect("under")
		return countedUnder(truce.RuleID(p.oneOf(w, "a rule of the agreement", p.rules()))), true
	case w.accept("reading"):
		by := w.take("whose reading")
		return readingIs(by, p.verdict(w)), true
	case w.accept("condition"):
		name := w.take("the name of the condition")
		return conditionIs(name, truce.ConditionState(p.oneOf(w, "met, not_met or unknown", conditionStates))), true
	case w.accept("reported"):
		return reportedAs(w.take("a head of the rule's report"), true), true
	case w.peek() == "not" && w.after() == "reported":
		w.take("not")
		w.take("reported")
		return reportedAs("", false), true
	case w.accept("bearer"):
		return sideIs("bearer", p.party(w), readBound(w), func(f *truce.Finding) []truce.SideShare { return f.Bearer }), true
	case w.accept("gap"):
		return gapFor(duration(w)), true
	case w.accept("chain"):
		return chainHolds(w.take("words of the chain in quotes")), true
	case w.accept("trace"):
		return traceHolds(w.take("words of the trace in quotes")), true
	}
	return qualifier{}, false
}

var conditionStates = []string{string(truce.ConditionMet), string(truce.ConditionNotMet), string(truce.ConditionUnknown)}

var reasons = []string{string(truce.ReasonLocation), string(truce.ReasonTime), string(truce.ReasonAct), string(truce.ReasonClass),
	string(truce.ReasonEvidence), string(truce.ReasonControl), string(truce.ReasonCoverage), string(truce.ReasonCost),
	string(truce.ReasonQuantity), string(truce.ReasonState)}

func reasonIs(want truce.Reason) qualifier {
	return qualifier{"reason " + string(want), func(f *truce.Finding) string {
		if f.Reason == want {
			return ""
		}
		return fmt.Sprintf("reason %q", f.Reason)
	}}
}

func sideIs(what string, party truce.PartyID, b bound, of func(*truce.Finding) []truce.SideShare) qualifier {
	return qualifier{fmt.Sprintf("%s %s %s %g", what, party, b.op, b.value), func(f *truce.Finding) string {
		for _, s := range of(f) {
			if s.Party == party && b.holds(float64(s.P)) {
				return ""
			} else if s.Party == party {
				return fmt.Sprintf("%s %s %.4f", what, party, float64(s.P))
			}
		}
		return fmt.Sprintf("%s %s not known", what, party)
	}}
}

func severityIs(want int) qualifier {
	return qualifier{fmt.Sprintf("severity %d", want), func(f *truce.Finding) string {
		if f.Severity == want {
			return ""
		}
		return fmt.Sprintf("severity %d", f.Severity)
	}}
}

func countedUnder(want truce.RuleID) qualifier {
	return qualifier{"counted under " + string(want), func(f *truce.Finding) string {
		if f.CountedUnder == want {
			return ""
		}
		return fmt.Sprintf("counted under %q, %d by itself", f.CountedUnder, f.Count)
	}}
}

func readingIs(by string, want truce.Verdict) qualifier {
	return qualifier{fmt.Sprintf("reading %s %s", by, want), func(f *truce.Finding) string {
		for _, r := range f.Readings {
			if r.By == by && r.Verdict == want {
				return ""
			} else if r.By == by {
				return fmt.Sprintf("reading %s %s", by, r.Verdict)
			}
		}
		return "no reading of " + by
	}}
}

func conditionIs(name string, want truce.ConditionState) qualifier {
	return qualifier{fmt.Sprintf("condition %s %s", name, want), func(f *truce.Finding) string {
		for _, c := range f.Conditions {
			if c.Name == name && c.State == want {
				return ""
			} else if c.Name == name {
				return fmt.Sprintf("condition %s %s", name, c.State)
			}
		}
		return "no condition " + name
	}}
}

// reportedAs asks for a head under which the rule tells the finding apart, or for none.
func reportedAs(head string, wanted bool) qualifier {
	words := "reported " + head
	if !wanted {
		words = "not reported"
	}
	return qualifier{words, func(f *truce.Finding) string {
		if wanted == slices.Contains(f.Reported, head) && (wanted || len(f.Reported) == 0) {
			return ""
		}
		return fmt.Sprintf("reported under %q", f.Reported)
	}}
}

// gapFor asks for a gap of a length in what could be observed.
func gapFor(length time.Duration) qualifier {
	return qualifier{"gap " + length.String(), func(f *truce.Finding) string {
		switch {
		case f.Gap == nil:
			return "no gap"
		case f.Gap.To.Sub(f.Gap.From) != length:
			return fmt.Sprintf("a gap of %s", f.Gap.To.Sub(f.Gap.From))
		}
		return ""
	}}
}

// chainHolds asks for words in the chain of incidents that a claim answers.
func chainHolds(text string) qualifier {
	return qualifier{fmt.Sprintf("chain %q", text), func(f *truce.Finding) string {
		if strings.Contains(strings.Join(f.Chain, "; "), text) {
			return ""
		}
		return fmt.Sprintf("the chain %q", f.Chain)
	}}
}

func traceHolds(text string) qualifier {
	return qualifier{fmt.Sprintf("trace %q", text), func(f *truce.Finding) string {
		if strings.Contains(strings.Join(f.Trace, "\n"), text) {
			return ""
		}
		return "no such words in the trace"
	}}
}

func (x verdictWant) check(o *outcome, e *Expectation) []Failure {
	f := o.finding(e.Event, x.rule)
	if f == nil {
		return []Failure{o.failure(e, "no finding of "+string(x.rule), nil)}
	}
	var got, beside []string
	if x.verdict != "" && f.Verdict != x.verdict || !x.bound.holds(float64(f.P)) {
		got = append(got, fmt.Sprintf("%s with p %.4f (reason %q)", f.Verdict, float64(f.P), f.Reason))
	}
	if x.claimed && (!f.ClaimsExempt || f.Verdict == truce.VerdictExempt) {
		got = append(got, fmt.Sprintf("%s, and no window that was claimed", f.Verdict))
	}
	for _, q := range x.more {
		if text := q.fails(f); text != "" {
			beside = append(beside, text)
		}
	}
	if len(got)+len(beside) == 0 {
		return nil
	}
	failure := o.failure(e, strings.Join(append(slices.Clone(got), beside...), "; "), f.Trace)
	if len(got) > 0 {
		failure.Found, failure.Beside = f, beside
	}
	return []Failure{failure}
}

// noHit asks that an event meets no rule at all.
type noHit struct{}

func (noHit) check(o *outcome, e *Expectation) []Failure {
	for i := range o.evaluations[e.Event].Findings {
		if f := &o.evaluations[e.Event].Findings[i]; f.Verdict == truce.VerdictHit {
			return []Failure{o.failure(e, fmt.Sprintf("%s hit with p %.4f", f.Rule, float64(f.P)), f.Trace)}
		}
	}
	return nil
}

// countWant asks for a total of the test: in a unit, of a rule, or of a rule under one
// reading.
type countWant struct {
	unit    truce.Unit
	rule    truce.RuleID
	reading string
	n       int
}

func (p *parser) countWant(w *words) want {
	name := w.peek()
	out := countWant{}
	if slices.Contains(p.rules(), name) {
		out.rule = truce.RuleID(w.take("a rule"))
		if w.accept("under") {
			out.reading = w.take("whose reading")
		}
	} else {
		var units []string
		for _, u := range truce.Units() {
			units = append(units, string(u))
		}
		out.unit = truce.Unit(p.oneOf(w, "a counting unit or a rule", append(units, p.rules()...)))
	}
	out.n = count(w)
	return out
}

func (x countWant) check(o *outcome, e *Expectation) []Failure {
	got := 0
	for _, evaluation := range o.evaluations {
		for i := range evaluation.Findings {
			got += x.of(&evaluation.Findings[i])
		}
	}
	if got == x.n {
		return nil
	}
	return []Failure{o.failure(e, fmt.Sprint(got), o.counted())}
}

// of is what one finding adds.
func (x countWant) of(f *truce.Finding) int {
	switch {
	case x.reading != "":
		hits := slices.ContainsFunc(f.Readings, func(r truce.Reading) bool { return r.By == x.reading && r.Verdict == truce.VerdictHit })
		if f.Rule == x.rule && hits {
			return 1
		}
		return 0
	case x.rule != "" && f.Rule != x.rule, x.unit != "" && f.Unit != x.unit:
		return 0
	}
	return f.Count
}
