package locate

import (
	"math"
	"slices"
)

// posterior is the density of an event's place in the plane, as far as its arrivals, the
// silence of others and what is believed of air and errors tell: origin time, depth, range and
// air are integrated out. Unlike the covariance it need not be an ellipse (Tarantola and Valette
// 1982, Journal of Geophysics 50).
type posterior struct {
	w      *worker
	air    wind
	picks  []voice
	silent []ranked  // sensors that might have heard it and did not; of no distance
	ranges []scaled  // of hearing
	prior  []float64 // the logarithm of how likely each of them is
	depths []float64

	// sure is the inverse of what is believed of the air; no entry: the air is known.
	sure     [3][3]float64
	airKnown bool

	// What one place needs, kept between places.
	late, variance, turn, blur, swing []float64
	slopes                            [][3]float64
	byRange, sorted                   []float64
}

// voice is an arrival of an event as the posterior reads it.
type voice struct {
	x, y, z   float64 // of the sensor
	time, own float64 // own: the chance that it is this event's
	pick      int32
	azimuth   float64
	spread    float64 // of the azimuth, radians; 0: none
	slowness  float64
	both      bool // of two phases at one sensor, which was counted as heard with the first
	pair      bool
}

const (
	// anywhere is that of an arrival that is not the event's, times its sigma: it would
	// have been taken anywhere within the gate.
	anywhere = 1 / (2 * gateSigmas)
	// mostOwn is as sure as an arrival ever is.
	mostOwn = .9999
	// rangeWays ranges are integrated over, to so many sigmas of their logarithms.
	rangeWays   = 21
	rangeSigmas = 3.0
	// depthSigmas is how many of a depth's sigmas lie between two that are integrated over.
	depthSigmas = 1.5
	leastDepths = 5
	mostDepths  = 20
	// mostSilent bounds the silent sensors that are asked, the nearest.
	mostSilent = 600
	solveTime  = 8 // rounds of finding origin time and air at a place
)

// posterior prepares the density of a fitted event.
func (w *worker) posterior(h *hypothesis) *posterior {
	p := &posterior{w: w, air: w.model.air.at(&h.place), airKnown: true}
	heard := map[int32]int{}
	for i, pick := range h.members {
		c, s := w.picks.channel[pick], w.picks.sensor(pick)
		v := voice{x: w.net.x[s], y: w.net.y[s], z: w.net.z[s], time: w.picks.time[pick], own: mostOwn, pick: pick, spread: w.picks.turned(pick)}
		if len(h.sure) == len(h.members) {
			v.own = min(mostOwn, w.ownChance(pick, h.sure[i]))
		}
		if v.spread > 0 {
			v.azimuth = float64(w.picks.azimuth[pick])
		}
		v.slowness = 1 / p.air.speed
		if w.model.medium == InGround {
			v.slowness = w.model.slowness[w.model.phase(c)]
		}
		if first, twice := heard[s]; twice {
			p.picks[first].pair, v.both = true, true
		} else {
			heard[s] = len(p.picks)
		}
		p.picks = append(p.picks, v)
	}
	for _, s := range w.net.nearest(h.x, h.y, mostSilent, nil) {
		if _, did := heard[s.sensor]; !did && !w.model.isDeaf(s.sensor, h.t) {
			p.silent = append(p.silent, s)
		}
	}
	p.layRanges()
	p.layDepths(h)
	p.doubtAir(h)
	n := len(p.picks)
	for _, list := range []*[]float64{&p.late, &p.variance, &p.turn, &p.blur, &p.swing, &p.sorted} {
		*list = make([]float64, n)
	}
	p.slopes, p.byRange = make([][3]float64, n), make([]float64, len(p.ranges))
	return p
}

// ownChance is the chance that a pick is an event's and not another event's either, which is
// as much likelier than noise as those have more picks.
func (w *worker) ownChance(pick int32, sure float64) float64 {
	return sure / (sure + (1-sure)*max(1, w.picks.rate/math.Exp(w.model.rate[w.picks.channel[pick]])))
}

// layRanges chooses the ranges of hearing to integrate over, by how far the sure events were
// heard.
func (p *posterior) layRanges() {
	spread := p.w.model.ranges
	for _, log := range spread.lattice() {
		off := (log - spread.mean) / spread.sigma
		p.ranges = append(p.ranges, p.w.model.hear.of(math.Exp(log)))
		// Of the events that are found, those of a long range are more than of all, by the ground
		// that they are heard from.
		p.prior = append(p.prior, -off*off/2-2*math.Log(p.w.net.extent+math.Exp(log)))
	}
}

