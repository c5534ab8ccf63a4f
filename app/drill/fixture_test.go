package drill

import (
	"context"
	"crypto/rand"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/agreement"
	"github.com/trucewatch/truce/keep/store"
)

var root = filepath.Join("..", "..", "examples")

// illustrative is the example agreement as files and read.
func illustrative(t testing.TB) ([]truce.AgreementFile, *agreement.Agreement) {
	t.Helper()
	var files []truce.AgreementFile
	dir := os.DirFS(filepath.Join(root, "agreements", "illustrative"))
	err := fs.WalkDir(dir, ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		data, err := fs.ReadFile(dir, name)
		files = append(files, truce.AgreementFile{Name: name, Data: data})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	a, err := agreement.Parse(files)
	if err != nil {
		t.Fatal(err)
	}
	return files, a
}

func example(t testing.TB, name string) Drill {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(root, "drills", name+".drill"))
	if err != nil {
		t.Fatal(err)
	}
	return parsed(t, name+".drill", string(data))
}

func parsed(t testing.TB, file, text string) Drill {
	t.Helper()
	_, terms := illustrative(t)
	d, errs := Parse(file, []byte(text), func(string) (*agreement.Agreement, error) { return terms, nil })
	for _, err := range errs {
		t.Error(err)
	}
	if len(errs) > 0 {
		t.FailNow()
	}
	return d
}

// options play a drill in a store of its own below the test's directory.
func options(t testing.TB) Options {
	t.Helper()
	files, _ := illustrative(t)
	dsn := "sqlite:" + filepath.Join(t.TempDir(), "truce.db")
	return Options{Files: files, Random: rand.Reader, Stores: Stores{
		Create: func(ctx context.Context, realm truce.Realm, now func() time.Time) (*store.Store, error) {
			return store.Create(ctx, dsn, truce.Inception{Realm: realm, Mission: "drill", Store: "drill"}, store.Options{Clock: now})
		},
		Open: func(ctx context.Context, now func() time.Time) (*store.Store, error) {
			return store.Open(ctx, dsn, store.Options{Clock: now})
		},
	}}
}

func play(t testing.TB, d Drill, o Options) Result {
	t.Helper()
	r, err := Play(t.Context(), d, o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}
