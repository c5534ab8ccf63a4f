package app

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/agreement"
	"github.com/trucewatch/truce/assess/coverage"
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

	Silences      int    `json:"answers_not_given_in_time,omitempty"`
	Notifications int    `json:"notifications"`
	ByNotice      string `json:"notifications_that_changed_findings,omitempty"` // their numbers, in order

	SetAside []setAside `json:"notifications_set_aside,omitempty"` // in the order in which they were given

	Arrivals int      `json:"arrivals,omitempty"`
	Located  int      `json:"located_events,omitempty"`
	Nowhere  int      `json:"arrivals_of_sensors_without_place,omitempty"`
	Sensors  []string `json:"sensors_without_place,omitempty"` // the first of those

	Plots   int `json:"plots,omitempty"`
	Flights int `json:"events_of_flights,omitempty"`

	Bearings int          `json:"bearings_of_sensors_without_place,omitempty"`
	Biases   []SensorBias `json:"sensor_biases,omitempty"`

	Damaged []string `json:"damaged_files_made_anew,omitempty"` // of heard/ and followed/

	ByName   int `json:"reports_placed_by_name"`
	Unplaced int `json:"reports_without_place_or_act"`
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
	var in gathered
	var made derived
	var now standing
	var group errgroup.Group
	group.Go(func() (err error) {
		now, err = a.standing(ctx)
		return err
	})
	group.Go(func() (err error) {
		if in, err = a.gather(ctx); err == nil {
			made, err = a.deriveEvents(in, terms)
		}
		return err
	})
	if err := group.Wait(); err != nil {
		return sum, err
	}
	heard := in.heard.events
	keepIDs(heard, now.events)
	series(heard)
	sum.tellHeard(in.heard)
	in.followed.keepIDs(now.events)
	flights := in.followed.events
	sum.tellFollowed(in.followed)
	sum.Damaged = slices.Concat(in.heard.damaged, in.followed.damaged)
	events := slices.Concat(made.events, heard, flights)
	sum.Observations, sum.Events, sum.ByName, sum.Unplaced = in.count(), len(events), made.byName, made.skipped
	geometry, err := terms.Geometry(in.maps)
	if err != nil {
		return sum, err
	}
	notices, err := a.notices(ctx, terms, 0)
	if err != nil {
		return sum, err
	}
	sum.Notifications = len(notices)
	geometry, sum.SetAside = withNotices(geometry, notices)
	silent, err := a.silences(ctx, terms, notices)
	if err != nil {
		return sum, err
	}
	sum.Silences, sum.Events = len(silent), sum.Events+len(silent)
	if sum.NewEvents, err = a.appendEvents(ctx, slices.Concat(made.events, eventsOf(silent)), now.events); err != nil {
		return sum, err
	}
	located, gone, err := a.appendSensed(ctx, heardMethod, heard, now.events, nil)
	if err != nil {
		return sum, err
	}
	flown, goneFlights, err := a.appendSensed(ctx, followedMethod, flights, now.events, in.followed.rests)
	if err != nil {
		return sum, err
	}
	sum.NewEvents += located + flown
	candidates := slices.Concat(silent, withdrawnAlone(slices.Concat(gone, goneFlights), now))
	if sum.NewIncidents, err = a.appendIncidents(ctx, events, candidates, now, geometry); err != nil {
		return sum, err
	}
	return sum, a.evaluate(ctx, geometry, now, &sum)
}

// gathered is everything the pure packages read.
type gathered struct {
	detections []truce.Observation
	reports    []truce.Observation
	maps       []truce.Observation
	clouds     []truce.Observation
	health     []coverage.Sign
	heard      heardSum
	followed   followed
	families   map[truce.SourceID]truce.Family
}

func (g gathered) count() int {
	return len(g.detections) + len(g.reports) + len(g.maps) + len(g.clouds) + len(g.health) + g.heard.arrivals + g.heard.stations + g.followed.plots
}

// always is an interval that holds every instant a source can state.
var always = truce.Period{From: -1 << 62, To: 1 << 62}

func (a *App) gather(ctx context.Context) (gathered, error) { return a.gatherOf(ctx, nil) }

// gatherOf is gather; of networks of sensors only those are located that have one of the
// sensors, nil: all.
func (a *App) gatherOf(ctx context.Context, only map[truce.SensorID]bool) (gathered, error) {
	in := gathered{families: map[truce.SourceID]truce.Family{}}
	sources, err := a.store.Sources(ctx)
	if err != nil {
		return in, err
	}
	for _, s := range sources {
		in.families[s.ID] = s.Family
	}
	listening := newEars(a.cfg, in.families)
	listening.only, listening.kept = only, keptIn(a.cfg, heardFolder, a.program, only == nil && !a.readOnly)
	listening.decisions = func(network string) ([]truce.ArrivalDecision, error) { return a.decidedInForce(ctx, network) }
	watching := newEyes(in.families, a.cfg.ownAircraft())
	watching.stands = a.cfg.radarPlaces()
	watching.kept = keptIn(a.cfg, followedFolder, a.program, only == nil && !a.readOnly)
	watching.chart = sync.OnceValues(func() (*chart, error) { return a.chart(ctx) })
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
			if sign, ok := coverage.SignOf(o); ok {
				in.health = append(in.health, sign)
			}
		case truce.KindStation:
			listening.stand(o)
			watching.stand(o)
		case truce.KindArrival:
			return listening.hear(o)
		case truce.KindPlot:
			return watching.see(o)
		}
		return nil
	})
	if err == nil {
		in.heard, err = listening.close()
	}
	if err == nil {
		in.followed, err = watching.close()
	}
	return in, err
}

// chart is what flights are held against, as of now.
func (a *App) chart(ctx context.Context) (*chart, error) {
	files, err := agreementFiles(a.cfg.Path(a.cfg.Agreement))
	if err != nil {
		return nil, err
	}
	terms, err := agreement.Parse(files)
	if err != nil {
		return nil, err
	}
	notices, err := a.notices(ctx, terms, 0)
	if err != nil {
		return nil, err
	}
	return newChart(terms, notices)
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

// derived is what the senses make of what came in.
type derived struct {
	events  []truce.Event
	byName  int // reports that lie where the agreement has the place they name
	skipped int // reports that name no known place or no act
}

// deriveEvents runs the senses.
func (a *App) deriveEvents(in gathered, terms *agreement.Agreement) (derived, error) {
	reading, err := a.cfg.reading(terms)
	if err != nil {
		return derived{}, err
	}
	heat := thermal.Events(in.detections, thermal.NewHistory(in.detections), thermal.Config{})
	reports, byName := placedByName(in.reports, terms.Places)
	reports = readTexts(reports, in.families, reading)
	told, skipped := story.Events(reports, story.Config{Families: in.families, CapitalPlaces: a.cfg.Media.CapitalPlaces})
	return derived{append(heat, told...), byName, skipped.NoPlace + skipped.NoAct}, nil
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
