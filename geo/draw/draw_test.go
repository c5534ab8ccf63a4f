package draw_test

import (
	"encoding/xml"
	"errors"
	"io"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/geo/draw"
)

func square(lat, lon, half geo.Degrees) []geo.Point {
	return []geo.Point{{Lat: lat - half, Lon: lon - half}, {Lat: lat - half, Lon: lon + half}, {Lat: lat + half, Lon: lon + half}, {Lat: lat + half, Lon: lon - half}}
}

func scene() draw.Scene {
	return draw.Scene{
		Title: "Incident", Desc: "One ellipse near the line",
		View:   geo.Bounds{South: -48.1, West: -21.8, North: -47.8, East: -21.4},
		Shapes: []draw.Shape{{Kind: draw.Ellipse, Ring: square(-47.95, -21.6, .02), Title: "90 % ellipse"}, {Kind: draw.Land, Ring: square(-47.95, -21.6, 1)}},
		Lines:  []draw.Line{{Points: []geo.Point{{Lat: -48.1, Lon: -21.6}, {Lat: -47.8, Lon: -21.6}}, Accuracy: 200, Title: "Contact line"}},
		Marks:  []draw.Mark{{At: geo.Point{Lat: -47.95, Lon: -21.7}, Text: "A", Party: true}, {At: geo.Point{Lat: -47.9, Lon: -21.5}, Text: "Mill"}},
		Notes:  []string{"Contact line: map M, version 1, accuracy 200 m"},
	}
}

func mustParse(t testing.TB, svg string) {
	t.Helper()
	dec := xml.NewDecoder(strings.NewReader(svg))
	for {
		if _, err := dec.Token(); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			t.Fatalf("not well formed: %v\n%s", err, svg)
		}
	}
}

func TestSceneIsDrawnWhole(t *testing.T) {
	svg := string(draw.SVG(scene()))
	mustParse(t, svg)
	for _, want := range []string{"m-ellipse", "m-land", "m-line", "m-band", ">A</text>", ">Mill</text>", "5 km", "version 1, accuracy 200 m", `role="img"`} {
		if !strings.Contains(svg, want) {
			t.Errorf("the map lacks %q", want)
		}
	}
	if strings.Index(svg, "m-land") > strings.Index(svg, "m-ellipse") {
		t.Error("land is drawn over the ellipse")
	}
}

// TestSensorsAreDrawnWhereTheirNamesHaveNoRoom: filled where they heard it, open where not.
func TestSensorsAreDrawnWhereTheirNamesHaveNoRoom(t *testing.T) {
	s := scene()
	s.Marks = nil
	for range 5 {
		s.Marks = append(s.Marks, draw.Mark{At: geo.Point{Lat: -47.95, Lon: -21.6}, Text: "E-1", Sensor: true, Title: "E-1 <heard> it"})
	}
	s.Marks = append(s.Marks, draw.Mark{At: geo.Point{Lat: -47.9, Lon: -21.7}, Text: "E-2", Sensor: true, Silent: true}, draw.Mark{At: geo.Point{Lat: 10, Lon: 10}, Sensor: true})
	svg := string(draw.SVG(s))
	mustParse(t, svg)
	if n := strings.Count(svg, `class="m-sensor"`); n != 5 || strings.Count(svg, ">E-1</text>") != 1 || strings.Count(svg, `class="m-sensor m-hollow"`) != 1 {
		t.Errorf("%d triangles: %s", n, svg)
	}
	if strings.Contains(svg, "m-place\"><path") {
		t.Error("a sensor is drawn as a place")
	}
}

func TestMapNeedsNoScriptAndNoInlineStyle(t *testing.T) {
	s := scene()
	s.Marks = append(s.Marks, draw.Mark{At: geo.Point{Lat: -47.97, Lon: -21.65}, Text: `<script>"x"</script>`})
	s.Title = `"><img onerror=alert(1)>`
	s.Notes = append(s.Notes, `</svg><b>`)
	svg := string(draw.SVG(s))
	mustParse(t, svg)
	for _, bad := range []string{"<script", "style=", "<img", "onload="} {
		if strings.Contains(svg, bad) {
			t.Errorf("the map holds %q", bad)
		}
	}
}

func TestNoLineIsDrawnThatWasNotGiven(t *testing.T) {
	s := scene()
	s.Lines = nil
	if svg := string(draw.SVG(s)); strings.Contains(svg, "m-line") || strings.Contains(svg, "m-band") {
		t.Error("a line appeared from nowhere")
	}
}

