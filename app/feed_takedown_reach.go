package app

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/internal/article"
	"github.com/trucewatch/truce/internal/polite"
	"github.com/trucewatch/truce/keep/evidence"
	pagesource "github.com/trucewatch/truce/source/page"
)

// takenReach is all that a takedown removes, and what it does not.
type takenReach struct {
	whole     []truce.ID   // articles whose every version goes
	copies    []truce.ID   // others that have one of their texts, which goes
	texts     []truce.Hash // of all versions
	reports   []truce.ID
	originals []truce.Hash
	near      []truce.ID // articles that repeat the report in other words, and stay
	carried   int        // texts that bytes carry beside each other, which stay
}

// records are the takedowns to append together: that which was asked for, with all that goes,
// then one for each article and text, so that none is taken in again.
func (r *takenReach) records(t truce.Takedown) []truce.Takedown {
	t.Reports, t.Originals = r.reports, r.originals
	out := []truce.Takedown{t}
	for _, id := range r.whole {
		if id != t.Article {
			out = append(out, truce.Takedown{Article: id, Reason: t.Reason, By: t.By, At: t.At})
		}
	}
	for _, hash := range r.texts {
		if hash != t.Hash {
			out = append(out, truce.Takedown{Hash: hash, Reason: t.Reason, By: t.By, At: t.At})
		}
	}
	return out
}

// lines say what was reached in the records, and what stays.
func (r *takenReach) lines() []string {
	out := []string{fmt.Sprintf("%d texts of %d articles removed from records, claims and search", len(r.texts), len(r.whole)+len(r.copies))}
	for _, id := range r.copies {
		out = append(out, fmt.Sprintf("article %s had the same text, which is removed", id))
	}
	for _, id := range r.near {
		out = append(out, fmt.Sprintf("not reached: article %s repeats it in part; take it down by its id if it is meant", id))
	}
	if r.carried > 1 {
		out = append(out, fmt.Sprintf("not reached: the bytes carried %d texts, which are kept; take those meant down by their articles", r.carried))
	}
	return append(out, "stories in the public store follow with the next release")
}

// takedownReach finds what a takedown removes. Nothing is changed.
func (a *App) takedownReach(ctx context.Context, store *evidence.Store, t truce.Takedown) (*takenReach, error) {
	r := &takenReach{}
	err := a.meant(ctx, store, t, r)
	for _, id := range r.whole {
		if err != nil {
			return r, err
		}
		var texts []truce.Hash
		texts, err = a.store.TextsOf(ctx, id)
		r.texts = uniqueHashes(append(r.texts, texts...))
	}
	for _, hash := range r.texts {
		if err != nil {
			return r, err
		}
		var holders []truce.ID
		holders, err = a.store.HoldersOf(ctx, hash)
		for _, id := range holders {
			if !slices.Contains(r.whole, id) && !slices.Contains(r.copies, id) {
				r.copies = append(r.copies, id)
			}
		}
	}
	if err == nil {
		err = a.reachOf(ctx, store, r)
	}
	return r, err
}

// meant finds the articles that are meant: the one named, those that have the text, or those
// of the text that the bytes carry, if they carry one alone.
func (a *App) meant(ctx context.Context, store *evidence.Store, t truce.Takedown, r *takenReach) error {
	if !t.Article.IsZero() {
		r.whole = []truce.ID{t.Article}
		return nil
	}
	holders, err := a.store.HoldersOf(ctx, t.Hash)
	if err != nil || len(holders) > 0 {
		r.whole, r.texts = holders, []truce.Hash{t.Hash}
		return err
	}
	r.originals = []truce.Hash{t.Hash}
	texts, err := a.textsIn(ctx, store, t.Hash)
	if r.carried = len(texts); err != nil || len(texts) != 1 {
		return err
	}
	r.whole, err = a.store.HoldersOf(ctx, texts[0])
	return err
}

// textsIn are the hashes of the texts that kept bytes carry, as page or as feed.
func (a *App) textsIn(ctx context.Context, store *evidence.Store, hash truce.Hash) (out []truce.Hash, err error) {
	captures, err := store.Captures(ctx, hash)
	if err != nil || len(captures) == 0 {
		return nil, err
	}
	body, err := store.Bytes(ctx, hash, maxReadOriginal)
	if code := truce.CodeOf(err); code == truce.CodeNotFound || code == truce.CodeTooLarge {
		return nil, nil // gone already, or never read
	}
	if err != nil {
		return nil, err
	}
	e := captures[0]
	read, failed := readFeed(truce.Feed{URL: e.URL, Source: "feed"}, answerOf(e, body), e.Fetched)
	if failed != nil || len(read.reports) == 0 {
		read = &feedReading{}
		_, err = pagesource.Decode(bytes.NewReader(body), e.URL, pagesource.Config{Address: cmp.Or(e.FinalURL, e.URL), Charset: e.MediaType, Fetched: e.Fetched}, read)
	}
	for _, o := range read.reports {
		if o.Report.Text != "" {
			out = append(out, truce.HashOf([]byte(o.Report.Text)))
		}
	}
	return uniqueHashes(out), err
}

