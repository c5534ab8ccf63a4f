package drill

import (
	"context"
	"crypto/rand"
	"io/fs"
	"path/filepath"
	"testing"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/agreement"
	"github.com/trucewatch/truce/examples"
	"github.com/trucewatch/truce/keep/store"
)

// illustrative is the example agreement as files and read.
func illustrative(t testing.TB) ([]truce.AgreementFile, *agreement.Agreement) {
	t.Helper()
	files, err := agreement.ReadDir(examples.Illustrative())
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
	return parsed(t, name+".drill", exampleText(t, name))
}

func exampleText(t testing.TB, name string) string {
	t.Helper()
	data, err := fs.ReadFile(examples.Drills(), name+".drill")
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
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
