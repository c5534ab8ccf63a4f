package publish

import (
	"slices"
	"strconv"
	"strings"

	"github.com/trucewatch/truce"
)

// Why something differs from what was printed before.
const (
	reasonReviewed = "reviewed" // held back as preliminary, or judged again since
	reasonLate     = "late_data"
	reasonRemoved  = "removed"
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
			add(r.ID, "row", rowListed, rowUnlisted, reasonRemoved)
			continue
		}
		before, after := rowFields(r), rowFields(n)
		for i, f := range after {
			if f.value != before[i].value {
				add(r.ID, f.name, before[i].value, f.value, reasonReviewed)
			}
		}
	}
	for _, r := range b.Rows {
		if !was[r.ID] {
			add(r.ID, "row", rowUnlisted, rowListed, reasonLate)
		}
	}
	return out
}

type field struct{ name, value string }

// rowFields are the fields a correction tells of, in fixed order.
func rowFields(r truce.BulletinRow) []field {
	return []field{
		{"occurrence", string(r.Occurrence)},
		{"act", string(r.Act)},
		{"area", string(r.Area)},
		{"control", string(r.Control)},
		{"place", placeText(r.Place)},
		{"time", r.Time.From.String() + "/" + r.Time.To.String()},
		{"quantity", strconv.Itoa(r.Quantity) + " " + string(r.Unit)},
		{"findings", findingsText(r.Findings)},
	}
}

func placeText(p truce.RowPlace) string {
	text := p.Name
	if p.Cell != nil {
		text = strings.TrimSpace(text + " " + p.Cell.ID)
	}
	return text
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

// figureCorrections compares every number of this period with the one it replaces.
func figureCorrections(old, b truce.Bulletin) []truce.Correction {
	var out []truce.Correction
	for i := range b.Tables {
		t := &b.Tables[i]
		o := tableOf(&old, t)
		if o == nil {
			continue
		}
		eachCell(t, func(line truce.CountLine, name string, split int) {
			was := lineOf(o, line.Key)
			if name == lineTotal {
				was = &o.Total
			}
			c := line.Cells[split]
			add := func(field string, before, after int) {
				if before != after {
					out = append(out, truce.Correction{Bulletin: old.Number, Subject: figureKey(t, name, split), Field: field,
						Old: strconv.Itoa(before), New: strconv.Itoa(after), Reason: reasonReviewed})
				}
			}
			var before truce.CountCell
			if was != nil {
				before = was.Cells[split]
			}
			add("this_period", before.This.N, c.This.N)
			add("preliminary", before.Preliminary.N, c.Preliminary.N)
		})
	}
	return out
}

// previousCorrections compares the numbers of the previous period with what the bulletin
// of that day printed.
func previousCorrections(old, b truce.Bulletin) []truce.Correction {
	var out []truce.Correction
	for i := range b.Tables {
		t := &b.Tables[i]
		o := tableOf(&old, t)
		if o == nil {
			continue
		}
		eachCell(t, func(line truce.CountLine, name string, split int) {
			is := line.Cells[split].Previous
			if is == nil {
				return
			}
			was := lineOf(o, line.Key)
			if name == lineTotal {
				was = &o.Total
			}
			if before := printedCount(was, split); before != is.N {
				out = append(out, truce.Correction{Bulletin: old.Number, Subject: figureKey(t, name, split), Field: "previous_period",
					Old: strconv.Itoa(before), New: strconv.Itoa(is.N), Reason: reasonReviewed})
			}
		})
	}
	return out
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
	return slices.DeleteFunc(want, func(c truce.Correction) bool { return slices.Contains(next.Corrections, c) })
}