func TestPartiesAreHatchesAndLettersNotColours(t *testing.T) {
	s := scene()
	s.Shapes = []draw.Shape{
		{Kind: draw.Control, Ring: square(-47.9, -21.6, .04), Hatch: 0, Holes: [][]geo.Point{square(-47.9, -21.6, .01)}},
		{Kind: draw.Control, Ring: square(-48.0, -21.6, .04), Hatch: 1},
		{Kind: draw.Control, Ring: square(-48.0, -21.5, .04), Hatch: 4},
	}
	s.Lines = append(s.Lines, draw.Line{Points: square(-47.95, -21.6, .1), Dashed: true, Title: "Coast part"})
	svg := string(draw.SVG(s))
	mustParse(t, svg)
	for _, want := range []string{"m-control-0\"", "m-control-1\"", "m-dashed", "rotate(20)", "rotate(110)"} {
		if !strings.Contains(svg, want) {
			t.Errorf("the map lacks %q", want)
		}
	}
	if n := strings.Count(svg, `class="m-control m-control-0"`); n != 2 {
		t.Errorf("%d shapes have the first hatch, want the first and the fifth party", n)
	}
	ring := svg[strings.Index(svg, `class="m-control m-control-0"`):]
	ring = ring[:strings.Index(ring, "</path>")]
	if strings.Count(ring, "M") != 2 || !strings.Contains(ring, "evenodd") {
		t.Errorf("the hole is not cut out: %s", ring)
	}
	if colour := regexp.MustCompile(`m-control[^{]*\{[^}]*#[0-9a-f]{3}`); colour.MatchString(draw.Style()) {
		t.Error("a party has a colour of its own")
	}
}

func TestLabelsDoNotLieOnOneAnother(t *testing.T) {
	s := scene()
	s.Marks = nil
	for range 20 {
		s.Marks = append(s.Marks, draw.Mark{At: geo.Point{Lat: -47.95, Lon: -21.6}, Text: "Same place"})
	}
	if n := strings.Count(string(draw.SVG(s)), "Same place"); n != 1 {
		t.Errorf("%d labels in one place, want 1", n)
	}
}

func TestFarAwayShapesAreLeftOut(t *testing.T) {
	s := scene()
	s.Shapes = []draw.Shape{{Kind: draw.Ellipse, Ring: square(50, 30, .1)}}
	if svg := string(draw.SVG(s)); strings.Contains(svg, "m-ellipse") {
		t.Error("a shape far outside the view was drawn")
	}
}

func TestLongShoresAreThinned(t *testing.T) {
	ring := make([]geo.Point, 100_000)
	for i := range ring {
		a := 2 * math.Pi * float64(i) / float64(len(ring))
		ring[i] = geo.Point{Lat: geo.Degrees(-47.95 + .1*math.Sin(a)), Lon: geo.Degrees(-21.6 + .1*math.Cos(a))}
	}
	s := scene()
	s.Shapes = []draw.Shape{{Kind: draw.Land, Ring: ring}}
	if n := len(draw.SVG(s)); n > 40_000 {
		t.Errorf("a ring of 100,000 corners makes %d bytes, want what can be seen", n)
	}
}

func TestAnySceneIsWellFormed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		degrees := func(name string, limit float64) geo.Degrees {
			return geo.Degrees(rapid.Float64Range(-limit, limit).Draw(t, name))
		}
		point := func(name string) geo.Point {
			return geo.Point{Lat: degrees(name+" lat", 90), Lon: degrees(name+" lon", 180)}
		}
		b := geo.Bounds{}
		a, c := point("a"), point("c")
		b.South, b.North = min(a.Lat, c.Lat), max(a.Lat, c.Lat)
		b.West, b.East = min(a.Lon, c.Lon), max(a.Lon, c.Lon)
		var ring []geo.Point
		for range rapid.IntRange(0, 8).Draw(t, "corners") {
			ring = append(ring, point("corner"))
		}
		svg := string(draw.SVG(draw.Scene{Title: "t", View: b, Shapes: []draw.Shape{{Kind: draw.Zone, Ring: ring}},
			Lines: []draw.Line{{Points: ring, Accuracy: 100}}, Marks: []draw.Mark{{At: a, Text: rapid.String().Draw(t, "text")}}}))
		if strings.Contains(svg, "NaN") || strings.Contains(svg, "Inf") {
			t.Fatalf("a coordinate is not a number: %s", svg)
		}
	})
}

