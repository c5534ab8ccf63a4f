package publish

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"github.com/trucewatch/truce"
)

// coverageLists prints lines and maps, who could have seen, clouds and gaps.
func (w *writer) coverageLists() {
	w.art.subheading(w.word("lines.title"))
	w.lineList()
	w.art.subheading(w.word("coverage.title"))
	if len(w.b.Coverage) == 0 {
		w.art.text(w.word("coverage.none"))
	}
	w.satelliteTable()
	w.cloudList()
	w.watchTable()
	w.unstatedFamilies()
	w.gapList()
}

// satelliteTable has the passes of heat satellites by area.
func (w *writer) satelliteTable() {
	t := table{Caption: w.word("coverage.satellites"), Wide: true}
	t.Head = [][]cell{heads(w.word("col.area"), w.word("coverage.passes"), w.word("coverage.cloud"), w.word("coverage.observed"),
		w.word("coverage.planned"), w.word("coverage.share"), w.word("coverage.basis"))}
	for _, c := range w.b.Coverage {
		if c.Family != truce.FamilyThermal {
			continue
		}
		cloud := w.word("coverage.unknown")
		if c.Cloud != nil {
			cloud = w.percent(truce.Probability(*c.Cloud))
		}
		t.Rows = append(t.Rows, tableRow{Cells: []cell{
			{Line: w.areaOrAll(c.Area), Head: true}, numberCell(w.integer(len(c.Passes))), numberCell(cloud),
			numberCell(w.hours(c.ObservedHours)), numberCell(w.hours(c.PlannedHours)), numberCell(w.statedShare(c)), {Line: w.data(c.Basis)},
		}})
	}
	w.art.table(t)
}

// watchTable has the hours of every other family by area, with what the mission states of
// each below.
func (w *writer) watchTable() {
	watch := coverageOf(w.b.Coverage)
	var areas []truce.AreaID
	var families []truce.Family
	for _, c := range w.b.Coverage {
		if c.Family == truce.FamilyThermal || !stated(c) {
			continue
		}
		if !slices.Contains(areas, c.Area) {
			areas = append(areas, c.Area)
		}
		if !slices.Contains(families, c.Family) {
			families = append(families, c.Family)
		}
	}
	t := table{Caption: w.word("coverage.watch"), Wide: len(families) > 2}
	head := []line{w.word("col.area")}
	for _, f := range families {
		head = append(head, w.word("family."+string(f)))
	}
	t.Head = [][]cell{heads(head...)}
	for _, area := range areas {
		cells := []cell{{Line: w.areaOrAll(area), Head: true}}
		for _, f := range families {
			cells = append(cells, numberCell(w.watchCell(watch[area][f])))
		}
		t.Rows = append(t.Rows, tableRow{Cells: cells})
	}
	w.art.table(t)
	if len(areas) > 0 {
		w.watchBases(families)
		w.art.note(w.word("coverage.note"))
	}
}

// watchCell is the share of the planned hours with the hours themselves.
func (w *writer) watchCell(h *hours) line {
	switch {
	case h == nil:
		return w.word("coverage.no_watch")
	case h.planned == 0:
		return w.percent(h.value())
	}
	return w.say("coverage.cell", with("share", w.percent(h.value())), with("observed", w.measure("hours", tenths(h.observed), 1)),
		with("planned", w.measure("hours", tenths(h.planned), 1)))
}

// tenths rounds hours to what is printed of them.
func tenths(h float64) float64 { return math.Round(h*10) / 10 }

// watchBases says where the numbers come from, once for families and areas that share it.
func (w *writer) watchBases(families []truce.Family) {
	var bases []string
	of := map[string][]truce.Family{}
	for _, f := range families {
		for _, c := range w.b.Coverage {
			if c.Family != f || !stated(c) || c.Basis == "" || slices.Contains(of[c.Basis], f) {
				continue
			}
			if of[c.Basis] == nil {
				bases = append(bases, c.Basis)
			}
			of[c.Basis] = append(of[c.Basis], f)
		}
	}
	var items []item
	for _, basis := range bases {
		who := w.each(len(of[basis]), func(i int) line { return w.word("family." + string(of[basis][i])) })
		items = append(items, item{Line: w.say("coverage.basis_of", with("family", who), with("basis", w.data(basis)))})
	}
	w.art.list(items)
}

