package storetest

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"github.com/trucewatch/truce"
)

// testRandomAppends lets several callers append random batches, some of them again,
// some with wrong expectations, and holds the store against a model of what a reader
// may expect: every accepted key once, the chain whole, a rebuild without effect.
func testRandomAppends(t *testing.T, f *fixture) {
	round := 0
	rapid.Check(t, func(r *rapid.T) {
		round++
		w := &world{t: r, f: f, round: round, keys: map[string]truce.Seq{}}
		for range rapid.IntRange(1, 4).Draw(r, "steps") {
			w.step()
		}
		w.check()
	})
	f.sound(t)
}

// world is the model: which key was accepted with which number.
type world struct {
	t     *rapid.T
	f     *fixture
	round int
	mu    sync.Mutex // guards keys
	keys  map[string]truce.Seq
}

// step lets some callers append at once.
func (w *world) step() {
	batches := make([]truce.Batch, rapid.IntRange(1, 4).Draw(w.t, "callers"))
	for i := range batches {
		batches[i] = w.batch()
	}
	var wg sync.WaitGroup
	problems := make([]string, len(batches))
	for i, b := range batches {
		wg.Go(func() { problems[i] = w.send(b) })
	}
	wg.Wait()
	for _, problem := range problems {
		if problem != "" {
			w.t.Fatal(problem)
		}
	}
}

func (w *world) batch() truce.Batch {
	var b truce.Batch
	for range rapid.IntRange(1, 4).Draw(w.t, "drafts") {
		n := rapid.IntRange(0, 9).Draw(w.t, "key")
		d := w.draft(n)
		if rapid.IntRange(0, 9).Draw(w.t, "wrong") == 0 {
			never := truce.Seq(1) // the inception has no subject
			d.Expect = &never
		}
		b.Drafts = append(b.Drafts, d)
	}
	return b
}

// draft n of this round; the same n is the same key.
func (w *world) draft(n int) truce.Draft {
	name := fmt.Sprintf("%d/%d", w.round, n)
	start := at(float64(n))
	var kind truce.RecordKind
	var body any
	switch n % 4 {
	case 0:
		kind, body = truce.RecordWatermark, truce.Watermark{Name: name, At: start}
	case 1:
		kind, body = truce.RecordEvent, event(name, 1, start)
	case 2:
		kind, body = truce.RecordIncident, incident(name, 1, start)
	case 3:
		kind, body = truce.RecordEvaluation, evaluation(incident(fmt.Sprintf("%d/%d", w.round, n-1), 1, at(float64(n-1))), "v1",
			map[truce.RuleID]truce.Verdict{"R01": truce.VerdictHit})
	}
	d, err := truce.NewDraft(kind, "round/"+name, "round/"+name, body)
	if err != nil {
		w.t.Fatal(err)
	}
	return d
}

// send appends and compares the receipt with the model; it says what is wrong.
func (w *world) send(b truce.Batch) string {
	receipt, err := w.f.store.Append(context.Background(), b)
	if err != nil {
		if truce.CodeOf(err) == truce.CodeConflict && slices.ContainsFunc(b.Drafts, func(d truce.Draft) bool { return d.Expect != nil }) {
			return ""
		}
		return fmt.Sprintf("append: %v", err)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	for i, d := range b.Drafts {
		was, known := w.keys[d.Key]
		if known && was != receipt.Seqs[i] {
			return fmt.Sprintf("key %s was record %d and is %d", d.Key, was, receipt.Seqs[i])
		}
		w.keys[d.Key] = receipt.Seqs[i]
	}
	return ""
}

func (w *world) check() {
	for key, seq := range w.keys {
		r, err := w.f.store.Record(context.Background(), seq)
		if err != nil || r.Key != key {
			w.t.Fatalf("record %d has key %q, %v, the receipt said %q", seq, r.Key, err, key)
		}
	}
	report, err := w.f.store.VerifyRecords(context.Background())
	if err != nil || !report.OK() {
		w.t.Fatalf("chain: %v, %v", report.Damage, err)
	}
	before, err := w.f.store.Digest(context.Background())
	if err != nil {
		w.t.Fatal(err)
	}
	if err := w.f.store.Rebuild(context.Background()); err != nil {
		w.t.Fatal(err)
	}
	if after, err := w.f.store.Digest(context.Background()); err != nil || after != before {
		w.t.Fatalf("digest after a rebuild = %s, %v, before it %s", after, err, before)
	}
}
