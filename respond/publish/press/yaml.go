package press

import (
	"bytes"
	"encoding/json"
	"strings"

	"github.com/trucewatch/truce"
)

// yamlQuoted writes a text in double quotes. A JSON text is one in YAML too (YAML 1.2.2, 1.2).
func yamlQuoted(text string) string {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(truce.CleanText(text)); err != nil {
		return `""` // a string always encodes
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// yamlSingle writes a text in single quotes.
func yamlSingle(text string) string {
	return "'" + strings.ReplaceAll(truce.CleanText(text), "'", "''") + "'"
}

// yamlList writes a list of texts under a name.
func yamlList(b *strings.Builder, name string, list []string) {
	if len(list) == 0 {
		b.WriteString(name + ": []\n")
		return
	}
	b.WriteString(name + ":\n")
	for _, text := range list {
		b.WriteString("- " + yamlSingle(text) + "\n")
	}
}
