package geo

import "math"

// ninety is the radius, in sigmas, of the circle that holds 90 % of a round Gaussian in
// two dimensions: sqrt(-2 ln 0.1), from P(r) = 1 - exp(-r^2/2).
const ninety = 2.1459660262893472

// Isotropic is the error of a position known to sigma metres in every direction.
func Isotropic(sigma Metres) Covariance {
	v := float64(sigma * sigma)
	return Covariance{EE: v, NN: v}
}

// R90 is the radius that holds a position of isotropic error sigma with 90 %.
func R90(sigma Metres) Metres { return sigma * ninety }

// SigmaOfR90 is the isotropic error of a position that lies within r with 90 %: a town of
// radius 3 km is an error of 1.4 km.
func SigmaOfR90(r Metres) Metres { return r / ninety }

// FromEllipse is the covariance of an ellipse drawn at one sigma.
func FromEllipse(e Ellipse) Covariance {
	return turnedVariances(float64(e.Major*e.Major), float64(e.Minor*e.Minor), e.Strike)
}

// turnedVariances is the covariance with variance along an azimuth and variance across it.
func turnedVariances(along, across float64, azimuth Degrees) Covariance {
	sin, cos := math.Sincos(float64(azimuth) * radiansPerDegree)
	return Covariance{
		EE: along*sin*sin + across*cos*cos,
		EN: (along - across) * sin * cos,
		NN: along*cos*cos + across*sin*sin,
	}
}

// Valid says whether the numbers are finite and describe an error: no negative variance
// in any direction, up to rounding.
func (c Covariance) Valid() bool {
	trace := c.EE + c.NN
	if math.IsNaN(trace) || math.IsInf(trace, 0) || math.IsNaN(c.EN) || c.EE < 0 || c.NN < 0 {
		return false
	}
	return c.EE*c.NN-c.EN*c.EN >= -1e-9*trace*trace
}

// Exact says whether the position has no error at all.
func (c Covariance) Exact() bool { return c == Covariance{} }

// Ellipse is the covariance as people draw it, at one sigma, with a strike in [0, 180).
func (c Covariance) Ellipse() Ellipse {
	mean, half := (c.EE+c.NN)/2, (c.NN-c.EE)/2
	root := math.Hypot(half, c.EN)
	major := mean + root
	if major <= 0 {
		return Ellipse{}
	}
	minor := max(0, (c.EE*c.NN-c.EN*c.EN)/major) // no cancellation, unlike mean - root
	strike := math.Atan2(c.EN, half) / 2 * degreesPerRadian
	if strike < 0 {
		strike += 180
	}
	if strike >= 180 {
		strike = 0
	}
	return Ellipse{Metres(math.Sqrt(major)), Metres(math.Sqrt(minor)), Degrees(strike)}
}

// Add combines two independent causes of error in one position.
func (c Covariance) Add(d Covariance) Covariance {
	return Covariance{c.EE + d.EE, c.EN + d.EN, c.NN + d.NN}
}

// turned is the covariance with its strike increased by an angle.
func (c Covariance) turned(by Degrees) Covariance {
	sin, cos := math.Sincos(float64(by) * radiansPerDegree)
	return Covariance{
		EE: c.EE*cos*cos + 2*c.EN*sin*cos + c.NN*sin*sin,
		EN: c.EN*(cos*cos-sin*sin) + (c.NN-c.EE)*sin*cos,
		NN: c.EE*sin*sin - 2*c.EN*sin*cos + c.NN*cos*cos,
	}
}

// convergence is by how much north at q leans to the west in the plane of p.
func convergence(p, q Point) Degrees {
	difference, _ := longitudeDifference(p.Lon, q.Lon)
	return Degrees(difference * math.Sin(float64(p.Lat+q.Lat)/2*radiansPerDegree))
}

// Fuse combines two independent measurements of one place: the product of two Gaussians,
// whose inverse covariances add. It works in the plane of the first point, so the two
// should lie within some 50 km of each other; an exact point wins over an inexact one.
func Fuse(p Point, c Covariance, q Point, d Covariance) (Point, Covariance) {
	plane := NewPlane(p)
	east, north := plane.To(q)
	d = d.turned(-convergence(p, q))
	sum := c.Add(d)
	// A small isotropic floor keeps the sum invertible when both are exact in some
	// direction: there the two count equally.
	floor := 1e-12*(sum.EE+sum.NN) + 1e-12
	ee, en, nn := sum.EE+floor, sum.EN, sum.NN+floor
	det := ee*nn - en*en
	// Gain K = C (C+D)^-1, the share of the way from p to q.
	cee, cnn := c.EE+floor/2, c.NN+floor/2
	kee, ken := (cee*nn-c.EN*en)/det, (c.EN*ee-cee*en)/det
	kne, knn := (c.EN*nn-cnn*en)/det, (cnn*ee-c.EN*en)/det
	x, y := float64(east), float64(north)
	fused := plane.From(Metres(kee*x+ken*y), Metres(kne*x+knn*y))
	rest := Covariance{
		EE: max(0, c.EE-kee*c.EE-ken*c.EN),
		EN: c.EN - (kee*c.EN+ken*c.NN+kne*c.EE+knn*c.EN)/2, // the mean of the two off-diagonals
		NN: max(0, c.NN-kne*c.EN-knn*c.NN),
	}
	return fused, rest.turned(convergence(p, fused))
}

// Ellipse90 is the ellipse that holds a position with 90 %, a type of its own so that it
// cannot be mistaken for one sigma.
type Ellipse90 Ellipse

// Ellipse90 is the covariance as a 90 % ellipse: the 1-sigma axes times sqrt(-2 ln 0.1).
func (c Covariance) Ellipse90() Ellipse90 {
	e := c.Ellipse()
	return Ellipse90{R90(e.Major), R90(e.Minor), e.Strike}
}

// Ring is the ellipse around a centre as a closed ring of n+1 points, counter-clockwise,
// for drawing. n is held between 8 and MaxRingPoints.
func (e Ellipse90) Ring(center Point, n int) Ring {
	n = min(max(n, 8), MaxRingPoints)
	frame := NewFrame(center)
	sin, cos := math.Sincos(float64(e.Strike) * radiansPerDegree)
	ring := make(Ring, 0, n+1)
	for i := range n {
		s, c := math.Sincos(2 * math.Pi * float64(i) / float64(n))
		along, across := c*float64(e.Major), s*float64(e.Minor)
		ring = append(ring, frame.From(Metres(along*sin-across*cos), Metres(along*cos+across*sin)))
	}
	return append(ring, ring[0])
}

// Covariance is the footprint's own error: a side w holds w^2/12.
func (f Footprint) Covariance() Covariance {
	return turnedVariances(float64(f.Track*f.Track)/12, float64(f.Scan*f.Scan)/12, f.Azimuth)
}

// Ring is the rectangle around a centre as a closed ring of five points, counter-clockwise.
func (f Footprint) Ring(center Point) Ring {
	frame := NewFrame(center)
	sin, cos := math.Sincos(float64(f.Azimuth) * radiansPerDegree)
	ring := make(Ring, 0, 5)
	for _, corner := range [5][2]float64{{1, 1}, {-1, 1}, {-1, -1}, {1, -1}, {1, 1}} {
		across, along := corner[0]*float64(f.Scan)/2, corner[1]*float64(f.Track)/2
		ring = append(ring, frame.From(Metres(across*cos+along*sin), Metres(along*cos-across*sin)))
	}
	return ring
}
