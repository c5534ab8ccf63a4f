package fence

import (
	"math"
	"math/bits"
	"slices"
)

// builder cuts the map into cells, depth first. The members, edges and zones of the cells on
// the way down lie on stacks, so that a cell costs no allocation.
type builder struct {
	shapes  *shapes
	out     cells
	members []member
	edges   []uint32
	inside  []uint32
	known   map[string]uint32 // lists made, by what they hold
	key     []byte
}

// cell is a cell under work: its members, and the zones that hold all of it.
type cell struct {
	level, column, row uint32
	reference          vertex
	members            span // in builder.members
	edges              int  // of all members
	inside             span // in builder.inside
	shared             uint32
	growth             float64
}

// span is a range on a stack.
type span struct{ from, to int }

// member is a zone whose edges pass a cell.
type member struct {
	zone  uint32
	in    bool // the cell's reference is in the zone
	onIt  bool // the reference lies on an edge, so that nothing can be told from it
	edges span // in builder.edges
}

func compile(s *shapes) cells {
	if len(s.of) == 0 {
		return cells{words: []uint32{0}, frame: frame{box: nowhere}}
	}
	whole := nowhere
	for i := range s.of {
		whole = whole.union(s.of[i].box)
	}
	b := &builder{shapes: s, known: map[string]uint32{}}
	b.out.frame = newFrame(whole)
	b.out.lists = append(b.out.lists, 0) // no list is at place 0, so that no code of one is 0
	b.out.records = append(b.out.records, 0)
	b.out.rootBits = rootBitsFor(len(s.corners))
	b.out.words = make([]uint32, 1<<(2*b.out.rootBits))
	top := b.whole()
	b.fill(grid{0, 0, b.out.rootBits}, &top)
	return b.out
}

// rootBitsFor is the level of the grid on top: about one cell for a corner, at least 256
// cells and at most a million of 4 bytes.
func rootBitsFor(corners int) uint32 {
	return uint32(min(max(bits.Len(uint(corners))/2, 4), 10))
}

// whole is the cell of the whole map with every edge in it.
func (b *builder) whole() cell {
	c := cell{reference: b.out.reference(0, 0, 0), growth: 1}
	for z := range b.shapes.of {
		sh := &b.shapes.of[z]
		from := len(b.edges)
		for _, block := range b.shapes.blocks[sh.block:sh.blocksEnd] {
			for e := block.first; e < block.last; e++ {
				b.edges = append(b.edges, e)
			}
		}
		m := member{zone: uint32(z), edges: span{from, len(b.edges)}}
		m.in, m.onIt = b.shapes.holds(sh, c.reference), b.touches(m.edges, c.reference)
		b.members = append(b.members, m)
	}
	c.members, c.edges = span{0, len(b.members)}, len(b.edges)
	return c
}

func (b *builder) touches(edges span, p vertex) bool {
	return slices.ContainsFunc(b.edges[edges.from:edges.to], func(e uint32) bool {
		return onEdge(b.shapes.corners[e], b.shapes.corners[e+1], p)
	})
}

// grid is a square of 2^bits x 2^bits codes at a place of words.
type grid struct {
	place, level, bits uint32 // level: of the cell that the grid fills
}

// fill gives every code below a cell that is at least as large as those of the grid.
func (b *builder) fill(g grid, c *cell) {
	below := g.level + g.bits - c.level
	if below == 0 {
		b.out.words[g.at(c.column, c.row)] = b.settle(c)
		return
	}
	var four [4]cell
	mark := b.mark()
	if !b.split(c, &four) {
		code := b.leaf(c)
		for row := c.row << below; row < (c.row+1)<<below; row++ {
			for column := c.column << below; column < (c.column+1)<<below; column++ {
				b.out.words[g.at(column, row)] = code
			}
		}
	} else {
		for i := range four {
			b.fill(g, &four[i])
		}
	}
	b.release(mark)
}

// at is the place of the code of a cell of the grid's finest level.
func (g grid) at(column, row uint32) uint32 {
	mask := uint32(1)<<g.bits - 1
	return g.place + (row&mask)<<g.bits + column&mask
}

