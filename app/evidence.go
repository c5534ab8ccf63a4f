package app

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/keep/evidence"
	"github.com/trucewatch/truce/keep/evidence/warc"
)

// evidenceFolder is where originals are kept in a data directory.
const evidenceFolder = "evidence"

// openEvidence opens the originals of the data directory.
func (a *App) openEvidence(ctx context.Context) (*evidence.Store, error) {
	disk, err := evidence.OpenDisk(a.cfg.Path(evidenceFolder))
	if err != nil {
		return nil, err
	}
	return evidence.New(ctx, disk, evidence.Options{Clock: a.now})
}

func (c *cli) evidenceCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "evidence",
		Short: "The originals: bytes as they came, who had them in hand, archives of them",
		Long: "What was fetched is kept under its SHA-256 in the folder " + evidenceFolder + " of the data directory, with the headers and the\n" +
			"time of every fetch. Originals hold whole texts and are never public, and so are the archives made of them.",
		Example: "  truce evidence list --from 2026-05-01T00:00:00Z\n  truce evidence verify\n  truce evidence export --wacz may.wacz --from 2026-05-01T00:00:00Z",
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(c.evidenceListCommand(), c.evidenceShowCommand(), c.evidenceVerifyCommand(), c.evidenceExportCommand())
	return cmd
}

// withEvidence opens the originals of a data directory that has some.
func (c *cli) withEvidence(ctx context.Context, use func(*App, *evidence.Store) error) error {
	a, err := c.openReading(ctx)
	if err != nil {
		return err
	}
	defer a.Close()
	if info, err := os.Stat(a.cfg.Path(evidenceFolder)); err != nil || !info.IsDir() {
		return truce.Errorf(truce.CodeNotFound, "no originals are kept here yet; truce feed fetch keeps them in %s", a.cfg.Path(evidenceFolder))
	}
	s, err := a.openEvidence(ctx)
	if err != nil {
		return err
	}
	return use(a, s)
}

// evidenceRow is a capture in a list.
type evidenceRow struct {
	evidence.Capture
	TakenDown string `json:"taken_down,omitempty"` // why
}

// captureQuery says which captures are meant.
type captureQuery struct {
	from, to string
	url      string
	contents map[truce.Hash]string // nil: any; else these, with the titles of their pages
}

func (q *captureQuery) flags(cmd *cobra.Command) {
	cmd.Flags().StringVar(&q.from, "from", "", "only fetched from this time (RFC 3339)")
	cmd.Flags().StringVar(&q.to, "to", "", "only fetched before this time (RFC 3339)")
}

// captures are those meant, the earliest first.
func (q captureQuery) captures(ctx context.Context, s *evidence.Store) ([]evidence.Capture, error) {
	var from, to truce.Instant
	for _, t := range []struct {
		text string
		flag string
		into *truce.Instant
	}{{q.from, "--from", &from}, {q.to, "--to", &to}} {
		if t.text == "" {
			continue
		}
		if err := t.into.UnmarshalText([]byte(t.text)); err != nil {
			return nil, truce.Errorf(truce.CodeInvalid, "%s: %w", t.flag, err)
		}
	}
	var out []evidence.Capture
	err := s.EachCapture(ctx, func(_ truce.Hash, e evidence.Capture) error {
		_, meant := q.contents[e.Content]
		if e.Fetched < from || to != 0 && e.Fetched >= to || q.url != "" && e.URL != q.url || q.contents != nil && !meant {
			return nil
		}
		out = append(out, e)
		return nil
	})
	slices.SortStableFunc(out, func(a, b evidence.Capture) int {
		return cmp.Or(cmp.Compare(a.Fetched, b.Fetched), cmp.Compare(a.URL, b.URL), cmp.Compare(a.Content.String(), b.Content.String()))
	})
	return out, err
}

func (c *cli) evidenceListCommand() *cobra.Command {
	var q captureQuery
	cmd := &cobra.Command{
		Use: "list", Short: "List what was fetched and kept, the earliest first", Args: cobra.NoArgs,
		Example: "  truce evidence list --url https://news.example/rss.xml --json",
	}
	q.flags(cmd)
	cmd.Flags().StringVar(&q.url, "url", "", "only fetched from this address")
	format := c.formatFlag(cmd)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		return c.withEvidence(cmd.Context(), func(_ *App, s *evidence.Store) error {
			captures, err := q.captures(cmd.Context(), s)
			if err != nil {
				return err
			}
			list, err := captureListing(cmd.Context(), s, captures)
			if err != nil {
				return err
			}
			return list.print(c.out, *format)
		})
	}
	return cmd
}

