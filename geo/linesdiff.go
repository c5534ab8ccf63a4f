package geo

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/peterstace/simplefeatures/geom"
)

// Piece is a piece of land that changed hands.
type Piece struct {
	Polygon      Polygon
	SquareMetres SquareMetres
}

// Change is what an area gained and lost from one version of a map to another, the largest
// piece first.
type Change struct {
	Gained, Lost []Piece
}

// GainedArea is the size of all that was gained.
func (c *Change) GainedArea() SquareMetres { return sizeOf(c.Gained) }

// LostArea is the size of all that was lost.
func (c *Change) LostArea() SquareMetres { return sizeOf(c.Lost) }

func sizeOf(pieces []Piece) (sum SquareMetres) {
	for _, p := range pieces {
		sum += p.SquareMetres
	}
	return sum
}

// sliver is the size, m2, below which a piece is left out: rounding leaves such where two
// versions share an edge.
const sliver = 1

// imbalance is the share of an area by which the sum of a change may be wrong.
const imbalance = 1e-4

// DiffAreas is what changed between two versions of an area, by overlay in longitude and
// latitude, in which edges are straight. Every piece is measured on the ellipsoid, and the
// change is refused if it does not add up: what was there, plus the gains, less the losses,
// must be what is there, to 0.01 %.
func DiffAreas(from, to *Area) (change Change, err error) {
	defer func() { // the overlay is not ours, and must not take the program down
		if r := recover(); r != nil {
			change, err = Change{}, fmt.Errorf("geo: the overlay of the two areas failed: %v", r)
		}
	}()
	if err := bearable(from, to); err != nil {
		return Change{}, err
	}
	before, after := overlayOf(from), overlayOf(to)
	if change.Gained, err = difference(after, before); err != nil {
		return Change{}, err
	}
	if change.Lost, err = difference(before, after); err != nil {
		return Change{}, err
	}
	miss := from.SquareMetres() + change.GainedArea() - change.LostArea() - to.SquareMetres()
	if bound := imbalance*max(from.SquareMetres(), to.SquareMetres()) + 100*sliver; math.Abs(float64(miss)) > float64(bound) {
		return Change{}, fmt.Errorf("geo: the change between the two areas does not add up by %.0f m2: simplify their edges", float64(miss))
	}
	return change, nil
}

// bearable refuses what an overlay could not bear: it looks at every pair of edges whose
// boxes meet, and keeps every crossing.
func bearable(from, to *Area) error {
	all := newChains(append(ringsOf(from.polygons), ringsOf(to.polygons)...))
	pairs, crossings := 0, 0
	for e := range all.from {
		all.crossing(e, &pairs, &crossings)
		if pairs > MaxOverlayPairs || crossings > MaxOverlayCrossings {
			return fmt.Errorf("geo: the edges of the two areas meet more than %d times or cross more than %d times: simplify them", MaxOverlayPairs, MaxOverlayCrossings)
		}
	}
	return nil
}

// crossing counts the later edges whose boxes meet that of an edge, and those it crosses,
// until the bounds are passed.
func (x *chains) crossing(edge int, pairs, crossings *int) {
	a, b := x.points[x.from[edge]], x.points[x.from[edge]+1]
	box := emptyBounds.Including(a).Including(b)
	top := len(x.levels) - 1
	for i := range x.levels[top] {
		x.crossingBlock(edge, box, top, i, pairs, crossings)
	}
}

func (x *chains) crossingBlock(edge int, box Bounds, level, i int, pairs, crossings *int) {
	if _, last := x.run(level, i); last <= edge || !box.meets(x.levels[level][i].box) || *pairs > MaxOverlayPairs {
		return
	}
	first, last := x.children(level, i)
	for k := first; k < last; k++ {
		if level > 0 {
			x.crossingBlock(edge, box, level-1, k, pairs, crossings)
			continue
		}
		c, d := x.points[x.from[k]], x.points[x.from[k]+1]
		if k <= edge || !box.meets(emptyBounds.Including(c).Including(d)) {
			continue
		}
		*pairs++
		a, b := gridOf(x.points[x.from[edge]]), gridOf(x.points[x.from[edge]+1])
		p, q := gridOf(c), gridOf(d)
		if turn(a, b, p)*turn(a, b, q) < 0 && turn(p, q, a)*turn(p, q, b) < 0 {
			*crossings++
		}
	}
}

// meets says whether two boxes have a point in common.
func (b Bounds) meets(c Bounds) bool {
	return b.South <= c.North && c.South <= b.North && b.West <= c.East && c.West <= b.East
}

// overlayOf is the area in the overlay library's form.
func overlayOf(a *Area) geom.Geometry {
	polygons := make([]geom.Polygon, 0, len(a.polygons))
	for _, p := range a.polygons {
		rings := make([]geom.LineString, 0, len(p))
		for _, r := range p {
			xy := make([]float64, 0, 2*len(r))
			for _, q := range r {
				xy = append(xy, float64(q.Lon), float64(q.Lat))
			}
			rings = append(rings, geom.NewLineString(geom.NewSequence(xy, geom.DimXY)))
		}
		polygons = append(polygons, geom.NewPolygon(rings))
	}
	return geom.NewMultiPolygon(polygons).AsGeometry()
}

// difference is what is in a and not in b.
func difference(a, b geom.Geometry) ([]Piece, error) {
	left, err := geom.Difference(a, b)
	if err != nil {
		return nil, fmt.Errorf("geo: the overlay of the two areas failed: %w", err)
	}
	var out []Piece
	for _, p := range polygonsOf(left) {
		piece := Piece{Polygon: p, SquareMetres: p.SquareMetres()}
		if piece.SquareMetres >= sliver {
			out = append(out, piece)
		}
	}
	slices.SortFunc(out, func(p, q Piece) int {
		return cmp.Or(cmp.Compare(q.SquareMetres, p.SquareMetres), gridOf(p.Polygon[0][0]).compare(gridOf(q.Polygon[0][0])))
	})
	return out, nil
}

// polygonsOf are the polygons of an overlay. Points and lines, where areas only touch, are
// left out.
func polygonsOf(g geom.Geometry) []Polygon {
	var out []Polygon
	switch g.Type() {
	case geom.TypePolygon:
		if p := polygonOf(g.MustAsPolygon()); p != nil {
			out = append(out, p)
		}
	case geom.TypeMultiPolygon:
		m := g.MustAsMultiPolygon()
		for i := range m.NumPolygons() {
			out = append(out, polygonsOf(m.PolygonN(i).AsGeometry())...)
		}
	case geom.TypeGeometryCollection:
		c := g.MustAsGeometryCollection()
		for i := range c.NumGeometries() {
			out = append(out, polygonsOf(c.GeometryN(i))...)
		}
	}
	return out
}

func polygonOf(g geom.Polygon) Polygon {
	var out Polygon
	for i, line := range g.DumpRings() {
		seq := line.Coordinates()
		points := make([]Point, 0, seq.Length())
		for k := range seq.Length() {
			xy := seq.GetXY(k)
			points = append(points, Point{Degrees(xy.Y), Degrees(xy.X)})
		}
		ring, err := tidyRing("overlay", i, points)
		switch {
		case err == nil:
			out = append(out, ring.wound(i == 0))
		case i == 0:
			return nil // nothing is left of it on the grid
		}
	}
	return out
}
