package track

import (
	"cmp"
	"math"
	"slices"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/internal/num"
)

// start is the beginning of a track on trial: plots that one object may have given, taken
// for its in full, with the odds that they are against that each is of nothing. Beginnings
// branch where several plots suit, and are confirmed or dropped by their odds (sequential
// test: Wald 1945, Annals of Mathematical Statistics 16; track scores: Sittler 1964, IEEE
// Transactions on Military Electronics 8).
type start struct {
	g      gauss
	odds   float64 // logarithm
	speed  float64 // one sigma of the velocity it was begun with, m/s
	n      int32   // plots
	missed int32   // scans since the last
	chain  [maxChain]link
}

// link is a plot of the past.
type link struct{ scan, mark int32 }

// speeds are the spreads of velocities that objects begin with, one sigma each axis in m/s,
// each with its share: what drifts or floats, what drives or hovers, what flies.
var speeds = [...]struct{ sigma, share float64 }{{6, .25}, {35, .55}, {130, .2}}

const (
	// Before anything is known one plot in firstBirths begins a track, of those that are no
	// track's; later as many as did.
	firstBirths = 50
	// takenOdds make a track on trial of a beginning of leastLinks plots at least; its plots
	// are no other's from sureOdds on. droppedOdds drop it.
	takenOdds   = -4
	leastLinks  = 3
	sureOdds    = 0
	droppedOdds = -11
	// mostMissed scans in a row without a plot end a beginning.
	mostMissed = 2
	// branches is how many plots a beginning may go on with, and how many beginnings may
	// end in one plot.
	branches = 4
	// startNoise is of a beginning's acceleration, m2/s3.
	startNoise = 2
	// startGate is how far off a plot may lie, squared sigmas.
	startGate = 16
)

// starts are the beginnings, and what was of the last scans.
type starts struct {
	list, next []start
	order      []int32
}

// past are the marks of the last scans, for those who confirm a beginning.
type past struct {
	scans [maxChain]pastScan
	n     int32
}

type pastScan struct {
	time    truce.Instant
	marks   []mark
	claimed []bool // they are a track's
}

func (p *past) add(at truce.Instant, marks []mark) {
	p.scans[p.n%maxChain] = pastScan{at, marks, make([]bool, len(marks))}
	p.n++
}

func (p *past) at(scan int32) *pastScan { return &p.scans[scan%maxChain] }

// last is the number of the last scan.
func (p *past) last() int32 { return p.n - 1 }

// begin goes on with the beginnings, makes tracks of the likely ones, drops the unlikely and
// makes new ones.
func (t *tracker) begin() {
	t.starts.next = t.starts.next[:0]
	for i := range t.starts.list {
		t.extend(&t.starts.list[i])
	}
	t.adopt()
	t.prune()
	last := t.past.last()
	births := t.learnt.births(t.numbers)
	for i := range t.marks {
		m := &t.marks[i]
		odds := math.Log(m.free * births)
		if odds < droppedOdds || t.past.at(last).claimed[i] || len(t.starts.list) >= maxStarts {
			continue
		}
		s := start{odds: odds, n: 1}
		s.g = gauss{x: m.x, y: m.y, xx: m.rxx, xy: m.rxy, yy: m.ryy}
		s.chain[0] = link{last, int32(i)}
		t.starts.list = append(t.starts.list, s)
	}
}

// extend adds what may become of a beginning: a branch for each plot that suits, and one for
// none.
func (t *tracker) extend(s *start) {
	if s.n == 1 { // no velocity yet: what it may be is put in when a second plot comes
		t.second(s, s.age(t))
		return
	}
	next := *s
	next.g.predict(t.dt, startNoise)
	east, north := t.reach(&next.g)
	t.buf = t.near.around(next.g.x, next.g.y, east, north, t.buf[:0])
	var best branchList
	for _, at := range t.buf {
		m := &t.marks[at]
		v := next.g.see(m)
		if v.dist2 < startGate {
			best.add(at, s.odds+math.Log(t.learnt.detection*v.density*m.free/m.density))
		}
	}
	for _, b := range best.list[:best.n] {
		if b.odds > droppedOdds {
			branch := next
			v := next.g.see(&t.marks[b.mark])
			branch.g.update(&v)
			branch.link(t.past.last(), b.mark, b.odds)
			t.starts.next = append(t.starts.next, branch)
		}
	}
	t.miss(&next)
}

