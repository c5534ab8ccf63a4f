package article

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// NameKey is the same for the usual spellings of one name in Latin and Cyrillic letters,
// whatever the grammatical case a Slavic text puts it in: "Zelensky", "Zelenskyy",
// "Зеленський" and "Зеленского" are one, as are "Whitkoff" and "Witkoff", "Kyiv", "Kiev"
// and "Києва". Words stay apart by one space. It is a key for comparing and is never shown:
// a quote keeps its own spelling.
//
// It hears a name roughly: e, i and y are one sound, as are g and h, v and w, a vowel at
// the end is dropped. Two different names may share a key ("Pokrovsk", "Pokrovsky"), so a
// key alone joins nothing that matters. Names that sound different in the two alphabets
// ("Trump", "Трамп") need a list of other names beside it.
func NameKey(name string) string {
	var keys []string
	for _, word := range wordsOf(name) {
		if key := wordKey(word); key != "" {
			keys = append(keys, key)
		}
	}
	return strings.Join(keys, " ")
}

// Latin writes a text in plain Latin letters, e.g. for a web address: Ukrainian by the
// table of the Cabinet of Ministers of 2010 (resolution 55), letters that only Russian or
// Belarusian have by their usual sound, accents dropped. Other scripts are left as they are.
func Latin(s string) string {
	russian := strings.ContainsAny(s, "ыэёъЫЭЁЪ") && !strings.ContainsAny(s, "іїєґўІЇЄҐЎ")
	var out strings.Builder
	start := true // of a word
	for _, r := range norm.NFC.String(s) {
		lower := unicode.ToLower(r)
		latin, known := latinLetter(lower, start, russian)
		switch {
		case !known:
			out.WriteRune(r)
		case lower == r || latin == "":
			out.WriteString(latin)
		default:
			out.WriteString(strings.ToUpper(latin[:1]) + latin[1:])
		}
		start = !unicode.IsLetter(r) && r != '\'' && r != '’' && r != 'ʼ'
	}
	return strings.Map(unmarked, norm.NFD.String(out.String()))
}

// unmarked drops the accents that norm.NFD has taken off their letters, and writes the
// letters that have a stroke instead of an accent without it.
func unmarked(r rune) rune {
	switch r {
	case 'ł':
		return 'l'
	case 'Ł':
		return 'L'
	case 'ø':
		return 'o'
	case 'Ø':
		return 'O'
	case 'đ':
		return 'd'
	case 'Đ':
		return 'D'
	case 'ı':
		return 'i'
	}
	if unicode.Is(unicode.Mn, r) {
		return -1
	}
	return r
}

// latinLetter is a Cyrillic letter, in lower case, in Latin ones.
func latinLetter(r rune, start, russian bool) (string, bool) {
	if start {
		switch r {
		case 'є':
			return "ye", true
		case 'ї':
			return "yi", true
		case 'й':
			return "y", true
		case 'ю':
			return "yu", true
		case 'я':
			return "ya", true
		}
	}
	if russian {
		switch r {
		case 'г':
			return "g", true
		case 'и':
			return "i", true
		case 'й':
			return "y", true
		case 'ю':
			return "yu", true
		case 'я':
			return "ya", true
		}
	}
	latin, known := latinLetters[r]
	return latin, known
}

var latinLetters = map[rune]string{
	'а': "a", 'б': "b", 'в': "v", 'г': "h", 'ґ': "g", 'д': "d", 'е': "e", 'є': "ie", 'ж': "zh", 'з': "z",
	'и': "y", 'і': "i", 'ї': "i", 'й': "i", 'к': "k", 'л': "l", 'м': "m", 'н': "n", 'о': "o", 'п': "p",
	'р': "r", 'с': "s", 'т': "t", 'у': "u", 'ф': "f", 'х': "kh", 'ц': "ts", 'ч': "ch", 'ш': "sh", 'щ': "shch",
	'ь': "", '\'': "", '’': "", 'ʼ': "", 'ю': "iu", 'я': "ia",
	'ы': "y", 'э': "e", 'ё': "e", 'ъ': "", 'ў': "u",
}

// The sounds of a key that take more than one letter are single signs while it is made.
const (
	soundSh = 'S'
	soundZh = 'Z'
	soundCh = 'C'
	soundKh = 'X'
	soundTs = 'T'
)

var writeSounds = strings.NewReplacer("S", "sh", "Z", "zh", "C", "ch", "X", "kh", "T", "ts")

// wordKey is the key of one folded word.
func wordKey(word string) string {
	if !strings.ContainsFunc(word, unicode.IsLetter) {
		return word // a number stays as it is
	}
	var sounds string
	if first, _ := utf8.DecodeRuneInString(word); unicode.Is(unicode.Cyrillic, first) {
		sounds = cyrillicSounds(trimCase(word))
	} else {
		sounds = latinSounds(strings.Map(unmarked, norm.NFD.String(word)))
	}
	return writeSounds.Replace(trimVowels(squeeze(sounds)))
}

