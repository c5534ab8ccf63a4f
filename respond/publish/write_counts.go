package publish

import (
	"fmt"

	"github.com/trucewatch/truce"
)

// figure is a number as its coverage lets it be read.
func (w *writer) figure(n int, form truce.FigureForm, unit truce.Unit, named bool) line {
	if form == truce.FigureNotObserved {
		return w.word("figure.not_observed")
	}
	if form == truce.FigureAtLeast && n == 0 {
		return w.word("figure.none_where_observed")
	}
	l := w.integer(n)
	if form == truce.FigureAtLeast {
		l = w.say("figure.at_least", with("n", l))
	}
	if named {
		l = join(" ", l, text(w.template("unit."+string(unit), pluralOf(w.lang, n))))
	}
	return l
}

// linked is a figure that leads to the rows it counts: to the row itself when it is one
// that is on the page, else to its line in the index of numbers.
func (w *writer) linked(t *truce.CountTable, line string, split int, f truce.Figure, named bool) line {
	return w.linkedAs(t, line, split, f, named, "")
}

// linkedAs is linked for a number beside the main one, which says what it is.
func (w *writer) linkedAs(t *truce.CountTable, line string, split int, f truce.Figure, named bool, column string) line {
	l := w.figure(f.N, f.Form, t.Splits[split].Unit, named)
	if f.N == 0 || t.Subject == subjectReceived { // what came in is no row of the bulletin
		return l
	}
	if f.Rows.Len() == 1 && f.Unlisted == 0 && w.onPage(f.Rows[0].First) {
		return l.link(rowAnchor(f.Rows[0].First))
	}
	return l.link("#" + w.indexed(t, line, split, f, column))
}

// onPage says whether the annex on the page has the row.
func (w *writer) onPage(n int) bool { return w.shown > 0 && n <= w.b.Rows[w.shown-1].N }

func rowAnchor(n int) string { return fmt.Sprintf("#row-%d", n) }

// indexed puts a figure into the index of numbers and gives its anchor. A figure that is
// printed twice stands there once.
func (w *writer) indexed(t *truce.CountTable, name string, split int, f truce.Figure, column string) string {
	id := fmt.Sprintf("n-%s-%s-%s%s", t.Key, name, t.Splits[split].Key, column)
	for _, i := range w.index {
		if i.ID == id {
			return id
		}
	}
	label := join(", ", w.caption(t), w.lineName(t, name), w.splitName(t, t.Splits[split]))
	if column != "" {
		label = join(", ", label, w.word("col"+column))
	}
	entry := w.say("index.entry", with("key", label), with("quantity", w.quantity(f.N, t.Splits[split].Unit)))
	if f.Rows.Len() > 0 {
		entry = join("; ", entry, w.say("index.rows", with("rows", w.rowLinks(f.Rows))))
	}
	if f.Unlisted > 0 {
		entry = join("; ", entry, w.say("index.unlisted", with("n", w.integer(f.Unlisted))))
	}
	w.index = append(w.index, item{ID: id, Line: entry})
	return id
}

// rowLinks links runs of rows; a long set ends with how many runs are left out.
func (w *writer) rowLinks(set truce.RowSet) line {
	var out []line
	for i, run := range set {
		if i == maxRowLinks {
			out = append(out, w.say("index.more", with("n", w.countOf(len(set)-i, "unit.run"))))
			break
		}
		l := w.data(truce.RowSet{run}.String())
		if w.onPage(run.First) {
			l = l.link(rowAnchor(run.First))
		}
		out = append(out, l)
	}
	return join(", ", out...)
}

func (w *writer) numberIndex() {
	if len(w.index) == 0 {
		return
	}
	w.art.heading("numbers", w.word("index.title"))
	w.art.list(w.index)
}

// caption is what a table counts.
func (w *writer) caption(t *truce.CountTable) line {
	c := w.subjectName(t)
	if t.By == truce.CountByControl {
		return w.say("caption.by_control", with("caption", c))
	}
	return w.say("caption.by_area", with("caption", c))
}

