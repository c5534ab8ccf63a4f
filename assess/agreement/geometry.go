package agreement

import (
	"fmt"
	"time"

	truce "github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
)

// Geometry is an agreement with its lines, zones and control maps over time, ready to
// answer where a place lies. It is not changed once made and may be used by many
// goroutines at once.
type Geometry struct {
	a *Agreement

	// ground holds all areas that the terms draw, each kind in a row from a number on.
	ground                          *ground
	firstZone, firstSite, firstArea int32
	drawnZones                      []*drawnRegion
	bandZones                       []*bandRegion
	sites                           []site

	lines   map[truce.LineID]history[*line]
	maps    map[string]history[*controlMap]
	extents map[Ref]extent
	zones   map[truce.ZoneID]region
	windows []window
	lists   map[string]history[*siteSet]
	weapons *arsenal
	plans   []plan
	groups  [][]int // of plans: the versions of one rule, in the order of the agreement

	controlTurns []turnAt // when what says who controls a place becomes another

	saysNear  bool          // some permission says how near a window is near
	mostClaim time.Duration // the longest time beside a window that may count as near

	partings *partings // shared by all that look

	problems []Problem
}

// Agreement is the agreement the geometry was made of.
func (g *Geometry) Agreement() *Agreement { return g.a }

// Geometry compiles the agreement with the control maps at hand, each once. Observations
// of other kinds and maps of other series are left out. A map counts from its phenomenon
// time on and is known from the time it was received.
func (a *Agreement) Geometry(maps []truce.Observation) (*Geometry, error) {
	g := &Geometry{
		a: a, lines: map[truce.LineID]history[*line]{}, maps: map[string]history[*controlMap]{}, zones: map[truce.ZoneID]region{},
		ground: &ground{}, extents: map[Ref]extent{},
		partings: &partings{known: map[[2]facing]bool{}},
	}
	if err := g.addMaps(maps); err != nil {
		return nil, err
	}
	for _, step := range []func() error{g.addLines, g.addZones, g.addAreas, g.addSites, g.addWindows, g.ground.compile} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	g.addLists()
	g.weapons = newArsenal(a.Weapons)
	if err := g.addPlans(); err != nil {
		return nil, err
	}
	g.addNearness()
	g.addTurns()
	return g, nil
}

// line is one drawing of a line with its sides.
type line struct {
	*geo.Line
	id          truce.LineID
	version     string
	cited       string // id and version
	accuracy    geo.Metres
	left, right truce.PartyID
	extent      extent
	record      truce.BulletinLine
}

// SourceAgreement is the source of every line that the agreement itself draws.
const SourceAgreement truce.SourceID = "agreement"

func (g *Geometry) addLines() error {
	for _, l := range g.a.Lines {
		if l.Derived != "" {
			g.lines[l.ID] = g.contactLines(l)
			continue
		}
		extent, err := g.sharedExtent(l.Extent)
		if err != nil {
			return err
		}
		var eras []era[*line]
		for _, v := range l.Versions {
			drawn, err := g.drawnLine(l, v, extent)
			if err != nil {
				return err
			}
			eras = append(eras, era[*line]{v.Version, v.ValidFrom, v.ValidTo, v.KnownFrom, drawn})
		}
		g.lines[l.ID] = newHistory(eras)
	}
	return nil
}

func (g *Geometry) drawnLine(l Line, v LineVersion, extent extent) (*line, error) {
	feature := g.a.Features(v.Source)[0]
	drawn, err := geo.NewLine(feature.Name(), feature.Geom.Lines...)
	if err != nil {
		return nil, truce.Errorf(truce.CodeInvalid, "agreement: %s: %w", v.Source.File, err)
	}
	return &line{
		Line: drawn, id: l.ID, version: v.Version, cited: fmt.Sprintf("%s %s", l.ID, v.Version), accuracy: geo.Metres(v.AccuracyM), left: l.Left, right: l.Right, extent: extent,
		record: truce.BulletinLine{
			ID: l.ID, Map: string(l.ID), Version: v.Version, Source: SourceAgreement, AccuracyM: v.AccuracyM,
			ContactKm: kilometres(drawn.Length()),
		},
	}, nil
}

// kilometres keeps a metre.
func kilometres(m geo.Metres) float64 { return float64(int64(float64(m)+0.5)) / 1000 }

