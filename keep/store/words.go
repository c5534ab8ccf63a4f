package store

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/trucewatch/truce"
)

// Words are made here for both engines, so that both find the same: an engine is given
// letters and digits with single spaces between, and keeps their order.

// The tables of words.
const (
	articleWords = "article_words"
	storyWords   = "story_words"
)

// wordQuery is how an engine asks a table of words, which the query calls w: the column
// that is the number of the row, the condition and its one argument.
type wordQuery struct {
	key, match, arg string
}

// wordRow is what is looked through of one article or story: two texts, and marks for
// what it is filtered by.
type wordRow struct {
	head, body, marks string
}

// foldWords writes a text as the words it is looked up by: small letters without marks,
// words apart by one space. Marks on Cyrillic letters that make another letter of them
// stay (й, ї); ё is written as е, as most texts do. An apostrophe inside a word is left
// out, since there are five ways to type it.
func foldWords(text string) string {
	if len(text) > maxIndexed {
		text = strings.ToValidUTF8(text[:maxIndexed], "")
	}
	var b strings.Builder
	b.Grow(len(text))
	f := folder{out: &b}
	for _, r := range norm.NFKC.String(text) {
		f.add(r)
	}
	return strings.TrimSuffix(b.String(), " ")
}

// folder holds the state between two letters.
type folder struct {
	out    *strings.Builder
	inside bool // a word was begun
	length int  // letters of the word
}

func (f *folder) add(r rune) {
	switch {
	case isApostrophe(r), unicode.Is(unicode.Mn, r):
		// An apostrophe stands between two letters, or has a space beside it; a mark that
		// no letter has of its own is a stress mark or an accent.
	case unicode.IsLetter(r) || unicode.IsDigit(r):
		f.letter(r)
	default:
		f.end()
	}
}

func (f *folder) letter(r rune) {
	f.inside = true
	if f.length == maxWord {
		return
	}
	f.length++
	if r = unicode.ToLower(r); r < utf8.RuneSelf {
		f.out.WriteByte(byte(r))
		return
	}
	f.out.WriteRune(bare(r))
}

func (f *folder) end() {
	if f.inside {
		f.out.WriteByte(' ')
	}
	f.inside, f.length = false, 0
}

func isApostrophe(r rune) bool { return strings.ContainsRune("'’ʼ`ʹ", r) }

// bare is a letter without its marks, unless they make another letter of it.
func bare(r rune) rune {
	switch {
	case r == 'ё':
		return 'е'
	case unicode.Is(unicode.Cyrillic, r):
		return r
	}
	var buffer [utf8.UTFMax]byte
	parts := norm.NFD.Bytes(buffer[:utf8.EncodeRune(buffer[:], r)])
	first, _ := utf8.DecodeRune(parts)
	return first
}

// The kinds of marks.
const (
	markLanguage  = "language"
	markPublisher = "publisher"
	markCopies    = "copies"
	markTag       = "tag"
)

// markOf is a word that stands for a value it is filtered by. It is longer than a word of a
// text or of a search can be.
func markOf(kind, value string) string {
	return "x" + truce.HashOf([]byte(kind + "/" + value)).String()[:maxWord+4]
}

// appendMark adds the mark of a value, if there is one.
func appendMark(out []string, kind, value string) []string {
	if value == "" {
		return out
	}
	return append(out, markOf(kind, value))
}

// wanted is one thing looked for: the stems of words that stand beside each other. Of the
// last word perhaps only the begin was given, which is then in begun, as it was typed.
type wanted struct {
	stems []string
	begun string
}

// parseWords reads what somebody typed. Whatever is no word is passed over; what has none
// at all is an error, since it would find everything.
func parseWords(text string) ([]wanted, error) {
	if len(text) > maxQuery {
		return nil, truce.Errorf(truce.CodeTooLarge, "a search of %d bytes, the bound is %d", len(text), maxQuery)
	}
	var out []wanted
	for i, part := range strings.Split(text, `"`) {
		if i%2 == 1 {
			out = appendWanted(out, part)
			continue
		}
		for _, word := range strings.Fields(part) {
			out = appendWanted(out, word)
		}
	}
	if strings.TrimSpace(text) == "" {
		return nil, nil
	}
	count := 0
	for _, w := range out {
		count += len(w.stems)
		if w.begun != "" && utf8.RuneCountInString(w.begun) < minPrefix {
			return nil, truce.Errorf(truce.CodeInvalid, "%q is too short: give at least %d letters before *", w.begun+"*", minPrefix)
		}
	}
	if count == 0 || count > maxQueryWords {
		return nil, truce.Errorf(truce.CodeInvalid, "the search %.80q has %d words, want 1 to %d", text, count, maxQueryWords)
	}
	return out, nil
}

func appendWanted(out []wanted, part string) []wanted {
	words := strings.Fields(foldWords(part))
	if len(words) == 0 {
		return out
	}
	var w wanted
	if strings.HasSuffix(strings.TrimSpace(part), "*") {
		w.begun = words[len(words)-1]
	}
	for _, word := range words {
		w.stems = append(w.stems, stem(word))
	}
	return append(out, w)
}

// phrases are the ways in which a thing may stand in a text, each the words of a phrase. The
// last word of the second is only begun, and goes on in any way: a begin is longer than the
// stem where it reaches into the ending, and then only the first finds it.
func (w wanted) phrases() (whole, begun []string) {
	if w.begun == "" {
		return w.stems, nil
	}
	begun = append(slices.Clone(w.stems[:len(w.stems)-1]), w.begun)
	return w.stems, begun
}
