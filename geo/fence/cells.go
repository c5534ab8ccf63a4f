package fence

import "math"

// cells is the map cut into cells. The box around all zones is halved both ways again and
// again; a cell is named by its level, 0 for the whole, and its column and row there. Each
// axis is counted in 2^32 units, so that the upper bits of a place are its column or row.
//
// words is one array of code words. It begins with the grid of the cells of one level;
// further nodes of 4 x 4 cells follow where the map is crowded. A code is:
//
//	0           nothing is here
//	tagZone     one zone holds the whole cell; its number is in the code
//	tagNode     the cell is cut on: the place of its node in words
//	tagList     zones that hold the whole cell: the place of a list in lists
//	tagRecord   zones that hold it, and zones whose edges pass: a place in records
type cells struct {
	frame
	rootBits uint32
	words    []uint32

	// lists: how many zones, and whether a list follows that further cells share (bit 31);
	// the place of that one if so; then the zones.
	lists []uint32

	// records: see builder.leaf.
	records []uint32
}

const (
	tagZone   = 1 << 30
	tagNode   = 2 << 30
	tagList   = 3 << 30
	tagRecord = 1 << 29 // within tag 0: zone numbers have 22 bits, places 29
	tagMask   = 3 << 30
	placeMask = 1<<29 - 1

	hasMore  = 1 << 31
	nodeBits = 2
)

// A record is: the number of zones that hold the cell, and hasMore; the place of a shared
// list if so; the cell's level and the number of pieces; the zones; the pieces. A piece is a
// run of at most pieceEdges neighbouring edges of one zone that pass the cell, in four
// words: its first corner; the zone and what the constants below say; whether the cell's
// reference lies right of its edges, a bit each; and the size, as a float32, below which
// the sign of a determinant is doubtful.
const (
	levelShift = 26
	manyPieces = 1<<levelShift - 1
	pieceWords = 4

	zoneMask   = 1<<22 - 1
	countShift = 22 // the number of edges less one
	countMask  = pieceEdges - 1
	pieceIn    = 1 << 30 // the cell's reference is in the zone; on its first piece only
	pieceMore  = 1 << 31 // the next piece is of the same zone
)

// frame counts places in units of the whole map.
type frame struct {
	box            box
	scaleX, scaleY float64 // units per degree
	widths         [maxLevel + 1]float64
	heights        [maxLevel + 1]float64
	slack          float64 // degrees by which a place may seem to lie in the next cell
}

func newFrame(b box) frame {
	const units = 1 << 32
	f := frame{box: b}
	// A little less than all units, so that the last place is still in the last cell.
	f.scaleX = units * (1 - 0x1p-40) / (b.east - b.west)
	f.scaleY = units * (1 - 0x1p-40) / (b.north - b.south)
	for level := range f.widths {
		f.widths[level] = float64(uint64(units)>>level) / f.scaleX
		f.heights[level] = float64(uint64(units)>>level) / f.scaleY
	}
	// Places are found with errors of a few units in the last place of the largest number.
	largest := max(math.Abs(b.west), math.Abs(b.east), math.Abs(b.south), math.Abs(b.north))
	f.slack = 64 * rounding * largest
	return f
}

// units is a place in units; it must lie in the frame's box.
func (f *frame) units(p vertex) (x, y uint32) {
	return uint32(int64((p.x - f.box.west) * f.scaleX)), uint32(int64((p.y - f.box.south) * f.scaleY))
}

// The reference of a cell is the place in it for which "inside or not" is stored. It lies
// off the middle, where drawn edges do not pass by habit.
const referenceX, referenceY = .5372, .4619

// reference is the reference of a cell. The explicit roundings make it the same number
// wherever it is computed.
func (f *frame) reference(level, column, row uint32) vertex {
	return vertex{
		f.box.west + float64((float64(column)+referenceX)*f.widths[level]),
		f.box.south + float64((float64(row)+referenceY)*f.heights[level]),
	}
}

// cellBox is the box of a cell and what may seem to lie in it.
func (f *frame) cellBox(level, column, row uint32) box {
	w, h := f.widths[level], f.heights[level]
	west, south := f.box.west+float64(column)*w, f.box.south+float64(row)*h
	return box{west - f.slack, south - f.slack, west + w + f.slack, south + h + f.slack}
}
