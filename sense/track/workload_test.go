package track_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/sense/track"
	sim "github.com/trucewatch/truce/sim/tracks"
)

// scansOf are the scans of a world as the tracker takes them.
func scansOf(w *sim.World) []track.Scan {
	out := make([]track.Scan, len(w.Scans))
	for i := range w.Scans {
		s := &w.Scans[i]
		out[i] = track.Scan{ID: s.ID, Time: s.Time}
		for _, p := range s.Plots {
			out[i].Plots = append(out[i].Plots, track.Plot{ID: p.ID, Time: s.Time, At: p.At, Sigma: w.Sigma})
		}
	}
	return out
}

// score holds tracks against the truth of a world, smoothed or as they were known.
func score(w *sim.World, result *track.Result, known bool) *sim.Score {
	at := map[truce.Instant][]sim.Found{}
	for _, tr := range result.Tracks {
		states := tr.States
		if known {
			states = tr.Known
		}
		for _, s := range states {
			at[s.Time] = append(at[s.Time], sim.Found{Track: fmt.Sprint(tr.Number), At: s.At, Sigma: s.Sigma})
		}
	}
	out := sim.NewScore()
	for i := range w.Scans {
		if i+1 < sim.FirstScored {
			continue
		}
		s := &w.Scans[i]
		truth := sim.Truth{Time: s.Time, At: map[string]geo.Point{}}
		for target, p := range s.Truth {
			id := fmt.Sprint(target)
			truth.At[id], truth.IDs = p, append(truth.IDs, id)
		}
		out.Add(&truth, at[s.Time])
	}
	out.Close()
	return out
}

