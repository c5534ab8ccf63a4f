package app

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"github.com/trucewatch/truce"
)

// clock is the time a graph runs on: that of the machine, set ahead where the store is
// an exercise. An exercise plays in its own time, often in a year to come. While it is
// played or its room is served, every program over its directory runs on that one clock;
// whoever opens it later goes on from its last record, since records never go back in time.
type clock struct {
	now    func() time.Time
	shared string       // the file in which an exercise shows its time; "": not shared
	ahead  atomic.Int64 // nanoseconds added to now
}

// Now is the time of the graph. The file is read each time: a command that appends must
// see what the exercise's clock says then, and not what it said when the command began.
func (c *clock) Now() time.Time {
	wall := c.now()
	if shown, ok := readShown(c.shared, wall); ok {
		c.ahead.Store(int64(shown.on(wall).Sub(wall)))
	}
	return wall.Add(time.Duration(c.ahead.Load()))
}

// continueFrom sets the clock ahead to the last record of the store.
func (c *clock) continueFrom(ctx context.Context, a *App) error {
	seq, _, err := a.store.Head(ctx)
	if err != nil {
		return err
	}
	last, err := a.store.Record(ctx, seq)
	if err != nil {
		return err
	}
	if ahead := time.UnixMicro(int64(last.Time)).Sub(c.now()); ahead > 0 {
		c.ahead.Store(int64(ahead))
	}
	return nil
}

const (
	// shownFile is where an exercise that is under way shows its time, beside its store.
	shownFile = "exercise-clock.json"
	// shownFor is how long a time is believed that is not shown anew: whoever showed it has
	// died without taking it back.
	shownFor = time.Minute
	// shownEvery is how often it is shown anew.
	shownEvery = 10 * time.Second
	// maxShownBytes is far above what the file holds.
	maxShownBytes = 4 << 10
)

// shownTime is the time of an exercise as the file holds it.
type shownTime struct {
	Time  truce.Instant `json:"time"`  // of the exercise
	At    truce.Instant `json:"at"`    // of the machine, when it was that time
	Runs  bool          `json:"runs"`  // on with the machine's clock; else it stands until it is shown anew
	Until truce.Instant `json:"until"` // of the machine: afterwards nobody is taken to be there
	By    string        `json:"by"`    // who shows it, a name made up for the purpose
}

func (s shownTime) on(wall time.Time) time.Time {
	if !s.Runs {
		return s.Time.Time()
	}
	return s.Time.Time().Add(wall.Sub(s.At.Time()))
}

// readShown reads what is shown in a file; false when nobody shows anything.
func readShown(path string, wall time.Time) (s shownTime, ok bool) {
	if path == "" {
		return s, false
	}
	data, err := os.ReadFile(path)
	if err != nil || len(data) > maxShownBytes || json.Unmarshal(data, &s) != nil {
		return s, false
	}
	return s, s.Time != 0 && truce.InstantOf(wall) < s.Until
}

// shower shows the time of an exercise to the other programs over its directory.
type shower struct {
	path string
	name string
	wall func() time.Time
}

func newShower(dir string, wall func() time.Time) shower {
	return shower{filepath.Join(dir, shownFile), rand.Text(), wall}
}

// show says what time it is, in the place of what was said before.
func (s shower) show(at truce.Instant, runs bool) error {
	wall := s.wall()
	data, err := json.Marshal(shownTime{Time: at, At: truce.InstantOf(wall), Runs: runs, Until: truce.InstantOf(wall.Add(shownFor)), By: s.name})
	if err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(s.path), ".exercise-clock-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // gone already when all went well
	_, err = f.Write(data)
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), s.path)
	}
	return err
}

// hide takes back what was shown, unless somebody else shows the time by now.
func (s shower) hide() error {
	if shown, ok := readShown(s.path, s.wall()); ok && shown.By != s.name {
		return nil
	}
	err := os.Remove(s.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// keep shows the clock of a graph until the context ends. While another program shows one
// the graph runs on that, and shows its own when the other has ended.
func (s shower) keep(ctx context.Context, c *clock, log *slog.Logger) error {
	tick := time.NewTicker(shownEvery)
	defer tick.Stop()
	for {
		if err := s.turn(c); err != nil {
			log.Error("clock of the exercise", "error", err, "so", "commands go on from the last record")
		}
		select {
		case <-ctx.Done():
			return s.hide()
		case <-tick.C:
		}
	}
}

// turn shows the clock once if it is this program's turn.
func (s shower) turn(c *clock) error {
	if shown, ok := readShown(s.path, s.wall()); ok && shown.By != s.name {
		return nil
	}
	return s.show(truce.InstantOf(c.Now()), true)
}
