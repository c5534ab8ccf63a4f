package app

import (
	"context"
	"encoding/json"
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
	"github.com/trucewatch/truce/respond/publish/press"
)

// exportOptions are the flags of `truce stories export`.
type exportOptions struct {
	storiesOptions
	hugo     string
	profile  string
	title    string
	author   string
	base     string
	language string
	epoch    string
	exercise bool
}

// The profiles of an export.
const (
	profileStories = "stories"
	profileCluster = "cluster"
)

func (c *cli) storiesExportCommand() *cobra.Command {
	var opt exportOptions
	cmd := &cobra.Command{
		Use:   "export --hugo SITE",
		Short: "Write stories as a Hugo site with feeds and the key events of each day",
		Long: "Writes one post a story, a post with the key events of each day, an Atom and a JSON feed, and for a new site a\n" +
			"configuration and layouts, which are left alone afterwards. A story that is renamed keeps its old address as a\n" +
			"redirect. No more of a text is passed on than headline, publisher, link, date and one sentence of 200 characters.\n" +
			"The profile cluster writes one post for each list of headlines instead, of the shape that simple feed-to-site\n" +
			"programs give them, byte for byte.",
		Example: "  truce stories export --hugo site --base https://news.example.org/\n" +
			"  truce stories export --posts news --hugo copy --profile cluster",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return c.runStoriesExport(cmd, opt) },
	}
	opt.flags(cmd)
	flags := cmd.Flags()
	flags.StringVar(&opt.hugo, "hugo", "", "folder of the site; it is made where it is not there")
	flags.StringVar(&opt.profile, "profile", profileStories, "stories, or cluster")
	flags.StringVar(&opt.title, "title", "Press review", "title of the site")
	flags.StringVar(&opt.author, "author", "", "who speaks in the feeds (default: the title)")
	flags.StringVar(&opt.base, "base", "https://example.org/", "address of the site")
	flags.StringVar(&opt.language, "lang", "en", "language of our own words: en or uk")
	flags.StringVar(&opt.epoch, "epoch", "", "day 0 of the key events' day number, YYYY-MM-DD, e.g. 2022-02-24 (default: no number)")
	flags.BoolVar(&opt.exercise, "exercise", false, "mark everything as an exercise")
	must(cmd.MarkFlagRequired("hugo"))
	return cmd
}

func (opt *exportOptions) validate() error {
	switch {
	case opt.profile != profileStories && opt.profile != profileCluster:
		return fmt.Errorf("--profile %q: choose stories or cluster", opt.profile)
	case opt.profile == profileCluster && opt.posts == "":
		return fmt.Errorf("--profile cluster writes the posts of a folder again: name it with --posts")
	case opt.language != "en" && opt.language != "uk":
		return fmt.Errorf("--lang %q: choose en or uk", opt.language)
	case !strings.HasPrefix(opt.base, "https://") && !strings.HasPrefix(opt.base, "http://"):
		return fmt.Errorf("--base %q: write the address of the site, e.g. https://news.example.org/", opt.base)
	}
	if !strings.HasSuffix(opt.base, "/") {
		opt.base += "/"
	}
	if _, err := truce.Day(opt.epoch).Start(time.UTC); opt.epoch != "" && err != nil {
		return fmt.Errorf("--epoch: %w", err)
	}
	return nil
}

func (c *cli) runStoriesExport(cmd *cobra.Command, opt exportOptions) error {
	if err := opt.validate(); err != nil {
		return usageError(cmd, "%w", err)
	}
	if opt.profile == profileCluster {
		return c.exportClusters(opt)
	}
	stories, exercise, err := c.storiesToExport(cmd.Context(), opt)
	if err != nil {
		return err
	}
	opt.exercise = opt.exercise || exercise
	return c.exportSite(cmd.Context(), stories, opt)
}

// storiesToExport are those of a folder or of the data directory, and whether that is an
// exercise.
func (c *cli) storiesToExport(ctx context.Context, opt exportOptions) (stories []truce.PublicStory, exercise bool, err error) {
	if opt.posts != "" {
		g, err := c.group(ctx, opt.storiesOptions)
		return g.public(), false, err
	}
	a, err := c.openReading(ctx)
	if err != nil {
		return nil, false, err
	}
	defer a.Close()
	err = a.publicStories(ctx, truce.StoryQuery{}, func(s truce.PublicStory) error {
		stories = append(stories, s)
		return nil
	})
	return stories, a.store.Realm().Exercise(), err
}

// exportSite writes public stories as a site.
func (c *cli) exportSite(ctx context.Context, stories []truce.PublicStory, opt exportOptions) error {
	names, err := readSlugs(opt.hugo)
	if err != nil {
		return err
	}
	names.nameAll(stories)
	cfg := press.Config{Title: opt.title, Author: opt.author, Base: opt.base, Language: opt.language, Exercise: opt.exercise}
	files, err := press.Site(stories, keyDays(stories, truce.Day(opt.epoch)), cfg)
	if err != nil {
		return err
	}
	list, err := names.file()
	if err != nil {
		return err
	}
	written, err := writeSite(ctx, opt.hugo, append(files, list))
	if err != nil {
		return err
	}
	removed, err := removeOld(opt.hugo, files)
	if err == nil {
		fmt.Fprintf(c.err, "%s: %s written to %s, %d of stories that are no more removed; build it with hugo --source %s\n", plural(len(stories), "story"), plural(written, "file"), opt.hugo, removed, opt.hugo)
	}
	return err
}

