package app

import (
	"cmp"
	"context"
	"fmt"
	"html/template"
	"maps"
	"slices"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/app/locating"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/geo/draw"
	"github.com/trucewatch/truce/sense/locate"
	"github.com/trucewatch/truce/web/desk"
)

// heardReach is how far from an event its map shows sensors; heardSurround is how much ground
// lies around the farthest that heard it.
const (
	heardReach    geo.Metres = 60_000
	heardSurround float64    = 1.15
)

// register is where all sensors stand and stood, by network and name.
type register map[string]map[truce.SensorID][]truce.Observation

// at is where a sensor stood at a time, nil when nobody says.
func (r register) at(network string, sensor truce.SensorID, when truce.Instant) *truce.Observation {
	return stationAt(r[network][sensor], when)
}

// sensors is the register as of the last record, read once for it: it is looked for in every
// day there is.
func (d *deskReader) sensors(ctx context.Context) (register, error) {
	head, _, err := d.app.store.Head(ctx)
	if err != nil {
		return nil, err
	}
	d.mu.Lock()
	defer d.mu.Unlock() // held while it is read: others need the same one
	if d.register != nil && d.registerHead == head {
		return d.register, nil
	}
	out := register{}
	q := truce.ObservationQuery{Kind: truce.KindStation, From: always.From, To: always.To}
	err = d.app.store.Observations(ctx, q, func(o truce.Observation) error {
		of := out[o.Station.Network]
		if of == nil {
			of = map[truce.SensorID][]truce.Observation{}
			out[o.Station.Network] = of
		}
		of[o.Sensor] = append(of[o.Sensor], o)
		return nil
	})
	if err == nil {
		d.registerHead, d.register = head, out
	}
	return out, err
}

// heard are the events of an incident that were located of arrivals, by time, with who heard
// them, and a map of the sensors around them.
func (d *deskReader) heard(ctx context.Context, inc truce.Incident, events []truce.Event, observations []truce.Observation) ([]desk.HeardEvent, template.HTML, error) {
	if !slices.ContainsFunc(events, func(e truce.Event) bool { return e.Method == locate.Method }) {
		return nil, "", nil
	}
	known, err := d.sensors(ctx)
	if err != nil {
		return nil, "", err
	}
	m, err := d.mapper(ctx, inc.Time.Mid(), deskLanguage)
	if err != nil {
		return nil, "", err
	}
	l := listeners{known: known, byID: map[truce.ID]*truce.Observation{}, heard: map[truce.SensorID]*truce.Observation{}, silent: map[truce.SensorID]*truce.Observation{}}
	for i := range observations {
		l.byID[observations[i].ID] = &observations[i]
	}
	for _, e := range events {
		if e.Method == locate.Method && e.Position != nil {
			l.add(e)
		}
	}
	slices.SortFunc(l.events, func(a, b desk.HeardEvent) int { return cmp.Compare(a.Event.Origin.From, b.Event.Origin.From) })
	if len(l.heard) == 0 {
		return l.events, "", nil
	}
	return l.events, m.heardMap(&l), nil
}

// decided is what people decided of the arrivals that an incident's events rest on or ever
// rested on, in order of time.
func (d *deskReader) decided(ctx context.Context, history []truce.IncidentRow, observations []truce.Observation) ([]desk.Decided, error) {
	networks := map[string]bool{}
	for i := range observations {
		if a := observations[i].Arrival; a != nil {
			networks[a.Network] = true
		}
	}
	var out []desk.Decided
	var rested map[truce.ID]bool
	for _, network := range slices.Sorted(maps.Keys(networks)) {
		all, err := d.app.guaranteeDesk().ArrivalDecisions(ctx, network)
		if err != nil {
			return nil, err
		}
		if len(all) > 0 && rested == nil {
			if rested, err = d.everHeard(ctx, history); err != nil {
				return nil, err
			}
		}
		out = append(out, decidedOf(all, rested)...)
	}
	slices.SortStableFunc(out, func(a, b desk.Decided) int { return cmp.Compare(a.At, b.At) })
	return out, d.nameDecided(ctx, out)
}

// nameDecided says by sensor and time which arrivals the decisions speak of: one that was
// taken out stands in no table of the page.
func (d *deskReader) nameDecided(ctx context.Context, list []desk.Decided) error {
	plain := make([]truce.ArrivalDecision, len(list))
	for i := range list {
		plain[i] = list[i].ArrivalDecision
	}
	names, err := d.app.decidedNames(ctx, plain)
	for i := range list {
		list[i].Named, list[i].OthersNamed = names.of(list[i].Arrivals), names.of(list[i].Others)
	}
	return err
}

// everHeard are the arrivals that any revision of the events rests on that an incident ever
// had: what a person took out is in the earlier ones.
func (d *deskReader) everHeard(ctx context.Context, history []truce.IncidentRow) (map[truce.ID]bool, error) {
	out, seen := map[truce.ID]bool{}, map[truce.ID]bool{}
	var events []truce.ID
	for _, row := range history {
		for _, id := range row.Incident.Events {
			if !seen[id] {
				seen[id] = true
				events = append(events, id)
			}
		}
	}
	for _, id := range events {
		records, err := d.app.store.RecordsOf(ctx, "event/"+id.String())
		if err != nil {
			return nil, err
		}
		for _, r := range records {
			if r.Erased() {
				continue
			}
			e, err := truce.DecodeBody[truce.Event](r)
			if err != nil {
				return nil, err
			}
			for _, s := range e.Support {
				out[s.Observation] = true
			}
		}
	}
	return out, nil
}

