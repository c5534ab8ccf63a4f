package app

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"golang.org/x/term"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/intake"
	"github.com/trucewatch/truce/internal/bounded"
	"github.com/trucewatch/truce/source/arrivals"
	"github.com/trucewatch/truce/source/asterix"
)

func (c *cli) importCommand() *cobra.Command {
	var opt importOptions
	cmd := &cobra.Command{
		Use:   "import [--format F] FILE...|-",
		Short: "Read observations from files",
		Long: "Reads files, plain or compressed with gzip. Without --format each file is read as what it begins as, and not at\n" +
			"all when that may be two things. Rows already known change nothing; rows that cannot be read are kept in\n" +
			"quarantine with file, line and reason. Exit code 1 when nothing could be read. The file - is what is piped in;\n" +
			"quarantine names it stdin.\n\nFormats:\n" + helpOf(formats()),
		Example: "  truce import --format firms VJ114IMGTDL_NRT_2026101.csv\n" +
			"  truce import feed.xml page.html\n" +
			"  truce import --format control-map --series my-map map_20260412.geojson\n" +
			"  curl -s https://example.org/reports.csv | truce import --format csv -",
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, files []string) error {
			return c.runImport(cmd, opt, files)
		},
	}
	cmd.Flags().StringVar(&opt.Format, "format", "", "format of the files: "+strings.Join(namesOf(formats()), ", ")+" (default: by how each begins)")
	cmd.Flags().StringVar(&opt.Series, "series", "control", "control-map: name of the map's series, as the agreement cites it")
	cmd.Flags().StringVar(&opt.Version, "map-version", "", "control-map: the map's date (YYYY-MM-DD) when the file name has none")
	cmd.Flags().StringVar(&opt.Gazetteer, "gazetteer", "", "viina: GeoJSON of places with population, for town-sized ellipses")
	cmd.Flags().StringVar(&opt.Network, "network", "", "sensors, arrivals, feeds: whose they are, where the mission has several networks")
	opt.feedFlags(cmd.Flags())
	cmd.Flags().StringVar(&opt.Zone, "zone", "", "csv, geojson: zone of times without an offset, e.g. Europe/Kyiv (default: the agreement's)")
	c.jsonFlag(cmd)
	must(cmd.RegisterFlagCompletionFunc("format", cobra.FixedCompletions(namesOf(formats()), cobra.ShellCompDirectiveNoFileComp)))
	return cmd
}

// importOptions are the flags a format may need.
type importOptions struct {
	Format    string
	Series    string
	Version   string
	Gazetteer string
	Zone      string
	Network   string
	Air       truce.Family       // of what the network hears through the air
	Own       []truce.SourceInfo // declared in the configuration
	Radars    []asterix.Radar    // likewise

	Sensor string // the receiver of a feed
	Start  string // when a feed begins that does not say its day
	Near   string // LAT,LON near a receiver
	Class  string // what moved along a track

	start    truce.Instant        // of Start; 0: not given
	near     *geo.Point           // of Near; nil: not given
	received func() truce.Instant // when a message comes that brings no time; nil: it is read from a file
}

// feedFlags are the flags of feeds that leave something out.
func (opt *importOptions) feedFlags(flags *pflag.FlagSet) {
	flags.StringVar(&opt.Sensor, "sensor", "", "adsb: name of the receiver; dataflash: of the vehicle")
	flags.StringVar(&opt.Start, "start", "", "feeds without a date: when FILE begins, e.g. 2026-04-11T16:00:00Z")
	flags.StringVar(&opt.Class, "class", "", "gpx, kml: what moved, e.g. vehicle or uav")
	flags.StringVar(&opt.Near, "near", "", "adsb: LAT,LON near the receiver, e.g. 48.5,37.9")
}

// readFeedFlags reads the flags of feedFlags.
func (opt *importOptions) readFeedFlags() error {
	if opt.Start != "" {
		at, err := time.Parse(time.RFC3339, opt.Start)
		if err != nil {
			return fmt.Errorf("--start %q: write it as in 2026-04-11T16:00:00Z", opt.Start)
		}
		opt.start = truce.InstantOf(at)
	}
	if opt.Near == "" {
		return nil
	}
	lat, lon, found := strings.Cut(opt.Near, ",")
	p := geo.Point{}
	for _, c := range []struct {
		text string
		into *geo.Degrees
	}{{lat, &p.Lat}, {lon, &p.Lon}} {
		v, err := strconv.ParseFloat(strings.TrimSpace(c.text), 64)
		if err != nil || !found {
			return fmt.Errorf("--near %q: write latitude and longitude in degrees, e.g. 48.5,37.9", opt.Near)
		}
		*c.into = geo.Degrees(v)
	}
	if !p.Valid() {
		return fmt.Errorf("--near %q: it is no place; latitude comes first", opt.Near)
	}
	opt.near = &p
	return nil
}

