package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"runtime/debug"
	"slices"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/app/tracking"
	"github.com/trucewatch/truce/geo"
	"github.com/trucewatch/truce/internal/num"
	"github.com/trucewatch/truce/sense/track"
	"github.com/trucewatch/truce/sense/track/movement/ends"
)

// forFlightReview stands above everything that the command prints.
const forFlightReview = "For review inside the mechanism: hypotheses, no findings. An area names nobody."

// launchOptions are the files and what is known besides.
type launchOptions struct {
	plots, coverage string

	ground, detection float64
	live              bool
	turn              time.Duration
}

func (c *cli) launchesCommand() *cobra.Command {
	var opt launchOptions
	cmd := &cobra.Command{
		Use:   "launches --plots F --coverage F",
		Short: "Where flights took off and landed, for review inside an agreement's directory",
		Long: "Follows plots as `truce track` does and says of each track where it took off and landed, as an area with time and\n" +
			"probability, or why that cannot be said: it begins at the edge of what the sensors see, too high, or as they began\n" +
			"to look.\n\n" +
			"--coverage is GeoJSON of one polygon, where the sensors see, with the property floor_m: how high above the ground\n" +
			"something must fly to be seen. Altitudes of the plots are needed; --ground says how high the ground is above what\n" +
			"they are above.\n\n" +
			"It works inside a data directory with an agreement only, and shows no flight that ended after the agreement's delay\n" +
			"for what shows where forces are: " + truce.DurationText(truce.LeastForcesDelay) + ", or longer where a withhold: section says so, now or at the time of the\n" +
			"flight; no flag shortens that. There is no live form, and nothing is written to a file or to the store.\n\n" +
			"Errors are one sigma. docs/methods/movement.md says how it is done and where it ends.",
		Example: "  truce launches --dir mission --plots plots.csv --coverage radar.geojson\n  truce launches --dir mission --plots plots.csv --coverage radar.geojson --ground 140 --json",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := opt.check(cmd); err != nil {
				return err
			}
			return c.runLaunches(cmd.Context(), opt)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&opt.plots, "plots", "", "CSV of plots")
	turnFlag(flags, &opt.turn)
	flags.StringVar(&opt.coverage, "coverage", "", "GeoJSON of where the sensors see, with floor_m")
	flags.Float64Var(&opt.ground, "ground", 0, "height of the ground above what the plots' altitudes are above, m")
	flags.Float64Var(&opt.detection, "detection", 0, "chance that a scan has a plot of an object; 0: found from the plots")
	flags.BoolVar(&opt.live, "live", false, "refused: launch areas have no live form")
	c.jsonFlag(cmd)
	must(cmd.MarkFlagRequired("plots"))
	must(cmd.MarkFlagRequired("coverage"))
	return cmd
}

// check refuses what cannot be meant, before anything is read.
func (o *launchOptions) check(cmd *cobra.Command) error {
	switch {
	case o.live:
		return usageError(cmd, "there is no --live here: launch areas are shown for review, %s after the flight at the earliest; truce track --live follows tracks without them", truce.DurationText(truce.LeastForcesDelay))
	case o.plots == "-" && o.coverage == "-":
		return usageError(cmd, "only one file can be standard input")
	case !(math.Abs(o.ground) <= track.MaxAltitude):
		return usageError(cmd, "--ground: write metres, up to %d", int(track.MaxAltitude))
	}
	if err := (track.Config{Detection: o.detection}).Validate(); err != nil {
		return usageError(cmd, "%w", err)
	}
	return checkTurn(cmd, o.turn)
}

// runLaunches shows the ends of flights that are old enough, for review.
func (c *cli) runLaunches(ctx context.Context, opt launchOptions) error {
	a, err := c.open(ctx)
	if err != nil {
		var coded *truce.Error
		if errors.As(err, &coded) && coded.Code == truce.CodeNotFound {
			return truce.Errorf(coded.Code, "launch areas are shown inside a data directory with an agreement only: %w", err)
		}
		return err
	}
	defer a.Close()
	drawn, err := a.drawnMaps(ctx)
	if err != nil {
		return truce.Errorf(truce.CodeInvalid, "launch areas are shown under an agreement only, and it cannot be read: %w", err)
	}
	held, err := a.withholding(ctx, drawn.terms)
	if err != nil {
		return err
	}
	cfg, err := c.readCoverage(opt)
	if err != nil {
		return err
	}
	tracks, cfg, err := c.flightsOf(ctx, opt, cfg)
	if err != nil {
		return err
	}
	list := launchList{Notice: forFlightReview, Realm: a.store.Realm(), Agreement: drawn.terms.ID, Version: drawn.terms.Version}
	if err := list.add(tracks, cfg, drawn, held, truce.InstantOf(a.now())); err != nil {
		return err
	}
	return c.printLaunches(&list)
}

// flightsOf follows the plots and adds to what is known of the sensors what the plots say.
func (c *cli) flightsOf(ctx context.Context, opt launchOptions, cfg ends.Config) ([]track.Track, ends.Config, error) {
	defer debug.SetGCPercent(debug.SetGCPercent(calmGC))
	var scans []track.Scan
	err := c.reading(opt.plots, func(data io.Reader, _ int64) (err error) {
		scans, err = c.readScans(opt.plots, opt.turn, data)
		return err
	})
	if err != nil {
		return nil, cfg, err
	}
	stage := c.stage("following %d scans", len(scans))
	result, err := track.Batch(scans, track.Config{Detection: opt.detection})
	stage.done()
	if err != nil {
		return nil, cfg, fmt.Errorf("%s: %w", opt.plots, err)
	}
	cfg.Coverage.Looking, cfg.Coverage.Detection = lookedAt(scans), result.Detection
	return result.Tracks, cfg, ctx.Err()
}

