package incident

import (
	"slices"

	"github.com/trucewatch/truce"
)

// pairSet is a set of unordered pairs of events.
type pairSet map[[2]truce.ID]bool

func pairsOf(list [][2]truce.ID) pairSet {
	set := pairSet{}
	for _, p := range list {
		set[p], set[[2]truce.ID{p[1], p[0]}] = true, true
	}
	return set
}

// binder groups events as people want them.
type binder struct {
	*book
	apart  pairSet
	member map[truce.ID]bool // events that stand in a pair kept apart
}

// bind gives the candidates as people's decisions shape them, in order of their first
// events. Candidates that no decision touches pass through unchanged.
//
// Beside the constraints, an incident whose occurrence people have set keeps its events
// together, and apart from those of another such incident.
func (b *book) bind(in Input) ([]Candidate, error) {
	k := &binder{book: b, apart: pairsOf(in.Constraints.KeepApart), member: map[truce.ID]bool{}}
	for p := range k.apart {
		k.member[p[0]] = true
	}
	var out []Candidate
	for _, set := range k.together(in) {
		parts := k.split(set.events, in.Constraints.KeepTogether)
		if len(parts) == 1 && set.whole != nil {
			out = append(out, *set.whole)
			continue
		}
		for _, part := range parts {
			c, err := in.Describe(idsOf(part))
			if err != nil {
				return nil, err
			}
			out = append(out, c)
		}
	}
	slices.SortFunc(out, func(x, y Candidate) int { return byTime(x.Events[0], y.Events[0]) })
	return out, nil
}

// union is the events of candidates that belong together; whole is the candidate when
// there is but one.
type union struct {
	events []truce.Event
	whole  *Candidate
}

// together joins the candidates that people's decisions tie to each other.
func (k *binder) together(in Input) []union {
	at := map[truce.ID]int{}
	for c := range in.Candidates {
		for _, e := range in.Candidates[c].Events {
			at[e.ID] = c
		}
	}
	lead := make([]int, len(in.Candidates))
	for c := range lead {
		lead[c] = c
	}
	tie := func(c, d int) {
		c, d = find(lead, c), find(lead, d)
		lead[max(c, d)] = min(c, d)
	}
	for _, p := range in.Constraints.KeepTogether {
		c, ok := at[p[0]]
		if d, also := at[p[1]]; ok && also {
			tie(c, d)
		}
	}
	first := map[int]int{} // pin to candidate
	for c := range in.Candidates {
		for i := range in.Candidates[c].Events {
			pin := k.pin(&in.Candidates[c].Events[i])
			if pin == nobody {
				continue
			}
			if d, seen := first[pin]; seen {
				tie(c, d)
			} else {
				first[pin] = c
			}
		}
	}
	return gather(in.Candidates, lead)
}

func find(lead []int, c int) int {
	for lead[c] != c {
		lead[c] = lead[lead[c]]
		c = lead[c]
	}
	return c
}

func gather(candidates []Candidate, lead []int) []union {
	place := map[int]int{}
	var out []union
	for c := range candidates {
		root := find(lead, c)
		n, seen := place[root]
		if !seen {
			place[root] = len(out)
			out = append(out, union{candidates[c].Events, &candidates[c]})
			continue
		}
		out[n].events, out[n].whole = slices.Concat(out[n].events, candidates[c].Events), nil
	}
	for n := range out {
		if out[n].whole == nil {
			slices.SortFunc(out[n].events, byTime)
		}
	}
	return out
}

// pin is the incident people have decided on that an event belonged to.
func (b *book) pin(e *truce.Event) int {
	if k := b.owner(e); k != nobody && DecidedByPeople(b.active[k].Occurrence) {
		return k
	}
	return nobody
}

// split puts the events into as few parts as the decisions allow. Units (events kept
// together) that a decision speaks of are placed first, then the others, each in order of
// time: with the incident they were in, else in the first part that does not hold what
// they must be kept from.
func (k *binder) split(events []truce.Event, together [][2]truce.ID) [][]truce.Event {
	if !k.touched(events) {
		return [][]truce.Event{events}
	}
	units := k.units(events, together)
	slices.SortStableFunc(units, func(x, y []truce.Event) int { return k.rank(x) - k.rank(y) })
	var parts [][]truce.Event
	for _, unit := range units {
		n := k.partFor(parts, unit)
		if n == len(parts) {
			parts = append(parts, nil)
		}
		parts[n] = append(parts[n], unit...)
	}
	for n := range parts {
		slices.SortFunc(parts[n], byTime)
	}
	return parts
}

