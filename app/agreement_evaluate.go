package app

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/agreement"
)

// eventColumns are the columns of an events file; to, sigma_m and detail may be missing.
var eventColumns = []string{"id", "time", "to", "lat", "lon", "sigma_m", "what", "detail"}

// findingColumns are the columns of what comes out.
var findingColumns = []string{"id", "rule", "verdict", "p", "reason", "unit", "count", "counted_under", "severity", "effect_side", "origin_side",
	"exempt_claimed", "window", "not_covered_by"}

func (c *cli) agreementEvaluateCommand() *cobra.Command {
	var events, out, known string
	cmd := &cobra.Command{
		Use: "evaluate DIR --events FILE", Short: "Hold the events of a file against an agreement", Args: cobra.ExactArgs(1),
		Long: "Reads a table with the columns " + strings.Join(eventColumns, ", ") + " and writes one row for each event and rule\n" +
			"that is not plainly outside. what is an act or words of the test language (explosion impact), detail the rest of such a\n" +
			"line (weapon 152mm from side B seen by drone, camera). An output that ends in .json holds one event a line, with traces.\n" +
			"Each event has an id of its own. Rows that cannot be read are listed, left out and make the exit code 1.",
		Example: "  truce agreement evaluate mission/agreement --events events.csv --out findings.csv",
		RunE: func(cmd *cobra.Command, args []string) error {
			return c.runAgreementEvaluate(cmd, args[0], events, out, known)
		},
	}
	cmd.Flags().StringVar(&events, "events", "", "file of events, - for standard input (needed)")
	cmd.Flags().StringVar(&out, "out", "-", "file of findings, .csv or .json; - for a table on standard output")
	cmd.Flags().StringVar(&known, "known-at", "", "only lines, lists and windows known by this time (RFC 3339)")
	must(cmd.MarkFlagRequired("events"))
	return cmd
}

// evaluated is one event with what the rules say of it.
type evaluated struct {
	ID       string          `json:"id"`
	Findings []truce.Finding `json:"findings"`
}

func (c *cli) runAgreementEvaluate(cmd *cobra.Command, dir, events, out, known string) error {
	t, err := readAgreement(dir)
	if err != nil {
		return err
	}
	g, err := t.Geometry(nil)
	if err != nil {
		return err
	}
	e := evaluation{terms: t.Agreement, geometry: g, name: filepath.Base(events), traces: strings.HasSuffix(out, ".json") || strings.HasSuffix(out, ".jsonl")}
	if known != "" {
		if err := e.known.UnmarshalText([]byte(known)); err != nil {
			return usageError(cmd, "--known-at: %w", err)
		}
		if fault := agreement.TimeFault(e.known); fault != "" {
			return usageError(cmd, "--known-at %s: %s", known, fault)
		}
	}
	if err := c.evaluateFile(cmd.Context(), &e, events); err != nil {
		return err
	}
	if err := c.writeFindings(out, e.traces, e.ids, g.CountTogether(e.counted)); err != nil {
		return err
	}
	fmt.Fprintf(c.err, "%d events evaluated, %d rows left out\n", e.read, e.bad)
	for _, text := range e.named {
		fmt.Fprintf(c.err, "  %s\n", plainCell(text))
	}
	if more := e.bad - len(e.named); more > 0 {
		fmt.Fprintf(c.err, "  and %d more\n", more)
	}
	if e.bad > 0 {
		return errQuiet
	}
	return nil
}

// evaluateFile reads and evaluates a table of events, - for standard input.
func (c *cli) evaluateFile(ctx context.Context, e *evaluation, file string) error {
	if file == "-" {
		return e.run(ctx, c.in)
	}
	f, err := os.Open(file)
	if err != nil {
		return truce.Errorf(truce.CodeNotFound, "%s: the events cannot be read: %w", file, err)
	}
	return errors.Join(e.run(ctx, f), f.Close())
}

func (c *cli) writeFindings(file string, asJSON bool, ids []string, list []truce.Evaluation) (err error) {
	out := c.out
	if file != "-" {
		f, err := os.Create(file)
		if err != nil {
			return truce.Errorf(truce.CodeInvalid, "%s: cannot be written: %w", file, err)
		}
		defer func() { err = errors.Join(err, f.Close()) }()
		out = f
	}
	if asJSON {
		for i, e := range list {
			if err := printJSONLine(out, evaluated{ids[i], e.Findings}); err != nil {
				return err
			}
		}
		return nil
	}
	w := csv.NewWriter(out)
	if err := w.Write(findingColumns); err != nil {
		return err
	}
	for i, e := range list {
		for _, f := range e.Findings {
			if f.Verdict == truce.VerdictOutside && !f.ClaimsExempt {
				continue
			}
			if err := w.Write(findingRow(ids[i], &f)); err != nil {
				return err
			}
		}
	}
	w.Flush()
	return w.Error()
}

// findingRow is one row of findingColumns.
func findingRow(id string, f *truce.Finding) []string {
	return []string{neutralCell(id), string(f.Rule), string(f.Verdict), strconv.FormatFloat(float64(f.P), 'f', 4, 64), string(f.Reason),
		string(f.Unit), strconv.Itoa(f.Count), string(f.CountedUnder), strconv.Itoa(f.Severity), sideText(f.EffectSide), sideText(f.OriginSide),
		claimText(f), neutralCell(f.Window), neutralCell(strings.Join(f.NotCoveredBy, " "))}
}

// claimText is yes where a window was claimed that does not cover the event, or not whole.
func claimText(f *truce.Finding) string {
	if f.ClaimsExempt {
		return "yes"
	}
	return ""
}

// sideText lists shares: A 0.10 B 0.90; empty when nothing is known.
func sideText(shares []truce.SideShare) string {
	parts := make([]string, len(shares))
	for i, s := range shares {
		parts[i] = fmt.Sprintf("%s %.2f", s.Party, float64(s.P))
	}
	return strings.Join(parts, " ")
}
