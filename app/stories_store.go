package app

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/sense/story/claim"
)

func (c *cli) storiesUpdateCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "update",
		Short: "Group what was imported or fetched since the last time",
		Long: "Makes articles of the reports of feeds, posts and pages that are new, groups them into stories, and reads what\n" +
			"they claim, each with its sentence. truce assess does the same. Running it twice changes nothing.",
		Example: "  truce stories update --dir mission", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			a, err := c.open(cmd.Context())
			if err != nil {
				return err
			}
			defer a.Close()
			sum, err := a.UpdateStories(cmd.Context())
			if err != nil {
				return err
			}
			if c.asJSON {
				return printJSON(c.out, sum)
			}
			_, err = fmt.Fprintln(c.out, sum)
			return err
		},
	}
	c.jsonFlag(cmd)
	return cmd
}

// String is the sum in a line.
func (s StoriesSum) String() string {
	if s.Articles+s.Changed+s.Stories == 0 {
		return "no new articles"
	}
	out := fmt.Sprintf("%s in %s, %s read", plural(s.Articles, "new article"), plural(s.Stories, "story"), plural(s.Claims, "claim"))
	if s.Changed > 0 {
		out += fmt.Sprintf(", %d articles known before changed", s.Changed)
	}
	return out
}

// storyListOptions are the flags of `truce stories list`.
type storyListOptions struct {
	words, day, language, publisher string
	limit                           int
	format                          string
}

func (c *cli) storiesListCommand() *cobra.Command {
	var opt storyListOptions
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List stories, those told of last first",
		Long: "Lists the stories of the data directory. --words finds those that have all words, in any order and case, in\n" +
			"title, tags, names and places or in one of their articles. A word is found in all its forms; \"two words\" in quotes\n" +
			"stand beside each other, in any form too. A * behind the begin of a word, without its ending, stands for all that\n" +
			"begin so: bomb* finds bombardment.",
		Example: "  truce stories list --words monitors --lang uk\n  truce stories list --day 2026-01-07 --json", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if c.asJSON {
				opt.format = "json"
			}
			q, err := opt.query()
			if err != nil {
				return usageError(cmd, "%w", err)
			}
			return c.runStoriesList(cmd.Context(), q, opt)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&opt.words, "words", "", "only stories with these words")
	flags.StringVar(&opt.day, "day", "", "only stories told of on this day (UTC), YYYY-MM-DD")
	flags.StringVar(&opt.language, "lang", "", "only stories told in this language, e.g. uk")
	flags.StringVar(&opt.publisher, "publisher", "", "only stories told by this publisher")
	flags.IntVar(&opt.limit, "limit", 50, "at most this many stories (0: all)")
	flags.StringVar(&opt.format, "format", "table", "table, json or csv")
	c.jsonFlag(cmd)
	must(cmd.RegisterFlagCompletionFunc("format", cobra.FixedCompletions(promiseFormats, cobra.ShellCompDirectiveNoFileComp)))
	return cmd
}

func (opt storyListOptions) query() (truce.StoryQuery, error) {
	q := truce.StoryQuery{Words: opt.words, Language: opt.language, Publisher: opt.publisher}
	if opt.limit < 0 {
		return q, fmt.Errorf("--limit %d: want a number from 0", opt.limit)
	}
	err := onDay(&q, truce.Day(opt.day))
	if err != nil {
		err = fmt.Errorf("--day: %w", err)
	}
	return q, err
}

// onDay asks for stories told of on a UTC day; "" for any.
func onDay(q *truce.StoryQuery, day truce.Day) error {
	if day == "" {
		return nil
	}
	from, err := day.Start(time.UTC)
	q.ToldFrom, q.ToldTo = from, from.Add(24*time.Hour)
	return err
}

// errEnough ends a list that is long enough.
var errEnough = fmt.Errorf("enough was listed")

func (c *cli) runStoriesList(ctx context.Context, q truce.StoryQuery, opt storyListOptions) error {
	a, err := c.openReading(ctx)
	if err != nil {
		return err
	}
	defer a.Close()
	stories := []truce.PublicStory{}
	err = a.publicStories(ctx, q, func(s truce.PublicStory) error {
		stories = append(stories, s)
		if len(stories) == opt.limit {
			return errEnough
		}
		return nil
	})
	if err != nil && err != errEnough {
		return err
	}
	l := listing{Columns: []string{"story", "first", "last", "articles", "independent", "title"}, Objects: stories}
	for _, s := range stories {
		l.Rows = append(l.Rows, []string{s.ID.String(), string(s.First.Day()), string(s.Last.Day()), fmt.Sprint(len(s.Articles)), fmt.Sprint(s.Reports()), s.Title})
	}
	switch {
	case len(stories) == 0:
		l.Note = "No story matches. Import posts, feeds or pages and run: truce stories update"
	case err == errEnough:
		l.Note = fmt.Sprintf("The first %d are listed; --limit 0 lists all.", len(stories))
	}
	return l.print(c.out, opt.format)
}

