package app

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/internal/article"
	"github.com/trucewatch/truce/internal/diff"
	"github.com/trucewatch/truce/keep/evidence"
)

const (
	// againState is under which name it is kept up to when articles were looked at again. No
	// feed can have it.
	againState truce.FeedID = "again/articles"
	// maxAgainPages bounds the articles looked at again in one round: what is left comes next.
	maxAgainPages = 50
)

// againAfter is how long after its publication an article is looked at again: most
// corrections are made within hours.
func againAfter() []time.Duration {
	return []time.Duration{time.Hour, 6 * time.Hour, 24 * time.Hour, 3 * 24 * time.Hour, 7 * 24 * time.Hour}
}

// againResult is what looking at an article again showed.
type againResult struct {
	Article  truce.ID       `json:"article"`
	Headline string         `json:"headline"`
	Change   string         `json:"change,omitempty"` // in words; "": none
	Gone     truce.GoneKind `json:"gone,omitempty"`
	Version  int            `json:"version,omitempty"`
	Problem  string         `json:"problem,omitempty"`
}

func (r againResult) line() string {
	return plainCell(fmt.Sprintf("%s %s: %s", r.Article, r.Headline, cmp.Or(r.Change, r.Problem, "unchanged")))
}

// dueArticle is an article that is due to be looked at again.
type dueArticle struct {
	row truce.ArticleRow
	via truce.Feed
	at  truce.Instant // since when
}

// again looks again at the articles that are due, those due longest first. What changed or
// went becomes a version.
func (c *collector) again(ctx context.Context, say func(againResult)) error {
	states, err := c.states(ctx)
	if err != nil {
		return err
	}
	now := truce.InstantOf(c.app.now())
	due, err := c.app.dueArticles(ctx, states[againState].Tried, now)
	if err != nil {
		return err
	}
	upTo := now
	if len(due) > maxAgainPages {
		upTo = due[maxAgainPages-1].at
		due = due[:maxAgainPages]
	}
	for _, d := range due {
		r, err := c.lookAgain(ctx, d)
		if err != nil {
			return err
		}
		say(r)
	}
	return c.app.store.SaveFeedStates(ctx, truce.FeedState{Feed: againState, Tried: upTo})
}

// dueArticles are the articles of active feeds of which a time to look again lies in
// (since, now].
func (a *App) dueArticles(ctx context.Context, since, now truce.Instant) ([]dueArticle, error) {
	feeds, err := a.activeFeeds(ctx)
	if err != nil || len(feeds) == 0 || a.cfg.Feeds.again() == 0 {
		return nil, err
	}
	byAddress := map[string]truce.Feed{}
	for _, f := range feeds {
		byAddress[f.URL] = f
	}
	var out []dueArticle
	q := truce.ArticleQuery{From: now.Add(-a.cfg.Feeds.again() - 24*time.Hour)}
	for {
		page, err := a.store.Articles(ctx, q)
		if err != nil {
			return nil, err
		}
		for _, row := range page.Rows {
			via, listed := listedBy(row.Article, byAddress)
			at, due := dueSince(row.Article.Published.From, since, now, a.cfg.Feeds.again())
			if listed && due && !row.Removed && row.Article.URL != "" && !leadsOn(row.Article.URL) {
				out = append(out, dueArticle{row, via, at})
			}
		}
		if len(page.Rows) == 0 {
			break
		}
		q.After = page.Rows[len(page.Rows)-1].Mark
	}
	slices.SortStableFunc(out, func(x, y dueArticle) int {
		return cmp.Or(cmp.Compare(x.at, y.at), cmp.Compare(x.row.Article.ID.String(), y.row.Article.ID.String()))
	})
	return out, nil
}

// listedBy is the active feed that listed an article.
func listedBy(a truce.Article, feeds map[string]truce.Feed) (truce.Feed, bool) {
	for _, post := range a.Posts {
		address, _, _ := strings.Cut(post, "#")
		if f, ok := feeds[address]; ok {
			return f, true
		}
	}
	return truce.Feed{}, false
}

