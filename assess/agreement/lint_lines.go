package agreement

import (
	"cmp"
	"slices"

	"github.com/trucewatch/truce/geo"
)

// lintLines warns of a line that crosses itself: within the loop nobody can tell on whose
// side a place lies.
func (d *decoder) lintLines() {
	for _, l := range d.a.Lines {
		for _, v := range l.Versions {
			for _, f := range d.a.Features(v.Source) {
				for _, points := range f.Geom.Lines {
					if at, crosses := selfCrossing(points); crosses {
						d.warnf(d.place("line", string(l.ID)), "lines "+string(l.ID), "version %s crosses or runs back over itself near %.5f, %.5f: within the loop its sides cannot be told; take the loop out of %s",
							v.Version, float64(at.Lat), float64(at.Lon), v.Source.File)
					}
				}
			}
		}
	}
}

// lintDrawings warns of two areas or two zones that are one drawing.
func (d *decoder) lintDrawings() {
	areas, zones := map[Ref]string{}, map[Ref]string{}
	for _, a := range d.a.Areas {
		d.drawnOnce(areas, "area", string(a.ID), a.Source)
	}
	for _, z := range d.a.Zones {
		if z.Band == nil && z.AltitudeM == nil { // at different heights one drawing may be two zones
			d.drawnOnce(zones, "zone", string(z.ID), z.Source)
		}
	}
}

func (d *decoder) drawnOnce(seen map[Ref]string, sort, id string, source Ref) {
	if first, twice := seen[source]; twice {
		d.warnf(d.place(sort, id), sort+"s "+id, "is the same drawing as %s (%s, %s): remove one or mend feature", first, source.File, cut(source.Feature))
		return
	}
	seen[source] = id
}

// stretch is an edge of a line that has a length.
type stretch struct {
	i    int // its place among them
	a, b geo.Point
}

func (s stretch) west() geo.Degrees { return min(s.a.Lon, s.b.Lon) }
func (s stretch) east() geo.Degrees { return max(s.a.Lon, s.b.Lon) }

func stretches(points []geo.Point) []stretch {
	var out []stretch
	for i := 1; i < len(points); i++ {
		if points[i] != points[i-1] {
			out = append(out, stretch{len(out), points[i-1], points[i]})
		}
	}
	return out
}

// selfCrossing finds a place where a line meets itself elsewhere than at the end of an
// edge and the beginning of the next. Edges are taken from west to east, each against
// those that begin before it ends (Shamos and Hoey 1976, without their order in height),
// as far as MaxCrossingTests reaches.
func selfCrossing(points []geo.Point) (geo.Point, bool) {
	edges := stretches(points)
	order := slices.Clone(edges)
	slices.SortStableFunc(order, func(a, b stretch) int { return cmp.Compare(a.west(), b.west()) })
	tried := 0
	for k, one := range order {
		for _, other := range order[k+1:] {
			if tried++; other.west() > one.east() || tried > MaxCrossingTests {
				break
			}
			first, second := one, other
			if first.i > second.i {
				first, second = second, first
			}
			if meets(first, second, len(edges)) {
				return second.a, true
			}
		}
	}
	return geo.Point{}, false
}

// meets says whether two of n edges, the first before the second, have a point in common
// that the way from one to the other does not explain: neighbours have one, as have the
// last and the first of a closed line, and meet again only where one runs back over the
// other.
func meets(first, second stretch, n int) bool {
	switch {
	case second.i == first.i+1:
		return runsBack(first.a, first.b, second.b)
	case first.i == 0 && second.i == n-1 && first.a == second.b:
		return runsBack(first.b, first.a, second.a)
	}
	a, b := turn(first.a, first.b, second.a), turn(first.a, first.b, second.b)
	c, e := turn(second.a, second.b, first.a), turn(second.a, second.b, first.b)
	if a*b < 0 && c*e < 0 {
		return true
	}
	return a == 0 && between(first, second.a) || b == 0 && between(first, second.b) || c == 0 && between(second, first.a) || e == 0 && between(second, first.b)
}

// runsBack says whether the way on from a vertex leads back along the way to it.
func runsBack(from, vertex, to geo.Point) bool {
	back := float64(from.Lon-vertex.Lon)*float64(to.Lon-vertex.Lon) + float64(from.Lat-vertex.Lat)*float64(to.Lat-vertex.Lat)
	return turn(from, vertex, to) == 0 && back > 0
}

// turn is positive where a, b, c turn left, 0 where they are in line, on the plane of
// longitude and latitude, which keeps crossings of short edges.
func turn(a, b, c geo.Point) float64 {
	v := float64(b.Lon-a.Lon)*float64(c.Lat-a.Lat) - float64(b.Lat-a.Lat)*float64(c.Lon-a.Lon)
	switch {
	case v > 0:
		return 1
	case v < 0:
		return -1
	}
	return 0
}

// between says whether a point in line with an edge lies on it.
func between(s stretch, p geo.Point) bool {
	return s.west() <= p.Lon && p.Lon <= s.east() && min(s.a.Lat, s.b.Lat) <= p.Lat && p.Lat <= max(s.a.Lat, s.b.Lat)
}
