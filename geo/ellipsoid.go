package geo

import "math"

// The WGS84 ellipsoid (NIMA TR8350.2, 2000): two defining constants, the rest follows.
const (
	equatorialRadius = 6378137.0                               // a, metres
	flattening       = 1 / 298.257223563                       // f
	axisRatio        = 1 - flattening                          // b/a
	polarRadius      = equatorialRadius * axisRatio            // b, metres
	thirdFlattening  = flattening / (2 - flattening)           // n = (a-b)/(a+b)
	eccentricity2    = flattening * (2 - flattening)           // e^2
	eccentricity2p   = eccentricity2 / (axisRatio * axisRatio) // e'^2 = (a^2-b^2)/b^2
)

const (
	radiansPerDegree = math.Pi / 180
	degreesPerRadian = 180 / math.Pi
)

// tiny stands for zero where a direction must survive: the azimuth at a pole, the
// hemisphere of a line that starts on the equator. Its square is still a normal double.
const tiny = 1e-100

// angle is a direction held as sine and cosine, so that nothing is lost near the axes
// and no trigonometric function is called to combine two of them.
type angle struct{ sin, cos float64 }

// angleOf is the angle of x degrees plus a small correction. The reduction to within 45
// degrees of an axis is exact, so that 90 and 180 give true zeros. |x| must be <= 180.
func angleOf(x, correction float64) angle {
	quadrant := math.RoundToEven(x / 90)
	sin, cos := math.Sincos((x - 90*quadrant + correction) * radiansPerDegree)
	switch quadrant {
	case 0:
		return angle{sin, cos}
	case 1:
		return angle{cos, -sin}
	case -1:
		return angle{-cos, sin}
	default:
		return angle{-sin, -cos}
	}
}

// unit is the angle of the vector (cos, sin) scaled to length one.
func unit(sin, cos float64) angle {
	scale := 1 / math.Sqrt(sin*sin+cos*cos)
	return angle{sin * scale, cos * scale}
}

// plus is the sum of two angles.
func (a angle) plus(b angle) angle {
	return angle{a.sin*b.cos + a.cos*b.sin, a.cos*b.cos - a.sin*b.sin}
}

// turned is the angle increased by a small number of radians, at most about 0.05, where
// four terms of the sine and cosine series are exact to rounding.
func (a angle) turned(by float64) angle {
	square := by * by
	sin := by * (1 - square*(1.0/6-square*(1.0/120-square*(1.0/5040))))
	versine := square * (1.0/2 - square*(1.0/24-square*(1.0/720-square*(1.0/40320))))
	return angle{
		a.sin + (a.cos*sin - a.sin*versine),
		a.cos - (a.sin*sin + a.cos*versine),
	}
}

// radians is the angle in (-pi, pi]. Most angles asked for are small differences, for
// which five terms of the arc tangent's series are exact to rounding, and faster.
func (a angle) radians() float64 {
	if tan := a.sin / a.cos; a.cos > 0 && math.Abs(tan) < 0.02 {
		square := tan * tan
		return tan * (1 - square*(1.0/3-square*(1.0/5-square*(1.0/7-square*(1.0/9)))))
	}
	return math.Atan2(a.sin, a.cos)
}

// minus is the difference of two angles.
func (a angle) minus(b angle) angle {
	return angle{a.sin*b.cos - a.cos*b.sin, a.cos*b.cos + a.sin*b.sin}
}

// degrees is the angle in (-180, 180].
func (a angle) degrees() Degrees {
	return Degrees(math.Atan2(a.sin, a.cos) * degreesPerRadian)
}

// reduced is the latitude on the auxiliary sphere, tan beta = (1-f) tan phi (Karney 2013,
// eq. 6). At a pole the cosine is tiny rather than zero, so that longitude keeps a meaning.
// A latitude whose square might underflow is the equator.
func reduced(lat Degrees) angle {
	phi := angleOf(float64(lat), 0)
	beta := unit(axisRatio*phi.sin, phi.cos)
	beta.cos = max(beta.cos, tiny)
	if beta.sin*beta.sin < tiny {
		beta.sin = 0
	}
	return beta
}

// normalLongitude brings a longitude into [-180, 180].
func normalLongitude(x float64) float64 {
	if math.Abs(x) <= 180 {
		return x
	}
	return math.Remainder(x, 360)
}

// longitudeDifference is to - from, brought into [-180, 180], with the rounding error of
// that difference: their sum is exact. Nearly antipodal points need it.
func longitudeDifference(from, to Degrees) (difference, correction float64) {
	x, y := normalLongitude(float64(to)), -normalLongitude(float64(from))
	difference = x + y
	back := difference - x
	correction = (x - (difference - back)) + (y - back)
	if difference > 180 || difference == 180 && correction > 0 {
		difference -= 360
	} else if difference < -180 || difference == -180 && correction < 0 {
		difference += 360
	}
	return difference, correction
}
