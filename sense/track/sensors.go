package track

import (
	"maps"
	"math"
	"slices"

	"github.com/trucewatch/truce"
)

// network is the sensors, once plots say of which one they are. Each has a chance of
// detection, an error and clutter of its own: those of the sensor whose scan is worked are the
// tracker's.
type network struct {
	list []sensor
	at   map[string]int32
	now  int32
	bias biases

	crossings crossings
}

// sensor is one of the network.
type sensor struct {
	name   string
	means  truce.PlotMeans
	learnt learnt
	field  field
	hum    hum // of bearings
	kind   sensorKind
	last   truce.Instant // its last scan
	x, y   float64       // where it stands, if it measures from there
	every  float64       // usual time between its scans, s
	idle   float64       // time since the scan before, s
}

// sensorKind is what a sensor's plots are: all of one kind, or it is taken as the first.
type sensorKind int8

const (
	kindPlaces sensorKind = iota
	kindPolar
	kindBearings
)

// extras are what a track knows with many sensors.
type extras struct {
	sight  []float64       // by sensor: the chance that it can see the object at all
	sure   []sure          // by sensor: the last plot that is surely the object's
	heard  []truce.Instant // by sensor: when it last gave a bearing of it; 0: never
	fed    truce.Instant   // when a sensor of places last saw it, or two of bearings crossed on it
	placed bool            // a sensor of places has seen it
	names  tally
	said   []Said // only added to: copies of a tracker share them
}

// What is believed of whether a sensor sees an object: firstSight until plots tell, and again
// some sightMemory seconds after they did; begunSight of one that it was begun with. Silence
// costs a track no more than the chance that the sensor could see it.
const (
	firstSight  = .5
	begunSight  = .95
	sightMemory = 120.0
	// A track that no sensor of places has seen for longAgo scans of the slowest has forgotten
	// seconds left on average.
	longAgo   = 4
	forgotten = 15.0
)

// enter has the tracker work with what is known of the scan's sensor.
func (t *tracker) enter(r *reading) {
	if t.net == nil {
		if r.sensor == "" && r.kind == kindPlaces && r.means == "" {
			return
		}
		t.net = &network{at: map[string]int32{}}
		if t.scans > 1 { // plots of before, that told of no sensor
			t.net.add(&reading{}, t.cfg)
			t.net.list[0].learnt, t.net.list[0].field = t.learnt, t.field
		}
	}
	n := t.net
	i, known := n.at[r.key()]
	switch {
	case !known:
		i = n.add(r, t.cfg)
	case len(r.marks) == 0: // nothing tells what it would have seen
		r.kind = n.list[i].kind
	}
	if i != n.now {
		was := &n.list[n.now]
		was.learnt, was.field = t.learnt, t.field
		t.learnt, t.field = n.list[i].learnt, n.list[i].field
		n.now = i
	}
	n.list[i].time(r.time)
	if len(r.marks) > 0 && r.kind != kindPlaces {
		n.list[i].x, n.list[i].y = r.marks[0].more.sx, r.marks[0].more.sy
	}
	t.by = 1 << i
	for k := range r.marks {
		n.correct(&r.marks[k], i)
	}
}

// key is what a sensor is known by: one that gives bearings as well as places is two.
func (r *reading) key() string {
	if r.kind == kindBearings {
		return "b " + r.sensor
	}
	return r.sensor
}

// add is a new sensor. Beyond MaxSensors they are all taken for the last.
func (n *network) add(r *reading, cfg Config) int32 {
	if len(n.list) == MaxSensors {
		return MaxSensors - 1
	}
	i := int32(len(n.list))
	n.at[r.key()] = i
	n.list = append(n.list, sensor{name: r.sensor, means: r.means, kind: r.kind, learnt: newLearnt(cfg), last: r.time, every: 1})
	n.bias.add(r)
	return i
}

// time notes a scan.
func (s *sensor) time(at truce.Instant) {
	s.idle = max(0, at.Sub(s.last).Seconds())
	if s.idle > 0 {
		s.every += (s.idle - s.every) / 4
	}
	s.last = at
}

// of are the extras of a track.
func (n *network) of(g *target) *extras {
	if g.more == nil {
		g.more = &extras{}
	}
	x := g.more
	for len(x.sight) < len(n.list) {
		x.sight = append(x.sight, firstSight)
		x.sure = append(x.sure, sure{})
		x.heard = append(x.heard, 0)
	}
	return x
}

// begun notes which sensors a track was begun with.
func (n *network) begun(g *target, by uint64, now truce.Instant) {
	x := n.of(g)
	x.fed = now
	for i := range x.sight {
		if by&(1<<i) != 0 {
			x.sight[i] = begunSight
		}
	}
}

