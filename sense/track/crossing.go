package track

import (
	"cmp"
	"math"
	"slices"

	"github.com/trucewatch/truce"
)

// crossing is a beginning of bearings alone: where two of different sensors cross, followed
// from bearing to bearing with the odds that they are of one object against that each is of
// nothing. Of n objects two sensors make n squared crossings: those that no third sensor backs,
// or whose bearings others explain better, stay behind and are dropped.
type crossing struct {
	g     gauss
	odds  float64 // logarithm
	tip   *echo   // its last bearing, and those before
	n     int32   // bearings
	sight [MaxSensors]float32
	heard truce.Instant // its last bearing
}

// echo is a bearing of a crossing. It never changes: copies of a tracker share it.
type echo struct {
	link   // the scan, and the bearing in it
	sensor int32
	id     string
	before *echo
}

// lastHeard are the free bearings of the last scan of a sensor.
type lastHeard struct {
	time  truce.Instant
	scan  int32
	marks []mark
}

// crossings are the beginnings of bearings alone.
type crossings struct {
	list, next []crossing
	last       []lastHeard // by sensor
	at         truce.Instant
}

const (
	// leastAngle is the angle under which bearings must cross: below it the place along them
	// is worse than four times that across.
	leastAngle = 15 * math.Pi / 180
	// crossWithin is how long before a bearing another may have come that it is crossed with, s.
	crossWithin = 3.0
	// crossSpeed is what an object may go that was heard twice, one sigma each axis in m/s.
	crossSpeed = 25.0
	// objectsPerArea is how many objects a square metre has that nobody follows yet: one in a
	// thousand square kilometres.
	objectsPerArea = 1e-9
	// A crossing becomes a track on trial, of the existence crossedExistence, with leastEchoes
	// bearings, crossedOdds and an error below crossedSigma, m, if it is rivalOdds ahead of all that
	// have one of its last rivalEchoes bearings elsewhere.
	leastEchoes      = 12
	crossedOdds      = 4
	crossedSigma     = 200
	crossedExistence = .2
	rivalOdds        = 3
	rivalEchoes      = 4
	// nearSight is the chance that a sensor hears what a farther one hears, when a crossing
	// begins, and dueSight the least of it for a track of bearings alone.
	nearSight = .98
	dueSight  = .9
	// trialSeconds is how long a track of bearings alone is on trial at least.
	trialSeconds = 40.0
	// mostUnfollowed is how many bearings a scan may have that are of no track, on average, for tracks
	// to begin.
	mostUnfollowed = 6.0
	// throngWidth is how far to each side other bearings are counted.
	throngWidth = 15 * math.Pi / 180
	// crossGate is how far off a bearing may lie, squared sigmas.
	crossGate = 12
	// crossSilence is how long a crossing may be without a bearing, s.
	crossSilence = 4.0
	// crossAlike last bearings in common make two crossings one.
	crossAlike = 2
)

// cross goes on with the crossings, makes tracks of the likely ones and makes new ones.
func (t *tracker) cross() {
	c, n := &t.net.crossings, t.net
	for len(c.last) < len(n.list) {
		c.last = append(c.last, lastHeard{})
	}
	if n.arrays() > 1 && len(t.marks) <= maxCrossed {
		t.throng()
		t.echoes()
		t.settleCrossings()
		t.crossNew()
	}
	c.last[n.now] = lastHeard{t.now, t.scans, t.marks}
}

// throng has each bearing know how many others there are of what nobody follows yet: those too
// make crossings of nothing.
func (t *tracker) throng() {
	usual := t.net.list[t.net.now].hum.mean()
	for i := range t.marks {
		m := &t.marks[i]
		all, near := 0.0, 0.0
		for k := range t.marks {
			if o := &t.marks[k]; k != i {
				all += o.free
				if math.Abs(math.Remainder(o.more.azimuth-m.more.azimuth, 2*math.Pi)) < throngWidth {
					near += o.free
				}
			}
		}
		m.density = max(usual, all/(2*math.Pi), near/(2*throngWidth))
	}
}

// arrays is how many sensors give bearings alone.
func (n *network) arrays() (arrays int) {
	for i := range n.list {
		if n.list[i].kind == kindBearings {
			arrays++
		}
	}
	return arrays
}

