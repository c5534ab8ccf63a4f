package app

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/coverage"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/internal/num"
	"github.com/trucewatch/truce/sense/locate"
)

const (
	// windowLength is how much of what a network heard is located at once: the speed of
	// sound, the noise and the clocks are learnt of a day.
	windowLength = truce.Instant(24 * time.Hour / time.Microsecond)
	// windowTail is how far into the next window sound may still be on its way: an hour is
	// more than a thousand kilometres.
	windowTail = truce.Instant(time.Hour / time.Microsecond)
	// surest is as sure as a located event is of having happened: of the events found on
	// the harder workloads of docs/benchmarks.md one in a hundred is none.
	surest = 0.99
	// leastSilence is how many arrivals must have been expected of a sensor that was moved while
	// it stood where it was silent, as many as sense/locate asks for.
	leastSilence = 10
	// deepest is how deep weapons and quarries reach, metres, three sigma above the depth
	// that was found; deepScore is what is left of an explosion's probability below it.
	deepest, deepScore = 3000, 0.05
)

// ears gathers what networks of sensors heard, in order of time, and locates it window by
// window, so that memory holds one window and not the year. It is for one goroutine.
type ears struct {
	cfg      Config
	families map[truce.SourceID]truce.Family
	networks map[string]*network
	hours    map[familyHour]bool // in which a family heard anything

	// decisions are people's in force of what a network heard; nil: nobody decided anything.
	decisions func(network string) ([]truce.ArrivalDecision, error)

	kept *keptHearing // what was located before; nil: everything is located

	// only are the sensors whose health is asked for; networks with none of them are counted
	// and not located. nil: everything is located.
	only map[truce.SensorID]bool
}

// familyHour is an hour since 1970 of one family.
type familyHour struct {
	family truce.Family
	hour   int64
}

const microsPerHour = int64(time.Hour / time.Microsecond)

// heardSum is what a mission's networks told.
type heardSum struct {
	events   []truce.Event // by network, then time
	hours    map[familyHour]bool
	signs    []coverage.Sign
	windows  int      // that were located and not found among what is kept
	damaged  []string // files of what is kept that could not be read
	arrivals int
	stations int              // rows of where sensors stand
	unplaced int              // arrivals of sensors of which nobody says where they stand
	sensors  []truce.SensorID // some of those, sorted
}

// maxUnplacedNamed is how many sensors without a place a run names.
const maxUnplacedNamed = 5

// tellHeard enters what the networks told.
func (sum *Assessment) tellHeard(h heardSum) {
	sum.Arrivals, sum.Located, sum.Nowhere = h.arrivals, len(h.events), h.unplaced
	for _, sensor := range h.sensors[:min(len(h.sensors), maxUnplacedNamed)] {
		sum.Sensors = append(sum.Sensors, string(sensor))
	}
}

// network is one network's open window.
type network struct {
	ears     *ears
	cfg      EarsConfig
	stations map[truce.SensorID][]truce.Observation // as they came: by time
	names    map[truce.SensorID]int32
	sensors  []truce.SensorID // by number
	pending  []earful         // by time
	missing  map[truce.SensorID]bool
	asked    bool // a sensor of it is among the ears' only ones
	read     bool // the decisions were
	decided  []truce.ArrivalDecision
	out      heardSum
}

// earful is an arrival without what the sense does not ask for: a busy day has a million.
type earful struct {
	id        truce.ID
	at        truce.Instant
	source    truce.SourceID
	sensor    int32 // number of the sensor in the network
	phase     locate.Phase
	sigma     float32
	azimuth   float32
	spread    float32
	amplitude float64
}

func newEars(cfg Config, families map[truce.SourceID]truce.Family) *ears {
	return &ears{cfg: cfg, families: families, networks: map[string]*network{}, hours: map[familyHour]bool{}}
}

func (e *ears) network(name string) *network {
	n := e.networks[name]
	if n == nil {
		n = &network{ears: e, cfg: e.cfg.ears(name), stations: map[truce.SensorID][]truce.Observation{}, names: map[truce.SensorID]int32{}, missing: map[truce.SensorID]bool{}}
		e.networks[name] = n
	}
	return n
}

// stand takes in where a sensor stands.
func (e *ears) stand(o truce.Observation) {
	n := e.network(o.Station.Network)
	n.out.stations++
	n.asked = n.asked || e.only[o.Sensor]
	n.stations[o.Sensor] = append(n.stations[o.Sensor], o)
}

