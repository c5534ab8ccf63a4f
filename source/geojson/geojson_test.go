package geojson

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/source"
	"github.com/trucewatch/truce/source/sourcetest"
)

func decode(cfg Config) sourcetest.Decode {
	return func(in []byte, sink truce.Sink) error { return Decode(bytes.NewReader(in), "in.geojson", cfg, sink) }
}

// at is a feature at 37.5 E, 48.5 N with the given properties.
func at(properties string) string {
	return `{"type":"Feature","geometry":{"type":"Point","coordinates":[37.5,48.5]},"properties":` + properties + `}`
}

func collection(features ...string) []byte {
	return []byte(`{"type":"FeatureCollection","features":[` + strings.Join(features, ",\n") + `]}`)
}

func TestDecode(t *testing.T) {
	in := collection(
		`{"type":"Feature","id":17,"geometry":{"type":"Point","coordinates":[37.5,48.5,120]},"properties":{"Time":"2026-04-11T16:00:00Z",
			"act":"indirect_fire","count":3,"unit":"explosion","place":"Novyi","sigma_m":250.5,"text":"three &quot;bangs&quot;","url":["https://a.example/1","https://a.example/2"],
			"title":"Heard","source":"ISW","sensor":"s1","tags":"night","accused":"A","extra":{"deep":[1]}}}`,
		`{"type":"Feature","geometry":null,"properties":{"date":"2026-04-11","place":"Lyman"}}`,
	)
	sink := sourcetest.Check(t, decode(Config{}), in)
	if len(sink.Observations) != 2 || len(sink.Rejections) != 0 {
		t.Fatalf("%d read, rejected %q", len(sink.Observations), sink.Reasons())
	}
	o := sink.Observations[0]
	want := truce.Report{Publisher: "ISW", Headline: "Heard", Text: `three "bangs"`, Tags: []string{"night"},
		Links:  []string{"https://a.example/1", "https://a.example/2"},
		Claims: []truce.Claim{{Act: truce.ActIndirectFire, Count: 3, Unit: truce.UnitExplosion, Accused: "A"}}}
	if !reflect.DeepEqual(*o.Report, want) {
		t.Errorf("report %+v, want %+v", *o.Report, want)
	}
	if o.Place.Point != (geo.Point{Lat: 48.5, Lon: 37.5}) || o.Place.Error != geo.Isotropic(250.5) || o.Source != ID || o.Sensor != "s1" || o.Origin.Line != 1 {
		t.Errorf("%+v at %+v", o, o.Place)
	}
	if lone := sink.Observations[1]; lone.Place != nil || lone.PlaceName != "Lyman" || lone.Origin.Line != 4 {
		t.Errorf("%+v", lone)
	}
}