// world makes a workload.
func world(t testing.TB, name string, seed uint64) *sim.World {
	t.Helper()
	cfg, err := sim.ParseWorkload(name, seed)
	if err != nil {
		t.Fatal(err)
	}
	w, err := sim.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func follow(t testing.TB, scans []track.Scan, cfg track.Config) track.Result {
	t.Helper()
	r, err := track.Batch(scans, cfg)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestWorkloads: the figures of docs/benchmarks.md, with room for other seeds.
func TestWorkloads(t *testing.T) {
	for _, test := range []struct {
		name                         string
		known, smooth, spurious      float64
		switches                     int
		leastNEES, mostNEES, detects float64
	}{
		{"T20+20", 70, 42, .1, 1, 1.4, 2.4, .9},
		{"C20+20", 80, 45, .1, 10, 1.5, 2.5, .9},
		{"H20/0.3", 330, 250, 1, 8, 1.2, 3, .6},
	} {
		w := world(t, test.name, 7)
		r := follow(t, scansOf(w), track.Config{})
		known, smooth := score(w, &r, true), score(w, &r, false)
		if known.GOSPA > test.known || smooth.GOSPA > test.smooth || smooth.GOSPA > known.GOSPA {
			t.Errorf("%s: as known %v, smoothed %v; want GOSPA at most %.0f and %.0f m", test.name, known, smooth, test.known, test.smooth)
		}
		if known.False > test.spurious || known.Switches > test.switches {
			t.Errorf("%s: %v; want at most %.1f false a scan and %d switches", test.name, known, test.spurious, test.switches)
		}
		if known.NEES < test.leastNEES || known.NEES > test.mostNEES {
			t.Errorf("%s: NEES %.2f, want %.1f to %.1f", test.name, known.NEES, test.leastNEES, test.mostNEES)
		}
		if math.Abs(r.Detection-test.detects) > .06 {
			t.Errorf("%s: a chance of detection of %.3f was found, it is %.1f", test.name, r.Detection, test.detects)
		}
	}
}

// TestErrorsAreFound: plots that do not say how good they are.
func TestErrorsAreFound(t *testing.T) {
	for _, sigma := range []geo.Metres{6, 20, 90} {
		cfg, err := sim.ParseWorkload("T20+20", 3)
		if err != nil {
			t.Fatal(err)
		}
		cfg.Sigma, cfg.Stated = sigma, sim.StatedNone
		w, err := sim.New(cfg)
		if err != nil {
			t.Fatal(err)
		}
		r := follow(t, scansOf(w), track.Config{})
		if math.Abs(float64(r.Sigma/sigma)-1) > .12 {
			t.Errorf("an error of %.0f m was found to be %.1f", float64(sigma), float64(r.Sigma))
		}
		if s := score(w, &r, false); s.Missed > .2 || s.False > .2 {
			t.Errorf("sigma %.0f m: %v", float64(sigma), s)
		}
	}
}

// TestOrderWithinAScanDoesNotMatter, nor the number of processors: the tracks are the same to
// the last bit.
func TestOrderWithinAScanDoesNotMatter(t *testing.T) {
	scans := scansOf(world(t, "T20+20", 5))[:40]
	want := follow(t, scans, track.Config{})
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	chance := rand.New(rand.NewPCG(1, 2))
	for range 3 {
		for i := range scans {
			plots := slices.Clone(scans[i].Plots)
			chance.Shuffle(len(plots), func(a, b int) { plots[a], plots[b] = plots[b], plots[a] })
			scans[i].Plots = plots
		}
		if got := follow(t, scans, track.Config{}); !reflect.DeepEqual(got, want) {
			t.Fatal("other tracks for the same plots in another order")
		}
	}
}

// TestLiveEqualsBatch: scans in any order within the time allowed, whole or in parts.
func TestLiveEqualsBatch(t *testing.T) {
	scans := scansOf(world(t, "T20+20", 6))[:50]
	want := follow(t, scans, track.Config{})
	chance := rand.New(rand.NewPCG(3, 4))
	for range 4 {
		var parts []track.Scan
		for _, s := range scans {
			cut := chance.IntN(len(s.Plots))
			one, two := s, s
			one.Plots, two.Plots = s.Plots[:cut], s.Plots[cut:]
			parts = append(parts, one, two)
		}
		for i := range parts { // none moves more than 12 places
			j := min(len(parts)-1, i+chance.IntN(12))
			parts[i], parts[j] = parts[j], parts[i]
		}
		live, err := track.NewLive(track.Config{})
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range parts {
			if _, err := live.Add(p); err != nil {
				t.Fatal(err)
			}
		}
		if got := live.Close(); !reflect.DeepEqual(got, want) {
			t.Fatalf("live found %d tracks, batch %d, or other states", len(got.Tracks), len(want.Tracks))
		}
	}
}

// TestLiveTellsWhatBatchKnew: what is told at a scan is what the record has for it.
func TestLiveTellsWhatBatchKnew(t *testing.T) {
	scans := scansOf(world(t, "T20+20", 8))[:30]
	live, err := track.NewLive(track.Config{})
	if err != nil {
		t.Fatal(err)
	}
	told := map[int][]track.State{}
	for _, s := range scans {
		now, err := live.Add(s)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range now {
			told[c.Number] = append(told[c.Number], c.State)
		}
	}
	r := live.Close()
	if len(r.Tracks) < 18 {
		t.Fatalf("%d tracks", len(r.Tracks))
	}
	for _, tr := range r.Tracks {
		if len(told[tr.Number]) != len(tr.Known) {
			t.Errorf("track %d: %d states told, %d known", tr.Number, len(told[tr.Number]), len(tr.Known))
			continue
		}
		for i, s := range tr.Known {
			if d, _, _ := geo.Inverse(s.At, told[tr.Number][i].At); d > .001 {
				t.Errorf("track %d, state %d: told %v, known %v", tr.Number, i, told[tr.Number][i].At, s.At)
			}
		}
	}
}

// TestTooLateIsRefused on one side of the bound and taken on the other; a refusal changes
// nothing.
func TestTooLateIsRefused(t *testing.T) {
	scans := scansOf(world(t, "T20+20", 9))[:20]
	want := follow(t, scans, track.Config{})
	for _, test := range []struct {
		late  truce.Micros
		taken bool
	}{{15_000_000, true}, {14_999_999, false}} {
		live, err := track.NewLive(track.Config{Late: test.late})
		if err != nil {
			t.Fatal(err)
		}
		for i, s := range scans {
			if i == 4 {
				continue
			}
			if _, err := live.Add(s); err != nil {
				t.Fatal(err)
			}
		}
		_, err = live.Add(scans[4])
		if test.taken && err != nil || !test.taken && (truce.CodeOf(err) != truce.CodeInvalid || !strings.Contains(err.Error(), "15.0 s behind")) {
			t.Errorf("15 s late where %g s are allowed: %v", float64(test.late)/1e6, err)
		}
		if got := live.Close(); reflect.DeepEqual(got, want) != test.taken {
			t.Errorf("%g s allowed: the tracks are those of all scans: %v", float64(test.late)/1e6, !test.taken)
		}
	}
}

// TestFarClutterChangesNothing of the tracks that are there: places stay within a
// millimetre.
func TestFarClutterChangesNothing(t *testing.T) {
	scans := scansOf(world(t, "T20+20", 10))[:40]
	want := follow(t, scans, track.Config{})
	chance := rand.New(rand.NewPCG(5, 6))
	for i := range scans {
		scans[i].Plots = slices.Clone(scans[i].Plots)
		for range 8 {
			at := geo.Point{Lat: geo.Degrees(-45.2 + .2*chance.Float64()), Lon: geo.Degrees(-17.6 + .2*chance.Float64())}
			scans[i].Plots = append(scans[i].Plots, track.Plot{ID: "far", Time: scans[i].Time, At: at, Sigma: 20})
		}
	}
	got := follow(t, scans, track.Config{})
	var near []track.Track
	for _, tr := range got.Tracks {
		if tr.States[0].At.Lat < -46.5 {
			near = append(near, tr)
		}
	}
	if len(near) != len(want.Tracks) {
		t.Fatalf("%d tracks with far clutter, %d without", len(near), len(want.Tracks))
	}
	for i, tr := range near {
		if len(tr.States) != len(want.Tracks[i].States) {
			t.Fatalf("track %d has %d states, %d without far clutter", i, len(tr.States), len(want.Tracks[i].States))
		}
		for j, s := range tr.States {
			if d, _, _ := geo.Inverse(s.At, want.Tracks[i].States[j].At); d > .001 {
				t.Errorf("track %d, state %d moved %g m", i, j, float64(d))
			}
		}
	}
}

func BenchmarkBatch(b *testing.B) {
	for _, name := range []string{"T20+20", "T100+100", "T200+500", "T1000+1000"} {
		scans := scansOf(world(b, name, 1))
		plots := 0
		for _, s := range scans {
			plots += len(s.Plots)
		}
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				follow(b, scans, track.Config{})
			}
			b.ReportMetric(float64(plots*b.N)/b.Elapsed().Seconds(), "plots/s")
			b.ReportMetric(b.Elapsed().Seconds()*1000/float64(len(scans)*b.N), "ms/scan")
		})
	}
}