func BenchmarkSVG(b *testing.B) {
	s := scene()
	for b.Loop() {
		draw.SVG(s)
	}
}

func TestSmallShapesAreRingsThatHoldThem(t *testing.T) {
	s := scene()
	s.Shapes = []draw.Shape{{Kind: draw.Ellipse, Ring: square(-47.95, -21.6, .00001), Title: "small"}, {Kind: draw.Footprint, Ring: square(-47.99, -21.6, .05)}}
	svg := string(draw.SVG(s))
	mustParse(t, svg)
	if !strings.Contains(svg, `<circle class="m-ellipse"`) || !strings.Contains(svg, `r="5"`) {
		t.Error("a shape too small to be seen is not drawn as a ring")
	}
	if !strings.Contains(svg, `<path class="m-footprint"`) {
		t.Error("a shape large enough to be seen is not drawn as it is")
	}
	s.Shapes = []draw.Shape{{Kind: draw.Ellipse, Ring: square(10, 10, .00001)}, {Kind: draw.Ellipse}}
	if svg := string(draw.SVG(s)); strings.Contains(svg, "m-ellipse") {
		t.Error("a small shape far away was drawn")
	}
}

func TestShapesWithLinksAreReachedAndNamed(t *testing.T) {
	s := scene()
	if svg := string(draw.SVG(s)); !strings.Contains(svg, `role="img"`) {
		t.Error("a picture without links is not announced as one picture")
	}
	s.Shapes = append(s.Shapes, draw.Shape{Kind: draw.Frame, Ring: square(-47.9, -21.5, .01), Href: "/incidents/1", Title: `incident "1"`, Hollow: true})
	svg := string(draw.SVG(s))
	mustParse(t, svg)
	for _, want := range []string{`role="group"`, `<a href="/incidents/1" aria-label="incident &#34;1&#34;">`, `class="m-frame m-hollow"`} {
		if !strings.Contains(svg, want) {
			t.Errorf("the map lacks %s", want)
		}
	}
}

func TestNotesAreTextBesideTheFigureAndWrappedInsideThePicture(t *testing.T) {
	s := scene()
	s.Notes = []string{strings.Repeat("a sentence that goes on ", 12), "Boundary note."}
	figure := string(draw.Figure(s))
	mustParse(t, figure)
	if !strings.Contains(figure, "<figcaption><p>") || strings.Contains(figure, "m-note") {
		t.Error("the notes of a figure are not text beside it")
	}
	lines := regexp.MustCompile(`class="m-note"[^>]*>([^<]*)<`).FindAllStringSubmatch(string(draw.SVG(s)), -1)
	if len(lines) < 5 {
		t.Fatalf("%d lines of notes, want the long one broken into several", len(lines))
	}
	for _, line := range lines {
		if len(line[1]) > 70 {
			t.Errorf("a line of notes has %d letters and leaves the picture: %s", len(line[1]), line[1])
		}
	}
	s.Notes = nil
	if figure := string(draw.Figure(s)); strings.Contains(figure, "figcaption") {
		t.Error("a figure without notes has an empty caption")
	}
}

func TestASecondMapOfAPageUsesTheHatchesOfTheFirst(t *testing.T) {
	s := scene()
	s.Again = true
	if svg := string(draw.SVG(s)); strings.Contains(svg, "<pattern") {
		t.Error("the hatches are defined twice on one page")
	}
}

func TestShowsSaysWhatIsInThePicture(t *testing.T) {
	view := geo.Bounds{South: -48.1, West: -21.8, North: -47.8, East: -21.4}
	across := []geo.Point{{Lat: -47.95, Lon: -30}, {Lat: -47.95, Lon: -10}}
	for _, row := range []struct {
		name   string
		points []geo.Point
		ring   bool
		want   bool
	}{
		{"ring inside", square(-47.95, -21.6, .01), true, true},
		{"ring around the whole picture", square(-47.95, -21.6, 5), true, true},
		{"ring elsewhere", square(-40, -21.6, .5), true, false},
		{"ring whose box meets the picture, not the ring", []geo.Point{{Lat: -40, Lon: -21.6}, {Lat: -40, Lon: 0}, {Lat: -60, Lon: 0}}, true, false},
		{"line across", across, false, true},
		{"line elsewhere", []geo.Point{{Lat: 10, Lon: 10}, {Lat: 11, Lon: 11}}, false, false},
		{"nothing", nil, true, false},
	} {
		if got := draw.Shows(view, row.points, row.ring); got != row.want {
			t.Errorf("%s: %v, want %v", row.name, got, row.want)
		}
	}
}

