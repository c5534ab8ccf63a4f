package publish

import (
	"time"

	"github.com/trucewatch/truce"
)

// windowList tells each window of the period and what stands to it.
func (w *writer) windowList() {
	if !w.b.WindowsKnown {
		return
	}
	if len(w.b.Windows) == 0 {
		w.art.text(w.word("windows.none"))
		return
	}
	var items []item
	for _, x := range w.b.Windows {
		items = append(items, item{ID: windowAnchor(x.ID), Line: w.windowSentence(x)})
	}
	w.art.list(items)
	w.art.note(w.word("windows.note"))
}

func windowAnchor(id string) string { return "window-" + id }

func (w *writer) windowSentence(x truce.WindowRow) line {
	kind := w.word("window." + x.Kind)
	parts := []line{
		w.say("window", with("window", w.data(x.ID)), with("kind", kind), with("bearer", w.partyName(x.Bearer)),
			with("hours", w.say("head.period_value", with("from", w.moment(x.Period.From)), with("to", w.moment(x.Period.To)))),
			with("place", w.windowPlace(x))),
		w.say("window.notified", with("party", w.partyName(x.NotifiedBy)), with("time", w.moment(x.NotifiedAt)), with("acknowledged", w.acknowledged(x))),
	}
	if x.ObjectedAt != 0 {
		parts = append(parts, w.say("window.objected", with("time", w.moment(x.ObjectedAt))))
	}
	for _, o := range x.Objections {
		parts = append(parts, w.say("window.objected_by", with("party", w.partyName(o.By)), with("time", w.moment(o.At))))
	}
	for _, e := range x.Extensions {
		key := "window.extension_void"
		if e.Counts {
			key = "window.extended"
		}
		parts = append(parts, w.say(key, with("time", w.moment(e.At)), with("until", w.moment(e.To))))
	}
	if x.Late() {
		ahead := max(0, x.Period.From.Sub(x.NotifiedAt).Hours())
		parts = append(parts, w.say("window.late", with("ahead", w.hours(ahead)), with("asked", w.hours(x.Asked.Duration().Hours()))))
	}
	parts = append(parts, w.windowState(x))
	for _, c := range x.Counts {
		parts = append(parts, w.windowCount(c))
	}
	return join(" ", parts...)
}

// windowState says how far it had come at the cut-off.
func (w *writer) windowState(x truce.WindowRow) line {
	switch x.State {
	case truce.WindowCancelled, truce.WindowSuperseded:
		return w.say("window."+string(x.State), with("time", w.moment(x.ChangedAt)))
	case truce.WindowObjected:
		return w.word("window.not_in_effect")
	}
	return w.word("window." + string(x.State))
}

// acknowledged is who acknowledged a window and when, all of them. Silence is said to be
// that.
func (w *writer) acknowledged(x truce.WindowRow) line {
	var gave []line
	if x.AckedBy != "" && x.AckedAt != 0 {
		gave = append(gave, w.acked(x.AckedBy, x.AckedAt))
	}
	for _, a := range x.Acks {
		gave = append(gave, w.acked(a.By, a.At))
	}
	switch {
	case x.NoAnswer && gave == nil:
		return w.word("window.no_answer")
	case x.NoAnswer:
		gave = append(gave, w.word("window.no_answer_others"))
	case gave == nil:
		return w.word("window.not_acked")
	}
	return join(", ", gave...)
}

func (w *writer) acked(by truce.PartyID, at truce.Instant) line {
	return w.say("window.acked", with("party", w.partyName(by)), with("time", w.moment(at)))
}

// windowPlace is a cell, the name of a zone, or where it can be read.
func (w *writer) windowPlace(x truce.WindowRow) line {
	switch {
	case x.Place.Cell != nil:
		out := w.say("where.cell", with("cell", w.data(x.Place.Cell.ID)))
		if x.Place.WithinKm > 0 {
			out = join(", ", out, w.say("where.within", with("km", w.km(float64(x.Place.WithinKm)))))
		}
		return out
	case x.Place.Withheld != "":
		return w.word("where.withheld_" + x.Place.Withheld)
	case len(x.Zone) > 0:
		return w.say("window.zone", with("zone", w.data(x.Zone.In(w.lang))))
	default:
		return w.word("window.place_agreement")
	}
}

