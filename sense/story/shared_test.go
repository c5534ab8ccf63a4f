package story_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/sense/story"
)

// kinetic maps the types that the data note counts as kinetic.
var kinetic = map[string]truce.Act{"S": truce.ActAirStrike, "D": truce.ActOWAUAV, "A": truce.ActIndirectFire, "F": truce.ActDirectFire}

// readVIINA reads what story needs of the shared news events, or skips the test.
func readVIINA(t *testing.T) []truce.Observation {
	t.Helper()
	root := os.Getenv("TRUCE_SHARED")
	for dir := "."; root == "" && len(dir) < 40; dir = filepath.Join(dir, "..") {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			root = filepath.Join(dir, "..", "shared", "data")
		}
	}
	raw, err := os.ReadFile(filepath.Join(root, "viina", "viina-events-2026-01-04.json"))
	if err != nil {
		t.Skipf("no shared data: %v (set TRUCE_SHARED)", err)
	}
	var days map[string][][]json.RawMessage
	if err := json.Unmarshal(raw, &days); err != nil {
		t.Fatal(err)
	}
	var out []truce.Observation
	for key, rows := range days {
		when, err := time.Parse("20060102", key)
		if err != nil {
			t.Fatal(err)
		}
		for i, row := range rows {
			out = append(out, viinaRow(t, truce.InstantOf(when), fmt.Sprint(key, i), row))
		}
	}
	return out
}

func viinaRow(t *testing.T, from truce.Instant, key string, row []json.RawMessage) truce.Observation {
	t.Helper()
	var lon, lat float64
	var place, kind string
	var links []string
	for i, to := range map[int]any{0: &lon, 1: &lat, 2: &place, 3: &kind, 5: &links} {
		if err := json.Unmarshal(row[i], to); err != nil {
			t.Fatal(err)
		}
	}
	r := truce.Report{Links: links}
	if act, ok := kinetic[kind]; ok {
		r.Claims = claims(act)
	}
	return truce.Observation{
		ID: truce.NewID(from, "report", "viina", []byte(key)), Kind: truce.KindReport, Source: "viina",
		Phenomenon: truce.PhenomenonTime{From: from, To: from.Add(24 * time.Hour)},
		Place:      &geo.Position{Point: geo.Point{Lat: geo.Degrees(lat), Lon: geo.Degrees(lon)}, Error: geo.Isotropic(1500)},
		PlaceName:  place, Report: &r,
	}
}

func TestSharedNewsEvents(t *testing.T) {
	events, skipped := story.Events(readVIINA(t), story.Config{CapitalPlaces: []string{"Kyiv"}})
	if len(events)+skipped.NoAct != 13_740 || skipped.NoPlace != 0 {
		t.Fatalf("%d events, skipped %+v, want 13,740 rows in all", len(events), skipped)
	}
	easter := map[truce.Day]int{}
	first, last, size := map[string]truce.Instant{}, map[string]truce.Instant{}, map[string]int{}
	for _, e := range events {
		easter[e.Origin.From.Day()]++
		g := e.Support[0].Group
		if g == "" {
			continue
		}
		if size[g] == 0 {
			first[g] = e.Origin.From
		}
		last[g] = max(last[g], e.Origin.From)
		size[g]++
	}
	// The kinetic reports of 9 to 13 April, as the data note has them.
	for i, want := range []int{15, 26, 20, 10, 19} {
		day := truce.Day(fmt.Sprintf("2026-04-%02d", 9+i))
		if easter[day] != want {
			t.Errorf("%s: %d kinetic reports, want %d", day, easter[day], want)
		}
	}
	largest := 0
	for g, n := range size {
		largest = max(largest, n)
		if span := last[g].Sub(first[g]); span > story.DefaultCopyWindow {
			t.Errorf("group %s spans %v", g, span)
		}
	}
	t.Logf("%d events, %d groups of copies, the largest of %d", len(events), len(size), largest)
}
