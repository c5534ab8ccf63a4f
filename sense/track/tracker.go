package track

import (
	"math"
	"slices"

	"github.com/trucewatch/truce"
)

// How existence is weighed.
const (
	// shown is the existence from which a track is told of that was confirmed lately, longShown
	// that of one that has been for settledScans: what was seen for long is likely silent for
	// four or five scans, not gone.
	shown     = .5
	longShown = .08
	// confirmed is the existence from which a track on trial is confirmed.
	confirmed = .995
	// over is the existence below which a track ends.
	over = .001
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
	held      []Held  // only added to: copies of a tracker share them
	more      *extras // nil: no sensor has told its name
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
	wide      near    // of the same plots, for beginnings that have no velocity yet
	broad     []int32 // plots whose error is far above the usual: any track may be near
	field     field
	targets   []target
	starts    starts
	deal      association
	learnt    learnt
	habits    habits
	past      past
	log       log
	parts     [mostParts]part
	dt        float64 // s since the scan before
	born      int
	numbers   int
	confirmed int // of the targets
	opened    bool
	net       *network // nil: no sensor has told its name
	by        uint64   // the bit of the sensor at work
}

// leastFree is the share of a plot from which it is counted as one of nothing.
const leastFree = .01

// part is what one processor fills while others work on theirs.
type part struct {
	buf   []int32
	edges []edge
	next  []start
}

// open readies the first scan with plots; false: nothing was seen yet anywhere.
func (t *tracker) open(s *Scan) bool {
	if t.scans > 0 || t.opened {
		return true
	}
	if len(s.Plots) == 0 {
		return false
	}
	sorted := make([]Plot, 0, len(s.Plots))
	for _, key := range inOrder(s.Plots) {
		sorted = append(sorted, s.Plots[key.at])
	}
	t.chart = newChart(sorted)
	t.learnt, t.habits = newLearnt(t.cfg), newHabits()
	t.now, t.opened = s.Time, true
	return true
}

// step takes one scan in.
func (t *tracker) step(s *Scan) {
	if t.open(s) {
		t.work(t.chart.read(s))
	}
}

