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
	line    int
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
func (c *cli) runLocateLive(ctx context.Context, opt locateOptions) (err error) {
	defer debug.SetGCPercent(debug.SetGCPercent(calmGC))
	if err := c.writable(opt.events, opt.assignments, opt.quakeml, opt.report, opt.posterior); err != nil {
		return err
	}
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
	kept, err := c.spoolFor(opt.events)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, kept.Close()) }()
	live, err := locate.NewLive(field.Sensors, cfg, kept)
	if err != nil {
		return err
	}
	in, _, err := c.fencesInput(opt.arrivals)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := c.follow(ctx, in, sensors, live, kept)
	if err != nil {
		return errors.Join(err, c.sayLeftOut(leftOut{opt.arrivals, out}, kept.rows))
	}
	kept.late = out.Add
	if kept.rows > calmArrivals {
		debug.SetGCPercent(closeGC)
	}
	var result locate.Result
	if result, field.Arrivals, err = live.Close(); err != nil {
		return err
	}
	if err := c.sayLeftOut(leftOut{opt.arrivals, out}, len(field.Arrivals)); err != nil {
		return err
	}
	if err := c.sayNotThere(opt.decisions, cfg.Decisions, field.Arrivals); err != nil {
		return err
	}
	return c.writeLocated(opt, field, &result)
}

// follow hands arrivals on to live and prints the revisions, until the stream ends or the
// command is interrupted.
func (c *cli) follow(ctx context.Context, in io.Reader, sensors []arrivals.Sensor, live *locate.Live, kept *spool) (out arrivals.Rejects, err error) {
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
			return out, nil
		case <-quiet.C:
			if idle && kept.rows > 0 {
				if err := c.printRevisions(live.Advance(kept.last.time + truce.Instant(locate.LiveStep))); err != nil {
					return out, err
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
		case row.err == io.EOF, ctx.Err() != nil:
			return out, nil
		case row.err != nil:
			return out, row.err
		}
		kept.line = row.line
		revisions, err := live.Add(row.arrival)
		if err != nil {
			return out, err
		}
		if err := c.printRevisions(revisions); err != nil {
			return out, err
		}
	}
}

func (c *cli) printRevisions(revisions []locate.Revision) error {
	for _, revision := range revisions {
		line, err := locating.Revision(&revision)
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
	reader.Recent()
	for {
		a, err := reader.Next()
		var bad *arrivals.RowError
		if !hand(heardRow{locating.Arrival(&a), reader.Line(), err}) || err != nil && !errors.As(err, &bad) {
			return
		}
	}
}
