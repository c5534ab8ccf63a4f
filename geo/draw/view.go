package draw

import (
	"fmt"
	"math"
	"strings"

	"github.com/trucewatch/truce/geo"
)

// noteLine is the height of one line of notes.
const noteLine = 16.0

// metresPerDegree of latitude on a sphere of the earth's mean radius (6371.0088 km): a
// locator map is a picture, exact geometry is decided elsewhere.
const metresPerDegree = 111195.0797

// minSpan is the least ground a map shows, so that a single point has surroundings.
const minSpan = 2000.0

// view is an equirectangular projection that is true to scale in the middle of the map.
type view struct {
	west, top     float64 // degrees at the left upper corner
	cosMid        float64
	metresPerUnit float64
	mapHeight     float64
	height        float64
}

func newView(b geo.Bounds) view {
	mid := (float64(b.South) + float64(b.North)) / 2
	v := view{cosMid: math.Max(0.05, math.Cos(mid*math.Pi/180))}
	east := math.Max(minSpan, float64(b.East-b.West)*metresPerDegree*v.cosMid)
	up := math.Max(minSpan, float64(b.North-b.South)*metresPerDegree)
	v.mapHeight = math.Min(maxHeight, math.Max(minHeight, width*up/east))
	v.metresPerUnit = math.Max(east/width, up/v.mapHeight)
	centreLon := (float64(b.West) + float64(b.East)) / 2
	v.west = centreLon - width/2*v.metresPerUnit/(metresPerDegree*v.cosMid)
	v.top = mid + v.mapHeight/2*v.metresPerUnit/metresPerDegree
	v.height = v.mapHeight
	return v
}

// withNotes makes room for lines of text below the map.
func (v view) withNotes(n int) view {
	if n > 0 {
		v.height = v.mapHeight + float64(n)*noteLine + 12
	}
	return v
}

func (v view) xy(p geo.Point) (x, y float64) {
	x = (float64(p.Lon) - v.west) * metresPerDegree * v.cosMid / v.metresPerUnit
	y = (v.top - float64(p.Lat)) * metresPerDegree / v.metresPerUnit
	return x, y
}

// nearEdge is how far outside the picture a shape may go on before it is cut.
const nearEdge = 40.0

// path is the SVG path of the points inside the view, thinned to what can be seen; ""
// when nothing is.
func (v view) path(points []geo.Point, closed bool) string {
	flat := make([][2]float64, 0, len(points))
	for _, p := range points {
		x, y := v.xy(p)
		flat = append(flat, [2]float64{x, y})
	}
	if closed {
		flat = clipRing(flat, -nearEdge, -nearEdge, width+nearEdge, v.mapHeight+nearEdge)
		return writePath([][][2]float64{flat}, true)
	}
	return writePath(clipLine(flat, -nearEdge, -nearEdge, width+nearEdge, v.mapHeight+nearEdge), false)
}

// seen is the least move in user units that a reader can see.
const seen = 0.6

func writePath(parts [][][2]float64, closed bool) string {
	var b strings.Builder
	for _, part := range parts {
		if len(part) < 2 {
			continue
		}
		last := part[0]
		fmt.Fprintf(&b, "M%.1f %.1f", last[0], last[1])
		for i, p := range part[1:] {
			if math.Hypot(p[0]-last[0], p[1]-last[1]) < seen && i < len(part)-2 {
				continue
			}
			fmt.Fprintf(&b, "L%.1f %.1f", p[0], p[1])
			last = p
		}
		if closed {
			b.WriteByte('Z')
		}
	}
	return b.String()
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

// box is the ground a label covers.
type box struct{ x0, y0, x1, y1 float64 }

// letterWidth is the mean width of a letter at the map's text size.
const letterWidth = 6.8

func labelBox(x, y float64, m Mark) box {
	if m.Party {
		return box{x - 15, y - 15, x + 15, y + 15}
	}
	return box{x - 4, y - 9, x + 8 + letterWidth*float64(len([]rune(m.Text))), y + 8}
}

// shows says whether a label lies in the picture, clear of the scale bar and north.
func (v view) shows(b box) bool {
	return b.x0 > 4 && b.y0 > 4 && b.x1 < width-4 && b.y1 < v.mapHeight-26
}

func overlaps(taken []box, b box) bool {
	for _, t := range taken {
		if b.x0 < t.x1 && t.x0 < b.x1 && b.y0 < t.y1 && t.y0 < b.y1 {
			return true
		}
	}
	return false
}
