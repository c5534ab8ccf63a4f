package sim

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
)

func newWorld(t *testing.T, cfg Config) *World {
	t.Helper()
	w, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// digest is one line per file with its SHA-256, the truth last.
func digest(t *testing.T, w *World) string {
	t.Helper()
	truth, err := w.Truth().JSON()
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, f := range append(slices.Clone(w.Files()), File{Name: "truth.json", Data: truth}) {
		sum := sha256.Sum256(f.Data)
		b.WriteString(hex.EncodeToString(sum[:]) + "  " + f.Name + "\n")
	}
	return b.String()
}

func TestDefaultWorldIsTheGoldenOne(t *testing.T) {
	got := digest(t, newWorld(t, Config{}))
	const path = "testdata/default_world.golden"
	if *update {
		writeGolden(t, path, []byte(got))
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("the default world changed; run go test ./sim -update and say so in the changelog\ngot:\n%s\nwant:\n%s", got, want)
	}
}

func TestSameConfigSameBytes(t *testing.T) {
	for _, cfg := range []Config{{}, {Seed: 7, Days: 5, History: -1}, {Seed: 1 << 60, Start: "2033-12-30", Scale: 2.5}} {
		if first, again := digest(t, newWorld(t, cfg)), digest(t, newWorld(t, cfg)); first != again {
			t.Errorf("%+v gave two different worlds", cfg)
		}
	}
	if digest(t, newWorld(t, Config{Seed: 1})) == digest(t, newWorld(t, Config{Seed: 2})) {
		t.Error("two seeds gave one world")
	}
}

func TestConfigBounds(t *testing.T) {
	for name, cfg := range map[string]Config{
		"start is no day":   {Start: "10 March"},
		"too many days":     {Days: MaxDays + 1},
		"negative days":     {Days: -1},
		"too much history":  {History: MaxDays + 1},
		"negative scale":    {Scale: -1},
		"scale over bound":  {Scale: MaxScale + 1},
		"day out of spring": {Start: "2031-02-30"},
	} {
		if _, err := New(cfg); truce.CodeOf(err) != truce.CodeInvalid || err == nil {
			t.Errorf("%s: got %v, want a refusal", name, err)
		}
	}
	if _, err := New(Config{Days: 1, History: MaxDays}); err != nil {
		t.Errorf("at the bound: %v", err)
	}
}

func TestHappeningsAreWhereTheTruthSaysTheyAre(t *testing.T) {
	for _, cfg := range []Config{{}, {Seed: 3, Days: 7}, {Seed: 4, Scale: 6}} {
		w := newWorld(t, cfg)
		l, truth := w.Island(), w.Truth()
		for _, h := range truth.Happenings {
			if h.AtSea == l.OnLand(h.Point) {
				t.Errorf("%s at %v: at sea %v, on land %v", h.ID, h.Point, h.AtSea, l.OnLand(h.Point))
			}
			if h.AtSea {
				t.Errorf("%s (%s) fell into the sea; no recipe wants that", h.ID, h.Act)
			}
			if h.Side != l.Holder(h.Point) || h.Area != l.AreaOf(h.Point) || h.Area == "" {
				t.Errorf("%s: side %s, area %q", h.ID, h.Side, h.Area)
			}
			if h.Origin != nil && (h.OriginSide == h.Side || h.OriginSide != l.Holder(*h.Origin)) {
				t.Errorf("%s: effect on %s, origin %v said to be %s", h.ID, h.Side, *h.Origin, h.OriginSide)
			}
			if !h.Act.Known() || h.To < h.From || h.Count < 1 {
				t.Errorf("%s: act %q, from %v to %v, count %d", h.ID, h.Act, h.From, h.To, h.Count)
			}
		}
	}
}

func TestEveryDayHasItsRole(t *testing.T) {
	truth := newWorld(t, Config{}).Truth()
	perDay := map[truce.Day]int{}
	acts := map[truce.Act]bool{}
	for _, h := range truth.Happenings {
		perDay[h.From.Day()]++
		acts[h.Act] = true
	}
	quiet, breaches, easing := perDay["2031-03-10"], perDay["2031-03-11"], perDay["2031-03-12"]
	if quiet == 0 || quiet >= easing || easing >= breaches {
		t.Errorf("happenings a day: %d, %d, %d; want a few, most, fewer", quiet, breaches, easing)
	}
	if total := quiet + breaches + easing; total != len(truth.Happenings) || total < 60 || total > 120 {
		t.Errorf("%d happenings on the three days, %d in all; want 60 to 120 and none elsewhere", total, len(truth.Happenings))
	}
	for _, act := range []truce.Act{truce.ActIndirectFire, truce.ActMissileStrike, truce.ActOWAUAV, "recon_uav", truce.ActNewTrench, truce.ActDenyAccess, truce.ActJamGNSS} {
		if !acts[act] {
			t.Errorf("no %s in the default exercise", act)
		}
	}
}

func TestBothSidesAreTreatedAlike(t *testing.T) {
	w := newWorld(t, Config{Seed: 11, Scale: 20})
	on := map[truce.PartyID]int{}
	seen := map[truce.PartyID]int{}
	for _, h := range w.Truth().Happenings {
		on[h.Side]++
		if len(h.Families) > 1 {
			seen[h.Side]++
		}
	}
	a, b := float64(on[PartyA]), float64(on[PartyB])
	if a/b < 0.85 || a/b > 1.18 {
		t.Errorf("%v happenings on A's side, %v on B's: the draw favours one", a, b)
	}
	if ra, rb := float64(seen[PartyA])/a, float64(seen[PartyB])/b; ra-rb > 0.08 || rb-ra > 0.08 {
		t.Errorf("two families saw %.2f of what fell on A's side and %.2f on B's", ra, rb)
	}
}

func TestTruthPointsAtRows(t *testing.T) {
	w := newWorld(t, Config{Seed: 5})
	files := map[string][]string{}
	for _, f := range w.Files() {
		files[f.Name] = strings.Split(strings.TrimSuffix(string(f.Data), "\n"), "\n")
	}
	if len(files) != len(w.Files()) {
		t.Error("two files have one name")
	}
	check := func(of string, row RowRef) {
		lines, ok := files[row.File]
		if !ok || row.Line < 0 || row.Line == 1 || row.Line > len(lines) {
			t.Errorf("%s points at line %d of %s", of, row.Line, row.File)
		}
	}
	for _, h := range w.Truth().Happenings {
		for _, row := range h.Rows {
			check(h.ID, row)
		}
	}
	for _, n := range w.Truth().Nuisances {
		for _, row := range n.Rows {
			check(n.ID, row)
		}
	}
	for _, bad := range w.Truth().BadRows {
		check("a bad row", RowRef{File: bad.File, Line: bad.Line})
	}
	if w.Truth().Files["nowhere"] != 0 || len(w.Truth().Files) != len(files) {
		t.Errorf("the truth counts rows of %d files, there are %d", len(w.Truth().Files), len(files))
	}
}

func TestRowsAreCreditedToTheirCause(t *testing.T) {
	w := newWorld(t, Config{})
	byName := map[string][]string{}
	for _, f := range w.Files() {
		byName[f.Name] = strings.Split(string(f.Data), "\n")
	}
	checked := 0
	for _, h := range w.Truth().Happenings {
		for _, row := range h.Rows {
			if row.Family != truce.FamilyPatrol {
				continue
			}
			text := byName[row.File][row.Line-1]
			if !strings.Contains(text, h.From.Time().Format("2006-01-02T15:04")) {
				t.Errorf("%s began %v; its row says %q", h.ID, h.From, text)
			}
			checked++
		}
	}
	if checked < 10 {
		t.Errorf("only %d rows of patrols checked", checked)
	}
}

func TestCountsAddUp(t *testing.T) {
	truth := newWorld(t, Config{Seed: 9}).Truth()
	happened := 0
	for _, c := range truth.Counts {
		happened += c.Happened
		if c.Corroborated > c.Recorded || c.Recorded > c.Happened {
			t.Errorf("%+v: more seen than happened", c)
		}
	}
	if happened != len(truth.Happenings) {
		t.Errorf("counts add up to %d of %d happenings", happened, len(truth.Happenings))
	}
}

func TestEveryNuisanceKindOccurs(t *testing.T) {
	truth := newWorld(t, Config{}).Truth()
	for _, kind := range []NuisanceKind{NuisanceStubble, NuisanceRecurring, NuisanceQuarry, NuisanceThunder, NuisanceFalse, NuisanceOldFilm,
		NuisanceCopied, NuisanceDuplicate, NuisanceTotal} {
		if !slices.ContainsFunc(truth.Nuisances, func(n Nuisance) bool { return n.Kind == kind }) {
			t.Errorf("no %s in the default exercise", kind)
		}
	}
}

func TestSilentSensorsSayNothing(t *testing.T) {
	w := newWorld(t, Config{Seed: 2, Scale: 10})
	for _, o := range w.Truth().Outages {
		for _, f := range w.Files() {
			for _, line := range strings.Split(string(f.Data), "\n") {
				fields := strings.Split(line, ",")
				if f.Format != FormatCSV || len(fields) < 8 || fields[7] != string(o.Sensor) {
					continue
				}
				at, err := time.Parse(time.RFC3339, fields[1])
				if when := truce.InstantOf(at); err == nil && when >= o.From && when < o.To && !strings.Contains(line, "Site visit") {
					t.Errorf("%s was silent (%s) and yet: %s", o.Sensor, o.Reason, line)
				}
			}
		}
	}
}

func TestTruthIsMarkedAndReadable(t *testing.T) {
	w := newWorld(t, Config{})
	data, err := w.Truth().JSON()
	if err != nil {
		t.Fatal(err)
	}
	var back Truth
	if err := json.Unmarshal(data, &back); err != nil {
		t.Fatal(err)
	}
	again, err := back.JSON()
	if err != nil || !bytes.Equal(data, again) {
		t.Errorf("the truth changes on reading it back (%v)", err)
	}
	if !strings.HasPrefix(back.Notice, "EXERCISE") {
		t.Errorf("the truth begins %q", back.Notice)
	}
	for _, f := range w.Files() {
		if !strings.Contains(f.Name, "/exercise_") {
			t.Errorf("%s does not say in its name that it is an exercise", f.Name)
		}
	}
}

func TestWindowsHoldTheirExplosions(t *testing.T) {
	truth := newWorld(t, Config{}).Truth()
	within := 0
	for _, h := range truth.Happenings {
		if h.Act != truce.ActControlledExplos {
			continue
		}
		for _, win := range truth.Windows {
			if h.From >= win.From && h.From < win.To && geo.Distance(h.Point, win.Point) <= win.RadiusM {
				within++
			}
		}
	}
	if within != 2 || len(truth.Windows) != 2 {
		t.Errorf("%d explosions inside %d windows; want two inside and one after the end", within, len(truth.Windows))
	}
}

func TestScaleMultipliesHappenings(t *testing.T) {
	one, ten := len(newWorld(t, Config{}).Truth().Happenings), len(newWorld(t, Config{Scale: 10}).Truth().Happenings)
	if ratio := float64(ten) / float64(one); ratio < 8.5 || ratio > 10.5 {
		t.Errorf("scale 10 makes %d of %d happenings", ten, one)
	}
}

func TestAnySeedIsSound(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		cfg := Config{Seed: rapid.Uint64().Draw(rt, "seed"), Days: rapid.IntRange(1, 6).Draw(rt, "days"),
			History: rapid.IntRange(-1, 3).Draw(rt, "history"), Scale: rapid.Float64Range(0.01, 2).Draw(rt, "scale")}
		w := newWorld(t, cfg)
		from, to := w.at(0, 0), w.at(cfg.Days, 0)
		for _, h := range w.Truth().Happenings {
			if h.From < from || h.From >= to {
				rt.Fatalf("%s happens at %v, outside the exercise", h.ID, h.From)
			}
			if h.AtSea || h.Area == "" {
				rt.Fatalf("%s lies at sea or outside the areas: %v", h.ID, h.Point)
			}
			if !slices.IsSorted(h.Families) || len(slices.Compact(slices.Clone(h.Families))) != len(h.Families) {
				rt.Fatalf("%s: families %v", h.ID, h.Families)
			}
		}
		if !slices.IsSortedFunc(w.Files(), func(a, b File) int { return strings.Compare(a.Name, b.Name) }) {
			rt.Fatal("files are not in order of their names")
		}
		for _, f := range w.Files() {
			if f.Format == FormatFIRMS && bytes.Contains(f.Data, []byte("NaN")) {
				rt.Fatalf("%s holds NaN", f.Name)
			}
		}
	})
}
