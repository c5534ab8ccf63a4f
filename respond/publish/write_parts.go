package publish

import (
	"slices"

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
	case partWindows:
		w.windowList()
	case partRestrictions:
		w.restrictions()
	case partWithdrawal:
		w.headList()
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
	received := false
	for _, key := range part.Tables {
		w.countTable(w.tables[key])
		received = received || w.tables[key].Subject == subjectReceived
	}
	if received {
		w.art.note(w.word("note.received"))
	}
	if part.Key != partRestrictions { // told as restrictions, each with its row
		w.rowSentences(part)
	}
	w.unlisted(part)
	told := w.alsoTold(part)
	w.absenceList(part, told)
}

// withdrawalHeads are the fixed heads of the part on withdrawal (handbook, 6.2).
var withdrawalHeads = [...]string{"inside_distance", "beyond_line_outside_store", "missing_or_unverified"}

// headList gives each fixed head its rows, once a rule tells of anything under one of them.
func (w *writer) headList() {
	var rows [len(withdrawalHeads)]truce.RowSet
	some := false
	for i := range w.b.Rows {
		for _, f := range w.b.Rows[i].Findings {
			for k, head := range withdrawalHeads {
				if slices.Contains(f.Reported, head) {
					rows[k].Add(w.b.Rows[i].N)
					some = true
				}
			}
		}
	}
	if !some {
		return
	}
	var items []item
	for k, head := range withdrawalHeads {
		told := w.word("heads.none")
		if rows[k].Len() > 0 {
			told = w.rowLinks(rows[k])
		}
		items = append(items, item{Line: w.say("heads.rows", with("head", w.word("reported."+head)), with("rows", told))})
	}
	w.art.list(items)
}

// alsoTold names the rows of other parts that a rule of this one speaks of, and says
// whether there are any; the part of windows names what a rule exempts.
func (w *writer) alsoTold(part truce.Part) bool {
	var items []item
	for _, r := range w.b.Rules {
		if rows := w.elsewhere[part.Key][r.ID]; rows.Len() > 0 {
			items = append(items, item{Line: w.say("part.also", with("rule", w.data(string(r.ID))), with("clause", w.clause(r.ID)),
				with("rows", w.rowLinks(rows)))})
		}
	}
	if exempt := w.elsewhere[partWindows][""]; part.Key == partWindows && exempt.Len() > 0 {
		items = append(items, item{Line: w.say("part.exempt", with("rows", w.rowLinks(exempt)))})
	}
	w.art.list(items)
	return len(items) > 0
}

// rowsElsewhere lists, by part and rule, the rows that a rule told in the part speaks of
// and that are told in another; under the part of windows and no rule, what is exempt.
func rowsElsewhere(b truce.Bulletin) map[string]map[truce.RuleID]truce.RowSet {
	parts := map[truce.RuleID]string{}
	for _, r := range b.Rules {
		if len(r.Acts) > 0 {
			parts[r.ID] = partOf(r.Acts[0])
		}
	}
	out := map[string]map[truce.RuleID]truce.RowSet{}
	add := func(part string, rule truce.RuleID, r *truce.BulletinRow) {
		if part == "" || part == r.Part {
			return
		}
		if out[part] == nil {
			out[part] = map[truce.RuleID]truce.RowSet{}
		}
		rows := out[part][rule]
		rows.Add(r.N)
		out[part][rule] = rows
	}
	for i := range b.Rows {
		r := &b.Rows[i]
		for _, f := range r.Findings {
			if f.Verdict != truce.VerdictOutside {
				add(parts[f.Rule], f.Rule, r)
			}
			if f.Verdict == truce.VerdictExempt && f.Window == "" { // a window names its own
				add(partWindows, "", r)
			}
		}
	}
	return out
}

