package fence

import (
	"math"
	"sync"

	"github.com/trucewatch/truce/geo"
)

// gauss is a Gaussian around a place. Places are turned into sigmas by a map that is linear
// in longitude and latitude, so that an edge stays straight and no place changes sides:
// degrees to metres by the radii of curvature at the centre, metres to sigmas by the root
// of the covariance.
type gauss struct {
	centre         vertex
	ux, vx, vy     float64 // u = ux*dLon, v = vx*dLon + vy*dLat
	area           box     // all within tails sigmas
	shift          float64 // the turn at which a part of the area across the antimeridian lies
	east, northing float64 // degrees for a sigma of u, and of v at u = 0
	slant          float64 // degrees of latitude for a sigma of u
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
	// The root is Cholesky's: east = s u, north = t u + r v.
	s := math.Sqrt(c.EE)
	t := c.EN / s
	r := math.Sqrt(max(c.NN-t*t, 1e-9*c.NN))
	g = gauss{
		centre: centre,
		ux:     eastward / s, vx: -eastward * t / (s * r), vy: northward / r,
		east: s / eastward, northing: r / northward, slant: t / northward,
	}
	wide, high := tails*g.east, tails*math.Sqrt(c.NN)/northward
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

// place is the place at (u, v) sigmas.
func (g *gauss) place(u, v float64) vertex {
	x := g.centre.x + u*g.east
	switch {
	case x > 180:
		x -= 360
	case x < -180:
		x += 360
	}
	return vertex{x, g.centre.y + u*g.slant + v*g.northing}
}

// along is what the edges between neighbouring corners take from "inside or not" at (u, v),
// the inside on their left, and their distance from there. A Gaussian seen from its centre
// is round, so an edge takes, of the angle under which it is seen, the part of the Gaussian
// that lies beyond it: with foot distance h and ends at t1 and t2 from the foot that is
// T(h, t2/h) - T(h, t1/h), where T is Owen's (1956).
func (g *gauss) along(corners []vertex, turns, u, v float64, table *triangles) (sum, nearest float64) {
	nearest = tails * tails
	x, y := g.centre.x+turns, g.centre.y
	var au, av float64
	for i, corner := range corners {
		dx, dy := corner.x-x, corner.y-y
		bu, bv := g.ux*dx-u, g.vx*dx+g.vy*dy-v
		if i > 0 && !(au > tails && bu > tails || au < -tails && bu < -tails || av > tails && bv > tails || av < -tails && bv < -tails) {
			term, d2 := table.beyond(au, av, bu, bv)
			sum, nearest = sum+term, min(nearest, d2)
		}
		au, av = bu, bv
	}
	return sum, math.Sqrt(nearest)
}

// beyond is the part of a round Gaussian beyond the edge from a to b as seen from its
// centre, negative when the centre is on the edge's right, and the edge's squared distance.
func (t *triangles) beyond(au, av, bu, bv float64) (part, distance2 float64) {
	du, dv := bu-au, bv-av
	length2 := du*du + dv*dv
	cross := au*bv - av*bu
	if !(cross*cross < tails*tails*length2) {
		return 0, tails * tails // a point, or far away
	}
	length := math.Sqrt(length2)
	h := math.Abs(cross) / length
	from := (au*du + av*dv) / length
	to := from + length
	if from > tails || to < -tails {
		return 0, tails * tails
	}
	distance2 = h*h + square(max(from, -to, 0))
	from, to = max(from, -tails), min(to, tails)
	part = angle(h*(to-from), h*h+from*to)/(2*math.Pi) - (t.at(h, to) - t.at(h, from))
	return math.Copysign(part, cross), distance2
}

func square(x float64) float64 { return x * x }

// angle is the angle of (x, y) for y >= 0, right to 1e-5 (Abramowitz and Stegun 1964,
// 4.4.49).
func angle(y, x float64) float64 {
	w := math.Abs(x)
	low, high := min(y, w), max(y, w)
	if high == 0 {
		return 0
	}
	q := low / high
	s := q * q
	a := q * (.9998660 + s*(-.3302995+s*(.1801410+s*(-.0851330+s*.0208351))))
	if y > w {
		a = math.Pi/2 - a
	}
	if x < 0 {
		a = math.Pi - a
	}
	return a
}

// triangles is a table of the part of a round Gaussian in the right-angled triangle of the
// centre, the foot at distance h and the place at t from the foot: what is left of the
// angle when T is taken off, and smooth where T is not.
type triangles struct {
	part [tableSize][tableSize]float32
}

// The table has a step of 1/32 sigma: between its places straight lines are right to 2e-5.
const (
	perSigma  = 32
	tableSize = int(tails*perSigma) + 2
)

// at is odd in t; h and |t| are at most tails.
func (t *triangles) at(h, along float64) float64 {
	x, y := h*perSigma, math.Abs(along)*perSigma
	i, k := int(x), int(y)
	x, y = x-float64(i), y-float64(k)
	a, b := &t.part[i], &t.part[i+1]
	low := float64(a[k]) + y*float64(a[k+1]-a[k])
	high := float64(b[k]) + y*float64(b[k+1]-b[k])
	return math.Copysign(low+x*(high-low), along)
}

// newTriangles integrates (1 - exp(-(h^2+t^2)/2)) h / (h^2+t^2) / 2 pi over t, by Simpson's
// rule on quarters of a step.
var newTriangles = sync.OnceValue(func() *triangles {
	t := &triangles{}
	const step = 1. / perSigma
	for i := range tableSize {
		h, sum := float64(i)*step, 0.
		density := func(s float64) float64 {
			r2 := h*h + s*s
			if r2 == 0 {
				return 0
			}
			return -math.Expm1(-r2/2) * h / r2 / (2 * math.Pi)
		}
		for k := 1; k < tableSize; k++ {
			s := float64(k-1) * step
			sum += step / 12 * (density(s) + 4*density(s+step/4) + 2*density(s+step/2) + 4*density(s+3*step/4) + density(s+step))
			t.part[i][k] = float32(sum)
		}
	}
	return t
})
