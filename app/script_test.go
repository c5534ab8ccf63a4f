package app_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/trucewatch/truce/app"
)

// TestMain lets scripts run the real program in a process of its own under the name
// truce. TRUCE_TEST_NOW stops its clock there.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"truce": func() { os.Exit(app.MainAt(scriptClock(), os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) },
	})
}

func scriptClock() func() time.Time {
	text := os.Getenv("TRUCE_TEST_NOW")
	if text == "" {
		return time.Now
	}
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		panic(err)
	}
	return func() time.Time { return at }
}

// TestFirstIncident is the tour of the system: read the script beside it first.
func TestFirstIncident(t *testing.T) {
	testscript.Run(t, testscript.Params{Files: []string{"testdata/first_incident.txtar"}, RequireExplicitExec: true})
}

func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{Dir: "testdata/script", RequireExplicitExec: true})
}

// sharedData is the folder of real public data beside the repository, or "".
func sharedData(t testing.TB) string {
	t.Helper()
	dir := os.Getenv("TRUCE_SHARED")
	if dir == "" {
		dir = filepath.Join("..", "..", "shared", "data")
	}
	if _, err := os.Stat(filepath.Join(dir, "firms")); err != nil {
		t.Skipf("real public data is not at %s: this test needs it (set TRUCE_SHARED)", dir)
	}
	absolute, err := filepath.Abs(dir)
	if err != nil {
		t.Fatal(err)
	}
	return absolute
}
