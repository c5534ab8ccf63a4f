package story_test

import (
	"strconv"
	"testing"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/sense/story"
	"github.com/trucewatch/truce/sim/news"
)

// agencies are those of the workload's invented world: an installation names its own.
var agencies = map[string][]string{"Corvane": {"Корван"}, "Lintel Press": {"Лінтел Прес", "Линтел Пресс"}, "Ostra News": {"Остра Ньюз", "Остра Ньюс"}}

// bcubed is precision, recall and F1 of a grouping by B-cubed (Bagga and Baldwin 1998): for
// each item the share of its group that is of its class, and of its class that is in its
// group, averaged.
func bcubed(group, class []string) (precision, recall, f1 float64) {
	both, groups, classes := map[[2]string]int{}, map[string]int{}, map[string]int{}
	for i := range group {
		both[[2]string{group[i], class[i]}]++
		groups[group[i]]++
		classes[class[i]]++
	}
	for i := range group {
		n := float64(both[[2]string{group[i], class[i]}])
		precision += n / float64(groups[group[i]])
		recall += n / float64(classes[class[i]])
	}
	precision, recall = precision/float64(len(group)), recall/float64(len(group))
	return precision, recall, 2 * precision * recall / (precision + recall)
}

func workload(t testing.TB, cfg news.Config) *news.World {
	t.Helper()
	w, err := news.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// grouped runs a workload through an index: the story and the event of each article.
func grouped(w *news.World, cfg story.Config) (x *story.Index, articles []news.Labelled, stories, events []string) {
	cfg.Agencies = agencies
	x = story.New(cfg)
	for a := range w.Articles() {
		event := a.Article
		x.Add(event)
		a.Text = ""
		articles = append(articles, a)
	}
	for _, a := range articles {
		id, _ := x.Of(a.ID)
		stories = append(stories, id.String())
		events = append(events, strconv.Itoa(a.Event))
	}
	return x, articles, stories, events
}

// lookalikes is how many pairs of look-alike events there are, how many of them share any
// story, and how many have their most frequent story in common.
func lookalikes(w *news.World, articles []news.Labelled, stories []string) (pairs, touch, merged int) {
	in := map[int]map[string]int{}
	for i, a := range articles {
		if in[a.Event] == nil {
			in[a.Event] = map[string]int{}
		}
		in[a.Event][stories[i]]++
	}
	for _, p := range w.LookAlikes() {
		pairs++
		shares := false
		for s := range in[p[0]] {
			shares = shares || in[p[1]][s] > 0
		}
		if shares {
			touch++
		}
		if most(in[p[0]]) == most(in[p[1]]) {
			merged++
		}
	}
	return pairs, touch, merged
}

func most(counts map[string]int) (best string) {
	for s, n := range counts {
		if n > counts[best] || n == counts[best] && s < best {
			best = s
		}
	}
	return best
}

// TestWorkloadN holds the stories of invented news against the truth: with copies, and
// paraphrases alone; on the types of events the method was made with, and on those it never
// saw. Headlines alone, joined by the words they share, are the comparison.
func TestWorkloadN(t *testing.T) {
	for _, row := range []struct {
		name string
		cfg  news.Config
		goal float64
	}{
		{"tuned types, with copies", news.Config{Half: news.Tuned}, .95},
		{"tuned types, paraphrases", news.Config{Half: news.Tuned, Plain: true}, .90},
		{"held-out types, with copies", news.Config{Half: news.Held}, .95},
		{"held-out types, paraphrases", news.Config{Half: news.Held, Plain: true}, .90},
	} {
		row.cfg.Seed, row.cfg.Articles = 60, 1500
		w := workload(t, row.cfg)
		_, articles, stories, events := grouped(w, story.Config{})
		p, r, f1 := bcubed(stories, events)
		n, touch, same := lookalikes(w, articles, stories)
		t.Logf("%s: %d articles of %d events in %d stories: B-cubed P %.3f R %.3f F1 %.3f; %d look-alikes, %d share a story, %d are merged", row.name, len(articles), w.Events(), distinct(stories), p, r, f1, n, touch, same)
		if f1 < row.goal {
			t.Errorf("%s: B-cubed F1 %.3f, want at least %.2f", row.name, f1, row.goal)
		}
		var plain []truce.Article
		for _, a := range articles {
			plain = append(plain, a.Article)
		}
		byHeadline := baseline(plain, .55)
		_, _, f := bcubed(byHeadline, events)
		t.Logf("%s, by headlines alone, Jaccard 0.55: B-cubed F1 %.3f", row.name, f)
		if f > f1-.1 {
			t.Errorf("%s: headlines alone give F1 %.3f: the workload is too easy", row.name, f)
		}
	}
}

// TestLookAlikesStayApart: two events of one kind at one place a day apart are two stories.
// Merged are two events most of whose articles are in one story.
func TestLookAlikesStayApart(t *testing.T) {
	var pairs, touch, merged int
	for _, seed := range []uint64{61, 62, 63, 64} {
		for _, half := range []news.Half{news.Tuned, news.Held} {
			w := workload(t, news.Config{Seed: seed, Articles: 1500, Half: half, Plain: seed%2 == 0})
			_, articles, stories, _ := grouped(w, story.Config{})
			n, shared, same := lookalikes(w, articles, stories)
			pairs, touch, merged = pairs+n, touch+shared, merged+same
		}
	}
	t.Logf("%d pairs of look-alikes: %d share a story, %d are merged", pairs, touch, merged)
	if merged*100 > pairs {
		t.Errorf("%d of %d pairs of look-alikes merged, want at most 1 in 100", merged, pairs)
	}
}

// TestWorkloadCopies holds what is taken for a copy against the truth, pair by pair.
func TestWorkloadCopies(t *testing.T) {
	w := workload(t, news.Config{Seed: 56, Articles: 1000})
	x, articles, _, _ := grouped(w, story.Config{})
	var got, want []string
	for _, a := range articles {
		root := a.ID
		if !a.Of.IsZero() {
			root = a.Of
		}
		got, want = append(got, x.Group(a.ID)), append(want, root.String())
	}
	p, r, f1 := pairwise(got, want)
	t.Logf("copies, excerpts and translations: pairwise P %.3f R %.3f F1 %.3f", p, r, f1)
	if p < .85 || r < .65 {
		t.Errorf("pairwise precision %.3f, recall %.3f", p, r)
	}
}