// dueSince is the last of the times to look again that has come, if it lies after since.
func dueSince(published, since, now truce.Instant, longest time.Duration) (at truce.Instant, due bool) {
	for _, after := range againAfter() {
		if t := published.Add(after); after <= longest && t > since && t <= now {
			at, due = t, true
		}
	}
	return at, due
}

// lookAgain fetches an article's page and holds it against what is known.
func (c *collector) lookAgain(ctx context.Context, d dueArticle) (againResult, error) {
	a := d.row.Article
	r := againResult{Article: a.ID, Headline: a.Headline}
	first, err := c.app.store.ObservationsByID(ctx, a.Reports)
	if err != nil {
		return r, err
	}
	for _, o := range first {
		if o.Report != nil && o.Report.Rights.NoMining {
			r.Problem = "left alone: " + o.Report.Rights.Said
			return r, nil
		}
	}
	got, err := c.fetchPage(ctx, pageAsked{address: a.URL, via: d.via.URL, by: "again, of feed " + string(d.via.ID), source: d.via.Source, again: true,
		known: truce.Report{Headline: a.Headline, Publisher: a.Publisher, Links: a.Links}})
	switch {
	case err != nil:
		return r, err
	case got.gone != "":
		return c.recordGone(ctx, a, got.gone, r)
	case got.report == nil:
		r.Problem = cmp.Or(got.why, got.refused)
		return r, nil
	}
	return c.recordChange(ctx, a, c.fromPage(ctx, first), got.report, r)
}

// fromPage says whether an article's text was read from its page: that of a feed is another,
// even if nothing has changed.
func (c *collector) fromPage(ctx context.Context, reports []truce.Observation) bool {
	for _, o := range reports {
		if o.Report == nil || o.Report.Text == "" || o.Report.Original.IsZero() {
			continue
		}
		captures, err := c.originals.Captures(ctx, o.Report.Original)
		if err == nil && slices.ContainsFunc(captures, func(e evidence.Capture) bool { return e.URL != o.Report.Via }) {
			return true
		}
	}
	return false
}

// maxRaces is how often a version is made anew because another replica recorded something
// of the article meanwhile: each has one process, and few articles change twice a minute.
const maxRaces = 5

// articleNow is how an article stood when a version of it was made, and the last record about
// it: the version is appended only if that is still the last.
type articleNow struct {
	article  truce.Article
	versions []truce.ArticleVersion
	last     truce.Seq
}

// now reads the number of the last record first: what is recorded while the rest is
// read makes the append a conflict.
func (c *collector) now(ctx context.Context, id truce.ID) (s articleNow, err error) {
	if s.last, err = c.app.store.LastOf(ctx, truce.Article{ID: id}.Subject()); err != nil {
		return s, err
	}
	row, err := c.app.store.Article(ctx, id)
	if err == nil {
		s.versions, err = c.app.store.ArticleVersions(ctx, id)
	}
	s.article = row.Article
	return s, err
}

// version records what make finds to be new of an article, as it stands now; make gives nil
// when nothing is. Of two replicas that look at once one records it, and the other finds
// that nothing is new.
func (c *collector) version(ctx context.Context, id truce.ID, r againResult, make func(articleNow, *againResult) (*truce.StoryBatch, error)) (againResult, error) {
	for try := 1; ; try++ {
		said := r
		s, err := c.now(ctx, id)
		if err != nil {
			return r, err
		}
		batch, err := make(s, &said)
		if err != nil || batch == nil {
			return said, err
		}
		err = c.appendVersion(ctx, s.last, *batch)
		switch code := truce.CodeOf(err); {
		case code == truce.CodeConflict && try < maxRaces:
			continue
		case code == truce.CodeForbidden: // taken down meanwhile
			r.Problem = failureWords(err)
			return r, nil
		}
		return said, err
	}
}

