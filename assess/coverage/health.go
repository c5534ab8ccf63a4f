package coverage

import (
	"cmp"
	"slices"
	"sort"
	"time"

	"github.com/trucewatch/truce"
)

// Reasons of gaps that nobody states: what is inferred from silence. Printers translate
// them.
const (
	reasonSilent  = "no heartbeat"
	reasonDown    = "down"
	reasonUnknown = "state not known"
	reasonReduced = "working at reduced quality"
)

// beatLate is how late a heartbeat may be before it is missing, as a multiple of the
// interval at which it is expected: a beat that is late by half is late, two intervals
// without one are a lost beat.
const beatLate = 1.5

// forever is later than any time that can be stated.
const forever truce.Instant = 1 << 62

// Sign is what was said of one sensor's health: a heartbeat where To is From. It is a row of
// health without what coverage does not ask for; a year of heartbeats is many of them.
type Sign struct {
	Sensor   truce.SensorID
	From, To truce.Instant
	State    truce.HealthState
	Reason   string
	ID       truce.ID
}

// SignOf is the sign an observation gives; false for one that is not of a sensor's health.
func SignOf(o truce.Observation) (Sign, bool) {
	if o.Health == nil || o.Sensor == "" {
		return Sign{}, false
	}
	return Sign{o.Sensor, o.Phenomenon.From, o.Phenomenon.To, o.Health.StateOf(), o.Health.Reason, o.ID}, true
}

// signs is everything that was said of one sensor's health.
type signs struct {
	beats      []Sign // of a moment, in order of time
	statements []Sign // of a stretch
}

// signsOf sorts the health of all sensors. A statement given twice counts once.
func signsOf(health []Sign) map[truce.SensorID]*signs {
	out := map[truce.SensorID]*signs{}
	for _, sign := range health {
		s := out[sign.Sensor]
		if s == nil {
			s = &signs{}
			out[sign.Sensor] = s
		}
		if sign.From == sign.To {
			s.beats = append(s.beats, sign)
		} else {
			s.statements = append(s.statements, sign)
		}
	}
	for _, s := range out {
		for _, list := range []*[]Sign{&s.beats, &s.statements} {
			slices.SortFunc(*list, inOrder)
			*list = slices.CompactFunc(*list, func(a, b Sign) bool { return a.ID == b.ID })
		}
	}
	return out
}

// inOrder is the order of time; of several beats of one moment the worst comes last and
// lasts.
func inOrder(a, b Sign) int {
	return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(badness(a.State), badness(b.State)), slices.Compare(a.ID[:], b.ID[:]))
}

func badness(s truce.HealthState) int {
	switch s {
	case truce.HealthUp:
		return 0
	case truce.HealthDegraded:
		return 1
	case truce.HealthDown:
		return 3
	}
	return 2
}

// vitals is what is known of a sensor during a period, each list flat. Where several say
// different things of one time, the worst counts: down, then unknown, then degraded.
type vitals struct {
	down, unknown, degraded []span
	alive                   []span // with a sign that it worked, however well
}

// during reads the signs of a period; beats lie at most late apart when none is missing, 0
// when none are expected.
func (s *signs) during(p truce.Period, late time.Duration) vitals {
	var v vitals
	if s == nil {
		return v
	}
	for _, said := range s.statements {
		if said.From < p.To && said.To > p.From {
			v.add(said, said.To, true)
		}
	}
	first := sort.Search(len(s.beats), func(i int) bool { return s.beats[i].From > p.From })
	for i := max(0, first-1); i < len(s.beats) && s.beats[i].From < p.To; i++ {
		v.addBeat(s.beats[i:], late)
	}
	for _, list := range []*[]span{&v.down, &v.unknown, &v.degraded, &v.alive} {
		*list = flat(*list)
	}
	return v
}

// addBeat adds what the first of the beats says of the time until the next. A state that is
// not up lasts until something else is said. Life is shown only between two beats of a
// working sensor that lie close enough: one that went silent may have stopped at any moment.
func (v *vitals) addBeat(beats []Sign, late time.Duration) {
	if len(beats) == 1 {
		v.add(beats[0], forever, false)
		return
	}
	next := beats[1].From
	vouched := beats[1].State.Working() && next.Sub(beats[0].From) <= late
	v.add(beats[0], next, vouched)
}

// add enters what a sign says until an end, and whether it shows life until then.
func (v *vitals) add(said Sign, to truce.Instant, vouched bool) {
	s := span{said.From, to, said.Reason}
	switch said.State {
	case truce.HealthUp, truce.HealthDegraded:
		if vouched {
			v.alive = append(v.alive, span{s.from, s.to, ""})
		}
		if said.State == truce.HealthDegraded {
			s.reason = cmp.Or(s.reason, reasonReduced)
			v.degraded = append(v.degraded, s)
		}
	case truce.HealthDown:
		s.reason = cmp.Or(s.reason, reasonDown)
		v.down = append(v.down, s)
	default:
		s.reason = cmp.Or(s.reason, reasonUnknown)
		v.unknown = append(v.unknown, s)
	}
}

// sensorTime is what became of the hours a sensor was to watch.
type sensorTime struct {
	full, reduced []span
	gaps          []span
}

// keep holds the planned time against the vitals. Where heartbeats are expected, time
// without a sign of life is a gap; where none are, the stated hours are taken as kept.
func (v vitals) keep(planned []span, expected bool) sensorTime {
	var t sensorTime
	rest := planned
	for _, bad := range [][]span{v.down, v.unknown} {
		t.gaps = append(t.gaps, within(bad, rest)...)
		rest = without(rest, bad)
	}
	if expected {
		for _, s := range without(rest, v.alive) {
			t.gaps = append(t.gaps, span{s.from, s.to, reasonSilent})
		}
		rest = within(rest, v.alive)
	}
	t.reduced = within(v.degraded, rest)
	t.full = without(rest, v.degraded)
	t.gaps = flat(t.gaps)
	return t
}
