package geo

import (
	"cmp"
	"fmt"
	"slices"
)

// This file finds whether any two edges of a set of rings cross, in O(n log n), and which
// ring lies directly inside which. It is the sweep of Shamos and Hoey (1976): a line moves
// from west to east and only neighbours along it are compared. On the grid every
// comparison is exact, so there is no tolerance anywhere.

// sweepEdge is an edge with its western (or else southern) end first.
type sweepEdge struct {
	l, r    grid
	ring    int32
	vertex  int32 // the vertex of the ring that the edge leaves
	forward bool  // the ring runs from l to r
}

// sweepRing is a ring without its closing vertex.
type sweepRing struct {
	points []grid
	hole   bool // runs clockwise
	owner  int  // the outer ring of its polygon
	parent int  // the ring directly outside it, -1 for none, -2 before it is known
}

// next and prev are the neighbours of a vertex.
func (r *sweepRing) next(i int) grid { return r.points[(i+1)%len(r.points)] }
func (r *sweepRing) prev(i int) grid { return r.points[(i+len(r.points)-1)%len(r.points)] }

type sweep struct {
	feature string
	given   []Ring // as the file has them, to name vertices by
	rings   []sweepRing
	edges   []sweepEdge
	order   ladder
}

// checkSimple refuses rings that cross themselves or each other or share a stretch, holes
// outside their polygon, and polygons that overlap. The rings are tidy and wound; messages
// name the vertices of the rings as given.
func checkSimple(feature string, polygons []Polygon, given []Ring) error {
	s := &sweep{feature: feature, given: given}
	for _, p := range polygons {
		owner := len(s.rings)
		for i, r := range p {
			s.addRing(r, i > 0, owner)
		}
	}
	s.order.compare = s.height
	if err := s.meetings(); err != nil {
		return err
	}
	if err := s.run(); err != nil {
		return err
	}
	return s.nesting()
}

func (s *sweep) addRing(r Ring, hole bool, owner int) {
	ring := sweepRing{points: make([]grid, len(r)-1), hole: hole, owner: owner, parent: -2}
	for i := range ring.points {
		ring.points[i] = gridOf(r[i])
	}
	for i, a := range ring.points {
		e := sweepEdge{l: a, r: ring.next(i), ring: int32(len(s.rings)), vertex: int32(i), forward: true}
		if e.r.before(e.l) {
			e.l, e.r, e.forward = e.r, e.l, false
		}
		s.edges = append(s.edges, e)
	}
	s.rings = append(s.rings, ring)
}

// run moves the line over all ends of edges: at one point first what ends there, then
// what begins.
func (s *sweep) run() error {
	starts := make([]int32, len(s.edges))
	for i := range starts {
		starts[i] = int32(i)
	}
	ends := slices.Clone(starts)
	slices.SortFunc(starts, s.firstStart)
	slices.SortFunc(ends, func(i, j int32) int { return cmp.Or(s.edges[i].r.compare(s.edges[j].r), cmp.Compare(i, j)) })
	next := 0
	for _, e := range starts {
		for ; !s.edges[e].l.before(s.edges[ends[next]].r); next++ {
			if err := s.remove(ends[next]); err != nil {
				return err
			}
		}
		if err := s.insert(e); err != nil {
			return err
		}
	}
	for _, e := range ends[next:] {
		if err := s.remove(e); err != nil {
			return err
		}
	}
	return nil
}

func (s *sweep) remove(e int32) error {
	under, over := s.order.remove(e)
	return s.neighbours(under, over)
}

// firstStart orders edges by where they begin, and those of one point from below, so that
// whatever is under an edge is on the line before it.
func (s *sweep) firstStart(i, j int32) int {
	a, b := &s.edges[i], &s.edges[j]
	if at := a.l.compare(b.l); at != 0 {
		return at
	}
	return cmp.Or(-turn(a.l, a.r, b.r), cmp.Compare(i, j))
}

func (s *sweep) insert(e int32) error {
	under, over := s.order.insert(e)
	if ring := &s.rings[s.edges[e].ring]; ring.parent == -2 {
		ring.parent = s.outside(under)
	}
	if err := s.neighbours(under, e); err != nil {
		return err
	}
	return s.neighbours(e, over)
}

