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

// tails is how many sigmas of a Gaussian are looked at; 0.0011 of all lies beyond.
const tails = 3.7

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

// clear says whether surely no edge is near: the area lies in one cell, whose edges all pass
// it by.
func (x *Index) clear(g *gauss) bool {
	low, high := vertex{g.area.west, g.area.south}, vertex{g.area.east, g.area.north}
	if !x.box.holds(low) || !x.box.holds(high) {
		return false
	}
	lowX, lowY := x.units(low)
	highX, highY := x.units(high)
	code, shift := x.code(lowX, lowY)
	if (lowX^highX)>>shift != 0 || (lowY^highY)>>shift != 0 {
		return false
	}
	return code&(tagMask|tagRecord) != tagRecord || x.passedBy(code&placeMask, g)
}

// passedBy says whether the edges of a record all pass a Gaussian by.
func (x *Index) passedBy(place uint32, g *gauss) bool {
	record := x.records[place:]
	n := record[0]
	record = record[1:]
	if n&hasMore != 0 {
		record = record[1:]
		n &^= hasMore
	}
	pieces := record[1+n : 1+n+record[0]&manyPieces*pieceWords]
	for ; len(pieces) >= pieceWords; pieces = pieces[pieceWords:] {
		first := pieces[0]
		if g.meets(x.shapes.corners[first : first+pieces[1]>>countShift&countMask+2]) {
			return false
		}
	}
	return true
}

// spread appends the zones for a Gaussian that edges may come near.
func (x *Index) spread(g *gauss, into []Chance) []Chance {
	start := len(into)
	for _, turns := range g.turns() {
		s := newSweep(x, g, turns, into)
		into = s.all()
	}
	sortChances(into[start:])
	if g.shift != 0 {
		into = joined(into, start)
	}
	return into
}

// joined adds up what was found on both sides of the antimeridian.
func joined(c []Chance, start int) []Chance {
	kept := c[:start]
	for _, next := range c[start:] {
		if n := len(kept); n > start && kept[n-1].Zone == next.Zone {
			kept[n-1].P = min(kept[n-1].P+next.P, 1)
			continue
		}
		kept = append(kept, next)
	}
	return kept
}

func sortChances(c []Chance) {
	slices.SortFunc(c, func(a, b Chance) int { return int(a.Zone - b.Zone) })
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