func TestBadFeaturesAreQuarantined(t *testing.T) {
	cases := []struct{ feature, reason string }{
		{`7`, "feature #1: want an object of the type Feature"},
		{`{"type":"Point","coordinates":[37,48]}`, "feature #1: want an object of the type Feature"},
		{at(`[1]`), "feature #1: properties are no object"},
		{at(`{"time":"2026-04-11","Time":"2026-04-12"}`), `feature #1: the property "time" stands twice`},
		{at(`{}`), "feature #1: time is empty"},
		{at(`{"time":20260411.5}`), "feature #1: time is"},
		{at(`{"time":"9999-01-01"}`), "feature #1: time is"},
		{at(`{"time":"2026-04-11","act":"shelling"}`), "feature #1: act is"},
		{at(`{"time":"2026-04-11","sigma_m":-5}`), "feature #1: sigma_m is"},
		{at(`{"time":"2026-04-11","sigma_m":true}`), "feature #1: sigma_m is"},
		{at(`{"time":"2026-04-11","url":"javascript:x"}`), "feature #1: link"},
		{`{"type":"Feature","id":"p7","geometry":{"type":"Point","coordinates":[129.15,61.48]},"properties":{"time":"2026-04-11"}}`, source.OutsideBounds},
		{`{"type":"Feature","id":"p7","geometry":{"type":"Point","coordinates":[48.5,137.5]},"properties":{"time":"2026-04-11"}}`, "feature p7"},
		{`{"type":"Feature","geometry":{"type":"Point","coordinates":[1e400,48]},"properties":{"time":"2026-04-11"}}`, "feature #1"},
		{`{"type":"Feature","geometry":{"type":"Point","coordinates":["37",48]},"properties":{"time":"2026-04-11"}}`, "feature #1"},
		{`{"type":"Feature","geometry":{"type":"Point","coordinates":[]},"properties":{"time":"2026-04-11"}}`, "feature #1"},
		{`{"type":"Feature","geometry":{"type":"Point","coordinates":[0,0]},"properties":{"time":"2026-04-11"}}`, "both 0"},
		{`{"type":"Feature","geometry":{"type":"MultiPoint","coordinates":[[37,48],[38,48]]},"properties":{"time":"2026-04-11"}}`, "feature #1: is a MultiPoint, want one Point, LineString or Polygon"},
		{shaped("MultiLineString", "[[[37,48],[38,48]],[[37,49],[38,49]]]", ""), "feature #1: is a MultiLineString, want one Point, LineString or Polygon: give each part a feature of its own"},
		{shaped("Polygon", "[[[37,48],[38,48],[38,49]]]", ""), "feature #1, ring 0"},
		{shaped("Polygon", "[[[37,48],[38,49],[38,48],[37,49],[37,48]]]", ""), "feature #1, ring 0"},
		{shaped("LineString", "[[24,48],[40,48]]", ""), "feature #1: reaches more than 250 km from its centre"},
		{shaped("LineString", "[[24,48],[31,48]]", ""), "feature #1: reaches more than"},
		{shaped("LineString", "[[37,48],[37,48]]", ""), "feature #1"},
		{shaped("LineString", "[[41.1,48],[41.2,48]]", ""), source.OutsideBounds},
		{shaped("LineString", "[[37,48],[37.1,48]]", `,"sigma_m":0`), "sigma_m is \"0\""},
		{`{"type":"Feature","properties":{"time":"2026-04-11"}}`, "says nothing"},
	}
	box := &source.Box{West: 22, South: 44, East: 41, North: 53}
	for _, c := range cases {
		sink := sourcetest.Check(t, decode(Config{Bounds: box}), collection(c.feature, at(`{"time":"2026-04-11"}`)))
		if len(sink.Rejections) != 1 || len(sink.Observations) != 1 || sink.Rejections[0].Line != 1 || !strings.Contains(sink.Rejections[0].Reason, c.reason) {
			t.Errorf("%.90s: rejected %q, %d read; want %q", c.feature, sink.Reasons(), len(sink.Observations), c.reason)
		}
	}
}

