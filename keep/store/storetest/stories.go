package storetest

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/trucewatch/truce"
)

// article is a text of a publisher of some hour.
func article(name string, hour float64, edit func(*truce.Article)) truce.Article {
	a := truce.Article{ID: thing(at(hour), name), Headline: "Headline of " + name, Publisher: "Example Post", Language: "en",
		URL: "https://example.org/" + name, Published: truce.Moment(at(hour), 0), Reports: []truce.ID{thing(at(hour), "report "+name)}}
	if edit != nil {
		edit(&a)
	}
	return a
}

func (f *fixture) group(t testing.TB, key string, b truce.StoryBatch) truce.Receipt {
	t.Helper()
	drafts, err := truce.NewStoryDrafts(key, b)
	if err != nil {
		t.Fatal(err)
	}
	return f.append(t, drafts...)
}

func story(name string, hour float64, edit func(*truce.Story)) truce.Story {
	s := truce.Story{ID: thing(at(0), name), Title: "Story of " + name, First: at(0), Last: at(hour), Method: "suite"}
	if edit != nil {
		edit(&s)
	}
	return s
}

// press are five articles; two repeat one report.
func press() []truce.Article {
	return []truce.Article{
		article("a", 1, func(a *truce.Article) { a.Text = "Shelling near the crossing. Nobody was hurt, officials said." }),
		article("b", 2, func(a *truce.Article) {
			a.Headline, a.Language, a.Publisher, a.Text = "Обстріл біля переправи", "uk", "Приклад", "Пам’ять про п'ять переправ: їхній Київ, що в\u0301иріс."
		}),
		article("c", 3, func(a *truce.Article) {
			a.Publisher, a.Text, a.Group = "Café Élysée", "Zürich talks: a text in two parts of 20 pages.", "g1"
		}),
		article("d", 3, func(a *truce.Article) { a.Text, a.Group, a.Author = "Talks in parts, no text ready.", "g1", "Jane Roe" }),
		article("e", 5, nil), // no text: by headline and link alone
	}
}

func articleNames(rows []truce.ArticleRow) string {
	var out []string
	for _, row := range rows {
		out = append(out, strings.TrimPrefix(row.Article.URL, "https://example.org/"))
	}
	return strings.Join(out, "")
}

func (f *fixture) finds(t testing.TB, what string, q truce.ArticleQuery, want string) {
	t.Helper()
	page, err := f.store.Articles(t.Context(), q)
	if err != nil || articleNames(page.Rows) != want || page.Total != len(want) || page.More {
		t.Errorf("%s: found %q of %d, %v, want %q", what, articleNames(page.Rows), page.Total, err, want)
	}
	for _, row := range page.Rows {
		if row.Article.Text != "" {
			t.Errorf("%s: a list carries a text", what)
		}
	}
}

// c and d were published at the same time; which comes first is decided by their ids.
func bothOrders(t testing.TB, f *fixture) (dc string) {
	t.Helper()
	page, err := f.store.Articles(t.Context(), truce.ArticleQuery{Group: "g1"})
	if err != nil || len(page.Rows) != 2 {
		t.Fatalf("the copies of one report: %+v, %v", page, err)
	}
	return articleNames(page.Rows)
}

