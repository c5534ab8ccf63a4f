package app

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"log/slog"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/app/guarantee"
)

// tokenVariable is the environment variable that holds the token of who gives a command.
const tokenVariable = "TRUCE_TOKEN"

// tokenFlag adds --token-file to a command that people sign.
func tokenFlag(cmd *cobra.Command) *string {
	return cmd.Flags().String("token-file", "", "file with your token, - for standard input (default: $"+tokenVariable+")")
}

// token reads the token of who gives the command. It is no flag: a command line is seen by
// everybody on the machine and kept by the shell.
func (c *cli) token(file string) (guarantee.Token, error) {
	text := os.Getenv(tokenVariable)
	switch {
	case file == "-":
		data, err := io.ReadAll(io.LimitReader(c.in, 1000))
		if err != nil {
			return "", err
		}
		text = string(data)
	case file != "":
		data, err := os.ReadFile(file)
		if err != nil {
			return "", fmt.Errorf("--token-file: %w", err)
		}
		text = string(data)
	}
	if text = strings.TrimSpace(text); text == "" {
		return "", truce.Errorf(truce.CodeUnauthenticated, "who are you? set %s to your token or name a file that holds it with --token-file", tokenVariable)
	}
	return guarantee.Token(text), nil
}

// guaranteeDesk is the graph of the guarantee over an open data directory.
func (a *App) guaranteeDesk() *guarantee.Desk {
	return &guarantee.Desk{Store: a.store, Now: a.now, Random: rand.Reader, Log: slog.New(slog.DiscardHandler), Planned: a.readTerms}
}

// withDesk opens the directory and runs a command on its desk.
func (c *cli) withDesk(ctx context.Context, run func(*App, *guarantee.Desk) error) error {
	a, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer a.Close()
	return run(a, a.guaranteeDesk())
}

// signedBy is withDesk for a command that people sign.
func (c *cli) signedBy(ctx context.Context, tokenFile string, run func(*App, *guarantee.Desk, guarantee.Token) error) error {
	token, err := c.token(tokenFile)
	if err != nil {
		return err
	}
	return c.withDesk(ctx, func(a *App, d *guarantee.Desk) error { return run(a, d, token) })
}

// receipt is how a receipt is printed: the number and hash by which the record is found.
func receipt(r truce.Receipt) string {
	if len(r.Seqs) == 0 {
		return "nothing recorded"
	}
	return fmt.Sprintf("record %d, head %s", r.Seqs[0], r.HeadHash)
}

// respondCommands are the commands from findings on: people, reviews, cases, promises.
func (c *cli) respondCommands() []*cobra.Command {
	return []*cobra.Command{c.personCommand(), c.reviewCommand(), c.attributeCommand(), c.caseCommand(), c.clockCommand(), c.ackCommand(), c.alertsCommand(), c.pledgeCommand(), c.drillCommand(), c.arrivalsCommand()}
}

// formatFlag adds --format to a list that has no places to draw.
func (c *cli) formatFlag(cmd *cobra.Command) *string {
	format := cmd.Flags().String("format", "table", "table, json or csv")
	c.jsonFlag(cmd)
	must(cmd.RegisterFlagCompletionFunc("format", cobra.FixedCompletions([]string{"table", "json", "csv"}, cobra.ShellCompDirectiveNoFileComp)))
	cmd.PreRunE = func(cmd *cobra.Command, _ []string) error {
		if c.asJSON {
			*format = "json"
		}
		if !slices.Contains([]string{"table", "json", "csv"}, *format) {
			return usageError(cmd, "--format %q; write table, json or csv", *format)
		}
		return nil
	}
	return format
}