// decidedOf are the decisions that name any of the arrivals, with what lifted them.
func decidedOf(all []truce.ArrivalDecision, rested map[truce.ID]bool) []desk.Decided {
	lifted := map[truce.ID]*truce.ArrivalDecision{}
	for i := range all {
		if all[i].Verdict == truce.ArrivalsLifted {
			lifted[all[i].Lifts] = &all[i]
		}
	}
	var out []desk.Decided
	for _, a := range all {
		if slices.ContainsFunc(slices.Concat(a.Arrivals, a.Others), func(id truce.ID) bool { return rested[id] }) {
			out = append(out, desk.Decided{ArrivalDecision: a, Lifted: lifted[a.ID]})
		}
	}
	return out
}

// listeners gathers who heard the events of an incident.
type listeners struct {
	known  register
	byID   map[truce.ID]*truce.Observation
	events []desk.HeardEvent
	heard  map[truce.SensorID]*truce.Observation // where those stand that heard any of them
	silent map[truce.SensorID]*truce.Observation // and those as near that heard none of some
	far    geo.Metres                            // of those that heard it
}

// add takes in one located event.
func (l *listeners) add(e truce.Event) {
	out := desk.HeardEvent{Event: e}
	network, far, own := "", geo.Metres(0), map[truce.SensorID]bool{}
	var rays []locating.Ray
	for _, s := range e.Support {
		o := l.byID[s.Observation]
		if o == nil || o.Arrival == nil {
			continue // dropped under the retention rule
		}
		network, own[o.Sensor] = o.Arrival.Network, true
		row := desk.HeardRow{Arrival: o.ID, Sensor: o.Sensor, At: o.Phenomenon.From, Phase: o.Arrival.Phase, ResidualS: s.ResidualS, SigmaS: o.Arrival.SigmaS}
		if a := o.Arrival; a.AzimuthSigma > 0 {
			row.Bearing = fmt.Sprintf("from %.0f° ± %.0f°", float64(a.Azimuth), float64(a.AzimuthSigma))
		}
		if at := l.known.at(network, o.Sensor, o.Phenomenon.From); at != nil {
			row.Placed = true
			ray := locating.RayTo(e.Position.Point, at.Place.Point)
			row.DistanceM, row.Azimuth = ray.Distance, ray.Azimuth
			far, rays, l.heard[o.Sensor] = max(far, row.DistanceM), append(rays, ray), at
		}
		out.Rows = append(out.Rows, row)
	}
	slices.SortStableFunc(out.Rows, func(a, b desk.HeardRow) int { return cmp.Compare(a.DistanceM, b.DistanceM) })
	out.Gap = locating.Gap(rays)
	for sensor, list := range l.known[network] {
		at := stationAt(list, e.Origin.From)
		if !own[sensor] && at != nil && geo.Distance(e.Position.Point, at.Place.Point) <= far {
			out.Silent++
			l.silent[sensor] = at
		}
	}
	l.far = max(l.far, far)
	l.events = append(l.events, out)
}

// heardMap draws the ellipses among the sensors.
func (m mapper) heardMap(l *listeners) template.HTML {
	middle := l.events[0].Event.Position
	half := max(leastCloseUp, geo.Metres(heardSurround/.75*float64(min(l.far, heardReach))), 3*middle.Error.Ellipse90().Major)
	scene := m.baseScene(around(middle.Point, half))
	scene.Title, scene.Again = "Sensors that heard it", true
	scene.Desc = fmt.Sprintf("%d sensors that heard it and %d as near that did not, around %d ellipses", len(l.heard), len(l.silent), len(l.events))
	for _, e := range l.events {
		p := e.Event.Position
		scene.Shapes = append(scene.Shapes, draw.Shape{Kind: draw.Ellipse, Ring: p.Error.Ellipse90().Ring(p.Point, ringCorners), Title: "90\u00a0% ellipse of " + e.Origin()})
	}
	scene.Marks = append(l.marks(), scene.Marks...)
	scene.Notes = slices.Insert(scene.Notes, 0, "Filled triangle: a sensor that heard it. Open triangle: one as near that did not. Shaded: holds the place of an event with a probability of 90\u00a0%.")
	return draw.Figure(scene)
}

// marks are the sensors on the map, by name; one that heard any event is none that was silent.
func (l *listeners) marks() []draw.Mark {
	var out []draw.Mark
	for sensor, at := range l.heard {
		out = append(out, draw.Mark{At: at.Place.Point, Text: string(sensor), Sensor: true, Title: string(sensor) + " heard it"})
	}
	for sensor, at := range l.silent {
		if l.heard[sensor] == nil {
			out = append(out, draw.Mark{At: at.Place.Point, Text: string(sensor), Sensor: true, Silent: true, Title: string(sensor) + " did not hear it"})
		}
	}
	slices.SortFunc(out, func(a, b draw.Mark) int { return cmp.Compare(a.Text, b.Text) })
	return out
}