func testArticles(t *testing.T, f *fixture) {
	f.group(t, "press", truce.StoryBatch{Articles: press()})
	dc := bothOrders(t, f)
	for _, c := range []struct {
		name string
		q    truce.ArticleQuery
		want string
	}{
		{"all, the newest first", truce.ArticleQuery{}, "e" + dc + "ba"},
		{"from a time on", truce.ArticleQuery{From: at(2)}, "e" + dc + "b"},
		{"before a time", truce.ArticleQuery{To: at(2)}, "a"},
		{"in a language", truce.ArticleQuery{Language: "uk"}, "b"},
		{"of a publisher", truce.ArticleQuery{Publisher: "Café Élysée"}, "c"},
		{"of none", truce.ArticleQuery{Publisher: "Cafe Elysee"}, ""},
		{"a word of a text", truce.ArticleQuery{Words: "officials"}, "a"},
		{"a word of a headline", truce.ArticleQuery{Words: "HEADLINE"}, "e" + dc + "a"},
		{"a publisher by its words", truce.ArticleQuery{Words: "cafe elysee"}, "c"},
		{"an author", truce.ArticleQuery{Words: "roe"}, "d"},
		{"words without marks", truce.ArticleQuery{Words: "zurich"}, "c"},
		{"words with them", truce.ArticleQuery{Words: "Zürich"}, "c"},
		{"two words in any order", truce.ArticleQuery{Words: "parts text"}, dc},
		{"words beside each other", truce.ArticleQuery{Words: `"two parts"`}, "c"},
		{"and not beside each other", truce.ArticleQuery{Words: `"parts two"`}, ""},
		{"the end of a headline and the begin of a text", truce.ArticleQuery{Words: `"post shelling"`}, ""},
		{"a word that is begun", truce.ArticleQuery{Words: "offi*"}, "a"},
		{"a phrase that is begun", truce.ArticleQuery{Words: `"near the cros*"`}, "a"},
		{"a number", truce.ArticleQuery{Words: "20"}, "c"},
		{"Ukrainian", truce.ArticleQuery{Words: "обстріл переправи"}, "b"},
		{"Ukrainian that is begun", truce.ArticleQuery{Words: "перепр*"}, "b"},
		{"an apostrophe of any kind", truce.ArticleQuery{Words: "пам'ять"}, "b"},
		{"or none", truce.ArticleQuery{Words: "память"}, "b"},
		{"letters that marks make", truce.ArticleQuery{Words: "Київ їхній"}, "b"},
		{"which are no others", truce.ArticleQuery{Words: "киив"}, ""},
		{"a stress mark", truce.ArticleQuery{Words: "виріс"}, "b"},
		{"words in a language", truce.ArticleQuery{Words: "talks", Language: "en"}, dc},
		{"words in another", truce.ArticleQuery{Words: "talks", Language: "uk"}, ""},
		{"words of a publisher", truce.ArticleQuery{Words: "text", Publisher: "Example Post"}, "d"},
		{"words of copies from a time on", truce.ArticleQuery{Words: "text", Group: "g1", From: at(3), To: at(4)}, dc},
		{"a plural by its one", truce.ArticleQuery{Words: "official"}, "a"},
		{"another case", truce.ArticleQuery{Words: "обстрілами переправу"}, "b"},
		{"another case in quotes", truce.ArticleQuery{Words: `"переправу"`}, "b"},
		{"a word begun into its ending", truce.ArticleQuery{Words: "переправам*"}, "b"},
		{"signs of the query language", truce.ArticleQuery{Words: "talks AND (text) : & | ! -"}, ""},
	} {
		f.finds(t, c.name, c.q, c.want)
	}
	for name, q := range map[string]truce.ArticleQuery{
		"no word at all": {Words: "&& !"}, "too short a begin": {Words: "ta*"}, "a negative limit": {Limit: -1}, "too large a limit": {Limit: 201},
		"too many words": {Words: strings.Repeat("a ", 21)},
	} {
		_, err := f.store.Articles(t.Context(), q)
		wantCode(t, name, err, truce.CodeInvalid)
	}
	_, err := f.store.Articles(t.Context(), truce.ArticleQuery{Words: strings.Repeat("a", 1001)})
	wantCode(t, "a long search", err, truce.CodeTooLarge)
	testArticlePages(t, f, "e"+dc+"ba")
	f.sound(t)
}

func testArticlePages(t *testing.T, f *fixture, want string) {
	for _, words := range []string{"", "parts*"} {
		if words != "" {
			want = bothOrders(t, f)
		}
		var got string
		q := truce.ArticleQuery{Words: words, Limit: 1}
		for range len(want) + 1 {
			page, err := f.store.Articles(t.Context(), q)
			if err != nil || page.Total != len(want) {
				t.Fatalf("a page: %d, %v", page.Total, err)
			}
			if len(page.Rows) == 0 {
				break
			}
			got += articleNames(page.Rows)
			q.After = page.Rows[0].Mark
		}
		if got != want {
			t.Errorf("pages of %q give %q, want %q", words, got, want)
		}
	}
}