// miss goes on without a plot.
func (t *tracker) miss(s *start) {
	s.odds += math.Log(1 - t.learnt.detection)
	if s.missed++; s.missed <= mostMissed && s.odds > droppedOdds && s.n < maxChain {
		t.starts.next = append(t.starts.next, *s)
	}
}

// age is how long ago the only plot of a beginning was measured, s.
func (s *start) age(t *tracker) float64 {
	first := t.past.at(s.chain[0].scan)
	return t.now.Sub(first.time).Seconds() + first.marks[s.chain[0].mark].ago
}

// reach is how far from a state plots are looked for.
func (t *tracker) reach(g *gauss) (east, north float64) {
	r := t.learnt.usual()
	return gate * math.Sqrt(g.xx+r*r), gate * math.Sqrt(g.yy+r*r)
}

// second goes on from one plot to a second, with the spread of velocities that suits the two
// best.
func (t *tracker) second(s *start, dt float64) {
	var from [len(speeds)]gauss
	for i, v := range speeds {
		from[i] = s.g
		from[i].uu, from[i].ww = v.sigma*v.sigma, v.sigma*v.sigma
		from[i].predict(dt, startNoise)
	}
	east, north := t.reach(&from[len(speeds)-1])
	t.buf = t.near.around(s.g.x, s.g.y, east, north, t.buf[:0])
	var best branchList
	for _, at := range t.buf {
		m := &t.marks[at]
		density := 0.0
		for i := range from {
			v := from[i].see(m)
			density += speeds[i].share * v.density
		}
		if odds := s.odds + math.Log(t.learnt.detection*density*m.free/m.density); odds > droppedOdds {
			best.add(at, odds)
		}
	}
	for _, b := range best.list[:best.n] {
		branch, most := *s, 0.0
		for i := range from {
			v := from[i].see(&t.marks[b.mark])
			if like := speeds[i].share * v.density; like > most {
				most, branch.g, branch.speed = like, from[i], speeds[i].sigma
			}
		}
		v := branch.g.see(&t.marks[b.mark])
		branch.g.update(&v)
		branch.link(t.past.last(), b.mark, b.odds)
		t.starts.next = append(t.starts.next, branch)
	}
	t.miss(s)
}

// link adds a plot.
func (s *start) link(scan, mark int32, odds float64) {
	s.odds, s.missed = odds, 0
	if s.n < maxChain {
		s.chain[s.n] = link{scan, mark}
		s.n++
	}
}

// branchList keeps the best few plots that a beginning may go on with.
type branchList struct {
	list [branches]struct {
		mark int32
		odds float64
	}
	n int
}

func (b *branchList) add(mark int32, odds float64) {
	at := b.n
	for at > 0 && (b.list[at-1].odds < odds || b.list[at-1].odds == odds && b.list[at-1].mark > mark) {
		at--
	}
	if at == branches {
		return
	}
	copy(b.list[at+1:], b.list[at:min(b.n, branches-1)])
	b.list[at].mark, b.list[at].odds = mark, odds
	b.n = min(b.n+1, branches)
}

// tip is the last plot.
func (s *start) tip() link { return s.chain[s.n-1] }

