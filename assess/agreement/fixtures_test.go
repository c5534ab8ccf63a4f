package agreement

import (
	"bytes"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	truce "github.com/trucewatch/truce"
)

// update renews the golden files.
var update = flag.Bool("update", false, "write the golden files")

// plainFiles is the test agreement of testdata/plain: a line along longitude -21.6 with
// party A to the west and B to the east.
func plainFiles(t testing.TB) []truce.AgreementFile {
	t.Helper()
	files, err := ReadDir(os.DirFS("testdata/plain"))
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// edited is the test agreement with one text replaced in one file; the text must be
// there exactly once, so that no test edits nothing.
func edited(t testing.TB, name, old, replacement string) []truce.AgreementFile {
	t.Helper()
	files := plainFiles(t)
	i := slices.IndexFunc(files, func(f truce.AgreementFile) bool { return f.Name == name })
	if i < 0 {
		t.Fatalf("no file %s", name)
	}
	if n := bytes.Count(files[i].Data, []byte(old)); n != 1 {
		t.Fatalf("%q stands %d times in %s, want once", old, n, name)
	}
	files[i].Data = bytes.Replace(files[i].Data, []byte(old), []byte(replacement), 1)
	return files
}

func mustParse(t testing.TB, files []truce.AgreementFile) *Agreement {
	t.Helper()
	a, err := Parse(files)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// refusal is the list of problems that Parse answers with.
func refusal(t testing.TB, files []truce.AgreementFile) []Problem {
	t.Helper()
	_, err := Parse(files)
	var r *Refusal
	if !errors.As(err, &r) || truce.CodeOf(err) != truce.CodeInvalid {
		t.Fatalf("error is %v, want a coded refusal", err)
	}
	return r.Problems
}

func compareGolden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got == string(want) {
		return
	}
	g, w := strings.Split(got, "\n"), strings.Split(string(want), "\n")
	for i := range min(len(g), len(w)) {
		if g[i] != w[i] {
			t.Fatalf("%s differs at line %d (renew with -update):\n got %s\nwant %s", path, i+1, g[i], w[i])
		}
	}
	t.Fatalf("%s has %d lines, got %d (renew with -update)", path, len(w), len(g))
}