func (w *writer) subjectName(t *truce.CountTable) line {
	switch t.Subject {
	case subjectRule:
		return w.say("caption.rule", with("rule", w.data(string(t.Rule))), with("clause", w.clause(t.Rule)), with("title", w.ruleTitle(t.Rule)))
	case subjectGroup:
		return w.say("caption.group", with("group", w.word("group."+string(t.Group))))
	case subjectReceived:
		return w.say("caption.received", with("unit", w.receivedName(t)))
	default:
		return w.word("caption." + t.Subject)
	}
}

// receivedName is what came in: a name of its own where the catalogue has one, else its
// unit.
func (w *writer) receivedName(t *truce.CountTable) line {
	if _, known := w.words[t.Key]; known {
		return w.word(t.Key)
	}
	return w.unitName(t.Splits[0].Unit)
}

func (w *writer) splitName(t *truce.CountTable, s truce.CountSplit) line {
	key, heat := isHeat(s)
	var name line
	switch {
	case t.Subject == subjectRule:
		name = w.word("verdict." + key)
	case t.Subject == subjectGroup || t.Subject == subjectExits:
		name = w.word("occurrence." + key)
	case key == splitUnknown:
		name = w.word("act.")
	default:
		name = w.word("act." + key)
	}
	if heat {
		return w.say("split.heat", with("state", name))
	}
	return name
}

func (w *writer) lineName(t *truce.CountTable, name string) line {
	switch {
	case name == lineTotal:
		return w.word("line.total")
	case name == lineUnknown:
		return w.word("line.unknown_" + string(t.By))
	case t.By == truce.CountByControl:
		return w.say("line.control", with("party", w.partyName(truce.PartyID(name))))
	default:
		return w.areaName(truce.AreaID(name))
	}
}

// countTable prints a table with its notes. Splits in which nothing was counted are named
// below it instead of standing there as empty columns; a table without any count is one
// sentence that says whether anybody looked.
func (w *writer) countTable(ct *truce.CountTable) {
	kept, empty := keptSplits(ct)
	if len(kept) == 0 {
		if ct.Subject != subjectRule && ct.By == truce.CountByArea { // the summary has said it of rules, the areas of control
			w.art.text(w.nothingCounted(ct))
		}
		return
	}
	t := table{Caption: w.caption(ct), Wide: len(kept) > 1, Head: w.countHead(ct, kept)}
	for _, l := range ct.Lines {
		name := l.Key
		if name == "" {
			name = lineUnknown
		}
		t.Rows = append(t.Rows, tableRow{Cells: w.countCells(ct, kept, l, name)})
	}
	t.Rows = append(t.Rows, tableRow{Total: true, Cells: w.countCells(ct, kept, ct.Total, lineTotal)})
	w.art.table(t)
	if names := w.splitNames(ct, empty); len(names) > 0 {
		none := w.word("none." + string(ct.Total.Cells[empty[0]].This.Form))
		w.art.note(w.say("note.nothing_under", with("none", none), with("list", names)))
	}
	w.tableNotes(ct)
}

// keptSplits are the splits with a count in this or the previous period.
func keptSplits(ct *truce.CountTable) (kept, empty []int) {
	for i, c := range ct.Total.Cells {
		if emptyCell(c) {
			empty = append(empty, i)
		} else {
			kept = append(kept, i)
		}
	}
	return kept, empty
}

func (w *writer) nothingCounted(ct *truce.CountTable) line {
	return w.say("nothing", with("caption", w.caption(ct)), with("none", w.word("none."+string(ct.Total.Cells[0].This.Form))),
		with("coverage", w.share(ct.Rule, ct.Total.Coverage)))
}

func (w *writer) splitNames(ct *truce.CountTable, splits []int) line {
	var names []line
	for _, i := range splits {
		if _, heat := isHeat(ct.Splits[i]); !heat { // heat has a table of its own
			names = append(names, w.splitName(ct, ct.Splits[i]))
		}
	}
	return join("; ", names...)
}

