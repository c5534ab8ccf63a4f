package claim

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/trucewatch/truce/internal/article"
)

// lexicon is the dictionaries: phrases by section.
type lexicon struct {
	byStart  map[string][]*phrase // by the first letters of the first word
	sections map[string]bool
	single   map[string]map[string]bool // phrases of one plain word, by section
	persons  map[string]string          // keys of people by the sound of their names
	names    map[string]string          // what a key is called, by key and language
}

// phrase is one spelling of an entry.
type phrase struct {
	section string
	key     string
	attrs   map[string]string
	words   []form
	letters int // of all words: the longer of two phrases wins
	line    string
}

// form is one word of a phrase.
type form struct {
	text    string // folded
	open    bool   // any ending of at most maxEnding letters
	capital bool   // only where the text has a capital letter
	caps    bool   // only where the text has capitals throughout
}

func (f form) matches(t *token) bool {
	switch {
	case f.caps && !t.caps, f.capital && !t.capital:
		return false
	case f.open:
		return strings.HasPrefix(t.word, f.text) && utf8.RuneCountInString(t.word[len(f.text):]) <= maxEnding
	}
	return t.word == f.text
}

// mark is a phrase found in a sentence: the words [from, to).
type mark struct {
	from, to int
	*phrase
}

func newLexicon() *lexicon {
	return &lexicon{byStart: map[string][]*phrase{}, sections: map[string]bool{}, single: map[string]map[string]bool{}, persons: map[string]string{}, names: map[string]string{}}
}

// has says whether a folded word stands in a section as an entry of one word.
func (x *lexicon) has(section, word string) bool { return x.single[section][word] }

// read adds the entries of one file of words. The format is in docs/methods/claims.md.
func (x *lexicon) read(name, text string) error {
	section := ""
	lines := joined(text)
	for i, line := range lines {
		line, _, _ = strings.Cut(line, "#")
		line = strings.TrimSpace(line)
		var err error
		switch {
		case line == "":
		case strings.HasPrefix(line, "[") && strings.HasSuffix(line, "]"):
			section = strings.Trim(line, "[]")
			x.sections[section] = true
		case section == "":
			err = fmt.Errorf("stands before the first [section]")
		default:
			err = x.entry(section, line, fmt.Sprintf("%s:%d", name, i+1))
		}
		if err != nil {
			return fmt.Errorf("%s:%d: %w", name, i+1, err)
		}
	}
	return nil
}

// joined puts lines that begin with white space behind the line they go on from, and
// leaves an empty line in their place.
func joined(text string) []string {
	lines := strings.Split(text, "\n")
	last := 0
	for i, line := range lines {
		if strings.TrimSpace(line) != "" && (line[0] == ' ' || line[0] == '\t') && i > 0 {
			bare, _, _ := strings.Cut(lines[last], "#")
			lines[last], lines[i] = bare+" "+strings.TrimSpace(line), ""
			continue
		}
		if strings.TrimSpace(line) != "" {
			last = i
		}
	}
	return lines
}

// entry reads "key (name value, name value) = phrase, phrase".
func (x *lexicon) entry(section, line, where string) error {
	head, list, ok := strings.Cut(line, "=")
	if !ok {
		return fmt.Errorf("%q: write key = phrase, phrase", line)
	}
	key, in, hasAttrs := strings.Cut(head, " (")
	attrs := map[string]string{}
	if hasAttrs {
		for part := range strings.SplitSeq(strings.TrimSuffix(strings.TrimSpace(in), ")"), ",") {
			name, value, ok := strings.Cut(strings.TrimSpace(part), " ")
			if !ok {
				return fmt.Errorf("%q: write (name value, name value)", in)
			}
			attrs[name] = strings.TrimSpace(value)
			x.names[strings.TrimSpace(key)+" "+name] = attrs[name]
		}
	}
	for spelling := range strings.SplitSeq(list, ",") {
		if err := x.phrase(section, strings.TrimSpace(key), attrs, strings.TrimSpace(spelling), where); err != nil {
			return err
		}
	}
	return nil
}

func (x *lexicon) phrase(section, key string, attrs map[string]string, spelling, where string) error {
	p := &phrase{section: section, key: key, attrs: attrs, line: where}
	for word := range strings.FieldsSeq(spelling) {
		p.words = append(p.words, formOf(word))
		p.letters += utf8.RuneCountInString(word)
	}
	if len(p.words) == 0 || p.words[0].text == "" || key == "" {
		return fmt.Errorf("%q has an entry without a key or a word", spelling)
	}
	start := startOf(p.words[0].text)
	x.byStart[start] = append(x.byStart[start], p)
	if section == "actor" && strings.HasPrefix(key, "person:") && len(p.words) == 1 && utf8.RuneCountInString(p.words[0].text) >= minKeyedName {
		x.persons[article.NameKey(p.words[0].text)] = key
	}
	if x.single[section] == nil {
		x.single[section] = map[string]bool{}
	}
	if len(p.words) == 1 && !p.words[0].open {
		x.single[section][p.words[0].text] = true
	}
	return nil
}

func formOf(word string) form {
	bare := strings.TrimSuffix(word, "*")
	first, _ := utf8.DecodeRuneInString(bare)
	f := form{text: strings.TrimSuffix(foldWord(bare), "'s"), open: bare != word, capital: unicode.IsUpper(first)}
	f.caps = f.capital && utf8.RuneCountInString(bare) > 1 && strings.IndexFunc(bare, unicode.IsLower) < 0
	return f
}

// startOf is the first three letters of a word, by which its phrases are found.
func startOf(word string) string { return firstRunes(word, 3) }

func firstRunes(s string, n int) string {
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}

// marks finds every phrase of every section, in each section the first and longest, none
// over another.
func (x *lexicon) marks(words []token) map[string][]mark {
	out := map[string][]mark{}
	for i := range words {
		if words[i].sign {
			continue
		}
		for n := 1; n <= 3; n++ {
			start := firstRunes(words[i].word, n)
			if n > 1 && start == firstRunes(words[i].word, n-1) {
				break
			}
			for _, p := range x.byStart[start] {
				if p.matchesAt(words, i) {
					out[p.section] = append(out[p.section], mark{from: i, to: i + len(p.words), phrase: p})
				}
			}
		}
	}
	for section := range out {
		out[section] = longest(out[section])
	}
	return out
}

func (p *phrase) matchesAt(words []token, at int) bool {
	if at+len(p.words) > len(words) {
		return false
	}
	for i, f := range p.words {
		if !f.matches(&words[at+i]) {
			return false
		}
	}
	return true
}

// longest keeps of marks that overlap the first, and of those that begin together the
// longest; of equals the one that stands first in the dictionary.
func longest(found []mark) []mark {
	slices.SortStableFunc(found, func(a, b mark) int {
		return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(b.to, a.to), cmp.Compare(b.letters, a.letters))
	})
	var out []mark
	end := 0
	for _, m := range found {
		if m.from >= end {
			out, end = append(out, m), m.to
		}
	}
	return out
}

// person is the key of somebody whose name is spelt as in no entry; "" if it sounds like
// none.
func (x *lexicon) person(t *token) string {
	if !t.capital || t.sign || utf8.RuneCountInString(t.word) < minKeyedName {
		return ""
	}
	return x.persons[article.NameKey(t.word)]
}
