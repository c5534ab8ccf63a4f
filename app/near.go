package app

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/trucewatch/truce/internal/near"
)

// maxNear is how many near names an error offers: more is a list to read through.
const maxNear = 5

// nearNames are the options a misspelt word may have meant, the most alike first: those
// it begins or that begin it, and those of which at most a third of the letters differ.
func nearNames(word string, options []string) []string {
	type candidate struct {
		name string
		far  int
	}
	folded := foldName(word)
	if folded == "" {
		return nil
	}
	var found []candidate
	for _, option := range options {
		other := foldName(option)
		limit := 2 + utf8.RuneCountInString(folded)/3
		far := near.Distance(folded, other, limit)
		if far == limit && !beginsWith(folded, other) && !beginsWith(other, folded) {
			continue
		}
		found = append(found, candidate{option, far})
	}
	slices.SortStableFunc(found, func(a, b candidate) int { return cmp.Compare(a.far, b.far) })
	var out []string
	for _, n := range found[:min(len(found), maxNear)] {
		out = append(out, n.name)
	}
	return out
}

// beginsWith asks for three letters in common, so that one letter does not match a list.
func beginsWith(word, start string) bool {
	return utf8.RuneCountInString(start) >= 3 && strings.HasPrefix(word, start)
}

// foldName makes spellings of one name alike: case, apostrophes and the ways of joining
// words do not count.
func foldName(name string) string {
	name = strings.NewReplacer("'", "", "’", "", "ʼ", "", "-", " ", "_", " ").Replace(strings.ToLower(name))
	return strings.Join(strings.Fields(name), " ")
}

// didYouMean ends a refusal with the names that are near, "" when none is.
func didYouMean(word string, options []string) string {
	names := nearNames(word, options)
	if len(names) == 0 {
		return ""
	}
	return fmt.Sprintf("; did you mean %s?", strings.Join(names, ", "))
}
