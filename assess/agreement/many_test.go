package agreement

import (
	"fmt"
	"strings"
	"testing"

	truce "github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
)

// manyZones are the files of the plain agreement with so many small zones more, half of
// them in a rule of their own.
func manyZones(t *testing.T, n int) []truce.AgreementFile {
	t.Helper()
	var yaml, drawn strings.Builder
	drawn.WriteString(`{"type":"FeatureCollection","features":[`)
	ids := make([]string, n)
	for i := range n {
		ids[i] = fmt.Sprintf("Q%d", i)
		lon, lat := -22.5+float64(i%200)*0.01, -48.9+float64(i/200)*0.01
		fmt.Fprintf(&yaml, "  - {id: Q%d, kind: buffer, file: q.geojson}\n", i)
		if i > 0 {
			drawn.WriteString(",\n")
		}
		fmt.Fprintf(&drawn, `{"type":"Feature","id":"Q%d","properties":{"name":"Q","name_uk":"К"},"geometry":{"type":"Polygon","coordinates":[[[%.3f,%.3f],[%.3f,%.3f],[%.3f,%.3f],[%.3f,%.3f],[%.3f,%.3f]]]}}`,
			i, lon, lat, lon+0.008, lat, lon+0.008, lat+0.008, lon, lat+0.008, lon, lat)
	}
	drawn.WriteString("]}")
	rule := "\nrules:\n  - {id: RQ, clause: \"1.1\", prohibit: [recon_uav], where: {zones: [" + strings.Join(ids[n/2:], ",") + "]}, p_min: 0.7, count: {unit: flight}}"
	files := plainFiles(t)
	for i := range files {
		if files[i].Name == MainFile {
			text := strings.Replace(string(files[i].Data), "\nzones:\n", "\nzones:\n"+yaml.String(), 1)
			files[i].Data = []byte(strings.Replace(text, "\nrules:", rule, 1))
		}
	}
	return append(files, truce.AgreementFile{Name: "q.geojson", Data: []byte(drawn.String())})
}

// Ten thousand zones are read, linted and compiled, and each finds what happens in it.
func TestTenThousandZones(t *testing.T) {
	a, err := Parse(manyZones(t, 10_000))
	if err != nil {
		t.Fatalf("%.2000v", err)
	}
	g, err := a.Geometry(nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(a.Zones) < 10_000 {
		t.Fatalf("%d zones", len(a.Zones))
	}
	for lat, want := range map[float64]truce.Verdict{-48.5955: truce.VerdictHit, -48.4055: truce.VerdictHit, -48.7955: truce.VerdictOutside, -49.5: truce.VerdictOutside} {
		in := truce.Incident{Time: truce.Moment(a.Effective.At+3_600_000_000, 0), P: 1, Occurrence: truce.OccurrenceCorroborated,
			Families: []truce.Family{truce.FamilyAcoustic, truce.FamilyPatrol}, Acts: []truce.ActWeight{{Act: "recon_uav", P: 1}}, Detail: &truce.Detail{},
			Position: &geo.Position{Point: geo.Point{Lat: geo.Degrees(lat), Lon: -22.496}, Error: geo.Isotropic(20)}}
		for _, f := range g.Evaluate(Input{Incident: in}).Findings {
			if f.Rule == "RQ" && f.Verdict != want {
				t.Errorf("at latitude %g: %s, want %s; %v", lat, f.Verdict, want, f.Trace)
			}
		}
	}
}

// The bounds are said by the list they are of.
func TestListsOfDrawnThingsMayBeLong(t *testing.T) {
	for path, want := range map[string]int{"zones": MaxDrawn, "sites": MaxDrawn, "rules[3].where.zones": MaxDrawn, "lists[0].sites": MaxDrawn, "rules": MaxEntries, "ladder.tiers": MaxEntries, "windows": MaxEntries} {
		if got := mostEntries(path); got != want {
			t.Errorf("%s: %d, want %d", path, got, want)
		}
	}
	files, err := Amend(plainFiles(t), "many.yaml", []byte("acts: {}\nwindows: ["+strings.Repeat("{},", MaxEntries+1)+"]\n"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Parse(files); err == nil || !strings.Contains(err.Error(), "entries, the bound is 500") {
		t.Errorf("%.500v", err)
	}
}