func TestFilesThatAreNoCollection(t *testing.T) {
	cases := []struct{ name, in, want string }{
		{"empty", "", "ends in the middle"},
		{"a feature", at(`{"time":"2026-04-11"}`), "want a GeoJSON FeatureCollection"},
		{"no features", `{"type":"FeatureCollection"}`, "no list named features"},
		{"features are none", `{"type":"FeatureCollection","features":{}}`, "want [, found {"},
		{"another reference", `{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::3857"}},"features":[]}`, "not in WGS84"},
		{"name twice", `{"type":"FeatureCollection","features":[],"features":[]}`, "stands twice"},
		{"name twice below", string(collection(at(`{"a":1,"a":2}`))), "stands twice"},
		{"10,000 deep", `{"type":"FeatureCollection","features":[{"geometry":` + strings.Repeat("[", 10_000), "max depth"},
		{"10,000 deep and closed", `{"features":[` + strings.Repeat("[", 9_000) + strings.Repeat("]", 9_000) + `]}`, "nesting"},
		{"deep beside the features", `{"x":` + strings.Repeat(`{"x":`, 10_000), "nesting"},
		{"huge feature", `{"features":[{"x":"` + strings.Repeat("x", MaxFeature) + `"}]}`, "over the bound of 1048576"},
		{"names without end", "{" + names(MaxNames+1) + "}", "the number of names in one object is over the bound of 1000"},
		{"NaN", `{"features":[NaN]}`, "invalid character 'N'"},
		{"NUL", "{\"features\":[\x00]}", "invalid character"},
		{"cut", string(collection(at(`{"time":"2026-04-11"}`)))[:140], "ends in the middle"},
	}
	for _, c := range cases {
		sourcetest.Check(t, decode(Config{}), []byte(c.in))
		err := decode(Config{})([]byte(c.in), &sourcetest.Sink{})
		if err == nil || !strings.HasPrefix(err.Error(), "in.geojson: ") || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
	crs84 := `{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:OGC:1.3:CRS84"}},"features":[` + at(`{"time":"2026-04-11"}`) + `]}`
	if sink := sourcetest.Check(t, decode(Config{}), []byte(crs84)); len(sink.Observations) != 1 {
		t.Errorf("CRS84 named: rejected %q", sink.Reasons())
	}
	onBound := strings.Replace(string(collection(at(`{"time":"2026-04-11"}`))), "{", "{"+names(MaxNames-2)+",", 1)
	if sink := sourcetest.Check(t, decode(Config{}), []byte(onBound)); len(sink.Observations) != 1 {
		t.Errorf("%d names: rejected %q", MaxNames, sink.Reasons())
	}
	broken := errors.New("link down")
	if err := Decode(iotest.ErrReader(broken), "x", Config{}, &sourcetest.Sink{}); !errors.Is(err, broken) {
		t.Errorf("a failure of the source became %v", err)
	}
	if err := Decode(strings.NewReader("{}"), "x", Config{Sigma: -1}, &sourcetest.Sink{}); err == nil {
		t.Error("a senseless configuration was taken")
	}
}

// names is n members of an object.
func names(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `,"x%d":0`, i)
	}
	return b.String()[1:]
}

// entity is a whole one: the snippets are cut, some in the middle of an entity.
var entity = regexp.MustCompile(`&#?\w+;`)

// TestBadlyGeocodedPoints: a machine put Pokrovsk into Yakutia; the mission's bounds
// keep those out, and the others come with their entities decoded.
func TestBadlyGeocodedPoints(t *testing.T) {
	box := &source.Box{West: 22, South: 44, East: 41, North: 53}
	sink := sourcetest.Check(t, decode(Config{Source: "isw-uav", Bounds: box}), sourcetest.Open(t, "isw_uav/isw_uav_7d.geojson"))
	if len(sink.Rejections) != 374 || len(sink.Observations) != 292 {
		t.Fatalf("%d quarantined and %d read, want 374 and 292", len(sink.Rejections), len(sink.Observations))
	}
	for _, r := range sink.Rejections {
		if r.Reason != source.OutsideBounds {
			t.Fatalf("line %d: %s", r.Line, r.Reason)
		}
	}
	for _, o := range sink.Observations {
		if o.Phenomenon.From.Day() != "2026-02-21" || entity.MatchString(o.Report.Text) {
			t.Fatalf("%+v", o.Report)
		}
	}
}

// FuzzDecode: each feature ends as one report or one rejection.
func FuzzDecode(f *testing.F) {
	for _, s := range []string{
		at(`{"time":"2026-04-11","text":"a\u0000b"}`), at(`{"date":"20260411","count":"2","act":"burst"}`), `{"type":"Feature","geometry":null,"properties":null}`,
		`{"type":"Feature","id":{},"geometry":{"type":"Point","coordinates":[-0.0,1e-7]},"properties":{"time":"2026-04-11 03:00","tags":[1]}}`, shaped("LineString", "[[37,48],[37.1,48.1],[37,48]]", ""), shaped("Polygon", "[[[179,89],[-179,89],[0,90],[179,89]]]", ""),
		"1,2", "]", `{"a":[[[[[[[[[[[[[[]]]]]]]]]]]]]]}`,
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, features string) {
		in := collection(features)
		sink := sourcetest.Check(t, decode(Config{}), in)
		if decode(Config{})(in, &sourcetest.Sink{}) != nil {
			return
		}
		var doc struct {
			Features []json.RawMessage `json:"features"`
		}
		if err := json.Unmarshal(in, &doc); err != nil {
			t.Fatalf("read what is no JSON: %v", err)
		}
		if got := len(sink.Observations) + len(sink.Rejections); got != len(doc.Features) {
			t.Fatalf("%d features, %d came out", len(doc.Features), got)
		}
	})
}

