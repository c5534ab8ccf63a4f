package story

import (
	"cmp"
	_ "embed"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

//go:embed words/edges.txt
var edgesFile string

// edges says which words a tag does not hold, or not at one of its ends.
type edges struct {
	words [3]map[string]bool // by place: folded words
	other [3]map[string]bool // words that have an ending of the place and are allowed
	ends  [3][]string
	adj   []string // endings of Cyrillic adjectives
}

// The places in a tag.
const (
	edgeAny = iota
	edgeFirst
	edgeLast

	edgeCyrillic = 1 << 7 // is no place: the word is of a Cyrillic language
)

var edgePlaces = map[string]int{"any": edgeAny, "first": edgeFirst, "last": edgeLast}

// theEdges is the list as it came with the program.
var theEdges = sync.OnceValue(func() *edges {
	e := &edges{}
	for i := range e.words {
		e.words[i], e.other[i] = map[string]bool{}, map[string]bool{}
	}
	for line := range entries(edgesFile) {
		fields := strings.Fields(line)
		if fields[1] == "verb" {
			for _, word := range fields[2:] {
				for _, form := range verbForms(word) {
					e.words[edgeAny][form] = true
				}
			}
			continue
		}
		if fields[1] == "adj" {
			for _, ending := range fields[2:] {
				e.adj = append(e.adj, ending[1:])
			}
			continue
		}
		place := edgePlaces[fields[1]]
		for _, word := range fields[2:] {
			if ending, ok := strings.CutPrefix(word, "*"); ok {
				e.ends[place] = append(e.ends[place], ending)
			} else if allowed, ok := strings.CutPrefix(word, "!"); ok {
				e.other[place][allowed] = true
			} else {
				e.words[place][word] = true
			}
		}
	}
	return e
})

// verbForms are the regular forms of an English verb.
func verbForms(verb string) []string {
	forms := []string{verb, verb + "s", verb + "es", verb + "ed", verb + "ing", verb + verb[len(verb)-1:] + "ed", verb + verb[len(verb)-1:] + "ing"}
	if root, ok := strings.CutSuffix(verb, "e"); ok {
		return append(forms, verb+"d", root+"ing")
	}
	if root, ok := strings.CutSuffix(verb, "y"); ok {
		return append(forms, root+"ies", root+"ied")
	}
	return forms
}

// bars says whether the list bars a word from a place.
func (e *edges) bars(place int, word string) bool {
	if e.words[place][word] {
		return true
	}
	for _, ending := range e.ends[place] {
		if strings.HasSuffix(word, ending) && !e.other[place][word] {
			return true
		}
	}
	return false
}

// places is where a word may not stand in a tag, a bit for each place.
func (e *edges) places(folded string) (out uint8) {
	for place := range e.words {
		if e.bars(place, folded) {
			out |= 1 << place
		}
	}
	if first, _ := utf8.DecodeRuneInString(folded); unicode.Is(unicode.Cyrillic, first) {
		out |= edgeCyrillic
		if !slices.ContainsFunc(e.adj, func(ending string) bool { return strings.HasSuffix(folded, ending) }) {
			out |= 1 << edgeFirst // without a grammar only "adjective noun" can be told from chance
		}
	}
	return out
}

// phrase is a run of words of an article that may be a tag.
type phrase struct {
	Key  uint32 // hash of the text
	Text string
	Sure bool // said twice or in quotation marks
	Term bool // a subject of the dictionary
}

// phrases are the runs of two and three words that may be worth a tag, each once: no stop
// word, verb or name that the text alone knows is among them, but for "of the" in "coalition
// of the willing", and neither end is a word that asks for another.
func (r *reader) phrases(title, text []token, names map[term]bool) []phrase {
	r.text = r.text[:0]
	runs := r.runs[:0]
	for _, tokens := range [][]token{title, text} {
		for i := range tokens {
			runs = r.runsAt(runs, tokens, i, names)
		}
	}
	r.runs = runs
	all := string(r.text) // one piece of memory for all; what is kept is cloned
	at := make(map[string]int, len(runs))
	out := make([]phrase, 0, len(runs))
	for _, run := range runs {
		text := all[run.from:run.to]
		i, met := at[text]
		if !met {
			i = len(out)
			at[text] = i
			out = append(out, phrase{Key: uint32(hashKey(text)), Text: text})
		}
		out[i].Sure, out[i].Term = out[i].Sure || met || run.sure, run.term
	}
	return out
}

// run is a phrase in the reader's text.
type run struct {
	from, to int
	sure     bool
	term     bool
}

// runsAt adds the phrases that begin at a token.
func (r *reader) runsAt(runs []run, tokens []token, at int, names map[term]bool) []run {
	concept, _ := r.concept(tokens[at:])
	of := false
	for n := 0; n < maxTagWords && at+n < len(tokens); n++ {
		t := &tokens[at+n]
		if n > 0 && t.first {
			break
		}
		if n > 0 && t.joins(tokens[at+n-1]) {
			of = true
			continue
		}
		term := n > 0 && n+1 == concept
		if !term && n+1 > concept && (!t.tagged() || names[t.name] && !r.isName(*t)) {
			break
		}
		if n == 0 || !term && !r.tagEnds(tokens[at:at+n+1], of) {
			continue
		}
		from := len(r.text)
		r.text = r.tagText(r.text, tokens[at:at+n+1], term)
		runs = append(runs, run{from, len(r.text), tokens[at].quote, term})
	}
	return runs
}

// tagText adds words as a tag has them. A subject in Ukrainian or Russian stands in the form of
// the dictionary, whatever its case in the text.
func (r *reader) tagText(out []byte, words []token, term bool) []byte {
	if term && words[0].bars&edgeCyrillic != 0 {
		return append(out, r.lex.written[joinedKeys(words)]...)
	}
	for i, word := range words {
		if i > 0 {
			out = append(out, ' ')
		}
		out = append(out, r.tagForm(word)...)
	}
	return out
}

// tagEnds says whether a run that is no subject of the dictionary has the ends and the length
// of a tag. One name of the dictionary may be in it, at the end only behind "of".
func (r *reader) tagEnds(run []token, of bool) bool {
	first, last := &run[0], &run[len(run)-1]
	cyrillic := first.bars&edgeCyrillic != 0
	switch {
	case first.bars&(1<<edgeFirst) != 0, last.bars&(1<<edgeLast) != 0:
		return false
	case cyrillic && len(run) > 2, len(run) > 3 && !of:
		return false
	}
	names := 0
	for _, t := range run {
		if r.isName(t) {
			names++
		}
	}
	return names == 0 || names == 1 && (of || !r.isName(*last))
}

// joins says whether a word holds two parts of a phrase together: "of", and "the" behind it.
func (t *token) joins(before token) bool {
	return t.folio == "of" || t.folio == "the" && before.folio == "of"
}

// tagged says whether a word may be part of a tag.
func (t *token) tagged() bool {
	return !t.stop && !t.digit && utf8.RuneCountInString(t.folio) > 2 && t.bars&(1<<edgeAny) == 0
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

// phraseCount is in how many articles of a story a phrase stands.
type phraseCount struct {
	Text     string
	Key      uint32
	Articles int32
	Sure     bool
	Term     bool
}

// countPhrases counts the phrases of an article. Of one met for the first time the key alone
// is kept, unless it is sure: most are never met again.
func (h *heavy) countPhrases(phrases []phrase) {
	for _, p := range phrases {
		if i := slices.IndexFunc(h.Phrases, func(c phraseCount) bool { return c.Key == p.Key }); i >= 0 {
			h.Phrases[i].Articles++
			h.Phrases[i].Sure = h.Phrases[i].Sure || p.Sure
			continue
		}
		once := slices.Index(h.Once, p.Key)
		if once < 0 && !p.Sure && !p.Term {
			h.Once = append(h.Once, p.Key)
			continue
		}
		count := phraseCount{Text: strings.Clone(p.Text), Key: p.Key, Articles: 1, Sure: p.Sure, Term: p.Term}
		if once >= 0 {
			count.Articles = 2
			h.Once = slices.Delete(h.Once, once, once+1)
		}
		h.Phrases = append(h.Phrases, count)
	}
	if extra := len(h.Once) - maxPhrasesOnce; extra > 0 {
		h.Once = slices.Delete(h.Once, 0, extra)
	}
	if len(h.Phrases) > maxPhrases {
		h.Phrases = topOf(h.Phrases, maxPhrases/2, func(a, b phraseCount) int {
			return cmp.Or(cmp.Compare(b.rank(), a.rank()), cmp.Compare(a.Text, b.Text))
		})
	}
}

// rank is how good a tag a phrase is: that of many articles, of several words, of the
// dictionary.
func (p phraseCount) rank() float64 {
	rank := float64(p.Articles) * (1 + .3*float64(strings.Count(p.Text, " ")+1))
	if p.Term {
		rank *= 2
	}
	return rank
}

// worthATag says whether enough articles have a phrase: two, and not too small a part of all.
// A subject of the dictionary that an article says twice counts for one more; of a story of
// one or two articles a subject, or what is said twice, is enough.
func (p phraseCount) worthATag(members int) bool {
	n := p.Articles
	if p.Term && p.Sure {
		n++
	}
	return n >= max(int32(members)/rareTag, 2) || members <= 2 && (p.Sure || p.Term)
}

// tags are the phrases of several words and the names that the story's articles share, the
// best first. Few are better than many.
func (h *heavy) tags(lex *lexicon) []string {
	type ranked struct {
		text string
		rank float64
		name bool
	}
	var all []ranked
	for _, p := range h.Phrases {
		if p.worthATag(h.Members) {
			all = append(all, ranked{p.Text, p.rank(), false})
		}
	}
	for _, n := range h.Names {
		if e := entity(lex, n); n.Count >= max(h.Members/rareTag, 2) && !theEdges().barsName(e.Name) {
			all = append(all, ranked{e.Name, float64(n.Articles) * (1 + .3*float64(strings.Count(e.Name, " ")+1)), true})
		}
	}
	all = topOf(all, 4*maxTags, func(a, b ranked) int { return cmp.Or(cmp.Compare(b.rank, a.rank), cmp.Compare(a.text, b.text)) })
	var out []string
	var stems [][]string
	names := 0
	for _, r := range all {
		s := tagStems(r.text)
		if len(out) == maxTags || r.name && names == maxNameTags || slices.ContainsFunc(stems, func(t []string) bool { return overlap(t, s) }) {
			continue
		}
		out, stems = append(out, r.text), append(stems, s)
		if r.name {
			names++
		}
	}
	return out
}

// barsName says whether a name begins or ends with a word of the list, as what opens a
// sentence may.
func (e *edges) barsName(name string) bool {
	words := strings.Fields(strings.ToLower(name))
	for i, word := range words {
		if e.words[edgeAny][word] || i == len(words)-1 && i > 0 && e.bars(edgeLast, word) {
			return true
		}
	}
	return len(words) == 0
}

// tagStems are the stem keys of a tag's words.
func tagStems(tag string) []string {
	words := strings.Fields(strings.ToLower(tag))
	for i, w := range words {
		words[i] = stemKey(w)
	}
	return words
}

// overlap says whether one tag repeats most of another.
func overlap(a, b []string) bool {
	shared := 0
	for _, v := range a {
		if slices.Contains(b, v) {
			shared++
		}
	}
	return shared*2 > min(len(a), len(b))
}
