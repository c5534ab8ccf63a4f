package geo

import "math"

// Bounds of the search for the azimuth. Two or three trials do for nearly all pairs of
// points. Where Newton's method has not settled after newtonTrials, bisection takes over,
// and halves the bracket down to the digits of a double in the trials that remain.
const (
	newtonTrials = 20
	maxTrials    = newtonTrials + 60
)

// settled bounds what the last step of Newton's method leaves, in radians of azimuth and
// of longitude: the square of the step, or step times miss, over cos(alpha2), the range
// over which the slope changes.
const settled = 2.5e-17

// noise is how well a trial knows the longitude it reaches, in radians.
const noise = 4e-16

// trial is the geodesic that leaves the first point at some azimuth, followed to the
// second point's latitude.
type trial struct {
	alpha1, alpha2 angle
	sigma1, sigma2 angle   // arcs from the node, where the geodesic goes north over the equator
	sigma          float64 // sigma2 - sigma1
	sinAlpha0      float64 // azimuth at the node
	eps            float64
	miss           float64 // the longitude reached less the longitude wanted, radians
	slope          float64 // d miss / d alpha1
}

// search solves the problem by finding the azimuth at the first point that arrives at the
// second point's longitude, which grows with the azimuth (Karney 2013, section 4). It may
// start from any azimuth between 0 and 180 degrees.
func (p *problem) search(alpha angle) path {
	low, high := angle{tiny, 1}, angle{tiny, -1}
	var t trial
	for i := range maxTrials {
		p.try(&t, alpha)
		step := -t.miss / t.slope
		if math.Abs(step)*max(math.Abs(step), math.Abs(t.miss)) <= settled*t.alpha2.cos {
			return p.finish(&t, step)
		}
		if t.miss > 0 {
			high = alpha
		} else {
			low = alpha
		}
		if math.Abs(t.miss) <= noise {
			break
		}
		var ok bool
		if alpha, ok = stepped(alpha, step, low, high); !ok || i >= newtonTrials {
			alpha = unit(low.sin+high.sin, low.cos+high.cos)
		}
	}
	return p.finish(&t, 0)
}

// stepped is Newton's next azimuth, and whether it lies inside the bracket.
func stepped(alpha angle, step float64, low, high angle) (next angle, ok bool) {
	if !(math.Abs(step) < 1) {
		return alpha, false
	}
	sin, cos := math.Sincos(step)
	next = alpha.plus(angle{sin, cos})
	ok = next.sin*low.cos > next.cos*low.sin && high.sin*next.cos > high.cos*next.sin
	return unit(next.sin, next.cos), ok
}

// try follows the geodesic with azimuth alpha1 (Karney 2013, sections 2 and 4).
// Both points' vectors from the node have the same length cos(alpha0), so that only the
// first needs a square root.
func (p *problem) try(t *trial, alpha1 angle) {
	sinAlpha0 := alpha1.sin * p.beta1.cos
	east := alpha1.sin * p.beta1.sin
	cosAlpha0 := math.Sqrt(alpha1.cos*alpha1.cos + east*east)
	scale := 1 / cosAlpha0
	along1 := alpha1.cos * p.beta1.cos
	along2 := p.arrival(along1)
	t.alpha1 = alpha1
	t.alpha2 = angle{sinAlpha0 / p.beta2.cos, along2 / p.beta2.cos}
	t.sigma1 = angle{p.beta1.sin * scale, along1 * scale}
	t.sigma2 = angle{p.beta2.sin * scale, along2 * scale}
	t.sinAlpha0 = sinAlpha0

	sin := max(0, t.sigma1.cos*t.sigma2.sin-t.sigma1.sin*t.sigma2.cos)
	cosines, sines := t.sigma1.cos*t.sigma2.cos, t.sigma1.sin*t.sigma2.sin
	t.sigma = math.Atan2(sin, cosines+sines)
	k2 := eccentricity2p * cosAlpha0 * cosAlpha0
	t.eps = expansionParameter(k2)

	// omega, the longitude on the sphere, has tan(omega) = sin(alpha0) tan(sigma).
	omega := angle{sinAlpha0 * sin, cosines + sinAlpha0*sinAlpha0*sines}
	t.miss = omega.minus(p.lambda).radians() - longitudeShift(sinAlpha0, t.sigma1, t.sigma2, t.sigma, t.eps)
	t.slope = p.slope(t, along2, k2)
}

// arrival is cos(alpha2) cos(beta2) for a given cos(alpha1) cos(beta1) (eq. 45).
func (p *problem) arrival(along1 float64) float64 {
	difference := (p.beta1.sin - p.beta2.sin) * (p.beta1.sin + p.beta2.sin)
	if p.beta1.cos < -p.beta1.sin {
		difference = (p.beta2.cos - p.beta1.cos) * (p.beta2.cos + p.beta1.cos)
	}
	return math.Sqrt(along1*along1 + max(0, difference))
}

// slope is d lambda12 / d alpha1 (eqs. 46 and 47).
func (p *problem) slope(t *trial, along2, k2 float64) float64 {
	if along2 == 0 {
		return -2 * p.dn1 / p.beta1.sin * axisRatio
	}
	return axisRatio * p.reducedLength(t.sigma1, t.sigma2, t.sigma, k2) / along2
}

// longitudeShift is omega12 - lambda12, by which the longitude on the auxiliary sphere
// exceeds the one on the ellipsoid (Karney 2013, eqs. 8 and 23).
func longitudeShift(sinAlpha0 float64, sigma1, sigma2 angle, sigma, eps float64) float64 {
	c := longitudeSinesAt(eps)
	return flattening * sinAlpha0 * longitudeScaleAt(eps) * (sigma + (c.at(sigma2) - c.at(sigma1)))
}

// finish makes the last small step in azimuth. By Clairaut's relation the length changes
// by a sin(alpha0) per radian of longitude.
func (p *problem) finish(t *trial, step float64) path {
	alpha1 := t.alpha1.turned(step)
	length := arcLength(t.sigma1, t.sigma2, t.sigma, t.eps) - equatorialRadius*t.sinAlpha0*t.miss
	alpha2 := angle{alpha1.sin * p.beta1.cos / p.beta2.cos, p.arrival(alpha1.cos*p.beta1.cos) / p.beta2.cos}
	return path{length, alpha1, alpha2, p.east}
}
