package locate

import (
	"cmp"
	"slices"

	"github.com/trucewatch/truce"
)

// RevisionKind is what a revision does to an event.
type RevisionKind uint8

// The revisions.
const (
	// Declared: a new event.
	Declared RevisionKind = iota
	// Revised: Event takes the place of Before, which rested on other arrivals.
	Revised
	// Withdrawn: Event, as it was, is no event after all: its arrivals went to others.
	Withdrawn
)

// Revision is news of one event.
type Revision struct {
	Kind   RevisionKind
	Event  Event    // indices of arrivals are in the order they were added
	Before truce.ID // of the hypothesis this one replaces; zero: none
	Number int      // how often the event was revised
}

// Live declares events while arrivals come in, each within LiveStep of the arrival that made
// it certain, and revises them while more come. What Close gives is what Batch gives for the
// same arrivals, whatever was declared on the way. It is for one goroutine.
//
// It keeps every arrival until Close, since what the whole tells of clocks, noise and air changes
// what an early one means: 16 bytes and the id of one that states no more than its time. Its
// work, and all else it keeps, depends on the last minutes alone.
type Live struct {
	sensors []Sensor
	cfg     Config
	log     log
	active  [2][]bool // by medium and sensor: it has arrivals
	heard   int       // how many of those
	media   [2]liveMedium
}

// liveMedium is the state of one medium.
type liveMedium struct {
	medium  Medium
	net     *network
	lists   *vicinity
	active  int           // sensors with arrivals, when the network was laid out
	recent  []int32       // arrivals of the window, by time
	newest  truce.Instant // of the arrivals
	looked  truce.Instant // newest when the window was last searched
	unseen  int           // arrivals since
	learnt  *solver       // whose model is used; nil: nothing is learnt yet
	last    []int32       // arrivals to learn from, the latest
	fresh   int           // of those since it was learnt last
	open    []declared
	settled map[int32]bool // arrivals of events that no later one can change
}

type declared struct {
	event  Event
	number int
}

// How the window is worked.
const (
	// LiveStep is how much later than an arrival the events that it completes are declared, in
	// the arrivals' own time, where many arrive.
	LiveStep = truce.Micros(500_000)
	// liveFew arrivals in the window are gone through again at every arrival.
	liveFew = 250
	// declareScore is the odds from which an event is declared while it may still change.
	declareScore = 3.0
	// From the latest arrivals the air, the errors and the noise are learnt, and again after
	// so many more.
	learnFrom  = 20_000
	learnEvery = 5_000
	learnFirst = 500
)

// NewLive is a listener to sensors. It refuses what Batch refuses.
func NewLive(sensors []Sensor, cfg Config) (*Live, error) {
	if err := check(sensors, nil, cfg); err != nil {
		return nil, err
	}
	l := &Live{sensors: slices.Clone(sensors), cfg: cfg, active: activeSensors(len(sensors), nil)}
	for m := range l.media {
		l.media[m] = liveMedium{medium: Medium(m), settled: map[int32]bool{}}
	}
	return l, nil
}

// Add takes an arrival in, late or in time, and returns the news. An arrival that Batch would
// refuse is refused and changes nothing.
func (l *Live) Add(a Arrival) ([]Revision, error) {
	if err := CheckArrival(a, len(l.sensors)); err != nil {
		return nil, err
	}
	if l.log.len() == MaxArrivals {
		return nil, truce.Errorf(truce.CodeTooLarge, "%d arrivals: close and begin anew", MaxArrivals)
	}
	l.log.add(&a)
	m := &l.media[a.Phase.medium()]
	if active := &l.active[m.medium][a.Sensor]; !*active {
		*active = true
		l.heard++
	}
	m.add(l, int32(l.log.len()-1))
	if len(m.recent) > liveFew && m.newest < m.looked+truce.Instant(LiveStep) {
		return nil, nil
	}
	return l.look(m), nil
}

// Advance says that time has gone on to now without an arrival, so that what waits for more
// is declared. It never looks at a clock itself.
func (l *Live) Advance(now truce.Instant) []Revision {
	var out []Revision
	for i := range l.media {
		if m := &l.media[i]; m.unseen > 0 && now >= m.looked+truce.Instant(LiveStep) {
			out = append(out, l.look(m)...)
		}
	}
	return out
}

// Decide takes in a person's decision. It binds from now on, and in what Close gives.
func (l *Live) Decide(d Decision) []Revision {
	l.cfg.Decisions = append(slices.Clone(l.cfg.Decisions), d)
	var out []Revision
	for i := range l.media {
		out = append(out, l.look(&l.media[i])...)
	}
	return out
}

// Close gives what Batch gives for all that was added.
func (l *Live) Close() (Result, error) { return Batch(l.sensors, l.Arrivals(), l.cfg) }

// Arrivals is all that was added, in that order.
func (l *Live) Arrivals() []Arrival { return l.log.all() }

// Arrival is the one that was added as the i-th, counted from 0: what a revision's indices mean.
func (l *Live) Arrival(i int) Arrival { return l.log.at(int32(i)) }

// add puts an arrival into the window, which is kept by time.
func (m *liveMedium) add(l *Live, i int32) {
	at := l.log.time(i)
	n := len(m.recent)
	for n > 0 && l.log.time(m.recent[n-1]) > at {
		n--
	}
	m.recent = slices.Insert(m.recent, n, i)
	m.newest = max(m.newest, at)
	m.unseen++
	m.fresh++
	if m.last = append(m.last, i); len(m.last) > 2*learnFrom {
		m.last = slices.Clone(m.last[len(m.last)-learnFrom:])
	}
}