// hear takes in an arrival; none is older than the one before.
func (e *ears) hear(o truce.Observation) error {
	phase, err := locate.ParsePhase(string(o.Arrival.Phase))
	if err != nil {
		return err
	}
	n := e.network(o.Arrival.Network)
	n.out.arrivals++
	e.hours[familyHour{e.families[o.Source], int64(o.Phenomenon.From) / microsPerHour}] = true
	if e.only != nil && !n.asked {
		return nil
	}
	number, known := n.names[o.Sensor]
	if !known {
		number = int32(len(n.sensors))
		n.names[o.Sensor] = number
		n.sensors = append(n.sensors, o.Sensor)
	}
	at := o.Phenomenon.From
	if len(n.pending) > 0 && at >= n.windowEnd()+windowTail {
		if err := n.closeWindow(); err != nil {
			return err
		}
	}
	n.pending = append(n.pending, earful{
		id: o.ID, at: at, source: o.Source, sensor: number, phase: phase, sigma: float32(o.Arrival.SigmaS),
		azimuth: float32(o.Arrival.Azimuth), spread: float32(o.Arrival.AzimuthSigma), amplitude: o.Arrival.Amplitude,
	})
	return nil
}

// close locates what is left and gives what all networks told, by name of the network.
func (e *ears) close() (heardSum, error) {
	sum := heardSum{hours: e.hours}
	names := make([]string, 0, len(e.networks))
	for name := range e.networks {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		n := e.networks[name]
		for len(n.pending) > 0 {
			if err := n.closeWindow(); err != nil {
				return sum, err
			}
		}
		sum.events, sum.signs = append(sum.events, n.out.events...), append(sum.signs, n.out.signs...)
		sum.arrivals, sum.stations, sum.unplaced = sum.arrivals+n.out.arrivals, sum.stations+n.out.stations, sum.unplaced+n.out.unplaced
		for sensor := range n.missing {
			sum.sensors = append(sum.sensors, sensor)
		}
	}
	slices.Sort(sum.sensors)
	if e.kept == nil {
		return sum, nil
	}
	sum.windows, sum.damaged = e.kept.located, e.kept.damaged
	if e.kept.write {
		return sum, e.kept.prune()
	}
	return sum, nil
}

// windowEnd is the end of the UTC day in which the window's first arrival lies.
func (n *network) windowEnd() truce.Instant {
	first := n.pending[0].at
	return first - first%windowLength + windowLength
}

// closeWindow enters what the window tells: events that began in it are kept, and the next
// window begins with what they left of the arrivals after its end. An arrival is in one event
// at most.
func (n *network) closeWindow() error {
	end := n.windowEnd()
	until, _ := slices.BinarySearchFunc(n.pending, end+windowTail, func(h earful, at truce.Instant) int { return cmp.Compare(h.at, at) })
	w := &window{end: end, heard: n.pending[:until]}
	n.place(w)
	var err error
	if w.bound, err = n.bound(w.heard); err != nil {
		return err
	}
	t, err := n.tell(w)
	if err != nil {
		return err
	}
	n.out.events, n.out.signs = append(n.out.events, t.Events...), append(n.out.signs, t.Signs...)
	used := make(map[truce.ID]bool, len(t.Used))
	for _, id := range t.Used {
		used[id] = true
	}
	rest := n.pending[:0:0]
	for i := range n.pending {
		if n.pending[i].at >= end && !used[n.pending[i].id] {
			rest = append(rest, n.pending[i])
		}
	}
	n.pending = rest
	return nil
}

// locate finds what a window tells.
func (n *network) locate(w *window) (told, error) {
	cfg := n.cfg.locating()
	cfg.Decisions, cfg.Regions = w.bound, locate.RegionsWhereBent
	var t told
	result, err := locate.Batch(w.sensors(), w.arrivals, cfg)
	if err != nil {
		return t, fmt.Errorf("locate what network %q heard before %s: %w", n.cfg.Network, w.end, err)
	}
	for i := range result.Events {
		e := &result.Events[i]
		if e.Time >= w.end && !slices.ContainsFunc(e.Used, func(u locate.Used) bool { return w.heard[w.from[u.Arrival]].at < w.end }) {
			continue // the next window knows more of it
		}
		for _, u := range e.Used {
			if h := &w.heard[w.from[u.Arrival]]; h.at >= w.end {
				t.Used = append(t.Used, h.id)
			}
		}
		t.Events = append(t.Events, n.event(e, w.heard, w.from))
	}
	for i := range result.Health {
		if sign, tells := n.remark(&result.Health[i], w.stations[result.Health[i].Sensor], w.end); tells {
			t.Signs = append(t.Signs, sign)
		}
	}
	return t, nil
}

