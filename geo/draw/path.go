package draw

import (
	"math"
	"strconv"
	"strings"
)

// writePath writes parts of a path in tenths of a user unit, whole ones on a coarse map,
// each point relative to the one before: half the bytes of absolute coordinates.
func writePath(parts [][][2]float64, closed bool, thinness float64) string {
	snap := tenths
	if thinness >= coarse {
		snap = func(v float64) int { return 10 * int(math.Round(v)) }
	}
	var b strings.Builder
	for _, part := range parts {
		part = thin(part, thinness)
		if len(part) < 2 {
			continue
		}
		x, y := snap(part[0][0]), snap(part[0][1])
		b.WriteByte('M')
		writePair(&b, x, y)
		b.WriteByte('l')
		first := true
		for _, p := range part[1:] {
			px, py := snap(p[0]), snap(p[1])
			if px == x && py == y && !first {
				continue
			}
			if !first && px >= x {
				b.WriteByte(' ')
			}
			writePair(&b, px-x, py-y)
			x, y, first = px, py, false
		}
		if closed {
			b.WriteByte('Z')
		}
	}
	return b.String()
}

func tenths(v float64) int { return int(math.Round(v * 10)) }

// writePair writes two numbers; a minus sign parts them by itself.
func writePair(b *strings.Builder, x, y int) {
	writeTenths(b, x)
	if y >= 0 {
		b.WriteByte(' ')
	}
	writeTenths(b, y)
}

func writeTenths(b *strings.Builder, v int) {
	if v < 0 {
		b.WriteByte('-')
		v = -v
	}
	if v >= 10 || v == 0 {
		b.WriteString(strconv.Itoa(v / 10))
	}
	if v%10 != 0 {
		b.WriteByte('.')
		b.WriteByte(byte('0' + v%10))
	}
}

// decimal is a length with one decimal at most.
func decimal(v float64) string {
	var b strings.Builder
	writeTenths(&b, tenths(v))
	return b.String()
}

const (
	// seen is how far, in user units, a drawn line may lie from the true one: a third of
	// a pixel on a desk's screen.
	seen = 0.3
	// coarse is the same for maps on which nothing is to be measured.
	coarse = 1.0
	// thinWindow bounds how many points one drawn segment may stand for, and so the work
	// of thinning: at most so many steps a point.
	thinWindow = 64
)

// thin leaves out points that lie within so many units of the line between their
// neighbours that stay (opening window; Douglas and Peucker 1973 without its quadratic
// worst case).
func thin(line [][2]float64, within float64) [][2]float64 {
	if len(line) < 3 {
		return line
	}
	out := [][2]float64{line[0]}
	from := 0
	for to := 2; to < len(line); to++ {
		if to-from <= thinWindow && between(line[from:to+1], within) {
			continue
		}
		from = to - 1
		out = append(out, line[from])
	}
	return append(out, line[len(line)-1])
}

// between says whether every inner point lies near the segment from the first to the
// last.
func between(run [][2]float64, within float64) bool {
	for _, p := range run[1 : len(run)-1] {
		if distance(p, run[0], run[len(run)-1]) > within {
			return false
		}
	}
	return true
}

func distance(p, a, b [2]float64) float64 {
	dx, dy := b[0]-a[0], b[1]-a[1]
	t := 0.0
	if square := dx*dx + dy*dy; square > 0 {
		t = math.Max(0, math.Min(1, ((p[0]-a[0])*dx+(p[1]-a[1])*dy)/square))
	}
	return math.Hypot(p[0]-a[0]-t*dx, p[1]-a[1]-t*dy)
}

// clipLine keeps the runs of a line that touch the box; a segment is kept whole when its
// own box touches it.
func clipLine(line [][2]float64, x0, y0, x1, y1 float64) [][][2]float64 {
	var parts [][][2]float64
	var run [][2]float64
	for i := 1; i < len(line); i++ {
		a, b := line[i-1], line[i]
		outside := math.Max(a[0], b[0]) < x0 || math.Min(a[0], b[0]) > x1 || math.Max(a[1], b[1]) < y0 || math.Min(a[1], b[1]) > y1
		if outside {
			if run != nil {
				parts, run = append(parts, run), nil
			}
			continue
		}
		if run == nil {
			run = [][2]float64{a}
		}
		run = append(run, b)
	}
	if run != nil {
		parts = append(parts, run)
	}
	return parts
}

// clipRing cuts a ring at the four edges of a box (Sutherland and Hodgman 1974).
func clipRing(ring [][2]float64, x0, y0, x1, y1 float64) [][2]float64 {
	edges := []struct {
		axis  int
		bound float64
		sign  float64
	}{{0, x0, 1}, {0, x1, -1}, {1, y0, 1}, {1, y1, -1}}
	for _, e := range edges {
		inside := func(p [2]float64) bool { return e.sign*(p[e.axis]-e.bound) >= 0 }
		var out [][2]float64
		for i, p := range ring {
			prev := ring[(i+len(ring)-1)%len(ring)]
			if inside(p) != inside(prev) {
				t := (e.bound - prev[e.axis]) / (p[e.axis] - prev[e.axis])
				out = append(out, [2]float64{prev[0] + t*(p[0]-prev[0]), prev[1] + t*(p[1]-prev[1])})
			}
			if inside(p) {
				out = append(out, p)
			}
		}
		ring = out
	}
	return ring
}
