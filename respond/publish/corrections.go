package publish

import (
	"slices"
	"strconv"
	"strings"

	"github.com/trucewatch/truce"
)

// Why something differs from what was printed before.
const (
	reasonReviewed  = "reviewed"  // a person signed another occurrence
	reasonLate      = "late_data" // observations came in since
	reasonRegrouped = "regrouped" // its observations were joined otherwise
	reasonTerms     = "terms"     // the agreement's text has another version
	reasonLine      = "line"      // a line or map has another version
	reasonDerived   = "derived"   // derived again, with nothing of the above
	reasonRemoved   = "removed"   // no longer of this list
	reasonOfAge     = "of_age"    // held back then for its age
	reasonRecounted = "recounted" // a number whose rows changed for several reasons
)

// What a correction says of a whole row.
const (
	rowListed   = "listed"
	rowUnlisted = "unlisted"
)

// corrections lists what differs from the version this bulletin replaces and, for the
// numbers of the previous period, from what the bulletin of the day before printed.
func (d *daily) corrections(b truce.Bulletin) []truce.Correction {
	var out []truce.Correction
	if d.in.Superseded != nil {
		out = append(out, versionCorrections(*d.in.Superseded, b)...)
	}
	if d.in.PreviousBulletin != nil {
		out = append(out, previousCorrections(*d.in.PreviousBulletin, b)...)
	}
	return out
}

// versionCorrections compares two versions of one day. A number has the reason of the rows
// that changed, when all of them have the same.
func versionCorrections(old, b truce.Bulletin) []truce.Correction {
	rows := rowCorrections(old, b)
	return append(rows, figureCorrections(old, b, sharedReason(rows))...)
}

// sharedReason is the one reason of all corrections where it says something of a number
// too, else reasonRecounted.
func sharedReason(list []truce.Correction) string {
	reason := ""
	for _, c := range list {
		if reason != "" && reason != c.Reason {
			return reasonRecounted
		}
		reason = c.Reason
	}
	switch reason {
	case reasonLate, reasonTerms, reasonLine, reasonReviewed, reasonOfAge:
		return reason
	}
	return reasonRecounted
}

// rowCorrections compares rows by their id.
func rowCorrections(old, b truce.Bulletin) []truce.Correction {
	var out []truce.Correction
	now := make(map[string]*truce.BulletinRow, len(b.Rows))
	for i := range b.Rows {
		now[b.Rows[i].ID] = &b.Rows[i]
	}
	was := make(map[string]bool, len(old.Rows))
	for i := range old.Rows {
		r := &old.Rows[i]
		was[r.ID] = true
		n, there := now[r.ID]
		if !there {
			out = append(out, truce.Correction{Bulletin: old.Number, Subject: r.ID, Field: fieldRow, Old: rowListed, New: rowUnlisted,
				Reason: reasonRemoved, OldRow: r.N, Incident: r.Number})
			continue
		}
		out = append(out, rowChanges(old, b, r, n)...)
	}
	for i := range b.Rows {
		if r := &b.Rows[i]; !was[r.ID] {
			out = append(out, truce.Correction{Bulletin: old.Number, Subject: r.ID, Field: fieldRow, Old: rowUnlisted, New: rowListed,
				Reason: arrivalReason(old, r), Row: r.N, Incident: r.Number})
		}
	}
	return out
}

// rowChanges compares the fields of one row.
func rowChanges(old, b truce.Bulletin, was, is *truce.BulletinRow) []truce.Correction {
	before, after := rowFields(*was), rowFields(*is)
	var out []truce.Correction
	for i, f := range after {
		if f.value == before[i].value {
			continue
		}
		c := truce.Correction{Bulletin: old.Number, Subject: is.ID, Field: f.name, Old: before[i].value, New: f.value,
			Reason: changeReason(f.name, old, b, was, is), Row: is.N, OldRow: was.N, Incident: is.Number}
		if was.Observations != is.Observations {
			c.ObsBefore, c.ObsNow = was.Observations, is.Observations
		}
		out = append(out, c)
	}
	return out
}

