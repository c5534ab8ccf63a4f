package publish

import (
	"fmt"
	"math"
	"regexp"
	"sync"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
)

// Grid is the fixed grid public places are given in. A cell never moves: the same place
// has the same cell in every release, so releases can not be compared to narrow it.
type Grid struct {
	km   int // side of a cell, about
	rows int // from pole to pole
}

// Lengths on a sphere of the Earth's mean radius, enough to size cells.
const (
	meridianKm = 20015.1
	minCellKm  = 1
	maxCellKm  = 5
)

// NewGrid is the grid of cells of about km kilometres a side, 1 to 5.
func NewGrid(km int) (Grid, error) {
	if km < minCellKm || km > maxCellKm {
		return Grid{}, truce.Errorf(truce.CodeInvalid, "grid: cells of %d km, want %d to %d", km, minCellKm, maxCellKm)
	}
	return gridOf(km), nil
}

// gridOf divides the meridian into a multiple of mergeFactor rows, so that merged cells
// cover whole cells.
func gridOf(km int) Grid {
	rows := int(math.Round(meridianKm / float64(km) / mergeFactor))
	return Grid{km: km, rows: rows * mergeFactor}
}

// Cell is the cell a point lies in. Its id names grid, row from the south and column
// from the antimeridian.
func (g Grid) Cell(p geo.Point) truce.GridCell { return g.cell(p, 1) }

// Merged is the larger cell, mergeFactor cells a side, that covers a cell.
func (g Grid) Merged(c truce.GridCell) truce.GridCell {
	middle := geo.Point{Lat: geo.Degrees((c.South + c.North) / 2), Lon: geo.Degrees((c.West + c.East) / 2)}
	return g.cell(middle, mergeFactor)
}

// cell counts columns for a whole band of mergeFactor rows, so that merged cells cover
// whole cells in longitude too.
func (g Grid) cell(p geo.Point, size int) truce.GridCell {
	step := 180 / float64(g.rows)
	row := min(max(int(math.Floor((float64(p.Lat)+90)/step)), 0), g.rows-1)
	band := row / mergeFactor
	middle := (float64(band)+.5)*step*mergeFactor - 90
	columns := mergeFactor * max(1, int(math.Round(2*float64(g.rows)*math.Cos(middle*math.Pi/180)/mergeFactor)))
	width := 360 / float64(columns)
	column := min(max(int(math.Floor((float64(p.Lon)+180)/width)), 0), columns-1)
	row, column = row-row%size, column-column%size
	return truce.GridCell{
		ID:    fmt.Sprintf("G%d-%d-%d", g.km*size, row, column),
		South: edge(float64(row)*step - 90), North: edge(float64(row+size)*step - 90),
		West: edge(float64(column)*width - 180), East: edge(float64(column+size)*width - 180),
	}
}

// cellID is what the id of a cell looks like.
var cellID = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^G[0-9]+-[0-9]+-[0-9]+$`)
})

// edge rounds a cell's edge to a metre; adding 0 turns -0 into 0.
func edge(deg float64) float64 { return math.Round(deg*1e5)/1e5 + 0 }
