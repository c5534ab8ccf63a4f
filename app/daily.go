package app

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sort"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/agreement"
	"github.com/trucewatch/truce/assess/coverage"
	"github.com/trucewatch/truce/respond/publish"
)

// publicationHour is the local hour at which a Daily is due on the day after its
// period (handbook, 6.1).
const publicationHour = 10

// longestIncident is how long before a period an incident may begin whose middle lies
// in it: longer ones are a state of things, not a happening.
const longestIncident = 7 * 24 * time.Hour

// study is what the Dailies of one run share: the terms, the geometry and everything
// that came in.
type study struct {
	terms    *agreement.Agreement
	geometry *agreement.Geometry
	in       gathered
	board    *coverage.Board
	openings []coverage.Opening // by findings; what somebody kept the mission from seeing
	sources  []truce.SourceInfo
	notices  []agreement.Notice
}

func (a *App) study(ctx context.Context) (*study, error) {
	terms, err := a.recordTerms(ctx)
	if err != nil {
		return nil, err
	}
	in, err := a.gatherOf(ctx, a.cfg.Watch.watched())
	if err != nil {
		return nil, err
	}
	geometry, err := terms.Geometry(in.maps)
	if err != nil {
		return nil, err
	}
	notices, err := a.notices(ctx, terms, 0)
	if err != nil {
		return nil, err
	}
	board, err := a.board(terms, slices.Concat(in.health, in.heard.signs, in.followed.signs))
	if err != nil {
		return nil, err
	}
	sources, err := a.store.Sources(ctx)
	return &study{terms: terms, geometry: geometry, in: in, board: board, sources: sources, notices: notices}, err
}

// Daily freezes the bulletin of a local day: a new version when it differs from the
// one that stands, else the one that stands. published 0 means the first publication hour at which it may leave.
func (a *App) Daily(ctx context.Context, day truce.Day, published truce.Instant) (truce.Bulletin, error) {
	var b truce.Bulletin
	err := a.dailies(ctx, []truce.Day{day}, published, func(one truce.Bulletin) { b = one })
	return b, err
}

// dailies gives the Dailies of several days, frozen where nothing keeps them from it.
func (a *App) dailies(ctx context.Context, days []truce.Day, published truce.Instant, take func(truce.Bulletin)) error {
	of := a.standingDaily
	if !a.readOnly {
		s, err := a.study(ctx)
		if err != nil {
			return err
		}
		of = func(ctx context.Context, day truce.Day) (truce.Bulletin, error) {
			return a.freeze(ctx, s, day, published)
		}
	}
	for _, day := range days {
		b, err := of(ctx, day)
		if err != nil {
			return err
		}
		take(b)
	}
	return nil
}

func (a *App) freeze(ctx context.Context, s *study, day truce.Day, published truce.Instant) (truce.Bulletin, error) {
	standing, err := a.bulletinOf(ctx, day, truce.EditionMission)
	if err != nil {
		return truce.Bulletin{}, err
	}
	if standing == nil {
		if err := s.refuseTooEarly(day); err != nil {
			return truce.Bulletin{}, err
		}
	}
	in, err := a.dailyInput(ctx, s, day, published)
	if err != nil {
		return truce.Bulletin{}, err
	}
	if standing != nil {
		in.Version, in.Superseded = standing.Version+1, standing
	}
	fresh, err := publish.Daily(in)
	if err != nil {
		return fresh, err
	}
	if standing != nil && sameContent(*standing, fresh) {
		return *standing, nil
	}
	if err := refuseUnlisted(in, fresh); err != nil {
		return fresh, err
	}
	return fresh, a.appendBulletin(ctx, fresh)
}

// refuseTooEarly refuses a first Daily of a day that ends before there are any terms.
func (s *study) refuseTooEarly(day truce.Day) error {
	period, err := s.terms.Calendar.Period(day)
	if from := s.terms.Effective; err == nil && period.To <= from.At {
		first := s.terms.Calendar.DayAt(from.At)
		return truce.Errorf(truce.CodeInvalid, "the agreement takes effect on %s (%s), the period of %s ends before that: ask for %s or later, or mend effective_at in agreement.yaml",
			first, from.Civil, day, first)
	}
	return err
}

