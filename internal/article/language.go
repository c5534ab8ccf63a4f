package article

import (
	"strings"
	"unicode"

	"github.com/abadojack/whatlanggo"
)

// Language is the language of a text as a short tag ("uk"), "" when it is not sure. What
// a page states of itself is taken if the letters can be of it: templates are often
// copied with the language of somebody else.
//
// Letters decide first, since headlines are short: no Ukrainian word has ы, no Russian
// one ї. Frequencies of three letters decide only where the text is long enough.
func Language(text, stated string) string {
	counts := countLetters(text)
	stated = baseTag(stated)
	switch {
	case counts.all == 0:
		return stated
	case counts.cyrillic*2 > counts.all:
		return cyrillic(text, stated, counts)
	case counts.latin*2 > counts.all:
		return latin(text, stated, counts)
	}
	if scriptOf(stated) != "" { // a language of another script cannot be meant
		stated = ""
	}
	if info := whatlanggo.Detect(cutText(text)); stated == "" && counts.all >= minLetters && info.Confidence >= sure {
		return info.Lang.Iso6391()
	}
	return stated
}

// letters is what is counted of a text.
type letters struct {
	all, latin, cyrillic int
	uk, ru, be, sr, mk   int // letters only that language has among those told apart
	hardRu, hardBg       int // ъ before е ё ю я, as Russian writes it, and elsewhere
}

func countLetters(text string) letters {
	var n letters
	hard := false
	for _, r := range strings.ToLower(cutText(text)) {
		if hard {
			if strings.ContainsRune("еёюя", r) {
				n.hardRu++
			} else {
				n.hardBg++
			}
		}
		hard = r == 'ъ'
		if !unicode.IsLetter(r) {
			continue
		}
		n.all++
		switch {
		case unicode.Is(unicode.Latin, r):
			n.latin++
		case unicode.Is(unicode.Cyrillic, r):
			n.cyrillic++
			n.countCyrillic(r)
		}
	}
	return n
}

func (n *letters) countCyrillic(r rune) {
	switch {
	case strings.ContainsRune("іїєґ", r):
		n.uk++
	case strings.ContainsRune("ыэё", r):
		n.ru++
	case r == 'ў':
		n.be++
	case strings.ContainsRune("ђћјљњџ", r):
		n.sr++
	case strings.ContainsRune("ѓќѕ", r):
		n.mk++
	}
}

// cyrillic tells the languages written in Cyrillic letters apart.
func cyrillic(text, stated string, n letters) string {
	ru := n.ru + n.hardRu
	switch {
	case n.be > 0 && n.uk > 0:
		return "be" // і is a letter of Belarusian too
	case n.mk > 0:
		return "mk"
	case n.sr > n.uk+ru:
		return "sr"
	case n.uk > mostly*ru:
		return "uk"
	case ru > mostly*n.uk:
		return "ru"
	case n.hardBg > 0 && n.uk+n.ru == 0:
		return "bg"
	}
	if scriptOf(stated) == "cyrillic" {
		return stated
	}
	return detected(text, n.all, cyrillicTags)
}

// latin trusts what is stated unless a long text is surely of another language.
func latin(text, stated string, n letters) string {
	if scriptOf(stated) == "cyrillic" {
		stated = ""
	}
	if stated != "" && n.all < longLetters {
		return stated
	}
	if found := detected(text, n.all, latinTags); found != "" {
		return found
	}
	return stated
}

// detected goes by the frequencies of three letters; it is "" for a short text and where
// two languages come close.
func detected(text string, letters int, among map[whatlanggo.Lang]bool) string {
	if letters < minLetters {
		return ""
	}
	info := whatlanggo.DetectWithOptions(cutText(text), whatlanggo.Options{Whitelist: among})
	if info.Lang < 0 || info.Confidence < sure || !among[info.Lang] {
		return ""
	}
	return info.Lang.Iso6391()
}

// cutText is as much of a text as tells its language.
func cutText(text string) string {
	if len(text) <= maxSample {
		return text
	}
	return strings.ToValidUTF8(text[:maxSample], "")
}

// The languages told apart: those of the parties, the guarantors and their neighbours.
// More would only make short texts less sure.
var (
	cyrillicTags = map[whatlanggo.Lang]bool{
		whatlanggo.Ukr: true, whatlanggo.Rus: true, whatlanggo.Bel: true, whatlanggo.Bul: true, whatlanggo.Srp: true, whatlanggo.Mkd: true,
	}
	latinTags = map[whatlanggo.Lang]bool{
		whatlanggo.Eng: true, whatlanggo.Pol: true, whatlanggo.Deu: true, whatlanggo.Fra: true, whatlanggo.Spa: true, whatlanggo.Ita: true,
		whatlanggo.Por: true, whatlanggo.Nld: true, whatlanggo.Ron: true, whatlanggo.Ces: true, whatlanggo.Hun: true, whatlanggo.Tur: true,
		whatlanggo.Lit: true, whatlanggo.Lav: true, whatlanggo.Est: true, whatlanggo.Fin: true, whatlanggo.Swe: true, whatlanggo.Dan: true,
	}
)

// baseTag is the language of a tag such as "uk-UA" or "en_US.UTF-8", "" for what is none.
// "ua" is a country and a frequent slip for "uk".
func baseTag(tag string) string {
	tag = strings.ToLower(strings.TrimSpace(tag))
	if i := strings.IndexAny(tag, "-_.;, "); i >= 0 {
		tag = tag[:i]
	}
	if tag == "ua" {
		return "uk"
	}
	if len(tag) < 2 || len(tag) > 3 || strings.ContainsFunc(tag, func(r rune) bool { return r < 'a' || r > 'z' }) {
		return ""
	}
	if long := whatlanggo.CodeToLang(tag); len(tag) == 3 && long >= 0 && long.Iso6391() != "" {
		return long.Iso6391()
	}
	return tag
}

// scriptOf is the script of a language, as far as it matters here; "" for the scripts that
// are told by their letters alone.
func scriptOf(tag string) string {
	switch tag {
	case "uk", "ru", "be", "bg", "mk", "sr", "kk", "ky", "tg", "mn":
		return "cyrillic"
	case "en", "pl", "de", "fr", "es", "it", "pt", "nl", "ro", "cs", "sk", "hu", "tr", "lt", "lv", "et", "fi", "sv", "da", "no", "nb", "hr", "sl":
		return "latin"
	}
	return ""
}
