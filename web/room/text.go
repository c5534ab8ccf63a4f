package room

import (
	"embed"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
)

//go:embed text/*.json
var textFiles embed.FS

// languages are those every text exists in; the first is the default.
var languages = [...]string{"en", "uk"}

// Languages lists the languages of the pages.
func Languages() []string { return slices.Clone(languages[:]) }

func known(lang string) string {
	if slices.Contains(languages[:], lang) {
		return lang
	}
	return languages[0]
}

// words are the texts of one language. A plural has its forms under "key.one", "key.few"
// and so on, by the classes of Unicode CLDR.
type words struct {
	lang string
	text map[string]string
}

// catalogues reads the files once; they never change afterwards.
var catalogues = sync.OnceValues(func() (map[string]words, error) {
	out := map[string]words{}
	for _, lang := range languages {
		raw, err := textFiles.ReadFile("text/" + lang + ".json")
		if err != nil {
			return nil, err
		}
		w := words{lang: lang, text: map[string]string{}}
		if err := json.Unmarshal(raw, &w.text); err != nil {
			return nil, fmt.Errorf("room: texts in %s: %w", lang, err)
		}
		out[lang] = w
	}
	return out, nil
})

func wordsOf(lang string) (words, error) {
	all, err := catalogues()
	return all[known(lang)], err
}

// say is a text with its values put in: each {name} is followed in pairs by its value.
func (w words) say(key string, pairs ...any) string {
	text, ok := w.text[key]
	if !ok {
		return key
	}
	list := make([]string, len(pairs))
	for i := range pairs {
		list[i] = fmt.Sprint(pairs[i])
		if i%2 == 0 {
			list[i] = "{" + list[i] + "}"
		}
	}
	if len(list)%2 == 1 {
		return text
	}
	return strings.NewReplacer(list...).Replace(text)
}

// count is a text with a number, in the form the number asks for.
func (w words) count(key string, n int, pairs ...any) string {
	return w.say(key+"."+class(w.lang, n), append([]any{"n", n}, pairs...)...)
}

// class is the plural class of a whole number (Unicode CLDR, cardinal rules).
func class(lang string, n int) string {
	if lang != "uk" {
		if n == 1 {
			return "one"
		}
		return "other"
	}
	tens, ones := n%100, n%10
	switch {
	case ones == 1 && tens != 11:
		return "one"
	case ones >= 2 && ones <= 4 && (tens < 12 || tens > 14):
		return "few"
	}
	return "many"
}

// word is a word of the vocabulary, the word itself where there is no text for it.
func (w words) word(group string, value any) string {
	text := fmt.Sprint(value)
	if said, ok := w.text[group+"."+text]; ok {
		return said
	}
	return strings.ReplaceAll(text, "_", " ")
}

// own is a sentence of the program in the reader's language, and anybody else's words as
// they are.
func (w words) own(group, text string) string {
	if said, ok := w.text[group+"."+text]; ok {
		return said
	}
	return text
}

// say is a text in a language.
func (s *server) say(lang, key string, pairs ...any) string {
	w, err := wordsOf(lang)
	if err != nil {
		return key
	}
	return w.say(key, pairs...)
}

// frameTexts are what the frame says: the texts that begin with "frame.".
func (s *server) frameTexts(lang string) map[string]string {
	w, err := wordsOf(lang)
	if err != nil {
		return nil
	}
	out := map[string]string{}
	for _, key := range slices.Sorted(maps.Keys(w.text)) {
		if name, found := strings.CutPrefix(key, "frame."); found {
			out[name] = w.text[key]
		}
	}
	return out
}
