package publish

import (
	"html"
	"regexp"
	"strings"
	"sync"
)

// visibleLine is a piece of text as a reader sees it, under its heading.
type visibleLine struct {
	heading string
	text    string
}

func (v visibleLine) where() string {
	if v.heading == "" {
		return "the head of the text"
	}
	return "under \"" + v.heading + "\""
}

// visibleLines takes markup away: one line for each paragraph, list entry and cell.
func visibleLines(doc Document) []visibleLine {
	if doc.Format == "html" {
		return htmlLines(string(doc.Body))
	}
	return markdownLines(string(doc.Body))
}

// hiddenElements hold nothing a reader sees as the bulletin's text; a map's labels are
// the map's own.
var hiddenElements = map[string]bool{"head": true, "svg": true, "style": true, "script": true}

// htmlLines reads our own pages: html/template has escaped every < and > that is not a
// tag. An unclosed tag ends the reading.
func htmlLines(page string) []visibleLine {
	var lines lineList
	for page != "" {
		before, rest, found := strings.Cut(page, "<")
		lines.add(html.UnescapeString(before))
		tag, after, closed := strings.Cut(rest, ">")
		if !found || !closed {
			break
		}
		page = after
		name := strings.ToLower(strings.TrimLeft(strings.Fields(tag + " x")[0], "/"))
		if hiddenElements[name] && !strings.HasPrefix(tag, "/") {
			page = afterElement(page, name)
			continue
		}
		if name != "a" {
			lines.end(strings.HasPrefix(tag, "/h2") || strings.HasPrefix(tag, "/h1"))
		}
	}
	lines.end(false)
	return lines.out
}

// afterElement is what follows an open element's end; elements of its name may lie inside
// it, as in a map that is a drawing within a drawing.
func afterElement(page, name string) string {
	for depth := 1; depth > 0; {
		end := strings.Index(page, "</"+name+">")
		if end < 0 {
			return ""
		}
		depth += strings.Count(page[:end], "<"+name) - 1
		page = page[end+len(name)+3:]
	}
	return page
}

type lineList struct {
	out     []visibleLine
	heading string
	current strings.Builder
}

func (l *lineList) add(text string) { l.current.WriteString(text) }

// end closes the line; a heading stands above what follows.
func (l *lineList) end(isHeading bool) {
	text := strings.TrimSpace(l.current.String())
	l.current.Reset()
	if text == "" {
		return
	}
	if isHeading {
		l.heading = text
	}
	l.out = append(l.out, visibleLine{l.heading, text})
}

var (
	markdownAnchor = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`<a id="[^"]*"></a>`)
	})
	markdownLink = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`\[((?:[^\]\\]|\\.)*)\]\([^)]*\)`)
	})
	markdownEscape = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`\\([\\` + "`" + `*_\[\]|#])`)
	})
	markdownBorder = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^[|\-]+$`)
	})
)

// markdownLines reads our own Markdown.
func markdownLines(text string) []visibleLine {
	var lines lineList
	for line := range strings.Lines(text) {
		line = markdownAnchor().ReplaceAllString(strings.TrimSpace(line), "")
		line = markdownLink().ReplaceAllString(line, "$1")
		if markdownBorder().MatchString(line) {
			continue
		}
		isHeading := strings.HasPrefix(line, "# ") || strings.HasPrefix(line, "## ")
		for _, piece := range tableCells(line) {
			piece = strings.TrimLeft(piece, "#>- ")
			piece = strings.ReplaceAll(piece, "**", "")
			piece = html.UnescapeString(markdownEscape().ReplaceAllString(piece, "$1"))
			lines.add(piece)
			lines.end(isHeading)
		}
	}
	return lines.out
}

// tableCells splits a table's row at its bars, but not at escaped ones.
func tableCells(line string) []string {
	if !strings.HasPrefix(line, "|") {
		return []string{line}
	}
	const bar = "\x00"
	line = strings.ReplaceAll(line, `\|`, bar)
	cells := strings.Split(line, "|")
	for i := range cells {
		cells[i] = strings.ReplaceAll(cells[i], bar, "|")
	}
	return cells
}

// numbers: every number on the page was counted into it, as often as it stands there.
func (l *linter) numbers(doc Document, lines []visibleLine) {
	seen := map[string]int{}
	first := map[string]visibleLine{}
	var order []string
	for _, line := range lines {
		for _, token := range numberToken().FindAllString(line.text, -1) {
			if seen[token] == 0 {
				first[token] = line
				order = append(order, token)
			}
			seen[token]++
		}
	}
	for _, token := range order {
		if counted := doc.Numbers[token]; seen[token] != counted {
			l.report("Na", first[token].where(), "the number %s stands in the text %d times and was counted %d times; a number is a query over rows, never typed (first in %q)",
				token, seen[token], counted, shorten(first[token].text))
		}
	}
}
