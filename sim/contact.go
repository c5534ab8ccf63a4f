package sim

import (
	"math"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
)

// contactKnots is the contact line by hand, kilometres, from the south coast to the
// north coast: party A holds what lies on its left (west), party B what lies on its right.
var contactKnots = [][2]float64{
	{-13, -48}, {-12.5, -42}, {-18, -36}, {-20, -30}, {-16.5, -24.5}, {-10, -21}, {-8.5, -16}, {-11, -11}, {-6.5, -6},
	{-5.8, -1}, {-8.5, 4}, {-14.5, 7}, {-18, 12}, {-16, 18}, {-9, 21}, {-4, 26}, {-5, 33}, {-11, 38}, {-13, 44}, {-14.5, 49},
}

// Shape of the contact line.
const (
	contactSpans  = 38   // equal spans before it is made ragged
	contactRough  = 0.13 // as outline.rough
	contactHalves = 2    // 38 spans become 152
)

// contact draws the line with both ends on corners of the shore.
func contact(shore []vec) []vec {
	r := stream(islandSeed, "contact")
	knots := make([]vec, len(contactKnots))
	for i, k := range contactKnots {
		knots[i] = km(k[0], k[1])
	}
	knots[0] = shore[nearestCorner(shore, knots[0])]
	knots[len(knots)-1] = shore[nearestCorner(shore, knots[len(knots)-1])]
	path := resample(spline(knots, 12), contactSpans)
	for range contactHalves {
		ragged := halve(r, path, contactRough)
		path = ragged[:len(ragged)-1] // the span from end to start is not part of a line
	}
	return path
}

func nearestCorner(ring []vec, p vec) int {
	best := 0
	for i, q := range ring {
		if p.distance(q) < p.distance(ring[best]) {
			best = i
		}
	}
	return best
}

// bulge moves the inner corners of a line towards its left by up to depth metres,
// falling off over reach metres on both sides of the place.
func bulge(line []vec, at vec, depth, reach float64) []vec {
	out := append([]vec(nil), line...)
	for i := 1; i+1 < len(line); i++ {
		off := line[i].distance(at) / reach
		if off >= 1 {
			continue
		}
		along := line[i+1].sub(line[i-1])
		push := depth * 0.5 * (1 + math.Cos(math.Pi*off))
		out[i] = line[i].add(along.left().scale(push / along.length()))
	}
	return out
}

// heldBy cuts the shore along the line: the ring of the land on the line's right,
// anticlockwise, made of the line's corners and the shore's own corners.
func heldBy(line, shore []geo.Point) []geo.Point {
	from, to := indexOf(shore, line[0]), indexOf(shore, line[len(line)-1])
	ring := append([]geo.Point(nil), shore[from:]...)
	if to >= from {
		return append(append([]geo.Point(nil), shore[from:to+1]...), reversedInner(line)...)
	}
	ring = append(ring, shore[:to+1]...)
	return append(ring, reversedInner(line)...)
}

func indexOf(ring []geo.Point, p geo.Point) int {
	for i, q := range ring {
		if q == p {
			return i
		}
	}
	return -1
}

func reversedInner(line []geo.Point) []geo.Point {
	out := make([]geo.Point, 0, len(line))
	for i := len(line) - 2; i > 0; i-- {
		out = append(out, line[i])
	}
	return out
}

// Holder says which party holds a place by the agreement's contact line: A on its
// left, B on its right; the islets follow the nearer shore.
func (l Island) Holder(p geo.Point) truce.PartyID {
	if toPath(l.line, plane(p)) > 0 {
		return PartyA
	}
	return PartyB
}
