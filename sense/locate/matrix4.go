package locate

import "math"

// What stands here is written out for the four unknowns of the ground, since every place that is
// tried needs it: 66 ns an inverse in the place of 106. The order of the sums is that of the loops.

// lower is the Cholesky factor of a matrix by row and column, and the matrix' determinant.
type lower struct{ l00, l10, l11, l20, l21, l22, l30, l31, l32, l33, det float64 }

// lower is false when the matrix is not positive definite.
func (m *matrix) lower() (l lower, ok bool) {
	if !(m[0][0] > 0) {
		return l, false
	}
	l.l00 = math.Sqrt(m[0][0])
	l.l10 = m[1][0] / l.l00
	d1 := m[1][1] - l.l10*l.l10
	if !(d1 > 0) {
		return l, false
	}
	l.l11 = math.Sqrt(d1)
	l.l20 = m[2][0] / l.l00
	l.l21 = (m[2][1] - l.l20*l.l10) / l.l11
	d2 := m[2][2] - l.l20*l.l20 - l.l21*l.l21
	if !(d2 > 0) {
		return l, false
	}
	l.l22 = math.Sqrt(d2)
	l.l30 = m[3][0] / l.l00
	l.l31 = (m[3][1] - l.l30*l.l10) / l.l11
	l.l32 = (m[3][2] - l.l30*l.l20 - l.l31*l.l21) / l.l22
	d3 := m[3][3] - l.l30*l.l30 - l.l31*l.l31 - l.l32*l.l32
	if !(d3 > 0) {
		return l, false
	}
	l.l33 = math.Sqrt(d3)
	l.det = m[0][0] * d1 * d2 * d3
	return l, true
}

// invert4 is invert for four unknowns.
func (m *matrix) invert4() (inv matrix, det float64, ok bool) {
	l, ok := m.lower()
	if !ok {
		return inv, 0, false
	}
	// k is the inverse of the factor
	k00, k11, k22, k33 := 1/l.l00, 1/l.l11, 1/l.l22, 1/l.l33
	k10 := -(l.l10 * k00) / l.l11
	k20 := (-(l.l20 * k00) - l.l21*k10) / l.l22
	k21 := -(l.l21 * k11) / l.l22
	k30 := (-(l.l30 * k00) - l.l31*k10 - l.l32*k20) / l.l33
	k31 := (-(l.l31 * k11) - l.l32*k21) / l.l33
	k32 := -(l.l32 * k22) / l.l33
	xx := k00*k00 + k10*k10 + k20*k20 + k30*k30
	xy := k11*k10 + k21*k20 + k31*k30
	yy := k11*k11 + k21*k21 + k31*k31
	xt := k22*k20 + k32*k30
	yt := k22*k21 + k32*k31
	tt := k22*k22 + k32*k32
	xz, yz, tz, zz := k33*k30, k33*k31, k33*k32, k33*k33
	inv = matrix{{xx, xy, xt, xz}, {xy, yy, yt, yz}, {xt, yt, tt, tz}, {xz, yz, tz, zz}}
	return inv, l.det, true
}

// times4 is times for four unknowns.
func (m *matrix) times4(v *vector) vector {
	return vector{
		m[0][0]*v[0] + m[0][1]*v[1] + m[0][2]*v[2] + m[0][3]*v[3],
		m[1][0]*v[0] + m[1][1]*v[1] + m[1][2]*v[2] + m[1][3]*v[3],
		m[2][0]*v[0] + m[2][1]*v[1] + m[2][2]*v[2] + m[2][3]*v[3],
		m[3][0]*v[0] + m[3][1]*v[1] + m[3][2]*v[2] + m[3][3]*v[3],
	}
}
