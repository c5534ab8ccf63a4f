package app

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/internal/pgtest"
	"github.com/trucewatch/truce/sim"
)

// benchRows is how many rows or incidents a load test handles: TRUCE_BENCH_ROWS, or the
// default.
func benchRows(b testing.TB, otherwise int) int {
	b.Helper()
	return benchNumber(b, "TRUCE_BENCH_ROWS", otherwise)
}

func benchNumber(b testing.TB, variable string, otherwise int) int {
	b.Helper()
	text := os.Getenv(variable)
	if text == "" {
		return otherwise
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		b.Fatalf("%s is %q, want a number from 1", variable, text)
	}
	return n
}

// benchClock stands behind all that is made up for load tests.
func benchClock() time.Time { return time.Date(2032, 1, 1, 0, 0, 0, 0, time.UTC) }

// emptyMission is a data directory in which nothing was read; store as in truce.yaml.
func emptyMission(b testing.TB, dir, store string) *App {
	b.Helper()
	terms, err := agreementFiles("")
	if err != nil {
		b.Fatal(err)
	}
	a, err := Create(b.Context(), NewDir{
		Dir: dir, Mission: "Exercise Mission", Realm: truce.ExerciseRealm("bench"), Agreement: terms, Store: store, Now: benchClock,
	})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := a.Close(); err != nil {
			b.Error(err)
		}
	})
	return a
}

// BenchmarkImportDurable reads a FIRMS file of 100,000 rows, or TRUCE_BENCH_ROWS, the
// whole way: bytes, observations, the door, records and day tables, each batch committed
// and synced. The aim is 20,000 rows a second on two cores.
func BenchmarkImportDurable(b *testing.B) {
	var cluster pgtest.Cluster
	b.Cleanup(func() {
		if err := cluster.Close(); err != nil {
			b.Error(err)
		}
	})
	b.Run("sqlite", func(b *testing.B) { importDurable(b, "") })
	b.Run("postgres", func(b *testing.B) { importDurable(b, cluster.Database(b)) })
}

func importDurable(b *testing.B, store string) {
	a := emptyMission(b, filepath.Join(b.TempDir(), "mission"), store)
	rows := benchRows(b, 100_000)
	b.ReportAllocs()
	seed := uint64(0)
	for b.Loop() {
		seed++
		if err := importStream(b.Context(), a, seed, rows); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(rows)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}

// importStream reads one made-up file of detections. Files of different seeds share
// their days and no row.
func importStream(ctx context.Context, a *App, seed uint64, rows int) error {
	f, err := formatNamed("firms")
	if err != nil {
		return err
	}
	counts, err := a.Import(ctx, f, importOptions{}, sim.FIRMSStream(seed, rows), fmt.Sprintf("stream-%d.csv", seed))
	if err == nil && counts.Accepted < rows*999/1000 {
		err = fmt.Errorf("%d of %d rows accepted", counts.Accepted, rows)
	}
	return err
}
