package story_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/sense/story"
	"github.com/trucewatch/truce/sim/news"
)

// told is an article published some hours after midnight of 11 April 2026, a Saturday.
func told(hours int, headline, text string) truce.Article {
	at := april11.Add(time.Duration(hours) * time.Hour)
	return truce.Article{
		ID: truce.NewID(at, "report", "test", []byte(headline+text)), Headline: headline, Publisher: "Paper " + fmt.Sprint(len(text)%7),
		Published: truce.PhenomenonTime{From: at, To: at}, Text: text,
	}
}

// storiesOf adds articles and says which story each is in at the end, numbered from 0 in the
// order of the articles.
func storiesOf(t *testing.T, articles ...truce.Article) (*story.Index, []int) {
	t.Helper()
	x := story.New(story.Config{})
	for _, a := range articles {
		x.Add(a)
	}
	number := map[truce.ID]int{}
	var out []int
	for _, a := range articles {
		id, ok := x.Of(a.ID)
		if !ok {
			t.Fatalf("%q is in no story", a.Headline)
		}
		if _, known := number[id]; !known {
			number[id] = len(number)
		}
		out = append(out, number[id])
	}
	return x, out
}

func TestWhichArticlesAreOneStory(t *testing.T) {
	for _, row := range []struct {
		name     string
		articles []truce.Article
		want     []int
	}{
		{"three languages, other words", []truce.Article{
			told(9, "Shells hit Torfhaven, killing 4", "Artillery struck Torfhaven on Saturday, killing 4 people and wounding 17, said governor Marta Quell."),
			told(11, "У Торфгавені обстріл: загинуло 4 людини", "У суботу у Торфгавені внаслідок артобстрілу загинуло 4 людини, поранено 17, повідомила очільниця області Марта Квелл."),
			told(12, "Обстрел Торфгавена: погибли 4 человека", "В субботу в Торфгавене при артобстреле погибли 4 человека, ранены 17, сообщила губернатор Марта Квелл."),
		}, []int{0, 0, 0}},
		{"the same place and act on another day", []truce.Article{
			told(9, "Shells hit Torfhaven, killing 4", "Artillery struck Torfhaven on Saturday, killing 4 people and wounding 17."),
			told(33, "Shells hit Torfhaven, killing 4", "Artillery struck Torfhaven on Sunday, killing 4 people and wounding 12."),
		}, []int{0, 1}},
		{"an update that says which day it is of", []truce.Article{
			told(9, "Shells hit Torfhaven, killing 4", "Artillery struck Torfhaven on Saturday, killing 4 people and wounding 17, said governor Marta Quell."),
			told(33, "Torfhaven shelling toll rises to 5", "The number killed when artillery struck Torfhaven on Saturday rose to 5, with 17 wounded, governor Marta Quell said."),
		}, []int{0, 0}},
		{"one town under its old and new names", []truce.Article{
			told(9, "Shells hit Bakhmut, killing 4", "Artillery struck Bakhmut on Saturday, killing 4 people and wounding 17."),
			told(11, "У Бахмуті обстріл: загинуло 4 людини", "У суботу у Бахмуті внаслідок артобстрілу загинуло 4 людини, поранено 17."),
			told(12, "Обстрел Артемовска: погибли 4 человека", "В субботу в Артемовске при артобстреле погибли 4 человека, ранены 17."),
		}, []int{0, 0, 0}},
		{"the same act elsewhere", []truce.Article{
			told(9, "Shells hit Torfhaven, killing 4", "Artillery struck Torfhaven on Saturday, killing 4 people."),
			told(10, "Shells hit Brackwater, killing 6", "Artillery struck Brackwater on Saturday, killing 6 people."),
		}, []int{0, 1}},
		{"nothing in common", []truce.Article{
			told(9, "Parliament votes on budget", "Lawmakers in Eastmark voted for a budget."),
			told(10, "Storm closes Lowmere port", "Ships waited outside Lowmere as a storm closed the port."),
			told(11, "", ""),
		}, []int{0, 1, 2}},
	} {
		if _, got := storiesOf(t, row.articles...); !slices.Equal(got, row.want) {
			t.Errorf("%s: stories %v, want %v", row.name, got, row.want)
		}
	}
}

