package app_test

import (
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/trucewatch/truce/app"
)

// newsPosts are three reports of two courses of things; one is an agency's report that
// another repeats.
var newsPosts = map[string]string{
	"a.md": "---\ntitle: Allies agree to send monitors to the line\ndate: 2026-04-10T08:00:00Z\nlink: https://wire.example/monitors\npublisher: Island Wire\n---\n" +
		"KELVOST (Island Wire) - The allies agreed on Monday to send forty monitors to the contact line at Kelvost.\n\n" +
		"France will send twenty soldiers to Ukraine if the ceasefire holds, President Emmanuel Macron said on Monday.\n\n" +
		"The monitors will work in pairs from the crossing at the old mill and report every evening to the joint room, said the officer who leads them.\n",
	"b.md": "---\ntitle: Monitors to be sent to the line, allies agree\ndate: 2026-04-10T11:00:00Z\nlink: https://post.example/monitors\npublisher: Strait Post\n---\n" +
		"KELVOST (Island Wire) - The allies agreed on Monday to send forty monitors to the contact line at Kelvost.\n\n" +
		"France will send twenty soldiers to Ukraine if the ceasefire holds, President Emmanuel Macron said on Monday.\n\n" +
		"The monitors will work in pairs from the crossing at the old mill and report every evening to the joint room, said the officer who leads them.\n",
	"c.md": "---\ntitle: Flood closes the harbour of Brenhala\ndate: 2026-04-11T09:00:00Z\nlink: https://evening.example/flood\npublisher: Brenhala Evening\n---\n" +
		"The river Ansa rose by two metres in the night and closed the harbour of Brenhala, the port office said. ZEBRAMARKER boats lie in the fields.\n",
}

// pressStudy is a data directory with the posts imported.
func pressStudy(t *testing.T, posts ...string) (dir string) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "study")
	run(t, "init", dir)
	importPosts(t, dir, posts...)
	return dir
}

func importPosts(t *testing.T, dir string, posts ...string) {
	t.Helper()
	folder := t.TempDir()
	for _, name := range posts {
		file := filepath.Join(folder, name)
		if err := os.WriteFile(file, []byte(newsPosts[name]), 0o600); err != nil {
			t.Fatal(err)
		}
		run(t, "import", "--dir", dir, "--format", "post", file)
	}
}

type storiesSum struct {
	Reports  int `json:"reports"`
	Articles int `json:"new_articles"`
	Changed  int `json:"changed_articles"`
	Stories  int `json:"changed_stories"`
	Claims   int `json:"claims"`
}

func updateStories(t *testing.T, dir string) storiesSum {
	t.Helper()
	var sum storiesSum
	if err := json.Unmarshal([]byte(run(t, "stories", "update", "--json", "--dir", dir)), &sum); err != nil {
		t.Fatal(err)
	}
	return sum
}

type listedStory struct {
	ID       string `json:"id"`
	Title    string `json:"title"`
	Articles []struct {
		Publisher string `json:"publisher"`
		Group     string `json:"group"`
		Quote     string `json:"quote"`
	} `json:"articles"`
}

func listStories(t *testing.T, dir string, flags ...string) []listedStory {
	t.Helper()
	var out []listedStory
	if err := json.Unmarshal([]byte(run(t, append([]string{"stories", "list", "--json", "--dir", dir}, flags...)...)), &out); err != nil {
		t.Fatal(err)
	}
	return out
}

