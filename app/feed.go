package app

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/source/feed"
)

func (c *cli) feedCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "feed",
		Short: "Collect open reporting: feeds, sitemaps and the pages they list",
		Long: "A feed is asked politely: only for what is new, no host more often than it bears, and what robots.txt and\n" +
			"reservations of text and data mining allow. The bytes are kept as they came (truce evidence), items become\n" +
			"reports, and articles are looked at again after 1 h, 6 h, 1, 3 and 7 days: what changed or went is a version.\n" +
			"Set feeds.contact in truce.yaml first: an address at which a site's owner reaches you.",
		Example: "  truce feed add https://news.example/rss.xml --lang en\n  truce feed fetch\n  truce feed run",
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(c.feedAddCommand(), c.feedListCommand(), c.feedTestCommand(),
		c.feedStageCommand("pause", truce.FeedPaused, "Stop asking for a feed until it is resumed"),
		c.feedStageCommand("resume", truce.FeedActive, "Ask for a feed again"),
		c.feedStageCommand("remove", truce.FeedRemoved, "Take a feed off the list; what it gave stays"),
		c.feedImportCommand(), c.feedExportCommand(), c.feedFetchCommand(), c.feedRunCommand(), c.feedVersionsCommand(), c.feedTakedownCommand())
	return cmd
}

// defaultInterval is how often a feed is asked for unless somebody decides otherwise.
const defaultInterval = 15 * time.Minute

// feedOptions are the flags of `truce feed add`.
type feedOptions struct {
	id, title, source, lang, rights string
	interval                        time.Duration
	noTest                          bool
}

func (c *cli) feedAddCommand() *cobra.Command {
	var opt feedOptions
	cmd := &cobra.Command{
		Use:   "add URL",
		Short: "Ask for a feed from now on",
		Long: "Fetches the feed once to see that it is one, and records the decision; the items come with the first truce feed\n" +
			"fetch. Its reports are of a source of the family media of which nothing may be passed on but what the rules for\n" +
			"public products allow.",
		Example: "  truce feed add https://news.example/rss.xml --interval 30m --lang uk\n  truce feed add https://news.example/sitemap-news.xml --id example-news --source press-example --no-test",
		Args:    cobra.ExactArgs(1),
		RunE:    func(cmd *cobra.Command, args []string) error { return c.addFeed(cmd, args[0], opt) },
	}
	flags := cmd.Flags()
	flags.StringVar(&opt.id, "id", "", "name of the feed (default: made of its address)")
	flags.StringVar(&opt.title, "title", "", "title for people (default: what the feed says)")
	flags.StringVar(&opt.source, "source", "", "source in whose name its reports are recorded (default: feed- and the id)")
	flags.DurationVar(&opt.interval, "interval", defaultInterval, "between two looks, at least 1m")
	flags.StringVar(&opt.lang, "lang", "", "language of texts that do not say, e.g. uk")
	flags.StringVar(&opt.rights, "rights", "", "what is known of the right to keep and to read by machine")
	flags.BoolVar(&opt.noTest, "no-test", false, "do not fetch it now")
	return cmd
}

func (c *cli) addFeed(cmd *cobra.Command, address string, opt feedOptions) error {
	address, err := feedAddress(address)
	if err != nil {
		return usageError(cmd, "%w", err)
	}
	a, err := c.open(cmd.Context())
	if err != nil {
		return err
	}
	defer a.Close()
	f, expect, err := a.newFeed(cmd.Context(), address, opt)
	if err != nil {
		return err
	}
	if !opt.noTest {
		probe, err := a.probe(cmd.Context(), f)
		if err != nil {
			return err
		}
		if probe.Problem != "" {
			return truce.Errorf(truce.CodeUnavailable, "%s is not added: %s; give --no-test to add it all the same", address, probe.Problem)
		}
		if f.Title == "" {
			f.Title = probe.Channel
		}
		fmt.Fprintf(c.err, "%s\n", plainCell(probe.summary()))
	}
	if err := a.recordFeed(cmd.Context(), f, expect); err != nil {
		return err
	}
	_, err = fmt.Fprintf(c.out, "%s added, asked every %s\n", f.ID, truce.DurationText(f.Interval.Duration()))
	return err
}

// feedAddress is an address as it is asked for: whole, without a fragment, which no server
// sees.
func feedAddress(text string) (string, error) {
	u, err := url.Parse(strings.TrimSpace(text))
	switch {
	case err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https":
		return "", fmt.Errorf("%q is no address of a feed; want e.g. https://news.example/rss.xml", text)
	case u.User != nil:
		return "", fmt.Errorf("a name or password stands in the address; feeds behind a sign-in are not read")
	}
	u.Fragment, u.RawFragment = "", ""
	if u.Path == "" {
		u.Path = "/"
	}
	return u.String(), nil
}

