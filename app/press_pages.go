package app

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/internal/diff"
	"github.com/trucewatch/truce/respond/publish"
	"github.com/trucewatch/truce/respond/publish/press"
	"github.com/trucewatch/truce/sense/story/claim"
	"github.com/trucewatch/truce/web"
	"github.com/trucewatch/truce/web/desk"
	webpress "github.com/trucewatch/truce/web/press"
	"github.com/trucewatch/truce/web/public"
)

const (
	// pressDays is how many days the bars above the review show.
	pressDays = 14
	// pressNames is how many publishers can be chosen from; others are found by words.
	pressNames = 60
	// pressVersions is how many articles of a story are asked for their versions.
	pressVersions = 200
)

// mountPress puts the pages of open reporting beside others.
func mountPress(pages http.Handler, reader webpress.Reader, log *slog.Logger, wrap func(http.Handler) http.Handler) (http.Handler, error) {
	handler, err := webpress.Handler(webpress.Config{Reader: reader, Log: log})
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	for _, pattern := range webpress.Paths() {
		mux.Handle(pattern, wrap(handler))
	}
	mux.Handle("/", pages)
	return mux, nil
}

// deskPress gives the pages of the desk what the store holds.
type deskPress struct{ desk *deskReader }

func (p deskPress) store() *App { return p.desk.app }

// Frame is the frame of the desk.
func (p deskPress) Frame(ctx context.Context) (web.Frame, error) {
	f, err := p.desk.Frame(ctx)
	f.Links = desk.Links()
	return f, err
}

// Review lists stories of the store.
func (p deskPress) Review(ctx context.Context, q webpress.Query) (webpress.Review, error) {
	out := webpress.Review{Searchable: true}
	ask := truce.StoryQuery{Words: q.Words, Language: q.Language, Publisher: q.Publisher, Offset: q.Offset, Limit: q.Limit}
	if err := onDay(&ask, q.Day); err != nil {
		return out, err
	}
	s := p.store().store
	page, err := s.Stories(ctx, ask)
	if err != nil {
		return out, err
	}
	out.Total = page.Total
	for _, row := range page.Rows {
		story, err := p.store().publicStory(ctx, row.Story)
		if err != nil {
			return out, err
		}
		out.Stories = append(out.Stories, story)
	}
	newest, err := s.Articles(ctx, truce.ArticleQuery{Limit: 1})
	if err != nil || len(newest.Rows) == 0 {
		return out, err
	}
	since, err := newest.Rows[0].Article.Published.From.Day().AddDays(1 - pressDays).Start(time.UTC)
	if err != nil {
		return out, err
	}
	days, err := s.PressDays(ctx, since)
	if err != nil {
		return out, err
	}
	out.Days = dayCounts(days)
	out.Languages, out.Publishers, err = s.PressNames(ctx, since, pressNames)
	return out, err
}

func dayCounts(days []truce.PressDay) []webpress.DayCount {
	var out []webpress.DayCount
	for _, d := range days {
		out = append(out, webpress.DayCount{Day: d.Day, Stories: d.Stories, Articles: d.Articles})
	}
	return out
}

// Story is a story with claims, versions and lineage.
func (p deskPress) Story(ctx context.Context, id, lang string) (webpress.Story, error) {
	whole, err := p.store().wholeStory(ctx, id)
	out := webpress.Story{PublicStory: whole.PublicStory, Entities: whole.Entities, Internal: true}
	if err != nil {
		return out, err
	}
	for _, c := range whole.Claims {
		out.Claims = append(out.Claims, webpress.Claim{Kind: c.Claim.Kind, Words: claimWords(c.Claim, lang), Quote: c.Claim.Quote.Sentence,
			Publisher: c.Article.Publisher, Link: c.Article.URL, At: c.Article.Published.From, Tellers: calledIn(tellers(c.Claim.Chain), lang), Confidence: c.Claim.Confidence})
	}
	for _, step := range whole.Steps {
		if step.Kind == truce.StoryGrown {
			continue
		}
		l := webpress.Lineage{Kind: step.Kind, At: step.At, Why: step.Why, Title: step.Title}
		if other := step.Other; !other.IsZero() {
			if other == whole.ID {
				other = step.Story
			}
			l.Other = other.String()
			if row, err := p.store().store.Story(ctx, other); err == nil {
				l.Title = row.Story.Title
			}
		}
		out.Lineage = append(out.Lineage, l)
	}
	out.Versions, err = p.versions(ctx, whole.ID)
	return out, err
}

