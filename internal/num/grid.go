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
	first  float64 // the southernmost row with points
	rows   []row   // from there to the northernmost, when they are not too many
	cells  map[uint64]span
	order  []int32
}

// row is what a row's latitude makes of its cells.
type row struct{ cos, columns float64 }

// maxRows bounds the rows kept ready: 1 MiB. Others are worked out as needed.
const maxRows = 1 << 16

type span struct{ from, to int32 }

// NewGrid sorts points, given in degrees, into cells of about the given side. The cost is
// 4 bytes a point and about 40 a cell.
func NewGrid(cellMetres float64, lat, lon []float64) *Grid {
	g := &Grid{height: min(max(cellMetres, 1)/metresPerDegree, 90), order: make([]int32, len(lat))}
	g.prepareRows(lat)
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

func (g *Grid) prepareRows(lat []float64) {
	if len(lat) == 0 {
		return
	}
	south, north := lat[0], lat[0]
	for _, l := range lat {
		south, north = min(south, l), max(north, l)
	}
	first, last := g.row(south), g.row(north)
	if last-first >= maxRows {
		return
	}
	rows := make([]row, 0, int(last-first)+1)
	for r := first; r <= last; r++ {
		rows = append(rows, g.at(r))
	}
	g.first, g.rows = first, rows
}

// Near appends to buf the cells that touch the box within reach of a place, each as the
// ascending indices of its points. It visits about (2 reach/cell + 2)^2 cells, so the
// reach should be a few cells at most. The slices belong to the grid.
func (g *Grid) Near(lat, lon, reachMetres float64, buf [][]int32) [][]int32 {
	up := reachMetres / metresPerDegree
	for r := g.row(lat - up); r <= g.row(lat+up); r++ {
		row := g.at(r)
		wide := up / max(row.cos, 1e-9)
		first := math.Floor((lon - wide + 180) / 360 * row.columns)
		last := math.Floor((lon + wide + 180) / 360 * row.columns)
		if last-first >= row.columns {
			first, last = 0, row.columns-1
		}
		for c := first; c <= last; c++ {
			if s, ok := g.cells[pack(r, wrap(c, row.columns))]; ok {
				buf = append(buf, g.order[s.from:s.to])
			}
		}
	}
	return buf
}

func (g *Grid) key(lat, lon float64) uint64 {
	r := g.row(lat)
	columns := g.at(r).columns
	return pack(r, wrap(math.Floor((lon+180)/360*columns), columns))
}

func (g *Grid) row(lat float64) float64 {
	return math.Floor((min(max(lat, -90), 90) + 90) / g.height)
}

// at is a row with the cosine of latitude at its end nearer to a pole, and the number of
// its cells, at least one.
func (g *Grid) at(r float64) row {
	if k := r - g.first; k >= 0 && int(k) < len(g.rows) {
		return g.rows[int(k)]
	}
	south := r*g.height - 90
	far := min(max(math.Abs(south), math.Abs(south+g.height)), 90)
	cos := max(math.Cos(far*math.Pi/180), 0)
	return row{cos, max(1, math.Floor(360*cos/g.height))}
}

func wrap(column, columns float64) float64 {
	if column >= 0 && column < columns {
		return column
	}
	return column - columns*math.Floor(column/columns)
}

func pack(row, column float64) uint64 { return uint64(row)<<32 | uint64(column) }