// testArticleChanges: what an article says last is what is found, at the time it names.
func testArticleChanges(t *testing.T, f *fixture) {
	f.group(t, "press", truce.StoryBatch{Articles: press(), Stories: []truce.Story{story("s", 1, nil)},
		Changes: []truce.StoryChange{{Story: story("s", 1, nil).ID, Kind: truce.StoryOpened, At: at(1), Added: []truce.ID{press()[0].ID}}}})
	changed := press()[0]
	changed.Text, changed.Headline, changed.Version, changed.Published = "Two were hurt, officials now say.", "Corrected", 2, truce.Moment(at(4), 0)
	first, second := truce.HashOf([]byte(press()[0].Text)), truce.HashOf([]byte(changed.Text))
	f.group(t, "change", truce.StoryBatch{Articles: []truce.Article{changed}, Versions: []truce.ArticleVersion{
		{Article: changed.ID, Number: 1, At: at(1), Text: first}, {Article: changed.ID, Number: 2, At: at(4), Text: second, Before: first, Same: 2, Added: 4, Removed: 7}}})
	f.finds(t, "a word that is gone", truce.ArticleQuery{Words: "nobody"}, "")
	f.finds(t, "a word that is new", truce.ArticleQuery{Words: "corrected hurt"}, "a")
	f.finds(t, "in its story", truce.ArticleQuery{Story: story("s", 1, nil).ID, From: at(4)}, "a")
	f.finds(t, "at its new time", truce.ArticleQuery{From: at(4), To: at(5)}, "a")
	row, err := f.store.Article(t.Context(), changed.ID)
	if err != nil || row.Versions != 2 || row.Article.TextHash != second || len(row.Stories) != 1 || row.Removed {
		t.Errorf("the article is %+v, %v", row, err)
	}
	versions, err := f.store.ArticleVersions(t.Context(), changed.ID)
	if err != nil || len(versions) != 2 || versions[1].Before != first || versions[1].Removed != 7 {
		t.Errorf("versions %+v, %v", versions, err)
	}
	for hash, want := range map[truce.Hash]string{first: press()[0].Text, second: changed.Text, {}: changed.Text} {
		if got, err := f.store.ArticleText(t.Context(), changed.ID, hash); err != nil || got != want {
			t.Errorf("text %s is %q, %v, want %q", hash, got, err, want)
		}
	}
	_, err = f.store.ArticleText(t.Context(), changed.ID, truce.HashOf(nil))
	wantCode(t, "no such text", err, truce.CodeNotFound)
	_, err = f.store.Article(t.Context(), thing(at(0), "nobody"))
	wantCode(t, "no such article", err, truce.CodeNotFound)
	// The same step again changes nothing.
	head, _, _ := f.store.Head(t.Context())
	f.group(t, "press", truce.StoryBatch{Articles: press(), Stories: []truce.Story{story("s", 1, nil)},
		Changes: []truce.StoryChange{{Story: story("s", 1, nil).ID, Kind: truce.StoryOpened, At: at(1), Added: []truce.ID{press()[0].ID}}}})
	if again, _, err := f.store.Head(t.Context()); err != nil || again != head {
		t.Errorf("the same step made records %d to %d, %v", head+1, again, err)
	}
	f.sound(t)
}

