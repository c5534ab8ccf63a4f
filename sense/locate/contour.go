package locate

import "math"

// contour draws where the posterior falls below a density: marching squares on a lattice
// (Lorensen and Cline 1987 in the plane), followed from one crossing to the next, so that only
// what lies along the line is worked out.
type contour struct {
	t          *tree
	level      float64 // logarithm of density
	x, y, step float64 // of lattice point 0, 0
	n          int     // of points along a side
	known      map[[2]int]float64
	passed     map[edge]bool
}

// edge is a side of a lattice square: from a point to the east, or to the north.
type edge struct {
	i, j  int
	north bool
}

// spot is a place in the plane of the network.
type spot struct{ x, y float64 }

// contours are the rings around what has a density above a level, the inside to the left.
func (t *tree) contours(order []int32, level, step float64) [][]spot {
	root := &t.leaves[0]
	c := &contour{t: t, level: level, step: step, x: root.x - root.half, y: root.y - root.half, known: map[[2]int]float64{}, passed: map[edge]bool{}}
	c.n = int(math.Ceil(2*root.half/step)) + 1
	var rings [][]spot
	for _, k := range order {
		l := &t.leaves[k]
		if l.log < level {
			break
		}
		if west := t.at(l.x-l.half*1.001, l.y); west >= 0 && t.leaves[west].log >= level {
			continue // whatever lies west of that one has the line
		}
		for _, e := range c.begin(l) {
			if ring := c.follow(e); len(ring) > 3 {
				rings = append(rings, ring)
			}
		}
	}
	return rings
}

// begin is a crossing to the west of the middle of a leaf, if it was not passed yet.
func (c *contour) begin(l *leaf) []edge {
	i, j := int(math.Round((l.x-c.x)/c.step)), int(math.Round((l.y-c.y)/c.step))
	if c.value(i, j) < 0 {
		return nil // the leaf is so small that no lattice point is in it
	}
	for ; c.value(i, j) >= 0; i-- {
		if c.passed[edge{i - 1, j, false}] {
			return nil
		}
	}
	return []edge{{i, j, false}}
}

// value is the density at a lattice point over the level; outside of the square there is none.
func (c *contour) value(i, j int) float64 {
	if i <= 0 || j <= 0 || i >= c.n-1 || j >= c.n-1 {
		return math.Inf(-1)
	}
	key := [2]int{i, j}
	v, ok := c.known[key]
	if !ok {
		log, _, _ := c.t.p.density(c.x+float64(i)*c.step, c.y+float64(j)*c.step, 0)
		v = log - c.level
		c.known[key] = v
	}
	return v
}

// heading is the side by which a square is left.
type heading int

const (
	south heading = iota
	east
	north
	west
)

// follow goes along the line from a crossing on an edge to the east of a point, whose inside
// lies east: southwards, so that the inside is to the left.
func (c *contour) follow(from edge) []spot {
	if c.passed[from] {
		return nil
	}
	var ring []spot
	i, j, came := from.i, from.j-1, north // into the square to the south, by its north side
	at := from
	for len(ring) < maxRing {
		c.passed[at] = true
		ring = append(ring, c.crossing(at))
		out := c.leave(i, j, came)
		switch out {
		case south:
			at, j, came = edge{i, j, false}, j-1, north
		case north:
			at, j, came = edge{i, j + 1, false}, j+1, south
		case west:
			at, i, came = edge{i, j, true}, i-1, east
		case east:
			at, i, came = edge{i + 1, j, true}, i+1, west
		}
		if at == from {
			return append(ring, ring[0])
		}
	}
	return nil
}

// leave is the side of a square by which the line leaves that came in by another. Going in
// with the inside to the left, it turns left as soon as it can.
func (c *contour) leave(i, j int, came heading) heading {
	in := [4]bool{c.value(i, j) >= 0, c.value(i+1, j) >= 0, c.value(i+1, j+1) >= 0, c.value(i, j+1) >= 0}
	// The corners at the ends of each side, counter-clockwise: south, east, north, west.
	crossed := func(h heading) bool { return in[h] != in[(h+1)%4] }
	for k := range heading(3) { // sides clockwise from the one it came by: left first
		if h := (came + 3 - k) % 4; crossed(h) {
			return h
		}
	}
	return came
}

// crossing is where the line crosses an edge, between its ends by their densities.
func (c *contour) crossing(e edge) spot {
	a := c.value(e.i, e.j)
	i, j := e.i+1, e.j
	if e.north {
		i, j = e.i, e.j+1
	}
	b := c.value(i, j)
	part := .5
	if !math.IsInf(a, 0) && !math.IsInf(b, 0) {
		part = min(max(a/(a-b), .001), .999)
	}
	out := spot{c.x + float64(e.i)*c.step, c.y + float64(e.j)*c.step}
	if e.north {
		out.y += part * c.step
	} else {
		out.x += part * c.step
	}
	return out
}

// simpler drops points of a ring that lie within a distance of the line between others
// (Douglas and Peucker 1973).
func simpler(ring []spot, off float64) []spot {
	far, at := 0.0, 0
	for i := range ring {
		if d := hypot(ring[i].x-ring[0].x, ring[i].y-ring[0].y); d > far {
			far, at = d, i
		}
	}
	if at == 0 {
		return ring
	}
	out := simplerLine(ring[:at+1], off, nil)
	out = simplerLine(ring[at:], off, out)
	return append(out, ring[len(ring)-1])
}

// simplerLine appends a line without its last point.
func simplerLine(line []spot, off float64, out []spot) []spot {
	a, b := line[0], line[len(line)-1]
	far, at := off, 0
	length := hypot(b.x-a.x, b.y-a.y)
	for i := 1; i < len(line)-1; i++ {
		d := hypot(line[i].x-a.x, line[i].y-a.y)
		if length > 0 {
			d = math.Abs((b.x-a.x)*(line[i].y-a.y)-(b.y-a.y)*(line[i].x-a.x)) / length
		}
		if d > far {
			far, at = d, i
		}
	}
	if at == 0 {
		return append(out, a)
	}
	out = simplerLine(line[:at+1], off, out)
	return simplerLine(line[at:], off, out)
}

// turned is twice the area of a ring, positive where the inside is to the left.
func turned(ring []spot) (sum float64) {
	for i := 1; i < len(ring); i++ {
		sum += (ring[i-1].x-ring[0].x)*(ring[i].y-ring[0].y) - (ring[i].x-ring[0].x)*(ring[i-1].y-ring[0].y)
	}
	return sum
}

// encloses says whether a ring holds a place.
func encloses(ring []spot, x, y float64) (in bool) {
	for i := 1; i < len(ring); i++ {
		a, b := ring[i-1], ring[i]
		if (a.y > y) != (b.y > y) && x < a.x+(y-a.y)/(b.y-a.y)*(b.x-a.x) {
			in = !in
		}
	}
	return in
}
