package sim

import (
	"bytes"
	"testing"

	"github.com/trucewatch/truce/geo"
)

func pointOf(lat, lon float64) geo.Point {
	return geo.Point{Lat: geo.Degrees(lat), Lon: geo.Degrees(lon)}
}

func TestWriteCollection(t *testing.T) {
	a, b, c := pointOf(-47.5, -21.25), pointOf(-47.5, -21), pointOf(-47, -21)
	got := writeCollection([]feature{
		{"P", []property{{"name", `a "b"`}, {"n", 3}}, dot(a)},
		{"", nil, line([]geo.Point{a, b})},
		{"Z", nil, polygon([]geo.Point{a, b, c})},
		{"M", nil, geometry{"MultiPolygon", [][]geo.Point{{a, b, c}}}},
	})
	want := `{"type":"FeatureCollection","features":[
{"type":"Feature","id":"P","properties":{"name":"a \"b\"","n":3},"geometry":{"type":"Point","coordinates":[-21.25,-47.5]}},
{"type":"Feature","properties":{},"geometry":{"type":"LineString","coordinates":[[-21.25,-47.5],[-21,-47.5]]}},
{"type":"Feature","id":"Z","properties":{},"geometry":{"type":"Polygon","coordinates":[[[-21.25,-47.5],[-21,-47.5],[-21,-47],[-21.25,-47.5]]]}},
{"type":"Feature","id":"M","properties":{},"geometry":{"type":"MultiPolygon","coordinates":[[[[-21.25,-47.5],[-21,-47.5],[-21,-47],[-21.25,-47.5]]]]}}
]}
`
	if string(got) != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestAgreementFilesReadBack(t *testing.T) {
	l := NewIsland()
	features := map[string]int{"areas/areas.geojson": 3, "lines/coast.geojson": 3, "lines/contact.geojson": 1, "zones/zones.geojson": 2,
		"places/roads.geojson": len(l.Roads), "places/places.geojson": len(l.Towns), "places/industry.geojson": 2, "sites/sites.geojson": len(l.Sites) - 2}
	for _, f := range l.AgreementFiles() {
		c, err := geo.ParseGeoJSON(f.Data)
		if err != nil {
			t.Errorf("%s: %v", f.Name, err)
			continue
		}
		if len(c.Features) != features[f.Name] {
			t.Errorf("%s holds %d features, want %d", f.Name, len(c.Features), features[f.Name])
		}
		for i := range c.Features {
			feat := &c.Features[i]
			if feat.ID == "" || feat.Text("name") != "" && feat.Text("name_uk") == "" {
				t.Errorf("%s: %s has no id or only one name", f.Name, feat.Name())
			}
		}
	}
}

func TestContactFileSaysWhoIsOnWhichSide(t *testing.T) {
	c, err := geo.ParseGeoJSON(NewIsland().contactFile())
	if err != nil {
		t.Fatal(err)
	}
	f := &c.Features[0]
	if f.ID != string(LineContact) || f.Text("left") != "A" || f.Text("right") != "B" {
		t.Errorf("%s: left %q, right %q", f.ID, f.Text("left"), f.Text("right"))
	}
	if accuracy, ok := f.Number("accuracy_m"); !ok || accuracy <= 0 {
		t.Errorf("accuracy %v", accuracy)
	}
}

func TestCoastFileHoldsEveryCornerOfTheControlMaps(t *testing.T) {
	w := newWorld(t, Config{})
	coast := w.island.coastFile()
	for _, p := range heldBy(w.ContactLine(0), w.island.Coast) {
		text := []byte("[" + number(float64(p.Lon)) + "," + number(float64(p.Lat)) + "]")
		if !bytes.Contains(coast, text) && !bytes.Contains(w.island.contactFile(), text) {
			t.Fatalf("%s stands neither in the coast file nor in the line file", text)
		}
	}
}
