package app

import (
	"context"
	"errors"
	"maps"
	"os"
	"slices"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/incident"
	"github.com/trucewatch/truce/sense/locate"
)

// One worker at a time records what one network told of one phenomenon: its lease is the
// network's source, and every write under it carries the epoch (docs/decisions/0007).
const (
	leasePrefix = "sense/locate/"
	leaseLength = 2 * time.Minute
)

// heardMethod and followedMethod are what events of sensors and of plots are appended under.
var (
	heardMethod    = sensed{method: locate.Method, lease: leasePrefix}
	followedMethod = sensed{method: followMethod, lease: "sense/track/"}
)

// sensed is a method whose events are recorded by one worker for each source.
type sensed struct{ method, lease string }

// appendSensed appends the events of a method that differ from what stands, each source's under
// its lease, and the standing ones that are no longer what they were: replaced by another, or
// withdrawn. Events may rest on more than they name. It gives how many it appended and those
// withdrawn.
func (a *App) appendSensed(ctx context.Context, by sensed, events, standing []truce.Event, rests map[truce.ID][]truce.ID) (int, []truce.Event, error) {
	before := slices.DeleteFunc(slices.Clone(standing), func(e truce.Event) bool { return e.Method != by.method || len(e.Support) == 0 })
	if len(events)+len(before) == 0 {
		return 0, nil, nil
	}
	kept, err := a.store.ObservationDays(ctx)
	if err != nil {
		return 0, nil, err
	}
	days := map[truce.Day]bool{}
	for _, d := range kept {
		days[d.Day] = true
	}
	bySource := map[truce.SourceID]*heardOf{}
	of := func(e *truce.Event) *heardOf {
		h := bySource[e.Support[0].Source]
		if h == nil {
			h = &heardOf{}
			bySource[e.Support[0].Source] = h
		}
		return h
	}
	for i := range events {
		of(&events[i]).fresh = append(of(&events[i]).fresh, &events[i])
	}
	gone, withdrawn := outdated(events, before, days, rests)
	for i := range gone {
		of(&gone[i]).gone = append(of(&gone[i]).gone, &gone[i])
	}
	count, known := 0, byID(before)
	for _, source := range slices.Sorted(maps.Keys(bySource)) {
		n, err := a.appendOfSource(ctx, by.lease+string(source), bySource[source], known)
		if err != nil {
			return count, nil, err
		}
		count += n
	}
	return count, withdrawn, nil
}

// heardOf is what one source's arrivals told.
type heardOf struct {
	fresh []*truce.Event
	gone  []*truce.Event // standing ones, revised
}

// outdated are the standing events that the arrivals no longer tell of, revised to say so, and
// those of them that no other event took the place of. Where the arrivals of a day were dropped
// what stands of it stays.
func outdated(events, standing []truce.Event, days map[truce.Day]bool, rests map[truce.ID][]truce.ID) (gone, withdrawn []truce.Event) {
	fresh, holder := map[truce.ID]bool{}, map[truce.ID]truce.ID{}
	for _, e := range events {
		fresh[e.ID] = true
		for _, s := range e.Support {
			holder[s.Observation] = e.ID
		}
		for _, id := range rests[e.ID] {
			holder[id] = e.ID
		}
	}
	for _, old := range standing {
		first := old.Support[0].Observation
		dropped := !days[truce.Instant(first.Millis()*1000).Day()]
		if fresh[old.ID] || !old.ReplacedBy.IsZero() || dropped {
			continue
		}
		heir, most := heirOf(&old, holder)
		switch {
		case 2*most > len(old.Support):
			old.ReplacedBy, old.Withdrawn = heir, false
		case old.Withdrawn: // told by an earlier run
			withdrawn = append(withdrawn, old)
			continue
		default:
			old.Withdrawn, old.Score, old.Labels = true, 0, []truce.Label{truce.LabelWithdrawn}
		}
		if old.Revision++; old.Withdrawn {
			withdrawn = append(withdrawn, old)
		}
		gone = append(gone, old)
	}
	return gone, withdrawn
}

// heirOf is the event that has most of another's arrivals, and how many.
func heirOf(old *truce.Event, holder map[truce.ID]truce.ID) (heir truce.ID, most int) {
	votes := map[truce.ID]int{}
	for _, s := range old.Support {
		by, held := holder[s.Observation]
		if !held {
			continue
		}
		votes[by]++
		if votes[by] > most || votes[by] == most && slices.Compare(by[:], heir[:]) < 0 {
			heir, most = by, votes[by]
		}
	}
	return heir, most
}

// appendOfSource appends one source's events under the lease of a name.
func (a *App) appendOfSource(ctx context.Context, name string, h *heardOf, standing map[truce.ID]truce.Event) (count int, err error) {
	var drafts []truce.Draft
	for _, e := range h.fresh {
		old, stands := standing[e.ID]
		draft, changed, err := eventDraft(e, old, stands)
		if err != nil {
			return 0, err
		}
		if changed {
			drafts = append(drafts, draft)
		}
	}
	for _, old := range h.gone {
		draft, err := revisedDraft(old)
		if err != nil {
			return 0, err
		}
		drafts = append(drafts, draft)
	}
	if len(drafts) == 0 {
		return 0, nil
	}
	epoch, err := a.store.AcquireLease(ctx, name, worker(), leaseLength)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, a.store.ReleaseLease(ctx, name, epoch)) }()
	for chunk := range slices.Chunk(drafts, appendChunk) {
		if _, err := a.store.Append(ctx, truce.Batch{Drafts: chunk, Fence: &truce.Fence{Lease: name, Epoch: epoch}}); err != nil {
			return count, err
		}
		count += len(chunk)
	}
	return count, nil
}

// worker is who holds a lease: this machine, so that a run that was cut off does not keep the
// next one waiting.
func worker() string {
	name, err := os.Hostname()
	if err != nil || name == "" {
		return "truce"
	}
	return name
}

// withdrawnAlone are the incidents that rest on nothing but withdrawn events, as they are
// described from now on: reported by a machine that takes it back.
func withdrawnAlone(withdrawn []truce.Event, now standing) []incident.Candidate {
	if len(withdrawn) == 0 {
		return nil
	}
	gone := byID(withdrawn)
	var out []incident.Candidate
	for i := range now.incidents {
		in := &now.incidents[i].Incident
		if !in.ReplacedBy.IsZero() {
			continue
		}
		if list := pick(gone, in.Events); len(list) > 0 && len(list) == len(in.Events) {
			out = append(out, takenBack(*in, list))
		}
	}
	return out
}

// takenBack says of an incident that nothing is left of it.
func takenBack(in truce.Incident, events []truce.Event) incident.Candidate {
	return incident.Candidate{
		Events: events, P: 0, Occurrence: truce.OccurrenceReported, Acts: in.Acts, Position: in.Position, Place: in.Place, Time: in.Time,
		Families: in.Families, Sources: in.Sources, Labels: []truce.Label{truce.LabelWithdrawn},
	}
}
