package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/internal/durable"
	"github.com/trucewatch/truce/sense/story"
)

// storiesOptions are the flags of `truce stories`.
type storiesOptions struct {
	posts string
	out   string
	day   string
}

func (c *cli) storiesCommand() *cobra.Command {
	var opt storiesOptions
	cmd := &cobra.Command{
		Use:   "stories --posts DIR --out FILE",
		Short: "Group articles into stories, and read, list and publish them",
		Long: "Reads a folder of posts, texts and saved pages (.md, .txt, .html), finds each article however often it is listed,\n" +
			"and groups the articles into stories. The result is JSON: articles with headline, publisher, url, published and\n" +
			"the posts that carry them, and stories with title, first_seen and their articles by index. What cannot be read is\n" +
			"listed under rejected with file, line and reason. No data directory is needed.\n\n" +
			"The commands below work on a folder the same way, or without --posts on what the data directory has: truce import\n" +
			"and truce feed bring articles in, truce stories update groups them.",
		Example: "  truce stories --posts news --out stories.json\n  truce stories update\n  truce stories list --words monitors",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if opt.posts == "" {
				return cmd.Help()
			}
			return c.runStories(cmd.Context(), opt)
		},
	}
	opt.flags(cmd)
	cmd.Flags().StringVar(&opt.out, "out", "-", "file to write; - is what is printed")
	cmd.AddCommand(c.storiesUpdateCommand(), c.storiesListCommand(), c.storiesShowCommand(), c.storiesPromisesCommand(), c.storiesExportCommand())
	return cmd
}

// flags are those of every command that reads a folder.
func (opt *storiesOptions) flags(cmd *cobra.Command) {
	cmd.Flags().StringVar(&opt.posts, "posts", "", "folder of posts, texts and saved pages, instead of the data directory")
	cmd.Flags().StringVar(&opt.day, "day", "", "day of texts that state none, YYYY-MM-DD (default: today)")
}

// grouped is a folder read and grouped.
type grouped struct {
	folder   *folder
	articles []truce.Article
	stories  []truce.Story // by the time of their first article
}

// group reads a folder and groups its articles, telling how far it is.
func (c *cli) group(ctx context.Context, opt storiesOptions) (grouped, error) {
	day := truce.Day(opt.day)
	if day == "" {
		day = truce.InstantOf(c.now()).Day()
	}
	if _, err := day.Start(time.UTC); err != nil {
		return grouped{}, fmt.Errorf("--day: %w", err)
	}
	f, err := readFolder(opt.posts, day)
	if err != nil {
		return grouped{}, err
	}
	c.tellFolder(f, day)
	g := grouped{folder: f, articles: story.Articles(f.reports, story.Config{})}
	g.stories, err = storiesOf(ctx, g.articles)
	return g, err
}

// tellFolder says what a reader should know before trusting the result.
func (c *cli) tellFolder(f *folder, day truce.Day) {
	const shown = 5
	for i, r := range f.rejected {
		if i == shown {
			fmt.Fprintf(c.err, "note: %d more rows were not read; all stand under rejected\n", len(f.rejected)-shown)
			break
		}
		fmt.Fprintf(c.err, "note: %s, line %d was not read: %s\n", r.File, r.Line, r.Reason)
	}
	if n := len(f.undated); n > 0 {
		fmt.Fprintf(c.err, "note: %s without a day, taken to be of %s; name another with --day\n", plural(n, "text"), day)
	}
	if f.passed.files > 0 {
		fmt.Fprintf(c.err, "note: %s of other kinds passed over, %s first; posts, texts and saved pages end in %s\n", plural(f.passed.files, "file"), f.passed.first,
			strings.Join(slices.Concat(textEndings, pageEndings), ", "))
	}
	if n := len(f.recoded); n > 0 {
		fmt.Fprintf(c.err, "note: %s not in UTF-8, read as Windows-1252 or Windows-1251\n", plural(n, "file"))
	}
}

// storiesJSON is what `truce stories --posts` writes.
type storiesJSON struct {
	Articles []articleJSON     `json:"articles"`
	Stories  []storyJSON       `json:"stories"`
	Rejected []truce.Rejection `json:"rejected,omitempty"`
}

type articleJSON struct {
	Headline  string   `json:"headline"`
	Publisher string   `json:"publisher"`
	URL       string   `json:"url"`
	Published string   `json:"published"`
	Language  string   `json:"language,omitempty"`
	Group     string   `json:"group,omitempty"`  // of articles that repeat one report
	Agency    string   `json:"agency,omitempty"` // whose report it repeats as it says itself
	Posts     []string `json:"posts"`
}

type storyJSON struct {
	ID        string   `json:"id"`
	Title     string   `json:"title"`
	FirstSeen string   `json:"first_seen"`
	LastSeen  string   `json:"last_seen"`
	Articles  []int    `json:"articles"`
	Tags      []string `json:"tags,omitempty"`
	Places    []string `json:"places,omitempty"`
}

func (c *cli) runStories(ctx context.Context, opt storiesOptions) error {
	g, err := c.group(ctx, opt)
	if err != nil {
		return err
	}
	err = writeTo(c.out, opt.out, func(w io.Writer) error { return printJSON(w, g.json()) })
	if err == nil && opt.out != "-" {
		fmt.Fprintf(c.err, "%s in %s, from %s in %s\n", plural(len(g.articles), "article"), plural(len(g.stories), "story"), plural(len(g.folder.reports), "report"), opt.posts)
	}
	return err
}

// writeTo writes a file whole or not at all; - is the given writer.
func writeTo(out io.Writer, name string, write func(io.Writer) error) error {
	if name == "-" {
		return write(out)
	}
	file, err := durable.Begin(durable.OS{}, filepath.Dir(name))
	if err != nil {
		return err
	}
	if err := write(file); err != nil {
		return errors.Join(err, file.Discard())
	}
	return file.Replace(name, 0o644)
}

func (g grouped) json() storiesJSON {
	out := storiesJSON{Articles: []articleJSON{}, Stories: []storyJSON{}, Rejected: g.folder.rejected}
	at := map[truce.ID]int{}
	for i, a := range g.articles {
		at[a.ID] = i
		posts := a.Posts
		slices.Sort(posts)
		out.Articles = append(out.Articles, articleJSON{a.Headline, a.Publisher, a.URL, stamp(a.Published.From), a.Language, a.Group, a.Agency, posts})
	}
	for _, s := range g.stories {
		var list []int
		for _, id := range s.Articles {
			list = append(list, at[id])
		}
		out.Stories = append(out.Stories, storyJSON{s.ID.String(), s.Title, stamp(s.First), stamp(s.Last), list, s.Tags, s.Places})
	}
	return out
}

func stamp(t truce.Instant) string { return t.Time().Format(time.RFC3339) }
