package durable_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/trucewatch/truce/internal/durable"
	"github.com/trucewatch/truce/internal/durable/durabletest"
)

const content = "what must not be lost"

// create and replace write a whole file.
func create(fsys durable.FS, path string, mode fs.FileMode, content []byte) error {
	return whole(fsys, path, content, func(p *durable.Pending) error { return p.Create(path, mode) })
}

func replace(fsys durable.FS, path string, mode fs.FileMode, content []byte) error {
	return whole(fsys, path, content, func(p *durable.Pending) error { return p.Replace(path, mode) })
}

func whole(fsys durable.FS, path string, content []byte, end func(*durable.Pending) error) error {
	p, err := durable.Begin(fsys, filepath.Dir(path))
	if err != nil {
		return err
	}
	if _, err := p.Write(content); err != nil {
		return errors.Join(err, p.Discard())
	}
	return end(p)
}

func TestCreateNeverOverwrites(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a")
	if err := create(durable.OS{}, path, 0o400, []byte(content)); err != nil {
		t.Fatal(err)
	}
	if err := create(durable.OS{}, path, 0o400, []byte("other")); !errors.Is(err, fs.ErrExist) {
		t.Errorf("creating again gave %v, want that it is there", err)
	}
	holds(t, path, content)
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o400 {
		t.Errorf("rights are %v, %v, want read only", info.Mode(), err)
	}
	if err := replace(durable.OS{}, path, 0o600, []byte("other")); err != nil {
		t.Fatal(err)
	}
	holds(t, path, "other")
	if err := durable.Remove(durable.OS{}, path); err != nil {
		t.Fatal(err)
	}
	if left := names(t, filepath.Dir(path)); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestDiscardLeavesNothing(t *testing.T) {
	folder := t.TempDir()
	p, err := durable.Begin(durable.OS{}, folder)
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprint(p, content)
	if err := errors.Join(p.Discard(), p.Discard()); err != nil {
		t.Error(err)
	}
	if err := p.Create(filepath.Join(folder, "a"), 0o400); err == nil {
		t.Error("what was discarded was given a name")
	}
	if left := names(t, folder); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
}

// TestSystemCallsComeInOrder holds the sequence against the one in the comment of Pending.
func TestSystemCallsComeInOrder(t *testing.T) {
	folder := t.TempDir()
	disk := durabletest.New(folder)
	if err := create(disk, filepath.Join(folder, "a"), 0o400, []byte(content)); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(disk.Calls(), ", "); got != "create, write, chmod, fsync, link, remove, fsync folder" {
		t.Errorf("Create calls %s", got)
	}
	disk = durabletest.New(folder)
	if err := replace(disk, filepath.Join(folder, "a"), 0o400, []byte(content)); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(disk.Calls(), ", "); got != "create, write, chmod, fsync, rename, fsync folder" {
		t.Errorf("Replace calls %s", got)
	}
}

// save makes a folder and a file in it, then puts another in its place.
func save(disk *durabletest.Disk, root string) (made int, err error) {
	folder := filepath.Join(root, "x", "y")
	if err := durable.MkdirAll(disk, root, folder, 0o700); err != nil {
		return 0, err
	}
	if err := create(disk, filepath.Join(folder, "a"), 0o400, []byte(content)); err != nil {
		return 0, err
	}
	if err := replace(disk, filepath.Join(folder, "a"), 0o400, []byte(content+"!")); err != nil {
		return 1, err
	}
	return 2, nil
}

// faults counts what goes wrong when the power goes at each step in turn: a file that is
// neither whole nor absent, or one that was confirmed and is not there.
func faults(t *testing.T, set func(*durabletest.Disk)) (wrong []string) {
	t.Helper()
	for off := 1; ; off++ {
		for _, eager := range []bool{false, true} {
			root := t.TempDir()
			disk := durabletest.New(root)
			set(disk)
			disk.Off = off
			made, err := save(disk, root)
			if err == nil && disk.Steps() < off-1 {
				return wrong
			}
			if err := disk.PowerLoss(eager); err != nil {
				t.Fatal(err)
			}
			got, readErr := os.ReadFile(filepath.Join(root, "x", "y", "a"))
			want := [][]string{{"", content}, {content, content + "!"}, {content + "!"}}[made]
			whole := readErr == nil && slices.Contains(want, string(got)) && len(got) > 0
			absent := readErr != nil && made == 0
			if !whole && !absent {
				wrong = append(wrong, fmt.Sprintf("power lost at step %d (eager %v): %d files confirmed, found %q, %v", off, eager, made, got, readErr))
			}
		}
	}
}

func TestPowerLossLeavesAllOrNothingR02(t *testing.T) {
	for _, w := range faults(t, func(*durabletest.Disk) {}) {
		t.Error(w)
	}
	// The negative controls: the same sweep on a disk whose syncs do nothing finds losses.
	if w := faults(t, func(d *durabletest.Disk) { d.IgnoreSync = true }); len(w) == 0 {
		t.Error("with the fsync of files ignored nothing was lost: the test proves nothing")
	}
	if w := faults(t, func(d *durabletest.Disk) { d.IgnoreFolderSync = true }); len(w) == 0 {
		t.Error("with the fsync of folders ignored nothing was lost: the test proves nothing")
	}
}

// TestEveryFaultIsReported lets each step fail once.
func TestEveryFaultIsReportedR03(t *testing.T) {
	for _, fault := range []error{syscall.EIO, syscall.ENOSPC} {
		for step := 1; ; step++ {
			root := t.TempDir()
			disk := durabletest.New(root)
			failed := ""
			disk.Fail = func(n int, call string) error {
				if n != step {
					return nil
				}
				failed = call
				return fault
			}
			_, err := save(disk, root)
			if failed == "" {
				if step < 15 {
					t.Fatalf("only %d steps", step)
				}
				break
			}
			if !errors.Is(err, fault) {
				t.Errorf("step %d (%s) failed with %v, the caller was told %v", step, failed, fault, err)
			}
			if strings.HasPrefix(failed, "fsync") && !errors.Is(err, durable.ErrUnsynced) {
				t.Errorf("step %d: a failed %s gave %v, want it marked", step, failed, err)
			}
			if got, err := os.ReadFile(filepath.Join(root, "x", "y", "a")); err == nil && string(got) != content && string(got) != content+"!" {
				t.Errorf("step %d: half a file: %q", step, got)
			}
		}
	}
}

func TestFoldersAreMadeBelowTheBaseAlone(t *testing.T) {
	base := t.TempDir()
	if err := durable.MkdirAll(durable.OS{}, base, filepath.Dir(base), 0o700); err == nil {
		t.Error("a folder above the base was accepted")
	}
	if err := errors.Join(durable.MkdirAll(durable.OS{}, base, base, 0o700), durable.MkdirAll(durable.OS{}, base, filepath.Join(base, "a", "b"), 0o700)); err != nil {
		t.Error(err)
	}
	if err := os.WriteFile(filepath.Join(base, "f"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := create(durable.OS{}, filepath.Join(base, "f", "a"), 0o400, nil); err == nil {
		t.Error("a file was made below a file")
	}
}

func holds(t *testing.T, path, want string) {
	t.Helper()
	if got, err := os.ReadFile(path); err != nil || string(got) != want {
		t.Errorf("%s holds %q, %v, want %q", path, got, err, want)
	}
}

func names(t *testing.T, folder string) (out []string) {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		out = append(out, e.Name())
	}
	return out
}
