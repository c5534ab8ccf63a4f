package geo

import "math"

// Area is a zone drawn on the map: polygons with holes, their edges straight in longitude
// and latitude. It never changes once made.
type Area struct {
	polygons []Polygon
	chains   *chains // the rings; in chances the two sides of the seam cancel out
	seam     seam
	boundary *chains // the rings but for the seam, for how far it is to them
	area     SquareMetres
}

// NewArea checks polygons as ParseGeoJSON does and makes a zone of them. The name stands
// in messages. No polygons make an empty area that holds nothing.
func NewArea(name string, polygons []Polygon) (*Area, error) {
	tidied, err := tidyPolygons(name, polygons)
	if err != nil {
		return nil, err
	}
	return newArea(tidied), nil
}

// newArea makes an area of polygons that are tidy and wound.
func newArea(polygons []Polygon) *Area {
	rings := ringsOf(polygons)
	a := &Area{polygons: polygons, chains: newChains(rings), seam: seamOf(rings)}
	a.boundary = a.chains
	if a.seam.touches(rings) {
		a.boundary = newChains(a.seam.boundary(rings))
	}
	for _, p := range polygons {
		for _, r := range p {
			a.area += r.SquareMetres() // holes run clockwise and count against it
		}
	}
	return a
}

func ringsOf(polygons []Polygon) [][]Point {
	var rings [][]Point
	for _, p := range polygons {
		for _, r := range p {
			rings = append(rings, r)
		}
	}
	return rings
}

// Polygons are the area's polygons, which must not be changed.
func (a *Area) Polygons() []Polygon { return a.polygons }

// Empty says whether the area holds nothing.
func (a *Area) Empty() bool { return len(a.polygons) == 0 }

// SquareMetres is the area on the ellipsoid, holes left out.
func (a *Area) SquareMetres() SquareMetres { return a.area }

// Bounds is the box around the area.
func (a *Area) Bounds() Bounds { return a.chains.bounds() }

// Contains says whether p is inside or on the edge. A point on the antimeridian counts as
// both 180 and -180.
func (a *Area) Contains(p Point) bool {
	if a.Empty() || !p.Valid() {
		return false
	}
	if math.Abs(float64(p.Lon)) == 180 && a.chains.holds(Point{p.Lat, -p.Lon}) {
		return true
	}
	return a.chains.holds(p)
}

// DistanceTo is the distance from p to the area, 0 inside.
func (a *Area) DistanceTo(p Point) Metres {
	if a.Contains(p) {
		return 0
	}
	return a.BoundaryDistance(p)
}

// BoundaryDistance is the distance from p to the nearest edge of the area, from inside or
// outside, infinite when there is none. Where the area is cut at the antimeridian and goes
// on beyond, there is no edge.
func (a *Area) BoundaryDistance(p Point) Metres {
	if len(a.boundary.from) == 0 {
		return Metres(math.Inf(1))
	}
	return a.boundary.foot(p).Distance
}
