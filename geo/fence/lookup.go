package fence

import (
	"math"
	"slices"

	"github.com/trucewatch/truce/geo"
)

// Zones appends to into the numbers of the zones that hold p, edges included, in an order
// that is always the same and means nothing. It allocates only where into has no room.
//
// A point at longitude 180 counts as both 180 and -180, and a pole is in every zone that
// reaches it. A point that is no position is in no zone.
func (x *Index) Zones(p geo.Point, into []int32) []int32 {
	v := vertexOf(p)
	if !x.box.holds(v) {
		if math.Abs(v.x) == 180 || math.Abs(v.y) == 90 {
			return x.atSeam(v, into)
		}
		return into
	}
	if v.x == 180 || v.x == -180 || v.y == 90 || v.y == -90 {
		return x.atSeam(v, into)
	}
	return x.zonesAt(v, into)
}

// zonesAt is Zones for a place in the index's box that is on no seam.
func (x *Index) zonesAt(p vertex, into []int32) []int32 {
	ux, uy := x.units(p)
	code, _ := x.code(ux, uy)
	switch {
	case code == 0:
		return into
	case code&tagMask == tagZone:
		return append(into, int32(code&zoneMask))
	case code&tagMask == tagList:
		return x.listed(code, into)
	}
	return x.recorded(code&placeMask, p, ux, uy, into)
}

// code is the code of the cell at a place. Places that agree in all but the last shift units
// have the same.
func (c *cells) code(ux, uy uint32) (code, shift uint32) {
	shift = 32 - c.rootBits
	code = c.words[uy>>shift<<c.rootBits+ux>>shift]
	for code&tagMask == tagNode {
		shift -= nodeBits
		code = c.words[code&^tagMask+uy>>shift&3<<nodeBits+ux>>shift&3]
	}
	return code, shift
}

// listed appends the zones of a list, and of those that follow it.
func (x *Index) listed(code uint32, into []int32) []int32 {
	for code != 0 {
		if code&tagMask == tagZone {
			return append(into, int32(code&zoneMask))
		}
		place := code &^ tagMask
		n := x.lists[place]
		place++
		code = 0
		if n&hasMore != 0 {
			code = x.lists[place]
			place++
			n &^= hasMore
		}
		for _, z := range x.lists[place : place+n] {
			into = append(into, int32(z))
		}
	}
	return into
}

// recorded appends the zones of a record that hold p.
func (x *Index) recorded(place uint32, p vertex, ux, uy uint32, into []int32) []int32 {
	record := x.records[place:]
	n := record[0]
	record = record[1:]
	if n&hasMore != 0 {
		into = x.listed(record[0], into)
		record = record[1:]
		n &^= hasMore
	}
	head := record[0]
	for _, z := range record[1 : 1+n] {
		into = append(into, int32(z))
	}
	level := head >> levelShift
	reference := x.reference(level, ux>>(32-level), uy>>(32-level))
	return x.passed(record[1+n:1+n+head&manyPieces*pieceWords], reference, p, into)
}

// passed appends the zones of pieces that hold p, which lies in the cell of a reference.
//
// The way from the reference to p changes "inside or not" with each edge it crosses: one
// whose ends lie on different sides of the way, and that has the reference and p on
// different sides. All four sides are signs of determinants of differences from p. Where
// one is within its rounding error the zone is asked exactly.
func (x *Index) passed(pieces []uint32, reference, p vertex, into []int32) []int32 {
	wayX, wayY := reference.x-p.x, reference.y-p.y
	var in, doubt uint64
	for ; len(pieces) >= pieceWords; pieces = pieces[pieceWords:] {
		first, zone, sides := pieces[0], pieces[1], uint64(pieces[2])
		tolerance := float64(math.Float32frombits(pieces[3]))
		corners := x.shapes.corners[first : first+zone>>countShift&countMask+2]
		ax, ay := corners[0].x-p.x, corners[0].y-p.y
		turnA := wayX*ay - wayY*ax
		doubt |= math.Float64bits(math.Abs(turnA) - tolerance)
		in ^= uint64(zone) << (63 - 30)
		for k := 1; k < len(corners); k++ {
			bx, by := corners[k].x-p.x, corners[k].y-p.y
			turnB, turnP := wayX*by-wayY*bx, ax*by-ay*bx
			in ^= (math.Float64bits(turnA) ^ math.Float64bits(turnB)) & (math.Float64bits(turnP) ^ sides<<63)
			doubt |= math.Float64bits(math.Abs(turnB)-tolerance) | math.Float64bits(math.Abs(turnP)-tolerance)
			ax, ay, turnA = bx, by, turnB
			sides >>= 1
		}
		if zone&pieceMore != 0 {
			continue
		}
		zone &= zoneMask
		if doubt>>63 != 0 {
			in = 0
			if x.shapes.holds(&x.shapes.of[zone], p) {
				in = 1 << 63
			}
		}
		if in>>63 != 0 {
			into = append(into, int32(zone))
		}
		in, doubt = 0, 0
	}
	return into
}

// atSeam is Zones for a point at longitude 180 or at a pole.
func (x *Index) atSeam(p vertex, into []int32) []int32 {
	start := len(into)
	if math.Abs(p.y) == 90 && math.Abs(p.x) <= 180 {
		for i := range x.shapes.of {
			if b := &x.shapes.of[i].box; p.y == b.north || p.y == b.south {
				into = append(into, int32(i))
			}
		}
		return into
	}
	for _, v := range [2]vertex{{180, p.y}, {-180, p.y}} {
		if x.box.holds(v) {
			into = x.zonesAt(v, into)
		}
	}
	slices.Sort(into[start:])
	return into[:start+len(slices.Compact(into[start:]))]
}
