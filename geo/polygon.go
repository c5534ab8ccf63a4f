package geo

import (
	"fmt"
	"math"
)

// Ring is a closed chain of points: the last equals the first. Its edges are straight in
// longitude and latitude, as RFC 7946 has them, not geodesics: a parallel stays a parallel.
type Ring []Point

// Polygon is an outer ring followed by its holes. Outer rings run counter-clockwise and
// holes clockwise, so that the inside is always on the left.
type Polygon []Ring

// Bounds is a box in longitude and latitude. It never spans the antimeridian.
type Bounds struct {
	South, West, North, East Degrees
}

// emptyBounds holds nothing and grows by including.
var emptyBounds = Bounds{South: 91, West: 181, North: -91, East: -181}

// Contains says whether p is in the box, its edges included.
func (b Bounds) Contains(p Point) bool {
	return p.Lat >= b.South && p.Lat <= b.North && p.Lon >= b.West && p.Lon <= b.East
}

// Empty says whether the box holds no point.
func (b Bounds) Empty() bool { return !(b.South <= b.North && b.West <= b.East) }

// Including is the smallest box that also holds p.
func (b Bounds) Including(p Point) Bounds {
	return Bounds{min(b.South, p.Lat), min(b.West, p.Lon), max(b.North, p.Lat), max(b.East, p.Lon)}
}

// Union is the smallest box that holds both.
func (b Bounds) Union(c Bounds) Bounds {
	return Bounds{min(b.South, c.South), min(b.West, c.West), max(b.North, c.North), max(b.East, c.East)}
}

// SquareMetres is the signed area of the ring on the ellipsoid, positive when it runs
// counter-clockwise, for edges straight in longitude and latitude.
//
// It is the sum over edges of the area between edge and equator, whose density per radian
// of longitude is closed (Snyder 1987, eq. 3-12) and is integrated along the edge by
// five-point Gauss-Legendre: exact to 1e-12 for edges up to 10 degrees, 1e-6 for 90.
func (r Ring) SquareMetres() SquareMetres {
	sum := 0.0
	for i := 1; i < len(r); i++ {
		a, b := r[i-1], r[i]
		width := float64(a.Lon-b.Lon) * radiansPerDegree
		if width == 0 {
			continue
		}
		lat, rise := float64(a.Lat)*radiansPerDegree, float64(b.Lat-a.Lat)*radiansPerDegree
		mean := 0.0
		for k, t := range gauss5 {
			mean += gauss5Weight[k] * areaFromEquator(lat+t*rise)
		}
		sum += width * mean
	}
	return SquareMetres(sum)
}

// areaFromEquator is the area between the equator and a latitude per radian of longitude.
func areaFromEquator(lat float64) float64 {
	e := math.Sqrt(eccentricity2)
	s := math.Sin(lat)
	return polarRadius * polarRadius / 2 * (s/(1-eccentricity2*s*s) + math.Atanh(e*s)/e)
}

// Gauss-Legendre nodes and weights on [0, 1] (Abramowitz and Stegun 1964, table 25.4).
var (
	gauss5 = [5]float64{
		0.046910077030668, 0.230765344947158, 0.5, 0.769234655052842, 0.953089922969332,
	}
	gauss5Weight = [5]float64{
		0.118463442528095, 0.239314335249683, 0.284444444444444, 0.239314335249683, 0.118463442528095,
	}
)

// SquareMetres is the polygon's area, holes left out.
func (p Polygon) SquareMetres() SquareMetres {
	var sum SquareMetres
	for i, ring := range p {
		a := SquareMetres(math.Abs(float64(ring.SquareMetres())))
		if i > 0 {
			a = -a
		}
		sum += a
	}
	return sum
}

// Bounds is the box around the polygon's outer ring.
func (p Polygon) Bounds() Bounds {
	b := emptyBounds
	if len(p) > 0 {
		for _, q := range p[0] {
			b = b.Including(q)
		}
	}
	return b
}

// reversed is the ring run the other way.
func (r Ring) reversed() Ring {
	out := make(Ring, len(r))
	for i, p := range r {
		out[len(r)-1-i] = p
	}
	return out
}

// wound is the ring run counter-clockwise, or clockwise.
func (r Ring) wound(counterClockwise bool) Ring {
	if (r.gridArea() > 0) == counterClockwise {
		return r
	}
	return r.reversed()
}

