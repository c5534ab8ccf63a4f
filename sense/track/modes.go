package track

import "math"

// modes is how many motions a track weighs against each other.
const modes = 3

// noises are the spectral densities of acceleration, m2/s3, of the motions: as straight as
// a ship or an airliner, as a drone holds its course in wind, and turning or braking.
var noises = [modes]float64{.02, .3, 60}

// How long a motion lasts, s: from each the object goes to either other one.
var lasts = [modes]float64{60, 60, 12}

// steady is how likely the motions are at first.
var steady = [modes]float64{.3, .55, .15}

// motion is a track's state as a mixture over the motions (interacting multiple models: Blom
// and Bar-Shalom 1988, IEEE Transactions on Automatic Control 33).
type motion struct {
	is     [modes]gauss
	chance [modes]float64
}

// newMotion has the same state in every motion.
func newMotion(g *gauss) (m motion) {
	for i := range m.is {
		m.is[i] = *g
	}
	m.chance = steady
	return m
}

// transition is the chance of going from a motion to each other one within dt seconds.
func transition(dt float64) (t [modes][modes]float64) {
	for i := range t {
		leave := -math.Expm1(-dt / lasts[i])
		others := 0.0
		for j := range steady {
			if j != i {
				others += steady[j]
			}
		}
		for j := range t[i] {
			t[i][j] = leave * steady[j] / others
		}
		t[i][i] = 1 - leave
	}
	return t
}

// predict mixes the motions and moves each on.
func (m *motion) predict(dt float64, t *[modes][modes]float64) {
	var mixed motion
	for j := range m.is {
		to := &mixed.is[j]
		var weight [modes]float64
		for i := range m.is {
			weight[i] = m.chance[i] * t[i][j]
			mixed.chance[j] += weight[i]
		}
		for i := range m.is {
			weight[i] /= mixed.chance[j]
			to.x += weight[i] * m.is[i].x
			to.y += weight[i] * m.is[i].y
			to.u += weight[i] * m.is[i].u
			to.w += weight[i] * m.is[i].w
		}
		for i := range m.is {
			to.plus(weight[i], &m.is[i], to)
		}
		to.predict(dt, noises[j])
	}
	*m = mixed
}

// weigh makes the chances sum to one, and keeps every motion possible.
func (m *motion) weigh() {
	sum := 0.0
	for _, c := range m.chance {
		sum += c
	}
	if !(sum > 0) {
		m.chance = steady
		return
	}
	least := 0.0
	for j := range m.chance {
		m.chance[j] = max(leastMode, m.chance[j]/sum)
		least += m.chance[j]
	}
	for j := range m.chance {
		m.chance[j] /= least
	}
}

// leastMode keeps every motion possible.
const leastMode = 1e-6

// noise is the density of acceleration over all motions.
func (m *motion) noise() (q float64) {
	for j, c := range m.chance {
		q += c * noises[j]
	}
	return q
}

// whole is the mean and covariance of the mixture.
func (m *motion) whole() (g gauss) {
	for i := range m.is {
		g.x += m.chance[i] * m.is[i].x
		g.y += m.chance[i] * m.is[i].y
		g.u += m.chance[i] * m.is[i].u
		g.w += m.chance[i] * m.is[i].w
	}
	for i := range m.is {
		g.plus(m.chance[i], &m.is[i], &g)
	}
	return g
}
