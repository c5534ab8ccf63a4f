package article

import (
	"html"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Unescape decodes character entities, also those that were encoded again ("&amp;nbsp;").
// The result is text: it must not be read as HTML again.
func Unescape(s string) string {
	for range maxDecodings {
		if !strings.ContainsRune(s, '&') {
			return s
		}
		decoded := html.UnescapeString(s)
		if decoded == s {
			return s
		}
		s = decoded
	}
	return s
}

// Line makes a headline or a line of outside text: entities decoded, any run of white
// space one space, and without characters that only hide or turn round what others say.
// Quotes and dashes stay as they are.
func Line(s string) string {
	return strings.Join(strings.Fields(strings.Map(visible, Unescape(s))), " ")
}

// visible drops soft hyphens, zero-width spaces, byte order marks, the marks that turn
// the direction of a text, and control characters.
func visible(r rune) rune {
	switch {
	case r == 0xAD, r == 0x200B, r == 0x2060, r == 0xFEFF, r >= 0x202A && r <= 0x202E, r >= 0x2066 && r <= 0x2069:
		return -1
	case unicode.IsControl(r) && !unicode.IsSpace(r):
		return -1
	}
	return r
}

// Fold is the form in which two texts are compared: compatibility characters, case,
// quotes, apostrophes, dashes and white space made alike. It is never shown. Folding
// twice changes nothing.
func Fold(s string) string {
	plain := func(r rune) rune { return alike(visible(r)) }
	s = norm.NFKC.String(strings.Map(plain, s)) // before, since it takes some accents for marks
	s = norm.NFKC.String(strings.ToLower(s))
	return strings.Join(strings.Fields(strings.Map(plain, s)), " ")
}

// alike turns a typographic sign into the plain one it stands for.
func alike(r rune) rune {
	switch r {
	case '‘', '’', '‚', '‛', 'ʼ', 'ʹ', '′', '`', '´', '‹', '›', 'ˈ':
		return '\''
	case '“', '”', '„', '‟', '«', '»', '″', '〝', '〞':
		return '"'
	case '‐', '‑', '‒', '–', '—', '―', '−':
		return '-'
	}
	return r
}

// HeadlineKey is the same for copies of one headline: words and numbers in lower case,
// without quotes and stops, and without the publisher's name that feeds add at the end.
func HeadlineKey(headline, publisher string) string {
	return strings.Join(wordsOf(TrimPublisher(Line(headline), publisher)), " ")
}

// TrimPublisher takes the publisher's name and the stroke before it off the end of a
// headline: "Talks go on - The New York Times". The rest is as it was.
func TrimPublisher(headline, publisher string) string {
	name := Fold(Line(publisher))
	if name == "" {
		return headline
	}
	at := strings.LastIndexFunc(headline, func(r rune) bool { return r == '|' || alike(r) == '-' })
	for at > 0 {
		tail := strings.TrimLeft(headline[at:], "|-‐‑‒–—―− ")
		before := headline[:at]
		if Fold(tail) == name && strings.HasSuffix(before, " ") {
			return strings.TrimRight(before, " ")
		}
		if len(tail) > 4*len(name)+8 {
			return headline
		}
		at = strings.LastIndexFunc(before, func(r rune) bool { return r == '|' || alike(r) == '-' })
	}
	return headline
}

// SplitPublisher takes a title of the form "Headline - Publisher" apart at its last
// stroke. Only for titles that are known to have that form: a headline may hold a stroke
// of its own.
func SplitPublisher(title string) (headline, publisher string) {
	title = Line(title)
	best := -1
	for _, stroke := range []string{" - ", " – ", " — ", " | "} {
		best = max(best, strings.LastIndex(title, stroke))
	}
	if best < 0 {
		return title, ""
	}
	return strings.TrimSpace(title[:best]), strings.TrimLeft(title[best:], " |-–—")
}

// wordsOf is the words and numbers of a text, folded. An apostrophe inside a word is left
// out of it, so that "Kyiv's" is one word however it is written.
func wordsOf(s string) []string {
	var out []string
	for _, word := range strings.FieldsFunc(Fold(s), func(r rune) bool {
		return r != '\'' && !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r)
	}) {
		if word = strings.ReplaceAll(word, "'", ""); word != "" {
			out = append(out, word)
		}
	}
	return slices.Clip(out)
}

// Words is how many words and numbers a text has.
func Words(s string) int { return len(wordsOf(s)) }
