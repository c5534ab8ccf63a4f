package geo

// This file finds the edges of a line that meet others than their neighbours. Elsewhere
// the line parts the ground about it into a left and a right by itself, and the chance to
// lie on a side follows from its edges alone.

// tanglePairs bounds the pairs of edges that are looked at, for each edge: a line that
// people draw needs some 20, 10 ns each.
const tanglePairs = 400

// tangle marks the edges that meet others. A line with more pairs to look at than the
// bound counts as tangled all over, which costs time later and nothing else.
func (x *chains) tangle() {
	t := tangler{x: x, marks: make([]bool, len(x.from)), left: tanglePairs * len(x.from)}
	top := len(x.levels) - 1
	for i := range x.levels[top] {
		for k := i; k < len(x.levels[top]); k++ {
			t.blocks(top, i, k)
		}
	}
	if t.left < 0 {
		for i := range t.marks {
			t.marks[i] = true
		}
	}
	x.tangled = t.marks
	x.markBroken()
}

// markBroken tells the blocks what lies below them.
func (x *chains) markBroken() {
	for edge := range x.from {
		chain := x.chain(edge)
		first, last := x.from[edge] == x.starts[chain], x.from[edge]+2 == x.starts[chain+1]
		if first || last || x.tangled[edge] {
			for level, i := 0, edge/fan; level < len(x.levels); level, i = level+1, i/fan {
				x.levels[level][i].broken = true
			}
		}
	}
}

type tangler struct {
	x     *chains
	marks []bool
	left  int // pairs that may still be looked at
}

// blocks looks at all pairs of one edge below block i and one below block k of a level.
func (t *tangler) blocks(level, i, k int) {
	if t.left < 0 || !t.x.levels[level][i].box.meets(t.x.levels[level][k].box) {
		return
	}
	first, last := t.x.children(level, i)
	from, to := t.x.children(level, k)
	for a := first; a < last; a++ {
		start := from
		if i == k {
			start = a
		}
		for b := start; b < to; b++ {
			t.left--
			if level > 0 {
				t.blocks(level-1, a, b)
			} else if a != b && t.meet(a, b) {
				t.marks[a], t.marks[b] = true, true
			}
		}
	}
}

// meet says whether two edges have a place in common besides the vertex in which one goes
// on where the other ends.
func (t *tangler) meet(a, b int) bool {
	x := t.x
	p, q := x.points[x.from[a]], x.points[x.from[a]+1]
	r, s := x.points[x.from[b]], x.points[x.from[b]+1]
	if !boxOf(p, q).meets(boxOf(r, s)) {
		return false
	}
	g, h, i, k := gridOf(p), gridOf(q), gridOf(r), gridOf(s)
	if next, ok := x.joined(a, true); ok && next == b {
		return turnsBack(g, h, k)
	}
	if next, ok := x.joined(b, true); ok && next == a {
		return turnsBack(i, k, h)
	}
	return turn(g, h, i)*turn(g, h, k) <= 0 && turn(i, k, g)*turn(i, k, h) <= 0
}

// turnsBack says whether the way from a to b goes back over itself to c.
func turnsBack(a, b, c grid) bool { return turn(a, b, c) == 0 && sameDirection(b, a, c) }

func boxOf(p, q Point) Bounds { return emptyBounds.Including(p).Including(q) }