// pathPoints reads the relative path back into absolute points.
func pathPoints(t *testing.T, svg, class string) [][2]float64 {
	t.Helper()
	found := regexp.MustCompile(`class="` + class + `"[^>]* d="M([^"]*)"`).FindStringSubmatch(svg)
	if found == nil {
		t.Fatalf("no path of class %s in %s", class, svg)
	}
	numbers := regexp.MustCompile(`-?[0-9]*\.?[0-9]+`).FindAllString(found[1], -1)
	var points [][2]float64
	x, y := 0.0, 0.0
	for i := 0; i+1 < len(numbers); i += 2 {
		dx, err1 := strconv.ParseFloat(numbers[i], 64)
		dy, err2 := strconv.ParseFloat(numbers[i+1], 64)
		if err1 != nil || err2 != nil {
			t.Fatalf("path %q: %v %v", found[1], err1, err2)
		}
		x, y = x+dx, y+dy
		points = append(points, [2]float64{x, y})
	}
	return points
}

// The path is written in steps of a tenth and thinned; drawn again from its text, no
// point of the true line may lie further than a reader can see from it.
func TestThinnedLinesStayWhereTheyAre(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		view := geo.Bounds{South: -1, West: -1, North: 1, East: 1}
		var line []geo.Point
		lat, lon := 0.0, -0.9
		for range rapid.IntRange(2, 120).Draw(rt, "points") {
			lat = math.Max(-.9, math.Min(.9, lat+rapid.Float64Range(-.02, .02).Draw(rt, "up")))
			lon += rapid.Float64Range(-.005, .014).Draw(rt, "right")
			line = append(line, geo.Point{Lat: geo.Degrees(lat), Lon: geo.Degrees(lon)})
		}
		svg := string(draw.SVG(draw.Scene{View: view, Lines: []draw.Line{{Points: line, Road: true}}}))
		path := pathPoints(t, svg, "m-road")
		scale := 480 / 2.0 // the view is two degrees high and the picture 480 units
		for _, p := range line {
			x, y := 280+float64(p.Lon)*scale*math.Cos(0), 240-float64(p.Lat)*scale
			if d := distanceToPath([2]float64{x, y}, path); d > .6 {
				rt.Fatalf("a point of the line lies %.2f units from what is drawn", d)
			}
		}
	})
}

func distanceToPath(p [2]float64, path [][2]float64) float64 {
	best := math.Inf(1)
	for i := 1; i < len(path); i++ {
		a, b := path[i-1], path[i]
		dx, dy := b[0]-a[0], b[1]-a[1]
		at := 0.0
		if square := dx*dx + dy*dy; square > 0 {
			at = math.Max(0, math.Min(1, ((p[0]-a[0])*dx+(p[1]-a[1])*dy)/square))
		}
		best = math.Min(best, math.Hypot(p[0]-a[0]-at*dx, p[1]-a[1]-at*dy))
	}
	return best
}

// TestTheNameOfASensorGivesWay: to the left where the right is taken; a place's name does not.
func TestTheNameOfASensorGivesWay(t *testing.T) {
	view := geo.Bounds{North: 1, East: 1}
	named := func(beside bool, m draw.Mark) string {
		s := draw.Scene{View: view, Marks: []draw.Mark{m}}
		if beside {
			s.Marks = append(s.Marks, draw.Mark{At: geo.Point{Lat: .5, Lon: .55}, Text: "B", Party: true})
		}
		return string(draw.Figure(s))
	}
	at := geo.Point{Lat: .5, Lon: .5}
	sensor, place := draw.Mark{At: at, Text: "E-1", Sensor: true}, draw.Mark{At: at, Text: "Jor"}
	if got := named(false, sensor); !strings.Contains(got, ">E-1</text>") || strings.Contains(got, `text-anchor="end">E-1`) {
		t.Errorf("with nothing beside it:\n%s", got)
	}
	if got := named(true, sensor); !strings.Contains(got, `text-anchor="end">E-1</text>`) {
		t.Errorf("with the party's mark beside it:\n%s", got)
	}
	if got := named(true, place); strings.Contains(got, ">Jor</text>") {
		t.Errorf("a place's name lies elsewhere than the place:\n%s", got)
	}
}