// echoes goes on with each crossing: a branch for each bearing that suits, and one for none.
func (t *tracker) echoes() {
	c := &t.net.crossings
	dt := t.now.Sub(c.at).Seconds()
	c.at, c.next = t.now, c.next[:0]
	for i := range c.list {
		s := &c.list[i]
		if dt > 0 {
			s.g.predict(dt, startNoise)
		}
		t.echo(s)
	}
	c.list, c.next = c.next, c.list
}

// echo goes on with one crossing.
func (t *tracker) echo(s *crossing) {
	c, now := &t.net.crossings, t.net.now
	sight := float64(s.sight[now])
	d := t.learnt.detection * sight
	for k := range t.marks {
		m := &t.marks[k]
		if m.free < leastFree {
			continue
		}
		v := s.g.seeBearing(m)
		odds := s.odds + math.Log(d*v.norm*m.free/m.density) - v.dist2/2
		if v.dist2 >= crossGate || odds < droppedOdds || s.n == maxEchoes {
			continue
		}
		branch := *s
		branch.g.update(&v)
		branch.odds, branch.n, branch.heard = odds, s.n+1, t.now
		branch.sight[now] = 1
		branch.tip = &echo{link{t.scans, int32(k)}, now, m.id, s.tip}
		c.next = append(c.next, branch)
	}
	s.odds += math.Log1p(-d)
	s.sight[now] = float32(sight * (1 - t.learnt.detection) / (1 - d))
	if s.odds > droppedOdds && t.now.Sub(s.heard).Seconds() < crossSilence {
		c.next = append(c.next, *s)
	}
}

// settleCrossings makes tracks of the crossings that are ahead of all their rivals, and drops
// those that are much as a better one.
func (t *tracker) settleCrossings() {
	c := &t.net.crossings
	slices.SortStableFunc(c.list, func(a, b crossing) int { return cmp.Compare(b.odds, a.odds) })
	kept := c.next[:0]
	for i := range c.list {
		if s := &c.list[i]; len(kept) < maxCrossings && !alikeOne(kept, s) {
			kept = append(kept, *s)
		}
	}
	c.list, c.next = kept, c.list
	if t.net.thronged() {
		return
	}
	for i := 0; i < len(c.list); {
		s := &c.list[i]
		if !(s.odds > crossedOdds && s.n >= leastEchoes && s.g.sigma() < crossedSigma && s.heard == t.now) || t.rivalled(s) || len(t.targets)-t.confirmed >= maxTrials {
			i++
			continue
		}
		one := *s
		t.foundCrossing(&one)
		c.list = slices.DeleteFunc(c.list, func(o crossing) bool { return o.shares(&one, math.MaxInt32) })
	}
}

// thronged says whether a sensor hears so much that nobody follows that most crossings are ghosts.
func (n *network) thronged() bool {
	for i := range n.list {
		if s := &n.list[i]; s.kind == kindBearings && s.hum.mean()*2*math.Pi > mostUnfollowed {
			return true
		}
	}
	return false
}

// alikeOne says whether one of a list is of the same object.
func alikeOne(list []crossing, s *crossing) bool {
	for i := range list {
		if s.like(&list[i]) {
			return true
		}
	}
	return false
}

// like says whether two crossings are of one object: the same last bearings, or the same
// last one and about the same place and motion.
func (s *crossing) like(o *crossing) bool {
	a, b := s.tip, o.tip
	for i := range crossAlike {
		if a == nil || b == nil || a.link != b.link {
			return i > 0 && s.beside(o, 1)
		}
		a, b = a.before, b.before
	}
	return true
}

// beside says whether two crossings lie within so many sigmas of each other.
func (s *crossing) beside(o *crossing, sigmas float64) bool {
	dx, dy, du, dw := s.g.x-o.g.x, s.g.y-o.g.y, s.g.u-o.g.u, s.g.w-o.g.w
	sum := gauss{xx: s.g.xx + o.g.xx, xy: s.g.xy + o.g.xy, yy: s.g.yy + o.g.yy}
	det := sum.xx*sum.yy - sum.xy*sum.xy
	place := (sum.yy*dx*dx - 2*sum.xy*dx*dy + sum.xx*dy*dy) / det
	return place < sigmas*sigmas && du*du+dw*dw < sigmas*sigmas*(s.g.uu+s.g.ww+o.g.uu+o.g.ww)
}

// shares says whether two crossings have one of the last so many bearings of each in common.
func (s *crossing) shares(o *crossing, last int) bool {
	a, b := s.tip, o.tip
	for i, j := 0, 0; a != nil && b != nil && i < last && j < last; {
		switch {
		case a.link == b.link:
			return true
		case a.scan > b.scan || a.scan == b.scan && a.mark > b.mark:
			a, i = a.before, i+1
		default:
			b, j = b.before, j+1
		}
	}
	return false
}

