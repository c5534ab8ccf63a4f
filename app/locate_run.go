package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/term"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/app/locating"
	"github.com/trucewatch/truce/internal/bounded"
	"github.com/trucewatch/truce/internal/durable"
	"github.com/trucewatch/truce/sense/locate"
	"github.com/trucewatch/truce/source/arrivals"
)

// arrivalRow is how long a row of arrivals.csv is at least, bytes: it tells how many there are
// from the size of the file.
const arrivalRow = 48

// calmGC is how far the heap may grow between two collections, percent, while one command
// reads, locates and ends: memory is soon given back, and collecting takes a tenth of the
// time at the usual 100.
const calmGC = 400

// quickGC is that of a run over whole files, which is over in a second and bounded by
// calmArrivals: what it ever allocates for so many is some 300 MB.
const quickGC = 900

// Of more than calmArrivals arrivals, whose tables take a hundred MiB, the heap may grow by
// closeGC percent only.
const (
	calmArrivals = 500_000
	closeGC      = 30
)

// runLocate reads, locates and writes.
func (c *cli) runLocate(ctx context.Context, opt locateOptions) error {
	defer debug.SetGCPercent(debug.SetGCPercent(quickGC))
	if err := c.writable(opt.events, opt.assignments, opt.quakeml, opt.report, opt.posterior); err != nil {
		return err
	}
	sensors, err := c.readSensors(opt.sensors)
	if err != nil {
		return err
	}
	field := locating.NewField(sensors)
	if err := c.readArrivals(opt.arrivals, sensors, field); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if len(field.Arrivals) > calmArrivals {
		debug.SetGCPercent(closeGC)
	}
	cfg := opt.config()
	if cfg.Meteo, err = c.readWeather(opt.meteo); err != nil {
		return err
	}
	if cfg.Decisions, err = c.readDecisions(opt.decisions); err != nil {
		return err
	}
	if err := c.sayNotThere(opt.decisions, cfg.Decisions, field.Arrivals); err != nil {
		return err
	}
	stage := c.stage("locating %d arrivals", len(field.Arrivals))
	result, err := located(ctx, field.Sensors, field.Arrivals, cfg)
	stage.done()
	if err != nil {
		return err
	}
	return c.writeLocated(opt, field, &result)
}

// located is what arrivals tell, unless the command is interrupted: what was begun then ends with
// the process.
func located(ctx context.Context, sensors []locate.Sensor, arrivals []locate.Arrival, cfg locate.Config) (locate.Result, error) {
	type answer struct {
		result locate.Result
		err    error
	}
	told := make(chan answer, 1)
	go func() {
		result, err := locate.Batch(sensors, arrivals, cfg)
		told <- answer{result, err}
	}()
	select {
	case a := <-told:
		return a.result, cmp.Or(ctx.Err(), a.err)
	case <-ctx.Done():
		return locate.Result{}, ctx.Err()
	}
}

// readSensors reads the table of sensors and says what was left out.
func (c *cli) readSensors(name string) (sensors []arrivals.Sensor, err error) {
	err = c.reading(name, func(data io.Reader, _ int64) error {
		var out arrivals.Rejects
		sensors, out, err = arrivals.ReadSensors(data)
		if err != nil {
			return err
		}
		if len(sensors)+out.Rows == 0 {
			return truce.Errorf(truce.CodeInvalid, "there are no sensors: write a row for each below the header")
		}
		return c.sayLeftOut(leftOut{name, out}, len(sensors))
	})
	return sensors, err
}

func (c *cli) readArrivals(name string, sensors []arrivals.Sensor, field *locating.Field) error {
	return c.reading(name, func(data io.Reader, size int64) error {
		if size/arrivalRow > calmArrivals {
			debug.SetGCPercent(closeGC)
		}
		out, err := field.Read(data, sensors, int(size/arrivalRow))
		if err != nil {
			return err
		}
		return c.sayLeftOut(leftOut{name, out}, len(field.Arrivals))
	})
}

// readWeather reads the table of weather, if one is given.
func (c *cli) readWeather(name string) (air []locate.Air, err error) {
	if name == "" {
		return nil, nil
	}
	err = c.reading(name, func(data io.Reader, _ int64) error {
		rows, out, err := arrivals.ReadWeather(data)
		if err != nil {
			return err
		}
		air = locating.Air(rows)
		return c.sayLeftOut(leftOut{name, out}, len(rows))
	})
	return air, err
}

