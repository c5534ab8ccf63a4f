package fuse

import (
	"cmp"
	"math"
	"slices"
	"sort"

	"github.com/trucewatch/truce/internal/num"
)

// pair is two items and the odds that they are one happening; a < b.
type pair struct {
	odds float64
	a, b int32
}

// shelf holds the items of about one size of error and one length of time, so that a few
// events known only to a province do not make everybody look far.
type shelf struct {
	level  [2]int // of reach and of length
	grid   *num.Grid
	ids    []int32 // of the items, ascending
	reach  float64 // the largest
	length float64 // the longest, blur included
}

func length(it *item) float64 { return it.when.To - it.when.From + 2*gateSigmas*it.when.Sigma }

// levels are powers of two: of a kilometre of reach, of six hours of length.
func levels(it *item) [2]int {
	return [2]int{max(0, int(math.Ceil(math.Log2(it.reach)))), max(0, int(math.Ceil(math.Log2(length(it)/6))))}
}

// shelves sorts the located items, smallest first.
func shelves(items []item) []shelf {
	byLevel := map[[2]int]*shelf{}
	for i := range items {
		if !items[i].located {
			continue
		}
		level := levels(&items[i])
		s := byLevel[level]
		if s == nil {
			s = &shelf{level: level}
			byLevel[level] = s
		}
		s.ids = append(s.ids, int32(i))
		s.reach, s.length = max(s.reach, items[i].reach), max(s.length, length(&items[i]))
	}
	out := make([]shelf, 0, len(byLevel))
	for _, s := range byLevel {
		lat, lon := make([]float64, len(s.ids)), make([]float64, len(s.ids))
		for k, id := range s.ids {
			lat[k], lon[k] = items[id].lat, items[id].lon
		}
		s.grid = num.NewGrid(2000*s.reach, lat, lon)
		out = append(out, *s)
	}
	slices.SortFunc(out, func(a, b shelf) int { return slices.Compare(a.level[:], b.level[:]) })
	return out
}

// pairs finds the pairs that may be joined, best first. Each item looks on the shelves of
// its own size of error and larger ones, so every pair is looked at once.
func (f *Fuser) pairs() []pair {
	all := shelves(f.items)
	least := num.Odds(float64(f.cfg.MinJoin))
	var out []pair
	var cells [][]int32
	for i := range f.items {
		it := &f.items[i]
		if !it.located {
			continue
		}
		start, own := len(out), levels(it)[0]
		for k := range all {
			s := &all[k]
			if s.level[0] < own {
				continue
			}
			cells = s.grid.Near(it.lat, it.lon, 1000*(it.reach+s.reach), cells[:0])
			for _, cell := range cells {
				out = f.look(out, int32(i), s, cell, s.level[0] == own, least)
			}
		}
		out = best(out, start)
	}
	slices.SortFunc(out, comparePairs)
	return out
}

// look holds item i against the items of one cell that can overlap it in time. On a shelf
// of its own size only later items are taken, the earlier ones have looked already.
func (f *Fuser) look(out []pair, i int32, s *shelf, cell []int32, later bool, least float64) []pair {
	it := &f.items[i]
	blur := gateSigmas * it.when.Sigma
	from := it.when.From - blur - s.length
	first := sort.Search(len(cell), func(k int) bool { return f.items[s.ids[cell[k]]].when.From >= from })
	for k := first; k < len(cell) && k < first+maxLooks; k++ {
		j := s.ids[cell[k]]
		other := &f.items[j]
		if other.when.From > it.when.To+blur+s.length {
			break
		}
		if j == i || later && j < i || !within(it, other) {
			continue
		}
		if odds := f.odds(it, other); odds >= least {
			out = append(out, pair{odds, min(i, j), max(i, j)})
		}
	}
	return out
}

// best keeps the best pairs of the one item that came after start.
func best(out []pair, start int) []pair {
	if len(out)-start <= maxLinks {
		return out
	}
	slices.SortFunc(out[start:], comparePairs)
	return out[:start+maxLinks]
}

func comparePairs(x, y pair) int {
	return cmp.Or(cmp.Compare(y.odds, x.odds), cmp.Compare(x.a, y.a), cmp.Compare(x.b, y.b))
}
