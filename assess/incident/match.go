package incident

import (
	"slices"

	"github.com/trucewatch/truce"
)

// book knows the incidents there are and which of them an event belongs to.
type book struct {
	all    map[truce.ID]*truce.Incident
	active []*truce.Incident // not merged away, by id
	event  map[truce.ID]int  // the active incident of an event
	sign   map[sighting]int  // and of an observation read as an act
}

// sighting is an observation read as one act; a report that claims two acts is two.
type sighting struct {
	observation truce.ID
	kind        truce.Act
}

const nobody = -1

func newBook(in Input) *book {
	b := &book{all: map[truce.ID]*truce.Incident{}, event: map[truce.ID]int{}, sign: map[sighting]int{}}
	for i := range in.Current {
		inc := &in.Current[i]
		b.all[inc.ID] = inc
		if inc.ReplacedBy.IsZero() {
			b.active = append(b.active, inc)
		}
	}
	slices.SortFunc(b.active, func(x, y *truce.Incident) int { return slices.Compare(x.ID[:], y.ID[:]) })
	for k, inc := range b.active {
		for _, id := range inc.Events {
			b.event[id] = k
		}
	}
	for i := range in.Known {
		if k, ours := b.event[in.Known[i].ID]; ours {
			for _, s := range in.Known[i].Support {
				b.sign[sighting{s.Observation, in.Known[i].Kind}] = k
			}
		}
	}
	return b
}

// owner is the active incident that an event belonged to, by its id or else by most of
// its observations.
func (b *book) owner(e *truce.Event) int {
	if k, ok := b.event[e.ID]; ok {
		return k
	}
	votes := map[int]int{}
	best := nobody
	for _, s := range e.Support {
		k, ok := b.sign[sighting{s.Observation, e.Kind}]
		if !ok {
			continue
		}
		votes[k]++
		if best == nobody || votes[k] > votes[best] || votes[k] == votes[best] && k < best {
			best = k
		}
	}
	return best
}

// plan is what is to become of a candidate.
type plan struct {
	candidate Candidate
	goOn      []int // active incidents that go on in it, the one that stays first
	split     int   // when none does: the incident most of its events come from
}

// match decides in which candidate each incident goes on.
func (b *book) match(candidates []Candidate) []plan {
	plans := make([]plan, len(candidates))
	home := make([]int, len(b.active))
	votes := make([]int, len(b.active)) // of the best candidate so far
	for k := range home {
		home[k] = nobody
	}
	for c := range candidates {
		plans[c] = plan{candidate: candidates[c], split: nobody}
		for k, n := range b.votes(candidates[c].Events) {
			if n > votes[k] {
				home[k], votes[k] = c, n
			}
		}
	}
	for k, c := range home {
		if c != nobody {
			plans[c].goOn = append(plans[c].goOn, k)
		}
	}
	for c := range plans {
		if len(plans[c].goOn) == 0 {
			plans[c].split = b.parent(candidates[c].Events)
		}
		slices.SortStableFunc(plans[c].goOn, b.seniority)
	}
	return plans
}

// opened outweighs any number of events: an incident follows the event that opened it.
const opened = 1 << 30

// votes counts, by active incident, the events that belonged to it.
func (b *book) votes(events []truce.Event) map[int]int {
	out := map[int]int{}
	for i := range events {
		k := b.owner(&events[i])
		if k == nobody {
			continue
		}
		out[k]++
		if IDOf(events[i]) == b.active[k].ID {
			out[k] += opened
		}
	}
	return out
}

// parent is the incident that most of the events come from, the oldest of equals.
func (b *book) parent(events []truce.Event) int {
	best, most := nobody, 0
	for k, n := range b.votes(events) {
		if n > most || n == most && k < best {
			best, most = k, n
		}
	}
	return best
}

// seniority puts incidents that people have decided on first, then the older id.
func (b *book) seniority(x, y int) int {
	px, py := DecidedByPeople(b.active[x].Occurrence), DecidedByPeople(b.active[y].Occurrence)
	switch {
	case px && !py:
		return -1
	case py && !px:
		return 1
	default:
		return x - y
	}
}