// window is how long an event may be heard.
func (l *Live) window(m *liveMedium) truce.Instant {
	cfg := l.cfg.withDefaults()
	reach, slowest := reachOf(m.net, m.medium), cfg.SpeedAcoustic
	if m.medium == InGround {
		slowest = cfg.SpeedS
	}
	return truce.Instant((reach/slowest + 10) * 1e6)
}

// look goes through the window again and says what is new.
func (l *Live) look(m *liveMedium) []Revision {
	m.looked, m.unseen = m.newest, 0
	if len(m.recent) == 0 {
		return nil
	}
	if m.active != l.heard {
		m.net, m.lists, m.active = newNetwork(l.sensors, l.active, m.medium), nil, l.heard
	}
	from := m.newest - l.window(m)
	m.settle(l, from)
	l.learn(m)
	events := l.inWindow(m, from)
	var out []Revision
	matched := make([]bool, len(m.open))
	for _, e := range events {
		out = m.compare(e, matched, out)
	}
	for i := len(matched) - 1; i >= 0; i-- {
		if !matched[i] {
			gone := m.open[i]
			out = append(out, Revision{Kind: Withdrawn, Event: gone.event, Before: gone.event.ID, Number: gone.number + 1})
			m.open = slices.Delete(m.open, i, i+1)
		}
	}
	return out
}

// settle closes events that began before the window: no arrival still to come can be theirs.
func (m *liveMedium) settle(l *Live, from truce.Instant) {
	m.open = slices.DeleteFunc(m.open, func(d declared) bool {
		if d.event.Time >= from {
			return false
		}
		for _, u := range d.event.Used {
			m.settled[int32(u.Arrival)] = true
		}
		return true
	})
	n := 0
	for n < len(m.recent) && l.log.time(m.recent[n]) < from {
		delete(m.settled, m.recent[n])
		n++
	}
	m.recent = slices.Delete(m.recent, 0, n)
}

// learn solves the latest arrivals as a batch does and keeps what it learnt of them.
func (l *Live) learn(m *liveMedium) {
	if m.fresh < learnFirst || m.learnt != nil && m.fresh < learnEvery {
		return
	}
	m.fresh = 0
	latest := make([]Arrival, 0, learnFrom)
	for _, i := range m.last[max(0, len(m.last)-learnFrom):] {
		latest = append(latest, l.log.at(i))
	}
	if s := newSolver(m.net, latest, m.medium, l.cfg); s != nil {
		s.solve()
		s.forgetPicks()
		m.learnt = s
	}
}

// inWindow is the events that began in the window.
func (l *Live) inWindow(m *liveMedium, from truce.Instant) []Event {
	var original []int32
	var arrivals []Arrival
	for _, i := range m.recent {
		if !m.settled[i] {
			original, arrivals = append(original, i), append(arrivals, l.log.at(i))
		}
	}
	s := newSolver(m.net, arrivals, m.medium, l.cfg)
	if s == nil {
		return nil
	}
	s.lists = &m.lists
	s.believe(m.learnt)
	s.associate()
	s.unite()
	var out []Event
	for i := range s.events {
		if s.events[i].score < declareScore {
			continue
		}
		e := s.event(s.workers[0], &s.events[i], arrivals)
		if e.Time < from {
			continue
		}
		for j := range e.Used {
			e.Used[j].Arrival = int(original[e.Used[j].Arrival])
		}
		slices.SortFunc(e.Used, func(a, b Used) int { return cmp.Compare(a.Arrival, b.Arrival) })
		out = append(out, e)
	}
	slices.SortFunc(out, byTime)
	return out
}

// compare finds the declared event that a found one is, and adds what is new of it.
func (m *liveMedium) compare(e Event, matched []bool, out []Revision) []Revision {
	best, most := -1, 0
	for i := range matched {
		if matched[i] {
			continue
		}
		if n := shared(m.open[i].event.Used, e.Used); n > most {
			best, most = i, n
		}
	}
	if best < 0 || 2*most < min(len(e.Used), len(m.open[best].event.Used)) {
		m.open = append(m.open, declared{event: e})
		return append(out, Revision{Kind: Declared, Event: e})
	}
	matched[best] = true
	old := &m.open[best]
	if most == len(e.Used) && most == len(old.event.Used) {
		return out
	}
	before := old.event.ID
	old.event, old.number = e, old.number+1
	return append(out, Revision{Kind: Revised, Event: e, Before: before, Number: old.number})
}

// shared counts the arrivals of both; both lists rise.
func shared(a, b []Used) (n int) {
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i].Arrival < b[j].Arrival:
			i++
		case a[i].Arrival > b[j].Arrival:
			j++
		default:
			n, i, j = n+1, i+1, j+1
		}
	}
	return n
}

// believe takes over what another solver learnt of the same sensors and medium.
func (s *solver) believe(o *solver) {
	if o == nil {
		return
	}
	s.clocks, s.clockBase = o.clocks, o.clockBase
	s.applyClocks()
	next := *o.model
	air := *o.model.air
	air.base = s.picks.base
	next.air, next.deaf = &air, nil
	s.model = &next
}

// forgetPicks keeps of a solver what it learnt, and lets go of the rest.
func (s *solver) forgetPicks() {
	s.arrivals, s.times, s.picks, s.taken, s.futile, s.workers, s.events = nil, nil, nil, nil, nil, nil, nil
}

func reachOf(net *network, medium Medium) float64 {
	return max(reachSpacings*net.spacing, [...]float64{InAir: leastReachAir, InGround: leastReachGround}[medium])
}
