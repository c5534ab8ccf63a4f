package publish

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/trucewatch/truce"
)

// tables counts every table again from the rows and compares.
func (l *linter) tables() {
	for i := range l.b.Tables {
		t := &l.b.Tables[i]
		where := "table " + t.Key
		if !l.wellFormed(where, t) {
			continue
		}
		l.units(where, t)
		l.sums(where, t)
		l.recount(where, t)
		l.forms(where, t)
		if t.By == truce.CountByControl && t.Map == "" && controlled(t) {
			l.report("W13", where, "counts by area of control without naming the map and its version")
		}
	}
}

// controlled says whether a party's line has a number.
func controlled(t *truce.CountTable) bool {
	return slices.ContainsFunc(t.Lines, func(l truce.CountLine) bool { return l.Key != "" && !emptyLine(l) })
}

func (l *linter) wellFormed(where string, t *truce.CountTable) bool {
	ok := len(t.Splits) > 0 && len(t.Total.Cells) == len(t.Splits)
	for _, line := range t.Lines {
		ok = ok && len(line.Cells) == len(t.Splits)
	}
	if !ok {
		l.report("Nb", where, "lines and splits do not match")
	}
	return ok
}

// units: each split has one unit, the one its subject is counted in. A split in another
// unit would be a sum across units.
func (l *linter) units(where string, t *truce.CountTable) {
	for i, s := range t.Splits {
		if !slices.Contains(truce.Units(), s.Unit) {
			l.report("W10", where, "the split %s has the unit %q, which is none of the handbook", s.Key, s.Unit)
			continue
		}
		if want := l.unitOf(t, i); want != "" && s.Unit != want {
			l.report("Nc", where, "the split %s counts %s in %s; units are never mixed", s.Key, want, s.Unit)
		}
	}
}

// unitOf is the unit a split must have, "" when the source says.
func (l *linter) unitOf(t *truce.CountTable, split int) truce.Unit {
	switch {
	case t.Subject == subjectReceived:
		return ""
	case t.Subject == subjectHeat || strings.HasPrefix(t.Splits[split].Key, heatPrefix):
		return truce.UnitHeatEvent
	case t.Subject == subjectRule && t.Splits[split].Key == string(truce.VerdictHit):
		for _, r := range l.b.Rules {
			if r.ID == t.Rule {
				return r.Unit
			}
		}
		return ""
	default:
		return truce.UnitIncident
	}
}

// sums: lines add up to the total, split by split; preliminary and previous numbers by
// themselves.
func (l *linter) sums(where string, t *truce.CountTable) {
	for i, s := range t.Splits {
		total := t.Total.Cells[i]
		var now, early, before int
		for _, line := range t.Lines {
			c := line.Cells[i]
			now += c.This.N
			early += c.Preliminary.N
			if c.Previous != nil {
				before += c.Previous.N
			}
			if (c.Previous == nil) != (total.Previous == nil) {
				l.report("Ne", where, "the split %s compares some lines with the previous period and others not", s.Key)
			}
		}
		compare := func(what string, sum, n int) {
			if sum != n {
				l.report("Nb", where, "%s of %s: the lines sum to %d, the total says %d", what, s.Key, sum, n)
			}
		}
		compare("this period", now, total.This.N)
		compare("preliminary", early, total.Preliminary.N)
		if total.Previous != nil {
			compare("previous period", before, total.Previous.N)
		}
	}
}

