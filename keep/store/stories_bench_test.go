package store_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/keep/store"
)

// benchArticles is how many articles BenchmarkSearch fills; TRUCE_BENCH_ARTICLES sets
// another number. The goal of a second's tenth is stated for 1,000,000.
const benchArticles = 20_000

// BenchmarkSearch fills a store with invented articles of some 120 words, whose words are
// as common as those of a language are (the n-th of them 1/n as often as the first), and
// asks it what readers ask. p95-ms is over 400 different questions.
func BenchmarkSearch(b *testing.B) {
	for _, engine := range []struct {
		name string
		dsn  func(testing.TB) string
	}{{"sqlite", newSQLite}, {"postgres", cluster.Database}} {
		b.Run(engine.name, func(b *testing.B) { searchIn(b, engine.dsn(b)) })
	}
}

func searchIn(b *testing.B, dsn string) {
	count := benchArticles
	if n, err := strconv.Atoi(os.Getenv("TRUCE_BENCH_ARTICLES")); err == nil {
		count = n
	}
	s := reporting(b, dsn, count)
	words := func(r *rand.Rand) string { return benchWord(r) }
	for _, c := range []struct {
		name string
		ask  func(r *rand.Rand) truce.ArticleQuery
	}{
		{"newest", func(*rand.Rand) truce.ArticleQuery { return truce.ArticleQuery{Limit: 50} }},
		{"one word", func(r *rand.Rand) truce.ArticleQuery { return truce.ArticleQuery{Words: words(r), Limit: 50} }},
		{"two words", func(r *rand.Rand) truce.ArticleQuery {
			return truce.ArticleQuery{Words: words(r) + " " + words(r), Limit: 50}
		}},
		{"begun word", func(r *rand.Rand) truce.ArticleQuery {
			return truce.ArticleQuery{Words: string([]rune(words(r))[:3+r.IntN(3)]) + "*", Limit: 50}
		}},
		{"phrase", func(r *rand.Rand) truce.ArticleQuery {
			return truce.ArticleQuery{Words: `"` + words(r) + " " + words(r) + `"`, Limit: 50}
		}},
		{"word, language, publisher, month", func(r *rand.Rand) truce.ArticleQuery {
			from := benchStart.Add(time.Duration(r.IntN(300)) * 24 * time.Hour)
			return truce.ArticleQuery{Words: words(r), Language: "uk", Publisher: fmt.Sprintf("Publisher %d", 2*r.IntN(100)), From: from, To: from.Add(30 * 24 * time.Hour), Limit: 50}
		}},
		{"a story", func(r *rand.Rand) truce.ArticleQuery {
			return truce.ArticleQuery{Story: benchStory(r.IntN(count/benchTelling), 0).ID, Limit: 50}
		}},
	} {
		b.Run(c.name, func(b *testing.B) {
			slowest(b, func(r *rand.Rand) error { _, err := s.Articles(b.Context(), c.ask(r)); return err })
		})
	}
	b.Run("stories by a word", func(b *testing.B) {
		slowest(b, func(r *rand.Rand) error {
			_, err := s.Stories(b.Context(), truce.StoryQuery{Words: words(r), Limit: 50})
			return err
		})
	})
}

// slowest reports what 19 of 20 questions take at most.
func slowest(b *testing.B, ask func(*rand.Rand) error) {
	r := rand.New(rand.NewPCG(7, 7))
	var took []time.Duration
	for b.Loop() {
		for range 400 {
			started := time.Now()
			if err := ask(r); err != nil {
				b.Fatal(err)
			}
			took = append(took, time.Since(started))
		}
	}
	slices.Sort(took)
	for name, at := range map[string]int{"p50-ms": 50, "p95-ms": 95} {
		b.ReportMetric(float64(took[len(took)*at/100].Microseconds())/1000, name)
	}
}

// benchTelling is how many articles tell of one story.
const benchTelling = 20

func benchStory(n int, told truce.Instant) truce.Story {
	r := rand.New(rand.NewPCG(uint64(n), 3))
	at := benchStart.Add(time.Duration(n) * 10 * time.Minute)
	return truce.Story{ID: truce.NewID(at, "story", "bench", fmt.Appendf(nil, "%d", n)), Title: benchText(r, 9), First: at, Last: told, Method: "bench", Tags: []string{benchText(r, 2), benchText(r, 2)}}
}

// reporting appends articles in steps of 500, each with its share of stories.
func reporting(b *testing.B, dsn string, count int) *store.Store {
	b.Helper()
	s, err := store.Create(b.Context(), dsn, truce.Inception{Realm: truce.RealmReal, Store: "bench"}, store.Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { s.Close() })
	started := time.Now()
	const step = 500
	for n := 0; n < count; n += step {
		var batch truce.StoryBatch
		for i := n; i < n+step; i++ {
			a := benchArticle(i)
			batch.Articles = append(batch.Articles, a)
			if i%benchTelling == 0 {
				batch.Stories = append(batch.Stories, benchStory(i/benchTelling, a.Published.From))
				batch.Changes = append(batch.Changes, truce.StoryChange{Story: benchStory(i/benchTelling, 0).ID, Kind: truce.StoryOpened, At: a.Published.From})
			}
			last := &batch.Changes[len(batch.Changes)-1]
			last.Added = append(last.Added, a.ID)
		}
		drafts, err := truce.NewStoryDrafts(fmt.Sprint("bench/", n), batch)
		if err == nil {
			_, err = s.Append(b.Context(), truce.Batch{Drafts: drafts})
		}
		if err != nil {
			b.Fatal(err)
		}
	}
	took := time.Since(started)
	b.Logf("%d articles appended in %s, %.0f/s", count, took.Round(time.Millisecond), float64(count)/took.Seconds())
	return s
}

func benchArticle(n int) truce.Article {
	r := rand.New(rand.NewPCG(uint64(n), 1))
	at := benchStart.Add(time.Duration(n) * 30 * time.Second)
	return truce.Article{ID: truce.NewID(at, "article", "bench", fmt.Appendf(nil, "%d", n)), Headline: benchText(r, 10), Publisher: fmt.Sprintf("Publisher %d", n%200),
		Language: []string{"uk", "en"}[n%2], URL: fmt.Sprintf("https://example.org/%d", n), Published: truce.Moment(at, 0), Reports: []truce.ID{truce.NewID(at, "report", "bench", fmt.Appendf(nil, "%d", n))},
		Text: benchText(r, 110)}
}

func benchText(r *rand.Rand, words int) string {
	out := make([]string, words)
	for i := range out {
		out[i] = benchWord(r)
	}
	return strings.Join(out, " ")
}

// benchWords is how many words the invented language has.
const benchWords = 60_000

// benchWord is a word by Zipf's law: its rank is exp of an even number.
func benchWord(r *rand.Rand) string {
	rank := 1
	for x := r.Float64() * 11; x > 0; x -= 0.6931 {
		rank *= 2
	}
	rank = rank/2 + r.IntN(max(rank/2, 1))
	syllables := []string{"ба", "ве", "го", "ду", "жи", "за", "ко", "лу", "ми", "но", "по", "ра", "со", "ту", "хо", "ша"}
	var b strings.Builder
	for n := rank%benchWords + 300; n > 0; n /= 16 {
		b.WriteString(syllables[n%16])
	}
	return b.String()
}
