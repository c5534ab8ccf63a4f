package track

import (
	"cmp"
	"math"
	"slices"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
)

// How existence is weighed.
const (
	// lifetime is how long an object stays in view on average, s.
	lifetime = 300
	// shown is the existence from which a confirmed track is told of.
	shown = .5
	// confirmed is the existence from which a track on trial is confirmed.
	confirmed = .995
	// over is the existence below which a track ends.
	over = .01
	// lost is the error from which a track ends, m per second of the pause between scans and
	// in sigmas of the plots: it says no more than that something moves.
	lostSigmas = 6
	lostSpeed  = 60
	// gate is how far from a track a plot may lie, sigmas of the widest motion.
	gate = 4
)

// target is a track, confirmed or on trial.
type target struct {
	number    int   // 0: on trial
	confirmed int32 // the scan of its confirmation
	born      int   // in the order of beginning
	motion    motion
	whole     gauss // of the motion
	exists    float64
	found     float64 // the chance that a plot of this scan is its
	height    height
	shadows   int // scans for which it went along with another and shared its plots
	steps     []historyStep
}

// tracker does the work, scan after scan in the order of time.
type tracker struct {
	cfg       Config
	chart     chart
	now       truce.Instant
	scans     int32
	plots     int
	marks     []mark
	near      near
	field     field
	targets   []target
	starts    starts
	deal      association
	learnt    learnt
	past      past
	log       log
	buf       []int32
	dt        float64 // s since the scan before
	born      int
	numbers   int
	confirmed int // of the targets
}

// leastFree is the share of a plot from which it is counted as one of nothing.
const leastFree = .01

// step takes one scan in.
func (t *tracker) step(s *Scan) {
	if t.scans == 0 {
		if len(s.Plots) == 0 {
			return // nothing was seen yet anywhere
		}
		t.now = s.Time
	}
	t.dt = s.Time.Sub(t.now).Seconds()
	t.now = s.Time
	t.read(s)
	t.scans++
	t.plots += len(s.Plots)
	t.predict()
	t.near.fill(t.marks, t.side())
	t.field.begin()
	t.densities()
	t.candidates()
	t.deal.solve(len(t.targets), len(t.marks))
	t.update()
	t.past.add(s.Time, t.marks)
	t.begin()
	for i := range t.marks {
		if m := &t.marks[i]; m.free > leastFree {
			t.field.add(m.x, m.y, m.free)
			t.learnt.loose += m.free
		}
	}
	t.end()
	t.learnt.settle(t.cfg)
}

// read turns the plots into marks, in an order that depends on nothing but themselves.
func (t *tracker) read(s *Scan) {
	order := make([]int32, len(s.Plots))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortFunc(order, func(i, j int32) int {
		a, b := &s.Plots[i], &s.Plots[j]
		return cmp.Or(cmp.Compare(a.Time, b.Time), cmp.Compare(a.At.Lat, b.At.Lat), cmp.Compare(a.At.Lon, b.At.Lon),
			cmp.Compare(a.Sigma, b.Sigma), cmp.Compare(a.Altitude, b.Altitude), cmp.Compare(a.ID, b.ID))
	})
	if t.scans == 0 {
		sorted := make([]Plot, len(order))
		for i, at := range order {
			sorted[i] = s.Plots[at]
		}
		t.chart = newChart(sorted)
		t.learnt = newLearnt(t.cfg)
	}
	t.marks = make([]mark, len(order)) // the past keeps it
	for i, at := range order {
		p := &s.Plots[at]
		m := &t.marks[i]
		m.index, m.free = at, 1
		m.x, m.y = t.chart.to(p.At)
		m.stated = p.Sigma > 0
		sigma := float64(p.Sigma)
		if !m.stated {
			sigma = t.learnt.sigma
		}
		m.rxx, m.ryy = sigma*sigma, sigma*sigma
		m.ago = s.Time.Sub(p.Time).Seconds()
		if p.High {
			m.z, m.rz = float64(p.Altitude), max(sigma*sigma, leastHeightSigma*leastHeightSigma)
		}
	}
}

// predict moves all tracks on.
func (t *tracker) predict() {
	dt := t.dt
	between := transition(dt)
	stays := math.Exp(-dt / lifetime)
	for i := range t.targets {
		g := &t.targets[i]
		if dt > 0 {
			g.motion.predict(dt, &between)
			g.whole = g.motion.whole()
			g.exists *= stays
			g.height.predict(dt)
		}
		g.found = 0
		g.expect(t.scans, t.now)
	}
}

