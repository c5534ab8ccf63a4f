package app

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/trucewatch/truce"
)

// oneRule speaks of mortars, after the days of the story.
const oneRule = `control_by: MAP-EXERCISE
rules:
  - id: R01
    clause: "1.1"
    prohibit: [indirect_fire]
    where: {area_of: [A, B]}
    in_force: {from: "2031-06-01T00:00:00Z"}
    evidence_min: {families: 2}
    p_min: 0.7
    count: {unit: engagement}
`

// controlByMap is a mission whose control map decides, with versions by their days: the
// party inside holds what lies east of the longitude. No rule is in force in the story.
func controlByMap(t *testing.T, zone string, west map[string]string) program {
	t.Helper()
	p := newProgram(t)
	p.now = p.now.AddDate(0, 0, 3)
	text, err := os.ReadFile(filepath.Join(p.dir, "agreement", "agreement.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	head, _, cut := strings.Cut(string(text), "lines:\n  - id:")
	if !cut {
		t.Fatal("the illustrative agreement has no lines to leave out")
	}
	p.terms(t, strings.Replace(head, "zone: Etc/GMT+1", "zone: "+zone, 1)+oneRule)
	for _, day := range slices.Sorted(maps.Keys(west)) {
		p.good(t, "import", "--format", "control-map", "--series", "exercise-control", p.write(t, "m_"+day+".geojson", box(west[day], "-48.2", "-21.0", "-47.6")))
	}
	return p
}

// fires writes detections of one satellite, each at its time and longitude.
func (p program) fires(t *testing.T, rows ...string) {
	t.Helper()
	text := firmsHeader
	for _, row := range rows {
		text += row + "\n"
	}
	p.good(t, "import", "--format", "firms", p.write(t, "fires.csv", text))
}

func fire(lat float64, lon, date, clock string) string {
	return fmt.Sprintf("%.3f,%s,340.0,0.40,0.40,%s,%s,N20,n,2.0NRT,290.0,8.00,N,VIIRS", lat, lon, date, clock)
}

// daily is the Daily of a day as its JSON has it.
func (p program) daily(t *testing.T, day string) truce.Bulletin {
	t.Helper()
	var b truce.Bulletin
	if err := json.Unmarshal([]byte(p.good(t, "bulletin", "daily", "--date", day, "--format", "json")), &b); err != nil {
		t.Fatal(err)
	}
	return b
}

// controlOf are the numbers of a table by control, preliminary ones with them.
func controlOf(t *testing.T, b truce.Bulletin, key string) map[string]int {
	t.Helper()
	for _, table := range b.Tables {
		if table.Key == key {
			return controlCounts(table)
		}
	}
	t.Fatalf("%s has no table %s", b.Number, key)
	return nil
}

// TestHeatAndDetectionsAgreeOnTheSide: of fires far from the edge of the map, detections
// and the heat events made of them lie on the same sides, though no rule speaks of heat; a
// reported act of fire that is outside every rule has a side too.
func TestHeatAndDetectionsAgreeOnTheSide(t *testing.T) {
	p := controlByMap(t, "Etc/UTC", map[string]string{"20310301": "-21.6"})
	var rows []string
	for i, lon := range []string{"-21.80", "-21.80", "-21.80", "-21.40", "-21.40"} {
		rows = append(rows, fire(-47.96+0.05*float64(i), lon, "2031-03-11", "0400"))
	}
	p.fires(t, rows...)
	p.good(t, "import", "--format", "csv", p.write(t, "rows.csv", `time,lat,lon,sigma_m,family,sensor,act,text
2031-03-11T03:00:00Z,-47.90,-21.40,200,patrol,team-north,controlled_explosion,shots on a range
2031-03-11T09:00:00Z,-47.90,-21.80,200,patrol,team-north,indirect_fire,mortars
`))
	p.good(t, "assess")
	b := p.daily(t, "2031-03-11")
	detections, heat := controlOf(t, b, "received.detections_by_control"), controlOf(t, b, "heat.control")
	for party, want := range map[string]int{"A": 3, "B": 2, "": 0} {
		if detections[party] != want || heat[party] != want {
			t.Errorf("%q: %d detections and %d heat events, want %d of both", party, detections[party], heat[party], want)
		}
	}
	for _, r := range b.Rows {
		if r.Control == "" {
			t.Errorf("row %d (%s) has no side: %v", r.N, r.Act, r.ControlP)
		}
	}
}

// TestEveryVersionOfTheMapIsNamed: where the map changes within a period, what was counted
// by each version is said under every count by control, and both stand among the maps.
func TestEveryVersionOfTheMapIsNamed(t *testing.T) {
	p := controlByMap(t, "Europe/Kyiv", map[string]string{"20310310": "-21.6", "20310311": "-21.3"})
	p.fires(t,
		fire(-47.95, "-21.40", "2031-03-10", "2230"), fire(-47.85, "-21.40", "2031-03-10", "2230"), fire(-47.75, "-21.80", "2031-03-10", "2230"),
		fire(-47.95, "-21.40", "2031-03-11", "1100"))
	p.good(t, "assess")
	b := p.daily(t, "2031-03-11")
	for key, want := range map[string]map[string]int{
		"received.detections_by_control": {"A": 2, "B": 2, "": 0}, "heat.control": {"A": 2, "B": 2, "": 0},
	} {
		got := controlOf(t, b, key)
		for party, n := range want {
			if got[party] != n {
				t.Errorf("%s, %q: %d, want %d", key, party, got[party], n)
			}
		}
		for _, table := range b.Tables {
			if table.Key == key && fmt.Sprint(table.MapVersion, table.MapUses) != "2031-03-10, 2031-03-11[{2031-03-10 3} {2031-03-11 1}]" {
				t.Errorf("%s is counted by %q, %v", key, table.MapVersion, table.MapUses)
			}
		}
	}
	var listed []string
	for _, l := range b.Lines {
		listed = append(listed, l.Version)
	}
	if !slices.Equal(listed, []string{"2031-03-11", "2031-03-10"}) {
		t.Errorf("versions among the lines and maps used: %v", listed)
	}
	mustHold(t, p.good(t, "bulletin", "daily", "--date", "2031-03-11"),
		"on map exercise-control, by the version valid at the time: version 2031-03-10 (3 detections), version 2031-03-11 (1 detection).",
		"version 2031-03-10 (3 rows), version 2031-03-11 (1 row).")
	mustHold(t, p.good(t, "bulletin", "daily", "--date", "2031-03-11", "--lang", "uk"), "версія 2031-03-10 (3 виявлення), версія 2031-03-11 (1 виявлення).")
	if before := p.daily(t, "2031-03-10"); slices.ContainsFunc(before.Tables, func(t truce.CountTable) bool { return len(t.MapUses) > 0 }) {
		t.Error("the day before names several versions")
	}
}