// unlisted says how many rows of the part are counted without being listed.
func (w *writer) unlisted(part truce.Part) {
	if part.Unlisted > 0 {
		w.art.text(w.say("part.unlisted", with("n", w.countOf(part.Unlisted, "unit.row"))))
	}
}

// drawing puts the map on the page with its note; a printing without pictures leaves out
// both.
func (w *writer) drawing() {
	if len(w.opt.Map) == 0 {
		return
	}
	w.art.svg = w.opt.Map
	w.art.blocks = append(w.art.blocks, block{Kind: blockMap, Line: w.underMap()})
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
	w.art.text(w.say("summary.minimum", with("min", w.minimum(w.b.CoverageMin))))
	w.art.text(w.word("summary.units"))
}

func (w *writer) ruleSentence(t *truce.CountTable) line {
	args := []arg{with("rule", w.data(string(t.Rule))), with("clause", w.clause(t.Rule)), with("title", w.ruleTitle(t.Rule)),
		with("coverage", w.share(t.Rule, t.Total.Coverage))}
	now := func(c truce.CountCell) (int, truce.FigureForm) { return c.This.N + c.Preliminary.N, c.This.Form }
	out := w.ruleCounts("summary.rule", t, now, func(split int) line { return w.withPreliminary(t, split) }, args)
	if t.Total.Cells[0].Previous == nil {
		return join(" ", out, w.word("summary.not_comparable"))
	}
	before := func(c truce.CountCell) (int, truce.FigureForm) { return c.Previous.N, c.Previous.Form }
	say := func(split int) line {
		n, form := before(t.Total.Cells[split])
		return w.figure(n, form, t.Splits[split].Unit, true)
	}
	return join(" ", out, w.ruleCounts("summary.before", t, before, say, []arg{with("coverage", w.share(t.Rule, t.Total.PreviousCoverage))}))
}

// withPreliminary is a total with the preliminary number beside it, never added to it.
func (w *writer) withPreliminary(t *truce.CountTable, split int) line {
	c := t.Total.Cells[split]
	l := w.linked(t, lineTotal, split, c.This, true)
	if c.Preliminary.N == 0 {
		return l
	}
	early := w.linkedAs(t, lineTotal, split, c.Preliminary, false, ".preliminary")
	return join(" ", l, w.say("summary.and_preliminary", with("n", early)))
}

// ruleCounts says how many met the conditions, were exempt or not decided, in one word
// where nothing was; heat events stand beside the incidents where there are any.
func (w *writer) ruleCounts(key string, t *truce.CountTable, count func(truce.CountCell) (int, truce.FigureForm), say func(split int) line, args []arg) line {
	if form, empty := emptyForm(t, count); empty {
		return w.say(key+"_empty", append(args, with("none", w.word("none."+string(form))))...)
	}
	for _, v := range [...]truce.Verdict{truce.VerdictHit, truce.VerdictExempt, truce.VerdictIndeterminate} {
		var shown []line
		for i, s := range t.Splits {
			of, heat := isHeat(s)
			n, _ := count(t.Total.Cells[i])
			if of == string(v) && (n > 0 || !heat && !heatCounts(t, v, count)) {
				shown = append(shown, say(i))
			}
		}
		args = append(args, with(string(v), join(", ", shown...)))
	}
	return w.say(key, args...)
}

// heatCounts says whether heat alone has a number under a verdict: then no word for
// nothing stands beside it.
func heatCounts(t *truce.CountTable, v truce.Verdict, count func(truce.CountCell) (int, truce.FigureForm)) bool {
	i := slices.IndexFunc(t.Splits, func(s truce.CountSplit) bool { return s.Key == heatPrefix+string(v) })
	if i < 0 {
		return false
	}
	n, _ := count(t.Total.Cells[i])
	return n > 0
}