// side is of the cells that plots are found by, metres: about as wide as the gates.
func (t *tracker) side() float64 { return max(20, 2*gate*t.learnt.usual()) }

// densities says of each plot how dense the clutter is around it.
func (t *tracker) densities() {
	if t.scans == 1 { // nothing was counted before: half of all this may be objects
		for i := range t.marks {
			t.field.add(t.marks[i].x, t.marks[i].y, .5)
		}
	}
	for i := range t.marks {
		m := &t.marks[i]
		m.density = max(t.field.at(m.x, m.y), t.crowd(m))
	}
	if t.scans == 1 {
		t.field = field{}
		t.field.begin()
	}
}

// A crowd are more plots of one scan around a place than two objects and the density of
// before explain: clutter that has just come, or that moves.
const (
	crowdReach = 6 // sigmas of the plots
	crowdLeast = 5
)

// crowd is the density of a crowd around a plot; 0: there is none.
func (t *tracker) crowd(m *mark) float64 {
	reach := crowdReach * math.Sqrt(m.rxx)
	t.buf = t.near.around(m.x, m.y, reach, reach, t.buf[:0])
	if len(t.buf) < crowdLeast {
		return 0
	}
	n := -3.0 // the plot itself and two objects
	for _, i := range t.buf {
		if math.Hypot(t.marks[i].x-m.x, t.marks[i].y-m.y) < reach {
			n++
		}
	}
	area := math.Pi * reach * reach
	expected := area * t.field.at(m.x, m.y)
	if n < crowdLeast-3 || n < expected+3*math.Sqrt(expected) {
		return 0
	}
	return n / area
}

// candidates finds the plots that may be each track's, with their odds.
func (t *tracker) candidates() {
	t.deal.edges, t.deal.from = t.deal.edges[:0], t.deal.from[:0]
	for i := range t.targets {
		t.deal.from = append(t.deal.from, int32(len(t.deal.edges)))
		t.candidatesOf(int32(i))
	}
	t.deal.from = append(t.deal.from, int32(len(t.deal.edges)))
}

func (t *tracker) candidatesOf(i int32) {
	g := &t.targets[i]
	wide := &g.motion.is[modes-1]
	r := t.learnt.usual()
	east, north := gate*math.Sqrt(wide.xx+r*r), gate*math.Sqrt(wide.yy+r*r)
	t.buf = t.near.around(wide.x, wide.y, east, north, t.buf[:0])
	slices.Sort(t.buf)
	hit := g.exists * t.learnt.detection / (1 - g.exists*t.learnt.detection)
	for _, at := range t.buf {
		m := &t.marks[at]
		density := 0.0
		for j := range g.motion.is {
			v := g.motion.is[j].see(m)
			density += g.motion.chance[j] * v.density
		}
		if weight := hit * density / m.density; weight > leastEdgeChange {
			t.deal.edges = append(t.deal.edges, edge{target: i, mark: at, density: density, weight: weight})
		}
	}
}

// update gives each track what its plots say, each as far as it is the track's.
func (t *tracker) update() {
	for i := range t.targets {
		g := &t.targets[i]
		edges := t.deal.of(int32(i))
		for j := range edges {
			g.found += edges[j].chance
			m := &t.marks[edges[j].mark]
			m.free = max(0, m.free-edges[j].chance)
		}
		miss := 1 - g.found
		was := g.exists
		g.exists = g.found + miss*was*(1-t.learnt.detection)/(1-was*t.learnt.detection)
		t.learnt.plots(g, was)
		if g.found > 0 {
			t.learnErrors(g, edges)
			t.take(g, edges)
		}
		g.note()
	}
}

// take updates every motion of a track and weighs them anew.
func (t *tracker) take(g *target, edges []edge) {
	var sum float64
	var chance [modes]float64
	none := max(0, 1-g.found/g.exists)
	for j := range g.motion.is {
		var c change
		like := none
		state := &g.motion.is[j]
		for i := range edges {
			e := &edges[i]
			if e.chance < 1e-6 {
				continue
			}
			v := state.see(&t.marks[e.mark])
			part := e.chance / g.exists * v.density / e.density
			like += part
			c.add(&v, part)
		}
		if like > 0 {
			c.scale(1 / like)
			state.apply(&c)
		}
		chance[j] = g.motion.chance[j] * like
		sum += chance[j]
	}
	if sum > 0 {
		for j := range chance {
			g.motion.chance[j] = max(leastMode, chance[j]/sum)
		}
	}
	g.whole = g.motion.whole()
	t.takeHeight(g, edges)
}