// contactLines are the contact parts of a control map, one a version that has any.
func (g *Geometry) contactLines(l Line) history[*line] {
	var eras []era[*line]
	for _, e := range g.maps[l.Derived] {
		if e.value.contact == nil {
			continue
		}
		contact := *e.value.contact
		contact.id, contact.record.ID, contact.cited = l.ID, l.ID, fmt.Sprintf("%s %s", l.ID, contact.version)
		eras = append(eras, era[*line]{e.version, e.validFrom, e.validTo, e.knownFrom, &contact})
	}
	return newHistory(eras)
}

// extent is where control is spoken of: one area a feature, since neighbours share edges.
// Nil means everywhere.
type extent struct{ parts *ground }

// contains says whether a point lies in the extent.
func (e extent) contains(p geo.Point) bool { return e.parts == nil || e.parts.holds(p) }

// probability is that of a position lying in the extent.
func (e extent) probability(pos geo.Position) float64 {
	if e.parts == nil {
		return 1
	}
	return e.parts.share(pos, 0)
}

// extent is the area a reference names; closed lines count as the land inside them.
func (g *Geometry) extent(ref Ref) (extent, error) {
	features := g.a.Features(ref)
	if len(features) == 0 {
		return extent{}, nil
	}
	out := extent{&ground{}}
	for _, f := range features {
		polygons := f.Geom.Polygons
		for _, ring := range f.Geom.Lines {
			polygons = append(polygons, geo.Polygon{geo.Ring(ring)})
		}
		area, err := geo.NewArea(f.Name(), polygons)
		if err != nil {
			return extent{}, truce.Errorf(truce.CodeInvalid, "agreement: %s as an extent: %w", ref.File, err)
		}
		out.parts.add(area, 0)
	}
	return out, out.parts.compile()
}

// sharedExtent is extent, made once for all that name it.
func (g *Geometry) sharedExtent(ref Ref) (extent, error) {
	if known, ok := g.extents[ref]; ok {
		return known, nil
	}
	made, err := g.extent(ref)
	g.extents[ref] = made
	return made, err
}

func (g *Geometry) addAreas() error {
	g.firstArea = int32(len(g.ground.areas))
	for _, a := range g.a.Areas {
		area, err := g.drawn(a.Source)
		if err != nil {
			return err
		}
		g.ground.add(area, 0)
	}
	return nil
}

// drawn is the area of the polygons a reference names.
func (g *Geometry) drawn(ref Ref) (*geo.Area, error) {
	var polygons []geo.Polygon
	for _, f := range g.a.Features(ref) {
		polygons = append(polygons, f.Geom.Polygons...)
	}
	area, err := geo.NewArea(ref.Feature, polygons)
	if err != nil {
		return nil, truce.Errorf(truce.CodeInvalid, "agreement: %s: %w", ref.File, err)
	}
	return area, nil
}

// AreaOf is the reporting area a position most probably lies in, Elsewhere when that is
// outside all of them. Among equals the first area of the agreement counts.
func (g *Geometry) AreaOf(pos geo.Position) truce.AreaID {
	best, p, rest := g.ground.most(pos, g.firstArea, g.firstArea+int32(len(g.a.Areas)))
	if best == unnumbered || quantise(rest) > p {
		return Elsewhere
	}
	return g.a.Areas[best-g.firstArea].ID
}

// LinesAt lists the lines and control maps in force for the bulletin: where each comes
// from, its version and accuracy, and the lengths of its contact, border and coast parts.
// A control map stands for the line derived from it.
func (g *Geometry) LinesAt(valid, known truce.Instant) []truce.BulletinLine {
	var out []truce.BulletinLine
	derived := map[string]bool{}
	for _, l := range g.a.Lines {
		if l.Derived != "" {
			derived[l.Derived] = true
		}
		if e := g.lines[l.ID].at(valid, known); e != nil {
			out = append(out, e.value.record)
		}
	}
	for _, m := range g.a.ControlMaps {
		if e := g.maps[m.ID].at(valid, known); e != nil && !derived[m.ID] {
			out = append(out, e.value.record)
		}
	}
	return out
}

// LineAt is the drawing of a line that held at valid, as known at known.
func (g *Geometry) LineAt(id truce.LineID, valid, known truce.Instant) (drawing *geo.Line, version string, ok bool) {
	e := g.lines[id].at(valid, known)
	if e == nil {
		return nil, "", false
	}
	return e.value.Line, e.version, true
}

// String says what was compiled, for logs.
func (g *Geometry) String() string {
	return fmt.Sprintf("%s %.12s: %d rules, %d lines, %d zones, %d sites", g.a.ID, g.a.Version, len(g.plans), len(g.lines), len(g.zones), len(g.sites))
}
