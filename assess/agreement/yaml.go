package agreement

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	truce "github.com/trucewatch/truce"
	yaml "go.yaml.in/yaml/v3"
)

// reader collects the problems of one file while it is read.
type reader struct {
	file     string
	problems []Problem
	seen     func(*mapping) // told of every mapping that was read; nil for nobody
}

func (r *reader) errorf(n *yaml.Node, field, format string, args ...any) {
	r.add(LevelError, n, field, fmt.Sprintf(format, args...))
}

func (r *reader) warnf(n *yaml.Node, field, format string, args ...any) {
	r.add(LevelWarning, n, field, fmt.Sprintf(format, args...))
}

func (r *reader) add(level Level, n *yaml.Node, field, text string) {
	if len(r.problems) >= 4*MaxProblems {
		return
	}
	line, column := 1, 1
	if n != nil && n.Line > 0 {
		line, column = n.Line, max(n.Column, 1)
	}
	r.problems = append(r.problems, Problem{level, r.file, line, column, field, text})
}

func (r *reader) failed() bool {
	return slices.ContainsFunc(r.problems, func(p Problem) bool { return p.Level == LevelError })
}

// load parses one YAML document into nodes; it returns nil when that was not possible.
func (r *reader) load(data []byte) *yaml.Node {
	if len(data) > MaxYAMLBytes {
		r.errorf(nil, "", "%d bytes, the bound is %d: long texts belong into clauses/, drawings into GeoJSON", len(data), MaxYAMLBytes)
		return nil
	}
	if !r.plainText(data) {
		return nil
	}
	dec := yaml.NewDecoder(bytes.NewReader(data))
	var doc yaml.Node
	if err := dec.Decode(&doc); err != nil {
		r.syntax(err)
		return nil
	}
	var second yaml.Node
	if err := dec.Decode(&second); !errors.Is(err, io.EOF) {
		r.errorf(&second, "", "a second document: an agreement is one document, remove the --- line and what follows")
		return nil
	}
	count := 0
	if len(doc.Content) != 1 || !r.bounded(doc.Content[0], 1, &count) {
		return nil
	}
	return doc.Content[0]
}

// plainText refuses bytes that editors hide, with their place.
func (r *reader) plainText(data []byte) bool {
	line, column := 1, 1
	for i := 0; i < len(data); {
		c, size := utf8.DecodeRune(data[i:])
		if c == utf8.RuneError && size == 1 || c < 0x20 && c != '\n' && c != '\r' && c != '\t' || c == 0x7f {
			r.errorf(&yaml.Node{Line: line, Column: column}, "", "byte 0x%02x is not text: save the file as UTF-8 without control characters", data[i])
			return false
		}
		i, column = i+size, column+1
		if c == '\n' {
			line, column = line+1, 1
		}
	}
	return true
}

// lineOf finds the line in the library's message, which carries it as text only.
var lineOf = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^line (\d+): `)
})

// unfinished are the messages in which the library counts lines from 0: what its parser
// misses, and not its scanner. The line is that in which the unfinished list, fields or
// text begin.
var unfinished = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^did not find expected ('.*'|key|node content|<.*>)( indicator)?$`)
})

func (r *reader) syntax(err error) {
	text := strings.TrimPrefix(err.Error(), "yaml: ")
	at := &yaml.Node{Line: 1, Column: 1}
	if m := lineOf().FindStringSubmatch(text); m != nil {
		at.Line, _ = strconv.Atoi(m[1])
		text = text[len(m[0]):]
		if unfinished().MatchString(text) {
			at.Line++
		}
	}
	if errors.Is(err, io.EOF) {
		text = "the file is empty"
	}
	r.errorf(at, "", "not YAML: %s (indent with spaces; quote text that holds a colon)", text)
}

// bounded walks the tree once: depth, number of values, no aliases, no tags of one's own.
func (r *reader) bounded(n *yaml.Node, depth int, count *int) bool {
	*count++
	switch {
	case depth > MaxYAMLDepth:
		r.errorf(n, "", "nested over %d deep: no field of the language lies so deep, look for brackets or indents that are not closed", MaxYAMLDepth)
	case *count > MaxYAMLNodes:
		r.errorf(n, "", "over %d values together: part the agreement", MaxYAMLNodes)
	case n.Kind == yaml.AliasNode || n.Anchor != "":
		r.errorf(n, "", "anchors and aliases are refused: write the value out, so that the text says what it means")
	case n.Style&yaml.TaggedStyle != 0:
		r.errorf(n, "", "the tag %s is refused: write the value without it", n.Tag)
	default:
		for _, child := range n.Content {
			if !r.bounded(child, depth+1, count) {
				return false
			}
		}
		return true
	}
	return false
}

