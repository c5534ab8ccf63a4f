package app

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/agreement"
	"github.com/trucewatch/truce/assess/agreement/explain"
	"github.com/trucewatch/truce/assess/agreement/trial"
	"github.com/trucewatch/truce/respond/publish"
)

func (c *cli) agreementCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "agreement", Short: "Read, check, test and try the terms of an agreement", Args: cobra.NoArgs,
		Long: "An agreement is a directory of plain files: agreement.yaml, lines, zones and sites as GeoJSON, the clause texts and\n" +
			"tests. These commands need nothing else; only whatif reads the incidents of a data directory.",
		Example: "  truce agreement check mission/agreement\n  truce agreement test mission/agreement --cover",
		RunE:    func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(c.agreementCheckCommand(), c.agreementTestCommand(), c.agreementExplainCommand(), c.agreementDiffCommand(),
		c.agreementWhatIfCommand(), c.agreementEvaluateCommand(), c.agreementWhereCommand(), c.agreementRenderCommand())
	return cmd
}

// terms is an agreement directory as the commands read it.
type terms struct {
	dir   string
	files []truce.AgreementFile
	tests []truce.AgreementFile
	*agreement.Agreement
}

// readAgreement reads a directory; a refusal names every file with the directory.
func readAgreement(dir string) (terms, error) {
	info, err := os.Stat(dir)
	switch {
	case err != nil:
		return terms{}, truce.Errorf(truce.CodeNotFound, "%s: there is no such directory; give the one that holds %s", dir, agreement.MainFile)
	case !info.IsDir():
		return terms{}, truce.Errorf(truce.CodeInvalid, "%s is a file; give the directory that holds %s", dir, agreement.MainFile)
	}
	files, err := agreement.ReadDir(os.DirFS(dir))
	if err != nil {
		return terms{}, fmt.Errorf("%s: %w", dir, err)
	}
	t, err := parseTerms(dir, files)
	if err == nil {
		t.tests, err = agreement.ReadTests(os.DirFS(dir))
	}
	return t, err
}

func parseTerms(dir string, files []truce.AgreementFile) (terms, error) {
	parsed, err := agreement.Parse(files)
	return terms{dir: dir, files: files, Agreement: parsed}, err
}

func (t terms) path(file string) string { return filepath.Join(t.dir, filepath.FromSlash(file)) }

// trials are the tests of the directory.
func (t terms) trials() ([]trial.Test, []*trial.SyntaxError) {
	var tests []trial.Test
	var errs []*trial.SyntaxError
	for _, f := range t.tests {
		more, problems := trial.Parse(f.Name, f.Data, t.Agreement)
		tests, errs = append(tests, more...), append(errs, problems...)
	}
	return tests, errs
}

func (c *cli) agreementCheckCommand() *cobra.Command {
	var strict, hashes bool
	var lang string
	cmd := &cobra.Command{
		Use: "check DIR", Short: "Check an agreement: fields, references, geometry, contradictions", Args: cobra.ExactArgs(1),
		Long: "Lists what is wrong (error) and what looks odd (warning), each with file, line, column and how to mend it.\n" +
			"Exit code 1 when there is an error, with --strict also when there is a warning. A rule that cites no clause text\n" +
			"is a warning in a draft and an error once the status is signed or in_force.",
		Example: "  truce agreement check mission/agreement\n  truce agreement check mission/agreement --json --strict\n  truce agreement check mission/agreement --write-hashes",
		RunE: func(cmd *cobra.Command, args []string) error {
			if hashes {
				if err := c.writeHashes(args[0]); err != nil {
					return err
				}
			}
			return c.runAgreementCheck(cmd, args[0], lang, strict)
		},
	}
	cmd.Flags().BoolVar(&strict, "strict", false, "fail on warnings as well")
	cmd.Flags().BoolVar(&hashes, "write-hashes", false, "first write clause_sha256 into every rule that has none; compare rule and clause before")
	wordsFlag(cmd, &lang)
	c.jsonFlag(cmd)
	return cmd
}

