package app

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"
)

// program runs command lines in this process, in one data directory and at one time.
type program struct {
	dir string
	now time.Time
	in  string // what is piped in
}

// result is what a command line came to.
type result struct {
	code     int
	out, err string
}

// storyTime is two days after the day most tests tell of.
var storyTime = time.Date(2031, 3, 13, 12, 0, 0, 0, time.UTC)

// newProgram makes a data directory with the illustrative agreement.
func newProgram(t *testing.T) program {
	t.Helper()
	p := program{dir: filepath.Join(t.TempDir(), "mission"), now: storyTime}
	p.good(t, "init", p.dir)
	return p
}

func (p program) run(args ...string) result {
	return p.runIn(context.Background(), args...)
}

func (p program) runIn(ctx context.Context, args ...string) result {
	return p.start(ctx, append(args, "--dir", p.dir)...)
}

// runAlone runs a command line to which nothing is added.
func (p program) runAlone(args ...string) result { return p.start(context.Background(), args...) }

func (p program) start(ctx context.Context, args ...string) result {
	var out, errOut bytes.Buffer
	c := &cli{in: strings.NewReader(p.in), out: &out, err: &errOut, now: func() time.Time { return p.now }}
	code := c.runIn(ctx, args)
	return result{code: code, out: out.String(), err: errOut.String()}
}

// good runs a command line that must succeed and gives what it printed.
func (p program) good(t *testing.T, args ...string) string {
	t.Helper()
	r := p.run(args...)
	if r.code != 0 {
		t.Fatalf("truce %s: exit code %d\n%s%s", strings.Join(args, " "), r.code, r.out, r.err)
	}
	return r.out
}

// bad runs a command line that must be refused and gives what it said.
func (p program) bad(t *testing.T, args ...string) string {
	t.Helper()
	r := p.run(args...)
	if r.code != 1 {
		t.Fatalf("truce %s: exit code %d, want 1\n%s%s", strings.Join(args, " "), r.code, r.out, r.err)
	}
	return r.out + r.err
}

