package pgtest_test

import (
	"database/sql"
	"os"
	"testing"

	"github.com/trucewatch/truce/internal/pgtest"
)

var cluster pgtest.Cluster

func TestMain(m *testing.M) {
	code := m.Run()
	if err := cluster.Close(); err != nil {
		os.Stderr.WriteString(err.Error() + "\n")
		code = 1
	}
	os.Exit(code)
}

func TestDatabasesAreApart(t *testing.T) {
	first, second := open(t), open(t)
	if _, err := first.Exec("CREATE TABLE only_here (n BIGINT)"); err != nil {
		t.Fatal(err)
	}
	if _, err := second.Exec("SELECT n FROM only_here"); err == nil {
		t.Fatal("a table of one database is seen in the other")
	}
}

func TestServerKeepsItsPromises(t *testing.T) {
	db := open(t)
	for setting, want := range map[string]string{"fsync": "on", "listen_addresses": "", "server_encoding": "UTF8"} {
		var got string
		if err := db.QueryRow("SHOW " + setting).Scan(&got); err != nil || got != want {
			t.Errorf("%s = %q, %v, want %q", setting, got, err, want)
		}
	}
}

func open(t *testing.T) *sql.DB {
	t.Helper()
	db, err := sql.Open("pgx", cluster.Database(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}
