package app

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/app/guarantee"
)

// outcomes are the words of `truce review` and what they mean for an incident.
var outcomes = map[string]truce.Occurrence{
	"verify": truce.OccurrenceVerified, "refute": truce.OccurrenceRefuted, "unverifiable": truce.OccurrenceUnverifiable,
	"explain": truce.OccurrenceExplained, "duplicate": truce.OccurrenceDuplicate, "withdraw": "",
}

func outcomeWords() []string {
	return []string{"verify", "refute", "unverifiable", "explain", "duplicate", "withdraw"}
}

func (c *cli) reviewCommand() *cobra.Command {
	var rule, reason, note string
	cmd := &cobra.Command{
		Use:   "review INCIDENT OUTCOME",
		Short: "Sign whether an incident happened, or whether a rule matches it",
		Long: "OUTCOME is verify, refute, unverifiable, explain or duplicate; withdraw takes your own step back. An incident is\n" +
			"verified when two different analysts have signed so; neither of them may have reported it. With --rule the\n" +
			"finding of that rule is reviewed and not the incident. Findings follow at once.",
		Example:           "  truce review 2026-143 verify --reason two_sources\n  truce review 2026-143 explain --reason quarry --note \"blasting notified for 14:00\"",
		Args:              cobra.ExactArgs(2),
		ValidArgsFunction: wordsAt(1, outcomeWords()),
	}
	token := tokenFlag(cmd)
	c.jsonFlag(cmd)
	cmd.Flags().StringVar(&rule, "rule", "", "review the finding of this rule")
	cmd.Flags().StringVar(&reason, "reason", "", "code of the reason, needed for every exit, e.g. quarry")
	cmd.Flags().StringVar(&note, "note", "", "in words")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		outcome, known := outcomes[args[1]]
		if !known {
			return usageError(cmd, "%q is no outcome; write one of %s", args[1], strings.Join(outcomeWords(), ", "))
		}
		step := truce.Review{Rule: truce.RuleID(rule), Outcome: outcome, Reason: reason, Note: truce.CleanText(note), Withdraws: args[1] == "withdraw"}
		return c.signedBy(cmd.Context(), *token, func(a *App, d *guarantee.Desk, token guarantee.Token) error {
			return c.review(cmd, a, d, token, args[0], step)
		})
	}
	return cmd
}

func (c *cli) review(cmd *cobra.Command, a *App, d *guarantee.Desk, token guarantee.Token, incident string, step truce.Review) error {
	row, err := a.store.Incident(cmd.Context(), incident)
	if err != nil {
		return err
	}
	step.Incident, step.Revision = row.Incident.ID, row.Incident.Revision
	got, err := d.Review(cmd.Context(), token, step)
	if err != nil {
		return err
	}
	if got.Changed {
		if _, err := a.Assess(cmd.Context()); err != nil {
			return err
		}
	}
	if c.asJSON {
		return printJSON(c.out, got)
	}
	_, err = fmt.Fprintf(c.out, "%s: %s\n%s\n", row.Incident.Number, reviewed(got), receipt(got.Receipt))
	return err
}

// reviewed says in words what the reviews of a subject come to.
func reviewed(r guarantee.Reviewed) string {
	s := r.State
	switch {
	case s.Outcome == "" && len(s.Open) == 0:
		return fmt.Sprintf("no step stands; the incident is %s", r.Incident.Occurrence)
	case s.Outcome == "":
		return fmt.Sprintf("%d of 2 signatures; a different person signs next", agreeing(s.Open))
	}
	return fmt.Sprintf("%s, signed by %s and %s", s.Outcome, s.By[0], s.By[1])
}

// agreeing is how many of the open steps say the same as the last one.
func agreeing(open []truce.Review) int {
	last := open[len(open)-1].Outcome
	return len(slices.DeleteFunc(slices.Clone(open), func(r truce.Review) bool { return r.Outcome != last }))
}

