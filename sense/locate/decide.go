package locate

import "slices"

// side is where an arrival stands in a person's decision that some are apart from others.
type side struct {
	decision int32
	other    bool
}

// decided is people's decisions about the picks of a medium. They bind: Apart wherever picks
// are chosen, Together when all else is done.
type decided struct {
	sides    map[int32][]side // by pick
	together [][]int32        // picks, each list of one event
}

// newDecided looks up the decisions' arrivals among the picks; nil when there are none.
func newDecided(decisions []Decision, arrivals []Arrival, p *picks) *decided {
	byID := map[string]int32{}
	for _, d := range decisions {
		if d.Kind != Excluded {
			for _, id := range slices.Concat(d.Arrivals, d.Others) {
				byID[id] = -1
			}
		}
	}
	if len(byID) == 0 {
		return nil
	}
	for pick, original := range p.original {
		if _, asked := byID[arrivals[original].ID]; asked {
			byID[arrivals[original].ID] = int32(pick)
		}
	}
	out := &decided{sides: map[int32][]side{}}
	for i, d := range decisions {
		switch d.Kind {
		case Apart:
			out.take(int32(i), d.Arrivals, false, byID)
			out.take(int32(i), d.Others, true, byID)
		case Together:
			var list []int32
			for _, id := range d.Arrivals {
				if pick := byID[id]; pick >= 0 && !slices.Contains(list, pick) {
					list = append(list, pick)
				}
			}
			out.together = append(out.together, list)
		}
	}
	return out
}

func (d *decided) take(decision int32, ids []string, other bool, byID map[string]int32) {
	for _, id := range ids {
		if pick := byID[id]; pick >= 0 {
			d.sides[pick] = append(d.sides[pick], side{decision, other})
		}
	}
}

// part drops from picks those that a decision keeps apart from most of the rest; of equals
// the first pick's side stays.
func (d *decided) part(members []int32, sure []float64) ([]int32, []float64) {
	count := map[int32]int{} // by decision: those on the one side less those on the other
	first := map[int32]bool{}
	for _, pick := range members {
		for _, s := range d.sides[pick] {
			if _, seen := first[s.decision]; !seen {
				first[s.decision] = s.other
			}
			if s.other {
				count[s.decision]--
			} else {
				count[s.decision]++
			}
		}
	}
	keep := 0
	for i, pick := range members {
		wrong := slices.ContainsFunc(d.sides[pick], func(s side) bool {
			n := count[s.decision]
			return s.other != (n < 0 || n == 0 && first[s.decision])
		})
		if !wrong {
			members[keep], sure[keep] = pick, sure[i]
			keep++
		}
	}
	return members[:keep], sure[:keep]
}

// torn says whether picks have a part of a list of one event, and not all of it.
func (d *decided) torn(members []int32) bool {
	return slices.ContainsFunc(d.together, func(list []int32) bool {
		n := count(list, members)
		return n > 0 && n < len(list)
	})
}

// without is the picks that are in no list of which others are missing.
func (d *decided) without(members []int32) []int32 {
	out := slices.Clone(members)
	for d.torn(out) { // what goes may tear another list
		for _, list := range d.together {
			if n := count(list, out); n > 0 && n < len(list) {
				out = slices.DeleteFunc(out, func(p int32) bool { return slices.Contains(list, p) })
			}
		}
	}
	return out
}

// unite puts arrivals that a person said are of one event into one: the one that has most of
// them, or a new one where none has any and they tell a place.
func (s *solver) unite() {
	if s.decided == nil {
		return
	}
	for _, list := range s.decided.together {
		if len(list) < 2 {
			continue
		}
		at, n := -1, 0
		for i := range s.events {
			if shared := count(s.events[i].members, list); shared > n {
				at, n = i, shared
			}
		}
		if at < 0 {
			s.events = append(s.events, hypothesis{})
			at = len(s.events) - 1
		}
		s.join(at, list)
	}
	s.events = slices.DeleteFunc(s.events, func(h hypothesis) bool { return len(h.members) == 0 })
	clear(s.taken)
	for i := range s.events {
		for _, p := range s.events[i].members {
			s.taken[p] = int32(i + 1)
		}
	}
}

func count(members, list []int32) (n int) {
	for _, p := range members {
		if slices.Contains(list, p) {
			n++
		}
	}
	return n
}

// join gives picks to an event, takes them from all others, and fits each again. What is left
// of an event with too few is none. Where the event had another arrival of a channel, that one
// goes.
func (s *solver) join(at int, list []int32) {
	w := s.workers[0]
	for i := range s.events {
		h := &s.events[i]
		before := len(h.members)
		h.members = slices.DeleteFunc(h.members, func(p int32) bool {
			return slices.ContainsFunc(list, func(q int32) bool {
				return p == q || i == at && w.picks.channel[p] == w.picks.channel[q]
			})
		})
		if i == at {
			h.members = append(h.members, list...)
		}
		if len(h.members) == before && i != at {
			continue
		}
		h.sure = nil
		if h.cov == (matrix{}) {
			p := list[0]
			sensor := w.picks.sensor(p)
			h.place = place{x: w.net.x[sensor], y: w.net.y[sensor], z: -w.net.z[sensor], t: w.picks.time[p] - 1}
		}
		if _, ok := w.fit(&h.estimate, h.members, nil); !ok || len(h.members) < 3 || i != at && len(h.members) < w.model.min {
			h.members = nil
			continue
		}
		h.score = w.odds(h)
	}
}
