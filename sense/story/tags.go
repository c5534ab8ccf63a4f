package story

import "strings"

// phrases are the runs of two and three words of a text that may be worth a tag: no word in
// them is a stop word, but for "of the" in "coalition of the willing". One that is said twice,
// stands in quotation marks or is a subject of the dictionary stands twice in the list.
func (r *reader) phrases(title, text []token) []string {
	count := map[string]int{}
	var order []string
	for _, tokens := range [][]token{title, text} {
		for i := range tokens {
			n, _ := r.concept(tokens[i:])
			for _, p := range r.phrasesAt(tokens, i) {
				if count[p.text] == 0 {
					order = append(order, p.text)
				}
				count[p.text]++
				if tokens[i].quote || p.words == n {
					count[p.text]++
				}
			}
		}
	}
	var out []string
	for _, p := range order {
		out = append(out, p)
		if count[p] > 1 {
			out = append(out, p)
		}
	}
	return out
}

type phrase struct {
	text  string
	words int
}

func (r *reader) phrasesAt(tokens []token, at int) []phrase {
	if !tagWord(tokens[at]) {
		return nil
	}
	var out []phrase
	words := []string{r.tagForm(tokens[at])}
	names := r.isName(tokens[at])
	for n := 1; n < maxTagWords && at+n < len(tokens) && !tokens[at+n].first; n++ {
		t := tokens[at+n]
		words = append(words, r.tagForm(t))
		names = names && r.isName(t)
		if tagWord(t) && !names && (n < 3 || strings.Contains(strings.Join(words, " "), " of ")) {
			out = append(out, phrase{strings.Join(words, " "), n + 1})
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

// isName says whether a word is a name of the dictionary; several of them in a row are no tag.
func (r *reader) isName(t token) bool {
	_, known := r.lex.byTerm[t.name]
	return known
}

// tagForm is a word as a tag has it: small, but for abbreviations and known names.
func (r *reader) tagForm(t token) string {
	if r.isName(t) && t.upper || t.caps && len(t.raw) <= 5 {
		return t.raw
	}
	return t.folio
}
