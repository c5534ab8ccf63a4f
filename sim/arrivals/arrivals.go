// Package arrivals invents what a field of acoustic or seismic sensors hears in a day: the
// workloads S and A that programs for association are compared on, harder ones made of them,
// with the truth beside them, and the score of an answer against that truth.
//
// It never associates or locates anything itself, touches no disk, clock or network, and
// gives the same arrivals for the same seed on one processor architecture. Its ground is sea
// where nobody lives.
//
// Read ParseWorkload for the names of workloads, New for how one is made, score.go for the
// metric and bound.go for the Cramer-Rao bound.
package arrivals

import (
	"cmp"
	"math"
	"slices"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
)

// Phase is how an arrival travelled, as it stands in files.
type Phase string

// The phases.
const (
	Acoustic Phase = "acoustic"
	P        Phase = "P"
	S        Phase = "S"
)

// Speeds that the workloads are made with, m/s.
const (
	SpeedAcoustic = 340
	SpeedP        = 6300
	SpeedS        = 3700
)

// Sensor is an ear at a place.
type Sensor struct {
	ID   string
	At   geo.Point
	Elev geo.Metres
}

// Arrival is one detection by one sensor, true or false.
type Arrival struct {
	ID           string
	Sensor       int // index of the world's sensors
	Time         truce.Instant
	Phase        Phase
	Sigma        float64     // s, as the sensor states it; 0: it does not
	Azimuth      geo.Degrees // to the source, clockwise from north
	AzimuthSigma geo.Degrees // 0: no azimuth
	Amplitude    float64     // 0: none
}

// Event is what truly happened, with the arrivals that come from it.
type Event struct {
	ID    string
	Time  truce.Instant
	At    geo.Point
	Depth geo.Metres
	Salvo int // number of the salvo it is a shot of, -1: none
	Picks []Pick
}

// Pick is a true arrival with the error it was drawn with.
type Pick struct {
	Arrival int     // index of the world's arrivals
	Sigma   float64 // s
}

// Trouble is what is wrong with a sensor.
type Trouble struct {
	Sensor int
	Kind   TroubleKind
	From   truce.Instant
	Offset float64 // s, from then on; of a clock only
}

// TroubleKind says what is wrong.
type TroubleKind string

// What may be wrong with a sensor.
const (
	Clock      TroubleKind = "clock"      // its times are Offset too late
	Dead       TroubleKind = "dead"       // it is silent
	Chattering TroubleKind = "chattering" // it reports what nobody else hears, all day
)

// World is a field of sensors, what it heard, and the truth.
type World struct {
	Sensors  []Sensor
	Arrivals []Arrival // by time; ids are dealt at random
	Events   []Event   // by time
	Troubles []Trouble // by sensor, then by time
}

// Start is the midnight that the day of every workload begins with.
var Start = truce.InstantOf(time.Date(2031, 3, 3, 0, 0, 0, 0, time.UTC))

// dayLength is how long events and false arrivals go on.
const dayLength = 24 * time.Hour

// origin is the middle of the ground: open South Atlantic, no land within a thousand
// kilometres.
var origin = geo.Point{Lat: -47.9, Lon: -21.6}

// after is the instant some seconds later, to the nearest microsecond.
func after(t truce.Instant, seconds float64) truce.Instant {
	return t + truce.Instant(math.Round(seconds*1e6))
}

// place is a point on the ground, rounded as it is written.
func place(p geo.Point) geo.Point {
	return geo.Point{Lat: geo.Degrees(rounded(float64(p.Lat))), Lon: geo.Degrees(rounded(float64(p.Lon)))}
}

// rounded keeps what coordinateDecimals decimals say.
func rounded(x float64) float64 {
	scale := math.Pow10(coordinateDecimals)
	return math.Round(x*scale) / scale
}

// New makes the world of a workload.
func New(cfg Config) (*World, error) {
	if err := cfg.complete(); err != nil {
		return nil, err
	}
	m := newMaker(cfg)
	m.trouble()
	draw := m.single
	if cfg.Salvos {
		draw = m.salvos
	}
	if err := draw(); err != nil {
		return nil, err
	}
	m.noise()
	m.chatter()
	m.clocks()
	m.finish()
	return m.world, nil
}

// single draws events one by one until there are enough that were heard.
func (m *maker) single() error {
	for len(m.world.Events) < m.cfg.Events {
		if m.tries > maxDraws*m.cfg.Events {
			return m.tooQuiet()
		}
		if shot := m.shoot(m.source(), -1); m.heard(shot) {
			m.keep(shot)
		}
	}
	return nil
}

func (m *maker) tooQuiet() error {
	return truce.Errorf(truce.CodeInvalid, "of %d events drawn only %d were heard well enough: give more sensors, or fewer dead ones", m.tries, len(m.world.Events))
}

// salvos draws salvos: 3 to 6 shots from one place, 1 to 5 s apart, each heard by itself. A
// salvo of which a shot is not heard well enough is drawn again whole.
func (m *maker) salvos() error {
	for salvo := 0; len(m.world.Events) < m.cfg.Events; {
		if m.tries > maxDraws*m.cfg.Events {
			return m.tooQuiet()
		}
		from := m.source()
		count := min(minSalvo+m.events.IntN(maxSalvo-minSalvo+1), m.cfg.Events-len(m.world.Events))
		shots := make([]shot, 0, count)
		for range count {
			s := m.shoot(from, salvo)
			if !m.heard(s) {
				break
			}
			shots = append(shots, s)
			from.time = after(from.time, minGap+(maxGap-minGap)*m.events.Float64())
		}
		if len(shots) < count {
			continue
		}
		for _, s := range shots {
			m.keep(s)
		}
		salvo++
	}
	return nil
}

// finish sorts arrivals and events by time, deals ids at random and turns the makers' lists
// into the world's.
func (m *maker) finish() {
	order := make([]int, len(m.drawn))
	for i := range order {
		order[i] = i
	}
	m.deal.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
	numbers := slices.Clone(order)
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(m.drawn[a].Time, m.drawn[b].Time) })
	at := make([]int, len(order)) // where a drawn arrival came to lie
	m.world.Arrivals = make([]Arrival, len(order))
	for i, from := range order {
		at[from] = i
		m.world.Arrivals[i] = m.drawn[from]
		m.world.Arrivals[i].ID = number("a", numbers[i]+1, 7)
	}
	slices.SortStableFunc(m.world.Events, func(a, b Event) int { return cmp.Compare(a.Time, b.Time) })
	for i := range m.world.Events {
		e := &m.world.Events[i]
		e.ID = number("e", i+1, 5)
		for j := range e.Picks {
			e.Picks[j].Arrival = at[e.Picks[j].Arrival]
		}
		slices.SortFunc(e.Picks, func(a, b Pick) int { return cmp.Compare(a.Arrival, b.Arrival) })
	}
}
