package trial

import (
	"slices"

	truce "github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/agreement"
)

// LadderCover is the name under which the response ladder stands in a cover.
const LadderCover truce.RuleID = "ladder"

// ladderCover says which tiers, paths and ways down of the ladder the tests reach.
func ladderCover(terms *agreement.Agreement, results []Result) RuleCover {
	c := RuleCover{Rule: LadderCover}
	for _, name := range waysOf(terms.Ladder) {
		c.Branches = append(c.Branches, Branch{Name: name})
	}
	for _, r := range results {
		if !r.Passed() || r.course == nil {
			continue
		}
		c.Tests++
		for _, step := range r.course.Steps {
			for _, way := range waysIn(step) {
				if i := slices.IndexFunc(c.Branches, func(b Branch) bool { return b.Name == way }); i >= 0 {
					c.Branches[i].Events++
				}
			}
		}
	}
	return c
}

// waysOf are the ways a ladder can go.
func waysOf(l *truce.Ladder) []string {
	var out []string
	for _, t := range l.Tiers {
		out = append(out, "tier "+string(t.ID))
	}
	for _, p := range l.Paths {
		out = append(out, "path "+p.ID)
	}
	for _, d := range l.Down {
		out = append(out, "down "+string(d.From))
	}
	return out
}

// waysIn are the ways a step of a case goes.
func waysIn(s truce.CaseStep) []string {
	p := s.Passage
	switch {
	case s.Kind == truce.StepOpened && s.Open != nil && s.Open.Path != "":
		return []string{"path " + s.Open.Path}
	case p == nil:
		return nil
	case s.Kind == truce.StepPath:
		return []string{"path " + p.Path}
	case s.Kind == truce.StepEntered && p.Path != "":
		return []string{"tier " + string(p.Tier), "path " + p.Path}
	case s.Kind == truce.StepEntered:
		return []string{"tier " + string(p.Tier)}
	case (s.Kind == truce.StepLeft || s.Kind == truce.StepClosed) && p.Down:
		return []string{"down " + string(p.Tier)}
	}
	return nil
}
