package fuse

import (
	"math"
	"slices"

	"github.com/trucewatch/truce/internal/num"
)

// cluster makes groups of pairs, best pair first (greedy correlation clustering). Two
// groups become one when every event of one is within the gates of every event of the
// other, so that no chain grows longer than the errors allow, and when the odds between
// them, multiplied over all pairs of independent voices, speak for it.
func (f *Fuser) cluster(pairs []pair) [][]int32 {
	sets := num.NewSets(len(f.items))
	members := make([][]int32, len(f.items))
	for i := range members {
		members[i] = []int32{int32(i)}
	}
	for _, p := range pairs {
		a, b := sets.Find(int(p.a)), sets.Find(int(p.b))
		if a == b || !f.fit(members[a], members[b]) {
			continue
		}
		sets.Union(a, b)
		root := min(a, b)
		merged := slices.Concat(members[a], members[b])
		slices.Sort(merged)
		members[a], members[b] = nil, nil
		members[root] = merged
	}
	return slices.DeleteFunc(members, func(m []int32) bool { return m == nil })
}

// fit says whether two groups may be one.
func (f *Fuser) fit(a, b []int32) bool {
	if len(a)+len(b) > maxGroup {
		return false
	}
	for _, i := range a {
		for _, j := range b {
			if !within(&f.items[i], &f.items[j]) {
				return false
			}
		}
	}
	if len(a) == 1 && len(b) == 1 {
		return true // the pair's own odds brought it here
	}
	total := 0.0
	for _, i := range f.voices(a) {
		for _, j := range f.voices(b) {
			total += math.Log(max(f.odds(&f.items[i], &f.items[j]), 1e-12))
		}
	}
	return total > 0
}

// voices keeps one event of each set of copies.
func (f *Fuser) voices(members []int32) []int32 {
	seen := map[int32]bool{}
	var out []int32
	for _, m := range members {
		c := f.items[m].copies
		if c >= 0 && seen[c] {
			continue
		}
		if c >= 0 {
			seen[c] = true
		}
		out = append(out, m)
	}
	return out
}
