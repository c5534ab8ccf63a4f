package app

import (
	"cmp"
	"math"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/app/locating"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/sense/locate"
	"github.com/trucewatch/truce/source/arrivals"
)

// locateOptions are the files of `truce locate` and what is known of the medium.
type locateOptions struct {
	sensors, arrivals, events, assignments string
	meteo, decisions                       string

	speedAcoustic   float64 // m/s
	speedP, speedS  float64 // km/s
	depthMax        float64 // km
	minArrivals     int
	quakeml, report string
	lang            string // of the report
	live            bool
	posterior       string
	posteriorAll    bool
}

func (c *cli) locateCommand() *cobra.Command {
	var opt locateOptions
	cmd := &cobra.Command{
		Use:   "locate --sensors F --arrivals F --events F --assignments F",
		Short: "What happened, where and when, from what many ears heard",
		Long: "Finds which arrivals of sound (acoustic) or of seismic waves (P and S) belong to one event, and where and when it was.\n" +
			"It needs no data directory.\n\n" +
			"Sensors are CSV with the columns\n  " + arrivals.SensorsShape + "\nand arrivals with\n  " + arrivals.ArrivalsShape + "\n" +
			"in any order; others are passed over, and what stands behind phase may be empty or left out. Times are RFC 3339;\n" +
			"sigma_s is the error of the time, one sigma; azimuth_deg points from the sensor to the source, clockwise from north.\n" +
			"Rows that cannot be used are counted, named and left out. - is standard input; files may be gzipped.\n\n" +
			"Sound goes at a speed that is found from the arrivals, by place and hour, unless --speed-acoustic or --meteo give it;\n" +
			"weather gives 331.3 m/s times the root of 1 + T/273.15, T in degrees Celsius, and the wind along the path.\n\n" +
			"--decisions takes what people decided, which is never undone: that arrivals are excluded (of no event), apart\n" +
			"from others (never of one event), or together (of one event). Ids stand with spaces between.\n\n" +
			"What comes out is CSV, events with axes of one sigma:\n  " + locating.EventsShape + "\n  " + locating.AssignmentsShape + "\n" +
			"With --live each event is printed once it is sure and again when it changes: what (declared, revised or withdrawn),\n" +
			"event, before (what it takes the place of), revision, the columns of events.csv and the list of arrivals. At the end of\n" +
			"the stream, or when it is interrupted, the files are those of a run over the same arrivals.\n\n" +
			"--posterior writes, of events whose place is no ellipse, the regions that hold it with 90 and 50 %, in properties\n" +
			"event, level, is_ellipse, open (told towards one side only) and lobes (what each part of the 90 % region holds).\n\n" +
			"Each file is written whole or not at all. An arrival is in one event at most. docs/methods/location.md says how it is\n" +
			"done and where it ends.",
		Example: "  truce locate --sensors sensors.csv --arrivals arrivals.csv --events events.csv --assignments assignments.csv\n" +
			"  truce locate --sensors ears.csv --arrivals day.csv.gz --events e.csv --assignments a.csv --report page.html\n" +
			"  tail -n +1 -f day.csv | truce locate --live --sensors ears.csv --arrivals - --events e.csv --assignments a.csv",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := opt.check(c, cmd); err != nil {
				return err
			}
			if opt.live {
				return c.runLocateLive(cmd.Context(), opt)
			}
			return c.runLocate(cmd.Context(), opt)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&opt.sensors, "sensors", "", "CSV of sensors")
	flags.StringVar(&opt.arrivals, "arrivals", "", "CSV of arrivals")
	flags.StringVar(&opt.events, "events", "", "CSV of events to write")
	flags.StringVar(&opt.assignments, "assignments", "", "CSV to write: which arrival is of which event")
	flags.BoolVar(&opt.live, "live", false, "read arrivals as they come and print what becomes of events, a line of JSON each")
	flags.StringVar(&opt.quakeml, "quakeml", "", "QuakeML 1.2 to write: origins, ellipses of 90 %, picks and residuals")
	flags.StringVar(&opt.report, "report", "", "HTML page to write: map, time, residuals and table, without network or script")
	flags.StringVar(&opt.posterior, "posterior", "", "GeoJSON to write: the 90 and 50 % regions of events whose place is no ellipse")
	flags.BoolVar(&opt.posteriorAll, "posterior-all", false, "write the regions of all events to --posterior")
	flags.StringVar(&opt.lang, "lang", "en", "language of the report: en or uk")
	must(cmd.RegisterFlagCompletionFunc("lang", cobra.FixedCompletions(locating.Languages(), cobra.ShellCompDirectiveNoFileComp)))
	flags.Float64Var(&opt.speedAcoustic, "speed-acoustic", 0, "speed of sound in m/s; 0: found from the arrivals, around 340")
	flags.Float64Var(&opt.speedP, "speed-p", locate.DefaultSpeedP/1000, "speed of P waves in km/s")
	flags.Float64Var(&opt.speedS, "speed-s", locate.DefaultSpeedS/1000, "speed of S waves in km/s")
	flags.Float64Var(&opt.depthMax, "depth-max", float64(locate.DefaultDepthMax)/1000, "greatest depth of seismic events in km")
	flags.StringVar(&opt.meteo, "meteo", "", "CSV of weather: "+arrivals.WeatherShape)
	flags.StringVar(&opt.decisions, "decisions", "", "CSV of people's decisions, which bind: "+arrivals.DecisionsShape)
	flags.IntVar(&opt.minArrivals, "min-arrivals", 0, "fewest arrivals of an event; 0: as many as the odds ask for")
	for _, name := range []string{"sensors", "arrivals", "events", "assignments"} {
		must(cmd.MarkFlagRequired(name))
	}
	cmd.AddCommand(c.locateWorkloadCommand(), c.locateScoreCommand())
	return cmd
}

