package agreement

import (
	"cmp"
	"math"
	"time"
)

// This file holds how near a window has to lie for an incident to count as one that claims
// it. What lies near and is not covered keeps the mark exempt_claimed: an explosion just
// outside the box, a route changed on the day, an overrun. It exempts nothing.

// The default in time: as long again as the window's hours, and never less than an hour nor
// more than a day. Another day is another day.
const (
	leastClaim = time.Hour
	mostClaim  = 24 * time.Hour
)

// The default in place: as far again as the place of the window reaches, and never less
// than a kilometre nor more than ten. A route has a narrow corridor and a change of it is
// wider: ten times its reach to either side, and never less than five kilometres.
const (
	leastClaimM    = 1000.0
	mostClaimM     = 10_000.0
	leastCorridorM = 5000.0
	corridorsAside = 10
	errorsAside    = 2 // sigmas of the incident's own place that always are near
)

// addNearness prepares what is asked of every window: whether any permission speaks of how near
// is near, and the longest time that any does.
func (g *Geometry) addNearness() {
	g.mostClaim = mostClaim
	for i := range g.plans {
		if terms := g.plans[i].Permit; terms != nil {
			g.saysNear = g.saysNear || terms.NearM > 0 || terms.Near > 0
			g.mostClaim = max(g.mostClaim, terms.Near)
		}
	}
}

// nearness is how far beside a window an incident may lie and still claim it: as the
// permissions for its kind say, the widest of them, else the defaults.
type nearness struct {
	metres float64
	time   time.Duration
}

func (l *look) nearnessOf(w *window) nearness {
	var out nearness
	if l.g.saysNear {
		for _, p := range l.permissions(w.Kind) {
			out.metres, out.time = max(out.metres, p.Permit.NearM), max(out.time, p.Permit.Near)
		}
	}
	out.metres = cmp.Or(out.metres, l.g.defaultAside(w))
	out.time = cmp.Or(out.time, min(max(w.claimed().Sub(w.From), leastClaim), mostClaim))
	return out
}

// defaultAside is the default in place for one window, in metres.
func (g *Geometry) defaultAside(w *window) float64 {
	switch b := w.box.(type) {
	case corridorBox:
		return min(max(corridorsAside*float64(b.reach), leastCorridorM), mostClaimM)
	case zoneBox:
		if band, some := b.region.(*bandRegion); some {
			return min(max(band.band.ToM-band.band.FromM, leastClaimM), mostClaimM)
		}
	}
	return min(max(g.radiusOf(w), leastClaimM), mostClaimM)
}

// outsideBy is how far outside the place of a window the incident's point lies, metres; 0
// inside, and infinite where the place has no shape at that time.
func (l *look) outsideBy(b box) float64 {
	p := l.incident.Position.Point
	beside := func(d float64, inside bool) float64 {
		if inside {
			return 0
		}
		return d
	}
	switch b := b.(type) {
	case areaBox:
		return beside(float64(b.BoundaryDistance(p)), b.Contains(p))
	case corridorBox:
		return max(0, float64(l.foot(b.route).Distance-b.reach))
	case zoneBox:
		switch r := b.region.(type) {
		case *drawnRegion:
			return beside(float64(r.BoundaryDistance(p)), r.Contains(p))
		case *bandRegion:
			if e := r.lines.at(l.at, l.known); e != nil {
				return beside(bandEdge(r.along(e.value), l.foot(e.value)))
			}
		}
	}
	return math.Inf(1)
}

// claims says whether an incident lies near enough to a window, in place, to claim it. Its
// own error is never taken for a distance.
func (l *look) claims(n nearness, aside float64) bool {
	l.spread(0)
	return aside <= max(n.metres, errorsAside*l.near.sigma+l.near.half)
}
