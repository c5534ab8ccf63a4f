package app

import (
	"slices"
	"strings"
)

// maxDiffCells bounds the table by which two texts are compared (4 bytes each): two texts
// of 2,000 words that share neither beginning nor end.
const maxDiffCells = 4 << 20

// diffKind is what became of a run of words.
type diffKind byte

const (
	wordsSame    diffKind = '='
	wordsRemoved diffKind = '-'
	wordsAdded   diffKind = '+'
)

// wordRun is a run of words that share a fate.
type wordRun struct {
	kind  diffKind
	words []string
}

// wordDiff compares two texts word by word. Beyond the bound what lies between the common
// beginning and end is taken as replaced.
func wordDiff(before, after string) []wordRun {
	a, b := strings.Fields(before), strings.Fields(after)
	head := 0
	for head < len(a) && head < len(b) && a[head] == b[head] {
		head++
	}
	tail := 0
	for tail < len(a)-head && tail < len(b)-head && a[len(a)-1-tail] == b[len(b)-1-tail] {
		tail++
	}
	out := addRun(nil, wordsSame, a[:head]...)
	out = diffMiddle(out, a[head:len(a)-tail], b[head:len(b)-tail])
	return addRun(out, wordsSame, a[len(a)-tail:]...)
}

func addRun(runs []wordRun, kind diffKind, words ...string) []wordRun {
	switch last := len(runs) - 1; {
	case len(words) == 0:
		return runs
	case last >= 0 && runs[last].kind == kind:
		runs[last].words = append(slices.Clip(runs[last].words), words...)
		return runs
	}
	return append(runs, wordRun{kind, words})
}

// diffMiddle finds the longest common subsequence of what differs.
func diffMiddle(out []wordRun, a, b []string) []wordRun {
	if len(a)*len(b) == 0 || len(a)*len(b) > maxDiffCells {
		return addRun(addRun(out, wordsRemoved, a...), wordsAdded, b...)
	}
	width := len(b) + 1
	longest := make([]int32, (len(a)+1)*width) // of the ends a[i:], b[j:]
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				longest[i*width+j] = longest[(i+1)*width+j+1] + 1
			} else {
				longest[i*width+j] = max(longest[(i+1)*width+j], longest[i*width+j+1])
			}
		}
	}
	i, j := 0, 0
	for i < len(a) && j < len(b) {
		switch {
		case a[i] == b[j]:
			out = addRun(out, wordsSame, a[i])
			i, j = i+1, j+1
		case longest[(i+1)*width+j] >= longest[i*width+j+1]:
			out = addRun(out, wordsRemoved, a[i])
			i++
		default:
			out = addRun(out, wordsAdded, b[j])
			j++
		}
	}
	return addRun(addRun(out, wordsRemoved, a[i:]...), wordsAdded, b[j:]...)
}

// countWords is how many words both texts have, and each alone.
func countWords(runs []wordRun) (same, removed, added int) {
	for _, r := range runs {
		switch r.kind {
		case wordsSame:
			same += len(r.words)
		case wordsRemoved:
			removed += len(r.words)
		case wordsAdded:
			added += len(r.words)
		}
	}
	return same, removed, added
}

// contextWords is how many words of what stayed are shown around a change.
const contextWords = 6

// shownDiff is a diff to read: [-what went-] {+what came+}, and around it a few words.
func shownDiff(runs []wordRun) string {
	var parts []string
	for i, r := range runs {
		text := strings.Join(r.words, " ")
		switch {
		case r.kind == wordsRemoved:
			text = "[-" + text + "-]"
		case r.kind == wordsAdded:
			text = "{+" + text + "+}"
		case i == 0 && len(r.words) > contextWords:
			text = "… " + strings.Join(r.words[len(r.words)-contextWords:], " ")
		case i == len(runs)-1 && len(r.words) > contextWords:
			text = strings.Join(r.words[:contextWords], " ") + " …"
		case len(r.words) > 2*contextWords:
			text = strings.Join(r.words[:contextWords], " ") + " … " + strings.Join(r.words[len(r.words)-contextWords:], " ")
		}
		parts = append(parts, text)
	}
	return strings.Join(parts, " ")
}