// place enters the stations of a window, the arrivals at them as the sense reads them, and for
// each arrival its place in the window. All that stand in the window are there, since silence
// tells too; a sensor that was moved is two. Arrivals of sensors that stand nowhere are counted
// once, in the window in which they lie.
func (n *network) place(w *window) {
	index := map[truce.ID]int{}
	add := func(o *truce.Observation) int {
		at, known := index[o.ID]
		if !known {
			at = len(w.stations)
			index[o.ID] = at
			w.stations = append(w.stations, o)
		}
		return at
	}
	for _, sensor := range slices.Sorted(maps.Keys(n.stations)) {
		list := n.stations[sensor]
		for i := range list {
			if o := &list[i]; o.Phenomenon.From < w.end && o == stationAt(list, max(o.Phenomenon.From, w.end-windowLength)) {
				add(o)
			}
		}
	}
	w.arrivals, w.from = make([]locate.Arrival, 0, len(w.heard)), make([]int32, 0, len(w.heard))
	for i := range w.heard {
		h := &w.heard[i]
		station := n.standing(n.sensors[h.sensor], h.at)
		if station == nil {
			if h.at < w.end {
				n.out.unplaced++
				n.missing[n.sensors[h.sensor]] = true
			}
			continue
		}
		w.arrivals = append(w.arrivals, locate.Arrival{
			ID: h.id.String(), Sensor: add(station), Time: h.at, Phase: h.phase, Sigma: float64(h.sigma),
			Azimuth: geo.Degrees(h.azimuth), AzimuthSigma: geo.Degrees(h.spread), Amplitude: h.amplitude,
		})
		w.from = append(w.from, int32(i))
	}
}

// standing is where a sensor stood at a time: the latest that is said to hold since before,
// and of several since one time what was received last. nil: nobody says.
func (n *network) standing(sensor truce.SensorID, at truce.Instant) *truce.Observation {
	return stationAt(n.stations[sensor], at)
}

func stationAt(list []truce.Observation, at truce.Instant) *truce.Observation {
	var best *truce.Observation
	for i := range list {
		o := &list[i]
		if o.Phenomenon.From > at {
			continue
		}
		if best == nil || laterStation(o, best) {
			best = o
		}
	}
	return best
}

func laterStation(a, b *truce.Observation) bool {
	return cmp.Or(cmp.Compare(a.Phenomenon.From, b.Phenomenon.From), cmp.Compare(a.Received, b.Received), cmp.Compare(a.Origin.Line, b.Origin.Line), slices.Compare(a.ID[:], b.ID[:])) > 0
}

// spreadOf is where an event was with its error: where that is no ellipse, the mean and the
// spread of all places that the arrivals leave, so that no zone seems surer than it is.
func spreadOf(e *locate.Event) (geo.Point, geo.Covariance) {
	if r := e.Region; r != nil {
		return r.Mean, r.Error
	}
	return e.At, geo.FromEllipse(e.Ellipse)
}

// event is a located event as the records keep it, quantised so that it hashes alike.
func (n *network) event(e *locate.Event, window []earful, from []int32) truce.Event {
	at, spread := spreadOf(e)
	out := truce.Event{
		Revision: 1, Kind: truce.ActExplosion, Method: locate.Method, Score: probability(e.Score),
		Origin: truce.Moment(truce.Instant(num.Quantise(float64(e.Time), 100)), time.Duration(num.Quantise(e.TimeSigma, 1e-4)*float64(time.Second))),
		Position: &geo.Position{
			Point: geo.Point{Lat: geo.Degrees(num.Quantise(float64(at.Lat), 1e-6)), Lon: geo.Degrees(num.Quantise(float64(at.Lon), 1e-6))},
			Error: quantisedError(spread),
		},
		Support: make([]truce.Support, len(e.Used)),
	}
	first := &window[from[e.Used[0].Arrival]]
	for i, u := range e.Used {
		h := &window[from[u.Arrival]]
		if h.at < first.at || h.at == first.at && slices.Compare(h.id[:], first.id[:]) < 0 {
			first = h
		}
		out.Support[i] = truce.Support{Observation: h.id, Source: h.source, Family: n.ears.families[h.source], ResidualS: num.Quantise(u.Residual, 1e-4)}
	}
	out.ID = openedBy(first.id)
	if e.Phases == locate.InGround {
		out.DepthM, out.DepthSigmaM = geo.Metres(math.Round(float64(e.Depth))), geo.Metres(math.Round(float64(e.DepthSigma)))
		if e.Depth-3*e.DepthSigma > deepest {
			out.Score, out.Labels = min(out.Score, deepScore), []truce.Label{truce.LabelDeepSource}
		}
	}
	return out
}

// openedBy is the id of the event that an arrival opens.
func openedBy(id truce.ID) truce.ID {
	return truce.NewID(truce.Instant(id.Millis()*1000), "event", locate.Method, id[:])
}

