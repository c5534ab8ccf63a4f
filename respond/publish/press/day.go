package press

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/trucewatch/truce"
)

// Day is the key events of one day.
type Day struct {
	Day     truce.Day
	Number  int                 // of the day, as the agreement or the press counts; 0: not counted
	Stories []truce.PublicStory // of which something was told on the day; in any order
}

// title is "Key events, day 1,413".
func (d Day) title(w words) string {
	if d.Number == 0 {
		return w.keyEvents + ", " + string(d.Day)
	}
	return w.keyEvents + ", " + w.day + " " + grouped(d.Number)
}

// grouped writes a number with commas, as the press counts days.
func grouped(n int) string {
	text := fmt.Sprint(n)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}

// File is the post's name in a folder of posts.
func (d Day) File() string { return "key-events-" + string(d.Day) + ".md" }

// ranked are the stories by how many independent reports tell them, then by name.
func (d Day) ranked() []truce.PublicStory {
	list := slices.Clone(d.Stories)
	slices.SortStableFunc(list, func(a, b truce.PublicStory) int {
		return cmp.Or(cmp.Compare(b.Reports(), a.Reports()), cmp.Compare(b.Publishers(), a.Publishers()),
			cmp.Compare(a.First, b.First), strings.Compare(slugOf(a), slugOf(b)))
	})
	return list
}

// Post writes the key events as a post. Its list links to the posts of the stories.
func (d Day) Post(cfg Config) ([]byte, error) {
	from, to, err := d.bounds()
	if err != nil {
		return nil, err
	}
	w := wordsOf(cfg.Language)
	title := d.title(w)
	if cfg.Exercise {
		title = w.exercise + ": " + title
	}
	list := d.ranked()
	var b strings.Builder
	b.WriteString("---\n")
	line := func(name, value string) { b.WriteString(name + ": " + value + "\n") }
	line("title", yamlQuoted(title))
	line("date", stamp(to.Add(-1)))
	line("description", yamlQuoted(d.summary(list)))
	line("summary", yamlQuoted(d.summary(list)))
	line("slug", yamlQuoted("key-events-"+string(d.Day)))
	line("image", "''")
	line("link", "''")
	line("source", yamlSingle(cfg.Author))
	yamlList(&b, "categories", []string{w.keyEvents})
	yamlList(&b, "tags", d.tags(list))
	line("draft", "false")
	b.WriteString("---\n\n")
	if cfg.Exercise {
		b.WriteString("**" + w.exercise + "**\n\n")
	}
	b.WriteString(w.unchecked + "\n\n")
	for i, s := range list[:min(len(list), MaxDayStories)] {
		b.WriteString(fmt.Sprintf("%d. [%s](../../stories/%s/) — %s\n", i+1, marked(s.Title), slugOf(s), marked(counted(s.On(from, to), w))))
	}
	if more := len(list) - MaxDayStories; more > 0 {
		fmt.Fprintf(&b, "\n%s: %d\n", w.more, more)
	}
	return []byte(b.String()), nil
}

// bounds is the day in UTC.
func (d Day) bounds() (from, to truce.Instant, err error) {
	if from, err = d.Day.Start(time.UTC); err != nil {
		return 0, 0, err
	}
	to, err = d.Day.AddDays(1).Start(time.UTC)
	return from, to, err
}

// summary is the first stories' titles.
func (d Day) summary(list []truce.PublicStory) string {
	var titles []string
	for _, s := range list[:min(len(list), 3)] {
		titles = append(titles, s.Title)
	}
	return strings.Join(titles, "; ")
}

// tags are those of the first stories, each once.
func (d Day) tags(list []truce.PublicStory) []string {
	var out []string
	for _, s := range list[:min(len(list), MaxDayStories)] {
		for _, tag := range s.Tags[:min(len(s.Tags), 2)] {
			if len(out) < maxTags && !slices.Contains(out, tag) {
				out = append(out, tag)
			}
		}
	}
	return out
}
