package track

import (
	"math"
	"slices"
)

// Clutter is counted in cells, each a quarter of one twice as wide. The widest is always
// counted; a smaller one from when the one around it holds splitPlots. What holds for a place
// is told by the smallest of its cells with enoughPlots: only what lies near counts, however
// much there is elsewhere.
const (
	firstCell   = 100 // metres, the smallest
	cellLevels  = 12
	enoughPlots = 10
	splitPlots  = 2
	// forget is the share of the count that a scan leaves of those before: about 33 scans are
	// remembered.
	forget = .97
	// largestUnit is from where the counts are written smaller again.
	largestUnit = 1e100
)

// field is how dense the plots are that belong to nothing. Instead of having each scan fade
// all that was counted, what is added weighs more with each scan.
type field struct {
	cells []fieldCell // open addressing; key 0: empty
	used  int
	unit  float64 // what one plot of this scan weighs
	seen  float64 // scans that were counted, forgotten as the counts are
}

type fieldCell struct {
	key uint64
	sum float64
}

// begin makes a new scan count.
func (f *field) begin() {
	f.seen = f.seen*forget + 1
	f.unit /= forget
	if f.unit == 0 {
		f.unit = 1
	}
	if f.unit > largestUnit {
		for i := range f.cells {
			f.cells[i].sum /= f.unit
		}
		f.unit = 1
	}
}

// add counts a plot that is of nothing with the chance share. A cell that is new has a
// quarter of what the one around it had.
func (f *field) add(x, y, share float64) {
	column, row := square(x, y)
	around := 0.0
	for level := cellLevels - 1; level >= 0; level-- {
		c := f.cell(cellKey(level, column, row), around/4)
		around = c.sum
		c.sum += share * f.unit
		if around < splitPlots*f.unit {
			return
		}
	}
}

// at is the density at a place, plots per square metre and scan. Where nothing was ever
// counted it is as if one plot had been in the widest cell.
func (f *field) at(x, y float64) float64 {
	column, row := square(x, y)
	enough := enoughPlots * f.unit
	level, cells := cellLevels-1, 1.0
	sum := f.count(cellKey(level, column, row))
	for level > 0 && sum >= enough {
		within, ground := f.count(cellKey(level-1, column, row)), 1.0
		if within < enough { // a border may part what belongs together
			within, ground = within+f.beside(level-1, column, row), 4
		}
		if within < enough {
			break
		}
		sum, cells, level = within, ground, level-1
	}
	side := firstCell * float64(int(1)<<level)
	return (sum/f.unit + 1) / (cells * side * side * max(1, f.seen))
}

// beside counts the three cells that are with a place's own around the corner nearest to it.
// The four cover as much ground as one cell of the next level, with the place nearer to the middle.
func (f *field) beside(level int, column, row int64) float64 {
	half := int64(1) << level >> 1
	across, along := column+half, row+half
	if across>>level == column>>level {
		across = column - half - 1
	}
	if along>>level == row>>level {
		along = row - half - 1
	}
	return f.count(cellKey(level, across, row)) + f.count(cellKey(level, column, along)) + f.count(cellKey(level, across, along))
}

// laid puts the middle of the chart, near which the first plots lie, at a third of the widest
// cell and so at one or two thirds of a cell of every level: never on a border.
const laid = firstCell * (1 << (cellLevels - 1)) / 3.0

// square is the smallest cell that holds a place.
func square(x, y float64) (column, row int64) {
	return int64(math.Floor((x + laid) / firstCell)), int64(math.Floor((y + laid) / firstCell))
}

// cellKey is the cell of a level around a smallest one; it is never 0.
func cellKey(level int, column, row int64) uint64 {
	return uint64(level+1)<<58 | uint64(column>>level&(1<<29-1))<<29 | uint64(row>>level&(1<<29-1))
}

// count is what was counted in a cell, each plot as its scan weighs.
func (f *field) count(key uint64) float64 {
	if i, there := f.find(key); there {
		return f.cells[i].sum
	}
	return 0
}

func (f *field) find(key uint64) (int, bool) {
	if len(f.cells) == 0 {
		return 0, false
	}
	mask := uint64(len(f.cells) - 1)
	for i := key * 0x9e3779b97f4a7c15 >> 20 & mask; ; i = (i + 1) & mask {
		switch f.cells[i].key {
		case key:
			return int(i), true
		case 0:
			return int(i), false
		}
	}
}

// cell is the count of a cell, made with a first count if need be. It holds until the next
// call.
func (f *field) cell(key uint64, first float64) *fieldCell {
	i, there := f.find(key)
	if !there {
		if 2*(f.used+1) > len(f.cells) {
			f.grow()
			i, _ = f.find(key)
		}
		f.used++
		f.cells[i] = fieldCell{key, first}
	}
	return &f.cells[i]
}

// grow makes room, and leaves out what is forgotten: a plot of 700 scans ago.
func (f *field) grow() {
	old, least := f.cells, 1e-9*f.unit
	f.used = 0
	for i := range old {
		if old[i].key != 0 && old[i].sum > least {
			f.used++
		}
	}
	size := 256
	for size < 4*(f.used+1) {
		size *= 2
	}
	f.cells = make([]fieldCell, size)
	for i := range old {
		if old[i].key != 0 && old[i].sum > least {
			at, _ := f.find(old[i].key)
			f.cells[at] = old[i]
		}
	}
}

// clone is a copy that goes its own way.
func (f *field) clone() field {
	out := *f
	out.cells = slices.Clone(f.cells)
	return out
}