// keyDays are the days on which something was told, with the stories of each.
func keyDays(stories []truce.PublicStory, epoch truce.Day) []press.Day {
	byDay := map[truce.Day][]truce.PublicStory{}
	for _, s := range stories {
		var seen []truce.Day
		for _, a := range s.Articles {
			if day := a.Published.Day(); !slices.Contains(seen, day) {
				seen = append(seen, day)
				byDay[day] = append(byDay[day], s)
			}
		}
	}
	var out []press.Day
	for day, list := range byDay {
		out = append(out, press.Day{Day: day, Number: dayNumber(day, epoch), Stories: list})
	}
	slices.SortFunc(out, func(a, b press.Day) int { return strings.Compare(string(a.Day), string(b.Day)) })
	return out
}

// dayNumber counts days since an epoch, which is day 0.
func dayNumber(day, epoch truce.Day) int {
	from, err := epoch.Start(time.UTC)
	to, err2 := day.Start(time.UTC)
	if epoch == "" || err != nil || err2 != nil || to < from {
		return 0
	}
	return int(to.Sub(from) / (24 * time.Hour))
}

// writeSite writes the files of a site; those that are the owner's only where they are
// missing.
func writeSite(ctx context.Context, dir string, files []press.File) (written int, err error) {
	for _, f := range files {
		name := filepath.Join(dir, filepath.FromSlash(f.Name))
		if _, err := os.Stat(name); f.Keep && err == nil {
			continue
		}
		if same, err := os.ReadFile(name); err == nil && string(same) == string(f.Body) {
			continue
		}
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			return written, err
		}
		if err := os.WriteFile(name, f.Body, 0o644); err != nil {
			return written, err
		}
		written++
		if ctx.Err() != nil {
			return written, ctx.Err()
		}
	}
	return written, nil
}

// removeOld removes the posts of stories that an earlier export wrote and that are no more:
// merged, renamed or split. Posts of others in the folder have no id of ours and stay.
func removeOld(dir string, files []press.File) (removed int, err error) {
	keep := map[string]bool{}
	for _, f := range files {
		keep[filepath.Join(dir, filepath.FromSlash(f.Name))] = true
	}
	folder := filepath.Join(dir, "content", "stories")
	list, err := os.ReadDir(folder)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	for _, entry := range list {
		name := filepath.Join(folder, entry.Name())
		if keep[name] || !entry.Type().IsRegular() || !isOurs(name) {
			continue
		}
		if err := os.Remove(name); err != nil {
			return removed, err
		}
		removed++
	}
	return removed, err
}

// isOurs says whether a post was written by an export: it has our id in its front matter.
func isOurs(name string) bool {
	raw, err := os.ReadFile(name)
	front, _, found := strings.Cut(strings.TrimPrefix(string(raw), "---\n"), "\n---\n")
	return err == nil && found && strings.Contains(front, "\ntruce: \"")
}

// slugs are the addresses under which an earlier export wrote stories, by their ids.
type slugs struct {
	Stories map[string][]string `json:"stories"` // the newest last
	Links   map[string]string   `json:"links"`   // the story that an article's link stood in
}

// slugFile lies in the site, so that the site alone is enough to go on from.
const slugFile = "data/truce-stories.json"

func readSlugs(dir string) (slugs, error) {
	s := slugs{Stories: map[string][]string{}, Links: map[string]string{}}
	raw, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(slugFile)))
	if errors.Is(err, fs.ErrNotExist) {
		return s, nil
	}
	if err == nil {
		err = json.Unmarshal(raw, &s)
	}
	if err != nil {
		return s, fmt.Errorf("%s: %w; it keeps the addresses of stories: bring it back from a copy, or remove it and lose their redirects", filepath.Join(dir, slugFile), err)
	}
	if s.Stories == nil {
		s.Stories = map[string][]string{}
	}
	if s.Links == nil {
		s.Links = map[string]string{}
	}
	return s, nil
}

// nameAll gives every story its address.
func (s slugs) nameAll(stories []truce.PublicStory) {
	stand := map[string]bool{}
	for _, story := range stories {
		stand[story.ID.String()] = true
	}
	for i := range stories {
		s.follow(&stories[i], stand)
		s.name(&stories[i])
	}
}

// follow adds to a story those of an earlier export whose articles it has now and that are no
// more: a folder that is grouped anew has no memory of its own of what went into what.
func (s slugs) follow(story *truce.PublicStory, stand map[string]bool) {
	id := story.ID.String()
	for _, a := range story.Articles {
		if a.Link == "" {
			continue
		}
		if was := s.Links[a.Link]; was != "" && !stand[was] && !slices.Contains(story.Was, was) {
			story.Was = append(story.Was, was)
		}
		s.Links[a.Link] = id
	}
}

// name gives a story its address and those it had before.
func (s slugs) name(story *truce.PublicStory) {
	id := story.ID.String()
	now := press.Slug(story.Title)
	if now == "" {
		now = strings.ToLower(id)
	}
	before := slices.DeleteFunc(s.Stories[id], func(old string) bool { return old == now })
	for _, was := range story.Was { // ids of the stories it took in
		before = append(before, s.Stories[was]...)
	}
	slices.Sort(before)
	story.Slug, story.Was = now, slices.DeleteFunc(slices.Compact(before), func(old string) bool { return old == now })
	s.Stories[id] = append(slices.Clone(story.Was), now)
}

func (s slugs) file() (press.File, error) {
	body, err := json.MarshalIndent(s, "", " ")
	return press.File{Name: slugFile, Body: append(body, '\n')}, err
}
