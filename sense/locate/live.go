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
	Kind     RevisionKind
	Event    Event    // indices of arrivals are in the order they were added
	Arrivals []string // ids of the arrivals in Event.Used, in that order
	Before   truce.ID // of the hypothesis this one replaces; zero: none
	Number   int      // how often the event was revised
}

// Log keeps the arrivals of a listener until it is closed, which may be weeks later: in a file,
// say. Nothing is asked of it before.
type Log interface {
	// Append keeps an arrival behind the others.
	Append(a Arrival) error
	// Arrivals is all that were kept, in that order. It may leave out what came twice.
	Arrivals() ([]Arrival, error)
}

// Live declares events while arrivals come in, each within LiveStep of the arrival that made
// it certain, and revises them while more come. An arrival that is dated far ahead of all others
// waits until two more sensors have come so far. What Close gives is what Batch gives for the
// same arrivals, whatever was declared on the way. It is for one goroutine.
//
// What the whole tells of clocks, noise and air changes what an early arrival means, so every
// arrival is kept until Close, in the Log. The work of a listener, and all else that it keeps,
// is of the last minutes and of the latest learnFrom arrivals of a medium.
type Live struct {
	sensors []Sensor
	cfg     Config
	log     Log
	added   int       // arrivals
	active  [2][]bool // by medium and sensor: it has arrivals
	heard   int       // how many of those
	media   [2]liveMedium
}

// liveMedium is the state of one medium.
type liveMedium struct {
	medium  Medium
	net     *network
	lists   *vicinity
	active  int                // sensors with arrivals, when the network was laid out
	recent  []heardAs          // arrivals of the window, by time, with those far ahead behind them
	latest  [confirming]latest // of as many sensors, the latest of all, falling
	newest  truce.Instant      // of the arrivals that are not far ahead
	looked  truce.Instant      // newest when the window was last searched
	unseen  int                // arrivals since
	learnt  *solver            // whose model is used; nil: nothing is learnt yet
	last    []Arrival          // to learn from, the latest, in a ring once there are learnFrom
	oldest  int                // of them
	fresh   int                // of those since it was learnt last
	open    []declared
	settled map[int]bool // arrivals of events that no later one can change
}

// heardAs is an arrival with its place among all that were added.
type heardAs struct {
	Arrival
	index int
}

// latest is when a sensor last heard something.
type latest struct {
	sensor int
	at     truce.Instant
}

type declared struct {
	event  Event
	ids    []string // of its arrivals
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
	// confirming sensors must have come so far before the window goes on: an arrival that is dated
	// far ahead of what they heard waits until then. No event rests on fewer.
	confirming = 3
	// maxAhead arrivals of a medium wait at most. Those farthest ahead are told of at the end only.
	maxAhead = 5_000
)

// NewLive is a listener to sensors that keeps its arrivals in a log; nil: in memory, 16 bytes
// and the id of one that states no more than its time. It refuses what Batch refuses.
func NewLive(sensors []Sensor, cfg Config, log Log) (*Live, error) {
	if err := check(sensors, nil, cfg); err != nil {
		return nil, err
	}
	if log == nil {
		log = &memory{}
	}
	l := &Live{sensors: slices.Clone(sensors), cfg: cfg, log: log, active: activeSensors(len(sensors), nil)}
	for m := range l.media {
		l.media[m] = liveMedium{medium: Medium(m), settled: map[int]bool{}}
	}
	return l, nil
}

