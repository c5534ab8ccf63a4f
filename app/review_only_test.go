package app

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// holdsNone refuses words that tell where something was fired or took off.
func holdsNone(t *testing.T, words []string, what, text string) {
	t.Helper()
	lower := strings.ToLower(text)
	for _, word := range words {
		if at := strings.Index(lower, word); at >= 0 {
			t.Errorf("%s holds %q: %q", what, word, lower[max(0, at-60):min(len(lower), at+60)])
		}
	}
}

// filesHoldNone looks through the files of a folder, of which there must be so many.
func filesHoldNone(t *testing.T, words []string, folder string, many int) {
	t.Helper()
	files, err := os.ReadDir(folder)
	if err != nil || len(files) != many {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, file := range files {
		text, err := os.ReadFile(filepath.Join(folder, file.Name()))
		if err != nil || len(text) < 300 {
			t.Fatalf("%s: %d bytes, %v", file.Name(), len(text), err)
		}
		holdsNone(t, words, file.Name(), string(text))
	}
}

// reachedOnlyBy: no file but those that begin so, and its own, imports a package, so that
// nothing of it can reach a page, a feed, a table or the stream.
func reachedOnlyBy(t *testing.T, pkg, files string) {
	t.Helper()
	importers := 0
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") {
			return err
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, imp := range parsed.Imports {
			if strings.Trim(imp.Path.Value, `"`) != "github.com/trucewatch/truce/"+pkg {
				continue
			}
			importers++
			slashed := filepath.ToSlash(path)
			if !strings.HasPrefix(slashed, "../"+files) && !strings.HasPrefix(slashed, "../"+pkg+"/") {
				t.Errorf("%s imports %s: launch areas belong to the review commands alone", path, pkg)
			}
		}
		return nil
	})
	if err != nil || importers == 0 {
		t.Errorf("%d importers, %v", importers, err)
	}
}
