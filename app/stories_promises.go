package app

import (
	"context"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/trucewatch/truce/sense/story/claim"
)

func (c *cli) storiesPromisesCommand() *cobra.Command {
	var opt storiesOptions
	var format string
	cmd := &cobra.Command{
		Use:   "promises",
		Short: "Show who promised, ruled out, refused or held what, with its sentences",
		Long: "One row for each actor and subject, over time: the latest position, how firm the firmest promise is said to be,\n" +
			"on which condition, who contradicts, and where it was said. Rows are leads for the account of commitments and never\n" +
			"its states: truce pledge keeps that account.",
		Example: "  truce stories promises\n  truce stories promises --posts news --format json",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if c.asJSON {
				format = "json"
			}
			if !slices.Contains(promiseFormats, format) {
				return usageError(cmd, "--format %q; choose one of %s", format, strings.Join(promiseFormats, ", "))
			}
			rows, err := c.promiseRows(cmd.Context(), opt)
			if err != nil {
				return err
			}
			return promiseList(rows).print(c.out, format)
		},
	}
	opt.flags(cmd)
	cmd.Flags().StringVar(&format, "format", "table", "table, json or csv")
	c.jsonFlag(cmd)
	must(cmd.RegisterFlagCompletionFunc("format", cobra.FixedCompletions(promiseFormats, cobra.ShellCompDirectiveNoFileComp)))
	return cmd
}

// promiseFormats are those of a list without places.
var promiseFormats = []string{"table", "json", "csv"}

// promiseRows are those of a folder or of the data directory.
func (c *cli) promiseRows(ctx context.Context, opt storiesOptions) ([]claim.Row, error) {
	if opt.posts != "" {
		g, err := c.group(ctx, opt)
		return claim.Promises(g.claims()), err
	}
	a, err := c.openReading(ctx)
	if err != nil {
		return nil, err
	}
	defer a.Close()
	return a.promises(ctx, 0)
}

// claims are what the articles say, with their sources.
func (g grouped) claims() []claim.Sourced {
	var out []claim.Sourced
	for _, a := range g.articles {
		out = append(out, claim.Of(a, claim.Read(a, claim.Config{}))...)
	}
	return out
}

// promiseList is the rows as a table; each has its latest sentence.
func promiseList(rows []claim.Row) listing {
	l := listing{Columns: []string{"actor", "subject", "position", "firmness", "condition", "day", "publisher", "against", "sentence"}, Objects: rows}
	for _, r := range rows {
		last := r.Statements[len(r.Statements)-1]
		l.Rows = append(l.Rows, []string{claim.Name(r.Actor, "en"), claim.Name(r.Subject, "en"), positionOf(r), string(r.Firmness), r.Condition,
			string(last.Published.Day()), last.Publisher, contradictedBy(r), last.Sentence})
	}
	if len(rows) == 0 {
		l.Note = "No commitment, refusal or position was read out of the texts."
	}
	return l
}

// positionOf is the kind of the latest statement, and that it was otherwise before.
func positionOf(r claim.Row) string {
	out := strings.ReplaceAll(string(r.Kind), "_", " ")
	if len(r.Changes) > 0 {
		out += " (changed " + string(r.Changes[len(r.Changes)-1].At.Day()) + ")"
	}
	return out
}

// contradictedBy names who stands against a row, each once.
func contradictedBy(r claim.Row) string {
	var names []string
	seen := map[string]bool{}
	for _, k := range r.Contradictions {
		if name := claim.Name(k.Actor, "en"); !seen[name] {
			seen[name] = true
			names = append(names, name)
		}
	}
	return strings.Join(names, ", ")
}
