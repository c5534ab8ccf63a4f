package store

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/trucewatch/truce"
)

// closedStore is a store with one record more than the inception, closed again.
func closedStore(t *testing.T) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "folder", "truce.db")
	if err := os.Mkdir(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	s, err := Create(t.Context(), "sqlite:"+path, truce.Inception{Realm: truce.RealmReal, Store: "archive"}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	draft, err := truce.NewDraft(truce.RecordWatermark, "", "mark", truce.Watermark{Name: "mark", At: 7})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Append(t.Context(), truce.Batch{Drafts: []truce.Draft{draft}}); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

// readsArchive opens a store where nothing can be written and reads it.
func readsArchive(t *testing.T, path string) {
	t.Helper()
	s, err := Open(t.Context(), "sqlite:"+path, Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	if w, err := s.Watermark(t.Context(), "mark"); err != nil || w.At != 7 || s.Realm() != truce.RealmReal {
		t.Errorf("read %+v, %v, in realm %s", w, err, s.Realm())
	}
	if report, err := s.VerifyStore(t.Context(), nil); err != nil || len(report.Damage) > 0 {
		t.Errorf("verified: %+v, %v", report, err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if files, err := os.ReadDir(filepath.Dir(path)); err != nil || len(files) != 1 {
		t.Errorf("reading left %v, %v, want the database alone", files, err)
	}
}

// TestReadOnlyMedium opens a store in a folder that takes no files. The administrator can
// write in any folder, so that this runs for other users only.
func TestReadOnlyMedium(t *testing.T) {
	path := closedStore(t)
	if err := os.Chmod(path, 0o400); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(filepath.Dir(path), 0o500); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.Chmod(filepath.Dir(path), 0o700); err != nil {
			t.Error(err)
		}
	})
	if err := os.WriteFile(path+"-probe", nil, 0o600); err == nil {
		os.Remove(path + "-probe")
		t.Skip("this user may write in a folder that is closed to writing; run the test as another")
	}
	readsArchive(t, path)
	if s, err := Open(t.Context(), "sqlite:"+path, Options{}); !errors.Is(err, ErrReadOnly) {
		if err == nil {
			s.Close()
		}
		t.Errorf("opening for writing gave %v, want a refusal that says why", err)
	}
}

// TestFrozenFile reads a file as one on a read-only medium is read, whoever runs it.
func TestFrozenFile(t *testing.T) {
	path := closedStore(t)
	cannot := cannotOpen(t)
	eng, err := sqliteEngine{path: path}.unwritable(cannot)
	if err != nil {
		t.Fatal(err)
	}
	if err := upgrade(t.Context(), eng, true); err != nil {
		t.Fatal(err)
	}
	s, err := start(eng, Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	if w, err := s.Watermark(t.Context(), "mark"); err != nil || w.At != 7 {
		t.Errorf("read %+v, %v", w, err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if _, err := eng.unwritable(cannot); err != cannot {
		t.Errorf("what cannot be read as it is either gave %v", err)
	}
	if err := os.WriteFile(path+"-wal", []byte("records"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := (sqliteEngine{path: path}).unwritable(cannot); truce.CodeOf(err) != truce.CodeUnavailable || !strings.Contains(err.Error(), "-wal") {
		t.Errorf("a log that was not merged gave %v, want a refusal that names it", err)
	}
	notFound := truce.Errorf(truce.CodeNotFound, "no store")
	if _, err := (sqliteEngine{path: path}).unwritable(notFound); err != notFound {
		t.Errorf("another error became %v", err)
	}
}

// cannotOpen is SQLite's own error for a file that it cannot open.
func cannotOpen(t *testing.T) error {
	t.Helper()
	db, err := sqliteEngine{path: t.TempDir()}.open(readRole) // a folder
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	err = db.PingContext(t.Context())
	if err == nil {
		t.Fatal("a folder was opened as a database")
	}
	return err
}
