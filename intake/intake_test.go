package intake_test

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/intake"
	"github.com/trucewatch/truce/keep/store"
)

var source = truce.SourceInfo{ID: "s", Title: "a feed", Family: truce.FamilyPatrol}

func clock() time.Time { return time.Date(2031, 3, 11, 12, 0, 0, 0, time.UTC) }

// newDoor opens a door on a real store in a temporary directory.
func newDoor(t *testing.T, batchRows int) (*intake.Door, *store.Store) {
	t.Helper()
	s, err := store.Create(context.Background(), "sqlite:"+filepath.Join(t.TempDir(), "truce.db"),
		truce.Inception{Realm: truce.ExerciseRealm("test"), Mission: "Test", Store: "test"}, store.Options{Clock: clock})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	door, err := intake.New(intake.Config{Appender: s, Now: clock, BatchRows: batchRows})
	if err != nil {
		t.Fatal(err)
	}
	return door, s
}

func beat(n int) truce.Observation {
	at := truce.InstantOf(clock()).Add(time.Duration(n) * time.Second)
	return truce.Observation{
		ID: truce.NewID(at, "health", "s", fmt.Append(nil, n)), Kind: truce.KindHealth, Source: "s",
		Phenomenon: truce.Moment(at, time.Second), Health: &truce.Health{Working: true},
		Signature: truce.SignatureNone, Origin: truce.Origin{File: "beats.csv", Line: n + 1},
	}
}

func read(t *testing.T, door *intake.Door, rows []truce.Observation, bad []truce.Rejection) intake.Counts {
	t.Helper()
	session, err := door.Open(context.Background(), source, "beats.csv")
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range rows {
		if err := session.Observe(o); err != nil {
			t.Fatal(err)
		}
	}
	for _, r := range bad {
		if err := session.Reject(r); err != nil {
			t.Fatal(err)
		}
	}
	counts, err := session.Close()
	if err != nil {
		t.Fatal(err)
	}
	return counts
}

