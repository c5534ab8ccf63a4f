package story

import "strings"

// phrases are the runs of two and three words of a text that may be worth a tag: no word in
// them is a stop word, but for "of the" in "coalition of the willing". A phrase in quotation
// marks counts twice.
func phrases(title, text []token) []string {
	var out []string
	for _, tokens := range [][]token{title, title, text} {
		for i := range tokens {
			out = append(out, phrasesAt(tokens, i)...)
		}
	}
	return out
}

func phrasesAt(tokens []token, at int) []string {
	if !tagWord(tokens[at]) {
		return nil
	}
	var out []string
	words := []string{tagForm(tokens[at])}
	for n := 1; n < maxTagWords && at+n < len(tokens) && !tokens[at+n].first; n++ {
		t := tokens[at+n]
		words = append(words, tagForm(t))
		if tagWord(t) && (n < 3 || strings.Contains(strings.Join(words, " "), " of ")) {
			phrase := strings.Join(words, " ")
			out = append(out, phrase)
			if tokens[at].quote {
				out = append(out, phrase)
			}
		}
		if !tagWord(t) && t.folio != "of" && t.folio != "the" {
			break
		}
	}
	return out
}

func tagWord(t token) bool {
	return !t.stop && !t.digit && len(t.folio) > 2
}

// tagForm is a word as a tag has it: small, but for abbreviations.
func tagForm(t token) string {
	if t.caps && len(t.raw) <= 5 {
		return t.raw
	}
	return t.folio
}