// readDecisions reads the table of people's decisions, if one is given.
func (c *cli) readDecisions(name string) (list []locate.Decision, err error) {
	if name == "" {
		return nil, nil
	}
	err = c.reading(name, func(data io.Reader, _ int64) error {
		rows, out, err := arrivals.ReadDecisions(data)
		if err != nil {
			return err
		}
		list = locating.Decisions(rows)
		return c.sayLeftOut(leftOut{name, out}, len(rows))
	})
	return list, err
}

// sayNotThere names arrivals that were decided of and are not in the table: a slip of the pen
// would otherwise undo a decision.
func (c *cli) sayNotThere(file string, decisions []locate.Decision, list []locate.Arrival) error {
	missing := map[string]bool{}
	for _, d := range decisions {
		for _, id := range slices.Concat(d.Arrivals, d.Others) {
			missing[id] = true
		}
	}
	if len(missing) == 0 {
		return nil
	}
	for i := range list {
		delete(missing, list[i].ID)
	}
	if len(missing) == 0 {
		return nil
	}
	names := slices.Sorted(maps.Keys(missing))
	_, err := fmt.Fprintf(c.err, "truce: %s: decided of, and not among the arrivals that were read: %d (%s)\n", file, len(names), strings.Join(names[:min(len(names), maxIDsNamed)], ", "))
	return err
}

// maxIDsNamed is how many ids a message names.
const maxIDsNamed = 5

// reading opens a file, or standard input for -, unpacks it if it is gzip, and shows a bar on
// a terminal.
func (c *cli) reading(name string, read func(data io.Reader, size int64) error) error {
	in, size, err := c.fencesInput(name)
	if err != nil {
		return err
	}
	defer in.Close()
	bar := c.progress(size)
	data, err := bounded.Unpack(bar.reader(in), bounded.UnpackLimits{})
	if err == nil {
		err = read(data, size)
	}
	bar.finish()
	if err != nil && !errors.Is(err, errQuiet) {
		return fmt.Errorf("%s: %w", name, err)
	}
	return err
}

// sayLeftOut counts the rows that could not be used, by reason, and names the first. It is an
// error when no row is left.
func (c *cli) sayLeftOut(l leftOut, used int) error {
	if l.Rows == 0 {
		if used == 0 {
			fmt.Fprintf(c.err, "truce: %s: no row stands below the header\n", l.file)
		}
		return nil
	}
	fmt.Fprintf(c.err, "truce: %s: %d of %d rows left out\n", l.file, l.Rows, l.Rows+used)
	for _, kind := range l.kinds() {
		fmt.Fprintf(c.err, "  %d x %s\n", l.Kinds[kind], kind)
	}
	for i := range l.Named {
		fmt.Fprintf(c.err, "  %v\n", &l.Named[i])
	}
	if more := l.Rows - len(l.Named); more > 0 {
		fmt.Fprintf(c.err, "  and %d more\n", more)
	}
	if used == 0 {
		return errNothingRead
	}
	return nil
}

// writeLocated writes every file that was asked for and says what is in them.
func (c *cli) writeLocated(opt locateOptions, field *locating.Field, result *locate.Result) error {
	files := []wholeFile{
		{opt.events, locating.Events(result)},
		{opt.assignments, locating.Assignments(result, field.Arrivals)},
	}
	if opt.quakeml != "" {
		text, err := locating.QuakeML(field, result)
		if err != nil {
			return err
		}
		files = append(files, wholeFile{opt.quakeml, text})
	}
	if opt.posterior != "" {
		text, err := locating.Regions(result)
		if err != nil {
			return err
		}
		files = append(files, wholeFile{opt.posterior, text})
	}
	if opt.report != "" {
		page, err := locating.Report(field, result, opt.lang)
		if err != nil {
			return err
		}
		files = append(files, wholeFile{opt.report, page})
	}
	if err := c.writeWhole(files); err != nil {
		return err
	}
	return c.sayLocated(opt, field, result)
}