// newFeed makes the decision to record, and the number of the record it follows.
func (a *App) newFeed(ctx context.Context, address string, opt feedOptions) (truce.Feed, truce.Seq, error) {
	rows, err := a.store.Feeds(ctx)
	if err != nil {
		return truce.Feed{}, 0, err
	}
	f := truce.Feed{ID: truce.FeedID(opt.id), URL: address, Title: truce.CleanText(opt.title), Source: truce.SourceID(opt.source), State: truce.FeedActive,
		Interval: truce.MicrosOf(opt.interval), Language: opt.lang, Rights: truce.CleanText(opt.rights), At: truce.InstantOf(a.now())}
	if f.ID == "" {
		f.ID = freeFeedID(address, rows)
	}
	if f.Source == "" {
		f.Source = "feed-" + truce.SourceID(f.ID)
	}
	var expect truce.Seq
	for _, row := range rows {
		switch {
		case row.ID == f.ID && row.State != truce.FeedRemoved:
			return f, 0, truce.Errorf(truce.CodeConflict, "there is a feed %s already, of %s; choose another --id", f.ID, row.URL)
		case row.URL == address && row.State != truce.FeedRemoved:
			return f, 0, truce.Errorf(truce.CodeConflict, "the feed %s has this address already", row.ID)
		case row.ID == f.ID:
			expect = row.Seq
		}
	}
	if err := f.Validate(); err != nil {
		return f, 0, err
	}
	return f, expect, a.checkFeedSource(ctx, f)
}

// checkFeedSource refuses a source whose rows are of another family than the press.
func (a *App) checkFeedSource(ctx context.Context, f truce.Feed) error {
	info := a.feedSource(f)
	for _, edit := range a.cfg.Sources {
		if edit.ID == f.Source && edit.Family != "" {
			info.Family = edit.Family
		}
	}
	sources, err := a.store.Sources(ctx)
	if err != nil {
		return err
	}
	if i := slices.IndexFunc(sources, func(s truce.SourceInfo) bool { return s.ID == f.Source }); i >= 0 {
		info.Family = sources[i].Family
	}
	built, known := builtInSources()[f.Source]
	if info.Family != truce.FamilyMedia || known && built.ID != feed.ID {
		return truce.Errorf(truce.CodeInvalid, "--source %s is used for something else (%s); feeds speak for sources of their own", f.Source, info.Family)
	}
	return nil
}

// freeFeedID makes a short name of an address that no feed has yet.
func freeFeedID(address string, rows []truce.FeedRow) truce.FeedID {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	const most = truce.MaxFeedID - 40
	host := slug(strings.TrimPrefix(u.Hostname(), "www."), most)
	taken := map[truce.FeedID]bool{}
	for _, row := range rows {
		taken[row.ID] = true
	}
	name := truce.FeedID(host)
	if path := slug(u.Path, 30); taken[name] && path != "" {
		name = truce.FeedID(host + "-" + path)
	}
	for n, base := 2, name; taken[name]; n++ {
		name = truce.FeedID(fmt.Sprintf("%s-%d", base, n))
	}
	return name
}

// slug is a text in small letters, digits and dashes.
func slug(text string, most int) string {
	var b strings.Builder
	for _, r := range strings.ToLower(text) {
		switch {
		case b.Len() >= most:
			return strings.Trim(b.String(), "-")
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	return strings.Trim(b.String(), "-")
}

// recordFeed records a decision about a feed that follows a record; 0 for its first.
func (a *App) recordFeed(ctx context.Context, f truce.Feed, follows truce.Seq) error {
	draft, err := truce.NewDraft(truce.RecordFeed, f.Subject(), fmt.Sprintf("%s/%d/%s", f.Subject(), follows, f.State), f)
	if err != nil {
		return err
	}
	draft.Expect = &follows
	_, err = a.store.Append(ctx, truce.Batch{Drafts: []truce.Draft{draft}})
	return err
}

// activeFeeds are the feeds that are asked for.
func (a *App) activeFeeds(ctx context.Context) ([]truce.Feed, error) {
	rows, err := a.store.Feeds(ctx)
	var out []truce.Feed
	for _, row := range rows {
		if row.State == truce.FeedActive {
			out = append(out, row.Feed)
		}
	}
	return out, err
}

func (c *cli) feedStageCommand(use string, stage truce.FeedStage, short string) *cobra.Command {
	return &cobra.Command{
		Use: use + " ID", Short: short, Example: "  truce feed " + use + " news-example", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			a, err := c.open(cmd.Context())
			if err != nil {
				return err
			}
			defer a.Close()
			said, err := a.stageFeed(cmd.Context(), truce.FeedID(args[0]), stage)
			if err == nil {
				_, err = fmt.Fprintln(c.out, said)
			}
			return err
		},
	}
}

// stageFeed records that a feed is to be asked for or not.
func (a *App) stageFeed(ctx context.Context, id truce.FeedID, stage truce.FeedStage) (string, error) {
	row, err := a.store.Feed(ctx, id)
	if err != nil {
		return "", truce.Errorf(truce.CodeOf(err), "%w; truce feed list shows them", err)
	}
	if row.State == stage {
		return fmt.Sprintf("%s is %s already, nothing changed", id, stage), nil
	}
	f := row.Feed
	f.State, f.At = stage, truce.InstantOf(a.now())
	return fmt.Sprintf("%s is %s", id, stage), a.recordFeed(ctx, f, row.Seq)
}