// rivalled says whether a crossing elsewhere explains some of the same bearings nearly as well.
func (t *tracker) rivalled(s *crossing) bool {
	list := t.net.crossings.list
	for i := range list { // the likeliest first
		if list[i].odds <= s.odds-rivalOdds {
			return false
		}
		if list[i].shares(s, rivalEchoes) && !s.beside(&list[i], gate) {
			return true
		}
	}
	return false
}

// crossNew crosses the free bearings of this scan with those of the other sensors.
func (t *tracker) crossNew() {
	c := &t.net.crossings
	covered := map[[3]int32]bool{}
	for i := range c.list {
		c.list[i].cover(t.scans, covered)
	}
	for j := range c.last {
		l := &c.last[j]
		if int32(j) == t.net.now || t.now.Sub(l.time).Seconds() > crossWithin {
			continue
		}
		for a := range t.marks {
			for b := range l.marks {
				if len(c.list) >= 2*maxCrossings || covered[[3]int32{int32(a), l.scan, int32(b)}] {
					continue
				}
				if next, ok := t.crossed(&t.marks[a], l, int32(b)); ok {
					next.tip = &echo{link{t.scans, int32(a)}, t.net.now, t.marks[a].id, &echo{link{l.scan, int32(b)}, int32(j), l.marks[b].id, nil}}
					t.sights(&next, int32(j))
					c.list = append(c.list, next)
				}
			}
		}
	}
}

// sights says which sensors should hear what is at a crossing: those that are nearer than one that
// did, and perhaps others.
func (t *tracker) sights(s *crossing, other int32) {
	n := t.net
	away := func(i int32) float64 { return math.Hypot(s.g.x-n.list[i].x, s.g.y-n.list[i].y) }
	farthest := max(away(other), away(n.now))
	for i := range n.list {
		s.sight[i] = firstSight
		if n.list[i].kind == kindBearings && n.list[i].means == n.list[n.now].means && away(int32(i)) < farthest {
			s.sight[i] = nearSight
		}
	}
	s.sight[other], s.sight[n.now] = 1, 1
}

// cover notes which pairs of a bearing of this scan and one before a crossing already has.
func (s *crossing) cover(scan int32, covered map[[3]int32]bool) {
	if s.tip.scan != scan {
		return
	}
	for e, i := s.tip.before, 0; e != nil && i < MaxSensors; e, i = e.before, i+1 {
		covered[[3]int32{s.tip.mark, e.scan, e.mark}] = true
	}
}

// reachOf is how far a bearing tells of an object.
func (m *mark) reachOf() float64 {
	if m.more.sound {
		return mostHeard
	}
	return mostSighted
}

// crossed is what the crossing of a bearing with one of before tells.
func (t *tracker) crossed(m *mark, l *lastHeard, at int32) (s crossing, ok bool) {
	o := l.marks[at]
	if m.free < leastFree || o.free < leastFree {
		return s, false
	}
	o.ago += t.now.Sub(l.time).Seconds()
	e, f := m.more, o.more
	sin, cos := math.Sincos(e.azimuth)
	sin2, cos2 := math.Sincos(f.azimuth)
	angle := sin*cos2 - cos*sin2
	if math.Abs(angle) < math.Sin(leastAngle) {
		return s, false
	}
	dx, dy := f.sx-e.sx, f.sy-e.sy
	away, away2 := (dx*cos2-dy*sin2)/angle, (dx*cos-dy*sin)/angle
	if !(away > 1 && away2 > 1 && away < m.reachOf() && away2 < o.reachOf()) {
		return s, false
	}
	s.g = gauss{x: e.sx + away*sin, y: e.sy + away*cos}
	if !s.g.fromTwo(m, &o) || s.g.sigma() > mostCrossing {
		return s, false
	}
	s.heard, s.n = t.now, 2
	d := t.learnt.detection
	near := (1 - away/m.reachOf()) * (1 - away2/o.reachOf()) // fewer hear what is farther
	s.odds = math.Log(near * objectsPerArea * away * away2 / math.Abs(angle) * d * d * m.free * o.free / (m.density * o.density))
	return s, s.odds > droppedOdds
}

