package thermal_test

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/sense/thermal"
)

// firmsFiles finds the shared detection files, or skips the test.
func firmsFiles(t *testing.T, pattern string) []string {
	t.Helper()
	root := os.Getenv("TRUCE_SHARED")
	for dir := "."; root == ""; dir = filepath.Join(dir, "..") {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			root = filepath.Join(dir, "..", "shared", "data")
		}
		if len(dir) > 40 {
			break
		}
	}
	files, _ := filepath.Glob(filepath.Join(root, "firms", pattern))
	if len(files) == 0 {
		t.Skipf("no shared data: %s is not in %s (set TRUCE_SHARED)", pattern, root)
	}
	return files
}

// readFIRMS reads the columns that thermal needs; the real decoder is elsewhere.
func readFIRMS(t *testing.T, files []string) []truce.Observation {
	t.Helper()
	var out []truce.Observation
	for _, file := range files {
		f, err := os.Open(file)
		if err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(f).ReadAll()
		f.Close()
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range rows[1:] {
			out = append(out, firmsRow(t, row))
		}
	}
	return out
}

func firmsRow(t *testing.T, row []string) truce.Observation {
	t.Helper()
	number := func(column int) float64 {
		v, err := strconv.ParseFloat(row[column], 64)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	when, err := time.Parse("2006-01-02 15:04:05", row[5]+" "+row[6])
	if err != nil {
		t.Fatal(err)
	}
	return detection(geo.Point{Lat: geo.Degrees(number(0)), Lon: geo.Degrees(number(1))}, truce.InstantOf(when), hot{
		satellite: row[7], scan: geo.Metres(1000 * number(3)), track: geo.Metres(1000 * number(4)), confidence: truce.Confidence(row[8]),
	})
}

func TestSharedRecurringCells(t *testing.T) {
	dets := readFIRMS(t, firmsFiles(t, "*.txt.csv"))
	if len(dets) != 383 {
		t.Fatalf("%d rows, want 383", len(dets))
	}
	hist := thermal.NewHistory(dets)
	rows, places := 0, map[thermal.Cell]int{}
	for _, d := range dets {
		if days := hist.CellDays(d.Place.Point); days >= 3 {
			rows++
			places[thermal.CellOf(d.Place.Point)] = days
		}
	}
	if rows != 27 || len(places) != 5 {
		t.Errorf("%d rows in %d cells seen on three days or more, want 27 in 5", rows, len(places))
	}
	if days := places[thermal.CellOf(geo.Point{Lat: 48.98, Lon: 24.72})]; days != 4 {
		t.Errorf("48.98N 24.72E seen on %d days, want 4", days)
	}
	t.Logf("recurring cells: %v", places)
}

func TestSharedSatellitesOfOneDay(t *testing.T) {
	dets := readFIRMS(t, firmsFiles(t, "*2026273.txt.csv"))
	if len(dets) != 281 {
		t.Fatalf("%d rows, want 281", len(dets))
	}
	events := thermal.Events(dets, thermal.History{}, thermal.Config{})
	several, pixels := 0, 0
	satellite := map[truce.ID]truce.SensorID{}
	for _, d := range dets {
		satellite[d.ID] = d.Sensor
	}
	for _, e := range events {
		var seen []truce.SensorID
		for _, s := range e.Support {
			seen = append(seen, satellite[s.Observation])
		}
		slices.Sort(seen)
		if len(slices.Compact(seen)) > 1 {
			several++
		}
		pixels += len(e.Support)
	}
	if pixels != 281 {
		t.Errorf("%d detections in the events, want all 281", pixels)
	}
	if len(events) > 190 || several < 30 {
		t.Errorf("%d events, %d seen by several satellites; expected far fewer than 281 and many shared", len(events), several)
	}
	t.Logf("281 detections, %d events, %d of them seen by more than one satellite", len(events), several)
}

func TestSharedRecurringHeatOnTheThirdDay(t *testing.T) {
	var dets []truce.Observation
	for _, day := range []string{"100", "101", "102"} {
		dets = append(dets, readFIRMS(t, firmsFiles(t, "J1*2026"+day+".txt.csv"))...)
	}
	labelled := 0
	events := thermal.Events(dets, thermal.NewHistory(dets), thermal.Config{})
	for _, e := range events {
		if slices.Contains(e.Labels, truce.LabelRecurringHeat) {
			labelled++
			if day := e.Origin.From.Day(); day != "2026-04-12" {
				t.Errorf("labelled on %s, before heat was seen on three days", day)
			}
		}
	}
	if labelled == 0 {
		t.Error("no recurring heat on the third day; the plant at 48.98N 24.72E burns every day")
	}
	t.Logf("%d detections, %d events, %d labelled recurring", len(dets), len(events), labelled)
}
