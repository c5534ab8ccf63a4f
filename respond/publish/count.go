package publish

import (
	"maps"
	"slices"
	"strings"

	"github.com/trucewatch/truce"
)

// tables counts everything, in the order of parts.
func (d *daily) tables(entries []*entry) []truce.CountTable {
	out := []truce.CountTable{}
	for _, t := range d.subjects(entries) {
		out = append(out, d.count(t, entries))
	}
	for _, r := range d.in.Received {
		out = append(out, d.received(r))
	}
	return out
}

// liner tells the line of a table a row counts in.
type liner struct{ areas, parties map[string]bool }

func linerOf(areas []truce.BulletinArea, parties []truce.BulletinParty) liner {
	l := liner{map[string]bool{}, map[string]bool{}}
	for _, a := range areas {
		l.areas[string(a.ID)] = true
	}
	for _, p := range parties {
		l.parties[string(p.ID)] = true
	}
	return l
}

// key is the area of a row, or the party in whose area of control the effect lay; "" when
// it is not known. A place outside the agreement's areas is elsewhere.
func (l liner) key(row *truce.BulletinRow, by truce.CountBy) string {
	area, party := string(row.Area), string(row.Control)
	switch {
	case by == truce.CountByControl && l.parties[party]:
		return party
	case by == truce.CountByControl || area == "":
		return ""
	case l.areas[area]:
		return area
	default:
		return string(truce.AreaElsewhere)
	}
}

// agreed says whether a line is one of the agreement's areas or of a party: the other two
// stand only where something is in them.
func agreed(key string) bool { return key != "" && key != string(truce.AreaElsewhere) }

// count fills one table from the rows.
func (d *daily) count(t truce.CountTable, entries []*entry) truce.CountTable {
	weigh := weigherOf(&t)
	d.addLines(&t)
	at := map[string]int{}
	for i, l := range t.Lines {
		at[l.Key] = i
	}
	before, drawings := d.beforeCells(&t), map[string]int{}
	for _, e := range entries {
		if e.state == stateBefore {
			before.hold(t.Rule, e.version)
		}
		split, n := weigh(&e.row)
		if split < 0 {
			continue
		}
		line := at[d.lines.key(&e.row, t.By)]
		if e.state == stateBefore {
			before.add(line, split, n)
			continue
		}
		drawings[e.drawing]++
		addEntry(&t.Lines[line].Cells[split], e, n)
		addEntry(&t.Total.Cells[split], e, n)
	}
	for split := range t.Splits {
		for i := range t.Lines {
			t.Lines[i].Cells[split].Previous = before.cell(i, split)
		}
		t.Total.Cells[split].Previous = before.total(split)
	}
	citeDrawings(&t, drawings)
	d.finish(&t)
	return t
}

