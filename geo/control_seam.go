package geo

import (
	"cmp"
	"slices"
)

// seam is where an area that is cut at the antimeridian, as RFC 7946 (3.1.9) asks, goes on
// at the other side: the stretches of latitude that edges along 180 and edges along -180
// both cover, from south to north and apart. Such an edge bounds a polygon, not the area.
type seam []stretch

// stretch is a range of latitudes, in grid units.
type stretch struct{ south, north int64 }

// The antimeridian and the pole on the grid.
const (
	antimeridian = 180 * gridPerDegree
	pole         = 90 * gridPerDegree
)

func seamOf(rings [][]Point) seam {
	var east, west []stretch
	for _, r := range rings {
		for i := 1; i < len(r); i++ {
			a, b := gridOf(r[i-1]), gridOf(r[i])
			if a.x != b.x || a.y == b.y {
				continue
			}
			switch a.x {
			case antimeridian:
				east = append(east, stretchOf(a, b))
			case -antimeridian:
				west = append(west, stretchOf(a, b))
			}
		}
	}
	return overlap(union(east), union(west))
}

func stretchOf(a, b grid) stretch { return stretch{min(a.y, b.y), max(a.y, b.y)} }

// union puts stretches in order and makes one of those that meet.
func union(all []stretch) []stretch {
	slices.SortFunc(all, func(a, b stretch) int { return cmp.Compare(a.south, b.south) })
	var out []stretch
	for _, s := range all {
		if n := len(out); n > 0 && s.south <= out[n-1].north {
			out[n-1].north = max(out[n-1].north, s.north)
			continue
		}
		out = append(out, s)
	}
	return out
}

// overlap are the latitudes in both lists, which are unions.
func overlap(east, west []stretch) (out seam) {
	for len(east) > 0 && len(west) > 0 {
		both := stretch{max(east[0].south, west[0].south), min(east[0].north, west[0].north)}
		if both.south < both.north {
			out = append(out, both)
		}
		if east[0].north < west[0].north {
			east = east[1:]
		} else {
			west = west[1:]
		}
	}
	return out
}

// from is the first stretch that reaches north of a latitude.
func (s seam) from(y int64) int {
	i, _ := slices.BinarySearchFunc(s, y, func(t stretch, y int64) int {
		if t.north <= y {
			return -1
		}
		return 1
	})
	return i
}

// covers says whether a whole edge is inside the area: it lies in the seam, or along a
// pole, which is one place, and a boundary there only if other edges end in it.
func (s seam) covers(p, q Point) bool {
	a, b := gridOf(p), gridOf(q)
	if a.y == b.y {
		return a.y == pole || a.y == -pole
	}
	if a.x != b.x || a.x != antimeridian && a.x != -antimeridian {
		return false
	}
	edge := stretchOf(a, b)
	i := s.from(edge.south)
	return i < len(s) && s[i].south <= edge.south && edge.north <= s[i].north
}

// cut gives a ring of an area a vertex wherever the seam begins or ends within an edge.
func (s seam) cut(r Ring) Ring {
	if len(s) == 0 {
		return r
	}
	out := Ring{r[0]}
	for i := 1; i < len(r); i++ {
		a, b := gridOf(r[i-1]), gridOf(r[i])
		if a.x == b.x && (a.x == antimeridian || a.x == -antimeridian) {
			for _, y := range s.ends(a.y, b.y) {
				out = append(out, grid{a.x, y}.point())
			}
		}
		out = append(out, r[i])
	}
	return out
}

// ends are the latitudes between two where the seam begins or ends, on the way from one to
// the other.
func (s seam) ends(from, to int64) (out []int64) {
	south, north := min(from, to), max(from, to)
	for i := s.from(south); i < len(s) && s[i].south < north; i++ {
		for _, y := range [2]int64{s[i].south, s[i].north} {
			if y > south && y < north {
				out = append(out, y)
			}
		}
	}
	if to < from {
		slices.Reverse(out)
	}
	return out
}

// touches says whether any edge lies in the seam. Parts of edges count once they are cut.
func (s seam) touches(rings [][]Point) bool {
	if len(s) > 0 {
		return true
	}
	for _, r := range rings {
		for i := 1; i < len(r); i++ {
			if s.covers(r[i-1], r[i]) {
				return true
			}
		}
	}
	return false
}

// boundary are the stretches of an area's rings that the seam leaves.
func (s seam) boundary(rings [][]Point) (left [][]Point) {
	for _, r := range rings {
		left = append(left, without(s.cut(r), s.covers)...)
	}
	return left
}

// without are the stretches of a ring that are left when some edges are taken out.
func without(r Ring, out func(a, b Point) bool) (left [][]Point) {
	open := false
	for i := 1; i < len(r); i++ {
		if out(r[i-1], r[i]) {
			open = false
			continue
		}
		if !open {
			left, open = append(left, []Point{r[i-1]}), true
		}
		left[len(left)-1] = append(left[len(left)-1], r[i])
	}
	return left
}
