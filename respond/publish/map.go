package publish

import (
	"fmt"
	"slices"
	"strings"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/geo/draw"
)

// GroundLayer is part of the ground a public map stands on: what one source draws.
type GroundLayer struct {
	// Source is whose drawing it is. Without its leave to pass it on, licence and
	// attribution, nothing of the layer is drawn.
	Source truce.SourceInfo
	View   geo.Bounds // the ground worth showing; empty where the layer does not say
	Shapes []draw.Shape
	Lines  []draw.Line
	Marks  []draw.Mark
	Notes  []string // version, accuracy and zones, in the map's language
}

// Ground gives the layers of a map in a language, from the bottom up.
type Ground func(lang string) []GroundLayer

// mapper draws the map of one public edition in one language.
type mapper struct {
	*printer
	b     truce.Bulletin
	scene draw.Scene
}

// drawMap is the map of a public edition: its grid cells with their counts, on as much of
// the ground as may be passed on. Nil when there is nothing to draw. Positions are not
// read: the public edition has none.
//
// The notes are lines below it: what the squares say, whose lines stand on it, of which
// version and how exact.
func drawMap(pub truce.Bulletin, ground Ground, opt PrintOptions) (svg []byte, notes []string, err error) {
	zone, err := zoneOf(pub.Period)
	if err != nil {
		return nil, nil, err
	}
	p, err := newPrinter(opt.Lang, zone)
	if err != nil {
		return nil, nil, err
	}
	m := mapper{printer: p, b: pub}
	m.scene.View, m.scene.Coarse = noGround(), true
	var layers []GroundLayer
	if ground != nil {
		layers = ground(opt.Lang)
	}
	m.addGround(layers)
	places := m.places()
	if m.scene.View.Empty() && !m.viewOfPlaces(places) {
		return nil, nil, nil
	}
	m.addPlaces(places, shownRows(opt.AnnexRows))
	m.addSources(layers)
	if pub.Realm.Exercise() {
		m.scene.Stamp = m.plain("map.stamp")
	}
	if len(p.missing) > 0 {
		return nil, nil, truce.Errorf(truce.CodeInternal, "map of %s: catalogue %s has no text for %s", pub.Number, opt.Lang, strings.Join(p.missing, ", "))
	}
	notes, m.scene.Notes = m.scene.Notes, nil
	return []byte(draw.SVG(m.scene)), notes, nil
}

// underMap is what stands under the map: its notes, and that no line on it is a border.
func (w *writer) underMap() line {
	lines := make([]line, 0, len(w.opt.MapNotes)+1)
	for _, note := range w.opt.MapNotes {
		lines = append(lines, w.data(note))
	}
	return join(" ", append(lines, w.boundaryNote())...)
}

// plain is a text of the catalogue without links.
func (m *mapper) plain(key string, args ...arg) string { return m.say(key, args...).String() }

// mayDraw says whether a layer may leave: the same rule as for rows.
func mayDraw(s truce.SourceInfo) bool {
	return s.Redistribute && s.Licence != "" && s.Attribution != ""
}

func (m *mapper) addGround(layers []GroundLayer) {
	for _, l := range layers {
		if !mayDraw(l.Source) {
			continue
		}
		if !l.View.Empty() {
			m.scene.View = union(m.scene.View, l.View)
		}
		m.scene.Shapes = append(m.scene.Shapes, l.Shapes...)
		m.scene.Lines = append(m.scene.Lines, l.Lines...)
		m.scene.Marks = append(m.scene.Marks, l.Marks...)
	}
}

// addSources notes below the map whose drawing is on it and whose is not.
func (m *mapper) addSources(layers []GroundLayer) {
	for _, l := range layers {
		name := m.data(l.Source.Title)
		if !mayDraw(l.Source) {
			m.scene.Notes = append(m.scene.Notes, m.plain("map.not_drawn", with("source", name)))
			continue
		}
		m.scene.Notes = append(m.scene.Notes, l.Notes...)
		m.scene.Notes = append(m.scene.Notes, m.plain("map.drawn_by",
			with("source", name), with("attribution", m.data(l.Source.Attribution)), with("licence", m.data(l.Source.Licence))))
	}
}

// placed are the rows of one cell of the map.
type placed struct {
	cell truce.GridCell
	rows []*truce.BulletinRow
}

