package geo

import (
	"fmt"
	"math"
	"slices"
)

// This file carries shapes over the antimeridian. Edges are straight in longitude and
// latitude, so a shape that passes 180 degrees is cut there and goes on at -180 (RFC 7946,
// 3.1.9). A line that is cut so is one line: its longitudes go on past 180.

// MaxCircleRadius is how far a circle may reach. Up to a quarter of the way round the earth
// a meridian passes it twice at most, and it holds one pole at most.
const MaxCircleRadius Metres = 9_000_000

// circleCorners is how many corners a circle has at least: with 90 it is smaller than the
// true one by 0.1 % at most.
const circleCorners = 90

// circleTurn is by how many degrees of longitude two neighbouring corners may differ before
// corners are put between, and circleHalvings how often that is done: beside a pole
// longitude turns round within metres.
const (
	circleTurn     = 10
	circleHalvings = 12
)

// Circle is the ground within a radius of a place as polygons, cut at the antimeridian and
// closed over a pole where it reaches so far. It is smaller than the circle by 0.1 % at most.
func Circle(name string, at Point, radius Metres) (*Area, error) {
	switch {
	case !at.Valid():
		return nil, checkPoint(name, 0, 0, at)
	case !(radius > 0 && radius <= MaxCircleRadius):
		return nil, &InvalidError{name, -1, -1, fmt.Sprintf("a circle of radius %v m: give more than 0 and at most %v m, or draw a polygon", float64(radius), float64(MaxCircleRadius))}
	}
	chain := unwound(circleRing(at, radius))
	first, last := chain[0], chain[len(chain)-1]
	if math.Abs(float64(last.Lon-first.Lon)) > 180 {
		return NewArea(name, []Polygon{overPole(chain, at.Lat)})
	}
	chain[len(chain)-1] = first
	return NewArea(name, strips(chain))
}

// circleRing is the circle's ring, counter-clockwise, its last point the first again.
func circleRing(at Point, radius Metres) Ring {
	corner := func(turn float64) Point {
		p, _ := Direct(at, Degrees(math.Remainder(-360*turn, 360)), radius)
		return p
	}
	ring := Ring{corner(0)}
	var fill func(from, to float64, p, q Point, halvings int)
	fill = func(from, to float64, p, q Point, halvings int) {
		if d, _ := longitudeDifference(p.Lon, q.Lon); math.Abs(d) > circleTurn && halvings > 0 {
			middle := (from + to) / 2
			m := corner(middle)
			fill(from, middle, p, m, halvings-1)
			fill(middle, to, m, q, halvings-1)
			return
		}
		ring = append(ring, q)
	}
	for i := range circleCorners {
		from, to := float64(i)/circleCorners, float64(i+1)/circleCorners
		fill(from, to, ring[len(ring)-1], corner(math.Mod(to, 1)), circleHalvings)
	}
	return ring
}

// unwound is a chain whose every edge takes the shorter way round: its longitudes go on
// past 180 instead of jumping back.
func unwound(chain []Point) []Point {
	out := make([]Point, len(chain))
	copy(out, chain)
	for i := 1; i < len(out); i++ {
		d, _ := longitudeDifference(chain[i-1].Lon, chain[i].Lon)
		if turns := math.Round((float64(out[i-1].Lon) + d - float64(chain[i].Lon)) / 360); turns != 0 {
			out[i].Lon += Degrees(360 * turns)
		}
	}
	return out
}

// overPole is the polygon of an unwound ring that goes once round a pole: from one side of
// the antimeridian to the other along the ring, and back along the pole.
func overPole(chain []Point, near Degrees) Polygon {
	pole := Degrees(math.Copysign(90, float64(near)))
	n := len(chain) - 1
	turn := chain[n].Lon - chain[0].Lon // 360 or -360
	cut, lat := 0, Degrees(0)           // the edge that passes the antimeridian, and where
	var edge Degrees                    // the antimeridian as that edge has it
	for i := range n {
		a, b := chain[i], chain[i+1]
		at := Degrees(math.Floor(float64(max(a.Lon, b.Lon)+180)/360))*360 - 180
		if at >= min(a.Lon, b.Lon) && a.Lon != b.Lon {
			cut, edge = i, at
			lat = a.Lat + (b.Lat-a.Lat)*(at-a.Lon)/(b.Lon-a.Lon)
			break
		}
	}
	from, to := Degrees(-180), Degrees(180)
	if turn < 0 {
		from, to = to, from
	}
	ring := Ring{{lat, from}}
	for i := 1; i <= n; i++ {
		p := chain[(cut+i)%n]
		lon := p.Lon - edge // from the antimeridian on
		if cut+i >= n {
			lon += turn
		}
		ring = append(ring, Point{p.Lat, min(max(from+lon, -180), 180)})
	}
	return Polygon{append(ring, Point{lat, to}, Point{pole, to}, Point{pole, 0}, Point{pole, from}, Point{lat, from})}
}

// strips are the polygons of an unwound ring that every meridian passes twice at most, cut
// wherever it passes the antimeridian.
func strips(ring []Point) (out []Polygon) {
	west, east := ring[0].Lon, ring[0].Lon
	for _, p := range ring {
		west, east = min(west, p.Lon), max(east, p.Lon)
	}
	first := math.Floor(float64(west+180) / 360)
	for k := first; 360*k-180 < float64(east) || k == first; k++ {
		part := halved(halved(ring, Degrees(360*k-180), 1), Degrees(360*k+180), -1)
		for i := range part {
			part[i].Lon = min(max(part[i].Lon-Degrees(360*k), -180), 180)
		}
		if ring, err := tidyRing("", 0, part); err == nil && ring.gridArea() != 0 {
			out = append(out, Polygon{ring})
		}
	}
	return out
}

