package source

import (
	"fmt"
	"net/url"
	"strings"

	"github.com/trucewatch/truce"
)

// Link checks an address that a report gives for its evidence. Only http and https with
// a host pass, so that nothing a reader could click does anything but open a page.
func Link(text string) (string, error) {
	text = strings.TrimSpace(truce.CleanText(text))
	if len(text) > MaxLink {
		return "", fmt.Errorf("link of %d bytes, the bound is %d", len(text), MaxLink)
	}
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || u.User != nil || strings.ContainsAny(text, " \t\n\"<>\\`") {
		return "", fmt.Errorf("link %s: want http:// or https:// and a host", Shown([]byte(text)))
	}
	return text, nil
}

// Host is whose page a link opens, without "www.".
func Host(link string) string {
	u, err := url.Parse(link)
	if err != nil {
		return ""
	}
	return strings.TrimPrefix(strings.ToLower(u.Hostname()), "www.")
}
