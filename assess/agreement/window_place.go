package agreement

import (
	"fmt"
	"slices"

	truce "github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
)

// Unused is a window that was set aside because its place cannot be used, and why.
type Unused struct {
	Window string
	Reason string
}

// WithUsable is WithWindows for windows that stand in records: one whose place cannot be
// used has no effect and is listed with the reason. What was recorded once never stops an
// evaluation.
func (g *Geometry) WithUsable(more []Window) (*Geometry, []Unused) {
	out, aside := *g, []Unused(nil)
	out.windows = slices.Clone(g.windows)
	for _, w := range more {
		if err := g.a.Unusable(w); err != nil {
			aside = append(aside, Unused{w.ID, err.Error()})
		} else if box, err := g.placeOf(w); err == nil {
			out.windows = put(out.windows, window{w, box})
		}
	}
	return &out, aside
}

// Unusable says why the place of a window cannot be used under these terms, nil where it
// can be.
func (a *Agreement) Unusable(w Window) error {
	if w.Box != nil || w.Circle != nil || w.Corridor != nil {
		_, err := w.drawn()
		return err
	}
	if a.zone(w.Zone) == nil {
		return truce.Errorf(truce.CodeInvalid, "zone %q is no zone of the agreement", w.Zone)
	}
	return nil
}

// UnusablePlace says why no activity can be held against a notified place, nil where one
// can be. Whether a zone is one of the terms is not asked.
func UnusablePlace(p truce.NotifiedPlace) error {
	if p.Zone != "" {
		return nil
	}
	_, err := atPlace(Window{}, p).drawn()
	return err
}

// atPlace is a window at a notified place.
func atPlace(w Window, p truce.NotifiedPlace) Window {
	w.Zone = p.Zone
	switch {
	case p.Box != nil:
		w.Box = p.Box
	case len(p.Points) == 1:
		w.Circle = &Circle{Lat: float64(p.Points[0].Lat), Lon: float64(p.Points[0].Lon), RadiusM: p.WithinM}
	case len(p.Points) > 1:
		w.Corridor = &Corridor{Route: p.Points, WithinM: p.WithinM}
	}
	return w
}

// drawn is the place of a window that is no zone.
func (w Window) drawn() (box, error) {
	switch {
	case w.Box != nil:
		area, err := geo.NewArea(w.ID, []geo.Polygon{{ringOfBox(w.Box)}})
		if err != nil {
			return nil, truce.Errorf(truce.CodeInvalid, "its box cannot be drawn: %w", err)
		}
		return areaBox{newBoxed(area)}, nil
	case w.Corridor != nil:
		route, err := geo.NewLine(w.ID, geo.Route(w.Corridor.Route)...)
		if err != nil {
			return nil, truce.Errorf(truce.CodeInvalid, "its route cannot be drawn: %w", err)
		}
		return corridorBox{&line{Line: route, cited: w.ID}, geo.Metres(w.Corridor.WithinM)}, nil
	}
	area, err := w.Circle.area(w.ID)
	if err != nil {
		return nil, truce.Errorf(truce.CodeInvalid, "its circle cannot be drawn: %w", err)
	}
	return areaBox{newBoxed(area)}, nil
}

// ringOfBox is the box with a corner in the middle of its longer sides: no edge may go more
// than half way round the earth.
func ringOfBox(b *truce.NotifiedBox) geo.Ring {
	middle := (b.West + b.East) / 2
	return geo.Ring{
		{Lat: b.South, Lon: b.West}, {Lat: b.South, Lon: middle}, {Lat: b.South, Lon: b.East},
		{Lat: b.North, Lon: b.East}, {Lat: b.North, Lon: middle}, {Lat: b.North, Lon: b.West}, {Lat: b.South, Lon: b.West},
	}
}

// placeOf is the place of a window.
func (g *Geometry) placeOf(w Window) (box, error) {
	if w.Box == nil && w.Circle == nil && w.Corridor == nil {
		zone, some := g.zones[w.Zone]
		if !some {
			return nil, fmt.Errorf("agreement: window %s: %w", w.ID, g.a.Unusable(w))
		}
		return zoneBox{zone, g.a.altitudeOf(w.Zone)}, nil
	}
	place, err := w.drawn()
	if err != nil {
		return nil, fmt.Errorf("agreement: window %s: %w", w.ID, err)
	}
	if area, some := place.(areaBox); some && w.Box == nil {
		return areaBox{g.ground.add(area.Area, 0)}, nil
	}
	return place, nil
}
