package geo

import "math"

// chains are polylines, the parts of a line or the rings of an area, with a tree of boxes
// over runs of neighbouring edges. Edges are straight in longitude and latitude. The boxes
// are kept twice: in degrees for "inside or not", and in earth-centred metres for
// distances, where neither the antimeridian nor the poles are anything special.
//
// A query costs O(log n) for shapes that people draw and O(n) at worst. The structure is
// never changed once built, so that any number of goroutines may ask it.
type chains struct {
	points []Point
	at     []vec3    // of each point, earth-centred
	starts []int32   // the first point of each chain, and the number of points
	from   []int32   // the first point of each edge
	bow    []float32 // how far each edge may stray from its chord, metres
	levels [][]block // levels[0] holds runs of edges, each next level runs of blocks

	tangled []bool // the edges of a line that meet others; nil for the rings of an area
}

// fan is how many edges or blocks a block holds.
const fan = 8

// block is the box around a run of neighbouring edges.
type block struct {
	lo, hi vec3 // earth-centred, what edges may stray included
	box    Bounds
	whole  bool // the run lies in one chain
	broken bool // a chain begins or ends in the run, or edges of it are tangled
}

// straightEnough is how far a piece of an edge may stray from its chord, metres, before it
// is cut in two to measure distances: a fifth of the accuracy promised.
const straightEnough = 0.02

func newChains(parts [][]Point) *chains {
	x := &chains{}
	for _, part := range parts {
		first := int32(len(x.points))
		x.starts = append(x.starts, first)
		x.points = append(x.points, part...)
		for i := range len(part) - 1 {
			x.from = append(x.from, first+int32(i))
			x.bow = append(x.bow, float32(bowOf(part[i], part[i+1])))
		}
	}
	x.starts = append(x.starts, int32(len(x.points)))
	x.at = make([]vec3, len(x.points))
	for i, p := range x.points {
		x.at[i] = centred(p)
	}
	x.build()
	return x
}

// bowOf bounds how far an edge strays from its chord: a curve on [0, 1] strays at most an
// eighth of its largest second derivative, which for an edge straight in longitude and
// latitude is made of the squares and the product of its spans.
func bowOf(a, b Point) float64 {
	rise, width := float64(b.Lat-a.Lat)*radiansPerDegree, float64(b.Lon-a.Lon)*radiansPerDegree
	low, high := min(math.Abs(float64(a.Lat)), math.Abs(float64(b.Lat))), max(math.Abs(float64(a.Lat)), math.Abs(float64(b.Lat)))
	if (a.Lat < 0) != (b.Lat < 0) {
		low = 0
	}
	cos, sin := math.Cos(low*radiansPerDegree), math.Sin(high*radiansPerDegree)
	const largest = equatorialRadius / axisRatio // radius of curvature at the poles
	return 1.02 * largest * (rise*rise + 2*math.Abs(rise*width)*sin + width*width*cos) / 8
}

func (x *chains) build() {
	var level []block
	for lo := 0; lo < len(x.from); lo += fan {
		level = append(level, x.blockOfEdges(lo, min(lo+fan, len(x.from))))
	}
	x.levels = append(x.levels, level)
	for len(level) > 1 {
		var next []block
		for lo := 0; lo < len(level); lo += fan {
			next = append(next, blockOfBlocks(level[lo:min(lo+fan, len(level))]))
		}
		// A run of whole blocks is whole when no chain ends inside it.
		for i := range next {
			first, last := x.run(len(x.levels), i)
			next[i].whole = last-first == int(x.from[last-1]-x.from[first])+1
		}
		x.levels = append(x.levels, next)
		level = next
	}
}

func (x *chains) blockOfEdges(first, last int) block {
	b := block{lo: vec3{math.Inf(1), math.Inf(1), math.Inf(1)}, hi: vec3{math.Inf(-1), math.Inf(-1), math.Inf(-1)}, box: emptyBounds}
	for e := first; e < last; e++ {
		bow := float64(x.bow[e])
		margin := vec3{bow, bow, bow}
		for _, i := range [2]int32{x.from[e], x.from[e] + 1} {
			b.lo = b.lo.low(x.at[i].minus(margin))
			b.hi = b.hi.high(x.at[i].plus(margin))
			b.box = b.box.Including(x.points[i])
		}
	}
	b.whole = last-first == int(x.from[last-1]-x.from[first])+1
	return b
}

func blockOfBlocks(blocks []block) block {
	b := blocks[0]
	for _, c := range blocks[1:] {
		b.lo, b.hi, b.box = b.lo.low(c.lo), b.hi.high(c.hi), b.box.Union(c.box)
	}
	return b
}