// places are the rows by their cells, in the order of the cells' first rows.
func (m *mapper) places() []placed {
	var out []placed
	at := map[string]int{}
	for i := range m.b.Rows {
		r := &m.b.Rows[i]
		if r.Place.Cell == nil {
			continue
		}
		j, known := at[r.Place.Cell.ID]
		if !known {
			j, at[r.Place.Cell.ID] = len(out), len(out)
			out = append(out, placed{cell: *r.Place.Cell})
		}
		out[j].rows = append(out[j].rows, r)
	}
	return out
}

// viewOfPlaces shows the cells and as much ground again where nothing else says what to
// show; false when there is no cell either.
func (m *mapper) viewOfPlaces(places []placed) bool {
	v := noGround()
	for _, p := range places {
		v = union(v, boundsOf(p.cell))
	}
	if v.Empty() {
		return false
	}
	up, right := (v.North-v.South)/2, (v.East-v.West)/2
	m.scene.View = geo.Bounds{South: v.South - up, North: v.North + up, West: v.West - right, East: v.East + right}
	return true
}

func noGround() geo.Bounds { return geo.Bounds{South: 90, West: 180, North: -90, East: -180} }

func boundsOf(c truce.GridCell) geo.Bounds {
	return geo.Bounds{South: geo.Degrees(c.South), West: geo.Degrees(c.West), North: geo.Degrees(c.North), East: geo.Degrees(c.East)}
}

func union(a, b geo.Bounds) geo.Bounds {
	return geo.Bounds{South: min(a.South, b.South), West: min(a.West, b.West), North: max(a.North, b.North), East: max(a.East, b.East)}
}

// blockSteps are the sides, km, of the squares a wide map gathers its cells in.
var blockSteps = [...]int{10, 20, 40, 80, 160, 320}

// gathered puts cells that would be too small to be read into larger squares, by the
// middle of each; km is the side of the squares, 0 when the cells stand as they are.
func (m *mapper) gathered(places []placed) (out []placed, km int) {
	least := float64(draw.LeastTally(m.scene.View)) / 1000
	for _, p := range places {
		if side := sideKm(p.cell); side < least {
			km = blockSteps[len(blockSteps)-1]
		}
	}
	if km == 0 {
		return places, 0
	}
	for _, step := range blockSteps {
		if float64(step) >= least {
			km = step
			break
		}
	}
	grid, at := gridOf(km), map[string]int{}
	for _, p := range places {
		b := boundsOf(p.cell)
		cell := grid.Cell(geo.Point{Lat: (b.South + b.North) / 2, Lon: (b.West + b.East) / 2})
		j, known := at[cell.ID]
		if !known {
			j, at[cell.ID] = len(out), len(out)
			out = append(out, placed{cell: cell})
		}
		out[j].rows = append(out[j].rows, p.rows...)
	}
	return out, km
}

// sideKm is the height of a cell.
func sideKm(c truce.GridCell) float64 { return (c.North - c.South) * meridianKm / 180 }

// addPlaces draws the cells with their counts and says how to read them.
func (m *mapper) addPlaces(all []placed, onPage int) {
	places, km := m.gathered(all)
	shown := 0
	var kinds [len(kindKeys)]bool
	var fills [len(fillKeys)]bool
	for _, p := range places {
		slices.SortFunc(p.rows, func(a, b *truce.BulletinRow) int { return a.N - b.N })
		t := m.tally(p, onPage)
		if !draw.Shows(m.scene.View, t.Ring, true) {
			continue
		}
		shown += len(p.rows)
		kinds[t.Symbol], fills[t.Fill] = true, true
		m.scene.Tallies = append(m.scene.Tallies, t)
	}
	m.addKeys(kinds[:], fills[:])
	m.scene.Title = m.plain("map.title", with("number", m.data(m.b.Number)))
	m.scene.Desc = m.plain("map.rows", with("shown", m.integer(shown)), with("listed", m.integer(len(m.b.Rows))))
	m.scene.Notes = append(m.scene.Notes, m.scene.Desc)
	if shown == 0 {
		return
	}
	if km > 0 {
		m.scene.Notes = append(m.scene.Notes, m.plain("map.blocks", with("km", m.km(float64(km)))))
		return
	}
	m.scene.Notes = append(m.scene.Notes, m.plain("map.cells"))
}

