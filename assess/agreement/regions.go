package agreement

import (
	"fmt"
	"math"

	truce "github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
)

// region is a zone: drawn once, or moving with its line.
type region interface {
	// inside is the probability that the incident's position lies in it, with a sentence;
	// ok is false when the region has no shape at that time.
	inside(l *look) (p float64, text string, ok bool)
}

// drawnRegion is a polygon with its own accuracy.
type drawnRegion struct {
	name string
	boxed
	accuracy geo.Metres
}

func (r *drawnRegion) inside(l *look) (float64, string, bool) {
	pos := l.incident.Position
	p := l.areaChance(&r.boxed, r.accuracy)
	if l.quiet {
		return p, "", true
	}
	return p, fmt.Sprintf("%s %s (p %s)", r.depth(pos.Point), r.name, number(p)), true
}

// depth says how far inside or outside a point is.
func (r *drawnRegion) depth(p geo.Point) string {
	d := metres(float64(r.BoundaryDistance(p)))
	if r.Contains(p) {
		return d + " inside"
	}
	return d + " outside"
}

// bandRegion is a band along a line, on the side of one party or on both.
type bandRegion struct {
	name  string
	lines history[*line]
	band  Band
}

func (r *bandRegion) inside(l *look) (float64, string, bool) {
	e := r.lines.at(l.at, l.known)
	if e == nil {
		return 0, fmt.Sprintf("%s has no shape: no version of %s holds at the time", r.name, r.band.Line), false
	}
	band := r.along(e.value)
	p := l.bandChance(e.value, band)
	if l.quiet {
		return p, "", true
	}
	return p, fmt.Sprintf("%s %s (%s, p %s)", bandDepth(band, l.foot(e.value)), r.name, e.value.named(), number(p)), true
}

// along is the band beside one drawing of its line.
func (r *bandRegion) along(drawn *line) geo.Band {
	return geo.Band{Line: drawn.Line, Side: drawn.sideOf(r.band.Party), From: geo.Metres(r.band.FromM), To: geo.Metres(r.band.ToM)}
}

// bandDepth says how far from the nearest edge of the band a place is.
func bandDepth(b geo.Band, foot geo.Foot) string {
	d, inside := bandEdge(b, foot)
	if inside {
		return metres(d) + " inside"
	}
	return metres(d) + " outside"
}

// bandEdge is how far from the nearest edge of the band a place is, and on which side of it.
func bandEdge(b geo.Band, foot geo.Foot) (d float64, inside bool) {
	d = float64(foot.Distance)
	if b.Side != geo.On && foot.Side != b.Side && foot.Side != geo.On {
		return d + float64(b.From), false
	}
	switch {
	case d > float64(b.To):
		return d - float64(b.To), false
	case d < float64(b.From):
		return float64(b.From) - d, false
	case b.From == 0 && b.Side == geo.On:
		return float64(b.To) - d, true
	}
	return min(d-float64(b.From), float64(b.To)-d), true
}

// sideOf is the side of the line a party is on, both for "".
func (l *line) sideOf(party truce.PartyID) geo.Side {
	switch party {
	case "":
		return geo.On
	case l.left:
		return geo.Left
	}
	return geo.Right
}

// named is how sentences cite a line: name, version, accuracy.
func (l *line) named() string {
	return fmt.Sprintf("%s version %s ± %s", l.id, l.version, metres(float64(l.accuracy)))
}

// tails is how many sigmas of a Gaussian are looked at: exp(-4.46²/2) = 4.8e-5 of it lies
// beyond such a circle at most, less than half of the last of four decimals.
const tails = 4.46

// reach is how far from its point a position may lie at all, metres.
func reach(pos geo.Position, accuracy geo.Metres) float64 {
	spread := tails * math.Hypot(float64(pos.Error.Ellipse().Major), float64(accuracy))
	if f := pos.Footprint; f != nil {
		spread = tails*float64(accuracy) + math.Hypot(float64(f.Scan), float64(f.Track))/2
	}
	return spread
}

func (g *Geometry) addZones() error {
	g.firstZone = int32(len(g.ground.areas))
	for _, z := range g.a.Zones {
		if z.Band != nil {
			band := &bandRegion{string(z.ID), g.lines[z.Band.Line], *z.Band}
			g.zones[z.ID], g.bandZones = band, append(g.bandZones, band)
			continue
		}
		area, err := g.drawn(z.Source)
		if err != nil {
			return err
		}
		accuracy := geo.Metres(z.AccuracyM)
		drawn := &drawnRegion{string(z.ID), g.ground.add(area, accuracy), accuracy}
		g.zones[z.ID], g.drawnZones = drawn, append(g.drawnZones, drawn)
	}
	return nil
}

// disc is the area within a radius of a point, smaller than the circle by 0.1 % at most.
func disc(name string, at geo.Point, radius float64) (*geo.Area, error) {
	area, err := geo.Circle(name, at, geo.Metres(radius))
	if err != nil {
		return nil, truce.Errorf(truce.CodeInvalid, "agreement: %s: %w", name, err)
	}
	return area, nil
}

// site is a listed site with the ground that counts as part of it.
type site struct {
	Site
	boxed
}

func (g *Geometry) addSites() error {
	g.firstSite = int32(len(g.ground.areas))
	for _, s := range g.a.Sites {
		area, err := g.siteArea(s)
		if err != nil {
			return err
		}
		g.sites = append(g.sites, site{s, g.ground.add(area, 0)})
	}
	return nil
}

func (g *Geometry) siteArea(s Site) (*geo.Area, error) {
	if f := g.a.Features(s.Source)[0]; len(f.Geom.Points) > 0 {
		return disc(s.ID, f.Geom.Points[0], s.RadiusM)
	}
	return g.drawn(s.Source)
}

// window is a notified activity with its place.
type window struct {
	Window
	box box
}

// box is the place of a window.
type box interface {
	chance(l *look) float64
}

// zoneBox is a zone at the zone's heights: what may be higher than these may be outside.
type zoneBox struct {
	region
	altitude *Range
}

func (b zoneBox) chance(l *look) float64 {
	p := l.overLines(b.region)
	if b.altitude != nil && p > 0 {
		p = quantise(p * l.heightSpan(b.altitude).lo)
	}
	return p
}

type areaBox struct{ boxed }

func (b areaBox) chance(l *look) float64 { return l.areaChance(&b.boxed, 0) }

// area is the ground inside the circle.
func (c *Circle) area(name string) (*geo.Area, error) {
	return disc(name, geo.Point{Lat: geo.Degrees(c.Lat), Lon: geo.Degrees(c.Lon)}, c.RadiusM)
}
