package publish

import (
	"strconv"
	"strings"

	"github.com/trucewatch/truce"
)

// correctionList tells what differs from earlier bulletins, at most AnnexRows things.
func (w *writer) correctionList() {
	if len(w.b.Corrections) == 0 {
		w.art.text(w.word("corrections.none"))
		return
	}
	shown := w.b.Corrections[:min(len(w.b.Corrections), AnnexRows)]
	var items []item
	for _, c := range shown {
		key := "correction"
		if isFigure(c) {
			key = "correction.figure"
		}
		items = append(items, item{Line: w.say(key, with("subject", w.corrected(c)), with("bulletin", w.data(c.Bulletin)),
			with("field", w.word("field."+c.Field)), with("old", w.correctedValue(c.Field, c.Old)), with("new", w.correctedValue(c.Field, c.New)),
			with("reason", w.word("correction."+c.Reason)))})
	}
	w.art.list(items)
	if more := len(w.b.Corrections) - len(shown); more > 0 {
		w.art.text(w.say("corrections.more", with("n", w.countOf(more, "unit.correction"))))
	}
}

// isFigure says whether a correction is of a number and not of a row.
func isFigure(c truce.Correction) bool { return strings.Contains(c.Subject, "/") }

// corrected is what was corrected: a row with its number, if it still has one, or a number
// by the names of its table, line and column.
func (w *writer) corrected(c truce.Correction) line {
	if n, listed := w.rowNumbers[c.Subject]; listed {
		number := w.integer(n)
		if w.onPage(n) {
			number = number.link(rowAnchor(n))
		}
		return w.say("correction.row_n", with("row", number), with("id", w.data(c.Subject)))
	}
	key, split := cutLast(c.Subject)
	key, name := cutLast(key)
	t, known := w.tables[key]
	if !known {
		return w.data(c.Subject)
	}
	label := join(", ", w.caption(t), w.lineName(t, name))
	for _, s := range t.Splits {
		if s.Key == split && t.Subject != subjectReceived {
			label = join(", ", label, w.splitName(t, s))
		}
	}
	return label
}

func cutLast(s string) (before, after string) {
	i := strings.LastIndexByte(s, '/')
	if i < 0 {
		return "", s
	}
	return s[:i], s[i+1:]
}

// correctedValue is a field's value in words; a value that cannot be read stays as it is.
func (w *writer) correctedValue(field, value string) line {
	if value == "" {
		return text("–")
	}
	switch field {
	case fieldAct, fieldOccurrence:
		return w.word(field + "." + value)
	case fieldRow:
		return w.word("correction.row_" + value)
	case fieldArea:
		return w.areaName(truce.AreaID(value))
	case fieldControl:
		return w.partyName(truce.PartyID(value))
	case fieldPlace:
		return w.correctedPlace(value)
	case fieldTime:
		return w.correctedTime(value)
	case fieldQuantity:
		n, unit, _ := strings.Cut(value, " ")
		if count, err := strconv.Atoi(n); err == nil {
			return w.quantity(count, truce.Unit(unit))
		}
	case fieldFindings:
		return w.correctedFindings(value)
	case numberThis, numberPreliminary, numberPrevious:
		if n, err := strconv.Atoi(value); err == nil {
			return w.integer(n)
		}
	}
	return w.data(value)
}

func (w *writer) correctedPlace(value string) line {
	name, cell := splitPlace(value)
	var parts []line
	if name != "" {
		parts = append(parts, w.placeName(name))
	}
	if cell != "" {
		parts = append(parts, w.say("where.cell", with("cell", w.data(cell))))
	}
	return join(", ", parts...)
}

func (w *writer) correctedTime(value string) line {
	first, second, _ := strings.Cut(value, "/")
	var t truce.PhenomenonTime
	if t.From.UnmarshalText([]byte(first)) != nil || t.To.UnmarshalText([]byte(second)) != nil {
		return w.data(value)
	}
	return w.span(t)
}

func (w *writer) correctedFindings(value string) line {
	var parts []line
	for finding := range strings.SplitSeq(value, ", ") {
		rule, verdict, _ := strings.Cut(finding, " ")
		parts = append(parts, join(" ", w.data(rule), w.word("verdict."+verdict)))
	}
	return join(", ", parts...)
}