// emptyForm is how a table's total reads when nothing at all was counted in it.
func emptyForm(t *truce.CountTable, count func(truce.CountCell) (int, truce.FigureForm)) (truce.FigureForm, bool) {
	_, first := count(t.Total.Cells[0])
	for _, c := range t.Total.Cells {
		if n, form := count(c); n > 0 || form != first {
			return first, false
		}
	}
	return first, true
}

// cloudList has a line for each day and source.
func (w *writer) cloudList() {
	var items []item
	for i := 0; i < len(w.b.Clouds); {
		c, from := w.b.Clouds[i], i
		for i < len(w.b.Clouds) && w.b.Clouds[i].Day == c.Day && w.b.Clouds[i].Source == c.Source {
			i++
		}
		same := w.b.Clouds[from:i]
		areas := w.each(len(same), func(i int) line {
			return w.say("cloud.area", with("area", w.cloudArea(same[i].Area)), with("cover", w.percent(truce.Probability(same[i].Cover))))
		})
		items = append(items, item{Line: w.say("cloud", with("day", w.day(c.Day)), with("areas", areas), with("source", w.sourceTitle(c.Source)))})
	}
	w.art.list(items)
}

// cloudArea is an area's name where the clouds' source means one, else its own word.
func (w *writer) cloudArea(area string) line {
	if _, agreed := w.areas[truce.AreaID(area)]; agreed {
		return w.areaName(truce.AreaID(area))
	}
	return w.data(area)
}

// sourceAgreement is the source of lines that the agreement itself draws.
const sourceAgreement truce.SourceID = "agreement"

// sourceTitle is what a source is called, its id when it is not in the list.
func (w *writer) sourceTitle(id truce.SourceID) line {
	for _, s := range w.b.Sources {
		if s.ID == id && s.Title != "" {
			return w.data(s.Title)
		}
	}
	if id == sourceAgreement {
		return w.word("source.agreement")
	}
	return w.data(string(id))
}

func (w *writer) lineList() {
	if len(w.b.Lines) == 0 {
		w.art.text(w.word("line.none"))
		return
	}
	var items []item
	for _, l := range w.b.Lines {
		items = append(items, item{Line: w.say("line", with("id", w.data(string(l.ID))), with("map", w.data(l.Map)),
			with("version", w.data(l.Version)), with("source", w.sourceTitle(l.Source)), with("accuracy", w.measure("m", l.AccuracyM, 0)),
			with("contact", w.km(l.ContactKm)), with("border", w.km(l.BorderKm)), with("coast", w.km(l.CoastKm)))})
	}
	w.art.list(items)
	w.art.note(w.boundaryNote())
}

func heads(lines ...line) []cell {
	var out []cell
	for _, l := range lines {
		out = append(out, cell{Line: l, Head: true})
	}
	return out
}

func numberCell(l line) cell { return cell{Line: l, Number: true} }

func (w *writer) sourceTable() {
	t := table{Caption: w.word("part.sources"), Wide: true}
	t.Head = [][]cell{heads(w.word("source.title"), w.word("source.family"), w.word("source.licence"), w.word("source.attribution"),
		w.word("source.redistribute"), w.word("source.listed"), w.word("source.withheld"))}
	for _, s := range w.b.Sources {
		yes := w.word("source.no")
		if s.Redistribute {
			yes = w.word("source.yes")
		}
		t.Rows = append(t.Rows, tableRow{ID: sourceAnchor(s.ID), Cells: []cell{
			{Line: w.data(s.Title), Head: true}, {Line: w.word("family." + string(s.Family))}, {Line: w.declared(s.Licence)},
			{Line: w.declared(s.Attribution)}, {Line: yes}, numberCell(w.integer(s.Listed)), numberCell(w.integer(s.Withheld)),
		}})
	}
	w.art.table(t)
	w.art.note(w.word("source.note"))
}

func sourceAnchor(id truce.SourceID) string { return "source-" + string(id) }

func (w *writer) declared(s string) line {
	if s == "" {
		return w.word("source.undeclared")
	}
	return w.data(s)
}
