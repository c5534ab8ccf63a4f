package claim

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// endings is one rule of how names change: the ending of the name, and what may stand for
// it in other cases.
type endings struct {
	of    string
	forms []string
}

// readEndings reads lines of the form "-ськ = -ська -ську -ськом".
func readEndings(text string) []endings {
	var out []endings
	for line := range strings.SplitSeq(text, "\n") {
		line, _, _ = strings.Cut(line, "#")
		name, list, ok := strings.Cut(line, "=")
		if !ok {
			continue
		}
		e := endings{of: strings.TrimPrefix(strings.TrimSpace(name), "-")}
		for form := range strings.FieldsSeq(list) {
			e.forms = append(e.forms, strings.TrimPrefix(form, "-"))
		}
		out = append(out, e)
	}
	slices.SortStableFunc(out, func(a, b endings) int { return len(b.of) - len(a.of) })
	return out
}

// formsOf is a folded word of a name and the forms it may take; the longest ending of the
// dictionary that fits decides.
func formsOf(word string) []string {
	out := []string{word}
	if first, _ := utf8.DecodeRuneInString(word); first < 0x400 || first > 0x4FF {
		return out
	}
	for _, e := range inflections() {
		stem, ok := strings.CutSuffix(word, e.of)
		if !ok {
			continue
		}
		for _, form := range e.forms {
			if one := stem + form; len(out) < maxForms && !slices.Contains(out, one) {
				out = append(out, one)
			}
		}
		return out
	}
	return out
}
