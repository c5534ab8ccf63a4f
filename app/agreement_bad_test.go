package app

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/agreement"
)

// badDir holds agreements with one seeded defect each, as changes of a sound one: what
// check has to say of it, and where.
const badDir = "../assess/agreement/testdata/bad"

// badCase is one file of badDir. Above its sections stand a comment and the lines
//
//	base: plain, full          the agreement that is changed
//	      or handbook
//	want: level: text          what a problem says
//	at: file: words            what stands at the line and column it names; (absent) for a
//	                           file that is missing, "at: nowhere" for a directory that
//	                           cannot be read at all
//
// Its sections are "amend" (laid over agreement.yaml), "edit NAME" (old text, a line =>,
// new text), "file NAME" and "without NAME".
type badCase struct {
	base, level, want, file, words string
	sections                       []txtar.File
}

func readBadCase(t *testing.T, name string) badCase {
	t.Helper()
	archive, err := txtar.ParseFile(filepath.Join(badDir, name))
	if err != nil {
		t.Fatal(err)
	}
	c := badCase{base: "plain", sections: archive.Files}
	for _, line := range strings.Split(string(archive.Comment), "\n") {
		key, value, _ := strings.Cut(line, ": ")
		switch key {
		case "base":
			c.base = value
		case "want":
			c.level, c.want, _ = strings.Cut(value, ": ")
		case "at":
			c.file, c.words, _ = strings.Cut(value, ": ")
		default:
			if line != "" && !strings.HasPrefix(line, "#") {
				t.Fatalf("%s: %q is no line of a case", name, line)
			}
		}
	}
	if c.level == "" || c.want == "" || c.file == "" || c.words == "" && c.file != "nowhere" {
		t.Fatalf("%s: level %q, text %q and place %q are all needed", name, c.level, c.want, c.file)
	}
	return c
}

