package app

import (
	"bytes"
	"cmp"
	"context"
	"encoding/xml"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/respond/publish"
	"github.com/trucewatch/truce/web"
	"github.com/trucewatch/truce/web/public"
)

const (
	// maxSitemap is how many pages a sitemap may list (sitemaps.org, protocol 0.9).
	maxSitemap = 50_000
	// maxSitemapStories keeps one request at some tens of milliseconds: who seeks older stories
	// finds them by the days of the review.
	maxSitemapStories = 5000
)

type sitemapXML struct {
	XMLName xml.Name      `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 urlset"`
	Pages   []sitemapPage `xml:"url"`
}

type sitemapPage struct {
	Address string `xml:"loc"`
	Changed string `xml:"lastmod,omitempty"`
}

// Sitemap: the desk is for nobody to find.
func (p deskPress) Sitemap(context.Context) (web.Document, error) {
	return web.Document{}, truce.Errorf(truce.CodeNotFound, "The desk has no sitemap; the public pages have one.")
}

// Sitemap lists the public pages: those that are always there, the days, the checks as they
// stand, and the stories told of last as far as there is room.
func (p publicPress) Sitemap(ctx context.Context) (web.Document, error) {
	if p.site == "" {
		return web.Document{}, truce.Errorf(truce.CodeNotFound, "A sitemap says where the site lies in whole; set public_url in %s.", ConfigFile)
	}
	var out sitemapXML
	list := func(path, changed string) {
		if len(out.Pages) < maxSitemap {
			out.Pages = append(out.Pages, sitemapPage{p.site + path, changed})
		}
	}
	for _, link := range public.Links() {
		list(link.Href, "")
	}
	days, err := p.Days(ctx)
	if err != nil {
		return web.Document{}, err
	}
	for _, d := range days {
		list("/daily/"+string(d.Day), stamp(d.Released))
	}
	checks, err := p.Reader.Checks(ctx)
	if err != nil {
		return web.Document{}, err
	}
	for _, c := range checks {
		list("/claims/"+c.ID, stamp(c.Released))
	}
	if err := p.listStories(ctx, min(maxSitemapStories, maxSitemap-len(out.Pages)), list); err != nil {
		return web.Document{}, err
	}
	var b bytes.Buffer
	b.WriteString(xml.Header)
	if err := xml.NewEncoder(&b).Encode(out); err != nil {
		return web.Document{}, err
	}
	return web.Document{ContentType: "application/xml; charset=utf-8", Body: append(b.Bytes(), '\n')}, nil
}

// listStories lists stories, told of last first, at most as many as there is room for.
func (p publicPress) listStories(ctx context.Context, room int, list func(path, changed string)) error {
	const page = 1000
	for offset := 0; offset < room; offset += page {
		stories, total, err := p.Reader.Stories(ctx, publish.PressQuery{Offset: offset, Limit: min(page, room-offset)})
		if err != nil {
			return err
		}
		for _, s := range stories {
			list("/stories/"+s.ID.String(), stamp(cmp.Or(s.Last, s.First)))
		}
		if offset+len(stories) >= total || len(stories) == 0 {
			return nil
		}
	}
	return nil
}
