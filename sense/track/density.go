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
	around := 0.0
	for level := cellLevels - 1; level >= 0; level-- {
		c := f.cell(cellKey(level, x, y), around/4)
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
	count, level := 0.0, cellLevels-1
	for l := level; l >= 0; l-- {
		i, there := f.find(cellKey(l, x, y))
		if !there {
			break
		}
		sum := f.cells[i].sum / f.unit
		if l == cellLevels-1 || sum >= enoughPlots {
			count, level = sum, l
		}
		if sum < enoughPlots {
			break
		}
	}
	side := firstCell * float64(int(1)<<level)
	return (count + 1) / (side * side * max(1, f.seen))
}

// cellKey is the cell of a level that holds a place; it is never 0.
func cellKey(level int, x, y float64) uint64 {
	scale := 1 / (firstCell * float64(int(1)<<level))
	column, row := int64(math.Floor(x*scale)), int64(math.Floor(y*scale))
	return uint64(level+1)<<58 | uint64(column&(1<<29-1))<<29 | uint64(row&(1<<29-1))
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
