package app

import (
	"context"
	"fmt"
	"html/template"
	"math"
	"slices"
	"strings"
	"sync"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/agreement"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/geo/draw"
	"github.com/trucewatch/truce/respond/publish"
)

const (
	// ringCorners draws an ellipse so that no corner shows at the size of a page.
	ringCorners = 48
	// outlineCells is the raster a band is outlined on, fine enough for a page.
	outlineCells = 160
	// surroundings is how much ground a locator map shows to each side of its incident,
	// lineReach how far away a line may be and still be brought into the picture.
	surroundings geo.Metres = 12_000
	lineReach    geo.Metres = 40_000
	// leastCloseUp is the half width of the closest map: streets are not ours to show.
	leastCloseUp geo.Metres = 1_500
	// smallShare of the map's half width: a shape below it gets a close-up of its own.
	smallShare = 0.06
	// shownHits is how many incidents the overview's map draws at most, to stay light.
	shownHits = 60
)

// deskLanguage is the language of the desk's own pages; only the Daily has others.
const deskLanguage = "en"

// mapper draws the geometry of the agreement as it held at a time, in a language.
type mapper struct {
	g     *agreement.Geometry
	bands *bandOutlines
	at    truce.Instant
	lang  string

	exercise bool // every map says so
}

// mapper draws what the store has last.
func (d *deskReader) mapper(ctx context.Context, at truce.Instant, lang string) (mapper, error) {
	g, err := d.geometry(ctx)
	if err != nil {
		return mapper{}, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.bands == nil || d.bands.of != g {
		d.bands = &bandOutlines{of: g}
	}
	return mapper{g: g, bands: d.bands, at: at, lang: lang, exercise: d.app.store.Realm().Exercise()}, nil
}

// maxBands bounds the outlines that are kept: some kilobytes each.
const maxBands = 128

// bandOutlines keeps the outlines of bands along the versions of their lines: finding one
// takes longer than the rest of a page.
type bandOutlines struct {
	of *agreement.Geometry

	mu   sync.Mutex
	kept map[bandKey][]geo.Polygon
}

// bandKey is a zone along one drawing of its line.
type bandKey struct {
	zone truce.ZoneID
	line *geo.Line
}

// outline is the outline of a zone along a drawing of its line, found at most once.
func (b *bandOutlines) outline(key bandKey, find func() []geo.Polygon) []geo.Polygon {
	b.mu.Lock()
	defer b.mu.Unlock() // held while one is found: others need the same one
	if known, ok := b.kept[key]; ok {
		return known
	}
	if b.kept == nil || len(b.kept) >= maxBands {
		b.kept = map[bandKey][]geo.Polygon{}
	}
	b.kept[key] = find()
	return b.kept[key]
}

func (m mapper) words(key string, args ...any) string { return mapWords(m.lang, key, args...) }

// baseScene is what every map of the agreement shows on a day: land, roads, line,
// zones, names and the notes that must stand under it.
func (m mapper) baseScene(view geo.Bounds) draw.Scene {
	terms := m.g.Agreement()
	scene := draw.Scene{View: view}
	if m.exercise {
		scene.Stamp = m.words("stamp")
	}
	for _, ref := range terms.BaseMap {
		addBase(&scene, terms.Features(ref))
	}
	m.addControl(&scene)
	m.addZones(&scene, func(agreement.Zone) bool { return true })
	for _, line := range m.g.LinesAt(m.at, 0) {
		m.addLine(&scene, line)
	}
	for _, place := range terms.Places {
		scene.Marks = append(scene.Marks, draw.Mark{At: place.At, Text: place.Names.In(m.lang)})
	}
	m.addParties(&scene)
	if note := terms.BoundaryNote.In(m.lang); note != "" {
		scene.Notes = append(scene.Notes, note)
	}
	return scene
}

// addControl hatches the area under a party's control where a control map, not a line,
// says who controls what.
func (m mapper) addControl(scene *draw.Scene) {
	for _, control := range m.g.Agreement().ControlMaps {
		area, version, ok := m.g.ControlAreaAt(control.ID, m.at, 0)
		if !ok || control.ID != m.g.Agreement().ControlBy {
			continue
		}
		for _, polygon := range area.Polygons() {
			scene.Shapes = append(scene.Shapes, ringShape(draw.Control, polygon, ""))
		}
		scene.Notes = append(scene.Notes, m.words("control", control.PartyInside, control.Series, version, control.AccuracyM))
	}
}

func ringShape(kind draw.Kind, polygon geo.Polygon, title string) draw.Shape {
	shape := draw.Shape{Kind: kind, Title: title}
	if len(polygon) > 0 {
		shape.Ring = polygon[0]
	}
	for _, hole := range polygon[min(1, len(polygon)):] {
		shape.Holes = append(shape.Holes, hole)
	}
	return shape
}

// addZones draws the zones that are wanted and names in a note those that lie in the
// picture.
func (m mapper) addZones(scene *draw.Scene, wanted func(agreement.Zone) bool) {
	var names []string
	for _, zone := range m.g.Agreement().Zones {
		if !wanted(zone) {
			continue
		}
		name, inView := m.zoneName(zone), false
		for _, polygon := range m.zonePolygons(zone) {
			shape := ringShape(draw.Zone, polygon, name)
			scene.Shapes = append(scene.Shapes, shape)
			inView = inView || draw.Shows(scene.View, shape.Ring, true)
		}
		if inView {
			names = append(names, name)
		}
	}
	if len(names) > 0 {
		scene.Notes = append(scene.Notes, m.words("zones", strings.Join(names, "; ")))
	}
}

// zoneName is the zone's name, its id without one.
func (m mapper) zoneName(zone agreement.Zone) string {
	if name := zone.Name.In(m.lang); name != "" {
		return name
	}
	return string(zone.ID)
}

// zonePolygons is a zone as drawn in the agreement, or its band along the line of the day.
func (m mapper) zonePolygons(zone agreement.Zone) []geo.Polygon {
	if zone.Band == nil {
		var out []geo.Polygon
		for _, f := range m.g.Agreement().Features(zone.Source) {
			out = append(out, f.Geom.Polygons...)
		}
		return out
	}
	line, _, ok := m.g.LineAt(zone.Band.Line, m.at, 0)
	if !ok {
		return nil
	}
	return m.bands.outline(bandKey{zone.ID, line}, func() []geo.Polygon {
		band := geo.Band{Line: line, Side: sideOf(m.g, zone.Band), From: geo.Metres(zone.Band.FromM), To: geo.Metres(zone.Band.ToM)}
		outline, err := band.Outline(outlineCells)
		if err != nil {
			return nil // a band too wide to draw is left out of the picture; it is still judged exactly
		}
		return outline
	})
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

// addBase draws the base map: polygons and closed coasts are land, other lines are thin.
func addBase(scene *draw.Scene, features []geo.Feature) {
	for _, f := range features {
		for _, polygon := range f.Geom.Polygons {
			scene.Shapes = append(scene.Shapes, ringShape(draw.Land, polygon, f.Text("name")))
		}
		for _, line := range f.Geom.Lines {
			if f.Text("kind") == "coast" && len(line) > 3 && line[0] == line[len(line)-1] {
				scene.Shapes = append(scene.Shapes, draw.Shape{Kind: draw.Land, Ring: line, Title: f.Text("name")})
				continue
			}
			scene.Lines = append(scene.Lines, draw.Line{Points: line, Road: true, Title: f.Text("name")})
		}
	}
}

func (m mapper) addLine(scene *draw.Scene, line truce.BulletinLine) {
	drawn, version, ok := m.g.LineAt(line.ID, m.at, 0)
	if !ok {
		return
	}
	inView := false
	for _, part := range drawn.Parts() {
		scene.Lines = append(scene.Lines, draw.Line{Points: part, Accuracy: geo.Metres(line.AccuracyM), Title: string(line.ID) + " " + version})
		inView = inView || draw.Shows(scene.View, part, false)
	}
	banded := inView && draw.ShowsBand(scene.View, geo.Metres(line.AccuracyM))
	scene.Notes = append(scene.Notes, m.lineNote(line, version, banded))
}

// lineNote says where a line comes from, of which version and how exact it is.
func (m mapper) lineNote(line truce.BulletinLine, version string, banded bool) string {
	name, band := string(line.ID), ""
	if line.Map != name {
		name = m.words("from_map", name, line.Map)
	}
	if banded {
		band = m.words("band")
	}
	return m.words("line", name, line.Source, version, line.AccuracyM, band)
}

// sampled is how many points a side of the picture are asked for the party in control.
const sampled = 11

// controlSamples asks for the party in control on a raster of the view, row by row from
// the south-west.
func (m mapper) controlSamples(v geo.Bounds) (points []geo.Point, parties []truce.PartyID) {
	for i := range sampled * sampled {
		x, y := geo.Degrees(i%sampled+1)/(sampled+1), geo.Degrees(i/sampled+1)/(sampled+1)
		p := onMap(geo.Point{Lat: v.South + y*(v.North-v.South), Lon: v.West + x*(v.East-v.West)})
		party, _ := m.g.ControllerAt(p, m.at, 0)
		points, parties = append(points, p), append(parties, party)
	}
	return points, parties
}

// addParties puts the parties' marks where each is in control: clear of any line, and
// as near to a ring around the middle as that allows, so that the middle stays free. A
// party whose ground is too narrow for a mark has none.
func (m mapper) addParties(scene *draw.Scene) {
	points, parties := m.controlSamples(scene.View)
	found := false
	for _, party := range m.g.Agreement().Parties {
		best, bestCost := -1, tooNarrow
		for i := range points {
			if parties[i] != party.ID {
				continue
			}
			if cost := markCost(parties, i); cost < bestCost {
				best, bestCost = i, cost
			}
		}
		if best >= 0 {
			scene.Marks = append(scene.Marks, draw.Mark{At: points[best], Text: party.Mark, Party: true})
			found = true
		}
	}
	if found {
		scene.Notes = append(scene.Notes, m.words("letters"))
	}
}

// tooNarrow is the cost from which a mark would lie on a line: two neighbours of its
// sample are under another control.
const tooNarrow = 2.0

// markCost is how badly a mark stands at a sample: its distance from a ring around the
// middle, in half widths, and one more for each neighbour under another control.
func markCost(parties []truce.PartyID, i int) float64 {
	x, y := i%sampled, i/sampled
	const middle = (sampled - 1) / 2
	cost := math.Abs(math.Hypot(float64(x-middle), float64(y-middle))/(middle+1) - .6)
	for ny := max(0, y-1); ny <= min(sampled-1, y+1); ny++ {
		for nx := max(0, x-1); nx <= min(sampled-1, x+1); nx++ {
			if parties[ny*sampled+nx] != parties[i] {
				cost++
			}
		}
	}
	return cost
}

// incidentMaps draws one incident with its pixel or ellipse, and close up once more when
// it is too small to be seen with its surroundings.
func (d *deskReader) incidentMaps(ctx context.Context, inc truce.Incident) (wide, detail template.HTML, err error) {
	if inc.Position == nil {
		return "", "", nil
	}
	m, err := d.mapper(ctx, inc.Time.Mid(), deskLanguage)
	if err != nil {
		return "", "", err
	}
	shape, radius := m.incidentShape(inc), reach(*inc.Position)
	half := m.wideHalf(*inc.Position, radius)
	scene := m.baseScene(around(inc.Position.Point, half))
	scene.Title, scene.Desc = "Incident "+inc.Number+" and its surroundings", shape.Title
	scene.Shapes = append(scene.Shapes, shape)
	scene.Notes = slices.Insert(scene.Notes, 0, shapeNote(inc))
	if float64(radius) > smallShare*float64(half) {
		return draw.Figure(scene), "", nil
	}
	near := around(inc.Position.Point, max(leastCloseUp, 3*radius))
	scene.Shapes = append(scene.Shapes, draw.Shape{Kind: draw.Frame, Ring: corners(near), Title: "ground of the close-up"})
	scene.Notes = slices.Insert(scene.Notes, 1, "Dotted frame: the ground of the close-up.")
	return draw.Figure(scene), m.closeUp(inc, near), nil
}

// closeUp draws the framed ground of a wide map.
func (m mapper) closeUp(inc truce.Incident, view geo.Bounds) template.HTML {
	scene := m.baseScene(view)
	shape := m.incidentShape(inc)
	scene.Title, scene.Desc, scene.Again = "Incident "+inc.Number+", close up", shape.Title, true
	scene.Shapes = append(scene.Shapes, shape)
	scene.Notes = slices.Insert(scene.Notes, 0, "Close-up: the dotted frame on the other map shows where it lies.")
	return draw.Figure(scene)
}

// reach is how far the drawn shape goes from its middle.
func reach(pos geo.Position) geo.Metres {
	if f := pos.Footprint; f != nil {
		return geo.Metres(math.Hypot(float64(f.Scan), float64(f.Track)) / 2)
	}
	return pos.Error.Ellipse90().Major
}

// wideHalf is how far a map reaches to each side: the whole shape with ground around it,
// and the nearest line where there is one near.
func (m mapper) wideHalf(pos geo.Position, radius geo.Metres) geo.Metres {
	half := max(surroundings, 1.6*radius)
	for _, line := range m.g.LinesAt(m.at, 0) {
		drawn, _, ok := m.g.LineAt(line.ID, m.at, 0)
		if !ok {
			continue
		}
		if away := drawn.Nearest(pos.Point).Distance; away < lineReach {
			half = max(half, 1.6*away) // the picture is wider than high
		}
	}
	return half
}

// shapeNote says how to read the incident's shape.
func shapeNote(inc truce.Incident) string {
	drawn := "Shaded"
	if inc.Occurrence == truce.OccurrenceReported {
		drawn = "Outlined and not filled, because only reported"
	}
	if inc.Position.Footprint != nil {
		return drawn + ": the satellite pixel; the heat lay somewhere inside it."
	}
	return drawn + ": holds the place with a probability of 90\u00a0%."
}

func corners(b geo.Bounds) []geo.Point {
	return []geo.Point{{Lat: b.South, Lon: b.West}, {Lat: b.South, Lon: b.East}, {Lat: b.North, Lon: b.East}, {Lat: b.North, Lon: b.West}}
}

func (m mapper) incidentShape(inc truce.Incident) draw.Shape {
	pos := inc.Position
	shape := draw.Shape{Hollow: inc.Occurrence == truce.OccurrenceReported}
	if pos.Footprint != nil {
		shape.Kind, shape.Ring, shape.Title = draw.Footprint, pos.Footprint.Ring(pos.Point), m.words("pixel", inc.Number)
		return shape
	}
	shape.Kind, shape.Ring, shape.Title = draw.Ellipse, pos.Error.Ellipse90().Ring(pos.Point, ringCorners), m.words("ellipse", inc.Number)
	return shape
}

// overviewMap draws the newest incidents that meet a rule on the whole of the
// agreement's areas.
func (d *deskReader) overviewMap(ctx context.Context) (template.HTML, error) {
	page, err := d.app.store.Incidents(ctx, truce.IncidentQuery{Verdict: truce.VerdictHit, Limit: shownHits})
	if err != nil {
		return "", err
	}
	at := truce.InstantOf(d.app.now())
	if len(page.Rows) > 0 {
		at = page.Rows[0].Incident.Time.Mid()
	}
	m, err := d.mapper(ctx, at, deskLanguage)
	if truce.CodeOf(err) == truce.CodeNotFound {
		return "", nil // nothing assessed yet
	}
	if err != nil {
		return "", err
	}
	scene, ok := m.wholeScene(page, incidentPage)
	if !ok {
		return "", nil
	}
	return draw.Figure(scene), nil
}

// addDailyMap is the map of a Daily that stands alone: its shapes lead to rows of the page.
func (d *deskReader) addDailyMap(ctx context.Context, b truce.Bulletin, print *publish.PrintOptions) error {
	rows := map[truce.ID]int{}
	for _, row := range b.Rows {
		if id, err := truce.ParseID(row.ID); err == nil {
			rows[id] = row.N
		}
	}
	return d.addDailyMapIn(ctx, b, print, func(inc truce.Incident) string {
		if n := rows[inc.ID]; n > 0 {
			return fmt.Sprintf("#row-%d", n)
		}
		return ""
	})
}

// addDailyMapIn draws the incidents of a bulletin that meet a rule, in the language it is
// printed in.
func (d *deskReader) addDailyMapIn(ctx context.Context, b truce.Bulletin, print *publish.PrintOptions, href hrefOf) error {
	m, err := d.mapper(ctx, b.Period.Mid(), print.Lang)
	if err != nil {
		return err
	}
	q := truce.IncidentQuery{From: b.Period.From, To: b.Period.To, Verdict: truce.VerdictHit}
	page, err := d.app.store.Incidents(ctx, q)
	if err != nil {
		return err
	}
	scene, ok := m.wholeScene(page, href)
	if !ok {
		return nil
	}
	// The page prints the notes, where a narrow screen wraps them, and the boundary note.
	for _, note := range scene.Notes {
		if note != m.g.Agreement().BoundaryNote.In(m.lang) {
			print.MapNotes = append(print.MapNotes, note)
		}
	}
	scene.Notes = nil
	print.Map = []byte(draw.SVG(scene))
	return nil
}

// hrefOf is where the shape of an incident leads, "" for nowhere.
type hrefOf func(truce.Incident) string

func incidentPage(inc truce.Incident) string { return "/incidents/" + inc.Number }

// wholeScene shows every area of the agreement with the given incidents; ok is false
// when the agreement draws nothing.
func (m mapper) wholeScene(page truce.IncidentPage, href hrefOf) (draw.Scene, bool) {
	view := landBounds(m.g.Agreement())
	if view.Empty() {
		return draw.Scene{}, false
	}
	scene := m.baseScene(view)
	placed := 0
	for _, row := range page.Rows {
		if row.Incident.Position != nil {
			shape := m.incidentShape(row.Incident)
			shape.Href = href(row.Incident)
			scene.Shapes = append(scene.Shapes, shape)
			placed++
		}
	}
	scene.Title, scene.Desc = m.words("title"), m.words("drawn", placed, page.Total)
	scene.Notes = slices.Insert(scene.Notes, 0, scene.Desc+" "+m.words("shapes"))
	return scene, true
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

// boundsOf is the box around features. What lies on both sides of the antimeridian, and is
// narrower there than the other way round, has a box that goes on past 180.
func boundsOf(features []geo.Feature) geo.Bounds {
	b := boxOf(features, 0)
	if over := boxOf(features, 360); b.East-b.West > 180 && over.East-over.West < b.East-b.West {
		return over
	}
	return b
}

// boxOf is the box around features with so many degrees added to what lies in the west.
func boxOf(features []geo.Feature, west geo.Degrees) geo.Bounds {
	b := emptyBounds()
	including := func(b geo.Bounds, points []geo.Point) geo.Bounds {
		for _, p := range points {
			if p.Lon < 0 {
				p.Lon += west
			}
			if b.South > b.North {
				b = geo.Bounds{South: p.Lat, North: p.Lat, West: p.Lon, East: p.Lon}
			}
			b = b.Including(p)
		}
		return b
	}
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

// onMap is a place of a box that goes on past 180 where it stands on the map.
func onMap(p geo.Point) geo.Point {
	switch {
	case p.Lon > 180:
		p.Lon -= 360
	case p.Lon < -180:
		p.Lon += 360
	}
	return p
}

func centreOf(b geo.Bounds) geo.Point {
	return onMap(geo.Point{Lat: (b.South + b.North) / 2, Lon: (b.West + b.East) / 2})
}

// around is a view of the given half width, three quarters as high.
func around(p geo.Point, half geo.Metres) geo.Bounds {
	north, _ := geo.Direct(p, 0, half)
	lat := north.Lat - p.Lat
	lon := geo.Degrees(math.Min(90, float64(lat)/math.Max(.05, math.Cos(float64(p.Lat)*math.Pi/180))))
	return geo.Bounds{South: p.Lat - .75*lat, North: p.Lat + .75*lat, West: p.Lon - lon, East: p.Lon + lon}
}
