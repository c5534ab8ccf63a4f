package app

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/trucewatch/truce"
)

// runPause is the longest that truce feed run waits before it looks whether a feed was
// added, paused or resumed meanwhile.
const runPause = time.Minute

func (c *cli) feedFetchCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "fetch [ID...]", Short: "Look once at the feeds that are due, or at those named", Args: cobra.ArbitraryArgs,
		Long: "Prints a line for each feed. The failure of one stops no other; exit code 1 when every one failed. Articles that are\n" +
			"due to be looked at again are, unless feeds are named.",
		Example: "  truce feed fetch\n  truce feed fetch news-example --json",
	}
	c.jsonFlag(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		a, err := c.open(cmd.Context())
		if err != nil {
			return err
		}
		defer a.Close()
		return c.fetchFeeds(cmd.Context(), a, args)
	}
	return cmd
}

func (c *cli) fetchFeeds(ctx context.Context, a *App, names []string) error {
	feeds, err := a.feedsToFetch(ctx, names)
	if err != nil {
		return err
	}
	col, err := a.newCollector(ctx)
	if err != nil {
		return err
	}
	defer col.getter.Close()
	results, versions, err := c.round(ctx, col, feeds, len(names) == 0)
	if err != nil {
		return err
	}
	if c.asJSON {
		err = printJSON(c.out, struct {
			Feeds []lookResult  `json:"feeds"`
			Again []againResult `json:"again"`
		}{results, versions})
	} else if len(feeds)+len(versions) == 0 {
		_, err = fmt.Fprintln(c.out, "nothing is due; truce feed list says when")
	}
	if err == nil && len(results) > 0 && !slices.ContainsFunc(results, func(r lookResult) bool { return r.Problem == "" }) {
		fmt.Fprintln(c.err, "truce: no feed could be read")
		return errQuiet
	}
	return err
}

// feedsToFetch are the feeds named, or those that are due.
func (a *App) feedsToFetch(ctx context.Context, names []string) ([]truce.Feed, error) {
	if len(names) == 0 {
		feeds, _, err := a.dueFeeds(ctx)
		return feeds, err
	}
	var out []truce.Feed
	for _, name := range names {
		row, err := a.store.Feed(ctx, truce.FeedID(name))
		switch {
		case err != nil:
			return nil, err
		case row.State != truce.FeedActive:
			return nil, truce.Errorf(truce.CodeConflict, "%s is %s; resume it first: truce feed resume %s", name, row.State, name)
		}
		out = append(out, row.Feed)
	}
	return out, nil
}

// dueFeeds are the active feeds whose next look has come, and when the next of the others is;
// 0 for none.
func (a *App) dueFeeds(ctx context.Context) (due []truce.Feed, next truce.Instant, err error) {
	feeds, err := a.activeFeeds(ctx)
	if err != nil {
		return nil, 0, err
	}
	states, err := a.store.FeedStates(ctx)
	if err != nil {
		return nil, 0, err
	}
	when := map[truce.FeedID]truce.Instant{}
	for _, s := range states {
		when[s.Feed] = s.Due
	}
	now := truce.InstantOf(a.now())
	for _, f := range feeds {
		switch at := when[f.ID]; {
		case at <= now:
			due = append(due, f)
		case next == 0 || at < next:
			next = at
		}
	}
	return due, next, nil
}

// round looks at feeds, then at the articles that are due again, and tells what it found.
func (c *cli) round(ctx context.Context, col *collector, feeds []truce.Feed, again bool) ([]lookResult, []againResult, error) {
	versions := []againResult{}
	results, err := col.lookAll(ctx, feeds, func(r lookResult) {
		if !c.asJSON {
			fmt.Fprintln(c.out, r.line())
		}
	})
	if err == nil && again {
		err = col.again(ctx, func(r againResult) {
			versions = append(versions, r)
			if !c.asJSON {
				fmt.Fprintln(c.out, r.line())
			}
		})
	}
	fresh := slices.ContainsFunc(results, func(r lookResult) bool { return r.New > 0 }) || slices.ContainsFunc(versions, func(r againResult) bool { return r.Change != "" })
	if err == nil && fresh {
		err = c.afterCollect(ctx, col.app)
	}
	return results, versions, err
}

func (c *cli) feedRunCommand() *cobra.Command {
	return &cobra.Command{
		Use: "run", Short: "Keep collecting until stopped",
		Long: "Looks at each feed when it is due and prints a line for every look. Stop it with Ctrl-C: what was acknowledged is\n" +
			"recorded, and a look that was interrupted is made again by the next run.",
		Example: "  truce feed run --dir mission", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			a, err := c.open(cmd.Context())
			if err != nil {
				return err
			}
			defer a.Close()
			return c.runFeeds(cmd.Context(), a)
		},
	}
}

// runFeeds goes round until the context ends.
func (c *cli) runFeeds(ctx context.Context, a *App) error {
	col, err := a.newCollector(ctx)
	if err != nil {
		return err
	}
	defer col.getter.Close()
	clock := realClock{a.now}
	for ctx.Err() == nil {
		due, _, err := a.dueFeeds(ctx)
		if err == nil {
			_, _, err = c.round(ctx, col, due, true)
		}
		var next truce.Instant
		if err == nil {
			_, next, err = a.dueFeeds(ctx)
		}
		if err != nil && ctx.Err() == nil {
			return err
		}
		wait := runPause
		if now := truce.InstantOf(a.now()); next > now {
			wait = min(wait, next.Sub(now))
		}
		timer := clock.NewTimer(wait)
		select {
		case <-ctx.Done():
		case <-timer.C():
		}
		timer.Stop()
	}
	fmt.Fprintln(c.err, "stopped; what was acknowledged is recorded")
	return nil
}

// afterCollect makes articles and stories of new reports.
func (c *cli) afterCollect(ctx context.Context, a *App) error {
	sum, err := a.UpdateStories(ctx)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(c.err, sum)
	return err
}
