package app

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/agreement"
	"github.com/trucewatch/truce/assess/fuse"
	"github.com/trucewatch/truce/assess/incident"
)

// standing is what the records say before a run.
type standing struct {
	events    []truce.Event
	incidents []truce.IncidentRow // oldest first, those merged into another too
}

func (a *App) standing(ctx context.Context) (standing, error) {
	events, err := a.store.Events(ctx, truce.EventQuery{})
	if err != nil {
		return standing{}, err
	}
	page, err := a.store.Incidents(ctx, truce.IncidentQuery{OldestFirst: true, Replaced: true})
	return standing{events, page.Rows}, err
}

// appendEvents appends the events that differ from what stands.
func (a *App) appendEvents(ctx context.Context, events, standing []truce.Event) (int, error) {
	known := byID(standing)
	gone := replaced(events, standing)
	return a.appendEach(ctx, len(events)+len(gone), func(i int) (truce.Draft, bool, error) {
		if i < len(events) {
			old, stands := known[events[i].ID]
			return eventDraft(&events[i], old, stands)
		}
		draft, err := revisedDraft(&gone[i-len(events)])
		return draft, true, err
	})
}

// revisedDraft says anew what stands of an event, under the number that its revision has now.
func revisedDraft(e *truce.Event) (truce.Draft, error) {
	subject := "event/" + e.ID.String()
	return truce.NewDraft(truce.RecordEvent, subject, revisionKey(subject, e.Revision), *e)
}

// replaced are the standing events whose observations now belong to another event,
// revised to say which. Located events are followed by appendHeard.
func replaced(events, standing []truce.Event) []truce.Event {
	fresh, holder := map[truce.ID]bool{}, map[truce.ID]truce.ID{}
	for _, e := range events {
		fresh[e.ID] = true
		for _, s := range e.Support {
			holder[s.Observation] = e.ID
		}
	}
	var out []truce.Event
	for _, old := range standing {
		if fresh[old.ID] || !old.ReplacedBy.IsZero() || len(old.Support) == 0 {
			continue
		}
		if by, found := holder[old.Support[0].Observation]; found {
			old.ReplacedBy = by
			old.Revision++
			out = append(out, old)
		}
	}
	return out
}

// eventDraft gives the event its revision and says whether it differs from the old one.
func eventDraft(e *truce.Event, old truce.Event, stands bool) (truce.Draft, bool, error) {
	subject := "event/" + e.ID.String()
	e.Revision = max(1, old.Revision)
	draft, err := truce.NewDraft(truce.RecordEvent, subject, "", *e)
	if err != nil || !stands {
		draft.Key = revisionKey(subject, e.Revision)
		return draft, true, err
	}
	before, err := truce.Canonical(old)
	if err != nil || slices.Equal(before, draft.Body) {
		return draft, false, err
	}
	e.Revision = old.Revision + 1
	draft, err = truce.NewDraft(truce.RecordEvent, subject, revisionKey(subject, e.Revision), *e)
	return draft, true, err
}

func revisionKey(subject string, revision int) string { return fmt.Sprintf("%s/%d", subject, revision) }

// appendChunk is how many drafts go into one append: one sync for each.
const appendChunk = 1000

func (a *App) appendAll(ctx context.Context, drafts []truce.Draft) error {
	for chunk := range slices.Chunk(drafts, appendChunk) {
		if _, err := a.store.Append(ctx, truce.Batch{Drafts: chunk}); err != nil {
			return err
		}
	}
	return nil
}

// appendEach makes a draft of each of n things, on all cores, and appends those that say
// something new, in order; a chunk is committed while the next is made. It gives how many
// were new. When it fails, chunks before the failure stand, and another run goes on.
func (a *App) appendEach(ctx context.Context, n int, draft func(i int) (_ truce.Draft, changed bool, _ error)) (int, error) {
	count := 0
	ready := make(chan []truce.Draft, 1)
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error {
		for drafts := range ready {
			if err := a.appendAll(ctx, drafts); err != nil {
				return err
			}
			count += len(drafts)
		}
		return nil
	})
	group.Go(func() error {
		defer close(ready)
		return eachChunk(n, draft, func(drafts []truce.Draft) error {
			select {
			case ready <- drafts:
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		})
	})
	err := group.Wait()
	return count, err
}

