package publish

import (
	"math"
	"slices"
	"strconv"

	"github.com/trucewatch/truce"
)

// rowSentences tells the first rows of a part: what was observed, whether it happened,
// what each rule says of it.
func (w *writer) rowSentences(part truce.Part) {
	if part.Key == PartSummary || part.Rows.Len() == 0 {
		return
	}
	var items []item
	for n := range part.Rows.All() {
		if len(items) == PartRows {
			break
		}
		if r, ok := w.row(n); ok {
			items = append(items, item{Line: w.rowSentence(r)})
		}
	}
	w.art.list(items)
	if total := part.Rows.Len(); total > len(items) {
		w.art.text(w.say("part.shown", with("shown", w.integer(len(items))), with("total", w.integer(total))))
	}
}

// row finds a row by its number; the public edition may have left it out.
func (w *writer) row(n int) (truce.BulletinRow, bool) {
	i, found := slices.BinarySearchFunc(w.b.Rows, n, func(r truce.BulletinRow, n int) int { return r.N - n })
	if !found {
		return truce.BulletinRow{}, false
	}
	return w.b.Rows[i], true
}

func (w *writer) rowSentence(r truce.BulletinRow) line {
	number := w.integer(r.N)
	if w.onPage(r.N) {
		number = number.link(rowAnchor(r.N))
	}
	key := "row.recorded"
	if r.Occurrence == truce.OccurrenceReported {
		key = "row.reported"
	}
	means := r.Means
	if saysHeat(r) {
		key, means = "row.reported_heat", slices.DeleteFunc(slices.Clone(means), thermalOnly)
	}
	parts := []line{w.say(key, with("row", number), with("time", w.when(r.Time)), with("act", w.word("act."+string(r.Act))),
		with("means", w.families(means)), with("where", w.where(r)), with("observations", w.countOf(r.Observations, "unit.observation")))}
	if r.Carried {
		parts = append(parts, w.word("row.carried"))
	}
	parts = append(parts, w.stateSentence(r))
	for _, f := range r.Findings {
		parts = append(parts, w.findingSentence(f))
	}
	for _, l := range r.Labels {
		parts = append(parts, w.say("row.label", with("label", w.word("label."+string(l)))))
	}
	return join(" ", parts...)
}

// heatBeside is the heat that satellites saw where somebody told of an act.
func (w *writer) heatBeside(r truce.BulletinRow) line {
	if !saysHeat(r) {
		return nil
	}
	return w.word("row.heat")
}

func (w *writer) stateSentence(r truce.BulletinRow) line {
	return w.say("row.state", with("state", w.word("occurrence."+string(r.Occurrence))), with("p", w.probability(r.P)),
		with("attribution", w.word("attribution."+r.Attribution)))
}

// findingSentence says what one rule makes of the row; outside its scope it says nothing,
// unless the parties read the scope differently.
func (w *writer) findingSentence(f truce.RowFinding) line {
	if f.Verdict == truce.VerdictOutside && len(f.Readings)+len(f.Reported) == 0 {
		return nil
	}
	args := []arg{with("rule", w.data(string(f.Rule))), with("clause", w.clause(f.Rule))}
	var parts []line
	switch {
	case f.Verdict == truce.VerdictOutside:
		parts = append(parts, w.say("row.outside", args...))
	case f.Verdict == truce.VerdictHit:
		parts = append(parts, w.hitSentence(f, args))
	case f.Verdict == truce.VerdictExempt:
		parts = append(parts, w.exemptSentence(f, args))
	case w.rules[f.Rule].Kind == truce.RuleClaim:
		parts = append(parts, w.claimSentence(f, args))
	default:
		parts = append(parts, w.say("row.indeterminate", append(args, with("reason", w.word("reason."+string(f.Reason))))...))
		if f.P > 0 { // 0 says that nothing could be reckoned, not that it is impossible
			parts = append(parts, w.say("row.indeterminate_p", with("p", w.chance(f.P))))
		}
	}
	if len(f.Readings) > 0 {
		parts = append(parts, w.readings(f.Readings))
	}
	parts = append(parts, w.beside(f)...)
	return join(" ", parts...)
}

// beside is what a finding says beside its verdict: how many were seen, under which heads
// the rule tells of it, whose duty it was and what a claim answers.
func (w *writer) beside(f truce.RowFinding) []line {
	var out []line
	if n := f.Number; n != nil && (n.Allowed > 0 || n.AtMost > 1) {
		key, args := "row.number", []arg{with("least", w.integer(n.AtLeast))}
		if n.AtMost > n.AtLeast { // a number that is made and not printed is found as missing
			key, args = "row.number_open", append(args, with("most", w.integer(n.AtMost)))
		}
		out = append(out, w.say(key, append(args, with("allowed", w.integer(n.Allowed)))...))
	}
	for _, head := range f.Reported {
		out = append(out, w.say("row.reported_under", with("head", w.word("reported."+head))))
	}
	if len(f.Bearer) > 0 {
		parts := w.each(len(f.Bearer), func(i int) line {
			return w.say("row.bearer_share", with("party", w.partyName(f.Bearer[i].Party)), with("p", w.chance(f.Bearer[i].P)))
		})
		out = append(out, w.say("row.bearer", with("parties", parts)))
	}
	if len(f.Chain) > 0 {
		out = append(out, w.say("row.chain", with("chain", w.each(len(f.Chain), func(i int) line { return w.data(f.Chain[i]) }))))
	}
	return out
}

