package app

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
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

// TestReadingCommandsAppendNothing: terms edited since the last assessment are read by a
// comparison of maps and not recorded by it, and neither do the lists leave a trace.
func TestReadingCommandsAppendNothing(t *testing.T) {
	p := newProgram(t)
	p.good(t, "import", "--format", "control-map", "--series", "exercise-control",
		p.write(t, "m_20310310.geojson", box("-21.9", "-47.95", "-21.5", "-47.85")))
	p.good(t, "assess")
	path := filepath.Join(p.dir, "agreement", "agreement.yaml")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	edited := strings.Replace(string(text), "accuracy_m: 200", "accuracy_m: 250", 1)
	if err := os.WriteFile(path, []byte(edited), 0o600); err != nil || edited == string(text) {
		t.Fatalf("the terms could not be edited: %v", err)
	}
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
