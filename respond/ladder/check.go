package ladder

import (
	"slices"

	"fmt"

	"github.com/trucewatch/truce"
)

func refuse(format string, args ...any) error {
	return truce.Errorf(truce.CodeInvalid, "ladder: "+format, args...)
}

// check refuses terms that cannot run.
func check(m Machine) error {
	if len(m.Terms.Tiers) == 0 || len(m.Terms.Tiers) > MaxTiers {
		return refuse("has %d tiers, want 1 to %d", len(m.Terms.Tiers), MaxTiers)
	}
	if !keptBasis(m.Terms.T0) {
		return refuse("t0 is %.40q: write one of %v", string(m.Terms.T0), truce.T0Bases())
	}
	if g := m.Terms.Gather; g.Within < 0 || g.Within > MaxLength || g.RadiusM < 0 {
		return refuse("gather: within and radius are lengths that are not negative, within at most ten years")
	}
	if m.Terms.Reply < 0 || m.Terms.Reply > MaxLength {
		return refuse("attribution.reply is %s: want a time of at most ten years", truce.DurationText(m.Terms.Reply.Duration()))
	}
	clocks := map[string]bool{}
	if err := checkTiers(m, clocks); err != nil {
		return err
	}
	if err := checkPaths(m, clocks); err != nil {
		return err
	}
	if err := checkDescents(m.Terms); err != nil {
		return err
	}
	return checkConsult(m.Terms.Consult)
}

func keptBasis(b truce.T0Basis) bool {
	for _, known := range truce.T0Bases() {
		if b == known {
			return true
		}
	}
	return false
}

func checkTiers(m Machine, clocks map[string]bool) error {
	seen := map[truce.TierID]bool{}
	for _, t := range m.Terms.Tiers {
		where := fmt.Sprintf("tier %.40q", string(t.ID))
		if t.ID == "" || seen[t.ID] {
			return refuse("%s: every tier needs a name of its own", where)
		}
		seen[t.ID] = true
		if err := checkGates(where, t.Gates); err != nil {
			return err
		}
		if err := checkCriteria(where, t.Enter, 1); err != nil {
			return err
		}
		if err := checkClocks(m, where, t.Clocks, clocks); err != nil {
			return err
		}
	}
	return nil
}

func checkGates(where string, gates []truce.Gate) error {
	if len(gates) == 0 {
		return refuse("%s has no gate: a passage needs at least one signature", where)
	}
	for _, g := range gates {
		if g.Office.Role() == "" {
			return refuse("%s: the office %.40q of a gate is none of %v", where, string(g.Office), truce.Offices())
		}
		if g.Attribution != "" && !knownLevel(g.Attribution) {
			return refuse("%s: the attribution %.40q of a gate is none of %v", where, string(g.Attribution), truce.AttributionLevels())
		}
	}
	return nil
}

func knownLevel(l truce.AttributionLevel) bool {
	for _, known := range truce.AttributionLevels() {
		if l == known {
			return true
		}
	}
	return false
}

func checkCriteria(where string, c truce.Criteria, depth int) error {
	if depth > MaxCriteria {
		return refuse("%s: criteria are nested deeper than %d", where, MaxCriteria)
	}
	for _, length := range []truce.Micros{c.Within, c.Lasting, c.After, c.Unexplained, c.BlindFor} {
		if length < 0 || length > MaxLength {
			return refuse("%s: a time in its criteria is negative or longer than ten years", where)
		}
	}
	if c.Hits < 0 || c.Areas < 0 || c.SeverityMin < 0 || c.AdvanceM < 0 || !c.BlindShare.Valid() {
		return refuse("%s: a number in its criteria is negative, or a share is not between 0 and 1", where)
	}
	if c.Occurrence != "" && !c.Occurrence.AtLeast(truce.OccurrenceReported) {
		return refuse("%s: the occurrence %.40q is none that criteria can ask for", where, string(c.Occurrence))
	}
	if c.Attribution != "" && !knownLevel(c.Attribution) {
		return refuse("%s: the attribution %.40q is none of %v", where, string(c.Attribution), truce.AttributionLevels())
	}
	for _, any := range c.Any {
		if err := checkCriteria(where, any, depth+1); err != nil {
			return err
		}
	}
	return nil
}

