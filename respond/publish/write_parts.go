package publish

import (
	"strings"

	"github.com/trucewatch/truce"
)

// part writes one chapter: its tables with their notes, its rows in sentences, and what
// is said of nothing having been seen.
func (w *writer) part(part truce.Part) {
	w.art.heading("part-"+part.Key, w.partTitle(part))
	switch part.Key {
	case PartSummary:
		w.summary()
	case partFire:
		w.drawing()
	case partRestrictions:
		w.restrictions()
	case PartCorrections:
		w.correctionList()
	case PartClaims:
		w.claimList()
	case PartCoverage:
		w.coverageLists()
	case PartSources:
		w.sourceTable()
	case PartAnnex:
		w.annex()
		w.unlisted(part)
		return
	}
	for _, key := range part.Tables {
		w.countTable(w.tables[key])
	}
	w.rowSentences(part)
	w.unlisted(part)
	w.absenceList(part)
}

// unlisted says how many rows of the part are counted without being listed.
func (w *writer) unlisted(part truce.Part) {
	if part.Unlisted > 0 {
		w.art.text(w.say("part.unlisted", with("n", w.countOf(part.Unlisted, "unit.row"))))
	}
}

func (w *writer) drawing() {
	if len(w.opt.Map) == 0 {
		return
	}
	w.art.svg = w.opt.Map
	w.art.blocks = append(w.art.blocks, block{Kind: blockMap})
	w.art.note(w.word("line.boundary"))
}

// summary tells each rule's numbers in one sentence, the tables of every part hold the
// same numbers by area.
func (w *writer) summary() {
	for i := range w.b.Tables {
		t := &w.b.Tables[i]
		if t.Subject == subjectRule {
			w.art.text(w.ruleSentence(t))
		}
	}
	hours := w.hours(PreliminaryAge.Hours())
	if w.hasEarly {
		w.art.text(w.say("summary.preliminary", with("from", w.moment(w.b.PreliminaryFrom)), with("hours", hours)))
	} else {
		w.art.text(w.say("summary.no_preliminary", with("hours", hours)))
	}
	w.art.text(w.say("summary.minimum", with("min", w.percent(w.b.CoverageMin))))
	w.art.text(w.word("summary.units"))
}

func (w *writer) ruleSentence(t *truce.CountTable) line {
	cells := t.Total.Cells
	this := func(split int) line {
		return w.linked(t, lineTotal, split, cells[split].This, true)
	}
	out := w.say("summary.rule", with("rule", w.data(string(t.Rule))), with("clause", w.clause(t.Rule)), with("title", w.ruleTitle(t.Rule)),
		with("hit", this(0)), with("exempt", this(1)), with("indeterminate", this(2)), with("coverage", w.share(t.Total.Coverage)))
	if cells[0].Previous == nil {
		return join(" ", out, w.word("summary.not_comparable"))
	}
	before := func(split int) line {
		f := cells[split].Previous
		return w.figure(f.N, f.Form, t.Splits[split].Unit, true)
	}
	return join(" ", out, w.say("summary.rule_previous", with("hit", before(0)), with("exempt", before(1)), with("indeterminate", before(2)),
		with("coverage", w.share(t.Total.PreviousCoverage))))
}

func (w *writer) restrictions() {
	var items []item
	for _, r := range w.b.Restrictions {
		area := w.areaName(r.Area)
		if r.Place != "" {
			area = join(", ", w.placeName(r.Place), area)
		}
		items = append(items, item{ID: "restriction-" + r.ID, Line: w.say("restriction",
			with("time", w.moment(r.Period.From)), with("kind", w.word("restriction."+r.Kind)), with("asset", w.data(r.Asset)),
			with("area", area), with("hours", w.hours(r.AffectedHours)))})
	}
	w.art.list(items)
}