// sayLocated sums up what was found, on standard output unless a table went there
// or, live, the revisions.
func (c *cli) sayLocated(opt locateOptions, field *locating.Field, result *locate.Result) error {
	out := c.out
	if opt.live {
		out = c.err
	}
	if opt.events == "-" || opt.assignments == "-" {
		return nil
	}
	used := 0
	for i := range result.Events {
		used += len(result.Events[i].Used)
	}
	_, err := fmt.Fprintf(out, "%s: %d events\n%s: %d of %d arrivals at %d sensors\n", opt.events, len(result.Events), opt.assignments, used, len(field.Arrivals), len(field.Sensors))
	for i, h := range result.Health {
		if i == maxHealthShown {
			fmt.Fprintf(out, "  and %d more remarks on sensors\n", len(result.Health)-i)
			break
		}
		fmt.Fprintf(out, "  sensor %s: %s\n", field.Sensors[h.Sensor].ID, h.Description)
	}
	return err
}

// maxHealthShown bounds the lines about sensors; the page of --report has them all.
const maxHealthShown = 20

// stage is a line on a terminal that says what is being done and for how long.
type stage struct {
	stop chan struct{}
	over sync.WaitGroup
}

// stage begins one; it shows nothing where standard error is no terminal.
func (c *cli) stage(format string, args ...any) *stage {
	s := &stage{stop: make(chan struct{})}
	file, ok := c.err.(*os.File)
	if !ok || !term.IsTerminal(int(file.Fd())) {
		return s
	}
	text := fmt.Sprintf(format, args...)
	s.over.Go(func() {
		began, ticker := time.Now(), time.NewTicker(stagePause)
		defer ticker.Stop()
		for {
			select {
			case <-s.stop:
				fmt.Fprint(file, "\r\x1b[K") // clears the line
				return
			case <-ticker.C:
				fmt.Fprintf(file, "\r%s, %.0f s", text, time.Since(began).Seconds())
			}
		}
	})
	return s
}

// stagePause is how long work may take before a line says so, and between two changes of it.
const stagePause = time.Second

func (s *stage) done() {
	close(s.stop)
	s.over.Wait()
}

// wholeFile is a file to be written.
type wholeFile struct {
	name    string
	content []byte
}

// writeWhole writes files so that each is there whole and synced or not at all, and none
// takes its name before all are written. Standard output (-) and what is no regular file are
// written as they are.
func (c *cli) writeWhole(files []wholeFile) (err error) {
	pending := make([]*durable.Pending, len(files))
	defer func() {
		for _, p := range pending {
			if p != nil {
				err = errors.Join(err, p.Discard())
			}
		}
	}()
	for _, f := range files {
		if err := c.writable(f.name); err != nil {
			return err
		}
	}
	for i, f := range files {
		if c.streamed(f.name) {
			continue
		}
		if pending[i], err = durable.Begin(durable.OS{}, filepath.Dir(f.name)); err != nil {
			return fmt.Errorf("%s cannot be written: %w", f.name, err)
		}
		if _, err := pending[i].Write(f.content); err != nil {
			return fmt.Errorf("%s: %w", f.name, err)
		}
	}
	return c.placeWhole(files, pending)
}

// mayHold says why a name cannot be that of a file to write, before anything is worked out.
func (c *cli) mayHold(name string) error {
	if c.streamed(name) {
		return nil
	}
	if info, err := os.Stat(name); err == nil && info.IsDir() {
		return fmt.Errorf("%s is a folder: give the output the name of a file", name)
	}
	if info, err := os.Stat(filepath.Dir(name)); err != nil || !info.IsDir() {
		return fmt.Errorf("there is no folder %s for %s: make it first", filepath.Dir(name), name)
	}
	return nil
}

// placeWhole gives files that are written their names. The disk confirms all of them at the
// same time: waiting for it takes longer than writing.
func (c *cli) placeWhole(files []wholeFile, pending []*durable.Pending) error {
	errs := make([]error, len(files))
	var placing sync.WaitGroup
	for i, f := range files {
		if pending[i] == nil {
			errs[i] = c.writeStream(f)
		} else {
			placing.Go(func() { errs[i] = pending[i].Replace(f.name, 0o644) })
		}
	}
	placing.Wait()
	return errors.Join(errs...)
}

// streamed says whether a name is no file that could be put in place.
func (c *cli) streamed(name string) bool {
	info, err := os.Stat(name)
	return name == "-" || err == nil && !info.Mode().IsRegular() && !info.IsDir()
}

func (c *cli) writeStream(f wholeFile) error {
	if f.name == "-" {
		_, err := c.out.Write(f.content)
		return err
	}
	file, err := os.OpenFile(f.name, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = file.Write(f.content)
	return errors.Join(err, file.Close())
}
