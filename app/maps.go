package app

import (
	"context"
	"fmt"
	"html/template"
	"math"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/agreement"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/geo/draw"
	"github.com/trucewatch/truce/web/desk"
)

const (
	// ringCorners draws an ellipse so that no corner shows at the size of a page.
	ringCorners = 48
	// outlineCells is the raster a band is outlined on, fine enough for a page.
	outlineCells = 160
	// surroundings is how much ground a locator map shows around its incident.
	surroundings geo.Metres = 12_000
)

// baseScene is what every map of the agreement shows on a day: land, roads, line,
// zones, names and the notes that must stand under it.
func baseScene(g *agreement.Geometry, at truce.Instant) draw.Scene {
	terms := g.Agreement()
	scene := draw.Scene{}
	for _, ref := range terms.BaseMap {
		addBase(&scene, terms.Features(ref))
	}
	for _, zone := range terms.Zones {
		for _, polygon := range zonePolygons(g, zone, at) {
			scene.Shapes = append(scene.Shapes, draw.Shape{Kind: draw.Zone, Ring: polygon[0], Title: zone.Name.In("en")})
		}
	}
	for _, line := range g.LinesAt(at, 0) {
		addLine(&scene, g, line, at)
	}
	for _, place := range terms.Places {
		scene.Marks = append(scene.Marks, draw.Mark{At: place.At, Text: place.Names.In("en")})
	}
	if note := terms.BoundaryNote.In("en"); note != "" {
		scene.Notes = append(scene.Notes, note)
	}
	return scene
}

// zonePolygons is a zone as drawn in the agreement, or its band along the line of the day.
func zonePolygons(g *agreement.Geometry, zone agreement.Zone, at truce.Instant) []geo.Polygon {
	if zone.Band == nil {
		var out []geo.Polygon
		for _, f := range g.Agreement().Features(zone.Source) {
			out = append(out, f.Geom.Polygons...)
		}
		return out
	}
	line, _, ok := g.LineAt(zone.Band.Line, at, 0)
	if !ok {
		return nil
	}
	band := geo.Band{Line: line, Side: sideOf(g, zone.Band), From: geo.Metres(zone.Band.FromM), To: geo.Metres(zone.Band.ToM)}
	outline, err := band.Outline(outlineCells)
	if err != nil {
		return nil // a band too wide to draw is left out of the picture; it is still judged exactly
	}
	return outline
}

// sideOf is the side of the line on which a party's band lies, both for none.
func sideOf(g *agreement.Geometry, band *agreement.Band) geo.Side {
	for _, line := range g.Agreement().Lines {
		switch {
		case line.ID != band.Line || band.Party == "":
		case line.Left == band.Party:
			return geo.Left
		case line.Right == band.Party:
			return geo.Right
		}
	}
	return geo.On
}

func addBase(scene *draw.Scene, features []geo.Feature) {
	for _, f := range features {
		for _, polygon := range f.Geom.Polygons {
			if len(polygon) > 0 {
				scene.Shapes = append(scene.Shapes, draw.Shape{Kind: draw.Land, Ring: polygon[0], Title: f.Text("name")})
			}
		}
		for _, line := range f.Geom.Lines {
			scene.Lines = append(scene.Lines, draw.Line{Points: line, Road: true, Title: f.Text("name")})
		}
	}
}

func addLine(scene *draw.Scene, g *agreement.Geometry, line truce.BulletinLine, at truce.Instant) {
	drawn, version, ok := g.LineAt(line.ID, at, 0)
	if !ok {
		return
	}
	for _, part := range drawn.Parts() {
		scene.Lines = append(scene.Lines, draw.Line{Points: part, Accuracy: geo.Metres(line.AccuracyM), Title: fmt.Sprintf("%s, version %s", line.ID, version)})
	}
	scene.Notes = append(scene.Notes, fmt.Sprintf("%s: %s version %s, accuracy %.0f m (1 sigma)", line.ID, line.Map, version, line.AccuracyM))
}

// addParties puts the parties' letters on their sides of the line, near the middle of
// the view.
func addParties(scene *draw.Scene, g *agreement.Geometry, at truce.Instant) {
	for _, line := range g.Agreement().Lines {
		drawn, _, ok := g.LineAt(line.ID, at, 0)
		if !ok || string(line.ID) != g.Agreement().ControlBy {
			continue
		}
		foot := drawn.Nearest(centreOf(scene.View))
		reach := geo.Distance(geo.Point{Lat: scene.View.South, Lon: scene.View.West}, geo.Point{Lat: scene.View.North, Lon: scene.View.East}) / 9
		for _, turn := range []geo.Degrees{0, 45, 90, 135, 180, 225, 270, 315} {
			p, _ := geo.Direct(foot.Point, turn, reach)
			party, _ := g.ControllerAt(p, at, 0)
			addParty(scene, p, string(party))
		}
	}
}

// addParty adds a letter unless the map has it.
func addParty(scene *draw.Scene, at geo.Point, letter string) {
	for _, m := range scene.Marks {
		if letter == "" || m.Party && m.Text == letter {
			return
		}
	}
	scene.Marks = append(scene.Marks, draw.Mark{At: at, Text: letter, Party: true})
}

