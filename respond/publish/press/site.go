package press

import (
	"cmp"
	"embed"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/trucewatch/truce"
)

// File is one file of a site, its name relative to the site's folder.
type File struct {
	Name string
	Body []byte
	Keep bool // it is written once and then the site owner's
}

//go:embed all:layouts
var layouts embed.FS

// Site is what a Hugo site of stories is made of: a configuration and layouts, which are
// the owner's once written, and posts and feeds, which are made anew.
func Site(stories []truce.PublicStory, days []Day, cfg Config) ([]File, error) {
	files, err := frame(cfg)
	if err != nil {
		return nil, err
	}
	taken := map[string]truce.ID{}
	for _, s := range byAge(stories) {
		s.Slug = free(slugOf(s), s.ID, taken)
		files = append(files, File{Name: path.Join("content/stories", slugOf(s)+".md"), Body: StoryPost(s, cfg)})
	}
	for _, d := range days {
		body, err := d.Post(cfg)
		if err != nil {
			return nil, err
		}
		files = append(files, File{Name: path.Join("content/days", d.File()), Body: body})
	}
	atom, err := Atom(stories, cfg)
	if err != nil {
		return nil, err
	}
	feed, err := JSON(stories, cfg)
	if err != nil {
		return nil, err
	}
	return append(files, File{Name: "static/atom.xml", Body: atom}, File{Name: "static/feed.json", Body: feed}), nil
}

// frame is what a new site needs beside its posts.
func frame(cfg Config) ([]File, error) {
	w := wordsOf(cfg.Language)
	var b strings.Builder
	b.WriteString("# Settings of the site; yours to change, an export leaves them alone.\n")
	line := func(name, value string) { b.WriteString(name + ": " + value + "\n") }
	line("baseURL", yamlQuoted(cmp.Or(cfg.Base, "https://example.org/")))
	line("title", yamlQuoted(cfg.heading(w)))
	line("languageCode", yamlQuoted(cmp.Or(cfg.Language, "en")))
	b.WriteString("permalinks:\n  stories: /stories/:slug/\n  days: /days/:slug/\n")
	b.WriteString("taxonomies:\n  tag: tags\n  category: categories\n")
	b.WriteString("buildFuture: true # an exercise may play in days to come\n")
	b.WriteString("params:\n  feed: /atom.xml\n")
	files := []File{{Name: "hugo.yaml", Body: []byte(b.String()), Keep: true}}
	err := fs.WalkDir(layouts, "layouts", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		body, err := layouts.ReadFile(name)
		if strings.HasSuffix(name, ".css") {
			name = "static/" + path.Base(name)
		}
		files = append(files, File{Name: name, Body: body, Keep: true})
		return err
	})
	return files, err
}

// byAge are the stories from the oldest: who was first keeps a name that two want.
func byAge(stories []truce.PublicStory) []truce.PublicStory {
	list := slices.Clone(stories)
	slices.SortStableFunc(list, func(a, b truce.PublicStory) int {
		return cmp.Or(cmp.Compare(a.First, b.First), slices.Compare(a.ID[:], b.ID[:]))
	})
	return list
}

// free gives a story the slug, or the slug with the end of its id when another has it.
func free(slug string, id truce.ID, taken map[string]truce.ID) string {
	if _, used := taken[slug]; used {
		text := strings.ToLower(id.String())
		slug = cutSlug(slug, maxSlug-7) + "-" + text[len(text)-6:]
	}
	taken[slug] = id
	return slug
}
