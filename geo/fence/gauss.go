package fence

import (
	"math"

	"github.com/trucewatch/truce/geo"
)

// gauss is a Gaussian around a place. Places are turned into sigmas by a map that is linear
// in longitude and latitude, so that an edge stays straight and no place changes sides:
// degrees to metres by the radii of curvature at the centre, metres to sigmas by the root
// of the covariance. The map keeps parallels level, and east on them to the right.
type gauss struct {
	centre         vertex
	ux, uy, vy     float64 // u = ux*dLon + uy*dLat, v = vy*dLat
	perLon, perLat float64 // sigmas for a degree along each axis alone
	area           box     // all within tails sigmas along each axis
	shift          float64 // the turn at which a part of the area across the antimeridian lies
}

// flatEnough bounds the error, metres, times the tangent of the latitude, for which the
// linear map will do. It moves places at a distance r by up to r^2 tan(lat)/2R, which
// changes a probability by at most 0.2 sigma tan(lat)/R: 0.001 here.
const flatEnough = 25_000

// gaussOf is not ok where the earth is not flat enough.
func gaussOf(centre vertex, c geo.Covariance) (g gauss, ok bool) {
	sin, cos := math.Sincos(centre.y * math.Pi / 180)
	size := math.Sqrt(c.EE + c.NN)
	if size*max(math.Abs(sin), cos) > flatEnough*cos {
		return g, false
	}
	eastward, northward := perDegree(centre.y)
	// A direction without error is given one too small to matter.
	if floor := 1e-6 * (c.EE + c.NN); c.EE*c.NN-c.EN*c.EN < floor*floor*1e6 {
		c.EE, c.NN = c.EE+floor, c.NN+floor
	}
	// The root is Cholesky's: north = t v, east = s v + r u.
	t := math.Sqrt(c.NN)
	s := c.EN / t
	r := math.Sqrt(max(c.EE-s*s, 1e-9*c.EE))
	g = gauss{
		centre: centre,
		ux:     eastward / r, uy: -northward * s / (t * r), vy: northward / t,
		perLon: eastward / math.Sqrt(c.EE), perLat: northward / t,
	}
	wide, high := tails/g.perLon, tails/g.perLat
	g.area = box{centre.x - wide, centre.y - high, centre.x + wide, centre.y + high}
	switch {
	case g.area.west < -180:
		g.shift = 360
	case g.area.east > 180:
		g.shift = -360
	}
	return g, true
}

// turns are the turns around the earth at which the Gaussian lies in the map.
func (g *gauss) turns() []float64 {
	switch g.shift {
	case 0:
		return noTurn[:]
	case 360:
		return eastTurn[:]
	}
	return westTurn[:]
}

var (
	noTurn   = [...]float64{0}
	eastTurn = [...]float64{0, 360}
	westTurn = [...]float64{0, -360}

	everyTurn = [...]float64{0, 360, -360}
)

// meets says whether an edge between neighbouring corners comes near.
func (g *gauss) meets(corners []vertex) bool {
	a := g.seen(corners[0])
	for _, c := range corners[1:] {
		b := g.seen(c)
		dot, a2, b2 := a.x*b.x+a.y*b.y, a.x*a.x+a.y*a.y, b.x*b.x+b.y*b.y
		if !farAway(a.x*b.y-a.y*b.x, dot, square(b.x-a.x)+square(b.y-a.y), a2, b2) {
			return true
		}
		a = b
	}
	return false
}

// seen is a place in sigmas from the centre.
func (g *gauss) seen(p vertex) vertex {
	dx, dy := p.x-g.centre.x, p.y-g.centre.y
	return vertex{g.ux*dx + g.uy*dy, g.vy * dy}
}

func square(x float64) float64 { return x * x }
