package locating

import (
	"bytes"
	"strings"
	"testing"

	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/sense/locate"
)

// square is a ring around a place.
func square(at geo.Point, half geo.Degrees) geo.Ring {
	a, b := at.Lat-half, at.Lon-half
	return geo.Ring{{Lat: a, Lon: b}, {Lat: a, Lon: b + 2*half}, {Lat: a + 2*half, Lon: b + 2*half}, {Lat: a + 2*half, Lon: b}, {Lat: a, Lon: b}}
}

// twoLobes gives the first event a region of two parts, and the second an ellipse's.
func twoLobes(result *locate.Result) {
	at := result.Events[0].At
	mirror := geo.Point{Lat: at.Lat + .1, Lon: at.Lon}
	result.Events[0].Region = &locate.Region{
		Ninety: []geo.Polygon{{square(at, .02), square(at, .005)}, {square(mirror, .02)}}, Half: []geo.Polygon{{square(at, .01)}},
		Lobes: []locate.Lobe{{Share: .51234, Mode: at, Mean: at}, {Share: .388, Mode: mirror, Mean: mirror}}, Open: true,
	}
	result.Events[1].Region = &locate.Region{IsEllipse: true, Ninety: []geo.Polygon{{square(at, .01)}}, Lobes: []locate.Lobe{{Share: .9}}}
}

func TestRegionsAsGeoJSON(t *testing.T) {
	result, _ := twoEvents()
	twoLobes(result)
	text, err := Regions(result)
	if err != nil {
		t.Fatal(err)
	}
	got, err := geo.ParseGeoJSON(text)
	if err != nil || len(got.Features) != 3 {
		t.Fatalf("%v: %s", err, text)
	}
	want := `{"event":"` + result.Events[0].ID.String() + `","level":0.9,"is_ellipse":false,"open":true,"lobes":[0.5123,0.388]}`
	if f := got.Features[0]; !bytes.Equal(f.Props, []byte(want)) || len(f.Geom.Polygons) != 2 {
		t.Errorf("%s, want %s with two polygons", f.Props, want)
	}
	if f := got.Features[1]; !strings.Contains(string(f.Props), `"level":0.5`) {
		t.Errorf("%s", f.Props)
	}
}

func TestReportDrawsRegions(t *testing.T) {
	result, list := twoEvents()
	field := &Field{twoEars(), list}
	ellipses := strings.Count(page(t, field, result, "en"), "<ellipse")
	twoLobes(result)
	for lang, want := range map[string][]string{
		"en": {`<path class="ninety" d="M`, `<path class="half"`, "km², parts: 2, open", "it is the region"},
		"uk": {"частин: 2, відкрита", "показано область"},
	} {
		text := page(t, field, result, lang)
		for _, w := range want {
			if !strings.Contains(text, w) {
				t.Errorf("%s: no %q", lang, w)
			}
		}
		if n := strings.Count(text, "<ellipse"); n != ellipses-1 {
			t.Errorf("%s: %d ellipses, were %d without the region", lang, n, ellipses)
		}
	}
}
