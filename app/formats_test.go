package app

import (
	"strings"
	"testing"

	"github.com/trucewatch/truce"
)

// TestFormatsDeclareTheirSources: every format has a name and words for the help text,
// and what it reads belongs to sources that are declared whole.
func TestFormatsDeclareTheirSources(t *testing.T) {
	seen := map[string]bool{}
	for _, f := range formats() {
		if f.name == "" || f.about == "" || seen[f.name] {
			t.Errorf("format %q (%q) is unnamed or twice there", f.name, f.about)
		}
		seen[f.name] = true
		infos := f.infos(importOptions{Series: "series"})
		if len(infos) == 0 {
			t.Errorf("%s declares no source", f.name)
		}
		for _, info := range infos {
			if err := info.Validate(); err != nil || info.Title == "" {
				t.Errorf("%s: %+v: %v", f.name, info, err)
			}
		}
		mustHold(t, helpOf(formats()), f.name, f.about)
		if found, err := formatNamed(f.name); err != nil || found.name != f.name {
			t.Errorf("%s is not found by its name: %v", f.name, err)
		}
	}
	if _, err := formatNamed("FIRMS"); err == nil || !strings.Contains(err.Error(), "choose one of firms, csv") {
		t.Errorf("a format of another name: %v", err)
	}
}

func TestBuiltInSourcesHaveOneMeaning(t *testing.T) {
	built := builtInSources()
	for _, id := range []truce.SourceID{"firms", "viina", "csv", "csv-patrol", "geojson", "cloud", "note-patrol"} {
		if built[id].ID != id {
			t.Errorf("%s is not among the sources of Truce", id)
		}
	}
	families := reportFamilies()
	for _, family := range families {
		if !family.Witness() {
			t.Errorf("%s cannot witness anything and may not speak in a table", family)
		}
	}
	if len(families) < 10 {
		t.Errorf("only %v may speak in a table", families)
	}
}

// TestOwnSourcesOfTables: those of the settings come after those of the format, whose
// first takes what cannot be read, and none is there twice.
func TestOwnSourcesOfTables(t *testing.T) {
	own := []truce.SourceInfo{{ID: "team", Family: truce.FamilyPatrol}, {ID: "csv-patrol", Family: truce.FamilyPatrol}}
	infos := tableInfos(importOptions{Own: own})
	count := map[truce.SourceID]int{}
	for _, info := range infos {
		count[info.ID]++
	}
	if infos[0].ID != "csv" || count["team"] != 1 || count["csv-patrol"] != 1 {
		t.Errorf("first %s, %v", infos[0].ID, count)
	}
}

func TestOwnSourceSpeaksInATable(t *testing.T) {
	p := newProgram(t)
	p.settings(t, "sources:\n  - {id: team-north, family: patrol, title: Team north, licence: CC-BY-4.0, attribution: Us, redistribute: true}\n")
	rows := "time,lat,lon,source,act,text\n2031-03-11T14:20:05Z,-47.9040,-21.6225,team-north,crater,a crater\n"
	mustHold(t, p.good(t, "import", "--format", "csv", p.write(t, "a.csv", rows)), "1 accepted, 0 duplicate, 0 quarantined")
	a, err := Open(t.Context(), p.dir, p.clock())
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	sources, err := a.store.Sources(t.Context())
	if err != nil || len(sources) != 1 || sources[0].ID != "team-north" || !sources[0].Redistribute {
		t.Errorf("sources are %+v: %v", sources, err)
	}
}
