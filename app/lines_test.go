package app

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/trucewatch/truce"
)

// box is a map of one rectangle under control of the party inside.
func box(west, south, east, north string) string {
	corner := func(lon, lat string) string { return "[" + lon + "," + lat + "]" }
	ring := strings.Join([]string{corner(west, south), corner(east, south), corner(east, north), corner(west, north), corner(west, south)}, ",")
	return `{"type":"FeatureCollection","features":[{"type":"Feature","properties":{},"geometry":{"type":"Polygon","coordinates":[[` + ring + `]]}}]}`
}

func diffOf(t *testing.T, p program, first, second string) linesDiff {
	t.Helper()
	var d linesDiff
	text := p.good(t, "lines", "diff", first, second, "--json")
	if err := json.Unmarshal([]byte(text), &d); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	return d
}

// TestLinesDiffBothWays: what one day gains of the other, the other loses of it, and
// areas add up.
func TestLinesDiffBothWays(t *testing.T) {
	p := newProgram(t)
	p.good(t, "import", "--format", "control-map", "--series", "exercise-control",
		p.write(t, "m_20310310.geojson", box("-21.9", "-47.95", "-21.5", "-47.85")),
		p.write(t, "m_20310311.geojson", box("-21.8", "-47.95", "-21.3", "-47.85")))
	there, back := diffOf(t, p, "2031-03-10", "2031-03-11"), diffOf(t, p, "2031-03-11", "2031-03-10")
	if there.GainedKm2 != back.LostKm2 || there.LostKm2 != back.GainedKm2 || there.BeforeKm2 != back.AfterKm2 {
		t.Errorf("there %+v, back %+v", there, back)
	}
	if math.Abs(there.BeforeKm2+there.GainedKm2-there.LostKm2-there.AfterKm2) > 1e-6*there.AfterKm2 {
		t.Errorf("areas do not add up: %+v", there)
	}
	// A degree of longitude is 74.7 km at 47.9 degrees, a tenth of one of latitude 11.1 km.
	if math.Abs(there.GainedKm2-2*7.47*11.12) > 2 || there.Gained != 1 || there.Lost != 1 {
		t.Errorf("gained %.1f km2 in %d places, want about 166 in 1", there.GainedKm2, there.Gained)
	}
	if there.Party != "B" || there.AccuracyM != 200 || there.From != "2031-03-10" || there.To != "2031-03-11" {
		t.Errorf("told of %+v", there)
	}
}

// TestLinesDiffTakesTheVersionThatHolds: between two versions the older one holds.
func TestLinesDiffTakesTheVersionThatHolds(t *testing.T) {
	p := newProgram(t)
	p.good(t, "import", "--format", "control-map", "--series", "exercise-control",
		p.write(t, "m_20310301.geojson", box("-21.9", "-47.95", "-21.5", "-47.85")),
		p.write(t, "m_20310311.geojson", box("-21.8", "-47.95", "-21.3", "-47.85")))
	if d := diffOf(t, p, "2031-03-05", "2031-03-12"); d.From != "2031-03-01" || d.To != "2031-03-11" {
		t.Errorf("versions %s and %s", d.From, d.To)
	}
	mustHold(t, p.bad(t, "lines", "diff", "2031-02-01", "2031-03-12"), "no version of control map MAP-EXERCISE holds on 2031-02-01")
}

func TestLinesDiffWithoutAMapInTheTerms(t *testing.T) {
	p := newProgram(t)
	path := filepath.Join(p.dir, "agreement", "agreement.yaml")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	from, to := strings.Index(string(text), "control_maps:"), strings.Index(string(text), "lines:\n  - id:")
	if from < 0 || to < from {
		t.Fatal("the illustrative agreement has no control maps to leave out")
	}
	without := string(text[:from]) + string(text[to:])
	if err := os.WriteFile(path, []byte(without), 0o600); err != nil {
		t.Fatal(err)
	}
	mustHold(t, p.bad(t, "lines", "diff", "2031-03-10", "2031-03-11"), "the agreement names no control map")
}

// TestTheDailyCitesTheMapOfMostOfItsDay: versions of a map begin at 00:00 UTC, days of the
// agreement do not. West and east of UTC the Daily of the 11th cites the version of the
// 11th, and its map draws the same one.
func TestTheDailyCitesTheMapOfMostOfItsDay(t *testing.T) {
	for zone, want := range map[string]string{"America/Lima": "2031-03-11", "Europe/Kyiv": "2031-03-11", "Etc/UTC": "2031-03-11", "Pacific/Auckland": "2031-03-10"} {
		p := newProgram(t)
		p.now = p.now.AddDate(0, 0, 2)
		p.editTerms(t, "zone: Etc/GMT+1", "zone: "+zone)
		var files []string
		for i, day := range []string{"20310309", "20310310", "20310311", "20310312"} {
			files = append(files, p.write(t, "m_"+day+".geojson", box(fmt.Sprintf("-21.%d", 9-i), "-47.95", "-21.3", "-47.85")))
		}
		p.good(t, append([]string{"import", "--format", "control-map", "--series", "exercise-control"}, files...)...)
		p.good(t, "assess")
		text := p.good(t, "bulletin", "daily", "--date", "2031-03-11", "--format", "json")
		var b struct{ Lines []truce.BulletinLine }
		if err := json.Unmarshal([]byte(text), &b); err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(b.Lines, func(l truce.BulletinLine) bool { return l.Map == "exercise-control" })
		if i < 0 || b.Lines[i].Version != want {
			t.Errorf("%s: lines %+v, want version %s of the control map", zone, b.Lines, want)
		}
	}
}

// editTerms replaces a piece of agreement.yaml.
func (p program) editTerms(t *testing.T, old, fresh string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(p.dir, "agreement", "agreement.yaml"))
	if err != nil || strings.Count(string(text), old) == 0 {
		t.Fatalf("agreement.yaml does not hold %q: %v", old, err)
	}
	p.terms(t, strings.Replace(string(text), old, fresh, 1))
}

// TestReadingCommandsAppendNothing: terms edited since the last assessment are read by a
// comparison of maps and not recorded by it, and neither do the lists leave a trace.
func TestReadingCommandsAppendNothing(t *testing.T) {
	p := newProgram(t)
	p.good(t, "import", "--format", "control-map", "--series", "exercise-control",
		p.write(t, "m_20310310.geojson", box("-21.9", "-47.95", "-21.5", "-47.85")))
	p.good(t, "assess")
	p.editTerms(t, "accuracy_m: 200", "accuracy_m: 250")
	before := p.head(t)
	if d := diffOf(t, p, "2031-03-10", "2031-03-10"); d.AccuracyM != 250 {
		t.Errorf("accuracy %.0f m, the edited terms say 250", d.AccuracyM)
	}
	for _, args := range [][]string{{"incidents"}, {"findings", "--json"}, {"verify-store"}} {
		p.good(t, args...)
	}
	if after := p.head(t); after != before {
		t.Errorf("reading moved the head from %d to %d", before, after)
	}
}

// head is the number of the last record.
func (p program) head(t *testing.T) truce.Seq {
	t.Helper()
	a, err := Open(t.Context(), p.dir, p.clock())
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	seq, _, err := a.store.Head(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return seq
}
