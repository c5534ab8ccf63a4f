package track

import (
	"math"
	"slices"

	"github.com/trucewatch/truce/geo"
)

// chart is the plane that tracks are followed in. To planeReach of its origin it is
// geo.Plane, true to 0.2 m; beyond it is geo.Frame, exact and ten times as slow. Distances
// across the direction to the origin are stretched by a part in 6,000 at 200 km and one in 250
// at 1,000 km; places, speeds and courses that come out are free of that.
type chart struct {
	origin geo.Point
	plane  geo.Plane
	frame  geo.Frame
}

// planeReach is how far from the origin the fast plane is used, metres.
const planeReach = 200e3

// chartStep is what the origin is rounded to, degrees: a few plots more or less then give
// the same plane.
const chartStep = .5

// newChart is around the middle of the first plots, which no few strays can move far.
func newChart(plots []Plot) chart {
	lat, lon := make([]float64, len(plots)), make([]float64, len(plots))
	for i := range plots {
		p, first := plots[i].where(), plots[0].where()
		lat[i] = float64(p.Lat)
		// All around one of them, so that the antimeridian is no border. Which one does not
		// matter but there.
		lon[i] = float64(first.Lon) + math.Remainder(float64(p.Lon-first.Lon), 360)
	}
	at := geo.Point{Lat: rounded(lat), Lon: geo.Degrees(math.Remainder(float64(rounded(lon)), 360))}
	at.Lat = min(max(at.Lat, -89), 89)
	return chart{at, geo.NewPlane(at), geo.NewFrame(at)}
}

func rounded(list []float64) geo.Degrees {
	slices.Sort(list)
	return geo.Degrees(math.Round(list[len(list)/2]/chartStep) * chartStep)
}

// to is the place of a point.
func (c *chart) to(p geo.Point) (x, y float64) {
	if math.Abs(float64(p.Lat-c.origin.Lat)) < 2 {
		east, north := c.plane.To(p)
		if east*east+north*north < planeReach*planeReach && math.Abs(math.Remainder(float64(p.Lon-c.origin.Lon), 360)) < 90 {
			return float64(east), float64(north)
		}
	}
	east, north := c.frame.To(p)
	return float64(east), float64(north)
}

// from is the point at a place.
func (c *chart) from(x, y float64) geo.Point {
	if x*x+y*y < planeReach*planeReach {
		return c.plane.From(geo.Metres(x), geo.Metres(y))
	}
	return c.frame.From(geo.Metres(x), geo.Metres(y))
}

// chartProbe is how far ahead the course is looked at, metres.
const chartProbe = 10

// ahead is where a step of a length of one in the plane leads on the ground, metres east and
// north: from a place, which is given as a point too.
func (c *chart) ahead(x, y float64, at geo.Point, du, dw float64) (east, north float64) {
	to := c.from(x+chartProbe*du, y+chartProbe*dw)
	sin, cos := math.Sincos(float64(at.Lat+to.Lat) / 2 * math.Pi / 180)
	// Radii of curvature of WGS84, along the meridian and across it.
	const a, e2 = 6378137.0, 0.00669437999014
	root := math.Sqrt(1 - e2*sin*sin)
	across, along := a/root, a*(1-e2)/(root*root*root)
	turned := float64(to.Lon - at.Lon)
	if math.Abs(turned) > 180 {
		turned = math.Remainder(turned, 360)
	}
	const step = math.Pi / 180 / chartProbe
	return turned * step * across * cos, float64(to.Lat-at.Lat) * step * along
}

// compass is a direction clockwise from north.
func compass(east, north float64) geo.Degrees {
	course := geo.Degrees(math.Atan2(east, north) * 180 / math.Pi)
	if course < 0 {
		course += 360
	}
	if course >= 360 { // a hair west of north
		course = 0
	}
	return course
}