// stays is the chance that an object stays in view until the scan. What was known of the
// sensor's sight of it gets old.
func (t *tracker) stays(g *target, usual float64) float64 {
	if !t.many() {
		return usual
	}
	n := t.net
	x, s := n.of(g), &n.list[n.now]
	x.sight[n.now] += (firstSight - x.sight[n.now]) * -math.Expm1(-s.idle/sightMemory)
	if t.now.Sub(x.fed).Seconds() > longAgo*n.slowest() {
		return min(usual, math.Exp(-t.dt/forgotten))
	}
	return usual
}

// slowest is the longest usual time between the scans of a sensor of places, or of any where
// none gives places.
func (n *network) slowest() (every float64) {
	for i := range n.list {
		if n.list[i].kind != kindBearings {
			every = max(every, n.list[i].every)
		}
	}
	if every > 0 {
		return every
	}
	for i := range n.list {
		every = max(every, n.list[i].every)
	}
	return every
}

// many says whether there are several sensors: of one alone all is as if it had no name.
func (t *tracker) many() bool { return t.net != nil && len(t.net.list) > 1 }

// detects is the chance that the scan has a plot of a track's object, if there is one.
func (t *tracker) detects(g *target) float64 {
	if !t.many() {
		return t.learnt.detection
	}
	return t.learnt.detection * max(t.net.of(g).sight[t.net.now], t.due(g))
}

// saw tells the extras of a track what the scan had of it: was is its existence before, d the
// chance of a plot that it had.
func (t *tracker) saw(g *target, edges []edge, was, d float64) {
	n := t.net
	x := n.of(g)
	found := min(1, g.found/max(g.exists, 1e-9))
	sight := &x.sight[n.now]
	*sight = found + (1-found)**sight*(1-t.learnt.detection)/(1-d)
	if found > .5 {
		switch {
		case n.list[n.now].kind != kindBearings:
			x.fed, x.placed = t.now, true
		default:
			x.heard[n.now] = t.now
			if t.backed(g) {
				x.fed = t.now
			}
		}
	}
	for i := range edges {
		m := &t.marks[edges[i].mark]
		t.tell(x, m, edges[i].chance, t.now)
		if edges[i].chance > sureChance && g.number > 0 && was > sureExistence && (m.more == nil || m.more.rivals < 2) {
			n.compare(g, x, m, t.now)
		}
	}
}

// tell notes what a plot says of its object's identity.
func (t *tracker) tell(x *extras, m *mark, chance float64, at truce.Instant) {
	if m.more == nil || m.more.identity.Value == "" || chance < leastSaid {
		return
	}
	x.names.add(m.more.identity, chance)
	if len(x.said) >= 2*maxSaid { // anew: copies of the tracker share the old ones
		x.said = slices.Clone(x.said[maxSaid:])
	}
	x.said = append(x.said, Said{at, t.chart.from(m.x, m.y), m.more.identity, chance})
}

// visible says whether the sensor at work likely sees a track at all.
func (t *tracker) visible(g *target) bool {
	return !t.many() || t.net.of(g).sight[t.net.now] > .5
}

// lost is the error from which a track ends, m.
func (t *tracker) lost() float64 {
	if t.net != nil && t.net.list[t.net.now].kind == kindBearings {
		return mostCrossing
	}
	if !t.many() {
		return lostSigmas*t.learnt.usual() + lostSpeed*t.dt
	}
	usual := t.learnt.usual()
	for i := range t.net.list {
		if s := &t.net.list[i]; int32(i) != t.net.now && s.kind != kindBearings {
			usual = max(usual, s.learnt.usual())
		}
	}
	return lostSigmas*usual + lostSpeed*max(t.dt, t.net.slowest())
}

// clone is a copy that goes its own way.
func (n *network) clone() *network {
	if n == nil {
		return nil
	}
	out := *n
	out.list = slices.Clone(n.list)
	for i := range out.list {
		out.list[i].field = out.list[i].field.clone()
	}
	out.at = maps.Clone(n.at)
	out.bias = n.bias.clone()
	out.crossings = n.crossings.clone()
	return &out
}

// clone is a copy that goes its own way.
func (x *extras) clone() *extras {
	if x == nil {
		return nil
	}
	out := *x
	out.sight, out.sure = slices.Clone(x.sight), slices.Clone(x.sure)
	out.heard = slices.Clone(x.heard)
	out.names = slices.Clone(x.names)
	out.said = x.said[:len(x.said):len(x.said)]
	return &out
}
