package geo

import "math"

// Inverse is the shortest path from a to b on WGS84: its length, its azimuth at a, and
// its azimuth at b (going on, not looking back), both in [-180, 180].
//
// Lengths are good to 25 nanometres over any distance. Where several paths are
// equally short (opposite points) one of them is returned. Coincident points have
// azimuths of 0. A latitude outside [-90, 90] or anything not finite gives NaN.
//
// Method: Karney 2013, "Algorithms for geodesics", J. Geodesy 87, 43-55.
func Inverse(a, b Point) (d Metres, azimuthA, azimuthB Degrees) {
	path := shortest(a, b)
	return Metres(path.length), path.alpha1.degrees(), path.alpha2.degrees()
}

// Distance is the length of the shortest path from a to b; see Inverse.
func Distance(a, b Point) Metres {
	path := shortest(a, b)
	return Metres(path.length)
}

// path is a solved inverse problem.
type path struct {
	length float64 // metres
	alpha1 angle   // azimuth at the first point
	alpha2 angle   // azimuth at the second, going on
	east   float64 // longitude difference, radians
}

var nowhere = path{math.NaN(), angle{math.NaN(), math.NaN()}, angle{math.NaN(), math.NaN()}, math.NaN()}

// shortest solves the inverse problem.
func shortest(from, to Point) path {
	p, ok := canonical(from, to)
	if !ok {
		return nowhere
	}
	found, ok := p.alongMeridian()
	if !ok {
		found, ok = p.alongEquator()
	}
	if !ok {
		found = p.search(p.guess())
	}
	return p.restore(found)
}

// problem is the inverse problem in canonical form (Karney 2013, eq. 44): the first
// point is the one farther from the equator and lies south of it, and the second lies to
// the east, so that all azimuths are in [0, 180].
type problem struct {
	beta1, beta2 angle   // reduced latitudes
	dn1, dn2     float64 // sqrt(1 + e'^2 sin^2 beta)
	lambda       angle   // longitude difference
	east         float64 // the same in radians, in [0, pi]
	short        float64 // pi - east, without loss of digits
	swapped      bool
	northing     float64 // sign of the cosines of azimuths
	easting      float64 // sign of the sines
}

// canonical states the problem. It is false when a coordinate cannot be used.
func canonical(from, to Point) (p problem, ok bool) {
	if !(math.Abs(float64(from.Lat)) <= 90 && math.Abs(float64(to.Lat)) <= 90) {
		return p, false
	}
	difference, correction := longitudeDifference(from.Lon, to.Lon)
	if math.IsNaN(difference) {
		return p, false
	}
	p.easting, p.northing = 1, 1
	if difference < 0 {
		difference, correction, p.easting = -difference, -correction, -1
	}
	lat1, lat2 := from.Lat, to.Lat
	if math.Abs(float64(lat1)) < math.Abs(float64(lat2)) {
		lat1, lat2, p.swapped, p.northing = lat2, lat1, true, -1
	}
	if lat1 >= 0 {
		lat1, lat2, p.northing = -lat1, -lat2, -p.northing
	}
	if difference < tiny {
		difference, correction = 0, 0
	}
	p.beta1, p.beta2 = reduced(lat1), reduced(lat2)
	p.beta1.sin = min(p.beta1.sin, -tiny)
	p.dn1 = math.Sqrt(1 + eccentricity2p*p.beta1.sin*p.beta1.sin)
	p.dn2 = math.Sqrt(1 + eccentricity2p*p.beta2.sin*p.beta2.sin)
	p.lambda = angleOf(difference, correction)
	p.east = (difference + correction) * radiansPerDegree
	p.short = ((180 - difference) - correction) * radiansPerDegree
	return p, true
}

// restore turns a canonical path back into the one asked for.
func (p *problem) restore(found path) path {
	if p.swapped {
		found.alpha1, found.alpha2 = found.alpha2, found.alpha1
	}
	found.alpha1.sin *= p.easting
	found.alpha2.sin *= p.easting
	found.alpha1.cos *= p.northing
	found.alpha2.cos *= p.northing
	found.east *= p.easting
	return found
}

// alongMeridian solves the problem for points on one meridian circle, a pole included.
// On an oblate ellipsoid a meridian is the shortest way as far as the opposite point,
// since all cut points of the first point lie on the opposite parallel. It is false for
// other points.
func (p *problem) alongMeridian() (path, bool) {
	atPole := p.beta1.cos == tiny
	if !atPole && p.lambda.sin != 0 {
		return path{}, false
	}
	found := path{alpha1: p.lambda, alpha2: angle{0, 1}, east: p.east}
	if p.lambda.cos == 1 && math.Abs(p.beta1.sin-p.beta2.sin) <= tiny && p.beta1.cos == p.beta2.cos {
		found.alpha1.cos, found.alpha2.cos = p.northing, p.northing // azimuth 0
		return found, true
	}
	sigma1 := angle{p.beta1.sin, p.lambda.cos * p.beta1.cos}
	sigma2 := p.beta2
	sigma := math.Atan2(max(0, sigma1.cos*sigma2.sin-sigma1.sin*sigma2.cos),
		sigma1.cos*sigma2.cos+sigma1.sin*sigma2.sin)
	found.length = arcLength(sigma1, sigma2, sigma, thirdFlattening)
	return found, true
}

// alongEquator solves the problem for two points on the equator, unless they are so
// nearly opposite that the shortest way leaves it (Karney 2013, section 4).
func (p *problem) alongEquator() (path, bool) {
	if p.beta1.sin != -tiny || p.short < flattening*math.Pi {
		return path{}, false
	}
	east := angle{1, 0}
	return path{equatorialRadius * p.east, east, east, p.east}, true
}

// arcLength is the distance between two arcs of one geodesic (Karney 2013, eq. 15).
func arcLength(sigma1, sigma2 angle, sigma, eps float64) float64 {
	c := distanceSines(eps)
	return polarRadius * distanceScale(eps) * (sigma + (c.at(sigma2) - c.at(sigma1)))
}

// reducedLength is m12/b (Karney 2013, eq. 38). The integral I1-I2 in it is taken to
// second order in k^2, which leaves 1e-7: enough for the slope of Newton's method.
func (p *problem) reducedLength(sigma1, sigma2 angle, sigma, k2 float64) float64 {
	product1, product2 := sigma1.sin*sigma1.cos, sigma2.sin*sigma2.cos
	first := sigma - (product2 - product1)
	cubes := sigma1.sin*sigma1.sin*product1 - sigma2.sin*sigma2.sin*product2
	integral := k2/2*first - k2*k2/16*(3*first+2*cubes)
	return p.dn2*sigma1.cos*sigma2.sin - p.dn1*sigma1.sin*sigma2.cos - sigma1.cos*sigma2.cos*integral
}