func testTakedown(t *testing.T, f *fixture) {
	f.group(t, "press", truce.StoryBatch{Articles: press()})
	copied := article("f", 6, func(a *truce.Article) { a.Text = press()[0].Text })
	f.group(t, "copied", truce.StoryBatch{Articles: []truce.Article{copied}})
	text := truce.HashOf([]byte(copied.Text))
	holders, err := f.store.HoldersOf(t.Context(), text)
	if texts, failed := f.store.TextsOf(t.Context(), copied.ID); err != nil || failed != nil || !slices.Equal(texts, []truce.Hash{text}) ||
		len(holders) != 2 || !slices.Contains(holders, copied.ID) || !slices.Contains(holders, press()[0].ID) {
		t.Errorf("held by %v, %v; the copy has %v, %v", holders, err, texts, failed)
	}
	down := truce.Takedown{Hash: text, Reason: "the publisher asked", By: "desk", At: at(9)}
	for what, bad := range map[string]truce.Takedown{"nothing": {Reason: "x", At: 1}, "no reason": {Hash: text, At: 1}, "no time": {Hash: text, Reason: "x"}} {
		_, err := f.store.Takedown(t.Context(), bad)
		wantCode(t, what, err, truce.CodeInvalid)
	}
	_, err = f.store.Takedown(t.Context(), truce.Takedown{Hash: text, Reason: "x", At: 1}, truce.Takedown{Article: thing(at(0), "nobody"), Reason: "x", At: 1})
	wantCode(t, "an article that is not there", err, truce.CodeNotFound)
	f.refuse(t, "a takedown by append", truce.CodeForbidden, draft(t, truce.RecordTakedown, "", "x", down))
	for range 2 { // the second time changes nothing
		if _, err := f.store.Takedown(t.Context(), down); err != nil {
			t.Fatal(err)
		}
	}
	f.finds(t, "a word of the text", truce.ArticleQuery{Words: "officials"}, "")
	f.finds(t, "a word of the headline", truce.ArticleQuery{Words: `"headline of a"`}, "a")
	row, err := f.store.Article(t.Context(), copied.ID)
	if err != nil || !row.Removed || row.Article.TextHash != text || row.Article.Headline != copied.Headline {
		t.Errorf("after the takedown: %+v, %v", row, err)
	}
	_, err = f.store.ArticleText(t.Context(), copied.ID, text)
	if wantCode(t, "the text", err, truce.CodeNotFound); err == nil || !strings.Contains(err.Error(), "the publisher asked") {
		t.Errorf("%v does not say why", err)
	}
	rows, err := f.store.TakenDown(t.Context(), text)
	if all, allErr := f.store.Takedowns(t.Context()); err != nil || allErr != nil || len(rows) != 1 || len(all) != 1 || !reflect.DeepEqual(rows[0].Takedown, down) || rows[0].Seq != all[0].Seq {
		t.Errorf("takedowns %+v, %+v, %v, %v", rows, all, err, allErr)
	}
	testTextsRefused(t, f, copied)
	if _, err := f.store.Takedown(t.Context(), truce.Takedown{Article: press()[3].ID, Reason: "the author asked", At: at(10)}); err != nil {
		t.Fatal(err)
	}
	f.finds(t, "a word of the article taken down", truce.ArticleQuery{Words: "talks"}, "c")
	f.sound(t)
	testRebuilt(t, f)
	f.finds(t, "after a rebuild", truce.ArticleQuery{Words: "talks"}, "c")
	f.finds(t, "after a rebuild, the text taken down", truce.ArticleQuery{Words: "officials"}, "")
}

// testTextsRefused: what was taken down does not come back under another name.
func testTextsRefused(t *testing.T, f *fixture, copied truce.Article) {
	copied.Version = 7
	drafts, err := truce.NewStoryDrafts("again", truce.StoryBatch{Articles: []truce.Article{copied}})
	if err != nil {
		t.Fatal(err)
	}
	_, err = f.store.Append(t.Context(), truce.Batch{Drafts: drafts})
	if wantCode(t, "the text once more", err, truce.CodeForbidden); err == nil || !strings.Contains(err.Error(), "the publisher asked") {
		t.Errorf("%v does not say why", err)
	}
	wrong := truce.ArticleText{Article: copied.ID, Hash: truce.HashOf(nil), Text: "x"}
	f.refuse(t, "a text under a wrong hash", truce.CodeInvalid, draft(t, truce.RecordText, "", "x", wrong))
}

func testRebuilt(t *testing.T, f *fixture) {
	t.Helper()
	before, err := f.store.Digest(t.Context())
	if err == nil {
		err = f.store.Rebuild(t.Context())
	}
	if err != nil {
		t.Fatal(err)
	}
	if after, err := f.store.Digest(t.Context()); err != nil || after != before {
		t.Errorf("digest after a rebuild = %s, %v, before it %s", after, err, before)
	}
}

func storyNames(rows []truce.StoryRow) string {
	var out []string
	for _, row := range rows {
		out = append(out, strings.TrimPrefix(row.Story.Title, "Story of "))
	}
	return strings.Join(out, "")
}

