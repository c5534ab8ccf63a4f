package app

import (
	"github.com/trucewatch/truce"
)

// opener is a plot that named an event, and what sort of event.
type opener struct {
	plot    truce.ID
	trouble truce.Act // "" for a flight, whatever it is taken for
}

// openerOf is the plot that an event names first.
func openerOf(e *truce.Event) opener {
	for _, act := range troubleActs {
		if e.Kind == act {
			return opener{e.Support[0].Observation, act}
		}
	}
	return opener{plot: e.Support[0].Observation}
}

// keepIDs gives events that stand the ids they have, for as long as they rest on the plot that
// opened them, whether they name it or not: late plots make revisions and no new events.
func (f *followed) keepIDs(standing []truce.Event) {
	stands, opened, taken := map[truce.ID]bool{}, map[opener]truce.ID{}, map[truce.ID]bool{}
	for i := range standing {
		if e := &standing[i]; e.Method == followMethod && e.ReplacedBy.IsZero() && len(e.Support) > 0 {
			stands[e.ID], opened[openerOf(e)] = true, e.ID
		}
	}
	for i := range f.events {
		taken[f.events[i].ID] = stands[f.events[i].ID]
	}
	renamed := map[truce.ID]truce.ID{}
	for i := range f.events {
		e := &f.events[i]
		if stands[e.ID] {
			continue
		}
		rests, key := f.rests[e.ID], openerOf(e)
		for _, key.plot = range rests {
			if id, known := opened[key]; known && !taken[id] {
				delete(f.rests, e.ID)
				renamed[e.ID], e.ID, taken[id], f.rests[id] = id, id, true, rests
				break
			}
		}
	}
	renameOthers(f.events, renamed)
}

// renameOthers gives the flights that events name the ids that these have now.
func renameOthers(events []truce.Event, renamed map[truce.ID]truce.ID) {
	if len(renamed) == 0 {
		return
	}
	now := func(id truce.ID) truce.ID {
		if other, moved := renamed[id]; moved {
			return other
		}
		return id
	}
	for i := range events {
		if events[i].Detail == nil || events[i].Detail.Flight == nil {
			continue
		}
		f := events[i].Detail.Flight
		for k := range f.Together {
			f.Together[k].Event = now(f.Together[k].Event)
		}
		for k := range f.Remarks {
			f.Remarks[k].Event = now(f.Remarks[k].Event)
		}
	}
}

// restsOn are the plots of a flight while an event lasted.
func (f *flight) restsOn(e *truce.Event) (out []truce.ID) {
	for i := range f.plots {
		if p := &f.plots[i]; p.at >= e.Origin.From-mostLook && p.at <= e.Origin.To+mostLook {
			out = append(out, p.id)
		}
	}
	return out
}
