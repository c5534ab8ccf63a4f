package evidence

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/internal/durable"
	"github.com/trucewatch/truce/internal/durable/durabletest"
)

// life is what happens to two originals, act by act, and what must hold once an act was
// answered well.
var life = []struct {
	name string
	act  func(*Store) error
	hold func(*Store) error
}{
	{"put", func(s *Store) error { return putBody(s, "https://a.example/1", "first", "") }, has("first", 1)},
	{"put the same", func(s *Store) error { return putBody(s, "https://b.example/1", "first", "") }, has("first", 2)},
	{"put another", func(s *Store) error { return putBody(s, "https://a.example/2", "second", "") }, has("second", 1)},
	{"note", func(s *Store) error {
		_, err := s.Note(context.Background(), truce.HashOf([]byte("second")), StepRead, "desk", "")
		return err
	}, has("second", 1)},
	{"take down", func(s *Store) error {
		_, err := s.Takedown(context.Background(), truce.HashOf([]byte("first")), "desk", "asked")
		return err
	}, hasNot("first")},
	{"put by force", func(s *Store) error { return putBody(s, "https://c.example/1", "first", "a court asked") }, has("first", 3)},
}

func putBody(s *Store, url, body, force string) error {
	_, err := s.Put(context.Background(), Item{Capture: capture(url), Body: strings.NewReader(body), Force: force, By: "suite"})
	return err
}

func has(body string, captures int) func(*Store) error {
	return func(s *Store) error {
		hash := truce.HashOf([]byte(body))
		if _, err := s.Bytes(context.Background(), hash, 100); err != nil {
			return err
		}
		if got, err := s.Captures(context.Background(), hash); err != nil || len(got) < captures {
			return fmt.Errorf("%q has %d captures, %w, want %d", body, len(got), err, captures)
		}
		return nil
	}
}

func hasNot(body string) func(*Store) error {
	return func(s *Store) error {
		if _, err := s.Bytes(context.Background(), truce.HashOf([]byte(body)), 100); truce.CodeOf(err) != truce.CodeNotFound {
			return fmt.Errorf("%q: %v, want that it is not there", body, err)
		}
		return nil
	}
}

// live acts until an act fails and says how many were answered well.
func live(root string, fsys durable.FS) (acts int, err error) {
	disk, err := openDisk(root, fsys)
	if err != nil {
		return 0, err
	}
	s, err := New(context.Background(), disk, Options{Clock: func() time.Time { return noon }})
	if err != nil {
		return 0, err
	}
	for i, step := range life {
		if err := step.act(s); err != nil {
			return i, err
		}
	}
	return len(life), nil
}

// after opens what is left and says what is wrong with it.
func after(root string, acts int) error {
	disk, err := OpenDisk(root)
	if err != nil {
		return err
	}
	s, err := New(context.Background(), disk, Options{})
	if err != nil {
		return err
	}
	report, err := s.Verify(context.Background(), nil)
	if err != nil || !report.OK() {
		return fmt.Errorf("%v %w", report.Damage, err)
	}
	switch {
	case acts == 0:
		return nil
	case acts == 4: // the takedown may have been recorded before it failed
		return life[2].hold(s)
	case acts == 5: // the bytes may be there whole before it failed
		if gone := life[4].hold(s); gone != nil {
			return has("first", 2)(s)
		}
		return nil
	}
	return life[acts-1].hold(s)
}

// powerLosses loses the power at each step in turn and lists what is wrong afterwards, no
// more than most things.
func powerLosses(t *testing.T, most int, set func(*durabletest.Disk)) (wrong []string, steps int) {
	t.Helper()
	for off := 1; len(wrong) < most; off++ {
		for _, eager := range []bool{false, true} {
			root := t.TempDir()
			disk := durabletest.New(root)
			set(disk)
			disk.Off = off
			acts, err := live(root, disk)
			if err == nil {
				return wrong, off
			}
			if err := disk.PowerLoss(eager); err != nil {
				t.Fatal(err)
			}
			if err := after(root, acts); err != nil {
				wrong = append(wrong, fmt.Sprintf("power lost at step %d (eager %v) after %d acts: %v", off, eager, acts, err))
			}
		}
	}
	return wrong, steps
}

// TestPowerLossKeepsWhatWasReceiptedR02: whatever was answered well is there whole
// afterwards, and what was not is there whole or not at all.
func TestPowerLossKeepsWhatWasReceiptedR02(t *testing.T) {
	wrong, steps := powerLosses(t, 1000, func(*durabletest.Disk) {})
	for _, w := range wrong {
		t.Error(w)
	}
	t.Logf("%d steps, the power lost at each of them", steps)
	if steps < 50 {
		t.Errorf("only %d steps", steps)
	}
	// The negative controls.
	if wrong, _ := powerLosses(t, 1, func(d *durabletest.Disk) { d.IgnoreSync = true }); len(wrong) == 0 {
		t.Error("with the fsync of files ignored nothing was lost: the test proves nothing")
	}
	if wrong, _ := powerLosses(t, 1, func(d *durabletest.Disk) { d.IgnoreFolderSync = true }); len(wrong) == 0 {
		t.Error("with the fsync of folders ignored nothing was lost: the test proves nothing")
	}
}

