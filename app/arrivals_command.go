package app

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/app/guarantee"
	"github.com/trucewatch/truce/app/locating"
)

// arrivalVerdicts are the words of `truce arrivals decide`.
var arrivalVerdicts = []truce.ArrivalVerdict{truce.ArrivalsExcluded, truce.ArrivalsApart, truce.ArrivalsTogether}

func (c *cli) arrivalsCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "arrivals",
		Short:   "What sensors heard of an incident, and what people decided of it",
		Example: "  truce arrivals list 2026-143\n  truce arrivals decisions",
		Args:    cobra.NoArgs,
	}
	cmd.AddCommand(c.arrivalsListCommand(), c.arrivalsDecideCommand(), c.arrivalsLiftCommand(), c.arrivalsDecisionsCommand())
	return cmd
}

func (c *cli) arrivalsListCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "list INCIDENT",
		Short:   "List the arrivals that an incident rests on, with their ids",
		Example: "  truce arrivals list 2026-143\n  truce arrivals list 2026-143 --format csv > heard.csv",
		Args:    cobra.ExactArgs(1),
	}
	format := c.formatFlag(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		a, err := c.openReading(cmd.Context())
		if err != nil {
			return err
		}
		defer a.Close()
		rows, err := a.heardOfIncident(cmd.Context(), args[0])
		if err != nil {
			return err
		}
		l := listing{Columns: []string{"arrival", "sensor", "time", "phase", "residual_s", "event"}, Objects: rows}
		for _, r := range rows {
			l.Rows = append(l.Rows, []string{r.Observation.String(), string(r.Sensor), r.At.String(), string(r.Phase), fmt.Sprintf("%+.3f", r.ResidualS), r.Event.String()})
		}
		if len(rows) == 0 {
			l.Note = "The incident rests on nothing that sensors heard, or on what was dropped since."
		}
		return l.print(c.out, *format)
	}
	return cmd
}

// decideOptions are the flags of `truce arrivals decide`.
type decideOptions struct {
	network, reason, day string
	others               []string
}

func (c *cli) arrivalsDecideCommand() *cobra.Command {
	var opt decideOptions
	cmd := &cobra.Command{
		Use:   "decide VERDICT ARRIVAL...",
		Short: "Sign what arrivals belong to, where the machine has it wrong",
		Long: "VERDICT is excluded (the arrivals are of no event), apart (none of them is of the same event as any of the --others)\n" +
			"or together (all of them are of one event). ARRIVAL is the id of an observation, as truce arrivals list and the page\n" +
			"of the incident show it, or the name that the arrival has in its sender's table. Analysts decide. A decision binds\n" +
			"every later run, whatever else comes in, until it is lifted; events, incidents and findings follow at once.",
		Example: "  truce arrivals decide excluded 01KNYB1F3G6T0W9XC2M7R4D5QZ --reason \"a door, by the sound file\"\n" +
			"  truce arrivals decide apart a17 a18 --others a21 --others a22 --day 2026-04-11 --reason \"two guns, by the camera\"",
		Args:              cobra.MinimumNArgs(2),
		ValidArgsFunction: wordsAt(0, texts(arrivalVerdicts)),
	}
	token := tokenFlag(cmd)
	c.jsonFlag(cmd)
	flags := cmd.Flags()
	flags.StringArrayVar(&opt.others, "others", nil, "of apart: an arrival on the other side; may be given several times")
	flags.StringVar(&opt.network, "network", "", "whose sensors they are, where a mission has several networks")
	flags.StringVar(&opt.day, "day", "", "the UTC day of arrivals that are named by their sender's names, YYYY-MM-DD")
	flags.StringVar(&opt.reason, "reason", "", "why, in words")
	must(cmd.MarkFlagRequired("reason"))
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		d := truce.ArrivalDecision{Network: opt.network, Verdict: truce.ArrivalVerdict(args[0]), Reason: strings.TrimSpace(truce.CleanText(opt.reason))}
		switch {
		case !slices.Contains(arrivalVerdicts, d.Verdict):
			return usageError(cmd, "%q is no verdict; write one of %s", args[0], strings.Join(texts(arrivalVerdicts), ", "))
		case (d.Verdict == truce.ArrivalsApart) != (len(opt.others) > 0):
			return usageError(cmd, "--others goes with apart, and only with it")
		case d.Reason == "":
			return usageError(cmd, "--reason is empty: write why")
		case len(args)-1+len(opt.others) > truce.MaxDecidedArrivals:
			return usageError(cmd, "%d arrivals are named, the most is %d", len(args)-1+len(opt.others), truce.MaxDecidedArrivals)
		}
		return c.signedBy(cmd.Context(), *token, func(a *App, desk *guarantee.Desk, token guarantee.Token) error {
			if err := a.nameArrivals(cmd.Context(), &d, args[1:], opt); err != nil {
				return err
			}
			return c.decide(cmd.Context(), a, desk, token, d)
		})
	}
	return cmd
}

