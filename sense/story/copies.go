package story

import (
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/trucewatch/truce"
	"github.com/trucewatch/truce/internal/num"
)

// copyGroups gives each report the name of the group it repeats, "" when it repeats
// nothing and nothing repeats it. Reports must be in order of time.
//
// Two reports depend on each other when they share a link or a headline. The relation is
// passed on, a copy of a copy is in the group, but a group spans no more than the window:
// else digests with many links chain months of news into one. A group is named for its
// earliest report. A composite article that feeds many events makes them one group, which
// is right: one article is one voice.
func copyGroups(reports []*truce.Observation, window time.Duration) []string {
	sets := num.NewSets(len(reports))
	last := make([]int, len(reports)) // by the set's first report: its last
	latest := map[string]int{}
	for i, o := range reports {
		last[i] = i
		for _, key := range copyKeys(o.Report) {
			if before, seen := latest[key]; seen {
				a, b := sets.Find(before), sets.Find(i)
				first, end := min(a, b), max(last[a], last[b])
				if reports[end].Phenomenon.From.Sub(reports[first].Phenomenon.From) <= window {
					sets.Union(a, b)
					last[first] = end
				}
			}
			latest[key] = i
		}
	}
	out := make([]string, len(reports))
	for _, members := range sets.Groups() {
		if len(members) < 2 {
			continue
		}
		name := "copies-of-" + reports[members[0]].ID.String()
		for _, m := range members {
			out[m] = name
		}
	}
	return out
}

// copyKeys are what a report shares with its copies: links and headline, made equal.
func copyKeys(r *truce.Report) []string {
	var keys []string
	for _, link := range r.Links[:min(len(r.Links), maxLinks)] {
		if key := normalLink(link); key != "" {
			keys = append(keys, "link "+key)
		}
	}
	if key := normalHeadline(r.Headline, r.Publisher); key != "" {
		keys = append(keys, "headline "+key)
	}
	return keys
}

// normalLink is what stays the same when one page is linked in different ways: host
// without www and the like, path without a closing slash, query without what trackers
// add, in order. A link to a front page is "": it says nothing of an article.
func normalLink(link string) string {
	if len(link) > maxLinkBytes {
		return ""
	}
	u, err := url.Parse(strings.TrimSpace(link))
	if err != nil || u.Host == "" {
		return ""
	}
	query := u.Query()
	for name := range query {
		if tracking(name) {
			query.Del(name)
		}
	}
	path := strings.TrimSuffix(u.EscapedPath(), "/")
	encoded := query.Encode()
	if path == "" && encoded == "" {
		return ""
	}
	return host(u) + path + "?" + encoded
}

// tracking names the query parameters that tell where a reader came from.
func tracking(name string) bool {
	name = strings.ToLower(name)
	return strings.HasPrefix(name, "utm_") || slices.Contains([]string{"fbclid", "gclid", "yclid", "dclid", "msclkid", "igshid", "mc_cid", "mc_eid", "ref", "source", "share"}, name)
}

func host(u *url.URL) string {
	name := strings.ToLower(u.Hostname())
	for _, prefix := range []string{"www.", "m.", "amp."} {
		name = strings.TrimPrefix(name, prefix)
	}
	return name
}

// normalHeadline keeps the words of a headline in lower case, without the publisher's name
// that many feeds add at the end. A headline of few words is "": "Air raid alert" is not
// the same news twice.
func normalHeadline(headline, publisher string) string {
	words := wordsOf(headline)
	if tail := wordsOf(publisher); len(tail) > 0 && len(words) > len(tail) && slices.Equal(words[len(words)-len(tail):], tail) {
		words = words[:len(words)-len(tail)]
	}
	key := strings.Join(words, " ")
	if len(words) < minHeadlineWords || utf8.RuneCountInString(key) < minHeadlineRunes {
		return ""
	}
	return key
}

func wordsOf(s string) []string {
	if len(s) > maxHeadlineBytes {
		s = s[:maxHeadlineBytes]
	}
	return strings.FieldsFunc(strings.ToLower(truce.CleanText(s)), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r)
	})
}

// publishers is how many different hosts a report links to.
func publishers(r *truce.Report) int {
	var hosts []string
	for _, link := range r.Links[:min(len(r.Links), maxLinks)] {
		if u, err := url.Parse(strings.TrimSpace(link)); err == nil && u.Host != "" && !slices.Contains(hosts, host(u)) {
			hosts = append(hosts, host(u))
		}
	}
	return len(hosts)
}
