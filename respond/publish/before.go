package publish

import "github.com/trucewatch/truce"

// beforeCells holds the previous period's numbers of one table, by line and split.
// known is false when nothing can be compared: no rows and no bulletin of the day
// before, or the rule has changed since.
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
	if printed := tableOf(d.in.PreviousBulletin, t); printed != nil {
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
		if o.Key == t.Key && o.Version == t.Version && len(o.Splits) == len(t.Splits) && len(o.Total.Cells) == len(t.Splits) {
			return o
		}
	}
	return nil
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

// add counts a row of the period before. A row held against another version of the rule
// makes the whole table incomparable.
func (b *beforeCells) add(line, split, n int, rule truce.RuleID, versions map[truce.RuleID]string) {
	if v, held := versions[rule]; held && v != b.version {
		b.known = false
	}
	b.lines[line][split] += n
	b.totals[split] += n
}

func (b *beforeCells) cell(line, split int) *truce.PreviousFigure {
	if !b.known {
		return nil
	}
	return &truce.PreviousFigure{N: b.lines[line][split]}
}

func (b *beforeCells) total(split int) *truce.PreviousFigure {
	if !b.known {
		return nil
	}
	return &truce.PreviousFigure{N: b.totals[split]}
}