func decodeMap(file string, cfg MapConfig) sourcetest.Decode {
	return func(in []byte, sink truce.Sink) error { return DecodeMap(bytes.NewReader(in), file, cfg, sink) }
}

const square = `{"type":"FeatureCollection","features":[{"type":"Feature","properties":{},"geometry":{"type":"Polygon","coordinates":[[[37,48],[38,48],[38,49],[37,49],[37,48]]]}}]}`

func TestDecodeMap(t *testing.T) {
	cases := []struct {
		name, file, in  string
		cfg             MapConfig
		series, version string
		source          truce.SourceID
	}{
		{"by name", "maps/deepstatemap_data_20260412.geojson", square, MapConfig{}, "deepstatemap", "2026-04-12", "map-deepstatemap"},
		{"by configuration", "x.json", square, MapConfig{Series: "isw", Version: "2026-04-11", Source: "isw-map"}, "isw", "2026-04-11", "isw-map"},
		{"by property", "Line 20260101.json", strings.Replace(square, `"properties":{}`, `"properties":{"date":"2026-04-10T12:00:00Z"}`, 1), MapConfig{}, "line", "2026-04-10", "map-line"},
	}
	for _, c := range cases {
		sink := sourcetest.Check(t, decodeMap(c.file, c.cfg), []byte(c.in))
		if len(sink.Observations) != 1 {
			t.Fatalf("%s: %d observations", c.name, len(sink.Observations))
		}
		o := sink.Observations[0]
		m := o.ControlMap
		if m.Map != c.series || m.Version != c.version || o.Source != c.source || m.Features != 1 || string(m.GeoJSON) != c.in {
			t.Errorf("%s: map %s version %s of %s", c.name, m.Map, m.Version, o.Source)
		}
		if o.Kind != truce.KindControlMap || string(o.Phenomenon.From.Day()) != c.version || o.Phenomenon.To.Sub(o.Phenomenon.From) != 24*time.Hour {
			t.Errorf("%s: %s %+v", c.name, o.Kind, o.Phenomenon)
		}
	}
}

// TestCorrectedMapIsAnotherObservation: under the same date, with one vertex moved.
func TestCorrectedMapIsAnotherObservation(t *testing.T) {
	cfg := MapConfig{Series: "m", Version: "2026-04-12"}
	first := sourcetest.Check(t, decodeMap("x", cfg), []byte(square)).Observations[0]
	moved := sourcetest.Check(t, decodeMap("x", cfg), []byte(strings.Replace(square, "[38,49]", "[38,49.01]", 1))).Observations[0]
	if first.ID == moved.ID {
		t.Error("the corrected map has the id of the first")
	}
}

