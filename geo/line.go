package geo

import (
	"fmt"
	"math"
)

// Line is a directed line of one or several parts, with a left and a right side. Which
// party is on which side is said elsewhere. Its edges are straight in longitude and
// latitude, as RFC 7946 has them. It never changes once made.
type Line struct {
	parts  [][]Point
	joined [][]Point // the parts, those that are cut at the antimeridian as one
	chains *chains
	length Metres
}

// NewLine makes a line of its parts. The name stands in messages.
func NewLine(name string, parts ...[]Point) (*Line, error) {
	if len(parts) == 0 {
		return nil, &InvalidError{name, -1, -1, "a line needs at least one part"}
	}
	vertices := 0
	for _, part := range parts {
		vertices += len(part)
	}
	if vertices > MaxVertices {
		return nil, &InvalidError{name, -1, -1, fmt.Sprintf("more than %d vertices in one line: simplify it", MaxVertices)}
	}
	tidied, err := tidyLines(name, parts)
	if err != nil {
		return nil, err
	}
	joined := Unbroken(tidied)
	l := &Line{parts: tidied, joined: joined, chains: newChains(joined)}
	l.chains.tangle()
	for _, part := range tidied {
		l.length += lengthOf(part)
	}
	return l, nil
}

// Parts are the line's vertices, which must not be changed.
func (l *Line) Parts() [][]Point { return l.parts }

// Chains are the line's vertices, its parts joined where it is cut at the antimeridian: the
// longitudes of a joined one go on past 180. They must not be changed.
func (l *Line) Chains() [][]Point { return l.joined }

// Length is the length of all parts on the ellipsoid.
func (l *Line) Length() Metres { return l.length }

// Bounds is the box around the line. That of one that passes the antimeridian goes on past
// 180 degrees.
func (l *Line) Bounds() Bounds { return l.chains.bounds() }

func (x *chains) bounds() Bounds {
	b := emptyBounds
	for _, block := range x.levels[len(x.levels)-1] {
		b = b.Union(block.box)
	}
	return b
}

// lengthOf is the length of a chain. Edges of more than a tenth of a degree are measured in
// stretches of a tenth, because they are no geodesics.
func lengthOf(chain []Point) Metres {
	const stretch = .1
	var sum Metres
	for i := 1; i < len(chain); i++ {
		a, b := chain[i-1], chain[i]
		span := math.Abs(float64(b.Lat-a.Lat)) + math.Abs(float64(b.Lon-a.Lon))
		n := math.Ceil(span / stretch)
		from := a
		for k := 1.; k <= n; k++ {
			to := b
			if k < n {
				to = Point{a.Lat + Degrees(k/n)*(b.Lat-a.Lat), a.Lon + Degrees(k/n)*(b.Lon-a.Lon)}
			}
			sum += Distance(from, to)
			from = to
		}
	}
	return sum
}

// Foot is the place on a line that is nearest to a point.
type Foot struct {
	Point    Point
	Distance Metres // along the geodesic
	Part     int    // of the line's chains
	Segment  int    // the edge of that, from 0
	Side     Side
}

// onLine is the distance from a line, metres, below which a point is on it and on neither
// side: what rounding may leave of a point that was put there.
const onLine = 0.001

// Nearest is the place on the line nearest to p, right to 0.1 m, and p's side of the line.
//
// The side is that of the edge the nearest place is on. Where that is a vertex the edge
// decides that p lies farther aside of, which is the sign of the pseudo-normal (Baerentzen
// and Aanaes 2005); past an end it is the last edge, extended straight in longitude and
// latitude as edges are. So a line of several parts
// has clear sides everywhere only if its parts are directed alike.
func (l *Line) Nearest(p Point) Foot { return l.chains.foot(p) }

// SideOf is the side of the line that p is on.
func (l *Line) SideOf(p Point) Side { return l.Nearest(p).Side }

// DistanceTo is the distance from p to the line.
func (l *Line) DistanceTo(p Point) Metres { return l.Nearest(p).Distance }

func (x *chains) foot(p Point) Foot {
	edge, t := x.nearest(p)
	chain := x.chain(edge)
	f := Foot{Point: wrapped(x.along(edge, t)), Part: chain, Segment: int(x.from[edge] - x.starts[chain])}
	f.Distance = Distance(p, f.Point)
	if f.Distance < onLine {
		return f
	}
	f.Side = sideOf(x.asideAt(p, edge, t))
	return f
}

// asideAt is how far p lies to the left of the line that is nearest to it at a share of an
// edge.
func (x *chains) asideAt(p Point, edge int, t float64) float64 {
	if t != 0 && t != 1 {
		return x.aside(p, edge, t)
	}
	other, ok := x.joined(edge, t == 1)
	if !ok {
		return x.asidePast(p, edge, t)
	}
	aside := x.aside(p, edge, t)
	if a := x.aside(p, other, 1-t); math.Abs(a) > math.Abs(aside) {
		aside = a
	}
	return aside
}

// asidePast is how far p lies to the left of an edge that goes on past an end of the line,
// straight in longitude and latitude: the offset from it in metres of the plane at p.
func (x *chains) asidePast(p Point, edge int, t float64) float64 {
	a, b := x.points[x.from[edge]], x.points[x.from[edge]+1]
	end := x.along(edge, t)
	east, _ := longitudeDifference(Degrees(normalLongitude(float64(end.Lon))), p.Lon)
	f := NewPlane(p)
	perEast := radiansPerDegree * max(math.Hypot(f.up.x, f.up.y), tiny) / f.curveEast
	perNorth := radiansPerDegree / f.curveNorth
	u, v := east*perEast, float64(p.Lat-end.Lat)*perNorth
	du, dv := float64(b.Lon-a.Lon)*perEast, float64(b.Lat-a.Lat)*perNorth
	return (du*v - dv*u) / math.Hypot(du, dv)
}

func sideOf(aside float64) Side {
	switch {
	case aside >= onLine:
		return Left
	case aside <= -onLine:
		return Right
	}
	return On
}

// aside is how far p lies to the left of the edge's direction at a share of it, metres.
func (x *chains) aside(p Point, edge int, t float64) float64 {
	a, b := x.points[x.from[edge]], x.points[x.from[edge]+1]
	f := NewPlane(x.along(edge, t))
	way, w := f.way(a, b), centred(p).minus(f.at)
	return (way[0]*w.dot(f.north) - way[1]*w.dot(f.east)) / math.Hypot(way[0], way[1])
}

// joined is the edge that shares an edge's last or first vertex. A closed chain goes on.
func (x *chains) joined(edge int, last bool) (int, bool) {
	chain := x.chain(edge)
	first, end := int(x.starts[chain])-chain, int(x.starts[chain+1])-chain-1 // edges of the chain
	closed := x.points[x.starts[chain]] == x.points[x.starts[chain+1]-1]
	switch {
	case last && edge+1 < end:
		return edge + 1, true
	case !last && edge > first:
		return edge - 1, true
	case closed && last:
		return first, true
	case closed:
		return end - 1, true
	}
	return 0, false
}
