// Package near says how far apart two words are, so that a message can name what a
// misspelt one may have meant.
//
// It never corrects anything: what is near is offered, and people choose.
//
// Read Distance; what counts as near enough is the caller's to say.
package near

import "unicode/utf8"

// Distance is the number of letters to change, add or drop to make one word of the other
// (Levenshtein 1966). It gives up at limit, which bounds the work on hostile words: words
// whose lengths alone differ so much are limit apart.
func Distance(a, b string, limit int) int {
	if n := utf8.RuneCountInString(a) - utf8.RuneCountInString(b); max(n, -n) >= limit {
		return limit
	}
	from, to := []rune(a), []rune(b)
	row := make([]int, len(to)+1)
	for j := range row {
		row[j] = j
	}
	for i := range from {
		diagonal := row[0]
		row[0] = i + 1
		for j := range to {
			change := diagonal
			if from[i] != to[j] {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j]+1, row[j+1]+1)
		}
	}
	return min(row[len(to)], limit)
}