func (a vec3) low(b vec3) vec3  { return vec3{min(a.x, b.x), min(a.y, b.y), min(a.z, b.z)} }
func (a vec3) high(b vec3) vec3 { return vec3{max(a.x, b.x), max(a.y, b.y), max(a.z, b.z)} }

// run is the range of edges below block i of a level.
func (x *chains) run(level, i int) (first, last int) {
	size := fan
	for range level {
		size *= fan
	}
	return i * size, min((i+1)*size, len(x.from))
}

// children is the range of blocks, or of edges for level 0, below block i of a level.
func (x *chains) children(level, i int) (first, last int) {
	n := len(x.from)
	if level > 0 {
		n = len(x.levels[level-1])
	}
	return i * fan, min((i+1)*fan, n)
}

// distance2 is the squared distance from q to the box, metres of chord.
func (b *block) distance2(q vec3) float64 {
	dx := max(b.lo.x-q.x, 0, q.x-b.hi.x)
	dy := max(b.lo.y-q.y, 0, q.y-b.hi.y)
	dz := max(b.lo.z-q.z, 0, q.z-b.hi.z)
	return dx*dx + dy*dy + dz*dz
}

// farthest2 is the squared distance from q to the farthest corner of the box.
func (b *block) farthest2(q vec3) float64 {
	dx := max(q.x-b.lo.x, b.hi.x-q.x)
	dy := max(q.y-b.lo.y, b.hi.y-q.y)
	dz := max(q.z-b.lo.z, b.hi.z-q.z)
	return dx*dx + dy*dy + dz*dz
}

// chain is the number of the chain that an edge belongs to.
func (x *chains) chain(edge int) int {
	lo, hi := 0, len(x.starts)-1
	for hi-lo > 1 {
		if mid := (lo + hi) / 2; x.starts[mid] <= x.from[edge] {
			lo = mid
		} else {
			hi = mid
		}
	}
	return lo
}

// along is the point at a share t of an edge.
func (x *chains) along(edge int, t float64) Point {
	a, b := x.points[x.from[edge]], x.points[x.from[edge]+1]
	switch t {
	case 0:
		return a
	case 1:
		return b
	}
	return Point{a.Lat + Degrees(t)*(b.Lat-a.Lat), a.Lon + Degrees(t)*(b.Lon-a.Lon)}
}

// holds says whether p is inside the rings, counted even and odd, their edges included.
func (x *chains) holds(p Point) bool {
	top := len(x.levels) - 1
	odd := false
	for i := range x.levels[top] {
		in, on := x.parity(top, i, p)
		if on {
			return true
		}
		odd = odd != in
	}
	return odd
}

// parity says whether a ray from p to the east crosses an odd number of the edges below a
// block, and whether p is on one of them.
func (x *chains) parity(level, i int, p Point) (odd, on bool) {
	b := &x.levels[level][i]
	if p.Lat < b.box.South || p.Lat > b.box.North || p.Lon > b.box.East {
		return false, false
	}
	if b.whole && p.Lon < b.box.West {
		// The ray meets the whole run or misses it: only its two ends count.
		first, last := x.run(level, i)
		a, c := x.points[x.from[first]], x.points[x.from[last-1]+1]
		return (a.Lat > p.Lat) != (c.Lat > p.Lat), false
	}
	first, last := x.children(level, i)
	for k := first; k < last; k++ {
		var in bool
		if level > 0 {
			in, on = x.parity(level-1, k, p)
		} else {
			in, on = eastOf(x.points[x.from[k]], x.points[x.from[k]+1], p)
		}
		if on {
			return false, true
		}
		odd = odd != in
	}
	return odd, false
}

// eastOf says whether the edge from a to b crosses the ray from p to the east, and whether
// p is on it. What rounding cannot tell from the edge counts as on it.
func eastOf(a, b, p Point) (crosses, on bool) {
	left := float64(b.Lon-a.Lon) * float64(p.Lat-a.Lat)
	right := float64(b.Lat-a.Lat) * float64(p.Lon-a.Lon)
	if math.Abs(left-right) <= 1e-15*(math.Abs(left)+math.Abs(right)) {
		return false, p.Lat >= min(a.Lat, b.Lat) && p.Lat <= max(a.Lat, b.Lat) &&
			p.Lon >= min(a.Lon, b.Lon) && p.Lon <= max(a.Lon, b.Lon)
	}
	up := b.Lat > a.Lat
	return (a.Lat > p.Lat) != (b.Lat > p.Lat) && (left > right) == up, false
}