// keepIDs gives located events that stand the ids they have: an event keeps the arrival that
// opened it for as long as it rests on it, also when an earlier one comes in late, so that
// late arrivals make revisions and no new events.
func keepIDs(events, standing []truce.Event) {
	stands := map[truce.ID]bool{}
	for i := range standing {
		if standing[i].Method == locate.Method && standing[i].ReplacedBy.IsZero() {
			stands[standing[i].ID] = true
		}
	}
	if len(stands) == 0 {
		return
	}
	for i := range events {
		e := &events[i]
		if stands[e.ID] {
			continue
		}
		for _, s := range e.Support { // by time
			if id := openedBy(s.Observation); stands[id] {
				e.ID = id
				break
			}
		}
	}
}

// quantisedError keeps a covariance to a square metre, its smaller axis no less than one.
func quantisedError(c geo.Covariance) geo.Covariance {
	c.EE, c.EN, c.NN = num.Quantise(c.EE+1, 1), num.Quantise(c.EN, 1), num.Quantise(c.NN+1, 1)
	return c
}

// probability is that of odds given by their natural logarithm.
func probability(logOdds float64) float64 {
	return num.Quantise(min(1/(1+math.Exp(-logOdds)), surest), 1e-6)
}

// until is when a sensor is said to stand elsewhere, or there anew.
func (n *network) until(station *truce.Observation) truce.Instant {
	until := always.To
	for i := range n.stations[station.Sensor] {
		if next := n.stations[station.Sensor][i].Phenomenon.From; next > station.Phenomenon.From {
			until = min(until, next)
		}
	}
	return until
}

// signStep is how finely is said from when and until when a sensor was silent: to whole minutes,
// since hours of watch are published, and when a sensor heard something never is.
const signStep = truce.Instant(time.Minute / time.Microsecond)

// remark is what the arrivals say of a sensor for coverage: one that was silent saw nothing,
// one that reports all the time sees less. A clock that was set right sees all. It holds while
// the sensor stood where it is said of, and a silence only if that is long enough to tell.
func (n *network) remark(h *locate.Health, station *truce.Observation, end truce.Instant) (sign coverage.Sign, tells bool) {
	from, to := max(h.From, station.Phenomenon.From), min(h.To, end, n.until(station))
	sign = coverage.Sign{Sensor: station.Sensor, From: from + (signStep-from%signStep)%signStep, To: to - to%signStep}
	if sign.From >= sign.To {
		return sign, false
	}
	switch left := float64(sign.To.Sub(sign.From)) / float64(h.To.Sub(h.From)); {
	case h.Kind == locate.Dead && left*h.Value >= leastSilence:
		sign.State, sign.Reason = truce.HealthDown, "silent while others heard"
	case h.Kind == locate.Chattering:
		sign.State, sign.Reason = truce.HealthDegraded, "reports what nobody else hears"
	default:
		return sign, false
	}
	sign.ID = truce.NewID(sign.From, string(truce.KindHealth), locate.Method, fmt.Appendf(nil, "%s|%q|%s|%s", n.cfg.Network, sign.Sensor, sign.To, sign.State))
	return sign, true
}

// Shots of one series lie at one place, each a few minutes after the one before, and all within
// the length that a duel of one battery has.
const (
	seriesGap    = 4 * time.Minute
	seriesLength = 20 * time.Minute
	seriesWide   = 800.0 // m
	// maxSeries bounds how many series an event is held against: more than that at one time
	// are a front on fire, and the newest count.
	maxSeries = 1000
)

// series gives events of one family that are a series of shots a group in common: they are
// one voice and one happening, whatever their number. Events come by network and time.
func series(events []truce.Event) {
	var open []*shots
	of := make([]*shots, len(events))
	for i := range events {
		e := &events[i]
		open = slices.DeleteFunc(open, func(s *shots) bool { return s.over(e) })
		at := slices.IndexFunc(open, func(s *shots) bool { return s.takes(e) })
		if at < 0 {
			open = append(open[max(0, len(open)-maxSeries):], &shots{first: e})
			at = len(open) - 1
		}
		of[i] = open[at]
		of[i].last = e.Origin.From
		of[i].n++
	}
	for i := range events {
		if of[i].n < 2 {
			continue
		}
		name := "series-" + of[i].first.ID.String()
		for k := range events[i].Support {
			events[i].Support[k].Group = name
		}
	}
}

// shots is a series that may go on.
type shots struct {
	first *truce.Event
	last  truce.Instant
	n     int
}

// over says whether nothing later can be of the series; time begins anew with each network.
func (s *shots) over(e *truce.Event) bool {
	at := e.Origin.From
	return at < s.last || at.Sub(s.last) > seriesGap || at.Sub(s.first.Origin.From) > seriesLength
}

func (s *shots) takes(e *truce.Event) bool {
	return s.first.Support[0].Family == e.Support[0].Family && float64(geo.Distance(s.first.Position.Point, e.Position.Point)) <= seriesWide
}
