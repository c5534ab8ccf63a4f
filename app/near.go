package app

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// maxNear is how many near names an error offers: more is a list to read through.
const maxNear = 5

// nearNames are the options a misspelt word may have meant, the most alike first: those
// it begins or that begin it, and those of which at most a third of the letters differ.
func nearNames(word string, options []string) []string {
	type near struct {
		name string
		far  int
	}
	folded := []rune(foldName(word))
	if len(folded) == 0 {
		return nil
	}
	var found []near
	for _, option := range options {
		other := []rune(foldName(option))
		limit := 1 + len(folded)/3
		far := letterDistance(folded, other)
		if far > limit && !beginsWith(folded, other) && !beginsWith(other, folded) {
			continue
		}
		found = append(found, near{option, far})
	}
	slices.SortStableFunc(found, func(a, b near) int { return cmp.Compare(a.far, b.far) })
	var out []string
	for _, n := range found[:min(len(found), maxNear)] {
		out = append(out, n.name)
	}
	return out
}

// beginsWith asks for three letters in common, so that one letter does not match a list.
func beginsWith(word, start []rune) bool {
	return len(start) >= 3 && len(word) >= len(start) && slices.Equal(word[:len(start)], start)
}

// foldName makes spellings of one name alike: case, apostrophes and the ways of joining
// words do not count.
func foldName(name string) string {
	name = strings.NewReplacer("'", "", "’", "", "ʼ", "", "-", " ", "_", " ").Replace(strings.ToLower(name))
	return strings.Join(strings.Fields(name), " ")
}

// letterDistance is the number of letters to change, add or drop to make one word of
// the other (Levenshtein 1966).
func letterDistance(a, b []rune) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range a {
		diagonal := row[0]
		row[0] = i + 1
		for j := range b {
			change := diagonal
			if a[i] != b[j] {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}

// didYouMean ends a refusal with the names that are near, "" when none is.
func didYouMean(word string, options []string) string {
	near := nearNames(word, options)
	if len(near) == 0 {
		return ""
	}
	return fmt.Sprintf("; did you mean %s?", strings.Join(near, ", "))
}
