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
	west, top     float64 // degrees at the left upper corner
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
		return writePath([][][2]float64{flat}, true, v.thinness)
	}
	return writePath(clipLine(flat, -nearEdge, -nearEdge, width+nearEdge, v.mapHeight+nearEdge), false, v.thinness)
}

// Shows says whether any of a line, or of the ground inside a ring, is in the picture of
// a view.
func Shows(b geo.Bounds, points []geo.Point, ring bool) bool {
	v := newView(b)
	flat := make([][2]float64, 0, len(points))
	for _, p := range points {
		x, y := v.xy(p)
		flat = append(flat, [2]float64{x, y})
	}
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
	for _, p := range ring {
		px, py := v.xy(p)
		x0, x1 = math.Min(x0, px), math.Max(x1, px)
		y0, y1 = math.Min(y0, py), math.Max(y1, py)
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
