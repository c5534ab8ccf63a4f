package app

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/sense/story"
	"github.com/trucewatch/truce/sense/story/claim"
)

const (
	// storyReach is how far around a new report others are read again that may carry the same
	// article: a headline names one article for three days.
	storyReach = 4
	// storyStretch is how many days of reports are held in memory at once.
	storyStretch = 7
	// storyStep is how many articles one record of grouping brings at most.
	storyStep = 200
	// storyStepBytes is how much text they have at most.
	storyStepBytes = 4 << 20
	// storyPage is how many records are read at once.
	storyPage = 1000
	// storyBehind is how many records the index may lie behind before it is saved although
	// nothing of it has changed.
	storyBehind = 5000
)

// storyKey begins the keys of the records that an update appends.
const storyKey = "stories/"

// StoriesSum says what an update of the stories read and what of it was new.
type StoriesSum struct {
	Reports  int `json:"reports"` // read, those around the new ones among them
	Articles int `json:"new_articles"`
	Changed  int `json:"changed_articles"` // listed once more, or found to repeat another
	Stories  int `json:"changed_stories"`
	Claims   int `json:"claims"`
}

// UpdateStories groups the reports of feeds, posts and pages that are new into articles and
// stories, and reads what they claim. Running it twice appends nothing the second time.
func (a *App) UpdateStories(ctx context.Context) (StoriesSum, error) {
	u := &storyUpdate{app: a, days: map[truce.Day]bool{}, stories: map[truce.ID]bool{}, groups: map[truce.ID]string{}}
	if err := u.begin(ctx); err != nil {
		return u.sum, fmt.Errorf("stories: %w", err)
	}
	loaded := u.upTo
	err := u.replay(ctx)
	if err == nil {
		err = u.readOthers(ctx)
	}
	for _, s := range daySpans(u.days) {
		if err == nil {
			err = u.group(ctx, s)
		}
	}
	if err != nil {
		return u.sum, fmt.Errorf("stories: %w", err)
	}
	u.sum.Stories = len(u.stories)
	if u.sum.Articles+u.sum.Changed+u.replayed > 0 || u.upTo > loaded+storyBehind {
		err = a.saveStoryIndex(ctx, u.index, u.upTo, u.takedowns)
	}
	return u.sum, err
}

// storyUpdate is one run.
type storyUpdate struct {
	app   *App
	index *story.Index
	upTo  truce.Seq // the record up to which everything is in the index

	takedowns int
	downTexts map[truce.Hash]bool
	downIDs   map[truce.ID]bool

	days     map[truce.Day]bool  // on which something new begins
	others   []truce.ID          // articles recorded by others, whose texts are to be read
	replayed int                 // articles taken into the index from records
	stories  map[truce.ID]bool   // that changed
	groups   map[truce.ID]string // of the articles recorded in this run, as recorded
	sum      StoriesSum
}

// begin loads the index and what was taken down.
func (u *storyUpdate) begin(ctx context.Context) error {
	down, err := u.app.store.Takedowns(ctx)
	if err != nil {
		return err
	}
	u.takedowns, u.downTexts, u.downIDs = len(down), map[truce.Hash]bool{}, map[truce.ID]bool{}
	for _, t := range down {
		u.downTexts[t.Hash] = !t.Hash.IsZero()
		u.downIDs[t.Article] = !t.Article.IsZero()
	}
	u.index, u.upTo = u.app.loadStoryIndex(ctx, u.takedowns)
	return nil
}

// replay takes in what was recorded since the index was saved: articles that are grouped
// already, and the days of new observations.
func (u *storyUpdate) replay(ctx context.Context) error {
	head, _, err := u.app.store.Head(ctx)
	for err == nil && u.upTo < head {
		var page []truce.Record
		page, err = u.app.store.Records(ctx, u.upTo+1, storyPage)
		for _, r := range page {
			if r.Seq > head || err != nil {
				break
			}
			err = u.take(ctx, r)
			u.upTo = r.Seq
		}
	}
	return err
}

