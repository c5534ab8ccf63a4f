package app

import (
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/trucewatch/truce"
)

// TestDemoAnswersAPage makes an exercise and looks at the pages it serves: the desk's and
// the public's, both marked.
func TestDemoAnswersAPage(t *testing.T) {
	p := program{dir: filepath.Join(t.TempDir(), "exercise"), now: storyTime.AddDate(-5, 0, 0)}
	address, stop := serving(t, p, "demo")
	for _, path := range []string{"/", "/incidents", "/daily/2031-03-11"} {
		status, page := fetched(t, address+path)
		if status != http.StatusOK || !strings.Contains(page, "EXERCISE") {
			t.Errorf("%s: status %d:\n%.500s", path, status, page)
		}
	}
	if code := stop(); code != 0 {
		t.Errorf("stopped with exit code %d", code)
	}
	public, stop := serving(t, p, "serve", "--public")
	defer stop()
	status, page := fetched(t, public+"/")
	if status != http.StatusOK || !strings.Contains(page, "EXERCISE") {
		t.Errorf("public: status %d:\n%.500s", status, page)
	}
	mustHold(t, p.good(t, "verify-store"), "no damage found")
}

// TestExerciseKeepsItsFiles: the truth lies beside the files it made, and each file that
// Truce reads was read whole.
func TestExerciseKeepsItsFiles(t *testing.T) {
	p := program{dir: filepath.Join(t.TempDir(), "exercise"), now: storyTime}
	p.good(t, "demo", "--exit", "--seed", "3")
	if _, err := os.Stat(filepath.Join(p.dir, "files", "truth.json")); err != nil {
		t.Error(err)
	}
	a, err := Open(t.Context(), p.dir, p.clock())
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	if realm := a.store.Realm(); realm != truce.ExerciseRealm("demo") {
		t.Errorf("realm is %s", realm)
	}
	counts, err := a.store.ImportCounts(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	rows := 0
	for _, c := range counts {
		rows += c.Accepted
	}
	if rows < 300 {
		t.Errorf("%d rows in an exercise: %+v", rows, counts)
	}
}

func TestExerciseRandomnessIsOfTheSeed(t *testing.T) {
	read := func(seed uint64) string {
		b := make([]byte, 64)
		if _, err := exerciseRandom(seed).Read(b); err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	if first, again := read(1), read(1); first != again || first == read(2) || read(0) == read(1<<63) {
		t.Error("randomness does not follow the seed")
	}
}

func TestDemoRefusesBeforeItWorks(t *testing.T) {
	p := program{dir: filepath.Join(t.TempDir(), "exercise"), now: storyTime}
	mustHold(t, p.bad(t, "demo", "--listen", "0.0.0.0:8080"), "answers on loopback only")
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	for _, more := range [][]string{nil, {"--public"}} {
		args := append([]string{"demo", "--listen", taken.Addr().String()}, more...)
		mustHold(t, p.bad(t, args...), "cannot listen on "+taken.Addr().String(), "choose another with --listen")
	}
	if _, err := os.Stat(p.dir); err == nil {
		t.Error("an exercise was made for an address that is refused")
	}
}
