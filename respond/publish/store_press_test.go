package publish_test

import (
	"context"
	"database/sql"
	"path/filepath"
	"strings"
	"testing"
	"time"

	_ "modernc.org/sqlite"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/respond/publish"
)

func pressAt(day int) truce.Instant {
	return truce.InstantOf(time.Date(2026, 3, day, 9, 0, 0, 0, time.UTC))
}

func pressStory(name string, day int, articles ...truce.PublicArticle) truce.PublicStory {
	for i := range articles {
		articles[i].Published = pressAt(day)
	}
	return truce.PublicStory{ID: truce.NewID(pressAt(day), "story", "test", []byte(name)), Title: name, First: pressAt(day), Last: pressAt(day), Articles: articles}
}

func pressOf() publish.Press {
	return publish.Press{
		Stories: []truce.PublicStory{
			pressStory("Allies pledge monitors", 10, truce.PublicArticle{Headline: "Monitors at 100% of the line", Publisher: "Wire", Language: "en", Quote: "They will come."},
				truce.PublicArticle{Headline: "Обіцяють спостерігачів", Publisher: "Вісник", Language: "uk"}),
			pressStory("Flood closes harbour", 12, truce.PublicArticle{Headline: "Flood", Publisher: "Evening", Language: "en"}),
		},
		Promises: []truce.PublicPromise{{Actor: "state:FR", Subject: "troops", Steps: []truce.PublicStatement{{Kind: truce.ClaimCommitment, Quote: "They will come."}}}},
	}
}

func openPress(t *testing.T) (*publish.PublicStore, *publish.Reader) {
	t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(t.TempDir(), "public.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	s, err := publish.OpenPublicStore(t.Context(), db)
	if err != nil {
		t.Fatal(err)
	}
	return s, publish.NewReader(db)
}

func titles(list []truce.PublicStory) string {
	var out []string
	for _, s := range list {
		out = append(out, s.Title)
	}
	return strings.Join(out, ", ")
}

func TestReleasedPressIsFound(t *testing.T) {
	s, r := openPress(t)
	for range 2 { // the second time changes nothing
		if err := s.PutPress(t.Context(), pressOf()); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		q    publish.PressQuery
		want string
	}{
		{publish.PressQuery{}, "Flood closes harbour, Allies pledge monitors"},
		{publish.PressQuery{Words: "MONITORS pledge"}, "Allies pledge monitors"},
		{publish.PressQuery{Words: "спостерігачів"}, "Allies pledge monitors"},
		{publish.PressQuery{Words: "100%"}, "Allies pledge monitors"},
		{publish.PressQuery{Words: "%"}, "Allies pledge monitors"},
		{publish.PressQuery{Day: "2026-03-12"}, "Flood closes harbour"},
		{publish.PressQuery{Language: "uk"}, "Allies pledge monitors"},
		{publish.PressQuery{Language: "uk", Publisher: "Wire"}, ""},
		{publish.PressQuery{Publisher: "Evening", Words: "flood"}, "Flood closes harbour"},
		{publish.PressQuery{Words: "' OR 1=1 --"}, ""},
	} {
		c.q.Limit = 10
		list, total, err := r.Stories(t.Context(), c.q)
		if err != nil || titles(list) != c.want || total != len(list) {
			t.Errorf("%+v: %q of %d, %v, want %q", c.q, titles(list), total, err, c.want)
		}
	}
	second, total, err := r.Stories(t.Context(), publish.PressQuery{Offset: 1, Limit: 1})
	if err != nil || total != 2 || titles(second) != "Allies pledge monitors" {
		t.Errorf("the second: %q of %d, %v", titles(second), total, err)
	}
	testPressLists(t, r)
}

func testPressLists(t *testing.T, r *publish.Reader) {
	days, err := r.PressDays(t.Context(), 14)
	if err != nil || len(days) != 2 || days[0] != (truce.PressDay{Day: "2026-03-12", Articles: 1, Stories: 1}) || days[1].Articles != 2 {
		t.Errorf("days %+v, %v", days, err)
	}
	if days, err := r.PressDays(t.Context(), 2); err != nil || len(days) != 1 {
		t.Errorf("the last two days: %+v, %v", days, err)
	}
	languages, publishers, err := r.PressNames(t.Context(), 2)
	if err != nil || strings.Join(languages, " ") != "en uk" || len(publishers) != 2 {
		t.Errorf("languages %q, publishers %q, %v", languages, publishers, err)
	}
	rows, err := r.Promises(t.Context())
	if err != nil || len(rows) != 1 || rows[0].Steps[0].Quote != "They will come." {
		t.Errorf("promises %+v, %v", rows, err)
	}
	want := pressOf().Stories[0]
	if got, err := r.Story(t.Context(), want.ID.String()); err != nil || len(got.Articles) != 2 || got.Title != want.Title {
		t.Errorf("a story %+v, %v", got, err)
	}
	if _, err := r.Story(t.Context(), "nobody"); truce.CodeOf(err) != truce.CodeNotFound {
		t.Errorf("no such story: %v", err)
	}
}

// What was taken back since the last release is gone with the next.
func TestPressIsReplacedWhole(t *testing.T) {
	s, r := openPress(t)
	p := pressOf()
	if err := s.PutPress(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	p.Stories, p.Promises = p.Stories[1:], nil
	if err := s.PutPress(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	list, _, err := r.Stories(t.Context(), publish.PressQuery{Limit: 10})
	if err != nil || titles(list) != "Flood closes harbour" {
		t.Errorf("%q, %v", titles(list), err)
	}
	if rows, err := r.Promises(t.Context()); err != nil || len(rows) != 0 {
		t.Errorf("promises %+v, %v", rows, err)
	}
}

func TestLongQuotesDoNotLeave(t *testing.T) {
	s, r := openPress(t)
	long := strings.Repeat("я", truce.MaxPublicQuote+1)
	for what, edit := range map[string]func(*publish.Press){
		"an article":  func(p *publish.Press) { p.Stories[0].Articles[0].Quote = long },
		"a promise":   func(p *publish.Press) { p.Promises[0].Steps[0].Quote = long },
		"a condition": func(p *publish.Press) { p.Promises[0].Steps[0].Condition = long },
	} {
		p := pressOf()
		edit(&p)
		if err := s.PutPress(t.Context(), p); truce.CodeOf(err) != truce.CodeForbidden {
			t.Errorf("the quote of %s: %v", what, err)
		}
	}
	if list, _, err := r.Stories(t.Context(), publish.PressQuery{Limit: 10}); err != nil || len(list) != 0 {
		t.Errorf("%d stories left, %v", len(list), err)
	}
}

// A public store of an earlier version has no tables of the press; its pages say that
// nothing is out.
func TestPressOfAnOlderStore(t *testing.T) {
	db, err := sql.Open("sqlite", filepath.Join(t.TempDir(), "old.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	ctx := context.Background()
	r := publish.NewReader(db)
	list, total, err := r.Stories(ctx, publish.PressQuery{Limit: 10})
	rows, err2 := r.Promises(ctx)
	days, err3 := r.PressDays(ctx, 14)
	_, names, err4 := r.PressNames(ctx, 10)
	if err != nil || err2 != nil || err3 != nil || err4 != nil || len(list)+total+len(rows)+len(days)+len(names) != 0 {
		t.Errorf("%v %v %v %v", err, err2, err3, err4)
	}
	if _, err := r.Story(ctx, "x"); truce.CodeOf(err) != truce.CodeNotFound {
		t.Errorf("a story: %v", err)
	}
}
