package publish

import (
	"slices"

	"github.com/trucewatch/truce"
)

// beforeCells holds the previous period's numbers of one table, by line and split.
// known is false when nothing can be compared: no rows and no bulletin of the day
// before, or the rule or the areas have changed since.
type beforeCells struct {
	known   bool
	version string
	lines   [][]int
	totals  []int
}

// beforeCells starts from zero when the rows of the period before are given, else from
// what the bulletin of the day before printed.
func (d *daily) beforeCells(t *truce.CountTable) *beforeCells {
	b := &beforeCells{version: t.Version, totals: make([]int, len(t.Splits))}
	for range t.Lines {
		b.lines = append(b.lines, make([]int, len(t.Splits)))
	}
	if d.in.PreviousRows != nil {
		b.known = true
		return b
	}
	if printed := tableOf(d.in.PreviousBulletin, t); printed != nil && sameLines(t, printed) {
		b.known = true
		b.copy(t, printed)
	}
	return b
}

// tableOf is the same table of another bulletin: same key, rule version and columns.
func tableOf(b *truce.Bulletin, t *truce.CountTable) *truce.CountTable {
	if b == nil {
		return nil
	}
	for i := range b.Tables {
		o := &b.Tables[i]
		if o.Key == t.Key && o.Version == t.Version && slices.Equal(o.Splits, t.Splits) {
			return o
		}
	}
	return nil
}

// sameLines says whether every printed line has its place in the table.
func sameLines(t, printed *truce.CountTable) bool {
	return !slices.ContainsFunc(printed.Lines, func(l truce.CountLine) bool { return lineOf(t, l.Key) == nil })
}

func (b *beforeCells) copy(t, printed *truce.CountTable) {
	for i, line := range t.Lines {
		for split := range t.Splits {
			b.lines[i][split] = printedCount(lineOf(printed, line.Key), split)
		}
	}
	for split := range t.Splits {
		b.totals[split] = printedCount(&printed.Total, split)
	}
}

func lineOf(t *truce.CountTable, key string) *truce.CountLine {
	for i := range t.Lines {
		if t.Lines[i].Key == key {
			return &t.Lines[i]
		}
	}
	return nil
}

// printedCount is what a bulletin had counted, preliminary rows included; 0 for a line
// it did not have.
func printedCount(l *truce.CountLine, split int) int {
	if l == nil {
		return 0
	}
	return l.Cells[split].This.N + l.Cells[split].Preliminary.N
}

// hold looks at the rule version a row of the period before was held against: another one
// makes the whole table incomparable, whether or not the row counts under it.
func (b *beforeCells) hold(rule truce.RuleID, versions map[truce.RuleID]string) {
	if v, held := versions[rule]; held && v != b.version {
		b.known = false
	}
}

// add counts a row of the period before.
func (b *beforeCells) add(line, split, n int) {
	b.lines[line][split] += n
	b.totals[split] += n
}

func (b *beforeCells) cell(line, split int) *truce.PreviousFigure {
	return b.figure(b.lines[line][split])
}

func (b *beforeCells) total(split int) *truce.PreviousFigure { return b.figure(b.totals[split]) }

func (b *beforeCells) figure(n int) *truce.PreviousFigure {
	if !b.known {
		return nil
	}
	return &truce.PreviousFigure{N: n}
}
