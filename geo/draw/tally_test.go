package draw_test

import (
	"strings"
	"testing"

	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/geo/draw"
)

func tallies() draw.Scene {
	s := scene()
	s.Shapes, s.Marks = nil, nil
	s.Tallies = []draw.Tally{
		{Ring: square(-47.95, -21.6, .005), N: 1, Symbol: draw.Circle, Fill: draw.Half, Title: "small & near", Href: "#row-1"},
		{Ring: square(-47.95, -21.6, .1), N: 12, Symbol: draw.Diamond, Fill: draw.Solid, Title: "large"},
		{Ring: square(-10, 10, .1), N: 5, Symbol: draw.Cross, Title: "far away"},
	}
	s.Keys = []draw.Key{{Symbol: draw.Circle, Fill: draw.Half, Text: "one kind"}, {Symbol: draw.Diamond, Fill: draw.Solid, Text: "patrols <b>"}}
	return s
}

func TestTalliesAreCountedShadedAndLinked(t *testing.T) {
	svg := string(draw.SVG(tallies()))
	mustParse(t, svg)
	for _, want := range []string{`href="#row-1" aria-label="small &amp; near"`, ">12</text>", "m-shade-1", "m-shade-3", ">one kind</text>", "patrols &lt;b&gt;", `role="group"`} {
		if !strings.Contains(svg, want) {
			t.Errorf("the map lacks %q", want)
		}
	}
	if strings.Contains(svg, "far away") {
		t.Error("a cell outside the picture is drawn")
	}
	if strings.Index(svg, "large") > strings.Index(svg, "<title>small") {
		t.Error("the large cell lies over the small one")
	}
}

func TestNamesKeepClearOfTallies(t *testing.T) {
	s := tallies()
	s.Marks = []draw.Mark{{At: geo.Point{Lat: -47.95, Lon: -21.6}, Text: "Under"}, {At: geo.Point{Lat: -48.05, Lon: -21.75}, Text: "Beside"}}
	svg := string(draw.SVG(s))
	if strings.Contains(svg, "Under") || !strings.Contains(svg, "Beside") {
		t.Error("a name lies on a number, or one that does not is left out")
	}
}

func TestManyKeysTakeTwoColumns(t *testing.T) {
	height := func(n int) string {
		s := tallies()
		s.Notes, s.Keys = nil, nil
		for range n {
			s.Keys = append(s.Keys, draw.Key{Text: "key"})
		}
		box := string(draw.SVG(s))
		return box[strings.Index(box, "viewBox"):strings.Index(box, " role")]
	}
	if height(6) != height(3) || height(8) != height(4) || height(5) == height(4) {
		t.Errorf("heights of 3 to 8 keys: %s %s %s %s %s", height(3), height(4), height(5), height(6), height(8))
	}
}

func TestTheStampStandsTwice(t *testing.T) {
	s := scene()
	s.Stamp = "EXERCISE"
	svg := string(draw.SVG(s))
	mustParse(t, svg)
	if n := strings.Count(svg, ">EXERCISE</text>"); n != 2 {
		t.Errorf("the stamp stands %d times, want 2", n)
	}
	if strings.Index(svg, "EXERCISE") < strings.Index(svg, "m-ellipse") {
		t.Error("the ground hides the stamp")
	}
}

func TestCoarseMapsAreLighter(t *testing.T) {
	s := scene()
	var shore []geo.Point
	for i := range 400 {
		lat := geo.Degrees(-48.1 + .3*float64(i)/400)
		shore = append(shore, geo.Point{Lat: lat, Lon: -21.6 + .00012*geo.Degrees(i%7)})
	}
	s.Shapes, s.Lines = nil, []draw.Line{{Points: shore, Road: true}}
	fine := len(draw.SVG(s))
	s.Coarse = true
	if coarse := len(draw.SVG(s)); coarse >= fine {
		t.Errorf("the coarse map has %d bytes, the fine one %d", coarse, fine)
	}
}

func TestLeastTallyGrowsWithTheView(t *testing.T) {
	near := draw.LeastTally(geo.Bounds{South: -48.1, West: -22, North: -47.9, East: -21.6})
	wide := draw.LeastTally(geo.Bounds{South: 44, West: 22, North: 53, East: 41})
	if near <= 0 || near > 2_000 || wide < 40_000 || wide > 60_000 {
		t.Errorf("cells of %.0f m and %.0f m", near, wide)
	}
	if draw.ShowsBand(geo.Bounds{South: 44, West: 22, North: 53, East: 41}, 200) || !draw.ShowsBand(geo.Bounds{South: -48.1, West: -22, North: -47.9, East: -21.6}, 200) {
		t.Error("a band of 800 m is seen on a map of a town and not on one of a country")
	}
}

func TestWithoutLandThereIsNoSea(t *testing.T) {
	s := scene()
	if svg := string(draw.SVG(s)); !strings.Contains(svg, "m-sea") || strings.Contains(svg, "m-blank") {
		t.Error("around land there is sea")
	}
	s.Shapes = nil
	if svg := string(draw.SVG(s)); strings.Contains(svg, "m-sea") || !strings.Contains(svg, "m-blank") {
		t.Error("a map without a base map claims that all of it is water")
	}
}