// halved is the part of a closed ring east (1) or west (-1) of a meridian (Sutherland and
// Hodgman 1974).
func halved(ring []Point, meridian, side Degrees) (out []Point) {
	for i := 1; i < len(ring); i++ {
		a, b := ring[i-1], ring[i]
		in, stays := side*(a.Lon-meridian) >= 0, side*(b.Lon-meridian) >= 0
		if in {
			out = append(out, a)
		}
		if in != stays {
			out = append(out, Point{a.Lat + (b.Lat-a.Lat)*(meridian-a.Lon)/(b.Lon-a.Lon), meridian})
		}
	}
	if len(out) > 0 {
		out = append(out, out[0])
	}
	return out
}

// Route is a way from place to place, each leg the shorter way round, as the parts of a line
// that is cut at the antimeridian.
func Route(points []Point) (parts [][]Point) {
	if len(points) == 0 {
		return nil
	}
	placed := make([]Point, len(points))
	for i, p := range points {
		placed[i] = onGrid(p) // so that nothing shorter than the grid is cut off
	}
	return CutChain(unwound(placed))
}

// CutChain cuts a chain whose longitudes may go on past 180 wherever it passes the
// antimeridian. No two positions of it may be more than 180 degrees apart.
func CutChain(chain []Point) (parts [][]Point) {
	turns := func(lon Degrees) float64 { return math.Floor(float64(lon+180) / 360) }
	at := turns(chain[0].Lon)
	leaves := slices.IndexFunc(chain, func(p Point) bool { return p.Lon != chain[0].Lon })
	if leaves > 0 && chain[0].Lon == Degrees(360*at-180) && chain[leaves].Lon < chain[0].Lon {
		at-- // it begins on the antimeridian and goes west
	}
	part := []Point{{chain[0].Lat, chain[0].Lon - Degrees(360*at)}}
	for i := 1; i < len(chain); i++ {
		a, b := chain[i-1], chain[i]
		for k := at; b.Lon > Degrees(360*k+180) || b.Lon < Degrees(360*k-180); k = at {
			edge, step := Degrees(360*k+180), 1.
			if b.Lon < Degrees(360*k-180) {
				edge, step = Degrees(360*k-180), -1
			}
			lat := a.Lat
			if a.Lon != b.Lon {
				lat += (b.Lat - a.Lat) * (edge - a.Lon) / (b.Lon - a.Lon)
			}
			if part = append(part, Point{lat, Degrees(180 * step)}); !still(part) {
				parts = append(parts, part)
			}
			part, at = []Point{{lat, Degrees(-180 * step)}}, k+step
		}
		part = append(part, Point{b.Lat, min(max(b.Lon-Degrees(360*at), -180), 180)})
	}
	if len(parts) > 0 && still(part) {
		return parts
	}
	return append(parts, part)
}

// still says whether a chain stays where it begins.
func still(chain []Point) bool {
	return !slices.ContainsFunc(chain, func(p Point) bool { return p != chain[0] })
}

// Unbroken joins the parts of a line that were cut at the antimeridian, where one ends at
// 180 or -180 and another begins at the same latitude on the other side. Longitudes of the
// joined line go on past 180. Two latitudes are the same where they are so on the grid. Other parts stay as they are, in their order.
func Unbroken(parts [][]Point) [][]Point {
	over := joinsOver(parts)
	if len(over.next) == 0 {
		return parts
	}
	var out [][]Point
	used := make([]bool, len(parts))
	follow := func(i int) {
		var chain []Point
		for some := true; some && !used[i]; i, some = over.after(i) {
			used[i] = true
			by, part := Degrees(0), parts[i]
			if n := len(chain); n > 0 {
				by, part = Degrees(360*math.Round(float64(chain[n-1].Lon-part[0].Lon)/360)), part[1:]
			}
			for _, p := range part {
				chain = append(chain, Point{p.Lat, p.Lon + by})
			}
		}
		out = append(out, chain)
	}
	for i := range parts {
		if !over.goesOn[i] {
			follow(i)
		}
	}
	for i := range parts { // what is left goes round the earth
		if !used[i] {
			follow(i)
		}
	}
	return out
}

// joins says which part goes on as which other.
type joins struct {
	next   map[int]int
	goesOn map[int]bool // parts that another goes on as
}

func (j joins) after(i int) (int, bool) {
	k, some := j.next[i]
	return k, some
}

// joinsOver are the joins at the antimeridian; of several parts that could go on the first.
func joinsOver(parts [][]Point) joins {
	begin := map[Point][]int{} // parts by where they begin on the antimeridian
	for i, p := range parts {
		if at := onGrid(p[0]); math.Abs(float64(at.Lon)) == 180 {
			begin[at] = append(begin[at], i)
		}
	}
	out := joins{map[int]int{}, map[int]bool{}}
	for i, p := range parts {
		end := onGrid(p[len(p)-1])
		if math.Abs(float64(end.Lon)) != 180 {
			continue
		}
		across := Point{end.Lat, -end.Lon}
		for k, other := range begin[across] {
			if other != i {
				begin[across] = append(begin[across][:k:k], begin[across][k+1:]...)
				out.next[i], out.goesOn[other] = other, true
				break
			}
		}
	}
	return out
}

// wrapped brings a place of an unwound chain back to where it stands on the map.
func wrapped(p Point) Point {
	p.Lon = Degrees(normalLongitude(float64(p.Lon)))
	return p
}
