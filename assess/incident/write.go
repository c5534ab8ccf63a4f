package incident

import (
	"reflect"
	"slices"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
)

// writer makes the revisions.
type writer struct {
	*book
	area  func(geo.Position) truce.AreaID
	taken map[truce.ID]bool // ids given in this run
	out   []truce.Incident
}

// goOn revises the incident that stays and marks those merged into it.
func (w *writer) goOn(p *plan) {
	if len(p.goOn) == 0 {
		return
	}
	stays := w.active[p.goOn[0]]
	next := w.fill(*stays, p.candidate)
	for _, k := range p.goOn[1:] {
		merged := *w.active[k]
		next.Lineage.MergedFrom = withID(next.Lineage.MergedFrom, merged.ID)
		merged.ReplacedBy = stays.ID
		w.revise(w.active[k], merged)
	}
	w.revise(stays, next)
}

// open makes an incident of a candidate that continues none. An id that an incident had
// before it was merged away comes back to life with its history.
func (w *writer) open(p *plan) {
	if len(p.goOn) > 0 {
		return
	}
	id := w.freeID(p.candidate.Events)
	fresh := truce.Incident{ID: id}
	before := w.all[id]
	if before != nil {
		fresh = *before
		fresh.ReplacedBy = truce.ID{}
	}
	if p.split != nobody {
		fresh.Lineage.SplitFrom = w.active[p.split].ID
	}
	w.revise(before, w.fill(fresh, p.candidate))
}

// freeID is the id of the first event whose incident is not alive already.
func (w *writer) freeID(events []truce.Event) truce.ID {
	for _, e := range events {
		id := IDOf(e)
		if inc := w.all[id]; !w.taken[id] && (inc == nil || !inc.ReplacedBy.IsZero()) {
			w.taken[id] = true
			return id
		}
	}
	// Every event here has opened an incident that lives on elsewhere.
	last := events[0]
	for {
		last.ID = IDOf(last)
		if id := IDOf(last); w.all[id] == nil && !w.taken[id] {
			w.taken[id] = true
			return id
		}
	}
}

// fill writes what the candidate says into an incident. What people have set stays.
func (w *writer) fill(inc truce.Incident, c Candidate) truce.Incident {
	inc.Events = idsOf(c.Events)
	if !DecidedByPeople(inc.Occurrence) {
		inc.Occurrence, inc.P = c.Occurrence, c.P
	}
	inc.Acts, inc.Time = c.Acts, c.Time
	inc.Position, inc.Place = c.Position, c.Place
	inc.Families, inc.Sources, inc.Labels = c.Families, c.Sources, c.Labels
	inc.Detail = c.Detail
	inc.Area = ""
	if w.area != nil && c.Position != nil {
		inc.Area = w.area(*c.Position)
	}
	return inc
}

// revise keeps the next revision unless it says what the last one says.
func (w *writer) revise(before *truce.Incident, next truce.Incident) {
	if before == nil {
		next.Revision, next.Supersedes = 1, 0
		w.out = append(w.out, next)
		return
	}
	if same(*before, next) {
		return
	}
	next.Revision, next.Supersedes = before.Revision+1, before.Revision
	w.out = append(w.out, next)
}

// same compares what two revisions say; an empty list equals none, as it does on paper.
func same(x, y truce.Incident) bool {
	return reflect.DeepEqual(plain(x), plain(y))
}

func plain(i truce.Incident) truce.Incident {
	i.Revision, i.Supersedes = 0, 0
	i.Events, i.Acts, i.Families = orNil(i.Events), orNil(i.Acts), orNil(i.Families)
	i.Sources, i.Labels = orNil(i.Sources), orNil(i.Labels)
	i.Lineage.MergedFrom = orNil(i.Lineage.MergedFrom)
	return i
}

func orNil[T any](list []T) []T {
	if len(list) == 0 {
		return nil
	}
	return list
}

// withID adds an id to a sorted list without changing the list given.
func withID(list []truce.ID, id truce.ID) []truce.ID {
	at, found := slices.BinarySearchFunc(list, id, func(x, y truce.ID) int { return slices.Compare(x[:], y[:]) })
	if found {
		return list
	}
	return slices.Insert(slices.Clone(list), at, id)
}
