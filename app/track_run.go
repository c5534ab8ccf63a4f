package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime/debug"
	"slices"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/app/tracking"
	"github.com/trucewatch/truce/internal/bounded"
	"github.com/trucewatch/truce/sense/track"
	"github.com/trucewatch/truce/source/arrivals"
	"github.com/trucewatch/truce/source/plots"
)

// begin tells before anything is followed what would fail behind it.
func (c *cli) begin(opt *trackOptions) error {
	if err := c.writable(opt.tracks, opt.geojson, opt.kml, opt.gpx, opt.meaning.passages, opt.meaning.report); err != nil {
		return err
	}
	return c.readMeaning(&opt.meaning)
}

// runTrack reads, follows and writes.
func (c *cli) runTrack(ctx context.Context, opt trackOptions) error {
	defer debug.SetGCPercent(debug.SetGCPercent(calmGC))
	if err := c.begin(&opt); err != nil {
		return err
	}
	var scans []track.Scan
	err := c.reading(opt.plots, func(data io.Reader, _ int64) (err error) {
		scans, err = c.readScans(opt.plots, opt.turn, data)
		return err
	})
	if err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	stage := c.stage("following %d scans", len(scans))
	result, err := track.Batch(scans, opt.config())
	stage.done()
	if err != nil {
		return fmt.Errorf("%s: %w", opt.plots, err)
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return c.writeTracked(ctx, opt, &result)
}

// readScans reads a table to its end and says what was left out.
func (c *cli) readScans(name string, turn time.Duration, data io.Reader) ([]track.Scan, error) {
	reader, err := plots.NewReader(data)
	if err != nil {
		return nil, err
	}
	gathered, taken := tracking.NewScans(truce.Micros(turn.Microseconds())), 0
	var out arrivals.Rejects
	for {
		p, err := reader.Next()
		if err == io.EOF {
			break
		}
		if bad := rejected(err); bad != nil {
			out.Add(bad)
			continue
		}
		if err != nil {
			return nil, err
		}
		gathered.Add(p)
		taken++
	}
	scans, left := gathered.Take()
	for _, why := range left {
		out.Add(&arrivals.RowError{Kind: why.Kind, Reason: why.Reason})
		taken--
	}
	c.sayLonely(scans)
	c.sayLeaps(name, scans)
	return scans, c.sayLeftOut(leftOut{name, out}, taken)
}

// mostLonely is the share of scans with one plot from which something is said.
const mostLonely = .9

// sayLonely warns of a table whose rows are each a scan, as transponders' are: a scan is one
// look at all objects, so each would end the others.
func (c *cli) sayLonely(scans []track.Scan) {
	lonely := 0
	for i := range scans {
		if len(scans[i].Plots) == 1 {
			lonely++
		}
	}
	if len(scans) >= 20 && float64(lonely) > mostLonely*float64(len(scans)) {
		fmt.Fprintf(c.err, "truce: %d of %d scans have one plot: a scan is one look at all objects. If each row is an object's own report, say how often they come: --turn 10s\n", lonely, len(scans))
	}
}

// tooLate is a kind of plots that are left out after they were read.
const tooLate = "scan too late"

// rejected is the row that an error is about; nil: it is of the whole.
func rejected(err error) *arrivals.RowError {
	var bad *plots.RowError
	if !errors.As(err, &bad) {
		return nil
	}
	return &arrivals.RowError{Line: bad.Line, Kind: bad.Kind, Reason: bad.Reason}
}

// writeTracked writes every file that was asked for and says what is in them.
func (c *cli) writeTracked(ctx context.Context, opt trackOptions, result *track.Result) error {
	tracks := tracking.Choose(result.Tracks, opt.known)
	files := []wholeFile{{opt.tracks, tracking.Tracks(tracks)}}
	if opt.geojson != "" {
		text, err := tracking.GeoJSON(tracks)
		if err != nil {
			return err
		}
		files = append(files, wholeFile{opt.geojson, text})
	}
	if opt.kml != "" {
		files = append(files, wholeFile{opt.kml, tracking.KML(tracks)})
	}
	if opt.gpx != "" {
		files = append(files, wholeFile{opt.gpx, tracking.GPX(tracks)})
	}
	meant, err := c.meant(ctx, &opt.meaning, tracks, result)
	if err != nil {
		return err
	}
	files = append(files, meant...)
	if err := c.writeWhole(files); err != nil {
		return err
	}
	said, err := tracking.Network(result)
	if err != nil {
		return err
	}
	for _, line := range said {
		fmt.Fprintf(c.err, "truce: %s\n", line)
	}
	if slices.ContainsFunc(files, func(f wholeFile) bool { return f.name == "-" }) {
		return nil
	}
	out := c.out
	if opt.live {
		out = c.err
	}
	_, err = fmt.Fprintf(out, "%s: %d tracks of %d plots in %d scans\n", opt.tracks, len(tracks), result.Plots, result.Scans)
	return err
}

// plotRow is a row of a stream, or why it is none, or how the stream ended.
type plotRow struct {
	plot plots.Plot
	err  error
}

// trackFollower hands a stream on to track.Live, scan by scan.
type trackFollower struct {
	c        *cli
	live     *track.Live
	gathered *tracking.Scans
	scan     string // that is being gathered
	taken    int
	out      arrivals.Rejects
	name     string
	usual    usualStep
	told     int // leaps in time
}

// runTrackLive follows plots as they come and prints the tracks at each scan; at the end, or
// when it is interrupted, it writes the files.
func (c *cli) runTrackLive(ctx context.Context, opt trackOptions) error {
	if err := c.begin(&opt); err != nil {
		return err
	}
	live, err := track.NewLive(opt.config())
	if err != nil {
		return err
	}
	in, _, err := c.fencesInput(opt.plots)
	if err != nil {
		return err
	}
	defer in.Close()
	f := &trackFollower{c: c, name: opt.plots, live: live, gathered: tracking.NewScans(truce.Micros(opt.turn.Microseconds()))}
	if err := f.follow(ctx, in); err != nil {
		return fmt.Errorf("%s: %w", opt.plots, err)
	}
	if err := c.sayLeftOut(leftOut{opt.plots, f.out}, f.taken); err != nil {
		return fmt.Errorf("%s: %w", opt.plots, err)
	}
	result := live.Close()
	return c.writeTracked(context.WithoutCancel(ctx), opt, &result) // an interrupt ends the stream, not the files
}

// follow reads until the stream ends or the command is interrupted. A scan is whole when a
// row of another comes; one after which the stream is quiet is followed, and what comes of it
// later is added.
func (f *trackFollower) follow(ctx context.Context, in io.Reader) error {
	rows, stop := make(chan plotRow, liveRows), make(chan struct{})
	defer close(stop)
	go readPlots(in, rows, stop)
	quiet := time.NewTicker(liveQuiet)
	defer quiet.Stop()
	idle := false
	for {
		select {
		case <-ctx.Done():
			return f.end()
		case <-quiet.C:
			if idle {
				if err := f.end(); err != nil {
					return err
				}
			}
			idle = true
		case row := <-rows:
			idle = false
			if row.err == io.EOF || ctx.Err() != nil {
				return f.end()
			}
			if err := f.take(row); err != nil {
				return err
			}
		}
	}
}

// take takes a row in.
func (f *trackFollower) take(row plotRow) error {
	if bad := rejected(row.err); bad != nil {
		f.out.Add(bad)
		return nil
	}
	if row.err != nil {
		return row.err
	}
	if look := f.gathered.Look(&row.plot); look != f.scan {
		if err := f.end(); err != nil {
			return err
		}
		f.scan = look
	}
	f.gathered.Add(row.plot)
	f.taken++
	return nil
}

// end follows the scan that was gathered, if any, and prints the tracks.
func (f *trackFollower) end() error {
	if f.gathered.Len() == 0 {
		return nil
	}
	scans, left := f.gathered.Take()
	for _, why := range left {
		f.out.Add(&arrivals.RowError{Kind: why.Kind, Reason: why.Reason})
		f.taken--
	}
	for _, s := range scans {
		tracks, err := f.live.Add(s)
		if truce.CodeOf(err) == truce.CodeInvalid {
			for range s.Plots {
				f.out.Add(&arrivals.RowError{Kind: tooLate, Reason: err.Error()})
				f.taken--
			}
			continue
		}
		if err != nil {
			return err
		}
		if l, long := f.usual.next(s); long && f.told < toldLeaps {
			l.tell(f.c.err, f.name)
			f.told++
		}
		for i := range tracks {
			line, err := tracking.Current(&tracks[i])
			if err != nil {
				return err
			}
			if _, err := f.c.out.Write(line); err != nil {
				return err
			}
		}
	}
	return nil
}

// readPlots reads rows until the stream ends or nobody wants them. A read of standard input
// cannot be broken off: it ends with the process.
func readPlots(in io.Reader, rows chan<- plotRow, stop <-chan struct{}) {
	hand := func(row plotRow) bool {
		select {
		case rows <- row:
			return true
		case <-stop:
			return false
		}
	}
	data, err := bounded.Unpack(in, bounded.UnpackLimits{})
	if err != nil {
		hand(plotRow{err: err})
		return
	}
	reader, err := plots.NewReader(data)
	if err != nil {
		hand(plotRow{err: err})
		return
	}
	for {
		p, err := reader.Next()
		if !hand(plotRow{p, err}) || err != nil && rejected(err) == nil {
			return
		}
	}
}
