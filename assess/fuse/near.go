package fuse

import (
	"cmp"
	"math"
	"runtime"
	"slices"
	"sort"
	"sync"
	"sync/atomic"

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
	ids    []int32   // of the items, ascending
	from   []float64 // when each begins, and its kind: what a look asks first, side by side
	kind   []int16
	reach  float64 // the largest
	length float64 // the longest, blur included
	kinds  []bound // by kind
}

func length(it *item) float64 { return it.when.To - it.when.From + 2*gateSigmas*it.when.Sigma }

// levels are powers of two: of a kilometre of reach, of six hours of length.
func levels(it *item) [2]int {
	return [2]int{max(0, int(math.Ceil(math.Log2(it.reach)))), max(0, int(math.Ceil(math.Log2(length(it)/6))))}
}

// shelves sorts the located items, smallest first; kinds is how many there are.
func shelves(items []item, kinds int) []shelf {
	byLevel := map[[2]int]*shelf{}
	for i := range items {
		if !items[i].located {
			continue
		}
		level := levels(&items[i])
		s := byLevel[level]
		if s == nil {
			s = &shelf{level: level, kinds: make([]bound, kinds)}
			byLevel[level] = s
		}
		s.ids = append(s.ids, int32(i))
		s.from, s.kind = append(s.from, items[i].when.From), append(s.kind, items[i].kind)
		s.reach, s.length = max(s.reach, items[i].reach), max(s.length, length(&items[i]))
		s.kinds[items[i].kind].add(&items[i])
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
// its own size of error and larger ones, so every pair is looked at once. Blocks of items
// are shared out among the cores; what a block finds does not depend on the others.
func (f *Fuser) pairs() []pair {
	const block = 512
	all := shelves(f.items, len(f.kinds.acts))
	found := make([][]pair, (len(f.items)+block-1)/block)
	var next atomic.Int64
	var done sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(found)) {
		done.Go(func() {
			s := search{Fuser: f, shelves: all, least: num.Odds(float64(f.cfg.MinJoin)), hopeful: make([]bool, len(f.kinds.acts))}
			for n := int(next.Add(1)) - 1; n < len(found); n = int(next.Add(1)) - 1 {
				s.out = nil
				for i := n * block; i < min((n+1)*block, len(f.items)); i++ {
					s.of(int32(i))
				}
				found[n] = s.out
			}
		})
	}
	done.Wait()
	out := append(slices.Concat(found...), f.chains()...)
	slices.SortFunc(out, comparePairs)
	return out
}

// chains pairs each copy of a report with the next one of its act and place. A look is
// bounded, and of thousands of copies at one place and time most would meet none.
func (f *Fuser) chains() []pair {
	type telling struct {
		copies   int32
		kind     int16
		lat, lon float64
	}
	last := map[telling]int32{}
	var out []pair
	for i := range f.items {
		it := &f.items[i]
		if it.copies < 0 || !it.located {
			continue
		}
		key := telling{it.copies, it.kind, it.lat, it.lon}
		if before, found := last[key]; found && within(&f.items[before], it) {
			out = append(out, pair{copyOdds, before, int32(i)})
		}
		last[key] = int32(i)
	}
	return out
}

// search is one worker's look for pairs.
type search struct {
	*Fuser
	shelves []shelf
	least   float64 // odds
	hopeful []bool  // the kinds that the item may be one with on the shelf
	cells   [][]int32
	out     []pair
}

// of finds the pairs of one item.
func (s *search) of(i int32) {
	it := &s.items[i]
	if !it.located {
		return
	}
	start, own := len(s.out), levels(it)[0]
	for k := range s.shelves {
		at := &s.shelves[k]
		if at.level[0] < own || !s.hope(it, at) {
			continue
		}
		s.cells = at.grid.Near(it.lat, it.lon, 1000*(it.reach+at.reach), s.cells[:0])
		for _, cell := range s.cells {
			s.look(i, at, cell, at.level[0] == own)
		}
	}
	s.out = best(s.out, start)
}

// look holds item i against the items of one cell that can overlap it in time. On a shelf
// of its own size only later items are taken, the earlier ones have looked already; on
// others it does not lie itself.
func (s *search) look(i int32, at *shelf, cell []int32, later bool) {
	it := &s.items[i]
	blur := gateSigmas * it.when.Sigma
	from, to := it.when.From-blur-at.length, it.when.To+blur+at.length
	first := sort.Search(len(cell), func(k int) bool { return at.from[cell[k]] >= from })
	for _, n := range cell[first:min(first+maxLooks, len(cell))] {
		if at.from[n] > to {
			break
		}
		j := at.ids[n]
		if later && j <= i || !s.hopeful[at.kind[n]] {
			continue
		}
		other := &s.items[j]
		if !s.mayReach(it, other) || !within(it, other) {
			continue
		}
		if odds := s.odds(it, other); odds >= s.least {
			s.out = append(s.out, pair{odds, min(i, j), max(i, j)})
		}
	}
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