// recount: every figure is the weight of its rows and of what it counts unlisted, and
// every row that should be counted is.
func (l *linter) recount(where string, t *truce.CountTable) {
	weigh := weigherOf(t)
	counted := l.countAgain(t, weigh)
	eachCell(t, func(line truce.CountLine, name string, split int) {
		c := line.Cells[split]
		at := fmt.Sprintf("%s/%s/%s", where, name, t.Splits[split].Key)
		l.figure(at, c.This)
		l.figure(at+", preliminary", c.Preliminary)
		if c.Preliminary.Rows.Len() > 0 {
			l.report("Nb", at, "preliminary rows are listed; they stand in a column of their own and are not listed")
		}
		if t.Subject == subjectReceived {
			l.received(at, c.This)
			return
		}
		key := [2]string{name, t.Splits[split].Key}
		got := counted[key]
		delete(counted, key)
		if got.n != c.This.N-c.This.Unlisted || got.rows.String() != c.This.Rows.String() {
			l.report("Na", at, "counts %d of rows [%s]; the rows say %d of rows [%s]", c.This.N-c.This.Unlisted, c.This.Rows, got.n, got.rows)
		}
	})
	for _, key := range slices.SortedFunc(maps.Keys(counted), compareKeys) {
		l.report("Na", where, "the rows [%s] count in %s/%s, a line the table does not have", counted[key].rows, key[0], key[1])
	}
}

// received: what came in is no row; inside the mission each is named.
func (l *linter) received(where string, f truce.Figure) {
	if f.Rows.Len() > 0 || f.Unlisted != f.N || l.b.Edition == truce.EditionMission && len(f.Refs) != f.N {
		l.report("Na", where, "says %d received, counts rows [%s] and names %d of them", f.N, f.Rows, len(f.Refs))
	}
}

func compareKeys(a, b [2]string) int { return slices.Compare(a[:], b[:]) }

type tally struct {
	n    int
	rows truce.RowSet
}

// countAgain sums the rows' weights by line name and split key. Rows carried over from
// the period before are that period's.
func (l *linter) countAgain(t *truce.CountTable, weigh weigher) map[[2]string]tally {
	lines := linerOf(l.b.Areas, l.b.Parties)
	out := map[[2]string]tally{}
	for i := range l.b.Rows {
		r := &l.b.Rows[i]
		if r.Carried {
			continue
		}
		split, n := weigh(r)
		if split < 0 {
			continue
		}
		name := cmp.Or(lines.key(r, t.By), lineUnknown)
		for _, key := range [...]string{name, lineTotal} {
			k := [2]string{key, t.Splits[split].Key}
			sum := out[k]
			sum.n += n
			sum.rows.Add(r.N)
			out[k] = sum
		}
	}
	return out
}

// figure: what is counted must be named or counted as unlisted.
func (l *linter) figure(where string, f truce.Figure) {
	switch {
	case f.N < 0 || f.Unlisted < 0 || f.Unlisted > f.N:
		l.report("Na", where, "says %d, of which %d are not listed", f.N, f.Unlisted)
	case f.N > 0 && f.Rows.Len() == 0 && f.Unlisted == 0:
		l.report("Na", where, "says %d and names no row; a number is counted from rows, never typed", f.N)
	case len(f.Refs) > f.N:
		l.report("Na", where, "says %d and names %d things", f.N, len(f.Refs))
	}
}

// forms: under the coverage minimum a number is a lower bound and zero reads as not
// observed, whatever the number.
func (l *linter) forms(where string, t *truce.CountTable) {
	least := leastOf(l.b.Rules, t.Rule, l.b.CoverageMin)
	eachCell(t, func(line truce.CountLine, name string, split int) {
		c := line.Cells[split]
		at := fmt.Sprintf("%s/%s/%s", where, name, t.Splits[split].Key)
		l.form(at, c.This.N, c.This.Form, formOf(c.This.N, line.Coverage, least))
		l.form(at+", preliminary", c.Preliminary.N, c.Preliminary.Form, formOf(c.Preliminary.N, line.Coverage, least))
		if c.Previous != nil {
			l.form(at+", previous period", c.Previous.N, c.Previous.Form, formOf(c.Previous.N, line.PreviousCoverage, least))
		}
	})
}

// form accepts what is more careful than the rule asks for.
func (l *linter) form(where string, n int, got, want truce.FigureForm) {
	if got == want || want == truce.FigureExact && got == truce.FigureAtLeast {
		return
	}
	l.report("Ni", where, "%d is printed as %s; with its coverage it must be %s", n, got, want)
}
