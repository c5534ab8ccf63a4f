package claim

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// token is a word, number or sign of a sentence. Offsets count from the sentence's start.
type token struct {
	from, to int
	word     string // folded; without a possessive ending
	raw      string // as written
	capital  bool   // begins with a capital letter
	caps     bool   // has two and more letters, all of them capitals
	owner    bool   // had a possessive ending
	sign     bool   // punctuation
	number   float64
	isNumber bool
}

// foldWord makes spellings of a word alike. It keeps the number of words.
func foldWord(s string) string {
	return strings.Map(func(r rune) rune {
		switch r {
		case '’', 'ʼ', '‘', '`', '´', 'ʹ':
			return '\''
		case 'ё', 'Ё':
			return 'е'
		case 0xAD, 0x301, 0x200B, 0xFEFF: // soft hyphen, stress mark, zero width
			return -1
		}
		return unicode.ToLower(r)
	}, s)
}

// tokens takes a sentence apart.
func tokens(text string) []token {
	var out []token
	for at := 0; at < len(text) && len(out) < MaxTokens; {
		r, size := utf8.DecodeRuneInString(text[at:])
		switch {
		case unicode.IsDigit(r):
			t, end := numberAt(text, at)
			out, at = append(out, t), end
		case isWordRune(r):
			end := wordEnd(text, at)
			out, at = append(out, words(text, at, end)...), end
		case unicode.IsSpace(r) || r == utf8.RuneError:
			at += size
		default:
			out = append(out, token{from: at, to: at + size, word: sign(r), raw: text[at : at+size], sign: true})
			at += size
		}
	}
	return out
}

// sign makes signs that do one work alike.
func sign(r rune) string {
	switch r {
	case '“', '”', '„', '«', '»':
		return `"`
	case '–', '—', '−':
		return "-"
	case '…':
		return "."
	}
	return string(r)
}

// wordEnd is where the word that begins at a byte ends: letters with apostrophes and
// hyphens inside, or single letters with stops ("U.S.").
func wordEnd(text string, at int) int {
	if end := dotted(text, at); end > 0 {
		return end
	}
	for at < len(text) {
		r, size := utf8.DecodeRuneInString(text[at:])
		if !isWordRune(r) && !unicode.IsMark(r) && r != 0xAD {
			after, _ := utf8.DecodeRuneInString(text[at+size:])
			if !strings.ContainsRune("'’ʼ`-‑", r) || !isWordRune(after) {
				return at
			}
		}
		at += size
	}
	return at
}

// dotted is the end of "U.S." or "т.ч.", 0 if there is none.
func dotted(text string, at int) int {
	end, letters := at, 0
	for end < len(text) {
		r, size := utf8.DecodeRuneInString(text[end:])
		if !unicode.IsLetter(r) || end+size >= len(text) || text[end+size] != '.' {
			break
		}
		end, letters = end+size+1, letters+1
	}
	if letters < 2 {
		return 0
	}
	return end
}

// words makes tokens of a word; one of several names joined by hyphens is taken apart.
func words(text string, from, to int) []token {
	raw := text[from:to]
	cut := strings.IndexAny(raw, "-‑")
	if cut > 0 {
		_, size := utf8.DecodeRuneInString(raw[cut:])
		left, right := raw[:cut], raw[cut+size:]
		first, _ := utf8.DecodeRuneInString(left)
		second, _ := utf8.DecodeRuneInString(right)
		if unicode.IsUpper(first) && unicode.IsLetter(second) && isASCIIWord(left) {
			return append([]token{wordToken(left, from)}, words(text, from+cut+size, to)...)
		}
	}
	return []token{wordToken(raw, from)}
}

// isASCIIWord keeps Cyrillic double names such as Івано-Франківськ in one piece.
func isASCIIWord(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r >= utf8.RuneSelf && r != '’' }) < 0
}

func wordToken(raw string, from int) token {
	t := token{from: from, to: from + len(raw), raw: raw, word: foldWord(raw)}
	first, _ := utf8.DecodeRuneInString(raw)
	t.capital = unicode.IsUpper(first)
	t.caps = t.capital && utf8.RuneCountInString(raw) > 1 && strings.IndexFunc(raw, unicode.IsLower) < 0
	if strings.HasSuffix(t.word, "'s") {
		t.word, t.owner = strings.TrimSuffix(t.word, "'s"), true
		t.caps = t.capital && utf8.RuneCountInString(t.word) > 1 && strings.IndexFunc(raw[:len(raw)-1], unicode.IsLower) < 0
	}
	return t
}

// numberAt reads digits: "2,935", "2 935" and "2.935" as one number where groups of three
// follow, "1.5" as a fraction, "12:30" and "2025-01-02" as words.
func numberAt(text string, at int) (token, int) {
	end := at
	var digits strings.Builder
	plain, fraction := true, false
	for end < len(text) {
		r, size := utf8.DecodeRuneInString(text[end:])
		switch {
		case r >= '0' && r <= '9':
			digits.WriteRune(r)
			end += size
		case !fraction && digits.Len() > 0 && digits.Len() < 12 && strings.ContainsRune(",. \u00a0\u202f\u2009'", r) && threeDigits(text[end+size:]) && digitsBefore(text[at:end]) <= 3:
			end += size
		case (r == '.' || r == ',') && !fraction && digitNext(text[end+size:]):
			digits.WriteByte('.')
			fraction = true
			end += size
		case isWordRune(r) || (r == ':' || r == '-' || r == '/' || r == '‑' || r == '.') && nextIsWord(text[end+size:]):
			plain = false
			end += size
		default:
			return numberToken(text, at, end, digits.String(), plain), end
		}
	}
	return numberToken(text, at, end, digits.String(), plain), end
}

func numberToken(text string, from, to int, digits string, plain bool) token {
	t := token{from: from, to: to, raw: text[from:to], word: foldWord(text[from:to])}
	if !plain || len(digits) > 15 || strings.Count(digits, ".") > 1 {
		return t
	}
	value, scale, point := 0.0, 1.0, false
	for _, d := range digits {
		if d == '.' {
			point = true
			continue
		}
		value = value*10 + float64(d-'0')
		if point {
			scale *= 10
		}
	}
	t.number, t.isNumber = value/scale, true
	return t
}

func digitNext(s string) bool { return s != "" && s[0] >= '0' && s[0] <= '9' }

func nextIsWord(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return isWordRune(r)
}

// threeDigits says whether exactly three digits begin a text.
func threeDigits(s string) bool {
	n := 0
	for n < len(s) && n < 4 && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	return n == 3
}

// digitsBefore is how many digits end a text.
func digitsBefore(s string) int {
	n := 0
	for n < len(s) && s[len(s)-1-n] >= '0' && s[len(s)-1-n] <= '9' {
		n++
	}
	return n
}
