package app

import (
	"errors"
	"fmt"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/sim"
)

// assessedInHalves is a mission that read an exercise in two parts and was assessed after
// each, twice; it gives the digest of the read tables after each part.
func assessedInHalves(t *testing.T, world *sim.World) (digests []truce.Hash) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "mission")
	a := emptyMission(t, dir, "")
	for half := range 2 {
		for i, file := range world.Files() {
			if i%2 == half {
				if err := a.importExercise(t.Context(), dir, file); err != nil {
					t.Fatal(err)
				}
			}
		}
		first, err := a.Assess(t.Context())
		if err != nil || first.NewEvents == 0 || first.NewIncidents == 0 || first.Changed == 0 {
			t.Fatalf("part %d: %+v, %v; want something new", half, first, err)
		}
		head, _, err := a.store.Head(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		again, err := a.Assess(t.Context())
		want := first
		want.NewEvents, want.NewIncidents, want.Changed = 0, 0, 0
		if after, _, _ := a.store.Head(t.Context()); err != nil || !reflect.DeepEqual(again, want) || after != head {
			t.Fatalf("part %d again: %+v, %v, %d records; want %+v and %d", half, again, err, after, want, head)
		}
		digest, err := a.store.Digest(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		digests = append(digests, digest)
	}
	return digests
}

// What is derived, and in which order it is recorded, does not depend on the cores.
func TestAssessIsTheSameOnAnyNumberOfCores(t *testing.T) {
	world, err := sim.New(sim.Config{Seed: 4, Scale: 4})
	if err != nil {
		t.Fatal(err)
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	want := assessedInHalves(t, world)
	for _, cores := range []int{2, 5} {
		runtime.GOMAXPROCS(cores)
		if got := assessedInHalves(t, world); !slices.Equal(got, want) {
			t.Errorf("read tables on %d cores: %v, on one: %v", cores, got, want)
		}
	}
}

// pairOfShots are two events of two families at one place, so long apart.
func pairOfShots(apart time.Duration, revision int) []truce.Event {
	at := truce.InstantOf(time.Date(2031, 1, 2, 10, 0, 0, 0, time.UTC))
	shot := func(key string, family truce.Family, from truce.Instant, revision int) truce.Event {
		id := truce.NewID(at, "event", "test", []byte(key))
		return truce.Event{
			ID: id, Revision: revision, Kind: truce.ActIndirectFire, Origin: truce.Moment(from, 30*time.Second), Score: 0.9,
			Position: &geo.Position{Point: geo.Point{Lat: -21.6225, Lon: -47.904}, Error: geo.Isotropic(200)},
			Support:  []truce.Support{{Observation: id, Source: truce.SourceID("csv-" + key), Family: family}},
		}
	}
	return []truce.Event{shot("a", truce.FamilyAcoustic, at, 1), shot("b", truce.FamilyPatrol, at.Add(apart), revision)}
}

// An incident that was merged into another and is split off again goes on with its own
// history: its first revision is on record already.
func TestSplitRevivesTheIncidentThatWasMerged(t *testing.T) {
	a := emptyMission(t, filepath.Join(t.TempDir(), "mission"), "")
	terms, err := a.recordTerms(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	geometry, err := terms.Geometry(nil)
	if err != nil {
		t.Fatal(err)
	}
	for n, step := range []struct {
		apart   time.Duration
		changed int
		active  int
	}{{5 * time.Hour, 2, 2}, {10 * time.Second, 2, 1}, {5 * time.Hour, 2, 2}, {5 * time.Hour, 0, 2}} {
		now, err := a.standing(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		events := pairOfShots(step.apart, n+1)
		if _, err := a.appendEvents(t.Context(), events, now.events); err != nil {
			t.Fatal(err)
		}
		changed, err := a.appendIncidents(t.Context(), events, nil, now, geometry)
		page, listed := a.store.Incidents(t.Context(), truce.IncidentQuery{})
		if err != nil || listed != nil || changed != step.changed || page.Total != step.active {
			t.Errorf("step %d: %d revisions, %d incidents, %v, %v; want %d and %d", n, changed, page.Total, err, listed, step.changed, step.active)
		}
	}
}

func watermarks(n int) func(i int) (truce.Draft, bool, error) {
	return func(i int) (truce.Draft, bool, error) {
		draft, err := truce.NewDraft(truce.RecordWatermark, "", fmt.Sprint("test/", i), truce.Watermark{Name: "test", At: truce.Instant(i)})
		return draft, i%n == 0, err
	}
}

func TestAppendEachKeepsTheOrderAndLeavesOutWhatIsOld(t *testing.T) {
	a := emptyMission(t, filepath.Join(t.TempDir(), "mission"), "")
	before, _, err := a.store.Head(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	const n = 2*appendChunk + 7
	for _, every := range []int{3, 1} { // the keys of the first are known to the second
		count, err := a.appendEach(t.Context(), n, watermarks(every))
		if want := (n + every - 1) / every; err != nil || count != want {
			t.Fatalf("%d appended, %v; want %d", count, err, want)
		}
	}
	records, err := a.store.Records(t.Context(), before+1, n)
	if err != nil || len(records) != n {
		t.Fatalf("%d records, %v; want %d", len(records), err, n)
	}
	thirds := (n + 2) / 3
	for i, r := range records {
		want := 3 * i
		if i >= thirds { // what the first left out: 1, 2, 4, 5 ...
			k := i - thirds
			want = k + k/2 + 1
		}
		if r.Key != fmt.Sprint("test/", want) {
			t.Fatalf("record %d has the key %s, want test/%d", i, r.Key, want)
		}
	}
	if count, err := a.appendEach(t.Context(), 0, watermarks(1)); count != 0 || err != nil {
		t.Errorf("of nothing %d were appended, %v", count, err)
	}
}

func TestAppendEachStopsAtAFailure(t *testing.T) {
	a := emptyMission(t, filepath.Join(t.TempDir(), "mission"), "")
	broken := errors.New("broken")
	_, err := a.appendEach(t.Context(), 3*appendChunk, func(i int) (truce.Draft, bool, error) {
		if i == 2*appendChunk+5 {
			return truce.Draft{}, false, broken
		}
		return watermarks(1)(i)
	})
	if !errors.Is(err, broken) {
		t.Errorf("a draft that cannot be made: %v", err)
	}
	count, err := a.appendEach(t.Context(), 5*appendChunk, func(i int) (truce.Draft, bool, error) {
		draft, changed, err := watermarks(1)(i)
		draft.Body = append(draft.Body, ' ') // not canonical: the store refuses it
		return draft, changed, err
	})
	if truce.CodeOf(err) != truce.CodeInvalid || count != 0 {
		t.Errorf("a draft that the store refuses: %d appended, %v", count, err)
	}
}

func TestOnAllCoresDoesEachOnce(t *testing.T) {
	for _, n := range []int{0, 1, 63, 64, 65, 1000} {
		done := make([]int, n)
		if err := onAllCores(n, func(i int) error { done[i]++; return nil }); err != nil {
			t.Fatal(err)
		}
		if slices.ContainsFunc(done, func(times int) bool { return times != 1 }) {
			t.Errorf("of %d things some were not done once: %v", n, done)
		}
	}
	failed := errors.New("failed")
	if err := onAllCores(1000, func(i int) error {
		if i == 500 {
			return failed
		}
		return nil
	}); !errors.Is(err, failed) {
		t.Errorf("error %v, want that of the one that failed", err)
	}
}
