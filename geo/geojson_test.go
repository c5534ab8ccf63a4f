package geo

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// shared is a folder of the shared real data. Tests that need it skip where it is absent.
func shared(t testing.TB, parts ...string) string {
	t.Helper()
	root := os.Getenv("TRUCE_SHARED")
	if root == "" {
		dir, err := os.Getwd()
		if err != nil {
			t.Fatal(err)
		}
		for filepath.Dir(dir) != dir {
			if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
				break
			}
			dir = filepath.Dir(dir)
		}
		root = filepath.Join(filepath.Dir(dir), "shared")
	}
	path := filepath.Join(append([]string{root, "data"}, parts...)...)
	if _, err := os.Stat(path); err != nil {
		t.Skipf("shared data %s is not here: set TRUCE_SHARED to its folder", filepath.Join(parts...))
	}
	return path
}

// load reads one GeoJSON file of the shared data.
func load(t testing.TB, parts ...string) *Collection {
	t.Helper()
	f, err := os.Open(shared(t, parts...))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	c, err := ReadGeoJSON(f)
	if err != nil {
		t.Fatalf("%s: %v", filepath.Join(parts...), err)
	}
	return c
}

// asFeatures puts geometries into a document.
func asFeatures(geometries ...string) string {
	var b strings.Builder
	b.WriteString(`{"type":"FeatureCollection","features":[`)
	for i, g := range geometries {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"type":"Feature","id":"f%d","properties":{},"geometry":%s}`, i, g)
	}
	return b.String() + "]}"
}

func polygonText(coordinates string) string {
	return asFeatures(`{"type":"Polygon","coordinates":` + coordinates + `}`)
}

func TestParseEveryForm(t *testing.T) {
	const square = `[[0,0],[4,0],[4,4],[0,4],[0,0]]`
	for _, row := range []struct {
		name, text string
		want       string // the geometry written again
	}{
		{"point", asFeatures(`{"type":"Point","coordinates":[37.5,48]}`), `{"type":"Point","coordinates":[37.5,48]}`},
		{"bare", ` {"coordinates":[37.5,48],"type":"Point"} `, `{"type":"Point","coordinates":[37.5,48]}`},
		{"height dropped", asFeatures(`{"type":"Point","coordinates":[37.5,48,120.5]}`), `{"type":"Point","coordinates":[37.5,48]}`},
		{"points", asFeatures(`{"type":"MultiPoint","coordinates":[[1,2],[3,4]]}`), `{"type":"MultiPoint","coordinates":[[1,2],[3,4]]}`},
		{"one of many", asFeatures(`{"type":"MultiPoint","coordinates":[[1,2]]}`), `{"type":"Point","coordinates":[1,2]}`},
		{"line", asFeatures(`{"type":"LineString","coordinates":[[1,2],[3,4],[3,4]]}`), `{"type":"LineString","coordinates":[[1,2],[3,4]]}`},
		{"lines", asFeatures(`{"type":"MultiLineString","coordinates":[[[1,2],[3,4]],[[5,6],[7,8]]]}`), `{"type":"MultiLineString","coordinates":[[[1,2],[3,4]],[[5,6],[7,8]]]}`},
		{"polygon", polygonText("[" + square + "]"), `{"type":"Polygon","coordinates":[` + square + `]}`},
		{"wound the wrong way", polygonText(`[[[0,0],[0,4],[4,4],[4,0],[0,0]]]`), `{"type":"Polygon","coordinates":[[[0,0],[4,0],[4,4],[0,4],[0,0]]]}`},
		{"hole wound the wrong way", polygonText("[" + square + `,[[1,1],[2,1],[2,2],[1,1]]]`), `{"type":"Polygon","coordinates":[` + square + `,[[1,1],[2,2],[2,1],[1,1]]]}`},
		{"polygons", asFeatures(`{"type":"MultiPolygon","coordinates":[[` + square + `],[[[5,5],[6,5],[6,6],[5,5]]]]}`), `{"type":"MultiPolygon","coordinates":[[` + square + `],[[[5,5],[6,5],[6,6],[5,5]]]]}`},
		{"type last", `{"features":[{"geometry":{"coordinates":[1,2],"type":"Point"},"properties":null,"type":"Feature"}],"type":"FeatureCollection"}`, `{"type":"Point","coordinates":[1,2]}`},
		{"a feature alone", `{"type":"Feature","geometry":{"type":"Point","coordinates":[1,2]},"properties":{}}`, `{"type":"Point","coordinates":[1,2]}`},
		{"foreign members", `{"name":"x","bbox":[1,2,3,4],"crs":null,"type":"Point","coordinates":[1,2]}`, `{"type":"Point","coordinates":[1,2]}`},
		{"byte order mark", "\ufeff" + `{"type":"Point","coordinates":[1,2]}`, `{"type":"Point","coordinates":[1,2]}`},
		{"exponents, minus zero", `{"type":"Point","coordinates":[-0.0,1.5e1]}`, `{"type":"Point","coordinates":[0,15]}`},
		{"more decimals than the grid", `{"type":"Point","coordinates":[1.123456789,-2.99999999]}`, `{"type":"Point","coordinates":[1.1234568,-3]}`},
		{"a pole", `{"type":"Point","coordinates":[180,90]}`, `{"type":"Point","coordinates":[180,90]}`},
		{"cut at the antimeridian", asFeatures(`{"type":"MultiPolygon","coordinates":[[[[170,0],[180,0],[180,5],[170,0]]],[[[-180,0],[-170,0],[-180,5],[-180,0]]]]}`),
			`{"type":"MultiPolygon","coordinates":[[[[170,0],[180,0],[180,5],[170,0]]],[[[-180,0],[-170,0],[-180,5],[-180,0]]]]}`},
	} {
		c, err := ParseGeoJSON([]byte(row.text))
		if err != nil {
			t.Errorf("%s: refused: %v", row.name, err)
			continue
		}
		if got := string(c.Features[0].Geom.append(nil)); got != row.want {
			t.Errorf("%s:\n got %s\nwant %s", row.name, got, row.want)
		}
	}
}

func TestFeatureProperties(t *testing.T) {
	c, err := ParseGeoJSON([]byte(`{"type":"FeatureCollection","features":[
		{"type":"Feature","id":7,"properties":{ "kind": "coast", "width": 2.5, "none": null, "deep":{"a":[1,{"b":2}]} },"geometry":{"type":"Point","coordinates":[1,2]}},
		{"type":"Feature","properties":{ },"geometry":{"type":"Point","coordinates":[1,2]}}]}`))
	if err != nil {
		t.Fatal(err)
	}
	f := &c.Features[0]
	if f.ID != "7" || f.Name() != "7" || c.Features[1].Name() != "#2" || c.Features[1].Index != 1 {
		t.Errorf("named %q and %q", f.Name(), c.Features[1].Name())
	}
	if f.Text("kind") != "coast" || f.Text("width") != "" || f.Text("absent") != "" || c.Features[1].Text("kind") != "" {
		t.Errorf("kind %q, width %q", f.Text("kind"), f.Text("width"))
	}
	if n, ok := f.Number("width"); !ok || n != 2.5 {
		t.Errorf("width %v, %v", n, ok)
	}
	for _, key := range []string{"kind", "none", "absent"} {
		if n, ok := f.Number(key); ok {
			t.Errorf("%s is the number %v", key, n)
		}
	}
	if got := string(f.Property("deep")); got != `{"a":[1,{"b":2}]}` {
		t.Errorf("deep is %s", got)
	}
	if c.Features[1].Props != nil {
		t.Errorf("empty properties are kept as %s", c.Features[1].Props)
	}
}

func TestFeatureAsLineAndArea(t *testing.T) {
	c, err := ParseGeoJSON([]byte(asFeatures(`{"type":"Point","coordinates":[1,2]}`, `{"type":"LineString","coordinates":[[1,2],[3,4]]}`,
		`{"type":"Polygon","coordinates":[[[0,0],[4,0],[4,4],[0,0]]]}`)))
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"Point", "LineString", "Polygon"} {
		f := &c.Features[i]
		if f.Geom.Type() != want {
			t.Errorf("%s is a %s", f.Name(), f.Geom.Type())
		}
		if line, err := f.Line(); (err == nil) != (want == "LineString") || err == nil && line.Length() < 300e3 {
			t.Errorf("a %s as a line: %v", want, err)
		} else if err != nil && !strings.Contains(err.Error(), "feature "+f.ID+": ") {
			t.Errorf("%q does not name the feature", err)
		}
		if area, err := f.Area(); (err == nil) != (want == "Polygon") || err == nil && !area.Contains(Point{1, 2}) {
			t.Errorf("a %s as a zone: %v", want, err)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	deep := func(n int) string { return strings.Repeat("[", n) + strings.Repeat("]", n) }
	for _, row := range []struct {
		name, text string
		wants      []string // in the message
	}{
		{"nothing", ``, []string{"line 1", "the end"}},
		{"not JSON", `hello`, []string{"line 1", "hello"}},
		{"an array", `[]`, []string{`expected '{'`}},
		{"no type", `{}`, []string{`no "type"`}},
		{"a list without its type", `{"type":"Feature","features":[]}`, []string{"FeatureCollection"}},
		{"a collection without a list", `{"type":"FeatureCollection"}`, []string{"features"}},
		{"cut off", `{"type":"FeatureCollection","features":[`, []string{"the end"}},
		{"text after the end", `{"type":"FeatureCollection","features":[]} x`, []string{"after the end"}},
		{"collections nested", `{"type":"FeatureCollection","features":[{"type":"FeatureCollection","features":[]}]}`, []string{"feature #1", "side by side"}},
		{"a geometry in the list", `{"type":"FeatureCollection","features":[{"type":"Point","coordinates":[1,2]}]}`, []string{"feature #1", "Point"}},
		{"coordinates in the feature", `{"type":"Feature","geometry":{"type":"Point","coordinates":[1,2]},"coordinates":[1,2]}`, []string{"feature #1", "inside"}},
		{"no geometry", `{"type":"FeatureCollection","features":[{"type":"Feature","id":"a","geometry":null}]}`, []string{"feature a", "no geometry"}},
		{"no coordinates", asFeatures(`{"type":"Point"}`), []string{"feature f0", "coordinates"}},
		{"an unknown type", asFeatures(`{"type":"Circle","coordinates":[1,2]}`), []string{"feature f0", "Circle"}},
		{"a GeometryCollection", asFeatures(`{"type":"GeometryCollection","geometries":[]}`), []string{"feature f0", "feature of its own"}},
		{"empty", polygonText(`[]`), []string{"feature f0", "empty"}},
		{"empty ring", polygonText(`[[]]`), []string{"feature f0", "empty"}},
		{"a polygon as a line", polygonText(`[[1,2],[3,4]]`), []string{"feature f0", "nesting"}},
		{"uneven nesting", polygonText(`[[[0,0],[4,0]],[1,1]]`), []string{"feature f0", "nesting"}},
		{"five deep", asFeatures(`{"type":"MultiPolygon","coordinates":[[[[[1,2]]]]]}`), []string{"feature f0", "surplus"}},
		{"coordinates 10,000 deep", polygonText(deep(10_000)), []string{"feature f0", "surplus"}},
		{"properties 10,000 deep", `{"type":"Feature","properties":{"a":` + deep(10_000) + `}}`, []string{"nested more than 32"}},
		{"foreign member 10,000 deep", `{"x":` + deep(10_000) + `}`, []string{"nested more than 32"}},
		{"open ring", polygonText(`[[[0,0],[4,0],[4,4],[0,4]]]`), []string{"feature f0, ring 0, vertex 3", "not closed", "repeat"}},
		{"open ring, to be closed as the file has it", polygonText(`[[[30.1234567,48],[34,48],[34,49],[30,49]]]`), []string{"not closed", "[30.1234567, 48] at the end"}},
		{"too few", polygonText(`[[[0,0],[4,0],[0,0]]]`), []string{"feature f0, ring 0", "4 positions"}},
		{"self-crossing", polygonText(`[[[0,0],[4,4],[4,0],[0,4],[0,0]]]`), []string{"feature f0, ring 0, vertex 0", "cross", "QGIS"}},
		{"hole outside", polygonText(`[[[0,0],[4,0],[4,4],[0,0]],[[5,5],[6,6],[6,5],[5,5]]]`), []string{"feature f0, ring 1", "hole"}},
		{"NaN", polygonText(`[[[0,0],[NaN,0],[4,4],[0,0]]]`), []string{"feature f0, ring 0, vertex 1", "NaN"}},
		{"Infinity", polygonText(`[[[0,0],[4,0],[4,-Infinity],[0,0]]]`), []string{"feature f0", "not a number"}},
		{"null for a number", polygonText(`[[[0,0],[4,null],[4,4],[0,0]]]`), []string{"feature f0, ring 0, vertex 1", "null"}},
		{"text for a number", polygonText(`[[[0,0],["4",0],[4,4],[0,0]]]`), []string{"feature f0, ring 0, vertex 1"}},
		{"1e308", polygonText(`[[[0,0],[4,0],[1e308,4],[0,0]]]`), []string{"feature f0, ring 0, vertex 2", "out of range"}},
		{"1e999", polygonText(`[[[0,0],[4,0],[4,-1e999],[0,0]]]`), []string{"feature f0, ring 0, vertex 2", "out of range"}},
		{"leading zero", polygonText(`[[[0,0],[04,0],[4,4],[0,0]]]`), []string{"not a number"}},
		{"hexadecimal", polygonText(`[[[0,0],[0x4,0],[4,4],[0,0]]]`), []string{"line 1"}},
		{"a number of 1 MB", polygonText(`[[[0,0],[` + strings.Repeat("1", 1<<20) + `,0]]]`), []string{"64 characters"}},
		{"one number", polygonText(`[[[0],[4,0],[4,4],[0]]]`), []string{"feature f0, ring 0, vertex 0", "longitude and latitude"}},
		{"four numbers", polygonText(`[[[0,0,0,0],[4,0],[4,4],[0,0]]]`), []string{"feature f0, ring 0, vertex 0", "3 numbers"}},
		{"metres for degrees", asFeatures(`{"type":"Point","coordinates":[4175000,6100000]}`), []string{"feature f0", "out of range"}},
		{"over the antimeridian", asFeatures(`{"type":"LineString","coordinates":[[170,0],[-170,0]]}`), []string{"feature f0", "antimeridian"}},
		{"a line of one place", asFeatures(`{"type":"LineString","coordinates":[[1,2],[1,2]]}`), []string{"feature f0", "2 different"}},
		{"key twice", `{"type":"Point","type":"Point","coordinates":[1,2]}`, []string{`"type"`, "twice"}},
		{"key twice, escaped", `{"type":"Point","t\u0079pe":"Point","coordinates":[1,2]}`, []string{`"type"`, "twice"}},
		{"key twice in properties", `{"type":"Feature","properties":{"a":[{"b":1,"c":{},"b":2}]}}`, []string{`"b"`, "twice"}},
		{"another reference system", `{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::3857"}},"features":[]}`, []string{"3857", "ogr2ogr"}},
		{"properties are a list", `{"type":"Feature","properties":[]}`, []string{"properties"}},
		{"cut off after a backslash", `{"":"00\`, []string{"cannot be read"}},
		{"a key cut off after a backslash", `{"00\`, []string{"does not end"}},
		{"properties cut off", `{"type":"Feature","properties":{"a":1`, []string{"properties"}},
		{"properties of 1 MiB", `{"type":"Feature","properties":{"a":"` + strings.Repeat("x", 1<<20) + `"}}`, []string{"64 KiB"}},
		{"an id of 1 KB", `{"type":"Feature","id":"` + strings.Repeat("x", 1000) + `"}`, []string{"256"}},
		{"an id that is a list", `{"type":"Feature","id":[]}`, []string{"id"}},
		{"not UTF-8", "{\"type\":\"Feature\",\"id\":\"\xff\"}", []string{"UTF-8"}},
		{"properties not UTF-8", "{\"type\":\"Feature\",\"properties\":{\"a\":\"\xff\"}}", []string{"UTF-8"}},
	} {
		_, err := ParseGeoJSON([]byte(row.text))
		var invalid *InvalidError
		if !errors.As(err, &invalid) {
			t.Errorf("%s: got %v, want an InvalidError", row.name, err)
			continue
		}
		for _, want := range row.wants {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %q does not say %q", row.name, err, want)
			}
		}
		if len(err.Error()) > 400 {
			t.Errorf("%s: the message has %d bytes", row.name, len(err.Error()))
		}
	}
}

// hostile are documents of many bytes, each made when asked for.
var hostile = []struct {
	name string
	make func() string
	want string
}{
	{"10^6 vertices in one ring", func() string {
		return polygonText("[[" + strings.Repeat("[1.0000001,2.0000002],", 1e6) + "[1,2]]]")
	}, "more than 100000 vertices"},
	{"10^6 features", func() string {
		one := `{"type":"Feature","properties":{},"geometry":{"type":"Point","coordinates":[1,2]}}`
		return `{"type":"FeatureCollection","features":[` + strings.Repeat(one+",", 5e5) + one + `]}`
	}, "more than 100000 features"},
	{"10^6 vertices in eleven features", func() string {
		line := `{"type":"LineString","coordinates":[` + strings.Repeat("[1,2],", 95_000) + `[3,4]]}`
		return asFeatures(line, line, line, line, line, line, line, line, line, line, line)
	}, "more than 1000000 vertices"},
	{"depth 10^6", func() string { return polygonText(strings.Repeat("[", 1e6)) }, "surplus"},
	{"10^6 foreign members", func() string {
		var b strings.Builder
		b.WriteString("{")
		for i := range 1_000_000 {
			fmt.Fprintf(&b, `"k%d":1,`, i)
		}
		return b.String()
	}, "more than 100 members"},
	{"a string without an end", func() string { return `{"` + strings.Repeat("x", 1e7) }, "256"},
	{"a crossing comb", func() string {
		var b strings.Builder
		for i := range 99_000 {
			fmt.Fprintf(&b, "[%.6f,%d],", float64(i)/1000-float64(i%7)/100, 80*(i%2))
		}
		return polygonText("[[" + b.String() + "[0,0]]]")
	}, "cross"},
}

func TestHostileDocumentsInBoundedMemory(t *testing.T) {
	for _, row := range hostile {
		data := []byte(row.make())
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		_, err := ParseGeoJSON(data)
		runtime.ReadMemStats(&after)
		if err == nil || !strings.Contains(err.Error(), row.want) {
			t.Errorf("%s: got %.200v, want %q", row.name, err, row.want)
		}
		// All that was ever allocated, not only what is held at once.
		if used := (after.TotalAlloc - before.TotalAlloc) >> 20; used > 128 {
			t.Errorf("%s: refused after allocating %d MiB, want at most 128", row.name, used)
		}
	}
}

func TestDocumentTooLarge(t *testing.T) {
	space := make([]byte, MaxGeoJSONBytes+1)
	for i := range space {
		space[i] = ' '
	}
	if _, err := ParseGeoJSON(space); err == nil || !strings.Contains(err.Error(), "64 MiB") {
		t.Errorf("got %v, want the bound named", err)
	}
	if _, err := ParseGeoJSON(space[1:]); err == nil || strings.Contains(err.Error(), "64 MiB") {
		t.Errorf("at the bound the size is fine, got %v", err)
	}
}

func TestLimitsFromBothSides(t *testing.T) {
	line := func(n int) string {
		return asFeatures(`{"type":"LineString","coordinates":[` + strings.Repeat("[1,2],", n-1) + `[3,4]]}`)
	}
	nested := func(n int) string {
		return `{"type":"Feature","properties":{"a":` + strings.Repeat("[", n) + strings.Repeat("]", n) + `},"geometry":{"type":"Point","coordinates":[1,2]}}`
	}
	sized := func(n int) string {
		return `{"type":"Feature","properties":{"a":"` + strings.Repeat("x", n-8) + `"},"geometry":{"type":"Point","coordinates":[1,2]}}`
	}
	for _, row := range []struct {
		name, within, beyond string
	}{
		{"vertices", line(MaxFeatureVertices), line(MaxFeatureVertices + 1)},
		{"depth", nested(MaxGeoJSONDepth - 2), nested(MaxGeoJSONDepth - 1)},
		{"properties", sized(MaxPropertyBytes), sized(MaxPropertyBytes + 1)},
	} {
		if _, err := ParseGeoJSON([]byte(row.within)); err != nil {
			t.Errorf("%s at the bound: %v", row.name, err)
		}
		if _, err := ParseGeoJSON([]byte(row.beyond)); err == nil {
			t.Errorf("%s one beyond the bound: accepted", row.name)
		}
	}
}

func TestEveryRealControlMap(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(shared(t, "deepstate"), "*.geojson"))
	if err != nil || len(files) < 60 {
		t.Fatalf("%d files, %v: want 63", len(files), err)
	}
	for _, file := range files {
		c := load(t, "deepstate", filepath.Base(file))
		if len(c.Features) != 1 || len(c.Features[0].Geom.Polygons) < 5 {
			t.Errorf("%s: %d features", filepath.Base(file), len(c.Features))
		}
		holes := 0
		for _, p := range c.Features[0].Geom.Polygons {
			holes += len(p) - 1
		}
		if strings.Contains(file, "20260412") && (holes != 1 || len(c.Features[0].Geom.Polygons) != 15) {
			t.Errorf("12 April 2026: %d polygons, %d holes, want 15 and 1", len(c.Features[0].Geom.Polygons), holes)
		}
		sameAgain(t, c)
	}
}

// sameAgain checks that what was accepted is written and read back the same.
func sameAgain(t testing.TB, c *Collection) {
	t.Helper()
	text := WriteGeoJSON(c)
	again, err := ParseGeoJSON(text)
	if err != nil {
		t.Fatalf("what was accepted is refused once written: %v\n%.2000s", err, text)
	}
	if len(again.Features) != len(c.Features) {
		t.Fatalf("%d features came back as %d", len(c.Features), len(again.Features))
	}
	if second := WriteGeoJSON(again); string(second) != string(text) {
		t.Fatalf("written again it differs:\n%.1000s\n%.1000s", text, second)
	}
	for i := range c.Features {
		if fmt.Sprintf("%v", c.Features[i]) != fmt.Sprintf("%v", again.Features[i]) {
			t.Fatalf("feature %d came back as %v, was %v", i, again.Features[i], c.Features[i])
		}
	}
}

// corpus are documents that use every form of the syntax.
var corpus = []string{
	asFeatures(`{"type":"Point","coordinates":[37.5,48]}`),
	polygonText(`[[[0,0],[4,0],[4,4],[0,4],[0,0]],[[1,1],[2,2],[2,1],[1,1]]]`),
	`{"type":"Feature","id":-1.5e3,"properties":{"a\\\"":[{"b":null}, "\u0063\\"]},"geometry":{"type":"MultiLineString","coordinates":[[[1e-7,2],[3,4,5]]]}}`,
	`{"type":"FeatureCollection","x":"y\\","crs":{"properties":{"name":"EPSG:4326"}},"features":[]}`,
	asFeatures(`{"type":"MultiPolygon","coordinates":[[[[0,0],[1,0],[1,1],[0,0]]],[[[1,1],[2,1],[2,2],[1,1]]]]}`),
	`{"type":"Polygon","coordinates":[[[0,0],[4,4],[4,0],[0,4],[0,0]]]}`,
	`{"":"00\`,
}

// holds checks what must be true of any input: it is refused with a reason, or accepted in
// a form that reads back the same.
func holds(t testing.TB, data []byte) {
	t.Helper()
	c, err := ParseGeoJSON(data)
	if err == nil {
		sameAgain(t, c)
		return
	}
	var invalid *InvalidError
	if !errors.As(err, &invalid) || invalid.Reason == "" {
		t.Fatalf("%q: refused with %v, want an InvalidError with a reason", data, err)
	}
}

func TestEveryCutAndEveryByte(t *testing.T) {
	const telling = "\\\"{}[],:0-.eEtn \x00\xff"
	for _, text := range corpus {
		for i := range len(text) + 1 {
			holds(t, []byte(text[:i]))
			for k := range len(telling) {
				holds(t, []byte(text[:i]+telling[k:k+1])) // cut off after it
				if i < len(text) {
					holds(t, []byte(text[:i]+telling[k:k+1]+text[i+1:])) // in place of a byte
				}
				holds(t, []byte(text[:i]+telling[k:k+1]+text[i:])) // put in
			}
		}
	}
}

func FuzzParseGeoJSON(f *testing.F) {
	for _, text := range corpus {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, data []byte) { holds(t, data) })
}

func BenchmarkParseGeoJSON(b *testing.B) {
	for _, row := range hostile {
		b.Run(row.name, func(b *testing.B) {
			data := []byte(row.make())
			b.ReportAllocs()
			for b.Loop() {
				if _, err := ParseGeoJSON(data); err == nil {
					b.Fatal("accepted")
				}
			}
		})
	}
	b.Run("control map", func(b *testing.B) {
		data, err := os.ReadFile(shared(b, "deepstate", "deepstatemap_data_20260412.geojson"))
		if err != nil {
			b.Fatal(err)
		}
		b.ReportAllocs()
		b.SetBytes(int64(len(data)))
		for b.Loop() {
			if _, err := ParseGeoJSON(data); err != nil {
				b.Fatal(err)
			}
		}
	})
}