// rowsNamed are the rows of a set, linked, as one row or several.
func (w *writer) rowsNamed(set truce.RowSet) line {
	return w.fill("rows.named", w.template("rows.named", pluralOf(w.lang, set.Len())), []arg{with("rows", w.rowLinks(set))})
}

// windowCount is how many incidents a window covers, or is near without covering them,
// with the rows they are.
func (w *writer) windowCount(c truce.WindowCount) line {
	key := "window." + c.Key
	if c.N == 0 {
		return w.word(key + "_none")
	}
	var rows []line
	if c.Rows.Len() > 0 {
		rows = append(rows, w.rowsNamed(c.Rows))
	}
	if c.Unlisted > 0 {
		rows = append(rows, w.say("index.unlisted", with("n", w.integer(c.Unlisted))))
	}
	return w.say(key, with("n", w.quantity(c.N, c.Unit)), with("rows", join("; ", rows...)))
}

// restrictions tells what kept the mission from observing, in order of the rows; behind
// what was made from a row stands what the rules say of it.
func (w *writer) restrictions() {
	var items []item
	for _, r := range w.b.Restrictions[:min(len(w.b.Restrictions), PartItems)] {
		items = append(items, item{ID: "restriction-" + r.ID, Line: w.restriction(r)})
	}
	w.art.list(items)
	if more := len(w.b.Restrictions) - len(items); more > 0 {
		w.art.text(w.say("coverage.gaps_more", with("n", w.countOf(more, "unit.restriction"))))
	}
	if len(items) > 0 {
		w.art.note(w.word("restrictions.note"))
	}
}

func (w *writer) restriction(r truce.Restriction) line {
	row, fromRow := w.row(r.Row)
	when := w.span(truce.PhenomenonTime{From: r.Period.From, To: r.Period.To, Sigma: truce.MicrosOf(time.Minute)})
	parts := []line{w.say("restriction", with("time", when), with("kind", w.word("restriction."+r.Kind)), with("asset", w.asset(r.Asset)),
		with("place", w.restrictionPlace(r)), with("area", w.areaName(r.Area)), with("hours", w.affected(r.AffectedHours)))}
	if !fromRow {
		return parts[0]
	}
	number := w.integer(r.Row)
	if w.onPage(r.Row) {
		number = number.link(rowAnchor(r.Row))
	}
	parts[0] = join(" ", w.say("restriction.row", with("row", number)), parts[0])
	if row.Carried {
		parts = append(parts, w.word("row.carried"))
	}
	parts = append(parts, w.stateSentence(row))
	for _, f := range row.Findings {
		parts = append(parts, w.findingSentence(f))
	}
	return join(" ", parts...)
}

// asset is what was stopped: a family by its name, what was entered by hand as it is.
func (w *writer) asset(asset string) line {
	if asset == "" {
		return w.word("asset.")
	}
	if _, known := w.words["asset."+asset]; known {
		return w.word("asset." + asset)
	}
	return w.data(asset)
}

// restrictionPlace is an agreed name or a cell, never a position.
func (w *writer) restrictionPlace(r truce.Restriction) line {
	switch {
	case r.Place != "":
		return w.say("where.place", with("place", w.placeName(r.Place)))
	case r.Where == nil:
		return w.areaName(r.Area)
	case r.Where.Cell != nil:
		out := w.say("where.cell", with("cell", w.data(r.Where.Cell.ID)))
		if r.Where.WithinKm > 0 {
			out = join(", ", out, w.say("where.within", with("km", w.km(float64(r.Where.WithinKm)))))
		}
		return out
	case r.Where.Withheld != "":
		return w.word("where.withheld_" + r.Where.Withheld)
	default:
		return w.word("where.none")
	}
}

func (w *writer) affected(hours float64) line {
	if hours <= 0 {
		return w.word("coverage.unknown")
	}
	return w.hours(hours)
}
