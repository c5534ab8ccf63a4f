package num

import "math"

// metresPerDegree is below the length of a degree of latitude anywhere (110.57 km at the
// equator) and of a degree of longitude divided by cos(latitude), so that a reach in
// degrees is never too short.
const metresPerDegree = 110_500

// Grid finds the points near a place on the globe. Cells are about square; the rows near
// the poles have fewer of them, and they join at 180 degrees.
type Grid struct {
	height float64 // of a row, degrees
	cells  map[uint64]span
	order  []int32
}

type span struct{ from, to int32 }

// NewGrid sorts points, given in degrees, into cells of about the given side. The cost is
// 4 bytes a point and about 40 a cell.
func NewGrid(cellMetres float64, lat, lon []float64) *Grid {
	g := &Grid{height: min(max(cellMetres, 1)/metresPerDegree, 90), order: make([]int32, len(lat))}
	slot := make(map[uint64]int32)
	slots := make([]int32, len(lat))
	var count []int32
	for i := range lat {
		key := g.key(lat[i], lon[i])
		n, ok := slot[key]
		if !ok {
			n = int32(len(count))
			slot[key] = n
			count = append(count, 0)
		}
		slots[i] = n
		count[n]++
	}
	start := make([]int32, len(count)+1)
	for n, c := range count {
		start[n+1] = start[n] + c
	}
	g.cells = make(map[uint64]span, len(count))
	for key, n := range slot {
		g.cells[key] = span{start[n], start[n+1]}
	}
	next := start[:len(count):len(count)]
	for i, n := range slots {
		g.order[next[n]] = int32(i)
		next[n]++
	}
	return g
}

// Near appends to buf the cells that touch the box within reach of a place, each as the
// ascending indices of its points. It visits about (2 reach/cell + 2)^2 cells, so the
// reach should be a few cells at most. The slices belong to the grid.
func (g *Grid) Near(lat, lon, reachMetres float64, buf [][]int32) [][]int32 {
	up := reachMetres / metresPerDegree
	for row := g.row(lat - up); row <= g.row(lat+up); row++ {
		columns := g.columns(row)
		wide := up / max(g.leastCos(row), 1e-9)
		first := math.Floor((lon - wide + 180) / 360 * columns)
		last := math.Floor((lon + wide + 180) / 360 * columns)
		if last-first >= columns {
			first, last = 0, columns-1
		}
		for c := first; c <= last; c++ {
			if s, ok := g.cells[pack(row, wrap(c, columns))]; ok {
				buf = append(buf, g.order[s.from:s.to])
			}
		}
	}
	return buf
}

func (g *Grid) key(lat, lon float64) uint64 {
	row := g.row(lat)
	columns := g.columns(row)
	return pack(row, wrap(math.Floor((lon+180)/360*columns), columns))
}

func (g *Grid) row(lat float64) float64 {
	return math.Floor((min(max(lat, -90), 90) + 90) / g.height)
}

// columns is the number of cells in a row, at least one.
func (g *Grid) columns(row float64) float64 {
	return max(1, math.Floor(360*g.leastCos(row)/g.height))
}

// leastCos is the cosine of latitude at the end of the row nearer to a pole.
func (g *Grid) leastCos(row float64) float64 {
	south := row*g.height - 90
	far := min(max(math.Abs(south), math.Abs(south+g.height)), 90)
	return max(math.Cos(far*math.Pi/180), 0)
}

func wrap(column, columns float64) float64 {
	return column - columns*math.Floor(column/columns)
}

func pack(row, column float64) uint64 { return uint64(row)<<32 | uint64(column) }