// agreementZone is the zone of the agreement's calendar.
func (a *App) agreementZone() (string, error) {
	terms, err := a.readTerms()
	if err != nil {
		return "", fmt.Errorf("the zone of times without an offset: %w", err)
	}
	return terms.Calendar.Zone, nil
}

// location is the zone of times without an offset.
func (opt importOptions) location() (*time.Location, error) {
	zone, err := time.LoadLocation(opt.Zone)
	if err != nil || opt.Zone == "Local" {
		return nil, truce.Errorf(truce.CodeInvalid, "--zone %q: write an IANA name, e.g. Europe/Kyiv", opt.Zone)
	}
	return zone, nil
}

// ears is how the rows of a network are named.
func (opt importOptions) ears() arrivals.Known {
	return arrivals.Known{Network: opt.Network, Air: opt.Air}
}

// fileResult is what became of one file.
type fileResult struct {
	File string `json:"file"`
	intake.Counts
	Error string `json:"error,omitempty"`

	format string // it was read as
}

func (c *cli) runImport(cmd *cobra.Command, opt importOptions, files []string) error {
	if opt.Format != "" {
		if _, err := formatNamed(opt.Format); err != nil {
			return usageError(cmd, "%w", err)
		}
	}
	if _, err := opt.location(); err != nil {
		return usageError(cmd, "%w", err)
	}
	if err := opt.ears().Validate(); err != nil {
		return usageError(cmd, "--%w", err)
	}
	if err := opt.readFeedFlags(); err != nil {
		return usageError(cmd, "%w", err)
	}
	if twice := slices.Index(files, standardInput) + 1; twice > 0 && slices.Contains(files[twice:], standardInput) {
		return usageError(cmd, "- is given twice; what is piped in can be read once")
	}
	a, err := c.open(cmd.Context())
	if err != nil {
		return err
	}
	defer a.Close()
	bar := c.progress(totalSize(files))
	results := make([]fileResult, 0, len(files))
	for _, file := range files {
		results = append(results, a.importFile(cmd.Context(), opt, c.input(file), bar))
	}
	bar.finish()
	if slices.ContainsFunc(results, func(r fileResult) bool { return r.format == "control-map" }) && anyRead(results) {
		c.warnUnusedSeries(a, opt.Series)
	}
	return c.printResults(results)
}

// warnUnusedSeries says that maps of a series which the agreement does not name are kept
// and decide nothing. Terms that cannot be read are told of by what needs them.
func (c *cli) warnUnusedSeries(a *App, series string) {
	terms, err := a.readTerms()
	if err != nil {
		return
	}
	var known []string
	for _, m := range terms.ControlMaps {
		if m.Series == series {
			return
		}
		known = append(known, m.Series)
	}
	mend := "it names none: add one to control_maps in agreement.yaml"
	if len(known) > 0 {
		mend = fmt.Sprintf("it knows %s: import with --series %s, or name yours in control_maps of agreement.yaml", strings.Join(known, ", "), known[0])
	}
	fmt.Fprintf(c.err, "truce: the map is kept and will not be used: the agreement names no control map of the series %q; %s\n", series, mend)
}

// standardInput is what a command line calls it, and what quarantine does.
const standardInput, standardInputName = "-", "stdin"

// input is a stream to import: a file by name, or what is piped in.
type input struct {
	shown string // in the results
	name  string // in the records: the file's own name, without the folder
	open  func() (io.ReadCloser, error)
}

func (c *cli) input(file string) input {
	if file == standardInput {
		return input{standardInputName, standardInputName, func() (io.ReadCloser, error) { return io.NopCloser(c.in), nil }}
	}
	return input{file, filepath.Base(file), func() (io.ReadCloser, error) { return openFile(file) }}
}

// importFile reads one stream; its error stands in the result, so that the next file is
// still read.
func (a *App) importFile(ctx context.Context, opt importOptions, in input, bar progress) fileResult {
	file, err := in.open()
	if err != nil {
		return fileResult{File: in.shown, Error: err.Error()}
	}
	defer file.Close()
	data, err := bounded.Unpack(bar.reader(file), bounded.UnpackLimits{})
	if err != nil {
		return fileResult{File: in.shown, Error: err.Error()}
	}
	looked := bufio.NewReaderSize(data, sniffed)
	head, _ := looked.Peek(sniffed) // what cannot be read of it is told by the reading of the whole
	f, err := formatOf(head, opt.Format, in.name)
	if err == nil && opt.Zone == "" && f.local {
		opt.Zone, err = a.agreementZone()
	}
	if err != nil {
		return fileResult{File: in.shown, Error: err.Error()}
	}
	counts, err := a.Import(ctx, f, opt, looked, in.name)
	result := fileResult{File: in.shown, Counts: counts, format: f.name}
	if err != nil {
		result.Error = err.Error()
	}
	return result
}