// arrivalReason says why a row was not listed before: it was held back as too young, or it
// was not known.
func arrivalReason(old truce.Bulletin, r *truce.BulletinRow) string {
	if r.Time.To > old.PreliminaryFrom {
		return reasonOfAge
	}
	return reasonLate
}

// changeReason says why a field of a row has another value, from what else of it and of
// the bulletin has changed. The first that holds is the reason: a person's signature, then
// new observations, then the terms and the lines it was held against.
func changeReason(field string, old, b truce.Bulletin, was, is *truce.BulletinRow) string {
	switch {
	case field == fieldPlace && was.Place.Withheld == withheldAge:
		return reasonOfAge
	case field == fieldOccurrence && signed(is.Occurrence):
		return reasonReviewed
	case is.Observations > was.Observations:
		return reasonLate
	case is.Observations < was.Observations:
		return reasonRegrouped
	case heldAgainst(field) && old.Terms != b.Terms:
		return reasonTerms
	case heldAgainst(field) && !slices.Equal(old.Lines, b.Lines):
		return reasonLine
	case !slices.Equal(was.Sources, is.Sources):
		return reasonLate
	}
	return reasonDerived
}

// signed says whether an occurrence is one that only people give.
func signed(o truce.Occurrence) bool {
	switch o {
	case truce.OccurrenceVerified, truce.OccurrenceRefuted, truce.OccurrenceUnverifiable, truce.OccurrenceExplained:
		return true
	}
	return false
}

// heldAgainst says whether a field rests on the agreement's text and geometry.
func heldAgainst(field string) bool {
	switch field {
	case fieldArea, fieldControl, fieldQuantity, fieldFindings:
		return true
	}
	return false
}

// The fields a correction of a row names.
const (
	fieldRow        = "row"
	fieldOccurrence = "occurrence"
	fieldAct        = "act"
	fieldArea       = "area"
	fieldControl    = "control"
	fieldPlace      = "place"
	fieldTime       = "time"
	fieldQuantity   = "quantity"
	fieldFindings   = "findings"
)

type field struct{ name, value string }

// rowFields are the fields a correction tells of, in fixed order.
func rowFields(r truce.BulletinRow) []field {
	return []field{
		{fieldOccurrence, string(r.Occurrence)},
		{fieldAct, string(r.Act)},
		{fieldArea, string(r.Area)},
		{fieldControl, string(r.Control)},
		{fieldPlace, placeText(r.Place)},
		{fieldTime, r.Time.From.String() + "/" + r.Time.To.String()},
		{fieldQuantity, strconv.Itoa(r.Quantity) + " " + string(r.Unit)},
		{fieldFindings, findingsText(r.Findings)},
	}
}

func placeText(p truce.RowPlace) string {
	text := p.Name
	if p.Cell != nil {
		text = strings.TrimSpace(text + " " + p.Cell.ID)
	}
	return text
}

// splitPlace reads what placeText wrote: a name, a cell or both.
func splitPlace(text string) (name, cell string) {
	i := strings.LastIndexByte(text, ' ')
	if cell = text[i+1:]; !cellID().MatchString(cell) {
		return text, ""
	}
	return strings.TrimSpace(text[:i+1]), cell
}

func findingsText(findings []truce.RowFinding) string {
	var parts []string
	for _, f := range findings {
		if f.Verdict != truce.VerdictOutside {
			parts = append(parts, string(f.Rule)+" "+string(f.Verdict)+detailText(f))
		}
	}
	return strings.Join(parts, ", ")
}

// numberText is what a limit saw and allows.
func numberText(n *truce.Seen) string {
	seen := strconv.Itoa(n.AtLeast)
	if n.AtMost > n.AtLeast {
		seen += " to " + strconv.Itoa(n.AtMost)
	}
	return seen + " seen, " + strconv.Itoa(n.Allowed) + " allowed"
}

