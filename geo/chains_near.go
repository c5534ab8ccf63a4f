package geo

import "math"

// found is the nearest place on the chains so far.
type found struct {
	limit float64 // the squared chord beyond which nothing can be nearer
	edge  int     // -1 for none
	t     float64 // the share of the edge
	far   *far    // set where a chord no longer tells which of two places is nearer
}

// far measures by the geodesic itself.
type far struct {
	from Point
	d    Metres
}

// farAway is the chord, metres, from which the flattening matters: the arc over a chord c
// is longer by c^3/24R^2, and R differs with direction by up to 0.7 %, 6 mm at 100 km.
const farAway = 100e3

// veryFar is the distance, metres, from which the place nearest by chord is not the nearest.
const veryFar = 2000e3

// nearest is the edge nearest to p and the share of it where the nearest place is.
func (x *chains) nearest(p Point) (edge int, t float64) {
	q := centred(p)
	f := found{limit: math.Inf(1), edge: -1}
	x.search(q, &f)
	if f.limit > farAway*farAway {
		f = found{limit: math.Inf(1), edge: -1, far: &far{p, Metres(math.Inf(1))}}
		x.search(q, &f)
		if f.far.d > veryFar {
			return f.edge, f.t // right to a few centimetres, and a chord would make it worse
		}
	}
	return f.edge, x.polished(q, f.edge, f.t)
}

func (x *chains) search(q vec3, f *found) {
	top := len(x.levels) - 1
	for i := range x.levels[top] {
		x.searchBlock(q, top, i, f)
	}
}

// searchBlock looks through a block, its nearest parts first.
func (x *chains) searchBlock(q vec3, level, i int, f *found) {
	first, last := x.children(level, i)
	if level == 0 {
		for e := first; e < last; e++ {
			x.tryEdge(q, e, f)
		}
		return
	}
	var order [fan]struct {
		d float64
		i int
	}
	n := 0
	for k := first; k < last; k++ {
		d := x.levels[level-1][k].distance2(q)
		at := n
		for ; at > 0 && order[at-1].d > d; at-- {
			order[at] = order[at-1]
		}
		order[at].d, order[at].i = d, k
		n++
	}
	for _, next := range order[:n] {
		if next.d > f.limit {
			return
		}
		x.searchBlock(q, level-1, next.i, f)
	}
}

// piece is a stretch of an edge, from share t0 to t1, close to the chord from a to b.
type piece struct {
	a, b   vec3
	t0, t1 float64
	edge   int
	bow    float64
}

func (x *chains) pieceOf(edge int) piece {
	i := x.from[edge]
	return piece{x.at[i], x.at[i+1], 0, 1, edge, float64(x.bow[edge])}
}

// halves cuts a piece in two; each strays a quarter as far.
func (x *chains) halves(p piece) (piece, piece) {
	t := (p.t0 + p.t1) / 2
	m := centred(x.along(p.edge, t))
	return piece{p.a, m, p.t0, t, p.edge, p.bow / 4}, piece{m, p.b, t, p.t1, p.edge, p.bow / 4}
}

// chord is the squared distance from q to the piece's chord, and the share of it.
func (p *piece) chord(q vec3) (d2, s float64) {
	way, w := p.b.minus(p.a), q.minus(p.a)
	if length := way.norm2(); length > 0 {
		s = min(max(w.dot(way)/length, 0), 1)
	}
	return w.minus(way.times(s)).norm2(), s
}

func (x *chains) tryEdge(q vec3, edge int, f *found) { x.tryPiece(q, x.pieceOf(edge), f) }

func (x *chains) tryPiece(q vec3, p piece, f *found) {
	d2, s := p.chord(q)
	if p.bow > straightEnough {
		if least := math.Sqrt(d2) - p.bow; least > 0 && least*least > f.limit {
			return
		}
		one, two := x.halves(p)
		if s > .5 { // the half that is probably nearer first
			one, two = two, one
		}
		x.tryPiece(q, one, f)
		x.tryPiece(q, two, f)
		return
	}
	if d2 >= f.limit {
		return
	}
	t := p.t0 + s*(p.t1-p.t0)
	if f.far == nil {
		f.limit, f.edge, f.t = d2, p.edge, t
		return
	}
	if d := Distance(f.far.from, x.along(p.edge, t)); d < f.far.d {
		f.far.d, f.edge, f.t = d, p.edge, t
		// No chord over an arc of this length is longer than on the largest sphere.
		const largest = equatorialRadius / axisRatio
		chord := 2 * largest * math.Sin(min(float64(d)/(2*largest), math.Pi/2))
		f.limit = chord * chord * (1 + 1e-9)
	}
}

