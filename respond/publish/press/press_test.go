package press_test

import (
	"encoding/json"
	"encoding/xml"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/internal/bounded"
	"github.com/trucewatch/truce/respond/publish/press"
)

func at(day, hour int) truce.Instant {
	return truce.InstantOf(time.Date(2031, 3, day, hour, 0, 0, 0, time.UTC))
}

func id(name string) truce.ID { return truce.NewID(at(1, 0), "story", "test", []byte(name)) }

// pledges is a story of four articles, two of which repeat an agency's report.
func pledges() truce.PublicStory {
	return truce.PublicStory{
		ID: id("pledges"), Title: "Allies pledge monitors for the line", Was: []string{"allies-meet"}, First: at(10, 8), Last: at(11, 9),
		Tags: []string{"security guarantees", "ceasefire verification"},
		Articles: []truce.PublicArticle{
			{Headline: "Minister: no troops", Publisher: "Gazette", Link: "https://gazette.example/3", Published: at(11, 9), Quote: "“We will send no troops,” the minister said."},
			{Headline: "Allies pledge monitors for the line", Publisher: "Agency", Link: "https://agency.example/1", Published: at(10, 8), Group: "g"},
			{Headline: "Allies pledge monitors", Publisher: "Copyist", Link: "https://copy.example/2", Published: at(10, 9), Group: "g", Agency: "Agency"},
			{Headline: "Союзники обіцяють спостерігачів", Publisher: "Вісник", Link: "https://visnyk.example/4", Published: at(10, 12), Language: "uk"},
		},
	}
}

func hostile() truce.PublicStory {
	return truce.PublicStory{
		ID: id("hostile"), Title: "---\ntitle: \"x\" {{< evil >}} <script>alert(1)</script> [a](javascript:1)", First: at(11, 1), Last: at(11, 1),
		Tags: []string{"it's: 'quoted'", "{{ tag }}"},
		Articles: []truce.PublicArticle{{Headline: "{{% shortcode %}} <b>bold</b> *star* [x](y)", Publisher: "<i>P</i>", Link: "javascript:alert(1)", Published: at(11, 1),
			Quote: strings.Repeat("Слово ", 100)}},
	}
}

func site() press.Config {
	return press.Config{Title: "Press review", Author: "The mission", Base: "https://news.example.org/"}
}

func TestStoryPost(t *testing.T) {
	got := string(press.StoryPost(pledges(), site()))
	want, err := os.ReadFile("testdata/story.golden.md")
	if os.Getenv("UPDATE") != "" {
		err = os.WriteFile("testdata/story.golden.md", []byte(got), 0o644)
		want = []byte(got)
	}
	if err != nil || got != string(want) {
		t.Errorf("%v; the post is\n%s", err, got)
	}
}

func TestCounts(t *testing.T) {
	s := pledges()
	if s.Publishers() != 4 || s.Reports() != 3 {
		t.Errorf("%d publishers, %d reports, want 4 and 3: two articles repeat one report", s.Publishers(), s.Reports())
	}
}

func TestFrontMatterHasItsNamesAndIsYAML(t *testing.T) {
	day := press.Day{Day: "2031-03-11", Number: 1413, Stories: []truce.PublicStory{pledges(), hostile()}}
	dayPost, err := day.Post(site())
	if err != nil {
		t.Fatal(err)
	}
	for name, post := range map[string][]byte{"story": press.StoryPost(pledges(), site()), "hostile": press.StoryPost(hostile(), site()), "day": dayPost} {
		parts := strings.SplitN(string(post), "---\n", 3)
		if len(parts) != 3 || parts[0] != "" {
			t.Fatalf("%s: no front matter in\n%s", name, post)
		}
		var front map[string]any
		if err := bounded.YAML([]byte(parts[1]), bounded.YAMLLimits{Bytes: 1 << 16, Depth: 5, Nodes: 1000, Aliases: -1}, &front); err != nil {
			t.Errorf("%s: %v in\n%s", name, err, parts[1])
		}
		for _, field := range strings.Split("title date description summary slug image link source categories tags draft", " ") {
			if _, there := front[field]; !there {
				t.Errorf("%s: no %s in the front matter", name, field)
			}
		}
		if strings.Contains(parts[2], "<script") || strings.Contains(parts[2], "{{") || strings.Contains(parts[2], "](<javascript") {
			t.Errorf("%s: marks of others in the body:\n%s", name, parts[2])
		}
	}
	if !strings.Contains(string(dayPost), `title: "Key events, day 1,413"`) {
		t.Errorf("no day number in\n%s", dayPost)
	}
}

func TestSlug(t *testing.T) {
	for title, want := range map[string]string{
		"US backs ‘guarantees’ for Ukraine’s allies": "us-backs-guarantees-for-ukraines-allies",
		"Зеленський: гарантії безпеки готові":        "zelenskyi-harantii-bezpeky-hotovi",
		"  Café —  déjà vu ":                         "cafe-deja-vu",
		"?!":                                         "",
		strings.Repeat("word ", 40):                  strings.TrimSuffix(strings.Repeat("word-", 16), "-"),
	} {
		if got := press.Slug(title); got != want {
			t.Errorf("%q: slug %q, want %q", title, got, want)
		}
	}
}

