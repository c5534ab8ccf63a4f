package publish

import (
	"slices"

	"github.com/trucewatch/truce"
)

// absenceList prints the absences of a part that lists nothing; the coverage part prints
// every one. A part whose rows are told elsewhere does not say that nobody looks.
func (w *writer) absenceList(part truce.Part, told bool) {
	if part.Rows.Len() > 0 && part.Key != PartCoverage {
		return
	}
	var list []truce.Absence
	for _, i := range part.Absences {
		list = append(list, w.b.Absences[i])
	}
	var items []item
	for _, g := range w.groupAbsences(list) {
		switch {
		case len(g.rules) > 0:
			items = append(items, item{Line: w.absence(g)})
		case !told: // a whole part, watched by nobody
			w.art.text(w.word("absence.part"))
		}
	}
	if part.Key == PartCoverage && len(items) > 0 {
		w.art.subheading(w.word("absence.title"))
	}
	w.art.list(items)
}

// absenceGroup is one sentence: what is the same of several rules in several areas.
type absenceGroup struct {
	truce.Absence
	least truce.Probability // the minimum of coverage the rules agree on
	some  bool              // something is counted all the same
	areas []truce.AreaID
	rules []truce.RuleID
}

// groupAbsences puts together what differs in nothing but rule or area: first the rules of
// an area, then the areas with the same rules.
func (w *writer) groupAbsences(list []truce.Absence) []absenceGroup {
	var out []absenceGroup
	for _, a := range list {
		one := absenceGroup{
			Absence: a, least: leastOf(w.b.Rules, a.Rule, w.b.CoverageMin), some: w.counts(a), areas: []truce.AreaID{a.Area},
		}
		i := slices.IndexFunc(out, func(g absenceGroup) bool { return g.alike(one) && g.Area == a.Area })
		if i < 0 {
			i = len(out)
			out = append(out, one)
		}
		if a.Rule != "" || a.Area != "" {
			out[i].rules = append(out[i].rules, a.Rule)
		}
	}
	merged := out[:0]
	for _, g := range out {
		i := slices.IndexFunc(merged, func(m absenceGroup) bool { return m.alike(g) && slices.Equal(m.rules, g.rules) })
		if i < 0 {
			merged = append(merged, g)
			continue
		}
		merged[i].areas = append(merged[i].areas, g.areas...)
	}
	return merged
}

// counts says whether the rule's table counts anything in the area and period: too little
// watch is no absence then.
func (w *writer) counts(a truce.Absence) bool {
	t := w.tables[ruleTable(a.Rule)]
	if t == nil || a.Period != w.b.Period {
		return false
	}
	line := lineOf(t, string(a.Area))
	if a.Area == "" {
		line = &t.Total
	}
	return line != nil && slices.ContainsFunc(line.Cells, func(c truce.CountCell) bool { return c.This.N+c.Preliminary.N > 0 })
}

// alike says whether an absence says the same with the same numbers.
func (g absenceGroup) alike(a absenceGroup) bool {
	c, d := g.Coverage, a.Coverage
	return g.Verdict == a.Verdict && g.least == a.least && g.some == a.some && g.Period == a.Period && c.Family == d.Family && g.sameWatch(a) &&
		c.Share == d.Share && c.PlannedHours == d.PlannedHours && c.ObservedHours == d.ObservedHours
}

// sameWatch says whether the same families are printed of both, which are where nothing was
// recorded.
func (g absenceGroup) sameWatch(a absenceGroup) bool {
	c, d := g.Coverage.Families, a.Coverage.Families
	if g.Verdict == truce.AbsenceNotObserved {
		return (len(c) == 0) == (len(d) == 0)
	}
	return slices.Equal(c, d)
}