func (u *storyUpdate) take(ctx context.Context, r truce.Record) error {
	switch {
	case r.Erased():
	case r.Kind == truce.RecordBatch:
		manifest, err := truce.DecodeBody[truce.BatchManifest](r)
		for _, day := range manifest.Days {
			u.days[day] = true
		}
		return err
	case r.Kind == truce.RecordStories:
		batch, err := truce.DecodeBody[truce.StoryBatch](r)
		for _, article := range batch.Articles {
			if err == nil {
				err = u.again(ctx, article)
			}
			if !strings.HasPrefix(r.Key, storyKey) {
				u.others = append(u.others, article.ID)
			}
		}
		return err
	}
	return nil
}

// again puts a recorded article into the index.
func (u *storyUpdate) again(ctx context.Context, article truce.Article) error {
	if _, known := u.index.Of(article.ID); !known {
		text, err := u.app.store.ArticleText(ctx, article.ID, article.TextHash)
		if err != nil && truce.CodeOf(err) != truce.CodeNotFound {
			return err
		}
		article.Text = text
		u.replayed++
	}
	u.index.Add(article)
	return nil
}

// readOthers reads the claims of texts that others recorded, such as the later version of a
// page.
func (u *storyUpdate) readOthers(ctx context.Context) error {
	for _, id := range u.others {
		row, err := u.app.store.Article(ctx, id)
		if err != nil {
			return err
		}
		if row.Removed || row.Article.TextHash.IsZero() {
			continue
		}
		if row.Article.Text, err = u.app.store.ArticleText(ctx, id, truce.Hash{}); err != nil {
			return err
		}
		drafts, err := u.claims(row.Article)
		if err == nil {
			err = u.app.appendAll(ctx, drafts)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// claims are the draft of what an article says, none for one that says nothing readable.
func (u *storyUpdate) claims(article truce.Article) ([]truce.Draft, error) {
	read := truce.ArticleClaims{Article: article.ID, Method: claim.Method, Claims: claim.Read(article, claim.Config{})}
	if article.Text != "" {
		read.Text = truce.HashOf([]byte(article.Text))
	}
	if len(read.Claims) == 0 || u.downIDs[article.ID] {
		return nil, nil
	}
	u.sum.Claims += len(read.Claims)
	d, err := read.Draft()
	return []truce.Draft{d}, err
}

// daySpan is some days whose reports are looked at together.
type daySpan struct{ from, to truce.Instant }

// daySpans are the days around the given ones, in order, in parts that memory holds.
func daySpans(days map[truce.Day]bool) []daySpan {
	around := map[truce.Day]bool{}
	for day := range days {
		for i := -storyReach; i <= storyReach; i++ {
			around[day.AddDays(i)] = true
		}
	}
	var out []daySpan
	for _, day := range slices.Sorted(maps.Keys(around)) {
		from, err := day.Start(time.UTC)
		if err != nil {
			continue // a day that no calendar has holds no report
		}
		to := from.Add(24 * time.Hour)
		if n := len(out); n > 0 && out[n-1].to == from && to.Sub(out[n-1].from) <= storyStretch*24*time.Hour {
			out[n-1].to = to
			continue
		}
		out = append(out, daySpan{from, to})
	}
	return out
}

// group makes articles of the reports of some days and puts those that are new or known
// better into stories.
func (u *storyUpdate) group(ctx context.Context, s daySpan) error {
	const reach = storyReach * 24 * time.Hour
	var reports []truce.Observation
	quiet := map[truce.ID]bool{} // reports that may not be read by machine
	q := truce.ObservationQuery{Kind: truce.KindReport, From: s.from.Add(-reach), To: s.to}
	err := u.app.store.Observations(ctx, q, func(o truce.Observation) error {
		if isReporting(o) {
			reports = append(reports, o)
			quiet[o.ID] = o.Report.Rights.NoMining
		}
		return nil
	})
	if err != nil || len(reports) == 0 {
		return err
	}
	u.sum.Reports += len(reports)
	known, err := u.known(ctx, daySpan{q.From.Add(-reach), q.To.Add(reach)})
	if err != nil {
		return err
	}
	var todo []grouping
	for _, article := range story.Articles(reports, story.Config{}) {
		g := u.grouping(article, known)
		g.quiet = slices.ContainsFunc(article.Reports, func(id truce.ID) bool { return quiet[id] })
		if g.quiet {
			g.article.Text, g.read = "", false
		}
		if g.isNew || g.listed || g.read {
			todo = append(todo, g)
		}
	}
	slices.SortStableFunc(todo, func(a, b grouping) int { return cmp.Compare(a.article.Published.From, b.article.Published.From) })
	for _, step := range steps(todo) {
		if err := u.append(ctx, step); err != nil {
			return err
		}
	}
	return u.regroup(ctx, known, todo)
}

// isReporting says whether an observation is a text of open reporting. A row of a list of
// events is none: its claims came as fields.
func isReporting(o truce.Observation) bool {
	r := o.Report
	return r != nil && (r.Headline != "" || r.Text != "") && !slices.ContainsFunc(r.Claims, func(c truce.Claim) bool { return c.Quote == nil })
}

// known are the stored articles of some days by the reports that carried them, the elder
// first where two share one.
func (u *storyUpdate) known(ctx context.Context, s daySpan) (map[truce.ID]truce.ArticleRow, error) {
	out := map[truce.ID]truce.ArticleRow{}
	q := truce.ArticleQuery{From: s.from, To: s.to}
	for {
		page, err := u.app.store.Articles(ctx, q)
		if err != nil || len(page.Rows) == 0 {
			return out, err
		}
		for _, row := range page.Rows {
			for _, report := range row.Article.Reports {
				out[report] = row
			}
		}
		q.After = page.Rows[len(page.Rows)-1].Mark
	}
}

// grouping is an article to be grouped.
type grouping struct {
	article truce.Article
	isNew   bool
	listed  bool // it was met under more addresses or in more lists
	read    bool // it has a text that was not known
	quiet   bool // nothing may be read out of it
}

// grouping holds an article, as the reports of some days give it, against what is stored.
func (u *storyUpdate) grouping(fresh truce.Article, known map[truce.ID]truce.ArticleRow) grouping {
	if u.downIDs[fresh.ID] || u.downTexts[truce.HashOf([]byte(fresh.Text))] {
		fresh.Text = ""
	}
	fresh.Version = 0
	var old truce.ArticleRow
	found := false
	for _, report := range fresh.Reports {
		if row, stored := known[report]; stored && (!found || slices.Compare(row.Article.ID[:], old.Article.ID[:]) < 0) {
			old, found = row, true
		}
	}
	if !found {
		return grouping{article: fresh, isNew: true, read: fresh.Text != ""}
	}
	a := old.Article
	links, posts, reports := len(a.Links), len(a.Posts), len(a.Reports)
	a.Links, a.Posts, a.Reports = appendMissing(a.Links, fresh.Links), appendMissing(a.Posts, fresh.Posts), appendMissing(a.Reports, fresh.Reports)
	g := grouping{listed: len(a.Links) > links || len(a.Posts) > posts || len(a.Reports) > reports}
	a.URL, a.Author, a.Language = cmp.Or(a.URL, fresh.URL), cmp.Or(a.Author, fresh.Author), cmp.Or(a.Language, fresh.Language)
	// A text that was looked at again on its page is the publisher's own last word.
	if g.read = fresh.Text != "" && a.Version < 2 && !old.Removed && g.listed && truce.HashOf([]byte(fresh.Text)) != a.TextHash; g.read {
		a.Text, a.Agency = fresh.Text, cmp.Or(fresh.Agency, a.Agency)
	}
	g.article = a
	return g
}

func appendMissing[T comparable](to, more []T) []T {
	to = slices.Clone(to)
	for _, m := range more {
		if !slices.Contains(to, m) {
			to = append(to, m)
		}
	}
	return to
}

// steps cuts what is to be grouped into parts of bounded size.
func steps(todo []grouping) [][]grouping {
	var out [][]grouping
	bytes := 0
	for _, g := range todo {
		bytes += len(g.article.Text)
		if n := len(out); n == 0 || len(out[n-1]) == storyStep || bytes > storyStepBytes {
			out, bytes = append(out, nil), len(g.article.Text)
		}
		out[len(out)-1] = append(out[len(out)-1], g)
	}
	return out
}

// append groups some articles and records what that changed.
func (u *storyUpdate) append(ctx context.Context, step []grouping) error {
	var batch truce.StoryBatch
	var claims []truce.Draft
	touched := map[truce.ID]bool{}
	for _, g := range step {
		for _, c := range u.index.Add(g.article) {
			batch.Changes = append(batch.Changes, c)
			touched[c.Story], touched[c.Other] = true, true
		}
		of, _ := u.index.Of(g.article.ID)
		touched[of] = true
		g.article.Group = u.index.Group(g.article.ID)
		u.groups[g.article.ID] = g.article.Group
		batch.Articles = append(batch.Articles, g.article)
		if g.isNew {
			u.sum.Articles++
		} else {
			u.sum.Changed++
		}
		if (g.isNew || g.read) && !g.quiet {
			drafts, err := u.claims(g.article)
			if err != nil {
				return err
			}
			claims = append(claims, drafts...)
		}
	}
	batch.Stories = u.heads(touched)
	return u.record(ctx, batch, claims)
}

// heads are the stories as they stand, in order of their ids, without their articles.
func (u *storyUpdate) heads(touched map[truce.ID]bool) []truce.Story {
	var out []truce.Story
	for id := range touched {
		if s, ok := u.index.Story(id); ok {
			s.Articles = nil
			out = append(out, s)
			u.stories[id] = true
		}
	}
	slices.SortFunc(out, func(a, b truce.Story) int { return slices.Compare(a.ID[:], b.ID[:]) })
	return out
}

// record appends a batch under a key made of it: the same step after the same record is the
// same record.
func (u *storyUpdate) record(ctx context.Context, batch truce.StoryBatch, claims []truce.Draft) error {
	body, err := truce.Canonical(batch)
	if err != nil {
		return err
	}
	drafts, err := truce.NewStoryDrafts(fmt.Sprintf("%s%d/%s", storyKey, u.upTo, truce.HashOf(body)), batch)
	if err != nil {
		return err
	}
	_, err = u.app.store.Append(ctx, truce.Batch{Drafts: append(drafts, claims...)})
	return err
}

// regroup records anew the articles that are found to repeat another since they were
// recorded.
func (u *storyUpdate) regroup(ctx context.Context, known map[truce.ID]truce.ArticleRow, todo []grouping) error {
	recorded := map[truce.ID]string{}
	for _, row := range known {
		recorded[row.Article.ID] = row.Article.Group
	}
	for _, g := range todo {
		recorded[g.article.ID] = u.groups[g.article.ID]
	}
	var batch truce.StoryBatch
	for _, id := range slices.SortedFunc(maps.Keys(recorded), func(a, b truce.ID) int { return slices.Compare(a[:], b[:]) }) {
		now := u.index.Group(id)
		if now == recorded[id] {
			continue
		}
		row, err := u.app.store.Article(ctx, id)
		if err != nil {
			return err
		}
		row.Article.Group = now
		batch.Articles = append(batch.Articles, row.Article)
		u.sum.Changed++
	}
	for part := range slices.Chunk(batch.Articles, storyStep) {
		if err := u.record(ctx, truce.StoryBatch{Articles: part}, nil); err != nil {
			return err
		}
	}
	return nil
}
