package fence

import "math"

// box is a rectangle in degrees, its edges included.
type box struct{ west, south, east, north float64 }

var nowhere = box{math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)}

func (b box) with(v vertex) box {
	return box{min(b.west, v.x), min(b.south, v.y), max(b.east, v.x), max(b.north, v.y)}
}

func (b box) union(c box) box {
	return box{min(b.west, c.west), min(b.south, c.south), max(b.east, c.east), max(b.north, c.north)}
}

func (b *box) meets(c *box) bool {
	return b.west <= c.east && c.west <= b.east && b.south <= c.north && c.south <= b.north
}

func (b *box) holds(v vertex) bool {
	return v.x >= b.west && v.x <= b.east && v.y >= b.south && v.y <= b.north
}

// shapes are chains of edges: the rings of zones, or the parts of a line. The edges of one
// shape lie in blocks of neighbours, the blocks in groups, each with its box, so that what
// is near a place is found without a look at the rest: for a shape of n edges the cost is
// the square root of n and what is near.
type shapes struct {
	corners []vertex // of all chains, one after another
	blocks  []block
	groups  []box
	of      []shape
}

// shape is one zone or line: a range of blocks and their groups.
type shape struct {
	box              box
	block, blocksEnd uint32
	group            uint32
	perGroup         uint32 // blocks in each group
}

// block is a run of edges of one chain; edge i runs from corner i to the next.
type block struct {
	box         box
	first, last uint32 // the edges first to last-1
}

// blockEdges is how many edges a block holds: their corners fill three cache lines.
const blockEdges = 8

// add adds one shape made of chains.
func (s *shapes) add(chains [][]vertex) {
	sh := shape{box: nowhere, block: uint32(len(s.blocks)), group: uint32(len(s.groups))}
	for _, chain := range chains {
		first := len(s.corners)
		s.corners = append(s.corners, chain...)
		for lo := first; lo < len(s.corners)-1; lo += blockEdges {
			s.blocks = append(s.blocks, s.blockOf(lo, min(lo+blockEdges, len(s.corners)-1)))
		}
	}
	sh.blocksEnd = uint32(len(s.blocks))
	sh.perGroup = max(4, uint32(math.Sqrt(float64(sh.blocksEnd-sh.block))))
	for lo := sh.block; lo < sh.blocksEnd; lo += sh.perGroup {
		group := nowhere
		for _, b := range s.blocks[lo:min(lo+sh.perGroup, sh.blocksEnd)] {
			group = group.union(b.box)
		}
		s.groups = append(s.groups, group)
		sh.box = sh.box.union(group)
	}
	s.of = append(s.of, sh)
}

func (s *shapes) blockOf(first, last int) block {
	b := block{box: nowhere, first: uint32(first), last: uint32(last)}
	for _, v := range s.corners[first : last+1] {
		b.box = b.box.with(v)
	}
	return b
}

// inGroup are the blocks of the i-th group of a shape.
func (s *shapes) inGroup(sh *shape, i uint32) []block {
	lo := sh.block + i*sh.perGroup
	return s.blocks[lo:min(lo+sh.perGroup, sh.blocksEnd)]
}

// groupsOf are the boxes of a shape's groups.
func (s *shapes) groupsOf(sh *shape) []box {
	n := (sh.blocksEnd - sh.block + sh.perGroup - 1) / sh.perGroup
	return s.groups[sh.group : sh.group+n]
}

// near calls visit with each block of a shape whose box meets b.
func (s *shapes) near(sh *shape, b *box, visit func(*block)) {
	for i, group := range s.groupsOf(sh) {
		if !group.meets(b) {
			continue
		}
		blocks := s.inGroup(sh, uint32(i))
		for k := range blocks {
			if blocks[k].box.meets(b) {
				visit(&blocks[k])
			}
		}
	}
}

// holds says whether p is inside a shape of rings, counted even and odd, or on its edge. It
// is exact.
func (s *shapes) holds(sh *shape, p vertex) bool {
	odd := false
	if !sh.box.holds(p) {
		return false
	}
	for i, group := range s.groupsOf(sh) {
		if p.y < group.south || p.y > group.north || p.x > group.east {
			continue
		}
		blocks := s.inGroup(sh, uint32(i))
		for k := range blocks {
			crosses, on := s.crossings(&blocks[k], p)
			if on {
				return true
			}
			odd = odd != crosses
		}
	}
	return odd
}

// crossings says whether the ray from p to the east crosses an odd number of a block's
// edges, and whether p is on one.
func (s *shapes) crossings(b *block, p vertex) (odd, on bool) {
	if p.y < b.box.south || p.y > b.box.north || p.x > b.box.east {
		return false, false
	}
	if p.x < b.box.west {
		// The ray meets the whole run or misses it: only its two ends count.
		return (s.corners[b.first].y > p.y) != (s.corners[b.last].y > p.y), false
	}
	for i := b.first; i < b.last; i++ {
		crosses, on := eastOf(s.corners[i], s.corners[i+1], p)
		if on {
			return false, true
		}
		odd = odd != crosses
	}
	return odd, false
}

// inOrder are the same shapes under the same numbers, their corners and blocks laid down in
// another order. In that of a tree of boxes neighbours share pages of memory, which makes
// answers over thousands of zones faster by an eighth.
func (s *shapes) inOrder(order []uint32) shapes {
	out := shapes{
		corners: make([]vertex, 0, len(s.corners)), blocks: make([]block, 0, len(s.blocks)),
		groups: make([]box, 0, len(s.groups)), of: make([]shape, len(s.of)),
	}
	for _, i := range order {
		sh := s.of[i]
		blocks, groups := s.blocks[sh.block:sh.blocksEnd], s.groupsOf(&sh)
		first, moved := blocks[0].first, uint32(len(out.corners))
		out.corners = append(out.corners, s.corners[first:blocks[len(blocks)-1].last+1]...)
		sh.block, sh.group = uint32(len(out.blocks)), uint32(len(out.groups))
		for _, b := range blocks {
			b.first, b.last = b.first-first+moved, b.last-first+moved
			out.blocks = append(out.blocks, b)
		}
		sh.blocksEnd = uint32(len(out.blocks))
		out.groups = append(out.groups, groups...)
		out.of[i] = sh
	}
	return out
}
