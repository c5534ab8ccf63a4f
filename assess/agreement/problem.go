package agreement

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/trucewatch/truce/internal/near"
)

// Level says whether a problem stops the agreement from being used.
type Level string

// The levels.
const (
	LevelError   Level = "error"   // the agreement is refused
	LevelWarning Level = "warning" // it is used, but somebody should look
)

// Problem is one remark on an agreement directory: where it is, and how to mend it.
type Problem struct {
	Level  Level  `json:"level"`
	File   string `json:"file"`
	Line   int    `json:"line"`   // 1-based
	Column int    `json:"column"` // 1-based, in characters
	Field  string `json:"field"`  // e.g. rules[2].where.zone; "" for the whole file
	Text   string `json:"text"`   // what is wrong and how to mend it
}

// citesNothing begins the remark on a rule that cites no clause text.
const citesNothing = "cites no text of clause "

// Binding says whether a remark is an error in these terms because they are signed or in
// force, although a draft may have it: a rule whose clause anybody may change unseen. Parse
// warns of it whatever the status, since terms on record stay what they are.
func (a *Agreement) Binding(p Problem) bool {
	binds := a.Status == StatusSigned || a.Status == StatusInForce
	return binds && strings.HasPrefix(p.Text, citesNothing)
}

// String is the problem on one line: file:line:column: field: text.
func (p Problem) String() string {
	field := p.Field
	if field != "" {
		field += ": "
	}
	return fmt.Sprintf("%s:%d:%d: %s%s", p.File, p.Line, p.Column, field, p.Text)
}

// Refusal is why an agreement cannot be used: every error found, up to MaxProblems.
type Refusal struct{ Problems []Problem }

// Error lists the problems, one a line.
func (r *Refusal) Error() string {
	lines := make([]string, len(r.Problems))
	for i, p := range r.Problems {
		lines[i] = p.String()
	}
	return strings.Join(lines, "\n")
}

// sortProblems orders by file, line, column, then text, and drops repeats.
func sortProblems(list []Problem) []Problem {
	slices.SortFunc(list, func(a, b Problem) int {
		return cmp.Or(
			cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column),
			cmp.Compare(a.Field, b.Field), cmp.Compare(a.Text, b.Text),
		)
	})
	return slices.Compact(list)
}

// nearest is the option that most resembles the word, "" when none is close: at most a
// third of the letters differ (Levenshtein 1966). Among equals the longest common
// beginning wins.
func nearest(word string, options []string) string {
	best, bestDistance := "", 1+(len(word)+2)/3
	for _, option := range options {
		d := near.Distance(strings.ToLower(word), strings.ToLower(option), bestDistance+1)
		if d < bestDistance || d == bestDistance && best != "" && commonStart(word, option) > commonStart(word, best) {
			best, bestDistance = option, d
		}
	}
	return best
}

func commonStart(a, b string) int {
	n := 0
	for n < min(len(a), len(b)) && a[n] == b[n] {
		n++
	}
	return n
}

// didYouMean ends a sentence with the nearest option or, failing that, all of a short list.
func didYouMean(word string, options []string) string {
	if best := nearest(word, options); best != "" {
		return fmt.Sprintf("; did you mean %q?", best)
	}
	if len(options) == 0 || len(options) > 12 {
		return ""
	}
	return "; there is " + strings.Join(options, ", ")
}