func captureListing(ctx context.Context, s *evidence.Store, captures []evidence.Capture) (listing, error) {
	l := listing{Columns: []string{"hash", "fetched", "bytes", "status", "by", "url", "taken down"}}
	rows := []evidenceRow{}
	for _, e := range captures {
		row := evidenceRow{Capture: e}
		down, err := s.TakenDown(ctx, e.Content)
		if err != nil {
			return l, err
		}
		if down != nil {
			row.TakenDown = down.Reason
		}
		rows = append(rows, row)
		l.Rows = append(l.Rows, []string{e.Content.String(), stamp(e.Fetched), strconv.FormatInt(e.Size, 10), zeroAsDash(e.Status), e.By, e.URL, row.TakenDown})
	}
	l.Objects = rows
	if len(rows) == 0 {
		l.Note = "nothing is kept of that"
	}
	return l, nil
}

func (c *cli) evidenceShowCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "show HASH", Short: "Show how an original came and who had it in hand; write its bytes with --out",
		Long: "Who takes the bytes out is kept in the custody of the original.", Args: cobra.ExactArgs(1),
		Example: "  truce evidence show 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08 --out page.html",
	}
	out := cmd.Flags().String("out", "", "file to write the bytes to; - prints them and nothing else")
	by := cmd.Flags().String("by", "truce evidence show", "who takes the bytes out, for the custody")
	c.jsonFlag(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		var hash truce.Hash
		if err := hash.UnmarshalText([]byte(args[0])); err != nil {
			return usageError(cmd, "%q is no hash: want 64 hex digits", args[0])
		}
		return c.withEvidence(cmd.Context(), func(_ *App, s *evidence.Store) error {
			if *out != "" {
				return c.writeOriginal(cmd.Context(), s, hash, *out, *by)
			}
			return c.showOriginal(cmd.Context(), s, hash)
		})
	}
	return cmd
}

// writeOriginal notes who takes bytes out, then writes them.
func (c *cli) writeOriginal(ctx context.Context, s *evidence.Store, hash truce.Hash, name, by string) error {
	body, _, err := s.Open(ctx, hash)
	if err != nil {
		return err
	}
	defer body.Close()
	if _, err := s.Note(ctx, hash, evidence.StepRead, by, "written to a file"); err != nil {
		return err
	}
	return writeTo(c.out, name, func(w io.Writer) error {
		_, err := io.Copy(w, body)
		return err
	})
}

func (c *cli) showOriginal(ctx context.Context, s *evidence.Store, hash truce.Hash) error {
	captures, err := s.Captures(ctx, hash)
	if err != nil {
		return err
	}
	steps, err := s.Custody(ctx, hash)
	if err != nil {
		return err
	}
	if len(captures)+len(steps) == 0 {
		return truce.Errorf(truce.CodeNotFound, "there is no original %s", hash)
	}
	if c.asJSON {
		return printJSON(c.out, struct {
			Captures []evidence.Capture `json:"captures"`
			Custody  []evidence.Step    `json:"custody"`
		}{captures, steps})
	}
	for _, e := range captures {
		fmt.Fprintf(c.out, "%s  %d bytes, %s, fetched %s by %s, status %s\n", plainCell(e.URL), e.Size, plainCell(e.MediaType), stamp(e.Fetched), plainCell(e.By), zeroAsDash(e.Status))
		if e.FinalURL != "" {
			fmt.Fprintf(c.out, "  answered by %s\n", plainCell(e.FinalURL))
		}
		for _, f := range e.Header {
			fmt.Fprintf(c.out, "  %s: %s\n", plainCell(f.Name), plainCell(f.Text()))
		}
	}
	for _, step := range steps {
		fmt.Fprintf(c.out, "%s  %s by %s %s\n", stamp(step.At), step.Kind, plainCell(step.By), plainCell(step.Reason))
	}
	return nil
}

func (c *cli) printEvidenceReport(r evidence.Report) error {
	if c.asJSON {
		if err := printJSON(c.out, r); err != nil {
			return err
		}
	} else {
		fmt.Fprintf(c.out, "%d originals of %d bytes, %d captures, %d steps, %d taken down\n", r.Objects, r.Bytes, r.Captures, r.Steps, r.TakenDown)
		for _, d := range r.Damage {
			fmt.Fprintf(c.out, "%s\n", plainCell(d.String()))
		}
		if r.Omitted > 0 {
			fmt.Fprintf(c.out, "and %d more\n", r.Omitted)
		}
	}
	if !r.OK() {
		fmt.Fprintln(c.err, "truce: the evidence is damaged; restore the files named from a copy")
		return errQuiet
	}
	if !c.asJSON {
		fmt.Fprintln(c.out, "no damage found")
	}
	return nil
}