// outside is the ring that directly holds the points just above an edge.
func (s *sweep) outside(under int32) int {
	if under < 0 {
		return -1
	}
	edge := &s.edges[under]
	// Running forward the left is above. A ring that is no hole has its inside there.
	if ring := &s.rings[edge.ring]; edge.forward == ring.hole {
		return ring.parent
	}
	return int(edge.ring)
}

// height says whether edge i lies below (-1) or above (+1) edge j on the line. They do not
// cross west of it.
func (s *sweep) height(i, j int32) int {
	if i == j {
		return 0
	}
	a, b := &s.edges[i], &s.edges[j]
	if a.l.before(b.l) {
		return -heightOver(b, a)
	}
	return heightOver(a, b)
}

// heightOver is height for an edge a that does not begin before b.
func heightOver(a, b *sweepEdge) int {
	if side := turn(b.l, b.r, a.l); side != 0 {
		return side
	}
	return turn(b.l, b.r, a.r)
}

// neighbours refuses two edges, neighbours on the line, that cross or share a stretch.
func (s *sweep) neighbours(i, j int32) error {
	if i < 0 || j < 0 {
		return nil
	}
	a, b := &s.edges[i], &s.edges[j]
	if a.l == b.l || a.r == b.r || a.l == b.r || a.r == b.l {
		if overlapAtEnd(a, b) {
			return s.refuse(a, b, "run over each other")
		}
		return nil // whether the rings cross in this point, meetings has decided
	}
	al, ar := turn(b.l, b.r, a.l), turn(b.l, b.r, a.r)
	bl, br := turn(a.l, a.r, b.l), turn(a.l, a.r, b.r)
	if al*ar < 0 && bl*br < 0 {
		return s.refuse(a, b, "cross")
	}
	if al == 0 && b.spans(a.l) && s.passes(a, a.l, b) || ar == 0 && b.spans(a.r) && s.passes(a, a.r, b) ||
		bl == 0 && a.spans(b.l) && s.passes(b, b.l, a) || br == 0 && a.spans(b.r) && s.passes(b, b.r, a) {
		return s.refuse(a, b, "cross or run over each other")
	}
	return nil
}

// spans says whether p, known to be on the edge's line, is on the edge.
func (e *sweepEdge) spans(p grid) bool { return !p.before(e.l) && !e.r.before(p) }

// overlapAtEnd says whether two edges that share an end leave it in the same direction.
func overlapAtEnd(a, b *sweepEdge) bool {
	switch {
	case a.l == b.l:
		return turn(a.l, a.r, b.r) == 0
	case a.r == b.r:
		return turn(a.r, a.l, b.l) == 0
	}
	return false // one ends where the other begins
}

// passes says whether the ring of e, at its vertex p on the middle of edge b, goes to
// b's other side or along it. Otherwise it only touches.
func (s *sweep) passes(e *sweepEdge, p grid, b *sweepEdge) bool {
	ring, i := &s.rings[e.ring], int(e.vertex)
	if ring.points[i] != p {
		i = (i + 1) % len(ring.points)
	}
	before, after := turn(b.l, b.r, ring.prev(i)), turn(b.l, b.r, ring.next(i))
	return before*after <= 0
}

// refuse names two edges that meet and must not.
func (s *sweep) refuse(a, b *sweepEdge, how string) error {
	if a.ring > b.ring {
		a, b = b, a
	}
	a1, a2 := s.ends(a)
	b1, b2 := s.ends(b)
	if a.ring == b.ring && b1 < a1 {
		a1, a2, b1, b2 = b1, b2, a1, a2
	}
	other := ""
	if a.ring != b.ring {
		other = fmt.Sprintf(" of ring %d", b.ring)
	}
	return &InvalidError{s.feature, int(a.ring), a1, fmt.Sprintf(
		"the edge between vertices %d and %d and that between %d and %d%s %s near %v: remove the loop or the overlap (in QGIS: Fix geometries)",
		a1, a2, b1, b2, other, how, a.l.point())}
}

// ends are the numbers of an edge's vertices in the ring as given, the lower first.
func (s *sweep) ends(e *sweepEdge) (int, int) {
	i, j := s.number(e.ring, e.l), s.number(e.ring, e.r)
	return min(i, j), max(i, j)
}