// tally is one cell as it is drawn. It leads to the first of its rows in the annex.
func (m *mapper) tally(p placed, onPage int) draw.Tally {
	b := boundsOf(p.cell)
	t := draw.Tally{
		N: len(p.rows), Symbol: kindOf(p.rows[0]), Fill: fillOf(p.rows[0]),
		Ring: []geo.Point{{Lat: b.South, Lon: b.West}, {Lat: b.South, Lon: b.East}, {Lat: b.North, Lon: b.East}, {Lat: b.North, Lon: b.West}},
	}
	var numbers []line
	for i, r := range p.rows {
		if kindOf(r) != t.Symbol {
			t.Symbol = draw.Cross
		}
		t.Fill = max(t.Fill, fillOf(r))
		if i < namedRows {
			numbers = append(numbers, m.integer(r.N))
		}
	}
	if len(p.rows) > namedRows {
		numbers = append(numbers, text("…"))
	}
	t.Title = m.plain("map.cell", with("cell", m.data(p.cell.ID)), with("n", m.countOf(len(p.rows), "unit.row")), with("rows", join(", ", numbers...)))
	if n := p.rows[0].N; m.onPage(n, onPage) {
		t.Href = rowAnchor(n)
	}
	return t
}

// namedRows is how many rows of a cell are named where a pointer rests.
const namedRows = 12

// onPage says whether a row stands among the first of the annex.
func (m *mapper) onPage(n, limit int) bool {
	if limit < 0 || len(m.b.Rows) <= limit {
		return true
	}
	return limit > 0 && n <= m.b.Rows[limit-1].N
}

// kindKeys and fillKeys are the texts of the symbols and of their fillings.
var (
	kindKeys = [...]string{
		draw.Circle: "map.satellites", draw.Square: "map.sensors", draw.Triangle: "map.drones",
		draw.Diamond: "map.patrols", draw.Wedge: "map.reports", draw.Cross: "map.several",
	}
	fillKeys = [...]string{draw.Hollow: "map.hollow", draw.Half: "map.half", draw.Solid: "map.solid"}
)

func (m *mapper) addKeys(kinds, fills []bool) {
	for i, used := range kinds {
		if used {
			m.scene.Keys = append(m.scene.Keys, draw.Key{Symbol: draw.Symbol(i), Text: m.plain(kindKeys[i])})
		}
	}
	for i, used := range fills {
		if used {
			m.scene.Keys = append(m.scene.Keys, draw.Key{Symbol: draw.Circle, Fill: draw.Fill(i), Text: m.plain(fillKeys[i])})
		}
	}
}

// kindOf is the symbol of what saw a row: one kind of source, or the cross of several.
func kindOf(r *truce.BulletinRow) draw.Symbol {
	kind := -1
	for _, f := range r.Means {
		s := int(symbolOf(f))
		if kind >= 0 && s != kind {
			return draw.Cross
		}
		kind = s
	}
	return draw.Symbol(max(0, kind))
}

func symbolOf(f truce.Family) draw.Symbol {
	switch f {
	case truce.FamilyThermal, truce.FamilyOptical, truce.FamilySAR:
		return draw.Circle
	case truce.FamilyDrone:
		return draw.Triangle
	case truce.FamilyPatrol:
		return draw.Diamond
	case truce.FamilyMedia, truce.FamilyCivilian, truce.FamilyParty:
		return draw.Wedge
	default:
		return draw.Square
	}
}

// fillOf is how far a row's verification has come. What was looked at and found to be
// nothing is drawn hollow, as it is listed and not counted.
func fillOf(r *truce.BulletinRow) draw.Fill {
	switch r.Occurrence {
	case truce.OccurrenceDetected:
		return draw.Half
	case truce.OccurrenceCorroborated, truce.OccurrenceVerified:
		return draw.Solid
	default:
		return draw.Hollow
	}
}

// mapProblems holds a drawn map to its bound; what it may not hold, a page refuses.
func mapProblems(lang string, svg []byte) []Problem {
	if len(svg) <= maxMapBytes {
		return nil
	}
	return []Problem{{Rule: "G", Where: "map in " + lang, What: fmt.Sprintf("has %d bytes, at most %d go out; thin the base map", len(svg), maxMapBytes)}}
}
