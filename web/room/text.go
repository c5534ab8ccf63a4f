package room

import (
	"embed"
	"sync"

	"github.com/trucewatch/truce/web"
)

//go:embed text/*.json
var textFiles embed.FS

// words are the texts of one language, with what the pages make of them.
type words struct{ web.Catalogue }

// catalogues reads the files once; they never change afterwards.
var catalogues = sync.OnceValues(func() (map[string]web.Catalogue, error) { return web.Catalogues(textFiles) })

func wordsOf(lang string) (words, error) {
	all, err := catalogues()
	return words{all[web.KnownLanguage(lang)]}, err
}

// own is a sentence of the program in the reader's language, and anybody else's words as
// they are.
func (w words) own(group, text string) string {
	key := group + "." + text
	if said := w.Say(key); said != key {
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
	return w.Say(key, pairs...)
}

// frameTexts are what the frame says.
func (s *server) frameTexts(lang string) map[string]string {
	w, err := wordsOf(lang)
	if err != nil {
		return nil
	}
	return w.Frame()
}