// fromTwo gives a place its covariance by two bearings that cross there, of an object that
// moves as objects do: it was elsewhere when it was heard.
func (g *gauss) fromTwo(m, o *mark) bool {
	p, q := g.point(m), g.point(o)
	det := p.hx*q.hy - p.hy*q.hx
	if det == 0 {
		return false
	}
	// place = inverse * (bearings - what velocity and errors add to them)
	ax, bx, ay, by := q.hy/det, -p.hy/det, -q.hx/det, p.hx/det
	xu, xw := -(ax*p.hu + bx*q.hu), -(ax*p.hw + bx*q.hw)
	yu, yw := -(ay*p.hu + by*q.hu), -(ay*p.hw + by*q.hw)
	const v = crossSpeed * crossSpeed
	g.uu, g.ww = v, v
	g.xu, g.xw, g.yu, g.yw = xu*v, xw*v, yu*v, yw*v
	g.xx = ax*ax*m.more.aa + bx*bx*o.more.aa + v*(xu*xu+xw*xw)
	g.xy = ax*ay*m.more.aa + bx*by*o.more.aa + v*(xu*yu+xw*yw)
	g.yy = ay*ay*m.more.aa + by*by*o.more.aa + v*(yu*yu+yw*yw)
	return g.xx > 0 && g.yy > 0
}

// foundCrossing makes a track of a crossing. Its bearings are no other's.
func (t *tracker) foundCrossing(s *crossing) {
	t.born++
	g := target{born: t.born, motion: newMotion(&s.g), exists: crossedExistence, whole: s.g, found: 1}
	x := t.net.of(&g)
	var chain []*echo
	by := uint64(0)
	for e := s.tip; e != nil; e = e.before {
		chain = append(chain, e)
		by |= 1 << e.sensor
		l := &t.net.crossings.last[e.sensor]
		switch {
		case e.scan == t.scans:
			t.marks[e.mark].free *= 1 - g.exists
		case e.scan == l.scan:
			l.marks[e.mark].free *= 1 - g.exists
		}
	}
	t.net.begun(&g, by, t.now)
	for i := range x.sight {
		x.sight[i] = float64(s.sight[i])
		if by&(1<<i) != 0 {
			x.heard[i] = t.now
		}
	}
	if t.cfg.Record {
		slices.Reverse(chain)
		for _, e := range chain {
			g.held = append(g.held, Held{e.id, g.exists})
		}
	}
	g.expect(t.scans, t.now, stir{})
	g.note()
	t.targets = append(t.targets, g)
}

// backed says whether two sensors heard a track lately under a good angle.
func (t *tracker) backed(g *target) bool {
	n := t.net
	x := n.of(g)
	var away [MaxSensors][2]float64
	for i := range n.list {
		s := &n.list[i]
		if s.kind != kindBearings || x.heard[i] == 0 || t.now.Sub(x.heard[i]).Seconds() > longAgo*max(s.every, 1) {
			continue
		}
		dx, dy := g.whole.x-s.x, g.whole.y-s.y
		r := max(math.Hypot(dx, dy), 1)
		away[i] = [2]float64{dx / r, dy / r}
		for j := range i {
			if math.Abs(away[i][0]*away[j][1]-away[i][1]*away[j][0]) > math.Sin(leastAngle) && away[j] != [2]float64{} {
				return true
			}
		}
	}
	return false
}

// due is the least chance with which the sensor at work should hear a track of bearings alone:
// what a farther one heard lately.
func (t *tracker) due(g *target) float64 {
	n := t.net
	x, s := n.of(g), &n.list[n.now]
	if s.kind != kindBearings || x.placed {
		return 0
	}
	away := math.Hypot(g.whole.x-s.x, g.whole.y-s.y)
	for i := range n.list {
		o := &n.list[i]
		if o.kind == kindBearings && o.means == s.means && x.heard[i] != 0 && t.now.Sub(x.heard[i]).Seconds() < longAgo*max(o.every, 1) &&
			math.Hypot(g.whole.x-o.x, g.whole.y-o.y) > away {
			return dueSight
		}
	}
	return 0
}

// proven says whether a track was on trial long enough: what bearings alone began may be a ghost,
// and those are seldom that old.
func (t *tracker) proven(g *target) bool {
	return t.net == nil || t.net.of(g).placed || t.now.Sub(g.steps[0].time).Seconds() >= trialSeconds
}

// clone is a copy that goes its own way.
func (c *crossings) clone() crossings {
	out := crossings{list: slices.Clone(c.list), last: slices.Clone(c.last), at: c.at}
	for i := range out.last {
		out.last[i].marks = slices.Clone(out.last[i].marks)
	}
	return out
}
