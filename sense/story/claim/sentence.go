package claim

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Sentence is a stretch of a text, verbatim: Text is text[Offset:Offset+len(Text)].
type Sentence struct {
	Text    string
	Offset  int
	Spliced bool // its beginning or end is lost: two sentences were run together
}

// Sentences takes a text apart. White space and bullets between sentences are in none of
// them; every letter is in exactly one.
func Sentences(text string) []Sentence {
	s := cutter{text: text, words: book()}
	for s.at < len(s.text) {
		s.step()
	}
	s.cut(len(text), false)
	return s.out
}

// cutter goes through a text once.
type cutter struct {
	text    string
	words   *lexicon
	at      int
	start   int
	spliced bool // the sentence that is open begins in the middle
	out     []Sentence
}

func (s *cutter) step() {
	r, size := utf8.DecodeRuneInString(s.text[s.at:])
	next := s.at + size
	switch {
	case r == '\n' && !s.wrapped(next), r == '•', r == '\u2028', r == '\u2029':
		s.cut(s.at, false)
		s.start = next
	case strings.ContainsRune(".!?…", r) && s.ends(r, next):
		next = s.closing(next)
		s.cut(next, false)
	case unicode.IsSpace(r) && s.splice(next):
		s.cut(s.at, true)
	case next-s.start >= MaxSentence && (unicode.IsSpace(r) || next-s.start >= MaxSentence+utf8.UTFMax*8):
		s.cut(next, true)
	}
	s.at = max(next, s.at+1)
}

// cut ends the open sentence before a byte.
func (s *cutter) cut(end int, splice bool) {
	const around = " \t\r\n\v\f\u00a0•–—-*"
	part := s.text[s.start:end]
	from := len(part) - len(strings.TrimLeft(part, around))
	part = strings.TrimRight(strings.TrimLeft(part, around), " \t\r\n\v\f\u00a0•")
	if strings.ContainsFunc(part, isWordRune) {
		s.out = append(s.out, Sentence{Text: part, Offset: s.start + from, Spliced: s.spliced || splice})
	}
	s.start, s.spliced = end, splice
}

// wrapped says whether a line goes on in the next one: it begins with a small letter.
func (s *cutter) wrapped(next int) bool {
	r, _ := utf8.DecodeRuneInString(strings.TrimLeft(s.text[next:min(len(s.text), next+64)], " \t\r"))
	return unicode.IsLower(r)
}

// closing takes the stops and closing quotes that follow a stop.
func (s *cutter) closing(at int) int {
	for at < len(s.text) {
		r, size := utf8.DecodeRuneInString(s.text[at:])
		if !strings.ContainsRune(".!?…\"'”’»)]", r) {
			return at
		}
		at += size
	}
	return at
}

// ends says whether a stop ends a sentence.
func (s *cutter) ends(stop rune, next int) bool {
	after := s.closing(next)
	if after >= len(s.text) {
		return true
	}
	r, size := utf8.DecodeRuneInString(s.text[after:])
	if !unicode.IsSpace(r) {
		return stop == '.' && s.runTogether(next)
	}
	follow, _ := utf8.DecodeRuneInString(strings.TrimLeft(s.text[after+size:min(len(s.text), after+64)], " \t\r\n\u00a0\"'“‘«(—–-"))
	if unicode.IsLower(follow) {
		return false
	}
	return stop != '.' || !s.abbreviated(next-1)
}

// runTogether is a stop with no space after it: "a truce.The guns".
func (s *cutter) runTogether(next int) bool {
	before, _ := utf8.DecodeLastRuneInString(s.text[:next-1])
	first, size := utf8.DecodeRuneInString(s.text[next:])
	second, _ := utf8.DecodeRuneInString(s.text[next+size:])
	return unicode.IsLower(before) && unicode.IsUpper(first) && unicode.IsLower(second)
}

// abbreviated says whether the word before a stop is an abbreviation or an initial.
func (s *cutter) abbreviated(stop int) bool {
	begin := strings.LastIndexFunc(s.text[max(s.start, stop-24):stop], func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune("(\"“«", r) })
	word := s.text[max(s.start, stop-24):stop]
	if begin >= 0 {
		_, size := utf8.DecodeRuneInString(word[begin:])
		word = word[begin+size:]
	}
	first, size := utf8.DecodeRuneInString(word)
	if size == len(word) && unicode.IsUpper(first) {
		return true
	}
	word = foldWord(word)
	if word == "p.m" || word == "a.m" {
		follow, _, _ := strings.Cut(strings.TrimLeft(s.text[stop+1:min(len(s.text), stop+32)], " \t\r\n\u00a0"), " ")
		return !s.words.has("splice_after", foldWord(follow))
	}
	return s.words.has("abbreviation", word)
}

// splice finds a sentence that begins inside another: an article, and then an article
// with a capital letter, as in "proof that the The guns".
func (s *cutter) splice(next int) bool {
	before := s.text[max(s.start, s.at-8):s.at]
	before = before[strings.LastIndexAny(before, " \n\u00a0")+1:]
	rest := s.text[next:min(len(s.text), next+24)]
	word, more, found := strings.Cut(rest, " ")
	follow, _ := utf8.DecodeRuneInString(more)
	return found && s.words.has("splice_before", before) && s.words.has("splice_after", strings.ToLower(word)) &&
		unicode.IsUpper(rune(word[0])) && unicode.IsLower(follow)
}

func isWordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
