package bounded

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"sync"

	"go.yaml.in/yaml/v3"
)

// YAMLLimits bounds one YAML document. A zero field means the default of that name.
type YAMLLimits struct {
	Bytes   int  // MaxYAML
	Depth   int  // MaxDepth
	Nodes   int  // with aliases followed, MaxNodes
	Aliases int  // MaxAliases; negative: none at all
	Strict  bool // refuse a field that out does not have
}

var yamlLine = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`line (\d+): `)
})

// YAML decodes one document into out. Nothing is decoded before size, nesting, aliases
// and repeated names are checked; errors carry the line.
func YAML(doc []byte, lim YAMLLimits, out any) error {
	lim.Depth = fallback(lim.Depth, MaxDepth)
	lim.Nodes = fallback(lim.Nodes, MaxNodes)
	if lim.Aliases == 0 {
		lim.Aliases = MaxAliases
	}
	if limit := fallback(lim.Bytes, MaxYAML); len(doc) > limit {
		return over("the YAML document, in bytes,", limit)
	}
	if err := checkFlow(doc, lim.Depth); err != nil {
		return err
	}
	var root yaml.Node
	if err := parseYAML(doc, &root); err != nil {
		return err
	}
	w := yamlWalk{lim: lim, open: map[*yaml.Node]bool{}}
	if err := w.check(&root, 0); err != nil {
		return err
	}
	dec := yaml.NewDecoder(bytes.NewReader(doc))
	dec.KnownFields(lim.Strict)
	if err := dec.Decode(out); err != nil && !errors.Is(err, io.EOF) {
		return yamlError(err)
	}
	return nil
}

// checkFlow bounds brackets before the parser, which answers each with a call of its
// own. It counts those in quotes too: a text with that many is not ours.
func checkFlow(doc []byte, depth int) error {
	open := 0
	for _, b := range doc {
		switch b {
		case '[', '{':
			open++
		case ']', '}':
			open = max(0, open-1)
		}
		if open > depth*4 {
			return over("the nesting of the YAML document", depth)
		}
	}
	return nil
}

func parseYAML(doc []byte, root *yaml.Node) error {
	dec := yaml.NewDecoder(bytes.NewReader(doc))
	if err := dec.Decode(root); err != nil && !errors.Is(err, io.EOF) {
		return yamlError(err)
	}
	var second yaml.Node
	err := dec.Decode(&second)
	if errors.Is(err, io.EOF) {
		return nil
	}
	if err != nil {
		return yamlError(err)
	}
	return &SyntaxError{Line: max(1, second.Line), Reason: "a second document follows; one is wanted"}
}

// yamlError moves the line out of the library's text.
func yamlError(err error) error {
	text := err.Error()
	var wrong *yaml.TypeError
	if errors.As(err, &wrong) && len(wrong.Errors) > 0 {
		text = wrong.Errors[0]
	}
	line := 1
	if m := yamlLine().FindStringSubmatchIndex(text); m != nil {
		line, _ = strconv.Atoi(text[m[2]:m[3]])
		text = text[m[1]:]
	}
	return &SyntaxError{Line: line, Reason: "YAML: " + text}
}

type yamlWalk struct {
	lim            YAMLLimits
	nodes, aliases int
	open           map[*yaml.Node]bool // anchored parts being followed
}

func (w *yamlWalk) check(n *yaml.Node, depth int) error {
	if depth > w.lim.Depth {
		return over("the nesting of the YAML document", w.lim.Depth)
	}
	if w.nodes++; w.nodes > w.lim.Nodes {
		return over("the number of nodes in the YAML document, aliases followed,", w.lim.Nodes)
	}
	if n.Kind == yaml.AliasNode {
		return w.follow(n, depth)
	}
	if n.Kind == yaml.MappingNode {
		if err := uniqueNames(n); err != nil {
			return err
		}
	}
	for _, child := range n.Content {
		if err := w.check(child, depth+1); err != nil {
			return err
		}
	}
	return nil
}

func (w *yamlWalk) follow(n *yaml.Node, depth int) error {
	if w.aliases++; w.aliases > w.lim.Aliases {
		return over("the number of aliases in the YAML document", max(0, w.lim.Aliases))
	}
	if w.open[n.Alias] {
		return &SyntaxError{Line: n.Line, Reason: fmt.Sprintf("the alias *%.40s contains itself", n.Value)}
	}
	w.open[n.Alias] = true
	defer delete(w.open, n.Alias)
	return w.check(n.Alias, depth+1)
}

func uniqueNames(n *yaml.Node) error {
	seen := map[string]int{}
	for i := 0; i < len(n.Content); i += 2 {
		name := n.Content[i]
		if first, twice := seen[name.Value]; twice && name.Kind == yaml.ScalarNode {
			return &SyntaxError{Line: name.Line, Reason: fmt.Sprintf("the name %.40q stands also on line %d", name.Value, first)}
		}
		seen[name.Value] = name.Line
	}
	return nil
}
