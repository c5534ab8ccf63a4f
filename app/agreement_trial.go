package app

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/agreement/trial"
)

func (c *cli) agreementTestCommand() *cobra.Command {
	var opt trialOptions
	cmd := &cobra.Command{
		Use: "test DIR", Short: "Run the tests that an agreement brings with it", Args: cobra.ExactArgs(1),
		Long: "Runs tests/*.test of an agreement: what happens, and which finding is expected. A test that fails prints the trace of\n" +
			"the finding; one with a line that cannot be read is not run. Exit code 1 when one fails, cannot be read or, with --run,\n" +
			"when no name holds the text; with --cover what no test reaches is listed.",
		Example: "  truce agreement test mission/agreement\n  truce agreement test mission/agreement --cover --run buffer",
		RunE:    func(cmd *cobra.Command, args []string) error { return c.runAgreementTest(cmd, args[0], opt) },
	}
	cmd.Flags().BoolVar(&opt.cover, "cover", false, "list the rules and branches that no test reaches")
	cmd.Flags().StringVar(&opt.only, "run", "", "only tests whose name holds this text")
	cmd.Flags().BoolVarP(&opt.verbose, "verbose", "v", false, "list the tests that pass as well")
	wordsFlag(cmd, &opt.lang)
	c.jsonFlag(cmd)
	return cmd
}

// trialOptions are the flags of agreement test.
type trialOptions struct {
	cover, verbose bool
	only, lang     string
}

// trialReport is what agreement test prints as JSON.
type trialReport struct {
	Agreement string               `json:"agreement"`
	Version   string               `json:"version"`
	Passed    int                  `json:"passed"`
	Failed    int                  `json:"failed"`
	NotRun    int                  `json:"not_run,omitempty"` // a line of the test cannot be read
	Results   []trial.Result       `json:"results"`
	Unread    []*trial.SyntaxError `json:"unread,omitempty"`
	Cover     []trial.RuleCover    `json:"cover,omitempty"`
}

func (c *cli) runAgreementTest(cmd *cobra.Command, dir string, opt trialOptions) error {
	w, err := wordingOf(cmd, opt.lang)
	if err != nil {
		return err
	}
	t, err := readAgreement(dir)
	if err != nil {
		return err
	}
	report, err := runTrials(t, opt.only)
	if err != nil {
		return err
	}
	if opt.cover {
		report.Cover = trial.Cover(t.Agreement, report.Results)
	}
	if c.asJSON {
		err = printJSON(c.out, report)
	} else {
		if w, err = w.of(t); err == nil {
			err = c.printTrials(t, report, opt, w)
		}
	}
	if err == nil && report.Failed+len(report.Unread) > 0 {
		err = errQuiet
	}
	return err
}

// runTrials runs the tests of an agreement whose name holds a text.
func runTrials(t terms, only string) (trialReport, error) {
	report := trialReport{Agreement: t.ID, Version: t.Version, Results: []trial.Result{}}
	tests, unread := t.trials()
	report.Unread = unread
	if len(tests)+len(unread) == 0 {
		return report, truce.Errorf(truce.CodeNotFound, "%s has no tests: write what should count and what should not in tests/NAME.test", t.dir)
	}
	runner := trial.Runner{Terms: t.Agreement, Ladder: runLadder}
	for _, test := range tests {
		if !strings.Contains(test.Name, only) {
			continue
		}
		result, err := runner.Run(test)
		if err != nil {
			return report, err
		}
		report.Results = append(report.Results, result)
		switch {
		case result.Passed():
			report.Passed++
		case result.Skipped() != "":
			report.NotRun++
		default:
			report.Failed++
		}
	}
	if len(report.Results) == 0 && only != "" {
		return report, truce.Errorf(truce.CodeNotFound, "%s: no test holds %q in its name; truce agreement test %s -v lists the names", t.dir, only, t.dir)
	}
	return report, nil
}

func (c *cli) printTrials(t terms, report trialReport, opt trialOptions, w wording) error {
	for _, e := range report.Unread {
		fmt.Fprintf(c.out, "%s:%d:%d: %s\n", plainCell(t.path(e.File)), e.Line, e.Column, plainCell(e.Text))
	}
	for _, r := range report.Results {
		switch {
		case r.Skipped() != "":
			fmt.Fprintf(c.out, w.w["skip"], plainCell(r.Name), fmt.Sprintf(w.w["skipped"], r.Unread[0]))
		case !r.Passed():
			c.printFailures(t, r, w)
		case opt.verbose:
			fmt.Fprintf(c.out, w.w["pass"], plainCell(r.Name))
		}
	}
	err := c.printCover(report.Cover, w)
	skipped := ""
	if report.NotRun > 0 {
		skipped = fmt.Sprintf(w.w["not run"], report.NotRun)
	}
	fmt.Fprintf(c.out, w.w["summary"], report.Agreement, report.Version, report.Passed, report.Failed, skipped, len(report.Unread))
	if report.Failed+len(report.Unread) > 0 {
		fmt.Fprint(c.out, w.w["english"])
	}
	return err
}

func (c *cli) printFailures(t terms, r trial.Result, w wording) {
	fmt.Fprintf(c.out, w.w["fail"], plainCell(r.Name))
	for _, f := range r.Failures {
		fmt.Fprintf(c.out, w.w["want"], plainCell(t.path(f.File)), f.Line, plainCell(f.Want), plainCell(w.got(f)))
		for _, step := range f.Trace {
			fmt.Fprintf(c.out, "    | %s\n", plainCell(step))
		}
	}
}

// printCover lists what no test reaches, rule by rule.
func (c *cli) printCover(cover []trial.RuleCover, w wording) error {
	var errs []error
	for _, rule := range cover {
		missed := w.branches(rule.Missed())
		_, err := fmt.Fprintf(c.out, w.w["cover"], rule.Rule, rule.Tests, len(rule.Branches)-len(missed), len(rule.Branches))
		errs = append(errs, err)
		for part := range slices.Chunk(missed, 6) {
			_, err := fmt.Fprintf(c.out, w.w["missed"], strings.Join(part, "; "))
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}
