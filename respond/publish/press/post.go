package press

import (
	"fmt"
	"slices"
	"strings"

	"github.com/trucewatch/truce"
)

// StoryPost writes a story as one post of a Hugo site: front matter, then each report with the
// publishers that repeat it, newest last. Its date is that of the story's first article, so
// that a growing story keeps its place.
func StoryPost(s truce.PublicStory, cfg Config) []byte {
	w := wordsOf(cfg.Language)
	var b strings.Builder
	b.WriteString("---\n")
	front(&b, s, cfg, w)
	b.WriteString("---\n\n")
	if cfg.Exercise {
		b.WriteString("**" + w.exercise + "**\n\n")
	}
	b.WriteString(marked(counted(s, w)) + ". " + w.unchecked + "\n\n")
	for _, told := range s.ByReport() {
		b.WriteString(reportLine(told, w))
	}
	return []byte(b.String())
}

func counted(s truce.PublicStory, w words) string {
	return w.articles(len(s.Articles), s.Publishers(), s.Reports())
}

// front writes the front matter. Hugo makes redirects of aliases.
func front(b *strings.Builder, s truce.PublicStory, cfg Config, w words) {
	list := s.Sorted()
	line := func(name, value string) { b.WriteString(name + ": " + value + "\n") }
	title := s.Title
	if cfg.Exercise {
		title = w.exercise + ": " + title
	}
	line("title", yamlQuoted(title))
	line("date", stamp(s.First))
	line("lastmod", stamp(s.Last))
	line("description", yamlQuoted(counted(s, w)+", "+span(s, w)+"."))
	line("summary", yamlQuoted(summary(s, list)))
	line("slug", yamlQuoted(slugOf(s)))
	line("image", "''")
	line("link", yamlSingle(linkOf(s, list)))
	line("source", yamlSingle(sourceOf(list)))
	yamlList(b, "categories", []string{w.stories})
	yamlList(b, "tags", s.Tags[:min(len(s.Tags), maxTags)])
	if len(s.Was) > 0 {
		var old []string
		for _, slug := range s.Was {
			old = append(old, "/stories/"+slug+"/")
		}
		yamlList(b, "aliases", old)
	}
	line("truce", yamlQuoted(s.ID.String()))
	line("draft", "false")
}

// linkOf is the link of the article whose headline the story has, or of the first.
func linkOf(s truce.PublicStory, list []truce.PublicArticle) string {
	if i := slices.IndexFunc(list, func(a truce.PublicArticle) bool { return a.Headline == s.Title && a.Link != "" }); i >= 0 {
		return list[i].Link
	}
	if len(list) == 0 {
		return ""
	}
	return list[0].Link
}

func stamp(t truce.Instant) string { return t.Time().Format("2006-01-02T15:04:05Z") }

// span is the days of a story in words.
func span(s truce.PublicStory, w words) string {
	first, last := w.date(s.First), w.date(s.Last)
	if first == last {
		return first
	}
	return first + " – " + last
}

// summary is the newest headlines of different publishers, run into a line.
func summary(s truce.PublicStory, list []truce.PublicArticle) string {
	var parts, seen []string
	for _, a := range slices.Backward(list) {
		if a.Headline == s.Title || slices.Contains(seen, a.Publisher) || len(parts) == 3 {
			continue
		}
		seen = append(seen, a.Publisher)
		parts = append(parts, a.Headline+" ("+a.Publisher+")")
	}
	if len(parts) == 0 {
		return s.Title
	}
	return strings.Join(parts, "; ")
}

// sourceOf is the publishers of a story in the order in which they came.
func sourceOf(list []truce.PublicArticle) string {
	var names []string
	for _, a := range list {
		if a.Publisher != "" && !slices.Contains(names, a.Publisher) {
			names = append(names, a.Publisher)
		}
	}
	const most = 5
	if len(names) > most {
		return strings.Join(names[:most], ", ") + fmt.Sprintf(" + %d", len(names)-most)
	}
	return strings.Join(names, ", ")
}

// reportLine is a report as an item of a list.
func reportLine(t truce.PublicReport, w words) string {
	a := t.PublicArticle
	var b strings.Builder
	b.WriteString("- " + linked(a.Headline, a.Link) + " — " + marked(a.Publisher))
	if a.Agency != "" && !strings.EqualFold(a.Agency, a.Publisher) {
		b.WriteString(", " + w.cites + " " + marked(a.Agency))
	}
	b.WriteString(", " + w.date(a.Published))
	if len(t.Copies) > 0 {
		b.WriteString("; " + w.copies + " ")
		for i, c := range t.Copies {
			if i > 0 {
				b.WriteString(", ")
			}
			b.WriteString(linked(c.Publisher, c.Link))
		}
	}
	b.WriteString("\n")
	if a.Quote != "" {
		b.WriteString("  > " + marked(truce.PublicQuote(a.Quote)) + "\n")
	}
	b.WriteString("\n")
	return b.String()
}

// linked is a link in CommonMark. An address that is no web address is left out.
func linked(text, link string) string {
	if !strings.HasPrefix(link, "https://") && !strings.HasPrefix(link, "http://") || strings.ContainsAny(link, " <>\n") {
		return marked(text)
	}
	return "[" + marked(text) + "](<" + link + ">)"
}

// marked writes text so that CommonMark and Hugo's shortcodes take no letter of it for a
// mark of their own.
func marked(text string) string {
	var b strings.Builder
	for _, r := range strings.Join(strings.Fields(truce.CleanText(text)), " ") {
		switch {
		case r == '<':
			b.WriteString("&lt;")
		case r == '&':
			b.WriteString("&amp;")
		case r == '{':
			b.WriteString("&#123;")
		case strings.ContainsRune("\\`*_[]>#|~", r):
			b.WriteByte('\\')
			b.WriteRune(r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}