// citeDrawings names the versions of the map that a table by control was counted by: the
// one that was, or each with how much. A table that counts nothing names that of the period.
func citeDrawings(t *truce.CountTable, drawings map[string]int) {
	delete(drawings, "") // a place that no version speaks of, or a side from elsewhere
	versions := slices.Sorted(maps.Keys(drawings))
	if t.By != truce.CountByControl || len(versions) == 0 {
		return
	}
	t.MapVersion = strings.Join(versions, ", ")
	if len(versions) == 1 {
		return
	}
	for _, v := range versions {
		t.MapUses = append(t.MapUses, truce.MapUse{Version: v, N: drawings[v]})
	}
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

// addLines makes a line for each agreed area or party, for places elsewhere and for those
// not known. A party's area may lie in any of the areas, so it has the mean of them.
func (d *daily) addLines(t *truce.CountTable) {
	add := func(key string, now, before *truce.Probability) {
		t.Lines = append(t.Lines, truce.CountLine{
			Key: key, Cells: make([]truce.CountCell, len(t.Splits)), Coverage: now, PreviousCoverage: before,
		})
	}
	for _, a := range d.in.Terms.Areas {
		add(string(a.ID), d.now.of(t, a.ID), d.before.of(t, a.ID))
	}
	if t.By == truce.CountByControl {
		now, before := mean(t.Lines, coverageNow), mean(t.Lines, coverageBefore)
		t.Lines = nil
		for _, p := range d.in.Terms.Parties {
			add(string(p.ID), now, before)
		}
		t.Map, t.MapVersion = d.controlMap()
	} else {
		add(string(truce.AreaElsewhere), nil, nil)
	}
	add("", nil, nil)
	t.Total.Cells = make([]truce.CountCell, len(t.Splits))
}

// controlMap is the map that says who controls what, with its version.
func (d *daily) controlMap() (name, version string) {
	if t := d.in.Terms; t.ControlMap != "" {
		return t.ControlMap, t.ControlVersion
	}
	for _, l := range d.in.Terms.Lines {
		if l.Map != "" {
			return l.Map, l.Version
		}
	}
	return "", ""
}

// finish drops the lines of places elsewhere and not known when nothing is in them, and
// sets the total's coverage and how every number may be read.
func (d *daily) finish(t *truce.CountTable) {
	t.Lines = slices.DeleteFunc(t.Lines, func(l truce.CountLine) bool { return !agreed(l.Key) && emptyLine(l) })
	t.Total.Coverage, t.Total.PreviousCoverage = mean(t.Lines, coverageNow), mean(t.Lines, coverageBefore)
	d.setForms(t)
}

func emptyLine(l truce.CountLine) bool {
	return !slices.ContainsFunc(l.Cells, func(c truce.CountCell) bool { return !emptyCell(c) })
}

func emptyCell(c truce.CountCell) bool {
	return c.This.N == 0 && c.Preliminary.N == 0 && (c.Previous == nil || c.Previous.N == 0)
}

// setForms sets how each number may be read. A total over areas of which one was not
// watched well enough is a lower bound too, however good the mean; so is a party's number.
func (d *daily) setForms(t *truce.CountTable) {
	least := leastOf(d.in.Terms.Rules, t.Rule, d.in.Terms.CoverageMin)
	for i := range t.Lines {
		setLineForms(&t.Lines[i], least)
	}
	setLineForms(&t.Total, least)
	d.lowerPartly(t)
	if t.By == truce.CountByControl && t.Subject != subjectReceived {
		lowerControl(t, d.partlyWatched(d.now, t), d.partlyWatched(d.before, t))
	}
	for split := range t.Splits {
		total := &t.Total.Cells[split]
		for _, l := range t.Lines {
			if l.Key != "" {
				lowerCell(total, l.Cells[split])
			}
		}
	}
}

func setLineForms(l *truce.CountLine, least truce.Probability) {
	for i := range l.Cells {
		c := &l.Cells[i]
		c.This.Form = formOf(c.This.N, l.Coverage, least)
		c.Preliminary.Form = formOf(c.Preliminary.N, l.Coverage, least)
		if c.Previous != nil {
			c.Previous.Form = formOf(c.Previous.N, l.PreviousCoverage, least)
		}
	}
}

func lowerCell(total *truce.CountCell, c truce.CountCell) {
	total.This.Form = lowered(total.This.Form, c.This.Form)
	total.Preliminary.Form = lowered(total.Preliminary.Form, c.Preliminary.Form)
	if total.Previous != nil && c.Previous != nil {
		total.Previous.Form = lowered(total.Previous.Form, c.Previous.Form)
	}
}

// lowered is a total's form once a line of it has a form.
func lowered(total, line truce.FigureForm) truce.FigureForm {
	if total == truce.FigureExact && line != truce.FigureExact {
		return truce.FigureAtLeast
	}
	return total
}

// partlyWatched says whether an area had less coverage than the minimum. A party's area
// of control may lie in any of them, so its numbers are lower bounds then.
func (d *daily) partlyWatched(w watch, t *truce.CountTable) bool {
	return slices.ContainsFunc(d.in.Terms.Areas, func(a truce.BulletinArea) bool {
		c := w.of(t, a.ID)
		return c == nil || *c < d.in.Terms.CoverageMin || w.partly(t, a.ID)
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

// received makes the table of observations as they came in.
func (d *daily) received(r Received) truce.CountTable {
	t := truce.CountTable{
		Key: "received." + r.Key, Part: PartSummary, Subject: subjectReceived, By: r.By, Map: r.Map, MapVersion: r.MapVersion,
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
	citeDrawings(&t, maps.Clone(r.MapUses))
	if r.HasPrevious {
		t.Total.Cells[0].Previous = &truce.PreviousFigure{N: before}
	}
	d.finish(&t)
	return t
}
