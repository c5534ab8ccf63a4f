package geo

import (
	"math"
	"testing"
)

// The series are compared with the integrals they expand, by Gauss-Legendre quadrature.
// The eccentricities of geodesics on WGS84 lie in the range tried: eps <= n = 0.00168.
var seriesCases = []struct{ alpha0, from, to float64 }{
	{0, 0, 1}, {0, -1.5, 1.4}, {0.3, 0.2, 3.1}, {0.7, -3, 3}, {1.1, 1, 1.2}, {1.5, -0.4, 2.9}, {math.Pi / 2, 0, 2},
}

func TestDistanceSeries(t *testing.T) {
	for _, c := range seriesCases {
		k2 := eccentricity2p * math.Pow(math.Cos(c.alpha0), 2)
		want := quadrature(c.from, c.to, func(s float64) float64 {
			return math.Sqrt(1 + k2*math.Pow(math.Sin(s), 2))
		})
		eps := expansionParameter(k2)
		got := arcLength(radians(c.from), radians(c.to), c.to-c.from, eps) / polarRadius
		if math.Abs(got-want) > 3e-15 {
			t.Errorf("%+v: %v, the integral is %v", c, got, want)
		}
	}
}

func TestArcSeriesInvertsDistanceSeries(t *testing.T) {
	for _, c := range seriesCases {
		eps := expansionParameter(eccentricity2p * math.Pow(math.Cos(c.alpha0), 2))
		there, back := distanceSines(eps), arcSines(eps)
		tau := c.to + there.at(radians(c.to))
		if got := tau + back.at(radians(tau)); math.Abs(got-c.to) > 1e-15 {
			t.Errorf("%+v: back to %v", c, got)
		}
	}
}

func TestLongitudeSeries(t *testing.T) {
	for _, c := range seriesCases {
		k2 := eccentricity2p * math.Pow(math.Cos(c.alpha0), 2)
		want := quadrature(c.from, c.to, func(s float64) float64 {
			return (2 - flattening) / (1 + axisRatio*math.Sqrt(1+k2*math.Pow(math.Sin(s), 2)))
		})
		want *= flattening * math.Sin(c.alpha0)
		got := longitudeShift(math.Sin(c.alpha0), radians(c.from), radians(c.to), c.to-c.from, expansionParameter(k2))
		if math.Abs(got-want) > 2e-17 {
			t.Errorf("%+v: %v, the integral is %v", c, got, want)
		}
	}
}

// The area integral is that of Karney 2013, section 6, with a divided difference of
// t(x) = x + sqrt(1+1/x) asinh(sqrt x). It is taken from power series of t, since the
// difference itself loses half its digits.
func TestAreaSeries(t *testing.T) {
	for _, c := range seriesCases {
		k2 := eccentricity2p * math.Pow(math.Cos(c.alpha0), 2)
		want := -quadrature(c.from, c.to, func(s float64) float64 {
			sin := math.Sin(s)
			return dividedT(eccentricity2p, k2*sin*sin) * sin / 2
		})
		series := areaCosinesAt(expansionParameter(k2))
		got := series.at(radians(c.to)) - series.at(radians(c.from))
		if math.Abs(got-want) > 3e-15 {
			t.Errorf("%+v: %v, the integral is %v", c, got, want)
		}
	}
}

// dividedT is (t(x)-t(y))/(x-y). The coefficients of t after the first two, which are 1
// and 4/3, fall by -2m/(2m+3), from the differential equation of sqrt(1+1/x) asinh(sqrt x).
func dividedT(x, y float64) float64 {
	total, coefficient, powers, yPower := 0.0, 4.0/3, 1.0, 1.0
	for m := 1; m < 12; m++ {
		total += coefficient * powers // powers is the sum of x^i y^j with i+j = m-1
		yPower *= y
		powers = powers*x + yPower
		if m == 1 {
			coefficient = 1.0 / 3
		}
		coefficient *= -2 * float64(m) / (2*float64(m) + 3)
	}
	return total
}

func TestDividedT(t *testing.T) {
	at := func(x float64) float64 { return x + math.Sqrt(1+1/x)*math.Asinh(math.Sqrt(x)) }
	want := (at(0.0067) - at(0.0001)) / (0.0067 - 0.0001)
	if got := dividedT(0.0067, 0.0001); math.Abs(got-want) > 1e-12 {
		t.Errorf("dividedT = %v, want %v", got, want)
	}
}

func radians(x float64) angle { return angle{math.Sin(x), math.Cos(x)} }

// quadrature is the integral by five-point Gauss-Legendre steps.
func quadrature(from, to float64, f func(float64) float64) float64 {
	nodes := [5]float64{0, 0.5384693101056831, -0.5384693101056831, 0.906179845938664, -0.906179845938664}
	weights := [5]float64{128.0 / 225, 0.47862867049936647, 0.47862867049936647, 0.23692688505618908, 0.23692688505618908}
	const steps = 40
	var total sum
	half := (to - from) / (2 * steps)
	for i := range steps {
		middle := from + half*float64(2*i+1)
		for j, node := range nodes {
			total.add(weights[j] * f(middle+half*node))
		}
	}
	return total.value() * half
}
