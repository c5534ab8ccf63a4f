package fence

import (
	"math"

	"github.com/trucewatch/truce/geo"
)

// Line says how far a point is from a directed line and on which side. Its edges are
// straight in longitude and latitude, at the precision given. It never changes once made.
type Line struct {
	line   *geo.Line // on the grid of 1e-7 degrees: right beyond a metre
	shapes shapes    // a shape for each chain, as given
}

// NewLine checks the parts of a line as geo.NewLine does and makes a line of them. The name
// stands in messages.
func NewLine(name string, parts ...[]geo.Point) (*Line, error) {
	line, err := geo.NewLine(name, parts...)
	if err != nil {
		return nil, err
	}
	l := &Line{line: line}
	for _, part := range geo.Unbroken(parts) {
		l.shapes.add([][]vertex{withoutRepeats(part)})
	}
	return l, nil
}

// withoutRepeats are the corners of a chain, each that equals the one before left out.
func withoutRepeats(chain []geo.Point) []vertex {
	out := make([]vertex, 0, len(chain))
	for _, p := range chain {
		if v := vertexOf(p); len(out) == 0 || out[len(out)-1] != v {
			out = append(out, v)
		}
	}
	return out
}

// closeBy is the distance, metres, below which a line on the grid of 1e-7 degrees no longer
// tells the side: the grid moves a line by up to 8 mm.
const closeBy = 1

// Nearest is the distance from p to the line along the geodesic, right to 0.1 m, and the
// side of p. A point exactly on an edge is at distance 0 and on the line.
//
// The nearest place on the line decides the side. Where it is a corner, the side is the
// sign of the pseudo-normal of the two edges (Baerentzen and Aanaes 2005). Where it is an
// end, the last edge goes on straight in longitude and latitude, and what lies exactly on
// that is on the line too. For a point that is no position the distance is not a number.
func (l *Line) Nearest(p geo.Point) (geo.Metres, geo.Side) {
	if !p.Valid() {
		return geo.Metres(math.NaN()), geo.On
	}
	foot := l.line.Nearest(p)
	if foot.Distance < closeBy {
		if d, side, ok := l.close(vertexOf(p)); ok {
			return d, side
		}
	}
	part := l.line.Chains()[foot.Part]
	first, last := part[0], part[len(part)-1]
	corners := l.part(foot.Part)
	switch n := len(corners); {
	case first == last:
	case samePlace(foot.Point, first):
		return foot.Distance, sideOf(corners[0], corners[1], turnedTo(corners[0], vertexOf(p)))
	case samePlace(foot.Point, last):
		return foot.Distance, sideOf(corners[n-2], corners[n-1], turnedTo(corners[n-1], vertexOf(p)))
	}
	return foot.Distance, foot.Side
}

// samePlace says whether a place on the map is one of a chain that may go on past 180.
func samePlace(p, q geo.Point) bool {
	return p.Lat == q.Lat && (p.Lon == q.Lon || math.Abs(float64(p.Lon-q.Lon)) == 360)
}

// part is the corners of a part.
func (l *Line) part(i int) []vertex {
	sh := &l.shapes.of[i]
	return l.shapes.corners[l.shapes.blocks[sh.block].first : l.shapes.blocks[sh.blocksEnd-1].last+1]
}

// turnedTo is p at the turn around the earth at which it is nearest to a corner.
func turnedTo(corner, p vertex) vertex {
	for ; p.x-corner.x > 180; p.x -= 360 {
	}
	for ; p.x-corner.x < -180; p.x += 360 {
	}
	return p
}

// sideOf is the side of p as seen along the edge from a to b and its extension, exactly.
func sideOf(a, b, p vertex) geo.Side {
	switch turn(a, b, p) {
	case 1:
		return geo.Left
	case -1:
		return geo.Right
	}
	return geo.On
}

// near is the nearest place on a line found so far, in metres of the plane at the point
// that asks: over a few metres that is exact.
type near struct {
	distance2 float64
	part      int
	edge      uint32 // its first corner
	share     float64
	p         vertex // the point, at the turn at which it was found near
}