// TestDiskErrorsAreReportedR03 lets each step fail once: the act it belongs to fails, what
// is left is sound, and the whole can be done again.
func TestDiskErrorsAreReportedR03(t *testing.T) {
	for _, fault := range []error{syscall.EIO, syscall.ENOSPC} {
		for step := 1; ; step++ {
			root := t.TempDir()
			disk := durabletest.New(root)
			hit := ""
			disk.Fail = func(n int, call string) error {
				if n == step {
					hit = call
					return fault
				}
				return nil
			}
			acts, err := live(root, disk)
			if hit == "" {
				break
			}
			if !errors.Is(err, fault) {
				t.Errorf("step %d (%s) failed with %v, the caller was told %v", step, hit, fault, err)
				continue
			}
			if err := after(root, acts); err != nil {
				t.Errorf("step %d (%s): %v", step, hit, err)
			}
			if err := putAll(root); err != nil {
				t.Errorf("step %d (%s), done again: %v", step, hit, err)
			}
		}
	}
}

func putAll(root string) error {
	disk, err := OpenDisk(root)
	if err != nil {
		return err
	}
	s, err := New(context.Background(), disk, Options{})
	if err != nil {
		return err
	}
	return errors.Join(putBody(s, "https://a.example/1", "first", "once more"), putBody(s, "https://a.example/2", "second", ""))
}

// putterEnv makes this test binary the process that is killed; with earlyEnv it prints its
// receipts before the bytes are kept, which the test must notice.
const (
	putterEnv = "TRUCE_TEST_PUT_TO"
	earlyEnv  = "TRUCE_TEST_RECEIPT_EARLY"
)

func TestMain(m *testing.M) {
	if root := os.Getenv(putterEnv); root != "" {
		os.Exit(putForever(root))
	}
	os.Exit(m.Run())
}

func putForever(root string) int {
	disk, err := OpenDisk(root)
	if err != nil {
		return 1
	}
	s, err := New(context.Background(), disk, Options{})
	if err != nil {
		return 1
	}
	early := os.Getenv(earlyEnv) != ""
	var mu sync.Mutex // guards standard output
	say := func(hash truce.Hash) {
		mu.Lock()
		defer mu.Unlock()
		fmt.Println(hash)
	}
	var wg sync.WaitGroup
	for c := range 4 {
		wg.Go(func() {
			for n := 0; ; n++ {
				body := strings.Repeat(fmt.Sprintf("%d/%d/%d ", os.Getpid(), c, n), 2_000)
				if early {
					say(truce.HashOf([]byte(body)))
				}
				receipt, err := s.Put(context.Background(), Item{Capture: capture("https://a.example/"), Body: strings.NewReader(body)})
				if err != nil {
					fmt.Fprintln(os.Stderr, err)
					return
				}
				if !early {
					say(receipt.Content)
				}
			}
		})
	}
	wg.Wait()
	return 1
}

// TestKillLosesNothingReceiptedR01 kills a process that keeps originals at random moments.
func TestKillLosesNothingReceiptedR01(t *testing.T) {
	given, lost := kills(t, 10)
	if lost > 0 || given < 50 {
		t.Errorf("%d of %d receipts were lost in 10 kills; want none of at least 50", lost, given)
	}
	t.Logf("10 kills, %d receipts, none lost", given)
	t.Setenv(earlyEnv, "yes")
	if given, lost := kills(t, 10); lost == 0 {
		t.Errorf("receipts came before the bytes and none of %d was lost: the test proves nothing", given)
	}
}

func kills(t *testing.T, cycles int) (given, lost int) {
	t.Helper()
	root := filepath.Join(t.TempDir(), "evidence")
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 1))
	for range cycles {
		hashes := killPutter(t, root, 1+random.IntN(20))
		given += len(hashes)
		disk, err := OpenDisk(root)
		if err != nil {
			t.Fatal(err)
		}
		s, err := New(t.Context(), disk, Options{})
		if err != nil {
			t.Fatal(err)
		}
		for _, hash := range hashes {
			captures, capturesErr := s.Captures(t.Context(), hash)
			if _, err := s.Bytes(t.Context(), hash, 1<<20); err != nil || capturesErr != nil || len(captures) == 0 {
				lost++
			}
		}
		sound(t, s)
	}
	return given, lost
}

func killPutter(t *testing.T, root string, after int) (hashes []truce.Hash) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), putterEnv+"="+root)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for n := 1; lines.Scan(); n++ {
		var hash truce.Hash
		if hash.UnmarshalText(lines.Bytes()) == nil {
			hashes = append(hashes, hash)
		}
		if n == after {
			if err := cmd.Process.Kill(); err != nil {
				t.Error(err)
			}
		}
	}
	if err := cmd.Wait(); err == nil {
		t.Error("the process ended by itself")
	}
	return hashes
}
