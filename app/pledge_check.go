package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/app/guarantee"
	"github.com/trucewatch/truce/assess/agreement"
	"github.com/trucewatch/truce/respond/pledge"
)

func (c *cli) pledgeCheckCommand() *cobra.Command {
	var terms string
	cmd := &cobra.Command{
		Use:   "check DIR",
		Short: "Check an account before it is imported: fields, sources, order of steps, triggers",
		Long: "Reads the files as import does and says the same of them; nothing is recorded and nobody needs to sign in. Triggers\n" +
			"are held against the ladder of --agreement, else of the data directory. Exit code 1 when an entry cannot be used.",
		Example: "  truce pledge check examples/pledges/exercise --agreement agreement",
		Args:    cobra.ExactArgs(1),
	}
	cmd.Flags().StringVar(&terms, "agreement", "", "directory of the agreement whose ladder triggers are held against")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		ladder, err := c.ladderOf(cmd.Context(), terms)
		if err != nil {
			return err
		}
		return c.checkPledges(args[0], ladder)
	}
	return cmd
}

// ladderOf is the ladder of an agreement, else the one of the data directory; nil where
// there is none.
func (c *cli) ladderOf(ctx context.Context, terms string) (*truce.Ladder, error) {
	if terms != "" {
		files, err := agreementFiles(terms)
		if err != nil {
			return nil, fmt.Errorf("--agreement %s: %w", terms, err)
		}
		a, err := agreement.Parse(files)
		if err != nil {
			return nil, fmt.Errorf("--agreement %s: %w; truce agreement check lists what is wrong with it", terms, err)
		}
		return a.Ladder, nil
	}
	if _, err := os.Stat(filepath.Join(c.dir, ConfigFile)); errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	a, err := c.openReading(ctx)
	if err != nil {
		return nil, err
	}
	defer a.Close()
	return ladderFor(ctx, a.guaranteeDesk())
}

// ladderFor is the ladder that triggers are held against; nil where the agreement has none.
func ladderFor(ctx context.Context, d *guarantee.Desk) (*truce.Ladder, error) {
	ladder, err := d.PlannedLadder(ctx)
	switch {
	case truce.CodeOf(err) == truce.CodeNotFound:
		return nil, nil
	case err != nil:
		return nil, err
	}
	return &ladder, nil
}

// checkPledges says of each file what import would say of it.
func (c *cli) checkPledges(dir string, ladder *truce.Ladder) error {
	needs, err := readPart(c, dir, requirementsFile, pledge.ReadRequirements)
	if err != nil {
		return err
	}
	promises, err := readPart(c, dir, commitmentsFile, pledge.ReadCommitments)
	if err != nil {
		return err
	}
	supplies, err := readPart(c, dir, contributionsFile, pledge.ReadContributions)
	if err != nil {
		return err
	}
	said := c.warnTriggers(dir, promises.list, ladder)
	if promises.found && ladder == nil {
		fmt.Fprintln(c.err, "note: there is no ladder here to hold triggers against; name an agreement with --agreement")
	}
	for _, line := range []struct {
		accountFile
		usable, warnings int
	}{{needs.accountFile, len(needs.list), 0}, {promises.accountFile, len(promises.list), said}, {supplies.accountFile, len(supplies.list), 0}} {
		if line.found {
			fmt.Fprintf(c.out, "%s: %d can be used, %d cannot, %s\n", line.name, line.usable, line.bad, plural(line.warnings, "warning"))
		}
	}
	return accountOutcome(dir, needs.accountFile, promises.accountFile, supplies.accountFile)
}