// layDepths chooses the depths to integrate over: even down to the deepest, closer the better
// the arrivals tell it.
func (p *posterior) layDepths(h *hypothesis) {
	if p.w.model.medium == InAir || p.w.model.depthMax == 0 {
		p.depths = []float64{h.z}
		return
	}
	sigma := math.Sqrt(h.cov[atZ][atZ])
	n := int(min(max(leastDepths, math.Ceil(p.w.model.depthMax/(depthSigmas*sigma))), mostDepths))
	for i := range n {
		p.depths = append(p.depths, (float64(i)+.5)*p.w.model.depthMax/float64(n))
	}
}

// doubtAir takes over what is not known of an air that was learnt.
func (p *posterior) doubtAir(h *hypothesis) {
	if p.w.model.medium != InAir || p.w.model.air.events == 0 {
		return
	}
	if _, inv, ok := solve3(*p.w.model.air.doubt(&h.place), [3]float64{}); ok {
		p.sure, p.airKnown = inv, false
	}
}

// density is the logarithm of the posterior at a place, up to a constant. Smoothed over a
// square of so many metres half a side it is more than anywhere in the square, or nearly; sharp
// is how much the square's half diagonal is, squared, in sigmas of the place.
func (p *posterior) density(x, y, half float64) (log, smooth, sharp float64) {
	heard := p.hearing(x, y)
	if len(p.depths) == 1 {
		log, smooth, sharp = p.atDepth(x, y, p.depths[0], half)
		return log + heard, smooth + heard, sharp
	}
	sum, smoothSum := logSum{}, logSum{}
	for _, z := range p.depths {
		l, s, sh := p.atDepth(x, y, z, half)
		sum.add(l)
		smoothSum.add(s)
		sharp = max(sharp, sh)
	}
	return sum.log() + heard, smoothSum.log() + heard, sharp
}

// logSum adds up numbers that are given by their logarithms.
type logSum struct {
	most, sum float64
	any       bool
}

func (s *logSum) add(l float64) {
	switch {
	case !s.any:
		s.most, s.sum, s.any = l, 1, true
	case l > s.most:
		s.sum = s.sum*math.Exp(s.most-l) + 1
		s.most = l
	default:
		s.sum += math.Exp(l - s.most)
	}
}

func (s *logSum) log() float64 { return s.most + math.Log(s.sum) }

// hearing is the logarithm of the chance that these sensors heard it and those did not.
func (p *posterior) hearing(x, y float64) float64 {
	copy(p.byRange, p.prior)
	medium := p.w.model.medium
	for i := range p.picks {
		v := &p.picks[i]
		if v.both {
			continue
		}
		d := hypot(v.x-x, v.y-y)
		for k := range p.ranges {
			c := p.ranges[k].at(d)
			if medium == InGround && v.pair {
				p.byRange[k] += c.both
			} else {
				p.byRange[k] += c.hit
			}
		}
	}
	for _, s := range p.silent {
		d := hypot(p.w.net.x[s.sensor]-x, p.w.net.y[s.sensor]-y)
		for k := range p.ranges {
			p.byRange[k] += p.ranges[k].at(d).nothing
		}
	}
	sum := logSum{}
	for _, l := range p.byRange {
		sum.add(l)
	}
	return sum.log()
}

// atDepth is density without what hearing says.
func (p *posterior) atDepth(x, y, z, half float64) (log, smooth, sharp float64) {
	p.expect(x, y, z)
	if half > 0 {
		sharp = p.spread(x, y, half)
	}
	copy(p.sorted, p.late)
	slices.Sort(p.sorted)
	now := vector{p.sorted[len(p.sorted)/2]} // origin time; speed and wind
	log = p.integrate(&now, false)
	smooth = log
	if half > 0 {
		smooth = max(log, p.integrate(&now, true))
	}
	return log, smooth, sharp
}

// expect fills in what each arrival means for a place: the origin time it asks for, its variance,
// how that changes with the air, and by how much its azimuth is off.
func (p *posterior) expect(x, y, z float64) {
	ground := p.w.model.medium == InGround
	for i := range p.picks {
		v := &p.picks[i]
		dx, dy, dz := v.x-x, v.y-y, v.z+z
		var travel float64
		if ground {
			travel, _ = wave(dx, dy, dz, v.slowness)
		} else {
			travel, _ = p.air.ray(dx, dy, dz)
			if !p.airKnown {
				p.slopes[i] = p.air.slopes(dx, dy, dz)
			}
		}
		p.late[i], p.variance[i] = v.time-travel, p.w.errorOf(v.pick, travel)
		if v.spread > 0 {
			p.turn[i] = math.Remainder(v.azimuth-math.Atan2(-dx, -dy), 2*math.Pi)
		}
	}
}

