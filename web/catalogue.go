package web

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"slices"
	"strings"
)

// languages are those in which pages are written; the first is the default.
var languages = [...]string{"en", "uk"}

// Languages lists the languages of the pages, the default first.
func Languages() []string { return slices.Clone(languages[:]) }

// KnownLanguage is the language asked for, or the default.
func KnownLanguage(lang string) string {
	if slices.Contains(languages[:], lang) {
		return lang
	}
	return languages[0]
}

// Catalogue is the texts of one language. A plural has its forms under "key.one", "key.few"
// and so on, by the classes of Unicode CLDR; what the frame says stands under "frame.".
type Catalogue struct {
	Lang string
	text map[string]string
}

// Catalogues reads text/LANG.json of every language.
func Catalogues(files fs.FS) (map[string]Catalogue, error) {
	out := map[string]Catalogue{}
	for _, lang := range languages {
		raw, err := fs.ReadFile(files, "text/"+lang+".json")
		if err != nil {
			return nil, fmt.Errorf("web: texts: %w", err)
		}
		c := Catalogue{Lang: lang, text: map[string]string{}}
		if err := json.Unmarshal(raw, &c.text); err != nil {
			return nil, fmt.Errorf("web: texts in %s: %w", lang, err)
		}
		out[lang] = c
	}
	return out, nil
}

// Say is a text with its values put in: each {name} is followed in pairs by its value. A
// key without text is itself, so that a page shows what is missing.
func (c Catalogue) Say(key string, pairs ...any) string {
	text, ok := c.text[key]
	if !ok {
		return key
	}
	list := make([]string, 0, len(pairs))
	for i := 0; i+1 < len(pairs); i += 2 {
		list = append(list, fmt.Sprintf("{%v}", pairs[i]), fmt.Sprint(pairs[i+1]))
	}
	return strings.NewReplacer(list...).Replace(text)
}

// Count is a text with a number, in the form the number asks for.
func (c Catalogue) Count(key string, n int, pairs ...any) string {
	return c.Say(key+"."+pluralClass(c.Lang, n), append([]any{"n", n}, pairs...)...)
}

// Word is a word of the vocabulary, the word itself where there is no text for it.
func (c Catalogue) Word(group string, value any) string {
	text := fmt.Sprint(value)
	if said, ok := c.text[group+"."+text]; ok {
		return said
	}
	return strings.ReplaceAll(text, "_", " ")
}

// Frame is what the frame says, for Frame.Texts.
func (c Catalogue) Frame() map[string]string {
	out := map[string]string{}
	for key, text := range c.text {
		if name, found := strings.CutPrefix(key, "frame."); found {
			out[name] = text
		}
	}
	return out
}

// Keys lists the keys, for a test that holds the languages together.
func (c Catalogue) Keys() []string {
	var out []string
	for key := range c.text {
		out = append(out, key)
	}
	slices.Sort(out)
	return out
}

// pluralClass is the plural class of a whole number (Unicode CLDR, cardinal rules).
func pluralClass(lang string, n int) string {
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
