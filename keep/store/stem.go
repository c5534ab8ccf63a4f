package store

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Words are kept and looked up by their stems, so that Нікополь finds Нікополі, and prisoners
// finds prisoner. A stem is for comparing only: it need not be a word, and two words that it
// puts together cost a reader less than one that it keeps apart.

// stems writes a text as the stems of its words.
func stems(text string) string {
	folded := foldWords(text)
	var b strings.Builder
	b.Grow(len(folded))
	for word := range strings.FieldsSeq(folded) {
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(stem(word))
	}
	return b.String()
}

// stem takes the endings off a folded word while minStem letters stay. Words with digits, and
// those in other letters than English, Ukrainian and Russian, are their own stems.
func stem(word string) string {
	last, _ := utf8.DecodeLastRuneInString(word)
	switch {
	case utf8.RuneCountInString(word) < minStem || strings.ContainsAny(word, "0123456789"):
		return word
	case last < utf8.RuneSelf:
		return sameVowel(shorten(word, latinEndings))
	case unicode.Is(unicode.Cyrillic, last):
		return shorten(word, cyrillicEndings)
	}
	return word
}

// shorten takes off the longest ending again and again.
func shorten(word string, endings []string) string {
	for i := 0; i < len(endings); i++ {
		if rest, cut := strings.CutSuffix(word, endings[i]); cut && utf8.RuneCountInString(rest) >= minStem {
			word, i = rest, -1
		}
	}
	return word
}

// sameVowel writes what is left of -y, -ies, -yy and -ii in one way.
func sameVowel(word string) string {
	if rest := strings.TrimRight(word, "yi"); rest != word && rest != "" {
		return rest + "i"
	}
	return word
}

// The endings of nouns and adjectives, and of English verbs, the longer ones first.
var (
	latinEndings    = strings.Fields("ing ed es s e")
	cyrillicEndings = strings.Fields("ього ьому ами ями ого его ому ему ими іми ыми ием ах ях ам ям ом ем єм ой ей ою ею єю их іх ых им ім ым ів їв ов ев єв ий ый ій їй ая яя ое ее ые ие ії ої а я у ю і ї и ы е є о ь й")
)
