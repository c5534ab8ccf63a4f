package press_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/respond/publish/press"
	"github.com/trucewatch/truce/source/post"
)

// items collects what source/post reads of a post.
type items struct {
	cluster  press.Cluster
	rejected []string
}

func (c *items) Observe(o truce.Observation) error {
	c.cluster.Day = o.Phenomenon.From.Day()
	c.cluster.Items = append(c.cluster.Items, press.Item{Headline: o.Report.Headline, Publisher: o.Report.Publisher, Link: o.Report.Links[0]})
	return nil
}

func (c *items) Reject(r truce.Rejection) error {
	c.rejected = append(c.rejected, r.Reason)
	return nil
}

// sharedPosts are the posts of the shared data, or the test is skipped.
func sharedPosts(t *testing.T) []string {
	t.Helper()
	root := os.Getenv("TRUCE_SHARED")
	for dir := "."; root == "" && len(dir) < 40; dir = filepath.Join(dir, "..") {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			root = filepath.Join(dir, "..", "shared", "data")
		}
	}
	files, err := filepath.Glob(filepath.Join(root, "news-posts", "*.md"))
	if err != nil || len(files) == 0 {
		t.Skip("no shared data: news-posts is not there (set TRUCE_SHARED)")
	}
	return files
}

var sourceLine = regexp.MustCompile(`(?m)^source: '(.*)'$`)

func TestSharedPostsAreRebuiltByteForByte(t *testing.T) {
	for _, file := range sharedPosts(t) {
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var c items
		if err := post.Decode(bytes.NewReader(want), filepath.Base(file), post.Config{}, &c); err != nil || c.rejected != nil {
			t.Fatal(err, c.rejected)
		}
		c.cluster.Source = string(sourceLine.FindSubmatch(want)[1])
		if got := c.cluster.Post(); !bytes.Equal(got, want) {
			t.Errorf("%s differs from byte %d on", filepath.Base(file), firstDifference(got, want))
		}
	}
}

func firstDifference(a, b []byte) int {
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return i
		}
	}
	return min(len(a), len(b))
}

func TestClusterPost(t *testing.T) {
	c := press.Cluster{Day: "2031-03-11", Source: "https://news.example/rss?x=1", Items: []press.Item{
		{`Mayor: "It's over" & done — what now?`, "The Daily Example", "https://a.example/1?b=2&c=3"},
		{"Second headline", "Other", "https://b.example/2"},
	}}
	got := string(c.Post())
	for _, want := range []string{
		`title: "Mayor: \"It's over\" & done — what now? - The Daily Example"`,
		`slug: "mayor-its-over-done-what-now-the-daily-example"`,
		`description: "Mayor: \"It's over\" &amp; done — what now?&nbsp;&nbsp;The Daily ExampleSecond headline&nbsp;&nbsp;Other"`,
		"categories:\n- 'news.example'\n",
		"tags:\n- 'example'\n- 'mayor'\n- 'daily'\n- 'over'\n- 'done'\n\ndraft: false\n---\n<ol>",
		`<a href="https://a.example/1?b=2&amp;c=3" target="_blank">Mayor: "It's over" &amp; done`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %s in\n%s", want, got)
		}
	}
	if want := "2031-03-11-mayor-its-over-done-what-now-the-daily-example.md"; c.File() != want {
		t.Errorf("file %s, want %s", c.File(), want)
	}
}

// What is written is read again as it was, whatever the headlines hold.
func TestClusterPostIsReadAgain(t *testing.T) {
	odd := []string{`Colon: and "quotes"`, "Apostrophe's 'single'", "Back\\slash \\n", "Amp & <tag>", "Обстріл: що відомо", "- dash first", "# hash", "percent % and {{ braces }}", "tab\tinside"}
	for i, headline := range odd {
		c := press.Cluster{Day: "2031-03-11", Source: "https://news.example/rss", Items: []press.Item{
			{headline, "Paper", "https://a.example/" + fmt.Sprint(i)}, {"Another one of these", "Paper two", "https://b.example/x"},
		}}
		var back items
		if err := post.Decode(bytes.NewReader(c.Post()), c.File(), post.Config{}, &back); err != nil || back.rejected != nil {
			t.Errorf("%q: %v %v", headline, err, back.rejected)
			continue
		}
		want := strings.Join(strings.Fields(headline), " ")
		if len(back.cluster.Items) != 2 || back.cluster.Items[0].Headline != want || back.cluster.Day != "2031-03-11" {
			t.Errorf("%q came back as %+v", headline, back.cluster.Items)
		}
	}
}

func TestClusterOfNothing(t *testing.T) {
	if got := string((press.Cluster{Day: "2031-03-11"}).Post()); !strings.Contains(got, "tags: []") || !strings.Contains(got, "<ol></ol>") {
		t.Error(got)
	}
}
