package app

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/internal/polite"
	"github.com/trucewatch/truce/source"
	"github.com/trucewatch/truce/source/feed"
)

const (
	// maxSitemaps is how many sitemaps of an index are read in one look: at two seconds a host
	// that is twenty, and the newest of a newspaper are the last days.
	maxSitemaps = 10
	// maxSitemapDepth is how deep indexes may name indexes; the protocol knows none.
	maxSitemapDepth = 2
	// maxSitemapBytes bounds what one look at an index reads in all.
	maxSitemapBytes = 32 << 20
	// sitemapDay is how far behind a sitemap's stated time it may have changed: many state the
	// day alone.
	sitemapDay = 24 * 60 * 60 * 1_000_000
)

// sitemapIndex is the format of a feed that names sitemaps.
const sitemapIndex = "sitemap index"

// listedMap is a sitemap to be read.
type listedMap struct {
	feed.Listing
	depth int
}

// indexed is how far the reading of an index has come.
type indexed struct {
	queue               []listedMap
	seen                map[string]bool
	read, bytes         int
	elsewhere, as, deep int // left: on other hosts, as they were, named too deep
	failed              []string
}

// add takes the sitemaps an index names, those changed last first; those whose time is not
// stated come before, since nobody knows.
func (x *indexed) add(pages []feed.Listing, home string, since truce.Instant, depth int) {
	var list []listedMap
	for _, page := range pages {
		switch {
		case x.seen[page.URL]:
		case source.Host(page.URL) != home:
			x.elsewhere++
		case depth > maxSitemapDepth:
			x.deep++
		case page.Modified != 0 && page.Modified+sitemapDay < since:
			x.as++
		default:
			list = append(list, listedMap{page, depth})
		}
		x.seen[page.URL] = true
	}
	slices.SortStableFunc(list, func(a, b listedMap) int {
		return cmp.Or(boolOrder(b.Modified == 0, a.Modified == 0), cmp.Compare(b.Modified, a.Modified))
	})
	x.queue = append(list, x.queue...)
}

func boolOrder(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

// sitemaps reads the sitemaps that an index names on its own host and that have changed since
// the last look, and adds their reports.
func (c *collector) sitemaps(ctx context.Context, f truce.Feed, into *feedReading, since truce.Instant, r *lookResult) error {
	home := source.Host(f.URL)
	x := &indexed{seen: map[string]bool{f.URL: true}}
	x.add(into.channel.Pages, home, since, 1)
	for len(x.queue) > 0 && x.read < maxSitemaps && x.bytes < maxSitemapBytes {
		next := x.queue[0]
		x.queue = x.queue[1:]
		x.read++
		answer, err := c.getter.Get(ctx, polite.Request{URL: next.URL, Accept: feedAccept, Now: true})
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil || answer.Status != http.StatusOK {
			x.failed = append(x.failed, failureWords(cmp.Or(err, fmt.Errorf("%s: %s", next.URL, statusProblem(answer.Status)))))
			continue
		}
		x.bytes += len(answer.Body)
		child, why, err := c.document(ctx, f, next.URL, answer, r)
		if err != nil {
			return err
		}
		if why != "" {
			x.failed = append(x.failed, strings.Replace(why, f.URL, next.URL, 1)) // reports go by the feed's name
		}
		if child.channel.Format == sitemapIndex {
			x.add(child.channel.Pages, home, since, next.depth+1)
		}
		into.reports, into.rejected = append(into.reports, child.reports...), append(into.rejected, child.rejected...)
	}
	r.Notes = append(r.Notes, x.notes()...)
	return nil
}

// notes say what of an index was read and what was left.
func (x *indexed) notes() []string {
	out := []string{fmt.Sprintf("an index, of which %d sitemaps were read", x.read)}
	for _, left := range []struct {
		n   int
		why string
	}{{x.as, "have not changed"}, {len(x.queue), "are older than those, and left"}, {x.elsewhere, "are of other hosts, and left; add them as feeds"}, {x.deep, "are named by indexes too deep, and left"}} {
		if left.n > 0 {
			out = append(out, fmt.Sprintf("%d %s", left.n, left.why))
		}
	}
	return append(out, x.failed...)
}

// undatedMaps says whether an index names sitemaps without their times: then it says nothing
// of whether they changed, and is asked for without a tag.
func undatedMaps(c feed.Channel) bool {
	return c.Format == sitemapIndex && slices.ContainsFunc(c.Pages, func(l feed.Listing) bool { return l.Modified == 0 })
}
