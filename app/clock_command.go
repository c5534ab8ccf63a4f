package app

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/trucewatch/truce"
)

func (c *cli) clockCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "clock",
		Short: "Clocks of a case: list, meet, pause, resume, move the zero point",
		Long: "A clock is never reset silently: a move keeps the old time, a pause needs two persons of two roles, is of both\n" +
			"parties alike and ends by itself, and what was missed stays missed. Late evidence moves the zero point by\n" +
			"itself, visibly. A clock of the parties waits while one of them has nobody who can be told, and where\n" +
			"nothing that was sent of it had reached one of them when it was due.",
		Example: "  truce clock list C-2026-19\n  truce clock meet C-2026-19 reply --reason \"our reply of today\"",
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(c.clockListCommand(),
		c.clockDeedCommand("meet CASE CLOCK", "Say that what a clock waits for is done", truce.DeedMeet),
		c.clockDeedCommand("pause CASE CLOCK", "Ask for a pause of a clock, every party's alike, or agree to it as a second person of another role", truce.DeedPause),
		c.clockDeedCommand("resume CASE CLOCK", "Let a paused clock run on before its pause ends, or say that the parties were told of one that waits for that", truce.DeedResume),
		c.clockMoveCommand())
	return cmd
}

func (c *cli) clockListCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "list CASE", Short: "List the clocks of a case with their moves and pauses", Example: "  truce clock list C-2026-19", Args: cobra.ExactArgs(1)}
	format := c.formatFlag(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		a, err := c.openReading(cmd.Context())
		if err != nil {
			return err
		}
		defer a.Close()
		view, err := a.guaranteeDesk().View(cmd.Context(), args[0])
		if err != nil {
			return err
		}
		l := listing{Columns: []string{"clock", "tier", "owner", "counts_from", "t0", "due", "state", "ended", "moves", "pauses"}, Objects: view.Case.Clocks}
		for _, k := range view.Case.Clocks {
			l.Rows = append(l.Rows, []string{clockName(k), string(k.Tier), string(k.Owner), string(k.Basis), moment(k.T0), moment(k.Due), string(k.State), moment(k.Ended),
				fmt.Sprint(clockMoves(k)), fmt.Sprint(len(k.Pauses))})
		}
		return l.print(c.out, *format)
	}
	return cmd
}

// clockMoves is how often a clock was moved with its zero point: that it is due later after
// a pause is counted as the pause, and that it waited for the parties to be told is none.
func clockMoves(k truce.CaseClock) int {
	n, told := len(k.Moves), 0
	for _, m := range k.Moves {
		if m.Waits != 0 {
			told++
		}
	}
	if told == 0 && k.Told != 0 { // steps older than the rule that they say since when it waited
		told = 1
	}
	n -= told
	for _, p := range k.Pauses {
		if p.Resumed != 0 {
			n--
		}
	}
	return n
}

func (c *cli) clockDeedCommand(use, short string, kind truce.DeedKind) *cobra.Command {
	var reason, whose, product, until string
	verb, _, _ := strings.Cut(use, " ")
	cmd := &cobra.Command{Use: use, Short: short, Example: "  truce clock " + verb + " C-2026-19 reply --reason \"the line was down\"", Args: cobra.ExactArgs(2)}
	token := tokenFlag(cmd)
	c.jsonFlag(cmd)
	cmd.Flags().StringVar(&reason, "reason", "", "why, in words")
	cmd.Flags().StringVar(&whose, "for", "", "whose clock, of those that each party or state has (default: your own)")
	if kind == truce.DeedMeet {
		cmd.Flags().StringVar(&product, "sha256", "", "hash of the report or statement that was due")
	}
	if kind == truce.DeedPause {
		cmd.Example = "  truce clock pause C-2026-19 reply --until 2026-11-23T06:00:00Z --reason \"the line was down\""
		cmd.Flags().StringVar(&until, "until", "", "when the pause ends by itself, RFC 3339, at most 72 hours ahead; who agrees may leave it out")
	}
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if kind == truce.DeedPause && strings.TrimSpace(reason) == "" {
			return usageError(cmd, "--reason is missing: write why the clock is to stand; who agrees writes why too")
		}
		deed := truce.Deed{Kind: kind, Clock: args[1], For: whose, Text: truce.CleanText(reason)}
		if until != "" {
			if err := deed.Until.UnmarshalText([]byte(until)); err != nil {
				return usageError(cmd, "--until: %w", err)
			}
		}
		if product != "" {
			if err := deed.Product.UnmarshalText([]byte(product)); err != nil {
				return usageError(cmd, "--sha256: %w", err)
			}
		}
		return c.do(cmd, *token, args[0], deed)
	}
	return cmd
}

func (c *cli) clockMoveCommand() *cobra.Command {
	var basis, to, on, reason string
	cmd := &cobra.Command{Use: "move CASE", Short: "Ask for a zero point to be moved, or agree; it takes two persons of two roles, and the old one stays visible",
		Example: "  truce clock move C-2026-19 --t0 event --evidence \"incident 2026-14\" --reason \"an earlier record\"", Args: cobra.ExactArgs(1)}
	token := tokenFlag(cmd)
	c.jsonFlag(cmd)
	cmd.Flags().StringVar(&basis, "t0", string(truce.T0Event), "which: event, detected, verified, determined or complaint")
	cmd.Flags().StringVar(&to, "to", "", "the new time, RFC 3339, within what the record says (default: the record's own time); who agrees may leave it out")
	cmd.Flags().StringVar(&on, "evidence", "", "the record it rests on: \"incident 2026-14\", \"observation ID\", \"notification N-12\" or \"complaint STEP\"; who agrees may leave it out")
	cmd.Flags().StringVar(&reason, "reason", "", "why, in words; who agrees may leave it out")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		change := truce.T0Change{Basis: truce.T0Basis(basis)}
		if to != "" {
			if err := change.New.UnmarshalText([]byte(to)); err != nil {
				return usageError(cmd, "--to: %w", err)
			}
		}
		if on != "" {
			e, err := truce.ParseT0Evidence(on)
			if err != nil {
				return usageError(cmd, "--evidence: %w", err)
			}
			change.Evidence = &e
		}
		return c.do(cmd, *token, args[0], truce.Deed{Kind: truce.DeedMoveT0, T0: &change, Text: truce.CleanText(reason)})
	}
	return cmd
}
