package publish

import (
	"slices"

	"github.com/trucewatch/truce"
)

// The subjects of tables.
const (
	subjectRule      = "rule"      // one rule's verdicts
	subjectGroup     = "group"     // one act group's occurrence states
	subjectSignature = "signature" // explosions, bursts, shots, flashes: acts as observed
	subjectTrace     = "trace"     // craters and damage
	subjectHeat      = "heat"      // heat, which is never an act of fire
	subjectExits     = "exits"     // listed, not counted
	subjectReceived  = "received"  // observations as they came in
)

// weigher gives the split of a table a row falls into and its weight there; split -1
// means that the row is not counted. A row has one split only, so verdicts and states
// are never merged.
type weigher func(*truce.BulletinRow) (split, n int)

// weigherOf is how a table counts, from what the table says of itself: the linter counts
// with it again.
func weigherOf(t *truce.CountTable) weigher {
	keys := make([]string, len(t.Splits))
	for i, s := range t.Splits {
		keys[i] = s.Key
	}
	switch t.Subject {
	case subjectRule:
		return func(row *truce.BulletinRow) (int, int) { return weighVerdict(row, t.Rule) }
	case subjectGroup:
		return func(row *truce.BulletinRow) (int, int) {
			if row.Act.Group() != t.Group {
				return -1, 0
			}
			return slices.Index(keys, string(row.Occurrence)), 1
		}
	case subjectExits:
		return func(row *truce.BulletinRow) (int, int) { return slices.Index(keys, string(row.Occurrence)), 1 }
	case subjectReceived:
		return func(*truce.BulletinRow) (int, int) { return -1, 0 }
	default:
		return func(row *truce.BulletinRow) (int, int) {
			if !row.Counts() {
				return -1, 0
			}
			return slices.Index(keys, string(row.Act)), 1
		}
	}
}

// watchers are the families whose coverage speaks of a subject.
func watchers(subject string) func(truce.Family) bool {
	if subject == subjectHeat {
		return thermalOnly
	}
	return witnesses
}

// tables counts everything, in the order of parts.
func (d *daily) tables(entries []*entry) []truce.CountTable {
	out := []truce.CountTable{}
	for _, t := range d.subjects(entries) {
		out = append(out, d.count(t, entries))
	}
	for _, r := range d.in.Received {
		out = append(out, d.received(r))
	}
	if slices.ContainsFunc(entries, func(e *entry) bool { return !e.row.Counts() }) {
		out = append(out, d.count(exitSubject(), entries))
	}
	return out
}

func (d *daily) subjects(entries []*entry) []truce.CountTable {
	var out []truce.CountTable
	for _, r := range d.in.Terms.Rules {
		out = append(out, ruleSubject(r))
	}
	groups := d.groups(entries)
	for _, g := range groups {
		out = append(out, groupSubject(g, truce.CountByArea))
	}
	for _, by := range []truce.CountBy{truce.CountByArea, truce.CountByControl} {
		out = append(out, signatureSubject(by), heatSubject(by), traceSubject(by))
	}
	if slices.Contains(groups, truce.GroupFire) {
		out = append(out, groupSubject(truce.GroupFire, truce.CountByControl))
	}
	return out
}

// groups lists the act groups the rules or rows speak of, in the order of the handbook,
// without signatures, which have tables of their own.
func (d *daily) groups(entries []*entry) []truce.ActGroup {
	seen := map[truce.ActGroup]bool{}
	for _, r := range d.in.Terms.Rules {
		for _, a := range r.Acts {
			seen[a.Group()] = true
		}
	}
	for _, e := range entries {
		seen[e.row.Act.Group()] = true
	}
	var groups []truce.ActGroup
	for _, g := range truce.ActGroups() {
		if seen[g] && g != truce.GroupSignature {
			groups = append(groups, g)
		}
	}
	return groups
}

