package app

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/keep/evidence"
	"github.com/trucewatch/truce/keep/evidence/warc"
)

func (c *cli) evidenceVerifyCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "verify [FILE]", Short: "Hold every original, or an export of them, against its hashes", Args: cobra.MaximumNArgs(1),
		Long: "Reads every byte and lists what is damaged, missing, in the wrong place or writable; exit code 1 when something is.\n" +
			"A FILE is an export read back, .wacz, .warc or .warc.gz, and needs no data directory: every file of the package is held\n" +
			"against its hash, every record's block and payload against their digests, and every line of the index against the\n" +
			"record it leads to.",
		Example: "  truce evidence verify --json\n  truce evidence verify may.wacz",
	}
	c.jsonFlag(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if len(args) == 1 {
			return c.verifyExport(args[0])
		}
		return c.withEvidence(cmd.Context(), func(_ *App, s *evidence.Store) error {
			report, err := s.Verify(cmd.Context(), nil)
			if err != nil {
				return err
			}
			return c.printEvidenceReport(report)
		})
	}
	return cmd
}

// verifyExport reads an export back.
func (c *cli) verifyExport(name string) error {
	file, err := os.Open(name)
	if err != nil {
		return truce.Errorf(truce.CodeNotFound, "%w", err)
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		return truce.Errorf(truce.CodeInvalid, "%s is no file; name a .wacz, .warc or .warc.gz", name)
	}
	v, err := warc.Verify(file, info.Size())
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if c.asJSON {
		if err := printJSON(c.out, v); err != nil {
			return err
		}
	} else {
		c.printVerdict(v)
	}
	if !v.OK() {
		fmt.Fprintf(c.err, "truce: %s is damaged or was changed; export it again\n", plainCell(name))
		return errQuiet
	}
	return nil
}

func (c *cli) printVerdict(v warc.Verdict) {
	fmt.Fprintf(c.out, "%s described, %s, %s fit, %d lines of the index lead to theirs\n", plural(v.Files, "file"), plural(v.Records, "record"), plural(v.Digests, "digest"), v.Indexed)
	if v.Unheld > 0 {
		fmt.Fprintf(c.out, "%s state no digest that can be held against them\n", plural(v.Unheld, "record"))
	}
	for _, f := range v.Faults {
		fmt.Fprintln(c.out, plainCell(f.String()))
	}
	if v.Omitted > 0 {
		fmt.Fprintf(c.out, "and %d more\n", v.Omitted)
	}
	if v.OK() {
		fmt.Fprintln(c.out, "no damage found")
	}
}
