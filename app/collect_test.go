package app

import (
	"context"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/text/encoding/charmap"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/keep/evidence"
)

// newspaper is a newspaper's site whose pages a test changes.
type newspaper struct {
	*httptest.Server
	mu    sync.Mutex
	pages map[string]string // by path; "" for 410
	asked map[string]int
	types map[string]string // Content-Type by path; none: as Go finds it
}

// newPaper serves a site until the test ends.
func newPaper(t *testing.T) *newspaper {
	t.Helper()
	p := &newspaper{pages: map[string]string{}, asked: map[string]int{}, types: map[string]string{}}
	p.Server = httptest.NewServer(p)
	t.Cleanup(p.Close)
	return p
}

// ServeHTTP answers with a page.
func (p *newspaper) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.asked[r.URL.Path]++
	page, found := p.pages[r.URL.Path]
	switch {
	case !found:
		http.NotFound(w, r)
	case page == "":
		http.Error(w, "gone", http.StatusGone)
	default:
		if said := p.types[r.URL.Path]; said != "" {
			w.Header().Set("Content-Type", said)
		}
		io.WriteString(w, page)
	}
}

func (p *newspaper) put(path, page string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.pages[path] = page
}

// say sets the Content-Type of a page.
func (p *newspaper) say(path, contentType string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.types[path] = contentType
}

func (p *newspaper) drop(path string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.pages, path)
}

// times is how often a path was asked for.
func (p *newspaper) times(path string) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.asked[path]
}

// collecting is a data directory that may ask a paper.
func collecting(t *testing.T, site *newspaper) program {
	t.Helper()
	p := newProgram(t)
	p.settings(t, fmt.Sprintf("\nfeeds:\n  contact: https://watch.example/robot\n  allow: [%q]\n  every: 1ms\n  timeout: 5s\n", strings.TrimPrefix(site.URL, "http://")))
	return p
}

// rss is a feed of one item an hour before the story's time.
func rss(site *newspaper, title, path, description string) string {
	return fmt.Sprintf(`<rss version="2.0"><channel><title>Valley News</title><link>%s/</link><item><title>%s</title><link>%s%s</link>`+
		`<description>%s</description><pubDate>Thu, 13 Mar 2031 11:30:00 GMT</pubDate></item></channel></rss>`, site.URL, title, site.URL, path, description)
}

const bridgeText = "Four trucks with flour crossed the bridge on Thursday morning, the mission of the valley said, and reached the mill before noon without an escort."

func htmlPage(title, text string) string {
	return fmt.Sprintf(`<html lang="en"><head><title>%s</title><meta property="og:title" content="%s"><meta property="article:published_time" content="2031-03-13T11:30:00Z"></head>`+
		`<body><article><h1>%s</h1><p>%s</p><p>The drivers were held at the northern post for an hour while their papers were read twice.</p></article></body></html>`, title, title, title, text)
}

// grouped are the articles that were made of what was collected, with their texts.
func (p program) grouped(t *testing.T) []truce.Article {
	t.Helper()
	a := p.openApp(t)
	defer a.Close()
	page, err := a.store.Articles(t.Context(), truce.ArticleQuery{})
	if err != nil {
		t.Fatal(err)
	}
	var out []truce.Article
	for _, row := range page.Rows {
		if !row.Article.TextHash.IsZero() {
			if row.Article.Text, err = a.store.ArticleText(t.Context(), row.Article.ID, truce.Hash{}); err != nil {
				t.Fatal(err)
			}
		}
		out = append(out, row.Article)
	}
	return out
}

