package app

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/respond/publish"
)

// seriesDay is one day of a series: numbers of the frozen Dailies side by side, each in
// its own unit, with what bears on how much could be seen.
type seriesDay struct {
	Day         truce.Day                    `json:"day"`
	DayNumber   int                          `json:"day_number"`
	Bulletin    string                       `json:"bulletin"`
	FireReports *int                         `json:"reports_of_fire"` // nil: none came in, and nobody states that he looked
	Reports     *int                         `json:"reports"`
	Detections  *int                         `json:"detections"` // nil: no file of that day was read, or too little was seen
	Satellites  []truce.SensorID             `json:"satellites,omitempty"`
	Control     map[string]int               `json:"detections_by_control,omitempty"`
	Map         string                       `json:"map,omitempty"`
	Clouds      []truce.CloudDay             `json:"clouds,omitempty"`
	Shares      map[string]truce.Probability `json:"thermal_coverage,omitempty"`
}

func (c *cli) seriesCommand() *cobra.Command {
	var from, to, format string
	cmd := &cobra.Command{
		Use:   "series --from D1 --to D2",
		Short: "Print the numbers of several Dailies side by side",
		Long: "Freezes the Daily of each day where it does not stand yet and prints what came in per day, each number in its\n" +
			"own unit, beside cloud and coverage. Nothing is added up and no trend is drawn: the days were not watched alike.",
		Example: "  truce bulletin series --from 2026-04-09 --to 2026-04-13",
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return c.runSeries(cmd, from, to, format) },
	}
	cmd.Flags().StringVar(&from, "from", "", "first local day, YYYY-MM-DD")
	cmd.Flags().StringVar(&to, "to", "", "last local day")
	cmd.Flags().StringVar(&format, "format", "md", "md or json")
	must(cmd.MarkFlagRequired("from"))
	must(cmd.MarkFlagRequired("to"))
	must(cmd.RegisterFlagCompletionFunc("format", cobra.FixedCompletions(seriesFormats, cobra.ShellCompDirectiveNoFileComp)))
	return cmd
}

var seriesFormats = []string{publish.FormatMarkdown, publish.FormatJSON}

// maxSeriesDays bounds a series: a year is a long table already.
const maxSeriesDays = 366

// seriesDays are the days of a series; what is wrong with them is said before the first
// Daily is frozen.
func seriesDays(from, to, format string) ([]truce.Day, error) {
	if !slices.Contains(seriesFormats, format) {
		return nil, fmt.Errorf("--format %q; choose one of %s", format, strings.Join(seriesFormats, ", "))
	}
	for _, end := range []struct{ flag, day string }{{"--from", from}, {"--to", to}} {
		if _, err := truce.Day(end.day).Start(time.UTC); err != nil {
			return nil, fmt.Errorf("%s: %w", end.flag, err)
		}
	}
	var days []truce.Day
	for day := truce.Day(from); day <= truce.Day(to); day = day.AddDays(1) {
		if len(days) == maxSeriesDays {
			return nil, fmt.Errorf("more than %d days from %s to %s", maxSeriesDays, from, to)
		}
		days = append(days, day)
	}
	if len(days) == 0 {
		return nil, fmt.Errorf("--from %s is after --to %s", from, to)
	}
	return days, nil
}

func (c *cli) runSeries(cmd *cobra.Command, from, to, format string) error {
	asked, err := seriesDays(from, to, format)
	if err != nil {
		return usageError(cmd, "%w", err)
	}
	a, err := c.openDailies(cmd.Context())
	if err != nil {
		return err
	}
	defer a.Close()
	var days []seriesDay
	err = a.dailies(cmd.Context(), asked, 0, func(b truce.Bulletin) { days = append(days, newSeriesDay(b)) })
	if err != nil {
		return err
	}
	if format == publish.FormatJSON {
		return printJSON(c.out, days)
	}
	return printSeries(c.out, days)
}

func newSeriesDay(b truce.Bulletin) seriesDay {
	d := seriesDay{Day: b.Day, DayNumber: b.DayNumber, Bulletin: b.Number, Clouds: b.Clouds, Shares: map[string]truce.Probability{}}
	for _, c := range b.Coverage {
		if c.Family != truce.FamilyThermal {
			continue
		}
		d.Shares[string(c.Area)] = c.Share
		for _, pass := range c.Passes {
			d.Satellites = append(d.Satellites, pass.Sensor)
		}
	}
	slices.Sort(d.Satellites)
	d.Satellites = slices.Compact(d.Satellites)
	for _, t := range b.Tables {
		switch total := t.Total; t.Key {
		case "received.reports":
			d.Reports = seen(total)
		case "received.reports_of_fire":
			d.FireReports = seen(total)
		case "received.detections":
			if counted(total) > 0 || d.read() {
				d.Detections = seen(total)
			}
		case "received.detections_by_control":
			d.Map, d.Control = strings.TrimSpace(t.Map+" "+t.MapVersion), controlCounts(t)
		}
	}
	return d
}

