package story_test

import (
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
		events = append(events, string(rune(a.Event)))
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

func TestWorkload(t *testing.T) {
	for _, half := range []news.Half{news.Tuned, news.Held} {
		for _, plain := range []bool{false, true} {
			w := workload(t, news.Config{Seed: 7, Articles: 2000, Half: half, Plain: plain})
			_, articles, stories, events := grouped(w, story.Config{})
			p, r, f1 := bcubed(stories, events)
			pairs, touch, merged := lookalikes(w, articles, stories)
			ids := map[string]bool{}
			for _, s := range stories {
				ids[s] = true
			}
			t.Logf("%s, paraphrases alone %v: %d articles of %d events in %d stories: B-cubed P %.3f R %.3f F1 %.3f; look-alikes %d, %d touch, %d merged", half, plain, len(articles), w.Events(), len(ids), p, r, f1, pairs, touch, merged)
		}
	}
}

var _ = truce.Article{}