// refuseUnlisted refuses a bulletin that differs from an earlier one without saying so.
func refuseUnlisted(in publish.DailyInput, fresh truce.Bulletin) error {
	for _, earlier := range []*truce.Bulletin{in.Superseded, in.PreviousBulletin} {
		if earlier == nil {
			continue
		}
		if missing := publish.UnlistedChanges(*earlier, fresh); len(missing) > 0 {
			return truce.Errorf(truce.CodeInternal, "bulletin %s: %d numbers differ from %s and no correction lists them, the first: %s %s: %s -> %s",
				fresh.Number, len(missing), earlier.Number, missing[0].Subject, missing[0].Field, missing[0].Old, missing[0].New)
		}
	}
	return nil
}

// sameContent compares two versions by what a reader sees, not by their numbers.
func sameContent(old, fresh truce.Bulletin) bool {
	if old.Terms != fresh.Terms {
		return false
	}
	fresh.Number, fresh.Version, fresh.Supersedes = old.Number, old.Version, old.Supersedes
	fresh.Head, fresh.HeadHash, fresh.Published = old.Head, old.HeadHash, old.Published
	fresh.Corrections = old.Corrections
	before, err1 := publish.JSON(old)
	after, err2 := publish.JSON(fresh)
	return err1 == nil && err2 == nil && string(before) == string(after)
}

// appendBulletin refuses a bulletin that may not be published, else appends it. Its record
// is written beside the check.
func (a *App) appendBulletin(ctx context.Context, b truce.Bulletin) error {
	type written struct {
		body []byte
		err  error
	}
	ready := make(chan written, 1)
	go func() {
		body, err := publish.JSON(b)
		ready <- written{body, err}
	}()
	unfit, record := refuseUnfit(b), <-ready
	if err := cmp.Or(unfit, record.err); err != nil {
		return err
	}
	_, err := a.store.Append(ctx, truce.Batch{Drafts: []truce.Draft{bulletinDraft(b, record.body)}})
	return err
}

// bulletinDraft is the record of an edition; its body is the edition's own JSON, so
// that what was printed can be proven.
func bulletinDraft(b truce.Bulletin, body []byte) truce.Draft {
	return truce.Draft{
		Kind: truce.RecordBulletin, Body: body,
		Subject: fmt.Sprintf("bulletin/%s/%s/%s", b.Kind, b.Day, b.Edition),
		Key:     fmt.Sprintf("bulletin/%s/%s", b.Number, b.Edition),
	}
}

