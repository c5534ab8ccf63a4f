package app_test

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestPagesRun walks through every page: each block marked console or sh is run, in the
// order of the page, in a folder of the page's own. A block "file=NAME" is written to
// that file first and "append=NAME" to its end; what "$" commands print must be what
// the page shows, with "..." for anything; "refused" commands must fail. What serves is
// asked for its first page and stopped.
func TestPagesRun(t *testing.T) {
	pages := []string{filepath.Join("..", "README.md")}
	err := filepath.WalkDir(filepath.Join("..", "docs"), func(path string, _ os.DirEntry, err error) error {
		if strings.HasSuffix(path, ".md") {
			pages = append(pages, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	ran := 0
	for _, page := range pages {
		blocks := readBlocks(t, page)
		if len(blocks) == 0 {
			continue
		}
		t.Run(filepath.ToSlash(page), func(t *testing.T) {
			w := walk{t: t, page: page, dir: pageFolder(t, page)}
			for _, b := range blocks {
				ran += w.block(b)
			}
		})
	}
	if ran < 30 {
		t.Errorf("%d commands were run: the blocks were not found", ran)
	}
}

// TestEveryBlockOfTheLanguageGuideIsRun: on the page that people learn the language from
// no block stands that was never tried.
func TestEveryBlockOfTheLanguageGuideIsRun(t *testing.T) {
	page := filepath.Join("..", "docs", "agreement-language.md")
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	fences := strings.Count("\n"+string(text), "\n```") / 2
	if run := len(readBlocks(t, page)); run != fences {
		t.Errorf("%d blocks, %d of them run", fences, run)
	}
}

// pageFolder is a new folder with the files that a page speaks of and does not show.
func pageFolder(t *testing.T, page string) string {
	t.Helper()
	dir := t.TempDir()
	if filepath.Base(page) == "README.md" && filepath.Dir(page) == ".." {
		if err := os.CopyFS(filepath.Join(dir, "mission"), os.DirFS(filepath.Join("testdata", "readme"))); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// block is a fenced block that is run or written.
type block struct {
	line  int
	kind  string // console, sh, file or append
	name  string // of a file
	fails bool
	lines []string
}

func readBlocks(t *testing.T, page string) []block {
	t.Helper()
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	var out []block
	var open *block
	for i, line := range strings.Split(string(text), "\n") {
		info, fence := strings.CutPrefix(line, "```")
		switch {
		case fence && open == nil:
			open = newBlock(i+1, info)
		case fence:
			if open.kind != "" {
				out = append(out, *open)
			}
			open = nil
		case open != nil:
			open.lines = append(open.lines, line)
		}
	}
	return out
}

func newBlock(line int, info string) *block {
	b := &block{line: line}
	language, rest, _ := strings.Cut(info, " ")
	if language == "console" || language == "sh" {
		b.kind, b.fails = language, rest == "refused"
	}
	for _, kind := range []string{"file", "append"} {
		if name, found := strings.CutPrefix(rest, kind+"="); found {
			b.kind, b.name = kind, name
		}
	}
	return b
}

// walk is the way through one page.
type walk struct {
	t    *testing.T
	page string
	dir  string // where the reader stands
}

// block runs or writes one block and gives how many commands it ran.
func (w *walk) block(b block) int {
	w.t.Helper()
	switch b.kind {
	case "file", "append":
		w.write(b)
		return 0
	case "sh":
		return w.script(b)
	}
	return w.console(b)
}

func (w *walk) write(b block) {
	w.t.Helper()
	path := filepath.Join(w.dir, b.name)
	text := []byte(strings.Join(b.lines, "\n") + "\n")
	if b.kind == "append" {
		old, err := os.ReadFile(path)
		if err != nil {
			w.t.Fatalf("%s:%d: %v", w.page, b.line, err)
		}
		text = append(old, text...)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		w.t.Fatalf("%s:%d: %v", w.page, b.line, err)
	}
	if err := os.WriteFile(path, text, 0o600); err != nil {
		w.t.Fatalf("%s:%d: %v", w.page, b.line, err)
	}
}

// script runs the commands of a block without looking at what they print.
func (w *walk) script(b block) int {
	w.t.Helper()
	ran := 0
	for _, command := range strings.Split(strings.ReplaceAll(strings.Join(b.lines, "\n"), "\\\n", " "), "\n") {
		bare, _, _ := strings.Cut(command, " #")
		if bare = strings.TrimSpace(bare); bare == "" || bare[0] == '#' {
			continue
		}
		w.run(b, bare)
		ran++
	}
	return ran
}

// console runs the commands behind "$" and holds what they print to what is shown.
func (w *walk) console(b block) int {
	w.t.Helper()
	ran := 0
	for i := 0; i < len(b.lines); {
		command, found := strings.CutPrefix(b.lines[i], "$ ")
		if !found {
			w.t.Fatalf("%s:%d: %q is no command", w.page, b.line+i+1, b.lines[i])
		}
		i++
		from := i
		for i < len(b.lines) && !strings.HasPrefix(b.lines[i], "$ ") {
			i++
		}
		printed := w.run(b, command)
		ran++
		if shown := b.lines[from:i]; !shownAs(shown).MatchString(trimmed(printed)) {
			w.t.Errorf("%s:%d: %s printed\n%s\nthe page shows\n%s", w.page, b.line, command, printed, strings.Join(shown, "\n"))
		}
	}
	return ran
}

// shownAs is what a page shows as a pattern: "..." is anything, on a line or of lines.
func shownAs(lines []string) *regexp.Regexp {
	var b strings.Builder
	b.WriteString(`\A`)
	for _, line := range lines {
		if line == "..." {
			b.WriteString(`(?:.*\n)*?`)
			continue
		}
		b.WriteString(strings.ReplaceAll(regexp.QuoteMeta(strings.TrimRight(line, " ")), `\.\.\.`, `.*`) + `\n`)
	}
	b.WriteString(`\z`)
	return regexp.MustCompile(b.String())
}

// trimmed is what is printed with plain spaces and none at the ends of lines.
func trimmed(text string) string {
	lines := strings.Split(strings.ReplaceAll(text, "\u00a0", " "), "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	return strings.Join(lines, "\n")
}

// run runs one command where the reader stands, and stands where it leads.
func (w *walk) run(b block, command string) string {
	w.t.Helper()
	if strings.HasPrefix(command, "truce serve") || strings.HasPrefix(command, "truce demo") && !strings.Contains(command, "--exit") {
		w.serve(b, command)
		return ""
	}
	state := filepath.Join(w.t.TempDir(), "pwd")
	cmd := exec.CommandContext(w.t.Context(), "sh", "-c", command+"\ncode=$?\npwd >'"+state+"'\nexit $code")
	cmd.Dir = w.dir
	printed, err := cmd.CombinedOutput()
	if (err != nil) != b.fails {
		w.t.Fatalf("%s:%d: %s: %v\n%s", w.page, b.line, command, err, printed)
	}
	where, err := os.ReadFile(state)
	if err != nil {
		w.t.Fatal(err)
	}
	w.dir = strings.TrimSpace(string(where))
	return string(printed)
}

// serve starts what serves on a free port, asks for its first page and stops it.
func (w *walk) serve(b block, command string) {
	w.t.Helper()
	words := append(strings.Fields(command), "--listen", "127.0.0.1:0")
	cmd := exec.CommandContext(w.t.Context(), words[0], words[1:]...)
	cmd.Dir = w.dir
	out, err := cmd.StdoutPipe()
	if err != nil {
		w.t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		w.t.Fatal(err)
	}
	if err := askFirstPage(out); err != nil {
		w.t.Errorf("%s:%d: %s: %v", w.page, b.line, command, err)
	}
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		w.t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		w.t.Errorf("%s:%d: %s ended with %v", w.page, b.line, command, err)
	}
}

// askFirstPage reads the address a server prints and asks for its first page.
func askFirstPage(printed io.Reader) error {
	for lines := bufio.NewScanner(printed); lines.Scan(); {
		_, address, found := strings.Cut(lines.Text(), ": http://")
		if !found {
			continue
		}
		resp, err := http.Get("http://" + address)
		if err != nil {
			return err
		}
		defer resp.Body.Close()
		if resp.StatusCode != http.StatusOK {
			return fmt.Errorf("the first page answers %s", resp.Status)
		}
		return nil
	}
	return fmt.Errorf("no address was printed")
}

// TestPatternOfPages is the negative control: a page that shows something else fails.
func TestPatternOfPages(t *testing.T) {
	cases := []struct {
		shown, printed string
		want           bool
	}{
		{"a", "a\n", true},
		{"a", "b\n", false},
		{"a", "a\nb\n", false},
		{"a\n...", "a\nb\nc\n", true},
		{"...\nc", "a\nb\nc\n", true},
		{"...\nc", "a\nb\n", false},
		{"1 ... 3", "1 2 3\n", true},
		{"1 ... 3", "1 2 4\n", false},
		{"a.c", "abc\n", false},
	}
	for _, c := range cases {
		if got := shownAs(strings.Split(c.shown, "\n")).MatchString(c.printed); got != c.want {
			t.Errorf("%q shown as %q: %v, want %v", c.printed, c.shown, got, c.want)
		}
	}
}