// incidentMap draws one incident with its pixel or ellipse.
func (d *deskReader) incidentMap(ctx context.Context, dossier desk.Dossier) (template.HTML, string, error) {
	inc := dossier.Row.Incident
	if inc.Position == nil {
		return "", "", nil
	}
	g, err := d.geometry(ctx)
	if err != nil {
		return "", "", err
	}
	scene := baseScene(g, inc.Time.Mid())
	shape := incidentShape(inc)
	scene.Shapes = append(scene.Shapes, shape)
	scene.View = around(inc.Position.Point, max(surroundings, 1.6*inc.Position.Error.Ellipse90().Major))
	scene.Title, scene.Desc = "Incident "+inc.Number, shape.Title
	addParties(&scene, g, inc.Time.Mid())
	return draw.SVG(scene), "The shaded shape holds the place with 90 %. Letters name the party in control on that side of the line.", nil
}

func incidentShape(inc truce.Incident) draw.Shape {
	pos := inc.Position
	if pos.Footprint != nil {
		return draw.Shape{Kind: draw.Footprint, Ring: pos.Footprint.Ring(pos.Point), Title: "satellite pixel, incident " + inc.Number}
	}
	return draw.Shape{Kind: draw.Ellipse, Ring: pos.Error.Ellipse90().Ring(pos.Point, ringCorners), Title: "90 % ellipse, incident " + inc.Number}
}

// overviewMap draws incidents on the whole of the agreement's areas.
func (d *deskReader) overviewMap(ctx context.Context, rows []truce.IncidentRow) (template.HTML, error) {
	g, err := d.geometry(ctx)
	if truce.CodeOf(err) == truce.CodeNotFound {
		return "", nil // nothing assessed yet
	}
	if err != nil {
		return "", err
	}
	at := truce.InstantOf(d.app.now())
	if len(rows) > 0 {
		at = rows[0].Incident.Time.Mid()
	}
	return wholeMap(g, at, rows, "/incidents/"), nil
}

// dailyMap draws the incidents of a bulletin that meet a rule.
func (d *deskReader) dailyMap(ctx context.Context, b truce.Bulletin) ([]byte, error) {
	g, err := d.geometry(ctx)
	if err != nil {
		return nil, err
	}
	q := truce.IncidentQuery{From: b.Period.From, To: b.Period.To, Verdict: truce.VerdictHit}
	page, err := d.app.store.Incidents(ctx, q)
	if err != nil {
		return nil, err
	}
	return []byte(wholeMap(g, b.Period.To-1, page.Rows, "/incidents/")), nil
}

// wholeMap shows every area of the agreement with the given incidents.
func wholeMap(g *agreement.Geometry, at truce.Instant, rows []truce.IncidentRow, rowURL string) template.HTML {
	scene := baseScene(g, at)
	scene.View = landBounds(g.Agreement())
	if scene.View.Empty() {
		return ""
	}
	for _, row := range rows {
		if row.Incident.Position != nil {
			shape := incidentShape(row.Incident)
			shape.Href = rowURL + row.Incident.Number
			scene.Shapes = append(scene.Shapes, shape)
		}
	}
	scene.Title, scene.Desc = "Map of the agreement's areas", fmt.Sprintf("%d incidents with their 90 %% ellipses", len(rows))
	addParties(&scene, g, at)
	return draw.SVG(scene)
}

// landBounds is the ground worth showing: the base map, else the areas.
func landBounds(terms *agreement.Agreement) geo.Bounds {
	var features []geo.Feature
	for _, ref := range terms.BaseMap {
		features = append(features, terms.Features(ref)...)
	}
	if len(features) == 0 {
		for _, area := range terms.Areas {
			features = append(features, terms.Features(area.Source)...)
		}
	}
	b := boundsOf(features)
	if b.Empty() {
		return b
	}
	margin := (b.North - b.South) / 20
	return geo.Bounds{South: b.South - margin, West: b.West - margin, North: b.North + margin, East: b.East + margin}
}

func boundsOf(features []geo.Feature) geo.Bounds {
	b := emptyBounds()
	for _, f := range features {
		for _, polygon := range f.Geom.Polygons {
			for _, ring := range polygon {
				b = including(b, ring)
			}
		}
		for _, line := range f.Geom.Lines {
			b = including(b, line)
		}
		b = including(b, f.Geom.Points)
	}
	return b
}

func emptyBounds() geo.Bounds { return geo.Bounds{South: 90, West: 180, North: -90, East: -180} }

func including(b geo.Bounds, points []geo.Point) geo.Bounds {
	for _, p := range points {
		b = b.Including(p)
	}
	return b
}

func centreOf(b geo.Bounds) geo.Point {
	return geo.Point{Lat: (b.South + b.North) / 2, Lon: (b.West + b.East) / 2}
}

// around is a square view of the given half width.
func around(p geo.Point, half geo.Metres) geo.Bounds {
	north, _ := geo.Direct(p, 0, half)
	lat := north.Lat - p.Lat
	lon := geo.Degrees(math.Min(90, float64(lat)/math.Max(.05, math.Cos(float64(p.Lat)*math.Pi/180))))
	return geo.Bounds{South: p.Lat - lat, North: p.Lat + lat, West: p.Lon - lon, East: p.Lon + lon}
}
