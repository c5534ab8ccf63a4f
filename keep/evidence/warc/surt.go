package warc

import (
	"net"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
)

var wwwHost = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^www\d*\.`)
})

// surt is the key under which an address stands in an index: the host's labels from the
// right, then path and query in small letters with the query's parts in order, so that the
// pages of a site stand together. An address that cannot be taken apart is its own key.
func surt(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return strings.ReplaceAll(strings.ToLower(address), " ", "%20")
	}
	host := wwwHost().ReplaceAllString(strings.ToLower(strings.TrimSuffix(u.Hostname(), ".")), "")
	if net.ParseIP(host) == nil {
		labels := strings.Split(host, ".")
		slices.Reverse(labels)
		host = strings.Join(labels, ",")
	}
	if port := u.Port(); port != "" && !(u.Scheme == "http" && port == "80") && !(u.Scheme == "https" && port == "443") {
		host += ":" + port
	}
	key := host + ")" + strings.ToLower(path(u))
	if u.RawQuery != "" {
		parts := strings.Split(strings.ToLower(u.RawQuery), "&")
		slices.Sort(parts)
		key += "?" + strings.Join(parts, "&")
	}
	return strings.ReplaceAll(key, " ", "%20")
}

// path is the path without a slash at its end, but for the root.
func path(u *url.URL) string {
	p := u.EscapedPath()
	if p = strings.TrimSuffix(p, "/"); p == "" {
		return "/"
	}
	return p
}
