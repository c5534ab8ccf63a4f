package track

import "math"

// near finds the plots around a place: lists of plots by cell, in a table by hash.
type near struct {
	side  float64 // of a cell, metres
	heads []int32 // by hash of the cell; -1: none
	next  []int32 // by plot
	cells []cellAt
}

type cellAt struct{ column, row int32 }

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
	n.next, n.cells = n.next[:0], n.cells[:0]
	for i := range marks {
		at := cellAt{column(marks[i].x, side), column(marks[i].y, side)}
		h := at.hash(size)
		n.next = append(n.next, n.heads[h])
		n.cells = append(n.cells, at)
		n.heads[h] = int32(i)
	}
}

func column(x, side float64) int32 { return int32(math.Floor(x / side)) }

func (c cellAt) hash(size int) int {
	return int((uint32(c.column)*0x9e3779b1 ^ uint32(c.row)*0x85ebca77) >> 7 & uint32(size-1))
}

// around appends the plots in the cells that touch the box within reach of a place, in no
// order.
func (n *near) around(x, y, east, north float64, out []int32) []int32 {
	if n.side <= 0 || len(n.cells) == 0 {
		return out
	}
	west, south, last, top := column(x-east, n.side), column(y-north, n.side), column(x+east, n.side), column(y+north, n.side)
	if float64(last-west+1)*float64(top-south+1) > float64(len(n.cells)) {
		for i, c := range n.cells {
			if c.column >= west && c.column <= last && c.row >= south && c.row <= top {
				out = append(out, int32(i))
			}
		}
		return out
	}
	for c := west; c <= last; c++ {
		for r := south; r <= top; r++ {
			at := cellAt{c, r}
			for i := n.heads[at.hash(len(n.heads))]; i >= 0; i = n.next[i] {
				if n.cells[i] == at {
					out = append(out, i)
				}
			}
		}
	}
	return out
}
