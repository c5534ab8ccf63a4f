package geo

// This file says where the sides of a line are plain: in a circle that the line parts in
// two. The place of the line that is nearest to any place of the circle is then on the
// border of the part that place is in, so that the whole part has one side.

// parting finds out whether a line parts the circle of a radius about a place in a left and
// a right.
type parting struct {
	x      *chains
	s      *spread
	radius float64 // within which edges are looked at, metres
	rim    rim
}

// partsAtMost bounds the radius of a circle that is looked at, metres: beyond, the earth
// bends away from the plane that the circle is drawn in.
const partsAtMost = 500e3

// sphere is by how much farther edges are looked for than the circle reaches: at
// partsAtMost a chord is longer by 8e-4 than its place in the plane is far.
const sphere = 1.001

// parts says whether the line parts the circle of a radius about the centre in a left and a
// right: no edge in it meets another, none begins or ends there, and the line passes the
// circle in turns inwards and outwards. Only where it passes are edges looked at.
func (x *chains) parts(s *spread, radius float64) bool {
	if radius > partsAtMost || len(x.tangled) == 0 {
		return false
	}
	p := parting{x: x, s: s, radius: radius * sphere, rim: rim{radius2: radius * radius}}
	top := len(x.levels) - 1
	for i := range x.levels[top] {
		if !p.block(top, i) {
			return false
		}
	}
	return p.rim.n > 0 && p.rim.alternate()
}

func (p *parting) block(level, i int) bool {
	b := &p.x.levels[level][i]
	if b.distance2(p.s.centre) > p.radius*p.radius {
		return true
	}
	if !b.broken && b.farthest2(p.s.centre) < p.rim.radius2 {
		return true // wholly inside
	}
	first, last := p.x.children(level, i)
	for k := first; k < last; k++ {
		if level > 0 {
			if !p.block(level-1, k) {
				return false
			}
			continue
		}
		if !p.edge(k) {
			return false
		}
	}
	return true
}

// edge notes where an edge passes the circle. It is false for one that may part nothing.
func (p *parting) edge(edge int) bool {
	x, q := p.x, p.s.centre
	piece := x.pieceOf(edge)
	if d2, _ := piece.chord(q); d2 > square(p.radius+piece.bow) {
		return true
	}
	chain := x.chain(edge)
	switch inside := p.radius * p.radius; {
	case x.tangled[edge]:
		return false
	case x.from[edge] == x.starts[chain] && piece.a.minus(q).norm2() <= inside:
		return false
	case x.from[edge]+2 == x.starts[chain+1] && piece.b.minus(q).norm2() <= inside:
		return false
	}
	p.pass(&piece)
	return true
}

// pass notes where the circle is passed by a piece of an edge, cut as short as the way
// around the circle is long.
func (p *parting) pass(piece *piece) {
	if piece.bow > p.radius/64 {
		one, two := p.x.halves(*piece)
		p.pass(&one)
		p.pass(&two)
		return
	}
	a, b := piece.a.minus(p.s.centre), piece.b.minus(p.s.centre)
	plane := &p.s.plane
	p.rim.clip(a.dot(plane.east), a.dot(plane.north), b.dot(plane.east), b.dot(plane.north))
}
