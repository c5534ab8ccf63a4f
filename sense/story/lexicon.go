package story

import (
	_ "embed"
	"hash/fnv"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/kljensen/snowball/english"
	"github.com/trucewatch/truce/internal/article"
)

//go:embed words/stop.txt
var stopFile string

//go:embed words/concepts.txt
var conceptsFile string

//go:embed words/names.txt
var namesFile string

//go:embed words/places.txt
var placesFile string

//go:embed words/phases.txt
var phasesFile string

//go:embed words/agencies.txt
var agenciesFile string

// term is what a word counts as when texts are compared: its class in the upper bits, a
// hash of its key below. Two keys share a term once in some 10^9 pairs.
type term uint32

// The classes of terms. Words are of one language, the others of all.
const (
	classWord term = iota << 30
	className
	classConcept
	classNumber
	classMask term = 3 << 30
)

func (t term) class() int { return int(t >> 30) }

func termOf(class term, key string) term {
	h := fnv.New32a()
	h.Write([]byte(key))
	return class | term(h.Sum32())&^classMask
}

// known is a name of the dictionary.
type known struct {
	key, kind, name string
	town            bool // its adjective does not stand for it
}

// lexicon is the dictionaries, read once and never changed.
type lexicon struct {
	stop     map[string]bool   // folded words
	concepts map[string]term   // key of a word or, with spaces, of a phrase
	written  map[string]string // the same as the dictionary writes it
	acts     map[term]bool     // concepts of what happens at one place and time
	names    map[string]known  // name key of a word or phrase
	byTerm   map[term]known
	agencies map[string]string  // folded form: name
	starts   map[string]int     // key that begins a concept: most words of one
	phases   map[string]inPhase // words and pairs that say where a course of things stands
}

// phase is where a course of things stands, as a text says: bits.
type phase uint8

const (
	phaseBegins phase = 1 << iota
	phaseGoesOn
	phaseEnds
)

var phaseNames = map[string]phase{"begin": phaseBegins, "go": phaseGoesOn, "end": phaseEnds}

// inPhase is what a word of phases.txt says, and whether it begins a pair of them.
type inPhase struct {
	says phase
	pair bool
}

// theLexicon is the dictionaries as they came with the program.
var theLexicon = sync.OnceValue(func() *lexicon {
	l := &lexicon{
		stop: map[string]bool{}, concepts: map[string]term{}, written: map[string]string{}, acts: map[term]bool{},
		names: map[string]known{}, byTerm: map[term]known{}, agencies: map[string]string{}, starts: map[string]int{}, phases: map[string]inPhase{},
	}
	for line := range entries(stopFile) {
		_, words, _ := strings.Cut(line, " ")
		for _, word := range strings.Fields(words) {
			l.stop[word] = true
		}
	}
	for line := range entries(conceptsFile) {
		l.addConcept(line)
	}
	for line := range entries(namesFile) {
		l.addName(line)
	}
	for line := range entries(placesFile) {
		l.addPlace(line)
	}
	for line := range entries(phasesFile) {
		l.addPhase(line)
	}
	for line := range entries(agenciesFile) {
		name, forms, _ := strings.Cut(line, ":")
		for _, form := range strings.Split(forms, ",") {
			l.agencies[article.Fold(form)] = name
		}
	}
	return l
})

// entries yields the lines of a dictionary without comments.
func entries(file string) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for line := range strings.Lines(file) {
			line = strings.TrimSpace(line)
			if line != "" && !strings.HasPrefix(line, "#") && !yield(line) {
				return
			}
		}
	}
}

// addPhase adds a line of phases.txt: kind, language and phrases.
func (l *lexicon) addPhase(line string) {
	kind, rest, _ := strings.Cut(line, " ")
	_, phrases, _ := strings.Cut(rest, " ")
	for phrase := range strings.SplitSeq(phrases, ",") {
		key := article.Fold(strings.TrimSpace(phrase))
		p := l.phases[key]
		p.says |= phaseNames[kind]
		l.phases[key] = p
		if first, _, pair := strings.Cut(key, " "); pair {
			p := l.phases[first]
			p.pair = true
			l.phases[first] = p
		}
	}
}

