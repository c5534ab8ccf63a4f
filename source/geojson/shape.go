package geojson

import (
	"fmt"
	"math"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
)

// shape is a line or an area in which something was reported to be, anywhere alike: a
// road that was shelled, a wood that burns.
type shape struct {
	rings  [][]geo.Point // the line, or the polygon's rings: outside counter-clockwise, holes clockwise
	filled bool          // an area
	centre geo.Point
	spread geo.Covariance // of a place anywhere in the shape
}

// newShape is nil for a point. Of several lines or areas nobody can say in which it was.
func newShape(g *geo.Geometry) (*shape, error) {
	switch {
	case len(g.Points) == 1:
		return nil, nil
	case len(g.Lines) == 1:
		return measured(&shape{rings: g.Lines})
	case len(g.Polygons) == 1:
		s := &shape{filled: true}
		for _, ring := range g.Polygons[0] {
			s.rings = append(s.rings, ring)
		}
		return measured(s)
	}
	return nil, fmt.Errorf("is a %s, want one Point, LineString or Polygon: give each part a feature of its own", g.Type())
}

// measured finds centre and spread: first the centre in a plane around some vertex, then
// both in the plane around that centre, which hardly bends what lies near it.
func measured(s *shape) (*shape, error) {
	s.centre = s.rings[0][0]
	for _, reach := range []float64{2 * MaxShape, MaxShape} {
		m, err := s.moments(reach)
		if err != nil {
			return nil, err
		}
		x, y := m.x/m.weight, m.y/m.weight
		s.centre = onGrid(geo.NewFrame(s.centre).From(geo.Metres(x), geo.Metres(y)))
		s.spread = geo.Covariance{EE: max(0, m.xx/m.weight-x*x), EN: m.xy/m.weight - x*y, NN: max(0, m.yy/m.weight-y*y)}
	}
	return s, nil
}

// onGrid is the point as geo writes coordinates.
func onGrid(p geo.Point) geo.Point {
	grid := math.Pow10(geo.CoordinateDecimals)
	return geo.Point{Lat: geo.Degrees(math.Round(float64(p.Lat)*grid) / grid), Lon: geo.Degrees(math.Round(float64(p.Lon)*grid) / grid)}
}

// plane gives the vertices in metres east and north of the centre, none beyond reach.
func (s *shape) plane(reach float64) (rings [][][2]float64, err error) {
	frame := geo.NewFrame(s.centre)
	for _, ring := range s.rings {
		flat := make([][2]float64, len(ring))
		for i, p := range ring {
			east, north := frame.To(p)
			if math.Hypot(float64(east), float64(north)) > reach {
				return nil, fmt.Errorf("reaches more than %d km from its centre and places nothing: leave the geometry out and name the place", MaxShape/1000)
			}
			flat[i] = [2]float64{float64(east), float64(north)}
		}
		rings = append(rings, flat)
	}
	return rings, nil
}

// moments are the integrals of 1, x, y, x², xy and y² over a shape.
type moments struct{ weight, x, y, xx, xy, yy float64 }

func (s *shape) moments(reach float64) (moments, error) {
	var m moments
	rings, err := s.plane(reach)
	if err != nil {
		return m, err
	}
	for _, ring := range rings {
		for i := range len(ring) - 1 {
			if s.filled {
				m.addTriangle(ring[i], ring[i+1])
			} else {
				m.addSegment(ring[i], ring[i+1])
			}
		}
	}
	if !(m.weight > 0) {
		return m, fmt.Errorf("has no extent: give it as a Point")
	}
	return m, nil
}

// addSegment integrates along a straight stretch.
func (m *moments) addSegment(a, b [2]float64) {
	w := math.Hypot(b[0]-a[0], b[1]-a[1])
	m.weight += w
	m.x += w * (a[0] + b[0]) / 2
	m.y += w * (a[1] + b[1]) / 2
	m.xx += w * (a[0]*a[0] + a[0]*b[0] + b[0]*b[0]) / 3
	m.yy += w * (a[1]*a[1] + a[1]*b[1] + b[1]*b[1]) / 3
	m.xy += w * (2*a[0]*a[1] + a[0]*b[1] + b[0]*a[1] + 2*b[0]*b[1]) / 6
}

// addTriangle integrates over the triangle from the origin to an edge, negative where the
// edge runs clockwise: over a closed ring what lies outside cancels (Green's theorem).
func (m *moments) addTriangle(a, b [2]float64) {
	w := (a[0]*b[1] - b[0]*a[1]) / 2
	m.weight += w
	m.x += w * (a[0] + b[0]) / 3
	m.y += w * (a[1] + b[1]) / 3
	m.xx += w * (a[0]*a[0] + a[0]*b[0] + b[0]*b[0]) / 6
	m.yy += w * (a[1]*a[1] + a[1]*b[1] + b[1]*b[1]) / 6
	m.xy += w * (2*a[0]*a[1] + a[0]*b[1] + b[0]*a[1] + 2*b[0]*b[1]) / 12
}

// covering is how far out, in sigmas, the ellipse is that must hold every vertex: 98.9 %
// of a place that is anywhere near.
const covering = 3

// over is the error of a place in the shape whose vertices have an error of their own. It
// is widened where a vertex would lie outside the ellipse of three sigmas.
func (s *shape) over(drawn geo.Covariance) (geo.Covariance, error) {
	c := s.spread.Add(drawn)
	rings, err := s.plane(2 * MaxShape)
	if err != nil {
		return c, err
	}
	// A metre keeps the inverse of a straight line's own error within reach.
	sharp := c.Add(geo.Isotropic(1))
	det := sharp.EE*sharp.NN - sharp.EN*sharp.EN
	widen := 1.0
	for _, ring := range rings {
		for _, p := range ring {
			d2 := (sharp.NN*p[0]*p[0] - 2*sharp.EN*p[0]*p[1] + sharp.EE*p[1]*p[1]) / det
			widen = max(widen, d2/(covering*covering))
		}
	}
	return geo.Covariance{EE: c.EE * widen, EN: c.EN * widen, NN: c.NN * widen}, nil
}

// place puts the report anywhere in the shape. Without an id of the sender's the vertices
// become part of the key: two shapes may have one centre.
func (s *shape) place(o *truce.Observation, named bool) error {
	over, err := s.over(o.Place.Error)
	if err != nil {
		return err
	}
	o.Place.Error = over
	if named {
		return nil
	}
	key := []byte("shape|" + o.ID.String())
	for _, ring := range s.rings {
		key = append(key, '|')
		for _, p := range ring {
			key = append(key, decimal(p.Lon)+","+decimal(p.Lat)+" "...)
		}
	}
	o.ID = truce.NewID(o.Phenomenon.From, string(o.Kind), string(o.Source), key)
	return nil
}