// check refuses options that cannot be meant, before anything is read.
func (o *locateOptions) check(c *cli, cmd *cobra.Command) error {
	if o.sensors == "-" && o.arrivals == "-" {
		return usageError(cmd, "only one file can be standard input")
	}
	if o.live && (o.events == "-" || o.assignments == "-" || o.quakeml == "-" || o.report == "-" || o.posterior == "-") {
		return usageError(cmd, "--live prints to standard output: give the files names")
	}
	read := []string{o.sensors, o.arrivals, o.meteo, o.decisions}
	if o.events == "" || o.assignments == "" {
		return usageError(cmd, "--events and --assignments need the name of a file each")
	}
	var written []string
	for _, name := range []string{o.events, o.assignments, o.quakeml, o.report, o.posterior} {
		if name == "" {
			continue
		}
		clean := filepath.Clean(name)
		if slices.Contains(written, clean) {
			return usageError(cmd, "%s would be written twice: give every output a file of its own", name)
		}
		if name != "-" && slices.ContainsFunc(read, func(in string) bool { return in != "" && filepath.Clean(in) == clean }) {
			return usageError(cmd, "%s is read and would be written over: give the output another name", name)
		}
		if err := c.mayHold(name); err != nil {
			return usageError(cmd, "%w", err)
		}
		written = append(written, clean)
	}
	if o.posteriorAll && o.posterior == "" {
		return usageError(cmd, "--posterior-all: give the file with --posterior")
	}
	if !slices.Contains(locating.Languages(), o.lang) {
		return usageError(cmd, "--lang: %q; the report is written in en and uk", o.lang)
	}
	if !(o.depthMax >= 0) || math.IsInf(o.depthMax, 0) {
		return usageError(cmd, "--depth-max: %g is no depth in km", o.depthMax)
	}
	if err := o.config().Validate(); err != nil {
		return usageError(cmd, "%w", err)
	}
	return nil
}

// config is what sense/locate is told.
func (o *locateOptions) config() locate.Config {
	return locate.Config{
		SpeedAcoustic: o.speedAcoustic, SpeedP: o.speedP * 1000, SpeedS: o.speedS * 1000,
		DepthMax: geo.Metres(o.depthMax * 1000), MinArrivals: o.minArrivals, Regions: o.regions(),
	}
}

// regions says which regions the outputs ask for; tables alone ask for none.
func (o *locateOptions) regions() locate.Regions {
	switch {
	case o.posteriorAll:
		return locate.RegionsOfAll
	case o.posterior != "" || o.report != "":
		return locate.RegionsWhereBent
	}
	return locate.NoRegions
}

// leftOut are the rows of one file that could not be used.
type leftOut struct {
	file string
	arrivals.Rejects
}

// kinds are the reasons with their counts, the commonest first.
func (l leftOut) kinds() []string {
	var kinds []string
	for kind := range l.Kinds {
		kinds = append(kinds, kind)
	}
	slices.SortFunc(kinds, func(a, b string) int { return cmp.Or(cmp.Compare(l.Kinds[b], l.Kinds[a]), cmp.Compare(a, b)) })
	return kinds
}

// errNothingRead says that a table had rows and none of use.
var errNothingRead = truce.Errorf(truce.CodeInvalid, "no row can be used")