func testStories(t *testing.T, f *fixture) {
	articles := press()
	ids := func(at ...int) (out []truce.ID) {
		for _, i := range at {
			out = append(out, articles[i].ID)
		}
		return out
	}
	x := story("x", 3, func(s *truce.Story) { s.Tags = []string{"ceasefire line"} })
	y := story("y", 4, func(s *truce.Story) {
		s.Entities = []truce.Entity{{Key: "place:kyiv", Name: "Києво-Печерськ", Kind: "place"}}
	})
	z := story("z", 5, nil)
	f.group(t, "1", truce.StoryBatch{Articles: articles, Stories: []truce.Story{x, y}, Changes: []truce.StoryChange{
		{Story: x.ID, Kind: truce.StoryOpened, At: at(1), Added: ids(0, 1)}, {Story: y.ID, Kind: truce.StoryOpened, At: at(3), Added: ids(2, 3)}, {Story: x.ID, Kind: truce.StoryGrown, At: at(5), Added: ids(4, 0)}}})
	f.tells(t, "at first", truce.StoryQuery{}, "yx")
	f.tells(t, "by a tag", truce.StoryQuery{Tag: "ceasefire line"}, "x")
	f.tells(t, "by a name", truce.StoryQuery{Words: "києв"}, "y")
	f.tells(t, "by a word of a text", truce.StoryQuery{Words: "zurich"}, "y")
	f.tells(t, "by a word of a headline in another case", truce.StoryQuery{Words: "обстрілами"}, "x")
	f.tells(t, "by words of one article", truce.StoryQuery{Words: "nobody officials"}, "x")
	f.tells(t, "by words of two articles of a story", truce.StoryQuery{Words: "nobody обстріл"}, "")
	f.tells(t, "by a word of a text, with a tag", truce.StoryQuery{Words: "crossing", Tag: "ceasefire line"}, "x")
	f.tells(t, "by a word of another, with a tag", truce.StoryQuery{Words: "zurich", Tag: "ceasefire line"}, "")
	f.tells(t, "by words", truce.StoryQuery{Words: "story line"}, "x")
	f.tells(t, "of many articles", truce.StoryQuery{Least: 3}, "x")
	f.tells(t, "told of from a time on", truce.StoryQuery{From: at(4)}, "y")
	f.tells(t, "told of before", truce.StoryQuery{To: at(4)}, "x")
	f.tells(t, "behind a row", truce.StoryQuery{After: &truce.StoryMark{Last: at(4), ID: y.ID}, Limit: 1}, "x")
	f.finds(t, "the articles of a story", truce.ArticleQuery{Story: x.ID}, "eba")
	f.finds(t, "those with a word", truce.ArticleQuery{Story: x.ID, Words: "headline"}, "ea")
	f.group(t, "2", truce.StoryBatch{Stories: []truce.Story{z}, Changes: []truce.StoryChange{{Story: x.ID, Kind: truce.StorySplit, At: at(5), Other: z.ID, Added: ids(4), Why: "another place"}}})
	f.finds(t, "after a split", truce.ArticleQuery{Story: x.ID}, "ba")
	f.finds(t, "what was split off", truce.ArticleQuery{Story: z.ID}, "e")
	x.Last, x.Title = at(8), "Story of w"
	f.group(t, "3", truce.StoryBatch{Stories: []truce.Story{x}, Changes: []truce.StoryChange{
		{Story: x.ID, Kind: truce.StoryMerged, At: at(8), Other: y.ID, Why: "one happening"}, {Story: x.ID, Kind: truce.StoryRenamed, At: at(8), Title: x.Title}}})
	f.tells(t, "after a merger", truce.StoryQuery{}, "wz")
	f.tells(t, "those merged too", truce.StoryQuery{Replaced: true}, "wzy")
	f.tells(t, "the old title", truce.StoryQuery{Words: `"story of x"`}, "")
	f.tells(t, "the new title", truce.StoryQuery{Words: `"story of w"`}, "w")
	f.finds(t, "what came together", truce.ArticleQuery{Story: x.ID}, bothOrders(t, f)+"ba")
	row, err := f.store.Story(t.Context(), y.ID)
	if err != nil || row.Story.Into != x.ID || row.Articles != 0 {
		t.Errorf("the story merged: %+v, %v", row, err)
	}
	if row, err := f.store.Story(t.Context(), x.ID); err != nil || row.Articles != 4 || row.Last != at(8) {
		t.Errorf("the story that stays: %+v, %v", row, err)
	}
	steps, err := f.store.StorySteps(t.Context(), y.ID)
	if err != nil || len(steps) != 2 || steps[1].Kind != truce.StoryMerged || steps[1].Why != "one happening" || steps[0].Seq >= steps[1].Seq {
		t.Errorf("steps of the story merged: %+v, %v", steps, err)
	}
	testStoryRefusals(t, f, x, ids(0))
	testRebuilt(t, f)
	f.tells(t, "after a rebuild", truce.StoryQuery{Words: "story"}, "wz")
	f.sound(t)
}

