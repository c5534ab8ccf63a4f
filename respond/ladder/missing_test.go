package ladder

import (
	"strings"
	"testing"

	"github.com/trucewatch/truce"
)

// TestWhyAWayDownIsNotOpen: who signs down is told which criterion is missing, and the mend.
func TestWhyAWayDownIsNotOpen(t *testing.T) {
	dark := truce.BlindSpell{Area: "north", Share: 0.2, From: after(31 * hour), Reason: "interference"}
	asked := truce.RemedyStep{ID: "M1", Party: "B", What: "withdraw", State: truce.RemedyAsked}
	for name, c := range map[string]struct {
		tier truce.TierID
		do   func(*story)
		code truce.Code
		want []string
	}{
		"the quiet": {"T1", func(*story) {}, truce.CodeConflict, []string{`down from tier "T1"`, "72 h of quiet", "began at " + after(4*hour).String(), "is over at " + after(76*hour).String()}},
		"sight":     {"T1", func(s *story) { s.fact(after(32*hour), Fact{Blind: &dark}) }, truce.CodeConflict, []string{"north has been out of sight since", "has to be seen again"}},
		"a remedy that was asked for": {"T1", func(s *story) {
			s.deed(after(5*hour), chair, truce.Deed{Kind: truce.DeedDetermine, Text: "a breach"})
			s.deed(after(5*hour), chair, truce.Deed{Kind: truce.DeedRemedy, Remedy: &asked})
		}, truce.CodeConflict, []string{"quiet", "the remedy M1 of party B is asked: the party reports it, the mechanism verifies it"}},
		"another tier": {"T2", func(*story) {}, truce.CodeConflict, []string{"the case is in tier T1"}},
		"no tier":      {"T9", func(*story) {}, truce.CodeNotFound, []string{`no tier "T9": it has L0, L1, L2, T1, T2, T3`}},
		"no way":       {"T1", func(s *story) { s.m.Terms.Down = nil }, truce.CodeConflict, []string{"names no way down", "truce case close"}},
	} {
		s, _ := climb(t)
		c.do(s)
		down := signDown(c.tier)
		err := s.try(after(40*hour), chair, down)
		if truce.CodeOf(err) != c.code {
			t.Errorf("%s: %v", name, err)
			continue
		}
		for _, words := range c.want {
			if !strings.Contains(err.Error(), words) {
				t.Errorf("%s: %q does not say %q", name, err, words)
			}
		}
	}
}

// TestWhyAWayUpIsNotOpen: the same of the way into a tier, criterion by criterion.
func TestWhyAWayUpIsNotOpen(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*truce.Ladder)
		tier   truce.TierID
		want   []string
	}{
		"what is not verified": {nil, "L1", []string{"0 incidents are verified or better founded"}},
		"one of several": {func(l *truce.Ladder) {
			l.Tiers[1].Enter = truce.Criteria{Any: []truce.Criteria{{SeverityMin: 3}, {Hits: 5}}}
		}, "L1", []string{"one of these is asked", "the highest severity is 0 (at least 3 is asked)", "; or ", "at least 5 asked"}},
		"time":              {func(l *truce.Ladder) { l.Tiers[1].Enter = truce.Criteria{After: 5 * hour} }, "L1", []string{"1 h have passed since the zero point (at least 5 h asked)"}},
		"a zero point":      {func(l *truce.Ladder) { l.T0, l.Tiers[1].Enter = truce.T0Determined, truce.Criteria{After: hour} }, "L1", []string{"the zero point is not known yet"}},
		"sight":             {func(l *truce.Ladder) { l.Tiers[1].Enter = truce.Criteria{BlindShare: 0.5} }, "L1", []string{"nothing has been out of sight"}},
		"the tier between":  {nil, "T1", []string{"the next tier is L1"}},
		"where the case is": {nil, "L0", []string{"the case is in tier L0 already"}},
	} {
		l := handbook()
		l.Tiers[1].Enter = truce.Criteria{Occurrence: truce.OccurrenceVerified, Hits: 1}
		if c.change != nil {
			c.change(&l)
		}
		m, err := New(l, []truce.PartyID{"A", "B"}, []truce.StateID{"FA"})
		if err != nil {
			t.Fatal(err)
		}
		s := tell(t, m)
		s.incidents(after(minute), incident(1, t0, 1))
		s.sign(after(2*minute), "L0", watch)
		err = s.try(after(hour), lead, truce.Deed{Kind: truce.DeedSign, Tier: c.tier})
		if truce.CodeOf(err) != truce.CodeConflict {
			t.Errorf("%s: %v", name, err)
			continue
		}
		for _, words := range c.want {
			if !strings.Contains(err.Error(), words) {
				t.Errorf("%s: %q does not say %q", name, err, words)
			}
		}
	}
}
