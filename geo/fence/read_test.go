package fence

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/trucewatch/truce/geo"
)

func TestParseZonesKeepsEveryBit(t *testing.T) {
	doc := "\ufeff" + `{"type":"FeatureCollection","Features":[1],"features":[
	{"type":"Feature","id":7,"properties":{},"geometry":{"type":"Polygon","Coordinates":[3],"coordinates":[[[36.123456789012345,48,120.5],[37,48],[37 , 49e0],[36.123456789012345,48,120.5]]]}},
	{"type":"Feature","id":"B","properties":null,"geometry":{"type":"MultiPolygon","coordinates":[[[[0,0],[1,0],[1,1],[0,0]]],[[[2,0],[6,0],[6,4],[2,0]],[[4,0.5],[5,0.5],[5,1.5],[4,0.5]]]]}}]}`
	zones, err := ParseZones([]byte(doc))
	if err != nil {
		t.Fatal(err)
	}
	if len(zones) != 2 || zones[0].ID != "7" || zones[1].ID != "B" {
		t.Fatalf("zones %+v", zones)
	}
	if p := zones[0].Polygons[0][0][0]; p != (geo.Point{Lat: 48, Lon: 36.123456789012345}) {
		t.Errorf("first corner %v %v", p.Lat, p.Lon)
	}
	if b := zones[1].Polygons; len(b) != 2 || len(b[0]) != 1 || len(b[1]) != 2 || b[1][1][1] != at(5, .5) {
		t.Errorf("polygons %v", b)
	}
	x := compiled(t, zones)
	for p, want := range map[geo.Point]int{at(.5, .25): 1, at(4.6, .8): 0, at(4.5, 1): 1, at(5, 2.5): 1, at(36.5, 48.1): 1} {
		if got := x.Zones(p, nil); len(got) != want {
			t.Errorf("%v is in %v, want %d zones", p, got, want)
		}
	}
}

func TestParseZonesOfABareGeometryAndAFeature(t *testing.T) {
	for _, doc := range []string{
		`{"type":"Feature","id":"one","properties":{},"geometry":{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]]]}}`,
		`{"type":"FeatureCollection","features":[{"type":"Feature","id":"one","properties":{},"geometry":{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]]]}}]}`,
	} {
		zones, err := ParseZones([]byte(doc))
		if err != nil || len(zones) != 1 || zones[0].ID != "one" || len(zones[0].Polygons[0][0]) != 4 {
			t.Errorf("%s: %v, %v", doc, zones, err)
		}
	}
	// A bare geometry has nowhere to keep a name.
	zones, err := ParseZones([]byte(`{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]]]}`))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Compile(zones); err == nil || !strings.Contains(err.Error(), `give its feature an "id"`) {
		t.Errorf("a zone without a name: %v", err)
	}
}

func TestParseLineJoinsItsFeatures(t *testing.T) {
	doc := `{"type":"FeatureCollection","features":[
	{"type":"Feature","properties":{},"geometry":{"type":"LineString","coordinates":[[30,48],[31,48]]}},
	{"type":"Feature","properties":{},"geometry":{"type":"MultiLineString","coordinates":[[[31,48],[32,48]],[[32,48],[33,48]]]}}]}`
	l, err := ParseLine([]byte(doc))
	if err != nil {
		t.Fatal(err)
	}
	if n := len(l.shapes.of); n != 3 {
		t.Errorf("%d parts, want 3", n)
	}
	for p, want := range map[geo.Point]geo.Side{at(32.5, 48.2): geo.Left, at(30.5, 47.9): geo.Right, at(31.25, 48): geo.On} {
		if _, side := l.Nearest(p); side != want {
			t.Errorf("%v is %v, want %v", p, side, want)
		}
	}
}

// TestHostileGeometryIsRefused holds every file of testdata/hostile: its refusal is an
// InvalidError with the words of its first line.
func TestHostileGeometryIsRefused(t *testing.T) {
	files, err := filepath.Glob("testdata/hostile/*.geojson")
	if err != nil || len(files) < 10 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		want, doc, ok := strings.Cut(string(data), "\n")
		if !ok {
			t.Fatalf("%s has no first line that says what is wanted", file)
		}
		zones, err := ParseZones([]byte(doc))
		if err == nil {
			_, err = Compile(zones)
		}
		var invalid *geo.InvalidError
		if !errors.As(err, &invalid) || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", file, err, want)
		}
	}
}
