package story_test

import (
	"bytes"
	"encoding/csv"
	"path"
	"slices"
	"testing"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/internal/article"
	"github.com/trucewatch/truce/sense/story"
	"github.com/trucewatch/truce/source/post"
	"github.com/trucewatch/truce/source/sourcetest"
)

// newsPosts reads the shared posts and texts, or skips the test.
func newsPosts(t *testing.T) []truce.Observation {
	t.Helper()
	sink := &sourcetest.Sink{}
	for _, file := range append(sourcetest.Files(t, "news-posts/*.md"), sourcetest.Files(t, "news-posts/*.txt")...) {
		if err := post.Decode(bytes.NewReader(sourcetest.Open(t, file)), path.Base(file), post.Config{}, sink); err != nil {
			t.Fatal(err)
		}
	}
	return sink.Observations
}

func byHeadline(t *testing.T, articles []truce.Article, publisher, headline string) truce.Article {
	t.Helper()
	for _, a := range articles {
		if a.Publisher == publisher && (headline == "" || a.Headline == headline) {
			return a
		}
	}
	t.Fatalf("no article of %s", publisher)
	return truce.Article{}
}

// TestSharedPostsAreElevenArticles: fifteen links of three posts are eleven articles, four of
// them in two posts; with the two plain texts thirteen. The plain article of 8 January
// repeats the agency's report of the third post and nothing else repeats anything.
func TestSharedPostsAreElevenArticles(t *testing.T) {
	reports := newsPosts(t)
	articles := story.Articles(reports, story.Config{})
	if len(reports) != 17 || len(articles) != 13 {
		t.Fatalf("%d reports gave %d articles, want 17 and 13", len(reports), len(articles))
	}
	twice, carried, grouped := 0, 0, 0
	for _, a := range articles {
		carried += len(a.Reports)
		if len(a.Posts) == 2 && len(a.Reports) == 2 {
			twice++
		}
		if a.Group != "" {
			grouped++
		}
	}
	if twice != 4 || carried != 17 || grouped != 2 {
		t.Errorf("%d articles in two posts, %d reports carried, %d in a group; want 4, 17, 2", twice, carried, grouped)
	}
	reuters, copied := byHeadline(t, articles, "Reuters", ""), byHeadline(t, articles, "Charter97.org", "")
	if reuters.Group == "" || reuters.Group != copied.Group || copied.Agency != "Reuters" {
		t.Errorf("the agency's report is of %q, its copy of %q, crediting %q", reuters.Group, copied.Group, copied.Agency)
	}
	slices.Reverse(reports)
	if again := story.Articles(reports, story.Config{}); !slices.EqualFunc(again, articles, func(a, b truce.Article) bool { return a.ID == b.ID && a.Group == b.Group }) {
		t.Error("the order of the reports matters")
	}
}

// deepstrike reads the shared de-duplication audit: reports and the cluster of each.
func deepstrike(t *testing.T) (reports []truce.Observation, cluster []string) {
	t.Helper()
	files := sourcetest.Files(t, "viina_deepstrike/VIINA_2022_EXACT_DEDUPE.csv")
	rows, err := csv.NewReader(bytes.NewReader(sourcetest.Open(t, files[0]))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	column := map[string]int{}
	for i, name := range rows[0] {
		column[name] = i
	}
	for _, row := range rows[1:] {
		day, err := time.Parse("20060102", row[column["date"]])
		if err != nil {
			t.Fatal(err)
		}
		r := truce.Report{Text: row[column["representative_text"]]}
		if link := row[column["source_urls"]]; link != "" {
			r.Links = []string{link}
		}
		from := truce.InstantOf(day)
		reports = append(reports, truce.Observation{
			ID: truce.NewID(from, "report", "deepstrike", []byte(row[0])), Kind: truce.KindReport, Source: "deepstrike",
			Phenomenon: truce.PhenomenonTime{From: from, To: from.Add(24 * time.Hour)}, Report: &r,
		})
		cluster = append(cluster, row[column["DedupeClusterID"]])
	}
	return reports, cluster
}

// pairwise is precision, recall and F1 of the pairs that a grouping joins; "" joins nothing.
func pairwise(got, want []string) (precision, recall, f1 float64) {
	var both, joined, truth float64
	for i := range got {
		for k := range i {
			g, w := got[i] != "" && got[i] == got[k], want[i] != "" && want[i] == want[k]
			both += b2f(g && w)
			joined += b2f(g)
			truth += b2f(w)
		}
	}
	precision, recall = both/joined, both/truth
	return precision, recall, 2 * precision * recall / (precision + recall)
}

func b2f(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// TestSharedExactDuplicates: rows with the same source link and the same text are one version
// of one article; the audit's 91 clusters of 223 rows are the truth. Rows whose texts were
// edited under one link are one article too, in several versions, which the audit does not
// join: the second figure shows them.
func TestSharedExactDuplicates(t *testing.T) {
	reports, want := deepstrike(t)
	texts, articleOf, versionOf := map[truce.ID]string{}, map[truce.ID]string{}, map[truce.ID]string{}
	clusters := map[string]int{}
	for i, r := range reports {
		texts[r.ID] = article.Fold(r.Report.Text)
		if want[i] != "" {
			clusters[want[i]]++
		}
	}
	for _, a := range story.Articles(reports, story.Config{}) {
		for _, id := range a.Reports {
			articleOf[id] = a.ID.String()
			versionOf[id] = a.ID.String() + texts[id]
		}
	}
	var exact, edited []string
	for _, r := range reports {
		exact, edited = append(exact, versionOf[r.ID]), append(edited, articleOf[r.ID])
	}
	p, r, f1 := pairwise(exact, want)
	_, _, withEdits := pairwise(edited, want)
	t.Logf("%d rows, %d clusters: precision %.4f, recall %.4f, F1 %.4f; with edited versions joined F1 %.4f", len(reports), len(clusters), p, r, f1, withEdits)
	if len(reports) != 639 || len(clusters) != 91 || f1 < .99 || withEdits < .95 {
		t.Errorf("%d rows, %d clusters, pairwise F1 %.4f and %.4f; want 639, 91, at least 0.99 and 0.95", len(reports), len(clusters), f1, withEdits)
	}
}
