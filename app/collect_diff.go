package app

import (
	"strings"

	"github.com/trucewatch/truce/internal/diff"
)

// contextWords is how many words of what stayed are shown around a change.
const contextWords = 6

// shownDiff is a diff to read: [-what went-] {+what came+}, and around it a few words.
func shownDiff(d diff.Diff) string {
	var parts []string
	for i, p := range d.Pieces {
		words := strings.Fields(p.Text)
		text := strings.Join(words, " ")
		switch {
		case len(words) == 0:
			continue
		case p.Kind == diff.Removed:
			text = "[-" + text + "-]"
		case p.Kind == diff.Added:
			text = "{+" + text + "+}"
		case i == 0 && len(words) > contextWords && len(d.Pieces) > 1:
			text = "… " + strings.Join(words[len(words)-contextWords:], " ")
		case i == len(d.Pieces)-1 && len(words) > contextWords:
			text = strings.Join(words[:contextWords], " ") + " …"
		case len(words) > 2*contextWords:
			text = strings.Join(words[:contextWords], " ") + " … " + strings.Join(words[len(words)-contextWords:], " ")
		}
		parts = append(parts, text)
	}
	return strings.Join(parts, " ")
}