// formatOf is the format a file is to be read as: the one named, if the file may be of it,
// else the one it begins as.
func formatOf(head []byte, named, file string) (format, error) {
	if len(bytes.TrimSpace(head)) == 0 {
		return format{}, fmt.Errorf("%s: the file is empty", file)
	}
	if named == "" {
		found, why := detected(head, file)
		if why != "" {
			return format{}, fmt.Errorf("%s: %s", file, why)
		}
		named = found
	} else if why := wrongFile(head, named); why != "" {
		return format{}, fmt.Errorf("%s: %s", file, why)
	}
	return formatNamed(named)
}

// Import reads one stream of a format through the door.
func (a *App) Import(ctx context.Context, f format, opt importOptions, r io.Reader, name string) (intake.Counts, error) {
	opt.Own, opt.Air, opt.Radars = a.cfg.ownSources(), a.cfg.ears(opt.Network).Family, a.cfg.radars()
	infos := f.infos(opt)
	for i := range infos {
		infos[i] = a.declared(infos[i])
	}
	rows, err := a.door.OpenAll(ctx, infos, name)
	if err != nil {
		return intake.Counts{}, err
	}
	decodeErr := f.decode(r, name, opt, a.cfg.box(), rows)
	counts, err := rows.Close()
	if err != nil {
		return counts, err
	}
	return counts, decodeErr
}

// declared is what a source says of itself, with the mission's own agreement about
// rights laid over it.
func (a *App) declared(info truce.SourceInfo) truce.SourceInfo {
	for _, edit := range a.cfg.Sources {
		if edit.ID == info.ID {
			info = edit.over(info)
		}
	}
	return info
}

func (c *cli) printResults(results []fileResult) error {
	if c.asJSON {
		if err := printJSON(c.out, results); err != nil {
			return err
		}
	} else {
		printResultLines(c.out, results)
	}
	if !anyRead(results) {
		fmt.Fprintln(c.err, "truce: nothing could be read")
		return errQuiet
	}
	return nil
}

// anyRead says whether something was read: a row, or a whole table that holds none,
// such as a day without detections.
func anyRead(results []fileResult) bool {
	return slices.ContainsFunc(results, func(r fileResult) bool {
		return r.Accepted+r.Duplicate > 0 || r.Rows() == 0 && r.Error == ""
	})
}

func printResultLines(w io.Writer, results []fileResult) {
	for _, r := range results {
		fmt.Fprintf(w, "%s: %d accepted, %d duplicate, %d quarantined\n", r.File, r.Accepted, r.Duplicate, r.Quarantined)
		printReasons(w, r.Reasons)
		switch {
		case r.Error == "":
		case r.Rows() == 0:
			fmt.Fprintf(w, "  not read: %s\n", r.Error)
		default:
			fmt.Fprintf(w, "  not read to the end: %s\n", r.Error)
		}
	}
}

// maxReasonsShown is how many reasons of quarantine are printed: the most frequent say
// what is wrong with a file, the rest are on the page Quarantine of the desk.
const maxReasonsShown = 10

func printReasons(w io.Writer, reasons map[string]int) {
	sorted := slices.SortedFunc(maps.Keys(reasons), func(a, b string) int {
		return cmp.Or(cmp.Compare(reasons[b], reasons[a]), cmp.Compare(a, b))
	})
	for _, reason := range sorted[:min(len(sorted), maxReasonsShown)] {
		fmt.Fprintf(w, "  %d x %s\n", reasons[reason], reason)
	}
	if more := len(sorted) - maxReasonsShown; more > 0 {
		fmt.Fprintf(w, "  and %d more reasons; --json and the page Quarantine of the desk have them all\n", more)
	}
}

// barPause is the least time between two drawings of the bar: faster is flicker.
const barPause = 100 * time.Millisecond

// progress is a bar on a terminal and nothing elsewhere.
type progress struct {
	bar *progressbar.ProgressBar
}

func (c *cli) progress(total int64) progress {
	file, ok := c.err.(*os.File)
	if !ok || !term.IsTerminal(int(file.Fd())) || c.asJSON {
		return progress{}
	}
	return progress{progressbar.NewOptions64(total,
		progressbar.OptionSetWriter(file), progressbar.OptionShowBytes(true),
		progressbar.OptionSetDescription("reading"), progressbar.OptionClearOnFinish(), progressbar.OptionThrottle(barPause),
		progressbar.OptionEnableColorCodes(os.Getenv("NO_COLOR") == ""))}
}

func (p progress) reader(r io.Reader) io.Reader {
	if p.bar == nil {
		return r
	}
	return io.TeeReader(r, p.bar)
}

func (p progress) finish() {
	if p.bar != nil {
		// A bar that cannot be cleared is no reason to fail an import.
		_ = p.bar.Finish()
	}
}

func totalSize(files []string) int64 {
	var total int64
	for _, name := range files {
		if info, err := os.Stat(name); err == nil {
			total += info.Size()
		}
	}
	return total
}

// must guards calls that fail only when the command tree itself is written wrongly.
func must(err error) {
	if err != nil {
		panic(err)
	}
}
