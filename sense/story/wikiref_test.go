package story_test

import (
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/internal/article"
	"github.com/trucewatch/truce/sense/story"
	"github.com/trucewatch/truce/source/sourcetest"
)

// fileNumber is what follows the topic in a file's name.
var fileNumber = regexp.MustCompile(`[ .]*\(?\d*\)?\.txt$`)

// wikiref reads the shared topic sets: texts without dates, the topic in the name. Bytes that
// are no UTF-8 are left out.
func wikiref(t *testing.T) (articles []truce.Article, topics []string) {
	t.Helper()
	files := sourcetest.Files(t, "news/wikiref186/*.txt")
	slices.Sort(files)
	for i, file := range files {
		text := strings.ToValidUTF8(string(sourcetest.Open(t, file)), "")
		headline, body, _ := strings.Cut(strings.TrimSpace(text), "\n")
		at := april11.Add(time.Duration(i) * time.Minute)
		articles = append(articles, truce.Article{
			ID: truce.NewID(at, "report", "wikiref", []byte(file)), Headline: strings.TrimSpace(headline), Text: body,
			Published: truce.PhenomenonTime{From: at, To: at},
		})
		topics = append(topics, fileNumber.ReplaceAllString(path.Base(file), ""))
	}
	return articles, topics
}

// baseline groups as a plain reader does: an article joins the first group that holds a
// headline whose words, stops left out, have a Jaccard similarity of the limit or more.
func baseline(articles []truce.Article, limit float64) []string {
	var groups [][]map[string]bool
	var out []string
	for _, a := range articles {
		words := map[string]bool{}
		for _, w := range strings.Fields(article.HeadlineKey(a.Headline, a.Publisher)) {
			if len(w) > 3 {
				words[w] = true
			}
		}
		at := slices.IndexFunc(groups, func(g []map[string]bool) bool {
			return slices.ContainsFunc(g, func(o map[string]bool) bool { return jaccard(words, o) >= limit })
		})
		if at < 0 {
			at = len(groups)
			groups = append(groups, nil)
		}
		groups[at] = append(groups[at], words)
		out = append(out, string(rune('a'+at)))
	}
	return out
}

func jaccard(a, b map[string]bool) float64 {
	both := 0
	for w := range a {
		if b[w] {
			both++
		}
	}
	if len(a)+len(b) == both {
		return 0
	}
	return float64(both) / float64(len(a)+len(b)-both)
}

// TestSharedTopics holds the stories of texts without dates against the topics that the
// authors of the set gave them. Topics are wider than stories (38 texts of a person's life),
// so the odds from which an article joins are lowered, for all alike; the figure at the usual
// odds is printed beside it, as are those of grouping by headlines.
func TestSharedTopics(t *testing.T) {
	articles, topics := wikiref(t)
	var f [2]float64
	for i, odds := range []float64{1e-9, -3} {
		x := story.New(story.Config{JoinOdds: odds})
		var stories []string
		for _, a := range articles {
			x.Add(a)
		}
		for _, a := range articles {
			id, _ := x.Of(a.ID)
			stories = append(stories, id.String())
		}
		p, r, f1 := bcubed(stories, topics)
		f[i] = f1
		t.Logf("join odds %.0f: %d texts of %d topics in %d stories: B-cubed P %.3f R %.3f F1 %.3f", odds, len(articles), distinct(topics), distinct(stories), p, r, f1)
	}
	best := 0.
	for _, limit := range []float64{.55, .25, .1} {
		groups := baseline(articles, limit)
		p, r, f1 := bcubed(groups, topics)
		best = max(best, f1)
		t.Logf("headlines alone, Jaccard %.2f: %d groups: B-cubed P %.3f R %.3f F1 %.3f", limit, distinct(groups), p, r, f1)
	}
	if len(articles) != 186 || f[0] < .6 || f[1] < .72 || f[1] < best+.2 {
		t.Errorf("%d texts, F1 %.3f and %.3f, by headlines %.3f", len(articles), f[0], f[1], best)
	}
}

func distinct(of []string) int {
	sorted := slices.Sorted(slices.Values(of))
	return len(slices.Compact(sorted))
}
