package app

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/sense/locate"
	"github.com/trucewatch/truce/source/arrivals"
)

// spoolIn is a spool for a file of a folder that is gone after the test.
func spoolIn(t *testing.T, folder string) *spool {
	t.Helper()
	s, err := (&cli{}).spoolFor(filepath.Join(folder, "e.csv"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		if left, err := os.ReadDir(folder); err != nil || len(left) != 0 {
			t.Errorf("%v is left, %v", left, err)
		}
	})
	return s
}

// spoolRow is the i-th arrival of a test: late ones, long ids, all fields at times.
func spoolRow(i int) locate.Arrival {
	a := locate.Arrival{ID: fmt.Sprint("a", i), Sensor: i * 7 % 100_000, Time: 1_900_000_000_000_000 + truce.Instant(i%5000)*1_234_567, Phase: locate.Phase(i % 3)}
	switch i % 50 {
	case 1:
		a.ID += strings.Repeat("x", 60_000*(i%100)/51)
	case 2:
		a.Time = locate.Earliest
	case 3:
		a.Sigma, a.Azimuth, a.AzimuthSigma, a.Amplitude = .25, geo.Degrees(i), 2, 1e-9*float64(i)
	case 4:
		a.Amplitude = 3
	}
	return a
}

// TestASpoolGivesBackWhatItTook, over many blocks; a row whose id stood there before is left out
// and named with its line.
func TestASpoolGivesBackWhatItTook(t *testing.T) {
	s := spoolIn(t, t.TempDir())
	var want []locate.Arrival
	const rows = 30_000
	for i := range rows {
		a := spoolRow(i)
		if i == rows-5 {
			a.ID = "a77"
		} else {
			want = append(want, a)
		}
		s.line = i + 2 + i/10
		if err := s.Append(a); err != nil {
			t.Fatal(err)
		}
	}
	var late []*arrivals.RowError
	s.late = func(e *arrivals.RowError) { late = append(late, e) }
	got, err := s.Arrivals()
	if err != nil || !slices.Equal(got, want) {
		t.Fatalf("%d of %d come back, %v", len(got), len(want), err)
	}
	if line := rows - 5 + 2 + (rows-5)/10; len(late) != 1 || late[0].Line != line || !strings.Contains(late[0].Reason, `"a77" stands there twice`) {
		t.Errorf("%v, want line %d", late, line)
	}
	if s.size < spoolBlock || len(s.waiting) >= spoolBlock {
		t.Errorf("%d bytes are in the file and %d wait", s.size, len(s.waiting))
	}
}

// TestASpoolKeepsNothingInMemory: a million arrivals.
func TestASpoolKeepsNothingInMemory(t *testing.T) {
	s := spoolIn(t, t.TempDir())
	a := locate.Arrival{ID: "a123456", Time: 1_900_000_000_000_000, Sensor: 3}
	var early, late runtime.MemStats
	for i := range 1_000_000 {
		if i == 100_000 {
			runtime.GC()
			runtime.ReadMemStats(&early)
		}
		a.Time += 30_000
		if err := s.Append(a); err != nil {
			t.Fatal(err)
		}
	}
	runtime.GC()
	runtime.ReadMemStats(&late)
	if grown := int64(late.HeapAlloc) - int64(early.HeapAlloc); grown > 256<<10 {
		t.Errorf("it grew by %d bytes", grown)
	}
	if each := float64(s.size) / 1e6; each > 25 {
		t.Errorf("%.1f bytes each in the file", each)
	}
}

// TestASpoolOutlivesAFullDisk: what the file does not take stays in memory, and a file that was cut
// short is named.
func TestASpoolOutlivesAFullDisk(t *testing.T) {
	s := spoolIn(t, t.TempDir())
	file, err := os.Open(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var want []locate.Arrival
	good := s.file
	for i := range 20_000 {
		if i == 10_000 {
			s.file = file // opened for reading: every write fails
		}
		a := spoolRow(i)
		want = append(want, a)
		if err := s.Append(a); err != nil {
			t.Fatal(err)
		}
	}
	s.file = good
	if got, err := s.Arrivals(); err != nil || s.failed == nil || !slices.Equal(got, want) {
		t.Errorf("%d of %d come back, %v; the disk said %v", len(got), len(want), err, s.failed)
	}
	if err := s.file.Truncate(s.size - 1); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Arrivals(); err == nil || !strings.Contains(err.Error(), "reading back the arrivals kept there") {
		t.Errorf("a file cut short: %v", err)
	}
	if _, err := (&cli{}).spoolFor(filepath.Join(t.TempDir(), "nowhere", "e.csv")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a folder that is not there: %v", err)
	}
}