// mapping reads a mapping field by field; what nobody asked for is refused at the end.
type mapping struct {
	r      *reader
	node   *yaml.Node
	path   string
	asked  []string
	values map[string]*yaml.Node
	keys   []*yaml.Node
}

func (r *reader) mapping(n *yaml.Node, path string) *mapping {
	m := &mapping{r: r, node: n, path: path, values: map[string]*yaml.Node{}}
	if n == nil {
		return m
	}
	if n.Kind != yaml.MappingNode {
		r.errorf(n, path, "want fields (name: value)")
		return m
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		if _, twice := m.values[key.Value]; twice {
			r.errorf(key, m.sub(key.Value), "stands twice: keep one")
			continue
		}
		if value.Tag == "!!null" {
			r.errorf(key, m.sub(key.Value), "has no value: write one or remove the field")
		}
		m.values[key.Value] = value
		m.keys = append(m.keys, key)
	}
	return m
}

func (m *mapping) sub(name string) string {
	if m.path == "" {
		return name
	}
	return m.path + "." + name
}

// get gives a field's value, nil when it is absent.
func (m *mapping) get(name string) *yaml.Node {
	m.asked = append(m.asked, name)
	return m.values[name]
}

// need is get for a field that must be there.
func (m *mapping) need(name string) *yaml.Node {
	n := m.get(name)
	if n == nil && m.node != nil && m.node.Kind == yaml.MappingNode {
		m.r.errorf(m.node, m.sub(name), "is missing: add it")
	}
	return n
}

func (m *mapping) has(name string) bool { return m.values[name] != nil }

// done refuses every field that was not asked for.
func (m *mapping) done() {
	slices.Sort(m.asked)
	if m.r.seen != nil {
		m.r.seen(m)
	}
	for _, key := range m.keys {
		if slices.Contains(m.asked, key.Value) {
			continue
		}
		hint := ""
		if best := nearest(key.Value, m.asked); best != "" {
			hint = fmt.Sprintf("; did you mean %q?", best)
		}
		m.r.errorf(key, m.sub(cut(key.Value)), "unknown field%s", hint)
	}
}

// list gives the entries of a sequence; a single value counts as a list of one.
func (r *reader) list(n *yaml.Node, path string) []*yaml.Node {
	switch {
	case n == nil:
		return nil
	case n.Kind != yaml.SequenceNode:
		return []*yaml.Node{n}
	case len(n.Content) > mostEntries(path):
		r.errorf(n, path, "%d entries, the bound is %d", len(n.Content), mostEntries(path))
		return nil
	}
	return n.Content
}

// mostEntries bounds a list by its path: those of drawn things may be long.
func mostEntries(path string) int {
	switch path[strings.LastIndexByte(path, '.')+1:] {
	case "zones", "sites":
		return MaxDrawn
	}
	return MaxEntries
}

// text reads a scalar as text.
func (r *reader) text(n *yaml.Node, path string) string {
	if n == nil {
		return ""
	}
	if n.Kind != yaml.ScalarNode {
		r.errorf(n, path, "want one value")
		return ""
	}
	return truce.CleanText(n.Value)
}

// identifier is what every name in an agreement looks like: it appears in addresses,
// file names and sentences.
var identifier = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$`)
})

func (r *reader) id(n *yaml.Node, path string) string {
	s := r.text(n, path)
	if n != nil && n.Kind == yaml.ScalarNode && !identifier().MatchString(s) {
		r.errorf(n, path, "%q: want letters, digits, dot, hyphen or underscore, at most 64, beginning with a letter or digit", cut(s))
	}
	return s
}

// choice reads one of a closed set.
func (r *reader) choice(n *yaml.Node, path string, options []string) string {
	s := r.text(n, path)
	if n == nil || n.Kind != yaml.ScalarNode || slices.Contains(options, s) {
		return s
	}
	r.errorf(n, path, "%q is not known%s", cut(s), didYouMean(s, options))
	return ""
}

// number reads a number in [low, high].
func (r *reader) number(n *yaml.Node, path string, low, high float64) float64 {
	if n == nil {
		return 0
	}
	v, err := strconv.ParseFloat(r.text(n, path), 64)
	if err != nil || !(v >= low && v <= high) {
		r.errorf(n, path, "%q: want a number from %g to %g", cut(n.Value), low, high)
		return 0
	}
	return v
}

func (r *reader) integer(n *yaml.Node, path string, low, high int) int {
	v := r.number(n, path, float64(low), float64(high))
	if v != float64(int(v)) {
		r.errorf(n, path, "%q: want a whole number", cut(n.Value))
	}
	return int(v)
}

// cut shortens what is quoted back, so that no file can flood a message.
func cut(s string) string {
	const most = 60
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most]) + "..."
}
