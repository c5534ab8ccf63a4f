package app

import (
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/trucewatch/truce/app/tracking"
	sim "github.com/trucewatch/truce/sim/tracks"
)

func (c *cli) trackWorkloadCommand() *cobra.Command {
	var out, stated string
	var seed uint64
	cmd := &cobra.Command{
		Use:   "workload NAME --out O",
		Short: "Write a workload with its truth: what a radar sees of invented objects in clutter",
		Long: "NAME is T (straight on) or C (crossings and manoeuvres), objects, a plus sign and clutter plots a scan, or H (seen with\n" +
			"0.6 in thick clutter), objects, a stroke and clutter plots a gate, or M (seen by many sensors) or B (bearings alone) and\n" +
			"objects: T20+20, T100+100, T200+500, C20+20, H20/0.3, M20, B5.\n" +
			"docs/methods/tracking.md has the recipes.\n\n" +
			"--out gets plots.csv, and truth.csv, with which `truce track score` holds an answer against the truth. One seed gives\n" +
			"the same files everywhere.",
		Example: "  truce track workload T100+100 --seed 1 --out t100",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			cfg, err := sim.ParseWorkload(args[0], seed)
			if err != nil {
				return usageError(cmd, "%w", err)
			}
			if cfg.Stated = sim.Stated(stated); stated == "true" {
				cfg.Stated = sim.StatedTrue
			}
			return c.writeTrackWorkload(cfg, out)
		},
	}
	cmd.Flags().StringVar(&out, "out", "", "folder to write to; it is made")
	cmd.Flags().Uint64Var(&seed, "seed", 1, "seed of all chance")
	cmd.Flags().StringVar(&stated, "stated", "true", "what sigma_m says: true (the error they were drawn with) or none (empty)")
	must(cmd.MarkFlagRequired("out"))
	return cmd
}

func (c *cli) writeTrackWorkload(cfg sim.Config, out string) error {
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
	rows := len(world.Rows)
	for i := range world.Scans {
		rows += len(world.Scans[i].Plots)
	}
	_, err = fmt.Fprintf(c.out, "%s: %d objects, %d plots in %d scans\n", out, world.Targets, rows, len(world.Scans))
	return err
}

func (c *cli) trackScoreCommand() *cobra.Command {
	var truth, tracks string
	cmd := &cobra.Command{
		Use:   "score --truth D --tracks F",
		Short: "Hold tracks against the truth of a workload",
		Long: "--truth is a folder that `truce track workload` wrote; the answer is what `truce track` wrote, or any program in the\n" +
			"same form, its rows at the times of the scans. The metric is GOSPA (c 200 m, p 2, alpha 2), mean over the scans from the\n" +
			"eleventh on; identity switches are how often an object's track became another; NEES is the mean squared error over the\n" +
			"stated variance, 2 where sigma_m is right, with the share of scans in which it lies in its 95 % band.",
		Example: "  truce track score --truth t100 --tracks tracks.csv",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			score, astray, err := scoreTracks(filepath.Join(truth, sim.TruthFile), tracks)
			if err != nil {
				return err
			}
			if astray > 0 {
				fmt.Fprintf(c.err, "truce: %s: %d rows are of no scan's time and were not scored\n", tracks, astray)
			}
			if c.asJSON {
				return printJSON(c.out, trackScoreOf(score))
			}
			_, err = fmt.Fprintln(c.out, score)
			return err
		},
	}
	cmd.Flags().StringVar(&truth, "truth", "", "folder of the workload")
	cmd.Flags().StringVar(&tracks, "tracks", "", "CSV of tracks")
	cmd.Flags().BoolVar(&c.asJSON, "json", false, "print JSON")
	for _, name := range []string{"truth", "tracks"} {
		must(cmd.MarkFlagRequired(name))
	}
	return cmd
}

func scoreTracks(truth, tracks string) (score *sim.Score, astray int, err error) {
	err = bothFiles(truth, tracks, func(a, b io.Reader) error {
		score, astray, err = tracking.Score(a, b)
		return err
	})
	return score, astray, err
}

// trackScoreJSON is a score for programs.
type trackScoreJSON struct {
	Scans    int     `json:"scans"`
	GOSPA    float64 `json:"gospa_m"`
	Error    float64 `json:"error_m"`
	Missed   float64 `json:"missed"`
	False    float64 `json:"false"`
	Switches int     `json:"switches"`
	Tracks   int     `json:"tracks"`
	NEES     float64 `json:"nees"`
	InBand   float64 `json:"nees_in_band"`
}

func trackScoreOf(s *sim.Score) *trackScoreJSON {
	to := func(x float64) float64 { return math.Round(x*1e4) / 1e4 }
	return &trackScoreJSON{s.Scans, to(s.GOSPA), to(s.Error), to(s.Missed), to(s.False), s.Switches, s.Tracks, to(s.NEES), to(s.InBand)}
}
