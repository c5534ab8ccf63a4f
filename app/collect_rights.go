package app

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/internal/article"
	"github.com/trucewatch/truce/internal/polite"
)

// tdmPath is where a site says once for all its pages what is reserved (TDM Reservation
// Protocol, W3C community group, 2024, section 7).
const tdmPath = "/.well-known/tdmrep.json"

// maxTDMRules bounds the rules of one site: a site has a handful of sections.
const maxTDMRules = 1_000

// tdmRule is one rule of such a file.
type tdmRule struct {
	Location    string          `json:"location"`
	Reservation json.RawMessage `json:"tdm-reservation"`
}

// siteRights is what the site of an address reserves for it. The file is asked for once in
// a run; a site that has none reserves nothing there.
func (c *collector) siteRights(ctx context.Context, address string) (truce.Rights, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return truce.Rights{}, nil // what cannot be asked for says why itself
	}
	site := u.Scheme + "://" + u.Host
	rules, asked := c.rights.Load(site)
	if !asked {
		answer, err := c.getter.Get(ctx, polite.Request{URL: site + tdmPath, Accept: "application/json", Now: true})
		if ctx.Err() != nil {
			return truce.Rights{}, ctx.Err()
		}
		found := []tdmRule{}
		if err == nil && answer.Status == http.StatusOK {
			found = parseTDM(answer.Body)
		}
		rules, _ = c.rights.LoadOrStore(site, found)
	}
	path := u.EscapedPath()
	for _, rule := range rules.([]tdmRule) {
		if tdmMatches(rule.Location, path) {
			var said article.Rights
			said.TDM(strings.Trim(string(rule.Reservation), `"`))
			if said.NoMining {
				return truce.Rights{NoMining: true, Said: fmt.Sprintf("%s in %s", said.Said, tdmPath)}, nil
			}
			return truce.Rights{}, nil
		}
	}
	return truce.Rights{}, nil
}

// parseTDM reads the rules; what is no list of rules reserves nothing.
func parseTDM(body []byte) []tdmRule {
	var rules []tdmRule
	if json.Unmarshal(body, &rules) != nil {
		return []tdmRule{}
	}
	return rules[:min(len(rules), maxTDMRules)]
}

// tdmMatches holds a path against a location: a prefix, in which * is any run of characters
// and $ at the end is the end. The first rule that matches counts.
func tdmMatches(location, path string) bool {
	if location == "" {
		return false
	}
	if path == "" {
		path = "/"
	}
	anchored := strings.HasSuffix(location, "$")
	parts := strings.Split(strings.TrimSuffix(location, "$"), "*")
	if !strings.HasPrefix(path, parts[0]) {
		return false
	}
	rest := path[len(parts[0]):]
	for i, part := range parts[1:] {
		if anchored && i == len(parts)-2 {
			return strings.HasSuffix(rest, part)
		}
		at := strings.Index(rest, part)
		if at < 0 {
			return false
		}
		rest = rest[at+len(part):]
	}
	return !anchored || rest == "" || strings.HasSuffix(location, "*$")
}

// blocked is what was taken down: texts by their hashes, articles by their reports and
// addresses, each with the reason.
type blocked struct {
	texts   map[truce.Hash]string
	reports map[truce.ID]string
	links   map[string]string
}

// blockedTexts reads what was taken down.
func (a *App) blockedTexts(ctx context.Context) (blocked, error) {
	b := blocked{texts: map[truce.Hash]string{}, reports: map[truce.ID]string{}, links: map[string]string{}}
	rows, err := a.store.Takedowns(ctx)
	if err != nil {
		return b, err
	}
	for _, t := range rows {
		if !t.Hash.IsZero() {
			b.texts[t.Hash] = t.Reason
		}
		if t.Article.IsZero() {
			continue
		}
		row, err := a.store.Article(ctx, t.Article)
		if err != nil {
			return b, err
		}
		for _, id := range row.Article.Reports {
			b.reports[id] = t.Reason
		}
		for _, link := range row.Article.Links {
			b.links[article.LinkKey(link)] = t.Reason
		}
	}
	return b, nil
}

// text is why a text is not kept, "" when it may be.
func (b blocked) text(text string) string {
	if text == "" || len(b.texts) == 0 {
		return ""
	}
	return b.texts[truce.HashOf([]byte(text))]
}

// reason is why the text of a report is not kept, "" when it may be.
func (b blocked) reason(o *truce.Observation) string {
	if why := b.reports[o.ID]; why != "" {
		return why
	}
	if len(o.Report.Links) > 0 && len(b.links) > 0 {
		if why := b.links[article.LinkKey(o.Report.Links[0])]; why != "" {
			return why
		}
	}
	return b.text(o.Report.Text)
}