// badBase is the agreement that the cases change: the plain test agreement, or that with
// every field of the language laid over it.
func badBase(t *testing.T, base string, edits []txtar.File) []truce.AgreementFile {
	t.Helper()
	dir := "plain"
	if base == "handbook" {
		dir = base
	}
	files, err := agreement.ReadDir(os.DirFS("../assess/agreement/testdata/" + dir))
	if err != nil {
		t.Fatal(err)
	}
	if base != "full" {
		return files
	}
	over, err := os.ReadFile("../assess/agreement/testdata/full.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range edits {
		if s.Name == "edit full.yaml" {
			over = replaceOnce(t, over, s.Data)
		}
	}
	files, err = agreement.Amend(files, "full.yaml", over)
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// replaceOnce replaces a text that has to stand there exactly once.
func replaceOnce(t *testing.T, data, edit []byte) []byte {
	t.Helper()
	old, replacement, ok := bytes.Cut(edit, []byte("\n=>\n"))
	replacement = bytes.TrimSuffix(replacement, []byte("\n"))
	if n := bytes.Count(data, old); !ok || n != 1 {
		t.Fatalf("%q stands %d times, want once, then a line =>", old, n)
	}
	return bytes.Replace(data, old, replacement, 1)
}

// changed is the base with the sections applied.
func (c badCase) changed(t *testing.T) []truce.AgreementFile {
	t.Helper()
	files := badBase(t, c.base, c.sections)
	for _, s := range c.sections {
		what, name, _ := strings.Cut(s.Name, " ")
		i := slices.IndexFunc(files, func(f truce.AgreementFile) bool { return f.Name == name })
		switch {
		case what == "amend":
			var err error
			if files, err = agreement.Amend(files, "amend", s.Data); err != nil {
				t.Fatal(err)
			}
		case s.Name == "edit full.yaml":
		case what == "edit" && i >= 0:
			files[i].Data = replaceOnce(t, files[i].Data, s.Data)
		case what == "without" && i >= 0:
			files = slices.Delete(files, i, i+1)
		case what == "file" && i >= 0:
			files[i].Data = s.Data
		case what == "file":
			files = append(files, truce.AgreementFile{Name: name, Data: s.Data})
		default:
			t.Fatalf("section %q changes nothing", s.Name)
		}
	}
	return files
}

func writeTerms(t *testing.T, files []truce.AgreementFile) string {
	t.Helper()
	dir := t.TempDir()
	for _, f := range files {
		path := filepath.Join(dir, filepath.FromSlash(f.Name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, f.Data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// check runs what the command check runs; a directory that cannot be read is one error.
func (c badCase) check(t *testing.T, files []truce.AgreementFile) []agreement.Problem {
	t.Helper()
	problems, _, err := checkAgreement(writeTerms(t, files))
	if err != nil {
		return []agreement.Problem{{Level: agreement.LevelError, File: "nowhere", Text: err.Error()}}
	}
	return problems
}

// said finds the problem that a case wants, nil when check does not say it.
func (c badCase) said(problems []agreement.Problem) *agreement.Problem {
	for i, p := range problems {
		if string(p.Level) == c.level && strings.Contains(p.Field+": "+p.Text, c.want) {
			return &problems[i]
		}
	}
	return nil
}

// standsAt is the text from the line and column that a problem names to the line's end.
func standsAt(files []truce.AgreementFile, p *agreement.Problem) (string, error) {
	i := slices.IndexFunc(files, func(f truce.AgreementFile) bool { return f.Name == p.File })
	if i < 0 {
		return "", fmt.Errorf("no file %s", p.File)
	}
	lines := strings.Split(string(files[i].Data), "\n")
	if p.Line < 1 || p.Line > len(lines) {
		return "", fmt.Errorf("%s has %d lines, not %d", p.File, len(lines), p.Line)
	}
	text := []rune(lines[p.Line-1])
	if p.Column < 1 || p.Column > len(text)+1 {
		return "", fmt.Errorf("%s:%d has %d characters, not %d", p.File, p.Line, len(text), p.Column)
	}
	return string(text[p.Column-1:]), nil
}

func TestCheckFindsEverySeededDefect(t *testing.T) {
	entries, err := os.ReadDir(badDir)
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) < 40 {
		t.Fatalf("%d seeded defects, want 40 or more", len(entries))
	}
	for _, entry := range entries {
		t.Run(strings.TrimSuffix(entry.Name(), ".txtar"), func(t *testing.T) {
			c := readBadCase(t, entry.Name())
			if p := c.said(c.check(t, badBase(t, c.base, nil))); p != nil {
				t.Fatalf("the sound agreement has the problem too, so the case shows nothing: %s", p)
			}
			files := c.changed(t)
			problems := c.check(t, files)
			p := c.said(problems)
			if p == nil {
				t.Fatalf("check does not say %s %q; it says\n%s", c.level, c.want, listed(problems))
			}
			if p.File != c.file {
				t.Errorf("said of %s, want %s: %s", p.File, c.file, p)
			}
			if c.file == "nowhere" || c.words == "(absent)" {
				return
			}
			if at, err := standsAt(files, p); err != nil || !strings.HasPrefix(at, c.words) {
				t.Errorf("%s points at %q (%v), want %q", p, at, err, c.words)
			}
		})
	}
}

// The check says the same of every seeded agreement when all its dates lie 84 years
// earlier, before 1970: so long after, weekdays and leap days are the same again.
func TestCheckSaysTheSameBefore1970(t *testing.T) {
	entries, err := os.ReadDir(badDir)
	if err != nil {
		t.Fatal(err)
	}
	dated := regexp.MustCompile(`\b20\d\d-\d\d-\d\d`)
	earlier := func(text string) string {
		return dated.ReplaceAllStringFunc(text, func(date string) string {
			year, _ := strconv.Atoi(date[:4])
			return fmt.Sprintf("%04d%s", year-84, date[4:])
		})
	}
	for _, entry := range entries {
		t.Run(strings.TrimSuffix(entry.Name(), ".txtar"), func(t *testing.T) {
			c := readBadCase(t, entry.Name())
			if c.file == "nowhere" {
				t.Skip("cannot be read at all")
			}
			files := c.changed(t)
			want := earlier(listed(c.check(t, files)))
			for i, f := range files {
				if f.Name == agreement.MainFile || strings.HasSuffix(f.Name, ".test") {
					files[i].Data = []byte(earlier(string(f.Data)))
				}
			}
			if got := earlier(listed(c.check(t, files))); got != want { // examples in messages are of 2026
				t.Errorf("before 1970 check says\n%s\nwant\n%s", got, want)
			}
		})
	}
}

func listed(problems []agreement.Problem) string {
	var out []string
	for _, p := range problems {
		out = append(out, fmt.Sprintf("%s: %s", p.Level, p))
	}
	return strings.Join(out, "\n")
}
