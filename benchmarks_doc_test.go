package truce_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var (
	testFlag   = regexp.MustCompile(`-(bench|run) '?([A-Za-z0-9_]+)`)
	testFolder = regexp.MustCompile(`\./[a-z0-9/]+`)
)

// TestEveryFigureHasACommand: a figure in docs/benchmarks.md is worth what the command
// beside it is, so each row has one, and it exists.
func TestEveryFigureHasACommand(t *testing.T) {
	text, err := os.ReadFile("docs/benchmarks.md")
	if err != nil {
		t.Fatal(err)
	}
	rows := 0
	for line := range strings.Lines(string(text)) {
		commands := 0
		for _, span := range codeSpan.FindAllString(line, -1) {
			problem, is := checkCommand(strings.Trim(span, "`"))
			if is {
				commands++
			}
			if problem != "" {
				t.Errorf("docs/benchmarks.md: %s: %s", span, problem)
			}
		}
		if strings.HasPrefix(line, "| ") && !strings.HasPrefix(line, "| what ") {
			rows++
			if commands == 0 {
				t.Errorf("docs/benchmarks.md: no command in the row %s", line)
			}
		}
	}
	if rows == 0 {
		t.Error("docs/benchmarks.md has no rows")
	}
}

func TestMissingBenchmarksAreFound(t *testing.T) {
	for _, command := range []string{
		"scripts/bench-nothing", "go test -bench NoSuchThing ./geo", "go test -bench Inverse ./nowhere", "go test ./geo",
		"go test -run '^$' -bench ImportDurable ./geo",
	} {
		if problem, is := checkCommand(command); !is || problem == "" {
			t.Errorf("%s passes for a command that exists", command)
		}
	}
	if _, is := checkCommand("encoding/json"); is {
		t.Error("encoding/json passes for a command")
	}
}

// TestBenchRunsEveryBenchmark: make bench names the folder of each, or one above it.
func TestBenchRunsEveryBenchmark(t *testing.T) {
	makefile, err := os.ReadFile("Makefile")
	if err != nil {
		t.Fatal(err)
	}
	line := regexp.MustCompile(`(?m)^BENCHED\s*:=\s*(.+)$`).FindSubmatch(makefile)
	if line == nil {
		t.Fatal("Makefile does not say what is BENCHED")
	}
	benchmark := regexp.MustCompile(`(?m)^func Benchmark`)
	found := 0
	err = filepath.WalkDir(".", func(path string, entry os.DirEntry, err error) error {
		if entry.IsDir() && (strings.HasPrefix(entry.Name(), ".") && path != "." || entry.Name() == "node_modules") {
			return filepath.SkipDir
		}
		if err != nil || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		source, err := os.ReadFile(path)
		if err != nil || !benchmark.Match(source) {
			return err
		}
		found++
		if folder := filepath.ToSlash(filepath.Dir(path)); !benched(folder, strings.Fields(string(line[1]))) {
			t.Errorf("make bench leaves out %s", path)
		}
		return nil
	})
	if err != nil || found < 10 {
		t.Errorf("%d files with benchmarks, %v", found, err)
	}
}

// benched says whether a pattern of the go command names a folder.
func benched(folder string, patterns []string) bool {
	return slices.ContainsFunc(patterns, func(pattern string) bool {
		above, all := strings.CutSuffix(strings.TrimPrefix(pattern, "./"), "/...")
		return folder == above || all && strings.HasPrefix(folder, above+"/")
	})
}

// checkCommand says what is wrong with a command, and whether the text is one at all.
func checkCommand(text string) (problem string, is bool) {
	words := strings.Fields(text)
	for len(words) > 0 && strings.Contains(words[0], "=") {
		words = words[1:] // settings before the command
	}
	switch {
	case len(words) > 0 && strings.HasPrefix(words[0], "scripts/"):
		if info, err := os.Stat(words[0]); err != nil || info.Mode()&0o111 == 0 {
			return "no such script that can be run", true
		}
		return "", true
	case len(words) > 1 && words[0] == "go" && words[1] == "test":
		return checkGoTest(text), true
	}
	return "", false
}

func checkGoTest(command string) string {
	folder := testFolder.FindString(command)
	files, err := filepath.Glob(filepath.Join(folder, "*_test.go"))
	if folder == "" || err != nil || len(files) == 0 {
		return "names no folder with tests"
	}
	named := testFlag.FindAllStringSubmatch(command, -1)
	if len(named) == 0 {
		return "names no test or benchmark"
	}
	for _, flag := range named {
		kind := map[string]string{"bench": "Benchmark", "run": "Test"}[flag[1]]
		function := regexp.MustCompile(`(?m)^func ` + kind + `\w*` + strings.TrimPrefix(flag[2], kind))
		if !slices.ContainsFunc(files, func(file string) bool {
			source, err := os.ReadFile(file)
			return err == nil && function.Match(source)
		}) {
			return "no " + kind + " of that name in " + folder
		}
	}
	return ""
}