func (f *fixture) tells(t testing.TB, what string, q truce.StoryQuery, want string) {
	t.Helper()
	page, err := f.store.Stories(t.Context(), q)
	if total := len(want); q.After == nil && page.Total != total || err != nil || storyNames(page.Rows) != want {
		t.Errorf("%s: %q of %d, %v, want %q", what, storyNames(page.Rows), page.Total, err, want)
	}
}

func testStoryRefusals(t *testing.T, f *fixture, x truce.Story, known []truce.ID) {
	nobody := thing(at(0), "nobody")
	withText := press()[0]
	whole := x
	whole.Articles = known
	for what, c := range map[string]struct {
		b    truce.StoryBatch
		want truce.Code
	}{
		"an article nobody knows":    {truce.StoryBatch{Changes: []truce.StoryChange{{Story: x.ID, Kind: truce.StoryGrown, Added: []truce.ID{nobody}}}}, truce.CodeNotFound},
		"a story nobody knows":       {truce.StoryBatch{Changes: []truce.StoryChange{{Story: nobody, Kind: truce.StoryGrown, Added: known}}}, truce.CodeNotFound},
		"a change of no kind":        {truce.StoryBatch{Changes: []truce.StoryChange{{Story: x.ID}}}, truce.CodeInvalid},
		"a merger with itself":       {truce.StoryBatch{Changes: []truce.StoryChange{{Story: x.ID, Kind: truce.StoryMerged, Other: x.ID}}}, truce.CodeInvalid},
		"a text among the articles":  {truce.StoryBatch{Articles: []truce.Article{withText}}, truce.CodeInvalid},
		"a story with its articles":  {truce.StoryBatch{Stories: []truce.Story{whole}}, truce.CodeInvalid},
		"a version without a number": {truce.StoryBatch{Versions: []truce.ArticleVersion{{Article: known[0]}}}, truce.CodeInvalid},
	} {
		f.refuse(t, what, c.want, draft(t, truce.RecordStories, "", "x", c.b))
	}
	_, err := f.store.Story(t.Context(), nobody)
	wantCode(t, "no such story", err, truce.CodeNotFound)
}

func testFeeds(t *testing.T, f *fixture) {
	ctx := t.Context()
	feed := truce.Feed{ID: "example", URL: "https://example.org/rss", Source: "example", State: truce.FeedActive, Interval: 600_000_000, Rights: "headline and link", By: "desk", At: at(1)}
	add := func(key string, feed truce.Feed) truce.Receipt {
		return f.append(t, draft(t, truce.RecordFeed, feed.Subject(), key, feed))
	}
	add("1", feed)
	other := feed
	other.ID = "another"
	add("2", other)
	feed.State = truce.FeedPaused
	last := add("3", feed)
	rows, err := f.store.Feeds(ctx)
	if err != nil || len(rows) != 2 || rows[0].Feed != other || rows[1].Feed != feed || rows[1].Seq != last.Head {
		t.Errorf("feeds %+v, %v", rows, err)
	}
	if row, err := f.store.Feed(ctx, "example"); err != nil || row.Feed != feed {
		t.Errorf("feed %+v, %v", row, err)
	}
	_, err = f.store.Feed(ctx, "nobody")
	wantCode(t, "no such feed", err, truce.CodeNotFound)
	for what, edit := range map[string]func(*truce.Feed){
		"no address": func(f *truce.Feed) { f.URL = "ftp://x/" }, "no state": func(f *truce.Feed) { f.State = "" },
		"every second": func(f *truce.Feed) { f.Interval = 1_000_000 }, "no source": func(f *truce.Feed) { f.Source = "" }, "a name with a slash": func(f *truce.Feed) { f.ID = "a/b" },
	} {
		bad := feed
		edit(&bad)
		f.refuse(t, what, truce.CodeInvalid, draft(t, truce.RecordFeed, bad.Subject(), "x", bad))
	}
	testFeedStates(t, f)
}

