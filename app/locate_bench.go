package app

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/trucewatch/truce/app/locating"
	"github.com/trucewatch/truce/internal/durable"
	sim "github.com/trucewatch/truce/sim/arrivals"
)

func (c *cli) locateWorkloadCommand() *cobra.Command {
	var out, stated string
	var seed uint64
	cmd := &cobra.Command{
		Use:   "workload NAME --out O",
		Short: "Write a workload with its truth: what a field of ears hears in an invented day",
		Long: "NAME is S (seismic, 100 stations) or A (acoustic, 200 sensors in 100 by 40 km), the events a day, a stroke and the false\n" +
			"arrivals per true one, then variants, each after a plus sign: wind (15 m/s, unknown), salvos (3 to 6 shots, 1 to 5 s\n" +
			"apart), clocks (a tenth of the sensors up to 3 s off), broken (a tenth dead, 2 % chattering), arrays (three in ten tell\n" +
			"where a sound came from, all have amplitudes), dense (1,000 sensors). docs/methods/location.md has the recipes.\n\n" +
			"--out gets sensors.csv and arrivals.csv, and truth-events.csv, truth-assignments.csv and truth-troubles.csv, with which\n" +
			"`truce locate score` holds an answer against the truth. One seed gives the same files everywhere.",
		Example: "  truce locate workload S500/0.3 --seed 1 --out s500\n  truce locate workload A500/0.3+wind --out windy",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			cfg, err := sim.ParseWorkload(args[0], seed)
			if err != nil {
				return usageError(cmd, "%w", err)
			}
			cfg.Stated = sim.Stated(strings.TrimPrefix(stated, "none"))
			return c.writeWorkload(cfg, out)
		},
	}
	cmd.Flags().StringVar(&out, "out", "", "folder to write to; it is made")
	cmd.Flags().Uint64Var(&seed, "seed", 1, "seed of all chance")
	cmd.Flags().StringVar(&stated, "stated", "none", "what sigma_s says: none (empty), floor (the least error) or true (the error each was drawn with)")
	must(cmd.MarkFlagRequired("out"))
	return cmd
}

func (c *cli) writeWorkload(cfg sim.Config, out string) error {
	world, err := sim.New(cfg)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(out, 0o755); err != nil {
		return err
	}
	if err := world.Write(func(name string) (io.WriteCloser, error) { return newWorkloadFile(filepath.Join(out, name)) }); err != nil {
		return err
	}
	_, err = fmt.Fprintf(c.out, "%s: %d events, %d arrivals at %d sensors\n", out, len(world.Events), len(world.Arrivals), len(world.Sensors))
	return err
}

// workloadFile takes its name when it is closed.
type workloadFile struct {
	*durable.Pending
	name string
}

func newWorkloadFile(name string) (io.WriteCloser, error) {
	pending, err := durable.Begin(durable.OS{}, filepath.Dir(name))
	return workloadFile{pending, name}, err
}

// Close puts the file in its place.
func (f workloadFile) Close() error { return f.Replace(f.name, 0o644) }

func (c *cli) locateScoreCommand() *cobra.Command {
	var truth, events, assignments string
	cmd := &cobra.Command{
		Use:   "score --truth D --events F --assignments F",
		Short: "Hold an answer against the truth of a workload",
		Long: "--truth is a folder that `truce locate workload` wrote; the answer is what `truce locate` wrote, or any program in\n" +
			"the same form. A found event takes the true event that most of its arrivals come from and matches when the arrivals\n" +
			"they share are at least 0.6 of the longer list of the two. The error is horizontal, over matched events; it is also\n" +
			"given as a share of the Cramer-Rao bound (a perfect fit has about 0.8: an error is a median, the bound a root mean\n" +
			"square).",
		Example: "  truce locate score --truth s500 --events events.csv --assignments assignments.csv",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			score, err := c.scoreFiles(truth, events, assignments)
			if err != nil {
				return err
			}
			if c.asJSON {
				return printJSON(c.out, scoreOf(score))
			}
			_, err = fmt.Fprintln(c.out, score)
			return err
		},
	}
	cmd.Flags().StringVar(&truth, "truth", "", "folder of the workload")
	cmd.Flags().StringVar(&events, "events", "", "CSV of events found")
	cmd.Flags().StringVar(&assignments, "assignments", "", "CSV of which arrival is of which event")
	cmd.Flags().BoolVar(&c.asJSON, "json", false, "print JSON")
	for _, name := range []string{"truth", "events", "assignments"} {
		must(cmd.MarkFlagRequired(name))
	}
	return cmd
}

// scoreFiles reads the truth and the answer.
func (c *cli) scoreFiles(truth, events, assignments string) (score sim.Score, err error) {
	sensors, err := c.readSensors(filepath.Join(truth, sim.SensorsFile))
	if err != nil {
		return score, err
	}
	field := locating.NewField(sensors)
	if err := c.readArrivals(filepath.Join(truth, sim.ArrivalsFile), sensors, field); err != nil {
		return score, err
	}
	world := field.World()
	err = bothFiles(filepath.Join(truth, sim.EventsFile), filepath.Join(truth, sim.PicksFile), func(a, b io.Reader) error {
		return locating.ReadTruth(world, a, b)
	})
	if err != nil {
		return score, fmt.Errorf("%s: %w", truth, err)
	}
	err = bothFiles(events, assignments, func(a, b io.Reader) error {
		found, err := locating.ReadFound(world, a, b)
		if err == nil {
			score = world.Score(found)
		}
		return err
	})
	return score, err
}

func bothFiles(one, two string, read func(a, b io.Reader) error) error {
	a, err := os.Open(one)
	if err != nil {
		return err
	}
	defer a.Close()
	b, err := os.Open(two)
	if err != nil {
		return err
	}
	defer b.Close()
	return read(a, b)
}

// scoreJSON is a score for programs.
type scoreJSON struct {
	Events      int     `json:"events"`
	Found       int     `json:"found"`
	Matched     int     `json:"matched"`
	Precision   float64 `json:"precision"`
	Recall      float64 `json:"recall"`
	F1          float64 `json:"f1"`
	Purity      float64 `json:"purity"`
	ErrorMedian float64 `json:"error_median_m"`
	ErrorP90    float64 `json:"error_p90_m"`
	OverBound   float64 `json:"error_over_bound"`
	Inside90    float64 `json:"inside_90"`
}

func scoreOf(s sim.Score) *scoreJSON {
	out := &scoreJSON{
		Events: s.Events, Found: s.Found, Matched: len(s.Matches), Precision: s.Precision(), Recall: s.Recall(), F1: s.F1(), Purity: s.Purity(),
		Inside90: s.Coverage(),
	}
	if out.Matched > 0 { // without a match there is no error to speak of
		out.ErrorMedian, out.ErrorP90, out.OverBound = float64(s.Error(.5)), float64(s.Error(.9)), s.OverBound()
	}
	return out
}
