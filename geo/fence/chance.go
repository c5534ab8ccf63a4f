package fence

import (
	"math"
	"slices"

	"github.com/trucewatch/truce/geo"
)

// Chance is the probability that a position lies in a zone.
type Chance struct {
	Zone int32
	P    float64
}

// LeastChance is the probability up to which a zone is left out of an answer.
const LeastChance = .001

// tails is how many sigmas of a Gaussian are looked at; 4e-4 lies beyond.
const tails = 4

// sharp is the error, metres, below which a position counts as exact.
const sharp = .001

// Chances appends to into the zones that a position lies in with a probability above
// LeastChance, in rising order. The edges of the zones are known to accuracy (one sigma,
// the same in every direction, independent of the position's error). It is right to 0.003
// for errors up to some 200 km. A position without error is in each zone that holds it with
// probability 1; one whose numbers mean nothing is in none.
func (x *Index) Chances(pos geo.Position, accuracy geo.Metres, into []Chance) []Chance {
	if !pos.Valid() || math.IsNaN(float64(accuracy)) || !pos.Error.Valid() {
		return into
	}
	if pos.Footprint != nil {
		return x.integrated(pos, accuracy, into)
	}
	c := pos.Error.Add(geo.Isotropic(accuracy))
	if c.EE+c.NN <= sharp*sharp {
		return x.certain(pos.Point, into)
	}
	g, ok := gaussOf(vertexOf(pos.Point), c)
	if !ok {
		return x.integrated(pos, accuracy, into)
	}
	if g.shift == 0 && !x.box.meets(&g.area) {
		return into
	}
	if x.clear(&g) {
		return x.certain(pos.Point, into)
	}
	return x.spread(&g, into)
}

// certain appends the zones that hold a point.
func (x *Index) certain(p geo.Point, into []Chance) []Chance {
	var buffer [listInline]int32
	zones := x.Zones(p, buffer[:0])
	slices.Sort(zones)
	for _, z := range zones {
		into = append(into, Chance{z, 1})
	}
	return into
}

// clear says whether surely no edge is near: the area lies in one cell that none passes.
func (x *Index) clear(g *gauss) bool {
	low, high := vertex{g.area.west, g.area.south}, vertex{g.area.east, g.area.north}
	if !x.box.holds(low) || !x.box.holds(high) {
		return false
	}
	lowX, lowY := x.units(low)
	highX, highY := x.units(high)
	code, shift := x.code(lowX, lowY)
	return code&(tagMask|tagRecord) != tagRecord && (lowX^highX)>>shift == 0 && (lowY^highY)>>shift == 0
}

// spread appends the zones for a Gaussian that edges may come near.
func (x *Index) spread(g *gauss, into []Chance) []Chance {
	var buffer [listInline]int32
	holding := x.Zones(g.centre.point(), buffer[:0])
	start := len(into)
	for _, turns := range g.turns() {
		area := g.area
		area.west, area.east = area.west+turns, area.east+turns
		x.boxes.meeting(&area, func(zone uint32) {
			if turns != 0 && slices.ContainsFunc(into[start:], func(c Chance) bool { return c.Zone == int32(zone) }) {
				return // seen on this side of the antimeridian
			}
			inside := 0.
			if slices.Contains(holding, int32(zone)) {
				inside = 1
			}
			if p := x.share(g, zone, inside); p > LeastChance {
				into = append(into, Chance{int32(zone), p})
			}
		})
	}
	sortChances(into[start:])
	return into
}

func sortChances(c []Chance) {
	slices.SortFunc(c, func(a, b Chance) int { return int(a.Zone - b.Zone) })
}

// share is the part of a Gaussian that lies in a zone; inside says where its centre is.
func (x *Index) share(g *gauss, zone uint32, inside float64) float64 {
	missing, nearest := x.missing(g, &x.shapes.of[zone], 0, 0)
	if nearest >= nearlyOn {
		return min(max(inside-missing, 0), 1)
	}
	u, v := x.aside(g, &x.shapes.of[zone])
	return (x.shareFrom(g, zone, u, v) + x.shareFrom(g, zone, -u, -v)) / 2
}

// shareFrom is share seen from a place beside the centre.
func (x *Index) shareFrom(g *gauss, zone uint32, u, v float64) float64 {
	missing, _ := x.missing(g, &x.shapes.of[zone], u, v)
	inside := 0.
	if x.holds(zone, g.place(u, v).point()) {
		inside = 1
	}
	return min(max(inside-missing, 0), 1)
}

