package geo

import (
	"fmt"
	"math"
)

// Outline is the band drawn as polygons, for maps only: it is found on a raster of n cells
// along the longer side of the band's bounds and is right to about a tenth of a cell.
// Whether a point is in the band, Contains decides. It is cut at the antimeridian.
func (b Band) Outline(n int) ([]Polygon, error) {
	if err := b.Validate(); err != nil {
		return nil, err
	}
	if n < 2 || n > MaxOutlineCells {
		return nil, fmt.Errorf("geo: an outline on %d cells: give 2 to %d", n, MaxOutlineCells)
	}
	if math.IsInf(float64(b.To), 0) || b.To > maxOutlineWidth {
		return nil, fmt.Errorf("geo: a band of %v m cannot be outlined, the bound is %v m", b.To, maxOutlineWidth)
	}
	var out []Polygon
	for _, r := range b.rasters(n) {
		out = append(out, r.polygons()...)
	}
	return out, nil
}

// raster holds the band's level at the corners of cells in longitude and latitude.
type raster struct {
	south, west Degrees
	cell        Degrees // a side, in latitude
	stretch     Degrees // longitude for latitude
	wide, high  int     // corners
	level       []float64
}

// rasters are that of the band, or one for each side of the antimeridian.
func (b Band) rasters(n int) (out []*raster) {
	bounds := b.Line.Bounds()
	margin := Degrees(float64(b.To) * 1.02 / 110_000)
	middle := float64(bounds.South+bounds.North) / 2
	stretch := Degrees(1 / max(math.Cos(middle*radiansPerDegree), .05))
	high, wide := bounds.North-bounds.South+2*margin, (bounds.East-bounds.West)/stretch+2*margin
	cell := max(high, wide) / Degrees(n)
	south, rows := bounds.South-margin-cell, int(high/cell)+4
	west := bounds.West - (margin+cell)*stretch
	columns := int(wide/cell) + 4
	east := west + Degrees(columns-1)*cell*stretch
	if west >= -180 && east <= 180 {
		return []*raster{b.raster(raster{south, west, cell, stretch, columns, rows, nil})}
	}
	east = min(east, west+360)
	for k := math.Floor(float64(west+180) / 360); 360*k-180 < float64(east); k++ {
		from, to := max(west, Degrees(360*k-180)), min(east, Degrees(360*k+180))
		columns := int((to-from)/(cell*stretch)) + 2
		fitted := (to - from) / (cell * Degrees(columns-1)) // the last column lies on the antimeridian
		out = append(out, b.raster(raster{south, from - Degrees(360*k), cell, fitted, columns, rows, nil}))
	}
	return out
}

// raster finds the levels at the corners.
func (b Band) raster(r raster) *raster {
	s := strip{b.Side, float64(b.From), float64(b.To)}
	r.level = make([]float64, r.wide*r.high)
	for y := range r.high {
		for x := range r.wide {
			r.level[y*r.wide+x] = s.at(b.Line, r.point(float64(x), float64(y)))
		}
	}
	return &r
}

// at is the level at a point.
func (r *strip) at(l *Line, p Point) float64 {
	f := l.Nearest(p)
	aside := 0.
	switch f.Side {
	case Left:
		aside = 1
	case Right:
		aside = -1
	}
	return r.level(float64(f.Distance), aside)
}

// point is the place of a corner, or of a share of the way between corners.
func (r *raster) point(x, y float64) Point {
	lat, lon := r.south+Degrees(y)*r.cell, r.west+Degrees(x)*r.cell*r.stretch
	return Point{min(max(lat, -90), 90), min(max(lon, -180), 180)}
}

// polygons are the parts of the raster where the level is positive (marching squares,
// Lorensen and Cline 1987 in two dimensions).
func (r *raster) polygons() []Polygon {
	next := map[int]int{} // from the crossing of one side of a cell to the following one
	var starts []int
	for y := range r.high - 1 {
		for x := range r.wide - 1 {
			starts = r.link(x, y, next, starts)
		}
	}
	var rings []Ring
	for _, start := range starts {
		var points []Point
		for at := start; ; {
			to, ok := next[at]
			if !ok {
				break
			}
			delete(next, at)
			points = append(points, r.crossing(at))
			at = to
		}
		if len(points) < 3 {
			continue
		}
		if ring, err := tidyRing("outline", 0, append(points, points[0])); err == nil {
			rings = append(rings, ring)
		}
	}
	return nested(rings)
}

// inside says whether a corner is in the band. What lies on the border of the raster is not.
func (r *raster) inside(x, y int) bool {
	return x > 0 && y > 0 && x < r.wide-1 && y < r.high-1 && r.level[y*r.wide+x] > 0
}

// link notes how outlines run through a cell, the inside on their left: in over the side
// where, going round the cell counter-clockwise, it turns from inside to outside.
func (r *raster) link(x, y int, next map[int]int, starts []int) []int {
	in := [4]bool{r.inside(x, y), r.inside(x+1, y), r.inside(x+1, y+1), r.inside(x, y+1)}
	if in[0] == in[1] && in[1] == in[2] && in[2] == in[3] {
		return starts
	}
	sides := [4]int{2 * (y*r.wide + x), 2*(y*r.wide+x+1) + 1, 2 * ((y+1)*r.wide + x), 2*(y*r.wide+x) + 1}
	saddle := in[0] == in[2] && in[1] == in[3]
	middle := 0.
	for _, at := range [4]int{y*r.wide + x, y*r.wide + x + 1, (y+1)*r.wide + x + 1, (y+1)*r.wide + x} {
		middle += r.level[at]
	}
	for i := range 4 {
		if !in[i] || in[(i+1)%4] {
			continue
		}
		for _, k := range [3]int{1, 2, 3} { // the way out: where it turns to inside again
			if saddle && middle <= 0 {
				k = 3 // the two inside corners are apart
			}
			if side := (i + k) % 4; !in[side] && in[(side+1)%4] {
				next[sides[i]] = sides[side]
				starts = append(starts, sides[i])
				break
			}
		}
	}
	return starts
}

// crossing is where the level passes zero on a side: even numbers lie along a parallel, odd
// ones along a meridian, from the corner of half the number.
func (r *raster) crossing(side int) Point {
	corner := side / 2
	x, y := corner%r.wide, corner/r.wide
	toX, toY := x+1, y
	if side%2 == 1 {
		toX, toY = x, y+1
	}
	share := 0. // on the border, where the band goes on beyond the raster
	if a, b := r.level[corner], r.level[toY*r.wide+toX]; (a > 0) != (b > 0) {
		share = min(max(a/(a-b), .01), .99) // never on a corner, where outlines could meet
	} else if toX == r.wide-1 || toY == r.high-1 {
		share = 1
	}
	return r.point(float64(x)+share*float64(toX-x), float64(y)+share*float64(toY-y))
}

// nested makes polygons of rings that do not cross: those that run counter-clockwise, each
// with the clockwise ones directly inside it.
func nested(rings []Ring) []Polygon {
	s := &sweep{given: rings}
	for i, r := range rings {
		s.addRing(r, r.gridArea() < 0, i)
	}
	s.order.compare = s.height
	if s.run() != nil {
		return nil
	}
	var out []Polygon
	place := make([]int, len(rings))
	for i, r := range rings {
		if !s.rings[i].hole {
			place[i] = len(out)
			out = append(out, Polygon{r})
		}
	}
	for i, r := range rings {
		if outer := s.rings[i].parent; s.rings[i].hole && outer >= 0 && !s.rings[outer].hole {
			out[place[outer]] = append(out[place[outer]], r)
		}
	}
	return out
}
