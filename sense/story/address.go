package story

import (
	"net/url"
	"slices"
	"strings"

	"github.com/trucewatch/truce/internal/article"
)

// addressKey is the same for all addresses of one article: as article.LinkKey has it, and
// besides without what sites add for mobile readers and AMP pages, and with the address that
// a redirect carries in its own parameters taken out. "" for what leads to no article: a
// front page, a broken address, one that carries data.
func addressKey(link string) string {
	for range maxUnwraps {
		if len(link) > maxLinkBytes {
			return ""
		}
		u, err := url.Parse(strings.TrimSpace(link))
		if err != nil || u.Host == "" {
			return ""
		}
		inner := carried(u)
		if inner == "" {
			return plainAddress(u)
		}
		link = inner
	}
	return ""
}

// plainAddress is the key of an address that carries no other.
func plainAddress(u *url.URL) string {
	plain := *u
	plain.Host = host(u)
	query := u.Query()
	for name, values := range query {
		lower := strings.ToLower(name)
		if slices.Contains(trackers, lower) || (lower == "amp" || lower == "outputtype" || lower == "output") && (values[0] == "" || values[0] == "1" || strings.EqualFold(values[0], "amp")) {
			query.Del(name)
		}
	}
	plain.RawQuery = query.Encode()
	p := strings.TrimSuffix(u.EscapedPath(), "/index.amp.html")
	if page, amp := strings.CutSuffix(p, ".amp.html"); amp {
		p = page + ".html"
	}
	for _, tail := range []string{"/", "/amp", ".amp", "/"} {
		p = strings.TrimSuffix(p, tail)
	}
	if rest, ok := strings.CutPrefix(p, "/amp/"); ok {
		p = "/" + rest
	}
	if p == "" && plain.RawQuery == "" {
		return ""
	}
	plain.RawPath = ""
	if plain.Path, _ = url.PathUnescape(p); plain.EscapedPath() != p {
		plain.RawPath = p
	}
	return article.LinkKey(plain.String())
}

// trackers tell where a reader came from, beside those that article.LinkKey drops.
var trackers = []string{"ref", "source", "share", "cmpid", "ito", "smid", "src", "ocid"}

// redirectors are hosts whose addresses carry that of the article in a parameter.
var redirectors = map[string]string{
	"google.com": "url q", "l.facebook.com": "u", "lm.facebook.com": "u", "out.reddit.com": "url",
	"t.umblr.com": "z", "t.co": "url", "away.vk.com": "to", "vk.com": "to", "flipboard.com": "url", "bing.com": "url",
}

// carried is the address that a redirect or an AMP cache carries, "" when it carries none.
func carried(u *url.URL) string {
	name := host(u)
	if rest, ok := strings.CutPrefix(u.Path, "/amp/s/"); ok && (name == "google.com" || strings.HasSuffix(name, ".google.com")) {
		return "https://" + rest
	}
	if strings.HasSuffix(name, ".cdn.ampproject.org") {
		for _, form := range []string{"/c/s/", "/v/s/", "/c/", "/v/"} {
			if rest, ok := strings.CutPrefix(u.Path, form); ok {
				return "https://" + rest
			}
		}
	}
	if name == "href.li" {
		return u.RawQuery
	}
	for _, parameter := range strings.Fields(redirectors[name]) {
		if inner := u.Query().Get(parameter); strings.HasPrefix(inner, "http://") || strings.HasPrefix(inner, "https://") {
			return inner
		}
	}
	return ""
}

// host is a page's host without what says how it is read.
func host(u *url.URL) string {
	name := strings.ToLower(u.Hostname())
	for _, prefix := range []string{"www.", "m.", "amp.", "mobile."} {
		if rest, ok := strings.CutPrefix(name, prefix); ok && strings.Contains(rest, ".") {
			name = rest
		}
	}
	return name
}

// linkRank ranks the addresses of one article by how fit they are to be printed: its own
// before those of its mobile and AMP pages and such as tell where a reader came from, these
// before redirects that carry it, and last those that only lead on.
func linkRank(link string) int {
	link = strings.TrimSpace(link)
	u, err := url.Parse(link)
	key := addressKey(link)
	_, written, _ := strings.Cut(link, "//")
	switch {
	case err != nil || key == "" || isRedirect(link):
		return 0
	case carried(u) != "":
		return 1
	case strings.TrimSuffix(strings.TrimPrefix(written, "www."), "/") != key:
		return 2
	}
	return 3
}

// isRedirect says whether an address leads on to the article without naming it.
func isRedirect(link string) bool {
	return strings.HasPrefix(addressKey(link), "news.google.com/articles/")
}
