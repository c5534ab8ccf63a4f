package trial

import (
	"fmt"
	"slices"

	truce "github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/agreement"
)

// RuleCover is what the tests reach of one rule.
type RuleCover struct {
	Rule     truce.RuleID `json:"rule"`
	Tests    int          `json:"tests"` // that expect something of the rule
	Branches []Branch     `json:"branches"`
}

// Branch is one way a rule can go, and how many events went it.
type Branch struct {
	Name   string `json:"name"`
	Events int    `json:"events"`
}

// Missed are the branches that no event went.
func (c RuleCover) Missed() []string {
	var out []string
	for _, b := range c.Branches {
		if b.Events == 0 {
			out = append(out, b.Name)
		}
	}
	return out
}

// Cover says which rules and branches of the terms the tests reach, and which tiers, paths
// and ways down of the ladder. A test that fails
// reaches nothing, since what it shows is not what the rule does.
func Cover(terms *agreement.Agreement, results []Result) []RuleCover {
	var out []RuleCover
	for _, id := range ruleIDs(terms) {
		c := RuleCover{Rule: id}
		branches := branchesOf(terms, id)
		counts := make([]int, len(branches))
		for _, r := range results {
			if !r.Passed() {
				continue
			}
			if r.Test.Asks(id) {
				c.Tests++
			}
			for i, evaluation := range r.evaluations {
				for j := range evaluation.Findings {
					f := &evaluation.Findings[j]
					if f.Rule != id || !r.Test.asksOf(i, id) {
						continue
					}
					for k, b := range branches {
						if b.reached(f, &r.Test.Events[i]) {
							counts[k]++
						}
					}
				}
			}
		}
		for k, b := range branches {
			c.Branches = append(c.Branches, Branch{b.name, counts[k]})
		}
		out = append(out, c)
	}
	if terms.Ladder != nil {
		out = append(out, ladderCover(terms, results))
	}
	return out
}

func ruleIDs(terms *agreement.Agreement) []truce.RuleID {
	var out []truce.RuleID
	for _, r := range terms.Rules {
		if !slices.Contains(out, r.ID) {
			out = append(out, r.ID)
		}
	}
	return out
}

// Asks says whether a test expects something of a rule.
func (t *Test) Asks(id truce.RuleID) bool {
	return slices.ContainsFunc(t.Expect, func(e Expectation) bool { return asksRule(e.Want, id) })
}

// asksOf says whether a test expects something of a rule on one of its events.
func (t *Test) asksOf(event int, id truce.RuleID) bool {
	return slices.ContainsFunc(t.Expect, func(e Expectation) bool {
		return (e.Event == event || e.Event < 0) && asksRule(e.Want, id)
	})
}

func asksRule(x want, id truce.RuleID) bool {
	switch v := x.(type) {
	case verdictWant:
		return v.rule == id
	case countWant:
		return v.rule == id
	}
	return false
}

// branch is one way a rule can go.
type branch struct {
	name    string
	reached func(f *truce.Finding, e *Event) bool
}

// branchesOf lists the ways a rule can go: its verdicts, each of its acts, exceptions,
// phases, classes and readings.
func branchesOf(terms *agreement.Agreement, id truce.RuleID) []branch {
	var out []branch
	add := func(b branch) {
		if !slices.ContainsFunc(out, func(have branch) bool { return have.name == b.name }) {
			out = append(out, b)
		}
	}
	for i := range terms.Rules {
		r := &terms.Rules[i]
		if r.ID != id {
			continue
		}
		for _, b := range verdictBranches(r) {
			add(b)
		}
		for _, b := range conditionBranches(r) {
			add(b)
		}
	}
	return out
}

// verdictBranches are the verdicts that a rule of its kind can give.
func verdictBranches(r *agreement.Rule) []branch {
	var out []branch
	verdict := func(name string, v truce.Verdict) branch {
		return branch{name, func(f *truce.Finding, _ *Event) bool { return f.Verdict == v }}
	}
	switch r.Kind {
	case agreement.KindPermit:
		return []branch{verdict("exempt", truce.VerdictExempt), verdict("outside", truce.VerdictOutside)}
	case agreement.KindClaim:
		return []branch{verdict("claimed", truce.VerdictIndeterminate), verdict("outside", truce.VerdictOutside)}
	}
	out = append(out, verdict("hit", truce.VerdictHit), verdict("outside", truce.VerdictOutside), verdict("indeterminate", truce.VerdictIndeterminate))
	windows := len(r.Unless) > 0 || r.Require != nil && r.Require.Notify != nil
	if windows || len(r.UnlessState) > 0 {
		out = append(out, verdict("exempt", truce.VerdictExempt))
	}
	if windows { // a state is or is not; only a window can be claimed in vain
		out = append(out, branch{"exempt claimed", func(f *truce.Finding, _ *Event) bool { return f.ClaimsExempt && f.Verdict != truce.VerdictExempt }})
	}
	return out
}

// conditionBranches are the acts, phases, classes and readings of a rule.
func conditionBranches(r *agreement.Rule) []branch {
	var out []branch
	for _, act := range r.Acts {
		out = append(out, branch{"act " + string(act), func(f *truce.Finding, e *Event) bool {
			return f.Verdict != truce.VerdictOutside && slices.ContainsFunc(e.Incident.Acts, func(a truce.ActWeight) bool { return a.Act.Is(act) })
		}})
	}
	for i, step := range r.Steps {
		out = append(out, branch{fmt.Sprintf("phase %d", i+1), func(_ *truce.Finding, e *Event) bool {
			at := e.Incident.Time.Mid()
			return at >= step.Span.From && (step.Span.To == 0 || at < step.Span.To)
		}})
	}
	if r.Limit != nil {
		for _, band := range r.Limit.Bands {
			out = append(out, branch{"class " + string(band.Class), func(f *truce.Finding, e *Event) bool {
				return slices.ContainsFunc(e.Incident.Detail.Weapons, func(w truce.Weapon) bool { return w.Class == band.Class })
			}})
		}
	}
	for _, head := range r.Reports {
		out = append(out, branch{"reported " + string(head), func(f *truce.Finding, _ *Event) bool {
			return slices.Contains(f.Reported, string(head))
		}})
	}
	if r.OpensGap {
		out = append(out, branch{"gap", func(f *truce.Finding, _ *Event) bool { return f.Gap != nil }})
	}
	if r.Show.Chain {
		out = append(out, branch{"chain", func(f *truce.Finding, _ *Event) bool { return len(f.Chain) > 0 }})
	}
	for _, by := range readers(r) {
		for _, v := range []truce.Verdict{truce.VerdictHit, truce.VerdictOutside} {
			out = append(out, branch{fmt.Sprintf("reading %s %s", by, v), func(f *truce.Finding, _ *Event) bool {
				return slices.ContainsFunc(f.Readings, func(x truce.Reading) bool { return x.By == by && x.Verdict == v })
			}})
		}
	}
	return out
}

// readers are the parties whose readings of a rule differ.
func readers(r *agreement.Rule) []string {
	var out []string
	if r.Dates != nil {
		for _, p := range r.Dates.Of {
			out = append(out, string(p.Party))
		}
	}
	if r.Objects != nil {
		for _, p := range r.Objects.Of {
			out = append(out, string(p.Party))
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
