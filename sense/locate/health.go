package locate

import (
	"cmp"
	"slices"
)

// health is what the medium's arrivals say about the sensors.
func (s *solver) health() []Health {
	var out []Health
	for _, c := range s.clocks {
		out = append(out, c.health(s.clockBase))
	}
	slices.SortStableFunc(out, func(a, b Health) int { return cmp.Or(cmp.Compare(a.Sensor, b.Sensor), cmp.Compare(a.From, b.From)) })
	return out
}

// airUsed is the air the events were located with, where it was given or learnt.
func (s *solver) airUsed() []Air {
	a := s.model.air
	if s.picks.medium != InAir || a.events == 0 {
		return nil
	}
	return nil
}
