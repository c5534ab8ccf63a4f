package app

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
)

func (c *cli) assessCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "assess",
		Short: "Derive events, incidents and findings from what was recorded",
		Long: "Reads everything recorded and the agreement directory, derives events, incidents and findings, and appends\n" +
			"what differs from what stands. Old verdicts are kept. Run it after an import or a change of the terms.",
		Example: "  truce assess --dir mission", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return c.runAssess(cmd) },
	}
	c.jsonFlag(cmd)
	return cmd
}

func (c *cli) runAssess(cmd *cobra.Command) error {
	a, err := c.open(cmd.Context())
	if err != nil {
		return err
	}
	defer a.Close()
	told, err := a.UpdateStories(cmd.Context())
	if err != nil {
		return err
	}
	sum, err := a.Assess(cmd.Context())
	if err != nil {
		return err
	}
	if c.asJSON {
		return printJSON(c.out, assessedJSON{sum, told})
	}
	if told.Articles+told.Changed > 0 {
		fmt.Fprintln(c.out, told)
	}
	_, err = fmt.Fprintf(c.out, "%d observations\n%d events, %d new or changed\n%d incidents, %d new or changed\n%d evaluations, %d new or changed\n",
		sum.Observations, sum.Events, sum.NewEvents, sum.Incidents, sum.NewIncidents, sum.Evaluations, sum.Changed)
	if err == nil && sum.Notifications > 0 {
		_, err = fmt.Fprintf(c.out, "%d notifications%s\n", sum.Notifications, behindText(sum.ByNotice))
	}
	for _, aside := range sum.SetAside {
		if err == nil {
			_, err = fmt.Fprintf(c.out, "notification %s is set aside and has no effect: %s\n", aside.Number, aside.Reason)
		}
	}
	if err == nil && sum.Silences > 0 {
		_, err = fmt.Fprintf(c.out, "%d answers were not given in time\n", sum.Silences)
	}
	if err == nil && sum.Plots > 0 {
		_, err = fmt.Fprintf(c.out, "%d plots of what moves tell of %d events\n", sum.Plots, sum.Flights)
	}
	if err == nil && sum.Bearings > 0 {
		_, err = fmt.Fprintf(c.out, "%d bearings are not followed: nothing says where their sensors stand; state them under radars: in truce.yaml, or read the table of sensors: truce import --format sensors FILE\n", sum.Bearings)
	}
	for _, b := range latestBiases(sum.Biases) {
		if err == nil {
			_, err = fmt.Fprintln(c.out, b)
		}
	}
	if err == nil && sum.Arrivals > 0 {
		_, err = fmt.Fprintf(c.out, "%d arrivals at sensors tell of %d events\n", sum.Arrivals, sum.Located)
	}
	if err == nil && sum.Nowhere > 0 {
		_, err = fmt.Fprintf(c.out, "%d arrivals wait: nothing says where their sensors stand (%s); read the table of sensors: truce import --format sensors FILE\n", sum.Nowhere, strings.Join(sum.Sensors, ", "))
	}
	if err == nil && len(sum.Damaged) > 0 {
		_, err = fmt.Fprintf(c.out, "%d files of what is kept of earlier runs were damaged and made anew: %s\n", len(sum.Damaged), strings.Join(sum.Damaged[:min(len(sum.Damaged), maxDamagedNamed)], ", "))
	}
	if err == nil && sum.ByName > 0 {
		_, err = fmt.Fprintf(c.out, "%d reports lie where the agreement has the place they name, as wide as the place\n", sum.ByName)
	}
	if err == nil && sum.Unplaced > 0 {
		_, err = fmt.Fprintf(c.out, "%d reports name no place that is known or no act and give no event\n", sum.Unplaced)
	}
	return err
}

// maxDamagedNamed is how many damaged files a run names.
const maxDamagedNamed = 5

// assessedJSON is what `truce assess --json` prints.
type assessedJSON struct {
	Assessment
	Stories StoriesSum `json:"stories"`
}

// behindText names the notifications that changed what was found before.
func behindText(numbers string) string {
	if numbers == "" {
		return ""
	}
	return ", findings of earlier runs changed by " + numbers
}
