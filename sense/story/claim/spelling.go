package claim

import (
	"slices"
	"strings"
	"sync"

	"github.com/trucewatch/truce/internal/article"
	"github.com/trucewatch/truce/sense/story"
)

// spellings are the ways to write the name of a place beside the one a gazetteer gives: those
// of the dictionary of places, and for a Ukrainian name that is not in it what Russian makes of
// its endings and letters, with the romanisation of that. A spelling that nobody uses does no
// harm; one that another place bears makes two places of a name, of which the article's others
// tell (choose).
func spellings(name string) []string {
	if known := placeNames()[foldWord(name)]; known != nil {
		return slices.DeleteFunc(slices.Clone(known), func(s string) bool { return s == name })
	}
	russian := inRussian(name)
	if russian == "" || russian == name {
		return nil
	}
	return []string{russian, romanised(russian)}
}

// placeNames are the spellings of the dictionary, by each of them folded.
var placeNames = sync.OnceValue(func() map[string][]string {
	out := map[string][]string{}
	for _, forms := range story.PlaceNames() {
		for _, form := range forms {
			out[foldWord(form)] = forms
		}
	}
	return out
})

// russianEndings are how endings of Ukrainian names of places end in Russian, the longest
// first.
var russianEndings = [...][2]string{
	{"ївка", "евка"}, {"івка", "овка"}, {"івці", "овцы"}, {"ське", "ское"}, {"цьке", "цкое"}, {"піль", "поль"}, {"ськ", "ск"}, {"цьк", "цк"}, {"ове", "ово"}, {"еве", "ево"}, {"єве", "ево"},
	{"ине", "ино"}, {"іне", "ино"}, {"ів", "ов"}, {"їв", "ев"}, {"не", "ное"}, {"ський", "ский"}, {"цький", "цкий"}, {"ий", "ый"}, {"иця", "ица"},
}

// russianLetters are the letters that Russian has not.
var russianLetters = strings.NewReplacer("і", "и", "ї", "и", "є", "е", "ґ", "г", "І", "И", "Ї", "И", "Є", "Е", "Ґ", "Г", "'", "ь", "’", "ь", "ʼ", "ь")

// inRussian is a Ukrainian name as Russian usually has it; "" for one in other letters.
func inRussian(name string) string {
	if !isCyrillic(foldWord(name)) {
		return ""
	}
	words := strings.Fields(name)
	for i, word := range words {
		for _, e := range russianEndings {
			if stem, ok := strings.CutSuffix(word, e[0]); ok && stem != "" {
				word = stem + e[1]
				break
			}
		}
		words[i] = russianLetters.Replace(word)
	}
	return strings.Join(words, " ")
}

// romanised is a Russian name in Latin letters. Latin tells Russian by letters that it alone
// has, of which it is lent one.
func romanised(name string) string {
	return strings.TrimSuffix(article.Latin(name+" ы"), " y")
}