func TestAnArticleOfTwoStoriesMergesThem(t *testing.T) {
	x := story.New(story.Config{})
	one := told(9, "Envoys gather in Eastmark", "")
	two := told(10, "Pull-back of guns on agenda", "")
	one.Posts, two.Posts = []string{"a.md"}, []string{"b.md"}
	x.Add(one)
	x.Add(two)
	first, _ := x.Of(one.ID)
	second, _ := x.Of(two.ID)
	two.Posts = append(two.Posts, "a.md")
	changes := x.Add(two)
	if len(changes) != 1 || changes[0].Kind != truce.StoryMerged || changes[0].Story != first || changes[0].Other != second || changes[0].Why == "" {
		t.Fatalf("changes %+v, want the second story merged into the first with its reason", changes)
	}
	kept, _ := x.Story(first)
	ended, _ := x.Story(second)
	if !slices.Equal(kept.From, []truce.ID{second}) || ended.Into != first || len(kept.Articles) != 2 || len(x.All()) != 1 {
		t.Errorf("kept %+v, ended %+v", kept, ended)
	}
	if again := x.Add(two); len(again) != 0 {
		t.Errorf("the same article again changed %+v", again)
	}
	feed := told(11, "Storm closes Lowmere port", "")
	other := told(12, "Budget passed", "")
	feed.Posts, other.Posts = []string{"https://a.example/rss"}, []string{"https://a.example/rss"}
	x.Add(feed)
	x.Add(other)
	if a, _ := x.Of(feed.ID); a == first {
		t.Error("a feed joined what it lists")
	} else if b, _ := x.Of(other.ID); a == b {
		t.Error("a feed joined what it lists")
	}
}

// TestAStoryOfTwoPartsSplits: with an index that joins whatever shares a name, two courses of
// things become one story; when it has grown they part again, and the lineage says so.
func TestAStoryOfTwoPartsSplits(t *testing.T) {
	words := func(pool string, i int) string { // in another order for every article, so that none is a copy
		r := rand.New(rand.NewPCG(uint64(i), 0))
		all := strings.Fields(pool)
		r.Shuffle(len(all), func(a, b int) { all[a], all[b] = all[b], all[a] })
		return "on Saturday " + strings.Join(all, " and ")
	}
	relief := "lorries flour insulin blankets milk hospital Torfhaven relief organiser Quell volunteers Eastmark crates snow nurses patients cooks wards doctors stretchers"
	dockers := "dockers wages container terminal Lowmere union leader Harrow cranes ferries exporters Eastmark quays tugs pilots warehouses customs clerks freight overtime"
	x := story.New(story.Config{JoinOdds: -20})
	var split []truce.StoryChange
	for i := range 8 {
		a := told(9+i, fmt.Sprintf("Relief for Torfhaven number %d", i), words(relief, i))
		if i%2 == 1 {
			a = told(9+i, fmt.Sprintf("Lowmere walkout number %d", i), words(dockers, i))
		}
		for _, c := range x.Add(a) {
			if c.Kind == truce.StorySplit {
				split = append(split, c)
			}
		}
		if i == 6 && len(x.All()) != 1 {
			t.Fatalf("%d stories before the review, want one", len(x.All()))
		}
	}
	if len(split) != 1 {
		t.Fatalf("splits %+v, want one", split)
	}
	young, _ := x.Story(split[0].Other)
	old, _ := x.Story(split[0].Story)
	if !slices.Equal(young.From, []truce.ID{old.ID}) || len(young.Articles) != 4 || len(old.Articles) != 4 || split[0].Why == "" {
		t.Errorf("old %+v, young %+v", old, young)
	}
	for _, id := range young.Articles {
		if of, _ := x.Of(id); of != young.ID || slices.Contains(old.Articles, id) {
			t.Errorf("article %v is in %v", id, of)
		}
	}
}

// TestIndexIsDeterministicAndRestores: two runs agree in every change, and an index that was
// written and read in the middle goes on as if nothing had been.
func TestIndexIsDeterministicAndRestores(t *testing.T) {
	w := workload(t, news.Config{Seed: 3, Articles: 400})
	cfg := story.Config{Agencies: agencies}
	one, two := story.New(cfg), story.New(cfg)
	n := 0
	for a := range w.Articles() {
		if n++; n == w.Len()/2 {
			var file, again bytes.Buffer
			if err := two.Snapshot(&file); err != nil {
				t.Fatal(err)
			}
			restored, err := story.Restore(bytes.NewReader(file.Bytes()), cfg)
			if err != nil {
				t.Fatal(err)
			}
			if err := restored.Snapshot(&again); err != nil || !bytes.Equal(file.Bytes(), again.Bytes()) {
				t.Fatalf("written, read and written again, the index differs (%v)", err)
			}
			two = restored
		}
		if x, y := one.Add(a.Article), two.Add(a.Article); !reflect.DeepEqual(x, y) {
			t.Fatalf("article %d: %+v and %+v", n, x, y)
		}
	}
	for _, id := range one.All() {
		a, _ := one.Story(id)
		b, ok := two.Story(id)
		if !ok || !reflect.DeepEqual(a, b) {
			t.Errorf("story %v: %+v and %+v", id, a, b)
		}
	}
}