func TestTwoStoriesOfOneTitleHaveTwoAddresses(t *testing.T) {
	older, newer := pledges(), pledges()
	newer.ID, newer.First = id("other"), at(12, 1)
	names := func(stories ...truce.PublicStory) map[string]bool {
		files, err := press.Site(stories, nil, site())
		if err != nil {
			t.Fatal(err)
		}
		out := map[string]bool{}
		for _, f := range files {
			if out[f.Name] {
				t.Errorf("%s is written twice", f.Name)
			}
			out[f.Name] = true
		}
		return out
	}
	one, two := names(older, newer), names(newer, older)
	if !one["content/stories/allies-pledge-monitors-for-the-line.md"] || len(one) != len(two) {
		t.Errorf("%v", one)
	}
	for name := range one {
		if !two[name] {
			t.Errorf("%s depends on the order of the stories", name)
		}
	}
}

func TestFeeds(t *testing.T) {
	stories := []truce.PublicStory{pledges(), hostile()}
	atom, err := press.Atom(stories, site())
	if err != nil {
		t.Fatal(err)
	}
	var feed struct {
		Entries []struct {
			ID      string `xml:"id"`
			Updated string `xml:"updated"`
		} `xml:"entry"`
	}
	if err := xml.Unmarshal(atom, &feed); err != nil || len(feed.Entries) != 2 || feed.Entries[0].ID != "urn:truce:story:"+id("pledges").String() {
		t.Errorf("%v: %s", err, atom)
	}
	raw, err := press.JSON(stories, site())
	if err != nil {
		t.Fatal(err)
	}
	var list struct {
		Version string
		Items   []struct {
			ID    string `json:"id"`
			URL   string `json:"url"`
			Title string `json:"title"`
		}
	}
	if err := json.Unmarshal(raw, &list); err != nil || len(list.Items) != 2 || list.Items[0].URL != "https://news.example.org/stories/allies-pledge-monitors-for-the-line/" {
		t.Errorf("%v: %s", err, raw)
	}
}

// TestFeedsOfNoWholeAddress: addresses are of the site a feed was fetched from, and its name
// stays the same wherever that is.
func TestFeedsOfNoWholeAddress(t *testing.T) {
	cfg := press.Config{Title: "Press review", Base: "/", Feeds: "press/"}
	atom, err := press.Atom([]truce.PublicStory{pledges()}, cfg)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"<id>urn:truce:press:Press%20review</id>", `href="/press/atom.xml"`, `href="/stories/allies-pledge-monitors-for-the-line/"`} {
		if !strings.Contains(string(atom), want) {
			t.Errorf("no %s in %s", want, atom)
		}
	}
	raw, err := press.JSON([]truce.PublicStory{pledges()}, cfg)
	if err != nil || strings.Contains(string(raw), "_url\"") || !strings.Contains(string(raw), `"url": "/stories/allies-pledge-monitors-for-the-line/"`) {
		t.Errorf("%v: %s", err, raw)
	}
}

func TestExerciseIsMarkedEverywhere(t *testing.T) {
	cfg := site()
	cfg.Exercise = true
	files, err := press.Site([]truce.PublicStory{pledges()}, []press.Day{{Day: "2031-03-11", Stories: []truce.PublicStory{pledges()}}}, cfg)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if !strings.HasPrefix(f.Name, "layouts/") && !strings.HasSuffix(f.Name, ".css") && !strings.Contains(string(f.Body), "EXERCISE") {
			t.Errorf("%s is not marked", f.Name)
		}
	}
}

// Hugo builds the site, keeps the old address of a renamed story and lets nothing of a
// hostile headline through.
func TestHugoBuildsTheSite(t *testing.T) {
	hugo, err := exec.LookPath("hugo")
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("hugo is not installed")
		}
		t.Skip("hugo is not installed")
	}
	files, err := press.Site([]truce.PublicStory{pledges(), hostile()}, []press.Day{{Day: "2031-03-11", Number: 1413, Stories: []truce.PublicStory{pledges()}}}, site())
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for _, f := range files {
		name := filepath.Join(dir, filepath.FromSlash(f.Name))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, f.Body, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	build := exec.Command(hugo, "--source", dir, "--noTimes", "--panicOnWarning", "--cacheDir", filepath.Join(dir, "cache"))
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	} else if strings.Contains(string(out), "WARN") {
		t.Errorf("hugo warns:\n%s", out)
	}
	page := readFile(t, dir, "public/stories/allies-pledge-monitors-for-the-line/index.html")
	for _, want := range []string{"Союзники обіцяють спостерігачів", `href="https://agency.example/1"`, "We will send no troops", "Copyist"} {
		if !strings.Contains(page, want) {
			t.Errorf("no %q in the story's page:\n%s", want, page)
		}
	}
	if old := readFile(t, dir, "public/stories/allies-meet/index.html"); !strings.Contains(old, "allies-pledge-monitors-for-the-line") {
		t.Error("the old address does not lead to the new one")
	}
	if day := readFile(t, dir, "public/days/key-events-2031-03-11/index.html"); !strings.Contains(day, "day 1,413") || !strings.Contains(day, "stories/allies-pledge-monitors-for-the-line/") {
		t.Errorf("the day's post is\n%s", day)
	}
	err = filepath.WalkDir(filepath.Join(dir, "public"), func(name string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() && strings.HasSuffix(name, ".html") {
			if body := readFile(t, name, ""); strings.Contains(body, "<script") || strings.Contains(body, `href="javascript`) {
				t.Errorf("%s holds a script", name)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func readFile(t *testing.T, dir, name string) string {
	t.Helper()
	body, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}
