package agreement

import (
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	truce "github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
)

// mapAgreement is an agreement whose line is the contact part of a control map.
func mapAgreement(series, extent, boundary, tolerance string) string {
	return fmt.Sprintf(`
truce: 1
id: maps
languages: [en]
title: Maps
status: in_force
effective_at: {at: "2026-01-01T00:00:00Z", civil: midnight UTC}
zone: UTC
day_epoch: {date: 2022-02-24, first: 0}
mission: Test mission
boundary_note: Working lines.
report_error: mailto:errors@mission.example
parties:
  - {id: A, role: party, name: Party A}
  - {id: B, role: party, name: Party B}
control_maps:
  - id: MAP
    series: %s
    party_inside: B
    party_outside: A
    accuracy_m: 500
    boundary: {file: %s, tolerance_m: %s}
    extent: {file: %s}
lines:
  - {id: LINE, kind: contact, derived: {control_map: MAP}}
zones:
  - {id: Z-A, kind: buffer, derived: {line: LINE, party: A, from_m: 0, to_m: 5000}}
  - {id: Z-B, kind: buffer, derived: {line: LINE, party: B, from_m: 0, to_m: 5000}}
rules:
  - id: R01
    clause: "1.1"
    prohibit: [indirect_fire]
    where: {within_m: {line: LINE, m: 25000}}
    evidence_min: {families: 2}
    p_min: 0.7
    count: {unit: engagement}
  - id: R02
    clause: "1.1"
    prohibit: [recon_uav]
    where: {zones: [Z-A, Z-B]}
    p_min: 0.7
    count: {unit: flight}
  - id: R03
    clause: "1.1"
    prohibit: [new_trench]
    where: {area_of: [A, B]}
    p_min: 0.7
    count: {unit: object}
`, series, boundary, tolerance, extent)
}

func mapFiles(series string, geojson map[string]string) []truce.AgreementFile {
	files := []truce.AgreementFile{
		{Name: MainFile, Data: []byte(mapAgreement(series, "areas/country.geojson", "lines/border.geojson", "2000"))},
		{Name: "clauses/en/1.1.md", Data: []byte("x")},
	}
	for _, name := range []string{"areas/country.geojson", "lines/border.geojson"} {
		files = append(files, truce.AgreementFile{Name: name, Data: []byte(geojson[name])})
	}
	return files
}

// square is a country of one degree; party B holds its east, beyond a longitude.
var square = map[string]string{
	"areas/country.geojson": `{"type":"Feature","properties":{},"geometry":{"type":"Polygon","coordinates":[[[10,50],[11,50],[11,51],[10,51],[10,50]]]}}`,
	"lines/border.geojson":  `{"type":"Feature","properties":{"kind":"border"},"geometry":{"type":"Polygon","coordinates":[[[10,50],[11,50],[11,51],[10,51],[10,50]]]}}`,
}

func mapOf(version, west string, valid, received string) truce.Observation {
	ring := fmt.Sprintf(`{"type":"Polygon","coordinates":[[[%s,50],[11,50],[11,51],[%s,51],[%s,50]]]}`, west, west, west)
	return truce.Observation{
		ID: truce.NewID(at(valid), "control_map", "maps", []byte(version)), Kind: truce.KindControlMap, Source: "maps",
		Phenomenon: truce.Moment(at(valid), 0), Received: truce.ReceivedTime(at(received)), Origin: truce.Origin{File: version + ".geojson"},
		ControlMap: &truce.ControlMap{Map: "square", Version: version, Features: 1, GeoJSON: []byte(ring)},
	}
}

