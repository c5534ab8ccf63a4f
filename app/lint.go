package app

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/respond/publish"
)

func (c *cli) lintCommand() *cobra.Command {
	var date string
	cmd := &cobra.Command{
		Use:   "lint TEXT --date D",
		Short: "Ask whether the words of a sentence may stand in a Daily",
		Long: "Holds a sentence against the wording rules, as the gate does with every bulletin, and says why it is refused.\n" +
			"The Daily of the day must have been made; nothing is recorded. Exit code 1 when the sentence is refused.",
		Example: "  truce bulletin lint \"Party B violated the truce\" --date 2026-04-11",
		Args:    cobra.ExactArgs(1),
		RunE:    func(cmd *cobra.Command, args []string) error { return c.runLint(cmd, args[0], truce.Day(date)) },
	}
	cmd.Flags().StringVar(&date, "date", "", "local day of the bulletin, YYYY-MM-DD")
	c.jsonFlag(cmd)
	must(cmd.MarkFlagRequired("date"))
	return cmd
}

// wordProblem is a wording rule that speaks against a sentence.
type wordProblem struct {
	Rule string `json:"rule"`
	What string `json:"what"`
	line string
}

func (c *cli) runLint(cmd *cobra.Command, text string, day truce.Day) error {
	if strings.TrimSpace(text) == "" {
		return usageError(cmd, "TEXT is empty; write the sentence to ask about")
	}
	a, err := c.openReading(cmd.Context())
	if err != nil {
		return err
	}
	defer a.Close()
	b, err := a.standingDaily(cmd.Context(), day)
	if err != nil {
		return err
	}
	problems := wordProblems(b, text)
	if c.asJSON {
		err = printJSON(c.out, problems)
	} else {
		err = c.printWordProblems(problems)
	}
	if err == nil && len(problems) > 0 {
		return errQuiet
	}
	return err
}

// wordProblems asks a sentence for its words only; numbers and what a whole bulletin must
// say are the bulletin's business.
func wordProblems(b truce.Bulletin, text string) []wordProblem {
	out := []wordProblem{}
	for _, p := range publish.Lint(b, publish.Document{Lang: "en", Format: publish.FormatMarkdown, Body: []byte(text + "\n")}) {
		if strings.HasPrefix(p.Rule, "W") && p.Where != "the whole text" {
			out = append(out, wordProblem{p.Rule, p.What, p.String()})
		}
	}
	return out
}

func (c *cli) printWordProblems(problems []wordProblem) error {
	if len(problems) == 0 {
		_, err := fmt.Fprintln(c.out, "no wording rule speaks against it; a person signs for the rest")
		return err
	}
	for _, p := range problems {
		fmt.Fprintln(c.out, p.line)
	}
	return nil
}