// TestAddAllIsAdd: reading ahead in another goroutine changes nothing, and a reader that has
// read other things before prepares the same.
func TestAddAllIsAdd(t *testing.T) {
	w := workload(t, news.Config{Seed: 4, Articles: 300})
	cfg := story.Config{Agencies: agencies}
	one, two, three := story.New(cfg), story.New(cfg), story.New(cfg)
	reader := story.NewReader(cfg)
	articles := func(yield func(truce.Article) bool) {
		for a := range w.Articles() {
			if !yield(a.Article) {
				return
			}
		}
	}
	for a := range articles {
		reader.Prepare(a)
	}
	n := 0
	for a, got := range two.AddAll(articles) {
		n++
		if want := one.Add(a); !reflect.DeepEqual(got, want) {
			t.Fatalf("article %d: %+v, want %+v", n, got, want)
		}
		if got := three.AddPrepared(reader.Prepare(a)); n > 1 && len(got) == 0 {
			t.Fatalf("article %d changed nothing", n)
		}
	}
	if n != w.Len() || !slices.Equal(one.All(), two.All()) || !slices.Equal(one.All(), three.All()) {
		t.Errorf("%d of %d articles, %d, %d and %d stories", n, w.Len(), len(one.All()), len(two.All()), len(three.All()))
	}
	for range story.New(cfg).AddAll(articles) {
		break // the goroutine that reads ahead ends, too
	}
}

func TestRestoreRefuses(t *testing.T) {
	for _, text := range []string{
		"", "{", `{"Version":99,"Method":"stories/1"}`, `{"Version":1,"Method":"stories/1"}`, `{"Version":2,"Method":"other"}`,
		`{"Version":2,"Method":"stories/1","StoryOf":[7]}`, `{"Version":2,"Method":"stories/1","Named":{"01KEAW1M00E7PMMK85YRJ8RZ9E":7}}`, `{"Version":2,"Method":"stories/1","Stories":[null]}`,
		`{"Version":2,"Method":"stories/1","Text":{"01KEAW1M00E7PMMK85YRJ8RZ9E":7}}`,
	} {
		if _, err := story.Restore(strings.NewReader(text), story.Config{}); err == nil || !strings.Contains(err.Error(), "story: ") {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// TestOldStoriesClose: after the window a like article opens a new story, which Related leads
// back from; what is shown of the old one stays.
func TestOldStoriesClose(t *testing.T) {
	x := story.New(story.Config{})
	old := told(9, "Monitors turned back at Torfhaven checkpoint", "Soldiers at a checkpoint turned back monitors near Torfhaven on Saturday, Marta Quell said. Marta Quell called it a breach.")
	x.Add(old)
	id, _ := x.Of(old.ID)
	before, _ := x.Story(id)
	for day := 1; day < 30; day++ {
		x.Add(told(24*day, fmt.Sprintf("Budget debate number %d", day), ""))
	}
	late := told(24*30, "Monitors turned back at Torfhaven checkpoint again", "Soldiers at a checkpoint turned back monitors near Torfhaven, Marta Quell said.")
	x.Add(late)
	now, _ := x.Of(late.ID)
	after, _ := x.Story(id)
	if now == id || !reflect.DeepEqual(before, after) {
		t.Errorf("a month later: the same story %v; before %+v, after %+v", now == id, before, after)
	}
	if related := x.Related(now); !slices.Contains(related, id) {
		t.Errorf("related: %v, want %v", related, id)
	}
	if _, ok := x.Story(truce.ID{1}); ok || x.Related(truce.ID{1}) != nil || x.Group(truce.ID{1}) != "" {
		t.Error("a story that never was is known")
	}
}

func ExampleIndex() {
	x := story.New(story.Config{})
	for _, a := range []truce.Article{
		told(9, "Shells hit Torfhaven, killing 4", "Artillery struck Torfhaven on Saturday, killing 4 people, said governor Marta Quell."),
		told(11, "У Торфгавені обстріл: загинуло 4 людини", "У суботу у Торфгавені загинуло 4 людини, повідомила очільниця області Марта Квелл."),
	} {
		fmt.Println(x.Add(a)[0].Kind)
	}
	fmt.Println(len(x.All()), "story,", x.Voices(x.All()[0]), "voices")
	// Output:
	// opened
	// grown
	// 1 story, 2 voices
}
