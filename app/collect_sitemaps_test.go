package app

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"strings"
	"testing"
	"time"
)

// sitemapOf is a sitemap of pages with headlines.
func sitemapOf(site string, headlines ...string) string {
	var b strings.Builder
	b.WriteString(`<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">`)
	for _, h := range headlines {
		fmt.Fprintf(&b, "<url><loc>%s/%x</loc><news:news><news:publication><news:name>Valley News</news:name><news:language>en</news:language></news:publication>"+
			"<news:publication_date>2031-03-13T11:00:00Z</news:publication_date><news:title>%s</news:title></news:news></url>", site, h, h)
	}
	return b.String() + "</urlset>"
}

func gzipped(t *testing.T, text string) string {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write([]byte(text)); err != nil || z.Close() != nil {
		t.Fatal(err)
	}
	return b.String()
}

// mapIndex is an index of sitemaps: address and time in turns.
func mapIndex(maps ...string) string {
	var b strings.Builder
	b.WriteString(`<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">`)
	for i := 0; i < len(maps); i += 2 {
		b.WriteString("<sitemap><loc>" + maps[i] + "</loc>")
		if maps[i+1] != "" {
			b.WriteString("<lastmod>" + maps[i+1] + "</lastmod>")
		}
		b.WriteString("</sitemap>")
	}
	return b.String() + "</sitemapindex>"
}

// TestSitemapIndexesAreFollowed: the sitemaps of the same host are read, packed ones too, the
// last changed first and no more than the bound; the next look reads what changed since.
func TestSitemapIndexesAreFollowed(t *testing.T) {
	site, other := newPaper(t), newPaper(t)
	u := site.URL
	site.put("/today.xml.gz", gzipped(t, sitemapOf(u, "Trucks with flour cross the northern bridge")))
	site.put("/inner.xml", mapIndex(u+"/deep.xml", "2031-03-12", u+"/deeper.xml", "2031-03-12", u+"/index.xml", "2031-03-12"))
	site.put("/deep.xml", sitemapOf(u, "The mill at the river burns for two days"))
	site.put("/deeper.xml", mapIndex(u+"/never.xml", "2031-03-12"))
	site.put("/bomb.xml.gz", gzipped(t, "<urlset>"+strings.Repeat(" ", 17<<20)+"</urlset>"))
	maps := []string{u + "/inner.xml", "2031-03-13T10:00:00Z", u + "/today.xml.gz", "2031-03-13T11:00:00Z", "http://press.example/a.xml", "2031-03-13", u + "/bomb.xml.gz", "2031-03-13T10:30:00Z"}
	for n := range 8 {
		path := fmt.Sprintf("/old%d.xml", n)
		site.put(path, sitemapOf(u, fmt.Sprintf("An older report of the valley, number %d", n)))
		maps = append(maps, u+path, fmt.Sprintf("2031-02-%02d", n+1))
	}
	site.put("/index.xml", mapIndex(maps...))
	p := collecting(t, site)
	p.good(t, "feed", "add", u+"/index.xml", "--id", "maps")
	mustHold(t, p.good(t, "feed", "test", "maps"), "it names 12 sitemaps")
	said := p.good(t, "feed", "fetch")
	mustHold(t, said, "maps: 7 new", "10 sitemaps were read", "3 are older than those", "1 are of other hosts", "1 are named by indexes too deep", "cannot be unpacked")
	if n := site.times("/never.xml") + other.times("/a.xml") + site.times("/old0.xml"); n != 0 || site.times("/old7.xml") != 1 {
		t.Errorf("asked for what was to be left %d times, for the newest of the old %d times", n, site.times("/old7.xml"))
	}
	mustHold(t, p.good(t, "evidence", "list"), u+"/today.xml.gz", u+"/deep.xml")

	p.now = storyTime.Add(48 * time.Hour)
	site.put("/today.xml.gz", gzipped(t, sitemapOf(u, "Trucks with flour cross the northern bridge", "A second column waits at the ford")))
	site.put("/index.xml", mapIndex(append(maps[4:], u+"/today.xml.gz", "2031-03-15T11:00:00Z")...))
	mustHold(t, p.good(t, "feed", "fetch", "maps"), "maps: 1 new, 1 known", "2 sitemaps were read", "8 have not changed", u+"/bomb.xml.gz: it is packed")
}

// TestIndexesWithoutTimesAreAskedAgain: an index that does not say when its sitemaps changed
// is never asked "anything new", since its own bytes stay the same.
func TestIndexesWithoutTimesAreAskedAgain(t *testing.T) {
	site := newPaper(t)
	site.put("/index.xml", mapIndex(site.URL+"/news.xml", ""))
	site.put("/news.xml", sitemapOf(site.URL, "Trucks with flour cross the northern bridge"))
	p := collecting(t, site)
	p.good(t, "feed", "add", site.URL+"/index.xml", "--id", "maps")
	mustHold(t, p.good(t, "feed", "fetch"), "maps: 1 new")
	site.put("/news.xml", sitemapOf(site.URL, "A second column waits at the ford"))
	p.now = storyTime.Add(time.Hour)
	mustHold(t, p.good(t, "feed", "fetch", "maps"), "maps: 1 new")
}
