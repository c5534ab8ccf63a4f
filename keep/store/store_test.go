package store_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"go.uber.org/goleak"

	"github.com/trucewatch/truce/internal/pgtest"
	"github.com/trucewatch/truce/keep/store/storetest"
)

var cluster pgtest.Cluster

func TestMain(m *testing.M) {
	if dsn := os.Getenv(appenderEnv); dsn != "" {
		os.Exit(appendForever(dsn))
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
