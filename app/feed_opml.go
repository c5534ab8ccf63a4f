package app

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/source/opml"
)

func (c *cli) feedImportCommand() *cobra.Command {
	var opt feedOptions
	cmd := &cobra.Command{
		Use: "import FILE.opml|-", Short: "Take feeds from a list of another reader (OPML)",
		Long:    "Feeds whose address is known already are passed over. None is fetched now: look at them with truce feed test.",
		Example: "  truce feed import subscriptions.opml --interval 30m", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return c.importFeeds(cmd, args[0], opt) },
	}
	cmd.Flags().DurationVar(&opt.interval, "interval", defaultInterval, "between two looks at each, at least 1m")
	cmd.Flags().StringVar(&opt.source, "source", "", "source in whose name the reports of all are recorded (default: one for each)")
	return cmd
}

func (c *cli) importFeeds(cmd *cobra.Command, name string, opt feedOptions) error {
	in := c.input(name)
	file, err := in.open()
	if err != nil {
		return err
	}
	defer file.Close()
	list, err := opml.Read(file, in.name)
	if err != nil {
		return err
	}
	a, err := c.open(cmd.Context())
	if err != nil {
		return err
	}
	defer a.Close()
	added, known := 0, 0
	for _, entry := range list.Feeds {
		err := a.importFeed(cmd.Context(), entry, opt)
		switch {
		case truce.CodeOf(err) == truce.CodeConflict:
			known++
		case truce.CodeOf(err) == truce.CodeInvalid:
			fmt.Fprintf(c.err, "not taken: %s: %s\n", plainCell(entry.URL), plainCell(err.Error()))
		case err != nil:
			return err
		default:
			added++
		}
	}
	for _, f := range list.Faults {
		fmt.Fprintf(c.err, "%s, line %d: %s\n", in.name, f.Line, plainCell(f.Reason))
	}
	_, err = fmt.Fprintf(c.out, "%d feeds added, %d known already\n", added, known)
	return err
}

func (a *App) importFeed(ctx context.Context, entry opml.Feed, opt feedOptions) error {
	address, err := feedAddress(entry.URL)
	if err != nil {
		return truce.Errorf(truce.CodeInvalid, "%w", err)
	}
	opt.title, opt.lang = entry.Title, entry.Language
	f, follows, err := a.newFeed(ctx, address, opt)
	if err != nil {
		return err
	}
	return a.recordFeed(ctx, f, follows)
}

func (c *cli) feedExportCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "export", Short: "Write the feeds as a list that other readers take (OPML)", Example: "  truce feed export --out feeds.opml", Args: cobra.NoArgs,
	}
	out := cmd.Flags().String("out", "-", "file to write; - is what is printed")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		a, err := c.openReading(cmd.Context())
		if err != nil {
			return err
		}
		defer a.Close()
		rows, err := a.store.Feeds(cmd.Context())
		if err != nil {
			return err
		}
		return writeTo(c.out, *out, func(w io.Writer) error { return opml.Write(w, feedList(rows)) })
	}
	return cmd
}

// feedList is every feed that was not removed; those that are paused stand in a folder.
func feedList(rows []truce.FeedRow) opml.List {
	list := opml.List{Title: "Feeds of Truce"}
	for _, row := range rows {
		if row.State == truce.FeedRemoved {
			continue
		}
		f := opml.Feed{Title: row.Title, URL: row.URL, Language: row.Language}
		if f.Title == "" {
			f.Title = string(row.ID)
		}
		if row.State == truce.FeedPaused {
			f.Folder = []string{"Paused"}
		}
		list.Feeds = append(list.Feeds, f)
	}
	return list
}
