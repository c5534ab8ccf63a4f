package agreement

import (
	"math"

	truce "github.com/trucewatch/truce"
)

// span is what is known of a probability: it lies in [lo, hi]. Both are equal where a
// number can be given; they differ where the act or the place of origin is not known.
type span struct{ lo, hi float64 }

var certain = span{1, 1}

func known(p float64) span {
	p = held(p)
	return span{p, p}
}

// held brings a number to [0, 1]; what is no number says nothing and counts as 0.
func held(p float64) float64 {
	if math.IsNaN(p) {
		return 0
	}
	return min(max(p, 0), 1)
}

// and is the joint probability of independent things.
func (s span) and(t span) span { return span{s.lo * t.lo, s.hi * t.hi} }

// or is the probability of at least one of two things of which nothing else is known:
// at least the larger one, at most the sum (Boole, Fréchet 1935).
func (s span) or(t span) span { return span{max(s.lo, t.lo), min(1, s.hi+t.hi)} }

// during is the probability that a phenomenon time lies in [from, to); zero ends are
// open. The moment is taken to lie anywhere in [From, To] alike, with a Gaussian error
// of Sigma upon it.
func during(t truce.PhenomenonTime, from, to truce.Instant) float64 {
	upper, lower := 1.0, 0.0
	if to != 0 {
		upper = before(t, to)
	}
	if from != 0 {
		lower = before(t, from)
	}
	return max(0, upper-lower)
}

// before is the probability that the moment comes before x: the mean over a uniform
// interval [a, b] of the normal distribution function, whose integral is
// G(z) = z*Phi(z) + phi(z).
func before(t truce.PhenomenonTime, x truce.Instant) float64 {
	a, b, sigma := float64(t.From-x), float64(t.To-x), max(0, float64(t.Sigma))
	const far = 8.3 // sigmas; what lies beyond is below the last digit of a double
	switch {
	case b+far*sigma < 0:
		return 1
	case a-far*sigma > 0:
		return 0
	case sigma <= 0 && a == b:
		return step(a < 0)
	case sigma <= 0:
		return min(max(-a/(b-a), 0), 1)
	case b-a < 1e-6*sigma:
		return normal(-a / sigma)
	}
	return min(max(sigma/(b-a)*(normalIntegral(-a/sigma)-normalIntegral(-b/sigma)), 0), 1)
}

func step(yes bool) float64 {
	if yes {
		return 1
	}
	return 0
}

func normal(z float64) float64 { return math.Erfc(-z/math.Sqrt2) / 2 }

func normalIntegral(z float64) float64 {
	if z > 40 {
		return z // the tail is below the last digit
	}
	return z*normal(z) + math.Exp(-z*z/2)/math.Sqrt(2*math.Pi)
}
