package app

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/trucewatch/truce"
)

// newDir asks for a directory of the illustrative agreement.
func newDir(t *testing.T) NewDir {
	t.Helper()
	files, err := agreementFiles("")
	if err != nil {
		t.Fatal(err)
	}
	return NewDir{
		Dir: filepath.Join(t.TempDir(), "x"), Mission: "Mission", Realm: truce.RealmReal, Agreement: files,
		Now: func() time.Time { return storyTime },
	}
}

// create makes the directory, closes it and tells whether it went well.
func create(n NewDir) error {
	a, err := Create(context.Background(), n)
	if err != nil {
		return err
	}
	return a.Close()
}

func TestCreateWritesWhatTheOwnerMayRead(t *testing.T) {
	n := newDir(t)
	if err := create(n); err != nil {
		t.Fatal(err)
	}
	err := filepath.WalkDir(n.Dir, func(path string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err == nil && info.Mode().Perm()&0o007 != 0 {
			t.Errorf("%s may be used by everybody: %v", path, info.Mode())
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestCreateCanBeGivenAgain: whatever failed, the directory is none until all is done.
func TestCreateCanBeGivenAgain(t *testing.T) {
	n := newDir(t)
	broken := []func(*NewDir){
		func(n *NewDir) { n.Realm = "drill" },
		func(n *NewDir) { n.Store = "mysql://host/db" },
		func(n *NewDir) { n.Store = "sqlite:nowhere/truce.db" },
		func(n *NewDir) { n.Store = "postgres://me@127.0.0.1:1/db?connect_timeout=2" },
		func(n *NewDir) {
			n.Realm, n.Random = truce.ExerciseRealm("x"), iotest.ErrReader(errors.New("no randomness"))
		},
	}
	for i, edit := range broken {
		bad := n
		edit(&bad)
		if err := create(bad); err == nil {
			t.Fatalf("case %d was made", i)
		}
		if _, err := os.Stat(filepath.Join(n.Dir, ConfigFile)); err == nil {
			t.Fatalf("case %d left settings", i)
		}
		if _, err := os.Stat(n.Dir); !errors.Is(err, os.ErrNotExist) {
			t.Fatalf("case %d left %s: %v", i, n.Dir, err)
		}
	}
	if err := create(n); err != nil {
		t.Fatalf("after all that failed: %v", err)
	}
	if err := create(n); truce.CodeOf(err) != truce.CodeConflict {
		t.Errorf("made twice: %v", err)
	}
}

// TestFailedCreateTakesBackItsOwnOnly: what was there before stays, empty folders too.
func TestFailedCreateTakesBackItsOwnOnly(t *testing.T) {
	n := newDir(t)
	kept := n.Agreement[0]
	path := filepath.Join(n.Dir, "agreement", filepath.FromSlash(kept.Name))
	empty := filepath.Join(n.Dir, "notes")
	for _, dir := range []string{filepath.Dir(path), empty} {
		if err := os.MkdirAll(dir, 0o750); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(path, kept.Data, 0o640); err != nil {
		t.Fatal(err)
	}
	n.Store = "sqlite:nowhere/truce.db"
	if err := create(n); err == nil {
		t.Fatal("a store was made in a folder that is not there")
	}
	var left []string
	err := filepath.WalkDir(n.Dir, func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			left = append(left, path)
		}
		return err
	})
	if err != nil || len(left) != 1 || left[0] != path {
		t.Errorf("left %v, want %s alone: %v", left, path, err)
	}
	if _, err := os.Stat(empty); err != nil {
		t.Errorf("a folder of somebody else went: %v", err)
	}
	n.Store = ""
	other := filepath.Join(n.Dir, "agreement", filepath.FromSlash(n.Agreement[len(n.Agreement)-1].Name))
	if err := errors.Join(os.MkdirAll(filepath.Dir(other), 0o750), os.WriteFile(other, []byte("mine"), 0o640)); err != nil {
		t.Fatal(err)
	}
	if err := create(n); truce.CodeOf(err) != truce.CodeConflict {
		t.Fatalf("over somebody's work: %v", err)
	}
	if files, err := os.ReadDir(filepath.Join(n.Dir, "agreement")); err != nil || len(files) > 2 {
		t.Errorf("left %v: %v", files, err)
	}
}

// TestSaltsOfARealStoreAreNotChosen: a salt that can be guessed lets erased words be
// guessed too.
func TestSaltsOfARealStoreAreNotChosen(t *testing.T) {
	n := newDir(t)
	n.Random = strings.NewReader(strings.Repeat("x", 1000))
	if err := create(n); truce.CodeOf(err) != truce.CodeInvalid || !strings.Contains(err.Error(), "salts") {
		t.Errorf("got %v", err)
	}
}

func TestStoreNames(t *testing.T) {
	name, err := storeName(bytes.NewReader([]byte{0, 1, 2, 3, 4, 5, 6, 255}))
	if name != "00010203040506ff" || err != nil {
		t.Errorf("named %q: %v", name, err)
	}
	one, err1 := storeName(nil)
	two, err2 := storeName(nil)
	if one == two || len(one) != 16 || errors.Join(err1, err2) != nil {
		t.Errorf("named %q and %q: %v", one, two, errors.Join(err1, err2))
	}
	if _, err := storeName(strings.NewReader("short")); err == nil {
		t.Error("a store was named without randomness")
	}
}

func TestStoreAddressInTheSettings(t *testing.T) {
	address := `postgres://me:p#ss: "word"@host/db`
	cfg, err := parseConfig([]byte(configText(address)))
	if err != nil || cfg.Store != address {
		t.Errorf("written and read back as %q: %v", cfg.Store, err)
	}
	if configText("") != sampleConfig {
		t.Error("without an address the settings are not the sample")
	}
}

// TestEditedTermsAreKept: terms that say the same are no conflict, others are.
func TestEditedTermsAreKept(t *testing.T) {
	n := newDir(t)
	if err := new(layout).writeAgreement(n); err != nil {
		t.Fatal(err)
	}
	if err := new(layout).writeAgreement(n); err != nil {
		t.Errorf("the same terms again: %v", err)
	}
	path := filepath.Join(n.Dir, "agreement", "agreement.yaml")
	if err := os.WriteFile(path, []byte("edited"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := create(n); truce.CodeOf(err) != truce.CodeConflict {
		t.Errorf("edited terms: %v", err)
	}
	if text, err := os.ReadFile(path); string(text) != "edited" || err != nil {
		t.Errorf("edited terms became %q: %v", text, err)
	}
}

func TestOpenOfAStoreThatIsGone(t *testing.T) {
	p := newProgram(t)
	if err := os.Remove(filepath.Join(p.dir, "truce.db")); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), p.dir, p.clock()); err == nil {
		t.Error("a store was made by opening")
	}
}

// TestClockOfAnExerciseGoesOn: a directory whose records are dated ahead takes new ones,
// and the mission's own never does.
func TestClockOfAnExerciseGoesOn(t *testing.T) {
	n := newDir(t)
	n.Realm = truce.ExerciseRealm("clock")
	if err := create(n); err != nil {
		t.Fatal(err)
	}
	earlier := program{dir: n.Dir, now: storyTime.AddDate(-5, 0, 0)}
	a, err := Open(t.Context(), n.Dir, earlier.clock())
	if err != nil {
		t.Fatal(err)
	}
	if now := a.now(); !now.Equal(storyTime) {
		t.Errorf("five years earlier the exercise's clock says %s, want %s", now, storyTime)
	}
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	earlier.good(t, "note", "x", "--at", "2031-03-11T00:00:00Z")
	later := program{dir: n.Dir, now: storyTime.Add(time.Hour)}
	if b, err := Open(t.Context(), n.Dir, later.clock()); err != nil || !b.now().Equal(later.now) {
		t.Errorf("an hour later: %v", err)
	} else if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	mission := newProgram(t)
	mission.now = mission.now.AddDate(-5, 0, 0)
	mustHold(t, mission.bad(t, "note", "x", "--at", "2026-03-11T00:00:00Z"), "records never go back in time")
}
