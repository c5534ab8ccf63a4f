package draw_test

import (
	"encoding/xml"
	"errors"
	"io"
	"math"
	"regexp"
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
