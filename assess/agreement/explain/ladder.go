package explain

import (
	"strings"

	"github.com/trucewatch/truce"
)

// ladderEntries are the parts of a ladder by name, each as its canonical text in lines.
func ladderEntries(l *truce.Ladder) []entry {
	if l == nil {
		return nil
	}
	whole := *l
	whole.Tiers, whole.Paths = nil, nil
	out := []entry{{"ladder", canonicalLines(whole)}}
	for _, t := range l.Tiers {
		out = append(out, entry{"tier " + string(t.ID), canonicalLines(t)})
	}
	for _, p := range l.Paths {
		out = append(out, entry{"path " + p.ID, canonicalLines(p)})
	}
	return out
}

func canonicalLines(v any) []string {
	text, err := truce.Canonical(v)
	if err != nil {
		return []string{err.Error()}
	}
	return strings.Split(strings.Trim(string(text), "{}"), ",\"")
}