func checkClocks(m Machine, where string, terms []truce.ClockTerm, seen map[string]bool) error {
	for _, t := range terms {
		clock := fmt.Sprintf("%s: clock %.40q", where, t.ID)
		switch {
		case t.ID == "" || seen[t.ID]:
			return refuse("%s: every clock of the ladder needs a name of its own", clock)
		case truce.ReplyClock(t.ID):
			return refuse("%s: names of reply- and a number are those of views on responsibility", clock)
		case !keptBasis(t.Basis) && t.Basis != truce.T0Entered:
			return refuse("%s: the basis %.40q is none of %v or entered", clock, string(t.Basis), truce.T0Bases())
		case t.Due < 0 || t.Due > MaxLength || t.Warns < 0 || t.Warns > MaxLength:
			return refuse("%s: due and warns are not negative and at most ten years", clock)
		case t.Every != 0 && (t.Every < MinEvery || t.Every > MaxLength):
			return refuse("%s: begins anew every %s, want a minute to ten years", clock, truce.DurationText(t.Every.Duration()))
		case t.Owner.Role() == "":
			return refuse("%s: the owner %.40q is none of %v", clock, string(t.Owner), truce.Offices())
		case t.Each && !slices.Contains([]truce.Role{truce.RoleParty, truce.RoleGuarantor, truce.RoleContributor}, t.Owner.Role()):
			return refuse("%s: each %s has its own, and there is none", clock, t.Owner.Role())
		}
		seen[t.ID] = true
	}
	return nil
}

// each are those who have a clock of their own, "" for a clock that is one.
func (m Machine) each(t truce.ClockTerm) []string {
	if !t.Each {
		return []string{""}
	}
	var out []string
	switch t.Owner.Role() {
	case truce.RoleParty:
		for _, p := range m.Parties {
			out = append(out, string(p))
		}
	case truce.RoleGuarantor, truce.RoleContributor:
		for _, s := range m.States {
			out = append(out, string(s))
		}
	}
	return out
}

func checkPaths(m Machine, clocks map[string]bool) error {
	seen := map[string]bool{}
	for _, p := range m.Terms.Paths {
		where := fmt.Sprintf("path %.40q", p.ID)
		if p.ID == "" || seen[p.ID] {
			return refuse("%s: every path needs a name of its own", where)
		}
		seen[p.ID] = true
		for _, id := range p.Tiers {
			if m.Terms.Rank(id) == 0 {
				return refuse("%s: the tier %.40q is none of the ladder", where, string(id))
			}
		}
		if len(p.Tiers) == 0 && !p.Own {
			return refuse("%s: leads to no tier and is no case by itself", where)
		}
		if err := checkCriteria(where, p.Enter, 1); err != nil {
			return err
		}
		if err := checkClocks(m, where, p.Clocks, clocks); err != nil {
			return err
		}
	}
	return nil
}

func checkDescents(l truce.Ladder) error {
	seen := map[truce.TierID]bool{}
	for _, d := range l.Down {
		where := fmt.Sprintf("the way down from %.40q", string(d.From))
		switch {
		case l.Rank(d.From) == 0 || d.To != "" && l.Rank(d.To) == 0:
			return refuse("%s: names a tier that is none of the ladder", where)
		case l.Rank(d.To) >= l.Rank(d.From):
			return refuse("%s: leads to %s, which is not below", where, d.To)
		case seen[d.From]:
			return refuse("%s: there are two; a tier has one", where)
		case d.Quiet < 0 || d.Quiet > MaxLength:
			return refuse("%s: quiet is not negative and at most ten years", where)
		}
		seen[d.From] = true
		if err := checkGates(where, d.Gates); err != nil {
			return err
		}
	}
	return nil
}

func checkConsult(c truce.Consult) error {
	if !c.Quorum.Valid() || !c.Majority.Valid() {
		return refuse("consult: quorum and majority are shares between 0 and 1")
	}
	for _, caller := range c.Callers {
		if caller.Count < 1 || !knownRole(caller.Role) {
			return refuse("consult: a caller is a role of %v and how many of it, 1 or more", truce.Roles())
		}
	}
	return nil
}

func knownRole(r truce.Role) bool {
	for _, known := range truce.Roles() {
		if r == known {
			return true
		}
	}
	return false
}
