package app

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/app/guarantee"
	"github.com/trucewatch/truce/respond/pledge"
)

// pledgeStakeCommand lists what a case puts at stake.
func (c *cli) pledgeStakeCommand() *cobra.Command {
	var state, lang string
	cmd := &cobra.Command{
		Use:     "stake CASE",
		Short:   "List the promises a case puts at stake: due or not yet, in force or what is missing",
		Example: "  truce pledge stake C-2026-19 --state FR",
		Args:    cobra.ExactArgs(1),
	}
	token := tokenFlag(cmd)
	cmd.Flags().StringVar(&state, "state", "", "only promises of this state")
	cmd.Flags().StringVar(&lang, "lang", "en", "language of the words: en or uk")
	format := c.formatFlag(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		return c.pledgeReader(cmd.Context(), *token, func(d *guarantee.Desk, p truce.Person) error {
			v, err := d.View(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			terms, err := d.Terms(cmd.Context())
			if err != nil {
				return err
			}
			list, err := d.Commitments(cmd.Context(), p)
			if err != nil {
				return err
			}
			return stakeListing(pledge.At(list, truce.StateID(state), v.Case, v.Ladder, terms.Parties), lang).print(c.out, *format)
		})
	}
	return cmd
}

func stakeListing(stakes []pledge.Stake, lang string) listing {
	l := listing{Columns: []string{"state", "commitment", "stage", "due", "apart", "in_force", "missing", "invoked", "marks", "what"}, Objects: stakes}
	for _, s := range stakes {
		invoked, marks := "", ""
		if s.Invocation != nil {
			last := s.Invocation.History[len(s.Invocation.History)-1]
			invoked, marks = string(last.State), strings.Join(invocationMarks(s.Commitment, *s.Invocation, lang), "; ")
		}
		l.Rows = append(l.Rows, []string{string(s.Commitment.State), s.Commitment.ID, string(s.State), yesNo(s.Due), s.Apart.In(lang), yesNo(s.InForce), s.Open.In(lang), invoked, marks, s.Commitment.What.In(lang)})
	}
	l.Note = fmt.Sprintf("%d promises", len(stakes))
	return l
}

// invocationMarks are the marks of every step of an invocation, each with its step.
func invocationMarks(c truce.Commitment, i truce.Invocation, lang string) []string {
	var out []string
	for _, step := range i.History {
		for _, words := range pledge.MarkWords(c, step) {
			out = append(out, string(step.State)+": "+words.In(lang))
		}
	}
	return out
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

// invocationStates are the words of `truce pledge invoke`.
var invocationStates = []truce.InvocationState{truce.InvocationRequested, truce.InvocationReceived, truce.InvocationParliament, truce.InvocationApproved,
	truce.InvocationRefused, truce.InvocationDecided, truce.InvocationFulfilled}

// pledgeInvokeCommand records a step of an invocation.
func (c *cli) pledgeInvokeCommand() *cobra.Command {
	var body, reason string
	cmd := &cobra.Command{
		Use:   "invoke COMMITMENT CASE STEP",
		Short: "Record a step of calling on a promise in a case, from request to decision",
		Long: "STEP is " + strings.Join(texts(invocationStates), ", ") + ". A guarantor may request any\n" +
			"promise and answers for its own. The record sets nothing in motion. A step of before the case reached the tier from\n" +
			"which the promise speaks, or of a promise that is not in force, is recorded like any other and marked so.",
		Example:           "  truce pledge invoke fr-force C-2026-19 before_parliament --body \"defence committee\"",
		Args:              cobra.ExactArgs(3),
		ValidArgsFunction: wordsAt(2, texts(invocationStates)),
	}
	token := tokenFlag(cmd)
	c.jsonFlag(cmd)
	cmd.Flags().StringVar(&body, "body", "", "who acted, e.g. parliament")
	cmd.Flags().StringVar(&reason, "reason", "", "in words")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		step := truce.InvocationStep{State: truce.InvocationState(args[2]), Body: truce.CleanText(body), Text: truce.CleanText(reason)}
		if !slices.Contains(invocationStates, step.State) {
			return usageError(cmd, "%q is no step; write one of %s", args[2], strings.Join(texts(invocationStates), ", "))
		}
		return c.signedBy(cmd.Context(), *token, func(a *App, d *guarantee.Desk, token guarantee.Token) error {
			p, err := d.Who(cmd.Context(), token)
			if err != nil {
				return err
			}
			row, err := a.store.Case(cmd.Context(), args[1])
			if err != nil {
				return err
			}
			k, err := d.Invoke(cmd.Context(), p, args[0], row.ID, step)
			if err != nil {
				return err
			}
			if c.asJSON {
				return printJSON(c.out, k)
			}
			fmt.Fprintf(c.out, "%s in %s: %s, by %s\n", k.ID, row.Summary.Number, step.State, p.ID)
			for _, words := range lastMarks(k, row.ID) {
				fmt.Fprintf(c.out, "marked: %s\n", words.In("en"))
			}
			return nil
		})
	}
	return cmd
}

// lastMarks are the marks of the newest step of an invocation in a case.
func lastMarks(c truce.Commitment, in truce.CaseID) (out []truce.Names) {
	for _, i := range c.Invoked {
		if i.Case == in {
			out = pledge.MarkWords(c, i.History[len(i.History)-1])
		}
	}
	return out
}