// detailText is what a finding says beside its verdict, "" for nothing.
func detailText(f truce.RowFinding) string {
	var parts []string
	if f.Severity > 0 {
		parts = append(parts, "severity "+strconv.Itoa(f.Severity))
	}
	if n := f.Number; n != nil {
		parts = append(parts, numberText(n))
	}
	for _, head := range f.Reported {
		parts = append(parts, "reported "+head)
	}
	for _, b := range f.Bearer {
		parts = append(parts, "bearer "+string(b.Party)+" "+decimal(float64(b.P), 2))
	}
	for _, link := range f.Chain {
		parts = append(parts, "answers "+link)
	}
	for _, c := range f.Conditions {
		parts = append(parts, c.Name+" "+string(c.State))
	}
	for _, r := range f.Readings {
		parts = append(parts, r.By+" "+string(r.Verdict))
	}
	if len(parts) == 0 {
		return ""
	}
	return " (" + strings.Join(parts, "; ") + ")"
}

// The names of numbers a correction tells of.
const (
	numberThis        = "this_period"
	numberPreliminary = "preliminary"
	numberPrevious    = "previous_period"
)

// printedFigure is a number as a bulletin prints it.
type printedFigure struct {
	n    int
	form truce.FigureForm
}

// How a correction writes a number that is not exact. Before the sign was written, numbers
// stood alone: those still are read.
const (
	lowerBound  = ">= "
	notObserved = string(truce.FigureNotObserved)
)

// text is what a correction says of the number: "" where no line of the bulletin had it.
func (f printedFigure) text() string {
	switch f.form {
	case "":
		return ""
	case truce.FigureNotObserved:
		return notObserved
	case truce.FigureAtLeast:
		return lowerBound + strconv.Itoa(f.n)
	default:
		return strconv.Itoa(f.n)
	}
}

// differs says whether a reader would find another number. Nothing counted is no number:
// how well it was looked for stands under the coverage.
func (f printedFigure) differs(other printedFigure) bool {
	return f.n != other.n || f.n > 0 && f.text() != other.text()
}

func figureOf(f truce.Figure) printedFigure { return printedFigure{f.N, f.Form} }

// bothOf is a number together with its preliminary companion, which a later bulletin
// prints as one number of the previous period.
func bothOf(c truce.CountCell) printedFigure {
	out := printedFigure{c.This.N + c.Preliminary.N, c.This.Form}
	if out.n > 0 && (c.This.Form != truce.FigureExact || c.Preliminary.Form != truce.FigureExact) {
		out.form = truce.FigureAtLeast
	}
	return out
}

// figureCorrections compares every number of this period with the one it replaces.
func figureCorrections(old, b truce.Bulletin, reason string) []truce.Correction {
	return compareTables(old, b, reason, func(before, after truce.CountCell, add addFigure) {
		add(numberThis, figureOf(before.This), figureOf(after.This))
		add(numberPreliminary, figureOf(before.Preliminary), figureOf(after.Preliminary))
	})
}

// previousCorrections compares the numbers of the previous period with what the bulletin
// of that day printed; a table that is not compared has no number of it. A number that is
// the same and read otherwise has no other rows: its coverage is worked out anew.
func previousCorrections(old, b truce.Bulletin) []truce.Correction {
	return compareTables(old, b, reasonRecounted, func(before, after truce.CountCell, add addFigure) {
		if was := bothOf(before); after.Previous != nil && was.n != after.Previous.N {
			add(numberPrevious, was, printedFigure{after.Previous.N, after.Previous.Form})
		}
	})
}

// addFigure takes a number of a cell as it was and as it is.
type addFigure func(number string, was, is printedFigure)