// settle is the code of a cell that is as small as its grid can tell apart: a node where
// the cell is worth cutting.
func (b *builder) settle(c *cell) uint32 {
	var four [4]cell
	mark := b.mark()
	defer b.release(mark)
	if !b.split(c, &four) {
		return b.leaf(c)
	}
	g := grid{uint32(len(b.out.words)), c.level, nodeBits}
	b.out.words = append(b.out.words, make([]uint32, 1<<(2*nodeBits))...)
	for i := range four {
		b.fill(g, &four[i])
	}
	return tagNode | g.place
}

// mark and release give back what was put on the stacks since.
func (b *builder) mark() [3]int { return [3]int{len(b.members), len(b.edges), len(b.inside)} }
func (b *builder) release(m [3]int) {
	b.members, b.edges, b.inside = b.members[:m[0]], b.edges[:m[1]], b.inside[:m[2]]
}

// split makes the four quarters of a cell, unless it is not worth it.
func (b *builder) split(c *cell, four *[4]cell) bool {
	if c.edges <= enoughEdges || c.level >= maxLevel || b.full() {
		return false
	}
	if c.inside.to-c.inside.from > listInline {
		c.shared = b.list(b.inside[c.inside.from:c.inside.to], c.shared)
		c.inside.to = c.inside.from
	}
	edges := 0
	for i := range four {
		four[i] = b.quarter(c, uint32(i)&1, uint32(i)>>1)
		edges += four[i].edges
	}
	growth := c.growth * float64(edges) / float64(c.edges)
	for i := range four {
		four[i].growth = growth
	}
	return growth <= maxGrowth
}

func (b *builder) full() bool {
	return len(b.out.words) >= maxWords || len(b.out.records) >= maxWords || len(b.out.lists) >= maxWords
}

// quarter is one of the four cells that a cell is cut into.
func (b *builder) quarter(c *cell, east, north uint32) cell {
	q := cell{level: c.level + 1, column: 2*c.column + east, row: 2*c.row + north, shared: c.shared}
	q.reference = b.out.reference(q.level, q.column, q.row)
	area := b.out.cellBox(q.level, q.column, q.row)
	q.members.from, q.inside.from = len(b.members), len(b.inside)
	b.inside = append(b.inside, b.inside[c.inside.from:c.inside.to]...)
	for i := c.members.from; i < c.members.to; i++ {
		m := b.enter(&b.members[i], c.reference, q.reference, &area)
		switch {
		case m.edges.from < m.edges.to:
			b.members = append(b.members, m)
			q.edges += m.edges.to - m.edges.from
		case m.in:
			b.inside = append(b.inside, m.zone)
		}
	}
	q.members.to, q.inside.to = len(b.members), len(b.inside)
	return q
}

// enter is what a member of a cell is in one of its quarters: the edges that pass it, and
// whether the new reference is inside. That changes with each edge that the way from the
// old to the new one crosses, and all such edges pass the cell.
func (b *builder) enter(m *member, from, to vertex, area *box) member {
	out := member{zone: m.zone, in: m.in, edges: span{len(b.edges), 0}}
	for i := m.edges.from; i < m.edges.to; i++ {
		e := b.edges[i]
		p, q := b.shapes.corners[e], b.shapes.corners[e+1]
		if passes(p, q, area) {
			b.edges = append(b.edges, e)
			out.onIt = out.onIt || onEdge(p, q, to)
		}
		if crossed(p, q, from, to) {
			out.in = !out.in
		}
	}
	out.edges.to = len(b.edges)
	if m.onIt || out.onIt {
		out.in = b.shapes.holds(&b.shapes.of[m.zone], to)
	}
	return out
}

// crossed says whether the way from one place to another, neither of them on the edge from
// a to b, crosses it. An end on the line through the two counts as right of it, so that a
// way through a corner crosses the two edges there rightly.
func crossed(a, b, from, to vertex) bool {
	if max(a.x, b.x) < min(from.x, to.x) || min(a.x, b.x) > max(from.x, to.x) ||
		max(a.y, b.y) < min(from.y, to.y) || min(a.y, b.y) > max(from.y, to.y) {
		return false
	}
	return (turn(to, from, a) > 0) != (turn(to, from, b) > 0) && (turn(a, b, to) > 0) != (turn(a, b, from) > 0)
}

