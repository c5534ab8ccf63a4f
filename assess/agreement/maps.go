package agreement

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"

	truce "github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
)

// controlMap is one version of an area-of-control map.
type controlMap struct {
	version         string
	cited           string                  // series and version
	area            *geo.Area               // under control of inside
	ground          func() (*ground, error) // area, compiled when first asked: most versions never are
	accuracy        geo.Metres
	inside, outside truce.PartyID
	extent          extent
	contact         *line // the contact part of the edge; nil when there is none
	record          truce.BulletinLine
}

// addMaps compiles every map of every series once. A map that cannot be read is left out
// and listed in Problems: yesterday's map is better than none.
func (g *Geometry) addMaps(observations []truce.Observation) error {
	for _, m := range g.a.ControlMaps {
		extent, err := g.sharedExtent(m.Extent)
		if err != nil {
			return err
		}
		reference, err := g.a.boundary(m)
		if err != nil {
			return err
		}
		versions := series(observations, m.Series)
		if len(versions) > MaxControlMaps {
			return truce.Errorf(truce.CodeTooLarge, "agreement: %d versions of control map %s, the bound is %d: give those of the time in question", len(versions), m.Series, MaxControlMaps)
		}
		var eras []era[*controlMap]
		for _, o := range versions {
			compiled, err := compileMap(m, o, reference)
			if err != nil {
				g.problems = append(g.problems, Problem{LevelWarning, o.Origin.File, max(o.Origin.Line, 1), 1, m.Series + " " + o.ControlMap.Version,
					fmt.Sprintf("control map left out: %v", err)})
				continue
			}
			compiled.extent = extent
			if compiled.contact != nil {
				compiled.contact.extent = extent
			}
			eras = append(eras, era[*controlMap]{compiled.version, o.Phenomenon.From, 0, truce.Instant(o.Received), compiled})
		}
		g.maps[m.ID] = newHistory(eras)
	}
	return nil
}

// Problems lists the control maps that were left out, and why.
func (g *Geometry) Problems() []Problem { return slices.Clone(g.problems) }

// series picks the maps of one series, each content once, in an order that does not
// depend on how they were handed over.
func series(observations []truce.Observation, name string) []truce.Observation {
	var out []truce.Observation
	for _, o := range observations {
		if o.Kind == truce.KindControlMap && o.ControlMap != nil && o.ControlMap.Map == name {
			out = append(out, o)
		}
	}
	slices.SortFunc(out, func(a, b truce.Observation) int {
		return cmp.Or(
			cmp.Compare(a.Phenomenon.From, b.Phenomenon.From), cmp.Compare(a.Received, b.Received),
			cmp.Compare(a.ControlMap.Version, b.ControlMap.Version), bytes.Compare(a.ID[:], b.ID[:]),
		)
	})
	return slices.CompactFunc(out, func(a, b truce.Observation) bool {
		return a.Phenomenon.From == b.Phenomenon.From && a.ControlMap.Version == b.ControlMap.Version &&
			bytes.Equal(a.ControlMap.GeoJSON, b.ControlMap.GeoJSON)
	})
}

// control of a place by a map: inside its polygons one party, outside them the other as
// far as the extent reaches.
func (m *controlMap) control(pos geo.Position) *control {
	in := m.probability(pos)
	c := twoSides(m.inside, in, m.outside, m.extent.probability(pos)-in)
	c.version, c.by = m.cited, m
	return c
}

// probability is that of a position lying in the area. An area too large for an index is
// asked by itself, which takes longer.
func (m *controlMap) probability(pos geo.Position) float64 {
	if d, err := m.ground(); err == nil {
		return d.share(pos, m.accuracy)
	}
	return m.area.Probability(pos, m.accuracy)
}

func (m *controlMap) contains(p geo.Point) bool {
	if d, err := m.ground(); err == nil {
		return d.holds(p)
	}
	return m.area.Contains(p)
}

// named is how sentences cite a map: name, version, accuracy.
func (m *controlMap) named() string {
	return fmt.Sprintf("map %s version %s ± %s", m.record.Map, m.version, metres(float64(m.accuracy)))
}

func (m *controlMap) controller(p geo.Point) (truce.PartyID, string) {
	version := m.cited
	switch {
	case m.contains(p):
		return m.inside, version
	case m.extent.contains(p):
		return m.outside, version
	}
	return "", version
}