func (c *cli) attributeCommand() *cobra.Command {
	var a truce.Attribution
	var level, party string
	var p float64
	cmd := &cobra.Command{
		Use:   "attribute INCIDENT",
		Short: "Sign a reasoned view on responsibility, on a verified incident only",
		Long: "The first signature proposes; the view stands when a second person signs the very same words. An undetermined\n" +
			"one names no party and is a normal result. Nothing here is a determination: that is for the political body.",
		Example: "  truce attribute 2026-143 --level balance --party B --p 0.75 --basis \"back-azimuth of 3 craters\" \\\n" +
			"      --alternative \"accident: no store within 2 km\"",
		Args: cobra.ExactArgs(1),
	}
	cmd.AddCommand(c.replyCommand())
	token := tokenFlag(cmd)
	c.jsonFlag(cmd)
	flags := cmd.Flags()
	flags.StringVar(&level, "level", "", "undetermined, reasonable_grounds, balance or clear_convincing")
	flags.StringVar(&party, "party", "", "party; none for undetermined")
	flags.Float64Var(&p, "p", 0, "probability, 0 to 1")
	flags.StringArrayVar(&a.Basis, "basis", nil, "what it rests on; may be given several times")
	flags.StringArrayVar(&a.Alternatives, "alternative", nil, "what else was considered, and why it is not excluded or is")
	flags.StringVar(&a.Dissent, "dissent", "", "what a colleague holds against it")
	flags.BoolVar(&a.Withdrawn, "withdraw", false, "withdraw the one that stands")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		a.Level, a.Party, a.P = truce.AttributionLevel(level), truce.PartyID(party), truce.Probability(p)
		return c.signedBy(cmd.Context(), *token, func(app *App, d *guarantee.Desk, token guarantee.Token) error {
			row, err := app.store.Incident(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			a.Incident = row.Incident.ID
			got, err := d.Attribute(cmd.Context(), token, a)
			if err != nil {
				return err
			}
			if c.asJSON {
				return printJSON(c.out, got)
			}
			_, err = fmt.Fprintf(c.out, "%s: %s\n%s\n", row.Incident.Number, attributed(got), receipt(got.Receipt))
			return err
		})
	}
	return cmd
}

// replyCommand is what a party says to a view, by the clock that each party has for it.
func (c *cli) replyCommand() *cobra.Command {
	var text string
	cmd := &cobra.Command{
		Use:   "reply CASE INCIDENT",
		Short: "Reply, as a party, to the view on responsibility that stands",
		Long: "Both parties are told of a view at the same second and have the same time to reply. The first reply meets the\n" +
			"party's clock; more may follow. After the time is over a reply is recorded as late. Both parties read it.",
		Example: "  truce attribute reply C-2026-19 2026-143 --text \"the battery was not ours\"",
		Args:    cobra.ExactArgs(2),
	}
	token := tokenFlag(cmd)
	c.jsonFlag(cmd)
	cmd.Flags().StringVar(&text, "text", "", "the reply")
	must(cmd.MarkFlagRequired("text"))
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if strings.TrimSpace(text) == "" {
			return usageError(cmd, "--text is empty: write what the party says to the view")
		}
		return c.signedBy(cmd.Context(), *token, func(_ *App, d *guarantee.Desk, token guarantee.Token) error {
			v, err := d.View(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			clock := ""
			for _, one := range v.Case.Views {
				if one.Number == args[1] || one.Incident.String() == args[1] {
					clock = one.Clock
				}
			}
			if clock == "" {
				return truce.Errorf(truce.CodeNotFound, "case %s has no view on responsibility for incident %.40q", v.Number, args[1])
			}
			return c.doOn(cmd, d, token, args[0], truce.Deed{Kind: truce.DeedState, Clock: clock, Text: truce.CleanText(text)})
		})
	}
	return cmd
}

func attributed(a guarantee.Attributed) string {
	switch {
	case a.Attribution.Withdrawn:
		return "the attribution was withdrawn"
	case a.Stands:
		return fmt.Sprintf("%s, signed by %s", a.Attribution.Level, strings.Join(texts(a.Attribution.People), " and "))
	}
	return "1 of 2 signatures; a different person signs the same words next"
}
