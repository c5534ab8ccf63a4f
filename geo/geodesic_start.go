package geo

import "math"

// guess is a first azimuth at the first point. It solves the problem on the auxiliary
// sphere, corrects the longitude difference to first order in the flattening and solves
// again, which is good to about 1e-5. Nearly opposite points, where the sphere tells
// nothing, go to the astroid.
func (p *problem) guess() angle {
	across := p.beta2.sin*p.beta1.cos - p.beta2.cos*p.beta1.sin // sin(beta2 - beta1)
	omega := p.lambda
	if omega.cos > 0 { // d omega/d lambda = 1/w at the mean of cos^2 beta, which serves short lines
		cos2 := (p.beta1.cos*p.beta1.cos + p.beta2.cos*p.beta2.cos) / 2
		omega = omega.turned(p.east * eccentricity2 * cos2 * (1.0/2 + eccentricity2*cos2*(3.0/8)))
	}
	s := p.onSphere(omega, across)
	if s.cos < 0 && s.sin < 3*math.Pi*flattening*p.beta1.cos*p.beta1.cos {
		return p.nearlyOpposite()
	}
	sinAlpha0 := s.alpha1.sin * p.beta1.cos
	shift := sinAlpha0 * math.Atan2(s.sin, s.cos) * p.meanShift(s)
	s = p.onSphere(p.lambda.turned(shift), across)
	return s.alpha1
}

// greatCircle is the path on the auxiliary sphere for a longitude difference.
type greatCircle struct {
	alpha1   angle
	sin, cos float64 // of its length
}

// onSphere solves the spherical triangle (Karney 2013, section 5). The cosine of a
// small difference is replaced by its versine, which keeps short lines exact.
func (p *problem) onSphere(omega angle, across float64) greatCircle {
	sin := p.beta2.cos * omega.sin
	cos := p.beta1.cos*p.beta2.sin - p.beta1.sin*p.beta2.cos*omega.cos
	if omega.cos > 0 {
		cos = across + p.beta2.cos*p.beta1.sin*omega.sin*omega.sin/(1+omega.cos)
	}
	length := math.Sqrt(sin*sin + cos*cos)
	return greatCircle{
		alpha1: angle{sin / length, cos / length},
		sin:    length,
		cos:    p.beta1.sin*p.beta2.sin + p.beta1.cos*p.beta2.cos*omega.cos,
	}
}

// meanShift is the mean along a great circle of (1-w)/cos^2 beta = e^2/(1+w), with
// w = sqrt(1 - e^2 cos^2 beta) = d lambda/d omega, by Simpson's rule over its ends and
// middle. The series leaves 2e-8 of the value.
func (p *problem) meanShift(s greatCircle) float64 {
	middle := p.beta1.sin + p.beta2.sin // over 2 cos(half the length): the sine halfway
	u1 := eccentricity2 * p.beta1.cos * p.beta1.cos
	u2 := eccentricity2 * p.beta2.cos * p.beta2.cos
	u := eccentricity2 * (1 - min(1, middle*middle/max(tiny, 2+2*s.cos)))
	mean, meanSquare := (u1+4*u+u2)/6, (u1*u1+4*u*u+u2*u2)/6
	return eccentricity2 * (1.0/2 + mean/8 + meanSquare/16)
}

// nearlyOpposite is the first azimuth for nearly antipodal points (Karney 2013, section
// 5). Geodesics from the first point envelop an astroid around its antipode. In units of
// its size the second point is at (x, y) and the azimuth follows from a quartic.
func (p *problem) nearlyOpposite() angle {
	eps := expansionParameter(eccentricity2p * p.beta1.sin * p.beta1.sin)
	size := flattening * math.Pi * p.beta1.cos * longitudeScaleAt(eps) // in longitude
	sum := p.beta2.sin*p.beta1.cos + p.beta2.cos*p.beta1.sin           // sin(beta1 + beta2)
	x := -p.short / size
	y := sum / (size * p.beta1.cos)
	if y > -1e-14 && x > -1-1e-6 { // on the astroid's axis the quartic has a double root
		sin := min(1, -x)
		return angle{sin, -math.Sqrt(1 - sin*sin)}
	}
	mu := astroid(x, y)
	// On the sphere the longitude falls short of 180 degrees by this part of p.short; the
	// other part is the shift between the two longitudes.
	omega := angle{0, -1}.turned(-p.short * mu / (1 + mu))
	sin := p.beta2.cos * omega.sin
	cos := sum - p.beta2.cos*p.beta1.sin*omega.sin*omega.sin/(1-omega.cos)
	return unit(max(sin, tiny), cos)
}

// astroid is the positive root of mu^4 + 2 mu^3 + (1-x^2-y^2) mu^2 - 2 y^2 mu - y^2 = 0
// (Karney 2013, eq. 55), by Ferrari's and Cardano's formulas arranged so that nothing cancels.
func astroid(x, y float64) float64 {
	p, q := x*x, y*y
	r := (p + q - 1) / 6
	s := p * q / 4
	r3 := r * r * r
	u := r
	if discriminant := s * (s + 2*r3); discriminant >= 0 {
		t3 := s + r3
		t := math.Cbrt(t3 + math.Copysign(math.Sqrt(discriminant), t3))
		u += t
		if t != 0 {
			u += r * r / t
		}
	} else {
		third := math.Atan2(math.Sqrt(-discriminant), -(s+r3)) / 3
		u += 2 * r * math.Cos(third)
	}
	v := math.Sqrt(u*u + q)
	sum := u + v
	if u < 0 {
		sum = q / (v - u)
	}
	w := (sum - q) / (2 * v)
	return sum / (math.Sqrt(sum+w*w) + w)
}
