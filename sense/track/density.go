package track

import (
	"math"
	"slices"
)

// Clutter is counted in cells of firstCell metres and in cells twice, four times as wide and
// so on. What holds for a place is told by the smallest of its cells with enoughPlots: only
// what lies near counts, however much there is elsewhere.
const (
	firstCell   = 100
	cellLevels  = 12
	enoughPlots = 10
	// forget is the share of the count that a scan leaves of those before: about 33 scans are
	// remembered.
	forget = .97
)

// field is how dense the plots are that belong to nothing.
type field struct {
	keys   []uint64 // open addressing; 0: empty
	counts []cellCount
	used   int
	scan   int32
	seen   float64 // scans that were counted, forgotten as the counts are
}

type cellCount struct {
	sum  float64
	scan int32 // when it was last added to
}

// begin makes a new scan count.
func (f *field) begin() {
	f.scan++
	f.seen = f.seen*forget + 1
}

// add counts a plot that is of nothing with the chance share.
func (f *field) add(x, y, share float64) {
	for level := range cellLevels {
		c := f.cell(cellKey(level, x, y))
		c.sum = c.sum*f.since(c.scan) + share
		c.scan = f.scan
	}
}

func (f *field) since(scan int32) float64 {
	if scan == f.scan {
		return 1
	}
	return math.Pow(forget, float64(f.scan-scan))
}

// at is the density at a place, plots per square metre and scan. Where nothing was ever
// counted it is as if one plot had been in the widest cell.
func (f *field) at(x, y float64) float64 {
	for level := range cellLevels {
		count := 0.0
		if i, there := f.find(cellKey(level, x, y)); there {
			count = f.counts[i].sum * f.since(f.counts[i].scan)
		}
		if count >= enoughPlots || level == cellLevels-1 {
			side := math.Ldexp(firstCell, level)
			return (count + 1) / (side * side * max(1, f.seen))
		}
	}
	return 0
}

// cellKey is the cell of a level that holds a place; it is never 0.
func cellKey(level int, x, y float64) uint64 {
	scale := math.Ldexp(1/float64(firstCell), -level)
	column, row := int64(math.Floor(x*scale)), int64(math.Floor(y*scale))
	return uint64(level+1)<<58 | uint64(column&(1<<29-1))<<29 | uint64(row&(1<<29-1))
}

func (f *field) find(key uint64) (int, bool) {
	if len(f.keys) == 0 {
		return 0, false
	}
	mask := uint64(len(f.keys) - 1)
	for i := key * 0x9e3779b97f4a7c15 >> 20 & mask; ; i = (i + 1) & mask {
		switch f.keys[i] {
		case key:
			return int(i), true
		case 0:
			return int(i), false
		}
	}
}

// cell is the count of a cell, made if need be. It holds until the next call.
func (f *field) cell(key uint64) *cellCount {
	i, there := f.find(key)
	if !there {
		if 2*(f.used+1) > len(f.keys) {
			f.grow()
			i, _ = f.find(key)
		}
		f.used++
		f.keys[i] = key
		f.counts[i] = cellCount{scan: f.scan}
	}
	return &f.counts[i]
}

// grow doubles the table, and leaves out what is forgotten: a plot of a thousand scans ago.
func (f *field) grow() {
	old := *f
	kept := 0
	for i, key := range old.keys {
		if key != 0 && old.counts[i].sum*f.since(old.counts[i].scan) > 1e-9 {
			kept++
		}
	}
	size := 1024
	for size < 4*(kept+1) {
		size *= 2
	}
	f.keys, f.counts, f.used = make([]uint64, size), make([]cellCount, size), kept
	for i, key := range old.keys {
		if key != 0 && old.counts[i].sum*f.since(old.counts[i].scan) > 1e-9 {
			at, _ := f.find(key)
			f.keys[at], f.counts[at] = key, old.counts[i]
		}
	}
}

// clone is a copy that goes its own way.
func (f *field) clone() field {
	out := *f
	out.keys, out.counts = slices.Clone(f.keys), slices.Clone(f.counts)
	return out
}
