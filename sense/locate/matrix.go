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

// invert is the inverse of a symmetric positive definite matrix and the logarithm of its
// determinant, by Cholesky; false when it is not positive definite.
func (m *matrix) invert(dim int) (inv matrix, logDet float64, ok bool) {
	var l matrix
	det := 1.0
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
	return inv, math.Log(det), true
}

func (m *matrix) times(v *vector, dim int) (out vector) {
	for i := 0; i < dim; i++ {
		for j := 0; j < dim; j++ {
			out[i] += m[i][j] * v[j]
		}
	}
	return out
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
	k := residual / total
	e.move(&gain, k)
	for i := 0; i < dim; i++ {
		for j := 0; j < dim; j++ {
			e.cov[i][j] -= gain[i] * gain[j] / total
		}
	}
}

func (p *place) move(step *vector, k float64) {
	p.x += k * step[atX]
	p.y += k * step[atY]
	p.t += k * step[atT]
	p.z += k * step[atZ]
}
