package geo

import "math"

// Geodesic is a line on the ellipsoid that starts at a point, prepared so that many
// points along it are cheap. It is a plain value and may be shared. The zero value is
// not a line: its points are NaN.
type Geodesic struct {
	start     Point
	length    float64 // metres
	sinAlpha0 float64 // azimuth where the line goes north over the equator
	cosAlpha0 float64
	sigma1    angle   // arc of the start from there
	tau1      angle   // its scaled distance as an angle
	omega1    angle   // its longitude on the auxiliary sphere
	distance1 float64 // sum C1 sin 2 l sigma1
	perRadian float64 // metres per radian of scaled distance
	scale3    float64 // f sin(alpha0) A3
	shift1    float64 // sum C3 sin 2 l sigma1
	arc       sines6  // C1'
	shift     sines5  // C3
}

// NewGeodesic is the shortest line from a to b; see Inverse.
func NewGeodesic(a, b Point) Geodesic {
	path := shortest(a, b)
	return newGeodesic(a, path.alpha1, path.length)
}

// GeodesicFrom is the line from a with an azimuth and a length.
func GeodesicFrom(a Point, azimuth Degrees, length Metres) Geodesic {
	alpha1 := angleOf(normalLongitude(float64(azimuth)), 0)
	return newGeodesic(a, alpha1, float64(length))
}

// newGeodesic prepares a line (Karney 2013, section 2).
func newGeodesic(a Point, alpha1 angle, length float64) Geodesic {
	if !(math.Abs(float64(a.Lat)) <= 90) {
		a.Lat, alpha1 = 0, nowhere.alpha1
	}
	beta1 := reduced(a.Lat)
	g := Geodesic{start: a, length: length}
	g.sinAlpha0 = alpha1.sin * beta1.cos
	east, along := alpha1.sin*beta1.sin, alpha1.cos*beta1.cos
	g.cosAlpha0 = math.Sqrt(alpha1.cos*alpha1.cos + east*east)
	if beta1.sin == 0 && along == 0 {
		along = 1 // along the equator: any place will do as the node
	}
	g.sigma1 = unit(beta1.sin, along)
	g.omega1 = unit(g.sinAlpha0*beta1.sin, along)

	eps := expansionParameter(eccentricity2p * g.cosAlpha0 * g.cosAlpha0)
	c := distanceSines(eps)
	g.perRadian = polarRadius * distanceScale(eps)
	g.distance1 = c.at(g.sigma1)
	g.tau1 = g.sigma1.turned(g.distance1)
	g.arc = arcSines(eps)
	g.scale3 = flattening * g.sinAlpha0 * longitudeScaleAt(eps)
	g.shift = longitudeSinesAt(eps)
	g.shift1 = g.shift.at(g.sigma1)
	return g
}

// Length is the length the line was given, or the distance between its two points.
func (g *Geodesic) Length() Metres { return Metres(g.length) }

// At is the point at a distance d from the start, which may lie outside [0, Length].
func (g *Geodesic) At(d Metres) Point {
	p, _ := g.at(float64(d))
	return p
}

// at is the point and azimuth at a distance (Karney 2013, section 2).
func (g *Geodesic) at(d float64) (Point, Degrees) {
	tau := d / g.perRadian
	sin, cos := math.Sincos(tau)
	tau2 := g.tau1.plus(angle{sin, cos})
	back := g.arc.at(tau2)
	sigma := tau + (back + g.distance1)
	sigma2 := tau2.turned(back)

	beta2 := angle{g.cosAlpha0 * sigma2.sin, math.Hypot(g.sinAlpha0, g.cosAlpha0*sigma2.cos)}
	alpha2 := angle{g.sinAlpha0, g.cosAlpha0 * sigma2.cos}
	omega2 := angle{g.sinAlpha0 * sigma2.sin, sigma2.cos}
	omega := omega2.minus(g.omega1).radians()
	lambda := omega - g.scale3*(sigma+(g.shift.at(sigma2)-g.shift1))

	lat := angle{beta2.sin, axisRatio * beta2.cos}.degrees()
	lon := normalLongitude(normalLongitude(float64(g.start.Lon)) + lambda*degreesPerRadian)
	return Point{Lat: lat, Lon: Degrees(lon)}, alpha2.degrees()
}
