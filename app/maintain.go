package app

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
)

func (c *cli) rebuildCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "rebuild",
		Short:   "Drop the read tables and fold them again from the records",
		Long:    "The records are the truth; read tables are derived. Rebuilding never runs the assessment again.",
		Example: "  truce rebuild --dir mission", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			a, err := c.open(cmd.Context())
			if err != nil {
				return err
			}
			defer a.Close()
			if err := a.store.Rebuild(cmd.Context()); err != nil {
				return err
			}
			digest, err := a.store.Digest(cmd.Context())
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(c.out, "read tables rebuilt, digest %s\n", digest)
			return err
		},
	}
}

func (c *cli) verifyStoreCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "verify-store",
		Short: "Check every record, batch and read table",
		Long: "Checks numbers, hash chain and commitments of every record, the Merkle root of every batch and the read\n" +
			"tables against a fresh fold. Lists each damage with its record and changes nothing. Exit code 1 on damage.",
		Example: "  truce verify-store --dir mission", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return c.runVerifyStore(cmd) },
	}
	c.jsonFlag(cmd)
	return cmd
}

func (c *cli) runVerifyStore(cmd *cobra.Command) error {
	a, err := c.open(cmd.Context())
	if err != nil {
		return err
	}
	defer a.Close()
	report, err := a.store.VerifyStore(cmd.Context(), nil)
	if err != nil {
		return err
	}
	if c.asJSON {
		err = printJSON(c.out, report)
	} else {
		_, err = fmt.Fprintln(c.out, strings.TrimSpace(report.String()))
	}
	if err == nil && len(report.Damage) > 0 {
		return errQuiet
	}
	return err
}
