package draw

import (
	"math"
	"strings"
	"unicode/utf8"

	"github.com/trucewatch/truce/geo"
)

// noteLine is the height of one line of notes, noteLetters how many letters it takes at
// the size that narrow screens use.
const (
	noteLine    = 19.0
	noteLetters = 64
)

// wrap breaks notes into lines at spaces; a longer word stands alone.
func wrap(notes []string) []string {
	var out []string
	for _, note := range notes {
		line := ""
		for _, word := range strings.Fields(note) {
			if line != "" && utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) > noteLetters {
				out, line = append(out, line), ""
			}
			line = strings.TrimSpace(line + " " + word)
		}
		out = append(out, line)
	}
	return out
}

// metresPerDegree of latitude on a sphere of the earth's mean radius (6371.0088 km): a
// locator map is a picture, exact geometry is decided elsewhere.
const metresPerDegree = 111195.0797

// minSpan is the least ground a map shows, so that a single point has surroundings.
const minSpan = 2000.0

// view is an equirectangular projection that is true to scale in the middle of the map.
type view struct {
	west, top     float64     // degrees at the left upper corner
	centre        geo.Degrees // longitude of the middle
	cosMid        float64
	metresPerUnit float64
	mapHeight     float64
	height        float64
	thinness      float64 // how far, in units, a drawn outline may lie from the true one
}

func newView(b geo.Bounds) view {
	mid := (float64(b.South) + float64(b.North)) / 2
	v := view{thinness: seen, cosMid: math.Max(0.05, math.Cos(mid*math.Pi/180))}
	east := math.Max(minSpan, float64(b.East-b.West)*metresPerDegree*v.cosMid)
	up := math.Max(minSpan, float64(b.North-b.South)*metresPerDegree)
	v.mapHeight = math.Min(maxHeight, math.Max(minHeight, width*up/east))
	v.metresPerUnit = math.Max(east/width, up/v.mapHeight)
	centreLon := (float64(b.West) + float64(b.East)) / 2
	v.centre = geo.Degrees(centreLon)
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

// flat are points in the picture. Each lies at that turn round the earth at which it is next
// to the one before, and all of them at that at which they are next to the view: what is
// cut at the antimeridian stays together in a picture over it.
func (v view) flat(points []geo.Point) [][2]float64 {
	turned := make([]geo.Point, len(points))
	west, east := geo.Degrees(math.Inf(1)), geo.Degrees(math.Inf(-1))
	for i, p := range points {
		if i > 0 {
			p.Lon += nextTo(p.Lon, turned[i-1].Lon)
		}
		turned[i], west, east = p, min(west, p.Lon), max(east, p.Lon)
	}
	by := nextTo((west+east)/2, v.centre)
	out := make([][2]float64, len(points))
	for i, p := range turned {
		p.Lon += by
		out[i][0], out[i][1] = v.xy(p)
	}
	return out
}

// nextTo is by how many degrees, full turns, a longitude comes next to another.
func nextTo(lon, other geo.Degrees) geo.Degrees {
	if d := other - lon; d > 180 || d < -180 {
		return 360 * geo.Degrees(math.Round(float64(d)/360))
	}
	return 0
}

// nearEdge is how far outside the picture a shape may go on before it is cut.
const nearEdge = 40.0

// path is the SVG path of the points inside the view, thinned to what can be seen; ""
// when nothing is.
func (v view) path(points []geo.Point, closed bool) string {
	flat := v.flat(points)
	if closed {
		flat = clipRing(flat, -nearEdge, -nearEdge, width+nearEdge, v.mapHeight+nearEdge)
		return writePath([][][2]float64{flat}, true, v.thinness)
	}
	return writePath(clipLine(flat, -nearEdge, -nearEdge, width+nearEdge, v.mapHeight+nearEdge), false, v.thinness)
}

// Shows says whether any of a line, or of the ground inside a ring, is in the picture of
// a view.
func Shows(b geo.Bounds, points []geo.Point, ring bool) bool {
	v := newView(b)
	flat := v.flat(points)
	if ring {
		return len(clipRing(flat, 0, 0, width, v.mapHeight)) > 0
	}
	return len(clipLine(flat, 0, 0, width, v.mapHeight)) > 0
}

// circle is the middle and radius of the circle around the box of a ring in the picture.
func (v view) circle(ring []geo.Point) (x, y, r float64, ok bool) {
	if len(ring) == 0 {
		return 0, 0, 0, false
	}
	x0, y0 := math.Inf(1), math.Inf(1)
	x1, y1 := math.Inf(-1), math.Inf(-1)
	for _, p := range v.flat(ring) {
		x0, x1 = math.Min(x0, p[0]), math.Max(x1, p[0])
		y0, y1 = math.Min(y0, p[1]), math.Max(y1, p[1])
	}
	return (x0 + x1) / 2, (y0 + y1) / 2, math.Hypot(x1-x0, y1-y0) / 2, true
}

// box is the ground a label covers.
type box struct{ x0, y0, x1, y1 float64 }

// letterWidth is the mean width of a letter at the size that narrow screens use, so
// that names keep apart there too.
const letterWidth = 8.5

func labelBox(x, y float64, m Mark) box {
	if m.Party {
		return box{x - 16, y - 16, x + 16, y + 16}
	}
	return box{x - 4, y - 9, x + 8 + letterWidth*float64(utf8.RuneCountInString(m.Text)), y + 8}
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
