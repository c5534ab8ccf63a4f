package app

import (
	"context"
	"fmt"
	"slices"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/agreement"
	"github.com/trucewatch/truce/assess/fuse"
	"github.com/trucewatch/truce/assess/incident"
	"github.com/trucewatch/truce/sense/story"
	"github.com/trucewatch/truce/sense/thermal"
)

// Assessment sums up what a run derived and what of it was new.
type Assessment struct {
	Observations int `json:"observations"`
	Events       int `json:"events"`
	NewEvents    int `json:"new_or_changed_events"`
	Incidents    int `json:"incidents"`
	NewIncidents int `json:"new_or_changed_incidents"`
	Evaluations  int `json:"evaluations"`
	Changed      int `json:"new_or_changed_evaluations"`
	Unplaced     int `json:"reports_without_place_or_act"`
}

// Assess derives events, incidents and findings from everything recorded, and appends
// what differs from what stands. Nothing is overwritten: a changed event, incident or
// evaluation is a new record. Running it twice appends nothing the second time.
func (a *App) Assess(ctx context.Context) (Assessment, error) {
	var sum Assessment
	terms, err := a.recordTerms(ctx)
	if err != nil {
		return sum, err
	}
	in, err := a.gather(ctx)
	if err != nil {
		return sum, err
	}
	geometry, err := terms.Geometry(in.maps)
	if err != nil {
		return sum, err
	}
	events, skipped := deriveEvents(in, a.cfg.Media)
	sum.Observations, sum.Events, sum.Unplaced = in.count(), len(events), skipped
	standing, err := a.store.Events(ctx, truce.EventQuery{})
	if err != nil {
		return sum, err
	}
	if sum.NewEvents, err = a.appendEvents(ctx, events, standing); err != nil {
		return sum, err
	}
	if sum.NewIncidents, err = a.appendIncidents(ctx, events, standing, geometry); err != nil {
		return sum, err
	}
	return sum, a.evaluate(ctx, geometry, &sum)
}

// gathered is everything the pure packages read.
type gathered struct {
	detections []truce.Observation
	reports    []truce.Observation
	maps       []truce.Observation
	clouds     []truce.Observation
	health     []truce.Observation
	families   map[truce.SourceID]truce.Family
}

func (g gathered) count() int {
	return len(g.detections) + len(g.reports) + len(g.maps) + len(g.clouds) + len(g.health)
}

// always is an interval that holds every instant a source can state.
var always = truce.Period{From: -1 << 62, To: 1 << 62}

func (a *App) gather(ctx context.Context) (gathered, error) {
	in := gathered{families: map[truce.SourceID]truce.Family{}}
	sources, err := a.store.Sources(ctx)
	if err != nil {
		return in, err
	}
	for _, s := range sources {
		in.families[s.ID] = s.Family
	}
	q := truce.ObservationQuery{From: always.From, To: always.To}
	err = a.store.Observations(ctx, q, func(o truce.Observation) error {
		switch o.Kind {
		case truce.KindDetection:
			in.detections = append(in.detections, o)
		case truce.KindReport:
			in.reports = append(in.reports, o)
		case truce.KindControlMap:
			in.maps = append(in.maps, o)
		case truce.KindWeather:
			in.clouds = append(in.clouds, o)
		case truce.KindHealth:
			in.health = append(in.health, o)
		}
		return nil
	})
	return in, err
}

// controlMaps are the maps of who holds what, every version.
func (a *App) controlMaps(ctx context.Context) ([]truce.Observation, error) {
	var list []truce.Observation
	q := truce.ObservationQuery{Kind: truce.KindControlMap, From: always.From, To: always.To}
	err := a.store.Observations(ctx, q, func(o truce.Observation) error {
		list = append(list, o)
		return nil
	})
	return list, err
}

// deriveEvents runs the senses. The second number is reports that name no place or act.
func deriveEvents(in gathered, media MediaConfig) ([]truce.Event, int) {
	heat := thermal.Events(in.detections, thermal.NewHistory(in.detections), thermal.Config{})
	told, skipped := story.Events(in.reports, story.Config{Families: in.families, CapitalPlaces: media.CapitalPlaces})
	return append(heat, told...), skipped.NoPlace + skipped.NoAct
}

// recordTerms reads the agreement directory and records it when it has changed.
func (a *App) recordTerms(ctx context.Context) (*agreement.Agreement, error) {
	files, err := agreementFiles(a.cfg.Path(a.cfg.Agreement))
	if err != nil {
		return nil, err
	}
	terms, err := agreement.Parse(files)
	if err != nil {
		return nil, err
	}
	body := truce.AgreementText{ID: terms.ID, Version: terms.Version, Files: files}
	draft, err := truce.NewDraft(truce.RecordAgreement, "agreement/"+terms.ID, "", body)
	if err != nil {
		return nil, err
	}
	last, err := a.store.LastOf(ctx, draft.Subject)
	if err != nil {
		return nil, err
	}
	if current, err := a.store.Agreement(ctx); err == nil && current.Version == terms.Version {
		return terms, nil
	} else if err != nil && truce.CodeOf(err) != truce.CodeNotFound {
		return nil, err
	}
	draft.Key = fmt.Sprintf("agreement/%s/%d/%s", terms.ID, last, terms.Version)
	_, err = a.store.Append(ctx, truce.Batch{Drafts: []truce.Draft{draft}})
	return terms, err
}

