package app

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/keep/store"
)

func (c *cli) rebuildCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "rebuild",
		Short:   "Drop the read tables and fold them again from the records",
		Long:    "The records are the truth; read tables are derived. Rebuilding never runs the assessment again.",
		Example: "  truce rebuild --dir mission", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			a, err := c.openMending(cmd)
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
			"tables against a fresh fold. Lists each damage with its record and changes nothing in the store. On damage the\n" +
			"exit code is 1 and the list is kept in DIR/damaged: until a verification finds nothing, no command records anything.",
		Example: "  truce verify-store --dir mission", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return c.runVerifyStore(cmd) },
	}
	c.jsonFlag(cmd)
	return cmd
}

// runVerifyStore opens for reading only: a damaged store refuses to be appended to, and
// it is the one that has to be looked at.
func (c *cli) runVerifyStore(cmd *cobra.Command) error {
	cfg, err := LoadConfig(c.dir)
	if err != nil {
		return err
	}
	s, err := store.Open(cmd.Context(), cfg.DSN(), store.Options{ReadOnly: true})
	if err != nil {
		return err
	}
	defer s.Close()
	report, err := s.VerifyStore(cmd.Context(), nil)
	if err != nil {
		return err
	}
	c.markDamaged(cfg, report)
	if c.asJSON {
		err = printJSON(c.out, storeReportOf(report))
	} else {
		_, err = fmt.Fprintln(c.out, strings.TrimSpace(report.String()))
	}
	if err == nil && !report.OK() {
		return errQuiet
	}
	return err
}

// storeReport is a verification in JSON.
type storeReport struct {
	Records      int           `json:"records"`
	Erased       int           `json:"erased"`
	Batches      int           `json:"batches"`
	Observations int           `json:"observations"`
	Damage       []storeDamage `json:"damage"`
	More         int           `json:"more_damage"`
}

// storeDamage is one thing found wrong; record 0 means that it lies in no single one.
type storeDamage struct {
	Record truce.Seq `json:"record,string"`
	Where  string    `json:"where"`
	What   string    `json:"what"`
}

func storeReportOf(r store.Report) storeReport {
	out := storeReport{Records: r.Records, Erased: r.Erased, Batches: r.Batches, Observations: r.Observations, Damage: []storeDamage{}, More: r.More}
	for _, d := range r.Damage {
		out.Damage = append(out.Damage, storeDamage{Record: d.Seq, Where: d.Where, What: d.What})
	}
	return out
}