// leastMode keeps every motion possible.
const leastMode = 1e-6

// takeHeight updates the altitude with the likeliest plot that has one.
func (t *tracker) takeHeight(g *target, edges []edge) {
	best, chance := -1, .3
	for i := range edges {
		if m := &t.marks[edges[i].mark]; m.rz > 0 && edges[i].chance > chance {
			best, chance = i, edges[i].chance
		}
	}
	if best >= 0 {
		m := &t.marks[edges[best].mark]
		g.height.take(m.z, m.rz)
	}
}

// end drops tracks that are no more, lost, or the double of another.
func (t *tracker) end() {
	t.doubles()
	lost := lostSigmas*t.learnt.usual() + lostSpeed*t.dt
	kept := t.targets[:0]
	t.confirmed = 0
	for i := range t.targets {
		g := &t.targets[i]
		if g.shadows >= doubleScans {
			continue // it was another track all along
		}
		if g.exists < over || g.whole.sigma() > lost {
			t.log.keep(g, true)
			continue
		}
		if g.number == 0 && g.exists > confirmed && g.found > 0 {
			t.numbers++
			g.number, g.confirmed = t.numbers, t.scans
		}
		if g.number > 0 {
			t.confirmed++
		}
		kept = append(kept, *g)
	}
	clear(t.targets[len(kept):])
	t.targets = kept
}

// Two tracks that go along for doubleScans scans with a plot or less between them are one.
const (
	doubleScans = 6
	doublePlots = 1.3
	doubleNear  = 1.5 // sigmas of place, and of velocity
	mostRivals  = 64  // of a cluster that are looked at
)

// doubles counts for how long tracks have gone along with older ones.
func (t *tracker) doubles() {
	order := t.deal.order
	for begin := 0; begin < len(order); {
		end := begin + 1
		for end < len(order) && t.deal.root[order[end]] == t.deal.root[order[begin]] {
			end++
		}
		cluster := order[begin:end]
		for _, i := range cluster {
			t.shadow(&t.targets[i], cluster)
		}
		begin = end
	}
}

// shadow counts whether an older track of the cluster is where g is.
func (t *tracker) shadow(g *target, cluster []int32) {
	along := false
	for _, i := range cluster[:min(len(cluster), mostRivals)] {
		o := &t.targets[i]
		if !o.before(g) || o.found+g.found > doublePlots {
			continue
		}
		dx, dy, du, dw := g.whole.x-o.whole.x, g.whole.y-o.whole.y, g.whole.u-o.whole.u, g.whole.w-o.whole.w
		place, speed := g.whole.xx+g.whole.yy, g.whole.uu+g.whole.ww
		along = along || dx*dx+dy*dy < doubleNear*doubleNear*place && du*du+dw*dw < doubleNear*doubleNear*speed
	}
	if along {
		g.shadows++
	} else {
		g.shadows = 0
	}
}

// before says whether a track goes before another: confirmed ones first, then the older.
func (g *target) before(o *target) bool {
	if (g.number > 0) != (o.number > 0) {
		return g.number > 0
	}
	return g.born < o.born
}

// current are the confirmed tracks that are likely there.
func (t *tracker) current() []Current {
	var out []Current
	for i := range t.targets {
		if g := &t.targets[i]; g.number > 0 && g.exists >= shown {
			out = append(out, Current{g.number, t.state(t.now, &g.whole, &g.height, g.exists, g.found, g.motion.chance[modes-1])})
		}
	}
	return out
}

// state is what is told of an object.
func (t *tracker) state(at truce.Instant, g *gauss, h *height, exists, found, manoeuvre float64) State {
	s := State{Time: at, At: t.chart.from(g.x, g.y), Sigma: geo.Metres(g.sigma()), Existence: exists, Found: found, Manoeuvre: manoeuvre}
	s.SpeedMps, s.Course = t.chart.velocity(g.x, g.y, g.u, g.w)
	if h.known {
		s.Altitude, s.High = geo.Metres(h.z), true
	}
	return s
}
