package app

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/assess/claims"
	webpress "github.com/trucewatch/truce/web/press"
)

func (c *cli) claimsCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "claims",
		Short:   "Hold the totals that parties state against what was counted",
		Long:    "A total is confirmed, contradicted, not comparable or not observable, and why. Totals of two parties are shown side by\nside and never compared with each other.",
		Example: "  truce claims check\n  truce claims list\n  truce claims show 01J2ZK6F1M4V2QK8YB0C3W7E9T --lang uk",
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(c.claimsCheckCommand(), c.claimsListCommand(), c.claimsShowCommand(), c.claimsReleaseCommand())
	return cmd
}

func (c *cli) claimsCheckCommand() *cobra.Command {
	var from, to string
	cmd := &cobra.Command{
		Use:     "check",
		Short:   "Find stated totals and check them again; what changed is recorded",
		Example: "  truce claims check\n  truce claims check --from 2026-04-11T00:00:00Z --to 2026-04-13T00:00:00Z",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			q, err := listOptions{format: "table", from: from, to: to}.query()
			if err != nil {
				return usageError(cmd, "%w", err)
			}
			a, err := c.open(cmd.Context())
			if err != nil {
				return err
			}
			defer a.Close()
			first := q.From
			if from == "" {
				first = -1 << 62
			}
			sum, err := a.CheckClaims(cmd.Context(), first, q.To)
			if err != nil {
				return err
			}
			if c.asJSON {
				return printJSON(c.out, sum)
			}
			_, err = fmt.Fprintf(c.out, "%d totals, %d checks new or changed\n", sum.Totals, sum.Changed)
			return err
		},
	}
	cmd.Flags().StringVar(&from, "from", "", "only totals stated from this time (RFC 3339)")
	cmd.Flags().StringVar(&to, "to", "", "only totals stated before this time (RFC 3339)")
	c.jsonFlag(cmd)
	return cmd
}

func (c *cli) claimsListCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "list", Short: "List the checks of totals, the newest total first", Example: "  truce claims list\n  truce claims list --json", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			a, err := c.openReading(cmd.Context())
			if err != nil {
				return err
			}
			defer a.Close()
			all, err := a.ClaimChecks(cmd.Context())
			if err != nil {
				return err
			}
			format := "table"
			if c.asJSON {
				format = "json"
			}
			return checkListing(all).print(c.out, format)
		},
	}
	c.jsonFlag(cmd)
	return cmd
}

func checkListing(all []truce.ClaimCheck) listing {
	l := listing{Columns: []string{"id", "said", "claimant", "accused", "count", "unit", "act", "verdict", "why"}, Objects: all, Note: fmt.Sprintf("%d checks", len(all))}
	for _, k := range all {
		t := k.Total
		l.Rows = append(l.Rows, []string{k.ID.String(), t.Said.String(), t.Claimant, string(t.Accused), fmt.Sprint(t.Count), string(t.Unit), string(t.Act),
			string(k.Verdict), strings.Join(texts(k.Reasons), " ")})
	}
	if len(all) == 0 {
		l.Objects, l.Note = []truce.ClaimCheck{}, "No total has been checked; run: truce claims check"
	}
	return l
}