// counted is all that a line counts, preliminary rows included.
func counted(l truce.CountLine) int { return l.Cells[0].This.N + l.Cells[0].Preliminary.N }

// seen is what a line counts, nil where the Daily prints its zero as not observed.
func seen(l truce.CountLine) *int {
	n := counted(l)
	if n == 0 && l.Cells[0].This.Form == truce.FigureNotObserved {
		return nil
	}
	return &n
}

// read says whether a file of satellite detections of the day was read.
func (d seriesDay) read() bool { return d.Detections != nil || len(d.Satellites) > 0 }

func controlCounts(t truce.CountTable) map[string]int {
	out := map[string]int{}
	for _, l := range t.Lines {
		out[l.Key] = counted(l)
	}
	return out
}

func printSeries(w io.Writer, days []seriesDay) error {
	areas := cloudAreas(days)
	head := []string{"Day", "Day no.", "Reports of fire [reports]", "Detections [detections]", "of these by area of control"}
	for _, area := range areas {
		head = append(head, "Mean cloud, "+strings.ReplaceAll(area, "_", " "))
	}
	head = append(head, "Thermal coverage")
	var b strings.Builder
	fmt.Fprintf(&b, "| %s |\n|%s\n", strings.Join(head, " | "), strings.Repeat("---|", len(head)))
	for _, d := range days {
		fmt.Fprintf(&b, "| %s |\n", strings.Join(seriesCells(d, areas), " | "))
	}
	b.WriteString("\n" + supported(days) + "\n")
	_, err := io.WriteString(w, b.String())
	return err
}

// supported is the sentence that the table carries: what came in, and no more.
func supported(days []seriesDay) string {
	var reports []string
	read, counted := 0, false
	for _, d := range days {
		counted = counted || d.FireReports != nil
		reports = append(reports, numberWords(d.FireReports))
		if d.read() {
			read++
		}
	}
	carried := "carried " + strings.Join(reports, ", ") + " reports of fire a day"
	if !counted {
		carried = "carried no report of fire, and nobody states that they looked for any"
	}
	return fmt.Sprintf("From %s to %s the sources read here %s; satellite detections were read for %d of %d days. "+
		"These are counts of reports and of heat, not of fire, and the days were not watched alike.",
		days[0].Day, days[len(days)-1].Day, carried, read, len(days))
}

func seriesCells(d seriesDay, areas []string) []string {
	cells := []string{string(d.Day), fmt.Sprint(d.DayNumber), numberWords(d.FireReports), "no file read", ""}
	if d.read() {
		cells[3] = numberWords(d.Detections)
		if len(d.Satellites) > 0 {
			cells[3] += " (" + joined(d.Satellites) + ")"
		}
	}
	if d.Detections != nil {
		cells[4] = controlWords(d)
	}
	for _, area := range areas {
		cell := "not given"
		for _, c := range d.Clouds {
			if c.Area == area {
				cell = fmt.Sprintf("%.3f", c.Cover)
			}
		}
		cells = append(cells, cell)
	}
	return append(cells, shareWords(d.Shares))
}

// numberWords is a number of a day. A zero of a day on which nobody is known to have
// looked is no number.
func numberWords(n *int) string {
	if n == nil {
		return "not observed"
	}
	return fmt.Sprint(*n)
}

// controlWords are detections by who controls their place on the map, which is named.
func controlWords(d seriesDay) string {
	if d.Map == "" {
		return "no control map"
	}
	var parts []string
	for _, key := range sortedKeys(d.Control) {
		switch {
		case d.Control[key] == 0:
		case key == "":
			parts = append(parts, fmt.Sprintf("elsewhere %d", d.Control[key]))
		default:
			parts = append(parts, fmt.Sprintf("%s %d", key, d.Control[key]))
		}
	}
	return strings.TrimSpace(strings.Join(parts, ", ") + " (map " + d.Map + ")")
}

func shareWords(shares map[string]truce.Probability) string {
	var parts []string
	for _, key := range sortedKeys(shares) {
		parts = append(parts, fmt.Sprintf("%s %.0f %%", key, 100*float64(shares[key])))
	}
	return strings.Join(parts, ", ")
}

func cloudAreas(days []seriesDay) []string {
	var out []string
	for _, d := range days {
		for _, c := range d.Clouds {
			out = append(out, c.Area)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