func (c *cli) runAgreementCheck(cmd *cobra.Command, dir, lang string, strict bool) error {
	w, err := wordingOf(cmd, lang)
	if err != nil {
		return err
	}
	problems, t, err := checkAgreement(dir)
	if err != nil {
		return err
	}
	failed := slices.ContainsFunc(problems, func(p agreement.Problem) bool { return strict || p.Level == agreement.LevelError })
	if c.asJSON {
		if problems == nil {
			problems = []agreement.Problem{}
		}
		err = printJSON(c.out, problems)
	} else {
		err = c.printProblems(t, problems, w)
	}
	if err == nil && failed {
		err = errQuiet
	}
	return err
}

// checkAgreement lists every problem of a directory. The error is that of a directory
// that cannot be read at all.
func checkAgreement(dir string) ([]agreement.Problem, terms, error) {
	t, err := readAgreement(dir)
	var refused *agreement.Refusal
	switch {
	case errors.As(err, &refused):
		return refused.Problems, terms{dir: dir}, nil
	case err != nil:
		return nil, t, err
	}
	problems := append(slices.Clone(t.Warnings), t.Unspoken(t.tests)...)
	for i := range problems {
		if t.Binding(problems[i]) {
			problems[i].Level = agreement.LevelError
		}
	}
	if _, err := t.Geometry(nil); err != nil {
		problems = append(problems, agreement.Problem{Level: agreement.LevelError, File: agreement.MainFile, Line: 1, Column: 1, Text: err.Error()})
	}
	tests, errs := t.trials()
	for _, e := range errs {
		problems = append(problems, agreement.Problem{Level: agreement.LevelError, File: e.File, Line: e.Line, Column: e.Column, Text: e.Text})
	}
	if len(tests)+len(errs) == 0 {
		problems = append(problems, agreement.Problem{Level: agreement.LevelWarning, File: agreement.MainFile, Line: 1, Column: 1,
			Text: "the agreement has no tests: write what should count and what should not in tests/NAME.test"})
	}
	return problems, t, nil
}

func (c *cli) printProblems(t terms, problems []agreement.Problem, w wording) error {
	errorsFound := 0
	for _, p := range problems {
		if p.Level == agreement.LevelError {
			errorsFound++
		}
		field := p.Field
		if field != "" {
			field += ": "
		}
		if _, err := fmt.Fprintf(c.out, "%s:%d:%d: %s: %s%s\n", plainCell(t.path(p.File)), p.Line, p.Column, w.w[string(p.Level)], plainCell(field), plainCell(p.Text)); err != nil {
			return err
		}
	}
	if t.Agreement != nil && errorsFound == 0 {
		_, err := fmt.Fprintf(c.out, w.w["sound"],
			t.ID, t.Version, len(t.Rules), len(t.Clauses), len(t.Lines), len(t.Zones), len(t.Sites), w.count(len(problems), "warning"))
		return errors.Join(err, c.englishBelow(w, len(problems)))
	}
	_, err := fmt.Fprintf(c.out, w.w["remarks"], w.count(errorsFound, "error"), w.count(len(problems)-errorsFound, "warning"))
	return errors.Join(err, c.englishBelow(w, len(problems)))
}

// englishBelow says of messages in another language than the rest that they are.
func (c *cli) englishBelow(w wording, messages int) error {
	if messages == 0 {
		return nil
	}
	_, err := fmt.Fprint(c.out, w.w["english"])
	return err
}

