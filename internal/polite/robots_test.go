package polite

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func names(to map[string]string) func(context.Context, string) ([]netip.Addr, error) {
	return func(_ context.Context, host string) ([]netip.Addr, error) {
		ip, err := netip.ParseAddr(to[host])
		if err != nil {
			return nil, fmt.Errorf("no such host %s", host)
		}
		return []netip.Addr{ip}, nil
	}
}

// TestRules are the cases of RFC 9309, section 2.2 and 5, and what people write.
func TestRules(t *testing.T) {
	for _, row := range []struct {
		robots string
		yes    []string
		no     []string
	}{
		{"", []string{"/", "/x"}, nil},
		{"User-agent: *\nDisallow: /", []string{"/robots.txt"}, []string{"/", "/x"}},
		{"User-agent: *\nDisallow:", []string{"/"}, nil},
		{"User-agent: *\nDisallow: /\nUser-agent: Truce\nAllow: /feed\nDisallow: /", []string{"/feed.xml"}, []string{"/x"}},
		{"User-agent: truce/1.0\nDisallow: /a\n\nUser-agent: other\nDisallow: /b\n\nUser-agent: TRUCE\nDisallow: /c", []string{"/b"}, []string{"/a", "/c"}},
		{"User-agent: trucebot\nDisallow: /", []string{"/"}, nil},
		{"User-agent: other\nUser-agent: truce\nDisallow: /a", []string{"/b"}, []string{"/a"}},
		{"User-agent: *\nAllow: /example/page/\nDisallow: /example/page/disallowed.gif", []string{"/example/page/", "/example/page/x"}, []string{"/example/page/disallowed.gif"}},
		{"User-agent: *\nAllow: /a\nDisallow: /a", []string{"/a"}, nil},
		{"User-agent: *\nDisallow: *.gif$\nDisallow: /*/private/", []string{"/a.gif?x", "/private/"}, []string{"/a.gif", "/x/private/y"}},
		{"User-agent: *\nDisallow: /a*b*c$", []string{"/abcd", "/a"}, []string{"/abc", "/axbxc"}},
		{"User-agent: *\nDisallow: /%7ejoe/%2f", []string{"/~joe/"}, []string{"/~joe/%2F", "/%7Ejoe/%2fx"}},
		{"User-agent: *\nDisallow: /новини", []string{"/news"}, []string{"/%D0%BD%D0%BE%D0%B2%D0%B8%D0%BD%D0%B8"}},
		{"\xef\xbb\xbfUser-agent : * # all\n Disallow : /x # not this\nnonsense\nSitemap: https://a/s.xml\nDisallow: /y", []string{"/z"}, []string{"/x", "/y"}},
		{"Disallow: /", []string{"/"}, nil},
		{"<html>Disallow: /</html>", []string{"/"}, nil},
	} {
		r := parseRobots([]byte(row.robots))
		for allowed, paths := range map[bool][]string{true: row.yes, false: row.no} {
			for _, path := range paths {
				u, err := url.Parse("https://a.example" + path)
				if err != nil {
					t.Fatal(err)
				}
				if r.allows(u) != allowed {
					t.Errorf("%q: %s allowed %v", row.robots, path, !allowed)
				}
			}
		}
	}
}

func TestRobotsAnswers(t *testing.T) {
	for name, row := range map[string]struct {
		answer func(w http.ResponseWriter, r *http.Request)
		reason Reason
	}{
		"none":            {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(404) }, ""},
		"not for us":      {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(403) }, ""},
		"a broken server": {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(503) }, Robots},
		"it forbids":      {func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "User-agent: *\nDisallow: /") }, Robots},
		"it moved": {func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Host == "a.example" {
				http.Redirect(w, r, "https://b.example/robots.txt", http.StatusFound)
				return
			}
			_, _ = io.WriteString(w, "User-agent: truce\nDisallow: /feed")
		}, Robots},
		"it moves for ever": {func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/robots.txt", http.StatusFound) }, ""},
		"it moved to a file": {func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Location", "file:///etc/passwd")
			w.WriteHeader(302)
		}, ""},
		"it never ends": {func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, strings.Repeat("Disallow: /x\n", maxRobots))
		}, Robots},
	} {
		synctest.Test(t, func(t *testing.T) {
			pages := 0
			g := getter(t, Config{}, answers(func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path == "/robots.txt" {
					row.answer(w, r)
					return
				}
				pages++
			}))
			_, err := g.Get(t.Context(), Request{URL: "https://a.example/feed"})
			if ReasonOf(err) != row.reason || (pages == 1) != (row.reason == "") {
				t.Errorf("%s: %v after %d pages, want %q", name, err, pages, row.reason)
			}
		})
	}
}

// TestRobotsAreRemembered for a day, and a broken server's answer for a quarter of an hour.
func TestRobotsAreRemembered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		asked, status := 0, 500
		g := getter(t, Config{}, answers(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/robots.txt" {
				asked++
				w.WriteHeader(status)
			}
		}))
		get := func() error {
			_, err := g.Get(t.Context(), Request{URL: "https://a.example/feed"})
			return err
		}
		if err := get(); ReasonOf(err) != Robots {
			t.Error(err)
		}
		status = 404
		if err := get(); ReasonOf(err) != Robots || asked != 1 {
			t.Errorf("asked %d times: %v", asked, err)
		}
		<-time.After(robotsRetry + time.Second)
		for range 3 {
			if err := get(); err != nil || asked != 2 {
				t.Errorf("asked %d times: %v", asked, err)
			}
		}
		<-time.After(robotsKept)
		if err := get(); err != nil || asked != 3 {
			t.Errorf("asked %d times: %v", asked, err)
		}
	})
}

func TestHostsAreForgotten(t *testing.T) {
	hs := hosts{every: time.Second, perHost: 1}
	for i := range maxHosts * 3 {
		hs.of(&url.URL{Scheme: "https", Host: fmt.Sprintf("h%d.example", i)})
	}
	if len(hs.all) > maxHosts {
		t.Errorf("%d hosts are remembered", len(hs.all))
	}
}

// FuzzRobots: no text is slow or breaks the reader, and robots.txt itself is always
// allowed.
func FuzzRobots(f *testing.F) {
	f.Add([]byte("User-agent: *\nDisallow: /a*b$\nAllow: /%zz"), "/axb")
	f.Add([]byte("User-agent: truce\nCrawl-delay: 1e9\nDisallow: ***"), "/")
	f.Fuzz(func(t *testing.T, body []byte, path string) {
		r := parseRobots(body)
		r.allows(&url.URL{Path: path})
		if !r.allows(&url.URL{Path: "/robots.txt"}) || len(r.rules) > maxRules || r.delay > MaxCrawlDelay || r.delay < 0 {
			t.Errorf("%d rules, delay %v", len(r.rules), r.delay)
		}
	})
}