// work takes one scan in that was read.
func (t *tracker) work(r reading) {
	t.dt = r.time.Sub(t.now).Seconds()
	t.now, t.marks = r.time, r.marks
	t.scans++
	t.plots += len(t.marks)
	t.enter(&r)
	if r.kind == kindBearings {
		t.workBearings()
		return
	}
	t.spread()
	t.predict()
	t.field.begin()
	t.densities()
	t.candidates()
	t.deal.solve(len(t.targets), len(t.marks))
	t.update()
	t.past.add(t.scans, r.time, t.marks)
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

// broadSigmas is how far above the usual error of plots those lie that are looked at for
// every track.
const broadSigmas = 2

// spread sorts the plots by place.
func (t *tracker) spread() {
	t.broad = t.broad[:0]
	usual := t.learnt.usual()
	most := broadSigmas * usual * broadSigmas * usual
	for i := range t.marks {
		m := &t.marks[i]
		m.settle(t.learnt.sigma)
		if max(m.rxx, m.ryy) > most {
			t.broad = append(t.broad, int32(i))
		}
	}
	t.near.fill(t.marks, max(20, 2*gate*broadSigmas*usual))
	fastest := speeds[len(speeds)-1].sigma
	t.wide.fill(t.marks, max(20, 2*gate*(broadSigmas*usual+fastest*min(max(t.dt, .1), 60))))
}

// around are the plots near a state that may have come of it, in order: within gate sigmas
// each axis.
func (t *tracker) around(g *gauss, grid *near, p *part) []int32 {
	r := broadSigmas * t.learnt.usual()
	p.buf = grid.around(g.x, g.y, gate*math.Sqrt(g.xx+r*r), gate*math.Sqrt(g.yy+r*r), p.buf[:0])
	p.buf = append(p.buf, t.broad...)
	kept := p.buf[:0]
	for _, i := range p.buf {
		m := &t.marks[i]
		dx, dy := m.x-g.x+m.ago*g.u, m.y-g.y+m.ago*g.w
		if dx*dx <= gate*gate*(g.xx+m.rxx) && dy*dy <= gate*gate*(g.yy+m.ryy) {
			kept = append(kept, i)
		}
	}
	slices.Sort(kept)
	return slices.Compact(kept)
}

// predict moves all tracks on.
func (t *tracker) predict() {
	dt := t.dt
	between := t.habits.transition(dt)
	stays := math.Exp(-dt / t.learnt.lifetime())
	share(len(t.targets), leastTargets, func(_, from, to int) {
		for i := from; i < to; i++ {
			g := &t.targets[i]
			var noise stir
			if dt > 0 {
				noise = g.motion.predict(dt, &between)
				g.whole = g.motion.whole()
				g.exists *= t.stays(g, stays)
				g.height.predict(dt)
			}
			g.found = 0
			g.expect(t.scans, t.now, noise)
		}
	})
}

// leastTargets is how many tracks are worth a processor of their own in a scan: below that
// starting it takes longer than it saves.
const leastTargets = 150

// densities says of each plot how dense the clutter is around it.
func (t *tracker) densities() {
	if t.field.seen == 1 { // nothing was counted before: half of all this may be objects
		for i := range t.marks {
			t.field.add(t.marks[i].x, t.marks[i].y, .5)
		}
	}
	share(len(t.marks), 4*leastTargets, func(part, from, to int) {
		for i := from; i < to; i++ {
			m := &t.marks[i]
			m.density = max(t.field.at(m.x, m.y), t.crowd(m, &t.parts[part]))
		}
	})
	if t.field.seen == 1 {
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
func (t *tracker) crowd(m *mark, p *part) float64 {
	reach := crowdReach * math.Sqrt(m.rxx)
	p.buf = t.near.around(m.x, m.y, reach, reach, p.buf[:0])
	if len(p.buf) < crowdLeast {
		return 0
	}
	n := -3.0 // the plot itself and two objects
	for _, i := range p.buf {
		if dx, dy := t.marks[i].x-m.x, t.marks[i].y-m.y; dx*dx+dy*dy < reach*reach {
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
	for i := range t.parts {
		t.parts[i].edges = t.parts[i].edges[:0]
	}
	t.deal.from = resize(t.deal.from, len(t.targets)+1)
	share(len(t.targets), leastTargets, func(part, from, to int) {
		p := &t.parts[part]
		for i := from; i < to; i++ {
			was := len(p.edges)
			t.candidatesOf(int32(i), p)
			t.deal.from[i+1] = int32(len(p.edges) - was)
		}
	})
	t.deal.edges = t.deal.edges[:0]
	for i := range t.parts {
		t.deal.edges = append(t.deal.edges, t.parts[i].edges...)
	}
	for i := range t.targets {
		t.deal.from[i+1] += t.deal.from[i]
	}
}

func (t *tracker) candidatesOf(i int32, p *part) {
	g := &t.targets[i]
	d := t.detects(g)
	hit := g.exists * d / (1 - g.exists*d)
	for _, at := range t.around(&g.motion.is[modes-1], &t.near, p) {
		m := &t.marks[at]
		e := edge{target: i, mark: at}
		for j := range g.motion.is {
			e.like[j] = g.motion.is[j].density(m)
			e.density += g.motion.chance[j] * e.like[j]
		}
		names := 1.0
		if m.more != nil {
			names = g.measured(m, &e)
		}
		if e.weight = hit * e.density / m.density * names; e.weight > leastEdgeChange {
			p.edges = append(p.edges, e)
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
		d := t.detects(g)
		g.exists = g.found + miss*was*(1-d)/(1-was*d)
		if t.visible(g) {
			t.learnt.plots(g, was)
		}
		t.learnErrors(g, edges)
		t.hold(g, edges)
		if t.net != nil {
			t.saw(g, edges, was, d)
		}
	}
	share(len(t.targets), leastTargets, func(_, from, to int) {
		for i := from; i < to; i++ {
			g := &t.targets[i]
			if g.found > 0 {
				t.take(g, t.deal.of(int32(i)))
			}
			g.note()
		}
	})
	for i := range t.targets {
		if g := &t.targets[i]; g.number > 0 && len(g.steps) > settledScans && g.exists > sureExistence {
			t.habits.learn(&g.motion)
			t.learnt.lived += t.dt
		}
	}
	t.habits.settle()
}

// heldChance is that of a plot from which a track rests on it.
const heldChance = .5

// hold notes the plots that a track rests on.
func (t *tracker) hold(g *target, edges []edge) {
	if !t.cfg.Record {
		return
	}
	for i := range edges {
		if edges[i].chance > heldChance {
			g.held = append(g.held, Held{t.marks[edges[i].mark].id, edges[i].chance})
		}
	}
}

// take updates every motion of a track and weighs them anew.
func (t *tracker) take(g *target, edges []edge) {
	none := max(0, 1-g.found/g.exists)
	for j := range g.motion.is {
		var c change
		like := none
		state := &g.motion.is[j]
		for i := range edges {
			e := &edges[i]
			if e.chance < leastChance {
				continue
			}
			m := &t.marks[e.mark]
			part := e.chance / g.exists * e.like[j] / e.density
			like += part
			if m.more != nil {
				c.addMeasured(state, m, part)
				continue
			}
			v := state.see(m)
			c.add(&v, part)
		}
		if like > 0 {
			c.scale(1 / like)
			state.apply(&c)
		}
		g.motion.chance[j] *= like
	}
	g.motion.weigh()
	g.whole = g.motion.whole()
	t.takeHeight(g, edges)
}

// leastChance is that of a plot below which it moves nothing.
const leastChance = 1e-6

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
	lost := t.lost()
	kept := t.targets[:0]
	t.confirmed = 0
	for i := range t.targets {
		g := &t.targets[i]
		if g.shadows >= doubleScans {
			continue // it was another track all along
		}
		if g.exists < over || g.whole.sigma() > lost {
			t.log.keep(g, true)
			if g.number > 0 {
				t.learnt.ended++
			}
			continue
		}
		if g.number == 0 && g.exists > confirmed && g.found > 0 && t.proven(g) {
			t.numbers++
			g.number, g.confirmed = t.numbers, t.scans
		}
		if g.number > 0 {
			t.confirmed++
		}
		if kept = kept[:len(kept)+1]; len(kept) <= i {
			kept[len(kept)-1] = *g
		}
	}
	clear(t.targets[len(kept):])
	t.targets = kept
}

// leastShown is the existence from which a track is told of, by the scans since it was confirmed.
func leastShown(scans int32) float64 {
	if scans > settledScans {
		return longShown
	}
	return shown
}

// current are the confirmed tracks that are likely there.
func (t *tracker) current() []Current {
	var out []Current
	for i := range t.targets {
		if g := &t.targets[i]; g.number > 0 && g.exists >= leastShown(t.scans-g.confirmed) {
			out = append(out, Current{g.number, t.state(g.current(t.now))})
		}
	}
	return out
}