func (w *writer) absence(g absenceGroup) line {
	c := g.Coverage
	seen := len(c.Families) > 0 && !g.some
	when := w.during
	if seen {
		when = w.stretch
	}
	args := []arg{
		with("areas", w.each(len(g.areas), func(i int) line { return w.areaOrAll(g.areas[i]) })), with("when", when(g.Period)),
		with("rules", w.each(len(g.rules), func(i int) line { return w.ruleOrAny(g.rules[i]) })),
	}
	if seen && c.Share == 0 {
		return join(" ", w.say("absence.nobody", args...), w.keptOut(g))
	}
	args = append(args, with("coverage", w.shareAgainst(c, g.least)))
	if seen {
		return w.absenceSeen(g, args)
	}
	if g.Verdict == truce.AbsenceNotObserved {
		key := "absence.not_observed"
		if g.some {
			key = "absence.lower_bound"
		}
		return w.say(key, append(args, with("min", w.minimum(g.least)))...)
	}
	if c.PlannedHours <= 0 {
		return w.say("absence.none_recorded_share", args...)
	}
	return w.say("absence.none_recorded", append(args, with("observed", w.hours(c.ObservedHours)),
		with("planned", w.hours(c.PlannedHours)), with("rest", w.hours(max(0, c.PlannedHours-c.ObservedHours))))...)
}

// absenceSeen is an absence of which the chance of seeing was reckoned, with who had it.
func (w *writer) absenceSeen(g absenceGroup, args []arg) line {
	c := g.Coverage
	if g.Verdict == truce.AbsenceNotObserved {
		return join(" ", w.say("absence.not_observed_by", append(args, with("min", w.minimum(g.least)))...), w.keptOut(g))
	}
	families := w.each(len(c.Families), func(i int) line { return w.word("family." + string(c.Families[i])) })
	return w.say("absence.none_recorded_by", append(args, with("families", families), with("observed", w.hours(c.ObservedHours)))...)
}

// keptOut names the rows whose findings opened a gap in what could be seen there and then.
func (w *writer) keptOut(g absenceGroup) line {
	told := map[int]bool{}
	var parts []line
	for _, c := range w.b.Coverage {
		for _, gap := range c.Gaps {
			if !opened(gap) || gap.Row == 0 || told[gap.Row] || !slices.Contains(g.areas, c.Area) || gap.From >= g.Period.To || gap.To <= g.Period.From {
				continue
			}
			told[gap.Row] = true
			parts = append(parts, w.say("absence.opened_row", with("reason", w.gapReason(gap.Reason)), with("row", w.rowLink(gap.Row))))
		}
	}
	if len(parts) == 0 {
		return nil
	}
	return w.say("absence.opened", with("gaps", join("; ", parts...)))
}

// rowLink is a row's number, which leads to its line where that is on the page.
func (w *writer) rowLink(n int) line {
	number := w.integer(n)
	if w.onPage(n) {
		number = number.link(rowAnchor(n))
	}
	return number
}

// each joins what a list is called.
func (w *writer) each(n int, name func(i int) line) line {
	var parts []line
	for i := range n {
		parts = append(parts, name(i))
	}
	return join(", ", parts...)
}

// during is the bulletin's own period by name and any other by its ends.
func (w *writer) during(p truce.Period) line {
	if p.From == w.b.Period.From && p.To == w.b.Period.To {
		return w.word("when.period")
	}
	return w.say("when.between", with("from", w.moment(p.From)), with("to", w.moment(p.To)))
}

func (w *writer) statedShare(c truce.Coverage) line {
	if !stated(c) {
		return w.word("coverage.unknown")
	}
	return w.percent(c.Share)
}

// shareAgainst is a stated share beside the minimum it is held against.
func (w *writer) shareAgainst(c truce.Coverage, least truce.Probability) line {
	if !stated(c) || least == 0 {
		return w.statedShare(c)
	}
	return w.percentAgainst(c.Share, least)
}

func (w *writer) areaOrAll(id truce.AreaID) line {
	if id == "" {
		return w.word("absence.everywhere")
	}
	return w.areaName(id)
}

func (w *writer) ruleOrAny(id truce.RuleID) line {
	if id == "" {
		return w.word("absence.any_rule")
	}
	return w.data(string(id))
}