// prune keeps the best few beginnings that end in one plot, and drops those that have a plot
// of a track or began before what is remembered. When there are too many the best go on.
func (t *tracker) prune() {
	next, order := t.starts.next, t.starts.order[:0]
	for i := range next {
		order = append(order, int32(i))
	}
	slices.SortFunc(order, func(i, j int32) int {
		a, b := &next[i], &next[j]
		x, y := a.tip(), b.tip()
		return cmp.Or(cmp.Compare(x.scan, y.scan), cmp.Compare(x.mark, y.mark), cmp.Compare(b.odds, a.odds), cmp.Compare(i, j))
	})
	kept, same, tip := order[:0], 0, link{-1, -1}
	for _, i := range order {
		s := &next[i]
		if s.tip() != tip {
			tip, same = s.tip(), 0
		}
		if same++; same <= branches && t.past.last()-s.chain[0].scan < maxChain-1 && !t.claimed(s) {
			kept = append(kept, i)
		}
	}
	if len(kept) > maxStarts/2 {
		slices.SortFunc(kept, func(i, j int32) int { return cmp.Or(cmp.Compare(next[j].odds, next[i].odds), cmp.Compare(i, j)) })
		kept = kept[:maxStarts/2]
	}
	t.starts.list = t.starts.list[:0]
	for _, i := range kept {
		t.starts.list = append(t.starts.list, next[i])
	}
	t.starts.order = order
}

// claimed says whether a plot of a beginning has become a track's.
func (t *tracker) claimed(s *start) bool {
	for _, l := range s.chain[:s.n] {
		if t.past.at(l.scan).claimed[l.mark] {
			return true
		}
	}
	return false
}

// adopt makes tracks of the beginnings that have the odds, the best first; none that shares
// a plot with a better one, or of those that are not sure the last plot.
func (t *tracker) adopt() {
	sure := t.starts.order[:0]
	for i := range t.starts.next {
		if s := &t.starts.next[i]; s.odds > takenOdds && s.n >= leastLinks && s.missed == 0 {
			sure = append(sure, int32(i))
		}
	}
	slices.SortFunc(sure, func(i, j int32) int {
		return cmp.Or(cmp.Compare(t.starts.next[j].odds, t.starts.next[i].odds), cmp.Compare(i, j))
	})
	for _, i := range sure {
		if s := &t.starts.next[i]; !t.claimed(s) && len(t.targets)-t.confirmed < maxTrials {
			t.found(s)
		}
	}
	t.starts.order = sure
}

// found makes a track of a beginning: its plots are gone through again, with all motions.
func (t *tracker) found(s *start) {
	t.born++
	first := t.past.at(s.chain[0].scan)
	m := &first.marks[s.chain[0].mark]
	begun := gauss{
		x: m.x, y: m.y, xx: m.rxx, xy: m.rxy, yy: m.ryy,
		uu: s.speed * s.speed, ww: s.speed * s.speed,
	}
	begun.predict(m.ago, 0)
	g := target{born: t.born, motion: newMotion(&begun), exists: num.FromOdds(math.Exp(s.odds)), whole: begun}
	if m.rz > 0 {
		g.height.take(m.z, m.rz)
	}
	next := int32(0)
	for scan := s.chain[0].scan; scan <= t.past.last(); scan++ {
		p := t.past.at(scan)
		if scan > s.chain[0].scan {
			dt := p.time.Sub(t.past.at(scan - 1).time).Seconds()
			between := transition(dt)
			g.motion.predict(dt, &between)
			g.whole = g.motion.whole()
			g.height.predict(dt)
		}
		g.expect(scan+1, p.time)
		g.found = 0
		if next < s.n && s.chain[next].scan == scan {
			at := s.chain[next].mark
			p.claimed[at] = p.claimed[at] || s.odds > sureOdds || scan == t.past.last()
			g.found = 1
			if next > 0 {
				g.certain(&p.marks[at])
			}
			if scan == t.past.last() {
				p.marks[at].free *= 1 - g.exists
			}
			next++
		}
		g.note()
	}
	t.targets = append(t.targets, g)
}

// certain takes a plot in that is the track's.
func (g *target) certain(m *mark) {
	sum := 0.0
	for j := range g.motion.is {
		v := g.motion.is[j].see(m)
		g.motion.is[j].update(&v)
		g.motion.chance[j] *= v.density
		sum += g.motion.chance[j]
	}
	for j := range g.motion.chance {
		g.motion.chance[j] = max(leastMode, g.motion.chance[j]/sum)
	}
	g.whole = g.motion.whole()
	if m.rz > 0 {
		g.height.take(m.z, m.rz)
	}
}