// Add takes an arrival in, late or in time, and returns the news. An arrival that Batch would
// refuse, or that the log does not take, is refused and changes nothing.
func (l *Live) Add(a Arrival) ([]Revision, error) {
	if err := CheckArrival(a, len(l.sensors)); err != nil {
		return nil, err
	}
	if l.added == MaxArrivals {
		return nil, truce.Errorf(truce.CodeTooLarge, "%d arrivals: close and begin anew", MaxArrivals)
	}
	if err := l.log.Append(a); err != nil {
		return nil, err
	}
	m := &l.media[a.Phase.medium()]
	if active := &l.active[m.medium][a.Sensor]; !*active {
		*active = true
		l.heard++
	}
	if m.net == nil {
		l.layOut(m)
	}
	m.add(heardAs{a, l.added}, l.window(m), min(confirming, len(l.sensors)))
	l.added++
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

// Close gives what Batch gives for all that the log kept, and that. Until here memory is that
// of the window; now it is that of a batch over all of them.
func (l *Live) Close() (Result, []Arrival, error) {
	all, err := l.log.Arrivals()
	if err != nil {
		return Result{}, nil, err
	}
	result, err := Batch(l.sensors, all, l.cfg)
	return result, all, err
}

// add puts an arrival into the window, which is kept by time, and lets it go on as far as so
// many sensors confirm.
func (m *liveMedium) add(a heardAs, window truce.Instant, sensors int) {
	n := len(m.recent)
	for n > 0 && m.recent[n-1].Time > a.Time {
		n--
	}
	m.recent = slices.Insert(m.recent, n, a)
	m.hear(latest{a.Sensor, a.Time})
	if confirmed := m.latest[sensors-1].at; confirmed > 0 {
		if n = m.until(confirmed + window); n > 0 {
			m.newest = max(m.newest, m.recent[n-1].Time)
		}
		m.recent = m.recent[:min(len(m.recent), n+maxAhead)]
	}
	m.unseen++
	m.fresh++
	if len(m.last) < learnFrom {
		m.last = append(m.last, a.Arrival)
		return
	}
	m.last[m.oldest] = a.Arrival
	m.oldest = (m.oldest + 1) % learnFrom
}

// until counts the arrivals of the window up to a time.
func (m *liveMedium) until(t truce.Instant) int {
	n := len(m.recent)
	for n > 0 && m.recent[n-1].Time > t {
		n--
	}
	return n
}

// hear keeps the sensors that were heard latest.
func (m *liveMedium) hear(a latest) {
	for i := range m.latest {
		if o := &m.latest[i]; o.at > 0 && o.sensor == a.sensor { // nothing is from before 1980
			a.at = max(a.at, o.at)
			copy(m.latest[i:], m.latest[i+1:])
			m.latest[confirming-1] = latest{}
			break
		}
	}
	for i := range m.latest {
		if a.at > m.latest[i].at {
			a, m.latest[i] = m.latest[i], a
		}
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

// layOut makes the network of the sensors that have arrivals.
func (l *Live) layOut(m *liveMedium) {
	m.net, m.lists, m.active = newNetwork(l.sensors, l.active, m.medium), nil, l.heard
}

// look goes through the window again and says what is new.
func (l *Live) look(m *liveMedium) []Revision {
	m.looked, m.unseen = m.newest, 0
	if len(m.recent) == 0 || m.newest == 0 {
		return nil
	}
	if m.active != l.heard {
		l.layOut(m)
	}
	from := m.newest - l.window(m)
	m.settle(from)
	l.learn(m)
	events := l.inWindow(m, from)
	var out []Revision
	matched := make([]bool, len(m.open))
	for i := range events {
		out = m.compare(&events[i], matched, out)
	}
	for i := len(matched) - 1; i >= 0; i-- {
		if !matched[i] {
			gone := m.open[i]
			out = append(out, Revision{Kind: Withdrawn, Event: gone.event, Arrivals: gone.ids, Before: gone.event.ID, Number: gone.number + 1})
			m.open = slices.Delete(m.open, i, i+1)
		}
	}
	return out
}

// settle closes events that began before the window: no arrival still to come can be theirs.
func (m *liveMedium) settle(from truce.Instant) {
	m.open = slices.DeleteFunc(m.open, func(d declared) bool {
		if d.event.Time >= from {
			return false
		}
		for _, u := range d.event.Used {
			m.settled[u.Arrival] = true
		}
		return true
	})
	n := 0
	for n < len(m.recent) && m.recent[n].Time < from {
		delete(m.settled, m.recent[n].index)
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
	latest := slices.DeleteFunc(slices.Concat(m.last[m.oldest:], m.last[:m.oldest]), func(a Arrival) bool { return a.Time > m.newest })
	if s := newSolver(m.net, latest, m.medium, l.cfg); s != nil {
		s.solve()
		s.forgetPicks()
		m.learnt = s
	}
}

// inWindow is the events that began in the window.
func (l *Live) inWindow(m *liveMedium, from truce.Instant) []declared {
	var original []int
	var arrivals []Arrival
	for i := range m.recent[:m.until(m.newest)] {
		if a := &m.recent[i]; !m.settled[a.index] {
			original, arrivals = append(original, a.index), append(arrivals, a.Arrival)
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
	var out []declared
	for i := range s.events {
		if s.events[i].score < declareScore {
			continue
		}
		e := s.event(s.workers[0], &s.events[i], arrivals)
		if e.Time < from {
			continue
		}
		slices.SortFunc(e.Used, func(a, b Used) int { return cmp.Compare(original[a.Arrival], original[b.Arrival]) })
		d := declared{ids: make([]string, len(e.Used))}
		for j := range e.Used {
			u := &e.Used[j]
			d.ids[j], u.Arrival = arrivals[u.Arrival].ID, original[u.Arrival]
		}
		d.event = e
		out = append(out, d)
	}
	slices.SortFunc(out, func(a, b declared) int { return byTime(a.event, b.event) })
	return out
}

// compare finds the declared event that a found one is, and adds what is new of it.
func (m *liveMedium) compare(found *declared, matched []bool, out []Revision) []Revision {
	e, best, most := &found.event, -1, 0
	for i := range matched {
		if matched[i] {
			continue
		}
		if n := shared(m.open[i].event.Used, e.Used); n > most {
			best, most = i, n
		}
	}
	if best < 0 || 2*most < min(len(e.Used), len(m.open[best].event.Used)) {
		m.open = append(m.open, *found)
		return append(out, Revision{Kind: Declared, Event: *e, Arrivals: found.ids})
	}
	matched[best] = true
	old := &m.open[best]
	if most == len(e.Used) && most == len(old.event.Used) {
		return out
	}
	before := old.event.ID
	old.event, old.ids, old.number = *e, found.ids, old.number+1
	return append(out, Revision{Kind: Revised, Event: *e, Arrivals: found.ids, Before: before, Number: old.number})
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
