package app

import (
	"bytes"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestAnOlderPublicStoreIsRewrittenOnce: what was taken back before it was overwritten lies in
// free pages of the file; the first command that opens the directory for writing rewrites it
// and says so, and no later one does.
func TestAnOlderPublicStoreIsRewrittenOnce(t *testing.T) {
	p := newProgram(t)
	p.good(t, "import", "--format", "csv", p.write(t, "totals.csv", twoTotals))
	p.good(t, "assess")
	p.good(t, "bulletin", "daily", "--date", "2031-03-11")
	p.good(t, "bulletin", "release", "--date", "2031-03-11")
	path := filepath.Join(p.dir, "public.db")
	if said := p.run("assess").err; strings.Contains(said, "rewritten") {
		t.Errorf("a new public store was rewritten: %s", said)
	}
	db, err := sql.Open("sqlite", "file:"+path+"?_pragma=secure_delete(OFF)&_pragma=user_version(0)")
	if err != nil {
		t.Fatal(err)
	}
	marker := strings.Repeat("taken back long ago; ", 400)
	for _, statement := range []string{`CREATE TABLE earlier (body TEXT)`, fmt.Sprintf("INSERT INTO earlier VALUES ('%s')", marker), `DROP TABLE earlier`} {
		if _, err := db.Exec(statement); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if !fileHolds(t, path, "taken back long ago") {
		t.Fatal("nothing was left behind: the test shows nothing")
	}
	if said := p.run("assess").err; strings.Count(said, "was rewritten once") != 1 {
		t.Errorf("said %q", said)
	}
	if fileHolds(t, path, "taken back long ago") {
		t.Error("what was taken back is still in the file")
	}
	if said := p.run("assess").err; strings.Contains(said, "rewritten") {
		t.Errorf("rewritten again: %s", said)
	}
	p.good(t, "bulletin", "release", "--date", "2031-03-11")
}

func fileHolds(t *testing.T, path, text string) bool {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return bytes.Contains(raw, []byte(text))
}
