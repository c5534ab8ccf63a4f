package store_test

import (
	"database/sql"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"go.uber.org/goleak"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/internal/pgtest"
	"github.com/trucewatch/truce/keep/store"
	"github.com/trucewatch/truce/keep/store/storetest"
)

var cluster pgtest.Cluster

func TestMain(m *testing.M) {
	if dsn := os.Getenv(store.AppenderEnv); dsn != "" {
		os.Exit(store.AppendForever(dsn))
	}
	// A check of the random suite verifies a whole store: the library's hundred
	// repetitions take a minute and find no more.
	if err := flag.Set("rapid.checks", "25"); err != nil {
		panic(err)
	}
	code := m.Run()
	if err := cluster.Close(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	if err := goleak.Find(); err != nil && code == 0 {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

func newSQLite(t testing.TB) string { return "sqlite:" + filepath.Join(t.TempDir(), "truce.db") }

func TestSQLite(t *testing.T) { storetest.Test(t, newSQLite) }

func TestPostgreSQL(t *testing.T) { storetest.Test(t, cluster.Database) }

// TestLostServerConnections ends every connection of a store, as a restarted server
// does: an append may fail then, with the advice to try again, and trying again works.
func TestLostServerConnections(t *testing.T) {
	dsn := cluster.Database(t)
	s, err := store.Create(t.Context(), dsn, truce.Inception{Realm: truce.RealmReal, Store: "lost"}, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	admin, err := sql.Open("pgx", dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer admin.Close()
	for n := range 3 {
		draft, err := truce.NewDraft(truce.RecordWatermark, "", fmt.Sprint(n), truce.Watermark{Name: "x"})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := admin.Exec("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"); err != nil {
			t.Fatal(err)
		}
		batch := truce.Batch{Drafts: []truce.Draft{draft}}
		if _, err := s.Append(t.Context(), batch); err != nil && truce.CodeOf(err) != truce.CodeUnavailable {
			t.Errorf("appending over a lost connection: %v, want unavailable", err)
		}
		if receipt, err := s.Append(t.Context(), batch); err != nil || receipt.Seqs[0] != truce.Seq(n+2) {
			t.Errorf("trying again: %v, %v, want record %d", receipt.Seqs, err, n+2)
		}
	}
	if report, err := s.VerifyStore(t.Context(), nil); err != nil || !report.OK() {
		t.Errorf("%s, %v", report, err)
	}
}
