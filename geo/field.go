package geo

import "math"

// This file integrates a density over the places that are on one side of a line and
// between two distances from it. Such a region has no boundary that is easy to write down
// (arcs around vertices, places as near to one part of a line as to another), but whether
// a place is in it, and how far from its edge, is cheap to say. So the plane is cut into
// cells; a cell that lies wholly in or out is counted whole, any other is cut in two, down
// to a size where the edge is nearly straight in it.

const (
	// fineCells is how many cells a side of the window is cut into where the edge passes:
	// 0.17 sigma each.
	fineCells = 64
	// finerCells is the same where the edge bends sharply, or two edges pass.
	finerCells = 256
	// finestCells is the same where the region's edge is a jump from one part of the line
	// to another, or past its end, and nothing says where in the cell it runs.
	finestCells = 1024
	// negligible is the share that is counted by its middle alone.
	negligible = 1e-7
)

// field is a region along a line under a density.
type field struct {
	s            *spread
	r            strip
	cellU, cellV float64   // the size at which an edge counts as straight
	scratch      []segment // the edges of the cells being looked at, the inner ones last
}

// cell is a rectangle in the axes of the spread, with the shares of the density below its
// sides.
type cell struct {
	u0, u1, v0, v1   float64
	below0, below1   float64 // of u0 and u1
	belowV0, belowV1 float64
}

func (c *cell) share() float64 { return (c.below1 - c.below0) * (c.belowV1 - c.belowV0) }

// fieldPlace says where a place is beside the line: how far from it, and how far to the
// left of the edge that is nearest.
type fieldPlace struct{ d, aside float64 }

// look finds the nearest of some edges. Of two that meet in the nearest vertex that one
// decides the side which the place lies farther aside of.
func look(edges []segment, u, v float64) fieldPlace {
	best, aside := math.Inf(1), 0.
	for i := range edges {
		d2, a := edges[i].look(u, v)
		if d2 < best*(1-1e-9) || d2 <= best*(1+1e-9) && math.Abs(a) > math.Abs(aside) {
			best, aside = d2, a
		}
	}
	return fieldPlace{math.Sqrt(best), aside}
}

// look is the squared distance from a place to the segment, and how far left of its
// direction the place is.
func (e *segment) look(u, v float64) (d2, aside float64) {
	du, dv := e.nextU-e.u, e.nextV-e.v
	wu, wv := u-e.u, v-e.v
	length := du*du + dv*dv
	if length == 0 {
		return wu*wu + wv*wv, 0
	}
	t := min(max((wu*du+wv*dv)/length, 0), 1)
	return square(wu-t*du) + square(wv-t*dv), (du*wv - dv*wu) / math.Sqrt(length)
}

// share is the share of the density in the part of a cell that is in the region. Among the
// edges are all that can be nearest to a place in the cell.
func (f *field) share(c *cell, edges []segment) float64 {
	all := c.share()
	u, v := (c.u0+c.u1)/2, (c.v0+c.v1)/2
	radius := math.Hypot(c.u1-c.u0, c.v1-c.v0) / 2
	if len(edges) == 0 {
		return 0 // beyond the farther distance everywhere
	}
	middle := look(edges, u, v)
	if all < negligible {
		return f.whole(all, middle)
	}
	if middle.d-radius > f.r.to || middle.d+radius < f.r.from {
		return 0
	}
	mark := len(f.scratch)
	f.scratch = nearest(edges, u, v, middle.d+2*radius, f.scratch)
	part := f.inner(c, f.scratch[mark:], middle, radius)
	f.scratch = f.scratch[:mark]
	return part
}

// inner is share for a cell that the region's edge may pass, with the edges that count.
func (f *field) inner(c *cell, edges []segment, middle fieldPlace, radius float64) float64 {
	all, u, v := c.share(), (c.u0+c.u1)/2, (c.v0+c.v1)/2
	inRange := (middle.d-radius >= f.r.from || f.r.from == 0) && middle.d+radius <= f.r.to
	if inRange && (f.r.side == On || middle.d > radius && oneSided(edges, u, v)) {
		return f.whole(all, middle)
	}
	size := max(f.size(c))
	if size > 1.01 {
		return f.halves(c, edges)
	}
	part, cells := f.part(c, edges, middle)
	if size > 1.01*f.fine(cells) {
		return f.halves(c, edges)
	}
	return all * part
}

