package agreement

import (
	"cmp"
	"math"
	"slices"

	truce "github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
)

// Whereabouts is where a position lies by what an agreement draws: in which zones, sites and
// areas, on which side of every line, and how far from it. Probabilities are those that
// evaluations use; distances speak of the point itself.
type Whereabouts struct {
	Zones []Inside `json:"zones"`
	Sites []Inside `json:"sites"`
	Areas []Inside `json:"areas"` // for the bulletin
	Lines []Beside `json:"lines"`

	// Unknown are the lines of which no version holds at the time, and with them the zones
	// that are measured from them.
	Unknown []truce.LineID `json:"unknown_lines"`

	Control   []truce.SideShare `json:"control"` // by party; the rest to 1 is not known
	ControlBy string            `json:"control_by"`
	Version   string            `json:"control_version"` // of that line or map
}

// Inside is a zone, site or area that a position lies in with some probability, from 0.0001
// on. The likeliest come first.
type Inside struct {
	ID          string            `json:"id"`
	P           truce.Probability `json:"p"`
	PointInside bool              `json:"point_inside"`
	EdgeM       float64           `json:"edge_m"`     // from the point to the nearest edge
	AccuracyM   float64           `json:"accuracy_m"` // 1 sigma of the edge
}

// Beside is how a position lies to a line.
type Beside struct {
	ID        truce.LineID  `json:"id"`
	Version   string        `json:"version"`
	DistanceM float64       `json:"distance_m"`
	SigmaM    float64       `json:"sigma_m"`    // of the distance, by the errors of the position and of the line
	AccuracyM float64       `json:"accuracy_m"` // 1 sigma of the line alone
	Side      string        `json:"side"`       // of the point: left, right or on
	Party     truce.PartyID `json:"party"`      // whose side that is; "" on the line

	// The probability of each side, by the whole position.
	Left  truce.SideShare `json:"left"`
	Right truce.SideShare `json:"right"`
}

// At is where a position lies at a time, by what was known at another (0: all that is
// known). One that cannot be put on the map lies nowhere. Of a point without error the
// zones, sites and areas are exact: those that hold it, edges included.
func (g *Geometry) At(pos geo.Position, valid, known truce.Instant) Whereabouts {
	var w Whereabouts
	if !usable(pos) {
		return w
	}
	l := &look{g: g, quiet: true}
	l.begin(&Input{Incident: truce.Incident{Position: &pos, Time: truce.Moment(valid, 0)}, KnownAt: known})
	w.Zones, w.Sites, w.Areas = l.insides()
	for _, b := range g.bandZones {
		if in, ok := l.insideBand(b); ok && in.P > 0 {
			w.Zones = append(w.Zones, in)
		}
	}
	for _, list := range [][]Inside{w.Zones, w.Sites, w.Areas} {
		slices.SortStableFunc(list, func(a, b Inside) int { return cmp.Or(cmp.Compare(b.P, a.P), cmp.Compare(a.ID, b.ID)) })
	}
	for i := range g.a.Lines {
		id := g.a.Lines[i].ID
		if e := g.lines[id].at(valid, known); e != nil {
			w.Lines = append(w.Lines, l.beside(e.value))
		} else {
			w.Unknown = append(w.Unknown, id)
		}
	}
	if c := l.controlled(); c != nil {
		w.Control = slices.Clone(c.shares)
		w.ControlBy, w.Version = g.ControlDrawing(valid, known)
	}
	return w
}

// insides are the drawn zones, the sites and the reporting areas that the place may lie in.
func (l *look) insides() (zones, sites, areas []Inside) {
	g := l.g
	var room [roomForReaches]int32
	holding := g.ground.index.Zones(l.incident.Position.Point, room[:0])
	for _, r := range l.reaches() {
		a := &g.ground.areas[r.Zone]
		in := Inside{PointInside: slices.Contains(holding, r.Zone)}
		var list *[]Inside
		switch zone, site, area := int(r.Zone-g.firstZone), int(r.Zone-g.firstSite), int(r.Zone-g.firstArea); {
		case zone >= 0 && zone < len(g.drawnZones):
			in.ID, in.AccuracyM, list = g.drawnZones[zone].name, float64(g.drawnZones[zone].accuracy), &zones
		case site >= 0 && site < len(g.sites):
			in.ID, list = g.sites[site].ID, &sites
		case area >= 0 && area < len(g.a.Areas):
			in.ID, list = string(g.a.Areas[area].ID), &areas
		default:
			continue // the place of a window
		}
		if in.P = truce.Probability(l.areaChance(a, geo.Metres(in.AccuracyM))); in.P > 0 {
			in.EdgeM = decimetres(a.BoundaryDistance(l.incident.Position.Point))
			*list = append(*list, in)
		}
	}
	return zones, sites, areas
}

// insideBand is how the place lies to a band, not ok where its line has no version.
func (l *look) insideBand(r *bandRegion) (Inside, bool) {
	e := r.lines.at(l.at, l.known)
	if e == nil {
		return Inside{}, false
	}
	band := r.along(e.value)
	edge, inside := bandEdge(band, l.foot(e.value))
	return Inside{
		ID: r.name, P: truce.Probability(l.bandChance(e.value, band)), PointInside: inside,
		EdgeM: decimetres(geo.Metres(edge)), AccuracyM: float64(e.value.accuracy),
	}, true
}

func (l *look) beside(drawn *line) Beside {
	foot := l.foot(drawn)
	left, right := l.sharesOf(drawn)
	b := Beside{
		ID: drawn.id, Version: drawn.version, DistanceM: decimetres(foot.Distance), AccuracyM: float64(drawn.accuracy), Side: foot.Side.String(),
		SigmaM: decimetres(geo.Metres(math.Hypot(errorTowards(l.incident.Position, foot.Point), float64(drawn.accuracy)))),
		Left:   truce.SideShare{Party: drawn.left, P: truce.Probability(quantise(held(left)))},
		Right:  truce.SideShare{Party: drawn.right, P: truce.Probability(quantise(held(right)))},
	}
	switch foot.Side {
	case geo.Left:
		b.Party = drawn.left
	case geo.Right:
		b.Party = drawn.right
	}
	return b
}

// errorTowards is the error of a position, 1 sigma in metres, along the way to a point; on
// the point itself, where there is no way, the largest.
func errorTowards(pos *geo.Position, to geo.Point) float64 {
	east, north := geo.NewFrame(pos.Point).To(to)
	d := math.Hypot(float64(east), float64(north))
	if d == 0 {
		return float64(pos.Error.Ellipse().Major)
	}
	sin, cos := float64(east)/d, float64(north)/d
	c := pos.Error
	return math.Sqrt(max(0, c.EE*sin*sin+2*c.EN*sin*cos+c.NN*cos*cos))
}

// decimetres keeps what a distance is good for.
func decimetres(m geo.Metres) float64 { return math.Round(float64(m)*10) / 10 }
