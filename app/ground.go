package app

import (
	"context"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/agreement"
	"github.com/trucewatch/truce/geo/draw"
	"github.com/trucewatch/truce/respond/publish"
)

// agreementSource is what the agreement's own drawings are passed on as. Nothing is
// declared here: the mission says in its settings whether they may leave.
func agreementSource() truce.SourceInfo {
	return truce.SourceInfo{ID: agreement.SourceAgreement, Title: "The agreement", Family: truce.FamilyReference}
}

// publicGround is what the maps of a public edition stand on, with whose drawing each
// part is; the gate leaves out what may not be passed on. Nil before an assessment.
func (a *App) publicGround(ctx context.Context, b truce.Bulletin) (publish.Ground, error) {
	reader := &deskReader{app: a}
	m, err := reader.mapper(ctx, b.Period.Mid(), deskLanguage)
	if truce.CodeOf(err) == truce.CodeNotFound {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	infos, err := a.store.Sources(ctx)
	if err != nil {
		return nil, err
	}
	sources := map[truce.SourceID]truce.SourceInfo{}
	for _, info := range infos {
		sources[info.ID] = a.declared(info)
	}
	sources[agreement.SourceAgreement] = a.declared(agreementSource())
	return func(lang string) []publish.GroundLayer {
		m.lang = lang
		return m.groundLayers(sources)
	}, nil
}

// groundLayers puts the agreement's drawings below those of the control maps in use.
// Roads are left out: a map of squares needs none.
func (m mapper) groundLayers(sources map[truce.SourceID]truce.SourceInfo) []publish.GroundLayer {
	terms := m.g.Agreement()
	lines := m.g.LinesAt(m.at, 0)
	ids := []truce.SourceID{agreement.SourceAgreement}
	known := map[truce.SourceID]bool{agreement.SourceAgreement: true}
	for _, line := range lines {
		if !known[line.Source] {
			known[line.Source], ids = true, append(ids, line.Source)
		}
	}
	view := landBounds(terms)
	var out []publish.GroundLayer
	for _, id := range ids {
		scene := draw.Scene{View: view}
		if id == agreement.SourceAgreement {
			m.addLandAndPlaces(&scene)
		}
		if m.controlSource(lines) == id {
			m.addControl(&scene)
		}
		m.addZones(&scene, func(z agreement.Zone) bool { return zoneSource(z, lines) == id })
		for _, line := range lines {
			if line.Source == id {
				m.addLine(&scene, line)
			}
		}
		if m.controlSource(lines) == id {
			m.addParties(&scene)
		}
		layer := publish.GroundLayer{Source: sources[id], View: emptyBounds(), Shapes: scene.Shapes, Lines: scene.Lines, Marks: scene.Marks, Notes: scene.Notes}
		if id == agreement.SourceAgreement {
			layer.View = view
			layer.Source.Title = terms.Title.In(m.lang)
		}
		out = append(out, layer)
	}
	return out
}

// addLandAndPlaces draws the base map without its roads, and the agreed names.
func (m mapper) addLandAndPlaces(scene *draw.Scene) {
	terms := m.g.Agreement()
	base := draw.Scene{}
	for _, ref := range terms.BaseMap {
		addBase(&base, terms.Features(ref))
	}
	scene.Shapes = append(scene.Shapes, base.Shapes...)
	for _, place := range terms.Places {
		scene.Marks = append(scene.Marks, draw.Mark{At: place.At, Text: place.Names.In(m.lang)})
	}
}

// controlSource is the source of the line or map that says who controls what.
func (m mapper) controlSource(lines []truce.BulletinLine) truce.SourceID {
	by := m.g.Agreement().ControlBy
	for _, line := range lines {
		if string(line.ID) == by || line.Map == by {
			return line.Source
		}
	}
	return ""
}

// zoneSource is the source of the line a zone follows, else the agreement that draws it.
func zoneSource(zone agreement.Zone, lines []truce.BulletinLine) truce.SourceID {
	if zone.Band == nil {
		return agreement.SourceAgreement
	}
	for _, line := range lines {
		if line.ID == zone.Band.Line {
			return line.Source
		}
	}
	return "" // no line, no band
}