// eachChunk gives what says something new in chunks of appendChunk.
func eachChunk(n int, draft func(i int) (truce.Draft, bool, error), take func([]truce.Draft) error) error {
	var pending []truce.Draft
	for from := 0; from < n; from += appendChunk {
		drafts, err := changedDrafts(from, min(from+appendChunk, n), draft)
		if err != nil {
			return err
		}
		if pending = append(pending, drafts...); len(pending) >= appendChunk {
			if err := take(pending[:appendChunk:appendChunk]); err != nil {
				return err
			}
			pending = pending[appendChunk:]
		}
	}
	if len(pending) == 0 {
		return nil
	}
	return take(pending)
}

func changedDrafts(from, to int, draft func(i int) (truce.Draft, bool, error)) ([]truce.Draft, error) {
	all, changed := make([]truce.Draft, to-from), make([]bool, to-from)
	err := onAllCores(to-from, func(i int) (err error) {
		all[i], changed[i], err = draft(from + i)
		return err
	})
	out := all[:0]
	for i := range all {
		if changed[i] {
			out = append(out, all[i])
		}
	}
	return out, err
}

// onAllCores does n things that do not depend on each other, and waits for all.
func onAllCores(n int, do func(i int) error) error {
	const block = 64
	var next atomic.Int64
	var group errgroup.Group
	for range min(runtime.GOMAXPROCS(0), (n+block-1)/block) {
		group.Go(func() error {
			for from := int(next.Add(block)) - block; from < n; from = int(next.Add(block)) - block {
				for i := from; i < min(from+block, n); i++ {
					if err := do(i); err != nil {
						return err
					}
				}
			}
			return nil
		})
	}
	return group.Wait()
}

// appendIncidents joins the events and appends the incidents that changed. What the
// register shows stands by itself.
func (a *App) appendIncidents(ctx context.Context, events []truce.Event, silent []incident.Candidate, now standing, geometry *agreement.Geometry) (int, error) {
	current := make([]truce.Incident, len(now.incidents))
	for i := range now.incidents {
		current[i] = now.incidents[i].Incident
	}
	fuser := fuse.New(events, fuse.Config{})
	changed, err := incident.Update(incident.Input{
		Current: current, Known: now.events, Candidates: append(candidates(fuser.Join()), silent...), Area: geometry.AreaOf,
		Describe: func(ids []truce.ID) (incident.Candidate, error) { return describe(fuser, ids) },
	})
	if err != nil {
		return 0, err
	}
	return a.appendEach(ctx, len(changed), func(i int) (truce.Draft, bool, error) {
		subject := "incident/" + changed[i].ID.String()
		draft, err := truce.NewDraft(truce.RecordIncident, subject, revisionKey(subject, changed[i].Revision), changed[i])
		return draft, true, err
	})
}

func candidates(groups []fuse.Group) []incident.Candidate {
	out := make([]incident.Candidate, len(groups))
	for i, g := range groups {
		out[i] = candidate(g)
	}
	return out
}

// candidate hands a group over; the two packages are siblings and know nothing of each
// other.
func candidate(g fuse.Group) incident.Candidate {
	return incident.Candidate{
		Events: g.Events, P: g.P, Occurrence: g.Occurrence, Acts: g.Acts, Position: g.Position, Place: g.Place,
		Time: g.Time, Families: g.Families, Sources: g.Sources, Labels: g.Labels, Detail: g.Detail,
	}
}

func describe(fuser *fuse.Fuser, ids []truce.ID) (incident.Candidate, error) {
	group := fuser.Describe(ids)
	if group == nil {
		return incident.Candidate{}, truce.Errorf(truce.CodeInternal, "assess: none of %d events is known", len(ids))
	}
	return candidate(*group), nil
}