// plural is a number with its noun.
func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	if stem, ends := strings.CutSuffix(noun, "y"); ends {
		return fmt.Sprintf("%d %sies", n, stem)
	}
	if strings.HasSuffix(noun, "ch") {
		noun += "e"
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

func (c *cli) agreementExplainCommand() *cobra.Command {
	var rule, lang string
	var ladder bool
	cmd := &cobra.Command{
		Use: "explain DIR", Short: "Say in plain sentences what the rules ask, or the response ladder", Args: cobra.ExactArgs(1),
		Long: "Says each rule in sentences, one for each thing it says, to be held against the clause.\nThe clause text stays authoritative. " +
			"With --ladder it says the response ladder: each tier with what\nlifts a case to it, who signs, its clocks, who is told and who must answer.",
		Example: "  truce agreement explain mission/agreement --rule R01\n  truce agreement explain mission/agreement --ladder --lang uk",
		RunE: func(cmd *cobra.Command, args []string) error {
			if ladder {
				return c.runLadderExplain(cmd, args[0], lang)
			}
			return c.runAgreementExplain(cmd, args[0], rule, lang)
		},
	}
	cmd.Flags().StringVar(&rule, "rule", "", "only this rule (default: all)")
	cmd.Flags().BoolVar(&ladder, "ladder", false, "the response ladder, not the rules")
	cmd.MarkFlagsMutuallyExclusive("rule", "ladder")
	cmd.Flags().StringVar(&lang, "lang", "en", "en or uk")
	must(cmd.RegisterFlagCompletionFunc("lang", cobra.FixedCompletions(explain.Languages(), cobra.ShellCompDirectiveNoFileComp)))
	c.jsonFlag(cmd)
	return cmd
}

// explained is a rule in sentences.
type explained struct {
	Rule      truce.RuleID `json:"rule"`
	Version   string       `json:"version"`
	Clause    string       `json:"clause"`
	Sentences []string     `json:"sentences"`
}

func (c *cli) runAgreementExplain(cmd *cobra.Command, dir, rule, lang string) error {
	t, err := readAgreement(dir)
	if err != nil {
		return err
	}
	text, err := explain.New(t.Agreement, lang, publish.Label)
	if err != nil {
		return usageError(cmd, "%w", err)
	}
	out := []explained{}
	var names []string
	for i := range t.Rules {
		r := &t.Rules[i]
		names = append(names, string(r.ID))
		if rule == "" || string(r.ID) == rule {
			out = append(out, explained{r.ID, r.Version, r.Clause, text.Rule(r)})
		}
	}
	if len(out) == 0 {
		return usageError(cmd, "the agreement has no rule %q%s", rule, agreement.DidYouMean(rule, names))
	}
	if c.asJSON {
		return printJSON(c.out, out)
	}
	for i, e := range out {
		if i > 0 {
			fmt.Fprintln(c.out)
		}
		for j, sentence := range e.Sentences {
			if j > 0 {
				sentence = "  " + sentence
			}
			if _, err := fmt.Fprintln(c.out, sentence); err != nil {
				return err
			}
		}
	}
	return nil
}

func (c *cli) agreementDiffCommand() *cobra.Command {
	var lang string
	cmd := &cobra.Command{
		Use: "diff A B", Short: "Say what a version of an agreement changes in meaning", Args: cobra.ExactArgs(2),
		Long: "Compares two directories by what their rules, zones, lines, sites, lists and windows say, in sentences:\n" +
			"a comment, an order of fields or a way of writing changes nothing. Clause texts that differ are listed as\n" +
			"texts. A rule or list that has one version more is the same one: its new version is held against the one whose\n" +
			"place it takes, with the day from which it holds. Exit code 0 either way.",
		Example: "  truce agreement diff signed amended\n  truce agreement diff signed amended --lang uk",
		RunE:    func(cmd *cobra.Command, args []string) error { return c.runAgreementDiff(cmd, args[0], args[1], lang) },
	}
	cmd.Flags().StringVar(&lang, "lang", "en", "en or uk")
	must(cmd.RegisterFlagCompletionFunc("lang", cobra.FixedCompletions(explain.Languages(), cobra.ShellCompDirectiveNoFileComp)))
	c.jsonFlag(cmd)
	return cmd
}

func (c *cli) runAgreementDiff(cmd *cobra.Command, first, second, lang string) error {
	before, err := readAgreement(first)
	if err != nil {
		return err
	}
	after, err := readAgreement(second)
	if err != nil {
		return err
	}
	changes, err := explain.Diff(before.Agreement, after.Agreement, lang, publish.Label)
	if err != nil {
		return usageError(cmd, "%w", err)
	}
	if c.asJSON {
		if changes == nil {
			changes = []explain.Change{}
		}
		return printJSON(c.out, changes)
	}
	if len(changes) == 0 {
		same, err := explain.Same(after.Agreement, lang)
		if err == nil {
			_, err = fmt.Fprintln(c.out, same)
		}
		return err
	}
	return c.printChanges(changes)
}

func (c *cli) printChanges(changes []explain.Change) error {
	for _, change := range changes {
		fmt.Fprintln(c.out, plainCell(change.Heading))
		for _, s := range change.Before {
			fmt.Fprintf(c.out, "  - %s\n", plainCell(s))
		}
		for _, s := range change.After {
			if _, err := fmt.Fprintf(c.out, "  + %s\n", plainCell(s)); err != nil {
				return err
			}
		}
	}
	return nil
}
