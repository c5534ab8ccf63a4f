package locate

import "math"

// The order of the unknowns in vectors and matrices: east, north, time, and depth in the
// ground only. Only the first dim of them are used.
const (
	atX = iota
	atY
	atT
	atZ
)

type (
	vector [4]float64
	matrix [4][4]float64
)

// dims is how many unknowns an event of the medium has.
func (m Medium) dims() int {
	if m == InGround {
		return 4
	}
	return 3
}

// invert is the inverse of a symmetric positive definite matrix and its determinant, by Cholesky;
// false when it is not positive definite.
func (m *matrix) invert(dim int) (inv matrix, det float64, ok bool) {
	switch dim {
	case 3:
		return m.invert3()
	case 4:
		return m.invert4()
	}
	return m.invertAny(dim)
}

// invertAny is invert for any number of unknowns.
func (m *matrix) invertAny(dim int) (inv matrix, det float64, ok bool) {
	var l matrix
	det = 1.0
	for i := 0; i < dim; i++ {
		for j := 0; j <= i; j++ {
			sum := m[i][j]
			for k := 0; k < j; k++ {
				sum -= l[i][k] * l[j][k]
			}
			if i != j {
				l[i][j] = sum / l[j][j]
				continue
			}
			if !(sum > 0) {
				return inv, 0, false
			}
			l[i][i] = math.Sqrt(sum)
			det *= sum
		}
	}
	var low matrix // the inverse of l
	for i := 0; i < dim; i++ {
		low[i][i] = 1 / l[i][i]
		for j := 0; j < i; j++ {
			var sum float64
			for k := j; k < i; k++ {
				sum -= l[i][k] * low[k][j]
			}
			low[i][j] = sum / l[i][i]
		}
	}
	for i := 0; i < dim; i++ {
		for j := 0; j <= i; j++ {
			var sum float64
			for k := i; k < dim; k++ {
				sum += low[k][i] * low[k][j]
			}
			inv[i][j], inv[j][i] = sum, sum
		}
	}
	return inv, det, true
}

// invert3 is invert of the first three rows and columns by cofactors, several times as fast.
func (m *matrix) invert3() (inv matrix, det float64, ok bool) {
	a, b, c, d, e, f := m[0][0], m[0][1], m[0][2], m[1][1], m[1][2], m[2][2]
	aa, bb, cc := d*f-e*e, c*e-b*f, b*e-c*d
	det = a*aa + b*bb + c*cc
	if !(a > 0 && a*d-b*b > 0 && det > 0) {
		return inv, 0, false
	}
	k := 1 / det
	ff := k * (a*d - b*b)
	aa, bb, cc, dd, ee := k*aa, k*bb, k*cc, k*(a*f-c*c), k*(b*c-a*e)
	return matrix{{aa, bb, cc}, {bb, dd, ee}, {cc, ee, ff}}, det, true
}

// logDet is the logarithm of the determinant; false when the matrix is not positive definite.
func (m *matrix) logDet(dim int) (float64, bool) {
	if dim == 4 {
		l, ok := m.lower()
		return math.Log(l.det), ok
	}
	a, b, c, d, e, f := m[0][0], m[0][1], m[0][2], m[1][1], m[1][2], m[2][2]
	det := a*(d*f-e*e) + b*(c*e-b*f) + c*(b*e-c*d)
	return math.Log(det), a > 0 && a*d-b*b > 0 && det > 0
}

// hypot is math.Hypot without its care for infinities and what is over 1e154.
func hypot(x, y float64) float64 { return math.Sqrt(x*x + y*y) }

func (m *matrix) times(v *vector, dim int) (out vector) {
	if dim == 4 {
		return m.times4(v)
	}
	for i := 0; i < dim; i++ {
		for j := 0; j < dim; j++ {
			out[i] += m[i][j] * v[j]
		}
	}
	return out
}

// along is the variance that a covariance gives an arrival's time, by how its travel time
// changes with the place.
func (m *matrix) along(h slope) float64 {
	return h.x*(m[atX][atX]*h.x+2*(m[atX][atY]*h.y+m[atX][atZ]*h.z+m[atX][atT])) +
		h.y*(m[atY][atY]*h.y+2*(m[atY][atZ]*h.z+m[atY][atT])) +
		h.z*(m[atZ][atZ]*h.z+2*m[atZ][atT]) + m[atT][atT]
}

// across is the variance that a covariance gives a distance, by how it changes with the place.
func (m *matrix) across(h slope) float64 {
	return h.x*(m[atX][atX]*h.x+2*(m[atX][atY]*h.y+m[atX][atZ]*h.z)) +
		h.y*(m[atY][atY]*h.y+2*m[atY][atZ]*h.z) + h.z*m[atZ][atZ]*h.z
}

func (v *vector) dot(u *vector, dim int) (sum float64) {
	for i := 0; i < dim; i++ {
		sum += v[i] * u[i]
	}
	return sum
}

// estimate is a place with the covariance of its error.
type estimate struct {
	place
	cov matrix
}

// update takes in one more measurement: how it changes with the unknowns, by how much it
// differs from what was expected, and its own variance (Kalman 1960).
func (e *estimate) update(h *vector, residual, variance float64, dim int) {
	gain := e.cov.times(h, dim)
	total := variance + h.dot(&gain, dim)
	e.move(&gain, residual/total)
	for i := 0; i < dim; i++ {
		e.cov[i][i] -= gain[i] * gain[i] / total
		for j := 0; j < i; j++ {
			less := e.cov[i][j] - gain[i]*gain[j]/total
			e.cov[i][j], e.cov[j][i] = less, less
		}
	}
}

func (p *place) move(step *vector, k float64) {
	p.x += k * step[atX]
	p.y += k * step[atY]
	p.t += k * step[atT]
	p.z += k * step[atZ]
}