// appendEvents appends the events that differ from what stands.
func (a *App) appendEvents(ctx context.Context, events, standing []truce.Event) (int, error) {
	known := map[truce.ID]truce.Event{}
	for _, e := range standing {
		known[e.ID] = e
	}
	var drafts []truce.Draft
	for i := range events {
		old, stands := known[events[i].ID]
		draft, changed, err := eventDraft(&events[i], old, stands)
		if err != nil {
			return 0, err
		}
		if changed {
			drafts = append(drafts, draft)
		}
	}
	for _, old := range replaced(events, standing) {
		subject := "event/" + old.ID.String()
		draft, err := truce.NewDraft(truce.RecordEvent, subject, revisionKey(subject, old.Revision), old)
		if err != nil {
			return 0, err
		}
		drafts = append(drafts, draft)
	}
	return len(drafts), a.appendAll(ctx, drafts)
}

// replaced are the standing events whose observations now belong to another event,
// revised to say which.
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

// appendIncidents joins the events and appends the incidents that changed. standing are
// the events the current incidents rest on.
func (a *App) appendIncidents(ctx context.Context, events, standing []truce.Event, geometry *agreement.Geometry) (int, error) {
	page, err := a.store.Incidents(ctx, truce.IncidentQuery{OldestFirst: true})
	if err != nil {
		return 0, err
	}
	current := make([]truce.Incident, len(page.Rows))
	for i, row := range page.Rows {
		current[i] = row.Incident
	}
	fuser := fuse.New(events, fuse.Config{})
	changed, err := incident.Update(incident.Input{
		Current: current, Known: standing, Candidates: candidates(fuser.Join()), Area: geometry.AreaOf,
		Describe: func(ids []truce.ID) (incident.Candidate, error) { return describe(fuser, ids) },
	})
	if err != nil {
		return 0, err
	}
	drafts := make([]truce.Draft, 0, len(changed))
	for _, inc := range changed {
		subject := "incident/" + inc.ID.String()
		draft, err := truce.NewDraft(truce.RecordIncident, subject, revisionKey(subject, inc.Revision), inc)
		if err != nil {
			return 0, err
		}
		drafts = append(drafts, draft)
	}
	return len(drafts), a.appendAll(ctx, drafts)
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
		Time: g.Time, Families: g.Families, Sources: g.Sources, Labels: g.Labels,
	}
}

func describe(fuser *fuse.Fuser, ids []truce.ID) (incident.Candidate, error) {
	group := fuser.Describe(ids)
	if group == nil {
		return incident.Candidate{}, truce.Errorf(truce.CodeInternal, "assess: none of %d events is known", len(ids))
	}
	return candidate(*group), nil
}

// evaluate holds every incident against the terms and appends what changed.
func (a *App) evaluate(ctx context.Context, geometry *agreement.Geometry, sum *Assessment) error {
	page, err := a.store.Incidents(ctx, truce.IncidentQuery{OldestFirst: true})
	if err != nil {
		return err
	}
	sum.Incidents = len(page.Rows)
	events, err := a.eventsByID(ctx)
	if err != nil {
		return err
	}
	known := truce.InstantOf(a.now())
	var rows []truce.IncidentRow
	var counted []agreement.Counted
	for _, row := range page.Rows {
		if !row.Incident.ReplacedBy.IsZero() {
			continue
		}
		fresh := geometry.Evaluate(agreement.Input{Incident: row.Incident, Events: pick(events, row.Incident.Events), KnownAt: known})
		rows, counted = append(rows, row), append(counted, agreement.Counted{Incident: row.Incident, Evaluation: fresh})
	}
	sum.Evaluations = len(rows)
	var drafts []truce.Draft
	for i, fresh := range geometry.CountTogether(counted) {
		draft, changed, err := a.evaluationDraft(ctx, fresh, rows[i].Evaluation)
		if err != nil {
			return err
		}
		if changed {
			drafts = append(drafts, draft)
		}
	}
	sum.Changed = len(drafts)
	if err := a.appendAll(ctx, drafts); err != nil {
		return err
	}
	return a.appendSummary(ctx, *sum)
}

// evaluationDraft says whether the fresh evaluation differs from the one that stands.
// Its key names the record it follows, so that a verdict may change back and forth.
func (a *App) evaluationDraft(ctx context.Context, fresh truce.Evaluation, old *truce.Evaluation) (truce.Draft, bool, error) {
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
	last, err := a.store.LastOf(ctx, subject)
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
	body := truce.Reevaluation{Cause: "assess", Incidents: sum.Incidents, Evaluations: sum.Evaluations, Changed: sum.Changed}
	draft, err := truce.NewDraft(truce.RecordReevaluation, "", fmt.Sprintf("reevaluation/%d", head), body)
	if err != nil {
		return err
	}
	_, err = a.store.Append(ctx, truce.Batch{Drafts: []truce.Draft{draft}})
	return err
}

func (a *App) eventsByID(ctx context.Context) (map[truce.ID]truce.Event, error) {
	events, err := a.store.Events(ctx, truce.EventQuery{})
	byID := make(map[truce.ID]truce.Event, len(events))
	for _, e := range events {
		byID[e.ID] = e
	}
	return byID, err
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
