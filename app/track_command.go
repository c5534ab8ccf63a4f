package app

import (
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/app/moving"
	"github.com/trucewatch/truce/app/tracking"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/sense/track"
	"github.com/trucewatch/truce/source/plots"
)

// trackOptions are the files of `truce track` and what is known of the sensors.
type trackOptions struct {
	plots, tracks     string
	geojson, kml, gpx string
	meaning           trackMeaning

	sigma     float64 // m
	detection float64
	late      time.Duration
	turn      time.Duration // 0: scans are those of the table
	known     bool
	live      bool
}

func (c *cli) trackCommand() *cobra.Command {
	manyColumns := strings.Split(plots.ManyShape, ",")
	var opt trackOptions
	cmd := &cobra.Command{
		Use:   "track --plots F --tracks F",
		Short: "What moved where, from plots of radars, cameras and receivers",
		Long: "Finds which plots are of one moving object, through clutter and gaps, and where it went. It needs no data directory.\n\n" +
			"Plots are CSV with the columns\n  " + plots.Shape + "\n" +
			"in any order; others are passed over, and plot, alt_m and sigma_m may be empty or left out. Times are RFC 3339; sigma_m\n" +
			"is the error of the place, one sigma each horizontal axis, and is found from the plots where it is not told. Rows that\n" +
			"cannot be used are counted, named and left out; exit code 1 when no row can be used. - is standard input; files may\n" +
			"be gzipped.\n\n" +
			"Tables of many sensors may also have, each of them or none:\n  " + strings.Join(manyColumns[:7], ",") + ",\n  " + strings.Join(manyColumns[7:], ",") + "\n" +
			"with lat and lon empty where a range and bearing, or a bearing alone, was measured. Biases of sensors and identities\n" +
			"that cannot be true are told on standard error. docs/sources/plots.md has units and signs.\n\n" +
			"What comes out is CSV, a row per confirmed track and scan, with sigma_m as above:\n  " + tracking.TracksShape + "\n" +
			"Each row knows what came later (smoothed); --known writes what was known at its scan. With --live each track is printed\n" +
			"at each scan, as known then, a line of JSON each; the files, written at the end of the stream or when it is interrupted,\n" +
			"are those of a run over the same plots, late scans among them as far as --late allows.\n\n" +
			"With --zones tracks are held against zones and lines: --passages is CSV with the columns\n  " + moving.PassagesShape + "\n" +
			"and --report a page with a map, altitude, speed, stays, pairs and what each track may be. docs/methods/movement.md.\n\n" +
			"Each file is written whole or not at all. docs/methods/tracking.md says how it is done and where it ends.",
		Example: "  truce track --plots plots.csv --tracks tracks.csv --kml tracks.kml\n" +
			"  truce track --plots plots.csv --tracks tracks.csv --zones buffer.geojson --passages passages.csv --report page.html\n" +
			"  tail -n +1 -f plots.csv | truce track --live --plots - --tracks tracks.csv",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := opt.check(cmd); err != nil {
				return err
			}
			if opt.live {
				return c.runTrackLive(cmd.Context(), opt)
			}
			return c.runTrack(cmd.Context(), opt)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&opt.plots, "plots", "", "CSV of plots")
	flags.StringVar(&opt.tracks, "tracks", "", "CSV of tracks to write")
	flags.BoolVar(&opt.live, "live", false, "read plots as they come and print the tracks at each scan, a line of JSON each")
	flags.BoolVar(&opt.known, "known", false, "write the states as they were known at their scans, not smoothed")
	flags.StringVar(&opt.geojson, "geojson", "", "GeoJSON to write: a line per track")
	flags.StringVar(&opt.kml, "kml", "", "KML to write: a moving place per track")
	flags.StringVar(&opt.gpx, "gpx", "", "GPX 1.1 to write")
	flags.Float64Var(&opt.sigma, "sigma", 0, "error of plots that state none, m each axis; 0: found from the plots")
	flags.Float64Var(&opt.detection, "detection", 0, "chance that a scan has a plot of an object; 0: found from the plots")
	turnFlag(flags, &opt.turn)
	flags.DurationVar(&opt.late, "late", time.Duration(track.DefaultLate)*time.Microsecond, "how far behind newer ones a scan may come in with --live, to 1h")
	opt.meaning.flags(flags)
	for _, name := range []string{"plots", "tracks"} {
		must(cmd.MarkFlagRequired(name))
	}
	cmd.AddCommand(c.trackWorkloadCommand(), c.trackScoreCommand())
	return cmd
}

// check refuses options that cannot be meant, before anything is read.
func (o *trackOptions) check(cmd *cobra.Command) error {
	var written []string
	for _, name := range []string{o.tracks, o.geojson, o.kml, o.gpx, o.meaning.passages, o.meaning.report} {
		if name == "" {
			continue
		}
		clean := filepath.Clean(name)
		switch {
		case name == "-" && o.live:
			return usageError(cmd, "--live prints to standard output: give the files names")
		case slices.Contains(written, clean):
			return usageError(cmd, "%s would be written twice: give every output a file of its own", name)
		case name != "-" && filepath.Clean(o.plots) == clean:
			return usageError(cmd, "%s is read and would be written over: give the output another name", name)
		}
		written = append(written, clean)
	}
	if err := o.meaning.check(cmd); err != nil {
		return err
	}
	if err := checkTurn(cmd, o.turn); err != nil {
		return err
	}
	if o.late <= 0 {
		return usageError(cmd, "--late: write more than 0")
	}
	if err := o.config().Validate(); err != nil {
		return usageError(cmd, "%w", err)
	}
	return nil
}

// turnFlag is of commands that read plots.
func turnFlag(flags *pflag.FlagSet, turn *time.Duration) {
	flags.DurationVar(turn, "turn", 0, "transponders: cut time in scans of this length, about that between two reports of an object; to 1m")
}

// checkTurn refuses a turn that scans cannot have.
func checkTurn(cmd *cobra.Command, turn time.Duration) error {
	if turn < 0 || turn > time.Duration(tracking.MaxTurn)*time.Microsecond {
		return usageError(cmd, "--turn: write 0 (scans are those of the table) to 1m")
	}
	return nil
}

// config is what sense/track is told.
func (o *trackOptions) config() track.Config {
	return track.Config{Sigma: geo.Metres(o.sigma), Detection: o.detection, Late: truce.Micros(o.late.Microseconds())}
}
