package agreement

import (
	"math"
	"strings"

	truce "github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
)

// place is one of the alternative places a rule speaks of.
type place interface {
	factor(l *look, p *plan) factor
}

func (g *Geometry) places(r *Rule) []place {
	var out []place
	w := &r.Where
	for _, id := range w.Zones {
		out = append(out, zonePlace{g.zones[id], g.a.altitudeOf(id)})
	}
	for _, within := range w.Within {
		out = append(out, withinPlace{g.lines[within.Line], within})
	}
	if len(w.SiteKinds)+len(w.Sites) > 0 {
		out = append(out, g.sitePlace(w))
	}
	if len(w.AreaOf) > 0 {
		out = append(out, areaPlace{w.AreaOf})
	}
	if w.Crosses != nil {
		out = append(out, crossesPlace{g.lines[w.Crosses.Line], *w.Crosses})
	}
	if w.OtherArea {
		out = append(out, otherArea{})
	}
	if r.Limit != nil {
		out = append(out, g.limitPlaces(r.Limit)...)
	}
	return out
}

func (a *Agreement) altitudeOf(id truce.ZoneID) *Range {
	if z := a.zone(id); z != nil {
		return z.AltitudeM
	}
	return nil
}

// placeFactor joins a rule's places: any of them is enough. A rule that names none holds
// everywhere.
func (l *look) placeFactor(p *plan) factor {
	if len(p.places) == 0 {
		return factor{certain, truce.ReasonLocation, "place: the rule holds everywhere"}
	}
	if !l.pos && l.site < 0 {
		return factor{span{0, 1}, truce.ReasonLocation, "place: the sources name no place that can be put on the map"}
	}
	joined := factor{reason: truce.ReasonLocation}
	var texts []string
	options := l.options[:0]
	for i, place := range p.places {
		f := l.at1(place, p)
		if i == 0 || f.hi > joined.hi {
			joined.reason, joined.hi = f.reason, f.hi
		}
		if l.quiet && f.lo == 1 {
			return factor{span: certain, reason: joined.reason} // the others could only say more of it
		}
		options = append(options, l.option(place, p, f.span))
		if !l.quiet {
			texts = append(texts, f.text)
		}
	}
	l.options = options
	exact := false
	if joined.span, exact = l.anyOf(options); l.quiet {
		return joined
	}
	joined.text = "place of effect: " + strings.Join(texts, "; or ")
	if exact {
		joined.text += "; they exclude one another: together " + joined.span.String()
	}
	return joined
}

// option is a place with what is known of its ground, where it is one of several.
func (l *look) option(place place, p *plan, s span) option {
	o := option{span: s}
	if along, some := place.(lengthwise); some && len(p.places) > 1 && s.hi > 0 && l.pos {
		o.strip, o.along = along.strip(l, p)
	}
	if front, some := place.(frontPlace); some && s.hi > 0 && l.pos {
		o.faces, o.front = front.faces(l)
	}
	return o
}

// at1 asks one place. Of an incident that names a site and no position only the sites can
// be told.
func (l *look) at1(place place, p *plan) factor {
	if _, site := place.(sitePlace); !l.pos && !site {
		return l.saying(factor{span: span{0, 1}, reason: truce.ReasonLocation}, "no position to compare with the other places")
	}
	return place.factor(l, p)
}

// zonePlace is a place in a zone, at the zone's heights.
type zonePlace struct {
	region
	altitude *Range
}

func (z zonePlace) factor(l *look, _ *plan) factor {
	p, text, ok := l.inside(z.region)
	if !ok {
		return factor{span{0, 1}, truce.ReasonControl, text}
	}
	f := factor{known(p), truce.ReasonLocation, text}
	if z.altitude == nil || p == 0 {
		return f
	}
	height := l.atHeights(z.altitude)
	f.span = f.and(height.span)
	if !l.quiet {
		f.text += ", " + height.text
	}
	return f
}

// withinPlace is a place within a distance of a line, on either side.
type withinPlace struct {
	lines  history[*line]
	within Within
}

func (w withinPlace) factor(l *look, p *plan) factor {
	e := w.lines.at(l.at, l.known)
	if e == nil {
		return noVersion(l, w.within.Line)
	}
	m := w.metres(l, p)
	d, chance := l.nearLine(e.value, m)
	f := factor{span: known(chance), reason: truce.ReasonLocation}
	if l.quiet {
		return f
	}
	return l.saying(f, "%s from %s, within %s of it with p %s", metres(d), e.value.named(), metres(m), number(chance))
}

// metres is how far it goes in the rule's phase.
func (w withinPlace) metres(l *look, p *plan) float64 {
	if step := l.step(p); step != nil && step.ToM > 0 {
		return step.ToM
	}
	return w.within.Metres
}

func noVersion(l *look, id truce.LineID) factor {
	return l.saying(factor{span: span{0, 1}, reason: truce.ReasonControl}, "no version of %s holds at the time", id)
}

// areaPlace is a place under control of any of some parties, whose areas never overlap.
type areaPlace struct{ parties []truce.PartyID }

func (a areaPlace) factor(l *look, _ *plan) factor {
	c := l.controlled()
	if c == nil {
		return l.saying(factor{span: span{0, 1}, reason: truce.ReasonControl}, "no map or line says at that time where the area of %s was", a.names())
	}
	total := 0.0
	for _, party := range a.parties {
		share, _ := c.share(party)
		total += share
	}
	total = quantise(min(total, 1))
	f := factor{span: span{total, quantise(min(total+c.unknown, 1))}, reason: truce.ReasonControl}
	if l.quiet {
		return f
	}
	return l.saying(f, "in the area under control of %s on %s with p %s", a.names(), c.words(), number(total))
}

func (a areaPlace) names() string { return strings.Join(options(a.parties...), " or ") }

// step is the phase that a rule is in at the incident's time, nil where it has none.
func (l *look) step(p *plan) *Step {
	if p.steps == nil {
		return nil
	}
	if i := p.spanAt(l.at); i >= 0 {
		return &p.steps[i]
	}
	return nil
}

// around is the box that holds everything within d metres of a point, a little larger.
func around(p geo.Point, d float64) geo.Bounds {
	const perDegree = 110_500 // the shortest degree of latitude, metres
	lat := d / perDegree
	if lat > 45 {
		return geo.Bounds{South: -90, West: -180, North: 90, East: 180}
	}
	farthest := min(math.Abs(float64(p.Lat))+lat, 89.9)
	lon := lat / math.Cos(farthest*math.Pi/180)
	if math.Abs(float64(p.Lon))+lon > 180 {
		lon = 360 // the box goes round: it holds every longitude
	}
	return geo.Bounds{
		South: p.Lat - geo.Degrees(lat), North: p.Lat + geo.Degrees(lat),
		West: p.Lon - geo.Degrees(lon), East: p.Lon + geo.Degrees(lon),
	}
}

func overlap(a, b geo.Bounds) bool {
	return a.South <= b.North && b.South <= a.North && a.West <= b.East && b.West <= a.East
}
