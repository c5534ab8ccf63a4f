package news_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/sim/news"
)

func all(t *testing.T, cfg news.Config) (*news.World, []news.Labelled) {
	t.Helper()
	w, err := news.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return w, slices.Collect(w.Articles())
}

// TestArticlesAreWhole: every slot is filled, every article is in order of time, has an id of
// its own, and one that repeats another comes after it.
func TestArticlesAreWhole(t *testing.T) {
	w, articles := all(t, news.Config{Seed: 5, Articles: 3000})
	if len(articles) != w.Len() || w.Len() < 3000 || w.Events() < 100 {
		t.Fatalf("%d articles, %d events", len(articles), w.Events())
	}
	seen := map[truce.ID]truce.Instant{}
	roles, languages := map[news.Role]int{}, map[string]int{}
	last := truce.Instant(0)
	for _, a := range articles {
		if strings.ContainsAny(a.Headline+a.Text, "{}[]|#") || a.Headline == "" || len(strings.Fields(a.Text)) < 12 {
			t.Errorf("%s: %q, %q", a.Role, a.Headline, a.Text)
		}
		if _, twice := seen[a.ID]; twice || a.Published.From < last {
			t.Errorf("%v comes twice or out of order", a.ID)
		}
		if of, told := seen[a.Of]; !a.Of.IsZero() && (!told || of > a.Published.From) {
			t.Errorf("%s %v repeats what was not told yet", a.Role, a.ID)
		}
		if (a.Of.IsZero()) != (a.Role == news.Report || a.Role == news.Update) {
			t.Errorf("%s repeats %v", a.Role, a.Of)
		}
		seen[a.ID], last = a.Published.From, a.Published.From
		roles[a.Role]++
		languages[a.Language]++
	}
	for _, n := range []int{roles[news.Report], roles[news.Update], roles[news.Copy], roles[news.Excerpt], roles[news.Translation], languages["en"], languages["uk"], languages["ru"]} {
		if n < 40 {
			t.Errorf("roles %v, languages %v: some hardly occur", roles, languages)
		}
	}
}

func TestSameSeedSameNews(t *testing.T) {
	_, a := all(t, news.Config{Seed: 5, Articles: 200})
	_, b := all(t, news.Config{Seed: 5, Articles: 200})
	_, c := all(t, news.Config{Seed: 6, Articles: 200})
	if !reflect.DeepEqual(a, b) || reflect.DeepEqual(a, c) {
		t.Error("the same seed gives other news, or another seed the same")
	}
}

// TestLookAlikes: a look-alike is of another day at the same place, which its headlines name.
func TestLookAlikes(t *testing.T) {
	w, articles := all(t, news.Config{Seed: 5, Articles: 2000})
	first := map[int]truce.Instant{}
	for _, a := range articles {
		if _, told := first[a.Event]; !told {
			first[a.Event] = a.Published.From
		}
	}
	pairs := w.LookAlikes()
	if len(pairs) < 20 {
		t.Fatalf("%d pairs", len(pairs))
	}
	for _, p := range pairs {
		if gap := first[p[1]].Sub(first[p[0]]).Hours(); gap < 12 || gap > 48 {
			t.Errorf("pair %v is %v hours apart", p, gap)
		}
	}
}

func TestModes(t *testing.T) {
	_, plain := all(t, news.Config{Seed: 5, Articles: 500, Plain: true, English: true})
	for _, a := range plain {
		if !a.Of.IsZero() || a.Language != "en" {
			t.Fatalf("%s in %s among English paraphrases", a.Role, a.Language)
		}
	}
	_, tuned := all(t, news.Config{Seed: 5, Articles: 500, Half: news.Tuned})
	_, held := all(t, news.Config{Seed: 5, Articles: 500, Half: news.Held})
	if overlap := shared(tuned, held); overlap > 0 {
		t.Errorf("%d headlines stand in both halves", overlap)
	}
}

func shared(a, b []news.Labelled) (n int) {
	heads := map[string]bool{}
	for _, x := range a {
		heads[x.Headline] = true
	}
	for _, x := range b {
		if heads[x.Headline] {
			n++
		}
	}
	return n
}

// TestParaphrasesDiffer: independent English headlines of one event share as few words as the
// peers' published figures say of real ones, 0.12 to 0.50 by Jaccard, on the median.
func TestParaphrasesDiffer(t *testing.T) {
	_, articles := all(t, news.Config{Seed: 5, Articles: 1500, Plain: true, English: true})
	byEvent := map[int][]map[string]bool{}
	for _, a := range articles {
		words := map[string]bool{}
		for _, w := range strings.Fields(strings.ToLower(a.Headline)) {
			words[strings.Trim(w, ",.:'")] = true
		}
		byEvent[a.Event] = append(byEvent[a.Event], words)
	}
	var all []float64
	for _, heads := range byEvent {
		for i := range heads {
			for k := range i {
				all = append(all, jaccard(heads[i], heads[k]))
			}
		}
	}
	slices.Sort(all)
	median := all[len(all)/2]
	t.Logf("%d pairs of headlines: Jaccard %.2f, %.2f, %.2f at the quartiles", len(all), all[len(all)/4], median, all[len(all)*3/4])
	if median < .1 || median > .5 {
		t.Errorf("median Jaccard of paraphrased headlines %.2f, want 0.1 to 0.5", median)
	}
}

func jaccard(a, b map[string]bool) float64 {
	both := 0
	for w := range a {
		if b[w] {
			both++
		}
	}
	return float64(both) / float64(len(a)+len(b)-both)
}

func ExampleNew() {
	w, err := news.New(news.Config{Seed: 1, Articles: 10, English: true})
	if err != nil {
		fmt.Println(err)
		return
	}
	for a := range w.Articles() {
		fmt.Println(a.Role, "of event", a.Event, "in", a.Language)
		break
	}
	// Output: report of event 1 in en
}
