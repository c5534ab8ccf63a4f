package app

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/agreement"
	"github.com/trucewatch/truce/geo"
)

// newTermsDir is a data directory with an agreement of its own that nothing was imported
// into.
func newTermsDir(t *testing.T) *App {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "mission")
	var out bytes.Buffer
	if code := MainAt(time.Now, []string{"init", dir}, strings.NewReader(""), &out, &out); code != 0 {
		t.Fatalf("init: exit %d\n%s", code, out.String())
	}
	a, err := Open(t.Context(), dir, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { a.Close() })
	return a
}

// amendTerms writes the agreement's buffer with another width and records it.
func amendTerms(t *testing.T, a *App, from, to string) {
	t.Helper()
	file := filepath.Join(a.cfg.Path(a.cfg.Agreement), agreement.MainFile)
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(text, []byte(from)) {
		t.Fatalf("%s does not say %q", file, from)
	}
	if err := os.WriteFile(file, bytes.ReplaceAll(text, []byte(from), []byte(to)), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := a.recordTerms(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// appendOther appends a record that is neither terms nor a map.
func appendOther(t *testing.T, a *App, n int) {
	t.Helper()
	draft, err := truce.NewDraft(truce.RecordWatermark, "", fmt.Sprint("test/", n), truce.Watermark{Name: "test", At: truce.Instant(n)})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.store.Append(t.Context(), truce.Batch{Drafts: []truce.Draft{draft}}); err != nil {
		t.Fatal(err)
	}
}

// importMap imports a control map of the agreement's series, by the command.
func importMap(t *testing.T, a *App) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "map_20260411.geojson")
	const area = `{"type":"FeatureCollection","features":[{"type":"Feature","properties":{},"geometry":{"type":"Polygon",
"coordinates":[[[-21.9,-47.95],[-21.5,-47.95],[-21.5,-47.85],[-21.9,-47.85],[-21.9,-47.95]]]}}]}`
	if err := os.WriteFile(file, []byte(area), 0o600); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	args := []string{"import", "--dir", a.cfg.dir, "--format", "control-map", "--series", "exercise-control", file}
	if code := MainAt(time.Now, args, strings.NewReader(""), &out, &out); code != 0 {
		t.Fatalf("import: exit %d\n%s", code, out.String())
	}
}

const narrowBuffer, wideBuffer = "from_m: 0, to_m: 5000", "from_m: 0, to_m: 9000"

func TestTheDeskCompilesTermsOnlyWhenTheyChange(t *testing.T) {
	a := newTermsDir(t)
	d := &deskReader{app: a}
	if _, err := d.geometry(t.Context()); truce.CodeOf(err) != truce.CodeNotFound {
		t.Fatalf("before the first assessment: %v", err)
	}
	if _, err := a.recordTerms(t.Context()); err != nil {
		t.Fatal(err)
	}
	first, err := d.geometry(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	appendOther(t, a, 1)
	if again, err := d.geometry(t.Context()); err != nil || again != first {
		t.Errorf("a record of another kind compiled the terms anew (%v)", err)
	}
	amendTerms(t, a, narrowBuffer, wideBuffer)
	second, err := d.geometry(t.Context())
	if err != nil || second == first || d.inForce.Current().Version != second.Agreement().Version {
		t.Errorf("amended terms: %p after %p, version %s (%v)", second, first, d.inForce.Current().Version, err)
	}
	importMap(t, a)
	if third, err := d.geometry(t.Context()); err != nil || third == second || third.Agreement() != second.Agreement() {
		t.Errorf("a new map: %p after %p (%v)", third, second, err)
	}
}

// TestPagesSeeOneVersionOfTheTerms asks while terms are amended: each answer is that of one
// version, never of half of one. Run it with -race.
func TestPagesSeeOneVersionOfTheTerms(t *testing.T) {
	a := newTermsDir(t)
	if _, err := a.recordTerms(t.Context()); err != nil {
		t.Fatal(err)
	}
	d := &deskReader{app: a}
	within := geo.Position{Point: geo.Point{Lat: -47.82, Lon: -21.70}, Error: geo.Isotropic(100)}
	stop := make(chan struct{})
	var wait sync.WaitGroup
	for range 3 {
		wait.Go(func() {
			for askBuffer(t, d, within) > 0 {
				select {
				case <-stop:
					return
				default:
				}
			}
		})
	}
	for range 2 {
		for _, width := range [][2]string{{narrowBuffer, wideBuffer}, {wideBuffer, narrowBuffer}} {
			amendTerms(t, a, width[0], width[1])
			if got := askBuffer(t, d, within); !strings.HasSuffix(width[1], fmt.Sprintf("to_m: %.0f", got)) {
				t.Errorf("the buffer is %v m wide after it was amended to %q", got, width[1])
			}
		}
	}
	close(stop)
	wait.Wait()
}

// askBuffer is how wide the terms of the desk say the buffer is, 0 where their geometry
// says otherwise.
func askBuffer(t *testing.T, d *deskReader, within geo.Position) float64 {
	m, err := d.mapper(t.Context(), 0, deskLanguage)
	if err != nil {
		t.Error(err)
		return 0
	}
	terms := m.g.Agreement()
	zone := terms.Zones[slices.IndexFunc(terms.Zones, func(z agreement.Zone) bool { return z.ID == "Z-BUFFER" })]
	w := m.g.At(within, terms.Effective.At, 0)
	edge := w.Lines[0].DistanceM + w.Zones[slices.IndexFunc(w.Zones, func(in agreement.Inside) bool { return in.ID == "Z-BUFFER" })].EdgeM
	if d := edge - zone.Band.ToM; d < -1 || d > 1 {
		t.Errorf("a buffer of %v m whose edge is %v m from the line", zone.Band.ToM, edge)
		return 0
	}
	return zone.Band.ToM
}