// polished moves the share of an edge to the place where the way to q stands square on the
// edge itself, not on its chord, as long as that brings it nearer.
func (x *chains) polished(q vec3, edge int, t float64) float64 {
	a, b := x.points[x.from[edge]], x.points[x.from[edge]+1]
	f := NewPlane(x.along(edge, t))
	for range 6 {
		way, w := f.way(a, b), q.minus(f.at)
		step := (w.dot(f.east)*way[0] + w.dot(f.north)*way[1]) / (way[0]*way[0] + way[1]*way[1])
		next := min(max(t+step, 0), 1)
		g := NewPlane(x.along(edge, next))
		if !(q.minus(g.at).norm2() < w.norm2()) {
			break // as near as it gets, or so curved that the step went too far
		}
		t, f = next, g
	}
	return t
}

// way is the direction of the edge from a to b where it passes the plane's origin, metres
// east and north per whole edge.
func (f *Plane) way(a, b Point) [2]float64 {
	cosLat := math.Hypot(f.up.x, f.up.y)
	return [2]float64{
		float64(b.Lon-a.Lon) * radiansPerDegree * max(cosLat, tiny) / f.curveEast,
		float64(b.Lat-a.Lat) * radiansPerDegree / f.curveNorth,
	}
}

// segment is a straight piece of a line or boundary in the axes of a spread.
type segment struct {
	u, v, nextU, nextV float64
	end                bool // a line begins or ends with it
	joins              bool // it begins where the one before it ends
}

// gathering takes the pieces of edges near a position into the axes of its spread.
type gathering struct {
	x                 *chains
	s                 *spread
	radius, tolerance float64
	strays            float64 // how far the edges stray from their chords at most, metres
	tangled           bool    // some of the edges meet others
	last              vec3
	edge              int
}

// roomForEdges is how many edges are gathered on the stack, 5 KB of them; for more memory
// is allocated.
const roomForEdges = 128

// near gathers the edges within a radius of a spread's centre, in the order of the chains,
// cut so short that none strays from its chord by more than the spread allows.
func (x *chains) near(s *spread, radius float64, edges []segment) (gathering, []segment) {
	g := gathering{x: x, s: s, radius: radius, tolerance: s.straight()}
	top := len(x.levels) - 1
	for i := range x.levels[top] {
		edges = g.block(top, i, edges)
	}
	return g, edges
}

// The slice is handed on and back, not kept in the gathering: so it may lie on the stack.
func (g *gathering) block(level, i int, edges []segment) []segment {
	if g.x.levels[level][i].distance2(g.s.centre) > g.radius*g.radius {
		return edges
	}
	first, last := g.x.children(level, i)
	for k := first; k < last; k++ {
		if level > 0 {
			edges = g.block(level-1, k, edges)
			continue
		}
		p := g.x.pieceOf(k)
		edges = g.piece(&p, edges)
	}
	return edges
}

func (g *gathering) piece(p *piece, edges []segment) []segment {
	if d2, _ := p.chord(g.s.centre); d2 > square(g.radius+p.bow) {
		return edges
	}
	if p.bow <= g.tolerance {
		return append(edges, g.take(p, edges))
	}
	one, two := g.x.halves(*p)
	return g.piece(&two, g.piece(&one, edges))
}

// take is the piece as a segment, the next one of the edges.
func (g *gathering) take(p *piece, edges []segment) segment {
	e := segment{end: g.x.endsWith(p)}
	// Where one chain ends the numbers of the points skip one.
	if n := len(edges); n > 0 && p.a == g.last && g.x.from[p.edge]-g.x.from[g.edge] == int32(p.edge-g.edge) {
		e.joins, e.u, e.v = true, edges[n-1].nextU, edges[n-1].nextV
	} else {
		e.u, e.v = g.s.place(p.a)
	}
	e.nextU, e.nextV = g.s.place(p.b)
	g.last, g.edge = p.b, p.edge
	g.strays = max(g.strays, p.bow)
	g.tangled = g.tangled || g.x.tangled != nil && g.x.tangled[p.edge]
	return e
}

// endsWith says whether a line that is not closed begins or ends with the piece.
func (x *chains) endsWith(p *piece) bool {
	if p.t0 == 0 {
		if _, ok := x.joined(p.edge, false); !ok {
			return true
		}
	}
	if p.t1 == 1 {
		if _, ok := x.joined(p.edge, true); !ok {
			return true
		}
	}
	return false
}

// clear says whether surely no edge comes within a radius of q.
func (x *chains) clear(q vec3, radius float64) bool {
	top := len(x.levels) - 1
	for i := range x.levels[top] {
		if !x.clearBlock(q, top, i, radius) {
			return false
		}
	}
	return true
}

func (x *chains) clearBlock(q vec3, level, i int, radius float64) bool {
	if x.levels[level][i].distance2(q) > radius*radius {
		return true
	}
	first, last := x.children(level, i)
	for k := first; k < last; k++ {
		if level > 0 {
			if !x.clearBlock(q, level-1, k, radius) {
				return false
			}
			continue
		}
		p := x.pieceOf(k)
		if d2, _ := p.chord(q); d2 <= square(radius+p.bow) {
			return false
		}
	}
	return true
}