// whole counts a cell by one place in it.
func (f *field) whole(all float64, at fieldPlace) float64 {
	if f.r.level(at.d, at.aside) > 0 {
		return all
	}
	return 0
}

// nearest keeps the edges within a radius.
func nearest(edges []segment, u, v, radius float64, into []segment) []segment {
	joined := false
	for i := range edges {
		if d2, _ := edges[i].look(u, v); d2 <= radius*radius*(1+1e-9) {
			into = append(into, edges[i])
			into[len(into)-1].joins = edges[i].joins && joined
			joined = true
		} else {
			joined = false
		}
	}
	return into
}

// oneSided says whether all places about (u, v), nearer to it than the line is, are on one
// side. Each run of edges that does not end near cuts the surroundings in two, and so no
// place can change sides without crossing it; if all runs agree, so do all places.
func oneSided(edges []segment, u, v float64) bool {
	side, from := Side(On), 0
	for i := range edges {
		if edges[i].end {
			return false
		}
		if i+1 < len(edges) && edges[i+1].joins {
			continue
		}
		run := Left
		if look(edges[from:i+1], u, v).aside < 0 {
			run = Right
		}
		if side != On && side != run {
			return false
		}
		side, from = run, i+1
	}
	return true
}

// fine is the size of a cell when so many make up a side of the window.
func (f *field) fine(cells float64) float64 {
	return max(2*f.s.u.window()/f.cellU, 2*f.s.v.window()/f.cellV) / cells
}

// size is how wide and high the cell is beside one in which an edge counts as straight.
func (f *field) size(c *cell) (float64, float64) {
	return (c.u1 - c.u0) / f.cellU, (c.v1 - c.v0) / f.cellV
}

// halves cuts the cell across the side that is longer on the ground, unless only the other
// is too long.
func (f *field) halves(c *cell, edges []segment) float64 {
	wide, high := f.size(c)
	acrossU := wide >= high
	if wide > 1.01 && high > 1.01 {
		acrossU = c.u1-c.u0 >= c.v1-c.v0
	}
	one, two := *c, *c
	if acrossU {
		u := (c.u0 + c.u1) / 2
		one.u1, two.u0 = u, u
		one.below1 = f.s.u.below(u)
		two.below0 = one.below1
	} else {
		v := (c.v0 + c.v1) / 2
		one.v1, two.v0 = v, v
		one.belowV1 = f.s.v.below(v)
		two.belowV0 = one.belowV1
	}
	return f.share(&one, edges) + f.share(&two, edges)
}

// part is the part of a small cell that is in the region: the cell is four triangles about
// its middle, and in each the region ends along a straight line. It also says how small
// the cell must be for that: how many to a side of the window.
func (f *field) part(c *cell, edges []segment, middle fieldPlace) (part, cells float64) {
	us, vs := [4]float64{c.u0, c.u1, c.u1, c.u0}, [4]float64{c.v0, c.v0, c.v1, c.v1}
	var corners [4]float64
	m := f.r.level(middle.d, middle.aside)
	reach := math.Hypot(c.u1-c.u0, c.v1-c.v0) / 2
	cells = fineCells
	for i := range corners {
		at := look(edges, us[i], vs[i])
		corners[i] = f.r.level(at.d, at.aside)
		if math.Abs(corners[i]-m) > 1.5*reach { // a distance cannot change that fast
			cells = finestCells
		}
	}
	bend := max(math.Abs(corners[0]+corners[2]-2*m), math.Abs(corners[1]+corners[3]-2*m))
	if bend > .15*reach {
		cells = max(cells, finerCells)
	}
	for i := range corners {
		part += positive(m, corners[i], corners[(i+1)%4]) / 4
	}
	return part, cells
}

// positive is the part of a triangle in which a function is positive that is linear and
// known in its corners.
func positive(a, b, c float64) float64 {
	if a > b {
		a, b = b, a
	}
	if b > c {
		b, c = c, b
	}
	if a > b {
		a, b = b, a
	}
	switch {
	case a >= 0:
		return 1
	case c <= 0:
		return 0
	case b <= 0:
		return c / (c - a) * c / (c - b)
	}
	return 1 - a/(a-c)*a/(a-b)
}
