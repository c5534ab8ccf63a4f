package storetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/keep/store"
)

func testLifeCycle(t *testing.T, f *fixture) {
	ctx := t.Context()
	_, err := store.Create(ctx, f.dsn, truce.Inception{Realm: truce.RealmReal, Store: "second"}, store.Options{})
	wantCode(t, "creating a second store in the same place", err, truce.CodeConflict)
	receipt := f.append(t, mark(t, "a"))
	f.reopen(t)
	if realm := f.store.Realm(); realm != truce.ExerciseRealm("suite") {
		t.Errorf("realm after opening again = %q", realm)
	}
	seq, hash, err := f.store.Head(ctx)
	if err != nil || seq != receipt.Head || hash != receipt.HeadHash {
		t.Errorf("head = %d %s, %v, want that of the last receipt, %d %s", seq, hash, err, receipt.Head, receipt.HeadHash)
	}
	reader, err := store.Open(ctx, f.dsn, store.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	_, err = reader.Append(ctx, truce.Batch{Drafts: []truce.Draft{mark(t, "b")}})
	wantCode(t, "appending to a store opened for reading", err, truce.CodeUnavailable)
	if err := reader.Close(); err != nil {
		t.Error(err)
	}
	if err := f.store.Close(); err != nil {
		t.Fatal(err)
	}
	_, err = f.store.Append(ctx, truce.Batch{Drafts: []truce.Draft{mark(t, "b")}})
	wantCode(t, "appending to a closed store", err, truce.CodeUnavailable)
	if f.store, err = store.Open(ctx, f.dsn, f.options()); err != nil {
		t.Fatal(err)
	}
}

func testSequence(t *testing.T, f *fixture) {
	const callers, each = 8, 10
	seqs := make(chan truce.Seq, callers*each)
	var wg sync.WaitGroup
	for c := range callers {
		wg.Go(func() {
			for n := range each {
				receipt, err := f.store.Append(t.Context(), truce.Batch{Drafts: []truce.Draft{mark(t, fmt.Sprintf("%d/%d", c, n))}})
				if err != nil {
					t.Error(err)
					return
				}
				seqs <- receipt.Seqs[0]
			}
		})
	}
	wg.Wait()
	close(seqs)
	var got []truce.Seq
	for seq := range seqs {
		got = append(got, seq)
	}
	slices.Sort(got)
	for i, seq := range got {
		if seq != truce.Seq(i)+2 { // 1 is the inception
			t.Fatalf("receipts carry %v, want 2 to %d without a gap", got, callers*each+1)
		}
	}
	records, err := f.store.Records(t.Context(), 1, 1000)
	if err != nil || len(records) != callers*each+1 {
		t.Fatalf("%d records, %v, want %d", len(records), err, callers*each+1)
	}
	prev, last := truce.Hash{}, truce.RecordedTime(0)
	for _, r := range records {
		if err := r.Verify(prev); err != nil {
			t.Error(err)
		}
		if r.Time < last {
			t.Errorf("record %d was recorded before the one before it", r.Seq)
		}
		prev, last = r.Hash, r.Time
	}
}

// testTwoProcesses lets two stores on the same place append at once, as two processes
// do.
func testTwoProcesses(t *testing.T, f *fixture) {
	second, err := store.Open(t.Context(), f.dsn, store.Options{Clock: f.clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	defer second.Close()
	var wg sync.WaitGroup
	for p, s := range []*store.Store{f.store, second} {
		wg.Go(func() {
			for n := range 15 {
				// Every third key is sent by both.
				key := fmt.Sprintf("%d/%d", p, n)
				if n%3 == 0 {
					key = fmt.Sprintf("both/%d", n)
				}
				if _, err := s.Append(t.Context(), truce.Batch{Drafts: []truce.Draft{mark(t, key)}}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if seq, _, err := f.store.Head(t.Context()); err != nil || seq != 1+5+20 {
		t.Errorf("head = %d, %v, want 26: the inception, five keys of both and ten of each", seq, err)
	}
	f.sound(t)
}

func testDuplicate(t *testing.T, f *fixture) {
	first := f.append(t, mark(t, "a"), mark(t, "b"))
	again := f.append(t, mark(t, "b"), mark(t, "c"), mark(t, "c"))
	want := []truce.Seq{first.Seqs[1], first.Head + 1, first.Head + 1}
	if !slices.Equal(again.Seqs, want) || !slices.Equal(again.Duplicate, []bool{true, false, true}) {
		t.Errorf("receipt = %v %v, want %v with the first and last as duplicates", again.Seqs, again.Duplicate, want)
	}
	last := f.append(t, mark(t, "a"))
	if last.Head != first.Head+1 {
		t.Errorf("a known key moved the head to %d", last.Head)
	}
}

// testKeyTaken: a key that stands for something else is refused and says so, and what was
// numbered by the store or drafted at another time is still the same.
func testKeyTaken(t *testing.T, f *fixture) {
	a, rows := incident("a", 1, at(1)), []truce.Observation{heartbeat("s", at(2), 0, "x"), heartbeat("s", at(3), 0, "y")}
	first := f.append(t, mark(t, "a"), incidentDraft(t, a), batch(t, "s", rows...))
	later, err := truce.NewObservationBatch("s", "renamed.csv", truce.ReceivedTime(at(40)), rows)
	if err != nil {
		t.Fatal(err)
	}
	again := f.append(t, mark(t, "a"), incidentDraft(t, a), later)
	if again.Head != first.Head || !slices.Equal(again.Seqs, first.Seqs) || !slices.Equal(again.Duplicate, []bool{true, true, true}) {
		t.Errorf("sent again: %+v, want the numbers of %+v", again, first)
	}
	stored, err := f.store.Incident(t.Context(), a.ID.String())
	if err != nil {
		t.Fatal(err)
	}
	changed, own := a, a
	changed.P, own.Number = 0.75, stored.Incident.Number
	other := batch(t, "s", heartbeat("s", at(4), 0, "z"))
	other.Key = batch(t, "s", rows...).Key
	elsewhere := mark(t, "a")
	elsewhere.Subject = "watermark/b"
	for name, d := range map[string]truce.Draft{
		"another body":         draft(t, truce.RecordWatermark, "watermark/a", "watermark/a", truce.Watermark{Name: "a", At: 2}),
		"another subject":      elsewhere,
		"another kind":         draft(t, truce.RecordReevaluation, "watermark/a", "watermark/a", truce.Reevaluation{Cause: "x"}),
		"a changed incident":   incidentDraft(t, changed),
		"another batch":        other,
		"an incident for mark": draft(t, truce.RecordIncident, "watermark/a", "watermark/a", a),
		"a batch for mark":     renamed(batch(t, "s", heartbeat("s", at(5), 0, "w")), "watermark/a"),
	} {
		_, err := f.store.Append(t.Context(), truce.Batch{Drafts: []truce.Draft{mark(t, "new "+name), d}})
		wantCode(t, name+" under a known key", err, truce.CodeConflict)
		if err != nil && !strings.Contains(err.Error(), fmt.Sprintf("%q", d.Key)) {
			t.Errorf("%s: the error does not name the key %q: %v", name, d.Key, err)
		}
	}
	f.append(t, incidentDraft(t, own)) // with the number it was given it is the same
	if seq, _, err := f.store.Head(t.Context()); err != nil || seq != first.Head {
		t.Errorf("head = %d, %v, want %d: a refused key appends nothing", seq, err, first.Head)
	}
	twice := []truce.Draft{mark(t, "twice"), draft(t, truce.RecordWatermark, "watermark/twice", "watermark/twice", truce.Watermark{Name: "twice", At: 9})}
	_, err = f.store.Append(t.Context(), truce.Batch{Drafts: twice})
	wantCode(t, "two bodies under one key in one batch", err, truce.CodeConflict)
	f.sound(t)
}

func renamed(d truce.Draft, key string) truce.Draft {
	d.Key = key
	return d
}

func testExpect(t *testing.T, f *fixture) {
	expect := func(key string, last truce.Seq) error {
		d := draft(t, truce.RecordWatermark, "subject/x", key, truce.Watermark{Name: "x"})
		d.Expect = &last
		_, err := f.store.Append(t.Context(), truce.Batch{Drafts: []truce.Draft{d}})
		return err
	}
	wantCode(t, "expecting a record where there is none", expect("a", 7), truce.CodeConflict)
	if err := expect("a", 0); err != nil {
		t.Fatalf("expecting none where there is none: %v", err)
	}
	wantCode(t, "expecting none where there is one", expect("b", 0), truce.CodeConflict)
	last, err := f.store.LastOf(t.Context(), "subject/x")
	if err != nil || last != 2 {
		t.Fatalf("last of the subject = %d, %v, want 2", last, err)
	}
	if err := expect("b", last); err != nil {
		t.Errorf("expecting the last record: %v", err)
	}
	if err := expect("a", 0); err != nil {
		t.Errorf("sending a known key again with its old expectation: %v", err)
	}
	d := mark(t, "c")
	d.Subject, d.Expect = "", new(truce.Seq)
	_, err = f.store.Append(t.Context(), truce.Batch{Drafts: []truce.Draft{d}})
	wantCode(t, "expecting something of no subject", err, truce.CodeInvalid)
}

func testAllOrNothing(t *testing.T, f *fixture) {
	wrong := truce.Seq(99)
	bad := mark(t, "bad")
	bad.Expect = &wrong
	var wg sync.WaitGroup
	for n := range 20 {
		wg.Go(func() {
			drafts := []truce.Draft{mark(t, fmt.Sprintf("good %d", n))}
			if n%2 == 1 {
				drafts = append(drafts, bad)
			}
			_, err := f.store.Append(t.Context(), truce.Batch{Drafts: drafts})
			if n%2 == 1 {
				wantCode(t, "a batch with a wrong expectation", err, truce.CodeConflict)
			} else if err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	seq, _, err := f.store.Head(t.Context())
	if err != nil || seq != 11 {
		t.Errorf("head = %d, %v, want 11: the inception and ten good batches", seq, err)
	}
	f.sound(t)
}

func testRefusals(t *testing.T, f *fixture) {
	plain := mark(t, "x")
	change := func(edit func(*truce.Draft)) truce.Draft {
		d := plain
		edit(&d)
		return d
	}
	for name, c := range map[string]struct {
		draft truce.Draft
		want  truce.Code
	}{
		"no key":              {change(func(d *truce.Draft) { d.Key = "" }), truce.CodeInvalid},
		"a long key":          {change(func(d *truce.Draft) { d.Key = string(make([]byte, 600)) }), truce.CodeInvalid},
		"a control character": {change(func(d *truce.Draft) { d.Subject = "a\nb" }), truce.CodeInvalid},
		"an unknown kind":     {change(func(d *truce.Draft) { d.Kind = "gossip" }), truce.CodeInvalid},
		"spaces in the body":  {change(func(d *truce.Draft) { d.Body = []byte(`{"at": "1970-01-01T00:00:00.000001Z","name":"x"}`) }), truce.CodeInvalid},
		"no body":             {change(func(d *truce.Draft) { d.Body = nil }), truce.CodeInvalid},
		"another type":        {change(func(d *truce.Draft) { d.Body = []byte(`{"at":7,"name":"x"}`) }), truce.CodeInvalid},
		"rows without batch":  {change(func(d *truce.Draft) { d.Rows = []truce.Observation{heartbeat("s", at(1), 0, "x")} }), truce.CodeInvalid},
		"a NUL in a column":   {draft(t, truce.RecordWatermark, "", "nul", truce.Watermark{Name: "a\x00b"}), truce.CodeInvalid},
		"another realm":       {draft(t, truce.RecordBulletin, "", "b", truce.Bulletin{Number: "D-1", Realm: truce.RealmReal}), truce.CodeForbidden},
		"a second inception":  {draft(t, truce.RecordInception, "", "i", truce.Inception{Realm: f.store.Realm(), Store: "x"}), truce.CodeForbidden},
		"a foreign erasure":   {draft(t, truce.RecordErasure, "", "e", truce.Erasure{Seq: 1}), truce.CodeForbidden},
		"a nameless source":   {draft(t, truce.RecordSource, "", "s", truce.SourceInfo{}), truce.CodeInvalid},
		"an event without id": {draft(t, truce.RecordEvent, "", "v", truce.Event{}), truce.CodeInvalid},
		"an empty evaluation": {draft(t, truce.RecordEvaluation, "", "w", truce.Evaluation{}), truce.CodeInvalid},
	} {
		_, err := f.store.Append(t.Context(), truce.Batch{Drafts: []truce.Draft{c.draft}})
		wantCode(t, name, err, c.want)
	}
	_, err := f.store.Append(t.Context(), truce.Batch{})
	wantCode(t, "an empty batch", err, truce.CodeInvalid)
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := f.store.Append(ended, truce.Batch{Drafts: []truce.Draft{plain}}); err != nil && !errors.Is(err, context.Canceled) {
		t.Errorf("appending with an ended context: %v", err)
	}
	f.sound(t)
}

func testFence(t *testing.T, f *fixture) {
	ctx := t.Context()
	first, err := f.store.AcquireLease(ctx, "worker", "one", time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	_, err = f.store.AcquireLease(ctx, "worker", "two", time.Minute)
	wantCode(t, "taking a lease that runs", err, truce.CodeConflict)
	if err := f.store.RenewLease(ctx, "worker", first, 2*time.Minute); err != nil {
		t.Fatal(err)
	}
	f.clock.Move(90 * time.Second)
	_, err = f.store.AcquireLease(ctx, "worker", "two", time.Minute)
	wantCode(t, "taking a lease that was renewed", err, truce.CodeConflict)
	fenced := func(key string, epoch int64) error {
		_, err := f.store.Append(ctx, truce.Batch{Drafts: []truce.Draft{mark(t, key)}, Fence: &truce.Fence{Lease: "worker", Epoch: epoch}})
		return err
	}
	f.clock.Move(time.Minute)
	if err := fenced("lapsed", first); err != nil {
		t.Errorf("writing under a lapsed lease that nobody took: %v", err)
	}
	second, err := f.store.AcquireLease(ctx, "worker", "two", time.Minute)
	if err != nil || second <= first {
		t.Fatalf("taking a lapsed lease: epoch %d, %v, want above %d", second, err, first)
	}
	wantCode(t, "writing at an old epoch", fenced("late", first), truce.CodeConflict)
	wantCode(t, "renewing at an old epoch", f.store.RenewLease(ctx, "worker", first, time.Minute), truce.CodeConflict)
	wantCode(t, "writing under a lease that never was", func() error {
		_, err := f.store.Append(ctx, truce.Batch{Drafts: []truce.Draft{mark(t, "x")}, Fence: &truce.Fence{Lease: "none", Epoch: 1}})
		return err
	}(), truce.CodeConflict)
	if err := f.store.ReleaseLease(ctx, "worker", second); err != nil {
		t.Fatal(err)
	}
	if third, err := f.store.AcquireLease(ctx, "worker", "one", time.Minute); err != nil || third <= second {
		t.Errorf("taking a released lease: epoch %d, %v, want above %d", third, err, second)
	}
	wantCode(t, "a lease without a time", f.store.RenewLease(ctx, "worker", 1, 0), truce.CodeInvalid)
}

func testCursor(t *testing.T, f *fixture) {
	ctx := t.Context()
	move := func(seq truce.Seq, drafts ...truce.Draft) error {
		_, err := f.store.Append(ctx, truce.Batch{Drafts: drafts, Cursor: &truce.Cursor{Consumer: "sense", Seq: seq}})
		return err
	}
	if err := errors.Join(move(5, mark(t, "a")), move(7)); err != nil {
		t.Fatal(err)
	}
	wrong := truce.Seq(99)
	bad := mark(t, "bad")
	bad.Expect = &wrong
	wantCode(t, "a failing batch", move(9, bad), truce.CodeConflict)
	if seq, err := f.store.Cursor(ctx, "sense"); err != nil || seq != 7 {
		t.Errorf("cursor = %d, %v, want 7", seq, err)
	}
	if seq, err := f.store.Cursor(ctx, "nobody"); err != nil || seq != 0 {
		t.Errorf("cursor of one that never wrote = %d, %v, want 0", seq, err)
	}
}

func testClock(t *testing.T, f *fixture) {
	first := f.append(t, mark(t, "a"))
	f.clock.Move(-500 * time.Millisecond)
	second := f.append(t, mark(t, "b"))
	if second.Recorded != first.Recorded {
		t.Errorf("a small step back: recorded %d after %d, want the same", second.Recorded, first.Recorded)
	}
	f.clock.Move(-time.Hour)
	_, err := f.store.Append(t.Context(), truce.Batch{Drafts: []truce.Draft{mark(t, "c")}})
	if !errors.Is(err, store.ErrFatal) {
		t.Fatalf("a clock that went back an hour: %v, want a fatal error", err)
	}
	f.clock.Move(2 * time.Hour)
	_, err = f.store.Append(t.Context(), truce.Batch{Drafts: []truce.Draft{mark(t, "c")}})
	if !errors.Is(err, store.ErrFatal) {
		t.Errorf("appending after a fatal error: %v, want the fatal error again", err)
	}
	f.reopen(t)
	if third := f.append(t, mark(t, "c")); third.Head != second.Head+1 {
		t.Errorf("after starting again the head is %d, want %d", third.Head, second.Head+1)
	}
	f.sound(t)
}

func testNumbers(t *testing.T, f *fixture) {
	number := func(i truce.Incident) string {
		t.Helper()
		row, err := f.store.Incident(t.Context(), i.ID.String())
		if err != nil {
			t.Fatal(err)
		}
		return row.Incident.Number
	}
	lastYear := truce.InstantOf(time.Date(2025, 12, 31, 23, 59, 59, 0, time.UTC))
	a, b, c := incident("a", 1, at(1)), incident("b", 1, lastYear), incident("c", 1, at(2))
	f.append(t, incidentDraft(t, a), incidentDraft(t, b))
	wrong := truce.Seq(99)
	failing := mark(t, "bad")
	failing.Expect = &wrong
	_, err := f.store.Append(t.Context(), truce.Batch{Drafts: []truce.Draft{incidentDraft(t, incident("lost", 1, at(3))), failing}})
	wantCode(t, "a failing batch", err, truce.CodeConflict)
	f.append(t, incidentDraft(t, a), incidentDraft(t, c))
	for want, i := range map[string]truce.Incident{"2026-1": a, "2025-1": b, "2026-2": c} {
		if got := number(i); got != want {
			t.Errorf("number = %s, want %s", got, want)
		}
	}
	a.Revision = 2
	f.append(t, incidentDraft(t, a))
	if got := number(a); got != "2026-1" {
		t.Errorf("number of the second revision = %s, want 2026-1", got)
	}
	a.Revision, a.Number = 3, "2026-2"
	_, err = f.store.Append(t.Context(), truce.Batch{Drafts: []truce.Draft{incidentDraft(t, a)}})
	wantCode(t, "a revision with another number", err, truce.CodeInvalid)
	a.Number = "2026-1"
	f.append(t, incidentDraft(t, a))
	own := incident("own", 1, at(4))
	own.Number = "2026-77"
	_, err = f.store.Append(t.Context(), truce.Batch{Drafts: []truce.Draft{incidentDraft(t, own)}})
	wantCode(t, "a number of one's own", err, truce.CodeInvalid)
	f.sound(t)
}
