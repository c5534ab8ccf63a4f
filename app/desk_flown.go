package app

import (
	"cmp"
	"context"
	"fmt"
	"html/template"
	"slices"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/geo/draw"
	"github.com/trucewatch/truce/web/desk"
)

// flown is what was seen of the flights that an incident rests on, nil for one that rests on
// none: the path through the plots that its events name.
func (d *deskReader) flown(ctx context.Context, inc truce.Incident, events []truce.Event, observations []truce.Observation) (*desk.Flown, error) {
	if !slices.ContainsFunc(events, func(e truce.Event) bool { return e.Method == followMethod }) {
		return nil, nil
	}
	var plots []truce.Observation
	for _, o := range observations {
		if o.Plot != nil && o.Place != nil && during(events, o.Phenomenon.From) {
			plots = append(plots, o)
		}
	}
	slices.SortStableFunc(plots, func(a, b truce.Observation) int { return cmp.Compare(a.Phenomenon.From, b.Phenomenon.From) })
	out := &desk.Flown{}
	for i := range plots {
		addSensor(out, &plots[i])
		if a := plots[i].Plot.Altitude; a != nil {
			out.Heights = append(out.Heights, desk.FlownHeight{At: plots[i].Phenomenon.From, Metres: float64(a.Metres), Datum: a.Datum})
		}
	}
	slices.SortStableFunc(out.Sensors, func(a, b desk.FlownSensor) int {
		return cmp.Or(cmp.Compare(a.Source, b.Source), cmp.Compare(a.Sensor, b.Sensor))
	})
	var err error
	if out.Facts, err = d.flownFacts(ctx, events); err != nil {
		return nil, err
	}
	out.Whose, out.Ground = flownWhose(inc), flownGround(inc)
	if len(plots) < 2 {
		return out, nil
	}
	m, err := d.mapper(ctx, inc.Time.Mid(), deskLanguage)
	if err == nil {
		out.Map = m.flownMap(events, plots)
	}
	return out, err
}

// during says whether a plot lies in what an event is about: where a flight came from and went to
// is shown to nobody here.
func during(events []truce.Event, at truce.Instant) bool {
	return slices.ContainsFunc(events, func(e truce.Event) bool {
		return e.Method == followMethod && at >= e.Origin.From-scanLength && at <= e.Origin.To+scanLength
	})
}

// addSensor counts a plot for the sensor that made it.
func addSensor(out *desk.Flown, o *truce.Observation) {
	i := slices.IndexFunc(out.Sensors, func(s desk.FlownSensor) bool {
		return s.Source == o.Source && s.Sensor == o.Sensor && s.Means == o.Plot.Means
	})
	if i < 0 {
		i = len(out.Sensors)
		out.Sensors = append(out.Sensors, desk.FlownSensor{Source: o.Source, Sensor: o.Sensor, Means: o.Plot.Means, From: o.Phenomenon.From})
	}
	s := &out.Sensors[i]
	s.Plots, s.To = s.Plots+1, o.Phenomenon.From
	for _, id := range o.Plot.Identities {
		if !slices.Contains(s.Said, id) && len(s.Said) < maxIdentities {
			s.Said = append(s.Said, id)
		}
	}
}

// flownMap draws the plots in order of time, with the ground around them and the places of the
// events.
func (m mapper) flownMap(events []truce.Event, plots []truce.Observation) template.HTML {
	path := make([]geo.Point, len(plots))
	for i := range plots {
		path[i] = plots[i].Place.Point
	}
	low, high, half := path[0], path[0], leastCloseUp
	for _, p := range path {
		low = geo.Point{Lat: min(low.Lat, p.Lat), Lon: min(low.Lon, p.Lon)}
		high = geo.Point{Lat: max(high.Lat, p.Lat), Lon: max(high.Lon, p.Lon)}
	}
	middle := geo.Point{Lat: (low.Lat + high.Lat) / 2, Lon: (low.Lon + high.Lon) / 2}
	for _, p := range path {
		half = max(half, geo.Metres(1.3*float64(geo.Distance(middle, p))))
	}
	scene := m.baseScene(around(middle, half))
	scene.Title, scene.Again = "Path of the flight", true
	scene.Desc = fmt.Sprintf("%d plots of the flight in order of time", len(plots))
	for i := range events {
		if p := events[i].Position; p != nil && events[i].Method == followMethod {
			scene.Shapes = append(scene.Shapes, draw.Shape{Kind: draw.Ellipse, Ring: p.Error.Ellipse90().Ring(p.Point, ringCorners), Title: "holds the place of the event with 90\u00a0%"})
		}
		m.addFlight(&scene, &events[i])
	}
	scene.Lines = append(scene.Lines, draw.Line{Points: path, Dashed: true, Title: "through the plots, in order of time"})
	scene.Notes = slices.Insert(scene.Notes, 0, "Dashed: through the plots that the incident names, in order of time, while it was in the zone.")
	return draw.Figure(scene)
}
