package app

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/agreement"
	"github.com/trucewatch/truce/geo"
)

func (c *cli) linesCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "lines", Short: "Compare and measure lines and control maps", Args: cobra.NoArgs,
		Example: "  truce lines diff 2026-04-04 2026-04-05",
		RunE:    func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(c.linesDiffCommand())
	return cmd
}

func (c *cli) linesDiffCommand() *cobra.Command {
	var id string
	cmd := &cobra.Command{
		Use:   "diff D1 D2",
		Short: "Area that changed hands between two dated control maps",
		Long: "Compares the control maps valid on two days: what the map draws under control of the inner party on the second\n" +
			"day and not on the first, and the other way round. A correction of the map looks the same as a move.",
		Example: "  truce lines diff 2026-04-04 2026-04-05 --json",
		Args:    cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			return c.runLinesDiff(cmd, id, truce.Day(args[0]), truce.Day(args[1]))
		},
	}
	cmd.Flags().StringVar(&id, "map", "", "id of the control map in the agreement (default: its first)")
	c.jsonFlag(cmd)
	return cmd
}

// linesDiff is the comparison of two versions of a control map.
type linesDiff struct {
	Map       string  `json:"map"`
	From      string  `json:"from_version"`
	To        string  `json:"to_version"`
	Party     string  `json:"party"`
	AccuracyM float64 `json:"accuracy_m"`
	GainedKm2 float64 `json:"gained_km2"`
	LostKm2   float64 `json:"lost_km2"`
	BeforeKm2 float64 `json:"before_km2"`
	AfterKm2  float64 `json:"after_km2"`
	Gained    int     `json:"gained_places"`
	Lost      int     `json:"lost_places"`
}

func (c *cli) runLinesDiff(cmd *cobra.Command, id string, first, second truce.Day) error {
	a, err := c.openReading(cmd.Context())
	if err != nil {
		return err
	}
	defer a.Close()
	drawn, err := a.drawnMaps(cmd.Context())
	if err != nil {
		return err
	}
	diff, err := drawn.diff(id, first, second)
	if err != nil {
		return err
	}
	if c.asJSON {
		return printJSON(c.out, diff)
	}
	_, err = fmt.Fprintf(c.out, "map %s, version %s to %s, accuracy %.0f m (1 sigma)\n"+
		"area drawn under control of %s: %.1f km2 to %.1f km2\n  gained %.1f km2 in %d places\n  lost   %.1f km2 in %d places\n"+
		"A correction of the map looks the same as a move; changes narrower than the accuracy are not known.\n",
		diff.Map, diff.From, diff.To, diff.AccuracyM, diff.Party, diff.BeforeKm2, diff.AfterKm2, diff.GainedKm2, diff.Gained, diff.LostKm2, diff.Lost)
	return err
}

// drawnMaps are the control maps as the agreement in the directory reads them. Unlike an
// assessment, looking at them records nothing, edited terms neither.
type drawnMaps struct {
	terms    *agreement.Agreement
	geometry *agreement.Geometry
}

func (a *App) drawnMaps(ctx context.Context) (drawnMaps, error) {
	terms, err := a.readTerms()
	if err != nil {
		return drawnMaps{}, err
	}
	maps, err := a.controlMaps(ctx)
	if err != nil {
		return drawnMaps{}, err
	}
	geometry, err := terms.Geometry(maps)
	return drawnMaps{terms, geometry}, err
}

// readTerms reads the agreement directory and records nothing.
func (a *App) readTerms() (*agreement.Agreement, error) {
	files, err := agreementFiles(a.cfg.Path(a.cfg.Agreement))
	if err != nil {
		return nil, err
	}
	return agreement.Parse(files)
}

func (d drawnMaps) diff(id string, first, second truce.Day) (linesDiff, error) {
	var out linesDiff
	m, err := d.controlMap(id)
	if err != nil {
		return out, err
	}
	before, from, err := d.controlArea(m.ID, first)
	if err != nil {
		return out, err
	}
	after, to, err := d.controlArea(m.ID, second)
	if err != nil {
		return out, err
	}
	change, err := geo.DiffAreas(before, after)
	if err != nil {
		return out, err
	}
	return linesDiff{
		Map: m.Series, From: from, To: to, Party: string(m.PartyInside), AccuracyM: m.AccuracyM,
		BeforeKm2: km2(before.SquareMetres()), AfterKm2: km2(after.SquareMetres()),
		GainedKm2: km2(change.GainedArea()), LostKm2: km2(change.LostArea()), Gained: len(change.Gained), Lost: len(change.Lost),
	}, nil
}

// controlMap is the agreement's control map of that id, its first for "".
func (d drawnMaps) controlMap(id string) (agreement.ControlMap, error) {
	if len(d.terms.ControlMaps) == 0 {
		return agreement.ControlMap{}, truce.Errorf(truce.CodeInvalid, "the agreement names no control map (control_maps in agreement.yaml)")
	}
	var ids []string
	for _, m := range d.terms.ControlMaps {
		if id == "" || m.ID == id {
			return m, nil
		}
		ids = append(ids, m.ID)
	}
	return agreement.ControlMap{}, truce.Errorf(truce.CodeNotFound, "the agreement names no control map %q; choose one of %v", id, ids)
}

// controlArea is the area as drawn for a local day: the version that holds at its
// middle, since maps are dated by days of UTC, which begin some hours before or after.
func (d drawnMaps) controlArea(id string, day truce.Day) (*geo.Area, string, error) {
	// Maps are dated by the UTC day; its noon lies in the same day of every zone but the
	// farthest.
	start, err := day.Start(time.UTC)
	if err != nil {
		return nil, "", err
	}
	area, version, ok := d.geometry.ControlAreaAt(id, start.Add(12*time.Hour), 0)
	if !ok {
		return nil, "", truce.Errorf(truce.CodeNotFound, "no version of control map %s holds on %s; import one with: truce import --format control-map FILE", id, day)
	}
	return area, version, nil
}

func km2(m geo.SquareMetres) float64 { return float64(m) / 1e6 }
