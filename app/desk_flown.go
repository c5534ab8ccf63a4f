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
		if o.Plot != nil && o.Place != nil {
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
	if len(plots) < 2 {
		return out, nil
	}
	m, err := d.mapper(ctx, inc.Time.Mid(), deskLanguage)
	if err == nil {
		out.Map = m.flownMap(plots)
	}
	return out, err
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

// flownMap draws the plots in order of time, with the ground around them.
func (m mapper) flownMap(plots []truce.Observation) template.HTML {
	path := make([]geo.Point, len(plots))
	for i := range plots {
		path[i] = plots[i].Place.Point
	}
	middle, half := path[len(path)/2], leastCloseUp
	for _, p := range path {
		half = max(half, geo.Metres(1.2*float64(geo.Distance(middle, p))))
	}
	scene := m.baseScene(around(middle, half))
	scene.Title, scene.Again = "Path of the flight", true
	scene.Desc = fmt.Sprintf("%d plots of the flight in order of time", len(plots))
	scene.Lines = append(scene.Lines, draw.Line{Points: path, Dashed: true, Title: "through the plots, in order of time"})
	scene.Marks = append([]draw.Mark{
		{At: path[0], Text: "first seen", Sensor: true, Silent: true, Title: "first seen " + plots[0].Phenomenon.From.String()},
		{At: path[len(path)-1], Text: "last seen", Sensor: true, Title: "last seen " + plots[len(plots)-1].Phenomenon.From.String()},
	}, scene.Marks...)
	scene.Notes = slices.Insert(scene.Notes, 0, "Dashed: through the plots that the incident names, in order of time. First and last seen is not where it took off or landed.")
	return draw.Figure(scene)
}