func (w *writer) tableNotes(ct *truce.CountTable) {
	if ct.By == truce.CountByControl {
		if ct.Map == "" {
			w.art.note(w.word("note.control_no_map"))
		} else {
			w.art.note(w.say("note.control", with("map", w.mapName(ct))))
		}
	}
	if ct.Subject == subjectHeat && ct.By == truce.CountByArea {
		w.art.note(w.word("note.heat"))
	}
}

// mapName is a map with its version; where it changed within the period, with every
// version and how much was counted by it.
func (w *writer) mapName(ct *truce.CountTable) line {
	if ct.MapVersion == "" {
		return w.data(ct.Map)
	}
	if len(ct.MapUses) > 0 {
		unit := truce.Unit("row")
		if ct.Subject == subjectReceived {
			unit = ct.Splits[0].Unit
		}
		versions := w.each(len(ct.MapUses), func(i int) line {
			use := ct.MapUses[i]
			return w.say("note.map_use", with("version", w.data(use.Version)), with("quantity", w.quantity(use.N, unit)))
		})
		return w.say("note.map_versions", with("map", w.data(ct.Map)), with("versions", versions))
	}
	return w.say("note.map", with("map", w.data(ct.Map)), with("version", w.data(ct.MapVersion)))
}

// countHead has each split's name and unit above its numbers.
func (w *writer) countHead(ct *truce.CountTable, kept []int) [][]cell {
	top := []cell{{Line: w.word("col." + string(ct.By)), Head: true}}
	below := []cell{{Head: true}}
	for _, i := range kept {
		numbers := []line{w.word("col.this")}
		if hasPreliminary(ct, i) {
			numbers = append(numbers, w.word("col.preliminary"))
		}
		numbers = append(numbers, w.word("col.previous"))
		s := ct.Splits[i]
		label := w.unitName(s.Unit)
		if ct.Subject != subjectReceived {
			label = w.say("col.unit", with("label", w.splitName(ct, s)), with("unit", label))
		}
		top = append(top, cell{Line: label, Head: true, Span: len(numbers)})
		below = append(below, heads(numbers...)...)
	}
	top = append(top, cell{Line: w.word("col.coverage"), Head: true, Span: 2})
	below = append(below, heads(w.word("col.this"), w.word("col.previous"))...)
	return [][]cell{top, below}
}

// hasPreliminary says whether a split has a column of preliminary numbers: only where
// there are any.
func hasPreliminary(ct *truce.CountTable, split int) bool {
	return ct.Total.Cells[split].Preliminary.N > 0
}

func (w *writer) countCells(ct *truce.CountTable, kept []int, l truce.CountLine, name string) []cell {
	cells := []cell{{Line: w.lineName(ct, name), Head: true}}
	for _, split := range kept {
		c := l.Cells[split]
		cells = append(cells, numberCell(w.linked(ct, name, split, c.This, false)))
		if hasPreliminary(ct, split) {
			cells = append(cells, numberCell(w.linkedAs(ct, name, split, c.Preliminary, false, ".preliminary")))
		}
		cells = append(cells, numberCell(w.previous(c.Previous)))
	}
	return append(cells, numberCell(w.share(ct.Rule, l.Coverage)), numberCell(w.share(ct.Rule, l.PreviousCoverage)))
}

func (w *writer) previous(f *truce.PreviousFigure) line {
	if f == nil {
		return w.word("figure.no_previous")
	}
	l := w.figure(f.N, f.Form, "", false)
	if w.opt.PreviousURL != "" && f.N > 0 {
		return l.link(w.opt.PreviousURL)
	}
	return l
}

// share is the coverage beside a rule's numbers, which are read against its minimum.
func (w *writer) share(rule truce.RuleID, p *truce.Probability) line {
	if p == nil {
		return w.word("coverage.unknown")
	}
	return w.percentAgainst(*p, leastOf(w.b.Rules, rule, w.b.CoverageMin))
}