// verdictSplits are a rule's columns: hits in the rule's unit, the others as incidents.
func verdictSplits(unit truce.Unit) []truce.CountSplit {
	return []truce.CountSplit{
		{Key: string(truce.VerdictHit), Unit: unit},
		{Key: string(truce.VerdictExempt), Unit: truce.UnitIncident},
		{Key: string(truce.VerdictIndeterminate), Unit: truce.UnitIncident},
	}
}

func ruleSubject(r truce.BulletinRule) truce.CountTable {
	return truce.CountTable{
		Key: "rule." + string(r.ID), Part: PartSummary, Subject: subjectRule, Rule: r.ID, Version: r.Version,
		By: truce.CountByArea, Splits: verdictSplits(r.Unit),
	}
}

// weighVerdict counts a hit with its own count; a hit that another rule counts has none.
// Heat alone never counts as a hit.
func weighVerdict(row *truce.BulletinRow, rule truce.RuleID) (split, n int) {
	f, held := row.Finding(rule)
	if !held || !row.Counts() {
		return -1, 0
	}
	switch f.Verdict {
	case truce.VerdictHit:
		if f.CountedUnder != "" || f.Count == 0 || row.Act == truce.ActHeat {
			return -1, 0
		}
		return 0, f.Count
	case truce.VerdictExempt:
		return 1, 1
	case truce.VerdictIndeterminate:
		return 2, 1
	}
	return -1, 0
}

// countedStates are the columns of a group: states that are kept apart.
var countedStates = [...]truce.Occurrence{
	truce.OccurrenceReported, truce.OccurrenceDetected, truce.OccurrenceCorroborated, truce.OccurrenceVerified,
}

var exitStates = [...]truce.Occurrence{
	truce.OccurrenceExplained, truce.OccurrenceRefuted, truce.OccurrenceUnverifiable, truce.OccurrenceDuplicate,
}

func stateSplits(states []truce.Occurrence) []truce.CountSplit {
	var out []truce.CountSplit
	for _, s := range states {
		out = append(out, truce.CountSplit{Key: string(s), Unit: truce.UnitIncident})
	}
	return out
}

func groupSubject(g truce.ActGroup, by truce.CountBy) truce.CountTable {
	return truce.CountTable{
		Key: tableKey(string(g), by), Part: partOf(g.Acts()[0]), Subject: subjectGroup, Group: g,
		By: by, Splits: stateSplits(countedStates[:]),
	}
}

func tableKey(key string, by truce.CountBy) string {
	if by == truce.CountByControl {
		return key + ".control"
	}
	return key
}

func actsSubject(subject string, by truce.CountBy, unit truce.Unit, acts ...truce.Act) truce.CountTable {
	t := truce.CountTable{Key: tableKey(subject, by), Part: partFire, Subject: subject, Group: truce.GroupSignature, By: by}
	for _, a := range acts {
		t.Splits = append(t.Splits, truce.CountSplit{Key: string(a), Unit: unit})
	}
	return t
}

func signatureSubject(by truce.CountBy) truce.CountTable {
	return actsSubject(subjectSignature, by, truce.UnitIncident,
		truce.ActExplosion, truce.ActBurst, truce.ActSingleShot, "projectile_in_flight", "muzzle_flash", "illumination_flare")
}

func traceSubject(by truce.CountBy) truce.CountTable {
	return actsSubject(subjectTrace, by, truce.UnitIncident, truce.ActCrater, truce.ActDamage)
}

func heatSubject(by truce.CountBy) truce.CountTable {
	return actsSubject(subjectHeat, by, truce.UnitHeatEvent, truce.ActHeat)
}

func exitSubject() truce.CountTable {
	return truce.CountTable{
		Key: subjectExits, Part: PartSummary, Subject: subjectExits, By: truce.CountByArea, Splits: stateSplits(exitStates[:]),
	}
}