// gridArea is twice the ring's signed area in longitude and latitude, in grid units.
func (r Ring) gridArea() float64 {
	sum := 0.0
	if len(r) == 0 {
		return 0
	}
	o := gridOf(r[0])
	for i := 1; i < len(r); i++ {
		a, b := gridOf(r[i-1]), gridOf(r[i])
		sum += float64(a.x-o.x)*float64(b.y-o.y) - float64(b.x-o.x)*float64(a.y-o.y)
	}
	return sum
}

// grid is a point on the coordinate grid, 1e-7 degrees: x is longitude, y latitude.
type grid struct{ x, y int64 }

const gridPerDegree = 1e7

func gridOf(p Point) grid {
	return grid{int64(math.Round(float64(p.Lon) * gridPerDegree)), int64(math.Round(float64(p.Lat) * gridPerDegree))}
}

func (g grid) point() Point {
	return Point{Degrees(float64(g.y) / gridPerDegree), Degrees(float64(g.x) / gridPerDegree)}
}

// before orders points from west to east, then from south to north.
func (g grid) before(h grid) bool { return g.x < h.x || g.x == h.x && g.y < h.y }

// turn is +1 when c lies left of the way from a to b, -1 right of it, 0 on its line. It
// is exact: on the grid each product stays below 2^63.
func turn(a, b, c grid) int {
	left, right := (b.x-a.x)*(c.y-a.y), (b.y-a.y)*(c.x-a.x)
	switch {
	case left > right:
		return 1
	case left < right:
		return -1
	}
	return 0
}

// onGrid brings a point to the coordinate grid.
func onGrid(p Point) Point { return gridOf(p).point() }

// tidy brings a chain to the grid and leaves out points that repeat the one before. It
// refuses what is no position or spans more than half the world in one edge.
func tidy(feature string, ring int, points []Point) ([]Point, error) {
	out := make([]Point, 0, len(points))
	for i, p := range points {
		if err := checkPoint(feature, ring, i, p); err != nil {
			return nil, err
		}
		p = onGrid(p)
		if n := len(out); n > 0 {
			if out[n-1] == p {
				continue
			}
			if math.Abs(float64(p.Lon-out[n-1].Lon)) > 180 {
				return nil, &InvalidError{feature, ring, i,
					"the edge to this vertex spans more than 180 degrees of longitude: cut the geometry at the antimeridian (RFC 7946, 3.1.9) or add vertices between"}
			}
		}
		out = append(out, p)
	}
	return out, nil
}

func checkPoint(feature string, ring, vertex int, p Point) error {
	if p.Valid() {
		return nil
	}
	reason := fmt.Sprintf("longitude %v, latitude %v is out of range: give decimal degrees of WGS84, longitude first, within 180 and 90", p.Lon, p.Lat)
	return &InvalidError{feature, ring, vertex, reason}
}

// tidyRing is tidy for a ring, which must be closed and enclose something.
func tidyRing(feature string, ring int, points []Point) (Ring, error) {
	if len(points) < 4 {
		return nil, &InvalidError{feature, ring, -1,
			fmt.Sprintf("a ring needs at least 4 positions, the last equal to the first; this one has %d", len(points))}
	}
	if last := len(points) - 1; points[0] != points[last] {
		return nil, &InvalidError{feature, ring, last,
			fmt.Sprintf("the ring is not closed: repeat the first position [%v, %v] at the end", points[0].Lon, points[0].Lat)}
	}
	out, err := tidy(feature, ring, points)
	if err != nil {
		return nil, err
	}
	if len(out) < 4 {
		return nil, &InvalidError{feature, ring, -1, "the ring encloses nothing: fewer than 3 of its positions differ by more than 1e-7 degrees"}
	}
	return out, nil
}

// tidyPolygons checks polygons whole: every ring by itself, then that no rings cross and
// that each hole lies in its own polygon, and winds them. Rings may touch in single points.
func tidyPolygons(feature string, polygons []Polygon) ([]Polygon, error) {
	out := make([]Polygon, 0, len(polygons))
	var given []Ring
	vertices := 0
	for _, p := range polygons {
		if len(p) == 0 {
			return nil, &InvalidError{feature, len(given), -1, "empty polygon: leave it out or give it an outer ring"}
		}
		q := make(Polygon, 0, len(p))
		for i, r := range p {
			tidied, err := tidyRing(feature, len(given), r)
			if err != nil {
				return nil, err
			}
			q = append(q, tidied.wound(i == 0))
			given = append(given, r)
			if vertices += len(r); vertices > MaxVertices {
				return nil, &InvalidError{feature, -1, -1, fmt.Sprintf("more than %d vertices in one area: simplify it", MaxVertices)}
			}
		}
		out = append(out, q)
	}
	if err := checkSimple(feature, out, given); err != nil {
		return nil, err
	}
	return out, nil
}
