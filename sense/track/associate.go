package track

import "slices"

// edge is a plot that may be a track's.
type edge struct {
	target, mark int32
	like         [modes]float64 // density of the plot, had it come of the track in each motion, per square metre
	density      float64        // of all motions
	weight       float64        // odds that it is the track's against that the track has no plot
	chance       float64        // that it is the track's, once all tracks that compete are weighed
	out, in      float64        // messages of the belief propagation
}

// How clusters of tracks that compete for plots are solved: exactly while there are at most
// exactCases ways to deal the plots, beyond that by belief propagation, which is exact
// without loops and within a few hundredths with them (Williams and Lau 2014, IEEE
// Transactions on Aerospace and Electronic Systems 50).
const (
	exactCases      = 512
	mostRounds      = 60
	closeEnough     = 1e-7
	leastEdgeChange = 1e-4 // odds below which a plot is no candidate
)

// association deals the plots of a scan to tracks. Its slices are used again each scan.
type association struct {
	edges []edge  // by track, then by plot
	from  []int32 // where the edges of each track begin; one more for the end
	root  []int32 // union-find over tracks
	owner []int32 // a track that has an edge to the plot; -1: none
	order []int32 // tracks by cluster

	total []float64 // by plot, for belief propagation
	taken []bool    // by plot, for the exact way
	pick  []int32   // edge of each track of the cluster, -1: none
	sums  []float64 // by edge
	all   float64
}

// solve fills in the chances of all edges. Weights are odds against having no plot.
func (a *association) solve(targets, marks int) {
	a.join(targets, marks)
	a.total = resize(a.total, marks)
	a.taken = resize(a.taken, marks)
	a.sums = resize(a.sums, len(a.edges))
	for begin := 0; begin < targets; {
		end := begin + 1
		for end < targets && a.root[a.order[end]] == a.root[a.order[begin]] {
			end++
		}
		a.cluster(a.order[begin:end])
		begin = end
	}
}

// resize is a slice of n zeros in the place of another.
func resize[T any](s []T, n int) []T {
	s = slices.Grow(s[:0], n)[:n]
	clear(s)
	return s
}

// join finds the clusters: tracks that share a plot, directly or over others.
func (a *association) join(targets, marks int) {
	a.root = resize(a.root, targets)
	a.owner = resize(a.owner, marks)
	for i := range a.root {
		a.root[i] = int32(i)
	}
	for i := range a.owner {
		a.owner[i] = -1
	}
	for i := range a.edges {
		e := &a.edges[i]
		if a.owner[e.mark] < 0 {
			a.owner[e.mark] = e.target
			continue
		}
		one, two := a.find(a.owner[e.mark]), a.find(e.target)
		a.root[max(one, two)] = min(one, two)
	}
	a.order = resize(a.order, targets)
	for i := range a.order {
		a.order[i] = int32(i)
		a.root[i] = a.find(int32(i))
	}
	slices.SortStableFunc(a.order, func(i, j int32) int { return int(a.root[i] - a.root[j]) })
}

func (a *association) find(i int32) int32 {
	for a.root[i] != i {
		a.root[i] = a.root[a.root[i]]
		i = a.root[i]
	}
	return i
}

// of are the edges of a track.
func (a *association) of(target int32) []edge { return a.edges[a.from[target]:a.from[target+1]] }

// cluster solves the tracks of one cluster.
func (a *association) cluster(tracks []int32) {
	if len(tracks) == 1 {
		alone(a.of(tracks[0]))
		return
	}
	cases := 1
	for _, t := range tracks {
		if cases *= len(a.of(t)) + 1; cases > exactCases {
			a.propagate(tracks)
			return
		}
	}
	a.exact(tracks)
}

// alone are the chances of one track's plots.
func alone(edges []edge) {
	sum := 1.0
	for i := range edges {
		sum += edges[i].weight
	}
	for i := range edges {
		edges[i].chance = edges[i].weight / sum
	}
}

// exact goes through all ways to deal the plots (joint probabilistic data association:
// Fortmann, Bar-Shalom and Scheffe 1983, IEEE Journal of Oceanic Engineering 8).
func (a *association) exact(tracks []int32) {
	a.all = 0
	a.pick = resize(a.pick, len(tracks))
	a.deal(tracks, 0, 1)
	for _, t := range tracks {
		for i := a.from[t]; i < a.from[t+1]; i++ {
			a.edges[i].chance = a.sums[i] / a.all
		}
	}
}

// deal goes through the ways of the tracks from the one numbered next on.
func (a *association) deal(tracks []int32, next int, weight float64) {
	if next == len(tracks) {
		a.all += weight
		for _, e := range a.pick {
			if e >= 0 {
				a.sums[e] += weight
			}
		}
		return
	}
	a.pick[next] = -1
	a.deal(tracks, next+1, weight)
	for i := a.from[tracks[next]]; i < a.from[tracks[next]+1]; i++ {
		if mark := a.edges[i].mark; !a.taken[mark] {
			a.taken[mark], a.pick[next] = true, i
			a.deal(tracks, next+1, weight*a.edges[i].weight)
			a.taken[mark] = false
		}
	}
}

// propagate passes messages between tracks and plots until they settle.
func (a *association) propagate(tracks []int32) {
	for _, t := range tracks {
		for i, edges := 0, a.of(t); i < len(edges); i++ {
			edges[i].in = 1
		}
	}
	for range mostRounds {
		for _, t := range tracks {
			edges := a.of(t)
			sum := 1.0
			for i := range edges {
				sum += edges[i].weight * edges[i].in
			}
			for i := range edges {
				e := &edges[i]
				e.out = e.weight / (sum - e.weight*e.in)
				a.total[e.mark] += e.out
			}
		}
		if a.answer(tracks) < closeEnough {
			break
		}
	}
	for _, t := range tracks {
		edges := a.of(t)
		for i := range edges {
			edges[i].chance = edges[i].weight * edges[i].in
		}
		sum := 1.0
		for i := range edges {
			sum += edges[i].chance
		}
		for i := range edges {
			edges[i].chance /= sum
		}
	}
}

// answer has the plots reply to the tracks, and says how much that changed.
func (a *association) answer(tracks []int32) (change float64) {
	for _, t := range tracks {
		for i, edges := 0, a.of(t); i < len(edges); i++ {
			e := &edges[i]
			in := 1 / (1 + a.total[e.mark] - e.out)
			change = max(change, in-e.in, e.in-in)
			e.in = in
		}
	}
	for _, t := range tracks {
		for i, edges := 0, a.of(t); i < len(edges); i++ {
			a.total[edges[i].mark] = 0
		}
	}
	return change
}
