package movement

import (
	"cmp"
	"math"
	"slices"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/sense/track"
)

// An error is taken as lasting through a passage: that of a smoothed track changes slowly.
// So each sampled error, times the sigma of the moment, is one path the object may have
// gone, and what share of them was inside is the chance.

// far is how many sigmas from a boundary no sampled path reaches it.
const far = 4

// region is what a path may be inside of.
type region interface {
	// edge is how far the boundary is, metres, or 0 where it has to be looked at.
	edge(p geo.Point) float64
	// in says whether a sampled place is inside; was says whether it was so a step ago.
	in(p geo.Point, high float64, at *moved, was bool) bool
	// stride is the share of the i-th leg to step on at f, where the edge is near.
	stride(p *path, i int, f float64) float64
}

// moved is a moment of a path in the plane of its leg.
type moved struct {
	x, y, sigma, high float64
	step              float64 // metres moved since the look before, skips left out
	first             bool
}

// zoneRegion is inside a zone.
type zoneRegion struct {
	zone    Zone
	path    *path
	unknown bool
}

func (r *zoneRegion) edge(p geo.Point) float64 {
	if r.zone.Band != nil && r.zone.Area.Contains(p) {
		return 0
	}
	return float64(r.zone.Area.BoundaryDistance(p))
}

func (r *zoneRegion) stride(p *path, i int, f float64) float64 { return p.legs[i].stride(f) }

func (r *zoneRegion) in(p geo.Point, high float64, _ *moved, _ bool) bool {
	if !r.zone.Area.Contains(p) {
		return false
	}
	b := r.zone.Band
	if b == nil {
		return true
	}
	if math.IsNaN(high) {
		r.unknown = true
		return true
	}
	return high >= float64(b.Floor) && high <= float64(b.Ceiling)
}

// lineRegion is the other side of a line.
type lineRegion struct {
	line *geo.Line
	home geo.Side
}

func (r *lineRegion) edge(p geo.Point) float64 { return float64(r.line.DistanceTo(p)) }

func (r *lineRegion) stride(p *path, i int, f float64) float64 { return p.legs[i].stride(f) }

// in changes only where the line itself is near: beyond its ends there is nothing to cross.
func (r *lineRegion) in(p geo.Point, _ float64, at *moved, was bool) bool {
	side := r.line.SideOf(p)
	inside := side != geo.On && side != r.home
	if at.first || inside == was {
		return inside
	}
	if float64(r.line.DistanceTo(p)) > 2*at.step+at.sigma+1 {
		return was
	}
	return inside
}

// run is a stretch that one sampled path was inside, s since the first state.
type run struct {
	draw       int32
	begun      bool // inside from the track's beginning
	ended      bool // until its end
	start, end float64
}

// share is the share of sampled paths inside from a time on.
type share struct{ t, in float64 }

// passage is one stay.
type passage struct {
	chance, already, still float64
	entry, exit            truce.PhenomenonTime
}

// walker follows all sampled paths at once.
type walker struct {
	*path
	region region
	inside [draws]bool
	since  [draws]float64
	begun  [draws]bool
	t      float64 // now, s since the first state
	last   float64
	runs   []run
	shares []share
}

// passages are the stays of the path in a region.
func (p *path) passages(r region) []passage {
	w := walker{path: p, region: r}
	for i := range p.legs {
		w.leg(i)
	}
	for d, in := range w.inside {
		if in {
			w.runs = append(w.runs, run{draw: int32(d), begun: w.begun[d], ended: true, start: w.since[d], end: w.t})
		}
	}
	return w.gather(w.cuts())
}

// leg walks from one state to the next, in steps of half a sigma, longer far from the edge.
func (w *walker) leg(i int) {
	l := &w.legs[i]
	if i == 0 {
		w.look(i, 0, 0)
	}
	for f := 0.0; f < 1; {
		step := w.region.stride(w.path, i, f)
		f = min(1, f+step+w.clear(l, f))
		w.look(i, f, step)
	}
}

// stride is the share of a leg that a step takes.
func (l *leg) stride(f float64) float64 {
	_, _, sigma := l.at(f)
	return max(1.0/maxSteps, max(1, sigma/2)/(l.fastest*l.span))
}

// clear is the share of a leg that may be skipped, since no edge is near.
func (w *walker) clear(l *leg, f float64) float64 {
	x, y, _ := l.at(f)
	free := w.region.edge(l.plane.From(geo.Metres(x), geo.Metres(y))) - far*l.widest()
	return max(0, free) / (l.fastest * l.span)
}

// look says of every sampled path whether it is inside at a moment; where no edge is near
// all stay what they were.
func (w *walker) look(i int, f, step float64) {
	l := &w.legs[i]
	x, y, sigma := l.at(f)
	first := i == 0 && f == 0
	w.t = l.from + f*l.span
	if first || w.region.edge(l.plane.From(geo.Metres(x), geo.Metres(y))) <= far*l.widest() {
		w.all(l, moved{x: x, y: y, sigma: sigma, high: w.high(i, f), step: step * l.fastest * l.span, first: first})
	}
	count := 0
	for _, in := range w.inside {
		if in {
			count++
		}
	}
	w.shares = append(w.shares, share{w.t, float64(count) / draws})
	w.last = w.t
}