func (c *cli) storiesShowCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "show STORY",
		Short: "Show a story: its articles, what they claim, and how it grew",
		Long: "Shows a story with its articles in order of time, what was read out of them with the sentences, and its life:\n" +
			"opened, merged, split, renamed. Of a story that was merged the one it went into is shown.",
		Example: "  truce stories show 01KDZ3V5QJ8ZJ0M2B7R4T6W9XC", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			a, err := c.openReading(cmd.Context())
			if err != nil {
				return err
			}
			defer a.Close()
			s, err := a.wholeStory(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			if c.asJSON {
				return printJSON(c.out, s)
			}
			_, err = fmt.Fprint(c.out, s.text())
			return err
		},
	}
	c.jsonFlag(cmd)
	return cmd
}

// wholeStory is a story with all that is known of it.
type wholeStory struct {
	truce.PublicStory
	Entities []truce.Entity        `json:"entities,omitempty"`
	Claims   []truce.ReportedClaim `json:"claims,omitempty"`
	Steps    []truce.StoryStep     `json:"steps"`
}

// maxMergers is how many mergers one after another are followed from an old story.
const maxMergers = 100

// standingStory is the story that an id leads to, through mergers.
func (a *App) standingStory(ctx context.Context, text string) (truce.Story, error) {
	id, err := truce.ParseID(text)
	if err != nil {
		return truce.Story{}, truce.Errorf(truce.CodeNotFound, "there is no story %.80q; truce stories list shows their ids", text)
	}
	for range maxMergers {
		row, err := a.store.Story(ctx, id)
		if err != nil || row.Story.Into.IsZero() {
			return row.Story, err
		}
		id = row.Story.Into
	}
	return truce.Story{}, truce.Errorf(truce.CodeInternal, "story %s went through more than %d mergers", text, maxMergers)
}

func (a *App) wholeStory(ctx context.Context, text string) (wholeStory, error) {
	s, err := a.standingStory(ctx, text)
	if err != nil {
		return wholeStory{}, err
	}
	out := wholeStory{Entities: s.Entities}
	if out.PublicStory, err = a.publicStory(ctx, s); err != nil {
		return out, err
	}
	err = a.store.StoryClaims(ctx, s.ID, func(c truce.ReportedClaim) error {
		out.Claims = append(out.Claims, c)
		return nil
	})
	if err == nil {
		out.Steps, err = a.store.StorySteps(ctx, s.ID)
	}
	return out, err
}

// text is the story for a terminal.
func (s wholeStory) text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n%s to %s, %d articles, %d independent as far as is known\n", s.Title, s.First.Day(), s.Last.Day(), len(s.Articles), s.Reports())
	if len(s.Tags) > 0 {
		fmt.Fprintf(&b, "tags: %s\n", strings.Join(s.Tags, ", "))
	}
	b.WriteString("\n")
	for _, r := range s.ByReport() {
		fmt.Fprintf(&b, "%s  %s (%s) %s\n", stamp(r.Published), r.Headline, r.Publisher, r.Link)
		if r.Quote != "" {
			fmt.Fprintf(&b, "    %q\n", r.Quote)
		}
		for _, copied := range r.Copies {
			fmt.Fprintf(&b, "    the same report: %s %s\n", copied.Publisher, copied.Link)
		}
	}
	if len(s.Claims) > 0 {
		b.WriteString("\nclaims:\n")
	}
	for _, c := range s.Claims {
		fmt.Fprintf(&b, "  %s, sure by %.0f %%: %s\n    %s, %q\n", claimKind(c.Claim), 100*c.Claim.Confidence, claimWords(c.Claim, "en"), c.Article.Publisher, c.Claim.Quote.Sentence)
	}
	b.WriteString("\nlife:\n")
	for _, step := range s.Steps {
		fmt.Fprintf(&b, "  %s %s", stamp(step.At), step.Kind)
		if step.Why != "" {
			fmt.Fprintf(&b, ": %s", step.Why)
		}
		b.WriteString("\n")
	}
	return b.String()
}

func claimKind(c truce.Claim) string {
	if c.Kind == "" {
		return string(truce.ClaimEvent)
	}
	return strings.ReplaceAll(string(c.Kind), "_", " ")
}

// claimWords says in a line what a claim says.
func claimWords(c truce.Claim, lang string) string {
	if s := c.Said; s != nil {
		out := claim.Name(s.Actor, lang) + ": " + claim.Name(s.Subject, lang)
		if s.What != "" {
			out = claim.Name(s.Actor, lang) + ": " + s.What
		}
		return out
	}
	var parts []string
	if c.Count > 0 {
		parts = append(parts, fmt.Sprint(c.Count))
	}
	if c.Act != "" {
		parts = append(parts, strings.ReplaceAll(string(c.Act), "_", " "))
	}
	if c.PlaceName != "" {
		parts = append(parts, c.PlaceName)
	}
	return strings.Join(parts, ", ")
}
