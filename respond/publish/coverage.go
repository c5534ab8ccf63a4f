package publish

import (
	"slices"

	"github.com/trucewatch/truce"
)

// watch is who could have seen what in one period.
type watch struct {
	period   truce.Period
	families coverageMap
	absences []truce.Absence
}

// of is the coverage an absence states for the rule and area, if it rests on somebody who
// can see acts; else what the best of the wanted families had. nil when nobody stated any.
func (w watch) of(rule truce.RuleID, area truce.AreaID, wanted func(truce.Family) bool) *truce.Probability {
	for _, a := range w.absences {
		sees := a.Coverage.Family == "" || wanted(a.Coverage.Family)
		if rule != "" && a.Rule == rule && a.Area == area && a.Period == w.period && sees && stated(a.Coverage) {
			return &a.Coverage.Share
		}
	}
	return w.families.best(area, wanted)
}

// stated says whether a coverage says anything: without planned hours and without a share
// nobody knows whether anybody looked.
func stated(c truce.Coverage) bool { return c.PlannedHours > 0 || c.Share > 0 }

// leastOf is the minimum of coverage for a rule's numbers: its own, else the bulletin's.
func leastOf(rules []truce.BulletinRule, rule truce.RuleID, least truce.Probability) truce.Probability {
	i := slices.IndexFunc(rules, func(r truce.BulletinRule) bool { return r.ID == rule })
	if i >= 0 && rules[i].CoverageMin > 0 {
		return rules[i].CoverageMin
	}
	return least
}

// coverageMap is the coverage of each area and family over one period.
type coverageMap map[truce.AreaID]map[truce.Family]*hours

type hours struct {
	observed, planned float64
	share             truce.Probability // sum of the entries' shares
	entries           int
}

// coverageOf sums what is stated of each area and family.
func coverageOf(list []truce.Coverage) coverageMap {
	out := coverageMap{}
	for _, c := range list {
		if !stated(c) {
			continue
		}
		if out[c.Area] == nil {
			out[c.Area] = map[truce.Family]*hours{}
		}
		h := out[c.Area][c.Family]
		if h == nil {
			h = &hours{}
			out[c.Area][c.Family] = h
		}
		h.observed += c.ObservedHours
		h.planned += c.PlannedHours
		h.share += c.Share
		h.entries++
	}
	return out
}

// value is the share of planned hours observed; without hours, the mean of the shares.
func (h *hours) value() truce.Probability {
	if h.planned > 0 {
		return truce.Probability(min(1, h.observed/h.planned))
	}
	return h.share / truce.Probability(h.entries)
}

// best is the largest coverage any of the wanted families had over an area: what at
// least one of them could have seen. nil when none of them stated any.
func (m coverageMap) best(area truce.AreaID, wanted func(truce.Family) bool) *truce.Probability {
	var best *truce.Probability
	for family, h := range m[area] {
		if !wanted(family) {
			continue
		}
		if v := h.value(); best == nil || v > *best {
			best = &v
		}
	}
	return best
}

// thermalOnly is who sees heat; witnesses is who sees acts. A thermal satellite sees
// heat and nothing else, so its passes are no coverage for acts of fire.
func thermalOnly(f truce.Family) bool { return f == truce.FamilyThermal }
func witnesses(f truce.Family) bool   { return f.Witness() && f != truce.FamilyThermal }

// mean is the mean over the agreed areas or parties; a line without stated coverage
// counts as unobserved. nil when no line has any.
func mean(lines []truce.CountLine, of func(truce.CountLine) *truce.Probability) *truce.Probability {
	var sum truce.Probability
	n, some := 0, false
	for _, l := range lines {
		if !agreed(l.Key) {
			continue
		}
		n++
		if p := of(l); p != nil {
			sum += *p
			some = true
		}
	}
	if !some {
		return nil
	}
	sum /= truce.Probability(n)
	return &sum
}

func coverageNow(l truce.CountLine) *truce.Probability    { return l.Coverage }
func coverageBefore(l truce.CountLine) *truce.Probability { return l.PreviousCoverage }

// formOf says how a number may be read: under the agreed minimum of coverage it is a
// lower bound, and nothing counted is not nothing happened.
func formOf(n int, coverage *truce.Probability, least truce.Probability) truce.FigureForm {
	switch {
	case coverage != nil && *coverage >= least:
		return truce.FigureExact
	case n > 0:
		return truce.FigureAtLeast
	default:
		return truce.FigureNotObserved
	}
}
