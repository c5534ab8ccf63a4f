package locate

import (
	"cmp"
	"math"
	"slices"

	"github.com/trucewatch/truce/geo"
)

// Regions says of which events the region is worked out that holds their place.
type Regions uint8

// The choices.
const (
	NoRegions Regions = iota
	// RegionsWhereBent are of the events whose place is not an ellipse.
	RegionsWhereBent
	RegionsOfAll
)

// Region is where an event was, without the assumption that its error is an ellipse: the parts
// of the plane where its place is likeliest, with 50 and 90 %.
type Region struct {
	// IsEllipse says that the event's ellipse tells the same: it holds between 40 and 60 % of
	// the posterior where it should hold 50, and between 85 and 95 where it should hold 90.
	IsEllipse              bool
	InEllipse50, InEllipse float64 // what the ellipses of 50 and 90 % hold

	Half, Ninety []geo.Polygon // the smallest regions that hold 50 and 90 %
	Lobes        []Lobe        // the parts of Ninety, in its order: the likeliest first
	// Open says that the place is told towards one side only: at the bound up to which events
	// are looked for the region is cut.
	Open bool

	// Mean and Error are those of the whole posterior: what an ellipse had to be.
	Mean  geo.Point
	Error geo.Covariance
}

// Lobe is a part of a region that has no connection with the others.
type Lobe struct {
	Share      float64 // of the posterior, 0 to .9 in all
	Mode, Mean geo.Point
}

const (
	// leastLobe is what a part holds at least that is told of, of the posterior.
	leastLobe = .005
	// openRim is how much of the posterior may lie along the bound of a region that is closed.
	openRim = .01
	rimPart = .9
	// simple is how far a ring's points may lie off the line that is kept, of its lattice's step.
	simple = .1
)

// An ellipse is the region's equal within these.
const (
	least50, most50 = .40, .60
	least90, most90 = .85, .95
)

// region works out where an event was, nil when it was asked for only where that is no ellipse
// and it is one.
func (w *worker) region(h *hypothesis, e *Event, which Regions) *Region {
	p := w.posterior(h)
	if which == RegionsWhereBent && p.plain(h, e) {
		return nil
	}
	t := p.grow(h.x, h.y, 2*w.reach)
	r := &Region{}
	r.InEllipse50, r.InEllipse = t.inEllipse(h, .5), t.inEllipse(h, .9)
	r.IsEllipse = r.InEllipse50 >= least50 && r.InEllipse50 <= most50 && r.InEllipse >= least90 && r.InEllipse <= most90
	if which == RegionsWhereBent && r.IsEllipse {
		return nil
	}
	order := t.byDensity()
	r.Open = t.atRim() > openRim
	var lobes []lobe
	r.Ninety, lobes = t.polygons(order, .9)
	r.Half, _ = t.polygons(order, .5)
	for _, l := range lobes {
		r.Lobes = append(r.Lobes, Lobe{l.mass / t.mass, w.net.point(l.mode), w.net.point(spot{l.x / l.mass, l.y / l.mass})})
	}
	r.moments(t)
	return r
}

func (n *network) point(s spot) geo.Point { return n.plane.From(geo.Metres(s.x), geo.Metres(s.y)) }

// moments are the mean and the covariance of the whole posterior.
func (r *Region) moments(t *tree) {
	var x, y, ee, en, nn float64
	each := func(do func(l *leaf, share float64)) {
		for i := range t.leaves {
			if l := &t.leaves[i]; l.child == 0 {
				do(l, t.held(l)/t.mass)
			}
		}
	}
	each(func(l *leaf, share float64) { x, y = x+share*l.x, y+share*l.y })
	each(func(l *leaf, share float64) {
		within := l.half * l.half / 3
		ee += share * ((l.x-x)*(l.x-x) + within)
		en += share * (l.x - x) * (l.y - y)
		nn += share * ((l.y-y)*(l.y-y) + within)
	})
	r.Mean, r.Error = t.p.w.net.point(spot{x, y}), geo.Covariance{EE: ee, EN: en, NN: nn}
}

// inEllipse is the share of the posterior in the ellipse that should hold so much.
func (t *tree) inEllipse(h *hypothesis, share float64) float64 {
	const across = 4 // points of a leaf that are asked
	limit := -2 * math.Log(1-share)
	sum := 0.0
	for i := range t.leaves {
		l := &t.leaves[i]
		if l.child != 0 {
			continue
		}
		in := 0
		for k := range across * across {
			x := l.x + l.half*(float64(2*(k%across)+1)/across-1)
			y := l.y + l.half*(float64(2*(k/across)+1)/across-1)
			if h.apart(x, y) <= limit {
				in++
			}
		}
		sum += t.held(l) * float64(in) / (across * across)
	}
	return sum / t.mass
}

// apart is how far a place is from an event's by its covariance, in sigmas, squared.
func (h *hypothesis) apart(x, y float64) float64 {
	a, b, d := h.cov[atX][atX], h.cov[atX][atY], h.cov[atY][atY]
	dx, dy := x-h.x, y-h.y
	return (d*dx*dx - 2*b*dx*dy + a*dy*dy) / (a*d - b*b)
}

