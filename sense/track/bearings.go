package track

import (
	"math"
)

// hum is how many bearings of nothing a sensor has in each direction: by sectors, each as far
// as its own count is worth more than that of all.
type hum struct {
	sectors [humSectors]float64
	scans   float64
}

const (
	humSectors = 36
	humTrust   = 10.0 // scans for which all sectors count as much as one's own
	humWidth   = 2 * math.Pi / humSectors
	// mostUnbacked is the existence to which the bearings of one sensor bring a track: along a
	// bearing anything may lie.
	mostUnbacked = .9
)

// sector is that of a direction.
func sector(azimuth float64) int {
	turn := azimuth / (2 * math.Pi)
	return min(int((turn-math.Floor(turn))*humSectors), humSectors-1)
}

// begin makes a new scan count.
func (h *hum) begin() {
	for i := range h.sectors {
		h.sectors[i] *= forget
	}
	h.scans = h.scans*forget + 1
}

// at is the density of bearings of nothing in a direction, per radian and scan.
func (h *hum) at(azimuth float64) float64 {
	return (h.sectors[sector(azimuth)] + humTrust*humWidth*h.mean()) / (h.scans + humTrust) / humWidth
}

// mean is that density over all directions.
func (h *hum) mean() float64 {
	all := 1.0
	for _, n := range h.sectors {
		all += n
	}
	return all / (2 * math.Pi * max(1, h.scans))
}

// workBearings takes a scan of bearings in: they move and narrow the tracks that there are, and
// where they cross others begin. Of tracks that sensors of places have seen silence says nothing,
// since what hears and what does not is seldom known.
func (t *tracker) workBearings() {
	s := &t.net.list[t.net.now]
	t.predict()
	for i := range t.starts.list { // they are followed from place to place
		if b := &t.starts.list[i]; b.n > 1 {
			b.g.predict(t.dt, startNoise)
		}
	}
	for i := range t.marks {
		t.marks[i].density = s.hum.at(t.marks[i].more.azimuth)
	}
	t.deal.edges, t.deal.from = t.deal.edges[:0], t.deal.from[:0]
	for i := range t.targets {
		t.deal.from = append(t.deal.from, int32(len(t.deal.edges)))
		t.bearingsOf(int32(i))
	}
	t.deal.from = append(t.deal.from, int32(len(t.deal.edges)))
	t.deal.solve(len(t.targets), len(t.marks))
	t.rivals()
	for i := range t.targets {
		t.hear(&t.targets[i], t.deal.of(int32(i)))
	}
	t.cross()
	s.hum.begin()
	for i := range t.marks {
		s.hum.sectors[sector(t.marks[i].more.azimuth)] += t.marks[i].free
	}
	t.end()
	t.learnt.settle(t.cfg)
}

// rivals notes the bearings that may be of more than one track: whose they are is never sure
// enough to learn from.
func (t *tracker) rivals() {
	for i := range t.deal.edges {
		m := &t.marks[t.deal.edges[i].mark]
		m.more.rivals++
	}
}

// bearingsOf finds the bearings that may be a track's, with their odds.
func (t *tracker) bearingsOf(i int32) {
	g := &t.targets[i]
	d := t.detects(g)
	hit := g.exists * d / (1 - g.exists*d)
	for at := range t.marks {
		m := &t.marks[at]
		e := edge{target: i, mark: int32(at)}
		near := false
		for j := range g.motion.is {
			v := g.motion.is[j].seeBearing(m)
			e.like[j] = v.density()
			e.density += g.motion.chance[j] * e.like[j]
			near = near || v.dist2 < gate*gate
		}
		e.weight = hit * e.density / m.density
		if m.more.identity.Value != "" && g.more != nil {
			e.weight *= g.more.names.odds(m.more.identity)
		}
		if near && e.weight > leastEdgeChange {
			t.deal.edges = append(t.deal.edges, e)
		}
	}
}

// hear updates a track by bearings.
func (t *tracker) hear(g *target, edges []edge) {
	was, d := g.exists, t.detects(g)
	for i := range edges {
		g.found += edges[i].chance
		m := &t.marks[edges[i].mark]
		m.free = max(0, m.free-edges[i].chance)
	}
	told := g.found + (1-g.found)*was*(1-d)/(1-was*d)
	t.hold(g, edges)
	if t.visible(g) {
		t.learnt.plots(g, was)
	}
	if g.found > 0 {
		g.exists = max(was, told)
		t.take(g, edges)
	}
	t.saw(g, edges, was, d)
	switch placed, backed := t.net.of(g).placed, t.backed(g); {
	case placed && backed: // silence of what hears costs nothing where others see
		g.exists = max(was, told)
	case placed:
		g.exists = max(was, min(told, mostUnbacked))
	case backed:
		g.exists = told
	default:
		g.exists = min(was, told)
	}
	g.note()
}