func testFeedStates(t *testing.T, f *fixture) {
	ctx := t.Context()
	before, err := f.store.Digest(ctx)
	if err != nil {
		t.Fatal(err)
	}
	state := truce.FeedState{Feed: "example", URL: "https://news.example/rss.xml", ETag: "\"\xff\x00\"", Modified: "Sun, 12 Apr 2026", Tried: at(1), Fetched: at(1), Due: at(2), Status: 200}
	failed := truce.FeedState{Feed: "another", Tried: at(1), Due: at(4), Status: 503, Failures: 2, Problem: "busy"}
	if err := f.store.SaveFeedStates(ctx, state, failed); err != nil {
		t.Fatal(err)
	}
	state.Due, state.Status = at(3), 304
	if err := f.store.SaveFeedStates(ctx, state); err != nil {
		t.Fatal(err)
	}
	want := []truce.FeedState{failed, state}
	testRebuilt(t, f)
	if got, err := f.store.FeedStates(ctx); err != nil || !slices.Equal(got, want) {
		t.Errorf("states %+v, %v, want %+v", got, err, want)
	}
	if after, err := f.store.Digest(ctx); err != nil || after != before {
		t.Errorf("saving states changed the digest: %v", err)
	}
	wantCode(t, "a state of no feed", f.store.SaveFeedStates(ctx, truce.FeedState{}), truce.CodeInvalid)
	f.sound(t)
}

// testSameTimes: two engines and a rebuild give the same order to what has the same time.
func testSameTimes(t *testing.T, f *fixture) {
	var many []truce.Article
	for i := range 60 {
		many = append(many, article(fmt.Sprintf("%02d", i), 1, nil))
	}
	f.group(t, "many", truce.StoryBatch{Articles: many})
	seen := map[truce.ArticleMark]bool{}
	page, err := f.store.Articles(t.Context(), truce.ArticleQuery{})
	if err != nil || len(page.Rows) != 60 {
		t.Fatalf("%d articles, %v", len(page.Rows), err)
	}
	for _, row := range page.Rows {
		seen[row.Mark] = true
	}
	if len(seen) != 60 {
		t.Errorf("60 articles have %d places", len(seen))
	}
	f.sound(t)
}

// fillReporting appends one or more of what reporting is made of, and takes a text down.
func fillReporting(t testing.TB, f *fixture) {
	t.Helper()
	x, y := story("x", 3, nil), story("y", 4, nil)
	all := press()
	f.group(t, "reporting", truce.StoryBatch{Articles: all, Stories: []truce.Story{x, y}, Changes: []truce.StoryChange{
		{Story: x.ID, Kind: truce.StoryOpened, At: at(1), Added: []truce.ID{all[0].ID, all[1].ID}}, {Story: y.ID, Kind: truce.StoryOpened, At: at(3), Added: []truce.ID{all[2].ID}},
		{Story: x.ID, Kind: truce.StorySplit, At: at(4), Other: y.ID, Added: []truce.ID{all[1].ID}}}, Versions: []truce.ArticleVersion{{Article: all[0].ID, Number: 1, At: at(1)}}})
	feed := truce.Feed{ID: "example", URL: "https://example.org/rss", Source: "s", State: truce.FeedActive, Interval: 600_000_000, At: at(1)}
	f.append(t, draft(t, truce.RecordFeed, feed.Subject(), "feed", feed))
	if _, err := f.store.Takedown(t.Context(), truce.Takedown{Hash: truce.HashOf([]byte(all[2].Text)), Reason: "suite", At: at(5)}); err != nil {
		t.Fatal(err)
	}
}
