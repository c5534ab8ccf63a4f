package moving

import (
	"fmt"
	"math"
	"strings"

	"github.com/trucewatch/truce/app/paper"
)

// spot is a place in a picture, units.
type spot struct{ x, y float64 }

// drawPath adds a path to the d of an element.
func drawPath(b *strings.Builder, path []spot) {
	for i, p := range path {
		command := byte('L')
		if i == 0 {
			command = 'M'
		}
		fmt.Fprintf(b, "%c%.1f %.1f", command, p.x, p.y)
	}
}

// thin leaves out places so that none of them is farther than within from the path: first
// those on top of the one before, which bounds the work, then by Douglas and Peucker (1973,
// Cartographica 10). The ends stay.
func thin(path []spot, within float64) []spot {
	if len(path) < 3 {
		return path
	}
	path = parted(path, within/4)
	within *= .75
	keep := make([]bool, len(path))
	keep[0], keep[len(path)-1] = true, true
	type stretch struct{ from, to int }
	for open := []stretch{{0, len(path) - 1}}; len(open) > 0; {
		s := open[len(open)-1]
		open = open[:len(open)-1]
		far, at := within, -1
		for i := s.from + 1; i < s.to; i++ {
			if d := off(path[i], path[s.from], path[s.to]); d > far {
				far, at = d, i
			}
		}
		if at >= 0 {
			keep[at] = true
			open = append(open, stretch{s.from, at}, stretch{at, s.to})
		}
	}
	out := path[:0:0]
	for i, p := range path {
		if keep[i] {
			out = append(out, p)
		}
	}
	return out
}

// parted leaves out places nearer than a distance to the last that was kept; the ends stay.
func parted(path []spot, least float64) []spot {
	out := append(make([]spot, 0, len(path)), path[0])
	for _, p := range path[1 : len(path)-1] {
		if last := out[len(out)-1]; math.Hypot(p.x-last.x, p.y-last.y) >= least {
			out = append(out, p)
		}
	}
	return append(out, path[len(path)-1])
}

// off is the distance of a place from a segment.
func off(p, a, b spot) float64 {
	dx, dy := b.x-a.x, b.y-a.y
	f := 0.0
	if length := dx*dx + dy*dy; length > 0 {
		f = min(1, max(0, ((p.x-a.x)*dx+(p.y-a.y)*dy)/length))
	}
	return math.Hypot(p.x-a.x-f*dx, p.y-a.y-f*dy)
}

// clip moves what lies far outside of the picture to its rim, so that a zone that is much
// larger keeps its edge inside and is drawn with small numbers.
func clip(path []spot, height float64) []spot {
	const room = 20_000
	for i := range path {
		path[i] = spot{min(max(path[i].x, -room), paper.MapWidth+room), min(max(path[i].y, -room), height+room)}
	}
	return path
}