// lobe is a part of a region with the sums over its leaves.
type lobe struct {
	rings      [][]spot // the first around it, the others around its holes
	mass, x, y float64
	mode       spot
}

// polygons are the smallest region that holds a share of the posterior.
func (t *tree) polygons(order []int32, share float64) ([]geo.Polygon, []lobe) {
	level := t.threshold(order, share)
	step := t.side(order, level)
	var lobes []lobe
	var holes [][]spot
	for _, ring := range t.contours(order, level, step) {
		ring = simpler(ring, simple*step)
		switch area := turned(ring); {
		case len(ring) < 4 || area == 0:
		case area > 0:
			lobes = append(lobes, lobe{rings: [][]spot{ring}})
		default:
			holes = append(holes, ring)
		}
	}
	for _, i := range order {
		l := &t.leaves[i]
		if l.log < level {
			break
		}
		if in := around(lobes, l.x, l.y); in >= 0 {
			m, held := &lobes[in], t.held(l)
			if m.mass == 0 {
				m.mode = spot{l.x, l.y}
			}
			m.mass, m.x, m.y = m.mass+held, m.x+held*l.x, m.y+held*l.y
		}
	}
	for _, hole := range holes {
		if in := around(lobes, hole[0].x, hole[0].y); in >= 0 {
			lobes[in].rings = append(lobes[in].rings, hole)
		}
	}
	lobes = slices.DeleteFunc(lobes, func(l lobe) bool { return l.mass < leastLobe*t.mass })
	slices.SortStableFunc(lobes, func(a, b lobe) int { return cmp.Compare(b.mass, a.mass) })
	out := make([]geo.Polygon, len(lobes))
	for i, l := range lobes {
		for _, ring := range l.rings {
			out[i] = append(out[i], t.ring(ring))
		}
	}
	return out, lobes
}

// around is the innermost lobe around a place, -1: none.
func around(lobes []lobe, x, y float64) int {
	best, least := -1, math.Inf(1)
	for i := range lobes {
		if area := turned(lobes[i].rings[0]); area < least && encloses(lobes[i].rings[0], x, y) {
			best, least = i, area
		}
	}
	return best
}

func (t *tree) ring(spots []spot) geo.Ring {
	out := make(geo.Ring, len(spots))
	for i, s := range spots {
		out[i] = t.p.w.net.point(s)
	}
	out[len(out)-1] = out[0]
	return out
}

// plain says by a look at a few places that an event's place is an ellipse: many arrivals all
// around it; or the density falls off as the ellipse says all around, and no other place explains
// the arrivals.
func (p *posterior) plain(h *hypothesis, e *Event) bool {
	if len(h.members) >= plainArrivals && p.gap(h) < plainGap {
		return true
	}
	middle, _, _ := p.density(h.x, h.y, 0)
	major, minor, strike := float64(e.Ellipse.Major), float64(e.Ellipse.Minor), float64(e.Ellipse.Strike)*math.Pi/180
	sin, cos := math.Sincos(strike)
	for k := range plainWays {
		s, c := math.Sincos(2 * math.Pi * float64(k) / plainWays)
		along, across := plainSigmas*major*c, plainSigmas*minor*s
		log, _, _ := p.density(h.x+along*sin-across*cos, h.y+along*cos+across*sin, 0)
		if math.Abs(middle-log-plainSigmas*plainSigmas/2) > plainOff {
			return false
		}
	}
	return !p.elsewhere(h, middle)
}

// What is plain at a look, and how closely it is looked at.
const (
	plainArrivals = 8
	plainGap      = 150 // degrees
	plainWays     = 12
	plainSigmas   = 2.0
	plainOff      = .5 // of the logarithm of the density
	elsewhereWays = 8
	elsewhereLog  = 7.0 // less likely than the event's place by this is nowhere
	elsewhereFar  = 16  // sigmas, squared, that make a place another
)

// gap is the widest angle around an event without a sensor that heard it, degrees.
func (p *posterior) gap(h *hypothesis) float64 {
	var turns []float64
	for i := range p.picks {
		turns = append(turns, math.Atan2(p.picks[i].x-h.x, p.picks[i].y-h.y))
	}
	slices.Sort(turns)
	gap := turns[0] + 2*math.Pi - turns[len(turns)-1]
	for i := 1; i < len(turns); i++ {
		gap = max(gap, turns[i]-turns[i-1])
	}
	return gap * 180 / math.Pi
}

// elsewhere says whether a fit that begins on another side of the sensors ends at another
// place that explains the arrivals about as well.
func (p *posterior) elsewhere(h *hypothesis, middle float64) bool {
	var x, y float64
	for i := range p.picks {
		x, y = x+p.picks[i].x/float64(len(p.picks)), y+p.picks[i].y/float64(len(p.picks))
	}
	off := hypot(h.x-x, h.y-y)
	for k := range elsewhereWays {
		s, c := math.Sincos(2 * math.Pi * float64(k) / elsewhereWays)
		from := estimate{place: h.place}
		from.x, from.y = x+off*s, y+off*c
		if _, ok := p.w.fit(&from, h.members, h.sure); !ok || h.apart(from.x, from.y) < elsewhereFar {
			continue
		}
		if log, _, _ := p.density(from.x, from.y, 0); log > middle-elsewhereLog {
			return true
		}
	}
	return false
}
