package storetest

import (
	"strings"
	"testing"

	"github.com/trucewatch/truce"
)

// claimsOf are two claims read in a text: that something happened, and a promise.
func claimsOf(a truce.Article) truce.ArticleClaims {
	out := truce.ArticleClaims{Article: a.ID, Method: "suite"}
	if a.Text != "" {
		out.Text = truce.HashOf([]byte(a.Text))
	}
	quote := &truce.Quote{Sentence: "They will come, " + a.Headline + " said."}
	out.Claims = []truce.Claim{
		{Act: truce.ActIndirectFire, Kind: truce.ClaimEvent, Quote: quote, Confidence: 0.5},
		{Kind: truce.ClaimCommitment, Said: &truce.Said{Actor: "state:FR", Subject: "troops"}, Quote: quote, Confidence: 0.9},
	}
	return out
}

func (f *fixture) read(t testing.TB, a truce.Article) {
	t.Helper()
	d, err := claimsOf(a).Draft()
	if err != nil {
		t.Fatal(err)
	}
	f.append(t, d)
}

// said are the articles of all promises, by their names.
func (f *fixture) said(t testing.TB, from, to truce.Instant) string {
	t.Helper()
	var out []string
	err := f.store.SaidClaims(t.Context(), from, to, func(c truce.ReportedClaim) error {
		if c.Claim.Said == nil || c.Article.Text != "" || !strings.Contains(c.Claim.Quote.Sentence, "They will come") {
			t.Errorf("a claim that is none: %+v", c)
		}
		out = append(out, strings.TrimPrefix(c.Article.URL, "https://example.org/"))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(out, "")
}

func (f *fixture) wantSaid(t testing.TB, when, want string) {
	t.Helper()
	if got := f.said(t, 0, 0); got != want {
		t.Errorf("%s: promises of %q, want %q", when, got, want)
	}
}

func testClaims(t *testing.T, f *fixture) {
	articles := press()
	s := story("s", 3, nil)
	f.group(t, "press", truce.StoryBatch{Articles: articles, Stories: []truce.Story{s},
		Changes: []truce.StoryChange{{Story: s.ID, Kind: truce.StoryOpened, At: at(1), Added: []truce.ID{articles[1].ID, articles[0].ID, articles[4].ID}}}})
	for _, i := range []int{0, 1, 4} {
		f.read(t, articles[i])
	}
	f.wantSaid(t, "at first", "abe")
	if got := f.said(t, at(2), at(5)); got != "b" {
		t.Errorf("from 2 to 5: %q", got)
	}
	count := 0
	err := f.store.StoryClaims(t.Context(), s.ID, func(truce.ReportedClaim) error { count++; return nil })
	if err != nil || count != 6 {
		t.Errorf("the story has %d claims, %v, want 6", count, err)
	}
	f.refuse(t, "a claim without its sentence", truce.CodeInvalid, draft(t, truce.RecordClaims, "", "x", truce.ArticleClaims{Article: s.ID, Method: "suite", Claims: []truce.Claim{{}}}))

	// Another text: what was read out of the one before stands no more, until the new is read.
	changed := articles[1]
	changed.Text, changed.Version = "Another text.", 2
	f.group(t, "change", truce.StoryBatch{Articles: []truce.Article{changed}})
	f.wantSaid(t, "with a new text", "ae")
	f.read(t, changed)
	f.wantSaid(t, "with the new text read", "abe")
	testClaimsTakenDown(t, f, articles)
}

// testClaimsTakenDown: sentences vanish with the text they were read in and stay away.
func testClaimsTakenDown(t *testing.T, f *fixture, articles []truce.Article) {
	for i, down := range []truce.Takedown{{Hash: truce.HashOf([]byte(articles[0].Text))}, {Article: articles[1].ID}} {
		down.Reason, down.At = "the publisher asked", at(float64(9+i))
		if _, err := f.store.Takedown(t.Context(), down); err != nil {
			t.Fatal(err)
		}
	}
	f.wantSaid(t, "after the takedowns", "e")
	err := f.store.ArticleClaims(t.Context(), articles[0].ID, func(c truce.ReportedClaim) error {
		t.Errorf("a claim of a text that was taken down: %+v", c)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	again := claimsOf(articles[0])
	again.Method = "suite/2"
	f.refuse(t, "its claims once more", truce.CodeForbidden, draft(t, truce.RecordClaims, "", "x", again))
	testRebuilt(t, f)
	f.wantSaid(t, "after a rebuild", "e")
	f.sound(t)
}

func testToldBy(t *testing.T, f *fixture) {
	articles := press()
	x, y := story("x", 3, nil), story("y", 5, nil)
	f.group(t, "press", truce.StoryBatch{Articles: articles, Stories: []truce.Story{x, y}, Changes: []truce.StoryChange{
		{Story: x.ID, Kind: truce.StoryOpened, At: at(1), Added: []truce.ID{articles[0].ID, articles[1].ID}},
		{Story: y.ID, Kind: truce.StoryOpened, At: at(3), Added: []truce.ID{articles[2].ID, articles[4].ID}}}})
	f.tells(t, "in a language", truce.StoryQuery{Language: "uk"}, "x")
	f.tells(t, "of a publisher", truce.StoryQuery{Publisher: "Example Post"}, "yx")
	f.tells(t, "of a publisher in a language", truce.StoryQuery{Publisher: "Example Post", Language: "uk"}, "")
	f.tells(t, "in some hours", truce.StoryQuery{ToldFrom: at(2), ToldTo: at(5)}, "yx")
	f.tells(t, "in some later", truce.StoryQuery{ToldFrom: at(4)}, "y")
	f.tells(t, "words in some hours", truce.StoryQuery{Words: "story", ToldTo: at(2)}, "x")
	page, err := f.store.Stories(t.Context(), truce.StoryQuery{Offset: 1})
	if err != nil || storyNames(page.Rows) != "x" || page.Total != 2 {
		t.Errorf("behind the first: %q of %d, %v", storyNames(page.Rows), page.Total, err)
	}
	_, err = f.store.Stories(t.Context(), truce.StoryQuery{Offset: truce.MaxCounted + 1})
	wantCode(t, "too far back", err, truce.CodeInvalid)
	days, err := f.store.PressDays(t.Context(), at(0))
	if err != nil || len(days) != 1 || days[0] != (truce.PressDay{Day: at(0).Day(), Articles: 5, Stories: 2}) {
		t.Errorf("days %+v, %v", days, err)
	}
	languages, publishers, err := f.store.PressNames(t.Context(), at(0), 2)
	if err != nil || strings.Join(languages, " ") != "en uk" || strings.Join(publishers, ", ") != "Café Élysée, Example Post" {
		t.Errorf("languages %q, publishers %q, %v", languages, publishers, err)
	}
	var told []string
	err = f.store.StoryArticles(t.Context(), x.ID, func(a truce.Article) error {
		told = append(told, strings.TrimPrefix(a.URL, "https://example.org/"))
		return nil
	})
	if err != nil || strings.Join(told, "") != "ab" {
		t.Errorf("articles of a story %q, %v", told, err)
	}
}