// unstatedFamilies names those who reported without a stated watch.
func (w *writer) unstatedFamilies() {
	var names []line
	var seen []truce.Family
	for _, c := range w.b.Coverage {
		if c.Family != truce.FamilyThermal && !stated(c) && !slices.Contains(seen, c.Family) {
			seen = append(seen, c.Family)
			names = append(names, w.word("family."+string(c.Family)))
		}
	}
	if len(names) > 0 {
		w.art.text(w.say("coverage.unstated", with("families", join(", ", names...))))
	}
}

// gapOf is a gap with whose it is.
type gapOf struct {
	truce.Gap
	family truce.Family
}

// gapList prints the gaps in order of time, at most AnnexRows of them; areas with the same
// gap share one.
func (w *writer) gapList() {
	var order []gapOf
	areas := map[gapOf][]truce.AreaID{}
	for _, c := range w.b.Coverage {
		for _, g := range c.Gaps {
			key := gapOf{g, c.Family}
			if areas[key] == nil {
				order = append(order, key)
			}
			if !slices.Contains(areas[key], c.Area) {
				areas[key] = append(areas[key], c.Area)
			}
		}
	}
	if len(order) == 0 {
		return
	}
	slices.SortStableFunc(order, func(a, b gapOf) int { return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To)) })
	w.art.subheading(w.word("coverage.gaps_title"))
	var items []item
	for _, g := range order[:min(len(order), AnnexRows)] {
		items = append(items, item{Line: w.gap(g, areas[g])})
	}
	w.art.list(items)
	if more := len(order) - len(items); more > 0 {
		w.art.text(w.say("coverage.gaps_more", with("n", w.countOf(more, "unit.gap"))))
	}
}

// gap is one gap in words: a sensor's where the edition names it, else the family's.
func (w *writer) gap(g gapOf, areas []truce.AreaID) line {
	who := w.word("family." + string(g.family))
	if g.Sensor != "" {
		who = w.say("coverage.sensor", with("family", who), with("sensor", w.data(string(g.Sensor))))
	}
	out := w.say("coverage.gap", with("areas", w.each(len(areas), func(i int) line { return w.areaOrAll(areas[i]) })),
		with("family", who), with("when", w.stretch(truce.Period{From: g.From, To: g.To})), with("reason", w.gapReason(g.Reason)))
	if g.Row > 0 {
		out = join(" ", out, w.say("coverage.gap_row", with("row", w.rowLink(g.Row))))
	}
	return out
}

// gapReason is a reason in the printer's language where the catalogue has it.
func (w *writer) gapReason(reason string) line {
	if truce.Act(reason).Known() {
		return w.word("act." + reason)
	}
	if _, known := w.words["gap."+reason]; known {
		return w.word("gap." + reason)
	}
	return w.data(strings.TrimSuffix(reason, "."))
}

// stretch is the bulletin's own period by name and any other by its ends, with the date
// once where both have the same.
func (w *writer) stretch(p truce.Period) line {
	if p.From == w.b.Period.From && p.To == w.b.Period.To {
		return w.word("when.period")
	}
	form := dayForm(w.lang) + " 15:04"
	from, to := p.From.Time(), p.To.Time()
	here, there := from.In(w.zone), to.In(w.zone)
	utc := w.data(from.Format(form) + " – " + to.Format(localForm(form, from, to)))
	if _, offset := here.Zone(); offset == 0 {
		return w.say("time.utc", with("utc", utc))
	}
	local := here.Format(localForm(form, from, here)) + " – " + there.Format(localForm(form, to, there))
	return w.say("time.zone", with("utc", utc), with("local", w.data(local)), with("zone", w.data(offsetName(here))))
}