func TestStoriesOfAStoreGrowAndAreFound(t *testing.T) {
	dir := pressStudy(t, "a.md", "c.md")
	if sum := updateStories(t, dir); sum.Articles != 2 || sum.Stories != 2 || sum.Claims == 0 {
		t.Fatalf("first update %+v", sum)
	}
	importPosts(t, dir, "b.md")
	if sum := updateStories(t, dir); sum.Articles != 1 || sum.Changed != 1 || sum.Stories != 1 {
		t.Errorf("a copy that came later: %+v, want one new article, one that is now known to be repeated", sum)
	}
	for range 2 {
		if sum := updateStories(t, dir); sum.Articles+sum.Changed+sum.Stories+sum.Claims != 0 {
			t.Errorf("an update with nothing new: %+v", sum)
		}
	}
	all := listStories(t, dir)
	if len(all) != 2 || !strings.Contains(all[0].Title, "Flood") || len(all[1].Articles) != 2 {
		t.Fatalf("stories %+v", all)
	}
	if a := all[1].Articles; a[0].Group == "" || a[0].Group != a[1].Group || !strings.Contains(a[0].Quote, "forty monitors") {
		t.Errorf("the report and its copy: %+v", a)
	}
	for flags, want := range map[string]int{"--words flood": 1, "--words nothing": 0, "--day 2026-04-10": 1, "--publisher Brenhala_Evening": 1, "--lang uk": 0} {
		flag, value, _ := strings.Cut(flags, " ")
		if got := listStories(t, dir, flag, strings.ReplaceAll(value, "_", " ")); len(got) != want {
			t.Errorf("%s: %d stories, want %d", flags, len(got), want)
		}
	}
	shown := run(t, "stories", "show", all[1].ID, "--dir", dir)
	for _, want := range []string{all[1].Title, "Island Wire", "Strait Post", "twenty soldiers", "opened"} {
		if !strings.Contains(shown, want) {
			t.Errorf("the story shows no %q:\n%s", want, shown)
		}
	}
	if got := run(t, "stories", "promises", "--dir", dir); !strings.Contains(got, "France") || !strings.Contains(got, "if the ceasefire holds") {
		t.Errorf("promises:\n%s", got)
	}
}

// A lost index costs time and changes nothing.
func TestStoriesWithoutTheirIndex(t *testing.T) {
	dir := pressStudy(t, "a.md", "c.md")
	updateStories(t, dir)
	before := run(t, "stories", "list", "--json", "--dir", dir)
	for name, write := range map[string]func(string) error{
		"gone": os.Remove, "damaged": func(file string) error { return os.WriteFile(file, []byte("{\"seq\":\"1\"}\nx"), 0o600) },
	} {
		if err := write(filepath.Join(dir, "stories.index")); err != nil {
			t.Fatal(err)
		}
		if sum := updateStories(t, dir); sum.Articles+sum.Changed+sum.Stories != 0 {
			t.Errorf("with an index that is %s the update says %+v", name, sum)
		}
		if after := run(t, "stories", "list", "--json", "--dir", dir); after != before {
			t.Errorf("with an index that is %s the stories are other ones:\n%s", name, after)
		}
	}
	if err := os.Remove(filepath.Join(dir, "stories.index")); err != nil {
		t.Fatal(err)
	}
	importPosts(t, dir, "b.md")
	updateStories(t, dir)
	if all := listStories(t, dir); len(all) != 2 || len(all[1].Articles) != 2 {
		t.Errorf("the copy did not find its story: %+v", all)
	}
}

// The site of a store is that of the same posts in a folder.
func TestExportOfAStore(t *testing.T) {
	dir := pressStudy(t, "a.md", "b.md", "c.md")
	updateStories(t, dir)
	site := filepath.Join(t.TempDir(), "site")
	run(t, "stories", "export", "--hugo", site, "--dir", dir)
	posts, err := filepath.Glob(filepath.Join(site, "content", "stories", "*.md"))
	if err != nil || len(posts) != 2 {
		t.Fatalf("posts %q, %v", posts, err)
	}
	text, err := os.ReadFile(posts[0])
	if err != nil || !strings.Contains(string(text), "Strait Post") || !strings.Contains(string(text), "> KELVOST (Island Wire)") {
		t.Errorf("the post is\n%s\n%v", text, err)
	}
	var errOut strings.Builder
	if code := app.Main([]string{"stories", "export", "--hugo", site, "--profile", "cluster", "--dir", dir}, strings.NewReader(""), io.Discard, &errOut); code == 0 || !strings.Contains(errOut.String(), "--posts") {
		t.Errorf("the cluster profile without a folder: %d, %s", code, errOut.String())
	}
}

func TestAssessGroupsStories(t *testing.T) {
	dir := pressStudy(t, "a.md", "c.md")
	if got := run(t, "assess", "--dir", dir); !strings.Contains(got, "2 new articles in 2 stories") {
		t.Errorf("assess says\n%s", got)
	}
	if got := run(t, "assess", "--dir", dir); strings.Contains(got, "articles") {
		t.Errorf("the second time it says\n%s", got)
	}
	if all := listStories(t, dir); len(all) != 2 {
		t.Errorf("%d stories", len(all))
	}
}
