package app

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/agreement"
)

// evaluate holds every incident against the terms and appends what changed. before is
// what stood when the run began. No incident is passed over because nothing of it
// changed: a finding also rests on the maps, on what was known by now, on deadlines that
// fall due and on this program, of which the records do not say which one ran.
func (a *App) evaluate(ctx context.Context, geometry *agreement.Geometry, before standing, sum *Assessment) error {
	rows, events, err := a.current(ctx, before, *sum)
	if err != nil {
		return err
	}
	sum.Incidents, sum.Evaluations = len(rows), len(rows)
	known := truce.InstantOf(a.now())
	origins, err := a.originsOf(ctx, len(rows), func(i int) *truce.Incident { return &rows[i].Incident })
	if err != nil {
		return err
	}
	counted := make([]agreement.Counted, len(rows))
	err = onAllCores(len(rows), func(i int) error {
		in := agreement.Input{Incident: rows[i].Incident, Events: pick(events, rows[i].Incident.Events), KnownAt: known, Origin: origins[rows[i].Incident.ID]}
		counted[i] = agreement.Counted{Incident: in.Incident, Evaluation: geometry.Evaluate(in)}
		return nil
	})
	if err != nil {
		return err
	}
	fresh, old := geometry.CountTogether(counted), incidentsOf(before)
	sum.ByNotice = noticesBehind(geometry, rows, fresh)
	sum.Changed, err = a.appendEach(ctx, len(rows), func(i int) (truce.Draft, bool, error) {
		return a.evaluationDraft(ctx, fresh[i], rows[i].Evaluation, !old[fresh[i].Incident])
	})
	if err != nil {
		return err
	}
	return a.appendSummary(ctx, *sum)
}

// current are the incidents that stand now and the events, read anew when the run
// appended any.
func (a *App) current(ctx context.Context, before standing, sum Assessment) (rows []truce.IncidentRow, events map[truce.ID]truce.Event, err error) {
	if sum.NewEvents == 0 {
		events = byID(before.events)
	} else if events, err = a.eventsByID(ctx); err != nil {
		return nil, nil, err
	}
	if sum.NewIncidents > 0 {
		page, err := a.store.Incidents(ctx, truce.IncidentQuery{OldestFirst: true})
		return page.Rows, events, err
	}
	merged := func(row truce.IncidentRow) bool { return !row.Incident.ReplacedBy.IsZero() }
	return slices.DeleteFunc(slices.Clone(before.incidents), merged), events, nil
}

func incidentsOf(s standing) map[truce.ID]bool {
	out := make(map[truce.ID]bool, len(s.incidents))
	for i := range s.incidents {
		out[s.incidents[i].Incident.ID] = true
	}
	return out
}

// evaluationDraft says whether the fresh evaluation differs from the one that stands.
// Its key names the record it follows, so that a verdict may change back and forth; one of
// an incident that this run opened follows none.
func (a *App) evaluationDraft(ctx context.Context, fresh truce.Evaluation, old *truce.Evaluation, opened bool) (truce.Draft, bool, error) {
	subject := "evaluation/" + fresh.Incident.String()
	draft, err := truce.NewDraft(truce.RecordEvaluation, subject, "", fresh)
	if err != nil {
		return draft, false, err
	}
	if old != nil { // a new revision of the incident stands without one
		before, err := truce.Canonical(*old)
		if err != nil || slices.Equal(before, draft.Body) {
			return draft, false, err
		}
	}
	var last truce.Seq
	if !opened {
		last, err = a.store.LastOf(ctx, subject)
	}
	draft.Key = fmt.Sprintf("%s/%d", subject, last)
	return draft, true, err
}

// appendSummary records what a run changed; a run that changed nothing leaves nothing.
func (a *App) appendSummary(ctx context.Context, sum Assessment) error {
	if sum.Changed == 0 {
		return nil
	}
	head, _, err := a.store.Head(ctx)
	if err != nil {
		return err
	}
	body := truce.Reevaluation{Cause: causeOf(sum), Incidents: sum.Incidents, Evaluations: sum.Evaluations, Changed: sum.Changed}
	draft, err := truce.NewDraft(truce.RecordReevaluation, "", fmt.Sprintf("reevaluation/%d", head), body)
	if err != nil {
		return err
	}
	_, err = a.store.Append(ctx, truce.Batch{Drafts: []truce.Draft{draft}})
	return err
}

// causeOf names the notifications whose change is behind changed findings.
func causeOf(sum Assessment) string {
	if sum.ByNotice == "" {
		return "assess"
	}
	return "assess; notifications " + sum.ByNotice
}

// maxNoticesNamed is how many notifications a sentence names: as many as are read through.
const maxNoticesNamed = 20

// noticesBehind are the notifications that stand differently in a finding than in the one
// that stood before it. Those of incidents that were never evaluated are left out.
func noticesBehind(geometry *agreement.Geometry, rows []truce.IncidentRow, fresh []truce.Evaluation) string {
	notified := map[string]bool{}
	for _, id := range geometry.NotifiedIDs() {
		notified[id] = true
	}
	if len(notified) == 0 {
		return ""
	}
	changed := map[string]bool{}
	for i := range rows {
		if rows[i].Evaluation == nil {
			continue
		}
		before, after := windowsNamed(*rows[i].Evaluation), windowsNamed(fresh[i])
		for _, named := range [...]map[string]string{before, after} {
			for id := range named {
				if notified[id] && before[id] != after[id] {
					changed[id] = true
				}
			}
		}
	}
	numbers := slices.Sorted(maps.Keys(changed))
	text := strings.Join(numbers[:min(len(numbers), maxNoticesNamed)], " ")
	if more := len(numbers) - maxNoticesNamed; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}

// windowsNamed says how each window that an evaluation names stands in it: under which
// rules it covers and does not. Most evaluations name none.
func windowsNamed(e truce.Evaluation) map[string]string {
	var out map[string]string
	note := func(id, how string) {
		if out == nil {
			out = map[string]string{}
		}
		out[id] += how
	}
	for i := range e.Findings {
		f := &e.Findings[i]
		if f.Window != "" {
			note(f.Window, "+"+string(f.Rule))
		}
		for _, id := range f.NotCoveredBy {
			note(id, "-"+string(f.Rule))
		}
	}
	return out
}

func (a *App) eventsByID(ctx context.Context) (map[truce.ID]truce.Event, error) {
	events, err := a.store.Events(ctx, truce.EventQuery{})
	return byID(events), err
}

func byID(events []truce.Event) map[truce.ID]truce.Event {
	out := make(map[truce.ID]truce.Event, len(events))
	for _, e := range events {
		out[e.ID] = e
	}
	return out
}

func pick(events map[truce.ID]truce.Event, ids []truce.ID) []truce.Event {
	out := make([]truce.Event, 0, len(ids))
	for _, id := range ids {
		if e, ok := events[id]; ok {
			out = append(out, e)
		}
	}
	return out
}
