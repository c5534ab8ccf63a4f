package track

import "math"

// modes is how many motions a track weighs against each other.
const modes = 3

// noises are the spectral densities of acceleration, m2/s3, of the motions: as straight as
// a ship or an airliner, as a drone holds its course in wind, and turning or braking.
var noises = [modes]float64{.02, .3, 60}

// How long a motion lasts, s: the straight ones until the other of them is taken up, the
// turning one until it ends.
const (
	straightLasts = 60.0
	turnLasts     = 12.0
)

// steady is how likely the motions are at first.
var steady = [modes]float64{.1, .895, .005}

// habits are the shares of their time that objects spend in each motion. They are found from
// the tracks that are sure: were the shares right, the chances of the motions, after what the
// plots say, would be the same on average (one step of expectation and maximisation a scan:
// Dempster, Laird and Rubin 1977, Journal of the Royal Statistical Society B 39).
type habits struct {
	share [modes]float64
	steps [modes]float64 // of tracks that went in
}

// What is believed of habits beforehand and how many steps of a track that is worth, the
// least share that any motion keeps, and how much of what was learnt a step leaves.
const (
	habitsWorth  = 200.0
	leastShare   = .0005
	keepHabits   = .999
	settledScans = 8 // of a track, before which its velocity is still being found
)

// firstHabits are what objects of all kinds do.
var firstHabits = [modes]float64{.1, .895, .005}

func newHabits() (h habits) {
	for j := range h.steps {
		h.steps[j] = habitsWorth * firstHabits[j]
	}
	h.settle()
	return h
}

// learn takes in what a sure track did.
func (h *habits) learn(m *motion) {
	for j := range h.steps {
		h.steps[j] = h.steps[j]*keepHabits + m.chance[j]
	}
}

// settle takes over what was learnt.
func (h *habits) settle() {
	all := 0.0
	for _, t := range h.steps {
		all += t
	}
	sum := 0.0
	for j, t := range h.steps {
		h.share[j] = max(leastShare, t/all)
		sum += h.share[j]
	}
	for j := range h.share {
		h.share[j] /= sum
	}
}

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

// transition is the chance of going from a motion to each other one within dt seconds: such
// that the shares of the motions stay what they are.
func (h *habits) transition(dt float64) (t [modes][modes]float64) {
	const turn = modes - 1
	straight := 1 - h.share[turn]
	begins := h.share[turn] / straight / turnLasts // turns a second of going straight
	for i := range t {
		leave := -math.Expm1(-dt * (1/straightLasts + begins))
		turns := begins / (1/straightLasts + begins)
		if i == turn {
			leave, turns = -math.Expm1(-dt/turnLasts), 0
		}
		for j := range turn {
			t[i][j] = leave * (1 - turns) * h.share[j] / straight
		}
		t[i][turn] = leave * turns
		t[i][i] += 1 - leave
	}
	return t
}

// What turns or brakes mostly turns: alongShare is how much of the turning motion's noise goes
// along the course. Below slow, m/s, a course says little of what comes next.
const (
	alongShare = .15
	slow       = 5.0
)

// turning is the noise of the turning motion in such a state. The less is known of the course,
// the rounder.
func (g *gauss) turning() stir {
	q := noises[modes-1]
	less := q * (1 - alongShare) / (g.u*g.u + g.w*g.w + g.uu + g.ww + slow*slow)
	return stir{q - less*g.u*g.u, -less * g.u * g.w, q - less*g.w*g.w}
}

// predict mixes the motions and moves each on. What it returns is the noise over all of them.
func (m *motion) predict(dt float64, t *[modes][modes]float64) (all stir) {
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
		if j < modes-1 {
			to.predict(dt, noises[j])
			all.xx += mixed.chance[j] * noises[j]
		}
	}
	all.yy = all.xx
	to, chance := &mixed.is[modes-1], mixed.chance[modes-1]
	q := to.turning()
	to.predict(dt, 0)
	to.stirred(dt, &q)
	all.xx += chance * q.xx
	all.xy += chance * q.xy
	all.yy += chance * q.yy
	*m = mixed
	return all
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

// noise is the density of acceleration over all motions, in any direction.
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
