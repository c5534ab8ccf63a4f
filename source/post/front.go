package post

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"github.com/trucewatch/truce/internal/article"
	"github.com/trucewatch/truce/internal/bounded"
	"github.com/trucewatch/truce/source"
)

// fence opens and closes front matter in YAML.
const fence = "---"

// front is what is read of the front matter. Other names (description, summary, slug,
// image, categories) repeat the list or belong to the site.
type front struct {
	Title     string `yaml:"title"`
	Date      string `yaml:"date"`
	Link      string `yaml:"link"`
	Publisher string `yaml:"publisher"`
	Source    any    `yaml:"source"` // address of the feed a list came from
	Tags      any    `yaml:"tags"`   // a list, or one text
	Draft     bool   `yaml:"draft"`
}

// fault is a reason with the line it shows on.
type fault struct {
	line   int
	reason string
}

// Error is the reason.
func (f *fault) Error() string { return f.reason }

// readFront takes the front matter off a post. The body begins on line bodyLine.
func readFront(doc []byte) (f front, body []byte, bodyLine int, bad *fault) {
	first, rest, _ := bytes.Cut(doc, []byte("\n"))
	if strings.TrimRight(string(first), " \t\r") != fence {
		return f, nil, 0, &fault{1, "the first line is " + source.Shown(first) + ", want --- alone"}
	}
	inside, body, lines, closed := cutFront(rest)
	if !closed {
		return f, nil, 0, &fault{1, "the front matter is not closed; write --- on a line of its own under it"}
	}
	err := bounded.YAML(inside, bounded.YAMLLimits{Bytes: MaxFrontMatter, Depth: maxDepth, Nodes: maxNodes, Aliases: -1}, &f)
	var syntax *bounded.SyntaxError
	switch {
	case errors.As(err, &syntax):
		return f, nil, 0, &fault{1 + syntax.Line, "front matter: " + syntax.Reason + "; write name: 'value', tags as a list, date as YYYY-MM-DD"}
	case err != nil:
		return f, nil, 0, &fault{1, fmt.Sprintf("front matter: %v; it holds a few lines of name: 'value'", err)}
	}
	return f, body, lines + 2, nil
}

// cutFront ends at the line that closes the front matter; lines counts up to it.
func cutFront(rest []byte) (inside, body []byte, lines int, closed bool) {
	at := 0
	for line := range bytes.Lines(rest) {
		lines++
		if text := strings.TrimRight(string(line[:min(len(line), 64)]), " \t\r\n"); text == fence || text == "..." {
			return rest[:at], rest[at+len(line):], lines, true
		}
		at += len(line)
	}
	return nil, nil, lines, false
}

// otherFrontMatter names the mend for the two other kinds Hugo knows.
func otherFrontMatter(doc []byte) string {
	switch {
	case bytes.HasPrefix(doc, []byte("+++")):
		return "; it is TOML: turn it into YAML with hugo convert toYAML"
	case bytes.HasPrefix(doc, []byte("{")):
		return "; it is JSON: turn it into YAML with hugo convert toYAML"
	}
	return "; write ---, then title, date and so on, then --- over the text"
}

// day is the date as written, without the time of day: YYYY-MM-DD, or words.
func (f front) day() string {
	text := strings.TrimSpace(f.Date)
	if len(text) >= 10 && (len(text) == 10 || strings.ContainsRune("T t", rune(text[10]))) && text[4] == '-' {
		return text[:10]
	}
	if date, _, _, ok := article.FindDate(text); ok {
		return date.String()
	}
	return text // the error will show it
}

// via is the feed that listed the headlines, "" where none is named.
func (f front) via() string {
	address, _ := f.Source.(string)
	link, err := source.Link(address)
	if err != nil {
		return ""
	}
	return link
}

// tags are the texts of the tag list.
func (f front) tags() []string {
	list, ok := f.Tags.([]any)
	if !ok {
		list = []any{f.Tags}
	}
	var out []string
	for _, tag := range list[:min(len(list), source.MaxTags)] {
		switch tag.(type) {
		case string, int, float64:
			if text := short(article.Line(fmt.Sprint(tag))); text != "" {
				out = append(out, text)
			}
		}
	}
	return out
}