// write puts a file beside the data directory and gives its path.
func (p program) write(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(filepath.Dir(p.dir), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// mustHold fails unless the text holds every one of the wanted parts.
func mustHold(t *testing.T, text string, wanted ...string) {
	t.Helper()
	for _, want := range wanted {
		if !strings.Contains(text, want) {
			t.Errorf("want %q in:\n%s", want, text)
		}
	}
}

// TestCrashIsReportedWithoutAStack lets the clock break while a command runs.
func TestCrashIsReportedWithoutAStack(t *testing.T) {
	folder := t.TempDir()
	t.Setenv("TMPDIR", folder)
	var out, errOut bytes.Buffer
	broken := func() time.Time { panic("the clock fell off the wall") }
	code := MainAt(broken, []string{"demo", "--exit", "--dir", filepath.Join(folder, "x")}, strings.NewReader(""), &out, &errOut)
	if code == 1 {
		t.Fatalf("an exercise has a clock of its own and must not ask for the time: %s", errOut.String())
	}
	code = MainAt(broken, []string{"note", "x", "--at", "2031-03-11T00:00:00Z", "--dir", filepath.Join(folder, "x")}, strings.NewReader(""), &out, &errOut)
	told := errOut.String()
	if code != 1 || !strings.HasPrefix(told, "truce: internal error; nothing recorded was lost. Please report it with "+folder) || strings.Count(told, "\n") != 1 {
		t.Fatalf("exit code %d, told:\n%s", code, told)
	}
	name := strings.TrimSpace(told[strings.Index(told, folder):])
	report, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	mustHold(t, string(report), "the clock fell off the wall", "goroutine", version)
	if info, err := os.Stat(name); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the report may be read by others: %v %v", info.Mode(), err)
	}
}

func TestCrashWithoutAPlaceForTheReport(t *testing.T) {
	t.Setenv("TMPDIR", filepath.Join(t.TempDir(), "nowhere"))
	var errOut bytes.Buffer
	c := &cli{err: &errOut}
	if code := c.reportCrash("anything"); code != 1 {
		t.Errorf("exit code %d, want 1", code)
	}
	mustHold(t, errOut.String(), "internal error", "the command line you gave")
}

func TestInterruptedCommandSaysWhatIsSafe(t *testing.T) {
	p := newProgram(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	r := p.runIn(ctx, "assess")
	if r.code != 1 || r.err != "truce: interrupted; what was acknowledged is recorded\n" {
		t.Errorf("exit code %d, told %q", r.code, r.err)
	}
}

// eachCommand visits every command of the tree but cobra's own.
func eachCommand(visit func(cmd *cobra.Command)) {
	c := &cli{out: &bytes.Buffer{}, err: &bytes.Buffer{}, now: time.Now}
	var walk func(cmd *cobra.Command)
	walk = func(cmd *cobra.Command) {
		visit(cmd)
		for _, child := range cmd.Commands() {
			if child.Name() != "help" && child.Name() != "completion" {
				walk(child)
			}
		}
	}
	walk(c.root())
}

// TestExamplesOfHelp holds every command to an example that its own flags would take.
func TestExamplesOfHelp(t *testing.T) {
	count := 0
	eachCommand(func(cmd *cobra.Command) {
		count++
		if cmd.Short == "" || cmd.Example == "" {
			t.Errorf("%s: needs a short text and an example", cmd.CommandPath())
		}
		for _, line := range exampleLines(cmd.Example) {
			if err := takesExample(cmd.Root(), line); err != nil {
				t.Errorf("%s: example %q: %v", cmd.CommandPath(), line, err)
			}
		}
		for _, line := range strings.Split(cmd.Long, "\n") {
			if len(line) > 120 {
				t.Errorf("%s: a line of the help has %d letters: %s", cmd.CommandPath(), len(line), line)
			}
		}
	})
	if count < 20 {
		t.Fatalf("%d commands visited", count)
	}
}

// exampleLines joins continued lines and leaves out what is no truce command.
func exampleLines(example string) []string {
	var out []string
	for _, line := range strings.Split(strings.ReplaceAll(example, "\\\n", " "), "\n") {
		if _, command, found := strings.Cut(line, "truce "); found {
			out = append(out, command)
		}
	}
	return out
}

func takesExample(root *cobra.Command, line string) error {
	line, _, _ = strings.Cut(line, " > ")
	line, _, _ = strings.Cut(line, " | ")
	line, _, _ = strings.Cut(line, " #")
	words, err := splitWords(line)
	if err != nil {
		return err
	}
	cmd, rest, err := root.Find(words)
	if err != nil {
		return err
	}
	if err := cmd.ParseFlags(rest); err != nil {
		return err
	}
	return cmd.ValidateArgs(cmd.Flags().Args())
}

// splitWords cuts a command line as a shell does, for the quotes that help texts use.
func splitWords(line string) ([]string, error) {
	var words []string
	var word strings.Builder
	quoted, begun := false, false
	for _, r := range line {
		switch {
		case r == '"':
			quoted, begun = !quoted, true
		case r == ' ' && !quoted:
			if begun {
				words = append(words, word.String())
			}
			word.Reset()
			begun = false
		default:
			word.WriteRune(r)
			begun = true
		}
	}
	if quoted {
		return nil, fmt.Errorf("a quote is not closed")
	}
	if begun {
		words = append(words, word.String())
	}
	return words, nil
}

// TestWrongValuesOfFlags are told in words of the user, not of a parser.
func TestWrongValuesOfFlags(t *testing.T) {
	p := newProgram(t)
	for want, args := range map[string][]string{
		`--limit "abc": want a whole number`:   {"incidents", "--limit", "abc"},
		`--lat "48,1": want a number`:          {"note", "x", "--lat", "48,1"},
		`--timeout "5": want a length of time`: {"fetch", "firms", "--timeout", "5"},
		`--days "": want a whole number`:       {"fetch", "firms", "--days="},
		`unknown flag: --lmit`:                 {"incidents", "--lmit", "3"},
		`flag needs an argument: --limit`:      {"incidents", "--limit"},
	} {
		r := p.run(args...)
		if args[len(args)-1] == "--limit" {
			r = p.runAlone(args...)
		}
		if r.code != 1 || !strings.Contains(r.err, want) || strings.Contains(r.err, "strconv") {
			t.Errorf("%q: exit code %d, told %q, want %q", args, r.code, r.err, want)
		}
	}
}

func TestDataDirectoryOfTheEnvironment(t *testing.T) {
	t.Setenv(dirVariable, "")
	if dir := defaultDir(); dir != "." {
		t.Errorf("without %s the directory is %q", dirVariable, dir)
	}
	t.Setenv(dirVariable, "/srv/mission")
	if dir := defaultDir(); dir != "/srv/mission" {
		t.Errorf("with %s the directory is %q", dirVariable, dir)
	}
}

// clock gives the program's time to what is called without a command line.
func (p program) clock() func() time.Time { return func() time.Time { return p.now } }

// settings writes truce.yaml anew.
func (p program) settings(t *testing.T, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(p.dir, ConfigFile), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// terms writes agreement.yaml anew.
func (p program) terms(t *testing.T, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(p.dir, "agreement", "agreement.yaml"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
