package locate

import (
	"cmp"
	"container/heap"
	"math"
	"slices"
)

// tree divides a square of the plane into smaller and smaller ones where the posterior is, and
// leaves the rest of it coarse (after the oct-tree of Lomax and Curtis 2001). A square is asked
// for what its middle has, and for that smoothed over it: the smoothed density finds a peak
// that lies between the middles.
type tree struct {
	p       *posterior
	leaves  []leaf
	open    []int32 // a heap of leaves that may be divided, what may hold most first
	base    float64 // logarithm of density that all others are taken relative to
	done    float64 // mass of leaves that are fine enough
	pending float64 // and what the others may hold
	mass    float64 // of all leaves
}

// leaf is a square; child is the first of its four, 0: none.
type leaf struct {
	x, y, half  float64
	log, smooth float64
	fine        bool
	child       int32
}

const (
	// fineSharp is how large a square may be that is not divided: its half diagonal squared, in
	// sigmas of the place, and how much the density may change in it, of its logarithm.
	fineSharp  = .2
	fineChange = .3
	// restMass is how much may be left in squares that were not looked into, of all.
	restMass = .01
)

func (t *tree) Len() int { return len(t.open) }
func (t *tree) Less(i, j int) bool {
	a, b := t.open[i], t.open[j]
	return cmp.Or(-cmp.Compare(t.worth(a), t.worth(b)), cmp.Compare(a, b)) < 0
}
func (t *tree) Swap(i, j int) { t.open[i], t.open[j] = t.open[j], t.open[i] }
func (t *tree) Push(x any)    { t.open = append(t.open, x.(int32)) }
func (t *tree) Pop() any {
	last := t.open[len(t.open)-1]
	t.open = t.open[:len(t.open)-1]
	return last
}

// worth is the logarithm of what a leaf may hold.
func (t *tree) worth(i int32) float64 {
	l := &t.leaves[i]
	return l.smooth - t.base + 2*math.Log(2*l.half)
}

// held is what a leaf holds, its middle standing for all of it.
func (t *tree) held(l *leaf) float64 { return math.Exp(l.log-t.base) * 4 * l.half * l.half }

// grow divides a square around a place until next to nothing is left in coarse parts.
func (p *posterior) grow(x, y, half float64) *tree {
	t := &tree{p: p}
	t.base, _, _ = p.density(x, y, 0)
	t.add(x, y, half)
	for len(t.open) > 0 && t.pending > restMass*t.done && len(t.leaves) < maxLeaves {
		i := heap.Pop(t).(int32)
		t.pending -= math.Exp(t.worth(i))
		t.leaves[i].child = int32(len(t.leaves))
		l, h := t.leaves[i], t.leaves[i].half/2
		for _, side := range [4][2]float64{{-h, -h}, {h, -h}, {-h, h}, {h, h}} {
			t.add(l.x+side[0], l.y+side[1], h)
		}
	}
	for i := range t.leaves {
		if l := &t.leaves[i]; l.child == 0 {
			t.mass += t.held(l)
		}
	}
	return t
}

// add enters a square.
func (t *tree) add(x, y, half float64) {
	log, smooth, sharp := t.p.density(x, y, half)
	l := leaf{x: x, y: y, half: half, log: log, smooth: smooth}
	l.fine = sharp < fineSharp && smooth-log < fineChange || half < leastHalf
	t.leaves = append(t.leaves, l)
	if l.fine {
		t.done += t.held(&l)
		return
	}
	i := int32(len(t.leaves) - 1)
	t.pending += math.Exp(t.worth(i))
	heap.Push(t, i)
}

// at is the leaf that holds a place; -1 outside.
func (t *tree) at(x, y float64) int32 {
	root := &t.leaves[0]
	if math.Abs(x-root.x) > root.half || math.Abs(y-root.y) > root.half {
		return -1
	}
	i := int32(0)
	for t.leaves[i].child != 0 {
		l := &t.leaves[i]
		i = l.child
		if x > l.x {
			i++
		}
		if y > l.y {
			i += 2
		}
	}
	return i
}

// ranked is the leaves by density, the highest first.
func (t *tree) byDensity() []int32 {
	var order []int32
	for i := range t.leaves {
		if t.leaves[i].child == 0 && t.held(&t.leaves[i]) > 0 {
			order = append(order, int32(i))
		}
	}
	slices.SortFunc(order, func(a, b int32) int {
		return cmp.Or(-cmp.Compare(t.leaves[a].log, t.leaves[b].log), cmp.Compare(a, b))
	})
	return order
}

// threshold is the logarithm of the density above which lies a share of the mass, and the side
// of the squares there.
func (t *tree) threshold(order []int32, share float64) (log float64) {
	sum := 0.0
	for k, i := range order {
		held := t.held(&t.leaves[i])
		sum += held
		if sum < share*t.mass {
			continue
		}
		if k == 0 {
			return t.leaves[i].log
		}
		// Between this leaf and the one before, by how much of this one is needed.
		part := 1 - (sum-share*t.mass)/held
		before := t.leaves[order[k-1]].log
		return before + part*(t.leaves[i].log-before)
	}
	return math.Inf(-1)
}

// side is that of the square in which the middle of the mass of the highest share lies, by size.
func (t *tree) side(order []int32, log float64) float64 {
	var sizes []float64
	bySize := map[float64]float64{}
	sum := 0.0
	for _, i := range order {
		l := &t.leaves[i]
		if l.log < log {
			break
		}
		if bySize[l.half] == 0 {
			sizes = append(sizes, l.half)
		}
		bySize[l.half] += t.held(l)
		sum += t.held(l)
	}
	slices.Sort(sizes)
	run := 0.0
	for _, half := range sizes {
		if run += bySize[half]; run >= sum/2 {
			return 2 * half
		}
	}
	return 2 * leastHalf
}

// atRim is the share of the mass that lies within a tenth of the edge of the square.
func (t *tree) atRim() float64 {
	root, sum := t.leaves[0], 0.0
	for i := range t.leaves {
		if l := &t.leaves[i]; l.child == 0 && max(math.Abs(l.x-root.x), math.Abs(l.y-root.y)) > rimPart*root.half {
			sum += t.held(l)
		}
	}
	return sum / t.mass
}
