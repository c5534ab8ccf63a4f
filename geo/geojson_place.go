package geo

import (
	"bytes"
	"errors"
	"unicode/utf8"
)

// PlacedError is an InvalidError with the place in the document that it speaks of, counted
// from 1: the vertex, else its ring, else the feature, else where reading stopped. A column
// is a character, and a byte order mark is none.
type PlacedError struct {
	*InvalidError
	Line, Column int
}

// Unwrap gives the InvalidError.
func (e *PlacedError) Unwrap() error { return e.InvalidError }

// placed adds the place to a refusal. It reads the coordinates of one feature once more, so
// that reading without a fault keeps no places.
func (s *scanner) placed(err error) error {
	var bad *InvalidError
	if !errors.As(err, &bad) {
		return err
	}
	at := min(s.at, len(s.data))
	if s.whole {
		at = s.featureAt
	}
	if bad.Ring >= 0 && s.coordinatesAt > 0 {
		if found, ok := vertexAt(s.data, s.coordinatesAt, bad.Ring, bad.Vertex); ok {
			at = found
		}
	}
	line, column := lineOf(s.data, at)
	return &PlacedError{bad, line, column}
}

// lineOf is the line and column of a byte.
func lineOf(data []byte, at int) (line, column int) {
	start := 1 + bytes.LastIndexByte(data[:at], '\n')
	if start == 0 && bytes.HasPrefix(data, []byte("\ufeff")) {
		start = min(3, at)
	}
	return 1 + bytes.Count(data[:at], []byte{'\n'}), 1 + utf8.RuneCount(data[start:at])
}

// vertexAt is where a vertex of a ring begins, in coordinates that begin at from; where no
// vertex is asked for (-1), where the ring does. Rings are counted through all polygons, as
// in an InvalidError.
func vertexAt(data []byte, from, ring, vertex int) (int, bool) {
	rings, vertices, depth := 0, 0, 0
	var held []bool // of each open array, whether positions stand in it
	for at := from; at < len(data); at++ {
		switch data[at] {
		case '[':
			position := !opens(data, at+1)
			if position && depth > 0 {
				held[depth-1] = true
			}
			if rings == ring && position && (vertices == vertex || vertex < 0 && depth == 0) {
				return at, true
			}
			if rings == ring && vertex < 0 && !position && opensPosition(data, at+1) {
				return at, true
			}
			if position {
				vertices++
			}
			depth, held = depth+1, append(held[:depth], false)
		case ']':
			if depth--; depth <= 0 {
				return 0, false
			}
			if held[depth] {
				rings, vertices = rings+1, 0
			}
		}
	}
	return 0, false
}

// opens says whether an array begins here, past space.
func opens(data []byte, at int) bool {
	for ; at < len(data); at++ {
		switch data[at] {
		case ' ', '\t', '\n', '\r':
		default:
			return data[at] == '['
		}
	}
	return false
}

// opensPosition says whether a position begins here: an array in which none begins.
func opensPosition(data []byte, at int) bool {
	for ; at < len(data); at++ {
		if data[at] == '[' {
			return !opens(data, at+1)
		}
	}
	return false
}
