package article

import (
	"net/url"
	"slices"
	"strings"
)

// LinkKey is the same for all ways to write the address of one article: without scheme,
// "www.", a standard port, fragment, closing slash and the parameters by which trackers
// follow readers, the others in order. It is a key and no address. The redirecting
// addresses of Google News keep their own keys, since where they lead is not written in
// them, but its forms for feed and page are one.
//
// Anything that may tell two pages apart is kept: to join two articles by mistake would
// lose one of them.
func LinkKey(link string) string {
	link = strings.TrimSpace(link)
	u, err := url.Parse(link)
	if err != nil || u.Host == "" {
		return link
	}
	host := strings.TrimPrefix(strings.ToLower(u.Hostname()), "www.")
	if port := u.Port(); port != "" && port != "80" && port != "443" {
		host += ":" + port
	}
	path := strings.TrimSuffix(u.EscapedPath(), "/")
	if host == "news.google.com" {
		for _, form := range []string{"/rss/articles/", "/articles/", "/read/"} {
			if id, ok := strings.CutPrefix(path, form); ok {
				return host + "/articles/" + id // the parameters are language and counter
			}
		}
	}
	if query := plainQuery(u.RawQuery); query != "" {
		path += "?" + query
	}
	return host + path
}

func plainQuery(raw string) string {
	var kept []string
	for _, part := range strings.Split(raw, "&") {
		name, _, _ := strings.Cut(strings.ToLower(part), "=")
		if part != "" && !tracks(name) {
			kept = append(kept, part)
		}
	}
	slices.Sort(kept)
	return strings.Join(kept, "&")
}

// tracks names parameters that say where a reader came from and never which page.
func tracks(name string) bool {
	return strings.HasPrefix(name, "utm_") ||
		slices.Contains([]string{"fbclid", "gclid", "dclid", "yclid", "msclkid", "igshid", "mc_cid", "mc_eid", "at_medium", "at_campaign"}, name)
}