// count fills one table from the rows.
func (d *daily) count(t truce.CountTable, entries []*entry) truce.CountTable {
	weigh := weigherOf(&t)
	t.Lines = d.emptyLines(&t, watchers(t.Subject))
	t.Total = truce.CountLine{Cells: make([]truce.CountCell, len(t.Splits))}
	at := map[string]int{}
	for i, l := range t.Lines {
		at[l.Key] = i
	}
	before := d.beforeCells(&t)
	for _, e := range entries {
		split, n := weigh(&e.row)
		if split < 0 {
			continue
		}
		line, known := at[lineKey(&e.row, t.By)]
		if !known {
			line = at[""]
		}
		switch e.state {
		case stateBefore:
			before.add(line, split, n, t.Rule, e.version)
		default:
			addEntry(&t.Lines[line].Cells[split], e, n)
			addEntry(&t.Total.Cells[split], e, n)
		}
	}
	d.finish(&t, before)
	return t
}

// lineKey is the area of a row, or the party in whose area of control the effect lay.
func lineKey(row *truce.BulletinRow, by truce.CountBy) string {
	if by == truce.CountByControl {
		return string(row.Control)
	}
	return string(row.Area)
}

func addEntry(c *truce.CountCell, e *entry, n int) {
	if e.state == statePreliminary {
		c.Preliminary.N += n
		c.Preliminary.Unlisted += n
		c.Preliminary.Refs = append(c.Preliminary.Refs, e.id)
		return
	}
	c.This.N += n
	c.This.Rows.Add(e.row.N)
}

// emptyLines are the agreed areas or the parties, and one for what has no known place.
func (d *daily) emptyLines(t *truce.CountTable, wanted func(truce.Family) bool) []truce.CountLine {
	var lines []truce.CountLine
	add := func(key string, now, before *truce.Probability) {
		lines = append(lines, truce.CountLine{
			Key: key, Cells: make([]truce.CountCell, len(t.Splits)), Coverage: now, PreviousCoverage: before,
		})
	}
	for _, a := range d.in.Terms.Areas {
		add(string(a.ID), d.covered(t.Rule, a.ID, wanted), d.before.best(a.ID, wanted))
	}
	if t.By == truce.CountByControl {
		now, before := mean(lines, coverageNow), mean(lines, coverageBefore)
		lines = nil
		for _, p := range d.in.Terms.Parties {
			add(string(p.ID), now, before)
		}
		t.Map = d.mapName()
	}
	add("", nil, nil)
	return lines
}

// covered is the coverage an absence states for the rule and area, if it rests on somebody
// who can see acts; else what the best of the families had.
func (d *daily) covered(rule truce.RuleID, area truce.AreaID, wanted func(truce.Family) bool) *truce.Probability {
	for _, a := range d.absences {
		sees := a.Coverage.Family == "" || wanted(a.Coverage.Family)
		if rule != "" && a.Rule == rule && a.Area == area && a.Period == d.in.Period && sees {
			share := a.Coverage.Share
			return &share
		}
	}
	return d.coverage.best(area, wanted)
}

// mapName is the map the areas of control come from, with its version.
func (d *daily) mapName() string {
	for _, l := range d.in.Terms.Lines {
		if l.Map != "" {
			return l.Map + ", version " + l.Version
		}
	}
	return ""
}

// finish sets totals' coverage, forms and the previous period, and drops the line of
// unknown places when nothing is in it.
func (d *daily) finish(t *truce.CountTable, before *beforeCells) {
	t.Total.Coverage, t.Total.PreviousCoverage = mean(t.Lines, coverageNow), mean(t.Lines, coverageBefore)
	for split := range t.Splits {
		for i := range t.Lines {
			t.Lines[i].Cells[split].Previous = before.cell(i, split)
		}
		t.Total.Cells[split].Previous = before.total(split)
	}
	if last := len(t.Lines) - 1; emptyLine(t.Lines[last]) {
		t.Lines = t.Lines[:last]
	}
	d.setTableForms(t)
}

