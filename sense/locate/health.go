package locate

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"sort"

	"github.com/trucewatch/truce"
)

// When a sensor is said to be broken.
const (
	deadExpected   = 10.0 // arrivals to be expected in a silence: a chance of e^-10 and less
	chatterTimes   = 3.0  // the median rate of arrivals that no event has
	chatterSigmas  = 8.0  // above it
	chatterLeast   = 50   // arrivals
	secondsPerHour = 3600.0
)

// gap is a time in which a sensor was silent although it should have heard so much.
type gap struct {
	from, to float64 // s
	expected float64 // arrivals
}

func (m *model) isDeaf(sensor int32, t float64) bool {
	if m.deaf == nil {
		return false
	}
	for _, g := range m.deaf[sensor] {
		if t >= g.from && t <= g.to {
			return true
		}
	}
	return false
}

// deafness finds the sensors that were silent, of noise too, while sure events should have
// been heard. They do not count as witnesses then.
func (s *solver) deafness() (deaf [][]gap) {
	times := s.timesBySensor()
	expected := make([][]float64, len(times))
	for sensor := range times {
		expected[sensor] = make([]float64, len(times[sensor])+1)
	}
	var around []ranked
	for i := range s.events {
		h := &s.events[i]
		if h.score < strongScore || h.r == 0 {
			continue
		}
		around = s.net.around(h.x, h.y, min(s.reach, 1.5*h.r), around[:0])
		for _, near := range around {
			at := sort.SearchFloat64s(times[near.sensor], h.t)
			expected[near.sensor][at] += s.model.hear.chance(hypot(near.distance, h.z), h.r)
		}
	}
	for sensor, list := range expected {
		for at, sum := range list {
			if sum < deadExpected {
				continue
			}
			g := gap{from: 0, to: s.picks.span, expected: sum}
			if at > 0 {
				g.from = times[sensor][at-1]
			}
			if at < len(times[sensor]) {
				g.to = times[sensor][at]
			}
			if deaf == nil {
				deaf = make([][]gap, len(times))
			}
			deaf[sensor] = append(deaf[sensor], g)
		}
	}
	return deaf
}

// setDeaf believes them.
func (s *solver) setDeaf(deaf [][]gap) {
	next := *s.model
	next.deaf = deaf
	s.model = &next
}

// timesBySensor is the times of all picks of each sensor, whatever the phase, in order.
func (s *solver) timesBySensor() [][]float64 {
	phases := s.picks.medium.channels()
	out := make([][]float64, len(s.net.x))
	for sensor := range out {
		from, to := s.picks.start[sensor*phases], s.picks.start[(sensor+1)*phases]
		if out[sensor] = s.picks.time[from:to]; phases == 2 {
			half := s.picks.start[sensor*phases+1]
			out[sensor] = merged(s.picks.time[from:half], s.picks.time[half:to])
		}
	}
	return out
}

// merged is two sorted lists as one.
func merged(a, b []float64) []float64 {
	out := make([]float64, 0, len(a)+len(b))
	for len(a) > 0 && len(b) > 0 {
		if a[0] <= b[0] {
			out, a = append(out, a[0]), a[1:]
		} else {
			out, b = append(out, b[0]), b[1:]
		}
	}
	return append(append(out, a...), b...)
}

// health is what the medium's arrivals say about the sensors.
func (s *solver) health() []Health {
	var out []Health
	for _, c := range s.clocks {
		out = append(out, c.health(s.clockBase))
	}
	for sensor, list := range s.model.deaf {
		for _, g := range list {
			out = append(out, Health{
				Sensor: sensor, Kind: Dead, Value: g.expected, Sigma: math.Sqrt(g.expected),
				From: s.instant(g.from), To: s.instant(g.to),
				Description: fmt.Sprintf("silent where %.0f arrivals were to be expected", g.expected),
			})
		}
	}
	for sensor, n := range s.lone {
		out = append(out, Health{
			Sensor: sensor, Kind: Lone, Value: float64(n), Observed: n, From: s.instant(0), To: s.instant(s.picks.span),
			Description: fmt.Sprintf("too few sensors within %.0f km to place anything: is it where the table says?", 2*s.reach/1000),
		})
	}
	return append(out, s.chattering()...)
}

func (s *solver) instant(t float64) truce.Instant {
	return s.picks.base + truce.Instant(math.Round(t*1e6))
}

// chattering is the sensors with far more arrivals that no event has than the others, or more
// in a second than can be told apart.
func (s *solver) chattering() []Health {
	phases := s.picks.medium.channels()
	free := make([]float64, len(s.net.x))
	for sensor := range free {
		for p := s.picks.start[sensor*phases]; p < s.picks.start[(sensor+1)*phases]; p++ {
			if s.taken[p] == 0 {
				free[sensor]++
			}
		}
		free[sensor] += float64(s.surplus[sensor])
	}
	sorted := slices.Clone(free)
	slices.Sort(sorted)
	if len(sorted) == 0 {
		return nil
	}
	median := sorted[len(sorted)/2]
	var out []Health
	for sensor, n := range free {
		if s.surplus[sensor] < chatterLeast && (n < chatterLeast || n < chatterTimes*median || n < median+chatterSigmas*math.Sqrt(median)) {
			continue
		}
		hours := s.picks.span / secondsPerHour
		out = append(out, Health{
			Sensor: sensor, Kind: Chattering, Value: n / hours, Sigma: math.Sqrt(n) / hours, Observed: int(n),
			From: s.instant(0), To: s.instant(s.picks.span),
			Description: fmt.Sprintf("%.0f arrivals an hour that nobody else heard; half of the sensors have fewer than %.0f", n/hours, median/hours),
		})
	}
	return out
}

func byHealth(a, b Health) int {
	return cmp.Or(cmp.Compare(a.Sensor, b.Sensor), cmp.Compare(a.From, b.From), cmp.Compare(a.Kind, b.Kind))
}

func (c clock) health(base truce.Instant) Health {
	word := "ahead of"
	if c.offset < 0 {
		word = "behind"
	}
	return Health{
		Sensor: int(c.sensor), Kind: ClockOffset, Value: c.offset, Sigma: c.sigma, Corrected: true, Observed: c.seen,
		From: base + truce.Instant(c.first*1e6), To: base + truce.Instant(c.last*1e6),
		Description: fmt.Sprintf("clock %.2f s %s the others; corrected", math.Abs(c.offset), word),
	}
}
