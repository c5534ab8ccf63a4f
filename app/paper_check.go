package app

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/app/guarantee"
	"github.com/trucewatch/truce/assess/access"
	"github.com/trucewatch/truce/respond/alert/paper"
	"github.com/trucewatch/truce/web/room"
)

func (c *cli) paperCheckCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "check CODE [ALERT]",
		Short: "Say whether a printed form is one of ours, of which alert, and whether that still stands",
		Long: "CODE stands on the form beside the square, or is what a scanner reads from the square. With the number of the ALERT,\n" +
			"which stands on the form too, the answer comes at once; without it every form is tried. Compare what is printed\n" +
			"here with the paper: the code says that a form was made for this alert, not that nobody wrote on it since.",
		Example: "  truce alerts check 7H2K-0C9M-XW4T\n  truce alerts check 7H2K-0C9M-XW4T 01J5ZK3Q8RM4T0V7W2X9Y6B1CD", Args: cobra.RangeArgs(1, 2),
	}
	c.jsonFlag(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		code, id, err := typedCode(args)
		if err != nil {
			return usageError(cmd, "%w", err)
		}
		a, err := c.openReading(cmd.Context())
		if err != nil {
			return err
		}
		defer a.Close()
		p, err := a.guaranteeDesk().CheckPaper(cmd.Context(), code, id)
		if err != nil {
			return err
		}
		if c.asJSON {
			return printJSON(c.out, p)
		}
		return c.printPaper(p)
	}
	return cmd
}

// typedCode reads what was typed, or scanned from the square.
func typedCode(args []string) (string, truce.AlertID, error) {
	var id truce.AlertID
	if scan, err := paper.ReadScan(args[0]); err == nil {
		return scan.Code, scan.Alert, nil
	}
	if !truce.SameCode(args[0], args[0]) {
		return "", id, truce.Errorf(truce.CodeInvalid, "CODE %.40q: write the twelve signs, e.g. 7H2K-0C9M-XW4T, or what a scanner reads from the square", args[0])
	}
	if len(args) == 2 {
		if err := id.UnmarshalText([]byte(args[1])); err != nil {
			return "", id, fmt.Errorf("ALERT: %w", err)
		}
	}
	return args[0], id, nil
}

func (c *cli) printPaper(p guarantee.Paper) error {
	a, state := p.Alert.Read(access.SeesCase(p.Person)), string(p.State)
	if !p.By.IsZero() {
		state += " by alert " + p.By.String()
	}
	_, err := fmt.Fprintf(c.out, "genuine: a form of alert %s for %s (%s)\nstate: %s\ncase %s, tier %s, released %s\n%s\n\n%s\n",
		p.Alert.ID, p.For, p.Person.Name, state, p.Number, p.Alert.Tier, moment(p.Alert.Release),
		a.Headline.In(p.Person.Language), strings.TrimSpace(a.Text.In(p.Person.Language)))
	return err
}

// CheckPaper tells who holds a form what the records have of it.
func (r *roomDesk) CheckPaper(ctx context.Context, code string, id truce.AlertID) (room.PaperFile, error) {
	p, err := r.desk.CheckPaper(ctx, code, id)
	if err != nil {
		return room.PaperFile{}, err
	}
	a := p.Alert.Read(access.SeesCase(p.Person))
	return room.PaperFile{
		ID: a.ID, Exercise: a.Realm.Exercise(), Kind: a.Kind, State: string(p.State), By: p.By, Number: p.Number, Tier: a.Tier, Release: a.Release,
		For: p.Person.Name, Headline: a.Headline,
	}, nil
}