// number is the first vertex of a ring as given at p.
func (s *sweep) number(ring int32, p grid) int {
	return slices.IndexFunc(s.given[ring], func(q Point) bool { return gridOf(q) == p })
}

// nesting refuses holes outside their polygon and polygons inside others.
func (s *sweep) nesting() error {
	for i := range s.rings {
		r := &s.rings[i]
		switch {
		case r.hole && r.parent != r.owner:
			return &InvalidError{s.feature, i, -1, "the hole does not lie directly inside the outer ring of its polygon: move it to the polygon it belongs to"}
		case !r.hole && r.parent >= 0 && !s.rings[r.parent].hole:
			return &InvalidError{s.feature, i, -1, fmt.Sprintf("the polygon lies inside ring %d: give it as a hole there, or leave it out", r.parent)}
		}
	}
	return nil
}

// compare orders points from west to east, then from south to north.
func (g grid) compare(h grid) int {
	return cmp.Or(cmp.Compare(g.x, h.x), cmp.Compare(g.y, h.y))
}

// visit is a ring coming to a point and leaving it.
type visit struct {
	at   grid
	ring int32
	i    int32
}

// meetings looks at every point that rings visit more than once, and refuses those where
// they cross. The sweep itself then need not look at shared vertices.
func (s *sweep) meetings() error {
	visits := make([]visit, 0, len(s.edges))
	for r := range s.rings {
		for i, p := range s.rings[r].points {
			visits = append(visits, visit{p, int32(r), int32(i)})
		}
	}
	slices.SortFunc(visits, func(a, b visit) int {
		return cmp.Or(a.at.compare(b.at), cmp.Compare(a.ring, b.ring), cmp.Compare(a.i, b.i))
	})
	for from := 0; from < len(visits); {
		to := from + 1
		for to < len(visits) && visits[to].at == visits[from].at {
			to++
		}
		if err := s.meeting(visits[from:to]); err != nil {
			return err
		}
		from = to
	}
	return nil
}

func (s *sweep) meeting(at []visit) error {
	if len(at) > MaxTouches {
		return &InvalidError{s.feature, int(at[0].ring), s.number(at[0].ring, at[0].at),
			fmt.Sprintf("rings meet %d times in this point, the bound is %d: remove the spikes", len(at), MaxTouches)}
	}
	for i, v := range at {
		for _, w := range at[:i] {
			if s.interleave(v, w) {
				return &InvalidError{s.feature, int(w.ring), s.number(w.ring, w.at), fmt.Sprintf(
					"the ring crosses ring %d or runs along it in a common vertex, %v: remove the loop or the overlap (in QGIS: Fix geometries)", v.ring, v.at.point())}
			}
		}
	}
	return nil
}

// interleave says whether two visits to one point cross there: of the ways out of the
// point, one ring's lie on both sides of the other ring, or the rings share one.
func (s *sweep) interleave(v, w visit) bool {
	a, b := &s.rings[v.ring], &s.rings[w.ring]
	in, out := a.prev(int(v.i)), a.next(int(v.i))
	p, q := inSector(v.at, in, out, b.prev(int(w.i))), inSector(v.at, in, out, b.next(int(w.i)))
	return p*q <= 0
}

// inSector is +1 when the direction from o to p lies strictly within the turn
// counter-clockwise from a to b, -1 strictly outside, 0 on its border.
func inSector(o, a, b, p grid) int {
	if sameDirection(o, a, p) || sameDirection(o, b, p) {
		return 0
	}
	left, right := turn(o, a, p) > 0, turn(o, b, p) < 0
	inside := left && right
	switch wide := turn(o, a, b); {
	case wide < 0: // more than half a turn
		inside = left || right
	case wide == 0 && !sameDirection(o, a, b): // half a turn
		inside = left
	}
	if inside {
		return 1
	}
	return -1
}

func sameDirection(o, a, b grid) bool {
	return turn(o, a, b) == 0 && (a.x > o.x) == (b.x > o.x) && (a.x < o.x) == (b.x < o.x) &&
		(a.y > o.y) == (b.y > o.y) && (a.y < o.y) == (b.y < o.y)
}
