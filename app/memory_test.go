package app

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/intake"
	"github.com/trucewatch/truce/keep/store"
	"github.com/trucewatch/truce/sim"
	"github.com/trucewatch/truce/source"
	"github.com/trucewatch/truce/source/firms"
)

// Bounds of what an import may hold more at its end than near its beginning. A leak of
// 8 bytes a row breaks the first within the rows of the test.
const (
	maxHeapGrowth     = 1 << 20
	maxResidentGrowth = 32 << 20
)

// memorySample is what the process held when so many rows had been read.
type memorySample struct {
	rows     int
	heap     uint64 // live, after a collection
	resident uint64 // 0 where the system does not say
}

// quietStore is a store that tells when no batch is under way: what the memory of one
// batch holds depends on how far its commit has come, which is a matter of chance.
type quietStore struct {
	*store.Store
	mu    sync.Mutex
	idle  *sync.Cond
	begun int // batches of observations asked about, each of which is then appended
	ended int
}

func newQuietStore(s *store.Store) *quietStore {
	q := &quietStore{Store: s}
	q.idle = sync.NewCond(&q.mu)
	return q
}

func (q *quietStore) Known(ctx context.Context, ids []truce.ID) (map[truce.ID]bool, error) {
	known, err := q.Store.Known(ctx, ids)
	if err == nil && len(known) < len(ids) {
		q.mu.Lock()
		q.begun++
		q.mu.Unlock()
	}
	return known, err
}

func (q *quietStore) Append(ctx context.Context, batch truce.Batch) (truce.Receipt, error) {
	receipt, err := q.Store.Append(ctx, batch)
	if batch.Drafts[0].Kind == truce.RecordBatch {
		q.mu.Lock()
		q.ended++
		q.idle.Broadcast()
		q.mu.Unlock()
	}
	return receipt, err
}

// wait returns when every batch that was handed over is committed or refused.
func (q *quietStore) wait() {
	q.mu.Lock()
	defer q.mu.Unlock()
	for q.ended < q.begun {
		q.idle.Wait()
	}
}

// sampler passes observations on and looks at the memory while no batch is under way.
type sampler struct {
	truce.Sink
	quiet   *quietStore
	every   int
	rows    int
	samples []memorySample
	print   func(memorySample)
}

func (s *sampler) Observe(o truce.Observation) error {
	if err := s.Sink.Observe(o); err != nil {
		return err
	}
	if s.rows++; s.rows%s.every == 0 {
		s.quiet.wait()
		s.samples = append(s.samples, sampleMemory(s.rows))
		s.print(s.samples[len(s.samples)-1])
	}
	return nil
}

func sampleMemory(rows int) memorySample {
	debug.FreeOSMemory() // collects first
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return memorySample{rows, m.HeapAlloc, resident()}
}

// resident is the resident set of this process in bytes; SQLite's own memory is in it
// and not in the heap.
func resident() uint64 {
	text, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0
	}
	pages, err := strconv.ParseUint(strings.Fields(string(text))[1], 10, 64)
	if err != nil {
		return 0
	}
	return pages * uint64(os.Getpagesize())
}

// growth is what the last tenth of the samples holds more than a tenth around the first
// tenth of the rows: ten times as many. The least of each counts, since a sample also holds
// what happens to be read ahead.
func growth(samples []memorySample, of func(memorySample) uint64) int64 {
	least := func(part []memorySample) int64 {
		return int64(of(slices.MinFunc(part, func(a, b memorySample) int { return cmp.Compare(of(a), of(b)) })))
	}
	n := len(samples)
	return least(samples[n-n/10:]) - least(samples[n/20:n/20+n/10])
}

// TestGrowthSeesALeak: eight bytes a row are found among noise of a batch, and nothing is
// found where nothing leaks.
func TestGrowthSeesALeak(t *testing.T) {
	for _, leak := range []uint64{0, 8} {
		var samples []memorySample
		for i := range 100 {
			noise := uint64(i*7919%5) << 20 // a batch, more or less
			samples = append(samples, memorySample{rows: 2000 * (i + 1), heap: 8<<20 + noise + leak*2000*uint64(i+1)})
		}
		got := growth(samples, func(s memorySample) uint64 { return s.heap })
		if found := got > maxHeapGrowth; found != (leak > 0) {
			t.Errorf("%d bytes a row: growth %d, the bound is %d", leak, got, maxHeapGrowth)
		}
	}
}

// TestImportHoldsNoMoreForMoreRows streams detections through the whole import. With
// TRUCE_BENCH_ROWS it reads as many as that and prints a table (scripts/bench-memory).
func TestImportHoldsNoMoreForMoreRows(t *testing.T) {
	if testing.Short() {
		t.Skip("reads 200,000 rows")
	}
	rows := benchRows(t, 200_000)
	samples := importWatched(t, rows, max(intake.DefaultBatchRows, rows/100/intake.DefaultBatchRows*intake.DefaultBatchRows))
	heap := growth(samples, func(s memorySample) uint64 { return s.heap })
	all := growth(samples, func(s memorySample) uint64 { return s.resident })
	t.Logf("after %d rows the heap had grown by %d KiB, the resident set by %d KiB", rows, heap>>10, all>>10)
	if heap > maxHeapGrowth {
		t.Errorf("the heap grew by %d bytes, the bound is %d", heap, maxHeapGrowth)
	}
	if all > maxResidentGrowth {
		t.Errorf("the resident set grew by %d bytes, the bound is %d", all, maxResidentGrowth)
	}
}

func importWatched(t *testing.T, rows, every int) []memorySample {
	a := emptyMission(t, filepath.Join(t.TempDir(), "mission"), "")
	quiet := newQuietStore(a.store)
	door, err := intake.New(intake.Config{Appender: quiet, Now: a.now})
	if err != nil {
		t.Fatal(err)
	}
	a.door = door
	watch := &sampler{quiet: quiet, every: every, print: func(s memorySample) {
		t.Logf("%10d rows  heap %4d MiB  resident %4d MiB", s.rows, s.heap>>20, s.resident>>20)
	}}
	f, err := formatNamed("firms")
	if err != nil {
		t.Fatal(err)
	}
	f.decode = func(r io.Reader, file string, _ importOptions, bounds *source.Box, sink truce.Sink) error {
		watch.Sink = sink
		return firms.Decode(r, file, firms.Config{Bounds: bounds}, watch)
	}
	counts, err := a.Import(t.Context(), f, importOptions{}, sim.FIRMSStream(1, rows), "stream.csv")
	if err == nil && counts.Accepted < rows*999/1000 {
		err = fmt.Errorf("%d of %d rows accepted", counts.Accepted, rows)
	}
	if err != nil {
		t.Fatal(err)
	}
	return watch.samples
}
