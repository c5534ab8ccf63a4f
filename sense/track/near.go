package track

import "math"

// near finds the plots around a place: lists of plots by cell, in a table by hash.
type near struct {
	side  float64 // of a cell, metres
	heads []int32 // by hash of the cell; -1: none
	spots []spot  // by plot
}

// spot is where a plot lies, and the next of those with its hash.
type spot struct {
	x, y        float64
	column, row int32
	next        int32
}

// fill sorts the plots into cells.
func (n *near) fill(marks []mark, side float64) {
	n.side = side
	size := 16
	for size < 2*len(marks) {
		size *= 2
	}
	if cap(n.heads) < size {
		n.heads = make([]int32, size)
	}
	n.heads = n.heads[:size]
	for i := range n.heads {
		n.heads[i] = -1
	}
	n.spots = n.spots[:0]
	for i := range marks {
		s := spot{x: marks[i].x, y: marks[i].y}
		s.column, s.row = column(s.x, side), column(s.y, side)
		h := cellHash(s.column, s.row, size)
		s.next = n.heads[h]
		n.spots = append(n.spots, s)
		n.heads[h] = int32(i)
	}
}

func column(x, side float64) int32 { return int32(math.Floor(x / side)) }

func cellHash(column, row int32, size int) int {
	return int((uint32(column)*0x9e3779b1 ^ uint32(row)*0x85ebca77) >> 7 & uint32(size-1))
}

// around appends the plots within reach of a place, in no order.
func (n *near) around(x, y, east, north float64, out []int32) []int32 {
	if n.side <= 0 || len(n.spots) == 0 {
		return out
	}
	west, south, last, top := column(x-east, n.side), column(y-north, n.side), column(x+east, n.side), column(y+north, n.side)
	if float64(last-west+1)*float64(top-south+1) > float64(len(n.spots)) {
		for i := range n.spots {
			if s := &n.spots[i]; math.Abs(s.x-x) <= east && math.Abs(s.y-y) <= north {
				out = append(out, int32(i))
			}
		}
		return out
	}
	for c := west; c <= last; c++ {
		for r := south; r <= top; r++ {
			for i := n.heads[cellHash(c, r, len(n.heads))]; i >= 0; i = n.spots[i].next {
				s := &n.spots[i]
				if s.column == c && s.row == r && math.Abs(s.x-x) <= east && math.Abs(s.y-y) <= north {
					out = append(out, i)
				}
			}
		}
	}
	return out
}
