package post

import (
	"maps"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/internal/article"
	"github.com/trucewatch/truce/source/sourcetest"
)

// shared reads the shared posts or texts in the order given.
func shared(t *testing.T, files []string) *sourcetest.Sink {
	t.Helper()
	all := &sourcetest.Sink{}
	for _, file := range files {
		one := sourcetest.Check(t, decode(path.Base(file)), sourcetest.Open(t, file))
		if len(one.Rejections) > 0 {
			t.Errorf("%s: rejected %q", file, one.Reasons())
		}
		all.Observations = append(all.Observations, one.Observations...)
	}
	return all
}

// TestSharedPosts: three posts of five links are fifteen reports of eleven articles, as
// two posts share four links. Counts and identities only, never the texts.
func TestSharedPosts(t *testing.T) {
	files := sourcetest.Files(t, "news-posts/*.md")
	sink := shared(t, files)
	if len(files) != 3 || len(sink.Observations) != 15 || len(sink.IDs()) != 15 {
		t.Fatalf("%d posts, %d reports, %d ids", len(files), len(sink.Observations), len(sink.IDs()))
	}
	articles, headlines, days := map[string][]truce.Day{}, map[string]bool{}, map[truce.Day]int{}
	for _, o := range sink.Observations {
		r := o.Report
		day := o.Phenomenon.From.Day()
		articles[article.LinkKey(r.Links[0])] = append(articles[article.LinkKey(r.Links[0])], day)
		headlines[article.HeadlineKey(r.Headline, r.Publisher)] = true
		days[day]++
		if r.Publisher == "" || r.Headline == "" || len(r.Links) != 1 || len(r.Tags) != 5 || r.Text != "" || o.Origin.Line != 21 {
			t.Errorf("%s: %d links, %d tags, line %d", o.ID, len(r.Links), len(r.Tags), o.Origin.Line)
		}
		if strings.ContainsAny(r.Headline+r.Publisher, "&<>\u00a0") {
			t.Errorf("%s: entities or tags are left", o.ID)
		}
	}
	twice := 0
	for key, on := range articles {
		if len(on) == 2 && on[0] == "2026-01-08" && on[1] == "2026-01-09" {
			twice++
		} else if len(on) != 1 {
			t.Errorf("%.60s stands in posts of %v", key, on)
		}
	}
	if len(articles) != 11 || len(headlines) != 11 || twice != 4 {
		t.Errorf("%d articles, %d headlines, %d in two posts; want 11, 11 and 4", len(articles), len(headlines), twice)
	}
	if !maps.Equal(days, map[truce.Day]int{"2026-01-07": 5, "2026-01-08": 5, "2026-01-09": 5}) {
		t.Errorf("reports by day: %v", days)
	}
	slices.Reverse(files)
	if !maps.Equal(shared(t, files).IDs(), sink.IDs()) {
		t.Error("the ids depend on the order of the posts")
	}
}

func TestSharedTexts(t *testing.T) {
	files := sourcetest.Files(t, "news-posts/*.txt")
	sink := shared(t, files)
	if len(files) != 2 || len(sink.IDs()) != 2 {
		t.Fatalf("%d texts, %d ids", len(files), len(sink.IDs()))
	}
	for i, want := range []struct {
		day          truce.Day
		publisher    string
		words, aside int
	}{{"2025-08-19", "", 300, 1}, {"2026-01-08", "Charter97.org", 300, 9}} {
		o := sink.Observations[i]
		a := article.Split(string(sourcetest.Open(t, files[i])), "")
		if o.Phenomenon.From.Day() != want.day || o.Report.Publisher != want.publisher || len(a.Furniture) != want.aside {
			t.Errorf("%s: %v, publisher %q, %d pieces of furniture", files[i], o.Phenomenon.From, o.Report.Publisher, len(a.Furniture))
		}
		if n := article.Words(o.Report.Text); n < want.words {
			t.Errorf("%s: %d words, want over %d", files[i], n, want.words)
		}
		text := article.Fold(o.Report.Text)
		for _, f := range a.Furniture {
			if strings.Contains(text, article.Fold(f.Text)) && article.Words(f.Text) > 2 {
				t.Errorf("%s: furniture of line %d is in the text", files[i], f.Number)
			}
		}
		if article.Words(o.Report.Headline) < 3 {
			t.Errorf("%s: no headline", files[i])
		}
	}
}