// spread fills in by how much each arrival's time may differ within a square, once the origin
// time has gone with it, and says how large the square is in sigmas of the place, squared.
func (p *posterior) spread(x, y, half float64) (sharp float64) {
	var weights, meanX, meanY float64
	for i := range p.picks {
		v := &p.picks[i]
		d := hypot(v.x-x, v.y-y) + 1
		k := 1 / p.variance[i]
		weights += k
		meanX += k * v.slowness * (x - v.x) / d
		meanY += k * v.slowness * (y - v.y) / d
	}
	meanX, meanY = meanX/weights, meanY/weights
	diagonal := half * math.Sqrt2
	for i := range p.picks {
		v := &p.picks[i]
		d := hypot(v.x-x, v.y-y) + 1
		way := hypot(v.slowness*(x-v.x)/d-meanX, v.slowness*(y-v.y)/d-meanY)
		p.blur[i] = diagonal * (way + v.slowness*min(1, half/d))
		sharp += p.blur[i] * p.blur[i] / p.variance[i]
		if v.spread > 0 {
			p.swing[i] = min(math.Pi, diagonal/d)
			sharp += p.swing[i] * p.swing[i] / (v.spread * v.spread)
		}
	}
	return sharp
}

// integrate is the logarithm of the likelihood of the arrivals at a place with origin time and
// air integrated out: their best values by least squares weighed again each round, from those
// that are given, and the volume around them (Laplace).
func (p *posterior) integrate(now *vector, blurred bool) float64 {
	dim := 1
	if !p.airKnown {
		dim = 4
	}
	for round := 0; ; round++ {
		log, info, grad := p.around(now, blurred)
		var cov matrix
		var det float64
		ok := info[0][0] > 0
		if dim == 1 {
			cov[0][0], det = 1/info[0][0], info[0][0]
		} else {
			cov, det, ok = info.invert(dim)
		}
		if !ok {
			return math.Inf(-1)
		}
		step := cov.times(&grad, dim)
		if round == solveTime || step.dot(&grad, dim) < 2e-3 {
			return log/doubt - .5*math.Log(det)
		}
		for i := range dim {
			now[i] += step[i]
		}
	}
}

// around is the logarithm of the likelihood with an origin time and an air, its curvature and
// its gradient.
func (p *posterior) around(now *vector, blurred bool) (log float64, info matrix, grad vector) {
	product := 1.0 // of densities: a logarithm takes longer than all else
	for i := range p.picks {
		v := &p.picks[i]
		g := &p.slopes[i]
		residual := p.late[i] - now[0]
		if !p.airKnown {
			residual -= g[0]*now[1] + g[1]*now[2] + g[2]*now[3]
		}
		variance := p.variance[i]
		wide, narrow := variance, 1.0
		if blurred {
			wide += p.blur[i] * p.blur[i]
			narrow = variance / wide
		}
		z2 := residual * residual / wide
		core := v.own * (1 - strayShare) * math.Exp(-z2/2)
		tail := v.own * strayShare / straySpread * math.Exp(-z2/2/(straySpread*straySpread))
		stray := (1 - v.own) * anywhere * math.Sqrt(2*math.Pi)
		if v.spread > 0 {
			wider := v.spread
			if blurred {
				wider = hypot(v.spread, p.swing[i])
			}
			t2 := p.turn[i] * p.turn[i] / (wider * wider)
			bearing := ((1-strayShare)*math.Exp(-t2/2) + strayShare/straySpread*math.Exp(-t2/2/(straySpread*straySpread))) / v.spread
			core, tail = core*bearing, tail*bearing
			stray /= math.Sqrt(2 * math.Pi)
		}
		total := core + tail + stray
		product *= total * total / variance
		if product < 1e-200 || product > 1e200 {
			log, product = log+.5*math.Log(product), 1
		}
		k := (core + tail/(straySpread*straySpread)) / total / variance * narrow
		info[0][0] += k
		grad[0] += k * residual
		if p.airKnown {
			continue
		}
		for a := range 3 {
			info[0][a+1] += k * g[a]
			grad[a+1] += k * g[a] * residual
			for b := range a + 1 {
				info[b+1][a+1] += k * g[a] * g[b]
			}
		}
	}
	log += .5 * math.Log(product)
	if !p.airKnown {
		for a := range 3 {
			for b := range 3 {
				if b <= a {
					info[b+1][a+1] += p.sure[b][a]
				}
				log -= .5 * now[a+1] * p.sure[a][b] * now[b+1]
				grad[a+1] -= p.sure[a][b] * now[b+1]
			}
		}
		for a := range 4 {
			for b := range a {
				info[a][b] = info[b][a]
			}
		}
	}
	return log, info, grad
}
