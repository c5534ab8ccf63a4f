package app

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestFoundDamageStopsEveryWriter: what a verification found keeps every command that
// records something out, until a verification finds nothing; reading goes on.
func TestFoundDamageStopsEveryWriter(t *testing.T) {
	p := withReports(t)
	path, mark := filepath.Join(p.dir, "truce.db"), filepath.Join(p.dir, damagedFile)
	p.good(t, "rebuild") // all is in the one file now
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	damageFile(t, path, "six impacts")
	p.good(t, "assess") // nobody has looked yet, and assess does not read that row's hash
	mustHold(t, p.bad(t, "verify-store"), "1 damaged", "observations: ")
	if text, err := os.ReadFile(mark); err != nil || !strings.Contains(string(text), "1 damaged\nrecord ") {
		t.Errorf("the mark says %q: %v", text, err)
	}
	rows := p.write(t, "more.csv", "time,lat,lon,act,text\n2031-03-12T10:00:00Z,-47.9,-21.6,crater,another\n")
	writers := [][]string{
		{"import", "--format", "csv", rows}, {"assess"}, {"bulletin", "daily", "--date", "2031-03-11"},
		{"note", "smoke", "--at", "2031-03-11T14:05:00Z"},
	}
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, args := range writers {
		mustHold(t, p.bad(t, args...), "the store was found damaged (see "+mark+")", "run truce verify-store")
	}
	if after, err := os.ReadFile(path); err != nil || string(after) != string(before) {
		t.Errorf("a refused command changed the store: %v", err)
	}
	p.good(t, "incidents")
	p.good(t, "rebuild") // mends read tables, which is not what is damaged here
	p.bad(t, "assess")
	p.bad(t, "verify-store", "--json")
	if err := os.WriteFile(path, whole, 0o600); err != nil {
		t.Fatal(err)
	}
	p.bad(t, "assess") // a copy was put back; nobody has looked at it
	p.good(t, "verify-store")
	if _, err := os.Lstat(mark); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the mark of a whole store: %v", err)
	}
	for _, args := range writers {
		p.good(t, args...)
	}
}

// TestDamagedEventIsNotBuiltOn: the body of a record near the end is held against its
// commitment by every command that records something.
func TestDamagedEventIsNotBuiltOn(t *testing.T) {
	p := withReports(t)
	p.good(t, "rebuild")
	damageFile(t, filepath.Join(p.dir, "truce.db"), `"occurrence":`)
	rows := p.write(t, "more.csv", "time,lat,lon,act,text\n2031-03-12T10:00:00Z,-47.9,-21.6,crater,another\n")
	for _, args := range [][]string{{"import", "--format", "csv", rows}, {"assess"}, {"bulletin", "daily", "--date", "2031-03-11"}} {
		mustHold(t, p.bad(t, args...), "body does not match its commitment", "check it with truce verify-store")
	}
	mustHold(t, p.bad(t, "verify-store"), "1 damaged")
}
