package publish

import (
	"slices"
	"strconv"
	"strings"

	"github.com/trucewatch/truce"
)

// Why something differs from what was printed before.
const (
	reasonReviewed  = "reviewed"  // judged again since
	reasonLate      = "late_data" // not known then
	reasonRemoved   = "removed"   // no longer of this list
	reasonOfAge     = "of_age"    // held back then for its age
	reasonRecounted = "recounted" // a number whose rows changed
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
		out = append(out, rowCorrections(*d.in.Superseded, b)...)
		out = append(out, figureCorrections(*d.in.Superseded, b)...)
	}
	if d.in.PreviousBulletin != nil {
		out = append(out, previousCorrections(*d.in.PreviousBulletin, b)...)
	}
	return out
}

// rowCorrections compares rows by their id.
func rowCorrections(old, b truce.Bulletin) []truce.Correction {
	var out []truce.Correction
	add := func(id, field, was, is, reason string) {
		out = append(out, truce.Correction{Bulletin: old.Number, Subject: id, Field: field, Old: was, New: is, Reason: reason})
	}
	now := map[string]truce.BulletinRow{}
	for _, r := range b.Rows {
		now[r.ID] = r
	}
	was := map[string]bool{}
	for _, r := range old.Rows {
		was[r.ID] = true
		n, there := now[r.ID]
		if !there {
			add(r.ID, fieldRow, rowListed, rowUnlisted, reasonRemoved)
			continue
		}
		before, after := rowFields(r), rowFields(n)
		for i, f := range after {
			if f.value != before[i].value {
				add(r.ID, f.name, before[i].value, f.value, changeReason(f.name, r))
			}
		}
	}
	for _, r := range b.Rows {
		if !was[r.ID] {
			add(r.ID, fieldRow, rowUnlisted, rowListed, arrivalReason(old, r))
		}
	}
	return out
}

// arrivalReason says why a row was not listed before: it was held back as too young, or it
// was not known.
func arrivalReason(old truce.Bulletin, r truce.BulletinRow) string {
	if r.Time.To > old.PreliminaryFrom {
		return reasonOfAge
	}
	return reasonLate
}

func changeReason(name string, was truce.BulletinRow) string {
	if name == fieldPlace && was.Place.Withheld == withheldAge {
		return reasonOfAge
	}
	return reasonReviewed
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
	if cell = text[i+1:]; !cellID.MatchString(cell) {
		return text, ""
	}
	return strings.TrimSpace(text[:i+1]), cell
}

func findingsText(findings []truce.RowFinding) string {
	var parts []string
	for _, f := range findings {
		if f.Verdict != truce.VerdictOutside {
			parts = append(parts, string(f.Rule)+" "+string(f.Verdict))
		}
	}
	return strings.Join(parts, ", ")
}

// The names of numbers a correction tells of.
const (
	numberThis        = "this_period"
	numberPreliminary = "preliminary"
	numberPrevious    = "previous_period"
)

// figureCorrections compares every number of this period with the one it replaces.
func figureCorrections(old, b truce.Bulletin) []truce.Correction {
	return compareTables(old, b, func(before, after truce.CountCell, add func(number string, was, is int)) {
		add(numberThis, before.This.N, after.This.N)
		add(numberPreliminary, before.Preliminary.N, after.Preliminary.N)
	})
}

// previousCorrections compares the numbers of the previous period with what the bulletin
// of that day printed; a table that is not compared has no number of it.
func previousCorrections(old, b truce.Bulletin) []truce.Correction {
	return compareTables(old, b, func(before, after truce.CountCell, add func(number string, was, is int)) {
		if after.Previous != nil {
			add(numberPrevious, before.This.N+before.Preliminary.N, after.Previous.N)
		}
	})
}

// compareTables visits the cells of all tables that stand in both bulletins. Of tables
// that stand only where there is something to count, a missing one is one of zeros.
func compareTables(old, b truce.Bulletin, compare func(before, after truce.CountCell, add func(string, int, int))) []truce.Correction {
	var out []truce.Correction
	cells := func(o, t *truce.CountTable) {
		eachPair(o, t, func(name string, split int, before, after truce.CountCell) {
			compare(before, after, func(number string, was, is int) {
				if was != is {
					out = append(out, truce.Correction{Bulletin: old.Number, Subject: figureKey(t, name, split), Field: number,
						Old: strconv.Itoa(was), New: strconv.Itoa(is), Reason: reasonRecounted})
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
		want = append(rowCorrections(prev, next), figureCorrections(prev, next)...)
	} else {
		want = previousCorrections(prev, next)
	}
	listed := map[truce.Correction]bool{}
	for _, c := range next.Corrections {
		listed[c] = true
	}
	return slices.DeleteFunc(want, func(c truce.Correction) bool { return listed[c] })
}
