package geo

import "math"

// Series of the geodesic integrals in the expansion parameter
// eps = (sqrt(1+k^2)-1)/(sqrt(1+k^2)+1), k = e' cos(alpha0), to sixth order in the
// flattening (Karney 2013). On WGS84 eps is at most n = 0.00168, and the first term left
// out is below 1e-18.
//
// The coefficients are exact fractions. They were obtained by expanding the integrals
// (eqs. 7 and 8, and section 6 for the area) in rational arithmetic; a test compares the
// sums with the integrals.

// sines and cosines hold the coefficients of a Fourier series.
type (
	sines6   [6]float64 // sum of c[l-1] sin(2 l x), l = 1..6
	sines5   [5]float64 // sum of c[l-1] sin(2 l x), l = 1..5
	cosines6 [6]float64 // sum of c[l] cos((2l+1) x), l = 0..5
)

// at sums the series by Clenshaw's recurrence.
func (c *sines6) at(x angle) float64 {
	double := 2 * (x.cos - x.sin) * (x.cos + x.sin)
	y4 := c[4] + double*c[5]
	y3 := c[3] + double*y4 - c[5]
	y2 := c[2] + double*y3 - y4
	y1 := c[1] + double*y2 - y3
	y0 := c[0] + double*y1 - y2
	return 2 * x.sin * x.cos * y0
}

// at sums the series by Clenshaw's recurrence.
func (c *sines5) at(x angle) float64 {
	double := 2 * (x.cos - x.sin) * (x.cos + x.sin)
	y3 := c[3] + double*c[4]
	y2 := c[2] + double*y3 - c[4]
	y1 := c[1] + double*y2 - y3
	y0 := c[0] + double*y1 - y2
	return 2 * x.sin * x.cos * y0
}

// at sums the series by Clenshaw's recurrence.
func (c *cosines6) at(x angle) float64 {
	double := 2 * (x.cos - x.sin) * (x.cos + x.sin)
	y4 := c[4] + double*c[5]
	y3 := c[3] + double*y4 - c[5]
	y2 := c[2] + double*y3 - y4
	y1 := c[1] + double*y2 - y3
	y0 := c[0] + double*y1 - y2
	return x.cos * (y0 - y1)
}

// expansionParameter is eps for k^2 = e'^2 cos^2(alpha0) (eq. 16).
func expansionParameter(k2 float64) float64 {
	root := math.Sqrt(1 + k2)
	return k2 / ((1 + root) * (1 + root))
}

// distanceScale is A1 (eq. 17): distance is b A1 (sigma + sum C1 sin 2 l sigma).
func distanceScale(eps float64) float64 {
	square := eps * eps
	return (1 + square*(1.0/4+square*(1.0/64+square*(1.0/256)))) / (1 - eps)
}

// distanceSines is C1 (eq. 18).
func distanceSines(eps float64) sines6 {
	e2 := eps * eps
	e3 := e2 * eps
	e4 := e2 * e2
	return sines6{
		eps * (-1.0/2 + e2*(3.0/16-e2*(1.0/32))),
		e2 * (-1.0/16 + e2*(1.0/32-e2*(9.0/2048))),
		e3 * (-1.0/48 + e2*(3.0/256)),
		e4 * (-5.0/512 + e2*(3.0/512)),
		e4 * eps * (-7.0 / 1280),
		e3 * e3 * (-7.0 / 2048),
	}
}

// arcSines is C1' (eq. 21), which turns a scaled distance tau back into the arc sigma.
func arcSines(eps float64) sines6 {
	e2 := eps * eps
	e3 := e2 * eps
	e4 := e2 * e2
	return sines6{
		eps * (1.0/2 + e2*(-9.0/32+e2*(205.0/1536))),
		e2 * (5.0/16 + e2*(-37.0/96+e2*(1335.0/4096))),
		e3 * (29.0/96 - e2*(75.0/128)),
		e4 * (539.0/1536 - e2*(2391.0/2560)),
		e4 * eps * (3467.0 / 7680),
		e3 * e3 * (38081.0 / 61440),
	}
}

// seriesInN holds, per power of eps, a polynomial in the third flattening n.
type seriesInN [][]float64

// The longitude integral: A3 (eq. 24) and C3 (eq. 25), rows by power of eps.
var (
	longitudeScaleInN = seriesInN{
		{1},
		{-1. / 2, 1. / 2},
		{-1. / 4, -1. / 8, 3. / 8},
		{-1. / 16, -3. / 16, -1. / 16},
		{-3. / 64, -1. / 32},
		{-3. / 128},
	}
	longitudeSinesInN = [5]seriesInN{
		{{}, {1. / 4, -1. / 4}, {1. / 8, 0, -1. / 8}, {3. / 64, 3. / 64, -1. / 64}, {5. / 128, 1. / 64}, {3. / 128}},
		{{}, {}, {1. / 16, -3. / 32, 1. / 32}, {3. / 64, -1. / 32, -3. / 64}, {3. / 128, 1. / 128}, {5. / 256}},
		{{}, {}, {}, {5. / 192, -3. / 64, 5. / 192}, {3. / 128, -5. / 192}, {7. / 512}},
		{{}, {}, {}, {}, {7. / 512, -7. / 256}, {7. / 512}},
		{{}, {}, {}, {}, {}, {21. / 2560}},
	}
)

// longitudeScale and longitudeSines hold the same with WGS84's n put in: per coefficient
// a polynomial in eps.
var (
	longitudeScale = longitudeScaleInN.with(thirdFlattening)
	longitudeSines = [5][6]float64{
		longitudeSinesInN[0].with(thirdFlattening), longitudeSinesInN[1].with(thirdFlattening),
		longitudeSinesInN[2].with(thirdFlattening), longitudeSinesInN[3].with(thirdFlattening),
		longitudeSinesInN[4].with(thirdFlattening),
	}
)

// with puts a value of n in.
func (rows seriesInN) with(n float64) (inEps [6]float64) {
	for power, row := range rows {
		for i := len(row) - 1; i >= 0; i-- {
			inEps[power] = inEps[power]*n + row[i]
		}
	}
	return inEps
}

// longitudeScaleAt is A3: the longitude is omega - f sin(alpha0) A3 (sigma + sum C3 sin 2 l sigma).
func longitudeScaleAt(eps float64) float64 {
	c := &longitudeScale
	return c[0] + eps*(c[1]+eps*(c[2]+eps*(c[3]+eps*(c[4]+eps*c[5]))))
}

// longitudeSinesAt is C3.
func longitudeSinesAt(eps float64) sines5 {
	c := &longitudeSines
	e2 := eps * eps
	e3 := e2 * eps
	return sines5{
		eps * (c[0][1] + eps*(c[0][2]+eps*(c[0][3]+eps*(c[0][4]+eps*c[0][5])))),
		e2 * (c[1][2] + eps*(c[1][3]+eps*(c[1][4]+eps*c[1][5]))),
		e3 * (c[2][3] + eps*(c[2][4]+eps*c[2][5])),
		e2 * e2 * (c[3][4] + eps*c[3][5]),
		e2 * e3 * c[4][5],
	}
}
