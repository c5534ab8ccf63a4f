package article

import (
	"cmp"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// meta is what a page says of itself for machines.
type meta struct {
	title, heading       string // <title>, first <h1>
	ogTitle, ldHeadline  string
	published, modified  string
	timed                string // the first <time datetime>
	author, publisher    string
	language             string
	canonical, base      string
	body                 string   // articleBody of JSON-LD
	refresh              string   // where the page leads on at once
	links                []string // the first different addresses of <a href>
	scripted             bool
	feeds                []string
	rights               Rights
	isArticle            bool
	ogURL, ldURL, siteIs string
}

// headline is the best of the titles: the one for articles, the one for sharing, the
// first heading, the window's title.
func (m *meta) headline() string {
	return Line(cmp.Or(m.ldHeadline, m.ogTitle, m.heading, m.title))
}

// readMeta goes through the whole tree once. JSON-LD comes before meta elements, those
// before what stands in the text.
func readMeta(tree *html.Node) meta {
	var m meta
	m.rights = Rights{}
	walk(tree, func(n *html.Node, enter bool) bool {
		if enter && n.Type == html.ElementNode {
			m.element(n)
		}
		return true
	})
	m.canonical = cmp.Or(m.canonical, m.ogURL, m.ldURL)
	m.publisher = Line(cmp.Or(m.publisher, m.siteIs))
	m.author = Line(m.author)
	m.headlineOf()
	return m
}

// headlineOf takes the site's name off titles that end with it.
func (m *meta) headlineOf() {
	for _, s := range []*string{&m.ldHeadline, &m.ogTitle, &m.heading, &m.title} {
		*s = TrimPublisher(Line(*s), m.publisher)
	}
}

func (m *meta) element(n *html.Node) {
	switch n.DataAtom {
	case atom.Html:
		lang, _ := attr(n, "lang")
		m.language = cmp.Or(m.language, lang)
	case atom.Meta:
		m.metaElement(n)
	case atom.Link:
		m.link(n)
	case atom.Base:
		href, _ := attr(n, "href")
		m.base = cmp.Or(m.base, strings.TrimSpace(href))
	case atom.Title:
		if m.title == "" && n.Namespace == "" {
			m.title = textOf(n)
		}
	case atom.H1:
		m.heading = cmp.Or(m.heading, textOf(n))
	case atom.Time:
		at, _ := attr(n, "datetime")
		m.timed = cmp.Or(m.timed, strings.TrimSpace(at))
	case atom.Article:
		m.isArticle = true
	case atom.A:
		href, _ := attr(n, "href")
		if href = strings.TrimSpace(href); href != "" && !strings.HasPrefix(href, "#") && len(m.links) < 2 && !slices.Contains(m.links, href) {
			m.links = append(m.links, href)
		}
	case atom.Script:
		m.scripted = true
		if kind, _ := attr(n, "type"); strings.EqualFold(strings.TrimSpace(kind), "application/ld+json") && n.FirstChild != nil {
			m.linkedData(n.FirstChild.Data)
		}
	}
	if prop, ok := attr(n, "itemprop"); ok {
		m.microdata(n, strings.ToLower(prop))
	}
}

// metaElement takes one meta element, of HTML, OpenGraph, Dublin Core or the TDM protocol.
func (m *meta) metaElement(n *html.Node) {
	name, _ := attr(n, "name")
	prop, _ := attr(n, "property")
	content, _ := attr(n, "content")
	content = strings.TrimSpace(content)
	if equiv, _ := attr(n, "http-equiv"); strings.EqualFold(strings.TrimSpace(equiv), "refresh") {
		m.refresh = cmp.Or(m.refresh, refreshTo(content))
	}
	first := func(at *string) { *at = cmp.Or(*at, content) }
	switch strings.ToLower(cmp.Or(prop, name)) {
	case "og:title", "twitter:title", "dc.title":
		first(&m.ogTitle)
	case "og:site_name", "application-name", "dc.publisher":
		first(&m.siteIs)
	case "og:url":
		first(&m.ogURL)
	case "og:locale":
		first(&m.language)
	case "og:type":
		m.isArticle = m.isArticle || strings.EqualFold(content, "article")
	case "article:published_time", "og:article:published_time", "datepublished", "date", "dc.date", "dc.date.issued", "pubdate", "publishdate", "parsely-pub-date", "sailthru.date":
		first(&m.published)
	case "article:modified_time", "og:updated_time", "datemodified", "last-modified":
		first(&m.modified)
	case "author", "article:author", "dc.creator", "parsely-author", "byl":
		if !strings.HasPrefix(content, "http") {
			first(&m.author)
		}
	case "robots", "truce":
		m.rights.Robots(content)
	case "tdm-reservation":
		m.rights.TDM(content)
	case "tdm-policy":
		m.rights.Policy(content)
	}
}

// refreshTo is where a refresh leads that comes before anybody could read the page, as in
// "0; url=/there"; "" for another, such as a page that loads itself anew.
func refreshTo(content string) string {
	wait, _, ok := strings.Cut(strings.ReplaceAll(content, ",", ";"), ";")
	seconds, err := strconv.ParseFloat(strings.TrimSpace(wait), 64)
	rest := strings.TrimSpace(content[min(len(content), len(wait)+1):])
	if !ok || err != nil || seconds < 0 || seconds > maxRefresh {
		return ""
	}
	if len(rest) > 3 && strings.EqualFold(rest[:3], "url") {
		if value, found := strings.CutPrefix(strings.TrimSpace(rest[3:]), "="); found {
			rest = strings.TrimSpace(value)
		}
	}
	return strings.Trim(rest, "'\"")
}

func (m *meta) link(n *html.Node) {
	rel, _ := attr(n, "rel")
	href, _ := attr(n, "href")
	href = strings.TrimSpace(href)
	kind, _ := attr(n, "type")
	switch {
	case strings.EqualFold(rel, "canonical"):
		m.canonical = cmp.Or(m.canonical, href)
	case strings.EqualFold(rel, "alternate") && slices.Contains([]string{"application/rss+xml", "application/atom+xml", "application/feed+json"}, strings.ToLower(kind)):
		if href != "" && len(m.feeds) < maxFeeds {
			m.feeds = append(m.feeds, href)
		}
	}
}

func (m *meta) microdata(n *html.Node, prop string) {
	content, _ := attr(n, "content")
	at, _ := attr(n, "datetime")
	value := strings.TrimSpace(cmp.Or(content, at))
	switch prop {
	case "datepublished":
		m.published = cmp.Or(m.published, value)
	case "datemodified":
		m.modified = cmp.Or(m.modified, value)
	case "articlebody":
		m.isArticle = true
	}
}

// textOf is the text inside an element, cut where no title goes on.
func textOf(n *html.Node) string {
	var b strings.Builder
	walk(n, func(c *html.Node, enter bool) bool {
		if enter && c.Type == html.TextNode && b.Len() < maxTitle {
			b.WriteString(c.Data)
		}
		return true
	})
	return Line(b.String())
}

// newsTypes are the types of schema.org under which an article's own data stand.
var newsTypes = []string{"NewsArticle", "Article", "ReportageNewsArticle", "AnalysisNewsArticle", "BackgroundNewsArticle", "OpinionNewsArticle", "BlogPosting", "LiveBlogPosting", "Report", "SocialMediaPosting"}

// linkedData takes one block of JSON-LD. A broken one is passed over: the rest of the page
// says the same.
func (m *meta) linkedData(text string) {
	if len(text) > maxLinkedData {
		return
	}
	var doc any
	if json.Unmarshal([]byte(text), &doc) != nil {
		return
	}
	if o := newsObject(doc, 0); o != nil && m.ldHeadline == "" {
		m.isArticle = true
		m.ldHeadline = stringOf(o["headline"])
		m.published = cmp.Or(stringOf(o["datePublished"]), m.published)
		m.modified = cmp.Or(stringOf(o["dateModified"]), m.modified)
		m.author = cmp.Or(namesOf(o["author"]), m.author)
		m.publisher = cmp.Or(namesOf(o["publisher"]), m.publisher)
		m.language = cmp.Or(stringOf(o["inLanguage"]), m.language)
		m.ldURL = cmp.Or(stringOf(o["url"]), stringOf(o["mainEntityOfPage"]), stringOf(o["@id"]))
		m.body = tidy(strings.Map(visible, Unescape(stringOf(o["articleBody"]))))
	}
}

// newsObject finds the article in a block: the object itself, one of a list, one of a
// graph.
func newsObject(v any, deep int) map[string]any {
	if deep > maxDeep {
		return nil
	}
	switch v := v.(type) {
	case []any:
		for _, one := range v[:min(len(v), maxObjects)] {
			if o := newsObject(one, deep+1); o != nil {
				return o
			}
		}
	case map[string]any:
		for _, t := range append(textsOf(v["@type"]), "") {
			if slices.Contains(newsTypes, t) {
				return v
			}
		}
		return newsObject(v["@graph"], deep+1)
	}
	return nil
}

// stringOf is a value as text: itself, the first of a list, or an object's address.
func stringOf(v any) string {
	switch v := v.(type) {
	case string:
		return strings.TrimSpace(v)
	case []any:
		if len(v) > 0 {
			if s, ok := v[0].(string); ok {
				return strings.TrimSpace(s)
			}
		}
	case map[string]any:
		for _, name := range []string{"@id", "url", "@value"} {
			if s, ok := v[name].(string); ok {
				return strings.TrimSpace(s)
			}
		}
	}
	return ""
}

func textsOf(v any) []string {
	if s, ok := v.(string); ok {
		return []string{s}
	}
	var out []string
	list, _ := v.([]any)
	for _, one := range list[:min(len(list), maxObjects)] {
		if s, ok := one.(string); ok {
			out = append(out, s)
		}
	}
	return out
}

// namesOf are the names of people or organisations, joined.
func namesOf(v any) string {
	var out []string
	list, ok := v.([]any)
	if !ok {
		list = []any{v}
	}
	for _, one := range list[:min(len(list), maxAuthors)] {
		name, _ := one.(string)
		if o, ok := one.(map[string]any); ok {
			name, _ = o["name"].(string)
		}
		if name = Line(name); name != "" && !strings.HasPrefix(name, "http") {
			out = append(out, name)
		}
	}
	return strings.Join(out, ", ")
}
