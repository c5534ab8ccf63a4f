package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/respond/publish"
)

func (c *cli) bulletinCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "bulletin", Short: "Make, print and release the Daily", Args: cobra.NoArgs,
		Example: "  truce bulletin daily --date 2026-04-11 --format md\n  truce bulletin release --date 2026-04-11",
		RunE:    func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(c.dailyCommand(), c.seriesCommand(), c.lintCommand(), c.releaseCommand())
	return cmd
}

// dailyOptions are the flags of `truce bulletin daily`.
type dailyOptions struct {
	date      string
	format    string
	lang      string
	out       string
	published string
}

func (c *cli) dailyCommand() *cobra.Command {
	var opt dailyOptions
	cmd := &cobra.Command{
		Use:   "daily --date D",
		Short: "Freeze and print the Daily of a local day",
		Long: "Freezes the incidents of the day's period into a numbered bulletin and prints it. Asked again, it prints the\n" +
			"same bulletin, or a new version with its corrections when something has changed since.",
		Example: "  truce bulletin daily --date 2026-04-11 --format html --out daily.html",
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return c.runDaily(cmd, opt) },
	}
	flags := cmd.Flags()
	flags.StringVar(&opt.date, "date", "", "local day, YYYY-MM-DD")
	flags.StringVar(&opt.format, "format", "md", "html, md, json or csv")
	flags.StringVar(&opt.lang, "lang", "en", "en or uk")
	flags.StringVar(&opt.out, "out", "", "file to write (default: standard output)")
	flags.StringVar(&opt.published, "published", "", "time of publication, RFC 3339 (default: the first publication hour after the period)")
	must(cmd.MarkFlagRequired("date"))
	must(cmd.RegisterFlagCompletionFunc("format", cobra.FixedCompletions(dailyFormats, cobra.ShellCompDirectiveNoFileComp)))
	must(cmd.RegisterFlagCompletionFunc("lang", cobra.FixedCompletions(publish.Languages(), cobra.ShellCompDirectiveNoFileComp)))
	return cmd
}

// dailyFormats are the forms a Daily is printed in.
var dailyFormats = []string{publish.FormatHTML, publish.FormatMarkdown, publish.FormatJSON, publish.FormatCSV}

// validate refuses what could not be printed, before anything is frozen.
func (opt dailyOptions) validate() error {
	if !slices.Contains(dailyFormats, opt.format) {
		return fmt.Errorf("--format %q; choose one of %s", opt.format, strings.Join(dailyFormats, ", "))
	}
	if !slices.Contains(publish.Languages(), opt.lang) {
		return fmt.Errorf("--lang %q; choose one of %s", opt.lang, strings.Join(publish.Languages(), ", "))
	}
	return opt.validateOut()
}

// validateOut wants a place for the file: a Daily that is frozen and not printed would
// surprise whoever asks again.
func (opt dailyOptions) validateOut() error {
	if opt.out == "" {
		return nil
	}
	if info, err := os.Stat(opt.out); err == nil && info.IsDir() {
		return fmt.Errorf("--out %s: is a folder; name a file in it, e.g. %s", opt.out, filepath.Join(opt.out, "daily-"+opt.date+"."+opt.format))
	}
	folder := filepath.Dir(opt.out)
	switch info, err := os.Stat(folder); {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("--out %s: there is no folder %s; make it with: mkdir -p %s", opt.out, folder, folder)
	case err != nil:
		return fmt.Errorf("--out: %w", err)
	case !info.IsDir():
		return fmt.Errorf("--out %s: %s is a file, not a folder; name another", opt.out, folder)
	}
	return nil
}

func (c *cli) runDaily(cmd *cobra.Command, opt dailyOptions) error {
	if err := opt.validate(); err != nil {
		return usageError(cmd, "%w", err)
	}
	var published truce.Instant
	if opt.published != "" {
		if err := published.UnmarshalText([]byte(opt.published)); err != nil {
			return usageError(cmd, "--published: %w", err)
		}
	}
	a, err := c.openDailies(cmd.Context())
	if err != nil {
		return err
	}
	defer a.Close()
	b, err := a.Daily(cmd.Context(), truce.Day(opt.date), published)
	if err != nil {
		return err
	}
	return c.writeDaily(cmd.Context(), a, b, opt)
}

func (c *cli) writeDaily(ctx context.Context, a *App, b truce.Bulletin, opt dailyOptions) error {
	print := standaloneOptions(opt.lang)
	reader := &deskReader{app: a}
	if err := reader.addDailyMap(ctx, b, &print); err != nil {
		return err
	}
	doc, err := printBulletin(b, opt.format, print)
	if err != nil {
		return err
	}
	if opt.out == "" {
		_, err = c.out.Write(doc.Body)
		return err
	}
	if err := os.WriteFile(opt.out, doc.Body, 0o640); err != nil {
		return err
	}
	_, err = fmt.Fprintf(c.out, "%s written to %s\n", b.Number, opt.out)
	return err
}

func (c *cli) releaseCommand() *cobra.Command {
	var date string
	cmd := &cobra.Command{
		Use:   "release --date D",
		Short: "Let the Daily out through the gate, coarsened and delayed",
		Long: "Makes the public edition of the day's bulletin: places become grid cells, rows without the right to be passed\n" +
			"on are counted and not shown, and nothing leaves before its age. The result is what truce serve --public shows.",
		Example: "  truce bulletin release --date 2026-04-11",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			a, err := c.open(cmd.Context())
			if err != nil {
				return err
			}
			defer a.Close()
			b, err := a.standingDaily(cmd.Context(), truce.Day(date))
			if err != nil {
				return err
			}
			if err := a.release(cmd.Context(), b); err != nil {
				return err
			}
			_, err = fmt.Fprintf(c.out, "%s released to %s\n", b.Number, a.cfg.Public)
			return err
		},
	}
	cmd.Flags().StringVar(&date, "date", "", "local day, YYYY-MM-DD")
	must(cmd.MarkFlagRequired("date"))
	return cmd
}

// standingDaily is the Daily of a day as it was last frozen.
func (a *App) standingDaily(ctx context.Context, day truce.Day) (truce.Bulletin, error) {
	if _, err := day.Start(time.UTC); err != nil {
		return truce.Bulletin{}, truce.Errorf(truce.CodeInvalid, "--date: %w", err)
	}
	b, err := a.bulletinOf(ctx, day, truce.EditionMission)
	if err != nil {
		return truce.Bulletin{}, err
	}
	if b == nil && a.readOnly {
		return truce.Bulletin{}, truce.Errorf(truce.CodeUnavailable, "no Daily of %s has been frozen and %s is read-only; copy the directory to where it can be written and make it there with: truce bulletin daily --date %s", day, a.cfg.dir, day)
	}
	if b == nil {
		return truce.Bulletin{}, truce.Errorf(truce.CodeNotFound, "no Daily of %s has been made; make it with: truce bulletin daily --date %s", day, day)
	}
	return *b, nil
}
