package app_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/trucewatch/truce/app"
	"github.com/trucewatch/truce/internal/pgtest"
)

// TestMain lets scripts run the real program in a process of its own under the name
// truce. TRUCE_TEST_NOW stops its clock there; TRUCE_TEST_CLOCK names a file that holds the
// time and is read whenever the time is asked for.
func TestMain(m *testing.M) {
	testscript.Main(closing{m}, map[string]func(){
		"truce": func() { os.Exit(app.MainAt(scriptClock(), os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) },
	})
}

// postgres is the server of the tests that keep records on one; it starts when asked.
var postgres pgtest.Cluster

// closing stops the server when the tests have run.
type closing struct{ *testing.M }

// Run runs the tests.
func (c closing) Run() int {
	code := c.M.Run()
	if err := postgres.Close(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return code
}

func scriptClock() func() time.Time {
	if name := os.Getenv("TRUCE_TEST_CLOCK"); name != "" {
		return fileClock(name)
	}
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

func fileClock(name string) func() time.Time {
	return func() time.Time {
		text, err := os.ReadFile(name)
		if err != nil {
			panic(err)
		}
		at, err := time.Parse(time.RFC3339Nano, strings.TrimSpace(string(text)))
		if err != nil {
			panic(err)
		}
		return at
	}
}

// TestFirstIncident is the tour of the system: read the script beside it first.
func TestFirstIncident(t *testing.T) {
	testscript.Run(t, testscript.Params{Files: []string{"testdata/first_incident.txtar"}, RequireExplicitExec: true})
}

func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script", RequireExplicitExec: true,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"json": scriptJSON, "plain": scriptPlain, "gzip": scriptGzip, "damage": scriptDamage,
		},
	})
}

// TestRecordsOnPostgreSQL walks the same way with the records on a server.
func TestRecordsOnPostgreSQL(t *testing.T) {
	address := postgres.Database(t)
	testscript.Run(t, testscript.Params{
		Files: []string{"testdata/postgres.txtar"}, RequireExplicitExec: true,
		Setup: func(env *testscript.Env) error {
			env.Setenv("STORE", address)
			return nil
		},
	})
}

// scriptJSON holds "json FILE": the file, stdout or stderr is one JSON value.
func scriptJSON(ts *testscript.TestScript, neg bool, args []string) {
	var v any
	if err := json.Unmarshal([]byte(ts.ReadFile(args[0])), &v); (err != nil) != neg {
		ts.Fatalf("%s as JSON: %v", args[0], err)
	}
}

// scriptPlain holds "plain FILE": no escape sequences for a terminal are in it.
func scriptPlain(ts *testscript.TestScript, neg bool, args []string) {
	if strings.ContainsAny(ts.ReadFile(args[0]), "\x1b\r\b") != neg {
		ts.Fatalf("%s has bytes meant for a terminal: %q", args[0], ts.ReadFile(args[0]))
	}
}

// scriptGzip does "gzip FILE": writes FILE.gz.
func scriptGzip(ts *testscript.TestScript, neg bool, args []string) {
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	_, err := z.Write([]byte(ts.ReadFile(args[0])))
	ts.Check(errors.Join(err, z.Close(), os.WriteFile(ts.MkAbs(args[0]+".gz"), packed.Bytes(), 0o600)))
	if neg {
		ts.Fatalf("unsupported: ! gzip")
	}
}

// scriptDamage does "damage FILE TEXT": changes the first letter of TEXT wherever it
// stands in the file.
func scriptDamage(ts *testscript.TestScript, neg bool, args []string) {
	data, text := []byte(ts.ReadFile(args[0])), []byte(args[1])
	if bytes.Contains(data, text) == neg {
		ts.Fatalf("%s: %q found: %v", args[0], text, neg)
	}
	other := bytes.Clone(text)
	other[0] ^= 1
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), bytes.ReplaceAll(data, text, other), 0o600))
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
