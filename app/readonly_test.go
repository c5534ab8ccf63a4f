//go:build unix

package app_test

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/trucewatch/truce/app"
)

// nobody is the user that owns nothing; an administrator may write anywhere.
const nobody = 65534

// archive is a data directory with frozen Dailies that nobody may write to.
type archive struct {
	dir  string
	user *syscall.Credential // nil: the user of the test
}

// newArchive makes an exercise and closes it to writing. The folder lies outside the
// test's own, which only the test's user may enter.
func newArchive(t *testing.T) archive {
	t.Helper()
	outer, err := os.MkdirTemp("", "truce-archive-*")
	if err != nil {
		t.Fatal(err)
	}
	a := archive{dir: filepath.Join(outer, "mission")}
	t.Cleanup(func() {
		reopen(t, a.dir)
		if err := os.RemoveAll(outer); err != nil {
			t.Error(err)
		}
	})
	var out bytes.Buffer
	if code := app.MainAt(time.Now, []string{"demo", "--exit", "--dir", a.dir}, strings.NewReader(""), &out, &out); code != 0 {
		t.Fatalf("demo: exit code %d\n%s", code, out.String())
	}
	if os.Geteuid() == 0 {
		a.user = &syscall.Credential{Uid: nobody, Gid: nobody}
		if err := os.Chmod(outer, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	a.close(t)
	a.probe(t)
	return a
}

// close gives the directory to its reader and takes away every right to write.
func (a archive) close(t *testing.T) {
	t.Helper()
	err := filepath.WalkDir(a.dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		mode := fs.FileMode(0o400)
		if entry.IsDir() {
			mode = 0o500
		}
		if a.user != nil {
			err = os.Chown(path, nobody, nobody)
		}
		return errors.Join(err, os.Chmod(path, mode))
	})
	if err != nil {
		t.Fatal(err)
	}
}

func reopen(t *testing.T, dir string) {
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if entry.IsDir() {
			err = errors.Join(err, os.Chmod(path, 0o700))
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// probe skips the test where no process can be started that may read the directory and
// not write to it.
func (a archive) probe(t *testing.T) {
	t.Helper()
	cmd := exec.Command("/bin/sh", "-c", "test -r "+app.ConfigFile+" && ! test -w .")
	cmd.Dir, cmd.SysProcAttr = a.dir, &syscall.SysProcAttr{Credential: a.user}
	if err := cmd.Run(); err != nil {
		t.Skipf("no process can be started here that may read %s and not write to it: %v", a.dir, err)
	}
}

// run runs the real program as the reader of the archive.
func (a archive) run(t *testing.T, args ...string) (code int, out, told string) {
	t.Helper()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat("/proc/self/exe"); err == nil {
		program = "/proc/self/exe" // the reader may not enter the folder of the test's binary
	}
	var stdout, stderr bytes.Buffer
	cmd := &exec.Cmd{
		Path: program, Args: append([]string{"truce"}, append(args, "--dir", a.dir)...), Dir: "/", Env: []string{"TRUCE_TEST_NOW=2031-03-15T00:00:00Z"},
		Stdout: &stdout, Stderr: &stderr, SysProcAttr: &syscall.SysProcAttr{Credential: a.user},
	}
	var exit *exec.ExitError
	if err := cmd.Run(); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), stdout.String(), stderr.String()
}

func TestReadingCommandsOnReadOnlyDirectory(t *testing.T) {
	a := newArchive(t)
	for want, args := range map[string][]string{
		"2031-1 ":                     {"incidents"},
		"indeterminate":               {"findings"},
		"area drawn under control of": {"lines", "diff", "2031-03-11", "2031-03-12"},
		"no damage found":             {"verify-store"},
		"no wording rule speaks":      {"bulletin", "lint", "The mission looked.", "--date", "2031-03-11"},
		"# ":                          {"bulletin", "daily", "--date", "2031-03-11"},
		`"day":"2031-03-11"`:          {"bulletin", "daily", "--date", "2031-03-11", "--format", "json"},
		"| 2031-03-10 |":              {"bulletin", "series", "--from", "2031-03-10", "--to", "2031-03-12"},
	} {
		code, out, told := a.run(t, args...)
		if code != 0 || !strings.Contains(out, want) {
			t.Errorf("truce %s: exit code %d, want %q in:\n%.2000s%s", strings.Join(args, " "), code, want, out, told)
		}
		prints := args[0] == "bulletin" && args[1] != "lint"
		if warned := strings.Contains(told, "read-only: printed as it was frozen"); warned != prints {
			t.Errorf("truce %s: told %q", strings.Join(args, " "), told)
		}
	}
	for _, args := range [][]string{
		{"bulletin", "daily", "--date", "2031-03-09"},
		{"bulletin", "series", "--from", "2031-03-09", "--to", "2031-03-10"},
		{"assess"},
		{"bulletin", "release", "--date", "2031-03-11"},
	} {
		code, out, told := a.run(t, args...)
		if code != 1 || out != "" || !strings.Contains(told, "is read-only") || !strings.Contains(told, "copy the directory") {
			t.Errorf("truce %s: exit code %d, printed %q, told %q", strings.Join(args, " "), code, out, told)
		}
	}
	if files, err := filepath.Glob(filepath.Join(a.dir, "truce.db?*")); err != nil || len(files) > 0 {
		t.Errorf("reading left %v, %v", files, err)
	}
}
