package app

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/agreement"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/sense/track/movement"
)

// AircraftConfig is one of the mission's own aircraft: without it nobody's flight is its own.
type AircraftConfig struct {
	Sensor     truce.SensorID `koanf:"sensor"`     // as the watch names it
	Identities []string       `koanf:"identities"` // SCHEME:VALUE, as its feeds give them, e.g. serial:1581F4 or sysid:2
}

// aircraft is one of them, read.
type aircraft struct {
	sensor     truce.SensorID
	identities []truce.Identity
}

// ownAircraft are the mission's.
func (c Config) ownAircraft() []aircraft {
	var out []aircraft
	for _, a := range c.Aircraft {
		one := aircraft{sensor: a.Sensor}
		for _, text := range a.Identities {
			scheme, value, _ := strings.Cut(text, ":")
			one.identities = append(one.identities, truce.Identity{Scheme: scheme, Value: value})
		}
		out = append(out, one)
	}
	return out
}

// validateAircraft names the setting that is wrong and says what to write.
func validateAircraft(list []AircraftConfig) error {
	seen := map[string]bool{}
	for i, a := range list {
		if a.Sensor == "" || len(a.Identities) == 0 {
			return fmt.Errorf("aircraft[%d]: needs a sensor, as the watch names it, and identities, as its feeds give them", i)
		}
		for _, text := range a.Identities {
			if scheme, value, found := strings.Cut(text, ":"); !found || scheme == "" || value == "" {
				return fmt.Errorf("aircraft[%d].identities: %q; write SCHEME:VALUE, e.g. serial:1581F4 or sysid:2", i, text)
			}
			if seen[text] {
				return fmt.Errorf("aircraft[%d].identities: %q stands there twice; an identity is of one aircraft", i, text)
			}
			seen[text] = true
		}
	}
	return nil
}

// chart is what flights are held against.
type chart struct {
	g       *agreement.Geometry
	bands   *bandOutlines
	windows []agreement.Window // of the mission's own flights
	version string             // of all that
}

// newChart draws the agreement's zones and the flights that were notified for the mechanism.
func newChart(terms *agreement.Agreement, notices []agreement.Notice) (*chart, error) {
	g, err := terms.Geometry(nil)
	if err != nil {
		return nil, err
	}
	c := &chart{g: g, bands: &bandOutlines{of: g}}
	mechanism := map[truce.PartyID]bool{}
	for _, p := range terms.Parties {
		mechanism[p.ID] = p.Role == agreement.RoleMechanism
	}
	for _, w := range slices.Concat(terms.Windows, agreement.NotifiedWindows(notices)) {
		if w.Kind == agreement.WindowMonitorFlight && mechanism[w.Bearer] && terms.Unusable(w) == nil {
			c.windows = append(c.windows, w)
		}
	}
	text, err := json.Marshal(c.windows)
	c.version = terms.Version + " " + truce.HashOf(text).String()
	return c, err
}

// dayChart is what holds on a day.
type dayChart struct {
	zones []movement.Zone
	lines []chartLine
	plans []movement.Flight
}

// chartLine is a line of the agreement as drawn on a day.
type chartLine struct {
	id          truce.LineID
	drawn       *geo.Line
	left, right truce.PartyID
	accuracy    geo.Metres
	front       bool // to cross it is an event by itself
}

// on draws what holds at a time. A zone that cannot be drawn then has no visits; findings, which
// judge it exactly, are not concerned.
func (c *chart) on(at truce.Instant) *dayChart {
	m := mapper{g: c.g, bands: c.bands, at: at}
	out := &dayChart{}
	for _, z := range c.g.Agreement().Zones {
		if area, err := geo.NewArea(string(z.ID), m.zonePolygons(z)); err == nil && !area.Empty() {
			out.zones = append(out.zones, movement.Zone{ID: string(z.ID), Area: area})
		}
	}
	for _, l := range c.g.Agreement().Lines {
		if drawn, version, ok := c.g.LineAt(l.ID, at, 0); ok {
			line := chartLine{id: l.ID, drawn: drawn, left: l.Left, right: l.Right, accuracy: geo.Metres(l.AccuracyM), front: l.Kind == agreement.LineContact || l.Kind == agreement.LineCeasefire}
			if i := slices.IndexFunc(l.Versions, func(v agreement.LineVersion) bool { return v.Version == version }); i >= 0 {
				line.accuracy = geo.Metres(l.Versions[i].AccuracyM)
			}
			out.lines = append(out.lines, line)
		}
	}
	for _, w := range c.windows {
		if area := windowArea(w, out.zones); area != nil {
			out.plans = append(out.plans, movement.Flight{ID: w.ID, Window: windowPeriod(w), Corridor: area})
		}
	}
	return out
}

// surelyIn says whether a place is in a zone with 95 %.
func (d *dayChart) surelyIn(zone string, at *geo.Position) bool {
	i := slices.IndexFunc(d.zones, func(z movement.Zone) bool { return z.ID == zone })
	return i >= 0 && d.zones[i].Area.Probability(*at, 0) >= .95
}

// windowPeriod is when a window holds, with extensions that count and until it was cancelled.
func windowPeriod(w agreement.Window) truce.Period {
	end := w.To
	for _, x := range w.Extensions {
		if x.Fault == "" {
			end = max(end, x.To)
		}
	}
	end = end.Add(w.Grace)
	if w.CancelledAt != 0 {
		end = min(end, w.CancelledAt)
	}
	return truce.Period{From: w.From, To: max(end, w.From+1)}
}

// windowArea is the ground of a window, nil where it cannot be drawn.
func windowArea(w agreement.Window, zones []movement.Zone) *geo.Area {
	var area *geo.Area
	var err error
	switch {
	case w.Box != nil:
		b := w.Box
		area, err = geo.NewArea(w.ID, []geo.Polygon{{{
			{Lat: b.South, Lon: b.West}, {Lat: b.South, Lon: b.East}, {Lat: b.North, Lon: b.East}, {Lat: b.North, Lon: b.West}, {Lat: b.South, Lon: b.West},
		}}})
	case w.Corridor != nil:
		area, err = corridorArea(w)
	case w.Circle != nil:
		area, err = geo.Circle(w.ID, geo.Point{Lat: geo.Degrees(w.Circle.Lat), Lon: geo.Degrees(w.Circle.Lon)}, geo.Metres(w.Circle.RadiusM))
	default:
		if i := slices.IndexFunc(zones, func(z movement.Zone) bool { return z.ID == string(w.Zone) }); i >= 0 {
			area = zones[i].Area
		}
	}
	if err != nil || area == nil || area.Empty() {
		return nil
	}
	return area
}

// corridorArea is the ground beside a route.
func corridorArea(w agreement.Window) (*geo.Area, error) {
	line, err := geo.NewLine(w.ID, geo.Route(w.Corridor.Route)...)
	if err != nil {
		return nil, err
	}
	outline, err := (geo.Band{Line: line, Side: geo.On, To: geo.Metres(w.Corridor.WithinM)}).Outline(outlineCells)
	if err != nil {
		return nil, err
	}
	return geo.NewArea(w.ID, outline)
}