// passes says whether an edge may pass a box: no when their boxes are apart, or when the
// box lies on one side of the edge's line by more than rounding.
func passes(p, q vertex, b *box) bool {
	if max(p.x, q.x) < b.west || min(p.x, q.x) > b.east || max(p.y, q.y) < b.south || min(p.y, q.y) > b.north {
		return false
	}
	dx, dy := q.x-p.x, q.y-p.y
	x, y := (b.west+b.east)/2-p.x, (b.south+b.north)/2-p.y
	halfX, halfY := (b.east-b.west)/2, (b.north-b.south)/2
	reach := math.Abs(dx)*halfY + math.Abs(dy)*halfX
	return math.Abs(dx*y-dy*x) <= reach+1e-13*(math.Abs(dx*y)+math.Abs(dy*x)+reach)
}

// leaf is the code of a cell that is cut no further.
func (b *builder) leaf(c *cell) uint32 {
	inside := b.inside[c.inside.from:c.inside.to]
	if c.members.from == c.members.to {
		return b.list(inside, c.shared)
	}
	code := uint32(len(b.out.records)) | tagRecord
	b.out.records = appendHead(b.out.records, len(inside), c.shared)
	head := len(b.out.records)
	b.out.records = append(append(b.out.records, c.level<<levelShift), inside...)
	for _, m := range b.members[c.members.from:c.members.to] {
		b.out.records[head] += b.appendPieces(c, &m)
	}
	return code
}

// list is the code of a list of zones, the same one for equal lists.
func (b *builder) list(zones []uint32, shared uint32) uint32 {
	switch {
	case len(zones) == 0:
		return shared
	case len(zones) == 1 && shared == 0:
		return tagZone | zones[0]
	}
	slices.Sort(zones)
	b.key = appendBytes(b.key[:0], shared)
	for _, z := range zones {
		b.key = appendBytes(b.key, z)
	}
	if code, known := b.known[string(b.key)]; known {
		return code
	}
	code := uint32(len(b.out.lists)) | tagList
	b.out.lists = appendHead(b.out.lists, len(zones), shared)
	b.out.lists = append(b.out.lists, zones...)
	b.known[string(b.key)] = code
	return code
}

func appendBytes(to []byte, x uint32) []byte {
	return append(to, byte(x), byte(x>>8), byte(x>>16), byte(x>>24))
}

func appendHead(to []uint32, n int, shared uint32) []uint32 {
	if shared == 0 {
		return append(to, uint32(n))
	}
	return append(to, uint32(n)|hasMore, shared)
}

// appendPieces adds a member's edges as pieces to the record under work and counts them.
func (b *builder) appendPieces(c *cell, m *member) (pieces uint32) {
	edges := b.edges[m.edges.from:m.edges.to]
	tolerance := b.tolerance(c, edges)
	if m.onIt {
		tolerance = float32(math.Inf(1))
	}
	for start := 0; start < len(edges); {
		end := start + 1
		for end < len(edges) && edges[end] == edges[end-1]+1 && end-start < pieceEdges {
			end++
		}
		zone, sides := m.zone|uint32(end-start-1)<<countShift, uint32(0)
		if start == 0 && m.in {
			zone |= pieceIn
		}
		if end < len(edges) {
			zone |= pieceMore
		}
		for i, e := range edges[start:end] {
			if turn(b.shapes.corners[e], b.shapes.corners[e+1], c.reference) < 0 {
				sides |= 1 << i
			}
		}
		b.out.records = append(b.out.records, edges[start], zone, sides, math.Float32bits(tolerance))
		pieces++
		start = end
	}
	return pieces
}

// tolerance bounds the rounding error of a determinant of differences between places of a
// cell and corners of edges. With differences up to D, each in error by eps D, two products
// and their difference, it is below 8 eps D^2; twice that is taken.
func (b *builder) tolerance(c *cell, edges []uint32) float32 {
	size := 0.
	for _, e := range edges {
		for _, v := range b.shapes.corners[e : e+2] {
			size = max(size, math.Abs(v.x-c.reference.x), math.Abs(v.y-c.reference.y))
		}
	}
	size += b.out.widths[c.level] + b.out.heights[c.level]
	return float32(16 * rounding * size * size * (1 + 1e-6))
}
