package agreement

import (
	"fmt"
	"math"
	"slices"
	"strings"

	truce "github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
)

// place is one of the alternative places a rule speaks of.
type place interface {
	factor(l *look, p *plan) factor
}

func (g *Geometry) places(w Where) []place {
	var out []place
	for _, id := range w.Zones {
		out = append(out, zonePlace{g.zones[id]})
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
	return out
}

// placeFactor joins a rule's places: any of them is enough.
func (l *look) placeFactor(p *plan) factor {
	if p.Where.Anywhere {
		return factor{certain, truce.ReasonLocation, "place: the rule holds everywhere"}
	}
	if l.incident.Position == nil {
		return factor{span{0, 1}, truce.ReasonLocation, "place: the sources name no place that can be put on the map"}
	}
	joined := factor{reason: truce.ReasonLocation}
	var texts []string
	for i, place := range p.places {
		f := place.factor(l, p)
		if i == 0 || f.hi > joined.hi {
			joined.reason = f.reason
		}
		joined.span = joined.or(f.span)
		texts = append(texts, f.text)
	}
	joined.text = "place of effect: " + strings.Join(texts, "; or ")
	return joined
}

// zonePlace is a place in a zone.
type zonePlace struct{ region }

func (z zonePlace) factor(l *look, _ *plan) factor {
	p, text, ok := z.inside(l)
	if !ok {
		return factor{span{0, 1}, truce.ReasonControl, text}
	}
	return factor{known(p), truce.ReasonLocation, text}
}

// withinPlace is a place within a distance of a line, on either side.
type withinPlace struct {
	lines  history[*line]
	within Within
}

func (w withinPlace) factor(l *look, _ *plan) factor {
	e := w.lines.at(l.at, l.known)
	if e == nil {
		return noVersion(w.within.Line)
	}
	d, p := l.nearLine(e.value, w.within.Metres)
	return factor{known(p), truce.ReasonLocation, fmt.Sprintf("%s from %s, within %s of it with p %s", metres(d), e.value.named(), metres(w.within.Metres), number(p))}
}

func noVersion(id truce.LineID) factor {
	return factor{span{0, 1}, truce.ReasonControl, fmt.Sprintf("no version of %s holds at the time", id)}
}

// nearLine is the distance from a line and the probability to lie within m of it.
func (l *look) nearLine(drawn *line, m float64) (distance, p float64) {
	pos := l.incident.Position
	distance = float64(drawn.DistanceTo(pos.Point))
	switch far := reach(*pos, drawn.accuracy); {
	case distance-far > m:
		return distance, 0
	case distance+far < m:
		return distance, 1
	}
	band := geo.Band{Line: drawn.Line, Side: geo.On, To: geo.Metres(m)}
	return distance, quantise(band.Probability(*pos, drawn.accuracy))
}

// crossesPlace asks for fire from the other side of a line. The place of origin is not
// located in this version, so within reach the answer is open.
type crossesPlace struct {
	lines history[*line]
	Crosses
}

func (c crossesPlace) factor(l *look, _ *plan) factor {
	e := c.lines.at(l.at, l.known)
	if e == nil {
		return noVersion(c.Line)
	}
	most, bound := 1.0, ""
	if c.ReachM > 0 {
		var d float64
		d, most = l.nearLine(e.value, c.ReachM)
		bound = fmt.Sprintf(" (%s from it, within its reach of %s with p %s)", metres(d), metres(c.ReachM), number(most))
	}
	return factor{span{0, most}, truce.ReasonControl, fmt.Sprintf("origin not known, so whether it came across %s is open%s", c.Line, bound)}
}

// areaPlace is a place under control of any of some parties, whose areas never overlap.
type areaPlace struct{ parties []truce.PartyID }

func (a areaPlace) factor(l *look, _ *plan) factor {
	names := strings.Join(options(a.parties...), " or ")
	c := l.controlled()
	if c == nil {
		return factor{span{0, 1}, truce.ReasonControl, fmt.Sprintf("no map or line says at that time where the area of %s was", names)}
	}
	total := 0.0
	for _, party := range a.parties {
		share, _ := c.share(party)
		total += share
	}
	total = quantise(min(total, 1))
	return factor{span{total, quantise(min(total+c.unknown, 1))}, truce.ReasonControl,
		fmt.Sprintf("in the area under control of %s on %s with p %s", names, c.words, number(total))}
}

// sitePlace is a place on one of several listed sites.
type sitePlace struct {
	what  string
	sites []site
}

func (g *Geometry) sitePlace(w Where) sitePlace {
	out := sitePlace{what: strings.Join(append(options(w.SiteKinds...), w.Sites...), ", ")}
	for _, s := range g.sites {
		if slices.Contains(w.SiteKinds, s.Kind) || slices.Contains(w.Sites, s.ID) {
			out.sites = append(out.sites, s)
		}
	}
	return out
}

func (s sitePlace) factor(l *look, _ *plan) factor {
	pos := *l.incident.Position
	box := around(pos.Point, reach(pos, 0))
	joined := span{}
	best := -1.0
	text := fmt.Sprintf("on no listed site (%s)", s.what)
	for i := range s.sites {
		site := &s.sites[i]
		if !overlap(box, site.box) {
			continue
		}
		p := quantise(site.Probability(pos, 0))
		joined = joined.or(known(p))
		if p > best {
			r := drawnRegion{name: site.ID, area: site.Area}
			best, text = p, fmt.Sprintf("%s the ground of site %s (p %s)", r.depth(pos.Point), site.ID, number(p))
		}
	}
	return factor{joined, truce.ReasonLocation, text}
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
