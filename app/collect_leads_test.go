package app

import (
	"strings"
	"testing"
)

// TestPagesThatLeadOnAreFollowed: a page without an article leads on by its refresh, its
// canonical address or its only link, through the same guards; never by a script.
func TestPagesThatLeadOnAreFollowed(t *testing.T) {
	for name, c := range map[string]struct{ page, said string }{
		"refresh":          {`<head><meta http-equiv="Refresh" content="0; URL='/one.html'"></head>`, "1 pages read"},
		"refresh by two":   {`<head><meta http-equiv="refresh" content="1;url=/hop.html"></head>`, "1 pages read"},
		"only link":        {`<p>You are being taken to <a href="/one.html">the article</a>.</p><script>go()</script>`, "1 pages read"},
		"canonical":        {`<head><link rel="canonical" href="$SITE/one.html"></head><a href="/a">a</a><a href="/b">b</a>`, "1 pages read"},
		"script":           {`<script>location.replace("/one.html")</script>`, "lead.html: only a script may lead on"},
		"circle":           {`<meta http-equiv="refresh" content="0;url=/circle.html">`, "1 pages not read"},
		"inside":           {`<meta http-equiv="refresh" content="0;url=http://169.254.169.254/latest">`, "1 pages not read"},
		"another scheme":   {`<meta http-equiv="refresh" content="0;url=javascript:go()"><a href="data:text/html,x">x</a>`, "1 pages not read"},
		"a slow refresh":   {`<meta http-equiv="refresh" content="300;url=/one.html">`, "1 pages not read"},
		"robots forbid it": {`<meta http-equiv="refresh" content="0;url=/private/one.html">`, "1 pages left alone"},
	} {
		t.Run(name, func(t *testing.T) {
			site := newPaper(t)
			site.put("/rss.xml", rss(site, "Trucks cross the bridge", "/lead.html", ""))
			site.put("/lead.html", "<html><title>Moved</title>"+strings.ReplaceAll(c.page, "$SITE", site.URL)+"</html>")
			site.put("/hop.html", `<html><title>Moved</title><meta http-equiv="refresh" content="0; url=`+site.URL+`/one.html"></html>`)
			site.put("/circle.html", `<html><title>Moved</title><meta http-equiv="refresh" content="0; url=/lead.html"></html>`)
			site.put("/one.html", htmlPage("Trucks cross the bridge", bridgeText))
			site.put("/private/one.html", htmlPage("Trucks cross the bridge", bridgeText))
			site.put("/robots.txt", "User-agent: *\nDisallow: /private/\n")
			p := collecting(t, site)
			p.good(t, "feed", "add", site.URL+"/rss.xml", "--id", "valley", "--no-test")
			mustHold(t, p.good(t, "feed", "fetch"), c.said)
			mustHold(t, p.good(t, "evidence", "list"), site.URL+"/lead.html") // what leads on is kept
			article := p.grouped(t)[0]
			if read := strings.Contains(article.Text, "without an escort"); read != (c.said == "1 pages read") {
				t.Errorf("the article has the text: %v", read)
			}
			if n := site.times("/lead.html"); n > 2 {
				t.Errorf("asked %d times for a page of a circle", n)
			}
			if c.said == "1 pages read" {
				mustHold(t, p.good(t, "feed", "takedown", article.ID.String(), "--reason", "asked"), "2 originals removed")
				p.mustNotHoldInEvidence(t, "without an escort")
			}
		})
	}
}