// versions are the changes of the articles of a story, with what can be seen of them.
func (p deskPress) versions(ctx context.Context, story truce.ID) ([]webpress.Version, error) {
	page, err := p.store().store.Articles(ctx, truce.ArticleQuery{Story: story, Limit: pressVersions})
	var out []webpress.Version
	for _, row := range page.Rows {
		if row.Versions == 0 || err != nil {
			continue
		}
		var list []truce.ArticleVersion
		list, err = p.store().store.ArticleVersions(ctx, row.Article.ID)
		for _, v := range list {
			out = append(out, webpress.Version{Headline: row.Article.Headline, Publisher: row.Article.Publisher, At: v.At, Gone: v.Gone,
				Added: v.Added, Removed: v.Removed, Pieces: p.pieces(ctx, v)})
		}
	}
	return out, err
}

// pieces are the difference between two texts; none where one was taken down or there was
// none.
func (p deskPress) pieces(ctx context.Context, v truce.ArticleVersion) []webpress.Piece {
	if v.Before.IsZero() || v.Text.IsZero() {
		return nil
	}
	before, err := p.store().store.ArticleText(ctx, v.Article, v.Before)
	if err != nil {
		return nil
	}
	after, err := p.store().store.ArticleText(ctx, v.Article, v.Text)
	if err != nil {
		return nil
	}
	var out []webpress.Piece
	for _, piece := range diff.Texts(before, after).Pieces {
		out = append(out, webpress.Piece{Kind: string(piece.Kind), Text: piece.Text})
	}
	return out
}

// Promises are the rows of the store.
func (p deskPress) Promises(ctx context.Context, lang string) ([]webpress.Promise, error) {
	rows, err := p.store().promises(ctx, 0)
	return namedPromises(publicPromises(rows), lang), err
}

// calledIn is a list of tellers with the names that the dictionary of actors has in a language.
func calledIn(tellers, lang string) string {
	names := strings.Split(tellers, ", ")
	for i, name := range names {
		names[i] = claim.Called(name, lang)
	}
	return strings.Join(names, ", ")
}

// namedPromises writes actors and subjects in words.
func namedPromises(rows []truce.PublicPromise, lang string) []webpress.Promise {
	out := make([]webpress.Promise, len(rows))
	for i, r := range rows {
		p := webpress.Promise{Actor: claim.Name(r.Actor, lang), Subject: claim.Name(r.Subject, lang), Changed: r.Changed}
		for _, s := range r.Steps {
			p.Steps = append(p.Steps, webpress.PromiseStep{Day: s.Published.Day(), Kind: s.Kind, Firmness: s.Firmness, Condition: s.Condition,
				Quote: s.Quote, Publisher: s.Publisher, Link: s.Link, Tellers: calledIn(s.Tellers, lang)})
		}
		for _, k := range r.Contradictions {
			p.Contradictions = append(p.Contradictions, webpress.Contradiction{Actor: claim.Name(k.Actor, lang), Kind: k.Kind, Day: k.Published.Day(), Link: k.Link})
		}
		out[i] = p
	}
	return out
}

func noCheck(id string) error {
	return truce.Errorf(truce.CodeNotFound, "There is no check %.80s here.", id)
}

// Feed is a feed of the newest stories.
func (p deskPress) Feed(ctx context.Context, name string) (web.Document, error) {
	review, err := p.Review(ctx, webpress.Query{Limit: press.MaxEntries})
	if err != nil {
		return web.Document{}, err
	}
	f, err := p.Frame(ctx)
	if err != nil {
		return web.Document{}, err
	}
	return pressFeed(name, f, review.Stories, "")
}

