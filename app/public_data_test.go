package app_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/app"
)

// run is one command line of the program; it fails the test when the command fails.
func run(t *testing.T, args ...string) string {
	t.Helper()
	var out, errOut bytes.Buffer
	if code := app.Main(args, strings.NewReader(""), &out, &errOut); code != 0 {
		t.Fatalf("truce %s: exit %d\n%s", strings.Join(args, " "), code, errOut.String())
	}
	return out.String()
}

// easterStudy is a data directory with the public data of April 2026, as the script of
// the case makes it.
func easterStudy(t *testing.T) string {
	t.Helper()
	data := sharedData(t)
	terms := filepath.Join(t.TempDir(), "terms")
	if err := os.CopyFS(terms, os.DirFS(filepath.Join("..", "docs", "cases", "easter-2026"))); err != nil {
		t.Fatal(err)
	}
	outline, err := os.ReadFile(filepath.Join(data, "viina", "ukraine-oblasts.geojson"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Join(terms, "lines"), 0o750); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(terms, "lines", "boundary.geojson"), outline, 0o600); err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "study")
	run(t, "init", dir, "--agreement", terms)
	importAll(t, dir, data)
	run(t, "assess", "--dir", dir)
	return dir
}

func importAll(t *testing.T, dir, data string) {
	t.Helper()
	for _, f := range []struct {
		flags   []string
		pattern string
	}{
		{[]string{"--format", "firms"}, "firms/J1_*_202610[012].txt.csv"},
		{[]string{"--format", "cloud"}, "firms/cloud_cover_*.csv"},
		{[]string{"--format", "control-map", "--series", "deepstate"}, "deepstate/deepstatemap_data_2026041[0-2].geojson"},
		{[]string{"--format", "viina"}, "viina/viina-events-2026-01-04.json"},
		{[]string{"--format", "post"}, "news-posts/*"},
	} {
		files, err := filepath.Glob(filepath.Join(data, f.pattern))
		if err != nil || len(files) == 0 {
			t.Fatalf("no files match %s", f.pattern)
		}
		run(t, append(append([]string{"import", "--dir", dir}, f.flags...), files...)...)
	}
}

// dayNumbers is what the test reads of a series.
type dayNumbers struct {
	Day        truce.Day          `json:"day"`
	DayNumber  int                `json:"day_number"`
	Fire       int                `json:"reports_of_fire"`
	Detections *int               `json:"detections"`
	Control    map[string]int     `json:"detections_by_control"`
	Map        string             `json:"map"`
	Clouds     []truce.CloudDay   `json:"clouds"`
	Shares     map[string]float64 `json:"thermal_coverage"`
}

func TestPublicDataOfEaster2026(t *testing.T) {
	dir := easterStudy(t)
	var days []dayNumbers
	if err := json.Unmarshal([]byte(run(t, "bulletin", "series", "--from", "2026-04-09", "--to", "2026-04-13", "--format", "json", "--dir", dir)), &days); err != nil {
		t.Fatal(err)
	}
	want := []struct {
		fire, detections, inside int
		cloud                    float64
	}{{15, -1, 0, .825}, {26, 43, 13, .781}, {20, 26, 15, .741}, {10, 33, 8, .648}, {19, -1, 0, .495}}
	if len(days) != len(want) {
		t.Fatalf("%d days, want %d", len(days), len(want))
	}
	for i, w := range want {
		d := days[i]
		if d.Fire != w.fire {
			t.Errorf("%s: %d reports of fire, want %d", d.Day, d.Fire, w.fire)
		}
		if got := detectionsOf(d); got != w.detections {
			t.Errorf("%s: %d detections, want %d (-1: no file read)", d.Day, got, w.detections)
		}
		if d.Control["B"] != w.inside {
			t.Errorf("%s: %d detections in the area under control of B, want %d", d.Day, d.Control["B"], w.inside)
		}
		if cloud := cloudOf(d, "country"); cloud < w.cloud-.0006 || cloud > w.cloud+.0006 {
			t.Errorf("%s: cloud %.4f, want %.3f", d.Day, cloud, w.cloud)
		}
	}
	if days[0].DayNumber != 1505 {
		t.Errorf("day number %d, want 1505 (24 February 2022 is day 0)", days[0].DayNumber)
	}
	checkPreviousPeriods(t, dir, days)
	checkPrintedClouds(t, dir)
}

func detectionsOf(d dayNumbers) int {
	if d.Detections == nil {
		return -1
	}
	return *d.Detections
}

func cloudOf(d dayNumbers, area string) float64 {
	for _, c := range d.Clouds {
		if c.Area == area {
			return c.Cover
		}
	}
	return -1
}

// checkPreviousPeriods: what the Daily of day N prints as the period before is what the
// Daily of day N-1 printed, in every received table.
func checkPreviousPeriods(t *testing.T, dir string, days []dayNumbers) {
	t.Helper()
	var before truce.Bulletin
	for i, d := range days {
		var b truce.Bulletin
		if err := json.Unmarshal([]byte(run(t, "bulletin", "daily", "--date", string(d.Day), "--format", "json", "--dir", dir)), &b); err != nil {
			t.Fatal(err)
		}
		if i > 0 {
			comparePrevious(t, before, b)
		}
		before = b
	}
}

func comparePrevious(t *testing.T, before, b truce.Bulletin) {
	t.Helper()
	compared := 0
	for _, table := range b.Tables {
		for _, old := range before.Tables {
			if old.Key != table.Key || table.Total.Cells[0].Previous == nil {
				continue
			}
			compared++
			printed := old.Total.Cells[0].This.N + old.Total.Cells[0].Preliminary.N
			if got := table.Total.Cells[0].Previous.N; got != printed {
				t.Errorf("%s, %s: the period before is %d, its own Daily says %d", b.Day, table.Key, got, printed)
			}
		}
	}
	if compared < 5 {
		t.Errorf("%s: only %d tables compared", b.Day, compared)
	}
}

// checkPrintedClouds: cloud stands in the report beside the counts.
func checkPrintedClouds(t *testing.T, dir string) {
	t.Helper()
	text := run(t, "bulletin", "daily", "--date", "2026-04-11", "--dir", dir)
	for _, want := range []string{"over country: 74", "map deepstate, version 2026-04-11", "Contact part", "place of effect, not origin of fire"} {
		if !strings.Contains(strings.ToLower(text), strings.ToLower(want)) {
			t.Errorf("the Daily of 11 April lacks %q", want)
		}
	}
	if strings.Contains(text, "occupied") {
		t.Error("the Daily says occupied")
	}
}

// refused runs a command line that must fail and say why.
func refused(t *testing.T, why string, args ...string) {
	t.Helper()
	var out, errOut bytes.Buffer
	if code := app.Main(args, strings.NewReader(""), &out, &errOut); code == 0 || !strings.Contains(errOut.String(), why) {
		t.Errorf("truce %s: exit %d, want a refusal with %q, got:\n%s", strings.Join(args, " "), code, why, errOut.String())
	}
}
