package agreement

import (
	"sync"

	"fmt"

	truce "github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
)

// boundary is where the coasts and borders run that a control map's edge may follow.
func (a *Agreement) boundary(m ControlMap) (*geo.Reference, error) {
	reference, err := geo.NewReference(&geo.Collection{Features: a.Features(m.Boundary)})
	if err != nil {
		return nil, truce.Errorf(truce.CodeInvalid, "agreement: %s as the boundary of %s: %w", m.Boundary.File, m.ID, err)
	}
	return reference, nil
}

// compileMap reads one version of a control map and tells the contact part of its edge
// from what follows coast or border. The area lies on the left of its contact part.
func compileMap(m ControlMap, o truce.Observation, reference *geo.Reference) (*controlMap, error) {
	parsed, err := geo.ParseGeoJSON(o.ControlMap.GeoJSON)
	if err != nil {
		return nil, err
	}
	var polygons []geo.Polygon
	for _, f := range parsed.Features {
		polygons = append(polygons, f.Geom.Polygons...)
	}
	if len(polygons) == 0 {
		return nil, truce.Errorf(truce.CodeInvalid, "no polygons: a control map is the area under control of %s", m.PartyInside)
	}
	version := truce.CleanText(o.ControlMap.Version)
	area, err := geo.NewArea(version, polygons)
	if err != nil {
		return nil, err
	}
	edge, err := geo.NewControl(area, reference, geo.ControlConfig{Tolerance: geo.Metres(m.ToleranceM)})
	if err != nil {
		return nil, err
	}
	out := &controlMap{
		ground:  sync.OnceValues(func() (*ground, error) { return groundOf(area) }),
		version: version, cited: fmt.Sprintf("%s %s", truce.CleanText(m.Series), version), area: area, accuracy: geo.Metres(m.AccuracyM), inside: m.PartyInside, outside: m.PartyOutside,
		record: truce.BulletinLine{
			ID: truce.LineID(m.ID), Map: truce.CleanText(m.Series), Version: version, Source: o.Source, AccuracyM: m.AccuracyM,
			ContactKm: kilometres(edge.Length(geo.Contact)), BorderKm: kilometres(edge.Length(geo.Border)), CoastKm: kilometres(edge.Length(geo.Coast)),
		},
	}
	if contact := edge.Contact(); contact != nil {
		out.contact = &line{Line: contact, version: version, accuracy: out.accuracy, left: m.PartyInside, right: m.PartyOutside, record: out.record}
	}
	return out, nil
}