// recordGone records that an article is not to be had any more, once.
func (c *collector) recordGone(ctx context.Context, a truce.Article, gone truce.GoneKind, r againResult) (againResult, error) {
	r.Gone = gone
	return c.version(ctx, a.ID, r, func(s articleNow, r *againResult) (*truce.StoryBatch, error) {
		if n := len(s.versions); n > 0 && s.versions[n-1].Gone == gone || s.article.TextHash.IsZero() && gone == truce.GoneRobots {
			return nil, nil
		}
		v := truce.ArticleVersion{Article: a.ID, Number: nextVersion(s.article, s.versions), At: truce.InstantOf(c.app.now()), Headline: s.article.Headline, Before: s.article.TextHash, Gone: gone}
		r.Version, r.Change = v.Number, map[truce.GoneKind]string{
			truce.GoneNotFound: "gone: the server does not find it (404)", truce.GoneRemoved: "gone: removed by its publisher (410)",
			truce.GoneRobots: "robots.txt now asks to leave it alone", truce.GoneEmpty: "the page is there and its text is gone",
		}[gone]
		return &truce.StoryBatch{Versions: []truce.ArticleVersion{v}}, nil
	})
}

// recordChange records a text that differs from the last, or is the first.
func (c *collector) recordChange(ctx context.Context, a truce.Article, comparable bool, now *truce.Report, r againResult) (againResult, error) {
	return c.version(ctx, a.ID, r, func(s articleNow, r *againResult) (*truce.StoryBatch, error) {
		return c.changed(ctx, s, comparable, now, r)
	})
}

// changed is the version that a text makes of an article as it stands, nil for none.
func (c *collector) changed(ctx context.Context, s articleNow, comparable bool, now *truce.Report, r *againResult) (*truce.StoryBatch, error) {
	a, versions := s.article, s.versions
	changed := slices.ContainsFunc(versions, func(v truce.ArticleVersion) bool { return v.Gone == "" })
	back := len(versions) > 0 && versions[len(versions)-1].Gone != ""
	if !a.TextHash.IsZero() && !comparable && !changed && !back {
		return nil, nil
	}
	before := ""
	if !a.TextHash.IsZero() {
		var err error
		if before, err = c.app.store.ArticleText(ctx, a.ID, a.TextHash); err != nil {
			r.Problem = failureWords(err)
			return nil, nil
		}
	}
	if article.Fold(before) == article.Fold(now.Text) && !back {
		return nil, nil
	}
	v := truce.ArticleVersion{Article: a.ID, Number: nextVersion(a, versions), At: truce.InstantOf(c.app.now()), Headline: now.Headline,
		Original: now.Original, Text: truce.HashOf([]byte(now.Text)), Before: a.TextHash}
	change := diff.Texts(before, now.Text)
	v.Same, v.Removed, v.Added = change.Same, change.Removed, change.Added
	r.Version = v.Number
	switch {
	case back:
		r.Change = "it is there again"
	case before == "":
		r.Change = fmt.Sprintf("its text was read: %d words", v.Added)
	default:
		r.Change = fmt.Sprintf("changed: %d words removed, %d added, %d kept", v.Removed, v.Added, v.Same)
	}
	a.Headline, a.Text, a.Version = now.Headline, now.Text, v.Number
	return &truce.StoryBatch{Articles: []truce.Article{a}, Versions: []truce.ArticleVersion{v}}, nil
}

// nextVersion is the number after those known. The first version is what was seen first,
// and an article that was a headline until now has none.
func nextVersion(a truce.Article, versions []truce.ArticleVersion) int {
	n := a.Version
	if !a.TextHash.IsZero() {
		n = max(n, 1)
	}
	for _, v := range versions {
		n = max(n, v.Number)
	}
	return n + 1
}

// appendVersion appends a version with its text, if nothing was recorded of the article since.
func (c *collector) appendVersion(ctx context.Context, last truce.Seq, batch truce.StoryBatch) error {
	v := batch.Versions[0]
	drafts, err := truce.NewStoryDrafts(fmt.Sprintf("version/%s/%d/%s", v.Article, v.Number, v.At), batch)
	if err != nil {
		return err
	}
	slices.Reverse(drafts) // the version first: the same text may be recorded already, and a known key expects nothing
	drafts[0].Subject, drafts[0].Expect = truce.Article{ID: v.Article}.Subject(), &last
	_, err = c.app.store.Append(ctx, truce.Batch{Drafts: drafts})
	return err
}
