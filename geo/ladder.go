package geo

import (
	"slices"
	"sort"
)

// ladder is the order of the edges along the sweep line, from south to north, in short
// runs, so that putting one in moves few others: O(log n) comparisons and at most
// ladderRun moves.
type ladder struct {
	compare func(i, j int32) int
	runs    [][]int32 // none empty
}

const ladderRun = 256

// insert puts an edge in and gives its neighbours, -1 for none.
func (l *ladder) insert(e int32) (under, over int32) {
	if len(l.runs) == 0 {
		l.runs = append(l.runs, []int32{e})
		return -1, -1
	}
	r := min(l.find(e), len(l.runs)-1)
	run := l.runs[r]
	i := sort.Search(len(run), func(i int) bool { return l.compare(e, run[i]) < 0 })
	l.runs[r] = slices.Insert(run, i, e)
	under, over = l.beside(r, i)
	if len(l.runs[r]) == ladderRun {
		half := slices.Clone(l.runs[r][ladderRun/2:])
		l.runs[r] = l.runs[r][:ladderRun/2]
		l.runs = slices.Insert(l.runs, r+1, half)
	}
	return under, over
}

// remove takes an edge out and gives the two that now are neighbours.
func (l *ladder) remove(e int32) (under, over int32) {
	r, i := l.place(e)
	if i < 0 {
		return -1, -1
	}
	under, over = l.beside(r, i)
	l.runs[r] = slices.Delete(l.runs[r], i, i+1)
	if len(l.runs[r]) == 0 {
		l.runs = slices.Delete(l.runs, r, r+1)
	}
	return under, over
}

// find is the first run whose last edge is not below e.
func (l *ladder) find(e int32) int {
	return sort.Search(len(l.runs), func(r int) bool {
		run := l.runs[r]
		return l.compare(e, run[len(run)-1]) <= 0
	})
}

// place is the run that holds e and where. It looks where e belongs first.
func (l *ladder) place(e int32) (run, i int) {
	if r := l.find(e); r < len(l.runs) {
		if i := slices.Index(l.runs[r], e); i >= 0 {
			return r, i
		}
	}
	for r := range l.runs {
		if i := slices.Index(l.runs[r], e); i >= 0 {
			return r, i
		}
	}
	return -1, -1
}

// beside is what lies directly below and above place i of run r.
func (l *ladder) beside(r, i int) (under, over int32) {
	under, over = -1, -1
	if i > 0 {
		under = l.runs[r][i-1]
	} else if r > 0 {
		under = l.runs[r-1][len(l.runs[r-1])-1]
	}
	if i+1 < len(l.runs[r]) {
		over = l.runs[r][i+1]
	} else if r+1 < len(l.runs) {
		over = l.runs[r+1][0]
	}
	return under, over
}