// pressFeed writes stories as a feed whose entries lead to their pages on a site. Where its
// address is not known they are of the site it was fetched from, without a host: that of a
// request is what anybody wrote.
func pressFeed(name string, f web.Frame, stories []truce.PublicStory, site string) (web.Document, error) {
	cfg := press.Config{Title: f.Mission, Base: site + "/", Feeds: "press/", Exercise: f.Realm.Exercise()}
	for i := range stories {
		stories[i].Slug = stories[i].ID.String()
	}
	if name == "feed.json" {
		body, err := press.JSON(stories, cfg)
		return web.Document{ContentType: "application/feed+json", Body: body}, err
	}
	body, err := press.Atom(stories, cfg)
	return web.Document{ContentType: "application/atom+xml; charset=utf-8", Body: body}, err
}

// publicPress gives the public pages what the gate let out.
type publicPress struct {
	publicReader
	site string // its address as people reach it, without a slash at the end; "": not known
}

// Frame is the frame of the public pages.
func (p publicPress) Frame(ctx context.Context) (web.Frame, error) {
	f, err := p.publicReader.Frame(ctx)
	f.Links = public.Links()
	return f, err
}

// Review lists released stories.
func (p publicPress) Review(ctx context.Context, q webpress.Query) (webpress.Review, error) {
	out := webpress.Review{Searchable: true}
	var err error
	ask := publish.PressQuery{Words: q.Words, Day: q.Day, Language: q.Language, Publisher: q.Publisher, Offset: q.Offset, Limit: q.Limit}
	if out.Stories, out.Total, err = p.Reader.Stories(ctx, ask); err != nil {
		return out, err
	}
	days, err := p.Reader.PressDays(ctx, pressDays)
	if err != nil {
		return out, err
	}
	out.Days = dayCounts(days)
	out.Languages, out.Publishers, err = p.Reader.PressNames(ctx, pressNames)
	return out, err
}

// Story is a released story.
func (p publicPress) Story(ctx context.Context, id, _ string) (webpress.Story, error) {
	s, err := p.Reader.Story(ctx, id)
	return webpress.Story{PublicStory: s}, err
}

// Promises are the released rows.
func (p publicPress) Promises(ctx context.Context, lang string) ([]webpress.Promise, error) {
	rows, err := p.Reader.Promises(ctx)
	return namedPromises(rows, lang), err
}

// Feed is a feed of the newest released stories.
func (p publicPress) Feed(ctx context.Context, name string) (web.Document, error) {
	stories, _, err := p.Reader.Stories(ctx, publish.PressQuery{Limit: press.MaxEntries})
	if err != nil {
		return web.Document{}, err
	}
	f, err := p.Frame(ctx)
	if err != nil {
		return web.Document{}, err
	}
	return pressFeed(name, f, stories, p.site)
}

// releasePress puts what was told before an instant into the public store.
func (a *App) releasePress(ctx context.Context, s *publish.PublicStore, to truce.Instant) error {
	var out publish.Press
	err := a.publicStories(ctx, truce.StoryQuery{}, func(story truce.PublicStory) error {
		if story = story.On(0, to); len(story.Articles) > 0 {
			story.Last, story.Articles = min(story.Last, to), withPlainGroups(story.Articles)
			out.Stories = append(out.Stories, story)
		}
		return nil
	})
	if err != nil {
		return err
	}
	rows, err := a.promises(ctx, to)
	if err != nil {
		return err
	}
	out.Promises = publicPromises(rows)
	return s.PutPress(ctx, out)
}

// withPlainGroups numbers the groups of copies within a story: their own names hold the id
// of a report.
func withPlainGroups(articles []truce.PublicArticle) []truce.PublicArticle {
	numbers := map[string]string{"": ""}
	for i := range articles {
		name := articles[i].Group
		if _, known := numbers[name]; !known {
			numbers[name] = fmt.Sprint(len(numbers))
		}
		articles[i].Group = numbers[name]
	}
	return articles
}
