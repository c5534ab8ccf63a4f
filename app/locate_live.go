package app

import (
	"context"
	"errors"
	"io"
	"runtime/debug"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/app/locating"
	"github.com/trucewatch/truce/internal/bounded"
	"github.com/trucewatch/truce/sense/locate"
	"github.com/trucewatch/truce/source/arrivals"
)

// heardRow is a row of a stream, or why it is none, or how the stream ended.
type heardRow struct {
	arrival locate.Arrival
	err     error
}

// liveRows is how many rows may wait between who reads and who locates.
const liveRows = 256

// liveQuiet is how long a stream may say nothing before what waits for a later arrival is told:
// it is looked at once in that time, so after twice that at the latest.
const liveQuiet = 250 * time.Millisecond

// runLocateLive reads arrivals as they come and prints what becomes of events, a line of JSON
// each; at the end, or when it is interrupted, it writes the files that a run over the same
// arrivals writes.
func (c *cli) runLocateLive(ctx context.Context, opt locateOptions) error {
	defer debug.SetGCPercent(debug.SetGCPercent(calmGC))
	sensors, err := c.readSensors(opt.sensors)
	if err != nil {
		return err
	}
	field := locating.NewField(sensors)
	cfg := opt.config()
	if cfg.Meteo, err = c.readWeather(opt.meteo); err != nil {
		return err
	}
	if cfg.Decisions, err = c.readDecisions(opt.decisions); err != nil {
		return err
	}
	live, err := locate.NewLive(field.Sensors, cfg)
	if err != nil {
		return err
	}
	in, _, err := c.fencesInput(opt.arrivals)
	if err != nil {
		return err
	}
	defer in.Close()
	taken, out, err := c.follow(ctx, in, sensors, live)
	if err := errors.Join(err, c.sayLeftOut(leftOut{opt.arrivals, out}, taken)); err != nil {
		return err
	}
	result, err := live.Close()
	if err != nil {
		return err
	}
	field.Arrivals = live.Arrivals()
	return c.writeLocated(opt, field, &result)
}

// follow hands arrivals on to live and prints the revisions, until the stream ends or the
// command is interrupted. It says how many arrivals were taken.
func (c *cli) follow(ctx context.Context, in io.Reader, sensors []arrivals.Sensor, live *locate.Live) (taken int, out arrivals.Rejects, err error) {
	rows, stop := make(chan heardRow, liveRows), make(chan struct{})
	defer close(stop)
	// A read of standard input cannot be broken off: when the command is interrupted, who
	// reads is left behind and ends with the process.
	go readAhead(in, sensors, rows, stop)
	quiet := time.NewTicker(liveQuiet)
	defer quiet.Stop()
	idle := false
	for {
		var row heardRow
		select {
		case <-ctx.Done():
			return taken, out, nil
		case <-quiet.C:
			if idle && taken > 0 {
				late := live.Arrival(taken-1).Time + truce.Instant(locate.LiveStep)
				if err := c.printRevisions(live, live.Advance(late)); err != nil {
					return taken, out, err
				}
			}
			idle = true
			continue
		case row = <-rows:
			idle = false
		}
		var bad *arrivals.RowError
		switch {
		case errors.As(row.err, &bad):
			out.Add(bad)
			continue
		case row.err == io.EOF:
			return taken, out, nil
		case row.err != nil:
			return taken, out, row.err
		}
		revisions, err := live.Add(row.arrival)
		if err != nil {
			return taken, out, err
		}
		taken++
		if err := c.printRevisions(live, revisions); err != nil {
			return taken, out, err
		}
	}
}

func (c *cli) printRevisions(live *locate.Live, revisions []locate.Revision) error {
	for _, revision := range revisions {
		line, err := locating.Revision(revision, live.Arrival)
		if err != nil {
			return err
		}
		if _, err := c.out.Write(line); err != nil {
			return err
		}
	}
	return nil
}

// readAhead reads rows until the stream ends or nobody wants them.
func readAhead(in io.Reader, sensors []arrivals.Sensor, rows chan<- heardRow, stop <-chan struct{}) {
	hand := func(row heardRow) bool {
		select {
		case rows <- row:
			return true
		case <-stop:
			return false
		}
	}
	data, err := bounded.Unpack(in, bounded.UnpackLimits{})
	if err != nil {
		hand(heardRow{err: err})
		return
	}
	reader, err := arrivals.NewReader(data, sensors)
	if err != nil {
		hand(heardRow{err: err})
		return
	}
	for {
		a, err := reader.Next()
		var bad *arrivals.RowError
		if !hand(heardRow{locating.Arrival(&a), err}) || err != nil && !errors.As(err, &bad) {
			return
		}
	}
}