func TestReadingTwiceChangesNothing(t *testing.T) {
	door, s := newDoor(t, 4)
	var rows []truce.Observation
	for n := range 10 {
		rows = append(rows, beat(n))
	}
	bad := []truce.Rejection{{File: "beats.csv", Line: 11, Reason: "no time", Raw: []byte("x;y")}}
	first := read(t, door, rows, bad)
	head, hash, err := s.Head(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	second := read(t, door, rows, bad)
	head2, hash2, err := s.Head(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if first.Accepted != 10 || first.Quarantined != 1 || first.Rows() != 11 {
		t.Errorf("first reading gave %+v, want 10 accepted and 1 quarantined", first)
	}
	if second.Accepted != 0 || second.Duplicate != 10 {
		t.Errorf("second reading gave %+v, want 10 duplicates", second)
	}
	if head != head2 || hash != hash2 {
		t.Errorf("second reading moved the head from %d to %d", head, head2)
	}
}

func TestDuplicatesInOneFileAreCountedOnce(t *testing.T) {
	door, _ := newDoor(t, 100)
	got := read(t, door, []truce.Observation{beat(1), beat(1), beat(2)}, nil)
	if got.Accepted != 2 || got.Duplicate != 1 {
		t.Errorf("counts %+v, want 2 accepted and 1 duplicate", got)
	}
}

func TestInvalidRowGoesToQuarantineAndTheRestGoesOn(t *testing.T) {
	door, s := newDoor(t, 100)
	broken := beat(3)
	broken.Health = nil
	got := read(t, door, []truce.Observation{beat(1), broken, beat(2)}, nil)
	if got.Accepted != 2 || got.Quarantined != 1 {
		t.Fatalf("counts %+v, want 2 accepted and 1 quarantined", got)
	}
	rows, total, err := s.Quarantined(context.Background(), "s", 0, 10)
	if err != nil || total != 1 {
		t.Fatalf("quarantine holds %d rows, error %v", total, err)
	}
	if rows[0].Line != 4 || !strings.Contains(rows[0].Reason, "payload") {
		t.Errorf("quarantined row %+v does not name line and reason", rows[0])
	}
}

// TestRowFromTheFutureGoesToQuarantine: the bound is a day after the row was received, to
// the microsecond; nothing bounds the past.
func TestRowFromTheFutureGoesToQuarantine(t *testing.T) {
	door, s := newDoor(t, 100)
	day := int(intake.MaxAhead / time.Second)
	last := beat(day)
	over := beat(day)
	over.Phenomenon.From++
	over.Phenomenon.To += 2
	over.ID = truce.NewID(over.Phenomenon.From, "health", "s", []byte("over"))
	long := beat(-60) // begun, and to last beyond the bound
	long.Phenomenon.To = truce.InstantOf(clock()).Add(300 * intake.MaxAhead)
	got := read(t, door, []truce.Observation{beat(-day * 10_000), last, over, long, beat(day * 400)}, nil)
	if got.Accepted != 3 || got.Quarantined != 2 || len(got.Reasons) != 1 {
		t.Fatalf("counts %+v, want 3 accepted and 2 quarantined for one reason", got)
	}
	rows, total, err := s.Quarantined(context.Background(), "s", 0, 10)
	if err != nil || total != 2 {
		t.Fatalf("quarantine holds %d rows, error %v", total, err)
	}
	for _, row := range rows {
		if row.File != "beats.csv" || row.Line == 0 || !strings.Contains(row.Reason, "more than 24 h in the future") {
			t.Errorf("quarantined row %+v does not name file, line and reason", row)
		}
	}
}

func TestRejectedRowIsCutAtItsBound(t *testing.T) {
	door, s := newDoor(t, 100)
	long := []byte(strings.Repeat("x", truce.MaxRejectedRow+1))
	read(t, door, nil, []truce.Rejection{{File: "f", Line: 1, Reason: "long", Raw: long}})
	rows, _, err := s.Quarantined(context.Background(), "s", 0, 10)
	if err != nil || len(rows) != 1 {
		t.Fatalf("quarantine %v, error %v", rows, err)
	}
	if len(rows[0].Raw) != truce.MaxRejectedRow {
		t.Errorf("kept %d bytes, the bound is %d", len(rows[0].Raw), truce.MaxRejectedRow)
	}
}

func TestHostileReasonsAreCountedTogether(t *testing.T) {
	door, _ := newDoor(t, 100)
	var bad []truce.Rejection
	for n := range intake.MaxReasons + 20 {
		bad = append(bad, truce.Rejection{File: "f", Line: n, Reason: fmt.Sprintf("reason %d", n)})
	}
	got := read(t, door, nil, bad)
	if len(got.Reasons) > intake.MaxReasons+1 {
		t.Errorf("%d reasons are counted apart, the bound is %d", len(got.Reasons), intake.MaxReasons+1)
	}
	if got.Quarantined != len(bad) {
		t.Errorf("%d quarantined, want %d", got.Quarantined, len(bad))
	}
}

// TestReasonsOfManyFeaturesAreOne: they are counted together, and kept with their numbers.
func TestReasonsOfManyFeaturesAreOne(t *testing.T) {
	door, s := newDoor(t, 100)
	var bad []truce.Rejection
	for n := range 2 * intake.MaxReasons {
		bad = append(bad, truce.Rejection{File: "f", Line: n, Reason: fmt.Sprintf("feature #%d: time is empty", n)})
	}
	got := read(t, door, nil, bad)
	if len(got.Reasons) != 1 || got.Reasons["time is empty"] != len(bad) {
		t.Errorf("reasons %v, want one of %d rows", got.Reasons, len(bad))
	}
	rows, _, err := s.Quarantined(context.Background(), "s", 0, 200)
	if err != nil || len(rows) != len(bad) || !strings.HasPrefix(rows[0].Reason, "feature #") {
		t.Errorf("quarantine %v, error %v", rows[:min(len(rows), 1)], err)
	}
}

func TestDoorRefusesSenselessConfigs(t *testing.T) {
	for name, cfg := range map[string]intake.Config{
		"nothing":        {},
		"negative batch": {Appender: &store.Store{}, Now: clock, BatchRows: -1},
		"huge batch":     {Appender: &store.Store{}, Now: clock, BatchRows: intake.MaxBatchRows + 1},
	} {
		if _, err := intake.New(cfg); truce.CodeOf(err) != truce.CodeInvalid {
			t.Errorf("%s: error %v, want an invalid one", name, err)
		}
	}
}

func TestSessionRefusesARowOfAnotherSource(t *testing.T) {
	door, _ := newDoor(t, 100)
	session, err := door.Open(context.Background(), source, "f")
	if err != nil {
		t.Fatal(err)
	}
	o := beat(1)
	o.Source = "other"
	if err := session.Observe(o); err == nil {
		t.Error("a row of another source was admitted")
	}
}

func TestSourceWithoutFamilyIsRefused(t *testing.T) {
	door, _ := newDoor(t, 100)
	if _, err := door.Open(context.Background(), truce.SourceInfo{ID: "x"}, "f"); truce.CodeOf(err) != truce.CodeInvalid {
		t.Errorf("error %v, want an invalid one", err)
	}
}