// refuseUnfit holds the bulletin and its printing in every language against the rules.
// Rows and tables are the same in every printing and are looked at once.
func refuseUnfit(b truce.Bulletin) error {
	var group errgroup.Group
	var shared []publish.Problem
	group.Go(func() error {
		shared = publish.LintRows(b)
		return nil
	})
	forms := []func(truce.Bulletin, publish.PrintOptions) (publish.Document, error){publish.HTML, publish.Markdown}
	texts := make([][]publish.Problem, len(forms)*len(publish.Languages()))
	for i := range texts {
		group.Go(func() error {
			doc, err := forms[i%len(forms)](b, publish.PrintOptions{Lang: publish.Languages()[i/len(forms)]})
			if err == nil {
				texts[i] = publish.LintText(b, doc)
			}
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	for _, text := range texts {
		if err := publish.Refusal(b.Number, slices.Concat(shared, text)); err != nil {
			return err
		}
	}
	return nil
}

// bulletinOf is the latest bulletin of a day, nil when there is none.
func (a *App) bulletinOf(ctx context.Context, day truce.Day, edition truce.Edition) (*truce.Bulletin, error) {
	b, err := a.store.BulletinForDay(ctx, truce.BulletinDaily, day, edition)
	if truce.CodeOf(err) == truce.CodeNotFound {
		return nil, nil
	}
	return &b, err
}

func (a *App) dailyInput(ctx context.Context, s *study, day truce.Day, published truce.Instant) (publish.DailyInput, error) {
	period, err := s.terms.Calendar.Period(day)
	if err != nil {
		return publish.DailyInput{}, err
	}
	previous, err := s.terms.Calendar.Period(day.AddDays(-1))
	if err != nil {
		return publish.DailyInput{}, err
	}
	if now := truce.InstantOf(a.now()); now < period.To {
		return publish.DailyInput{}, truce.Errorf(truce.CodeUnavailable, "the period of %s ends at %s, it is %s: its Daily can be frozen after that", day, period.To, now)
	}
	if published == 0 {
		published = duePublication(period, s.terms.Calendar.Location())
	}
	in := publish.DailyInput{
		Mission: s.terms.Mission.In("en"), MissionNames: s.terms.Mission, ReportError: s.terms.ReportError,
		Realm: a.store.Realm(), Terms: s.bulletinTerms(period),
		Period: period, Previous: previous, Published: published, Version: 1, Sources: s.sources,
	}
	if err := a.addRows(ctx, &in); err != nil {
		return in, err
	}
	if in.Sides, err = s.sides(in); err != nil {
		return in, err
	}
	s.addCoverage(&in, a.cfg)
	s.addReceived(&in)
	s.addNotified(&in)
	in.PreviousBulletin, err = a.bulletinOf(ctx, day.AddDays(-1), truce.EditionMission)
	if err != nil {
		return in, err
	}
	in.Head, in.HeadHash, err = a.store.Head(ctx)
	return in, err
}

// duePublication is the first ten o'clock local at which preliminary counts may leave.
func duePublication(p truce.Period, zone *time.Location) truce.Instant {
	earliest := p.To.Add(publish.PreliminaryDelay).Time().In(zone)
	due := time.Date(earliest.Year(), earliest.Month(), earliest.Day(), publicationHour, 0, 0, 0, zone)
	if due.Before(earliest) {
		due = due.AddDate(0, 0, 1)
	}
	return truce.InstantOf(due)
}

// addRows adds the incidents of both periods with the events they rest on. The store
// finds an incident by its beginning, the bulletin by its middle.
func (a *App) addRows(ctx context.Context, in *publish.DailyInput) error {
	from := in.Previous.From.Add(-longestIncident)
	var group errgroup.Group
	group.Go(func() (err error) {
		in.Events, err = a.store.Events(ctx, truce.EventQuery{From: from, To: in.Period.To, Brief: true})
		return err
	})
	page, err := a.store.Incidents(ctx, truce.IncidentQuery{From: from, To: in.Period.To, OldestFirst: true, Brief: true})
	if err := cmp.Or(err, group.Wait()); err != nil {
		return err
	}
	first := func(t truce.Instant) int {
		return sort.Search(len(page.Rows), func(i int) bool { return page.Rows[i].Incident.Time.From >= t })
	}
	in.Rows = page.Rows[first(in.Period.From.Add(-longestIncident)):]
	in.PreviousRows = append([]truce.IncidentRow{}, page.Rows[:first(in.Previous.To)]...) // never nil: the period is known
	in.Events, err = a.withEarlier(ctx, in.Events, page.Rows)
	return err
}

// withEarlier adds the events that incidents rest on and that began outside the time the
// others were read for.
func (a *App) withEarlier(ctx context.Context, events []truce.Event, rows []truce.IncidentRow) ([]truce.Event, error) {
	known := make(map[truce.ID]bool, len(events))
	for i := range events {
		known[events[i].ID] = true
	}
	var missing []truce.ID
	for _, row := range rows {
		for _, id := range row.Incident.Events {
			if !known[id] {
				known[id] = true
				missing = append(missing, id)
			}
		}
	}
	if len(missing) == 0 {
		return events, nil
	}
	earlier, err := a.store.Events(ctx, truce.EventQuery{IDs: missing, Brief: true})
	return append(events, earlier...), err
}
