package num

import "math"

// NormalCDF is the chance that a standard normal variable is at most z.
func NormalCDF(z float64) float64 { return math.Erfc(-z/math.Sqrt2) / 2 }

// NormalPDF is the density of a standard normal variable at z.
func NormalPDF(z float64) float64 { return math.Exp(-z*z/2) / math.Sqrt(2*math.Pi) }

// Chi2CDF2 is the chance that a chi-square variable with two degrees of freedom is at
// most x. With two degrees it has a closed form: the square of a plane Gaussian's radius.
func Chi2CDF2(x float64) float64 { return -math.Expm1(-max(x, 0) / 2) }

// Chi2Quantile2 is the inverse of Chi2CDF2; p must lie in [0, 1).
func Chi2Quantile2(p float64) float64 { return -2 * math.Log1p(-p) }

// AtLeastOne is the chance of one or more of things that come independently, mean of them
// on average (Poisson).
func AtLeastOne(mean float64) float64 { return -math.Expm1(-max(mean, 0)) }

// FromOdds is the probability that goes with odds; infinite odds are certainty.
func FromOdds(odds float64) float64 {
	if math.IsInf(odds, 1) {
		return 1
	}
	return odds / (1 + odds)
}

// Odds is the inverse of FromOdds, infinite at 1.
func Odds(p float64) float64 { return p / (1 - p) }

// Cov is a symmetric 2 x 2 covariance.
type Cov struct{ XX, XY, YY float64 }

// Det is the determinant.
func (c Cov) Det() float64 { return c.XX*c.YY - c.XY*c.XY }

// Mahalanobis2 is the squared distance of (x, y) from the middle in units of the
// covariance, chi-square with two degrees of freedom. The determinant must be positive.
func (c Cov) Mahalanobis2(x, y float64) float64 {
	return (c.YY*x*x - 2*c.XY*x*y + c.XX*y*y) / c.Det()
}

// Density is the plane Gaussian density at (x, y), per unit of area. For two independent
// Gaussians a distance (x, y) apart, the density of their summed covariance is the
// integral of their product: how well they can be one place.
func (c Cov) Density(x, y float64) float64 {
	return math.Exp(-c.Mahalanobis2(x, y)/2) / (2 * math.Pi * math.Sqrt(c.Det()))
}

// Span is a time that is uniform in [From, To], each end blurred by Sigma. From may equal
// To; then Sigma says all.
type Span struct{ From, To, Sigma float64 }

// Overlap is the integral of the product of two spans' densities, per unit of time: how
// well they can be one moment. It is the density at zero of the difference of the two, a
// trapezium blurred by a Gaussian; ramp below is its second integral. At least one of
// the spans must have a length or a sigma.
func Overlap(a, b Span) float64 {
	sigma := math.Hypot(a.Sigma, b.Sigma)
	a, b = a.orMoment(sigma), b.orMoment(sigma)
	la, lb := a.To-a.From, b.To-b.From
	switch {
	case la == 0 && lb == 0:
		return NormalPDF((a.From-b.From)/sigma) / sigma
	case la == 0:
		return (step(a.From-b.From, sigma) - step(a.From-b.To, sigma)) / lb
	case lb == 0:
		return (step(b.From-a.From, sigma) - step(b.From-a.To, sigma)) / la
	}
	sum := ramp(a.To-b.From, sigma) - ramp(a.To-b.To, sigma) - ramp(a.From-b.From, sigma) + ramp(a.From-b.To, sigma)
	return max(sum, 0) / (la * lb)
}

// orMoment takes a span that is short beside the blur for its middle: the differences in
// Overlap would otherwise lose their digits.
func (s Span) orMoment(sigma float64) Span {
	if s.To-s.From >= sigma*1e-3 {
		return s
	}
	mid := s.From + (s.To-s.From)/2
	return Span{mid, mid, s.Sigma}
}

// step is the chance that a Gaussian of width sigma lies below x.
func step(x, sigma float64) float64 {
	if sigma == 0 {
		if x >= 0 {
			return 1
		}
		return 0
	}
	return NormalCDF(x / sigma)
}

// ramp is the integral of step.
func ramp(x, sigma float64) float64 {
	if sigma == 0 {
		return max(x, 0)
	}
	z := x / sigma
	return x*NormalCDF(z) + sigma*NormalPDF(z)
}