func (w *writer) correctionList() {
	if len(w.b.Corrections) == 0 {
		w.art.text(w.word("corrections.none"))
		return
	}
	var items []item
	for _, c := range w.b.Corrections {
		items = append(items, item{Line: w.say("correction", with("subject", w.data(c.Subject)), with("bulletin", w.data(c.Bulletin)),
			with("field", w.word("field."+c.Field)), with("old", w.corrected(c.Field, c.Old)), with("new", w.corrected(c.Field, c.New)),
			with("reason", w.word("correction."+c.Reason)))})
	}
	w.art.list(items)
}

// corrected is a field's value in words where it has some.
func (w *writer) corrected(field, value string) line {
	switch {
	case value == "":
		return text("–")
	case field == "act" || field == "occurrence":
		return w.word(field + "." + value)
	case field == "row":
		return w.word("correction.row_" + value)
	default:
		return w.data(value)
	}
}

func (w *writer) claimList() {
	w.art.note(w.word("claims.note"))
	if len(w.b.Claims) == 0 {
		w.art.text(w.word("claims.none"))
		return
	}
	var items []item
	for _, c := range w.b.Claims {
		l := w.say("claim", with("quote", w.data(c.Quote)), with("claimant", w.data(c.Claimant)),
			with("time", w.moment(c.Received)), with("state", w.word("claim."+string(c.State))))
		if c.Count > 0 {
			l = join(" ", l, w.say("claim.total", with("n", w.quantity(c.Count, c.Unit))))
		}
		items = append(items, item{ID: "claim-" + c.ID, Line: l})
	}
	w.art.list(items)
}

// absenceList prints the absences of a part that lists nothing; the coverage part prints
// every one.
func (w *writer) absenceList(part truce.Part) {
	if part.Rows.Len() > 0 && part.Key != PartCoverage {
		return
	}
	var items []item
	for _, i := range part.Absences {
		items = append(items, item{Line: w.absence(w.b.Absences[i])})
	}
	if part.Rows.Len()+part.Unlisted == 0 && len(items) > 0 && part.Key != PartCoverage && part.Key != partRestrictions {
		w.art.text(w.word("part.nothing"))
	}
	w.art.list(items)
}

