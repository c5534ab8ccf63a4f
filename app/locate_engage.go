package app

import (
	"cmp"
	"context"
	"errors"
	"runtime/debug"

	"github.com/spf13/cobra"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/app/locating"
	"github.com/trucewatch/truce/sense/locate"
	"github.com/trucewatch/truce/sense/locate/engage"
	"github.com/trucewatch/truce/source/arrivals"
)

// forReview stands above everything that the command prints.
const forReview = "For review inside the mechanism: hypotheses, no findings. A side is that of a place and names nobody; weapon classes are probabilities."

// engagementOptions are the files and what is known besides.
type engagementOptions struct {
	sensors, arrivals, meteo string
	day, network             string // of the store, in the place of files
	from                     truce.Instant

	speedAcoustic float64
	minArrivals   int
	pascals, live bool
}

func (c *cli) engagementsCommand() *cobra.Command {
	var opt engagementOptions
	cmd := &cobra.Command{
		Use:   "engagements --sensors F --arrivals F | --day D",
		Short: "Which blasts were of one shot, for review inside an agreement's directory",
		Long: "Locates the arrivals of a field of ears as `truce locate` does and ties the events that may be muzzle blast and impact\n" +
			"of one round, with the arrivals of its shock wave: where it was fired from and came down, in what direction, on\n" +
			"whose side of the line that lies, and hints at the kind of weapon, each as a probability or with its error.\n\n" +
			"It works inside a data directory with an agreement only, and shows nothing younger than the agreement's delay for\n" +
			"what shows where forces are: " + truce.DurationText(truce.LeastForcesDelay) + ", or longer where a withhold: section says so, now or at the time of the shot; no\n" +
			"flag shortens that. There is no live form, and nothing is written to a file or to the store. Sensors and arrivals\n" +
			"are CSV as for `truce locate`; with --day they are those that were imported, bound by what people decided.\n\n" +
			"A reviewer rests the side of origin of a verified incident on one of them with truce engagements sign; nothing does\n" +
			"so by itself. Errors are one sigma. What is printed is for review and no finding. docs/methods/engagements.md says\n" +
			"how it is done and where it ends.",
		Example: "  truce engagements --dir mission --day 2026-04-11\n  truce engagements --dir mission --sensors ears.csv --arrivals day.csv\n  truce engagements --dir mission --sensors ears.csv --arrivals day.csv --json",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := opt.check(cmd); err != nil {
				return err
			}
			return c.runEngagements(cmd.Context(), opt)
		},
	}
	opt.flags(cmd)
	cmd.Flags().BoolVar(&opt.live, "live", false, "refused: launch areas have no live form")
	c.jsonFlag(cmd)
	cmd.AddCommand(c.engagementsSignCommand(), c.engagementsWithdrawCommand(), c.engagementsSignedCommand())
	return cmd
}

// flags adds the files and what is known besides.
func (o *engagementOptions) flags(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&o.sensors, "sensors", "", "CSV of sensors")
	flags.StringVar(&o.arrivals, "arrivals", "", "CSV of arrivals; only those of sound are used")
	flags.StringVar(&o.meteo, "meteo", "", "CSV of weather: "+arrivals.WeatherShape)
	flags.Float64Var(&o.speedAcoustic, "speed-acoustic", 0, "speed of sound in m/s; 0: found from the arrivals, around 340")
	flags.IntVar(&o.minArrivals, "min-arrivals", 0, "fewest arrivals of an event; 0: as many as the odds ask for")
	flags.BoolVar(&o.pascals, "pascals", false, "amplitudes are peak overpressures in pascals, and say how loud a weapon is")
	flags.StringVar(&o.day, "day", "", "in the place of files: what was imported of this UTC day, YYYY-MM-DD")
	flags.StringVar(&o.network, "network", "", "of --day; left out: the mission's one")
}

// check refuses what cannot be meant, before anything is read.
func (o *engagementOptions) check(cmd *cobra.Command) error {
	if o.live {
		return usageError(cmd, "there is no --live here: launch areas are shown for review, %s after the shot at the earliest; truce locate --live tells of events without them", truce.DurationText(truce.LeastForcesDelay))
	}
	if o.sensors == "-" && o.arrivals == "-" {
		return usageError(cmd, "only one file can be standard input")
	}
	if err := o.config().Validate(); err != nil {
		return usageError(cmd, "%w", err)
	}
	return o.checkSource(cmd)
}

func (o *engagementOptions) config() locate.Config {
	return locate.Config{SpeedAcoustic: o.speedAcoustic, MinArrivals: o.minArrivals}
}

// runEngagements shows what is old enough, for review.
func (c *cli) runEngagements(ctx context.Context, opt engagementOptions) error {
	a, err := c.openUnderAgreement(ctx)
	if err != nil {
		return err
	}
	defer a.Close()
	list, err := c.tiedShots(ctx, a, opt)
	if err != nil {
		return err
	}
	return c.printReview(list)
}

// openUnderAgreement opens the data directory, and says without one why it is needed.
func (c *cli) openUnderAgreement(ctx context.Context) (*App, error) {
	a, err := c.open(ctx)
	var coded *truce.Error
	if errors.As(err, &coded) && coded.Code == truce.CodeNotFound {
		return nil, truce.Errorf(coded.Code, "launch areas are shown inside a data directory with an agreement only: %w", err)
	}
	return a, err
}

// tiedShots locates and ties what is old enough to be shown.
func (c *cli) tiedShots(ctx context.Context, a *App, opt engagementOptions) (*reviewList, error) {
	drawn, err := a.drawnMaps(ctx)
	if err != nil {
		return nil, truce.Errorf(truce.CodeInvalid, "launch areas are shown under an agreement only, and it cannot be read: %w", err)
	}
	held, err := a.withholding(ctx, drawn.terms)
	if err != nil {
		return nil, err
	}
	defer debug.SetGCPercent(debug.SetGCPercent(calmGC))
	field, cfg, err := c.fieldOf(ctx, a, opt)
	if err != nil {
		return nil, err
	}
	stage := c.stage("locating %d arrivals", len(field.Arrivals))
	heard, err := located(ctx, field.Sensors, field.Arrivals, cfg)
	stage.done()
	if err != nil {
		return nil, err
	}
	// Later events go in all the same: an arrival of theirs is no shock wave of an older shot.
	in := engage.Field{Sensors: field.Sensors, Arrivals: field.Arrivals, Events: heard.Events}
	now := truce.InstantOf(a.now())
	tied, err := engage.Tie(in, engage.Options{Speed: speedUsed(heard.Air), Pascals: opt.pascals, Until: now.Add(-held.now.Forces)})
	if err != nil {
		return nil, err
	}
	return reviewListOf(&in, &tied, drawn, held, now, a.store.Realm()), nil
}

// readEars reads sensors, arrivals and weather.
func (c *cli) readEars(opt engagementOptions) (*locating.Field, locate.Config, error) {
	cfg := opt.config()
	sensors, err := c.readSensors(opt.sensors)
	if err != nil {
		return nil, cfg, err
	}
	field := locating.NewField(sensors)
	if err := c.readArrivals(opt.arrivals, sensors, field); err != nil {
		return nil, cfg, err
	}
	cfg.Meteo, err = c.readWeather(opt.meteo)
	return field, cfg, err
}

// speedUsed is the mean speed of sound that the events were located with, 0 when none is
// known.
func speedUsed(air []locate.Air) float64 {
	sum, n := 0.0, 0.0
	for _, a := range air {
		weight := float64(max(a.Events, 1))
		sum, n = sum+weight*a.Speed, n+weight
	}
	return sum / cmp.Or(n, 1)
}
