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
	x      *chains
	s      *spread
	edges  []segment
	strays float64 // how far the edges stray from these chords at most, metres
	last   vec3
	edge   int
}

// near gathers the edges within a radius of a spread's centre.
func (x *chains) near(s spread, radius float64) *gathering {
	g := &gathering{x: x, s: &s, edges: make([]segment, 0, 128)}
	x.within(s.centre, radius, s.straight(), g)
	return g
}

func (g *gathering) take(p *piece) {
	e := segment{end: g.x.endsWith(p)}
	// Where one chain ends the numbers of the points skip one.
	if n := len(g.edges); n > 0 && p.a == g.last && g.x.from[p.edge]-g.x.from[g.edge] == int32(p.edge-g.edge) {
		e.joins, e.u, e.v = true, g.edges[n-1].nextU, g.edges[n-1].nextV
	} else {
		e.u, e.v = g.s.place(p.a)
	}
	e.nextU, e.nextV = g.s.place(p.b)
	g.last, g.edge = p.b, p.edge
	g.edges = append(g.edges, e)
	g.strays = max(g.strays, p.bow)
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

// within hands over all pieces of edges that come within a radius of q, in the order of the
// chains, cut so short that none strays from its chord by more than a tolerance.
func (x *chains) within(q vec3, radius, tolerance float64, into *gathering) {
	top := len(x.levels) - 1
	for i := range x.levels[top] {
		x.gather(q, top, i, radius, tolerance, into)
	}
}

func (x *chains) gather(q vec3, level, i int, radius, tolerance float64, into *gathering) {
	if x.levels[level][i].distance2(q) > radius*radius {
		return
	}
	first, last := x.children(level, i)
	for k := first; k < last; k++ {
		if level > 0 {
			x.gather(q, level-1, k, radius, tolerance, into)
			continue
		}
		p := x.pieceOf(k)
		x.gatherPiece(q, &p, radius, tolerance, into)
	}
}

func (x *chains) gatherPiece(q vec3, p *piece, radius, tolerance float64, into *gathering) {
	if d2, _ := p.chord(q); d2 > square(radius+p.bow) {
		return
	}
	if p.bow <= tolerance {
		into.take(p)
		return
	}
	one, two := x.halves(*p)
	x.gatherPiece(q, &one, radius, tolerance, into)
	x.gatherPiece(q, &two, radius, tolerance, into)
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
