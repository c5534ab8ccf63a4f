package story

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/internal/article"
)

// Articles makes one article of all the reports that carry it, however often it was listed:
// in several posts, on several days, under redirects, tracking parameters, AMP and mobile
// addresses, with the publisher's name behind the headline or without. Articles are in order
// of time and marked with the group of texts they depend on and the agency they credit.
// Reports without headline and text are left out; the order of the reports does not matter.
//
// One address under which different texts were met, as on a page that is written on all
// day, gives several articles of one group.
func Articles(reports []truce.Observation, cfg Config) []truce.Article {
	r, agencies := newReader(), agencyNames(cfg.Agencies)
	j := joiner{byKey: map[string][]int{}, read: r}
	for _, o := range inOrder(reports) {
		if o.Report.Headline != "" || o.Report.Text != "" {
			j.add(o)
		}
	}
	c := newCopier(cmp.Or(cfg.CopyWindow, DefaultCopyWindow))
	for i := range j.articles {
		a := &j.articles[i]
		d := r.read(a, agencies)
		a.Agency = cmp.Or(d.Agency, d.Issuer)
		c.add(d.copyText)
	}
	for i, name := range c.names(func(i int) truce.ID { return j.articles[i].ID }) {
		j.articles[i].Group = name
	}
	return j.articles
}

// articleOf is a report as an article of its own.
func articleOf(o *truce.Observation) *truce.Article {
	r := o.Report
	a := &truce.Article{
		ID: o.ID, Headline: article.TrimPublisher(article.Line(r.Headline), r.Publisher), Publisher: r.Publisher,
		Author: r.Author, Language: r.Language, Published: o.Phenomenon, Text: r.Text, Reports: []truce.ID{o.ID},
		Links: slices.Clone(r.Links[:min(len(r.Links), maxLinks)]),
	}
	if len(a.Links) > 0 {
		a.URL = a.Links[0]
	}
	if post := cmp.Or(o.Origin.File, r.Via); post != "" {
		a.Posts = []string{post}
	}
	return a
}

// joiner puts reports to the articles they carry.
type joiner struct {
	articles []truce.Article
	texts    []shingles
	byKey    map[string][]int // the articles with a key, in order
	read     *reader
}

func (j *joiner) add(o *truce.Observation) {
	a := articleOf(o)
	text := makeShingles(j.read.tokens(cut(a.Text, maxTextBytes), maxTextWords))
	keys := identityKeys(a)
	for _, key := range keys {
		for _, i := range j.byKey[key] {
			if j.same(i, a, text, strings.HasPrefix(key, "link ")) {
				j.merge(i, a, text)
				j.enter(keys, i)
				return
			}
		}
	}
	j.articles = append(j.articles, *a)
	j.texts = append(j.texts, text)
	j.enter(keys, len(j.articles)-1)
}

func (j *joiner) enter(keys []string, i int) {
	for _, key := range keys {
		if !slices.Contains(j.byKey[key], i) {
			j.byKey[key] = append(j.byKey[key], i)
		}
	}
}

// identityKeys are the article's own address, and its headline at its publisher.
func identityKeys(a *truce.Article) []string {
	var keys []string
	if a.URL != "" {
		if key := addressKey(a.URL); key != "" {
			keys = append(keys, "link "+key)
		}
	}
	if key := headlineKey(a.Headline, a.Publisher); key != "" {
		keys = append(keys, "headline "+publisherKey(a)+" "+key)
	}
	switch text := article.Fold(a.Text); {
	case len(keys) > 0:
	case text != "":
		keys = append(keys, "text "+text)
	default: // a headline too short for a key is only itself
		keys = append(keys, "words "+publisherKey(a)+" "+article.Fold(a.Headline))
	}
	return keys
}

// publisherKey makes "The Guardian", "theguardian.com" and the host of a link one.
func publisherKey(a *truce.Article) string {
	name := article.Fold(a.Publisher)
	if at := strings.LastIndexByte(name, '.'); at > 0 && !strings.Contains(name, " ") {
		name = name[:at]
	}
	name = strings.Join(strings.Fields(strings.ReplaceAll(name, "-", " ")), "")
	return strings.TrimPrefix(strings.TrimPrefix(name, "www."), "the")
}

// same says whether a report that shares a key carries the article. Texts that differ do
// not; under one headline at one publisher two addresses do not either, unless one of them
// only leads on, or they are far apart in time.
func (j *joiner) same(i int, a *truce.Article, text shingles, byLink bool) bool {
	b := &j.articles[i]
	if len(text.Hashes) > 0 && len(j.texts[i].Hashes) > 0 {
		if contained, _, _ := text.shared(j.texts[i]); contained < sameText {
			return false
		}
	} else if a.Text != "" && b.Text != "" && article.Fold(a.Text) != article.Fold(b.Text) {
		return false
	}
	if byLink {
		return true
	}
	if a.Published.From.Sub(b.Published.From).Abs() > sameHeadlineWindow {
		return false
	}
	return a.URL == "" || b.URL == "" || isRedirect(a.URL) || slices.ContainsFunc(b.Links, isRedirect)
}

// sameHeadlineWindow is how far apart one headline of one publisher is the same article.
const sameHeadlineWindow = 3 * 24 * time.Hour

// merge adds to an article what a report knows more of it. A text that differs from the
// last one is a version; the longer text is kept.
func (j *joiner) merge(i int, a *truce.Article, text shingles) {
	b := &j.articles[i]
	b.Reports = appendNew(b.Reports, a.Reports...)
	b.Links = appendNew(b.Links, a.Links...)
	b.Posts = appendNew(b.Posts, a.Posts...)
	b.Author, b.Language = cmp.Or(b.Author, a.Author), cmp.Or(b.Language, a.Language)
	if a.URL != "" && linkRank(a.URL) > linkRank(b.URL) {
		b.URL = a.URL
	}
	if a.Text != "" && b.Text != "" && article.Fold(a.Text) != article.Fold(b.Text) {
		b.Version = max(b.Version, 1) + 1
	}
	if len(a.Text) > len(b.Text) {
		b.Text, j.texts[i] = a.Text, text
	}
}

func appendNew[T comparable](to []T, more ...T) []T {
	for _, m := range more {
		if !slices.Contains(to, m) {
			to = append(to, m)
		}
	}
	return to
}
