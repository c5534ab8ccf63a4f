package fence

import (
	"cmp"
	"slices"

	"github.com/trucewatch/truce/geo"
)

// Reach is a zone that some of the ground around a point may lie in.
type Reach struct {
	Zone  int32
	Whole bool // all of that ground is in the zone: no edge comes so near
}

// Around appends to into, in rising order, the zones that the ground within a distance of p
// may lie in. What is not listed holds none of it, and what is listed as whole all of it, so
// that only of the others need a probability be integrated. Some of these may turn out to
// hold nothing: their edges pass a box around that ground.
//
// Within 0 these are the zones that hold p, exactly. For a point that is no position, and a
// distance that is no number or below 0, there are none.
func (x *Index) Around(p geo.Point, within geo.Metres, into []Reach) []Reach {
	switch {
	case !p.Valid() || !(within >= 0):
		return into
	case within == 0:
		return x.holding(p, into)
	}
	area := reachOf(geo.Position{Point: p}, within/5.5)
	if code, one := x.oneCell(&area); one {
		var room [listInline]int32
		return wholly(x.listed(code, room[:0]), into)
	}
	start := len(into)
	for _, by := range everyTurn {
		there := area
		there.west, there.east = area.west+by, area.east+by
		if !x.box.meets(&there) {
			continue
		}
		centre := vertex{float64(p.Lon) + by, float64(p.Lat)}
		x.boxes.meeting(&there, func(zone uint32) {
			sh := &x.shapes.of[zone]
			if x.shapes.comesNear(sh, &there) {
				into = append(into, Reach{Zone: int32(zone)})
			} else if x.shapes.holds(sh, centre) {
				into = append(into, Reach{int32(zone), true})
			}
		})
	}
	slices.SortFunc(into[start:], func(a, b Reach) int {
		if a.Zone == b.Zone && a.Whole != b.Whole {
			return cmp.Compare(asInt(a.Whole), asInt(b.Whole)) // of two turns the one with an edge
		}
		return cmp.Compare(a.Zone, b.Zone)
	})
	return into[:start+len(slices.CompactFunc(into[start:], func(a, b Reach) bool { return a.Zone == b.Zone }))]
}

// holding lists the zones that hold a point.
func (x *Index) holding(p geo.Point, into []Reach) []Reach {
	var room [listInline]int32
	return wholly(x.Zones(p, room[:0]), into)
}

func wholly(zones []int32, into []Reach) []Reach {
	slices.Sort(zones)
	for _, z := range zones {
		into = append(into, Reach{z, true})
	}
	return into
}

func asInt(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

// oneCell is the code of the cell that all of a box lies in, where no edge passes that cell
// and the box reaches neither the antimeridian nor a pole.
func (x *Index) oneCell(area *box) (code uint32, ok bool) {
	low, high := vertex{area.west, area.south}, vertex{area.east, area.north}
	if !x.box.holds(low) || !x.box.holds(high) || low.x <= -180 || high.x >= 180 || low.y <= -90 || high.y >= 90 {
		return 0, false
	}
	lowX, lowY := x.units(low)
	highX, highY := x.units(high)
	code, shift := x.code(lowX, lowY)
	return code, code&(tagMask|tagRecord) != tagRecord && (lowX^highX)>>shift == 0 && (lowY^highY)>>shift == 0
}

// comesNear says whether an edge of a shape may pass a box.
func (s *shapes) comesNear(sh *shape, b *box) (near bool) {
	s.near(sh, b, func(run *block) {
		for e := run.first; e < run.last && !near; e++ {
			near = passes(s.corners[e], s.corners[e+1], b)
		}
	})
	return near
}
