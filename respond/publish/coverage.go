package publish

import (
	"slices"

	"github.com/trucewatch/truce"
)

// Sight is how well acts could be seen in an area over a whole period: those a rule is about,
// or those of a group; or the act of one claim in the time it is claimed for. Of what has
// none, nobody states a chance of seeing it.
type Sight struct {
	Rule   truce.RuleID
	Group  truce.ActGroup // when it is not of a rule
	Claim  string         // when it is of neither
	Area   truce.AreaID
	Seen   truce.Probability // mean chance that one is seen
	Partly bool              // for a part of the period it lay below the minimum
}

// watch is who could have seen what in one period.
type watch struct {
	period   truce.Period
	families coverageMap
	absences []truce.Absence
	sights   []Sight // nil when the mission does not work them out
}

// sight is what is stated of a table's acts in an area. Heat is seen by satellites alone.
func (w watch) sight(t *truce.CountTable, area truce.AreaID) (Sight, bool) {
	i := slices.IndexFunc(w.sights, func(s Sight) bool {
		return s.Area == area && s.Claim == "" && s.Rule == t.Rule && (t.Rule != "" || s.Group == t.Group)
	})
	if i < 0 || t.Subject == subjectHeat {
		return Sight{}, false
	}
	return w.sights[i], true
}

// of is the coverage beside a table's numbers of an area: the stated chance of seeing its
// acts. Where no mission works that out, it is what an absence states for the rule and
// area, if it rests on somebody who can see acts; else what the best of the families had.
// nil when nobody stated any.
func (w watch) of(t *truce.CountTable, area truce.AreaID) *truce.Probability {
	if s, stated := w.sight(t, area); stated {
		return &s.Seen
	}
	if w.sights != nil && t.Subject != subjectHeat {
		return nil // hours of watching for something else say nothing of these acts
	}
	wanted := watchers(t.Subject)
	for _, a := range w.absences {
		sees := a.Coverage.Family == "" || wanted(a.Coverage.Family)
		if t.Rule != "" && a.Rule == t.Rule && a.Area == area && a.Period == w.period && sees && stated(a.Coverage) {
			return &a.Coverage.Share
		}
	}
	return w.families.best(area, wanted)
}

// partly says whether the acts of a table were seen too badly for a part of the period.
func (w watch) partly(t *truce.CountTable, area truce.AreaID) bool {
	s, stated := w.sight(t, area)
	return stated && s.Partly
}

// lowerPartly makes lower bounds of the numbers of areas that were watched too little for a
// part of the period, however good the mean: an empty count reads as none where observed.
func (d *daily) lowerPartly(t *truce.CountTable) {
	for i := range t.Lines {
		l := &t.Lines[i]
		now, before := d.now.partly(t, truce.AreaID(l.Key)), d.before.partly(t, truce.AreaID(l.Key))
		for split := range l.Cells {
			c := &l.Cells[split]
			if now {
				c.This.Form = lowered(c.This.Form, truce.FigureNotObserved)
				c.Preliminary.Form = lowered(c.Preliminary.Form, truce.FigureNotObserved)
			}
			if before && c.Previous != nil {
				c.Previous.Form = lowered(c.Previous.Form, truce.FigureNotObserved)
			}
		}
	}
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

// reasonKept stands for a gap's reason in words that a bulletin does not use. The words stay
// in the record: nobody can mend a row of health that has been received, and a day's bulletin
// must not fail for one.
const reasonKept = "in words a bulletin does not use"

// rowGaps names the row behind each gap that a finding opened. Who reads a bulletin knows
// rows, and no ids of incidents.
func rowGaps(list []truce.Coverage, rows []truce.BulletinRow) []truce.Coverage {
	number := map[string]int{}
	for i := range rows {
		number[rows[i].ID] = rows[i].N
	}
	return eachGap(list, func(g truce.Gap) (truce.Gap, bool) {
		if !g.Incident.IsZero() {
			g.Row, g.Incident = number[g.Incident.String()], truce.ID{}
		}
		return g, true
	})
}

// listedGaps leaves out the gaps of findings whose rows do not go out: a sentence on one
// would tell of its row. The hours that it took from the watch stay out of it.
func listedGaps(list []truce.Coverage, listed map[int]bool) []truce.Coverage {
	return eachGap(list, func(g truce.Gap) (truce.Gap, bool) { return g, !opened(g) || listed[g.Row] })
}

// opened says whether a finding opened a gap: then its reason is an act.
func opened(g truce.Gap) bool { return truce.Act(g.Reason).Known() }

// eachGap changes or leaves out gaps, and nothing of the list that was given.
func eachGap(list []truce.Coverage, change func(truce.Gap) (truce.Gap, bool)) []truce.Coverage {
	out := slices.Clone(list)
	for i := range out {
		var gaps []truce.Gap
		for _, g := range out[i].Gaps {
			if g, kept := change(g); kept {
				gaps = append(gaps, g)
			}
		}
		out[i].Gaps = gaps
	}
	return out
}

// fitReasons replaces the reasons of gaps that break a wording rule.
func fitReasons(b truce.Bulletin) []truce.Coverage {
	l := &linter{b: b}
	rules := slices.Concat(wordRules(), zeroRules(), l.partyRules())
	fit := map[string]bool{}
	out := slices.Clone(b.Coverage)
	for i := range out {
		out[i].Gaps = slices.Clone(out[i].Gaps)
		for k := range out[i].Gaps {
			if opened(out[i].Gaps[k]) {
				continue // an act, which every language has a word for
			}
			reason := out[i].Gaps[k].Reason
			if _, known := fit[reason]; !known {
				before := len(l.problems)
				l.sentence("", reason, rules)
				fit[reason] = len(l.problems) == before
			}
			if !fit[reason] {
				out[i].Gaps[k].Reason = reasonKept
			}
		}
	}
	return out
}

// publicCoverage leaves out which sensor or patrol a gap was of: that would show where to
// act unseen next time. Satellites everybody knows.
func publicCoverage(list []truce.Coverage) []truce.Coverage {
	out := slices.Clone(list)
	for i := range out {
		if out[i].Family == truce.FamilyThermal {
			continue
		}
		out[i].Gaps = slices.Clone(out[i].Gaps)
		for k := range out[i].Gaps {
			out[i].Gaps[k].Sensor = ""
		}
		out[i].Gaps = slices.Compact(out[i].Gaps)
	}
	return out
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