// all looks at every sampled path.
func (w *walker) all(l *leg, m moved) {
	for d := range w.inside {
		e := &w.errors[d]
		at := l.plane.From(geo.Metres(m.x+m.sigma*e.e), geo.Metres(m.y+m.sigma*e.n))
		in := w.region.in(at, m.high+e.u*float64(w.cfg.AltitudeSigma), &m, w.inside[d])
		w.turn(d, in, m.first)
	}
}

// turn notes that a path went in or out, halfway between two looks.
func (w *walker) turn(d int, in, first bool) {
	if in == w.inside[d] {
		return
	}
	half := (w.last + w.t) / 2
	if in {
		w.since[d], w.begun[d] = half, first
	} else {
		w.runs = append(w.runs, run{draw: int32(d), begun: w.begun[d], start: w.since[d], end: half})
	}
	w.inside[d] = in
}

// high is the mean altitude between two states; NaN where one has none.
func (w *walker) high(i int, f float64) float64 {
	a, b := &w.states[i], &w.states[i+1]
	if !a.High || !b.High {
		return math.NaN()
	}
	return (1-f)*float64(a.Altitude) + f*float64(b.Altitude)
}

// Two stays are parted where hardly any path is inside for long, and were most inside both
// before and after, or none at all was inside between.
const (
	hardly = .02
	most   = .5
)

// cuts are the times that part stays.
func (w *walker) cuts() []float64 {
	apart := float64(w.cfg.Apart) / 1e6
	var out []float64
	peak, left, empty := 0.0, math.NaN(), math.NaN() // since when hardly any, and none, was inside
	pending := math.NaN()
	for _, s := range w.shares {
		if s.in > hardly {
			if s.t-left >= apart && peak >= most {
				pending = (left + s.t) / 2
			}
			left = math.NaN()
		} else if math.IsNaN(left) {
			left = s.t
		}
		cut := math.NaN()
		if s.in >= most && pending > 0 {
			cut = pending
		}
		if s.in > 0 {
			if s.t-empty >= apart {
				cut = (empty + s.t) / 2
			}
			empty = math.NaN()
		} else if math.IsNaN(empty) {
			empty = s.t
		}
		if !math.IsNaN(cut) {
			out = append(out, cut)
			peak, pending = 0, math.NaN()
		}
		peak = max(peak, s.in)
	}
	return out
}

// gather makes stays of the runs between cuts.
func (w *walker) gather(cuts []float64) []passage {
	slices.SortFunc(w.runs, func(a, b run) int {
		return cmp.Or(cmp.Compare(a.draw, b.draw), cmp.Compare(a.start, b.start))
	})
	stays := make([]stay, len(cuts)+1)
	for i := 0; i < len(w.runs); {
		r := w.runs[i]
		at := r.stay(cuts)
		for i++; i < len(w.runs) && w.runs[i].draw == r.draw && w.runs[i].stay(cuts) == at; i++ {
			r.end, r.ended = w.runs[i].end, w.runs[i].ended
		}
		stays[at].add(r)
	}
	var out []passage
	for i := range stays {
		s := &stays[i]
		if p := s.passage(w.states); p.chance >= w.cfg.Least {
			out = append(out, p)
		}
	}
	return out
}

// stay is the number of the stay that a run is of.
func (r run) stay(cuts []float64) int {
	at, _ := slices.BinarySearch(cuts, (r.start+r.end)/2)
	return at
}

// stay adds up the sampled paths of one passage.
type stay struct {
	n, in, out       int // paths; those that came in, and that went out
	entry, entry2    float64
	exit, exit2      float64
	earliest, latest float64
}

func (s *stay) add(r run) {
	if s.n == 0 {
		s.earliest, s.latest = r.start, r.end
	}
	s.n++
	s.earliest, s.latest = min(s.earliest, r.start), max(s.latest, r.end)
	if !r.begun {
		s.in++
		s.entry, s.entry2 = s.entry+r.start, s.entry2+r.start*r.start
	}
	if !r.ended {
		s.out++
		s.exit, s.exit2 = s.exit+r.end, s.exit2+r.end*r.end
	}
}

// passage is what the paths say together.
func (s *stay) passage(states []track.State) passage {
	if s.n == 0 {
		return passage{}
	}
	origin := states[0].Time
	n := float64(s.n)
	return passage{
		chance:  n / draws * existence(states, origin+truce.Instant(s.earliest*1e6), origin+truce.Instant(s.latest*1e6)),
		already: 1 - float64(s.in)/n,
		still:   1 - float64(s.out)/n,
		entry:   moment(s.entry, s.entry2, s.in, origin),
		exit:    moment(s.exit, s.exit2, s.out, origin),
	}
}

// existence is the chance that there was an object from one time to another: the best that
// a state in or next to them gives.
func existence(states []track.State, from, to truce.Instant) float64 {
	best := 0.0
	for i := range states {
		before := i+1 < len(states) && states[i+1].Time <= from
		after := i > 0 && states[i-1].Time >= to
		if !before && !after {
			best = max(best, states[i].Existence)
		}
	}
	return min(1, best)
}