// close is Nearest for a point so near that the grid matters. It is not ok where no edge is
// within some metres after all.
func (l *Line) close(p vertex) (geo.Metres, geo.Side, bool) {
	eastward, northward := perDegree(p.y)
	best := near{distance2: math.Inf(1)}
	for _, turns := range everyTurn {
		q := vertex{p.x + turns, p.y}
		area := box{q.x - 3*closeBy/eastward, q.y - 3*closeBy/northward, q.x + 3*closeBy/eastward, q.y + 3*closeBy/northward}
		for part := range l.shapes.of {
			l.shapes.near(&l.shapes.of[part], &area, func(b *block) {
				for e := b.first; e < b.last; e++ {
					d2, share := distanceTo(l.shapes.corners[e], l.shapes.corners[e+1], q, eastward, northward)
					if d2 < best.distance2 {
						best = near{d2, part, e, share, q}
					}
				}
			})
		}
	}
	if math.IsInf(best.distance2, 1) {
		return 0, geo.On, false
	}
	side := l.sideAt(&best, eastward, northward)
	if side == geo.On && best.share > 0 && best.share < 1 {
		return 0, geo.On, true
	}
	return geo.Metres(math.Sqrt(best.distance2)), side, true
}

// perDegree is the length in metres of a degree eastward and northward at a latitude, on
// WGS84.
func perDegree(lat float64) (eastward, northward float64) {
	const (
		equator = 6378137.0
		e2      = 0.0066943799901413165
	)
	sin, cos := math.Sincos(lat * math.Pi / 180)
	w2 := 1 - e2*sin*sin
	across := equator / math.Sqrt(w2) * math.Pi / 180
	return across * cos, across * (1 - e2) / w2
}

// distanceTo is the squared distance from p to an edge in the plane at p, and the share of
// the edge at which it is nearest.
func distanceTo(a, b, p vertex, eastward, northward float64) (d2, share float64) {
	ax, ay := (a.x-p.x)*eastward, (a.y-p.y)*northward
	wayX, wayY := (b.x-a.x)*eastward, (b.y-a.y)*northward
	share = -(ax*wayX + ay*wayY) / (wayX*wayX + wayY*wayY)
	switch {
	case share >= 1:
		ax, ay = (b.x-p.x)*eastward, (b.y-p.y)*northward
		return ax*ax + ay*ay, 1
	case share > 0:
		// The foot's distance is the height of the triangle: no cancellation near the edge.
		height := ax*wayY - ay*wayX
		return height * height / (wayX*wayX + wayY*wayY), share
	}
	return ax*ax + ay*ay, 0
}

// sideAt is the side of a point at its nearest place.
func (l *Line) sideAt(n *near, eastward, northward float64) geo.Side {
	a, b := l.shapes.corners[n.edge], l.shapes.corners[n.edge+1]
	c, d, joined := l.joined(n)
	if !joined || onEdge(a, b, n.p) {
		return sideOf(a, b, n.p)
	}
	side, other := sideOf(a, b, n.p), sideOf(c, d, n.p)
	if side == other {
		return side
	}
	// The edge from which the point lies farther aside has the sign of the pseudo-normal.
	if aside(c, d, n.p, eastward, northward) > aside(a, b, n.p, eastward, northward) {
		return other
	}
	return side
}

// joined is the edge that meets the nearest one where the nearest place is its corner.
func (l *Line) joined(n *near) (c, d vertex, ok bool) {
	if n.share > 0 && n.share < 1 {
		return c, d, false
	}
	corners := l.part(n.part)
	i := int(n.edge - l.shapes.blocks[l.shapes.of[n.part].block].first)
	last := len(corners) - 1
	closed := corners[0] == corners[last]
	switch {
	case n.share == 1 && i+1 < last:
		return corners[i+1], corners[i+2], true
	case n.share == 0 && i > 0:
		return corners[i-1], corners[i], true
	case closed && n.share == 1:
		return corners[0], corners[1], true
	case closed:
		return corners[last-1], corners[last], true
	}
	return c, d, false
}

// aside is how far p lies from the line through an edge, in metres of the plane at p.
func aside(a, b, p vertex, eastward, northward float64) float64 {
	wayX, wayY := (b.x-a.x)*eastward, (b.y-a.y)*northward
	return math.Abs((p.x-a.x)*eastward*wayY-(p.y-a.y)*northward*wayX) / math.Hypot(wayX, wayY)
}