func squareGeometry(t testing.TB, maps ...truce.Observation) *Geometry {
	t.Helper()
	g, err := mustParse(t, mapFiles("square", square)).Geometry(maps)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func TestControlMapsOverTime(t *testing.T) {
	maps := []truce.Observation{
		mapOf("v1", "10.5", "2026-04-10T00:00:00Z", "2026-04-10T06:00:00Z"),
		mapOf("v2", "10.4", "2026-04-12T00:00:00Z", "2026-04-14T06:00:00Z"),
		mapOf("v3", "10.6", "2026-04-13T00:00:00Z", "2026-04-13T06:00:00Z"),
		mapOf("v1", "10.5", "2026-04-10T00:00:00Z", "2026-05-01T00:00:00Z"), // imported again
		{Kind: truce.KindHealth}, // another kind
	}
	other := mapOf("w1", "10.1", "2026-04-12T00:00:00Z", "2026-04-12T00:00:00Z")
	other.ControlMap.Map = "another"
	maps = append(maps, other)
	rows := []struct {
		name         string
		lon          geo.Degrees
		valid, known string
		party        truce.PartyID
		version      string
	}{
		{"before any map", 10.45, "2026-04-09T00:00:00Z", "2026-06-01T00:00:00Z", "", ""},
		{"first map", 10.45, "2026-04-11T00:00:00Z", "2026-06-01T00:00:00Z", "A", "square v1"},
		{"first map, not yet received", 10.45, "2026-04-11T00:00:00Z", "2026-04-10T00:00:00Z", "", ""},
		{"second map", 10.45, "2026-04-12T12:00:00Z", "2026-04-15T00:00:00Z", "B", "square v2"},
		{"second map, not yet received", 10.45, "2026-04-12T12:00:00Z", "2026-04-13T12:00:00Z", "A", "square v1"},
		{"third map", 10.45, "2026-04-20T00:00:00Z", "2026-04-20T00:00:00Z", "A", "square v3"},
		{"beyond the country", 12, "2026-04-20T00:00:00Z", "2026-04-20T00:00:00Z", "", "square v3"},
		{"inside", 10.9, "2026-04-20T00:00:00Z", "2026-04-20T00:00:00Z", "B", "square v3"},
	}
	for _, order := range []string{"as given", "reversed"} {
		g := squareGeometry(t, maps...)
		for _, row := range rows {
			party, version := g.ControllerAt(geo.Point{Lat: 50.5, Lon: row.lon}, at(row.valid), at(row.known))
			if party != row.party || version != row.version {
				t.Errorf("%s, maps %s: %q by %q, want %q by %q", row.name, order, party, version, row.party, row.version)
			}
		}
		slices.Reverse(maps)
	}
}

func TestDerivedLine(t *testing.T) {
	g := squareGeometry(t, mapOf("v1", "10.5", "2026-04-10T00:00:00Z", "2026-04-10T06:00:00Z"))
	lines := g.LinesAt(at("2026-04-11T00:00:00Z"), 0)
	if len(lines) != 1 {
		t.Fatalf("%d lines, want the derived one", len(lines))
	}
	// One degree of latitude, less the tolerance of 2 km at each end.
	if l := lines[0]; l.ID != "LINE" || l.Map != "square" || l.Version != "v1" || l.Source != "maps" || l.AccuracyM != 500 ||
		l.ContactKm < 107 || l.ContactKm > 112 || l.BorderKm < 180 || l.CoastKm != 0 {
		t.Errorf("line %+v", l)
	}
	pos := func(lon geo.Degrees) *geo.Position {
		return &geo.Position{Point: geo.Point{Lat: 50.5, Lon: lon}, Error: geo.Isotropic(200)}
	}
	rows := []struct {
		name string
		act  truce.Act
		pos  *geo.Position
		rule truce.RuleID
		want truce.Verdict
		side []truce.SideShare
	}{
		{"near the contact part", fire, pos(10.6), "R01", hit, []truce.SideShare{{Party: "A", P: 0}, {Party: "B", P: 1}}},
		{"near the border only", fire, pos(10.98), "R01", outside, nil},
		{"in A's band", "recon_uav", pos(10.46), "R02", hit, []truce.SideShare{{Party: "A", P: 1}, {Party: "B", P: 0}}},
		{"in B's band", "recon_uav", pos(10.54), "R02", hit, []truce.SideShare{{Party: "A", P: 0}, {Party: "B", P: 1}}},
		{"beyond both bands", "recon_uav", pos(10.7), "R02", outside, nil},
		{"on the line, one of both areas", truce.ActNewTrench, pos(10.5), "R03", hit, []truce.SideShare{{Party: "A", P: 0.5}, {Party: "B", P: 0.5}}},
		{"beyond the country", truce.ActNewTrench, pos(12), "R03", indeterminate, []truce.SideShare{{Party: "A", P: 0}, {Party: "B", P: 0}}},
	}
	for _, row := range rows {
		in := happening(row.act, 0.97)
		in.Time, in.Position = truce.Moment(at("2026-04-11T10:00:00Z"), 0), row.pos
		f := findingOf(t, g.Evaluate(Input{Incident: in}), row.rule)
		same := slices.EqualFunc(f.EffectSide, row.side, func(a, b truce.SideShare) bool {
			return a.Party == b.Party && a.P-b.P < 0.01 && b.P-a.P < 0.01
		})
		if f.Verdict != row.want || !same {
			t.Errorf("%s: %s, side %v, want %s, %v\n%s", row.name, f.Verdict, f.EffectSide, row.want, row.side, strings.Join(f.Trace, "\n"))
		}
	}
}

func TestWithoutAMapTheControlIsOpen(t *testing.T) {
	g := squareGeometry(t)
	for rule, act := range map[truce.RuleID]truce.Act{"R01": fire, "R02": "recon_uav", "R03": truce.ActNewTrench} {
		in := happening(act, 0.97)
		in.Position = &geo.Position{Point: geo.Point{Lat: 50.5, Lon: 10.5}}
		f := findingOf(t, g.Evaluate(Input{Incident: in}), rule)
		if f.Verdict != indeterminate || f.Reason != truce.ReasonControl || f.EffectSide != nil {
			t.Errorf("%s: %s (%s), sides %v, want indeterminate (control) and none", rule, f.Verdict, f.Reason, f.EffectSide)
		}
	}
	if sides := g.SideAt(geo.Position{Point: geo.Point{Lat: 50.5, Lon: 10.5}}, at("2026-04-11T00:00:00Z"), 0); sides != nil {
		t.Errorf("sides %v without a map", sides)
	}
	if len(g.LinesAt(at("2026-04-11T00:00:00Z"), 0)) != 0 {
		t.Error("a line without a map")
	}
}

func TestUnreadableMapsAreLeftOutAndListed(t *testing.T) {
	good := mapOf("v1", "10.5", "2026-04-10T00:00:00Z", "2026-04-10T06:00:00Z")
	crossed := mapOf("v2", "10.5", "2026-04-11T00:00:00Z", "2026-04-11T06:00:00Z")
	crossed.ControlMap.GeoJSON = []byte(`{"type":"Polygon","coordinates":[[[10,50],[11,51],[11,50],[10,51],[10,50]]]}`)
	lines := mapOf("v3", "10.5", "2026-04-12T00:00:00Z", "2026-04-12T06:00:00Z")
	lines.ControlMap.GeoJSON = []byte(`{"type":"LineString","coordinates":[[10,50],[11,51]]}`)
	g := squareGeometry(t, good, crossed, lines)
	problems := g.Problems()
	if len(problems) != 2 || problems[0].File != "v2.geojson" || !strings.Contains(problems[1].Text, "no polygons") {
		t.Errorf("problems %v", problems)
	}
	if _, version := g.ControllerAt(geo.Point{Lat: 50.5, Lon: 10.9}, at("2026-04-20T00:00:00Z"), 0); version != "square v1" {
		t.Errorf("version %q, want the map before the unreadable ones", version)
	}
}

func TestMapBoundsAndReferences(t *testing.T) {
	a := mustParse(t, mapFiles("square", square))
	many := make([]truce.Observation, MaxControlMaps+1)
	for i := range many {
		many[i] = mapOf(strconv.Itoa(i), "10.5", "2026-04-10T00:00:00Z", "2026-04-10T06:00:00Z")
	}
	if _, err := a.Geometry(many); truce.CodeOf(err) != truce.CodeTooLarge {
		t.Errorf("%d maps: %v, want too_large", len(many), err)
	}
	bad := mapFiles("square", map[string]string{"areas/country.geojson": square["areas/country.geojson"],
		"lines/border.geojson": `{"type":"Feature","properties":{"kind":"river"},"geometry":{"type":"LineString","coordinates":[[10,50],[11,51]]}}`})
	if p := refusal(t, bad); !strings.Contains(p[0].Text, `"river"`) || p[0].Field != "control_maps[0].boundary" {
		t.Errorf("problems %v, want the unknown kind", p)
	}
}

// shared is a folder of the real data, which is never part of the project.
func sharedData(t testing.TB, folder string) string {
	t.Helper()
	root := os.Getenv("TRUCE_SHARED")
	if root == "" {
		root = "../../../shared"
	}
	path := filepath.Join(root, "data", folder)
	if _, err := os.Stat(path); err != nil {
		t.Skipf("no real data at %s (set TRUCE_SHARED)", path)
	}
	return path
}

func realGeometry(t testing.TB, days ...string) *Geometry {
	t.Helper()
	oblasts, err := os.ReadFile(filepath.Join(sharedData(t, "viina"), "ukraine-oblasts.geojson"))
	if err != nil {
		t.Fatal(err)
	}
	var maps []truce.Observation
	for _, day := range days {
		data, err := os.ReadFile(filepath.Join(sharedData(t, "deepstate"), "deepstatemap_data_"+day+".geojson"))
		if err != nil {
			t.Fatal(err)
		}
		valid, err := time.Parse("20060102", day)
		if err != nil {
			t.Fatal(err)
		}
		maps = append(maps, truce.Observation{
			Kind: truce.KindControlMap, Source: "deepstate", Phenomenon: truce.Moment(truce.InstantOf(valid), 0), Received: truce.ReceivedTime(truce.InstantOf(valid)),
			ControlMap: &truce.ControlMap{Map: "deepstate", Version: valid.Format("2006-01-02"), Features: 1, GeoJSON: data},
		})
	}
	files := mapFiles("deepstate", map[string]string{"areas/country.geojson": string(oblasts), "lines/border.geojson": string(oblasts)})
	g, err := mustParse(t, files).Geometry(maps)
	if err != nil {
		t.Fatal(err)
	}
	if p := g.Problems(); len(p) > 0 {
		t.Fatalf("maps left out: %v", p)
	}
	return g
}

func TestRealSides(t *testing.T) {
	g := realGeometry(t, "20260412")
	noon := at("2026-04-12T12:00:00Z")
	rows := []struct {
		place    string
		lat, lon geo.Degrees
		a, b     float64
	}{
		{"Kyiv", 50.45, 30.52, 1, 0}, {"Odesa", 46.48, 30.72, 1, 0}, {"Kramatorsk", 48.74, 37.58, 1, 0},
		{"Donetsk", 48.00, 37.80, 0, 1}, {"Luhansk", 48.57, 39.31, 0, 1}, {"Simferopol", 44.95, 34.10, 0, 1},
		{"Belgorod, of which the map does not speak", 50.60, 36.59, 0, 0}, {"the Black Sea", 43.5, 31.5, 0, 0},
	}
	for _, row := range rows {
		sides := g.SideAt(geo.Position{Point: geo.Point{Lat: row.lat, Lon: row.lon}, Error: geo.Isotropic(500)}, noon, 0)
		if len(sides) != 2 || float64(sides[0].P) != row.a || float64(sides[1].P) != row.b {
			t.Errorf("%s: %v, want A %g, B %g", row.place, sides, row.a, row.b)
		}
	}
	lines := g.LinesAt(noon, 0)
	if len(lines) != 1 || lines[0].ContactKm < 1000 || lines[0].ContactKm > 1400 || lines[0].BorderKm < 500 {
		t.Errorf("lines %+v: the contact part is some 1,200 km by the press", lines)
	}
}

// The counts of the data's own README: detections whose pixel centre lies inside the
// polygons of the day.
func TestRealDetectionsInsideTheMap(t *testing.T) {
	g := realGeometry(t, "20260410", "20260411", "20260412")
	for i, row := range []struct {
		file        string
		inside, all int
	}{{"2026100", 13, 43}, {"2026101", 15, 26}, {"2026102", 8, 33}} {
		path := filepath.Join(sharedData(t, "firms"), "J1_VIIRS_C2_Global_VJ114IMGTDL_NRT_"+row.file+".txt.csv")
		inside, all := 0, 0
		for _, p := range detections(t, path) {
			all++
			if party, _ := g.ControllerAt(p, at(fmt.Sprintf("2026-04-%dT12:00:00Z", 10+i)), 0); party == "B" {
				inside++
			}
		}
		if inside != row.inside || all != row.all {
			t.Errorf("%s: %d of %d inside, want %d of %d", row.file, inside, all, row.inside, row.all)
		}
	}
}

func detections(t testing.TB, path string) []geo.Point {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	lat, lon := slices.Index(rows[0], "latitude"), slices.Index(rows[0], "longitude")
	var out []geo.Point
	for _, row := range rows[1:] {
		y, errLat := strconv.ParseFloat(row[lat], 64)
		x, errLon := strconv.ParseFloat(row[lon], 64)
		if errLat != nil || errLon != nil {
			t.Fatalf("%s: %v", path, row)
		}
		out = append(out, geo.Point{Lat: geo.Degrees(y), Lon: geo.Degrees(x)})
	}
	return out
}

// BenchmarkEvaluateReal is the cost on a real map of some 3,000 corners, at places spread
// over the country as reports are.
func BenchmarkEvaluateReal(b *testing.B) {
	g := realGeometry(b, "20260412")
	incidents := make([]Input, 997)
	for i := range incidents {
		in := happening(someActs[i%len(someActs)], 0.9)
		in.Time = truce.Moment(at("2026-04-12T10:00:00Z"), time.Minute)
		in.Position = &geo.Position{Point: geo.Point{Lat: 45 + geo.Degrees(i%7), Lon: 30 + geo.Degrees(i%113)/12}, Error: geo.Isotropic(geo.Metres(200 + 30*(i%50)))}
		incidents[i] = Input{Incident: in}
	}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		g.Evaluate(incidents[i%len(incidents)])
	}
}

func BenchmarkCompileRealMap(b *testing.B) {
	for b.Loop() {
		realGeometry(b, "20260412")
	}
}
