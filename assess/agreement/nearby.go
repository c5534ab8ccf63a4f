package agreement

import (
	"math"

	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/geo/fence"
)

// nearby keeps what was asked of lines and zones for one incident, since many rules ask
// the same. The lists are short, so they are searched from end to end.
type nearby struct {
	feet  []footOf
	bands []bandOf
	areas []areaOf
	zones []zoneOf
	sides []sidesOf

	looked  bool // reaches is known: the areas of the terms that the place may lie in
	reaches []fence.Reach
	sought  bool // sites is known: the numbers of those near
	sites   []int32

	measured    bool    // half and sigma are known:
	half, sigma float64 // how wide a pixel is, or how large an error, metres
}

type footOf struct {
	line *line
	pos  *geo.Position
	foot geo.Foot
}

type sidesOf struct {
	line        *line
	pos         *geo.Position
	left, right float64
}

type bandOf struct {
	line     *line
	side     geo.Side
	from, to geo.Metres
	p        float64
}

type areaOf struct {
	area *geo.Area
	p    float64
}

type zoneOf struct {
	region region
	p      float64
	text   string
	ok     bool
}

// empty keeps the memory and nothing else.
func (n nearby) empty() nearby {
	return nearby{feet: n.feet[:0], bands: n.bands[:0], areas: n.areas[:0], zones: n.zones[:0], sides: n.sides[:0], reaches: n.reaches[:0], sites: n.sites[:0]}
}

// foot is the point of a line that is nearest to the place of effect.
func (l *look) foot(drawn *line) geo.Foot { return l.near.foot(drawn, l.incident.Position) }

// foot is the point of a line that is nearest to one of the incident's places.
func (n *nearby) foot(drawn *line, pos *geo.Position) geo.Foot {
	for i := range n.feet {
		if n.feet[i].line == drawn && n.feet[i].pos == pos {
			return n.feet[i].foot
		}
	}
	foot := drawn.Nearest(pos.Point)
	n.feet = append(n.feet, footOf{drawn, pos, foot})
	return foot
}

// sharesOf are the probabilities that the place of effect lies left and right of a line.
func (l *look) sharesOf(drawn *line) (left, right float64) {
	return l.near.shares(drawn, l.incident.Position)
}

// shares are the probabilities of one of the incident's places.
func (n *nearby) shares(drawn *line, pos *geo.Position) (left, right float64) {
	for i := range n.sides {
		if s := &n.sides[i]; s.line == drawn && s.pos == pos {
			return s.left, s.right
		}
	}
	left, right = drawn.sharesFrom(n.foot(drawn, pos), pos)
	n.sides = append(n.sides, sidesOf{drawn, pos, left, right})
	return left, right
}

// spread is how far from its point the incident's place may lie, given an accuracy.
func (l *look) spread(accuracy geo.Metres) float64 {
	if !l.near.measured {
		l.near.measured, l.near.half, l.near.sigma = true, 0, 0
		pos := l.incident.Position
		if f := pos.Footprint; f != nil {
			l.near.half = math.Hypot(float64(f.Scan), float64(f.Track)) / 2
		} else {
			l.near.sigma = float64(pos.Error.Ellipse().Major)
		}
	}
	return l.near.half + tails*math.Hypot(l.near.sigma, float64(accuracy))
}

// nearLine is the distance from a line and the probability to lie within m of it.
func (l *look) nearLine(drawn *line, m float64) (distance, p float64) {
	return float64(l.foot(drawn).Distance), l.bandChance(drawn, geo.Band{Line: drawn.Line, Side: geo.On, To: geo.Metres(m)})
}

// bandChance is the probability to lie in a band along a line; far from the band's edges
// the distance alone decides.
func (l *look) bandChance(drawn *line, band geo.Band) float64 {
	for i := range l.near.bands {
		b := &l.near.bands[i]
		if b.line == drawn && b.side == band.Side && b.from == band.From && b.to == band.To {
			return b.p
		}
	}
	foot := l.foot(drawn)
	d, far := float64(foot.Distance), l.spread(drawn.accuracy)
	p := 0.0
	switch {
	case d-far > float64(band.To) || d+far < float64(band.From):
	case d+far < float64(band.To) && (band.From == 0 || d-far > float64(band.From)) && (band.Side == geo.On || d > far):
		p = step(band.Side == geo.On || foot.Side == band.Side)
	default:
		p = quantise(band.ProbabilityFrom(foot, *l.incident.Position, drawn.accuracy))
	}
	l.near.bands = append(l.near.bands, bandOf{drawn, band.Side, band.From, band.To, p})
	return p
}

// inside asks a zone, once. The index has the answer of a drawn one at hand.
func (l *look) inside(r region) (float64, string, bool) {
	if drawn, ok := r.(*drawnRegion); ok && l.quiet {
		return l.areaChance(&drawn.boxed, drawn.accuracy), "", true
	}
	for i := range l.near.zones {
		if z := &l.near.zones[i]; z.region == r {
			return z.p, z.text, z.ok
		}
	}
	p, text, ok := r.inside(l)
	if math.IsNaN(p) {
		p = 0
	}
	l.near.zones = append(l.near.zones, zoneOf{r, p, text, ok})
	return p, text, ok
}
