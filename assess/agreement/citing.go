package agreement

import (
	"slices"
	"strings"

	truce "github.com/trucewatch/truce"
	yaml "go.yaml.in/yaml/v3"
)

// WithHashes is the text of agreement.yaml with the fingerprint of its clause added to
// every rule that cites none, and how many were added. One that differs from the clause is
// left as it is: whether the rule still says what the clause says is for people to see.
// Nothing else of the text is touched.
func WithHashes(files []truce.AgreementFile) (text []byte, added int, err error) {
	a, err := Parse(files)
	if err != nil {
		return nil, 0, err
	}
	i := slices.IndexFunc(files, func(f truce.AgreementFile) bool { return f.Name == MainFile })
	r := reader{file: MainFile}
	root := r.load(files[i].Data)
	lines := strings.Split(string(files[i].Data), "\n")
	rules := field(root, "rules")
	for k := len(rules.Content) - 1; k >= 0; k-- { // from the last, so that places stay what they are
		rule := rules.Content[k]
		hash := a.hashOf(field(rule, "clause"))
		if hash == "" || field(rule, "clause_sha256") != nil {
			continue
		}
		lines = cite(lines, rule, hash)
		added++
	}
	return []byte(strings.Join(lines, "\n")), added, nil
}

// hashOf is the fingerprint of a clause that a rule names.
func (a *Agreement) hashOf(n *yaml.Node) string {
	for _, c := range a.Clauses {
		if n != nil && c.ID == n.Value {
			return c.Hash.String()
		}
	}
	return ""
}

// cite adds the fingerprint behind the clause that a rule names: in the same line where
// the rule stands in braces, else in a line below.
func cite(lines []string, rule *yaml.Node, hash string) []string {
	key, value := keyOf(rule, "clause"), field(rule, "clause")
	line := []rune(lines[value.Line-1])
	if rule.Style&yaml.FlowStyle != 0 {
		end := value.Column - 1 + length(line[value.Column-1:], value)
		lines[value.Line-1] = string(line[:end]) + ", clause_sha256: " + hash + string(line[end:])
		return lines
	}
	below := strings.Repeat(" ", key.Column-1) + "clause_sha256: " + hash
	if strings.HasSuffix(lines[value.Line-1], "\r") {
		below += "\r"
	}
	return slices.Insert(lines, value.Line, below)
}

// keyOf is the name of a field of a mapping.
func keyOf(n *yaml.Node, name string) *yaml.Node {
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == name {
			return n.Content[i]
		}
	}
	return nil
}

// length is how many characters a clause number takes as it is written; it holds neither
// quotes nor blanks.
func length(text []rune, n *yaml.Node) int {
	size := len([]rune(n.Value))
	if n.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle) == 0 {
		return size
	}
	return slices.Index(text[1:], text[0]) + 2
}
