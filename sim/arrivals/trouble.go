package arrivals

import (
	"cmp"
	"math"
	"slices"

	"github.com/trucewatch/truce"
)

// A wrong clock is off by up to worstClock either way and by clockFloor at least. Half of
// them stay so; the others jump to a new offset one to maxSteps times in the day.
const (
	worstClock = 3.0 // s
	clockFloor = .5
	maxSteps   = 4
)

// chatterGap is the mean time between two arrivals that a chattering sensor invents, s.
const chatterGap = 20.0

// trouble chooses which sensors are broken, and how.
func (m *maker) trouble() {
	for sensor, bad := range m.some(m.troubles, m.cfg.BadClocks) {
		if bad {
			m.wrongClock(sensor)
		}
	}
	for sensor, dead := range m.some(m.troubles, m.cfg.Dead) {
		if !dead {
			continue
		}
		from := Start
		if m.troubles.Float64() < .5 {
			from = m.moment(m.troubles)
		}
		m.silence[sensor] = from
		m.world.Troubles = append(m.world.Troubles, Trouble{Sensor: sensor, Kind: Dead, From: from})
	}
	for sensor, chatters := range m.some(m.troubles, m.cfg.Chattering) {
		if chatters {
			m.world.Troubles = append(m.world.Troubles, Trouble{Sensor: sensor, Kind: Chattering, From: Start})
		}
	}
	slices.SortStableFunc(m.world.Troubles, func(a, b Trouble) int {
		return cmp.Or(cmp.Compare(a.Sensor, b.Sensor), cmp.Compare(a.From, b.From))
	})
}

func (m *maker) wrongClock(sensor int) {
	offset := func() float64 {
		size := clockFloor + (worstClock-clockFloor)*m.troubles.Float64()
		if m.troubles.Float64() < .5 {
			size = -size
		}
		return round(size, 3)
	}
	m.world.Troubles = append(m.world.Troubles, Trouble{Sensor: sensor, Kind: Clock, From: Start, Offset: offset()})
	if m.troubles.Float64() < .5 {
		return
	}
	for range 1 + m.troubles.IntN(maxSteps) {
		m.world.Troubles = append(m.world.Troubles, Trouble{Sensor: sensor, Kind: Clock, From: m.moment(m.troubles), Offset: offset()})
	}
}

// clocks moves every arrival of a wrong clock by what it is off at that time.
func (m *maker) clocks() {
	wrong := map[int][]Trouble{}
	for _, t := range m.world.Troubles {
		if t.Kind == Clock {
			wrong[t.Sensor] = append(wrong[t.Sensor], t)
		}
	}
	for i := range m.drawn {
		a, offset := &m.drawn[i], 0.0
		for n, t := range wrong[a.Sensor] {
			if n == 0 || a.Time >= t.From {
				offset = t.Offset
			}
		}
		a.Time = after(a.Time, offset)
	}
}

// noise adds false arrivals, even over sensors that are not dead, phases and the day.
func (m *maker) noise() {
	m.truths = len(m.drawn)
	for range int(math.Round(m.cfg.Noise * float64(m.truths))) {
		sensor := m.clutter.IntN(m.cfg.Sensors)
		m.falsely(sensor, m.moment(m.clutter))
	}
}

// chatter adds what chattering sensors invent.
func (m *maker) chatter() {
	for _, t := range m.world.Troubles {
		if t.Kind != Chattering {
			continue
		}
		end := Start.Add(dayLength)
		for at := after(t.From, chatterGap*m.clutter.ExpFloat64()); at < end; at = after(at, chatterGap*m.clutter.ExpFloat64()) {
			m.falsely(t.Sensor, at)
		}
	}
}

// falsely adds an arrival of nothing, which looks like any other of its sensor.
func (m *maker) falsely(sensor int, at truce.Instant) {
	a := Arrival{Sensor: sensor, Time: at, Phase: Acoustic}
	floor := floorAcoustic
	if m.cfg.Kind == KindSeismic {
		a.Phase, floor = P, floorSeismic
		if m.clutter.Float64() < .5 {
			a.Phase = S
		}
	}
	sigma := floor
	if len(m.sigmas) > 0 {
		sigma = m.sigmas[m.clutter.IntN(len(m.sigmas))]
	}
	a.Sigma = m.stated(sigma, floor)
	if m.arrays[sensor] {
		a.AzimuthSigma = arraySigma
		a.Azimuth = around(360 * m.clutter.Float64())
	}
	if m.cfg.Amplitudes {
		a.Amplitude = round(math.Pow(max(m.clutter.Float64(), .01), -amplitudeFall)*math.Exp(amplitudeSpread*m.clutter.NormFloat64()), 4)
	}
	if dead := m.silence[sensor]; dead == 0 || at < dead {
		m.drawn = append(m.drawn, a)
	}
}
