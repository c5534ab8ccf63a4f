package locate

import "math"

// Residuals come from a Gaussian but for a share of strayShare, which is straySpread times
// as wide.
const (
	strayShare  = .02
	straySpread = 4.0
)

// trust is how much a residual of z sigmas weighs in a fit: near 1 within the Gaussian,
// near nothing in the tail. It is the weight that the mixture's likelihood gives.
func trust(z2 float64) float64 {
	if z2 < 4 {
		return 1
	}
	tail := strayShare / straySpread * math.Exp(-z2/2/(straySpread*straySpread))
	core := (1 - strayShare) * math.Exp(-z2/2)
	return (core + tail/(straySpread*straySpread)) / (core + tail)
}

// logResidual is the logarithm of the density of a residual of z sigmas, times sigma.
func logResidual(z2 float64) float64 {
	if z2 < 4 {
		return -z2/2 - .5*math.Log(2*math.Pi)
	}
	return math.Log((1-strayShare)*math.Exp(-z2/2)+strayShare/straySpread*math.Exp(-z2/2/(straySpread*straySpread))) - .5*math.Log(2*math.Pi)
}

// expect is the travel time of a pick from a place, and how its arrival changes with the unknowns.
func (w *worker) expect(p *place, channel int32, air wind) (travel float64, h vector) {
	if w.model.medium == InAir {
		t, s := air.ray(w.net.x[channel]-p.x, w.net.y[channel]-p.y, w.net.z[channel]+p.z)
		return t, vector{s.x, s.y, 1, 0}
	}
	sensor := channel >> 1
	t, s := wave(w.net.x[sensor]-p.x, w.net.y[sensor]-p.y, w.net.z[sensor]+p.z, w.model.slowness[w.model.phase(channel)])
	return t, vector{s.x, s.y, 1, s.z}
}

// errorOf is the variance of a pick's time after a travel time, what is not known of its
// sensor's clock included.
func (w *worker) errorOf(pick int32, travel float64) float64 {
	v := w.model.timing[w.model.phase(w.picks.channel[pick])].variance(w.picks.stated(pick), travel)
	if w.picks.unsure != nil {
		v += float64(w.picks.unsure[pick])
	}
	return v
}

// bearing is what an azimuth measured at a sensor says of a place: its residual in radians
// and how it changes with the place.
func (w *worker) bearing(p *place, pick int32) (residual float64, h vector) {
	s := w.picks.sensor(pick)
	e, n := p.x-w.net.x[s], p.y-w.net.y[s]
	d2 := e*e + n*n + 1
	residual = math.Remainder(float64(w.picks.azimuth[pick])-math.Atan2(e, n), 2*math.Pi)
	return residual, vector{n / d2, -e / d2, 0, 0}
}

// depthVariance is that of a depth before anything was heard: anywhere down to the deepest.
func (m *model) depthVariance() float64 { return m.depthMax*m.depthMax/12 + 1 }

// leastDepth is the least that a fit tries, m, and what it tells as the surface: there times do
// not change with depth, and a step by their slope would leap.
const leastDepth = 1000.0

func (m *model) withinDepths(z float64) float64 { return min(max(z, leastDepth), m.depthMax) }

// sink is the depth that a step of a fit leads to. Times go with the square of the depth much
// more than with the depth, so the step is taken in the square. Where it leads out of the
// depths that there are, the step becomes the best of those that end at the bound.
func (m *model) sink(z float64, cov *matrix, step *vector) (depth float64, held bool) {
	free := math.Sqrt(max(z*z+2*z*step[atZ], 0))
	depth = m.withinDepths(free)
	if depth == free {
		return depth, false
	}
	less := (step[atZ] - (depth*depth-z*z)/(2*z)) / cov[atZ][atZ]
	for i := range step {
		step[i] -= less * cov[i][atZ]
	}
	return depth, depth != z
}

const (
	fitRounds  = 12
	fitSettled = 1e-3 // of a sigma
)

// fit finds the most likely place for picks, beginning at a place: least squares of times and
// azimuths, weighed again each round so that strays do not count. The covariance is that of
// the last round. It is false when the picks do not tell a place.
func (w *worker) fit(e *estimate, members []int32, sure []float64) (chi2 float64, ok bool) {
	dim := w.model.medium.dims()
	air := w.model.air.at(&e.place)
	if dim > atZ {
		e.z = w.model.withinDepths(e.z)
	}
	for round := 0; ; round++ {
		var a matrix
		var b vector
		chi2 = w.normal(&e.place, members, sure, air, &a, &b)
		cov, _, good := a.invert(dim)
		if !good {
			return chi2, false
		}
		e.cov = cov
		step := cov.times(&b, dim)
		depth, held := e.z, false
		if dim > atZ {
			depth, held = w.model.sink(e.z, &cov, &step)
		}
		size := step.dot(&b, dim)
		limit := 1.0
		if far := hypot(step[atX], step[atY]); far > 2*w.net.spacing {
			limit = 2 * w.net.spacing / far
		}
		from := e.z
		e.move(&step, limit)
		e.z = from + limit*(depth-from)
		if math.IsNaN(size) || hypot(e.x, e.y) > 2*w.net.extent+w.reach {
			return chi2, false
		}
		if limit == 1 && size < fitSettled && !held || round == fitRounds {
			return chi2, true
		}
	}
}

// doubt is by how much the variance of a place is above what its weights say: the errors are
// learnt and not known, and a strange arrival may be among its own.
const doubt = 1.02

// strangers is by how much the variance of a place is above what its weights say because
// some of its picks may not be its own, whose errors are as wide as the gate lets them be: the
// square of the weights times the true variances, over the weights. A pick was weighed against
// noise; that it is of another event is as much likelier as those have more picks.
func (w *worker) strangers(h *hypothesis) float64 {
	if len(h.sure) != len(h.members) {
		return 1
	}
	var weights, squares float64
	for i, s := range h.sure {
		weights += s
		own := w.ownChance(h.members[i], s)
		squares += s * s * (own + strangeVariance*(1-own))
	}
	if weights == 0 {
		return 1
	}
	return max(1, squares/weights)
}

// strangeVariance is that of an even spread over the gate: its half width squared over three.
const strangeVariance = gateSigmas * gateSigmas / 3

// inflated is the covariance of a fitted place with what the weights leave out: the doubt
// about the errors and the air.
func (w *worker) inflated(h *hypothesis) matrix {
	dim := w.model.medium.dims()
	cov := h.cov
	more := doubt * w.strangers(h)
	for i := range dim {
		for j := range dim {
			cov[i][j] *= more
		}
	}
	if w.model.medium != InAir || w.model.air.events == 0 {
		return cov
	}
	var cross [4][3]float64
	air := w.model.air.at(&h.place)
	for _, p := range h.members {
		c := w.picks.channel[p]
		travel, slope := w.expect(&h.place, c, air)
		g := air.slopes(w.net.x[c]-h.x, w.net.y[c]-h.y, w.net.z[c]+h.z)
		for i := range dim {
			for j := range 3 {
				cross[i][j] += slope[i] * g[j] / w.errorOf(p, travel)
			}
		}
	}
	doubts := w.model.air.doubt(&h.place)
	var pull [4][3]float64 // how the place moves with the air
	for i := range dim {
		for j := range 3 {
			for k := range dim {
				pull[i][j] += h.cov[i][k] * cross[k][j]
			}
		}
	}
	for i := range dim {
		for j := range dim {
			for k := range 3 {
				for l := range 3 {
					cov[i][j] += pull[i][k] * doubts[k][l] * pull[j][l]
				}
			}
		}
	}
	return cov
}
