package story

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/trucewatch/truce/internal/article"
	"golang.org/x/text/unicode/norm"
)

// token is one word of a text.
type token struct {
	raw   string // as written, without a possessive
	word  term   // as a plain word; a number's own
	name  term   // as a name; 0 for what cannot be one
	key   string // stem key
	stop  bool   // says nothing of what the text is about
	upper bool   // begins with a capital letter
	caps  bool   // is all capitals, two at least
	digit bool   // is a number
	first bool   // opens a sentence
	quote bool   // opens after a quotation mark
	folio string // folded
	bars  uint8  // where in a tag it may not stand
}

// meaning is what is remembered of a word form.
type meaning struct {
	word, name  term
	key, folded string
	stop, digit bool
	bars        uint8
}

// reader turns texts into tokens and remembers word forms, since most words of a text are
// among some ten thousand. What it remembers changes no result.
type reader struct {
	lex        *lexicon
	young, old map[string]meaning

	// Room that is used again for every article.
	title, body []token
	runs        []run
	text        []byte
}

func newReader() *reader {
	return &reader{lex: theLexicon(), young: map[string]meaning{}, old: map[string]meaning{}}
}

func (r *reader) meaning(raw string) meaning {
	if m, ok := r.young[raw]; ok {
		return m
	}
	m, ok := r.old[raw]
	if !ok {
		m = r.learn(raw)
		raw = strings.Clone(raw)
	}
	if len(r.young) >= maxRemembered {
		r.old, r.young = r.young, map[string]meaning{}
	}
	r.young[raw] = m
	return m
}

func (r *reader) learn(raw string) meaning {
	folded := article.Fold(raw)
	plain := strings.ReplaceAll(folded, "'", "")
	m := meaning{folded: folded, stop: r.lex.stop[folded] || r.lex.stop[plain]}
	if strings.IndexFunc(raw, unicode.IsLetter) < 0 {
		m.digit, m.key = true, plain
		m.word = termOf(classNumber, plain)
		return m
	}
	m.key = stemKey(plain)
	m.bars = theEdges().places(folded)
	m.word = termOf(classWord, m.key)
	if first, _ := utf8.DecodeRuneInString(raw); unicode.IsUpper(first) && !m.stop {
		m.name = r.lex.nameTerm(article.NameKey(strings.ReplaceAll(raw, ".", "")))
	} else if k, ok := r.lex.names[article.NameKey(raw)]; ok && k.kind == kindPlace && !k.town && unicode.Is(unicode.Cyrillic, first) {
		m.name = termOf(className, k.key) // adjectives of lands are written small: "український"
	}
	return m
}

// tokens takes a text apart, up to a number of words.
func (r *reader) tokens(text string, limit int) []token { return r.tokensTo(nil, text, limit) }

// tokensTo is tokens into room that is there.
func (r *reader) tokensTo(out []token, text string, limit int) []token {
	if strings.ContainsRune(text, '&') {
		text = article.Unescape(text)
	}
	if !norm.NFC.IsNormalString(text) {
		text = norm.NFC.String(text)
	}
	first, quote := true, false
	for at := 0; at < len(text) && len(out) < limit; {
		c, size := utf8.DecodeRuneInString(text[at:])
		if !unicode.IsLetter(c) && !unicode.IsDigit(c) {
			switch c {
			case '.', '!', '?', ':', '\n', '…':
				first = true
			case '"', '“', '„', '«', '\'', '‘', '”', '»', '’':
				quote = c != '”' && c != '»' && c != '’'
			}
			at += size
			continue
		}
		end := wordEnd(text, at)
		raw := trimPossessive(text[at:end])
		out = append(out, r.token(raw, first, quote))
		at, first, quote = end, false, false
	}
	return out
}

func (r *reader) token(raw string, first, quote bool) token {
	m := r.meaning(raw)
	c, _ := utf8.DecodeRuneInString(raw)
	t := token{raw: raw, word: m.word, name: m.name, key: m.key, stop: m.stop, digit: m.digit, bars: m.bars, first: first, quote: quote, folio: m.folded}
	t.upper = unicode.IsUpper(c)
	t.caps = t.upper && len(raw) > 1 && strings.ToUpper(raw) == raw
	if t.caps && t.stop && utf8.RuneCountInString(raw) == 2 && raw == "US" {
		t.stop, t.name = false, r.lex.nameTerm("us")
	}
	return t
}

// wordEnd is where the word that begins at a byte ends: letters, digits and marks, an
// apostrophe or point between letters ("п'ять", "U.S."), a comma or point between digits.
func wordEnd(text string, at int) int {
	end, before := at, rune(0)
	for end < len(text) {
		c, size := utf8.DecodeRuneInString(text[end:])
		switch {
		case unicode.IsLetter(c) || unicode.IsDigit(c) || unicode.IsMark(c):
		case isJoiner(c, before) && end+size < len(text):
			next, _ := utf8.DecodeRuneInString(text[end+size:])
			if unicode.IsDigit(before) != unicode.IsDigit(next) || !unicode.IsLetter(next) && !unicode.IsDigit(next) {
				return end
			}
			if c == '.' && !unicode.IsDigit(next) && (!unicode.IsUpper(next) || end-at > 1 && text[end-2] != '.') {
				return end
			}
		default:
			return end
		}
		before = c
		end += size
	}
	return end
}

func isJoiner(c, before rune) bool {
	switch c {
	case '\'', '’', 'ʼ':
		return unicode.IsLetter(before)
	case ',':
		return unicode.IsDigit(before)
	case '.':
		return unicode.IsDigit(before) || unicode.IsUpper(before)
	}
	return false
}

func trimPossessive(raw string) string {
	for _, tail := range []string{"'s", "’s", "'S", "’S"} {
		if s, ok := strings.CutSuffix(raw, tail); ok {
			return s
		}
	}
	return raw
}