// readCoverage reads where the sensors see.
func (c *cli) readCoverage(opt launchOptions) (cfg ends.Config, err error) {
	in, _, err := c.fencesInput(opt.coverage)
	if err != nil {
		return cfg, err
	}
	defer in.Close()
	shapes, err := geo.ReadGeoJSON(in)
	if err != nil {
		return cfg, fmt.Errorf("%s: %w", opt.coverage, err)
	}
	if len(shapes.Features) != 1 {
		return cfg, truce.Errorf(truce.CodeInvalid, "%s: %d features: write one polygon, where the sensors see", opt.coverage, len(shapes.Features))
	}
	f := &shapes.Features[0]
	floor, ok := f.Number("floor_m")
	if !ok {
		return cfg, truce.Errorf(truce.CodeInvalid, "%s: the property floor_m is missing: write how high above the ground something must fly to be seen, m", opt.coverage)
	}
	cfg.Coverage.Floor = geo.Metres(floor)
	cfg.Signs.GroundLevel = opt.ground
	if cfg.Coverage.Area, err = f.Area(); err == nil {
		err = cfg.Validate()
	}
	if err != nil {
		return cfg, fmt.Errorf("%s: %w", opt.coverage, err)
	}
	return cfg, nil
}

// lookedAt is from the first scan to the last.
func lookedAt(scans []track.Scan) (out truce.Period) {
	for i, s := range scans {
		if i == 0 || s.Time < out.From {
			out.From = s.Time
		}
		out.To = max(out.To, s.Time)
	}
	return out
}

// launchList is what a reviewer reads. It is printed and kept nowhere.
type launchList struct {
	Notice    string        `json:"notice"`
	Realm     truce.Realm   `json:"realm,omitempty"`
	Agreement string        `json:"agreement"`
	Version   string        `json:"version"`
	Until     truce.Instant `json:"until"`          // nothing younger is shown
	Held      []heldRule    `json:"held_back"`      // by what rule; the first is that of now
	Younger   int           `json:"tracks_younger"` // that are not shown
	Ends      []flightEnd   `json:"ends"`
}

// flightEnd is one end of a flight.
type flightEnd struct {
	Track  string            `json:"track"`
	Kind   ends.Kind         `json:"end"`
	Chance float64           `json:"probability"`
	Time   truce.Instant     `json:"time,omitzero"`
	Sigma  float64           `json:"time_sigma_s,omitzero"`
	Area   *reviewPlace      `json:"area,omitempty"`
	Sides  []truce.SideShare `json:"side,omitempty"` // the rest is not known
	Why    ends.Why          `json:"none_because,omitempty"`
}

// add takes in the ends of the tracks that are old enough, by the rule of now and by those of
// their own time.
func (l *launchList) add(tracks []track.Track, cfg ends.Config, drawn drawnMaps, held withholding, now truce.Instant) error {
	l.Until, l.Held = now.Add(-held.now.Forces), []heldRule{heldBy(held.now, now)}
	for i := range tracks {
		t := &tracks[i]
		if len(t.States) < 2 {
			continue
		}
		first, last := t.States[0].Time, t.States[len(t.States)-1].Time
		if rule := held.during(first, last); now.Sub(last) < rule.Forces {
			l.Younger++
			if by := heldBy(rule, now); !slices.Contains(l.Held, by) {
				l.Held = append(l.Held, by)
			}
			continue
		}
		launch, landing, err := ends.Of(*t, cfg)
		if err != nil {
			return err
		}
		for _, e := range []ends.End{launch, landing} {
			if e.Why != "" || held.shown(e.Time.From, now) {
				l.Ends = append(l.Ends, flightEndOf(e, drawn))
			}
		}
	}
	return nil
}

func flightEndOf(e ends.End, drawn drawnMaps) flightEnd {
	out := flightEnd{Track: tracking.Name(e.Track), Kind: e.Kind, Chance: num.Quantise(e.Chance, .001), Why: e.Why}
	if e.Why != "" {
		return out
	}
	out.Time, out.Sigma = e.Time.From, num.Quantise(float64(e.Time.Sigma)/1e6, .1)
	area := placeOf(e.Area)
	out.Area = &area
	for _, share := range drawn.geometry.SideAt(e.Area, e.Time.From, 0) {
		out.Sides = append(out.Sides, truce.SideShare{Party: share.Party, P: truce.Probability(num.Quantise(float64(share.P), .001))})
	}
	slices.SortFunc(out.Sides, func(a, b truce.SideShare) int { return cmp.Compare(a.Party, b.Party) })
	return out
}

// printLaunches prints the list, as JSON or as a table.
func (c *cli) printLaunches(list *launchList) error {
	if c.asJSON {
		return printJSON(c.out, list)
	}
	sayHeld(c.out, list.Notice, list.Held, "flights")
	tw := tabwriter.NewWriter(c.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(tw, "TRACK\tEND\tP\tTIME\tAREA\tSIDE")
	found := 0
	for i := range list.Ends {
		e := &list.Ends[i]
		if e.Area == nil {
			fmt.Fprintf(tw, "%s\t%s\t%.2f\t-\tnone: %s\t-\n", e.Track, e.Kind, e.Chance, e.Why)
			continue
		}
		found++
		fmt.Fprintf(tw, "%s\t%s\t%.2f\t%s +- %.1f s\t%s\t%s\n", e.Track, e.Kind, e.Chance, e.Time, e.Sigma, e.Area.text(), sideText(e.Sides))
	}
	if err := tw.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintf(c.out, "%d areas of %d ends; %d younger tracks are not shown\n", found, len(list.Ends), list.Younger)
	return err
}