func (c *cli) claimsShowCommand() *cobra.Command {
	lang := "en"
	cmd := &cobra.Command{
		Use: "show ID", Short: "Show one check in words, with what was counted and the totals beside it",
		Example: "  truce claims show 01J2ZK6F1M4V2QK8YB0C3W7E9T\n  truce claims show 01J2ZK6F1M4V2QK8YB0C3W7E9T --lang uk", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if !slices.Contains(checkLanguages, lang) {
				return usageError(cmd, "--lang %q; choose one of %s", lang, strings.Join(checkLanguages, ", "))
			}
			id, err := truce.ParseID(args[0])
			if err != nil {
				return usageError(cmd, "%w", err)
			}
			a, err := c.openReading(cmd.Context())
			if err != nil {
				return err
			}
			defer a.Close()
			now, revisions, err := a.ClaimCheck(cmd.Context(), id)
			if err != nil {
				return err
			}
			digit, err := a.totalDigit(cmd.Context(), now)
			if err != nil {
				return err
			}
			if c.asJSON {
				return printJSON(c.out, struct {
					Check     truce.ClaimCheck   `json:"check"`
					Words     string             `json:"words"`
					Digit     int                `json:"digit"` // 1 to 6: how it stands without its source
					Link      string             `json:"link"`
					Revisions []truce.ClaimCheck `json:"revisions"`
				}{now, checkWords(now, lang), digit, checkLink(now), revisions})
			}
			all, err := a.ClaimChecks(cmd.Context())
			if err != nil {
				return err
			}
			return showCheck(c.out, shownTotal{now, digit, revisions}, all, lang)
		},
	}
	cmd.Flags().StringVar(&lang, "lang", lang, "language of the words: en or uk")
	must(cmd.RegisterFlagCompletionFunc("lang", cobra.FixedCompletions(checkLanguages, cobra.ShellCompDirectiveNoFileComp)))
	c.jsonFlag(cmd)
	return cmd
}

// checkLanguages are those that checks are worded in.
var checkLanguages = []string{"en", "uk"}

// checkLink is where a check stands for good; its newest revision is shown there.
func checkLink(k truce.ClaimCheck) string { return "/claims/" + k.ID.String() }

func checkWords(k truce.ClaimCheck, lang string) string {
	return claims.Words(k, lang, webpress.UnitWord(lang, k.Total.Unit))
}

// shownTotal is a check as it stands, with its digit and all its revisions.
type shownTotal struct {
	truce.ClaimCheck
	digit     int
	revisions []truce.ClaimCheck
}

// showCheck prints a check and, each by itself, the totals of the same hours.
func showCheck(w io.Writer, k shownTotal, all []truce.ClaimCheck, lang string) error {
	var b strings.Builder
	writeCheck(&b, k.ClaimCheck, lang)
	fmt.Fprintf(&b, "  digit %d: how it stands without its source, 1 (confirmed by others) to 5 (improbable), 6 (nobody else could have counted it)\n", k.digit)
	for _, own := range k.Own {
		coverage := "not stated"
		if own.Coverage != nil {
			coverage = fmt.Sprintf("%.3f", float64(*own.Coverage))
		}
		fmt.Fprintf(&b, "  counted under %s: %d (%s), to the accused %d, to others %d, not attributed %d; coverage %s, at least %.2f required\n",
			own.Rule, own.All(), own.Unit, own.Accused, own.Others, own.Open, coverage, float64(own.Least))
	}
	fmt.Fprintf(&b, "Revision %d of %d, method %s, link %s\n", k.Revision, len(k.revisions), k.Method, checkLink(k.ClaimCheck))
	for _, id := range k.Rivals {
		if i := slices.IndexFunc(all, func(o truce.ClaimCheck) bool { return o.ID == id }); i >= 0 {
			b.WriteString("\nBeside it, and not to be compared with it:\n")
			writeCheck(&b, all[i], lang)
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func writeCheck(b *strings.Builder, k truce.ClaimCheck, lang string) {
	t := k.Total
	period := "period not stated"
	if t.Period != nil {
		period = t.Period.From.String() + " to " + t.Period.To.String()
	}
	fmt.Fprintf(b, "%s: “%s”\n", t.Claimant, t.Quote)
	fmt.Fprintf(b, "  %d, unit %s, accused %s, %s\n", t.Count, cmp.Or(string(t.Unit), "not stated"), cmp.Or(string(t.Accused), "nobody"), period)
	fmt.Fprintf(b, "  %s: %s\n", strings.ReplaceAll(string(k.Verdict), "_", " "), checkWords(k, lang))
}
