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
		items = append(items, item{Line: w.correction(c)})
	}
	w.art.list(items)
	if more := len(w.b.Corrections) - len(shown); more > 0 {
		w.art.text(w.say("corrections.more", with("n", w.countOf(more, "unit.correction"))))
	}
}

// isFigure says whether a correction is of a number and not of a row.
func isFigure(c truce.Correction) bool { return strings.Contains(c.Subject, "/") }

func (w *writer) correction(c truce.Correction) line {
	args := []arg{with("field", w.word("field."+c.Field)), with("old", w.correctedValue(c.Field, c.Old)),
		with("new", w.correctedValue(c.Field, c.New)), with("reason", w.because(c))}
	if isFigure(c) {
		return w.say("correction.figure", append(args, with("subject", w.correctedNumber(c)), with("bulletin", w.data(c.Bulletin)))...)
	}
	return w.say("correction", append(args, with("subject", w.correctedRow(c)))...)
}

// because is why something differs, with how many observations it rests on where that has
// changed.
func (w *writer) because(c truce.Correction) line {
	reason := w.word("correction." + c.Reason)
	if c.ObsBefore == 0 && c.ObsNow == 0 {
		return reason
	}
	return join(" ", reason, w.say("correction.observations", with("before", w.integer(c.ObsBefore)), with("now", w.countOf(c.ObsNow, "unit.observation"))))
}

// correctedRow names a row as people do: by its number here and there, and by the
// incident's where the edition has it.
func (w *writer) correctedRow(c truce.Correction) line {
	here := func() line {
		number := w.integer(c.Row)
		if w.onPage(c.Row) {
			return number.link(rowAnchor(c.Row))
		}
		return number
	}
	bulletin := with("bulletin", w.data(c.Bulletin))
	var out line
	switch {
	case c.Row == 0 && c.OldRow == 0: // of a program that gave no numbers
		out = w.say("correction.row_of", with("old", w.data(c.Subject)), bulletin)
	case c.OldRow == 0:
		out = w.say("correction.row_new", with("row", here()), bulletin)
	case c.Row == 0:
		out = w.say("correction.row_gone", with("old", w.integer(c.OldRow)), bulletin)
	case c.Row == c.OldRow:
		out = w.say("correction.row_of", with("old", here()), bulletin)
	default:
		out = w.say("correction.row_moved", with("row", here()), with("old", w.integer(c.OldRow)), bulletin)
	}
	if c.Incident != "" {
		out = join(", ", out, w.say("correction.incident", with("incident", w.data(c.Incident))))
	}
	return out
}

// correctedNumber is a number by the names of its table, line and column.
func (w *writer) correctedNumber(c truce.Correction) line {
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
		return w.correctedFigure(value)
	}
	return w.data(value)
}

// correctedFigure is a number as the tables print it.
func (w *writer) correctedFigure(value string) line {
	if value == notObserved {
		return w.figure(0, truce.FigureNotObserved, "", false)
	}
	digits, bound := strings.CutPrefix(value, lowerBound)
	n, err := strconv.Atoi(digits)
	switch {
	case err != nil:
		return w.data(value)
	case bound:
		return w.figure(n, truce.FigureAtLeast, "", false)
	default:
		return w.integer(n)
	}
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