// setTableForms sets how each number may be read. A total over areas of which one was
// not watched well enough is a lower bound too, however good the mean.
func (d *daily) setTableForms(t *truce.CountTable) {
	for i := range t.Lines {
		d.setForms(&t.Lines[i])
	}
	d.setForms(&t.Total)
	if t.By == truce.CountByControl && t.Subject != subjectReceived {
		lowerControl(t, d.partlyWatched(d.coverage, t.Subject), d.partlyWatched(d.before, t.Subject))
	}
	for split := range t.Splits {
		total := &t.Total.Cells[split]
		for _, l := range t.Lines {
			if l.Key == "" {
				continue
			}
			c := l.Cells[split]
			total.This.Form = lowered(total.This.Form, c.This.Form)
			total.Preliminary.Form = lowered(total.Preliminary.Form, c.Preliminary.Form)
			if total.Previous != nil && c.Previous != nil {
				total.Previous.Form = lowered(total.Previous.Form, c.Previous.Form)
			}
		}
	}
}

// partlyWatched says whether an area had less coverage than the minimum. A party's area
// of control may lie in any of them, so its numbers are lower bounds then.
func (d *daily) partlyWatched(coverage coverageMap, subject string) bool {
	wanted := watchers(subject)
	return slices.ContainsFunc(d.in.Terms.Areas, func(a truce.BulletinArea) bool {
		c := coverage.best(a.ID, wanted)
		return c == nil || *c < d.in.Terms.CoverageMin
	})
}

func lowerControl(t *truce.CountTable, now, before bool) {
	for i := range t.Lines {
		for split := range t.Splits {
			c := &t.Lines[i].Cells[split]
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

// lowered is a total's form once a line of it has a form.
func lowered(total, line truce.FigureForm) truce.FigureForm {
	if total == truce.FigureExact && line != truce.FigureExact {
		return truce.FigureAtLeast
	}
	return total
}

func emptyLine(l truce.CountLine) bool {
	for _, c := range l.Cells {
		if c.This.N > 0 || c.Preliminary.N > 0 || c.Previous != nil && c.Previous.N > 0 {
			return false
		}
	}
	return true
}

func (d *daily) setForms(l *truce.CountLine) {
	least := d.in.Terms.CoverageMin
	for i := range l.Cells {
		c := &l.Cells[i]
		c.This.Form = formOf(c.This.N, l.Coverage, least)
		c.Preliminary.Form = formOf(c.Preliminary.N, l.Coverage, least)
		if c.Previous != nil {
			c.Previous.Form = formOf(c.Previous.N, l.PreviousCoverage, least)
		}
	}
}

// received makes the table of observations as they came in.
func (d *daily) received(r Received) truce.CountTable {
	t := truce.CountTable{
		Key: "received." + r.Key, Part: PartSummary, Subject: subjectReceived, By: r.By, Map: r.Map,
		Splits: []truce.CountSplit{{Key: "all", Unit: r.Unit}},
		Total:  truce.CountLine{Cells: make([]truce.CountCell, 1)},
	}
	before := 0
	for _, line := range r.Lines {
		n := len(line.IDs)
		cell := truce.CountCell{This: truce.Figure{N: n, Unlisted: n, Refs: line.IDs}}
		if r.HasPrevious {
			cell.Previous = &truce.PreviousFigure{N: line.Previous}
		}
		before += line.Previous
		t.Lines = append(t.Lines, truce.CountLine{
			Key: line.Key, Cells: []truce.CountCell{cell}, Coverage: line.Coverage, PreviousCoverage: line.PreviousCoverage,
		})
		total := &t.Total.Cells[0].This
		total.N += n
		total.Unlisted += n
		total.Refs = append(total.Refs, line.IDs...)
	}
	if r.HasPrevious {
		t.Total.Cells[0].Previous = &truce.PreviousFigure{N: before}
	}
	t.Total.Coverage, t.Total.PreviousCoverage = mean(t.Lines, coverageNow), mean(t.Lines, coverageBefore)
	d.setTableForms(&t)
	return t
}
