package press

import (
	"cmp"
	"html"
	"net/url"
	"path"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/trucewatch/truce"
)

// Cluster is one item of an aggregator's feed that holds several publishers' headlines.
type Cluster struct {
	Day    truce.Day
	Source string // address of the feed
	Items  []Item // in the feed's order; the first gives title, slug and link
	Draft  bool
}

// Item is one headline of a cluster.
type Item struct {
	Headline  string
	Publisher string
	Link      string
}

// Post writes the cluster as the post that simple feed-to-site programs make of it: title
// and publisher of the first item, the list's words run together as description and
// summary, and the longest words of the title as tags. The same items are the same bytes.
func (c Cluster) Post() []byte {
	body := c.list()
	title := c.title()
	words := yamlQuoted(withoutMarks(body))
	var b strings.Builder
	b.WriteString("---\n")
	line := func(name, value string) { b.WriteString(name + ": " + value + "\n") }
	line("title", yamlQuoted(title))
	line("date", string(c.Day))
	line("description", words)
	line("summary", words)
	line("slug", yamlQuoted(plainSlug(title)))
	line("image", "''")
	line("link", yamlSingle(c.link()))
	line("source", yamlSingle(c.Source))
	yamlList(&b, "categories", []string{hostOf(c.Source)})
	yamlList(&b, "tags", longestWords(title, clusterTags))
	b.WriteString("\n")
	line("draft", map[bool]string{true: "true", false: "false"}[c.Draft])
	b.WriteString("---\n" + body + "\n")
	return []byte(b.String())
}

// File is the post's name in a folder of posts.
func (c Cluster) File() string {
	return string(c.Day) + "-" + cmp.Or(cutSlug(plainSlug(c.title()), maxSlug), "post") + ".md"
}

func (c Cluster) title() string {
	if len(c.Items) == 0 {
		return ""
	}
	first := c.Items[0]
	if first.Publisher == "" {
		return first.Headline
	}
	return first.Headline + " - " + first.Publisher
}

func (c Cluster) link() string {
	if len(c.Items) == 0 {
		return ""
	}
	return c.Items[0].Link
}

// list is the items as the aggregator writes them.
func (c Cluster) list() string {
	var b strings.Builder
	b.WriteString("<ol>")
	for _, item := range c.Items {
		b.WriteString(`<li><a href="` + strings.ReplaceAll(escaped(item.Link), `"`, "&quot;") + `" target="_blank">` + escaped(item.Headline) +
			`</a>&nbsp;&nbsp;<font color="#6f6f6f">` + escaped(item.Publisher) + `</font></li>`)
	}
	b.WriteString("</ol>")
	return b.String()
}

// escaped writes text for HTML; quotation marks stay, as aggregators leave them.
func escaped(text string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(text)
}

// withoutMarks drops the tags and keeps the entities.
func withoutMarks(body string) string {
	var b strings.Builder
	inside := false
	for _, r := range body {
		switch {
		case r == '<':
			inside = true
		case r == '>':
			inside = false
		case !inside:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// longestWords are the n longest words of a text in small letters, the earlier first among
// equals, each once.
func longestWords(text string, n int) []string {
	words := strings.FieldsFunc(strings.ToLower(html.UnescapeString(text)), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '\'' && r != '’'
	})
	var once []string
	for _, w := range words {
		w = strings.TrimSuffix(strings.TrimSuffix(strings.Trim(w, "'’"), "'s"), "’s")
		if w != "" && !slices.Contains(once, w) {
			once = append(once, w)
		}
	}
	slices.SortStableFunc(once, func(a, b string) int {
		return utf8.RuneCountInString(b) - utf8.RuneCountInString(a)
	})
	return once[:min(n, len(once))]
}

// hostOf is the host of an address, or its last part.
func hostOf(address string) string {
	if u, err := url.Parse(address); err == nil && u.Hostname() != "" {
		return u.Hostname()
	}
	return path.Base(address)
}