// holds says whether one zone holds a point, as Zones does.
func (x *Index) holds(zone uint32, p geo.Point) bool {
	v, sh := vertexOf(p), &x.shapes.of[zone]
	if x.shapes.holds(sh, v) {
		return true
	}
	return math.Abs(v.x) == 180 && x.shapes.holds(sh, vertex{-v.x, v.y})
}

// nearlyOn is the distance, sigmas, at which an edge is so close to the centre that
// rounding might put the centre on its other side. Then the mean is taken of the Gaussian
// seen from two places on either hand of it, in which what the step changes cancels out.
const (
	nearlyOn = 1e-5
	beside   = 4e-4
)

// aside is such a step: of eight the one that leads farthest from any edge on both hands.
func (x *Index) aside(g *gauss, sh *shape) (u, v float64) {
	most := -1.
	for i := range 8 {
		sin, cos := math.Sincos(math.Pi / 8 * (float64(i) + .37))
		_, ahead := x.missing(g, sh, beside*cos, beside*sin)
		_, behind := x.missing(g, sh, -beside*cos, -beside*sin)
		if nearest := min(ahead, behind); nearest > most {
			most, u, v = nearest, beside*cos, beside*sin
		}
	}
	return u, v
}

// missing is how much the chance to be inside falls short of "inside or not" at the place
// (u, v) of a Gaussian, for the edges that come near, and how near they come, in sigmas.
func (x *Index) missing(g *gauss, sh *shape, u, v float64) (sum, nearest float64) {
	nearest = math.Inf(1)
	for _, turns := range g.turns() {
		area := g.area
		area.west, area.east = area.west+turns, area.east+turns
		x.shapes.near(sh, &area, func(b *block) {
			s, d := g.along(x.shapes.corners[b.first:b.last+1], turns, u, v, x.triangles)
			sum, nearest = sum+s, min(nearest, d)
		})
	}
	return sum, nearest
}

// integrated appends the zones by the slower integration of package geo: for footprints,
// and for errors so large that the earth is not flat.
func (x *Index) integrated(pos geo.Position, accuracy geo.Metres, into []Chance) []Chance {
	start := len(into)
	area := reachOf(pos, accuracy)
	add := func(zone uint32) {
		seen := slices.ContainsFunc(into[start:], func(c Chance) bool { return c.Zone == int32(zone) })
		if area := x.Area(int32(zone)); area != nil && !seen {
			if p := area.Probability(pos, accuracy); p > LeastChance {
				into = append(into, Chance{int32(zone), p})
			}
		}
	}
	for _, by := range everyTurn {
		there := area
		there.west, there.east = area.west+by, area.east+by
		x.boxes.meeting(&there, add)
	}
	sortChances(into[start:])
	return into
}

// reachOf is a box around all places where a position may be; parts of it may lie in the
// map at another turn around the earth.
func reachOf(pos geo.Position, accuracy geo.Metres) box {
	reach := float64(accuracy) * 5.5
	if f := pos.Footprint; f != nil {
		reach += math.Hypot(float64(f.Scan), float64(f.Track)) / 2
	} else {
		reach += 5.5 * math.Sqrt(pos.Error.EE+pos.Error.NN)
	}
	const perDegree = 110_500 // metres, no more than there are anywhere
	up := reach / perDegree * 1.01
	c := vertexOf(pos.Point)
	b := box{c.x - 180, c.y - up, c.x + 180, c.y + up}
	if top := math.Abs(c.y) + up; top < 89 {
		wide := up / math.Cos(top*math.Pi/180)
		b.west, b.east = c.x-wide, c.x+wide
	}
	return b
}

// Near appends to into, in rising order, the zones of which some part may lie within a
// distance of a point: those of their boxes that meet a box around it. None that does is
// left out, so that a rule need look no further.
func (x *Index) Near(p geo.Point, within geo.Metres, into []int32) []int32 {
	if !p.Valid() || !(within >= 0) {
		return into
	}
	start := len(into)
	area := reachOf(geo.Position{Point: p}, within/5.5)
	for _, by := range everyTurn {
		there := area
		there.west, there.east = area.west+by, area.east+by
		x.boxes.meeting(&there, func(zone uint32) { into = append(into, int32(zone)) })
	}
	slices.Sort(into[start:])
	return into[:start+len(slices.Compact(into[start:]))]
}