// reachOf finds the reports and the bytes of the articles, and those that repeat them.
func (a *App) reachOf(ctx context.Context, store *evidence.Store, r *takenReach) error {
	links := map[string]bool{}
	var carriers []truce.Observation
	for _, id := range slices.Concat(r.whole, r.copies) {
		row, err := a.store.Article(ctx, id)
		if err != nil {
			return err
		}
		reports, hashes, err := a.originalsOf(ctx, id)
		if err != nil {
			return err
		}
		whole := slices.Contains(r.whole, id)
		for _, o := range reports {
			if o.Report != nil && o.Report.Text != "" && (whole || slices.Contains(r.texts, truce.HashOf([]byte(o.Report.Text)))) {
				r.reports, carriers = append(r.reports, o.ID), append(carriers, o)
			}
		}
		r.originals = append(r.originals, hashes...)
		for _, link := range row.Article.Links {
			links[article.LinkKey(link)] = true
		}
		if err := a.nearTo(ctx, row.Article, r); err != nil {
			return err
		}
	}
	held, err := a.holding(ctx, store, carriers, links)
	r.originals = uniqueHashes(append(r.originals, held...))
	return err
}

// nearTo finds the articles that repeat the same report.
func (a *App) nearTo(ctx context.Context, of truce.Article, r *takenReach) error {
	if of.Group == "" {
		return nil
	}
	page, err := a.store.Articles(ctx, truce.ArticleQuery{Group: of.Group})
	for _, row := range page.Rows {
		id := row.Article.ID
		if !row.Removed && !row.Article.TextHash.IsZero() && !slices.Contains(r.whole, id) && !slices.Contains(r.copies, id) && !slices.Contains(r.near, id) {
			r.near = append(r.near, id)
		}
	}
	return err
}

// originalsOf are the reports that carried an article, and the bytes its texts came in.
func (a *App) originalsOf(ctx context.Context, id truce.ID) ([]truce.Observation, []truce.Hash, error) {
	row, err := a.store.Article(ctx, id)
	if err != nil {
		return nil, nil, err
	}
	reports, err := a.store.ObservationsByID(ctx, row.Article.Reports)
	if err != nil {
		return nil, nil, err
	}
	versions, err := a.store.ArticleVersions(ctx, id)
	var hashes []truce.Hash
	for _, o := range reports {
		if o.Report != nil {
			hashes = append(hashes, o.Report.Original)
		}
	}
	for _, v := range versions {
		hashes = append(hashes, v.Original)
	}
	return reports, hashes, err
}

// holding are the originals in which a text stands: every answer of the articles' own
// addresses, read or not, and those of feeds that carry whole texts.
func (a *App) holding(ctx context.Context, store *evidence.Store, reports []truce.Observation, links map[string]bool) ([]truce.Hash, error) {
	wanted := map[truce.ID]truce.Feed{}
	addresses := map[string]bool{}
	for _, o := range reports {
		if o.Report.Via != "" {
			wanted[o.ID] = truce.Feed{URL: o.Report.Via, Source: o.Source}
			addresses[o.Report.Via] = true
		}
	}
	var out []truce.Hash
	err := store.EachCapture(ctx, func(_ truce.Hash, e evidence.Capture) error {
		switch {
		case slices.Contains(out, e.Content):
			return nil
		case !addresses[e.URL]:
			if links[article.LinkKey(e.URL)] || e.FinalURL != "" && links[article.LinkKey(e.FinalURL)] {
				out = append(out, e.Content)
			}
			return nil
		}
		body, err := store.Bytes(ctx, e.Content, maxReadOriginal)
		if code := truce.CodeOf(err); code == truce.CodeNotFound || code == truce.CodeForbidden {
			return nil // taken down already
		}
		if err != nil {
			return err
		}
		if holdsText(e, body, wanted) {
			out = append(out, e.Content)
		}
		return nil
	})
	return out, err
}

// maxReadOriginal is the longest feed that was ever read.
const maxReadOriginal = polite.DefaultUnpacked

// holdsText says whether a feed as it was fetched gives one of the reports with a text.
func holdsText(e evidence.Capture, body []byte, wanted map[truce.ID]truce.Feed) bool {
	for _, f := range wanted {
		if f.URL != e.URL {
			continue
		}
		read, _ := readFeed(f, answerOf(e, body), e.Fetched) // what was read before a fault is what was recorded
		for _, o := range read.reports {
			for id := range wanted {
				// An item without a time of its own had another day in its id when it came first.
				if o.Report.Text != "" && (o.ID == id || bytes.Equal(o.ID[6:], id[6:]) && slices.Contains(read.channel.Undated, o.ID)) {
					return true
				}
			}
		}
	}
	return false
}

// answerOf is the answer as it was captured.
func answerOf(e evidence.Capture, body []byte) polite.Response {
	return polite.Response{URL: cmp.Or(e.FinalURL, e.URL), Body: body, Header: map[string][]string{"Content-Type": {e.MediaType}}}
}

func uniqueHashes(list []truce.Hash) []truce.Hash {
	var out []truce.Hash
	for _, h := range list {
		if !h.IsZero() && !slices.Contains(out, h) {
			out = append(out, h)
		}
	}
	return out
}