// nameArrivals enters what people name into a decision.
func (a *App) nameArrivals(ctx context.Context, d *truce.ArrivalDecision, names []string, opt decideOptions) error {
	list, err := a.namedArrivals(ctx, opt.network, truce.Day(opt.day), slices.Concat(names, opt.others))
	if err == nil && d.Verdict == truce.ArrivalsTogether {
		err = ofOneEvent(list)
	}
	if err != nil {
		return err
	}
	d.Arrivals, d.Others = idsOf(list[:len(names)]), idsOf(list[len(names):])
	return nil
}

// decide records a decision and lets what is known follow.
func (c *cli) decide(ctx context.Context, a *App, desk *guarantee.Desk, token guarantee.Token, d truce.ArrivalDecision) error {
	made, got, err := desk.DecideArrivals(ctx, token, d)
	if err != nil {
		return err
	}
	sum, err := a.Assess(ctx)
	if err != nil {
		return err
	}
	if c.asJSON {
		return printJSON(c.out, struct {
			Decision truce.ArrivalDecision `json:"decision"`
			Events   int                   `json:"new_or_changed_events"`
			Receipt  truce.Receipt         `json:"receipt"`
		}{made, sum.NewEvents, got})
	}
	_, err = fmt.Fprintf(c.out, "decision %s: %s\n%d events, %d incidents new or changed\n%s\n", made.ID, decided(made), sum.NewEvents, sum.NewIncidents, receipt(got))
	return err
}

// decided says in words what a decision says.
func decided(d truce.ArrivalDecision) string {
	switch d.Verdict {
	case truce.ArrivalsExcluded:
		return plural(len(d.Arrivals), "arrival") + " of no event"
	case truce.ArrivalsApart:
		return fmt.Sprintf("%s apart from %s", plural(len(d.Arrivals), "arrival"), plural(len(d.Others), "arrival"))
	case truce.ArrivalsTogether:
		return plural(len(d.Arrivals), "arrival") + " of one event"
	}
	return "lifts " + d.Lifts.String()
}

func (c *cli) arrivalsLiftCommand() *cobra.Command {
	var network, reason string
	cmd := &cobra.Command{
		Use:     "lift DECISION",
		Short:   "Sign that a decision of arrivals holds no longer",
		Example: "  truce arrivals lift 01KNYC5V7K8M2P4R6T9W0X1Y3Z --reason \"the sound file was another one\"",
		Args:    cobra.ExactArgs(1),
	}
	token := tokenFlag(cmd)
	c.jsonFlag(cmd)
	cmd.Flags().StringVar(&network, "network", "", "whose sensors the arrivals are of, where a mission has several networks")
	cmd.Flags().StringVar(&reason, "reason", "", "why, in words")
	must(cmd.MarkFlagRequired("reason"))
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		id, err := truce.ParseID(args[0])
		if err != nil {
			return usageError(cmd, "%.80q is no id of a decision; truce arrivals decisions lists them", args[0])
		}
		d := truce.ArrivalDecision{Network: network, Verdict: truce.ArrivalsLifted, Lifts: id, Reason: strings.TrimSpace(truce.CleanText(reason))}
		if d.Reason == "" {
			return usageError(cmd, "--reason is empty: write why")
		}
		return c.signedBy(cmd.Context(), *token, func(a *App, desk *guarantee.Desk, token guarantee.Token) error {
			return c.decide(cmd.Context(), a, desk, token, d)
		})
	}
	return cmd
}

func (c *cli) arrivalsDecisionsCommand() *cobra.Command {
	var network string
	cmd := &cobra.Command{
		Use:     "decisions",
		Short:   "List what people decided of arrivals, lifted decisions too",
		Example: "  truce arrivals decisions\n  truce arrivals decisions --network north --json",
		Args:    cobra.NoArgs,
	}
	format := c.formatFlag(cmd)
	cmd.Flags().StringVar(&network, "network", "", "of this network, where a mission has several")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		a, err := c.openReading(cmd.Context())
		if err != nil {
			return err
		}
		defer a.Close()
		all, err := a.guaranteeDesk().ArrivalDecisions(cmd.Context(), network)
		if err != nil {
			return err
		}
		binding := map[truce.ID]bool{}
		for _, d := range locating.InForce(all) {
			binding[d.ID] = true
		}
		names, err := a.decidedNames(cmd.Context(), all)
		if err != nil {
			return err
		}
		l := listing{Columns: []string{"decision", "at", "person", "verdict", "says", "arrivals", "others", "in_force", "reason"}, Objects: append([]truce.ArrivalDecision{}, all...)}
		for _, d := range all {
			l.Rows = append(l.Rows, []string{d.ID.String(), stamp(d.At), string(d.Person), string(d.Verdict), decided(d), names.text(d.Arrivals), names.text(d.Others), fmt.Sprint(binding[d.ID]), d.Reason})
		}
		if len(all) == 0 {
			l.Note = "Nobody decided anything of what this network heard."
		}
		return l.print(c.out, *format)
	}
	return cmd
}