func (p program) openApp(t *testing.T) *App {
	t.Helper()
	a, err := Open(t.Context(), p.dir, func() time.Time { return p.now })
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// collected is a paper of one article that was fetched and grouped.
func collected(t *testing.T) (*newspaper, program, truce.Article) {
	t.Helper()
	site := newPaper(t)
	site.put("/rss.xml", rss(site, "Trucks cross the bridge", "/one.html", ""))
	site.put("/one.html", htmlPage("Trucks cross the bridge", bridgeText))
	p := collecting(t, site)
	p.good(t, "feed", "add", site.URL+"/rss.xml", "--id", "valley")
	mustHold(t, p.good(t, "feed", "fetch"), "valley: 1 new, 0 known, 0 rejected, 1 pages read")
	articles := p.grouped(t)
	if len(articles) != 1 || !strings.Contains(articles[0].Text, "without an escort") {
		t.Fatalf("collected %+v", articles)
	}
	return site, p, articles[0]
}

// TestArticlesAreLookedAtAgain: what its publisher changes, removes and brings back are
// versions, each once, with the words that changed.
func TestArticlesAreLookedAtAgain(t *testing.T) {
	site, p, article := collected(t)
	at := func(after time.Duration) string {
		p.now = storyTime.Add(-30 * time.Minute).Add(after + time.Minute)
		return p.good(t, "feed", "fetch")
	}
	mustHold(t, at(time.Hour), "Trucks cross the bridge: unchanged")
	if said := at(2 * time.Hour); strings.Contains(said, "Trucks cross") {
		t.Errorf("looked at again before it is due:\n%s", said)
	}
	site.put("/one.html", htmlPage("Trucks cross the bridge", strings.Replace(bridgeText, "Four trucks with flour", "Three trucks", 1)))
	mustHold(t, at(6*time.Hour), "changed: 3 words removed, 1 added")
	mustHold(t, p.good(t, "feed", "versions", article.ID.String()), "version 2, 2031-03-13T17:31:00Z: 3 words removed, 1 added", "[-Four-] {+Three+} trucks [-with flour-] crossed the bridge")
	site.put("/one.html", "")
	mustHold(t, at(24*time.Hour), "gone: removed by its publisher (410)")
	site.drop("/one.html")
	mustHold(t, at(3*24*time.Hour), "gone: the server does not find it (404)")
	site.put("/one.html", htmlPage("Trucks cross the bridge", bridgeText))
	mustHold(t, at(7*24*time.Hour), "it is there again")
	a := p.openApp(t)
	defer a.Close()
	versions, err := a.store.ArticleVersions(t.Context(), article.ID)
	if err != nil || len(versions) != 4 {
		t.Fatalf("%d versions, %v, want 4", len(versions), err)
	}
	for i, want := range []truce.GoneKind{"", truce.GoneRemoved, truce.GoneNotFound, ""} {
		if versions[i].Number != i+2 || versions[i].Gone != want {
			t.Errorf("version %d: %+v, want number %d, gone %q", i, versions[i], i+2, want)
		}
	}
	if text, err := a.store.ArticleText(t.Context(), article.ID, truce.Hash{}); err != nil || !strings.HasPrefix(text, "Four trucks") {
		t.Errorf("the text that stands: %q, %v", text, err)
	}
}

// TestRobotsAndReservationsAreKept: a page that is now forbidden is a version, and nothing
// of a site that reserves its texts is fetched or kept.
func TestRobotsAndReservationsAreKept(t *testing.T) {
	site, p, _ := collected(t)
	site.put("/robots.txt", "User-agent: *\nDisallow: /one.html\n")
	p.now = storyTime.Add(2 * time.Hour)
	mustHold(t, p.good(t, "feed", "fetch"), "robots.txt now asks to leave it alone")

	reserved := newPaper(t)
	reserved.put(tdmPath, `[{"location": "/free/*", "tdm-reservation": 0}, {"location": "/", "tdm-reservation": 1}]`)
	reserved.put("/rss.xml", rss(reserved, "A reserved report", "/two.html", "Four trucks crossed."))
	reserved.put("/two.html", htmlPage("A reserved report", bridgeText))
	q := collecting(t, reserved)
	q.good(t, "feed", "add", reserved.URL+"/rss.xml", "--id", "reserved")
	mustHold(t, q.good(t, "feed", "fetch"), "1 new", "1 pages left alone as their publishers ask")
	if n := reserved.times("/two.html"); n != 0 {
		t.Errorf("the reserved page was asked for %d times", n)
	}
	articles := q.grouped(t)
	if len(articles) != 1 || articles[0].Text != "" || articles[0].Headline != "A reserved report" {
		t.Errorf("kept of a reserved article: %+v", articles)
	}
}

// TestUndatedItemsKeepTheirFirstDay: an item without a date that stays on its feed is one
// report, of the day on which it was first seen, however the feed dates itself.
func TestUndatedItemsKeepTheirFirstDay(t *testing.T) {
	site := newPaper(t)
	list := func(built string, items ...string) string {
		out := "<rss version=\"2.0\"><channel><title>Valley News</title><link>" + site.URL + "/</link>" + built
		for _, item := range items {
			out += "<item>" + item + "</item>"
		}
		return out + "</channel></rss>"
	}
	const one, two, bad = "<title>The bridge is shut</title><guid isPermaLink=\"false\">7</guid>", "<title>The mill burns</title><link>/mill.html</link>",
		"<title>The road is mined</title><guid isPermaLink=\"false\">8</guid><pubDate>the day before yesterday</pubDate>"
	site.put("/rss.xml", list("", one, bad))
	p := collecting(t, site)
	p.good(t, "feed", "add", site.URL+"/rss.xml", "--id", "valley")
	mustHold(t, p.good(t, "feed", "fetch"), "valley: 2 new, 0 known")
	p.now = storyTime.Add(24 * time.Hour)
	site.put("/rss.xml", list("", one, two, bad))
	mustHold(t, p.good(t, "feed", "fetch"), "valley: 1 new, 2 known")
	p.now = storyTime.Add(9 * 24 * time.Hour)
	site.put("/rss.xml", list("<lastBuildDate>Sat, 22 Mar 2031 08:00:00 GMT</lastBuildDate>", one, two, bad))
	mustHold(t, p.good(t, "feed", "fetch"), "valley: 0 new, 3 known")
	days := map[string]truce.Day{}
	for _, a := range p.grouped(t) {
		days[a.Headline] = a.Published.From.Day()
	}
	want := map[string]truce.Day{"The bridge is shut": "2031-03-13", "The road is mined": "2031-03-13", "The mill burns": "2031-03-14"}
	if !maps.Equal(days, want) {
		t.Errorf("the articles are of %v, want %v", days, want)
	}
}

// TestTakedownReachesEveryCopy: the text leaves table, index, report and evidence; hash,
// reason and time stay; the same text is not taken again.
func TestTakedownReachesEveryCopy(t *testing.T) {
	site, p, article := collected(t)
	a := p.openApp(t)
	reports, originals, err := a.originalsOf(t.Context(), article.ID)
	if err != nil || len(reports) != 1 || len(originals) != 1 {
		t.Fatalf("%d reports, %d originals, %v", len(reports), len(originals), err)
	}
	a.Close()
	p.bad(t, "feed", "takedown", article.ID.String(), "--reason", " ")
	p.bad(t, "feed", "takedown", "somewhere", "--reason", "x")
	mustHold(t, p.good(t, "feed", "takedown", article.ID.String(), "--reason", "asked by the publisher"), "1 reports erased", "1 originals removed")

	a = p.openApp(t)
	if _, err := a.store.ArticleText(t.Context(), article.ID, truce.Hash{}); err == nil || !strings.Contains(err.Error(), "asked by the publisher") {
		t.Errorf("the text is still to be had, or without reason: %v", err)
	}
	if page, err := a.store.Articles(t.Context(), truce.ArticleQuery{Words: "flour"}); err != nil || len(page.Rows) != 0 {
		t.Errorf("the index still finds %d articles, %v", len(page.Rows), err)
	}
	if left, err := a.store.ObservationsByID(t.Context(), article.Reports); err != nil || len(left) != 0 {
		t.Errorf("%d reports are left, %v", len(left), err)
	}
	a.Close()
	p.mustNotHoldInEvidence(t, "without an escort")
	mustHold(t, p.good(t, "evidence", "list"), "asked by the publisher")
	mustHold(t, p.good(t, "evidence", "verify"), "1 taken down", "no damage found")

	// The publisher lists it once more, under a new headline: neither page nor text is kept.
	site.put("/rss.xml", rss(site, "Trucks cross the bridge, again", "/one.html", bridgeText))
	p.now = storyTime.Add(time.Hour)
	mustHold(t, p.good(t, "feed", "fetch"), "1 new", "1 texts were taken down and are not kept again")
	p.mustNotHoldInEvidence(t, "without an escort")
	mustHold(t, p.good(t, "verify-store"), "no damage found")
}

// TestTakedownOfAFeedsOwnText: a text that came in a feed goes with every answer that held it.
func TestTakedownOfAFeedsOwnText(t *testing.T) {
	site := newPaper(t)
	long := strings.Repeat(bridgeText+" ", 4)
	site.put("/rss.xml", rss(site, "Trucks cross the bridge", "/one.html", long))
	p := collecting(t, site)
	p.good(t, "feed", "add", site.URL+"/rss.xml", "--id", "valley")
	mustHold(t, p.good(t, "feed", "fetch"), "1 new")
	site.put("/rss.xml", strings.Replace(rss(site, "Trucks cross the bridge", "/one.html", long), "Valley News", "The Valley News", 1))
	p.now = p.now.Add(time.Hour)
	mustHold(t, p.good(t, "feed", "fetch"), "0 new, 1 known")
	article := p.grouped(t)[0]
	mustHold(t, p.good(t, "feed", "takedown", article.ID.String(), "--reason", "a private name"), "2 originals removed")
	p.mustNotHoldInEvidence(t, "without an escort")
	p.now = p.now.Add(time.Second)
	mustHold(t, p.good(t, "feed", "takedown", article.TextHash.String(), "--reason", "again"), "0 originals removed")
}

func (p program) mustNotHoldInEvidence(t *testing.T, text string) {
	t.Helper()
	a := p.openApp(t)
	defer a.Close()
	s, err := a.openEvidence(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	err = s.List(t.Context(), func(e evidence.Entry) error {
		body, err := s.Bytes(t.Context(), e.Content, 1<<20)
		if strings.Contains(string(body), text) {
			t.Errorf("the evidence still holds the text in %s", e.Content)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestHostileSitesReachNothingInsideR18: addresses inside are never connected to, directly,
// by a redirect, or by a page a feed lists; a listener beside the site hears nothing.
func TestHostileSitesReachNothingInsideR18(t *testing.T) {
	var heard atomic.Int32
	canary, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := http.Server{Handler: http.HandlerFunc(func(http.ResponseWriter, *http.Request) { heard.Add(1) }), ConnState: func(_ net.Conn, s http.ConnState) {
		if s == http.StateNew {
			heard.Add(1)
		}
	}}
	go server.Serve(canary)
	t.Cleanup(func() { server.Close() })
	inside := "http://" + canary.Addr().String()

	site := newPaper(t)
	page := strings.Replace(rss(site, "Read this", "/one.html", ""), site.URL+"/one.html", inside+"/one.html", 1)
	site.put("/lists.xml", page)
	site.put("/entity.xml", `<!DOCTYPE r [<!ENTITY x SYSTEM "`+inside+`/x">]><rss version="2.0"><channel><title>&x;</title></channel></rss>`)
	p := collecting(t, site)
	p.good(t, "feed", "add", site.URL+"/lists.xml", "--id", "lists")
	p.good(t, "feed", "add", site.URL+"/entity.xml", "--id", "entity", "--no-test")
	p.good(t, "feed", "add", inside+"/rss.xml", "--id", "direct", "--no-test")
	said := p.good(t, "feed", "fetch")
	mustHold(t, said, "lists: 1 new, 0 known, 0 rejected, 1 pages not read", "entity: failed", "direct: failed", "refused")
	if n := heard.Load(); n != 0 {
		t.Errorf("the listener inside heard %d times", n)
	}
}

// TestFeedsAreReadInTheirCharset: the charset stands in the header, or only in the feed.
func TestFeedsAreReadInTheirCharset(t *testing.T) {
	const title = "Вантажівки їдуть через міст"
	site := newPaper(t)
	p := collecting(t, site)
	for _, row := range []struct {
		id, header, declared string
		encoding             *charmap.Charmap
	}{
		{"cyrillic", "text/xml; charset=windows-1251", "", charmap.Windows1251},
		{"koi", "application/rss+xml;charset=\"KOI8-U\"", "", charmap.KOI8U},
		{"unsaid", "application/rss+xml", "windows-1251", charmap.Windows1251},
	} {
		doc := rss(site, title+" "+row.id, "/"+row.id+".html", "")
		if row.declared != "" {
			doc = `<?xml version="1.0" encoding="` + row.declared + `"?>` + doc
		}
		encoded, err := row.encoding.NewEncoder().String(doc)
		if err != nil {
			t.Fatal(err)
		}
		site.put("/"+row.id+".xml", encoded)
		site.say("/"+row.id+".xml", row.header)
		p.good(t, "feed", "add", site.URL+"/"+row.id+".xml", "--id", row.id)
	}
	mustHold(t, p.good(t, "feed", "fetch"), "cyrillic: 1 new", "koi: 1 new", "unsaid: 1 new")
	var titles []string
	for _, a := range p.grouped(t) {
		titles = append(titles, a.Headline)
	}
	slices.Sort(titles)
	if want := []string{title + " cyrillic", title + " koi", title + " unsaid"}; !slices.Equal(titles, want) {
		t.Errorf("headlines %q", titles)
	}
}

// TestFeedHealthIsRecorded: that a feed failed is known to whoever reads its silence.
func TestFeedHealthIsRecorded(t *testing.T) {
	site, p, _ := collected(t)
	site.put("/rss.xml", "")
	p.now = storyTime.Add(20 * time.Minute)
	mustHold(t, p.bad(t, "feed", "fetch"), "valley: failed (1 in a row): the server answers 410 gone", "("+site.URL+"/rss.xml)", "no feed could be read")
	a := p.openApp(t)
	defer a.Close()
	var states []truce.HealthState
	q := truce.ObservationQuery{Kind: truce.KindHealth, From: always.From, To: always.To}
	err := a.store.Observations(t.Context(), q, func(o truce.Observation) error {
		if o.Sensor != "feed-valley" || o.Source != "feed-valley" {
			t.Errorf("health of sensor %s, source %s", o.Sensor, o.Source)
		}
		states = append(states, o.Health.State)
		return nil
	})
	if err != nil || len(states) != 2 || states[0] != truce.HealthUp || states[1] != truce.HealthDown {
		t.Errorf("health %v, %v, want up, down", states, err)
	}
	list, err := a.listFeeds(t.Context(), false)
	if err != nil || len(list) != 1 || list[0].Failures != 1 || list[0].Due < truce.InstantOf(p.now.Add(15*time.Minute)) {
		t.Errorf("listed as %+v, %v", list, err)
	}
}

// TestWhatOneAddressSaidIsNotSaidToAnother: a feed that is added anew with another address is
// asked without the tag of the one before, and the list says where the last look was.
func TestWhatOneAddressSaidIsNotSaidToAnother(t *testing.T) {
	var tags []string
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasSuffix(r.URL.Path, ".xml") {
			http.NotFound(w, r)
			return
		}
		tags = append(tags, r.URL.Path+r.Header.Get("If-None-Match"))
		w.Header().Set("Etag", `"one"`)
		io.WriteString(w, `<rss version="2.0"><channel><title>Valley News</title></channel></rss>`)
	}))
	t.Cleanup(site.Close)
	p := collecting(t, &newspaper{Server: site})
	p.good(t, "feed", "add", site.URL+"/a.xml", "--id", "valley", "--no-test")
	p.good(t, "feed", "fetch", "valley")
	p.good(t, "feed", "fetch", "valley")
	p.good(t, "feed", "remove", "valley")
	p.good(t, "feed", "add", site.URL+"/b.xml", "--id", "valley", "--no-test")
	mustHold(t, p.good(t, "feed", "list"), "the last look was at "+site.URL+"/a.xml")
	p.good(t, "feed", "fetch", "valley")
	if want := []string{"/a.xml", `/a.xml"one"`, "/b.xml"}; !slices.Equal(tags, want) {
		t.Errorf("asked with %q, want %q", tags, want)
	}
	if list := p.good(t, "feed", "list"); strings.Contains(list, "/a.xml") {
		t.Errorf("the list still names the address before:\n%s", list)
	}
	site.Close()
	p.bad(t, "feed", "fetch", "valley")
	mustHold(t, p.good(t, "feed", "list"), "/b.xml")
}

// TestFeedRunStopsWhenAsked: it looks, waits by the clock, and ends in order.
func TestFeedRunStopsWhenAsked(t *testing.T) {
	site := newPaper(t)
	site.put("/rss.xml", rss(site, "Trucks cross the bridge", "/one.html", ""))
	p := collecting(t, site)
	p.good(t, "feed", "add", site.URL+"/rss.xml", "--id", "valley")
	before := site.times("/rss.xml")
	ctx, cancel := context.WithCancel(t.Context())
	printed, out := io.Pipe()
	done := make(chan int, 1)
	var told strings.Builder
	go func() {
		c := &cli{in: strings.NewReader(""), out: out, err: &told, now: func() time.Time { return p.now }}
		done <- c.runIn(ctx, []string{"feed", "run", "--dir", p.dir})
		out.Close()
	}()
	line := make([]byte, 200)
	n, err := printed.Read(line)
	go io.Copy(io.Discard, printed)
	cancel()
	if code := <-done; code != 0 || err != nil || !strings.HasPrefix(string(line[:n]), "valley: 1 new") {
		t.Errorf("exit code %d, printed %q, %v; said %s", code, line[:n], err, told.String())
	}
	if asked := site.times("/rss.xml") - before; asked != 1 {
		t.Errorf("the feed was asked %d times in one stretch, want 1", asked)
	}
	mustHold(t, told.String(), "stopped; what was acknowledged is recorded")
}