// rank is 0 for a unit that a decision speaks of, 1 for others.
func (k *binder) rank(unit []truce.Event) int {
	for i := range unit {
		if k.member[unit[i].ID] || k.pin(&unit[i]) != nobody {
			return 0
		}
	}
	return 1
}

// touched says whether anything may have to be kept apart among the events.
func (k *binder) touched(events []truce.Event) bool {
	pinned := nobody
	for i := range events {
		if k.member[events[i].ID] {
			return true
		}
		if pin := k.pin(&events[i]); pin != nobody {
			if pinned != nobody && pin != pinned {
				return true
			}
			pinned = pin
		}
	}
	return false
}

// units are the events that are kept together, by pins first, then by pairs, leaving out
// every pair that would bring together what is kept apart.
func (k *binder) units(events []truce.Event, together [][2]truce.ID) [][]truce.Event {
	units := make([][]truce.Event, len(events))
	at, byPin := map[truce.ID]int{}, map[int]int{}
	for i, e := range events {
		units[i] = []truce.Event{e}
		at[e.ID] = i
	}
	merge := func(i, j int) {
		if i == j || k.clash(units[i], units[j]) {
			return
		}
		i, j = min(i, j), max(i, j)
		for _, e := range units[j] {
			at[e.ID] = i
		}
		units[i], units[j] = append(units[i], units[j]...), nil
	}
	for i := range events {
		pin := k.pin(&events[i])
		if first, seen := byPin[pin]; seen && pin != nobody {
			merge(at[events[first].ID], i)
		} else {
			byPin[pin] = i
		}
	}
	for _, p := range sortedPairs(together) {
		i, ok := at[p[0]]
		if j, also := at[p[1]]; ok && also {
			merge(i, j)
		}
	}
	return slices.DeleteFunc(units, func(u []truce.Event) bool { return u == nil })
}

func sortedPairs(list [][2]truce.ID) [][2]truce.ID {
	out := make([][2]truce.ID, len(list))
	for i, p := range list {
		if slices.Compare(p[0][:], p[1][:]) > 0 {
			p[0], p[1] = p[1], p[0]
		}
		out[i] = p
	}
	slices.SortFunc(out, func(x, y [2]truce.ID) int {
		if c := slices.Compare(x[0][:], y[0][:]); c != 0 {
			return c
		}
		return slices.Compare(x[1][:], y[1][:])
	})
	return out
}

// clash says whether two sets of events must be kept apart.
func (k *binder) clash(x, y []truce.Event) bool {
	for i := range x {
		for j := range y {
			if k.apart[[2]truce.ID{x[i].ID, y[j].ID}] {
				return true
			}
			if px, py := k.pin(&x[i]), k.pin(&y[j]); px != nobody && py != nobody && px != py {
				return true
			}
		}
	}
	return false
}

// partFor is the part a unit goes to: one that holds events of its own incident, else the
// first that it may join, else a new one.
func (k *binder) partFor(parts [][]truce.Event, unit []truce.Event) int {
	free := len(parts)
	for n := len(parts) - 1; n >= 0; n-- {
		if k.clash(parts[n], unit) {
			continue
		}
		if k.sameIncident(parts[n], unit) {
			return n
		}
		free = n
	}
	return free
}

func (k *binder) sameIncident(part, unit []truce.Event) bool {
	for i := range part {
		for j := range unit {
			if o := k.owner(&part[i]); o != nobody && o == k.owner(&unit[j]) {
				return true
			}
		}
	}
	return false
}

// Validate names a pair that is to be kept both apart and together, be it through others.
func (c Constraints) Validate() error {
	lead := map[truce.ID]truce.ID{}
	root := func(id truce.ID) truce.ID {
		for lead[id] != id && !lead[id].IsZero() {
			id = lead[id]
		}
		return id
	}
	for _, p := range c.KeepTogether {
		if a, b := root(p[0]), root(p[1]); a != b {
			lead[a] = b
		}
	}
	for _, p := range c.KeepApart {
		if root(p[0]) == root(p[1]) {
			return truce.Errorf(truce.CodeConflict, "incident: events %s and %s are to be kept both apart and together; take one decision back", p[0], p[1])
		}
	}
	return nil
}

func byTime(a, b truce.Event) int {
	if a.Origin.From != b.Origin.From {
		if a.Origin.From < b.Origin.From {
			return -1
		}
		return 1
	}
	return slices.Compare(a.ID[:], b.ID[:])
}

func idsOf(events []truce.Event) []truce.ID {
	out := make([]truce.ID, len(events))
	for i := range events {
		out[i] = events[i].ID
	}
	return out
}
