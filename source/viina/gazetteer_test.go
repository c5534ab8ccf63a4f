package viina

import (
	"bytes"
	"strings"
	"testing"

	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/source/sourcetest"
)

func town(name, lon, lat, pop string) string {
	return `{"type":"Feature","geometry":{"type":"Point","coordinates":[` + lon + `,` + lat + `]},"properties":{"name":` + name + `,"pop":` + pop + `}}`
}

func gazetteer(t *testing.T, features ...string) *Gazetteer {
	t.Helper()
	g, err := ReadGazetteer(strings.NewReader(`{"type":"FeatureCollection","features":[`+strings.Join(features, ",")+`]}`), "towns.json")
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func TestGazetteerFindsThePlace(t *testing.T) {
	g := gazetteer(t, town(`"Odesa"`, "30.74383", "46.48572", "1010537"), town(`"Novyi"`, "38.60", "48.52", "4000"),
		town(`"Novyi"`, "25", "49", "90"), town(`"Slobozhanske"`, "36.52", "49.59", "15825"), town(`"Hamlet"`, "36.9", "49.59", "0"))
	cases := []struct {
		name   string
		p      geo.Point
		people int
		known  bool
	}{
		{"Odessa", geo.Point{Lat: 46.48421, Lon: 30.73169}, 1010537, true},      // another spelling, the same point
		{"Novyi", geo.Point{Lat: 48.49995, Lon: 38.59081}, 4000, true},          // the namesake near by
		{"Slobozhans'ke", geo.Point{Lat: 49.61494, Lon: 36.50512}, 15825, true}, // an apostrophe
		{"Novyi", geo.Point{Lat: 47, Lon: 31}, 0, false},                        // no namesake near by
		{"Kuban", geo.Point{Lat: 49.65, Lon: 39.03}, 0, false},                  // unknown
		{"Hamlet", geo.Point{Lat: 49.59, Lon: 36.9}, 0, true},                   // nobody lives there
	}
	for _, c := range cases {
		if people, known := g.Population(c.name, c.p); people != c.people || known != c.known {
			t.Errorf("%s at %v: %d, %v; want %d, %v", c.name, c.p, people, known, c.people, c.known)
		}
	}
	if _, known := (*Gazetteer)(nil).Population("Odesa", geo.Point{}); known {
		t.Error("no gazetteer knows a place")
	}
}

func TestSigmaGrowsWithTheTown(t *testing.T) {
	at := geo.Point{Lat: 50, Lon: 30}
	g := gazetteer(t, town(`"A"`, "30", "50", "1000000"), town(`"V"`, "31", "50", "200"))
	cases := []struct {
		name string
		p    geo.Point
		want geo.Metres
	}{
		{"A", at, 5642}, // 400 km2, radius 11,284 m
		{"V", geo.Point{Lat: 50, Lon: 31}, MinSigma},
		{"X", geo.Point{Lat: 51.5, Lon: 30}, DefaultSigma},
		{"", at, UnnamedSigma},
	}
	for _, c := range cases {
		if got := g.sigma(c.name, c.p); got != c.want {
			t.Errorf("%q: sigma %v, want %v", c.name, got, c.want)
		}
	}
}

func TestGazetteerRefuses(t *testing.T) {
	for _, in := range []string{
		"", "{}", `{"type":"FeatureCollection","features":[]}`,
		`{"type":"FeatureCollection","features":[` + town(`""`, "30", "50", "1") + `]}`,
		`{"type":"FeatureCollection","features":[` + town(`"A"`, "30", "50", "-1") + `]}`,
		`{"type":"FeatureCollection","features":[` + town(`"A"`, "30", "50", `"many"`) + `]}`,
		`{"type":"FeatureCollection","features":[` + town(`"A"`, "30", "91", "1") + `]}`,
	} {
		if g, err := ReadGazetteer(strings.NewReader(in), "towns.json"); err == nil || !strings.HasPrefix(err.Error(), "towns.json: gazetteer: ") {
			t.Errorf("%.60s: read %v, %v", in, g, err)
		}
	}
}

func TestSharedGazetteer(t *testing.T) {
	g, err := ReadGazetteer(bytes.NewReader(sourcetest.Open(t, "viina/ukraine-cities.json")), "cities")
	if err != nil {
		t.Fatal(err)
	}
	if g.String() != "6799 settlements" {
		t.Errorf("read %v", g)
	}
	sink := &sourcetest.Sink{}
	if err := decode(Config{Gazetteer: g})(sourcetest.Open(t, "viina/viina-events-2026-01-04.json"), sink); err != nil {
		t.Fatal(err)
	}
	sized := 0
	for _, o := range sink.Observations {
		if _, known := g.Population(o.PlaceName, o.Place.Point); known {
			sized++
		}
		if o.PlaceName == "Kyiv" && o.Place.Error != geo.Isotropic(9694) {
			t.Fatalf("Kyiv at %v: error %+v", o.Place.Point, o.Place.Error)
		}
	}
	if sized < 10_000 {
		t.Errorf("only %d of %d events lie in a place of known size", sized, len(sink.Observations))
	}
	t.Logf("%d of %d events lie in a place of known size", sized, len(sink.Observations))
}