func (w *writer) absence(a truce.Absence) line {
	if a.Rule == "" && a.Area == "" {
		return w.say("absence.part", with("from", w.moment(a.Period.From)), with("to", w.moment(a.Period.To)), with("basis", w.data(a.Coverage.Basis)))
	}
	args := []arg{
		with("from", w.moment(a.Period.From)), with("to", w.moment(a.Period.To)),
		with("area", w.areaOrAll(a.Area)), with("rule", w.ruleOrAny(a.Rule)), with("coverage", w.percent(a.Coverage.Share)),
	}
	if a.Verdict == truce.AbsenceNotObserved {
		return w.say("absence.not_observed", append(args, with("min", w.percent(w.b.CoverageMin)))...)
	}
	if a.Coverage.PlannedHours <= 0 {
		return w.say("absence.none_recorded_share", args...)
	}
	rest := max(0, a.Coverage.PlannedHours-a.Coverage.ObservedHours)
	return w.say("absence.none_recorded", append(args, with("observed", w.hours(a.Coverage.ObservedHours)),
		with("planned", w.hours(a.Coverage.PlannedHours)), with("rest", w.hours(rest)))...)
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

// coverageLists prints lines and maps, who could have seen, clouds and gaps.
func (w *writer) coverageLists() {
	w.art.subheading(w.word("lines.title"))
	w.lineList()
	if len(w.b.Coverage) == 0 {
		w.art.text(w.word("coverage.none"))
	}
	w.coverageTable()
	var items []item
	for _, c := range w.b.Clouds {
		items = append(items, item{Line: w.say("cloud", with("day", w.day(c.Day)), with("area", w.data(c.Area)),
			with("cover", w.percent(truce.Probability(c.Cover))), with("source", w.data(string(c.Source))))})
	}
	w.art.list(items)
	w.gapList()
}

func (w *writer) lineList() {
	if len(w.b.Lines) == 0 {
		w.art.text(w.word("line.none"))
		return
	}
	var items []item
	for _, l := range w.b.Lines {
		items = append(items, item{Line: w.say("line", with("id", w.data(string(l.ID))), with("map", w.data(l.Map)),
			with("version", w.data(l.Version)), with("source", w.data(string(l.Source))), with("accuracy", w.measure("m", l.AccuracyM, 0)),
			with("contact", w.km(l.ContactKm)), with("border", w.km(l.BorderKm)), with("coast", w.km(l.CoastKm)))})
	}
	w.art.list(items)
	w.art.note(w.word("line.boundary"))
}

func (w *writer) coverageTable() {
	t := table{Caption: w.word("coverage.title"), Wide: true}
	t.Head = [][]cell{heads(w.word("col.area"), w.word("coverage.family"), w.word("coverage.observed"), w.word("coverage.planned"),
		w.word("coverage.share"), w.word("coverage.passes"), w.word("coverage.cloud"), w.word("coverage.basis"))}
	for _, c := range w.b.Coverage {
		cloud := w.word("coverage.unknown")
		if c.Cloud != nil {
			cloud = w.percent(truce.Probability(*c.Cloud))
		}
		t.Rows = append(t.Rows, tableRow{Cells: []cell{
			{Line: w.areaOrAll(c.Area), Head: true}, {Line: w.word("family." + string(c.Family))},
			numberCell(w.hours(c.ObservedHours)), numberCell(w.hours(c.PlannedHours)), numberCell(w.percent(c.Share)),
			numberCell(w.integer(len(c.Passes))), numberCell(cloud), {Line: w.data(c.Basis)},
		}})
	}
	w.art.table(t)
}

func heads(lines ...line) []cell {
	var out []cell
	for _, l := range lines {
		out = append(out, cell{Line: l, Head: true})
	}
	return out
}

func numberCell(l line) cell { return cell{Line: l, Number: true} }

// gapList prints the gaps, at most AnnexRows of them.
func (w *writer) gapList() {
	var items []item
	more := 0
	for _, c := range w.b.Coverage {
		for _, g := range c.Gaps {
			if len(items) == AnnexRows {
				more++
				continue
			}
			items = append(items, item{Line: w.say("coverage.gap", with("area", w.areaOrAll(c.Area)),
				with("family", w.word("family."+string(c.Family))), with("from", w.moment(g.From)), with("to", w.moment(g.To)), with("reason", w.data(strings.TrimSuffix(g.Reason, "."))))})
		}
	}
	w.art.list(items)
	if more > 0 {
		w.art.text(w.say("coverage.gaps_more", with("n", w.countOf(more, "unit.gap"))))
	}
}

func (w *writer) sourceTable() {
	t := table{Caption: w.word("part.sources"), Wide: true}
	t.Head = [][]cell{heads(w.word("source.title"), w.word("source.family"), w.word("source.licence"), w.word("source.attribution"),
		w.word("source.redistribute"), w.word("source.listed"), w.word("source.withheld"))}
	for _, s := range w.b.Sources {
		yes := w.word("source.no")
		if s.Redistribute {
			yes = w.word("source.yes")
		}
		t.Rows = append(t.Rows, tableRow{ID: "source-" + string(s.ID), Cells: []cell{
			{Line: w.data(s.Title), Head: true}, {Line: w.word("family." + string(s.Family))}, {Line: w.declared(s.Licence)},
			{Line: w.declared(s.Attribution)}, {Line: yes}, numberCell(w.integer(s.Listed)), numberCell(w.integer(s.Withheld)),
		}})
	}
	w.art.table(t)
	w.art.note(w.word("source.note"))
}

func (w *writer) declared(s string) line {
	if s == "" {
		return w.word("source.undeclared")
	}
	return w.data(s)
}
