package post

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/BurntSushi/toml"

	"github.com/trucewatch/truce/internal/article"
	"github.com/trucewatch/truce/internal/bounded"
	"github.com/trucewatch/truce/source"
)

// The fences that open and close front matter in YAML and in TOML. In JSON it is an object.
const (
	fence     = "---"
	fenceTOML = "+++"
	openJSON  = "{"
)

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

// hasFront says whether a document begins as front matter does.
func hasFront(doc []byte) bool {
	return bytes.HasPrefix(doc, []byte(fence)) || bytes.HasPrefix(doc, []byte(fenceTOML)) || bytes.HasPrefix(doc, []byte(openJSON))
}

// readFront takes the front matter off a post: YAML between lines of ---, TOML between lines
// of +++ or a JSON object. The body begins on line bodyLine.
func readFront(doc []byte) (f front, body []byte, bodyLine int, bad *fault) {
	if bytes.HasPrefix(doc, []byte(openJSON)) {
		return readFrontJSON(doc)
	}
	first, rest, _ := bytes.Cut(doc, []byte("\n"))
	mark := strings.TrimRight(string(first), " \t\r")
	if mark != fence && mark != fenceTOML {
		return f, nil, 0, &fault{1, "the first line is " + source.Shown(first) + ", want --- alone"}
	}
	inside, body, lines, closed := cutFront(rest, mark)
	switch {
	case !closed:
		return f, nil, 0, &fault{1, "the front matter is not closed; write " + mark + " on a line of its own under it"}
	case mark == fenceTOML:
		bad = f.readTOML(inside)
	default:
		bad = f.readYAML(inside)
	}
	return f, body, lines + 2, bad
}

func (f *front) readYAML(inside []byte) *fault {
	err := bounded.YAML(inside, bounded.YAMLLimits{Bytes: MaxFrontMatter, Depth: maxDepth, Nodes: maxNodes, Aliases: -1}, f)
	var syntax *bounded.SyntaxError
	switch {
	case errors.As(err, &syntax):
		return &fault{1 + syntax.Line, "front matter: " + syntax.Reason + "; write name: 'value', tags as a list, date as YYYY-MM-DD"}
	case err != nil:
		return &fault{1, fmt.Sprintf("front matter: %v; it holds a few lines of name: 'value'", err)}
	}
	return nil
}

// readTOML reads front matter in TOML, in which a date may stand without quotes.
func (f *front) readTOML(inside []byte) *fault {
	if len(inside) > MaxFrontMatter {
		return &fault{1, fmt.Sprintf("front matter: longer than the bound of %d bytes; it holds a few lines of name = 'value'", MaxFrontMatter)}
	}
	var values struct {
		Title, Link, Publisher string
		Date, Source, Tags     any
		Draft                  bool
	}
	_, err := toml.Decode(string(inside), &values)
	var syntax toml.ParseError
	switch {
	case errors.As(err, &syntax):
		return &fault{1 + syntax.Position.Line, "front matter: " + syntax.Message + "; write name = 'value', tags as a list, date as YYYY-MM-DD"}
	case err != nil:
		return &fault{1, fmt.Sprintf("front matter: %v; it holds a few lines of name = 'value'", err)}
	}
	*f = front{Title: values.Title, Link: values.Link, Publisher: values.Publisher, Source: values.Source, Tags: values.Tags, Draft: values.Draft}
	switch date := values.Date.(type) {
	case string:
		f.Date = date
	case time.Time:
		f.Date = date.Format(time.DateOnly)
	}
	return nil
}

// readFrontJSON takes an object off the beginning of a post. JSON is YAML too.
func readFrontJSON(doc []byte) (f front, body []byte, bodyLine int, bad *fault) {
	read := json.NewDecoder(bytes.NewReader(doc[:min(len(doc), MaxFrontMatter)]))
	var object json.RawMessage
	if err := read.Decode(&object); err != nil {
		return f, nil, 0, &fault{1, fmt.Sprintf("front matter: %v; write an object of \"name\": \"value\" that is closed with }", err)}
	}
	end := int(read.InputOffset())
	return f, doc[end:], 1 + bytes.Count(doc[:end], []byte("\n")), f.readYAML(object)
}

// cutFront ends at the line that closes the front matter; lines counts up to it.
func cutFront(rest []byte, mark string) (inside, body []byte, lines int, closed bool) {
	at := 0
	for line := range bytes.Lines(rest) {
		lines++
		if text := strings.TrimRight(string(line[:min(len(line), 64)]), " \t\r\n"); text == mark || mark == fence && text == "..." {
			return rest[:at], rest[at+len(line):], lines, true
		}
		at += len(line)
	}
	return nil, nil, lines, false
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
