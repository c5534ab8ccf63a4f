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
	g      gauss   // with no velocity while there is but one plot
	odds   float64 // logarithm
	speed  float64 // one sigma of the velocity it was begun with, m/s
	tip    link    // its last plot
	first  int32   // the scan of its first plot
	n      int32   // plots
	missed int32   // scans since the last
	self   int32   // the tip among the nodes; -1: not there yet
	rest   int32   // the plots before, among the nodes; -1: none
	by     uint64  // the sensors that its plots are of, bit by bit
}

// link is a plot of the past.
type link struct{ scan, mark int32 }

// node is a plot of a beginning, and where the one before it is.
type node struct {
	link
	rest int32
}

// speeds are the spreads of velocities that objects begin with, one sigma each axis in m/s,
// each with its share: what drifts or floats, what drives or hovers, what flies.
var speeds = [...]struct{ sigma, share float64 }{{6, .25}, {35, .55}, {130, .2}}

const (
	// Before anything is known one plot in firstBirths begins a track, of those that are no
	// track's; later as many as did, but one in lastBirths at least: in thick clutter objects
	// that were there all along are found late.
	firstBirths = 50
	lastBirths  = 300
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

// starts are the beginnings. Those that branched share the nodes before.
type starts struct {
	list, next []start
	keys       []startKey
	nodes      []node // only added to: copies of a tracker share them
	tidied     int    // how many nodes there were after the last tidying
	missed     float64
	detected   float64 // logarithms of the chances of no plot and of one
}

// startKey is what beginnings are sorted by.
type startKey struct {
	tip  uint64
	odds float64
	at   int32
}

// past are the marks of the last scans, for those who confirm a beginning.
type past struct {
	scans [pastScans]pastScan
	n     int32
}

type pastScan struct {
	time    truce.Instant
	marks   []mark
	claimed []bool // they are a track's
	scan    int32  // its number among all
}

func (p *past) add(scan int32, at truce.Instant, marks []mark) {
	p.scans[p.n%pastScans] = pastScan{at, marks, make([]bool, len(marks)), scan}
	p.n++
}

// reach is for how many scans a beginning may go on: where sensors take turns, more.
func (t *tracker) reach() int32 {
	if t.many() {
		return pastScans - 1
	}
	return maxChain - 1
}

func (p *past) at(scan int32) *pastScan { return &p.scans[scan%pastScans] }

// last is the number of the last scan.
func (p *past) last() int32 { return p.n - 1 }

// begin goes on with the beginnings, makes tracks of the likely ones, drops the unlikely and
// makes new ones.
func (t *tracker) begin() {
	s := &t.starts
	s.missed, s.detected = math.Log(1-t.learnt.detection), math.Log(t.learnt.detection)
	for i := range t.parts {
		t.parts[i].next = t.parts[i].next[:0]
	}
	share(len(s.list), leastTargets, func(part, from, to int) {
		for i := from; i < to; i++ {
			t.extend(&s.list[i], &t.parts[part])
		}
	})
	s.next = s.next[:0]
	for i := range t.parts {
		s.next = append(s.next, t.parts[i].next...)
	}
	t.adopt()
	t.prune()
	t.beginNew()
}

// beginNew begins with each plot that is no track's.
func (t *tracker) beginNew() {
	s, last := &t.starts, t.past.last()
	births := math.Log(t.learnt.births(t.numbers))
	claimed := t.past.at(last).claimed
	for i := range t.marks {
		m := &t.marks[i]
		if claimed[i] || len(s.list) >= maxStarts {
			continue
		}
		if odds := math.Log(m.free) + births; odds >= droppedOdds {
			next := start{odds: odds, n: 1, first: last, tip: link{last, int32(i)}, self: -1, rest: -1, by: t.by}
			next.g = gauss{x: m.x, y: m.y, xx: m.rxx, xy: m.rxy, yy: m.ryy}
			s.settle(&next)
			s.list = append(s.list, next)
		}
	}
}

// settle has the tip of a beginning among the nodes.
func (s *starts) settle(b *start) {
	if b.self < 0 {
		b.self = int32(len(s.nodes))
		s.nodes = append(s.nodes, node{b.tip, b.rest})
	}
}

// tidy leaves out the nodes of beginnings that are no more.
func (s *starts) tidy() {
	if len(s.nodes) < 4*s.tidied+1024 {
		return
	}
	old := s.nodes
	s.nodes = make([]node, 0, len(old)/2)
	var chain [maxChain]link
	for i := range s.list {
		b := &s.list[i]
		b.self = -1
		for _, l := range b.chain(old, &chain) {
			b.self, b.rest = int32(len(s.nodes)), b.self
			s.nodes = append(s.nodes, node{l, b.rest})
		}
	}
	s.tidied = len(s.nodes)
}

// chain are the plots of a beginning, the first first.
func (b *start) chain(nodes []node, out *[maxChain]link) []link {
	out[b.n-1] = b.tip
	for i, at := b.n-2, b.rest; i >= 0; i-- {
		out[i], at = nodes[at].link, nodes[at].rest
	}
	return out[:b.n]
}

// extend adds what may become of a beginning: a branch for each plot that suits, and one for
// none.
func (t *tracker) extend(s *start, p *part) {
	if s.n == 1 { // no velocity yet: what it may be is put in when a second plot comes
		t.second(s, p)
		return
	}
	s.g.predict(t.dt, startNoise)
	var best branchList
	for _, at := range t.around(&s.g, &t.near, p) {
		m := &t.marks[at]
		if v := s.g.see(m); v.dist2 < startGate {
			best.add(at, s.odds+t.starts.detected+math.Log(v.norm*m.free/m.density)-v.dist2/2)
		}
	}
	for _, b := range best.list[:best.n] {
		if b.odds > droppedOdds {
			v := s.g.see(&t.marks[b.mark])
			p.next = append(p.next, *s)
			branch := &p.next[len(p.next)-1]
			branch.g.update(&v)
			branch.by |= t.by
			branch.link(t.past.last(), b.mark, b.odds)
		}
	}
	t.miss(s, p)
}

// miss goes on without a plot.
func (t *tracker) miss(s *start, p *part) {
	if t.by != 0 && s.by&t.by == 0 { // of a sensor that has not seen it yet
		p.next = append(p.next, *s)
		return
	}
	s.odds += t.starts.missed
	if s.missed++; s.missed <= mostMissed && s.odds > droppedOdds && s.n < maxChain {
		p.next = append(p.next, *s)
	}
}

// age is how long ago the only plot of a beginning was measured, s.
func (s *start) age(t *tracker) float64 {
	first := t.past.at(s.tip.scan)
	return t.now.Sub(first.time).Seconds() + first.marks[s.tip.mark].ago
}

// second goes on from one plot to a second, with the spread of velocities that suits the two
// best.
func (t *tracker) second(s *start, p *part) {
	dt := s.age(t)
	widest := s.g.at(speeds[len(speeds)-1].sigma, dt)
	near := t.around(&widest, &t.wide, p)
	if len(near) == 0 {
		t.miss(s, p)
		return
	}
	var from [len(speeds)]gauss
	for i := range speeds {
		from[i] = s.g.at(speeds[i].sigma, dt)
	}
	var best branchList
	for _, at := range near {
		m := &t.marks[at]
		density, round := 0.0, from[0].xx == from[0].yy && m.rxx == m.ryy && from[0].xy+m.rxy+m.ago == 0
		for i := range from {
			if round {
				density += speeds[i].share * from[i].round(m)
			} else {
				density += speeds[i].share * from[i].density(m)
			}
		}
		if odds := s.odds + t.starts.detected + math.Log(density*m.free/m.density); odds > droppedOdds {
			best.add(at, odds)
		}
	}
	for _, b := range best.list[:best.n] {
		p.next = append(p.next, *s)
		branch, m := &p.next[len(p.next)-1], &t.marks[b.mark]
		sum, square := 0.0, 0.0
		for i := range from {
			like := speeds[i].share * from[i].density(m)
			sum += like
			square += like * speeds[i].sigma * speeds[i].sigma
		}
		branch.speed = math.Sqrt(square / sum)
		branch.g = s.g.at(branch.speed, dt)
		v := branch.g.see(m)
		branch.g.update(&v)
		branch.by |= t.by
		branch.link(t.past.last(), b.mark, b.odds)
	}
	t.miss(s, p)
}

// at is where something of which only the place is known may be dt seconds later, with such
// a spread of its velocity.
func (g *gauss) at(speed, dt float64) gauss {
	out := *g
	out.uu, out.ww = speed*speed, speed*speed
	out.predict(dt, startNoise)
	return out
}

// link adds a plot.
func (s *start) link(scan, mark int32, odds float64) {
	s.odds, s.missed = odds, 0
	if s.n < maxChain {
		s.tip, s.rest, s.self = link{scan, mark}, s.self, -1
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

// prune keeps the best few beginnings that end in one plot, and drops those that have a plot
// of a track or began before what is remembered. When there are too many the best go on.
func (t *tracker) prune() {
	s := &t.starts
	keys := s.keys[:0]
	for i := range s.next {
		b := &s.next[i]
		keys = append(keys, startKey{uint64(b.tip.scan)<<32 | uint64(b.tip.mark), b.odds, int32(i)})
	}
	slices.SortFunc(keys, func(a, b startKey) int {
		if a.tip != b.tip {
			return cmp.Compare(a.tip, b.tip)
		}
		return byOdds(a, b)
	})
	kept, same, tip := keys[:0], 0, uint64(math.MaxUint64)
	for _, k := range keys {
		if k.tip != tip {
			tip, same = k.tip, 0
		}
		same++
		if b := &s.next[k.at]; same <= branches && t.past.last()-b.first < t.reach() && !t.claimed(b) {
			kept = append(kept, k)
		}
	}
	if len(kept) > maxStarts/2 {
		slices.SortFunc(kept, byOdds)
		kept = kept[:maxStarts/2]
	}
	s.list = s.list[:0]
	for _, k := range kept {
		s.settle(&s.next[k.at])
		s.list = append(s.list, s.next[k.at])
	}
	s.keys = keys
	s.tidy()
}

// byOdds is the order of the best first.
func byOdds(a, b startKey) int {
	if a.odds != b.odds {
		return cmp.Compare(b.odds, a.odds)
	}
	return cmp.Compare(a.at, b.at)
}

// claimed says whether a plot of a beginning has become a track's.
func (t *tracker) claimed(s *start) bool {
	if t.past.at(s.tip.scan).claimed[s.tip.mark] {
		return true
	}
	for at := s.rest; at >= 0; at = t.starts.nodes[at].rest {
		if l := t.starts.nodes[at]; t.past.at(l.scan).claimed[l.mark] {
			return true
		}
	}
	return false
}

// adopt makes tracks of the beginnings that have the odds, the best first; none that shares
// a plot with a better one, or of those that are not sure the last plot.
func (t *tracker) adopt() {
	sure := t.starts.keys[:0]
	for i := range t.starts.next {
		if s := &t.starts.next[i]; s.odds > takenOdds && s.n >= leastLinks && s.missed == 0 {
			sure = append(sure, startKey{0, s.odds, int32(i)})
		}
	}
	slices.SortFunc(sure, byOdds)
	for _, k := range sure {
		if s := &t.starts.next[k.at]; !t.claimed(s) && len(t.targets)-t.confirmed < maxTrials {
			t.found(s)
		}
	}
	t.starts.keys = sure
}

// found makes a track of a beginning: its plots are gone through again, with all motions.
func (t *tracker) found(s *start) {
	t.born++
	var buf [maxChain]link
	chain := s.chain(t.starts.nodes, &buf)
	m := &t.past.at(s.first).marks[chain[0].mark]
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
	for scan := s.first; scan <= t.past.last(); scan++ {
		p := t.past.at(scan)
		var noise stir
		if scan > s.first {
			dt := p.time.Sub(t.past.at(scan - 1).time).Seconds()
			between := t.habits.transition(dt)
			noise = g.motion.predict(dt, &between)
			g.whole = g.motion.whole()
			g.height.predict(dt)
		}
		g.expect(p.scan, p.time, noise)
		g.found = 0
		if next < s.n && chain[next].scan == scan {
			at := chain[next].mark
			p.claimed[at] = p.claimed[at] || s.odds > sureOdds || scan == t.past.last()
			g.found = 1
			if next > 0 {
				g.certain(&p.marks[at])
			}
			if t.net != nil {
				t.tell(t.net.of(&g), &p.marks[at], 1, p.time)
			}
			if t.cfg.Record {
				g.held = append(g.held, Held{p.marks[at].id, g.exists})
			}
			if scan == t.past.last() {
				p.marks[at].free *= 1 - g.exists
			}
			next++
		}
		g.note()
	}
	if t.net != nil {
		t.net.begun(&g, s.by, t.now)
		g.more.placed = true
	}
	t.targets = append(t.targets, g)
}

// certain takes a plot in that is the track's.
func (g *target) certain(m *mark) {
	for j := range g.motion.is {
		v := g.motion.is[j].see(m)
		g.motion.is[j].update(&v)
		g.motion.chance[j] *= v.density()
		if m.more != nil && m.more.dd > 0 {
			d := g.motion.is[j].seeDoppler(m)
			g.motion.is[j].update(&d)
			g.motion.chance[j] *= d.density()
		}
	}
	g.motion.weigh()
	g.whole = g.motion.whole()
	if m.rz > 0 {
		g.height.take(m.z, m.rz)
	}
}