func (c *cli) evidenceExportCommand() *cobra.Command {
	var opt waczOptions
	cmd := &cobra.Command{
		Use:   "export --wacz FILE",
		Short: "Write originals as a web archive that replay programs open (WACZ)",
		Long: "Writes what was fetched in a time, or what the articles of a story or one article came in. That it was exported is\n" +
			"kept in the custody of each original. An archive holds whole texts: it is for those who may see them, never public.",
		Example: "  truce evidence export --wacz may.wacz --from 2026-05-01T00:00:00Z --to 2026-06-01T00:00:00Z\n" +
			"  truce evidence export --wacz article.wacz --article 01KDZ3V5QJ8ZJ0M2B7R4T6W9XC",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return c.withEvidence(cmd.Context(), func(a *App, s *evidence.Store) error { return c.exportEvidence(cmd.Context(), a, s, opt) })
		},
	}
	opt.query.flags(cmd)
	flags := cmd.Flags()
	flags.StringVar(&opt.wacz, "wacz", "", "file to write")
	flags.StringVar(&opt.story, "story", "", "only what the articles of this story came in")
	flags.StringVar(&opt.article, "article", "", "only what this article came in")
	flags.StringVar(&opt.by, "by", "truce evidence export", "who takes them out, for the custody")
	must(cmd.MarkFlagRequired("wacz"))
	cmd.MarkFlagsMutuallyExclusive("story", "article")
	return cmd
}

// waczOptions are the flags of `truce evidence export`.
type waczOptions struct {
	query          captureQuery
	wacz, by       string
	story, article string
}

func (c *cli) exportEvidence(ctx context.Context, a *App, s *evidence.Store, opt waczOptions) error {
	var err error
	if opt.query.contents, err = a.exported(ctx, opt); err != nil {
		return err
	}
	captures, err := opt.query.captures(ctx, s)
	if err != nil {
		return err
	}
	if len(captures) == 0 {
		return truce.Errorf(truce.CodeNotFound, "nothing is kept of that; truce evidence list shows what is")
	}
	e := warc.Export{Title: "Originals of Truce", Software: "Truce " + version, At: truce.InstantOf(a.now()),
		Description: "Whole texts of their publishers, kept as evidence. Not for publication."}
	noted := map[truce.Hash]bool{}
	for _, capture := range captures {
		e.Items = append(e.Items, warc.Item{Capture: capture, Title: opt.query.contents[capture.Content]})
		if noted[capture.Content] {
			continue
		}
		noted[capture.Content] = true
		if _, err := s.Note(ctx, capture.Content, evidence.StepExported, opt.by, "WACZ"); err != nil {
			return err
		}
	}
	var sum warc.Summary
	err = writeTo(c.out, opt.wacz, func(w io.Writer) (err error) {
		sum, err = warc.WriteWACZ(ctx, w, s, e)
		return err
	})
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(c.err, "%d captures, %d of them of bytes that are in it already, %d taken down and named without their bytes\n", sum.Captures, sum.Revisits, sum.TakenDown)
	return err
}

// exported are the originals that a story or an article came in, with headlines; nil when
// neither is named.
func (a *App) exported(ctx context.Context, opt waczOptions) (map[truce.Hash]string, error) {
	var articles []truce.Article
	switch {
	case opt.article != "":
		id, err := truce.ParseID(opt.article)
		if err != nil {
			return nil, fmt.Errorf("--article: %w", err)
		}
		row, err := a.store.Article(ctx, id)
		if err != nil {
			return nil, err
		}
		articles = append(articles, row.Article)
	case opt.story != "":
		id, err := truce.ParseID(opt.story)
		if err != nil {
			return nil, fmt.Errorf("--story: %w", err)
		}
		if articles, err = a.articlesOfStory(ctx, id); err != nil {
			return nil, err
		}
	default:
		return nil, nil
	}
	out := map[truce.Hash]string{}
	for _, article := range articles {
		_, hashes, err := a.originalsOf(ctx, article.ID)
		if err != nil {
			return nil, err
		}
		for _, h := range uniqueHashes(hashes) {
			out[h] = article.Headline
		}
	}
	return out, nil
}

// articlesOfStory are all articles of a story.
func (a *App) articlesOfStory(ctx context.Context, id truce.ID) ([]truce.Article, error) {
	if _, err := a.store.Story(ctx, id); err != nil {
		return nil, err
	}
	var out []truce.Article
	for q := (truce.ArticleQuery{Story: id}); ; {
		page, err := a.store.Articles(ctx, q)
		if err != nil {
			return nil, err
		}
		if len(page.Rows) == 0 {
			return out, nil
		}
		for _, row := range page.Rows {
			out = append(out, row.Article)
		}
		q.After = page.Rows[len(page.Rows)-1].Mark
	}
}