func (w *writer) hitSentence(f truce.RowFinding, args []arg) line {
	args = append(args, with("p", w.chance(f.P)))
	var out line
	switch {
	case f.CountedUnder != "":
		out = w.say("row.hit_elsewhere", append(args, with("other", w.data(string(f.CountedUnder))))...)
	case f.Count == 0:
		out = w.say("row.hit_uncounted", args...)
	default:
		out = w.say("row.hit", append(args, with("quantity", w.quantity(f.Count, f.Unit)))...)
	}
	if f.Severity > 0 {
		out = join(" ", out, w.say("row.severity", with("grade", w.integer(f.Severity)), with("most", w.integer(gravest))))
	}
	return out
}

// claimSentence tells a claim by its conditions. Whether it is right is for people.
func (w *writer) claimSentence(f truce.RowFinding, args []arg) line {
	if len(f.Conditions) == 0 {
		return w.say("row.claim", args...)
	}
	var list []line
	for _, c := range f.Conditions {
		list = append(list, w.say("row.condition", with("condition", w.word("condition."+c.Name)), with("state", w.word("state."+string(c.State)))))
	}
	return w.say("row.claim_conditions", append(args, with("conditions", join("; ", list...)))...)
}

// readings gives every reading of a rule its verdict, in the order of the agreement.
func (w *writer) readings(list []truce.Reading) line {
	var parts []line
	for _, r := range list {
		parts = append(parts, w.say("row.reading", with("by", w.reader(r.By)), with("verdict", w.word("verdict."+string(r.Verdict))), with("p", w.chance(r.P))))
	}
	return w.say("row.readings", with("readings", join("; ", parts...)))
}

func (w *writer) reader(by string) line {
	if by == readingShared || by == readingAll {
		return w.word("reading." + by)
	}
	return w.partyName(truce.PartyID(by))
}

// Readings that are of no single party.
const (
	readingShared = "intersection"
	readingAll    = "union"
)

// exemptSentence names the window that covers a row, who notified it and when; a window of
// another period is named alone.
func (w *writer) exemptSentence(f truce.RowFinding, args []arg) line {
	if f.Window == "" {
		return w.say("row.exempt", args...)
	}
	i := slices.IndexFunc(w.b.Windows, func(x truce.WindowRow) bool { return x.ID == f.Window })
	if i < 0 {
		return w.say("row.exempt_window", append(args, with("window", w.data(f.Window)))...)
	}
	x := w.b.Windows[i]
	return w.say("row.exempt_notified", append(args, with("window", w.data(x.ID).link("#"+windowAnchor(x.ID))), with("kind", w.word("window."+x.Kind)),
		with("party", w.partyName(x.NotifiedBy)), with("time", w.moment(x.NotifiedAt)), with("acknowledged", w.acknowledged(x)))...)
}

// where is a row's place, as finely as the edition has it.
func (w *writer) where(r truce.BulletinRow) line {
	parts := []line{w.nearName(r.Place)}
	switch p := r.Place; {
	case p.Lat != nil && p.Lon != nil:
		digits := degreeDigits(p.RadiusM)
		parts = append(parts, w.say("where.point", with("lat", w.degrees(*p.Lat, digits)), with("lon", w.degrees(*p.Lon, digits)), with("radius", w.radius(p.RadiusM))))
	case p.Cell != nil:
		parts = append(parts, w.say("where.cell", with("cell", w.data(p.Cell.ID))))
		if p.WithinKm > 0 {
			parts = append(parts, w.say("where.within", with("km", w.km(float64(p.WithinKm)))))
		}
	case p.Withheld != "":
		parts = append(parts, w.word("where.withheld_"+p.Withheld))
	}
	if out := join(", ", parts...); len(out) > 0 {
		return out
	}
	if r.Area != "" {
		return w.areaName(r.Area)
	}
	return w.word("where.none")
}

// nearName is the place as its source named it, else how it lies from the nearest agreed
// name. Nearer than its own error, it is near the name and in no direction from it.
func (w *writer) nearName(p truce.RowPlace) line {
	switch near := p.Near; {
	case p.Name != "":
		return w.say("where.place", with("place", w.placeName(p.Name)))
	case near == nil:
		return nil
	case near.DistanceM <= p.RadiusM:
		return w.say("where.place", with("place", w.placeName(near.Name)))
	default:
		return w.say("where.from", with("distance", w.kmNear(near.DistanceM)), with("bearing", w.word("bearing."+compassPoint(near.Bearing))),
			with("place", w.placeName(near.Name)))
	}
}

