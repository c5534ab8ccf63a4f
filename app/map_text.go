package app

import "fmt"

// mapText are the words on and under maps, in the languages the Daily is printed in.
// No text needs a plural.
var mapText = map[string]map[string]string{
	"en": {
		"title":    "Map of the agreement's areas",
		"stamp":    "EXERCISE",
		"drawn":    "Drawn: %d of %d incidents that meet a rule.",
		"shapes":   "A shape holds the place with 90\u00a0%%; a small ring stands for a shape smaller than itself; without filling: reported only.",
		"control":  "Fine hatching: area under control of %s on map %s, version %s, accuracy %.0f\u00a0m (1 sigma).",
		"zones":    "Hatched with a broken edge: %s.",
		"line":     "Line %s (source: %s), version %s, accuracy %.0f\u00a0m (1 sigma%s).",
		"from_map": "%s from map %s",
		"band":     "; the grey band is two to each side",
		"letters":  "Letters in rings: the party in control on that side.",
		"ellipse":  "90\u00a0%% ellipse, incident %s",
		"pixel":    "satellite pixel, incident %s",
	},
	"uk": {
		"title":    "Карта районів угоди",
		"stamp":    "НАВЧАННЯ",
		"drawn":    "Інцидентів, які відповідають умовам правила: %[2]d; з них на карті: %[1]d.",
		"shapes":   "Фігура містить місце з імовірністю 90\u00a0%%; мале кільце позначає фігуру, меншу за нього; без заливки: лише повідомлено.",
		"control":  "Тонке штрихування: район під контролем %s на карті %s, версія %s, точність %.0f\u00a0м (1 сигма).",
		"zones":    "Штрихування з переривчастою межею: %s.",
		"line":     "Лінія %s (джерело: %s), версія %s, точність %.0f\u00a0м (1 сигма%s).",
		"from_map": "%s з карти %s",
		"band":     "; сіра смуга: по дві з кожного боку",
		"letters":  "Літери в колах: сторона, під контролем якої перебуває ця місцевість.",
		"ellipse":  "еліпс 90\u00a0%%, інцидент %s",
		"pixel":    "піксель супутника, інцидент %s",
	},
}

// mapWords prints a text in a language, in English where the language is not known.
func mapWords(lang, key string, args ...any) string {
	words, known := mapText[lang]
	if !known {
		words = mapText["en"]
	}
	if len(args) == 0 && key != "shapes" {
		return words[key]
	}
	return fmt.Sprintf(words[key], args...)
}
