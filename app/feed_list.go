package app

import (
	"context"
	"fmt"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/internal/diff"
)

// feedJSON is a feed as `truce feed list --json` prints it.
type feedJSON struct {
	truce.FeedRow
	Tried    truce.Instant `json:"tried,omitempty"`
	Fetched  truce.Instant `json:"fetched,omitempty"`
	Due      truce.Instant `json:"due,omitempty"`
	Status   int           `json:"status,omitempty"`
	Failures int           `json:"failures"`
	Problem  string        `json:"problem,omitempty"`
	Asked    string        `json:"asked,omitempty"` // where the last look was, if that is not the feed's address now
}

func (c *cli) feedListCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "list", Short: "List the feeds: state, last and next look, failures", Example: "  truce feed list\n  truce feed list --json", Args: cobra.NoArgs,
	}
	all := cmd.Flags().Bool("all", false, "those removed too")
	format := c.formatFlag(cmd)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		a, err := c.openReading(cmd.Context())
		if err != nil {
			return err
		}
		defer a.Close()
		list, err := a.listFeeds(cmd.Context(), *all)
		if err != nil {
			return err
		}
		return feedListing(list).print(c.out, *format)
	}
	return cmd
}

func (a *App) listFeeds(ctx context.Context, removed bool) ([]feedJSON, error) {
	rows, err := a.store.Feeds(ctx)
	if err != nil {
		return nil, err
	}
	states, err := a.store.FeedStates(ctx)
	if err != nil {
		return nil, err
	}
	of := map[truce.FeedID]truce.FeedState{}
	for _, s := range states {
		of[s.Feed] = s
	}
	out := []feedJSON{}
	for _, row := range rows {
		if row.State == truce.FeedRemoved && !removed {
			continue
		}
		s := of[row.ID]
		one := feedJSON{FeedRow: row, Tried: s.Tried, Fetched: s.Fetched, Due: s.Due, Status: s.Status, Failures: s.Failures, Problem: s.Problem}
		if s.URL != "" && s.URL != row.URL {
			one.Asked = s.URL
		}
		out = append(out, one)
	}
	return out, nil
}

// problem is what went wrong in the last look, and where that was when it was elsewhere.
func (f feedJSON) problem() string {
	switch {
	case f.Asked == "":
		return f.Problem
	case f.Problem == "":
		return "the last look was at " + f.Asked
	}
	return f.Problem + " (the last look was at " + f.Asked + ")"
}

func feedListing(list []feedJSON) listing {
	l := listing{Columns: []string{"id", "state", "last fetch", "next look", "failures", "status", "url", "problem"}, Objects: list}
	for _, f := range list {
		next := instantOr(f.Due, "now")
		if f.State != truce.FeedActive {
			next = "-"
		}
		l.Rows = append(l.Rows, []string{string(f.ID), string(f.State), instantOr(f.Fetched, "never"), next, strconv.Itoa(f.Failures), zeroAsDash(f.Status), f.URL, f.problem()})
	}
	if len(list) == 0 {
		l.Note = "no feeds; add one with: truce feed add URL"
	}
	return l
}

func instantOr(t truce.Instant, none string) string {
	if t == 0 {
		return none
	}
	return stamp(t)
}

func zeroAsDash(n int) string {
	if n == 0 {
		return "-"
	}
	return strconv.Itoa(n)
}

func (c *cli) feedVersionsCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "versions ARTICLE", Short: "Show how an article was changed by its publisher, word by word",
		Long: "Lists the versions of an article, and for each what went and what came: [-removed-] {+added+}. The texts are for the\n" +
			"mission's own use.",
		Example: "  truce feed versions 01KDZ3V5QJ8ZJ0M2B7R4T6W9XC", Args: cobra.ExactArgs(1),
	}
	c.jsonFlag(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		id, err := truce.ParseID(args[0])
		if err != nil {
			return usageError(cmd, "%w", err)
		}
		a, err := c.openReading(cmd.Context())
		if err != nil {
			return err
		}
		defer a.Close()
		return c.printVersions(cmd.Context(), a, id)
	}
	return cmd
}

// versionJSON is a version with its words.
type versionJSON struct {
	truce.ArticleVersion
	Diff string `json:"diff,omitempty"`
}

func (c *cli) printVersions(ctx context.Context, a *App, id truce.ID) error {
	row, err := a.store.Article(ctx, id)
	if err != nil {
		return err
	}
	versions, err := a.store.ArticleVersions(ctx, id)
	if err != nil {
		return err
	}
	out := []versionJSON{}
	for _, v := range versions {
		out = append(out, versionJSON{v, a.versionDiff(ctx, v)})
	}
	if c.asJSON {
		return printJSON(c.out, out)
	}
	fmt.Fprintln(c.out, plainCell(row.Article.Headline))
	for _, v := range out {
		what := fmt.Sprintf("%d words removed, %d added, %d kept", v.Removed, v.Added, v.Same)
		if v.Gone != "" {
			what = "gone: " + string(v.Gone)
		}
		fmt.Fprintf(c.out, "version %d, %s: %s\n", v.Number, stamp(v.At), what)
		if v.Diff != "" {
			fmt.Fprintf(c.out, "  %s\n", plainCell(v.Diff))
		}
	}
	if len(out) == 0 {
		fmt.Fprintln(c.out, "no change is known")
	}
	return nil
}

// versionDiff is what a version changed, or why it cannot be shown.
func (a *App) versionDiff(ctx context.Context, v truce.ArticleVersion) string {
	if v.Text.IsZero() || v.Before.IsZero() {
		return ""
	}
	before, err := a.store.ArticleText(ctx, v.Article, v.Before)
	if err != nil {
		return err.Error()
	}
	after, err := a.store.ArticleText(ctx, v.Article, v.Text)
	if err != nil {
		return err.Error()
	}
	return shownDiff(diff.Texts(before, after))
}
