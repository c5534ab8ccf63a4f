package story

import (
	"maps"
	"slices"
	"strings"

	"github.com/trucewatch/truce/internal/article"
)

// agencyNames is the dictionary of agencies with those of the configuration: each form,
// folded, and the name it stands for.
func agencyNames(more map[string][]string) map[string]string {
	out := maps.Clone(theLexicon().agencies)
	for name, forms := range more {
		out[article.Fold(name)] = name
		for _, form := range forms {
			out[article.Fold(form)] = name
		}
	}
	return out
}

// tellingWords stand next to whoever a text credits, in their folded forms.
var tellingWords = setOf("according reports reported report told citing cites via says said writes wrote " +
	"повідомляє повідомила повідомило повідомив передає пише посиланням посилаючись даними інформує " +
	"сообщает сообщил сообщило сообщила передает передаёт пишет ссылкой ссылаясь данным информирует")

// credited is the agency whose report a text says it repeats: stated by the source, put
// before the headline ("Reuters: ..."), in brackets as a date line has it ("(AP) — ..."),
// beside a word of telling in the opening or the headline, or as the text's last words
// ("... turned back. (AFP)"). "" when it credits none.
func credited(title, text []token, stated string, agencies map[string]string) string {
	if name := agencies[article.Fold(stated)]; name != "" {
		return name
	}
	if stated != "" {
		return stated
	}
	if name, _ := agencyAt(title, 0, agencies); name != "" && len(title) > 3 {
		return name
	}
	for _, tokens := range [][]token{title, text[:min(len(text), creditWords)]} {
		for i := range tokens {
			name, n := agencyAt(tokens, i, agencies)
			if name == "" {
				continue
			}
			if i < dateLineWords && !slices.ContainsFunc(tokens[:i], func(t token) bool { return !t.caps }) {
				return name // "KYIV (Reuters) — ..."
			}
			for _, near := range tokens[max(i-3, 0):min(i+n+2, len(tokens))] {
				if tellingWords[near.folio] {
					return name
				}
			}
		}
	}
	return signedBy(text, agencies)
}

// signedBy is the agency that a text ends with.
func signedBy(text []token, agencies map[string]string) string {
	for n := min(maxAgencyWords, len(text)-minSigned); n > 0; n-- {
		if name, words := agencyAt(text, len(text)-n, agencies); words == n {
			return name
		}
	}
	return ""
}

// agencyAt is the agency named from a token on, and how many tokens its name has.
func agencyAt(tokens []token, at int, agencies map[string]string) (string, int) {
	if at >= len(tokens) || !tokens[at].upper && tokens[at].folio != "dpa" {
		return "", 0
	}
	for n := min(maxAgencyWords, len(tokens)-at); n > 0; n-- {
		words := make([]string, n)
		for i := range n {
			words[i] = tokens[at+i].folio
		}
		if name, ok := agencies[strings.Join(words, " ")]; ok {
			return name, n
		}
		if name, ok := agencies[strings.Join(words, "-")]; ok {
			return name, n
		}
	}
	return "", 0
}