// caseEndings are the endings of Ukrainian, Russian and Belarusian cases that hold more
// than vowels, the longest first. A vowel at the end falls later anyway.
var caseEndings = []string{
	"ського", "ському", "ським", "ській", "ською", "ских", "ських", "ского", "скому", "ским", "ском", "ской", "скай", "скага",
	"ами", "ями", "ого", "его", "ому", "ему", "ій",
	"ах", "ях", "ом", "ем", "єм", "ём", "им", "ым", "ою", "ею", "єю", "ой", "ей", "ам", "ям", "ий", "ый",
}

// trimCase takes a case ending off a Cyrillic word that is long enough to have one.
func trimCase(word string) string {
	for _, ending := range caseEndings {
		if stem, ok := strings.CutSuffix(word, ending); ok && utf8.RuneCountInString(stem) >= minStem {
			if strings.HasPrefix(ending, "ськ") || strings.HasPrefix(ending, "ск") {
				stem += "ск"
			}
			return stem
		}
	}
	return word
}

// cyrillicSounds gives each letter its sound; soft and hard signs have none.
func cyrillicSounds(word string) string {
	var out strings.Builder
	for _, r := range word {
		switch r {
		case 'г', 'ґ':
			out.WriteByte('g')
		case 'х':
			out.WriteByte(soundKh)
		case 'ж':
			out.WriteByte(soundZh)
		case 'ц':
			out.WriteByte(soundTs)
		case 'ч':
			out.WriteByte(soundCh)
		case 'ш', 'щ':
			out.WriteByte(soundSh)
		case 'е', 'є', 'э', 'ё', 'и', 'і', 'ї', 'й', 'ы':
			out.WriteByte('i')
		case 'ў':
			out.WriteByte('v')
		default:
			out.WriteString(latinLetters[r])
		}
	}
	return out.String()
}

// latinRules give the letters of a Latin word their sounds, the longer rule first.
var latinRules = []struct{ letters, sound string }{
	{"shch", "S"}, {"tsch", "C"}, {"sch", "S"}, {"tch", "C"}, {"sh", "S"}, {"zh", "Z"}, {"kh", "X"}, {"cz", "C"},
	{"ch", "C"}, {"ts", "T"}, {"tz", "T"}, {"wh", "v"}, {"th", "t"}, {"ph", "f"}, {"ck", "k"}, {"gh", "g"}, {"qu", "kv"},
	{"ce", "si"}, {"ci", "si"}, {"cy", "si"}, {"c", "k"}, {"q", "k"}, {"x", "ks"}, {"w", "v"},
	{"h", "g"}, {"e", "i"}, {"y", "i"}, {"j", "i"}, {"ß", "s"},
}

func latinSounds(word string) string {
	var out strings.Builder
next:
	for word != "" {
		for _, rule := range latinRules {
			if rest, ok := strings.CutPrefix(word, rule.letters); ok {
				out.WriteString(rule.sound)
				word = rest
				continue next
			}
		}
		_, size := utf8.DecodeRuneInString(word)
		out.WriteString(word[:size])
		word = word[size:]
	}
	return out.String()
}

// squeeze makes doubled sounds one, drops the glide before a vowel ("iu", "ia"), hears a u
// before a vowel at the start as v ("Уиткофф"), and a surname's or town's -ov, -iv, -off as
// one ending.
func squeeze(s string) string {
	var out []byte
	for i := 0; i < len(s); i++ {
		c := s[i]
		next := byte(0)
		if i+1 < len(s) {
			next = s[i+1]
		}
		switch {
		case len(out) > 0 && out[len(out)-1] == c:
			continue
		case c == 'i' && (next == 'a' || next == 'o' || next == 'u'):
			continue
		case c == 'u' && len(out) == 0 && next == 'i':
			c = 'v'
		}
		out = append(out, c)
	}
	n := len(out)
	if n >= 4 && (out[n-2] == 'o' || out[n-2] == 'i') && (out[n-1] == 'v' || out[n-1] == 'f') {
		out = append(out[:n-2], 'v')
	}
	return string(out)
}

// trimVowels drops the vowels at the end, where languages and cases differ most, and leaves
// two sounds at least. A town's -ov or -iv may show only then: "Харкова".
func trimVowels(s string) string {
	end := len(s)
	for end > 2 && strings.IndexByte("aiou", s[end-1]) >= 0 {
		end--
	}
	if end == len(s) {
		return s
	}
	return squeeze(s[:end])
}