func (l *lexicon) addConcept(line string) {
	key, forms, _ := strings.Cut(line, ":")
	key, act := strings.CutPrefix(key, "!")
	t := termOf(classConcept, key)
	l.acts[t] = act
	for _, form := range strings.FieldsFunc(forms, func(r rune) bool { return r == ',' || r == '|' }) {
		words := strings.Fields(article.Fold(form))
		keys := make([]string, len(words))
		for i, w := range words {
			keys[i] = stemKey(strings.ReplaceAll(w, "'", ""))
		}
		l.starts[keys[0]] = max(l.starts[keys[0]], len(keys))
		l.concepts[strings.Join(keys, " ")] = t
		if phrase := strings.Join(keys, " "); l.written[phrase] == "" {
			l.written[phrase] = strings.Join(words, " ")
		}
	}
}

func (l *lexicon) addName(line string) {
	head, forms, _ := strings.Cut(line, ":")
	kind, key, _ := strings.Cut(head, " ")
	var entry known
	for i, form := range strings.Split(forms, ",") {
		form = strings.TrimSpace(form)
		if i == 0 {
			entry = known{key: key, kind: kind, name: form}
			l.byTerm[termOf(className, key)] = entry
		}
		l.names[article.NameKey(strings.ReplaceAll(form, ".", ""))] = entry
	}
}

// addPlace adds the spellings of a place; what names.txt says of one goes before.
func (l *lexicon) addPlace(line string) {
	key, forms := placeOf(line)
	entry := known{key: key, kind: kindPlace, name: forms[0], town: true}
	if _, has := l.byTerm[termOf(className, key)]; !has {
		l.byTerm[termOf(className, key)] = entry
	}
	for _, form := range forms {
		if name := article.NameKey(form); l.names[name].key == "" {
			l.names[name] = entry
		}
	}
}

// placeOf reads "key: Name, other spellings".
func placeOf(line string) (key string, forms []string) {
	key, list, _ := strings.Cut(line, ":")
	for form := range strings.SplitSeq(list, ",") {
		forms = append(forms, strings.TrimSpace(form))
	}
	return key, forms
}

// PlaceNames is the names of places that are written in several ways, each with all its
// spellings in Ukrainian, Russian and English, as words/places.txt lists them.
func PlaceNames() [][]string {
	var out [][]string
	for line := range entries(placesFile) {
		_, forms := placeOf(line)
		out = append(out, forms)
	}
	return out
}

// nameTerm is the term of a name, the dictionary's where it has one.
func (l *lexicon) nameTerm(key string) term {
	if k, ok := l.names[key]; ok {
		key = k.key
	}
	return termOf(className, key)
}

// stemKey is the key of a word that is no name: the English stem, or for Cyrillic words the
// name key, which drops their endings and makes Ukrainian and Russian cognates alike.
func stemKey(folded string) string {
	r, _ := utf8.DecodeRuneInString(folded)
	switch {
	case unicode.Is(unicode.Cyrillic, r):
		return verbStem(article.NameKey(singular(folded)))
	case r < utf8.RuneSelf:
		return english.Stem(folded, false)
	}
	return folded
}

// singular takes the endings of plural cases off a Cyrillic word that is no name; in names
// they may be the name ("Петров").
func singular(word string) string {
	for _, ending := range []string{"ими", "ыми", "ів", "їв", "ов", "ев", "их", "ых", "ие", "ые"} {
		if stem, ok := strings.CutSuffix(word, ending); ok && utf8.RuneCountInString(stem) >= minVerbStem {
			return stem
		}
	}
	return word
}

// verbStem takes the endings of past tense, infinitive and adjective, as they stand in a
// name key, off a Cyrillic word: "повідомила", "повідомити" and "повідомив" are one.
func verbStem(key string) string {
	for _, ending := range []string{"iuvat", "uvat", "ovat", "uval", "oval", "uvav", "nuti", "nut", "nul", "nuv", "anni", "inni", "ann", "inn", "it", "at", "il", "al", "iv", "av", "il", "on", "in", "an"} {
		if stem, ok := strings.CutSuffix(key, ending); ok && len(stem) >= minVerbStem {
			return stem
		}
	}
	return key
}