// kmNear keeps a decimal of a short distance.
func (w *writer) kmNear(m float64) line {
	if m < 10_000 {
		return w.measure("km", math.Max(0.1, math.Round(m/100)/10), 1)
	}
	return w.km(m / 1000)
}

// compassPoint is the nearest of the eight points.
func compassPoint(deg float64) string {
	points := [...]string{"n", "ne", "e", "se", "s", "sw", "w", "nw"}
	return points[int(math.Round(deg/45))%len(points)]
}

// degreeDigits is how many decimals of a degree a position is printed with: about a tenth
// of its error, for more would look like knowledge.
func degreeDigits(radiusM float64) int {
	const metresADegree = 111_000
	if radiusM <= 0 {
		return 5
	}
	return min(max(int(math.Ceil(math.Log10(10*metresADegree/radiusM))), 2), 5)
}

// degrees are plain, in every language with a point: they are for copying.
func (w *writer) degrees(v float64, digits int) line { return w.data(decimal(v, digits)) }

func (w *writer) radius(m float64) line {
	if m >= 10000 {
		return w.km(m / 1000)
	}
	return w.measure("m", m, 0)
}

// annex prints one line per incident, as many as asked, and says how many there are.
func (w *writer) annex() {
	total := len(w.b.Rows)
	if total == 0 {
		w.art.text(w.word("annex.none"))
		return
	}
	w.art.text(w.say("annex.shown", with("shown", w.integer(w.shown)), with("total", w.integer(total))))
	if links := w.fullLinks(); len(links) > 0 {
		w.art.text(w.say("annex.full", with("links", links)))
	}
	t := table{Caption: w.word("part.annex"), Wide: true}
	where := w.word("annex.where")
	if w.b.Edition == truce.EditionMission {
		where = w.say("annex.where_radius", with("share", w.percent(radiusShare)))
	}
	names := []line{w.word("annex.row"), w.word("annex.time"), where}
	for _, key := range [...]string{"area", "means", "quantity", "act", "direction", "occurrence", "rules", "sources", "version"} {
		names = append(names, w.word("annex."+key))
	}
	t.Head = [][]cell{heads(names...)}
	for _, r := range w.b.Rows[:w.shown] {
		t.Rows = append(t.Rows, tableRow{ID: "row-" + strconv.Itoa(r.N), Cells: w.annexCells(r)})
	}
	w.art.table(t)
}

func (w *writer) fullLinks() line {
	var links []line
	if w.opt.JSONURL != "" {
		links = append(links, text("JSON").link(w.opt.JSONURL))
	}
	if w.opt.CSVURL != "" {
		links = append(links, text("CSV").link(w.opt.CSVURL))
	}
	return join(", ", links...)
}

func (w *writer) annexCells(r truce.BulletinRow) []cell {
	number := w.integer(r.N)
	if w.opt.RowURL != "" {
		number = number.link(w.opt.RowURL + r.ID)
	}
	class := w.word("annex.class_unknown")
	if r.Class != "" {
		class = w.data(r.Class)
	}
	when := w.when(r.Time)
	if r.Carried {
		when = join("; ", when, w.word("annex.carried"))
	}
	control := w.word("line.unknown_control")
	if r.Control != "" {
		control = w.partyName(r.Control)
	}
	return []cell{
		{Line: number, Head: true}, {Line: when}, {Line: w.where(r)}, {Line: join("; ", w.areaName(r.Area), control)},
		{Line: w.families(r.Means)}, {Line: w.quantity(r.Quantity, r.Unit)}, {Line: w.word("act." + string(r.Act))},
		{Line: join("; ", w.word("direction."+r.Direction), class)},
		{Line: join("; ", w.word("occurrence."+string(r.Occurrence)), w.probability(r.P), w.heatBeside(r), w.word("attribution."+r.Attribution))},
		{Line: w.annexRules(r)}, {Line: w.sourceIDs(r)}, numberCell(w.integer(r.Revision)),
	}
}

// annexRules are the rules touched with their verdicts, and the window if one covers it.
func (w *writer) annexRules(r truce.BulletinRow) line {
	var parts []line
	for _, f := range r.Findings {
		if f.Verdict != truce.VerdictOutside {
			parts = append(parts, join(" ", w.data(string(f.Rule)), w.word("verdict."+string(f.Verdict))))
		}
	}
	if r.Window != "" {
		parts = append(parts, w.say("annex.window", with("window", w.data(r.Window))))
	}
	if len(parts) == 0 {
		return text("–")
	}
	return join(", ", parts...)
}

func (w *writer) sourceIDs(r truce.BulletinRow) line {
	var parts []line
	for _, s := range r.Sources {
		parts = append(parts, w.data(string(s)).link("#"+sourceAnchor(s)))
	}
	return join(", ", parts...)
}