// compareTables visits the cells of all tables that stand in both bulletins. Of tables
// that stand only where there is something to count, a missing one is one of zeros. What
// was received changes for one reason only.
func compareTables(old, b truce.Bulletin, reason string, compare func(before, after truce.CountCell, add addFigure)) []truce.Correction {
	var out []truce.Correction
	cells := func(o, t *truce.CountTable) {
		why := reason
		if t.Subject == subjectReceived {
			why = reasonLate
		}
		eachPair(o, t, func(name string, split int, before, after truce.CountCell) {
			compare(before, after, func(number string, was, is printedFigure) {
				if was.differs(is) {
					out = append(out, truce.Correction{Bulletin: old.Number, Subject: figureKey(t, name, split), Field: number,
						Old: was.text(), New: is.text(), Reason: why})
				}
			})
		})
	}
	for i := range b.Tables {
		t := &b.Tables[i]
		switch o := tableOf(&old, t); {
		case o != nil:
			cells(o, t)
		case occasional(t) && !hasTable(old, t.Key):
			cells(emptied(t), t)
		}
	}
	for i := range old.Tables {
		if o := &old.Tables[i]; occasional(o) && !hasTable(b, o.Key) {
			cells(o, emptied(o))
		}
	}
	return out
}

func hasTable(b truce.Bulletin, key string) bool {
	return slices.ContainsFunc(b.Tables, func(t truce.CountTable) bool { return t.Key == key })
}

// emptied is the same table with nothing counted in it; its previous period is known to
// have had nothing.
func emptied(t *truce.CountTable) *truce.CountTable {
	out := *t
	out.Lines = nil
	out.Total.Cells = zeroCells(len(t.Splits))
	return &out
}

func zeroCells(n int) []truce.CountCell {
	cells := make([]truce.CountCell, n)
	for i := range cells {
		cells[i].Previous = &truce.PreviousFigure{}
	}
	return cells
}

// eachPair visits the cells of two tables of the same columns: the newer one's lines, the
// lines that only the older one has, and the totals. A line that one of them lacks has
// counted nothing; it is compared with the previous period where the total is.
func eachPair(o, t *truce.CountTable, visit func(name string, split int, before, after truce.CountCell)) {
	lines := map[string]bool{}
	eachCell(t, func(line truce.CountLine, name string, split int) {
		lines[name] = true
		was := lineOf(o, line.Key)
		if name == lineTotal {
			was = &o.Total
		}
		var before truce.CountCell
		if was != nil {
			before = was.Cells[split]
		}
		visit(name, split, before, line.Cells[split])
	})
	eachCell(o, func(line truce.CountLine, name string, split int) {
		if lines[name] {
			return
		}
		var after truce.CountCell
		if t.Total.Cells[split].Previous != nil {
			after.Previous = &truce.PreviousFigure{}
		}
		visit(name, split, line.Cells[split], after)
	})
}

// The names of a table's lines in figure keys, beside area and party ids.
const (
	lineTotal   = "total"
	lineUnknown = "unknown"
)

// eachCell visits every cell of a table, the totals last.
func eachCell(t *truce.CountTable, visit func(line truce.CountLine, name string, split int)) {
	for _, l := range t.Lines {
		name := l.Key
		if name == "" {
			name = lineUnknown
		}
		for split := range t.Splits {
			visit(l, name, split)
		}
	}
	for split := range t.Splits {
		visit(t.Total, lineTotal, split)
	}
}

// figureKey names a number: table, line and split.
func figureKey(t *truce.CountTable, line string, split int) string {
	return t.Key + "/" + line + "/" + t.Splits[split].Key
}

// UnlistedChanges lists the numbers and rows in which next differs from prev without a
// correction that says so: next replaces prev, or is the bulletin of the day after.
func UnlistedChanges(prev, next truce.Bulletin) []truce.Correction {
	var want []truce.Correction
	if next.Period == prev.Period {
		want = versionCorrections(prev, next)
	} else {
		want = previousCorrections(prev, next)
	}
	listed := map[truce.Correction]bool{}
	for _, c := range next.Corrections {
		listed[c] = true
	}
	return slices.DeleteFunc(want, func(c truce.Correction) bool { return listed[c] })
}
