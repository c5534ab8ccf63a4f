package app

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/trucewatch/truce"
)

// machine is the clock of a machine on which several programs run.
type machine struct {
	mu sync.Mutex // guards at
	at time.Time
}

func (m *machine) now() time.Time {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.at
}

func (m *machine) later(d time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.at = m.at.Add(d)
}

// played is the directory of a drill that was played, on a machine of a year before it, and
// the time of its last record.
func played(t *testing.T) (p program, m *machine, last time.Time) {
	t.Helper()
	m = &machine{at: time.Date(2026, 5, 1, 8, 0, 0, 0, time.UTC)}
	p = program{dir: filepath.Join(t.TempDir(), "drill")}
	m.run(t, p.dir, "drill", "run", "both-parties")
	return p, m, m.lastRecord(t, p.dir)
}

// run runs a command at the machine's time.
func (m *machine) run(t *testing.T, dir string, args ...string) string {
	t.Helper()
	var out bytes.Buffer
	if code := MainAt(m.now, append(args, "--dir", dir), strings.NewReader(""), &out, &out); code != 0 {
		t.Fatalf("truce %s: exit %d\n%s", strings.Join(args, " "), code, out.String())
	}
	return out.String()
}

func (m *machine) lastRecord(t *testing.T, dir string) time.Time {
	t.Helper()
	a, err := Open(t.Context(), dir, m.now)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	seq, _, err := a.store.Head(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	r, err := a.store.Record(t.Context(), seq)
	if err != nil {
		t.Fatal(err)
	}
	return truce.Instant(r.Time).Time()
}

// serveRoom serves the room until the test stops it.
func (m *machine) serveRoom(t *testing.T, dir string) (stop func() int) {
	t.Helper()
	_, stop = servingAt(t, m.now, dir, "serve", "--room")
	return stop
}

func (m *machine) note(t *testing.T, dir, text string) time.Time {
	t.Helper()
	m.run(t, dir, "note", text, "--at", "2031-03-11T14:00:00Z", "--from", "post 7", "--family", "patrol")
	return m.lastRecord(t, dir)
}

// TestCommandsWriteByTheClockOfTheServedRoom: what a command appends while the room of an
// exercise is served is dated by the room's clock; when nobody serves it, the exercise
// stands still between commands.
func TestCommandsWriteByTheClockOfTheServedRoom(t *testing.T) {
	p, m, last := played(t)
	m.later(time.Hour)
	if got := m.note(t, p.dir, "nobody serves"); !got.Equal(last) {
		t.Errorf("while nobody serves it: dated %s, the last record is of %s", got, last)
	}
	stop := m.serveRoom(t, p.dir)
	m.later(40 * time.Second) // the room shows its time anew every ten seconds of the real clock, which hardly passes here
	if got := m.note(t, p.dir, "served"); !got.Equal(last.Add(40 * time.Second)) {
		t.Errorf("40 s after the room began: dated %s, want %s", got, last.Add(40*time.Second))
	}
	m.later(15 * time.Second)
	reading, err := (&cli{dir: p.dir, now: m.now}).openReading(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if got := reading.now(); !got.Equal(last.Add(55 * time.Second)) {
		t.Errorf("a command that reads says %s, want %s", got, last.Add(55*time.Second))
	}
	if err := reading.Close(); err != nil {
		t.Fatal(err)
	}
	if got := m.note(t, p.dir, "served on"); !got.Equal(last.Add(55 * time.Second)) {
		t.Errorf("55 s after: dated %s, want %s", got, last.Add(55*time.Second))
	}
	if code := stop(); code != 0 {
		t.Errorf("the room ended with exit code %d", code)
	}
	if left, _ := filepath.Glob(filepath.Join(p.dir, "*exercise-clock*")); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
	m.later(time.Hour)
	if got := m.note(t, p.dir, "nobody serves again"); !got.Equal(last.Add(55 * time.Second)) {
		t.Errorf("after the room ended: dated %s", got)
	}
}

// TestARoomThatDiedHoldsNoClock: what it showed is believed for a minute and no longer.
func TestARoomThatDiedHoldsNoClock(t *testing.T) {
	p, m, last := played(t)
	dead := newShower(p.dir, m.now)
	if err := dead.show(truce.InstantOf(last.Add(time.Hour)), true); err != nil {
		t.Fatal(err)
	}
	m.later(shownFor - time.Second)
	if got, want := m.note(t, p.dir, "x"), last.Add(time.Hour+shownFor-time.Second); !got.Equal(want) {
		t.Errorf("dated %s, want %s", got, want)
	}
	last = m.lastRecord(t, p.dir)
	m.later(time.Second)
	if got := m.note(t, p.dir, "y"); !got.Equal(last) {
		t.Errorf("a minute later: dated %s, want %s", got, last)
	}
}

// TestARoomFollowsADrillThatKeepsAPace: its clock is the drill's, not its own, and goes on
// from there when the drill ends.
func TestARoomFollowsADrillThatKeepsAPace(t *testing.T) {
	p, m, last := played(t)
	drill := newShower(p.dir, m.now)
	start := last.Add(time.Second)
	if err := drill.show(truce.InstantOf(start), false); err != nil {
		t.Fatal(err)
	}
	stop := m.serveRoom(t, p.dir)
	m.later(time.Second)
	if got := m.note(t, p.dir, "the drill's clock stands until it is set"); !got.Equal(start) {
		t.Errorf("dated %s, want %s", got, start)
	}
	if err := drill.show(truce.InstantOf(start.Add(time.Hour)), false); err != nil {
		t.Fatal(err)
	}
	if got := m.note(t, p.dir, "an hour passed in it"); !got.Equal(start.Add(time.Hour)) {
		t.Errorf("dated %s, want %s", got, start.Add(time.Hour))
	}
	if code := stop(); code != 0 {
		t.Errorf("exit code %d", code)
	}
	if _, ok := readShown(filepath.Join(p.dir, shownFile), m.now()); !ok {
		t.Error("a room that ended took back what the drill shows")
	}
	if err := drill.hide(); err != nil {
		t.Fatal(err)
	}
}

// TestTheClockGoesOnWhereAnotherEnded: a room that followed a drill shows the time itself
// when the drill has ended.
func TestTheClockGoesOnWhereAnotherEnded(t *testing.T) {
	m := &machine{at: time.Date(2026, 5, 1, 8, 0, 0, 0, time.UTC)}
	dir := t.TempDir()
	c := &clock{now: m.now, shared: filepath.Join(dir, shownFile)}
	drill, mine := newShower(dir, m.now), newShower(dir, m.now)
	start := time.Date(2031, 3, 11, 14, 0, 0, 0, time.UTC)
	for _, err := range []error{drill.show(truce.InstantOf(start), false), mine.turn(c)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	if got := c.Now(); !got.Equal(start) {
		t.Fatalf("%s, the drill says %s", got, start)
	}
	for _, err := range []error{drill.hide(), mine.turn(c)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	m.later(30 * time.Second)
	other := &clock{now: m.now, shared: c.shared}
	if got, want := other.Now(), start.Add(30*time.Second); !got.Equal(want) || !c.Now().Equal(want) {
		t.Errorf("%s and %s, want %s", got, c.Now(), want)
	}
	if err := os.WriteFile(c.shared, []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got, want := c.Now(), start.Add(30*time.Second); !got.Equal(want) {
		t.Errorf("a file that cannot be read moved the clock to %s", got)
	}
}

// TestARealStoreReadsNoClock: no file moves the clock of a mission.
func TestARealStoreReadsNoClock(t *testing.T) {
	p := newProgram(t)
	if err := newShower(p.dir, p.clock()).show(truce.InstantOf(p.now.Add(time.Hour)), true); err != nil {
		t.Fatal(err)
	}
	a, err := Open(context.Background(), p.dir, p.clock())
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	if !a.now().Equal(p.now) || a.clock != nil {
		t.Errorf("the clock of a mission says %s, want %s", a.now(), p.now)
	}
}