func TestMapsThatAreRefused(t *testing.T) {
	cases := []struct{ name, file, in, want string }{
		{"no date", "map.geojson", square, "no date: name the version"},
		{"no series", "20260412.geojson", square, "name the map"},
		{"open ring", "m_20260412.json", strings.Replace(square, ",[37,48]]]", "]]", 1), "feature #1, ring 0"},
		{"self-crossing", "m_20260412.json", strings.Replace(square, "[38,48],[38,49]", "[38,49],[38,48]", 1), "feature #1"},
		{"points", "m_20260412.json", string(collection(at(`{}`))), "feature #1: is a Point, want polygons of control only"},
		{"no features", "m_20260412.json", `{"type":"FeatureCollection","features":[]}`, "no features"},
		{"name twice", "m_20260412.json", strings.Replace(square, `"properties":{}`, `"properties":{"a":1,"a":2}`, 1), "stands twice"},
		{"deep", "m_20260412.json", strings.Replace(square, "[[[37", strings.Repeat("[", 10_000)+"37", 1), "nested"},
		{"empty", "m_20260412.json", "", "not valid JSON at line 1"},
		{"too large", "m_20260412.json", strings.Repeat(" ", MaxMap+1), "the control map, in bytes, is over the bound"},
	}
	for _, c := range cases {
		err := decodeMap(c.file, MapConfig{})([]byte(c.in), &sourcetest.Sink{})
		if err == nil || !strings.HasPrefix(err.Error(), c.file+": ") || !strings.Contains(err.Error(), c.want) || truce.CodeOf(err) != truce.CodeInvalid {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
	for _, cfg := range []MapConfig{{Series: "m", Version: "12.4.2026"}, {Series: "../x", Version: "2026-04-12"}} {
		if err := decodeMap("x", cfg)([]byte(square), &sourcetest.Sink{}); err == nil {
			t.Errorf("%+v was taken", cfg)
		}
	}
	broken := errors.New("link down")
	if err := DecodeMap(iotest.ErrReader(broken), "x", MapConfig{}, &sourcetest.Sink{}); !errors.Is(err, broken) {
		t.Errorf("a failure of the source became %v", err)
	}
}

// TestMapOnTheBoundFitsARecord: the largest map that is read can be recorded.
func TestMapOnTheBoundFitsARecord(t *testing.T) {
	in := square + strings.Repeat(" ", MaxMap-len(square))
	sink := &sourcetest.Sink{}
	if err := decodeMap("m_20260412.json", MapConfig{})([]byte(in), sink); err != nil {
		t.Fatal(err)
	}
	if _, err := truce.Canonical(sink.Observations[0]); err != nil {
		t.Error(err)
	}
}

func TestSharedControlMaps(t *testing.T) {
	files := sourcetest.Files(t, "deepstate/*.geojson")
	ids := map[truce.ID]bool{}
	for _, name := range files {
		sink := &sourcetest.Sink{}
		if err := decodeMap(name, MapConfig{Series: "deepstate"})(sourcetest.Open(t, name), sink); err != nil {
			t.Fatal(err)
		}
		o := sink.Observations[0]
		if want := strings.ReplaceAll(o.ControlMap.Version, "-", ""); !strings.Contains(name, want) || o.ControlMap.Features != 1 {
			t.Errorf("%s: version %s, %d features", name, o.ControlMap.Version, o.ControlMap.Features)
		}
		ids[o.ID] = true
	}
	if len(files) != 63 || len(ids) != 63 {
		t.Errorf("%d files, %d ids, want 63", len(files), len(ids))
	}
}

func TestInfos(t *testing.T) {
	for _, info := range []truce.SourceInfo{Info(), MapInfo("deepstate")} {
		if err := info.Validate(); err != nil || info.Redistribute {
			t.Errorf("%+v: %v", info, err)
		}
	}
	if MapInfo("deepstate").Family.Witness() || MapInfo("deepstate").ID != "map-deepstate" {
		t.Error("a map is no witness")
	}
}

// FuzzDecodeMap: a map that is taken holds polygons only and its bytes are verbatim.
func FuzzDecodeMap(f *testing.F) {
	for _, s := range []string{square, "{}", `{"type":"Polygon","coordinates":[[[37,48],[38,48],[38,49],[37,48]]]}`, "\xef\xbb\xbf" + square, "[[[[[[[["} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		for _, o := range sourcetest.Check(t, decodeMap("m_20260412.geojson", MapConfig{}), in).Observations {
			doc, err := geo.ParseGeoJSON(o.ControlMap.GeoJSON)
			if err != nil || !bytes.Equal(o.ControlMap.GeoJSON, in) || len(doc.Features) != o.ControlMap.Features {
				t.Fatalf("kept %d bytes of %d, %v", len(o.ControlMap.GeoJSON), len(in), err)
			}
		}
	})
}
