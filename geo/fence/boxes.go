package fence

import (
	"cmp"
	"math"
	"slices"
)

// boxTree finds the shapes whose boxes meet a box: a tree of boxes of boxes, packed by
// sorting into strips and tiles (Leutenegger, Lopez and Edgington 1997).
type boxTree struct {
	shapes []uint32 // in the order of the tree
	levels [][]box  // the boxes of the shapes, then of 8 of these each, up to one
}

const boxFan = 8

func newBoxTree(of []shape) boxTree {
	t := boxTree{shapes: make([]uint32, len(of))}
	for i := range of {
		t.shapes[i] = uint32(i)
	}
	middle := func(axis func(box) float64) func(a, b uint32) int {
		return func(a, b uint32) int {
			return cmp.Or(cmp.Compare(axis(of[a].box), axis(of[b].box)), cmp.Compare(a, b))
		}
	}
	slices.SortFunc(t.shapes, middle(func(b box) float64 { return b.west + b.east }))
	strip := boxFan * int(math.Ceil(math.Sqrt(float64(len(of))/boxFan)))
	for lo := 0; lo < len(of); lo += strip {
		slices.SortFunc(t.shapes[lo:min(lo+strip, len(of))], middle(func(b box) float64 { return b.south + b.north }))
	}
	level := make([]box, len(of))
	for i, shape := range t.shapes {
		level[i] = of[shape].box
	}
	t.levels = append(t.levels, level)
	for len(level) > boxFan {
		var next []box
		for lo := 0; lo < len(level); lo += boxFan {
			b := nowhere
			for _, c := range level[lo:min(lo+boxFan, len(level))] {
				b = b.union(c)
			}
			next = append(next, b)
		}
		t.levels = append(t.levels, next)
		level = next
	}
	return t
}

// meeting calls visit with each shape whose box meets b.
func (t *boxTree) meeting(b *box, visit func(shape uint32)) {
	top := len(t.levels) - 1
	t.search(b, top, 0, len(t.levels[top]), visit)
}

func (t *boxTree) search(b *box, level, from, to int, visit func(shape uint32)) {
	boxes := t.levels[level]
	for i := from; i < to; i++ {
		switch {
		case !boxes[i].meets(b):
		case level == 0:
			visit(t.shapes[i])
		default:
			t.search(b, level-1, i*boxFan, min((i+1)*boxFan, len(t.levels[level-1])), visit)
		}
	}
}
